"""Numbers: arrays and scalars as short text, aligned and never rounded to a false zero.

scalar    one number, six digits
grid      a small array as rows of text, to a common number of decimals
summary   a large array as min, mean, max, norm
norm      the Euclidean norm, without overflow
"""

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["grid", "is_small", "norm", "scalar", "summary"]

MOST = 5
"""A table has at most this many rows and columns; larger arrays are summarised."""

_EXPONENT = re.compile(r"e([+-])0*(\d+)")

Array = npt.NDArray[Any]


def is_small(array: Array) -> bool:
    """Whether the array is drawn entry by entry: at most 2-D, neither empty nor more than 5 long."""
    return array.ndim <= 2 and array.size > 0 and max(array.shape, default=1) <= MOST


def scalar(x: Any, digits: int = 6) -> str:
    """One number as text, to so many significant digits, with a real minus sign.

    >>> scalar(-0.25), scalar(1e-12), scalar(float("inf")), scalar(True)
    ('−0.25', '1e−12', '∞', 'True')
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    if isinstance(x, int | np.integer) and abs(int(x)) < 10**digits:
        return _typeset(str(int(x)))
    return _typeset(f"{float(x) + 0.0:.{digits}g}")  # + 0.0 turns −0 into 0


def grid(array: Array) -> list[list[str]]:
    """A small array as rows of text, shape (rows, columns); a 0-d array is one entry, a 1-D array one row.

    Decimals are common to the array: four significant digits of its largest entry. An entry that would lose its digits
    by that is written with an exponent, so that only true zeros read 0.

    >>> grid(np.array([[0.5, -0.25], [1e-7, 0.0]]))
    [['0.5000', '−0.2500'], ['1.0e−7', '0']]
    """
    if array.ndim == 0:
        return [[scalar(array[()])]]
    rows = np.atleast_2d(array)
    if rows.dtype.kind != "f":
        return [[scalar(x) for x in row] for row in rows]
    decimals = _decimals(rows)
    return [[_entry(float(x), decimals) for x in row] for row in rows]


def summary(array: Array) -> list[tuple[str, str]]:
    """A large array in a few words: pairs of caption and number, such as ("mean", "0.13").

    Entries that are not finite are counted and left out of the rest; the norm is of the entries as they are.

    >>> summary(np.zeros((10, 10)))
    [('all', '0')]
    """
    if array.size == 0:
        return [("empty", "")]
    values = array.astype(np.float64)
    finite = values[np.isfinite(values)]
    pairs = []
    if finite.size and finite.min() == finite.max() and finite.size == values.size:
        return [("all", scalar(array.flat[0], 4))]
    if finite.size:
        scale = max(abs(float(finite.min())), abs(float(finite.max())), 1.0)
        mean = float(np.mean(finite / scale)) * scale  # scaled, so that the sum cannot overflow
        pairs = [("min", scalar(finite.min(), 4)), ("max", scalar(finite.max(), 4)), ("mean", scalar(mean, 4))]
    pairs.append(("‖·‖", scalar(norm(values), 4)))
    if finite.size < values.size:
        pairs.append(("not finite", str(values.size - finite.size)))
    return pairs


def norm(array: Array) -> float:
    """The Euclidean norm of all entries, any shape; scaled by the largest, so that squares neither overflow nor vanish.

    >>> norm(np.array([3e200, 3e200, 3e200, 3e200]))
    6e+200
    """
    if array.size == 0:
        return 0.0
    flat = array.ravel()
    largest = float(np.abs(flat).max()) if flat.dtype.kind == "f" else float(np.abs(flat.astype(np.float64)).max())
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = flat / largest
    return largest * math.sqrt(float(np.dot(scaled, scaled)))


def _decimals(rows: Array) -> int | None:
    """Decimals for entries in fixed point; None when the largest entry asks for an exponent."""
    sizes = np.abs(rows[np.isfinite(rows)])
    largest = float(sizes.max(initial=0.0))
    if largest < 1e5 and np.all(sizes == np.floor(sizes)):
        return 0
    if not 1e-3 <= largest < 1e5:
        return None
    return max(0, 3 - math.floor(math.log10(largest)))


def _entry(x: float, decimals: int | None) -> str:
    if x == 0.0:
        return "0"
    if decimals is None:
        return _typeset(f"{x:.3e}")
    if abs(x) < 10.0 ** (1 - decimals) and decimals > 0:
        return _typeset(f"{x:.1e}")
    return _typeset(f"{x:.{decimals}f}")


def _typeset(text: str) -> str:
    """Python's spelling of a number → the picture's: a real minus, short exponents, ∞."""
    text = _EXPONENT.sub(lambda match: "e" + match[1].replace("+", "") + match[2], text).removesuffix("e0")
    return text.replace("-", "−").replace("inf", "∞")
