"""Reductions, products of entries, running sums and products, differences, counts: what the laws cannot see.

The laws run over examples_reductions.py. Here are NumPy's own numbers for all keywords, the conventions at ties and
zeros, derivatives in closed form where factors vanish, what comes of NaN and of nothing, and the errors.
"""

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from witnesses import relative_error, ridders

import minigrad as mg

A = np.array([[0.5, -2.0, 1.5], [1.0, 0.25, 3.0]])
HOLES = np.array([[0.5, np.nan, 1.5], [1.0, 0.25, np.nan]])
MASK = np.array([[True, False, True], [False, True, True]])
inf, nan = np.inf, np.nan


def gradient(f, *arrays):
    """The gradients of f, or of the sum of its entries."""
    nodes = [mg.parameter(a) for a in arrays]
    found = mg.gradients(mg.sum(f(*nodes)), nodes)
    return found[0] if len(arrays) == 1 else found


def hessian(f, array):
    """The matrix of second derivatives of a number, a gradient's entry at a time."""
    x = mg.parameter(array)
    first = mg.gradients(f(x), x, create_graph=True).reshape(-1)
    return np.stack([mg.gradients(first[k], x).ravel() for k in range(x.size)])


# --- NumPy's numbers --------------------------------------------------------------------------------------------------

SETTINGS = {
    "axis": [None, 0, -1, (0, 1), (1, -2), (), np.int64(1)],
    "keepdims": [False, True],
    "where": [MASK, MASK[:1], MASK[:, :1].tolist(), np.True_],
    "initial": [2, 2.5, np.float64(-0.5), -inf],
    "dtype": [np.float32, "float64", "f2"],
}
KEYWORDS = {
    np.sum: ("axis", "keepdims", "where", "initial", "dtype"),
    np.prod: ("axis", "keepdims", "where", "initial", "dtype"),
    np.mean: ("axis", "keepdims", "dtype"),
    np.max: ("axis", "keepdims", "initial"),
    np.min: ("axis", "keepdims", "initial"),
    np.ptp: ("axis", "keepdims"),
    np.all: ("axis", "keepdims", "where"),
    np.any: ("axis", "keepdims", "where"),
    np.count_nonzero: ("axis", "keepdims"),
    np.nansum: ("axis", "keepdims", "where", "initial", "dtype"),
    np.nanprod: ("axis", "keepdims", "where", "initial", "dtype"),
    np.nanmean: ("axis", "keepdims", "dtype"),
    np.nanmax: ("axis", "keepdims", "initial"),
    np.nanmin: ("axis", "keepdims", "initial"),
}
CALLS = [
    (f, dict(zip(names, values, strict=True)))
    for f, allowed in KEYWORDS.items()
    for names in [(name,) for name in allowed] + list(itertools.combinations(allowed, 2))
    for values in itertools.product(*[SETTINGS[name] for name in names])
]
CALLS += [(f, {"axis": 1, "initial": 0.7, "where": MASK}) for f in (np.max, np.min, np.nanmax, np.nanmin)]
CALLS += [(np.mean, {"axis": axis, "where": MASK, "keepdims": True}) for axis in (None, 0, 1)]


@pytest.mark.parametrize("function", KEYWORDS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "?"])
def test_every_keyword_means_what_it_means_to_numpy(function, dtype):
    """Each alone, and all pairs: numbers, shape and dtype, and a gradient that has those of the array."""
    array = (HOLES if "nan" in function.__name__ and dtype[0] == "f" else A).astype(dtype)
    x = mg.parameter(array) if dtype[0] == "f" else mg.constant(array)
    for keywords in (keywords for f, keywords in CALLS if f is function):
        if "initial" in keywords and dtype[0] != "f" and not isinstance(keywords["initial"], int):
            continue
        with np.errstate(all="ignore"):
            try:
                right = np.asarray(function(array, **keywords))
            except (RuntimeWarning, TypeError):  # of nothing but NaN; of masks, which cannot be subtracted
                with pytest.raises((mg.DomainError, TypeError)):
                    function(x, **keywords)
                continue
            node = function(x, **keywords)
        assert (node.shape, node.dtype) == (right.shape, right.dtype), keywords
        eps = np.finfo(right.dtype if right.dtype.kind == "f" else np.float64).eps
        np.testing.assert_allclose(node.value, right, rtol=8 * float(eps), err_msg=str(keywords))
        if node.differentiable:
            slope = mg.gradients(node, x, cotangent=np.ones(node.shape))
            assert (slope.shape, slope.dtype) == (x.shape, x.dtype)
            assert not np.isnan(slope).any()


