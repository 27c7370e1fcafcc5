"""The notes' network, row by row (N1-N10), and on a thousand random networks against two witnesses.

The witnesses share nothing with the sweep: `closed_form`, the notes' formulas in NumPy, and a complex step on a forward
pass written from N1 and N4 alone (network_witnesses.py).
"""

import networkx as nx
import numpy as np
import pytest
from network_witnesses import by_complex_step, random_example, relative_error
from scipy.optimize import check_grad

import minigrad as mg

NETWORKS, CHUNKS = 1000, 10  # in chunks, so that several workers share them


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_sweep_agrees_with_the_closed_form_and_the_complex_step_on_a_thousand_networks(chunk):
    """Two witnesses; a slip of the network's shapes, of 1/m or of λ cannot hide in all of these."""
    rng = np.random.default_rng([3, chunk])
    for _ in range(NETWORKS // CHUNKS):
        example = random_example(rng)
        run = example.net.forward(example.X, example.Y, example.weight_decay)
        deltas, gradients, closed = run.deltas(), run.theta_gradients(), run.closed_form()
        deltas_by_step, gradients_by_step = by_complex_step(example)
        for l, delta in deltas.items():
            assert relative_error(delta, closed.deltas[l]) <= 1e-12, f"δ^({l}) of {example}"
            assert relative_error(delta, deltas_by_step[l]) <= 1e-10, f"δ^({l}) of {example}"
        for l, gradient in gradients.items():
            assert relative_error(gradient, closed.theta_gradients[l]) <= 1e-12, f"∂J/∂Θ^({l}) of {example}"
            assert relative_error(gradient, gradients_by_step[l]) <= 1e-10, f"∂J/∂Θ^({l}) of {example}"


# --- the notes, row by row --------------------------------------------------------------------------------------------


@pytest.fixture
def run(rng):
    """The notes' 2-4-4-4 network on one sample, after backward."""
    run = mg.Network((2, 4, 4, 4), rng=rng).forward(rng.normal(size=(1, 2)), [[0.0, 1.0, 0.0, 1.0]])
    run.J.backward()
    return run


@pytest.fixture
def many(rng):
    """A network with λ > 0 on several samples."""
    return mg.Network((2, 4, 3), rng=rng).forward(rng.normal(size=(5, 2)), np.eye(3)[[0, 1, 2, 1, 0]], weight_decay=0.3)


def test_N1_the_cost_is_the_cross_entropy_plus_the_penalty_on_weights_without_biases(many):
    """Sum over units, mean over samples; the bias column is left alone."""
    a, y, m = many.a[3].value, many.Y, 5
    data = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / m
    penalty = 0.3 / (2 * m) * sum(np.sum(theta.value[:, 1:] ** 2) for theta in many.theta.values())
    np.testing.assert_allclose(many.J.value, data + penalty, rtol=1e-14)
    (penalty_node,) = [node for node in many.J.inputs if node.name == "penalty"]
    for theta in many.theta.values():
        by_theta = mg.gradients(penalty_node, theta)
        assert not by_theta[:, 0].any()
        np.testing.assert_allclose(by_theta[:, 1:], 0.3 / m * theta.value[:, 1:], rtol=1e-15)


def test_N2_at_the_output_the_factors_cancel_and_delta_is_a_minus_y(run):
    """J as a function of the logits, δ^(L) = a − y, and the full chain whose factors cancel."""
    z, a, y = run.z[4].value, run.a[4].value, run.Y
    np.testing.assert_allclose(run.J.value, np.sum(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)), rtol=1e-15)
    np.testing.assert_array_max_ulp(run.z[4].grad, a - y, maxulp=2)
    by_a, g_prime = run.J.jacobians[0].matrix(), run.a[4].jacobians[0].matrix()
    np.testing.assert_allclose(by_a, ((a - y) / (a * (1 - a))).T, rtol=1e-13)
    np.testing.assert_allclose((by_a @ g_prime).T, a - y, rtol=1e-13)


def test_N2_delta_of_many_samples_is_a_minus_y_over_m(many):
    """The notes' δ is of one sample; of the mean cost it has 1/m in it."""
    np.testing.assert_array_max_ulp(many.deltas()[3], (many.a[3].value - many.Y) / 5, maxulp=2)


