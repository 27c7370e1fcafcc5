"""Transforms of plain functions: nested, in both modes, over trees of arguments; few sweeps where structure allows.

Witnesses: closed forms, complex step, SymPy. The nested cases with closures are those in which a tool that confuses
perturbations is wrong (Siskind and Pearlmutter, "Perturbation confusion and referential transparency", 2005).
"""

from collections import namedtuple

import numpy as np
import pytest
import sympy
from witnesses import complex_step

import minigrad as mg
from minigrad import sweeps, tracing
from minigrad.graph import arguments_first
from minigrad.trees import leaves


def test_a_derivative_inside_a_derivative_sees_its_own_variable_only():
    """d/dx [x · d/dy (x + y)] is 1, and not 2: the perturbation of x is not that of y."""
    assert mg.grad(lambda x: x * mg.grad(lambda y: x + y)(1.0))(1.0) == 1
    assert mg.grad(lambda x: x * mg.grad(lambda y: x * y)(2.0))(3.0) == 6
    assert mg.grad(lambda x: mg.grad(lambda y: x * y * y)(x))(3.0) == 12  # d/dx 2x²: y is x, but not the same variable
    assert mg.jvp(lambda x: x * mg.jvp(lambda y: x + y, (1.0,), (1.0,))[1], (1.0,), (1.0,))[1] == 1
    assert mg.jvp(lambda x: x * mg.grad(lambda y: x * y)(2.0), (3.0,), (1.0,))[1] == 6
    assert mg.grad(lambda x: x * mg.jvp(lambda y: x * y, (2.0,), (1.0,))[1])(3.0) == 6


def test_a_closure_over_a_users_own_parameter_keeps_its_gradient():
    """The gradient by x depends on W; as an array it would have lost that silently."""
    W = mg.parameter([1.0, 2.0], name="W")
    by_x = mg.grad(lambda x: np.sum(W * x * x))(np.array([3.0, 4.0]))
    assert isinstance(by_x, mg.Node)
    np.testing.assert_array_equal(by_x.value, [6, 16])
    np.testing.assert_array_equal(mg.gradients(np.sum(by_x), W), [6, 8])


@pytest.mark.parametrize("order", range(1, 7))
def test_tanh_to_the_sixth_derivative_is_sympys(order):
    """Derivatives of derivatives, to any order; autograd's first example."""
    f = np.tanh
    for _ in range(order):
        f = mg.grad(f)
    x = sympy.symbols("x")
    expected = sympy.diff(sympy.tanh(x), x, order)
    for at in (-2.0, 0.3, 1.1):
        assert f(at) == pytest.approx(float(expected.subs(x, sympy.Rational(at)).evalf(30)), rel=1e-12)


@pytest.mark.parametrize("modes", ["ff", "fr", "rf", "rr", "ffr", "rfr", "frf"])
def test_modes_nest_in_any_order(modes):
    """f is forward mode and r reverse mode, the first letter outermost: all give the same derivative of x³ log x."""

    def derivative(mode, f):
        return mg.grad(f) if mode == "r" else lambda x: mg.jvp(f, (x,), (1.0,))[1]

    f = lambda x: x**3 * np.log(x)  # noqa: E731  # the loop rebinds it
    for mode in reversed(modes):
        f = derivative(mode, f)
    x = 1.7
    expected = {2: 6 * x * np.log(x) + 5 * x, 3: 6 * np.log(x) + 11}[len(modes)]
    assert f(x) == pytest.approx(expected, rel=1e-13)


def model(params, x):
    hidden = np.tanh(params["layers"][0] @ x + params["bias"])
    return {"out": params["layers"][1] @ hidden, "norm": (np.sum(hidden * hidden),)}


@pytest.fixture
def params(rng):
    layers = [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))]
    return {"layers": layers, "bias": rng.normal(size=4), "unused": None}