POSITIONAL = [
    (np.sum, (0, np.float32)),
    (np.sum, (1, None, None, True, 2.0, MASK)),
    (np.mean, (0, np.float32, None, True)),
    (np.prod, ((0, 1), None, None, True, 2.0, MASK)),
    (np.max, (1, None, True, 0.0, MASK)),
    (np.nanmin, (0, None, True)),
    (np.cumsum, (1, np.float32, None)),
    (np.cumprod, (0, None)),
    (np.var, (0, None, None, 1, True)),
    (np.argmax, (1, None)),
    (np.diff, (1, 0, A[:1], A[:1])),
    (np.trapezoid, (None, 0.5, 0)),
    (np.trapezoid, (np.array([1.0, 2.0, 4.0]),)),
    (np.add.reduce, (1,)),
    (np.multiply.reduce, (0,)),
    (np.maximum.reduce, (1,)),
    (np.minimum.reduce, ()),
    (np.logical_and.reduce, (1,)),
    (np.add.accumulate, (1,)),
    (np.multiply.accumulate, ()),
]


@pytest.mark.parametrize(("function", "settings"), POSITIONAL, ids=lambda v: getattr(v, "__name__", ""))
def test_settings_may_be_given_by_position(function, settings):
    """In NumPy's order; and ufuncs reduce and accumulate along the first axis, unless it is given."""
    node, right = function(mg.parameter(A), *settings), function(A, *settings)
    assert (node.shape, node.dtype) == (right.shape, right.dtype)
    np.testing.assert_allclose(node.value, right, rtol=1e-6)


@pytest.mark.parametrize("name", ["all", "any", "argmax", "argmin", "cumprod", "cumsum", "max", "mean", "min", "prod"])
def test_a_node_has_the_methods_of_an_array(name):
    """`x.max(axis=1)` is what people write."""
    node, right = getattr(mg.parameter(A), name)(axis=1), getattr(A, name)(axis=1)
    np.testing.assert_array_equal(node.value, right)


# --- ties, and entries that are left out ------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [np.max, np.min, np.nanmax, np.nanmin], ids=lambda f: f.__name__)
def test_entries_that_tie_share_the_derivative_evenly(function):
    """So that it sums to one, and that a constant array has a symmetric gradient (autograd, torch and jax agree)."""
    sign = 1 if "max" in function.__name__ else -1
    np.testing.assert_array_equal(gradient(function, np.array([sign, 3 * sign, 3.0 * sign])), [0, 0.5, 0.5])
    np.testing.assert_array_equal(gradient(function, np.full((2, 2), 7.0)), np.full((2, 2), 0.25))
    by_rows = gradient(partial(function, axis=1), np.array([[1.0, 1.0], [sign, -sign]]))
    np.testing.assert_array_equal(by_rows, [[0.5, 0.5], [1, 0]])
    np.testing.assert_array_equal(gradient(function, np.array([sign * inf, 0.0, sign * inf])), [0.5, 0, 0.5])
    np.testing.assert_array_equal(gradient(function, np.array([0.0, -0.0])), [0.5, 0.5])


def test_ptp_of_equal_entries_is_flat():
    """Largest and smallest share over the same entries."""
    np.testing.assert_array_equal(gradient(np.ptp, np.full(4, 2.0)), np.zeros(4))


def test_an_initial_value_counts_as_one_more_entry():
    """Where it is beyond all others nothing comes back; where it ties, it takes its share."""
    x = np.array([1.0, 3.0, 3.0])
    np.testing.assert_array_equal(gradient(partial(np.max, initial=5), x), [0, 0, 0])
    np.testing.assert_allclose(gradient(partial(np.max, initial=3.0), x), [0, 1 / 3, 1 / 3])
    masked = partial(np.max, initial=0.0, where=np.array([True, False, True]))
    np.testing.assert_array_equal(gradient(masked, x), [0, 0, 1])


