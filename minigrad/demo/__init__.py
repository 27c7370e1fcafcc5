"""The demo: what `python -m minigrad` and `make demo` show.

    backpropagation.py   the notes' network on one sample: every δ beside its formula, N5 in numbers, the picture
    digits.py            a network trained on real images of digits, checked, and set beside scikit-learn
    text.py, page.py     how the report is laid out, in a terminal and in a browser

Only the digits need the extra "demo" (SciPy, scikit-learn, matplotlib, tqdm); it is imported where it is used.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import MissingExtraError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo with the given command-line arguments; returns the exit status.

    >>> main(["--only", "letters"])
    Traceback (most recent call last):
    ...
    SystemExit: 2
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # δ and Θ also where the terminal's own encoding lacks them
    try:
        if options.only != "digits":
            from .backpropagation import show as show_notes

            show_notes(options.output, options.seed)
        if options.only != "notes":
            from .digits import show as show_digits

            show_digits(options.output, options.seed, options.iterations)
    except MissingExtraError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # so that Python's own flush at exit has somewhere to go
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m minigrad",
        description="Shows backpropagation on the network of the notes, number by number, then trains a network on "
        "1,797 real images of digits. Text goes to the terminal or the pipe, pictures into a folder.",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("output"), metavar="FOLDER", help="where pictures go (default: output)"
    )
    parser.add_argument("--only", choices=("notes", "digits"), help="show one of the two parts; notes needs no extra")
    parser.add_argument(
        "--seed", type=_at_least(0), default=0, help="for the weights that both networks start from (default: 0)"
    )
    parser.add_argument(
        "--iterations", type=_at_least(1), default=200, help="steps of training, at most (default: 200)"
    )
    return parser


class _at_least:  # noqa: N801  # read as a word, where argparse wants a type
    """A whole number, not below a bound: a type for argparse, which shows its message."""

    def __init__(self, least: int) -> None:
        self.least = least

    def __call__(self, text: str) -> int:
        number = int(text) if text.strip().lstrip("+-").isdecimal() else None
        if number is None or number < self.least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {self.least}")
        return number
