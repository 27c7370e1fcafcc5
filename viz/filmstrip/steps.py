"""Steps: what the reverse sweep does, a node at a time, read off the view graph.

    sweep_steps   view graph → the steps in order: a node, the terms that come back to it, their sum

At its step a node's consumers have all had theirs, so that its gradient is complete: it is the sum of one term for each
edge by which the node goes into a consumer, the transpose of the edge's local Jacobian on the consumer's gradient.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from viz import numbers
from viz.labels import visible

__all__ = ["Names", "Step", "Term", "sweep_steps"]

LONGEST = 24
"""Names are shortened to so many characters here: a step's text holds several."""

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Term:
    """What one consumer passes back: contribution = transposed local Jacobian, on the consumer's gradient.

    edge: (node, consumer, argument).
    pulls: the transposed local Jacobian in symbols; None when the graph has no words for it.
    factor: its numbers, if they are a matrix small enough to read; `on_the_right`: the gradient stands before it.
    form: the op by which a stable form replaced the written way, where the numbers shown do not multiply out.
    """

    edge: tuple[int, int, int]
    pulls: str | None
    on_the_right: bool
    factor: Any
    incoming: Any
    contribution: Any
    form: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step, counted from 1; the gradient is the sum of the terms, or what the sweep began with."""

    number: int
    node: int
    gradient: Any
    terms: tuple[Term, ...]


def sweep_steps(graph: nx.MultiDiGraph) -> tuple[Step, ...]:
    """The steps of a graph's reverse sweep, in its order; none for a graph in which nothing is differentiated.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> J = x * x
    >>> _ = J.backward()
    >>> [(step.node, [float(term.contribution) for term in step.terms]) for step in sweep_steps(mg.to_networkx(J))]
    [(1, []), (0, [3.0, 3.0])]
    """
    order = sorted((place, node) for node, place in graph.nodes(data="sweep") if place is not None)
    return tuple(
        Step(number, node, graph.nodes[node]["grad"], tuple(_terms(graph, node)))
        for number, (_, node) in enumerate(order, 1)
    )


def _terms(graph: nx.MultiDiGraph, node: int) -> list[Term]:
    """Of each consumer in the order in which the sweep has met them: the last made comes first."""
    edges = sorted(graph.out_edges(node, keys=True), key=lambda edge: (-edge[1], edge[2]))
    return [_term(graph, edge) for edge in edges if graph.edges[edge]["contribution"] is not None]


def _term(graph: nx.MultiDiGraph, edge: tuple[int, int, int]) -> Term:
    data = graph.edges[edge]
    pulls, jacobian = data.get("pulls"), data["jacobian"]
    if pulls is None and jacobian is not None:
        pulls = f"transpose of {str(jacobian).rsplit(' : ', 1)[0]}"
    incoming, contribution = graph.nodes[edge[1]]["grad"], data["contribution"]
    on_the_right = pulls is not None and pulls.startswith("·")
    factor, form = _factor(graph, edge, pulls), None
    product = None if factor is None else _product(factor, incoming, on_the_right)
    if product is None or product.size != contribution.size:
        factor = None
    elif not np.allclose(product.ravel(), contribution.ravel(), rtol=1e-6, atol=1e-300, equal_nan=True):
        forms = [graph.nodes[after]["form"] for after in graph.successors(edge[1]) if graph.nodes[after]["form"]]
        form, factor = (forms[0], factor) if forms else (None, None)
    return Term(edge, pulls, on_the_right, factor, incoming, contribution, form)


def _product(factor: Any, incoming: Any, on_the_right: bool) -> Any:
    """The numbers of a term multiplied as they are shown; None if they do not fit."""
    left, right = (incoming, factor) if on_the_right else (factor, incoming)
    with np.errstate(all="ignore"):
        if 0 in (left.ndim, right.ndim):
            return left * right
        return left @ right if left.shape[-1] == right.shape[max(0, right.ndim - 2)] else None


def _factor(graph: nx.MultiDiGraph, edge: tuple[int, int, int], pulls: str | None) -> Any:
    """The numbers of the transposed local Jacobian, as the matrix by which a person would multiply; None if too large.

    Of a matrix product that is the other factor, transposed. Of all else it is the Jacobian's own matrix, where node
    and consumer are columns or single numbers, so that their entries stand in the order of its rows and columns.
    """
    u, v, argument = edge
    if pulls and graph.nodes[v]["op"] == "matmul" and (pulls.startswith("·") or pulls.endswith("·")):
        values = [graph.nodes[s]["value"] for s, _, key in graph.in_edges(v, keys=True) if key != argument]
        return next((value.T for value in values if value.ndim == 2 and numbers.is_small(value)), None)
    matrix = getattr(graph.edges[edge]["jacobian"], "matrix", None)
    if matrix is None or not (_is_column(graph.nodes[u]["value"]) and _is_column(graph.nodes[v]["value"])):
        return None
    with np.errstate(all="ignore"):  # at saturation a local Jacobian may be infinite: it is shown as what it is
        transposed = np.asarray(matrix()).T
    return transposed.reshape(()) if transposed.size == 1 else transposed


def _is_column(value: Any) -> bool:
    return value.size == 1 or (value.ndim == 2 and value.shape[1] == 1 and numbers.is_small(value))


class Names:
    """What the nodes of one graph are called in its steps, as plain text.

    A node without a name is called by its op and place, and so is one whose name another node bears too.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> names = Names(mg.to_networkx(x * x * x))
    >>> names.node(0), names.node(1), names.equation(2), names.gradient(0)
    ('x', 'multiply #1', 'J = multiply(multiply #1, x)', '∂J/∂x')
    """

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self._graph = graph
        given = {k: visible(data["name"], LONGEST) for k, data in graph.nodes(data=True) if data["name"]}
        bearers = Counter(given.values())
        output = graph.graph["output"]
        if output not in given and "J" not in bearers:
            given[output], bearers["J"] = "J", 1
        self._own = {k: given[k] for k in given if bearers[given[k]] == 1}

    def node(self, k: int) -> str:
        """The node's name, or what stands for it."""
        if k in self._own:
            return self._own[k]
        data = self._graph.nodes[k]
        return f"{visible(data['name'] or data['op'] or data['role'], LONGEST)} #{k}"

    def shows_op(self, k: int) -> bool:
        """Whether the node's op is still to be said beside its name."""
        data = self._graph.nodes[k]
        return bool(data["op"]) and bool(data["name"] or k in self._own)

    def equation(self, k: int) -> str:
        """How the node was made: z³ = matmul(Θ², a²). Of a leaf, what it is: Θ², a parameter."""
        data = self._graph.nodes[k]
        if data["op"] is None:
            return f"{self.node(k)}, a {data['role']}"
        sources = sorted((key, u) for u, _, key in self._graph.in_edges(k, keys=True))
        written = [self.node(u) for _, u in sources[:4]] + ["…"] * (len(sources) > 4)
        head, opened, settings = (data["label"] or data["op"]).partition("(")
        if opened and settings != ")":
            written.append(settings.removesuffix(")"))
        return f"{self.node(k)} = {visible(head, LONGEST)}({visible(', '.join(written), 4 * LONGEST)})"

    def arguments(self, k: int) -> int:
        """How many arguments the node's op takes."""
        return int(self._graph.in_degree(k))

    def gradient(self, k: int) -> str:
        """The symbol of the node's gradient: δ³ for a network's z³, ∂J/∂x for others."""
        data = self._graph.nodes[k]
        if data.get("part") == "z":
            return "δ" + str(data["layer"]).translate(SUPERSCRIPTS)
        return self.partial(k)

    def partial(self, k: int) -> str:
        """The gradient as a partial derivative: ∂J/∂x."""
        return f"∂{self.node(self._graph.graph['output'])}/∂{self.node(k)}"

    def pulled(self, term: Term) -> str:
        """The term in symbols: [Θ³]ᵀ · δ⁴."""
        gradient, pulls = self.gradient(term.edge[1]), term.pulls
        if pulls is None:
            return gradient
        pulls = visible(pulls, 60)
        if " ∘ " in pulls:
            return f"({pulls}) {gradient}"
        return f"{gradient} {pulls}" if term.on_the_right else f"{pulls} {gradient}"

    def line(self, step: Step) -> str:
        """The step in one line of plain text."""
        symbol = self.gradient(step.node)
        if not step.terms:
            began = step.node == self._graph.graph["output"]
            return f"{self.node(step.node)}: {symbol}, " + ("where the sweep begins" if began else "nothing flows back")
        terms = " + ".join(self.pulled(term) for term in step.terms)
        return f"{self.node(step.node)}: {symbol} = Σ of {len(step.terms)}: {terms}"
