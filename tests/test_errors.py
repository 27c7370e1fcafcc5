"""Errors: typed, with names and shapes and what to do; and after one, every node is as it was.

A line of the table is a call, the error it must raise, and what the message must say, in pieces.
"""

import contextlib
import re
from types import SimpleNamespace

import numpy as np
import pytest

import minigrad as mg
from minigrad.graph import arguments_first


@pytest.fixture
def g():
    """One layer: z = W x + b, a = σ(z), J; and beside it leaves of other shapes."""
    W, b = mg.parameter([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]], name="W"), mg.parameter([0.1, -0.2], name="b")
    x, y = mg.constant([1.0, 2.0, 3.0], name="x"), mg.constant([1.0, 0.0], name="y")
    z = mg.add(W @ x, b, name="z")
    a = mg.sigmoid(z, name="a")
    J = mg.cross_entropy(a, y, name="J")
    S, s = mg.parameter(np.ones((4, 2, 3)), name="S"), mg.parameter(2.0, name="s")
    E, f = mg.parameter(np.ones((0, 3)), name="E"), mg.parameter(np.float32([1, 2]), name="f")
    return SimpleNamespace(W=W, b=b, x=x, y=y, z=z, a=a, J=J, S=S, s=s, E=E, f=f)


def op(forward=lambda x: 2 * x, jacobian=lambda out, x: mg.Diagonal(np.full(x.shape, 2.0))):
    """A user's op of one argument, called `double`, with a forward or a Jacobian that may be wrong."""
    statements = {
        "forward": lambda self, x: forward(x),
        "jacobian": lambda self, argument, out, x: jacobian(out, x),
    }
    return type("Double", (mg.Op,), statements)()


def wrong(jacobian, ask=lambda J, g: mg.gradients(J, g.b)):
    """Ask for the gradient through d = double(b), a user's op with this Jacobian."""
    return lambda g: ask(mg.sum(op(jacobian=jacobian)(g.b, name="d")), g)


def assign(array):
    array[0] = 5
    return array


Shape, DType, Domain, Gradient, Any = mg.ShapeError, mg.DTypeError, mg.DomainError, mg.GradientError, mg.MinigradError

