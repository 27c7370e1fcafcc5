"""Points: a graph at its own values and at random ones, and the derivatives there, by sweeps.

A point is the same graph built anew in double precision on other leaves, so that every derivative that a line speaks
of can be had from the engine: the cost's by a reverse sweep, one array's by another by pushing unit tangents forward
along the paths that the line means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from itertools import product
from typing import NamedTuple

import numpy as np

from ..graph import Node, arguments_first, constant, parameter
from ..linear_maps.algebra import Array
from ..ops.base import AsType, Op, alias
from ..ops.indexing import GetItem
from ..queries import gradients
from ..sweeps import edges, push_forward
from .evaluation import Everywhere, Point, Value, numbering, picked
from .expressions import Entry, Expression, Partial, Symbol
from .indices import Index, Position, Shifted, bare

FEW = 6  # numbers that a free index of a long axis takes, where the product of all would take too long
MANY = 16


class Cost(NamedTuple):
    """What is differentiated: the output, and the node whose mean over samples is in it, where one is derived."""

    output: Node
    data: Node | None = None
    axis: int = 0  # of the samples, at the arguments of data


class GraphPoint(Point):
    """A graph at some values of its leaves.

    `routes` are, for two nodes, those between them and the later one, along which the earlier acts directly.

    >>> import minigrad as mg
    >>> x = mg.parameter(2.0, name="x")
    >>> GraphPoint([x], Cost(x * x), {}, {x: np.array(3.0)}).node(x).value
    array(3.)
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        cost: Cost,
        routes: Mapping[tuple[int, int], frozenset[Node]],
        leaves: Mapping[Node, Array],
        sample_axes: Mapping[int, int] | None = None,
    ) -> None:
        self.nodes, self.cost, self.routes = nodes, cost, routes
        self.sample_axes = sample_axes or {}
        self.rng = np.random.default_rng(0)
        self._copies: dict[Node, Node] = {}
        self._chosen: dict[Index, Array] = {}
        self._arrays: dict[tuple[int, str, bool], Array] = {}
        for node, array in leaves.items():
            make = parameter if node.differentiable else constant
            self._copies[node] = make(array)
        self.node(cost.output)

    def node(self, node: Node) -> Node:
        """The node as it is here."""
        if node not in self._copies:
            for each in arguments_first([node]):
                if each not in self._copies:
                    self._copies[each] = self._copied(each)
        return self._copies[node]

    def _copied(self, node: Node) -> Node:
        if isinstance(node.op, AsType) and node.op.dtype.kind == "f":  # all is in double precision here
            return alias(self._copies[node.inputs[0]])
        if node.op is not None:
            return node.op(*[self._copies[source] for source in node.inputs])
        value = node.value.astype(np.float64) if node.dtype.kind == "f" else node.value
        return parameter(value) if node.differentiable else constant(value)

    @cached_property
    def scale(self) -> float:
        """The largest absolute value of any node; NaN counts as infinite."""
        sizes = [np.max(np.abs(n.value), initial=0) for n in self._copies.values() if n.dtype.kind == "f"]
        return float(np.nan_to_num(np.max(sizes, initial=0), nan=np.inf))

    # What evaluation asks.

    def is_given(self, symbol: Symbol) -> bool:
        return symbol.of == "value" and not self.nodes[symbol.key].differentiable

    def numbers(self, index: Index) -> Array:
        if index not in self._chosen:
            every = np.arange(index.start, index.stop + 1)
            # The ends always, and the one after the first: a bias column stands there.
            few = (
                [every[0], every[1], every[-1], *self.rng.choice(every[2:-1], FEW - 3, replace=False)]
                if len(every) > MANY
                else every
            )
            self._chosen[index] = np.sort(few)
        return self._chosen[index]

    def array(self, symbol: Symbol) -> Array:
        where = symbol.key, symbol.of, symbol.sample is not None
        if where not in self._arrays:
            self._arrays[where] = self._made(symbol)
        return self._arrays[where]

    def _made(self, symbol: Symbol) -> Array:
        node = self.nodes[symbol.key]
        if symbol.of.startswith("jacobian"):
            k = int(symbol.of.split()[1])
            copy = self.node(node)
            with np.errstate(all="ignore"):
                local = copy.op.jacobian(k, copy.value, *[n.value for n in copy.inputs])  # type: ignore[union-attr]
            return np.reshape(local.matrix(), symbol.rows_columns)
        if symbol.of == "sample value":
            return np.array([cost.value for cost in self._sample_costs])
        if symbol.of == "value":
            whole = self.node(node).value
        elif symbol.of == "gradient":
            whole = gradients(self.node(self.cost.output), self.node(node))
        else:
            whole = self._sample_gradient(node)
        if symbol.sample is None:
            return np.reshape(whole * 1.0, symbol.rows_columns)
        if symbol.of == "sample gradient" and node not in self._sampled:
            return np.reshape(whole, (-1, *symbol.rows_columns))
        columns = np.moveaxis(whole * 1.0, self.sample_axes[symbol.key], 0)
        return np.reshape(columns, (len(columns), *symbol.rows_columns))

    @cached_property
    def _sampled(self) -> set[Node]:
        return {self.nodes[key] for key in self.sample_axes}

    @cached_property
    def samples(self) -> int:
        """How many samples there are."""
        assert self.cost.data is not None
        return self.cost.data.inputs[0].shape[self.cost.axis]

    @cached_property
    def _sample_costs(self) -> list[Node]:
        """The cost of each sample alone, as nodes; by the sound form of the cost where it has one (DESIGN §5)."""
        data = self.cost.data
        assert data is not None
        op, sources = _sound(self.node(data))
        before = (slice(None),) * self.cost.axis
        return [op(*[GetItem((*before, slice(s, s + 1)))(x) for x in sources]) for s in range(self.samples)]

    def _sample_gradient(self, node: Node) -> Array:
        """∂J_s/∂node: of a node with an axis of samples, its own sample's; else one for each sample."""
        assert self.cost.data is not None
        copy = self.node(node)
        if node in self._sampled:
            whole: Array = gradients(self.node(self.cost.data), copy) * self.samples
            return whole
        return np.stack([gradients(cost, copy) for cost in self._sample_costs])

    def partial(self, partial: Partial, at: Point) -> Value:
        of, of_positions = _target(partial.of)
        by, by_positions = _target(partial.by)
        if of.of == "sample value" or (of.of == "value" and self.nodes[of.key] is self.cost.output):
            return self._of_cost(of, by, by_positions, at)
        rows, columns = _indices(of, of_positions, "r"), _indices(by, by_positions, "c")
        whole = at
        for index in [*(rows if of_positions is None else ()), *(columns if by_positions is None else ())]:
            whole = Everywhere(whole, index)  # type: ignore[arg-type]  # made above: no number is among them
        found = self._pushed(of, by, rows, columns, whole)
        if by_positions is None:  # an array by an array: a matrix
            lead = 1 if found.labels else 0
            sample = found.labels[:lead] if of.sample is not None else ()
            data = found.data
            shape = [len(at.numbers(label)) for label in sample]
            return Value(np.reshape(data, (*shape, *partial.shape)), sample)
        return found

    def _of_cost(self, of: Symbol, by: Symbol, positions: Sequence[Position] | None, at: Point) -> Value:
        kind = "sample gradient" if of.of == "sample value" else "gradient"
        sample = of.sample if of.of == "sample value" else by.sample
        symbol = Symbol(by.name, by.entry, by.key, kind, by.rows_columns, by.axes, by.starts, sample)
        array = self.array(symbol)
        if sample is not None:
            array = array[at.numbers(sample) - sample.start]
        value = Value(array, () if sample is None else (sample,))
        if positions is None:
            return value
        starts, lengths = numbering(by)
        flat = np.reshape(value.data, (*value.data.shape[: len(value.labels)], *lengths))
        return picked(Value(flat, value.labels), positions, starts, at)

    def _pushed(
        self, of: Symbol, by: Symbol, rows: Sequence[Position], columns: Sequence[Position], at: Point
    ) -> Value:
        """∂of/∂by at the wanted entries of `by`, a unit tangent for each, pushed along the route."""
        later, earlier = self.nodes[of.key], self.nodes[by.key]
        route = self.routes[of.key, by.key]
        start, end = self.node(earlier), self.node(later)
        order = [self.node(node) for node in arguments_first([later]) if node in route]
        within = {start, *order}
        varied = {start, *[self.node(self.nodes[key]) for pair in self.routes for key in pair]}
        labels = tuple(dict.fromkeys([bare(p) for p in columns if not isinstance(p, int)]))
        numbers = [at.numbers(label) for label in labels]
        axis = self.sample_axes.get(by.key) if by.sample is not None else None
        visible = [k for k in range(earlier.ndim) if k != axis and earlier.shape[k] != 1]
        results = []
        for chosen in product(*numbers):
            place = dict(zip(labels, chosen, strict=True))
            tangent = np.zeros(start.shape)
            where: list[int | slice] = [slice(None)] * start.ndim
            for k, position, first in zip(visible, columns, by.starts, strict=True):
                where[k] = _number(position, place) - first
            inside = all(isinstance(w, slice) or 0 <= w < n for w, n in zip(where, start.shape, strict=True))
            if not inside:
                results.append(np.full(end.shape, np.nan))  # an entry that is not there has no derivative
                continue
            tangent[tuple(where)] = 1
            with np.errstate(all="ignore"):
                dots = push_forward(order, {start: tangent}, partial(edges, within=within, varied=varied))
            results.append(np.broadcast_to(dots.get(end, 0.0), end.shape))
        stacked = np.reshape(np.array(results), (*[len(n) for n in numbers], *end.shape))
        if of.sample is not None:
            stacked = np.moveaxis(stacked, len(labels) + self.sample_axes[of.key], len(labels))
            stacked = np.take(stacked, at.numbers(of.sample) - of.sample.start, axis=len(labels))
            labels = (*labels, of.sample)
        starts, lengths = numbering(of)
        stacked = np.reshape(stacked, (*stacked.shape[: len(labels)], *lengths))
        twice = [label for label in labels if label in {bare(p) for p in rows if not isinstance(p, int)}]
        if not twice:
            result = picked(Value(stacked, labels), rows, starts, at)
        else:
            result = _diagonal(Value(stacked, labels), rows, starts, at)
        return _in_order(result, rows, columns, of.sample)


