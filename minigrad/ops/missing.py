"""Functions that leave NaN out: nansum, nanmean, nanprod, nancumsum, nancumprod, nanvar, nanstd, nanmax, nanmin.

Nothing comes back to an entry that is NaN: its derivative is 0. nanmedian and its like stand in quantiles.py, nanargmax
and nanargmin in steps.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DomainError
from ..graph import Node, NodeLike
from ..linear_maps import LinearMap, Select
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, averaged, chosen, converted, refuse
from .base import Op
from .cumulative import cumsum
from .extremes import Extreme, Max, Min, extreme
from .factors import cumprod, prod
from .pointwise import divide
from .reductions import sum as sum_of
from .statistics import degrees, root, variance
from .steps import counted, no_number


@dataclass(frozen=True)
class WithoutNaN(Op):
    """x with a number in place of every NaN, elementwise. Local Jacobian: Select(x is a number).

    On behalf of a function that needs one (`needed_by`), DomainError where there is no number along the axis.

    >>> import numpy as np, minigrad as mg
    >>> WithoutNaN(0.0)([1.0, np.nan])
    <without_nan (2,) float64: [1. 0.]>
    """

    name = "without_nan"
    selects = True

    fill: float
    needed_by: str = ""
    axis: Axis = None

    def forward(self, x: Entry) -> Entry:
        missing = np.isnan(x)
        if self.needed_by and x.size:
            short = np.all(missing, axis=self.axis)
            if short.any():
                raise DomainError(no_number(self.needed_by, short))
        return np.where(missing, self.fill, x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Select(np.logical_not(np.isnan(x)))


def numbers(a: NodeLike, fill: float, dtype: DTypeLike | None = None) -> Node:
    """The array without its NaN; as it stands where its dtype has none.

    >>> numbers([1, 2], 0.0)
    <constant (2,) int64: [1 2]>
    """
    node = converted(a, dtype)
    return WithoutNaN(fill)(node) if node.dtype.kind == "f" else node


def present(a: Node, where: NodeLike | bool, written: str) -> Node:
    """The mask of what is a number, and in the given mask.

    >>> import numpy as np, minigrad as mg
    >>> present(mg.constant([1.0, np.nan, 2.0]), [True, True, False], "np.nansum").value
    array([ True, False, False])
    """
    return chosen(converted(np.logical_not(np.isnan(a))), where, False, written)


@implements(np.nansum)
def nansum(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: bool = False,
    initial: NodeLike | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """Σ of the entries that are not NaN; NumPy's meaning. Composed of WithoutNaN and Sum.

    >>> import numpy as np, minigrad as mg
    >>> np.nansum(mg.parameter([1.0, np.nan]))
    <sum () float64: 1.>
    """
    refuse("np.nansum", out=out)
    return sum_of(numbers(a, 0, dtype), axis, keepdims=keepdims, initial=initial, where=where)


@implements(np.nanprod)
def nanprod(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: bool = False,
    initial: NodeLike | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """Π of the entries that are not NaN; NumPy's meaning. Composed of WithoutNaN and Prod.

    >>> import numpy as np, minigrad as mg
    >>> np.nanprod(mg.parameter([3.0, np.nan]))
    <prod () float64: 3.>
    """
    refuse("np.nanprod", out=out)
    return prod(numbers(a, 1, dtype), axis, keepdims=keepdims, initial=initial, where=where)


@implements(np.nancumsum)
def nancumsum(a: NodeLike, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Node:
    """Running sums, in which NaN counts as 0; NumPy's meaning. Composed of WithoutNaN and CumSum.

    >>> import numpy as np, minigrad as mg
    >>> np.nancumsum(mg.parameter([1.0, np.nan, 2.0]))
    <cumsum (3,) float64: [1. 1. 3.]>
    """
    refuse("np.nancumsum", out=out)
    return cumsum(numbers(a, 0, dtype), axis)


@implements(np.nancumprod)
def nancumprod(a: NodeLike, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Node:
    """Running products, in which NaN counts as 1; NumPy's meaning. Composed of WithoutNaN and CumProd.

    >>> import numpy as np, minigrad as mg
    >>> np.nancumprod(mg.parameter([2.0, np.nan, 3.0]))
    <cumprod (3,) float64: [2. 2. 6.]>
    """
    refuse("np.nancumprod", out=out)
    return cumprod(numbers(a, 1, dtype), axis)


@implements(np.nanmean)
def nanmean(
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
) -> Node:
    """The mean of the entries that are not NaN; NumPy's meaning. Composed of WithoutNaN, Sum and Counted.

    DomainError, not NumPy's warning, where there is nothing but NaN.

    >>> import numpy as np, minigrad as mg
    >>> np.nanmean(mg.parameter([1.0, np.nan, 3.0])).value
    array(2.)
    """
    refuse("np.nanmean", out=out)
    node = averaged(a, dtype, "np.nanmean")
    total = sum_of(numbers(node, 0), axis, keepdims=keepdims, where=where)
    return divide(total, counted("np.nanmean", node, present(node, where, "np.nanmean"), axis, keepdims))


@implements(np.nanvar)
def nanvar(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
    mean: NodeLike | None = None,
    correction: float | None = None,
) -> Node:
    """The variance of the entries that are not NaN; NumPy's meaning. Composed of WithoutNaN, Sum and Counted.

    DomainError, not NumPy's warning, where there are not more than ddof of them.

    >>> import numpy as np, minigrad as mg
    >>> np.nanvar(mg.parameter([1.0, np.nan, 3.0])).value
    array(1.)
    """
    refuse("np.nanvar", out=out)
    node, less = averaged(a, dtype, "np.nanvar"), degrees("np.nanvar", ddof, correction)
    return _variance("np.nanvar", node, axis, less, keepdims, where, mean)


@implements(np.nanstd)
def nanstd(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
    mean: NodeLike | None = None,
    correction: float | None = None,
) -> Node:
    """The standard deviation of the entries that are not NaN; NumPy's meaning. Composed of nanvar and a root.

    Convention: the derivative is 0 where the standard deviation is 0.

    >>> import numpy as np, minigrad as mg
    >>> np.nanstd(mg.parameter([1.0, np.nan, 3.0])).value
    array(1.)
    """
    refuse("np.nanstd", out=out)
    node, less = averaged(a, dtype, "np.nanstd"), degrees("np.nanstd", ddof, correction)
    return root(_variance("np.nanstd", node, axis, less, keepdims, where, mean))


def _variance(  # noqa: PLR0917  # NumPy's keywords
    written: str, a: Node, axis: Axis, ddof: float, keepdims: bool, where: NodeLike | bool, mean: NodeLike | None
) -> Node:
    if mean is not None and a.dtype.kind == "f":
        mean = converted(mean, a.dtype)  # as NumPy, which here computes in place
    return variance(written, numbers(a, 0), axis, ddof, keepdims, present(a, where, written), mean)


@implements(np.nanmax)
def nanmax(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    out: Any = None,
    keepdims: bool = False,
    initial: float | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """The largest entry that is not NaN; NumPy's meaning. Composed of WithoutNaN and Max.

    DomainError, not NumPy's warning, where there is nothing but NaN and no `initial`.

    >>> import numpy as np, minigrad as mg
    >>> np.nanmax(mg.parameter([1.0, np.nan, 4.0]))
    <max () float64: 4.>
    """
    refuse("np.nanmax", out=out)
    return _extreme(Max, converted(a), axis, keepdims, initial, where, "np.nanmax")


@implements(np.nanmin)
def nanmin(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    out: Any = None,
    keepdims: bool = False,
    initial: float | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """The smallest entry that is not NaN; NumPy's meaning. Composed of WithoutNaN and Min.

    DomainError, not NumPy's warning, where there is nothing but NaN and no `initial`.

    >>> import numpy as np, minigrad as mg
    >>> np.nanmin(mg.parameter([1.0, np.nan, 4.0]))
    <min () float64: 1.>
    """
    refuse("np.nanmin", out=out)
    return _extreme(Min, converted(a), axis, keepdims, initial, where, "np.nanmin")


def _extreme(  # noqa: PLR0917  # NumPy's keywords
    kind: type[Extreme], a: Node, axis: Axis, keepdims: bool, initial: Any, where: NodeLike | bool, written: str
) -> Node:
    if a.dtype.kind == "f":
        beyond = -np.inf if kind is Max else np.inf
        a = WithoutNaN(beyond, written if initial is None else "", axis)(a)
    return extreme(kind, a, axis, keepdims, initial, where, written)
