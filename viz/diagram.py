"""Diagram: a minigrad graph as Graphviz text.

    argument ▭ ───► (op) ───► ▭ its value          forward, solid
             ▭ ◄╌⊕◄╌ (op)                          reverse, dashed: the local Jacobian, the contribution it passes back

The ⊕ stands where several contributions are added. What figures and edges say is composed in `figures`; colours and
outlines are the `theme`'s, large graphs are made small in `fold`. From top to bottom: the picture, clusters, values and
ops, edges. Each figure has an id, which it keeps in SVG: `node-<k>` the value of node k, `op-<k>` its op, `sum-<k>` its
⊕, `edge-<u>-<v>-<i>` and `reverse-<u>-<v>-<i>` the two edges of argument i of v, `result-<k>` from the op to the value.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import graphviz
import networkx as nx

from viz import figures, labels, numbers, theme
from viz.errors import OptionError
from viz.fold import fold
from viz.legend import legend
from viz.look import Look, flows_back, look
from viz.styles import Handler, own_attributes

__all__ = ["as_graph", "dot"]


def dot(
    what: Any,
    *,
    values: bool = True,
    gradients: bool = True,
    jacobians: bool = True,
    direction: str = "both",
    theme: str = "light",
    collapse_above: int = 300,
    styles: Iterable[Handler] = (),
) -> graphviz.Digraph:
    """The computational graph of a node or a network run as a picture in the DOT language.

    Rectangles are values with their shape, numbers and gradient; ellipses are ops. After a backward sweep a dashed edge
    beside each forward edge bears the local Jacobian, transposed, in symbols and the contribution that came back along
    it; where several meet, a ⊕ adds them. Equal graphs give equal text.

    Args:
        what: a minigrad Node, a network run, or the graph that `minigrad.to_networkx` makes of either.
        values: whether nodes show their values.
        gradients: whether nodes show their gradients, and dashed edges the contributions.
        jacobians: whether dashed edges show the local Jacobians.
        direction: the edges to draw, "forward", "reverse" or "both". A reverse picture has a thin line without an arrow
            where nothing flows back.
        theme: "light", "dark" or "print" (black on white, no fills).
        collapse_above: with more nodes than this, or three times as many edges, scopes, repeated blocks and runs of
            nodes fold into boxes, and the picture says so.
        styles: handlers that restyle kinds of nodes; a handler gets a node's attributes and answers with attributes of
            Graphviz, or passes with NotImplemented (see `viz.styles`).

    Raises:
        OptionError: an option has none of its values, or collapse_above is less than 2 (the cost, and a box for the
            rest).
        StyleError: a handler's answer is no set of visual attributes.

    >>> import minigrad as mg
    >>> z = mg.parameter([1.0, 2.0], name="z")
    >>> J = mg.sum(mg.softmax(z, axis=0))
    >>> def softmax_in_green(node):
    ...     return {"fillcolor": "#BFE8C5"} if node["op"] == "softmax" else NotImplemented
    >>> source = dot(J, values=False, theme="dark", styles=[softmax_in_green]).source
    >>> "no backward yet" in source, source.count("#BFE8C5")
    (True, 2)
    """
    if not isinstance(collapse_above, int) or collapse_above < 2:
        raise OptionError(f"collapse_above={collapse_above!r}: a number, at least 2: the cost, and a box for the rest")
    look(values, gradients, jacobians, direction, theme, styles, 0.0)  # complains before the work, not after
    whole = as_graph(what)
    graph = fold(whole, collapse_above)
    largest = max(filter(math.isfinite, _norms(graph)), default=0.0)
    drawn = look(values, gradients, jacobians, direction, theme, styles, largest)
    picture = _canvas(labels.label(legend(whole, graph, drawn)), drawn.theme)
    write = picture.body.append
    for item in _nested(graph):
        if item is None:
            write("}\n")
        elif isinstance(item, tuple):
            write(_opened_cluster(*item, drawn.theme))
        else:
            picture.body += _node_statements(graph, item, drawn)
    for u, v, argument in graph.edges(keys=True):
        picture.body += _edge_statements(graph, (u, v, argument), drawn)
    return picture


def as_graph(what: Any) -> nx.MultiDiGraph:
    """The view graph of a minigrad object; a view graph as it is. The one door between viz and minigrad."""
    if isinstance(what, nx.MultiDiGraph):
        return what
    import minigrad  # here, so that the picture of a graph at hand needs no engine

    return minigrad.to_networkx(what)


def _canvas(legend: str, drawn: theme.Theme) -> graphviz.Digraph:
    """An empty picture with the settings that all figures share."""
    font = {"fontname": theme.FONT, "fontcolor": drawn.ink}
    page = {"rankdir": "LR", "bgcolor": drawn.canvas, "labeljust": "l", "labelloc": "b", "label": legend}
    room = {"nodesep": "0.3", "ranksep": "0.2", "pad": "0.2"}
    return graphviz.Digraph(
        graph_attr={**page, **room, **font, "fontsize": "11"},
        node_attr={**font, "fontsize": "11", "style": "filled", "margin": "0.06,0.04"},
        edge_attr={"fontname": theme.FONT, "fontsize": "10", "color": drawn.forward, "arrowsize": "0.7"},
    )


def _norms(graph: nx.MultiDiGraph) -> Iterator[float]:
    """The norms of all gradients in the picture, those of folded boxes among them."""
    for _, data in graph.nodes(data=True):
        if "fold" in data:
            if data["fold"].norm is not None:
                yield data["fold"].norm
        elif data["grad"] is not None:
            yield numbers.norm(data["grad"])


def _statement(head: str, markup: str, attributes: dict[str, str]) -> str:
    """A line of DOT. Markup is of `labels`, attributes are ours or checked by `styles`: neither needs escapes here."""
    written = [f'{key}="{value}"' for key, value in attributes.items()]
    if markup:
        written.insert(0, f"label=<{markup}>")
    return f"\t{head} [{' '.join(written)}]\n"


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


def _opened_cluster(number: int, name: str, drawn: theme.Theme) -> str:
    style = drawn.cluster
    markup = labels.bold(labels.small(labels.text(name)))
    colours = {"color": style.border, "fillcolor": style.fill}
    settings = _statement("graph", markup or labels.small(" "), {"id": f"scope-{number}", **colours, **style.outline})
    return f"subgraph cluster_{number} {{\n{settings}"


# --- values and ops ---------------------------------------------------------------------------------------------------


def _node_statements(graph: nx.MultiDiGraph, node: int, drawn: Look) -> Iterator[str]:
    """The value's box; its op's ellipse, and the edge between them; the ⊕ before it."""
    data = graph.nodes[node]
    if "fold" in data:
        box = data["fold"]
        kind, style, markup = "fold", drawn.theme.fold, figures.fold_label(box, drawn)
        data = {"op": None, "role": None, "name": box.name, **data}
    else:
        kind, style, markup = "value", drawn.theme.roles[data["role"]], figures.value_label(graph, node, drawn)
    yield _figure(f"n{node}", f"node-{node}", kind, style, markup, data, drawn)
    if data["op"] is not None:
        yield _figure(f"o{node}", f"op-{node}", "op", drawn.theme.op, figures.op_label(data), data, drawn)
        yield from _line(f"o{node}", f"n{node}", f"{node}", data["grad"] is not None, drawn)
    if drawn.meet(graph, node):
        yield _figure(f"s{node}", f"sum-{node}", "sum", drawn.theme.sum, "+", None, drawn)
        yield _back(f"n{node}", f"s{node}", f"total-{node}", "", drawn)


def _figure(
    head: str, id: str, kind: str, style: theme.RoleStyle, markup: str, data: dict[str, Any] | None, drawn: Look
) -> str:
    own = own_attributes(drawn.styles, data, kind) if drawn.styles and data is not None else {}
    colours = {"color": style.border, "fillcolor": style.fill}
    return _statement(head, markup, {"id": id, "class": kind, **colours, **style.outline, **own})


# --- edges ------------------------------------------------------------------------------------------------------------


def _edge_statements(graph: nx.MultiDiGraph, edge: tuple[int, int, int], drawn: Look) -> Iterator[str]:
    """The solid edge from an argument to the op that takes it and, where something flowed back, the dashed one."""
    u, v, argument = edge
    data = graph.edges[edge]
    consumer = f"n{v}" if "fold" in graph.nodes[v] else f"o{v}"
    name = f"{u}-{v}-{argument}"
    if drawn.draws_forward:
        label = figures.forward_label(data, argument, graph.in_degree(v) < 2, drawn)
        yield _statement(f"n{u} -> {consumer}", label, {"id": f"edge-{name}", "class": "forward"})
    if drawn.draws_reverse and flows_back(data):
        source = f"s{u}" if drawn.meet(graph, u) else f"n{u}"
        yield _back(source, consumer, f"reverse-{name}", figures.reverse_label(data, drawn), drawn)
    elif not drawn.draws_forward:
        yield _still(f"n{u}", consumer, f"edge-{name}", drawn)


def _line(tail: str, head: str, name: str, flows: bool, drawn: Look) -> Iterator[str]:
    """From an op to its value; in a picture of the reverse direction alone, back."""
    if drawn.draws_forward:
        yield _statement(f"{tail} -> {head}", "", {"id": f"result-{name}", "class": "forward"})
    elif flows:
        yield _back(tail, head, f"result-{name}", "", drawn)
    else:
        yield _still(tail, head, f"result-{name}", drawn)


def _back(tail: str, head: str, id: str, markup: str, drawn: Look) -> str:
    # Written with the flow of the forward edge and drawn against it. So dot lays out an acyclic graph and keeps the
    # label inside its cluster; written op -> argument, with constraint=false, labels lie across clusters' frames.
    colour = drawn.theme.reverse
    look = {"dir": "back", "style": "dashed", "color": colour, "fontcolor": colour}
    return _statement(f"{tail} -> {head}", markup, {"id": id, "class": "reverse", **look})


def _still(tail: str, head: str, id: str, drawn: Look) -> str:
    look = {"dir": "none", "color": drawn.theme.cluster.border}
    return _statement(f"{tail} -> {head}", "", {"id": id, "class": "still", **look})
