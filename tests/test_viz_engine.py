"""Pictures of the engine's own graphs: what they show is what the engine computed."""

import re

import numpy as np
import pytest
from test_viz_dot import edges, label, statements, texts

import minigrad as mg
import viz
from viz import numbers


def named_text(source, name):
    """What the picture says in the box of the node with this name."""
    nodes = [texts(label(s)) for s in statements(source) if re.match(r"n\d+ \[", s)]
    (shown,) = [text for text in nodes if text.startswith(f"{name} (")]
    return shown


def digits(array):
    """An array as a small table reads, row by row."""
    return " ".join(entry for row in numbers.grid(array) for entry in row)


@pytest.fixture
def run():
    net = mg.Network((2, 4, 4, 4), rng=0)
    return net.forward(np.array([[0.5, -0.3]]), np.array([[1.0, 0.0, 0.0, 0.0]]))


def test_the_notes_network_shows_every_delta_and_gradient(run):
    """Each z^(l) bears δ^(l), each Θ^(l) its gradient, in the digits of the engine's arrays."""
    run.J.backward()
    source = viz.dot(run).source
    for l, delta in run.deltas().items():
        name = f"z{'⁰¹²³⁴'[l]}"
        assert named_text(source, name) == f"{name} (4, 1) value {digits(run.z[l].value)} gradient {digits(delta)}"
    for l, gradient in run.theta_gradients().items():
        assert named_text(source, f"Θ{'⁰¹²³⁴'[l]}").endswith(f"gradient {digits(gradient)}")
    assert re.search(r"subgraph cluster_\d+ \{[^{]*>layer 3<", source)


def test_each_dashed_edge_bears_the_contribution_of_its_consumer(run):
    run.J.backward()
    G = mg.to_networkx(run)
    dashed = [e for e in edges(viz.dot(run).source) if "dashed" in e]
    flows = [(u, v, data) for u, v, data in G.edges(data=True) if data["contribution"] is not None]
    assert len(dashed) == len(flows)
    assert flows
    for edge, (u, v, data) in zip(dashed, flows, strict=True):
        assert edge.startswith(f"n{u} -> o{v} [")
        assert texts(label(edge)) == f"{data['pulls']} {digits(data['contribution'])}"
    assert "[Θ³]ᵀ ·" in [data["pulls"] for *_, data in flows]


def test_a_run_and_its_cost_make_one_picture(run):
    assert viz.dot(run).source == viz.dot(run.J).source == viz.dot(mg.to_networkx(run.J)).source


def test_before_backward_the_network_says_so(run):
    source = viz.dot(run).source
    assert named_text(source, "z³").endswith("gradient no backward yet")
    assert named_text(source, "a¹").endswith("gradient not differentiated")
    assert "dashed" not in source


def test_the_sweep_of_another_cost_is_not_shown():
    """.grad belongs to the last J; a picture of another one has no gradients."""
    x = mg.parameter(3.0, name="x")
    first, second = x * x, x + 1.0
    first.backward()
    assert named_text(viz.dot(first).source, "x").endswith("gradient Σ of 2 6")
    assert named_text(viz.dot(second).source, "x").endswith("gradient no backward yet")


def test_x_times_x_has_two_edges_and_a_sum():
    x = mg.parameter(3.0, name="x")
    J = x * x
    J.backward()
    source = viz.dot(J).source
    assert named_text(source, "x") == "x () value 3 gradient Σ of 2 6"
    assert len([e for e in edges(source) if e.startswith("n0 -> o1")]) == 2
    assert len([e for e in edges(source) if e.startswith("s0 -> o1")]) == 2


def test_a_stable_form_is_named(run):
    assert "computed as sigmoid_cross_entropy" in viz.dot(run).source


def test_a_diamond_of_sixty_levels_is_drawn():
    """2^60 paths, 301 nodes."""
    h = mg.parameter(1.0, name="x")
    for _ in range(60):
        h = h * 0.5 + h * 0.5
    h.backward()
    source = viz.dot(h, collapse_above=301).source
    assert named_text(source, "x") == "x () value 1 gradient Σ of 2 1"


def test_large_arrays_and_dtypes_are_summarised():
    x = mg.parameter(np.linspace(0, 1, 10_000, dtype=np.float32).reshape(100, 100), name="x")
    J = mg.sum(x * mg.constant(2.0, name="two"))
    J.backward()
    source = viz.dot(J).source
    assert named_text(source, "x").startswith("x (100, 100) float32 value min 0 max 1 mean 0.5 ‖·‖ 57.7")
    assert named_text(source, "x").endswith("gradient all 2")
    assert named_text(source, "two") == "two () value 2"


def test_one_leaf_alone_is_a_picture(tmp_path):
    x = mg.parameter(3.0, name="x")
    assert "no backward yet" in viz.dot(x).source
    assert viz.render(x, tmp_path / "x.svg").exists()


def test_hostile_names_of_the_engine_stay_text():
    with mg.scope("<scope>"):
        x = mg.parameter(3.0, name="</TD>\\N")
        J = mg.sum(x * x)
    source = viz.dot(J).source
    assert "&lt;/TD&gt;\\\\N" in source
    assert "&lt;scope&gt;" in source


def test_ten_thousand_nodes_fold():
    h = mg.parameter(np.ones(2), name="x")
    for _ in range(10_000):
        h = mg.tanh(h)
    J = mg.sum(h)
    J.backward()
    assert "10,000 of 10,002 nodes are folded into one box" in viz.dot(J).source


def test_drawing_leaves_the_view_graph_as_it_was():
    x = mg.parameter(3.0, name="x")
    G = mg.to_networkx(x * x)
    before = {n: dict(data) for n, data in G.nodes(data=True)}, list(G.edges(keys=True))
    viz.dot(G)
    assert ({n: dict(data) for n, data in G.nodes(data=True)}, list(G.edges(keys=True))) == before
