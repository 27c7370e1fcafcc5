"""The entries of linear maps: out_o by in_i as an expression, by the structure of the map.

    Diagonal(d)      d_o [o = i]                 LeftMul(A)     A_oi [column = column]
    Inner(c)         c_i                         Centre(p)      p_o ([o = i] − p_i)
    Broadcast        [kept axes agree]           Gather         [i = o + start]

The entries of the maps are nodes, as in a sweep that is itself differentiated, and are read by their formulas. A map
without a form is a NoFormError. Adding a form for a map is one function below.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps import (
    Broadcast,
    Cast,
    Centre,
    Compose,
    Contract,
    Diagonal,
    Gather,
    Identity,
    Inner,
    LeftMul,
    LinearMap,
    Outer,
    Permute,
    Reshape,
    RightMul,
    Scale,
    Scatter,
    Select,
    SumTo,
    Zero,
)
from ..linear_maps import Sum as SumOfMaps
from ..linear_maps.algebra import Shape
from ..ops.axes import axes_of
from .algebra import ZERO, negative, number, plus, times
from .arrangements import from_one, picked_axes, same
from .expressions import Call, Expression, Function
from .indices import Index, Position
from .reader import NoFormError, Reader, summed
from .rules import collapsed
from .vocabulary import Places, carried


class Ends:
    """The places at both ends of a map, and from which number the axes there are counted."""

    def __init__(self, reader: Reader, out: Places, into: Places, out_starts: Shape, in_starts: Shape) -> None:
        self.reader, self.out, self.into = reader, out, into
        self.out_starts, self.in_starts = out_starts, in_starts

    def same(self, k: int, i: int, offset: int = 0) -> Expression:
        """[out_k = in_i + offset], counted from the first entry of each."""
        return same(carried(self.out[k], self.out_starts[k], self.in_starts[i]), self.into[i], offset)

    def all_same(self) -> Expression:
        """[out = in], on every axis."""
        return times(*[self.same(k, k) for k in range(len(self.out))])


@singledispatch
def map_entry(local: LinearMap, ends: Ends) -> Expression:
    """The entry of a linear map at these ends.

    >>> map_entry(Identity((2,)), Ends(None, (1,), (2,), (1,), (1,)))
    Number(value=0)
    """
    raise NoFormError(type(local).__name__)


def scalar(reader: Reader, entry: Any, places: Places) -> Expression:
    """The entry of an array or node that fills a map, at places that are counted from 1 and may be broadcast."""
    if not isinstance(entry, Node):
        array = np.asarray(entry)
        if array.size and np.all(array == array.flat[0]):
            return number(float(array.flat[0]))
        raise NoFormError  # an array without a name
    own = reader.vocabulary.starts_of(entry)
    new = len(places) - entry.ndim
    if new < 0:
        raise NoFormError
    at = [own[k] if n == 1 else carried(places[new + k], 1, own[k]) for k, n in enumerate(entry.shape)]
    return reader.entry(entry, tuple(at))


@map_entry.register
def _(local: Zero, ends: Ends) -> Expression:
    return ZERO


@map_entry.register(Identity)
@map_entry.register(Cast)
def _(local: LinearMap, ends: Ends) -> Expression:
    return ends.all_same()


@map_entry.register
def _(local: Scale, ends: Ends) -> Expression:
    return times(scalar(ends.reader, local.entry, ()), ends.all_same())


def _at_out(ends: Ends, entry: Any) -> Expression:
    return scalar(ends.reader, entry, from_one(ends.out, ends.out_starts))


@map_entry.register
def _(local: Diagonal, ends: Ends) -> Expression:
    return times(_at_out(ends, local.entry), ends.all_same())


@map_entry.register
def _(local: Select, ends: Ends) -> Expression:
    return times(_holds(local.mask, _at_out(ends, local.mask)), ends.all_same())


def _holds(mask: Any, entry: Expression) -> Expression:
    """A mask as 0 or 1: NumPy takes all that is not 0 as true."""
    if np.dtype(getattr(mask, "dtype", bool)).kind == "b":
        return entry
    return Call(Function("≠", np.not_equal, form="infix"), (entry, ZERO))


@map_entry.register
def _(local: LeftMul, ends: Ends) -> Expression:
    row = len(ends.out) - 2
    batch = times(*[ends.same(k, k) for k in range(row)])
    (middle,) = from_one(ends.into[row : row + 1], ends.in_starts[row : row + 1])
    at = (*from_one(ends.out[: row + 1], ends.out_starts[: row + 1]), middle)
    return times(scalar(ends.reader, local.entry, at), batch, ends.same(row + 1, row + 1))


@map_entry.register
def _(local: RightMul, ends: Ends) -> Expression:
    row = len(ends.out) - 2
    batch = times(*[ends.same(k, k) for k in range(row)])
    *stack, _, column = from_one(ends.out, ends.out_starts)
    middle = from_one(ends.into, ends.in_starts)[-1]
    return times(scalar(ends.reader, local.entry, (*stack, middle, column)), batch, ends.same(row, row))


@map_entry.register
def _(local: Inner, ends: Ends) -> Expression:
    return scalar(ends.reader, local.entry, from_one(ends.into, ends.in_starts))


@map_entry.register
def _(local: Outer, ends: Ends) -> Expression:
    return _at_out(ends, local.entry)


@map_entry.register
def _(local: Centre, ends: Ends) -> Expression:
    axes = axes_of(local.in_shape, local.axis)
    others = times(*[ends.same(k, k) for k in range(len(ends.out)) if k not in axes])
    here = times(*[ends.same(k, k) for k in axes])
    out, into = from_one(ends.out, ends.out_starts), from_one(ends.into, ends.in_starts)
    mixed = tuple([into[k] if k in axes else place for k, place in enumerate(out)])
    p_out, p_in = scalar(ends.reader, local.entry, out), scalar(ends.reader, local.entry, mixed)
    return times(p_out, plus(here, negative(p_in)), others)


@map_entry.register
def _(local: Broadcast, ends: Ends) -> Expression:
    new = len(local.out_shape) - len(local.in_shape)
    kept = [i for i, n in enumerate(local.in_shape) if n != 1 or local.out_shape[new + i] == 1]
    return times(*[ends.same(new + i, i) for i in kept])


@map_entry.register
def _(local: SumTo, ends: Ends) -> Expression:
    new = len(local.in_shape) - len(local.out_shape)
    kept = [k for k, n in enumerate(local.out_shape) if n != 1 or local.in_shape[new + k] == 1]
    return times(*[ends.same(k, new + k) for k in kept])


@map_entry.register
def _(local: Reshape, ends: Ends) -> Expression:
    out = [k for k, n in enumerate(local.out_shape) if n != 1]
    into = [i for i, n in enumerate(local.in_shape) if n != 1]
    if [local.out_shape[k] for k in out] != [local.in_shape[i] for i in into]:
        raise NoFormError
    return times(*[ends.same(k, i) for k, i in zip(out, into, strict=True)])


@map_entry.register
def _(local: Permute, ends: Ends) -> Expression:
    return times(*[ends.same(k, i) for k, i in enumerate(local.axes)])


@map_entry.register
def _(local: Gather, ends: Ends) -> Expression:
    return _part(local.index, local.in_shape, (ends.into, ends.in_starts), (ends.out, ends.out_starts))


@map_entry.register
def _(local: Scatter, ends: Ends) -> Expression:
    return _part(local.index, local.out_shape, (ends.out, ends.out_starts), (ends.into, ends.in_starts))


def _part(index: Any, shape: Shape, whole: tuple[Places, Shape], part: tuple[Places, Shape]) -> Expression:
    """[whole = the place that the index picks for the part], on every axis; both with their axes' first numbers."""
    axes = picked_axes(index, shape)
    if axes is None:
        raise NoFormError
    within = list(zip(*part, strict=True))
    ends = zip(*whole, axes, strict=True)
    return times(*[_picked(place, first, start, None if k is None else within[k]) for place, first, (start, k) in ends])


