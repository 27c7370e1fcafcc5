"""Functions of each entry: NumPy's values for every keyword, the written conventions at kinks and ends, and refusals.

That derivatives are right in between is a matter of the laws (test_op_laws.py) and of test_scalar_functions.py.
"""

import sys
from functools import partial

import numpy as np
import pytest
import scipy.special as sp

import minigrad as mg
from minigrad.numpy_protocol import OPERATIONS
from minigrad.ops import special
from minigrad.ops.special_gamma import polygamma

INF, NAN = np.inf, np.nan
TOP = np.finfo(float).max
FLOATS = np.array([-INF, -2.5, -1.0, -0.5, -0.0, 0.0, 0.3, 1.0, 1.5, 2.0, 40.0, INF, NAN])
OTHERS = np.array([1.0, 0.7, -1.0, NAN, 0.0, -0.0, INF, 1.0, -1.5, 3.0, -0.1, INF, NAN])
WHOLES, SHIFTS = np.array([-7, -1, 0, 1, 2, 12]), np.array([3, 2, 0, 1, 5, 8])
MASK = np.array([True, False])


def plain(result):
    """The arrays in a result, which may be several."""
    parts = result if isinstance(result, tuple) else (result,)
    return [part.value if isinstance(part, mg.Node) else np.asarray(part) for part in parts]


def assert_as_on_arrays(function, *arguments, **settings):
    """The same numbers, shapes and dtypes with nodes for the arrays as with the arrays; NaN and −0 too."""
    leaves = [mg.constant(a) if isinstance(a, np.ndarray) else a for a in arguments]
    with np.errstate(all="ignore"):
        found, right = function(*leaves, **settings), function(*arguments, **settings)
        for ours, theirs in zip(plain(found), plain(right), strict=True):
            np.testing.assert_array_equal(ours, theirs, strict=True)
            np.testing.assert_array_equal(np.signbit(ours), np.signbit(theirs))


def slopes(function, *arguments, ignore=()):
    """The first derivatives by all arguments at numbers, as numbers."""
    leaves = [mg.parameter(a) for a in arguments]
    with np.errstate(**dict.fromkeys(ignore, "ignore")):
        return tuple(g.item() for g in mg.gradients(function(*leaves), leaves))


def bends(function, x):
    """The first and the second derivative at a number."""
    x = mg.parameter(x)
    first = mg.gradients(function(x), x, create_graph=True)
    return first.item(), mg.gradients(first, x).item() if first.differentiable else 0.0


# --- values -----------------------------------------------------------------------------------------------------------

UFUNCS = [f for name in dir(np) if isinstance(f := getattr(np, name), np.ufunc) and name == f.__name__]
PRODUCTS = {np.matmul, np.vecdot, np.matvec, np.vecmat}  # of whole arrays, not of entries
OF_WHOLES = {np.gcd, np.lcm, np.left_shift, np.right_shift, np.invert, np.bitwise_count}
OF_WHOLES |= {np.bitwise_and, np.bitwise_or, np.bitwise_xor}


@pytest.mark.parametrize("ufunc", [f for f in UFUNCS if f not in PRODUCTS], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "?"])
def test_every_ufunc_gives_numpys_values_for_every_dtype(ufunc, dtype):
    """Or the error that NumPy gives, for what it does not take either; and isnat is for dates, which nodes are not."""
    arguments = {"f": [FLOATS, OTHERS], "i": [WHOLES, SHIFTS], "?": [MASK, ~MASK]}[dtype[0]]
    if ufunc is np.ldexp:
        arguments[1] = np.arange(-3, arguments[0].size - 3, dtype="i4")
        dtype = "f8" if dtype == "?" else dtype
        arguments[0] = arguments[0].astype(dtype)
    else:
        arguments = [a.astype(dtype) for a in arguments][: ufunc.nin]
    try:
        with np.errstate(all="ignore"):
            ufunc(*arguments)
    except (TypeError, ValueError) as refusal:
        with pytest.raises((mg.MinigradError, type(refusal)), match=rf"{ufunc.__name__}|powers"):
            ufunc(*map(mg.constant, arguments))
    else:
        assert_as_on_arrays(ufunc, *arguments)