def test_arguments_and_results_may_be_trees(params, rng):
    """A gradient is nested as its argument, None and all; each leaf is right by complex step."""
    x = rng.normal(size=3)
    cost = lambda p: np.sum(model(p, x)["out"] ** 2) + model(p, x)["norm"][0]  # noqa: E731
    found = mg.grad(cost)(params)
    assert found.keys() == params.keys()
    assert found["unused"] is None
    for k in (0, 1):
        assert found["layers"][k].shape == params["layers"][k].shape
    direction = {"layers": [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))], "bias": rng.normal(size=4)}

    def along(t):
        moved = {"layers": [W + t * V for W, V in zip(params["layers"], direction["layers"], strict=True)]}
        return cost(moved | {"bias": params["bias"] + t * direction["bias"]})

    slope = along(1e-30j).imag / 1e-30
    pairs = [*zip(found["layers"], direction["layers"], strict=True), (found["bias"], direction["bias"])]
    assert sum(np.sum(a * b) for a, b in pairs) == pytest.approx(slope, rel=1e-13)
    out, pushed = mg.jvp(cost, (params,), (direction | {"unused": None},))
    assert out == pytest.approx(cost(params), rel=1e-15)
    assert pushed == pytest.approx(slope, rel=1e-13)


def test_vjp_and_jvp_are_adjoint_over_trees(params, rng):
    """⟨w, J v⟩ = ⟨Jᵀ w, v⟩ with several results and several arguments."""
    x = rng.normal(size=3)
    out, pull = mg.vjp(model, params, x)
    w = {"out": rng.normal(size=2), "norm": (rng.normal(),)}
    by_params, by_x = pull(w)
    v = {"layers": [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))], "bias": rng.normal(size=4), "unused": None}
    dx = rng.normal(size=3)
    same, dot = mg.jvp(model, (params, x), (v, dx))
    np.testing.assert_array_equal(out["out"], same["out"])
    left = w["out"] @ dot["out"] + w["norm"][0] * dot["norm"][0]
    right = sum(np.sum(a * b) for a, b in zip(by_params["layers"], v["layers"], strict=True))
    right += by_params["bias"] @ v["bias"] + by_x @ dx
    assert left == pytest.approx(right, rel=1e-13)


def test_named_tuples_and_lists_keep_their_type():
    """What comes back can be used as what went in."""
    Point = namedtuple("Point", "x y")
    found = mg.grad(lambda p: p.x * p.y)(Point(2.0, 3.0))
    assert found == Point(3, 2)
    assert isinstance(mg.grad(lambda p: p[0] * p[1])([2.0, 3.0]), list)


def test_argnums_choose_the_arguments_and_others_pass_as_they_are():
    """One number gives one gradient, several give a tuple; what is not varied may be anything."""
    f = lambda x, y, how: x * y if how == "product" else x + y  # noqa: E731
    assert mg.grad(f)(2.0, 3.0, "product") == 3
    assert mg.grad(f, argnums=1)(2.0, 3.0, "product") == 2
    assert mg.grad(f, argnums=-2)(2.0, 3.0, "product") == 2
    assert mg.grad(f, argnums=(1, 0))(2.0, 3.0, how="product") == (2, 3)
    assert mg.grad(f, argnums=(0,))(2.0, 3.0, "sum") == (1,)


def test_auxiliary_results_are_arrays_and_stand_where_jax_puts_them():
    """(gradient, aux), ((value, aux), gradient), (out, pull, aux), (out, tangent, aux)."""
    f = lambda x: (np.sum(x * x), {"double": 2 * x, "word": "kept"})  # noqa: E731
    at = np.array([1.0, 2.0])
    gradient, aux = mg.grad(f, has_aux=True)(at)
    np.testing.assert_array_equal(gradient, [2, 4])
    assert isinstance(aux["double"], np.ndarray)
    assert aux["word"] == "kept"
    (value, aux), gradient = mg.value_and_grad(f, has_aux=True)(at)
    assert (value, aux["word"]) == (5, "kept")
    _, pull, aux = mg.vjp(f, at, has_aux=True)
    np.testing.assert_array_equal(pull(1.0)[0], [2, 4])
    out, tangent, aux = mg.jvp(f, (at,), (np.array([1.0, 0.0]),), has_aux=True)
    assert (out, tangent) == (5, 2)
    matrix, aux = mg.jacobian(f, has_aux=True)(at)
    np.testing.assert_array_equal(matrix, [2, 4])


