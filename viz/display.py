"""Display: what a notebook shows for a node, gradients, a linear map, a network's run.

    node_html    gradients_html    map_html    run_html

Each answers with HTML that is whole in itself, readable on light and on dark pages, and never raises: a notebook would
show a traceback in place of a value. What cannot be drawn is shown as its repr.
"""

import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any

import networkx as nx

from viz import numbers, shades
from viz.diagram import as_graph
from viz.errors import NoRendererError, RenderError
from viz.labels import visible
from viz.renderers import render
from viz.tables import WRITTEN, fragment, table

__all__ = ["gradients_html", "map_html", "node_html", "run_html"]

DRAWN = 30
"""Nodes of the largest graph that is drawn below a value."""
LISTED = 20
"""Gradients that are listed, at most."""
LAYERS = 8
"""Layers of the deepest run whose numbers are all shown."""

Writer = Callable[[Any], str]

_STYLE = """
.minigrad-card { padding: 8px; overflow-x: auto; }
.minigrad-card .minigrad-table { padding: 0 12px 4px 0; }
.minigrad-head { font-size: 14px; margin-bottom: 4px; overflow-wrap: anywhere; }
.minigrad-picture { overflow-x: auto; margin-top: 6px; }
.minigrad-picture svg { display: block; max-width: none; }
.minigrad-card table.minigrad-list { border-collapse: collapse; border: 0; margin: 0; background: none; }
.minigrad-card table.minigrad-list > tbody > tr, .minigrad-card table.minigrad-list > thead > tr { background: none; }
.minigrad-card table.minigrad-list > tbody > tr > *, .minigrad-card table.minigrad-list > thead > tr > * {
  text-align: left; vertical-align: top; padding: 4px 14px 4px 0; border: 0; font-size: 13px; max-width: none;
  border-top: 1px solid var(--minigrad-rule); color: var(--minigrad-ink); background: none; }
.minigrad-card table.minigrad-list > thead > tr > * { border: 0; font-weight: bold; }
.minigrad-card table.minigrad-list > tbody > tr > td:first-child { white-space: nowrap; }
.minigrad-card summary { cursor: pointer; }
"""


def _never_raises(write: Writer) -> Writer:
    """The same writer, which shows the repr where it fails."""

    @wraps(write)
    def always(what: Any) -> str:
        try:
            return write(what)
        except Exception as error:
            return _fallback(what, error)

    return always


@_never_raises
def node_html(node: Any) -> str:
    """A node: its name and op, its value, the gradient that the last sweep gave it, and the graph of a small one.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> "no backward yet" in node_html(x), "minigrad-fallback" in node_html(x)
    (True, False)
    """
    parts = [_table(node.value, "value")]
    if node.grad is not None:
        parts.append(_table(node.grad, "gradient"))
    else:
        reason = "no backward yet" if node.differentiable else "never differentiated"
        parts.append(f'<div class="minigrad-table"><div class="minigrad-quiet">gradient: {reason}</div></div>')
    head = _head(node.name or "", _kind(node) + (f", in {' / '.join(node.scope)}" if node.scope else ""))
    row = f'<div class="minigrad-row" style="align-items: flex-start">{"".join(parts)}</div>'
    return _card(head, row, _node_picture(node))


@_never_raises
def gradients_html(gradients: Mapping[Any, Any]) -> str:
    """The gradients of a sweep, as `backward` returns them: for each node its op and its gradient, output first.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> gradients_html((x * x).backward()).count("<tr><td><b>")
    1
    """
    nodes = list(gradients)
    said = "one node" if len(nodes) == 1 else f"{len(nodes):,} nodes"
    if len(nodes) > LISTED:
        named = [node for node in nodes if node.name or node.op is None]
        nodes = named[:LISTED]
        said += f"; here are {'the' if len(named) <= LISTED else f'{len(nodes)} of the {len(named):,}'} named ones"
    lines = [(_bold(node.name), escape(visible(_kind(node), 80)), _gradient(gradients[node])) for node in nodes]
    return _card(_head("", f"gradients of {said}"), _list(("node", "op", "gradient"), lines))


@_never_raises
def map_html(linear_map: Any) -> str:
    """A linear map by its structure, as `viz.table` draws it.

    >>> import numpy as np, minigrad as mg
    >>> "diag(d) : (2,) → (2,)" in map_html(mg.Diagonal(np.ones(2)))
    True
    """
    return table(linear_map).html


@_never_raises
def run_html(run: Any) -> str:
    """A network's run, layer by layer: weights, z and a with what the sweep gave them, and the graph of a small one.

    >>> import minigrad as mg
    >>> run = mg.Network((2, 1), rng=0).forward([[0.0, 1.0]], [[1.0]])
    >>> "run of a 2-1 network, 1 sample" in run_html(run)
    True
    """
    graph = as_graph(run)
    layers: dict[int, dict[str, Any]] = {}
    for _, data in graph.nodes(data=True):
        if data["part"] is not None:
            layers.setdefault(data["layer"], {})[data["part"]] = data
    sizes = [layers[layer]["a"]["shape"][0] for layer in sorted(layers)]
    samples = layers[min(layers)]["a"]["shape"][1]
    cost = graph.nodes[graph.graph["output"]]["value"]
    said = f"run of a {'-'.join(map(str, sizes))} network, {samples:,} sample{'s' if samples != 1 else ''}: J = "
    said += numbers.scalar(cost) + ("" if graph.graph["swept"] else "; no backward yet")
    show = _both if len(layers) <= LAYERS else _norms
    lines = [
        (f"layer {layer}", *[show(layers[layer].get(part)) for part in ("theta", "z", "a")]) for layer in sorted(layers)
    ]
    return _card(_head("", said), _list(("", "weights", "z", "a"), lines), _picture(graph))


