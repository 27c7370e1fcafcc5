"""What one can ask of a graph: backward and .grad, gradients, contributions, total Jacobians, evaluate.

    a layer         z = W x + b, a = tanh z, J = Σ v a + Σ a²: small enough to have every answer by hand
    random_graph    graphs in which several stable forms meet, as one program for minigrad and for plain NumPy

The gradients' numbers are tested in test_sweeps.py, the forms' accuracy in test_forms.py.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import minigrad as mg


@pytest.fixture
def layer(rng):
    """The graph above, and its derivatives by hand: δa = v + 2a, δz = δa (1 − a²)."""
    W, b = mg.parameter(rng.normal(size=(3, 4)), name="W"), mg.parameter(rng.normal(size=(3, 1)), name="b")
    x, v = mg.constant(rng.normal(size=(4, 2)), name="x"), rng.normal(size=(3, 2))
    z = W @ x + b
    a = np.tanh(z)
    square = a * a
    J = np.sum(v * a) + np.sum(square)
    by_a = v + 2 * a.value
    by_z = by_a * (1 - a.value**2)
    by_hand = {W: by_z @ x.value.T, b: by_z.sum(axis=1, keepdims=True), z: by_z, a: by_a, J: np.ones(())}
    return SimpleNamespace(W=W, b=b, x=x, v=v, z=z, a=a, square=square, J=J, by_hand=by_hand)


# --- backward and .grad -----------------------------------------------------------------------------------------------


def test_backward_sets_grad_on_every_node_reached_and_returns_the_same(layer):
    """The δ's come free: not on the leaves only."""
    assert layer.z.grad is None
    reached = layer.J.backward()
    for node, expected in layer.by_hand.items():
        np.testing.assert_allclose(node.grad, expected, rtol=1e-13)
        assert reached[node] is node.grad
    assert layer.x.grad is None
    assert len(reached) == len(list(reached)) == 10  # J, its two sums, v a, a², a, z, W x, W, b


def test_a_second_sweep_overwrites_and_leaves_alone_what_it_does_not_reach(layer):
    """.grad is the gradient of the last J that reached a node: there is no zero_grad to forget."""
    layer.J.backward()
    before = layer.J.grad
    np.sum(layer.a).backward()
    np.testing.assert_array_equal(layer.a.grad, np.ones((3, 2)))
    np.testing.assert_allclose(layer.b.grad, (1 - layer.a.value**2).sum(axis=1, keepdims=True), rtol=1e-13)
    assert layer.J.grad is before


def test_nothing_else_writes_grad(layer):
    """Every other question is pure, so that a picture shows the sweep that was asked for, and no other."""
    mg.gradients(layer.J, [layer.W, layer.a])
    mg.gradients(layer.J, layer.W, create_graph=True)
    mg.contributions(layer.J, layer.z)
    mg.evaluate(layer.J, {layer.b: np.zeros((3, 1))})
    mg.total_jacobian(layer.J, layer.z).matrix()
    assert [node.grad for node in layer.by_hand] == [None] * 5


class Broken(mg.Op):
    """The identity, whose Jacobian fails, or has the wrong shape."""

    def __init__(self, local):
        self.local = local

    def forward(self, x):
        return x * 1

    def jacobian(self, argument, out, x):
        if self.local is None:
            raise RuntimeError("no Jacobian today")
        return self.local


@pytest.mark.parametrize("local", [None, mg.Diagonal(np.ones((5, 3, 4)))], ids=["it raises", "it has a wrong shape"])
def test_a_sweep_that_fails_writes_no_gradient(layer, local):
    """Half of one sweep and half of another in one picture would be worse than the error."""
    layer.J.backward()
    before = [node.grad for node in layer.by_hand]
    with pytest.raises((RuntimeError, mg.ShapeError)):
        (np.sum(Broken(local)(layer.W)) + layer.J).backward()
    assert all(node.grad is grad for node, grad in zip(layer.by_hand, before, strict=True))


