"""Axes moved, added, taken away, turned and opened: NumPy's functions that look at the same numbers in another frame.

    swapaxes, moveaxis, rollaxis, matrix_transpose             other orders of the axes: Transpose
    squeeze, expand_dims, atleast_1d, atleast_2d, atleast_3d   axes of length one: Reshape
    flip, fliplr, flipud, rot90                                axes read from their other end: Gather by slices
    broadcast_arrays, meshgrid, ix_, sliding_window_view       larger frames

How a function moves axes is not written here: it is tried on an array without numbers, and what comes out is read off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as windows

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Gather, LinearMap
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op, as_nodes
from .indexing import axis_of
from .positions import flatnonzero
from .shaping import BroadcastTo, Reshape, Transpose, as_shape, transpose, tried

Axes = int | Sequence[int]

# --- axes in another order --------------------------------------------------------------------------------------------


def _reordered(written: str, function: Callable[..., Any], a: NodeLike, *settings: Any) -> Node:
    """The function's order of axes: found by trying it on an array whose axes have the lengths 0, 1, 2 …"""
    (node,) = as_nodes((a,))
    try:
        order = function(np.broadcast_to(0, tuple(range(node.ndim))), *settings).shape
    except ValueError as error:
        raise ShapeError(f"{written}: {node.label} is {node.shape}; {error}.") from error
    return Transpose(order)(node)


@implements(np.swapaxes)
def swapaxes(a: NodeLike, axis1: int, axis2: int) -> Node:
    """x with two axes exchanged; NumPy's meaning. Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> np.swapaxes(mg.parameter(np.ones((2, 3, 4))), 0, -1).shape
    (4, 3, 2)
    """
    return _reordered("np.swapaxes", np.swapaxes, a, axis1, axis2)


@implements(np.moveaxis)
def moveaxis(a: NodeLike, source: Axes, destination: Axes) -> Node:
    """x with axes moved to other places; NumPy's meaning. Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> np.moveaxis(mg.parameter(np.ones((2, 3, 4))), 0, -1).shape
    (3, 4, 2)
    """
    return _reordered("np.moveaxis", np.moveaxis, a, source, destination)


@implements(np.rollaxis)
def rollaxis(a: NodeLike, axis: int, start: int = 0) -> Node:
    """x with one axis moved before another; NumPy's meaning. Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> np.rollaxis(mg.parameter(np.ones((2, 3, 4))), 2).shape
    (4, 2, 3)
    """
    return _reordered("np.rollaxis", np.rollaxis, a, axis, start)


@implements(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x: NodeLike) -> Node:
    """x with its last two axes exchanged; NumPy's meaning. Local Jacobian: Permute.

    >>> import numpy as np, minigrad as mg
    >>> np.matrix_transpose(mg.parameter(np.ones((2, 3, 4)))).shape
    (2, 4, 3)
    """
    return _reordered("np.matrix_transpose", np.matrix_transpose, x)


# --- axes of length one -----------------------------------------------------------------------------------------------


@implements(np.squeeze)
def squeeze(a: NodeLike, axis: Axes | None = None) -> Node:
    """x without its axes of length one, or without those named; NumPy's meaning. Local Jacobian: Reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.squeeze(mg.parameter(np.ones((1, 3, 1))), axis=-1).shape
    (1, 3)
    """
    (node,) = as_nodes((a,))
    return Reshape(tried("np.squeeze", np.squeeze, node, axis=axis).shape)(node)


@implements(np.expand_dims)
def expand_dims(a: NodeLike, axis: Axes) -> Node:
    """x with new axes of length one at these places of the result; NumPy's meaning. Local Jacobian: Reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.expand_dims(mg.parameter([1.0, 2.0]), (0, 2)).shape
    (1, 2, 1)
    """
    (node,) = as_nodes((a,))
    return Reshape(tried("np.expand_dims", np.expand_dims, node, axis).shape)(node)


def _at_least(function: Callable[..., Any], arrays: tuple[NodeLike, ...]) -> Any:
    nodes = [Reshape(function(np.broadcast_to(0, node.shape)).shape)(node) for node in as_nodes(arrays)]
    return nodes[0] if len(nodes) == 1 else tuple(nodes)


