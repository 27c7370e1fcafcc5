"""Functions with kinks or jumps: each is smooth but for some points, where a written convention gives the derivative.

    np.maximum np.minimum np.fmax np.fmin      ties share evenly
    np.clip                                    the edge counts as inside
    np.remainder np.mod np.fmod np.divmod      1 by the dividend, minus the quotient by the divisor
    np.fabs np.copysign np.heaviside           0 at 0
    np.nan_to_num                              0 where a number was put in
    np.unwrap                                  1, the turns being constant

What is constant between its jumps (floor, sign …) stands in rounding.py; relu, absolute and where in pointwise.py.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, Identity, LinearMap, Select, Zero
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import refuse
from .base import Op, stop_gradient
from .elementwise import Elementwise, Unary, along, spread

NOT_GIVEN: Any = np._NoValue  # what NumPy's own signatures have for a keyword that None would be a value of


class Choice(Op):
    """The base of maximum, minimum, fmax, fmin: the value is one of the two arguments."""

    selects = True

    @abstractmethod
    def forward(self, x: Entry, y: Entry) -> Entry:
        """One of the two at every entry."""

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        given = (x, y)[argument]
        share = np.where(x == y, out.dtype.type(0.5), 1)
        chosen = Diagonal(share, out.shape) @ Select(given == out, out.shape)
        return chosen @ spread(given.shape, out.shape)


class Maximum(Choice):
    """The larger of x and y; NaN if either is. Local Jacobians: Select(x is chosen) and Select(y is chosen).

    Convention: where x = y, each has the derivative ½; where the result is NaN, 0.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 2.0, 3.0])
    >>> mg.gradients(np.sum(np.maximum(x, 2)), x)
    array([0. , 0.5, 1. ])
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return np.maximum(x, y)


class Minimum(Choice):
    """The smaller of x and y; NaN if either is. Local Jacobians: Select(x is chosen) and Select(y is chosen).

    Convention: where x = y, each has the derivative ½; where the result is NaN, 0.

    >>> import numpy as np, minigrad as mg
    >>> np.minimum(mg.parameter([1.0, 3.0]), 2)
    <minimum (2,) float64: [1. 2.]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return np.minimum(x, y)


class Fmax(Choice):
    """The larger of x and y, of which NaN is neither. Local Jacobians: Select(x is chosen) and Select(y is chosen).

    Convention: where x = y, each has the derivative ½; where both are NaN, 0.

    >>> import numpy as np, minigrad as mg
    >>> np.fmax(mg.parameter([1.0, np.nan]), 2)
    <fmax (2,) float64: [2. 2.]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return np.fmax(x, y)


