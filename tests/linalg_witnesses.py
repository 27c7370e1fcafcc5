"""Linear algebra without LAPACK: what the derivatives of decompositions are held against.

cholesky, qr, cofactors, pinv, expm      formulas that hold for complex numbers too, so that a complex step goes through
eigh, svd                                in fifty digits, by mpmath, with central differences for the derivative
size                                     |x| as an analytic function, for numbers away from 0
"""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np

Array = np.ndarray[Any, Any]


def of_each(function: Callable[[Array], Any], a: Any, results: int) -> list[Any]:
    """A function of one matrix, for every matrix of a stack; its results stacked the same way."""
    a = np.asarray(a)
    if a.ndim == 2:
        return list(function(a))
    every = [function(matrix) for matrix in a.reshape(-1, *a.shape[-2:])]
    stacked = [np.stack([np.asarray(found[k]) for found in every]) for k in range(results)]
    return [part.reshape(a.shape[:-2] + part.shape[1:]) for part in stacked]


def flat(parts: Sequence[Any]) -> Array:
    """Several results laid flat, one behind the other."""
    return np.concatenate([np.ravel(part) for part in parts])


def size(x: Any) -> Any:
    return x * np.sign(np.real(x))


def mirror(a: Any, triangle: str = "L") -> Any:
    """The symmetric matrix with one triangle of a."""
    if triangle == "U":
        a = np.swapaxes(a, -1, -2)
    below = np.tri(np.shape(a)[-1], k=-1)
    return a * np.tri(np.shape(a)[-1]) + np.swapaxes(a * below, -1, -2)


# --- formulas ---------------------------------------------------------------------------------------------------------


def cholesky(a: Any, upper: bool = False) -> Any:
    """Row by row, without a conjugate."""
    a = np.swapaxes(a, -1, -2) if upper else a
    lower = np.zeros(np.shape(a), np.result_type(a))
    for i in range(np.shape(a)[-1]):
        for j in range(i + 1):
            rest = a[..., i, j] - np.sum(lower[..., i, :j] * lower[..., j, :j], axis=-1)
            lower[..., i, j] = np.sqrt(rest) if i == j else rest / lower[..., j, j]
    return np.swapaxes(lower, -1, -2) if upper else lower


def qr(a: Any) -> list[Any]:
    """By the Cholesky factor of AᵀA, with the signs of LAPACK."""
    k = min(np.shape(a)[-2:])
    first = a[..., :k]
    r = cholesky(np.swapaxes(first, -1, -2) @ first, upper=True)
    signs = np.sign(np.diagonal(np.linalg.qr(np.real(a)).R, axis1=-2, axis2=-1))
    r = signs[..., None] * r
    q = first @ np.linalg.inv(r)
    return [q, np.concatenate([r, np.swapaxes(q, -1, -2) @ a[..., k:]], axis=-1)]


def cofactors(a: Any) -> Any:
    """Minor by minor."""
    minors = np.empty(np.shape(a), np.result_type(a))
    n = np.shape(a)[-1]
    for i in range(n):
        for j in range(n):
            rest = np.delete(np.delete(a, i, axis=-2), j, axis=-1)
            minors[..., i, j] = (-1) ** (i + j) * np.linalg.det(rest)
    return minors


def pinv(a: Any) -> Any:
    """Of matrices of full rank."""
    turned = np.swapaxes(a, -1, -2)
    m, n = np.shape(a)[-2:]
    return np.linalg.inv(turned @ a) @ turned if m >= n else turned @ np.linalg.inv(a @ turned)


def expm(a: Any) -> Any:
    """Taylor's series of A/8, squared three times."""
    term = total = np.broadcast_to(np.eye(np.shape(a)[-1]), np.shape(a))
    for k in range(1, 30):
        term = term @ a / (8 * k)
        total = total + term
    for _ in range(3):
        total = total @ total
    return total


def p_norm(x: Any, p: float, axis: Any = None, keepdims: bool = False) -> Any:
    return np.sum(size(x) ** p, axis=axis, keepdims=keepdims) ** (1 / p)


# --- fifty digits -----------------------------------------------------------------------------------------------------


def in_fifty_digits(function: Callable[[Any], list[Any]], a: Any) -> list[Array]:
    """A function of one matrix, by mpmath; at a complex matrix, its value and its derivative along the imaginary part.

    So a complex step finds the derivative, though the function has no complex values.
    """
    at, along = np.real(a), np.imag(a)
    with mpmath.workdps(50):
        here = [_floats(part) for part in function(mpmath.matrix(at.tolist()))]
        if not along.any():
            return here
        scale, step = np.abs(along).max(), mpmath.mpf(10) ** -16
        move = mpmath.matrix((along / scale).tolist()) * step
        ahead, behind = (function(mpmath.matrix(at.tolist()) + sign * move) for sign in (1, -1))
        slopes = [_floats((x - y) / (2 * step)) * scale for x, y in zip(ahead, behind, strict=True)]
    return [value + 1j * slope for value, slope in zip(here, slopes, strict=True)]


def _floats(matrix: Any) -> Array:
    return np.array(matrix.tolist(), dtype=float).reshape(matrix.rows, matrix.cols)


def eigh(a: Any, UPLO: str = "L") -> list[Any]:
    """Eigenvalues and eigenvectors, these with the signs of LAPACK."""
    if np.shape(a)[-1] == 0:
        return [np.zeros(np.shape(a)[:-1]), np.zeros(np.shape(a))]

    def one(a: Array) -> list[Any]:
        like = np.linalg.eigh(np.real(a), UPLO).eigenvectors

        def in_fifty(m: Any) -> list[Any]:
            values, vectors = mpmath.eigsy(m)
            return [values, vectors * _signs(vectors, like)]

        values, vectors = in_fifty_digits(in_fifty, mirror(a, UPLO))
        return [values[:, 0], vectors]

    return of_each(one, a, 2)


def svd(a: Any) -> list[Any]:
    """Singular values and vectors, these with the signs of LAPACK."""

    def one(a: Array) -> list[Any]:
        like = np.linalg.svd(np.real(a), full_matrices=False).U

        def in_fifty(m: Any) -> list[Any]:
            u, s, vt = mpmath.svd_r(m, full_matrices=False)
            signs = _signs(u, like)
            return [u * signs, s, signs * vt]

        u, s, vt = in_fifty_digits(in_fifty, a)
        return [u, s[:, 0], vt]

    return of_each(one, a, 3)


def _signs(vectors: Any, like: Array) -> Any:
    """The diagonal matrix of signs that turns each of the vectors to the side where LAPACK has it."""
    return mpmath.diag(np.sign(np.sum(_floats(vectors) * like, axis=0)).tolist())


def svdvals(a: Any) -> Any:
    if 0 in np.shape(a):
        return np.zeros((*np.shape(a)[:-2], min(np.shape(a)[-2:])))
    return svd(a)[1]
