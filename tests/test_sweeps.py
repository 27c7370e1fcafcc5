"""Both sweeps and the gradients they give, against witnesses that know no graph.

    known answers        closed forms, on graphs where an edge could be lost or counted twice
    random programs      one straight-line program, run on nodes and, by complex step, on plain arrays
    sums over paths      N5 itself, by brute force: every path from a node to the output, one product each

What else one can ask of a graph (contributions, total Jacobians, evaluate) stands in test_queries.py.
"""

import numpy as np
import pytest
import sympy

import minigrad as mg

# --- known answers ----------------------------------------------------------------------------------------------------


def test_a_node_used_twice_gets_both_terms(rng):
    """x·x, x@x and f(x) + f(x): inputs are an ordered tuple, and each place is an edge of its own."""
    x, A = mg.parameter(rng.normal(size=3)), mg.parameter(rng.normal(size=(3, 3)))
    w = rng.normal(size=(3, 3))
    np.testing.assert_allclose(mg.gradients(np.sum(x * x), x), 2 * x.value, rtol=1e-15)
    np.testing.assert_allclose(mg.gradients(x @ x, x), 2 * x.value, rtol=1e-15)
    np.testing.assert_allclose(mg.gradients(np.sum(w * (A @ A)), A), w @ A.value.T + A.value.T @ w, rtol=1e-13)
    t = np.tanh(x)
    for J in (np.sum(t + t), np.sum(np.tanh(x) + np.tanh(x))):
        np.testing.assert_allclose(mg.gradients(J, x), 2 * (1 - t.value**2), rtol=1e-15)
    np.testing.assert_allclose(mg.gradients(np.sum(x - x), x), 0, atol=0)
    np.testing.assert_allclose(mg.gradients(np.sum(x / x), x), 0, atol=1e-15)


def test_sixty_doublings_take_one_visit_each():
    """2⁶⁰ paths, 60 nodes: a node is visited once its gradient is complete, not once a path."""
    x = mg.parameter(1.0)
    y = x
    for _ in range(60):
        y = y + y
    assert mg.gradients(y, x) == 2.0**60


def test_a_chain_of_ten_thousand_ops_needs_no_recursion():
    """Depth is bounded by memory, not by Python's stack: building, sweeping and letting go."""
    x = mg.parameter(1.0)
    y = x
    for _ in range(10_000):
        y = 0.999 * y + 0.5
    assert y.backward()[x] == pytest.approx(0.999**10_000, rel=1e-11)
    assert mg.gradients(y, x, create_graph=True).value == x.grad
    del y


def test_the_result_of_an_op_of_ones_own_is_as_good_as_any():
    """Two statements are enough for values, gradients, higher derivatives and total Jacobians."""

    class Swish(mg.Op):
        def forward(self, z):
            return z * mg.ops.pointwise.logistic(z)

        def jacobian(self, argument, out, z):
            s = mg.ops.pointwise.logistic(z)
            return mg.Diagonal(s + out * (1 - s))

    z, s = mg.parameter([-1.0, 0.0, 2.0]), 1 / (1 + np.exp(-np.array([-1.0, 0.0, 2.0])))
    out = Swish()(z, name="out")
    first = s + z.value * s * (1 - s)
    second = s * (1 - s) * (2 + z.value * (1 - 2 * s))
    by_z = mg.gradients(np.sum(out), z, create_graph=True)
    np.testing.assert_allclose(by_z.value, first, rtol=1e-14)
    np.testing.assert_allclose(mg.gradients(np.sum(by_z), z), second, rtol=1e-14)
    np.testing.assert_allclose(mg.total_jacobian(out, z).matrix(), np.diag(first), rtol=1e-14)
    assert (out.kind, out.name) == ("swish", "out")


# --- random programs --------------------------------------------------------------------------------------------------


def relu(x):
    return mg.relu(x) if isinstance(x, mg.Node) else np.where(x.real > 0, x, 0)


def magnitude(x):
    return abs(x) if isinstance(x, mg.Node) else np.where(x.real > 0, x, -x)


