"""Random networks, and a witness for their gradients: a complex step on J written from N1 and N4 alone.

The imaginary part of J(θ + i h)/h is the slope, without a difference of nearly equal numbers, so that it is right to
rounding: Squire and Trapp, SIAM Review 40 (1998) 110.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

import minigrad as mg


class Example(NamedTuple):
    net: mg.Network
    X: np.ndarray
    Y: np.ndarray
    weight_decay: float


def random_example(rng: np.random.Generator) -> Example:
    """1–5 layers of weights, 1–7 units, 1–9 samples; labels 0, 1 or between; λ = 0 in every third; exact zeros in X."""
    sizes = rng.integers(1, 8, size=rng.integers(1, 6) + 1)
    samples = rng.integers(1, 10)
    spread = rng.choice([0.1, 1.0, 2.0])
    thetas = [rng.normal(scale=spread, size=(above, below + 1)) for below, above in pairwise(sizes)]
    X = rng.normal(size=(samples, sizes[0])) * (rng.random((samples, sizes[0])) < 0.8)
    Y = rng.random((samples, sizes[-1]))
    if rng.random() < 0.7:
        Y = Y.round()
    weight_decay = 0.0 if rng.random() < 1 / 3 else 10 ** rng.uniform(-3, 1)
    return Example(mg.Network.from_thetas(thetas), X, Y, weight_decay)


def relative_error(got, reference) -> float:
    """max|Δ| over max|reference|; a NaN anywhere is not hidden."""
    return float(np.max(np.abs(got - reference)) / np.max(np.abs(reference)))


def cost(thetas, X, Y, weight_decay, shifts=None):
    """J by N1 and N4 in plain NumPy; leading axes of Θ are many networks at once; `shifts` are added to each z."""
    a = X.T
    penalty = 0.0
    for l, theta in enumerate(thetas):
        z = theta[..., :, :1] + theta[..., :, 1:] @ a
        z = z if shifts is None else z + shifts[l]
        a = 1 / (1 + np.exp(-z))
        penalty = penalty + np.sum(theta[..., 1:] ** 2, axis=(-2, -1))
    terms = Y.T * np.log(1 + np.exp(-z)) + (1 - Y.T) * np.log(1 + np.exp(z))
    return np.sum(terms, axis=(-2, -1)) / len(X) + weight_decay / (2 * len(X)) * penalty


def by_complex_step(example: Example):
    """All δ and all ∂J/∂Θ, {layer: array} each: an imaginary 10⁻³⁰ on one entry after the other, all in one batch."""
    h = 1e-30
    thetas = example.net.thetas
    z_shapes = [(len(theta), len(example.X)) for theta in thetas]
    sizes = [theta.size for theta in thetas] + [int(np.prod(shape)) for shape in z_shapes]
    steps = np.split(1j * h * np.eye(sum(sizes)), np.cumsum(sizes)[:-1], axis=1)
    steps = [s.reshape(-1, *shape) for s, shape in zip(steps, [t.shape for t in thetas] + z_shapes, strict=True)]
    varied = [theta + step for theta, step in zip(thetas, steps, strict=False)]
    slopes = cost(varied, example.X, example.Y, example.weight_decay, steps[len(thetas) :]).imag / h
    parts = np.split(slopes, np.cumsum(sizes)[:-1])
    gradients = {l: part.reshape(theta.shape) for l, (part, theta) in enumerate(zip(parts, thetas, strict=False), 1)}
    deltas = {
        l: part.reshape(shape) for l, (part, shape) in enumerate(zip(parts[len(thetas) :], z_shapes, strict=True), 2)
    }
    return deltas, gradients


def largest_errors(networks: int = 1000) -> dict[str, float]:
    """The largest relative error of the sweep on random networks, by what is compared and with which witness."""
    rng, worst = (
        np.random.default_rng(2026),
        dict.fromkeys(("δ", "∂J/∂Θ", "δ, complex step", "∂J/∂Θ, complex step"), 0.0),
    )
    for _ in range(networks):
        example = random_example(rng)
        run = example.net.forward(example.X, example.Y, example.weight_decay)
        closed, by_step = run.closed_form(), by_complex_step(example)
        found = run.deltas(), run.theta_gradients()
        for name, got, right in zip(worst, found * 2, (closed.deltas, closed.theta_gradients, *by_step), strict=True):
            worst[name] = max(worst[name], *[relative_error(got[l], right[l]) for l in got])
    return worst


if __name__ == "__main__":
    for name, error in largest_errors().items():
        print(f"{name:22} {error:.1e}")
