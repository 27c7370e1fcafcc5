"""Structure: which nodes a derivation names, at which it stops, and the chains of local Jacobians between these.

A derivation goes backwards from milestone to milestone: from the cost to the nodes asked for, with a stop where
several gradients add up, and where an op mixes entries (a sum over its own index remains), as at every pre-activation
of a network. Between two stops lie chains: paths on which every node has one consumer only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ..graph import Node, arguments_first
from ..network import BiasUnit
from ..ops.einsum import Contraction
from ..ops.indexing import GetItem
from ..ops.linear import AddBias
from ..ops.pointwise import Add
from ..sweeps import dependents
from .expressions import Delta, Expression
from .formulas import Reader, picked_axes
from .indices import Index, Position, bare
from .map_forms import local_entry
from .rules import opened
from .vocabulary import Places, Vocabulary

HEAVY = 6  # names in a formula, beyond which a node gets a name of its own
LONG = 4  # nodes in a chain


class Chain(NamedTuple):
    """A path of single consumers from one milestone to the next: nodes, and the arguments that they enter by."""

    nodes: tuple[Node, ...]  # from the earlier milestone, left out, to the later one
    arguments: tuple[int, ...]

    @property
    def end(self) -> Node:
        """The later milestone."""
        return self.nodes[-1]


class Structure:
    """The nodes of a derivation of ∂output/∂wrt; `stop` is a further milestone.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> found = Structure(mg.sum(x * x), [x], "standard")
    >>> [len(found.chains[x]), len(found.milestones)]
    [2, 2]
    """

    def __init__(self, output: Node, wrt: Sequence[Node], notation: str, stop: Node | None = None) -> None:
        self.output, self.stop = output, stop
        self.asked = set(wrt)
        self.order = arguments_first([output])
        differentiable = [node for node in self.order if node.differentiable]
        varied = dependents(wrt, differentiable)
        self.within = _acting(output, [node for node in differentiable if node in varied])
        self.vocabulary = Vocabulary(self.order, notation)
        self.named = self._named()
        self.reader = Reader(self.vocabulary, self.named)
        self.milestones = self._milestones()
        self.named |= {node for node in self.milestones if not is_view(node, self.vocabulary)}
        self.chains = {node: self._chains(node) for node in self.milestones if node is not output}
        self.vocabulary.name_anew([node for node in self.order if node in self.named])

    def _named(self) -> set[Node]:
        """Leaves with a name or many entries, results with a name, results used twice, and heavy ones."""
        edges: dict[Node, int] = {}
        for node in self.order:
            for source in node.inputs:
                edges[source] = edges.get(source, 0) + 1
        found: set[Node] = set()
        weights: dict[Node, int] = {}
        for node in self.order:
            if node.op is None:
                is_named = node.differentiable or node.name is not None or node.size != 1
            elif is_view(node, self.vocabulary):
                is_named = False
            else:
                weights[node] = sum(1 if source in found else weights.get(source, 1) for source in node.inputs)
                used = edges.get(node, 0)
                is_named = node.name is not None or used > 1 or node is self.output or node in self.asked
                is_named = is_named or weights[node] > HEAVY or isinstance(node.op, BiasUnit)
            if is_named:
                found.add(node)
        return found

    def consumers(self, node: Node) -> list[tuple[Node, int]]:
        """The edges by which a node acts on the output."""
        return self._edges.get(node, [])

    def _milestones(self) -> list[Node]:
        """Arguments first."""
        self._edges: dict[Node, list[tuple[Node, int]]] = {}
        inside = set(self.within)
        for node in self.within:
            for k, source in enumerate(node.inputs):
                if source in inside:
                    self._edges.setdefault(source, []).append((node, k))
        length: dict[Node, int] = {}
        found: list[Node] = []
        mixed: set[Node] = set()
        for node in self.within:
            asked = node in self.asked or node is self.output or node is self.stop
            arriving = [(source, k) for k, source in enumerate(node.inputs) if source in inside]
            length[node] = 1 + max((length.get(source, 0) for source, _ in arriving), default=0)
            mixes = any(source in mixed or self._mixes(node, k) for source, k in arriving)
            if mixes and self._is_only_added_to(node):
                mixed.add(node)
                mixes = False
            if asked or len(self.consumers(node)) > 1 or mixes or length[node] > LONG:
                found.append(node)
                length[node] = 0
        return found

    def _is_only_added_to(self, node: Node) -> bool:
        """Whether its one consumer adds a bias to it: then that is the pre-activation, W a + b."""
        consumers = self.consumers(node)
        return (
            len(consumers) == 1
            and isinstance(consumers[0][0].op, Add | AddBias)
            and node.shape == consumers[0][0].shape
        )

    def _mixes(self, node: Node, argument: int) -> bool:
        """Whether an entry of the argument acts on several of the node's, or the op is a product of matrices."""
        if isinstance(node.op, Contraction):
            return True
        out = ends(self.vocabulary, node, "abcdefgh")
        into = ends(self.vocabulary, node.inputs[argument], "ABCDEFGH")
        entry = local_entry(Reader(self.vocabulary, set(self.order)), node, argument, out, into)
        free = {place for place in out if isinstance(place, Index)}
        return not free <= tied(entry, free, {place for place in into if isinstance(place, Index)})

    def _chains(self, node: Node) -> list[Chain]:
        stops = set(self.milestones)
        chains = []
        for consumer, k in self.consumers(node):
            nodes, arguments = [consumer], [k]
            while nodes[-1] not in stops:
                ((following, position),) = self.consumers(nodes[-1])
                nodes.append(following)
                arguments.append(position)
            chains.append(Chain(tuple(nodes), tuple(arguments)))
        return chains

    def routes(self) -> dict[tuple[int, int], frozenset[Node]]:
        """For each two nodes between which a line takes a derivative: the nodes along which it goes."""
        key = self.vocabulary.key
        found: dict[tuple[int, int], set[Node]] = {}
        for start, chains in self.chains.items():
            for chain in chains:
                path = (start, *chain.nodes)
                for a in range(len(path)):
                    for b in range(a + 1, len(path)):
                        found.setdefault((key(path[b]), key(path[a])), set()).update(path[a + 1 : b + 1])
        return {pair: frozenset(nodes) for pair, nodes in found.items()}


