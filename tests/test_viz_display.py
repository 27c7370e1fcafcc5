"""Display: a notebook shows nodes, gradients, maps, runs, derivations with the engine's numbers, and no traceback."""

import os
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from test_viz_names import HOSTILE, skeleton
from test_viz_tables import grids, numbers_of

import minigrad as mg
from viz import display
from viz.labels import visible

ROOT = str(Path(__file__).parent.parent)


@pytest.fixture(autouse=True)
def failures_are_loud(request, monkeypatch):
    """A writer that fails shows the repr; here it raises, but for the tests of just that."""
    if "fallback" in request.node.name:
        return

    def fail(what, error):
        raise error

    monkeypatch.setattr(display, "_fallback", fail)


def small_run(backward: bool = True) -> mg.network.Run:
    run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -1.0]], [[1.0, 0.0, 0.0, 0.0]])
    if backward:
        run.J.backward()
    return run


def words(html: str) -> str:
    """All text of a card outside its pictures and its style."""
    page = ET.fromstring(html)
    for parent in list(page.iter()):
        for child in list(parent):
            if child.tag in ("style", "svg"):
                parent.remove(child)
    return " ".join(" ".join(page.itertext()).split())


def pictures(html: str) -> dict[str, ET.Element]:
    """The diagrams of a card by the kind of page they are for."""
    found = {}
    for element in ET.fromstring(html).iter("div"):
        kinds = re.findall(r"minigrad-if-(\w+)", element.get("class", ""))
        found.update({kind: element.find("svg") for kind in kinds})
    return found


def drawn(svg: ET.Element) -> list[str]:
    return [(e.text or "").replace("\xa0", " ") for e in svg.iter() if e.tag == "text"]


# --- a notebook -------------------------------------------------------------------------------------------------------

PRELUDE = """
import minigrad as mg
run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -1.0]], [[1.0, 0.0, 0.0, 0.0]])
x = mg.parameter([1.0, -2.0], name="x")
swept = run.J.backward()
"""
CELLS = {
    "leaf": "x",
    "node": "run.z[3]",
    "cost": "run.J",
    "gradients": "swept",
    "map": "run.a[3].jacobians[0]",
    "total map": "mg.total_jacobian(run.J, run.z[2])",
    "run": "run",
    "derivation": "mg.derive(run.J, run.theta[3])",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What a notebook kernel answers to each cell, by MIME type."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    folder = tmp_path_factory.mktemp("jupyter")
    own = {name: str(folder / name.lower()) for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    path = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))
    cells = [nbformat.v4.new_code_cell(source) for source in (PRELUDE, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the notebook machinery are not ours
        for name, value in (own | {"PYTHONPATH": path}).items():
            patch.setenv(name, value)
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(folder))
    assert cells[0].outputs == []
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells[1:], strict=True)}


@pytest.mark.parametrize("cell", CELLS)
def test_a_notebook_shows_html_and_text_and_no_error(cell, shown):
    """One output a cell; neither a traceback nor a repr in place of what could not be drawn."""
    (output,) = shown[cell]
    assert output.output_type == "execute_result"
    assert {"text/html", "text/plain"} <= set(output.data)
    assert "minigrad-fallback" not in output.data["text/html"]
    ET.fromstring(output.data["text/html"])
    assert output.data["text/plain"].startswith("<")


def test_a_notebook_shows_the_engine_s_numbers(shown):
    run = small_run()
    html = {cell: outputs[0].data["text/html"] for cell, outputs in shown.items()}
    value, gradient = [numbers_of(grid) for grid in grids(html["node"])]
    assert np.array_equal(value, run.z[3].value)
    assert np.array_equal(gradient, run.deltas()[3])
    (jacobian,) = grids(html["map"])
    a = run.a[3].value[:, 0]
    np.testing.assert_allclose(numbers_of(jacobian), np.diag(a * (1 - a)), rtol=1e-14)
    (total,) = grids(html["total map"])
    np.testing.assert_allclose(numbers_of(total)[0], run.deltas()[2][:, 0], rtol=1e-14)
    assert html["run"] == display.run_html(run)


# --- nodes ------------------------------------------------------------------------------------------------------------


