"""∂out_o/∂in_i of an op, as an expression: from the structure of its local Jacobian, or as the slope g′.

A local Jacobian whose map has no form (map_entries.py) is written by D, as a whole: (D f(x))_oi.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps import LinearMap
from ..ops.einsum import Contraction
from ..ops.losses import L2Penalty, samples_of
from ..ops.pointwise import ReLU, Sigmoid, Softplus, Tanh
from ..ops.products import Cross, Kron
from ..ops.triangles import Diag, TakeDiagonal, Trace
from .algebra import ONE, number, over, times
from .arrangements import entry_from_one, from_one, on_diagonal, same
from .costs import COSTS, mean_factor, penalty_names
from .elementwise import function_of, is_elementwise, neat
from .expressions import Call, Entry, Expression, Name, Symbol
from .indices import Position
from .map_entries import Ends, map_entry
from .reader import NoFormError, Reader, summed
from .substitution import rewritten
from .vocabulary import Places, carried

PRIMED = (Sigmoid, Tanh, ReLU, Softplus)  # the functions whose derivative has a name: g′
LONG = 36  # parts of an entry, beyond which it is written by f′ or by D


def local_entry(reader: Reader, node: Node, argument: int, out: Places, into: Places) -> Expression:
    """∂node_out/∂argument_into as the op states it; by D, where its local Jacobian has no form here."""
    source = node.inputs[argument]
    vocabulary = reader.vocabulary
    slope = _primed(reader, node, out)
    ends = Ends(reader, out, into, vocabulary.starts_of(node), vocabulary.starts_of(source))
    if slope is not None:
        return times(slope, ends.all_same())
    try:
        if isinstance(node.op, TakeDiagonal | Trace | Diag):
            return _on_diagonal(node, argument, ends)
        return _with_names(reader, node, argument, ends)
    except NoFormError:
        if isinstance(node.op, Contraction) and not isinstance(node.op, Kron | Cross):
            return _of_contraction(node.op, node, argument, ends)
        return by_d(reader, node, argument, out, into)


def _primed(reader: Reader, node: Node, out: Places) -> Expression | None:
    """g′(z): the slope of a function whose derivative has a name, ours or one of the user's."""
    op = node.op
    if op is None or len(node.inputs) != 1 or not (isinstance(op, PRIMED) or (not op.own and is_elementwise(node))):
        return None
    return slope_of(reader, node, 0, out)


def slope_of(reader: Reader, node: Node, argument: int, out: Places) -> Expression:
    """f′(x), or D₂f(x, y), of a function entry by entry: a slope that is too long to be written out.

    >>> import minigrad as mg
    >>> from .vocabulary import Vocabulary
    >>> x = mg.parameter(2.0, name="x")
    >>> slope_of(Reader(Vocabulary([x], "standard"), {x}), mg.exp(x), 0, ()).function.primes
    1
    """
    op, single = node.op, len(node.inputs) == 1
    assert op is not None

    def compute(*arguments: Any) -> Any:
        given = np.broadcast_arrays(*[np.asarray(x, float) for x in arguments])
        with np.errstate(all="ignore"):
            return op.jacobian(argument, op.forward(*given), *given)(np.ones_like(given[0]))

    function = function_of(op, int(single), compute, reader.vocabulary)
    if not single:
        function = replace(function, name=f"D{'₁₂₃'[argument]} {function.name}", form="call")
    return Call(function, tuple(reader.arguments(node, out)))


def stated_slope(reader: Reader, node: Node, out: Places) -> Expression:
    """The slope that stands behind g′(z), as the op's local Jacobian states it."""
    local = _local(reader, node, 0)
    starts = reader.vocabulary.starts_of(node), reader.vocabulary.starts_of(node.inputs[0])
    into = tuple([carried(place, a, b) for place, a, b in zip(out, *starts, strict=True)])
    return map_entry(local, Ends(reader, out, into, *starts))


def _with_names(reader: Reader, node: Node, argument: int, ends: Ends) -> Expression:
    """The entry, with a cost's m and λ by their names."""
    op, inputs = node.op, node.inputs
    if op is None:
        raise NoFormError
    if isinstance(op, L2Penalty):
        decay, samples = penalty_names(op)
        scale = decay if op.samples == 1 else over(decay, samples)
        plain = replace(op, weight_decay=1.0, samples=1)
        return times(scale, map_entry(_stated(plain, node, argument), ends))
    if isinstance(op, COSTS):
        m = samples_of(inputs[0].shape, op.units_axis)
        scaled, inner = _local(reader, node, argument).maps  # type: ignore[attr-defined]  # (1/m) Inner(…)
        return times(
            mean_factor(reader, inputs[0], op.units_axis), number(round(scaled.entry * m, 12)), map_entry(inner, ends)
        )
    entry = neat(map_entry(_local(reader, node, argument), ends))
    if _length(entry) <= LONG:
        return entry
    if not is_elementwise(node):
        raise NoFormError
    arguments = reader.arguments(node, ends.out)
    own = rewritten(entry, lambda inner: ONE if inner in arguments else inner)
    if _length(own) <= LONG:
        return entry
    return times(slope_of(reader, node, argument, ends.out), _agreeing(node, argument, ends))


