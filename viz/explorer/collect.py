"""Collect: all that the page knows of a graph, as plain data; model.mjs says what the page makes of it."""

from typing import Any

import networkx as nx

from viz.explorer import markup
from viz.explorer.numbers_out import Budget, array, matrix, number
from viz.fold import fold
from viz.labels import visible

__all__ = ["collect"]

Data = dict[str, Any]

LONGEST_NAME = 200


def collect(whole: nx.MultiDiGraph, collapse_above: int) -> Data:
    """The data of the page for a view graph; a large one is folded, as in the diagram.

    Nodes and edges keep the view graph's numbers. `steps` are the nodes in the order of the reverse sweep; `scopes`
    are in the order of the clusters in the drawing, the first being no scope.
    """
    graph = fold(whole, collapse_above)
    scopes = _scopes(graph)
    budget = Budget.for_arrays(_sizes(graph))
    steps = {node: _sweep(whole, node) for node in graph}
    order = sorted((step, node) for node, step in steps.items() if step is not None)
    return {
        "output": graph.graph["output"],
        "swept": graph.graph["swept"],
        "total": len(whole),
        "limit": budget.entries,
        "steps": [node for _, node in order],
        "scopes": [_scope(scope, scopes) for scope in scopes],
        "nodes": [_node(node, data, scopes, budget) for node, data in graph.nodes(data=True)],
        "edges": [_edge(u, v, k, data, budget) for u, v, k, data in graph.edges(keys=True, data=True)],
        "layers": _layers(graph),
    }


def _sweep(whole: nx.MultiDiGraph, node: int) -> int | None:
    """The node's place in the reverse sweep; of a box, that of the node it is named after."""
    place: int | None = whole.nodes[node]["sweep"]
    return place


def _sizes(graph: nx.MultiDiGraph) -> list[int]:
    """The sizes of all arrays that the page could show."""
    arrays = [data[key] for _, data in graph.nodes(data=True) if "fold" not in data for key in ("value", "grad")]
    arrays += [term for *_, term in graph.edges(data="contribution")]
    return [each.size for each in arrays if each is not None]


def _scopes(graph: nx.MultiDiGraph) -> dict[tuple[str, ...], int]:
    """Every scope with its number, in the order of the drawing's clusters."""
    found: dict[tuple[str, ...], int] = {(): 0}
    for _, scope in graph.nodes(data="scope"):
        for depth in range(1, len(scope) + 1):
            found.setdefault(scope[:depth], len(found))
    return found


def _scope(scope: tuple[str, ...], numbers: dict[tuple[str, ...], int]) -> Data:
    if not scope:
        return {"name": "", "parent": None}
    return {"name": _shown(scope[-1]), "parent": numbers[scope[:-1]]}


def _node(node: int, data: Data, scopes: dict[tuple[str, ...], int], budget: Budget) -> Data:
    out: Data = {"id": node, "scope": scopes[data["scope"]]}
    if "fold" in data:
        box = data["fold"]
        ops = [[_shown(op), count] for op, count in box.ops]
        norm = None if box.norm is None else number(box.norm)
        repeated = None if box.repeated is None else [box.repeated[0], [_shown(op) for op in box.repeated[1]]]
        about = {"count": box.count, "ops": ops, "norm": norm, "repeated": repeated}
        return out | {"name": _shown(box.name), "fold": about}
    lines = data.get("derivation")
    return out | {
        "name": _shown(data["name"]),
        "op": _shown(data["op"]),
        "label": _shown(data["label"]),
        "role": data["role"],
        "form": _shown(data["form"]),
        "sweep": data["sweep"],
        "value": array(data["value"], budget),
        "grad": array(data["grad"], budget),
        "derivation": None if lines is None else markup.tree(lines),
    }


def _edge(u: int, v: int, argument: int, data: Data, budget: Budget) -> Data:
    out: Data = {"u": u, "v": v, "arg": argument}
    if "count" in data:
        return out | {"count": data["count"], "norm": None if data["norm"] is None else number(data["norm"])}
    jacobian = data["jacobian"]
    return out | {
        "jacobian": None if jacobian is None else _shown(str(jacobian)),
        "pulls": _shown(data.get("pulls")),
        "matrix": matrix(jacobian, budget),
        "contribution": array(data["contribution"], budget),
    }


def _layers(graph: nx.MultiDiGraph) -> list[Data]:
    """Of a network's run: for each layer the nodes z, a and the Θ whose product z is; empty for any other graph."""
    layers: dict[int, Data] = {}
    for node, data in graph.nodes(data=True):
        if data.get("part") is not None:
            layers.setdefault(data["layer"], {"layer": data["layer"]})[data["part"]] = node
    whole = [layers[layer] for layer in sorted(layers) if "a" in layers[layer]]
    return whole if len(whole) > 1 else []


def _shown(name: Any) -> str:
    return "" if name is None else visible(str(name), LONGEST_NAME)
