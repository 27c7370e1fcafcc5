"""A second reading of derivations, slow and obvious: what a line says, one entry at a time, in Python's own numbers.

    here = Witness(d, seed=0)      the graph of a derivation at random values of its leaves
    here.holds(step)               whether the two sides are the same number, for all values of all indices

It shares nothing with the package's evaluation but the tree of expressions. Derivatives are products of dense local
Jacobians along the paths of the graph, not sweeps.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.derivation import expressions as x
from minigrad.derivation.indices import Index, Position, Shifted
from minigrad.derivation.steps import Step

Cell = tuple[int, ...]  # the place of one number in an array, counted from 0
Numbers = Mapping[Index, int]  # what the indices are
TOLERANCE = 1e-8
MOST = 400  # entries of one step that are looked at


class NoValueError(Exception):
    """An expression that means nothing: shapes that do not fit."""


class Witness:
    """A graph at random values of its leaves, and the lines of its derivation there."""

    def __init__(self, derivation: Any, seed: int = 0, spread: float = 1.0) -> None:
        board = derivation._board
        self.board, self.nodes = board, board.vocabulary.nodes
        self.sample_axes: Mapping[int, int] = board.vocabulary.sample_axes if board.samples else {}
        self.fixed = set(board.structure.milestones)
        self.rng, self.spread = np.random.default_rng(seed), spread
        self.copies: dict[mg.Node, mg.Node] = {}
        for node in board.structure.order:
            self.copies[node] = self._copied(node)
        self.locals: dict[tuple[mg.Node, int], np.ndarray] = {}
        self.known: dict[Any, np.ndarray] = {}

    def _copied(self, node: mg.Node) -> mg.Node:
        if node.op is not None:
            return node.op(*[self.copies[source] for source in node.inputs])
        value = np.asarray(node.value)
        if value.dtype.kind == "f":
            value = value.astype(np.float64)
            if node.differentiable:
                value = value * self.spread * self.rng.uniform(0.7, 1.3, value.shape) + self.rng.uniform(
                    -0.05, 0.05, value.shape
                )
        return mg.parameter(value) if node.differentiable else mg.constant(value)

    # Derivatives, by multiplying matrices.

    def _local(self, node: mg.Node, k: int) -> np.ndarray:
        if (node, k) not in self.locals:
            self.locals[node, k] = np.reshape(mg.local_jacobian(node, k).matrix(), (node.size, node.inputs[k].size))
        return self.locals[node, k]

    def gradient(self, output: mg.Node, by: mg.Node) -> np.ndarray:
        """d output / d by, over all paths."""
        return self._along(output, by, frozenset()).reshape(by.shape)

    def _along(self, of: mg.Node, by: mg.Node, fixed: Iterable[mg.Node]) -> np.ndarray:
        """The Jacobian of one node by another, (of.size, by.size), with some nodes held fixed."""
        if of is by:
            return np.eye(by.size)
        slopes = {by: np.eye(by.size)}
        stopped = set(fixed) - {of}
        for node in _arguments_first(of):
            if node is by or node in stopped or not node.differentiable:
                continue
            arriving = [(k, source) for k, source in enumerate(node.inputs) if source in slopes]
            if arriving:
                slopes[node] = sum(self._local(node, k) @ slopes[source] for k, source in arriving)
        return slopes.get(of, np.zeros((of.size, by.size)))

    def _sample_cost(self, s: int) -> mg.Node:
        """The cost of sample s alone, counted from 0."""
        data, axis = self.board.samples.data, self.board.samples.axes[self.board.samples.data.inputs[0]]
        if ("cost", s) not in self.known:
            where = (slice(None),) * axis + (slice(s, s + 1),)
            self.known["cost", s] = data.op(*[self.copies[source][where] for source in data.inputs])
        return self.known["cost", s]

    # What symbols and derivatives are.

    def whole(self, symbol: x.Symbol, numbers: Numbers) -> np.ndarray:
        """The numbers of a symbol, of one sample where it belongs to one."""
        s = None if symbol.sample is None else numbers[symbol.sample] - symbol.sample.start
        key = (symbol.key, symbol.of, s)
        if key not in self.known:
            self.known[key] = self._found(symbol, s)
        return self.known[key].reshape(symbol.rows_columns)

    def _found(self, symbol: x.Symbol, s: int | None) -> np.ndarray:
        node = self.nodes[symbol.key]
        copy = self.copies[node] if node in self.copies else self._brought_along(node)
        if symbol.of == "sample value":
            assert s is not None
            return self._sample_cost(s).value
        if symbol.of.startswith("jacobian"):
            return self._local(copy, int(symbol.of.split()[1]))
        if symbol.of == "value":
            found = copy.value * 1.0
        elif symbol.of == "gradient":
            found = self.gradient(self.copies[self.board.structure.output], copy)
        elif s is not None:
            found = self.gradient(self._sample_cost(s), copy)
        else:
            raise NoValueError("the gradient of one sample's cost, of no sample")
        return (
            found
            if s is None or symbol.key not in self.sample_axes
            else np.take(found, s, self.sample_axes[symbol.key])
        )

    def _brought_along(self, node: mg.Node) -> mg.Node:
        """A node that is not in the graph, but in a local Jacobian of it."""
        for each in _arguments_first(node):
            if each not in self.copies:
                self.copies[each] = self._copied(each)
        return self.copies[node]

    def _partial(self, e: x.Partial, cell: Cell, numbers: Numbers) -> float:
        (of, of_at), (by, by_at) = self._target(e.of, numbers), self._target(e.by, numbers)
        cost = of.of == "sample value" or (of.of == "value" and self.nodes[of.key] is self.board.structure.output)
        sample = of.sample or by.sample
        s = None if sample is None else numbers[sample] - sample.start
        later, earlier = self.nodes[of.key], self.nodes[by.key]
        start = self.copies[earlier]
        end = self._sample_cost(s) if of.of == "sample value" and s is not None else self.copies[later]
        fixed = [] if cost else [self.copies[node] for node in self.fixed if node is not earlier]
        key = ("partial", of.key, of.of, by.key, s if of.of == "sample value" else None)
        if key not in self.known:
            self.known[key] = self._along(end, start, fixed)
        matrix = self.known[key].reshape((*end.shape, *start.shape))
        rows = self._axes(end.shape, self._sampled(of, s), self._flat(of, of_at, cell[:1]))
        at = cell if e.of.shape == () else cell[1:]
        columns = self._axes(start.shape, self._sampled(by, s), self._flat(by, by_at, at))
        if not all(0 <= k < n for k, n in zip((*rows, *columns), matrix.shape, strict=True)):
            return math.nan  # an entry that is not there
        return float(matrix[(*rows, *columns)])

    def _sampled(self, symbol: x.Symbol, s: int | None) -> tuple[int, int] | None:
        """The axis of the samples, and the sample."""
        if symbol.sample is None or s is None or symbol.key not in self.sample_axes or symbol.of == "sample value":
            return None
        return self.sample_axes[symbol.key], s

    @staticmethod
    def _flat(symbol: x.Symbol, at: Cell | None, cell: Cell) -> Cell:
        """The place on the axes longer than one: the one that is written, or that of a cell of the whole array."""
        if at is not None:
            return at
        flat = cell[0] if len(cell) == 1 else int(np.ravel_multi_index(cell, symbol.rows_columns))
        return tuple(int(k) for k in np.unravel_index(flat, symbol.axes)) if symbol.axes else ()

    @staticmethod
    def _axes(shape: Sequence[int], sampled: tuple[int, int] | None, at: Cell) -> Cell:
        """The place on all axes."""
        waiting = iter(at)
        found = []
        for k, n in enumerate(shape):
            if sampled is not None and k == sampled[0]:
                found.append(sampled[1])
            else:
                found.append(0 if n == 1 else next(waiting))
        return tuple(found)

    def _target(self, e: x.Expression, numbers: Numbers) -> tuple[x.Symbol, Cell | None]:
        if isinstance(e, x.Entry) and isinstance(e.array, x.Symbol):
            symbol = e.array
            return symbol, tuple(place(p, numbers) - start for p, start in zip(e.positions, symbol.starts, strict=True))
        if isinstance(e, x.Symbol):
            return e, () if not e.axes and not e.shape else None
        raise NoValueError("a derivative of something that has no symbol")

    # What expressions are.

    def entry(  # noqa: PLR0912  # a branch for each kind of expression
        self, e: x.Expression, cell: Cell, numbers: Numbers
    ) -> float:
        """One number of an expression: `cell` is its place in an array, () for a number."""
        if len(cell) != len(e.shape) and not (e.shape == () and not isinstance(e, x.Symbol)):
            raise NoValueError(f"{cell} of an array of shape {e.shape}")

        def inside(part: x.Expression, at: Cell = cell) -> float:
            return self.entry(part, at if part.shape else (), numbers)

        match e:
            case x.Number() | x.Named():
                return float(e.value)
            case x.Filled():
                return float(e.value)
            case x.Symbol():
                return float(self.whole(e, numbers)[cell])
            case x.Delta():
                return float(place(e.left, numbers) == place(e.right, numbers))
            case x.Within():
                return float(e.start <= place(e.position, numbers) <= e.stop)
            case x.Entry():
                return self._picked(e, numbers)
            case x.Sum():
                steps = range(e.index.start, e.index.stop + 1)
                return math.fsum(self.entry(e.body, cell, {**numbers, e.index: n}) for n in steps)
            case x.Partial():
                return self._partial(e, cell, numbers)
            case x.Plus():
                _same_shapes(e.items)
                return math.fsum(inside(item) for item in e.items)
            case x.Times():
                _same_shapes(e.items)
                first = sorted(e.items, key=lambda item: not isinstance(item, x.Delta | x.Within | x.Number))
                found = 1.0
                for item in first:  # conditions first: beside one that is 0 nothing else is looked at
                    found *= inside(item)
                    if found == 0 and isinstance(item, x.Delta | x.Within | x.Number):
                        return 0.0
                return found
            case x.Over():
                _same_shapes(e.parts)
                above = np.float64(inside(e.left))
                return 0.0 if above == 0 and isinstance(e.left, x.Times) else float(above / inside(e.right))
            case x.Power():
                _same_shapes(e.parts)
                return float(inside(e.left) ** inside(e.right))
            case x.Call():
                _same_shapes(e.arguments)
                return float(e.function.compute(*[np.float64(inside(argument)) for argument in e.arguments]))
            case x.MatMul():
                if e.left.shape[1:] != e.right.shape[:1]:
                    raise NoValueError("a matrix product of shapes that do not fit")
                return math.fsum(
                    inside(e.left, (cell[0], k)) * inside(e.right, (k, cell[1])) for k in range(e.left.shape[1])
                )
            case x.Transpose():
                return inside(e.array, cell[::-1])
            case x.Diag():
                return inside(e.array, (cell[0], 0)) if cell[0] == cell[1] else 0.0
            case x.WithoutBias():
                return inside(e.array, (cell[0], cell[1] + 1))
            case x.Padded():
                return 0.0 if cell[1] == 0 else inside(e.array, (cell[0], cell[1] - 1))
        raise NoValueError(type(e).__name__)

    def _picked(self, e: x.Entry, numbers: Numbers) -> float:
        """An entry of an array by the numbers written on its axes; one that is not there has no value."""
        array = e.array
        long = [n for n in array.shape if n != 1]
        starts, lengths = (array.starts, array.axes) if isinstance(array, x.Symbol) else ([1] * len(long), long)
        if len(e.positions) != len(lengths):
            raise NoValueError("as many positions as axes")
        at = [place(p, numbers) - start for p, start in zip(e.positions, starts, strict=True)]
        if not all(0 <= k < n for k, n in zip(at, lengths, strict=True)):
            return math.nan
        flat = int(np.ravel_multi_index(at, lengths)) if lengths else 0
        return self.entry(
            array, tuple(int(k) for k in np.unravel_index(flat, array.shape)) if array.shape else (), numbers
        )

    # What a step says.

    def differences(self, step: Step) -> Iterator[tuple[float, float]]:
        """Both sides, for the values of all indices and at all places; of very many, for some."""
        if step.left.shape != step.right.shape and (math.prod(step.left.shape), math.prod(step.right.shape)) != (1, 1):
            raise NoValueError("sides of different shapes")
        indices = sorted(step.left.free | step.right.free, key=lambda index: (index.letter, index.start, index.stop))
        ranges = [range(index.start, index.stop + 1) for index in indices]
        cells = [range(n) for n in step.left.shape]
        places = list(product(product(*ranges), product(*cells)))
        if len(places) > MOST:
            places = [places[k] for k in self.rng.choice(len(places), MOST, replace=False)]
        for chosen, cell in places:
            numbers = dict(zip(indices, chosen, strict=True))
            other = cell if len(step.right.shape) == len(cell) else (0,) * len(step.right.shape)
            yield self.entry(step.left, cell, numbers), self.entry(step.right, other, numbers)

    def holds(self, step: Step) -> bool:
        """Whether both sides are the same; not where one is NaN or infinite."""
        with np.errstate(all="ignore"):
            try:
                pairs = np.array(list(self.differences(step)), dtype=complex).reshape(-1, 2)
            except (NoValueError, ArithmeticError, LookupError, TypeError, ValueError):
                return False
            left, right = pairs[:, 0], pairs[:, 1]
            size = max(np.linalg.norm(left), np.linalg.norm(right), 1e-5)  # what cancels leaves 1e-16, not 0
            return bool(np.linalg.norm(left - right) <= TOLERANCE * size)


def place(position: Position, numbers: Numbers) -> int:
    """The number that stands at a place."""
    if isinstance(position, int):
        return position
    if isinstance(position, Shifted):
        return numbers[position.index] + position.offset
    return numbers[position]


def _same_shapes(items: Sequence[x.Expression]) -> None:
    if len({item.shape for item in items if item.shape}) > 1:
        raise NoValueError("arrays of different shapes, entry by entry")


def _arguments_first(output: mg.Node) -> list[mg.Node]:
    """All nodes that a node is computed from, itself included."""
    found: dict[mg.Node, None] = {}
    waiting = [(output, False)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            found.setdefault(node)
        elif node not in found:
            waiting += [(node, True), *[(source, False) for source in node.inputs if source not in found]]
    return list(found)