def test_N3_the_bias_unit_is_one_and_the_first_layer_is_the_input(many):
    """a₀ = 1 for every sample; a¹ = x, a sample a column."""
    for z in many.z.values():
        theta, with_bias = z.inputs
        assert theta.shape[1] == with_bias.shape[0]
        assert (with_bias.value[0] == 1).all()
    x = many.a[1].inputs[0]
    np.testing.assert_array_equal(many.a[1].value, x.value.T)
    assert not many.a[1].differentiable


def test_N4_a_layer_is_a_matrix_product_with_the_bias_column_included(run):
    """z⁴ = Θ³ a³: 4×1 = (4×5)(5×1)."""
    theta, with_bias = run.z[4].inputs
    assert (run.z[4].shape, theta.shape, with_bias.shape) == ((4, 1), (4, 5), (5, 1))
    assert theta is run.theta[3]
    np.testing.assert_array_equal(with_bias.value[1:], run.a[3].value)
    np.testing.assert_allclose(run.z[4].value, run.theta[3].value @ with_bias.value, rtol=1e-15)


def test_N5_delta_is_the_sum_over_the_units_that_a_unit_feeds(run):
    """∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ, every term by itself."""
    through = mg.total_jacobian(run.z[4], run.z[3]).matrix()
    for i in range(4):
        terms = mg.contributions(run.J, run.z[3], entry=(i, 0), via=run.z[4])
        assert terms.shape == run.z[4].shape
        np.testing.assert_allclose(terms[:, 0], run.z[4].grad[:, 0] * through[:, i], rtol=1e-14)
        np.testing.assert_allclose(terms.sum(), run.z[3].grad[i, 0], rtol=1e-13)


def test_N5_the_bias_unit_gets_no_derivative(run):
    """a₀ is a constant: row 0 of ∂[1; a]/∂a is zero, and what flows to it goes nowhere."""
    with_bias = run.z[4].inputs[1]
    (local,) = with_bias.jacobians
    assert isinstance(local, mg.Scatter)
    np.testing.assert_array_equal(local.matrix(), np.eye(5)[:, 1:])
    assert with_bias.grad[0, 0] != 0
    np.testing.assert_array_equal(run.a[3].grad, with_bias.grad[1:])


def test_N6_a_pre_activation_feels_one_below_through_one_weight_and_one_slope(run):
    """∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ): all other terms of the sum are constants in z³ᵢ."""
    a, theta = run.a[3].value[:, 0], run.theta[3].value
    through = mg.total_jacobian(run.z[4], run.z[3]).matrix()
    for j in range(4):
        for i in range(4):
            assert through[j, i] == pytest.approx(theta[j, i + 1] * a[i] * (1 - a[i]), rel=1e-13)


def test_N7_the_sum_without_the_slope_is_a_row_of_the_transpose_times_a_column(run):
    """Σⱼ δ⁴ⱼ θ³ⱼᵢ = row i of [Θ³_w]ᵀ times δ⁴: the gradient of a³."""
    delta, weights = run.z[4].grad, run.theta[3].value[:, 1:]
    for i in range(4):
        assert run.a[3].grad[i, 0] == pytest.approx(weights.T[i] @ delta[:, 0], rel=1e-13)


def test_N8_the_jacobian_of_an_activation_is_diagonal_and_kept_as_one(run):
    """∂a³/∂z³ = diag(g′(z³)), with exact zeros beside the diagonal."""
    for l in (2, 3, 4):
        (local,) = run.a[l].jacobians
        assert isinstance(local, mg.Diagonal)
        assert str(local) == "diag(d) : (4, 1) → (4, 1)"
        a = run.a[l].value[:, 0]
        matrix = local.matrix()
        np.testing.assert_allclose(np.diagonal(matrix), a * (1 - a), rtol=1e-14)
        assert not (matrix - np.diag(np.diagonal(matrix))).any()


