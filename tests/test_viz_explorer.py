"""The explorer: one offline file whose every number is the engine's, held to in a real browser."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from test_viz_names import HOSTILE

import minigrad as mg
from viz.diagram import as_graph
from viz.errors import UnknownFormatError
from viz.explorer import explore, markup, page
from viz.explorer.collect import LONGEST_NAME, collect
from viz.labels import visible

HERE = Path(__file__).parent
NPM_PACKAGES = ("axe-core@4", "typescript@5")
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
WIDTHS = (1440, 820, 390)
THEMES = ("light", "dark")


def notes_run(swept=True):
    """The notes' network on one sample."""
    run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -1.0]], [[1.0, 0.0, 0.0, 0.0]])
    if swept:
        run.J.backward()
    return run


def square():
    x = mg.parameter(3.0, name="x")
    J = mg.multiply(x, x, name="J")
    J.backward()
    return J


def many():
    """The view graph of shared nodes, nested scopes, NaN and infinity."""
    x = mg.parameter([[1.0, 2.0, 3.0], [0.0, -1.0, 0.5]], name="x")
    with mg.scope("outer"):
        y = mg.multiply(x, x, name="y")
        with mg.scope("inner"), np.errstate(all="ignore"):
            z = np.log(x) + y
    J = mg.sum(z, name="J")
    with np.errstate(all="ignore"):
        J.backward()
        return mg.to_networkx(J)


def data_of(path):
    """The page's JSON block, as a browser would read it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert found
    return json.loads(found[1])


def entries(values):
    """An array's entries as the page's data have them, by another way than the page's own."""
    if values.dtype.kind == "f":
        special = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
        return [special.get(str(x), float(x)) for x in values.ravel()]
    return values.ravel().tolist()


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_page_is_one_small_file_that_names_no_place_on_the_web(tmp_path):
    """Nothing can be fetched that is not named: only namespaces look like addresses."""
    path = explore(notes_run(), tmp_path / "notes.html")
    text = path.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [path]
    assert len(text.encode()) < 3_000_000
    assert set(re.findall(r"https?:[^\s\"'`<>)]*", text)) <= NAMESPACES
    outside_scripts = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert re.findall(r"\b(?:src|href)\s*=\s*[\"']?([^\"'\s>]*)", outside_scripts) == ["#nodes"]
    assert not re.search(r"@import|url\(", text)


def test_the_policy_allows_the_one_script_and_no_other(tmp_path):
    """By its hash, so that no attribute of an element and no other script can run."""
    text = explore(square(), tmp_path / "square.html").read_text("utf-8")
    script = re.search(r'<script type="module">(.*?)</script>', text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}';" in policy
    assert text.count("<script") == text.count("</script") == 2


@pytest.mark.parametrize("make", [lambda: notes_run().J, square, many, lambda: notes_run(swept=False).J])
def test_the_data_are_the_engines_numbers(make, tmp_path):
    """Values, gradients, contributions and local Jacobians, entry by entry and bit by bit."""
    what = make()
    graph = as_graph(what)
    data = data_of(explore(what, tmp_path / "page.html"))
    assert data["swept"] == graph.graph["swept"]
    assert [node["id"] for node in data["nodes"]] == list(graph)
    for node in data["nodes"]:
        for key in ("value", "grad"):
            array = graph.nodes[node["id"]][key]
            assert (node[key] and node[key]["data"]) == (None if array is None else entries(array))
    assert [(edge["u"], edge["v"], edge["arg"]) for edge in data["edges"]] == list(graph.edges(keys=True))
    for edge, (*_, expected) in zip(data["edges"], graph.edges(data=True), strict=True):
        term = expected["contribution"]
        assert (edge["contribution"] and edge["contribution"]["data"]) == (None if term is None else entries(term))
        if expected["jacobian"] is not None:
            dense = expected["jacobian"].matrix()
            cells = {(i, j): entry for i, j, entry in edge["matrix"]["cells"]}
            assert (edge["matrix"]["rows"], edge["matrix"]["columns"]) == dense.shape
            assert [cells.get(at, 0) for at in np.ndindex(dense.shape)] == entries(dense)