def test_every_ufunc_of_numpys_is_there_but_the_one_for_dates():
    """A program that calls NumPy must not find a hole."""
    assert [f.__name__ for f in UFUNCS if f not in OPERATIONS and f not in PRODUCTS] == ["isnat"]
    with pytest.raises(mg.UnsupportedError, match="isnat"):
        np.isnat(mg.parameter(1.0))


CALLS = [
    *((np.clip, (FLOATS, low, high), {}) for low, high in ((-1, 1), (None, 1.0), (0, None), (OTHERS, 1), (1, -1))),
    *((np.clip, (FLOATS,), bounds) for bounds in ({"min": 0}, {"max": 1.0}, {"min": -1, "max": OTHERS}, {})),
    *((np.clip, (WHOLES, low, high), {}) for low, high in ((0, 2), (0.5, 2), (None, SHIFTS))),
    *((np.clip, (FLOATS.astype("f4"), low, high), {}) for low, high in ((0.1, 2), (None, np.float64(2)))),
    *((f, (a, k), {}) for f in (np.round, np.around) for a in (FLOATS * 1.15, WHOLES) for k in (0, 1, -1)),
    *((f, (FLOATS,), {}) for f in (np.fix, np.isposinf, np.isneginf, np.isreal, np.iscomplex, np.real, np.imag)),
    *((f, (WHOLES,), {}) for f in (np.fix, np.isreal, np.iscomplex, np.real, np.imag, np.angle, np.nan_to_num)),
    *((np.angle, (FLOATS,), {"deg": deg}) for deg in (False, True)),
    *((np.real_if_close, (FLOATS, *tol), {}) for tol in ((), (1000,))),
    (np.nan_to_num, (FLOATS,), {}),
    (np.nan_to_num, (FLOATS.astype("f4"),), {"nan": 1.0, "posinf": 2.0}),
    (np.nan_to_num, (FLOATS, True, -1.0, None, 3.0), {}),
    *((np.isclose, (FLOATS, OTHERS), kw) for kw in ({}, {"rtol": 0.5}, {"atol": 1.0}, {"equal_nan": True})),
    *((np.isclose, (FLOATS, OTHERS, 0.1, 0.2, True), {}), (np.isclose, (WHOLES, 1), {})),
    *((f, (FLOATS, FLOATS.copy()), kw) for f in (np.allclose, np.array_equal) for kw in ({}, {"equal_nan": True})),
    *((np.allclose, (WHOLES, WHOLES + 1), {"atol": 1.5}), (np.array_equal, (WHOLES, SHIFTS), {})),
    *((np.array_equiv, (WHOLES, WHOLES[None]), {}), (np.array_equiv, (WHOLES, 1), {})),
    *((np.unwrap, (WHOLES * 1.5,), kw) for kw in ({}, {"discont": 4.0}, {"period": 4.0})),
    *((np.unwrap, (FLOATS[1:-2].reshape(2, 5), None, axis), {}) for axis in (0, 1, -1)),
    (np.unwrap, (WHOLES,), {"period": 5}),
    *((np.sinc, (a,), {}) for a in (FLOATS[1:11], WHOLES, FLOATS[1:11].astype("f4"))),
    *((np.i0, (a,), {}) for a in (FLOATS[1:11], WHOLES, FLOATS[1:11].astype("f4"))),
    *((np.float_power, (a, b), {}) for a, b in ((FLOATS, 2), (2, FLOATS), (WHOLES, -1.0), (FLOATS.astype("f4"), 3))),
    *((np.copysign, (WHOLES, -1.0), {}), (np.ldexp, (FLOATS, 3), {}), (np.divmod, (FLOATS, 2), {})),
    *((f, (FLOATS,), {"dtype": "f4"}) for f in (np.sin, np.sqrt)),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0].__name__}{call[2]}")
def test_every_keyword_means_what_it_means_to_numpy(call):
    """By name or by position, with bounds that are arrays, None, or the wrong way round."""
    function, arguments, settings = call
    assert_as_on_arrays(function, *arguments, **settings)