SHAPES = [
    (lambda g: g.W @ g.W, Shape, "matmul(W, W): | W is (2, 3) | 3 columns cannot meet 2 rows"),
    (lambda g: g.x @ g.b, Shape, "matmul(x, b): | x is (3,) and b is (2,)"),
    (lambda g: g.b @ g.x, Shape, "matmul(b, x): | b is (2,) and x is (3,)"),
    (lambda g: g.W @ g.b, Shape, "W is (2, 3) and b is (2,) | 3 columns cannot meet 2 rows"),
    (lambda g: g.x @ g.W, Shape, "x is (3,) and W is (2, 3) | 3 columns cannot meet 2 rows"),
    (lambda g: g.S @ g.W, Shape, "S is (4, 2, 3) and W is (2, 3) | 3 columns cannot meet 2 rows"),
    (lambda g: g.S @ np.ones((5, 3, 2)), Shape, "S is (4, 2, 3) and constant is (5, 3, 2) | the stacks (4,) and (5,)"),
    (lambda g: g.W @ g.s, Shape, "W is (2, 3) and s is () | use *"),
    (lambda g: 2 @ g.W, Shape, "constant is () and W is (2, 3) | use *"),
    (lambda g: g.z @ g.W @ g.W, Shape, "matmul(matmul(…), W): | matmul(…) is (3,) and W is (2, 3)"),
    (lambda g: mg.add_bias(g.W, g.b), Shape, "add_bias(W, b): | W is (2, 3) and b is (2,) | (2, 1) for columns"),
    (lambda g: mg.add_bias(g.b, g.W), Shape, "b is (2,) and W is (2, 3) | without enlarging"),
    (lambda g: mg.add_bias(np.ones((2, 1)), g.W), Shape, "constant is (2, 1) and W is (2, 3) | without enlarging"),
    (lambda g: mg.add_bias(g.W, np.ones((1, 2))), Shape, "constant is (1, 2) | (1, 3) for rows"),
    (lambda g: mg.add_bias(g.W, g.s), Shape, "W is (2, 3) and s is ()"),
    (lambda g: g.W + g.b, Shape, "add(W, b): | W is (2, 3) and b is (2,) | broadcast"),
    (lambda g: g.x**g.b, Shape, "power(x, b): | x is (3,) and b is (2,) | broadcast"),
    (lambda g: g.x == g.b, Shape, "equal(x, b): | x is (3,) and b is (2,) | broadcast"),
    (lambda g: mg.where(g.W > 0, g.b, 0), Shape, "where(greater(…), b, constant): | (2, 3) | (2,) | broadcast"),
    (lambda g: mg.broadcast_to(g.W, (2,)), Shape, "broadcast_to(W): | W is (2, 3) | (2,)"),
    (lambda g: g.W.reshape(4), Shape, "reshape(W): | W is (2, 3) | (4,)"),
    (lambda g: g.W.reshape(-1, -1), Shape, "reshape(W): | W is (2, 3)"),
    (lambda g: g.x.mT, Shape, "x | (3,) | two axes"),
    (lambda g: mg.concatenate([]), Shape, "concatenate: | at least one"),
    (lambda g: mg.stack([]), Shape, "stack: | at least one"),
    (lambda g: mg.concatenate([g.x, g.W]), Shape, "concatenate(x, W): | x is (3,) and W is (2, 3)"),
    (lambda g: mg.concatenate([g.W, np.ones((2, 4))]), Shape, "W is (2, 3) and constant is (2, 4)"),
    (lambda g: mg.concatenate([g.s, g.s]), Shape, "concatenate(s, s): | s is () and s is () | stack"),
    (lambda g: mg.stack([g.x, g.b]), Shape, "stack | x | (3,) | b | (2,)"),
    (lambda g: mg.parameter([[1, 2], [3]], name="ragged"), Shape, "parameter | rows"),
    (lambda g: mg.constant([[1, 2], [3]]), Shape, "constant | rows"),
    (lambda g: mg.cross_entropy(g.a, g.x / 3), Shape, "cross_entropy(a, divide(…)): | a is (2,) | (3,) | same shape"),
    (
        lambda g: mg.squared_error(g.a, g.y[:, None]),
        Shape,
        "squared_error(a, getitem(…)): | (2,) | (2, 1) | same shape",
    ),
    (lambda g: mg.softmax_cross_entropy(g.W, g.y), Shape, "softmax_cross_entropy(W, y): | (2, 3) | (2,) | same shape"),
    (lambda g: mg.squared_error(g.s, 1.0), Shape, "squared_error(s, constant): | s is () | at least one"),
]

AXES = [
    (lambda g: mg.sum(g.W, axis=2), Shape, "sum(W): | W is (2, 3) | axis 2"),
    (lambda g: mg.mean(g.W, axis=-3), Shape, "mean(W): | W is (2, 3) | axis -3"),
    (lambda g: np.sum(g.W, axis=(0, 0)), Shape, "sum(W): | duplicate"),
    (lambda g: mg.logsumexp(g.x, axis=1), Shape, "logsumexp(x): | x is (3,) | axis 1"),
    (lambda g: mg.softmax(g.x, units_axis=1), Shape, "softmax(x): | x is (3,) | axis 1"),
    (lambda g: mg.log_softmax(g.x, units_axis=-2), Shape, "log_softmax(x): | x is (3,) | axis -2"),
    (lambda g: mg.concatenate([g.x, g.b], axis=1), Shape, "concatenate(x, b): | x is (3,) and b is (2,) | axis 1"),
    (lambda g: mg.stack([g.x, g.x], axis=2), Shape, "stack | x | (3,) | axis 2"),
    (lambda g: mg.stack([g.x, g.x], axis=-3), Shape, "stack | x | (3,) | axis -3"),
    (lambda g: mg.transpose(g.W, (0, 2)), Shape, "transpose(W): | W is (2, 3) | axis 2"),
    (lambda g: mg.transpose(g.W, (0, 0)), Shape, "transpose(W): | W is (2, 3) | repeated"),
    (lambda g: mg.transpose(g.W, (0,)), Shape, "transpose(W): | W is (2, 3)"),
    (lambda g: mg.cross_entropy(g.a, g.y, units_axis=1), Shape, "cross_entropy(a, y): | a is (2,) | units_axis"),
    (lambda g: mg.squared_error(g.b, g.y, units_axis=2), Shape, "squared_error(b, y): | b is (2,) | units_axis"),
    (lambda g: mg.softmax_cross_entropy(g.b, g.y, units_axis=1), Shape, "softmax_cross_entropy(b, y): | b is (2,)"),
    (lambda g: g.x[3], IndexError, "x | (3,) | 3"),
    (lambda g: g.x[0, 0], IndexError, "x | (3,) | 2 were indexed"),
    (lambda g: g.x[1.5], IndexError, "x | (3,) | integers"),
    (lambda g: g.x["a"], IndexError, "x | (3,) | integers"),
    (lambda g: g.x[[True, False]], IndexError, "x | (3,) | boolean"),
    (lambda g: g.x[g.b], mg.UnsupportedError, "index | b | integers or booleans"),
]

