"""One milestone of a derivation: its gradient from those of what it acts on (notes, N5 to N10).

the sum over contributions            ∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ
the derivative of what it acts on     ∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ)
what does not depend on j             ∂J/∂z³ᵢ = (Σⱼ θ³ⱼᵢ δ⁴ⱼ) g′(z³ᵢ)
a product of matrices                 δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from ..graph import Node
from ..network import BiasUnit
from . import reasons
from .algebra import ONE, ZERO, cancelled, cancelled_factors, common_denominator, factors, plus, times
from .board import Board, Lines, entry_at, shapes_of
from .expressions import Call, Diag, Entry, Expression, MatMul, Over, Partial, Sum, Symbol
from .formulas import is_elementwise, summed
from .hops import Hop, Hops, primed_and_stated
from .map_forms import local_entry
from .recognition import as_diagonals, has_ones, in_shape, is_readable, recognised
from .rules import collapsed, pulled_out
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Prose, Section, Step
from .structure import Chain
from .substitution import rewritten
from .vocabulary import Places


class Milestone:
    """The derivation of one milestone's gradient, of which `entry` and `array` are the results.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> board = Board(Structure(mg.sum(x * x, name="J"), [x], "standard"), None)
    >>> Milestone(board, x).entry == Milestone(board, x).lines.steps[0].right
    True
    """

    def __init__(self, board: Board, node: Node) -> None:
        self.board, self.node = board, node
        self.key = board.vocabulary.key(node)
        self.id = f"by-{self.key}"
        self.chains = [chain for chain in board.structure.chains[node] if chain.end in board.below]
        self.ends = list(dict.fromkeys([chain.end for chain in self.chains]))
        to_cost = all(end is board.end for end in self.ends)
        self.letters = board.letters(node, prefer=["k"] if to_cost and len(board.visible(node)) == 1 else [])
        self.places = board.places(node, self.letters)
        self.free = board.indices(self.places)
        self.left = board.by(node, self.places)
        self.hops = Hops(board, node, self.places)
        self.lines = Lines(self.id, self.key, self.left)
        if node.op is not None:
            self.lines.define(self.symbol, board.by(node), ("what is passed on backwards",), TEXTBOOK)
        self.lines.start(self.left)
        self.entry = self._of_cost() if to_cost else self._of_sum()
        self.array = self._array()

    # What the sections of a document show of it.

    @property
    def symbol(self) -> Expression:
        """What the gradient is called: δ of an inner node, ∂J/∂W of a leaf."""
        return self.board.by(self.node) if self.node.op is None else self.board.gradient(self.node)

    def section(self) -> Section:
        """All steps."""
        return Section(self.id, self._title(), steps=tuple(self.lines.steps), node=self.key)

    def repeated(self, first: Milestone) -> Section:
        """Only its result: the argument is that of another milestone."""
        step = replace(
            self._result(),
            left=self.symbol if self.array is not None else self.lines.steps[-1].left,
            continues=False,
            rule="by the same argument",
            reason=("by the same argument as for ", first.symbol),
        )
        return Section(self.id, self._title(), steps=(step,), node=self.key)

    def _result(self) -> Step:
        return next(step for step in reversed(self.lines.steps) if step.level == SUMMARY)

    def _title(self) -> Prose:
        node = self.board.value(self.node)
        return ("The gradient by ", node) if self.node.op is None else (self.symbol, ", the gradient by ", node)

    def outside(self) -> list[Expression]:
        """The derivatives of the terms of the cost that are not of one sample: of penalties."""
        chains = [chain for chain in self.board.structure.chains[self.node] if chain.end not in self.board.below]
        return [entry for chain in chains if (entry := self.hops.to_number([chain])) != ZERO]

    def signature(self) -> Hashable:
        """What the argument depends on: equal for milestones that are derived in the same words."""
        board = self.board

        def kind(node: Node) -> Hashable:
            return repr(node.op), len(board.visible(node)), node.ndim, board.vocabulary.starts_of(node), node.op is None

        ends = {end: (k, end is board.end) for k, end in enumerate(self.ends)}
        chains = [(tuple(kind(n) for n in chain.nodes), chain.arguments, ends[chain.end]) for chain in self.chains]
        sources = [tuple(len(board.visible(x)) for x in chain.nodes[0].inputs) for chain in self.chains]
        return kind(self.node), tuple(chains), tuple(sources)

    # The steps.

    def _of_sum(self) -> Expression:
        """The sum over contributions (notes, N5): first in partial derivatives, then with these put in."""
        board, lines = self.board, self.lines
        inner = [end for end in self.ends if end is not board.end]
        direct = [self.hops.to_number(self._chains_to(board.end))] if len(inner) < len(self.ends) else []
        self._recall()
        lines.start(self.left)
        contributions = [self._contribution(end) for end in inner]
        lines.to(plus(*contributions, *direct), "chain rule", self._acts_on(), TEXTBOOK)
        found = [(end, *self._local(end)) for end in inner]
        put_in = [summed(times(board.gradient(end, out), entry), board.indices(out)) for end, out, entry in found]
        lines.start(self.left)
        lines.to(plus(*put_in, *direct), "substitution", self._put_in(inner), TEXTBOOK)
        before = lines.current
        lines.to(collapsed(before), "Kronecker", self._collapse(before), TEXTBOOK)
        return self._out_of_the_sum()

    def _of_cost(self) -> Expression:
        """The cost's own derivative: its factors, and what cancels in them (notes, N2)."""
        lines = self.lines
        hops = [self.hops.along(chain, self.board.places(chain.end, [])) for chain in self.chains]
        self._through(hops, "chain rule", TEXTBOOK)
        product = plus(*[self.hops.product(each) for each in hops])
        lines.to(product, "local Jacobians", reasons.local_jacobians(self.chains))
        lines.to(collapsed(product), "Kronecker", self._collapse(product))
        single = rewritten(lines.current, common_denominator)
        lines.to(single, "common denominator", ("over one denominator",), TEXTBOOK)
        stated = self._with_slopes(single)
        gone = cancelled_factors(stated)
        if stated != single and gone:
            lines.to(stated, "derivative", ("the derivative of the activation",), TEXTBOOK)
            lines.to(cancelled(stated), "cancellation", ("the factors cancel",), TEXTBOOK, without_zeros=gone)
        return self._out_of_the_sum()

    def _out_of_the_sum(self) -> Expression:
        """What does not depend on the index, before the sum (notes, N7); then each sum as a product of matrices."""
        before = self.lines.current
        self.lines.to(pulled_out(before), "out of the sum", reasons.independence(before), TEXTBOOK)
        entry = self.lines.current
        self._as_rows()
        return entry

    def _recall(self) -> None:
        """The forward equations of what it acts on, once more (notes, N3 and N4)."""
        board, lines = self.board, self.lines
        for chain in self.chains:
            for node in chain.nodes:
                if isinstance(node.op, BiasUnit):
                    lines.start(board.bias_unit(node))
                    lines.to(ONE, "bias unit", ("a constant, without a pre-activation",), TEXTBOOK)
            end = chain.end
            places = board.places(end, board.letters(end, prefer=["j"]))
            array = recognised(board.reader.formula(end, places), board.indices(places)) if end.size > 1 else None
            if isinstance(array, MatMul) and array.shape == board.value(end).shape:
                lines.start(board.value(end))
                lines.to(array, "forward", ("as above",), TEXTBOOK, shapes=shapes_of(array))

    def _chains_to(self, end: Node) -> list[Chain]:
        return [chain for chain in self.chains if chain.end is end]

    def _upper(self, end: Node) -> Places:
        """Places of what it acts on, in letters of its own."""
        prefer = ["j"] if len(self.free) < 2 else ["k"]
        return self.board.places(end, self.board.letters(end, used=self.letters, prefer=prefer))

    def _contribution(self, end: Node) -> Expression:
        board, out = self.board, self._upper(end)
        local = Partial(board.value(end, out), board.value(self.node, self.places))
        return summed(times(board.by(end, out), local), board.indices(out))

    def _local(self, end: Node) -> tuple[Places, Expression]:
        """∂end/∂node, entry by entry (notes, N6)."""
        board, out, lines = self.board, self._upper(end), self.lines
        lines.start(Partial(board.value(end, out), board.value(self.node, self.places)))
        chains = self._chains_to(end)
        hops = [self.hops.along(chain, out) for chain in chains]
        self._through(hops, "chain rule" if len(chains) == 1 else "sum over paths", EVERY_STEP)
        product = plus(*[self.hops.product(each) for each in hops])
        lines.to(product, "local Jacobians", reasons.local_jacobians(chains), TEXTBOOK)
        lines.to(collapsed(product), "Kronecker", self._collapse(product), TEXTBOOK)
        return out, lines.current

    def _through(self, hops: Sequence[Sequence[Hop]], rule: str, level: int) -> None:
        """In partial derivatives, where there is something on the way of every path."""
        partials = self.hops.paths_in_partials(hops)
        if partials is not None:
            between = list(dict.fromkeys([hop.end for each in hops for hop in each[:-1]]))
            reason: Prose = ("through ", *reasons.joined([(self.board.value(node),) for node in between]))
            self.lines.to(partials, rule, reason, level)

    def _acts_on(self) -> Prose:
        board = self.board
        listed: list[Prose] = []
        for end in self.ends:
            out = self._upper(end)
            what = board.cost if end is board.end else board.value(end, out)
            listed.append(("every ", what) if board.indices(out) else (what,))
        return ("chain rule: ", board.value(self.node, self.places), " acts on ", *reasons.joined(listed))

    def _put_in(self, inner: Sequence[Node]) -> Prose:
        names = [(self.board.gradient(end), " for ", self.board.by(end)) for end in inner]
        return (*reasons.joined(names), ", and the derivative above")

    def _collapse(self, before: Expression) -> Prose:
        return reasons.collapse(before, self.board.value(self.node, self.places))

    def _as_rows(self) -> None:
        """Each sum as an entry of a product of matrices, where it is one (notes, N7)."""
        reason: list[Prose] = []

        def as_row(inner: Expression) -> Expression:
            if not isinstance(inner, Sum) or not inner.free:
                return inner
            used = tuple([index for index in self.free if index in inner.free])
            array = recognised(inner, used) if used else None
            if not isinstance(array, MatMul) or has_ones(array) or any(index.start != 1 for index in used):
                return inner
            reason.append(("a sum over ", inner.index, " of products: a row times a column"))
            return entry_at(array, used)

        rows = _outermost(self.lines.current, as_row)
        self.lines.to(rows, "matrix product", reason[0] if reason else (), TEXTBOOK)

    def _with_slopes(self, e: Expression) -> Expression:
        """g′(z) as a(1 − a), for the activations on the way to the cost."""
        slopes: dict[Expression, Expression] = {}
        for node in (node for chain in self.chains for node in chain.nodes):
            if is_elementwise(node) and len(node.inputs) == 1 and node.inputs[0].shape == self.node.shape:
                slope, stated = primed_and_stated(self.board, node, self.places)
                if slope is not None:
                    slopes[slope] = stated
        return times(*[inner for f in factors(e) for inner in factors(slopes.get(f, f))])

    # All entries at once.

    def _array(self) -> Expression | None:
        """The gradient as an array (notes, N8 and N9); None, where its entries are no product of matrices."""
        lines = self.lines
        whole = self._recognised()
        if whole is None:
            self._entry_is_the_result()
            return None
        diagonal = as_diagonals(whole)
        all_at_once: Prose = ()
        if self.free:
            all_at_once = ("for all ", *reasons.joined([(index,) for index in self.free]), " at once")
        if diagonal == whole:
            lines.start(self.symbol)
            lines.to(whole, "matrix form", all_at_once, SUMMARY, shapes=shapes_of(whole))
            return whole
        self._diagonal_jacobians()
        lines.start(self.symbol)
        lines.to(whole, "matrix form", all_at_once, TEXTBOOK)
        reason: Prose = ("to multiply entry by entry is to multiply by a diagonal matrix",)
        lines.to(diagonal, "⊙ as diag", reason, SUMMARY, shapes=shapes_of(diagonal))
        return diagonal

    def _recognised(self) -> Expression | None:
        """The entry as an array of the node's shape."""
        whole = recognised(self.entry, self.free)
        if whole is None or not is_readable(whole):
            return None
        return in_shape(whole, self.board.value(self.node).shape)

    def _diagonal_jacobians(self) -> None:
        """∂a/∂z = diag(g′(z)), for the activation that it goes through (notes, N8)."""
        board, lines = self.board, self.lines
        for chain in self.chains:
            node = chain.nodes[0]
            if len(self.free) != 1 or node not in board.structure.named or not is_elementwise(node):
                continue
            if node.shape == self.node.shape:
                slope = local_entry(board.reader, node, chain.arguments[0], self.places, self.places)
                slopes = recognised(slope, self.free)
                if slopes is not None and slopes.shape == board.value(node).shape:
                    lines.start(Partial(board.value(node), board.value(self.node)))
                    reason: Prose = ("entry i depends on entry i alone: the Jacobian is diagonal",)
                    lines.to(Diag(slopes), "elementwise", reason, TEXTBOOK)

    def _entry_is_the_result(self) -> None:
        lines = self.lines
        if self.node.op is not None:
            lines.start(self.board.gradient(self.node, self.places))
            lines.to(self.entry, "definition", ("by the steps above",), SUMMARY)
        else:
            lines.steps[-1] = replace(lines.steps[-1], level=SUMMARY)


def _outermost(e: Expression, rewrite: Callable[[Expression], Expression]) -> Expression:
    """`rewrite` where it first applies, from the top; within functions and entries nothing is touched."""
    new = rewrite(e)
    if new is not e or not e.parts or isinstance(e, Entry | Symbol | Call | Over):
        return new
    return e.with_parts(tuple([_outermost(part, rewrite) for part in e.parts]))
