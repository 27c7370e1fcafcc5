"""Costs: each sums over the units (`units_axis`) and takes the mean over the samples, all other axes (notes, N1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, prod
from numbers import Real

import numpy as np

from ..errors import DomainError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Compose, Inner, LinearMap, Scale
from ..linear_maps.algebra import Array, Entry, Shape
from .base import Op, as_nodes
from .reductions import LogSoftmax, Softmax


def samples_of(shape: Shape, units_axis: int) -> int:
    """How many samples an array of this shape holds: its size without the units.

    >>> samples_of((4, 32), 0), samples_of((4,), 0)
    (32, 1)
    """
    if not shape or 0 in shape:
        raise ValueError("a cost needs at least one unit and one sample")
    if not -len(shape) <= units_axis < len(shape):
        raise ValueError(f"units_axis={units_axis} is not one of their axes")
    return prod(shape) // shape[units_axis]


def _same_shapes(a: Entry, y: Entry) -> None:
    if a.shape != y.shape:
        raise ValueError("outputs and labels must have the same shape")


@dataclass(frozen=True)
class CrossEntropy(Op):
    """J = −(1/m) Σ [y log a + (1 − y) log(1 − a)], over units and samples (notes, N1), with 0 log 0 = 0.

    a and y have one shape; labels lie in [0, 1]. Local Jacobian: ∂J/∂a = (1/m) Inner((a − y)/(a (1 − a))) (notes, N2).
    Where a is a sigmoid of z, the engine uses the stable form in the logits, ∂J/∂z = (a − y)/m.

    >>> import minigrad as mg
    >>> z = mg.parameter([[0.0], [1e4]])
    >>> J = mg.cross_entropy(mg.sigmoid(z), [[1.0], [0.0]])
    >>> J.backward()[z]
    array([[-0.5],
           [ 1. ]])
    """

    units_axis: int = 0

    def forward(self, a: Entry, y: Entry) -> Entry:
        _same_shapes(a, y)
        m = samples_of(a.shape, self.units_axis)
        # Where a label is 0 its logarithm is not looked at: 0 log 0 = 0.
        ones, zeros = y * np.log(np.where(y == 0, 1, a)), (1 - y) * np.log1p(np.where(y == 1, 0, -a))
        return -(ones + zeros).sum() / m

    def jacobian(self, argument: int, out: Entry, a: Entry, y: Entry) -> LinearMap:
        m = samples_of(a.shape, self.units_axis)
        if argument == 0:
            slope = (1 - y) / np.where(y == 1, 1, 1 - a) - y / np.where(y == 0, 1, a)
        else:
            slope = np.log1p(-a) - np.log(a)
        return Compose((Scale(1 / m, ()), Inner(slope)))


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Op):
    """J = −(1/m) Σ y log softmax(z), over units and samples; y a distribution over the units of every sample.

    Local Jacobian: ∂J/∂z = (1/m) Inner(p Σy − y), with p = softmax(z).

    >>> import minigrad as mg
    >>> z = mg.parameter([0.0, 0.0])
    >>> mg.softmax_cross_entropy(z, [1.0, 0.0]).backward()[z]
    array([-0.5,  0.5])
    """

    units_axis: int = 0

    def forward(self, z: Entry, y: Entry) -> Entry:
        _same_shapes(z, y)
        return -(y * LogSoftmax(self.units_axis).forward(z)).sum() / samples_of(z.shape, self.units_axis)

    def jacobian(self, argument: int, out: Entry, z: Entry, y: Entry) -> LinearMap:
        m = samples_of(z.shape, self.units_axis)
        if argument == 0:
            p = Softmax(self.units_axis)(z) if isinstance(z, Node) else Softmax(self.units_axis).forward(z)
            slope = p * y.sum(axis=self.units_axis, keepdims=True) - y
        else:
            slope = -(LogSoftmax(self.units_axis)(z) if isinstance(z, Node) else LogSoftmax(self.units_axis).forward(z))
        return Compose((Scale(1 / m, ()), Inner(slope)))


@dataclass(frozen=True)
class SquaredError(Op):
    """J = (1/2m) Σ (a − y)², over units and samples. Local Jacobians: ±(1/m) Inner(a − y).

    >>> import minigrad as mg
    >>> a = mg.parameter([1.0, 3.0])
    >>> mg.squared_error(a, [0.0, 0.0]).backward()[a]
    array([1., 3.])
    """

    units_axis: int = 0

    def forward(self, a: Entry, y: Entry) -> Entry:
        _same_shapes(a, y)
        error = a - y
        return (error * error).sum() / (2 * samples_of(a.shape, self.units_axis))

    def jacobian(self, argument: int, out: Entry, a: Entry, y: Entry) -> LinearMap:
        m = samples_of(a.shape, self.units_axis)
        return Compose((Scale((1, -1)[argument] / m, ()), Inner(a - y)))


@dataclass(frozen=True)
class L2Penalty(Op):
    """(λ/2m) Σ W², over the entries of all the given arrays (notes, N1; give weights, not biases).

    Local Jacobian by each: (λ/m) Inner(W).

    >>> import minigrad as mg
    >>> W = mg.parameter([1.0, 2.0])
    >>> mg.l2_penalty([W], weight_decay=0.5, samples=1).backward()[W]
    array([0.5, 1. ])
    """

    name = "l2_penalty"

    weight_decay: float
    samples: int = 1

    def forward(self, *weights: Entry) -> Entry:
        squares: Entry = weights[0].dtype.type(0)
        for w in weights:
            squares = squares + _sum_of_squares(w)
        return squares * (self.weight_decay / (2 * self.samples))

    def jacobian(self, argument: int, out: Entry, *weights: Entry) -> LinearMap:
        return Compose((Scale(self.weight_decay / self.samples, ()), Inner(weights[argument])))


def _sum_of_squares(w: Array) -> Entry:
    # einsum reads w once, with no array of squares and no copy of a slice.
    axes = list(range(w.ndim))
    return np.einsum(w, axes, w, axes, [])


def cross_entropy(a: NodeLike, y: NodeLike, units_axis: int = 0, *, name: str | None = None) -> Node:
    """−(1/m) Σ [y log a + (1 − y) log(1 − a)]: the notes' cost J (N1). DomainError for labels outside [0, 1].

    >>> import minigrad as mg
    >>> mg.cross_entropy(mg.sigmoid([0.0]), [1.0])
    <cross_entropy () float64: 0.6931>
    """
    a, y = as_nodes((a, y))
    y = checked_labels(y, "cross_entropy")
    return CrossEntropy(units_axis)(a, y, name=name)


def softmax_cross_entropy(z: NodeLike, y: NodeLike, units_axis: int = 0, *, name: str | None = None) -> Node:
    """−(1/m) Σ y log softmax(z), from logits z; y one-hot, or any distribution. DomainError for labels outside [0, 1].

    >>> import minigrad as mg
    >>> mg.softmax_cross_entropy([0.0, 0.0], [0.0, 1.0])
    <softmax_cross_entropy () float64: 0.6931>
    """
    z, y = as_nodes((z, y))
    y = checked_labels(y, "softmax_cross_entropy")
    return SoftmaxCrossEntropy(units_axis)(z, y, name=name)


def squared_error(a: NodeLike, y: NodeLike, units_axis: int = 0, *, name: str | None = None) -> Node:
    """(1/2m) Σ (a − y)², the sum over units and the mean over samples.

    >>> import minigrad as mg
    >>> mg.squared_error([1.0, 2.0], [0.0, 0.0])
    <squared_error () float64: 2.5>
    """
    return SquaredError(units_axis)(a, y, name=name)


def l2_penalty(weights: Sequence[NodeLike], weight_decay: float, samples: int = 1, *, name: str | None = None) -> Node:
    """(λ/2m) Σ W² over several arrays of weights, with λ the weight decay and m the number of samples (N1).

    >>> import minigrad as mg
    >>> mg.l2_penalty([mg.parameter([3.0])], weight_decay=2.0, samples=3)
    <l2_penalty () float64: 3.>
    """
    if isinstance(weights, Node):
        raise UnsupportedError(f"l2_penalty: give the weights as a list, [{weights.label}]")
    weights = list(weights)
    if not weights:
        raise DomainError("l2_penalty: give at least one array of weights")
    real = isinstance(weight_decay, Real) and isinstance(samples, Real)
    if not (real and isfinite(weight_decay) and weight_decay >= 0 and samples >= 1 and samples == int(samples)):
        raise DomainError(
            f"l2_penalty: needs weight_decay ≥ 0 and a whole number of samples ≥ 1, not {weight_decay} and {samples}"
        )
    return L2Penalty(float(weight_decay), int(samples))(*weights, name=name)


def checked_labels(y: Node, asked: str) -> Node:
    """The labels, as floats; DomainError unless each lies in [0, 1]. NaN passes, as data may hold it.

    >>> import minigrad as mg
    >>> checked_labels(mg.constant([True, False]), "cross_entropy")
    <as_type (2,) float64: [1. 0.]>
    """
    # fmin and fmax, since NaN would hide what else is wrong.
    if y.size and ((low := np.fmin.reduce(y._value, None)) < 0) | ((high := np.fmax.reduce(y._value, None)) > 1):
        raise DomainError(f"{asked}: labels must lie in [0, 1]; they reach from {low} to {high}.")
    return y if y.dtype.kind == "f" else y.astype(np.float64)
