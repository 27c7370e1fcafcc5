"""Unit lines: what lies between two layers of the unit view, and the key to it.

A line a weight θ_ji from unit i to unit j, as wide as |θ_ji|, solid and orange or dashed and blue by its sign; its
number on it where there is room. Beside a layer too large for that, Θ as a matrix of cells.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy.typing as npt

from viz.textbook.layout import Layout, Slot
from viz.textbook.matrix import Place, largest, place
from viz.textbook.network import Net
from viz.textbook.sums import indexed, number
from viz.textbook.svg import LEVELS, Sheet, width

__all__ = ["Scene", "draw_key", "draw_lines"]

THIN, THICK = 0.7, 4.2
FADED = 0.2  # the lines that do not touch the focused unit
SMALL = 9.5

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn, where, and on what; `focus` is the layer and unit that stands out, if any."""

    sheet: Sheet
    net: Net
    plan: Layout
    focus: tuple[int, int] | None

    @cached_property
    def largest(self) -> float:
        """The largest |θ| of all, which has the widest line."""
        return max(largest(theta) for theta in self.net.thetas)


@dataclass(frozen=True)
class _Line:
    """The line of θ_ji in Θ^l, from unit i at `source` to unit j at `target`."""

    l: int
    source: Slot
    target: Slot
    weight: float
    touched: bool  # it begins or ends at the focused unit


def draw_lines(scene: Scene) -> None:
    """What lies in every gap, and over it the name and shape of its Θ."""
    for l, (gap, theta) in enumerate(zip(scene.plan.gaps, scene.net.thetas, strict=True), 1):
        rows, columns = theta.shape
        scene.sheet.text(gap.middle, 56, f"{indexed('Θ', l)} ({rows} × {columns})", "quiet")
        if gap.matrix:
            _draw_matrix(scene, l, theta)
        else:
            _draw_weights(scene, l, theta)


def draw_key(scene: Scene, x: float, y: float) -> float:
    """What the lines mean, from x on, if there are any; returns the y below."""
    if all(gap.matrix for gap in scene.plan.gaps):
        return y
    for role, text in (("plus", "θ > 0"), ("minus", f"θ < 0, as wide as |θ|; the widest {number(scene.largest)}")):
        scene.sheet.line((x, y), (x + 34, y), role, stroke_width=2.4)
        scene.sheet.text(x + 42, y, text, "quiet", size=10.5, anchor="start")
        x += 42 + width(text, 10.5) + 20
    return y + 20


# --- lines ------------------------------------------------------------------------------------------------------------


def _draw_weights(scene: Scene, l: int, theta: Array) -> None:
    """All lines of a gap, those of the focused unit above the others, and above them the numbers."""
    lines = [
        _Line(l, source, target, float(theta[j - 1, i]), scene.focus in ((l, i), (l + 1, j)))
        for target, j in scene.plan.columns[l].drawn
        if j
        for source, i in scene.plan.columns[l - 1].drawn
    ]
    for line in sorted(lines, key=lambda line: line.touched):
        _draw_weight(scene, line)
    for line in lines:
        if line.touched or scene.plan.gaps[l - 1].numbered:
            _draw_number(scene, line)


def _draw_weight(scene: Scene, line: _Line) -> None:
    gap, weight, most = scene.plan.gaps[line.l - 1], line.weight, scene.largest
    role = "not-finite" if not math.isfinite(weight) else "minus" if weight < 0 else "plus"
    size = THIN + (THICK - THIN) * abs(weight) / most if math.isfinite(weight) and most else THIN
    faded = {"opacity": FADED} if scene.focus and not line.touched else {}
    with scene.sheet.group("weight", layer=line.l, to=line.target.unit, source=line.source.unit):
        scene.sheet.line((gap.left, line.source.y), (gap.right, line.target.y), role, stroke_width=size, **faded)


def _draw_number(scene: Scene, line: _Line) -> None:
    """θ_ji on its line, on a ground of the canvas's colour."""
    gap = scene.plan.gaps[line.l - 1]
    t = (gap.numbers - gap.left) / (gap.right - gap.left)
    y = line.source.y + t * (line.target.y - line.source.y)
    with scene.sheet.group("number", layer=line.l, to=line.target.unit, source=line.source.unit):
        _draw_on_ground(scene.sheet, gap.numbers, y, number(line.weight), "ink")


def _draw_on_ground(sheet: Sheet, x: float, y: float, text: str, role: str) -> None:
    """A small text in the middle of x and y, readable across lines."""
    w = width(text, SMALL) + 4
    sheet.box(x - w / 2, y - SMALL / 2 - 1, w, SMALL + 2, "canvas", rounded=2)
    sheet.text(x, y, text, role, size=SMALL)


# --- cells ------------------------------------------------------------------------------------------------------------


def _draw_matrix(scene: Scene, l: int, theta: Array) -> None:
    """Θ as cells: wires run from the units below to its columns, and from its rows to the units above."""
    sheet, plan, gap = scene.sheet, scene.plan, scene.plan.gaps[l - 1]
    at = place((theta.shape[0], theta.shape[1]), gap.left, gap.right, plan.middle)
    (w, h), (cell_w, cell_h) = at.size, at.cell
    for source, i in plan.columns[l - 1].drawn:
        sheet.line((gap.left, source.y), (at.x - 5, plan.middle), _wire(scene, l, i))
    for target, j in plan.columns[l].drawn:
        if j:
            row = at.corner(at.row_of(j), 0)[1] + cell_h / 2
            sheet.line((at.x + w + 5, row), (gap.right, target.y), _wire(scene, l + 1, j))
    with sheet.group("matrix", layer=l):
        at.draw(sheet, theta)
    focus_layer, unit = scene.focus or (0, 0)
    if focus_layer == l:
        x, y = at.corner(0, at.column_of(unit))
        sheet.box(x - 1, y - 2, cell_w + 2, h + 4, "mark")
    if focus_layer == l + 1 and unit:
        sheet.box(at.x - 2, at.corner(at.row_of(unit), 0)[1] - 1, w + 4, cell_h + 2, "mark")
    with sheet.group("scale", layer=l):
        _draw_scale(sheet, gap.middle, at, largest(theta))


def _wire(scene: Scene, layer: int, unit: int) -> str:
    return "mark" if scene.focus == (layer, unit) else "wire"


def _draw_scale(sheet: Sheet, x: float, at: Place, most: float) -> None:
    """The scale of the shades, below the cells in the middle of x, and what a cell stands for."""
    side, step, y = 11.0, 12.0, at.y + at.size[1] + 14
    left, right = x - (LEVELS + 0.5) * step, x + (LEVELS + 0.5) * step
    for k in range(-LEVELS, LEVELS + 1):
        cell = (left + (k + LEVELS) * step, y, side, side)
        if k:
            sheet.boxes([cell], f"{'plus' if k > 0 else 'minus'}-{abs(k)}")
        else:
            sheet.box(*cell, "frame")
    for end, text in ((left, number(-most)), (right, number(most))):
        outward = math.copysign(6 + width(text, SMALL) / 2, end - x)
        _draw_on_ground(sheet, end + outward, y + side / 2, text, "quiet")
    if at.is_blocked:
        _draw_on_ground(sheet, x, y + 26, f"a cell: the largest of {at.block}", "quiet")
