"""Examples of products and linear algebra: lines of op_examples.py, in a room of their own.

laid(np.linalg.eigh)       a function of several results, which are laid flat, one behind the other
einsum("ij,jk->ik")        einsum with these subscripts
regular, symmetric …       matrices whose singular or eigenvalues keep a distance from 0 and from one another
"""

from functools import partial
from typing import Any

import linalg_witnesses as witness
import numpy as np
from linalg_witnesses import flat, mirror, p_norm, size, svdvals
from op_lines import domain, example, fixed, kinkless, listed, mask, named, real, whole

import minigrad as mg
from minigrad.ops.convolution import Convolve
from minigrad.ops.decompositions import QR, SVD, Cholesky, Eigh
from minigrad.ops.einsum import Einsum
from minigrad.ops.exponential import Expm
from minigrad.ops.linalg import Cofactors, SlogDet
from minigrad.ops.norms import PNorm
from minigrad.ops.products import Cross, Dot, Kron, Outer, Stacked, TensorDot
from minigrad.ops.pseudo import LeastSquares, PInv


class laid(partial):  # noqa: N801  # read as a function of functions, as partial is
    """A partial function of several results, which are laid flat."""

    def __call__(self, *arguments: Any) -> Any:
        results = super().__call__(*arguments)
        return np.concatenate([np.reshape(part, -1) for part in results])


class spelled(partial):  # noqa: N801  # as laid
    """einsum with given subscripts, a function of its arguments alone."""

    def __call__(self, *arguments: Any) -> Any:
        settings = dict(self.keywords)
        return self.func(settings.pop("subscripts"), *arguments, **settings)


def einsum(subscripts: str, **settings: Any) -> Any:
    return spelled(np.einsum, subscripts=subscripts, **settings)


def turned(rng: np.random.Generator, shape: tuple[int, ...], rows: int) -> Any:
    """Orthonormal columns, shape[-1] of them."""
    return np.linalg.qr(rng.normal(size=(*shape[:-2], rows, shape[-1]))).Q


def with_values(rng: np.random.Generator, shape: tuple[int, ...], values: Any) -> Any:
    """A matrix with these singular values, at random otherwise."""
    *stack, m, n = shape
    k = min(m, n)
    return turned(rng, (*stack, m, k), m) * values(k) @ np.swapaxes(turned(rng, (*stack, n, k), n), -1, -2)


def with_eigenvalues(rng: np.random.Generator, shape: tuple[int, ...], values: Any) -> Any:
    q = turned(rng, shape, shape[-1])
    a = q * values(shape[-1]) @ np.swapaxes(q, -1, -2)
    return (a + np.swapaxes(a, -1, -2)) / 2


# Values 0.8 and more from one another: so far may a witness step to both sides.
regular = domain("regular", lambda rng, shape: with_values(rng, shape, lambda k: 1.0 + 0.8 * np.arange(k)))
symmetric = domain("symmetric", lambda rng, shape: with_eigenvalues(rng, shape, lambda k: 0.8 * np.arange(k) - 1.0))
definite = domain("definite", lambda rng, shape: with_eigenvalues(rng, shape, lambda k: 1.0 + 0.8 * np.arange(k)))
positive_det = domain("positive_det", lambda rng, shape: 2 * np.eye(shape[-1]) + 0.3 * rng.normal(size=shape))


def solved(a: Any, b: Any) -> Any:
    return np.linalg.inv(a) @ b


def log_of_det(a: Any) -> Any:
    d = np.linalg.det(a)
    return [np.sign(d.real), np.log(size(d))]


def least_squares(a: Any, b: Any) -> list[Any]:
    x = witness.pinv(a) @ b
    residuals = np.sum(np.reshape((b - a @ x) ** 2, (len(b), -1)), axis=0)
    rank = min(a.shape)
    return [x, residuals if a.shape[0] > a.shape[1] else residuals[:0], np.array(float(rank)), svdvals(a)]


def correlated(a: Any, v: Any, mode: Any = "valid") -> Any:
    return np.correlate(a, np.conj(v), mode)


EYE_6 = np.eye(6) + 0.1

