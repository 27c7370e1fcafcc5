"""Linear algebra: values that are NumPy's, conventions where there is no derivative, and known answers.

What holds for every op is in test_op_laws.py, over the lines of examples_linalg.py; here are singular matrices, equal
eigenvalues, ranks that are not full, and what is refused.
"""

import builtins
import itertools
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from linalg_witnesses import cofactors, svdvals
from witnesses import relative_error, ridders

import minigrad as mg
from minigrad.ops.exponential import exponential
from minigrad.ops.linalg import Cofactors


def gradient(function: Any, a: Any, cotangent: Any = None) -> Any:
    """The gradient at one array."""
    x = mg.parameter(a)
    return mg.gradients(function(x), x, cotangent=cotangent)


def hessian_times(function: Any, a: Any, v: Any) -> Any:
    """The derivative of the gradient along v."""
    x = mg.parameter(a)
    first = mg.gradients(function(x), x, create_graph=True)
    return mg.gradients(mg.sum(first * v), x)


def symmetric_part(x: Any) -> Any:
    return (x + x.mT) / 2


def orthogonal(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.linalg.qr(rng.normal(size=(n, n))).Q


def leibniz(a: np.ndarray) -> Any:
    """det A by its definition: a sum over permutations."""
    n = len(a)
    total = 0
    for places in itertools.permutations(range(n)):
        inversions = sum(places[i] > places[j] for i, j in itertools.combinations(range(n), 2))
        total = total + (-1) ** inversions * np.prod(a[range(n), list(places)])
    return total


# --- equations and determinants ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("stack", [(), (2,), (3, 1)])
def test_solve_takes_the_shapes_that_numpy_takes(stack, rng):
    """b is a vector only where it has one axis (NumPy 2); else matrices; stacks broadcast."""
    a = 4 * np.eye(3) + rng.normal(size=(*stack, 3, 3))
    for shape in ((3,), (3, 2), (2, 3, 1), (1, 3, 2), (4, 1, 3, 3), (3, 0), (2,), (), (2, 3)):
        b = rng.normal(size=shape)
        try:
            right = np.linalg.solve(a, b)
        except ValueError:
            with pytest.raises(mg.ShapeError, match="solve"):
                np.linalg.solve(mg.parameter(a), mg.parameter(b))
            continue
        x, y = mg.parameter(a), mg.parameter(b)
        out = np.linalg.solve(x, y)
        np.testing.assert_array_equal(out.value, right)
        w = rng.normal(size=right.shape)
        da, db = mg.gradients(out, [x, y], cotangent=w)
        v, u = rng.normal(size=a.shape), rng.normal(size=shape)
        product = v @ right[..., None] if b.ndim == 1 else v @ right
        back = np.linalg.solve(a, product)
        moved = np.linalg.solve(a, u) - (back[..., 0] if b.ndim == 1 else back)
        assert relative_error(np.vdot(da, v) + np.vdot(db, u), np.vdot(w, moved)) <= 1e-12


def test_a_singular_matrix_is_linalgs_own_error():
    """np.linalg.LinAlgError passes through, as everyone catches it."""
    x = mg.parameter(np.ones((2, 2)))
    for function in (np.linalg.inv, lambda x: np.linalg.solve(x, np.ones(2))):
        with pytest.raises(np.linalg.LinAlgError):
            function(x)
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(mg.parameter(-np.eye(2)))


SINGULAR = {
    "rank 3 of 4": np.diag([3.0, 2.0, 1.0, 0.0]),
    "rank 2 of 4": np.diag([2.0, 2.0, 0.0, 0.0]),
    "rank 1 of 4": np.diag([2.0, 0.0, 0.0, 0.0]),
    "nothing": np.zeros((4, 4)),
    "all ones": np.ones((4, 4)),
    "the identity": np.eye(4),
    "a reflection": np.diag([1.0, 1.0, 1.0, -1.0]),
    "regular": np.arange(16.0).reshape(4, 4) ** 1.3 % 5,
}


@pytest.mark.parametrize("a", SINGULAR.values(), ids=SINGULAR)
@pytest.mark.parametrize("turn", [False, True], ids=["as it is", "turned"])
def test_a_determinant_has_its_derivatives_at_every_matrix(a, turn, rng):
    """First and second order, also where the matrix is singular or singular values are equal: det is a polynomial.

    The witness is the sum over permutations, differentiated by Ridders' extrapolation, which is exact for polynomials.
    """
    if turn:
        a = orthogonal(rng, 4) @ a @ orthogonal(rng, 4)
    v, w = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    size = max(1, np.abs(a).max()) ** 3
    right = ridders(lambda t: np.array(leibniz(a + t * v)))
    assert relative_error(np.vdot(gradient(np.linalg.det, a), v), right, size) <= 1e-11
    second = ridders(lambda t: ridders(lambda s: np.array(leibniz(a + t * w + s * v))))
    assert relative_error(np.vdot(hessian_times(np.linalg.det, a, v), w), second, size) <= 1e-9


def test_the_cofactors_are_those_of_the_minors(rng):
    """Minor by minor, of singular matrices, too; and for 1 x 1 and 0 x 0, where minors are empty."""
    for a in (*SINGULAR.values(), rng.normal(size=(2, 5, 5)), np.array([[3.0]]), np.array([[0.0]]), np.zeros((0, 0))):
        got = Cofactors()(a)
        assert relative_error(got.value, cofactors(a), size=np.abs(a).max(initial=1) ** 3) <= 1e-12


def test_the_third_derivative_of_a_determinant_holds_where_singular_values_differ(rng):
    """It comes by way of svd, as the docstring says."""
    a, v, u = np.diag([3.0, 2.0, 1.0]) + 0.1 * rng.normal(size=(3, 3)), *rng.normal(size=(2, 3, 3))
    x = mg.parameter(a)
    first = mg.gradients(np.linalg.det(x), x, create_graph=True)
    second = mg.gradients(mg.sum(first * v), x, create_graph=True)
    third = mg.gradients(mg.sum(second * u), x)
    right = ridders(lambda t: hessian_times(np.linalg.det, a + t * u, v))
    assert relative_error(third, right) <= 1e-9


def test_log_of_a_determinant_has_the_inverse_for_gradient(rng):
    """∂ log|det A|/∂A = A⁻ᵀ, for either sign of the determinant, without overflow where det itself has it."""
    a = 1e3 * (np.diag([2.0, -1.0, 3.0]) + 0.1 * rng.normal(size=(3, 3)))
    got = gradient(lambda x: np.linalg.slogdet(x).logabsdet, a)
    np.testing.assert_allclose(got, np.linalg.inv(a).T, rtol=1e-13)
    large = 1e3 * np.eye(200)
    assert np.linalg.slogdet(mg.parameter(large)).logabsdet.value == np.linalg.slogdet(large).logabsdet
    np.testing.assert_allclose(gradient(lambda x: np.linalg.slogdet(x)[1], large), np.eye(200) / 1e3)


def test_at_a_singular_matrix_the_log_of_the_determinant_has_no_derivative():
    """The value is (0, −∞), NumPy's; the sweep raises LinAlgError; the sign alone is never differentiated."""
    x = mg.parameter(np.ones((2, 2)))
    sign, logabsdet = np.linalg.slogdet(x)
    assert (sign.value, logabsdet.value) == (0, -np.inf)
    assert not sign.differentiable
    with pytest.raises(np.linalg.LinAlgError):
        mg.gradients(logabsdet, x)
    np.testing.assert_array_equal(mg.gradients(sign, x), np.zeros((2, 2)))


def test_what_is_no_matrix_is_named():
    """The function, the array and its shape, before LAPACK says something shorter."""
    oblong, vector = mg.parameter(np.ones((3, 2)), name="A"), mg.parameter(np.ones(3), name="v")
    linalg = np.linalg
    square = [linalg.inv, linalg.det, linalg.slogdet, linalg.cholesky, linalg.eigh, linalg.eigvalsh, mg.expm]
    for function in (*square, lambda x: linalg.solve(x, np.ones(3))):
        with pytest.raises(mg.ShapeError, match=r"A is \(3, 2\); it takes square matrices"):
            function(oblong)
    for function in (linalg.svd, linalg.svdvals, linalg.qr, linalg.pinv, linalg.cond):
        with pytest.raises(mg.ShapeError, match=r"v is \(3,\); it takes matrices"):
            function(vector)


def test_tensorsolve_and_tensorinv_are_numpys(rng):
    """With axes moved to the end; refused where the axes make no square matrix."""
    a, b = rng.normal(size=(2, 3, 6)), rng.normal(size=(2, 3))
    np.testing.assert_allclose(np.linalg.tensorsolve(mg.parameter(a), b).value, np.linalg.tensorsolve(a, b))
    turned = np.moveaxis(a, -1, 0)
    got = np.linalg.tensorsolve(mg.parameter(turned), b, axes=(0,)).value
    np.testing.assert_allclose(got, np.linalg.tensorsolve(turned, b, axes=(0,)))
    np.testing.assert_allclose(np.linalg.tensorinv(mg.parameter(a)).value, np.linalg.tensorinv(a))
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.tensorsolve(mg.parameter(a), np.ones(2))
    with pytest.raises(mg.ShapeError, match="ind"):
        np.linalg.tensorinv(mg.parameter(a), 0)


# --- norms ------------------------------------------------------------------------------------------------------------

VECTOR_ORDERS = [None, 2, 1, np.inf, -np.inf, 0, 3, 0.5, -1, -2.5]
MATRIX_ORDERS = [None, "fro", "f", "nuc", 2, -2, 1, -1, np.inf, -np.inf]


@pytest.mark.parametrize("keepdims", [False, True])
def test_norms_of_every_order_are_numpys(keepdims, rng):
    """Value, shape and dtype, along every axis and every pair of axes, in single and double precision."""
    for dtype in (np.float64, np.float32, np.int64):
        a = (10 * rng.uniform(0.2, 2, size=(2, 3, 4)) * rng.choice([-1, 1], size=(2, 3, 4))).astype(dtype)
        x = mg.parameter(a) if dtype is not np.int64 else mg.constant(a)
        eps = np.finfo(dtype).eps if dtype is not np.int64 else 1e-16
        cases = [(order, axis) for order in VECTOR_ORDERS for axis in (0, 1, -1)]
        cases += [(order, axes) for order in MATRIX_ORDERS for axes in itertools.permutations((0, 1, 2), 2)]
        cases += [(None, None), (2, (-1,)), ("fro", (0, -1))]
        for order, axis in cases:
            got = np.linalg.norm(x, order, axis, keepdims)
            right = np.asarray(np.linalg.norm(a, order, axis, keepdims))
            assert (got.shape, got.dtype) == (right.shape, right.dtype), (order, axis)
            assert relative_error(got.value, right) <= 20 * eps, (order, axis)
        for axis in (None, 1, (0, 2), (2, 0, 1)):
            for order in (2, 1, 3, np.inf):
                got = np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=order)
                right = np.asarray(np.linalg.vector_norm(a, axis=axis, keepdims=keepdims, ord=order))
                assert (got.shape, got.dtype) == (right.shape, right.dtype), (order, axis)
                assert relative_error(got.value, right) <= 20 * eps, (order, axis)


