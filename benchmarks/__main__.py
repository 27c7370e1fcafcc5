"""Time the engine against NumPy written by hand: python -m benchmarks [ROW …]."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .measure import Ratio
from .report import Conditions, document, row_line
from .rows import ROWS
from .worker import TORCH, Outcome, contestants_of

HOUSE = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("RESULTS.md")

# glibc hands large blocks back to the system and takes them anew, a page fault for every 4 KiB each time, unless its
# thresholds are raised. For one side's habits of allocating not to decide, both run with them raised. 32 MiB is the
# most that glibc accepts as the second.
MALLOC = {"MALLOC_TRIM_THRESHOLD_": str(2**30), "MALLOC_MMAP_THRESHOLD_": str(2**25)}
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows asked for; print each figure as it comes."""
    options = parser().parse_args(arguments)
    names = options.rows or list(ROWS)
    has_torch = options.torch and find_spec("torch") is not None
    conditions = Conditions(cpus(), options.threads, version("torch") if has_torch else None, MALLOC, options.seconds)
    print("Value and gradient, as a multiple of the time of NumPy code written by hand: median (quartiles).")
    print("\n".join(conditions.lines()), flush=True)
    outcomes: dict[str, dict[str, Outcome]] = {}
    for name in names:
        print(f"\n{name}: {ROWS[name].title}", flush=True)
        outcomes[name] = {}
        for contestant in contestants_of(name):
            if contestant == TORCH and not has_torch:
                continue
            outcomes[name][contestant] = run(name, contestant, options.seconds, options.threads)
            print(row_line(name, contestant, outcomes[name][contestant]), flush=True)
    if options.write:
        RESULTS.write_text(document(outcomes, conditions), encoding="utf-8")
        print(f"\nwritten to {RESULTS.relative_to(HOUSE)}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    rows = "\n".join(f"  {name:9}{row.title}; at most {row.target} times" for name, row in ROWS.items())
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time the engine against NumPy code written by hand (and PyTorch, where it is installed).",
        epilog=f"rows:\n{rows}\n\nAll rows take about two minutes, with PyTorch three.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "rows", nargs="*", type=row_name, metavar="ROW", help="rows to run, by name (all, if none is given)"
    )
    made.add_argument("--seconds", type=positive, default=8.0, help="for each figure (default: %(default)g)")
    made.add_argument("--threads", type=at_least_one, default=cpus(), help="of every library (default: one a CPU)")
    made.add_argument("--no-torch", dest="torch", action="store_false", help="leave PyTorch out")
    made.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    return made


def row_name(text: str) -> str:
    """A row's name, as an argument."""
    if text not in ROWS:
        raise argparse.ArgumentTypeError(f"no row {text!r}; there are {', '.join(ROWS)}")
    return text


def positive(text: str) -> float:
    """A number above zero, as an argument."""
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return number


def at_least_one(text: str) -> int:
    """A count, as an argument."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return int(text)


def cpus() -> int:
    """How many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(name: str, contestant: str, seconds: float, threads: int) -> Outcome:
    """One figure, from a process of its own. SystemExit with its words where it fails."""
    environment = os.environ | MALLOC | dict.fromkeys(THREAD_VARIABLES, str(threads))
    command = [sys.executable, "-m", "benchmarks.worker", name, contestant, str(seconds), str(threads)]
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout)
    return Outcome(**(found | {"ratio": Ratio(*found["ratio"])}))


if __name__ == "__main__":
    sys.exit(main())
