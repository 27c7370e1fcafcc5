"""The number that an expression is, at a point: for all values of its free indices at once.

An index becomes an axis. So a value is an array whose first axes are the free indices (`labels`), and whose last are
the rows and columns of an expression that is itself an array. An index that is summed runs over all its numbers; a
free one over those that the point chooses, since a check of a large layer needs no more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import reduce, singledispatch
from operator import add, mul, truediv
from typing import Any, NamedTuple

import numpy as np

from ..linear_maps.algebra import Array
from .expressions import (
    Call,
    Delta,
    Diag,
    Entry,
    Expression,
    Filled,
    MatMul,
    Named,
    Number,
    Over,
    Padded,
    Partial,
    Plus,
    Power,
    Sum,
    Symbol,
    Times,
    Transpose,
    Within,
    WithoutBias,
)
from .indices import Index, Position, Shifted, bare

Labels = tuple[Index, ...]


class Value(NamedTuple):
    """An array, and the indices that its first axes stand for."""

    data: Array
    labels: Labels = ()


class Point(ABC):
    """Where an expression is evaluated: the arrays of its symbols, the true derivatives, the numbers of its indices."""

    @abstractmethod
    def array(self, symbol: Symbol) -> Array:
        """The value of a symbol; of one that belongs to a sample, one value for each sample, on the first axis."""

    @abstractmethod
    def partial(self, partial: Partial, at: Point) -> Value:
        """A derivative as it really is, whatever the derivation says of it; `at` gives the numbers of the indices."""

    @abstractmethod
    def numbers(self, index: Index) -> Array:
        """The numbers that an index takes here."""

    def is_given(self, symbol: Symbol) -> bool:
        """Whether an array is data, in which there is no rounding."""
        return False

    @property
    def scale(self) -> float:
        """The size of the numbers here, to which rounding is in proportion."""
        return 1.0


class Everywhere(Point):
    """A point with the sums' indices opened: inside a sum, its index runs over all its numbers."""

    def __init__(self, point: Point, index: Index) -> None:
        self.point, self.index = point, index

    def array(self, symbol: Symbol) -> Array:
        return self.point.array(symbol)

    def partial(self, partial: Partial, at: Point) -> Value:
        return self.point.partial(partial, at)

    def numbers(self, index: Index) -> Array:
        return np.arange(index.start, index.stop + 1) if index == self.index else self.point.numbers(index)


def aligned(values: Sequence[Value]) -> tuple[list[Array], Labels]:
    """Arrays with the same labels, those that they lack of length one; their own axes are left as they are."""
    labels = tuple(dict.fromkeys([label for value in values for label in value.labels]))
    arrays = []
    for data, own in values:
        order = [own.index(label) for label in labels if label in own]
        moved = np.transpose(data, [*order, *range(len(own), data.ndim)])
        lengths = iter(moved.shape)
        shape = [next(lengths) if label in own else 1 for label in labels]
        arrays.append(np.reshape(moved, (*shape, *lengths)))
    return arrays, labels


def elementwise(values: Sequence[Value], ranks: Sequence[int], combine: Any) -> Value:
    """Combine values entry by entry; a number goes with every entry of an array."""
    arrays, labels = aligned(values)
    rank = max(ranks, default=0)
    padded = [np.reshape(a, (*a.shape, *[1] * (rank - own))) for a, own in zip(arrays, ranks, strict=True)]
    return Value(np.asarray(combine(padded)), labels)


@singledispatch
def value(expression: Expression, at: Point) -> Value:
    """The value at a point.

    >>> class Nowhere(Point):
    ...     array = partial = None
    ...
    ...     def numbers(self, index):
    ...         return np.arange(index.start, index.stop + 1)
    >>> i = Index("i", 1, 4)
    >>> int(value(Sum(i, Number(2)), Nowhere()).data)
    8
    """
    raise NotImplementedError(f"{type(expression).__name__} has no value")


@value.register
def _(e: Number, at: Point) -> Value:
    return Value(np.asarray(e.value if isinstance(e.value, int) else float(e.value)))


