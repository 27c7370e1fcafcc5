"""How many entries are where: histogram, and the edges of its bins.

Counts are never differentiated. The weights that a histogram adds up are, and the edges, where they come from the
smallest and the largest entry. bincount stands in indexing.py, digitize in steps.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..numpy_protocol import implements
from .axes import converted, joined


@implements(np.histogram_bin_edges)
def histogram_bin_edges(
    a: NodeLike, bins: Any = 10, range: tuple[float, float] | None = None, weights: NodeLike | None = None
) -> Node:
    """The edges of bins of equal width from the smallest to the largest entry, or in a range; NumPy's meaning.

    Composed of min, max and arithmetic. Bins that are given as edges come back as they are; names of rules, such as
    "auto", are not supported.

    >>> import numpy as np, minigrad as mg
    >>> np.histogram_bin_edges(mg.parameter([1.0, 5.0, 2.0]), bins=2).value
    array([1., 3., 5.])
    """
    node = converted(a)
    if isinstance(bins, str):
        raise UnsupportedError(
            f"np.histogram: the rule bins={bins!r} chooses their number by values, and a graph has fixed shapes. "
            f"Write bins=np.histogram_bin_edges({node.label}.value, {bins!r})."
        )
    if np.ndim(bins.value if isinstance(bins, Node) else bins):
        edges = converted(bins)
        if edges.ndim != 1 or (edges.value[1:] < edges.value[:-1]).any():
            raise DomainError(f"np.histogram: the edges are a vector, and ascend; bins is {edges.shape}.")
        return edges
    count = int(bins)
    if count < 1:
        raise DomainError(f"np.histogram: bins={bins}; at least one is needed.")
    low, high = _outer_edges(node, range)
    same = low == high
    low, high = np.where(same, low - 0.5, low), np.where(same, high + 0.5, high)
    inner = np.arange(count, dtype=low.dtype) * ((high - low) / count) + low
    return joined([inner, np.reshape(high, (1,))])


def _outer_edges(a: Node, given: tuple[float, float] | None) -> tuple[Any, Any]:
    dtype = a.dtype if a.dtype.kind == "f" else np.dtype(np.float64)
    if given is not None:
        low, high = (converted(bound, dtype) for bound in given)
    elif a.size:
        low, high = converted(np.min(a), dtype), converted(np.max(a), dtype)
    else:
        low, high = converted(0, dtype), converted(1, dtype)
    if not (np.isfinite(low.value) and np.isfinite(high.value) and low.value <= high.value):
        raise DomainError(f"np.histogram: bins from {low.value} to {high.value}; give a finite range=(least, most).")
    return low, high


@implements(np.histogram)
def histogram(
    a: NodeLike,
    bins: Any = 10,
    range: tuple[float, float] | None = None,
    density: bool | None = None,
    weights: NodeLike | None = None,
) -> tuple[Node, Node]:
    """How many entries, or how much of their weights, fall into each bin, and the edges; NumPy's meaning.

    Counts are never differentiated; sums of weights are, by the weights. Composed of searchsorted and bincount.

    >>> import numpy as np, minigrad as mg
    >>> w = mg.parameter([1.0, 2.0, 4.0])
    >>> np.histogram([0.1, 0.9, 0.2], bins=2, range=(0, 1), weights=w)[0]
    <getitem (2,) float64: [5. 2.]>
    """
    edges = histogram_bin_edges(a, bins, range)
    node = converted(a).reshape(-1)
    count = edges.size - 1
    bin_of = np.searchsorted(edges, node, side="right") - 1
    bin_of = np.where(node == edges[-1], count - 1, bin_of)  # the last bin holds its right edge, too
    bin_of = np.where(np.logical_or(bin_of < 0, bin_of >= count), count, bin_of)
    if weights is None:
        in_bins: Any = np.bincount(bin_of, minlength=count + 1)[:count]
    else:
        w = converted(weights)
        if w.size != node.size:
            raise ShapeError(f"np.histogram: {w.size} weights for {node.size} entries.")
        dtype = w.dtype if w.dtype.kind == "f" else None
        in_bins = converted(np.bincount(bin_of, w.reshape(-1), minlength=count + 1)[:count], dtype)
    return (in_bins / np.diff(edges) / np.sum(in_bins) if density else in_bins), edges