EINSUM = [
    example(einsum("ij,jk->ik"), real(2, 3), real(3, 4)),
    example(einsum("ij,jk"), real(2, 3), real(3, 4)),
    example(einsum("ba,b"), real(2, 3), real(2)),  # implicit: letters in the order of the alphabet
    example(einsum("ij,kj->ik", optimize=True), real(2, 3), real(4, 3)),
    example(einsum(" i j , j -> i "), real(2, 3), real(3)),
    # one argument
    example(einsum("ii"), real(3, 3)),
    example(einsum("ii->"), real(3, 3, dtype="f4")),
    example(einsum("ii->i"), real(3, 3)),
    example(einsum("iii->i"), real(2, 2, 2)),
    example(einsum("iij->ij"), real(2, 2, 3)),
    example(einsum("iji->ij"), real(2, 3, 2)),
    example(einsum("ijij->ji"), real(2, 3, 2, 3)),
    example(einsum("iji"), real(2, 3, 2)),
    example(einsum("ij->ji"), real(2, 3)),
    example(einsum("ji"), real(2, 3)),
    example(einsum("ij->"), real(2, 3)),
    example(einsum("ij->j"), real(2, 3)),
    example(einsum("ijk->ki"), real(2, 3, 4)),
    example(einsum("->"), real()),
    example(einsum("i->i"), real(3)),
    example(einsum("...ii->..."), real(2, 3, 3)),
    example(einsum("...ij->...ji"), real(4, 2, 3)),
    # letters summed away, repeated letters among others
    example(einsum("ij,k->k"), real(2, 3), real(4)),
    example(einsum("ij,ik->i"), real(2, 3), real(2, 4)),
    example(einsum("ijk,l->jl"), real(2, 3, 2), real(3)),
    example(einsum("ii,i->i"), real(3, 3), real(3)),
    example(einsum("ii,jj->"), real(3, 3), real(2, 2)),
    example(einsum("ii,ij->j"), real(3, 3), real(3, 2)),
    example(einsum("i,i->"), real(3), real(3)),
    example(einsum("i,j->ij"), real(3), real(2)),
    example(einsum("i,->i"), real(3), real()),
    example(einsum(",ij"), 2.0, real(2, 3, dtype="f4")),
    example(einsum(","), real(), real()),
    # axes of length one are broadcast, and axes of length none stay
    example(einsum("ij,ij->ij"), real(1, 3), real(2, 3)),
    example(einsum("ij,ij->"), real(2, 1), real(1, 3)),
    example(einsum("ij,ij->i"), real(2, 3), real(1, 3)),
    example(einsum("ij,jk->ik"), real(2, 1), real(3, 4)),
    example(einsum("ij,jk->ik"), real(2, 3), real(1, 1)),
    example(einsum("ii,i->i"), real(1, 1), real(3)),
    example(einsum("ij->ji"), real(1, 1)),
    example(einsum("ij,jk->ik"), real(0, 3), real(3, 2)),
    example(einsum("ij,jk->ik"), real(2, 0), real(0, 2)),
    example(einsum("ij,ij->j"), real(0, 3), real(1, 3)),
    # ellipsis
    example(einsum("...ij,...jk->...ik"), real(2, 2, 3), real(2, 3, 2)),
    example(einsum("...ij,jk->...ik"), real(4, 2, 3), real(3, 2)),
    example(einsum("...ij,...j"), real(4, 2, 3), real(3)),
    example(einsum("...i,...i->..."), real(4, 1, 3), real(2, 3)),
    example(einsum("i...,i..."), real(3, 2), real(3, 1)),
    example(einsum("...,..."), real(2, 3), real(3)),
    example(einsum("ij...,jk->ik..."), real(2, 3, 2), real(3, 2)),
    example(einsum("...ij,jk->ik", optimize=True), real(2, 2, 3), real(3, 2)),  # the ellipsis is summed
    # many arguments, one of them twice
    example(einsum("ij,jk,kl->il", optimize="greedy"), real(2, 3), real(3, 2), real(2, 4)),
    example(einsum("ij,jk,kl->il", optimize=["einsum_path", (1, 2), (0, 1)]), real(2, 3), real(3, 2), real(2, 4)),
    example(einsum("i,j,k->ijk"), real(2), real(3), real(2)),
    example(einsum("i,ij,j->"), real(2), real(2, 3), real(3, dtype="f4")),
    example(einsum("ab,bc,cd,da->", optimize="optimal"), real(2, 3), real(3, 2), real(2, 3), real(3, 2)),
    example(named("einsum(ij,kj->ik of 2x twice)", lambda x: np.einsum("ij,kj->ik", y := 2 * x, y)), real(2, 3)),
    # a graph's kinds of arguments
    example(einsum("ij,j->i"), real(2, 3, dtype="f4"), real(3)),
    example(einsum("ij,j->i"), whole(2, 3), real(3)),
    example(einsum("ij,j->i"), real(2, 3), mask(3)),
    example(einsum("ij,j->i"), fixed(real(2, 3)), real(3)),
    example(
        named("einsum(ij,j->i) in f8", lambda a, b: np.einsum("ij,j->i", a, b, dtype="f8")),
        *(real(2, 3, dtype="f4"), real(3, dtype="f4")),
    ),
    # in numbers
    example(named("einsum(a [0,1] b [1,2])", lambda a, b: np.einsum(a, [0, 1], b, [1, 2])), real(2, 3), real(3, 2)),
    example(
        named("einsum(a [7,1] b [1,3] [3,7])", lambda a, b: np.einsum(a, [7, 1], b, [1, 3], [3, 7])),
        *(real(2, 3), real(3, 2)),
    ),
    example(named("einsum(a [...,0,0])", lambda a: np.einsum(a, [Ellipsis, 0, 0])), real(2, 3, 3)),
    example(
        named("einsum(a [...,0] b [0] [...])", lambda a, b: np.einsum(a, [..., 0], b, [0], [...])),
        *(real(2, 3), real(3)),
    ),
    example(Einsum("ij,ij->i"), real(2, 3), real(2, 3)),
]

