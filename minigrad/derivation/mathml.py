"""Formulas in MathML Core, written from the tree: what a browser shows without script and without network."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from . import text
from .expressions import Expression, Name
from .indices import Position
from .letters import LONGEST, is_letter, visible
from .notation import MARKS, Notation, unmarked
from .typeset import Typesetter

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

_LONG = 90  # characters from which on a parenthesis may be broken over lines, and so is not stretched
_THIN = '<mspace width="0.17em"/>'
_MARKED = re.compile(f"[{MARKS}]")


class MathNotation(Notation):
    """Formulas as MathML elements; a mark stands between elements only, never inside one."""

    stacked = True

    def symbol(self, name: Name, positions: Sequence[str] = ()) -> str:
        base = _named(name.base)
        if name.bar:
            base = f'<mover accent="true">{base}<mo stretchy="true">‾</mo></mover>'
        above = _fenced("(", _script(name.above), ")")
        if name.below:
            text = _scripts(base, f"<mrow>{_script(name.below)}</mrow>", above if name.above else "")
            return text + (self.bracketed(_listed(positions)) if positions else "")
        return _scripts(base, _lowered(positions) if positions else "", above if name.above else "")

    def of_sample(self, symbol: str, letter: str) -> str:
        return symbol + _fenced("(", _script(letter), ")")

    def position(self, position: str) -> str:
        return _script(position)

    def number(self, digits: str) -> str:
        return f"<mn>{digits}</mn>"

    def bold(self, digit: str) -> str:
        return f"<mn>{text.BOLD[digit]}</mn>"

    def operator(self, sign: str) -> str:
        if sign in {",", ";"}:
            return f'<mo separator="true">{sign}</mo>'
        return f'<mo form="infix">{_escaped(sign)}</mo>' if sign else _THIN

    def negative(self, term: str) -> str:
        return f'<mo form="prefix">−</mo>{term}'

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"

    def partial(self, of: str, by: str) -> str:
        sign = '<mi mathvariant="normal">∂</mi>'
        return self.fraction(sign + of, sign + by)

    def power(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def root(self, radicand: str) -> str:
        return f"<msqrt>{radicand}</msqrt>"

    def summation(self, letter: str, start: int, stop: int) -> str:
        below = f"<mrow>{_script(letter)}<mo>=</mo><mn>{start}</mn></mrow>"
        return f'<munderover><mo form="prefix">∑</mo>{below}<mn>{stop}</mn></munderover>'

    def parenthesised(self, inner: str, roomy: bool = False) -> str:
        if _MARKED.search(inner) and (not _is_high(inner) or len(_shown(inner)) > _LONG):
            return _fence("(", stretchy=False) + inner + _fence(")", stretchy=False)
        return _fenced("(", inner, ")")

    def bracketed(self, inner: str) -> str:
        return _fenced("[", inner, "]")

    def absolute(self, inner: str) -> str:
        return f'<mrow><mo form="prefix">|</mo>{unmarked(inner)}<mo form="postfix">|</mo></mrow>'

    def transposed(self, array: str) -> str:
        return f'<msup><mrow>{array}</mrow><mi mathvariant="normal">T</mi></msup>'

    def subscripted(self, array: str, positions: Sequence[str]) -> str:
        return f"<msub><mrow>{array}</mrow>{_lowered(positions)}</msub>"

    def call(self, name: str, primes: int, arguments: str) -> str:
        return _primed(_named(name), primes) + _fenced("(", arguments, ")")

    def words(self, words: str) -> str:
        return '<mspace width="0.6em"/>' if words.isspace() else f"<mtext>{_escaped(words)}</mtext>"

    def table(self, rows: Sequence[Sequence[str | None]]) -> str:
        lines = [[f"<mtd>{'<mo>⋯</mo>' if n is None else n}</mtd>" for n in row] for row in rows]
        cells = "".join(f"<mtr>{''.join(line)}</mtr>" for line in lines)
        return f"<mrow>{_fence('[')}<mtable>{cells}</mtable>{_fence(']')}</mrow>"


def _escaped(words: str) -> str:
    """Words as text of an element; outer spaces, which MathML drops, as ones that stay."""
    inner = html.escape(visible(words))
    return re.sub("^ | $", "\u00a0", inner)


def _named(name: str) -> str:
    shown = visible(name, LONGEST)
    element = "mi" if is_letter(shown) or shown.isalnum() else "mtext"
    return f"<{element}>{html.escape(shown)}</{element}>"


def _primed(element: str, primes: int) -> str:
    """A letter with primes: these signs are raised themselves, and so stand on the line."""
    mark = f'<mo form="postfix" lspace="0" rspace="0">{"′" * primes}</mo>'
    return f"<mrow>{element}{mark}</mrow>" if primes else element


def _fence(sign: str, stretchy: bool = True) -> str:
    fixed = "" if stretchy else ' stretchy="false"'
    return f'<mo form="{"prefix" if sign in "([" else "postfix"}"{fixed}>{sign}</mo>'


def _fenced(opening: str, inner: str, closing: str) -> str:
    """In parentheses, as high as a fraction or a sum in them; around a line of letters they keep their height."""
    high = _is_high(inner)
    return f"<mrow>{_fence(opening, high)}{unmarked(inner)}{_fence(closing, high)}</mrow>"


def _is_high(elements: str) -> bool:
    return "<mfrac" in elements or "<munderover" in elements


def _script(letters: str) -> str:
    """Letters, digits and signs as elements: i + 1, i′, out."""
    pieces = re.findall(r"\d+|[^\W\d_]+′*|.", visible(letters))
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if piece[-1] == "′" and len(piece) > 1:
        return _primed(_piece(piece.rstrip("′")), len(piece) - len(piece.rstrip("′")))
    element = "mn" if piece[0].isdigit() else "mi" if piece[0].isalpha() else "mo" if piece in "+−,()" else "mtext"
    return f"<{element}>{html.escape(piece)}</{element}>"


def _scripts(base: str, below: str, above: str) -> str:
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if below or above:
        element = "msub" if below else "msup"
        return f"<{element}>{base}{below or above}</{element}>"
    return base


def _lowered(positions: Sequence[str]) -> str:
    apart = any(len(p.rstrip("′")) > 1 for p in positions)
    return f"<mrow>{_listed(positions) if apart else ''.join(_script(p) for p in positions)}</mrow>"


def _listed(positions: Sequence[str]) -> str:
    return '<mo separator="true">,</mo>'.join(_script(p) for p in positions)


def _shown(elements: str) -> str:
    return re.sub("<[^>]*>", "", elements)


FORMULAS = Typesetter(MathNotation())
NUMBERS = Typesetter(MathNotation(), digits=4)


def formula(expression: Expression) -> str:
    """An expression as one element, with its text beside it for those who hear the page.

    >>> from minigrad.derivation.expressions import Number
    >>> print(formula(Number(2)))
    <math xmlns="http://www.w3.org/1998/Math/MathML" alttext="2"><mn>2</mn></math>
    """
    return element(FORMULAS.whole(expression), text.formula(expression))


def position(place: Position) -> str:
    """An index or a number, as elements.

    >>> print(position(3))
    <mn>3</mn>
    """
    return FORMULAS.notation.position(FORMULAS.position(place))


def element(content: str, spoken: str, display: bool = False) -> str:
    """Elements as a formula on the line, or, displayed, with fractions and sums in full size.

    >>> print(element("<mi>x</mi>", "x", display=True))
    <math xmlns="http://www.w3.org/1998/Math/MathML" displaystyle="true" alttext="x"><mi>x</mi></math>
    """
    style = ' displaystyle="true"' if display else ""
    spoken = f' alttext="{html.escape(spoken)}"' if spoken else ""
    return f'<math xmlns="{NAMESPACE}"{style}{spoken}>{content}</math>'


def pieces(content: str) -> list[str]:
    """Elements, parted at the signs before which a line may end.

    >>> pieces(f"<mi>a</mi>{MARKS[0]}<mo>+</mo><mi>b</mi>")
    ['<mi>a</mi>', '<mo>+</mo><mi>b</mi>']
    """
    return _MARKED.split(content)
