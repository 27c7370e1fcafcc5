"""Statistics, quantiles, interpolation and polynomials: what the laws cannot see.

The laws run over examples_reductions.py. Here are NumPy's own numbers for all keywords and methods, what symmetry says
of derivatives (a mean moves with its data, a correlation does not), exact ones in rational arithmetic, the conventions
at spreads of 0, ties and knots, and the errors.
"""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from witnesses import relative_error, ridders

import minigrad as mg
from minigrad.ops.quantiles import OFFSETS

A = np.array([[0.5, -2.0, 1.5, 1.0], [1.0, 0.25, 3.0, -0.5], [2.0, 1.0, 0.0, 0.7]])
HOLES = np.where(A == 1.0, np.nan, A)
MASK = np.array([[True, False, True, True], [False, True, True, True], [True, True, True, False]])
METHODS = [
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]
nan, inf = np.nan, np.inf


def gradient(f, *arrays):
    """The gradients of f, or of the sum of its entries."""
    nodes = [mg.parameter(a) for a in arrays]
    found = mg.gradients(mg.sum(f(*nodes)), nodes)
    return found[0] if len(arrays) == 1 else found


def same(node, right, rtol=1e-14):
    right = np.asarray(right)
    assert (node.shape, node.dtype) == (right.shape, right.dtype)
    np.testing.assert_allclose(node.value, right, rtol=rtol, atol=1e-15)


# --- NumPy's numbers --------------------------------------------------------------------------------------------------

SPREADS = [
    {},
    {"axis": 0},
    {"axis": -1, "keepdims": True},
    {"axis": (0, 1)},
    {"ddof": 1},
    {"ddof": 0.5, "axis": 1},
    {"correction": 1, "axis": 0},
    {"dtype": np.float64},
    {"where": MASK},
    {"where": MASK[:1], "axis": 1, "ddof": 1, "keepdims": True},
    {"mean": np.array([[0.5], [0.25], [1.0]]), "axis": 1},
    {"mean": np.array([[0.5], [0.25], [1.0]]), "axis": 1, "where": MASK, "keepdims": True},
]


@pytest.mark.parametrize("function", [np.var, np.std, np.nanvar, np.nanstd], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["f8", "f4", "i8"])
def test_the_keywords_of_spreads_mean_what_they_mean_to_numpy(function, dtype):
    """Degrees of freedom by either name, masks, a mean that is known already."""
    array = (HOLES if "nan" in function.__name__ and dtype != "i8" else A).astype(dtype)
    x = mg.parameter(array) if dtype != "i8" else mg.constant(array)
    for keywords in SPREADS:
        same(function(x, **keywords), function(array, **keywords), rtol=1e-14 if dtype != "f4" else 1e-6)


@pytest.mark.parametrize("function", [np.quantile, np.percentile, np.nanquantile, np.nanpercentile])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_quantiles_gives_numpys_numbers(function, method):
    """And a derivative whose entries add up to 1: a quantile moves with its data."""
    array = HOLES if "nan" in function.__name__ else A
    x, most = mg.parameter(array), 100 if "percentile" in function.__name__ else 1
    for q in (0.0, 0.25, 0.5, 1, [0.1, 0.65], np.array([[0.3], [1.0]])):
        level = np.multiply(q, most) if not isinstance(q, float) else q * most
        for keywords in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (1, 0), "keepdims": True}):
            node = function(x, level, method=method, **keywords)
            same(node, function(array, level, method=method, **keywords))
            total = mg.total_jacobian(node, x)(np.ones(x.shape))
            np.testing.assert_allclose(total, np.ones(node.shape), rtol=1e-12)


@pytest.mark.parametrize("function", [np.median, np.nanmedian], ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "?"])
def test_a_median_has_numpys_numbers(function, dtype):
    """Of an odd and of an even number, along any axes, in any precision."""
    array = (HOLES if function is np.nanmedian and dtype[0] == "f" else A).astype(dtype)
    x = mg.parameter(array) if dtype[0] == "f" else mg.constant(array)
    for keywords in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": (0, 1), "keepdims": True}):
        same(function(x, **keywords), function(array, **keywords), rtol=1e-3 if dtype == "f2" else 1e-7)


