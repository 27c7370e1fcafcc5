"""Labels: text and numbers as Graphviz's HTML-like labels, in which nothing a user named can become markup.

    text      a name → escaped, control and bidi characters made visible, shortened
    numbers   an array → a small table, or a summary
    rows      lines of cells → a table; the label of a node or an edge is one
    label     a finished table → the string that python-graphviz takes for HTML

Every label is made here, and every one is HTML-like: so a plain label that happens to look like HTML (python-graphviz's
issue 168) cannot occur. All strings between these functions, except the argument of `text`, are markup already.
"""

import html
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy.typing as npt

from viz import numbers

__all__ = ["array", "bold", "cell", "label", "rows", "small", "text", "visible"]

_SMALL = '<FONT POINT-SIZE="9">'

LONGEST = 40
"""Names are shortened to so many characters, their beginning and end kept."""

# Control, format (bidi marks are of this kind), surrogate, private, unassigned; line and paragraph separators. XML
# forbids some of them, a terminal or a browser obeys others, and none of them shows.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(name: str, longest: int = LONGEST) -> str:
    """The name as one line that shows all it holds: invisible characters as ⟨U+202E⟩, the middle of a long one as ….

    >>> visible("a\\u202eb"), visible("x" * 100, longest=9)
    ('a⟨U+202E⟩b', 'xxxx…xxxx')
    """
    if len(name) > longest:
        kept = longest - 1
        name = name[: kept - kept // 2] + "…" + name[len(name) - kept // 2 :]
    if name.isascii() and name.isprintable():
        return name
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _INVISIBLE else c for c in name)


def text(name: str, longest: int = LONGEST) -> str:
    r"""A name as markup that shows exactly that name.

    The backslash is doubled, because Graphviz puts the node's name for \N in HTML-like labels too.

    >>> print(text(r'<b>"\N" & co</b>'))
    &lt;b&gt;&quot;\\N&quot; &amp; co&lt;/b&gt;
    """
    return html.escape(visible(name, longest)).replace("\\", "\\\\")


def bold(markup: str) -> str:
    """The markup in bold; nothing stays nothing, for Graphviz rejects an empty tag."""
    return f"<B>{markup}</B>" if markup else ""


def small(markup: str, colour: str | None = None) -> str:
    """The markup in small type: captions, shapes, roles; in the colour of what it stands in, unless one is given."""
    if not markup:
        return ""
    return f'<FONT POINT-SIZE="9" COLOR="{colour}">{markup}</FONT>' if colour else _SMALL + markup + "</FONT>"


def cell(markup: str, **attributes: str | int) -> str:
    """One table cell; attributes as in Graphviz's HTML-like labels, in lower case (`align="left"`)."""
    written = "".join([f' {key.upper()}="{value}"' for key, value in attributes.items()])
    return f"<TD{written}>{markup}</TD>"


def rows(lines: Iterable[Sequence[str]], *, padding: int = 2, **attributes: str | int) -> str:
    """Lines of cells as one table without frame, unless the attributes give one; each a line of text, for diffs."""
    body = "".join(f"\n<TR>{''.join(line)}</TR>" for line in lines)
    settings = {"border": 0, "cellborder": 0, "cellspacing": 0, "cellpadding": padding} | attributes
    written = "".join(f' {key.upper()}="{value}"' for key, value in settings.items())
    return f"<TABLE{written}>{body}</TABLE>"


def array(values: npt.NDArray[Any], line: str) -> str:
    """An array, any shape: up to 5 × 5 in full between the lines of a matrix, larger as a summary; 0-d as a number.

    `line` is the colour of the matrix's lines: those of inner tables, unlike type, are black unless told.
    """
    if not numbers.is_small(values):
        return _summary(values)
    entries = numbers.grid(values)
    if values.ndim == 0:
        return entries[0][0]
    lines = [[f'<TD ALIGN="right">{entry}</TD>' for entry in row] for row in entries]
    return rows(lines, border=1, sides="LR", color=line, padding=3)


def label(markup: str) -> str:
    """The string to give python-graphviz as a label, so that it is read as HTML."""
    return f"<{markup}>"


def _summary(values: npt.NDArray[Any]) -> str:
    lines = [
        [cell(small(caption), align="left"), cell(number, align="right")] for caption, number in numbers.summary(values)
    ]
    return rows(lines, padding=1)
