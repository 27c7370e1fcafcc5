"""The table that random programs are drawn from: one line an operation, with the shapes and domains of its arguments.

DOMAINS      where a function is analytic and well-conditioned, and how to get there
FAMILIES     the operations, as they stand in a program
ENDINGS      the operations by which an array ends in one number
SETTINGS     axes, shapes, masks, weights: what else stands in an operation
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

# --- domains: a test of the value, and ways to get there --------------------------------------------------------------


class Domain(NamedTuple):
    """Where a function is analytic and well-conditioned; each way is a few operations, one after the other."""

    holds: Callable[[np.ndarray], Any]
    ways: tuple[tuple[str, ...], ...]


def between(low: float, high: float, *ways: tuple[str, ...]) -> Domain:
    return Domain(lambda x: np.all((low <= x) & (x <= high)), ways)


def _far_from_zero(x: np.ndarray) -> Any:
    return np.all(np.abs(x) > 0.2)


def _distinct(x: np.ndarray) -> Any:
    return x.size > 0 and np.all(np.diff(np.sort(x, axis=None)) > 1e-2)


def _varied(x: np.ndarray) -> Any:
    return x.ndim > 0 and np.all(np.std(x, axis=-1) > 0.1) and np.all(np.std(x, axis=0) > 0.1)


def _dominated_by_its_diagonal(a: np.ndarray) -> Any:
    return np.all(2 * np.diag(a) - np.sum(np.abs(a), axis=1) > 0.5)


def _positive_definite(a: np.ndarray) -> Any:
    return np.allclose(a, a.T, atol=1e-13) and np.linalg.eigvalsh(a)[0] > 0.3


def _regular(a: np.ndarray) -> Any:
    return np.linalg.cond(a) < 100


def _of_full_rank(a: np.ndarray) -> Any:
    return a.shape[0] >= a.shape[1] and np.linalg.cond(a) < 20


BOUNDED = [("np.sin({a})",), ("np.tanh({a})",), ("np.arctan({a})",), ("mg.sigmoid({a})",), ("special.erf({a})",)]
SHIFTED = [("np.sin({a})", "{a} + 2.5"), ("np.tanh({a})", "2 - {a}"), ("np.cos({a})", "{a} + 1.75")]

DOMINANT = ("np.tanh({a})", "{a} + {i} * np.eye({i})")

# Where jax's Hessian is NaN, nothing can be compared: for lstsq of a matrix with a singular value that repeats (hence
# 2, 3, 4 under a tall one), for det of a singular matrix, and for vander at 0.
DOMAINS = {
    "": Domain(lambda x: True, ()),
    "small": between(-3, 3, *BOUNDED),
    "turn": between(-1.2, 1.2, *BOUNDED[:2]),
    "unit": between(-0.9, 0.9, ("np.sin({a})", "0.8 * {a}"), ("np.tanh({a})", "{a} / 1.25")),
    "part": between(0.1, 0.9, ("np.sin({a})", "{a} / 3", "{a} + 0.5")),
    "positive": between(0.2, 50, *SHIFTED, ("np.tanh({a})", "np.exp({a})"), ("np.square({a})", "{a} + 0.4")),
    "medium": between(0.5, 6, *SHIFTED),
    "above one": between(1.2, 50, ("np.sin({a})", "{a} + 2.5"), ("np.square({a})", "{a} + 1.3")),
    "above minus one": between(-0.7, 50, ("np.square({a})",), ("np.sin({a})", "0.6 * {a}")),
    "nonzero": Domain(_far_from_zero, (*SHIFTED, ("np.sin({a})", "{a} - 1.5"))),
    "distinct": Domain(_distinct, ()),
    "varied": Domain(_varied, ()),
    "dominant": Domain(_dominated_by_its_diagonal, (DOMINANT,)),
    "regular": Domain(_regular, (DOMINANT,)),
    "definite": Domain(
        _positive_definite, (("np.tanh({a})", "np.einsum('ij,kj->ik', {a}, {a})", "{a} + np.eye({i})"),)
    ),
    "tall": Domain(_of_full_rank, (("np.sin({a})", "np.vstack([{a}, np.diag(np.arange(2.0, {j} + 2))])"),)),
}

# --- the table --------------------------------------------------------------------------------------------------------
# A line of a program: its text, and for each argument a shape and a domain. A letter of a shape is an axis; "*" is any
# shape, "+" any with an axis, "~" one that broadcasts with the first argument's, "=" the same as the first's; after
# "!" it is not the first argument itself, as x − x and A⁻¹ A have nothing to differentiate.
# In the text, {a} {b} … are the arguments, {i} {j} … the lengths of axes; the other fields are SETTINGS, below.


class Line(NamedTuple):
    """How to write one operation."""

    text: str
    arguments: tuple[tuple[str, str], ...]


NUMPYS = re.compile(r"\bnp\.(\w+)")


def lines(table: str) -> list[Line]:
    """Lines written as `text | shape domain | shape domain`; several texts with the same arguments part by `;`.

    Those of functions that this NumPy does not have yet are left out: matvec is of 2.2.
    """
    found = []
    for row in table.strip().splitlines():
        texts, *wanted = row.split("|")
        pairs = tuple([(shape, domain) for shape, _, domain in (want.strip().partition(" ") for want in wanted)])
        known = [text.strip() for text in texts.split(";") if all(hasattr(np, f) for f in NUMPYS.findall(text))]
        found += [Line(text, pairs) for text in known]
    return found


POINTWISE = lines("""
    np.sin({a}); np.cos({a}); np.tanh({a}); np.arctan({a}); np.arcsinh({a}); np.sinc({a}); special.erf({a}) | *
    -{a}; np.negative({a}); np.positive({a}); np.degrees({a}); np.radians({a}); np.square({a}); {a} ** 2 | *
    {a} + {number}; {number} - {a}; {number} * {a}; {a} / {number}; np.multiply({a}, {number}) | *
    mg.sigmoid({a}); mg.softplus({a}); np.exp({a}); np.exp2({a}); np.expm1({a}); np.sinh({a}); np.cosh({a}) | * small
    special.expit({a}); special.erfc({a}); special.ndtr({a}); {a} ** 3; np.power({a}, 3) | * small
    np.tan({a}) | * turn
    np.arcsin({a}); np.arccos({a}); np.arctanh({a}) | * unit
    special.logit({a}) | * part
    np.log({a}); np.log2({a}); np.log10({a}); np.sqrt({a}); np.cbrt({a}); special.entr({a}) | * positive
    {number} / {a}; np.reciprocal({a}); {a} ** -2; {a} ** 0.5; np.power({a}, 1.5); {number} ** {a} | * medium
    special.gamma({a}); special.gammaln({a}); special.psi({a}) | * medium
    np.arccosh({a}) | * above one
    np.log1p({a}) | * above minus one
    np.abs({a}); np.absolute({a}); np.fabs({a}) | * nonzero
    {a} + {b}; {a} * {b}; np.add({a}, {b}); np.multiply({a}, {b}) | * | ~
    {a} - {b}; np.subtract({a}, {b}) | * | ~!
    {a} / {b}; np.divide({a}, {b}) | * | ~! nonzero
    np.arctan2({a}, {b}) | * | ~! positive
    np.hypot({a}, {b}) | * | ~ nonzero
    np.logaddexp({a}, {b}); np.logaddexp2({a}, {b}) | * small | ~ small
    {a} ** {b}; np.power({a}, {b}); np.float_power({a}, {b}) | * medium | ~ small
    special.xlogy({a}, {b}) | * | ~ positive
    special.xlog1py({a}, {b}) | * | ~ above minus one
    special.rel_entr({a}, {b}); special.betaln({a}, {b}) | * medium | ~! medium
    np.where({mask}, {a}, {b}) | * | ~
    np.where({mask}, {a}, {number}); np.select([{mask}], [{a}], {number}) | *
