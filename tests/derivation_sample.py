"""A derivation written by hand, of the size and the kinds of line of the notes' network (2, 4, 4, 4)."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from minigrad.derivation.expressions import (
    Call,
    Delta,
    Diag,
    Entry,
    Expression,
    Filled,
    Function,
    MatMul,
    Name,
    Named,
    Number,
    Over,
    Padded,
    Partial,
    Plus,
    Power,
    Shape,
    Sum,
    Symbol,
    Table,
    Times,
    Transpose,
    Within,
    WithoutBias,
)
from minigrad.derivation.indices import Index
from minigrad.derivation.steps import EVERY_STEP, SUMMARY, TEXTBOOK, Described, Document, Section, Step

S = Index("s", 1, 5)
I, J_, K = Index("i", 1, 4), Index("j", 1, 4), Index("k", 1, 4)
I0 = Index("i", 0, 4)

logarithm, exponential = Function("log", np.log), Function("exp", np.exp)
g = Function("g", lambda z: 1 / (1 + np.exp(-z)))
slope = Function("g", lambda z: g.compute(z) * (1 - g.compute(z)), primes=1)


def column(base: str, layer: str, key: int, *, start: int = 1, of: str = "value", length: int = 4) -> Symbol:
    """A vector of one sample: z³ with its entries z³ᵢ."""
    name = Name(base, above=layer)
    return Symbol(name, name, key, of, (length, 1), (length,), (start,), S)


def matrix(layer: str, key: int, shape: Shape = (4, 5)) -> Symbol:
    """Θ³ with its entries θ³ⱼᵢ, the bias column first."""
    return Symbol(Name("Θ", above=layer), Name("θ", above=layer), key, "value", shape, shape, (1, 0))


J = Symbol(Name("J"), Name("J"), 30, "value", (), (), ())
LOSS = Symbol(Name("J"), Name("J"), 30, "sample value", (), (), (), S)
m, lam = Named(Name("m"), 5.0), Named(Name("λ"), 0.1)
y = column("y", "", 1)
z = {n: column("z", str(n), 10 + n) for n in (2, 3, 4)}
a = {n: column("a", str(n), 20 + n, start=0, length=5) for n in (1, 2, 3)}
h = column("a", "4", 24)
delta = {n: column("δ", str(n), 10 + n, of="sample gradient") for n in (2, 3, 4)}
theta = {n: matrix(str(n), n, (4, 3 if n == 1 else 5)) for n in (1, 2, 3)}


def minus(*terms: Expression) -> Plus:
    """The first term less the others."""
    return Plus((terms[0], *[Times((Number(-1), term)) for term in terms[1:]]))


def numbered(section: str, *steps: partial[Step]) -> tuple[Step, ...]:
    """Steps with their ids; one that goes on begins where the one before it ended."""
    made: list[Step] = []
    for k, make in enumerate(steps, 1):
        step = make(id=f"{section}.{k}")
        made.append(replace(step, left=made[-1].right) if step.continues else step)
    return tuple(made)


def line(left, right, rule="", reason=(), *, level=TEXTBOOK, node=3, **more) -> partial[Step]:
    """A step without its id."""
    return partial(Step, left=left, right=right, rule=rule, reason=tuple(reason), level=level, node=node, **more)


def cost() -> Expression:
    """The notes' cost, N1."""
    hk, yk = Entry(h, (K,)), Entry(y, (K,))
    terms = Plus(
        (
            Times((yk, Call(logarithm, (hk,)))),
            Times((minus(Number(1), yk), Call(logarithm, (minus(Number(1), hk),)))),
        )
    )
    penalties = [Sum(J_, Sum(I, Power(Entry(theta[n], (J_, I)), Number(2)))) for n in (1, 2, 3)]
    fit = Times((Over(Number(-1), m), Sum(S, Sum(K, terms))))
    return Plus((fit, Times((Over(lam, Times((Number(2), m))), Plus(tuple(penalties))))))


