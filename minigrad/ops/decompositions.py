"""Decompositions of matrices, and of stacks of them: Cholesky, eigenvalues, singular values, QR.

    np.linalg.cholesky(A)                  A = L Lᵀ
    np.linalg.eigh(A), eigvalsh(A)         A = V diag(w) Vᵀ, of symmetric matrices
    np.linalg.svd(A, full_matrices=False), svdvals(A)      A = U diag(s) Vᵀ
    np.linalg.qr(A)                        A = Q R

What has several results comes as NumPy's own named tuple, of nodes. Of A = A₀ + dA only the entries count that NumPy
reads: a triangle in cholesky and eigh (`mirrored`).

Vectors are what makes this delicate. Where eigenvalues or singular values are equal, each set of vectors that span the
space is as good as another, and no derivative of any single one exists. The conventions below give finite numbers
there, and what depends on the values alone has its right gradient at any matrix. Its second derivatives come by way of
the vectors, and hold where values differ.

Sources: Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008);
Townsend, "Differentiating the singular value decomposition" (2016); Walter and Lehmann, "Algorithmic differentiation of
linear algebra functions" (2018).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Contract, Diagonal, Gather, Identity, LeftMul, LinearMap, RightMul
from ..linear_maps import Solve as SolveMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op
from .matrices import Triangle, exchanged, matrices, mirrored, right_solve
from .results import Results

EighResult: Callable[..., Any] = type(np.linalg.eigh(np.eye(1)))
SVDResult: Callable[..., Any] = type(np.linalg.svd(np.eye(1)))
QRResult: Callable[..., Any] = type(np.linalg.qr(np.eye(1)))


def inverse_gaps(of: Entry) -> Entry:
    """1/(x_j − x_i) for all pairs along the last axis, 0 where the two are equal but for rounding.

    >>> inverse_gaps(np.array([1.0, 1.0, 3.0])).tolist()
    [[0.0, 0.0, 0.5], [0.0, 0.0, 0.5], [-0.5, -0.5, 0.0]]
    """
    gaps = of[..., None, :] - of[..., :, None]
    equal = np.abs(gaps) <= rounding(of, of.shape[-1])[..., None]
    return np.where(equal, 0, 1 / np.where(equal, 1, gaps))


def rounding(values: Entry, n: int) -> Entry:
    """By how much LAPACK may miss the values of an n x n matrix: n ε times the largest. NumPy's bound in matrix_rank.

    >>> rounding(np.array([-2.0, 1.0]), 2).round(17)
    array([8.9e-16])
    """
    limits = np.finfo(values.dtype)
    return np.max(np.abs(values), axis=-1, keepdims=True, initial=0) * (n * limits.eps) + limits.tiny


@dataclass(frozen=True)
class Cholesky(Op):
    """A = L Lᵀ with L lower triangular (or A = Uᵀ U with `upper`), for A positive definite; stacks of matrices.

    Local Jacobian: dL = L Φ(L⁻¹ dA L⁻ᵀ), where Φ keeps the lower triangle and half of the diagonal.

    Convention: NumPy reads the lower triangle of A only (the upper with `upper`), so the derivative by other entries is
    0, and an entry beside the diagonal counts for its mirror image, too. For a gradient that is symmetric, as JAX has
    it, decompose (A + Aᵀ)/2.

    >>> Cholesky()([[4.0, 0.0], [2.0, 2.0]]).value
    array([[2., 0.],
           [1., 1.]])
    """

    upper: bool = False

    def forward(self, a: Entry) -> Entry:
        return np.linalg.cholesky(a, upper=True) if self.upper else np.linalg.cholesky(a)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        shape = a.shape
        factor = out.mT if self.upper else out
        across = SolveMap(factor, shape)
        lower_half = np.tri(shape[-1], dtype=out.dtype) - np.eye(shape[-1], dtype=out.dtype) / 2
        inside = exchanged(shape) @ across @ exchanged(shape) @ across @ mirrored(shape, "U" if self.upper else "L")
        lower = LeftMul(factor, shape, shape) @ Diagonal(lower_half, shape) @ inside
        return exchanged(shape) @ lower if self.upper else lower


@dataclass(frozen=True)
class Eigh(Results):
    """Eigenvalues w, ascending, and eigenvectors V of symmetric matrices: A = V diag(w) Vᵀ; stacks of matrices.

    Local Jacobians, with M = Vᵀ dA V: dw = diag(M), dV = V (F ∘ M) with F_ij = 1/(w_j − w_i).

    Convention: F_ij = 0 where w_i and w_j are equal but for rounding, so a vector moves only towards the spaces of
    other eigenvalues. NumPy reads one triangle of A, so the derivative by other entries is 0; for a symmetric gradient,
    decompose (A + Aᵀ)/2.

    >>> Eigh()([[2.0, 0.0], [0.0, 1.0]])
    <eigh (6,) float64: [1. 2. 0. 1. 1. 0.]>
    """

    triangle: Triangle = "L"

    def results(self, a: Entry) -> tuple[Entry, ...]:
        return tuple(np.linalg.eigh(a, self.triangle))

    def shapes(self, *shapes: Shape) -> tuple[Shape, ...]:
        return shapes[0][:-1], shapes[0]

    def differentials(self, argument: int, results: tuple[Entry, ...], *arguments: Entry) -> tuple[LinearMap, ...]:
        (w, v), (a,) = results, arguments
        read = mirrored(a.shape, self.triangle)
        in_vectors = LeftMul(v.mT, a.shape, a.shape) @ RightMul(v, a.shape, a.shape)
        turned = LeftMul(v, a.shape, a.shape) @ Diagonal(inverse_gaps(w), a.shape) @ in_vectors
        return _quadratic(v, v.mT, a.shape) @ read, turned @ read


@dataclass(frozen=True)
class EigValsH(Op):
    """The eigenvalues of symmetric matrices, ascending. Local Jacobian: dw_i = v_iᵀ dA v_i.

    Convention: where eigenvalues are equal, of the vectors that eigh returns; any function that treats them alike
    (their sum, their product, Σ f(w)) has its right gradient. One triangle of A is read, as by eigh.

    >>> EigValsH()([[2.0, 0.0], [0.0, 1.0]])
    <eigvalsh (2,) float64: [1. 2.]>
    """

    name = "eigvalsh"

    triangle: Triangle = "L"

    def forward(self, a: Entry) -> Entry:
        return np.linalg.eigvalsh(a, self.triangle)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        _, v = np.linalg.eigh(a, self.triangle)
        return _quadratic(v, v.mT, a.shape) @ mirrored(a.shape, self.triangle)


class SVD(Results):
    """Singular values s, descending, and vectors, of matrices (m, n) with k = min(m, n): A = U diag(s) Vᵀ.

    U is (m, k), s (k,), Vᵀ (k, n); stacks of matrices. Local Jacobians, with M = Uᵀ dA V and F_ij = 1/(s_j² − s_i²):
    ds = diag(M), dU = U (F ∘ (M S + S Mᵀ)) + (I − U Uᵀ) dA V S⁻¹, and dV the same with Aᵀ for A.

    Convention: F_ij = 0 where s_i and s_j are equal but for rounding, and 1/s and ds are 0 where s is 0 but for
    rounding, as abs′(0) = 0. Vectors are known up to a sign they share; it is LAPACK's.

    >>> SVD()([[3.0, 0.0], [0.0, -1.0]]).shape
    (10,)
    """

    name = "svd"

    def results(self, a: Entry) -> tuple[Entry, ...]:
        return tuple(np.linalg.svd(a, full_matrices=False))

    def shapes(self, *shapes: Shape) -> tuple[Shape, ...]:
        *stack, m, n = shapes[0]
        k = min(m, n)
        return (*stack, m, k), (*stack, k), (*stack, k, n)

    def differentials(self, argument: int, results: tuple[Entry, ...], *arguments: Entry) -> tuple[LinearMap, ...]:
        (u, s, vt), (a,) = results, arguments
        *stack, m, n = a.shape
        k = min(m, n)
        core, left, right = (*stack, k, k), (*stack, m, k), (*stack, k, n)
        in_vectors = LeftMul(u.mT, left, core) @ RightMul(vt.mT, a.shape, left)
        zero = s <= rounding(s, max(m, n))
        inverse = np.where(zero, 0, 1 / np.where(zero, 1, s))
        column, row = s[..., :, None], s[..., None, :]
        # s_j² − s_i² as (s_j − s_i)(s_j + s_i), which keeps the digits of close values.
        gaps = inverse_gaps(s) / np.where(column + row == 0, 1, column + row)
        mixed = exchanged(core) @ in_vectors
        turned_u = Diagonal(gaps * row, core) @ in_vectors + Diagonal(gaps * column, core) @ mixed
        turned_v = Diagonal(-gaps * column, core) @ in_vectors + Diagonal(-gaps * row, core) @ mixed
        du, dvt = LeftMul(u, core, left) @ turned_u, RightMul(vt, core, right) @ turned_v
        if m > k:
            outside = Identity(left) + LeftMul(-u, core, left) @ LeftMul(u.mT, left, core)
            du = du + outside @ RightMul(vt.mT * inverse[..., None, :], a.shape, left)
        if n > k:
            outside = Identity(right) + RightMul(-vt, core, right) @ RightMul(vt.mT, right, core)
            dvt = dvt + outside @ LeftMul(inverse[..., :, None] * u.mT, a.shape, right)
        return du, _singular(s, u, vt, a.shape), dvt


class SVDVals(Op):
    """The singular values s of matrices, descending. Local Jacobian: ds_i = u_iᵀ dA v_i.

    Convention: 0 where s_i is 0 but for rounding, as abs′(0) = 0; where singular values are equal, of the vectors that
    svd returns.

    >>> SVDVals()([[3.0, 0.0], [0.0, -1.0]])
    <svdvals (2,) float64: [3. 1.]>
    """

    name = "svdvals"

    def forward(self, a: Entry) -> Entry:
        return np.linalg.svd(a, compute_uv=False)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        u, _, vt = np.linalg.svd(a, full_matrices=False)
        return _singular(out, u, vt, a.shape)


class QR(Results):
    """A = Q R with k = min(m, n) orthonormal columns Q (m, k), and R (k, n) upper triangular; stacks of matrices.

    The first k columns of A must be independent: LinAlgError in the sweep where R has a zero on its diagonal. Local
    Jacobians for m ≥ n, with M = Qᵀ dA R⁻¹ and Ψ(M) = its upper triangle + (what lies below the diagonal)ᵀ:
    dR = Ψ(M) R, dQ = dA R⁻¹ − Q Ψ(M). For m < n they are those of the first m columns; the others of R are Qᵀ A.

    >>> QR()([[3.0], [4.0]]).value.round(12)
    array([-0.6, -0.8, -5. ])
    """

    name = "qr"

    def results(self, a: Entry) -> tuple[Entry, ...]:
        return tuple(np.linalg.qr(a))

    def shapes(self, *shapes: Shape) -> tuple[Shape, ...]:
        *stack, m, n = shapes[0]
        k = min(m, n)
        return (*stack, m, k), (*stack, k, n)

    def differentials(self, argument: int, results: tuple[Entry, ...], *arguments: Entry) -> tuple[LinearMap, ...]:
        (q, r), (a,) = results, arguments
        *stack, m, n = a.shape
        k = min(m, n)
        core, tall = (*stack, k, k), (*stack, m, k)
        square = r[..., :k]
        upper, below = np.tri(k, dtype=bool).T, np.tri(k, k=-1, dtype=bool)
        folded = Diagonal(upper, core) + exchanged(core) @ Diagonal(below, core)
        divided = right_solve(square, tall)
        moved = folded @ LeftMul(q.mT, tall, core) @ divided
        dq, dr = divided + LeftMul(-q, core, tall) @ moved, RightMul(square, core, core) @ moved
        if n == k:
            return dq, dr
        first, others = (..., slice(None, k)), (..., slice(k, None))
        wide, rest = (*stack, k, n), (*stack, m, n - k)
        start, end = Gather(first, a.shape, tall), Gather(others, a.shape, rest)
        turned = RightMul(a[others], core, rest) @ exchanged(core) @ dq @ start + LeftMul(q.mT, rest, rest) @ end
        return dq @ start, Gather(first, wide, core).T @ dr @ start + Gather(others, wide, rest).T @ turned


def _quadratic(left: Entry, right: Entry, shape: Shape) -> LinearMap:
    """dA ↦ u_iᵀ dA v_i for every i, where the u_i are the columns of `left`, and the v_i the rows of `right`."""
    stack, values = ascii_uppercase[: len(shape) - 2], (*shape[:-2], left.shape[-1])
    return Contract(f"{stack}ki,{stack}il,{stack}kl->{stack}i", (left, right), shape, values)


def _singular(s: Entry, u: Entry, vt: Entry, shape: Shape) -> LinearMap:
    """dA ↦ u_iᵀ dA v_i, but 0 for singular values that are 0."""
    return Diagonal(s > rounding(s, max(shape[-2:])), s.shape) @ _quadratic(u, vt, shape)


@implements(np.linalg.cholesky)
def cholesky(a: NodeLike, /, *, upper: bool = False) -> Node:
    """L with A = L Lᵀ; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.cholesky(mg.parameter([[4.0]]))
    <cholesky (1, 1) float64: [[2.]]>
    """
    return Cholesky(upper)(matrices("cholesky", a, square=True))


@implements(np.linalg.eigh)
def eigh(a: NodeLike, UPLO: Triangle = "L") -> Any:
    """Eigenvalues and eigenvectors of symmetric matrices, as NumPy's EighResult; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.eigh(mg.parameter([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    <part (2,) float64: [1. 2.]>
    """
    return EighResult(*Eigh(_triangle(UPLO)).parts(matrices("eigh", a, square=True)))


@implements(np.linalg.eigvalsh)
def eigvalsh(a: NodeLike, UPLO: Triangle = "L") -> Node:
    """Eigenvalues of symmetric matrices; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.eigvalsh(mg.parameter([[2.0, 0.0], [0.0, 1.0]]))
    <eigvalsh (2,) float64: [1. 2.]>
    """
    return EigValsH(_triangle(UPLO))(matrices("eigvalsh", a, square=True))


@implements(np.linalg.svd)
def svd(a: NodeLike, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """The singular value decomposition, as NumPy's SVDResult; NumPy's meaning. Without `compute_uv`, as svdvals.

    UnsupportedError for full_matrices=True where it adds columns to U or rows to Vᵀ, and for hermitian=True.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.svd(mg.parameter([[3.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), full_matrices=False).U.shape
    (2, 2)
    """
    if hermitian:
        raise UnsupportedError("np.linalg.svd: hermitian=True is not supported on nodes. Write np.linalg.eigh.")
    node = matrices("svd", a)
    if not compute_uv:
        return SVDVals()(node)
    if full_matrices and node.shape[-2] != node.shape[-1]:
        raise UnsupportedError(
            f"np.linalg.svd: full_matrices=True adds vectors that a {node.shape} array does not determine: any that "
            "complete the basis will do, and they have no derivative. Write full_matrices=False."
        )
    return SVDResult(*SVD().parts(node))


@implements(np.linalg.svdvals)
def svdvals(x: NodeLike, /) -> Node:
    """The singular values; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.svdvals(mg.parameter([[3.0, 0.0], [0.0, -1.0]]))
    <svdvals (2,) float64: [3. 1.]>
    """
    return SVDVals()(matrices("svdvals", x))


@implements(np.linalg.qr)
def qr(a: NodeLike, mode: str = "reduced") -> Any:
    """The QR decomposition, as NumPy's QRResult; for mode "r", R alone; NumPy's meaning.

    UnsupportedError for mode "complete" where it adds columns to Q, and for "raw".

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.qr(mg.parameter([[3.0], [4.0]])).R.value.round(12)
    array([[-5.]])
    """
    node = matrices("qr", a)
    if mode not in ("reduced", "complete", "r"):
        raise UnsupportedError(f'np.linalg.qr: mode={mode!r} is not supported on nodes. Write mode="reduced".')
    if mode == "complete" and node.shape[-2] > node.shape[-1]:
        raise UnsupportedError(
            f'np.linalg.qr: mode="complete" adds columns to Q that a {node.shape} array does not determine: any that '
            'complete the basis will do, and they have no derivative. Write mode="reduced".'
        )
    q, r = QR().parts(node)
    return r if mode == "r" else QRResult(q, r)


def _triangle(UPLO: str) -> Any:
    return UPLO.upper()