def _acting(output: Node, nodes: Sequence[Node]) -> list[Node]:
    """Those of the nodes that act on the output through one another: not a sign of which only a mask is made."""
    among, found = set(nodes), {output}
    for node in reversed(nodes):
        if node in found:
            found.update(source for source in node.inputs if source in among)
    return [node for node in nodes if node in found]


def is_view(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a node is a part of a matrix with a bias column, Θ_w, which is written by the matrix itself."""
    if not isinstance(node.op, GetItem) or node.inputs[0].op is not None:
        return False
    has_bias = 0 in vocabulary.starts_of(node.inputs[0])
    return has_bias and picked_axes(node.op.index, node.inputs[0].shape) is not None


def ends(vocabulary: Vocabulary, node: Node, letters: Iterable[str]) -> Places:
    """Indices over all axes of a node, with these letters."""
    return tuple(
        [vocabulary.index(letter, node, axis) for axis, letter in zip(range(node.ndim), letters, strict=False)]
    )


def tied(entry: Expression, indices: Collection[Position], others: Collection[Position]) -> set[Position]:
    """Those of the indices that a Kronecker delta ties to one of the others, in every term of an entry.

    >>> i, j = Index("i", 1, 2), Index("j", 1, 2)
    >>> tied(Delta(i, j), {i}, {j}) == {i}
    True
    """

    def index_or_number(position: Position) -> Position:
        return position if isinstance(position, int) else bare(position)

    found = []
    for term in opened(entry):
        pairs = [(index_or_number(f.left), index_or_number(f.right)) for f in term.factors if isinstance(f, Delta)]
        found.append(
            {a for pair in pairs for a, b in (pair, pair[::-1]) if a in indices and (b in others or isinstance(b, int))}
        )
    return set.intersection(*found) if found else set()
