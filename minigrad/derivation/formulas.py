"""Formulas of products and sums: what an entry is made of, as sums over indices; and all other formulas with them.

The rooms below hold the rest: elementwise.py, arrangements.py, costs.py. Importing this one fills in the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from .expressions import Call, Expression, Number, Position
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
    (x,) = node.inputs
    body, indices = _over_axes(reader, x, axes_of(x.shape, op.axis), node, places, op.keepdims)
    total = summed(body, indices)
    return total if isinstance(op, Sum) else _divided(total, length(x.shape, op.axis))


def _divided(total: Expression, by: float) -> Expression:
    """(1/n) Σ …"""
    return times(over(ONE, number(by)), total)


def _over_axes(
    reader: Reader, x: Node, axes: Shape, node: Node, places: Places, keepdims: bool
) -> tuple[Expression, list[Position]]:
    """The entry of x whose place on some axes is a fresh index, elsewhere that of the result; and the indices."""
    at, indices = _spread(reader, x, axes, node, places, keepdims)
    return reader.entry(x, at), indices


def _spread(
    reader: Reader,
    x: Node,
    axes: Shape,
    node: Node,
    places: Places,
    keepdims: bool,
    taken: Sequence[Position] = (),
) -> tuple[Places, list[Position]]:
    rest = [place for k, place in enumerate(places) if not keepdims or k not in axes]
    starts = [start for k, start in enumerate(reader.vocabulary.starts_of(node)) if not keepdims or k not in axes]
    own = reader.vocabulary.starts_of(x)
    at: list[Position] = []
    indices: list[Position] = []
    for axis in range(x.ndim):
        if axis in axes:
            at.append(reader.fresh(x, axis, [*places, *indices, *taken]))
            indices.append(at[-1])
        else:
            at.append(carried(rest.pop(0), starts.pop(0), own[axis]))
    return tuple(at), indices


def _exp(e: Expression) -> Expression:
    return Call(function_of(Exp()), (e,))


def _log(e: Expression) -> Expression:
    return Call(function_of(Log()), (e,))


@formula.register
def _(op: Softmax, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_axes(reader, z, axes_of(z.shape, op.units_axis), node, places, True)
    return over(_exp(reader.entry(z, reader.along(node, places, z))), summed(_exp(body), indices))


@formula.register
def _(op: LogSoftmax, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_axes(reader, z, axes_of(z.shape, op.units_axis), node, places, True)
    return plus(reader.entry(z, reader.along(node, places, z)), negative(_log(summed(_exp(body), indices))))


@formula.register
def _(op: LogSumExp, reader: Reader, node: Node, places: Places) -> Expression:
    (z,) = node.inputs
    body, indices = _over_axes(reader, z, axes_of(z.shape, op.axis), node, places, op.keepdims)
    return _log(summed(_exp(body), indices))


@formula.register
def _(op: Norm, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    body, indices = _over_axes(reader, x, axes_of(x.shape, op.axis), node, places, op.keepdims)
    return root(summed(power(body, Number(2)), indices))


@formula.register
def _(op: PNorm, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    body, indices = _over_axes(reader, x, axes_of(x.shape, op.axis), node, places, op.keepdims)
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
    axes = axes_of(x.shape, op.axis)
    body, indices = _over_axes(reader, x, axes, node, places, op.keepdims)
    at, others = _spread(reader, x, axes, node, places, op.keepdims, indices)
    mean = _divided(summed(reader.entry(x, at), others), length(x.shape, op.axis))
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
