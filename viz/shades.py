"""Shades: the colour of a number by its sign and size, as CSS for light, dark and paper; and pictures of many numbers.

    largest, levels, step    numbers → steps of the scale → the name of a step's colour
    picture                  a matrix of any size as an SVG of squares, with the scale below
    STYLE                    the CSS that says what these names look like

Blue is negative, orange positive, the paper's colour 0; what is not finite has a colour and an outline of its own. A
step is a class, and its light colour is written beside it: so a picture is right in a program that knows no CSS.
"""

import math
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from viz import numbers, theme

__all__ = ["DARK", "LEVELS", "LIGHT", "STYLE", "largest", "levels", "picture", "step"]

Array = npt.NDArray[Any]
Levels = npt.NDArray[np.int8]

LEVELS = 6
"""Colours for each sign."""
BLOCKS = 64
"""Rows and columns of squares in a picture, at most."""


# --- colours ----------------------------------------------------------------------------------------------------------


def _ramp(paper: str, end: str) -> list[str]:
    """From near the paper's colour to the end's; already the first can be told from the paper."""

    def channel(k: int, at: int) -> int:
        start, stop = int(paper[at : at + 2], 16), int(end[at : at + 2], 16)
        return round(start + (0.15 + 0.85 * k / (LEVELS - 1)) * (stop - start))

    return ["#" + "".join(f"{channel(k, at):02X}" for at in (1, 3, 5)) for k in range(LEVELS)]


def _palette(look: theme.Theme, blue: str, orange: str) -> dict[str, str]:
    paper = look.canvas
    named = {"ink": look.ink, "paper": paper, "quiet": look.quiet, "rule": look.cluster.border, "zero": paper}
    ramps = {"n": _ramp(paper, blue), "p": _ramp(paper, orange)}
    steps = {f"{sign}{k}": colour for sign, ramp in ramps.items() for k, colour in enumerate(ramp, 1)}
    return {**named, "odd": look.not_finite["bgcolor"], **steps}


# Blue and orange are Okabe and Ito's (2008), told apart by every kind of colour vision; the ink reads well on all.
LIGHT = _palette(theme.LIGHT, "#56B4E9", "#E69F00")
DARK = _palette(theme.DARK, "#00639C", "#9A5B00")
STEPS = [f"n{k}" for k in range(LEVELS, 0, -1)] + ["zero"] + [f"p{k}" for k in range(1, LEVELS + 1)] + ["odd"]

_ROOTS = (".minigrad-card", ".minigrad-table", ".minigrad-heat")

_LAYOUT = """
.minigrad-card, .minigrad-table { color: var(--minigrad-ink); background: var(--minigrad-paper); font-size: 13px;
  font-family: "DejaVu Sans", Verdana, sans-serif; line-height: 1.4; text-align: left; }
.minigrad-table { display: inline-block; padding: 6px; vertical-align: top; max-width: 100%; box-sizing: border-box; }
.minigrad-table table.minigrad-grid { border-collapse: collapse; border: 0; margin: 4px 0; background: none; }
.minigrad-table table.minigrad-grid tr { background: none; border: 0; }
.minigrad-table table.minigrad-grid td, .minigrad-table table.minigrad-grid th { color: var(--minigrad-ink);
  border: 1px solid var(--minigrad-rule); padding: 2px 7px; text-align: right; white-space: nowrap; font-size: 13px;
  font-variant-numeric: tabular-nums; font-weight: normal; min-width: 1em; height: 1.4em; }
.minigrad-table table.minigrad-grid th { color: var(--minigrad-quiet); background: var(--minigrad-paper); border: 0;
  font-size: 10px; text-align: center; }
.minigrad-table table.minigrad-grid td.minigrad-corner { border: 0; }
.minigrad-table table.minigrad-grid th[scope="row"] { text-align: right; }
.minigrad-title { overflow-wrap: anywhere; }
.minigrad-quiet { color: var(--minigrad-quiet); font-size: 11px; }
.minigrad-row { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; }
.minigrad-sign { font-size: 22px; font-weight: bold; }
.minigrad-if-light { display: var(--minigrad-if-light) !important; }
.minigrad-if-dark { display: var(--minigrad-if-dark) !important; }
.minigrad-heat { display: block; margin: 4px 0; max-width: 100%; height: auto; }
.minigrad-heat rect.minigrad-paper { fill: var(--minigrad-paper); }
.minigrad-heat .minigrad-frame { stroke: var(--minigrad-quiet); }
.minigrad-heat .minigrad-odd { stroke: var(--minigrad-ink); }
.minigrad-heat text { fill: var(--minigrad-ink); }
"""


