"""A line in numbers: the same with values put in, at the graph's own values, and what comes out.

    ∂J/∂z³ᵢ = Σⱼ δ⁴ⱼ θ³ⱼᵢ g′(z³ᵢ)      i = 1:  = 0.3 · 0.4 · 0.2 + 0.1 · (−0.2) · 0.2 = 0.02

A free index is put at its first number, a sum written out where it is short, and an array shown as a table.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .algebra import MINUS_ONE
from .evaluation import Point, Value, value
from .expressions import Call, Chain, Expression, Number, Over, Partial, Plus, Power, Sum, Symbol, Table, Times
from .indices import Index, Position
from .steps import Section, Step
from .substitution import substituted

SHORT = 6  # terms of a sum that is written out
WIDE = 6  # columns and rows of a table that are shown


class AtSample(Point):
    """A point where the sample index, if any, is at its first number."""

    def __init__(self, point: Point, sample: Index | None) -> None:
        self.point, self.sample = point, sample

    def array(self, symbol: Symbol) -> np.ndarray:
        return self.point.array(symbol)

    def partial(self, partial: Partial, at: Point) -> Value:
        return self.point.partial(partial, at)

    def numbers(self, index: Index) -> np.ndarray:
        return np.array([index.start]) if index == self.sample else self.point.numbers(index)


def with_numbers(section: Section, point: Point, sample: Index | None) -> Section:
    """The section with every step in numbers too.

    >>> with_numbers(Section("a", ()), None, None).steps
    ()
    """
    at = AtSample(point, sample)
    steps: list[Step] = []
    for step in section.steps:
        head = steps[-1].numbers[0] if step.continues and steps and steps[-1].numbers else None
        steps.append(replace(step, numbers=in_numbers(step, at, head)))
    return replace(section, steps=tuple(steps))


def in_numbers(step: Step, at: AtSample, head: Expression | None) -> tuple[Expression, ...]:
    """The left side of a step at its first entry, the right side with values put in, and the value.

    Where a chain of steps goes on, `head` is its left side. Arrays are tables; of 1 = 1 nothing is said.
    """
    if isinstance(step.right, Number):
        return ()
    free = (step.left.free | step.right.free) - {at.sample}
    first: dict[Index, Position] = {index: index.start for index in free}
    left, right = head or substituted(step.left, first), substituted(step.right, first)
    result = _value(right, at)
    if right.shape:
        return (left, table(result)) if len(right.shape) == 2 else ()
    put_in, number = _put_in(right, at), Number(float(result))
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


def _put_in(e: Expression, at: AtSample) -> Expression:
    """Numbers for entries, and short sums written out; those over samples are not, as `at` is one sample."""
    if isinstance(e, Number):
        return e
    if isinstance(e, Sum) and e.index.size <= SHORT and e.index != at.sample and not _sums(e.body):
        every = [substituted(e.body, {e.index: n}) for n in range(e.index.start, e.index.stop + 1)]
        terms = [term for term in [_put_in(term, at) for term in every] if not _is_zero(term)]
        return Number(0) if not terms else terms[0] if len(terms) == 1 else Plus(tuple(terms))
    if isinstance(e, Times):
        return _multiplied([_put_in(item, at) for item in e.items])
    if isinstance(e, Chain | Over | Power | Call):
        return e.with_parts(tuple([_put_in(part, at) for part in e.parts]))
    return Number(float(_value(e, at)))


def _multiplied(items: list[Expression]) -> Expression:
    """The product as it stands, without ones; 0, or −0, where a factor is 0."""
    sign = [item for item in items[:1] if item == MINUS_ONE]
    if any(_is_zero(item) for item in items):
        return Times((MINUS_ONE, Number(0))) if sign else Number(0)
    kept = [item for item in items if item != Number(1)]
    if not kept:
        return Number(1)
    return kept[0] if len(kept) == 1 else Times(tuple(kept))


def _is_zero(e: Expression) -> bool:
    return e in {Number(0), Times((MINUS_ONE, Number(0)))}


def _sums(e: Expression) -> bool:
    return any(isinstance(inner, Sum) for inner in e.walk())
