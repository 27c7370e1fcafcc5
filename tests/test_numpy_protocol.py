"""NumPy's operators and functions on nodes: the same numbers and dtypes, always a node, and nothing lost silently.

The witness is NumPy itself, on the plain arrays.
"""

import math
import operator
import re

import numpy as np
import pytest

import minigrad as mg

A, B = np.array([[0.5, 2.0, 1.5], [1.0, 0.25, 3.0]]), np.array([[2.0, 0.5, 1.5], [1.0, 1.0, -1.0]])
ROW, MASK = np.array([2.0, 1.0, 3.0]), np.array([[True, False, True], [False, False, True]])
ORDER = np.array([[2, 0, 1], [0, 1, 2]])


def plain(result):
    """The arrays in a result, which may be a node, an array, or several of them."""
    if isinstance(result, list | tuple):
        return [array for part in result for array in plain(part)]
    return [result.value if isinstance(result, mg.Node) else np.asarray(result)]


# --- functions --------------------------------------------------------------------------------------------------------

CALLS = [
    *((f, pair, {}) for f in (np.add, np.subtract, np.multiply, np.divide) for pair in ((A, B), (A, ROW), (A, 2))),
    *((f, pair, {}) for f in (np.less, np.less_equal, np.greater, np.greater_equal) for pair in ((A, B), (A, 1.5))),
    *((f, pair, {}) for f in (np.equal, np.not_equal) for pair in ((A, B), (A, ROW), (A, 1))),
    *((f, (A,), {}) for f in (np.negative, np.exp, np.log, np.log1p, np.tanh, np.absolute, np.sign, np.logical_not)),
    *((np.absolute, (B,), {}), (np.sign, (B,), {}), (np.logical_and, (A, MASK), {}), (np.logical_or, (A, MASK), {})),
    *((np.power, (A, B), {}), (np.power, (A, 2), {}), (np.power, (2.0, A), {}), (np.power, (A, -0.5), {})),
    *((np.matmul, (A, B.T), {}), (np.matmul, (A, ROW), {}), (np.matmul, (ROW, B.T), {}), (np.matmul, (ROW, ROW), {})),
    *((np.where, (MASK, A, B), {}), (np.where, (MASK, A, 0), {}), (np.where, (MASK, ROW, A), {})),
    *((f, (A,), kw) for f in (np.sum, np.mean) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True})),
    *((f, (A,), kw) for f in (np.sum, np.mean) for kw in ({"axis": (1, 0)}, {"axis": ()}, {"keepdims": True})),
    *((np.sum, (A, 1), {}), (np.mean, (A, 1), {}), (np.sum, (A, np.int64(1)), {}), (np.mean, (A, (np.int64(0),)), {})),
    *((np.reshape, (A, 6), {}), (np.reshape, (A, (3, -1)), {}), (np.reshape, (A,), {"shape": [3, 2]})),
    *((np.reshape, (A, np.int64(6)), {}), (np.reshape, (A, np.array([3, 2])), {}), (np.reshape, (ROW[:1], ()), {})),
    *((np.transpose, (A,), {}), (np.transpose, (A, (0, 1)), {}), (np.transpose, (A[None],), {"axes": [-1, 0, 1]})),
    *((np.broadcast_to, (ROW, (2, 3)), {}), (np.broadcast_to, (2.0, 4), {}), (np.broadcast_to, (ROW, [0, 3]), {})),
    *((np.broadcast_to, (2.0, np.int64(4)), {}), (np.transpose, (ROW, 0), {})),
    *((np.concatenate, ([A, B],), {"axis": axis}) for axis in (0, 1, -1, None)),
    *((np.concatenate, ((A, B, A), 1), {}), (np.concatenate, ([A],), {}), (np.concatenate, (A,), {})),
    *((np.stack, ([A, B],), {"axis": axis}) for axis in (0, 1, 2, -1, -3)),
    *((np.stack, ((ROW, ROW, ROW), 1), {}), (np.stack, (A,), {}), (np.stack, ([2.0, 3.0],), {})),
    *((np.astype, (A, dtype), {}) for dtype in (np.float32, "float16", int, bool)),
    *(
        (operator.getitem, (A, index), {})
        for index in (0, -1, (1, 2), (slice(None), 1), None, ..., (), MASK, [1, 0, 1])
    ),
]


def label(call):
    """np.sum(…, axis=0), for the test's name."""
    function, arguments, keywords = call
    shapes = [np.shape(a) if hasattr(a, "shape") and a.shape else type(a).__name__ for a in arguments]
    return f"{function.__name__}{shapes}{keywords or ''}"


