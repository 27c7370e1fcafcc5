"""Board: the pieces of a frame in Graphviz's language: the graph in short boxes, and a card of text for each step.

    board   a box a node (name, op, shape, room for its gradient), an edge an argument with arrow heads at both ends
    card    the lines of a step, the first its title; `forward_card` those of the forward pass, `key` what colours mean
    sheet   any pieces of text as one drawing, each in a box of its own

Graphviz measures and draws the type of all of them; `strip` puts a frame together and colours it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import graphviz
import networkx as nx
import numpy as np

from viz import labels, numbers
from viz.filmstrip.steps import Names, Step, Term
from viz.labels import bold, cell, rows, text
from viz.theme import FONT, Theme

__all__ = ["board", "card", "forward_card", "key", "sheet"]

Card = list[list[str]]
"""Groups of lines, in markup: the first is the title, the others may stand side by side."""

MOST_TERMS = 4
"""So many terms of a sum are written out; of the others it is said how many there are."""


# --- the graph --------------------------------------------------------------------------------------------------------


def board(graph: nx.MultiDiGraph, names: Names, theme: Theme, direction: str) -> str:
    """The graph as DOT text, "LR" or "TB". In a box all that comes after its second line of type is its gradient."""
    picture = graphviz.Digraph(
        graph_attr={"rankdir": direction, "nodesep": "0.25", "ranksep": "0.35", "pad": "0.1", "bgcolor": "transparent"},
        node_attr={
            "fontname": FONT,
            "fontsize": "13",
            "fontcolor": theme.ink,
            "style": "filled",
            "margin": "0.08,0.05",
        },
        edge_attr={"arrowsize": "0.7", "color": theme.forward},
    )
    for k, data in graph.nodes(data=True):
        style = theme.roles[data["role"]]
        label = labels.label(_box(data, names, k, theme))
        outline = {"id": f"node-{k}", "color": style.border, "fillcolor": style.fill} | style.outline
        picture.node(f"n{k}", label, **outline)
    for u, v, argument, data in graph.edges(keys=True, data=True):
        heads = "forward" if data["contribution"] is None else "both"
        picture.edge(f"n{u}", f"n{v}", id=f"edge-{u}-{v}-{argument}", dir=heads)
    return str(picture.source)


def _box(data: dict[str, Any], names: Names, k: int, theme: Theme) -> str:
    made = f"{text(data['op'], 20)} {data['shape']}" if names.shows_op(k) else str(data["shape"])
    lines = [[cell(bold(text(names.node(k))))], [cell(_type(10, made))]]
    if data["grad"] is not None:
        lines.append([cell(_short_gradient(data["grad"], names.gradient(k), theme))])
    return rows(lines, padding=1)


def _short_gradient(grad: Any, symbol: str, theme: Theme) -> str:
    """The gradient's numbers where they take little room, otherwise its norm."""
    narrow = numbers.is_small(grad) and (grad.ndim == 0 or (grad.ndim == 2 and grad.shape[1] <= 2))
    symbol = symbol if len(symbol) <= 12 else "gradient"
    if narrow:
        line = [cell(text(symbol)), cell("=")] if grad.ndim == 0 else [cell(text(symbol))]
        line.append(cell(labels.array(grad, theme.quiet)))
    else:
        line = [cell(f"‖{text(symbol)}‖"), cell("="), cell(numbers.scalar(numbers.norm(grad), 4))]
    return _type(10, rows([line], padding=2))


# --- the cards --------------------------------------------------------------------------------------------------------


def sheet(pieces: Mapping[str, str], theme: Theme) -> str:
    """Pieces of markup by their ids as DOT text: boxes as large as they are, with a frame that nobody sees."""
    picture = graphviz.Digraph(
        graph_attr={"bgcolor": "transparent", "pad": "0"},
        node_attr={
            "shape": "box",
            "penwidth": "0",
            "margin": "0",
            "width": "0",
            "height": "0",
            "fontname": FONT,
            "fontsize": "13",
            "fontcolor": theme.ink,
        },
    )
    for name, markup in pieces.items():
        picture.node(name, labels.label(rows([[cell(markup)]], padding=0)), id=name)
    return str(picture.source)


def forward_card(graph: nx.MultiDiGraph, steps: tuple[Step, ...], names: Names, theme: Theme) -> Card:
    """Step 0: what came out, and the order in which the sweep will go."""
    output = graph.graph["output"]
    order = [names.node(step.node) for step in steps[:12]] + ["…"] * (len(steps) > 12)
    came_out: list[_Block | str] = [
        _Block("", [[text(names.node(output))]]),
        "=",
        _block("", graph.nodes[output]["value"]),
    ]
    lines = [
        "Along the arrows every value has been computed; no gradient is known yet.",
        _side_by_side(theme, came_out),
        "Now back against the arrows, each node after all that it goes into:",
        text(", ".join(order), 120),
    ]
    return [_title(0, len(steps), "forward pass"), lines]


def card(step: Step, of: int, names: Names, theme: Theme) -> Card:
    """A step: each term with its numbers and, where there are several, their sum."""
    title = _title(step.number, of, names.equation(step.node))
    symbol, partial = names.gradient(step.node), names.partial(step.node)
    result = bold(text(symbol if symbol == partial else f"{symbol} = {partial}", 60))
    if step.gradient is None:
        return [title, [text(f"Nothing flows back to {names.node(step.node)}: it has no gradient.", 80)]]
    if not step.terms:
        return [title, ["Here the sweep begins.", _side_by_side(theme, [_block(result, step.gradient)])]]
    if len(step.terms) == 1:
        return [title, _term(step.terms[0], names, theme, result)]
    terms = [_term(term, names, theme, "contribution") for term in step.terms[:MOST_TERMS]]
    if len(step.terms) > MOST_TERMS:
        terms.append([f"… and {len(step.terms) - MOST_TERMS} more."])
    return [title, *terms, [f"The {len(step.terms)} contributions add up:", _sum(step, theme, result)]]


