"""Unit layout: where the circles of the unit view stand, and how wide the gaps between the layers are.

    layout(sizes, focus) → Layout       a column a layer, its bias unit on top; a gap between two columns

All units stand one STEP apart. Of the lines into a column, n to each unit, the one from place i to unit j crosses the
vertical at f of the gap before the column at the height (1 − f) j + f i, in steps. With f = 1/(n + 2) these heights
are (n + 1) j + i parts of n + 2, i = 0 … n − 1: no two alike, unit by unit with a free one between. There stand their
numbers.

      (1)──────┐
      (a)──── 0.3 ──(z)
      (b)────−0.2 ──┘
"""

from collections.abc import Sequence
from dataclasses import dataclass

from viz.textbook.matrix import Place

__all__ = ["BIAS_RADIUS", "RADIUS", "STEP", "Column", "Gap", "Layout", "Slot", "layout"]

RADIUS = 46.0
BIAS_RADIUS = 22.0
STEP = 114.0
MOST = 8
"""Units of a layer drawn in full; of larger ones the first three, the focused one and the last two."""

NUMBERED = 6
"""Lines into one unit, the bias's among them, up to which each bears its number."""

MARGIN = 24.0
HEADER = 96.0  # the picture's title, then two lines above every column
NUMBER_ROOM = 36.0  # half a number's width, and air
GAP = 190.0
MATRIX_GAP = 300.0  # its scale, below it, keeps clear of the wires
WIRES = 70.0


@dataclass(frozen=True)
class Slot:
    """A place in a column: unit i (0 is the bias unit), or None for the units left out."""

    unit: int | None
    x: float
    y: float

    @property
    def radius(self) -> float:
        """Of its circle."""
        return BIAS_RADIUS if self.unit == 0 else RADIUS


@dataclass(frozen=True)
class Column:
    """A layer's places from top to bottom; the bias unit ends flush right with the others, so lines start alike."""

    slots: tuple[Slot, ...]
    x: float

    @property
    def drawn(self) -> tuple[tuple[Slot, int], ...]:
        """The places of units, each with its unit; 0 is the bias unit."""
        return tuple([(slot, slot.unit) for slot in self.slots if slot.unit is not None])


@dataclass(frozen=True)
class Gap:
    """Between the circles of two columns, from x `left` to `right`: lines, or a picture of the matrix.

    `numbers` is the x at which lines bear their numbers; `numbered` whether all do, or only those of the focus.
    """

    left: float
    right: float
    numbers: float
    numbered: bool
    matrix: bool

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Layout:
    """The columns and gaps; `middle` is the y of the units' middle, `bottom` the y below all circles."""

    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    middle: float
    bottom: float

    @property
    def right(self) -> float:
        """The x of the last circles' right edge."""
        return self.columns[-1].x + RADIUS


def layout(sizes: Sequence[int], focus: tuple[int, int] | None = None) -> Layout:
    """Where all units of a network stand, and where the numbers of its lines.

    >>> [len(column.slots) for column in layout([2, 3, 1]).columns], [len(c.slots) for c in layout([400, 10]).columns]
    ([3, 4, 1], [7, 6])
    """
    last = len(sizes)
    shown = [_shown(size, focus[1] if focus and focus[0] == l else 0) for l, size in enumerate(sizes, 1)]
    reach = [(len(units) - 1) / 2 * STEP for units in shown]  # of the outermost units' centres from the middle
    middle = HEADER + max([RADIUS + reach[-1]] + [BIAS_RADIUS + STEP + each for each in reach[:-1]])
    columns: list[Column] = []
    gaps: list[Gap] = []
    x = MARGIN + RADIUS + 14
    for l, units in enumerate(shown, 1):
        if gaps:
            x = gaps[-1].right + RADIUS
        columns.append(_column(units, x, middle, bias=l < last))
        if l < last:
            elided = None in units or None in shown[l]
            matrix = Place((sizes[l], sizes[l - 1] + 1)) if elided else None
            gaps.append(_gap(x + RADIUS, len(units) + 1, matrix, focused=focus is not None))
    return Layout(tuple(columns), tuple(gaps), middle, middle + max(reach) + RADIUS)


def _shown(size: int, focus: int) -> list[int | None]:
    """The units drawn of so many; None stands for those left out between two."""
    if size <= MOST:
        return list(range(1, size + 1))
    units: list[int | None] = []
    for unit in sorted({1, 2, 3, size - 1, size} | ({focus} if focus else set())):
        if units and unit - 1 not in units:
            units.append(None)
        units.append(unit)
    return units


def _column(units: list[int | None], x: float, middle: float, *, bias: bool) -> Column:
    top = middle - (len(units) - 1) / 2 * STEP
    slots = [Slot(unit, x, top + k * STEP) for k, unit in enumerate(units)]
    if bias:
        slots.insert(0, Slot(0, x + RADIUS - BIAS_RADIUS, top - STEP))
    return Column(tuple(slots), x)


def _gap(left: float, lines: int, matrix: Place | None, *, focused: bool) -> Gap:
    """The gap after x = left, with so many lines to each unit, or a matrix instead."""
    if matrix is not None:
        right = left + max(MATRIX_GAP, matrix.size[0] + 2 * WIRES)
        return Gap(left, right, right, numbered=False, matrix=True)
    if focused or lines > NUMBERED:
        right = left + GAP + 40
        return Gap(left, right, right - 46, numbered=False, matrix=False)
    span = max(GAP, (lines + 2) * NUMBER_ROOM)
    return Gap(left, left + span, left + span * (1 - 1 / (lines + 2)), numbered=True, matrix=False)
