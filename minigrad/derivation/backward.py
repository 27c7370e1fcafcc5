"""One milestone of a derivation: its gradient from those of what it acts on (notes, N5 to N10).

    the derivative of what it acts on     ∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ)
    the sum over contributions            ∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ = Σⱼ δ⁴ⱼ θ³ⱼᵢ g′(z³ᵢ)
    what does not depend on j             = (Σⱼ θ³ⱼᵢ δ⁴ⱼ) g′(z³ᵢ)
    a product of matrices                 δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from ..graph import Node
from ..network import BiasUnit
from .algebra import ONE, cancelled, cancelled_factors, common_denominator, factors, negative, plus, times
from .board import Board, Lines, entry_at, shapes_of
from .expressions import Call, Entry, Expression, Index, Over, Partial, Sum, Symbol, rewritten
from .formulas import is_elementwise, summed
from .map_forms import local_entry, stated_slope
from .recognition import as_diagonals, recognised, transposed
from .rules import collapsed, pulled_out
from .steps import EVERY_STEP, SUMMARY, TEXTBOOK, Prose, Section
from .structure import Chain
from .vocabulary import Places


class Hop(NamedTuple):
    """A part of a chain that has a name at its end, and its derivative."""

    end: Node
    places: Places
    entry: Expression  # ∂end/∂(the end of the hop before)


class Milestone:
    """The section of one milestone.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> board = Board(Structure(mg.sum(x * x, name="J"), [x], "standard"), None)
    >>> len(Milestone(board, x, "x").section().steps) > 2
    True
    """

    def __init__(self, board: Board, node: Node, section: str) -> None:
        self.board, self.node, self.id = board, node, section
        self.key = board.vocabulary.key(node)
        self.chains = [chain for chain in board.structure.chains[node] if self._counts(chain)]
        to_cost = all(chain.end is board.end for chain in self.chains)
        self.letters = board.letters(node, prefer=["k"] if to_cost and len(board.visible(node)) == 1 else [])
        self.places = board.places(node, self.letters)
        self.free = board.indices(self.places)
        self.lines = Lines(section, self.key, board.by(node, self.places))

    def _counts(self, chain: Chain) -> bool:
        """Of one sample's cost, only the chains that lead to it."""
        return chain.end in self.board.below

    # The parts of a section.

    def section(self) -> Section:
        """All of it, at every level."""
        title: Prose = (self._gradient_symbol(), " from what ", self.board.value(self.node), " acts on")
        ends = list(dict.fromkeys([chain.end for chain in self.chains]))
        locals_ = {end: self._local(end) for end in ends if end is not self.board.end}
        self._sum_of_contributions(ends, locals_)
        self._array()
        return Section(self.id, title, steps=tuple(self.lines.steps), node=self.key)

    def _gradient_symbol(self) -> Expression:
        return self.board.by(self.node) if self.node.op is None else self.board.gradient(self.node)

    def _upper(self, end: Node) -> Places:
        """Places of what it acts on, in letters of its own."""
        prefer = ["j"] if len(self.free) < 2 else ["k"]
        return self.board.places(end, self.board.letters(end, used=self.letters, prefer=prefer))

    def _local(self, end: Node) -> tuple[Places, Expression]:
        """∂end/∂node, entry by entry, derived where it takes more than one op."""
        board, out = self.board, self._upper(end)
        lines = self.lines
        left = Partial(board.value(end, out), board.value(self.node, self.places))
        lines.start(left)
        chains = [chain for chain in self.chains if chain.end is end]
        hops = [self._hops(chain, out) for chain in chains]
        written = plus(*[self._in_partials(chain_hops) for chain_hops in hops])
        rule = "chain rule" if len(chains) == 1 else "sum over paths"
        lines.to(written, rule, ("through ", *_listed(board, hops)), EVERY_STEP)
        product = plus(*[_product(chain_hops, self.free, board) for chain_hops in hops])
        lines.to(product, "local Jacobians", self._local_reason(chains), TEXTBOOK)
        result = collapsed(product)
        lines.to(result, "Kronecker", self._kronecker_reason(), TEXTBOOK)
        return out, result

    def _local_reason(self, chains: Sequence[Chain]) -> Prose:
        ops = list(dict.fromkeys([node.op.name.replace("_", " ") for chain in chains for node in chain.nodes if node.op]))
        return (f"the local Jacobian{'s' if len(ops) > 1 else ''} of {', '.join(ops)}",)

    def _kronecker_reason(self) -> Prose:
        return ("only the terms whose indices agree depend on ", self.board.value(self.node, self.places))

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
                joined = collapsed(summed(joined, [index for index in before if index not in self.free]))
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
        if source.shape == node.shape and is_elementwise(node):
            starts = board.vocabulary.starts_of(source), board.vocabulary.starts_of(node)
            if starts[0] == starts[1]:
                return at
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

    def _sum_of_contributions(self, ends: Sequence[Node], found: dict[Node, tuple[Places, Expression]]) -> None:
        board, lines = self.board, self.lines
        lines.start(board.by(self.node, self.places))
        if all(end is board.end for end in ends):
            self._of_cost()
            return
        partials, substituted_ = [], []
        for end in ends:
            if end is board.end:
                direct = self._direct()
                partials.append(direct)
                substituted_.append(direct)
                continue
            out, entry = found[end]
            indices = board.indices(out)
            node_partial = Partial(board.value(end, out), board.value(self.node, self.places))
            partials.append(summed(times(board.by(end, out), node_partial), indices))
            substituted_.append(summed(times(board.gradient(end, out), entry), indices))
        lines.to(plus(*partials), "chain rule", self._chain_reason(ends), TEXTBOOK)
        lines.to(plus(*substituted_), "substitution", ("the derivatives above",), TEXTBOOK)
        lines.to(collapsed(plus(*substituted_)), "Kronecker", self._kronecker_reason(), TEXTBOOK)
        pulled = pulled_out(lines.current)
        lines.to(pulled, "out of the sum", self._pulled_reason(lines.current), TEXTBOOK)
        lines.to(self._rows(lines.current), "matrix product", ("a sum of products over one index: a row times a column",), TEXTBOOK)

    def _chain_reason(self, ends: Sequence[Node]) -> Prose:
        board = self.board
        listed: list[Prose] = []
        for end in ends:
            symbol = board.cost if end is board.end else board.value(end)
            indices = board.indices(self._upper(end))
            count: Prose = (f"every entry of ",) if indices else ()
            listed.append((*count, symbol))
        return ("chain rule: ", board.value(self.node, self.places), " acts on ", *_joined(listed))

    def _pulled_reason(self, before: Expression) -> Prose:
        terms = [inner for inner in before.walk() if isinstance(inner, Sum)]
        for inner in terms:
            out = [f for f in factors(inner.body) if inner.index not in f.free]
            if out:
                return (out[0], " does not depend on ", inner.index)
        return ("the sums fall apart",)

    def _rows(self, e: Expression) -> Expression:
        """Each sum as an entry of a product of matrices, where it is one."""

        def as_row(inner: Expression) -> Expression:
            if not isinstance(inner, Sum) or not inner.free:
                return inner
            used = tuple([index for index in self.free if index in inner.free])
            array = recognised(inner, used) if used else None
            if array is None or array.shape == () or any(index.start != 1 for index in used):
                return inner
            return entry_at(array, used)

        return _outermost(e, as_row)

    def _direct(self) -> Expression:
        """∂J/∂node along the paths on which no other milestone lies."""
        direct = [chain for chain in self.chains if chain.end is self.board.end]
        return collapsed(plus(*[_product(self._hops(chain, ()), self.free, self.board) for chain in direct]))

    def _of_cost(self) -> None:
        """The cost's own derivative: its factors, and what cancels in them (notes, N2)."""
        board, lines = self.board, self.lines
        hops = [self._hops(chain, board.places(chain.end, [])) for chain in self.chains]
        lines.to(plus(*[self._in_partials(each) for each in hops]), "chain rule", ("through ", *_listed(board, hops)), TEXTBOOK)
        lines.to(plus(*[_product(each, self.free, board) for each in hops]), "local Jacobians", self._local_reason(self.chains), EVERY_STEP)
        lines.to(collapsed(lines.current), "Kronecker", self._kronecker_reason(), TEXTBOOK)
        lines.to(rewritten(lines.current, common_denominator), "common denominator", ("one denominator",), TEXTBOOK)
        stated = self._with_slopes(lines.current, hops)
        if stated != lines.current and cancelled(stated) != stated:
            gone = cancelled_factors(stated)
            lines.to(stated, "derivative", ("the derivative of the activation",), TEXTBOOK)
            lines.to(cancelled(stated), "cancellation", ("the factors cancel",), TEXTBOOK, conditions=_not_zero(gone), domain=gone)
        lines.to(pulled_out(lines.current), "out of the sum", self._pulled_reason(lines.current), TEXTBOOK)
        lines.to(self._rows(lines.current), "matrix product", ("a row times a column",), TEXTBOOK)

    def _with_slopes(self, e: Expression, hops: Sequence[Sequence[Hop]]) -> Expression:
        """g′(z) as a(1 − a), for the activations on the way to the cost."""
        board = self.board
        slopes: dict[Expression, Expression] = {}
        for chain in self.chains:
            for node in chain.nodes:
                if node in board.structure.named and len(node.inputs) == 1 and node.shape == self.node.shape:
                    slope, stated = primed_and_stated(board, node, self.places)
                    if slope is not None:
                        slopes[slope] = stated
        return times(*[inner for f in factors(e) for inner in factors(slopes.get(f, f))])

    def _array(self) -> None:
        """All entries at once."""
        board, lines = self.board, self.lines
        whole = recognised(self._last(), self.free)
        if self.node.op is not None:
            lines.define(self._gradient_symbol(), board.by(self.node), ("all of them at once",), EVERY_STEP)
            if not self.free and not board.value(self.node).shape:
                lines.start(self._gradient_symbol())
                lines.to(self._last(), "matrix form", ("a number",), SUMMARY)
                return
        if whole is None or whole.shape != board.value(self.node).shape:
            if whole is None or whole.shape[::-1] != board.value(self.node).shape:
                self._entries_only()
                return
            whole = recognised(self._last(), self.free) and transposed(whole)
        lines.start(self._gradient_symbol())
        diagonal = as_diagonals(whole)
        level = TEXTBOOK if diagonal != whole else SUMMARY
        lines.to(whole, "matrix form", ("all entries at once",), level, shapes=shapes_of(whole) if diagonal == whole else "")
        lines.to(diagonal, "⊙ as diag", ("a product entry by entry is a diagonal matrix",), SUMMARY, shapes=shapes_of(diagonal))

    def _entries_only(self) -> None:
        """No matrix form: the entry is the result."""
        lines = self.lines
        if self.node.op is not None:
            lines.start(self.board.gradient(self.node, self.places))
            lines.to(self._last(), "definition", ("entry by entry",), SUMMARY)
        elif lines.steps:
            lines.steps[-1] = replace(lines.steps[-1], level=SUMMARY)

    def _last(self) -> Expression:
        """The entry as it was derived last, of the chain that begins with ∂J/∂node."""
        first = self.board.by(self.node, self.places)
        for k in range(len(self.lines.steps) - 1, -1, -1):
            step = self.lines.steps[k]
            if not step.continues and step.left == first:
                chain = [step]
                for following in self.lines.steps[k + 1 :]:
                    if not following.continues:
                        break
                    chain.append(following)
                return next((s.right for s in reversed(chain) if s.rule != "matrix product"), chain[-1].right)
        return first


def primed_and_stated(board: Board, node: Node, places: Places) -> tuple[Expression | None, Expression]:
    """g′(z_i), and what the op states it to be: a_i (1 − a_i). None where the slope has no name."""
    (source,) = node.inputs
    entry = local_entry(board.reader, node, 0, places, board.reader.along(node, places, source))
    if not (isinstance(entry, Call) and entry.function.primes):
        return None, entry
    return entry, one_minus(stated_slope(board.reader, node, places), board.value(node, places), entry.arguments[0])


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
    return _joined([(board.value(node),) for node in between]) if between else ("its formula",)


def _joined(items: Sequence[Prose]) -> Prose:
    return reduce(lambda a, b: (*a, ", ", *b), items) if items else ()


def _not_zero(gone: Sequence[Expression]) -> Prose:
    return _joined([(f, " ≠ 0") for f in gone])


def _outermost(e: Expression, rewrite: object) -> Expression:
    new = rewrite(e)  # type: ignore[operator]
    if new is not e or not e.parts:
        return new  # type: ignore[no-any-return]
    if isinstance(e, Entry | Symbol | Call | Over):
        return e
    return e.with_parts(tuple([_outermost(part, rewrite) for part in e.parts]))