EMPTY = [
    (lambda g: mg.mean(g.E), Shape, "mean(E): | E is (0, 3) | nothing"),
    (lambda g: mg.mean(g.E, axis=0), Shape, "mean(E): | E is (0, 3) | nothing"),
    (lambda g: mg.squared_error(g.E, np.ones((0, 3))), Shape, "squared_error(E, constant): | (0, 3) | at least one"),
    (lambda g: mg.cross_entropy(mg.sigmoid(g.E), np.ones((0, 3))), Shape, "sigmoid(…) is (0, 3) | at least one"),
    (lambda g: mg.softmax_cross_entropy(g.E.T, np.ones((3, 0))), Shape, "(3, 0) | at least one"),
]

DTYPES = [
    *(
        (lambda g, v=v: g.W + v, DType, w)
        for v, w in [("a", "<U1"), (None, "object"), (1j, "complex128"), ({}, "object")]
    ),
    *(
        (lambda g, v=v: mg.parameter(v, name="θ"), DType, f"parameter | θ | {w}")
        for v, w in [("a", "<U1"), (1j, "imag")]
    ),
    (lambda g: g.W * np.datetime64("2020-01-01"), DType, "datetime64 | real numbers"),
    (lambda g: np.array(["a", "b"]) == g.b, DType, "<U1 | real numbers"),
    (lambda g: g.W @ np.array([None, 1, 2]), DType, "object | real numbers"),
    (lambda g: g.b.astype(str), DType, "b | <U | real"),
    (lambda g: g.b.astype(complex), DType, "b | complex | real"),
    (lambda g: np.astype(g.b, object), DType, "b | object | real"),
    (lambda g: -(g.W > 0), DType, "negative(greater(…)) | bool"),
    (lambda g: (g.W > 0) - (g.W < 0), DType, "subtract(greater(…), less(…)) | bool"),
    (lambda g: mg.constant([2]) ** mg.constant([-1]), Any, "power(constant, constant): | integer"),
    (lambda g: mg.cross_entropy(g.a, ["yes", "no"]), DType, "<U3"),
]

DOMAINS = [
    (lambda g: mg.cross_entropy(g.a, [2.0, 0.0]), Domain, "cross_entropy: | labels | [0, 1] | 2.0"),
    (lambda g: mg.cross_entropy(g.a, [-0.5, 0.0]), Domain, "cross_entropy: | labels | -0.5"),
    (lambda g: mg.cross_entropy(g.a, [np.nan, 5.0]), Domain, "cross_entropy: | labels | 5.0"),
    (lambda g: mg.softmax_cross_entropy(g.b, [0, 3]), Domain, "softmax_cross_entropy: | labels | 3"),
    (lambda g: mg.l2_penalty([], 0.1), Domain, "l2_penalty: | at least one"),
    (lambda g: mg.l2_penalty([g.W], -0.1), Domain, "l2_penalty: | weight_decay | -0.1"),
    (lambda g: mg.l2_penalty([g.W], np.nan), Domain, "l2_penalty: | weight_decay | nan"),
    (lambda g: mg.l2_penalty([g.W], "a"), Any, "l2_penalty: | weight_decay"),
    (lambda g: mg.l2_penalty([g.W], 0.1, samples=0), Domain, "l2_penalty: | samples | 0"),
    (lambda g: mg.l2_penalty([g.W], 0.1, samples=2.5), Domain, "l2_penalty: | samples | 2.5"),
    (lambda g: mg.l2_penalty(g.W, 0.1), Any, "l2_penalty: | [W]"),
    (lambda g: mg.l2_penalty(g.s, 0.1), Any, "l2_penalty: | [s]"),
]

