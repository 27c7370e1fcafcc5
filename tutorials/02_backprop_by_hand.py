# %% [markdown]
# # Backpropagation by hand
#
# The rows N1 to N10 are the notes' way from the cost to ∂J/∂Θ. Here each row stands beside the engine's numbers.
# On the left of every comparison is what the reverse sweep found; on the right is the formula, worked out in
# plain NumPy.
#
# The network has 2-4-4-4 units. `z` is what the notes call y^(l), the pre-activation; vectors are columns.

# %%
from pathlib import Path

import numpy as np

import minigrad as mg
import viz

np.set_printoptions(precision=6, suppress=True)


def compare(row, what, engine, by_hand):
    """Print both, columns as rows, and stop if they differ by more than rounding."""
    engine, by_hand = np.asarray(engine), np.asarray(by_hand)
    difference = np.max(np.abs(engine - by_hand))
    assert engine.shape == by_hand.shape, (engine.shape, by_hand.shape)
    assert difference <= 1e-13 * np.max(np.abs(by_hand)), f"{row}: {engine} is not {by_hand}"
    print(f"{row}  {what}   largest difference {difference:.1e}")
    for name, array in (("engine ", engine), ("by hand", by_hand)):
        is_column = array.ndim == 2 and array.shape[1] == 1
        lines = str(array[:, 0] if is_column else array).splitlines()
        print("\n".join(f"      {name if k == 0 else ' ' * 7}  {line}" for k, line in enumerate(lines)))


net = mg.Network((2, 4, 4, 4), rng=0)
x, y = np.array([[0.5], [-1.0]]), np.array([[0.0], [1.0], [0.0], [0.0]])
run = net.forward(x.T, y.T)  # samples are rows outside, as in scikit-learn, and columns inside, as in the notes
J, z, a, theta = run.J, run.z, run.a, run.theta
J.backward()  # sets .grad on every node
Theta = {l: node.value for l, node in theta.items()}

# %% [markdown]
# ## N1: the cost
#
# J(Θ) = −(1/m) Σᵢ Σₖ [yₖ log hₖ + (1 − yₖ) log(1 − hₖ)] + (λ/2m) Σ (θⱼᵢ)², the last sum without the bias column.
# Here m = 1 and λ = 0; at the end of this page both come back.

# %%
h = a[4].value
compare("N1", "J", J.value, -np.sum(y * np.log(h) + (1 - y) * np.log(1 - h)))

# %% [markdown]
# ## N2: δ of the output layer
#
# In terms of z⁴ the cost is Σₖ [yₖ log(1 + e^(−z)) + (1 − yₖ) log(1 + e^z)], and its derivative is a⁴ − y. The
# long way is a product of two factors, (a − y)/(a(1 − a)) and g′ = a(1 − a); they cancel.

# %%
compare("N2", "J of z⁴", J.value, np.sum(y * np.log1p(np.exp(-z[4].value)) + (1 - y) * np.log1p(np.exp(z[4].value))))
compare("N2", "δ⁴ = a⁴ − y", z[4].grad, h - y)
by_a = mg.local_jacobian(J, 0).matrix().T
g_prime = np.diagonal(mg.local_jacobian(a[4], 0).matrix())[:, None]
compare("N2", "∂J/∂a⁴ ⊙ g′(z⁴), the two factors of the graph", by_a * g_prime, h - y)

# %% [markdown]
# ## N3: the bias unit and the input
#
# a₀ = 1 on top of each layer; a¹ is x.

# %%
compare("N3", "a¹", a[1].value, x)
with_bias = z[4].inputs[1]  # the column [1; a³] that Θ³ is applied to
compare("N3", "[1; a³]", with_bias.value, np.vstack([[[1.0]], a[3].value]))

# %% [markdown]
# ## N4: a layer is a matrix product
#
# z⁴ = Θ³ [1; a³]. In shapes: (4×5)(5×1) = 4×1, the bias column included.

# %%
print("shapes:", theta[3].shape, "times", with_bias.shape, "gives", z[4].shape)
compare("N4", "z⁴ = Θ³ [1; a³]", z[4].value, Theta[3] @ with_bias.value)

# %% [markdown]
# ## N5: a sum over contributions
#
# z³ᵢ feeds z⁴₁ … z⁴₄, so its derivative has four terms: ∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ. `contributions` gives
# them one by one. The bias unit is a constant without a pre-activation; it gets no derivative.

