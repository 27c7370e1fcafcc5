"""Picking entries: x[index] with every kind of index of NumPy's, and the functions that are one index in words.

    x[1:, None], x[[0, 0, 2]], x[x > 0], x[order]      getitem; a mask or an order may be a node, and is an argument
    np.take(x, places, axis), np.take_along_axis(x, order, axis)
    np.compress(mask, x, axis), np.extract(mask, x)
    gathering(index, x.shape, out.shape)               the Jacobian of x[index], for other ops that pick

A node in an index is computed anew with the graph. A mask that is a node decides a shape, which a graph has once for
all: where it holds for another number of entries, in `evaluate`, ShapeError.
"""

from __future__ import annotations

import operator
from math import prod
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, UnsupportedError
from ..graph import Node, NodeLike, constant
from ..linear_maps import Gather, LinearMap, Scatter, Zero
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import OPERATIONS, implements
from .axes import converted, refuse
from .positions import Settled, found
from .shaping import ravel


class Slot:
    """Where a node stands in an index: it is an argument of the op, in its turn."""

    def __repr__(self) -> str:
        return "□"


SLOT = Slot()


class GetItem(Settled):
    """x[index]: integers, slices, None, Ellipsis, integer and boolean arrays. Local Jacobian: Gather(index).

    Its transpose, Scatter, adds up entries that were picked more than once. Nodes in the index, masks or whole numbers,
    are further arguments, each in the place of a SLOT; by them is not differentiated.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> mg.gradients(mg.sum(x[[0, 0, 1]]), x)
    array([2., 1.])
    """

    name = "getitem"

    def __init__(self, index: Any) -> None:
        self.index = index

    def forward(self, x: Entry, *nodes: Entry) -> Entry:
        if not nodes:
            return x[self.index]
        return self.settled(x[self.filled(nodes)])

    def jacobian(self, argument: int, out: Entry, x: Entry, *nodes: Entry) -> LinearMap:
        if argument > 0:
            return Zero(nodes[argument - 1].shape, out.shape)
        if not nodes:
            return Gather(self.index, x.shape, out.shape)
        return gathering(self.filled(nodes), x.shape, out.shape)

    def misfit(self, *shapes: Shape) -> str:
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        if all(part.dtype.kind in "bui" for part in parts if isinstance(part, np.ndarray)):
            return ""
        return "an index is made of integers, slices, None, Ellipsis, and arrays of integers or booleans"

    def filled(self, nodes: tuple[Entry, ...]) -> Any:
        """The index, with its further arguments in their places."""
        rest = iter(nodes)
        if not isinstance(self.index, tuple):
            return next(rest)
        return tuple([next(rest) if part is SLOT else part for part in self.index])

    def __repr__(self) -> str:
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        return f"getitem[{', '.join(_written(part) for part in parts)}]"


def gathering(index: Any, in_shape: Shape, out_shape: Shape, distinct: bool | None = None) -> LinearMap:
    """The Jacobian of x[index]: Gather; `distinct` where it is known that no entry is picked twice.

    In a recorded sweep the index may hold nodes. Then the numbers 0, 1, 2 … of the entries are picked first, as a node,
    and the entries by their numbers.

    >>> print(gathering([0, 0], (3,), (2,)))
    gather : (3,) → (2,)
    """
    parts = index if isinstance(index, tuple) else (index,)
    if not any(isinstance(part, Node) for part in parts):
        return Gather(index, in_shape, out_shape, distinct=distinct)
    size = prod(in_shape)
    numbers = getitem(constant(np.arange(size).reshape(in_shape)), index)
    return Gather(numbers, (size,), out_shape, distinct=distinct) @ ReshapeMap(in_shape, (size,))


@implements(operator.getitem)
def getitem(x: NodeLike, index: Any, *, name: str | None = None) -> Node:
    """x[index]; NumPy's meaning. The index is copied; nodes in it must be masks or integers. Local Jacobian: Gather.

    A mask that is a node must hold for as many entries as when the graph was made, wherever it is computed anew;
    ShapeError otherwise.

    >>> import minigrad as mg
    >>> mg.getitem(mg.parameter([[1.0, 2.0]]), (0, slice(1, None)))
    <getitem (1,) float64: [2.]>
    """
    nodes: list[Node] = []
    parts = [_fixed(part, nodes) for part in index] if isinstance(index, tuple) else [_fixed(index, nodes)]
    op = GetItem(tuple(parts) if isinstance(index, tuple) else parts[0])
    for part in parts:
        if part is SLOT or part.__class__ is np.ndarray:
            op.selects = True
    return op(x, *nodes, name=name)


