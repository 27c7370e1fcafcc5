"""Reductions along axes: sum, mean, logsumexp; and softmax and log_softmax, which normalise along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, Centre, Compose, Diagonal, Identity, LinearMap, Reshape, Scale, SumTo
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op

Axis = int | tuple[int, ...] | None


def kept(shape: Shape, axis: Axis) -> Shape:
    """The shape after a reduction with keepdims=True.

    >>> kept((2, 3), 1), kept((2, 3), None)
    ((2, 1), (1, 1))
    """
    if axis is None:
        return (1,) * len(shape)
    axes = {a % len(shape) for a in ((axis,) if isinstance(axis, int) else axis)}
    return tuple([1 if a in axes else n for a, n in enumerate(shape)])


def summing(x: Entry, axis: Axis, out_shape: Shape) -> LinearMap:
    """The map v ↦ Σ v along the axes, for v shaped as x."""
    if axis is None and not out_shape:
        return SumTo(x.shape, ())
    columns = kept(x.shape, axis)
    sums = SumTo(x.shape, columns)
    return sums if columns == out_shape else Compose((Reshape(columns, out_shape), sums))


@dataclass(frozen=True)
class Sum(Op):
    """Σ x along the axes (all of them for None). Local Jacobian: SumTo, whose transpose repeats the cotangent.

    >>> import minigrad as mg
    >>> mg.sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
    <sum (2,) float64: [4. 6.]>
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        return x.sum(axis=self.axis, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return summing(x, self.axis, out.shape)


@dataclass(frozen=True)
class Mean(Op):
    """The mean of x along the axes (all of them for None). Local Jacobian: (1/n) SumTo.

    >>> import minigrad as mg
    >>> mg.mean([1.0, 2.0])
    <mean () float64: 1.5>
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        return x.mean(axis=self.axis, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Compose((Scale(prod(out.shape) / prod(x.shape), out.shape), summing(x, self.axis, out.shape)))


@dataclass(frozen=True)
class LogSumExp(Op):
    """log Σ eˣ along the axes, without overflow. Local Jacobian: Σ ∘ diag(p) with p = eˣ⁻ᵒᵘᵗ, the softmax.

    >>> import minigrad as mg
    >>> mg.logsumexp([1000.0, 1000.0])
    <logsumexp () float64: 1000.6931>
    """

    name = "logsumexp"

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        # The largest, or 0 where that is infinite: ∞ − ∞ would be NaN.
        top = np.max(x, axis=self.axis, keepdims=True, initial=-np.inf)
        top = np.where(np.isfinite(top), top, 0).astype(x.dtype)
        total = np.sum(np.exp(x - top), axis=self.axis, keepdims=True)
        with np.errstate(divide="ignore"):  # log 0 = −∞ is the value of an empty or all −∞ sum
            out = np.log(total) + top
        return out if self.keepdims else np.reshape(out, np.sum(x, axis=self.axis).shape)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        p = np.exp(x - np.reshape(out, kept(x.shape, self.axis)))
        return summing(x, self.axis, out.shape) @ Diagonal(p)


@dataclass(frozen=True)
class Softmax(Op):
    """p = eᶻ / Σ eᶻ along the units. Local Jacobian: diag(p) − p pᵀ in every column of units.

    >>> import minigrad as mg
    >>> mg.softmax([0.0, 0.0])
    <softmax (2,) float64: [0.5 0.5]>
    """

    units_axis: int = 0

    def forward(self, z: Entry) -> Entry:
        e = np.exp(z - np.max(z, axis=self.units_axis, keepdims=True, initial=-np.inf))
        return e / np.sum(e, axis=self.units_axis, keepdims=True)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        return Centre(out, self.units_axis)


@dataclass(frozen=True)
class LogSoftmax(Op):
    """log p = z − log Σ eᶻ along the units. Local Jacobian: I − 1 pᵀ in every column of units.

    >>> import minigrad as mg
    >>> mg.log_softmax([0.0, 1e4])
    <log_softmax (2,) float64: [-10000.     0.]>
    """

    units_axis: int = 0

    def forward(self, z: Entry) -> Entry:
        shifted = z - np.max(z, axis=self.units_axis, keepdims=True, initial=-np.inf)
        return shifted - np.log(np.sum(np.exp(shifted), axis=self.units_axis, keepdims=True))

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        column = kept(z.shape, self.units_axis)
        weighted_sum = SumTo(z.shape, column) @ Diagonal(np.exp(out))
        return Identity(z.shape) + Scale(-1, z.shape) @ Broadcast(column, z.shape) @ weighted_sum


@implements(np.sum)
def sum(x: NodeLike, axis: Axis = None, *, keepdims: bool = False, name: str | None = None) -> Node:
    """Σ x along the axes; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.sum(mg.parameter([1.0, 2.0]))
    <sum () float64: 3.>
    """
    return Sum(axis, keepdims)(x, name=name)


@implements(np.mean)
def mean(x: NodeLike, axis: Axis = None, *, keepdims: bool = False, name: str | None = None) -> Node:
    """The mean of x along the axes; NumPy's meaning.

    >>> import minigrad as mg
    >>> mg.mean(mg.parameter([1.0, 2.0]))
    <mean () float64: 1.5>
    """
    return Mean(axis, keepdims)(x, name=name)


def logsumexp(x: NodeLike, axis: Axis = None, *, keepdims: bool = False, name: str | None = None) -> Node:
    """log Σ eˣ along the axes, without overflow; SciPy's meaning.

    >>> import minigrad as mg
    >>> mg.logsumexp([[0.0, 0.0]], axis=1, keepdims=True).shape
    (1, 1)
    """
    return LogSumExp(axis, keepdims)(x, name=name)


def softmax(z: NodeLike, units_axis: int = 0, *, name: str | None = None) -> Node:
    """eᶻ / Σ eᶻ along the units: by columns (`units_axis=0`), as in the notes, or by rows (`units_axis=1`).

    >>> import minigrad as mg
    >>> mg.softmax([[0.0, 0.0]], units_axis=1).value
    array([[0.5, 0.5]])
    """
    return Softmax(units_axis)(z, name=name)


def log_softmax(z: NodeLike, units_axis: int = 0, *, name: str | None = None) -> Node:
    """log softmax(z), right also where a probability is too small for a float.

    >>> import minigrad as mg
    >>> mg.log_softmax([[0.0, -2e4]], units_axis=1).value
    array([[     0., -20000.]])
    """
    return LogSoftmax(units_axis)(z, name=name)
