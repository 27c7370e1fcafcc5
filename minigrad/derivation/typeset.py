"""Typesetting: the one walk over an expression that decides how it is put down, whatever it is written in.

Here it is decided, once for all notations, where parentheses, signs, ⊙ and · stand, and in which order. How each of
them is written, a Notation knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import singledispatchmethod
from itertools import pairwise
from typing import NamedTuple

from . import letters
from .expressions import (
    Call,
    Delta,
    Diag,
    Entry,
    Expression,
    Filled,
    MatMul,
    Name,
    Named,
    Number,
    Over,
    Padded,
    Partial,
    Plus,
    Power,
    Sum,
    Symbol,
    Table,
    Times,
    Transpose,
    Within,
    WithoutBias,
)
from .indices import Index, Position, Shifted
from .notation import MARKS, Notation, deeper, unmarked
from .steps import Prose

# How tightly a formula holds together: one that is looser than its place asks gets parentheses.
SUM, BIG_SUM, TIMES, MATMUL, DIVIDE, FRACTION, POWER, ATOM = range(8)

_RELATIONS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<", "=": "=", "≥": "≥", "≤": "≤", "≠": "≠"}


class Written(NamedTuple):
    """A formula, how tightly it holds together, and whether it ends in a Σ that would swallow what follows."""

    text: str
    level: int = ATOM
    opens: bool = False


@dataclass(frozen=True)
class Typesetter:
    """Writes expressions in a notation; `digits` rounds floats, `summed` are the indices whose Σ stands around.

    >>> from minigrad.derivation.text import TextNotation
    >>> print(Typesetter(TextNotation()).whole(Plus((Number(1), Number(-2)))))
    1 − 2
    """

    notation: Notation
    digits: int | None = None
    summed: frozenset[Index] = frozenset()

    def formula(self, e: Expression) -> str:
        """The expression, with marks where it may be broken."""
        return self.written(e).text

    def whole(self, e: Expression, level: int = SUM) -> str:
        """The expression in one piece, in parentheses if it is looser than `level`."""
        return unmarked(self.at(e, level))

    def at(self, e: Expression, level: int) -> str:
        """The expression, in parentheses if it is looser than `level`."""
        return self._placed(e, level).text

    def _placed(self, e: Expression, level: int, last: bool = True) -> Written:
        """The expression at a place that asks for a level; what is not last must not end in an open Σ."""
        written = self.written(e)
        if written.level >= level and (last or not written.opens):
            return written
        roomy = isinstance(e, Sum) or _is_row(e)
        return Written(self.notation.parenthesised(deeper(written.text), roomy))

    @property
    def divisible(self) -> int:
        """The level that a divisor, a dividend or a factor of a matrix product must have."""
        return FRACTION if self.notation.stacked else POWER

    def position(self, position: Position) -> str:
        """A position in letters, not yet in the notation: i + 1, 3, i′."""
        if isinstance(position, Shifted):
            sign = "+" if position.offset >= 0 else "−"
            return f"{position.index.letter}{sign}{abs(position.offset)}"
        return position.letter if isinstance(position, Index) else str(position).replace("-", "−")

    @singledispatchmethod
    def written(self, e: Expression) -> Written:
        """The expression and its level."""
        raise NotImplementedError(f"{type(e).__name__} cannot be written")

    @written.register
    def _(self, e: Number) -> Written:
        write = self.notation
        if e.value < 0:
            return Written(write.negative(self.at(Number(-e.value), TIMES)), SUM)
        if isinstance(e.value, Fraction) and e.value.denominator > 1:
            return self.written(Over(Number(e.value.numerator), Number(e.value.denominator)))
        if isinstance(e.value, (int, Fraction)):
            return Written(write.number(str(e.value)))
        digits = repr(float(e.value)) if self.digits is None else f"{e.value:.{self.digits}g}"
        mantissa, _, exponent = digits.removesuffix(".0").partition("e")
        if not exponent:
            return Written(write.number(mantissa.replace("-", "").replace("inf", "∞")))
        ten = write.power(write.number("10"), self.whole(Number(int(exponent))))
        return Written(write.number(mantissa) + write.operator("×") + ten, DIVIDE)

    @written.register
    def _(self, e: Named) -> Written:
        return self._symbol(e.name)

    @written.register
    def _(self, e: Symbol) -> Written:
        return self._symbol(e.name, (), e.sample)

    def _symbol(self, name: Name, positions: Sequence[str] = (), sample: Index | None = None) -> Written:
        text = self.notation.symbol(name, positions)
        if sample is not None and sample in self.summed and name.below != sample.letter:
            text = self.notation.of_sample(text, sample.letter)
        if name.with_bias:
            one = self.notation.number("1") + self.notation.operator(";")
            return Written(self.notation.bracketed(one + text))
        raised = bool(name.above) or any(c in letters.RAISED for c in name.base[-1:])
        return Written(text, POWER if raised else ATOM)

    @written.register
    def _(self, e: Entry) -> Written:
        positions = [self.position(p) for p in e.positions]
        if isinstance(e.array, Symbol):
            return self._symbol(e.array.entry, positions, e.array.sample)
        if _is_row(e) and isinstance(e.array, MatMul):
            return Written(self._row(e.array, positions[0]), SUM)
        inner = self.notation.parenthesised(self.whole(e.array))
        return Written(self.notation.subscripted(inner, positions), POWER)

    def _row(self, e: MatMul, position: str) -> str:
        left, right = self.at(e.left, FRACTION), self.at(e.right, FRACTION)
        write, place = self.notation, self.notation.position(position)
        if e.shape[1] == 1:
            return write.words("row ") + place + write.words(" of ") + left + write.words(" times ") + right
        return left + write.words(" times column ") + place + write.words(" of ") + right

    @written.register
    def _(self, e: Delta) -> Written:
        return self._relation([e.left, e.right], "=")

    @written.register
    def _(self, e: Within) -> Written:
        first, last = _extent(e.position)
        if first >= e.start and last > e.stop:
            return self._relation([e.position, e.stop], "≤")
        if last <= e.stop and first < e.start:
            return self._relation([e.position, e.start], "≥")
        return self._relation([e.start, e.position, e.stop], "≤")

    def _relation(self, positions: Sequence[Position], sign: str) -> Written:
        sides = [self.notation.position(self.position(p)) for p in positions]
        return Written(self.notation.bracketed(self.notation.operator(sign).join(sides)))

    @written.register
    def _(self, e: Sum) -> Written:
        inside = replace(self, summed=self.summed | {e.index})
        sign = self.notation.summation(e.index.letter, e.index.start, e.index.stop)
        return Written(sign + deeper(inside.at(e.body, BIG_SUM)), BIG_SUM, opens=True)

    @written.register
    def _(self, e: Partial) -> Written:
        return Written(self.notation.partial(self.whole(e.of, POWER), self.whole(e.by, POWER)), FRACTION)

    @written.register
    def _(self, e: Plus) -> Written:
        if len(e.items) < 2:
            return self.written(e.items[0] if e.items else Number(0))
        text, opens = "", False
        for k, item in enumerate(e.items):
            below, term = signed(item)
            written, _, opens = self._placed(term, BIG_SUM)
            if k == 0:
                text = deeper(self.notation.negative(written) if below else written)
            else:
                text += MARKS[0] + self.notation.operator("−" if below else "+") + deeper(written)
        return Written(text, SUM, opens)

    @written.register
    def _(self, e: Times) -> Written:
        below, positive = signed(e)
        if below:
            inner, _, opens = self._placed(positive, BIG_SUM)
            return Written(self.notation.negative(inner), SUM, opens)
        items = sorted(e.items, key=lambda item: bool(item.shape)) if e.shape else list(e.items)  # numbers go first
        if len(items) < 2:
            return self.written(items[0] if items else Number(1))
        arrays = sum(bool(item.shape) for item in items)
        signs = ["", *[_between(left, right) for left, right in pairwise(items)], ""]
        text, opens = "", False
        for k, item in enumerate(items):
            last = k == len(items) - 1
            level = _factor_level(item, arrays, last)
            if (k == 0 or signs[k] == "·") and (last or signs[k + 1] == "·"):
                level = min(level, DIVIDE)  # a/b · c is read from left to right
            written, _, opens = self._placed(item, level, last)
            text += (MARKS[0] if signs[k] else "") + (self.notation.operator(signs[k]) if k else "") + deeper(written)
        return Written(text, TIMES, opens)

    @written.register
    def _(self, e: Over) -> Written:
        below, positive = signed(e)
        if below:
            return Written(self.notation.negative(self.at(positive, TIMES)), SUM)
        if self.notation.stacked:
            return Written(self.notation.fraction(self.whole(e.left), self.whole(e.right)), FRACTION)
        above, under = (deeper(self.at(side, POWER)) for side in e.parts)
        return Written(self.notation.fraction(above, under), DIVIDE)

    @written.register
    def _(self, e: Power) -> Written:
        return Written(self.notation.power(self.whole(e.left, ATOM), self.whole(e.right)), POWER)

    @written.register
    def _(self, e: MatMul) -> Written:
        sides = [self.at(side, MATMUL if isinstance(side, MatMul) else self.divisible) for side in e.parts]
        return Written(self.notation.operator("").join(sides), MATMUL)

    @written.register
    def _(self, e: Call) -> Written:
        write, function = self.notation, e.function
        if function.form == "infix":
            sign = write.operator(_RELATIONS.get(function.name, function.name))
            return Written(write.bracketed(sign.join(self.whole(side) for side in e.arguments)))
        if function.form == "root":
            return Written(write.root(self.whole(e.arguments[0], SUM if write.stacked else ATOM)), POWER)
        arguments = deeper(write.operator(",").join(self.formula(argument) for argument in e.arguments))
        if function.form == "absolute" and not any(_is_absolute(part) for a in e.arguments for part in a.walk()):
            return Written(write.absolute(arguments))
        if function.name == "exp" and write.stacked and not any(isinstance(part, (Over, Sum)) for part in e.walk()):
            return Written(write.power(write.symbol(Name("e")), unmarked(arguments)), POWER)
        return Written(write.call(function.name, function.primes, arguments))

    @written.register
    def _(self, e: Transpose) -> Written:
        bare = isinstance(e.array, Symbol) and self.written(e.array).level == ATOM and not e.array.name.below
        bare = bare and not e.array.free & self.summed  # else A(s)ᵀ would be read as the transpose of s
        bare = bare or (isinstance(e.array, Symbol) and e.array.name.with_bias)  # it has its brackets
        inner = self.whole(e.array)
        return Written(self.notation.transposed(inner if bare else self.notation.bracketed(inner)), POWER)

    @written.register
    def _(self, e: Diag) -> Written:
        return Written(self.notation.call("diag", 0, deeper(self.formula(e.array))))

    @written.register
    def _(self, e: WithoutBias) -> Written:
        if isinstance(e.array, Symbol):
            name = e.array.name
            return self._symbol(replace(name, below=f"{name.below},w" if name.below else "w"), (), e.array.sample)
        return Written(self.notation.subscripted(self.notation.parenthesised(self.whole(e.array)), ("w",)), POWER)

    @written.register
    def _(self, e: Padded) -> Written:
        write = self.notation
        return Written(write.bracketed(write.number("0") + write.words(" ") + self.whole(e.array, TIMES)))

    @written.register
    def _(self, e: Filled) -> Written:
        if e.value in (0, 1):
            return Written(self.notation.bold(str(e.value)))
        return self.written(Times((Number(e.value), Filled(1, e.rows_columns))))

    @written.register
    def _(self, e: Table) -> Written:
        rows = [[None if n is None else self.whole(Number(n)) for n in row] for row in e.rows]
        return Written(self.notation.table(rows))


def signed(e: Expression) -> tuple[bool, Expression]:
    """Whether an expression begins with a minus, and what follows the minus.

    >>> signed(Times((Number(-1), Number(3))))
    (True, Times(items=(Number(value=3),)))
    """
    if isinstance(e, Number) and e.value < 0:
        return True, Number(-e.value)
    if isinstance(e, Over):
        below, left = signed(e.left)
        return below, Over(left, e.right) if below else e
    if isinstance(e, Times) and e.items:
        below, first = signed(e.items[0])
        if below and len(e.items) > 1:
            rest = e.items[1:] if first == Number(1) else (first, *e.items[1:])
            return True, Times(rest)
        return below, first if below else e
    return False, e


def _is_row(e: Expression) -> bool:
    """Whether an expression is read out: row i of a matrix times a column."""
    return isinstance(e, Entry) and isinstance(e.array, MatMul) and len(e.positions) == 1


def _is_absolute(e: Expression) -> bool:
    """Whether an expression stands between bars, which do not show how they are nested."""
    return isinstance(e, Call) and e.function.form == "absolute"


def _extent(position: Position) -> tuple[int, int]:
    if isinstance(position, int):
        return position, position
    index, offset = (position.index, position.offset) if isinstance(position, Shifted) else (position, 0)
    return index.start + offset, index.stop + offset


def _factor_level(e: Expression, arrays: int, last: bool) -> int:
    """The level that a factor must have: a Σ may stand last, a product may stand among factors, and not with ⊙."""
    if isinstance(e, Times) and (arrays < 2 or not e.shape or sum(bool(item.shape) for item in e.items) > 1):
        return TIMES
    if isinstance(e, MatMul) and arrays == 1:
        return MATMUL
    return BIG_SUM if last and isinstance(e, Sum) else FRACTION


def _between(left: Expression, right: Expression) -> str:
    """What stands between two factors; nothing where they can stand side by side."""
    if left.shape and right.shape:
        return "⊙"
    return "·" if _stands_apart(left) or _stands_apart(right) or isinstance(left, Sum) or _digit_first(right) else ""


def _stands_apart(e: Expression) -> bool:
    if isinstance(e, (Symbol, Named)):
        return not letters.is_letter(e.name.base)
    if isinstance(e, Entry):
        return not isinstance(e.array, Symbol) or not letters.is_letter(e.array.entry.base)
    if isinstance(e, Over):
        return any(isinstance(side, Plus) for side in e.parts)
    return isinstance(e, (Partial, Times))


def _digit_first(e: Expression) -> bool:
    return isinstance(e, Number) or (isinstance(e, (Over, Power)) and _digit_first(e.left))


def prose_of(write: Typesetter, items: Prose, words: Callable[[str], str], formula: Callable[[str], str] = str) -> str:
    """Prose in a notation: its words by `words`, the formulas in it by `formula`.

    >>> from minigrad.derivation.text import TextNotation
    >>> prose_of(Typesetter(TextNotation()), ("all ", Index("i", 1, 4)), str)
    'all i'
    """
    written = []
    for item in items:
        if isinstance(item, str):
            written.append(words(item))
        elif isinstance(item, Expression):
            written.append(formula(write.whole(item)))
        else:
            written.append(formula(write.notation.position(write.position(item))))
    return "".join(written)