def _fixed(part: Any, nodes: list[Node]) -> Any:
    """A part of an index as something that cannot change any more; a node joins the others, and leaves a SLOT."""
    if part.__class__ is int or part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        for bound in (part.start, part.stop, part.step):
            if isinstance(bound, Node):
                raise UnsupportedError(
                    f"a slice of a node has fixed bounds, not {bound.label}. Write int(node), which reads its value."
                )
        return part
    if isinstance(part, (list, tuple)) and _holds_node(part):
        part = _stacked(part)
    if isinstance(part, Node):
        if part.differentiable or part.dtype.kind not in "bui":
            raise UnsupportedError(
                f"an index must be integers or booleans; {part.label} is {part.dtype}. "
                "Write whole numbers, such as np.argsort(x), or a mask, such as x > 0."
            )
        nodes.append(part)
        return SLOT
    if isinstance(part, (bool, np.bool_)):
        return part
    if not isinstance(part, np.ndarray) and hasattr(part, "__index__"):
        return operator.index(part)
    try:
        array = np.array(part)
    except ValueError as error:
        raise ShapeError(f"an index that is a list must be of one shape: {error}.") from error
    if array.size == 0 and not isinstance(part, np.ndarray):
        return array.astype(np.intp)
    return int(array) if array.ndim == 0 and array.dtype.kind in "ui" else array


def _holds_node(part: Any) -> bool:
    return isinstance(part, Node) or (isinstance(part, (list, tuple)) and any(_holds_node(each) for each in part))


def _stacked(part: Any) -> Any:
    if not isinstance(part, (list, tuple)):
        return part
    return OPERATIONS[np.stack]([_stacked(each) for each in part])


def _written(part: Any) -> str:
    if isinstance(part, slice):
        bounds = f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
        return bounds if part.step is None else f"{bounds}:{part.step}"
    if part is Ellipsis:
        return "..."
    return str(part).replace("\n", "") if np.size(part) <= 6 else f"{np.asarray(part).dtype}{np.shape(part)}"


# --- by positions -----------------------------------------------------------------------------------------------------


def axis_of(x: Node, axis: int, written: str) -> int:
    """An axis counted from the first; ShapeError where there is none.

    >>> import minigrad as mg
    >>> axis_of(mg.parameter([[1.0, 2.0]]), -1, "np.take")
    1
    """
    if not -x.ndim <= axis < x.ndim:
        raise ShapeError(f"{written}: {x.label} is {x.shape}; it has no axis {axis}.")
    return operator.index(axis) % x.ndim


def along(x: Node, axis: int, part: Any) -> Node:
    """x[:, :, part]: an index along one axis, all of the others.

    >>> import minigrad as mg
    >>> along(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), 1, [1, 1, 0]).value
    array([[2., 2., 1.],
           [4., 4., 3.]])
    """
    return getitem(x, (*(slice(None),) * axis, part))


def whole(indices: NodeLike, written: str) -> Any:
    """Positions as an array or a node of whole numbers; DTypeError for anything else.

    >>> whole([], "np.take")
    array([], dtype=int64)
    """
    if not isinstance(indices, Node):
        array = np.asarray(indices)
        indices = array.astype(np.intp) if array.size == 0 and not isinstance(indices, np.ndarray) else array
    if indices.dtype.kind not in "bui":
        raise DTypeError(f"{written}: positions are whole numbers, not {indices.dtype}. Write x.astype(int) for them.")
    return np.astype(indices, np.intp) if indices.dtype.kind == "b" else indices


@implements(np.take)
def take(a: NodeLike, indices: NodeLike, axis: int | None = None, out: Any = None, mode: str = "raise") -> Node:
    """The entries at these positions along an axis, or of x laid flat; NumPy's meaning, with all of its modes.

    Composed of an index: x[:, indices].

    >>> import numpy as np, minigrad as mg
    >>> np.take(mg.parameter([1.0, 2.0, 3.0]), [0, 4], mode="clip")
    <getitem (2,) float64: [1. 3.]>
    """
    refuse("np.take", out=out)
    node = converted(a)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.take"))
    places, length = whole(indices, "np.take"), node.shape[axis]
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"np.take: mode is 'raise', 'wrap' or 'clip', not {mode!r}")

    def counted(places: Entry) -> Entry:  # NumPy knows how: what it takes from 0, 1, 2 … are the positions
        return np.take(np.arange(length), places, mode=mode)  # type: ignore[call-overload]  # any string

    if mode != "raise":
        places = found("take", counted, places) if isinstance(places, Node) else counted(places)
    return along(node, axis, places)