def test_results_are_plain_read_only_arrays_of_the_arguments_dtype():
    """No node leaves a transform at the top; float32 stays float32, and whole numbers count as float64."""
    value, gradient = mg.value_and_grad(lambda x: np.sum(x**2))(np.ones(3, np.float32))
    assert {type(value), type(gradient)} == {np.ndarray}
    assert (value.dtype, gradient.dtype) == (np.float32, np.float32)
    with pytest.raises(ValueError, match="read-only"):
        gradient[0] = 0
    assert mg.grad(lambda x: x * x)(3).dtype == np.float64


def test_a_jacobian_takes_the_mode_with_fewer_sweeps(monkeypatch):
    """3 numbers to 50 forward, 50 to 3 in reverse: three sweeps each."""
    counts = {"push_forward": 0, "reverse_sweep": 0}
    for name in counts:
        original = getattr(tracing, name)

        def counted(*arguments, name=name, original=original):
            counts[name] += 1
            return original(*arguments)

        monkeypatch.setattr(tracing, name, counted)
    wide = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_allclose(mg.jacobian(lambda x: wide @ x)(np.ones(3)), wide)
    assert counts == {"push_forward": 3, "reverse_sweep": 0}
    np.testing.assert_allclose(mg.jacobian(lambda x: wide.T @ x)(np.ones(50)), wide.T)
    assert counts == {"push_forward": 3, "reverse_sweep": 3}


@pytest.mark.parametrize(
    ("f", "sweeps_needed"),
    [
        (lambda x: np.tanh(x) * x, 1),  # elementwise: diagonal
        (lambda x: x[1:] - x[:-1], 2),  # a band of two
        (lambda x: np.reshape(np.sum(np.reshape(x, (-1, 4)) ** 2, axis=1), (25, 1)), 1),  # row by row
        (lambda x: (x[::-1] ** 3)[:70], 1),
        (lambda x: np.where(x > 0, x, 0.1 * x), 1),
    ],
)
def test_a_jacobian_costs_as_many_sweeps_as_its_structure_has_colours(f, sweeps_needed, monkeypatch, rng):
    """Curtis, Powell and Reid (1974): columns that share no row are found by one sweep; the numbers are the same."""
    x = rng.normal(size=100)
    by_column = np.stack([mg.jvp(f, (x,), (e,))[1] for e in np.eye(100)], axis=-1)
    count = 0
    for original in (sweeps.push_forward, sweeps.reverse_sweep):

        def counted(*arguments, original=original):
            nonlocal count
            count += 1
            return original(*arguments)

        monkeypatch.setattr(tracing, original.__name__, counted)
    np.testing.assert_array_equal(mg.jacobian(f)(x), by_column)
    assert count == sweeps_needed


def test_a_sparse_jacobian_holds_the_entries_that_structure_allows(rng):
    """Two entries a row are stored, however many columns there are."""
    x = rng.normal(size=1000)
    J = mg.sparse_jacobian(lambda x: x[1:] * x[:-1])(x)
    assert J.shape == (999, 1000)
    assert J.nnz == 2 * 999
    np.testing.assert_array_equal(J.toarray(), _band(x))


def _band(x):
    dense = np.zeros((len(x) - 1, len(x)))
    k = np.arange(len(x) - 1)
    dense[k, k], dense[k, k + 1] = x[1:], x[:-1]
    return dense


def test_hessian_and_hvp_of_rosenbrock_are_the_closed_form():
    """f = (1 − x)² + 100 (y − x²)²."""
    f = lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2  # noqa: E731
    x, y = at = np.array([-1.2, 1.0])
    expected = np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200]])
    np.testing.assert_allclose(mg.hessian(f)(at), expected, rtol=1e-14)
    v = np.array([0.3, -2.0])
    np.testing.assert_allclose(mg.hvp(f, (at,), (v,))[0], expected @ v, rtol=1e-14)