def test_norms_of_whole_vectors_and_matrices_are_numpys(rng):
    """Without an axis, the number of axes says which norm is meant."""
    for shape, orders in (((4,), VECTOR_ORDERS), ((3, 3), MATRIX_ORDERS), ((2, 3), MATRIX_ORDERS), ((2, 2, 2), [None])):
        a = rng.normal(size=shape)
        for order in orders:
            got = np.linalg.norm(mg.parameter(a), order)
            assert relative_error(got.value, np.linalg.norm(a, order)) <= 1e-14, (shape, order)


@pytest.mark.parametrize("order", [None, 2, 1, np.inf, -np.inf, 3, 1.5, 0.5, 0])
def test_a_norm_has_derivative_zero_where_it_is_zero(order):
    """Torch's subgradient; JAX and autograd give NaN. The second derivative is 0, too, and no NaN."""
    x = mg.parameter(np.zeros(3))
    out = np.linalg.norm(x, order)
    assert out.value == 0
    np.testing.assert_array_equal(mg.gradients(out, x), np.zeros(3))
    if out.differentiable:
        first = mg.gradients(out, x, create_graph=True)
        np.testing.assert_array_equal(mg.gradients(mg.sum(first * np.ones(3)), x), np.zeros(3))


def test_a_norm_that_is_zero_by_underflow_has_derivative_zero_too():
    """NumPy's sum of cubes of 1e-200 is 0; so is its sum of inverses where an entry is 0, for p = −1."""
    np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, 3), [1e-200, -1e-200]), [0, 0])
    np.testing.assert_array_equal(gradient(np.linalg.norm, [1e-200, -1e-200]), [0, 0])
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, -1), [0.0, 2.0]), [0, 0])


