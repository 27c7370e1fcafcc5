"""The picture's text: what it shows of a graph, and that it is the same each time."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import viz_graphs
from viz_graphs import GraphBuilder

import viz
from viz.theme import LIGHT

TESTS = Path(__file__).parent


def statements(source: str) -> list[str]:
    """The DOT statements, labels with their line breaks included."""
    return source.split("\n\t")


def edges(source: str) -> list[str]:
    return [s for s in statements(source) if re.match(r"[nos]\d+ -> ", s)]


def label(statement: str) -> str:
    """The markup of a statement's label: DOT balances angle brackets, and so do we."""
    depth, start = 0, statement.index("label=<") + len("label=")
    for i in range(start, len(statement)):
        depth += {"<": 1, ">": -1}.get(statement[i], 0)
        if depth == 0:
            return statement[start + 1 : i]
    raise AssertionError(f"no end of the label in {statement!r}")


def texts(markup: str) -> str:
    """What a reader sees of some markup."""
    return " ".join(re.sub(r"<[^<>]*>", " ", markup).split())


def node_text(source: str, node: str) -> str:
    (statement,) = [s for s in statements(source) if s.startswith(f"{node} [")]
    return texts(label(statement))


@pytest.mark.parametrize("name", sorted(viz_graphs.GOLDENS))
def test_the_text_is_the_golden_one(name):
    """A change of a picture is seen in review: `python tests/viz_graphs.py` writes these files."""
    golden = (viz_graphs.GOLDEN / f"{name}.dot").read_bytes().decode()
    assert viz_graphs.GOLDENS[name]().source == golden


