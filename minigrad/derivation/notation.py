"""Notation: the twenty ways to write that a formula is put together from; text, LaTeX and MathML each have their own.

A formula may be broken before a sign: there stands a mark, one of the characters of MARKS, which say how deep the
sign lies. No name holds such a character (letters.visible).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from .expressions import Name

MARKS = "".join(chr(0xE000 + depth) for depth in range(16))
_DEEPER = str.maketrans(MARKS, MARKS[1:] + MARKS[-1])
_NONE = str.maketrans("", "", MARKS)


def deeper(formula: str) -> str:
    """The formula as it stands inside another: its marks one deeper.

    >>> deeper(f"a{MARKS[0]}+b") == f"a{MARKS[1]}+b"
    True
    """
    return formula.translate(_DEEPER)


def unmarked(formula: str) -> str:
    """The formula in one piece.

    >>> unmarked(f"a{MARKS[0]}+b")
    'a+b'
    """
    return formula.translate(_NONE)


class Notation(ABC):
    """A way to write: every method puts finished parts together. Names and letters come as they are, to be escaped."""

    stacked: bool  # whether fractions stand on two lines, and so need no parentheses

    @abstractmethod
    def symbol(self, name: Name, positions: Sequence[str] = ()) -> str:
        """A name, and where one entry stands in it: θ³ⱼᵢ."""

    @abstractmethod
    def of_sample(self, symbol: str, letter: str) -> str:
        """A symbol of one sample: δ⁴(s)."""

    @abstractmethod
    def position(self, position: str) -> str:
        """A position on the line: i, i′, i + 1."""

    @abstractmethod
    def number(self, digits: str) -> str:
        """A number without sign."""

    @abstractmethod
    def bold(self, digit: str) -> str:
        """An array of one number: 𝟏."""

    @abstractmethod
    def operator(self, sign: str) -> str:
        """What stands between two: + − · ⊙ × = ≔ < > ≤ ≥ ≠, a comma, or nothing but room."""

    @abstractmethod
    def negative(self, term: str) -> str:
        """−term, at the beginning."""

    @abstractmethod
    def fraction(self, above: str, below: str) -> str:
        """above / below."""

    @abstractmethod
    def partial(self, of: str, by: str) -> str:
        """∂of/∂by."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """base to the power exponent."""

    @abstractmethod
    def root(self, radicand: str) -> str:
        """The square root."""

    @abstractmethod
    def summation(self, letter: str, start: int, stop: int) -> str:
        """Σ with its bounds, before its body."""

    @abstractmethod
    def parenthesised(self, inner: str, roomy: bool = False) -> str:
        """( inner ), with more room around words and sums."""

    @abstractmethod
    def bracketed(self, inner: str) -> str:
        """[inner]."""

    @abstractmethod
    def absolute(self, inner: str) -> str:
        """|inner|."""

    @abstractmethod
    def transposed(self, array: str) -> str:
        """arrayᵀ."""

    @abstractmethod
    def subscripted(self, array: str, positions: Sequence[str]) -> str:
        """( … )ᵢ, the parentheses already there."""

    @abstractmethod
    def call(self, name: str, primes: int, arguments: str) -> str:
        """g′(arguments)."""

    @abstractmethod
    def words(self, words: str) -> str:
        """Words among formulas, with their spaces."""

    @abstractmethod
    def table(self, rows: Sequence[Sequence[str | None]]) -> str:
        """An array in numbers; None for what is left out."""