@pytest.mark.parametrize("order", [None, "nuc", 2, 1, np.inf])
def test_a_norm_of_matrices_has_derivative_zero_where_it_is_zero(order):
    """The zero matrix has all its singular values equal, and 0; nothing of that is NaN."""
    np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, order), np.zeros((2, 3))), np.zeros((2, 3)))


def test_zero_entries_stand_still_in_every_norm():
    """Of order p < 1 the slope at 0 is infinite; the convention gives 0, and the others keep theirs."""
    x = np.array([0.0, 3.0, -4.0])
    np.testing.assert_allclose(gradient(np.linalg.norm, x), [0, 0.6, -0.8])
    for p in (0.5, 1, 1.5, 3):
        got = gradient(lambda x, p=p: np.linalg.norm(x, p), x)
        length = np.sum(np.abs(x) ** p) ** (1 / p)
        right = np.sign(x) * (np.abs(np.where(x == 0, 1, x)) / length) ** (p - 1)
        np.testing.assert_allclose(got, right, rtol=1e-14)


def test_zero_rows_beside_others_have_derivative_zero_and_no_nan():
    """One length of many is 0: its row of the gradient is 0, the others are unit vectors."""
    a = np.array([[0.0, 0.0], [3.0, 4.0]])
    for order in (None, 2, 3, 1, np.inf):
        got = gradient(lambda x, order=order: mg.sum(np.linalg.norm(x, order, axis=1)), a)
        assert np.isfinite(got).all()
        np.testing.assert_array_equal(got[0], [0, 0])
    np.testing.assert_allclose(gradient(lambda x: mg.sum(np.linalg.norm(x, axis=1)), a)[1], [0.6, 0.8])


