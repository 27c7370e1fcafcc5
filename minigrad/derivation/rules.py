"""Rewrite rules on sums and products with indices.

    collapsed        Σ_k [k = i] f_k = f_i                      only the term with k = i remains (Kronecker)
    pulled_out       Σ_j a_j b = (Σ_j a_j) b                    b does not depend on j
    distributed      (a + b) c = a c + b c                      linearity

A product with sums is brought to one form first: a Term, Σ over some indices of a product of factors.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .algebra import ONE, ZERO, factors, plus, terms, times
from .expressions import (
    Delta,
    Expression,
    Index,
    Number,
    Plus,
    Position,
    Shifted,
    Sum,
    Within,
    renamed,
    rewritten,
    shifted,
    substituted,
)


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
        return [Term((e.index, *indices), product) for indices, product in opened(e.body)]
    found = [Term((), ())]
    for factor in factors(e):
        if isinstance(factor, Sum) and not factor.shape:
            parts = opened(factor)
        elif isinstance(factor, Plus) and any(isinstance(inner, Delta) for inner in factor.walk()):
            parts = opened(factor)
        else:
            parts = [Term((), (factor,))]
        found = [_joined(a, b) for a in found for b in parts]
    return found


def _joined(a: Term, b: Term) -> Term:
    """The product of two terms; an index of one that stands in the other gets another letter."""
    a, b = _apart(a, b), b
    b = _apart(b, a)
    return Term((*a.indices, *b.indices), (*a.factors, *b.factors))


def _apart(term: Term, other: Term) -> Term:
    taken = {*other.indices, *[index for f in other.factors for index in f.free]}
    indices, product = list(term.indices), list(term.factors)
    for k, index in enumerate(indices):
        if any(index.letter == other.letter for other in taken):
            fresh = renamed(index, {*taken, *indices, *[i for f in product for i in f.free]})
            product = [substituted(f, {index: fresh}) for f in product]
            indices[k] = fresh
    return Term(tuple(indices), tuple(product))


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
        if not _inside(other, index.start, index.stop):
            product.append(Within(other, index.start, index.stop))
        product = [f for f in product if f != ONE] or [ONE]
        if ZERO in product:
            return Term((), (ZERO,))


def _solved(delta: Delta, index: Index) -> Position | None:
    """What the delta says that an index is."""
    for mine, other in ((delta.left, delta.right), (delta.right, delta.left)):
        if mine == index and index not in (other, getattr(other, "index", None)):
            return other
        if isinstance(mine, Shifted) and mine.index == index:
            if isinstance(other, Shifted):
                return shifted(other.index, other.offset - mine.offset)
            return shifted(other, -mine.offset)
    return None


def _inside(position: Position, start: int, stop: int) -> bool:
    """Whether a position takes only numbers from start to stop."""
    if isinstance(position, int):
        return start <= position <= stop
    run, offset = (position.index, position.offset) if isinstance(position, Shifted) else (position, 0)
    return start <= run.start + offset and run.stop + offset <= stop


def _settled(e: Expression) -> Expression:
    """Deltas between the same or between known numbers, settled."""

    def settle(inner: Expression) -> Expression:
        if isinstance(inner, Delta):
            if inner.left == inner.right:
                return ONE
            if isinstance(inner.left, int) and isinstance(inner.right, int):
                return ZERO
        if isinstance(inner, Within):
            if isinstance(inner.position, int):
                return ONE if inner.start <= inner.position <= inner.stop else ZERO
            return ONE if _inside(inner.position, inner.start, inner.stop) else inner
        return inner

    return rewritten(e, settle)


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


def is_pulled_out(before: Expression, after: Expression) -> bool:
    """Whether anything stands outside a sum that stood inside.

    >>> is_pulled_out(Number(1), Number(1))
    False
    """
    return any(isinstance(inner, Sum) for inner in before.walk()) and before != after


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


def tied_indices(e: Expression, indices: Collection[Index]) -> set[Index]:
    """Those of the indices that a Kronecker delta ties to another position, in every term.

    >>> i, k = Index("i", 1, 4), Index("k", 1, 4)
    >>> tied_indices(Delta(k, i), [k]) == {k}
    True
    """
    found = [
        {index for f in term.factors if isinstance(f, Delta) for index in indices if index in f.free}
        for term in opened(e)
    ]
    return set.intersection(*found) if found else set()


