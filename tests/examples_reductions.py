"""Lines of the list of examples: reductions, running sums and products, differences, statistics, quantiles, counts."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from op_lines import domain, example, fixed, mask, named, positive, real, reducing, unit, whole
from witnesses import log_of_sum_of_exp

import minigrad as mg
from minigrad.ops.missing import WithoutNaN
from minigrad.ops.steps import Counted


def spaced(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """No two entries closer than 0.3, so that a witness may step without a change of order."""
    order = rng.permutation(int(np.prod(shape))).reshape(shape)
    return 0.4 * order - 1 + rng.uniform(-0.05, 0.05, size=shape)


def holed(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """The same with NaN in the second place of the first axis, and as the last entry of all."""
    array = spaced(rng, shape)
    array[1:2] = array.reshape(-1)[-1:] = np.nan
    return array


def with_zeros(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Factors of which the first is 0, and in three axes one more, in the same lane of the middle axis."""
    array = rng.normal(size=shape)
    array.reshape(-1)[:: shape[-1] if len(shape) > 2 else array.size or 1][:2] = 0
    return array


apart, holes, factors = domain("apart", spaced), domain("holes", holed), domain("factors", with_zeros)
ascending = domain("ascending", lambda rng, shape: np.arange(np.prod(shape)) + rng.uniform(0.1, 0.7, size=shape))


