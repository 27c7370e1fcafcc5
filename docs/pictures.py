"""The pictures of README and docs, drawn anew: make pictures.

The explorer's is a photograph of its page. It is taken where there are a Chromium and playwright, which drives it (of
the extra `test`); elsewhere the picture that is there stays.
"""

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import networkx as nx

import minigrad as mg
import viz
from minigrad.demo.backpropagation import notes_run
from minigrad.network import Run

FOLDER = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 960}


def swept() -> Run:
    """The notes' network on one sample, after the reverse sweep."""
    run = notes_run()
    run.J.backward()
    return run


def network() -> mg.Node:
    """The network of the notes on one sample, after the reverse sweep: the picture that `make demo` shows."""
    return swept().J


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


def folded() -> mg.Node:
    """200 steps of a recurrence, folded into one box."""
    h, W = mg.constant([[0.5], [0.5]], name="h₀"), mg.parameter([[0.9, -0.4], [0.3, 0.8]], name="W")
    for t in range(1, 201):
        with mg.scope(f"step {t}"):
            h = mg.tanh(W @ h)
    J = mg.sum(h * h, name="J")
    J.backward()
    return J


def explorer(path: Path) -> str:
    """The page that `viz.explore` writes, at the step in which the sweep finds δ³."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or find_spec("playwright") is None:
        return "Left as it is: there is no Chromium here, or no playwright."
    with tempfile.TemporaryDirectory() as folder:
        photograph(viz.explore(swept(), Path(folder, "explorer.html")), path, browser)
    return str(explorer.__doc__)


def photograph(page: Path, path: Path, browser: str) -> None:
    """The page as a PNG of few colours, after six steps of the sweep."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as session:
        started = session.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = started.new_page(viewport=SIZE, color_scheme="light")
        tab.goto(page.as_uri())
        for _ in range(6):
            tab.click("#forward")
        tab.mouse.move(0, 0)  # away from the button, which would look pressed
        tab.screenshot(path=path)
        started.close()
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    said = {}
    for draw in (network, layer, square, folded):
        said[viz.render(draw(), FOLDER / f"{draw.__name__}.svg")] = draw.__doc__
    said[viz.units(swept(), FOLDER / "units.svg", focus=(3, 2))] = (
        "The same run as a textbook draws it, a unit in focus."
    )
    said[FOLDER / "explorer.png"] = explorer(FOLDER / "explorer.png")
    for path, words in said.items():
        print(f"{path.relative_to(FOLDER.parents[1])}: {words}")
