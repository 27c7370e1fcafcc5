"""Steps: the lines of a derivation, each a claim that two expressions are equal, with its reason.

A reason, a title or a remark is prose: words, and expressions or indices among them, so that each way of writing
(text, LaTeX, MathML) writes the mathematics in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .expressions import Expression
from .indices import Position

Prose = tuple[str | Expression | Position, ...]

SUMMARY, TEXTBOOK, EVERY_STEP = 0, 1, 2  # the coarsest level at which a step is shown


@dataclass(frozen=True)
class Step:
    """left = right, by a named rule.

    `id` is stable: the section's, and the number within it. `continues`: left is the right of the step before, so that
    only "= right" is written. `defines`: true by definition. `node` is the place in the graph of the node it is about.
    `conditions` say where the step holds, if not everywhere, and `domain` are the expressions that must not be 0.
    `shapes` are the shapes in a product of arrays, (4×4)(4×1) = 4×1. `numbers` are the same in numbers: the left side,
    with values substituted, and the value.
    """

    id: str
    left: Expression
    right: Expression
    rule: str
    reason: Prose
    level: int
    node: int
    continues: bool = False
    defines: bool = False
    shapes: str = ""
    conditions: Prose = ()
    domain: tuple[Expression, ...] = ()
    numbers: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Described:
    """A row of the table of symbols: the symbol, its shape in words, and what it is."""

    symbol: Expression
    shape: str
    meaning: Prose


@dataclass(frozen=True)
class Section:
    """A part of a derivation: a title, remarks, rows of symbols, and steps that follow from one another."""

    id: str
    title: Prose
    remarks: tuple[Prose, ...] = ()
    symbols: tuple[Described, ...] = ()
    steps: tuple[Step, ...] = ()
    node: int | None = None


@dataclass(frozen=True)
class Document:
    """All sections, and a footer: what was checked."""

    title: Prose
    sections: tuple[Section, ...]
    footer: tuple[Prose, ...] = field(default=())

    @property
    def steps(self) -> Iterator[Step]:
        """All steps, in order."""
        return (step for section in self.sections for step in section.steps)
