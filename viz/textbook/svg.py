"""Unit SVG: the elements and colours that the unit view is written with, and the picture that comes out.

    Picture       the finished SVG: shown by notebooks, saved to a file
    Sheet         a drawing in progress: lines, circles, rectangles, text, each of a role
    width, wrap   how wide a text is drawn, and tokens broken into lines

A role ("ink", "plus", "unit" …) has its colours as plain SVG attributes, so that any renderer obeys them; the theme
"auto" adds a style sheet for dark screens, which names only elements inside such a picture. No ids: pictures may stand
side by side in one page.
"""

import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from viz.errors import OptionError, UnknownFormatError

__all__ = ["THEMES", "Picture", "Sheet", "checked_svg_path", "width", "wrap"]

FONT = "DejaVu Sans, Verdana, Geneva, sans-serif"  # of nearly equal widths: what fits in one fits in the others
NEGATIVE = "7 3.5"  # dashes, so that the sign does not rest on colour alone
INDENT = "\u2003" * 2  # em spaces: SVG draws a run of plain ones as one
LEVELS = 4
"""Shades of either sign in a picture of a matrix."""


@dataclass(frozen=True)
class Picture:
    """A finished picture: its SVG text, shown as it is by a notebook.

    >>> picture = Picture("<svg/>")
    >>> picture._repr_svg_() == picture.svg == str(picture)
    True
    """

    svg: str

    def save(self, path: str | Path) -> Path:
        """Write the picture into an .svg file; an existing file is replaced.

        >>> Picture("<svg/>").save("net.png")
        Traceback (most recent call last):
        ...
        viz.errors.UnknownFormatError: cannot write 'net.png': the unit view is SVG, so the suffix must be .svg
        """
        path = checked_svg_path(path)
        path.write_bytes(self.svg.encode())
        return path

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.svg


def checked_svg_path(path: str | Path) -> Path:
    """The path, if it names an .svg file."""
    path = Path(path)
    if path.suffix.lower() != ".svg":
        raise UnknownFormatError(f"cannot write {path.name!r}: the unit view is SVG, so the suffix must be .svg")
    return path


# --- colours ----------------------------------------------------------------------------------------------------------

Role = dict[str, str]


def _roles(colours: Mapping[str, str], positive: Sequence[str], negative: Sequence[str]) -> dict[str, Role]:
    """What every role looks like, from a theme's few colours."""
    roles: dict[str, Role] = {
        "canvas": {"fill": colours["canvas"]},
        "ink": {"fill": colours["ink"]},
        "quiet": {"fill": colours["quiet"]},
        "delta": {"fill": colours["delta"]},
        "unit": {"fill": colours["fill"], "stroke": colours["unit"], "stroke-width": "1.6"},
        "input": {"fill": colours["fill"], "stroke": colours["quiet"], "stroke-width": "1.6"},
        "bias": {
            "fill": colours["canvas"],
            "stroke": colours["quiet"],
            "stroke-width": "1.4",
            "stroke-dasharray": "4 3",
        },
        "focus": {"fill": "none", "stroke": colours["focus"], "stroke-width": "3.5"},
        "mark": {"fill": "none", "stroke": colours["focus"], "stroke-width": "1.8"},
        "pointer": {"fill": colours["focus"]},
        "panel": {"fill": colours["fill"], "stroke": colours["focus"], "stroke-width": "1.5"},
        "cost": {"fill": colours["fill"], "stroke": colours["cost"], "stroke-width": "1.6"},
        "wire": {"fill": "none", "stroke": colours["wire"], "stroke-width": "1"},
        "frame": {"fill": "none", "stroke": colours["quiet"], "stroke-width": "0.8"},
        "plus": {"fill": "none", "stroke": colours["plus"]},
        "minus": {"fill": "none", "stroke": colours["minus"], "stroke-dasharray": NEGATIVE},
        "not-finite": {"fill": colours["cost"], "stroke": colours["cost"]},
    }
    for k in range(LEVELS):
        roles[f"plus-{k + 1}"] = {"fill": positive[k]}
        roles[f"minus-{k + 1}"] = {"fill": negative[k]}
    return roles


