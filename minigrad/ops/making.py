"""Arrays made after a node or from nodes, answers about one, and functions carried along its axes.

    zeros_like, ones_like, full_like, empty_like, copy      constants of its shape; a fill value may be a node
    linspace, logspace, geomspace                           points between two ends, which may be nodes
    np.shape(x), np.result_type(x, y), np.array_str(x)      plain answers, as x.shape and str(x) are
    apply_along_axis, apply_over_axes                       functions of Python's, called again and again

np.array, np.asarray and np.full make plain arrays, and refuse nodes: np.stack and np.full_like make nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from operator import index as as_integer
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike, constant
from ..linear_maps import Broadcast, Diagonal, LinearMap, Reshape
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .arranging import broadcast_arrays, expand_dims
from .axes import converted
from .base import Op, as_nodes
from .indexing import axis_of
from .shaping import as_shape, broadcast_to, reshape, stack, transpose
from .steps import Steps

# --- made after a node ------------------------------------------------------------------------------------------------


def _made(function: Callable[..., Any], a: Node, dtype: DTypeLike | None, shape: Any, *fill: Any) -> Node:
    return constant(function(a.value, *fill, dtype=dtype, shape=shape), copy=False)


@implements(np.zeros_like)
def zeros_like(
    a: NodeLike,
    dtype: DTypeLike | None = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Node:
    """Zeros in the shape and dtype of x, or others; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.zeros_like(mg.parameter([1.0, 2.0]))
    <constant (2,) float64: [0. 0.]>
    """
    return _made(np.zeros_like, converted(a), dtype, shape)


@implements(np.ones_like)
def ones_like(
    a: NodeLike,
    dtype: DTypeLike | None = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Node:
    """Ones in the shape and dtype of x, or others; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.ones_like(mg.parameter([1.0, 2.0]), shape=3)
    <constant (3,) float64: [1. 1. 1.]>
    """
    return _made(np.ones_like, converted(a), dtype, shape)


@implements(np.empty_like)
def empty_like(
    prototype: NodeLike,
    /,
    dtype: DTypeLike | None = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Node:
    """As zeros_like: a node cannot be filled later, so that it is made with numbers. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.empty_like(mg.parameter([1.0, 2.0])).shape
    (2,)
    """
    return _made(np.zeros_like, converted(prototype), dtype, shape)


@implements(np.full_like)
def full_like(  # noqa: PLR0917  # NumPy's signature
    a: NodeLike,
    fill_value: NodeLike,
    dtype: DTypeLike | None = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Node:
    """A value repeated in the shape and dtype of x, or others; NumPy's meaning. By x is not differentiated.

    Composed of broadcast_to, where the value is a node.

    >>> import numpy as np, minigrad as mg
    >>> np.full_like(mg.constant([1.0, 2.0]), mg.parameter(3.0))
    <broadcast_to (2,) float64: [3. 3.]>
    """
    node = converted(a)
    if not isinstance(fill_value, Node):
        return _made(np.full_like, node, dtype, shape, fill_value)
    return broadcast_to(converted(fill_value, dtype or node.dtype), node.shape if shape is None else as_shape(shape))


@implements(np.copy)
def copy(a: NodeLike, order: str = "K", subok: bool = False) -> Node:
    """x itself: a node never changes. Local Jacobian: none is needed, it is the same node.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter(1.0)
    >>> np.copy(x) is x
    True
    """
    return converted(a)


# --- between two ends -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinSpace(Op):
    """x + t (y − x) along a new axis, for t evenly from 0 to 1. Local Jacobians: diag(1 − t) and diag(t) ∘ Broadcast.

    >>> LinSpace(3)(0.0, 1.0)
    <linspace (3,) float64: [0.  0.5 1. ]>
    """

    name = "linspace"

    num: int
    endpoint: bool = True
    axis: int = 0

    def forward(self, start: Entry, stop: Entry) -> Entry:
        return np.linspace(start, stop, self.num, self.endpoint, axis=self.axis)

    def jacobian(self, argument: int, out: Entry, start: Entry, stop: Entry) -> LinearMap:
        axis, given = self.axis % out.ndim, (start, stop)[argument].shape
        t = np.linspace(0, 1, self.num, self.endpoint, dtype=out.dtype)
        weights = np.reshape(t if argument else 1 - t, (-1,) + (1,) * (out.ndim - 1 - axis))
        opened = (1,) * (out.ndim - 1 - len(given)) + given
        opened = (*opened[:axis], 1, *opened[axis:])
        return Diagonal(weights, out.shape) @ Broadcast(opened, out.shape) @ Reshape(given, opened)


@implements(np.linspace)
def linspace(  # noqa: PLR0917  # NumPy's signature
    start: NodeLike,
    stop: NodeLike,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """Points evenly from `start` to `stop`, by which is differentiated; NumPy's meaning.

    Local Jacobians: diag(1 − t) and diag(t) ∘ Broadcast, t evenly from 0 to 1.

    >>> import numpy as np, minigrad as mg
    >>> stop = mg.parameter(2.0)
    >>> mg.gradients(mg.sum(np.linspace(0, stop, 3)), stop)
    array(1.5)
    """
    first, last = as_nodes((start, stop))
    points = LinSpace(as_integer(num), endpoint, axis)(first, last)
    if dtype is not None and np.dtype(dtype).kind in "ui":
        points = Steps(np.floor)(points)
    points = converted(points, dtype)
    if not retstep:
        return points
    steps = num - 1 if endpoint else num
    return points, (last - first) / (steps if steps > 0 else np.nan)


@implements(np.logspace)
def logspace(  # noqa: PLR0917  # NumPy's signature
    start: NodeLike,
    stop: NodeLike,
    num: int = 50,
    endpoint: bool = True,
    base: NodeLike = 10.0,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Node:
    """Powers of a base, the exponents evenly from `start` to `stop`; NumPy's meaning. Composed of linspace and power.

    >>> import numpy as np, minigrad as mg
    >>> np.logspace(mg.parameter(0.0), 2, 3)
    <power (3,) float64: [  1.  10. 100.]>
    """
    first, last, of = as_nodes((start, stop, base))
    if of.ndim:
        first, last, of = broadcast_arrays(first, last, of)
        of = expand_dims(of, axis)
    return converted(of ** linspace(first, last, num, endpoint, axis=axis), dtype)


@implements(np.geomspace)
def geomspace(  # noqa: PLR0917  # NumPy's signature
    start: NodeLike,
    stop: NodeLike,
    num: int = 50,
    endpoint: bool = True,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Node:
    """Points from `start` to `stop`, each the same factor from the one before; NumPy's meaning.

    Composed of start (stop/start)ᵗ, t evenly from 0 to 1. DomainError where the ends are 0 or of different sign.

    >>> import numpy as np, minigrad as mg
    >>> np.geomspace(mg.parameter(1.0), 100, 3)
    <multiply (3,) float64: [  1.  10. 100.]>
    """
    first, last = broadcast_arrays(start, stop)
    if np.any(first.value * last.value <= 0):
        raise DomainError(f"np.geomspace: from {first.label} to {last.label}, which must be of one sign, and not 0.")
    place = axis % (first.ndim + 1)
    first, last = expand_dims(first, place), expand_dims(last, place)
    dtypes = np.result_type(first.dtype, last.dtype, np.float16)
    t = np.linspace(0, 1, num, endpoint, dtype=dtypes).reshape((-1,) + (1,) * (first.ndim - 1 - place))
    return converted(first * (last / first) ** t, dtype)


# --- answers ----------------------------------------------------------------------------------------------------------


def answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function on the nodes' values: its answer is plain, and has no gradient.

    >>> import minigrad as mg
    >>> answering(np.shape)(mg.parameter([1.0, 2.0]))
    (2,)
    """

    @wraps(function, assigned=["__name__"], updated=[])
    def ask(*arguments: Any, **keywords: Any) -> Any:
        return function(*[_value(each) for each in arguments], **{key: _value(each) for key, each in keywords.items()})

    ask.__doc__ = f"np.{function.__name__} of the value: a plain answer, as `node.shape` is. Never differentiated."
    return ask


