"""Drawing: the diagram as SVG to stand inside the page, in colours that follow the page's theme.

The layout is Graphviz's. Its colours are taken from the picture's three themes: each place in the DOT text where these
differ gets a colour of its own, and that becomes a CSS variable with three values. So one drawing serves all themes.
"""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import graphviz
import networkx as nx

from viz.diagram import dot
from viz.renderers import _draw

__all__ = ["drawing"]

THEMES = ("light", "dark", "print")

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
_CLUSTER = re.compile(r"cluster_(\d+)")


def drawing(graph: nx.MultiDiGraph, path: Path, collapse_above: int) -> tuple[str, str]:
    """The SVG element and the style that colours it. `path`: the page, beside which a .dot is left on failure.

    Groups have the ids that diagram.py gives; a scope's group has `data-scope`, its number.

    Raises:
        NoRendererError: nothing here can draw; the .dot file has been written beside `path`.
    """
    sources = [dot(graph, collapse_above=collapse_above, theme=theme).source for theme in THEMES]
    source, palette = _with_own_colours(sources)
    drawn = ET.fromstring(_draw(graphviz.Source(source), "svg", path))
    names = {colour: f"c{k}" for k, colour in enumerate(palette)}
    return "".join(_written(drawn, names)), _style(list(palette.values()))


def _with_own_colours(sources: list[str]) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The DOT text with a colour for each set of three that occurs, and what these colours stand for."""
    sets = list(zip(*map(_COLOUR.findall, sources), strict=True))
    own = {colours: f"#0a{k:04x}" for k, colours in enumerate(dict.fromkeys(c for c in sets if len(set(c)) > 1))}
    following = iter(sets)

    def replaced(match: re.Match[str]) -> str:
        return own.get(next(following), match[0])  # all three the same: part of a name, perhaps

    return _COLOUR.sub(replaced, sources[0]), {colour: colours for colours, colour in own.items()}


def _style(palette: list[tuple[str, ...]]) -> str:
    values = [";".join(f"--c{k}:{colours[i]}" for k, colours in enumerate(palette)) for i in range(len(THEMES))]
    classes = "".join(f".fill-c{k}{{fill:var(--c{k})}}.stroke-c{k}{{stroke:var(--c{k})}}" for k in range(len(palette)))
    light, dark, paper = values
    return (
        f":root{{{light}}}\n:root[data-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media print{{:root:root:root{{{paper}}}}}\n{classes}"
    )


def _written(element: ET.Element, names: dict[str, str]) -> Iterator[str]:
    """An element of Graphviz's SVG as part of an HTML page: without namespaces, titles and fixed colours."""
    tag = element.tag.rpartition("}")[2]
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    classes = [attributes.pop("class")] if "class" in attributes else []
    for kind in ("fill", "stroke"):
        if attributes.get(kind) in names:
            classes.append(f"{kind}-{names[attributes.pop(kind)]}")
    if tag == "svg":
        del attributes["width"], attributes["height"]
        attributes |= {"id": "drawing", "role": "img", "aria-labelledby": "drawing-title"}
    title = next((child.text or "" for child in element if child.tag.endswith("}title")), "")
    if number := _CLUSTER.fullmatch(title):
        attributes["data-scope"] = number[1]
    if classes:
        attributes["class"] = " ".join(classes)
    yield f"<{tag}{''.join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())}>"
    yield html.escape((element.text or "").strip("\n"), quote=False)
    for child in element:
        if not child.tag.endswith("}title"):
            yield from _written(child, names)
    yield f"</{tag}>"
    yield (element.tail or "").strip(" ")
