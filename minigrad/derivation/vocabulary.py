"""Vocabulary: what the derivation calls the arrays of a graph, and from which number it counts on each of their axes.

A node that has a name keeps it; one without is v₁, v₂ … (x₁ … for parameters, c₁ … for constants). Entries of a
matrix are small letters: θ³ⱼᵢ of Θ³. Where a layer has a bias unit on top (notes, N3), its numbers begin at 0, and
so do those of the axis of Θ that meets it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from ..graph import Node
from ..linear_maps import LinearMap
from ..network import BiasUnit
from ..ops.base import Op
from ..ops.linear import MatMul
from .expressions import Entry, Expression, Name, Shape, Symbol
from .indices import Index, Position, moved

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NAME = re.compile(r"(?P<base>.*?)(?:_(?P<part>\w+?))?(?P<below>[0-9₀-₉]*)(?P<above>[⁰¹²³⁴-⁹]*)", re.DOTALL)
LOWER = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
PREFIXES = {"parameter": "x", "constant": "c"}

Places = tuple[Position, ...]  # one for each axis of a node, those of length one and that of the samples included


def parsed(name: str) -> Name:
    """A node's name, with its layer and its number.

    >>> parsed("z³"), parsed("W1").below
    (Name(base='z', above='3', below='', bar=False, with_bias=False), '1')
    """
    found = NAME.fullmatch(name)
    if found is None or not found["base"]:
        return Name(name)
    below = "".join(filter(None, [found["part"], found["below"].translate(LOWER)]))
    return Name(found["base"], found["above"].translate(SUPERSCRIPTS), below)


class Vocabulary:
    """The names and the numbering of one graph, given all its nodes, arguments first.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> Vocabulary([x], "standard").symbol(x).name.base
    'x'
    """

    def __init__(self, order: Sequence[Node], notation: str) -> None:
        self.keys = {node: k for k, node in enumerate(order)}
        self.nodes = list(order)
        self._graph = len(order)
        self.notation = notation
        self.sample: Index | None = None
        self.sample_axes: dict[int, int] = {}
        self.starts = _starts(order)
        self.local_jacobians: dict[tuple[Node, int], LinearMap] = {}  # as they were stated
        self._names: dict[Node, Name] = {}
        self._taken = {node.name for node in order if node.name}
        self._bases = {parsed(name) for name in self._taken}
        self.name_anew([])
        self._functions: dict[str, list[Op]] = {}

    def is_taken(self, name: Name) -> bool:
        """Whether a node was given this name."""
        return name in self._bases

    def is_written(self, node: Node) -> bool:
        """Whether it is a node of the graph; a local Jacobian brought the others along."""
        return self.keys.get(node, self._graph) < self._graph

    def key(self, node: Node) -> int:
        """Its place in the graph; a node that a local Jacobian brought along comes after all of these."""
        if node not in self.keys:
            self.keys[node] = len(self.nodes)
            self.nodes.append(node)
        return self.keys[node]

    def name_anew(self, nodes: Iterable[Node]) -> None:
        """Forget all names that were made up, and name these nodes first, in this order."""
        self._names.clear()
        self._fresh = {prefix: _unused(prefix, self._taken) for prefix in "xcv"}
        for node in nodes:
            self.name(node)

    def name(self, node: Node) -> Name:
        """What the node is called."""
        if node not in self._names:
            self._names[node] = self._made(node)
        return self._names[node]

    def call(self, node: Node, name: Name) -> None:
        """Call a node by this name from now on."""
        self._names[node] = name

    def _made(self, node: Node) -> Name:
        if isinstance(node.op, BiasUnit):
            return replace(self.name(node.inputs[0]), with_bias=True)
        if node.name is None:
            return parsed(next(self._fresh[PREFIXES.get(node.kind, "v")]))
        name = parsed(node.name)
        if self.notation == "notes" and name.base == "z" and name.above:
            return replace(name, base="y")  # the notes' letter for a pre-activation
        return name

    def function(self, op: Op, name: str) -> str:
        """What the function of an op is called: the second of two unlike ops of one name is f₂."""
        alike = self._functions.setdefault(name, [])
        number = next((k for k, other in enumerate(alike) if is_alike(op, other)), len(alike))
        if number == len(alike):
            alike.append(op)
        return name if number == 0 else name + str(number + 1).translate(LOWERED)

    def entry_name(self, node: Node) -> Name:
        """What its entries are called: small letters for a matrix; a of [1; a]."""
        if isinstance(node.op, BiasUnit):
            return self.entry_name(node.inputs[0])
        name = self.name(node)
        small = replace(name, base=name.base.lower())
        if len(name.base) == 1 and name.base != small.base and small not in self._bases and node.size > 1:
            return small
        return name

    def starts_of(self, node: Node) -> Shape:
        """The first number that is written on each axis."""
        return self.starts.get(node, (1,) * node.ndim)

    def index(self, letter: str, node: Node, axis: int) -> Position:
        """An index that runs over an axis; on an axis of length one, its only number."""
        start = self.starts_of(node)[axis]
        return start if node.shape[axis] == 1 else Index(letter, start, start + node.shape[axis] - 1)

    def symbol(self, node: Node, of: str = "value", *, sampled: bool | None = None) -> Symbol:
        """The whole array, or that of one sample where the node has an axis of samples."""
        key = self.key(node)
        axis = self.sample_axes.get(key) if self.sample is not None and sampled is not False else None
        visible = [k for k in range(node.ndim) if k != axis]
        shape = tuple([node.shape[k] for k in visible])
        kept = [k for k in visible if node.shape[k] != 1]
        starts = self.starts_of(node)
        name, entry = self.name(node), self.entry_name(node)
        if axis is not None and len(shape) == 1 and not isinstance(node.op, BiasUnit):
            name = entry  # one sample of X is the vector x
        if of != "value":
            name = entry = gradient_name(name)
        return Symbol(
            name=name,
            entry=entry,
            key=key,
            of=of,
            rows_columns=(*shape, 1) if len(shape) == 1 else shape,
            axes=tuple([node.shape[k] for k in kept]),
            starts=tuple([starts[k] for k in kept]),
            sample=self.sample if axis is not None else None,
        )

    def entry(self, node: Node, places: Places, of: str = "value") -> Expression:
        """The entry at some places, one for each axis."""
        key = self.key(node)
        if self.sample is not None and self.sample in places:
            self.sample_axes.setdefault(key, places.index(self.sample))
        symbol = self.symbol(node, of)
        axis = self.sample_axes.get(key) if symbol.sample is not None else None
        positions = tuple([p for k, p in enumerate(places) if k != axis and node.shape[k] != 1])
        return Entry(symbol, positions) if symbol.shape else symbol


def is_alike(op: Op, other: Op) -> bool:
    """Whether two ops are the same function, settings included.

    >>> from ..ops.pointwise import Exp, Log
    >>> is_alike(Exp(), Exp()), is_alike(Exp(), Log())
    (True, False)
    """
    if op is other:
        return True
    try:
        return type(op) is type(other) and bool(vars(op) == vars(other))
    except ValueError:  # settings that are arrays, which have no one answer
        return False


def gradient_name(name: Name) -> Name:
    """δ³ for the gradient by z³, x̄ for that by x.

    >>> gradient_name(Name("z", above="3")).base
    'δ'
    """
    if name.base == "z" or (name.base == "y" and name.above):
        return replace(name, base="δ")
    return replace(name, bar=True)


def _unused(prefix: str, taken: Collection[str]) -> Iterator[str]:
    return (f"{prefix}{k}" for k in count(1) if f"{prefix}{k}" not in taken)


def _starts(order: Iterable[Node]) -> Mapping[Node, Shape]:
    """0 on the axis that a bias unit stands on, and on the axis of Θ that it meets in a product."""
    starts: dict[Node, Shape] = {}
    for node in order:
        if isinstance(node.op, BiasUnit):
            starts[node] = (0, 1)
        if isinstance(node.op, MatMul):
            theta, a = node.inputs
            if a in starts and theta.op is None and theta.ndim == 2 and starts[a][0] == 0:
                starts[theta] = (1, 0)
    return starts


def carried(place: Position, start: int, to: int) -> Position:
    """The same place on an axis that is numbered from another start.

    >>> carried(3, 1, 0)
    2
    """
    return moved(place, to - start)
