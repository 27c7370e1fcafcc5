"""Laying out anew: reshape, transpose, broadcast_to, concatenate, stack. No number is changed, only its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index as as_integer

import numpy as np

from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, LinearMap, Permute, Scatter
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op, as_nodes


@dataclass(frozen=True)
class Reshape(Op):
    """x in another shape, in C order; one length may be −1. Local Jacobian: Reshape, a matrix of the identity.

    >>> import minigrad as mg
    >>> mg.reshape([[1.0, 2.0]], -1)
    <reshape (2,) float64: [1. 2.]>
    """

    shape: int | Shape

    def forward(self, x: Entry) -> Entry:
        return np.reshape(x, self.shape)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return ReshapeMap(x.shape, out.shape)


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


@dataclass(frozen=True)
class Concatenate(Op):
    """Arrays one behind the other along an axis. Local Jacobian by each: Scatter to its place.

    >>> import minigrad as mg
    >>> mg.concatenate([mg.parameter([1.0]), [2.0]])
    <concatenate (2,) float64: [1. 2.]>
    """

    axis: int = 0

    def forward(self, *parts: Entry) -> Entry:
        return np.concatenate(parts, self.axis)

    def jacobian(self, argument: int, out: Entry, *parts: Entry) -> LinearMap:
        axis = self.axis % out.ndim
        start = 0
        for part in parts[:argument]:
            start += part.shape[axis]
        shape = parts[argument].shape
        return Scatter((slice(None),) * axis + (slice(start, start + shape[axis]),), shape, out.shape)


@implements(np.reshape)
def reshape(x: NodeLike, shape: int | Sequence[int], *, name: str | None = None) -> Node:
    """x in another shape, in C order; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.reshape(mg.parameter([1.0, 2.0]), (2, 1)).shape
    (2, 1)
    """
    return Reshape(shape if isinstance(shape, int) else tuple([as_integer(n) for n in shape]))(x, name=name)


@implements(np.transpose)
def transpose(x: NodeLike, axes: Sequence[int] | None = None, *, name: str | None = None) -> Node:
    """x with its axes in another order, reversed if none is given; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> mg.transpose(np.ones((2, 3, 4)), (1, 0, 2)).shape
    (3, 2, 4)
    """
    return Transpose(None if axes is None else tuple(axes))(x, name=name)


@implements(np.broadcast_to)
def broadcast_to(x: NodeLike, shape: int | Sequence[int], *, name: str | None = None) -> Node:
    """x repeated to a larger shape; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.broadcast_to(mg.parameter([1.0, 2.0]), (3, 2)).shape
    (3, 2)
    """
    return BroadcastTo((shape,) if isinstance(shape, int) else tuple(shape))(x, name=name)


@implements(np.concatenate)
def concatenate(parts: Sequence[NodeLike], axis: int = 0, *, name: str | None = None) -> Node:
    """Arrays one behind the other along an axis; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.concatenate(([[1.0]], [[2.0]]), axis=1).value
    array([[1., 2.]])
    """
    return Concatenate(axis)(*as_nodes(tuple(parts)), name=name)


@implements(np.stack)
def stack(parts: Sequence[NodeLike], axis: int = 0, *, name: str | None = None) -> Node:
    """Arrays side by side along a new axis; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.stack([mg.parameter(1.0), 2.0])
    <concatenate (2,) float64: [1. 2.]>
    """
    nodes = as_nodes(tuple(parts))
    place = axis % (nodes[0].ndim + 1)
    return concatenate(
        [node.reshape((*node.shape[:place], 1, *node.shape[place:])) for node in nodes], place, name=name
    )
