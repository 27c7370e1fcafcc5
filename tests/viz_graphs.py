"""Small graphs in the shape that `minigrad.to_networkx` makes, built by hand: the tests of pictures need no engine.

    g = GraphBuilder()
    x = g.leaf(3.0, name="x")
    y = g.op("multiply", (x, x), 9.0)
    G = g.graph(y, grads={x: 6.0, y: 1.0}, contributions={(x, y, 0): 3.0, (x, y, 1): 3.0})

`python tests/viz_graphs.py` writes the golden files anew; look at the difference before you commit it.
"""

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

import viz

GOLDEN = Path(__file__).parent / "golden"


class GraphBuilder:
    """Collects nodes in creation order; `graph` closes it."""

    def __init__(self) -> None:
        self.G = nx.MultiDiGraph()

    def leaf(self, value: Any, *, name: Any = None, role: str = "parameter", scope: tuple[str, ...] = ()) -> int:
        return self._add(value, op=None, label="", name=name, role=role, scope=scope, form=None)

    def op(
        self,
        op: str,
        arguments: tuple[int, ...],
        value: Any,
        *,
        name: Any = None,
        scope: tuple[str, ...] = (),
        label: str = "",
        form: str | None = None,
        pulls: tuple[str | None, ...] = (),
    ) -> int:
        node = self._add(value, op=op, label=label or op, name=name, role="intermediate", scope=scope, form=form)
        for position, argument in enumerate(arguments):
            text = pulls[position] if position < len(pulls) else None
            self.G.add_edge(argument, node, position, jacobian=None, pulls=text, contribution=None)
        return node

    def graph(self, output: int, *, grads: Any = None, contributions: Any = None) -> nx.MultiDiGraph:
        """The finished graph; with `grads`, {node: array}, it is one after a backward sweep."""
        self.G.graph.update(output=output, swept=grads is not None)
        self.G.nodes[output]["role"] = "cost"
        for step, node in enumerate(reversed(list(self.G)), 1):
            self.G.nodes[node]["sweep"] = None if self.G.nodes[node]["role"] == "constant" else step
        for node, grad in (grads or {}).items():
            self.G.nodes[node]["grad"] = np.asarray(grad, dtype=float)
        for edge, contribution in (contributions or {}).items():
            self.G.edges[edge]["contribution"] = np.asarray(contribution, dtype=float)
        return self.G

    def _add(self, value: Any, **data: Any) -> int:
        array = np.asarray(value)
        node = len(self.G)
        self.G.add_node(
            node, **data, value=array, grad=None, shape=array.shape, dtype=str(array.dtype), layer=None, sweep=None
        )
        return node


def square(swept: bool = True) -> nx.MultiDiGraph:
    """x * x at x = 3: two parallel edges, whose contributions add up."""
    g = GraphBuilder()
    x = g.leaf(3.0, name="x")
    y = g.op("multiply", (x, x), 9.0, name="y", pulls=("diag(x)", "diag(x)"))
    if not swept:
        return g.graph(y)
    return g.graph(y, grads={x: 6.0, y: 1.0}, contributions={(x, y, 0): 3.0, (x, y, 1): 3.0})


def diamond() -> nx.MultiDiGraph:
    """A shared node, nested scopes, constants, a zero gradient, other dtypes, a stable form, large arrays."""
    g = GraphBuilder()
    x = g.leaf([1.0, -2.0], name="x")
    c = g.leaf(np.array([True, False]), name="mask", role="constant", scope=("outer",))
    left = g.op("tanh", (x,), [0.7616, -0.964], scope=("outer", "left"), pulls=("diag(1 − a²)",))
    right = g.op("where", (c, x), [1.0, 0.0], scope=("outer",), pulls=(None, "diag(mask)"))
    idle = g.leaf(np.arange(600, dtype=np.int64).reshape(20, 30), name="idle", role="constant")
    W = g.leaf(np.arange(5000.0).reshape(50, 100), name="W")
    top = g.op("gather", (left, right, idle, W), np.ones((7, 2), np.float32), label="gather(axis=0)", form="take")
    J = g.op("sum", (top,), 14.0, name="J", label="sum(axis=None)")
    grads = {x: [0.5, 0.25], left: [0.0, 0.0], right: [0.5, 0.0], W: np.zeros((50, 100)), top: np.ones((7, 2)), J: 1.0}
    contributions = {
        (x, left, 0): [0.0, 0.25],
        (x, right, 1): [0.5, 0.0],
        (left, top, 0): [0.0, 0.0],
        (right, top, 1): [0.5, 0.0],
        (W, top, 3): np.zeros((50, 100)),
        (top, J, 0): np.ones((7, 2)),
    }
    return g.graph(J, grads=grads, contributions=contributions)


