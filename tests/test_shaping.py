"""Facts about laying out, joining, sorting, choosing and making that the laws cannot see.

Values for all keywords against NumPy, and gradients against NumPy's function applied to the numbers of the entries:
where a function only moves entries, the gradient of Σ w f(x) at an entry is the sum of w over the places it went to.
"""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from op_lines import written
from witnesses import relative_error

import minigrad as mg

A = np.array([[0.5, -2.0, 1.5, 3.0], [1.0, 0.25, -3.0, 2.0], [4.0, -1.0, 0.75, 6.0]])  # all entries differ
CUBE = np.arange(1.0, 25.0).reshape(2, 3, 4)
ROW, POINT = np.array([2.0, -1.0, 3.0]), np.array(1.5)
windows = np.lib.stride_tricks.sliding_window_view


def several(result: Any) -> list[Any]:
    return list(result) if isinstance(result, (tuple, list)) else [result]


def moves_as_numpy_does(function: Any, *arrays: np.ndarray) -> None:
    """Value, shape, dtype and gradients of a function that only moves entries, or fills in others."""
    nodes = [mg.parameter(array) for array in arrays]
    with np.errstate(all="ignore"):
        expected = several(function(*arrays))
    results = several(function(*nodes))
    assert len(results) == len(expected)
    starts = np.cumsum([0, *[array.size for array in arrays]])
    numbers = [
        np.arange(array.size).reshape(array.shape) + start + 1.0 for array, start in zip(arrays, starts, strict=False)
    ]
    rng = np.random.default_rng(0)
    for node, right, moved in zip(results, expected, several(function(*numbers)), strict=True):
        assert isinstance(node, mg.Node)
        np.testing.assert_array_equal(node.value, right, strict=True)
        w = rng.normal(size=node.shape)
        sums = np.bincount(np.ravel(moved).astype(int), np.ravel(w), starts[-1] + 1)
        for leaf, start in zip(nodes, starts, strict=False):
            right_sums = sums[start + 1 : start + leaf.size + 1].reshape(leaf.shape)
            assert relative_error(mg.gradients(node, leaf, cotangent=w), right_sums) <= 1e-14


