"""Theme: the colours, outlines and fonts of the pictures, and the heat scale of gradients.

Hues are Okabe and Ito's (2008), which colour-blind readers can tell apart, darkened where they bear text or thin lines;
a role also has an outline of its own, so that nothing rests on colour alone. All that belongs to the reverse sweep is
orange: dashed edges, contributions, heat. Only six-digit colours: dot 2.43 draws "#eef" as black.
"""

import math
from dataclasses import dataclass

__all__ = [
    "CANVAS",
    "CLUSTER_BORDER",
    "CLUSTER_FILL",
    "FOLD",
    "FONT",
    "FORWARD",
    "HEAT",
    "INK",
    "NOT_FINITE",
    "OP_FILL",
    "QUIET",
    "REVERSE",
    "ROLES",
    "Heat",
    "RoleStyle",
]

# Verdana and DejaVu Sans are siblings of nearly equal width: text laid out with one still fits when a browser has only
# the other. Both have digits of one width, so right-aligned numbers stand in columns.
FONT = "DejaVu Sans,Verdana,sans-serif"

CANVAS = "#FFFFFF"
INK = "#1A1A1A"
QUIET = "#404040"
FORWARD = "#333333"
REVERSE = "#B34700"
OP_FILL = "#FFFBE0"
CLUSTER_BORDER = "#9A9A9A"
CLUSTER_FILL = "#FAFAFA"


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """How a value of one role looks: border and fill colour, and the outline as Graphviz node attributes."""

    border: str
    fill: str
    outline: dict[str, str]


ROLES = {
    "parameter": RoleStyle("#0072B2", "#E3F1FA", {"shape": "box", "penwidth": "3"}),
    "constant": RoleStyle("#6B6B6B", "#F0F0F0", {"shape": "box", "style": "filled,dotted", "penwidth": "1.5"}),
    "intermediate": RoleStyle("#00805E", "#FFFFFF", {"shape": "box", "style": "filled,rounded"}),
    "cost": RoleStyle("#A3407A", "#FBEAF3", {"shape": "box", "peripheries": "2"}),
}
FOLD = RoleStyle("#404040", "#ECE8F5", {"shape": "box3d", "margin": "0.1,0.08"})

# One colour for each power of ten below the largest gradient; black text reads well on all of them.
HEAT = ("#FF9A3D", "#FFAE63", "#FFC286", "#FFD3A8", "#FFE2C6", "#FFEFE0", "#FFF9F3")
NOT_FINITE = "#F5B5D5"


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat scale of one picture: a colour for each power of ten below the largest gradient norm in it.

    >>> heat = Heat(largest=2.0)
    >>> heat.level(2.0), heat.level(0.04), heat.level(1e-30), heat.level(0.0)
    (0, 2, 6, None)
    """

    largest: float

    def level(self, norm: float) -> int | None:
        """Powers of ten to the nearest, 0 … 6, the last for all below; None for zero. The norm is finite and ≥ 0."""
        if norm == 0.0:
            return None
        ratio = norm / self.largest
        return min(len(HEAT) - 1, round(-math.log10(ratio))) if ratio > 0.0 else len(HEAT) - 1

    def colour(self, norm: float) -> str:
        """The fill for a gradient of this norm; a zero is white, NaN and infinity have a colour of their own."""
        if not math.isfinite(norm):
            return NOT_FINITE
        level = self.level(norm)
        return CANVAS if level is None else HEAT[level]