def test_a_float_as_level_leaves_single_precision_as_it_is():
    """Python's, that is; an array of levels, or a scalar of NumPy's, counts in the promotion."""
    x = A.astype(np.float32)
    for q in (0.3, np.float64(0.3), 1, np.float32(0.3), np.array([0.3])):
        assert np.quantile(mg.parameter(x), q).dtype == np.quantile(x, q).dtype


AVERAGES = [
    {},
    {"axis": 1},
    {"axis": 0, "keepdims": True},
    {"weights": np.abs(A)},
    {"weights": [1, 2, 3], "axis": 0},
    {"weights": [1.0, 2.0, 3.0, 4.0], "axis": 1, "keepdims": True},
    {"weights": np.abs(A).T, "axis": (1, 0)},
    {"weights": np.float32([1, 2, 3]), "axis": -2},
]


@pytest.mark.parametrize("keywords", AVERAGES, ids=lambda k: str(k)[:30])
@pytest.mark.parametrize("dtype", ["f8", "f4", "i8"])
def test_an_average_is_numpys_and_so_is_the_sum_of_its_weights(keywords, dtype):
    """With weights along any axes, which may be fewer than those of the data."""
    array = A.astype(dtype)
    x = mg.parameter(array) if dtype != "i8" else mg.constant(array)
    for ours, numpys in zip(
        np.average(x, returned=True, **keywords), np.average(array, returned=True, **keywords), strict=True
    ):
        same(ours, numpys, rtol=1e-6 if dtype == "f4" else 1e-14)
    same(np.average(x, **keywords), np.average(array, **keywords), rtol=1e-6 if dtype == "f4" else 1e-14)


COVARIANCES = [
    {},
    {"rowvar": False},
    {"bias": True},
    {"ddof": 2},
    {"y": A[:2]},
    {"y": A[0]},
    {"y": A[:, :1], "rowvar": False},
    {"fweights": [1, 2, 0, 4]},
    {"aweights": [1.0, 0.5, 2.0, 0.1]},
    {"aweights": [1.0, 0.5, 2.0, 0.1], "bias": True},
    {"fweights": [1, 2, 0, 4], "aweights": [1.0, 0.5, 2.0, 0.1], "ddof": 1},
    {"dtype": np.float32},
]


@pytest.mark.parametrize("keywords", COVARIANCES, ids=str)
def test_a_covariance_is_numpys(keywords):
    """Variables as rows or columns, a second set, frequencies and importances of the observations."""
    for m in (A, A.astype(np.float32), A.astype(int)):
        x = mg.parameter(m) if m.dtype.kind == "f" else mg.constant(m)
        same(np.cov(x, **keywords), np.cov(m, **keywords), rtol=1e-6 if keywords.get("dtype") else 1e-13)
        if keywords.keys() <= {"rowvar", "y"}:
            same(np.corrcoef(x, **keywords), np.corrcoef(m, **keywords), rtol=1e-13)


def test_a_covariance_of_one_variable_or_of_two_vectors_is_numpys():
    """A vector is one variable, whatever rowvar says."""
    for rowvar in (True, False):
        same(np.cov(mg.parameter(A[0]), rowvar=rowvar), np.cov(A[0], rowvar=rowvar))
        same(np.cov(A[0], mg.parameter(A[1]), rowvar=rowvar), np.cov(A[0], A[1], rowvar=rowvar))
    same(np.corrcoef(mg.parameter(A[0])), np.corrcoef(A[0]))
    same(np.corrcoef(A[0], mg.parameter(A[1])), np.corrcoef(A[0], A[1]))


# --- what is known of derivatives -------------------------------------------------------------------------------------


def test_the_gradient_of_a_variance_far_from_0_has_all_its_digits():
    """2 (x − x̄)/n in rational arithmetic, at 10⁸ ± 1: the mean of squares less the square of the mean has no digit."""
    x = 1e8 + np.array([0.25, -1.0, 0.5, 0.75, 2.0])
    exact = [Fraction(float(entry)) for entry in x]
    mean = sum(exact) / len(exact)
    right = [float(2 * (entry - mean) / len(exact)) for entry in exact]
    assert relative_error(gradient(np.var, x), right) <= 1e-8
    assert relative_error(gradient(np.var, x - 1e8), right) <= 1e-14


