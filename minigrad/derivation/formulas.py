"""Formulas: what an op computes, entry by entry, as an expression.

`Reader.entry(node, places)` is the entry of a node: by its name, where the derivation names it; else by the formula
of its op. An op whose entries have no formula here stands as a whole: softmax(z)ⱼ. Adding a formula for an op is one
function below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import singledispatch
from math import prod
from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps.algebra import Shape
from ..network import BiasUnit
from ..ops.axes import axes_of
from ..ops.base import Alias, AsType, Op, StopGradient
from ..ops.einsum import Contraction
from ..ops.elementwise import Elementwise, Stepwise
from ..ops.forms import SignedSigmoid
from ..ops.indexing import GetItem
from ..ops.linear import AddBias
from ..ops.losses import CrossEntropy, L2Penalty, SoftmaxCrossEntropy, SquaredError, samples_of
from ..ops.pointwise import (
    Absolute,
    Add,
    Divide,
    Exp,
    Log,
    Log1p,
    Multiply,
    Negative,
    Power,
    ReLU,
    Sigmoid,
    Softplus,
    Subtract,
    Tanh,
    Where,
)
from ..ops.reductions import LogSumExp, Mean, Softmax, Sum
from ..ops.shaping import BroadcastTo, Reshape, Transpose
from .algebra import ONE, negative, number, over, plus, power, times
from .expressions import Call, Expression, Function, Index, Name, Named, Number, Position
from .expressions import Sum as Sigma
from .vocabulary import Places, Vocabulary, carried

LETTERS = "ijklnpqrtuvw"
INFIX = {
    "less": "<",
    "less_equal": "≤",
    "greater": ">",
    "greater_equal": "≥",
    "equal": "=",
    "not_equal": "≠",
}
ELEMENTWISE = (Absolute, Exp, Log, Log1p, ReLU, Sigmoid, Softplus, Tanh, Elementwise, Stepwise)
NOTATION = {"sigmoid": "g", "absolute": "abs"}


class Reader:
    """Reads entries of nodes as expressions; `named` are the nodes that stand under their names.

    >>> import minigrad as mg
    >>> x = mg.parameter(2.0, name="x")
    >>> y = x * x
    >>> Reader(Vocabulary([x, y], "standard"), {x}).entry(y, ()) == times(*[Vocabulary([x], "standard").symbol(x)] * 2)
    True
    """

    def __init__(self, vocabulary: Vocabulary, named: Collection[Node]) -> None:
        self.vocabulary, self.named = vocabulary, named

    def entry(self, node: Node, places: Places) -> Expression:
        """The entry at these places, by name or by formula."""
        if node in self.named:
            return self.vocabulary.entry(node, places)
        return self.formula(node, places)

    def formula(self, node: Node, places: Places) -> Expression:
        """The entry at these places, by the formula of its op; literals are numbers."""
        if node.op is None or not _varies(node, self.named):
            if node.size == 1 and node.name is None:
                return _literal(node)
            if node.op is None:
                return self.vocabulary.entry(node, places)
        found = formula(node.op, self, node, places)
        return self.whole(node, places) if found is None else found

    def whole(self, node: Node, places: Places) -> Expression:
        """The entry of a node without a formula: it is called by its op and arguments, softmax(z)."""
        if node not in self.named:
            self.vocabulary.call(node, Name(self.written(node)))
        return self.vocabulary.entry(node, places)

    def written(self, node: Node) -> str:
        """A node without a name, in words: its op with its arguments."""
        if node in self.named or node.op is None:
            if node.op is None and node.size == 1 and node.name is None:
                return f"{node.value.item():.4g}"
            name = self.vocabulary.name(node)
            return f"{name.base}{name.above.translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}{name.below}"
        return self.written_op(node)

    def along(self, node: Node, places: Places, source: Node) -> Places:
        """The places in an argument that was broadcast: its own axes, at the same numbers."""
        start, own = self.vocabulary.starts_of(node), self.vocabulary.starts_of(source)
        new = node.ndim - source.ndim
        return tuple(
            [
                own[k] if source.shape[k] == 1 else carried(places[new + k], start[new + k], own[k])
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
        used = {index.letter for index in taken if isinstance(index, Index)}
        if self.vocabulary.sample is not None:
            used.add(self.vocabulary.sample.letter)
        found = next(f"{x}{prime}" for prime in ("", "′", "″") for x in LETTERS if f"{x}{prime}" not in used)
        return start if length == 1 else Index(found, start, start + length - 1)

    def written_op(self, node: Node) -> str:
        """A node by its op and arguments, whether it has a name or not."""
        assert node.op is not None
        return f"{node.op.name}({', '.join(self.written(source) for source in node.inputs)})"


def _literal(node: Node) -> Expression:
    value = node.value.item()
    return number(float(value)) if np.isfinite(value) else Named(Name("∞" if value > 0 else "−∞"), float(value))


def _varies(node: Node, named: Collection[Node]) -> bool:
    """Whether it depends on anything that has a name."""
    waiting, seen = [node], set()
    while waiting:
        found = waiting.pop()
        if found in named or found.name is not None:
            return True
        for source in found.inputs:
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return False


def summed(body: Expression, indices: Collection[Position]) -> Expression:
    """Σ over all indices among these positions.

    >>> summed(Number(1), [3])
    Number(value=1)
    """
    for index in reversed(list(indices)):
        if isinstance(index, Index):
            body = Sigma(index, body)
    return body


@singledispatch
def formula(op: Op, reader: Reader, node: Node, places: Places) -> Expression | None:
    """The entry of op(*inputs) at these places, or None where there is no formula for it.

    >>> formula(StopGradient(), None, None, ()) is None
    True
    """
    return called(op, reader, node, places) if is_elementwise(node) else None


def is_elementwise(node: Node) -> bool:
    """Whether an op maps entry to entry, as far as its local Jacobian says: for ops of one's own.

    >>> import minigrad as mg
    >>> is_elementwise(mg.tanh(mg.parameter([1.0])))
    True
    """
    if isinstance(node.op, ELEMENTWISE):
        return True
    if node.op is None or node.op.own or len(node.inputs) != 1 or node.inputs[0].shape != node.shape:
        return False
    with np.errstate(all="ignore"):
        return type(node.op.jacobian(0, node.value, node.inputs[0].value)).__name__ in {"Diagonal", "Select", "Scale"}


def function_of(op: Op, primes: int = 0, compute: Callable[..., Any] | None = None) -> Function:
    """The function that an elementwise op applies to every entry.

    >>> function_of(Sigmoid()).name
    'g'
    """
    forms = {"sqrt": "root", "absolute": "absolute"}
    if op.name in INFIX:
        return Function(INFIX[op.name], op.forward, form="infix")
    return Function(
        NOTATION.get(op.name, op.name), compute or op.forward, primes, "call" if primes else forms.get(op.name, "call")
    )


def called(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    """f(x) at every entry.

    >>> import minigrad as mg
    >>> x = mg.parameter(1.0, name="x")
    >>> called(Exp(), Reader(Vocabulary([x], "standard"), {x}), mg.exp(x), ()).function.name
    'exp'
    """
    return Call(function_of(op), tuple(reader.arguments(node, places)))


@formula.register(Add)
@formula.register(AddBias)
def _(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    return plus(*reader.arguments(node, places))


@formula.register
def _(op: Subtract, reader: Reader, node: Node, places: Places) -> Expression:
    x, y = reader.arguments(node, places)
    return plus(x, *[negative(term) for term in (y.parts if type(y).__name__ == "Plus" else (y,))])


@formula.register
def _(op: Multiply, reader: Reader, node: Node, places: Places) -> Expression:
    return times(*reader.arguments(node, places))


@formula.register
def _(op: Divide, reader: Reader, node: Node, places: Places) -> Expression:
    return over(*reader.arguments(node, places))


@formula.register
def _(op: Negative, reader: Reader, node: Node, places: Places) -> Expression:
    return negative(reader.arguments(node, places)[0])


@formula.register
def _(op: Power, reader: Reader, node: Node, places: Places) -> Expression:
    return power(*reader.arguments(node, places))


@formula.register
def _(op: Where, reader: Reader, node: Node, places: Places) -> Expression:
    mask, taken, other = node.inputs
    if _is_guard(mask, taken):
        return reader.entry(other, reader.along(node, places, other))
    return Call(Function("where", np.where), tuple(reader.arguments(node, places)))


def _is_guard(mask: Node, taken: Node) -> bool:
    """Whether a `where` only keeps a quotient from 0/0: what it leaves out is 0 times it, and is written as it is."""
    return (
        mask.op is not None
        and mask.op.name == "equal"
        and mask.inputs[1].op is None
        and taken.op is None
        and taken.name is None
        and taken.size == 1
        and taken.value.item() in (0, 1)
    )


@formula.register
def _(op: SignedSigmoid, reader: Reader, node: Node, places: Places) -> Expression:
    z = reader.arguments(node, places)[0]
    return Call(function_of(Sigmoid()), (times(Number(op.sign), z),))


@formula.register(Alias)
@formula.register(AsType)
@formula.register(StopGradient)
def _(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    return reader.entry(node.inputs[0], places)


@formula.register
def _(op: Contraction, reader: Reader, node: Node, places: Places) -> Expression | None:
    letters, result = op.subscripts(*[source.shape for source in node.inputs])
    if len(result) != node.ndim or any(len(term) != n.ndim for term, n in zip(letters, node.inputs, strict=True)):
        return None
    starts = reader.vocabulary.starts_of(node)
    where: dict[str, tuple[Position, int]] = dict(zip(result, zip(places, starts, strict=True), strict=True))
    sums = []
    for term, source in zip(letters, node.inputs, strict=True):
        for axis, letter in enumerate(term):
            if letter not in where and source.shape[axis] != 1:
                taken = [p for p, _ in where.values()] + list(places)
                index = reader.fresh(source, axis, taken)
                where[letter] = index, reader.vocabulary.starts_of(source)[axis]
                sums.append(index)
    factors = []
    for term, source in zip(letters, node.inputs, strict=True):
        own = reader.vocabulary.starts_of(source)
        at = [
            own[axis] if source.shape[axis] == 1 else carried(where[letter][0], where[letter][1], own[axis])
            for axis, letter in enumerate(term)
        ]
        factors.append(reader.entry(source, tuple(at)))
    return summed(times(*factors), sums)


@formula.register(Sum)
@formula.register(Mean)
def _(op: Sum | Mean, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    body, indices = _over_axes(reader, x, axes_of(x.shape, op.axis), node, places, op.keepdims)
    total = summed(body, indices)
    return total if isinstance(op, Sum) else times(over(ONE, Number(prod(x.shape) // (prod(node.shape) or 1))), total)


def _over_axes(
    reader: Reader, x: Node, axes: Shape, node: Node, places: Places, keepdims: bool
) -> tuple[Expression, list[Position]]:
    """The entry of x whose place on some axes is a fresh index, elsewhere that of the result; and the indices."""
    rest = [place for k, place in enumerate(places) if not keepdims or k not in axes]
    starts = [start for k, start in enumerate(reader.vocabulary.starts_of(node)) if not keepdims or k not in axes]
    own = reader.vocabulary.starts_of(x)
    at: list[Position] = []
    indices: list[Position] = []
    for axis in range(x.ndim):
        if axis in axes:
            at.append(reader.fresh(x, axis, [*places, *indices]))
            indices.append(at[-1])
        else:
            at.append(carried(rest.pop(0), starts.pop(0), own[axis]))
    return reader.entry(x, tuple(at)), indices


@formula.register
def _(op: Softmax, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_axes(reader, z, axes_of(z.shape, op.units_axis), node, places, True)
    e = function_of(Exp())
    return over(Call(e, (reader.entry(z, reader.along(node, places, z)),)), summed(Call(e, (body,)), indices))


@formula.register
def _(op: LogSumExp, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_axes(reader, z, axes_of(z.shape, op.axis), node, places, op.keepdims)
    return Call(function_of(Log()), (summed(Call(function_of(Exp()), (body,)), indices),))


@formula.register
def _(op: Transpose, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    axes = range(x.ndim)[::-1] if op.axes is None else [range(x.ndim)[axis] for axis in op.axes]
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    at = [carried(places[k], starts[k], own[axis]) for k, axis in sorted(enumerate(axes), key=lambda pair: pair[1])]
    return reader.entry(x, tuple(at))


@formula.register
def _(op: BroadcastTo, reader: Reader, node: Node, places: Places) -> Expression:
    return reader.arguments(node, places)[0]


@formula.register
def _(op: Reshape, reader: Reader, node: Node, places: Places) -> Expression | None:
    (x,) = node.inputs
    if [n for n in x.shape if n != 1] != [n for n in node.shape if n != 1]:
        return None
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    kept = iter([(place, starts[k]) for k, place in enumerate(places) if node.shape[k] != 1])
    at = [own[k] if x.shape[k] == 1 else carried(*next(kept), own[k]) for k in range(x.ndim)]
    return reader.entry(x, tuple(at))


@formula.register
def _(op: GetItem, reader: Reader, node: Node, places: Places) -> Expression | None:
    (x,), index = node.inputs[:1], picked_axes(op.index, node.inputs[0].shape)
    if index is None or len(node.inputs) > 1:
        return None
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    at: list[Position] = []
    for axis, (start, out_axis) in enumerate(index):
        if out_axis is None or node.shape[out_axis] == 1:
            at.append(own[axis] + start)
        else:
            at.append(carried(places[out_axis], starts[out_axis], own[axis] + start))
    return reader.entry(x, tuple(at))


def picked_axes(index: Any, shape: Shape) -> list[tuple[int, int | None]] | None:
    """For each axis, where a basic index starts on it and which axis of the result it becomes; None for others.

    >>> picked_axes((slice(None), slice(1, None)), (4, 5)), picked_axes(0, (2, 3))
    ([(0, 0), (1, 1)], [(0, None), (0, 0)])
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    if not all(part is None or part is Ellipsis or isinstance(part, int | np.integer | slice) for part in parts):
        return None
    missing = len(shape) - sum(part is not None and part is not Ellipsis for part in parts)
    if Ellipsis not in [part if part is Ellipsis else None for part in parts]:
        parts.append(Ellipsis)
    found: list[tuple[int, int | None]] = []
    out = 0
    for part in parts:
        if part is None:
            out += 1
            continue
        for choice in [slice(None)] * missing if part is Ellipsis else [part]:
            length = shape[len(found)]
            if not isinstance(choice, slice):
                found.append((int(choice) % length, None))
                continue
            start, _, step = choice.indices(length)
            if step != 1:
                return None
            found.append((start, out))
            out += 1
    return found


