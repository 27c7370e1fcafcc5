"""Derivatives without an autodiff engine, and formulas in the plainest NumPy: what the laws are held against.

complex_step(f, at, along)   to rounding, where f is analytic as NumPy computes it
ridders(f)                   to about ten digits, for any smooth f of one number
relative_error(got, right)   max|Δ| over max|right|
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def complex_step(f: Callable[..., Any], at: Sequence[Any], along: Sequence[Any]) -> Array:
    """The derivative of f(*at) along the given directions (None: that argument stands still).

    The imaginary part of f(x + i h v)/h, without a difference of nearly equal numbers: Squire and Trapp, SIAM Review
    40 (1998) 110.
    """
    h = 1e-30
    moved = [in_double(a) for a in at]
    for k, v in enumerate(along):
        if v is not None:
            moved[k] = np.asarray(moved[k] + 1j * h * v)
    return np.asarray(np.imag(f(*moved)) / h)


def in_double(array: Any) -> Any:
    """The same numbers in double precision; whole numbers, masks and Python's own numbers as they are."""
    is_single = isinstance(array, np.ndarray) and array.dtype.kind == "f"
    return array.astype(np.float64) if is_single else array


def ridders(f: Callable[[float], Array], step: float = 0.05, rows: int = 8) -> Array:
    """The derivative of f at 0, f an array of a number, by central differences extrapolated to step zero.

    Ridders, Advances in Engineering Software 4 (1982) 75, in the form of Numerical Recipes, section 5.7: a Neville
    table of steps halved each time, of which each entry takes the estimate that its neighbours contradict least.
    """
    best, error = None, np.inf
    table: list[Array] = []
    for row in range(rows):
        h = step / 2**row
        new = [(f(h) - f(-h)) / (2 * h)]
        for k, coarser in enumerate(table, 1):
            new.append(new[-1] + (new[-1] - coarser) / (4**k - 1))
            doubt = np.maximum(np.abs(new[-1] - new[-2]), np.abs(new[-1] - coarser))
            best = new[-1] if best is None else np.where(doubt < error, new[-1], best)
            error = np.minimum(error, doubt)
        table = new
    return np.asarray(best)


def relative_error(got: Any, right: Any, size: float = 0.0) -> float:
    """max|Δ| over max|right|, or over `size` where that is more; max|Δ| itself where the right answer is 0.

    A NaN anywhere comes out as NaN, which no tolerance accepts; another shape is an error.
    """
    got, right = np.asarray(got), np.asarray(right)
    assert got.shape == right.shape, f"{got.shape} is not {right.shape}"
    difference = largest([got.astype(np.float64) - right])
    size = max(size, largest([right]))
    return difference / size if size != 0 else difference


def largest(arrays: Sequence[Array]) -> float:
    """max|x| over all entries, 0 where there are none, NaN where one is (Python's own max would hide it)."""
    return float(np.max(np.concatenate([[0.0], *[np.abs(a).ravel() for a in arrays]])))


def logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softplus(z: Any) -> Any:
    return np.log(1 + np.exp(z))


def log_sigmoid(z: Any) -> Any:
    return -softplus(-z)


def log_of_sum_of_exp(z: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.log(np.sum(np.exp(z), axis=axis, keepdims=keepdims))


def softmax(z: Any, axis: int = 0) -> Any:
    return np.exp(z) / np.sum(np.exp(z), axis=axis, keepdims=True)


def log_softmax(z: Any, axis: int = 0) -> Any:
    return np.log(softmax(z, axis))


def cross_entropy(a: Any, y: Any, samples: int) -> Any:
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / samples


def unchanged(x: Any) -> Any:
    return x
