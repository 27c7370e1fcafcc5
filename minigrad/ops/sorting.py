"""Entries in order, and each of them once: sort, partition, unique, trim_zeros, and sets of numbers.

    np.sort(x, axis=0), np.partition(x, 3)             Gather in the order that argsort or argpartition finds
    np.unique(x), np.union1d(x, y) …                   Gather of the first of each
    np.trim_zeros(x)                                   x[mask]

The orders are nodes (positions.py), found anew wherever a graph is evaluated or differentiated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import LinearMap
from ..linear_maps.algebra import Array, Entry
from ..numpy_protocol import implements
from .axes import converted
from .base import Op
from .indexing import along, axis_of, gathering, lane_index, take_along_axis
from .positions import argpartition, checked_kind, found, isin
from .shaping import as_shape, concatenate, ravel

# --- in order ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sort(Op):
    """x in ascending order along an axis. Local Jacobian: Gather in the order that argsort finds, a permutation.

    Convention: equal entries keep the places that NumPy's argsort of the same kind gives them; their own order for the
    kind "stable".

    >>> import minigrad as mg
    >>> x = mg.parameter([3.0, 1.0, 2.0])
    >>> mg.gradients(mg.sum(Sort()(x) * [1.0, 10.0, 100.0]), x)
    array([100.,   1.,  10.])
    """

    axis: int = -1
    kind: Any = None

    def forward(self, x: Entry) -> Entry:
        return np.sort(x, self.axis, self.kind)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        order = np.argsort(x, axis=self.axis, kind=self.kind)
        index = lane_index(order, self.axis % x.ndim, x.shape)
        return gathering(index, x.shape, out.shape, distinct=True)


@implements(np.sort)
def sort(
    a: NodeLike, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None
) -> Node:
    """x in ascending order along an axis, or laid flat; NumPy's meaning.

    Local Jacobian: Gather in the order that argsort finds. Convention: equal entries keep the places that argsort gives
    them; their own order with stable=True.

    >>> import numpy as np, minigrad as mg
    >>> np.sort(mg.parameter([3.0, 1.0, 2.0]))
    <sort (3,) float64: [1. 2. 3.]>
    """
    kind = checked_kind("np.sort", kind, order, stable)
    node = converted(a)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.sort"))
    return Sort(axis, kind)(node)


@implements(np.partition)
def partition(
    a: NodeLike, kth: int | Sequence[int], axis: int | None = -1, kind: Any = "introselect", order: Any = None
) -> Node:
    """x with entry kth in its sorted place, smaller ones before it, larger ones behind it; NumPy's meaning.

    Composed of argpartition and take_along_axis, so that value and derivative belong to one order; NumPy leaves open
    which one it is before and behind.

    >>> import numpy as np, minigrad as mg
    >>> np.partition(mg.parameter([3.0, 1.0, 2.0]), 0).value[0]
    np.float64(1.0)
    """
    checked_kind("np.partition", None, order)
    node = converted(a)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.partition"))
    return take_along_axis(node, argpartition(node, kth, axis, kind), axis)


# --- each once --------------------------------------------------------------------------------------------------------


@implements(np.unique)
def unique(
    ar: NodeLike,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    """The different entries (or slices along an axis) of x in order, and on request where they stand; NumPy's meaning.

    Composed of an index: the first of equal entries is picked. Convention: the whole derivative goes to that first one.
    How many there are is settled when the graph is made; with other values, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([3.0, 1.0, 3.0])
    >>> mg.gradients(mg.sum(np.unique(x) ** 2), x)
    array([6., 2., 0.])
    """
    node = converted(ar)

    def detail(asked: str) -> Node:
        settings: Any = {f"return_{asked}": True, "axis": axis, "equal_nan": equal_nan}
        return found(f"unique_{asked}", lambda x: np.unique(x, **settings)[1], node)

    first = detail("index")
    values = along(ravel(node), 0, first) if axis is None else along(node, axis_of(node, axis, "np.unique"), first)
    results = [values]
    if return_index:
        results.append(first)
    if return_inverse:
        results.append(detail("inverse"))
    if return_counts:
        results.append(detail("counts"))
    return values if len(results) == 1 else tuple(results)


def _unique(function: Any, x: NodeLike, **asked: bool) -> Any:
    """The results of one of the functions unique_…, in the named tuple that NumPy gives them in."""
    return type(function(np.zeros(0)))(*unique(x, equal_nan=False, **asked))


@implements(np.unique_counts)
def unique_counts(x: NodeLike, /) -> Any:
    """The different entries and how often they occur (values, counts); NumPy's meaning. Composed as unique is.

    >>> import numpy as np, minigrad as mg
    >>> np.unique_counts(mg.parameter([3.0, 1.0, 3.0])).counts
    <unique_counts (2,) int64: [1 2]>
    """
    return _unique(np.unique_counts, x, return_counts=True)


@implements(np.unique_inverse)
def unique_inverse(x: NodeLike, /) -> Any:
    """The different entries and which of them stands where (values, inverse_indices); NumPy's. Composed as unique is.

    >>> import numpy as np, minigrad as mg
    >>> np.unique_inverse(mg.parameter([3.0, 1.0, 3.0])).inverse_indices
    <unique_inverse (3,) int64: [1 0 1]>
    """
    return _unique(np.unique_inverse, x, return_inverse=True)


@implements(np.unique_all)
def unique_all(x: NodeLike, /) -> Any:
    """The different entries and all about them (values, indices, inverse_indices, counts); NumPy's meaning.

    Composed as unique is.

    >>> import numpy as np, minigrad as mg
    >>> np.unique_all(mg.parameter([3.0, 1.0, 3.0])).indices
    <unique_index (2,) int64: [1 0]>
    """
    return _unique(np.unique_all, x, return_index=True, return_inverse=True, return_counts=True)


@implements(np.unique_values)
def unique_values(x: NodeLike, /) -> Node:
    """The different entries, in no order that could be relied on; NumPy's meaning. Composed as unique is.

    >>> import numpy as np, minigrad as mg
    >>> np.unique_values(mg.parameter([3.0, 1.0, 3.0])).size
    2
    """

    def first(x: Array) -> Array:
        in_order, places = np.unique(x, return_index=True, equal_nan=False)
        return places[np.searchsorted(in_order, np.unique_values(x))]

    node = converted(x)
    return along(ravel(node), 0, found("unique_index", first, node))


@implements(np.union1d)
def union1d(ar1: NodeLike, ar2: NodeLike) -> Node:
    """The different entries of two arrays together, in order; NumPy's meaning. Composed of concatenate and unique.

    >>> import numpy as np, minigrad as mg
    >>> np.union1d(mg.parameter([3.0, 1.0]), [2.0, 1.0])
    <getitem (3,) float64: [1. 2. 3.]>
    """
    return unique(concatenate((ar1, ar2), None))  # type: ignore[no-any-return]  # one result where no other is asked


@implements(np.intersect1d)
def intersect1d(ar1: NodeLike, ar2: NodeLike, assume_unique: bool = False, return_indices: bool = False) -> Node:
    """The different entries of x that are also in another array, in order; NumPy's meaning.

    Composed of unique and an index; the derivative goes to the first array.

    >>> import numpy as np, minigrad as mg
    >>> np.intersect1d(mg.parameter([3.0, 1.0]), [2.0, 1.0])
    <getitem (1,) float64: [1.]>
    """
    if return_indices:
        raise UnsupportedError("np.intersect1d: return_indices= is not supported on nodes. Write np.isin(ar1, ar2).")
    different = sort(ar1, None) if assume_unique else unique(ar1)
    return along(different, 0, isin(different, ar2))


@implements(np.setdiff1d)
def setdiff1d(ar1: NodeLike, ar2: NodeLike, assume_unique: bool = False) -> Node:
    """The different entries of x that are not in another array; NumPy's meaning. Composed of unique and an index.

    >>> import numpy as np, minigrad as mg
    >>> np.setdiff1d(mg.parameter([3.0, 1.0]), [2.0, 1.0])
    <getitem (1,) float64: [3.]>
    """
    different = ravel(ar1) if assume_unique else unique(ar1)
    return along(different, 0, isin(different, ar2, invert=True))


@implements(np.setxor1d)
def setxor1d(ar1: NodeLike, ar2: NodeLike, assume_unique: bool = False) -> Node:
    """The different entries that are in one of two arrays only, in order; NumPy's meaning.

    Composed of unique, an index, concatenate and sort.

    >>> import numpy as np, minigrad as mg
    >>> np.setxor1d(mg.parameter([3.0, 1.0]), [2.0, 1.0])
    <sort (2,) float64: [2. 3.]>
    """
    return sort(concatenate((setdiff1d(ar1, ar2, assume_unique), setdiff1d(ar2, ar1, assume_unique))))


@implements(np.trim_zeros)
def trim_zeros(filt: NodeLike, trim: str = "fb", axis: int | Sequence[int] | None = None) -> Node:
    """x without the zeros at its front ("f"), its back ("b") or both, along the axes; NumPy's meaning.

    Composed of an index along each axis: x[mask]. How many entries stay is settled when the graph is made; with other
    values, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> np.trim_zeros(mg.parameter([0.0, 1.0, 0.0, 2.0, 0.0]))
    <getitem (3,) float64: [1. 0. 2.]>
    """
    node = trimmed = converted(filt)
    sides = trim.lower()
    if sides not in ("f", "b", "fb", "bf"):
        raise ValueError(f"np.trim_zeros: trim is 'f', 'b' or 'fb', not {trim!r}")

    def stays(x: Array, axis: int) -> Any:
        hit = np.any(x != 0, axis=tuple([k for k in range(x.ndim) if k != axis]))
        begun, not_over = np.logical_or.accumulate(hit), np.logical_or.accumulate(hit[::-1])[::-1]
        if sides in ("f", "b"):
            return begun if sides == "f" else not_over
        return begun & not_over

    for k in range(node.ndim) if axis is None else as_shape(axis):
        place = axis_of(node, k, "np.trim_zeros")
        trimmed = along(trimmed, place, found("trim_zeros", stays, node, axis=place))
    return trimmed