def test_N9_delta_goes_down_a_layer_by_three_structured_maps(run):
    """δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴, and so for every hidden layer, from the nodes' own local Jacobians."""
    for l in (2, 3):
        with_bias = run.z[l + 1].inputs[1]
        slope, below_bias, times_theta = run.a[l].jacobians[0], with_bias.jacobians[0], run.z[l + 1].jacobians[1]
        assert (type(slope), type(below_bias), type(times_theta)) == (mg.Diagonal, mg.Scatter, mg.LeftMul)
        delta = slope.T(below_bias.T(times_theta.T(run.z[l + 1].grad)))
        np.testing.assert_array_equal(delta, run.z[l].grad)
        path = (times_theta @ below_bias @ slope).matrix()
        np.testing.assert_allclose(path.T @ run.z[l + 1].grad, run.z[l].grad, rtol=1e-13)
        a, weights = run.a[l].value, run.theta[l].value[:, 1:]
        np.testing.assert_allclose(np.diag((a * (1 - a))[:, 0]) @ weights.T @ run.z[l + 1].grad, delta, rtol=1e-12)


def test_N10_the_gradient_of_theta_is_a_column_times_a_row(run):
    """∂J/∂Θ = δ [1; a]ᵀ: the transpose of a product from the right, applied to δ."""
    for l, theta in run.theta.items():
        by_theta, delta = run.z[l + 1].jacobians[0], run.z[l + 1].grad
        assert isinstance(by_theta, mg.RightMul)
        column_times_row = np.outer(delta, [1, *run.a[l].value[:, 0]])
        np.testing.assert_allclose(theta.grad, column_times_row, rtol=1e-15)
        np.testing.assert_array_equal(by_theta.T(delta), theta.grad)
        assert np.linalg.matrix_rank(theta.grad) == 1


def test_N10_over_many_samples_the_columns_times_rows_add_up_with_the_penalty(many):
    """(1/m) Σ δ(i) [1; a(i)]ᵀ + (λ/m) Θ_w, the bias column without a penalty."""
    for l, gradient in many.theta_gradients().items():
        per_sample = 5 * many.deltas()[l + 1]
        rows = np.vstack([np.ones(5), many.a[l].value]).T
        expected = sum(np.outer(per_sample[:, i], rows[i]) for i in range(5)) / 5
        expected[:, 1:] += 0.3 / 5 * many.theta[l].value[:, 1:]
        np.testing.assert_allclose(gradient, expected, rtol=1e-13, atol=1e-16)


# --- for optimisers ---------------------------------------------------------------------------------------------------


def test_pack_and_with_vector_are_inverse(rng):
    """An optimiser's vector and the Θ are the same numbers in the same order."""
    net = mg.Network((3, 5, 2), rng=rng)
    vector = rng.normal(size=5 * 4 + 2 * 6)
    there = net.with_vector(vector)
    np.testing.assert_array_equal(there.pack(), vector)
    np.testing.assert_array_equal(there.thetas[1], vector[20:].reshape(2, 6))
    for before, after in zip(net.thetas, net.with_vector(net.pack()).thetas, strict=True):
        np.testing.assert_array_equal(before, after)


def test_with_vector_keeps_a_copy(rng):
    """SciPy reuses its vector; a network made from it must not change with it."""
    net = mg.Network((2, 1), rng=rng)
    vector = net.pack()
    other = net.with_vector(vector)
    vector[:] = 0
    np.testing.assert_array_equal(other.pack(), net.pack())


def test_value_and_gradient_are_those_of_a_run(many, rng):
    """The flat gradient is ∂J/∂Θ layer by layer, as `pack` lays the Θ out."""
    net = mg.Network.from_thetas([theta.value for theta in many.theta.values()])
    x = many.a[1].value.T
    value, gradient = net.value_and_gradient(net.pack(), x, many.Y.T, weight_decay=0.3)
    assert isinstance(value, float)
    assert value == many.J.value
    np.testing.assert_array_equal(gradient, np.concatenate([g.ravel() for g in many.theta_gradients().values()]))


def test_scipy_finds_the_gradient_right(rng):
    """A third witness, written by others: scipy.optimize.check_grad by finite differences."""
    net = mg.Network((3, 4, 2), rng=rng)
    X, Y = rng.normal(size=(6, 3)), rng.random((6, 2))
    error = check_grad(
        lambda v: net.value_and_gradient(v, X, Y, 0.1)[0], lambda v: net.value_and_gradient(v, X, Y, 0.1)[1], net.pack()
    )
    assert error < 1e-6


