"""Names and words in LaTeX, in which nothing that they hold can become a command.

All that plain pdflatex has no letter for is shown by its number, ⟨U+4E2D⟩.
"""

from __future__ import annotations

import re
import unicodedata

from .letters import LONGEST, PLAIN, RAISED, is_letter, visible


def _table(characters: str, commands: str) -> dict[str, str]:
    return {c: f"\\{command}" for c, command in zip(characters, commands.split(), strict=True)}


_GREEK = _table(
    "αβγδεζηθικλμνξπρςστυφχψωϵϑϕϱϖ",
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma sigma tau upsilon "
    "varphi chi psi omega epsilon vartheta phi varrho varpi",
) | _table("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega")
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))  # Greek letters that look like Latin ones
_SIGNS = _table(
    "·×⊙∂∑√∞≤≥≠≈→←⇒∈∇±÷∏⊗⊕∘′⟨⟩",
    "cdot times odot partial sum surd infty le ge neq approx to leftarrow Rightarrow in nabla pm div prod otimes "
    "oplus circ prime langle rangle",
) | {
    "−": "{-}",
    "ᵀ": r"{}^{\mathsf T}",
    "≔": ":=",
    "𝟏": r"\mathbf{1}",
    "𝟎": r"\mathbf{0}",
    "|": r"\vert",
    "<": "<",
    ">": ">",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{c: f"\\{c}" for c in "{}$%#&_"},
    # Signs that join with their neighbours into others: --, '', ``.
    **{c: rf"{{\char{ord(c)}}}" for c in "-'`\""},
    "\u00a0": "~",
    "…": r"\ldots{}",
    "–": "{--}",
    "—": "{---}",
    "‘": "{`}",
    "’": "{'}",
    "“": "{``}",
    "”": "{''}",
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "ø": r"{\o}",
    "ł": r"{\l}",
    "Æ": r"{\AE}",
    "Ø": r"{\O}",
    "Ł": r"{\L}",
}
_ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0323", "`'^~=u.\"rHvcd", strict=True)
)
_FUNCTIONS = frozenset(
    ["arccos", "arcsin", "arctan", "cos", "cosh", "det", "exp", "log", "max", "min", "sin", "sinh", "tan", "tanh"]
)

LONGEST_WORDS = 2000  # characters of words that are shown: TeX reads lines of 200,000


def escaped(words: str) -> str:
    r"""Words as LaTeX text that shows exactly them.

    >>> print(escaped(r"50% of \input{x}, z³"))
    50\% of \textbackslash{}input\{x\}, z\ensuremath{{}^{3}}
    """
    return "".join(_character(c) for c in unicodedata.normalize("NFC", visible(words, LONGEST_WORDS)))


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[c]}}}"
    if c.isascii():
        return c
    if c in _GREEK or c in _LATIN:
        return rf"\ensuremath{{{letter(c)}}}"
    if c in PLAIN:
        return rf"\ensuremath{{{{}}{'^' if c in RAISED else '_'}{{{script(PLAIN[c])}}}}}"
    base, *accents = list(unicodedata.normalize("NFD", c))
    if len(accents) == 1 and accents[0] in _ACCENTS and base.isascii() and base.isalpha():
        return rf"\{_ACCENTS[accents[0]]}{{{base}}}"
    return rf"\ensuremath{{\langle}}U+{ord(c):04X}\ensuremath{{\rangle}}"


def letter(c: str) -> str:
    r"""One letter in a formula.

    >>> print(letter("θ"), letter("x"), letter("é"))
    \theta x \text{\'{e}}
    """
    if c in _GREEK:
        return _GREEK[c]
    if c in _LATIN:
        return _LATIN[c]
    return c if c.isascii() and c.isalpha() else rf"\text{{{escaped(c)}}}"


def script(text: str) -> str:
    r"""What stands above or below: letters, digits and signs one by one, words as words.

    >>> print(script("i+1"), script("out"), script("i′"))
    i+1 \text{out} i'
    """
    pieces = re.findall(r"[A-Za-z]{2,}|[^\W\d_]|.", visible(text))
    return "".join(_script(piece) for piece in pieces)


def _script(piece: str) -> str:
    if len(piece) > 1:
        return rf"\text{{{piece}}}"
    if piece in "0123456789+(),":
        return piece
    return {"−": "-", "′": "'"}.get(piece) or letter(piece)


def named(name: str) -> str:
    r"""The name of a symbol in a formula.

    >>> print(named("Θ"), named("loss"), named("layer 2/z"))
    \Theta \mathit{loss} \text{layer 2/z}
    """
    shown = visible(name, LONGEST)
    if is_letter(shown):
        return letter(shown)
    return rf"\mathit{{{shown}}}" if shown.isascii() and shown.isalpha() else rf"\text{{{escaped(shown)}}}"


def function(name: str) -> str:
    r"""The name of a function in a formula.

    >>> print(function("g"), function("log"), function("diag"), function("log_softmax"))
    g \log \operatorname{diag} \text{log\_softmax}
    """
    shown = visible(name, LONGEST)
    if shown in _FUNCTIONS:
        return f"\\{shown}"
    if is_letter(shown) or not (shown.isascii() and shown.isalpha()):
        return named(shown)
    return rf"\operatorname{{{shown}}}"
