"""One milestone of a derivation: its gradient from those of what it acts on (notes, N5 to N10).

    the derivative of what it acts on     ∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ)
    the sum over contributions            ∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ = Σⱼ δ⁴ⱼ θ³ⱼᵢ g′(z³ᵢ)
    what does not depend on j             = (Σⱼ θ³ⱼᵢ δ⁴ⱼ) g′(z³ᵢ)
    a product of matrices                 δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from ..graph import Node
from ..jacobians import local_jacobian
from ..linear_maps import Diagonal, Identity, Scale, Select
from ..network import BiasUnit
from .algebra import ONE, ZERO, cancelled, cancelled_factors, common_denominator, factors, negative, plus, times
from .board import Board, Lines, entry_at, shapes_of
from .expressions import Call, Delta, Diag, Entry, Expression, Index, MatMul, Number, Over, Partial, Sum, Symbol, rewritten
from .formulas import is_elementwise, summed
from .map_forms import local_entry, stated_slope
from .recognition import as_diagonals, has_ones, is_readable, recognised, transposed
from .rules import collapsed, opened, pulled_out
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Prose, Section
from .structure import Chain
from .vocabulary import Places


ENTRYWISE = (Diagonal, Identity, Scale, Select)


class Hop(NamedTuple):
    """A part of a chain that has a name at its end, and its derivative."""

    end: Node
    places: Places
    entry: Expression  # ∂end/∂(the end of the hop before)


class Milestone:
    """The derivation of one milestone's gradient, of which `entry` and `array` are the results.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> board = Board(Structure(mg.sum(x * x, name="J"), [x], "standard"), None)
    >>> len(Milestone(board, x).lines.steps) > 2
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
        self.lines = Lines(self.id, self.key, self.left)
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
            next(step for step in reversed(self.lines.steps) if step.level == SUMMARY),
            left=self.symbol if self.array is not None else self.lines.steps[-1].left,
            continues=False,
            rule="by the same argument",
            reason=("by the same argument as for ", first.symbol),
        )
        return Section(self.id, self._title(), steps=(step,), node=self.key)

    def _title(self) -> Prose:
        node = self.board.value(self.node)
        return ("The gradient by ", node) if self.node.op is None else (self.symbol, ", the gradient by ", node)

    def signature(self) -> Hashable:
        """What the argument depends on: equal for milestones that are derived in the same words."""
        board = self.board

        def kind(node: Node) -> Hashable:
            return repr(node.op), len(board.visible(node)), node.ndim, board.vocabulary.starts_of(node), node.op is None

        ends = {end: (k, end is board.end) for k, end in enumerate(self.ends)}
        chains = [
            (tuple(kind(n) for n in chain.nodes), chain.arguments, ends[chain.end]) for chain in self.chains
        ]
        sources = [tuple(len(board.visible(x)) for x in chain.nodes[0].inputs) for chain in self.chains]
        return kind(self.node), tuple(chains), tuple(sources)

    # The steps.

    def _upper(self, end: Node) -> Places:
        """Places of what it acts on, in letters of its own."""
        prefer = ["j"] if len(self.free) < 2 else ["k"]
        return self.board.places(end, self.board.letters(end, used=self.letters, prefer=prefer))

    def _of_sum(self) -> Expression:
        """The sum over contributions (notes, N5): first in partial derivatives, then with these put in."""
        board, lines = self.board, self.lines
        inner = [end for end in self.ends if end is not board.end]
        direct = [self._direct()] if len(inner) < len(self.ends) else []
        self._recall()
        lines.start(self.left)
        lines.to(plus(*[self._contribution(end) for end in inner], *direct), "chain rule", self._chain_reason(), TEXTBOOK)
        found = [self._local(end) for end in inner]
        terms = [
            summed(times(board.gradient(end, out), entry), board.indices(out))
            for end, (out, entry) in zip(inner, found, strict=True)
        ]
        lines.start(self.left)
        lines.to(plus(*terms, *direct), "substitution", self._substitution_reason(inner, found), TEXTBOOK)
        before = lines.current
        lines.to(collapsed(before), "Kronecker", self._kronecker_reason(before), TEXTBOOK)
        before = lines.current
        lines.to(pulled_out(before), "out of the sum", self._pulled_reason(before), TEXTBOOK)
        entry = lines.current
        self._as_rows()
        return entry

    def outside(self) -> list[Expression]:
        """The derivatives of the terms of the cost that are not of one sample: of penalties."""
        chains = [chain for chain in self.board.structure.chains[self.node] if chain.end not in self.board.below]
        found = [collapsed(_product(self._hops(chain, ()), self.free, self.board)) for chain in chains]
        return [entry for entry in found if entry != ZERO]

    def _recall(self) -> None:
        """The forward equations of what it acts on, once more (notes, N3 and N4)."""
        board, lines = self.board, self.lines
        for chain in self.chains:
            for node in chain.nodes:
                if isinstance(node.op, BiasUnit):
                    lines.start(board.value(node, (0, *board.places(node, ["i"])[1:])))
                    lines.to(ONE, "bias unit", ("a constant: it has no pre-activation, and gets no derivative",), TEXTBOOK)
            end = chain.end
            places = board.places(end, board.letters(end, prefer=["j"]))
            formula = board.reader.formula(end, places)
            array = recognised(formula, board.indices(places)) if end is not board.end and end.size > 1 else None
            if array is not None and isinstance(array, MatMul) and array.shape == board.value(end).shape:
                lines.start(board.value(end))
                lines.to(array, "forward", ("as above",), TEXTBOOK, shapes=shapes_of(array))

    def _contribution(self, end: Node) -> Expression:
        board, out = self.board, self._upper(end)
        local = Partial(board.value(end, out), board.value(self.node, self.places))
        return summed(times(board.by(end, out), local), board.indices(out))

    def _substitution_reason(self, inner: Sequence[Node], found: Sequence[tuple[Places, Expression]]) -> Prose:
        names = joined([(self.board.gradient(end), " for ", self.board.by(end)) for end in inner if end.op is not None])
        return (*names, ", and the derivative above") if names else ("the derivatives above",)

    def _local(self, end: Node) -> tuple[Places, Expression]:
        """∂end/∂node, entry by entry (notes, N6)."""
        board, out, lines = self.board, self._upper(end), self.lines
        lines.start(Partial(board.value(end, out), board.value(self.node, self.places)))
        chains = [chain for chain in self.chains if chain.end is end]
        hops = [self._hops(chain, out) for chain in chains]
        rule = "chain rule" if len(chains) == 1 else "sum over paths"
        self._through(hops, rule, EVERY_STEP)
        product = plus(*[_product(each, self.free, board) for each in hops])
        lines.to(product, "local Jacobians", self._local_reason(chains), TEXTBOOK)
        lines.to(collapsed(product), "Kronecker", self._kronecker_reason(product), TEXTBOOK)
        return out, lines.current if lines.open else product

    def _through(self, hops: Sequence[Sequence[Hop]], rule: str, level: int) -> None:
        """In partial derivatives, where there is something on the way of every path."""
        if all(len(each) > 1 for each in hops):
            partials = plus(*[self._in_partials(each) for each in hops])
            self.lines.to(partials, rule, ("through ", *_listed(self.board, hops)), level)

    def _local_reason(self, chains: Sequence[Chain]) -> Prose:
        ops = list(dict.fromkeys([node.op.name.replace("_", " ") for chain in chains for node in chain.nodes if node.op]))
        return (f"the local Jacobian{'s' if len(ops) > 1 else ''} of {', '.join(ops)}",)

    def _kronecker_reason(self, before: Expression) -> Prose:
        """Only the term with i′ = i depends on z_i (the "why?" in the margin of the notes)."""
        entry = self.board.value(self.node, self.places)
        for term in opened(before):
            for f in term.factors:
                if isinstance(f, Delta):
                    bound, other = (f.left, f.right) if f.left in term.indices else (f.right, f.left)
                    if bound in term.indices:
                        return ("only the term with ", bound, " = ", other, " depends on ", entry)
        return ("only the terms whose indices agree depend on ", entry)

    def _hops(self, chain: Chain, out: Places) -> list[Hop]:
        """The chain from its beginning, its unnamed and its unchanging parts joined."""
        board = self.board
        hops: list[Hop] = []
        used = [*self.letters, *[p.letter for p in out if isinstance(p, Index)]]
        at, pending = self.places, ONE
        for node, argument in zip(chain.nodes, chain.arguments, strict=True):
            last = node is chain.end
            named = last or (node in board.structure.named and not _is_unchanging(chain, node))
            places = out if last else self._between(node, argument, at, used)
            if named:
                used += [p.letter for p in board.indices(places)]
            entry = local_entry(board.reader, node, argument, places, at)
            before = board.indices(at)
            joined = times(entry, pending)
            if pending != ONE:
                own = (*self.free, *board.indices(places))
                joined = collapsed(summed(joined, [index for index in before if index not in own]))
            if named:
                hops.append(Hop(node, places, joined))
                pending = ONE
            else:
                pending = joined
            at = places
        return hops

    def _between(self, node: Node, argument: int, at: Places, used: Sequence[str]) -> Places:
        """Places of a node on the way: the same as before it, where its op works entry by entry."""
        board, source = self.board, node.inputs[argument]
        if source.shape == node.shape and isinstance(local_jacobian(node, argument), ENTRYWISE):
            starts = board.vocabulary.starts_of(source), board.vocabulary.starts_of(node)
            if starts[0] == starts[1]:
                return at
        used = [*used, *[index.letter for index in board.indices(at)]]
        return board.places(node, board.letters(node, used=used, prefer=[f"{letter}′" for letter in self.letters]))

    def _in_partials(self, hops: Sequence[Hop]) -> Expression:
        """∂z/∂a · ∂a/∂x, summed over what lies between."""
        board = self.board
        before = board.value(self.node, self.places)
        product: list[Expression] = []
        between: list[Index] = []
        for hop in hops:
            of = board.cost if hop.end is board.end else board.value(hop.end, hop.places)
            product.insert(0, Partial(of, before))
            before = of
            if hop is not hops[-1]:
                between += [index for index in board.indices(hop.places) if index not in (*self.free, *between)]
        return summed(times(*product), between)

    def _chain_reason(self) -> Prose:
        board = self.board
        listed: list[Prose] = []
        for end in self.ends:
            if end is board.end:
                listed.append((board.cost,))
                continue
            indices = board.indices(self._upper(end))
            listed.append(("every ", board.value(end, self._upper(end))) if indices else (board.value(end),))
        return ("chain rule: ", board.value(self.node, self.places), " acts on ", *joined(listed))

    def _pulled_reason(self, before: Expression) -> Prose:
        terms = [inner for inner in before.walk() if isinstance(inner, Sum)]
        for inner in terms:
            out = [f for f in factors(inner.body) if inner.index not in f.free and not isinstance(f, Number)]
            if out:
                return (out[0], " does not depend on ", inner.index)
        return ("what does not depend on the index",)

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

    def _direct(self) -> Expression:
        """∂J/∂node along the paths on which no other milestone lies."""
        direct = [chain for chain in self.chains if chain.end is self.board.end]
        return collapsed(plus(*[_product(self._hops(chain, ()), self.free, self.board) for chain in direct]))

    def _of_cost(self) -> Expression:
        """The cost's own derivative: its factors, and what cancels in them (notes, N2)."""
        board, lines = self.board, self.lines
        hops = [self._hops(chain, board.places(chain.end, [])) for chain in self.chains]
        self._through(hops, "chain rule", TEXTBOOK)
        product = plus(*[_product(each, self.free, board) for each in hops])
        lines.to(product, "local Jacobians", self._local_reason(self.chains))
        lines.to(collapsed(product), "Kronecker", self._kronecker_reason(product))
        lines.to(rewritten(lines.current, common_denominator), "common denominator", ("over one denominator",), TEXTBOOK)
        stated = self._with_slopes(lines.current)
        gone = cancelled_factors(stated)
        if stated != lines.current and gone:
            lines.to(stated, "derivative", ("the derivative of the activation",), TEXTBOOK)
            lines.to(cancelled(stated), "cancellation", ("the factors cancel",), TEXTBOOK, conditions=_not_zero(gone), domain=gone)
        before = lines.current
        lines.to(pulled_out(before), "out of the sum", self._pulled_reason(before), TEXTBOOK)
        entry = lines.current
        self._as_rows()
        return entry

    def _with_slopes(self, e: Expression) -> Expression:
        """g′(z) as a(1 − a), for the activations on the way to the cost."""
        slopes: dict[Expression, Expression] = {}
        for node in (node for chain in self.chains for node in chain.nodes):
            if len(node.inputs) == 1 and node.shape == self.node.shape:
                slope, stated = primed_and_stated(self.board, node, self.places)
                if slope is not None:
                    slopes[slope] = stated
        return times(*[inner for f in factors(e) for inner in factors(slopes.get(f, f))])

    def _array(self) -> Expression | None:
        """All entries at once (notes, N8 and N9); None, where they are no product of matrices."""
        board, lines = self.board, self.lines
        if self.node.op is not None:
            lines.define(self.symbol, board.by(self.node), ("what is passed on backwards",), TEXTBOOK)
        whole = recognised(self.entry, self.free)
        shape = board.value(self.node).shape
        if whole is not None and whole.shape != shape:
            whole = transposed(whole) if whole.shape[::-1] == shape else None
        if whole is None or not is_readable(whole):
            self._entry_is_the_result()
            return None
        diagonal = as_diagonals(whole)
        if diagonal != whole:
            self._diagonal_jacobians()
        lines.start(self.symbol)
        level = TEXTBOOK if diagonal != whole else SUMMARY
        all_at_once: Prose = ("for all ", *joined([(index,) for index in self.free]), " at once") if self.free else ()
        lines.to(whole, "matrix form", all_at_once, level, shapes="" if diagonal != whole else shapes_of(whole))
        lines.to(diagonal, "⊙ as diag", ("a product entry by entry is one with a diagonal matrix",), SUMMARY, shapes=shapes_of(diagonal))
        return diagonal

    def _diagonal_jacobians(self) -> None:
        """∂a/∂z = diag(g′(z)), for the activation that it goes through (notes, N8)."""
        board, lines = self.board, self.lines
        for chain in self.chains:
            node = chain.nodes[0]
            if not is_elementwise(node) or node not in board.structure.named or node.shape != self.node.shape:
                continue
            (i,) = self.free if len(self.free) == 1 else (None,)
            if i is None:
                continue
            array = recognised(local_entry(board.reader, node, chain.arguments[0], self.places, self.places), (i,))
            if array is not None and board.value(node).shape == array.shape:
                lines.start(Partial(board.value(node), board.value(self.node)))
                lines.to(Diag(array), "elementwise", ("entry i depends on entry i alone: the Jacobian is diagonal",), TEXTBOOK)

    def _entry_is_the_result(self) -> None:
        lines = self.lines
        if self.node.op is not None:
            lines.start(self.board.gradient(self.node, self.places))
            lines.to(self.entry, "definition", ("by the steps above",), SUMMARY)
        else:
            lines.steps[-1] = replace(lines.steps[-1], level=SUMMARY)


