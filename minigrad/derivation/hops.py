"""Hops: the local Jacobians along a chain, entry by entry, one for every node with a name on the way.

∂z⁴ⱼ/∂z³ᵢ = Σᵢ′ ∂z⁴ⱼ/∂a³ᵢ′ · ∂a³ᵢ′/∂z³ᵢ         in partial derivatives
          = Σᵢ′ θ³ⱼᵢ′ [i′ = i] g′(z³ᵢ)           as the ops state them
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..graph import Node
from ..jacobians import local_jacobian
from ..linear_maps import Diagonal, Identity, Scale, Select
from ..network import BiasUnit
from ..ops.pointwise import Sigmoid
from .algebra import ONE, negative, plus, times
from .board import Board
from .expressions import Call, Expression, Partial
from .formulas import summed
from .indices import Index
from .map_forms import local_entry, stated_slope
from .rules import collapsed
from .structure import Chain
from .substitution import rewritten
from .vocabulary import Places

ENTRYWISE = (Diagonal, Identity, Scale, Select)


class Hop(NamedTuple):
    """A part of a chain that has a name at its end, and its derivative: ∂end/∂(the end of the hop before)."""

    end: Node
    places: Places
    entry: Expression


class Hops:
    """The chains from a node, at given places of it, as hops.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> J = mg.sum(mg.exp(x))
    >>> board = Board(Structure(J, [x], "standard"), None)
    >>> (chain,) = board.structure.chains[x]
    >>> [hop.end is J for hop in Hops(board, x, board.places(x, ["i"])).along(chain, ())]
    [True]
    """

    def __init__(self, board: Board, node: Node, places: Places) -> None:
        self.board, self.node, self.places = board, node, places
        self.free = board.indices(places)

    def along(self, chain: Chain, out: Places) -> list[Hop]:
        """The hops of a chain that ends at these places; nodes without a name are passed over."""
        board = self.board
        hops: list[Hop] = []
        used = [index.letter for index in (*self.free, *board.indices(out))]
        at = self.places
        pending: Expression = ONE
        for k, (node, argument) in enumerate(zip(chain.nodes, chain.arguments, strict=True)):
            last = k == len(chain.nodes) - 1
            named = last or (node in board.structure.named and not isinstance(chain.nodes[k + 1].op, BiasUnit))
            places = out if last else self._places(node, argument, at, used)
            joined = times(local_entry(board.reader, node, argument, places, at), pending)
            if pending != ONE:
                joined = collapsed(summed(joined, self._passed(at, places, hops)))
            if named:
                used += [index.letter for index in board.indices(places)]
                hops.append(Hop(node, places, joined))
            pending = ONE if named else joined
            at = places
        return hops

    def _passed(self, at: Places, places: Places, hops: Sequence[Hop]) -> list[Index]:
        """The indices that stand within a hop: neither where it begins nor where it ends."""
        begin = self.board.indices(hops[-1].places) if hops else ()
        kept = (*self.free, *begin, *self.board.indices(places))
        return [index for index in self.board.indices(at) if index not in kept]

    def _places(self, node: Node, argument: int, at: Places, used: Sequence[str]) -> Places:
        """Places of a node on the way: the same as before it, where its op works entry by entry."""
        board, source = self.board, node.inputs[argument]
        starts = board.vocabulary.starts_of(source), board.vocabulary.starts_of(node)
        same_numbers = source.shape == node.shape and starts[0] == starts[1]
        if same_numbers and isinstance(local_jacobian(node, argument), ENTRYWISE):
            return at
        used = [*used, *[index.letter for index in board.indices(at)]]
        return board.places(node, board.letters(node, used=used, prefer=[f"{index.letter}′" for index in self.free]))

    def paths_in_partials(self, paths: Sequence[Sequence[Hop]]) -> Expression | None:
        """The sum over the paths; None where one has nothing on its way, or two of them meet before their end.

        A partial derivative is taken along all paths, so that of two that meet it would count each twice.
        """
        written = list(dict.fromkeys([self.in_partials(hops) for hops in paths]))
        met = [end for hops in paths for end in dict.fromkeys([hop.end for hop in hops[:-1]])]
        if any(len(hops) < 2 for hops in paths) or (len(written) > 1 and len(set(met)) < len(met)):
            return None
        return plus(*written)

    def in_partials(self, hops: Sequence[Hop]) -> Expression:
        """∂z/∂a · ∂a/∂x, summed over what lies between."""
        board = self.board
        before = board.value(self.node, self.places)
        product: list[Expression] = []
        for hop in hops:
            of = board.cost if hop.end is board.end else board.value(hop.end, hop.places)
            product.insert(0, Partial(of, before))
            before = of
        return summed(times(*product), self._between(hops))

    def product(self, hops: Sequence[Hop]) -> Expression:
        """The product of the hops' derivatives, the later first, summed over what lies between."""
        return summed(times(*[hop.entry for hop in reversed(hops)]), self._between(hops))

    def _between(self, hops: Sequence[Hop]) -> list[Index]:
        passed = [index for hop in hops[:-1] for index in self.board.indices(hop.places) if index not in self.free]
        return list(dict.fromkeys(passed))

    def to_number(self, chains: Sequence[Chain]) -> Expression:
        """The derivative of a number, such as the cost, along all these chains."""
        return collapsed(plus(*[self.product(self.along(chain, ())) for chain in chains]))


def primed_and_stated(board: Board, node: Node, places: Places) -> tuple[Expression | None, Expression]:
    """g′(z_i), and what the op states it to be: a_i (1 − a_i). None where the slope has no name.

    >>> import minigrad as mg
    >>> from .structure import Structure
    >>> a = mg.tanh(z := mg.parameter(2.0, name="z"), name="a")
    >>> slope, stated = primed_and_stated(Board(Structure(a, [z], "standard"), None), a, ())
    >>> slope.function.name, slope.function.primes
    ('tanh', 1)
    """
    (source,) = node.inputs
    slope = local_entry(board.reader, node, 0, places, board.reader.along(node, places, source))
    if not (isinstance(slope, Call) and slope.function.primes):
        return None, slope
    stated = stated_slope(board.reader, node, places)
    if isinstance(node.op, Sigmoid):
        stated = one_minus(stated, board.reader.entry(node, places), slope.arguments[0])
    return slope, stated


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