def test_the_derivative_of_a_largest_entry_that_is_nan_is_0():
    """The value says NaN; a gradient of NaN would spread it to all that was computed before."""
    np.testing.assert_array_equal(
        gradient(partial(np.max, axis=1), np.array([[1.0, nan], [1.0, 2.0]])), [[0, 0], [0, 1]]
    )


@pytest.mark.parametrize("function", [np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nanvar, np.nanstd])
def test_nothing_comes_back_to_an_entry_that_is_nan(function):
    """Nor does NaN come back to the others, not even through a function that is NaN or infinite there."""
    x = np.array([1.0, nan, 4.0, 2.5])
    found, without = gradient(function, x), gradient(function, x[[0, 2, 3]])
    np.testing.assert_allclose(found[[0, 2, 3]], without, rtol=1e-14)
    assert found[1] == 0
    with np.errstate(invalid="ignore"):
        through = gradient(lambda x: function(np.log(x)), np.array([1.0, -1.0, 4.0]))
    assert through[1] == 0
    assert np.isfinite(through).all()


@pytest.mark.parametrize("function", [np.sum, np.mean, np.prod, np.var, np.std], ids=lambda f: f.__name__)
def test_what_where_leaves_out_may_be_anything(function):
    """NaN and ∞ included: the mask chooses, it does not multiply."""
    x, mask = np.array([1.0, nan, 4.0, inf, 2.5]), np.array([True, False, True, False, True])
    value = function(mg.parameter(x), where=mask).value
    np.testing.assert_allclose(value, function(x[mask]), rtol=1e-15)
    found = gradient(partial(function, where=mask), x)
    np.testing.assert_allclose(found[mask], gradient(function, x[mask]), rtol=1e-14)
    np.testing.assert_array_equal(found[~mask], 0)


def test_a_mask_that_is_a_node_is_computed_anew():
    """np.sum(x, where=x > 0) at other values sums other entries."""
    x = mg.parameter([1.0, -2.0, 3.0])
    for function, right in ((np.sum, 5.0), (np.mean, 5.0), (np.prod, 5.0), (partial(np.max, initial=0), 5.0)):
        J = function(x, where=x > 0)
        assert mg.evaluate(J, {x: [-1.0, 5.0, -3.0]}) == right


def test_a_sum_with_a_mask_or_a_start_is_not_taken_for_a_plain_one():
    """log Σ eᶻ has a stable form; with where= or initial= it is another function."""
    z = np.array([0.1, 0.7, -0.4])
    x, mask = mg.parameter(z), np.array([True, False, True])
    np.testing.assert_allclose(np.log(np.sum(np.exp(x), where=mask)).value, np.log(np.exp(z[mask]).sum()))
    np.testing.assert_allclose(np.log(np.sum(np.exp(x), initial=2.0)).value, np.log(np.exp(z).sum() + 2))


def test_log_of_a_sum_of_no_probability_is_minus_infinity_and_flat():
    """A row in which all is masked out: −∞ is its value, and NaN would spoil all other rows."""
    z = np.array([[-inf, -inf], [0.0, -inf]])
    np.testing.assert_array_equal(mg.logsumexp(z, axis=1).value, [-inf, 0])
    np.testing.assert_array_equal(gradient(partial(mg.logsumexp, axis=1), z), [[0, 0], [1, 0]])


# --- products where factors vanish ------------------------------------------------------------------------------------

ZEROS = {
    "none": [1.5, -2.0, 3.0, 0.5],
    "one": [0.0, 2.0, 3.0, 0.5],
    "two": [0.0, 2.0, 0.0, 0.5],
    "three": [0.0, 0.0, 3.0, 0.0],
    "all": [0.0, 0.0, 0.0, 0.0],
    "negative": [-0.0, 2.0, -3.0, 0.5],
}


def without(x, *left_out):
    return np.prod([f for k, f in enumerate(x) if k not in left_out])


