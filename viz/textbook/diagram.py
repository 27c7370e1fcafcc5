"""Unit diagram: the textbook picture of a network, with the numbers of one sample.

    units(run, "net.svg", focus=(3, 2))

    layer 1         layer 2
      (1)╌╌θ₁₀──┐                    circles are units, the dashed one is the bias unit; on a line stands its θ_ji
      (x₁)─θ₁₁─(z a δ)── J           numbers of one sample, three significant digits

The network is read in `network`, placed in `layout`, explained in `sums`, and written with `svg`;
`lines` draws what lies between the layers. Here they are composed: lines first, circles on top of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from viz.diagram import as_graph
from viz.labels import visible
from viz.textbook.layout import MARGIN, Column, Layout, Slot, layout
from viz.textbook.lines import Scene, draw_key, draw_lines
from viz.textbook.network import Layer, Net, read
from viz.textbook.sums import explain, indexed, number, spoken
from viz.textbook.svg import Picture, Sheet, checked_svg_path, width, wrap

__all__ = ["units"]

SMALL = 10.5
LABEL = 8.0  # from a unit to the label at its right
NARROWEST = 600.0  # of the whole picture, so that the lines below have room
LONGEST_NAME = 20


@overload
def units(
    what: Any, path: None = None, *, sample: int = 0, focus: tuple[int, int] | None = None, theme: str = "light"
) -> Picture: ...
@overload
def units(
    what: Any, path: str | Path, *, sample: int = 0, focus: tuple[int, int] | None = None, theme: str = "light"
) -> Path: ...
def units(
    what: Any,
    path: str | Path | None = None,
    *,
    sample: int = 0,
    focus: tuple[int, int] | None = None,
    theme: str = "light",
) -> Picture | Path:
    """The textbook diagram of a network's run, as SVG: circles for units, θ_ji on the lines, z, a and δ on the circles.

    Lines are as wide as |θ|, orange and solid where θ > 0, blue and dashed where θ < 0. Layers of more than eight units
    are shortened, and the Θ beside them drawn as a matrix of cells. δ is ∂J/∂z of the run's own J, with its 1/m in it,
    and the picture says so; before run.J.backward() it says "no backward yet". Equal graphs give equal bytes.

    Args:
        what: a run, net.forward(X, Y), or the graph that `minigrad.to_networkx` makes of one.
        path: an .svg file to write, replaced if it exists. Without it the picture is returned.
        sample: whose numbers are shown, from 0.
        focus: (layer, unit), as (3, 2): the lines of this unit stand out, and below is written how its z, a and δ come
            about, with their numbers. Unit 0 is the bias unit.
        theme: "light", "dark", "print" (black and white) or "auto" (light or dark as the reader's screen is).

    Returns:
        The path, if one was given; else a Picture, which a notebook shows, with .svg and .save(path).

    Raises:
        NoNetworkError: the graph is not that of a run.
        OptionError: the network has no such sample, layer or unit, or there is no such theme.
        UnknownFormatError: a suffix that is not .svg.

    >>> import minigrad as mg
    >>> run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -0.3]], [[1.0, 0.0, 0.0, 0.0]])
    >>> _ = run.J.backward()
    >>> picture = units(run, focus=(3, 2))
    >>> picture.svg.count("<circle"), "δ³₂ = ∂J/∂z³₂ = ( Σⱼ θ³ⱼ₂ δ⁴ⱼ ) · g′(z³₂)" in picture.svg
    (18, True)
    """
    sheet = Sheet(theme)
    target = None if path is None else checked_svg_path(path)
    net = read(as_graph(what), sample)
    chosen = None if focus is None else net.checked(focus)
    picture = _drawn(Scene(sheet, net, layout([layer.size for layer in net.layers], chosen), chosen))
    return picture if target is None else picture.save(target)


def _drawn(scene: Scene) -> Picture:
    sheet, net, plan, focus = scene.sheet, scene.net, scene.plan, scene.focus
    cost = _cost(net, plan)
    page = max(cost.x + cost.width + MARGIN, NARROWEST)
    sums = [] if focus is None else explain(net, focus)
    sentences = _conventions(net, plan)
    title = f"network {net.sizes}, {_sample(net)}"
    sheet.text(MARGIN, 24, title, size=14, anchor="start", bold=True)
    draw_lines(scene)
    _draw_cost(sheet, plan, cost)
    for column, layer in zip(plan.columns, net.layers, strict=True):
        _draw_column(scene, column, layer)
    y = plan.bottom + 30
    if focus is not None:
        y = _draw_panel(scene, sums, page - 2 * MARGIN, y)
    y = draw_key(scene, MARGIN, y)
    for line in [line for sentence in sentences for line in wrap(sentence, page - 2 * MARGIN, SMALL, "")]:
        sheet.text(MARGIN, y, line, "quiet", size=SMALL, anchor="start")
        y += 15
    return sheet.picture(page, y + 6, title, f"{cost.head}. {spoken([*sentences, *sums])}")


def _sample(net: Net) -> str:
    return "one sample" if net.samples == 1 else f"sample {net.sample} (of 0 … {net.samples - 1})"


# --- the layers -------------------------------------------------------------------------------------------------------


def _draw_column(scene: Scene, column: Column, layer: Layer) -> None:
    """A layer's name and rule, and below them its units."""
    l, sheet = layer.number, scene.sheet
    a, z = indexed("a", l), indexed("z", l)
    sheet.text(column.x, 56, f"layer {l}", size=12, bold=True)
    sheet.text(column.x, 73, f"{a} = x" if layer.z is None else f"{z}, {a} = g({z})", "quiet")
    before = 0
    for slot in column.slots:
        if slot.unit is None:
            after = min(unit for _, unit in column.drawn if unit > before)
            sheet.text(slot.x, slot.y - 10, "⋮", size=26, bold=True)
            sheet.text(slot.x, slot.y + 16, f"{after - before - 1:,} more", "quiet")
        else:
            before = slot.unit
            with sheet.group("place", layer=l, unit=slot.unit):
                _draw_unit(sheet, slot, layer)
                if scene.focus == (l, slot.unit):
                    sheet.circle(slot.x, slot.y, slot.radius + 3, "focus")