@implements(np.atleast_1d)
def atleast_1d(*arys: NodeLike) -> Any:
    """A number as an array of one; others as they are; several as a tuple. Local Jacobian: Reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.atleast_1d(mg.parameter(2.0)).shape
    (1,)
    """
    return _at_least(np.atleast_1d, arys)


@implements(np.atleast_2d)
def atleast_2d(*arys: NodeLike) -> Any:
    """A number or a row as a matrix; others as they are; several as a tuple. Local Jacobian: Reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.atleast_2d(mg.parameter([1.0, 2.0])).shape
    (1, 2)
    """
    return _at_least(np.atleast_2d, arys)


@implements(np.atleast_3d)
def atleast_3d(*arys: NodeLike) -> Any:
    """With three axes: a row (n,) becomes (1, n, 1), a matrix (m, n) becomes (m, n, 1). Local Jacobian: Reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.atleast_3d(mg.parameter([1.0, 2.0])).shape
    (1, 2, 1)
    """
    return _at_least(np.atleast_3d, arys)


# --- axes read from their other end -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flip(Op):
    """x with the entries along the axes in reverse order. Local Jacobian: Gather by slices that step back.

    >>> Flip((0,))([1.0, 2.0, 3.0])
    <flip (3,) float64: [3. 2. 1.]>
    """

    axes: tuple[int, ...]

    def forward(self, x: Entry) -> Entry:
        return np.flip(x, self.axes)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        back = tuple([slice(None, None, -1) if axis in self.axes else slice(None) for axis in range(x.ndim)])
        return Gather(back, x.shape, out.shape, inverse=back)


@implements(np.flip)
def flip(m: NodeLike, axis: Axes | None = None) -> Node:
    """x with the entries along the axes (all of them for None) in reverse order; NumPy's meaning.

    Local Jacobian: Gather by slices that step back.

    >>> import numpy as np, minigrad as mg
    >>> np.flip(mg.parameter([1.0, 2.0, 3.0]))
    <flip (3,) float64: [3. 2. 1.]>
    """
    (node,) = as_nodes((m,))
    given = range(node.ndim) if axis is None else as_shape(axis)
    return Flip(tuple([axis_of(node, k, "np.flip") for k in given]))(node)


@implements(np.fliplr)
def fliplr(m: NodeLike) -> Node:
    """x with its columns (axis 1) in reverse order; NumPy's meaning. Composed of flip.

    >>> import numpy as np, minigrad as mg
    >>> np.fliplr(mg.parameter([[1.0, 2.0]])).value
    array([[2., 1.]])
    """
    return flip(m, 1)


@implements(np.flipud)
def flipud(m: NodeLike) -> Node:
    """x with its rows (axis 0) in reverse order; NumPy's meaning. Composed of flip.

    >>> import numpy as np, minigrad as mg
    >>> np.flipud(mg.parameter([1.0, 2.0]))
    <flip (2,) float64: [2. 1.]>
    """
    return flip(m, 0)


@implements(np.rot90)
def rot90(m: NodeLike, k: int = 1, axes: Sequence[int] = (0, 1)) -> Node:
    """x turned k times by a right angle, from the first of the axes towards the second; NumPy's meaning.

    Composed of flip and transpose.

    >>> import numpy as np, minigrad as mg
    >>> np.rot90(mg.parameter([[1.0, 2.0], [3.0, 4.0]])).value
    array([[2., 4.],
           [1., 3.]])
    """
    (node,) = as_nodes((m,))
    if len(axes) != 2:
        raise ShapeError(f"np.rot90: axes= names the two axes of a plane, not {len(axes)}")
    first, second = (axis_of(node, axis, "np.rot90") for axis in axes)
    if first == second:
        raise ShapeError(f"np.rot90: {node.label} is {node.shape}; axes={tuple(axes)} are one and the same")
    turns = k % 4
    if turns == 0:
        return node
    if turns == 2:
        return Flip((first, second))(node)
    return swapaxes(flip(node, second), first, second) if turns == 1 else flip(swapaxes(node, first, second), second)


# --- larger frames ----------------------------------------------------------------------------------------------------


@implements(np.broadcast_arrays)
def broadcast_arrays(*args: NodeLike, subok: bool = False) -> tuple[Node, ...]:
    """All arrays enlarged to the one shape that they broadcast to; NumPy's meaning. Local Jacobians: Broadcast.

    >>> import numpy as np, minigrad as mg
    >>> [x.shape for x in np.broadcast_arrays(mg.parameter([[1.0], [2.0]]), [1.0, 2.0, 3.0])]
    [(2, 3), (2, 3)]
    """
    nodes = as_nodes(args)
    return _enlarged(nodes, common_shape("np.broadcast_arrays", nodes))


