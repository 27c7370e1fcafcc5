"""Facts about picking entries that the laws cannot see: every index of NumPy's, nodes as indices, ways to scatter.

The witnesses are NumPy's own x[index], and np.add.at for its transpose.
"""

import operator
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from op_lines import example
from witnesses import relative_error

import minigrad as mg
from minigrad.linear_maps import layout
from minigrad.linear_maps.layout import picks_once

A = np.arange(24.0).reshape(2, 3, 4)


def pulled(index, shape: tuple[int, ...], w: np.ndarray) -> np.ndarray:
    """The transpose of x[index], by NumPy alone."""
    whole = np.zeros(shape)
    np.add.at(whole, index, w)
    return whole


def agrees_with_numpy(x: mg.Node, index, node: mg.Node, witness) -> None:
    """Value, gradient and recorded gradient of node = x[index] are those of the plain index `witness`."""
    expected = x.value[witness]
    np.testing.assert_array_equal(node.value, expected, strict=True)
    w = np.random.default_rng(0).normal(size=expected.shape)
    right = pulled(witness, x.shape, w)
    assert relative_error(mg.gradients(node, x, cotangent=w), right) <= 1e-14
    recorded = mg.gradients(node, x, cotangent=w, create_graph=True)
    assert relative_error(recorded.value, right) <= 1e-14
    assert relative_error(mg.total_jacobian(node, x)(x.value), expected) == 0


# --- every index ------------------------------------------------------------------------------------------------------


@given(data=st.data())
def test_any_basic_index_means_what_it_means_in_numpy(data):
    """Integers, slices of either direction, Ellipsis and None, in any mixture."""
    shape = data.draw(arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
    index = data.draw(arrays_of.basic_indices(shape, allow_newaxis=True, max_dims=5))
    x = mg.parameter(np.random.default_rng(0).normal(size=shape))
    agrees_with_numpy(x, index, x[index], index)
    assert picks_once(index)


@st.composite
def advanced(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple]:
    """A shape, and an index of integers, slices, None, arrays of integers that broadcast, and at most one mask."""
    shape = draw(arrays_of.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    common = draw(arrays_of.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3))
    parts: list = []
    for length in shape[: draw(st.integers(1, len(shape)))]:
        kind = draw(st.sampled_from(["integers", "integers", "row", "integer", "slice", "mask"]))
        if kind == "mask" and not any(getattr(part, "dtype", None) == np.bool_ for part in parts):
            # As many entries as fit with the arrays of integers: one, unless there are none of these.
            parts.append(np.arange(length) == rng.integers(length))
        elif kind == "row" and common:
            parts.append(rng.integers(-length, length, size=common[-1:]))
        elif kind == "integer":
            parts.append(int(rng.integers(-length, length)))
        elif kind == "slice":
            parts.append(draw(st.slices(length)))
        else:
            parts.append(rng.integers(-length, length, size=common))
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), None)
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), Ellipsis)
    return shape, tuple(parts)


@given(case=advanced())
def test_any_advanced_index_means_what_it_means_in_numpy(case):
    """Arrays beside each other or apart, with negative and repeated entries: as arrays, as lists, and as nodes."""
    shape, index = case
    x = mg.parameter(np.random.default_rng(0).normal(size=shape))
    try:
        x.value[index]
    except IndexError:  # masks and arrays of lengths that do not broadcast
        with pytest.raises(mg.ShapeError):
            x[index]
        return
    agrees_with_numpy(x, index, x[index], index)
    as_lists = tuple([part.tolist() if isinstance(part, np.ndarray) and part.size else part for part in index])
    np.testing.assert_array_equal(x[as_lists].value, x.value[index])
    as_nodes = tuple([mg.constant(part) if isinstance(part, np.ndarray) else part for part in index])
    agrees_with_numpy(x, index, x[as_nodes], index)


@given(
    shape=arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4),
    axes=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_mask_may_be_of_some_axes_only(shape, axes, seed):
    """x[mask] with a mask of the first axes keeps the others, whether the mask is an array or a node."""
    rng = np.random.default_rng(seed)
    mask = rng.random(shape[:axes]) < 0.5
    x = mg.parameter(rng.normal(size=shape))
    agrees_with_numpy(x, mask, x[mask], mask)
    agrees_with_numpy(x, mask, x[mg.constant(mask)], mask)