def test_what_has_no_gradient_says_so(layer):
    """A constant, a mask, a vector without a cotangent, a node that the sweep did not reach."""
    with pytest.raises(mg.GradientError, match=r"x is a constant.*mg\.parameter"):
        mg.gradients(layer.J, [layer.W, layer.x])
    with pytest.raises(mg.GradientError, match="constant"):
        mg.gradients(layer.J, layer.a > 0)
    with pytest.raises(mg.GradientError, match=r"\(3, 2\).*cotangent"):
        layer.a.backward()
    with pytest.raises(mg.GradientError, match="no parameter"):
        np.sum(layer.x).backward()
    with pytest.raises(mg.ShapeError, match=r"\(2,\).*\(3, 2\)"):
        mg.gradients(layer.a, layer.W, cotangent=np.ones(2))
    reached = layer.a.backward(np.ones((3, 2)))
    with pytest.raises(mg.GradientError, match="did not reach"):
        reached[layer.J]
    assert layer.J not in reached
    assert reached.get(layer.x) is None


# --- gradients --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_list_gives_a_list_and_one_node_one_gradient(layer, create_graph):
    """In the order asked, a node asked twice twice; the output's own is one, and of what is unconnected zeros."""
    other = mg.parameter(np.ones((2, 2), np.float32))
    asked = [layer.z, layer.W, other, layer.J, layer.W, layer.a]
    got = mg.gradients(layer.J, asked, create_graph=create_graph)
    assert isinstance(got, list)
    by_hand = layer.by_hand | {other: np.zeros((2, 2))}
    for node, gradient in zip(asked, got, strict=True):
        value = gradient.value if create_graph else gradient
        np.testing.assert_allclose(value, by_hand[node], rtol=1e-13)
        assert (value.shape, value.dtype) == (node.shape, node.dtype)
        assert isinstance(gradient, mg.Node if create_graph else np.ndarray)
        alone = mg.gradients(layer.J, node, create_graph=create_graph)
        np.testing.assert_allclose(alone.value if create_graph else alone, value, rtol=1e-13)
    assert mg.gradients(layer.J, (), create_graph=create_graph) == []


def test_gradients_are_read_only_and_values_stay_as_they_were(layer):
    """Several may share memory, with one another or with a value: a write into one would corrupt the rest."""
    values = [node.value.copy() for node in layer.by_hand]
    given = np.ones((3, 2))
    results = [*layer.J.backward().values(), *mg.gradients(layer.J, list(layer.by_hand)), layer.a.grad]
    results += [mg.gradients(layer.a, layer.a, cotangent=given), *mg.contributions(layer.J, layer.a).values()]
    results += [
        mg.gradients(layer.J, mg.parameter(1.0)),
        mg.evaluate(layer.J, {}),
        mg.evaluate(layer.a, {layer.a: given}),
    ]
    for result in results:
        with pytest.raises(ValueError, match="read-only"):
            result[...] = 0
    given[...] = 2  # and what was given stays the giver's
    for node, value in zip(layer.by_hand, values, strict=True):
        np.testing.assert_array_equal(node.value, value)


def test_check_finite_names_the_first_bad_node():
    """A NaN is found where it began, not where it was seen."""
    x = mg.parameter([1.0, 0.0], name="x")
    with np.errstate(divide="ignore", invalid="ignore"):
        bad = np.log(x)
        J = np.sum(bad * x)
        with pytest.raises(mg.NonFiniteError, match="the result of log"):
            mg.gradients(J, x, check_finite=True)
    good = np.sum((x + 1) ** 2)
    np.testing.assert_array_equal(mg.gradients(good, x, check_finite=True), [4.0, 2.0])


# --- contributions ----------------------------------------------------------------------------------------------------


def test_there_is_one_contribution_a_consumer_edge_and_they_add_up(layer):
    """What a picture writes on the reverse edges: a feeds v·a once and a·a twice."""
    terms = mg.contributions(layer.J, layer.a)
    edges = [(consumer.kind, argument) for consumer, argument in terms]
    assert sorted(edges) == [("multiply", 0), ("multiply", 1), ("multiply", 1)]
    np.testing.assert_allclose(terms[layer.square, 0], layer.a.value, rtol=1e-15)
    np.testing.assert_allclose(terms[layer.square, 1], layer.a.value, rtol=1e-15)
    for node in (layer.W, layer.b, layer.z, layer.a):
        np.testing.assert_allclose(sum(mg.contributions(layer.J, node).values()), layer.by_hand[node], rtol=1e-13)
    assert mg.contributions(layer.J, layer.J) == {}
    with pytest.raises(mg.GradientError, match="x is a constant"):
        mg.contributions(layer.J, layer.x)


