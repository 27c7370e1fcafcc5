"""Derivations: from a graph to the gradient of its output, written step by step, each step checked.

    d = derive(J, W)        one node, several, or all parameters
    print(d)                text; d.latex() and d.html() the same for a page
    d.steps                 the lines: two expressions, and the rule that makes them equal
    d.check()               both sides of every line, evaluated at the graph's values and at random ones

Here the parts are put together; each is written in a room of its own (see the package's table of contents).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..errors import GradientError, UnsupportedError
from ..graph import Node, arguments_first, checked_node
from ..linear_maps.algebra import Array
from ..network import Run
from .algebra import ONE, ZERO
from .assembly import assembly_sections
from .backward import Milestone
from .board import Board, Lines
from .checks import Report, check_steps, random_points
from .expressions import Expression, Filled, Partial
from .forward import forward_section
from .latex import latex
from .numeric import with_numbers
from .page import html
from .points import Cost, GraphPoint
from .samples import samples_of
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Document, Prose, Section, Step
from .structure import Structure
from .symbols import goal_section, symbols_section
from .text import formula, text

LEVELS = {"summary": SUMMARY, "textbook": TEXTBOOK, "every step": EVERY_STEP, "numbers": TEXTBOOK}
NOTATIONS = ("standard", "notes")


class Derivation:
    """The gradient of an output by some nodes, derived; made by `derive`.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> d = mg.derive(mg.sum(x * x, name="J"), x)
    >>> d.check().steps == len(d.steps)
    True
    """

    def __init__(self, board: Board, document: Document) -> None:
        self._board, self.document = board, document

    def __str__(self) -> str:
        return text(self.document)

    def latex(self) -> str:
        r"""The derivation in LaTeX, for a document that loads amsmath and amssymb.

        >>> import minigrad as mg
        >>> x = mg.parameter(2.0, name="x")
        >>> r"\frac{\partial J}{\partial x}" in mg.derive(x * x, x).latex()
        True
        """
        return latex(self.document)

    def html(self) -> str:
        """The derivation in HTML with MathML, one element, whole in itself: no script, no link.

        >>> import minigrad as mg
        >>> x = mg.parameter(2.0, name="x")
        >>> "<math" in mg.derive(x * x, x).html()
        True
        """
        return html(self.document)

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return f"<derivation of {self._board.structure.output.label}: {len(self.steps)} steps>"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines, in order."""
        return tuple(self.document.steps)

    def symbol(self, node: Node) -> Expression:
        """What a node's value is written as, of one sample where it has samples."""
        return self._board.value(self._own(node))

    def gradient(self, node: Node) -> Expression:
        """What the gradient by a node is written as: δ."""
        return self._board.gradient(self._own(node))

    def _own(self, node: Node) -> Node:
        if node in self._board.structure.named:
            return node
        raise UnsupportedError(f"{node.label} has no symbol in this derivation: it is of another graph, or not named.")

    def with_step(self, step: Step) -> Derivation:
        """The same with another step in place of the one that has its id: to have a line of one's own checked."""
        if all(old.id != step.id for old in self.steps):
            raise UnsupportedError(f"with_step: this derivation has no step {step.id!r}; see the ids of its steps.")
        sections = [
            replace(section, steps=tuple([step if old.id == step.id else old for old in section.steps]))
            for section in self.document.sections
        ]
        return Derivation(self._board, replace(self.document, sections=tuple(sections)))

    def check(self, points: int = 5, seed: int = 0) -> Report:
        """Evaluate both sides of every step at the graph's values and at random points.

        The derivatives in them are the engine's own, so that the results are held to the reverse sweep.
        DerivationError for the first step that does not hold, with both values.

        >>> import minigrad as mg
        >>> x = mg.parameter(2.0, name="x")
        >>> mg.derive(x * x, x).check().points
        6
        """
        report = check_steps(self.steps, points_of(self._board, points, seed), written)
        self.document = replace(self.document, footer=_footer(report))
        return report


def derive(
    output: Node | Run,
    wrt: Node | Iterable[Node] | None = None,
    level: str = "textbook",
    notation: str = "standard",
) -> Derivation:
    """The gradient of `output` by a node, several, or all parameters, derived step by step from the graph.

    `output` is one number, or a run of a Network. `level` is "summary" (equations and results), "textbook", "every
    step" or "numbers" (the textbook's lines, with values put in); `notation` "standard", or "notes", which writes y³
    for the pre-activation z³. GradientError for constants and for an output of several numbers, UnsupportedError for
    another level or notation. docs/derivations.md has the conventions, and the rules by name.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> [step.rule for step in derive(mg.sum(x * x, name="J"), x).steps]
    ['cost', 'matrix form']
    """
    if isinstance(output, Run):
        output = output.J
    checked_node(output, "derive")
    if level not in LEVELS:
        raise UnsupportedError(f"derive: no level {level!r}; there are {', '.join(map(repr, LEVELS))}.")
    if notation not in NOTATIONS:
        raise UnsupportedError(f"derive: no notation {notation!r}; there are {', '.join(map(repr, NOTATIONS))}.")
    asked = _asked(output, wrt)
    board = _board(output, asked, notation)
    derived = _milestones(board)
    sections = [symbols_section(board), forward_section(board), goal_section(board, asked), *_backward(derived)]
    if board.samples is not None:
        sections += assembly_sections(board, asked, derived)
    shown = at_level([*sections, *_unconnected(board, asked)], LEVELS[level])
    if level == "numbers":
        point = next(iter(points_of(board, 0, 0)))
        sample = board.samples.index if board.samples else None
        shown = [with_numbers(section, point, sample) for section in shown]
    return Derivation(board, Document(("The gradient of ", board.total), tuple(shown), _footer(None)))


