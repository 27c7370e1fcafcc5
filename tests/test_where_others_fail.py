"""Functions and cases in which other engines that run NumPy code give no derivative, or a wrong one.

Each docstring says what was seen of autograd 1.9.1 and MyGrad 2.5.0 on NumPy 2.4.6, in one sentence. Where it says that
one "has no derivative of it": autograd raises NotImplementedError, "VJP of … not defined", and MyGrad TypeError, "no
implementation found". MyGrad has first derivatives only.

The law is one: value, gradient and Hessian of Σ w sin f(x), with random weights w, so that a linear f has second
derivatives too. The witnesses are NumPy and, of derivatives, complex step where f is analytic as NumPy computes it (or
as array_modules.py continues it), Ridders' extrapolation elsewhere.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from array_modules import ANALYTIC
from witnesses import complex_step, relative_error, ridders

import minigrad as mg

Function = Callable[..., Any]  # of a module, such as NumPy, and an array

SLOPE = 1e-12  # of a gradient, against complex step
EXTRAPOLATED = 1e-8  # of a derivative, against Ridders


def weighted(f: Function, w: np.ndarray) -> Function:
    return lambda module, x: module.sum(w * module.sin(f(module, x)))


def directions(x: np.ndarray) -> list[np.ndarray]:
    return [unit.reshape(x.shape) for unit in np.eye(x.size)]


def check(f: Function, x: Any, analytic: bool = True) -> None:
    """Value, gradient and Hessian of f at x; entries that are NaN are left out, and have the derivative 0."""
    x = np.asarray(x, np.float64)
    value, right = f(np, mg.parameter(x)), np.asarray(f(np, x))
    assert (value.shape, value.dtype) == (right.shape, right.dtype)
    assert relative_error(value.value, right) <= 1e-14
    J = weighted(f, np.random.default_rng(x.size).uniform(0.5, 2, size=right.shape))

    def gradient(at: np.ndarray) -> np.ndarray:
        return np.asarray(mg.grad(lambda x: J(np, x))(at))

    def by_complex_step(at: np.ndarray) -> np.ndarray:
        slopes = [complex_step(lambda x: J(ANALYTIC, x), [at], [along]) for along in directions(x)]
        return np.reshape(slopes, x.shape)

    if analytic:
        assert relative_error(gradient(x), by_complex_step(x)) <= SLOPE
    else:
        slopes = [ridders(lambda h, along=along: J(np, x + h * along)) for along in directions(x)]
        assert relative_error(gradient(x), np.reshape(slopes, x.shape)) <= EXTRAPOLATED
    H = mg.hessian(lambda x: J(np, x))(x)
    first = by_complex_step if analytic else gradient
    columns = [ridders(lambda h, along=along: first(x + h * along)) for along in directions(x)]
    assert relative_error(H, np.stack(columns, axis=-1).reshape(H.shape)) <= EXTRAPOLATED


# Entries keep a distance of 0.2 and more from each other and from 0, so that extrapolation crosses no kink.
VECTOR = np.array([0.9, -0.4, 1.6, 0.35, -1.3])
MATRIX = np.array([[0.9, -0.4, 1.6], [0.35, -1.3, 0.6], [-0.8, 1.15, 2.0]])
TALL = np.array([[0.9, -0.4], [1.6, 0.35], [-1.3, 0.6], [-0.8, 1.15]])
CUBE = np.array([[[0.9, -0.4], [1.6, 0.35]], [[-1.3, 0.6], [-0.8, 1.15]]])
GAPS = np.array([[0.9, np.nan, 1.6], [np.nan, -1.3, 0.6], [-0.8, 1.15, 2.0]])


# --- nobody but us: autograd and MyGrad both have no derivative -------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        lambda np, x: np.flip(x),
        lambda np, x: np.flip(x, 1),
        lambda np, x: np.flip(x, (0, -1)),
    ],
)
def test_flip(f):
    """Neither autograd nor MyGrad has a derivative of it."""
    check(f, MATRIX)