# %%
delta4, g3 = z[4].grad, a[3].value * (1 - a[3].value)
for i in range(4):
    terms = mg.contributions(J, z[3], entry=(i, 0), via=z[4])
    print(f"N5  δ³{i + 1} = " + " + ".join(f"({term:.6f})" for term in terms[:, 0]) + f" = {terms.sum():.6f}")
    assert np.isclose(terms.sum(), z[3].grad[i, 0], rtol=1e-13)

# %% [markdown]
# ## N6: one factor of one term
#
# ∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ), with g′ = a(1 − a). Why is that all? z⁴ⱼ is a sum, and all of its other terms are
# constants in z³ᵢ. In this matrix, row j and column i hold ∂z⁴ⱼ/∂z³ᵢ.

# %%
compare("N6", "∂z⁴/∂z³", mg.total_jacobian(z[4], z[3]).matrix(), Theta[3][:, 1:] * g3.T)

# %% [markdown]
# ## N7: out of the sum, and a matrix product appears
#
# g′(z³ᵢ) does not depend on j. What is left, Σⱼ θ³ⱼᵢ δ⁴ⱼ, is row i of [Θ³_w]ᵀ times the column δ⁴; for all i at
# once it is ∂J/∂a³, which the engine keeps as well.

# %%
compare("N7", "∂J/∂a³ = [Θ³_w]ᵀ δ⁴", a[3].grad, Theta[3][:, 1:].T @ delta4)

# %% [markdown]
# ## N8: the Jacobian of an elementwise function is diagonal
#
# a³ᵢ feels z³ᵢ and no other. The engine keeps the diagonal alone.

# %%
da_dz = mg.local_jacobian(a[3], 0)
print("N8  structure:", da_dz)
assert isinstance(da_dz, mg.Diagonal)
compare("N8", "∂a³/∂z³ = diag(g′(z³))", da_dz.matrix(), np.diag(g3[:, 0]))

# %% [markdown]
# ## N9: δ of every hidden layer
#
# δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴, and δ² from δ³ in the same way. The engine has no such formula in it: it applies
# the transposes of the local Jacobians, one after the other, and this is what they come to.

# %%
delta3 = np.diag(g3[:, 0]) @ Theta[3][:, 1:].T @ delta4
compare("N9", "δ³", z[3].grad, delta3)
g2 = a[2].value * (1 - a[2].value)
delta2 = np.diag(g2[:, 0]) @ Theta[2][:, 1:].T @ delta3
compare("N9", "δ²", z[2].grad, delta2)
times_theta, below_bias = z[4].jacobians[1], with_bias.jacobians[0]
print("N9  the maps on the way:", times_theta, " | ", below_bias, " | ", da_dz)
compare("N9", "δ³ by the transposes of the three maps", da_dz.T(below_bias.T(times_theta.T(delta4))), delta3)

# %% [markdown]
# ## N10: ∂J/∂Θ is a column times a row
#
# ∂J/∂θⱼᵢ = δⱼ aᵢ, for the bias with a₀ = 1. As a matrix: ∂J/∂Θ^(l) = δ^(l+1) [1; a^(l)]ᵀ.

# %%
for l, delta in ((3, delta4), (2, delta3), (1, delta2)):
    compare("N10", f"∂J/∂Θ^({l})", theta[l].grad, delta @ np.vstack([[[1.0]], a[l].value]).T)

# %% [markdown]
# ## The picture
#
# Everything above is in one graph: values, gradients, and on each dashed line the local Jacobian and what it
# contributes.

# %%
output = Path("output")
output.mkdir(exist_ok=True)
print("the picture:", viz.render(run, output / "02_backprop_by_hand.svg"))

# %% [markdown]
# ## Beyond the page: many samples and the penalty
#
# δ = a − y is the derivative of *one sample's* cost. J is a mean, so the engine's δ has 1/m in it; and the
# penalty adds (λ/m) Θ, except to the bias column.

# %%
rng = np.random.default_rng(1)
m, weight_decay = 6, 0.5
X, Y = rng.normal(size=(m, 2)), np.eye(4)[rng.integers(0, 4, size=m)]
run = net.forward(X, Y, weight_decay=weight_decay)
per_sample = run.a[4].value - Y.T  # a column a sample, as on the page
compare("δ⁴ ", "(a⁴ − y)/m", run.deltas()[4], per_sample / m)
row = np.vstack([np.ones((1, m)), run.a[3].value])
penalty = weight_decay / m * Theta[3]
penalty[:, 0] = 0
mean = sum(np.outer(per_sample[:, i], row[:, i]) for i in range(m)) / m
compare("∂J/∂Θ³", "mean of columns times rows, and the penalty", run.theta_gradients()[3], mean + penalty)
