"""Running along an axis: cumsum, cumulative_sum, and the other way round: diff, ediff1d.

cumprod stands with prod, in factors.py; gradient and trapezoid, made of differences, in differences.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Gather, LinearMap, RunningSum
from ..linear_maps.algebra import Entry
from ..linear_maps.running import along_axis
from ..numpy_protocol import implements
from .axes import along_one, begun, converted, joined, only_axis, refuse
from .base import Op


@dataclass(frozen=True)
class CumSum(Op):
    """s_k = x_0 + … + x_k along an axis. Local Jacobian: RunningSum, whose transpose runs from the end.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 2.0, 3.0])
    >>> mg.gradients(mg.sum(np.cumsum(x)), x)
    array([3., 2., 1.])
    """

    name = "cumsum"

    axis: int = 0

    def forward(self, x: Entry) -> Entry:
        return np.cumsum(x, axis=self.axis)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return RunningSum(self.axis, x.shape)


@dataclass(frozen=True)
class Diff(Op):
    """x_{k+1} − x_k along an axis. Local Jacobian: Gather(1 …) − Gather(… n − 1).

    >>> import numpy as np, minigrad as mg
    >>> np.diff(mg.parameter([1.0, 4.0, 9.0]))
    <diff (2,) float64: [3. 5.]>
    """

    axis: int = -1

    def forward(self, x: Entry) -> Entry:
        return np.diff(x, axis=self.axis)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        axis = self.axis % len(x.shape)
        upper = Gather(along_axis(axis, slice(1, None)), x.shape, out.shape)
        lower = Gather(along_axis(axis, slice(None, -1)), x.shape, out.shape)
        return upper + -lower


@implements(np.cumsum)
def cumsum(a: NodeLike, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Node:
    """The sums of the first one, two, three … entries along an axis; NumPy's meaning (None: of all, laid flat).

    Local Jacobian: RunningSum.

    >>> import numpy as np, minigrad as mg
    >>> np.cumsum(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), axis=1).value
    array([[1., 3.],
           [3., 7.]])
    """
    refuse("np.cumsum", out=out)
    node, axis = along_one(converted(a, dtype), axis)
    return CumSum(axis)(node)


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1

    @implements(np.cumulative_sum)
    def cumulative_sum(
        x: NodeLike,
        /,
        *,
        axis: int | None = None,
        dtype: DTypeLike | None = None,
        out: Any = None,
        include_initial: bool = False,
    ) -> Node:
        """As cumsum, of an array of one axis unless `axis` is given; `include_initial` begins with 0.

        Local Jacobian: RunningSum. Composed of CumSum and Concatenate where it begins with 0.

        >>> import numpy as np, minigrad as mg
        >>> np.cumulative_sum(mg.parameter([2.0, 3.0]), include_initial=True)
        <concatenate (3,) float64: [0. 2. 5.]>
        """
        refuse("np.cumulative_sum", out=out)
        node, axis = only_axis(converted(x, dtype), axis, "np.cumulative_sum")
        return begun(cumsum(node, axis), axis, 0) if include_initial else cumsum(node, axis)


@implements(np.diff)
def diff(
    a: NodeLike, n: int = 1, axis: int = -1, prepend: NodeLike | None = None, append: NodeLike | None = None
) -> Node:
    """The differences of neighbours along an axis, taken n times; NumPy's meaning.

    `prepend` and `append`, put at the ends before, may be nodes as well. Local Jacobian of one difference:
    Gather(1 …) − Gather(… n − 1). Composed of n of them.

    >>> import numpy as np, minigrad as mg
    >>> np.diff(mg.parameter([1.0, 4.0, 9.0]), prepend=0.0)
    <diff (3,) float64: [1. 3. 5.]>
    """
    node = converted(a)
    if n < 0:
        raise DomainError(f"np.diff: n={n}; a difference is taken 0, 1, 2 … times.")
    if node.ndim == 0:
        raise ShapeError("np.diff: a number has no neighbours; the array needs at least one axis.")
    if n == 0:
        return node
    ends = [_end(prepend, node, axis), [node], _end(append, node, axis)]
    parts = [part for end in ends for part in end]
    if len(parts) > 1:
        node = joined(parts, axis)
    for _ in range(n):
        node = Diff(axis)(node)
    return node


def _end(given: NodeLike | None, a: Node, axis: int) -> list[NodeLike]:
    """What is put before or behind, as a list of one or of nothing; a number stands for a whole slice."""
    if given is None:
        return []
    end = converted(given)
    if end.ndim:
        return [end]
    shape = list(a.shape)
    shape[axis] = 1
    return [np.broadcast_to(end, tuple(shape))]


@implements(np.ediff1d)
def ediff1d(ary: NodeLike, to_end: NodeLike | None = None, to_begin: NodeLike | None = None) -> Node:
    """The differences of neighbours of the array laid flat, between `to_begin` and `to_end`; NumPy's meaning.

    Composed of Diff and Concatenate. The ends may be nodes as well.

    >>> import numpy as np, minigrad as mg
    >>> np.ediff1d(mg.parameter([1.0, 4.0, 9.0]), to_end=[0.0])
    <concatenate (3,) float64: [3. 5. 0.]>
    """
    node, _ = along_one(converted(ary), None)
    differences = Diff(0)(node)
    ends = [None if end is None else along_one(converted(end, node.dtype), None)[0] for end in (to_begin, to_end)]
    parts = [part for part in (ends[0], differences, ends[1]) if part is not None]
    return joined(parts) if len(parts) > 1 else differences
