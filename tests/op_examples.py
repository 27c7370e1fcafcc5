"""The growing list of examples: for every op one line or more, over which the laws of test_op_laws.py run.

    example(mg.tanh, real(3, 4))                        a function of nodes, and where its arguments are drawn from
    example(partial(mg.sum, axis=-1), real(2, 3))       with settings
    example(listed(mg.concatenate, axis=1), real(2, 3), real(2, 1))         the arguments as one list
    example(pick[1:, None], real(3, 4))                 x[1:, None]
    example(mg.relu, kinkless(3), analytic=lambda x: np.where(x.real > 0, x, 0))

An argument is a domain and a shape, drawn anew for every test, or an array as it stands. Floats become parameters,
by which is differentiated; integers, masks and what is `fixed` become constants; Python's own numbers stay as they are.

`analytic` is the same function in plain NumPy, for complex numbers too: the witness for value and derivatives. Without
it, the witness is the op's own forward at complex arguments; leave it out only where that is plain analytic NumPy.
`derivatives` says how many times the function can be differentiated: 2, unless the line says less.
"""

from functools import partial
from typing import Any

import examples_linalg
import examples_pointwise
import examples_reductions
import examples_shaping
import numpy as np
from op_lines import (
    broadcasting,
    elementwise,
    example,
    fixed,
    kinkless,
    labels,
    listed,
    mask,
    named,
    normalising,
    pick,
    positive,
    real,
    reducing,
    unit,
    whole,
)
from witnesses import cross_entropy, log_of_sum_of_exp, log_sigmoid, log_softmax, logistic, softmax, softplus, unchanged

import minigrad as mg
from minigrad.checkpoints import Recomputed
from minigrad.network import bias_unit
from minigrad.ops.base import Alias, StopGradient, Through
from minigrad.ops.forms import (
    LogOfSoftmax,
    LogSigmoid,
    SigmoidCrossEntropy,
    SignedSigmoid,
    SoftmaxInFullCrossEntropy,
)
from minigrad.ops.results import Part


def cost_of_logits(z: Any, y: Any) -> Any:
    return mg.cross_entropy(mg.sigmoid(z), y)


def cube(x: Any) -> Any:
    return x * x * x


def cost_in_full(z: Any, y: Any) -> Any:
    a = mg.sigmoid(z)
    return -mg.sum(y * mg.log(a) + (1 - y) * mg.log(1 - a)) / z.shape[1]


LOGITS = np.array([[0.3, -0.5], [1.2, 0.0], [-0.7, 2.0]])

# --- the list ---------------------------------------------------------------------------------------------------------