def test_the_text_is_the_same_in_another_process():
    """Nothing in it hangs on addresses or on the order of a set, whatever the hash seed."""
    program = (
        "import sys, viz, viz_graphs as v\n"
        "pictures = v.network(), v.diamond(), v.chain(900, block=9), v.chain(500)\n"
        "sys.stdout.buffer.write(''.join(viz.dot(g).source for g in pictures).encode())"
    )
    outputs = set()
    for seed in ("0", "1", "12345"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert outputs.pop().startswith(b"digraph")


def test_every_parallel_edge_is_drawn_with_its_contribution():
    """x * x has two edges; what comes back along both is added at a ⊕, and x says that it is the sum of two."""
    source = viz.dot(viz_graphs.square()).source
    forward = [e for e in edges(source) if e.startswith("n0 -> o1")]
    reverse = [e for e in edges(source) if e.startswith("s0 -> o1")]
    (total,) = [e for e in edges(source) if e.startswith("n0 -> s0")]
    assert [texts(label(e)) for e in forward] == ["arg 0", "arg 1"]
    assert [texts(label(e)) for e in reverse] == ["diag(x) 3"] * 2
    assert all("dashed" in e and 'dir="back"' in e for e in (total, *reverse))
    assert node_text(source, "s0") == "+"
    assert node_text(source, "n0") == "x () value 3 gradient Σ of 2 6"


def test_no_backward_yet_is_not_a_zero_gradient():
    """Before the sweep there is no number to show; after it a zero is a number."""
    before = viz.dot(viz_graphs.square(swept=False)).source
    assert node_text(before, "n0") == "x () value 3 gradient no backward yet"
    assert "dashed" not in before
    g = GraphBuilder()
    x = g.leaf(3.0, name="x")
    y = g.op("floor", (x,), 3.0)
    after = viz.dot(g.graph(y, grads={x: 0.0, y: 1.0}, contributions={(x, y, 0): 0.0})).source
    assert node_text(after, "n0") == "x () value 3 gradient 0"
    assert "no backward yet" not in after
    assert sum("dashed" in e for e in edges(after)) == 1


def test_one_contribution_is_no_sum():
    source = viz.dot(viz_graphs.network()).source
    assert "Σ of" not in source
    assert "⊕" not in source
    assert not re.search(r"\bs\d+ ", source)


def test_a_node_the_sweep_did_not_reach_says_so():
    g = GraphBuilder()
    x = g.leaf(3.0, name="x")
    mask = g.op("greater", (x,), True, name="mask")
    y = g.op("where", (mask, x), 3.0)
    source = viz.dot(g.graph(y, grads={x: 1.0, y: 1.0}, contributions={(x, y, 1): 1.0})).source
    assert node_text(source, f"n{mask}") == "mask () bool value True gradient not differentiated"


def test_constants_have_no_gradient_line():
    source = viz.dot(viz_graphs.network()).source
    assert node_text(source, "n0") == "Y (4, 1) value 1 0 0 0"


def test_each_role_has_an_outline_and_a_colour_of_its_own():
    """Who can't tell the colours apart can tell the frames."""
    source = viz.dot(viz_graphs.network()).source
    G = viz_graphs.network()
    outlines, colours = {}, {}
    for node, role in G.nodes(data="role"):
        (statement,) = [s for s in statements(source) if s.startswith(f"n{node} [")]
        attributes = statement.replace(label(statement), "").split("]")[0]
        colours.setdefault(role, set()).add(re.search(r' color="(#\w+)"', attributes)[1])
        outlines.setdefault(role, set()).add(re.sub(r'n\d+|id="node-\d+"|(fill)?color="#\w+"', "", attributes))
        assert 'shape="box"' in attributes
    assert set(outlines) == {"parameter", "constant", "intermediate", "cost"}
    for seen in (outlines, colours):
        assert all(len(values) == 1 for values in seen.values())
        assert len({values.copy().pop() for values in seen.values()}) == 4


def test_small_arrays_are_tables_and_large_ones_summaries():
    source = viz.dot(viz_graphs.diamond()).source
    assert "min 0 max 599 mean 299.5" in node_text(source, "n4")
    assert "(20, 30) int64" in node_text(source, "n4")
    assert node_text(source, "n5").endswith("gradient all 0")
    assert node_text(source, "n0") == "x (2,) value 1 −2 gradient Σ of 2 0.5000 0.2500"


def test_a_stable_form_is_mentioned_on_its_op():
    assert node_text(viz.dot(viz_graphs.network()).source, "o15") == "cross_entropy computed as sigmoid_cross_entropy"


def test_scopes_are_nested_clusters():
    """`outer` holds `left`, and both close before the edges."""
    lines = viz.dot(viz_graphs.diamond()).source.splitlines()
    opened = [i for i, line in enumerate(lines) if line.startswith("subgraph cluster_")]
    closed = [i for i, line in enumerate(lines[:-1]) if line == "}"]
    outer, left = (next(i for i, line in enumerate(lines) if f">{name}<" in line) for name in ("outer", "left"))
    assert opened[0] < outer < opened[1] < left < closed[0] < closed[1]
    assert len(opened) == len(closed) == 2
    inside = "\n".join(lines[opened[1] : closed[0]])
    assert re.findall(r"^\t(\w+) \[", inside, re.M) == ["graph", "n2", "o2"]


def test_scopes_may_nest_deep():
    """The walk over scopes is a loop: Python's recursion limit does not bound them."""
    g = GraphBuilder()
    x = g.leaf(1.0, scope=tuple(f"s{i}" for i in range(2000)))
    assert viz.dot(g.graph(x)).source.count("subgraph") == 2000


def test_colours_have_six_digits():
    """dot 2.43 takes "#eef" for black."""
    for picture in viz_graphs.GOLDENS.values():
        found = re.findall(r'"(#\w*)"', picture().source)
        assert found
        assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in found)


def test_heat_is_relative_to_the_largest_gradient():
    """A gradient of 1e-3 beside one of 1 is three steps paler, wherever the scale lies."""
    for scale in (1e-200, 1.0, 1e200):
        g = GraphBuilder()
        x = g.leaf(1.0)
        y = g.op("f", (x,), 1.0)
        source = viz.dot(g.graph(y, grads={x: 1e-3 * scale, y: scale})).source
        heat = [re.findall(r'BGCOLOR="(#\w+)"', s)[0] for s in statements(source) if re.match(r"n\d+ \[", s)]
        assert heat == [LIGHT.heat[3]["bgcolor"], LIGHT.heat[0]["bgcolor"]]


def test_a_gradient_that_is_not_finite_stands_out():
    g = GraphBuilder()
    x = g.leaf(1.0)
    y = g.op("f", (x,), 1.0)
    source = viz.dot(g.graph(y, grads={x: np.nan, y: 1.0})).source
    assert node_text(source, "n0") == "() value 1 gradient nan"
    assert source.count(LIGHT.not_finite["bgcolor"]) == 2  # the node and the legend


def test_viz_takes_only_the_view_from_minigrad():
    """viz reads view.py's networkx graph and nothing else."""
    uses = []
    for path in (TESTS.parent / "viz").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                uses += [alias.name for alias in node.names if alias.name.startswith("minigrad")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("minigrad"):
                uses.append(node.module)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "minigrad":
                uses.append(f"minigrad.{node.attr}")
    assert uses == ["minigrad", "minigrad.to_networkx"]