def symbols() -> Section:
    rows = [
        Described(y, "4×1", ("the target",)),
        Described(
            a[1],
            "3×1",
            (
                "the input, with ",
                Entry(a[1], (0,)),
                " = 1 on top",
            ),
        ),
        *[Described(z[n], "4×1", (f"pre-activation of layer {n}",)) for n in (2, 3, 4)],
        *[Described(a[n], "5×1", ("activation, with the bias unit ", Entry(a[n], (0,)), " on top")) for n in (2, 3)],
        Described(h, "4×1", ("activation of the last layer: the network's output",)),
        *[Described(theta[n], "×".join(map(str, theta[n].shape)), ("parameters; column 0 the biases",)) for n in theta],
        Described(WithoutBias(theta[3]), "4×4", (theta[3], " without its bias column")),
        Described(delta[3], "4×1", ("the slope of one sample's cost by ", z[3], ": ", Partial(LOSS, z[3]))),
        Described(m, "", ("how many samples",)),
        Described(lam, "", ("weight decay",)),
    ]
    remarks = (
        ("Vectors are columns. A symbol of one sample is written without the sample where no Σ runs over samples.",),
        (
            "An index begins at 0 where a bias unit stands on top, and at 1 everywhere else: ",
            I0,
            " = 0 … 4 in ",
            Entry(a[3], (I0,)),
            ".",
        ),
    )
    return Section("symbols", ("Symbols",), remarks, tuple(rows))


def forward() -> Section:
    steps = []
    before = a[1]
    for n in (2, 3, 4):
        steps.append(
            line(
                z[n],
                MatMul(theta[n - 1], before),
                "definition",
                ("layer ", str(n)),
                level=SUMMARY,
                node=n,
                defines=True,
                shapes="(4×3)(3×1) = 4×1" if n == 2 else "(4×5)(5×1) = 4×1",
            )
        )
        after = h if n == 4 else a[n]
        steps.append(
            line(
                Entry(after, (I,)), Call(g, (Entry(z[n], (I,)),)), "definition", (), level=SUMMARY, node=n, defines=True
            )
        )
        before = after
    steps.append(
        line(
            J,
            cost(),
            "definition",
            ("cross-entropy and weight decay; the bias column ", I0, " = 0 is not penalised"),
            level=SUMMARY,
            node=30,
            defines=True,
        )
    )
    return Section("forward", ("Forward",), steps=numbered("forward", *steps))


def last_layer() -> Section:
    zk, ak, yk = Entry(z[4], (K,)), Entry(h, (K,)), Entry(y, (K,))
    slope_of_cost = Over(minus(ak, yk), Times((ak, minus(Number(1), ak))))
    steps = numbered(
        "delta4",
        line(
            Partial(LOSS, zk),
            Times((Partial(LOSS, ak), Call(slope, (zk,)))),
            "chain rule",
            ("chain rule: ", zk, " feeds ", ak, " alone"),
        ),
        line(
            Partial(LOSS, zk),
            Times((slope_of_cost, Times((ak, minus(Number(1), ak))))),
            "local derivatives",
            (Call(slope, (zk,)), " = ", Times((ak, minus(Number(1), ak)))),
            continues=True,
            conditions=("0 < ", ak, " < 1"),
        ),
        line(
            Partial(LOSS, zk),
            minus(ak, yk),
            "cancel",
            ("the factors cancel",),
            continues=True,
            domain=(ak, minus(Number(1), ak)),
            numbers=(Entry(delta[4], (2,)), minus(Number(0.731058), Number(1.0)), Number(-0.268942)),
        ),
        line(delta[4], minus(h, y), "matrix form", ("as a column",), level=SUMMARY),
    )
    return Section("delta4", (delta[4], ": the last layer"), steps=steps, node=4)


