"""The exponential of a matrix, through scipy: mg.expm(A) = I + A + A²/2 + A³/6 + …

Its derivative in a direction E (the Fréchet derivative) is a block of another exponential:

    exp [ A  E ]  =  [ exp A   dexp_A(E) ]
        [ 0  A ]     [   0       exp A   ]

Source: Najfeld and Havel, "Derivatives of the matrix exponential and their computation" (1995); Higham, Functions of
Matrices, section 10.6.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ..errors import MissingExtraError
from ..graph import Node, NodeLike
from ..linear_maps import LinearMap
from ..linear_maps.algebra import ARRAYS, Array, Entry, Shape
from .base import Op
from .matrices import matrices


class Expm(Op):
    """exp A, of square matrices and stacks of them. Local Jacobian: Frechet(A), the block of an exponential.

    The blocks are exponentials again, so that derivatives of any order come the same way.

    >>> Expm()([[0.0, 1.0], [0.0, 0.0]]).value
    array([[1., 1.],
           [0., 1.]])
    """

    def forward(self, a: Entry) -> Entry:
        return exponential()(a)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        return Frechet(a, a.shape)


class Frechet(LinearMap):
    """E ↦ ∫₀¹ exp(t A) E exp((1 − t) A) dt, the derivative of exp at A. Transpose: Frechet(Aᵀ).

    >>> Frechet(np.zeros((1, 1)), (1, 1))(np.array([[2.0]]))
    array([[2.]])
    """

    __slots__ = ("entry",)
    letters = "dexp(⟨⟩)"
    latex_form = r"\mathrm{d}\exp_{⟨⟩}"
    symbol = "A"

    def __init__(self, A: Entry, shape: Shape) -> None:
        self.entry, self.in_shape, self.out_shape = A, shape, shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.entry,)

    def apply(self, v: Entry) -> Entry:
        n = self.in_shape[-1]
        zero = np.zeros(self.in_shape, v.dtype)
        above = np.concatenate([self.entry, v], axis=-1)
        below = np.concatenate([zero, self.entry], axis=-1)
        blocks = np.concatenate([above, below], axis=-2)
        whole = exponential()(blocks) if isinstance(blocks, ARRAYS) else expm(blocks)
        return whole[..., :n, n:]

    @property
    def T(self) -> Frechet:
        return Frechet(self.entry.mT, self.in_shape)

    def matrix(self) -> Array:
        # In the rows of E laid flat: ∫ exp(t (A ⊗ I)) exp((1 − t) (I ⊗ Aᵀ)) dt, the upper right of an exponential.
        *stack, n, _ = self.in_shape
        size = n * n
        whole = np.zeros((int(np.prod(stack)) * size,) * 2)
        for k, a in enumerate(np.reshape(self.entry, (-1, n, n)) if n else ()):
            generator = np.zeros((2 * size, 2 * size))
            generator[:size, :size], generator[size:, size:] = np.kron(a, np.eye(n)), np.kron(np.eye(n), a.T)
            generator[:size, size:] = np.eye(size)
            block = slice(k * size, (k + 1) * size)
            whole[block, block] = exponential()(generator)[:size, size:]
        return whole


@cache
def exponential() -> Callable[[Any], Array]:
    """scipy.linalg.expm; MissingExtraError without scipy.

    >>> exponential()(np.zeros((1, 1)))
    array([[1.]])
    """
    try:
        from scipy.linalg import expm as function
    except ImportError:
        raise MissingExtraError("mg.expm", "demo", "scipy") from None
    return function  # type: ignore[no-any-return]  # scipy has no types


def expm(a: NodeLike, *, name: str | None = None) -> Node:
    """exp A, of square matrices and stacks of them; scipy.linalg.expm on nodes. It needs scipy.

    >>> import numpy as np, minigrad as mg
    >>> A = mg.parameter([[0.0, -1.0], [1.0, 0.0]], name="A")
    >>> mg.expm(np.pi / 2 * A).value.round(12) + 0.0
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    return Expm()(matrices("expm", a, square=True), name=name)