_LIGHT = _roles(
    {
        "canvas": "#FFFFFF",
        "fill": "#FFFFFF",
        "ink": "#1A1A1A",
        "quiet": "#5A5A5A",
        "wire": "#B5B5B5",
        "delta": "#A33F00",
        "unit": "#00805E",
        "focus": "#A3407A",
        "cost": "#A3407A",
        "plus": "#D55E00",
        "minus": "#0072B2",
    },
    ("#FDE2CC", "#F9B97F", "#E67E22", "#A84300"),
    ("#D3E7F5", "#8FC3E6", "#3D93CB", "#005A8F"),
)
_DARK = _roles(
    {
        "canvas": "#14181D",
        "fill": "#1E242B",
        "ink": "#F0F0F0",
        "quiet": "#B4BAC2",
        "wire": "#5B6470",
        "delta": "#FFB37A",
        "unit": "#3FC79A",
        "focus": "#F08CC4",
        "cost": "#F08CC4",
        "plus": "#F58A3C",
        "minus": "#5DB7F0",
    },
    ("#4A3019", "#8A4F1A", "#D67C2A", "#FFC48A"),
    ("#1C3A52", "#23618F", "#3C95D3", "#9AD3FF"),
)
# Black and white: the sign is solid against dashed, in a matrix whole cells against their lower halves.
_PRINT = _roles(
    dict.fromkeys(("ink", "quiet", "delta", "unit", "focus", "cost", "plus", "minus"), "#000000")
    | {"canvas": "#FFFFFF", "fill": "#FFFFFF", "wire": "#8C8C8C"},
    ("#D9D9D9", "#A6A6A6", "#666666", "#000000"),
    ("#D9D9D9", "#A6A6A6", "#666666", "#000000"),
)

THEMES = {"light": _LIGHT, "dark": _DARK, "print": _PRINT, "auto": _LIGHT}


def _dark_sheet() -> str:
    rules = []
    for role, look in _DARK.items():
        colours = ";".join(f"{key}:{value}" for key, value in look.items() if key in ("fill", "stroke"))
        rules.append(f".viz-units-auto .{role}{{{colours}}}")
    return "@media (prefers-color-scheme: dark){" + "".join(rules) + "}"


# --- text -------------------------------------------------------------------------------------------------------------

# Advance widths of DejaVu Sans in ems, from above; Verdana's differ by less than the allowance in `width`.
_WIDTHS = dict.fromkeys("0123456789", 0.64)
_WIDTHS |= dict.fromkeys(" .,:;′·|ijl'", 0.35)
_WIDTHS |= dict.fromkeys("()[]-ftr/", 0.42)
_WIDTHS |= dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⱼᵢ", 0.42)
_WIDTHS |= dict.fromkeys("−+=<>×∝≈∂mwMW—→…", 0.9)
_WIDTHS |= dict.fromkeys("⋮", 1.0)
_ALLOWANCE = 1.04


def width(text: str, size: float) -> float:
    """About how wide a text is drawn, rather more than less.

    >>> width("0.25", 10) < width("−0.25", 10) < width("漢字漢字", 10)
    True
    """
    wide = {"W": 1.0, "F": 1.0}
    ems = sum(_WIDTHS.get(c) or wide.get(unicodedata.east_asian_width(c), 0.7) for c in text)
    return ems * size * _ALLOWANCE


def wrap(tokens: Iterable[str], room: float, size: float, indent: str = INDENT) -> list[str]:
    """Tokens joined by spaces into lines that are no wider than `room`, all but the first indented.

    >>> wrap(["a", "+", "b"], 1000, 10), wrap(["a", "+", "b"], 25, 10, "  ")
    (['a + b'], ['a +', '  b'])
    """
    lines: list[str] = []
    for token in tokens:
        longer = f"{lines[-1]} {token}" if lines else token
        if not lines or width(longer, size) > room:
            lines.append((indent if lines else "") + token)
        else:
            lines[-1] = longer
    return lines


