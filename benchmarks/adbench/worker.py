"""One figure, in a fresh process: python -m benchmarks.adbench.worker ROW PEER SECONDS THREADS.

Why a process of its own: see ../worker.py.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from ..measure import Ratio, compare
from ..rows import Contestant, Numbers, largest_error
from .problems import ROWS, Row

AGREEMENT = 1e-10  # relative: sides that differ by more do not compute the same


class Peer(NamedTuple):
    """Who stands beside the engine: a module of this package, and the distribution that it needs."""

    module: str
    needs: str
    jit: bool = True


PEERS = {
    "jax, jit": Peer("by_jax", "jax"),
    "jax": Peer("by_jax", "jax", jit=False),
    "PyTorch": Peer("by_torch", "torch"),
    "autograd": Peer("by_autograd", "autograd"),
    "the value alone": Peer("by_numpy", "numpy"),
    "minigrad again": Peer("by_minigrad", "minigrad"),
}


@dataclass(frozen=True)
class Outcome:
    """The engine's time over the peer's; how far their numbers differ; the peer's first call, in calls of ours."""

    ratio: Ratio
    error: float
    first: float


def runs(row: Row, peer: str) -> bool:
    """Whether a row is timed beside this peer."""
    return row.unjitted or PEERS[peer].jit


def side(row: Row, peer: str) -> Contestant:
    """What the peer computes in this row."""
    module = import_module(f"{__package__}.{PEERS[peer].module}")
    contestant: Any = getattr(module, row.computes)
    if not PEERS[peer].jit:
        contestant = partial(contestant, jit=module.plain)
    made: Contestant = contestant(row.instance)
    return made


def difference(found: Numbers, expected: Numbers) -> float:
    """The largest max|Δ| / max|reference| over the arrays, or over the one where the value is alone; NaN gives NaN."""
    return float(np.max([_difference(one, other) for one, other in zip(found, expected, strict=False)]))


def _difference(one: Any, other: Any) -> float:
    if not issparse(other):
        return largest_error([one], [np.asarray(other)])
    if one.shape != other.shape:
        return np.inf
    return float(np.max(np.abs((one - other).data), initial=0.0) / np.max(np.abs(other.data)))


def measure(name: str, peer: str, seconds: float) -> Outcome:
    """Compare the numbers, then time. SystemExit where the two sides do not compute the same."""
    row = ROWS[name]
    ours, theirs = side(row, "minigrad again"), side(row, peer)
    start = perf_counter()
    expected = theirs()
    first = perf_counter() - start
    error = difference(ours(), expected)
    if not error <= AGREEMENT:
        raise SystemExit(f"{name}: minigrad and {peer} differ by {error:.1e}, relative.")
    return Outcome(compare(ours, theirs, seconds), error, first / median(_times(ours)))


def _times(run: Contestant) -> list[float]:
    times = []
    for _ in range(3):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return times


def main(name: str, peer: str, seconds: str, threads: str) -> None:
    """Print the outcome as JSON."""
    if PEERS[peer].needs == "torch":
        import torch  # type: ignore[import-not-found,unused-ignore]  # optional

        torch.set_num_threads(int(threads))
    print(json.dumps(asdict(measure(name, peer, float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