def test_a_hessian_over_several_arguments_is_nested_by_pairs():
    """hessian(f, (0, 1))[i][j] is ∂²f/∂xᵢ∂xⱼ."""
    f = lambda x, y: np.sum(x * x) * np.sum(y)  # noqa: E731
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    (xx, xy), (yx, yy) = mg.hessian(f, argnums=(0, 1))(x, y)
    np.testing.assert_allclose(xx, 2 * y.sum() * np.eye(2))
    np.testing.assert_allclose(xy, np.repeat(2 * x[:, None], 3, axis=1))
    np.testing.assert_allclose(yx, xy.T)
    np.testing.assert_array_equal(yy, np.zeros((3, 3)))


def test_what_does_not_depend_on_an_argument_has_zeros():
    """In every transform, of the right shape."""
    assert mg.grad(lambda x: 3.0)(1.0) == 0
    _, pull = mg.vjp(lambda x: np.ones(2), np.ones(3))
    np.testing.assert_array_equal(pull(np.ones(2))[0], np.zeros(3))
    assert mg.jvp(lambda x: 2.0, (1.0,), (1.0,)) == (2, 0)
    np.testing.assert_array_equal(mg.jacobian(np.sign)(np.ones(2)), np.zeros((2, 2)))
    np.testing.assert_array_equal(mg.jacobian(lambda x: np.ones(3))(np.ones(2)), np.zeros((3, 2)))


def test_stop_gradient_lets_nothing_through():
    """x · stop(x) has the slope x."""
    assert mg.grad(lambda x: x * mg.stop_gradient(x))(3.0) == 3
    assert mg.jvp(lambda x: x * mg.stop_gradient(x), (3.0,), (1.0,))[1] == 3


def test_empty_arguments_are_no_obstacle():
    """Shapes stay what they are."""
    assert mg.grad(np.sum)(np.ones(0)).shape == (0,)
    assert mg.jacobian(lambda x: x * x)(np.ones((0, 2))).shape == (0, 2, 0, 2)
    assert mg.jacobian(lambda x: np.sum(x, axis=0))(np.ones((0, 2))).shape == (2, 0, 2)


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: mg.grad(lambda x: x)(np.ones(3)), mg.GradientError, r"must return one number, not .* \(3,\)"),
        (lambda: mg.grad(lambda x: (x, x))(1.0), mg.GradientError, "not a tuple"),
        (lambda: mg.grad(lambda x: x, argnums=2)(1.0), mg.GradientError, "given 1 arguments; there is none at 2"),
        (lambda: mg.grad(lambda x: x, has_aux=True)(1.0), mg.GradientError, "pair"),
        (lambda: mg.jvp(np.tanh, (1.0,), (np.ones(2),)), mg.ShapeError, r"tangent has shape \(2,\)"),
        (lambda: mg.jvp(np.tanh, (1.0,), ([1.0],)), mg.ShapeError, r"tangent has shape \(1,\)"),
        (lambda: mg.jvp(np.tanh, (1.0,), (1.0, 2.0)), mg.GradientError, "expected a tuple of 1, found a tuple of 2"),
        (lambda: mg.jvp(np.tanh, 1.0, 1.0), mg.GradientError, r"jvp\(f, \(x,\), \(v,\)\)"),
        (lambda: mg.hvp(np.sum, np.ones(2), np.ones(2)), mg.GradientError, r"hvp\(f, \(x,\), \(v,\)\)"),
        (lambda: mg.vjp(np.tanh, 1.0)[1](np.ones(2)), mg.ShapeError, r"cotangent has shape \(2,\)"),
        (lambda: mg.jvp(np.sin, (np.ones(1),), (np.array([1j]),)), mg.DTypeError, "the tangent"),
        (lambda: mg.vjp(np.sin, np.ones(1))[1](np.array([1j])), mg.DTypeError, "the cotangent"),
        (lambda: mg.jvp(np.sin, (1.0,), (1j,)), mg.DTypeError, "the tangent"),
        (lambda: mg.grad(np.tanh)("a"), mg.DTypeError, "parameter"),
        (lambda: mg.grad(np.fft.fft)(np.ones(2)), mg.UnsupportedError, "np.fft.fft"),
    ],
)
def test_what_has_no_meaning_is_a_typed_error(ask, error, words):
    """It says what was asked, and with which shapes."""
    with pytest.raises(error, match=words):
        ask()


