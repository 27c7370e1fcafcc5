# %% [markdown]
# # Derivations
#
# `mg.derive` reads a graph and writes how its gradients come about, line by line, each with its reason; `check()`
# evaluates both sides of every line. Three uses: the notes once more, now written by the engine; a computation that
# someone did by hand, held against it; and an op of your own, with the mistakes that one makes.

# %%
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

import minigrad as mg
from minigrad.derivation.expressions import Diag, Number, Over, Plus, Times, Transpose
from minigrad.derivation.substitution import rewritten
from minigrad.derivation.text import formula


def section(d, title):
    """The lines of a printed derivation under one title."""
    return next(block for block in str(d).split("\n\n") if block.startswith(title)).splitlines()


def written(step):
    return f"{formula(step.left)} = {formula(step.right)}"


def show(*lines):
    """Print lines of a derivation, set in from the rest."""
    print("\n".join(f"      {line}".rstrip() for line in lines))


# %% [markdown]
# ## The notes, written by the engine
#
# One sample, 2-4-4-4 units, and the notes' own letters: y² … y⁴ are pre-activations, y without a number is the label.
# In the margin of the printed derivation stands which line is which row of the notes. N1 is here for m = 1 and λ = 0.

# %%
net = mg.Network((2, 4, 4, 4), rng=0)
run = net.forward([[0.5, -1.0]], [[0.0, 1.0, 0.0, 0.0]])
one = mg.derive(run, notation="notes")
rows = [  # in order: the row, and what its line has in it
    ("N3", "a¹₀ = 1"),
    ("N1", "J = −Σₖ"),
    ("N2", "= Σₖ (yₖ log(1 + exp(−y⁴ₖ))"),
    ("N2", "∂J/∂y⁴ₖ = ∂J/∂a⁴ₖ · ∂a⁴ₖ/∂y⁴ₖ"),
    ("N2", "= a⁴ₖ − yₖ"),
    ("N2", "δ⁴ = a⁴ − y"),
    ("N3", "a³₀ = 1"),
    ("N4", "y⁴ = Θ³ [1; a³]"),
    ("N5", "∂J/∂y³ᵢ = Σⱼ ∂J/∂y⁴ⱼ · ∂y⁴ⱼ/∂y³ᵢ"),
    ("N6", "∂y⁴ⱼ/∂y³ᵢ = Σ"),
    ("N6", "= θ³ⱼᵢ g′(y³ᵢ)"),
    ("N7", "does not depend on j"),
    ("N7", "row i of [Θ³_w]ᵀ times δ⁴"),
    ("N8", "∂a³/∂y³ = diag(g′(y³))"),
    ("N9", "= diag(g′(y³)) [Θ³_w]ᵀ δ⁴"),
    ("N9", "δ² = diag(g′(y²)) [Θ²_w]ᵀ δ³"),
    ("N10", "= δ⁴ⱼ a³ᵢ"),
    ("N10", "∂J/∂Θ³ = δ⁴ [1; a³]ᵀ"),
    ("N10", "∂J/∂Θ² = δ³ [1; a²]ᵀ"),
    ("N10", "∂J/∂Θ¹ = δ² [1; a¹]ᵀ"),
]
waiting = list(rows)
for line in str(one).splitlines():
    is_row = waiting and waiting[0][1] in " ".join(line.split())
    print(f"{waiting.pop(0)[0] if is_row else '':5} {line}".rstrip())
assert waiting == [], waiting

# %% [markdown]
# Nothing of this is stored anywhere: the lines come from the local Jacobians that the graph's ops state. So they can
# be wrong only where a rule of rewriting is, and that is what `check()` is for: both sides of every line, at the
# graph's values and at five random points. The derivatives in the lines are the engine's own sweeps.

# %%
report = one.check()
print(f"\nchecked: {report}")
assert report.steps == len(one.steps)
assert report.error < 1e-12

# %% [markdown]
# ## Many samples, and weight decay
#
# Now δ is that of one sample, and the mean over samples and the penalty come at the end; the bias column is not
# penalised (N1). The level "numbers" puts the graph's numbers in, those of the first sample.

# %%
rng = np.random.default_rng(1)
five = net.forward(rng.normal(size=(5, 2)), np.eye(4)[rng.integers(0, 4, size=5)], weight_decay=0.5)
many = mg.derive(five, level="numbers")
print("\nFive samples, λ = 0.5, in numbers: how δ³ comes about, and what becomes of it in ∂J/∂Θ³")
show(*section(many, "δ³, the"), "", *section(many, "Over all samples: the gradient by Θ³"))
print("checked:", many.check())

