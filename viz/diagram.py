"""Diagram: a minigrad graph as Graphviz text.

    argument ▭ ───► (op) ───► ▭ its value        forward, solid
             ▭ ◄╌╌╌ (op)                         reverse, dashed: the local Jacobian, the contribution it passes back

What a picture says of a node or an edge is composed here out of `labels`; colours and outlines come from `theme`, large
graphs are made small in `fold`. From top to bottom: the picture, clusters, values and ops, edges.
"""

import math
from collections.abc import Iterator
from typing import Any

import graphviz
import networkx as nx

from viz import labels, numbers, theme
from viz.fold import Fold, fold
from viz.labels import cell, small
from viz.legend import legend

__all__ = ["as_graph", "dot"]

Attributes = dict[str, Any]

GRAPH_ATTRIBUTES = {
    "rankdir": "LR",
    "bgcolor": theme.CANVAS,
    "fontname": theme.FONT,
    "fontsize": "11",
    "fontcolor": theme.INK,
    "labeljust": "l",
    "labelloc": "b",
    "nodesep": "0.3",
    "ranksep": "0.2",
    "pad": "0.2",
}
NODE_ATTRIBUTES = {
    "fontname": theme.FONT,
    "fontsize": "11",
    "fontcolor": theme.INK,
    "style": "filled",
    "margin": "0.06,0.04",
}
EDGE_ATTRIBUTES = {
    "fontname": theme.FONT,
    "fontsize": "10",
    "color": theme.FORWARD,
    "arrowsize": "0.7",
}


def dot(what: Any, *, collapse_above: int = 300) -> graphviz.Digraph:
    """The computational graph of a node or a network run as a picture in the DOT language.

    Rectangles are values with their shape, numbers and gradient; ellipses are ops. After a backward sweep a dashed edge
    beside each forward edge bears the local Jacobian and the contribution that came back along it. Equal graphs give
    equal text.

    Args:
        what: a minigrad Node, a network run, or the graph that `minigrad.to_networkx` makes of either.
        collapse_above: with more nodes than this, or three times as many edges, scopes and runs of nodes fold into
            boxes, and the picture says so.

    Raises:
        ValueError: collapse_above is less than 2 (the cost, and a box for all the rest).

    >>> import networkx as nx, numpy as np
    >>> G = nx.MultiDiGraph(output=0, swept=False)
    >>> G.add_node(
    ...     0,
    ...     op=None,
    ...     label="",
    ...     name="x",
    ...     value=np.array(3.0),
    ...     grad=None,
    ...     shape=(),
    ...     dtype="float64",
    ...     scope=(),
    ...     layer=None,
    ...     role="parameter",
    ...     form=None,
    ...     sweep=None,
    ... )
    >>> "no backward yet" in dot(G).source
    True
    """
    if collapse_above < 2:
        raise ValueError(f"collapse_above={collapse_above}: at least 2, for the cost and a box for all the rest")
    whole = as_graph(what)
    graph = fold(whole, collapse_above)
    heat = theme.Heat(largest=max(filter(math.isfinite, _norms(graph)), default=0.0))
    picture = graphviz.Digraph(
        graph_attr=GRAPH_ATTRIBUTES | {"label": labels.label(legend(whole, graph, heat))},
        node_attr=NODE_ATTRIBUTES,
        edge_attr=EDGE_ATTRIBUTES,
    )
    for item in _nested(graph):
        if item is None:
            picture.body.append("}\n")
        elif isinstance(item, tuple):
            _open_cluster(picture, *item)
        else:
            _add_node(picture, graph, item, heat)
    for u, v, argument in graph.edges(keys=True):
        _add_edge(picture, graph, (u, v, argument))
    return picture


def as_graph(what: Any) -> nx.MultiDiGraph:
    """The view graph of a minigrad object; a view graph as it is. The one door between viz and minigrad."""
    if isinstance(what, nx.MultiDiGraph):
        return what
    import minigrad  # here, so that the picture of a graph at hand needs no engine

    return minigrad.to_networkx(what)


def _norms(graph: nx.MultiDiGraph) -> Iterator[float]:
    """The norms of all gradients in the picture, those of folded boxes among them."""
    for _, data in graph.nodes(data=True):
        if "fold" in data:
            if data["fold"].norm is not None:
                yield data["fold"].norm
        elif data["grad"] is not None:
            yield numbers.norm(data["grad"])


# --- clusters ---------------------------------------------------------------------------------------------------------


def _nested(graph: nx.MultiDiGraph) -> Iterator[int | tuple[int, str] | None]:
    """The nodes in the order of drawing: (number, name) opens a scope's cluster, None closes the innermost open one.

    Scopes stand in the order in which they first appear. The stack is our own, so that scopes may nest to any depth.
    """
    inside: dict[tuple[str, ...], list[Any]] = {(): []}
    for node, scope in graph.nodes(data="scope"):
        for depth in range(1, len(scope) + 1):
            if scope[:depth] not in inside:
                inside[scope[:depth]] = []
                inside[scope[: depth - 1]].append(scope[:depth])
        inside[scope].append(node)
    number = {scope: i for i, scope in enumerate(inside)}
    stack = [iter(inside[()])]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            if stack:
                yield None
        elif isinstance(item, tuple):
            stack.append(iter(inside[item]))
            yield number[item], item[-1]
        else:
            yield item


def _open_cluster(picture: graphviz.Digraph, number: int, name: str) -> None:
    picture.body.append(f"subgraph cluster_{number} {{\n")
    picture.attr(
        label=labels.label(labels.bold(small(labels.text(name)))),
        style="filled,rounded",
        color=theme.CLUSTER_BORDER,
        fillcolor=theme.CLUSTER_FILL,
        margin="12",
    )


