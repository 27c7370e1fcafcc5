"""What is computed: sigmoid networks of several sizes (the notes' J with its L2 penalty), and a chain of tanh nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = list[Array]  # what a contestant returns, for comparison: the value, then the gradients
Contestant = Callable[[], Numbers]

WEIGHT_DECAY = 1.0


@dataclass(frozen=True)
class Problem:
    """A network's data, made once: X (m, n) and Y (m, K), a row a sample; thetas with the bias column first."""

    thetas: list[Array]
    X: Array
    Y: Array
    weight_decay: float = WEIGHT_DECAY


@dataclass(frozen=True)
class NetworkRow:
    """Value and gradient of a sigmoid network of these layer sizes."""

    name: str
    sizes: tuple[int, ...]
    samples: int
    target: float  # at most so many times as long as by hand
    title: str = field(init=False)

    def __post_init__(self) -> None:
        samples = "1 sample" if self.samples == 1 else f"{self.samples:,} samples"
        object.__setattr__(self, "title", f"network {'-'.join(map(str, self.sizes))}, {samples}")

    def problem(self, seed: int = 0) -> Problem:
        """Random weights (Glorot's bounds), inputs and 0/1 labels."""
        rng = np.random.default_rng(seed)
        thetas = [
            rng.uniform(-1, 1, (above, below + 1)) * np.sqrt(6 / (above + below))
            for below, above in pairwise(self.sizes)
        ]
        X = rng.uniform(0, 1, (self.samples, self.sizes[0]))
        Y = (rng.uniform(0, 1, (self.samples, self.sizes[-1])) < 0.3).astype(np.float64)
        return Problem(thetas, X, Y)


@dataclass(frozen=True)
class ChainRow:
    """tanh(tanh(… x)), one node a tanh, of shape (1,): value and gradient, and the bytes that a node takes."""

    name: str
    length: int
    target: float
    bytes_target: int
    title: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", f"chain of {self.length:,} tanh nodes of shape (1,)")

    def start(self) -> Array:
        """Where the chain begins."""
        return np.array([0.5])


Row = NetworkRow | ChainRow

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
        NetworkRow("tiny-1", (2, 4, 4, 4), 1, 2.5),
        NetworkRow("tiny-32", (2, 4, 4, 4), 32, 2.5),
        NetworkRow("digits", (400, 25, 10), 5_000, 1.1),
        NetworkRow("wide", (784, 256, 256, 10), 256, 1.1),
        ChainRow("chain", 100_000, 2.5, 400),
    )
}


def largest_error(found: list[Any], expected: Numbers) -> float:
    """The largest max|Δ| / max|reference| over the arrays; NaN anywhere gives NaN, infinite for a wrong shape."""
    errors = []
    for one, other in zip(found, expected, strict=True):
        if np.shape(one) != other.shape:
            return np.inf
        errors.append(np.max(np.abs(np.asarray(one) - other)) / max(np.max(np.abs(other)), np.finfo(np.float64).tiny))
    return float(np.max(errors))
