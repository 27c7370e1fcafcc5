"""Formulas of products and sums: what an entry is made of, as sums over indices; and all other formulas with them.

The rooms below hold the rest: elementwise.py, arrangements.py, costs.py. Importing this one fills in the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph import Node
from ..linear_maps.algebra import Shape
from ..ops.axes import axes_of, length
from ..ops.einsum import Contraction
from ..ops.norms import Norm, PNorm
from ..ops.pointwise import Absolute, Exp, Log
from ..ops.products import Cross, Kron
from ..ops.reductions import LogSoftmax, LogSumExp, Mean, Softmax, Sum
from ..ops.statistics import Std, Var
from .algebra import ONE, negative, number, over, plus, power, times
from .arrangements import picked_axes
from .costs import penalty_names
from .elementwise import called, function_of, is_elementwise, root
from .expressions import Call, Expression, Number
from .indices import Position
from .reader import Reader, formula, summed
from .vocabulary import Places, carried


@formula.register(Kron)
@formula.register(Cross)
def _(op: Contraction, reader: Reader, node: Node, places: Places) -> None:
    return None  # their letters stand for more than a sum of products


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
    body, indices = _over_axes(op, reader, node, places)
    total = summed(body, indices)
    return total if isinstance(op, Sum) else _divided(total, length(node.inputs[0].shape, op.axis))


def _divided(total: Expression, by: float) -> Expression:
    """(1/n) Σ …"""
    return times(over(ONE, number(by)), total)


class _Reduced:
    """The argument of a reduction at the places of its result: on the axes that are taken away, at fresh indices."""

    def __init__(self, reader: Reader, node: Node, places: Places, axes: Shape, keepdims: bool) -> None:
        self.reader, self.node, self.places, self.axes = reader, node, places, axes
        starts = reader.vocabulary.starts_of(node)
        self.rest = [(places[k], starts[k]) for k in range(node.ndim) if not keepdims or k not in axes]

    def entry(self, taken: Sequence[Position] = ()) -> tuple[Expression, list[Position]]:
        """The entry, and its fresh indices; none of them is taken."""
        (x,) = self.node.inputs
        own, rest = self.reader.vocabulary.starts_of(x), iter(self.rest)
        indices: list[Position] = []
        at: list[Position] = []
        for axis in range(x.ndim):
            if axis in self.axes:
                indices.append(self.reader.fresh(x, axis, [*self.places, *indices, *taken]))
                at.append(indices[-1])
            else:
                at.append(carried(*next(rest), own[axis]))
        return self.reader.entry(x, tuple(at)), indices


def _over_axes(op: Any, reader: Reader, node: Node, places: Places) -> tuple[Expression, list[Position]]:
    return _reduced(op, reader, node, places).entry()


def _reduced(op: Any, reader: Reader, node: Node, places: Places) -> _Reduced:
    shape = node.inputs[0].shape
    return _Reduced(reader, node, places, axes_of(shape, op.axis), op.keepdims)


def _over_units(op: Any, reader: Reader, node: Node, places: Places) -> tuple[Expression, list[Position]]:
    return _Reduced(reader, node, places, axes_of(node.shape, op.units_axis), True).entry()


def _exp(e: Expression) -> Expression:
    return Call(function_of(Exp()), (e,))


def _log(e: Expression) -> Expression:
    return Call(function_of(Log()), (e,))


@formula.register
def _(op: Softmax, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_units(op, reader, node, places)
    return over(_exp(reader.entry(z, reader.along(node, places, z))), summed(_exp(body), indices))


@formula.register
def _(op: LogSoftmax, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_units(op, reader, node, places)
    return plus(reader.entry(z, reader.along(node, places, z)), negative(_log(summed(_exp(body), indices))))


@formula.register
def _(op: LogSumExp, reader: Reader, node: Node, places: Places) -> Expression:
    body, indices = _over_axes(op, reader, node, places)
    return _log(summed(_exp(body), indices))


@formula.register
def _(op: Norm, reader: Reader, node: Node, places: Places) -> Expression:
    body, indices = _over_axes(op, reader, node, places)
    return root(summed(power(body, Number(2)), indices))


@formula.register
def _(op: PNorm, reader: Reader, node: Node, places: Places) -> Expression:
    body, indices = _over_axes(op, reader, node, places)
    size = Call(function_of(Absolute()), (body,))
    return power(summed(power(size, number(op.p)), indices), number(1 / op.p))


@formula.register
def _(op: Var, reader: Reader, node: Node, places: Places) -> Expression:
    return _variance(op, reader, node, places)


@formula.register
def _(op: Std, reader: Reader, node: Node, places: Places) -> Expression:
    return root(_variance(op, reader, node, places))


def _variance(op: Var | Std, reader: Reader, node: Node, places: Places) -> Expression:
    """1/(n − ddof) Σ_i (x_i − (1/n) Σ_k x_k)²."""
    (x,) = node.inputs
    argument = _reduced(op, reader, node, places)
    body, indices = argument.entry()
    other, others = argument.entry(taken=indices)
    mean = _divided(summed(other, others), length(x.shape, op.axis))
    square = power(plus(body, negative(mean)), Number(2))
    return _divided(summed(square, indices), length(x.shape, op.axis) - op.ddof)


__all__ = [
    "Reader",
    "called",
    "formula",
    "function_of",
    "is_elementwise",
    "penalty_names",
    "picked_axes",
    "summed",
]
