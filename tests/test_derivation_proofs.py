"""Derivations are right, and wrong ones are rejected: many random graphs, and the cases that have a name.

A derivation's own check() holds every line to the reverse sweep. Here it is held to account itself: a second reading of
the lines (derivation_witness.py) agrees, and lines with a slip in them (derivation_corruptions.py) are rejected.
"""

from dataclasses import replace

import numpy as np
import pytest
from derivation_cases import CASES, data, labels, parameters
from derivation_corruptions import Bench, Known, Tally, corrupt, corruptions, describe
from derivation_graphs import derivation_graph
from derivation_witness import Witness

import minigrad as mg
from minigrad.derivation import expressions as x
from minigrad.derivation.indices import Index, Shifted
from minigrad.derivation.substitution import rewritten
from minigrad.errors import DerivationError, GradientError

LEVELS = ("summary", "textbook", "every step", "numbers")


# --- random graphs ----------------------------------------------------------------------------------------------------


def assert_derived(seeds):
    for seed in seeds:
        d = derivation_graph(seed).derivation()
        report = d.check()
        assert report.steps == len(d.steps)
        assert len({step.id for step in d.steps}) == len(d.steps), f"graph {seed}: two steps have one id"


def test_every_step_of_random_graphs_holds():
    assert_derived(range(48))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_every_step_of_a_thousand_random_graphs_holds(block):
    assert_derived(range(100 * block, 100 * (block + 1)))


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_a_derivation(level):
    for seed in range(100, 112):
        derivation_graph(seed).derivation(level).check()


def test_a_second_reading_of_the_lines_agrees():
    """Entry by entry in Python's own numbers, with derivatives as products of dense Jacobians."""
    for seed in range(1000, 1012):
        d = derivation_graph(seed).derivation()
        here = Witness(d)
        for step in d.steps:
            assert here.holds(step), f"graph {seed}, {step.id}: {describe(step)}"


@pytest.mark.parametrize("seed", range(24))
def test_every_gradient_asked_for_is_arrived_at(seed):
    """Some line says what ∂J/∂x is without a derivative, or by that of one sample's cost, which is arrived at too."""
    case = derivation_graph(seed)
    d = case.derivation()
    for node in case.wrt:
        key = d._board.vocabulary.key(node)
        results = list(_results(d, "value", key))
        assert results, node
        if all(_has_partial(right) for right in results):
            assert any(_is_gradient(e, "sample value", key) for right in results for e in right.walk()), node
            assert any(not _has_partial(right) for right in _results(d, "sample value", key)), node


def _results(d, cost, key):
    """All that the cost's derivative by a node is said to be, directly or by a chain of lines."""
    says = False
    for step in d.steps:
        says = (says and step.continues) or _is_gradient(step.left, cost, key)
        if says:
            yield step.right


def _is_gradient(e, cost, key):
    return (
        isinstance(e, x.Partial)
        and _bare(e.of).of == cost
        and _bare(e.of).shape in ((), (1, 1))
        and _bare(e.by).key == key
    )


def _has_partial(e):
    return any(isinstance(part, x.Partial) for part in e.walk())


def _bare(e):
    return e.array if isinstance(e, x.Entry) else e


# --- wrong steps ------------------------------------------------------------------------------------------------------


def assert_all_rejected(tally: Tally, wanted: int) -> None:
    told = [(number, kind, step.id, describe(step)) for number, kind, step in tally.passed]
    assert not told, f"passed though wrong: {told[:3]}"
    assert not tally.crashed, f"no DerivationError: {tally.crashed[:3]}"
    assert tally.rejected.total() >= wanted
    assert tally.true.total() < 0.2 * wanted  # else these are not slips


def test_corrupted_steps_are_rejected():
    tally = corrupt(300, seed=0, graphs=30)
    assert_all_rejected(tally, 300)
    assert not tally.late


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_ten_thousand_corrupted_steps_are_rejected(seed):
    tally = corrupt(1000, seed=seed, graphs=300)
    assert_all_rejected(tally, 1000)
    assert len(tally.late) < 3  # ties in arrays of one entry, which five points may all miss


def test_every_slip_in_the_notes_network_is_rejected():
    """All single changes of all steps, with three samples, a penalty, and layers of different sizes."""
    rng = np.random.default_rng(0)
    run = mg.Network((2, 3, 4), rng=0).forward(
        rng.normal(size=(3, 2)), (rng.random((3, 4)) > 0.5) * 1.0, weight_decay=0.7
    )
    bench = Bench(derivation_graph(0)._replace(J=run.J, wrt=list(run.theta.values())))
    known = Known(bench.steps)
    kinds = set()
    for k, step in enumerate(bench.steps):
        for n, (kind, wrong) in enumerate(corruptions(step, known)):
            if (k + n) % 5 == 0:
                assert bench.is_rejected(wrong) or bench.is_true(wrong), f"{kind}: {describe(wrong)}"
                kinds.add(kind)
    assert {
        "a missing 1/m",
        "the bias column",
        "δ of another layer",
        "g for g′, or g′ for g",
        "a sample's index",
    } <= kinds


