"""Sparsity: which entries of a Jacobian its structure allows, and few sweeps that find them all.

    pattern(order, variables, output)      the places that may be nonzero, from the local Jacobians' structures
    groups(places)                         columns that share no row: one forward sweep finds them all at once
    fewest_groups(places)                  these, or rows that share no column: whichever are fewer

An elementwise function has a diagonal pattern, and all its columns are one group. Patterns are SciPy's sparse
arrays; without SciPy (extra "demo") every column has a sweep of its own. Source: Curtis, Powell and Reid, "On the
estimation of sparse Jacobian matrices" (1974); the groups are a colouring, made greedily.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from math import prod
from typing import Any

import numpy as np

from .graph import Node
from .linear_maps import (
    Broadcast,
    Cast,
    Compose,
    Contract,
    Crossing,
    Diagonal,
    Gather,
    Identity,
    LeftMul,
    LinearMap,
    Permute,
    Reshape,
    RightMul,
    Scale,
    Scatter,
    Select,
    Sum,
    SumTo,
    Zero,
)
from .linear_maps.algebra import Array, Shape
from .sweeps import EdgesOf

ENTRIES_PER_ROW = 64  # with more on average, finding the pattern costs more than the sweeps it saves

Places = Any  # scipy.sparse.csr_array of booleans


class _TooDenseError(Exception):
    """The Jacobian has too many entries for its pattern to be worth finding."""


def pattern(order: Sequence[Node], variables: Sequence[Node], output: Node, edges_of: EdgesOf) -> Places | None:
    """Where ∂output/∂variables (flat, side by side) may be nonzero; None where that is nearly everywhere.

    >>> import numpy as np, minigrad as mg
    >>> from minigrad.graph import arguments_first
    >>> from minigrad.sweeps import edges
    >>> x = mg.parameter([1.0, 2.0])
    >>> y = np.tanh(x)
    >>> pattern(arguments_first([y]), [x], y, edges).toarray()
    array([[ True, False],
           [False,  True]])
    """
    if find_spec("scipy") is None:
        return None
    sparse = import_module("scipy.sparse")
    ends = np.cumsum([variable.size for variable in variables])
    identity = sparse.eye_array(int(ends[-1]), dtype=bool, format="csr")
    places = {v: identity[end - v.size : end] for v, end in zip(variables, ends, strict=True)}
    try:
        for node in order:
            if node not in places:
                terms = [_through(local, places[source]) for source, local, _ in edges_of(node) if source in places]
                if terms:
                    places[node] = _limited(sum(terms[1:], start=terms[0]))
    except _TooDenseError:
        return None
    return places.get(output, sparse.csr_array((output.size, int(ends[-1])), dtype=bool))


def _limited(places: Places) -> Places:
    if places.nnz > ENTRIES_PER_ROW * max(places.shape):
        raise _TooDenseError
    return places


def _through(m: LinearMap, places: Places) -> Places:
    """The pattern of m ∘ J, from that of J."""
    if isinstance(m, Identity | Scale | Diagonal | Select | Cast | Reshape):
        return places
    if isinstance(m, Compose):
        for part in reversed(m.maps):
            places = _through(part, places)
        return places
    if isinstance(m, Sum):
        terms = [_through(part, places) for part in m.maps]
        return _limited(sum(terms[1:], start=terms[0]))
    return _limited(_matrix(m) @ places)


def _matrix(m: LinearMap) -> Places:
    """The pattern of a map that mixes entries."""
    sparse = import_module("scipy.sparse")
    if isinstance(m, SumTo | Scatter):
        return _matrix(m.T).T.tocsr()
    rows, columns = prod(m.out_shape), prod(m.in_shape)
    if isinstance(m, Broadcast | Permute | Gather):
        moved = np.ravel(m.apply(np.arange(columns).reshape(m.in_shape)))
        return sparse.csr_array((np.ones(rows, bool), (np.arange(rows), moved)), shape=(rows, columns))
    if isinstance(m, Zero):
        return sparse.csr_array((rows, columns), dtype=bool)
    if isinstance(m, Crossing):
        return sparse.kron(sparse.eye_array(rows // 3, dtype=bool), ~np.eye(3, dtype=bool), format="csr")
    if isinstance(m, Contract):
        row, column = _meetings(m)
        return sparse.csr_array((np.ones(len(row), bool), (row, column)), shape=(rows, columns))
    if isinstance(m, LeftMul) and len(m.in_shape) == 2:
        _bounded(rows * m.in_shape[0])
        block = np.ones((m.out_shape[0], m.in_shape[0]), bool)
        return sparse.kron(block, sparse.eye_array(m.in_shape[1], dtype=bool), format="csr")
    if isinstance(m, RightMul) and len(m.in_shape) == 2:
        _bounded(rows * m.in_shape[1])
        block = np.ones((m.out_shape[1], m.in_shape[1]), bool)
        return sparse.kron(sparse.eye_array(m.in_shape[0], dtype=bool), block, format="csr")
    _bounded(rows * columns)
    return sparse.csr_array(np.ones((rows, columns), bool))


def _meetings(m: Contract) -> tuple[Array, Array]:
    """The flat places, in result and argument, that meet in a contraction: one for all values of its letters."""
    _, source, result = m.terms
    lengths = dict(zip(source + result, m.in_shape + m.out_shape, strict=True))
    size = prod(lengths.values())
    _bounded(size)
    values = dict(zip(lengths, np.indices(tuple(lengths.values())).reshape(len(lengths), size), strict=True))

    def flat(term: str, shape: Shape) -> Array:
        if not term:
            return np.zeros(size, np.intp)
        return np.asarray(np.ravel_multi_index([values[letter] for letter in term], shape))

    return flat(result, m.out_shape), flat(source, m.in_shape)


def _bounded(entries: int) -> None:
    if entries > 10_000_000:
        raise _TooDenseError


def groups(places: Places) -> Array:
    """A number for each column; columns of one number share no row.

    First come, first served, columns with most entries first. The numbers taken in a row are the bits of an integer,
    so that the lowest one free in all rows of a column takes a pass over these.

    >>> import scipy.sparse
    >>> groups(scipy.sparse.csr_array([[True, True, False], [False, False, True]])).tolist()
    [0, 1, 0]
    """
    columns = places.tocsc()
    taken = [0] * places.shape[0]
    found = np.empty(places.shape[1], dtype=np.intp)
    for column in np.argsort(-np.diff(columns.indptr), kind="stable").tolist():
        rows = columns.indices[columns.indptr[column] : columns.indptr[column + 1]].tolist()
        mask = 0
        for row in rows:
            mask |= taken[row]
        free = ~mask & (mask + 1)
        found[column] = free.bit_length() - 1
        for row in rows:
            taken[row] |= free
    return found


def fewest_groups(places: Places) -> tuple[bool, Array]:
    """Whether to sweep forward, and the groups of columns then, or else those of rows: whichever are fewer.

    A row of k entries asks for k groups of columns, and a column for as many of rows; so the second way is tried only
    where it can win.

    >>> import scipy.sparse
    >>> fewest_groups(scipy.sparse.csr_array([[True, True, True]]))
    (False, array([0]))
    """
    widest = int(np.max(np.diff(places.indptr)))
    longest = int(np.max(np.bincount(places.indices), initial=0))
    ways = [(widest, True), (longest, False)] if widest <= longest else [(longest, False), (widest, True)]
    best: tuple[bool, Array] | None = None
    for least, forward in ways:
        if best is None or least <= np.max(best[1]):
            found = groups(places if forward else places.T.tocsr())
            if best is None or np.max(found) < np.max(best[1]):
                best = forward, found
    assert best is not None
    return best
