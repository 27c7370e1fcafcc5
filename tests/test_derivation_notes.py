"""Every row of the notes, N1 to N10, is a step of the derivation of the notes' network, as an expression and in order.

The expressions are built here from the notes, with `d.symbol` and `d.gradient` for the arrays; how they are written is
another matter (tests/test_derivation_output.py).
"""

from fractions import Fraction

import numpy as np
import pytest

import minigrad as mg
from minigrad.derivation import expressions as x
from minigrad.derivation.indices import Index
from minigrad.derivation.substitution import canonical

LAYERS, UNITS = 4, 4
ONE, MINUS = x.Number(1), x.Number(-1)
CASES = [(m, notation) for m in (1, 5) for notation in ("standard", "notes")]


class Notes:
    """The notes' network, its derivation, and the notes' expressions for it."""

    def __init__(self, samples, notation, sizes=(2, 4, 4, 4)):
        rng = np.random.default_rng(0)
        labels = (rng.random((samples, sizes[-1])) > 0.5) * 1.0
        self.sizes, self.m, self.decay = sizes, samples, 0.1 if samples > 1 else 0.0
        self.run = mg.Network(sizes, rng=0).forward(
            rng.normal(size=(samples, sizes[0])), labels, weight_decay=self.decay
        )
        self.d = mg.derive(self.run.J, notation=notation)
        self.cost = self.d._board.cost
        self.last = len(sizes)

    # Arrays and their entries; layers by the notes' numbers.

    def z(self, l):
        return self.d.symbol(self.run.z[l])

    def a(self, l):
        return self.d.symbol(self.run.a[l])

    def padded(self, l):
        """a^(l) with the bias unit on top."""
        (node,) = [
            node
            for node in self._nodes()
            if node.inputs and node.inputs[0] is self.run.a[l] and "Bias" in type(node.op).__name__
        ]
        return self.d.symbol(node)

    def theta(self, l):
        return self.d.symbol(self.run.theta[l])

    def delta(self, l):
        return self.d.gradient(self.run.z[l])

    @property
    def y(self):
        (node,) = [node for node in self._nodes() if node.name == "y"]
        return self.d.symbol(node)

    def _nodes(self):
        return self.d._board.structure.order

    def unit(self, letter, l, start=1):
        return Index(letter, start, self.sizes[l - 1])

    @property
    def k(self):
        return self.unit("k", self.last)

    @property
    def s(self):
        return Index("s", 1, self.m)

    def slope(self, l, i):
        """g′(z_i), as the derivation has it."""
        wanted = x.Entry(self.z(l), (i,))
        (found,) = {
            e for step in self.d.steps for e in step.right.walk()
            if isinstance(e, x.Call) and e.function.name == "g" and e.function.primes == 1 and e.arguments == (wanted,)
        } or {None}  # fmt: skip
        return found

    def g(self, name="g", primes=0):
        return next(
            e.function for step in self.d.steps for e in step.right.walk()
            if isinstance(e, x.Call) and e.function.name == name and e.function.primes == primes
        )  # fmt: skip

    # Finding.

    def places(self, left, right):
        """Where left = right stands: a step, or two lines of one chain of equal signs."""
        wanted = normal(left), normal(right)
        found, start = [], None
        for n, step in enumerate(self.d.steps):
            if not step.continues:
                start = step.left
            if normal(step.right) == wanted[1] and wanted[0] in (normal(step.left), normal(start)):
                found.append(n)
        return found


def normal(e):
    """The expression with bound indices renamed, products and sums in one order, and flat."""
    return canonical(_ordered(e))


def _ordered(e):
    parts = tuple(_ordered(part) for part in e.parts)
    e = e.with_parts(parts) if parts else e
    if isinstance(e, x.Times | x.Plus):
        items = [inner for item in e.items for inner in (item.items if type(item) is type(e) else (item,))]
        return type(e)(tuple(sorted(items, key=repr)))
    if isinstance(e, x.Number) and not isinstance(e.value, float):
        return x.Number(Fraction(e.value))
    return e


def times(*items):
    return x.Times(items)


def minus(e):
    return x.Times((MINUS, *e.items)) if isinstance(e, x.Times) else x.Times((MINUS, e))


