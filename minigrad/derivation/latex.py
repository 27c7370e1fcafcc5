r"""A derivation in LaTeX, for any document that loads amsmath and amssymb.

formula          one expression, to stand between dollars
latex            a derivation: headings, and the steps in flalign*, reasons in a column of their own
latex_document   the same as a file of its own, for pdflatex
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import layout
from .expressions import Expression, Name
from .latex_letters import escaped, function, named, script
from .layout import Line, broken
from .notation import MARKS, Notation, deeper, unmarked
from .steps import Described, Document, Prose, Section
from .typeset import Typesetter, prose_of

# Widths as `_measure` counts them: about a letter each, in a text of 180 mm at 10 points.
ROOM = 92.0
BESIDE_REASON = 57.0

_OPERATORS = {
    "+": "+",
    "−": "-",
    "·": r" \cdot ",
    "⊙": r" \odot ",
    "×": r" \times ",
    "=": " = ",
    "≔": r" \mathrel{\mathop:}= ",
    "<": " < ",
    ">": " > ",
    "≤": r" \le ",
    "≥": r" \ge ",
    "≠": r" \neq ",
    ",": r",\, ",
    ";": r";\, ",
    "": r"\, ",
}


class LatexNotation(Notation):
    """Formulas in LaTeX's mathematics mode."""

    stacked = True

    def symbol(self, name: Name, positions: Sequence[str] = ()) -> str:
        text = rf"\overline{{{named(name.base)}}}" if name.bar else named(name.base)
        if name.above:
            text += f"^{{({script(name.above)})}}"
        if name.below:
            text += f"_{{{script(name.below)}}}"
            return text + (f"[{_listed(positions)}]" if positions else "")
        return text + (f"_{{{_lowered(positions)}}}" if positions else "")

    def of_sample(self, symbol: str, letter: str) -> str:
        return f"{symbol}({script(letter)})"

    def position(self, position: str) -> str:
        return script(position)

    def number(self, digits: str) -> str:
        return r"\infty" if digits == "∞" else digits if digits != "nan" else r"\text{nan}"

    def bold(self, digit: str) -> str:
        return rf"\mathbf{{{digit}}}"

    def operator(self, sign: str) -> str:
        return _OPERATORS[sign] if sign in _OPERATORS else rf"\mathbin{{{named(sign)}}}"

    def negative(self, term: str) -> str:
        return f"-{term}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def partial(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {of}}}{{\partial {by}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, radicand: str) -> str:
        return rf"\sqrt{{{radicand}}}"

    def summation(self, letter: str, start: int, stop: int) -> str:
        return rf"\sum_{{{script(letter)}={start}}}^{{{stop}}} "

    def parenthesised(self, inner: str, roomy: bool = False) -> str:
        return _fenced("(", inner, ")")

    def bracketed(self, inner: str) -> str:
        return _fenced("[", inner, "]")

    def absolute(self, inner: str) -> str:
        return _fenced(r"\lvert ", inner, r"\rvert ")

    def transposed(self, array: str) -> str:
        return rf"{array}^{{\mathsf T}}"

    def subscripted(self, array: str, positions: Sequence[str]) -> str:
        return f"{array}_{{{_lowered(positions)}}}"

    def call(self, name: str, primes: int, arguments: str) -> str:
        return function(name) + "'" * primes + _fenced("(", arguments, ")")

    def words(self, words: str) -> str:
        return r"\;\; " if words.isspace() else rf"\text{{{escaped(words)}}}"

    def table(self, rows: Sequence[Sequence[str | None]]) -> str:
        lines = [" & ".join(r"\cdots" if n is None else n for n in row) for row in rows]
        return rf"\left[\begin{{array}}{{{'r' * len(rows[0])}}}" + r" \\ ".join(lines) + r"\end{array}\right]"


def _fenced(opening: str, inner: str, closing: str) -> str:
    """In parentheses of a fixed height, because a line may end between two such, but not between \\left and \\right."""
    if r"\frac" in inner or r"\sum" in inner:
        return rf"\Bigl{opening}{inner}\Bigr{closing}"
    return f"{opening}{inner}{closing}"


def _lowered(positions: Sequence[str]) -> str:
    apart = any(len(p.rstrip("′")) > 1 for p in positions)
    return _listed(positions) if apart else "".join(script(p) for p in positions)


def _listed(positions: Sequence[str]) -> str:
    return r",\,".join(script(p) for p in positions)


_FORMULAS = Typesetter(LatexNotation())
_NUMBERS = Typesetter(LatexNotation(), digits=4)


def formula(expression: Expression) -> str:
    r"""An expression, to stand between dollars.

    >>> from minigrad.derivation.expressions import Named, Number, Power
    >>> print(formula(Power(Named(Name("θ", above="3"), 2.0), Number(2))))
    (\theta^{(3)})^{2}
    """
    return _FORMULAS.whole(expression)


def prose(items: Prose) -> str:
    r"""Words with formulas among them.

    >>> from minigrad.derivation.expressions import Index
    >>> print(prose(("100% of ", Index("i", 1, 4))))
    100\% of $i$
    """
    return prose_of(_FORMULAS, items, escaped, "${}$".format)


def latex_document(document: Document) -> str:
    r"""A derivation as a complete file.

    >>> print(latex_document(Document(("A title",), ())).splitlines()[0])
    \documentclass[10pt,a4paper]{article}
    """
    return "\n".join(
        [
            r"\documentclass[10pt,a4paper]{article}",
            r"\usepackage[margin=15mm]{geometry}",
            r"\usepackage{amsmath,amssymb}",
            r"\begin{document}",
            latex(document),
            r"\end{document}",
            "",
        ]
    )


