"""A derivation as a part of a web page: whole in itself, for a notebook or a file, on a screen or on paper."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator
from itertools import groupby

from . import layout, mathml, text
from .expressions import Expression
from .indices import Position
from .layout import Line
from .letters import visible
from .steps import Described, Document, Prose, Section

_STYLE = """
.minigrad-derivation { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --quiet: #5c5c5c; --rule: #d5d5d5;
  color: var(--ink); background: var(--paper); max-width: 62rem; padding: 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; font-size: 1rem; }
.minigrad-derivation math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", math; font-size: 1.1em; }
.minigrad-derivation h2 { font-size: 1.4em; margin: 0 0 0.5em; }
.minigrad-derivation h3 { font-size: 1.1em; margin: 1.2em 0 0.3em; border-bottom: 1px solid var(--rule); }
.minigrad-derivation p { margin: 0.2em 0; }
.minigrad-derivation table { border-collapse: collapse; border: 0; margin: 0.4em 0; background: none; }
.minigrad-derivation tr, .minigrad-derivation td { background: none; border: 0; }
.minigrad-derivation td { padding: 0.15em 0.3em; text-align: left; vertical-align: baseline; }
.minigrad-derivation .steps { width: 100%; }
.minigrad-derivation .steps .left { text-align: right; white-space: nowrap; width: 1%; }
.minigrad-derivation .steps .sign { width: 1%; }
.minigrad-derivation .steps .reason { width: 36%; }
.minigrad-derivation .reason, .minigrad-derivation footer, .minigrad-derivation .shape { color: var(--quiet);
  font-size: 0.9em; }
.minigrad-derivation .symbols td { padding-right: 1.2em; }
.minigrad-derivation tbody:target { outline: 2px solid var(--quiet); }
.minigrad-derivation footer { margin-top: 1.2em; border-top: 1px solid var(--rule); }
@media (prefers-color-scheme: dark) {
  .minigrad-derivation { --ink: #e6e6e6; --paper: #161616; --quiet: #a8a8a8; --rule: #444444; } }
@media (max-width: 40rem) {
  .minigrad-derivation { padding: 0.5rem; }
  .minigrad-derivation .steps tr { display: flex; flex-wrap: wrap; align-items: baseline; margin: 0.3em 0; }
  .minigrad-derivation .steps, .minigrad-derivation .steps tbody { display: block; max-width: 100%; }
  .minigrad-derivation .steps .left, .minigrad-derivation .steps .sign { width: auto; }
  .minigrad-derivation .steps .left:empty { display: none; }
  .minigrad-derivation .steps .right { flex: 1 1 55%; min-width: 0; overflow-x: auto; overflow-y: hidden; }
  .minigrad-derivation .steps .reason { flex: 1 1 100%; width: 100%; padding-left: 2em; }
  .minigrad-derivation .steps .reason:empty { display: none; } }
@media print {
  .minigrad-derivation { --ink: #000000; --paper: #ffffff; --quiet: #333333; --rule: #999999; color-scheme: light;
    max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.25; }
  .minigrad-derivation td { padding: 0.05em 0.3em; }
  .minigrad-derivation h3 { break-after: avoid; margin-top: 0.7em; }
  .minigrad-derivation tbody { break-inside: avoid; } }
"""


def html(document: Document) -> str:
    """A derivation as one element with its own style, and neither script nor links.

    >>> print(html(Document(("A title",), ()))[:33])
    <div class="minigrad-derivation">
    """
    footer = "".join(f"<p>{prose(remark)}</p>" for remark in document.footer)
    parts = [
        f'<div class="minigrad-derivation">\n<style>{_STYLE}</style>',
        f"<h2>{prose(document.title)}</h2>",
        *[_section(section) for section in document.sections],
        f"<footer>{footer}</footer>" if footer else "",
        "</div>",
    ]
    return "\n".join(part for part in parts if part)


def lines_by_node(document: Document) -> dict[int, str]:
    """For every node that a derivation has lines about, by its place in the graph: these lines, without the style.

    >>> lines_by_node(Document(("A title",), ()))
    {}
    """
    found: dict[int, list[str]] = {}
    for section in document.sections:
        for node, steps in groupby(section.steps, key=lambda step: step.node):
            own = Section(section.id, section.title, steps=tuple(steps))
            found.setdefault(node, []).append(_section(own))
    return {node: "\n".join(sections) for node, sections in found.items()}


def prose(items: Prose) -> str:
    """Words with formulas among them.

    >>> prose(("x < y",))
    'x &lt; y'
    """
    return "".join(_item(item) for item in items)


def _item(item: str | Expression | Position) -> str:
    if isinstance(item, str):
        return markup.escape(visible(item))
    if isinstance(item, Expression):
        return mathml.formula(item)
    return mathml.element(mathml.position(item), text.prose((item,)))


def _section(section: Section) -> str:
    node = "" if section.node is None else f' data-node="{section.node}"'
    parts = [f'<section id="{_id("section", section.id)}"{node}>', f"<h3>{prose(section.title)}</h3>"]
    parts += [f"<p>{prose(remark)}</p>" for remark in section.remarks]
    if section.symbols:
        parts += ['<table class="symbols"><tbody>', *[_described(row) for row in section.symbols], "</tbody></table>"]
    if section.steps:
        parts += ['<table class="steps">', *_steps(section), "</table>"]
    return "\n".join([*parts, "</section>"])


def _described(row: Described) -> str:
    shape = markup.escape(visible(row.shape))
    return f'<tr><td>{mathml.formula(row.symbol)}</td><td class="shape">{shape}</td><td>{prose(row.meaning)}</td></tr>'


def _steps(section: Section) -> Iterator[str]:
    for step, lines in groupby(layout.lines(section), key=lambda line: line.step):
        rows = "\n".join(_row(line) for line in lines)
        spoken = markup.escape(f"{text.formula(step.left)} = {text.formula(step.right)}")
        rule = markup.escape(visible(step.rule))
        attributes = f'id="{_id("step", step.id)}" data-node="{step.node}" data-rule="{rule}" aria-label="{spoken}"'
        yield f"<tbody {attributes}>\n{rows}\n</tbody>"


def _id(kind: str, name: str) -> str:
    """The id of an element: without spaces, which end it."""
    return markup.escape(re.sub(r"\s", "-", f"{kind}-{visible(name)}"))


def _row(line: Line) -> str:
    left = "" if line.left is None else _formula(line.left, line.numeric)
    right = " = ".join(dict.fromkeys(_formula(e, line.numeric) for e in line.rights))
    reason = f"[{prose(line.reason)}]" if line.reason else ""
    cells = {"left": left, "sign": line.sign, "right": right, "reason": reason}
    row = "".join(f'<td class="{name}">{cell}</td>' for name, cell in cells.items())
    return f'<tr class="numbers">{row}</tr>' if line.numeric else f"<tr>{row}</tr>"


def _formula(expression: Expression, numeric: bool) -> str:
    """A formula in full size; a long one as several, between which a line may end."""
    write = mathml.NUMBERS if numeric else mathml.FORMULAS
    spoken = text.formula(expression)
    first, *others = mathml.pieces(write.formula(expression))
    if not others:
        return mathml.element(first, spoken, display=True)
    parts = "<wbr/>".join(mathml.element(part, "", display=True) for part in (first, *others))
    return f'<span role="math" aria-label="{markup.escape(spoken)}">{parts}</span>'