def _value(argument: Any) -> Any:
    return argument.value if isinstance(argument, Node) else argument


for function in (
    # of what kind
    np.shape,
    np.ndim,
    np.size,
    np.result_type,
    np.can_cast,
    np.common_type,
    np.min_scalar_type,
    # where it lies
    np.may_share_memory,
    np.shares_memory,
    # in words
    np.array_repr,
    np.array_str,
    np.array2string,
    # the index of a part
    np.diag_indices_from,
    np.tril_indices_from,
    np.triu_indices_from,
):
    implements(function)(answering(function))


# --- functions of Python's, along axes --------------------------------------------------------------------------------


@implements(np.apply_along_axis)
def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: NodeLike, *args: Any, **kwargs: Any) -> Node:
    """What a function makes of each sequence along an axis, put in its place; NumPy's meaning.

    Composed of what the function is composed of, once for each sequence, and stack: whatever NumPy function does the
    same for all at once is faster.

    >>> import numpy as np, minigrad as mg
    >>> np.apply_along_axis(np.sum, 1, mg.parameter([[1.0, 2.0], [3.0, 4.0]])).value
    array([3., 7.])
    """
    node = converted(arr)
    place = axis_of(node, axis, "np.apply_along_axis")
    others = node.shape[:place] + node.shape[place + 1 :]
    if 0 in others:
        raise ShapeError(f"np.apply_along_axis: {node.label} is {node.shape}; there is no sequence along axis {axis}.")
    results = [
        func1d(node[(*position[:place], slice(None), *position[place:])], *args, **kwargs)
        for position in np.ndindex(others)
    ]
    joined = stack(results)
    made = joined.shape[1:]
    order = range(len(others) + len(made))
    last = order[len(others) :]
    return transpose(reshape(joined, others + made), (*order[:place], *last, *order[place : len(others)]))


@implements(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: NodeLike, axes: int | Sequence[int]) -> Node:
    """A function such as np.sum applied along one axis after the other, axes kept; NumPy's meaning.

    Composed of what the function is composed of, and expand_dims.

    >>> import numpy as np, minigrad as mg
    >>> np.apply_over_axes(np.sum, mg.parameter([[1.0, 2.0], [3.0, 4.0]]), [0, 1]).value
    array([[10.]])
    """
    node = converted(a)
    for axis in as_shape(axes):
        place = axis_of(node, axis, "np.apply_over_axes")
        result = func(node, place)
        kept = result if result.ndim == node.ndim else expand_dims(result, place)
        if kept.ndim != node.ndim:
            raise ShapeError(f"np.apply_over_axes: the function made {result.shape} of {node.shape} along axis {axis}.")
        node = kept
    return node
