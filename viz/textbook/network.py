"""Unit network: the layers, weights and numbers of one sample, read from the networkx graph of a network's run.

    read(graph, sample) → Net       layers 1 … L with z, a, δ and g′(z); Θ¹ … Θ^(L−1); y; J

The graph says which nodes are Θ, z and a (attribute `part`) and in which layer each z and a stands; all else of the
network follows the edges. Nothing is computed here but what the graph's own linear maps give.
"""

import operator
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from viz.errors import OptionError, VizError

__all__ = ["Layer", "Net", "NoNetworkError", "read"]

Array = npt.NDArray[Any]


class NoNetworkError(VizError, TypeError):
    """The unit view was asked for of something that is not a network's run.

    >>> import minigrad as mg
    >>> from viz.textbook.diagram import units
    >>> units(mg.parameter(1.0))
    Traceback (most recent call last):
    ...
    viz.textbook.network.NoNetworkError: units: this graph has no layers. Give it a run, run = net.forward(X, Y), ...
    """


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer at one sample, each array (s_l,): z, δ = ∂J/∂z and g′(z) are None in layer 1, δ before a sweep too."""

    number: int
    a: Array
    z: Array | None = None
    delta: Array | None = None
    slope: Array | None = None

    @property
    def size(self) -> int:
        """How many units the layer has, the bias unit not counted."""
        return len(self.a)


@dataclass(frozen=True, eq=False)
class Net:
    """A network at one sample. `thetas[l - 1]` is Θ^(l), bias column first; `y` is None where the cost has no labels.

    `cost` is the name and value of J; `terms` are those that J adds up, if it is a sum (data term, penalty).
    """

    layers: tuple[Layer, ...]
    thetas: tuple[Array, ...]
    y: Array | None
    cost: tuple[str, float]
    terms: tuple[tuple[str, float], ...]
    sample: int
    samples: int
    swept: bool

    @property
    def sizes(self) -> str:
        """The sizes of the layers, 2-4-4-4."""
        return "-".join(str(layer.size) for layer in self.layers)

    def checked(self, focus: tuple[int, int]) -> tuple[int, int]:
        """The layer and unit, if the network has them; unit 0 is the bias unit, which the last layer lacks."""
        try:
            l, i = map(operator.index, focus)
        except (TypeError, ValueError):
            raise OptionError(f"units: focus={focus!r} is not a pair (layer, unit), such as (3, 2).") from None
        last = len(self.layers)
        if not 1 <= l <= last:
            raise OptionError(f"units: focus={(l, i)}: the network has the layers 1 … {last}.")
        size = self.layers[l - 1].size
        if not (l == last) <= i <= size:
            bias = "no bias unit" if l == last else "0 is its bias unit"
            raise OptionError(f"units: focus={(l, i)}: layer {l} has the units 1 … {size} ({bias}).")
        return l, i


def read(graph: nx.MultiDiGraph, sample: int) -> Net:
    """The network of a run's graph at one sample, counted from 0.

    Raises:
        NoNetworkError: the graph has no parts Θ, z, a: it is not that of a run.
        OptionError: no such sample.
    """
    z, a = _by_layer(graph, "z"), _by_layer(graph, "a")
    numbers = sorted(a)
    if not z or numbers != list(range(1, len(a) + 1)) or sorted(z) != numbers[1:]:
        raise NoNetworkError(
            "units: this graph has no layers. Give it a run, run = net.forward(X, Y), or minigrad.to_networkx(run); "
            "the graph of a cost alone, to_networkx(run.J), does not say which nodes are Θ, z and a."
        )
    samples = graph.nodes[a[1]]["value"].shape[1]
    sample = _checked_sample(sample, samples)
    layers = [Layer(1, graph.nodes[a[1]]["value"][:, sample])]
    layers += [_layer(graph, l, z[l], a[l], sample) for l in numbers[1:]]
    thetas = tuple([graph.nodes[_argument(graph, z[l], 0)]["value"] for l in numbers[1:]])
    J = graph.graph["output"]
    terms = [u for u, _ in graph.in_edges(J)] if graph.nodes[J]["op"] == "add" else []
    y = _labels(graph, a[len(a)])
    return Net(
        layers=tuple(layers),
        thetas=thetas,
        y=None if y is None else y[:, sample],
        cost=_named(graph, J),
        terms=tuple([_named(graph, u) for u in terms]),
        sample=sample,
        samples=samples,
        swept=graph.graph["swept"],
    )


def _checked_sample(sample: int, samples: int) -> int:
    try:
        k = operator.index(sample)
    except TypeError:
        raise OptionError(f"units: sample={sample!r} is not a whole number.") from None
    if not 0 <= k < samples:
        raise OptionError(f"units: sample={k}: the run has the samples 0 … {samples - 1}.")
    return k


def _by_layer(graph: nx.MultiDiGraph, part: str) -> dict[int, int]:
    """The nodes that are z (or a) of a layer, by its number."""
    return {data["layer"]: k for k, data in graph.nodes(data=True) if data.get("part") == part}


def _layer(graph: nx.MultiDiGraph, l: int, z: int, a: int, sample: int) -> Layer:
    data = graph.nodes[z]
    slope = graph.edges[z, a, 0]["jacobian"](np.ones_like(data["value"]))  # diag(g′(z)) times ones
    delta = None if data["grad"] is None else data["grad"][:, sample]
    return Layer(l, graph.nodes[a]["value"][:, sample], data["value"][:, sample], delta, slope[:, sample])


def _labels(graph: nx.MultiDiGraph, a: int) -> Array | None:
    """y, the other argument of the cross entropy that takes a^(L)."""
    for _, v in graph.out_edges(a):
        if graph.nodes[v]["op"] == "cross_entropy":
            y: Array = graph.nodes[_argument(graph, v, 1)]["value"]
            return y
    return None


def _argument(graph: nx.MultiDiGraph, node: int, position: int) -> int:
    (source,) = [u for u, _, key in graph.in_edges(node, keys=True) if key == position]
    return int(source)


def _named(graph: nx.MultiDiGraph, node: int) -> tuple[str, float]:
    data = graph.nodes[node]
    return str(data["name"] or data["op"]), float(data["value"])
