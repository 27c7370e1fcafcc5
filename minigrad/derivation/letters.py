"""Letters: raised and lowered characters, how wide they are shown, and names as data, whatever they hold."""

from __future__ import annotations

import unicodedata

LONGEST = 40  # characters of a name that are shown

_UP = {
    **dict(zip("0123456789+−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    **dict(zip("ABDEGHIJKLMNOPRUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ", strict=True)),  # no T: that is a transpose
    "′": "′",
}
_DOWN = {
    **dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvxβγρφχ", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)),
    "′": "′",
}
PLAIN = {raised: plain for table in (_UP, _DOWN) for plain, raised in table.items() if raised != plain}
RAISED = frozenset(_UP.values())

# Control, format (bidi marks are of this kind), surrogate, private, unassigned; line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_OPERATORS = frozenset("+-−*/=≔<>≤≥≠,;:·×⊙^|Σ∂√")


def superscript(text: str) -> str | None:
    """The text in raised characters, where there are such.

    >>> superscript("l+1"), superscript("q")
    ('ˡ⁺¹', None)
    """
    return _moved(text, _UP)


def subscript(text: str) -> str | None:
    """The text in lowered characters, where there are such.

    >>> subscript("ji′"), subscript("w")
    ('ⱼᵢ′', None)
    """
    return _moved(text, _DOWN)


def _moved(text: str, table: dict[str, str]) -> str | None:
    return "".join(table[c] for c in text) if all(c in table for c in text) else None


def visible(text: str, longest: int | None = None) -> str:
    """The text in one line that shows all it holds: invisible characters as ⟨U+202E⟩, the middle of a long one as ….

    >>> visible("a\\u202eb"), visible("x" * 100, longest=9)
    ('a⟨U+202E⟩b', 'xxxx…xxxx')
    """
    if longest is not None and len(text) > longest:
        kept = longest - 1
        text = text[: kept - kept // 2] + "…" + text[len(text) - kept // 2 :]
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _INVISIBLE else c for c in text)


def is_letter(name: str) -> bool:
    """Whether a name is one letter, and so is written close to others.

    >>> is_letter("θ"), is_letter("loss")
    (True, False)
    """
    return len(name) == 1 and name.isalpha()


def is_open(name: str) -> bool:
    """Whether a name would be read as a formula of its own: a space or an operator stands outside brackets.

    >>> is_open("softmax(z⁴, 0)"), is_open("[1; a³]"), is_open("layer 2/z"), is_open("a)")
    (False, False, True, True)
    """
    depth = 0
    for c in name:
        depth += (c in "([{") - (c in ")]}")
        if depth < 0 or (depth == 0 and (c.isspace() or c in _OPERATORS)):
            return True
    return depth > 0 or not name


def width(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> width("z̄³ᵢ"), width("漢")
    (3, 2)
    """
    return sum(_columns(c) for c in text)


def _columns(c: str) -> int:
    if unicodedata.category(c) in ("Mn", "Me", "Cf", "Co"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1
