"""Look: what the user asked to see, checked once, and what follows from it for the figures of one graph.

checked    the options → a Look, or an error that lists the choices
fitted     the same for one graph: where its heat scale begins, at which values contributions meet
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import networkx as nx

from viz import numbers
from viz.errors import OptionError
from viz.styles import Handler
from viz.theme import LIGHT, THEMES, Heat, Theme

__all__ = ["DIRECTIONS", "Look", "checked", "choice", "fitted", "flows_back"]

DIRECTIONS = ("forward", "reverse", "both")


@dataclass(frozen=True, slots=True)
class Look:
    """How one picture is drawn: which numbers, which edges, in which colours.

    sums: the values that several dashed edges come back to; a ⊕ beside each shows that they are added (N5).
    """

    values: bool = True
    gradients: bool = True
    jacobians: bool = True
    direction: str = "both"
    theme: Theme = LIGHT
    styles: tuple[Handler, ...] = ()
    heat: Heat = field(default=Heat(0.0))
    sums: frozenset[int] = frozenset()

    @property
    def draws_forward(self) -> bool:
        """Whether there are solid edges from arguments to ops."""
        return self.direction != "reverse"

    @property
    def draws_reverse(self) -> bool:
        """Whether there are dashed edges back, where something flowed."""
        return self.direction != "forward"


def checked(*, values: Any, gradients: Any, jacobians: Any, direction: Any, theme: Any, styles: Any) -> Look:
    """The options of a picture as a Look.

    Raises:
        OptionError: an option has a value that it cannot have; the message lists those it can.

    >>> options = {"values": True, "gradients": True, "jacobians": False, "theme": "light", "styles": ()}
    >>> checked(**options, direction="forward").draws_reverse
    False
    """
    for option, value in (("values", values), ("gradients", gradients), ("jacobians", jacobians)):
        if not isinstance(value, bool):
            raise OptionError(f"{option}={value!r}: choose True or False")
    handlers = tuple(styles) if isinstance(styles, Iterable) else (None,)
    if not all(map(callable, handlers)):
        raise OptionError(f"styles={styles!r}: a list of handlers, functions of a node's attributes")
    colours = THEMES[choice("theme", theme, THEMES)]
    return Look(values, gradients, jacobians, choice("direction", direction, DIRECTIONS), colours, handlers)


def choice(option: str, value: Any, choices: Iterable[str]) -> str:
    """The value, if it is one of the choices.

    Raises:
        OptionError: it is not; the message lists them.

    >>> choice("direction", "both", DIRECTIONS)
    'both'
    """
    choices = tuple(choices)
    if not isinstance(value, str) or value not in choices:
        raise OptionError(f"{option}={value!r}: choose one of {', '.join(map(repr, choices))}")
    return value


def fitted(look: Look, graph: nx.MultiDiGraph) -> Look:
    """The look for this graph, which may be a folded one."""
    heat = Heat(max(filter(math.isfinite, _norms(graph)), default=0.0), look.theme)
    seen: set[int] = set()
    sums: set[int] = set()
    if look.draws_reverse:
        for u, _, data in graph.edges(data=True):
            if flows_back(data):
                (sums if u in seen else seen).add(u)
    return replace(look, heat=heat, sums=frozenset(u for u in sums if "fold" not in graph.nodes[u]))


def flows_back(data: dict[str, Any]) -> bool:
    """Whether the sweep has added something along this edge, or along one of those folded into it."""
    return (data["norm"] if "count" in data else data["contribution"]) is not None


def _norms(graph: nx.MultiDiGraph) -> Iterator[float]:
    """The norms of all gradients in the picture, those of folded boxes among them."""
    for _, data in graph.nodes(data=True):
        if "fold" in data:
            if data["fold"].norm is not None:
                yield data["fold"].norm
        elif data["grad"] is not None:
            yield numbers.norm(data["grad"])