def _unconnected(board: Board, asked: Sequence[Node]) -> list[Section]:
    """The nodes that the output does not depend on, and the output itself."""
    found = []
    for node in asked:
        if node in board.structure.chains:
            continue
        key = board.vocabulary.key(node)
        lines = Lines(f"by-{key}", key, Partial(board.total, board.vocabulary.symbol(node)))
        if node is board.structure.output:
            lines.to(ONE, "definition", ("a number by itself",), SUMMARY)
        else:
            shape = board.vocabulary.symbol(node).shape
            zero = Filled(0, shape) if shape else ZERO
            lines.to(zero, "unconnected", (board.total, " does not depend on it"), SUMMARY)
        found.append(Section(f"by-{key}", ("The gradient by ", board.value(node)), steps=tuple(lines.steps), node=key))
    return found


def written(step: Step) -> str:
    """A step in one line of text.

    >>> from .expressions import Number
    >>> written(Step("a", Number(1), Number(2), "", (), 0, 0))
    '1 = 2'
    """
    return f"{formula(step.left)} = {formula(step.right)}"


def points_of(board: Board, random: int, seed: int) -> Iterator[GraphPoint]:
    """The graph at its own values, then at random ones.

    >>> import minigrad as mg
    >>> x = mg.parameter(2.0, name="x")
    >>> len(list(points_of(Board(Structure(x * x, [x], "standard"), None), 2, 0)))
    3
    """
    structure, samples = board.structure, board.samples
    cost = Cost(structure.output)
    if samples is not None:
        cost = Cost(structure.output, samples.data, samples.axes[samples.data.inputs[0]])
    routes = structure.routes()

    def at(leaves: Mapping[Node, Array]) -> GraphPoint:
        return GraphPoint(board.vocabulary.nodes, cost, routes, leaves, board.vocabulary.sample_axes)

    yield at({})
    yield from random_points(at, [node for node in structure.order if node.op is None], random, seed)


def _asked(output: Node, wrt: Node | Iterable[Node] | None) -> list[Node]:
    if not output.differentiable:
        raise GradientError(f"derive: {output.label} depends on no parameter; make one with mg.parameter.")
    if output.size != 1:
        raise GradientError(
            f"derive: {output.label} has shape {output.shape}; a gradient is of one number. Sum it first."
        )
    if wrt is None:
        return [node for node in arguments_first([output]) if node.op is None and node.differentiable]
    asked = [wrt] if isinstance(wrt, Node) else list(wrt)
    for node in asked:
        if not checked_node(node, "derive").differentiable:
            raise GradientError(f"derive: {node.label} is a constant; to differentiate by it, use mg.parameter.")
    return asked


def _board(output: Node, asked: Sequence[Node], notation: str) -> Board:
    structure = Structure(output, asked, notation)
    samples = samples_of(structure)
    if samples is not None:
        structure = Structure(output, asked, notation, samples.data)
    return Board(structure, samples)


def _milestones(board: Board) -> dict[Node, Milestone]:
    """The gradient by every node at which it stops, from the cost backwards; inner nodes before leaves."""
    inner = [node for node in reversed(board.structure.milestones) if node.op is not None]
    leaves = sorted([node for node in board.structure.milestones if node.op is None], key=board.vocabulary.key)
    ends = {board.end, board.structure.output}
    return {node: Milestone(board, node) for node in (*inner, *leaves) if node in board.below and node not in ends}


def _backward(derived: Mapping[Node, Milestone]) -> list[Section]:
    """Their sections, each argument once."""
    first: dict[Hashable, Milestone] = {}
    sections = []
    for found in derived.values():
        known = first.setdefault(found.signature(), found)
        sections.append(found.section() if known is found else found.repeated(known))
    return sections


def at_level(sections: Iterable[Section], level: int) -> list[Section]:
    """The sections with the steps of a level and coarser ones: a step left out is one with the step after it.

    >>> at_level([], TEXTBOOK)
    []
    """
    found = []
    for section in sections:
        shown: list[Step] = []
        left, at_start = None, True
        for step in section.steps:
            if not step.continues:
                left, at_start = step.left, True
            if step.level > level:
                continue
            shown.append(replace(step, left=step.left if left is None else left, continues=not at_start))
            left, at_start = step.right, False
        if shown or section.symbols or section.remarks:
            found.append(replace(section, steps=tuple(shown)))
    return found


def _footer(report: Report | None) -> tuple[Prose, ...]:
    if report is None:
        return (("Not checked yet: check() evaluates both sides of every step.",),)
    return (
        (
            f"Checked: both sides of {report.steps} steps, evaluated at the graph's values and at "
            f"{report.points - 1} random points, agree to 1e-9; the derivatives in them are those of the sweeps.",
        ),
    )