@pytest.mark.parametrize("call", CALLS, ids=label)
def test_a_function_means_on_nodes_what_it_means_on_arrays(call):
    """Same numbers, shape and dtype, whichever argument is a node, or a list of nodes; and each has a gradient."""
    function, arguments, keywords = call
    expected = np.asarray(function(*arguments, **keywords))
    for k, argument in enumerate(arguments):
        listed = isinstance(argument, list | tuple)
        parts = argument if listed else [argument]
        if not len(parts) or any(np.asarray(part).dtype != np.float64 for part in parts):
            continue
        leaves = [mg.parameter(part) for part in parts]
        given = type(argument)(leaves) if listed else leaves[0]
        node = function(*arguments[:k], given, *arguments[k + 1 :], **keywords)
        assert isinstance(node, mg.Node)
        assert (node.shape, node.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(node.value, expected, rtol=1e-15)
        for leaf, gradient in zip(leaves, mg.gradients(mg.sum(node), leaves), strict=True):
            assert (gradient.shape, gradient.dtype) == (leaf.shape, leaf.dtype)


# --- operators --------------------------------------------------------------------------------------------------------

OPERATORS = ["add", "sub", "mul", "truediv", "pow", "lt", "le", "gt", "ge", "eq", "ne"]
OTHERS = [
    2,
    0.5,
    True,
    [2.0, 1.0],
    (2, 1),
    np.float32(2),
    np.float64(2),
    np.int64(2),
    np.array(3.0),
    np.array([[1], [2]]),
]


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: f"{type(other).__name__}{np.shape(other)}")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_operator_with_anything_on_either_side_makes_a_node(name, other, dtype):
    """Never an object array of nodes, as `array * object` would be; and dtypes meet as NumPy says.

    Python's numbers are weak, so that 2 * x stays single precision; NumPy's are not.
    """
    apply, array = getattr(operator, name), np.array([1.5, 2.0], dtype)
    x, same = mg.parameter(array), np.asarray(other) if isinstance(other, list | tuple) else other
    for node, expected in [(apply(x, other), apply(array, same)), (apply(other, x), apply(same, array))]:
        assert isinstance(node, mg.Node)
        assert node.dtype == expected.dtype
        np.testing.assert_allclose(node.value, expected, rtol=1e-6)
        assert mg.gradients(mg.sum(node), x).dtype == dtype


def test_matrix_products_with_arrays_and_lists_make_nodes():
    """`array @ node` too, which NumPy begins."""
    x = mg.parameter(A)
    for left, right in [(x, B.T), (B.T, x), (x, [2.0, 1.0, 3.0]), ([2.0, 1.0], x), (x, x.T)]:
        product, expected = left @ right, np.matmul(*[getattr(side, "value", side) for side in (left, right)])
        assert isinstance(product, mg.Node)
        np.testing.assert_allclose(product.value, expected)


def promoted(f):
    """Written as a user would, with NumPy's own 1 or 2; `sigmoid` and `x` of arrays or of nodes."""
    return {
        "1 - σ": lambda x, sigmoid: f(1) - sigmoid(x),
        "log(1 - σ)": lambda x, sigmoid: np.log(f(1) - sigmoid(x)),
        "1 - (1 - σ)": lambda x, sigmoid: f(1) - (f(1) - sigmoid(x)),
        "log(1 + exp)": lambda x, sigmoid: np.log(f(1) + np.exp(x)),
        "log(exp + 1)": lambda x, sigmoid: np.log(np.exp(x) + f(1)),
        "power": lambda x, sigmoid: x ** f(2),
        "exponential": lambda x, sigmoid: f(2) ** x,
    }


@pytest.mark.parametrize("f", [float, np.float64, np.float32, np.array, lambda v: np.array([[v]])])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_shorter_way_of_computing_has_the_dtype_of_what_was_written(f, dtype):
    """Stable forms and powers: a scalar or an array of another precision counts in the promotion there too."""
    array = np.array([0.5, 1.5], dtype)
    for name, make in promoted(f).items():
        x = mg.parameter(array)
        node, expected = make(x, mg.sigmoid), make(array, lambda z: np.reciprocal(1 + np.exp(-z)))
        assert (node.dtype, node.shape) == (expected.dtype, expected.shape), name
        np.testing.assert_allclose(node.value, expected, rtol=float(8 * np.finfo(dtype).eps), err_msg=name)
        assert mg.gradients(mg.sum(node), x).dtype == dtype, name


