"""The yardstick: NumPy as a good engineer would write it for just this problem, with the engine's own formulas.

    J = (1/m) Σ [log1p(e^−|z|) + |y − [z > 0]| |z|] + (λ/2m) Σ W²       stable at any logit
    δ^(L) = (a − y)/m,  δ^(l) = Wᵀ δ^(l+1) ⊙ a σ(−z)                     notes, N2 and N9
    ∂J/∂Θ = δ [1; a]ᵀ + (λ/m) [0, W]                                     notes, N10

Nothing is copied that need not be: activations are written straight below their row of ones, arrays no longer
needed are written over, and the data get their row of ones once, outside the timed part.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .rows import Array, ChainRow, Contestant, Numbers, Problem

ROUNDS_TO_ONE = math.log(4 / np.finfo(np.float64).eps)  # beyond it 1/(1 + e^−z) is 1, and e^z might overflow


def with_ones(a: Array) -> Array:
    """[1; a]: a row of ones on top (notes, N3)."""
    return np.concatenate([np.ones((1, a.shape[1])), a])


def network(problem: Problem) -> Contestant:
    """Value and gradients of the network, from data prepared once."""
    X, Y = with_ones(problem.X.T), np.ascontiguousarray(problem.Y.T)
    return lambda: value_and_gradients(problem.thetas, X, Y, problem.weight_decay)


def value_and_gradients(thetas: list[Array], X: Array, Y: Array, weight_decay: float) -> Numbers:
    """[J, ∂J/∂Θ^(1), …]; X (n + 1, m) with its row of ones, Y (K, m): a column a sample."""
    m = X.shape[1]
    zs, activations = [], [X]  # activations with their row of ones
    for theta in thetas[:-1]:
        z = theta @ activations[-1]
        a = np.empty((len(z) + 1, m))
        a[0] = 1
        sigmoid(z, out=a[1:])
        zs.append(z)
        activations.append(a)
    z = thetas[-1] @ activations[-1]

    J = data_term(z, Y) / m
    for theta in thetas:
        W = theta[:, 1:]
        J += weight_decay / (2 * m) * np.einsum("ij,ij", W, W)

    delta = sigmoid(z)
    delta -= Y
    delta /= m
    gradients = []
    for layer in range(len(thetas) - 1, -1, -1):
        W = thetas[layer][:, 1:]
        gradient = delta @ activations[layer].T
        gradient[:, 1:] += weight_decay / m * W
        gradients.append(gradient)
        if layer:
            delta = W.T @ delta
            delta *= slope(zs[layer - 1], activations[layer][1:])
    return [J, *reversed(gradients)]


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + e^−z) as e/(1 + e), which keeps all digits for z < 0."""
    e: Array = np.minimum(z, ROUNDS_TO_ONE)
    np.exp(e, e)
    a: Array = np.divide(e, e + 1, e if out is None else out)
    return a


def slope(z: Array, a: Array) -> Array:
    """g′(z) = a σ(−z), where a = σ(z); writes over z."""
    s = sigmoid(np.negative(z, z))
    s *= a
    return s


def data_term(z: Array, Y: Array) -> Any:
    """Σ log1p(e^−|z|) + |y − [z > 0]| |z|, over units and samples."""
    terms = Y - (z > 0)
    np.abs(terms, terms)
    size = np.abs(z)
    terms *= size
    np.negative(size, size)
    np.exp(size, size)
    np.log1p(size, size)
    terms += size
    return np.sum(terms)


def chain(row: ChainRow) -> Contestant:
    """The bare NumPy calls of a chain of tanh: forward keeping the values, then backward."""
    start = row.start()

    def run() -> Numbers:
        a = start
        values = []
        for _ in range(row.length):
            a = np.tanh(a)
            values.append(a)
        g = np.ones_like(a)
        for a in reversed(values):
            g = (1 - a * a) * g
        return [values[-1], g]

    return run
