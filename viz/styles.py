"""Styles: how a user restyles one kind of node, in three lines.

    def softmax_in_green(node):
        return {"fillcolor": "#BFE8C5"} if node["op"] == "softmax" else NotImplemented

    viz.dot(J, styles=[softmax_in_green])

A handler is asked for every figure of a node: the value's box and the op's ellipse. It gets the node's attributes in
the view graph (op, name, shape, scope, role, value, grad, …) and, under "figure", what is drawn: "value", "op" or
"fold". It answers with visual attributes of Graphviz, or passes with NotImplemented. The first answer wins; what it
leaves open is the theme's. Only looks can be changed, and every value is checked: no answer can put other text into the
picture.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from viz.errors import StyleError
from viz.theme import Attributes

__all__ = ["Handler", "own_attributes"]

Handler = Callable[[Mapping[str, Any]], Any]
"""A node's attributes → visual attributes as a mapping, or NotImplemented."""

SHAPES = ["box", "box3d", "circle", "component", "diamond", "ellipse", "folder", "hexagon", "house", "note", "octagon"]
SHAPES += ["parallelogram", "pentagon", "tab", "trapezium", "triangle"]
LINES = ["bold", "dashed", "diagonals", "dotted", "filled", "rounded", "solid"]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def own_attributes(handlers: Sequence[Handler], data: Mapping[str, Any], figure: str) -> Attributes:
    """What the first handler that does not pass answers for a figure of this node; nothing when all pass.

    Raises:
        StyleError: the answer is no mapping, or has a key or a value that is not among the visual ones.

    >>> green = lambda node: {"fillcolor": "#BFE8C5", "penwidth": 2} if node["op"] == "softmax" else NotImplemented
    >>> own_attributes([green], {"op": "softmax"}, "op"), own_attributes([green], {"op": "tanh"}, "op")
    ({'fillcolor': '#BFE8C5', 'penwidth': '2'}, {})
    """
    for handler in handlers:
        answer = handler({**data, "figure": figure})
        if answer is not NotImplemented:
            return _checked(answer, f"style handler {getattr(handler, '__name__', repr(handler))}")
    return {}


def _checked(answer: Any, who: str) -> Attributes:
    if not isinstance(answer, Mapping):
        raise StyleError(f"{who} answered {answer!r}: a dict of visual attributes, or NotImplemented to pass")
    for key, value in answer.items():
        if key not in _CHECKS:
            raise StyleError(f"{who}: {key!r} is no visual attribute; there are {', '.join(_CHECKS)}")
        is_good, wanted = _CHECKS[key]
        if not is_good(value):
            raise StyleError(f"{who}: {key}={value!r} is no {wanted}")
    return {key: str(value) for key, value in answer.items()}


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _is_width(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 <= value <= 10


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 4


def _is_shape(value: Any) -> bool:
    return isinstance(value, str) and value in SHAPES


def _is_style(value: Any) -> bool:
    return isinstance(value, str) and all(word in LINES for word in value.split(","))


# Colours in six digits and not by name: "green" is one colour to Graphviz and another to SVG.
_COLOUR_CHECK = (_is_colour, 'colour such as "#BFE8C5"')
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "color": _COLOUR_CHECK,
    "fillcolor": _COLOUR_CHECK,
    "fontcolor": _COLOUR_CHECK,
    "penwidth": (_is_width, "number from 0 to 10"),
    "peripheries": (_is_count, "whole number from 0 to 4"),
    "shape": (_is_shape, f"shape among {', '.join(SHAPES)}"),
    "style": (_is_style, f"comma-joined words among {', '.join(LINES)}"),
}