@value.register
def _(e: Named, at: Point) -> Value:
    return Value(np.asarray(e.value))


@value.register
def _(e: Filled, at: Point) -> Value:
    return Value(np.full(e.rows_columns, float(e.value)))


@value.register
def _(e: Symbol, at: Point) -> Value:
    if e.sample is None:
        return Value(at.array(e))
    return Value(at.array(e)[at.numbers(e.sample) - e.sample.start], (e.sample,))


@value.register
def _(e: Entry, at: Point) -> Value:
    array = value(e.array, at)
    starts, lengths = numbering(e.array)
    data = np.reshape(array.data, (*array.data.shape[: len(array.labels)], *lengths))
    return picked(Value(data, array.labels), e.positions, starts, at)


def numbering(array: Expression) -> tuple[Sequence[int], Sequence[int]]:
    """The first number written on each axis that has an index, and the axes' lengths; a compound starts at 1.

    >>> numbering(Filled(1, (4, 1)))
    ([1], [4])
    """
    if isinstance(array, Symbol):
        return array.starts, array.axes
    axes = [n for n in array.shape if n != 1]
    return [1] * len(axes), axes


def picked(array: Value, positions: Sequence[Position], starts: Sequence[int], at: Point) -> Value:
    """The entries at some positions: an axis of its own for each index, in the order of their first place.

    >>> picked(Value(np.array([5.0, 6.0])), (2,), (1,), None).data
    array(6.)
    """
    fresh = tuple(dict.fromkeys([bare(p) for p in positions if not isinstance(p, int)]))
    shared = [label for label in fresh if label in array.labels]
    if shared:
        raise NotImplementedError("an index that stands at an array and in its sample")
    picks = []
    for position, start in zip(positions, starts, strict=True):
        if isinstance(position, int):
            picks.append(np.asarray(position - start))
            continue
        index, offset = (position.index, position.offset) if isinstance(position, Shifted) else (position, 0)
        numbers = at.numbers(index) + offset - start
        shape = [1] * len(fresh)
        shape[fresh.index(index)] = len(numbers)
        picks.append(np.reshape(numbers, shape))
    before = (slice(None),) * len(array.labels)
    lengths = array.data.shape[len(array.labels) :]
    found = (
        array.data[before + tuple([pick % max(n, 1) for pick, n in zip(picks, lengths, strict=True)])]
        if picks
        else array.data
    )
    outside = [(pick < 0) | (pick >= n) for pick, n in zip(picks, lengths, strict=True)]
    if any(np.any(out) for out in outside):  # an entry that is not there has no value
        found = np.where(reduce(np.logical_or, outside), np.nan, found)
    return Value(np.asarray(found), array.labels + fresh)


def _numbers(position: Position, at: Point) -> Value:
    if isinstance(position, int):
        return Value(np.asarray(position))
    if isinstance(position, Shifted):
        return Value(at.numbers(position.index) + position.offset, (position.index,))
    return Value(at.numbers(position), (position,))


@value.register
def _(e: Delta, at: Point) -> Value:
    sides = [_numbers(e.left, at), _numbers(e.right, at)]
    return elementwise(sides, (0, 0), lambda n: (n[0] == n[1]).astype(float))


@value.register
def _(e: Within, at: Point) -> Value:
    numbers, labels = _numbers(e.position, at)
    return Value(((numbers >= e.start) & (numbers <= e.stop)).astype(float), labels)


@value.register
def _(e: Sum, at: Point) -> Value:
    inside = Everywhere(at, e.index)
    if isinstance(e.body, (Times, Sum)):
        contracted = _contracted(e, at)
        if contracted is not None:
            return contracted
    data, labels = value(e.body, inside)
    if e.index not in labels:
        return Value(data * e.index.size, labels)
    k = labels.index(e.index)
    return Value(np.sum(data, axis=k), (*labels[:k], *labels[k + 1 :]))