def test_small_integers_are_raised_to_a_power_as_numpy_does():
    """int8 ** int64 is int64: 100² does not fit in a byte."""
    small, two = np.array([100], np.int8), np.array(2)
    node = mg.constant(small) ** mg.constant(two)
    assert node.dtype == (small**two).dtype
    assert node.value.tolist() == [10_000]


@pytest.mark.parametrize("given", [[1, 2], [True, False], np.uint8([3, 1])], ids=str)
@pytest.mark.parametrize(
    "function",
    [mg.sigmoid, mg.softplus, mg.relu, mg.softmax, mg.log_softmax, mg.logsumexp, mg.mean, mg.exp, mg.tanh, mg.log1p],
)
def test_a_function_of_whole_numbers_is_that_of_the_same_floats(function, given):
    """Logits and counts come as integers; NumPy's own functions take them."""
    np.testing.assert_allclose(function(given).value, function(np.array(given, float)).value, rtol=2e-3)


def test_a_cast_casts_the_gradient_back():
    """A gradient has exactly the dtype of its node; without that, one step of training makes W single precision."""
    x = mg.parameter(A)
    for narrow in (np.float32, np.float16):
        y = x.astype(narrow)
        assert (y.dtype, mg.gradients(mg.sum(y * y), x).dtype) == (narrow, np.float64)
    J = mg.sum(mg.tanh(x.astype(np.float32)) * np.float64(2))
    J.backward()
    assert x.grad.dtype == np.float64


