"""What functions along axes share: axes counted and kept, entries laid in lanes, NumPy's keywords on nodes.

kept((2, 3), axis=1)             (2, 1): the shape of a reduction with keepdims
summing(x, axis, out.shape)      the linear map that sums along the axes
Lanes(x.shape, axis)             the axes laid behind one another as rows, all others as columns
converted(a, dtype)              a as a node, in that dtype if one is given
chosen(a, where, fill)           a where the mask holds, `fill` elsewhere: the keyword where= of reductions
refuse("np.max", out=out)        UnsupportedError for a keyword that is given
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Compose, LinearMap, Permute, Reshape, SumTo
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import OPERATIONS
from .base import as_nodes

Axis = int | tuple[int, ...] | None


def axes_of(shape: Shape, axis: Axis) -> tuple[int, ...]:
    """The axes that a reduction goes along, counted from the first. A number has none, whatever axis is named.

    >>> axes_of((2, 3, 4), -1), axes_of((2, 3), None), axes_of((), 0)
    ((2,), (0, 1), ())
    """
    if axis is None or not shape:
        return tuple(range(len(shape)))
    return tuple([a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))])


def kept(shape: Shape, axis: Axis) -> Shape:
    """The shape after a reduction with keepdims=True.

    >>> kept((2, 3), 1), kept((2, 3), None)
    ((2, 1), (1, 1))
    """
    axes = axes_of(shape, axis)
    return tuple([1 if a in axes else n for a, n in enumerate(shape)])


def length(shape: Shape, axis: Axis) -> int:
    """How many entries go into one result of a reduction.

    >>> length((2, 3, 4), (0, 2)), length((), None)
    (8, 1)
    """
    return prod([shape[a] for a in axes_of(shape, axis)])


def places(shape: Shape, axis: Axis) -> int:
    """How many results a reduction has.

    >>> places((2, 0, 4), 1), places((), None)
    (8, 1)
    """
    return prod(kept(shape, axis))


def summing(x: Entry, axis: Axis, out_shape: Shape) -> LinearMap:
    """The map v ↦ Σ v along the axes, for v shaped as x."""
    if axis is None and not out_shape:
        return SumTo(x.shape, ())
    columns = kept(x.shape, axis)
    sums = SumTo(x.shape, columns)
    return sums if columns == out_shape else Compose((Reshape(columns, out_shape), sums))


class Lanes:
    """An array as a matrix: the given axes laid behind one another as rows, all others as columns; and back.

    >>> lanes = Lanes((2, 3, 4), (0, 2))
    >>> lanes.shape, lanes.back(lanes.lay(np.ones((2, 3, 4)))).shape
    ((8, 3), (2, 3, 4))
    """

    def __init__(self, shape: Shape, axis: Axis) -> None:
        axes = axes_of(shape, axis)
        others = tuple([a for a in range(len(shape)) if a not in axes])
        self.given, self.order = shape, (*axes, *others)
        self.permuted = tuple([shape[a] for a in self.order])
        self.shape = prod(self.permuted[: len(axes)]), prod(self.permuted[len(axes) :])

    def lay(self, x: Entry) -> Entry:
        """x, of the given shape, as a matrix."""
        return np.reshape(x if self._in_order else np.transpose(x, self.order), self.shape)

    def back(self, matrix: Entry) -> Entry:
        """The matrix in the given shape."""
        x = np.reshape(matrix, self.permuted)
        return x if self._in_order else np.transpose(x, tuple(np.argsort(self.order).tolist()))

    @property
    def map(self) -> LinearMap:
        """v ↦ lay(v), as a linear map."""
        laid = Reshape(self.permuted, self.shape)
        return laid if self._in_order else laid @ Permute(self.order, self.given)

    @property
    def _in_order(self) -> bool:
        return self.order == tuple(range(len(self.order)))


def converted(a: NodeLike, dtype: DTypeLike | None = None) -> Node:
    """The argument as a node, in the given dtype if there is one.

    >>> converted([1, 2], np.float32)
    <as_type (2,) float32: [1. 2.]>
    """
    node = as_nodes((a,))[0]
    return node if dtype is None or node.dtype == dtype else OPERATIONS[np.astype](node, dtype)


def averaged(a: NodeLike, dtype: DTypeLike | None, written: str) -> Node:
    """The argument of a mean as a node, in the given dtype; UnsupportedError for one of whole numbers.

    >>> averaged([1, 2], np.float32, "np.mean").dtype
    dtype('float32')
    """
    if dtype is not None and np.dtype(dtype).kind != "f":
        raise UnsupportedError(f"{written}: dtype={dtype} would cut the mean off. Write {written}(…).astype({dtype}).")
    return converted(a, dtype)


def along_one(a: Node, axis: int | None) -> tuple[Node, int]:
    """The array and the axis that a running function goes along: laid flat where no axis is given.

    >>> import minigrad as mg
    >>> along_one(mg.parameter([[1.0, 2.0]]), None)
    (<reshape (2,) float64: [1. 2.]>, 0)
    """
    if axis is not None:
        return a, axis
    return (a if a.ndim == 1 else a.reshape(-1)), 0


def only_axis(a: Node, axis: int | None, written: str) -> tuple[Node, int]:
    """The array and the axis of the newer running functions: an axis must be given where there are several.

    >>> import minigrad as mg
    >>> only_axis(mg.parameter([1.0]), None, "np.cumulative_sum")[1]
    0
    """
    if a.ndim == 0 or (a.ndim > 1 and axis is None):
        advice = "give axis=" if a.ndim else "it needs an axis to run along"
        raise ShapeError(f"{written}: the array is {a.shape}; {advice}.")
    return a, 0 if axis is None else axis


def begun(runs: Node, axis: int, first: float) -> Node:
    """Running results with the one of no entries before them.

    >>> import minigrad as mg
    >>> begun(mg.parameter([2.0, 6.0]), 0, 1)
    <concatenate (3,) float64: [1. 2. 6.]>
    """
    shape = list(runs.shape)
    shape[axis] = 1
    return joined([np.full(shape, first, runs.dtype), runs], axis)


def joined(parts: Sequence[NodeLike], axis: int = 0) -> Node:
    """np.concatenate, of arrays of which some are nodes.

    >>> import minigrad as mg
    >>> joined([mg.parameter([1.0]), [2.0]])
    <concatenate (2,) float64: [1. 2.]>
    """
    whole: Node = OPERATIONS[np.concatenate](parts, axis)
    return whole


def floating(x: Entry) -> Entry:
    """x, or x in double precision where it holds whole numbers or a mask.

    >>> floating(np.array([1, 2]))
    array([1., 2.])
    """
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def chosen(a: Node, where: NodeLike, fill: float, written: str) -> Node:
    """The array where the mask holds, `fill` elsewhere; ShapeError where the mask would enlarge it.

    >>> import minigrad as mg
    >>> chosen(mg.parameter([1.0, 2.0]), [True, False], 0.0, "np.sum")
    <where (2,) float64: [1. 0.]>
    """
    if where is True:
        return a
    check_mask(a, where, written)
    filled: Node = OPERATIONS[np.where](where, a, fill)
    return filled


def check_mask(a: Node, where: NodeLike, written: str) -> None:
    """ShapeError unless the mask is of booleans and broadcasts to the shape of the array.

    >>> import minigrad as mg
    >>> check_mask(mg.parameter(np.ones(3)), np.ones((2, 3), bool), "np.sum")
    Traceback (most recent call last):
    ...
    minigrad.errors.ShapeError: np.sum: where= is (2, 3), which does not broadcast to (3,), the shape of the array.
    """
    mask = where if isinstance(where, Node) else np.asarray(where)
    if mask.dtype != np.bool_:
        raise UnsupportedError(f"{written}: where= is a mask of booleans, not of {mask.dtype}. Write where=mask != 0.")
    try:
        fits = np.broadcast_shapes(mask.shape, a.shape) == a.shape
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(
            f"{written}: where= is {mask.shape}, which does not broadcast to {a.shape}, the shape of the array."
        )


def refuse(written: str, instead: str = "", **keywords: Any) -> None:
    """UnsupportedError for the first of the keywords that is given (neither None nor False).

    >>> refuse("np.median", out=np.zeros(2))
    Traceback (most recent call last):
    ...
    minigrad.errors.UnsupportedError: np.median: out= is not supported on nodes. Write y = np.median(…): a new node.
    """
    for keyword, value in keywords.items():
        if value is not None and value is not False:
            advice = instead or f"Write y = {written}(…): a new node."
            raise UnsupportedError(f"{written}: {keyword}= is not supported on nodes. {advice}")