@pytest.mark.parametrize("function", [np.std, np.nanstd, partial(np.std, where=[True, True, True])])
@pytest.mark.parametrize("entry", [2.0, 0.0, 0.1, 1 / 3, 1e-300])
def test_a_spread_of_0_has_the_derivative_0(function, entry):
    """As a norm at 0; also where the mean of equal entries rounds, and the spread comes out as 10⁻¹⁷ instead of 0."""
    x = np.full(3, entry)
    first = gradient(function, x)
    assert np.abs(first).max() <= 1e-12


@pytest.mark.parametrize("function", [np.std, np.nanstd, partial(np.std, where=[True, True])])
def test_at_a_spread_of_0_the_second_derivative_is_0_too(function):
    """And not NaN: 0/0 is nowhere multiplied by 0."""
    x = mg.parameter([2.0, 2.0])
    first = mg.gradients(function(x), x, create_graph=True)
    np.testing.assert_array_equal(first.value, [0, 0])
    np.testing.assert_array_equal(mg.gradients(first[0], x), [0, 0])


def test_a_variance_moves_with_a_mean_that_is_given():
    """Σ (x − m)²/n has the slope −2 Σ (x − m)/n by m: 0 at the mean of x itself, and only there."""
    x = np.array([1.0, 2.0, 6.0])
    by_x, by_m = gradient(lambda x, m: np.var(x, mean=m), x, np.array([1.0]))
    np.testing.assert_allclose(by_x, 2 * (x - 1) / 3)
    np.testing.assert_allclose(by_m, [-4.0])
    assert gradient(lambda m: np.var(x, mean=m), np.array([3.0])) == 0


@pytest.mark.parametrize("pair", [(A[0], A[1]), (A[0] * 1e-8, A[1] * 1e8), (A[0] + 100, A[1])])
def test_a_correlation_does_not_change_when_a_variable_is_moved_or_stretched(pair):
    """So its gradient is orthogonal to ones, and to the deviations of that variable."""
    x, y = pair
    by_x = mg.gradients(np.corrcoef(node := mg.parameter(x), y)[0, 1], node)
    size = np.abs(by_x).max()
    assert abs(by_x.sum()) <= 1e-12 * size
    assert abs(by_x @ (x - x.mean())) <= 1e-12 * size * np.abs(x - x.mean()).sum()


def test_perfectly_correlated_variables_have_a_correlation_that_is_flat():
    """±1 is an extreme; the entries on the diagonal are 1 wherever."""
    x = mg.parameter(A[0])
    r = np.corrcoef(x, 3 * A[0] + 1)
    assert mg.gradients(r[0, 1], x) == pytest.approx(np.zeros(4), abs=1e-15)
    assert mg.gradients(np.corrcoef(x, A[1])[0, 0], x) == pytest.approx(np.zeros(4), abs=1e-15)


def test_of_entries_that_are_equal_the_first_carries_a_quantile():
    """The order is a stable one: the written convention."""
    np.testing.assert_array_equal(gradient(np.median, np.array([1.0, 5.0, 5.0, 9.0, 5.0])), [0, 0, 1, 0, 0])
    np.testing.assert_array_equal(gradient(np.median, np.array([5.0, 5.0])), [0.5, 0.5])


def test_a_median_of_an_odd_number_passes_an_infinite_cotangent_on():
    """√median at 0: the entry in the middle has the slope ∞, and the others have none."""
    with np.errstate(divide="ignore"):
        found = gradient(lambda x: np.sqrt(np.median(x)), np.array([-1.0, 0.0, 4.0]))
    np.testing.assert_array_equal(found, [0, inf, 0])


def test_a_median_of_nan_is_nan_and_a_nanmedian_leaves_it_out():
    """Value and derivative are those of the other entries."""
    x = np.array([3.0, nan, 1.0, 2.0])
    assert np.isnan(np.median(mg.parameter(x)).value)
    np.testing.assert_array_equal(gradient(np.nanmedian, x), [0, 0, 0, 1])
    np.testing.assert_array_equal(gradient(partial(np.nanquantile, q=0.25), x), [0, 0, 0.5, 0.5])