# %% [markdown]
# The same for a page: LaTeX, and HTML with MathML. Open the second in a browser.

# %%
output = Path("output")
output.mkdir(exist_ok=True)
(output / "07_derivations.html").write_text(f"<!doctype html><meta charset=utf-8>{many.html()}", encoding="utf-8")
head = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}"
(output / "07_derivations.tex").write_text(f"{head}\n{many.latex()}\n\\end{{document}}\n", encoding="utf-8")
print("pages: 07_derivations.html and 07_derivations.tex in", output)

# %% [markdown]
# ## A computation by hand, held against it
#
# scikit-learn's test of its own network (`test_fit` in `sklearn/neural_network/tests/test_mlp.py`) has in its
# comments a "Manually worked out example": 3-2-1 units, one sample, label 0, α = 0.1 on the weights, one step with
# η = 0.1. Its h, o, d2 and d1 are a², a³, δ³ and δ² here; a row of Θ is a column of its W, with the bias in front.
#
# Three things can happen to a printed figure. It *agrees* with the derivation to its last digit; or it does not, but
# the formula gives it from the figures printed before, so that it was *rounded on the way*; or neither: a *slip*.

# %%
net = mg.Network.from_thetas([[[0.1, 0.1, 0.3, 0.5], [0.1, 0.2, 0.1, 0.0]], [[1.0, 0.1, 0.2]]])
worked = net.forward([[0.6, 0.8, 0.7]], [[0.0]], weight_decay=0.1)
d = mg.derive(worked, [worked.z[3], worked.z[2], worked.theta[2], worked.theta[1]], level="numbers")
d.check()
(T1, T2), (G1, G2), x = net.thetas, worked.theta_gradients().values(), np.array([1, 0.6, 0.8, 0.7])
h, d1 = np.array([1, 0.679, 0.574]), np.array([0.01667, 0.0374])  # as printed there, with the bias unit
R1, R2 = (np.outer(d, a) + 0.1 * np.hstack([0 * T[:, :1], T[:, 1:]]) for d, a, T in ((d1, x, T1), (0.765, h, T2)))
hand = [  # the derivation's line; printed there: name, figures; the derivation's value; redone with the figures before
    ("a² =", "h", "0.679178699175393 0.574442516811659", worked.a[2].value, worked.a[2].value),
    ("a³ =", "o1", "0.7654329236196236", worked.a[3].value, 1 / (1 + np.exp(-T2 @ h))),
    ("δ³ = a³", "d21", "0.765", worked.deltas()[3], 0.765),
    ("δ²ᵢ =", "d11, d12", "0.01667 0.0374", worked.deltas()[2], h[1:] * (1 - h[1:]) * 0.765 * T2[0, 1:]),
    ("∂J/∂θ²ᵢ = δ³", "b2grad, W2grad", "0.765 0.5294 0.45911", G2, R2),
    ("∂J/∂Θ¹ =", "b1grad, W1grad: row 1", "0.01667 0.0200 0.043336 0.060002", G1[0], R1[0]),
    ("", "row 2", "0.0374 0.04244 0.03992 0.02244", G1[1], R1[1]),
    ("", "after the step: b2, W2", "0.9235 0.04706 0.154089", T2 - 0.1 * G2, T2 - 0.1 * R2),
    ("", "b1, W1: row 1", "0.098333 0.098 0.2956664 0.4939998", T1[0] - 0.1 * G1[0], T1[0] - 0.1 * R1[0]),
    ("", "row 2", "0.09626 0.195756 0.096008 -0.002244", T1[1] - 0.1 * G1[1], T1[1] - 0.1 * R1[1]),
]
slips = []
print("\nscikit-learn's worked example: a line of the derivation, the same in numbers, and the figures printed there")
for line, name, figures, values, again in hand:
    if line:
        step = next(step for step in d.steps if written(step).startswith(line))
        numbers = " = ".join(map(formula, step.numbers))
        numbers = re.sub(r"\d+\.\d{7,}", lambda long: f"{float(long[0]):.6g}", numbers)
        print(f"\n{written(step)}\n    {numbers}")
    for k, (figure, value, redone) in enumerate(zip(figures.split(), np.ravel(values), np.ravel(again), strict=True)):
        half = 0.5 * 10.0 ** -len(figure.split(".")[1]) + 1e-15  # of the last digit
        verdict = "agrees" if abs(float(figure) - value) <= half else "rounded on the way"
        if verdict != "agrees" and abs(float(figure) - redone) > half:
            verdict = f"SLIP: from the figures before, {redone:.7f}"
            slips.append(figure)
        print(f"    {'' if k else name:22}  there {figure:18}  here {value:<18.14f}  {verdict}")