def choose(x, y):
    """The larger in real part: a branch, which both sides take alike."""
    return np.where(x > y, x, y) if isinstance(x, mg.Node) else np.where(x.real > y.real, x, y)


SHAPE = (2, 3)
UNARY = [
    np.tanh,
    lambda x: np.exp(np.tanh(x)),
    lambda x: np.log(1.5 + np.tanh(x)),
    lambda x: np.log1p(np.tanh(x) / 2),
    lambda x: (2 + np.tanh(x)) ** 1.5,
    lambda x: (2 + np.tanh(x)) ** np.tanh(x),
    lambda x: 1 / (2 + np.tanh(x)),
    lambda x: 1 / (1 + np.exp(-x)),
    lambda x: x * 0.5 - x,
    lambda x: x[::-1],
    lambda x: x[[1, 1]] + x[0],
    lambda x: np.reshape(np.transpose(x), SHAPE),
    lambda x: np.concatenate([x[:, 1:], x[:, :1]], axis=1),
    lambda x: np.stack([x[:, 2], x[:, 0], x[:, 0]], axis=1),
    lambda x: np.sum(x, axis=0) / 2 + np.mean(x, axis=1, keepdims=True),
    lambda x: np.broadcast_to(np.mean(x), SHAPE),
    relu,
    magnitude,
]
BINARY = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / (2 + np.tanh(y)),
    lambda x, y: (x @ np.transpose(y)) @ x / 3,
    lambda x, y: x * y[0] + y[:, :1],
    choose,
]


def program(seed, leaves, shift=None):
    """A random straight-line program: its number, and every value on the way. `shift` (k, d) adds d to value k."""
    rng = np.random.default_rng(seed)
    values = []

    def note(value):
        values.append(value if shift is None or shift[0] != len(values) else value + shift[1])

    for leaf in leaves:
        note(leaf)
    for _ in range(rng.integers(4, 12)):
        x, y = (values[k] for k in rng.integers(len(values), size=2))
        out = UNARY[rng.integers(len(UNARY))](x) if rng.random() < 0.5 else BINARY[rng.integers(len(BINARY))](x, y)
        note(np.tanh(out) * rng.uniform(0.5, 1.5))
    J = np.sum(values[-1] * values[-1])
    for value in values:
        if rng.random() < 0.3:
            J = J + np.sum(value * rng.normal(size=SHAPE))
    return J, values


def by_complex_step(seed, leaves, k):
    """∂J/∂(value k of the program), an imaginary 10⁻³⁰ on one entry after the other (Squire and Trapp 1998)."""
    slopes = np.zeros(SHAPE)
    for place in np.ndindex(SHAPE):
        step = np.zeros(SHAPE, complex)
        step[place] = 1e-30j
        slopes[place] = program(seed, [leaf.astype(complex) for leaf in leaves], (k, step))[0].imag / 1e-30
    return slopes


@pytest.mark.parametrize("chunk", range(4))
def test_gradients_agree_with_a_complex_step_on_random_programs(chunk):
    """Leaves and values on the way, by backward, by gradients, recorded or not: one answer, to rounding."""
    for seed in range(30 * chunk, 30 * (chunk + 1)):
        rng = np.random.default_rng([7, seed])
        leaves = [rng.normal(size=SHAPE) for _ in range(3)]
        J, nodes = program(seed, [mg.parameter(leaf) for leaf in leaves])
        assert J.value == pytest.approx(program(seed, leaves)[0], rel=1e-13, abs=1e-13)
        got = mg.gradients(J, nodes)
        recorded = mg.gradients(J, nodes, create_graph=True)
        alone = [mg.gradients(J, node) for node in nodes]
        reached = J.backward()
        for k, node in enumerate(nodes):
            expected = by_complex_step(seed, leaves, k)
            tolerance = 1e-13 * max(1, np.abs(expected).max())
            for gradient in (got[k], recorded[k].value, alone[k], reached.get(node, 0.0)):
                np.testing.assert_allclose(gradient, expected, rtol=0, atol=tolerance, err_msg=f"{seed}, {k}: {node}")