@pytest.mark.parametrize("x", ZEROS.values(), ids=ZEROS)
def test_a_product_is_differentiated_twice_right_where_factors_are_0(x):
    """By the definition: leave one factor out, or two. Division by a factor would give NaN."""
    n = len(x)
    np.testing.assert_allclose(gradient(np.prod, np.array(x)), [without(x, i) for i in range(n)], rtol=1e-15)
    right = [[without(x, i, j) if i != j else 0 for j in range(n)] for i in range(n)]
    np.testing.assert_allclose(hessian(np.prod, np.array(x)), right, rtol=1e-15)


@pytest.mark.parametrize("x", ZEROS.values(), ids=ZEROS)
def test_a_running_product_is_differentiated_twice_right_where_factors_are_0(x):
    """By the definition: for p_k the factors up to k, without one or two of them."""
    n = len(x)
    first = [[without(x[: k + 1], i) if i <= k else 0 for i in range(n)] for k in range(n)]
    node = mg.parameter(x)
    np.testing.assert_allclose(mg.total_jacobian(np.cumprod(node), node).matrix(), first, rtol=1e-15)
    weights = np.array([0.3, -1.0, 2.0, 0.7])
    second = [
        [
            sum(w * without(x[: k + 1], i, j) for k, w in enumerate(weights) if k >= max(i, j)) if i != j else 0
            for j in range(n)
        ]
        for i in range(n)
    ]
    np.testing.assert_allclose(hessian(lambda x: mg.sum(np.cumprod(x) * weights), np.array(x)), second, rtol=1e-14)


def test_third_derivatives_of_products():
    """∂³(x y z)/∂x∂y∂z = 1, at 0 too, of a product and of the last running one."""
    for f in (np.prod, lambda x: np.cumprod(x)[-1]):
        x = mg.parameter([0.0, 0.0, 0.0])
        g = f(x)
        for k in range(3):
            g = mg.gradients(g, x, create_graph=True)[k]
        assert g.value == 1


def test_the_published_example_of_a_product_with_a_zero():
    """prod([0, 2, 3]) has the gradient [6, 0, 0]."""
    np.testing.assert_array_equal(gradient(np.prod, np.array([0.0, 2.0, 3.0])), [6, 0, 0])


def test_a_long_running_product_is_differentiated_as_well_as_the_plain_recurrence():
    """Against the same recurrence step by step: 1,000 factors, some of them 0, none divided by."""
    rng = np.random.default_rng(5)
    x, v = rng.uniform(0.9, 1.1, size=1000), rng.normal(size=1000)
    x[[300, 700]] = 0
    p, p_dot, right = 1.0, 0.0, []
    for factor, factor_dot in zip(x, v, strict=True):
        p, p_dot = p * factor, p_dot * factor + p * factor_dot
        right.append(p_dot)
    node = mg.parameter(x)
    assert relative_error(mg.total_jacobian(np.cumprod(node), node)(v), right) <= 1e-13


# --- any shape, any axes ----------------------------------------------------------------------------------------------


@st.composite
def reductions(draw):
    shape = draw(arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
    axes = st.none() | arrays_of.valid_tuple_axes(len(shape))
    if shape:
        axes |= st.integers(-len(shape), len(shape) - 1)
    return shape, {"axis": draw(axes), "keepdims": draw(st.booleans())}


@pytest.mark.parametrize("function", [np.prod, np.max, np.min, np.var, np.median, np.nansum, np.nanmean, np.ptp])
@given(case=reductions(), seed=st.integers(0, 2**32 - 1))
def test_any_axes_of_any_shape_can_be_reduced(function, case, seed):
    """Values as NumPy's; forward mode is the derivative; reverse mode is its adjoint. Of nothing there is an error."""
    shape, settings = case
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.arange(int(np.prod(shape)))).reshape(shape) * 0.2 + 0.3
    node = mg.parameter(x)
    taken = np.sum(np.ones(shape), **settings)
    if function not in (np.prod, np.nansum) and not taken.all():
        with pytest.raises((mg.ShapeError, mg.DomainError)):
            function(node, **settings)
        return
    if function is not np.prod and function is not np.nansum and not taken.size:
        return  # NumPy itself warns of some
    out = function(node, **settings)
    np.testing.assert_allclose(out.value, function(x, **settings), rtol=1e-14)
    v, w = rng.uniform(-1, 1, size=shape), rng.uniform(-1, 1, size=out.shape)
    pushed = mg.total_jacobian(out, node)(v)
    right = ridders(lambda t: np.asarray(function(x + t * v, **settings)), step=0.04)
    assert relative_error(pushed, right, size=1) <= 1e-8
    pulled = mg.gradients(out, node, cotangent=w)
    size = max(1, np.abs(pulled * v).sum(), np.abs(w * pushed).sum())
    assert abs(np.vdot(w, pushed) - np.vdot(pulled, v)) <= 1e-13 * size