PRODUCTS = [
    # dot, vdot, inner, outer
    example(np.dot, real(3), real(3)),
    example(np.dot, real(2, 3), real(3)),
    example(np.dot, real(3), real(3, 2)),
    example(np.dot, real(2, 3), real(3, 4)),
    example(np.dot, real(), real(2, 3)),
    example(np.dot, real(2, dtype="f4"), 3.0),
    example(np.dot, real(2, 3, 4), real(4)),
    example(np.dot, real(3), real(2, 3, 4)),
    example(np.dot, real(2, 3), real(4, 3, 2)),
    example(np.dot, real(2, 2, 3, dtype="f4"), real(3, 2)),
    example(np.dot, real(2, 1, 3), real(1, 3, 2)),
    example(np.dot, real(0, 3), real(3, 2)),
    example(np.dot, real(2, 0), real(0)),
    example(Dot(), real(2, 2), real(1, 2, 3)),
    example(np.vdot, real(3), real(3), analytic=lambda a, b: np.sum(a * b)),
    example(np.vdot, real(2, 3), real(3, 2, dtype="f4"), analytic=lambda a, b: np.sum(a.ravel() * b.ravel())),
    example(np.vdot, real(), real(1), analytic=lambda a, b: np.sum(a * b)),
    example(np.vdot, real(0), whole(0), analytic=lambda a, b: np.sum(a * b)),
    example(np.inner, real(3), real(3)),
    example(np.inner, real(2, 3), real(3)),
    example(np.inner, real(3), real(2, 3)),
    example(np.inner, real(2, 3), real(4, 2, 3)),
    example(np.inner, real(2, 3), 2.0),
    example(np.inner, real(), real(2)),
    example(np.inner, real(2, 3, dtype="f4"), whole(2, 3)),
    example(np.inner, real(2, 0), real(3, 0)),
    example(np.outer, real(3), real(2)),
    example(np.outer, real(2, 2), real(3)),
    example(np.outer, real(), real(2, dtype="f4")),
    example(np.outer, real(0), real(2)),
    example(Outer(), real(1), real(1)),
    example(named("outer of 2x twice", lambda x: np.outer(y := 2 * x, y)), real(3)),
    # tensordot
    example(np.tensordot, real(2, 3, 4), real(3, 4, 2)),
    example(partial(np.tensordot, axes=1), real(2, 3), real(3, 4)),
    example(partial(np.tensordot, axes=0), real(2, 3), real(2)),
    example(partial(np.tensordot, axes=(0, 1)), real(3, 2), real(2, 3, dtype="f4")),
    example(partial(np.tensordot, axes=([0, -1], [1, 0])), real(2, 3, 4), real(4, 2)),
    example(partial(np.tensordot, axes=((), ())), real(2), real()),
    example(partial(np.tensordot, axes=1), real(2, 0), real(0, 2)),
    example(partial(np.tensordot, axes=np.int64(1)), real(2, 1), real(1)),
    example(TensorDot(), real(2, 3), real(2, 3)),
    # kron
    example(np.kron, real(2), real(3)),
    example(np.kron, real(2, 3), real(3, 2)),
    example(np.kron, real(2, 1, dtype="f4"), real(1, 2)),
    example(np.kron, real(2), real(2, 2, 2)),
    example(np.kron, real(2, 2, 2), real(3)),
    example(np.kron, real(2), real()),
    example(np.kron, real(), real()),
    example(np.kron, real(0, 2), real(2, 2)),
    example(np.kron, fixed(np.eye(2)), real(2, 2)),
    example(Kron(), real(2, 2), real(1, 2)),
    # cross
    example(np.cross, real(3), real(3)),
    example(np.cross, real(2, 3), real(3)),
    example(np.cross, real(2, 1, 3), real(4, 3, dtype="f4")),
    example(partial(np.cross, axis=0), real(3, 2), real(3, 2)),
    example(partial(np.cross, axisa=0, axisb=1, axisc=0), real(3, 2), real(2, 3)),
    example(partial(np.cross, axisa=1, axisb=0, axisc=1), real(2, 3, 4), real(3, 4)),
    example(np.cross, real(0, 3), real(3)),
    example(Cross(), real(3), real(2, 3)),
    # stacks of vectors and matrices
    example(np.vecdot, real(3), real(3), analytic=lambda x, y: np.sum(x * y)),
    example(np.vecdot, real(2, 3), real(3, dtype="f4"), analytic=lambda x, y: np.sum(x * y, axis=-1)),
    example(partial(np.vecdot, axis=0), real(3, 2), real(3, 2), analytic=lambda x, y: np.sum(x * y, axis=0)),
    example(
        partial(np.vecdot, axis=-2, keepdims=True),
        *(real(3, 2), real(4, 3, 2)),
        analytic=lambda x, y: np.sum(x * y, axis=-2, keepdims=True),
    ),
    example(
        partial(np.vecdot, axes=[0, 1, ()]),
        *(real(3, 2), real(2, 3)),
        analytic=lambda x, y: np.sum(x.T * y, axis=1),
    ),
    example(np.vecdot, real(2, 0), real(0), analytic=lambda x, y: np.sum(x * y, axis=-1)),
    example(np.matvec, real(2, 3), real(3)),
    example(np.matvec, real(4, 2, 3, dtype="f4"), real(3)),
    example(np.matvec, real(4, 2, 3), real(2, 1, 3)),
    example(partial(np.matvec, axes=[(0, 1), 0, 0]), real(2, 3, 4), real(3, 4)),
    example(np.vecmat, real(3), real(3, 2), analytic=lambda x, y: x @ y),
    example(np.vecmat, real(4, 3), real(3, 2), analytic=lambda x, y: x @ y),
    example(np.vecmat, real(4, 3), real(4, 3, 2), analytic=lambda x, y: (x[:, None] @ y)[:, 0]),
    example(Stacked(np.matvec), real(2, 3), real(2, 3)),
    # np.linalg's names
    example(np.linalg.matmul, real(2, 3), real(3, 2)),
    example(np.linalg.vecdot, real(2, 3), real(3), analytic=lambda x, y: np.sum(x * y, axis=-1)),
    example(partial(np.linalg.vecdot, axis=0), real(3, 2), real(3, 1), analytic=lambda x, y: np.sum(x * y, axis=0)),
    example(np.linalg.tensordot, real(2, 3, 2), real(3, 2)),
    example(partial(np.linalg.tensordot, axes=1), real(2, 3), real(3, 2)),
    example(np.linalg.outer, real(2), real(4)),
    example(np.linalg.cross, real(3), real(4, 3)),
    example(partial(np.linalg.cross, axis=0), real(3, 2), real(3, 1)),
    example(np.linalg.diagonal, real(2, 3, 3)),
    example(partial(np.linalg.diagonal, offset=-1), real(3, 4)),
    example(np.linalg.trace, real(3, 3)),
    example(partial(np.linalg.trace, offset=1), real(2, 3, 3, dtype="f4")),
    # stacks of matrices that are not all broadcast
    example(mg.matmul, real(4, 2, 3), real(4, 3, 2)),
    example(mg.matmul, real(2, 1, 2, 3), real(2, 4, 3, 2)),
    # convolve and correlate
    *(
        example(partial(function, mode=mode), real(first), real(second, dtype=dtype), analytic=analytic)
        for function, analytic_of in ((np.convolve, None), (np.correlate, correlated))
        for mode in ("full", "same", "valid")
        for first, second, dtype in ((5, 3, "f8"), (3, 4, "f4"), (2, 2, "f8"), (1, 4, "f8"), (2, 5, "f8"))
        for analytic in [analytic_of and partial(analytic_of, mode=mode)]
    ),
    example(np.convolve, real(4), real(3)),
    example(np.convolve, real(), real(3)),
    example(np.convolve, whole(4), real(2)),
    example(np.correlate, real(4), real(3), analytic=correlated),
    example(named("convolve of 2x twice", lambda x: np.convolve(y := 2 * x, y)), real(3)),
    example(Convolve("same"), real(4), real(2)),
    # many matrices
    *(example(partial(np.linalg.matrix_power, n=n), regular(3, 3)) for n in (-3, -2, -1, 1, 4, 6, 8)),
    example(partial(np.linalg.matrix_power, n=0), real(3, 3), derivatives=0),
    example(partial(np.linalg.matrix_power, n=0), real(2, 1, 1, dtype="f4"), derivatives=0),
    example(partial(np.linalg.matrix_power, n=4), real(2, 2, 2, dtype="f4")),
    example(partial(np.linalg.matrix_power, n=4), real(0, 0)),
    example(listed(np.linalg.multi_dot), real(2, 3), real(3, 4)),
    example(listed(np.linalg.multi_dot), real(2, 3), real(3, 4), real(4, 2)),
    example(listed(np.linalg.multi_dot), real(4, 2), real(2, 5), real(5, 1), real(1, 3)),
    example(listed(np.linalg.multi_dot), real(2), real(2, 3, dtype="f4"), real(3)),
    example(listed(np.linalg.multi_dot), real(2), real(2)),
    example(listed(np.linalg.multi_dot), real(2, 0), real(0, 3), real(3)),
]

