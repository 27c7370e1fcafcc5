"""Reductions along axes: sum, mean, logsumexp; and softmax and log_softmax, which normalise along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, Centre, Compose, Diagonal, Identity, LinearMap, Scale, SumTo
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, averaged, chosen, converted, floating, kept, length, places, refuse, summing
from .base import Op
from .pointwise import add, divide
from .steps import counted

__all__ = [
    "Axis",
    "LogSoftmax",
    "LogSumExp",
    "Mean",
    "Softmax",
    "Sum",
    "kept",
    "log_softmax",
    "logsumexp",
    "mean",
    "softmax",
    "sum",
    "summing",
]


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
    """The mean of x along the axes (all of them for None); ShapeError for the mean of nothing.

    Local Jacobian: (1/n) SumTo.

    >>> import minigrad as mg
    >>> mg.mean([1.0, 2.0])
    <mean () float64: 1.5>
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        if not x.size and not length(x.shape, self.axis):
            if places(x.shape, self.axis):
                raise ValueError("the mean of nothing has no value")
            return x.sum(axis=self.axis, keepdims=self.keepdims)  # as empty as x
        return x.mean(axis=self.axis, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Compose((Scale(prod(out.shape) / (prod(x.shape) or 1), out.shape), summing(x, self.axis, out.shape)))


def largest_and_rest(x: Entry, axis: Axis) -> tuple[Entry, Entry]:
    """max x and log(1 + Σ of the others' eˣ⁻ᵐᵃˣ), whose sum is log Σ eˣ; axes are kept.

    Apart, because in 1 + small the digits of what is small are lost: the cost of a sample that is classified right.
    """
    top = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0).astype(x.dtype)  # ∞ − ∞ would be NaN
    e = np.exp(x - top)
    at_top = e == 1
    others = np.sum(np.where(at_top, 0, e), axis=axis, keepdims=True)
    with np.errstate(divide="ignore"):  # log 0 = −∞ is the value of an empty or all −∞ sum
        return top, np.log1p(others + (np.sum(at_top, axis=axis, keepdims=True, dtype=x.dtype) - 1))


def _softmax(x: Entry, axis: Axis) -> Entry:
    return Softmax(axis)(x) if isinstance(x, Node) else Softmax(axis).forward(x)


@dataclass(frozen=True)
class LogSumExp(Op):
    """log Σ eˣ along the axes, without overflow. Local Jacobian: Σ ∘ diag(p) with p = eˣ⁻ᵒᵘᵗ, the softmax.

    Convention: where every x is −∞, and so is the value, the derivative is 0.

    >>> import minigrad as mg
    >>> mg.logsumexp([1000.0, 1000.0])
    <logsumexp () float64: 1000.6931>
    """

    name = "logsumexp"

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        x = floating(x)
        top, rest = largest_and_rest(x, self.axis)
        out = top + rest
        return out if self.keepdims else np.reshape(out, np.sum(x, axis=self.axis).shape)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        # Not e^(x − out): at 10⁴, out is known to 10⁻¹² only.
        nothing = np.reshape(out, kept(x.shape, self.axis)) == -np.inf
        p = np.where(nothing, 0, _softmax(np.where(nothing, 0, x), self.axis))
        return summing(x, self.axis, out.shape) @ Diagonal(p)


@dataclass(frozen=True)
class Softmax(Op):
    """p = eᶻ / Σ eᶻ along the units. Local Jacobian: diag(p) − p pᵀ in every column of units.

    >>> import minigrad as mg
    >>> mg.softmax([0.0, 0.0])
    <softmax (2,) float64: [0.5 0.5]>
    """

    units_axis: Axis = 0

    def forward(self, z: Entry) -> Entry:
        z = floating(z)
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

    units_axis: Axis = 0

    def forward(self, z: Entry) -> Entry:
        z = floating(z)
        top, rest = largest_and_rest(z, self.units_axis)
        return (z - top) - rest

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        column = kept(z.shape, self.units_axis)
        weighted_sum = SumTo(z.shape, column) @ Diagonal(np.exp(out))
        return Identity(z.shape) + Scale(-1, z.shape) @ Broadcast(column, z.shape) @ weighted_sum


@lru_cache(typed=True)
def _sum(axis: Axis, keepdims: bool) -> Sum:
    return Sum(axis, keepdims)


@lru_cache(typed=True)
def _mean(axis: Axis, keepdims: bool) -> Mean:
    return Mean(axis, keepdims)


@implements(np.sum)
def sum(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: None = None,
    keepdims: bool = False,
    initial: NodeLike | None = None,
    where: NodeLike | bool = True,
    *,
    name: str | None = None,
) -> Node:
    """Σ a along the axes; NumPy's meaning.

    Local Jacobian: SumTo. Composed of Where and Sum, with `where`.

    >>> import minigrad as mg
    >>> mg.sum(mg.parameter([1.0, 2.0]))
    <sum () float64: 3.>
    """
    if dtype is None and out is None and initial is None and where is True:
        return _sum(axis, keepdims)(a, name=name)
    refuse("np.sum", out=out)
    taken = chosen(converted(a, dtype), where, 0, "np.sum")
    if initial is None:
        return _sum(axis, keepdims)(taken, name=name)
    total = _sum(axis, keepdims)(taken)
    return add(total, converted(initial, total.dtype), name=name)


@implements(np.mean)
def mean(
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: None = None,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
    name: str | None = None,
) -> Node:
    """The mean of a along the axes; NumPy's meaning. ShapeError or DomainError for the mean of nothing.

    Local Jacobian: (1/n) SumTo. Composed of Where, Sum and Counted, with `where`.

    >>> import minigrad as mg
    >>> mg.mean(mg.parameter([1.0, 2.0]))
    <mean () float64: 1.5>
    """
    if dtype is None and out is None and where is True:
        return _mean(axis, keepdims)(a, name=name)
    refuse("np.mean", out=out)
    a = averaged(a, dtype, "np.mean")
    if where is True:
        return _mean(axis, keepdims)(a, name=name)
    return divide(sum(a, axis, keepdims=keepdims, where=where), counted("np.mean", a, where, axis, keepdims), name=name)


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