MOVING = {
    "reshape": [
        *(partial(np.reshape, shape=shape, order=order) for shape in ((3, 8), -1, (2, -1, 2)) for order in "CF"),
        partial(np.reshape, shape=np.int64(24)),
        partial(np.reshape, shape=[4, 6], copy=False),
        lambda x: x.reshape(6, -1),
        lambda x: np.reshape(x, (1, 24), "F"),
    ],
    "ravel": [np.ravel, partial(np.ravel, order="F"), lambda x: x.ravel(), lambda x: x.flatten()],
    "transpose": [
        np.transpose,
        partial(np.permute_dims, axes=(1, -1, 0)),
        lambda x: x.T,
        lambda x: x.transpose(2, 0, 1),
    ],
    "axes": [
        *(partial(np.swapaxes, axis1=j, axis2=k) for j in (0, -1) for k in (0, 1, -2)),
        *(
            partial(np.moveaxis, source=j, destination=k)
            for j in (0, -1, (0, 1))
            for k in (j, (2, 0))[:: 1 if j else -1]
            if np.size(j) == np.size(k)
        ),
        *(partial(np.rollaxis, axis=j, start=k) for j in (0, 1, -1) for k in (0, 2, 3)),
        np.matrix_transpose,
        np.linalg.matrix_transpose,
    ],
    "ones": [
        partial(np.expand_dims, axis=-1),
        partial(np.expand_dims, axis=[0, 2]),
        lambda x: np.squeeze(x[:, :1, None], axis=(1, 2)),
        lambda x: x[:, :1, None].squeeze(),
        np.atleast_1d,
        np.atleast_2d,
        np.atleast_3d,
    ],
    "turning": [
        *(partial(np.flip, axis=axis) for axis in (None, 0, -1, (0, 2), [1])),
        np.fliplr,
        np.flipud,
        *(partial(np.rot90, k=k, axes=axes) for k in range(-1, 5) for axes in ((0, 1), (1, -1), (2, 0))),
    ],
    "enlarging": [
        partial(np.broadcast_to, shape=(5, 2, 3, 4)),
        *(partial(np.tile, reps=reps) for reps in (2, (2, 1), (1, 3, 1), (2, 1, 2, 2), 0, [2])),
        *(partial(np.repeat, repeats=repeats, axis=axis) for repeats in (2, 0, [3]) for axis in (None, 0, -1)),
        partial(np.repeat, repeats=[1, 0, 3], axis=1),
        partial(np.repeat, repeats=(2, 1), axis=0),
        *(partial(np.resize, new_shape=shape) for shape in ((2, 2), 60, (3, 0), (7, 7), ())),
        *(partial(np.pad, pad_width=1, mode=mode) for mode in ("constant", "edge", "reflect", "symmetric", "wrap")),
        *(partial(np.pad, pad_width=((0, 1), (7, 2), (0, 0)), mode=mode) for mode in ("reflect", "symmetric", "wrap")),
        partial(np.pad, pad_width=((1,), (0,), (2,))),
        partial(np.pad, pad_width={0: 1, -1: (2, 0)}, mode="edge"),
        partial(windows, window_shape=(2, 2), axis=(0, 2)),
        partial(windows, window_shape=(1, 2, 3)),
    ],
    "rolling": [
        *(partial(np.roll, shift=shift) for shift in (1, -2, 25, (3, 4))),
        *(partial(np.roll, shift=shift, axis=axis) for shift in (1, -5, (1, 2)) for axis in (0, (1, -1), (2, 2))),
        partial(np.roll, shift=[1], axis=[0]),
    ],
    "joining": [
        *(lambda x, axis=axis: np.concatenate([x, x[:, :, ::-1]], axis) for axis in (0, 1, -1, None)),
        *(lambda x, axis=axis: np.stack([x, x[::-1]], axis) for axis in (0, 1, 3, -1, -4)),
        *(lambda x, axis=axis: np.append(x, x[:, ::-1], axis) for axis in (None, 0, -2)),
        *(lambda x, f=f: f([x, x]) for f in (np.vstack, np.hstack, np.dstack, np.concat)),
        lambda x: np.column_stack([x[0], x[1], x[0, :, 0]]),
        lambda x: np.block([[x, x[..., :1]], [x[..., :1], x]]),
        np.vstack,
        np.hstack,
    ],
    "splitting": [
        *(
            partial(f, indices_or_sections=cut, axis=axis)
            for f in (np.split, np.array_split)
            for cut, axis in ((2, 0), (3, 1), ([1, 2], -1), ([3, 1], 2), ([0, -1, 9], 2), ([], 0))
        ),
        partial(np.array_split, indices_or_sections=5, axis=1),
        partial(np.vsplit, indices_or_sections=2),
        partial(np.hsplit, indices_or_sections=3),
        partial(np.dsplit, indices_or_sections=[1]),
        lambda x: np.hsplit(x[0, 0], 2),
        *(partial(np.unstack, axis=axis) for axis in (0, 1, -1)),
    ],
    "deleting": [
        *(partial(np.delete, obj=obj, axis=1) for obj in (0, -1, [0, 0], [], slice(0, 9, 2), [False, True, True])),
        *(partial(np.delete, obj=obj) for obj in (23, [1, -1], np.array([2, 2]))),
    ],
    "diagonals": [
        *(
            partial(np.diagonal, offset=k, axis1=i, axis2=j)
            for k in (-2, 0, 1, 9)
            for i, j in ((0, 1), (2, 0), (-1, -2))
        ),
        lambda x: x.diagonal(1),
        *(lambda x, k=k: np.diag(x[1], k) for k in (-3, -1, 0, 2)),
        *(lambda x, k=k: np.diag(x[1, 1], k) for k in (-3, 0, 2)),
        partial(np.diagflat, k=-1),
        *(partial(f, k=k) for f in (np.tril, np.triu) for k in (-4, -1, 0, 2, 9)),
        lambda x: np.triu(x[0, 0]),
    ],
    "order": [
        *(partial(np.sort, axis=axis, kind=kind) for axis in (0, -1, None) for kind in (None, "stable", "heapsort")),
        partial(np.sort, stable=True),
        lambda x: np.sort(x[::-1, :, ::-1], 0),
    ],
    "once": [
        np.unique,
        partial(np.unique, axis=0),
        partial(np.unique, axis=-1),
        lambda x: np.unique(x[0, :, :2]),
        lambda x: np.trim_zeros(np.pad(x[0, 0], 2)),
        *(lambda x, trim=trim: np.trim_zeros(np.pad(x[0, 0], 2), trim) for trim in ("f", "B", "bf")),
        lambda x: np.trim_zeros(np.pad(x, 1)),
        lambda x: np.trim_zeros(np.pad(x, 1), axis=(0, -1)),
        lambda x: np.trim_zeros(0 * x[0, 0]),
    ],
    "choosing": [
        lambda x: np.choose([[0, 1], [2, 0]], [x[0, 0, :2], x[0, 1:, :2], x[1, 2, 3]]),
        lambda x: np.choose(np.array([0, 1, 1]), x[:, :, 0]),
        *(lambda x, mode=mode: np.choose([[4], [-1]], [x[0, 0], x[0, 1]], mode=mode) for mode in ("wrap", "clip")),
        lambda x: np.select([[True, False, True], [True, True, False]], [x[0, :, 0], x[1, :, 1]], x[0, 0, 0]),
        lambda x: np.select([[[True], [False]]], [x[0, :2]]),
        lambda x: np.piecewise(x, [CUBE < 5, CUBE > 20], [np.flip, lambda x: x[:1], lambda x: x]),
        lambda x: np.piecewise(x, [CUBE > 3], [lambda x: x, 0.0]),
        lambda x: np.piecewise(x, [CUBE > 3], [lambda x, k, start: x[start : start + k], 0.0], 1, start=2),
        lambda x: np.piecewise(x, [CUBE > 3, CUBE > 9], [lambda x: x, np.flip]),
        lambda x: np.piecewise(x, [CUBE > 99], [lambda x: x]),
        lambda x: np.where(CUBE > 3, x, x[:1]),
    ],
    "along axes": [
        partial(np.apply_along_axis, np.flip, 1),
        partial(np.apply_along_axis, lambda x: np.stack([x, x[::-1]], 1), -1),
        partial(np.apply_along_axis, lambda x, k: x[k], 0, k=1),
        lambda x: np.apply_along_axis(lambda row, k: row[k], 0, x, 1),
        lambda x: np.apply_over_axes(np.flip, x, [0, -1]),
        lambda x: np.apply_over_axes(lambda x, k: np.take(x, 0, k), x, (0, -1)),
    ],
}


