"""How long a picture takes: python -m benchmarks.pictures [--large].

The time of each stage apart: the view graph (`to_networkx`), the text (`viz.dot`; folded, as by default, and with every
node drawn), and drawing that text, by each renderer that is here. A picture with every node drawn is only written, not
drawn: laying out thousands of tables is what folding is there to spare us.
"""

from __future__ import annotations

import argparse
import gc
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

import minigrad as mg
import viz
from viz import inprocess, renderers

TIMES = 3
FORMATS = ("svg", "png")
EVERY_NODE = 10**9


def layers(count: int) -> mg.Node:
    """A network of so many layers of six units, 4 nodes each, in scopes."""
    rng = np.random.default_rng(0)
    run = mg.Network((6,) * (count + 1), rng=0).forward(rng.normal(size=(1, 6)), np.eye(6)[:1])
    return run.J


def chain(nodes: int) -> mg.Node:
    """tanh of tanh of tanh …"""
    h = mg.parameter(np.full((2, 1), 0.5), name="x")
    for _ in range(nodes - 2):
        h = mg.tanh(h)
    return mg.sum(h)


def recurrent(steps: int) -> mg.Node:
    """h ← tanh(W h + U x + b), 6 nodes a step; W, U and b are shared by all."""
    rng = np.random.default_rng(0)
    W, U = mg.parameter(rng.normal(size=(4, 4)) * 0.3, name="W"), mg.parameter(rng.normal(size=(4, 2)), name="U")
    b, h = mg.parameter(np.zeros((4, 1)), name="b"), mg.constant(np.zeros((4, 1)), name="h₀")
    for t in range(steps):
        x = mg.constant(rng.normal(size=(2, 1)), name=f"x{t}")
        h = mg.tanh(W @ h + U @ x + b)
    return mg.sum(h * h)


def blocks(count: int) -> mg.Node:
    """h ← h + tanh(W h), a residual block of 4 nodes; each has a W of its own."""
    rng = np.random.default_rng(0)
    h = mg.parameter(rng.normal(size=(3, 1)), name="x")
    for i in range(count):
        W = mg.parameter(rng.normal(size=(3, 3)) / 9, name=f"W{i}")
        h = mg.add(h, mg.tanh(mg.matmul(W, h, name=f"z{i}")), name=f"h{i}")
    return mg.sum(h * h)


ROWS: dict[str, Callable[[], mg.Node]] = {
    "100 layers": partial(layers, 100),
    "recurrent, 50 steps": partial(recurrent, 50),
    "chain of 1,000": partial(chain, 1_000),
    "recurrent, 166 steps": partial(recurrent, 166),
    "250 residual blocks": partial(blocks, 250),
    "chain of 10,000": partial(chain, 10_000),
    "2,500 layers": partial(layers, 2_500),
    "recurrent, 1,666 steps": partial(recurrent, 1_666),
    "2,500 residual blocks": partial(blocks, 2_500),
}
LARGE: dict[str, Callable[[], mg.Node]] = {"chain of 100,000": partial(chain, 100_000)}


def network(sizes: tuple[int, ...], samples: int) -> mg.network.Run:
    """A network's run, swept."""
    rng = np.random.default_rng(0)
    labels = np.eye(sizes[-1])[rng.integers(0, sizes[-1], samples)]
    run = mg.Network(sizes, rng=0).forward(rng.normal(size=(samples, sizes[0])), labels)
    run.J.backward()
    return run


PAGES: dict[str, Callable[[], mg.network.Run]] = {
    "notes' network": partial(network, (2, 4, 4, 4), 1),
    "400-25-10, 50 samples": partial(network, (400, 25, 10), 50),
}


def seconds(work: Callable[[], object]) -> float:
    """The shortest of a few times; collecting the garbage of others is not counted."""
    found = []
    for _ in range(TIMES):
        gc.collect()
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


def drawing() -> Iterator[tuple[str, Callable[[str, str], bytes]]]:
    """The renderers that are here."""
    if shutil.which("dot"):
        yield "dot", renderers.by_program
    if find_spec("pygraphviz"):
        yield "pygraphviz", inprocess.draw


def main() -> None:
    """Print a line for each graph: its size, and milliseconds for each stage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="a graph of 100,000 nodes too")
    rows = ROWS | (LARGE if parser.parse_args().large else {})
    drawn_by = [(f"{name} {form}", form, draw) for name, draw in drawing() for form in FORMATS]
    heads = ["to_networkx", "dot, folded", "dot, all", *(head for head, _, _ in drawn_by)]
    print(f"milliseconds, the shortest of {TIMES}\n{'':24}{'nodes':>8}{'edges':>8}", *(f"{head:>15}" for head in heads))
    for name, make in rows.items():
        J = make()
        J.backward()
        G = mg.to_networkx(J)
        text = viz.dot(G).source
        stages = [
            partial(mg.to_networkx, J),
            lambda G=G: viz.dot(G).source,
            lambda G=G: viz.dot(G, collapse_above=EVERY_NODE).source,
            *(partial(draw, text, form) for _, form, draw in drawn_by),
        ]
        times = (f"{1e3 * seconds(stage):15,.1f}" for stage in stages)
        print(f"{name:24}{len(G):8,}{G.number_of_edges():8,}", *times, flush=True)
    pages()


def pages() -> None:
    """Print the size of the explorer's page for some networks, and the milliseconds it takes to write."""
    print(f"\n{'the explorer':24}{'kB':>8}{'ms':>8}")
    with TemporaryDirectory() as folder:
        for name, make in PAGES.items():
            path, run = Path(folder, "graph.html"), make()
            time = seconds(partial(viz.explore, run, path))
            print(f"{name:24}{path.stat().st_size / 1e3:8,.0f}{1e3 * time:8,.0f}", flush=True)


if __name__ == "__main__":
    main()
