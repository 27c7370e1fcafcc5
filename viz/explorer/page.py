"""Page: the file itself, put together from its template, style and modules, the diagram and the data.

The file asks for nothing outside itself, and its policy forbids it to: only the one script whose hash stands in the
policy runs. All that comes from the graph is in a JSON block, in which no character can end that block.
"""

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from viz.diagram import as_graph
from viz.errors import UnknownFormatError
from viz.explorer.collect import collect
from viz.explorer.drawing import drawing
from viz.explorer.unit_view import unit_view
from viz.labels import visible

__all__ = ["explore"]

HERE = Path(__file__).parent
SUFFIXES = (".html", ".htm")

MODULES = ("format", "model", "sums", "sweep", "dom", "tables", "viewport", "diagram", "details", "layers", "main")
"""The page's modules, each importing only from those before it: joined, they are one script."""

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def explore(
    what: Any, path: str | Path, *, sample: int = 0, collapse_above: int = 300, derivation: bool = True
) -> Path:
    """Write the graph of a node or a network run as one HTML file to explore in a browser, offline; returns its path.

    In the page: the diagram, to pan, zoom, search and fold; for each node and edge its value, gradient, local Jacobian,
    the sum of contributions in numbers and its lines of the derivation; the reverse sweep step by step; and for a run
    of a network its layers and units. Equal graphs give equal bytes.

    Args:
        what: a minigrad Node, a network run, or the graph that `minigrad.to_networkx` makes of either.
        path: the file to write, .html; an existing one is replaced.
        sample: of a run, the sample whose numbers the units show, from 0.
        collapse_above: as in `viz.dot`; what is folded there is a box in the page.
        derivation: whether to derive the gradients in formulas, which takes longest; of a graph that is folded, or of
            a cost that is no single number, they are not.

    Raises:
        UnknownFormatError: another suffix.
        NoSuchUnitError: the run has no such sample.
        NoRendererError: neither `dot` nor pygraphviz is here; the diagram's .dot file has been written beside `path`.

    >>> import minigrad as mg, tempfile, viz.explorer
    >>> x = mg.parameter(3.0, name="x")
    >>> J = mg.multiply(x, x, name="J")
    >>> grads = J.backward()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     viz.explorer.explore(J, folder + "/square.html").name
    'square.html'
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownFormatError(f"cannot write {path.name!r}: a page's suffix must be one of {', '.join(SUFFIXES)}")
    graph = as_graph(what)
    svg, colours = drawing(graph, path, collapse_above)
    if derivation and graph is not what and len(graph) <= collapse_above:
        graph = _derived(what)
    circles = unit_view(graph, sample, collapse_above)
    cost = graph.nodes[graph.graph["output"]]
    title = f"{visible(cost['name'] or 'Graph')}: gradient flow"
    script = _script()
    parts = {
        "title": html.escape(title),
        "policy": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "style": _read("style.css") + colours + circles.style,
        "diagram": svg,
        "units": circles.svg,
        "data": _json(collect(graph, collapse_above) | {"sample": sample, "sums": circles.sums}),
        "script": script,
    }
    page = _PLACE.sub(lambda place: parts[place[1]], _read("page.html"))
    path.write_bytes(page.encode())
    return path


def _derived(what: Any) -> Any:
    """The view graph with the lines of the derivation."""
    import minigrad  # here, as in diagram.as_graph

    return minigrad.to_networkx(what, derivation=True)


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _script() -> str:
    """All modules as one: what each exports is known to those after it."""
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(f"{name}.mjs"))) for name in MODULES)
    return f"\n{joined}"


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)
