"""Random instances in the style of ADBench, and the rows of the benchmark.

gmm(n, d, K), ba(n, m, p), lstm(l, c, b)     an instance of the objective of that module
ROWS                                         those that are timed, by name
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..rows import Array


class Instance(NamedTuple):
    """What an objective is given: what it is differentiated by, and the rest of its arguments."""

    varied: tuple[Array, ...]
    fixed: tuple[Any, ...]


def gmm(n: int, d: int, k: int, seed: int = 0) -> Instance:
    """n points of d dimensions, k components. Parameters as ADBench draws them; the prior with γ = 1 and m = 0."""
    rng = np.random.default_rng(seed)
    parameters = rng.normal(size=k), rng.uniform(size=(k, d)), rng.normal(size=(k, d * (d + 1) // 2))
    return Instance(parameters, (rng.normal(size=(n, d)), (1.0, 0)))


def ba(n: int, m: int, p: int, seed: int = 0) -> Instance:
    """n cameras, m points in front of them, p observations: as in ADBench, the i-th of point i mod m by camera i mod n.

    One camera is not rotated at all, as the first of a real instance usually is.
    """
    rng = np.random.default_rng(seed)
    parts = [
        rng.normal(scale=0.2, size=(n, 3)),  # rotation
        rng.normal(scale=0.5, size=(n, 3)),  # centre
        rng.uniform(0.8, 1.2, (n, 1)),  # focal length
        rng.normal(scale=0.1, size=(n, 2)),  # principal point
        rng.normal(scale=0.05, size=(n, 2)),  # radial distortion
    ]
    parts[0][0] = 0
    points = rng.uniform([-1, -1, 5], [1, 1, 7], (m, 3))
    weights, features = rng.uniform(0.5, 1.5, p), rng.normal(scale=0.2, size=(p, 2))
    i = np.arange(p)
    return Instance((np.concatenate(parts, axis=1), points, weights), (features, np.stack([i % n, i % m], axis=1)))


def lstm(l: int, c: int, b: int = 14, seed: int = 0) -> Instance:
    """l layers, c characters of b bits (14, as in ADBench); differentiated by the parameters, not by the state."""
    rng = np.random.default_rng(seed)
    text = (rng.uniform(size=(c, b)) < 0.5).astype(np.float64)
    parameters = rng.uniform(-1, 1, (2 * l, 4 * b)), rng.uniform(-1, 1, (3, b))
    return Instance(parameters, (rng.uniform(-1, 1, (2 * l, b)), text))


@dataclass(frozen=True)
class Row:
    """What is timed: an objective, by the name of its module, at sizes that are the arguments of its instance."""

    name: str
    computes: str  # the function that each side has for it
    sizes: tuple[int, ...]
    title: str
    unjitted: bool = True  # whether jax is timed without jit as well: a loop of some thousand calls takes it seconds

    @property
    def instance(self) -> Instance:
        """The data, the same for all sides."""
        make = {"gmm": gmm, "ba": ba, "ba_blocks": ba, "lstm": lstm}[self.computes]
        return make(*self.sizes)


ROWS = {
    row.name: row
    for row in (
        Row("gmm-2-5", "gmm", (1_000, 2, 5), "mixture, 1,000 points, d = 2, K = 5"),
        Row("gmm-10-25", "gmm", (1_000, 10, 25), "mixture, 1,000 points, d = 10, K = 25"),
        Row("gmm-64-25", "gmm", (1_000, 64, 25), "mixture, 1,000 points, d = 64, K = 25"),
        Row("gmm-10k", "gmm", (10_000, 10, 25), "mixture, 10,000 points, d = 10, K = 25"),
        Row("ba-small", "ba", (10, 101, 400), "bundle, 10 cameras, 101 points, 400 observations"),
        Row("ba-ladybug", "ba", (49, 7_776, 31_843), "bundle, 49 cameras, 7,776 points, 31,843 observations"),
        Row("blocks-small", "ba_blocks", (10, 101, 400), "bundle by hand-made blocks, 400 observations"),
        Row("blocks-ladybug", "ba_blocks", (49, 7_776, 31_843), "bundle by hand-made blocks, 31,843 observations"),
        Row("lstm-128", "lstm", (2, 128), "LSTM, 2 layers, 128 characters of 14 bits"),
        Row("lstm-1024", "lstm", (2, 1_024), "LSTM, 2 layers, 1,024 characters of 14 bits", unjitted=False),
    )
}