def test_transforms_agree_with_the_complex_step_on_a_network(rng):
    """Value, gradient and directional derivative of one function, from four transforms."""
    W, x = rng.normal(size=(3, 4)), rng.normal(size=4)
    f = lambda x: np.sum(np.tanh(W @ x) ** 2)  # noqa: E731
    v = rng.normal(size=4)
    slope = complex_step(f, [x], [v])
    assert mg.grad(f)(x) @ v == pytest.approx(slope, rel=1e-13)
    assert mg.jvp(f, (x,), (v,))[1] == pytest.approx(slope, rel=1e-13)
    assert mg.vjp(f, x)[1](1.0)[0] @ v == pytest.approx(slope, rel=1e-13)
    assert mg.jacobian(f)(x) @ v == pytest.approx(slope, rel=1e-13)


# --- checkpoints ------------------------------------------------------------------------------------------------------


def layers(params, x):
    for W in params["W"]:
        x = np.tanh(W @ x)
    return {"last": x, "size": np.sum(x * x)}


def test_a_checkpoint_changes_no_number_in_either_mode_or_order(rng):
    """Value, gradient, tangent and Hessian times vector, over trees, are those of the plain function."""
    params, x = {"W": [rng.normal(size=(3, 3)) for _ in range(4)]}, rng.normal(size=3)
    plain = lambda p, x: layers(p, x)["size"] + np.sum(layers(p, x)["last"])  # noqa: E731
    saved = mg.checkpoint(layers)
    short = lambda p, x: saved(p, x)["size"] + np.sum(saved(p, x)["last"])  # noqa: E731
    v = {"W": [rng.normal(size=(3, 3)) for _ in range(4)]}, rng.normal(size=3)
    for transform in (
        lambda f: mg.value_and_grad(f, argnums=(0, 1))(params, x),
        lambda f: mg.jvp(f, (params, x), v),
        lambda f: mg.hvp(f, (params, x), v),
    ):
        for got, expected in zip(leaves(transform(short)), leaves(transform(plain)), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)


def test_a_checkpoint_keeps_its_ends_only():
    """Between the argument and the result there is one node for any number of steps."""
    x = mg.parameter([0.5])
    long = mg.checkpoint(lambda x: [x := np.tanh(x) for _ in range(100)][-1])
    assert len(arguments_first([long(x)])) <= 5


def test_on_plain_arrays_a_checkpoint_and_stop_gradient_change_nothing():
    """A model runs on arrays as it stands; keywords pass through."""
    f = mg.checkpoint(lambda x, power=1: mg.stop_gradient(x) ** power)
    assert isinstance(f(np.ones(2), power=3), np.ndarray)
    assert mg.grad(lambda x: mg.checkpoint(lambda x, power: x**power)(x, power=3))(2.0) == 12


def test_a_checkpoint_that_would_lose_a_gradient_says_so():
    """A parameter reached by closure is not seen when the block is computed again; JAX traces it, this cannot."""
    W = mg.parameter(2.0, name="W")
    with pytest.raises(mg.GradientError, match="not among its arguments"):
        mg.checkpoint(lambda x: W * x)(mg.parameter(3.0))


# --- ops of one's own -------------------------------------------------------------------------------------------------


def test_a_custom_op_has_all_derivatives_from_its_pair_of_functions():
    """One forward and one local Jacobian give both modes and second derivatives."""

    @mg.custom(lambda argument, a, x, y: mg.Diagonal((y, x)[argument]))
    def product(x, y):
        """x ⊙ y"""
        return x * y

    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    f = lambda x, y: np.sum(product(product(x, y), y))  # noqa: E731
    by_x, by_y = mg.grad(f, argnums=(0, 1))(x, y)
    np.testing.assert_array_equal(by_x, y * y)
    np.testing.assert_array_equal(by_y, 2 * x * y)
    np.testing.assert_array_equal(mg.hessian(f, argnums=1)(x, y), np.diag(2 * x))
    assert product.__doc__ == "x ⊙ y"
