"""The forward equations: every named array by its formula, the slopes of activations, and the cost (notes, N1 to N4)."""

from __future__ import annotations

from ..graph import Node
from ..network import BiasUnit
from ..ops.forms import SigmoidCrossEntropy
from ..ops.losses import CrossEntropy
from ..ops.pointwise import Add, Sigmoid
from .algebra import ONE, negative, over, plus, tidied, times
from .backward import primed_and_stated
from .board import Board, Lines, shapes_of
from .expressions import Call, Entry, Expression, Function, Index, Name, Named, Number, Sum, rewritten
from .formulas import function_of
from .map_forms import COSTS, PRIMED
from .recognition import has_ones, recognised
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Described, Prose, Section
from .vocabulary import Places


def forward_section(board: Board) -> Section:
    """All equations, arguments first."""
    key = board.vocabulary.key(board.structure.output)
    lines = Lines("forward", key, board.total)
    seen: set[str] = set()
    for node in board.structure.order:
        if node.op is None or node not in board.structure.named or not _is_written(board, node):
            continue
        lines.node = board.vocabulary.key(node)
        _equation(board, lines, node)
        if (isinstance(node.op, PRIMED) or not node.op.own) and node.op.name not in seen:
            seen.add(node.op.name)
            _slope(board, lines, node)
    lines.node = key
    _costs(board, lines)
    return Section("forward", ("Forward",), steps=tuple(lines.steps), node=key)


def symbols_section(board: Board) -> Section:
    """The symbols with their shapes, and the conventions."""
    rows = []
    for node in board.structure.order:
        if node in board.structure.named and not isinstance(node.op, BiasUnit) and _is_written(board, node):
            rows.append(Described(board.value(node), _shape_words(board, node), (_role(board, node),)))
    remarks: list[Prose] = [("A vector is a column. [i = j] is 1 where i = j, else 0; ⊙ multiplies entry by entry.",)]
    if board.samples is not None:
        m = board.samples.index.size
        words = f": arrays with samples are those of one sample s, of m = {m}; "
        remarks.append((board.cost, " is the cost of that sample alone, and δ", words[1:] + "δ is its derivative. The mean comes last."))
        remarks[-1] = (
            "There are m = ", str(m), " samples. ", board.cost, " is the cost of one of them, s; all arrays that have samples, "
            "and the gradients δ, are those of sample s, until the mean is taken at the end.",
        )
    return Section("symbols", ("Symbols",), tuple(remarks), tuple(rows))


def _shape_words(board: Board, node: Node) -> str:
    shape = board.value(node).shape
    return "×".join(map(str, shape)) if shape else "a number"


def _role(board: Board, node: Node) -> str:
    if node.op is None:
        return "parameter" if node.differentiable else "given"
    return node.op.name.replace("_", " ")


def _is_written(board: Board, node: Node) -> bool:
    """Whether a node has a line of its own: not the cost, nor, of one sample's cost, the terms beside it."""
    if node is board.structure.output:
        return False
    return node in board.below and node is not board.end or (board.samples is None or node.op is None)


def _places(board: Board, node: Node) -> Places:
    letters = ["j", "i"] if len(board.visible(node)) == 2 else ["j"]
    return board.places(node, board.letters(node, prefer=letters))


def _equation(board: Board, lines: Lines, node: Node) -> None:
    """z = Θ a, entry by entry, and as arrays where it is a product of matrices."""
    if isinstance(node.op, BiasUnit):
        bias = (0, *board.places(node, ["i"])[1:])
        lines.start(board.value(node, bias))
        lines.to(ONE, "bias unit", ("the bias unit, a constant",), TEXTBOOK)
        return
    places = _places(board, node)
    entry = board.reader.formula(node, places)
    free = board.indices(places)
    array = recognised(entry, free) if free else None
    whole = board.value(node)
    as_array = array is not None and array.shape == whole.shape and array != whole and not has_ones(array)
    if entry != board.value(node, places):
        lines.start(board.value(node, places))
        lines.to(entry, "forward", (_words(node),), EVERY_STEP if as_array else SUMMARY)
    if as_array and array is not None:
        lines.start(whole)
        lines.to(array, "forward", (_words(node),), SUMMARY, shapes=shapes_of(array))


def _words(node: Node) -> str:
    return "by definition" if node.op is None else node.op.name.replace("_", " ")


def _slope(board: Board, lines: Lines, node: Node) -> None:
    """g′(z) = a(1 − a), the first time that an activation comes."""
    if len(node.inputs) != 1:
        return
    slope, stated = primed_and_stated(board, node, _places(board, node))
    if slope is not None and stated != slope:
        lines.start(slope)
        lines.to(stated, "derivative", ("its derivative, as the op states it",), TEXTBOOK)