@formula.register
def _(op: BiasUnit, reader: Reader, node: Node, places: Places) -> Expression | None:
    (a,) = node.inputs
    return reader.entry(a, places) if isinstance(places[0], Index) and places[0].start > 0 else None


def _sample_terms(reader: Reader, x: Node, units_axis: int, places: Places) -> tuple[list[Position], Places]:
    """The indices over all axes of a cost's argument, and the places; the axis of samples keeps its index."""
    at: list[Position] = []
    indices: list[Position] = []
    sample, axis = reader.vocabulary.sample, reader.vocabulary.sample_axes.get(reader.vocabulary.key(x))
    for k in range(x.ndim):
        if sample is not None and k == axis:
            at.append(sample)
            continue
        at.append(_cost_index(reader, x, k, indices, k == units_axis % x.ndim))
        indices.append(at[-1])
    return indices, tuple(at)


def _cost_index(reader: Reader, x: Node, axis: int, taken: list[Position], units: bool) -> Position:
    """k runs over the output units (notes, N1), s over the samples."""
    letter = "k" if units else "s"
    if any(isinstance(index, Index) and index.letter == letter for index in taken):
        return reader.fresh(x, axis, taken)
    return reader.vocabulary.index(letter, x, axis)


def _mean(reader: Reader, x: Node, units_axis: int) -> Expression:
    """1/m, unless the cost is that of one sample."""
    m = samples_of(x.shape, units_axis)
    return ONE if reader.vocabulary.sample is not None or m == 1 else over(ONE, Named(Name("m"), m))