@pytest.mark.parametrize("method", METHODS)
def test_a_quantile_is_differentiated_by_its_level_too(method):
    """Continuous methods rise with q, and by x and q mixed; the others jump, and are flat between."""
    x, q = np.array([3.0, -1.0, 0.5, 7.0, 2.0]), np.array([0.04, 0.29, 0.66, 0.98])
    node, level = mg.parameter(x), mg.parameter(q)
    out = np.quantile(node, level, method=method)
    slopes = mg.total_jacobian(out, level)(np.ones(4))
    right = ridders(lambda t: np.quantile(x, q + t, method=method), step=0.01)
    assert relative_error(slopes, right, size=1) <= 1e-9
    assert slopes.any() == (method in OFFSETS)
    by_level = mg.gradients(mg.sum(out), level, create_graph=True)
    mixed = mg.gradients(mg.sum(by_level * q), node)

    def moved(t):
        there = mg.parameter(x + t * np.arange(5.0))
        return np.vdot(mg.gradients(mg.sum(np.quantile(there, level, method=method)), level), q)

    assert abs(np.vdot(mixed, np.arange(5.0)) - ridders(moved, step=0.01)) <= 1e-8


def test_a_level_that_is_a_node_is_computed_anew():
    """At another level other entries are taken."""
    x, q = mg.parameter([3.0, 1.0, 2.0]), mg.constant(0.5)
    for function, level in ((np.quantile, 0.0), (np.nanquantile, 1.0)):
        assert mg.evaluate(function(x, q), {q: level}) == function(x.value, level)
    with pytest.raises(mg.DomainError, match="q lies between 0 and 1"):
        mg.evaluate(np.quantile(x, q), {q: 2.0})


def test_a_quantile_at_other_values_picks_other_entries():
    """The order is computed anew, for value and gradient alike."""
    x = mg.parameter([3.0, 1.0, 2.0])
    recorded = mg.gradients(np.quantile(x, 0.75), x, create_graph=True)
    np.testing.assert_array_equal(recorded.value, [0.5, 0, 0.5])
    np.testing.assert_array_equal(mg.evaluate(recorded, {x: [1.0, 2.0, 3.0]}), [0, 0.5, 0.5])


# --- between points ---------------------------------------------------------------------------------------------------


def test_interpolation_has_numpys_numbers():
    """At points, between them, outside, with values for outside, around a period, and for one point alone."""
    xp, fp = np.array([0.0, 1.0, 2.5, 3.0]), np.array([1.0, -1.0, 4.0, 4.5])
    x = np.array([-1.0, 0.0, 0.25, 1.0, 2.4999, 2.5, 3.0, 7.0])
    for keywords in ({}, {"left": -9.0}, {"right": 7}, {"left": 1, "right": 2}, {"period": 3.5}, {"period": -4}):
        same(np.interp(mg.parameter(x), xp, fp, **keywords), np.interp(x, xp, fp, **keywords))
        same(np.interp(x, mg.parameter(xp), mg.parameter(fp), **keywords), np.interp(x, xp, fp, **keywords))
    same(np.interp(mg.parameter(x, name="x"), xp[:1], fp[:1], left=0), np.interp(x, xp[:1], fp[:1], left=0))
    same(np.interp(mg.parameter(np.float32(0.5)), [0, 1], [0, 3]), np.interp(np.float32(0.5), [0, 1], [0, 3]))
    assert np.isnan(np.interp(mg.parameter(nan), xp, fp).value)


def test_at_a_point_the_slope_is_that_to_its_right_and_outside_it_is_0():
    """The written convention; the last point looks to its left."""
    x, xp, fp = np.array([-1.0, 0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0, 4.0])
    np.testing.assert_array_equal(gradient(lambda x: np.interp(x, xp, fp), x), [0, 3, 1, 1, 0])
    by_fp = mg.total_jacobian(np.interp(x, xp, node := mg.parameter(fp)), node).matrix()
    np.testing.assert_array_equal(by_fp, [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]])


def test_moving_points_and_places_together_changes_nothing():
    """By x and xp the derivatives cancel; by fp they add up to 1."""
    x, xp, fp = np.array([0.2, 1.7, 2.2]), np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 3.0, 4.0, -1.0])
    places, points, values = mg.parameter(x), mg.parameter(xp), mg.parameter(fp)
    out = np.interp(places, points, values)
    along = [mg.total_jacobian(out, node)(np.ones(node.shape)) for node in (places, points, values)]
    np.testing.assert_allclose(along[0] + along[1], 0, atol=1e-14)
    np.testing.assert_allclose(along[2], 1, rtol=1e-14)