@implements(np.take_along_axis)
def take_along_axis(arr: NodeLike, indices: NodeLike, axis: int | None = -1) -> Node:
    """The entries at positions along an axis that differ from place to place, as argsort gives them; NumPy's meaning.

    Composed of an index.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([[3.0, 1.0], [0.0, 2.0]])
    >>> np.take_along_axis(x, np.argsort(x, axis=1), axis=1).value
    array([[1., 3.],
           [0., 2.]])
    """
    node = converted(arr)
    places = whole(indices, "np.take_along_axis")
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.take_along_axis"))
    if places.ndim != node.ndim:
        raise ShapeError(
            f"np.take_along_axis: {node.label} is {node.shape} and the positions are {places.shape}; "
            "both must have as many axes. Write np.take for the same positions everywhere."
        )
    return getitem(node, lane_index(places, axis, node.shape))


def lane_index(places: Entry, axis: int, shape: Shape) -> tuple[Any, ...]:
    """The index that picks, along one axis, positions that differ from place to place.

    >>> [np.shape(part) for part in lane_index(np.array([[0], [1]]), 1, (2, 3))]
    [(2, 1), (2, 1)]
    """
    grid: list[Any] = list(np.ix_(*[np.arange(length) for length in shape]))
    grid[axis] = places
    return tuple(grid)


# --- by masks ---------------------------------------------------------------------------------------------------------


@implements(np.compress)
def compress(condition: NodeLike, a: NodeLike, axis: int | None = None, out: Any = None) -> Node:
    """The entries along an axis, or of x laid flat, for which a condition holds; NumPy's meaning.

    The condition may be shorter than the axis. Composed of an index: x[:, mask].

    >>> import numpy as np, minigrad as mg
    >>> np.compress([True, False, True], mg.parameter([1.0, 2.0, 3.0]))
    <getitem (2,) float64: [1. 3.]>
    """
    refuse("np.compress", out=out)
    node = converted(a)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.compress"))
    mask = _mask(condition)
    if mask.ndim != 1 or mask.size > node.shape[axis]:
        raise ShapeError(
            f"np.compress: the condition is {mask.shape}, and axis {axis} of {node.label} has {node.shape[axis]} "
            "entries; it is a sequence of as many or fewer."
        )
    if mask.size < node.shape[axis]:
        node = along(node, axis, slice(mask.size))
    return along(node, axis, mask)


@implements(np.extract)
def extract(condition: NodeLike, arr: NodeLike) -> Node:
    """The entries of x laid flat for which a condition, laid flat too, holds; NumPy's meaning.

    Composed of an index: x[mask].

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, -2.0, 3.0])
    >>> np.extract(x > 0, x)
    <getitem (2,) float64: [1. 3.]>
    """
    return compress(np.ravel(_mask(condition)), arr)


def _mask(condition: NodeLike) -> Any:
    array = condition if isinstance(condition, Node) else np.asarray(condition)
    return array if array.dtype == np.bool_ else array != 0


# --- counting ---------------------------------------------------------------------------------------------------------


class BinCount(Settled):
    """Weights added up by the whole number that stands beside each: out[k] = Σ of the weights where x is k.

    Local Jacobian by the weights: Scatter(x). By x is not differentiated.

    >>> BinCount(0)([0, 2, 0], [1.0, 5.0, 2.0])
    <bincount (3,) float64: [3. 0. 5.]>
    """

    name = "bincount"

    def __init__(self, minlength: int) -> None:
        self.minlength = minlength

    def forward(self, x: Entry, weights: Entry) -> Entry:
        return self.settled(np.bincount(x, weights, self.minlength))

    def jacobian(self, argument: int, out: Entry, x: Entry, weights: Entry) -> LinearMap:
        if argument == 0:
            return Zero(x.shape, out.shape)
        return Scatter(x, weights.shape, out.shape)


@implements(np.bincount)
def bincount(x: NodeLike, weights: NodeLike | None = None, minlength: int = 0) -> Node:
    """How often each whole number occurs in x, or the sum of the weights beside it; NumPy's meaning.

    Local Jacobian by the weights: Scatter(x). By x is not differentiated; its largest number decides the shape, unless
    `minlength` is more, and may not change it in `evaluate`.

    >>> import numpy as np, minigrad as mg
    >>> np.bincount([0, 2, 0], mg.parameter([1.0, 5.0, 2.0]))
    <bincount (3,) float64: [3. 0. 5.]>
    """
    places = whole(x, "np.bincount")
    if weights is None:
        return found("bincount", np.bincount, places, minlength=minlength)
    return BinCount(minlength)(places, weights)
