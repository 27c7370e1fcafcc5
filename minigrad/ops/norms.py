"""Norms of vectors and matrices, with all orders that NumPy has; condition numbers and ranks.

    np.linalg.norm(x, ord, axis, keepdims)      vectors and matrices
    np.linalg.vector_norm, np.linalg.matrix_norm
    np.linalg.cond, np.linalg.matrix_rank

Convention: the derivative of every norm is 0 where the norm itself is 0, as abs′(0) = 0; largest and smallest entries
share evenly where several are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .axes import Axis, Lanes, converted, kept, summing
from .base import Op
from .decompositions import svdvals
from .extremes import max as largest
from .extremes import min as smallest
from .linalg import inv
from .matrices import matrices
from .pointwise import absolute, divide, multiply, where
from .reductions import sum as total
from .shaping import reshape, transpose
from .steps import Steps

Order = float | str | None


@dataclass(frozen=True)
class Norm(Op):
    """√Σ x², along one axis, two, or all (None): the length of vectors, the Frobenius norm of matrices.

    Local Jacobian: Σ ∘ diag(x/‖x‖). Convention: 0 where ‖x‖ = 0, the subgradient of least length, as torch has it; the
    second derivative there is 0, too.

    >>> Norm()([3.0, 4.0])
    <norm () float64: 5.>
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        return np.linalg.norm(x, None, self.axis, self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        length = np.reshape(out, kept(x.shape, self.axis))
        slope = np.where(length == 0, 0, x) / np.where(length == 0, 1, length)
        return summing(x, self.axis, out.shape) @ Diagonal(slope)


@dataclass(frozen=True)
class PNorm(Op):
    """(Σ |x|ᵖ)^(1/p) along an axis, for a number p other than 0.

    Local Jacobian: Σ ∘ diag(sign(x) (|x|/‖x‖)^(p−1)). Convention: 0 where x = 0 (for p < 1, too) or ‖x‖ = 0.

    >>> PNorm(3.0, 0)([1.0, 2.0, 3.0])
    <p_norm () float64: 3.3019>
    """

    name = "p_norm"

    p: float
    axis: int
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        return np.linalg.norm(x, self.p, self.axis, self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        length = np.reshape(out, kept(x.shape, self.axis))
        still = np.logical_or(x == 0, length == 0)
        share = np.where(still, 1, np.abs(x)) / np.where(length == 0, 1, length)
        slope = np.where(still, 0, np.sign(x) * share ** (self.p - 1))
        return summing(x, self.axis, out.shape) @ Diagonal(slope)


@implements(np.linalg.norm)
def norm(x: NodeLike, ord: Order = None, axis: Axis = None, keepdims: bool = False) -> Node:
    """The norm of vectors (one axis) or matrices (two axes); all of NumPy's orders; NumPy's meaning.

    Vectors: None or 2; p; 1; inf; −inf; 0, which counts, and is never differentiated. Composed of sums, of max and of
    min of abs, but for 2 and p. Matrices: None or "fro"; 1, −1, inf, −inf, the largest and smallest sums of columns and
    rows; 2, −2, "nuc", the largest, the smallest, and the sum of singular values.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.norm(mg.parameter([3.0, -4.0]), np.inf)
    <max () float64: 4.>
    """
    node = converted(x)
    if node.dtype.kind != "f":
        node = converted(node, np.float64)
    whole = axis is None and (ord is None or (ord in ("f", "fro") and node.ndim == 2) or (ord == 2 and node.ndim == 1))
    if whole:
        return Norm(None, keepdims)(node)
    axes = _axes(node, axis)
    if len(axes) == 1:
        return _vector_norm(node, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(node, ord, axes, keepdims)
    raise ShapeError(
        f"norm: ord={ord!r} is of vectors and matrices, not along {len(axes)} axes. "
        "Give axis=, or write np.linalg.vector_norm."
    )


def _vector_norm(x: Node, ord: Order, axis: int, keepdims: bool) -> Node:
    settings: dict[str, Any] = {"axis": axis, "keepdims": keepdims}
    if isinstance(ord, str):
        raise DomainError(f"norm: {ord!r} is an order for matrices, not for vectors.")
    if ord is None or ord == 2:
        return Norm(**settings)(x)
    if ord == np.inf:
        return largest(absolute(x), initial=0, **settings)
    if ord == -np.inf:
        return smallest(absolute(x), **settings)
    if ord == 1:
        return total(absolute(x), **settings)
    if ord == 0:
        return Steps(np.linalg.norm, ord=0, **settings)(x)
    return PNorm(ord, **settings)(x)


def _matrix_norm(x: Node, ord: Order, axes: tuple[int, ...], keepdims: bool) -> Node:
    row, column = axes
    if row == column:
        raise ShapeError(f"norm: the axes of a matrix are two, not {axes}.")
    if ord in (None, "fro", "f"):
        return Norm((row, column), keepdims)(x)
    if ord in ("nuc", 2, -2):
        others = tuple([k for k in range(x.ndim) if k not in axes])
        singular = svdvals(transpose(x, (*others, row, column)))
        if ord == "nuc":
            result = total(singular, axis=-1)
        else:
            result = largest(singular, axis=-1, initial=0) if ord == 2 else smallest(singular, axis=-1)
    elif ord in (1, -1, np.inf, -np.inf):
        along, across = (row, column) if ord in (1, -1) else (column, row)
        sums = total(absolute(x), axis=along, keepdims=True)
        if ord in (1, np.inf):
            result = largest(sums, axis=across, keepdims=True, initial=0)
        else:
            result = smallest(sums, axis=across, keepdims=True)
    else:
        raise DomainError(f"norm: {ord!r} is not an order for matrices; NumPy has 1, 2, inf, −1, −2, −inf, fro, nuc.")
    shape = kept(x.shape, axes)
    return reshape(result, shape if keepdims else _without(shape, axes))


def _axes(x: Node, axis: Axis) -> tuple[int, ...]:
    """The axes counted from the first; ShapeError for one that x does not have."""
    given = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not all(-x.ndim <= k < x.ndim for k in given):
        raise ShapeError(f"norm: {x.label} is {x.shape}, and has no axis {axis}.")
    return tuple([k % x.ndim for k in given])


def _without(shape: Shape, axes: tuple[int, ...]) -> Shape:
    return tuple([n for k, n in enumerate(shape) if k not in axes])


@implements(np.linalg.vector_norm)
def vector_norm(x: NodeLike, /, *, axis: Axis = None, keepdims: bool = False, ord: float = 2) -> Node:
    """The norm of what lies along the axes, any number of them, taken as one vector; NumPy's meaning.

    Composed of reshape and norm.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.vector_norm(mg.parameter([[[3.0], [4.0]]]))
    <reshape () float64: 5.>
    """
    node = converted(x)
    axes = _axes(node, axis)
    result = norm(Lanes(node.shape, axes).lay(node), ord, axis=0)
    shape = kept(node.shape, axes)
    return reshape(result, shape if keepdims else _without(shape, axes))


@implements(np.linalg.matrix_norm)
def matrix_norm(x: NodeLike, /, *, keepdims: bool = False, ord: Order = "fro") -> Node:
    """The norm of the matrices in the last two axes; np.linalg.norm by another name.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.matrix_norm(mg.parameter([[3.0, 4.0]]))
    <norm () float64: 5.>
    """
    return norm(x, ord, (-2, -1), keepdims)


@implements(np.linalg.cond)
def cond(x: NodeLike, p: Order = None) -> Node:
    """The condition number; NumPy's meaning. Composed of svdvals for p = None, 2, −2, and else of norm and inv.

    Of a singular matrix it is ∞, with derivative 0, by singular values, and a LinAlgError by the inverse.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.cond(mg.parameter([[2.0, 0.0], [0.0, 4.0]]))
    <where () float64: 2.>
    """
    node = matrices("cond", x)
    if 0 in node.shape[-2:]:
        raise np.linalg.LinAlgError("cond is not defined on empty arrays")
    if p in (None, 2, -2):
        singular = svdvals(node)
        above, below = (-1, 0) if p == -2 else (0, -1)
        divisor = singular[..., below]
        zero = divisor == 0
        return where(zero, np.inf, divide(singular[..., above], where(zero, 1, divisor)))
    return multiply(norm(node, p, (-2, -1)), norm(inv(node), p, (-2, -1)))


@implements(np.linalg.matrix_rank)
def matrix_rank(A: NodeLike, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Node:
    """How many singular values are not negligible; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.matrix_rank(mg.parameter([[1.0, 2.0], [2.0, 4.0]]))
    <matrix_rank () int64: 1>
    """
    return Steps(np.linalg.matrix_rank, tol=tol, hermitian=hermitian, rtol=rtol)(A)
