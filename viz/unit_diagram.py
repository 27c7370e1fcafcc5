"""Unit diagram: the textbook picture of a network, with the numbers of one sample.

    units(run, "net.svg", focus=(3, 2))

    layer 1         layer 2
      (1)╌╌θ₁₀──┐                    circles are units, the dashed one is the bias unit; on a line stands its θ_ji
      (x₁)─θ₁₁─(z a δ)── J           numbers of one sample, three significant digits

The network is read in `unit_network`, placed in `unit_layout`, explained in `unit_sum`, and written with `unit_svg`;
`unit_matrix` draws Θ where layers are too large for lines. Here they are composed: lines first, circles on top of them.
"""

from pathlib import Path
from typing import Any, overload

import numpy as np

from viz.diagram import as_graph
from viz.labels import visible
from viz.unit_layout import MARGIN, RADIUS, Column, Gap, Layout, Slot, layout
from viz.unit_matrix import largest, place
from viz.unit_network import Layer, Net, NoNetworkError, read
from viz.unit_sum import DIGITS, explain, indexed, number, spoken
from viz.unit_svg import LEVELS, Picture, Sheet, checked_svg_path, width, wrap

__all__ = ["units"]

THIN, THICK = 0.7, 4.0  # lines, by |θ|
FADED = 0.22  # lines that do not touch the focused unit
TEXT = 10.5
COST_WIDTH = 150.0
NARROWEST = 560.0  # of the whole picture, so that the lines below have room


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

    Lines are as wide as |θ|, blue and solid where θ > 0, orange and dashed where θ < 0. Layers of more than eight units
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
        NoSuchUnitError: the network has no such sample, layer or unit.
        UnknownThemeError, UnknownFormatError: another theme; a suffix that is not .svg.

    >>> import minigrad as mg
    >>> run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -0.3]], [[1.0, 0.0, 0.0, 0.0]])
    >>> _ = run.J.backward()
    >>> picture = units(run, focus=(3, 2))
    >>> picture.svg.count("<circle"), "δ³₂ = ∂J/∂z³₂ = ( Σⱼ θ³ⱼ₂ δ⁴ⱼ ) · g′(z³₂)" in picture.svg
    (18, True)
    """
    sheet = Sheet(theme)
    target = None if path is None else checked_svg_path(path)
    graph = as_graph(what)
    net = read(graph, sample)
    chosen = None if focus is None else net.checked(focus)
    picture = _Drawing(sheet, net, chosen).finish()
    return picture if target is None else picture.save(target)
