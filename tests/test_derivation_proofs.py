"""Derivations are right, and wrong ones are rejected: many random graphs, and the cases that have a name.

A derivation's own check() holds every line to the reverse sweep. Here it is held to account itself: a second reading of
the lines (derivation_witness.py) agrees, and lines with a slip in them (derivation_corruptions.py) are rejected.
"""

import numpy as np
import pytest
from derivation_corruptions import Bench, Known, Tally, corrupt, corruptions, describe
from derivation_graphs import Cubed, Mixed, applied, derivation_graph, paired
from derivation_witness import Witness

import minigrad as mg
from minigrad.derivation import expressions as x
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
    return isinstance(e, x.Partial) and _bare(e.of).of == cost and _bare(e.of).shape in ((), (1, 1)) and _bare(e.by).key == key


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
    run = mg.Network((2, 3, 4), rng=0).forward(rng.normal(size=(3, 2)), (rng.random((3, 4)) > 0.5) * 1.0, weight_decay=0.7)
    bench = Bench(derivation_graph(0)._replace(J=run.J, wrt=list(run.theta.values())))
    known = Known(bench.steps)
    kinds = set()
    for k, step in enumerate(bench.steps):
        for n, (kind, wrong) in enumerate(corruptions(step, known)):
            if (k + n) % 5 == 0:
                assert bench.is_rejected(wrong) or bench.is_true(wrong), f"{kind}: {describe(wrong)}"
                kinds.add(kind)
    assert {"a missing 1/m", "the bias column", "δ of another layer", "g for g′, or g′ for g", "a sample's index"} <= kinds


def _changed(d, wanted, change):
    """The derivation with the first step changed that contains something."""
    step = next(step for step in d.steps if any(wanted(e) for e in step.right.walk()))
    wrong = type(step)(**{**vars(step), "right": x.rewritten(step.right, lambda e: change(e) if wanted(e) else e)})
    return d.with_step(wrong)


def test_a_wrong_step_is_reported_with_both_numbers():
    d = mg.derive(mg.sum(mg.parameter([3.0], name="x") * 2.0, name="J"))
    wrong = _changed(d, lambda e: e == x.Number(2), lambda e: x.Number(5))
    with pytest.raises(DerivationError, match=r"(?s)does not hold at the graph's values.*left: .*right: .*relative error"):
        wrong.check()
    d.check()  # and the original is as it was


# --- cases that have a name -------------------------------------------------------------------------------------------


def parameters(**shapes):
    rng = np.random.default_rng(7)
    return [mg.parameter(rng.uniform(-1.2, 1.2, shape), name=name) for name, shape in shapes.items()]


def data(*shape, name="X", seed=3):
    return mg.constant(np.random.default_rng(seed).uniform(-1.5, 1.5, shape), name=name)


def labels(*shape, seed=4):
    return mg.constant((np.random.default_rng(seed).random(shape) > 0.5) * 1.0, name="Y")


def deep(activation, rows=False):
    W1, W2 = parameters(W1=(2, 4) if rows else (4, 2), W2=(4, 3) if rows else (3, 4))
    b1, b2 = parameters(b1=(1, 4) if rows else (4, 1), b2=(1, 3) if rows else (3, 1))
    X = data(5, 2) if rows else data(2, 5)
    if rows:
        return mg.add_bias(activation(mg.add_bias(X @ W1, b1)) @ W2, b2)
    return mg.add_bias(W2 @ activation(mg.add_bias(W1 @ X, b1)), b2)


def tanh_network():
    return mg.cross_entropy(mg.sigmoid(deep(np.tanh)), labels(3, 5))


def tanh_network_of_rows():
    return mg.cross_entropy(mg.sigmoid(deep(np.tanh, rows=True)), labels(5, 3), units_axis=1)


def relu_network():
    return mg.squared_error(deep(mg.relu), data(3, 5, name="Y"))


def softmax_network():
    y = np.eye(3)[[0, 2, 1, 1, 0]].T
    return mg.softmax_cross_entropy(deep(mg.sigmoid), y)


def softmax_then_logarithm():
    y = np.eye(3)[[0, 2, 1, 1, 0]].T
    return -mg.mean(mg.sum(y * np.log(mg.softmax(deep(np.tanh))), axis=0))


def residual_network():
    W, V = parameters(W=(3, 3), V=(3, 3))
    a = data(3, 4)
    a = a + np.tanh(W @ a)
    a = a + np.tanh(V @ a)
    return mg.squared_error(a, data(3, 4, name="Y", seed=9))


def recurrent_network():
    W, U, b = parameters(W=(3, 3), U=(3, 2), b=(3, 1))
    h = mg.constant(np.zeros((3, 4)), name="h0")
    for t in range(3):
        h = np.tanh(W @ h + U @ data(2, 4, name=f"x{t + 1}", seed=t) + b)
    return mg.squared_error(h, data(3, 4, name="Y"))


def logistic_regression():
    w, b = parameters(w=(1, 3), b=(1, 1))
    return mg.cross_entropy(mg.sigmoid(mg.add_bias(w @ data(3, 6), b)), labels(1, 6)) + mg.l2_penalty([w], 0.5, samples=6)


def logistic_regression_in_numpy():
    (w,) = parameters(w=(3,))
    p = 1 / (1 + np.exp(-(data(6, 3) @ w)))
    y = labels(6)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def own_diagonal_op():
    (v,) = parameters(v=(4,))
    return mg.sum(paired(Cubed()(v), np.tanh(v)))