def test_one_answer_for_all_entries_is_pythons_own_truth_value():
    """As in NumPy: `if np.allclose(x, y)` asks, and nothing is differentiated by the answer."""
    x = mg.parameter([1.0, 2.0])
    for answer in (np.allclose(x, x), np.array_equal([1, 2], x), np.array_equiv(x, [1, 2]), np.isrealobj(x)):
        assert answer is True
    assert np.iscomplexobj(x) is False


def test_what_is_real_already_is_itself():
    """No new node for a question that changes nothing."""
    x = mg.parameter([1.0, 2.0])
    assert all(f(x) is x for f in (np.real, np.conj, np.conjugate, np.real_if_close, np.positive))


@pytest.mark.parametrize("f", [f for f in UFUNCS if f in OF_WHOLES], ids=lambda f: f.__name__)
def test_bits_are_of_whole_numbers_only(f):
    """NumPy's own error for floats, not a number that means nothing."""
    with pytest.raises(TypeError):
        f(*[mg.parameter([1.0, 2.0])] * f.nin)


OF_ONE = [
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "erfcinv",
    "ndtr",
    "ndtri",
    "log_ndtr",
    "expit",
    "logit",
    "log_expit",
    "entr",
]
OF_ONE += ["exprel", "gamma", "gammaln", "loggamma", "psi", "exp1", "expi", "exp2", "expm1", "log1p", "cbrt"]
OF_ONE += ["j0", "j1", "y0", "y1", "i0", "i1", "i0e", "i1e", "k0", "k1"]
OF_TWO = ["xlogy", "xlog1py", "rel_entr", "kl_div", "beta", "betaln", "gammainc", "gammaincc"]
OF_TWO += ["expn", "jv", "yv", "yn", "iv", "ive", "kv", "kn"]


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_a_special_function_of_one_number_has_scipys_values(name, dtype):
    """SciPy's own code computes them, in the precision of the argument; some forms of ours are a rounding away."""
    x = np.array([0.05, 0.3, 0.5, 0.95, 0.0, 1.0, INF, NAN], dtype)
    with np.errstate(all="ignore"):
        found, right = getattr(sp, name)(mg.constant(x)), getattr(sp, name)(x)
    assert found.dtype == right.dtype == dtype
    np.testing.assert_allclose(found.value, right, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("name", OF_TWO)
def test_a_special_function_of_two_numbers_has_scipys_values(name):
    """Broadcasting and promotion too, whether orders are whole numbers or floats; Python's own numbers are weak."""
    f, x = getattr(sp, name), np.array([0.3, 1.7, 4.0])
    for array in (x, x.astype("f4")):
        for order in (np.array([[1], [3]]), np.array([[1.0], [2.0]])):
            found, right = f(mg.constant(order), mg.parameter(array)), f(order, array)
            np.testing.assert_array_equal(found.value, right, strict=True)
        weak = f(2, mg.parameter(array))
        assert weak.dtype == array.dtype
        np.testing.assert_allclose(weak.value, f(2, array), rtol=4 * np.finfo(array.dtype).eps)


def test_the_digamma_function_can_be_differentiated_on_and_on():
    """ψ⁽ⁿ⁾(1) = (−1)ⁿ⁺¹ n! ζ(n + 1); and polygamma(0, x) is ψ itself."""
    x = mg.parameter(1.0)
    y = sp.psi(x)
    for n in range(1, 5):
        y = mg.gradients(y, x, create_graph=True)
        assert y.item() == pytest.approx((-1) ** (n + 1) * sp.gamma(n + 1) * sp.zeta(n + 1), rel=1e-14)
    assert polygamma(0, x).item() == sp.psi(1.0)


# --- conventions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [np.maximum, np.minimum, np.fmax, np.fmin], ids=lambda f: f.__name__)
def test_ties_share_evenly(f):
    """The two halves add up to the whole derivative, of both signs of zero and of infinities too."""
    for tie in ((1.0, 1.0), (0.0, -0.0), (INF, INF)):
        assert slopes(f, *tie) == (0.5, 0.5)
    x = mg.parameter(2.0)
    assert mg.gradients(f(x, x), x) == 1


def test_the_larger_of_a_number_and_nan():
    """fmax takes the number, and its derivative; maximum is NaN, and has none."""
    assert slopes(np.fmax, 1.0, NAN) == slopes(np.fmin, 1.0, NAN) == (1.0, 0.0)
    assert slopes(np.fmax, NAN, 1.0) == slopes(np.fmin, NAN, 1.0) == (0.0, 1.0)
    assert slopes(np.maximum, 1.0, NAN) == slopes(np.minimum, NAN, 1.0) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("x", "low", "high", "expected"),
    [
        (-2.0, -1.0, 1.0, (0, 1, 0)),
        (-1.0, -1.0, 1.0, (1, 0, 0)),
        (0.0, -1.0, 1.0, (1, 0, 0)),
        (1.0, -1.0, 1.0, (1, 0, 0)),
        (2.0, -1.0, 1.0, (0, 0, 1)),
        (1.0, 1.0, 1.0, (1, 0, 0)),
        (0.0, 1.0, -1.0, (0, 0, 1)),  # low > high: the value is high
        (-2.0, 1.0, -1.0, (0, 0, 1)),
        (INF, -1.0, 1.0, (0, 0, 1)),
        (INF, -1.0, INF, (1, 0, 0)),
    ],
)
def test_the_edge_of_clip_is_inside(x, low, high, expected):
    """∂/∂x is 1 up to the edge and on it; beyond, the derivative is the bound's. Always they add up to 1."""
    assert slopes(np.clip, x, low, high) == expected