def test_second_derivatives_agree_with_differences_of_the_complex_step():
    """The Hessian of random programs, column by column: the recorded sweep is a graph as any other."""
    h = 1e-5
    for seed in range(20):
        leaf = np.random.default_rng([8, seed]).normal(size=SHAPE)
        x = mg.parameter(leaf)
        J, _ = program(seed, [x])
        hessian = mg.total_jacobian(mg.gradients(J, x, create_graph=True), x).matrix()
        size = max(1, np.abs(hessian).max())
        for k, unit in enumerate(np.eye(leaf.size).reshape(-1, *SHAPE)):
            ahead, behind = (by_complex_step(seed, [leaf + step * unit], 0).ravel() for step in (h, -h))
            np.testing.assert_allclose(hessian[:, k], (ahead - behind) / (2 * h), rtol=0, atol=1e-8 * size)
        np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-12 * size)


# --- N5 by brute force ------------------------------------------------------------------------------------------------


def random_dag(rng):
    """Some numbers, each made from earlier ones; and for each the arguments it has, with ∂/∂argument by hand."""
    nodes, arguments = [mg.parameter(rng.normal()) for _ in range(2)], [[], []]
    for _ in range(rng.integers(3, 9)):
        i, j = len(nodes) - rng.integers(1, min(4, len(nodes)) + 1, size=2)
        x, y = nodes[i].value, nodes[j].value
        made = [
            (nodes[i] + nodes[j], [(i, 1), (j, 1)]),
            (nodes[i] - nodes[j], [(i, 1), (j, -1)]),
            (nodes[i] * nodes[j], [(i, y), (j, x)]),
            (np.tanh(nodes[i]), [(i, 1 / np.cosh(x) ** 2)]),
            (nodes[i] / (4 + nodes[j] * 0), [(i, 0.25), (j, 0)]),
        ][rng.integers(5)]
        nodes.append(made[0])
        arguments.append(made[1])
    return nodes, arguments


def test_a_gradient_is_the_sum_over_all_paths_of_the_products_along_them(rng):
    """∂J/∂z = Σ over paths: the chain rule as first defined, exponential in time, and so a witness for small graphs."""

    def paths(k, target, arguments):
        yield from [1.0] if k == target else []
        for source, local in arguments[k]:
            yield from (local * rest for rest in paths(source, target, arguments))

    counts = []
    for _ in range(150):
        nodes, arguments = random_dag(rng)
        J = nodes[-1]
        for k, node in enumerate(nodes):
            products = list(paths(len(nodes) - 1, k, arguments))
            counts.append(len(products))
            assert mg.gradients(J, node) == pytest.approx(sum(products), rel=1e-12, abs=1e-12)
            assert mg.total_jacobian(J, node)(1.0) == pytest.approx(sum(products), rel=1e-12, abs=1e-12)
    assert max(counts) > 20


def test_the_sweep_is_linear_in_the_cotangent(rng):
    """Lᵀ(αu + βv) = αLᵀu + βLᵀv, so that one reverse sweep serves any seed; and ⟨u, Lv⟩ = ⟨Lᵀu, v⟩."""
    for seed in range(20):
        x = mg.parameter(rng.normal(size=SHAPE))
        out = program(seed, [x])[1][-1]
        u, v, w = rng.normal(size=(3, *SHAPE))
        by_u, by_v, by_both = (mg.gradients(out, x, cotangent=c) for c in (u, v, 2 * u - 3 * v))
        np.testing.assert_allclose(by_both, 2 * by_u - 3 * by_v, rtol=0, atol=1e-13 * max(1, np.abs(by_both).max()))
        pushed = mg.total_jacobian(out, x)(w)
        assert np.vdot(u, pushed) == pytest.approx(np.vdot(by_u, w), rel=1e-11, abs=1e-12)


# --- higher derivatives -----------------------------------------------------------------------------------------------

