"""Theme: the colours, outlines and fonts of the pictures, and the heat scale of gradients.

LIGHT    on white                     DARK    on nearly black
PRINT    on paper: no fills, black alone; heat is the thickness of a frame

Hues are Okabe and Ito's (2008), which colour-blind readers can tell apart, darkened where they bear text or thin lines;
a role also has an outline of its own, so that nothing rests on colour alone. All that belongs to the reverse sweep is
orange: dashed edges, contributions, heat. Only six-digit colours: dot 2.43 draws "#eef" as black.
"""

import math
from dataclasses import dataclass

__all__ = ["DARK", "FONT", "LIGHT", "PRINT", "THEMES", "Attributes", "Heat", "RoleStyle", "Theme"]

Attributes = dict[str, str]

# Verdana and DejaVu Sans are siblings of nearly equal width: text laid out with one still fits when a browser has only
# the other. Both have digits of one width, so right-aligned numbers stand in columns.
FONT = "DejaVu Sans,Verdana,sans-serif"


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """How a figure of one role looks: border and fill colour, and the outline as Graphviz node attributes."""

    border: str
    fill: str
    outline: Attributes


@dataclass(frozen=True, slots=True)
class Theme:
    """What one picture is drawn with: colours as "#RRGGBB", figures as role styles, heat as attributes of table cells.

    `heat` has an entry for each power of ten below the largest gradient, `zero` and `not_finite` are beside the scale.

    >>> LIGHT.canvas, sorted(THEMES)
    ('#FFFFFF', ['dark', 'light', 'print'])
    """

    canvas: str
    ink: str
    quiet: str
    forward: str
    reverse: str
    cluster: RoleStyle
    roles: dict[str, RoleStyle]
    op: RoleStyle
    fold: RoleStyle
    sum: RoleStyle
    heat: tuple[Attributes, ...]
    zero: Attributes
    not_finite: Attributes


# The outlines are the same in all themes: who knows a parameter in one knows it in another.
PARAMETER = {"shape": "box", "penwidth": "3"}
CONSTANT = {"shape": "box", "style": "filled,dotted", "penwidth": "1.5"}
INTERMEDIATE = {"shape": "box", "style": "filled,rounded"}
COST = {"shape": "box", "peripheries": "2"}
OP = {"shape": "ellipse"}
FOLDED = {"shape": "box3d", "margin": "0.1,0.08"}
SUM = {"shape": "circle", "margin": "0", "fixedsize": "true", "width": "0.24", "height": "0.24"}
CLUSTER = {"style": "filled,rounded", "margin": "12"}


def _fills(*colours: str) -> tuple[Attributes, ...]:
    return tuple({"bgcolor": colour} for colour in colours)


LIGHT = Theme(
    canvas="#FFFFFF",
    ink="#1A1A1A",
    quiet="#404040",
    forward="#333333",
    reverse="#B34700",
    cluster=RoleStyle("#9A9A9A", "#FAFAFA", CLUSTER),
    roles={
        "parameter": RoleStyle("#0072B2", "#E3F1FA", PARAMETER),
        "constant": RoleStyle("#6B6B6B", "#F0F0F0", CONSTANT),
        "intermediate": RoleStyle("#00805E", "#FFFFFF", INTERMEDIATE),
        "cost": RoleStyle("#A3407A", "#FBEAF3", COST),
    },
    op=RoleStyle("#1A1A1A", "#FFFBE0", OP),
    fold=RoleStyle("#404040", "#ECE8F5", FOLDED),
    sum=RoleStyle("#B34700", "#FFFFFF", SUM),
    # Black text reads well on all of them.
    heat=_fills("#FF9A3D", "#FFAE63", "#FFC286", "#FFD3A8", "#FFE2C6", "#FFEFE0", "#FFF9F3"),
    zero={"bgcolor": "#FFFFFF"},
    not_finite={"bgcolor": "#F5B5D5"},
)

DARK = Theme(
    canvas="#16181B",
    ink="#ECECEC",
    quiet="#BDC1C6",
    forward="#C9CCD0",
    reverse="#FFA95C",
    cluster=RoleStyle("#6B7178", "#1D2024", CLUSTER),
    roles={
        "parameter": RoleStyle("#56B4E9", "#12303F", PARAMETER),
        "constant": RoleStyle("#9AA0A6", "#2A2D31", CONSTANT),
        "intermediate": RoleStyle("#35C79A", "#16181B", INTERMEDIATE),
        "cost": RoleStyle("#E08BC0", "#3A1F31", COST),
    },
    op=RoleStyle("#C9CCD0", "#38341C", OP),
    fold=RoleStyle("#B8B0D8", "#2A2640", FOLDED),
    sum=RoleStyle("#FFA95C", "#16181B", SUM),
    heat=_fills("#A64E00", "#904604", "#793E09", "#62360E", "#4C2D12", "#362516", "#1F1D1B"),
    zero={"bgcolor": "#16181B"},
    not_finite={"bgcolor": "#7A2A57"},
)

_BLACK, _PAPER = "#000000", "#FFFFFF"

PRINT = Theme(
    canvas=_PAPER,
    ink=_BLACK,
    quiet=_BLACK,
    forward=_BLACK,
    reverse=_BLACK,
    cluster=RoleStyle("#707070", _PAPER, CLUSTER),
    roles={
        "parameter": RoleStyle(_BLACK, _PAPER, PARAMETER),
        "constant": RoleStyle(_BLACK, _PAPER, CONSTANT),
        "intermediate": RoleStyle(_BLACK, _PAPER, INTERMEDIATE),
        "cost": RoleStyle(_BLACK, _PAPER, COST),
    },
    op=RoleStyle(_BLACK, _PAPER, OP),
    fold=RoleStyle(_BLACK, _PAPER, FOLDED),
    sum=RoleStyle(_BLACK, _PAPER, SUM),
    heat=tuple({"border": str(width), "color": _BLACK} for width in (4, 3, 2, 1)) + ({},) * 3,
    zero={},
    not_finite={"border": "3", "color": _BLACK, "style": "dashed"},
)

THEMES = {"light": LIGHT, "dark": DARK, "print": PRINT}


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat scale of one picture: a step for each power of ten below the largest gradient norm in it.

    >>> heat = Heat(largest=2.0)
    >>> heat.level(2.0), heat.level(0.04), heat.level(1e-30), heat.level(0.0)
    (0, 2, 6, None)
    """

    largest: float
    theme: Theme = LIGHT

    def level(self, norm: float) -> int | None:
        """Powers of ten to the nearest, 0 … 6, the last for all below; None for zero. The norm is finite and ≥ 0."""
        last = len(self.theme.heat) - 1
        if norm == 0.0:
            return None
        ratio = norm / self.largest
        return min(last, round(-math.log10(ratio))) if ratio > 0.0 else last

    def cell(self, norm: float) -> Attributes:
        """How the cell of a gradient of this norm looks; zero and what is not finite have looks of their own."""
        if not math.isfinite(norm):
            return self.theme.not_finite
        level = self.level(norm)
        return self.theme.zero if level is None else self.theme.heat[level]
