"""What a reverse sweep returns: the cotangent of every node it reached, which is its gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .errors import GradientError
from .graph import Node
from .linear_maps.algebra import Array


class Gradients(Mapping[Node, Array]):
    """The gradients of one sweep: a mapping from every node reached to its array, read-only.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> (x * x).backward()
    <gradients of 2 nodes>
    """

    __slots__ = ("_arrays",)

    def __init__(self, arrays: dict[Node, Array]) -> None:
        self._arrays = arrays

    def __getitem__(self, node: Node) -> Array:
        try:
            return self._arrays[node]
        except KeyError:
            advice = "mg.gradients gives zeros" if node.differentiable else "it is a constant"
            raise GradientError(f"the sweep did not reach {node.label}: {advice}.") from None

    def get(self, node: Node, default: Any = None) -> Any:
        return self._arrays.get(node, default)

    def __contains__(self, node: object) -> bool:
        return node in self._arrays

    def __iter__(self) -> Iterator[Node]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return f"<gradients of {len(self)} nodes>"

    def _repr_html_(self) -> str:
        from viz.display import gradients_html

        return gradients_html(self)