class Fmin(Choice):
    """The smaller of x and y, of which NaN is neither. Local Jacobians: Select(x is chosen) and Select(y is chosen).

    Convention: where x = y, each has the derivative ½; where both are NaN, 0.

    >>> import numpy as np, minigrad as mg
    >>> np.fmin(mg.parameter([1.0, np.nan]), 2)
    <fmin (2,) float64: [1. 2.]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return np.fmin(x, y)


implements(np.maximum)(Maximum())
implements(np.minimum)(Minimum())
implements(np.fmax)(Fmax())
implements(np.fmin)(Fmin())


@dataclass(frozen=True)
class Clip(Op):
    """x, but not below `low` and not above `high`: arguments x and those bounds that there are.

    Local Jacobians: Select(low ≤ x ≤ high) by x, Select(x < low) and Select(x > high) by the bounds.

    Convention: on the edge, x has the derivative 1 and the bound 0. Where low > high, the value is high.

    >>> Clip(upper=False)([-1.0, 2.0], 0.0)
    <clip (2,) float64: [0. 2.]>
    """

    selects = True

    lower: bool = True
    upper: bool = True

    def forward(self, *arguments: Entry) -> Entry:
        x, low, high = self._bounds(*arguments)
        return np.clip(x, low, high)

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        x, low, high = self._bounds(*arguments)
        below: Entry = False if low is None else x < low
        raised: Entry = x if low is None else np.maximum(x, low)
        above: Entry = False if high is None else raised > high
        if argument == 0:
            mask = np.logical_not(np.logical_or(below, above))
        elif argument == 2 or low is None:
            mask = above
        else:
            mask = np.logical_and(below, np.logical_not(above))
        return Select(mask, out.shape) @ spread(arguments[argument].shape, out.shape)

    def _bounds(self, x: Entry, *bounds: Entry) -> tuple[Entry, Entry, Entry]:
        return x, bounds[0] if self.lower else None, bounds[-1] if self.upper else None


@implements(np.clip)
def clip(
    a: NodeLike,
    a_min: NodeLike = NOT_GIVEN,
    a_max: NodeLike = NOT_GIVEN,
    out: Any = None,
    *,
    min: NodeLike = NOT_GIVEN,
    max: NodeLike = NOT_GIVEN,
    **unsupported: Any,
) -> Node:
    """a, but not below the one bound and not above the other; NumPy's meaning: either bound may be None, or a node.

    Local Jacobians: Select(a_min ≤ a ≤ a_max) by a, Select of where it was clipped by the bounds.

    Convention: on the edge, a has the derivative 1 and the bound 0.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([-1.0, 0.0, 0.5, 2.0])
    >>> mg.gradients(np.sum(np.clip(x, 0, 1)), x)
    array([0., 1., 1., 0.])
    """
    refuse("np.clip", out=out, **unsupported)
    positional, named = (a_min, a_max), (min, max)
    if all(bound is NOT_GIVEN for bound in positional):
        low, high = (None if bound is NOT_GIVEN else bound for bound in named)
    elif any(bound is not NOT_GIVEN for bound in named):
        raise ValueError("np.clip: the bounds are given by position, or as min= and max=, not both")
    elif any(bound is NOT_GIVEN for bound in positional):
        raise TypeError("np.clip: one bound is missing; write None where there is none")
    else:
        low, high = positional
    bounds = [bound for bound in (low, high) if bound is not None]
    return Clip(low is not None, high is not None)(a, *bounds) if bounds else np.positive(a)


class Remainder(Elementwise, of=np.remainder):
    """x − ⌊x/y⌋ y, with the sign of y (Python's %). Local Jacobians: I by x, diag(−⌊x/y⌋) by y.

    Convention: at its jumps, where y divides x, the derivatives of the side that the value belongs to.

    >>> import numpy as np, minigrad as mg
    >>> y = mg.parameter(2.0)
    >>> mg.gradients(mg.constant(7.0) % y, y)
    array(-3.)
    """

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        if argument == 0:
            return spread(x.shape, out.shape)
        return along(-np.floor_divide(x, y), y.shape, out.shape)


class Fmod(Elementwise, of=np.fmod):
    """x − q y with q = x/y rounded towards 0, so with the sign of x (C's %). Local Jacobians: I by x, diag(−q) by y.

    Convention: at its jumps, where y divides x, the derivatives of the side that the value belongs to.

    >>> import numpy as np, minigrad as mg
    >>> y = mg.parameter(2.0)
    >>> mg.gradients(np.fmod(-7.0, y), y)
    array(3.)
    """

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        if argument == 0:
            return spread(x.shape, out.shape)
        # The quotient is a whole number; np.trunc(x / y) would be another one where x/y was rounded up to it.
        return along(-np.rint((x - out) / y), y.shape, out.shape)


@implements(np.divmod)
def divmod(x1: NodeLike, x2: NodeLike) -> tuple[Node, Node]:
    """⌊x1/x2⌋ and the remainder. Composed of floor_divide, which is never differentiated, and remainder.

    >>> import numpy as np, minigrad as mg
    >>> np.divmod(mg.parameter([7.0]), 2)
    (<floor_divide (1,) float64: [3.]>, <remainder (1,) float64: [1.]>)
    """
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


class Fabs(Unary, of=np.fabs):
    """|x| as a floating-point number. Local Jacobian: diag(sign x).

    Convention: fabs′(0) = 0.

    >>> import numpy as np, minigrad as mg
    >>> np.fabs(mg.parameter([-2.0]))
    <fabs (1,) float64: [2.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.sign(x)


class Copysign(Op):
    """|x| with the sign of y. Local Jacobians: diag(sign x · sign y) by x, Zero by y; −0 is negative.

    Convention: 0 at x = 0, as for |x|.

    >>> Copysign()([1.0, 2.0], [1.0, -0.0])
    <copysign (2,) float64: [ 1. -2.]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return np.copysign(x, y)

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        if argument == 1:
            return Zero(y.shape, out.shape)
        sign = np.sign(x)
        return Diagonal(np.where(np.signbit(y), -sign, sign), out.shape) @ spread(x.shape, out.shape)


@implements(np.copysign)
def copysign(x1: NodeLike, x2: NodeLike) -> Node:
    """|x1| with the sign of x2, which counts as a mask. Local Jacobian: diag(sign x1 · sign x2) by x1; −0 is negative.

    Convention: 0 at x1 = 0, as for |x1|; by x2 it is never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.copysign(mg.parameter([1.0, 2.0]), [1.0, -0.0])
    <copysign (2,) float64: [ 1. -2.]>
    """
    return Copysign()(x1, _as_mask(x2))


class Heaviside(Op):
    """0 where x < 0, 1 where x > 0, h where x = 0. Local Jacobians: Zero by x, Select(x = 0) by h.

    Convention: the derivative by x is 0 at the jump too.

    >>> Heaviside()([-1.0, 0.0, 2.0], 0.5)
    <heaviside (3,) float64: [0.  0.5 1. ]>
    """

    selects = True

    def forward(self, x: Entry, h: Entry) -> Entry:
        return np.heaviside(x, h)

    def jacobian(self, argument: int, out: Entry, x: Entry, h: Entry) -> LinearMap:
        if argument == 0:
            return Zero(x.shape, out.shape)
        return Select(x == 0, out.shape) @ spread(h.shape, out.shape)


@implements(np.heaviside)
def heaviside(x1: NodeLike, x2: NodeLike) -> Node:
    """0 where x1 < 0, 1 where x1 > 0, x2 where x1 = 0. Local Jacobian: Select(x1 = 0) by x2.

    Convention: by x1 it is never differentiated, so that the derivative is 0 at the jump too.

    >>> import numpy as np, minigrad as mg
    >>> h = mg.parameter(0.5)
    >>> mg.gradients(np.sum(np.heaviside([-1.0, 0.0, 1.0], h)), h)
    array(1.)
    """
    return Heaviside()(_as_mask(x1), x2)


def _as_mask(x: NodeLike) -> NodeLike:
    """An argument that only chooses: nothing is differentiated by it."""
    return stop_gradient(x) if isinstance(x, Node) and x.differentiable else x


@dataclass(frozen=True)
class NanToNum(Op):
    """x with numbers in place of NaN and the infinities (None: the largest there are). Local Jacobian: Select(finite).

    Convention: 0 where a number was put in.

    >>> NanToNum(nan=-1.0)([1.0, float("nan")])
    <nan_to_num (2,) float64: [ 1. -1.]>
    """

    selects = True

    nan: float = 0.0
    posinf: float | None = None
    neginf: float | None = None

    def forward(self, x: Entry) -> Entry:
        return np.nan_to_num(x, nan=self.nan, posinf=self.posinf, neginf=self.neginf)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Select(np.isfinite(x), x.shape)


@implements(np.nan_to_num)
def nan_to_num(
    x: NodeLike, copy: bool = True, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Node:
    """x with numbers in place of NaN and of the infinities; NumPy's meaning. Local Jacobian: Select(x is finite).

    Convention: 0 where a number was put in.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, np.nan])
    >>> mg.gradients(np.sum(np.nan_to_num(x)), x)
    array([1., 0.])
    """
    if not copy:
        raise UnsupportedError("np.nan_to_num(…, copy=False) would change a node. Write it without copy=False.")
    return NanToNum(nan, posinf, neginf)(x)


@dataclass(frozen=True)
class Unwrap(Op):
    """Angles with whole turns added, so that none is half a turn or more from the one before. Local Jacobian: I.

    Convention: the turns are constant, also where two neighbours are exactly half a turn apart.

    >>> Unwrap()([0.0, 6.0])
    <unwrap (2,) float64: [ 0.     -0.2832]>
    """

    discont: float | None = None
    axis: int = -1
    period: float = 2 * math.pi

    def forward(self, p: Entry) -> Entry:
        return np.unwrap(p, self.discont, self.axis, period=self.period)

    def jacobian(self, argument: int, out: Entry, p: Entry) -> LinearMap:
        return Identity(p.shape)


@implements(np.unwrap)
def unwrap(p: NodeLike, discont: float | None = None, axis: int = -1, *, period: float = 2 * math.pi) -> Node:
    """Angles with whole turns added, so that none jumps from its neighbour; NumPy's meaning. Local Jacobian: I.

    Convention: the turns are constant, also where two neighbours are exactly half a turn apart.

    >>> import numpy as np, minigrad as mg
    >>> np.unwrap(mg.parameter([0.0, 6.0]))
    <unwrap (2,) float64: [ 0.     -0.2832]>
    """
    return Unwrap(discont, axis, period)(p)
