"""Linear maps that choose: what `np.where` passes on, and zeros that stay zero.

Select(mask)     v where the mask holds, 0 elsewhere: never 0 · v, which would be NaN for an infinite v
shielded(L)      L, but 0 times an infinite entry is 0
"""

from __future__ import annotations

import numpy as np

from .algebra import Array, Compose, Entry, Filled, LinearMap, Scale, Shape, Sum
from .filled import Diagonal, Inner, Outer


class Select(LinearMap):
    """v ↦ v where the mask holds, 0 elsewhere; the mask broadcasts to `shape`. Transpose: itself.

    >>> Select(np.array([True, False]))(np.array([1.0, np.inf]))
    array([1., 0.])
    """

    __slots__ = ("mask",)
    letters = "select(⟨⟩)"
    latex_form = r"\operatorname{diag}(⟨⟩)"
    symbol = "m"

    def __init__(self, mask: Entry, shape: Shape | None = None) -> None:
        self.mask = mask
        self.in_shape = self.out_shape = mask.shape if shape is None else shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.mask,)

    def apply(self, v: Entry) -> Entry:
        return np.where(self.mask, v, 0)

    @property
    def T(self) -> Select:
        return self

    def matrix(self) -> Array:
        return np.diag(np.broadcast_to(np.asarray(self.mask, bool), self.in_shape).ravel().astype(float))


class Shielded(LinearMap):
    """v ↦ L v with 0 · ∞ = 0, for a map L that multiplies by its entry. Transpose: that of L, shielded.

    >>> Shielded(Diagonal(np.array([2.0, np.inf])))(np.array([1.0, 0.0]))
    array([2., 0.])
    """

    __slots__ = ("plain",)
    letters = "shielded"
    latex_form = r"\mathrm{shielded}"

    def __init__(self, plain: Filled) -> None:
        self.plain, self.in_shape, self.out_shape = plain, plain.in_shape, plain.out_shape

    def apply(self, v: Entry) -> Entry:
        with np.errstate(invalid="ignore"):  # 0 · ∞, which is then left out
            # Only there: a zero that meets a finite entry keeps its slope, which the second derivative needs.
            infinite = np.logical_not(np.abs(self.plain.entry) < np.inf)
            products = np.where(np.logical_and(v == 0, infinite), 0, v * self.plain.entry)
        return products.sum() if isinstance(self.plain, Inner) else products

    @property
    def T(self) -> LinearMap:
        return shielded(self.plain.T)

    def matrix(self) -> Array:
        return self.plain.matrix()


def shielded(m: LinearMap) -> LinearMap:
    """The map with every multiplication by an entry shielded.

    >>> shielded(Scale(3.0, (2,)))(np.ones(2))
    array([3., 3.])
    """
    if isinstance(m, Compose | Sum):
        return type(m)(tuple([shielded(part) for part in m.maps]))
    return Shielded(m) if isinstance(m, Diagonal | Inner | Outer | Scale) else m
