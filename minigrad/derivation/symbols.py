"""What stands before the first equation: the symbols with their shapes, the conventions, and what is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph import Node
from ..network import BiasUnit
from . import reasons
from .board import Board
from .expressions import Partial
from .steps import Described, Prose, Section


def symbols_section(board: Board) -> Section:
    """The symbols with their shapes, and the conventions.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> section = symbols_section(Board(Structure(mg.sum(x * x), [x], "standard"), None))
    >>> [(row.shape, row.meaning) for row in section.symbols]
    [('2×1', ('parameter',))]
    """
    nodes = [node for node in board.structure.order if is_written(board, node) and not isinstance(node.op, BiasUnit)]
    rows = [Described(board.value(node), _shape(board, node), (_role(node),)) for node in nodes]
    remarks: list[Prose] = [("A vector is a column. [i = j] is 1 where i = j, else 0; ⊙ multiplies entry by entry.",)]
    if board.samples is not None:
        alone: Prose = (f"There are m = {board.samples.index.size} samples. ", board.cost, " is the cost of one, ")
        rest: Prose = ("; arrays that have samples, and the gradients δ, are those of ", board.samples.index)
        remarks.append((*alone, board.samples.index, *rest, ", until the mean is taken at the end."))
    return Section("symbols", ("Symbols",), tuple(remarks), tuple(rows))


def goal_section(board: Board, asked: Sequence[Node]) -> Section:
    """What is wanted.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter(2.0, name="x")
    >>> len(goal_section(Board(Structure(x * x, [x], "standard"), None), [x]).remarks)
    1
    """
    wanted = [(Partial(board.total, board.vocabulary.symbol(node, sampled=False)),) for node in asked]
    return Section("goal", ("Wanted",), remarks=(reasons.joined(wanted),))


def is_written(board: Board, node: Node) -> bool:
    """Whether a node has a symbol of its own: not the cost, nor, of one sample's cost, the terms beside it.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> J = (x := mg.parameter(2.0, name="x")) * x
    >>> [is_written(Board(Structure(J, [x], "standard"), None), node) for node in (x, J)]
    [True, False]
    """
    if node is board.structure.output or node is board.end or node not in board.structure.named:
        return False
    return node.op is None or node in board.below


def _shape(board: Board, node: Node) -> str:
    shape = board.value(node).shape
    return "×".join(map(str, shape)) if shape else "a number"


def _role(node: Node) -> str:
    if node.op is None:
        return "parameter" if node.differentiable else "given"
    return node.op.name.replace("_", " ")