def primed_and_stated(board: Board, node: Node, places: Places) -> tuple[Expression | None, Expression]:
    """g′(z_i), and what the op states it to be: a_i (1 − a_i). None where the slope has no name."""
    (source,) = node.inputs
    entry = local_entry(board.reader, node, 0, places, board.reader.along(node, places, source))
    if not (isinstance(entry, Call) and entry.function.primes):
        return None, entry
    return entry, one_minus(stated_slope(board.reader, node, places), board.reader.entry(node, places), entry.arguments[0])


def one_minus(slope: Expression, a: Expression, z: Expression) -> Expression:
    """With g(−z) written as 1 − g(z), and g(z) as a.

    >>> one_minus(ONE, ONE, ONE)
    Number(value=1)
    """
    def rewrite(e: Expression) -> Expression:
        if isinstance(e, Call) and e.function.name == "g" and not e.function.primes:
            if e.arguments[0] == negative(z):
                return plus(ONE, negative(a))
            if e.arguments[0] == z:
                return a
        return e

    return rewritten(slope, rewrite)


def _product(hops: Sequence[Hop], free: Sequence[Index], board: Board) -> Expression:
    """The product of the hops' derivatives, summed over what lies between, the later first."""
    between = [index for hop in hops[:-1] for index in board.indices(hop.places) if index not in free]
    return summed(times(*[hop.entry for hop in reversed(hops)]), list(dict.fromkeys(between)))


