"""Checking: both sides of every step, evaluated, at the graph's own values and at random ones.

A step holds where its two sides agree to 1e-9 of the larger side's norm, for all values of its free indices. The
derivatives that a step speaks of are those of the engine (points.py), so that the last line of a derivation is held
to the reverse sweep. Data and parameters are drawn anew; numbers that stand in formulas, and whole numbers, are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import NamedTuple

import numpy as np

from ..errors import DerivationError, MinigradError
from ..graph import Node
from ..linear_maps.algebra import Array
from .evaluation import Point, elementwise, value
from .expressions import Call, Entry, Expression, Function, Over, Partial, Power, Symbol
from .points import GraphPoint
from .steps import Step

TOLERANCE = 1e-9  # of the larger side's norm
ROUNDING = 1e-14  # of the largest value in the graph: what rounding may leave of terms that cancel
SHAKE = 1e-13  # of an entry: some hundred roundings
TRIES = 40
CLOSE = 0.6  # of the tries, after which values are drawn near the graph's own
LARGE = 1e6  # a point with larger values has lost too many digits to tell
SPREADS = (1.0, 0.7, 0.5, 0.3, 0.2)  # of the random values at one point after another: some must not saturate a sigmoid
UNFIT = (
    ArithmeticError,
    AssertionError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)  # of a line without sense


class Report(NamedTuple):
    """What was checked: how many steps, at how many points, and the largest relative error of a step.

    >>> print(Report(12, 6, 3e-16))
    12 steps at 6 points; largest relative error 3e-16
    """

    steps: int
    points: int
    error: float

    def __str__(self) -> str:
        return f"{self.steps} steps at {self.points} points; largest relative error {self.error:.0e}"


def check_steps(steps: Sequence[Step], points: Iterable[Point], write: Callable[[Step], str]) -> Report:
    """All steps at all points, the first of which are the graph's own values. DerivationError for one that fails.

    The points come one by one: what one knows of a large graph is not kept.

    >>> check_steps([], [], str).steps
    0
    """
    largest, visited = 0.0, 0
    untold = dict.fromkeys(step.id for step in steps)
    for k, point in enumerate(points):
        for step in steps:
            error = _told(step, point, k, write)
            if error is not None:
                largest = max(largest, error)
                if k > 0:
                    untold.pop(step.id, None)
        visited = k + 1
    for step in steps:
        if visited > 1 and step.id in untold:
            raise DerivationError(f"step {step.id} ({step.rule}) cannot be told at any random point:\n  {write(step)}")
    return Report(len(steps), visited, largest)


def _told(step: Step, point: Point, k: int, write: Callable[[Step], str]) -> float | None:
    """The relative error at a point; None where rounding hides it, as in (a − y)/(a(1 − a)) at a = 1.

    What is left of terms that cancel, the sum of a softmax's gradient, is as good as zero on both sides.
    """
    left, right = _sides(step, point, write)
    error = _error(left, right)
    if error <= TOLERANCE:
        return error
    if all(np.all(np.abs(side) <= ROUNDING * point.scale) for side in (left, right)):
        return 0.0
    if not _is_finite(left, right) and (k == 0 or _overflows(step, point)):
        return None
    changed = replace(step, left=_shaken(step.left, point), right=_shaken(step.right, point))
    shaken = _sides(changed, point, write)
    if _is_shaken((left, right), shaken, error):
        return None
    raise DerivationError(_complaint(step, (left, right), k, error, write))


def _shaken(e: Expression, point: Point) -> Expression:
    """An expression with all that is computed in it changed in its last digits, but for data and comparisons."""
    if isinstance(e, Partial) or (isinstance(e, Call) and e.function.form == "infix"):
        return e
    symbol = e.array if isinstance(e, Entry) else e
    if isinstance(symbol, Symbol):
        return e if point.is_given(symbol) else Call(SHAKEN, (e,))
    same = e.with_parts(tuple([_shaken(part, point) for part in e.parts]))
    return Call(SHAKEN, (same,)) if isinstance(e, Call | Over | Power) else same


def shake(array: Array) -> Array:
    """An array changed in its last digits, the same way each time.

    >>> float(abs(shake(np.array(1.0)) - 1)) < 1e-12
    True
    """
    rng = np.random.default_rng(array.size)
    return np.asarray(array * (1 + SHAKE * rng.choice([-1.0, 1.0], size=array.shape)))


SHAKEN = Function("shaken", shake)


def _sides(step: Step, point: Point, write: Callable[[Step], str]) -> tuple[Array, Array]:
    """Both sides, for the same indices. DerivationError for expressions without a value: shapes that do not fit."""
    sides = (step.left, step.right)
    try:
        with np.errstate(all="ignore"):
            values = [value(side, point) for side in sides]
            for side, found in zip(sides, values, strict=True):
                if found.data.shape[len(found.labels) :] != side.shape:
                    raise ValueError(
                        f"an array of shape {side.shape} has shape {found.data.shape[len(found.labels) :]}"
                    )
            if step.left.shape != step.right.shape and (prod(step.left.shape), prod(step.right.shape)) != (1, 1):
                raise ValueError(f"shapes {step.left.shape} and {step.right.shape} are not the same")
            ranks = (len(step.left.shape), len(step.right.shape))
            left, right = (
                elementwise(values, ranks, lambda both, k=k: both[k] + np.zeros_like(both[1 - k])).data for k in (0, 1)
            )
    except UNFIT as error:
        raise DerivationError(f"step {step.id} ({step.rule}) has no value:\n  {write(step)}\n  {error}") from error
    return left, right


def _is_shaken(sides: tuple[Array, Array], shaken: tuple[Array, Array], error: float) -> bool:
    """Whether last digits decide on a difference, or on there being a value at all."""
    if not _is_finite(*sides):
        return any(np.any(_kind(a) != _kind(b)) for a, b in zip(sides, shaken, strict=True))
    return error <= max(_error(a, b) for a, b in zip(sides, shaken, strict=True))


def _kind(side: Array) -> Array:
    """0 for a number, ±1 for infinity, 2 for none: log(1 − a) as a goes through 1."""
    return np.where(np.isnan(side), 2, np.sign(side) * np.isinf(side))


def _overflows(step: Step, point: Point) -> bool:
    """Whether a number on the way is too large: eᶻ/Σ eᶻ, as it is written."""
    try:
        with np.errstate(all="ignore", over="raise"):
            value(step.left, point), value(step.right, point)
    except FloatingPointError:
        return True
    return False


def _is_finite(left: Array, right: Array) -> bool:
    return bool(np.all(np.isfinite(left)) and np.all(np.isfinite(right)))


def _error(left: Array, right: Array) -> float:
    """The difference over the larger norm; infinite where either is not finite."""
    if not _is_finite(left, right):
        return np.inf
    largest = max(np.max(np.abs(left), initial=0), np.max(np.abs(right), initial=0))
    if largest == 0:
        return 0.0
    left, right = left / largest, right / largest  # so that no square overflows
    return float(np.linalg.norm(left - right) / max(np.linalg.norm(left), np.linalg.norm(right)))


def _complaint(step: Step, sides: tuple[Array, Array], k: int, error: float, write: Callable[[Step], str]) -> str:
    where = "the graph's values" if k == 0 else f"random point {k}"
    left_text, right_text = (
        np.array2string(side, precision=6, threshold=12, edgeitems=2, prefix=" " * 9) for side in sides
    )
    return (
        f"step {step.id} ({step.rule}) does not hold at {where}:\n  {write(step)}\n"
        f"  left:  {left_text}\n  right: {right_text}\n  relative error {error:.1e}, allowed {TOLERANCE:.0e}"
    )


def random_points(
    make: Callable[[dict[Node, Array]], GraphPoint], leaves: Sequence[Node], n: int, seed: int
) -> Iterator[GraphPoint]:
    """Points at random values of the leaves, within the domain of all functions: drawn until n are found.

    >>> list(random_points(None, [], 0, 0))
    []
    """
    rng = np.random.default_rng(seed)
    found = 0
    for attempt in range(TRIES * (n + 1)):
        if found == n:
            return
        # At first freely; where that leaves a domain, ever closer to the graph's own values.
        freedom = attempt % TRIES / TRIES
        spread = SPREADS[found % len(SPREADS)]
        point = _drawn(make, {leaf: _redrawn(leaf, rng, freedom, spread) for leaf in leaves if _is_data(leaf)})
        if point is not None:
            found += 1
            yield point
    if found < n:
        raise DerivationError(f"only {found} of {n} random points could be found at which the graph has finite values.")


def _drawn(make: Callable[[dict[Node, Array]], GraphPoint], leaves: dict[Node, Array]) -> GraphPoint | None:
    with np.errstate(all="ignore"):
        try:
            point = make(leaves)
        except (MinigradError, np.linalg.LinAlgError):
            return None
    return point if point.scale <= LARGE else None


def _is_data(leaf: Node) -> bool:
    """Whether a leaf is drawn anew: not the numbers in formulas, masks and counts."""
    return leaf.dtype.kind == "f" and (leaf.differentiable or leaf.size != 1 or leaf.name is not None)


def _redrawn(leaf: Node, rng: np.random.Generator, closeness: float, spread: float) -> Array:
    own = leaf.value.astype(np.float64)
    is_share = not leaf.differentiable and own.size and own.min() >= 0 and own.max() <= 1
    if closeness >= CLOSE:
        change = 0.4 * 10 ** (-4 * (closeness - CLOSE) / (1 - CLOSE))
        near = own * (1 + change * rng.uniform(-1, 1, own.shape)) + 0.1 * change * rng.normal(size=own.shape)
        return np.clip(near, 0, 1) if is_share else near
    if is_share:
        return rng.uniform(0.05, 0.95, own.shape)  # labels and probabilities stay such
    # No larger than its own: the weights of a large layer are small.
    usual = float(np.sqrt(np.mean(own * own))) if own.size else 0.0
    free = rng.normal(size=own.shape) * (min(1.0, usual) or 1.0) * spread
    return free if closeness < CLOSE / 2 else np.abs(free) + 0.1
