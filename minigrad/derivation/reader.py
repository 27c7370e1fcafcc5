"""Reading a graph: the entry of a node as an expression, by its name or by the formula of its op.

`formula` is the table of formulas, filled in by the rooms above: elementwise.py (functions entry by entry), formulas.py
(products and sums), arrangements.py (what only lays entries out anew) and costs.py. An op that has none stands as a
whole: softmax(z)ⱼ. A new formula is one function there.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import singledispatch
from itertools import chain
from typing import Any

import numpy as np

from ..graph import Node, arguments_first
from ..ops.base import AsType, Op
from ..ops.results import Part, Results, layout
from .algebra import number
from .expressions import Expression, Name
from .expressions import Sum as Sigma
from .indices import Index, Position, bare
from .vocabulary import LOWERED, Places, Vocabulary, carried

LETTERS = "ijklnpqrtuvw"
DEEP = 40  # formulas inside one another, beyond which a node stands as a whole
LONGEST = 24  # characters of what stands in brackets behind the name of an op
DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class NoFormError(Exception):
    """What has no formula here: the entries of a linear map, or an array of numbers that nothing names."""


class Reader:
    """Reads entries of nodes as expressions; `named` are the nodes that stand under their names.

    >>> import minigrad as mg
    >>> x = mg.parameter(2.0, name="x")
    >>> Reader(Vocabulary([x], "standard"), {x}).entry(x, ()).name.base
    'x'
    """

    def __init__(self, vocabulary: Vocabulary, named: Collection[Node]) -> None:
        self.vocabulary, self.named = vocabulary, named
        self._varying: dict[Node, bool] = {}
        self._open: list[Places] = []  # of the formulas that are being read, one inside the other

    def entry(self, node: Node, places: Places) -> Expression:
        """The entry at these places, by name or by formula."""
        if node in self.named:
            return self.vocabulary.entry(node, places)
        return self.formula(node, places)

    def formula(self, node: Node, places: Places) -> Expression:
        """The entry at these places, by the formula of its op; literals are numbers."""
        if node.op is None or not self._varies(node):
            if node.size == 1 and node.name is None:
                return number(float(node.value.item()))
            if node.op is None:
                return self._leaf(node, places)
        if len(self._open) > DEEP:
            return self.whole(node, places)
        self._open.append(places)
        try:
            found = formula(node.op, self, node, places)
        finally:
            self._open.pop()
        return self.whole(node, places) if found is None else found

    def _leaf(self, node: Node, places: Places) -> Expression:
        if self.vocabulary.is_written(node) or node.name is not None:
            return self.vocabulary.entry(node, places)
        first = node.value.flat[0] if node.size else 0
        if np.all(node.value == first):  # an array that a local Jacobian brought along, of one number
            return number(float(first))
        raise NoFormError

    def whole(self, node: Node, places: Places) -> Expression:
        """The entry of a node without a formula: it is called by its op and arguments, softmax(z)."""
        if not self.vocabulary.is_written(node) and not all(self._is_known(source) for source in node.inputs):
            raise NoFormError  # of a local Jacobian, and more than an op of what the graph has
        if node not in self.named:
            self.vocabulary.call(node, Name(self.written(node)))
        return self.vocabulary.entry(node, places)

    def _is_known(self, node: Node) -> bool:
        if isinstance(node.op, AsType):
            return self._is_known(node.inputs[0])
        return self.vocabulary.is_written(node) or (node.op is None and node.size == 1)

    def _varies(self, node: Node) -> bool:
        """Whether it depends on anything that has a name."""
        if node not in self._varying:
            for each in arguments_first([node]):
                if each not in self._varying:
                    named = each in self.named or each.name is not None
                    self._varying[each] = named or any(self._varying[source] for source in each.inputs)
        return self._varying[node]

    # In words.

    def written(self, node: Node, room: int = LONGEST) -> str:
        """A node by its name, or else by its op and arguments; what takes more room is left out."""
        if isinstance(node.op, AsType) and not self.vocabulary.is_written(node):
            return self.written(node.inputs[0], room)
        if node not in self.named and node.op is not None:
            return self.written_op(node, room)
        if node.op is None and node.size == 1 and node.name is None:
            return f"{node.value.item():.4g}"
        name = self.vocabulary.name(node)
        return f"{name.base}{name.above.translate(DIGITS)}{name.below.translate(LOWERED)}"

    def written_op(self, node: Node, room: int = LONGEST) -> str:
        """A node by its op and arguments, whether it has a name or not: softmax(z); of several results, svd₂(A)."""
        assert node.op is not None
        name = node.op.name
        part, whole = node.op, node.inputs[0] if node.inputs else node
        if isinstance(part, Part) and isinstance(whole.op, Results):
            number = 1 + layout(whole.op.shapes(*[source.shape for source in whole.inputs])).index(part)
            node, name = whole, f"{whole.op.name}{str(number).translate(LOWERED)}"
        parts: list[str] = []
        for source in node.inputs:
            if room <= 0:
                return f"{name}({', '.join([*parts, '…'])})"
            parts.append(self.written(source, room - len(name) - 2))
            room -= len(parts[-1]) + 2
        return f"{name}({', '.join(parts)})"

    # Places.

    def along(self, node: Node, places: Places, source: Node) -> Places:
        """The places in an argument that was broadcast: its own axes, at the same numbers."""
        start, own = self.vocabulary.starts_of(node), self.vocabulary.starts_of(source)
        new = node.ndim - source.ndim
        return tuple(
            [
                own[k] if source.shape[k] == 1 or new + k < 0 else carried(places[new + k], start[new + k], own[k])
                for k in range(source.ndim)
            ]
        )

    def arguments(self, node: Node, places: Places) -> list[Expression]:
        """The arguments of an elementwise op, each at the places that are broadcast to these."""
        return [self.entry(source, self.along(node, places, source)) for source in node.inputs]

    def fresh(self, node: Node, axis: int, taken: Collection[Any]) -> Position:
        """An index over an axis, with a letter that is not taken."""
        return self.letter(node.shape[axis], taken, self.vocabulary.starts_of(node)[axis])

    def letter(self, length: int, taken: Collection[Any], start: int = 1) -> Position:
        """An index of this length, with a letter that is not taken; of length one, its only number."""
        used = {bare(place).letter for place in [*taken, *chain(*self._open)] if not isinstance(place, int)}
        if self.vocabulary.sample is not None:
            used.add(self.vocabulary.sample.letter)
        found = next(f"{x}{prime}" for prime in ("", "′", "″") for x in LETTERS if f"{x}{prime}" not in used)
        return start if length == 1 else Index(found, start, start + length - 1)


@singledispatch
def formula(op: Op, reader: Reader, node: Node, places: Places) -> Expression | None:
    """The entry of op(*inputs) at these places, or None where there is no formula for it.

    >>> formula(Op, None, None, ()) is None
    True
    """
    return None


def summed(body: Expression, indices: Collection[Position]) -> Expression:
    """Σ over all indices among these positions.

    >>> from .expressions import Number
    >>> summed(Number(1), [3])
    Number(value=1)
    """
    for index in reversed(list(indices)):
        if isinstance(index, Index):
            body = Sigma(index, body)
    return body