KINKS = {
    # function, x, first and second derivative there
    "|x|": (np.absolute, 0.0, 0, 0),
    "fabs": (np.fabs, -0.0, 0, 0),
    "relu": (mg.relu, 0.0, 0, 0),
    "copysign": (lambda x: np.copysign(x, -1), 0.0, 0, 0),
    "maximum(x, 0)": (lambda x: np.maximum(x, 0), 0.0, 0.5, 0),
    "maximum(x, 0)²": (lambda x: np.maximum(x, 0) ** 2, 0.0, 0, 0.5),  # half by half of twice
    "hypot(x, 0)": (lambda x: np.hypot(x, 0), 0.0, 0, 0),
    "arctan2(x, 0)": (lambda x: np.arctan2(x, 0), 0.0, 0, 0),
    "arctan2(0, x)": (lambda x: np.arctan2(0, x), 0.0, 0, 0),
    "sinc": (np.sinc, 0.0, 0, -(np.pi**2) / 3),
    "exprel": (sp.exprel, 0.0, 1 / 2, 1 / 3),
    "xlogy(x, x)": (lambda x: sp.xlogy(x, x), 0.0, 0, 0),
    "xlogy(x, 0)": (lambda x: sp.xlogy(x, 0), 0.0, 0, 0),
    "xlog1py(x, −1)": (lambda x: sp.xlog1py(x, -1), 0.0, 0, 0),
    "rel_entr(x, x)": (lambda x: sp.rel_entr(x, x), 0.0, 0, 0),
    "kl_div(x, x)": (lambda x: sp.kl_div(x, x), 0.0, 0, 0),
    "x % 2": (lambda x: x % 2, 4.0, 1, 0),
    "modf": (lambda x: np.modf(x)[0], 3.0, 1, 0),
    "frexp": (lambda x: np.frexp(x)[0], 4.0, 1 / 8, 0),
    "frexp at 0": (lambda x: np.frexp(x)[0], 0.0, 1, 0),
    "x⁰": (lambda x: np.power(x, 0), 0.0, 0, 0),
    "x¹": (lambda x: np.power(x, 1.0), 0.0, 1, 0),
    "x²": (lambda x: np.power(x, 2.0), 0.0, 0, 2),
    "float_power(x, 2)": (lambda x: np.float_power(x, 2), 0.0, 0, 2),
    "j1": (sp.j1, 0.0, 0.5, 0),
    "jv(2, x)": (lambda x: sp.jv(2, x), 0.0, 0, 0.25),
    "i0e": (sp.i0e, 0.0, 0, 0.5),
    "nan_to_num": (np.nan_to_num, INF, 0, 0),
}