@formula.register
def _(op: CrossEntropy, reader: Reader, node: Node, places: Places) -> Expression:
    a, y = node.inputs
    indices, at = _sample_terms(reader, a, op.units_axis, places)
    log = function_of(Log())
    label, output = reader.entry(y, at), reader.entry(a, at)
    ones = times(label, Call(log, (output,)))
    zeros = times(plus(ONE, negative(label)), Call(log, (plus(ONE, negative(output)),)))
    return negative(times(_mean(reader, a, op.units_axis), summed(plus(ones, zeros), indices)))


@formula.register
def _(op: SoftmaxCrossEntropy, reader: Reader, node: Node, places: Places) -> Expression:
    z, y = node.inputs
    indices, at = _sample_terms(reader, z, op.units_axis, places)
    softmax = Softmax(op.units_axis)(z)
    p = reader.entry(softmax, at)
    body = times(reader.entry(y, at), Call(function_of(Log()), (p,)))
    return negative(times(_mean(reader, z, op.units_axis), summed(body, indices)))


@formula.register
def _(op: SquaredError, reader: Reader, node: Node, places: Places) -> Expression:
    a, y = node.inputs
    indices, at = _sample_terms(reader, a, op.units_axis, places)
    error = plus(reader.entry(a, at), negative(reader.entry(y, at)))
    half = over(ONE, times(Number(2), *_denominators(_mean(reader, a, op.units_axis))))
    return times(half, summed(power(error, Number(2)), indices))


def _denominators(mean: Expression) -> tuple[Expression, ...]:
    return () if mean == ONE else (mean.parts[1],)


@formula.register
def _(op: L2Penalty, reader: Reader, node: Node, places: Places) -> Expression:
    terms = []
    for w in node.inputs:
        at: list[Position] = []
        for axis in range(w.ndim):
            letter = ("j", "i")[axis] if w.ndim == 2 else "i"
            index = reader.vocabulary.index(letter, w, axis) if axis < 2 else reader.fresh(w, axis, at)
            at.append(index)
        square = power(reader.entry(w, tuple(at)), Number(2))
        terms.append(summed(square, at))
    decay, samples = penalty_names(op)
    half = over(decay, Number(2) if op.samples == 1 else times(Number(2), samples))
    return times(half, plus(*terms))


def penalty_names(op: L2Penalty) -> tuple[Named, Named]:
    """λ and m.

    >>> penalty_names(L2Penalty(0.5, 3))[0].value
    0.5
    """
    return Named(Name("λ"), float(op.weight_decay)), Named(Name("m"), float(op.samples))


__all__ = ["Reader", "called", "formula", "function_of", "is_elementwise", "penalty_names", "picked_axes", "summed"]