def network(sizes: tuple[int, ...] = (2, 4, 4, 4)) -> nx.MultiDiGraph:
    """The notes' network on one sample after a backward sweep, its numbers by the notes' formulas (N1-N10) in NumPy."""
    rng = np.random.default_rng(0)
    g = GraphBuilder()
    up = "⁰¹²³⁴⁵⁶⁷⁸⁹"
    y, a = np.eye(sizes[-1])[:, :1], rng.normal(size=(sizes[0], 1)).round(3)
    node_y = g.leaf(y, name="Y", role="constant")
    node_a = g.leaf(a, name="a¹", role="constant", scope=("layer 1",))
    node_1 = g.leaf(np.ones((1, 1)), name="a₀", role="constant")
    grads: dict[int, Any] = {}
    contributions: dict[tuple[int, int, int], Any] = {}
    layers = []
    for l, (units, before) in enumerate(zip(sizes[1:], sizes, strict=False), start=2):
        scope = (f"layer {l}",)
        theta = rng.normal(size=(units, before + 1)).round(3)
        full = np.vstack([[[1.0]], a])
        z = theta @ full
        a = 1 / (1 + np.exp(-z))
        pulls = f"· [1; a{up[l - 1]}]ᵀ", f"[Θ{up[l - 1]}]ᵀ ·"
        node_theta = g.leaf(theta, name=f"Θ{up[l - 1]}", scope=scope)
        node_full = g.op("concatenate", (node_1, node_a), full, scope=scope, label="concatenate(axis=0)")
        node_z = g.op("matmul", (node_theta, node_full), z, name=f"z{up[l]}", scope=scope, pulls=pulls)
        layers.append((node_a, node_theta, node_full, node_z, theta, full, a))
        node_a = g.op("sigmoid", (node_z,), a, name=f"a{up[l]}", scope=scope, pulls=(f"diag(g′(z{up[l]}))",))
    cost = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))
    node_j = g.op("cross_entropy", (node_a, node_y), cost, name="J", form="sigmoid_cross_entropy")
    a_bar = contributions[node_a, node_j, 0] = grads[node_a] = (a - y) / (a * (1 - a))
    grads[node_j] = 1.0
    node_next = node_a
    for node_a, node_theta, node_full, node_z, theta, full, a in reversed(layers):
        delta = contributions[node_z, node_next, 0] = grads[node_z] = a_bar * a * (1 - a)
        contributions[node_theta, node_z, 0] = grads[node_theta] = delta @ full.T
        contributions[node_full, node_z, 1] = grads[node_full] = theta.T @ delta
        if node_z != layers[0][3]:
            a_bar = contributions[node_a, node_full, 1] = grads[node_a] = grads[node_full][1:]
        node_next = node_a
    return g.graph(node_j, grads=grads, contributions=contributions)


def residual() -> nx.MultiDiGraph:
    """y = x + tanh(W x) and J = Σ y²: x and y each feed two edges, and their contributions are added."""
    rng = np.random.default_rng(1)
    x, W = rng.normal(size=(2, 1)).round(3), rng.normal(size=(2, 2)).round(3)
    h = np.tanh(W @ x)
    y = x + h
    g = GraphBuilder()
    node_x = g.leaf(x, name="x")
    node_w = g.leaf(W, name="W", scope=("block",))
    node_z = g.op("matmul", (node_w, node_x), W @ x, name="z", scope=("block",), pulls=("· [x]ᵀ", "[W]ᵀ ·"))
    node_h = g.op("tanh", (node_z,), h, name="h", scope=("block",), pulls=("diag(tanh′(z))",))
    node_y = g.op("add", (node_x, node_h), y, name="y", scope=("block",), pulls=("I", "I"))
    node_s = g.op("multiply", (node_y, node_y), y * y, pulls=("diag(y)", "diag(y)"))
    node_j = g.op("sum", (node_s,), np.sum(y * y), name="J", label="sum(axis=None)", pulls=("broadcast",))
    z_bar = 2 * y * (1 - h * h)
    grads = {node_x: 2 * y + W.T @ z_bar, node_w: z_bar @ x.T, node_z: z_bar, node_h: 2 * y, node_y: 2 * y}
    contributions = {
        (node_w, node_z, 0): z_bar @ x.T,
        (node_x, node_z, 1): W.T @ z_bar,
        (node_z, node_h, 0): z_bar,
        (node_x, node_y, 0): 2 * y,
        (node_h, node_y, 1): 2 * y,
        (node_y, node_s, 0): y,
        (node_y, node_s, 1): y,
        (node_s, node_j, 0): np.ones((2, 1)),
    }
    return g.graph(node_j, grads=grads | {node_s: np.ones((2, 1)), node_j: 1.0}, contributions=contributions)


