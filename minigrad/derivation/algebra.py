"""Algebra of numbers: sums, products and quotients kept tidy while they are made, and two rewrites of quotients.

plus, times, over, power, negative     flat, without zeros and ones, numbers multiplied out and in front
common_denominator                     a/b − c/d = (a d − c b)/(b d), the numerator multiplied out
cancelled                              a/(b c) · c = a/b
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isfinite, isnan, prod

from .expressions import Expression, MatMul, Name, Named, Number, Over, Plus, Power, Times
from .substitution import rewritten

ZERO, ONE, MINUS_ONE = Number(0), Number(1), Number(-1)
EXACT = 1e15  # whole numbers below it are written in digits
Monomial = tuple[tuple[Expression, int], ...]  # factors, each to a power, in the order of their first coming


def number(value: float) -> Expression:
    """A number as one would write it: 1/3 for 0.333…, where it is that quotient to the last bit.

    >>> number(1 / 3), number(2.0)
    (Over(left=Number(value=1), right=Number(value=3)), Number(value=2))
    """
    if not isfinite(value):
        return Named(Name("NaN" if isnan(value) else "∞" if value > 0 else "−∞"), value)
    if abs(value) >= EXACT:
        return Number(value)
    if value == int(value):
        return Number(int(value))
    fraction = Fraction(value).limit_denominator(1000)
    if float(fraction) == value and fraction.denominator not in (2, 4, 5, 8, 10, 20, 25, 50, 100, 1000):
        sign = Number(abs(fraction.numerator))
        quotient = Over(sign, Number(fraction.denominator))
        return quotient if fraction > 0 else Times((MINUS_ONE, quotient))
    return Number(value)


def times(*factors: Expression) -> Expression:
    """The product, flat; numbers stand first, as one.

    >>> times(Number(2), ONE, Number(3))
    Number(value=6)
    """
    flat = [inner for factor in factors for inner in (factor.items if isinstance(factor, Times) else (factor,))]
    numbers = [factor.value for factor in flat if isinstance(factor, Number)]
    rest = [factor for factor in flat if not isinstance(factor, Number)]
    coefficient = prod(numbers)
    if coefficient == 0 and not any(factor.shape for factor in rest):
        return ZERO
    if coefficient != 1 or not rest:
        rest.insert(0, Number(coefficient))
    return rest[0] if len(rest) == 1 else Times(tuple(rest))


def plus(*terms: Expression) -> Expression:
    """The sum, flat; like terms are one, in the place of the first, and what adds up to zero is left out.

    >>> plus(ZERO, Number(2), Number(3))
    Number(value=5)
    """
    collected: dict[tuple[Expression, ...], tuple[float | Fraction, Expression]] = {}
    for term in terms:
        for inner in term.items if isinstance(term, Plus) else (term,):
            first, rest = factors(inner)[0], factors(inner)
            coefficient = first.value if isinstance(first, Number) else 1
            rest = rest[1:] if isinstance(first, Number) else rest
            if rest in collected:
                coefficient += collected[rest][0]
                inner = times(Number(coefficient), *rest)  # noqa: PLW2901  # the like term, with the sum of both
            collected[rest] = coefficient, inner
    kept = [term for coefficient, term in collected.values() if coefficient]
    if not kept:  # of arrays, too, the sum is an array
        return next((term for _, term in collected.values() if term.shape), ZERO)
    return kept[0] if len(kept) == 1 else Plus(tuple(kept))


def negative(e: Expression) -> Expression:
    """−e.

    >>> negative(Number(2))
    Number(value=-2)
    """
    return times(MINUS_ONE, e)


def over(left: Expression, right: Expression) -> Expression:
    """The quotient; a sign, and what is a quotient already, is taken apart.

    >>> over(Number(6), ONE)
    Number(value=6)
    """
    if right == ONE or left == ZERO:
        return left
    if isinstance(right, Number) and isinstance(left, Number) and right.value and left.value % right.value == 0:
        return Number(left.value // right.value)
    if isinstance(left, Times) and isinstance(left.items[0], Number) and left.items[0].value < 0:
        return negative(over(negative(left), right))
    if isinstance(left, Number) and left.value < 0:
        return negative(over(Number(-left.value), right))
    if isinstance(left, Over):
        return over(left.left, times(left.right, right))
    if isinstance(right, Over):
        return over(times(left, right.right), right.left)
    return Over(left, right)


def power(base: Expression, exponent: Expression) -> Expression:
    """The power; to the power 1 and 0 it is no power.

    >>> power(Number(2), ONE)
    Number(value=2)
    """
    if ONE in (exponent, base):
        return base
    return ONE if exponent == ZERO else Power(base, exponent)


def tidied(e: Expression) -> Expression:
    """The expression with all its sums, products and quotients made anew, as tidy as `plus`, `times` and `over` do.

    >>> tidied(Times((Number(2), Number(3))))
    Number(value=6)
    """

    def tidy(inner: Expression) -> Expression:
        if isinstance(inner, Times):
            return times(*inner.items)
        if isinstance(inner, Plus):
            return plus(*inner.items)
        return over(inner.left, inner.right) if isinstance(inner, Over) else inner

    return rewritten(e, tidy)


def factors(e: Expression) -> tuple[Expression, ...]:
    """What it is a product of.

    >>> factors(Number(2))
    (Number(value=2),)
    """
    return e.items if isinstance(e, Times) else (e,)


def terms(e: Expression) -> tuple[Expression, ...]:
    """What it is a sum of.

    >>> terms(Number(2))
    (Number(value=2),)
    """
    return e.items if isinstance(e, Plus) else (e,)


def common_denominator(e: Expression) -> Expression:
    """A sum of quotients as one, its numerator multiplied out; anything else as it is.

    >>> a, b = Number(2), Number(3)
    >>> common_denominator(Plus((Over(ONE, a), Over(ONE, b))))
    Over(left=Number(value=5), right=Number(value=6))
    """
    if not isinstance(e, Plus) or not any(_denominator(term) for term in e.items):
        return e
    bottom: list[Expression] = []
    for term in e.items:
        missing = list(_denominator(term))
        for known in bottom:
            if known in missing:
                missing.remove(known)
        bottom += missing
    top = []
    for term in e.items:
        lacking = list(bottom)
        for known in _denominator(term):
            lacking.remove(known)
        top.append(times(*_numerator(term), *lacking))
    return over(multiplied_out(plus(*top)), times(*_ordered(bottom)))


def _ordered(bottom: list[Expression]) -> list[Expression]:
    """Plain factors before sums: a(1 − a)."""
    return sorted(bottom, key=lambda factor: isinstance(factor, Plus))


def _denominator(term: Expression) -> tuple[Expression, ...]:
    return tuple([inner for f in factors(term) if isinstance(f, Over) for inner in factors(f.right)])


def _numerator(term: Expression) -> tuple[Expression, ...]:
    return tuple([f.left if isinstance(f, Over) else f for f in factors(term)])


def multiplied_out(e: Expression) -> Expression:
    """A sum of products, like terms collected; positive terms first.

    >>> multiplied_out(Times((Number(2), Plus((ONE, Number(3))))))
    Number(value=8)
    """
    collected = sorted(_polynomial(e).items(), key=lambda item: item[1] < 0)
    return plus(*[times(Number(c), *[power(f, Number(n)) for f, n in m]) for m, c in collected if c])


def _polynomial(e: Expression) -> dict[Monomial, float]:
    """Monomial → coefficient."""
    if isinstance(e, Number):
        return {(): float(e.value) if not isinstance(e.value, int) else e.value}
    if isinstance(e, Plus):
        total: dict[Monomial, float] = {}
        for term in e.items:
            for m, c in _polynomial(term).items():
                total[m] = total.get(m, 0) + c
        return total
    if isinstance(e, Times):
        product: dict[Monomial, float] = {(): 1}
        for factor in e.items:
            right = _polynomial(factor)
            found: dict[Monomial, float] = {}
            for m, c in product.items():
                for n, d in right.items():
                    both = _together(m, n)
                    found[both] = found.get(both, 0) + c * d
            product = found
        return product
    return {((e, 1),): 1}


def _together(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for factor, k in n:
        powers[factor] = powers.get(factor, 0) + k
    # One order for all, so that like terms meet.
    return tuple(sorted(powers.items(), key=lambda item: repr(item[0])))


def cancelled(e: Expression) -> Expression:
    """A product of quotients as one quotient, without the factors that stand above and below.

    >>> cancelled(Times((Over(ONE, Number(7)), Number(7))))
    Number(value=1)
    """
    top = [inner for f in factors(e) for inner in (factors(f.left) if isinstance(f, Over) else (f,))]
    bottom = [inner for f in factors(e) if isinstance(f, Over) for inner in factors(f.right)]
    kept = []
    for factor in top:
        if factor in bottom:
            bottom.remove(factor)
        else:
            kept.append(factor)
    return over(times(*kept), times(*bottom))


def cancelled_factors(e: Expression) -> tuple[Expression, ...]:
    """The factors that `cancelled` takes away: they must not be 0.

    >>> cancelled_factors(Times((Over(ONE, Number(7)), Number(7))))
    (Number(value=7),)
    """
    top = [inner for f in factors(e) for inner in (factors(f.left) if isinstance(f, Over) else (f,))]
    bottom = [inner for f in factors(e) if isinstance(f, Over) for inner in factors(f.right)]
    gone = []
    for factor in top:
        if factor in bottom:
            bottom.remove(factor)
            gone.append(factor)
    return tuple(gone)


def matrix_product(matrices: Iterable[Expression]) -> Expression:
    """The product of matrices, from the right: A (B v).

    >>> from .expressions import Filled
    >>> matrix_product([Filled(1, (2, 3)), Filled(1, (3, 1))]).shape
    (2, 1)
    """
    *left, result = matrices
    for matrix in reversed(left):
        result = MatMul(matrix, result)
    return result
