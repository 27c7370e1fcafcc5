"""Sweeps: carry tangents forward and cotangents back along a graph.

    push_forward   tangents with the arrows       (jvp, directional derivatives)
    pull_back      cotangents against the arrows  (vjp, gradients, the notes' deltas)

Both only walk and add; all calculus is in the ops' local Jacobians (ops/), all algebra in linear_maps/. What a
user asks of them stands in queries.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .graph import Node, arguments_first
from .linear_maps import Cast, LinearMap, shielded
from .ops.base import Op, check_map

Edge = tuple[Node, LinearMap, int]  # a source, ∂node/∂source, the source's position
EdgesOf = Callable[[Node], Sequence[Edge]]
Bars = dict[Node, Any]  # a cotangent (or tangent) for each node: arrays, or nodes where the sweep is recorded


def pull_back(
    order: Sequence[Node],
    cotangents: Mapping[Node, Any],
    edges_of: EdgesOf | None = None,
    keep: Container[Node] | None = None,
) -> Bars:
    """Carry the cotangents of some nodes back to what they depend on (reverse mode).

    `order` is these nodes and what they depend on, arguments first. It is walked from its end: a node is reached after
    all its consumers, so that its cotangent is complete, and the sum of N5 needs no second visit. A cotangent is let
    go after its last use unless its node is in `keep` (None keeps all).
    """
    edges_of = edges_of or edges
    bars: Bars = dict(cotangents)
    for node in reversed(order):
        if node in bars:
            bar = bars[node]
            for source, local, _ in edges_of(node):
                pulled = local.T.apply(bar)
                bars[source] = bars[source] + pulled if source in bars else pulled
            if keep is not None and node not in keep:
                del bars[node]
    return bars


def reverse_sweep(
    order: Sequence[Node],
    cotangents: Mapping[Node, Any],
    edges_of: EdgesOf | None = None,
    keep: Container[Node] | None = None,
) -> tuple[Bars, EdgesOf]:
    """As `pull_back`, and nothing comes back from the branches that an op such as `where` left out.

    Their slope may be infinite, and 0 · ∞ is NaN. Where one came out, the walk is repeated with shielded Jacobians.
    Returned with the cotangents: the edges that they came along.
    """
    edges_of = edges_of or edges
    selecting = {node for node in order if node._op is not None and node._op.selects}
    if not selecting:
        return pull_back(order, cotangents, edges_of, keep), edges_of
    with np.errstate(divide="ignore", invalid="ignore"):
        bars = pull_back(order, cotangents, edges_of, keep)
        if any(_has_nan(bar) for bar in bars.values()):
            edges_of = _shielded(edges_of, order, selecting)
            bars = pull_back(order, cotangents, edges_of, keep)
    return bars, edges_of


def _has_nan(bar: Any) -> bool:
    return bool(np.isnan(bar.value if isinstance(bar, Node) else bar).any())


def _shielded(edges_of: EdgesOf, order: Sequence[Node], selecting: set[Node]) -> EdgesOf:
    """The same edges, with 0 · ∞ = 0 for all nodes that a selecting one depends on."""
    behind: set[Node] = set()
    for node in reversed(order):
        if node in behind or node in selecting:
            behind.update(node._inputs)

    def shielded_edges_of(node: Node) -> Sequence[Edge]:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = edges_of(node)
        return [(source, shielded(local), k) for source, local, k in found] if node in behind else found

    return shielded_edges_of


def push_forward(order: Iterable[Node], tangents: Mapping[Node, Any], edges_of: EdgesOf | None = None) -> Bars:
    """Carry the tangents of some nodes forward to what depends on them (forward mode).

    `order` is arguments first; a node that no tangent reaches has none.
    """
    edges_of = edges_of or edges
    dots: Bars = dict(tangents)
    for node in order:
        if node not in tangents:
            for source, local, _ in edges_of(node):
                if source in dots:
                    pushed = local.apply(dots[source])
                    dots[node] = dots[node] + pushed if node in dots else pushed
    return dots


def edges(
    node: Node, within: Container[Node] | None = None, varied: Collection[Node] = (), recorded: bool = False
) -> list[Edge]:
    """The differentiable sources of a node, each with its local Jacobian and its position among the sources.

    By the node's form, unless a node that the form skips is itself `varied`. `within` bounds the walk to some sources;
    where the sweep is `recorded`, the Jacobians are filled with nodes, so that it can be differentiated in turn.
    """
    op, sources, count = definition(node, varied)
    out, arguments = (node, sources) if recorded else (node._value, [source._value for source in sources])
    found: list[Edge] = []
    for k in range(count):
        source = sources[k]
        if source._differentiable and (within is None or source in within):
            local = op.jacobian(k, out, *arguments)
            if not op.own:
                check_map(local, op, node, source)
            if source._value.dtype is not node._value.dtype:
                local = local @ Cast(source.dtype, node.dtype, source.shape)
            found.append((source, local, k))
    return found


def definition(node: Node, varied: Collection[Node] = ()) -> tuple[Op, tuple[Node, ...], int]:
    """What a node is computed by: op, sources, and how many of these it is differentiated by (the first ones).

    The stable form, where there is one and none of the nodes that it skips is `varied`; else what was written.
    """
    form = node._form
    if form is None or (varied and any(skipped in varied for skipped in form.skipped)):
        return node._op, node._inputs, len(node._inputs)  # type: ignore[return-value]  # a leaf has no op, nor sources
    return form.op, form.sources, len(form.replaces)


def consumers_first(output: Node) -> Iterable[Node]:
    """The nodes that `output` depends on differentiably, each after all its consumers."""
    return reversed(arguments_first([output], constants=False))


def dependents(nodes: Iterable[Node], order: Iterable[Node]) -> set[Node]:
    """These nodes and all of `order` that depend on them; `order` is arguments first."""
    reached = set(nodes)
    for node in order:
        if not reached.isdisjoint(node._inputs):
            reached.add(node)
    return reached