def test_entries_that_tie_for_the_largest_share_evenly():
    """The convention of max, kept by the norms that are made of it."""
    np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, np.inf), [3.0, -3.0, 1.0]), [0.5, -0.5, 0])
    np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, 1), np.eye(2)), np.eye(2) / 2)
    np.testing.assert_allclose(gradient(lambda x: np.linalg.norm(x, 2), 3 * np.eye(2)), np.eye(2) / 2, atol=1e-15)


def test_a_length_keeps_its_digits_at_any_size():
    """As long as NumPy's own value does: the slope is x/‖x‖, and no square of it."""
    for scale in (1e-150, 1.0, 1e150):
        np.testing.assert_allclose(gradient(np.linalg.norm, scale * np.array([3.0, 4.0])), [0.6, 0.8], rtol=1e-15)


def test_norms_say_what_they_have_no_order_for():
    """Errors are typed and name the order."""
    x = mg.parameter(np.ones((2, 2, 2)))
    with pytest.raises(mg.DomainError, match="'nuc'"):
        np.linalg.norm(x, "nuc", axis=0)
    with pytest.raises(mg.DomainError, match="3"):
        np.linalg.norm(x, 3, axis=(0, 1))
    with pytest.raises(mg.ShapeError, match="vector_norm"):
        np.linalg.norm(x, 2)
    with pytest.raises(mg.ShapeError):
        np.linalg.norm(x, None, axis=(0, 0))
    with pytest.raises(mg.ShapeError):
        np.linalg.norm(x, None, axis=3)


