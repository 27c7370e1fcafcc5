"""The networkx graph of a graph: the only door through which pictures and other tools see nodes.

    G = to_networkx(J)      MultiDiGraph, an edge an argument, keyed by its position

A node's id is its place in the order of creation, so that the ids of one program are the same in every run. The
gradients shown are those of J's own backward(): of another output's sweep they would be the wrong numbers.
"""

from __future__ import annotations

import networkx as nx
import numpy as np

from .derivation import derive
from .derivation.page import lines_by_node
from .derivation.pulled import PulledBack
from .graph import Node, arguments_first, checked_node
from .jacobians import local_jacobian
from .linear_maps import LinearMap
from .linear_maps.algebra import Array
from .network import Run
from .queries import all_contributions
from .sweeps import consumers_first

READABLE = 500  # nodes of a graph whose edges are written in symbols


def to_networkx(what: Node | Run, *, derivation: bool = False) -> nx.MultiDiGraph:
    """The graph that a node, or a network's run, was computed by, as a networkx.MultiDiGraph.

    Graph attributes: `output` (the id of the cost), `swept` (whether its backward() has run; if not, there are no
    gradients to show, which is not zero). Node attributes: op, label, name, value, grad, shape, dtype, scope, layer,
    role (parameter, constant, intermediate, cost), form, sweep (place in the reverse sweep, from 1), part (of a run:
    "theta", "z" or "a", else None), derivation (its lines of the derivation in HTML, with `derivation=True` and where
    there are any, else None). Edge attributes: jacobian (a LinearMap, or None where nothing is differentiated), pulls
    (its transpose in symbols, such as "[Θ³]ᵀ ·", or None; of a graph too large to read without names), contribution
    (what the edge adds to its argument's gradient, or None).

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> G = to_networkx(x * x)
    >>> list(G.edges(keys=True)), G.nodes[0]["name"]
    ([(0, 1, 0), (0, 1, 1)], 'x')
    """
    run = what if isinstance(what, Run) else None
    output = what.J if isinstance(what, Run) else what
    order = arguments_first([checked_node(output, "to_networkx")])
    ids = {node: k for k, node in enumerate(order)}
    swept = _is_swept(output)
    steps = {node: k for k, node in enumerate(consumers_first(output), 1)} if output.differentiable else {}
    graph = nx.MultiDiGraph(output=ids[output], swept=swept)
    parts = {} if run is None else _parts(run)
    is_derived = derivation and output.differentiable and output.size == 1
    written = lines_by_node(derive(output).document) if is_derived else {}
    in_symbols = PulledBack(order).text if len(order) <= READABLE else _by_structure
    for node, k in ids.items():
        graph.add_node(
            k,
            op=None if node.op is None else node.op.name,
            label="" if node.op is None else repr(node.op),
            name=node.name,
            value=node.value,
            grad=gradient_for(node, output) if swept else None,
            shape=node.shape,
            dtype=node.dtype.name,
            scope=node.scope,
            layer=None if run is None else run.layer_of(node),
            role=_role(node, output),
            form=None if node.form is None else node.form.op.name,
            sweep=steps.get(node),
            part=parts.get(node),
            derivation=written.get(k),
        )
    with np.errstate(all="ignore"):  # the sweep said what there was to say
        terms = all_contributions(output) if swept else {}
    for consumer, v in ids.items():
        for k, source in enumerate(consumer.inputs):
            jacobian = _jacobian(consumer, k, source)
            graph.add_edge(
                ids[source],
                v,
                key=k,
                jacobian=jacobian,
                pulls=None if jacobian is None else in_symbols(consumer, k, jacobian),
                contribution=terms.get((consumer, k)),
            )
    return graph


def _is_swept(output: Node) -> bool:
    """Whether all gradients are those of the output's own sweep: another one may have written some of them since."""
    sweep = output._sweep
    if sweep is None or sweep.output_id != id(output):
        return False
    return all(node._sweep is sweep for node in consumers_first(output))


def gradient_for(node: Node, output: Node) -> Array | None:
    """The node's gradient, if it is one of `output`'s own sweep.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> J = x * x
    >>> _ = J.backward()
    >>> gradient_for(x, J), gradient_for(x, x + 1)
    (array(6.), None)
    """
    return node.grad if node._sweep is not None and node._sweep is output._sweep else None


def _parts(run: Run) -> dict[Node, str]:
    """What the nodes of a run are in the notes: Θ^(l), z^(l), a^(l)."""
    parts = (("theta", run.theta), ("z", run.z), ("a", run.a))
    return {node: letter for letter, nodes in parts for node in nodes.values()}


def _by_structure(node: Node, argument: int, jacobian: LinearMap) -> str:
    return jacobian.T.text()


def _role(node: Node, output: Node) -> str:
    if node is output and node.op is not None:
        return "cost"
    return node.kind if node.op is None else "intermediate"


def _jacobian(consumer: Node, k: int, source: Node) -> LinearMap | None:
    return local_jacobian(consumer, k) if consumer.differentiable and source.differentiable else None