@pytest.mark.parametrize("function", [np.cumsum, np.cumprod, np.diff], ids=lambda f: f.__name__)
@given(
    shape=arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5),
    place=st.integers(-3, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_axis_of_any_shape_can_be_run_along(function, shape, place, seed):
    """Long and empty axes, from either end; the matrix of the map is that of the differences."""
    axis = place if -len(shape) <= place < len(shape) else 0
    x = np.random.default_rng(seed).normal(size=shape)
    node = mg.parameter(x)
    out = function(node, axis=axis)
    np.testing.assert_allclose(out.value, function(x, axis=axis), rtol=1e-15)
    J = mg.total_jacobian(out, node)
    matrix = mg.local_jacobian(out, 0).matrix()
    for v in np.eye(x.size).reshape(x.size, *shape)[:3]:
        right = ridders(lambda t, v=v: function(x + t * v, axis=axis), rows=4)
        assert relative_error(J(v), right, size=1) <= 1e-9
        np.testing.assert_allclose(J(v).ravel(), matrix @ v.ravel(), atol=1e-14)


# --- differences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("dtype", ["f8", "f4", "i8"])
def test_gradient_has_numpys_numbers_on_any_grid(edge_order, dtype):
    """One number, one for each axis, coordinates, and coordinates that are even."""
    rng = np.random.default_rng(3)
    f = (10 * rng.normal(size=(4, 5))).astype(dtype)
    uneven, even = np.array([0.0, 1.0, 1.5, 4.0]), np.arange(5) * 0.5
    node = mg.parameter(f) if dtype != "i8" else mg.constant(f)
    for spacing in ((), (0.5,), (2, 0.25), (uneven, even), (uneven.tolist(), 3), (np.arange(4), np.float32(2))):
        found = np.gradient(node, *spacing, edge_order=edge_order)
        for ours, numpys in zip(found, np.gradient(f, *spacing, edge_order=edge_order), strict=True):
            assert ours.dtype == numpys.dtype
            np.testing.assert_allclose(ours.value, numpys, rtol=1e-6, atol=1e-14 if dtype != "f4" else 1e-5)
    one = np.gradient(node, uneven, axis=0, edge_order=edge_order)
    np.testing.assert_allclose(one.value, np.gradient(f, uneven, axis=0, edge_order=edge_order), rtol=1e-5, atol=1e-5)
    assert one.shape == f.shape


def test_the_slope_of_a_parabola_is_exact_on_any_grid_and_so_is_its_derivative():
    """f = x²: inside and, with edge_order=2, at the ends, the slope is 2x; so moving the grid moves it by 2."""
    x = mg.parameter([0.0, 1.0, 1.5, 4.0, 4.5])
    slope = np.gradient(x * x, x, edge_order=2)
    np.testing.assert_allclose(slope.value, 2 * x.value, atol=1e-14)
    np.testing.assert_allclose(mg.total_jacobian(slope, x).matrix(), 2 * np.eye(5), atol=1e-13)


def test_an_area_is_differentiated_by_the_grid():
    """∂/∂x_k of the trapezoidal rule is (y_{k−1} − y_{k+1})/2, with half of y at the ends."""
    x, y = mg.parameter([0.0, 1.0, 3.0, 3.5]), np.array([1.0, 2.0, -1.0, 4.0])
    by_x = mg.gradients(np.trapezoid(y, x), x)
    np.testing.assert_allclose(by_x, [-1.5, 1.0, -1.0, 1.5])


def test_diff_turns_a_running_sum_back():
    """One is the inverse of the other, as maps too."""
    x = mg.parameter([3.0, -1.0, 2.0, 5.0])
    again = np.diff(np.cumsum(x), prepend=0.0)
    np.testing.assert_allclose(again.value, x.value)
    np.testing.assert_allclose(mg.total_jacobian(again, x).matrix(), np.eye(4))


# --- steps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        np.argmax,
        lambda x: np.argmin(x, axis=1, keepdims=True),
        lambda x: np.count_nonzero(x > 0.5, axis=0),
        lambda x: np.all(x > 0, axis=1),
        lambda x: np.any(x > 2, where=MASK),
        lambda x: np.all(x > 0, where=x > 0),
        lambda x: np.searchsorted([0.0, 1.0, 2.0], x, "right"),
        lambda x: np.searchsorted(np.sort(A[0]), x, sorter=[0, 1, 2]),
        lambda x: np.digitize(x, [0.0, 1.0]),
        lambda x: np.digitize(x, [1.0, 0.0], right=True),
        lambda x: np.histogram(x, bins=4)[0],
        lambda x: np.histogram(x, bins=[-2.0, 0.25, 1.0, 3.0])[0],
        lambda x: np.histogram(x, bins=[-2.0, 0.25, 1.0, 3.0], density=True)[0],
        lambda x: np.histogram(x, bins=3, range=(0.0, 1.5))[0],
    ],
)
def test_a_count_or_a_place_is_numpys_and_has_no_derivative(call):
    """It is a node all the same, which `evaluate` computes anew."""
    x = mg.parameter(A)
    node = call(x)
    np.testing.assert_array_equal(node.value, call(A), strict=True)
    assert not node.differentiable
    np.testing.assert_array_equal(mg.evaluate(node, {x: A[::-1] * 0.9}), call(A[::-1] * 0.9))