def test_the_terms_of_N5_are_those_of_the_formula(rng):
    """∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ for one entry (i, s): every j is a term, and no other sample has one."""
    z3, theta = mg.parameter(rng.normal(size=(4, 3))), rng.normal(size=(2, 4))
    a3 = np.tanh(z3)
    z4 = theta @ a3
    J = np.sum(z4**3)
    for i, s in np.ndindex(4, 3):
        expected = np.zeros((2, 3))
        expected[:, s] = 3 * z4.value[:, s] ** 2 * theta[:, i] * (1 - a3.value[i, s] ** 2)
        terms = mg.contributions(J, z3, entry=(i, s), via=z4)
        np.testing.assert_allclose(terms, expected, rtol=1e-13, atol=0)
        assert terms.sum() == pytest.approx(mg.gradients(J, z3)[i, s], rel=1e-12)
    assert not mg.contributions(J, z4, entry=(0, 0), via=z3).any()
    with pytest.raises(mg.ShapeError, match=r"\(4, 3\)"):
        mg.contributions(J, z3, entry=(4, 0), via=z4)
    with pytest.raises(mg.ShapeError, match="not one number"):
        mg.contributions(J, z3, entry=0, via=z4)
    with pytest.raises(mg.GradientError, match="together"):
        mg.contributions(J, z3, via=z4)


# --- total Jacobians --------------------------------------------------------------------------------------------------


def test_a_total_jacobian_is_one_map_however_it_is_asked(layer, rng):
    """Call, transpose, matrix and the transpose's matrix; and its columns are those of the formula."""
    L = mg.total_jacobian(layer.a, layer.W)
    slope = 1 - layer.a.value**2
    expected = np.einsum("ks,kr,is->ksri", slope, np.eye(3), layer.x.value).reshape(6, 12)
    np.testing.assert_allclose(L.matrix(), expected, rtol=1e-13)
    np.testing.assert_allclose(L.T.matrix(), expected.T, rtol=1e-13)
    v, w = rng.normal(size=(3, 4)), rng.normal(size=(3, 2))
    np.testing.assert_allclose(L(v).ravel(), expected @ v.ravel(), rtol=1e-12)
    np.testing.assert_allclose(L.T(w).ravel(), expected.T @ w.ravel(), rtol=1e-12)
    assert (L.in_shape, L.out_shape, L.T.in_shape, L.T.T) == ((3, 4), (3, 2), (3, 2), L)
    wide, tall = mg.total_jacobian(layer.J, layer.W), mg.total_jacobian(layer.a, layer.b)
    np.testing.assert_allclose(wide.matrix().reshape(3, 4), layer.by_hand[layer.W], rtol=1e-13)
    np.testing.assert_allclose(tall.matrix(), np.repeat(np.eye(3), 2, axis=0) * slope.reshape(6, 1), rtol=1e-13)
    np.testing.assert_allclose(
        (mg.total_jacobian(layer.a, layer.z) @ mg.total_jacobian(layer.z, layer.W)).matrix(), expected, rtol=1e-13
    )


def test_a_total_jacobian_is_written_with_the_names_and_shapes(layer):
    """str and text tell what varies with what; a wrong shape is refused in the same words."""
    named = mg.tanh(layer.W, name="a")
    L = mg.total_jacobian(named, layer.W)
    assert str(L) == "∂(a)/∂(W) : (3, 4) → (3, 4)"
    assert str(L.T) == "(∂(a)/∂(W))ᵀ : (3, 4) → (3, 4)"
    assert L.text() == "∂(a)/∂(W)"
    with pytest.raises(mg.ShapeError, match=r"∂\(a\)/∂\(W\).*\(4, 3\)"):
        L(np.ones((4, 3)))


def test_a_total_jacobian_cuts_the_graph_at_what_varies(layer):
    """By itself the identity; by what does not reach it zero; by an inner node only what comes after it."""
    np.testing.assert_array_equal(mg.total_jacobian(layer.a, layer.a).matrix(), np.eye(6))
    np.testing.assert_array_equal(mg.total_jacobian(layer.z, layer.a).matrix(), np.zeros((6, 6)))
    np.testing.assert_array_equal(mg.total_jacobian(layer.z, mg.parameter([1.0, 2.0])).matrix(), np.zeros((6, 2)))
    np.testing.assert_allclose(mg.total_jacobian(layer.J, layer.a).matrix().ravel(), layer.by_hand[layer.a].ravel())
    with pytest.raises(mg.GradientError, match="x is a constant"):
        mg.total_jacobian(layer.J, layer.x)


