"""Folding: a large graph becomes a small one that leaves nothing out."""

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import viz_graphs
from hypothesis import given
from hypothesis import strategies as st
from viz_graphs import GraphBuilder

import viz
from viz.fold import _reach, fold


def boxes(G):
    return [data["fold"] for _, data in G.nodes(data=True) if "fold" in data]


def random_graph(seed, size, arguments, scopes):
    """A random acyclic graph: each node takes earlier ones, all near ones as likely as far ones; swept."""
    rng = np.random.default_rng(seed)
    g = GraphBuilder()
    contributions = {}
    for i in range(size):
        scope = tuple(f"s{rng.integers(3)}" for _ in range(rng.integers(scopes + 1)))
        chosen = tuple(int(j) for j in rng.integers(i, size=rng.integers(arguments + 1))) if i else ()
        node = g.op("f", chosen, 0.0, scope=scope) if chosen else g.leaf(0.0, scope=scope)
        contributions |= {(u, node, k): rng.normal() for k, u in enumerate(chosen)}
    return g.graph(size - 1, grads={n: rng.normal() for n in range(size)}, contributions=contributions)


@given(
    st.integers(0, 2**32),
    st.integers(1, 80),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(min_value=2, max_value=60),
)
def test_nothing_is_lost_in_folding(seed, size, arguments, scopes, above):
    """Nodes and edges are drawn, counted at a box, or inside one; gradients add up; the cost stays; the bound holds."""
    G = random_graph(seed, size, arguments, scopes)
    H = fold(G, above)
    if H is G:
        assert len(G) <= above
        return
    assert len(H) <= max(2, above // 5)
    assert H.number_of_edges() <= 5 * max(2, above // 5)
    plain = [node for node, data in H.nodes(data=True) if "fold" not in data]
    assert sum(box.count for box in boxes(H)) + len(plain) == len(G)
    assert G.graph["output"] in plain
    assert all(H.nodes[node] == G.nodes[node] for node in plain)
    kept = sum(data.get("count", 1) for *_, data in H.edges(data=True))
    assert kept <= G.number_of_edges()
    squares = sum(box.norm**2 for box in boxes(H)) + sum(float(H.nodes[node]["grad"]) ** 2 for node in plain)
    assert squares == pytest.approx(sum(float(grad) ** 2 for _, grad in G.nodes(data="grad")))


def test_a_small_graph_is_not_folded():
    G = viz_graphs.network()
    assert fold(G, len(G)) is G
    assert "folded" not in viz.dot(G).source


def test_scopes_fold_before_runs():
    """Ten blocks of forty: ten boxes that bear the blocks' names."""
    H = fold(viz_graphs.chain(400, block=40), 300)
    assert [box.name for box in boxes(H)] == [f"block {i}" for i in range(10)]
    assert {(box.count, box.ops) for box in boxes(H)} == {(40, (("tanh", 40),))}


def test_inner_scopes_fold_before_outer_ones():
    g = GraphBuilder()
    node = g.leaf(1.0)
    for i in range(40):
        node = g.op("f", (node,), 1.0, scope=("outer", f"inner {i // 10}"))
    H = fold(g.graph(node), 35)
    assert [box.name for box in boxes(H)] == [f"inner {i}" for i in range(3)] + [None]
    assert {H.nodes[n]["scope"] for n in H if "fold" in H.nodes[n]} == {("outer",), ("outer", "inner 3")}


def test_a_run_is_one_box_between_its_ends():
    H = fold(viz_graphs.chain(1000), 300)
    assert [box.count for box in boxes(H)] == [1000]
    assert list(nx.topological_sort(H)) == list(H)
    assert [data["count"] for *_, data in H.edges(data=True)] == [1, 1]
    assert boxes(H)[0].norm == pytest.approx(np.sqrt(1000 * 0.25))


def test_a_run_of_scopes_is_named_by_its_first_and_last():
    H = fold(viz_graphs.chain(4000, block=4), 300)
    assert [box.name for box in boxes(H)] == ["block 0 … block 999"]


def test_a_box_of_scopes_and_more_is_named_by_them_too():
    g = GraphBuilder()
    node = g.leaf(1.0)
    for i in range(40):
        node = g.op("f", (node,), 1.0, scope=(f"step {i // 2}",) if i < 38 else ())
    H = fold(g.graph(g.op("f", (node,), 1.0)), 20)
    assert [box.name for box in boxes(H)] == ["step 0 … step 18"]


def test_shared_parameters_stay_beside_a_folded_run():
    """A recurrent net: one weight, used at each step, is not lost in the box of the steps."""
    g = GraphBuilder()
    W, h = g.leaf(np.eye(2), name="W"), g.leaf(np.ones((2, 1)), name="h")
    for _ in range(500):
        h = g.op("tanh", (g.op("matmul", (W, h), np.ones((2, 1))),), np.ones((2, 1)))
    H = fold(g.graph(g.op("sum", (h,), 2.0, name="J")), 300)
    assert [H.nodes[n]["name"] for n in H if "fold" not in H.nodes[n]] == ["W", "h", "J"]
    assert [box.repeated for box in boxes(H)] == [(500, ("matmul", "tanh"))]
    assert [data["count"] for *_, data in H.edges(W, data=True)] == [500]


def test_a_lone_parameter_within_a_run_is_still_seen():
    """Parameters go into boxes only where they repeat too, or where folding ops alone does not suffice."""
    g = GraphBuilder()
    node, b = g.leaf(1.0, name="x"), g.leaf(1.0, name="b")
    for i in range(400):
        node = g.op("add", (node, b), 1.0) if i == 200 else g.op("tanh", (node,), 1.0)
    H = fold(g.graph(g.op("f", (node,), 1.0, name="J")), 300)
    assert [H.nodes[n]["name"] for n in H if "fold" not in H.nodes[n]] == ["x", "b", None, "J"]


def test_repeated_blocks_are_one_box_with_the_leaves_of_their_own():
    """Forty-eight blocks, each with a weight; the input before them and the head after them are still seen."""
    g = GraphBuilder()
    x = h = g.leaf(1.0, name="x")
    for i in range(48):
        W = g.leaf(1.0, name=f"W{i}")
        h = g.op("add", (h, g.op("tanh", (g.op("matmul", (W, h), 1.0),), 1.0)), 1.0)
    top = g.op("exp", (h,), 1.0, name="top")
    H = fold(g.graph(g.op("sum", (top,), 1.0, name="J")), 100)
    assert [H.nodes[n]["name"] for n in H if "fold" not in H.nodes[n]] == ["x", "top", "J"]
    assert [(box.count, box.repeated) for box in boxes(H)] == [(192, (48, ("matmul", "tanh", "add")))]
    assert [(u, data["count"]) for u, _, data in H.edges(data=True) if u == x] == [(x, 2)]


def test_repeated_scopes_are_one_box_named_by_its_first_and_last_op():
    """The layers of a deep network, whose parameters were all made before, the last layer's first."""
    g = GraphBuilder()
    weights = {i: g.leaf(1.0, scope=(f"layer {i}",)) for i in reversed(range(90))}
    h = g.leaf(1.0, name="x", role="constant")
    for i in range(90):
        h = g.op("tanh", (g.op("matmul", (weights[i], h), 1.0, scope=(f"layer {i}",)),), 1.0, scope=(f"layer {i}",))
    H = fold(g.graph(g.op("sum", (h,), 1.0, name="J")), 200)
    assert [(box.name, box.repeated) for box in boxes(H)] == [("layer 0 … layer 89", (90, ("matmul", "tanh")))]
    assert [H.nodes[n]["name"] for n in H if "fold" not in H.nodes[n]] == ["x", "J"]


def test_a_box_says_its_block_and_what_else_it_holds():
    source = viz.dot(viz_graphs.recurrent(50), collapse_above=100).source
    assert "× 50 · matmul, add, tanh<" in source
    assert "constant × 50<" in source
    assert "matmul × 50" not in source
    assert "200 of 203 nodes are folded into one box" in source


def test_ops_in_no_order_are_counted():
    """Where nothing repeats, there is no block to name."""
    rng = np.random.default_rng(0)
    g = GraphBuilder()
    node = g.leaf(1.0)
    for _ in range(400):
        node = g.op(f"f{rng.integers(50)}", (node,), 1.0)
    H = fold(g.graph(g.op("sum", (node,), 1.0)), 300)
    assert {box.repeated for box in boxes(H)} == {None}


def test_contributions_to_one_node_are_summed_before_the_norm():
    """Fifty steps give a shared weight its gradient: what their box passes back is that, cancellation and all."""
    g = GraphBuilder()
    W, h = g.leaf(1.0, name="W"), g.leaf(1.0, name="h", role="constant")
    contributions = {}
    for step in range(50):
        before, h = h, g.op("multiply", (W, h), 1.0)
        contributions |= {(W, h, 0): (-1.0) ** step * step, (before, h, 1): 1.0}
    G = g.graph(g.op("f", (h,), 1.0), grads={W: -25.0}, contributions=contributions)
    H = fold(G, 20)
    ((_, _, data),) = H.edges(W, data=True)
    assert (data["count"], data["norm"]) == (50, 25.0)


def test_the_picture_says_what_was_folded():
    source = viz.dot(viz_graphs.chain(10_000)).source
    assert "10,000 of 10,002 nodes are folded into one box" in source
    assert "10,000 nodes folded" in source
    assert "× 10,000 · tanh" in source
    assert "‖gradients‖" in source
    assert viz.dot(viz_graphs.chain(30), collapse_above=20).source.count("nodes folded") == 1


def test_a_dense_graph_is_bounded_in_edges():
    """A few nodes may have edges past counting."""
    g = GraphBuilder()
    nodes = [g.leaf(1.0)]
    for _ in range(120):
        nodes.append(g.op("add", tuple(nodes), 1.0))
    H = fold(g.graph(nodes[-1]), 300)
    assert H.number_of_edges() <= 300


def test_edges_too_long_to_lay_out_are_folded():
    """A recurrent net of 50 steps has 203 nodes; Graphviz would need minutes for the edges of its shared weight."""
    G = viz_graphs.recurrent(50)
    assert len(G) < 300
    assert len(fold(G, 300)) == 4
    short = viz_graphs.recurrent(20)
    assert fold(short, 300) is short


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 4))
def test_the_reach_of_edges_is_that_of_the_longest_paths(seed, size, arguments):
    """Against ranks from networkx; the order of the nodes does not matter."""
    G = random_graph(seed, size, arguments, 0)
    rank = {n: k for k, layer in enumerate(nx.topological_generations(G)) for n in layer}
    shuffled = [int(n) for n in np.random.default_rng(seed).permutation(list(G))]
    assert _reach(shuffled, list(G.edges())) == sum(rank[v] - rank[u] for u, v in G.edges())


def test_boxes_that_lead_back_have_a_reach_too():
    assert _reach([0, 1], [(0, 1), (1, 0)]) == 2
    assert _reach([0, 1, 2], [(0, 1), (1, 2), (2, 1)]) in (2, 3)


def test_scopes_that_lead_into_one_another_and_back_are_drawn():
    """Graphviz aborts on such clusters, and the process with it, unless it ranks nodes one by one."""
    program = (
        "import sys, viz, test_viz_fold as t; viz.inprocess.draw(viz.dot(t.random_graph(5, 60, 2, 1)).source, 'svg')"
    )
    pytest.importorskip("pygraphviz")
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": folders}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_chain_of_a_hundred_thousand_nodes_is_no_recursion():
    G = viz_graphs.chain(100_000)
    assert len(viz.dot(G).source) < 10_000


def test_before_backward_boxes_have_no_norm():
    g = GraphBuilder()
    node = g.leaf(1.0)
    for _ in range(50):
        node = g.op("f", (node,), 1.0)
    source = viz.dot(g.graph(node), collapse_above=20).source
    assert "‖gradients‖" not in source
    assert "dashed" not in source
