"""Formulas of ops that only lay entries out anew: each entry is one of the argument, at another place."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps.algebra import Shape
from ..network import BiasUnit
from ..ops.cumulative import Diff
from ..ops.indexing import GetItem
from ..ops.shaping import BroadcastTo, Concatenate, Reshape, Stack, Transpose
from ..ops.triangles import Diag, TakeDiagonal, Trace
from .algebra import ONE, ZERO, negative, plus, times
from .expressions import Entry, Expression, Named, Number, Plus, Symbol, Times
from .indices import Index, Position, moved
from .reader import Reader, formula, summed
from .rules import same, within
from .vocabulary import Places, carried

POLYNOMIAL = (Entry, Symbol, Number, Named, Plus, Times)
PARTS = 3  # arrays that are joined, beyond which the result stands as a whole


# --- axes -------------------------------------------------------------------------------------------------------------


@formula.register
def _(op: Transpose, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    axes = range(x.ndim)[::-1] if op.axes is None else [range(x.ndim)[axis] for axis in op.axes]
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    at = [carried(places[k], starts[k], own[axis]) for k, axis in sorted(enumerate(axes), key=lambda pair: pair[1])]
    return reader.entry(x, tuple(at))


@formula.register
def _(op: BroadcastTo, reader: Reader, node: Node, places: Places) -> Expression:
    return reader.arguments(node, places)[0]


@formula.register
def _(op: Reshape, reader: Reader, node: Node, places: Places) -> Expression | None:
    (x,) = node.inputs
    if [n for n in x.shape if n != 1] != [n for n in node.shape if n != 1]:
        return None
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    kept = iter([(place, starts[k]) for k, place in enumerate(places) if node.shape[k] != 1])
    at = [own[k] if x.shape[k] == 1 else carried(*next(kept), own[k]) for k in range(x.ndim)]
    return reader.entry(x, tuple(at))


# --- parts ------------------------------------------------------------------------------------------------------------


@formula.register
def _(op: GetItem, reader: Reader, node: Node, places: Places) -> Expression | None:
    (x,), index = node.inputs[:1], picked_axes(op.index, node.inputs[0].shape)
    if index is None or len(node.inputs) > 1:
        return None
    starts, own = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(x)
    at: list[Position] = []
    for axis, (start, out_axis) in enumerate(index):
        if out_axis is None or node.shape[out_axis] == 1:
            at.append(own[axis] + start)
        else:
            at.append(carried(places[out_axis], starts[out_axis], own[axis] + start))
    return reader.entry(x, tuple(at))


def picked_axes(index: Any, shape: Shape) -> list[tuple[int, int | None]] | None:
    """For each axis, where a basic index starts on it and which axis of the result it becomes; None for others.

    >>> picked_axes((slice(None), slice(1, None)), (4, 5)), picked_axes(0, (2, 3))
    ([(0, 0), (1, 1)], [(0, None), (0, 0)])
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    if not all(part is None or part is Ellipsis or _is_basic(part) for part in parts):
        return None
    missing = len(shape) - sum(part is not None and part is not Ellipsis for part in parts)
    if not any(part is Ellipsis for part in parts):
        parts.append(Ellipsis)
    found: list[tuple[int, int | None]] = []
    out = 0
    for part in parts:
        if part is None:
            out += 1
            continue
        for choice in [slice(None)] * missing if part is Ellipsis else [part]:
            length = shape[len(found)]
            if not isinstance(choice, slice):
                found.append((int(choice) % length, None))
                continue
            start, stop, step = choice.indices(length)
            if step != 1 and len(range(start, stop, step)) > 1:
                return None
            found.append((start, out))
            out += 1
    return found


def _is_basic(part: Any) -> bool:
    """An integer or a slice; True and False are masks."""
    return isinstance(part, int | np.integer | slice) and not isinstance(part, bool)


@formula.register
def _(op: Diff, reader: Reader, node: Node, places: Places) -> Expression | None:
    (x,) = node.inputs
    if x.dtype.kind == "b":
        return None  # of masks: which entries differ
    axis = op.axis % x.ndim
    own, starts = reader.vocabulary.starts_of(x), reader.vocabulary.starts_of(node)
    at = [carried(place, start, first) for place, start, first in zip(places, starts, own, strict=True)]
    after = [moved(place, 1) if k == axis else place for k, place in enumerate(at)]
    return plus(reader.entry(x, tuple(after)), negative(reader.entry(x, tuple(at))))


# --- diagonals --------------------------------------------------------------------------------------------------------


