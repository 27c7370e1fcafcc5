"""SVG: Graphviz's drawings as trees of elements, measured and recoloured without touching the layout."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from viz import inprocess
from viz.errors import NoRendererError
from viz.renderers import by_program

__all__ = ["SVG", "box_of", "drawn", "groups", "keep_one_head", "outlines", "paint"]

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG[1:-1])

Point = tuple[float, float]

_NUMBER = re.compile(r"-?\d*\.?\d+")


def drawn(source: str) -> Element:
    """DOT text drawn as an SVG tree, without the titles that would pop up over it.

    Raises:
        NoRendererError: neither the `dot` program nor pygraphviz is here.
        RenderError: Graphviz is here but failed; its words are in the message.
    """
    try:
        svg = by_program(source, "svg")
    except NoRendererError:
        svg = inprocess.draw(source, "svg")
    root = ElementTree.fromstring(svg)
    for group in root.iter(SVG + "g"):
        for title in group.findall(SVG + "title"):
            group.remove(title)
    return root


def groups(tree: Element) -> dict[str, Element]:
    """The groups that have an id, by their ids."""
    return {group.attrib["id"]: group for group in tree.iter(SVG + "g") if "id" in group.attrib}


def box_of(piece: Element) -> tuple[float, float, float, float]:
    """Left, top, width and height of a node's frame, which Graphviz draws first."""
    x, y = zip(*_points(piece[0]), strict=True)
    return min(x), min(y), max(x) - min(x), max(y) - min(y)


def outlines(node: Element) -> list[Element]:
    """The outlines of a box: what is drawn before its first line of type."""
    first = next(i for i, child in enumerate(node) if child.tag == SVG + "text")
    return list(node)[:first]


def paint(node: Element, *, fill: str | None = None, ink: str | None = None, **outline: str) -> None:
    """Colour a box: its fill, its type, and attributes of its outline, `stroke_width` for stroke-width."""
    for line in outlines(node):
        if fill and line.get("fill", "none") != "none":
            line.set("fill", fill)
        for name, value in outline.items():
            line.set(name.replace("_", "-"), value)
    for text in node.findall(SVG + "text"):
        if ink:
            text.set("fill", ink)


def keep_one_head(edge: Element, *, at_start: bool) -> None:
    """Of an edge's two arrow heads the one at its start or at its end; the line runs on where the other one was."""
    path, *heads = list(edge)
    line = _points(path)
    start = min(heads, key=lambda head: _apart(head, line[0]))
    (end,) = [head for head in heads if head is not start]
    gone, there = (end, line[-1]) if at_start else (start, line[0])
    x, y = max(_points(gone), key=lambda point: _squared(point, there))
    edge.remove(gone)
    d = path.attrib["d"]
    path.set("d", f"{d}L{x:g},{y:g}" if at_start else f"M{x:g},{y:g}L{d[1:]}")


def _points(element: Element) -> list[Point]:
    values = [float(number) for number in _NUMBER.findall(element.get("points") or element.get("d") or "")]
    return list(zip(values[::2], values[1::2], strict=True))


def _apart(head: Element, point: Point) -> float:
    return min(_squared(corner, point) for corner in _points(head))


def _squared(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