def _length(e: Expression) -> int:
    return sum(1 for _ in e.walk())


def _agreeing(node: Node, argument: int, ends: Ends) -> Expression:
    """[out = in] on the axes that the argument has, counted from the last."""
    source = node.inputs[argument]
    new = node.ndim - source.ndim
    return times(*[ends.same(new + k, k) for k, n in enumerate(source.shape) if n != 1 or node.shape[new + k] == 1])


def _local(reader: Reader, node: Node, argument: int) -> LinearMap:
    """A local Jacobian as its op states it, on nodes; stated once, so that the same expression comes out again."""
    known = reader.vocabulary.local_jacobians
    if (node, argument) not in known:
        known[node, argument] = _stated(node.op, node, argument)
    return known[node, argument]


def _stated(op: Any, node: Node, argument: int) -> LinearMap:
    """A local Jacobian on nodes in double precision; in single, the numbers that it brings along would be rounded."""
    out, *arguments = [x.astype(np.float64) if x.dtype == np.float32 else x for x in (node, *node.inputs)]
    with np.errstate(all="ignore"):
        found: LinearMap = op.jacobian(argument, out, *arguments)
    return found


# --- forms of ops whose map has none ----------------------------------------------------------------------------------


def _on_diagonal(node: Node, argument: int, ends: Ends) -> Expression:
    """[in = the place on the diagonal]; of a trace, [in is on the diagonal]."""
    op, x = node.op, node.inputs[argument]
    out, into = from_one(ends.out, ends.out_starts), from_one(ends.into, ends.in_starts)
    if isinstance(op, Diag):
        shift = max(-op.k, 0), max(op.k, 0)
        return times(*[same(place, into[0], by) for place, by in zip(out, shift, strict=True)])
    assert isinstance(op, TakeDiagonal | Trace)
    if isinstance(op, TakeDiagonal):
        *rest, place = out
    else:
        rest, place = list(out), carried(into[op.axis1 % x.ndim], max(-op.offset, 0), 0)
    at = on_diagonal(op, x, rest, place)
    return times(*[same(place, here) for place, here in zip(into, at, strict=True)])


def _of_contraction(op: Contraction, node: Node, argument: int, ends: Ends) -> Expression:
    """The other arguments, with a Kronecker delta for every letter that this one shares with the result or itself."""
    terms, result = op.subscripts(*[source.shape for source in node.inputs])
    where = dict(zip(result, from_one(ends.out, ends.out_starts), strict=True))
    deltas: list[Expression] = []
    into = from_one(ends.into, ends.in_starts)
    for letter, place, n in zip(terms[argument], into, node.inputs[argument].shape, strict=True):
        if n == 1:
            continue
        if letter in where:
            deltas.append(same(where[letter], place))
        else:
            where[letter] = place
    others = [(term, source) for k, (term, source) in enumerate(zip(terms, node.inputs, strict=True)) if k != argument]
    sums: list[Position] = []
    factors = []
    for term, source in others:
        for letter, n in zip(term, source.shape, strict=True):
            if letter not in where and n != 1:
                where[letter] = ends.reader.letter(n, [*ends.out, *ends.into, *sums])
                sums.append(where[letter])
        at = [1 if n == 1 else where[letter] for letter, n in zip(term, source.shape, strict=True)]
        factors.append(entry_from_one(ends.reader, source, tuple(at)))
    return summed(times(*factors, *deltas), sums)


def by_d(reader: Reader, node: Node, argument: int, out: Places, into: Places) -> Expression:
    """(D f(x))_oi: a local Jacobian as a whole."""
    vocabulary = reader.vocabulary
    source = node.inputs[argument]
    order = "₁₂₃₄₅₆₇₈₉"[argument] if len(node.inputs) > 1 and argument < 9 else ""
    name = Name(f"D{order} {reader.written_op(node)}")
    places = [*zip(out, node.shape, vocabulary.starts_of(node), strict=True)]
    places += zip(into, source.shape, vocabulary.starts_of(source), strict=True)
    kept = [(place, n, start) for place, n, start in places if n != 1]
    shape = tuple([n for _, n, _ in kept])
    symbol = Symbol(
        name=name,
        entry=name,
        key=vocabulary.key(node),
        of=f"jacobian {argument}",
        rows_columns=(*shape, 1) if len(shape) == 1 else shape,
        axes=shape,
        starts=tuple([start for _, _, start in kept]),
    )
    return Entry(symbol, tuple([place for place, _, _ in kept])) if shape else symbol


__all__ = [
    "COSTS",
    "PRIMED",
    "Ends",
    "NoFormError",
    "by_d",
    "local_entry",
    "map_entry",
    "slope_of",
    "stated_slope",
]
