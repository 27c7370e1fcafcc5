"""Unit view: of a network's run, the picture of its units to stand inside the page, and what is said of each of them.

The picture and the words are those of `viz.units`; here its colours become CSS, so that it follows the page's theme.
"""

import re
from dataclasses import dataclass

import networkx as nx

from viz.explorer.drawing import themed
from viz.textbook.diagram import units
from viz.textbook.network import NoNetworkError, read
from viz.textbook.sums import explain
from viz.textbook.svg import THEMES

__all__ = ["UnitView", "unit_view"]

_PLACE = re.compile(r'class="place" data-layer="(\d+)" data-unit="(\d+)"')
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True, slots=True)
class UnitView:
    """The units of a run. All is empty for any other graph.

    svg: an element for the page; units are groups of class "place" with `data-layer` and `data-unit`.
    style: its colours.
    sums: "3-2" → how unit 2 of layer 3 comes to its z, a and δ, in lines.
    """

    svg: str = ""
    style: str = ""
    sums: dict[str, list[str]] | None = None


def unit_view(graph: nx.MultiDiGraph, sample: int, most: int) -> UnitView:
    """The units of a run with the numbers of one sample; of a graph with more than `most` nodes they are left out."""
    if len(graph) > most:
        return UnitView()
    try:
        net = read(graph, sample)
    except NoNetworkError:
        return UnitView()
    svg = units(graph, sample=sample).svg.replace(_NAMESPACE, "", 1)
    shown = [(int(layer), int(unit)) for layer, unit in _PLACE.findall(svg)]
    sums = {f"{l}-{i}": [" ".join(line) for line in explain(net, (l, i))] for l, i in shown}
    return UnitView(svg, _style(), sums)


def _style() -> str:
    """The colours of every role, light and dark; attributes of the picture give way to them."""
    light, dark, rules = [], [], []
    for role, look in THEMES["light"].items():
        for key in ("fill", "stroke"):
            if look.get(key, "none") != "none":
                name = f"--u-{role}-{key}"
                light.append(f"{name}:{look[key]}")
                dark.append(f"{name}:{THEMES['dark'][role][key]}")
                rules.append(f".viz-units .{role}{{{key}:var({name})}}")
    return themed(";".join(light), ";".join(dark)) + "".join(rules)
