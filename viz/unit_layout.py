"""Unit layout: where the circles of the unit view stand, and how wide the gaps between the layers are.

    layout(sizes, focus) → Layout       a column a layer, its bias unit on top; a gap between two columns

All units stand one STEP apart. So the lines that come into one column, n from below to each unit, cross the vertical at
1/(n + 1) of the gap before it in equal steps: there, each on its own line, their numbers have room.

      (1)───────┐            fractions of a step: (j n + i)/(n + 1), never two alike
      (a)──── 0.3 ──(z)
      (b)────−0.2 ──┘
"""

from collections.abc import Sequence
from dataclasses import dataclass

from viz.unit_matrix import Place

__all__ = ["BIAS_RADIUS", "RADIUS", "STEP", "Column", "Gap", "Layout", "Slot", "layout"]

RADIUS = 42.0
BIAS_RADIUS = 21.0
STEP = 106.0
MOST = 8
"""Units of a layer drawn in full; of larger ones the first three, the focused one and the last two."""

NUMBERED = 6
"""Lines into one unit, the bias's among them, up to which each bears its number."""

MARGIN = 24.0
HEADER = 92.0  # the picture's title, then two lines above every column
NUMBER_ROOM = 40.0  # half a number's width, and air
GAP = 190.0


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
    elided: bool

    def find(self, unit: int) -> Slot | None:
        """The place of a unit, if it is drawn."""
        return next((slot for slot in self.slots if slot.unit == unit), None)

    @property
    def units(self) -> tuple[Slot, ...]:
        """The places of the units drawn, without the bias unit."""
        return tuple([slot for slot in self.slots if slot.unit])


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
    x, columns, gaps = MARGIN + RADIUS + 14, [], []
    for l, units in _from_1(shown):
        elided = None in units
        if l > 1:
            gap = _gap(x + RADIUS, columns[-1], len(units), elided, focus is not None, sizes[l - 2 : l])
            gaps.append(gap)
            x = gap.right + RADIUS
        columns.append(_column(units, x, middle, elided, bias=l < last))
    bottom = middle + max(reach) + RADIUS
    return Layout(tuple(columns), tuple(gaps), middle, bottom)


def _from_1(items: Sequence[list[int | None]]) -> list[tuple[int, list[int | None]]]:
    return list(enumerate(items, 1))


def _shown(size: int, focus: int) -> list[int | None]:
    """The units drawn of so many; None stands for those left out between two."""
    if size <= MOST:
        return list(range(1, size + 1))
    kept = sorted({1, 2, 3, size - 1, size} | ({focus} if focus else set()))
    units: list[int | None] = []
    for unit in kept:
        if units and units[-1] is not None and unit > units[-1] + 1:
            units.append(None)
        units.append(unit)
    return units


def _column(units: list[int | None], x: float, middle: float, elided: bool, *, bias: bool) -> Column:
    top = middle - (len(units) - 1) / 2 * STEP
    slots = [Slot(unit, x, top + k * STEP) for k, unit in enumerate(units)]
    if bias:
        slots.insert(0, Slot(0, x + RADIUS - BIAS_RADIUS, top - STEP))
    return Column(tuple(slots), x, elided)


def _gap(left: float, before: Column, units: int, elided: bool, focused: bool, sizes: Sequence[int]) -> Gap:
    if elided or before.elided:
        from_matrix = 2 * 62 + Place((sizes[1], sizes[0] + 1)).size[0]
        return Gap(left, left + max(GAP, from_matrix), 0.0, False, True)
    lines = len(before.slots)
    numbered = lines <= NUMBERED and not focused
    span = max(GAP, (lines + 1) * NUMBER_ROOM) if numbered else GAP + 40
    return Gap(left, left + span, left + span * (1 - 1 / (lines + 1)) if numbered else left + span - 46, numbered, False)
