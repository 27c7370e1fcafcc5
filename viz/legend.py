"""Legend: the strip below a picture that says what its outlines, colours and lines mean, and what was folded.

It is the picture's own label, so it stands below the graph and takes no part in the layout. Its chips are drawn with
the frames and fills of the nodes themselves, and only what occurs in the picture is named.
"""

import networkx as nx

from viz import numbers, theme
from viz.labels import cell, rows, small

__all__ = ["legend"]

_POWERS = ("1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵", "≤ 10⁻⁶")


def legend(whole: nx.MultiDiGraph, graph: nx.MultiDiGraph, heat: theme.Heat) -> str:
    """The legend's markup for `graph`, which is `whole` or a folded form of it."""
    unswept = small("no backward yet: gradients come with .backward()")
    lines = [_shapes(graph), _heat_scale(heat) if whole.graph["swept"] else unswept]
    boxes = [data["fold"] for _, data in graph.nodes(data=True) if "fold" in data]
    if boxes:
        folded = sum(box.count for box in boxes)
        into = "one box" if len(boxes) == 1 else f"{len(boxes):,} boxes"
        lines.append(small(f"{folded:,} of {len(whole):,} nodes are folded into {into}"))
    return rows([[cell(line, align="left")] for line in lines], padding=3)


def _shapes(graph: nx.MultiDiGraph) -> str:
    present = {data.get("role") for _, data in graph.nodes(data=True)}
    chips = [_chip(role, style) for role, style in theme.ROLES.items() if role in present]
    if None in present:
        chips.append(_chip("folded nodes", theme.FOLD))
    if any(data.get("op") for _, data in graph.nodes(data=True)):
        chips.append(small("◯ op", theme.INK))
    chips.append(small("──▶ forward", theme.FORWARD))
    if graph.graph["swept"]:
        chips.append(small("╌╌▶ reverse: local Jacobian, contribution to the gradient", theme.REVERSE))
    return rows([[cell(chip) for chip in chips]], cellspacing=4)


def _chip(words: str, style: theme.RoleStyle) -> str:
    """The words in the frame and fill of a node of this style."""
    outline = style.outline
    frame: dict[str, str | int] = {"border": outline.get("penwidth", "1"), "color": style.border, "bgcolor": style.fill}
    for line in ("dotted", "rounded"):
        if line in outline.get("style", ""):
            frame["style"] = line
    chip = rows([[cell(small(words, theme.INK))]], padding=2, **frame)
    if outline.get("peripheries") == "2":
        return rows([[cell(chip)]], border=1, color=style.border, padding=1)
    return chip


def _heat_scale(heat: theme.Heat) -> str:
    steps = [*zip(_POWERS, theme.HEAT, strict=True), ("0", theme.CANVAS), ("NaN, ∞", theme.NOT_FINITE)]
    swatches = [cell(small(words, theme.INK), bgcolor=colour) for words, colour in steps]
    return rows([[cell(small(f"‖gradient‖ beside the largest, {numbers.scalar(heat.largest, 4)}: ")), *swatches]])