def _style() -> str:
    def rule(palette: dict[str, str], within: str = "") -> str:
        shown = (
            {"if-light": "block", "if-dark": "none"} if palette is LIGHT else {"if-light": "none", "if-dark": "block"}
        )
        variables = " ".join(f"--minigrad-{name}: {setting};" for name, setting in {**palette, **shown}.items())
        return f"{', '.join(within + root for root in _ROOTS)} {{ {variables} }}"

    steps = "\n".join(
        f".minigrad-table table.minigrad-grid td.minigrad-{step} {{ background: var(--minigrad-{step}); }} "
        f".minigrad-heat .minigrad-{step} {{ fill: var(--minigrad-{step}); }}"
        for step in STEPS
    )
    # JupyterLab tells its theme by an attribute, which counts for more than the system's; paper is always light.
    dark, paper = rule(DARK), rule(LIGHT) + rule(LIGHT, "[data-jp-theme-light] ")
    lab = [rule(LIGHT, '[data-jp-theme-light="true"] '), rule(DARK, '[data-jp-theme-light="false"] ')]
    wish = f"@media (prefers-color-scheme: dark) {{ {dark} }}"
    return "\n".join([rule(LIGHT), wish, *lab, f"@media print {{ {paper} }}", _LAYOUT.strip(), steps])


STYLE = _style()
"""The CSS of all tables: light, dark (by the reader's system, or by JupyterLab's own theme) and on paper."""


# --- numbers as steps -------------------------------------------------------------------------------------------------


def largest(array: Array) -> Any:
    """The largest size among the finite entries, 0 without any: the end of the scale.

    >>> float(largest(np.array([1.0, -3.0, np.nan])))
    3.0
    """
    values = _floats(array)
    return np.abs(values[np.isfinite(values)]).max(initial=0.0)


def levels(array: Array, end: Any) -> Levels:
    """−6 … 6 for every entry, 0 for true zeros alone; 7 where it is not finite.

    >>> levels(np.array([-2.0, 0.0, 1e-9, 1.0, np.inf]), 2.0)
    array([-6,  0,  1,  3,  7], dtype=int8)
    """
    values = _floats(array)
    finite = np.isfinite(values)
    values = np.where(finite, values, 0)
    steps = np.sign(values) * np.clip(np.ceil(np.abs(values) / (end or 1) * LEVELS), 1, LEVELS)
    return np.where(finite, steps, LEVELS + 1).astype(np.int8)


def step(level: int) -> str:
    """The name of a level's colour.

    >>> step(-6), step(0), step(1), step(7)
    ('n6', 'zero', 'p1', 'odd')
    """
    return STEPS[level + LEVELS]


def _floats(array: Array) -> Array:
    return array if array.dtype.kind == "f" else array.astype(np.float64)


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(matrix: Array, end: Any) -> str:
    """An SVG element of at most 64 × 64 squares, each in the colour of its largest entry, with the scale below.

    The matrix is 2-D and not empty. STYLE is not in it.

    >>> picture(np.eye(3), 1.0).startswith("<svg")
    True
    """
    blocks = levels(_blocks(matrix), end)
    rows, columns = blocks.shape
    wide = high = max(4, min(20, 256 // max(rows, columns)))
    if 1 in (rows, columns):  # a vector: its squares are drawn out into stripes
        wide, high = (max(wide, 16), high) if columns == 1 else (wide, max(high, 16))
    width, height = columns * wide, rows * high
    present = sorted({int(level) for level in np.unique(blocks)})
    squares = {step(level): _squares(blocks == level, wide, high) for level in present if level}
    paths = "\n".join(f'<path class="minigrad-{name}" {_fill(name)} d="{d}"/>' for name, d in squares.items())
    scale, scale_width = _scale(present, end, height + 10)
    each = [math.ceil(size / count) for size, count in zip(matrix.shape, blocks.shape, strict=True)]
    note = f"a square: the largest of {each[0]} × {each[1]} numbers" if each != [1, 1] else ""
    across, down = max(width, scale_width, 7 * len(note)) + 2, height + (52 if note else 38)
    size = f'width="{across}" height="{down}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="minigrad-heat" {size} viewBox="-1 -1 {across} {down}" '
            f'role="img" aria-label="{escape(_told(matrix))}" font-family="{escape(theme.FONT)}" font-size="10">',
            f'<rect class="minigrad-paper" fill="{LIGHT["paper"]}" x="-1" y="-1" {size}/>',
            f'<g shape-rendering="crispEdges">\n{paths}\n</g>',
            _frame(0, 0, width, height),
            scale,
            _text(0, height + 48, note) if note else "",
            "</svg>",
        ]
    )


