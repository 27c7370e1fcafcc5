"""SciPy's gamma function and its relatives on nodes, when SciPy is installed.

    scipy.special.gamma(node)              gamma gammaln loggamma psi (digamma)
    polygamma(n, node)                     the n-th derivative of psi; SciPy's own polygamma takes arrays only
    scipy.special.beta(a, b)               beta betaln
    scipy.special.gammainc(a, x)           gammainc gammaincc: by x alone, a must be a constant
    scipy.special.expn(n, x)               exp1 expi expn: exponential integrals, n a constant

Formulas: Abramowitz and Stegun, Handbook of Mathematical Functions, chapters 5 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .base import Op
from .pointwise import applied
from .special import Ordered, SpecialPair, SpecialUnary, scipy_special


class Gamma(SpecialUnary, of="gamma"):
    """a = Γ(x). Local Jacobian: diag(a ψ(x)), ψ the digamma function.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.gamma(mg.parameter([0.5, 5.0]))
    <gamma (2,) float64: [ 1.7725 24.    ]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return a * scipy_special().psi(x)


class Gammaln(SpecialUnary, of="gammaln"):
    """log |Γ(x)|. Local Jacobian: diag(ψ(x)), ψ the digamma function.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.gammaln(mg.parameter([1.0, 1e3]))
    <gammaln (2,) float64: [   0.     5905.2204]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return scipy_special().psi(x)


class Loggamma(SpecialUnary, of="loggamma"):
    """log Γ(x), NaN for x < 0, where it is complex. Local Jacobian: diag(ψ(x)), ψ the digamma function.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.loggamma(mg.parameter([1.0, 1e3]))
    <loggamma (2,) float64: [   0.     5905.2204]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return scipy_special().psi(x)


@dataclass(frozen=True)
class Polygamma(Op):
    """ψ⁽ⁿ⁾(x), the n-th derivative of the digamma function. Local Jacobian: diag(ψ⁽ⁿ⁺¹⁾(x)).

    >>> Polygamma(1)([1.0])
    <polygamma (1,) float64: [1.6449]>
    """

    order: int

    def forward(self, x: Entry) -> Entry:
        return scipy_special().polygamma(self.order, x).astype(x.dtype)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(applied(Polygamma(self.order + 1), x), x.shape)


@implements("polygamma")
def polygamma(n: int, x: NodeLike) -> Node:
    """ψ⁽ⁿ⁾(x), the n-th derivative of the digamma function, n a Python integer. Local Jacobian: diag(ψ⁽ⁿ⁺¹⁾(x)).

    >>> import minigrad as mg
    >>> mg.gradients(polygamma(0, x := mg.parameter(1.0)), x)
    array(1.64493407)
    """
    return Polygamma(int(n))(x)


class Psi(SpecialUnary, of="psi"):
    """ψ(x) = Γ′(x)/Γ(x), the digamma function. Local Jacobian: diag(ψ′(x)), the polygamma function of order 1.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.psi(mg.parameter([1.0]))
    <psi (1,) float64: [-0.5772]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return applied(Polygamma(1), x)


class Beta(SpecialPair, of="beta"):
    """B = Γ(x) Γ(y)/Γ(x + y). Local Jacobians: diag(B (ψ(x) − ψ(x + y))), and the same with y.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.beta(mg.parameter([2.0]), 3.0)
    <beta (1,) float64: [0.0833]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        psi = scipy_special().psi
        return a * (psi((x, y)[argument]) - psi(x + y))


class Betaln(SpecialPair, of="betaln"):
    """log |B(x, y)|. Local Jacobians: diag(ψ(x) − ψ(x + y)), and the same with y.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.betaln(mg.parameter([2.0]), 3.0)
    <betaln (1,) float64: [-2.4849]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        psi = scipy_special().psi
        return psi((x, y)[argument]) - psi(x + y)


class Gammainc(Ordered, of="gammainc"):
    """P(a, x) = (1/Γ(a)) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt. Local Jacobian: diag(xᵃ⁻¹ e⁻ˣ/Γ(a)) by x; a must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> mg.gradients(scipy.special.gammainc(1.0, x := mg.parameter(0.0)), x)
    array(1.)
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return gamma_density(x, y)


class Gammaincc(Ordered, of="gammaincc"):
    """Q(a, x) = 1 − P(a, x). Local Jacobian: diag(−xᵃ⁻¹ e⁻ˣ/Γ(a)) by x; a must be a constant.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.gammaincc(1.0, mg.parameter([0.0, 100.0]))
    <gammaincc (2,) float64: [1.0000e+00 3.7201e-44]>
    """

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return -gamma_density(x, y)


def gamma_density(a: Entry, x: Entry) -> Entry:
    """xᵃ⁻¹ e⁻ˣ/Γ(a), the density of the gamma distribution.

    >>> gamma_density(np.array(1.0), np.array([0.0]))
    array([1.])
    """
    special = scipy_special()
    return np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


class Exp1(SpecialUnary, of="exp1"):
    """E₁(x) = ∫ₓ^∞ e⁻ᵗ/t dt. Local Jacobian: diag(−e⁻ˣ/x).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.exp1(mg.parameter([1.0]))
    <exp1 (1,) float64: [0.2194]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -np.exp(-x) / x


class Expi(SpecialUnary, of="expi"):
    """Ei(x), the principal value of ∫ eᵗ/t dt from −∞ to x. Local Jacobian: diag(eˣ/x).

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.expi(mg.parameter([1.0]))
    <expi (1,) float64: [1.8951]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.exp(x) / x


class Expn(Ordered, of="expn"):
    """Eₙ(x) = ∫₁^∞ e⁻ˣᵗ/tⁿ dt. Local Jacobian: diag(−Eₙ₋₁(x)) by x; n must be a constant, and may be negative here.

    >>> import scipy.special, minigrad as mg
    >>> scipy.special.expn(2, mg.parameter([0.0, 1.0]))
    <expn (2,) float64: [1.     0.1485]>
    """

    def forward(self, *arguments: Entry) -> Entry:
        n, x = arguments
        special, known = scipy_special(), n >= 0
        if np.all(known):
            return special.expn(n, x)
        # For n = −m, which SciPy leaves out: Γ(m + 1, x)/xᵐ⁺¹ (5.1.45).
        size = np.where(known, 1, 1 - n) + 0.0
        below = special.gamma(size) * special.gammaincc(size, x) / x**size
        return np.where(known, special.expn(np.where(known, n, 1), x), below)

    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        return -applied(expn, x - 1, y)


expn = Expn()
