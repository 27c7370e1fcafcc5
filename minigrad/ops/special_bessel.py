"""SciPy's Bessel functions on nodes, when SciPy is installed; and np.i0.

    scipy.special.j0(node)                 j0 j1 y0 y1 i0 i1 k0 k1, and i0e i1e, scaled by e^(−|x|)
    scipy.special.jv(v, node)              jv (jn) yv yn iv ive kv kn: by x alone, the order must be a constant

Slopes are differences or sums of the functions of the neighbouring orders, which are smooth at 0 where the function
is. Formulas: Abramowitz and Stegun, Handbook of Mathematical Functions, 9.1.27–28 and 9.6.26–28.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from ..linear_maps.algebra import Entry
from .elementwise import Unary
from .special import Ordered, SpecialUnary, scipy_special


class NumpyI0(Unary, of=np.i0):
    """I₀(x), the modified Bessel function of order 0, as NumPy computes it. Local Jacobian: diag(I₁(x)), through SciPy.

    >>> import numpy as np, minigrad as mg
    >>> np.i0(mg.parameter([0.0]))
    <i0 (1,) float64: [1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return scipy_special().i1(x)


class J0(SpecialUnary, of="j0"):
    """J₀(x). Local Jacobian: diag(−J₁(x)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.j0(mg.parameter([0.0]))
    <j0 (1,) float64: [1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -scipy_special().j1(x)


class J1(SpecialUnary, of="j1"):
    """J₁(x). Local Jacobian: diag(½ (J₀(x) − J₂(x))).

    >>> import scipy.special, minigrad as mg
    >>> mg.gradients(scipy.special.j1(x := mg.parameter(0.0)), x)
    array(0.5)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        special = scipy_special()
        return (special.j0(x) - special.jv(2, x)) / 2


class Y0(SpecialUnary, of="y0"):
    """Y₀(x), for x > 0. Local Jacobian: diag(−Y₁(x)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.y0(mg.parameter([1.0]))
    <y0 (1,) float64: [0.0883]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -scipy_special().y1(x)


class Y1(SpecialUnary, of="y1"):
    """Y₁(x), for x > 0. Local Jacobian: diag(½ (Y₀(x) − Y₂(x))).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.y1(mg.parameter([1.0]))
    <y1 (1,) float64: [-0.7812]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        special = scipy_special()
        return (special.y0(x) - special.yn(2, x)) / 2


class I0(SpecialUnary, of="i0"):
    """I₀(x). Local Jacobian: diag(I₁(x)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.i0(mg.parameter([0.0]))
    <i0 (1,) float64: [1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return scipy_special().i1(x)


class I1(SpecialUnary, of="i1"):
    """I₁(x). Local Jacobian: diag(½ (I₀(x) + I₂(x))).

    >>> import scipy.special, minigrad as mg
    >>> mg.gradients(scipy.special.i1(x := mg.parameter(0.0)), x)
    array(0.5)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        special = scipy_special()
        return (special.i0(x) + special.iv(2, x)) / 2


class I0e(SpecialUnary, of="i0e"):
    """e^(−|x|) I₀(x). Local Jacobian: diag(e^(−|x|) I₁(x) − sign x · e^(−|x|) I₀(x)).

    Convention: 0 at x = 0, where |x| has its kink.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.i0e(mg.parameter([0.0, 1e3]))
    <i0e (2,) float64: [1.     0.0126]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return scipy_special().i1e(x) - np.sign(x) * a


class I1e(SpecialUnary, of="i1e"):
    """e^(−|x|) I₁(x). Local Jacobian: diag(½ e^(−|x|) (I₀(x) + I₂(x)) − sign x · e^(−|x|) I₁(x)).

    >>> import scipy.special, minigrad as mg
    >>> mg.gradients(scipy.special.i1e(x := mg.parameter(0.0)), x)
    array(0.5)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        special = scipy_special()
        return (special.i0e(x) + special.ive(2, x)) / 2 - np.sign(x) * a


class K0(SpecialUnary, of="k0"):
    """K₀(x), for x > 0. Local Jacobian: diag(−K₁(x)).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.k0(mg.parameter([1.0]))
    <k0 (1,) float64: [0.421]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -scipy_special().k1(x)


class K1(SpecialUnary, of="k1"):
    """K₁(x), for x > 0. Local Jacobian: diag(−½ (K₀(x) + K₂(x))).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.k1(mg.parameter([1.0]))
    <k1 (1,) float64: [0.6019]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        special = scipy_special()
        return -(special.k0(x) + special.kn(2, x)) / 2


class OfOrder(Ordered):
    """A Bessel function f(v, x): its slope by x, from the functions of order v − 1 (below) and v + 1 (above)."""

    @abstractmethod
    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        """The slope at every element."""

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        family = getattr(scipy_special(), self.name)
        return self.between(family(x - 1, y), family(x + 1, y), a, y)


class Jv(OfOrder, of="jv"):
    """Jᵥ(x). Local Jacobian: diag(½ (Jᵥ₋₁(x) − Jᵥ₊₁(x))) by x; the order must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.jv(0, mg.parameter([0.0]))
    <jv (1,) float64: [1.]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return (below - above) / 2


class Yv(OfOrder, of="yv"):
    """Yᵥ(x), for x > 0. Local Jacobian: diag(½ (Yᵥ₋₁(x) − Yᵥ₊₁(x))) by x; the order must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.yv(0, mg.parameter([1.0]))
    <yv (1,) float64: [0.0883]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return (below - above) / 2


class Yn(OfOrder, of="yn"):
    """Yₙ(x), for x > 0. Local Jacobian: diag(½ (Yₙ₋₁(x) − Yₙ₊₁(x))) by x; the order is a whole number.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.yn(0, mg.parameter([1.0]))
    <yn (1,) float64: [0.0883]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return (below - above) / 2


class Iv(OfOrder, of="iv"):
    """Iᵥ(x). Local Jacobian: diag(½ (Iᵥ₋₁(x) + Iᵥ₊₁(x))) by x; the order must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.iv(0, mg.parameter([0.0]))
    <iv (1,) float64: [1.]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return (below + above) / 2


class Ive(OfOrder, of="ive"):
    """a = e^(−|x|) Iᵥ(x). Local Jacobian: diag(½ e^(−|x|) (Iᵥ₋₁(x) + Iᵥ₊₁(x)) − sign x · a); the order is a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.ive(0, mg.parameter([0.0]))
    <ive (1,) float64: [1.]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return (below + above) / 2 - np.sign(x) * a


class Kv(OfOrder, of="kv"):
    """Kᵥ(x), for x > 0. Local Jacobian: diag(−½ (Kᵥ₋₁(x) + Kᵥ₊₁(x))) by x; the order must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.kv(0, mg.parameter([1.0]))
    <kv (1,) float64: [0.421]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return -(below + above) / 2


class Kn(OfOrder, of="kn"):
    """Kₙ(x), for x > 0. Local Jacobian: diag(−½ (Kₙ₋₁(x) + Kₙ₊₁(x))) by x; the order is a whole number.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.kn(0, mg.parameter([1.0]))
    <kn (1,) float64: [0.421]>
    """

    def between(self, below: Entry, above: Entry, a: Entry, x: Entry) -> Entry:
        return -(below + above) / 2
