"""How long a derivation takes, and its check: python -m benchmarks.derivations.

The notes' network with one sample and with five and weight decay, and 20 layers of eight units: a layer is derived once
and repeated "by the same argument", so the steps grow slowly, but each is checked against sweeps over the whole graph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np

import minigrad as mg
from minigrad.network import Run

ROWS: dict[str, tuple[Sequence[int], int, float]] = {  # sizes, samples, weight decay
    "notes, 1 sample": ((2, 4, 4, 4), 1, 0.0),
    "notes, 5 samples, λ": ((2, 4, 4, 4), 5, 0.1),
    "20 layers, 5 samples, λ": ((8,) * 21, 5, 0.1),
}
TIMES = 3


def run_of(sizes: Sequence[int], samples: int, weight_decay: float) -> Run:
    """A network at random values."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(samples, sizes[0])), rng.integers(0, 2, size=(samples, sizes[-1]))
    return mg.Network(sizes, rng=0).forward(X, Y, weight_decay=weight_decay)


def seconds(work: Callable[[], object]) -> float:
    """The shortest of a few times."""
    found = []
    for _ in range(TIMES):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


def main() -> None:
    """Print, for every network and level, the steps, and the times of derive, print and check."""
    print(f"{'':24} {'level':10} {'steps':>5} {'derive':>9} {'print':>9} {'check':>9} {'error':>7}")
    for name, (sizes, samples, weight_decay) in ROWS.items():
        run = run_of(sizes, samples, weight_decay)
        for level in ("textbook", "every step"):
            d = mg.derive(run, level=level)
            derive, write, check = (
                seconds(work) * 1e3
                for work in (lambda: mg.derive(run, level=level), lambda: str(d), d.check)  # noqa: B023  # called at once
            )
            columns = f"{derive:6.0f} ms {write:6.0f} ms {check:6.0f} ms {d.check().error:7.0e}"
            print(f"{name:24} {level:10} {len(d.steps):5} {columns}")


if __name__ == "__main__":
    main()
