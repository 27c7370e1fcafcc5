"""Laying out anew: the ops of which nearly all other layouts are made. No number is changed, only its place.

    np.reshape(x, (2, -1), order="F"), np.ravel(x)      Reshape
    np.transpose(x, (1, 0, 2)), x.T                     Transpose
    np.broadcast_to(x, (4, 3))                          BroadcastTo
    np.concatenate([x, y]), np.stack([x, y], axis=1)    Concatenate, Stack
    tried("np.squeeze", np.squeeze, x, axis=0)          what a function of layout would do to x, without its numbers

What moves, adds, turns or takes away axes is in arranging.py, what else joins and splits in joining.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import index as as_integer
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, LinearMap, Permute, Scatter
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .axes import refuse
from .base import Op, as_nodes


@dataclass(frozen=True)
class Reshape(Op):
    """x in another shape, its entries read and written in C order (last axis fastest) or in Fortran's.

    One length may be −1. Local Jacobian: Reshape, a matrix of the identity; for order "F" between two Permutes.

    >>> import minigrad as mg
    >>> mg.reshape([[1.0, 2.0]], -1)
    <reshape (2,) float64: [1. 2.]>
    """

    shape: int | Shape
    order: str = "C"

    def forward(self, x: Entry) -> Entry:
        return np.reshape(x, self.shape) if self.order == "C" else np.reshape(x, self.shape, "F")

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        if self.order == "C":
            return ReshapeMap(x.shape, out.shape)
        # Fortran's order is C's with all axes reversed, before and after.
        backwards = Permute(tuple(range(x.ndim))[::-1], x.shape)
        turned = ReshapeMap(backwards.out_shape, out.shape[::-1])
        return Permute(tuple(range(out.ndim))[::-1], turned.out_shape) @ turned @ backwards


@dataclass(frozen=True)
class Transpose(Op):
    """x with its axes in another order (reversed for None). Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> mg.transpose(np.ones((2, 3))).shape
    (3, 2)
    """

    axes: tuple[int, ...] | None = None

    def forward(self, x: Entry) -> Entry:
        return np.transpose(x, self.axes)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        order = range(x.ndim)
        return Permute(tuple(order)[::-1] if self.axes is None else tuple([order[a] for a in self.axes]), x.shape)


@dataclass(frozen=True)
class BroadcastTo(Op):
    """x repeated to a larger shape. Local Jacobian: Broadcast, whose transpose sums.

    >>> import numpy as np, minigrad as mg
    >>> np.broadcast_to(mg.parameter([1.0]), (2,))
    <broadcast_to (2,) float64: [1. 1.]>
    """

    shape: Shape

    def forward(self, x: Entry) -> Entry:
        return np.broadcast_to(x, self.shape)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Broadcast(x.shape, out.shape)

    def misfit(self, *shapes: Shape) -> str:
        return f"it does not broadcast to {self.shape}"


@implements(np.reshape)
def reshape(
    a: NodeLike, shape: int | Sequence[int], order: str = "C", *, copy: bool | None = None, name: str | None = None
) -> Node:
    """x in another shape, entries in C order or, with order="F", in Fortran's; NumPy's meaning.

    Local Jacobian: Reshape. A node never changes, so that `copy` makes no difference; and it has no layout in memory,
    so that order="A", which asks for it, raises UnsupportedError.

    >>> import minigrad as mg
    >>> mg.reshape(mg.parameter([1.0, 2.0]), (2, 1)).shape
    (2, 1)
    """
    lengths = shape if isinstance(shape, int) else as_shape(shape)
    return (
        Reshape(lengths)(a, name=name) if order == "C" else Reshape(lengths, _checked(order, "reshape"))(a, name=name)
    )


@implements(np.ravel)
def ravel(a: NodeLike, order: str = "C") -> Node:
    """x laid flat, in C order or, with order="F", in Fortran's; NumPy's meaning.

    Local Jacobian: Reshape. A node has no layout in memory: order="A" and order="K" raise UnsupportedError.

    >>> import numpy as np, minigrad as mg
    >>> np.ravel(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), order="F")
    <reshape (4,) float64: [1. 3. 2. 4.]>
    """
    return Reshape(-1, _checked(order, "ravel"))(a)


@implements(np.transpose)
def transpose(a: NodeLike, axes: int | Sequence[int] | None = None, *, name: str | None = None) -> Node:
    """x with its axes in another order, reversed if none is given; NumPy's meaning. Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> mg.transpose(np.ones((2, 3, 4)), (1, 0, 2)).shape
    (3, 2, 4)
    """
    return Transpose(None if axes is None else as_shape(axes))(a, name=name)


@implements(np.broadcast_to)
def broadcast_to(array: NodeLike, shape: int | Sequence[int], subok: bool = False, *, name: str | None = None) -> Node:
    """x repeated to a larger shape; NumPy's meaning. Local Jacobian: Broadcast.

    >>> import minigrad as mg
    >>> mg.broadcast_to(mg.parameter([1.0, 2.0]), (3, 2)).shape
    (3, 2)
    """
    return BroadcastTo(as_shape(shape))(array, name=name)


@dataclass(frozen=True)
class Joining(Op):
    """Arrays joined along an axis, in the dtype that they have in common or the one given.

    >>> issubclass(Concatenate, Joining) and issubclass(Stack, Joining)
    True
    """

    axis: int = 0
    dtype: DTypeLike | None = None
    casting: Any = "same_kind"

    @property
    def differentiable(self) -> bool:  # type: ignore[override]  # a setting decides it
        """Whether the result is of floating point: whole numbers are never differentiated."""
        return self.dtype is None or np.dtype(self.dtype).kind == "f"


class Concatenate(Joining):
    """Arrays one behind the other along an axis. Local Jacobian by each: Scatter to its place, a slice.

    >>> import minigrad as mg
    >>> mg.concatenate([mg.parameter([1.0]), [2.0]])
    <concatenate (2,) float64: [1. 2.]>
    """

    def forward(self, *parts: Entry) -> Entry:
        if self.dtype is None:
            return np.concatenate(parts, self.axis)
        return np.concatenate(parts, self.axis, dtype=self.dtype, casting=self.casting)

    def jacobian(self, argument: int, out: Entry, *parts: Entry) -> LinearMap:
        axis = self.axis % out.ndim
        start = 0
        for part in parts[:argument]:
            start += part.shape[axis]
        shape = parts[argument].shape
        place = (slice(None),) * axis + (slice(start, start + shape[axis]),)
        return Scatter(place, shape, out.shape, distinct=True)

    def misfit(self, *shapes: Shape) -> str:
        return "a number has no axis along which it could lie; use np.stack" if () in shapes else ""


class Stack(Joining):
    """Arrays of one shape side by side along a new axis. Local Jacobian by each: Scatter to its place, an integer.

    >>> import minigrad as mg
    >>> mg.stack([mg.parameter(1.0), 2.0])
    <stack (2,) float64: [1. 2.]>
    """

    def forward(self, *parts: Entry) -> Entry:
        if self.dtype is None:
            return np.stack(parts, self.axis)
        return np.stack(parts, self.axis, dtype=self.dtype, casting=self.casting)

    def jacobian(self, argument: int, out: Entry, *parts: Entry) -> LinearMap:
        place = (slice(None),) * (self.axis % out.ndim) + (argument,)
        return Scatter(place, parts[argument].shape, out.shape, distinct=True)


@implements(np.concatenate)
def concatenate(
    arrays: Sequence[NodeLike],
    axis: int | None = 0,
    out: Any = None,
    *,
    dtype: DTypeLike | None = None,
    casting: Any = "same_kind",
    name: str | None = None,
) -> Node:
    """Arrays one behind the other along an axis, or all laid flat for None; NumPy's meaning.

    Local Jacobian by each: Scatter to its place, a slice.

    >>> import minigrad as mg
    >>> mg.concatenate(([[1.0]], [[2.0]]), axis=1).value
    array([[1., 2.]])
    """
    if out is not None:
        refuse("np.concatenate", out=out)
    nodes = _one_or_more("concatenate", arrays)
    if axis is None:
        nodes, axis = tuple([ravel(node) for node in nodes]), 0
    return Concatenate(axis, dtype, casting)(*nodes, name=name)


@implements(np.stack)
def stack(
    arrays: Sequence[NodeLike],
    axis: int = 0,
    out: Any = None,
    *,
    dtype: DTypeLike | None = None,
    casting: Any = "same_kind",
    name: str | None = None,
) -> Node:
    """Arrays of one shape side by side along a new axis; NumPy's meaning.

    Local Jacobian by each: Scatter to its place along the new axis.

    >>> import minigrad as mg
    >>> mg.stack([mg.parameter([1.0, 2.0]), [3.0, 4.0]], axis=1).value
    array([[1., 3.],
           [2., 4.]])
    """
    if out is not None:
        refuse("np.stack", out=out)
    return Stack(axis, dtype, casting)(*_one_or_more("stack", arrays), name=name)


def _one_or_more(function: str, arrays: Sequence[NodeLike]) -> tuple[Node, ...]:
    nodes = as_nodes(tuple(arrays))
    if not nodes:
        raise ShapeError(f"{function}: needs at least one array.")
    return nodes


def as_shape(lengths: Any) -> Shape:
    """Lengths or axes as a tuple of Python integers, from one of them or a sequence.

    >>> as_shape(np.int64(3)), as_shape([2, 1])
    ((3,), (2, 1))
    """
    if isinstance(lengths, (int, np.integer)):
        return (int(lengths),)
    return tuple([as_integer(n) for n in lengths])


def tried(written: str, function: Callable[..., Any], x: Node, *settings: Any, **keywords: Any) -> Any:
    """What a NumPy function of layout makes of an array shaped as x, of which only the shape is looked at.

    The array is one zero, repeated, so that it costs nothing. Errors are ShapeErrors that name the node.

    >>> import minigrad as mg
    >>> tried("np.squeeze", np.squeeze, mg.parameter(np.ones((1, 2))), axis=0).shape
    (2,)
    """
    try:
        return function(np.broadcast_to(0, x.shape), *settings, **keywords)
    except ValueError as error:
        raise ShapeError(f"{written}: {x.label} is {x.shape}; {error}.") from error


def _checked(order: str, function: str) -> str:
    if order in ("C", "F"):
        return order
    if order not in ("A", "K"):
        raise ValueError(f"np.{function}: order is 'C' or 'F', not {order!r}")
    raise UnsupportedError(
        f"np.{function}: order={order!r} asks how an array lies in memory, which has no meaning for a node. "
        "Write order='C' or order='F'."
    )
