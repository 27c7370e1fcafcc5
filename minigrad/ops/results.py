"""Ops with several results, such as svd: one node that holds them all, and a Part node for each.

    class SlogDet(Results):
        def results(self, x):                       the results, from the argument's value
            return np.linalg.slogdet(x)

        def shapes(self, x):                        their shapes, from the argument's
            return x[:-2], x[:-2]

        def differentials(self, argument, results, x):      ∂result/∂argument, a linear map for each result
            return Zero(…), …

    sign, logdet = SlogDet().parts(x)

The node's value is all the results laid flat, one behind the other, so that it is an array like any other: its
cotangent is one array, in which a part that nobody uses is zero.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod

import numpy as np

from ..graph import Node, NodeLike
from ..linear_maps import LinearMap, Scatter, add
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Entry, Shape
from .base import Op, as_nodes


class Results(Op):
    """An op with several results, laid flat in one array: `results`, their `shapes`, and their `differentials`.

    >>> from minigrad.linear_maps import Gather
    >>> class MinMax(Results):
    ...     def results(self, x):
    ...         return x[0], x[-1]
    ...
    ...     def shapes(self, x):
    ...         return (), ()
    ...
    ...     def differentials(self, argument, results, x):
    ...         return Gather(0, x.shape, ()), Gather(-1, x.shape, ())
    >>> MinMax().parts([1.0, 2.0, 5.0])[1]
    <part () float64: 5.>
    """

    @abstractmethod
    def results(self, *arguments: Entry) -> tuple[Entry, ...]:
        """The values of all results, from the arguments' values."""

    @abstractmethod
    def shapes(self, *shapes: Shape) -> tuple[Shape, ...]:
        """The shapes of all results, from the arguments' shapes."""

    @abstractmethod
    def differentials(self, argument: int, results: tuple[Entry, ...], *arguments: Entry) -> tuple[LinearMap, ...]:
        """∂result/∂arguments[argument] for every result."""

    def forward(self, *arguments: Entry) -> Entry:
        return laid_flat(self.results(*arguments))

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        parts = layout(self.shapes(*[x.shape for x in arguments]))
        results = tuple([part.forward(out) for part in parts])
        maps = self.differentials(argument, results, *arguments)
        placed = [part.place(out.shape) @ local for part, local in zip(parts, maps, strict=True)]
        total = placed[0]
        for term in placed[1:]:
            total = add(total, term)
        return total

    def parts(self, *arguments: NodeLike) -> tuple[Node, ...]:
        """The op applied, and a node for each of its results."""
        nodes = as_nodes(arguments)
        whole = self(*nodes)
        return tuple([part(whole) for part in layout(self.shapes(*[node.shape for node in nodes]))])


@dataclass(frozen=True)
class Part(Op):
    """One result of several: the entries from `start` on, in its shape. Local Jacobian: Gather, then Reshape.

    >>> Part(1, (2,))([1.0, 2.0, 3.0])
    <part (2,) float64: [2. 3.]>
    """

    start: int
    shape: Shape

    def forward(self, whole: Entry) -> Entry:
        return np.reshape(whole[self._place], self.shape)

    def jacobian(self, argument: int, out: Entry, whole: Entry) -> LinearMap:
        return self.place(whole.shape).T

    def place(self, whole: Shape) -> LinearMap:
        """The map that lays this result flat in its place."""
        flat = (prod(self.shape),)
        return Scatter(self._place, flat, whole) @ ReshapeMap(self.shape, flat)

    @property
    def _place(self) -> slice:
        return slice(self.start, self.start + prod(self.shape))


def laid_flat(arrays: Sequence[Entry]) -> Entry:
    """Arrays (or nodes) of any shapes in one flat array, one behind the other.

    >>> laid_flat([np.ones((2, 1)), np.zeros(())])
    array([1., 1., 0.])
    """
    return np.concatenate([np.reshape(array, -1) for array in arrays])


def layout(shapes: Sequence[Shape]) -> list[Part]:
    """Where arrays of these shapes lie in the flat array.

    >>> layout([(2, 1), ()])
    [part(start=0, shape=(2, 1)), part(start=2, shape=())]
    """
    starts = accumulate([prod(shape) for shape in shapes], initial=0)
    return [Part(start, shape) for start, shape in zip(starts, shapes, strict=False)]