@pytest.mark.parametrize(("function", "x", "first", "second"), KINKS.values(), ids=KINKS)
def test_at_a_kink_the_derivatives_are_the_written_convention(function, x, first, second):
    """No NaN and no warning from the quotient that has no value there; and where it is smooth, the limit."""
    assert bends(function, x) == pytest.approx((first, second), rel=1e-15, abs=0)


ENDS = {
    "sqrt": (np.sqrt, 0.0, INF),
    "cbrt": (np.cbrt, 0.0, INF),
    "x^0.5": (lambda x: x**0.5, 0.0, INF),
    "arcsin": (np.arcsin, 1.0, INF),
    "arcsin, −1": (np.arcsin, -1.0, INF),
    "arccos": (np.arccos, 1.0, -INF),
    "arccosh": (np.arccosh, 1.0, INF),
    "entr": (sp.entr, 0.0, INF),
    "erfinv": (sp.erfinv, 1.0, INF),
    "erfcinv": (sp.erfcinv, 0.0, -INF),
    "ndtri": (sp.ndtri, 0.0, INF),
    "logit": (sp.logit, 1.0, INF),
}


@pytest.mark.parametrize(("function", "x", "slope"), ENDS.values(), ids=ENDS)
def test_at_the_end_of_a_domain_the_slope_is_infinite_with_the_right_sign(function, x, slope):
    """That is the truth; NumPy says, as ever, that it divided by zero."""
    assert slopes(function, x, ignore=["divide", "over"]) == (slope,)


FAR = {
    "arctan": (np.arctan, (INF,), (0,)),
    "arcsinh": (np.arcsinh, (-INF,), (0,)),
    "tanh": (np.tanh, (INF,), (0,)),
    "sigmoid": (mg.sigmoid, (-INF,), (0,)),
    "erf": (sp.erf, (INF,), (0,)),
    "ndtr": (sp.ndtr, (-INF,), (0,)),
    "log_ndtr": (sp.log_ndtr, (INF,), (0,)),
    "hypot": (np.hypot, (INF, 1.0), (1, 0)),
    "hypot, both": (np.hypot, (INF, -INF), (0.5**0.5, -(0.5**0.5))),
    "arctan2": (np.arctan2, (1.0, INF), (0, 0)),
    "logaddexp": (np.logaddexp, (INF, 0.0), (1, 0)),
    "logaddexp, −∞": (np.logaddexp, (-INF, 0.0), (0, 1)),
    "logaddexp, both": (np.logaddexp, (INF, INF), (0.5, 0.5)),
    "logaddexp, both −∞": (np.logaddexp, (-INF, -INF), (0.5, 0.5)),
    "logaddexp2, both −∞": (np.logaddexp2, (-INF, -INF), (0.5, 0.5)),
    "logaddexp, ∞ − ∞": (np.logaddexp, (INF, -INF), (1, 0)),
    "x % ∞": (lambda x: x % INF, (3.0,), (1,)),
    "largest": (np.hypot, (TOP / 2, TOP / 2), (0.5**0.5, 0.5**0.5)),
}


@pytest.mark.parametrize(("function", "arguments", "expected"), FAR.values(), ids=FAR)
def test_at_infinity_the_derivatives_are_the_limits(function, arguments, expected):
    """∞/∞ and ∞ − ∞ are not, and warn; a log-probability of −∞ is ordinary in mixtures."""
    assert slopes(function, *arguments) == pytest.approx(expected, rel=1e-15, abs=0)


def test_across_the_cut_the_angle_jumps_and_its_derivatives_do_not():
    """The point (−2, ±0): π and −π, but the same slopes."""
    above, below = slopes(np.arctan2, 0.0, -2.0), slopes(np.arctan2, -0.0, -2.0)
    assert above == below == (-0.5, 0.0)


def test_the_direction_keeps_its_second_derivative_where_one_side_is_tiny():
    """∂²/∂x² √(x² + y²) = y²/h³ = 1e-16 at (1, 1e-8): the quotient rule gives 0 there, or noise."""
    y = 1e-8
    assert bends(lambda x: np.hypot(x, y), 1.0)[1] == pytest.approx(y**2, rel=1e-15)
    assert bends(lambda x: np.hypot(x, 1e-200), 1e200) == (1.0, 0.0)


