"""Substitution: the same tree with other parts, or with other indices; a bound index that is in the way steps aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import count

from .expressions import Delta, Entry, Expression, Sum, Symbol, Within
from .indices import Index, Position, Shifted, indices_of, moved


def rewritten(expression: Expression, rewrite: Callable[[Expression], Expression]) -> Expression:
    """The tree with `rewrite` applied to every part, from the leaves up.

    >>> from minigrad.derivation.expressions import Number, Plus
    >>> double = lambda e: Number(2 * e.value) if isinstance(e, Number) else e
    >>> rewritten(Plus((Number(1), Number(2))), double)
    Plus(items=(Number(value=2), Number(value=4)))
    """
    parts = expression.parts
    if parts:
        new = tuple([rewritten(part, rewrite) for part in parts])
        if any(a is not b for a, b in zip(new, parts, strict=True)):
            expression = expression.with_parts(new)
    return rewrite(expression)


def substituted(expression: Expression, places: Mapping[Index, Position]) -> Expression:
    """The expression with other positions in place of some free indices; a bound one that is in the way is renamed.

    >>> i, j = Index("i", 1, 4), Index("j", 1, 4)
    >>> substituted(Delta(i, j), {i: 2})
    Delta(left=2, right=Index(letter='j', start=1, stop=4))
    >>> substituted(Sum(j, Delta(i, j)), {i: j}).index.letter
    'j′'
    """
    places = {index: to for index, to in places.items() if index in expression.free}
    if not places:
        return expression
    if isinstance(expression, Sum):
        return _substituted_in_sum(expression, places)
    if isinstance(expression, Entry):
        moved = tuple([_moved(p, places) for p in expression.positions])
        return Entry(substituted(expression.array, places), moved)
    if isinstance(expression, Delta):
        return Delta(_moved(expression.left, places), _moved(expression.right, places))
    if isinstance(expression, Within):
        return replace(expression, position=_moved(expression.position, places))
    if isinstance(expression, Symbol):
        to = places[expression.sample]  # type: ignore[index]  # its one free index
        return replace(expression, sample=to) if isinstance(to, Index) else expression
    return expression.with_parts(tuple([substituted(part, places) for part in expression.parts]))


def _substituted_in_sum(e: Sum, places: Mapping[Index, Position]) -> Sum:
    index, body = e.index, e.body
    coming = indices_of(tuple(places.values()))
    if any(index.letter == other.letter for other in coming):
        index = renamed(index, coming | body.free)
        body = substituted(body, {e.index: index})
    return Sum(index, substituted(body, places))


def renamed(index: Index, taken: Collection[Index]) -> Index:
    """The index under a letter that none of the others has.

    >>> i = Index("i", 1, 4)
    >>> renamed(i, {i}).letter
    'i′'
    """
    letters = {other.letter for other in taken}
    letter = index.letter
    while letter in letters:
        letter += "′"
    return replace(index, letter=letter)


def _moved(position: Position, places: Mapping[Index, Position]) -> Position:
    if isinstance(position, Index):
        return places.get(position, position)
    if isinstance(position, Shifted) and position.index in places:
        return moved(places[position.index], position.offset)
    return position


def canonical(expression: Expression) -> Expression:
    """The expression with its bound indices named by their order: equal for expressions that differ in them only.

    >>> from minigrad.derivation.expressions import Number
    >>> i, j = Index("i", 1, 4), Index("j", 1, 4)
    >>> canonical(Sum(i, Number(1))) == canonical(Sum(j, Number(1)))
    True
    """
    numbers = count()

    def rename(e: Expression) -> Expression:
        if isinstance(e, Sum):
            fresh = Index(f"#{next(numbers)}", e.index.start, e.index.stop)
            return Sum(fresh, rename(substituted(e.body, {e.index: fresh})))
        parts = e.parts
        return e.with_parts(tuple([rename(part) for part in parts])) if parts else e

    return rename(expression)