def test_predictions_are_the_outputs_of_the_forward_pass(rng):
    """What is trained is what predicts; a class is the largest output."""
    net = mg.Network((3, 5, 4), rng=rng)
    X = rng.normal(size=(7, 3))
    outputs = net.predict_proba(X)
    np.testing.assert_allclose(outputs, net.forward(X, np.zeros((7, 4))).a[3].value.T, rtol=1e-14)
    np.testing.assert_array_equal(net.predict(X), outputs.argmax(axis=1))


def test_one_output_unit_says_yes_above_one_half():
    """With one unit there are two classes, 0 and 1."""
    net = mg.Network.from_thetas([[[0.0, 1.0]]])
    np.testing.assert_array_equal(net.predict([[-1.0], [1.0]]), [0, 1])


# --- the graph --------------------------------------------------------------------------------------------------------


def test_data_nodes_are_made_once_and_used_by_many_runs(rng):
    """Training copies its data once, not once a step."""
    X, Y = mg.constant(rng.normal(size=(5, 2)), name="X"), mg.constant(np.eye(3)[[0, 1, 2, 1, 0]], name="Y")
    net = mg.Network((2, 4, 3), rng=rng)
    first, second = net.forward(X, Y), net.with_vector(net.pack() / 2).forward(X, Y)
    for run in (first, second):
        assert run.a[1].inputs == (X,)
        assert np.shares_memory(run.a[1].value, X.value)
    plain = net.forward(X.value, Y.value)
    assert plain.J.value == first.J.value