def test_condition_numbers_and_ranks_are_numpys(rng):
    """Of all orders; a rank is a whole number, and a step."""
    a = 3 * np.eye(3) + rng.normal(size=(2, 3, 3))
    for p in (None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc"):
        assert relative_error(np.linalg.cond(mg.parameter(a), p).value, np.linalg.cond(a, p)) <= 1e-13
    for singular in (np.diag([1.0, 0.0]), np.zeros((2, 2))):
        x = mg.parameter(singular)
        assert np.linalg.cond(x).value == np.linalg.cond(singular) == np.inf
        np.testing.assert_array_equal(mg.gradients(np.linalg.cond(x), x), np.zeros((2, 2)))
        np.testing.assert_array_equal(np.linalg.cond(x, -2).value, np.linalg.cond(singular, -2))
        with pytest.raises(np.linalg.LinAlgError):
            np.linalg.cond(x, 1)
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cond(mg.parameter(np.zeros((0, 2))))
    for matrix in (np.ones((3, 2)), np.eye(3), np.zeros((2, 2)), np.ones(3), a):
        rank = np.linalg.matrix_rank(mg.parameter(matrix))
        np.testing.assert_array_equal(rank.value, np.linalg.matrix_rank(matrix))
        assert not rank.differentiable


# --- pseudoinverse and least squares ----------------------------------------------------------------------------------


def test_a_pseudoinverse_has_its_derivative_at_constant_rank(rng):
    """A = B C of rank 2 in 4 x 3: moving B and C keeps the rank, and there A⁺ = Cᵀ (C Cᵀ)⁻¹ (Bᵀ B)⁻¹ Bᵀ is smooth."""
    b, c, db, dc = (rng.normal(size=shape) for shape in ((4, 2), (2, 3), (4, 2), (2, 3)))

    def right(t: float) -> np.ndarray:
        B, C = b + t * db, c + t * dc
        return C.T @ np.linalg.inv(C @ C.T) @ np.linalg.inv(B.T @ B) @ B.T

    x = mg.parameter(b @ c)
    out = np.linalg.pinv(x, rcond=1e-10)
    assert relative_error(out.value, right(0)) <= 1e-12
    got = mg.total_jacobian(out, x)(db @ c + b @ dc)
    assert relative_error(got, ridders(right)) <= 1e-9


def test_pinv_takes_the_cutoffs_of_numpy(rng):
    """rcond, rtol, and their defaults; hermitian is refused, and says what to write."""
    a = np.diag([1.0, 1e-3, 1e-9])
    for settings in ({}, {"rcond": 1e-2}, {"rcond": 1e-6}, {"rtol": 1e-2}, {"rtol": None}):
        got = np.linalg.pinv(mg.parameter(a), **settings)
        np.testing.assert_array_equal(got.value, np.linalg.pinv(a, **settings))
    with pytest.raises(mg.UnsupportedError, match=r"pinv.*hermitian.*Write"):
        np.linalg.pinv(mg.parameter(a), hermitian=True)


@pytest.mark.parametrize(("m", "n", "rank"), [(5, 3, 3), (5, 3, 2), (3, 3, 3), (3, 5, 3), (3, 5, 2)])
@pytest.mark.parametrize("columns", [None, 1, 2])
def test_least_squares_are_numpys(m, n, rank, columns, rng):
    """All four results; residuals only where NumPy has them; derivatives at constant rank."""
    left, right = rng.normal(size=(m, rank)), rng.normal(size=(rank, n))
    a, b = left @ right, rng.normal(size=(m,) if columns is None else (m, columns))
    x, y = mg.parameter(a), mg.parameter(b)
    results, expected = np.linalg.lstsq(x, y), np.linalg.lstsq(a, b)
    for got, known in zip(results, expected, strict=True):
        assert got.shape == np.shape(known)
        assert relative_error(got.value, known, size=np.abs(a).max()) <= 1e-13
    assert not results.rank.differentiable
    move, db = left @ rng.normal(size=right.shape) + rng.normal(size=left.shape) @ right, rng.normal(size=b.shape)
    # Tangent to the matrices of this rank, but they are curved: so along B(t) C(t), as above, only where they are flat.
    if rank == min(m, n):
        for k in (0, 1) if results.residuals.size else (0,):
            got = mg.total_jacobian(results[k], x)(move) + mg.total_jacobian(results[k], y)(db)
            known = ridders(lambda t, k=k: np.linalg.lstsq(a + t * move, b + t * db)[k], step=0.01)
            assert relative_error(got, known) <= 1e-8


def test_a_fitted_line_moves_as_the_normal_equations_say(rng):
    """Slope and intercept by the schoolbook's formulas."""
    t, y = np.arange(6.0), rng.normal(size=6)
    design = np.stack([t, np.ones(6)], axis=1)
    target = mg.parameter(y)
    slope = np.linalg.lstsq(mg.constant(design), target)[0][0]
    centred = t - t.mean()
    np.testing.assert_allclose(slope.value, centred @ y / (centred @ centred), rtol=1e-13)
    np.testing.assert_allclose(mg.gradients(slope, target), centred / (centred @ centred), rtol=1e-13)
    with pytest.raises(mg.ShapeError, match="lstsq"):
        np.linalg.lstsq(mg.parameter(np.ones((3, 2))), np.ones(4))


# --- decompositions ---------------------------------------------------------------------------------------------------


def test_results_are_numpys_named_tuples():
    """`w, V = np.linalg.eigh(x)` and `np.linalg.eigh(x).eigenvalues` both work."""
    x = mg.parameter(np.diag([2.0, 1.0]))
    for function in (np.linalg.eigh, np.linalg.svd, np.linalg.qr, np.linalg.slogdet):
        got, known = function(x), function(x.value)
        assert type(got) is type(known)
        for mine, theirs in zip(got, known, strict=True):
            np.testing.assert_array_equal(mine.value, theirs)


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (3, 3), (0, 3, 3), (2, 0, 0), (2, 1, 1), (2, 3, 2, 2)])
def test_stacks_of_any_size_go_through_every_function(shape, rng):
    """Empty stacks, 1 x 1 and 0 x 0 matrices: values of NumPy's shape, gradients of the shape of the argument."""
    a = 3 * np.broadcast_to(np.eye(shape[-1]), shape) + 0.1 * rng.normal(size=shape)
    a = (a + np.swapaxes(a, -1, -2)) / 2
    linalg = np.linalg
    functions = [linalg.inv, linalg.det, linalg.slogdet, linalg.cholesky, linalg.eigh, linalg.eigvalsh, linalg.svd]
    functions += [linalg.svdvals, linalg.qr, linalg.pinv, mg.expm, lambda x: linalg.matrix_power(x, 3)]
    for function in functions:
        x = mg.parameter(a)
        got = function(x)
        known = function(a) if function is not mg.expm else scipy.linalg.expm(a)
        several = isinstance(known, tuple)
        for mine, theirs in zip(got, known, strict=True) if several else [(got, np.asarray(known))]:
            assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
            assert relative_error(mine.value, theirs) <= 1e-14
            if mine.differentiable:
                g = mg.gradients(mine, x, cotangent=np.ones(mine.shape))
                assert (g.shape, g.dtype) == (x.shape, x.dtype)
                assert np.isfinite(g).all()


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 0, 3), (1, 4), (4, 1), (2, 3, 4), (2, 4, 3)])
def test_stacks_of_oblong_matrices_go_through_every_function(shape, rng):
    """Also where there are no rows or no columns."""
    a = rng.normal(size=shape)
    functions = [lambda x: np.linalg.svd(x, full_matrices=False), np.linalg.svdvals, np.linalg.qr, np.linalg.pinv]
    for function in functions:
        x = mg.parameter(a)
        got, known = function(x), function(a)
        for mine, theirs in zip(got, known, strict=True) if isinstance(known, tuple) else [(got, known)]:
            assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
            g = mg.gradients(mine, x, cotangent=np.ones(mine.shape))
            assert g.shape == x.shape
            assert np.isfinite(g).all()


