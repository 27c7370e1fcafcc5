"""The entries of linear maps: ∂out_o/∂in_i as an expression, from the structure of a local Jacobian.

    Diagonal(d)      d_o [o = i]                 LeftMul(A)     A_oi [column = column]
    Inner(c)         c_i                         Centre(p)      p_o ([o = i] − p_i)
    Broadcast        [kept axes agree]           Gather         [i = o + start]

The entries of the maps are nodes, as in a sweep that is itself differentiated, and read by `formulas`. A map
without a form here is written by D, as a whole: (D f(x))_oi. Adding a form for a map is one function below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np

from ..graph import Node, constant
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
from ..ops.losses import CrossEntropy, L2Penalty, SoftmaxCrossEntropy, SquaredError, samples_of
from ..ops.pointwise import ReLU, Sigmoid, Softplus, Tanh
from .algebra import ONE, ZERO, negative, number, over, plus, times
from .expressions import Call, Delta, Entry, Expression, Index, Name, Named, Position, Shifted, Symbol, shifted
from .formulas import Reader, function_of, is_elementwise, penalty_names, picked_axes, summed
from .rules import collapsed
from .vocabulary import Places, carried

PRIMED = (Sigmoid, Tanh, ReLU, Softplus)  # the functions whose derivative has a name: g′
COSTS = (CrossEntropy, SoftmaxCrossEntropy, SquaredError)


class NoFormError(Exception):
    """A linear map whose entries have no formula here."""


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


def same(left: Position, right: Position, offset: int = 0) -> Expression:
    """[left = right + offset], settled where both are known.

    >>> same(3, 2, 1)
    Number(value=1)
    """
    right = shifted(right.index, right.offset + offset) if isinstance(right, Shifted) else shifted(right, offset)
    if left == right:
        return ONE
    if isinstance(left, int) and isinstance(right, int):
        return ZERO
    if isinstance(left, Shifted):
        if isinstance(right, int):
            return Delta(left.index, right - left.offset)
        index, offset = (right.index, right.offset) if isinstance(right, Shifted) else (right, 0)
        return Delta(left.index, shifted(index, offset - left.offset))
    return Delta(left, right)


def local_entry(reader: Reader, node: Node, argument: int, out: Places, into: Places) -> Expression:
    """∂node_out/∂argument_into as the op states it; by D, where its local Jacobian has no form here."""
    source = node.inputs[argument]
    vocabulary = reader.vocabulary
    slope = _primed(reader, node, out)
    ends = Ends(reader, out, into, vocabulary.starts_of(node), vocabulary.starts_of(source))
    if slope is not None:
        return times(slope, ends.all_same())
    try:
        return _with_names(reader, node, argument, ends)
    except NoFormError:
        return by_d(reader, node, argument, out, into)


def _primed(reader: Reader, node: Node, out: Places) -> Expression | None:
    """g′(z): the slope of a function whose derivative has a name, ours or one of the user's."""
    op = node.op
    if op is None or len(node.inputs) != 1 or not (isinstance(op, PRIMED) or (not op.own and is_elementwise(node))):
        return None
    return Call(derivative_of(op), tuple(reader.arguments(node, out)))


def derivative_of(op: Any) -> Any:
    """f′, computed as the op's local Jacobian states it.

    >>> derivative_of(Sigmoid()).primes
    1
    """

    def compute(x: Any) -> Any:
        x = np.asarray(x, float)
        with np.errstate(all="ignore"):
            return np.broadcast_to(op.jacobian(0, op.forward(x), x).entries[0], x.shape)

    return function_of(op, 1, compute)


def stated_slope(reader: Reader, node: Node, out: Places) -> Expression:
    """The slope that stands behind g′(z), as the op's local Jacobian states it."""
    local = node.op.jacobian(0, node, *node.inputs)  # type: ignore[union-attr]  # of a node that an op made
    return _scalar(reader, local.entries[0], _numbered_from_one(out, reader.vocabulary.starts_of(node)))


def _with_names(reader: Reader, node: Node, argument: int, ends: Ends) -> Expression:
    """The entry, with a cost's m and λ by their names."""
    op, inputs = node.op, node.inputs
    if op is None:
        raise NoFormError
    if isinstance(op, L2Penalty):
        decay, samples = penalty_names(op)
        scale = decay if op.samples == 1 else over(decay, samples)
        return times(scale, _entry(replace(op, weight_decay=1.0, samples=1), node, argument, ends))
    if isinstance(op, COSTS):
        m = samples_of(inputs[0].shape, op.units_axis)
        with np.errstate(all="ignore"):
            scale, inner = op.jacobian(argument, node, *inputs).maps  # type: ignore[attr-defined]  # (1/m) Inner(…)
        named = ONE if m == 1 or reader.vocabulary.sample is not None else over(ONE, Named(Name("m"), m))
        return times(named, number(round(scale.entry * m, 12)), map_entry(inner, ends))
    return _entry(op, node, argument, ends)


def _entry(op: Any, node: Node, argument: int, ends: Ends) -> Expression:
    with np.errstate(all="ignore"):
        local = op.jacobian(argument, node, *node.inputs)
    return map_entry(local, ends)