@pytest.mark.parametrize("index", [True, False, np.True_, np.array(True), (True, 0), (None, True, ..., False)], ids=str)
def test_one_truth_value_is_a_mask_of_no_axis(index):
    """NumPy's odd corner: a new axis, of length one or nought."""
    x = mg.parameter(A)
    agrees_with_numpy(x, index, x[index], index)


@pytest.mark.parametrize("number", [1, np.int8(1), np.uint64(1), np.array(1), mg.constant(1), mg.constant(1)[None][0]])
def test_one_number_is_a_number_whatever_holds_it(number):
    """Python's, NumPy's, an array without axes, a node."""
    x = mg.parameter(A)
    for index, witness in ((number, 1), ((slice(None), number), (slice(None), 1)), ((0, ..., number), (0, ..., 1))):
        np.testing.assert_array_equal(x[index].value, A[witness], strict=True)
        gradient = mg.gradients(mg.sum(x[index]), x)
        np.testing.assert_array_equal(gradient, pulled(witness, A.shape, np.ones(A[witness].shape)))


def test_an_index_is_copied():
    """Whoever changes the array or the list afterwards changes nothing in the graph."""
    x, order, pairs = mg.parameter([1.0, 2.0, 3.0]), np.array([0, 2]), [0, 2]
    picked, listed = x[order], x[pairs]
    order[0] = pairs[0] = 1
    for node in (picked, listed):
        np.testing.assert_array_equal(mg.gradients(mg.sum(node), x), [1, 0, 1])
        np.testing.assert_array_equal(mg.evaluate(node, {x: [4.0, 5.0, 6.0]}), [4, 6])


@pytest.mark.parametrize(
    ("index", "error", "words"),
    [
        (5, mg.ShapeError, "x is .2, 3, 4.*out of bounds"),
        ((0, 0, 0, 0), mg.ShapeError, "too many indices"),
        ([[0, 1, 2], [0, 1]], mg.ShapeError, "inhomogeneous"),
        (np.ones(3, bool), mg.ShapeError, "boolean"),
        (1.5, mg.ShapeError, "integer"),
        (np.array([0.5]), mg.ShapeError, "integer"),
        ("name", mg.ShapeError, "integer"),
        (mg.parameter([1.0]), mg.UnsupportedError, "integers or booleans; parameter is float64.*Write"),
        (mg.constant([1.0]), mg.UnsupportedError, "integers or booleans"),
        (slice(mg.constant(1), None), mg.UnsupportedError, r"Write int\(node\)"),
        ((0, slice(None, mg.constant(1))), mg.UnsupportedError, "fixed bounds"),
    ],
    ids=str,
)
def test_an_index_that_does_not_fit_is_a_typed_error(index, error, words):
    """At the call, with the node's name and shape."""
    with pytest.raises(error, match=words):
        mg.parameter(A, name="x")[index]


# --- nodes in an index ------------------------------------------------------------------------------------------------


def test_a_node_in_an_index_is_an_argument_and_computed_anew():
    """x[np.argsort(x)] at other values is those in order; so is its recorded gradient."""
    x = mg.parameter([3.0, 1.0, 2.0])
    ordered = x[np.argsort(x)]
    assert [node.kind for node in ordered.inputs] == ["parameter", "argsort"]
    assert repr(ordered.op) == "getitem[□]"
    np.testing.assert_array_equal(mg.evaluate(ordered, {x: [1.0, 3.0, 2.0]}), [1, 2, 3])
    J = mg.sum(ordered**2 * [1.0, 10.0, 100.0])
    recorded = mg.gradients(J, x, create_graph=True)
    np.testing.assert_array_equal(recorded.value, [600, 2, 40])
    np.testing.assert_array_equal(mg.evaluate(recorded, {x: [1.0, 3.0, 2.0]}), [2, 600, 40])


def test_nodes_stand_anywhere_in_an_index():
    """Beside slices, in a list, more than one; the index says where."""
    x, j, k = mg.parameter(A), mg.constant([0, 1, 1]), mg.constant(2)
    node = x[j, 1:, [k, 0, k]]
    np.testing.assert_array_equal(node.value, A[[0, 1, 1], 1:, [2, 0, 2]])
    assert repr(node.op) == "getitem[□, 1:None, □]" or "1:" in repr(node.op)
    np.testing.assert_array_equal(mg.evaluate(node, {k: 3, j: [1, 1, 0]}), A[[1, 1, 0], 1:, [3, 0, 3]])
    assert isinstance(mg.local_jacobian(node, 1), mg.Zero)


