"""The pictures of README and docs, drawn anew: make pictures."""

from pathlib import Path

import networkx as nx

import minigrad as mg
import viz
from minigrad.demo.backpropagation import notes_run

FOLDER = Path(__file__).parent / "pictures"


def network() -> mg.Node:
    """The network of the notes on one sample, after the reverse sweep: the picture that `make demo` shows."""
    run = notes_run()
    run.J.backward()
    return run.J


def layer() -> nx.MultiDiGraph:
    """Its last layer and the cost, cut out of the same graph: small enough to read on a page."""
    graph = mg.to_networkx(network())
    named = {data["name"]: node for node, data in graph.nodes(data=True)}
    kept = [node for node, data in graph.nodes(data=True) if data["scope"] in {("layer 4",), ("cost",)}]
    cut = graph.subgraph([*kept, named["a³"], named["Y"]]).copy()
    cut.nodes[named["a³"]]["op"] = None  # what it was computed from is not in the picture
    return cut


def square() -> mg.Node:
    """x · x: two edges from one node, whose contributions add up."""
    x = mg.parameter(3.0, name="x")
    J = mg.multiply(x, x, name="J")
    J.backward()
    return J


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in (network, layer, square):
        path = viz.render(draw(), FOLDER / f"{draw.__name__}.svg")
        print(f"{path.relative_to(FOLDER.parents[1])}: {draw.__doc__}")
