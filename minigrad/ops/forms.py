"""Stable forms: where a value is better computed from earlier nodes than from its own arguments (DESIGN §5).

    written                                     form
    cross_entropy(σ(z), y)                      Σ y log(1 + e⁻ᶻ) + (1 − y) log(1 + eᶻ),  ∂J/∂z = a − y    (notes, N2)
    log σ(z)                                    −log(1 + e⁻ᶻ)
    1 − σ(z)                                    σ(−z)
    log softmax(z)                              log_softmax(z)
    cross_entropy(softmax(z), y)                the first form, of the log-odds zⱼ − log Σ eᶻ over the other units
    log1p(exp(z)), log(1 + exp(z))              softplus(z)
    log(sum(exp(z)))                            logsumexp(z)

With the second and the third, the notes' literal y·log a + (1 − y)·log(1 − a) is sound in every term. A form
matches on the forms of the arguments, so that 1 − (1 − σ(z)) and log(1 − σ(z)) are known too. σ(−z) is written
below as a sigmoid with sign −1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps import Broadcast, Compose, Diagonal, Identity, Inner, LinearMap, Scale, Select, SumTo
from ..linear_maps.algebra import Entry, Shape
from .axes import Axis, kept
from .base import Edge, Form, Op
from .losses import CrossEntropy, samples_of
from .pointwise import Add, Exp, Log, Log1p, Sigmoid, Softplus, Subtract, log1p_exp, logistic
from .reductions import LogSoftmax, LogSumExp, Softmax, Sum

Matcher = Callable[[Any, tuple[Node, ...]], Form | None]


@dataclass(frozen=True)
class SignedSigmoid(Op):
    """σ(s z) for a sign s = ±1. Local Jacobian: s diag(σ(z) σ(−z)).

    >>> SignedSigmoid(-1)([0.0, 40.0])
    <signed_sigmoid (2,) float64: [5.0000e-01 4.2484e-18]>
    """

    sign: int

    def forward(self, z: Entry) -> Entry:
        return logistic(self.sign * z)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        return Diagonal(self.sign * (out * logistic(-self.sign * z)))


@dataclass(frozen=True)
class LogSigmoid(Op):
    """log σ(s z) = −log(1 + e⁻ˢᶻ) for a sign s = ±1. Local Jacobian: s diag(σ(−s z)).

    >>> LogSigmoid(1)([-1e4, 0.0])
    <log_sigmoid (2,) float64: [-1.0000e+04 -6.9315e-01]>
    """

    sign: int

    def forward(self, z: Entry) -> Entry:
        return -log1p_exp(-self.sign * z)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        return Diagonal(self.sign * logistic(-self.sign * z))


@dataclass(frozen=True)
class SigmoidCrossEntropy(Op):
    """The notes' cost as a function of the logits: (1/m) Σ y log(1 + e⁻ˢᶻ) + (1 − y) log(1 + eˢᶻ)  (N2).

    Arguments z, y and a = σ(s z), the last as an auxiliary value. Local Jacobians: ∂J/∂z = (s/m) Inner(a − y) and
    ∂J/∂y = −(s/m) Inner(z).

    >>> SigmoidCrossEntropy(0, 1)([-1e4, 0.0], [1.0, 1.0], [0.0, 0.5])
    <sigmoid_cross_entropy () float64: 10000.6931>
    """

    units_axis: int
    sign: int

    def forward(self, z: Entry, y: Entry, a: Entry) -> Entry:
        # Both logarithms are log1p(e^−|z|), and |z| more on one side, which only the label of the other side
        # feels. All terms are positive, so nothing cancels: z − y z would, for labels near 1.
        size = np.abs(z)
        wrong = np.abs(y - (z > 0 if self.sign > 0 else z < 0))
        return (np.log1p(np.exp(-size)) + wrong * size).sum() / samples_of(z.shape, self.units_axis)

    def jacobian(self, argument: int, out: Entry, z: Entry, y: Entry, a: Entry) -> LinearMap:
        m = samples_of(z.shape, self.units_axis)
        return Compose((Scale(self.sign / m, ()), Inner(a - y if argument == 0 else -z)))


@dataclass(frozen=True)
class LogOfSoftmax(Op):
    """log softmax(z), with p = softmax(z) as an auxiliary value. Local Jacobian: I − 1 pᵀ in every column of units.

    >>> LogOfSoftmax(0)([0.0, 0.0], [0.5, 0.5])
    <log_of_softmax (2,) float64: [-0.6931 -0.6931]>
    """

    units_axis: Axis

    def forward(self, z: Entry, p: Entry) -> Entry:
        return LogSoftmax(self.units_axis).forward(z)

    def jacobian(self, argument: int, out: Entry, z: Entry, p: Entry) -> LinearMap:
        weighted_sum = _sum_for_all(z.shape, self.units_axis) @ Diagonal(p)
        return Identity(z.shape) + Scale(-1, z.shape) @ weighted_sum


@dataclass(frozen=True)
class SoftmaxInFullCrossEntropy(Op):
    """The notes' cost of p = softmax(z), which has log(1 − p) in it too: SigmoidCrossEntropy of the log-odds u of p.

    uⱼ = log(pⱼ/(1 − pⱼ)) = zⱼ − log Σ eᶻ over the other units. Arguments z, y and p, the last as an auxiliary value.
    Local Jacobians: ∂J/∂z = (1/m) Inner(p − y) ∘ ∂u/∂z, where ∂uⱼ/∂zᵢ = δᵢⱼ − the softmax among the others, and
    ∂J/∂y = −(1/m) Inner(u).

    >>> SoftmaxInFullCrossEntropy(0)([1e4, 0.0], [0.0, 1.0], [1.0, 0.0])
    <softmax_in_full_cross_entropy () float64: 20000.>
    """

    units_axis: int

    def forward(self, z: Entry, y: Entry, p: Entry) -> Entry:
        return SigmoidCrossEntropy(self.units_axis, 1).forward(self.log_odds(z), y, p)

    def jacobian(self, argument: int, out: Entry, z: Entry, y: Entry, p: Entry) -> LinearMap:
        scale = Scale(1 / samples_of(z.shape, self.units_axis), ())
        if argument == 1:
            return scale @ Inner(-self.log_odds(z))
        largest, e, beside = self._shares(z)
        share = np.where(largest, 0, 1 / np.where(largest, 1, np.sum(e, self.units_axis, keepdims=True) - e))
        others = beside / np.sum(beside, self.units_axis, keepdims=True)
        total = _sum_for_all(z.shape, self.units_axis)
        by_z = Identity(z.shape) + Diagonal(e * share)
        by_z += Diagonal(-share) @ total @ Diagonal(e) + Select(largest) @ total @ Diagonal(-others)
        return scale @ Inner(p - y) @ by_z

    def log_odds(self, z: Entry) -> Entry:
        """u, from the logits."""
        axis = self.units_axis
        largest, e, beside = self._shares(z)
        top = np.max(z, axis, keepdims=True)
        second = np.max(np.where(largest, -np.inf, z), axis, keepdims=True)
        rest = np.where(largest, 1, np.sum(e, axis, keepdims=True) - e)
        below = z - second - np.log(np.sum(beside, axis, keepdims=True))
        return np.where(largest, below, z - top - np.log(rest))

    def _shares(self, z: Entry) -> tuple[Entry, Entry, Entry]:
        """Which unit is the one largest, eᶻ⁻ᵐᵃˣ of all, and of the others, from their own largest.

        Of the one largest, Σ e − e is what is left after all digits have cancelled; so its others are summed apart.
        """
        axis = self.units_axis
        top = np.max(z, axis, keepdims=True)
        at_top = z == top
        largest = np.logical_and(at_top, np.sum(at_top, axis, keepdims=True) == 1)
        without = np.where(largest, -np.inf, z)
        return largest, np.exp(z - top), np.exp(without - np.max(without, axis, keepdims=True))


def _sum_for_all(shape: Shape, units_axis: Axis) -> LinearMap:
    """v ↦ Σ v along the units, for every unit."""
    column = kept(shape, units_axis)
    return Broadcast(column, shape) @ SumTo(shape, column)


def form_of(*classes: type[Op]) -> Callable[[Matcher], Matcher]:
    """Enter a matcher for new nodes of these op classes."""

    def enter(match: Matcher) -> Matcher:
        for cls in classes:
            cls.forms = (*cls.forms, match)
        return match

    return enter


def _meaning(node: Node) -> tuple[Op | None, tuple[Node, ...], tuple[Node, ...]]:
    """What a node is: its op, its arguments, and what is skipped by knowing it so; the form before the written."""
    if node.form is None:
        return node.op, node._inputs, (node,)
    return node.form.op, node.form.sources, (*node.form.skipped, node)


def _sigmoid_of(node: Node) -> tuple[Node, int, tuple[Node, ...], Edge] | None:
    """z, the sign, what is skipped and the written edge into z, where the node is σ(±z)."""
    op, sources, skipped = _meaning(node)
    if isinstance(op, Sigmoid):
        return sources[0], 1, skipped, (node, 0)
    if isinstance(op, SignedSigmoid) and node.form is not None:
        return sources[0], op.sign, skipped, node.form.replaces[0]
    return None


def _is_one(node: Node, beside: Node) -> bool:
    """Whether it is a constant 1 that changes neither the shape nor the dtype of what it stands beside."""
    if node.op is not None or node.differentiable or node.size != 1 or node._value.item() != 1:
        return False
    return node.ndim <= beside.ndim and np.result_type(node.dtype, beside.dtype) == beside.dtype


@form_of(CrossEntropy)
def _cross_entropy_of_sigmoid(op: CrossEntropy, inputs: tuple[Node, ...]) -> Form | None:
    a, y = inputs
    found = _sigmoid_of(a)
    if found is None or a.shape != y.shape or not a.size:
        return None
    z, sign, skipped, edge = found
    return Form(SigmoidCrossEntropy(op.units_axis, sign), (z, y, a), (edge, (None, 1)), skipped)


@form_of(CrossEntropy)
def _cross_entropy_of_softmax(op: CrossEntropy, inputs: tuple[Node, ...]) -> Form | None:
    p, y = inputs
    if not isinstance(p.op, Softmax) or p.op.units_axis != op.units_axis or p.shape != y.shape:
        return None
    if not p.size or p.shape[op.units_axis] == 1:
        return None
    return Form(SoftmaxInFullCrossEntropy(op.units_axis), (*p._inputs, y, p), ((p, 0), (None, 1)), (p,))


@form_of(Log)
def _log_of_sigmoid(op: Log, inputs: tuple[Node, ...]) -> Form | None:
    found = _sigmoid_of(inputs[0])
    if found is None:
        return None
    z, sign, skipped, edge = found
    return Form(LogSigmoid(sign), (z,), (edge,), skipped)


@form_of(Subtract)
def _one_minus_sigmoid(op: Subtract, inputs: tuple[Node, ...]) -> Form | None:
    one, a = inputs
    found = _sigmoid_of(a) if _is_one(one, a) else None
    if found is None:
        return None
    z, sign, skipped, edge = found
    return Form(SignedSigmoid(-sign), (z,), (edge,), (one, *skipped))


@form_of(Log)
def _log_of_softmax(op: Log, inputs: tuple[Node, ...]) -> Form | None:
    (p,) = inputs
    if not isinstance(p.op, Softmax):
        return None
    return Form(LogOfSoftmax(p.op.units_axis), (*p._inputs, p), ((p, 0),), (p,))


@form_of(Log1p)
def _log1p_of_exp(op: Log1p, inputs: tuple[Node, ...]) -> Form | None:
    (e,) = inputs
    return Form(Softplus(), e._inputs, ((e, 0),), (e,)) if isinstance(e.op, Exp) else None


@form_of(Log)
def _log_of_one_plus_exp(op: Log, inputs: tuple[Node, ...]) -> Form | None:
    (total,) = inputs
    if not isinstance(total.op, Add):
        return None
    for one, e in (total._inputs, total._inputs[::-1]):
        if isinstance(e.op, Exp) and _is_one(one, e):
            return Form(Softplus(), e._inputs, ((e, 0),), (one, e, total))
    return None


@form_of(Log)
def _log_of_sum_of_exp(op: Log, inputs: tuple[Node, ...]) -> Form | None:
    (total,) = inputs
    if not (isinstance(total.op, Sum) and isinstance(total._inputs[0].op, Exp)):
        return None
    (e,) = total._inputs
    return Form(LogSumExp(total.op.axis, total.op.keepdims), e._inputs, ((e, 0),), (e, total))