def _sound(cost: Node) -> tuple[Op, Sequence[Node]]:
    """A cost's form, where it has one whose sources all have its samples; no gradient flows to auxiliary sources."""
    assert cost.op is not None
    form = cost.form
    if form is None or any(source.shape != cost.inputs[0].shape for source in form.sources):
        return cost.op, cost.inputs
    flow = len(form.replaces)
    return form.op, [*form.sources[:flow], *[constant(source.value) for source in form.sources[flow:]]]


def _diagonal(value: Value, rows: Sequence[Position], starts: Sequence[int], at: Point) -> Value:
    """Entries where an index stands on both sides: ∂z_i/∂x_i."""
    data, labels = value
    kept = tuple(dict.fromkeys([*labels, *[bare(p) for p in rows if not isinstance(p, int)]]))
    letters = {label: n for n, label in enumerate(kept)}
    axes = [letters[label] for label in labels]
    for k, (position, start) in enumerate(zip(rows, starts, strict=True)):
        if isinstance(position, int):
            numbers, letter = np.array([position]), len(letters) + k
        else:
            offset = position.offset if isinstance(position, Shifted) else 0
            numbers, letter = at.numbers(bare(position)) + offset, letters[bare(position)]
        data = _taken(data, numbers - start, len(labels) + k)
        axes.append(letter)
    return Value(np.einsum(data, axes, [letters[label] for label in kept]), kept)