# --- drawing ----------------------------------------------------------------------------------------------------------


class Sheet:
    """A drawing in progress; what is drawn later lies on top. Its elements bear their role as class."""

    def __init__(self, theme: str) -> None:
        if theme not in THEMES:
            raise OptionError(f"units: theme={theme!r}: choose one of {', '.join(map(repr, THEMES))}")
        self._theme = theme
        self._root = ET.Element("svg")
        self._into = self._root

    @contextmanager
    def group(self, role: str, **data: object) -> Iterator[None]:
        """What is drawn inside belongs together; `data` are its data-… attributes."""
        outer = self._into
        self._into = ET.SubElement(outer, "g", {"class": role} | {f"data-{k}": str(v) for k, v in data.items()})
        yield
        self._into = outer

    def text(
        self,
        x: float,
        y: float,
        text: str,
        role: str = "ink",
        *,
        size: float = 11,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """A line of text; y is the middle of its height, as far as digits reach."""
        weight = {"font-weight": "bold"} if bold else {}
        place = {"x": _number(x), "y": _number(y + 0.36 * size), "font-size": _number(size), "text-anchor": anchor}
        self._add("text", role, place | weight).text = text

    def line(self, start: tuple[float, float], end: tuple[float, float], role: str, **more: float) -> None:
        """A straight line; `more`: stroke_width, opacity."""
        (x1, y1), (x2, y2) = start, end
        place = {"x1": _number(x1), "y1": _number(y1), "x2": _number(x2), "y2": _number(y2)}
        self._add("line", role, place | {key.replace("_", "-"): _number(value) for key, value in more.items()})

    def circle(self, x: float, y: float, r: float, role: str) -> None:
        """A circle by its centre."""
        self._add("circle", role, {"cx": _number(x), "cy": _number(y), "r": _number(r)})

    def box(self, x: float, y: float, w: float, h: float, role: str, *, rounded: float = 0) -> None:
        """A rectangle by its upper left corner."""
        place = {"x": _number(x), "y": _number(y), "width": _number(w), "height": _number(h)}
        self._add("rect", role, place | ({"rx": _number(rounded)} if rounded else {}))

    def boxes(self, places: Iterable[tuple[float, float, float, float]], role: str) -> None:
        """Many rectangles as one path; those of negative numbers in print are lower halves."""
        if self._theme == "print" and role.startswith("minus"):
            places = [(x, y + h / 2, w, h / 2) for x, y, w, h in places]
        cells = [f"M{_number(x)} {_number(y)}h{_number(w)}v{_number(h)}h{_number(-w)}z" for x, y, w, h in places]
        if cells:
            self._add("path", role, {"d": "".join(cells)})

    def path(self, d: str, role: str) -> None:
        """A path in SVG's own letters."""
        self._add("path", role, {"d": d})

    def picture(self, w: float, h: float, title: str, desc: str) -> Picture:
        """The drawing, finished, so large, with what a screen reader says of it."""
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": f"viz-units viz-units-{self._theme}",
                "role": "img",
                "aria-label": title,
                "viewBox": f"0 0 {_number(w)} {_number(h)}",
                "width": _number(w),
                "height": _number(h),
                "font-family": FONT,
            },
        )
        ET.SubElement(root, "title").text = title
        ET.SubElement(root, "desc").text = desc
        if self._theme == "auto":
            ET.SubElement(root, "style").text = _dark_sheet()
        ground = {"class": "canvas", "width": _number(w), "height": _number(h)} | THEMES[self._theme]["canvas"]
        ET.SubElement(root, "rect", ground)
        root.extend(self._root)
        ET.indent(root, "")
        return Picture(ET.tostring(root, encoding="unicode") + "\n")

    def _add(self, tag: str, role: str, attributes: dict[str, str]) -> ET.Element:
        return ET.SubElement(self._into, tag, {"class": role} | THEMES[self._theme][role] | attributes)


def _number(x: float) -> str:
    return f"{x + 0.0:.2f}".rstrip("0").rstrip(".") if round(x, 2) else "0"
