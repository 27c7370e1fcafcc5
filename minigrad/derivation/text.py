"""A derivation in Unicode: formulas on one line, steps with their signs of equality below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import layout, letters
from .expressions import Expression, Name
from .layout import Line, broken
from .letters import is_open, subscript, superscript, visible, width
from .notation import MARKS, Notation, deeper
from .steps import Described, Document, Prose, Section
from .typeset import Typesetter, prose_of

COLUMNS = 100
REASONS = 60  # the column in which reasons begin
INDENT = 4
LEFT = 24  # the widest left side that others are aligned with
SYMBOL, SHAPE = 20, 16  # the widest first columns of the table of symbols

BOLD = {"0": "𝟎", "1": "𝟏"}
_FIXED = "\u00a0"  # a space in a formula within a reason, where no line ends


class TextNotation(Notation):
    """Formulas in Unicode characters, one line each."""

    stacked = False

    def symbol(self, name: Name, positions: Sequence[str] = ()) -> str:
        base = visible(name.base, letters.LONGEST)
        if is_open(base):
            base = f"‹{base}›"
        if name.bar:
            base = "".join(c + "\u0304" for c in base) if len(base) == 1 else f"mean({base})"
        raised = superscript(visible(name.above))
        text = base + (f"^({visible(name.above)})" if raised is None else raised)
        if name.below:
            lowered = subscript(visible(name.below))
            text += f"_{visible(name.below)}" if lowered is None else lowered
        return text + _lowered(positions, bracket=bool(name.below)) if positions else text

    def of_sample(self, symbol: str, letter: str) -> str:
        return f"{symbol}({visible(letter)})"

    def position(self, position: str) -> str:
        return re.sub("(?<=.)([+−])", r" \1 ", visible(position))

    def number(self, digits: str) -> str:
        return digits

    def bold(self, digit: str) -> str:
        return BOLD[digit]

    def operator(self, sign: str) -> str:
        return f"{sign} " if sign in ",;" and sign else sign if sign == "×" else f" {visible(sign)} " if sign else " "

    def negative(self, term: str) -> str:
        return f"−{term}"

    def fraction(self, above: str, below: str) -> str:
        return f"{above}/{below}"

    def partial(self, of: str, by: str) -> str:
        return f"∂{of}/∂{by}"

    def power(self, base: str, exponent: str) -> str:
        raised = superscript(exponent) if re.fullmatch(r"−?\w+", exponent) else None
        if raised is not None:
            return base + raised
        return f"{base}^{exponent}" if re.fullmatch(r"[^\W_]+", exponent) else f"{base}^({exponent})"

    def root(self, radicand: str) -> str:
        return f"√{radicand}"

    def summation(self, letter: str, start: int, stop: int) -> str:
        lowered = subscript(letter)
        if lowered is None:
            return f"Σ[{visible(letter)} = {start}…{stop}] "
        bounds = f"₌{subscript(str(start))}{superscript(str(stop))}" if start != 1 else ""
        return f"Σ{lowered}{bounds} "

    def parenthesised(self, inner: str, roomy: bool = False) -> str:
        return f"( {inner} )" if roomy else f"({inner})"

    def bracketed(self, inner: str) -> str:
        return f"[{inner}]"

    def absolute(self, inner: str) -> str:
        return f"|{inner}|"

    def transposed(self, array: str) -> str:
        return f"{array}ᵀ"

    def subscripted(self, array: str, positions: Sequence[str]) -> str:
        return array + _lowered(positions)

    def call(self, name: str, primes: int, arguments: str) -> str:
        shown = visible(name, letters.LONGEST)
        return f"‹{shown}›{'′' * primes}({arguments})" if is_open(shown) else f"{shown}{'′' * primes}({arguments})"

    def words(self, words: str) -> str:
        return words

    def table(self, rows: Sequence[Sequence[str | None]]) -> str:
        return "[" + f"; {MARKS[-1]}".join("  ".join("…" if n is None else n for n in row) for row in rows) + "]"


def _lowered(positions: Sequence[str], bracket: bool = False) -> str:
    """Positions as subscripts, or in brackets where there are no such letters or they would run together."""
    together = subscript("".join(positions))
    apart = len(positions) > 1 and any(len(p.rstrip("′")) > 1 for p in positions)
    if together is not None and not apart and not bracket:
        return together
    if list(positions) == ["w"]:
        return "_w"
    return f"[{', '.join(visible(p) for p in positions)}]"


_FORMULAS = Typesetter(TextNotation())
_NUMBERS = Typesetter(TextNotation(), digits=4)


def formula(expression: Expression) -> str:
    """An expression in one line.

    >>> from minigrad.derivation.expressions import Named, Number, Plus, Power
    >>> formula(Power(Plus((Named(Name("x", below="1"), 2.0), Number(-1))), Number(2)))
    '(x₁ − 1)²'
    """
    return _FORMULAS.whole(expression)


def prose(items: Prose) -> str:
    """Words and formulas in one line.

    >>> prose(("all", " ", Name("x").base))
    'all x'
    """
    return _prose(items).replace(_FIXED, " ")


def _prose(items: Prose) -> str:
    return prose_of(_FORMULAS, items, _words, lambda formula: formula.replace(" ", _FIXED))


def _words(words: str) -> str:
    """Words of prose; no line ends beside a relation."""
    return re.sub(" ([=<>≤≥≠]) ", f"{_FIXED}\\1{_FIXED}", visible(words))


def text(document: Document) -> str:
    """A derivation in lines of at most 100 columns.

    >>> print(text(Document(("A title",), ())))
    A title
    ═══════
    """
    blocks = [_headed(document.title, "═")]
    blocks += [_section(section) for section in document.sections]
    if document.footer:
        blocks.append([line for remark in document.footer for line in _wrapped(_prose(remark), COLUMNS)])
    return "\n\n".join("\n".join(block) for block in blocks)


def _headed(title: Prose, underline: str) -> list[str]:
    lines = _wrapped(_prose(title), COLUMNS)
    return [*lines, underline * max([width(line) for line in lines], default=0)]


def _section(section: Section) -> list[str]:
    lines = _headed(section.title, "─")
    for remark in section.remarks:
        lines += _wrapped(_prose(remark), COLUMNS)
    lines += _symbols(section.symbols)
    column = INDENT + max([width(left) for left in _lefts(section) if width(left) <= LEFT], default=0)
    for line in layout.lines(section):
        lines += _with_reason(_equation(line, column), _prose(line.reason))
    return lines


def _lefts(section: Section) -> list[str]:
    return [_FORMULAS.whole(line.left) for line in layout.lines(section) if line.left is not None]


def _equation(line: Line, column: int) -> list[str]:
    """Lines of an equation, broken where it is too long."""
    write = _NUMBERS if line.numeric else _FORMULAS
    head = " " * INDENT + ("" if line.left is None else _FORMULAS.whole(line.left))
    lines = []
    if width(head) > COLUMNS // 2:
        lines, head = _chopped(head, COLUMNS, INDENT), ""
    head += " " * (column - width(head)) + f" {line.sign} "
    room, indent = COLUMNS - width(head), width(head)
    values = dict.fromkeys(write.formula(e) for e in line.rights)  # a number that is its own formula stands once
    parts = [
        piece
        for part in broken(f"{MARKS[0]} = ".join(deeper(value) for value in values), room, _trimmed_width)
        for piece in _wrapped(part.strip(), room)
    ]
    return [*lines, head + parts[0], *[" " * (indent - 2 * part.startswith("= ")) + part for part in parts[1:]]]


def _trimmed_width(line: str) -> int:
    return width(line.strip())


def _chopped(line: str, room: int, indent: int) -> list[str]:
    """A line that has no place to break, broken anywhere."""
    lines, taken = [""], 0
    for c in line:
        columns = width(c)
        if taken + columns > room:
            lines.append(" " * indent)
            taken = indent
        lines[-1] += c
        taken += columns
    return lines


def _with_reason(equation: list[str], words: str) -> list[str]:
    if not words:
        return equation
    reasons = _wrapped(f"[{words}]", COLUMNS - REASONS, indent=1)
    if width(equation[-1]) > REASONS - 2:
        return equation + [" " * REASONS + line for line in reasons]
    last = equation[-1] + " " * (REASONS - width(equation[-1])) + reasons[0]
    return [*equation[:-1], last, *[" " * REASONS + line for line in reasons[1:]]]


def _symbols(rows: Sequence[Described]) -> list[str]:
    """The table of symbols in columns; one that is wider than its column has a line of its own."""
    if not rows:
        return []
    names = [_FORMULAS.whole(row.symbol) for row in rows]
    shapes = [visible(row.shape) for row in rows]
    first = INDENT + 2 + max([width(name) for name in names if width(name) <= SYMBOL], default=0)
    second = first + 2 + max([width(shape) for shape in shapes if width(shape) <= SHAPE], default=0)
    lines = []
    for name, shape, row in zip(names, shapes, rows, strict=True):
        meaning = _wrapped(_prose(row.meaning), COLUMNS - second) or [""]
        line = ""
        for cell, start in ((name, INDENT), (shape, first), (meaning[0], second)):
            if line and width(line) > start - 2:
                lines += _chopped(line, COLUMNS, INDENT)
                line = ""
            line += " " * (start - width(line)) + cell
        lines += [line.rstrip(), *[" " * second + rest for rest in meaning[1:]]]
    return lines


def _wrapped(words: str, room: int, indent: int = 0) -> list[str]:
    """Words in lines that fit; lines after the first are indented."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            start = " " * indent if lines else ""
            lines += _chopped(start + word, room, indent)
    return [line.replace(_FIXED, " ").rstrip() for line in lines]
