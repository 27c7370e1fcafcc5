"""Time the engine beside other autodiff libraries on ADBench's objectives: python -m benchmarks.adbench [ROW …]."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ..__main__ import HOUSE, MALLOC, THREAD_VARIABLES, at_least_one, cpus, positive
from ..measure import Ratio
from .problems import ROWS
from .report import Conditions, document, installed, line
from .worker import PEERS, Outcome, runs

RESULTS = Path(__file__).parents[1] / "ADBENCH.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows asked for; print each figure as it comes."""
    options = parser().parse_args(arguments)
    peers = [peer for peer in options.peer or PEERS if installed(PEERS[peer].needs)]
    conditions = Conditions(cpus(), options.threads, options.seconds, MALLOC)
    print("minigrad's time as a multiple of the peer's: median (quartiles).")
    print("\n".join(conditions.lines()), flush=True)
    outcomes: dict[str, dict[str, Outcome]] = {}
    for name in options.rows or list(ROWS):
        print(f"\n{name}: {ROWS[name].title}", flush=True)
        outcomes[name] = {}
        for peer in peers:
            if runs(ROWS[name], peer):
                outcomes[name][peer] = run(name, peer, options.seconds, options.threads)
                print(line(peer, outcomes[name][peer]), flush=True)
    if options.write:
        RESULTS.write_text(document(outcomes, conditions), encoding="utf-8")
        print(f"\nwritten to {RESULTS.relative_to(HOUSE)}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    rows = "\n".join(f"  {name:16}{row.title}" for name, row in ROWS.items())
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.adbench",
        description="ADBench's objectives by the engine, beside jax, PyTorch and autograd where they are installed.",
        epilog=f"rows:\n{rows}\n\nAll rows beside all peers take about ten minutes.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("rows", nargs="*", type=row_name, metavar="ROW", help="rows to run (all, if none is given)")
    made.add_argument("--peer", action="append", choices=list(PEERS), help="only this one; may be given again")
    made.add_argument("--seconds", type=positive, default=4.0, help="for each figure (default: %(default)g)")
    made.add_argument("--threads", type=at_least_one, default=1, help="of every library (default: %(default)d)")
    made.add_argument("--write", action="store_true", help="write benchmarks/ADBENCH.md")
    return made


def row_name(text: str) -> str:
    """A row's name, as an argument."""
    if text not in ROWS:
        raise argparse.ArgumentTypeError(f"no row {text!r}; there are {', '.join(ROWS)}")
    return text


def run(name: str, peer: str, seconds: float, threads: int) -> Outcome:
    """One figure, from a process of its own. SystemExit with its words where it fails."""
    environment = os.environ | MALLOC | dict.fromkeys(THREAD_VARIABLES, str(threads)) | jax_threads(threads)
    command = [sys.executable, "-m", "benchmarks.adbench.worker", name, peer, str(seconds), str(threads)]
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout)
    return Outcome(**(found | {"ratio": Ratio(*found["ratio"])}))


def jax_threads(threads: int) -> dict[str, str]:
    """jax takes its number of threads from NPROC; its products of matrices use one or all of them."""
    several = str(threads > 1).lower()
    return {"NPROC": str(threads), "JAX_PLATFORMS": "cpu", "XLA_FLAGS": f"--xla_cpu_multi_thread_eigen={several}"}


if __name__ == "__main__":
    sys.exit(main())