def _costs(board: Board, lines: Lines) -> None:
    node, samples = board.structure.output, board.samples
    if samples is None:
        lines.start(board.total)
        lines.to(board.reader.formula(node, ()), "cost", (_words(node),), SUMMARY)
        _in_logits(board, lines, node)
        return
    assert samples.data.op is not None
    m = Named(Name("m"), float(samples.index.size))
    one = board.reader.formula(samples.data, ())
    mean = times(over(ONE, m), Sum(samples.index, one))
    rest = penalties(board)
    lines.start(board.total)
    lines.to(plus(_sign_first(mean), *rest), "cost", ("the mean over the samples" + (", and the penalty" if rest else ""),), SUMMARY)
    lines.start(board.cost)
    lines.to(one, "cost", ("of one sample s",), SUMMARY)
    _in_logits(board, lines, samples.data)
    lines.start(board.total)
    lines.to(plus(times(over(ONE, m), Sum(samples.index, board.cost)), *rest), "sum over samples", ("so that one sample can be looked at by itself",), TEXTBOOK)


def _sign_first(mean: Expression) -> Expression:
    """(1/m) Σ −x as −(1/m) Σ x."""
    factor, total = mean.parts
    if isinstance(total, Sum):
        turned = negative(total.body)
        if isinstance(total.body.parts[:1], tuple) and total.body.parts and total.body.parts[0] == Number(-1):
            return negative(times(factor, Sum(total.index, turned)))
    return mean


def penalties(board: Board) -> list[Expression]:
    """The terms of the cost that do not depend on samples."""
    assert board.samples is not None
    waiting, found = [board.structure.output], []
    while waiting:
        node = waiting.pop(0)
        if node is board.samples.data:
            continue
        if isinstance(node.op, Add) and board.samples.data in board_order(node):
            waiting += node.inputs
        else:
            found.append(board.reader.formula(node, ()) if node.op is not None else board.value(node))
    return found


def board_order(node: Node) -> set[Node]:
    """The node and what a sum of it adds up.

    >>> import minigrad as mg
    >>> x = mg.parameter(1.0)
    >>> len(board_order(x + 1.0))
    3
    """
    found, waiting = set(), [node]
    while waiting:
        each = waiting.pop()
        found.add(each)
        if isinstance(each.op, Add):
            waiting += each.inputs
    return found


def _in_logits(board: Board, lines: Lines, node: Node) -> None:
    """The notes' N2: log g(z) = −log(1 + e⁻ᶻ) and log(1 − g(z)) = −log(1 + eᶻ)."""
    if not (isinstance(node.op, CrossEntropy) and node.form and isinstance(node.form.op, SigmoidCrossEntropy)):
        return
    a = node.inputs[0]
    if not isinstance(a.op, Sigmoid) or a.inputs[0] not in board.structure.named:
        return
    logits, key = a.inputs[0], board.vocabulary.key(a)

    def rewrite(e: Expression) -> Expression:
        if not (isinstance(e, Call) and e.function.name == "log"):
            return e
        (inside,) = e.arguments
        entry = next((x for x in inside.walk() if isinstance(x, Entry) or x == board.value(a)), None)
        if entry is None or getattr(getattr(entry, "array", entry), "key", None) != key:
            return e
        z = _same_entry(board, entry, logits)
        sign = Number(-1) if inside == entry else Number(1)
        return negative(Call(e.function, (plus(ONE, Call(_EXP, (times(sign, z),))),)))

    written = tidied(rewritten(lines.current, rewrite))
    lines.to(signs_cancelled(written), "stable form", ("log g(z) = −log(1 + e⁻ᶻ), log(1 − g(z)) = −log(1 + eᶻ)",), TEXTBOOK)


_EXP: Function = function_of(__import__("minigrad.ops.pointwise", fromlist=["Exp"]).Exp())


def _same_entry(board: Board, entry: Expression, node: Node) -> Expression:
    symbol = board.value(node)
    return Entry(symbol, entry.positions) if isinstance(entry, Entry) else symbol


def signs_cancelled(e: Expression) -> Expression:
    """−Σ −x as Σ x, where every term has a minus.

    >>> signs_cancelled(times(Number(-1), Number(-2)))
    Number(value=2)
    """
    items = list(e.items) if hasattr(e, "items") and e.items and e.items[0] == Number(-1) else None
    if items is None or not isinstance(items[-1], Sum):
        return e
    inner: Expression = items[-1]
    indices: list[Index] = []
    while isinstance(inner, Sum):
        indices.append(inner.index)
        inner = inner.body
    turned = plus(*[negative(term) for term in (inner.parts if hasattr(inner, "items") else (inner,))])
    for index in reversed(indices):
        turned = Sum(index, turned)
    return times(*items[1:-1], turned)


__all__ = ["COSTS", "forward_section", "penalties", "signs_cancelled"]