QUESTIONS = [
    (lambda g: g.z.backward(), Gradient, "backward: | z has shape (2,) | Sum it first | cotangent="),
    (lambda g: mg.gradients(g.z, g.W), Gradient, "gradients: | z has shape (2,) | cotangent="),
    (lambda g: mg.contributions(g.z, g.W), Gradient, "contributions: | z has shape (2,) | Sum it first"),
    (
        lambda g: mg.sum(g.x).backward(),
        Gradient,
        "backward: | the result of sum depends on no parameter | mg.parameter",
    ),
    (lambda g: (g.z > 0).backward(np.ones(2)), Gradient, "backward: | the result of greater | no parameter"),
    (lambda g: g.z.backward(np.ones(3)), Shape, "backward: | (3,) | z has (2,)"),
    (lambda g: g.z.backward(np.ones((2, 1))), Shape, "backward: | (2, 1) | z has (2,)"),
    (lambda g: g.J.backward([1.0]), Shape, "backward: | (1,) | J has ()"),
    (lambda g: mg.gradients(g.z, g.W, cotangent=g.x), Shape, "gradients: | (3,) | z has (2,)"),
    (lambda g: g.z.backward(["a", "b"]), DType, "backward: | cotangent"),
    (lambda g: g.z.backward([1j, 0]), DType, "backward: | cotangent | complex"),
    (lambda g: g.z.backward([None, 1]), DType, "backward: | cotangent"),
    (lambda g: g.z.backward(np.array([0, 1], "M8[D]")), DType, "backward: | cotangent | datetime"),
    (lambda g: g.z.backward(np.ma.masked_array([1.0, 1.0], [0, 1])), DType, "backward: | cotangent | mask"),
    (lambda g: g.z.backward([[1], [1, 2]]), Shape, "backward: | cotangent"),
    (lambda g: mg.gradients(g.J, g.x), Gradient, "gradients: | x is a constant | mg.parameter"),
    (lambda g: mg.gradients(g.J, [g.W, g.y]), Gradient, "gradients: | y is a constant | mg.parameter"),
    (lambda g: mg.gradients(g.J, g.z > 0), Gradient, "gradients: | greater"),
    (lambda g: mg.gradients(3.0, g.W), Any, "gradients: | node"),
    (lambda g: mg.gradients(g.J, 3.0), Any, "gradients: | node"),
    (lambda g: mg.gradients(g.J, [g.W, g.W.value]), Any, "gradients: | node"),
    (lambda g: mg.gradients(g.J, None), Any, "gradients: | node"),
    (lambda g: mg.gradients(g.J, "W"), Any, "gradients: | node"),
    (lambda g: mg.contributions(g.J, g.x), Gradient, "contributions: | x is a constant"),
    (lambda g: mg.contributions(g.J, g.x, entry=0, via=g.z), Gradient, "contributions: | x is a constant"),
    (lambda g: mg.contributions(g.J, g.W, entry=(0, 0), via=g.y), Gradient, "contributions: | y is a constant"),
    (lambda g: mg.contributions(g.J, g.W, entry=(0, 0)), Gradient, "contributions: | entry= and via="),
    (lambda g: mg.contributions(g.J, g.W, via=g.z), Gradient, "contributions: | entry= and via="),
    (
        lambda g: mg.contributions(g.J, g.W, entry=(2, 0), via=g.z),
        Shape,
        "contributions: | W has shape (2, 3) | (2, 0)",
    ),
    (lambda g: mg.contributions(g.J, g.W, entry=0, via=g.z), Shape, "entry 0 of W | (2, 3) | one number"),
    (lambda g: mg.contributions(g.J, g.W, entry="a", via=g.z), Shape, "contributions: | W | a"),
    (lambda g: mg.contributions(g.J, g.W.value), Any, "contributions: | node"),
    (lambda g: mg.evaluate(g.J, {g.x: np.ones(2)}), Shape, "evaluate: | x has shape (3,) | (2,)"),
    (lambda g: mg.evaluate(g.J, {g.z: 1.0}), Shape, "evaluate: | z has shape (2,) | ()"),
    (lambda g: mg.evaluate(g.J, {g.x: ["a"] * 3}), DType, "evaluate: | x is float64 | <U1"),
    (lambda g: mg.evaluate(g.J, {g.x: [1j, 0, 0]}), DType, "evaluate: | x is float64 | complex"),
    (lambda g: mg.evaluate(g.J, {g.x: [None, 1, 2]}), DType, "evaluate: | x is float64 | object"),
    (lambda g: mg.evaluate(g.J, {g.x: np.ma.masked_array(np.ones(3), [0, 0, 1])}), DType, "evaluate: | x | mask"),
    (lambda g: mg.evaluate(g.J, {"x": np.ones(3)}), Any, "evaluate: | node"),
    (lambda g: mg.evaluate(g.J, g.x), Any, "evaluate: | node"),
    (lambda g: mg.evaluate(3.0, {}), Any, "evaluate: | node"),
    (lambda g: mg.total_jacobian(g.J, g.x), Gradient, "total_jacobian: | x is a constant | mg.parameter"),
    (lambda g: mg.total_jacobian(g.J, g.W.value), Any, "total_jacobian: | node"),
    (lambda g: mg.total_jacobian(g.z, g.W)(np.ones(3)), Shape, "(2, 3) → (2,) | (3,)"),
    (lambda g: mg.total_jacobian(g.z, g.W).T(np.ones(3)), Shape, "(2,) → (2, 3) | (3,)"),
    (lambda g: mg.local_jacobian(g.z, 2), Gradient, "local_jacobian: | z | 2 arguments"),
    (lambda g: mg.local_jacobian(g.z, -1), Gradient, "local_jacobian: | z | 2 arguments"),
    (lambda g: mg.local_jacobian(g.W, 0), Gradient, "local_jacobian: | W | 0 arguments"),
    (lambda g: mg.local_jacobian(g.z, "W"), Any, "local_jacobian: | z"),
    (lambda g: mg.to_networkx(g.W.value), Any, "to_networkx: | node"),
]

