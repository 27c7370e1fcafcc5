"""Convolution and correlation of vectors: one slid along the other, np.convolve and np.correlate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Convolve as ConvolveMap
from ..linear_maps import Gather, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .base import Op
from .einsum import each_a_node
from .indexing import getitem
from .shaping import reshape

Mode = Literal["full", "same", "valid"]


@dataclass(frozen=True)
class Convolve(Op):
    """c_n = Σ_k a_k v_{n−k}, of vectors: all of it ("full"), the middle ("same"), or where both overlap ("valid").

    Local Jacobians: ∂c/∂a = Convolve(v), ∂c/∂v = Convolve(a), and Gather where only a part is kept.

    >>> Convolve("valid")([1.0, 2.0, 3.0], [1.0, 1.0])
    <convolve (2,) float64: [3. 5.]>
    """

    mode: Mode = "full"

    def forward(self, a: Entry, v: Entry) -> Entry:
        return np.convolve(a, v, self.mode)

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        x, other = arguments[argument], arguments[1 - argument]
        shorter = min(x.shape[0], other.shape[0]) - 1
        whole = ConvolveMap(other, x.shape, (x.shape[0] + other.shape[0] - 1,))
        if self.mode == "full":
            return whole
        start = shorter // 2 if self.mode == "same" else shorter
        return Gather(slice(start, start + out.shape[0]), whole.out_shape, out.shape) @ whole


@implements(np.convolve)
def convolve(a: NodeLike, v: NodeLike, mode: Mode = "full") -> Node:
    """c_n = Σ_k a_k v_{n−k}, of vectors; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.convolve(mg.parameter([1.0, 2.0]), [1.0, 1.0])
    <convolve (3,) float64: [1. 3. 2.]>
    """
    x, y = each_a_node(a, v)
    return Convolve(mode)(_vector(x), _vector(y))


@implements(np.correlate)
def correlate(a: NodeLike, v: NodeLike, mode: Mode = "valid") -> Node:
    """c_k = Σ_n a_{n+k} v_n, of vectors; NumPy's meaning. Composed of convolve, with v from its end.

    >>> import numpy as np, minigrad as mg
    >>> np.correlate(mg.parameter([1.0, 2.0, 3.0]), [1.0, 0.0])
    <convolve (2,) float64: [1. 2.]>
    """
    x, y = each_a_node(a, v)
    if x.ndim == 0 or y.ndim == 0:
        raise ShapeError(f"np.correlate takes vectors, not arrays of shape {x.shape} and {y.shape}.")
    backwards = getitem(y, slice(None, None, -1))
    if mode == "same" and x.size < y.size:
        # NumPy correlates v with a and reads the result from its end; so of two middles it takes the later.
        start = x.size // 2
        return getitem(convolve(x, backwards), slice(start, start + y.size))
    return convolve(x, backwards, mode)


def _vector(x: Node) -> Node:
    return reshape(x, 1) if x.ndim == 0 else x
