"""Assembly: from one sample to all of them. The sum over samples with its 1/m, then what does not depend on samples."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from ..graph import Node
from .algebra import plus, times
from .backward import Milestone
from .board import Board, Lines
from .costs import one_over
from .expressions import Expression, Partial, Sum, Within
from .recognition import in_shape, recognised
from .steps import SUMMARY, TEXTBOOK, Prose, Section


def assembly_sections(board: Board, asked: Sequence[Node], derived: Mapping[Node, Milestone]) -> list[Section]:
    """For every node asked for, its gradient over all samples, from that of one, where it is `derived`.

    >>> import minigrad as mg
    >>> from .samples import samples_of
    >>> from .structure import Structure
    >>> W = mg.parameter([[1.0]], name="W")
    >>> J = mg.squared_error(W @ [[1.0, 2.0]], [[0.0, 0.0]], name="J")
    >>> structure = Structure(J, [W], "standard")
    >>> board = Board(structure, samples_of(structure))
    >>> [section.id for section in assembly_sections(board, [W], {})]
    ['all-0']
    """
    wanted = [node for node in asked if node in board.structure.chains]
    found = [_Assembly(board, derived.get(node) or Milestone(board, node)) for node in wanted]
    first: dict[Hashable, _Assembly] = {}
    return [each.section(first.setdefault(each.signature(), each)) for each in found]


class _Assembly:
    def __init__(self, board: Board, milestone: Milestone) -> None:
        assert board.samples is not None
        self.board, self.milestone, self.samples = board, milestone, board.samples
        self.node, self.key = milestone.node, milestone.key
        self.mean = one_over(board.samples.index.size)
        self.has_data = self.node in board.below  # else only a penalty has it

    def signature(self) -> Hashable:
        """Equal where the same steps assemble it."""
        rest = [type(entry) for entry in self.milestone.outside()]
        return self.node in self.samples.axes, self.has_data, self.milestone.signature(), tuple(rest)

    def section(self, first: _Assembly) -> Section:
        """The steps; of one that is assembled as another, only the result."""
        title: Prose = ("Over all samples: the gradient by ", self.board.value(self.node))
        lines = self._own_sample() if self.node in self.samples.axes else self._shared()
        steps = lines.steps
        if first is not self:
            left = Partial(self.board.total, self.board.value(first.node))
            steps = [replace(step, reason=("in the same way as ", left)) for step in steps if step.level == SUMMARY]
        return Section(f"all-{self.key}", title, steps=tuple(steps), node=self.key)

    def _own_sample(self) -> Lines:
        """Of a node with an axis of samples: ∂J/∂z = δ/m."""
        board = self.board
        lines = Lines(f"all-{self.key}", self.key, Partial(board.total, board.value(self.node)))
        gradient = board.by(self.node) if self.node.op is None else board.gradient(self.node)
        lines.to(
            times(self.mean, gradient), "sum over samples", ("only the cost of its own sample depends on it",), SUMMARY
        )
        return lines

    def _shared(self) -> Lines:
        board, samples = self.board, self.samples
        milestone = self.milestone
        total = Partial(board.total, board.value(self.node, milestone.places))
        lines = Lines(f"all-{self.key}", self.key, total)
        rest = milestone.outside()
        data = [times(self.mean, Sum(samples.index, milestone.left))] if self.has_data else []
        penalty = ", and the penalty, which has no bias in it" if _has_bias(rest) else ", and the penalty"
        reason: Prose = (board.total, f" is the mean over the samples{penalty if rest else ''}")
        lines.to(plus(*data, *rest), "sum over samples", reason, TEXTBOOK)
        data = [times(self.mean, Sum(samples.index, milestone.entry))] if self.has_data else []
        lines.to(plus(*data, *rest), "substitution", ("the result for one sample",), TEXTBOOK)
        arrays = self._arrays(milestone, rest)
        if arrays is None:
            lines.steps[-1] = replace(lines.steps[-1], level=SUMMARY)
            return lines
        lines.start(Partial(board.total, board.value(self.node)))
        lines.to(plus(*arrays), "matrix form", ("all entries at once",), SUMMARY)
        return lines

    def _arrays(self, milestone: Milestone, rest: Sequence[Expression]) -> list[Expression] | None:
        arrays = []
        if self.has_data:
            if milestone.array is None:
                return None
            arrays.append(times(self.mean, Sum(self.samples.index, milestone.array)))
        for entry in rest:
            array = in_shape(recognised(entry, milestone.free), self.board.value(self.node).shape)
            if array is None:
                return None
            arrays.append(array)
        return arrays


def _has_bias(rest: Sequence[Expression]) -> bool:
    return any(isinstance(inner, Within) for entry in rest for inner in entry.walk())
