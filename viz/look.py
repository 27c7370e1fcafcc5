"""Look: what the user asked to see, checked once, and what follows from it for nodes and edges."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import networkx as nx

from viz.errors import OptionError
from viz.styles import Handler
from viz.theme import THEMES, Heat, Theme

__all__ = ["DIRECTIONS", "Look", "chosen", "flows_back"]

DIRECTIONS = ("forward", "reverse", "both")


@dataclass(frozen=True, slots=True)
class Look:
    """How one picture is drawn: which numbers, which edges, in which colours."""

    values: bool
    gradients: bool
    jacobians: bool
    direction: str
    heat: Heat
    styles: tuple[Handler, ...]

    @property
    def theme(self) -> Theme:
        """The theme, which is also the heat scale's."""
        return self.heat.theme

    @property
    def draws_forward(self) -> bool:
        """Whether there are solid edges from arguments to ops."""
        return self.direction != "reverse"

    @property
    def draws_reverse(self) -> bool:
        """Whether there are dashed edges back, where something flowed."""
        return self.direction != "forward"

    def meet(self, graph: nx.MultiDiGraph, node: int) -> bool:
        """Whether several dashed edges come back to this value: then a ⊕ stands where they are added (N5)."""
        if not self.draws_reverse or "fold" in graph.nodes[node]:
            return False
        return sum(flows_back(data) for *_, data in graph.out_edges(node, data=True)) > 1


def chosen(option: str, value: Any, choices: Iterable[str]) -> str:
    """The value, if it is one of the choices.

    Raises:
        OptionError: it is not; the message lists them.

    >>> chosen("direction", "both", DIRECTIONS)
    'both'
    """
    choices = tuple(choices)
    if not isinstance(value, str) or value not in choices:
        raise OptionError(f"{option}={value!r}: choose one of {', '.join(map(repr, choices))}")
    return value


def look(
    values: bool, gradients: bool, jacobians: bool, direction: str, theme: str, styles: Any, largest: float
) -> Look:
    """The options of a picture as a Look; `largest` is the norm that the heat scale begins with.

    Raises:
        OptionError: an option has a value that it cannot have.
    """
    for option, value in (("values", values), ("gradients", gradients), ("jacobians", jacobians)):
        if not isinstance(value, bool):
            raise OptionError(f"{option}={value!r}: choose True or False")
    if callable(styles) or not isinstance(styles, Iterable):
        raise OptionError(f"styles={styles!r}: a list of handlers, functions of a node's attributes")
    handlers = tuple(styles)
    for handler in handlers:
        if not callable(handler):
            raise OptionError(f"styles: {handler!r} cannot be called with a node's attributes")
    drawn = THEMES[chosen("theme", theme, THEMES)]
    return Look(
        values, gradients, jacobians, chosen("direction", direction, DIRECTIONS), Heat(largest, drawn), handlers
    )


def flows_back(data: dict[str, Any]) -> bool:
    """Whether the sweep has added something along this edge, or along one of those folded into it."""
    return (data["norm"] if "count" in data else data["contribution"]) is not None