def _is_unchanging(chain: Chain, node: Node) -> bool:
    """Whether the next op of the chain only lays out anew, so that the two are one hop."""
    k = next(n for n, each in enumerate(chain.nodes) if each is node)
    return k + 1 < len(chain.nodes) and isinstance(chain.nodes[k + 1].op, BiasUnit)


def _listed(board: Board, hops: Sequence[Sequence[Hop]]) -> Prose:
    between = list(dict.fromkeys([hop.end for each in hops for hop in each[:-1]]))
    return joined([(board.value(node),) for node in between]) if between else ("its formula",)


def joined(items: Sequence[Prose]) -> Prose:
    """Pieces of prose with commas between.

    >>> joined([("a",), ("b",)])
    ('a', ', ', 'b')
    """
    return reduce(lambda a, b: (*a, ", ", *b), items) if items else ()


def _not_zero(gone: Sequence[Expression]) -> Prose:
    return joined([(f, " ≠ 0") for f in gone])


def _outermost(e: Expression, rewrite: Callable[[Expression], Expression]) -> Expression:
    new = rewrite(e)
    if new is not e or not e.parts:
        return new
    if isinstance(e, Entry | Symbol | Call | Over):
        return e
    return e.with_parts(tuple([_outermost(part, rewrite) for part in e.parts]))