def own_dense_op():
    (v,) = parameters(v=(3,))
    C = np.random.default_rng(0).normal(size=(3, 3))
    return mg.sum(np.sin(Mixed(C)(Mixed(C)(v))))


def own_matrix_op():
    A, v = parameters(A=(2, 3), v=(3, 2))
    return mg.sum(np.tanh(applied(A, np.tanh(v))))


def op_with_two_results():
    (A,) = parameters(A=(3, 3))
    sign, logarithm = np.linalg.slogdet(A @ A.T + 2 * np.eye(3))
    return logarithm * sign


def eigenvalues_and_vectors():
    (A,) = parameters(A=(3, 3))
    values, vectors = np.linalg.eigh(A + A.T + np.diag([0.0, 2.0, 5.0]))
    return mg.sum(values * values) + mg.sum(vectors[0] * vectors[0] * values)


def two_losses():
    W, b = parameters(W=(3, 2), b=(3, 1))
    z = W @ data(2, 4) + b
    return mg.cross_entropy(mg.sigmoid(z), labels(3, 4)) + 0.5 * mg.squared_error(np.tanh(z), data(3, 4, name="T"))


def broadcasting_and_reductions():
    u, v, w = parameters(u=(3, 1), v=(4,), w=(2, 1, 1))
    t = np.tanh(u * v + w)
    return mg.sum(mg.mean(t, axis=0) * mg.sum(t * t, axis=(0, 1), keepdims=True)[0])


def layer_norm():
    W, g, b = parameters(W=(4, 2), g=(4, 1), b=(4, 1))
    z = W @ data(2, 3)
    centred = z - mg.mean(z, axis=0, keepdims=True)
    return mg.squared_error(g * centred / np.sqrt(mg.mean(centred**2, axis=0, keepdims=True) + 0.1) + b, data(4, 3, name="Y"))


def batch_norm():
    W, g, b = parameters(W=(4, 2), g=(4, 1), b=(4, 1))
    z = W @ data(2, 5)
    centred = z - mg.mean(z, axis=1, keepdims=True)
    return mg.squared_error(g * centred / np.sqrt(np.var(z, axis=1, keepdims=True) + 0.1) + b, data(4, 5, name="Y"))


def attention():
    Q, K, V = parameters(Q=(2, 3), K=(2, 3), V=(3, 2))
    X = data(4, 2)
    weights = mg.softmax((X @ Q) @ (X @ K).T / np.sqrt(3), units_axis=1)
    return mg.sum((weights @ (X @ V.T)) ** 2)


def single_precision():
    W = mg.parameter(np.float32([[0.5, -0.25], [1.0, 0.75], [0.1, -0.3]]), name="W")
    X = mg.constant(np.float32([[1.0, 2.0, -1.0], [0.5, -1.0, 0.25]]), name="X")
    return mg.squared_error(mg.sigmoid(W @ X), np.float32([[1, 0, 1], [0, 0, 1], [1, 1, 0]]))


def penalised_and_used():
    W, V = parameters(W=(3, 3), V=(3, 2))
    return mg.sum(np.tanh(W @ np.tanh(W @ V))) + mg.sum(W * W) + mg.l2_penalty([W, V, W], 0.3)


def square_of_itself():
    (v,) = parameters(v=(3,))
    return mg.sum(v * v)


def product_with_itself():
    (A,) = parameters(A=(3, 3))
    return mg.sum(np.sin(A @ A))


def diamonds():
    (v,) = parameters(v=(2,))
    y = v
    for k in range(60):
        y = 0.5 * (y + np.tanh(y)) if k % 20 == 19 else 0.5 * y + 0.5 * y
    return mg.sum(y)


def numbers_alone():
    u, v = parameters(u=(), v=())
    return mg.sigmoid(u * v + np.sin(u)) * np.exp(v) / (u * u + 1)


def empty_arrays():
    u, v = parameters(u=(0,), v=(3,))
    return mg.sum(u * 2.0) + mg.sum(v * v)


def arrays_of_one():
    u, v, w = parameters(u=(1,), v=(1, 1), w=(1, 1, 1))
    return mg.sum(np.tanh(u * v) * w + v @ v)


def layers_of_one_unit():
    return mg.Network((1, 1, 1), rng=0).forward([[0.5], [1.5], [-1.0]], [[1.0], [0.0], [1.0]], weight_decay=0.2).J


def one_sample_of_one_unit():
    return mg.Network((1, 1), rng=0).forward([[0.5]], [[1.0]]).J


def convolution():
    (u,) = parameters(u=(3,))
    return mg.sum(np.convolve(u, [1.0, -2.0, 0.5, 0.25]) ** 2)


CASES = [
    tanh_network, tanh_network_of_rows, relu_network, softmax_network, softmax_then_logarithm, residual_network,
    recurrent_network, logistic_regression, logistic_regression_in_numpy, own_diagonal_op, own_dense_op, own_matrix_op,
    op_with_two_results, eigenvalues_and_vectors, two_losses, broadcasting_and_reductions, layer_norm, batch_norm,
    attention, single_precision, penalised_and_used, square_of_itself, product_with_itself, diamonds, numbers_alone,
    empty_arrays, arrays_of_one, layers_of_one_unit, one_sample_of_one_unit, convolution,
]  # fmt: skip


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
    (zero,) = [step.right for step in d.steps if isinstance(step.left, x.Partial) and _bare(step.left.by).name.base == "u"]
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
