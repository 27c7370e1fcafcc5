"""Folding: a graph too large to read, drawn as a smaller one whose boxes stand for many nodes.

    fold    view graph → the same when small enough, otherwise a quotient of it with `Fold` boxes

Steps, each taken only while the picture is still too large: scopes, the innermost first; blocks of ops that come again
and again, with the parameters and constants of their own; runs of nodes that feed just one another; parameters and
constants used once, into their consumer; all that is used once, into its consumer; at last, slices in the order of
creation, which bound any graph. The cost is never folded. A step is a few passes over the graph.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkx as nx
import numpy as np

from viz import numbers
from viz.repeats import Repeat, all_repeats, longest_repeat

__all__ = ["Fold", "fold"]

Scope = tuple[str, ...]
Group = dict[int, int]
"""Node → the node that stands for its box. A box of one node is drawn as that node."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What one box stands for.

    name: the scope that it holds all of, the first and last that it holds some of ("a … b"), or None.
    count: how many nodes.
    ops: how often each op occurs, in order of frequency; parameters and constants by their role.
    norm: that of the gradients of all its nodes taken as one; None without any.
    repeated: how often a block of ops is repeated in it, and the ops of the block; None where none is.
    """

    name: str | None
    count: int
    ops: tuple[tuple[str, int], ...]
    norm: float | None
    repeated: tuple[int, tuple[str, ...]] | None = None


def fold(graph: nx.MultiDiGraph, above: int) -> nx.MultiDiGraph:
    """The graph itself, unless it has more than `above` nodes or its edges are too long: then a quotient a fifth that.

    A fifth, for so many boxes in a row are still a picture; a few hundred single nodes are one because graphs branch.
    Edges are too long when together they pass through more than 5 · `above` ranks: that is what a layout costs, and
    what makes lines impossible to follow. In the quotient a box is a node with two attributes, `scope` and `fold`, a
    `Fold`. An edge at a box has `count`, the number of edges it stands for, and `norm`, that of what they add to each
    argument's gradient (None: nothing).
    """
    if _fits(list(graph), list(graph.edges()), above):
        return graph
    most = max(2, above // 5)
    group: Group = {node: node for node in graph}
    for step in _steps(graph, most):
        group = step(graph, group)
        between = dict.fromkeys((group[u], group[v]) for u, v in graph.edges())
        if _fits(list(dict.fromkeys(group.values())), [(u, v) for u, v in between if u != v], most):
            break
    return _quotient(graph, group)


def _fits(nodes: list[int], edges: list[tuple[int, int]], most: int) -> bool:
    return len(nodes) <= most and len(edges) <= 5 * most and _reach(nodes, edges) <= 5 * most


def _reach(nodes: list[int], edges: list[tuple[int, int]]) -> int:
    """Through how many ranks all edges pass, where a node is one rank behind the last of its sources.

    Boxes may lead into one another and back; then the first of them, in the order given, goes ahead.
    """
    consumers: dict[int, list[int]] = {node: [] for node in nodes}
    waits = dict.fromkeys(nodes, 0)
    for u, v in edges:
        consumers[u].append(v)
        waits[v] += 1
    rank = dict.fromkeys(nodes, 0)
    done: set[int] = set()
    for first in sorted(nodes, key=lambda node: waits[node] > 0):
        ready = [first]
        while ready:
            u = ready.pop()
            if u in done:
                continue
            done.add(u)
            for v in consumers[u]:
                waits[v] -= 1
                rank[v] = rank[v] if v in done else max(rank[v], rank[u] + 1)
                if waits[v] == 0:
                    ready.append(v)
    return sum(abs(rank[v] - rank[u]) for u, v in edges)


def _steps(graph: nx.MultiDiGraph, most: int) -> Iterator[Callable[[nx.MultiDiGraph, Group], Group]]:
    """The steps in their order, each making the groups coarser."""
    deepest = max(len(scope) for _, scope in graph.nodes(data="scope"))
    for depth in range(deepest, 0, -1):
        yield partial(_join_scopes, depth=depth)
    yield _join_repeats
    yield partial(_join_to_consumer, when=_is_link_of_a_run)
    yield partial(_join_to_consumer, when=_is_leaf)
    yield partial(_join_to_consumer, when=_is_link_of_a_run)
    yield partial(_join_to_consumer, when=_is_inner)
    slices = most
    while slices > 1:
        yield partial(_join_slices, slices=slices)
        slices //= 2


def _join_scopes(graph: nx.MultiDiGraph, group: Group, depth: int) -> Group:
    """All nodes in or below one scope of this depth are one box."""
    output = graph.graph["output"]
    first: dict[Scope, int] = {}
    return {
        node: first.setdefault(scope[:depth], node) if len(scope) >= depth and node != output else node
        for node, scope in graph.nodes(data="scope")
    }


def _join_repeats(graph: nx.MultiDiGraph, group: Group) -> Group:
    """Blocks of boxes that come again, in the order of creation, are one box; with the leaves of their own.

    A leaf has no sources: a parameter, a constant. It is a block's own when nothing else uses it and half of the blocks
    or more have one in that place; shared ones stay beside the box, and so does what only the first block begins with.
    """
    sources, consumers = _between(graph, group)
    kinds = _kinds(graph, group)
    inner = [box for box in kinds if box in sources and box != graph.graph["output"]]
    joined = {box: box for box in kinds}
    places: dict[int, tuple[Repeat, int]] = {}
    for repeat in all_repeats([kinds[box] for box in inner]):
        for i, box in enumerate(inner[repeat.start : repeat.end]):
            joined[box] = inner[repeat.start]
            places[box] = repeat, i % repeat.length
    leaves: dict[tuple[Repeat, int, int], dict[int, int]] = defaultdict(dict)
    for a, b, argument in graph.edges(keys=True):
        leaf, user = group[a], group[b]
        if leaf not in sources and user in places and len(consumers[leaf]) == 1:
            leaves[*places[user], argument][leaf] = joined[user]
    for (repeat, _, _), own in leaves.items():
        if 2 * len(own) >= repeat.times:
            joined |= own
    return {node: joined[box] for node, box in group.items()}


def _kinds(graph: nx.MultiDiGraph, group: Group) -> dict[int, tuple[tuple[str, int], ...]]:
    """Each box, in the order of creation → how often each op occurs in it."""
    ops: dict[int, Counter[str]] = defaultdict(Counter)
    for node, box in group.items():
        data = graph.nodes[node]
        ops[box][data["op"] or data["role"]] += 1
    return {box: tuple(sorted(count.items())) for box, count in ops.items()}


def _between(graph: nx.MultiDiGraph, group: Group) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """The sources and the consumers of each box among the others."""
    sources: dict[int, set[int]] = defaultdict(set)
    consumers: dict[int, set[int]] = defaultdict(set)
    for a, b in graph.edges():
        u, v = group[a], group[b]
        if u != v:
            sources[v].add(u)
            consumers[u].add(v)
    return sources, consumers


def _is_link_of_a_run(leaf: bool, feeders: int) -> bool:
    return not leaf and feeders == 1


def _is_leaf(leaf: bool, feeders: int) -> bool:
    return leaf


def _is_inner(leaf: bool, feeders: int) -> bool:
    return not leaf


def _join_to_consumer(graph: nx.MultiDiGraph, group: Group, when: Callable[[bool, int], bool]) -> Group:
    """A box with one consumer is joined to it, unless that is the cost, where `when(leaf, feeders)` says so.

    `leaf`: the box has no sources (a parameter, a constant); `feeders`: how many sources of the consumer are no leaves.
    """
    sources, consumers = _between(graph, group)
    feeders = Counter(v for u in sources for v in consumers[u])
    parent = {box: box for box in group.values()}

    def root(box: int) -> int:
        while parent[box] != box:
            parent[box] = box = parent[parent[box]]  # halves the path as it goes
        return box

    for u in list(parent):
        if len(consumers[u]) == 1:
            (v,) = consumers[u]
            if v != graph.graph["output"] and when(u not in sources, feeders[v]):
                parent[root(u)] = root(v)
    return {node: root(box) for node, box in group.items()}


def _join_slices(graph: nx.MultiDiGraph, group: Group, slices: int) -> Group:
    """The boxes, in the order of their first nodes, cut into so many slices of equal length."""
    output = graph.graph["output"]
    boxes = [box for box in dict.fromkeys(group.values()) if box != output]
    length = math.ceil(len(boxes) / (slices - 1))
    head = {box: boxes[i - i % length] for i, box in enumerate(boxes)} | {output: output}
    return {node: head[box] for node, box in group.items()}


def _quotient(graph: nx.MultiDiGraph, group: Group) -> nx.MultiDiGraph:
    members: dict[int, list[int]] = defaultdict(list)
    for node, box in group.items():
        members[box].append(node)
    alone = {box for box, nodes in members.items() if len(nodes) == 1}
    population = Counter(scope[:depth] for _, scope in graph.nodes(data="scope") for depth in range(1, len(scope) + 1))
    small = nx.MultiDiGraph(**graph.graph)
    for box, nodes in members.items():
        if box in alone:
            small.add_node(box, **graph.nodes[box])
        else:
            small.add_node(box, **_box([graph.nodes[node] for node in nodes], population))
    merged: dict[tuple[int, int], list[tuple[int, Any]]] = defaultdict(list)
    for a, b, key, data in graph.edges(keys=True, data=True):
        u, v = group[a], group[b]
        if u in alone and v in alone:
            small.add_edge(u, v, key, **data)
        elif u != v:
            merged[u, v].append((a, data["contribution"]))
    for (u, v), terms in merged.items():
        small.add_edge(u, v, 0, count=len(terms), norm=_joint_norm(_sums(terms)))
    return small


def _sums(terms: list[tuple[int, Any]]) -> list[Any]:
    """(node, contribution) pairs → for each node the sum of what it is given; those that are None left out."""
    sums: dict[int, Any] = {}
    with np.errstate(over="ignore", invalid="ignore"):  # inf - inf is shown as what it is
        for node, term in terms:
            if term is not None:
                sums[node] = sums[node] + term if node in sums else term
    return list(sums.values())


def _box(nodes: list[dict[str, Any]], population: Counter[Scope]) -> dict[str, Any]:
    """The attributes of a box for these nodes."""
    scope = _common([data["scope"] for data in nodes])
    deeper = [data for data in nodes if len(data["scope"]) > len(scope)]
    # Ops tell first from last: parameters are often made before, all at once.
    inner = [data["scope"][len(scope)] for data in [data for data in deeper if data["op"]] or deeper]
    name: str | None = None
    if population[scope] == len(nodes):
        scope, name = scope[:-1], scope[-1]
    elif inner and inner[0] != inner[-1]:
        name = f"{inner[0]} … {inner[-1]}"
    ops = Counter(data["op"] or data["role"] for data in nodes)
    norm = _joint_norm([data["grad"] for data in nodes])
    return {"scope": scope, "fold": Fold(name, len(nodes), tuple(ops.most_common()), norm, _repeated(nodes))}


def _repeated(nodes: list[dict[str, Any]]) -> tuple[int, tuple[str, ...]] | None:
    """The block of ops that comes again, and how often, if that is what at least half of the box's ops are."""
    ops = [data["op"] for data in nodes if data["op"]]
    found = longest_repeat(ops)
    if found is None or 2 * found.length * found.times < len(ops):
        return None
    return found.times, tuple(ops[found.start : found.start + found.length])


def _common(scopes: list[Scope]) -> Scope:
    """The innermost scope that all of these lie in."""
    low, high = min(scopes), max(scopes)
    same = 0
    while same < len(low) and low[same : same + 1] == high[same : same + 1]:
        same += 1
    return low[:same]


def _joint_norm(arrays: list[Any]) -> float | None:
    """The norm of several arrays taken as one, those that are None left out; None when all are."""
    norms = [numbers.norm(array) for array in arrays if array is not None]
    return math.hypot(*norms) if norms else None