@pytest.mark.parametrize(
    "pick",
    [
        lambda x: x[x > 0],
        lambda x: x[np.flatnonzero(x > 0)],
        lambda x: np.extract(x > 0, x),
        lambda x: np.compress(x > 0, x),
        lambda x: np.delete(x, x <= 0),
        lambda x: x[np.nonzero(x > 0)],
        lambda x: x[np.where(x > 0)],
        lambda x: np.setdiff1d(np.maximum(x, 0), [0.0]),
        lambda x: np.trim_zeros(np.sort(np.maximum(x, 0))),
        lambda x: np.piecewise(x, [x > 0], [np.square])[np.array([0, 2])],
    ],
)
def test_a_mask_that_holds_for_another_number_of_entries_is_an_error(pick):
    """A graph has fixed shapes, and its Jacobians know them: better no answer than that of a graph half stale."""
    x = mg.parameter([1.0, -2.0, 3.0])
    node = pick(x)
    assert node.size == 2
    assert mg.evaluate(node, {x: [5.0, -1.0, 4.0]}).size == 2
    for values in ([1.0, 2.0, 3.0], [-1.0, -2.0, 3.0]):
        with pytest.raises(mg.ShapeError, match=r"when the graph was made.*np.where"):
            mg.evaluate(mg.sum(node), {x: values})


def test_a_mask_of_the_same_count_moves_with_the_values():
    """x[x > 0] at other values, value and recorded gradient, as long as as many are positive."""
    x = mg.parameter([1.0, -2.0, 3.0])
    J = mg.sum(x[x > 0] ** 2)
    recorded = mg.gradients(J, x, create_graph=True)
    assert mg.evaluate(J, {x: [-1.0, 5.0, 2.0]}) == 29
    np.testing.assert_array_equal(mg.evaluate(recorded, {x: [-1.0, 5.0, 2.0]}), [0, 10, 4])
    np.testing.assert_array_equal(mg.gradients(mg.sum(recorded), x), [2, 0, 2])


def test_nothing_comes_back_from_an_entry_that_a_mask_left_out():
    """sqrt′(0) is infinite; an entry that is not picked counts 0 times that, and not NaN."""
    x = mg.parameter([0.0, 4.0, 0.0])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.sqrt(x)[x.value > 0]), x), [0, 0.25, 0])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.sqrt(x)[[1]]), x), [0, 0.25, 0])
    y = mg.parameter([[4.0, 0.0], [1.0, 4.0]])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.tril(np.sqrt(y))), y), [[0.25, 0], [0.5, 0.25]])


# --- take, compress and the others ------------------------------------------------------------------------------------


@given(
    shape=arrays_of.array_shapes(min_dims=1, max_dims=3, max_side=4),
    places=arrays_of.arrays(
        int, arrays_of.array_shapes(min_dims=0, max_dims=2, min_side=0), elements=st.integers(-9, 9)
    ),
    mode=st.sampled_from(["raise", "wrap", "clip"]),
    data=st.data(),
)
def test_take_has_numpys_modes_along_any_axis(shape, places, mode, data):
    """Also of no entries, of one number, and beyond the ends; positions as numbers and as a node."""
    axis = data.draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    x = mg.parameter(np.random.default_rng(0).normal(size=shape))
    try:
        expected = np.take(x.value, places, axis, mode=mode)
    except IndexError:
        with pytest.raises(mg.ShapeError):
            np.take(x, places, axis, mode=mode)
        return
    numbers = np.take(np.arange(x.size).reshape(shape), places, axis, mode=mode)
    for given_places in (places, places.tolist() if places.size else places, mg.constant(places)):
        node = np.take(x, given_places, axis, mode=mode)
        np.testing.assert_array_equal(node.value, expected)
        right = np.bincount(numbers.ravel(), minlength=x.size).reshape(shape)
        np.testing.assert_array_equal(mg.gradients(node, x, cotangent=np.ones(node.shape)), right)


def test_take_reads_truth_values_as_numbers_as_numpy_does():
    """They are positions 0 and 1 here, not a mask."""
    x = mg.parameter([5.0, 7.0])
    for places in ([True, False, True], mg.constant([True, False, True])):
        np.testing.assert_array_equal(np.take(x, places).value, [7, 5, 7])