def test_a_node_shows_value_gradient_and_where_it_stands():
    with mg.scope("layer 2"), mg.scope("inner"):
        x = mg.parameter([[1.0, -2.0]], name="x")
        y = np.clip(x, 0.0, 5.0)
    J = mg.sum(y * y, name="J")
    J.backward()
    value, gradient = [numbers_of(grid) for grid in grids(display.node_html(y))]
    assert np.array_equal(value, y.value)
    assert np.array_equal(gradient, y.grad)
    assert words(display.node_html(y)).startswith(f"{y.op!r}, in layer 2 / inner value (1, 2)")
    assert words(display.node_html(x)).startswith("x parameter, in layer 2 / inner value (1, 2)")


def test_the_gradient_is_that_of_the_last_output():
    x = mg.parameter(3.0, name="x")
    (x * x).backward()
    (5 * x).backward()
    assert [numbers_of(grid)[0, 0] for grid in grids(display.node_html(x))] == [3.0, 5.0]


def test_no_gradient_is_not_a_zero_gradient():
    x = mg.parameter(3.0, name="x")
    assert "no backward yet" in words(display.node_html(x))
    assert "never differentiated" in words(display.node_html(mg.constant(3)))
    (x * 0).backward()
    assert "no backward yet" not in words(display.node_html(x))
    assert [numbers_of(grid)[0, 0] for grid in grids(display.node_html(x))] == [3.0, 0.0]


def test_a_stable_form_is_named():
    assert "cross_entropy, computed as sigmoid_cross_entropy" in words(display.node_html(small_run().J))


def test_a_small_graph_is_drawn_for_light_and_for_dark_pages():
    """Of the two the style shows one; where the style is taken away, the light one is left."""
    html = display.node_html(small_run().J)
    light, dark = pictures(html)["light"], pictures(html)["dark"]
    assert drawn(light) == drawn(dark)
    assert {"z³", "Θ³", "cross_entropy"} <= set(drawn(light))
    assert html.count('style="display: none"') == 1
    assert re.search(r"minigrad-if-dark\" style=\"display: none\"", html)
    backgrounds = [next(e for e in svg.iter() if e.tag == "polygon").get("fill").lower() for svg in (light, dark)]
    assert backgrounds[0] in ("white", "#ffffff")
    assert backgrounds[1] not in ("white", "#ffffff")


def test_a_picture_of_a_node_that_is_not_the_swept_output_has_no_reverse_half():
    run = small_run()
    assert any("reverse" in text for text in drawn(pictures(display.node_html(run.J))["light"]))
    inner = drawn(pictures(display.node_html(run.z[3]))["light"])
    assert not any("reverse" in text or text == "gradient" for text in inner)


def test_pictures_bear_no_ids():
    """Two outputs of one notebook are one page, on which an id must be the only one of its kind."""
    assert ' id="' not in display.node_html(small_run().J)
    assert "<title" not in display.node_html(small_run().J)


def test_a_leaf_needs_no_picture():
    assert "<svg" not in display.node_html(mg.parameter(1.0))


def test_a_large_graph_is_not_walked(monkeypatch):
    """A repr takes no longer because of what came before: neither the view graph is made, nor all nodes counted."""
    node = mg.parameter(1.0)
    for _ in range(display.DRAWN - 1):
        node = mg.tanh(node)
    assert "<svg" in display.node_html(node)
    longer = mg.tanh(node)
    monkeypatch.setattr(display, "as_graph", None)
    assert "more than 30 nodes: viz.render" in words(display.node_html(longer))

    class Link:
        asked = 0

        def __init__(self, *inputs):
            self._inputs = inputs

        @property
        def inputs(self):
            Link.asked += 1
            return self._inputs

    link = Link()
    for _ in range(1000):
        link = Link(link, link)
    assert not display._is_drawn(link)
    assert Link.asked <= display.DRAWN + 1


