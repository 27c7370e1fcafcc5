"""Strip: the drawn pieces put together, a frame for each step, and coloured by what is known by then.

    title        step 3 of 14 · z³ = matmul(Θ², [1; a²])
    board        the graph: grey what the sweep has not reached, in the colour of its size a gradient that is known,
                 framed in orange this step's node; dashed orange what has flowed back
    card         this step's terms and their sum, below a wide graph or beside a tall one
    key          what the colours mean

Graphviz draws the board once and all texts once; a frame is a copy with other colours and one of the cards.
"""

import copy
import math
from xml.etree.ElementTree import Element, SubElement

import networkx as nx

from viz import numbers
from viz.filmstrip import layout
from viz.filmstrip.board import board, card, forward_card, key, sheet
from viz.filmstrip.layout import LEADING, Place
from viz.filmstrip.steps import Names, Step
from viz.filmstrip.svg import SVG, box_of, drawn, groups, keep_one_head, paint
from viz.theme import THEMES, Heat

__all__ = ["SIZES", "Filmstrip"]

SIZES = ("page", "slide")

UNREACHED = {"light": "#767676", "dark": "#8B9198", "print": "#767676"}
"""The type of what the sweep has not reached: quiet, yet with a contrast of 4.5 to 1."""

AT_ONCE = 500
"""Texts in one drawing: more, and pygraphviz would warn that it may take long."""


