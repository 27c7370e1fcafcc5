"""Functions of two arguments, smooth where they are not at the origin, and sinc.

    np.hypot(x, y)          length and …
    np.arctan2(y, x)        … angle of the point (x, y)
    np.logaddexp(x, y)      log(eˣ + eʸ), and np.logaddexp2 to base 2
    np.sinc(x)              sin(πx)/(πx)

Their slopes are functions with names of their own (Direction, SphericalBessel), which keep their digits when they are
differentiated again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..linear_maps import Diagonal, LinearMap
from ..linear_maps.algebra import Entry
from .base import Op
from .elementary import LN2
from .elementwise import Unary
from .pointwise import Pair, applied, logistic


class Direction(Pair):
    """c = x/√(x² + y²), the cosine of the direction of (x, y); any two shapes that broadcast.

    Local Jacobians: diag(s²/h) by x and diag(−c s/h) by y, with s = y/h and h = √(x² + y²).

    An op of its own, since the derivative of x/h by the quotient rule loses digits where |x| is much more than |y|.

    Convention: 0 at the origin; at infinity, the limit along the ray.

    >>> Direction()([3.0, 0.0, float("inf")], [4.0, 0.0, 1.0])
    <direction (3,) float64: [0.6 0.  1. ]>
    """

    def forward(self, *arguments: Entry) -> Entry:
        x, y = arguments
        far = np.logical_or(np.isinf(x), np.isinf(y))
        x, y = (np.where(far, np.isinf(z) * np.sign(z), z) for z in (x, y))
        return x / distance(x, y)

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        s = applied(direction, y, x)
        return (s if argument == 0 else -a) * s / distance(x, y)


def distance(x: Entry, y: Entry) -> Entry:
    """√(x² + y²) as something to divide by: 1 at the origin.

    >>> distance(np.array([3.0, 0.0]), np.array([4.0, 0.0]))
    array([5., 1.])
    """
    h = np.hypot(x, y)
    return np.where(h == 0, 1, h)


direction = Direction()


class Hypot(Pair, of=np.hypot):
    """h = √(x² + y²), without overflow on the way. Local Jacobians: diag(x/h) and diag(y/h).

    Convention: both derivatives are 0 at the origin, as that of |x| is.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([3.0, 0.0])
    >>> mg.gradients(np.sum(np.hypot(x, [4.0, 0.0])), x)
    array([0.6, 0. ])
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return applied(direction, x, y) if argument == 0 else applied(direction, y, x)


class Arctan2(Pair, of=np.arctan2):
    """The angle of the point (x, y), arguments y and x, with h² = x² + y².

    Local Jacobians: diag(x/h²) by y, diag(−y/h²) by x.

    Convention: both derivatives are 0 at the origin, where the angle is not defined. Across the cut (y = 0 > x) the
    angle jumps; its derivatives do not.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.arctan2(y := mg.parameter(1.0), 2.0), y)
    array(0.4)
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        y, x = x, y  # NumPy's order
        along = applied(direction, x, y) if argument == 0 else -applied(direction, y, x)
        return along / distance(x, y)


class Logaddexp(Pair, of=np.logaddexp):
    """log(eˣ + eʸ), without overflow. Local Jacobians: diag(σ(x − y)) and diag(σ(y − x)), σ the sigmoid.

    Convention: where both arguments are the same infinity, each has the derivative ½, as where they are equal.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([0.0, 1e4, -np.inf])
    >>> mg.gradients(np.sum(np.logaddexp(x, [0.0, 0.0, -np.inf])), x)
    array([0.5, 1. , 0.5])
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return logistic(_gap(x, y) if argument == 0 else _gap(y, x))


class Logaddexp2(Pair, of=np.logaddexp2):
    """log₂(2ˣ + 2ʸ), without overflow. Local Jacobians: diag(1/(1 + 2ʸ⁻ˣ)) and diag(1/(1 + 2ˣ⁻ʸ)).

    Convention: where both arguments are the same infinity, each has the derivative ½, as where they are equal.

    >>> import numpy as np, minigrad as mg
    >>> np.logaddexp2(mg.parameter([3.0]), 3.0)
    <logaddexp2 (1,) float64: [4.]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return logistic(LN2 * (_gap(x, y) if argument == 0 else _gap(y, x)))


def _gap(x: Entry, y: Entry) -> Entry:
    """x − y, and 0 where both are the same infinity."""
    same = np.logical_and(np.isinf(x), x == y)
    return np.where(same, 0, x) - np.where(same, 0, y)


@dataclass(frozen=True)
class SphericalBessel(Op):
    """jₙ(πx), the spherical Bessel function of order n; j₀(πx) is sinc x.

    Local Jacobian: diag(π (n jₙ₋₁ − (n + 1) jₙ₊₁)/(2n + 1)), all at πx. Source: Abramowitz and Stegun, 10.1.20.

    By its power series (10.1.2) up to |πx| = n + 2, and beyond by the recurrence (10.1.19) from sin πx and cos πx,
    which are taken of the distance to the nearest integer, so that they are right for large x too.

    >>> SphericalBessel(1)([0.0, 1.0])
    <spherical_bessel (2,) float64: [0.     0.3183]>
    """

    order: int

    def forward(self, x: Entry) -> Entry:
        n, y = self.order, math.pi * x
        near = np.abs(y) < n + 2
        return np.where(near, self._series(np.where(near, y, 0)), self._recurrence(np.where(near, 1, x)))

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        n = self.order
        slope = -(n + 1) * applied(SphericalBessel(n + 1), x)
        if n > 0:
            slope = slope + n * applied(SphericalBessel(n - 1), x)
        return Diagonal(math.pi / (2 * n + 1) * slope, x.shape)

    def _series(self, y: Entry) -> Entry:
        n, total = self.order, 1.0
        for k in range(18, 0, -1):
            total = 1 - total * (y * y) / (2 * k * (2 * n + 2 * k + 1))
        return total * y**n / math.prod(range(1, 2 * n + 2, 2))

    def _recurrence(self, x: Entry) -> Entry:
        whole = np.rint(x)
        rest = np.abs(x - whole)
        sign = np.where(np.mod(whole, 2) == 0, 1, -1).astype(x.dtype)
        sine, cosine = sign * np.copysign(np.sin(math.pi * rest), x - whole), sign * np.sin(math.pi * (0.5 - rest))
        y = math.pi * x
        previous, current = cosine / y, sine / y  # j₋₁ and j₀
        for m in range(self.order):
            previous, current = current, (2 * m + 1) / y * current - previous
        return current


class Sinc(Unary, of=np.sinc):
    """sin(πx)/(πx), and 1 at 0. Local Jacobian: diag(−π j₁(πx)), j₁ the spherical Bessel function of order 1.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.sum(np.sinc(x := mg.parameter([1.0, 2.0]))), x)
    array([-1. ,  0.5])
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -math.pi * applied(SphericalBessel(1), x)