def test_of_a_symmetric_matrix_one_triangle_is_read():
    """The other may hold anything, even NaN, and has derivative 0; an entry beside the diagonal counts twice."""
    a = np.array([[2.0, np.nan], [0.5, 3.0]])
    whole = np.array([[2.0, 0.5], [0.5, 3.0]])
    for function in (np.linalg.cholesky, np.linalg.eigvalsh, lambda x: np.linalg.eigh(x)[1]):
        x = mg.parameter(a)
        np.testing.assert_array_equal(function(x).value, function(whole))
        w = np.arange(1.0, 1 + function(whole).size).reshape(function(whole).shape)
        got = mg.gradients(function(x), x, cotangent=w)
        assert got[0, 1] == 0
        both = gradient(lambda x, f=function: f(symmetric_part(x)), whole, w)
        np.testing.assert_allclose(both, both.T)
        np.testing.assert_allclose(got, np.tril(both) + np.tril(both, -1), rtol=1e-13)
    turned = np.array([[2.0, 0.5], [np.nan, 3.0]])
    for upper in (lambda x: np.linalg.cholesky(x, upper=True), lambda x: np.linalg.eigvalsh(x, "U")):
        assert np.isfinite(upper(mg.parameter(turned)).value).all()
        assert gradient(upper, turned, np.ones_like(upper(whole)))[1, 0] == 0


EQUAL = {
    "the identity": np.eye(4),
    "two pairs": np.diag([1.0, 1.0, 3.0, 3.0]),
    "a projection": np.full((4, 4), 0.25),
    "nothing": np.zeros((4, 4)),
    "one pair, and its negative": np.diag([2.0, 2.0, -2.0, 1.0]),
}


@pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)
def test_functions_of_all_eigenvalues_alike_have_their_gradient_where_some_are_equal(a, rng):
    """Σ f(w) has gradient f′(A): a matter of eigenvalues alone, whichever eigenvectors LAPACK happens to return."""
    q = orthogonal(rng, 4)
    for matrix in (a, q @ a @ q.T):
        for values in (np.linalg.eigvalsh, lambda x: np.linalg.eigh(x).eigenvalues):
            one = gradient(lambda x, f=values: mg.sum(f(symmetric_part(x))), matrix)
            np.testing.assert_allclose(one, np.eye(4), atol=1e-14)
            square = gradient(lambda x, f=values: mg.sum(f(symmetric_part(x)) ** 2), matrix)
            np.testing.assert_allclose(square, matrix + matrix.T, atol=1e-13)
            exponential = gradient(lambda x, f=values: mg.sum(mg.exp(f(symmetric_part(x)))), matrix)
            np.testing.assert_allclose(exponential, scipy.linalg.expm((matrix + matrix.T) / 2), atol=1e-12)


@pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)
def test_functions_of_all_singular_values_alike_have_their_gradient_where_some_are_equal(a, rng):
    """Σ s² = Σ A², so its gradient is 2 A, for square matrices and oblong ones, of any rank."""
    q, p = orthogonal(rng, 4), orthogonal(rng, 4)
    for matrix in (a, q @ a @ p, (q @ a)[:, :3], (a @ p)[:2]):
        for values in (np.linalg.svdvals, lambda x: np.linalg.svd(x, full_matrices=False).S):
            got = gradient(lambda x, f=values: mg.sum(f(x) ** 2), matrix)
            np.testing.assert_allclose(got, 2 * matrix, atol=1e-13)


@pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)
def test_vectors_of_equal_values_give_finite_numbers(a):
    """There is no derivative of one vector of many; the convention moves it towards other spaces only. No NaN."""
    for function in (lambda x: np.linalg.eigh(x)[1], lambda x: np.linalg.svd(x)[0], lambda x: np.linalg.svd(x)[2]):
        x = mg.parameter(a)
        out = function(x)
        w = np.arange(16.0).reshape(4, 4)
        assert np.isfinite(mg.gradients(out, x, cotangent=w)).all()
        first = mg.gradients(out, x, cotangent=w, create_graph=True)
        assert np.isfinite(mg.gradients(mg.sum(first * w), x)).all()


