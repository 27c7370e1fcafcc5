"""Tables: an array, a gradient or a linear map as a picture of its numbers.

    table       → a Table: .html for a notebook or a page, .svg where it is one picture, str() for a terminal
    fragment    the same for a page that has the style already

Up to 8 × 8 every number is written, on a colour for its sign and size; a larger array is drawn in squares. A linear
map is drawn by its structure: A · with the numbers of A, the others as their matrix with the zeros left blank.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from viz import numbers, shades
from viz.errors import VizError
from viz.labels import visible

__all__ = ["Fragment", "NoTableError", "Table", "fragment", "is_map", "table"]

Array = npt.NDArray[Any]

WRITTEN = 8
"""With at most this many rows and columns every number is written."""
DENSE = 4096
"""Entries of the largest matrix that is made of a linear map."""
PARTS = 8
"""Slices shown of an array of more than two axes, or maps of a composed one."""

# What stands on each side of the entry's table for the maps that multiply a matrix.
SIDES = {"LeftMul": ("", "·"), "RightMul": ("·", "")}


class NoTableError(VizError, TypeError):
    """What was given is neither an array of numbers nor a linear map.

    >>> table("abc")
    Traceback (most recent call last):
    ...
    viz.tables.NoTableError: table: 'abc' is no array of real numbers or booleans, and no linear map
    """


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """A picture of numbers: `html` whole in itself, `svg` (None where it is not one picture), `text` for a terminal.

    >>> table(np.array([[0.5, -2.0]]), name="W")
    W (1, 2)
      0.500  −2.000
    """

    html: str
    svg: str | None
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Fragment:
    """The parts of a Table before the style is put to them.

    >>> Fragment("<div></div>", None, "").svg is None
    True
    """

    html: str
    svg: str | None
    text: str


def table(what: Any, *, name: str | None = None) -> Table:
    """A picture of an array, a gradient, a node's value, or a linear map by its structure.

    Blue is negative, orange positive, the paper's colour 0; NaN and infinities have a colour of their own. Where a
    number is shortened, its full digits show under the pointer.

    Args:
        what: an array, or what NumPy makes one of; a node, for its value; a linear map, such as a local Jacobian.
        name: stands before the shape.

    Raises:
        NoTableError: anything else.

    >>> import minigrad as mg
    >>> table(mg.Diagonal(np.array([2.0, 0.0, -1.0])))
    diag(d) : (3,) → (3,)
      2  ·   ·
      ·  0   ·
      ·  ·  −1
    """
    made = fragment(what, name)
    style = f"<style>{shades.STYLE}</style>"
    html = f'<div class="minigrad-table">\n{style}\n{made.html}\n</div>'
    return Table(html, made.svg and made.svg.replace("\n", f"\n{style}\n", 1), made.text)


def fragment(what: Any, name: str | None = None) -> Fragment:
    """As `table`, for a page that has the style once: the HTML belongs into an element of class minigrad-table.

    >>> "<style" in fragment([1.0, 2.0]).html
    False
    """
    if is_map(what):
        return _map(what, name)
    array = _array_of(what)
    if array is None or array.dtype.kind not in "fiub":
        shown = visible(repr(what), 60)
        raise NoTableError(f"table: {shown} is no array of real numbers or booleans, and no linear map")
    return _array(array, name)


def is_map(what: Any) -> bool:
    """Whether it is a linear map: it has two shapes, a text and a matrix.

    >>> import minigrad as mg
    >>> is_map(mg.Scale(2.0, (3,))), is_map(np.ones(3)), is_map("diag(d)")
    (True, False, False)
    """
    return all(hasattr(what, attribute) for attribute in ("in_shape", "out_shape", "text", "matrix"))


def _array_of(what: Any) -> Array | None:
    """The numbers of an array, a number or a node; None for what has none."""
    value = getattr(what, "value", what)
    try:
        return np.asarray(value)
    except (TypeError, ValueError):
        return None


# --- arrays -----------------------------------------------------------------------------------------------------------


def _array(array: Array, name: str | None = None) -> Fragment:
    title = str(array.shape) + ("" if array.dtype == np.float64 else f" {array.dtype}")
    if name:
        title = f"{visible(name)} {title}"
    if array.size == 0:
        return _titled(f"{title}, empty", [])
    if array.ndim <= 2:
        return _titled(title, [_plane(array, shades.largest(array))])
    return _slices(array, title)


def _slices(array: Array, title: str) -> Fragment:
    """The last two axes as tables, one for each index of the others, all on one scale."""
    end, count = shades.largest(array), math.prod(array.shape[:-2])
    indices = [index for _, index in zip(range(PARTS), np.ndindex(array.shape[:-2]), strict=False)]
    parts = [
        _titled(f"[{', '.join(map(str, index))}, :, :]", [_plane(array[index], end)], quiet=True) for index in indices
    ]
    if count > len(parts):
        title += f", {len(parts)} of {count:,} slices: {_summary(array)}"
    return _titled(title, parts)


def _plane(array: Array, end: Any, blank: bool = False) -> Fragment:
    """An array of at most two axes; with `blank` its zeros are left out, as in the matrix of a map."""
    picture = shades.picture(np.atleast_2d(array), end)
    if max(array.shape, default=1) > WRITTEN:
        summary = _summary(array)
        return Fragment(f"{picture}\n{_line(summary, quiet=True)}", picture, summary)
    written = numbers.grid(array)
    if blank:
        kept = _kept(array)
        written = [[entry if kept[i, j] else "" for j, entry in enumerate(row)] for i, row in enumerate(written)]
    return Fragment(_grid(array, written, end), picture, _columns(written))


def _kept(matrix: Array) -> Array:
    """Which entries are written: all but zeros, and those too on the diagonal of a diagonal matrix."""
    nonzero: Array = matrix != 0
    rows, columns = np.indices(matrix.shape)
    is_diagonal = matrix.shape[0] == matrix.shape[1] and nonzero.any() and not nonzero[rows != columns].any()
    return (nonzero | (rows == columns)) if is_diagonal else nonzero


def _summary(array: Array) -> str:
    return ", ".join(f"{caption} {number}" for caption, number in numbers.summary(array))


def _grid(array: Array, written: list[list[str]], end: Any) -> str:
    """An HTML table with the indices of rows and columns, where there are several."""
    plane = np.atleast_2d(array)
    levels = shades.levels(plane, end)
    rows, columns = plane.shape
    head = ""
    if columns > 1:
        corner = '<td class="minigrad-corner"></td>' if rows > 1 else ""
        head = corner + "".join(f'<th scope="col">{j}</th>' for j in range(columns))
        head = f"<thead><tr>{head}</tr></thead>\n"
    lines = []
    for i, row in enumerate(written):
        index = f'<th scope="row">{i}</th>' if rows > 1 else ""
        cells = [_cell(entry, plane[i, j], int(levels[i, j])) for j, entry in enumerate(row)]
        lines.append(f"<tr>{index}{''.join(cells)}</tr>")
    body = "\n".join(lines)
    return f'<table class="minigrad-grid">\n{head}<tbody>\n{body}\n</tbody></table>'


def _cell(entry: str, number: Any, level: int) -> str:
    """An entry on its colour; with a title where it is not the number in full."""
    full, read = str(number), entry.replace("−", "-").replace("∞", "inf")
    exact = full == entry or not np.isfinite(number) or (read and float(read) == number)
    title = f' title="{full}"' if entry and not exact else ""
    return f'<td class="minigrad-{shades.step(level)}"{title}>{entry}</td>'


def _columns(written: list[list[str]]) -> str:
    """Rows of numbers for a terminal, a dot for what is left out."""
    rows = [[entry or "·" for entry in row] for row in written]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True)) for row in rows)


# --- linear maps ------------------------------------------------------------------------------------------------------


def _map(linear: Any, name: str | None = None) -> Fragment:
    """Its structure and shapes, and below them what it is filled with, or its matrix."""
    title = visible(f"{linear.text()} : {linear.in_shape} → {linear.out_shape}", 200)
    if name:
        title = f"{visible(name)} = {title}"
    filled = [_array_of(entry) for entry in getattr(linear, "entries", ())]
    arrays = [array for array in filled if array is not None and array.dtype.kind in "fiub"]
    if len(arrays) < len(filled):  # symbols: there are no numbers to draw
        return _titled(title, [])
    before, after = SIDES.get(type(linear).__name__, ("", ""))
    if before or after:
        letter = linear.text().replace("·", "").strip()
        return _titled(title, [_array(array, letter) for array in arrays], before, after)
    rows, columns = math.prod(linear.out_shape), math.prod(linear.in_shape)
    if rows * columns <= DENSE:
        return _titled(title, [_matrix(linear, rows, columns)])
    maps = getattr(linear, "maps", ())
    if maps:
        more = f", the first {PARTS} of {len(maps)} maps" if len(maps) > PARTS else ""
        return _titled(title + more, [_map(each) for each in maps[:PARTS]])
    return _titled(title, [_array(array) for array in arrays])


def _matrix(linear: Any, rows: int, columns: int) -> Fragment:
    """The dense matrix; where it maps more than vectors, with a line that says in which order its entries stand."""
    matrix = _array_of(linear.matrix())
    if matrix is None:
        return Fragment("", None, "")
    if matrix.dtype.kind == "b":
        matrix = matrix.astype(np.int8)  # a mask picks with 0 and 1
    order = len(linear.in_shape) > 1 or len(linear.out_shape) > 1
    note = f"matrix ({rows}, {columns}), rows and columns in C order"
    if matrix.size == 0:
        return _titled(f"{note}, empty", [], quiet=True)
    plane = _plane(matrix, shades.largest(matrix), blank=True)
    return _titled(note, [plane], quiet=True) if order and max(matrix.shape) > 1 else plane


# --- put together -----------------------------------------------------------------------------------------------------


def _titled(title: str, parts: Iterable[Fragment], before: str = "", after: str = "", quiet: bool = False) -> Fragment:
    """Parts side by side below a title; the picture is the part's where there is just one."""
    parts = list(parts)
    signs = [f'<span class="minigrad-sign">{sign}</span>' if sign else "" for sign in (before, after)]
    inside = "\n".join(f"<div>{part.html}</div>" for part in parts)
    row = f'\n<div class="minigrad-row">{signs[0]}{inside}{signs[1]}</div>' if parts else ""
    text = "\n".join([title, *["  " + line for part in parts for line in part.text.splitlines()]])
    return Fragment(_line(title, quiet) + row, parts[0].svg if len(parts) == 1 else None, text)


def _line(words: str, quiet: bool = False) -> str:
    return f'<div class="minigrad-{"quiet" if quiet else "title"}">{escape(words)}</div>'
