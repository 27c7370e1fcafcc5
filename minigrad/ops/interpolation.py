"""Between points: np.interp, differentiable by where it is read, by the points, and by their values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import converted, joined
from .base import Op
from .indexing import gathering


class Interp(Op):
    """The values at x of straight lines between points (xp, fp), xp ascending; flat outside.

    Local Jacobians, with s the slope of the line, and t from 0 to 1 between its ends i and j: by x diag(s); by fp
    W = diag(1 − t) Gather(i) + diag(t) Gather(j); by xp −diag(s) W.

    Convention: at a point, the slope is that of the line to its right, and at the last point of that to its left.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([0.5, 1.0, 2.0])
    >>> mg.gradients(mg.sum(np.interp(x, [0.0, 1.0, 2.0], [0.0, 3.0, 5.0])), x)
    array([3., 2., 2.])
    """

    def forward(self, x: Entry, xp: Entry, fp: Entry) -> Entry:
        return np.interp(x, xp, fp)

    def jacobian(self, argument: int, out: Entry, x: Entry, xp: Entry, fp: Entry) -> LinearMap:
        n = xp.shape[0]
        left = np.searchsorted(xp[1:-1], x, side="right")  # how many inner points lie to the left: the line's number
        right = left + (1 if n > 1 else 0)
        before, after = x < xp[0], x > xp[n - 1]
        width = xp[right] - xp[left]
        width = np.where(width == 0, 1, width)
        slope = np.where(np.logical_or(before, after), 0, (fp[right] - fp[left]) / width)
        if argument == 0:
            return Diagonal(slope, out.shape)
        t = np.where(before, 0, np.where(after, 1, (x - xp[left]) / width))
        lower = Diagonal(1 - t, out.shape) @ gathering(left, (n,), out.shape)
        weights = lower + Diagonal(t, out.shape) @ gathering(right, (n,), out.shape)
        return weights if argument == 2 else Diagonal(-slope, out.shape) @ weights


@implements(np.interp)
def interp(  # noqa: PLR0917  # NumPy's order
    x: NodeLike,
    xp: NodeLike,
    fp: NodeLike,
    left: NodeLike | None = None,
    right: NodeLike | None = None,
    period: float | None = None,
) -> Node:
    """Straight lines between points (xp, fp), xp ascending, at x; NumPy's meaning. All arguments may be nodes.

    `left` and `right` are the values outside; with a `period`, points may lie anywhere. ShapeError unless xp and fp are
    vectors of one length.

    Local Jacobians: by x diag(s), s the slope; by fp a weighted sum of two Gathers; by xp −diag(s) times that.
    Convention: at a point, the slope is that of the line to its right, and at the last that of the line to its left.

    >>> import numpy as np, minigrad as mg
    >>> np.interp(2.5, [1.0, 2.0, 3.0], mg.parameter([3.0, 2.0, 0.0]))
    <interp () float64: 1.>
    """
    x, xp, fp = (converted(given, np.float64) for given in (x, xp, fp))
    if xp.shape != fp.shape or xp.ndim != 1 or not xp.size:
        raise ShapeError(f"np.interp: the points are {xp.shape} and their values {fp.shape}: vectors of one length.")
    if period is None:
        lines: Any = Interp()(x, xp, fp)
        lines = lines if left is None else np.where(x < xp[0], left, lines)
        return converted(lines if right is None else np.where(x > xp[-1], right, lines))
    if period == 0:
        raise DomainError("np.interp: the period is 0.")
    period = abs(period)
    folded = xp % period
    order = np.argsort(folded)
    folded, values = folded[order], fp[order]
    once_around = joined([folded[-1:] - period, folded, folded[:1] + period])
    return Interp()(x % period, once_around, joined([values[-1:], values, values[:1]]))