# --- keywords ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0,), (0, 1), (1, -2), (), np.int64(1), (np.int32(0), 1)], ids=repr)
@pytest.mark.parametrize("keepdims", [False, True])
def test_an_axis_means_what_it_means_to_numpy(axis, keepdims):
    """Value and gradient, by sum and mean; negative axes, several, none, and NumPy's own integers."""
    x = mg.parameter(A)
    for f in (np.sum, np.mean):
        y, expected = f(x, axis=axis, keepdims=keepdims), f(A, axis=axis, keepdims=keepdims)
        np.testing.assert_allclose(y.value, expected, rtol=1e-15)
        assert y.shape == np.shape(expected)
        share = np.size(expected) / A.size if f is np.mean else 1
        np.testing.assert_allclose(mg.gradients(mg.sum(y), x), np.full(A.shape, share), rtol=1e-15)
    y = mg.logsumexp(x, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(y.value, np.log(np.sum(np.exp(A), axis=axis, keepdims=keepdims)), rtol=1e-15)
    assert mg.gradients(mg.sum(y), x).sum() == pytest.approx(y.size)


def test_a_single_number_can_be_summed_along_an_axis_that_is_not_there():
    """np.sum(5.0, axis=0) is 5.0 in NumPy; then its gradient is 1."""
    z = mg.parameter(5.0)
    for axis in (0, -1, (), None):
        assert np.sum(z, axis=axis).value == np.sum(z.value, axis=axis)
        assert mg.gradients(np.sum(z, axis=axis), z) == 1


@pytest.mark.parametrize("keywords", [{"out": None}, {"dtype": None}, {"axis": None, "keepdims": False, "out": None}])
def test_a_keyword_at_its_default_changes_nothing(keywords):
    """Libraries hand on out=None and dtype=None."""
    for f in (np.sum, np.mean):
        assert f(mg.parameter(A), **keywords).value == f(A, **keywords)
        assert f(mg.parameter(A), *[None] * 3).value == f(A, *[None] * 3)


AS_NUMPY_OR_NOT = {
    # the name that an error must say: what is called
    "np.linalg.det": lambda x: np.linalg.det(x[:, :2]),
    "np.fft.fft": np.fft.fft,
    "np.unique": np.unique,
    "np.bitwise_and": lambda x: np.bitwise_and(x > 1, MASK),
    "np.add.reduce": np.add.reduce,
    "np.add.accumulate": lambda x: np.add.accumulate(x, 1),
    "np.add.reduceat": lambda x: np.add.reduceat(x, [0]),
    "np.multiply.outer": lambda x: np.multiply.outer(ROW, x),
    "np.add": lambda x: np.add(x, 1, where=MASK, dtype=np.float32) * MASK,
    "np.sum": lambda x: np.sum(x, where=MASK),
    "np.sum ": lambda x: np.sum(x, dtype=np.float32),
    "np.sum  ": lambda x: np.sum(x, 0, np.float32),
    "np.sum   ": lambda x: np.sum(x, initial=1.0),
    "np.mean": lambda x: np.mean(x, 0, None, None, True),
    "np.reshape": lambda x: np.reshape(x, (3, 2), order="F"),
    "np.reshape ": lambda x: np.reshape(x, (3, 2), "F"),
    "np.stack": lambda x: np.stack([x, x], casting="no"),
    "np.astype": lambda x: np.astype(x, np.float32, copy=False),
    "np.where": lambda x: np.where(x > 1),
}


@pytest.mark.parametrize("name", AS_NUMPY_OR_NOT)
def test_a_call_gives_numpys_numbers_or_an_error_that_says_what_to_write(name):
    """By the name it was called by: never other numbers, never a plain result, never the engine's own insides."""
    call = AS_NUMPY_OR_NOT[name]
    try:
        result = call(mg.parameter(A))
    except mg.UnsupportedError as refusal:
        message = str(refusal)
    else:
        assert all(isinstance(part, mg.Node) for part in (result if isinstance(result, tuple) else [result]))
        for ours, theirs in zip(plain(result), plain(call(A)), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-6)
        return
    assert name.strip() in message
    assert re.search("Use|Write|write", message), f"it does not say what to do: {message}"
    assert not re.search(r"__call__|forward\(|positional", message), f"this is not what was called: {message}"


X, Z = mg.parameter([1.0, 2.0], name="x"), mg.parameter(2.0, name="z")

IN_PLACE = {
    "np.add": lambda y: np.add(X, 1, out=y),
    "np.tanh": lambda y: np.tanh(X, y),
    "np.sum": lambda y: np.sum(X, out=y[:1].reshape(())),
    "np.mean": lambda y: np.mean(X, None, None, y[:1].reshape(())),
    "np.concatenate": lambda y: np.concatenate([X, X], out=np.concatenate([y, y])),
    "np.subtract": lambda y: operator.isub(y, X),
    "np.multiply": lambda y: operator.imul(y, X),
    "np.matmul": lambda y: operator.imatmul(np.array([y, y]), mg.parameter(np.eye(2))),
    "np.add.at": lambda y: np.add.at(y, [0], X),
    "np.copyto": lambda y: np.copyto(y, X),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_no_array_is_written_to_with_a_node(name):
    """It would hold the numbers and lose the gradient; the message says what makes a new node instead."""
    array = np.ones(2)
    with pytest.raises(mg.UnsupportedError, match=rf"{re.escape(name)}\b.*(Write|Use|write)"):
        IN_PLACE[name](array)
    np.testing.assert_array_equal(array, 1)


# --- nothing is lost silently -----------------------------------------------------------------------------------------


def test_adding_to_a_name_makes_a_new_node():
    """`x += y` binds the name anew; the old node, and what was computed from it, stay as they are."""
    x = old = mg.parameter([1.0, 2.0])
    square = x * x
    x += 1
    x *= 2
    assert x is not old
    np.testing.assert_array_equal(old.value, [1, 2])
    np.testing.assert_array_equal(mg.gradients(mg.sum(square * x), old), 2 * old.value * x.value + 2 * square.value)


LOSING = {
    "asarray": lambda: np.asarray(X),
    "array": lambda: np.array(X),
    "array of nodes": lambda: np.array([X, X]),
    "array of numbers and nodes": lambda: np.array([1.0, Z]),
    "objects": lambda: np.array([Z], dtype=object),
    "full": lambda: np.full(2, Z),
    "a slice": lambda: operator.setitem(np.ones(2), slice(None), X),
    "an op of a list": lambda: mg.tanh([Z, 1.0]),
    # one number at a time, which NumPy reads by float()
    "an entry": lambda: operator.setitem(np.ones(2), 0, Z),
    "fill": lambda: np.ones(2).fill(Z),
    "fromiter": lambda: np.fromiter([Z, Z], float),
    "float64": lambda: np.float64(Z),
    "math": lambda: math.exp(Z),
}


@pytest.mark.parametrize("lose", LOSING.values(), ids=LOSING)
def test_a_node_does_not_become_a_plain_number_by_the_way(lose):
    """Above all `out[k] = node`, in a loop: its gradient would be gone, and the rest of it right."""
    with pytest.raises((mg.UnsupportedError, ValueError)) as caught:
        lose()
    error = caught.value if isinstance(caught.value, mg.UnsupportedError) else caught.value.__cause__
    assert isinstance(error, mg.UnsupportedError)  # where NumPy reads one number, it makes ours the cause of its own
    assert re.search(r"would lose its gradient.*\.value", str(error))


def test_a_constant_is_an_array_wherever_one_is_wanted():
    """It has no gradient to lose: data can be looked at by any NumPy code."""
    c = mg.constant([1.0, 2.0])
    assert np.shares_memory(np.asarray(c), c.value)
    assert not np.asarray(c).flags.writeable
    assert np.array(c).flags.writeable
    assert np.asarray(c, dtype=np.float32).dtype == np.float32
    np.testing.assert_array_equal(np.array([c, c]), [[1, 2], [1, 2]])
    np.testing.assert_array_equal(np.asarray(mg.parameter([1.0, -1.0]) > 0), [True, False])
    array = np.zeros(2)
    array[:] = c
    array[0] = c[1]
    np.testing.assert_array_equal(array, [2, 2])


@pytest.mark.parametrize("apply", [operator.add, operator.mul, operator.matmul, operator.sub, np.add, np.ma.add])
def test_a_mask_is_not_lost_silently(apply):
    """A masked array beside a node with a gradient is an error, not its numbers without the mask."""
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    for pair in [(masked, X), (X, masked)]:
        with pytest.raises(mg.MinigradError):
            apply(*pair)


# --- masks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne])
def test_a_comparison_is_a_node_that_is_never_differentiated(compare):
    """It is recomputed at other values; a gradient passes it by, and asking for one is an error."""
    x, y = mg.parameter(A, name="x"), mg.parameter(B)
    mask = compare(x, y)
    assert (mask.dtype, mask.differentiable) == (np.bool_, False)
    J = mg.sum(mask * x * x)
    np.testing.assert_array_equal(J.backward()[x], 2 * compare(A, B) * A)
    assert mask.grad is None
    np.testing.assert_array_equal(mg.gradients(J, y), np.zeros(B.shape))
    with pytest.raises(mg.GradientError, match="constant"):
        mg.gradients(J, mask)
    assert mg.evaluate(J, {y: -B}) == np.sum(compare(A, -B) * A * A)


def test_where_takes_the_gradient_of_the_branch_taken():
    """And sign has none: |x| written in two ways."""
    x = mg.parameter(B)
    for J in (mg.sum(np.where(x > 0, x, -x)), mg.sum(np.sign(x) * x)):
        np.testing.assert_array_equal(mg.gradients(J, x), np.sign(B))
        assert mg.evaluate(J, {x: 3 * B}) == pytest.approx(np.sum(abs(3 * B)))


def test_a_condition_of_floats_is_a_condition_and_nothing_else():
    """np.where(x, …) asks whether x is 0: a step, without a derivative."""
    x, y = mg.parameter([1.0, 0.0]), mg.parameter([5.0, 7.0])
    J = mg.sum(np.where(x, 3.0, y))
    np.testing.assert_array_equal(J.value, 10)
    dx, dy = mg.gradients(J, [x, y])
    np.testing.assert_array_equal(dx, [0, 0])
    np.testing.assert_array_equal(dy, [0, 1])
    np.testing.assert_array_equal(mg.gradients(mg.sum(np.where(x, x, -x)), x), [1, -1])


def test_entries_are_picked_by_a_node_that_is_a_mask_or_whole_numbers():
    """x[x > 0] and x[order], with a gradient at what was picked."""
    x, order = mg.parameter([1.0, -2.0, 3.0]), mg.constant([2, 2, 0])
    np.testing.assert_array_equal(mg.gradients(mg.sum(x[x > 0] ** 2), x), [2, 0, 6])
    np.testing.assert_array_equal(mg.gradients(mg.sum(x[order]), x), [1, 0, 2])
    np.testing.assert_array_equal(mg.gradients(mg.sum(x[None, order, None]), x), [1, 0, 2])
    with pytest.raises(mg.UnsupportedError, match="integers or booleans"):
        x[x]
    index = np.array([0, 1])
    picked = x[index]
    index[:] = 2  # between the forward and the reverse sweep
    np.testing.assert_array_equal(mg.gradients(mg.sum(picked), x), [1, 1, 0])


def test_a_node_used_as_an_index_is_an_argument():
    """So that evaluate picks anew where the mask or the order has changed, and a picture shows where it came from."""
    x, order = mg.parameter([1.0, -2.0, 3.0]), mg.constant([2, 0])
    np.testing.assert_array_equal(mg.evaluate(x[order], {order: [1, 1]}), [-2, -2])
    assert mg.evaluate(mg.sum(x[x > 0]), {x: [-1.0, 5.0, 1.0]}) == 6
    with pytest.raises(mg.ShapeError, match="a graph has fixed shapes"):
        mg.evaluate(mg.sum(x[x > 0]), {x: [-1.0, 5.0, -1.0]})