def test_the_steps_are_the_sweep(tmp_path):
    run = notes_run()
    graph = mg.to_networkx(run)
    order = sorted((step, node) for node, step in graph.nodes(data="sweep") if step is not None)
    assert data_of(explore(run, tmp_path / "notes.html"))["steps"] == [node for _, node in order]


def test_the_same_graph_gives_the_same_bytes_in_two_processes(tmp_path):
    """Whatever the order in which Python's sets and dicts hash their strings."""
    code = (
        "import sys, minigrad as mg; from viz.explorer import explore\n"
        "run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.5, -1.0]], [[1.0, 0.0, 0.0, 0.0]])\n"
        "run.J.backward(); explore(run, sys.argv[1])"
    )
    pages = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.html"
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=environment, cwd=HERE.parent)
        pages.append(path.read_bytes())
    assert pages[0] == pages[1]


def test_large_arrays_are_summaries_and_coarse_pictures(tmp_path):
    """A page of millions of numbers could not be opened."""
    W = mg.parameter(np.random.default_rng(0).normal(size=(300, 400)), name="W")
    J = mg.sum(W * W, name="J")
    J.backward()
    path = explore(J, tmp_path / "large.html")
    shown = next(node for node in data_of(path)["nodes"] if node["name"] == "W")["value"]
    assert path.stat().st_size < 1_000_000
    assert "data" not in shown
    assert (shown["min"], shown["max"]) == (W.value.min(), W.value.max())
    np.testing.assert_allclose([shown["mean"], shown["norm"]], [W.value.mean(), np.linalg.norm(W.value)], rtol=1e-12)
    picture = np.reshape(shown["picture"]["values"], (32, 32))
    block = W.value[300 * 5 // 32 : 300 * 6 // 32, 400 * 7 // 32 : 400 * 8 // 32]
    np.testing.assert_allclose(picture[5, 7], block.ravel()[np.argmax(np.abs(block))], rtol=1e-3)


def test_many_arrays_share_the_room_there_is():
    """No array of the hundred is large; together they are."""
    x = mg.parameter(np.ones(5_000), name="x")
    for _ in range(100):
        x = np.tanh(x)
    data = collect(mg.to_networkx(mg.sum(x)), 300)
    assert data["limit"] < 5_000
    assert "data" not in data["nodes"][0]["value"]
    assert len(json.dumps(data)) < 3_000_000


def test_a_large_graph_is_folded_as_in_the_diagram(tmp_path):
    x = mg.parameter([1.0, 2.0], name="x")
    y = x
    for _ in range(2_000):
        y = np.tanh(y)
    J = mg.sum(y, name="J")
    J.backward()
    data = data_of(explore(J, tmp_path / "chain.html"))
    assert data["total"] == 2_002
    assert sum(node["fold"]["count"] if "fold" in node else 1 for node in data["nodes"]) == 2_002
    assert next(node["fold"]["ops"] for node in data["nodes"] if "fold" in node)[0] == ["tanh", 2_000]
    assert len(data["nodes"]) < 10


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_text_in_the_file(name, tmp_path):
    """As node, scope and title: the page has the elements of a harmless one, and the name in full in its data."""

    def written(name):
        x = mg.parameter(2.0, name=name)
        with mg.scope(name or "scope"):
            y = mg.multiply(x, x, name=name)
        return explore(mg.multiply(y, x, name=name), tmp_path / "page.html")

    expected = _elements(written("plain"))
    path = written(name)
    assert [tag for tag in _elements(path) if tag not in ("wbr",)] == expected
    shown = {node["name"] for node in data_of(path)["nodes"]}
    assert shown == {visible(name, LONGEST_NAME) if name else ""}


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        assert not [key for key, _ in attributes if key.startswith("on")]


def _elements(path):
    parser = _Tags()
    parser.feed(path.read_text("utf-8"))
    return parser.tags


def test_the_derivations_markup_is_reduced_to_what_is_known():
    """Elements that are not on the list leave their text, attributes that are not leave nothing."""
    hostile = (
        '<p class="a" onclick="x()" style="color:red">a<img src="x" onerror="y()"/><script>b()</script></p>'
        '<a href="javascript:z()">c</a><math xmlns="http://www.w3.org/1998/Math/MathML" alttext="z"><mi>z</mi></math>'
    )
    assert markup.tree(hostile) == [
        ["p", {"class": "a"}, "a", "b()"],
        "c",
        ["math", {"alttext": "z"}, ["mi", {}, "z"]],
    ]
    assert markup.tree("<p>unclosed") == ["<p>unclosed"]


def test_a_module_imports_only_from_those_before_it():
    """They are joined in this order into one script; each file of the folder is in it, once."""
    assert sorted(f"{name}.mjs" for name in page.MODULES) == sorted(path.name for path in page.HERE.glob("*.mjs"))
    for k, name in enumerate(page.MODULES):
        text = (page.HERE / f"{name}.mjs").read_text("utf-8")
        assert set(re.findall(r'^import \{[^}]*\} from "\./(\w+)\.mjs";', text, re.MULTILINE)) <= set(page.MODULES[:k])


def test_another_suffix_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UnknownFormatError, match=r"graph\.svg.*\.html"):
        explore(square(), tmp_path / "graph.svg")
    assert list(tmp_path.iterdir()) == []