def latex(document: Document) -> str:
    r"""A derivation as a part of a document that loads amsmath and amssymb.

    >>> print(latex(Document(("A title",), (), (("A footer",),))))
    \begingroup\allowdisplaybreaks
    \section*{A title}
    <BLANKLINE>
    \noindent A footer\par
    \endgroup
    """
    blocks = [rf"\section*{{{prose(document.title)}}}"]
    blocks += [_section(section) for section in document.sections]
    blocks += [_paragraph(remark) for remark in document.footer]
    return "\n".join([r"\begingroup\allowdisplaybreaks", "\n\n".join(blocks), r"\endgroup"])


def _paragraph(words: Prose) -> str:
    return rf"\noindent {prose(words)}\par"


def _section(section: Section) -> str:
    blocks = [rf"\subsection*{{{prose(section.title)}}}"]
    blocks += [_paragraph(remark) for remark in section.remarks]
    blocks += [r"\smallskip"] * bool(section.symbols) + [_described(row) for row in section.symbols]
    rows = [row for line in layout.lines(section) for row in _rows(line, _left_width(section))]
    if rows:
        blocks.append("\\begin{flalign*}\n" + " \\\\\n".join(rows) + "\n\\end{flalign*}")
    return "\n".join(blocks)


def _described(row: Described) -> str:
    """A row of the table of symbols: boxes rather than a table, so that a page may end after any."""
    return (
        rf"\noindent\makebox[0.12\linewidth][l]{{${formula(row.symbol)}$}}"
        rf"\makebox[0.1\linewidth][l]{{{escaped(row.shape)}}}"
        rf"\parbox[t]{{0.76\linewidth}}{{\raggedright\strut {prose(row.meaning)}\strut}}\par"
    )


def _left_width(section: Section) -> float:
    return max([_measure(formula(line.left)) for line in layout.lines(section) if line.left is not None], default=0)


def _rows(line: Line, left_width: float) -> list[str]:
    """The rows of flalign* for a line: it and its reason side by side, or else below one another."""
    write = _NUMBERS if line.numeric else _FORMULAS
    left = "" if line.left is None else _FORMULAS.whole(line.left)
    values = dict.fromkeys(deeper(write.formula(e)) for e in line.rights)
    right = f"{MARKS[0]} = ".join(values)
    reason = rf"&& \parbox[t]{{0.36\linewidth}}{{\raggedright\small [{prose(line.reason)}]}}" if line.reason else ""
    sign = _OPERATORS[line.sign].strip()
    if left_width + _measure(unmarked(right)) <= BESIDE_REASON:
        return [f"{left} &{sign} {unmarked(right)} {reason}".rstrip()]
    parts = [part.strip() for part in broken(right, ROOM - left_width, _measure)]
    rows = [f"{left} &{sign} {_without_width(parts[0])}"]
    for part in parts[1:]:
        is_value = part.startswith("=")
        rows.append("&= " + _without_width(part[1:]) if is_value else "&" + _without_width(rf"\qquad {{}}{part}"))
    if reason and len(parts) > 1 and left_width + _measure(parts[-1]) <= BESIDE_REASON:
        return [*rows[:-1], f"{rows[-1]} {reason}"]
    return [*rows, f"& {reason}"] if reason else rows


def _without_width(formula: str) -> str:
    """A formula that may reach into the column of reasons."""
    return rf"\rlap{{$\displaystyle {formula.strip()}$}}"


_SHOWN = re.compile(r"\\(?P<command>[a-zA-Z]+)|(?P<sign>[-+=<>])|(?P<other>[^\s{}&\\])|\\(?P<room>.)")
_WIDE = {"sum": 4.0, "cdot": 2.0, "odot": 2.5, "times": 2.5, "le": 2.5, "ge": 2.5, "neq": 2.5, "cdots": 2.5}
_NO_WIDTH = frozenset(
    ["Bigl", "Bigr", "begin", "end", "left", "mathbf", "mathit", "mathop", "mathrel", "operatorname", "right", "text"]
)
_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_FRACTION = re.compile(rf"\\frac({_GROUP})({_GROUP})")
_BOUNDS = re.compile(rf"\\sum_{_GROUP}\^{_GROUP}")
_SCRIPTS = re.compile(rf"[\^_]({_GROUP})(?:[\^_]({_GROUP}))?")


def _measure(formula: str) -> float:
    """About how wide a formula is, in letters: of what stands above and below each other, the wider."""
    shorter = _FRACTION.sub(lambda fraction: max(fraction.groups(), key=_measure), formula)
    if shorter != formula:  # there may be fractions within it
        return _measure(shorter)
    scripts: list[float] = []

    def apart(match: re.Match[str]) -> str:
        scripts.append(0.75 * max(_measure(group or "") for group in match.groups()))
        return ""

    line = _SCRIPTS.sub(apart, _BOUNDS.sub(r"\\sum", formula))
    total = sum(scripts)
    for match in _SHOWN.finditer(line):
        command = match["command"]
        if command:
            total += 0.0 if command in _NO_WIDTH else _WIDE.get(command, 2.5 if len(command) < 3 else 1.2)
        else:
            total += {"sign": 2.5, "other": 1.0, "room": 0.3}[str(match.lastgroup)]
    return total
