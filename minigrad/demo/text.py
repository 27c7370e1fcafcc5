"""Text: headings, paragraphs and aligned tables, within 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

WIDTH = 100


def title(words: str) -> str:
    """A title, underlined with a double rule.

    >>> print(title("Digits"))
    Digits
    ══════
    """
    return f"{words}\n{'═' * len(words)}"


def heading(words: str) -> str:
    """A heading, with the empty line above it.

    >>> print(heading("Forward"))
    <BLANKLINE>
    Forward
    ───────
    """
    return f"\n{words}\n{'─' * len(words)}"


def paragraph(words: str) -> str:
    """A paragraph, its lines filled.

    >>> len(max(paragraph("word " * 50).splitlines(), key=len)) <= WIDTH
    True
    """
    return textwrap.fill(" ".join(words.split()), WIDTH)


def formula(*lines: str) -> str:
    """Formulas on lines of their own, with air around them.

    >>> formula("z = Θ a")
    '\\n    z = Θ a\\n'
    """
    return "\n" + "\n".join("    " + line for line in lines) + "\n"


def number(value: object, decimals: int = 6) -> str:
    """A number to so many decimals.

    >>> number(0.125), number(-2.0, 2)
    ('0.125000', '-2.00')
    """
    return f"{float(value):.{decimals}f}"  # type: ignore[arg-type]  # float() takes NumPy scalars


def numbers(values: ArrayLike, decimals: int = 6) -> list[str]:
    """The cells of a table's row: every entry of an array.

    >>> numbers([[0.5], [1.0]], 2)
    ['0.50', '1.00']
    """
    return [number(value, decimals) for value in np.ravel(values)]


def table(rows: Iterable[Sequence[str]], *, left: int = 1, gap: int = 3, indent: int = 2) -> str:
    """Rows of cells in aligned columns: the first `left` columns to the left, the rest, numbers, to the right.

    >>> print(table([["", "J"], ["start", "2.5"], ["end", "10.0"]]))
             J
    start    2.5
    end     10.0
    """
    cells = [list(row) for row in rows]
    columns = max(map(len, cells))
    cells = [row + [""] * (columns - len(row)) for row in cells]
    widths = [max(len(row[k]) for row in cells) for k in range(columns)]
    lines = [
        [
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in cells
    ]
    return "\n".join((" " * indent + (" " * gap).join(line)).rstrip() for line in lines)