NORMS = [
    # vectors
    *(
        example(
            partial(np.linalg.norm, **settings),
            real(*shape),
            analytic=partial(p_norm, p=2, **{key: value for key, value in settings.items() if key != "ord"}),
        )
        for shape, settings in (
            ((3,), {}),
            ((3,), {"ord": 2}),
            ((2, 3), {}),
            ((2, 3), {"ord": "fro"}),
            ((2, 3, 4), {"keepdims": True}),
            ((2, 3), {"axis": 0}),
            ((2, 3, 4), {"axis": -2, "keepdims": True}),
            ((2, 3, 4), {"axis": (0, 2)}),
            ((2, 3, 4), {"axis": (-1, 0), "ord": "fro", "keepdims": True}),
            ((2, 3, 4), {"axis": 1, "ord": 2}),
            ((), {}),
        )
    ),
    example(np.linalg.norm, real(3, dtype="f4"), analytic=partial(p_norm, p=2)),
    example(np.linalg.norm, whole(3), analytic=partial(p_norm, p=2), derivatives=0),
    *(
        example(
            partial(np.linalg.norm, ord=p, axis=1, keepdims=keepdims),
            kinkless(2, 3),
            analytic=partial(p_norm, p=p, axis=1, keepdims=keepdims),
        )
        for p, keepdims in ((1, False), (1, True), (3, False), (2.5, True), (0.5, False), (-1, False), (-2.5, False))
    ),
    example(partial(np.linalg.norm, ord=3), kinkless(4, dtype="f4"), analytic=partial(p_norm, p=3)),
    example(PNorm(3.0, 0), kinkless(4), analytic=partial(p_norm, p=3)),
    example(partial(np.linalg.norm, ord=np.inf), fixed([1.0, -2.0]), analytic=lambda x: np.float64(2.0), derivatives=0),
    example(
        partial(np.linalg.norm, ord=np.inf, axis=0, keepdims=True),
        np.array([[1.0, -3.0], [-2.0, 0.5]]),
        analytic=lambda x: np.stack([-x[1, 0], -x[0, 1]])[None],
    ),
    example(
        partial(np.linalg.norm, ord=-np.inf),
        np.array([1.0, -3.0], "f4"),
        analytic=lambda x: x[0],
    ),
    example(partial(np.linalg.norm, ord=0), real(3), derivatives=0),
    example(partial(np.linalg.norm, ord=0, axis=0, keepdims=True), real(3, 2, dtype="f4"), derivatives=0),
    example(np.linalg.vector_norm, real(2, 3), analytic=partial(p_norm, p=2)),
    example(partial(np.linalg.vector_norm, ord=3), kinkless(2, 3), analytic=partial(p_norm, p=3)),
    *(
        example(
            partial(np.linalg.vector_norm, axis=axis, keepdims=keepdims, ord=p),
            kinkless(2, 3, 4),
            analytic=partial(p_norm, p=p, axis=axis, keepdims=keepdims),
        )
        for axis, keepdims, p in ((1, False, 2), ((0, 2), True, 2), ((2, 0), False, 1), (None, True, 4), (-1, True, 3))
    ),
    # matrices
    example(np.linalg.matrix_norm, real(4, 2, 3), analytic=partial(p_norm, p=2, axis=(-2, -1))),
    example(
        partial(np.linalg.matrix_norm, keepdims=True, ord="nuc"),
        regular(2, 3),
        analytic=lambda x: np.sum(svdvals(x)).reshape(1, 1),
    ),
    *(
        example(partial(np.linalg.norm, ord=ord), regular(*shape), analytic=analytic)
        for shape in ((3, 3), (2, 3), (3, 2))
        for ord, analytic in (
            ("nuc", lambda x: np.sum(svdvals(x))),
            (2, lambda x: svdvals(x)[0]),
            (-2, lambda x: svdvals(x)[-1]),
        )
    ),
    example(
        partial(np.linalg.norm, ord=2, axis=(2, 0), keepdims=True),
        np.arange(24.0).reshape(4, 3, 2) ** 1.5 % 7,
        analytic=lambda x: svdvals(np.transpose(x, (1, 2, 0)))[:, 0].reshape(1, 3, 1),
    ),
    *(
        example(partial(np.linalg.norm, ord=ord, axis=axis), np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.5]]), analytic=f)
        for ord, axis, f in (
            (1, None, lambda x: x[0, 0] + x[1, 0]),
            (-1, None, lambda x: x[0, 2] - x[1, 2]),
            (np.inf, None, lambda x: x[1, 0] + x[1, 1] - x[1, 2]),
            (-np.inf, None, lambda x: x[0, 0] - x[0, 1] + x[0, 2]),
            (1, (1, 0), lambda x: x[1, 0] + x[1, 1] - x[1, 2]),
        )
    ),
    # condition numbers, ranks
    example(np.linalg.cond, regular(3, 3), analytic=lambda x: svdvals(x)[0] / svdvals(x)[-1]),
    example(partial(np.linalg.cond, p=-2), regular(2, 3), analytic=lambda x: svdvals(x)[-1] / svdvals(x)[0]),
    example(partial(np.linalg.cond, p=2), regular(2, 3, 2), analytic=lambda x: svdvals(x)[:, 0] / svdvals(x)[:, -1]),
    example(
        partial(np.linalg.cond, p="fro"),
        regular(3, 3, dtype="f4"),
        analytic=lambda x: p_norm(x, 2) * p_norm(np.linalg.inv(x), 2),
    ),
    example(np.linalg.matrix_rank, real(3, 2), derivatives=0),
    example(partial(np.linalg.matrix_rank, tol=1e-3), real(2, 3, 2), derivatives=0),
]