def test_values_at_which_nothing_is_read_may_be_infinite():
    """Tables end with ∞; only what lies beside it is affected."""
    fp = mg.parameter([0.0, 1.0, inf])
    out = np.interp([0.5], [0.0, 1.0, 2.0], fp)
    np.testing.assert_array_equal(mg.gradients(out, fp, cotangent=[1.0]), [0.5, 0.5, 0])


# --- polynomials ------------------------------------------------------------------------------------------------------


def test_polynomials_have_numpys_numbers():
    """Coefficients and places as nodes or arrays, of any shape, degree and dtype."""
    p, q, x = np.array([2.0, -1.0, 0.5, 3.0]), np.array([1.0, 4.0]), np.array([[0.0, 1.5], [-2.0, 0.25]])
    for polynomial in (p, q[:1], q[:0], p.astype(np.float32)):
        same(np.polyval(mg.parameter(polynomial), x), np.polyval(polynomial, x))
        same(np.polyval(polynomial, mg.parameter(x)), np.polyval(polynomial, x))
    same(np.polyval([1, 2], mg.parameter(x.astype(np.float32))), np.polyval([1, 2], x.astype(np.float32)))
    for f in (np.polyadd, np.polysub, np.polymul):
        for one, other in ((p, q), (q, p), (q, 2.0), (q.astype(np.float32), [1, 2, 3])):
            same(f(mg.parameter(one), other), f(one, other))
            same(f(other, mg.parameter(one)), f(other, one))
    for m in range(6):
        same(np.polyder(mg.parameter(p), m), np.polyder(p, m))
        same(np.polyint(mg.parameter(p), m), np.polyint(p, m))
        same(np.polyint(mg.parameter(p), m, k=[2.0]), np.polyint(p, m, k=[2.0]))
    for settings in ({}, {"N": 2}, {"N": 5, "increasing": True}):
        same(np.vander(mg.parameter(p), **settings), np.vander(p, **settings))


def test_powers_at_0_have_the_derivatives_that_they_have():
    """0⁰ = 1 is constant, and x¹ has the slope 1, at 0 as well."""
    x = mg.parameter([0.0])
    powers = np.vander(x, 4, increasing=True)
    np.testing.assert_array_equal(mg.total_jacobian(powers, x)(np.ones(1)), [[0, 1, 0, 0]])


def test_a_fit_is_numpys_and_exact_data_move_it_as_they_should():
    """y = 3x² − x + 2 has these coefficients; lifting all y lifts the last of them, scaling y scales all."""
    x, w = np.array([-1.0, 0.0, 0.5, 2.0, 3.0]), np.array([1.0, 2.0, 0.5, 1.0, 3.0])
    y = np.polyval([3.0, -1.0, 2.0], x)
    for keywords in ({}, {"w": w}):
        values = mg.parameter(y)
        fit = np.polyfit(x, values, 2, **keywords)
        np.testing.assert_allclose(fit.value, np.polyfit(x, y, 2, **keywords), rtol=1e-12)
        J = mg.total_jacobian(fit, values)
        np.testing.assert_allclose(J(np.ones(5)), [0, 0, 1], atol=1e-13)
        np.testing.assert_allclose(J(y), [3, -1, 2], rtol=1e-12)
    both = np.polyfit(mg.parameter(x), np.stack([y, x], axis=1), 1)
    np.testing.assert_allclose(both.value, np.polyfit(x, np.stack([y, x], axis=1), 1), rtol=1e-12, atol=1e-14)


# --- errors -----------------------------------------------------------------------------------------------------------

x, W, E = mg.parameter([1.0, 2.0, 3.0], name="x"), mg.parameter(A, name="W"), mg.parameter(np.zeros((0, 3)), name="E")
N = mg.parameter([[nan, nan], [1.0, 2.0]], name="N")
Shape, Domain, Unsupported = mg.ShapeError, mg.DomainError, mg.UnsupportedError

