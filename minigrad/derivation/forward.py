"""The forward equations: every named array by its formula, the activations' slopes, and the cost (notes, N1 to N4)."""

from __future__ import annotations

from dataclasses import replace

from ..graph import Node
from ..network import BiasUnit
from ..ops.forms import SigmoidCrossEntropy
from ..ops.losses import CrossEntropy
from ..ops.pointwise import Add, Exp, Sigmoid
from . import reasons
from .algebra import MINUS_ONE, ONE, factors, negative, plus, terms, tidied, times
from .board import Board, Lines, shapes_of
from .costs import one_over
from .expressions import Call, Entry, Expression, Name, Sum
from .formulas import function_of
from .hops import primed_and_stated
from .map_forms import PRIMED
from .recognition import has_ones, recognised
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Prose, Section
from .substitution import rewritten
from .symbols import is_written
from .vocabulary import Places


def forward_section(board: Board) -> Section:
    """All equations, arguments first; the cost last.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter(2.0, name="x")
    >>> len(forward_section(Board(Structure(x * x, [x], "standard"), None)).steps)
    1
    """
    key = board.vocabulary.key(board.structure.output)
    lines = Lines("forward", key, board.total)
    seen: set[str] = set()
    for node in board.structure.order:
        if node.op is None or not is_written(board, node):
            continue
        lines.node = board.vocabulary.key(node)
        _equation(board, lines, node)
        if (isinstance(node.op, PRIMED) or not node.op.own) and node.op.name not in seen:
            seen.add(node.op.name)
            _slope(board, lines, node)
    lines.node = key
    if board.samples is None:
        _cost(board, lines)
    else:
        _cost_of_samples(board, lines, board.samples.data)
    return Section("forward", ("Forward",), steps=tuple(lines.steps), node=key)


def _equation(board: Board, lines: Lines, node: Node) -> None:
    """z = Θ a, entry by entry, and as arrays where it is a product of matrices."""
    if isinstance(node.op, BiasUnit):
        lines.start(board.bias_unit(node))
        lines.to(ONE, "bias unit", ("the bias unit, a constant",), TEXTBOOK)
        return
    places = _places(board, node)
    entry, whole = board.reader.formula(node, places), board.value(node)
    free = board.indices(places)
    array = recognised(entry, free) if free else None
    if array is not None and (array.shape != whole.shape or array == whole or has_ones(array)):
        array = None
    if entry == board.value(node, places):  # no formula: f(x), as a whole
        called = Name(board.reader.written_op(node))
        lines.start(whole)
        lines.to(replace(board.vocabulary.symbol(node), name=called, entry=called), "forward", (_words(node),), SUMMARY)
        return
    lines.start(board.value(node, places))
    lines.to(entry, "forward", (_words(node),), SUMMARY if array is None else EVERY_STEP)
    if array is not None:
        lines.start(whole)
        lines.to(array, "forward", (_words(node),), SUMMARY, shapes=shapes_of(array))


def _places(board: Board, node: Node) -> Places:
    letters = ["j", "i"] if len(board.visible(node)) == 2 else ["j"]
    return board.places(node, board.letters(node, prefer=letters))


def _words(node: Node) -> str:
    assert node.op is not None
    return node.op.name.replace("_", " ")


def _slope(board: Board, lines: Lines, node: Node) -> None:
    """g′(z) = a(1 − a), the first time that an activation comes."""
    if len(node.inputs) != 1:
        return
    slope, stated = primed_and_stated(board, node, _places(board, node))
    if slope is not None and stated != slope:
        lines.start(slope)
        lines.to(stated, "derivative", ("its derivative, as the op states it",), TEXTBOOK)


def _cost(board: Board, lines: Lines) -> None:
    node = board.structure.output
    lines.start(board.total)
    lines.to(board.reader.formula(node, ()), "cost", (_words(node),), SUMMARY)
    _in_logits(board, lines, node)


def _cost_of_samples(board: Board, lines: Lines, data: Node) -> None:
    """The mean over the samples, the cost of one, and the one by the other."""
    assert board.samples is not None
    s, one = board.samples.index, board.reader.formula(data, ())
    mean = one_over(s.size)
    rest = _penalties(board, data)
    whole = negative(times(mean, Sum(s, negative(one)))) if _is_negative(one) else times(mean, Sum(s, one))
    lines.start(board.total)
    words = "the mean over the samples, and the penalty" if rest else "the mean over the samples"
    lines.to(plus(whole, *rest), "cost", (words,), SUMMARY)
    lines.start(board.cost)
    lines.to(one, "cost", ("of one sample, ", board.samples.index), SUMMARY)
    _in_logits(board, lines, data)
    lines.start(board.total)
    by_sample = times(mean, Sum(s, board.cost))
    lines.to(plus(by_sample, *rest), "sum over samples", ("so that one sample can be looked at alone",), TEXTBOOK)


def _is_negative(e: Expression) -> bool:
    return factors(e)[0] == MINUS_ONE


def _penalties(board: Board, data: Node) -> list[Expression]:
    """The terms of the cost beside the mean over samples."""
    waiting, found = [board.structure.output], []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node.op, Add):
            waiting += node.inputs
        elif node is not data:
            found.append(board.reader.formula(node, ()))
    return found


def _in_logits(board: Board, lines: Lines, node: Node) -> None:
    """The cost as a function of the logits (notes, N2), where the engine has a stable form of it (DESIGN §5)."""
    if not (isinstance(node.op, CrossEntropy) and node.form and isinstance(node.form.op, SigmoidCrossEntropy)):
        return
    a = node.inputs[0]
    if not isinstance(a.op, Sigmoid) or a not in board.structure.named or a.inputs[0] not in board.structure.named:
        return
    outputs, logits = board.value(a), board.value(a.inputs[0])
    identities: list[Prose] = []

    def rewrite(e: Expression) -> Expression:
        if not (isinstance(e, Call) and e.function.name == "log"):
            return e
        (inside,) = e.arguments
        output = next((part for part in inside.walk() if part == outputs or _is_entry_of(part, outputs)), None)
        if output is None:
            return e
        z = Entry(logits, output.positions) if isinstance(output, Entry) else logits
        exponent = negative(z) if inside == output else z
        in_logits = negative(Call(e.function, (plus(ONE, Call(function_of(Exp()), (exponent,))),)))
        identities.append((e, " = ", in_logits))
        return in_logits

    written = _signs_cancelled(tidied(rewritten(lines.current, rewrite)))
    lines.to(written, "stable form", reasons.joined(identities), TEXTBOOK)


def _is_entry_of(e: Expression, symbol: Expression) -> bool:
    return isinstance(e, Entry) and e.array == symbol


def _signs_cancelled(e: Expression) -> Expression:
    """−Σ −x as Σ x."""
    first, *rest = factors(e)
    if first != MINUS_ONE or not rest:
        return e
    return times(*rest[:-1], _turned(rest[-1]))


def _turned(e: Expression) -> Expression:
    if isinstance(e, Sum):
        return Sum(e.index, _turned(e.body))
    return plus(*[negative(term) for term in terms(e)])
