"""Functions and cases in which other engines that run NumPy code have no derivative, or a wrong one.

Each docstring says in a sentence what was seen of autograd 1.9.1 and MyGrad 2.5.0, on NumPy 2.4.6. Where one "has no
derivative", autograd raises NotImplementedError ("VJP of … not defined"), and MyGrad TypeError ("no implementation
found"). MyGrad has no second derivative of anything: its gradients are plain arrays.

The law is one: value, gradient and Hessian of Σ w sin f(x), with weights w, so that a linear f has second derivatives
too. The witnesses are NumPy and, of derivatives, complex step where f is analytic as NumPy computes it (or as
array_modules.py continues it), Ridders' extrapolation elsewhere.
"""

from typing import Any

import numpy as np
import pytest
from array_modules import ANALYTIC
from witnesses import complex_step, relative_error, ridders

import minigrad as mg

# Entries are no nearer than 0.2 to each other and to 0, so that an extrapolation crosses no kink.
VECTOR = np.array([0.9, -0.4, 1.6, 0.35, -1.3])
POSITIVE = np.array([0.9, 0.4, 1.6, 0.65, 1.3])
MATRIX = np.array([[0.9, -0.4, 1.6], [0.35, -1.3, 0.6], [-0.8, 1.15, 2.0]])
TALL = np.array([[0.9, -0.4], [1.6, 0.35], [-1.3, 0.6], [-0.8, 1.15]])
CUBE = np.array([[[0.9, -0.4], [1.6, 0.35]], [[-1.3, 0.6], [-0.8, 1.15]]])
GAPS = np.array([[0.9, np.nan, 1.6], [np.nan, -1.3, 0.6], [-0.8, 1.15, 2.0]])

BY_COMPLEX_STEP, BY_RIDDERS = 1e-12, 1e-8  # tolerances


def of(*texts: str) -> pytest.MarkDecorator:
    """Cases: expressions in x, and np for the module that they run with."""
    return pytest.mark.parametrize("text", texts)


def units(x: np.ndarray) -> list[np.ndarray]:
    return [unit.reshape(x.shape) for unit in np.eye(x.size)]


def check(text: str, x: Any, analytic: bool = True, **constants: Any) -> None:
    """Value, gradient and Hessian at x. An entry that is NaN must be one that the function leaves out."""
    x, code = np.asarray(x, np.float64), compile(text, text, "eval")

    def f(module: Any, x: Any) -> Any:
        return eval(code, {"np": module, "x": x, **constants})

    node, right = f(np, mg.parameter(x)), np.asarray(f(np, x))
    assert (node.shape, node.dtype) == (right.shape, right.dtype)
    assert relative_error(node.value, right) <= 1e-14
    w = np.random.default_rng(x.size).uniform(0.5, 2, size=right.shape)

    def J(x: Any, module: Any = np) -> Any:
        return module.sum(w * module.sin(f(module, x)))

    def by_complex_step(x: np.ndarray) -> np.ndarray:
        return np.reshape([complex_step(lambda x: J(x, ANALYTIC), [x], [v]) for v in units(x)], x.shape)

    gradient, hessian = mg.grad(J), mg.hessian(J)(x)
    if analytic:
        slope, tolerance = by_complex_step, BY_COMPLEX_STEP
        expected = by_complex_step(x)
    else:
        slope, tolerance = gradient, BY_RIDDERS
        expected = np.reshape([ridders(lambda h, v=v: J(x + h * v)) for v in units(x)], x.shape)
    assert relative_error(gradient(x), expected) <= tolerance
    columns = [ridders(lambda h, v=v: slope(x + h * v)) for v in units(x)]
    assert relative_error(hessian, np.stack(columns, axis=-1).reshape(hessian.shape)) <= BY_RIDDERS


# --- a graph that is lost, a shape that is wrong, a letter that repeats -----------------------------------------------