class Filmstrip:
    """All frames of one sweep, from one drawing of the graph and one of all texts.

    >>> import minigrad as mg
    >>> from viz.filmstrip.steps import sweep_steps
    >>> x = mg.parameter(3.0, name="x")
    >>> J = x * x
    >>> _ = J.backward()
    >>> G = mg.to_networkx(J)
    >>> Filmstrip(G, sweep_steps(G), Names(G), "light", "slide").frame(2).attrib["viewBox"]
    '0 0 1600 900'
    """

    def __init__(self, graph: nx.MultiDiGraph, steps: tuple[Step, ...], names: Names, theme: str, size: str) -> None:
        self.graph, self.steps, self.names = graph, steps, names
        self.theme, self.unreached = THEMES[theme], UNREACHED[theme]
        self.number = {step.node: step.number for step in steps}
        norms = {step.node: numbers.norm(step.gradient) for step in steps if step.gradient is not None}
        heat = Heat(max(filter(math.isfinite, norms.values()), default=0.0), self.theme)
        self.fill = {node: heat.cell(norm).get("bgcolor", self.theme.canvas) for node, norm in norms.items()}
        self.cards = [forward_card(graph, steps, names, self.theme)]
        self.cards += [card(step, len(steps), names, self.theme) for step in steps]
        self.texts = self._drawn_texts()
        boards = {direction: drawn(board(graph, names, self.theme, direction)) for direction in ("LR", "TB")}
        self.places = self._arranged(boards, size)
        (self.board,) = boards[self.places.direction].findall(SVG + "g")

    def frame(self, number: int) -> Element:
        """Frame 0 is the forward pass, frame n the sweep's step n."""
        places = self.places
        width, height = f"{places.width:g}", f"{places.height:g}"
        root = Element(SVG + "svg", viewBox=f"0 0 {width} {height}", width=width, height=height, role="img")
        said = self.names.line(self.steps[number - 1]) if number else "every value is known, no gradient yet"
        SubElement(root, SVG + "title").text = f"step {number} of {len(self.steps)}"
        SubElement(root, SVG + "desc").text = said
        SubElement(root, SVG + "rect", width=width, height=height, fill=self.theme.canvas)
        root.append(self._placed(_name(number, 0, 0), places.title))
        root.append(self._coloured(number))
        for i, place in enumerate(places.cards[number], 1):
            down = place.y
            for j in range(len(self.cards[number][i])):
                root.append(self._placed(_name(number, i, j), Place(place.x, down, place.scale)))
                down += place.scale * (box_of(self.texts[_name(number, i, j)])[3] + LEADING)
        root.append(self._placed("key", places.key))
        return root

    # --- the graph ----------------------------------------------------------------------------------------------------

    def _coloured(self, number: int) -> Element:
        """The board as it stands after step `number`."""
        place = self.places.board
        moved = Element(SVG + "g", transform=f"translate({place.x:g} {place.y:g}) scale({place.scale:.6g})")
        moved.append(copy.deepcopy(self.board))
        parts = groups(moved)
        for k in self.graph:
            self._colour_node(parts[f"node-{k}"], k, number)
        for u, v, argument in self.graph.edges(keys=True):
            self._colour_edge(parts[f"edge-{u}-{v}-{argument}"], (u, v, argument), number)
        return moved

    def _colour_node(self, group: Element, k: int, number: int) -> None:
        state, theme = _state(self.number.get(k), number), self.theme
        group.set("class", f"node {state}")
        if state == "aside":
            paint(group, fill=theme.canvas, ink=self.unreached, stroke=theme.cluster.border, stroke_dasharray="1,4")
        elif state == "later":
            paint(group, fill=theme.canvas, ink=self.unreached, stroke=theme.cluster.border)
        elif state == "known":
            paint(group, fill=self.fill.get(k))
        elif state == "now":
            paint(group, fill=self.fill.get(k), stroke=theme.reverse, stroke_width="5")
        if state not in ("known", "now"):  # the gradient, that is all after two lines of type, is not known yet
            second = [i for i, child in enumerate(group) if child.tag == SVG + "text"][1]
            for child in list(group)[second + 1 :]:
                group.remove(child)

    def _colour_edge(self, group: Element, edge: tuple[int, int, int], number: int) -> None:
        contributes = self.graph.edges[edge]["contribution"] is not None
        state, theme = _state(self.number.get(edge[0]) if contributes else None, number), self.theme
        group.set("class", f"edge {state}")
        flows_back = state in ("now", "known")
        if contributes:
            keep_one_head(group, at_start=flows_back)
        colour = theme.reverse if flows_back else theme.forward if state == "all" else theme.cluster.border
        path, head = list(group)
        path.set("stroke", colour)
        head.set("stroke", colour)
        head.set("fill", colour)
        if flows_back:
            path.set("stroke-dasharray", "6,3")
            path.set("stroke-width", "3" if state == "now" else "1.5")

    # --- the texts ----------------------------------------------------------------------------------------------------

    def _drawn_texts(self) -> dict[str, Element]:
        """All lines of all cards, each a drawing of its own."""
        lines = {
            _name(number, i, j): line
            for number, groups_of_lines in enumerate(self.cards)
            for i, group in enumerate(groups_of_lines)
            for j, line in enumerate(group)
        }
        lines["key"] = key(self.theme)
        names = list(lines)
        texts: dict[str, Element] = {}
        for start in range(0, len(names), AT_ONCE):
            some = {name: lines[name] for name in names[start : start + AT_ONCE]}
            parts = groups(drawn(sheet(some, self.theme)))
            texts |= {name: parts[name] for name in some}
        return texts

    def _placed(self, name: str, place: Place) -> Element:
        """A text at its place."""
        text = self.texts[name]
        left, top, _, _ = box_of(text)
        x, y = place.x - place.scale * left, place.y - place.scale * top
        moved = Element(SVG + "g", id=name, transform=f"translate({x:.6g} {y:.6g}) scale({place.scale:.6g})")
        moved.extend(list(text)[1:])  # all but the frame by which it was measured
        return moved

    def _arranged(self, boards: dict[str, Element], size: str) -> layout.Arrangement:
        measured = {name: box_of(text)[2:] for name, text in self.texts.items()}
        titles = [measured[_name(number, 0, 0)] for number in range(len(self.cards))]
        cards = [
            [_stacked([measured[_name(number, i, j)] for j in range(len(group))]) for i, group in enumerate(lines) if i]
            for number, lines in enumerate(self.cards)
        ]
        return layout.arranged(
            {direction: _size(root) for direction, root in boards.items()},
            (max(title[0] for title in titles), max(title[1] for title in titles)),
            measured["key"],
            cards,
            size,
        )


def _name(number: int, group: int, line: int) -> str:
    """The id of one line of a card; group 0 is the title."""
    return f"text-{number}-{group}-{line}"


def _stacked(lines: list[layout.Size]) -> layout.Size:
    return max(line[0] for line in lines), sum(line[1] for line in lines) + LEADING * (len(lines) - 1)


def _size(root: Element) -> layout.Size:
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    return width, height


def _state(step: int | None, number: int) -> str:
    """Where a node or an edge stands at step `number` of the sweep; 0 is the forward pass, in which all is shown."""
    if number == 0:
        return "all"
    if step is None:
        return "aside"
    return "now" if step == number else "known" if step < number else "later"