def key(theme: Theme) -> str:
    """What colours and lines mean, on one line."""
    heat = theme.heat[1].get("bgcolor")
    known = {"color": theme.ink} | ({"bgcolor": heat} if heat else {})
    chips = [
        _chip("this step", color=theme.reverse, border=3),
        _chip("gradient known (stronger: larger)" if heat else "gradient known", **known),
        _chip("not reached yet", color=theme.cluster.border),
        _chip("no gradient", color=theme.cluster.border, style="dotted"),
        _type(10, "──▶ forward"),
        _type(10, f'<FONT COLOR="{theme.reverse}">◀╌╌ a contribution flows back</FONT>'),
    ]
    return rows([[cell(chip) for chip in chips]], padding=0, cellspacing=5)


def _chip(words: str, **frame: str | int) -> str:
    return rows([[cell(_type(10, f"{words}&#160;"))]], padding=6, **{"border": 1} | frame)


def _title(number: int, of: int, words: str) -> list[str]:
    # A space more than is seen: bold type may be a little wider in a browser than where it was measured.
    return [_type(16, text(f"step {number} of {of} · ") + "&#160;" + bold(text(words, 160)))]


def _term(term: Term, names: Names, theme: Theme, caption: str) -> list[str]:
    """What the node goes into; below, transposed local Jacobian on the consumer's gradient = contribution."""
    node, consumer, argument = term.edge
    where = f" (argument {argument})" if names.arguments(consumer) > 1 else ""
    into = text(f"{names.node(node)} goes into {names.equation(consumer)}{where}:", 160)
    pulls = "" if term.pulls is None else text(term.pulls, 60)
    shapes = [[_type(10, f"{term.contribution.shape} ← {term.incoming.shape}")]]
    local = _Block(pulls, shapes) if term.factor is None else _block(pulls, term.factor)
    upright = not term.on_the_right
    incoming = _block(text(names.gradient(consumer)), term.incoming, upright)
    pair: list[_Block | str] = [incoming, local] if term.on_the_right else [local, incoming]
    if term.factor is not None and not (local.is_matrix or incoming.is_matrix):
        pair.insert(1, "·")
    lines = [into, _side_by_side(theme, [*pair, "=", _block(caption, term.contribution, upright)])]
    if term.form is not None:
        lines.append(_type(10, text(f"Not as written: the sweep takes the stable form, {term.form}.", 80)))
    return lines


def _sum(step: Step, theme: Theme, result: str) -> str:
    """c₁ + c₂ = the gradient, while it is short; otherwise the gradient alone."""
    blocks: list[_Block | str] = []
    if len(step.terms) <= MOST_TERMS and numbers.is_small(step.gradient):
        for term in step.terms:
            blocks += [_block("", term.contribution), "+"]
        blocks[-1] = "="
    return _side_by_side(theme, [*blocks, _block(result, step.gradient)])


# --- numbers side by side ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of numbers below a caption, between the lines of a matrix or without."""

    caption: str
    entries: list[list[str]] = field(default_factory=list)
    is_matrix: bool = False


def _block(caption: str, array: Any, upright: bool = False) -> _Block:
    """An array as a block; a 1-D one as a row, or upright, as it stands behind a matrix, as a column."""
    if array.ndim == 1 and upright:
        array = array[:, np.newaxis]
    if numbers.is_small(array):
        return _Block(caption, numbers.grid(array), is_matrix=array.ndim > 0)
    return _Block(caption, [[_type(10, words), number] for words, number in numbers.summary(array)])


def _side_by_side(theme: Theme, blocks: list[_Block | str]) -> str:
    """Blocks in one line, signs such as "=" between them.

    One table for all of them: a table in a cell would be stretched to the height of its tallest neighbour.
    """
    height = max(len(block.entries) for block in blocks if isinstance(block, _Block))
    captions: list[str] = []
    lines: list[list[str]] = [[] for _ in range(height)]
    for i, block in enumerate(blocks):
        if isinstance(block, str):
            captions.append(cell(""))
            lines[0].append(cell(f" {block} ", rowspan=height))
            continue
        if i and not isinstance(blocks[i - 1], str):
            captions.append(cell("", width=6))
            lines[0].append(cell("", rowspan=height))
        wide = len(block.entries[0])
        captions.append(
            cell(f'<FONT COLOR="{theme.reverse}">{block.caption}</FONT>' if block.caption else "", colspan=wide)
        )
        above = (height - len(block.entries)) // 2
        padded = [[""] * wide] * above + block.entries + [[""] * wide] * (height - above - len(block.entries))
        for at, (line, entries) in enumerate(zip(lines, padded, strict=True)):
            inside = block.is_matrix and above <= at < above + len(block.entries)
            line += [_entry(entry, k, wide, theme, inside) for k, entry in enumerate(entries)]
    return rows([captions] * any(caption != cell("") for caption in captions) + lines, padding=3)


def _entry(entry: str, column: int, wide: int, theme: Theme, inside: bool) -> str:
    sides = "L" * (column == 0) + "R" * (column == wide - 1)
    if not inside or not sides:
        return cell(entry, align="right" if wide > 1 else "center")
    return cell(entry, align="right", border=1, sides=sides, color=theme.quiet)


def _type(size: int, markup: str) -> str:
    return f'<FONT POINT-SIZE="{size}">{markup}</FONT>'