def test_logaddexp_bends_where_its_arguments_are_equal():
    """The derivative is ½ there, as at a tie of infinities, but not constant: σ′(0) = ¼."""
    assert bends(lambda x: np.logaddexp(x, 3.0), 3.0) == (0.5, 0.25)


def test_the_slope_of_sinc_at_whole_numbers_is_exact():
    """(−1)ᵏ/k: the sine of πk is taken of the distance to the next integer, not of a rounded πk."""
    for k in (1, 2, 7, 1000, 10**8 + 1):
        assert bends(np.sinc, float(k))[0] == pytest.approx((-1) ** k / k, rel=3e-16)


def test_the_quotient_of_fmod_is_a_whole_number_and_the_right_one():
    """1.0 holds 0.1 nine times, since 0.1 is a little more than a tenth; 1.0/0.1 rounds to 10."""
    assert slopes(np.fmod, 1.0, 0.1) == (1.0, -9.0)
    assert slopes(np.remainder, 1.0, 0.1) == (1.0, -9.0)
    assert slopes(np.fmod, -1.0, 0.1) == (1.0, 9.0)
    assert slopes(np.remainder, -1.0, 0.1) == (1.0, 10.0)
    for x, y in ((7.3, 2.1), (-7.3, 2.1), (7.3, -2.1)):
        assert slopes(lambda x, y: sum(part * k for part, k in zip(np.divmod(x, y), (100, 1), strict=True)), x, y) == (
            1.0,
            -np.floor(x / y),
        )


# --- nothing leaks ----------------------------------------------------------------------------------------------------


def test_where_takes_nothing_from_a_root_that_is_not_taken():
    """The issue's own: where(x < 1, x, √x) at 0 has slope 1, forward, reverse and twice."""
    x = mg.parameter([0.0, 4.0])
    y = np.where(x < 1, x, np.sqrt(x))
    first = mg.gradients(mg.sum(y), x, create_graph=True)
    np.testing.assert_array_equal(first.value, [1, 0.25])
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(mg.gradients(mg.sum(first), x), [0, -1 / 32])
        np.testing.assert_array_equal(mg.total_jacobian(y, x)(np.ones(2)), [1, 0.25])


LEAKS = {
    "maximum": lambda x: np.maximum(np.log(x), -3),
    "minimum": lambda x: np.minimum(1 / x, 5.0),
    "clip": lambda x: np.clip(np.log(x), -3, None),
    "fmax": lambda x: np.fmax(np.sqrt(x - 1), -1),
    "nan_to_num": lambda x: np.nan_to_num(np.log(x), neginf=-9),
    "relu": lambda x: mg.relu(np.log(x)),
    "√maximum": lambda x: np.sqrt(np.maximum(x - 0.5, 0)),
    "√clip": lambda x: np.sqrt(np.clip(x - 0.5, 0, 1)),
    "heaviside": lambda x: np.heaviside(mg.constant([-1.0, 0.0]), np.log(x)),
}