def _changed(d, wanted, change):
    """The derivation with the first step changed that contains something."""
    step = next(step for step in d.steps if any(wanted(e) for e in step.right.walk()))
    return d.with_step(replace(step, right=rewritten(step.right, lambda e: change(e) if wanted(e) else e)))


def test_a_wrong_step_is_reported_with_both_numbers():
    d = mg.derive(mg.sum(mg.parameter([3.0], name="x") * 2.0, name="J"))
    wrong = _changed(d, lambda e: e == x.Number(2), lambda e: x.Number(5))
    with pytest.raises(
        DerivationError, match=r"(?s)does not hold at the graph's values.*left: .*right: .*relative error"
    ):
        wrong.check()
    d.check()  # and the original is as it was


def test_arrays_of_different_shapes_do_not_go_together_entry_by_entry():
    """NumPy would add a row of zeros to a matrix, and compare a matrix with a number: here they mean nothing."""
    A, B = parameters(A=(2, 3), B=(3, 4))
    d = mg.derive(mg.sum(np.tanh(A @ B), name="J"))
    step = next(step for step in d.steps if isinstance(step.right, x.MatMul))
    rows, columns = step.right.shape
    assert min(rows, columns) > 1
    for wrong in (
        x.Plus((step.right, x.Filled(0, (1, columns)))),
        x.Times((step.right, x.Filled(1, (rows, 1)))),
        x.Transpose(step.right),
        x.Number(1),
    ):
        with pytest.raises(DerivationError, match="shape"):
            d.with_step(replace(step, right=wrong)).check()


def test_an_entry_that_is_not_there_has_no_value():
    """Unless a condition beside it is 0 there."""
    d = mg.derive(mg.sum(mg.parameter([1.0, 2.0, 3.0], name="v") * 0.5, name="J"), level="every step")
    i = Index("i", 1, 3)
    step = d.steps[-1]
    v = next(e for s in d.steps for e in s.right.walk() if isinstance(e, x.Symbol) and e.name.base == "v")
    beyond = x.Entry(v, (Shifted(i, 1),))
    nothing = x.Times((x.Number(0), x.Entry(v, (i,))))
    with pytest.raises(DerivationError):
        d.with_step(replace(step, left=x.Times((x.Number(2), beyond)), right=x.Plus((beyond, beyond)))).check()
    there = x.Within(Shifted(i, 1), 1, 3)
    cancelling = x.Plus((beyond, x.Times((x.Number(-1), beyond))))
    d.with_step(replace(step, left=x.Times((there, cancelling)), right=nothing)).check()


# --- cases that have a name -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_derivation_of(case, level):
    d = mg.derive(case(), level=level)
    assert d.check().steps == len(d.steps) > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_coarser_level_has_fewer_lines(case):
    J = case()
    lengths = [len(mg.derive(J, level=level).steps) for level in ("summary", "textbook", "every step")]
    assert lengths == sorted(lengths)


def test_derivation_by_an_inner_node():
    W, X = parameters(W=(3, 2))[0], data(2, 4)
    z = mg.matmul(W, X, name="z")
    a = mg.sigmoid(z, name="a")
    J = mg.cross_entropy(a, labels(3, 4))
    for wanted in (z, a, [z, W], [a, z, W]):
        mg.derive(J, wanted, level="every step").check()


def test_derivation_by_the_output_itself():
    J = mg.sum(parameters(v=(3,))[0], name="J")
    d = mg.derive(J, J)
    d.check()


def test_derivation_by_a_node_without_influence_says_zero():
    v, other = parameters(v=(3,), u=(2, 2))
    d = mg.derive(mg.sum(v * v, name="J"), [v, other])
    d.check()
    (zero,) = [
        step.right for step in d.steps if isinstance(step.left, x.Partial) and _bare(step.left.by).name.base == "u"
    ]
    assert zero.value == 0


def test_a_constant_has_no_derivation():
    v = parameters(v=(3,))[0]
    with pytest.raises(GradientError, match="constant"):
        mg.derive(mg.sum(v), mg.constant(1.0))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_checks_at_other_points_agree(seed):
    d = derivation_graph(1).derivation()
    assert d.check(points=9, seed=seed).points == 10


def test_a_step_that_saturates_is_no_error():
    """At a = 1, (a − y)/(a(1 − a)) has no value: the points where it has one decide."""
    run = mg.Network.from_thetas([[[50.0, 10.0]]]).forward([[3.0], [5.0]], [[1.0], [0.0]])
    mg.derive(run.J, level="every step").check()