assert slips == ["0.060002", "0.02244", "0.4939998", "-0.002244"]

# %% [markdown]
# Four figures are slips, and they are one: in the derivatives by the third input's two weights, 0.6 (the first input)
# was written for 0.7, and the two updated weights carry it on. scikit-learn's test passes all the same: it compares
# three decimals, and the step is a tenth of the gradient. The rest are figures that were rounded and used again.

# %% [markdown]
# ## Your own op, and three mistakes
#
# An op states its local Jacobian; a derivation needs no more, and calls the slope by the op's name with a prime.


# %%
class Swish(mg.Op):
    """a = z g(z), elementwise. Local Jacobian: diag(g + a (1 − g))."""

    def forward(self, z):
        return z / (1 + np.exp(-z))

    def jacobian(self, argument, a, z):
        g = 1 / (1 + np.exp(-z))
        return mg.Diagonal(g + a * (1 - g))


class WrongSwish(Swish):
    """The same, with the product rule forgotten: z is treated as a constant factor."""

    def jacobian(self, argument, a, z):
        g = 1 / (1 + np.exp(-z))
        return mg.Diagonal(z * g * (1 - g))


x, y = mg.constant([[0.5], [-1.0], [2.0]], name="x"), mg.constant([[0.3], [0.1]], name="y")
W = mg.parameter([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]], name="W")


swish, wrong_swish = Swish(), WrongSwish()


def cost(W, op=swish):
    a = op(mg.matmul(W, x, name="z"), name="a")
    return mg.sum((a - y) ** 2, name="J")


d = mg.derive(cost(W), W)
print("\nAn op of one's own")
show(*section(d, "Forward"), "", *section(d, "δ, the gradient by z"), "", *section(d, "The gradient by W"))
print("derivation:", d.check())
print("op:", mg.check_gradients(cost, W.value))

# %% [markdown]
# **A wrong local Jacobian.** `check()` cannot see it: the derivation takes the slopes that the ops state, as the sweep
# does, and so both are wrong together. What a derivation proves is *everything but* the ops' own statements. Those are
# for `check_gradients`, which knows only the values; it names the op.

# %%
wrong = mg.derive(cost(W, wrong_swish), W)
print("\nThe product rule forgotten. The derivation holds:", wrong.check())
try:
    mg.check_gradients(lambda W: cost(W, wrong_swish), W.value)
    raise AssertionError("a wrong local Jacobian was not found")
except mg.GradientCheckError as error:
    show(*str(error).splitlines())

# %% [markdown]
# **A wrong line.** `with_step` puts a line of your own in place of one, and `check()` tells. A line is two
# expressions, left and right; `rewritten` changes parts of one. First a right one: a ⊙ (1 − a) on the diagonal. Then
# two that many have written: Θ without its transposition (with 4 units in both layers the shapes fit, so only numbers
# can tell), and the mean over samples without its 1/m.

# %%
a3 = one.symbol(run.a[3])
stated = Diag(Times((a3, Plus((Number(1), Times((Number(-1), a3)))))))
lines = (
    ("g′ = a (1 − a) put in", one, "g′(y³) ⊙", lambda e: stated if isinstance(e, Diag) else e),
    ("Θ not transposed", one, "g′(y³) ⊙", lambda e: e.array if isinstance(e, Transpose) else e),
    ("no 1/m", many, "∂J/∂Θ³ =", lambda e: Number(1) if isinstance(e, Over) and e.left == Number(1) else e),
)
accepted = []
for what, d, begins, change in lines:
    step = next(step for step in d.steps if written(step).startswith(begins))
    own = replace(step, right=rewritten(step.right, change))
    print(f"\nA line of one's own, {what}:  {written(own)}")
    try:
        print("accepted:", d.with_step(own).check())
        accepted.append(what)
    except mg.DerivationError as error:
        show(*str(error).splitlines())
assert accepted == ["g′ = a (1 − a) put in"]