@pytest.mark.parametrize("function", LEAKS.values(), ids=LEAKS)
def test_what_is_left_out_sends_nothing_back(function):
    """At 0 the slope of what is left out is infinite or NaN; at 2 it is not left out, or is finite."""
    x = mg.parameter([0.0, 2.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = mg.gradients(mg.sum(function(x)), x)
    assert gradient[0] == 0
    assert np.isfinite(gradient).all()


# --- precision --------------------------------------------------------------------------------------------------------

PAIRS = [np.hypot, np.arctan2, np.logaddexp, np.logaddexp2, np.divide, np.power, np.float_power]
PAIRS += [sp.xlogy, sp.xlog1py, sp.rel_entr, sp.kl_div, sp.beta, sp.betaln]


@pytest.mark.parametrize("f", PAIRS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("single", [0, 1])
def test_where_float32_meets_float64_slopes_are_as_precise_as_the_value(f, single):
    """The value is computed in double; so are the derivatives, before each takes the dtype of its argument."""
    arrays = [np.array([0.3, 1.7]), np.array([1.1, 0.6])]
    arrays[single] = arrays[single].astype("f4")
    mixed, double = map(mg.parameter, arrays), [mg.parameter(a.astype("f8")) for a in arrays]
    found = mg.gradients(mg.sum(f(*(leaves := list(mixed)))), leaves)
    right = mg.gradients(mg.sum(f(*double)), double)
    np.testing.assert_allclose(found[1 - single], right[1 - single], rtol=1e-15)
    np.testing.assert_array_equal(found[single], right[single].astype("f4"))


def test_a_weak_exponent_keeps_the_precision_and_a_strong_one_does_not():
    """NumPy's rule: Python's 2 is weak, np.float64(2) and a 0-d array are not."""
    x = mg.parameter(np.array([1.5], "f4"))
    assert (x**2).dtype == (x**2.0).dtype == np.float32
    assert (x ** np.float64(2)).dtype == (x ** np.array(2)).dtype == np.float64
    small = mg.constant(np.array([100], "i1"))
    np.testing.assert_array_equal((small ** np.array(2)).value, [10_000])


def test_softplus_of_unsigned_numbers_does_not_wrap_around():
    """−|z| of an unsigned 3 is 253."""
    np.testing.assert_allclose(mg.softplus(np.array([0, 3], "u1")).value, np.log1p(np.exp([0.0, 3.0])), rtol=1e-15)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gammainc", "gammaincc", "expn", "jv", "yv", "iv", "kv", "ive"])
def test_there_is_no_derivative_by_the_order(name):
    """It is refused when it is asked for, by name, and with what to write; as a constant the order is welcome."""
    v, x = mg.parameter(2.0, name="v"), mg.parameter(1.5)
    with pytest.raises(mg.UnsupportedError, match=rf"{name}.*first argument, v,.*mg.stop_gradient\(v\)"):
        getattr(sp, name)(v, x)
    assert getattr(sp, name)(mg.stop_gradient(v), x).value == getattr(sp, name)(2.0, 1.5)


def test_nothing_is_changed_in_place():
    """nan_to_num(copy=False) would write into its argument."""
    with pytest.raises(mg.UnsupportedError, match=r"nan_to_num.*without copy=False"):
        np.nan_to_num(mg.parameter([NAN]), copy=False)
    for call in (partial(np.clip, a_min=0, a_max=1), np.round, np.fix, np.isposinf, np.isneginf):
        with pytest.raises(mg.UnsupportedError, match="Write"):
            call(mg.parameter([1.0]), out=np.ones(1))


def test_clip_wants_its_bounds_in_one_way():
    """As NumPy does."""
    x = mg.parameter([1.0])
    with pytest.raises(ValueError, match="not both"):
        np.clip(x, 0, 1, min=0)
    with pytest.raises(TypeError, match="None where there is none"):
        np.clip(x, 0)
    with pytest.raises(mg.UnsupportedError, match=r"np\.clip: casting="):
        np.clip(x, 0, 1, casting="no")


def test_an_exponent_of_ldexp_is_a_whole_number():
    """NumPy's words for it are about casting rules."""
    with pytest.raises(
        mg.DTypeError, match=r"np\.ldexp: exponents are whole numbers, not float64. Write x \* 2.0\*\*e"
    ):
        np.ldexp(mg.parameter(1.0), mg.parameter(2.0))


def test_shapes_that_do_not_fit_are_named():
    """With the op and the names, as everywhere."""
    x, y = mg.parameter(np.ones(2), name="x"), mg.parameter(np.ones(3), name="y")
    for f in (np.hypot, np.maximum, sp.beta, np.remainder):
        with pytest.raises(mg.ShapeError, match=rf"{f.__name__}\(x, y\): x is \(2,\) and y is \(3,\)"):
            f(x, y)


def test_without_scipy_a_special_function_says_what_to_install(monkeypatch):
    """SciPy is an optional extra; the message names it. np.i0 needs it for its derivative only."""
    x = mg.parameter(1.0)
    i0 = np.i0(x)
    special.scipy_special.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy", None)
    try:
        for call in (lambda: OPERATIONS["erf"](x), lambda: polygamma(1, x), lambda: mg.gradients(i0, x)):
            with pytest.raises(mg.MissingExtraError, match=r'scipy, of minigrad\'s extra "demo"'):
                call()
    finally:
        special.scipy_special.cache_clear()