def _contracted(e: Sum, at: Point) -> Value | None:
    """Sums of a product of numbers, by einsum: with no array of all the products."""
    indices = []
    body: Expression = e
    inside = at
    while isinstance(body, Sum):
        indices.append(body.index)
        inside, body = Everywhere(inside, body.index), body.body
    if not isinstance(body, Times) or body.shape or len(set(indices)) < len(indices):
        return None
    factors = [value(factor, inside) for factor in body.items]
    labels = tuple(dict.fromkeys([label for factor in factors for label in factor.labels]))
    if len(labels) > 26 or any(index not in labels for index in indices):
        return None
    letters = {label: k for k, label in enumerate(labels)}
    kept = tuple([label for label in labels if label not in indices])
    if any(_has_gaps(factor) for factor in factors):
        return None
    arguments: list[Any] = []
    for data, own in factors:
        arguments += [data, [letters[label] for label in own]]
    return Value(np.asarray(np.einsum(*arguments, [letters[label] for label in kept], optimize=True)), kept)


@value.register
def _(e: Partial, at: Point) -> Value:
    return at.partial(e, at)


def _entrywise(items: Sequence[Expression], at: Point, combine: Any) -> Value:
    """Numbers and arrays combined entry by entry; the arrays have one shape."""
    shapes = {item.shape for item in items if item.shape}
    if len(shapes) > 1:
        raise ValueError(f"arrays of different shapes, entry by entry: {sorted(shapes)}")
    return elementwise([value(item, at) for item in items], [len(item.shape) for item in items], combine)


@value.register
def _(e: Plus, at: Point) -> Value:
    return _entrywise(e.items, at, lambda terms: reduce(add, terms))


@value.register
def _(e: Times, at: Point) -> Value:
    return _guarded(e, _entrywise(e.items, at, lambda factors: reduce(mul, factors)), at)


@value.register
def _(e: Over, at: Point) -> Value:
    return _guarded(e, _entrywise(e.parts, at, lambda q: truediv(*q)), at)


def _has_gaps(found: Value) -> bool:
    return found.data.dtype.kind == "f" and bool(np.any(np.isnan(found.data)))


def _guarded(e: Expression, product: Value, at: Point) -> Value:
    """A product is 0 where a Kronecker delta or a condition in it is 0, be the other factors without value there."""
    guards = list(_guards(e))
    if not guards or not _has_gaps(product):
        return product
    rank = len(e.shape)
    return elementwise(
        [product, *[value(guard, at) for guard in guards]],
        [rank, *[0] * len(guards)],
        lambda found: np.where(reduce(np.minimum, found[1:]) == 0, 0.0, found[0]),
    )


def _guards(e: Expression) -> Iterator[Expression]:
    if isinstance(e, Delta | Within) or e == Number(0):
        yield e
    for part in e.items if isinstance(e, Times) else (e.left,) if isinstance(e, Over) else ():
        yield from _guards(part)


@value.register
def _(e: Power, at: Point) -> Value:
    return _entrywise(e.parts, at, lambda p: np.power(p[0] * 1.0, p[1]))


@value.register
def _(e: Call, at: Point) -> Value:
    return _entrywise(e.arguments, at, lambda x: e.function.compute(*x) * 1.0)


@value.register
def _(e: MatMul, at: Point) -> Value:
    (left, right), labels = aligned([value(e.left, at), value(e.right, at)])
    return Value(left @ right, labels)


@value.register
def _(e: Transpose, at: Point) -> Value:
    data, labels = value(e.array, at)
    return Value(np.swapaxes(data, -1, -2), labels)


@value.register
def _(e: Diag, at: Point) -> Value:
    data, labels = value(e.array, at)
    if data.shape[-1] != 1:
        raise ValueError("only a column stands on a diagonal")
    return Value(data * np.eye(data.shape[-2]), labels)


@value.register
def _(e: WithoutBias, at: Point) -> Value:
    data, labels = value(e.array, at)
    return Value(data[..., 1:], labels)


@value.register
def _(e: Padded, at: Point) -> Value:
    data, labels = value(e.array, at)
    return Value(np.concatenate([np.zeros_like(data[..., :1]), data], axis=-1), labels)