# --- the modules ------------------------------------------------------------------------------------------------------


def test_the_functions_of_the_page_pass_their_own_tests():
    """tests/explorer/*.test.mjs, by node's own runner."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    files = sorted(map(str, (HERE / "explorer").glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert files
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def npm_folder(request):
    """A folder with the packages that only the tests need, kept between runs."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    folder = Path(request.config.cache.mkdir(f"explorer-npm-{worker}"))
    if not all((folder / "node_modules" / package.partition("@")[0]).is_dir() for package in NPM_PACKAGES):
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *NPM_PACKAGES]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"npm cannot install {', '.join(NPM_PACKAGES)} here")
    return folder / "node_modules"


def test_the_modules_have_the_types_they_say(npm_folder):
    """TypeScript, strict, on the comments."""
    tsc = npm_folder / "typescript" / "bin" / "tsc"
    done = subprocess.run(["node", str(tsc), "-p", str(page.HERE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    """One headless Chromium for all tests here."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        # CI installs one, and must not pass without having looked at the page.
        lacking = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        lacking("no Chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as session:
        started = session.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The pages under test, each written once."""
    folder = tmp_path_factory.mktemp("explorer")
    run = notes_run()
    pages = {
        "notes": explore(run, folder / "notes.html"),
        "square": explore(square(), folder / "square.html"),
        "many": explore(many(), folder / "many.html"),
        "unswept": explore(notes_run(swept=False), folder / "unswept.html"),
    }
    return pages, mg.to_networkx(run)


@pytest.fixture
def opened(browser, files):
    """Opens a page by name, with the network off; at the end, nothing was said on the console and nothing asked for."""
    contexts, said = [], []

    def open_page(name, width=1440, theme="light", height=900):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, offline=True)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(5_000)
        path = files[0][name] if isinstance(name, str) else name
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: request.url == path.as_uri() or said.append(request.url))
        tab.goto(path.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def texts(tab, selector):
    return tab.eval_on_selector_all(selector, "found => found.map((each) => each.textContent)")


def read_number(text):
    """A number of the page as Python reads it."""
    return float({"True": "1", "False": "0"}.get(text, text.replace("−", "-").replace("∞", "inf")))


def section_numbers(tab, title):
    """The numbers in the panel's section with this heading, its own table or single number, as they are written."""
    section = f'#panel section:has(> h4:text-is("{title}"))'
    return texts(tab, f"{section} > .scroll > table td, {section} > p.number")


def same(shown, expected):
    """Equal, NaN too."""
    return np.array_equal([read_number(text) for text in shown], np.ravel(expected), equal_nan=True)


@pytest.mark.parametrize("name", ["notes", "many"])
def test_every_value_and_gradient_shown_is_the_engines(name, opened, files):
    """With all digits on, each reads back as the very number; with six, as that number rounded."""
    tab = opened(name)
    graph = files[1] if name == "notes" else many()
    for full in (True, False):
        tab.set_checked("#full", full)
        for node, data in graph.nodes(data=True):
            tab.evaluate("id => document.getElementById(`option-${id}`).click()", node)
            for title, array in (("Value", data["value"]), ("Gradient", data["grad"])):
                shown = section_numbers(tab, title)
                if array is None:
                    assert shown == []
                elif full:
                    assert same(shown, array)
                else:
                    numbers = [read_number(text) for text in shown]
                    np.testing.assert_allclose(numbers, np.ravel(array), rtol=0.05, atol=0.51e-3)
                    assert [x == 0 for x in numbers] == [x == 0 for x in np.ravel(array)]


def test_every_local_jacobian_and_contribution_shown_is_the_engines(opened, files):
    """A matrix of up to 12 × 12 in numbers, its zeros blank; a contribution as the sweep booked it."""
    tab, graph = opened("notes"), files[1]
    tab.set_checked("#full", True)
    matrices = 0
    for u, v, k, data in graph.edges(keys=True, data=True):
        tab.locator(f"#edge-{u}-{v}-{k}").dispatch_event("click")
        assert tab.text_content("#panel h3").endswith(f", argument {k}")
        if data["jacobian"] is None:
            assert "Nothing is differentiated" in tab.text_content("#panel")
            continue
        dense = data["jacobian"].matrix()
        shown = texts(tab, "#panel table.matrix td")
        if max(dense.shape) <= 12:
            matrices += 1
            assert same(shown, dense)
            assert tab.locator("#panel td.blank").count() == np.sum(dense == 0)
        else:
            assert tab.locator("#panel .heat-picture rect").count() == np.sum(dense != 0)
        contribution = texts(tab, "#panel section:last-child table.numbers td")
        assert same(contribution, data["contribution"])
        assert data["pulls"] in tab.text_content("#panel")
    assert matrices >= 6


def test_the_sweep_can_be_stepped_through_from_end_to_end(opened, files):
    """Each step shows its node, active in the diagram and chosen in the panel, and what has come to be known."""
    tab, graph = opened("notes"), files[1]
    order = [node for _, node in sorted((s, n) for n, s in graph.nodes(data="sweep") if s is not None)]
    assert tab.text_content("#step-text").startswith(f"Step 0 of {len(order)}: the forward pass")
    for step, node in enumerate(order, 1):
        tab.keyboard.press("ArrowRight")
        name = graph.nodes[node]["name"]
        text = tab.text_content("#step-text")
        assert text.startswith(f"Step {step} of {len(order)}: ∂J/∂{name} = ")
        for _, consumer, data in graph.out_edges(node, data=True):
            assert data["pulls"] in text
            assert graph.nodes[consumer]["name"] in text
        assert set(texts(tab, "#known")[0].split(", ")) == {graph.nodes[n]["name"] for n in order[:step]}
        active = tab.eval_on_selector_all("#drawing .node.active", "found => found.map((each) => each.id)")
        assert set(active) >= {f"node-{node}"}
        assert {each.split("-")[-1] for each in active} == {str(node)}
        assert tab.text_content("#panel h3").startswith(name)
        tab.set_checked("#full", True)
        assert same(section_numbers(tab, "Gradient"), graph.nodes[node]["grad"])
    assert tab.text_content("#begun") == "none"
    assert tab.is_disabled("#forward")
    tab.keyboard.press("ArrowRight")
    for _ in order:
        tab.click("#back")
    assert tab.text_content("#step-text").startswith("Step 0")
    assert tab.is_disabled("#back")
    assert tab.locator("#drawing .active").count() == 0


def test_the_sum_of_contributions_is_written_with_its_numbers(opened):
    """N5 where it is smallest: x feeds both arguments of x · x."""
    tab = opened("square")
    tab.click("#option-0")
    assert tab.text_content("#panel .sum") == "∂J/∂x = 3 + 3 = 6"
    assert texts(tab, "#panel .terms .number") == ["3", "3"]
    assert texts(tab, "#panel .product") == ["3 · 1 = 3"] * 2


def test_the_chosen_entry_has_its_sum_and_its_products(opened, files):
    """By keys in the gradient's table; ∂J/∂[1; a³] is a column of Θ³ times δ⁴."""
    tab, graph = opened("notes"), files[1]
    node = next(n for n, name in graph.nodes(data="name") if name == "[1; a³]")
    (_, above, data), *_ = graph.out_edges(node, data=True)
    tab.click(f"#option-{node}")
    tab.locator("#panel [role=grid]").last.locator('[tabindex="0"]').focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.dataset.flat") == "2"
    assert tab.input_value("#step") == "0"
    tab.set_checked("#full", True)
    left, *rest = tab.text_content("#panel .sum").split(" = ")
    assert left == "∂J/∂[1; a³][2, 0]"
    assert same(rest, [graph.nodes[node]["grad"][2, 0]])
    column, delta = data["jacobian"].matrix()[:, 2], graph.nodes[above]["grad"][:, 0]
    words = tab.text_content("#panel .product").removeprefix("entry [2, 0]: ").split(" = ")[0]
    factors = [[read_number(factor.strip("()")) for factor in term.split(" · ")] for term in words.split(" + ")]
    assert factors == np.column_stack([column, delta]).tolist()


def test_a_node_has_its_lines_of_the_derivation(opened, files):
    """As MathML, one formula for each in the engine's own page."""
    tab, graph = opened("notes"), files[1]
    node = next(n for n, name in graph.nodes(data="name") if name == "z³")
    lines = mg.to_networkx(notes_run(), derivation=True).nodes[node]["derivation"]
    tab.click(f"#option-{node}")
    assert tab.locator("#panel .derivation math").count() == lines.count("<math")
    namespace = tab.eval_on_selector("#panel .derivation math mi", "each => each.namespaceURI")
    assert namespace == "http://www.w3.org/1998/Math/MathML"


def test_search_finds_by_name_and_by_op(opened):
    """In the list and in the diagram; Enter chooses the first."""
    tab = opened("notes")
    tab.fill("#words", "z3")
    assert [text.split(" = ")[0] for text in texts(tab, "#nodes li")] == ["z³"]
    tab.fill("#words", "sigmoid")
    assert len(texts(tab, "#nodes li")) == 3
    assert tab.text_content("#found") == "3 nodes found"
    assert tab.locator("#drawing .node.found[id^=node]").count() == 3
    tab.press("#words", "Enter")
    assert tab.text_content("#panel h3") == "a² = sigmoid(z²)"
    tab.fill("#words", "no such thing")
    assert tab.text_content("#found") == "0 nodes found"
    assert texts(tab, "#nodes li") == []
    tab.fill("#words", "")
    assert len(texts(tab, "#nodes li")) == 17


def test_scopes_fold_and_unfold(opened, files):
    """A folded scope is a box with a summary; its nodes are seen neither in the diagram nor in the list."""
    tab, graph = opened("notes"), files[1]
    inside = [n for n, scope in graph.nodes(data="scope") if scope == ("layer 3",)]
    tab.click("#folding summary")
    tab.check('label:has-text("layer 3") input')
    assert all(not tab.locator(f"#node-{node}").is_visible() for node in inside)
    assert tab.locator("#nodes li").count() == len(graph) - len(inside)
    assert texts(tab, "#covers text") == ["layer 3", "4 nodes", "bias_unit, matmul, sigmoid"]
    tab.click("#fold-all")
    assert tab.locator("#covers .cover").count() == 5
    assert tab.locator("#nodes li").count() == sum(scope == () for _, scope in graph.nodes(data="scope"))
    tab.click("#unfold-all")
    assert tab.locator("#covers .cover").count() == 0
    assert tab.locator("#drawing .hidden").count() == 0
    tab.check('label:has-text("layer 3") input')
    tab.click("#folding summary")
    tab.locator("#covers .cover").dispatch_event("click")
    assert all(tab.locator(f"#node-{node}").is_visible() for node in inside)


def test_an_inner_scope_folds_within_an_outer_one(opened):
    tab = opened("many")
    tab.click("#folding summary")
    tab.check('label:has-text("outer / inner") input')
    assert texts(tab, "#covers text.name") == ["inner"]
    tab.check("#scopes li:first-child input")
    assert texts(tab, "#covers text.name") == ["outer"]
    tab.uncheck("#scopes li:first-child input")
    assert texts(tab, "#covers text.name") == ["inner"]


def test_what_is_chosen_in_one_view_is_chosen_in_all(opened, files):
    """Diagram, list, panel, layers and units of one run."""
    tab, graph = opened("notes"), files[1]
    ids = {name: n for n, name in graph.nodes(data="name")}

    def chosen():
        unit = tab.eval_on_selector_all(".place.chosen", "found => found.map((e) => [e.dataset.layer, e.dataset.unit])")
        return {
            "diagram": set(tab.eval_on_selector_all("#drawing .node.chosen", "found => found.map((each) => each.id)")),
            "list": tab.get_attribute("#nodes", "aria-activedescendant"),
            "panel": tab.text_content("#panel h3").split(" = ")[0],
            "layers": set(texts(tab, '#layers [aria-pressed="true"]')),
            "unit": unit,
        }

    def expected(name, layers, unit):
        node = ids[name]
        return {
            "diagram": {f"node-{node}", f"op-{node}"},
            "list": f"option-{node}",
            "panel": name,
            "layers": layers,
            "unit": unit,
        }

    tab.locator(f"#node-{ids['a⁴']}").dispatch_event("click")
    assert chosen() == expected("a⁴", {"‖a⁴‖"}, [["4", "1"]])
    tab.click('#layers button:has-text("∂J/∂z²")')
    assert chosen() == expected("z²", {"‖z²‖", "‖∂J/∂z²‖"}, [["2", "1"]])
    tab.locator('.place[data-layer="3"][data-unit="4"]').dispatch_event("click")
    assert chosen() == expected("z³", {"‖z³‖", "‖∂J/∂z³‖"}, [["3", "4"]])
    assert tab.text_content("#panel .sum").startswith("∂J/∂z³[3, 0] = ")
    assert tab.text_content("#unit-sum p:last-child").startswith("δ³₄ = ")
    assert tab.locator("#units .weight.touches").count() == 5 + 4
    tab.locator('.place[data-layer="3"][data-unit="0"]').dispatch_event("click")
    assert "the bias unit" in tab.text_content("#unit-sum")


def test_the_layers_show_the_norms_of_the_engines_arrays(opened, files):
    tab, graph = opened("notes"), files[1]
    arrays = {name: (data["value"], data["grad"]) for _, data in graph.nodes(data=True) if (name := data["name"])}
    cells = [text.split("‖ ") for text in texts(tab, "#layers td") if text.startswith("‖")]
    assert len(cells) == 3 * 5 + 1
    for symbol, number in cells:
        is_gradient = symbol.startswith("‖∂J/∂")
        array = arrays[symbol.removeprefix("‖").removeprefix("∂J/∂")][is_gradient]
        np.testing.assert_allclose(read_number(number), np.linalg.norm(array), rtol=1e-3)


def test_a_box_of_folded_nodes_says_what_it_stands_for(opened, tmp_path):
    """Its ops and their number, the norm of all their gradients; the sweep passes over it as one step."""
    x = mg.parameter([1.0, 2.0], name="x")
    y = x
    for _ in range(2_000):
        y = np.tanh(y)
    J = mg.sum(y, name="J")
    J.backward()
    graph = mg.to_networkx(J)
    tab = opened(explore(J, tmp_path / "chain.html", collapse_above=2))
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert "the box of 2,001 folded nodes has all its gradients" in tab.text_content("#step-text")
    assert tab.text_content("#panel h3").endswith(": 2,001 nodes folded")
    assert {"tanh × 2,000", "parameter × 1"} <= set(texts(tab, "#panel li"))
    tab.set_checked("#full", True)
    norm = re.search("norm of all gradients (.*)", texts(tab, "#panel p")[-1])[1]
    gradients = [grad for node, grad in graph.nodes(data="grad") if node != graph.graph["output"]]
    np.testing.assert_allclose(read_number(norm), np.linalg.norm(gradients), rtol=1e-12)


def test_before_a_backward_the_page_works_and_says_so(opened):
    """No gradient is not a gradient of zero."""
    tab = opened("unswept")
    assert tab.text_content("#step-text") == "No backward yet: gradients come with .backward()."
    assert tab.is_disabled("#step")
    assert tab.is_disabled("#forward")
    tab.keyboard.press("ArrowRight")
    tab.click("#option-9")
    assert section_numbers(tab, "Gradient") == []
    assert "no backward yet" in tab.text_content("#panel")
    assert len(section_numbers(tab, "Value")) == 4
    tab.click("#option-3")
    assert "a constant, never differentiated" in tab.text_content("#panel")


def test_everything_can_be_done_by_keys(opened):
    """The skip link comes first; the list, the tables and the units have their arrows, and leave the sweep alone."""
    tab = opened("notes")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    tab.keyboard.press("Enter")
    tab.focus("#nodes")
    tab.keyboard.press("Home")
    assert tab.text_content('#nodes [aria-selected="true"]').startswith("Θ³")
    tab.keyboard.press("ArrowDown")
    assert tab.text_content('#nodes [aria-selected="true"]').startswith("Θ²")
    tab.keyboard.press("End")
    assert tab.get_attribute("#nodes", "aria-activedescendant") == "option-16"
    tab.focus('.place[tabindex="0"]')
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        tab.keyboard.press(key)
    assert tab.text_content("#panel h3").startswith("z² = ")
    assert tab.text_content("#panel .sum").startswith("∂J/∂z²[1, 0]")
    assert tab.input_value("#step") == "0"
    before = tab.get_attribute("#drawing", "viewBox")
    tab.focus("#diagram")
    tab.keyboard.press("+")
    zoomed = tab.get_attribute("#drawing", "viewBox")
    tab.keyboard.press("Shift+ArrowRight")
    assert len({before, zoomed, tab.get_attribute("#drawing", "viewBox")}) == 3
    assert tab.input_value("#step") == "0"
    tab.keyboard.press("ArrowRight")
    assert tab.input_value("#step") == "1"
    tab.focus("#words")
    tab.keyboard.type("ab")
    tab.keyboard.press("ArrowLeft")
    assert tab.input_value("#step") == "1"
    tab.focus("#step")
    tab.keyboard.press("ArrowRight")
    assert tab.input_value("#step") == "2"
    assert tab.text_content("#step-text").startswith("Step 2")


def test_the_diagram_is_dragged_and_zoomed_by_the_mouse(opened):
    """A drag moves the picture with the pointer and chooses nothing; the wheel zooms about the pointer."""
    tab = opened("notes")
    box = tab.locator("#diagram").bounding_box()
    node = tab.locator("#node-12").bounding_box()
    x, y = node["x"] + node["width"] / 2, node["y"] + 10
    assert box["x"] < x < box["x"] + box["width"]
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 60, y + 25, steps=4)
    tab.mouse.up()
    moved = tab.locator("#node-12").bounding_box()
    assert (moved["x"] - node["x"], moved["y"] - node["y"]) == pytest.approx((-60, 25), abs=1)
    assert tab.text_content("#panel h3").startswith("J = ")
    tab.mouse.wheel(0, -300)
    larger = tab.locator("#node-12").bounding_box()
    assert larger["width"] > 1.3 * moved["width"]
    assert (x - 60 - larger["x"]) / larger["width"] == pytest.approx((x - 60 - moved["x"]) / moved["width"], abs=0.02)
    tab.mouse.click(x - 60, y + 25)
    assert tab.text_content("#panel h3").startswith("z⁴ = ")


@pytest.mark.parametrize("k", [0, 6, 12])
def test_a_hostile_name_is_shown_as_text(k, opened, tmp_path):
    """In the title, the list, the panel, the step's words, the scopes: what was typed, and nothing happens."""
    name = HOSTILE[k]
    x = mg.parameter(2.0, name=name)
    with mg.scope(name):
        J = mg.multiply(x, x, name=name)
    J.backward()
    tab = opened(explore(J, tmp_path / "hostile.html"))
    shown = visible(name, LONGEST_NAME)
    assert tab.title() == f"{visible(name)}: gradient flow"
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert texts(tab, "#panel h3") == [f"{shown}: parameter"]
    assert texts(tab, "#nodes li")[0].startswith(f"{shown}: parameter")
    assert texts(tab, "#panel .sum") == [f"∂{shown}/∂{shown} = 2 + 2 = 4"]
    assert f"∂{shown}/∂{shown} = " in tab.text_content("#step-text")
    assert texts(tab, "#scopes label") == [f" {shown}"]
    assert tab.locator("script").count() == 2
    assert tab.locator("#panel b, #nodes b, img, iframe").count() == 0


def axe(tab, npm_folder):
    """The violations that axe-core finds in the page as it is."""
    tab.evaluate((npm_folder / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]]


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_to_object_to(theme, opened, npm_folder):
    """At the start, in the sweep, at an edge, folded and searched."""
    tab = opened("notes", theme=theme)
    assert axe(tab, npm_folder) == []
    for _ in range(6):
        tab.keyboard.press("ArrowRight")
    assert axe(tab, npm_folder) == []
    tab.locator("#panel .terms button").first.click()
    tab.click("#folding summary")
    tab.click("#fold-all")
    tab.fill("#words", "z")
    assert axe(tab, npm_folder) == []
    narrow = opened("many", width=390, theme=theme)
    narrow.click("#option-0")
    assert axe(narrow, npm_folder) == []


def test_the_theme_is_the_screens_until_another_is_chosen(opened):
    tab = opened("notes", theme="dark")

    def ground():
        return tab.evaluate("getComputedStyle(document.body).backgroundColor")

    dark = ground()
    tab.click("#theme")
    light = ground()
    tab.click("#theme")
    assert (light, ground()) == ("rgb(255, 255, 255)", dark)
    assert dark != light
    tab.emulate_media(media="print")
    assert ground() == light


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_the_page_fits_its_window(width, theme, opened, tmp_path):
    """Nothing sticks out to the side, whatever the width. With EXPLORER_PICTURES set, the pictures are left there."""
    tab = opened("notes", width=width, theme=theme, height=844)
    folder = Path(os.environ.get("EXPLORER_PICTURES", tmp_path))
    for _ in range(6):
        tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert len(tab.screenshot(path=folder / f"explorer_{width}_{theme}.png", full_page=True)) > 20_000
