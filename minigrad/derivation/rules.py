"""Rewrite rules on sums and products with indices.

    collapsed        Σ_k [k = i] f_k = f_i                      only the term with k = i remains (Kronecker)
    pulled_out       Σ_j a_j b = (Σ_j a_j) b                    b does not depend on j
    distributed      (a + b) c = a c + b c                      linearity

A product with sums is brought to one form first: a Term, Σ over some indices of a product of factors.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .algebra import ONE, ZERO, factors, plus, terms, tidied, times
from .expressions import Delta, Expression, Number, Plus, Sum, Within
from .indices import Index, Position, Shifted, bare, moved
from .substitution import renamed, rewritten, substituted

# --- positions --------------------------------------------------------------------------------------------------------


def same(left: Position, right: Position, offset: int = 0) -> Expression:
    """[left = right + offset], settled where both are known.

    >>> same(3, 2, 1)
    Number(value=1)
    """
    right = moved(right, offset)
    if left == right:
        return ONE
    if isinstance(left, int) and isinstance(right, int):
        return ZERO
    if not isinstance(left, int) and not isinstance(right, int) and bare(left) == bare(right):
        return ZERO  # [i = i + 1]
    if isinstance(left, Shifted):
        return Delta(left.index, moved(right, -left.offset))
    return Delta(left, right)


def within(position: Position, start: int, stop: int) -> Expression:
    """[start ≤ position ≤ stop], settled where it is known.

    >>> within(3, 1, 2)
    Number(value=0)
    """
    first, last = (position, position) if isinstance(position, int) else _extent(position)
    if start <= first and last <= stop:
        return ONE
    return ZERO if last < start or stop < first else Within(position, start, stop)


def _extent(position: Index | Shifted) -> tuple[int, int]:
    offset = position.offset if isinstance(position, Shifted) else 0
    return bare(position).start + offset, bare(position).stop + offset


# --- sums of products -------------------------------------------------------------------------------------------------


class Term(NamedTuple):
    """Σ over the indices of the product of the factors."""

    indices: tuple[Index, ...]
    factors: tuple[Expression, ...]


def opened(e: Expression) -> list[Term]:
    """The terms of an expression; a sum in brackets is multiplied out only where it holds a Kronecker delta.

    >>> opened(Number(2))
    [Term(indices=(), factors=(Number(value=2),))]
    """
    if isinstance(e, Plus):
        return [term for item in e.items for term in opened(item)]
    if isinstance(e, Sum) and not e.shape:
        inside = [_apart(term, {e.index}) for term in opened(e.body)]
        return [Term((e.index, *indices), product) for indices, product in inside]
    found = [Term((), ())]
    for factor in factors(e):
        if (isinstance(factor, Sum) and not factor.shape) or (
            isinstance(factor, Plus) and any(isinstance(inner, Delta) for inner in factor.walk())
        ):
            parts = opened(factor)
        else:
            parts = [Term((), (factor,))]
        found = [_product(a, b, e.free) for a in found for b in parts]
    return found


def _product(a: Term, b: Term, free: frozenset[Index]) -> Term:
    if b.indices:
        b = _apart(b, {*a.indices, *free})  # what is free in a factor is free in all, or bound here
    return Term((*a.indices, *b.indices), (*a.factors, *b.factors))


def _apart(term: Term, taken: Collection[Index]) -> Term:
    """The same sum over indices none of which is taken: Σ_i a_i Σ_i b_i is a sum over i and i′."""
    letters = {index.letter for index in taken}
    met = [index for index in term.indices if index.letter in letters]
    if not met:
        return term
    known = {*taken, *term.indices, *[index for f in term.factors for index in f.free]}
    names: dict[Index, Position] = {}
    for index in met:
        names[index] = renamed(index, known)
        known.add(names[index])  # type: ignore[arg-type]  # an index, as it was
    indices = tuple([names.get(index, index) for index in term.indices])
    return Term(indices, tuple([substituted(f, names) for f in term.factors]))  # type: ignore[arg-type]


def closed(term: Term) -> Expression:
    """The expression of a term.

    >>> closed(Term((), (Number(2), Number(3))))
    Number(value=6)
    """
    body = times(*term.factors) if term.factors else ONE
    if body == ZERO:
        return ZERO
    for index in reversed(term.indices):
        body = Sum(index, body) if index in body.free else times(Number(index.size), body)
    return body


def collapsed(e: Expression) -> Expression:
    """Σ_k [k = i] f_k = f_i, for every sum over an index that a Kronecker delta ties to another.

    >>> i, k = Index("i", 1, 4), Index("k", 1, 4)
    >>> collapsed(Sum(k, Delta(k, i)))
    Number(value=1)
    """
    return plus(*[closed(_collapsed(term)) for term in opened(e)])


def _collapsed(term: Term) -> Term:
    indices, product = list(term.indices), list(term.factors)
    while True:
        tied = next(
            (
                (delta, index, other)
                for delta in product
                if isinstance(delta, Delta)
                for index in indices
                if (other := _solved(delta, index)) is not None
            ),
            None,
        )
        if tied is None:
            return Term(tuple(indices), tuple(product))
        delta, index, other = tied
        product.remove(delta)
        indices.remove(index)
        product = [inner for f in product for inner in factors(_settled(substituted(f, {index: other})))]
        product += factors(within(other, index.start, index.stop))
        product = [f for f in product if f != ONE] or [ONE]
        if ZERO in product:
            return Term((), (ZERO,))


def _solved(delta: Delta, index: Index) -> Position | None:
    """What the delta says that an index is."""
    for mine, other in ((delta.left, delta.right), (delta.right, delta.left)):
        if mine == index and index not in (other, getattr(other, "index", None)):
            return other
        if isinstance(mine, Shifted) and mine.index == index:
            return moved(other, -mine.offset)
    return None


def _settled(e: Expression) -> Expression:
    """Deltas between the same or between known numbers, settled."""

    def settle(inner: Expression) -> Expression:
        if isinstance(inner, Delta):
            return same(inner.left, inner.right)
        if isinstance(inner, Within):
            return within(inner.position, inner.start, inner.stop)
        return inner

    settled = rewritten(e, settle)
    return e if settled == e else tidied(settled)


def pulled_out(e: Expression) -> Expression:
    """Σ_j a_j b = (Σ_j a_j) b, for all factors b that do not depend on j.

    >>> j = Index("j", 1, 4)
    >>> from .expressions import Entry, Filled
    >>> a = Entry(Filled(1, (4, 1)), (j,))
    >>> pulled_out(Sum(j, times(a, Number(2)))) == times(Number(2), Sum(j, a))
    True
    """
    return plus(*[_pulled(term) for term in opened(e)])


def _pulled(term: Term) -> Expression:
    """Sums over groups of factors that share indices, then the factors that depend on none."""
    groups: list[tuple[list[Index], list[Expression]]] = []
    alone: list[Expression] = []
    for factor in term.factors:
        used = [index for index in term.indices if index in factor.free]
        if not used:
            alone.append(factor)
            continue
        met = [group for group in groups if not set(group[0]).isdisjoint(used)]
        merged: tuple[list[Index], list[Expression]] = ([], [])
        for group in met:
            groups.remove(group)
            merged[0].extend(group[0])
            merged[1].extend(group[1])
        merged[0].extend([index for index in used if index not in merged[0]])
        merged[1].append(factor)
        groups.append(merged)
    counted = [Number(index.size) for index in term.indices if not any(index in group[0] for group in groups)]
    sums = [closed(Term(tuple(indices), tuple(product))) for indices, product in groups]
    return times(*counted, *sums, *alone)


def distributed(e: Expression) -> Expression:
    """(a + b) c = a c + b c, for the first factor that is a sum.

    >>> distributed(times(Plus((Number(2), Number(3))), Number(2)))
    Number(value=10)
    """
    product = factors(e)
    for k, factor in enumerate(product):
        if isinstance(factor, Plus):
            return plus(*[times(*product[:k], term, *product[k + 1 :]) for term in terms(factor)])
    return e
