"""Reasons: what is written beside a step, in words and in its own symbols."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from .algebra import factors
from .expressions import Delta, Expression, Number, Sum
from .rules import opened
from .steps import Prose
from .structure import Chain


def joined(items: Sequence[Prose]) -> Prose:
    """Pieces of prose with commas between.

    >>> joined([("a",), ("b",)])
    ('a', ', ', 'b')
    """
    return reduce(lambda a, b: (*a, ", ", *b), items) if items else ()


def local_jacobians(chains: Sequence[Chain]) -> Prose:
    """Whose local Jacobians are put in.

    >>> local_jacobians([])
    ('the local Jacobian of ',)
    """
    ops = [node.op.name.replace("_", " ") for chain in chains for node in chain.nodes if node.op]
    names = list(dict.fromkeys(ops))
    return (f"the local Jacobian{'s' if len(names) > 1 else ''} of {', '.join(names)}",)


def collapse(before: Expression, entry: Expression) -> Prose:
    """Only the term with i′ = i depends on z_i (the "why?" in the margin of the notes).

    >>> collapse(Number(1), Number(2))
    ('only the terms whose indices agree depend on ', Number(value=2))
    """
    for term in opened(before):
        for f in term.factors:
            if isinstance(f, Delta):
                bound, other = (f.left, f.right) if f.left in term.indices else (f.right, f.left)
                if bound in term.indices:
                    return ("only the term with ", bound, " = ", other, " depends on ", entry)
    return ("only the terms whose indices agree depend on ", entry)


def independence(before: Expression) -> Prose:
    """What does not depend on the index of a sum.

    >>> independence(Number(1))
    ('what does not depend on the index',)
    """
    for inner in before.walk():
        if isinstance(inner, Sum):
            out = [f for f in factors(inner.body) if inner.index not in f.free and not isinstance(f, Number)]
            if out:
                return (out[0], " does not depend on ", inner.index)
    return ("what does not depend on the index",)


def not_zero(gone: Sequence[Expression]) -> Prose:
    """That none of these is 0.

    >>> not_zero([Number(1)])
    (Number(value=1), ' ≠ 0')
    """
    return joined([(f, " ≠ 0") for f in gone])
