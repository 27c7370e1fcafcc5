"""The tables, for the terminal and for ADBENCH.md."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from .problems import ROWS
from .worker import PEERS, Outcome

Outcomes = Mapping[str, Mapping[str, Outcome]]
TIMED = [peer for peer in PEERS if peer not in ("the value alone", "minigrad again")]


def installed(distribution: str) -> str | None:
    """Its version, None where it is not there."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Conditions:
    """What the figures were taken on and with, so that others can repeat them."""

    cpus: int
    threads: int
    seconds: float
    environment: Mapping[str, str]

    def lines(self) -> list[str]:
        """A line for each."""
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        others = {peer.needs: installed(peer.needs) or "not installed" for peer in PEERS.values()}
        versions = ", ".join(f"{name} {number}" for name, number in others.items() if name not in ("numpy", "minigrad"))
        settings = ", ".join(f"{key}={value}" for key, value in self.environment.items())
        return [
            f"{self.cpus} CPUs ({platform.machine()}, {platform.system()}), {self.threads} thread(s) for every library",
            f"{platform.python_implementation()} {platform.python_version()}, NumPy {np.__version__}, "
            f"BLAS {blas['name']} {blas['version']}, {versions}",
            f"float64 everywhere; {settings}, for all sides alike; garbage collector as Python sets it",
            f"{self.seconds:g} s of paired rounds for each figure, and at least 9 rounds",
        ]


def line(peer: str, outcome: Outcome) -> str:
    """One figure, for the terminal, as soon as it is known."""
    low, middle, high, rounds = outcome.ratio
    return f"  {peer:16}{figure(middle):>7}  ({figure(low)} … {figure(high)}, {rounds} rounds)"


def figure(ratio: float) -> str:
    """Three digits."""
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:.0f}"


def document(outcomes: Outcomes, conditions: Conditions) -> str:
    """ADBENCH.md."""
    peers = [peer for peer in PEERS if any(peer in by for by in outcomes.values())]
    lines = [
        "# ADBench",
        "",
        "Written by `python -m benchmarks.adbench --write`; [README.md](README.md) says what the figures mean.",
        "",
        *[f"- {line}" for line in conditions.lines()],
        "",
        "minigrad's time as a multiple of the peer's, median (quartiles): above 1, minigrad is slower. "
        "“The value alone” is the objective by plain NumPy, without a derivative; “minigrad again” is the noise.",
        "",
        f"| row | computed | {' | '.join(peers)} |",
        f"|---|---|{'---|' * len(peers)}",
    ]
    for name, by in outcomes.items():
        cells = [_cell(by[peer]) if peer in by else "—" for peer in peers]
        lines.append(f"| {name} | {ROWS[name].title} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_summary(outcomes), "", *_first_calls(outcomes), ""])


def _cell(outcome: Outcome) -> str:
    low, middle, high, _ = outcome.ratio
    return f"**{figure(middle)}** ({figure(low)} … {figure(high)})"


def _summary(outcomes: Outcomes) -> list[str]:
    lines = ["## Where we lose", ""]
    for peer in TIMED:
        ratios = {name: by[peer].ratio.median for name, by in outcomes.items() if peer in by}
        if ratios:
            slower = [name for name, ratio in ratios.items() if ratio > 1]
            worst, best = max(ratios, key=lambda name: ratios[name]), min(ratios, key=lambda name: ratios[name])
            lines.append(
                f"- **{peer}**: minigrad is slower in {len(slower)} of {len(ratios)} rows; at worst it takes "
                f"{figure(ratios[worst])} times as long ({worst}), at best {figure(ratios[best])} times ({best})."
            )
    return lines


def _first_calls(outcomes: Outcomes) -> list[str]:
    found = {name: by["jax, jit"].first for name, by in outcomes.items() if "jax, jit" in by}
    errors = [outcome.error for by in outcomes.values() for outcome in by.values()]
    lines = [f"The numbers of all sides agree to {max(errors):.0e}, relative."] if errors else []
    if not found:
        return lines
    calls = ", ".join(f"{figure(first)} ({name})" for name, first in found.items())
    compiling = "jax's first call under jit, in which it compiles, is not counted above; it takes as long as"
    return [*lines, "", f"{compiling} this many of ours: {calls}."]