OPS = [
    (lambda g: op(forward=lambda x: x * 1j)(g.b), DType, "double | b | complex"),
    (lambda g: op(forward=lambda x: "abc")(g.b), DType, "double | b | <U3"),
    (lambda g: op(forward=lambda x: None)(g.b), DType, "double | b | object"),
    (lambda g: op(forward=lambda x: [[1.0], [2.0, 3.0]])(g.b), Any, "double | b"),
    (lambda g: op(forward=assign)(g.b), Any, "double | b | read-only"),
    (wrong(lambda out, x: mg.Diagonal(np.ones(3))), Any, "d | double | (3,) | (2,)"),
    (wrong(lambda out, x: mg.Diagonal(np.ones((2, 2)))), Any, "d | double | (2, 2) | (2,)"),
    (wrong(lambda out, x: mg.LeftMul(np.ones((2, 3)), (3,), (2,))), Any, "d | double | (3,) | (2,)"),
    (wrong(lambda out, x: mg.Inner(np.ones(2))), Any, "d | double | () | (2,)"),
    (wrong(lambda out, x: 2 * np.eye(2)), Any, "d | double | linear map"),
    (wrong(lambda out, x: None), Any, "d | double | linear map"),
    (wrong(lambda out, x: mg.Diagonal(np.ones(3)), lambda J, g: J.backward()), Any, "d | double | (3,) | (2,)"),
    (wrong(lambda out, x: mg.Diagonal(np.ones(3)), lambda J, g: mg.contributions(J, g.b)), Any, "d | double | (3,)"),
    (wrong(lambda out, x: np.eye(2), lambda J, g: J.inputs[0].jacobians), Any, "d | double | linear map"),
    (wrong(lambda out, x: mg.Diagonal(np.ones(3)), lambda J, g: J.inputs[0].jacobians), Any, "d | double | (3,)"),
]

CASES = [*SHAPES, *AXES, *EMPTY, *DTYPES, *DOMAINS, *QUESTIONS, *OPS]


