"""Figures: what a value's box, an op's ellipse, a folded box and an edge say, as markup.

name (shape) dtype          (op)                 folded: a count, the repeated block, ‖gradients‖
value     │ 1 2 │           stable form, small
gradient  │ 3 4 │           edges: "arg 1"; back: the local Jacobian in symbols, the contribution
"""

from collections import Counter
from functools import cache
from typing import Any

import networkx as nx

from viz import labels, numbers
from viz.fold import Fold
from viz.labels import cell, rows, small
from viz.look import Look, flows_back

__all__ = ["fold_label", "forward_label", "op_label", "reverse_label", "value_label"]

Data = dict[str, Any]

MOST_OPS = 4
"""A line or list of a folded box has at most so many ops, the last of them …"""


def value_label(graph: nx.MultiDiGraph, node: int, look: Look) -> str:
    """Name, shape and any dtype but float64 on one line; below them the value and the gradient."""
    data = graph.nodes[node]
    kind = str(data["shape"]) + (f" {data['dtype']}" if data["dtype"] != "float64" else "")
    name = labels.bold(labels.text(data["name"])) + " " if data["name"] else ""
    lines = [[cell(name + small(labels.text(kind), look.theme.quiet), align="left", colspan=2)]]
    if look.values:
        lines.append([_caption("value", look), _left(labels.array(data["value"], look.theme.quiet))])
    if look.gradients and data["role"] != "constant":
        lines.append(_gradient_line(graph, node, look))
    return rows(lines)


def _gradient_line(graph: nx.MultiDiGraph, node: int, look: Look) -> list[str]:
    """The gradient on the heat of its norm; where several contributions meet, the caption says that it is a sum."""
    data = graph.nodes[node]
    grad = data["grad"]
    if grad is None:
        reason = "not differentiated" if graph.graph["swept"] or data["sweep"] is None else "no backward yet"
        return [_caption("gradient", look), _left(small(f"<I>{reason}</I>", look.theme.quiet))]
    terms = sum(edge.get("count", 1) for *_, edge in graph.out_edges(node, data=True) if flows_back(edge))
    caption = small("gradient", look.theme.quiet)
    if terms > 1:
        caption += small(f"<BR/>Σ of {terms:,}", look.theme.reverse)
    written = labels.array(grad, look.theme.quiet)
    return [_left(caption), cell(written, align="left", **look.heat.cell(numbers.norm(grad)))]


def _caption(word: str, look: Look) -> str:
    return _left(small(word, look.theme.quiet))


def _left(markup: str) -> str:
    return f'<TD ALIGN="left">{markup}</TD>'


def op_label(data: Data) -> str:
    """The op with its settings; below it, small, the stable form that was computed in its place, if any."""
    written = labels.text(data["label"] or data["op"])
    if data["form"] is None:
        return written
    return rows([[cell(written)], [cell(small("computed as " + labels.text(data["form"])))]], padding=1)


def fold_label(box: Fold, look: Look) -> str:
    """The scope's name if the box is one, how many nodes, what repeats, what else, and the norm of all gradients."""
    name = labels.bold(labels.text(box.name)) + " " if box.name else ""
    lines = [name + small(f"{box.count:,} nodes folded")]
    others = Counter(dict(box.ops))
    if box.repeated is not None:
        times, block = box.repeated
        counts = Counter(block)
        named = [(f"{count} " if count > 1 else "") + labels.text(op) for op, count in counts.items()]
        lines.append(f"× {times:,} · " + ", ".join(_shortened(named)))
        others -= Counter({op: times * count for op, count in counts.items()})
    lines += map(small, _shortened([f"{labels.text(op)} × {count:,}" for op, count in others.most_common()]))
    cells = [[_left(line)] for line in lines]
    if look.gradients and box.norm is not None:
        norm = small("‖gradients‖ ") + numbers.scalar(box.norm, 4)
        cells.append([cell(norm, align="left", **look.heat.cell(box.norm))])
    return rows(cells)


def _shortened(words: list[str]) -> list[str]:
    return words if len(words) <= MOST_OPS else [*words[: MOST_OPS - 1], "…"]


def forward_label(data: Data, argument: int, is_only: bool, look: Look) -> str:
    """Which argument of its op the edge is, where it has several; of folded edges how many."""
    if "count" in data:
        return _tag(f"× {data['count']:,}", look.theme.quiet) if data["count"] > 1 else ""
    return "" if is_only else _tag(f"arg {argument}", look.theme.quiet)


@cache
def _tag(words: str, colour: str) -> str:
    return rows([[cell(small(words, colour))]])


def reverse_label(data: Data, look: Look) -> str:
    """The transposed local Jacobian in symbols, and the contribution; of folded edges the joint norm.

    On the canvas's colour, for a label between two clusters may lie on the frame of one. Empty where all that it could
    say was left out.
    """
    lines = []
    if "count" in data:
        if look.gradients:
            lines.append(small(f"‖contribution‖ {numbers.scalar(data['norm'], 4)}"))
    else:
        if look.jacobians and data["pulls"]:
            lines.append(small(labels.text(data["pulls"], 60)))
        if look.gradients:
            lines.append(labels.array(data["contribution"], look.theme.quiet))
    return rows([[f"<TD>{line}</TD>"] for line in lines], bgcolor=look.theme.canvas) if lines else ""