""")

REDUCTIONS = lines("""
    np.sum({a}, axis={axes}, keepdims={flag}); np.mean({a}, axis={axes}, keepdims={flag}) | +
    np.sum({a}); np.mean({a}); {a}.sum(); {a}.mean({axis}); np.nansum({a}, {axis}); np.nanmean({a}, {axis}) | +
    np.average({a}, {axis}, {weights}) | +
    np.cumsum({a}, {axis}); np.cumsum({a}); np.cumulative_sum({a}, axis={axis}) | +
    np.prod({a}, axis={axes}); np.cumprod({a}, {axis}); np.nanprod({a}, {axis}) | + small
    np.var({a}, axis={axis}); np.std({a}, axis={axis}); np.var({a}, ddof=1); np.std({a}, keepdims=True) | + varied
    np.cov({a}); np.corrcoef({a}) | i3 varied
    mg.logsumexp({a}, axis={axis}); mg.logsumexp({a}); mg.softmax({a}, {axis}); mg.log_softmax({a}, {axis}) | + small
    np.linalg.norm({a}); np.linalg.norm({a}, axis={axis}); np.linalg.norm({a}, 3, axis={axis}) | + nonzero
    np.linalg.norm({a}, 'fro'); np.linalg.norm({a}, axis=(0, 1), keepdims=True) | ij nonzero
    np.diff({a}, axis={axis}); np.gradient({a}, {number}, axis={axis}); np.trapezoid({a}, axis={axis}) | ijk
    np.diff({a}); np.diff({a}, n=2); np.trapezoid({a}, dx={number}); np.ediff1d({a}) | 3
    np.max({a}, axis={axis}); np.min({a}); np.sort({a}, axis={axis}); np.median({a}, axis={axis}) | + distinct
    np.ptp({a}, axis={axis}); np.max({a}); np.sort({a}, axis=None) | + distinct
    np.partition({a}, 1) | 3 distinct