def _draw_unit(sheet: Sheet, slot: Slot, layer: Layer) -> None:
    if not slot.unit:
        sheet.circle(slot.x, slot.y, slot.radius, "bias")
        sheet.text(slot.x, slot.y, "1", size=13, bold=True)
        return
    sheet.circle(slot.x, slot.y, slot.radius, "input" if layer.z is None else "unit")
    lines = _unit_lines(layer, slot.unit)
    for k, (role, text) in enumerate(lines):
        dy = (k - (len(lines) - 1) / 2) * 16.5
        chord = 2 * (slot.radius**2 - (abs(dy) + SMALL / 2) ** 2) ** 0.5 - 5
        sheet.text(slot.x, slot.y + dy, text, role, size=min(SMALL, SMALL * chord / width(text, SMALL)))


def _unit_lines(layer: Layer, i: int) -> list[tuple[str, str]]:
    """What stands on a unit: z, a, δ; on an input only a."""
    l, k = layer.number, i - 1
    a = "ink", f"{indexed('a', l, i)} {number(layer.a[k])}"
    if layer.z is None:
        return [a]
    delta = "no backward yet" if layer.delta is None else f"{indexed('δ', l, i)} {number(layer.delta[k])}"
    return [("ink", f"{indexed('z', l, i)} {number(layer.z[k])}"), a, ("delta", delta)]


# --- the cost ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cost:
    """J in a box, its left edge at x; y beside the last layer's units."""

    x: float
    width: float
    head: str
    lines: tuple[str, ...]
    labels: tuple[str, ...]  # "y₁ = 1", one a unit drawn


