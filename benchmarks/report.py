"""The table, for the terminal and for RESULTS.md."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .rows import ROWS, ChainRow
from .worker import CONTROL, TORCH, Outcome


@dataclass(frozen=True)
class Conditions:
    """What the figures were taken on and with, so that others can repeat them."""

    cpus: int
    threads: int
    torch: str | None
    malloc: Mapping[str, str]
    seconds: float

    def lines(self) -> list[str]:
        """A line for each."""
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        settings = ", ".join(f"{key}={value}" for key, value in self.malloc.items())
        return [
            f"{self.cpus} CPUs ({platform.machine()}, {platform.system()}), {self.threads} threads for every library",
            f"{platform.python_implementation()} {platform.python_version()}, NumPy {np.__version__}, "
            f"BLAS {blas['name']} {blas['version']}, "
            + (f"PyTorch {self.torch}" if self.torch else "PyTorch not installed"),
            f"glibc: {settings}, for all sides alike; garbage collector as Python sets it",
            f"{self.seconds:g} s of paired rounds for each figure",
        ]


def row_line(name: str, contestant: str, outcome: Outcome) -> str:
    """One figure, for the terminal, as soon as it is known."""
    row, ratio = ROWS[name], outcome.ratio
    text = f"{ratio.median:6.2f}  ({ratio.low:.2f} … {ratio.high:.2f}, {ratio.rounds} rounds)"
    if contestant not in (CONTROL, TORCH):
        text += f"  target {row.target}"
    if outcome.traced is not None and isinstance(row, ChainRow):
        text += f"; {outcome.traced:.0f} bytes a node"
        text += f", target {row.bytes_target}" if contestant == "backward()" else ""
    elif outcome.resident is not None:
        text += f"; {outcome.resident:.0f} bytes a node (resident)"
    return f"  {contestant:14}{text}"


def document(outcomes: Mapping[str, Mapping[str, Outcome]], conditions: Conditions) -> str:
    """RESULTS.md."""
    lines = [
        "# Results",
        "",
        "Written by `python -m benchmarks --write`; [README.md](README.md) says what the figures mean.",
        "",
        *[f"- {line}" for line in conditions.lines()],
        "",
        "Time as a multiple of NumPy code written by hand: median, and quartiles of the rounds. "
        f"“{CONTROL.capitalize()}” is that code against itself: the noise.",
        "",
        "| row | computed | by | times as long as by hand | quartiles | rounds | target | numbers differ by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, by in outcomes.items():
        row = ROWS[name]
        for contestant, outcome in by.items():
            ratio = outcome.ratio
            target = "" if contestant in (CONTROL, TORCH) else f"≤ {row.target}"
            lines.append(
                f"| {name} | {row.title} | {contestant} | **{ratio.median:.2f}** | {ratio.low:.2f} … {ratio.high:.2f} "
                f"| {ratio.rounds} | {target} | {outcome.error:.0e} |"
            )
    return "\n".join([*lines, *_weights(outcomes), ""])


def _weights(outcomes: Mapping[str, Mapping[str, Outcome]]) -> list[str]:
    weighed = [
        (contestant, outcome)
        for by in outcomes.values()
        for contestant, outcome in by.items()
        if outcome.resident is not None or outcome.traced is not None
    ]
    if not weighed:
        return []
    lines = [
        "",
        "Bytes a node of the chain, kept alive: as Python's tracemalloc counts them, and as the process grows.",
        "",
        "| by | traced | resident | target |",
        "|---|---|---|---|",
    ]
    for contestant, outcome in weighed:
        traced, resident = (f"{x:.0f}" if x is not None else "—" for x in (outcome.traced, outcome.resident))
        limit = next(row.bytes_target for row in ROWS.values() if isinstance(row, ChainRow))
        target = f"≤ {limit}, .grad included" if contestant == "backward()" else ""
        lines.append(f"| {contestant} | {traced} | {resident} | {target} |")
    return lines
