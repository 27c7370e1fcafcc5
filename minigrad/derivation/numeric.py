"""A line in numbers: the same with values put in, at the graph's own values, and what comes out.

    ∂J/∂z³ᵢ = Σⱼ δ⁴ⱼ θ³ⱼᵢ g′(z³ᵢ)      i = 1:  = 0.3 · 0.4 · 0.2 + 0.1 · (−0.2) · 0.2 = 0.02

A free index is put at its first number, a sum written out where it is short, and an array shown as a table.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .algebra import plus, times
from .evaluation import Point, value
from .expressions import (
    Call,
    Chain,
    Delta,
    Entry,
    Expression,
    Index,
    Named,
    Number,
    Over,
    Partial,
    Plus,
    Position,
    Power,
    Sum,
    Symbol,
    Table,
    Times,
    Within,
    substituted,
)
from .steps import Section, Step

SHORT = 6  # terms of a sum that is written out
WIDE = 6  # columns and rows of a table that are shown


class AtSample(Point):
    """A point where the sample index, if any, is at its first number."""

    def __init__(self, point: Point, sample: Index | None) -> None:
        self.point, self.sample = point, sample

    def array(self, symbol: Symbol) -> np.ndarray:
        return self.point.array(symbol)

    def partial(self, partial: Partial, at: Point) -> object:  # type: ignore[override]
        return self.point.partial(partial, at)

    def numbers(self, index: Index) -> np.ndarray:
        return np.array([index.start]) if index == self.sample else self.point.numbers(index)


def with_numbers(section: Section, point: Point, sample: Index | None) -> Section:
    """The section with every step in numbers too.

    >>> with_numbers(Section("a", ()), None, None).steps
    ()
    """
    at = AtSample(point, sample)
    return replace(
        section, steps=tuple([replace(step, numbers=in_numbers(step, at, sample)) for step in section.steps])
    )


def in_numbers(step: Step, at: Point, sample: Index | None) -> tuple[Expression, ...]:
    """The left side at the first entry, the right side with values put in, and the value; arrays as tables."""
    if isinstance(step.right, Number):
        return ()
    free = sorted((step.left.free | step.right.free) - {sample}, key=lambda index: index.letter)
    first: dict[Index, Position] = {index: index.start for index in free}
    left, right = substituted(step.left, first), substituted(step.right, first)
    result = _value(right, at)
    if right.shape:
        return (left, table(result))
    put_in = _put_in(right, at)
    number = Number(float(result))
    return (left, number) if put_in == number else (left, put_in, number)


def _value(e: Expression, at: Point) -> np.ndarray:
    with np.errstate(all="ignore"):
        data = value(e, at).data
    return np.reshape(data, e.shape)


def table(array: np.ndarray) -> Table:
    """An array in numbers, its middle left out where it is long.

    >>> table(np.array([[1.0, 2.0]])).rows
    ((1.0, 2.0),)
    """
    rows = [_cut(list(map(float, row))) for row in np.atleast_2d(array)]
    if len(rows) > WIDE:
        rows = [*rows[:3], tuple([None] * len(rows[0])), rows[-1]]
    return Table(tuple(rows), np.atleast_2d(array).shape)


def _cut(row: list[float]) -> tuple[float | None, ...]:
    return tuple(row) if len(row) <= WIDE else (*row[:3], None, row[-1])


def _put_in(e: Expression, at: Point) -> Expression:
    """Numbers for entries, and sums written out; what an argument of a function is, is put in there."""
    if isinstance(e, Number):
        return e
    if isinstance(e, Sum) and e.index.size <= SHORT and not _sums(e.body):
        terms = [substituted(e.body, {e.index: n}) for n in range(e.index.start, e.index.stop + 1)]
        return plus(*[term for term in [_put_in(term, at) for term in terms] if term != Number(0)])
    if isinstance(e, Named | Symbol | Entry | Partial | Delta | Within | Sum):
        return Number(float(_value(e, at)))
    if isinstance(e, Times):
        return times_unfolded([_put_in(item, at) for item in e.items])
    if isinstance(e, Chain | Over | Power | Call | Plus):
        return e.with_parts(tuple([_put_in(part, at) for part in e.parts]))
    return Number(float(_value(e, at)))


def times_unfolded(items: list[Expression]) -> Expression:
    """The product as it stands, in numbers; 0 where a factor is.

    >>> times_unfolded([Number(2), Number(0)])
    Number(value=0)
    """
    if any(isinstance(item, Number) and item.value == 0 for item in items):
        return Number(0)
    kept = [item for item in items if item != Number(1)]
    if not kept:
        return times(*items)
    return kept[0] if len(kept) == 1 else Times(tuple(kept))


def _sums(e: Expression) -> bool:
    return any(isinstance(inner, Sum) for inner in e.walk())