@pytest.mark.parametrize(("call", "error", "pieces"), CASES, ids=[pieces for _, _, pieces in CASES])
def test_what_cannot_be_done_is_a_typed_error_that_names_it(call, error, pieces, g):
    """It says what was asked, of whom, and what to do; and the graph is untouched: the next sweep is right."""
    nodes = [node for part in vars(g).values() for node in arguments_first([part])]
    before = [(node.value.copy(), node.inputs, node.name, node.scope) for node in nodes]
    with pytest.raises(error) as caught:
        call(g)
    message = str(caught.value)
    assert isinstance(caught.value, mg.MinigradError), f"{type(caught.value).__name__} is not of our own: {message}"
    assert [piece for piece in pieces.split(" | ") if piece not in message] == [], message
    assert not re.search(r" \.|\.\.$|\(\): ;|__", message), f"written carelessly: {message}"
    assert all(node.grad is None for node in nodes)
    for node, (value, *rest) in zip(nodes, before, strict=True):
        np.testing.assert_array_equal(node.value, value)
        assert all(now is then for now, then in zip((node.inputs, node.name, node.scope), rest, strict=True))
    assert mg.tanh(1.0).scope == ()
    g.J.backward()
    np.testing.assert_allclose(g.W.grad, np.outer(g.a.value - g.y.value, g.x.value), rtol=1e-14)


def test_every_error_is_ours_and_the_built_in_one_that_a_numpy_user_would_catch():
    """`except ValueError` around a matrix product goes on working."""
    built_in = {
        mg.ShapeError: ValueError,
        mg.DTypeError: TypeError,
        mg.DomainError: ValueError,
        mg.GradientError: ValueError,
        mg.NonFiniteError: ArithmeticError,
        mg.UnsupportedError: TypeError,
        mg.MissingExtraError: ImportError,
    }
    assert all(issubclass(ours, theirs) for ours, theirs in built_in.items())
    for error in mg.MinigradError.__subclasses__():
        assert len(error.__bases__) == 2 or error in built_in, f"{error.__name__} is no built-in error as well"


def test_the_mapping_of_gradients_says_why_a_node_is_not_in_it(g):
    """Of a constant there is none; of a node that J does not depend on it is zero, and mg.gradients says so."""
    grads = g.J.backward()
    with pytest.raises(mg.GradientError, match=r"x: it is a constant"):
        grads[g.x]
    with pytest.raises(mg.GradientError, match=r"s: mg\.gradients gives zeros"):
        grads[g.s]
    assert (g.x in grads, g.s in grads, g.W in grads, grads.get(g.x)) == (False, False, True, None)


def test_a_sweep_that_fails_leaves_the_gradients_of_the_last_one(g):
    """`.grad` is written in one pass after the sweep has succeeded: half of a sweep is never seen."""
    g.J.backward()
    before = {node: node.grad for node in arguments_first([g.J])}
    for node, jacobian in [(g.z, lambda out, x: 1 / 0), (g.b, lambda out, x: mg.Diagonal(np.ones((2, 2))))]:
        later = mg.sum(op(jacobian=jacobian)(node)) + g.J
        with pytest.raises((ValueError, ZeroDivisionError)):
            later.backward()
        assert later.grad is None
        assert all(node.grad is grad for node, grad in before.items())


# --- what is no error -------------------------------------------------------------------------------------------------


def test_the_gradient_by_a_node_that_is_not_depended_on_is_zero(g):
    """Of its shape and dtype, read-only; also where the output depends on no parameter at all, and as a node."""
    for output in (g.J, mg.sum(g.x), g.s):
        for node in (g.S, g.E, g.f):
            zeros = mg.gradients(output, node)
            assert (zeros.shape, zeros.dtype, zeros.any()) == (node.shape, node.dtype, False)
            assert not zeros.flags.writeable
            as_node = mg.gradients(output, [node], create_graph=True)[0]
            assert (as_node.shape, as_node.dtype, as_node.value.any()) == (node.shape, node.dtype, False)
    assert mg.contributions(g.J, g.s) == {}
    assert mg.evaluate(g.J, {g.s: 1.0}) == g.J.value  # as in a recorded gradient, from which a leaf may have gone
    assert not mg.total_jacobian(g.J, g.S)(np.ones(g.S.shape)).any()


