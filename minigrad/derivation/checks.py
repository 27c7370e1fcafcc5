"""Checking: both sides of every step, evaluated, at the graph's own values and at random ones.

A step holds where its two sides agree to 1e-9 of the larger side's norm, for all values of its free indices. The
derivatives that a step speaks of are those of the engine (points.py), so that the last line of a derivation is held
to the reverse sweep. Data and parameters are drawn anew; numbers that stand in formulas, and whole numbers, are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import DerivationError, MinigradError
from ..graph import Node
from ..linear_maps.algebra import Array
from .evaluation import Point, Value, elementwise, value
from .points import GraphPoint
from .steps import Step

TOLERANCE = 1e-9  # of the larger side's norm
ROUNDING = 1e-14  # of the largest value in the graph: what rounding may leave of a difference
TRIES = 40
LARGE = 1e6  # a point with larger values has lost too many digits to tell


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


def check_steps(steps: Sequence[Step], points: Sequence[Point], write: Callable[[Step], str]) -> Report:
    """All steps at all points, the first of which are the graph's own values. DerivationError for one that fails.

    >>> check_steps([], [], str).steps
    0
    """
    largest = 0.0
    for step in steps:
        for k, point in enumerate(points):
            error = _error(step, point)
            if error is None:
                if k > 0:
                    raise DerivationError(f"{write(step)}\n  It has no value at random point {k}.")
                continue
            if not error <= TOLERANCE:
                raise DerivationError(_complaint(step, point, k, error, write))
            largest = max(largest, error)
    return Report(len(steps), len(points), largest)


def _sides(step: Step, point: Point) -> tuple[Array, Array]:
    with np.errstate(all="ignore"):
        left, right = value(step.left, point), value(step.right, point)
        pair: list[Value] = []
        for k in range(2):
            ranks = (len(step.left.shape), len(step.right.shape))
            pair.append(elementwise([left, right], ranks, lambda sides, k=k: sides[k] + 0 * sides[1 - k]))
    return pair[0].data, pair[1].data


def _error(step: Step, point: Point) -> float | None:
    """The relative error; None where a side has no value, as (a − y)/(a(1 − a)) at a = 1."""
    left, right = _sides(step, point)
    if step.left.shape and step.right.shape and step.left.shape != step.right.shape:
        return np.inf
    if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
        return None
    size, difference = max(np.linalg.norm(left), np.linalg.norm(right)), float(np.linalg.norm(left - right))
    # What cancels to nothing, as the sum of centred values, leaves the rounding of what it was made of.
    return 0.0 if difference <= ROUNDING * point.scale * np.sqrt(left.size) else difference / float(size)


def _complaint(step: Step, point: Point, k: int, error: float, write: Callable[[Step], str]) -> str:
    left, right = _sides(step, point)
    where = "the graph's values" if k == 0 else f"random point {k}"
    left_text, right_text = (np.array2string(np.asarray(side), precision=6, threshold=20) for side in (left, right))
    return (
        f"step {step.id} ({step.rule}) does not hold at {where}:\n  {write(step)}\n"
        f"  left:  {left_text}\n  right: {right_text}\n  relative error {error:.1e}, allowed {TOLERANCE:.0e}"
    )


def random_points(make: Callable[[dict[Node, Array]], GraphPoint], leaves: Sequence[Node], n: int, seed: int) -> Iterator[GraphPoint]:
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
        point = _drawn(make, {leaf: _redrawn(leaf, rng, freedom) for leaf in leaves if _is_data(leaf)})
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


def _redrawn(leaf: Node, rng: np.random.Generator, closeness: float) -> Array:
    own = leaf.value.astype(np.float64)
    if not leaf.differentiable and own.size and 0 <= own.min() and own.max() <= 1:
        return rng.uniform(0.05, 0.95, own.shape)  # labels and probabilities stay such
    free = rng.normal(size=own.shape)
    if closeness < 0.3:
        return free
    near = own * rng.uniform(0.6, 1.4, own.shape)
    if closeness < 0.6:
        return np.abs(free) + 0.1
    return near + 0.1 * (1 - closeness) * free if closeness < 0.9 else near