def test_an_array_of_nodes_is_refused_or_stacked():
    """MyGrad makes a plain array of np.array([n1, n2]), whose gradient by n1 and n2 is then a silent zero."""
    for make in (np.array, np.asarray, np.vstack, np.stack):
        x = mg.parameter(VECTOR)
        parts = [x[0] * x[1], x[2] ** 2]
        if make in (np.array, np.asarray):
            with pytest.raises(mg.UnsupportedError, match=r"np\.stack\(\[n1, n2\]\)"):
                make(parts)
        else:
            assert mg.gradients(mg.sum(make(parts)), x).tolist() == [-0.4, 0.9, 3.2, 0, 0]
    check("np.stack([x[0] * x[1], x[2] ** 2])", VECTOR)


@of("np.einsum('ii', x)", "np.einsum('ii->i', x)", "np.einsum('ii,i', x, x[0])", "np.einsum('ii,ij->j', x, x)")
def test_einsum_of_a_repeated_letter(text):
    """Autograd raises ValueError in its backward pass ("string includes output subscript 'i' multiple times")."""
    check(text, MATRIX)


@of("np.einsum('iij->j', x)", "np.einsum('iii', x)", "np.einsum('iji->j', x)", "np.einsum('iji,jkk->ik', x, x)")
def test_einsum_of_a_letter_repeated_among_others(text):
    """As above: autograd raises ValueError in its backward pass."""
    check(text, CUBE)


@of("np.broadcast_to(x, (2, 5))", "np.broadcast_to(x, (2, 3, 5))", "np.broadcast_to(x[:, None], (2, 5, 3))")
def test_broadcast_to_with_new_leading_axes(text):
    """Autograd fails an assertion in its backward pass ("Can't handle extra leading dims")."""
    check(text, VECTOR)


@of("np.where(mask, x, 0.5)", "np.where(mask, 0.5 * x, x)", "np.where(mask[:, :1], x, x[0])", "np.where(mask, 2, x[1])")
def test_where_with_an_operand_that_is_broadcast(text):
    """Autograd returns a gradient of the shape of the result, not of the operand, and raises where it adds that up."""
    check(text, VECTOR, mask=np.array([[True, False, True, True, False], [False, False, True, False, True]]))


# --- no derivative elsewhere ------------------------------------------------------------------------------------------


