"""Diagram: a minigrad graph as Graphviz text.

    argument ▭ ───► (op) ───► ▭ its value          forward, solid
             ▭ ◄╌⊕◄╌ (op)                          reverse, dashed: the local Jacobian, the contribution it passes back

The ⊕ stands where several contributions are added. What figures and edges say is composed in `figures`; colours and
outlines are the `theme`'s, large graphs are made small in `fold`. From top to bottom: the picture, clusters, values and
ops, edges. Each figure has an id, which it keeps in SVG: `node-<k>` the value of node k, `op-<k>` its op, `sum-<k>` its
⊕, `edge-<u>-<v>-<i>` and `reverse-<u>-<v>-<i>` the two edges of argument i of v, `result-<k>` from the op to the value.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import graphviz
import networkx as nx

from viz import figures, labels
from viz.errors import OptionError
from viz.fold import fold
from viz.legend import legend
from viz.look import Look, checked, fitted, flows_back
from viz.styles import Handler, own_attributes
from viz.theme import FONT, Attributes, RoleStyle, Theme

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
        collapse_above: with more nodes than this, or edges that together pass through five times as many ranks, scopes,
            repeated blocks and runs of nodes fold into boxes, and the picture says so.
        styles: handlers that restyle kinds of nodes; a handler gets a node's attributes and answers with attributes of
            Graphviz, or passes with NotImplemented (see `viz.styles`).

    Raises:
        OptionError: an option has none of its values, or collapse_above is less than 2 (the cost, and a box for the
            rest).
        StyleError: a handler's answer is no set of visual attributes.

    >>> import minigrad as mg
    >>> z = mg.parameter([1.0, 2.0], name="z")
    >>> J = mg.sum(mg.softmax(z))
    >>> def softmax_in_green(node):
    ...     return {"fillcolor": "#BFE8C5"} if node["op"] == "softmax" else NotImplemented
    >>> source = dot(J, values=False, theme="dark", styles=[softmax_in_green]).source
    >>> "no backward yet" in source, source.count("#BFE8C5")
    (True, 2)
    """
    if not isinstance(collapse_above, int) or collapse_above < 2:
        raise OptionError(f"collapse_above={collapse_above!r}: a number, at least 2: the cost, and a box for the rest")
    asked = checked(
        values=values,
        gradients=gradients,
        jacobians=jacobians,
        direction=direction,
        theme=theme,
        styles=styles,
    )
    whole = as_graph(what)
    graph = fold(whole, collapse_above)
    look = fitted(asked, graph)
    picture = _canvas(labels.label(legend(whole, graph, look)), look.theme)
    write = picture.body.append
    for item in _nested(graph):
        if item is None:
            write("}\n")
        elif isinstance(item, tuple):
            write(_opened_cluster(*item, look.theme))
        else:
            picture.body += _node_statements(graph, item, look)
    for u, v, argument in graph.edges(keys=True):
        picture.body += _edge_statements(graph, (u, v, argument), look)
    return picture


def as_graph(what: Any) -> nx.MultiDiGraph:
    """The view graph of a minigrad object; a view graph as it is. The one door between viz and minigrad."""
    if isinstance(what, nx.MultiDiGraph):
        return what
    import minigrad  # here, so that the picture of a graph at hand needs no engine

    return minigrad.to_networkx(what)


def _canvas(legend: str, theme: Theme) -> graphviz.Digraph:
    """An empty picture with the settings that all figures share."""
    font = {"fontname": FONT, "fontcolor": theme.ink}
    page = {"rankdir": "LR", "bgcolor": theme.canvas, "labeljust": "l", "labelloc": "b", "label": legend}
    # newrank: without it Graphviz aborts on some graphs whose scopes lead into one another and back.
    room = {"newrank": "true", "nodesep": "0.3", "ranksep": "0.2", "pad": "0.2"}
    return graphviz.Digraph(
        graph_attr={**page, **room, **font, "fontsize": "11"},
        node_attr={**font, "fontsize": "11", "style": "filled", "margin": "0.06,0.04"},
        edge_attr={"fontname": FONT, "fontsize": "10", "color": theme.forward, "arrowsize": "0.7"},
    )


def _statement(head: str, markup: str, attributes: Attributes) -> str:
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