@pytest.mark.parametrize("name", MOVING)
def test_what_moves_entries_moves_gradients_back(name):
    """Every keyword and kind of argument: values and gradients by NumPy's own function."""
    for function in MOVING[name]:
        moves_as_numpy_does(function, CUBE)


def test_sorting_moves_gradients_back_to_where_the_entries_were():
    """For every axis and kind: entries that differ are recognised by their values."""
    x = np.random.default_rng(1).permutation(24).reshape(2, 3, 4).astype(float)
    leaf = mg.parameter(x)
    for axis in (0, 1, -1, None):
        for f in (np.sort, partial(np.partition, kth=1), partial(np.partition, kth=(0, -1))):
            node = f(leaf, axis=axis)
            w = np.random.default_rng(2).normal(size=node.shape)
            by_value = np.bincount(node.value.astype(int).ravel(), w.ravel())
            np.testing.assert_array_equal(mg.gradients(node, leaf, cotangent=w), by_value[x.astype(int)])


@pytest.mark.parametrize("kth", [0, 2, -1, (1, 3), [0, -2]])
def test_partition_puts_the_asked_entries_in_their_sorted_places(kth):
    """Which order it is before and behind, NumPy leaves open; here it is that of argpartition."""
    x = np.random.default_rng(3).normal(size=(5, 6))
    for axis in (0, 1):
        node, by_order = np.partition(mg.parameter(x), kth, axis), np.sort(x, axis)
        at = np.asarray(kth)
        np.testing.assert_array_equal(np.take(node.value, at, axis), np.take(by_order, at, axis))
        np.testing.assert_array_equal(np.sort(node.value, axis), by_order)
        first = np.atleast_1d(at % x.shape[axis]).min()
        before = np.take(node.value, np.arange(first), axis)
        assert np.all(before <= np.take(by_order, [first], axis))


TOGETHER = [
    (lambda a, b: np.concatenate((a, b[None]), 0), A, A[0]),
    (np.broadcast_arrays, A, A[0]),
    (np.broadcast_arrays, A[:, :1], POINT),
    (np.meshgrid, ROW, A[0]),
    (lambda a, b: np.meshgrid(a, b, indexing="ij"), ROW, A[0]),
    (lambda a, b: np.meshgrid(a, b, sparse=True), ROW, A[:2, :2]),
    (lambda a, b: np.meshgrid(b, a, b, copy=False), ROW, POINT),
    (np.atleast_2d, ROW, POINT),
    (np.ix_, ROW, A[0]),
    (np.append, A, POINT),
    (lambda a, b: np.hstack([a, b]), ROW, POINT),
    (lambda a, b: np.block([[a, b[:, None]], [b, np.array(0.0)]]), A[:, :3], ROW),
    *((lambda a, b, k=k: np.insert(a, k, b), ROW, POINT) for k in (0, 1, 3, -1)),
    *((lambda a, b, k=k: np.insert(a, k, b, axis=1), A, ROW) for k in (0, -1, 4)),
    *((lambda a, b, k=k: np.insert(a, k, b, axis=0), A, A[0]) for k in (1, [1], [0, 2, 2], slice(2), np.array([2]))),
    (lambda a, b: np.insert(a, [0, 1], b[:2, None], axis=0), A, ROW),
    (lambda a, b: np.insert(a, np.array([True, False, True]), b, axis=0), A, A[0]),
    (lambda a, b: np.insert(a, [1, 5, 12], b), A, ROW),
    (np.full_like, A, POINT),
    (lambda a, b: np.full_like(a, b, shape=(2, 3)), POINT, ROW),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(TOGETHER)))
