"""Repeats: stretches of a sequence in which a block comes again and again.

longest_repeat    a b c b c b c d  →  b c, three times, from place 1
all_repeats       the longest, then those in what is left before and after it
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Repeat", "all_repeats", "longest_repeat"]

LONGEST_BLOCK = 64
"""Blocks of more items than this are not looked for: each length costs a pass over the sequence."""


class Repeat(NamedTuple):
    """`times` copies of a block of `length` items, from place `start`."""

    start: int
    length: int
    times: int

    @property
    def end(self) -> int:
        """The place after its last item."""
        return self.start + self.length * self.times


def longest_repeat(items: Sequence[Hashable], least: int = 2) -> Repeat | None:
    """The repeat, at least so many times, that covers most of the sequence; of several the first with least length.

    >>> longest_repeat("abcbcbcd")
    Repeat(start=1, length=2, times=3)
    >>> longest_repeat("abc") is None
    True
    """
    return _longest(_codes(items), least)


def all_repeats(items: Sequence[Hashable], least: int = 3) -> list[Repeat]:
    """Repeats that do not overlap, in their order: the longest, then, if any, in what it leaves before and after it.

    Those that cover less than a twentieth of the sequence are left alone, which bounds the work.

    >>> all_repeats("xababababyccccz")
    [Repeat(start=1, length=2, times=4), Repeat(start=10, length=1, times=4)]
    """
    codes = _codes(items)
    return sorted(_within(codes, least))


def _within(codes: npt.NDArray[Any], least: int) -> Iterator[Repeat]:
    parts = [(0, len(codes))]
    while parts:
        start, end = parts.pop()
        found = _longest(codes[start:end], least) if 20 * (end - start) >= len(codes) else None
        if found is not None and 20 * found.length * found.times >= len(codes):
            found = found._replace(start=start + found.start)
            yield found
            parts += [(start, found.start), (found.end, end)]


def _longest(codes: npt.NDArray[Any], least: int) -> Repeat | None:
    """An item that equals the one a period before it extends a repeat of that period: look for the longest such run."""
    best, covered = None, 0
    for period in range(1, min(LONGEST_BLOCK, len(codes) // least) + 1):
        if len(codes) - covered < period:  # what is left is less than a block: nothing longer is a better account of it
            break
        breaks = np.flatnonzero(codes[period:] != codes[:-period])
        edges = np.concatenate([[-1], breaks, [len(codes) - period]])
        runs = np.diff(edges) - 1
        k = int(runs.argmax())
        times = int(runs[k]) // period + 1
        if times >= least and times * period > covered:
            best, covered = Repeat(int(edges[k]) + 1, period, times), times * period
    return best


def _codes(items: Sequence[Hashable]) -> npt.NDArray[Any]:
    """A number for each kind of item, in the order of appearance."""
    code: dict[Hashable, int] = {}
    return np.array([code.setdefault(item, len(code)) for item in items], dtype=np.int32)