def test_the_space_of_equal_eigenvalues_has_its_derivative(rng):
    """The projection on both vectors of a double eigenvalue is smooth, though neither vector is."""
    a = np.diag([1.0, 1.0, 3.0, 4.0])
    q = orthogonal(rng, 4)
    a, v = q @ a @ q.T, rng.normal(size=(4, 4))

    def projection(x: Any) -> Any:
        vectors = np.linalg.eigh((x + np.swapaxes(x, -1, -2)) / 2)[1][:, :2]
        return vectors @ np.swapaxes(vectors, -1, -2)

    x = mg.parameter(a)
    got = mg.total_jacobian(projection(x), x)(v)
    assert relative_error(got, ridders(lambda t: projection(a + t * v))) <= 1e-9


def test_close_eigenvalues_keep_the_digits_of_their_gradients():
    """At 1 and 1 + 1e-9 the vectors turn a billion times as fast as the matrix moves; the values do not care."""
    a = np.array([[1.0, 0.0], [0.0, 1 + 1e-9]])
    np.testing.assert_allclose(gradient(lambda x: np.linalg.eigvalsh(x)[0], a), [[1, 0], [0, 0]], atol=1e-15)
    v = np.array([[0.0, 0.0], [1e-12, 0.0]])
    x = mg.parameter(a)
    got = mg.total_jacobian(np.linalg.eigh(x)[1], x)(v)
    np.testing.assert_allclose(np.abs(got), [[0, 1e-3], [1e-3, 0]], rtol=1e-6)


def test_the_nuclear_norm_of_an_orthogonal_matrix_has_the_matrix_for_gradient(rng):
    """All singular values are 1; U Vᵀ is the matrix itself, however U and V are chosen."""
    q = orthogonal(rng, 4)
    np.testing.assert_allclose(gradient(lambda x: np.linalg.norm(x, "nuc"), q), q, atol=1e-14)


def test_a_decomposition_multiplies_to_the_matrix_and_so_do_its_derivatives(rng):
    """d(Q R) = dA, d(U S Vᵀ) = dA, d(V diag(w) Vᵀ) = dA, d(L Lᵀ) = dA: an identity that knows no formula."""
    v = rng.normal(size=(4, 4))

    def product(name: str, x: mg.Node) -> mg.Node:
        if name == "qr":
            q, r = np.linalg.qr(x)
            return q @ r
        if name == "svd":
            u, s, vt = np.linalg.svd(x, full_matrices=False)
            return (u * s) @ vt
        if name == "eigh":
            w, q = np.linalg.eigh(x)
            return (q * w) @ q.mT
        lower = np.linalg.cholesky(x)
        return lower @ lower.mT

    for rows, columns in ((4, 4), (4, 3), (2, 4)):
        a = rng.normal(size=(rows, columns))
        for name in ("qr", "svd"):
            x = mg.parameter(a)
            got = mg.total_jacobian(product(name, x), x)(v[:rows, :columns])
            assert relative_error(got, v[:rows, :columns]) <= 1e-12
    a = rng.normal(size=(4, 4))
    for name, matrix in (("eigh", a + a.T), ("cholesky", a @ a.T + np.eye(4))):
        x = mg.parameter(matrix)
        got = mg.total_jacobian(product(name, x), x)(v + v.T)
        assert relative_error(got, v + v.T) <= 1e-12


def test_factors_stay_what_they_are(rng):
    """To first order Q stays orthonormal, and R and L triangular: QᵀdQ is antisymmetric, half of dR is 0."""
    for shape in ((4, 4), (5, 3), (3, 5)):
        x, v = mg.parameter(rng.normal(size=shape)), rng.normal(size=shape)
        q, r = np.linalg.qr(x)
        turning = q.value.T @ mg.total_jacobian(q, x)(v)
        assert np.abs(turning + turning.T).max() <= 1e-13
        assert np.abs(np.tril(mg.total_jacobian(r, x)(v)[:, : min(shape)], -1)).max() <= 1e-13
        u, _, vt = np.linalg.svd(x, full_matrices=False)
        turning = u.value.T @ mg.total_jacobian(u, x)(v)
        assert np.abs(turning + turning.T).max() <= 1e-12
        turning = vt.value @ mg.total_jacobian(vt, x)(v).T
        assert np.abs(turning + turning.T).max() <= 1e-12