def by_d(reader: Reader, node: Node, argument: int, out: Places, into: Places) -> Expression:
    """(D f(x))_oi: a local Jacobian as a whole."""
    vocabulary = reader.vocabulary
    source = node.inputs[argument]
    order = "₁₂₃₄₅₆₇₈₉"[argument] if len(node.inputs) > 1 and argument < 9 else ""
    name = Name(f"D{order} {reader.written_op(node)}")
    places = [*zip(out, node.shape, vocabulary.starts_of(node), strict=True)]
    places += zip(into, source.shape, vocabulary.starts_of(source), strict=True)
    kept = [(place, n, start) for place, n, start in places if n != 1]
    shape = tuple([n for _, n, _ in kept])
    symbol = Symbol(
        name=name,
        entry=name,
        key=vocabulary.key(node),
        of=f"jacobian {argument}",
        rows_columns=(*shape, 1) if len(shape) == 1 else shape,
        axes=shape,
        starts=tuple([start for _, _, start in kept]),
    )
    return Entry(symbol, tuple([place for place, _, _ in kept])) if shape else symbol


@singledispatch
def map_entry(local: LinearMap, ends: Ends) -> Expression:
    """The entry of a linear map at these ends.

    >>> map_entry(Identity((2,)), Ends(None, (1,), (2,), (1,), (1,)))
    Number(value=0)
    """
    raise NoFormError(type(local).__name__)


def _scalar(reader: Reader, entry: Any, places: Places) -> Expression:
    """The entry of an array or node that fills a map, at places that are counted from 1 and may be broadcast."""
    if not isinstance(entry, Node):
        array = np.asarray(entry)
        if array.size == 1:
            return number(float(array.item()))
        entry = constant(array)
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
    return times(_scalar(ends.reader, local.entry, ()), ends.all_same())


def _numbered_from_one(places: Places, starts: Sequence[int]) -> Places:
    return tuple([carried(place, start, 1) for place, start in zip(places, starts, strict=True)])


def _at_out(ends: Ends, entry: Any) -> Expression:
    return _scalar(ends.reader, entry, _numbered_from_one(ends.out, ends.out_starts))


@map_entry.register
def _(local: Diagonal, ends: Ends) -> Expression:
    return times(_at_out(ends, local.entry), ends.all_same())


@map_entry.register
def _(local: Select, ends: Ends) -> Expression:
    return times(_at_out(ends, local.mask), ends.all_same())


@map_entry.register
def _(local: LeftMul, ends: Ends) -> Expression:
    row, middle = len(ends.out) - 2, len(ends.into) - 2
    batch = times(*[ends.same(k, k) for k in range(row)])
    return times(_matrix(ends, local.entry, ends.out[: row + 1], ends.out_starts, ends.into[middle], ends.in_starts[middle]), batch, ends.same(row + 1, middle + 1))


@map_entry.register
def _(local: RightMul, ends: Ends) -> Expression:
    row = len(ends.out) - 2
    batch = times(*[ends.same(k, k) for k in range(row)])
    column = carried(ends.out[-1], ends.out_starts[-1], 1)
    middle = carried(ends.into[-1], ends.in_starts[-1], 1)
    stack = [carried(place, start, 1) for place, start in zip(ends.out[:row], ends.out_starts[:row], strict=True)]
    return times(_scalar(ends.reader, local.entry, (*stack, middle, column)), batch, ends.same(row, row))


def _matrix(ends: Ends, entry: Any, rows: Places, starts: Shape, column: Position, start: int) -> Expression:
    at = [carried(place, first, 1) for place, first in zip(rows, starts[: len(rows)], strict=True)]
    return _scalar(ends.reader, entry, (*at, carried(column, start, 1)))


@map_entry.register
def _(local: Inner, ends: Ends) -> Expression:
    return _scalar(ends.reader, local.entry, _numbered_from_one(ends.into, ends.in_starts))


@map_entry.register
def _(local: Outer, ends: Ends) -> Expression:
    return _at_out(ends, local.entry)


@map_entry.register
def _(local: Centre, ends: Ends) -> Expression:
    axes = range(len(ends.out)) if local.axis is None else local.axis
    axes = [axis % len(ends.out) for axis in ([axes] if isinstance(axes, int) else axes)]
    others = times(*[ends.same(k, k) for k in range(len(ends.out)) if k not in axes])
    here = times(*[ends.same(k, k) for k in axes])
    p_out = _at_out(ends, local.entry)
    p_in = _scalar(ends.reader, local.entry, tuple([carried(ends.into[k], ends.in_starts[k], 1) if k in axes else carried(ends.out[k], ends.out_starts[k], 1) for k in range(len(ends.out))]))
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
    axes = picked_axes(local.index, local.in_shape)
    if axes is None:
        raise NoFormError
    return times(*[_picked(ends.into[i], ends.in_starts[i], start, None if k is None else (ends.out[k], ends.out_starts[k])) for i, (start, k) in enumerate(axes)])


@map_entry.register
def _(local: Scatter, ends: Ends) -> Expression:
    axes = picked_axes(local.index, local.out_shape)
    if axes is None:
        raise NoFormError
    return times(*[_picked(ends.out[i], ends.out_starts[i], start, None if k is None else (ends.into[k], ends.in_starts[k])) for i, (start, k) in enumerate(axes)])


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
        _scalar(ends.reader, array, tuple([where.get(letter, 1) for letter in term]))
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
    taken = {place.index if isinstance(place, Shifted) else place for place in (*ends.out, *ends.into)}
    middle: list[Position] = []
    for n in outer.in_shape:
        middle.append(ends.reader.letter(n, [*taken, *middle]))
    starts = (1,) * len(middle)
    product = times(
        map_entry(outer, Ends(ends.reader, ends.out, tuple(middle), ends.out_starts, starts)),
        map_entry(inner, Ends(ends.reader, tuple(middle), ends.into, starts, ends.in_starts)),
    )
    return collapsed(summed(product, [index for index in middle if isinstance(index, Index)]))