S = sympy.Symbol("s")
TO_THE_FIFTH = {
    "tanh": (np.tanh, sympy.tanh(S)),
    "sigmoid": (mg.sigmoid, 1 / (1 + sympy.exp(-S))),
    "softplus": (mg.softplus, sympy.log(1 + sympy.exp(S))),
    "a rational function": (lambda x: x / (2 + x * x), S / (2 + S * S)),
    "a power": (lambda x: (3 + x) ** 2.5, (3 + S) ** sympy.Rational(5, 2)),
}


@pytest.mark.parametrize(("function", "formula"), TO_THE_FIFTH.values(), ids=TO_THE_FIFTH)
def test_derivatives_to_the_fifth_agree_with_sympy(function, formula):
    """create_graph again and again: a constant among a map's entries would silently end the series."""
    at = [-1.5, -0.25, 0.0, 0.125, 1.0]
    x = mg.parameter(at)
    out = function(x)
    for order in range(1, 6):
        out = mg.gradients(out, x, cotangent=np.ones(5), create_graph=True)
        expected = [float(sympy.diff(formula, S, order).subs(S, sympy.Rational(v)).evalf(30)) for v in at]
        np.testing.assert_allclose(out.value, expected, rtol=0, atol=1e-13 * max(1, *np.abs(expected)))


def hessian(J, x):
    return mg.total_jacobian(mg.gradients(J, x, create_graph=True), x).matrix()


def test_the_hessian_of_rosenbrocks_function_is_its_closed_form():
    """f = Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)²: Rosenbrock, The Computer Journal 3 (1960) 175, in four variables."""
    at = np.array([-1.2, 1.0, 0.5, 2.0])
    x = mg.parameter(at)
    J = np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    expected = np.zeros((4, 4))
    for i in range(3):
        expected[i, i] += 1200 * at[i] ** 2 - 400 * at[i + 1] + 2
        expected[i + 1, i + 1] += 200
        expected[i, i + 1] = expected[i + 1, i] = -400 * at[i]
    np.testing.assert_allclose(hessian(J, x), expected, rtol=1e-13)
    at_minimum = mg.parameter(np.ones(4))
    J = np.sum(100 * (at_minimum[1:] - at_minimum[:-1] ** 2) ** 2 + (1 - at_minimum[:-1]) ** 2)
    assert not mg.gradients(J, at_minimum).any()
    assert (np.linalg.eigvalsh(hessian(J, at_minimum)) > 0).all()


def test_the_hessian_of_logsumexp_is_diag_p_minus_p_pT(rng):
    """Written as the op, as log ∘ sum ∘ exp, and as −log softmax of one entry plus that entry."""
    z = mg.parameter(rng.normal(size=5))
    p = np.exp(z.value) / np.exp(z.value).sum()
    for J in (mg.logsumexp(z), np.log(np.sum(np.exp(z))), z[2] - np.log(mg.softmax(z))[2], z[0] - mg.log_softmax(z)[0]):
        np.testing.assert_allclose(hessian(J, z), np.diag(p) - np.outer(p, p), rtol=0, atol=1e-15)


def test_mixed_derivatives_are_the_closed_form_in_either_order(rng):
    """∂²/∂x∂y of Σ xʸ is xʸ⁻¹(1 + y log x), and of tr(A B) by A and B a permutation."""
    x, y = mg.parameter([0.5, 2.0, 3.0]), mg.parameter([3.0, -1.0, 0.5])
    J = np.sum(x**y)
    expected = x.value ** (y.value - 1) * (1 + y.value * np.log(x.value))
    for first, second in ((x, y), (y, x)):
        by_first = mg.gradients(J, first, create_graph=True)
        np.testing.assert_allclose(mg.gradients(np.sum(by_first), second), expected, rtol=1e-14)
    A, B = mg.parameter(rng.normal(size=(2, 2))), mg.parameter(rng.normal(size=(2, 2)))
    J = np.sum((A @ B) * np.eye(2))
    mixed = mg.total_jacobian(mg.gradients(J, A, create_graph=True), B).matrix()
    np.testing.assert_array_equal(mixed, np.eye(4)[[0, 2, 1, 3]])


# --- branches and precision -------------------------------------------------------------------------------------------