def test_a_network_keeps_its_precision():
    """A float32 network stays float32 in every value and gradient, whatever the data's dtype."""
    net = mg.Network((2, 4, 3), rng=0, dtype=np.float32)
    run = net.forward(np.array([[0.5, -1.0]]), np.array([[0, 1, 0]]), weight_decay=0.1)
    assert net.pack().dtype == np.float32
    nodes = [run.J, *run.z.values(), *run.a.values(), *run.theta.values()]
    assert {node.dtype for node in nodes} == {np.dtype(np.float32)}
    assert {array.dtype for array in [*run.deltas().values(), *run.theta_gradients().values()]} == {
        np.dtype(np.float32)
    }
    assert net.predict_proba([[0.5, -1.0]]).dtype == np.float32
    double = mg.Network.from_thetas([theta.astype(float) for theta in net.thetas])
    exact = double.forward([[0.5, -1.0]], [[0, 1, 0]], weight_decay=0.1)
    for l, delta in exact.deltas().items():
        assert relative_error(run.deltas()[l], delta) < 1e-5


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: mg.Network((3,)), mg.ShapeError, "two or more layers"),
        (lambda: mg.Network((3, 0, 2)), mg.ShapeError, "at least one unit"),
        (lambda: mg.Network.from_thetas([]), mg.ShapeError, "at least one Θ"),
        (lambda: mg.Network.from_thetas([np.ones(3)]), mg.ShapeError, r"Θ\^\(1\) has shape \(3,\)"),
        (lambda: mg.Network.from_thetas([np.ones((4, 3)), np.ones((2, 4))]), mg.ShapeError, r"Θ\^\(2\).* 5 columns"),
        (lambda: mg.Network((2, 3)).with_vector(np.ones(8)), mg.ShapeError, r"packs to \(9,\), not to \(8,\)"),
        (lambda: mg.Network((2, 3)).forward(np.ones((4, 3)), np.ones((4, 3))), mg.ShapeError, r"X .*\(4, 3\)"),
        (lambda: mg.Network((2, 3)).forward(np.ones((4, 2)), np.ones((4, 2))), mg.ShapeError, r"Y .*\(4, 2\)"),
        (lambda: mg.Network((2, 3)).forward(np.ones((4, 2)), np.ones((5, 3))), mg.ShapeError, "4 samples .* has 5"),
        (lambda: mg.Network((2, 3)).forward(np.ones(2), np.ones(3)), mg.ShapeError, r"X .*\(2,\)"),
        (lambda: mg.Network((2, 3)).forward(np.ones((0, 2)), np.ones((0, 3))), mg.ShapeError, r"X .*\(0, 2\)"),
        (lambda: mg.Network((2, 1)).forward([["a", "b"]], [[1.0]]), mg.DTypeError, "X cannot hold"),
        (lambda: mg.Network((2, 1)).forward([[1j, 0]], [[1.0]]), mg.DTypeError, "complex"),
        (lambda: mg.Network((2, 1)).forward([[1.0, 0.0]], [[2.0]]), mg.DomainError, r"\[0, 1\]"),
        (lambda: mg.Network((2, 1)).forward([[1.0, 0.0]], [[1.0]], weight_decay=-1.0), mg.DomainError, "weight_decay"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_it(ask, error, words):
    """With the name of the array and its shape, before any number is computed from it."""
    with pytest.raises(error, match=words):
        ask()


def test_nothing_in_a_network_or_a_run_can_be_changed(run):
    """Between the forward and the reverse sweep, and after, every number stays as it was."""
    net = mg.Network((2, 3), rng=0)
    arrays = [*net.thetas, run.J.value, run.z[3].value, run.theta[2].value, run.theta[2].grad, run.deltas()[3], run.Y]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        run.J = None
    with pytest.raises(AttributeError):
        net.depth = 2


def test_a_network_does_not_change_with_the_arrays_it_was_made_of(rng):
    """Θ, X and Y are copied in."""
    theta, X, Y = rng.normal(size=(1, 3)), rng.normal(size=(4, 2)), rng.random((4, 1))
    net = mg.Network.from_thetas([theta])
    run = net.forward(X, Y)
    before = run.theta_gradients()[1]
    theta[:], X[:], Y[:] = 0, 0, 0
    np.testing.assert_array_equal(run.theta_gradients()[1], before)
    assert net.thetas[0].any()


def test_asking_for_deltas_touches_no_node(rng):
    """`deltas` and `theta_gradients` are pure; only backward() writes .grad."""
    run = mg.Network((2, 4, 3), rng=rng).forward(rng.normal(size=(1, 2)), [[0.0, 1.0, 0.0]])
    run.deltas(), run.theta_gradients(), run.closed_form()
    assert all(node.grad is None for node in [run.J, *run.z.values(), *run.a.values(), *run.theta.values()])
    run.J.backward()
    for l, z in run.z.items():
        np.testing.assert_array_equal(z.grad, run.deltas()[l])


def test_nodes_bear_the_notes_names_and_stand_in_their_layer(run):
    """So that a picture reads like the page."""
    assert {l: node.name for l, node in run.z.items()} == {2: "z²", 3: "z³", 4: "z⁴"}
    assert {l: node.name for l, node in run.a.items()} == {1: "a¹", 2: "a²", 3: "a³", 4: "a⁴"}
    assert {l: node.name for l, node in run.theta.items()} == {1: "Θ¹", 2: "Θ²", 3: "Θ³"}
    assert run.J.name == "J"
    for l in (2, 3, 4):
        for node in (run.z[l], run.a[l], run.z[l].inputs[1], run.theta[l - 1]):
            assert node.scope == (f"layer {l}",)
            assert run.layer_of(node) == l
    assert run.layer_of(run.J) is None


def test_the_view_of_a_run_is_an_acyclic_graph_with_a_layer_on_every_node_of_one(run):
    """One connected graph with the cost as its only end, by networkx's own algorithms."""
    graph = mg.to_networkx(run)
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.is_weakly_connected(graph)
    assert [node for node, degree in graph.out_degree() if degree == 0] == [graph.graph["output"]]
    named = {data["name"]: data["layer"] for _, data in graph.nodes(data=True)}
    assert (named["z²"], named["a³"], named["Θ³"], named["J"]) == (2, 3, 4, None)


def test_the_same_seed_gives_the_same_network():
    """A demonstration can be repeated."""
    np.testing.assert_array_equal(mg.Network((2, 4, 3), rng=7).pack(), mg.Network((2, 4, 3), rng=7).pack())
    assert (mg.Network((2, 4, 3), rng=7).pack() != mg.Network((2, 4, 3), rng=8).pack()).all()


def test_saturated_units_have_the_right_cost_and_delta():
    """At logits of ±10⁴ the factors of N2 overflow; the cost in the logits does not."""
    net = mg.Network.from_thetas([[[0.0, 1e4], [0.0, -1e4]]])
    run = net.forward([[1.0]], [[0.0, 0.0]])
    assert run.J.value == pytest.approx(1e4, rel=1e-15)
    np.testing.assert_array_equal(run.deltas()[2], [[1.0], [0.0]])
