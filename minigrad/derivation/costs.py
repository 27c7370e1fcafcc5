"""Formulas of costs: sums over units and samples, and the squares of parameters, in the letters of the notes (N1)."""

from __future__ import annotations

from ..graph import Node
from ..ops.losses import CrossEntropy, L2Penalty, SoftmaxCrossEntropy, SquaredError, samples_of
from ..ops.pointwise import Log
from ..ops.reductions import Softmax
from .algebra import ONE, negative, over, plus, power, times
from .elementwise import function_of
from .expressions import Call, Expression, Name, Named, Number
from .indices import Index, Position
from .reader import Reader, formula, summed
from .vocabulary import Places

COSTS = (CrossEntropy, SoftmaxCrossEntropy, SquaredError)


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


def one_over(m: int) -> Expression:
    """1/m, for a number of samples.

    >>> one_over(3).right.value
    3.0
    """
    return over(ONE, Named(Name("m"), float(m)))


def mean_factor(reader: Reader, x: Node, units_axis: int) -> Expression:
    """1/m of a cost's argument, unless the cost is that of one sample.

    >>> import numpy as np, minigrad as mg
    >>> from .vocabulary import Vocabulary
    >>> x = mg.parameter(np.ones((2, 3)), name="x")
    >>> mean_factor(Reader(Vocabulary([x], "standard"), {x}), x, 0) == one_over(3)
    True
    """
    m = samples_of(x.shape, units_axis)
    return ONE if reader.vocabulary.sample is not None or m == 1 else one_over(m)


@formula.register
def _(op: CrossEntropy, reader: Reader, node: Node, places: Places) -> Expression:
    a, y = node.inputs
    indices, at = _sample_terms(reader, a, op.units_axis, places)
    log = function_of(Log())
    label, output = reader.entry(y, at), reader.entry(a, at)
    ones = times(label, Call(log, (output,)))
    zeros = times(plus(ONE, negative(label)), Call(log, (plus(ONE, negative(output)),)))
    return negative(times(mean_factor(reader, a, op.units_axis), summed(plus(ones, zeros), indices)))


@formula.register
def _(op: SoftmaxCrossEntropy, reader: Reader, node: Node, places: Places) -> Expression:
    z, y = node.inputs
    indices, at = _sample_terms(reader, z, op.units_axis, places)
    softmax = Softmax(op.units_axis)(z)
    p = reader.entry(softmax, at)
    body = times(reader.entry(y, at), Call(function_of(Log()), (p,)))
    return negative(times(mean_factor(reader, z, op.units_axis), summed(body, indices)))


@formula.register
def _(op: SquaredError, reader: Reader, node: Node, places: Places) -> Expression:
    a, y = node.inputs
    indices, at = _sample_terms(reader, a, op.units_axis, places)
    error = plus(reader.entry(a, at), negative(reader.entry(y, at)))
    half = over(ONE, times(Number(2), *_denominators(mean_factor(reader, a, op.units_axis))))
    return times(half, summed(power(error, Number(2)), indices))


def _denominators(mean: Expression) -> tuple[Expression, ...]:
    return () if mean == ONE else (mean.parts[1],)


@formula.register
def _(op: L2Penalty, reader: Reader, node: Node, places: Places) -> Expression:
    terms = []
    for w in node.inputs:
        at: list[Position] = []
        for axis in range(w.ndim):
            is_matrix = w.ndim == 2
            at.append(reader.vocabulary.index("ji"[axis], w, axis) if is_matrix else reader.fresh(w, axis, at))
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