def test_without_graphviz_there_is_all_but_the_picture(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    html = display.node_html(small_run().J)
    assert "a diagram needs Graphviz" in words(html)
    assert len(grids(html)) == 2


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_and_does_nothing(name):
    """As node and scope, in cards of a node, of gradients, and in the diagram."""

    def cards(word):
        with mg.scope(word):
            x = mg.parameter([1.0, 2.0], name=word)
        J = mg.sum(x * x, name=word)
        swept = J.backward()
        return [display.node_html(x), display.node_html(J), display.gradients_html(swept)]

    for html, plain in zip(cards(name), cards("plain"), strict=True):
        assert skeleton(html.encode()) == skeleton(plain.encode())
        assert visible(name) in words(html).replace(" ", " ") or " ".join(visible(name).split()) in words(html)


# --- gradients --------------------------------------------------------------------------------------------------------


def test_gradients_are_listed_as_the_sweep_found_them():
    run = small_run()
    swept = run.J.backward()
    html = display.gradients_html(swept)
    assert words(html).startswith(f"gradients of {len(swept)} nodes")
    for grid, array in zip(grids(html), swept.values(), strict=True):
        assert np.array_equal(numbers_of(grid), np.atleast_2d(array))
    assert [row.find("td").find("b").text for row in rows(html)] == [node.name for node in swept]


def rows(html: str) -> list[ET.Element]:
    (listing,) = [t for t in ET.fromstring(html).iter("table") if t.get("class") == "minigrad-list"]
    return listing.find("tbody").findall("tr")


def test_of_many_gradients_the_named_ones_are_listed():
    x = mg.parameter(1.0, name="x")
    node = x
    for _ in range(40):
        node = mg.tanh(node)
    html = display.gradients_html((node * 2).backward())
    assert words(html).startswith("gradients of 42 nodes; here are the named ones")
    assert len(rows(html)) == 1
    total = sum(mg.parameter(1.0, name=f"x{k}") for k in range(30))
    html = display.gradients_html(total.backward())
    assert "; here are 20 of the 30 named ones" in words(html)
    assert len(rows(html)) == 20


def test_a_large_gradient_is_a_line_to_be_opened():
    W = mg.parameter(np.ones((30, 20)), name="W")
    html = display.gradients_html(mg.sum(W * W, name="J").backward())
    (details, _) = ET.fromstring(html).iter("details")
    assert details.find("summary").text == "(30, 20): all 1"
    assert details.find(".//{http://www.w3.org/2000/svg}svg") is not None


# --- runs -------------------------------------------------------------------------------------------------------------


def test_a_run_shows_its_layers_with_the_notes_numbers():
    """The gradients are held to the notes' formulas in NumPy, not to the sweep."""
    run = small_run()
    closed = run.closed_form()
    html = display.run_html(run)
    assert words(html).startswith("run of a 2-4-4-4 network, 1 sample: J = 3.76298")
    expected = [run.a[1].value]
    for layer in (2, 3, 4):
        expected += [run.theta[layer - 1].value, closed.theta_gradients[layer - 1]]
        expected += [run.z[layer].value, closed.deltas[layer], run.a[layer].value, run.a[layer].grad]
    for grid, array in zip(grids(html), expected, strict=True):
        np.testing.assert_allclose(numbers_of(grid), array, rtol=1e-12)
    captions = re.findall(r"∂J/∂\S+", words(html))
    assert captions == [f"∂J/∂{name}" for name in ("Θ¹", "z²", "a²", "Θ²", "z³", "a³", "Θ³", "z⁴", "a⁴")]


def test_a_run_before_its_sweep_says_so():
    html = display.run_html(small_run(backward=False))
    assert "no backward yet" in words(html)
    assert "∂J" not in words(html)


def test_a_deep_run_shows_norms():
    run = mg.Network((3,) * 12, rng=0).forward(np.ones((2, 3)), np.ones((2, 3)))
    run.J.backward()
    html = display.run_html(run)
    assert grids(html) == []
    shown = [float(text.replace("−", "-")) for text in re.findall(r"‖gradient‖ (\S+)", words(html))]
    closed = run.closed_form()
    for layer in range(2, 13):
        theta, z, _ = shown[3 * (layer - 2) : 3 * (layer - 1)]
        assert theta == pytest.approx(np.linalg.norm(closed.theta_gradients[layer - 1]), rel=1e-3)
        assert z == pytest.approx(np.linalg.norm(closed.deltas[layer]), rel=1e-3)
    assert "nodes: viz.render draws it" in words(html)


# --- what cannot be drawn ---------------------------------------------------------------------------------------------

WRITERS = [display.node_html, display.gradients_html, display.map_html, display.run_html]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_the_fallback_is_the_repr_as_text(writer):
    class Odd:
        def __repr__(self):
            return "<script>\n\u202e"

    html = writer(Odd())
    assert re.fullmatch(r'<pre class="minigrad-fallback" title="\w+">&lt;script&gt;\n⟨U\+202E⟩</pre>', html)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_the_fallback_needs_no_repr(writer):
    class Odd:
        def __repr__(self):
            raise ValueError

    assert "&lt;Odd&gt;" in writer(Odd())


def test_equal_programs_give_equal_bytes():
    program = (
        "import minigrad as mg; from viz import display\n"
        "run = mg.Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]]); swept = run.J.backward()\n"
        "print(display.run_html(run), display.node_html(run.J), display.gradients_html(swept))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": ROOT},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert b"minigrad-fallback" not in runs[0]