def test_two_arrays_moved_together_both_have_their_gradients(k):
    """The functions of several arrays: each is a node, and gets back what was made of it."""
    function, a, b = TOGETHER[k]
    moves_as_numpy_does(function, a, b)


@pytest.mark.parametrize(
    ("function", "from_second"),
    [
        (np.union1d, True),
        (np.setxor1d, True),
        (np.intersect1d, False),
        (np.setdiff1d, False),
        (partial(np.setxor1d, assume_unique=True), True),
        (partial(np.intersect1d, assume_unique=True), False),
        (partial(np.setdiff1d, assume_unique=True), False),
    ],
    ids=lambda value: written(value) if callable(value) else str(value),
)
def test_a_set_gives_its_gradient_to_where_its_numbers_come_from(function, from_second):
    """Each number in the result comes from one array: the second, where the first has it not."""
    a, b = A, np.array([4.0, -7.0, 0.25, 9.0])
    nodes = [mg.parameter(a), mg.parameter(b)]
    node = function(*nodes)
    np.testing.assert_array_equal(node.value, function(a, b), strict=True)
    da, db = mg.gradients(mg.sum(node), nodes)
    np.testing.assert_array_equal(da, np.isin(a, node.value))
    np.testing.assert_array_equal(db, from_second & np.isin(b, node.value) & ~np.isin(b, a))


@given(
    shape=arrays_of.array_shapes(min_dims=1, max_dims=3, max_side=4),
    widths=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=3),
    mode=st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]),
)
def test_any_frame_is_numpys(shape, widths, mode):
    """Frames wider than the array, of any mode."""
    x = np.random.default_rng(0).normal(size=shape)
    moves_as_numpy_does(lambda x: np.pad(x, widths[: len(shape)], mode), x)


@given(
    shape=arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    reps=st.lists(st.integers(0, 3), min_size=0, max_size=4),
)
def test_any_tiling_is_numpys(shape, reps):
    """More axes than repetitions, and fewer; none at all."""
    x = np.random.default_rng(0).normal(size=shape)
    moves_as_numpy_does(lambda x: np.tile(x, reps), x)


# --- structure: what a Jacobian is made of ----------------------------------------------------------------------------


def maps(node: mg.Node) -> set[type]:
    local = mg.local_jacobian(node, 0)
    return {type(part) for part in getattr(local, "maps", (local,))}


@pytest.mark.parametrize(
    ("function", "structure"),
    [
        (partial(np.reshape, shape=12), {mg.Reshape}),
        (partial(np.reshape, shape=12, order="F"), {mg.Reshape, mg.Permute}),
        (partial(np.moveaxis, source=0, destination=1), {mg.Permute}),
        (partial(np.squeeze, axis=()), {mg.Reshape, mg.Identity}),
        (partial(np.broadcast_to, shape=(2, 3, 4)), {mg.Broadcast}),
        (partial(np.tile, reps=(2, 2)), {mg.Reshape, mg.Broadcast}),
        (partial(np.repeat, repeats=3, axis=1), {mg.Reshape, mg.Broadcast}),
        (partial(np.pad, pad_width=1), {mg.Scatter}),
        (partial(np.flip, axis=0), {mg.Gather}),
        (np.diagonal, {mg.Gather, mg.Reshape}),
        (np.trace, {mg.Gather, mg.Reshape, mg.SumTo}),
        (np.tril, {mg.Select}),
    ],
)  # fmt: skip
def test_a_jacobian_has_its_structure(function, structure):
    """Repeating is Broadcast, a diagonal is a slice: no array of indices is built where the shapes say it all."""
    node = function(mg.parameter(A))
    assert maps(node) <= structure
    for part in getattr(mg.local_jacobian(node, 0), "maps", (mg.local_jacobian(node, 0),)):
        index = getattr(part, "index", ())
        assert not any(isinstance(each, np.ndarray) for each in (index if isinstance(index, tuple) else (index,)))


