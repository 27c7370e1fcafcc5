"""Numbers out: arrays and linear maps as data for the page, in full precision.

array     an array, entry by entry while it is small, as summary and a coarse picture when it is large
matrix    a local Jacobian's dense matrix: its entries that are not zero, or a coarse picture
number    one entry; NaN, infinities and integers too long for JavaScript as text
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from viz import numbers

__all__ = ["Budget", "array", "matrix", "number"]

Array = npt.NDArray[Any]
Data = dict[str, Any]

LIMITS = (10_000, 3_000, 1_000, 300, 100, 30, 10)
MOST_NUMBERS = 60_000  # about a megabyte
EXACT = 64  # entries of an array that needs no picture
PICTURE = 32  # rows and columns of a coarse picture
MATRIX = 4_096  # entries of a matrix given in full
MATRIX_PICTURE = 250_000  # entries of a matrix that is made at all
LONGEST_INTEGER = 2**53


@dataclass(slots=True)
class Budget:
    """How many numbers a page holds: arrays of at most `entries`, of all matrices `matrix_entries` together."""

    entries: int
    matrix_entries: int = MOST_NUMBERS

    @classmethod
    def for_arrays(cls, sizes: Iterable[int]) -> "Budget":
        """The largest limit with which arrays of these sizes make a page of reasonable length."""
        sizes = list(sizes)
        for limit in LIMITS:
            if sum(size for size in sizes if size <= limit) <= MOST_NUMBERS:
                return cls(limit)
        return cls(LIMITS[-1])


def number(x: Any) -> Any:
    """One entry as JSON knows it.

    >>> number(np.float64(0.1)), number(np.inf), number(np.int64(2**60)), number(np.bool_(True))
    (0.1, 'Infinity', '1152921504606846976', True)
    """
    value = x.item() if isinstance(x, np.generic) else x
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LONGEST_INTEGER else str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    return str(value)


def array(values: Any, budget: Budget) -> Data | None:
    """An array: its shape, with `data` while that is within the budget, with summary and `picture` when not small."""
    if values is None:
        return None
    values = np.asarray(values)
    out: Data = {"shape": list(values.shape), "dtype": values.dtype.name}
    if values.size <= budget.entries:
        out["data"] = [number(x) for x in values.ravel()]
    if values.size > min(EXACT, budget.entries):
        out |= _summary(values)
        out["picture"] = _picture(values.reshape(-1, values.shape[-1]))
    return out


def matrix(jacobian: Any, budget: Budget) -> Data | None:
    """The matrix of a linear map, (out.size, in.size): `cells` [row, column, entry], or a picture, or None if huge."""
    if not hasattr(jacobian, "matrix"):
        return None
    rows, columns = math.prod(jacobian.out_shape), math.prod(jacobian.in_shape)
    if rows * columns > MATRIX_PICTURE or rows * columns == 0:
        return None
    dense = np.asarray(jacobian.matrix())
    out: Data = {"rows": rows, "columns": columns}
    filled = np.argwhere(dense != 0)
    if rows * columns <= MATRIX and len(filled) <= budget.matrix_entries:
        budget.matrix_entries -= len(filled)
        return out | {"cells": [[int(i), int(j), number(dense[i, j])] for i, j in filled]}
    return out | {"picture": _picture(dense)}


def _summary(values: Array) -> Data:
    """Smallest, largest, mean and norm; those that are not finite are counted and left out of the first three."""
    floats = values.astype(np.float64)
    finite = floats[np.isfinite(floats)]
    out: Data = {"norm": number(numbers.norm(floats)), "notFinite": int(floats.size - finite.size)}
    if finite.size:
        scale = max(abs(float(finite.min())), abs(float(finite.max())), 1.0)
        out |= {"min": number(finite.min()), "max": number(finite.max())}
        out["mean"] = number(float(np.mean(finite / scale)) * scale)  # scaled, so that the sum cannot overflow
    return out


def _picture(values: Array) -> Data:
    """A matrix in at most 32 × 32 blocks, each the entry that is largest in size; what is not finite is NaN."""
    floats = values.astype(np.float64)
    rows, columns = (_edges(size) for size in floats.shape)
    blocks = [
        [_largest(floats[top:bottom, left:right]) for left, right in pairwise(columns)]
        for top, bottom in pairwise(rows)
    ]
    return {"rows": len(rows) - 1, "columns": len(columns) - 1, "values": [x for line in blocks for x in line]}


def _edges(size: int) -> list[int]:
    count = min(size, PICTURE)
    return [size * k // count for k in range(count + 1)]


def _largest(block: Array) -> Any:
    """The entry that is largest in size, to four digits: a picture shows no more."""
    flat = block.ravel()
    if not np.isfinite(flat).all():
        return "NaN"
    return float(f"{flat[np.argmax(np.abs(flat))]:.4g}")