def test_sums_and_products_of_nothing_are_zero(g):
    """A batch may be empty: the sum over it is 0, and its gradient has no entries."""
    empty = mg.parameter(np.ones(0))
    assert mg.sum(empty).value == 0
    assert mg.sum(empty).backward()[empty].shape == (0,)
    for a, b in [
        ((2, 0), (0, 3)),
        ((0, 2), (2, 3)),
        ((0,), (0,)),
        ((0,), (0, 3)),
        ((4, 2, 0), (0, 3)),
        ((0, 2, 3), (3, 2)),
    ]:
        left, right = mg.parameter(np.ones(a)), mg.parameter(np.ones(b))
        product = left @ right
        np.testing.assert_array_equal(product.value, np.ones(a) @ np.ones(b))
        assert [grad.shape for grad in mg.gradients(mg.sum(product), [left, right])] == [a, b]
    assert mg.gradients(mg.sum(mg.tanh(g.E) @ g.x), g.E).shape == (0, 3)
    assert mg.gradients(mg.sum(mg.mean(g.E, axis=1)), g.E).shape == (0, 3)  # no rows, and of each the mean
    assert mg.gradients(mg.sum(mg.concatenate([g.E, g.W])[:, 0]), g.E).shape == (0, 3)


def test_nan_in_data_is_not_an_error_unless_asked_for():
    """Missing values are NaN in real data; with check_finite the first node that holds one is named."""
    x, w = mg.constant([np.nan, 1.0, 2.0], name="data"), mg.parameter([1.0, 2.0, 3.0], name="w")
    J = mg.sum(mg.tanh(x * w))
    np.testing.assert_array_equal(np.isnan(mg.gradients(J, w)), [True, False, False])
    np.testing.assert_array_equal(np.isnan(J.backward()[w]), [True, False, False])
    with pytest.raises(mg.NonFiniteError, match=r"the value of data, a constant of shape \(3,\), holds NaN"):
        mg.gradients(J, w, check_finite=True)
    assert np.isfinite(mg.gradients(mg.sum(w * w), w, check_finite=True)).all()


def overflowing(w):
    with mg.scope("layer 1"):
        hidden = mg.exp(1000 * w, name="hidden")
    return mg.sum(mg.tanh(hidden))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda w: mg.sum(mg.tanh(w * mg.parameter([1.0, np.nan], name="θ"))), r"value of θ, a parameter .* holds NaN"),
        (overflowing, r"value of hidden, an? exp of shape \(2,\), in layer 1, holds an infinity"),
        (lambda w: mg.sum(mg.log(w - 1, name="log w")), r"value of log w, a log of shape \(2,\), holds an infinity"),
        (lambda w: mg.sum(mg.power(w - 1, 0.5)), r"gradient of the result of subtract, .* holds an infinity"),
    ],
    ids=["parameter", "inner", "infinite", "gradient alone"],
)
@pytest.mark.parametrize("create_graph", [False, True])
def test_check_finite_names_the_first_node_that_is_not(build, words, create_graph):
    """Where a NaN came from, not the ten layers that it went through; also where only a gradient is infinite."""
    w = mg.parameter([1.0, 2.0], name="w")
    with np.errstate(all="ignore"):
        J = build(w)
        mg.gradients(J, w, create_graph=create_graph)
        with pytest.raises(mg.NonFiniteError, match=words):
            mg.gradients(J, w, create_graph=create_graph, check_finite=True)
    assert w.grad is None


# --- a user's own op --------------------------------------------------------------------------------------------------


def test_the_gradient_has_the_dtype_of_its_node_whatever_an_op_states(g):
    """A Jacobian of double precision in a network of single precision: the rest stays single."""
    single = op(jacobian=lambda out, x: mg.Diagonal(np.full(x.shape, 2.0)))(g.f * 1)
    assert single.dtype == np.float32
    for gradient in (mg.gradients(mg.sum(single), g.f), mg.sum(single).backward()[single.inputs[0]]):
        assert gradient.dtype == np.float32


def test_an_op_that_hands_out_an_array_of_its_own_cannot_change_a_node_later(g):
    """A table or a buffer that the op goes on writing to, or a view of one: the value stays, or the writing fails."""
    table = np.array([1.0, 2.0, 3.0])
    for value in (table[:2], np.reshape(table, (3, 1)), np.broadcast_to(table, (2, 3)), table):
        node = op(forward=lambda x, value=value: value)(g.b)
        before = node.value.copy()
        with contextlib.suppress(ValueError):
            table[0] += 1
        np.testing.assert_array_equal(node.value, before)
