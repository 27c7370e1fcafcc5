"""Recognising products of matrices: from entries with indices to arrays.

    Σ_j θ_ji δ_j                row i of Θᵀ times δ             Θᵀ δ
    g′(z_i) (Θᵀ δ)_i            entry by entry                  g′(z) ⊙ (Θᵀ δ) = diag(g′(z)) Θᵀ δ
    δ_j a_i                     a column times a row            δ aᵀ

An index that is summed stands at two factors, as in any product of matrices: vectors first, then matrices. Where it
stands at three, or at an array of more than two axes, there is no such form, and the line keeps its indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .algebra import plus, times
from .expressions import (
    Call,
    Delta,
    Diag,
    Entry,
    Expression,
    Filled,
    MatMul,
    Named,
    Number,
    Over,
    Padded,
    Plus,
    Power,
    Shape,
    Sum,
    Symbol,
    Times,
    Transpose,
    Within,
    WithoutBias,
)
from .indices import Index
from .rules import Term, opened

Indices = tuple[Index, ...]


class UnrecognisedError(Exception):
    """An expression that is no product of matrices."""


def recognised(e: Expression, free: Indices) -> Expression | None:
    """The array whose entries at `free` are e: a column for one index, a matrix for two; None where there is none.

    >>> i = Index("i", 1, 4)
    >>> recognised(Number(2), (i,))
    Times(items=(Number(value=2), Filled(value=1, rows_columns=(4, 1))))
    """
    if len(free) > 2:
        return None
    try:
        return _array(e, free)
    except UnrecognisedError:
        return None


def _array(e: Expression, free: Indices) -> Expression:
    return plus(*[_product(term, free) for term in opened(e)])


def transposed(e: Expression) -> Expression:
    """The transpose; that of a transpose is the array itself, that of a sum the sum of the transposes.

    >>> transposed(Transpose(Filled(1, (2, 3))))
    Filled(value=1, rows_columns=(2, 3))
    """
    if isinstance(e, Transpose):
        return e.array
    if isinstance(e, Plus | Times):
        return e.with_parts(tuple([transposed(part) if part.shape else part for part in e.parts]))
    return Transpose(e)


def in_shape(e: Expression | None, shape: Shape) -> Expression | None:
    """An array in a shape, or turned into it; None where it has neither.

    >>> in_shape(Filled(1, (2, 3)), (3, 2))
    Transpose(array=Filled(value=1, rows_columns=(2, 3)))
    """
    if e is None or e.shape == shape:
        return e
    return transposed(e) if e.shape[::-1] == shape else None


def _ones(index: Index) -> Expression:
    return Filled(1, (index.size, 1))


class _Factors:
    """The factors of one term, as numbers, columns and matrices, by the indices that they carry."""

    def __init__(self, free: Indices) -> None:
        self.free = free
        self.numbers: list[Expression] = []
        self.arrays: dict[Indices, list[Expression]] = {}

    def add(self, indices: Indices, array: Expression) -> None:
        if not indices:
            self.numbers.append(array)
        elif indices[::-1] in self.arrays and len(indices) == 2:
            self.arrays[indices[::-1]].append(transposed(array))
        else:
            self.arrays.setdefault(indices, []).append(array)

    def at(self, index: Index) -> list[Indices]:
        """The places of all arrays that carry an index."""
        return [indices for indices in self.arrays if index in indices]

    def take(self, indices: Indices) -> Expression:
        """The product, entry by entry, of the arrays at these indices, taken away."""
        return _entrywise(self.arrays.pop(indices))


def _entrywise(arrays: Sequence[Expression]) -> Expression:
    """Columns of functions before products of matrices, as in g′(z) ⊙ (Θᵀ δ)."""
    return times(*sorted(arrays, key=lambda array: isinstance(array, MatMul)))


def _product(term: Term, free: Indices) -> Expression:
    found = _Factors(free)
    known = {*term.indices, *free}
    padded = [f for f in term.factors if isinstance(f, Within)]
    for factor in term.factors:
        if factor not in padded:
            indices = _carried(factor, known, free)
            found.add(indices, _lifted(factor, indices))
    waiting = list(term.indices)
    while waiting:
        index = min(waiting, key=lambda each: _difficulty(found, each))
        waiting.remove(index)
        _contract(found, index)
    if padded:
        return _padded(found, padded, free)
    return _assembled(found, free)


def _carried(factor: Expression, known: set[Index], free: Indices) -> Indices:
    """The indices of a factor: in the order of its entries, or of the result."""
    own = [index for index in factor.free if index in known]
    if len(own) > 2:
        raise UnrecognisedError
    if isinstance(factor, Entry):
        order = [p for p in factor.positions if isinstance(p, Index)]
        if set(order) == set(own) and len(order) == len(own):
            return tuple(order)
    return tuple(
        sorted(own, key=lambda index: (index not in free, free.index(index) if index in free else index.letter))
    )


def _difficulty(found: _Factors, index: Index) -> tuple[bool, int]:
    """Vectors are summed first: a matrix times a vector is cheaper to read, too."""
    places = found.at(index)
    return (index,) not in places, sum(len(indices) for indices in places)


def _contract(found: _Factors, index: Index) -> None:
    """Sum over an index: two matrices, or a matrix and a column, that meet in it; with a diagonal between."""
    places = found.at(index)
    columns = [indices for indices in places if len(indices) == 1]
    matrices = [indices for indices in places if len(indices) == 2]
    if not places:
        found.numbers.append(Number(index.size))
    elif len(matrices) == 2:
        first, second = sorted(matrices, key=lambda indices: _order(found, indices, index))
        left, right = _ending(found, first, index), _beginning(found, second, index)
        if columns:
            right = MatMul(Diag(found.take(columns[0])), right)
        rest = (first[0] if first[1] == index else first[1], second[1] if second[0] == index else second[0])
        if rest[0] == rest[1]:
            raise UnrecognisedError
        found.add(rest, MatMul(left, right))
    elif len(matrices) == 1:
        (indices,) = matrices
        other = indices[0] if indices[1] == index else indices[1]
        column = found.take(columns[0]) if columns else _ones(index)
        found.add((other,), MatMul(_ending(found, indices, index), column))
    elif not matrices:
        found.numbers.append(_scalar_sum(found, index))
    else:
        raise UnrecognisedError


def _scalar_sum(found: _Factors, index: Index) -> Expression:
    """Columns alone: a number, which keeps its sum."""
    arrays = found.arrays.pop((index,))
    if not all(isinstance(array, Symbol) for array in arrays):
        raise UnrecognisedError
    return Sum(index, times(*[Entry(array, (index,)) for array in arrays]))


def _order(found: _Factors, indices: Indices, index: Index) -> tuple[bool, int]:
    """Which of two matrices stands on the left: the one whose other index comes first in the result."""
    other = indices[0] if indices[1] == index else indices[1]
    return other not in found.free, found.free.index(other) if other in found.free else 0


def _ending(found: _Factors, indices: Indices, index: Index) -> Expression:
    array = found.take(indices)
    return array if indices[1] == index else transposed(array)


def _beginning(found: _Factors, indices: Indices, index: Index) -> Expression:
    array = found.take(indices)
    return array if indices[0] == index else transposed(array)


def _assembled(found: _Factors, free: Indices) -> Expression:
    numbers = times(*found.numbers) if found.numbers else None
    array = _column(found, free) if len(free) == 1 else _matrix(found, free) if free else None
    if array is None:
        return Number(1) if numbers is None else numbers
    return array if numbers is None else times(numbers, array)


def _column(found: _Factors, free: Indices) -> Expression:
    return found.take(free) if free in found.arrays else _ones(free[0])


def _matrix(found: _Factors, free: Indices) -> Expression:
    rows, columns = free
    u = found.take((rows,)) if (rows,) in found.arrays else None
    v = found.take((columns,)) if (columns,) in found.arrays else None
    whole = None
    for indices in (free, free[::-1]):
        if indices in found.arrays:
            array = found.take(indices)
            array = array if indices == free else transposed(array)
            whole = array if whole is None else times(whole, array)
    if whole is None:
        return MatMul(_ones(rows) if u is None else u, transposed(_ones(columns) if v is None else v))
    if u is not None:
        whole = MatMul(Diag(u), whole)
    return whole if v is None else MatMul(whole, Diag(v))


def _padded(found: _Factors, padded: Sequence[Expression], free: Indices) -> Expression:
    """[i ≥ 1] m_ji on the numbers 0 … n: the matrix [0 M]; of a Θ with one row, its transpose."""
    (within,) = padded if len(padded) == 1 else (None,)
    if not isinstance(within, Within) or not free or within.position != free[-1] or len(free) > 2:
        raise UnrecognisedError
    if (within.start, within.stop) != (free[-1].start + 1, free[-1].stop) or set(found.arrays) != {free}:
        raise UnrecognisedError
    array = found.take(free)
    if len(free) == 2:
        return times(*found.numbers, Padded(WithoutBias(array)))
    if not isinstance(array, Transpose):
        raise UnrecognisedError
    return times(*found.numbers, Transpose(Padded(WithoutBias(array.array))))


def _lifted(e: Expression, indices: Indices) -> Expression:
    """The array of a factor, over its indices: each entry of a symbol becomes the symbol."""
    if not indices and not isinstance(e, Entry):
        return e
    if isinstance(e, Entry) and isinstance(e.array, Symbol):
        return _symbol(e, e.array, indices)
    if isinstance(e, Delta):
        if (
            {e.left, e.right} == set(indices)
            and indices[0].size == indices[1].size
            and indices[0].start == indices[1].start
        ):
            return Diag(_ones(indices[0]))
        raise UnrecognisedError
    if isinstance(e, Number | Named):
        return e
    if isinstance(e, Plus | Times | Over | Power | Call):
        return e.with_parts(tuple([_spread(part, indices) for part in e.parts]))
    if isinstance(e, Sum):
        return _array(e, indices)
    raise UnrecognisedError


def _spread(part: Expression, indices: Indices) -> Expression:
    """A part of a factor, repeated along the indices that it does not carry; numbers stay numbers."""
    own = tuple([index for index in indices if index in part.free])
    lifted = _lifted(part, own)
    if not own or own == indices:
        return lifted
    other = next(index for index in indices if index not in own)
    along = transposed(_ones(other))
    return MatMul(lifted, along) if own[0] == indices[0] else MatMul(_ones(other), transposed(lifted))


def _symbol(e: Entry, symbol: Symbol, indices: Indices) -> Expression:
    positions = e.positions
    if not positions and symbol.rows_columns in ((), (1, 1)):
        return e
    if not all(isinstance(p, Index) for p in positions) or len(set(positions)) < len(positions):
        raise UnrecognisedError
    if len(symbol.rows_columns) != 2 or set(positions) != set(indices):
        raise UnrecognisedError
    whole: Expression = symbol
    for k, p in enumerate(positions):
        assert isinstance(p, Index)
        if (p.start, p.size) == (symbol.starts[k], symbol.axes[k]):
            continue
        if len(positions) == 2 and k == 1 and (p.start, p.size) == (symbol.starts[k] + 1, symbol.axes[k] - 1):
            whole = WithoutBias(symbol)
        else:
            raise UnrecognisedError
    if len(indices) == 1:
        return whole if symbol.rows_columns[1] == 1 else transposed(whole)
    return whole if tuple(positions) == indices else transposed(whole)


def as_diagonals(e: Expression) -> Expression:
    """d ⊙ v = diag(d) v, where v is a column that a product of matrices gives.

    >>> d, A, v = Filled(1, (2, 1)), Filled(1, (2, 3)), Filled(1, (3, 1))
    >>> as_diagonals(Times((d, MatMul(A, v)))) == MatMul(Diag(d), MatMul(A, v))
    True
    """
    if isinstance(e, Plus):
        return replace(e, items=tuple([as_diagonals(item) for item in e.items]))
    if not isinstance(e, Times) or not isinstance(e.items[-1], MatMul) or e.shape[1] != 1:
        return e
    numbers = [item for item in e.items if not item.shape]
    *diagonals, last = [item for item in e.items if item.shape]
    for diagonal in reversed(diagonals):
        last = MatMul(Diag(diagonal), last)
    return times(*numbers, last) if diagonals else e


def is_readable(e: Expression) -> bool:
    """Whether ones stand only where they sum or repeat a whole array: not within a quotient or a function.

    >>> is_readable(Over(Number(1), MatMul(Filled(1, (2, 1)), Filled(1, (1, 2)))))
    False
    """
    return not any(has_ones(inner) for inner in e.walk() if isinstance(inner, Over | Power | Call | Diag))


def has_ones(e: Expression) -> bool:
    """Whether an array of ones is in it, which sums or repeats others.

    >>> has_ones(Filled(1, (2, 1)))
    True
    """
    return any(isinstance(inner, Filled) for inner in e.walk())