def test_turning_back_makes_no_new_array():
    """The transpose of a flip is a flip: a view of the cotangent."""
    w = np.ones((3, 4))
    assert np.shares_memory(mg.local_jacobian(np.flip(mg.parameter(A)), 0).T(w), w)
    assert isinstance(mg.local_jacobian(np.roll(mg.parameter(A), 1, 0), 0).T, mg.Gather)


# --- where others fail today ------------------------------------------------------------------------------------------


def test_a_list_of_nodes_is_not_an_array_of_zeros():
    """np.array([n1, n2]) says what to write; np.stack of the same does it."""
    x, y = mg.parameter(1.0), mg.parameter(2.0)
    for lose in (lambda: np.array([x, y]), lambda: np.asarray([x, 1.0]), lambda: np.asarray(x), lambda: np.full(2, x)):
        with pytest.raises(mg.UnsupportedError, match=r"np.stack|\.value"):
            lose()
    both = np.stack([x, y])
    np.testing.assert_array_equal(mg.gradients(mg.sum(both**2), [x, y]), [2, 4])


def test_new_leading_axes_are_summed_away():
    """broadcast_to with more axes: another tool refuses it."""
    x = mg.parameter(ROW)
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.broadcast_to(x, (4, 2, 3))), x), [8, 8, 8])


def test_where_with_an_enlarged_branch_has_a_gradient_of_its_shape():
    """Another tool gives back the enlarged shape."""
    x, y = mg.parameter(ROW), mg.parameter(2.0)
    dx, dy = mg.gradients(mg.sum(np.where(A[:, :3] > 0, x, y)), [x, y])
    np.testing.assert_array_equal(dx, np.sum(A[:, :3] > 0, axis=0))
    assert dy == np.sum(A[:, :3] <= 0)


def test_a_mesh_of_a_parameter_has_its_gradient():
    """∂/∂x Σ f(xᵢ, yⱼ) over the grid: another tool has no derivative."""
    x, y = mg.parameter([1.0, 2.0]), mg.parameter([3.0, 5.0, 7.0])
    X, Y = np.meshgrid(x, y)
    dx, dy = mg.gradients(mg.sum(X * Y**2), [x, y])
    np.testing.assert_array_equal(dx, np.sum(y.value**2) * np.ones(2))
    np.testing.assert_array_equal(dy, 2 * y.value * np.sum(x.value))


# --- conventions ------------------------------------------------------------------------------------------------------


def test_among_equal_entries_a_stable_sort_keeps_their_order():
    """So does its derivative; and a permutation it is for every kind."""
    x = mg.parameter([2.0, 1.0, 2.0, 1.0])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.sort(x, stable=True) * [1, 2, 3, 4]), x), [3, 1, 4, 2])
    assert sorted(mg.gradients(mg.sum(np.sort(x) * [1, 2, 3, 4]), x)) == [1, 2, 3, 4]


def test_of_equal_entries_the_first_has_the_derivative_of_unique():
    """The value is that of all of them; the derivative is not counted twice."""
    x = mg.parameter([3.0, 1.0, 3.0, 1.0])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.unique(x)), x), [1, 1, 0, 0])
    values, first, inverse, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    np.testing.assert_array_equal(values[inverse].value, x.value)
    np.testing.assert_array_equal(mg.gradients(mg.sum(values[inverse]), x), [2, 2, 0, 0])
    np.testing.assert_array_equal(first.value, [1, 0])
    np.testing.assert_array_equal(counts.value, [2, 2])


def test_unique_knows_not_a_number_as_numpy_does():
    """One NaN or all of them, as equal_nan says."""
    x = mg.parameter([np.nan, 1.0, np.nan])
    for equal_nan in (True, False):
        np.testing.assert_array_equal(np.unique(x, equal_nan=equal_nan).value, np.unique(x.value, equal_nan=equal_nan))


def test_of_conditions_that_hold_together_the_last_counts_in_piecewise_and_the_first_in_select():
    """As in NumPy, in value and derivative."""
    x = mg.parameter([1.0, 2.0])
    conditions = [x > 0, x > 1.5]
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.select(conditions, [2 * x, 3 * x])), x), [2, 2])
    functions = [lambda x: 2 * x, lambda x: 3 * x]
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.piecewise(x, conditions, functions)), x), [2, 3])


def test_piecewise_calls_a_function_on_its_own_part_alone():
    """The square root of what is not its own would be NaN, with an error here."""
    x = mg.parameter([-4.0, 9.0, 0.25])
    J = mg.sum(np.piecewise(x, [x < 0, x >= 0], [np.negative, np.sqrt]))
    assert J.value == 7.5
    np.testing.assert_allclose(mg.gradients(J, x), [-1, 1 / 6, 1], rtol=1e-15)
    never = np.piecewise(x, [x > 100], [lambda x: 1 / 0])
    np.testing.assert_array_equal(never.value, [0, 0, 0])