def on_diagonal(op: TakeDiagonal | Trace, x: Node, rest: list[Position], place: Position) -> Places:
    """The places in x of an entry of its diagonal, all counted from 1.

    >>> import minigrad as mg
    >>> on_diagonal(Trace(1), mg.parameter([[1.0, 2.0]]), [], 1)
    (1, 2)
    """
    axes = op.axis1 % x.ndim, op.axis2 % x.ndim
    others = iter(rest)
    at = {axes[0]: moved(place, max(-op.offset, 0)), axes[1]: moved(place, max(op.offset, 0))}
    return tuple([at[k] if k in at else next(others) for k in range(x.ndim)])


@formula.register
def _(op: TakeDiagonal, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    *rest, place = from_one(places, reader.vocabulary.starts_of(node))
    return entry_from_one(reader, x, on_diagonal(op, x, rest, place))


@formula.register
def _(op: Trace, reader: Reader, node: Node, places: Places) -> Expression:
    (x,) = node.inputs
    index = reader.letter(len(np.diagonal(x.value, op.offset, op.axis1, op.axis2).T), places)
    rest = from_one(places, reader.vocabulary.starts_of(node))
    return summed(entry_from_one(reader, x, on_diagonal(op, x, list(rest), index)), [index])


@formula.register
def _(op: Diag, reader: Reader, node: Node, places: Places) -> Expression:
    row, column = from_one(places, reader.vocabulary.starts_of(node))
    at = moved(row, -max(-op.k, 0)) if op.k < 0 else moved(column, -max(op.k, 0))
    (x,) = node.inputs
    return times(same(moved(row, max(op.k, 0)), moved(column, max(-op.k, 0))), entry_from_one(reader, x, (at,)))


def from_one(places: Places, starts: Shape) -> Places:
    """The same places, counted from 1 on every axis.

    >>> from_one((0, 3), (0, 1))
    (1, 3)
    """
    return tuple([carried(place, start, 1) for place, start in zip(places, starts, strict=True)])


def entry_from_one(reader: Reader, x: Node, places: Places) -> Expression:
    """The entry at places that are counted from 1.

    >>> import minigrad as mg
    >>> from .vocabulary import Vocabulary
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> entry_from_one(Reader(Vocabulary([x], "standard"), {x}), x, (2,)).positions
    (2,)
    """
    own = reader.vocabulary.starts_of(x)
    return reader.entry(x, tuple([carried(place, 1, start) for place, start in zip(places, own, strict=True)]))


# --- joined -----------------------------------------------------------------------------------------------------------


@formula.register
def _(op: Concatenate, reader: Reader, node: Node, places: Places) -> Expression | None:
    if _rounds(node):
        return None
    axis, start = op.axis % node.ndim, 0
    at = from_one(places, reader.vocabulary.starts_of(node))
    found = []
    for part in node.inputs:
        n = part.shape[axis]
        inside = within(at[axis], start + 1, start + n)
        if n and inside != ZERO:
            here = [moved(p, -start) if k == axis else p for k, p in enumerate(at)]
            here = [1 if part.shape[k] == 1 else p for k, p in enumerate(here)]
            entry = entry_from_one(reader, part, tuple(here))
            if inside != ONE and not all(isinstance(e, POLYNOMIAL) for e in entry.walk()):
                return None  # beyond the part's end its formula may have no value, which 0 times would not take away
            found.append(times(inside, entry))
        start += n
    return plus(*found) if len(found) <= PARTS else None


def _rounds(node: Node) -> bool:
    """Whether fractions are joined as whole numbers."""
    return node.dtype.kind != "f" and any(part.dtype.kind == "f" for part in node.inputs)


@formula.register
def _(op: Stack, reader: Reader, node: Node, places: Places) -> Expression | None:
    if _rounds(node):
        return None
    at = list(from_one(places, reader.vocabulary.starts_of(node)))
    which = at.pop(op.axis % node.ndim)
    if not isinstance(which, int) and len(node.inputs) > PARTS:
        return None
    parts = enumerate(node.inputs, 1)
    chosen = [(number, part) for number, part in parts if not isinstance(which, int) or number == which]
    return plus(*[times(same(which, number), entry_from_one(reader, part, tuple(at))) for number, part in chosen])


@formula.register
def _(op: BiasUnit, reader: Reader, node: Node, places: Places) -> Expression | None:
    (a,) = node.inputs
    return reader.entry(a, places) if isinstance(places[0], Index) and places[0].start > 0 else None


__all__ = ["entry_from_one", "from_one", "moved", "on_diagonal", "picked_axes", "same", "within"]