EQUATIONS = [
    example(np.linalg.solve, regular(3, 3), real(3)),
    example(np.linalg.solve, regular(3, 3), real(3, 2)),
    example(np.linalg.solve, regular(2, 3, 3), real(3, 2)),
    example(np.linalg.solve, regular(2, 3, 3), real(3)),
    example(np.linalg.solve, regular(3, 3), real(2, 3, 2)),
    example(np.linalg.solve, regular(2, 1, 3, 3), real(4, 3, 1)),
    example(np.linalg.solve, regular(1, 2, 2, dtype="f4"), real(3, 2, 2)),
    example(np.linalg.solve, regular(1, 1), real(1)),
    example(np.linalg.solve, regular(3, 3), whole(3)),
    example(np.linalg.solve, fixed(regular(3, 3)), real(3)),
    example(np.linalg.solve, real(0, 0), real(0)),
    example(np.linalg.solve, real(0, 2, 2), real(0, 2, 1)),
    example(np.linalg.inv, regular(3, 3)),
    example(np.linalg.inv, regular(2, 2, 2, dtype="f4")),
    example(np.linalg.inv, regular(1, 1)),
    example(np.linalg.inv, real(0, 0)),
    example(np.linalg.inv, real(0, 3, 3)),
    example(np.linalg.det, regular(3, 3)),
    example(np.linalg.det, real(4, 4)),
    example(np.linalg.det, regular(2, 3, 3, dtype="f4")),
    example(np.linalg.det, np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]]), analytic=np.linalg.det),
    example(np.linalg.det, real(1, 1)),
    example(np.linalg.det, real(0, 0)),
    example(np.linalg.det, real(0, 2, 2)),
    example(Cofactors(), regular(3, 3), analytic=witness.cofactors),
    example(Cofactors(), regular(2, 3, 3, dtype="f4"), analytic=witness.cofactors),
    example(Cofactors(), real(1, 1), analytic=witness.cofactors),
    example(laid(np.linalg.slogdet), regular(3, 3), analytic=lambda a: flat(log_of_det(a))),
    example(laid(np.linalg.slogdet), regular(2, 3, 3, dtype="f4"), analytic=lambda a: flat(log_of_det(a))),
    example(laid(np.linalg.slogdet), real(0, 0), analytic=lambda a: np.array([1.0, 0.0])),
    example(SlogDet(), regular(3, 3), analytic=lambda a: flat(log_of_det(a))),
    example(named("slogdet(a).sign", lambda a: np.linalg.slogdet(a).sign), regular(3, 3), derivatives=0),
    example(np.linalg.tensorsolve, fixed(EYE_6.reshape(2, 3, 6)), real(2, 3)),
    example(np.linalg.tensorsolve, regular(6, 6), real(6)),
    example(partial(np.linalg.tensorsolve, axes=(0,)), EYE_6.T.reshape(6, 2, 3), real(2, 3)),
    example(partial(np.linalg.tensorinv, ind=1), regular(3, 3)),
    example(np.linalg.tensorinv, fixed(EYE_6.reshape(2, 3, 6)), derivatives=0),
    example(partial(np.linalg.tensorinv, ind=1), np.eye(4).reshape(4, 2, 2) + 0.1 * np.arange(16).reshape(4, 2, 2)),
    # more, or fewer, equations than unknowns
    *(
        example(np.linalg.pinv, regular(*shape), analytic=witness.pinv)
        for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1))
    ),
    example(np.linalg.pinv, regular(3, 2, dtype="f4"), analytic=witness.pinv),
    example(partial(np.linalg.pinv, rcond=1e-8), regular(3, 2), analytic=witness.pinv),
    example(partial(np.linalg.pinv, rtol=1e-8), regular(2, 3), analytic=witness.pinv),
    example(partial(np.linalg.pinv, rtol=None), regular(2, 3), analytic=witness.pinv),
    example(np.linalg.pinv, real(0, 3), analytic=lambda a: np.zeros((3, 0))),
    example(PInv(), regular(3, 2), analytic=witness.pinv),
    example(laid(np.linalg.lstsq), regular(4, 2), real(4), analytic=lambda a, b: flat(least_squares(a, b))),
    example(laid(np.linalg.lstsq), regular(4, 2), real(4, 3), analytic=lambda a, b: flat(least_squares(a, b))),
    example(laid(np.linalg.lstsq), regular(2, 3), real(2), analytic=lambda a, b: flat(least_squares(a, b))),
    example(laid(np.linalg.lstsq), regular(3, 3), real(3), analytic=lambda a, b: flat(least_squares(a, b))),
    example(
        laid(np.linalg.lstsq, rcond=1e-6),
        *(regular(3, 2, dtype="f4"), real(3, dtype="f4")),
        analytic=lambda a, b: flat(least_squares(a, b)),
    ),
    example(LeastSquares(), regular(3, 2), real(3), analytic=lambda a, b: witness.pinv(a) @ b),
    example(LeastSquares(), regular(2, 3), real(2, 2), analytic=lambda a, b: witness.pinv(a) @ b),
]

