"""Unit matrix: Θ as a picture of cells, between two layers too large for lines.

    cells(theta) → Cells           a shade a cell, −4 … 4; large matrices in blocks, each its largest entry
    Place                          where on the sheet its rows and columns lie

The bias column stands apart on the left. Shades are quarters of the largest |θ|; only a true zero has none.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viz.textbook.svg import LEVELS, Sheet

__all__ = ["Place", "cells", "largest", "place"]

MOST_ROWS, MOST_COLUMNS = 50, 80
SIDE = 200.0  # about how large the picture is
SMALLEST, LARGEST = 2.5, 18.0  # a cell's side
APART = 4.0
NOT_FINITE = LEVELS + 1

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Place:
    """The cells of a matrix, its corner at x, y; `entries` are its rows and columns, the bias column first."""

    entries: tuple[int, int]
    x: float = 0.0
    y: float = 0.0

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns drawn."""
        rows, columns = self.entries
        return min(rows, MOST_ROWS), 1 + min(columns - 1, MOST_COLUMNS)

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell."""
        rows, columns = self.cells
        return _side(columns), _side(rows)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole."""
        (rows, columns), (w, h) = self.cells, self.cell
        return columns * w + APART, rows * h

    @property
    def is_blocked(self) -> bool:
        """Whether a cell may stand for several entries."""
        return self.cells != self.entries

    @property
    def block(self) -> str:
        """How many entries a cell stands for, at most."""
        (rows, columns), (drawn_rows, drawn_columns) = self.entries, self.cells
        return f"up to {-(-rows // drawn_rows)} × {-(-(columns - 1) // (drawn_columns - 1))} entries"

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """The upper left corner of a cell."""
        w, h = self.cell
        return self.x + column * w + (APART if column else 0.0), self.y + row * h

    def row_of(self, unit: int) -> int:
        """The row of cells that holds the row of a unit above, counted from 1."""
        return _block(self.entries[0], self.cells[0], unit - 1)

    def column_of(self, unit: int) -> int:
        """The column of cells that holds the column of a unit below; 0 is the bias unit."""
        return 1 + _block(self.entries[1] - 1, self.cells[1] - 1, unit - 1) if unit else 0

    def draw(self, sheet: Sheet, theta: Array) -> None:
        """All cells, those of one shade as one path."""
        w, h = self.cell
        air = min(0.4, min(w, h) / 10)
        shades = cells(theta)
        for shade in range(-LEVELS, NOT_FINITE + 1):
            at = [self.corner(int(r), int(c)) for r, c in zip(*np.nonzero(shades == shade), strict=True)]
            role = "not-finite" if shade == NOT_FINITE else f"{'plus' if shade > 0 else 'minus'}-{abs(shade)}"
            if shade:
                sheet.boxes([(x + air, y + air, w - 2 * air, h - 2 * air) for x, y in at], role)
        x, y = self.corner(0, 1)
        sheet.box(self.x, self.y, w, self.size[1], "frame")
        sheet.box(x, y, self.size[0] - w - APART, self.size[1], "frame")


def place(entries: tuple[int, int], left: float, right: float, middle: float) -> Place:
    """The place of a matrix in the middle of a gap.

    >>> place((2, 3), 0, 100, 50).corner(0, 0)
    (21.0, 32.0)
    """
    w, h = Place(entries).size
    return Place(entries, (left + right - w) / 2, middle - h / 2)


def cells(theta: Array) -> Array:
    """The shade of every cell: ±1 … ±4 by quarters of the largest |θ|, 0 for zeros, 5 where an entry is not finite.

    >>> cells(np.array([[0.0, 1.0, -0.3], [-1.0, 0.25, 0.26]]))
    array([[ 0,  4, -2],
           [-4,  1,  2]])
    """
    rows, columns = Place((theta.shape[0], theta.shape[1])).cells
    starts = _starts(theta.shape[0], rows), [0, *(1 + start for start in _starts(theta.shape[1] - 1, columns - 1))]
    high = np.maximum.reduceat(np.maximum.reduceat(theta, starts[0], 0), starts[1], 1).astype(np.float64)
    low = np.minimum.reduceat(np.minimum.reduceat(theta, starts[0], 0), starts[1], 1).astype(np.float64)
    most = largest(theta)
    finite = np.isfinite(high) & np.isfinite(low)
    entry = np.where(finite, np.where(high >= -low, high, low), 0.0)
    shades = np.sign(entry) * np.ceil(np.minimum(np.abs(entry) / (most or 1.0), 1.0) * LEVELS)
    shades = np.where((shades == 0) & (entry != 0), np.sign(entry), shades)  # |θ| / most underflowed
    return np.where(finite, shades, NOT_FINITE).astype(np.intp)


def largest(theta: Array) -> float:
    """The largest finite |θ|, 0 where there is none."""
    return float(np.abs(theta[np.isfinite(theta)]).max(initial=0.0))


def _side(count: int) -> float:
    return min(max(SIDE / count, SMALLEST), LARGEST)


def _starts(length: int, blocks: int) -> list[int]:
    """Where each of so many nearly equal blocks begins."""
    return [length * k // blocks for k in range(blocks)]


def _block(length: int, blocks: int, position: int) -> int:
    return max(k for k, start in enumerate(_starts(length, blocks)) if start <= position)
