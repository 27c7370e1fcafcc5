"""Medians and other quantiles along axes: median, percentile, quantile, and the same without NaN.

A quantile lies at a position among the ordered entries of its place, at one of them or between two. The position
depends on how many there are, on q, and on the method; NumPy itself tells it, as the quantile of 0, 1, 2 … n − 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import DomainError
from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, Diagonal, LinearMap, Reshape
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, Lanes, converted, length, places, refuse
from .base import Op
from .indexing import gathering
from .steps import no_number


class Quantile(Op):
    """One of NumPy's quantile functions of x and, but for medians, of q; a quantile lies between two ordered entries.

    Local Jacobians: by x diag(1 − t) Gather(i) + diag(t) Gather(j), where i and j are the places of these two entries,
    and t leads from the first to the second; by q diag(s (x_j − x_i)), where s is the slope of the position by q, 0 for
    methods that take single entries. ShapeError for a quantile of nothing, DomainError for q that is outside, and where
    there is nothing but NaN to leave out.

    Convention: of entries that are equal, the first in the array is the first in the order. At an entry, the derivative
    by q is that towards the next one, and at the last that from the one before.

    >>> Quantile(np.quantile)([3.0, 1.0, 2.0], 0.25)
    <quantile () float64: 1.5>
    """

    selects = True

    def __init__(
        self, function: Callable[..., Any], axis: Axis = None, keepdims: bool = False, method: str | None = None
    ) -> None:
        self.function, self.name = function, function.__name__
        self.axis, self.keepdims, self.method = axis, keepdims, method
        self.without_nan = self.name.startswith("nan")
        self.most = 100 if self.name.endswith("percentile") else 1

    def forward(self, x: Entry, *q: Entry) -> Entry:
        if places(x.shape, self.axis) and not length(x.shape, self.axis):
            raise ValueError(f"the {self.name} of nothing has no value")
        if q and not np.all(np.logical_and(q[0] >= 0, q[0] <= self.most)):
            raise DomainError(f"np.{self.name}: q lies between 0 and {self.most}, not at {q[0]}.")
        if self.without_nan and x.dtype.kind == "f":
            short = np.all(np.isnan(x), axis=self.axis)
            if np.any(short):
                raise DomainError(no_number(f"np.{self.name}", short))
        return self.function(x, *q, axis=self.axis, keepdims=self.keepdims, **self._settings)

    def jacobian(self, argument: int, out: Entry, x: Entry, *q: Entry) -> LinearMap:
        lanes = Lanes(x.shape, self.axis)
        entries = lanes.lay(x)
        ordered = np.argsort(entries, axis=0, kind="stable")
        position = self._positions(entries, ordered, q)
        shape = position.shape[0], lanes.shape[1]
        below = position.astype(np.intp)
        if argument == 1:
            slope = self._slopes(np.take_along_axis(entries, ordered, axis=0), below, q[0])
            each = Broadcast((shape[0], 1), shape) @ Reshape(q[0].shape, (shape[0], 1))
            return Reshape(shape, out.shape) @ Diagonal(slope, shape) @ each
        t = position - below

        def picking(rank: Entry) -> LinearMap:
            rows = np.take_along_axis(ordered, rank, axis=0)
            return gathering((rows, np.arange(lanes.shape[1])), lanes.shape, shape)

        picked = picking(below)
        if isinstance(t, Node) or t.any():  # else every quantile is an entry
            upper = Diagonal(t.astype(x.dtype), shape) @ picking(below + (t > 0))
            picked = Diagonal((1 - t).astype(x.dtype), shape) @ picked + upper
        return Reshape(shape, out.shape) @ picked @ lanes.map

    def _positions(self, entries: Entry, ordered: Entry, q: tuple[Entry, ...]) -> Entry:
        """Where each quantile lies in each column: (quantiles, columns), or (quantiles, 1) for all columns."""
        if not self.without_nan:
            whole_numbers = np.arange(float(entries.shape[0]))
            return np.reshape(self.function(whole_numbers, *q, **self._settings), (-1, 1))
        ranks = np.where(np.isnan(entries), np.nan, np.argsort(ordered, axis=0).astype(np.float64))
        return np.reshape(self.function(ranks, *q, axis=0, **self._settings), (-1, entries.shape[1]))

    def _slopes(self, ascending: Entry, below: Entry, q: Entry) -> Entry:
        """By how much each quantile rises with q."""
        n = np.sum(np.logical_not(np.isnan(ascending)), axis=0) if self.without_nan else ascending.shape[0]
        first = np.where(below > n - 2, np.where(n < 2, 0, n - 2), below)
        second = np.where(n < 2, 0, first + 1)
        rise = np.take_along_axis(ascending, second, axis=0) - np.take_along_axis(ascending, first, axis=0)
        if self.method not in OFFSETS:
            return 0 * rise
        alpha, beta = OFFSETS[self.method]
        scale = n + 1 - alpha - beta
        unclipped = scale * np.reshape(q, (-1, 1)) / self.most + alpha - 1
        inside = np.logical_and(unclipped >= 0, unclipped <= n - 1)
        return np.where(inside, rise * scale / self.most, 0)

    @property
    def _settings(self) -> dict[str, str]:
        return {} if self.method is None else {"method": self.method}

    def __repr__(self) -> str:
        settings = [("axis", self.axis), ("keepdims", self.keepdims or None), ("method", self.method)]
        return f"{self.name}({', '.join(f'{key}={value}' for key, value in settings if value is not None)})"


# The methods that move continuously with q, and their α and β: the position is (n + 1 − α − β) q + α − 1, within
# 0 … n − 1. Hyndman and Fan, The American Statistician 50 (1996) 361.
OFFSETS = {
    "linear": (1, 1),
    "interpolated_inverted_cdf": (0, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}


def _quantile(  # noqa: PLR0917  # NumPy's keywords
    function: Callable[..., Any], a: NodeLike, q: Any, axis: Axis, out: Any, method: str, keepdims: bool, weights: Any
) -> Node:
    """A quantile function, with all of NumPy's keywords."""
    written = f"np.{function.__name__}"
    refuse(written, out=out)
    refuse(written, "Repeat the entries instead, with np.repeat.", weights=weights)
    return Quantile(function, axis, bool(keepdims), method)(a, q)