def test_a_histogram_counts_as_numpy_does_also_on_the_edges():
    """Values that lie on edges, up to rounding: NumPy compares with the edges themselves, and so is done here."""
    rng = np.random.default_rng(8)
    for bins in (1, 3, 7, 10):
        on_edges = np.linspace(0, 1, 71)
        for x in (on_edges, rng.uniform(size=200), np.full(4, 0.3), np.array([]), (on_edges * 3).astype(np.float32)):
            for ours, numpys in zip(np.histogram(mg.parameter(x), bins), np.histogram(x, bins), strict=True):
                assert ours.dtype == numpys.dtype
                np.testing.assert_allclose(ours.value, numpys, rtol=1e-6)


def test_a_histogram_of_weights_is_differentiated_by_them():
    """Each weight counts in its bin, or nowhere; the edges move with the smallest and the largest entry."""
    x, w = np.array([0.1, 0.9, 0.2, 5.0]), mg.parameter([1.0, 2.0, 4.0, 8.0])
    sums, _ = np.histogram(x, bins=2, range=(0, 1), weights=w)
    np.testing.assert_array_equal(mg.total_jacobian(sums, w).matrix(), [[1, 0, 1, 0], [0, 1, 0, 0]])
    node = mg.parameter(x)
    edges = np.histogram(node, bins=2)[1]
    np.testing.assert_allclose(mg.total_jacobian(edges, node).matrix(), [[1, 0, 0, 0], [0.5, 0, 0, 0.5], [0, 0, 0, 1]])


# --- errors -----------------------------------------------------------------------------------------------------------

x, W, E = mg.parameter([1.0, 2.0, 3.0], name="x"), mg.parameter(A, name="W"), mg.parameter(np.zeros((0, 3)), name="E")
N, s = mg.parameter([[nan, nan], [1.0, 2.0]], name="N"), mg.parameter(1.0, name="s")
Shape, Domain, Unsupported = mg.ShapeError, mg.DomainError, mg.UnsupportedError