# --- evaluate ---------------------------------------------------------------------------------------------------------


def test_evaluate_is_the_same_formula_at_other_values(layer, rng):
    """Parameters, constants and inner nodes alike; the graph itself keeps its values."""
    W, b, x = rng.normal(size=(3, 4)), rng.normal(size=(3, 1)), rng.normal(size=(4, 2))

    def formula(a):
        return np.sum(layer.v * a) + np.sum(a * a)

    before = layer.J.value.copy()
    everything = mg.evaluate(layer.J, {layer.W: W, layer.b: b, layer.x: x})
    assert everything == pytest.approx(formula(np.tanh(W @ x + b)), rel=1e-13)
    assert mg.evaluate(layer.J, {layer.a: 2 * layer.v}) == pytest.approx(formula(2 * layer.v), rel=1e-13)
    cut = mg.evaluate(layer.J, {layer.a: 2 * layer.v, layer.W: W, layer.z: layer.v})
    assert cut == pytest.approx(formula(2 * layer.v), rel=1e-13)
    assert mg.evaluate(layer.J, {}) == mg.evaluate(layer.J, {mg.parameter(1.0): 2.0}) == layer.J.value == before
    assert mg.evaluate(layer.J, {layer.J: 5.0}) == 5.0


def test_evaluate_computes_masks_anew(rng):
    """A comparison is a node: with other values the other branch is taken, and a mask can be set itself."""
    x = mg.parameter([2.0, -3.0])
    mask = x > 0
    J = np.where(mask, x * x, -x) * np.sign(x)
    np.testing.assert_array_equal(J.value, [4.0, -3.0])
    np.testing.assert_array_equal(mg.evaluate(J, {x: [-2.0, 3.0]}), [-2.0, 9.0])
    np.testing.assert_array_equal(mg.evaluate(J, {mask: [False, True]}), [-2.0, -9.0])


def test_evaluate_refuses_what_does_not_fit_its_node(layer):
    """Same shapes and dtypes, or the graph would be another one; whole numbers and smaller floats fit."""
    with pytest.raises(mg.ShapeError, match=r"b has shape \(3, 1\).*\(3,\)"):
        mg.evaluate(layer.J, {layer.b: np.zeros(3)})
    with pytest.raises(mg.DTypeError, match="complex"):
        mg.evaluate(layer.J, {layer.b: np.zeros((3, 1), complex)})
    x = mg.parameter(np.float32([0.5, 1.5]))
    out = mg.evaluate(np.sum(x * 2), {x: np.array([1.0, 2.0])})
    assert (out.dtype, out) == (np.float32, 6.0)
    assert mg.evaluate(layer.J, {layer.b: np.zeros((3, 1), int)}) == mg.evaluate(layer.J, {layer.b: np.zeros((3, 1))})


# --- several forms in one graph ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("logarithm_first", [True, False])
def test_a_skipped_node_that_has_a_form_itself_counts_each_term_once(logarithm_first):
    """log(1 − a) skips 1 − a and a; 1 − a, with another consumer, skips a. No order of the sum may change ∂J/∂a."""
    a = mg.sigmoid(mg.parameter([0.3, -0.7]))
    not_a = 1 - a
    terms = [np.sum(np.log(not_a)), np.sum(not_a)] if logarithm_first else [np.sum(not_a), np.sum(np.log(not_a))]
    J = terms[0] + terms[1]
    J.backward()
    expected = -(1 / not_a.value + 1)
    for by_a in (
        a.grad,
        mg.gradients(J, a),
        mg.gradients(J, a, create_graph=True).value,
        *mg.contributions(J, a).values(),
    ):
        np.testing.assert_allclose(by_a, expected, rtol=1e-14)


def test_an_activation_that_is_its_own_label_counts_each_edge_once():
    """The entropy of a: ∂J/∂a = log(1 − a) − log a = −z, from the edge of the label alone, and ∂J/∂z = −z a(1 − a)."""
    Z = mg.parameter([0.3, -0.7])
    a = mg.sigmoid(Z)
    J = mg.cross_entropy(a, a)
    J.backward()
    for by_a in (a.grad, mg.gradients(J, a), sum(mg.contributions(J, a).values())):
        np.testing.assert_allclose(by_a, -Z.value, rtol=1e-14)
    np.testing.assert_allclose(Z.grad, -Z.value * a.value * (1 - a.value), rtol=1e-14)


