"""Legend: the strip below a picture that says what its outlines, colours and lines mean, and what was folded.

It is the picture's own label, so it stands below the graph and takes no part in the layout. Its chips are drawn with
the frames and fills of the nodes themselves, and only what occurs in the picture is named.
"""

import networkx as nx

from viz import numbers
from viz.labels import cell, rows, small
from viz.look import Look
from viz.theme import RoleStyle

__all__ = ["legend"]

_POWERS = ("1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵", "≤ 10⁻⁶")


def legend(whole: nx.MultiDiGraph, graph: nx.MultiDiGraph, look: Look) -> str:
    """The legend's markup for `graph`, which is `whole` or a folded form of it."""
    lines = [_shapes(graph, look)]
    wanted = look.gradients or not look.draws_forward
    if not whole.graph["swept"] and wanted:
        lines.append(small("no backward yet: gradients come with .backward()"))
    elif look.gradients and whole.graph["swept"]:
        lines.append(_heat_scale(look))
    boxes = [data["fold"] for _, data in graph.nodes(data=True) if "fold" in data]
    if boxes:
        folded = sum(box.count for box in boxes)
        into = "one box" if len(boxes) == 1 else f"{len(boxes):,} boxes"
        lines.append(small(f"{folded:,} of {len(whole):,} nodes are folded into {into}"))
    return rows([[cell(line, align="left")] for line in lines], padding=3)


def _shapes(graph: nx.MultiDiGraph, look: Look) -> str:
    theme = look.theme
    present = {data.get("role") for _, data in graph.nodes(data=True)}
    chips = [_chip(role, style, look) for role, style in theme.roles.items() if role in present]
    if None in present:
        chips.append(_chip("folded nodes", theme.fold, look))
    if any(data.get("op") for _, data in graph.nodes(data=True)):
        chips.append(small("◯ op"))
    if look.draws_forward:
        chips.append(small("──▶ forward", theme.forward))
    if look.draws_reverse and graph.graph["swept"]:
        said = ["local Jacobian"] * look.jacobians + ["contribution to the gradient"] * look.gradients
        chips.append(small("╌╌▶ reverse" + (": " if said else "") + ", ".join(said), theme.reverse))
        if look.sums:
            chips.append(small("⊕ contributions are added", theme.reverse))
    return rows([[cell(chip) for chip in chips]], cellspacing=4)


def _chip(words: str, style: RoleStyle, look: Look) -> str:
    """The words in the frame and fill of a node of this style."""
    outline = style.outline
    frame: dict[str, str | int] = {"border": outline.get("penwidth", "1"), "color": style.border, "bgcolor": style.fill}
    for line in ("dotted", "rounded"):
        if line in outline.get("style", ""):
            frame["style"] = line
    chip = rows([[cell(small(words, look.theme.ink))]], padding=2, **frame)
    if outline.get("peripheries") == "2":
        return rows([[cell(chip)]], border=1, color=style.border, padding=1)
    return chip


def _heat_scale(look: Look) -> str:
    theme, heat = look.theme, look.heat
    steps = [*zip(_POWERS, theme.heat, strict=True), ("0", theme.zero), ("NaN, ∞", theme.not_finite)]
    swatches = [cell(small(words), **attributes) for words, attributes in steps]
    return rows([[cell(small(f"‖gradient‖ beside the largest, {numbers.scalar(heat.largest, 4)}: ")), *swatches]])