def _opened_cluster(number: int, name: str, theme: Theme) -> str:
    style = theme.cluster
    markup = labels.bold(labels.small(labels.text(name)))
    colours = {"color": style.border, "fillcolor": style.fill}
    settings = _statement(
        "graph", markup or labels.small(" "), {"id": f"scope-{number}", "class": "scope", **colours, **style.outline}
    )
    return f"subgraph cluster_{number} {{\n{settings}"


# --- values and ops ---------------------------------------------------------------------------------------------------


def _node_statements(graph: nx.MultiDiGraph, node: int, look: Look) -> Iterator[str]:
    """The value's box; its op's ellipse, and the edge between them; the ⊕ before it."""
    data, theme = graph.nodes[node], look.theme
    if "fold" in data:
        box = {"op": None, "role": None, "name": data["fold"].name, **data}
        yield _figure("fold", node, theme.fold, figures.fold_label(data["fold"], look), _own(look, box, "fold"))
        return
    label = figures.value_label(graph, node, look)
    yield _figure("value", node, theme.roles[data["role"]], label, _own(look, data, "value"))
    if data["op"] is not None:
        yield _figure("op", node, theme.op, figures.op_label(data), _own(look, data, "op"))
        yield _result(node, data["grad"] is not None, look)
    if node in look.sums:
        yield _figure("sum", node, theme.sum, "+", {})
        yield _back(f"n{node}", f"s{node}", f"total-{node}", "", look)


_NAMES = {"value": ("n", "node"), "fold": ("n", "node"), "op": ("o", "op"), "sum": ("s", "sum")}
"""A kind of figure → the letter of its name in DOT, the word of its id."""


def _figure(kind: str, node: int, style: RoleStyle, markup: str, own: Attributes) -> str:
    letter, word = _NAMES[kind]
    look = {"color": style.border, "fillcolor": style.fill, **style.outline, **own}
    return _statement(f"{letter}{node}", markup, {"id": f"{word}-{node}", "class": kind, **look})


def _own(look: Look, data: dict[str, Any], figure: str) -> Attributes:
    return own_attributes(look.styles, data, figure) if look.styles else {}


# --- edges ------------------------------------------------------------------------------------------------------------


def _edge_statements(graph: nx.MultiDiGraph, edge: tuple[int, int, int], look: Look) -> Iterator[str]:
    """The solid edge from an argument to the op that takes it and, where something flowed back, the dashed one."""
    u, v, argument = edge
    data = graph.edges[edge]
    consumer = f"n{v}" if "fold" in graph.nodes[v] else f"o{v}"
    name = f"{u}-{v}-{argument}"
    if look.draws_forward:
        label = figures.forward_label(data, argument, argument == 0 and graph.in_degree(v) == 1, look)
        yield _statement(f"n{u} -> {consumer}", label, {"id": f"edge-{name}", "class": "forward"})
    if look.draws_reverse and flows_back(data):
        source = f"s{u}" if u in look.sums else f"n{u}"
        yield _back(source, consumer, f"reverse-{name}", figures.reverse_label(data, look), look)
    elif not look.draws_forward:
        yield _still(f"n{u}", consumer, f"edge-{name}", look)


def _result(node: int, flows: bool, look: Look) -> str:
    """From an op to its value; in a picture of the reverse direction alone, back."""
    ends = f"o{node}", f"n{node}", f"result-{node}"
    if look.draws_forward:
        return _statement(f"o{node} -> n{node}", "", {"id": f"result-{node}", "class": "forward"})
    return _back(*ends, "", look) if flows else _still(*ends, look)


def _back(tail: str, head: str, id: str, markup: str, look: Look) -> str:
    # Written with the flow of the forward edge and look against it. So dot lays out an acyclic graph and keeps the
    # label inside its cluster; written op -> argument, with constraint=false, labels lie across clusters' frames.
    colour = look.theme.reverse
    line = {"dir": "back", "style": "dashed", "color": colour, "fontcolor": colour}
    return _statement(f"{tail} -> {head}", markup, {"id": id, "class": "reverse", **line})


def _still(tail: str, head: str, id: str, look: Look) -> str:
    line = {"dir": "none", "color": look.theme.cluster.border}
    return _statement(f"{tail} -> {head}", "", {"id": id, "class": "still", **line})