EXAMPLES = [
    # arithmetic
    *broadcasting(mg.add, real, real),
    *broadcasting(mg.subtract, real, real),
    *broadcasting(mg.multiply, real, real),
    *broadcasting(mg.divide, real, kinkless),
    *broadcasting(mg.power, positive, real),
    example(mg.power, kinkless(3, 4), 2),
    example(mg.power, kinkless(3, 4), 3.0),
    example(mg.power, kinkless(3), -1),
    example(mg.power, kinkless(3, 1), fixed([0.0, 1.0, 2.0, -3.0])),
    example(mg.power, kinkless(3), whole(2, 3)),
    example(mg.power, kinkless(3), fixed(np.array(2.0))),
    example(mg.power, positive(3, dtype="f4"), fixed(np.array(2.0))),
    example(mg.power, 2, real(3)),
    *elementwise(mg.negative, real),
    # exponentials, activations
    *elementwise(mg.exp, real),
    *elementwise(mg.log, positive),
    *elementwise(mg.log1p, positive),
    *elementwise(mg.tanh, real),
    *elementwise(mg.softplus, real, softplus),
    *elementwise(mg.relu, kinkless, lambda x: np.where(x.real > 0, x, 0)),
    *elementwise(mg.absolute, kinkless, lambda x: x * np.sign(x.real)),
    # choice
    example(mg.where, mask(3, 4), real(3, 4), real(3, 4)),
    example(mg.where, mask(3, 1), real(4), real()),
    example(mg.where, mask(3), real(2, 3, dtype="f4"), real(3)),
    example(mg.where, mask(2, 3), real(3, dtype="f4"), 0),
    example(mg.where, mask(0, 3), real(3), real(3)),
    example(mg.where, fixed([2, 0, -1]), real(3), real(3)),
    example(mg.where, np.array([1.0, 0.0, -2.0]), real(3), real(3), analytic=lambda m, x, y: np.where(m.real, x, y)),
    # steps: computed anew, never differentiated
    example(np.less, real(3, 1), real(4), derivatives=0),
    example(np.less_equal, whole(5), whole(5), derivatives=0),
    example(np.greater, real(3, 4), 0, derivatives=0),
    example(np.greater_equal, real(3, dtype="f4"), real(3), derivatives=0),
    example(np.equal, whole(5), whole(5), derivatives=0),
    example(np.not_equal, real(3), real(), derivatives=0),
    example(np.sign, real(3, 4), derivatives=0),
    example(np.logical_and, mask(3, 1), mask(4), derivatives=0),
    example(np.logical_or, mask(0, 3), mask(3), derivatives=0),
    example(np.logical_not, mask(3), derivatives=0),
    # products
    example(mg.matmul, real(2, 3), real(3, 4)),
    example(mg.matmul, real(3), real(3)),
    example(mg.matmul, real(2, 3), real(3)),
    example(mg.matmul, real(3), real(3, 4)),
    example(mg.matmul, real(5, 2, 3), real(5, 3, 4)),
    example(mg.matmul, real(5, 2, 3), real(3, 4)),
    example(mg.matmul, real(2, 3), real(5, 3, 4)),
    example(mg.matmul, real(2, 3), real(2, 5, 3, 4)),
    example(mg.matmul, real(1, 2, 3), real(5, 3, 4)),
    example(mg.matmul, real(5, 2, 3), real(1, 3, 4)),
    example(mg.matmul, real(4, 1, 2, 3), real(5, 3, 2)),
    example(mg.matmul, real(5, 2, 3), real(3)),
    example(mg.matmul, real(3), real(5, 3, 4)),
    example(mg.matmul, real(1, 1), real(1, 1)),
    example(mg.matmul, real(2, 0), real(0, 3)),
    example(mg.matmul, real(0, 2), real(2, 3)),
    example(mg.matmul, real(0), real(0)),
    example(mg.matmul, real(0, 2, 3), real(3, 4)),
    example(mg.matmul, real(2, 3), real(0, 3, 4)),
    example(mg.matmul, real(2, 3, dtype="f4"), real(3, 4, dtype="f4")),
    example(mg.matmul, real(2, 3, dtype="f4"), real(5, 3, 4)),
    example(mg.matmul, whole(2, 3), real(3)),
    example(mg.matmul, real(3, dtype="f4"), mask(3, 2)),
    example(mg.add_bias, real(3, 4), real(3, 1)),
    example(mg.add_bias, real(3, 4), real(1, 4)),
    example(mg.add_bias, real(2, 3, 4), real(1, 3, 1)),
    example(mg.add_bias, real(3), real(3)),
    example(mg.add_bias, real(3, 0), real(3, 1)),
    example(mg.add_bias, real(3, 4, dtype="f4"), real(1, 1)),
    example(mg.add_bias, whole(3, 2), real(3, 1)),
    # reductions
    *reducing(mg.sum, real),
    example(mg.sum, real(0, 3)),
    example(partial(mg.sum, axis=0), real(0, 3)),
    example(partial(mg.sum, axis=0), real()),
    *reducing(mg.mean, real),
    *reducing(mg.logsumexp, real, log_of_sum_of_exp),
    example(mg.logsumexp, whole(3), analytic=log_of_sum_of_exp, derivatives=0),
    *normalising(mg.softmax, softmax),
    *normalising(mg.log_softmax, log_softmax),
    # layout
    example(partial(mg.reshape, shape=(3, -1)), real(2, 3)),
    example(partial(mg.reshape, shape=-1), real(2, 3, dtype="f4")),
    example(partial(mg.reshape, shape=()), real(1, 1)),
    example(partial(mg.reshape, shape=(1, 1)), real()),
    example(partial(mg.reshape, shape=(3, 0)), real(0, 2)),
    example(mg.transpose, real(2, 3)),
    example(mg.transpose, real(2, 3, 4, dtype="f4")),
    example(mg.transpose, real()),
    example(partial(mg.transpose, axes=(1, 2, 0)), real(2, 3, 4)),
    example(partial(mg.transpose, axes=(-1, 0, -2)), real(2, 3, 0)),
    example(partial(mg.broadcast_to, shape=(2, 3)), real(3)),
    example(partial(mg.broadcast_to, shape=(4, 2, 3)), real(2, 1, dtype="f4")),
    example(partial(mg.broadcast_to, shape=3), real()),
    example(partial(mg.broadcast_to, shape=(0, 3)), real(1, 3)),
    example(listed(mg.concatenate), real(2, 3), real(1, 3)),
    example(listed(mg.concatenate, axis=-1), real(2, 3), real(2, 0), real(2, 1, dtype="f4")),
    example(listed(mg.concatenate, axis=1), whole(2, 1), real(2, 2), fixed(real(2, 1))),
    example(listed(mg.concatenate), real(3)),
    example(listed(mg.stack), real(2, 3), real(2, 3)),
    example(listed(mg.stack, axis=-1), real(3), real(3, dtype="f4"), whole(3)),
    example(listed(mg.stack, axis=1), real(2, 0), real(2, 0)),
    example(listed(mg.stack), real(), 1.0, real()),
    # picking
    example(pick[1], real(3, 4)),
    example(pick[-1, 2], real(3, 4)),
    example(pick[1:], real(3, 4, dtype="f4")),
    example(pick[::-2, None, 1:3], real(3, 4)),
    example(pick[..., 0], real(2, 3, 4)),
    example(pick[None, ..., 1:1], real(2, 3)),
    example(pick[()], real()),
    example(pick[...], real(2)),
    example(pick[None], real()),
    example(pick[[0, 0, 2]], real(3)),
    example(pick[[0, 0, 2]], real(3, 2, dtype="f4")),
    example(pick[[0, 0, 2], [1, 1, -1]], real(3, 4)),
    example(pick[:, [[0, 1], [1, 1]]], real(2, 3)),
    example(pick[[1, 1], :, [0, 0]], real(2, 3, 4)),
    example(pick[[]], real(3)),
    example(pick[np.array([True, False, True])], real(3, 2)),
    example(pick[np.array([[True, False], [False, True]])], real(2, 2, 3)),
    example(pick[np.array(1)], real(3)),
    example(pick[np.int64(1), None, [0, 0]], real(2, 3)),
    # precision
    example(partial(mg.astype, dtype="f4"), real(3), analytic=unchanged),
    example(partial(mg.astype, dtype="f8"), real(2, 3, dtype="f4"), analytic=unchanged),
    example(partial(mg.astype, dtype="f4"), real(0), analytic=unchanged),
    example(partial(mg.astype, dtype="i8"), real(3), derivatives=0),
    # the same, as a node of its own
    example(Alias(), real(3, dtype="f4")),
    example(StopGradient(), real(2, 3), derivatives=0),
    # costs
    example(mg.cross_entropy, unit(3, 4), unit(3, 4), analytic=partial(cross_entropy, samples=4)),
    example(mg.cross_entropy, unit(3), unit(3), analytic=partial(cross_entropy, samples=1)),
    example(mg.cross_entropy, unit(3, 4), fixed(labels(3, 4)), analytic=partial(cross_entropy, samples=4)),
    example(mg.cross_entropy, unit(3, 2), mask(3, 2), analytic=partial(cross_entropy, samples=2)),
    example(mg.cross_entropy, unit(3, 2, dtype="f4"), unit(3, 2), analytic=partial(cross_entropy, samples=2)),
    example(
        partial(mg.cross_entropy, units_axis=1), unit(3, 4), unit(3, 4), analytic=partial(cross_entropy, samples=3)
    ),
    example(
        partial(mg.cross_entropy, units_axis=-2),
        unit(2, 3, 4),
        unit(2, 3, 4),
        analytic=partial(cross_entropy, samples=8),
    ),
    example(mg.softmax_cross_entropy, real(3, 4), unit(3, 4), analytic=lambda z, y: -np.sum(y * log_softmax(z)) / 4),
    example(
        mg.softmax_cross_entropy, real(3), fixed([0.0, 1.0, 0.0]), analytic=lambda z, y: -np.sum(y * log_softmax(z))
    ),
    example(
        partial(mg.softmax_cross_entropy, units_axis=-1),
        real(2, 3, dtype="f4"),
        unit(2, 3),
        analytic=lambda z, y: -np.sum(y * log_softmax(z, -1)) / 2,
    ),
    example(mg.squared_error, real(3, 4), real(3, 4)),
    example(mg.squared_error, real(3, dtype="f4"), whole(3)),
    example(partial(mg.squared_error, units_axis=1), real(2, 3), real(2, 3)),
    example(listed(mg.l2_penalty, weight_decay=0.3, samples=5), real(2, 3), real(4), real(0)),
    example(listed(mg.l2_penalty, weight_decay=0.3), real(2, dtype="f4"), real()),
    example(listed(mg.l2_penalty, weight_decay=0.3), real(2, 3, dtype="f4")),
    # stable forms, by themselves and where they are found
    example(SignedSigmoid(-1), real(3, 4), analytic=lambda z: logistic(-z)),
    example(LogSigmoid(-1), real(2, dtype="f4"), analytic=lambda z: log_sigmoid(-z)),
    # σ(z) is given to these only to be read; the second derivative comes by it, when it is a node made from z
    example(
        SigmoidCrossEntropy(0, 1),
        np.array([[0.3, -0.5]]),
        unit(1, 2),
        fixed(logistic(np.array([[0.3, -0.5]]))),
        analytic=lambda z, y, a: cross_entropy(logistic(z), y, 2),
        derivatives=1,
    ),
    example(
        SigmoidCrossEntropy(0, -1),
        np.array([[0.3, -0.5]]),
        unit(1, 2),
        fixed(logistic(np.array([[-0.3, 0.5]]))),
        analytic=lambda z, y, a: cross_entropy(logistic(-z), y, 2),
        derivatives=1,
    ),
    *elementwise(named("1 - sigmoid(z)", lambda z: 1 - mg.sigmoid(z)), real, lambda z: logistic(-z)),
    *elementwise(named("log(sigmoid(z))", lambda z: mg.log(mg.sigmoid(z))), real, log_sigmoid),
    *elementwise(named("log(1 - sigmoid(z))", lambda z: mg.log(1 - mg.sigmoid(z))), real, lambda z: log_sigmoid(-z)),
    *elementwise(named("log1p(exp(z))", lambda z: mg.log1p(mg.exp(z))), real, softplus),
    *elementwise(named("log(1 + exp(z))", lambda z: mg.log(1 + mg.exp(z))), real, softplus),
    example(named("log(softmax(z))", lambda z: mg.log(mg.softmax(z))), real(3, 4), analytic=log_softmax),
    example(named("log(sum(exp(z)))", lambda z: mg.log(mg.sum(mg.exp(z)))), real(3, 4), analytic=log_of_sum_of_exp),
    example(
        named("log(1.0 array + exp(z))", lambda z: mg.log(np.array(1.0) + mg.exp(z))),
        real(3, dtype="f4"),
        analytic=softplus,
    ),
    example(cost_of_logits, real(3, 4), unit(3, 4), analytic=lambda z, y: cross_entropy(logistic(z), y, 4)),
    example(cost_of_logits, real(3, 2, dtype="f4"), mask(3, 2), analytic=lambda z, y: cross_entropy(logistic(z), y, 2)),
    example(
        named("cross_entropy(1 - sigmoid(z), y)", lambda z, y: mg.cross_entropy(1 - mg.sigmoid(z), y)),
        real(3, 4),
        unit(3, 4),
        analytic=lambda z, y: cross_entropy(logistic(-z), y, 4),
    ),
    example(cost_in_full, real(3, 4), unit(3, 4), analytic=lambda z, y: cross_entropy(logistic(z), y, 4)),
    example(LogOfSoftmax(0), LOGITS, fixed(softmax(LOGITS)), analytic=lambda z, p: log_softmax(z), derivatives=1),
    example(
        SoftmaxInFullCrossEntropy(0),
        LOGITS,
        unit(3, 2),
        fixed(softmax(LOGITS)),
        analytic=lambda z, y, p: cross_entropy(softmax(z), y, 2),
        derivatives=1,
    ),
    example(
        named("cross_entropy(softmax(z), y)", lambda z, y: mg.cross_entropy(mg.softmax(z), y)),
        real(3, 4),
        unit(3, 4),
        analytic=lambda z, y: cross_entropy(softmax(z), y, 4),
    ),
    # ops made of functions
    example(mg.custom(lambda argument, a, x: mg.Diagonal(3 * x * x))(cube), real(3, 4)),
    example(named("checkpoint(cube)", mg.checkpoint(cube)), real(3, 4), analytic=cube),
    example(Recomputed(cube, (np.zeros(3),)), real(3), analytic=cube),
    # the network, parts of results, and maps as ops
    example(bias_unit, real(3, 4)),
    example(bias_unit, real(3, 1, dtype="f4")),
    example(Part(1, (2, 1)), real(4)),
    example(Part(2, ()), real(3, dtype="f4")),
    example(Part(1, (0, 3)), real(2)),
    example(Through(mg.Scatter([0, 0, 2], (3,), (4,))), real(3)),
    example(Through(mg.Cast("f8", "f4", (3,))), real(3), analytic=unchanged),
    example(Through(mg.Zero((2, 3), (4,))), real(2, 3)),
]

EXAMPLES += (
    examples_pointwise.EXAMPLES + examples_reductions.EXAMPLES + examples_shaping.EXAMPLES + examples_linalg.EXAMPLES
)