def test_a_gradient_by_take_along_axis_adds_up_repeated_positions():
    """One of the functions for which another tool has no derivative, or a wrong one."""
    x, places = mg.parameter(A[0]), np.array([[0, 0], [1, 2], [3, 3]])
    np.testing.assert_array_equal(
        mg.gradients(mg.sum(np.take_along_axis(x, places, 1)), x), [[2, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 2]]
    )


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda x: np.take(x, 0.5), mg.DTypeError, "whole numbers"),
        (lambda x: np.take(x, 0, 7), mg.ShapeError, r"np.take: x is \(2, 3, 4\).*no axis 7"),
        (lambda x: np.take(x, 0, mode="near"), ValueError, "mode"),
        (lambda x: np.take_along_axis(x, np.array([0, 1]), 0), mg.ShapeError, "as many axes"),
        (lambda x: np.take_along_axis(x, x, 0), mg.DTypeError, "whole numbers"),
        (lambda x: np.compress([True] * 3, x, 0), mg.ShapeError, "axis 0 of x has 2"),
        (lambda x: np.compress([[True]], x, 0), mg.ShapeError, "sequence"),
        (lambda x: np.bincount(np.array([0, -1]), x[0, 0, :2]), mg.ShapeError, "negative"),
        (lambda x: np.bincount(np.array([0, 1]), x[0, 0]), mg.ShapeError, "same length"),
        (lambda x: np.bincount(x[0, 0]), mg.DTypeError, "whole numbers"),
        (lambda x: np.nonzero(x[0, 0, 0]), mg.ShapeError, "atleast_1d"),
        (lambda x: np.argsort(x, order="field"), mg.UnsupportedError, "np.argsort: order="),
        (lambda x: np.sort(x, kind="stable", stable=True), ValueError, "not both"),
        (lambda x: np.put_along_axis(x, np.zeros((1, 1, 1), int), 0.0, 0), mg.UnsupportedError, "np.put_along_axis"),
        (lambda x: np.put(x, 0, 1.0), mg.UnsupportedError, "np.where"),
        (lambda x: np.fill_diagonal(x, 1.0), mg.UnsupportedError, "np.where"),
        (lambda x: np.choose(x, [x, x]), mg.DTypeError, "whole"),
        (lambda x: np.choose(np.array([2]), [x, x]), mg.ShapeError, "choice"),
        (lambda x: np.select([x > 0], [x, x]), mg.ShapeError, "1 conditions and 2 choices"),
        (lambda x: np.select([x], [x]), mg.DTypeError, "booleans"),
        (lambda x: np.piecewise(x, [x > 0], [1, 2, 3]), mg.ShapeError, "1 conditions and 3 functions"),
        (lambda x: np.where(x > 0, x), ValueError, "both"),
    ],
)
def test_what_does_not_fit_or_is_not_supported_says_so(ask, error, words):
    """A typed error at the call, with what to do."""
    with pytest.raises(error, match=words):
        ask(mg.parameter(A, name="x"))


# --- positions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        partial(np.argsort, axis=0),
        partial(np.argsort, kind="stable"),
        partial(np.argpartition, kth=1),
        partial(np.lexsort, axis=0),
        np.argwhere,
        np.flatnonzero,
        np.nonzero,
        np.where,
        partial(np.isin, test_elements=[1.0, 5.0]),
        lambda x: np.unravel_index(np.argmax(x), x.shape),
        lambda x: np.unique(x, return_index=True, return_inverse=True, return_counts=True)[1:],
    ],
)
def test_positions_are_nodes_computed_anew_and_never_differentiated(ask):
    """As comparisons are: evaluate finds them at the new values."""
    x, other = mg.parameter([[1.0, 5.0, 2.0], [4.0, 3.0, 6.0]]), np.array([[6.0, 2.0, 1.0], [3.0, 4.0, 5.0]])
    found, expected = ask(x), ask(other)
    parts = found if isinstance(found, tuple) else (found,)
    for node, right in zip(parts, expected if isinstance(expected, tuple) else (expected,), strict=True):
        assert not node.differentiable
        np.testing.assert_array_equal(mg.evaluate(node, {x: other}), right)
        assert not mg.gradients(node, x).any()


def test_the_largest_entry_is_found_by_the_idiom_of_numpy():
    """x[np.unravel_index(np.argmax(x), x.shape)]: value, gradient, and the same at other values."""
    x = mg.parameter([[1.0, 5.0], [2.0, 3.0]])
    top = x[np.unravel_index(np.argmax(x), x.shape)] ** 2
    np.testing.assert_array_equal(mg.gradients(top, x), [[0, 10], [0, 0]])
    assert mg.evaluate(top, {x: [[1.0, 2.0], [7.0, 3.0]]}) == 49


