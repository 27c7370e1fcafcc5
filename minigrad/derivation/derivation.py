"""Derivations: from a graph to the gradient of its output, written step by step, each step checked.

    d = derive(J, W)        one node, several, or all parameters
    print(d)                text; d.latex(), d.html() the same for a page
    d.steps                 the lines: two expressions and the rule that makes them equal
    d.check()               both sides of every line, evaluated at the graph's values and at random ones

The rooms, from the ground up: expressions and their numbers (expressions, evaluation), rewriting (algebra, rules,
recognition), reading a graph (vocabulary, formulas, map_forms, structure, scope), writing (board, forward, backward,
here), checking (points, checks), and the page (typeset, text, latex, mathml).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import GradientError, UnsupportedError
from ..graph import Node, arguments_first, checked_node
from ..network import Run
from .algebra import ONE, over, plus, times
from .backward import Milestone
from .board import Board, Lines, shapes_of
from .expressions import Expression, Named, Name, Partial, Sum
from .forward import forward_section
from .recognition import recognised
from .rules import collapsed, pulled_out
from .scope import samples_of
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Document, Section
from .structure import Structure

LEVELS = ("summary", "textbook", "every step", "numbers")
NOTATIONS = ("standard", "notes")


class Derivation:
    """A derivation."""

    def __init__(self, board: Board, document: Document) -> None:
        self.board, self.document = board, document

    @property
    def steps(self):
        return tuple(self.document.steps)


def derive(output, wrt=None, level="textbook", notation="standard") -> Derivation:
    if isinstance(output, Run):
        output = output.J
    checked_node(output, "derive")
    asked = _asked(output, wrt)
    structure = Structure(output, asked, notation)
    samples = samples_of(structure)
    if samples is not None:
        structure = Structure(output, asked, notation, samples.data)
    board = Board(structure, samples)
    sections = [forward_section(board)]
    for node in reversed(structure.milestones):
        if node is board.end or node is structure.output or node not in board.below:
            continue
        sections.append(Milestone(board, node, f"d{board.vocabulary.key(node)}").section())
    if samples is not None:
        sections += [_assembly(board, node) for node in asked]
    return Derivation(board, Document(("∂", board.total), tuple(sections)))


def _asked(output: Node, wrt) -> list[Node]:
    if wrt is None:
        return [node for node in arguments_first([output]) if node.op is None and node.differentiable]
    return [wrt] if isinstance(wrt, Node) else list(wrt)


def _assembly(board: Board, node: Node) -> Section:
    samples = board.samples
    key = board.vocabulary.key(node)
    m = over(ONE, Named(Name("m"), float(samples.index.size)))
    milestone = Milestone(board, node, f"assembly-{key}")
    total = Partial(board.total, board.value(node, milestone.places))
    lines = Lines(f"assembly-{key}", key, total)
    milestone.lines = Lines("x", key, board.by(node, milestone.places))
    rest = _penalty_entry(board, node, milestone)
    by = board.by(node, milestone.places)
    if node in samples.axes:
        lines.to(times(m, by), "sum over samples", ("only its own sample depends on it",), SUMMARY)
        return Section(f"assembly-{key}", ("All samples",), steps=tuple(lines.steps), node=key)
    lines.to(plus(times(m, Sum(samples.index, by)), *rest), "sum over samples", ("J is the mean over the samples",), TEXTBOOK)
    return Section(f"assembly-{key}", ("All samples",), steps=tuple(lines.steps), node=key)


def _penalty_entry(board, node, milestone):
    chains = [c for c in board.structure.chains[node] if c.end not in board.below]
    from .backward import _product

    return [collapsed(_product(milestone._hops(c, ()), milestone.free, board)) for c in chains]
