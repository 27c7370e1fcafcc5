"""Markup: the derivation's lines, HTML, as a tree of allowed elements that the page builds node by node.

    tree    '<p class="x">a<b>c</b></p>'  →  [["p", {"class": "x"}, "a", ["b", {}, "c"]]]

The page never parses markup out of its data. What is not on the lists here is dropped: an element keeps its children,
an attribute is gone.
"""

import xml.etree.ElementTree as ET
from typing import Any

__all__ = ["tree"]

Tree = list[Any]

HTML = frozenset(
    {"b", "br", "code", "div", "em", "h4", "i", "li", "ol", "p", "section", "span", "strong", "sub", "sup", "table"}
    | {"tbody", "td", "th", "thead", "tr", "ul", "wbr"}
)
MATHML = frozenset(
    {"math", "menclose", "merror", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "ms"}
    | {"mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"}
)
ATTRIBUTES = frozenset(
    {"accent", "alttext", "aria-label", "class", "colspan", "columnalign", "data-rule", "depth", "display", "role"}
    | {"displaystyle", "fence", "form", "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize"}
    | {"rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width"}
)
RENAMED = {"h3": "h4"}  # the page's own headings stand above


def tree(html: str) -> Tree:
    """Well-formed HTML as a list of strings and [element, attributes, *children].

    >>> tree('<p onclick="x()">a<script>b</script> &lt;c</p>')
    [['p', {}, 'a', 'b', ' <c']]
    """
    try:
        root = ET.fromstring(f"<div>{html}</div>")
    except ET.ParseError:
        return [html]  # as text, which does no harm
    return _children(root)


def _children(element: ET.Element) -> Tree:
    out: Tree = [element.text] if _shows(element.text) else []
    for child in element:
        out += _built(child)
        if _shows(child.tail):
            out.append(child.tail)
    return out


def _shows(text: str | None) -> bool:
    """Whether it is more than the line breaks between elements."""
    return bool(text) and text != "\n"


def _built(element: ET.Element) -> Tree:
    tag = element.tag.rpartition("}")[2]
    tag = RENAMED.get(tag, tag)
    if tag not in HTML and tag not in MATHML:
        return _children(element)
    attributes = {key: value for key, value in element.attrib.items() if key in ATTRIBUTES}
    return [[tag, attributes, *_children(element)]]
