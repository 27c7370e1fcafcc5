"""Costs that have a name, for derivations: what a reader would try first, and what breaks such engines.

Each function makes a graph and returns its output; its parameters are what it is differentiated by.
"""

import numpy as np
from derivation_graphs import Cubed, Mixed, applied, paired

import minigrad as mg


def parameters(**shapes):
    rng = np.random.default_rng(7)
    return [mg.parameter(rng.uniform(-1.2, 1.2, shape), name=name) for name, shape in shapes.items()]


def data(*shape, name="X", seed=3):
    return mg.constant(np.random.default_rng(seed).uniform(-1.5, 1.5, shape), name=name)


def labels(*shape, seed=4):
    return mg.constant((np.random.default_rng(seed).random(shape) > 0.5) * 1.0, name="Y")


def deep(activation, rows=False):
    W1, W2 = parameters(W1=(2, 4) if rows else (4, 2), W2=(4, 3) if rows else (3, 4))
    b1, b2 = parameters(b1=(1, 4) if rows else (4, 1), b2=(1, 3) if rows else (3, 1))
    X = data(5, 2) if rows else data(2, 5)
    if rows:
        return mg.add_bias(activation(mg.add_bias(X @ W1, b1)) @ W2, b2)
    return mg.add_bias(W2 @ activation(mg.add_bias(W1 @ X, b1)), b2)


def tanh_network():
    return mg.cross_entropy(mg.sigmoid(deep(np.tanh)), labels(3, 5))


def tanh_network_of_rows():
    return mg.cross_entropy(mg.sigmoid(deep(np.tanh, rows=True)), labels(5, 3), units_axis=1)


def relu_network():
    return mg.squared_error(deep(mg.relu), data(3, 5, name="Y"))


def softmax_network():
    y = np.eye(3)[[0, 2, 1, 1, 0]].T
    return mg.softmax_cross_entropy(deep(mg.sigmoid), y)


def softmax_then_logarithm():
    y = np.eye(3)[[0, 2, 1, 1, 0]].T
    return -mg.mean(mg.sum(y * np.log(mg.softmax(deep(np.tanh))), axis=0))


def residual_network():
    W, V = parameters(W=(3, 3), V=(3, 3))
    a = data(3, 4)
    a = a + np.tanh(W @ a)
    a = a + np.tanh(V @ a)
    return mg.squared_error(a, data(3, 4, name="Y", seed=9))


def recurrent_network():
    W, U, b = parameters(W=(3, 3), U=(3, 2), b=(3, 1))
    h = mg.constant(np.zeros((3, 4)), name="h0")
    for t in range(3):
        h = np.tanh(W @ h + U @ data(2, 4, name=f"x{t + 1}", seed=t) + b)
    return mg.squared_error(h, data(3, 4, name="Y"))


def logistic_regression():
    w, b = parameters(w=(1, 3), b=(1, 1))
    return mg.cross_entropy(mg.sigmoid(mg.add_bias(w @ data(3, 6), b)), labels(1, 6)) + mg.l2_penalty(
        [w], 0.5, samples=6
    )


def logistic_regression_in_numpy():
    (w,) = parameters(w=(3,))
    p = 1 / (1 + np.exp(-(data(6, 3) @ w)))
    y = labels(6)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def own_diagonal_op():
    (v,) = parameters(v=(4,))
    return mg.sum(paired(Cubed()(v), np.tanh(v)))


def own_dense_op():
    (v,) = parameters(v=(3,))
    C = np.random.default_rng(0).normal(size=(3, 3))
    return mg.sum(np.sin(Mixed(C)(Mixed(C)(v))))


def own_matrix_op():
    A, v = parameters(A=(2, 3), v=(3, 2))
    return mg.sum(np.tanh(applied(A, np.tanh(v))))


def op_with_two_results():
    (A,) = parameters(A=(3, 3))
    sign, logarithm = np.linalg.slogdet(A @ A.T + 2 * np.eye(3))
    return logarithm * sign


def eigenvalues_and_vectors():
    (A,) = parameters(A=(3, 3))
    values, vectors = np.linalg.eigh(A + A.T + np.diag([0.0, 2.0, 5.0]))
    return mg.sum(values * values) + mg.sum(vectors[0] * vectors[0] * values)