ERRORS = [
    (lambda: np.sum(x, where=np.ones((2, 3), bool)), Shape, "np.sum | (2, 3) | (3,)"),
    (lambda: np.sum(x, where=[1, 0, 1]), Unsupported, "np.sum | where= | booleans | mask != 0"),
    (lambda: np.mean(x, dtype=int), Unsupported, "np.mean | dtype="),
    (lambda: np.mean(x, where=[False] * 3), Domain, "np.mean | no number | where="),
    (lambda: np.mean(E), Shape, "mean(E) | (0, 3) | nothing"),
    (lambda: np.max(E), Shape, "max(E) | (0, 3) | nothing | initial="),
    (lambda: np.min(E, axis=0), Shape, "min(E) | nothing"),
    (lambda: np.ptp(E), Shape, "(E) | nothing"),
    (lambda: np.max(W, axis=2), Shape, "max(W) | (2, 3) | axis 2"),
    (lambda: np.max(x, where=[True, False, True]), Unsupported, "np.max | where= | initial="),
    (lambda: np.max(x, initial=s), Unsupported, "np.max | initial= | np.maximum"),
    (lambda: np.min(x, initial=s), Unsupported, "np.min | initial= | np.minimum"),
    (lambda: np.max(x, None, np.zeros(())), Unsupported, "np.max | out= | new node"),
    (lambda: np.nanmax(N, axis=1), Domain, "np.nanmax | 1 of 2 places | np.where"),
    (lambda: np.nanmin(N, axis=1), Domain, "np.nanmin | 1 of 2 places"),
    (lambda: np.nanmean(N, axis=1), Domain, "np.nanmean | 1 of 2 places"),
    (lambda: np.nanargmax(N, axis=1), Shape, "nanargmax(N) | All-NaN"),
    (lambda: np.nanmean(E), Domain, "np.nanmean | no number"),
    (lambda: np.cumsum(x, axis=1), Shape, "cumsum(x) | axis 1"),
    (lambda: np.cumprod(x, axis=-2), Shape, "cumprod(x) | axis -2"),
    (lambda: np.cumulative_sum(W), Shape, "np.cumulative_sum | (2, 3) | axis="),
    (lambda: np.cumulative_prod(s), Shape, "np.cumulative_prod | () | axis"),
    (lambda: np.cumsum(x, 0, None, np.zeros(3)), Unsupported, "np.cumsum | out="),
    (lambda: np.diff(x, n=-1), Domain, "np.diff | n=-1"),
    (lambda: np.diff(s), Shape, "np.diff | number"),
    (lambda: np.gradient(x[:1]), Shape, "np.gradient | (1,) | 2"),
    (lambda: np.gradient(x, edge_order=3), Domain, "np.gradient | edge_order=3"),
    (lambda: np.gradient(W, 1, 2, 3), Shape, "np.gradient | 3 spacings | 2 axes"),
    (lambda: np.gradient(x, [1.0, 2.0]), Shape, "np.gradient | (2,) | 3 entries"),
    (lambda: np.trapezoid(s), Shape, "np.trapezoid | number"),
    (lambda: np.histogram(x, "auto"), Unsupported, "np.histogram | 'auto' | x.value"),
    (lambda: np.histogram(x, 0), Domain, "np.histogram | bins=0"),
    (lambda: np.histogram(x, [3, 1]), Domain, "np.histogram | ascend"),
    (lambda: np.histogram(x, range=(2, 1)), Domain, "np.histogram | range="),
    (lambda: np.histogram(N), Domain, "np.histogram | nan | range="),
    (lambda: np.histogram(x, weights=[1, 2]), Shape, "np.histogram | 2 weights | 3 entries"),
    (lambda: np.maximum.accumulate(x), Unsupported, "np.maximum.accumulate | .value"),
]


@pytest.mark.parametrize(("ask", "error", "words"), ERRORS, ids=[words for _, _, words in ERRORS])
def test_what_cannot_be_done_is_a_typed_error_that_names_it(ask, error, words):
    """Instead of NumPy's NaN and warning, or of an error from the engine's inside."""
    with pytest.raises(error) as caught:
        ask()
    for word in words.split(" | "):
        assert word in str(caught.value)
