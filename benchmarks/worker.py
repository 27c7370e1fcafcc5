"""One row, one contestant, in a fresh process with settings of its own: python -m benchmarks.worker ROW CONTESTANT.

A process of its own, because memory settings and numbers of threads are read when a process starts, and because
threads of one library that spin while they wait would slow another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from . import by_hand
from .measure import Ratio, compare, resident_bytes, traced_bytes
from .rows import ROWS, ChainRow, Contestant, NetworkRow, largest_error

AGREEMENT = 1e-12  # relative: sides that differ by more do not compute the same
# A gradient along the chain is a product of as many slopes, each with a rounding of its own.
CHAIN_AGREEMENT = 1e-15  # times the length

CONTROL, TORCH = "by hand again", "PyTorch eager"

NETWORK_CONTESTANTS = ("nodes", "mg.Network", TORCH, CONTROL)
CHAIN_CONTESTANTS = ("backward()", "gradients()", TORCH, CONTROL)


@dataclass(frozen=True)
class Outcome:
    """What a worker found; bytes are per node, None where they were not asked for or cannot be told."""

    ratio: Ratio
    error: float
    traced: float | None = None
    resident: float | None = None


def contestants_of(name: str) -> tuple[str, ...]:
    """Who runs in a row, in the order of the report."""
    return CHAIN_CONTESTANTS if isinstance(ROWS[name], ChainRow) else NETWORK_CONTESTANTS


def network_sides(row: NetworkRow, contestant: str) -> tuple[Contestant, Contestant]:
    """A contestant on a network, and the yardstick on the same problem."""
    problem = row.problem()
    yardstick = by_hand.network(problem)
    if contestant == CONTROL:
        return by_hand.network(problem), yardstick
    if contestant == TORCH:
        from . import by_torch

        return by_torch.network(problem), yardstick
    from . import by_minigrad

    make = {"nodes": by_minigrad.nodes, "mg.Network": by_minigrad.network}[contestant]
    return make(problem), yardstick


def chain_sides(row: ChainRow, contestant: str) -> tuple[Contestant, Contestant, Callable[[], Any] | None]:
    """A contestant on the chain, the yardstick, and what makes the graph for weighing."""
    yardstick = by_hand.chain(row)
    if contestant == CONTROL:
        return by_hand.chain(row), yardstick, None
    if contestant == TORCH:
        from . import by_torch

        return by_torch.chain(row), yardstick, lambda: by_torch.chain_of_tensors(row)
    from . import by_minigrad

    if contestant == "backward()":
        return by_minigrad.chain_backward(row), yardstick, lambda: by_minigrad.chain_held(row)
    return by_minigrad.chain_gradients(row), yardstick, lambda: by_minigrad.chain_of_nodes(row, row.start())


def measure(name: str, contestant: str, seconds: float) -> Outcome:
    """Weigh, compare the numbers, then time. SystemExit where the two sides do not compute the same."""
    row = ROWS[name]
    traced = resident = None
    if isinstance(row, ChainRow):
        mine, yardstick, make = chain_sides(row, contestant)
        if make is not None:
            grown = resident_bytes(make)
            resident = None if grown is None else grown / row.length
            traced = None if contestant == TORCH else traced_bytes(make) / row.length
    else:
        mine, yardstick = network_sides(row, contestant)
    error = largest_error(mine(), yardstick())
    if not error <= (CHAIN_AGREEMENT * row.length if isinstance(row, ChainRow) else AGREEMENT):
        raise SystemExit(f"{name}: {contestant} differs from the code by hand by {error:.1e}, relative.")
    return Outcome(compare(mine, yardstick, seconds), error, traced, resident)


def main(name: str, contestant: str, seconds: str, threads: str) -> None:
    """Print the outcome as JSON."""
    if contestant == TORCH:
        import torch  # type: ignore[import-not-found,unused-ignore]  # optional

        torch.set_num_threads(int(threads))
    outcome = asdict(measure(name, contestant, float(seconds)))
    print(json.dumps(outcome))


if __name__ == "__main__":
    main(*sys.argv[1:])