class Plain:
    """The same words on plain, maybe complex, arrays; every value that is made is remembered, and can be shifted."""

    def __init__(self, shifts=None, given=None):
        self.made, self.shifts, self.given = [], shifts or {}, given or {}

    def note(self, value):
        k = len(self.made)
        self.made.append(self.given.get(k, value) + self.shifts.get(k, 0))
        return self.made[-1]

    sigmoid = staticmethod(lambda z: 1 / (1 + np.exp(-z)))
    softmax = staticmethod(lambda z, axis: np.exp(z) / np.sum(np.exp(z), axis=axis, keepdims=True))

    def cross_entropy(self, a, y):
        return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / a.shape[1]


class Engine(Plain):
    """The words as nodes."""

    sigmoid, cross_entropy = mg.sigmoid, staticmethod(mg.cross_entropy)
    softmax = staticmethod(lambda z, axis: mg.softmax(z, units_axis=axis))

    def note(self, value):
        self.made.append(value)
        return value


def random_graph(seed, words, leaf):
    """A cost made of two to four of the patterns at logits within ±5, whose parts feed one another."""
    rng = np.random.default_rng(seed)
    note = words.note
    logits, J = [note(leaf)], 0.0
    for _ in range(rng.integers(2, 5)):
        z = logits[rng.integers(len(logits))]
        y = rng.random(z.shape) * rng.integers(0, 2, size=z.shape)
        pattern, axis = rng.integers(6), int(rng.integers(2))
        if pattern <= 2:
            a = note(words.sigmoid(z))
            not_a = note(1 - a)
            again = note(1 - not_a) if rng.random() < 0.5 else a
        if pattern == 0:
            out = note(words.cross_entropy(again, y)) * a
        elif pattern == 1:
            out = note(-y * note(np.log(again)) - (1 - y) * note(np.log(not_a)))
        elif pattern == 2:
            out = note(np.log(not_a)) * a + not_a * note(words.cross_entropy(not_a, again))
        elif pattern == 3:
            p = note(words.softmax(z, axis))
            out = y * note(np.log(p)) + rng.normal() * p
        elif pattern == 4:
            e = note(np.exp(z))
            out = note(np.log1p(e)) + note(np.log(1 + e)) / (1 + e)
        else:
            e = note(np.exp(z))
            out = note(np.log(note(np.sum(e, axis=axis, keepdims=True)))) + e / 10
        logits.append(note(5 * np.tanh(out / 5)))
        J = J + np.sum(logits[-1] * rng.normal(size=z.shape))
    return J


@pytest.mark.parametrize("chunk", range(4))
def test_forms_agree_with_a_plain_evaluation_at_moderate_logits(chunk):
    """Where both are right: value, every node's gradient (complex step on that node), jvp, and evaluate."""
    for seed in range(25 * chunk, 25 * (chunk + 1)):
        rng = np.random.default_rng([5, seed])
        x = rng.uniform(-5, 5, size=(2, 3))
        engine, plain = Engine(), Plain()
        J, expected = random_graph(seed, engine, mg.parameter(x)), random_graph(seed, plain, x)
        assert J.value == pytest.approx(expected, rel=1e-12, abs=1e-12)
        gradients = mg.gradients(J, engine.made)
        reached = J.backward()
        for k, node in enumerate(engine.made):
            by_step = np.zeros(node.shape)
            for place in np.ndindex(node.shape):
                step = np.zeros(node.shape, complex)
                step[place] = 1e-30j
                by_step[place] = random_graph(seed, Plain({k: step}), x).imag / 1e-30
            size = max(1, np.abs(by_step).max())
            np.testing.assert_allclose(gradients[k], by_step, rtol=0, atol=1e-12 * size, err_msg=f"{seed}: {node}")
            np.testing.assert_allclose(reached.get(node, 0.0), by_step, rtol=0, atol=1e-12 * size)
            v = rng.normal(size=node.shape)
            assert mg.total_jacobian(J, node)(v) == pytest.approx(np.sum(by_step * v), abs=1e-11 * size)
            other = node.value * rng.uniform(0.8, 1, size=node.shape)
            expected = random_graph(seed, Plain(given={k: other}), x)
            assert mg.evaluate(J, {node: other}) == pytest.approx(expected, rel=1e-12, abs=1e-11)