""")

SHAPING = lines("""
    np.reshape({a}, {shape}); {a}.reshape({shape}); np.ravel({a}); {a}[None]; {a}[..., None] | *
    np.expand_dims({a}, 0); np.atleast_1d({a}); np.atleast_2d({a}); np.broadcast_to({a}, {wider}) | *
    np.transpose({a}); {a}.T; np.transpose({a}, {order}); np.repeat({a}, 2); np.tile({a}, 2) | *
    np.flip({a}); np.flip({a}, {axis}); np.roll({a}, {shift}); np.roll({a}, {shift}, {axis}) | +
    np.take({a}, {picks}, {axis}); {a}[{picks}]; {a}[{mask}]; {a}[::-1]; {a}[..., -1]; {a}[0] | +
    {a}[{index}]; np.moveaxis({a}, {axis}, 0); np.swapaxes({a}, {axis}, -1); np.repeat({a}, 2, {axis}) | +
    np.take_along_axis({a}, {along}, 0); np.insert({a}, 1, {number}, {axis}); np.delete({a}, 0, {axis}) | +
    np.split({a}, [1], {axis})[1]; np.array_split({a}, 2, {axis})[0]; np.rollaxis({a}, {axis}) | +
    np.pad({a}, 1); np.pad({a}, (1, 0), mode='edge'); np.pad({a}, 1, mode='wrap') | i
    np.pad({a}, 1, mode='reflect'); np.resize({a}, (2, {i})); np.diag({a}); np.diag({a}, 1); np.diagflat({a}) | i
    np.tril({a}); np.triu({a}, 1); np.trace({a}); np.diagonal({a}); np.diag({a}, -1); np.rot90({a}) | ij
    np.fliplr({a}); np.flipud({a}); np.linalg.matrix_transpose({a}); np.tile({a}, (1, 2)); np.squeeze({a}[:1], 0) | ij
    np.trace({a}, axis1=0, axis2=2); np.diagonal({a}, 0, 1, 2); np.rot90({a}, 3, (1, 2)); {a}[:, [0, 0], 1:] | ijk
    np.concatenate([{a}, {b}], {axis}); np.stack([{a}, {b}], {axis}); np.append({a}, {b}, {axis}) | + | =
    np.vstack([{a}, {b}]); np.hstack([{a}, {b}]); np.dstack([{a}, {b}]); np.stack([{a}, {b}]) | + | =
    np.concatenate([{a}, {b}]); np.block([{a}, {b}]); np.column_stack([{a}, {b}]); np.meshgrid({a}, {b})[0] | i | j
    np.broadcast_arrays({a}, {b})[1] | * | ~
""")

PRODUCTS = lines("""
    {a} @ {b}; np.matmul({a}, {b}); np.dot({a}, {b}); np.einsum('ij,jk', {a}, {b}); np.tensordot({a}, {b}, 1) | ij | jk
    {a} @ {b}; np.matmul({a}, {b}); np.dot({a}, {b}); np.matvec({a}, {b}); np.inner({a}, {b}) | ij | j
    {a} @ {b}; np.dot({a}, {b}); np.vecmat({a}, {b}); np.einsum('i,ij->j', {a}, {b}) | i | ij
    {a} @ {b}; np.dot({a}, {b}); np.inner({a}, {b}); np.vdot({a}, {b}); np.vecdot({a}, {b}) | i | i
    {a} @ {b}; np.matmul({a}, {b}); np.einsum('kij,kjl->kil', {a}, {b}) | kij | kjl
    {a} @ {b}; np.tensordot({a}, {b}, ([2], [0])) | kij | jl
    {a} @ {b}; np.einsum('ik,ljk->lij', {a}, {b}) | ij | ljk
    np.inner({a}, {b}); np.einsum('ij,kj', {a}, {b}); np.tensordot({a}, {b}, ([1], [1])) | ij | kj
    np.einsum('ij,ij', {a}, {b}); np.einsum('ij,ij->j', {a}, {b}); np.tensordot({a}, {b}); np.vdot({a}, {b}) | ij | ij
    np.linalg.vecdot({a}, {b}); np.einsum('...i,...i', {a}, {b}) | ij | ij
    np.einsum('ii', {a}); np.einsum('ii->i', {a}); np.einsum('ij,ji', {a}, {a}) | ii
    np.einsum('ij->ji', {a}); np.einsum('ij->i', {a}); np.einsum('ij->', {a}); np.einsum('ij,ik->jk', {a}, {a}) | ij
    np.einsum('ij,j,j->i', {a}, {b}, {b}); np.einsum('ij,j', {a}, {b}) | ij | j
    np.einsum('ijk,k->ij', {a}, {b}); np.tensordot({a}, {b}, 1) | ijk | k
    np.einsum('ij,jk,kl', {a}, {b}, {c}); np.linalg.multi_dot([{a}, {b}, {c}]) | ij | jk | kl
    np.outer({a}, {b}); np.multiply.outer({a}, {b}); np.kron({a}, {b}); np.einsum('i,j', {a}, {b}) | i | j
    np.kron({a}, {b}) | ij | kl
    np.cross({a}, {b}) | 3 | 3
    np.cross({a}, {b}) | i3 | 3
    np.convolve({a}, {b}); np.convolve({a}, {b}, 'same'); np.convolve({a}, {b}, 'valid'); np.polyval({a}, {b}) | i | j
    np.correlate({a}, {b}, 'full'); np.correlate({a}, {b}, 'valid') | i | i
    np.polyval({a}, {b}) | 3 | * small
    np.vander({a}); np.vander({a}, 3, increasing=True) | i nonzero