@of("np.flip(x)", "np.flip(x, 1)", "np.flip(x, (0, -1))")
def test_flip(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.cbrt(x)", "np.cbrt(-x) * x")
def test_cbrt(text):
    """Autograd has no derivative of it."""
    check(text, POSITIVE, analytic=text == "np.cbrt(x)")


@of("np.cumprod(x)", "np.cumprod(x, 0)", "np.cumprod(x, -1)")
def test_cumprod(text):
    """Autograd has no derivative of it."""
    check(text, MATRIX)
    check(text, MATRIX.round())  # with zeros


@of("np.take(x, 4)", "np.take(x, [0, 0, -2])", "np.take(x, [[2, 0], [2, 2]], 0)", "np.take(x, [1, 1], axis=-1)")
def test_take(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.take_along_axis(x, k, 0)", "np.take_along_axis(x, k[:, :1], 1)", "np.take_along_axis(x, np.argsort(x, 0), 0)")
def test_take_along_axis(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX, k=np.array([[2, 2, 0], [1, 0, 0], [0, 1, 2]]))


@of("np.nansum(x)", "np.nansum(x, 0)", "np.nanmean(x)", "np.nanmean(x, axis=1, keepdims=True)")
def test_nansum_and_nanmean(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, GAPS)


@of("np.nanprod(x)", "np.nanprod(x, 1)", "np.nancumsum(x)", "np.nancumsum(x, 0)", "np.nancumprod(x)")
def test_nanprod_nancumsum_and_nancumprod(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, GAPS)


@of("np.nanmax(x)", "np.nanmax(x, 0)", "np.nanmin(x)", "np.nanmin(x, axis=1)")
def test_nanmax_and_nanmin(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, GAPS, analytic=False)


@of("np.nanvar(x)", "np.nanvar(x, 1, ddof=1)", "np.nanstd(x)", "np.nanstd(x, 1)")
def test_nanvar_and_nanstd(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, GAPS, analytic=False)


@of("np.nanmedian(x)", "np.nanmedian(x, 0)", "np.nanpercentile(x, 30)", "np.nanquantile(x, [0.1, 0.6], axis=1)")
def test_nanmedian_nanpercentile_and_nanquantile(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, GAPS, analytic=False)


@of("np.median(x)", "np.median(x, 0)", "np.median(x[:2], axis=0)")
def test_median(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX, analytic=False)


@of(
    "np.percentile(x, 30)", "np.percentile(x, [20, 70], 0)", "np.quantile(x, 0.3)", "np.quantile(x, [0.1, 0.5], axis=1)"
)
def test_percentile_and_quantile(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, MATRIX, analytic=False)


@of("np.average(x)", "np.average(x, 0, [1, 2, 3])", "np.average(x, weights=2 + np.sin(x))")
def test_average(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.cov(x)", "np.cov(x[0])", "np.corrcoef(x)")
def test_cov_and_corrcoef(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, MATRIX, analytic="[0]" not in text)


@of("np.interp(x, p, q)", "np.interp(1.05, p, x[:4])", "np.interp(1.05, p + x[:4] / 10, q)")
def test_interp(text):
    """Neither autograd nor MyGrad has a derivative of it, by any of its arguments."""
    check(text, VECTOR, analytic=False, p=np.array([-3, 0.1, 1.2, 3]), q=np.array([1, 2, 5, 3]))


@of("np.trapezoid(x)", "np.trapezoid(x, axis=0, dx=0.5)", "np.trapezoid(x, x**2, axis=1)")
def test_trapezoid(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.convolve(x, [1, 2, 3])", "np.convolve([1, 2, 3], x, 'same')", "np.convolve(x, x[:3], 'valid')")
def test_convolve(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, VECTOR)


@of("np.correlate(x, k, 'valid')", "np.correlate(k, x, 'same')", "np.correlate(x, x, 'full')")
def test_correlate(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, VECTOR, k=np.array([1, 2, 3]))


@of("np.insert(x, 1, 3.5)", "np.insert(x, [0, 2], x[:2], axis=0)", "np.delete(x, 1)", "np.delete(x, [0, 2], axis=1)")
def test_insert_and_delete(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, MATRIX)


@of("np.meshgrid(x, [1.5, 2])[0]", "np.multiply(*np.meshgrid(x, x[:3]))", "np.meshgrid([1, 2], x, indexing='ij')[1]")
def test_meshgrid(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, VECTOR)


@of("np.vecdot(x, x[0])", "np.vecdot(x, x.T)", "np.linalg.vecdot(x, x + 1)")
def test_vecdot(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.polyval(x, 1.2)", "np.polyval(x, x[:2])", "np.polyval([1, 2, 3], x)")
def test_polyval(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, VECTOR)


@of("np.linalg.matrix_power(x, 3)", "np.linalg.matrix_power(x, 0) + x", "np.linalg.matrix_power(x, -2)")
def test_matrix_power(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, MATRIX)


@of("np.linalg.qr(x)[0]", "np.linalg.qr(x)[1]", "np.linalg.qr(x, 'r')")
def test_qr(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, TALL, analytic=False)


@of("np.linalg.lstsq(x, b)[0]", "np.linalg.lstsq(x, np.outer(b, b))[0]", "np.linalg.lstsq(x, x[:, 0] ** 2)[0]")
def test_lstsq(text):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(text, TALL, b=np.array([0.5, 1, -1, 2]))


@of("np.linalg.eigvalsh(x + x.T)", "np.linalg.svdvals(x)", "np.linalg.svdvals(x[:, :2])")
def test_eigvalsh_and_svdvals(text):
    """Neither autograd nor MyGrad has a derivative of them."""
    check(text, MATRIX, analytic=False)


# --- wrong elsewhere: zeros, kinks, ties ------------------------------------------------------------------------------


def test_prod_where_a_factor_is_zero():
    """Autograd divides the product by each factor, which gives NaN at 0."""
    assert mg.grad(np.prod)(np.array([0.0, 2.0, 3.0])).tolist() == [6, 0, 0]
    assert mg.hessian(np.prod)(np.array([0.0, 2.0, 3.0])).tolist() == [[0, 3, 2], [3, 0, 0], [2, 0, 0]]
    check("np.prod(x, 0)", MATRIX.round())


def test_the_branch_that_where_left_out():
    """Autograd and MyGrad both return NaN: the infinite slope of √x at 0, times the zero of the branch not taken."""

    def f(x: Any) -> Any:
        return np.where(x < 1, x * x, np.sqrt(x))

    assert [mg.grad(f)(x) for x in (0.0, 4.0)] == [0, 0.25]
    assert [mg.grad(mg.grad(f))(x) for x in (0.0, 4.0)] == [2, -0.03125]


def test_norm_at_zero():
    """Autograd and MyGrad both return NaN; 0 is the smallest subgradient."""
    assert mg.grad(np.linalg.norm)(np.zeros(3)).tolist() == [0, 0, 0]
    assert mg.grad(lambda x: np.linalg.norm(x) + np.sum(x))(np.zeros(3)).tolist() == [1, 1, 1]


def test_maximum_of_an_array_and_itself():
    """MyGrad gives neither side of a tie anything, so that the derivative of max(x, x) = x is 0."""
    check("np.maximum(x, x)", VECTOR)
    check("np.minimum(2 * x, x + x)", VECTOR)


@of("np.sort(x)", "np.sort(x, axis=0)", "np.sort(x, axis=None)")
def test_sort_of_more_than_one_axis(text):
    """Autograd raises NotImplementedError ("not implemented for multi-dimensional arrays"), and MyGrad has none."""
    check(text, MATRIX)


# --- what stays out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    [
        lambda x: mg.parameter([1j]),
        lambda x: mg.constant(np.ones(2, complex)),
        lambda x: x * 1j,
        lambda x: np.exp(1j * x),
        lambda x: x + np.ones(3, complex),
        lambda x: x @ np.ones(3, complex),
        lambda x: np.where(x > 0, x, 1j),
        lambda x: np.concatenate([x, np.ones((1, 3), complex)]),
        lambda x: x.astype(complex),
        lambda x: np.sum(x, dtype=complex),
        lambda x: mg.evaluate(x + 1, {x: np.ones((3, 3), complex)}),
        lambda x: mg.grad(np.sum)(np.ones(2, complex)),
    ],
)
def test_complex_numbers_are_refused(attempt):
    """MyGrad refuses them too, and autograd differentiates them; here a half of the answer would be lost silently."""
    with pytest.raises(mg.DTypeError, match=r"complex128; take its real and imaginary parts|cannot be made complex128"):
        attempt(mg.parameter(MATRIX))


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "fft2", "fftn"])
def test_fft_is_refused(name):
    """Its results are complex: MyGrad has none either, and autograd differentiates it."""
    with pytest.raises(mg.UnsupportedError, match=rf"np\.fft\.{name}: nodes hold real numbers only"):
        getattr(np.fft, name)(mg.parameter(MATRIX))


@pytest.mark.parametrize("name", ["eig", "eigvals"])
def test_eigenvalues_of_general_matrices_are_refused(name):
    """They are complex in general; eigh and eigvalsh, of symmetric matrices, are real and have derivatives."""
    with pytest.raises(mg.UnsupportedError, match=rf"np\.linalg\.{name} is not differentiable here"):
        getattr(np.linalg, name)(mg.parameter(MATRIX))
