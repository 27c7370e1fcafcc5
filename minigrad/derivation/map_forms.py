"""∂out_o/∂in_i of an op, as an expression: from the structure of its local Jacobian, or as the slope g′.

A local Jacobian whose map has no form (map_entries.py) is written by D, as a whole: (D f(x))_oi.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..graph import Node, parameter
from ..linear_maps import LinearMap
from ..ops.einsum import Contraction
from ..ops.losses import L2Penalty, samples_of
from ..ops.pointwise import ReLU, Sigmoid, Softplus, Tanh
from ..ops.products import Cross, Kron
from ..ops.triangles import Diag, TakeDiagonal, Trace
from .algebra import ONE, number, over, times
from .arrangements import from_one, on_diagonal, same
from .costs import COSTS, penalty_names
from .elementwise import function_of, is_elementwise
from .expressions import Call, Entry, Expression, Function, Name, Named, Position, Symbol
from .map_entries import Ends, NoFormError, map_entry, scalar
from .reader import Reader, summed
from .vocabulary import Places, Vocabulary, carried

PRIMED = (Sigmoid, Tanh, ReLU, Softplus)  # the functions whose derivative has a name: g′


def local_entry(reader: Reader, node: Node, argument: int, out: Places, into: Places) -> Expression:
    """∂node_out/∂argument_into as the op states it; by D, where its local Jacobian has no form here."""
    source = node.inputs[argument]
    vocabulary = reader.vocabulary
    slope = _primed(reader, node, out)
    ends = Ends(reader, out, into, vocabulary.starts_of(node), vocabulary.starts_of(source))
    if slope is not None:
        return times(slope, ends.all_same())
    try:
        return _with_names(reader, node, argument, ends)
    except NoFormError:
        return by_d(reader, node, argument, out, into)


def _primed(reader: Reader, node: Node, out: Places) -> Expression | None:
    """g′(z): the slope of a function whose derivative has a name, ours or one of the user's."""
    op = node.op
    if op is None or len(node.inputs) != 1 or not (isinstance(op, PRIMED) or (not op.own and is_elementwise(node))):
        return None
    return Call(derivative_of(op), tuple(reader.arguments(node, out)))


def derivative_of(op: Any) -> Any:
    """f′, computed as the op's local Jacobian states it.

    >>> derivative_of(Sigmoid()).primes
    1
    """

    def compute(x: Any) -> Any:
        x = np.asarray(x, float)
        with np.errstate(all="ignore"):
            return np.broadcast_to(op.jacobian(0, op.forward(x), x).entries[0], x.shape)

    return function_of(op, 1, compute)


def stated_slope(reader: Reader, node: Node, out: Places) -> Expression:
    """The slope that stands behind g′(z), as the op's local Jacobian states it."""
    local = node.op.jacobian(0, node, *node.inputs)  # type: ignore[union-attr]  # of a node that an op made
    return scalar(reader, local.entries[0], from_one(out, reader.vocabulary.starts_of(node)))


def _with_names(reader: Reader, node: Node, argument: int, ends: Ends) -> Expression:
    """The entry, with a cost's m and λ by their names."""
    op, inputs = node.op, node.inputs
    if op is None:
        raise NoFormError
    if isinstance(op, L2Penalty):
        decay, samples = penalty_names(op)
        scale = decay if op.samples == 1 else over(decay, samples)
        return times(scale, _entry(replace(op, weight_decay=1.0, samples=1), node, argument, ends))
    if isinstance(op, COSTS):
        m = samples_of(inputs[0].shape, op.units_axis)
        with np.errstate(all="ignore"):
            scale, inner = op.jacobian(argument, node, *inputs).maps  # type: ignore[attr-defined]  # (1/m) Inner(…)
        named = ONE if m == 1 or reader.vocabulary.sample is not None else over(ONE, Named(Name("m"), m))
        return times(named, number(round(scale.entry * m, 12)), map_entry(inner, ends))
    return _entry(op, node, argument, ends)


def _entry(op: Any, node: Node, argument: int, ends: Ends) -> Expression:
    with np.errstate(all="ignore"):
        local = op.jacobian(argument, node, *node.inputs)
    return map_entry(local, ends)


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
