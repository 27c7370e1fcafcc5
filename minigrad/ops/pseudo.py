"""Equations without exactly one solution: the pseudoinverse and least squares.

    np.linalg.pinv(A)          A⁺, for which A⁺ b is the shortest x with ‖A x − b‖ least
    np.linalg.lstsq(A, b)      that x, the sums of squares that remain, the rank, the singular values

Convention: the derivatives are those at constant rank. Where the rank changes (a matrix that is not of full rank,
moved in any direction), A⁺ jumps, and there is none.

Source: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
separate", SIAM J. Numer. Anal. 10 (1973) 413.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Identity, LeftMul, LinearMap, RightMul
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .axes import converted
from .base import Op, as_nodes
from .decompositions import svdvals
from .extremes import max as largest
from .matrices import exchanged, matrices
from .steps import count_nonzero


@dataclass(frozen=True)
class PInv(Op):
    """P = A⁺, of matrices and stacks of them; singular values below `rcond` times the largest count as 0.

    Local Jacobian: dP = −P dA P + P Pᵀ dAᵀ (I − A P) + (I − P A) dAᵀ Pᵀ P. Convention: at constant rank.

    >>> PInv()([[1.0], [1.0]])
    <pinv (1, 2) float64: [[0.5 0.5]]>
    """

    name = "pinv"

    rcond: float | None = None

    def forward(self, a: Entry) -> Entry:
        return np.linalg.pinv(a) if self.rcond is None else np.linalg.pinv(a, self.rcond)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        p, shape = out, out.shape
        rows = (*a.shape[:-1], a.shape[-2])
        through = LeftMul(-p, rows, shape) @ RightMul(p, a.shape, rows)
        left = LeftMul(p @ p.mT, shape, shape) @ _off_rows(p, a, shape)
        right = _off_columns(p, a, shape) @ RightMul(p.mT @ p, shape, shape)
        return through + (left + right) @ exchanged(a.shape)


@dataclass(frozen=True)
class LeastSquares(Op):
    """The shortest x for which ‖A x − b‖ is least, for one matrix A (m, n), and b (m,) or (m, k).

    Local Jacobians, with P = A⁺ and the residual r = b − A x: ∂x/∂b = P, and
    dx = −P dA x + P Pᵀ dAᵀ r + (I − P A) dAᵀ Pᵀ x by A. Convention: at constant rank.

    >>> LeastSquares()([[1.0], [1.0]], [1.0, 3.0])
    <least_squares (1,) float64: [2.]>
    """

    rcond: float | None = None

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.linalg.lstsq(a, b, self.rcond)[0]

    def jacobian(self, argument: int, out: Entry, a: Entry, b: Entry) -> LinearMap:
        p = np.linalg.pinv(a, _cutoff(self.rcond, a.shape))
        column = (1,) if b.ndim == 1 else ()
        target, x = np.reshape(b, b.shape + column), np.reshape(out, out.shape + column)
        laid = ReshapeMap(x.shape, out.shape)
        if argument == 1:
            return laid @ LeftMul(p, target.shape, x.shape) @ ReshapeMap(b.shape, target.shape)
        fitted = LeftMul(-p, target.shape, x.shape) @ RightMul(x, a.shape, target.shape)
        residual = LeftMul(p @ p.mT, x.shape, x.shape) @ RightMul(target - a @ x, p.shape, x.shape)
        shortest = _off_columns(p, a, x.shape) @ RightMul(p.mT @ x, p.shape, x.shape)
        return laid @ (fitted + (residual + shortest) @ exchanged(a.shape))


NOT_GIVEN = object()


class LstsqResult(NamedTuple):
    """What np.linalg.lstsq returns, by position; NumPy has a plain tuple."""

    x: Any
    residuals: Any
    rank: Any
    s: Any


def _off_columns(p: Entry, a: Entry, shape: Shape) -> LinearMap:
    """V ↦ (I − A⁺ A) V: nothing, where the columns of A are independent."""
    middle = (*shape[:-2], a.shape[-2], shape[-1])
    return Identity(shape) + LeftMul(-p, middle, shape) @ LeftMul(a, shape, middle)


def _off_rows(p: Entry, a: Entry, shape: Shape) -> LinearMap:
    """V ↦ V (I − A A⁺): nothing, where the rows of A are independent."""
    middle = (*shape[:-1], a.shape[-1])
    return Identity(shape) + RightMul(-p, middle, shape) @ RightMul(a, shape, middle)


def _cutoff(rcond: float | None, shape: Shape) -> float:
    """How small a singular value counts as 0 for lstsq, relative to the largest; NumPy computes in double precision."""
    return float(np.finfo(np.float64).eps * max(shape)) if rcond is None else rcond


@implements(np.linalg.pinv)
def pinv(a: NodeLike, rcond: float | None = None, hermitian: bool = False, *, rtol: Any = NOT_GIVEN) -> Node:
    """A⁺; NumPy's meaning, but for hermitian=True: UnsupportedError.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.pinv(mg.parameter([[2.0, 0.0]])).value
    array([[0.5],
           [0. ]])
    """
    node = matrices("pinv", a)
    if hermitian:
        raise UnsupportedError("np.linalg.pinv: hermitian=True is not supported on nodes. Write np.linalg.pinv(x).")
    if rcond is None and rtol is not NOT_GIVEN:
        rcond = float(np.finfo(node.dtype).eps * max(node.shape[-2:])) if rtol is None else rtol
    return PInv(rcond)(node)


@implements(np.linalg.lstsq)
def lstsq(a: NodeLike, b: NodeLike, rcond: float | None = None) -> LstsqResult:
    """x, residuals, rank, singular values; NumPy's meaning. Residuals and singular values are differentiable, too.

    The residuals are composed of x, and empty where NumPy has none: with m ≤ n, or where the rank is below n at the
    values that the graph was built with. The rank is never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> x, residuals, rank, s = np.linalg.lstsq(mg.parameter([[1.0], [1.0]]), [1.0, 3.0])
    >>> residuals
    <sum (1,) float64: [2.]>
    """
    matrix, target = as_nodes((a, b))
    if matrix.ndim != 2 or target.ndim not in (1, 2) or target.shape[0] != matrix.shape[0]:
        given = f"{matrix.label} is {matrix.shape} and {target.label} is {target.shape}"
        raise ShapeError(f"lstsq: {given}; it takes a matrix, and a vector or matrix with as many rows.")
    x = LeastSquares(rcond)(matrix, target)
    s = svdvals(matrix)
    large = s > _cutoff(rcond, matrix.shape) * largest(s, initial=0)
    rank = converted(count_nonzero(large), np.int32)  # NumPy's type for it
    m, n = matrix.shape
    columns = (m, 1) if target.ndim == 1 else target.shape
    residuals: Any = np.sum(np.square((target - matrix @ x).reshape(columns)), axis=0)
    return LstsqResult(x, residuals if m > n and rank.value == n else residuals[:0], rank, s)