def common_shape(written: str, nodes: Sequence[Node]) -> Shape:
    """The shape that the nodes broadcast to; ShapeError where there is none.

    >>> import minigrad as mg
    >>> common_shape("np.select", [mg.parameter([1.0, 2.0]), mg.parameter([[1.0], [2.0]])])
    (2, 2)
    """
    shapes = [node.shape for node in nodes]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        parts = " and ".join(f"{node.label} is {node.shape}" for node in nodes)
        raise ShapeError(f"{written}: {parts}, which do not broadcast to one shape.") from None


def _enlarged(nodes: Sequence[Node], shape: Shape) -> tuple[Node, ...]:
    return tuple([node if node.shape == shape else BroadcastTo(shape)(node) for node in nodes])


@implements(np.meshgrid)
def meshgrid(*xi: NodeLike, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Node, ...]:
    """The coordinates of a grid's points, an array for each of the given axes; NumPy's meaning.

    Composed of reshape and, unless `sparse`, broadcast_to. A node never changes, so that `copy` makes no difference.

    >>> import numpy as np, minigrad as mg
    >>> [x.shape for x in np.meshgrid(mg.parameter([1.0, 2.0, 3.0]), [0.0, 1.0])]
    [(2, 3), (2, 3)]
    """
    nodes = as_nodes(xi)
    frames = np.meshgrid(*[np.broadcast_to(0, node.size) for node in nodes], sparse=True, indexing=indexing)  # type: ignore[call-overload]  # any string, which NumPy checks
    opened = [Reshape(frame.shape)(node) for node, frame in zip(nodes, frames, strict=True)]
    return tuple(opened) if sparse else _enlarged(opened, np.broadcast_shapes(*[node.shape for node in opened]))


@implements(np.ix_)
def ix_(*args: NodeLike) -> tuple[Node, ...]:
    """Sequences opened along one axis each, as an index of their grid: x[np.ix_(rows, columns)]; NumPy's meaning.

    Composed of reshape; a mask is turned into the positions where it holds.

    >>> import numpy as np, minigrad as mg
    >>> [part.shape for part in np.ix_(mg.constant([0, 2]), [True, False, True])]
    [(2, 1), (1, 2)]
    """
    nodes = [flatnonzero(node) if node.dtype == np.bool_ and node.ndim == 1 else node for node in as_nodes(args)]
    for node in nodes:
        if node.ndim != 1:
            raise ShapeError(f"np.ix_: {node.label} is {node.shape}; it opens sequences, of one axis each")
    places = range(len(nodes))
    return tuple(
        [Reshape(tuple([node.size if k == place else 1 for k in places]))(node) for place, node in enumerate(nodes)]
    )


@dataclass(frozen=True)
class Windows(Op):
    """All windows of a shape, sliding over x. Local Jacobian: Gather; each entry of x stands in several windows.

    >>> Windows((2,), None)([1.0, 2.0, 3.0]).value
    array([[1., 2.],
           [2., 3.]])
    """

    window: int | Shape
    axis: int | tuple[int, ...] | None = None

    def forward(self, x: Entry) -> Entry:
        return windows(x, self.window, self.axis)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        flat = (prod(x.shape),)
        picked = self.forward(np.arange(flat[0]).reshape(x.shape))
        return Gather(picked, flat, out.shape) @ ReshapeMap(x.shape, flat)


@implements(windows)
def sliding_window_view(
    x: NodeLike, window_shape: Axes, axis: Axes | None = None, *, subok: bool = False, writeable: bool = False
) -> Node:
    """All windows of a shape, sliding over x, as new axes at the end; NumPy's meaning. Local Jacobian: Gather.

    >>> import numpy as np, minigrad as mg
    >>> np.lib.stride_tricks.sliding_window_view(mg.parameter([1.0, 2.0, 3.0]), 2).shape
    (2, 2)
    """
    return Windows(as_shape(window_shape), None if axis is None else as_shape(axis))(x)


__all__ = ["Flip", "Windows", "broadcast_arrays", "expand_dims", "flip", "swapaxes", "transpose"]