DECOMPOSITIONS = [
    example(np.linalg.cholesky, definite(3, 3), analytic=lambda a: witness.cholesky(mirror(a))),
    example(partial(np.linalg.cholesky, upper=True), definite(3, 3), analytic=partial(witness.cholesky, upper=True)),
    example(np.linalg.cholesky, definite(2, 3, 3, dtype="f4"), analytic=witness.cholesky),
    example(np.linalg.cholesky, definite(1, 1), analytic=witness.cholesky),
    example(np.linalg.cholesky, real(0, 0), analytic=witness.cholesky),
    example(Cholesky(), definite(2, 2), analytic=witness.cholesky),
    *(
        example(laid(np.linalg.eigh, **settings), symmetric(*shape), analytic=f)
        for shape, settings in (((3, 3), {}), ((3, 3), {"UPLO": "U"}), ((2, 2, 2), {}), ((1, 1), {}))
        for f in [lambda a, settings=settings: flat(witness.eigh(a, **settings))]
    ),
    example(laid(np.linalg.eigh), symmetric(2, 2, dtype="f4"), analytic=lambda a: flat(witness.eigh(a))),
    example(laid(np.linalg.eigh), real(0, 0), analytic=lambda a: flat(witness.eigh(a))),
    example(Eigh("U"), symmetric(2, 2), analytic=lambda a: flat(witness.eigh(a, "U"))),
    example(np.linalg.eigvalsh, symmetric(3, 3), analytic=lambda a: witness.eigh(a)[0]),
    example(partial(np.linalg.eigvalsh, UPLO="U"), symmetric(2, 2, 2), analytic=lambda a: witness.eigh(a, "U")[0]),
    example(np.linalg.eigvalsh, symmetric(2, 2, dtype="f4"), analytic=lambda a: witness.eigh(a)[0]),
    example(np.linalg.eigvalsh, real(0, 0), analytic=lambda a: witness.eigh(a)[0]),
    *(
        example(laid(np.linalg.svd, full_matrices=False), regular(*shape), analytic=lambda a: flat(witness.svd(a)))
        for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1), (1, 3), (3, 1))
    ),
    example(laid(np.linalg.svd), regular(2, 2, dtype="f4"), analytic=lambda a: flat(witness.svd(a))),
    example(laid(np.linalg.svd, full_matrices=False), real(0, 3), analytic=lambda a: np.zeros(0)),
    example(SVD(), regular(3, 2), analytic=lambda a: flat(witness.svd(a))),
    example(partial(np.linalg.svd, compute_uv=False), regular(3, 2), analytic=svdvals),
    example(np.linalg.svdvals, regular(3, 3), analytic=svdvals),
    example(np.linalg.svdvals, regular(2, 2, 3, dtype="f4"), analytic=svdvals),
    example(np.linalg.svdvals, real(3, 0), analytic=svdvals),
    *(
        example(laid(np.linalg.qr), regular(*shape), analytic=lambda a: flat(witness.qr(a)))
        for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1), (1, 3))
    ),
    example(laid(np.linalg.qr, mode="complete"), regular(2, 3), analytic=lambda a: flat(witness.qr(a))),
    example(laid(np.linalg.qr), regular(3, 2, dtype="f4"), analytic=lambda a: flat(witness.qr(a))),
    example(laid(np.linalg.qr), real(3, 0), analytic=lambda a: np.zeros(0)),
    example(partial(np.linalg.qr, mode="r"), regular(3, 2), analytic=lambda a: witness.qr(a)[1]),
    example(QR(), regular(2, 2), analytic=lambda a: flat(witness.qr(a))),
    # what depends on a decomposition, but not on its signs
    example(
        named("V V.T of eigh(a)", lambda a: (v := np.linalg.eigh(a)[1])[:, :1] @ v[:, :1].T),
        symmetric(3, 3),
        analytic=lambda a: (v := witness.eigh(a)[1])[:, :1] @ v[:, :1].T,
    ),
    # the exponential
    example(mg.expm, real(3, 3), analytic=witness.expm),
    example(mg.expm, real(2, 2, 2), analytic=witness.expm),
    example(mg.expm, real(2, 2, dtype="f4"), analytic=witness.expm),
    example(mg.expm, real(1, 1), analytic=witness.expm),
    example(mg.expm, real(0, 0), analytic=witness.expm),
    example(Expm(), real(2, 2), analytic=witness.expm),
]

EXAMPLES = [*EINSUM, *PRODUCTS, *NORMS, *EQUATIONS, *DECOMPOSITIONS]