def _taken(data: Array, picks: Array, axis: int) -> Array:
    """The entries at some places of an axis, without value where there is none."""
    n = data.shape[axis]
    found = np.moveaxis(np.take(data, picks % max(n, 1), axis=axis), axis, -1)
    return np.moveaxis(np.where((picks >= 0) & (picks < n), found, np.nan), -1, axis)


def _in_order(value: Value, rows: Sequence[Position], columns: Sequence[Position], sample: Index | None) -> Value:
    """With the axes in the order of a matrix: the sample, the rows, the columns."""
    wanted = [sample] if sample is not None else []
    wanted += [bare(p) for p in (*rows, *columns) if not isinstance(p, int)]
    labels = tuple([label for label in dict.fromkeys(wanted) if label in value.labels])
    return Value(np.transpose(value.data, [value.labels.index(label) for label in labels]), labels)


def _target(e: Expression) -> tuple[Symbol, Sequence[Position] | None]:
    if isinstance(e, Entry) and isinstance(e.array, Symbol):
        return e.array, e.positions
    if isinstance(e, Symbol):
        return e, () if not e.axes and not e.shape else None
    raise NotImplementedError("a derivative of or by something else than a symbol")


def _indices(symbol: Symbol, positions: Sequence[Position] | None, letter: str) -> Sequence[Position]:
    """The positions given, or an index over each axis."""
    if positions is not None:
        return positions
    return [
        Index(f"{letter}{k}", start, start + n - 1)
        for k, (n, start) in enumerate(zip(symbol.axes, symbol.starts, strict=True))
    ]


def _number(position: Position, place: Mapping[Index, int]) -> int:
    if isinstance(position, int):
        return position
    return place[bare(position)] + (position.offset if isinstance(position, Shifted) else 0)
