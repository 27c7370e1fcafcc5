"""Drawing: the diagram as SVG to stand inside the page, in colours that follow the page's theme.

The layout is Graphviz's. Its colours are taken from the picture's themes: where the light and the dark DOT text differ,
the pair gets a colour of its own, and that becomes a CSS variable with two values. So one drawing serves both themes.
"""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

from viz.diagram import dot
from viz.renderers import draw

__all__ = ["drawing", "themed"]

THEMES = ("light", "dark")

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
    drawn = ET.fromstring(draw(source, "svg", path))
    names = {colour: f"c{k}" for k, colour in enumerate(palette)}
    return "".join(_written(drawn, names)), _style(list(palette.values()))


def _with_own_colours(sources: list[str]) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The DOT text with a colour for each pair that occurs, and what these colours stand for."""
    pairs = list(zip(*map(_COLOUR.findall, sources), strict=True))
    own = {pair: f"#0a{k:04x}" for k, pair in enumerate(dict.fromkeys(p for p in pairs if p[0] != p[1]))}
    following = iter(pairs)

    def replaced(match: re.Match[str]) -> str:
        return own.get(next(following), match[0])  # the same in both: part of a name, perhaps

    return _COLOUR.sub(replaced, sources[0]), {colour: pair for pair, colour in own.items()}


def _style(palette: list[tuple[str, ...]]) -> str:
    light, dark = (";".join(f"--c{k}:{pair[i]}" for k, pair in enumerate(palette)) for i in range(2))
    classes = "".join(f".fill-c{k}{{fill:var(--c{k})}}.stroke-c{k}{{stroke:var(--c{k})}}" for k in range(len(palette)))
    return themed(light, dark) + classes


def themed(light: str, dark: str) -> str:
    """CSS declarations for the root: of the theme that is chosen, or of the screen's own.

    >>> themed("--c:#000", "--c:#FFF").splitlines()[1]
    ':root[data-theme=dark]{--c:#FFF}'
    """
    return (
        f":root{{{light}}}\n:root[data-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media print{{:root:root:root{{{light}}}}}\n"
    )


def _written(element: ET.Element, names: dict[str, str]) -> Iterator[str]:
    """An element of Graphviz's SVG as part of an HTML page: without namespaces, titles and fixed colours."""
    tag = element.tag.rpartition("}")[2]
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    classes = [attributes.pop("class")] if "class" in attributes else []
    themed_kinds = [kind for kind in ("fill", "stroke") if attributes.get(kind) in names]
    classes += [f"{kind}-{names[attributes.pop(kind)]}" for kind in themed_kinds]
    if tag == "svg":
        del attributes["width"], attributes["height"]
        attributes |= {"id": "drawing", "role": "img", "aria-labelledby": "drawing-title"}
    title = next((child.text or "" for child in element if child.tag.endswith("}title")), "")
    if number := _CLUSTER.fullmatch(title):
        attributes["data-scope"] = number[1]
    if classes:
        attributes["class"] = " ".join(classes)
    yield f"<{tag}{''.join(_attribute(*item) for item in attributes.items())}>"
    yield html.escape((element.text or "").strip("\n"), quote=False)
    for child in element:
        if not child.tag.endswith("}title"):
            yield from _written(child, names)
    yield f"</{tag}>"
    yield (element.tail or "").strip(" ")


def _attribute(key: str, value: str) -> str:
    return f' {key}="{html.escape(value)}"'