def _cost(net: Net, plan: Layout) -> _Cost:
    drawn = [unit for _, unit in plan.columns[-1].drawn]
    labels = [] if net.y is None else [f"{indexed('y', None, i)} = {number(net.y[i - 1])}" for i in drawn]
    terms = [f"{visible(name, LONGEST_NAME)} = {number(value)}" for name, value in net.terms]
    lines = [*terms, "one sample" if net.samples == 1 else f"m = {net.samples:,} samples"]
    head = f"{visible(net.cost[0], LONGEST_NAME)} = {number(net.cost[1])}"
    x = plan.right + LABEL + max((width(label, SMALL) for label in labels), default=0.0) + 64
    return _Cost(
        x, max(width(head, 15), *[width(line, SMALL) for line in lines]) + 24, head, tuple(lines), tuple(labels)
    )


def _draw_cost(sheet: Sheet, plan: Layout, cost: _Cost) -> None:
    """The labels, the box, and a wire from each to it."""
    for k, (slot, unit) in enumerate(plan.columns[-1].drawn):
        start = plan.right
        if cost.labels:
            with sheet.group("label", unit=unit):
                sheet.text(start + LABEL, slot.y, cost.labels[k], "quiet", size=SMALL, anchor="start")
            start += LABEL + width(cost.labels[k], SMALL) + 4
        sheet.line((start, slot.y), (cost.x, plan.middle), "wire")
    height, middle = 34 + 16 * len(cost.lines), cost.x + cost.width / 2
    top = plan.middle - height / 2
    with sheet.group("J"):
        sheet.box(cost.x, top, cost.width, height, "cost", rounded=8)
        sheet.text(middle, top + 17, cost.head, size=15, bold=True)
        for k, line in enumerate(cost.lines):
            sheet.text(middle, top + 38 + 16 * k, line, "quiet", size=SMALL)


# --- below ------------------------------------------------------------------------------------------------------------


def _draw_panel(scene: Scene, sums: Sequence[list[str]], room: float, y: float) -> float:
    """The focused unit's sums, in a frame that points at its column; returns the y below."""
    l, i = scene.focus or (0, 0)
    lines = [f"unit {i} of layer {l}" if i else f"the bias unit of layer {l}"]
    lines += [line for sentence in sums for line in wrap(sentence, room - 32, 11.5)]
    height = len(lines) * 18 + 18
    scene.sheet.box(MARGIN, y, room, height, "panel", rounded=6)
    (x,) = [slot.x for slot, unit in scene.plan.columns[l - 1].drawn if unit == i]
    scene.sheet.path(f"M{x - 9:.1f} {y:.1f}h18l-9 -11z", "pointer")
    with scene.sheet.group("focused", layer=l, unit=i):
        for k, text in enumerate(lines):
            scene.sheet.text(MARGIN + 16, y + 18 + k * 18, text, size=11.5, anchor="start", bold=k == 0)
    return y + height + 24


def _conventions(net: Net, plan: Layout) -> list[list[str]]:
    """What the numbers are, word by word; above all whose 1/m is in δ."""
    last, m = len(net.layers), net.samples
    error = f"{indexed('a', last)} − y"
    if not net.swept:
        sentences = ["δ = ∂J/∂z: no backward yet; run.J.backward() finds it."]
    elif net.y is None:
        sentences = ["δ = ∂J/∂z of the run's J."]
    elif m == 1:
        sentences = [f"δ = ∂J/∂z; in the last layer {indexed('δ', last)} = {error}."]
    else:
        sentences = [
            f"δ = ∂J/∂z of the run's J, so with its 1/m in it: {indexed('δ', last)} = ({error})/m, m = {m:,}; "
            f"a sample's own δ, {error}, is {m:,} times as large."
        ]
    if any(gap.matrix for gap in plan.gaps):
        sentences.append(
            "In Θ drawn as cells, a row is a unit of the layer above; the column apart is the bias unit's, the others "
            "are those of the layer's units."
        )
    sentences.append("g is the sigmoid. Numbers to three significant digits.")
    return [sentence.split(" ") for sentence in sentences]
