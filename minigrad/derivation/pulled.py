"""What a reverse edge does, in symbols: the transpose of a local Jacobian with the names of what fills it.

diag(g′(z³))        ∂a³/∂z³, its own transpose
[Θ³]ᵀ ·             of z³ = Θ³ a², by a²: multiply by [Θ³]ᵀ from the left
· [a²]ᵀ             by Θ³: multiply by [a²]ᵀ from the right
"""

from __future__ import annotations

from collections.abc import Sequence

from ..graph import Node
from ..linear_maps import Diagonal, LinearMap, Select
from ..network import BiasUnit
from ..ops.linear import MatMul
from .expressions import Expression, Transpose
from .formulas import Reader
from .indices import Index
from .map_forms import local_entry
from .recognition import is_readable, recognised, transposed
from .structure import ends
from .text import formula
from .vocabulary import Vocabulary

HEAVY = 4  # nodes without a name in an entry
LONGEST = 24  # characters of an entry; beyond, the structure's own letter stands for it


class PulledBack:
    """The reverse edges of one graph, in symbols.

    >>> import minigrad as mg
    >>> z = mg.parameter([0.0, 1.0], name="z")
    >>> a = mg.sigmoid(z)
    >>> PulledBack([z, a]).text(a, 0, mg.local_jacobian(a, 0))
    'diag(g′(z))'
    """

    def __init__(self, order: Sequence[Node]) -> None:
        self.vocabulary = Vocabulary(order, "standard")
        self.reader = Reader(self.vocabulary, {node for node in order if node.name or node.op is None})

    def text(self, node: Node, argument: int, local: LinearMap) -> str:
        """The transpose of ∂node/∂argument, which is `local`, as it acts on what comes back."""
        named = self._named(local, node, argument)
        return local.T.text() if named is None else named

    def _named(self, local: LinearMap, node: Node, argument: int) -> str | None:
        source = node.inputs[argument]
        if isinstance(node.op, BiasUnit):
            return f"without {formula(self.vocabulary.entry(node, (0, *[1] * (node.ndim - 1))))}"
        if node.size == 1 and source.size > 1:
            both = node.name is not None and source in self.reader.named
            return f"[∂{self._written(node)}/∂{self._written(source)}]ᵀ ·" if both else None
        if any(self._is_heavy(each) for each in node.inputs):
            return None
        if isinstance(local, Diagonal | Select):
            slope = self._slope(node, argument)
            return None if slope is None else f"diag({slope})"
        if isinstance(node.op, MatMul) and all(each.ndim <= 2 for each in node.inputs):
            factor = self._array(node.inputs[1 - argument])
            if factor is not None:
                return f"· {factor}" if argument == 0 else f"{factor} ·"
        return None

    def _written(self, node: Node) -> str:
        return formula(self.vocabulary.symbol(node))

    def _is_heavy(self, node: Node) -> bool:
        """Whether a node without a name takes more than a few others to write."""
        waiting, count = [node], 0
        while waiting and count <= HEAVY:
            found = waiting.pop()
            if found not in self.reader.named:
                count += 1
                waiting += found.inputs
        return count > HEAVY

    def _slope(self, node: Node, argument: int) -> str | None:
        """The diagonal, at every entry."""
        if node.ndim > 2 or node.inputs[argument].shape != node.shape:
            return None
        places = ends(self.vocabulary, node, "ij")
        free = tuple([place for place in places if isinstance(place, Index)])
        entry = local_entry(self.reader, node, argument, places, places)
        return self._short(recognised(entry, free) if free else entry)

    def _array(self, node: Node) -> str | None:
        """A factor, transposed."""
        places = ends(self.vocabulary, node, "ij")
        free = tuple([place for place in places if isinstance(place, Index)])
        if node.ndim != 2 or len(free) != 2:
            return formula(Transpose(self.vocabulary.symbol(node))) if node in self.reader.named else None
        array = recognised(self.reader.entry(node, places), free)
        return None if array is None else self._short(transposed(array))

    @staticmethod
    def _short(e: Expression | None) -> str | None:
        if e is None or not is_readable(e):
            return None
        written = formula(e)
        return written if len(written) <= LONGEST else None