def two_losses():
    W, b = parameters(W=(3, 2), b=(3, 1))
    z = W @ data(2, 4) + b
    return mg.cross_entropy(mg.sigmoid(z), labels(3, 4)) + 0.5 * mg.squared_error(np.tanh(z), data(3, 4, name="T"))


def broadcasting_and_reductions():
    u, v, w = parameters(u=(3, 1), v=(4,), w=(2, 1, 1))
    t = np.tanh(u * v + w)
    return mg.sum(mg.mean(t, axis=0) * mg.sum(t * t, axis=(0, 1), keepdims=True)[0])


def layer_norm():
    W, g, b = parameters(W=(4, 2), g=(4, 1), b=(4, 1))
    z = W @ data(2, 3)
    centred = z - mg.mean(z, axis=0, keepdims=True)
    return mg.squared_error(
        g * centred / np.sqrt(mg.mean(centred**2, axis=0, keepdims=True) + 0.1) + b, data(4, 3, name="Y")
    )


def batch_norm():
    W, g, b = parameters(W=(4, 2), g=(4, 1), b=(4, 1))
    z = W @ data(2, 5)
    centred = z - mg.mean(z, axis=1, keepdims=True)
    return mg.squared_error(g * centred / np.sqrt(np.var(z, axis=1, keepdims=True) + 0.1) + b, data(4, 5, name="Y"))


def attention():
    Q, K, V = parameters(Q=(2, 3), K=(2, 3), V=(3, 2))
    X = data(4, 2)
    weights = mg.softmax((X @ Q) @ (X @ K).T / np.sqrt(3), units_axis=1)
    return mg.sum((weights @ (X @ V.T)) ** 2)


def single_precision():
    W = mg.parameter(np.float32([[0.5, -0.25], [1.0, 0.75], [0.1, -0.3]]), name="W")
    X = mg.constant(np.float32([[1.0, 2.0, -1.0], [0.5, -1.0, 0.25]]), name="X")
    return mg.squared_error(mg.sigmoid(W @ X), np.float32([[1, 0, 1], [0, 0, 1], [1, 1, 0]]))


def penalised_and_used():
    W, V = parameters(W=(3, 3), V=(3, 2))
    return mg.sum(np.tanh(W @ np.tanh(W @ V))) + mg.sum(W * W) + mg.l2_penalty([W, V, W], 0.3)


def square_of_itself():
    (v,) = parameters(v=(3,))
    return mg.sum(v * v)


def product_with_itself():
    (A,) = parameters(A=(3, 3))
    return mg.sum(np.sin(A @ A))


def diamonds():
    (v,) = parameters(v=(2,))
    y = v
    for k in range(60):
        y = 0.5 * (y + np.tanh(y)) if k % 20 == 19 else 0.5 * y + 0.5 * y
    return mg.sum(y)


def numbers_alone():
    u, v = parameters(u=(), v=())
    return mg.sigmoid(u * v + np.sin(u)) * np.exp(v) / (u * u + 1)


def empty_arrays():
    u, v = parameters(u=(0,), v=(3,))
    return mg.sum(u * 2.0) + mg.sum(v * v)


def arrays_of_one():
    u, v, w = parameters(u=(1,), v=(1, 1), w=(1, 1, 1))
    return mg.sum(np.tanh(u * v) * w + v @ v)


def layers_of_one_unit():
    return mg.Network((1, 1, 1), rng=0).forward([[0.5], [1.5], [-1.0]], [[1.0], [0.0], [1.0]], weight_decay=0.2).J


def one_sample_of_one_unit():
    return mg.Network((1, 1), rng=0).forward([[0.5]], [[1.0]]).J


def convolution():
    (u,) = parameters(u=(3,))
    return mg.sum(np.convolve(u, [1.0, -2.0, 0.5, 0.25]) ** 2)


CASES = [
    tanh_network, tanh_network_of_rows, relu_network, softmax_network, softmax_then_logarithm, residual_network,
    recurrent_network, logistic_regression, logistic_regression_in_numpy, own_diagonal_op, own_dense_op, own_matrix_op,
    op_with_two_results, eigenvalues_and_vectors, two_losses, broadcasting_and_reductions, layer_norm, batch_norm,
    attention, single_precision, penalised_and_used, square_of_itself, product_with_itself, diamonds, numbers_alone,
    empty_arrays, arrays_of_one, layers_of_one_unit, one_sample_of_one_unit, convolution,
]  # fmt: skip