def _told(matrix: Array) -> str:
    summary = ", ".join(f"{caption} {number}" for caption, number in numbers.summary(matrix))
    return f"{matrix.shape[0]:,} × {matrix.shape[1]:,} numbers as colours: {summary}"


def _blocks(matrix: Array) -> Array:
    """The number of largest size in every block, its sign kept; NaN where one is not finite."""
    values = _floats(matrix)
    finite = np.isfinite(values)
    values = np.where(finite, values, 0)
    for axis, count in enumerate(values.shape):
        starts = np.arange(0, count, math.ceil(count / BLOCKS))
        high, low = np.maximum.reduceat(values, starts, axis=axis), np.minimum.reduceat(values, starts, axis=axis)
        values = np.where(high >= -low, high, low)
        finite = np.logical_and.reduceat(finite, starts, axis=axis)
    return np.where(finite, values, np.nan)


def _squares(here: npt.NDArray[np.bool_], wide: int, high: int) -> str:
    """An SVG path around the squares that are True, neighbours in a row as one."""
    parts = []
    for i, row in enumerate(here):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        parts += [f"M{j * wide} {i * high}h{(k - j) * wide}v{high}h{(j - k) * wide}z" for j, k in ends.reshape(-1, 2)]
    return "".join(parts)


def _scale(present: list[int], end: Any, top: int) -> tuple[str, int]:
    """Swatches of the halves of the scale that occur, with the numbers at their ends; and how wide that is."""
    first = -LEVELS if present[0] < 0 else 0
    last = LEVELS if any(0 < level <= LEVELS for level in present) else 0
    steps, x = [], 0
    for level in range(first, last + 1):
        steps.append(_swatch(level, x, top))
        x += 12
    written = numbers.scalar(end, 3)
    texts = []
    if first:
        texts.append(_text(0, top + 24, "−" + written))
    texts.append(_text(-12 * first + 2, top + 24, "0"))
    if last:
        texts.append(_text(x - 12, top + 24, written))
        x += 6 * len(written)
    if present[-1] > LEVELS:
        x = max(x, 60)
        steps.append(_swatch(LEVELS + 1, x, top))
        texts.append(_text(x + 16, top + 10, "NaN, ∞"))
        x += 64
    return "\n".join([*steps, *texts]), x + 6 * len(written)


def _swatch(level: int, x: int, y: int) -> str:
    name = step(level)
    square = f'<rect class="minigrad-{name}" {_fill(name)} x="{x}" y="{y}" width="12" height="12"/>'
    return square + _frame(x, y, 12, 12)


def _fill(name: str) -> str:
    """A step's light colour, for programs without CSS; what is not finite is outlined too."""
    return f'fill="{LIGHT[name]}"' + (f' stroke="{LIGHT["ink"]}"' if name == "odd" else "")


def _frame(x: int, y: int, width: int, height: int) -> str:
    size = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect class="minigrad-frame" fill="none" stroke="{LIGHT["quiet"]}" stroke-width="0.5" {size}/>'


def _text(x: int, y: int, words: str) -> str:
    return f'<text x="{x}" y="{y}" fill="{LIGHT["ink"]}">{escape(words)}</text>'