def test_a_copy_is_the_node_itself():
    """Nodes never change: there is nothing that a copy could be kept from."""
    x = mg.parameter(A)
    assert np.copy(x) is x
    assert x.copy() is x


def test_single_precision_stays_and_inserted_values_take_the_dtype():
    """np.insert and np.append differ in NumPy: the first keeps the dtype of x, the second promotes."""
    x, v = mg.parameter(ROW.astype("f4")), mg.parameter(5.0)
    inserted, appended = np.insert(x, 1, v), np.append(x, v)
    assert (inserted.dtype, appended.dtype) == (np.float32, np.float64)
    for node in (inserted, appended):
        dx, dv = mg.gradients(mg.sum(node), [x, v])
        assert (dx.dtype, dv.dtype, dv) == (np.float32, np.float64, 1)
    whole = np.insert(np.array([1, 2]), 1, v)
    assert (whole.dtype, whole.differentiable) == (np.int64, False)
    assert not np.concatenate([x, v[None]], dtype=int, casting="unsafe").differentiable


@pytest.mark.parametrize("name", ["unique_values", "unique_counts", "unique_inverse", "unique_all"])
def test_the_newer_functions_of_unique_have_numpys_results_by_name(name):
    """Named tuples of nodes; each NaN is one of its own."""
    function, x = getattr(np, name), np.array([[3.0, 1.0, np.nan], [3.0, np.nan, 0.0]])
    ours, theirs = function(mg.parameter(x)), function(x)
    if name == "unique_values":
        np.testing.assert_array_equal(ours.value, theirs, strict=True)
        return
    assert ours._fields == theirs._fields
    for node, right in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(node.value, right, strict=True)


@pytest.mark.parametrize("keywords", [{}, {"num": 3}, {"num": 1}, {"num": 0}, {"endpoint": False}, {"axis": -1}])
@pytest.mark.parametrize("ends", [(1.0, 3.0), (ROW, 7.0), (np.float32(2), np.array([[5], [7]])), (2, POINT)], ids=str)
def test_points_between_two_ends_are_numpys(ends, keywords):
    """To the last digit for linspace; whichever end is a node."""
    for function, steps in ((np.linspace, 0), (np.logspace, 50), (np.geomspace, 50)):
        ends_here = [np.abs(end) for end in ends] if function is np.geomspace else ends
        for which in ((0,), (1,), (0, 1)):
            given = [mg.parameter(end) if k in which else end for k, end in enumerate(ends_here)]
            plain = [each.value if isinstance(each, mg.Node) else each for each in given]
            node, right = function(*given, **keywords), function(*plain, **keywords)
            assert (node.shape, node.dtype) == (right.shape, right.dtype)
            np.testing.assert_allclose(node.value, right, rtol=steps * np.finfo(right.dtype).eps, strict=True)
    points, step = np.linspace(mg.parameter(1.0), 3, 5, retstep=True)
    assert (points.size, step.value) == (5, 0.5)
    assert (
        np.linspace(mg.parameter(0.5), 9.7, 4, dtype=int).value.tolist() == np.linspace(0.5, 9.7, 4, dtype=int).tolist()
    )


# --- made after a node, and plain answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("function", [np.zeros_like, np.ones_like, partial(np.full_like, fill_value=7), np.empty_like])
@pytest.mark.parametrize(
    "keywords", [{}, {"dtype": "f4"}, {"dtype": bool}, {"shape": (2, 1)}, {"shape": 3, "order": "F"}]
)
def test_what_is_made_after_a_node_is_a_constant_like_it(function, keywords):
    """Its shape and dtype, or those asked for; never differentiated."""
    made, right = function(mg.parameter(A), **keywords), function(A, **keywords)
    assert (made.shape, made.dtype, made.kind) == (right.shape, right.dtype, "constant")
    if function is not np.empty_like:
        np.testing.assert_array_equal(made.value, right)