# --- values and ops ---------------------------------------------------------------------------------------------------


def _add_node(picture: graphviz.Digraph, graph: nx.MultiDiGraph, node: int, heat: theme.Heat) -> None:
    data = graph.nodes[node]
    if "fold" in data:
        style, markup = theme.FOLD, _fold_label(data["fold"], heat)
    else:
        style, markup = theme.ROLES[data["role"]], _value_label(graph, node, heat)
    picture.node(f"n{node}", labels.label(markup), color=style.border, fillcolor=style.fill, **style.outline)
    if data.get("op") is not None:
        label = labels.label(_op_label(data))
        picture.node(f"o{node}", label, shape="ellipse", color=theme.INK, fillcolor=theme.OP_FILL)
        picture.edge(f"o{node}", f"n{node}")


def _value_label(graph: nx.MultiDiGraph, node: int, heat: theme.Heat) -> str:
    """Name, shape and any dtype but float64 on one line; below them the value and the gradient."""
    data = graph.nodes[node]
    kind = str(data["shape"]) + (f" {data['dtype']}" if data["dtype"] != "float64" else "")
    name = labels.bold(labels.text(data["name"])) + " " if data["name"] else ""
    lines = [
        [cell(name + small(labels.text(kind)), align="left", colspan=2)],
        [cell(small("value"), align="left"), cell(labels.array(data["value"]), align="left")],
    ]
    if data["role"] != "constant":
        lines.append(_gradient_line(graph, node, heat))
    return labels.rows(lines)


def _gradient_line(graph: nx.MultiDiGraph, node: int, heat: theme.Heat) -> list[str]:
    """The gradient on the colour of its norm; where several contributions meet, the caption says that it is a sum."""
    data = graph.nodes[node]
    grad = data["grad"]
    if grad is None:
        reason = "not differentiated" if graph.graph["swept"] or data["sweep"] is None else "no backward yet"
        return [cell(small("gradient"), align="left"), cell(small(f"<I>{reason}</I>"), align="left")]
    terms = sum(edge.get("count", 1) for *_, edge in graph.out_edges(node, data=True) if _flows_back(edge))
    caption = small("gradient") + (small(f"<BR/>Σ of {terms}", theme.REVERSE) if terms > 1 else "")
    colour = heat.colour(numbers.norm(grad))
    return [cell(caption, align="left"), cell(labels.array(grad), align="left", bgcolor=colour)]


def _op_label(data: Attributes) -> str:
    """The op with its settings; below it, small, the stable form that was computed in its place, if any."""
    written = labels.text(data["label"] or data["op"])
    if data["form"] is None:
        return written
    return labels.rows([[cell(written)], [cell(small("computed as " + labels.text(data["form"])))]], padding=1)


def _fold_label(box: Fold, heat: theme.Heat) -> str:
    """The scope's name if the box is one, how many nodes, the commonest ops, and the norm of all their gradients."""
    name = labels.bold(labels.text(box.name)) + " " if box.name else ""
    lines = [[cell(name + small(f"{box.count:,} nodes folded"), align="left")]]
    lines += [[cell(small(f"{labels.text(op)} × {count:,}"), align="left")] for op, count in box.ops[:3]]
    if len(box.ops) > 3:
        lines.append([cell(small("…"), align="left")])
    if box.norm is not None:
        norm = small("‖gradients‖ ") + numbers.scalar(box.norm, 4)
        lines.append([cell(norm, align="left", bgcolor=heat.colour(box.norm))])
    return labels.rows(lines)


# --- edges ------------------------------------------------------------------------------------------------------------


def _add_edge(picture: graphviz.Digraph, graph: nx.MultiDiGraph, edge: tuple[int, int, int]) -> None:
    """The solid edge from an argument to the op that takes it and, where something flowed back, the dashed one."""
    u, v, argument = edge
    data = graph.edges[edge]
    consumer = f"n{v}" if "fold" in graph.nodes[v] else f"o{v}"
    if "count" in data:
        forward = f"× {data['count']:,}" if data["count"] > 1 else ""
    else:
        forward = f"arg {argument}" if graph.in_degree(v) > 1 else ""
    picture.edge(f"n{u}", consumer, labels.label(labels.rows([[cell(small(forward))]])) if forward else None)
    if _flows_back(data):
        # Written with the flow of the forward edge and drawn against it. So dot lays out an acyclic graph and keeps the
        # label inside its cluster; written op -> argument, with constraint=false, labels lie across clusters' frames.
        label = labels.label(_reverse_label(data))
        picture.edge(f"n{u}", consumer, label, dir="back", style="dashed", color=theme.REVERSE, fontcolor=theme.REVERSE)


def _flows_back(data: Attributes) -> bool:
    """Whether the sweep has added something along this edge, or along one of those folded into it."""
    return (data["norm"] if "count" in data else data["contribution"]) is not None


def _reverse_label(data: Attributes) -> str:
    """The local Jacobian's structure, its shapes, and the contribution; of folded edges the joint norm.

    On the canvas's colour, for a label between two clusters may lie on the frame of one.
    """
    if "count" in data:
        norm = small(f"‖contribution‖ {numbers.scalar(data['norm'], 4)}", theme.REVERSE)
        return labels.rows([[cell(norm)]], bgcolor=theme.CANVAS)
    lines = [[cell(labels.array(data["contribution"]))]]
    if data["jacobian"] is not None:
        structure = [labels.text(part, 60) for part in str(data["jacobian"]).rsplit(" : ", 1)]
        lines.insert(0, [cell(small("<BR/>".join(structure), theme.REVERSE))])
    return labels.rows(lines, bgcolor=theme.CANVAS)