def recurrent(steps: int) -> nx.MultiDiGraph:
    """h ← tanh(W h + x), with one W for all steps and an x of its own for each; swept, its numbers made up."""
    g = GraphBuilder()
    W, h = g.leaf([[0.5]], name="W"), g.leaf([[1.0]], name="h₀", role="constant")
    grads, contributions = {W: [[float(steps)]]}, {}
    for _ in range(steps):
        x, before = g.leaf([[0.1]], role="constant"), h
        product = g.op("matmul", (W, before), [[0.5]])
        total = g.op("add", (product, x), [[0.6]])
        h = g.op("tanh", (total,), [[0.5]])
        grads |= {node: [[0.1]] for node in (product, total, h)}
        contributions |= {(W, product, 0): [[1.0]], (product, total, 0): [[0.1]], (total, h, 0): [[0.1]]}
        if before in grads:
            contributions[before, product, 1] = [[0.1]]
    J = g.op("sum", (h,), 0.5, name="J")
    return g.graph(J, grads=grads | {J: 1.0}, contributions=contributions | {(h, J, 0): [[0.1]]})


def chain(length: int, *, block: int = 0) -> nx.MultiDiGraph:
    """x → tanh → … → tanh → J; each `block` of them, if any, in a scope of its own."""
    g = GraphBuilder()
    node = g.leaf([1.0], name="x")
    grads, contributions = {node: [0.5]}, {}
    for i in range(length):
        scope = (f"block {i // block}",) if block else ()
        before, node = node, g.op("tanh", (node,), [0.5], scope=scope)
        grads[node] = contributions[before, node, 0] = [0.5]
    J = g.op("sum", (node,), 0.5, name="J")
    return g.graph(J, grads=grads | {J: 1.0}, contributions=contributions | {(node, J, 0): [0.5]})


def named(name: Any) -> nx.MultiDiGraph:
    """A graph that bears one name wherever a name can stand: nodes, op, label, scopes, form, local Jacobian."""
    g = GraphBuilder()
    x = g.leaf(1.0, name=name, scope=(name, name))
    y = g.op(name, (x,), 1.0, name=name, label=name, form=name, pulls=(name,))
    return g.graph(y, grads={x: 1.0, y: 1.0}, contributions={(x, y, 0): 1.0})


def green(node: Any) -> Any:
    """A style handler: tanh in green."""
    return {"fillcolor": "#BFE8C5", "penwidth": 2} if node["op"] == "tanh" else NotImplemented


GOLDENS = {
    "square": lambda: viz.dot(square()),
    "square_before_backward": lambda: viz.dot(square(swept=False)),
    "diamond": lambda: viz.dot(diamond()),
    "network": lambda: viz.dot(network()),
    "residual": lambda: viz.dot(residual()),
    "residual_dark": lambda: viz.dot(residual(), theme="dark"),
    "residual_print": lambda: viz.dot(residual(), theme="print"),
    "residual_forward": lambda: viz.dot(residual(), direction="forward", gradients=False),
    "residual_jacobians": lambda: viz.dot(residual(), values=False, gradients=False),
    "residual_styled": lambda: viz.dot(residual(), values=False, styles=[green]),
    "diamond_reverse": lambda: viz.dot(diamond(), direction="reverse", values=False),
    "names": lambda: viz.dot(named('<b>"\\N" & co</b>')),
    "folded_scopes": lambda: viz.dot(chain(24, block=8), collapse_above=25),
    "folded_blocks": lambda: viz.dot(recurrent(50), collapse_above=100),
}


if __name__ == "__main__":
    for name, picture in GOLDENS.items():
        (GOLDEN / f"{name}.dot").write_bytes(picture().source.encode())