# --- ways to scatter --------------------------------------------------------------------------------------------------

rng = np.random.default_rng(0)
LONG = {
    "numbers along the first axis": ((50, 70), rng.integers(0, 50, 40)),
    "numbers counted from both ends": ((50, 70), rng.integers(-50, 50, 40)),
    "a permutation": ((50, 70), rng.permutation(50)),
    "along the last axis": ((70, 50), (slice(None), rng.integers(-50, 50, 60))),
    "along the middle": ((9, 20, 9), (slice(None), rng.integers(0, 20, 25))),
    "one number all the time": ((50, 70), np.zeros(40, int)),
    "no number": ((50, 70), np.zeros(0, int)),
    "pairs": ((50, 70), (rng.integers(0, 50, 300), rng.integers(-70, 70, 300))),
    "few of many": ((50, 70), (rng.integers(0, 50, 100), rng.integers(0, 5, 100))),
    "arrays apart": ((9, 20, 9), (rng.integers(0, 9, 90), slice(None), rng.integers(0, 9, 90))),
    "a slice and numbers": ((50, 70), (slice(0, 30), rng.integers(0, 70, 60))),
    "a mask": ((50, 70), rng.random((50, 70)) < 0.5),
    "a mask of rows": ((50, 70), (rng.random(50) < 0.5, slice(3, None))),
    "a mask and numbers": ((50, 70), (np.arange(50) < 1, np.zeros(90, int))),
    "unsigned numbers": ((50, 70), rng.integers(0, 50, 40).astype(np.uint8)),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("case", LONG)
def test_every_way_to_scatter_gives_the_sums_of_numpys_own(case, dtype):
    """Assignment, rounds, flat numbers, np.add.at: which one is taken is a matter of speed alone."""
    shape, index = LONG[case]
    picked = np.zeros(shape)[index].shape
    w = rng.normal(size=picked).astype(dtype)
    scatter = mg.Scatter(index, picked, shape)
    got, right = scatter(w), pulled(index, shape, w.real) + 1j * pulled(index, shape, w.imag)
    assert got.dtype == dtype
    assert np.max(np.abs(got - right), initial=0.0) <= 100 * np.finfo(dtype).eps
    assert relative_error(scatter.T(got.real), got.real[index]) == 0


def test_the_ways_to_scatter_are_all_taken():
    """Else the test above would hold for fewer than it says."""
    taken = set()
    for shape, index in LONG.values():
        scatter = mg.Scatter(index, np.zeros(shape)[index].shape, shape)
        size = np.prod(scatter.in_shape)
        taken.add(
            "assignment"
            if picks_once(index)
            else f"{len(rounds)} rounds"
            if (rounds := scatter._rounds()) is not None
            else "flat numbers"
            if size > layout.FEW and np.prod(shape) <= 8 * size
            else "add.at"
        )
    assert {"assignment", "flat numbers", "add.at", "1 rounds", "3 rounds"} <= taken


@given(case=advanced())
def test_an_index_said_to_pick_once_does(case):
    """Where it did not, what falls together would be lost."""
    shape, index = case
    if picks_once(index):
        try:
            numbers = np.arange(np.prod(shape)).reshape(shape)[index]
        except IndexError:
            return
        assert np.unique(numbers).size == np.size(numbers)


def test_short_rows_are_summed_as_numpy_sums_them():
    """The faster way for short last axes gives the same to rounding, in the same dtype."""
    for dtype, eps in ((np.float32, 1e-6), (np.float64, 1e-15)):
        v = rng.normal(size=(7, 500, 3)).astype(dtype)
        for out_shape in ((7, 500, 1), (1, 500, 1), (500, 1), (1,), ()):
            got = mg.SumTo(v.shape, out_shape)(v)
            axes = tuple(k for k in range(3) if k < 3 - len(out_shape) or out_shape[k - 3 + len(out_shape)] == 1)
            right = v.astype(float).sum(axis=axes).reshape(out_shape)
            assert got.dtype == dtype
            assert np.max(np.abs(got - right)) <= 100 * eps * max(1, np.max(np.abs(right)))


def test_getitem_by_operator_and_by_name_are_one():
    """operator.getitem is in the table, so that what asks by it finds the same."""
    x = mg.parameter(A)
    assert operator.getitem(x, 0).op.name == mg.getitem(x, 0).op.name == "getitem"
    assert str(example(partial(mg.getitem, index=(0, [1, 2])), A)).startswith("getitem[0,[1,2]]")