@implements(np.median)
def median(
    a: NodeLike, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: bool = False
) -> Node:
    """The middle one of the ordered entries, or the mean of the two in the middle; NumPy's meaning.

    Local Jacobian: diag(1 − t) Gather(i) + diag(t) Gather(j), for the two entries that it lies between. Convention: of
    equal entries, the first in the array is the first in the order.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([5.0, 1.0, 2.0, 9.0])
    >>> mg.gradients(np.median(x), x)
    array([0.5, 0. , 0.5, 0. ])
    """
    refuse("np.median", out=out)
    return Quantile(np.median, axis, bool(keepdims))(converted(a))


@implements(np.nanmedian)
def nanmedian(
    a: NodeLike, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: bool = False
) -> Node:
    """The median of the entries that are not NaN; NumPy's meaning. DomainError where there is nothing but NaN.

    Local Jacobian: as of the median of the others.

    >>> import numpy as np, minigrad as mg
    >>> np.nanmedian(mg.parameter([5.0, np.nan, 2.0]))
    <nanmedian () float64: 3.5>
    """
    refuse("np.nanmedian", out=out)
    return Quantile(np.nanmedian, axis, bool(keepdims))(converted(a))


@implements(np.quantile)
def quantile(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Node:
    """The quantiles at q, from 0 to 1; NumPy's meaning, with all of its methods. q may be a node; no weights.

    Local Jacobian: diag(1 − t) Gather(i) + diag(t) Gather(j), for the two entries that it lies between. Convention: of
    equal entries, the first in the array is the first in the order.

    >>> import numpy as np, minigrad as mg
    >>> np.quantile(mg.parameter([1.0, 2.0, 4.0]), [0.0, 0.75])
    <quantile (2,) float64: [1. 3.]>
    """
    return _quantile(np.quantile, a, q, axis, out, method, keepdims, weights)


@implements(np.nanquantile)
def nanquantile(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Node:
    """The quantiles of the entries that are not NaN; NumPy's meaning. DomainError where there is nothing but NaN.

    Local Jacobian: as of the quantiles of the others.

    >>> import numpy as np, minigrad as mg
    >>> np.nanquantile(mg.parameter([1.0, np.nan, 2.0]), 0.5)
    <nanquantile () float64: 1.5>
    """
    return _quantile(np.nanquantile, a, q, axis, out, method, keepdims, weights)


@implements(np.percentile)
def percentile(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Node:
    """The quantiles at q/100; NumPy's meaning, with all of its methods. q may be a node; no weights.

    Local Jacobian: diag(1 − t) Gather(i) + diag(t) Gather(j), for the two entries that it lies between. Convention: of
    equal entries, the first in the array is the first in the order.

    >>> import numpy as np, minigrad as mg
    >>> np.percentile(mg.parameter([1.0, 2.0, 4.0]), 75)
    <percentile () float64: 3.>
    """
    return _quantile(np.percentile, a, q, axis, out, method, keepdims, weights)


@implements(np.nanpercentile)
def nanpercentile(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: Any = None,
) -> Node:
    """The quantiles at q/100 of the entries that are not NaN; NumPy's meaning.

    Local Jacobian: as of the quantiles of the others. DomainError where there is nothing but NaN.

    >>> import numpy as np, minigrad as mg
    >>> np.nanpercentile(mg.parameter([1.0, np.nan, 2.0]), 50)
    <nanpercentile () float64: 1.5>
    """
    return _quantile(np.nanpercentile, a, q, axis, out, method, keepdims, weights)
