"""Picking entries: `x[index]` with every kind of index of NumPy's."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Gather, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .base import Op


class GetItem(Op):
    """x[index]: integers, slices, None, Ellipsis, integer and boolean arrays. Local Jacobian: Gather(index).

    Its transpose, Scatter, adds up entries that were picked more than once.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> mg.gradients(mg.sum(x[[0, 0, 1]]), x)
    array([2., 1.])
    """

    name = "getitem"

    def __init__(self, index: Any) -> None:
        self.index = index

    def forward(self, x: Entry) -> Entry:
        return x[self.index]

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Gather(self.index, x.shape, out.shape)

    def __repr__(self) -> str:
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        return f"getitem[{', '.join(_written(part) for part in parts)}]"


@implements(operator.getitem)
def getitem(x: NodeLike, index: Any, *, name: str | None = None) -> Node:
    """x[index]; NumPy's meaning. The index is copied; a node as index must be a mask or integers.

    >>> import minigrad as mg
    >>> mg.getitem(mg.parameter([[1.0, 2.0]]), (0, slice(1, None)))
    <getitem (1,) float64: [2.]>
    """
    parts = tuple([_plain(part) for part in index]) if isinstance(index, tuple) else _plain(index)
    return GetItem(parts)(x, name=name)


def _plain(part: Any) -> Any:
    """A part of an index as something that cannot change any more."""
    if isinstance(part, Node):
        if part.differentiable:
            raise UnsupportedError(f"an index must be integers or booleans, not {part.label}")
        return part.value
    return np.array(part) if isinstance(part, (list, np.ndarray)) else part


def _written(part: Any) -> str:
    if isinstance(part, slice):
        bounds = f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
        return bounds if part.step is None else f"{bounds}:{part.step}"
    if part is Ellipsis:
        return "..."
    return str(part).replace("\n", "") if np.size(part) <= 6 else f"{np.asarray(part).dtype}{np.shape(part)}"
