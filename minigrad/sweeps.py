"""Sweeps: carry tangents forward and cotangents back along a graph.

    push_forward   tangents with the arrows       (jvp, directional derivatives)
    pull_back      cotangents against the arrows  (vjp, gradients, the notes' deltas)

Both only walk and add; all calculus is in the ops' local Jacobians (ops/), all algebra in linear_maps/. What a
user asks of them stands in queries.py.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Any

from .graph import Node, arguments_first
from .linear_maps import Cast, LinearMap
from .ops.base import Op

Bars = dict[Node, Any]  # a cotangent (or tangent) for each node: arrays, or nodes where the sweep is recorded


def pull_back(
    order: Sequence[Node],
    cotangent: Any,
    *,
    within: Container[Node] | None = None,
    keep: Container[Node] | None = None,
    varied: Collection[Node] = (),
    recorded: bool = False,
) -> Bars:
    """Carry a cotangent from the last node of `order` back to the others (reverse mode).

    `order` is the output and what it depends on, arguments first. It is walked from its end: a node is reached after
    all its consumers, so that its cotangent is complete, and the sum of N5 needs no second visit. `within` bounds the
    walk; a cotangent is let go after its last use unless its node is in `keep` (None keeps all); a `recorded` sweep
    computes with nodes, and can be differentiated in turn.
    """
    bars: Bars = {order[-1]: cotangent}
    for node in reversed(order):
        if node in bars:
            bar = bars[node]
            for source, local, _ in edges(node, within, varied, recorded):
                pulled = local.T.apply(bar)
                bars[source] = bars[source] + pulled if source in bars else pulled
            if keep is not None and node not in keep:
                del bars[node]
    return bars


def push_forward(tangents: Mapping[Node, Any], output: Node) -> Bars:
    """Carry tangents of some nodes forward to `output` (forward mode); a node they do not reach has none."""
    dots: Bars = dict(tangents)
    for node in arguments_first([output], constants=False):
        if node not in tangents:
            for source, local, _ in edges(node, within=dots, varied=tangents):
                pushed = local.apply(dots[source])
                dots[node] = dots[node] + pushed if node in dots else pushed
    return dots


def edges(
    node: Node, within: Container[Node] | None = None, varied: Collection[Node] = (), recorded: bool = False
) -> list[tuple[Node, LinearMap, int]]:
    """The differentiable sources of a node, each with its local Jacobian and its position among the sources.

    By the node's form, unless a node that the form skips is itself `varied`.
    """
    op, sources, count = definition(node, varied)
    out, arguments = (node, sources) if recorded else (node._value, [source._value for source in sources])
    found = []
    for k in range(count):
        source = sources[k]
        if source.differentiable and (within is None or source in within):
            local = op.jacobian(k, out, *arguments)
            if source._value.dtype is not node._value.dtype:
                local = local @ Cast(source.dtype, node.dtype, source.shape)
            found.append((source, local, k))
    return found


def definition(node: Node, varied: Collection[Node] = ()) -> tuple[Op, tuple[Node, ...], int]:
    """What a node is computed by: op, sources, and how many of these it is differentiated by (the first ones).

    The stable form, where there is one and none of the nodes that it skips is `varied`; else what was written.
    """
    form = node.form
    if form is None or (varied and any(skipped in varied for skipped in form.skipped)):
        return node.op, node._inputs, len(node._inputs)  # type: ignore[return-value]  # a leaf has no op, nor sources
    return form.op, form.sources, len(form.replaces)


def consumers_first(output: Node) -> Iterable[Node]:
    """The nodes that `output` depends on differentiably, each after all its consumers."""
    return reversed(arguments_first([output], constants=False))


def leading_to(asked: set[Node], order: Iterable[Node]) -> set[Node]:
    """The asked nodes and all that depend on them, of nodes given arguments first."""
    reached = set(asked)
    for node in order:
        if not reached.isdisjoint(node._inputs):
            reached.add(node)
    return reached