# --- parts of a card --------------------------------------------------------------------------------------------------


def _card(*parts: str) -> str:
    inside = "\n".join(part for part in parts if part)
    return f'<div class="minigrad-card">\n<style>{shades.STYLE}{_STYLE}</style>\n{inside}\n</div>'


def _head(name: str, words: str) -> str:
    return f'<div class="minigrad-head">{_bold(name)} {escape(visible(words, 200))}</div>'


def _bold(name: str | None) -> str:
    return f"<b>{escape(visible(name))}</b>" if name else ""


def _kind(node: Any) -> str:
    """'parameter', 'constant', or the op with its settings and the form that was computed in its place."""
    if node.op is None:
        return str(node.kind)
    return repr(node.op) + ("" if node.form is None else f", computed as {node.form.op.name}")


def _table(array: Any, name: str | None = None) -> str:
    return f'<div class="minigrad-table">{fragment(array, name).html}</div>'


def _list(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    """A table of cells that are markup already."""
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return f'<table class="minigrad-list"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>'


def _gradient(array: Any) -> str:
    """A gradient in a list: numbers as they are, a large one behind its summary, to be opened."""
    if array.ndim <= 2 and max(array.shape, default=1) <= WRITTEN:
        return _table(array)
    summary = ", ".join(f"{caption} {number}" for caption, number in numbers.summary(array))
    return f"<details><summary>{escape(f'{array.shape}: {summary}')}</summary>{_table(array)}</details>"


def _both(data: dict[str, Any] | None) -> str:
    """A value of a run and, below it, its gradient."""
    if data is None:
        return ""
    below = "" if data["grad"] is None else _table(data["grad"], f"∂J/∂{data['name']}")
    return _table(data["value"], data["name"]) + f"<div>{below}</div>"


def _norms(data: dict[str, Any] | None) -> str:
    """The same in short, for a run of many layers."""
    if data is None:
        return ""
    lines = [f"{visible(data['name'] or '')} {data['shape']}", f"‖·‖ {numbers.scalar(numbers.norm(data['value']), 4)}"]
    if data["grad"] is not None:
        lines.append(f"‖gradient‖ {numbers.scalar(numbers.norm(data['grad']), 4)}")
    return "<br/>".join(map(escape, lines))


# --- pictures ---------------------------------------------------------------------------------------------------------


def _node_picture(node: Any) -> str:
    """The graph of a node with few others before it; nothing for a leaf, a line for a large one."""
    if node.op is None:
        return ""
    if not _is_drawn(node):
        return _note(f"its graph has more than {DRAWN} nodes: viz.render(node, path) draws it")
    return _picture(as_graph(node))


def _is_drawn(node: Any) -> bool:
    """Whether at most DRAWN nodes are in its graph; it looks no further than that, so that no repr takes long."""
    seen = {id(node)}
    waiting = [node]
    while waiting and len(seen) <= DRAWN:
        for source in waiting.pop().inputs:
            if id(source) not in seen:
                seen.add(id(source))
                waiting.append(source)
    return len(seen) <= DRAWN


def _picture(graph: nx.MultiDiGraph) -> str:
    """The diagram for light and for dark pages, of which one is shown; before its sweep, without gradients."""
    if len(graph) > DRAWN:
        return _note(f"its graph has {len(graph):,} nodes: viz.render draws it")
    try:
        pictures = {theme: _svg(graph, theme) for theme in ("light", "dark")}
    except NoRendererError:
        return _note("a diagram needs Graphviz: pip install 'pygraphviz>=2.0', or the dot program on PATH")
    except RenderError:
        return _note("Graphviz could not draw the diagram; viz.render says why")
    name = graph.nodes[graph.graph["output"]]["name"]
    told = escape(visible(f"computational graph of {name}" if name else "computational graph"))
    # Where a page takes the style away, the light one is seen.
    away = {"light": "", "dark": ' style="display: none"'}
    return "\n".join(
        f'<div class="minigrad-picture minigrad-if-{theme}"{away[theme]} role="group" aria-label="{told}" tabindex="0">'
        f"{svg}</div>"
        for theme, svg in pictures.items()
    )


def _svg(graph: nx.MultiDiGraph, theme: str) -> str:
    """The diagram as an element of a page: without ids, which must not occur twice in it, and titles such as n3."""
    with tempfile.TemporaryDirectory() as folder:
        path = render(graph, Path(folder, "graph.svg"), theme=theme, gradients=graph.graph["swept"])
        root = ET.fromstring(path.read_bytes())
    for element in root.iter():
        element.attrib.pop("id", None)
        for title in element.findall("{http://www.w3.org/2000/svg}title"):
            element.remove(title)
        element.tag = element.tag.rpartition("}")[2]  # in HTML an svg needs no namespace
    return ET.tostring(root, encoding="unicode")


def _note(words: str) -> str:
    return f'<div class="minigrad-quiet">{escape(words)}</div>'


def _fallback(what: Any, error: Exception) -> str:
    """The repr of what could not be drawn, and the kind of error for who wants to know."""
    try:
        shown = repr(what)
    except Exception:
        shown = f"<{type(what).__name__}>"
    lines = "\n".join(escape(visible(line, 500)) for line in shown.splitlines())
    return f'<pre class="minigrad-fallback" title="{escape(type(error).__name__)}">{lines}</pre>'
