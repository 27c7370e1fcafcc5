"""Layout: what every way of writing does with a step: its reason put together, its formulas broken into lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .expressions import Expression
from .notation import MARKS, unmarked
from .steps import Prose, Section, Step


def reason(step: Step) -> Prose:
    """Why a step holds, the shapes in it, and the conditions, as one line of prose; nothing if there is none.

    >>> from minigrad.derivation.expressions import Number
    >>> step = Step("1", Number(1), Number(1), "unit", ("one is one",), 0, 0, shapes="(1×1)", conditions=("x > 0",))
    >>> reason(step)
    ('one is one', '; ', '(1×1)', '; ', 'if ', 'x > 0')
    """
    conditions = step.conditions
    if not conditions and step.domain:
        conditions = tuple([piece for e in step.domain for piece in (", ", e, "\u00a0≠\u00a00")])[1:]
    if conditions and not str(conditions[0]).startswith("if "):
        conditions = ("if ", *conditions)
    prose: Prose = ()
    for part in (step.reason, (step.shapes,) if step.shapes else (), conditions):
        prose = (*prose, "; ", *part) if prose and part else prose or part
    return prose


class Line(NamedTuple):
    """One line as it is written: its left side, if any, a sign, what it is equal to, and why; `numeric` has numbers."""

    step: Step
    left: Expression | None
    sign: str
    rights: tuple[Expression, ...]
    reason: Prose = ()
    numeric: bool = False


def lines(section: Section) -> Iterator[Line]:
    """The lines of a section's steps. A step that goes on has no left side, unless another's numbers stand between.

    >>> from minigrad.derivation.expressions import Number
    >>> step = Step("1", Number(1), Number(1), "unit", (), 0, 0, numbers=(Number(1), Number(2), Number(3)))
    >>> [(line.left, line.sign, len(line.rights)) for line in lines(Section("a", ("title",), steps=(step,)))]
    [(Number(value=1), '=', 1), (None, '=', 2)]
    """
    head: Expression | None = None
    interrupted = True
    for step in section.steps:
        goes_on = step.continues and head is not None
        head = head if goes_on else step.left
        left = None if goes_on and not interrupted else head
        yield Line(step, left, "≔" if step.defines else "=", (step.right,), reason(step))
        interrupted = False
        if step.numbers:
            beside, *values = step.numbers
            interrupted = beside != head
            yield Line(step, beside if interrupted else None, "=", tuple(values), numeric=True)


def broken(formula: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """A formula with marks as lines that fit, broken at its outermost marks first; one without marks stays whole.

    >>> broken(f"aaa{MARKS[0]}+b{MARKS[1]}·c{MARKS[0]}+d", 6, len)
    ['aaa', '+b·c+d']
    """
    whole = unmarked(formula)
    found = sorted(set(formula) & set(MARKS))
    if not found or measure(whole) <= room:
        return [whole]
    lines: list[str] = []
    for segment in formula.split(found[0]):
        if lines and measure(lines[-1] + unmarked(segment)) <= room:
            lines[-1] += unmarked(segment)
        else:
            lines += broken(segment, room, measure)
    return lines