def _picked(place: Position, first: int, start: int, part: tuple[Position, int] | None) -> Expression:
    """[place = start + the place in the part], both counted from their first entries."""
    if part is None:
        return same(place, first + start)
    return same(place, carried(part[0], part[1], first), start)


@map_entry.register
def _(local: Contract, ends: Ends) -> Expression:
    given, source, result = local.terms
    where: dict[str, Position] = {}
    deltas = []
    for letters, places, starts in ((result, ends.out, ends.out_starts), (source, ends.into, ends.in_starts)):
        for letter, place, start in zip(letters, places, starts, strict=True):
            at = carried(place, start, 1)
            if letter in where:
                deltas.append(same(where[letter], at))
            else:
                where[letter] = at
    sums: list[Position] = []
    for term, array in zip(given, local.given, strict=True):
        for axis, letter in enumerate(term):
            if letter not in where and array.shape[axis] != 1:
                where[letter] = ends.reader.letter(array.shape[axis], [*ends.out, *ends.into, *sums])
                sums.append(where[letter])
    factors = [
        scalar(ends.reader, array, tuple([where.get(letter, 1) for letter in term]))
        for term, array in zip(given, local.given, strict=True)
    ]
    return summed(times(*factors, *deltas), sums)


@map_entry.register
def _(local: SumOfMaps, ends: Ends) -> Expression:
    return plus(*[map_entry(term, ends) for term in local.maps])


@map_entry.register
def _(local: Compose, ends: Ends) -> Expression:
    outer, *rest = local.maps
    if not rest:
        return map_entry(outer, ends)
    inner = rest[0] if len(rest) == 1 else Compose(tuple(rest))
    taken = [*ends.out, *ends.into]
    middle: list[Position] = []
    for n in outer.in_shape:
        middle.append(ends.reader.letter(n, [*taken, *middle]))
    starts = (1,) * len(middle)
    product = times(
        map_entry(outer, Ends(ends.reader, ends.out, tuple(middle), ends.out_starts, starts)),
        map_entry(inner, Ends(ends.reader, tuple(middle), ends.into, starts, ends.in_starts)),
    )
    return collapsed(summed(product, [index for index in middle if isinstance(index, Index)]))