def rows(n):
    """(row, left, right) for every statement of the notes, in the notes' order."""
    L, k, cost = n.last, n.k, n.cost
    one = n.unit
    a, y = x.Entry(n.a(L), (k,)), x.Entry(n.y, (k,))
    logarithm = n.g("log")
    exponential = n.g("exp")
    m, decay = x.Named(x.Name("m"), float(n.m)), x.Named(x.Name("λ"), n.decay)
    per_sample = x.Sum(k, x.Plus((
        times(y, x.Call(logarithm, (a,))),
        times(x.Plus((ONE, minus(y))), x.Call(logarithm, (x.Plus((ONE, minus(a))),))),
    )))  # fmt: skip
    if n.m == 1:
        yield "N1", n.d._board.total, minus(per_sample)
    else:
        squares = []
        for l in range(1, L):
            j, i = one("j", l + 1), one("i", l)
            squares.append(x.Sum(j, x.Sum(i, x.Power(x.Entry(n.theta(l), (j, i)), x.Number(2)))))
        penalty = times(x.Over(decay, times(x.Number(2), m)), x.Plus(tuple(squares)))
        yield "N1", n.d._board.total, x.Plus((times(MINUS, x.Over(ONE, m), x.Sum(n.s, per_sample)), penalty))
    z = x.Entry(n.z(L), (k,))
    in_logits = x.Sum(k, x.Plus((
        times(y, x.Call(logarithm, (x.Plus((ONE, x.Call(exponential, (minus(z),)))),))),
        times(x.Plus((ONE, minus(y))), x.Call(logarithm, (x.Plus((ONE, x.Call(exponential, (z,)))),))),
    )))  # fmt: skip
    yield "N2 in logits", cost, in_logits
    by = x.Partial(cost, z)
    yield "N2 chain", by, times(x.Partial(cost, a), x.Partial(a, z))
    fraction = x.Over(x.Plus((a, minus(y))), times(a, x.Plus((ONE, minus(a)))))
    yield "N2 factors", by, times(fraction, a, x.Plus((ONE, minus(a))))
    yield "N2 cancelled", by, x.Plus((a, minus(y)))
    yield "N2 vector", n.delta(L), x.Plus((n.a(L), minus(n.y)))
    yield "N3", x.Entry(n.padded(L - 1), (0,)), ONE
    yield "N4", n.z(L), x.MatMul(n.theta(L - 1), n.padded(L - 1))
    j, i = one("j", L), one("i", L - 1)
    zj, zi, theta = x.Entry(n.z(L), (j,)), x.Entry(n.z(L - 1), (i,)), x.Entry(n.theta(L - 1), (j, i))
    dj, slope = x.Entry(n.delta(L), (j,)), n.slope(L - 1, i)
    by = x.Partial(cost, zi)
    yield "N5", by, x.Sum(j, times(x.Partial(cost, zj), x.Partial(zj, zi)))
    yield "N6", x.Partial(zj, zi), times(theta, slope)
    yield "N7 out of the sum", by, times(x.Sum(j, times(dj, theta)), slope)
    row = x.Entry(x.MatMul(x.Transpose(x.WithoutBias(n.theta(L - 1))), n.delta(L)), (i,))
    yield "N7 row times column", by, times(row, slope)
    vector = x.Call(slope.function, (n.z(L - 1),))
    yield "N8", x.Partial(n.a(L - 1), n.z(L - 1)), x.Diag(vector)
    for l in range(L - 1, 1, -1):
        yield f"N9 δ^({l})", n.delta(l), _hidden(n, l, slope.function)
    k, j, i = Index("k", 1, n.sizes[L - 1]), one("j", L), one("i", L - 1, 0)
    entry = times(x.Entry(n.delta(L), (j,)), x.Entry(n.padded(L - 1), (i,)))
    yield "N10 entry", x.Partial(cost, x.Entry(n.theta(L - 1), (j, i))), entry
    for l in range(L - 1, 0, -1):
        yield f"N10 Θ^({l})", x.Partial(cost, n.theta(l)), x.MatMul(n.delta(l + 1), x.Transpose(n.padded(l)))
    if n.m > 1:
        for l in range(L - 1, 0, -1):
            whole = x.Sum(n.s, x.MatMul(n.delta(l + 1), x.Transpose(n.padded(l))))
            regulariser = times(x.Over(decay, m), x.Padded(x.WithoutBias(n.theta(l))))
            total = x.Partial(n.d._board.total, n.theta(l))
            yield f"over samples Θ^({l})", total, x.Plus((times(x.Over(ONE, m), whole), regulariser))


def _hidden(n, l, slope):
    """diag(g′(z^(l))) [Θ_w^(l)]ᵀ δ^(l+1), whichever way its brackets stand."""
    diagonal, turned = x.Diag(x.Call(slope, (n.z(l),))), x.Transpose(x.WithoutBias(n.theta(l)))
    return x.MatMul(diagonal, x.MatMul(turned, n.delta(l + 1)))


@pytest.mark.parametrize(("m", "notation"), CASES)
def test_the_rows_of_the_notes_are_steps_in_their_order(m, notation):
    n = Notes(m, notation)
    n.d.check()
    last = -1
    for row, left, right in rows(n):
        found = n.places(left, right)
        assert found, f"{row} is missing"
        later = [place for place in found if place > last]
        assert later, f"{row} stands at {found}, before what comes before it in the notes ({last})"
        last = later[0]


@pytest.mark.parametrize(("m", "notation"), CASES)
def test_hidden_layers_follow_by_the_same_argument(m, notation):
    n = Notes(m, notation)
    for l in (2,):
        (step,) = [step for step in n.d.steps if step.left == n.delta(l) and step.rule == "by the same argument"]
        assert not step.continues


@pytest.mark.parametrize(("m", "notation"), CASES)
def test_the_notes_letter_for_a_pre_activation_is_y(m, notation):
    n = Notes(m, notation)
    assert {n.z(l).name.base for l in (2, 3, 4)} == {"y" if notation == "notes" else "z"}
    assert {n.delta(l).name.base for l in (2, 3, 4)} == {"δ"}


@pytest.mark.parametrize("m", [1, 5])
def test_the_bias_unit_gets_no_derivative(m):
    """No line differentiates by a bias unit, and δ has as many entries as a layer has units without it."""
    n = Notes(m, "standard")
    for l in (2, 3):
        assert n.delta(l).axes == (UNITS,)
        assert n.delta(l).starts == (1,)
        assert n.padded(l).axes == (UNITS + 1,)


@pytest.mark.parametrize("m", [1, 5])
def test_layers_of_unequal_sizes_have_the_same_rows(m):
    n = Notes(m, "standard", (3, 5, 2, 4))
    assert [row for row, left, right in rows(n) if not n.places(left, right)] == []


def test_a_row_with_a_slip_is_not_found():
    """The search can fail: other expressions than the notes' are not steps."""
    n = Notes(5, "standard")
    for row, left, right in rows(n):
        assert not n.places(left, minus(right)), row
        assert not n.places(right, left), row
