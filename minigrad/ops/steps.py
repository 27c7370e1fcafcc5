"""Functions that are constant in steps: where, how many, whether. Nodes, computed anew, and never differentiated.

np.argmax(x, axis=0), np.nanargmin(x)                 where
np.count_nonzero(x, axis=1), np.all(x), np.any(x)     how many, whether
np.searchsorted(edges, x), np.digitize(x, edges)      between which
Counted(axis)(mask)                                   how many entries hold, of which there must be some
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DomainError
from ..graph import Node, NodeLike
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, check_mask, converted, refuse
from .base import Op
from .elementwise import Stepwise


class Steps(Stepwise):
    """A NumPy function that is constant in steps, with settings. Computed anew, never differentiated.

    >>> import numpy as np
    >>> Steps(np.argmax, axis=1)([[1.0, 2.0], [4.0, 3.0]])
    <argmax (2,) int64: [1 0]>
    """

    def __init__(self, function: Callable[..., Any], **settings: Any) -> None:
        super().__init__(function)
        self.settings = settings

    def forward(self, *arguments: Entry) -> Entry:
        return self.function(*arguments, **self.settings)

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value}' for key, value in self.settings.items())})"


@dataclass(frozen=True)
class Counted(Op):
    """How many entries of a mask hold along the axes, less `less` (degrees of freedom), as numbers of a float dtype.

    DomainError where none is left, on behalf of the function that would divide by it. Never differentiated.

    >>> Counted("np.mean", axis=1)([[True, False], [True, True]])
    <counted (2,) float64: [1. 2.]>
    """

    differentiable = False

    written: str
    axis: Axis = None
    keepdims: bool = False
    less: float = 0
    dtype: DTypeLike = np.float64

    def forward(self, mask: Entry) -> Entry:
        count = np.sum(mask, axis=self.axis, keepdims=self.keepdims) - self.less
        short = count <= 0
        if np.any(short):
            raise DomainError(no_number(self.written, short, self.less))
        return count.astype(self.dtype)


def no_number(written: str, short: Entry, less: float = 0) -> str:
    """What to say where there is nothing to take in.

    >>> print(no_number("np.nanmean", np.array([True, False])))
    np.nanmean: no number in 1 of 2 places; all is NaN, or left out by where=. Fill such places first, with np.where.
    """
    needed = f"not more than ddof={less} numbers" if less else "no number"
    found = f"{np.sum(short)} of {np.size(short)} places; all {'else ' * bool(less)}is NaN, or left out by where="
    return f"{written}: {needed} in {found}. Fill such places first, with np.where."


def counted(  # noqa: PLR0917  # all of them are needed
    written: str, a: Node, where: NodeLike, axis: Axis, keepdims: bool, less: float = 0
) -> Node:
    """How many entries of `a` the mask leaves along the axes, less `less`: what their mean divides by, in a's dtype.

    >>> import minigrad as mg
    >>> counted("np.mean", mg.parameter([1.0, 2.0, 3.0]), [True, True, False], None, False)
    <counted () float64: 2.>
    """
    dtype = a.dtype if a.dtype.kind == "f" else np.dtype(np.float64)
    return Counted(written, axis, keepdims, less, dtype)(np.broadcast_to(where, a.shape))


@implements(np.argmax)
def argmax(a: NodeLike, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Node:
    """Where the largest entry is, the first of equal ones; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.argmax(mg.parameter([1.0, 3.0, 3.0]))
    <argmax () int64: 1>
    """
    refuse("np.argmax", out=out)
    return Steps(np.argmax, axis=axis, keepdims=keepdims)(a)


@implements(np.argmin)
def argmin(a: NodeLike, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Node:
    """Where the smallest entry is, the first of equal ones; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.argmin(mg.parameter([[1.0, 0.0]]), axis=0)
    <argmin (2,) int64: [0 0]>
    """
    refuse("np.argmin", out=out)
    return Steps(np.argmin, axis=axis, keepdims=keepdims)(a)


@implements(np.nanargmax)
def nanargmax(a: NodeLike, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Node:
    """As argmax, with NaN left out; ShapeError where there is nothing else. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.nanargmax(mg.parameter([np.nan, 3.0, 1.0]))
    <nanargmax () int64: 1>
    """
    refuse("np.nanargmax", out=out)
    return Steps(np.nanargmax, axis=axis, keepdims=keepdims)(a)


@implements(np.nanargmin)
def nanargmin(a: NodeLike, axis: int | None = None, out: Any = None, *, keepdims: bool = False) -> Node:
    """As argmin, with NaN left out; ShapeError where there is nothing else. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.nanargmin(mg.parameter([np.nan, 3.0, 1.0]))
    <nanargmin () int64: 2>
    """
    refuse("np.nanargmin", out=out)
    return Steps(np.nanargmin, axis=axis, keepdims=keepdims)(a)


@implements(np.count_nonzero)
def count_nonzero(a: NodeLike, axis: Axis = None, *, keepdims: bool = False) -> Node:
    """How many entries are not 0; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.count_nonzero(mg.parameter([[0.0, 2.0], [1.0, 3.0]]), axis=0)
    <count_nonzero (2,) int64: [1 2]>
    """
    return Steps(np.count_nonzero, axis=axis, keepdims=keepdims)(a)


@implements(np.all)
def all(
    a: NodeLike, axis: Axis = None, out: Any = None, keepdims: bool = False, *, where: NodeLike | bool = True
) -> Node:
    """Whether every entry is other than 0; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.all(mg.parameter([1.0, 2.0]) > 1.5, where=[False, True])
    <all () bool: True>
    """
    refuse("np.all", out=out)
    if where is not True:
        check_mask(a := converted(a), where, "np.all")
        a = np.logical_or(a, np.logical_not(where))
    return Steps(np.all, axis=axis, keepdims=keepdims)(a)


@implements(np.any)
def any(
    a: NodeLike, axis: Axis = None, out: Any = None, keepdims: bool = False, *, where: NodeLike | bool = True
) -> Node:
    """Whether some entry is other than 0; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.any(mg.parameter([[1.0, 2.0]]) > 1.5, axis=0)
    <any (2,) bool: [False  True]>
    """
    refuse("np.any", out=out)
    if where is not True:
        check_mask(a := converted(a), where, "np.any")
        a = np.logical_and(a, where)
    return Steps(np.any, axis=axis, keepdims=keepdims)(a)


@implements(np.searchsorted)
def searchsorted(a: NodeLike, v: NodeLike, side: Any = "left", sorter: Any = None) -> Node:
    """Where v would be put into the sorted a; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.searchsorted([0.0, 1.0, 2.0], mg.parameter([0.5, 1.0]))
    <searchsorted (2,) int64: [1 1]>
    """
    if sorter is not None:
        a = converted(a)[sorter]
    return Steps(np.searchsorted, side=side)(a, v)


@implements(np.digitize)
def digitize(x: NodeLike, bins: NodeLike, right: bool = False) -> Node:
    """Into which of the bins each entry falls; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.digitize(mg.parameter([0.5, 1.0]), [0.0, 1.0, 2.0])
    <digitize (2,) int64: [1 2]>
    """
    return Steps(np.digitize, right=right)(x, bins)