def hidden_layer(n: int) -> Section:
    zi = Entry(z[n], (I,))
    slope_i, next_delta = Call(slope, (zi,)), Entry(delta[n + 1], (J_,))
    weight = Entry(theta[n], (J_, I))
    other = Index("i′", 0, 4)
    left = Partial(LOSS, zi)
    row = Entry(MatMul(Transpose(WithoutBias(theta[n])), delta[n + 1]), (I,))
    steps = numbered(
        f"delta{n}",
        line(
            left,
            Sum(J_, Times((Partial(LOSS, Entry(z[n + 1], (J_,))), Partial(Entry(z[n + 1], (J_,)), zi)))),
            "chain rule",
            ("chain rule: ", zi, " feeds ", Entry(z[n + 1], (1,)), " … ", Entry(z[n + 1], (4,))),
        ),
        line(
            left,
            Sum(
                J_,
                Times(
                    (next_delta, Sum(other, Times((Entry(theta[n], (J_, other)), Partial(Entry(a[n], (other,)), zi)))))
                ),
            ),
            "linear",
            ("a product is linear",),
            level=EVERY_STEP,
            continues=True,
        ),
        line(
            left,
            Sum(
                J_,
                Times(
                    (
                        next_delta,
                        Sum(
                            other, Times((Entry(theta[n], (J_, other)), Delta(other, I), Within(other, 1, 4), slope_i))
                        ),
                    )
                ),
            ),
            "elementwise",
            ("an elementwise function",),
            level=EVERY_STEP,
            continues=True,
        ),
        line(
            left,
            Sum(J_, Times((next_delta, Times((weight, slope_i))))),
            "Kronecker",
            ("only the term with ", other, " = ", I, " depends on ", zi),
            continues=True,
        ),
        line(
            left,
            Times((Sum(J_, Times((weight, next_delta))), slope_i)),
            "factor out",
            (slope_i, " does not depend on ", J_),
            continues=True,
        ),
        line(left, Times((row, slope_i)), "row of a product", (), continues=True),
        line(
            delta[n],
            MatMul(Diag(Call(slope, (z[n],))), MatMul(Transpose(WithoutBias(theta[n])), delta[n + 1])),
            "matrix form",
            (),
            level=SUMMARY,
            shapes="(4×4)(4×4)(4×1) = 4×1",
            numbers=(
                Entry(delta[n], (1,)),
                Times(
                    (
                        Plus(
                            (
                                Times((Number(0.123456), Number(-0.268942))),
                                Times((Number(-1.5), Number(0.31234))),
                                Times((Number(0.25), Number(0.5))),
                                Times((Number(0.4071), Number(1.25e-7))),
                            )
                        ),
                        Number(0.1966119),
                    )
                ),
                Number(-0.0734),
            ),
        ),
        line(
            delta[n],
            Times((Call(slope, (z[n],)), MatMul(Transpose(WithoutBias(theta[n])), delta[n + 1]))),
            "elementwise",
            ("a diagonal matrix multiplies entry by entry",),
            continues=True,
        ),
    )
    return Section(f"delta{n}", (delta[n], f": layer {n}"), steps=steps, node=n)


def assembly(n: int) -> Section:
    outer = MatMul(delta[n + 1], Transpose(a[n]))
    decay = Times((Over(lam, m), Padded(WithoutBias(theta[n]))))
    steps = numbered(
        f"theta{n}",
        line(
            Partial(LOSS, Entry(theta[n], (J_, I0))),
            Times((Entry(delta[n + 1], (J_,)), Entry(a[n], (I0,)))),
            "chain rule",
            ("only ", Entry(z[n + 1], (J_,)), " depends on ", Entry(theta[n], (J_, I0))),
        ),
        line(
            Partial(LOSS, theta[n]),
            outer,
            "matrix form",
            ("a column times a row",),
            level=SUMMARY,
            shapes="(4×1)(1×3) = 4×3" if n == 1 else "(4×1)(1×5) = 4×5",
        ),
        line(
            Partial(J, theta[n]),
            Plus((Times((Over(Number(1), m), Sum(S, outer))), decay)),
            "sum over samples",
            ("the mean over samples, and the weight decay, which leaves the bias column alone",),
            level=SUMMARY,
            numbers=(Partial(J, theta[n]), Table(((0.123456, -0.5, None, 1e-9), (2.0, 3.25, None, 4.0)), (4, 5))),
        ),
    )
    return Section(f"theta{n}", (theta[n],), steps=steps, node=n)


def sample_document() -> Document:
    """All of it."""
    return Document(
        ("Derivation of ", Partial(J, theta[1]), ", ", Partial(J, theta[2]), " and ", Partial(J, theta[3])),
        (symbols(), forward(), last_layer(), hidden_layer(3), assembly(3), hidden_layer(2), assembly(2), assembly(1)),
        (("Checked: each step at the graph's values and at 3 random points; largest error 2.2e-16.",),),
    )


HALF = Number(Fraction(1, 2))
ONES = Filled(1, (4, 1))