def along(function: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    return partial(function, **settings)


class first(partial):  # noqa: N801  # read as a function of functions, as partial is
    """A partial function of several results, of which the first counts."""

    def __call__(self, *arguments: Any) -> Any:
        return super().__call__(*arguments)[0]


def said(name: str, function: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    """A function with settings, by a name of its own."""
    return named(name, lambda *given: function(*given, **settings))


def single(function: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    """A function that computes in single precision."""
    return said(f"{function.__name__}(dtype=f4)", function, dtype="f4", **settings)


def part(k: int, function: Callable[..., Any], *arguments: Any, **settings: Any) -> Callable[..., Any]:
    """One result of several."""
    words = [*map(str, arguments), *(f"{key}={value}" for key, value in settings.items())]
    return named(
        f"{function.__name__}({','.join(words)})[{k}]".replace(" ", ""),
        lambda *given: function(*given, *arguments, **settings)[k],
    )


# --- formulas for complex numbers -------------------------------------------------------------------------------------


def variance(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    deviations = x - np.mean(x, axis=axis, keepdims=True)
    n = x.size / np.mean(x, axis=axis, keepdims=True).size if x.size else 1
    return np.sum(deviations**2, axis=axis, keepdims=keepdims) / (n - ddof)


def deviation(x: Any, **settings: Any) -> Any:
    return np.sqrt(variance(x, **settings))


def covariance(x: Any, *y: Any, rowvar: bool = True, ddof: float = 1, w: Any = None) -> Any:
    rows = np.concatenate([np.atleast_2d(x), *map(np.atleast_2d, y)]) if rowvar else x.T
    w = np.ones(rows.shape[1]) if w is None else w
    centred = rows - (rows @ w / w.sum())[:, None]
    return np.squeeze((centred * w) @ centred.T / (w.sum() - ddof))


def correlation(*given: Any, **settings: Any) -> Any:
    c = covariance(*given, **settings)
    return c / np.sqrt(np.diag(c)[:, None] * np.diag(c))


def quantile_of(x: Any, q: Any, axis: Any = None, keepdims: bool = False, method: str = "linear") -> Any:
    """By the order of the real parts; positions by NumPy's own quantile of whole numbers."""
    axes = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(axis) % max(x.ndim, 1))
    moved = np.moveaxis(x, axes, range(len(axes)))
    flat = moved.reshape(-1, *moved.shape[len(axes) :])
    ordered = np.take_along_axis(flat, np.argsort(flat.real, axis=0), 0)
    position = np.quantile(np.arange(float(len(flat))), q, method=method)
    below = np.floor(position).astype(int)
    t = np.reshape(position - below, np.shape(q) + (1,) * (flat.ndim - 1))
    out = (1 - t) * ordered[below] + t * ordered[np.minimum(below + 1, len(flat) - 1)]
    return np.expand_dims(out, tuple(a + np.ndim(q) for a in axes)) if keepdims else out


def between(x: Any, q: Any, n: int | None = None) -> Any:
    """The linear quantiles at levels that may move."""
    ordered = np.take_along_axis(x, np.argsort(x.real, axis=0), 0)
    position = q * ((n or len(x)) - 1)
    below = position.real.astype(int)
    t = (position - below).reshape(-1, *(1,) * (x.ndim - 1))
    return (1 - t) * ordered[below] + t * ordered[below + 1]


def best_fit(x: Any, y: Any, w: Any = None, deg: int = 1) -> Any:
    powers = np.vander(x, deg + 1) * (np.ones(len(x)) if w is None else w)[:, None]
    values = y if w is None else y * w
    return np.linalg.solve(powers.T @ powers, powers.T @ values)


def without_nan(formula: Callable[..., Any], **settings: Any) -> Callable[..., Any]:
    """The formula on each column without its NaN."""

    def columns(x: Any) -> Any:
        lanes = x.reshape(len(x), -1)
        each = np.stack([formula(lane[~np.isnan(lane)], **settings) for lane in lanes.T], -1)
        return each.reshape(each.shape[:-1] + x.shape[1:])

    return columns


def polynomial(p: Any, x: Any) -> Any:
    return sum(c * x ** (len(p) - 1 - k) for k, c in enumerate(p)) + 0 * x


def lines(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """np.interp in words, by the real parts."""
    out = np.empty(np.shape(x), complex)
    for place, point in np.ndenumerate(x):
        k = int(np.clip(np.searchsorted(np.real(xp), np.real(point), "right") - 1, 0, len(xp) - 2))
        out[place] = fp[k] + (fp[k + 1] - fp[k]) * (point - xp[k]) / (xp[k + 1] - xp[k])
        if np.real(point) < np.real(xp[0]):
            out[place] = fp[0] if left is None else left
        if np.real(point) > np.real(xp[-1]):
            out[place] = fp[-1] if right is None else right
    return out


def weighted(x: Any, w: Any, density: bool | None) -> Any:
    return np.histogram(x, 3, (0, 1), density, w)[0]


def weighted_counts(x: Any, w: Any, density: bool | None) -> Any:
    sums = np.stack([np.sum(np.where((k / 3 <= x) & (x < (k + 1) / 3), w, 0)) for k in range(3)])
    return 3 * sums / np.sum(sums) if density else sums


# --- the list ---------------------------------------------------------------------------------------------------------

WHERE = [[True, False, True], [False, True, True]]  # in a list, a test's name shows it in one line
WIDE = [[True, False, True, True], [False, True, True, True]]
TALL = [[True, False], [True, True], [True, True], [True, False]]
HOLE = np.array([1.0, np.nan, 2.0])

EXAMPLES = [
    # sums and means, with all their keywords
    example(along(np.sum, where=WHERE), real(2, 3)),
    example(along(np.sum, where=WHERE, axis=1, keepdims=True), real(2, 3, dtype="f4")),
    example(along(np.sum, initial=2.5), real(2, 3, dtype="f4")),
    example(along(np.sum, initial=2.5, axis=0, where=WHERE[:1]), real(2, 3)),
    example(single(np.sum), real(2, 3), analytic=np.sum),
    example(
        named("sum(dtype=f8)", lambda x: np.sum(x, axis=-1, dtype="f8")),
        real(2, 3, dtype="f4"),
        analytic=along(np.sum, axis=-1),
    ),
    example(named("np.sum(x, where=mask node)", lambda x, m: np.sum(x, where=m)), real(2, 3), mask(3)),
    example(named("np.sum(x, initial=node)", lambda x, y: np.sum(x, axis=0, initial=y)), real(2, 3), real()),
    example(np.sum, whole(3), derivatives=0),
    example(along(np.mean, where=WHERE), real(2, 3)),
    example(along(np.mean, where=WHERE, axis=-1, keepdims=True), real(2, 3, dtype="f4")),
    example(single(np.mean), real(2, 3), analytic=np.mean),
    example(named("mean of (0, 0)", lambda x: np.mean(x, axis=1)), real(0, 0)),
    example(np.mean, whole(3), derivatives=0),
    example(
        named("logsumexp(x - inf)", lambda x: mg.logsumexp(x - fixed([[0.0], [np.inf]]).array(None), axis=0)),
        real(2, 3),
        analytic=lambda x: x[0],
    ),
    example(along(mg.logsumexp, axis=0), whole(3, 2), analytic=along(log_of_sum_of_exp, axis=0), derivatives=0),
    # extremes
    *(line for f in (np.max, np.min) for line in reducing(f, apart)),
    *(example(along(f, initial=0.1), apart(2, 3, dtype="f4")) for f in (np.max, np.min)),
    *(example(along(f, initial=0.1, where=WHERE, axis=1), apart(2, 3)) for f in (np.max, np.min)),
    *(example(along(f, initial=9, where=WHERE), whole(2, 3), derivatives=0) for f in (np.max, np.min)),
    *(example(f, whole(3), derivatives=0) for f in (np.max, np.min)),
    *(example(f, apart(3)) for f in (np.amax, np.amin)),
    *reducing(np.ptp, apart)[:7],
    *(example(f, holes(3)) for f in (np.nanmax, np.nanmin)),
    *(example(along(f, axis=0, keepdims=True), holes(4, 3, dtype="f4")) for f in (np.nanmax, np.nanmin)),
    *(example(along(f, axis=-1, initial=0.1), holes(3, 2)) for f in (np.nanmax, np.nanmin)),
    *(example(along(f, axis=1, initial=0.1, where=WHERE), holes(2, 3)) for f in (np.nanmax, np.nanmin)),
    *(example(f, whole(3), derivatives=0) for f in (np.nanmax, np.nanmin)),
    # steps
    *(example(f, apart(2, 3), derivatives=0) for f in (np.argmax, np.argmin, np.all, np.any, np.count_nonzero)),
    *(example(along(f, axis=-1, keepdims=True), apart(2, 3), derivatives=0) for f in (np.argmax, np.argmin)),
    *(example(along(f, axis=0), holes(4, 3), derivatives=0) for f in (np.nanargmax, np.nanargmin)),
    *(example(along(f, axis=(0, 1), keepdims=True), mask(2, 3), derivatives=0) for f in (np.all, np.any)),
    *(example(along(f, axis=0, where=WHERE), mask(2, 3), derivatives=0) for f in (np.all, np.any)),
    example(along(np.count_nonzero, axis=(0,), keepdims=True), factors(2, 3), derivatives=0),
    example(np.searchsorted, ascending(4), real(2, 3), derivatives=0),
    example(along(np.searchsorted, side="right", sorter=[0, 1, 2]), ascending(3), real(), derivatives=0),
    example(np.digitize, real(2, 3), ascending(4), derivatives=0),
    example(along(np.digitize, right=True), real(3), fixed([2.0, 0.0, -1.0]), derivatives=0),
    example(Counted("np.mean", axis=0), fixed([[True, True], [False, True]]), derivatives=0),
    # products of entries
    *reducing(np.prod, real),
    *reducing(np.prod, factors)[:7],
    example(np.prod, real(0, 3)),
    example(along(np.prod, axis=0), real(0, 3)),
    example(np.prod, np.array([0.0, 2.0, 3.0])),
    example(np.cumprod, np.array([2.0, 0.0, 3.0, 0.0, 5.0])),
    example(along(np.prod, initial=2.5, where=WHERE, axis=1), factors(2, 3)),
    example(single(np.prod), real(3), analytic=np.prod, derivatives=1),
    example(
        named("np.prod(x, initial=node)", lambda x, y: np.prod(x, initial=y)), real(3, dtype="f4"), real(dtype="f4")
    ),
    example(np.prod, whole(3), derivatives=0),
    *(
        line
        for f in (np.cumsum, np.cumprod)
        for line in (
            example(f, factors(5)),
            example(f, factors(2, 3)),
            example(f, real()),
            example(f, real(0, 3)),
            example(f, real(1)),
            example(along(f, axis=0), factors(4, 3, dtype="f4")),
            example(along(f, axis=-2), factors(2, 3, 2)),
            example(along(f, axis=-1), real(3, 0)),
            example(along(f, axis=1), real(3, 1)),
            example(single(f, axis=0), real(3), analytic=along(f, axis=0), derivatives=1),
            example(f, whole(3), derivatives=0),
        )
    ),
    *(
        line
        for f in (np.nancumsum, np.nancumprod)
        for line in (
            example(f, holes(4)),
            example(along(f, axis=-1), holes(2, 3, dtype="f4")),
            example(f, whole(3), derivatives=0),
        )
    ),
    *(
        line
        for f in (np.cumulative_sum, np.cumulative_prod)
        for line in (
            example(f, factors(4)),
            example(along(f, axis=1, include_initial=True), factors(2, 3, dtype="f4")),
            example(along(f, axis=-2), real(2, 3)),
        )
    ),
    # differences
    *(
        example(along(np.diff, **settings), x)
        for settings, x in (
            ({}, real(4)),
            ({}, real(1)),
            ({}, real(2, 0)),
            ({"axis": 0}, real(3, 2, dtype="f4")),
            ({"n": 2, "axis": -2}, real(4, 2)),
            ({"n": 0}, real(3)),
            ({"n": 5}, real(3)),
            ({"prepend": 1.0}, real(3)),
            ({"prepend": 0, "append": [[1.0], [2.0]], "n": 2}, real(2, 3)),
            ({"append": np.float32(1)}, real(3, dtype="f4")),
        )
    ),
    example(np.diff, mask(4), derivatives=0),
    example(named("np.diff(x, prepend=node)", lambda x, y: np.diff(x, prepend=y)), real(3), real()),
    example(np.ediff1d, real(2, 3)),
    example(np.ediff1d, real(1, dtype="f4")),
    example(np.ediff1d, real(0)),
    example(along(np.ediff1d, to_begin=0.5, to_end=[1.0, 2.0]), real(4)),
    example(np.ediff1d, real(3), real(2)),
    example(np.gradient, real(5)),
    example(np.gradient, real(2, dtype="f4")),
    example(along(np.gradient, axis=0), real(4, 2)),
    example(along(np.gradient, axis=-1, edge_order=2), real(2, 4)),
    example(named("np.gradient(f, 0.5)", lambda f: np.gradient(f, 0.5)), real(5, dtype="f4")),
    *(example(part(k, np.gradient), real(3, 4)) for k in (0, 1)),
    example(part(1, np.gradient, 0.5, [0.0, 1.0, 3.0, 3.5], edge_order=2), real(3, 4)),
    *(
        example(
            said(f"np.gradient(f, x, edge_order={k})", np.gradient, edge_order=k),
            real(5),
            ascending(5),
        )
        for k in (1, 2)
    ),
    example(named("np.gradient(f, h, axis=0)", lambda f, h: np.gradient(f, h, axis=0)), real(3, 2), positive()),
    example(np.trapezoid, real(4)),
    example(along(np.trapezoid, axis=0, dx=0.5), real(3, 2, dtype="f4")),
    example(np.trapezoid, real(2, 0)),
    example(along(np.trapezoid, axis=0), real(3, 2), ascending(3)),
    example(np.trapezoid, real(2, 3), real(2, 3)),
    example(named("np.trapezoid(y, dx=node)", lambda y, dx: np.trapezoid(y, dx=dx)), real(4), positive()),
    # statistics
    *(
        line
        for f, formula in ((np.var, variance), (np.std, deviation))
        for line in (
            *(reducing(f, apart, formula)[k] for k in (0, 3, 4, 5, 6)),
            example(along(f, axis=0), apart(3, 2), analytic=along(formula, axis=0)),
            example(along(f, ddof=1), apart(4), analytic=along(formula, ddof=1)),
            example(along(f, axis=1), apart(0, 3), analytic=along(formula, axis=1)),
            example(
                along(f, axis=0, correction=1.5), apart(4, 2, dtype="f4"), analytic=along(formula, axis=0, ddof=1.5)
            ),
            example(single(f), apart(4), analytic=formula, derivatives=1),
            example(
                along(f, where=[True, False, True, True], ddof=1),
                apart(4),
                analytic=lambda x, formula=formula: formula(x[[0, 2, 3]], ddof=1),
            ),
            example(
                along(f, axis=1, keepdims=True, where=WIDE),
                apart(2, 4),
                analytic=lambda x, formula=formula: np.stack([formula(x[k][WIDE[k]], keepdims=True) for k in (0, 1)]),
            ),
            example(
                said(f"np.{f.__name__}(x, mean=node)", lambda x, m, f: f(x, axis=0, mean=m), f=f),
                apart(3, 2),
                real(1, 2),
                analytic=lambda x, m, root=f is np.std: np.mean((x - m) ** 2, axis=0) ** (0.5 if root else 1),
            ),
            example(f, whole(3), derivatives=0),
        )
    ),
    example(np.var, real(), analytic=variance),
    example(np.var, real(1), analytic=variance),
    *(
        line
        for f, formula in ((np.nanvar, variance), (np.nanstd, deviation))
        for line in (
            example(f, holes(5), analytic=without_nan(formula)),
            example(along(f, axis=0), holes(4, 3, dtype="f4"), analytic=without_nan(formula)),
            example(along(f, axis=0, ddof=1), holes(4, 3), analytic=without_nan(formula, ddof=1)),
            example(f, whole(3), derivatives=0),
        )
    ),
    *(
        line
        for f in (np.nansum, np.nanmean, np.nanprod)
        for line in (
            example(f, holes(4)),
            example(along(f, axis=0), holes(3, 2, dtype="f4")),
            example(along(f, axis=(0, 1), keepdims=True), holes(3, 2)),
            example(along(f, axis=0, where=TALL), holes(4, 2)),
            example(f, whole(3), derivatives=0),
        )
    ),
    example(along(np.nansum, initial=1.5, axis=0), holes(3)),
    example(single(np.nanprod, initial=1.5), holes(4), analytic=lambda x: 1.5 * np.nanprod(x), derivatives=1),
    example(WithoutNaN(2.0), holes(3)),
    example(np.average, real(2, 3)),
    example(along(np.average, axis=1, keepdims=True), real(2, 3, dtype="f4")),
    example(along(np.average, weights=[1, 2, 3]), real(3)),
    *(
        example(said(f"np.average(x, {axis}, w)", lambda x, w, axis: np.average(x, axis, w), axis=axis), x, w)
        for axis, x, w in (
            (None, real(2, 3), positive(2, 3)),
            (1, real(2, 3, dtype="f4"), positive(3, dtype="f4")),
            (-2, real(2, 3), positive(2)),
            ((2, 0), real(2, 3, 4), positive(4, 2)),
            (0, whole(2, 3), positive(2)),
        )
    ),
    *(example(part(k, np.average, axis=1, returned=True), real(2, 3)) for k in (0,)),
    *(
        example(
            said(f"np.average(x, 1, w, returned)[{k}]", lambda x, w, k: np.average(x, 1, w, True)[k], k=k),
            real(2, 3),
            positive(3),
        )
        for k in (0, 1)
    ),
    example(np.cov, real(2, 4), analytic=covariance),
    example(np.cov, real(4), analytic=covariance),
    example(np.cov, real(2, 4, dtype="f4"), analytic=covariance),
    example(np.cov, real(4), real(4), analytic=covariance),
    example(np.cov, real(2, 4), real(4), analytic=covariance),
    example(along(np.cov, rowvar=False), real(4, 2), analytic=along(covariance, rowvar=False)),
    example(along(np.cov, bias=True), real(2, 3), analytic=along(covariance, ddof=0)),
    example(
        along(np.cov, ddof=0, fweights=[1, 2, 1]), real(2, 3), analytic=along(covariance, ddof=0, w=np.array([1, 2, 1]))
    ),
    example(along(np.cov, fweights=[1, 2, 1]), real(2, 3), analytic=along(covariance, w=np.array([1, 2, 1]))),
    example(
        named("np.cov(x, aweights=w)", lambda x, w: np.cov(x, aweights=w)),
        real(2, 3),
        positive(3),
        analytic=lambda x, w: covariance(x, w=w, ddof=np.sum(w * w) / np.sum(w)),
    ),
    example(np.corrcoef, real(2, 4), analytic=correlation),
    example(np.corrcoef, real(4), real(4), analytic=correlation),
    example(along(np.corrcoef, rowvar=False), real(5, 3), analytic=along(correlation, rowvar=False)),
    # quantiles
    *reducing(np.median, apart, along(quantile_of, q=0.5))[:8],
    example(np.median, apart(5), analytic=along(quantile_of, q=0.5)),
    example(np.median, whole(4), derivatives=0),
    *(
        example(along(np.quantile, q=0.3, method=method), apart(6), analytic=along(quantile_of, q=0.3, method=method))
        for method in ("linear", "lower", "higher", "midpoint", "nearest", "hazen", "inverted_cdf", "median_unbiased")
    ),
    *(
        example(along(np.quantile, q=np.array(q), **settings), x, analytic=along(quantile_of, q=q, **settings))
        for q, settings, x in (
            ([0.0, 0.2, 1.0], {"axis": 0}, apart(4, 3)),
            ([[0.9, 0.5]], {"axis": (2, 0), "keepdims": True}, apart(2, 3, 2)),
            ([0.5, 0.5], {"axis": -1}, apart(2, 3, dtype="f4")),
            (0.25, {}, apart()),
        )
    ),
    example(along(np.percentile, q=30, axis=1), apart(2, 4), analytic=along(quantile_of, q=0.3, axis=1)),
    example(along(np.percentile, q=[10, 95.5]), apart(2, 4), analytic=along(quantile_of, q=[0.1, 0.955])),
    example(np.nanmedian, holes(6), analytic=without_nan(quantile_of, q=0.5)),
    example(along(np.nanmedian, axis=0), holes(5, 2, dtype="f4"), analytic=without_nan(quantile_of, q=0.5)),
    example(along(np.nanquantile, q=0.3, axis=0), holes(5, 3), analytic=without_nan(quantile_of, q=0.3)),
    example(
        along(np.nanquantile, q=[0.3, 0.8], axis=0, method="hazen"),
        holes(6, 2),
        analytic=without_nan(quantile_of, q=[0.3, 0.8], method="hazen"),
    ),
    example(along(np.nanpercentile, q=[30, 80], axis=0), holes(6, 2), analytic=without_nan(quantile_of, q=[0.3, 0.8])),
    example(along(np.quantile, axis=0), apart(3, 2), np.array([0.3, 0.7]), analytic=between),
    example(along(np.percentile, axis=0), apart(3), np.array([30.0, 70.0]), analytic=lambda x, q: between(x, q / 100)),
    example(along(np.nanquantile, axis=0), holes(5), np.array([0.3, 0.7]), analytic=lambda x, q: between(x, q, 3)),
    example(along(np.quantile, method="lower"), apart(4), np.array([0.5]), analytic=lambda x, q: np.sort(x)[1:2]),
    # between points, and polynomials
    example(np.interp, unit(2, 3), fixed([0.0, 0.1, 0.87, 1.0]), real(4), analytic=lines),
    example(np.interp, fixed([0.0, 0.5, 2.5, 9.0]), ascending(4), real(4), analytic=lines),
    example(np.interp, unit(), ascending(2), real(2, dtype="f4"), analytic=lines),
    example(
        along(np.interp, left=-5.0, right=7.0),
        fixed([-1.0, 0.8, 9.0]),
        ascending(3),
        real(3),
        analytic=along(lines, left=-5.0, right=7.0),
    ),
    example(
        named("np.interp(x, period=1)", lambda x, fp: np.interp(x, [0.9, 0.1, 1.4], fp, period=1)),
        fixed([-0.3, 0.2, 3.35, 0.95]),
        real(3),
        analytic=lambda x, fp: lines(x % 1, np.array([-0.1, 0.1, 0.4, 0.9, 1.1]), fp[[0, 1, 2, 0, 1]]),
    ),
    example(np.interp, fixed([0.0, 1.0, 5.0]), fixed([1.0]), real(1), analytic=lambda x, xp, fp: fp[[0, 0, 0]]),
    example(np.polyval, real(4), real(2, 3), analytic=polynomial),
    example(np.polyval, real(1), real(3, dtype="f4"), analytic=polynomial),
    example(np.polyval, real(3, dtype="f4"), real(), analytic=polynomial),
    example(np.polyval, whole(3), factors(4), analytic=polynomial),
    example(np.polyval, real(2, 3), real(2, 1), analytic=polynomial),
    example(along(np.polyfit, deg=1), ascending(4), real(4), analytic=best_fit),
    example(along(np.polyfit, deg=0), real(3), real(3, 2), analytic=along(best_fit, deg=0)),
    example(
        said("polyfit(x, y, 1, w=w)", lambda x, y, w: np.polyfit(x, y, 1, w=w)),
        ascending(5),
        real(5),
        positive(5),
        analytic=best_fit,
    ),
    example(np.vander, real(3)),
    example(along(np.vander, N=4, increasing=True), factors(2, dtype="f4")),
    example(along(np.vander, N=1), real(2)),
    example(along(np.vander, N=0), real(2)),
    example(along(np.vander, N=2), real(0)),
    example(np.polyder, real(4)),
    example(along(np.polyder, m=2), real(2)),
    example(along(np.polyder, m=0), real(2, dtype="f4")),
    example(np.polyint, real(3)),
    example(along(np.polyint, m=2, k=[1.0, 2.0]), real(3)),
    example(along(np.polyint, m=2, k=3.0), real(2)),
    *(example(f, real(2), real(4)) for f in (np.polyadd, np.polysub, np.polymul)),
    *(example(f, real(3, dtype="f4"), fixed([1.0])) for f in (np.polyadd, np.polysub, np.polymul)),
    # counts
    example(first(np.histogram, bins=3), fixed([0.1, 2.0, 0.5, 0.4]), derivatives=0),
    example(part(1, np.histogram, bins=3), apart(6)),
    *(
        example(
            said(f"np.histogram(x, weights=w, density={density})", weighted, density=density),
            fixed(unit(5)),
            positive(5, dtype=dtype),
            analytic=partial(weighted_counts, density=density),
        )
        for density, dtype in ((None, "f4"), (True, "f8"))
    ),
    example(np.histogram_bin_edges, apart(5)),
    example(along(np.histogram_bin_edges, bins=2), apart(2, 2, dtype="f4")),
]
