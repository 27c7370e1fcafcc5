"""How time and memory are taken.

Time is a ratio: in every round the two sides run right after one another, in alternating order, each so often that
it takes some milliseconds; what disturbs the machine for longer than that slows both. The figure is the median of
the rounds' ratios, with their quartiles. Rounds, not runs, are counted, and no run is left out.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any, NamedTuple

from .rows import Contestant

SIDE_SECONDS = 0.005  # of one side in one round, at least
LEAST_ROUNDS = 9


class Ratio(NamedTuple):
    """The quartiles of the rounds' ratios, and how many rounds there were."""

    low: float
    median: float
    high: float
    rounds: int


def compare(contestant: Contestant, yardstick: Contestant, seconds: float) -> Ratio:
    """How many times as long as the yardstick the contestant takes, from rounds of `seconds` in all."""
    mine, its = _repeats(contestant), _repeats(yardstick)
    ratios: list[float] = []
    start = perf_counter()
    while len(ratios) < LEAST_ROUNDS or perf_counter() - start < seconds:
        if len(ratios) % 2:
            a = _time(contestant, mine)
            b = _time(yardstick, its)
        else:
            b = _time(yardstick, its)
            a = _time(contestant, mine)
        ratios.append(a / b)
    low, median, high = quantiles(ratios, n=4)
    return Ratio(low, median, high, len(ratios))


def _time(run: Contestant, repeats: int) -> float:
    """Seconds for one call, the mean over some; what the calls made is freed within the time."""
    start = perf_counter()
    for _ in range(repeats):
        run()
    return (perf_counter() - start) / repeats


def _repeats(run: Contestant) -> int:
    run()  # warm: caches, threads and memory are there before anything is timed
    return max(1, round(SIDE_SECONDS / min(_time(run, 1) for _ in range(3))))


def traced_bytes(make: Callable[[], Any]) -> int:
    """What `make` allocates and holds on to, Python objects and NumPy data alike (tracemalloc)."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    held = make()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del held
    return after - before


def resident_bytes(make: Callable[[], Any]) -> int | None:
    """How much the process grows by what `make` holds, for libraries that tracemalloc cannot see into.

    Only right in a fresh process, where no freed memory waits to be used again. None where the system has no /proc.
    """
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return None
    before = int(statm.read_text(encoding="ascii").split()[1])
    held = make()
    after = int(statm.read_text(encoding="ascii").split()[1])
    del held
    return (after - before) * os.sysconf("SC_PAGE_SIZE")