""")

LINALG = lines("""
    np.linalg.solve({a}, {b}) | ii dominant | ij!
    np.linalg.solve({a}, {b}) | ii dominant | i
    np.linalg.inv({a}); np.linalg.slogdet({a})[1]; np.linalg.matrix_power({a}, -2); np.linalg.pinv({a}) | ii dominant
    np.linalg.det({a}) | ii regular
    np.linalg.matrix_power({a}, 3) | ii small
    mg.expm({a}) | ii turn
    np.linalg.cholesky({a}); np.linalg.inv({a}) | ii definite
    np.linalg.pinv({a}) | ij tall
    np.linalg.lstsq({a}, {b})[0] | ij tall | i
    np.linalg.lstsq({a}, {b})[0] | ij tall | ik!
""")

FAMILIES = [POINTWISE, REDUCTIONS, SHAPING, PRODUCTS, LINALG]
SHARES = [0.36, 0.15, 0.2, 0.2, 0.09]

# Whatever nobody used is taken to one number by one of these; then the numbers are added up.
ENDINGS = lines("""
    np.vdot({a}, {constant}); np.tensordot({a}, {constant}, {ndim}) | *
    np.sum({a}); np.mean({a}); {a}.sum() | *
    mg.logsumexp({a}) | * small
""")

# --- settings: what the other fields become ---------------------------------------------------------------------------


def _wider(rng: np.random.Generator, x: np.ndarray) -> tuple[int, ...]:
    stretched = [int(rng.integers(1, 4)) if length == 1 else length for length in x.shape]
    return (*rng.integers(1, 4, size=rng.integers(0, 2)).tolist(), *stretched)


def _axes(rng: np.random.Generator, x: np.ndarray) -> int | tuple[int, ...] | None:
    kind = rng.integers(3)
    several = tuple([k - x.ndim * int(rng.integers(2)) for k in range(x.ndim) if rng.random() < 0.6])
    return [None, _axis(rng, x), several or None][kind]


def _axis(rng: np.random.Generator, x: np.ndarray) -> int:
    return int(rng.integers(-x.ndim, x.ndim))


def _shape(rng: np.random.Generator, x: np.ndarray) -> tuple[int, ...]:
    shapes = [x.shape[::-1], (-1,), (1, -1), (-1, 1), *[(d, -1) for d in (2, 3, 4) if x.size % d == 0]]
    return shapes[rng.integers(len(shapes))]


SETTINGS: dict[str, Callable[[np.random.Generator, np.ndarray], Any]] = {
    "axis": _axis,
    "axes": _axes,
    "shape": _shape,
    "wider": _wider,
    "ndim": lambda rng, x: x.ndim,
    "flag": lambda rng, x: bool(rng.integers(2)),
    "shift": lambda rng, x: int(rng.choice([-2, -1, 1, 2])),
    "order": lambda rng, x: tuple(rng.permutation(x.ndim).tolist()),
    "number": lambda rng, x: float(round(rng.uniform(0.3, 2), 2)),
    "index": lambda rng, x: rng.choice(["1:", ":-1", "..., ::2", ":, None", "-1:, ..."]),
    # Arrays become constants.
    "constant": lambda rng, x: rng.uniform(-2, 2, size=x.shape).round(2),
    "mask": lambda rng, x: rng.random(size=x.shape) < 0.6,
    "picks": lambda rng, x: rng.integers(0, min(x.shape), size=3),
    "along": lambda rng, x: rng.integers(0, x.shape[0], size=(2, *x.shape[1:])),
    "weights": lambda rng, x: rng.uniform(0.2, 2, size=x.shape).round(2),
}
