"""Where entries stand: orders, places of what is not 0, memberships. Nodes of whole numbers, never differentiated.

    np.argsort(x), np.argpartition(x, 3), np.lexsort((second, first))      orders
    np.nonzero(x), np.argwhere(x), np.flatnonzero(x), np.where(x > 0)      where something holds
    np.isin(x, [1, 2]), np.unravel_index(k, shape), np.ravel_multi_index((i, j), shape)
    found("name", function, x)                                             any other such function

As masks are, they are nodes, so that they are computed anew wherever the graph is evaluated at other values. The shape
of some depends on values. A graph has fixed shapes: other values that would give another one are a ShapeError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps.algebra import Array, Entry, Shape
from ..numpy_protocol import implements
from .axes import converted
from .base import Op
from .steps import Steps


class Settled(Op):
    """An op whose shape depends on values, which its first values settle: with others it may not come out different.

    >>> issubclass(Found, Settled)
    True
    """

    shape: Shape | None = None

    def settled(self, out: Array) -> Array:
        """The value; ShapeError where its shape is another one than when the graph was made."""
        if self.shape is None:
            self.shape = out.shape
        if out.shape != self.shape:
            raise ShapeError(
                f"{self!r}: the shape was {self.shape} when the graph was made, and would be {out.shape} now; a graph "
                "has fixed shapes. Build it anew at these values, or keep the shape with np.where(mask, x, 0)."
            )
        return out


class Found(Steps, Settled):
    """Whole numbers or a mask that a function finds in its arguments; their shape is settled by the first values.

    >>> Found(np.flatnonzero)([0.0, 2.0, 3.0])
    <flatnonzero (2,) int64: [1 2]>
    """

    def __init__(self, function: Callable[..., Any], name: str = "", **settings: Any) -> None:
        super().__init__(function, **settings)
        self.name = name or self.name

    def forward(self, *arguments: Entry) -> Entry:
        return self.settled(np.asarray(super().forward(*arguments)))


def found(name: str, function: Callable[..., Any], *arguments: NodeLike, **settings: Any) -> Node:
    """A node of what a function finds in its arguments: computed anew at other values, never differentiated.

    >>> import minigrad as mg
    >>> found("last", lambda x: np.flatnonzero(x)[-1], mg.parameter([1.0, 2.0, 0.0]))
    <last () int64: 1>
    """
    return Found(function, name, **settings)(*arguments)


# --- orders -----------------------------------------------------------------------------------------------------------


def checked_kind(written: str, kind: str | None, order: Any, stable: bool | None = None) -> str | None:
    """The kind of sorting that is asked for; UnsupportedError for `order`, which names fields that nodes cannot have.

    >>> checked_kind("np.sort", None, None, stable=True)
    'stable'
    """
    if order is not None:
        raise UnsupportedError(
            f"{written}: order= names fields of records, which a node cannot hold. Write it without."
        )
    if stable is not None and kind is not None:
        raise ValueError(f"{written}: give kind= or stable=, not both")
    return "stable" if stable else kind


@implements(np.argsort)
def argsort(
    a: NodeLike, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None
) -> Node:
    """The order in which the entries along an axis ascend; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.argsort(mg.parameter([3.0, 1.0, 2.0]))
    <argsort (3,) int64: [1 2 0]>
    """
    return Steps(np.argsort, axis=axis, kind=checked_kind("np.argsort", kind, order, stable))(a)


@implements(np.argpartition)
def argpartition(
    a: NodeLike, kth: int | Sequence[int], axis: int | None = -1, kind: Any = "introselect", order: Any = None
) -> Node:
    """An order in which entry kth is in its sorted place, smaller ones before it; NumPy's. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.argpartition(mg.parameter([3.0, 1.0, 2.0]), 0).value[0]
    np.int64(1)
    """
    checked_kind("np.argpartition", None, order)
    return Steps(np.argpartition, kth=kth, axis=axis, kind=kind)(a)


@implements(np.lexsort)
def lexsort(keys: Any, axis: int = -1) -> Node:
    """The order by several keys, the last of them first; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.lexsort((mg.parameter([2.0, 1.0, 0.0]), mg.parameter([0.0, 0.0, -1.0])))
    <lexsort (3,) int64: [2 1 0]>
    """
    if isinstance(keys, Node):
        return Steps(np.lexsort, axis=axis)(keys)
    return found("lexsort", lambda *keys, axis: np.lexsort(keys, axis), *keys, axis=axis)


# --- where something holds --------------------------------------------------------------------------------------------


@implements(np.argwhere)
def argwhere(a: NodeLike) -> Node:
    """The positions of the entries that are not 0, a row for each; NumPy's meaning. Never differentiated.

    How many there are is settled when the graph is made: at values with another number, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> np.argwhere(mg.parameter([0.0, 2.0, 3.0])).value
    array([[1],
           [2]])
    """
    return Found(np.argwhere)(a)


@implements(np.flatnonzero)
def flatnonzero(a: NodeLike) -> Node:
    """The positions of the entries that are not 0, in x laid flat; NumPy's meaning. Never differentiated.

    How many there are is settled when the graph is made: at values with another number, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> np.flatnonzero(mg.parameter([0.0, 2.0, 3.0]) > 0)
    <flatnonzero (2,) int64: [1 2]>
    """
    return Found(np.flatnonzero)(a)


@implements(np.nonzero)
def nonzero(a: NodeLike) -> tuple[Node, ...]:
    """The positions of the entries that are not 0, an array for each axis; NumPy's meaning. Never differentiated.

    How many there are is settled when the graph is made: at values with another number, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> np.nonzero(mg.parameter([0.0, 2.0, 3.0]))
    (<getitem (2,) int64: [1 2]>,)
    """
    node = converted(a)
    if node.ndim == 0:
        raise ShapeError(f"np.nonzero: {node.label} is one number, without axes. Write np.atleast_1d(x) first.")
    rows = argwhere(node)
    return tuple([rows[:, axis] for axis in range(node.ndim)])


# --- numbers of entries -----------------------------------------------------------------------------------------------


@implements(np.isin)
def isin(
    element: NodeLike, test_elements: NodeLike, assume_unique: bool = False, invert: bool = False, *, kind: Any = None
) -> Node:
    """Whether each entry is one of some others; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.isin(mg.parameter([1.0, 2.0, 3.0]), [3.0, 1.0])
    <isin (3,) bool: [ True False  True]>
    """
    return Steps(np.isin, assume_unique=assume_unique, invert=invert, kind=kind)(element, test_elements)


@implements(np.unravel_index)
def unravel_index(indices: NodeLike, shape: Any, order: str = "C") -> tuple[Node, ...]:
    """Positions in an array laid flat, as one position for each axis; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([[1.0, 5.0], [2.0, 3.0]])
    >>> x[np.unravel_index(np.argmax(x), x.shape)]
    <getitem () float64: 5.>
    """

    def by_axis(places: Array, axis: int) -> Any:
        return np.unravel_index(places, shape, order)[axis]  # type: ignore[call-overload]  # any string, checked there

    axes = range(np.size(shape))
    return tuple([found("unravel_index", by_axis, indices, axis=axis) for axis in axes])


@implements(np.ravel_multi_index)
def ravel_multi_index(multi_index: Sequence[NodeLike], dims: Any, mode: Any = "raise", order: str = "C") -> Node:
    """A position for each axis, as positions in the array laid flat; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.ravel_multi_index((mg.constant([1, 0]), [2, 1]), (2, 3))
    <ravel_multi_index (2,) int64: [5 1]>
    """

    def flat(*index: Array) -> Any:
        return np.ravel_multi_index(index, dims, mode, order)  # type: ignore[call-overload]  # any string, checked there

    return found("ravel_multi_index", flat, *multi_index)