LEAKS = {
    "log x": (np.log, lambda x: 1 / x, lambda x: -1 / x**2),
    "1/x": (lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3),
    "√x": (lambda x: x**0.5, lambda x: 0.5 * x**-0.5, lambda x: -0.25 * x**-1.5),
    "x log x": (lambda x: x * np.log(x), lambda x: 1 + np.log(x), lambda x: 1 / x),
    "log(x/3)": (lambda x: np.log(x / 3), lambda x: 1 / x, lambda x: -1 / x**2),
    "log x, summed": (lambda x: np.log(x * mg.constant(np.ones((2, 1)))), lambda x: 2 / x, lambda x: -2 / x**2),
}


@pytest.mark.parametrize(("branch", "slope", "bend"), LEAKS.values(), ids=LEAKS)
def test_where_leaks_nothing_from_the_branch_that_was_not_taken(branch, slope, bend):
    """0 · ∞ is NaN in floats, and the slope of the branch not taken may be infinite; value, both modes, bend."""
    at = np.array([0.0, -1.0, 2.0, 0.0, 3.0])
    taken = at > 0
    x = mg.parameter(at)
    with np.errstate(all="ignore"):  # log(-1), as a value that someone wrote, is NaN in NumPy too
        chosen = np.where(x > 0, branch(x), 3 * x)
        J = np.sum(chosen)
        recorded = mg.gradients(J, x, create_graph=True)
        first = [mg.gradients(J, x), J.backward()[x], recorded.value, sum(mg.contributions(J, x).values())]
        second = mg.gradients(np.sum(recorded), x)
        pushed = mg.total_jacobian(J, x)(np.ones(5))
        expected, bent = np.full(5, 3.0 * chosen.size / 5), np.zeros(5)
        expected[taken], bent[taken] = slope(at[taken]), bend(at[taken])
    assert np.isfinite(J.value)
    for by_x in first:
        np.testing.assert_allclose(by_x, expected, rtol=1e-15)
    np.testing.assert_allclose(second, bent, rtol=1e-14)
    assert pushed == pytest.approx(expected.sum(), rel=1e-14)


def test_a_slope_of_zero_is_not_taken_for_a_branch_not_taken():
    """(where(x > 0, f, f(2)) − f(2))² at its minimum x = 2: slope 0, bend 2 f′². A NaN on the way taken is shown."""
    x = mg.parameter([2.0, -1.0, 0.0])
    for f, at_two, bend in ((lambda x: x * x, 4.0, 32.0), (np.log, np.log(2.0), 0.5)):
        with np.errstate(divide="ignore", invalid="ignore"):
            first = mg.gradients(np.sum((np.where(x > 0, f(x), at_two) - at_two) ** 2), x, create_graph=True)
            np.testing.assert_array_equal(first.value, [0.0, 0.0, 0.0])
            np.testing.assert_allclose(mg.gradients(np.sum(first), x), [bend, 0.0, 0.0], rtol=1e-15)
    with np.errstate(invalid="ignore"):
        by_x = mg.gradients(np.sum(np.where(x != 0, (x + 1e-300) ** 0.5, 0)), x)
    np.testing.assert_allclose(by_x, [0.5 / 2**0.5, np.nan, 0.0], rtol=1e-15)


@pytest.mark.parametrize("make", [*UNARY, lambda x: x.astype(np.float64), lambda x: x * np.ones(SHAPE)])
def test_a_float32_graph_has_float32_gradients(make, rng):
    """Python numbers are weak; where a float64 comes in, the gradient is cast back: exactly its node's dtype."""
    x = mg.parameter(rng.normal(size=SHAPE).astype(np.float32))
    out = make(x)
    J = np.sum(out * out)
    assert J.dtype == out.dtype
    first = mg.gradients(J, x, create_graph=True)
    assert first.dtype == mg.gradients(J, x).dtype == J.backward()[x].dtype == np.float32
    assert mg.gradients(np.sum(first * first), x).dtype == np.float32
    assert {node.dtype.name for node in (J, out, x) if node.grad.dtype != node.dtype} == set()
