"""What one can ask of a graph: gradients, the terms they are sums of, and its value at other values.

    J.backward()              sets .grad on every node reached
    gradients(J, [W, b])      pure: touches no node; with create_graph=True the gradients are nodes
    contributions(J, z)       the terms that make up z's gradient, one a consumer edge
    evaluate(J, {X: x2})      the same graph at other values

A node that a stable form skips (ops/forms.py) has a gradient of its own, the plain partial through the written
edges. It is shown, added to what other consumers contribute, and not passed on: `written_partials`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, overload

import numpy as np

from .cotangents import Gradients
from .errors import DTypeError, GradientError, NonFiniteError, ShapeError, UnsupportedError
from .graph import Node, NodeLike, Sweep, arguments_first, checked_array, checked_node, constant, set_writeable
from .linear_maps import shielded
from .linear_maps.algebra import Array, Entry
from .sweeps import Bars, EdgesOf, consumers_first, definition, dependents, edges, push_forward, reverse_sweep


def backward(output: Node, cotangent: NodeLike | None = None) -> Gradients:
    """Reverse sweep from `output`: set `.grad` on every node reached, and return all gradients as a mapping.

    A second sweep overwrites. GradientError for an output of more than one element without a cotangent, and for one
    that depends on no parameter.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> backward(x * x)[x]
    array(6.)
    """
    seed = _cotangent(output, cotangent, "backward")
    bars, _ = reverse_sweep(arguments_first([output], constants=False), {output: seed})
    _add_written_partials(bars, [node for node in bars if node._form is not None])
    for node, bar in bars.items():
        bars[node] = finished(bar, node)
    sweep = Sweep(output)
    for node, bar in bars.items():
        node._grad, node._sweep = bar, sweep
    return Gradients(bars)


@overload
def gradients(
    output: Node,
    wrt: Node,
    *,
    cotangent: NodeLike | None = None,
    create_graph: bool = False,
    check_finite: bool = False,
) -> Any: ...
@overload
def gradients(
    output: Node,
    wrt: Sequence[Node],
    *,
    cotangent: NodeLike | None = None,
    create_graph: bool = False,
    check_finite: bool = False,
) -> list[Any]: ...
def gradients(
    output: Node,
    wrt: Node | Sequence[Node],
    *,
    cotangent: NodeLike | None = None,
    create_graph: bool = False,
    check_finite: bool = False,
) -> Any:
    """∂output/∂node for one node (an array) or a list of nodes (a list); it touches no node.

    Zeros where `output` does not depend on a node. With `create_graph` the gradients are nodes, to be differentiated
    again. With `check_finite`, NonFiniteError names the first node whose value or gradient is not finite.
    GradientError for constants, and for an output of more than one element without a cotangent.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> first = gradients(x * x * x, x, create_graph=True)
    >>> gradients(first, x)
    array(18.)
    """
    checked_node(output, "gradients")
    asked = list(wrt) if isinstance(wrt, Iterable) and not isinstance(wrt, Node | str) else [wrt]
    for node in asked:
        checked_node(node, "gradients")
        if not node.differentiable:
            raise GradientError(
                f"gradients: {node.label} is a constant; make it with mg.parameter to differentiate by it."
            )
    if check_finite:
        _check_values(output)
    if output.differentiable:
        seed = _cotangent(output, cotangent, "gradients", recorded=create_graph)
        bars = _bars(output, seed, set(asked), recorded=create_graph, keep_all=check_finite)
    else:
        bars = {}
    if check_finite:
        _check_gradients(output, bars)
    results = [handed_out(bars, node, create_graph) for node in asked]
    return results[0] if isinstance(wrt, Node) else results


def _bars(output: Node, seed: Entry, asked: set[Node], *, recorded: bool, keep_all: bool = False) -> Bars:
    """The cotangents of the asked nodes, skipped ones included, by a walk no wider than needed."""
    order = arguments_first([output], constants=False)
    skipping = {node for node in order if node._form is not None and not asked.isdisjoint(node._form.skipped)}
    everything = asked.issuperset([node for node in order if node._op is None])
    local: EdgesOf = edges
    if recorded or not everything:
        local = partial(edges, within=None if everything else dependents(asked, order), recorded=recorded)
    keep = None if keep_all else asked | skipping
    bars, _ = reverse_sweep(order, {output: seed}, local, keep)
    _add_written_partials(bars, [node for node in order if node in skipping and node in bars], recorded)
    return bars


def _add_written_partials(bars: Bars, nodes: Sequence[Node], recorded: bool = False) -> None:
    """Add what flows from these nodes, by written edges, to the nodes that their forms skip."""
    # Their cotangents are taken down first: a skipped node may have a form itself, and must not hand on what it gets.
    for node, bar in [(node, bars[node]) for node in nodes]:
        for skipped, pulled, _ in written_partials(node, bar, recorded):
            bars[skipped] = bars[skipped] + pulled if skipped in bars else pulled


def written_partials(node: Node, bar: Entry, recorded: bool = False) -> Iterator[tuple[Node, Entry, tuple[Node, int]]]:
    """What flows, by the written edges, to the nodes that a node's form skips: (node, term, written edge) each.

    There ±inf may be the truth, without a warning; 0/0 and 0 · inf, where no NaN was given, count as 0.
    """
    if node.form is None:
        return
    skipped, region = node.form.skipped, set(node.form.skipped)
    carried = [argument for consumer, argument in node.form.replaces if consumer is None]  # by the form: not again here
    bars: Bars = {node: bar}
    with np.errstate(all="ignore"):
        for consumer in (node, *reversed(skipped)):
            if consumer not in bars:
                continue
            for source, local, k in edges(consumer, region, region, recorded):
                if consumer is node and k in carried:
                    continue
                pulled = shielded(local).T.apply(bars[consumer])
                bars[source] = bars[source] + pulled if source in bars else pulled
                yield source, pulled, (consumer, k)


def contributions(
    output: Node, node: Node, *, entry: tuple[int, ...] | int | None = None, via: Node | None = None
) -> Any:
    """The terms that make up ∂output/∂node: {(consumer, argument): array}, one a consumer edge; they add up to it.

    With `entry` and `via`: the terms of N5 for that one entry, ∂J/∂viaⱼ · ∂viaⱼ/∂nodeᵢ for every j, shaped as `via`.
    GradientError for a constant, ShapeError for an entry that `node` does not have.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> J = x * x
    >>> contributions(J, x)
    {(<multiply () float64: 9.>, 0): array(3.), (<multiply () float64: 9.>, 1): array(3.)}
    """
    if (entry is None) != (via is None):
        raise GradientError("contributions: give entry= and via= together, or neither.")
    for asked in (output, node) if via is None else (output, node, via):
        checked_node(asked, "contributions")
        if asked is not output and not asked.differentiable:
            raise GradientError(f"contributions: {asked.label} is a constant and has no gradient.")
    if via is not None:
        return _terms_through(output, node, entry, via)
    return {edge: term for (edge, target), term in _terms(output, node).items() if target is node}


def all_contributions(output: Node) -> dict[tuple[Node, int], Array]:
    """The contributions along every edge of the graph: {(consumer, argument): array}, by one sweep.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> len(all_contributions(mg.tanh(x * x)))
    3
    """
    return {edge: term for (edge, _), term in _terms(output, None).items()}


def _terms(output: Node, towards: Node | None) -> dict[tuple[tuple[Node, int], Node], Array]:
    """What flows along each written edge (a form's flow on the edge that it replaces), of those on paths to a node."""
    terms: dict[Any, Any] = {}
    if not output.differentiable:
        return terms
    order = arguments_first([output], constants=False)
    local = partial(edges, within=None if towards is None else dependents([towards], order))
    bars, edges_of = reverse_sweep(order, {output: _cotangent(output, None, "contributions")}, local)
    for consumer, bar in bars.items():
        for source, pulled, edge in _flows(consumer, bar, edges_of):
            key = edge, source
            terms[key] = terms[key] + pulled if key in terms else pulled
    return {key: finished(term, key[1]) for key, term in terms.items()}


def _flows(consumer: Node, bar: Entry, edges_of: EdgesOf) -> Iterator[tuple[Node, Entry, tuple[Node, int]]]:
    """The terms that a node sends back, each with its target and the written edge that it is booked on."""
    for source, local, k in edges_of(consumer):
        booked, argument = (None, k) if consumer.form is None else consumer.form.replaces[k]
        yield source, local.T.apply(bar), (consumer if booked is None else booked, argument)
    yield from written_partials(consumer, bar)


def _terms_through(output: Node, node: Node, entry: Any, via: Node) -> Array:
    tangent = np.zeros(node.shape, node.dtype)
    try:
        tangent[entry] = 1
    except IndexError:
        raise ShapeError(f"contributions: {node.label} has shape {node.shape} and no entry {entry}.") from None
    if np.count_nonzero(tangent) != 1:
        raise ShapeError(f"contributions: entry {entry} of {node.label}, shape {node.shape}, is not one number.")
    order = arguments_first([via], constants=False)
    local = partial(edges, within=dependents([node], order), varied={node})
    reached = push_forward(order, {node: tangent}, local).get(via)
    if reached is None:
        return finished(np.zeros(via.shape, via.dtype), via)
    return finished(gradients(output, via) * reached, via)


def evaluate(output: Node, substitutions: Mapping[Node, NodeLike]) -> Array:
    """The value of `output` with other values for some nodes, of the same shapes and dtypes; no node is changed.

    Substituting an inner node cuts the graph there. ShapeError and DTypeError where a value does not fit its node.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> evaluate(x * x, {x: 4.0})
    array(16.)
    """
    order = arguments_first([checked_node(output, "evaluate")])
    if not isinstance(substitutions, Mapping):
        raise UnsupportedError("evaluate: give the new values as a mapping {node: value}.")
    values = {checked_node(node, "evaluate"): _fitting(value, node) for node, value in substitutions.items()}
    for node in order:
        if node not in values and any(source in values for source in node._inputs):
            op, sources, _ = definition(node, substitutions)
            new = op.forward(*[values.get(source, source._value) for source in sources])
            values[node] = np.asarray(new)
    return read_only(values.get(output, output._value))


def _fitting(value: NodeLike, node: Node) -> Array:
    array = checked_array(value.value if isinstance(value, Node) else value, f"evaluate: {node.label} is {node.dtype}")
    if array.shape != node.shape:
        raise ShapeError(
            f"evaluate: {node.label} has shape {node.shape}; it cannot take a value of shape {array.shape}."
        )
    if not np.can_cast(array.dtype, node.dtype, "same_kind"):
        raise DTypeError(f"evaluate: {node.label} is {node.dtype}; it cannot take a value of dtype {array.dtype}.")
    return array.astype(node.dtype, copy=False)


def _cotangent(output: Node, cotangent: NodeLike | None, asked: str, recorded: bool = False) -> Any:
    if not output.differentiable:
        raise GradientError(f"{asked}: {output.label} depends on no parameter; make one with mg.parameter.")
    if cotangent is None:
        if output.size != 1:
            raise GradientError(
                f"{asked}: {output.label} has shape {output.shape}; a gradient is of one number. "
                "Sum it first, or give cotangent= of that shape."
            )
        ones = np.ones(output.shape, output.dtype)
        return constant(ones) if recorded else ones
    seed = vector_like(cotangent, output, f"{asked}: the cotangent")
    return seed if recorded else seed.value


def vector_like(given: NodeLike, node: Node, what: str) -> Node:
    """A tangent or cotangent as a node of exactly the shape and dtype of what it belongs to. ShapeError otherwise.

    DTypeError for complex numbers: their imaginary part would be lost.

    >>> vector_like(1.0, constant(2.0), "the cotangent")
    <constant () float64: 1.>
    """
    dtype = float_dtype(node)
    vector = given if isinstance(given, Node) else constant(checked_array(given, what).astype(dtype), copy=False)
    if vector.shape != node.shape:
        raise ShapeError(f"{what} has shape {vector.shape}, but {node.label} has {node.shape}.")
    return vector if vector.dtype == dtype else vector.astype(dtype)


def float_dtype(node: Node) -> np.dtype[Any]:
    """The dtype of a node's tangents: its own, or float64 for whole numbers and masks, whose tangents are zero.

    >>> float_dtype(constant([1, 2]))
    dtype('float64')
    """
    return node.dtype if node.dtype.kind == "f" else np.dtype(np.float64)


def handed_out(found: Bars, node: Node, recorded: bool) -> Any:
    """The (co)tangent found for a node, zeros where there is none: a node if it is recorded, else an array.

    >>> handed_out({}, constant(2.0), recorded=False)
    array(0.)
    """
    if node not in found:
        zeros = np.zeros(node.shape, float_dtype(node))
        return constant(zeros) if recorded else finished(zeros, node)
    return found[node] if recorded else finished(found[node], node)


def finished(bar: Any, node: Node) -> Array:
    """A cotangent as it is handed out: an array, read-only, with exactly the shape of its node.

    >>> import minigrad as mg
    >>> finished(np.float64(1.0), mg.parameter(2.0))
    array(1.)
    """
    array: Array = bar if bar.__class__ is np.ndarray else np.asarray(bar)
    if array.shape != node._value.shape:
        raise ShapeError(
            f"the gradient of {node.label} came out as {array.shape}, but its value is {node.shape}: "
            "the local Jacobian of one of its consumers is not what its forward computes."
        )
    if array.dtype is not node._value.dtype:
        array = array.astype(node._value.dtype)
    set_writeable(array, False)
    return array


def read_only(array: Array) -> Array:
    """The same array, which nobody can write to any more.

    >>> read_only(np.ones(1)).flags.writeable
    False
    """
    set_writeable(array, False)
    return array


def _check_values(output: Node) -> None:
    for node in arguments_first([output]):
        if node.dtype.kind == "f" and not np.isfinite(node.value).all():
            raise NonFiniteError(_non_finite("value", node, node.value))


def _check_gradients(output: Node, bars: Bars) -> None:
    for node in consumers_first(output):
        if node in bars:
            bar = bars[node].value if isinstance(bars[node], Node) else bars[node]
            if not np.isfinite(bar).all():
                raise NonFiniteError(_non_finite("gradient", node, bar))


def _non_finite(what: str, node: Node, array: Any) -> str:
    found = "NaN" if np.isnan(array).any() else "an infinity"
    place = f", in {'/'.join(node.scope)}" if node.scope else ""
    return (
        f"the {what} of {node.label}, a {node.kind} of shape {node.shape}{place}, holds {found}: "
        "the first such node in the graph."
    )
