"""SciPy's special functions on nodes, when SciPy is installed: error functions, sigmoids, entropies.

    scipy.special.erf(node)                erf erfc erfcx erfinv erfcinv ndtr ndtri log_ndtr
    scipy.special.expit(node)              expit logit log_expit
    scipy.special.entr(node)               entr rel_entr kl_div xlogy xlog1py exprel

They stand in the table by name, so that importing minigrad does not import SciPy. The gamma and the Bessel functions
are in special_gamma.py and special_bessel.py. Formulas: Abramowitz and Stegun, chapter 7; Boyd and Vandenberghe, Convex
Optimization, for the entropies.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np

from ..errors import MissingExtraError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import OPERATIONS, implements
from .base import Op
from .elementwise import Unary
from .forms import LogSigmoid
from .pointwise import Pair, applied, sigmoid

ROOT_PI, ROOT_2, ROOT_2PI = math.sqrt(math.pi), math.sqrt(2), math.sqrt(2 * math.pi)


@cache
def scipy_special() -> Any:
    """The module scipy.special; MissingExtraError where SciPy is not installed.

    >>> scipy_special().__name__
    'scipy.special'
    """
    try:
        from scipy import special
    except ImportError as error:
        raise MissingExtraError("a special function on nodes", "demo", "scipy") from error
    return special


class FromSciPy:
    """What makes a Unary or a Pair a function of scipy.special's: its name, by which it stands in the table."""

    name: str

    def __init_subclass__(cls, of: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if of:
            cls.name = of
            implements(of)(cast("Callable[..., Any]", cls()))

    def forward(self, *arguments: Entry) -> Entry:
        return getattr(scipy_special(), self.name)(*arguments)


class SpecialUnary(FromSciPy, Unary):
    """A function of one argument of scipy.special's, by its slope."""


class SpecialPair(FromSciPy, Pair):
    """A function of two arguments of scipy.special's, by its slopes."""


class Ordered(FromSciPy, Pair):
    """A function f(n, x) of scipy.special's that is differentiated by x alone: the order n must be a constant."""

    def __call__(self, *arguments: NodeLike, name: str | None = None) -> Node:
        order = arguments[0]
        if isinstance(order, Node) and order.differentiable:
            raise UnsupportedError(
                f"scipy.special.{self.name}: there is no derivative by its first argument, {order.label}, here. "
                f"Write mg.stop_gradient({order.label}), or make it a constant."
            )
        return super().__call__(*arguments, name=name)


class Gaussian(Unary):
    """e^(−x²), elementwise. Local Jacobian: diag(−2x e^(−x²)).

    >>> Gaussian()([0.0, 1e200])
    <gaussian (2,) float64: [1. 0.]>
    """

    def forward(self, *arguments: Entry) -> Entry:
        (x,) = arguments
        return np.exp(-np.square(np.clip(x, -200, 200)))  # so that x² does not overflow; beyond, e^(−x²) is 0

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -2 * np.clip(x, -200, 200) * a


gaussian = Gaussian()


class Erf(SpecialUnary, of="erf"):
    """The error function, (2/√π) ∫₀ˣ e^(−t²) dt. Local Jacobian: diag((2/√π) e^(−x²)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.erf(mg.parameter([0.0, 1.0]))
    <erf (2,) float64: [0.     0.8427]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 2 / ROOT_PI * applied(gaussian, x)


class Erfc(SpecialUnary, of="erfc"):
    """1 − erf x, right for large x. Local Jacobian: diag(−(2/√π) e^(−x²)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.erfc(mg.parameter([0.0, 10.0]))
    <erfc (2,) float64: [1.0000e+00 2.0885e-45]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -2 / ROOT_PI * applied(gaussian, x)


@dataclass(frozen=True)
class MillsExcess(Op):
    """Tails tₖ = (k/2)/(z + tₖ₊₁) of a continued fraction, of which t₁ = 1/(√π erfcx(z)) − z falls from ∞ to 0.

    Local Jacobian: diag(2 t₁ (z + t₁) − 1) for k = 1, which is (t₁ − t₂)/(z + t₂); diag(2 (z + tₖ)(tₖ − tₖ₋₁) − 1) for
    others. From z = 2 on by the fraction, since the difference would lose digits: Abramowitz and Stegun, 7.1.14.

    >>> MillsExcess()([0.0, 1e3])
    <mills_excess (2,) float64: [5.6419e-01 5.0000e-04]>
    """

    order: int = 1

    def forward(self, z: Entry) -> Entry:
        large = z > 2
        far: Entry = np.where(large, z, 2)
        rest: Entry = 0.0
        for k in range(60 + self.order, self.order - 1, -1):
            rest = k / 2 / (far + rest)
        near = 1 / (ROOT_PI * scipy_special().erfcx(np.where(large, 0, z))) - z
        for k in range(1, self.order):
            near = k / 2 / near - z
        return np.where(large, rest, near)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        if self.order > 1:
            return Diagonal(2 * (z + out) * (out - applied(MillsExcess(self.order - 1), z)) - 1, z.shape)
        next_one = applied(MillsExcess(2), z)
        return Diagonal(np.where(z > 1, (out - next_one) / (z + next_one), 2 * out * (z + out) - 1), z.shape)


mills_excess = MillsExcess()


class Erfcx(SpecialUnary, of="erfcx"):
    """a = e^(x²) erfc x. Local Jacobian: diag(−2 t a) with t = 1/(√π a) − x, which is 2 (x a − 1/√π).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.erfcx(mg.parameter([0.0, 1e3]))
    <erfcx (2,) float64: [1.0000e+00 5.6419e-04]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -2 * applied(mills_excess, x) * a


class Erfinv(SpecialUnary, of="erfinv"):
    """a = erf⁻¹ x. Local Jacobian: diag((√π/2) e^(a²)), infinite at ±1.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.erfinv(mg.parameter([0.0, 0.5]))
    <erfinv (2,) float64: [0.     0.4769]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return ROOT_PI / 2 * np.exp(a * a)


class Erfcinv(SpecialUnary, of="erfcinv"):
    """a = erfc⁻¹ x. Local Jacobian: diag(−(√π/2) e^(a²)), infinite at 0 and 2.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.erfcinv(mg.parameter([0.5, 1e-300]))
    <erfcinv (2,) float64: [ 0.4769 26.2095]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -ROOT_PI / 2 * np.exp(a * a)


class Ndtr(SpecialUnary, of="ndtr"):
    """Φ(x), the normal distribution function. Local Jacobian: diag(φ(x)), φ(x) = e^(−x²/2)/√(2π).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.ndtr(mg.parameter([0.0, -1.0]))
    <ndtr (2,) float64: [0.5    0.1587]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return applied(gaussian, x / ROOT_2) / ROOT_2PI


class Ndtri(SpecialUnary, of="ndtri"):
    """a = Φ⁻¹(x), the quantiles of the normal distribution. Local Jacobian: diag(√(2π) e^(a²/2)), infinite at 0 and 1.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.ndtri(mg.parameter([0.5, 0.975]))
    <ndtri (2,) float64: [0.   1.96]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return ROOT_2PI * np.exp(a * a / 2)


class InverseMills(Unary):
    """r = φ(x)/Φ(x), of the normal distribution. Local Jacobian: diag(−√2 t r) with t = 1/(√π erfcx(z)) − z, z = −x/√2.

    The second factor is r + x, which would lose digits as a sum.

    >>> InverseMills()([0.0, -1e4, 1e4])
    <inverse_mills (3,) float64: [7.9788e-01 1.0000e+04 0.0000e+00]>
    """

    def forward(self, *arguments: Entry) -> Entry:
        (x,) = arguments
        return ROOT_2 / ROOT_PI / scipy_special().erfcx(-x / ROOT_2)

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -ROOT_2 * applied(mills_excess, -x / ROOT_2) * a


inverse_mills = InverseMills()


class LogNdtr(SpecialUnary, of="log_ndtr"):
    """log Φ(x), right for x far below 0. Local Jacobian: diag(φ(x)/Φ(x)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.log_ndtr(mg.parameter([0.0, -1e4]))
    <log_ndtr (2,) float64: [-6.9315e-01 -5.0000e+07]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return applied(inverse_mills, x)


implements("expit")(sigmoid)
implements("log_expit")(LogSigmoid(1))
for known in (np.exp2, np.expm1, np.log1p, np.cbrt):
    implements(known.__name__)(OPERATIONS[known])


class Logit(SpecialUnary, of="logit"):
    """log(x/(1 − x)), the inverse of the sigmoid. Local Jacobian: diag(1/(x (1 − x))), infinite at 0 and 1.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.logit(mg.parameter([0.5, 0.75]))
    <logit (2,) float64: [0.     1.0986]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 / x + 1 / (1 - x)


class Xlogy(SpecialPair, of="xlogy"):
    """x log y, and 0 where x = 0. Local Jacobians: diag(log y) by x, diag(x/y) by y.

    Convention: where x = y = 0, both derivatives are 0.

    >>> import numpy as np, scipy.special, minigrad as mg
    >>> p = mg.parameter([0.0, 1.0])
    >>> mg.gradients(np.sum(scipy.special.xlogy(p, p)), p)
    array([0., 1.])
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        nothing = np.logical_and(x == 0, y == 0)
        return np.log(np.where(nothing, 1, y)) if argument == 0 else x / np.where(nothing, np.inf, y)


class Xlog1py(SpecialPair, of="xlog1py"):
    """x log(1 + y), and 0 where x = 0. Local Jacobians: diag(log(1 + y)) by x, diag(x/(1 + y)) by y.

    Convention: where x = 0 and y = −1, both derivatives are 0.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.xlog1py(mg.parameter([0.0, 2.0]), [-1.0, 1e-20])
    <xlog1py (2,) float64: [0.e+00 2.e-20]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        nothing = np.logical_and(x == 0, y == -1)
        return np.log1p(np.where(nothing, 0, y)) if argument == 0 else x / np.where(nothing, np.inf, 1 + y)


class Entr(SpecialUnary, of="entr"):
    """−x log x, 0 at 0 and −∞ below. Local Jacobian: diag(−1 − log x), infinite at 0.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.entr(mg.parameter([0.0, 0.5]))
    <entr (2,) float64: [0.     0.3466]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -1 - np.log(x)


class RelEntr(SpecialPair, of="rel_entr"):
    """x log(x/y), 0 where x = 0 ≤ y. Local Jacobians: diag(log(x/y) + 1) by x, diag(−x/y) by y.

    Convention: where x = y = 0, both derivatives are 0.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.rel_entr(mg.parameter([0.0, 1.0]), 0.5)
    <rel_entr (2,) float64: [0.     0.6931]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        nothing = np.logical_and(x == 0, y == 0)
        x, y = np.where(nothing, 0 if argument else math.exp(-1), x), np.where(nothing, 1, y)
        return log_ratio(x, y) + 1 if argument == 0 else -x / y


class KlDiv(SpecialPair, of="kl_div"):
    """x log(x/y) − x + y, y where x = 0 ≤ y. Local Jacobians: diag(log(x/y)) by x, diag((y − x)/y) by y.

    Convention: where x = y = 0, both derivatives are 0.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.kl_div(mg.parameter([0.0, 1.0]), 0.5)
    <kl_div (2,) float64: [0.5    0.1931]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        nothing = np.logical_and(x == 0, y == 0)
        x, y = np.where(nothing, 1, x), np.where(nothing, 1, y)
        if argument == 0:
            return log_ratio(x, y)
        return np.where(np.abs(y - x) < y / 2, (y - x) / y, 1 - x / y)  # equal; each where it keeps its digits


def log_ratio(x: Entry, y: Entry) -> Entry:
    """log(x/y), right also where x and y are nearly the same.

    >>> log_ratio(np.array([1e-300, 1 + 2.0**-52]), np.array([1.0, 1.0]))
    array([-6.90775528e+02,  2.22044605e-16])
    """
    root = np.sqrt(x) / np.sqrt(y)  # x/y itself may overflow
    close = np.abs(root - 1) < 0.25
    return np.where(close, np.log1p(np.where(close, x - y, 0) / y), 2 * np.log(np.where(close, 1, root)))


@dataclass(frozen=True)
class ExprelDerivative(Op):
    """∫₀¹ tⁿ eˣᵗ dt, the n-th derivative of (eˣ − 1)/x. Local Jacobian: diag of the next one.

    By the confluent hypergeometric function, M(n + 1, n + 2, x)/(n + 1): Abramowitz and Stegun, 13.2.1.

    >>> ExprelDerivative(1)([0.0, 1.0])
    <exprel_derivative (2,) float64: [0.5 1. ]>
    """

    order: int

    def forward(self, x: Entry) -> Entry:
        n = self.order
        return scipy_special().hyp1f1(n + 1, n + 2, x).astype(x.dtype) / (n + 1)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(applied(ExprelDerivative(self.order + 1), x), x.shape)


class Exprel(SpecialUnary, of="exprel"):
    """(eˣ − 1)/x, and 1 at 0. Local Jacobian: diag(∫₀¹ t eˣᵗ dt), which is ½ at 0.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.exprel(mg.parameter([0.0, 1e-20]))
    <exprel (2,) float64: [1. 1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return applied(ExprelDerivative(1), x)