ANSWERS = {
    "shape": np.shape,
    "ndim": np.ndim,
    "size": lambda x: (np.size(x), np.size(x, 1)),
    "result_type": lambda x: (np.result_type(x, np.float32(1)), np.result_type(x, 1), np.result_type("i4", x)),
    "can_cast": lambda x: (np.can_cast(x.dtype, "f4"), np.can_cast(x, "f8")),
    "common_type": lambda x: np.common_type(x, np.zeros(1, "f4")),
    "min_scalar_type": np.min_scalar_type,
    "may_share_memory": lambda x: (np.may_share_memory(x, A), np.shares_memory(x, x)),
    "array_repr": lambda x: np.array_repr(x, precision=2),
    "array_str": np.array_str,
    "array2string": lambda x: np.array2string(x, separator=", "),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_about_shape_dtype_or_writing_has_a_plain_answer(name):
    """As x.shape and str(x) have: there is nothing in it to differentiate."""
    answer, right = ANSWERS[name](mg.parameter(A)), ANSWERS[name](A)
    assert answer == right if name != "may_share_memory" else answer == (False, True)


@pytest.mark.parametrize("name", ["tril_indices_from", "triu_indices_from", "diag_indices_from"])
def test_the_indices_of_a_part_are_plain_numbers(name):
    """They depend on the shape alone."""
    square = A[:, :3]
    for ours, theirs in zip(getattr(np, name)(mg.parameter(square)), getattr(np, name)(square), strict=True):
        np.testing.assert_array_equal(ours, theirs)


# --- errors -----------------------------------------------------------------------------------------------------------

NOT_SO = {
    "reshape": (lambda x: np.reshape(x, (5, 5)), mg.ShapeError, "x is .3, 4."),
    "order A": (lambda x: np.reshape(x, -1, order="A"), mg.UnsupportedError, "np.reshape: order='A'.*order='C'"),
    "order K": (lambda x: np.ravel(x, "K"), mg.UnsupportedError, "np.ravel: order='K'"),
    "order X": (lambda x: np.ravel(x, "X"), ValueError, "order"),
    "transpose": (lambda x: np.transpose(x, (0, 0)), mg.ShapeError, "x is .3, 4."),
    "broadcast_to": (lambda x: np.broadcast_to(x, (3, 5)), mg.ShapeError, "x is .3, 4."),
    "broadcast_arrays": (lambda x: np.broadcast_arrays(x, ROW), mg.ShapeError, "x is .3, 4. and constant is .3,"),
    "swapaxes": (lambda x: np.swapaxes(x, 0, 5), mg.ShapeError, "np.swapaxes: x is .3, 4."),
    "moveaxis": (lambda x: np.moveaxis(x, (0, 1), 0), mg.ShapeError, "np.moveaxis: x is"),
    "matrix_transpose": (lambda x: np.matrix_transpose(x[0]), mg.ShapeError, "np.matrix_transpose"),
    "squeeze": (lambda x: np.squeeze(x, 0), mg.ShapeError, "np.squeeze: x is .3, 4."),
    "expand_dims": (lambda x: np.expand_dims(x, (0, 0)), mg.ShapeError, "np.expand_dims: x is"),
    "flip": (lambda x: np.flip(x, 2), mg.ShapeError, "np.flip: x is .3, 4.*no axis 2"),
    "fliplr": (lambda x: np.fliplr(x[0]), mg.ShapeError, "no axis 1"),
    "rot90": (lambda x: np.rot90(x, axes=(0, 0)), mg.ShapeError, "one and the same"),
    "rot90 axes": (lambda x: np.rot90(x, axes=(0,)), mg.ShapeError, "two axes"),
    "meshgrid": (lambda x: np.meshgrid(x, indexing="yx"), ValueError, "indexing"),
    "ix_": (np.ix_, mg.ShapeError, "np.ix_: x is .3, 4."),
    "concatenate": (lambda x: np.concatenate([x, ROW[None]]), mg.ShapeError, "concatenate"),
    "concatenate nothing": (lambda x: mg.concatenate([]), mg.ShapeError, "concatenate"),
    "stack": (lambda x: np.stack([x, x[0]]), mg.ShapeError, "stack"),
    "block": (lambda x: np.block([x, [x]]), mg.ShapeError, "np.block"),
    "block tuple": (lambda x: np.block([x, (x, x)]), mg.UnsupportedError, "not tuples"),
    "insert": (
        lambda x: np.insert(x, 1, ROW[:2], axis=0),
        mg.ShapeError,
        "np.insert: x is .3, 4. and the values are .2,",
    ),
    "insert beyond": (lambda x: np.insert(x, 99, 1.0), mg.ShapeError, "np.insert"),
    "insert at a node": (lambda x: np.insert(x, mg.constant(1), 1.0), mg.UnsupportedError, "np.insert.*node.value"),
    "delete": (lambda x: np.delete(x, 9, 0), mg.ShapeError, "np.delete"),
    "delete at a node": (lambda x: np.delete(x, mg.constant(1)), mg.UnsupportedError, "np.delete.*node.value"),
    "split": (lambda x: np.split(x, 2), mg.ShapeError, "np.split: axis 0 of x.*equal"),
    "array_split": (lambda x: np.array_split(x, 0), mg.ShapeError, "np.array_split"),
    "vsplit": (lambda x: np.vsplit(x[0], 2), mg.ShapeError, "np.vsplit.*2 or more"),
    "dsplit": (lambda x: np.dsplit(x, 2), mg.ShapeError, "np.dsplit.*3 or more"),
    "tile": (lambda x: np.tile(x, -1), mg.ShapeError, "tile"),
    "repeat": (lambda x: np.repeat(x, [1, 2], 0), mg.ShapeError, "np.repeat: axis 0 of x"),
    "repeat a node": (lambda x: np.repeat(x, mg.constant(2)), mg.UnsupportedError, "np.repeat.*node.value"),
    "resize": (lambda x: np.resize(x, (-1, 2)), mg.ShapeError, "np.resize: x"),
    "roll": (lambda x: np.roll(x, 1, 3), mg.ShapeError, "np.roll: x is .3, 4.*no axis 3"),
    "roll shapes": (lambda x: np.roll(x, (1, 2, 3), (0, 1)), mg.ShapeError, "np.roll"),
    "pad mode": (lambda x: np.pad(x, 1, "mean"), mg.UnsupportedError, "np.pad: mode 'mean'.*np.concatenate"),
    "pad odd": (lambda x: np.pad(x, 1, "reflect", reflect_type="odd"), mg.UnsupportedError, "np.pad: mode 'reflect'"),
    "pad widths": (lambda x: np.pad(x, [1, 2, 3]), mg.ShapeError, "np.pad: x is .3, 4."),
    "pad negative": (lambda x: np.pad(x, -1), mg.ShapeError, "negative"),
    "pad float": (lambda x: np.pad(x, 0.5), TypeError, "whole numbers"),
    "pad node": (lambda x: np.pad(x, 1, constant_values=x[0, 0]), mg.UnsupportedError, "np.where"),
    "pad nothing": (lambda x: np.pad(x[:0], 1, "reflect"), mg.ShapeError, "np.pad: axis 0"),
    "windows": (lambda x: windows(x, (9, 9)), mg.ShapeError, "windows"),
    "tril": (lambda x: np.tril(x[0, 0]), mg.ShapeError, "np.tril"),
    "diag": (lambda x: np.diag(x[None]), mg.ShapeError, "np.diag.*np.diagonal"),
    "diagonal": (lambda x: np.diagonal(x[0]), mg.ShapeError, "np.diagonal.*two or more"),
    "trace": (lambda x: np.trace(x, axis1=1), mg.ShapeError, "np.trace.*one and the same"),
    "sort": (lambda x: np.sort(x, 2), mg.ShapeError, "np.sort: x is .3, 4.*no axis 2"),
    "sort by field": (lambda x: np.sort(x, order="a"), mg.UnsupportedError, "np.sort: order="),
    "partition": (lambda x: np.partition(x, 9), mg.ShapeError, "argpartition"),
    "intersect1d": (lambda x: np.intersect1d(x, ROW, return_indices=True), mg.UnsupportedError, "np.isin"),
    "trim_zeros": (lambda x: np.trim_zeros(x[0], "x"), ValueError, "trim"),
    "apply_along_axis": (lambda x: np.apply_along_axis(np.sum, 0, x[:, :0]), mg.ShapeError, "no sequence"),
    "apply_over_axes": (lambda x: np.apply_over_axes(lambda x, k: x[0, 0], x, 0), mg.ShapeError, "np.apply_over_axes"),
    "linspace": (lambda x: np.linspace(x, ROW), mg.ShapeError, "linspace"),
    "linspace negative": (lambda x: np.linspace(x, 1.0, -1), mg.ShapeError, "negative"),
    "geomspace": (lambda x: np.geomspace(x[0, 0], -1.0), mg.DomainError, "np.geomspace.*one sign"),
    "vectorize": (np.vectorize(lambda y: y + 1), mg.UnsupportedError, r"\.value"),
    "out": (lambda x: np.take(x, 0, out=np.zeros(1)), mg.UnsupportedError, "np.take"),
    "out by position": (lambda x: np.take(x, 0, None, np.zeros(1)), mg.UnsupportedError, "np.take: out="),
}


@pytest.mark.parametrize("name", NOT_SO)
def test_what_does_not_fit_or_is_not_supported_says_so(name):
    """A typed error at the call, that names the function, the node and its shape, or what to write instead."""
    ask, error, words = NOT_SO[name]
    with pytest.raises(error, match=words):
        ask(mg.parameter(A, name="x"))