ERRORS = [
    (lambda: np.var(E), Shape, "var(E) | (0, 3) | n − ddof is 0"),
    (lambda: np.std(x, ddof=3), Shape, "std(x) | (3,) | n − ddof is 0"),
    (lambda: np.var(x, ddof=1, correction=1), Domain, "np.var | ddof=1 | correction=1"),
    (lambda: np.std(x, dtype=int), Unsupported, "np.std | dtype="),
    (lambda: np.std(x, where=[True, False, False], ddof=1), Domain, "np.std | ddof=1 | 1 of 1 places"),
    (lambda: np.nanvar(N, axis=1), Domain, "np.nanvar | 1 of 2 places"),
    (lambda: np.nanstd(N, axis=1, ddof=2), Domain, "np.nanstd | ddof=2 | 2 of 2 places"),
    (lambda: np.median(E), Shape, "median(E) | (0, 3) | nothing"),
    (lambda: np.quantile(E, 0.5, axis=0), Shape, "quantile(E | nothing"),
    (lambda: np.nanmedian(N, axis=1), Domain, "np.nanmedian | 1 of 2 places"),
    (lambda: np.quantile(x, 2), Domain, "np.quantile | between 0 and 1 | 2"),
    (lambda: np.percentile(x, [5, -1]), Domain, "np.percentile | between 0 and 100"),
    (lambda: np.quantile(x, nan), Domain, "np.quantile | between 0 and 1"),
    (lambda: np.quantile(x, 0.5, method="middle"), Shape, "'middle'"),
    (
        lambda: np.quantile(x, 0.5, weights=[1, 2, 3], method="inverted_cdf"),
        Unsupported,
        "np.quantile | weights= | np.repeat",
    ),
    (lambda: np.median(x, None, np.zeros(())), Unsupported, "np.median | out="),
    (lambda: np.average(x, weights=[1, -1, 0]), Domain, "np.average | add up to 0"),
    (lambda: np.average(W, weights=[1, 2, 3]), Shape, "np.average | (3, 4) | (3,) | axis"),
    (lambda: np.average(W, axis=1, weights=[1, 2, 3]), Shape, "np.average | (3,) | axis=1"),
    (lambda: np.average(E), Shape, "mean(E) | nothing"),
    (lambda: np.cov(x[:1]), Domain, "np.cov | 1 observations | ddof=1"),
    (lambda: np.cov(W[None]), Shape, "np.cov | (1, 3, 4) | matrix"),
    (lambda: np.cov(x, ddof=0.5), Domain, "np.cov | ddof=0.5 | whole"),
    (lambda: np.cov(W, fweights=[1, 2, 0.5, 1]), Domain, "np.cov | fweights | whole"),
    (lambda: np.cov(W, aweights=[1, -2, 0.5, 1]), Domain, "np.cov | aweights | negative"),
    (lambda: np.cov(W, aweights=[1, 2]), Shape, "np.cov | aweights | (2,) | 4 observations"),
    (lambda: np.interp(x, [1, 2], [1, 2, 3]), Shape, "np.interp | (2,) | (3,)"),
    (lambda: np.interp(x, [], []), Shape, "np.interp | (0,)"),
    (lambda: np.interp(x, [1.0], [1.0], period=0), Domain, "np.interp | period"),
    (lambda: np.polyder(x, -1), Domain, "np.polyder | m=-1"),
    (lambda: np.polyint(x, 3, [1, 2]), Shape, "np.polyint | 2 constants | m=3"),
    (lambda: np.vander(W), Shape, "vander(W) | (3, 4)"),
    (lambda: np.polyfit(x, x, -1), Domain, "np.polyfit | deg=-1"),
    (lambda: np.polyfit(x, [1.0, 2.0], 1), Shape, "np.polyfit | (3,) | (2,)"),
    (lambda: np.polyfit(x, x, 1, full=True), Unsupported, "np.polyfit | full= | np.linalg.lstsq"),
    (lambda: np.polyfit(x, x, 1, cov=True), Unsupported, "np.polyfit | cov="),
]


@pytest.mark.parametrize(("ask", "error", "words"), ERRORS, ids=[words for _, _, words in ERRORS])
def test_what_cannot_be_done_is_a_typed_error_that_names_it(ask, error, words):
    """Instead of NumPy's NaN and warning, or of an error from the engine's inside."""
    with pytest.raises(error) as caught:
        ask()
    for word in words.split(" | "):
        assert word in str(caught.value)