def test_columns_that_depend_on_each_other_have_no_qr_derivative():
    """R has a 0 on its diagonal, by which would be divided: LinAlgError, not a wrong number."""
    x = mg.parameter(np.array([[1.0, 0.0], [0.0, 0.0]]))
    with pytest.raises(np.linalg.LinAlgError):
        mg.gradients(np.linalg.qr(x).Q, x, cotangent=np.ones((2, 2)))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (np.linalg.svd, r"svd: full_matrices=True.*\(3, 2\).*Write full_matrices=False"),
        (lambda x: np.linalg.svd(x, hermitian=True), r"svd: hermitian=True.*Write np\.linalg\.eigh"),
        (lambda x: np.linalg.qr(x, "complete"), r'qr: mode="complete".*\(3, 2\).*Write mode="reduced"'),
        (lambda x: np.linalg.qr(x, "raw"), r"qr: mode='raw'.*Write"),
        (lambda x: np.linalg.eig(x[:2]), r"np\.linalg\.eig "),
        (lambda x: np.linalg.eigvals(x[:2]), r"np\.linalg\.eigvals "),
    ],
)
def test_what_has_no_derivative_is_refused_with_the_reason(call, says):
    """Vectors that the matrix does not determine; complex results. The message names what to write."""
    with pytest.raises(mg.UnsupportedError, match=says):
        call(mg.parameter(np.ones((3, 2))))


def test_a_square_matrix_has_no_vectors_but_its_own():
    """There full_matrices and mode="complete" add nothing, and nothing is refused."""
    x = mg.parameter(np.diag([3.0, 2.0]))
    assert np.linalg.svd(x).U.shape == np.linalg.qr(x, "complete").Q.shape == (2, 2)
    assert np.linalg.qr(mg.parameter(np.ones((2, 3))), "complete").R.shape == (2, 3)


def test_svdvals_are_those_of_fifty_digits(rng):
    """To rounding, also beside a singular value of 0."""
    a = rng.normal(size=(4, 2)) @ rng.normal(size=(2, 3))
    assert relative_error(np.linalg.svdvals(mg.parameter(a)).value, svdvals(a)) <= 1e-15
    assert relative_error(gradient(lambda x: np.linalg.svdvals(x)[0], a), np.outer(*_leading(a))) <= 1e-13


def _leading(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first singular vectors, by power iteration."""
    v = np.ones(a.shape[1])
    for _ in range(500):
        v = a.T @ (a @ v)
        v /= np.sqrt(v @ v)
    u = a @ v
    return u / np.sqrt(u @ u), v


# --- the exponential --------------------------------------------------------------------------------------------------


def test_the_exponential_of_a_turn_is_a_rotation():
    """exp(t J) = cos t + J sin t, and its derivative J exp(t J), to any order."""
    J = np.array([[0.0, -1.0], [1.0, 0.0]])
    t = mg.parameter(0.7)
    out = mg.expm(t * J)
    cos, sin = np.cos(0.7), np.sin(0.7)
    np.testing.assert_allclose(out.value, [[cos, -sin], [sin, cos]], rtol=1e-14)
    first = mg.gradients(out[1, 0], t, create_graph=True)
    second = mg.gradients(first, t, create_graph=True)
    third = mg.gradients(second, t)
    np.testing.assert_allclose([first.value, second.value, third], [cos, -sin, -cos], rtol=1e-13)


def test_the_derivative_of_the_exponential_is_scipys(rng):
    """scipy.linalg.expm_frechet computes it another way (Al-Mohy and Higham 2009)."""
    a, v = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    x = mg.parameter(a)
    right = scipy.linalg.expm_frechet(a, v, compute_expm=False)
    assert relative_error(mg.local_jacobian(mg.expm(x), 0)(v), right) <= 1e-13
    assert relative_error(gradient(mg.expm, a, v), scipy.linalg.expm_frechet(a.T, v, compute_expm=False)) <= 1e-13


def test_the_exponential_says_which_extra_brings_scipy(monkeypatch):
    """The engine itself needs NumPy only."""
    real_import = builtins.__import__

    def without_scipy(name: str, *arguments: Any, **settings: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return real_import(name, *arguments, **settings)

    exponential.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without_scipy)
    with pytest.raises(mg.MissingExtraError, match=r"mg\.expm needs scipy"):
        mg.expm(np.eye(2))
    monkeypatch.undo()
    exponential.cache_clear()


# --- size -------------------------------------------------------------------------------------------------------------


def test_no_jacobian_is_ever_made_dense(rng):
    """A dense one of a 100 x 100 matrix would take 800 MB, its product with another a minute."""
    n = 100
    a = rng.normal(size=(n, n)) / np.sqrt(n) + 2 * np.eye(n)
    spd = a @ a.T + np.eye(n)
    linalg = np.linalg
    functions = [linalg.inv, linalg.det, linalg.slogdet, linalg.svd, linalg.svdvals, linalg.qr, linalg.pinv]
    functions += [linalg.cholesky, linalg.eigh, linalg.eigvalsh, lambda x: linalg.norm(x, "nuc"), mg.expm]
    for function in functions:
        x = mg.parameter(spd)
        got = function(x)
        for part in got if isinstance(got, tuple) else [got]:
            if part.differentiable:
                g = mg.gradients(part, x, cotangent=np.ones(part.shape))
                assert np.isfinite(g).all()
