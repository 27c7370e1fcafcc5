"""Polynomials by their coefficients, that of the highest power first.

np.polyval(p, x), np.vander(x), np.polyfit(x, y, deg)       values, powers, the best fit
np.polyadd, polysub, polymul, polyder, polyint              their arithmetic
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, Dense, Diagonal, LinearMap, Reshape
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import converted, floating, joined, refuse
from .base import Op


class PolyVal(Op):
    """p_0 xⁿ⁻¹ + … + p_{n−1}, by Horner's rule. Local Jacobians: by x diag(p′(x)); by p the Vandermonde matrix of x.

    >>> import numpy as np, minigrad as mg
    >>> p, x = mg.parameter([1.0, 0.0, 2.0]), mg.parameter(3.0)
    >>> mg.gradients(np.polyval(p, x), [p, x])
    [array([9., 3., 1.]), array(6.)]
    """

    name = "polyval"

    def forward(self, p: Entry, x: Entry) -> Entry:
        return np.polyval(p, x)

    def jacobian(self, argument: int, out: Entry, p: Entry, x: Entry) -> LinearMap:
        if argument == 0:
            return Dense(np.vander(np.reshape(x, -1), p.shape[0]), p.shape, out.shape)
        return Diagonal(np.polyval(np.polyder(p), x), out.shape)


@dataclass(frozen=True)
class Vander(Op):
    """The powers xᴺ⁻¹ … x, 1 of each entry of a vector, as a row. Local Jacobian: diag(k xᵏ⁻¹) ∘ Broadcast.

    >>> import numpy as np, minigrad as mg
    >>> np.vander(mg.parameter([2.0, 3.0]), 3).value
    array([[4., 2., 1.],
           [9., 3., 1.]])
    """

    N: int | None = None
    increasing: bool = False

    def forward(self, x: Entry) -> Entry:
        return np.vander(x, self.N, self.increasing)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        m, n = out.shape
        powers, none = np.arange(n), np.zeros((m, min(n, 1)), x.dtype)
        lowered = [none, out[:, :-1]] if self.increasing else [out[:, 1:], none]
        slopes = np.concatenate(lowered, axis=1) * (powers if self.increasing else powers[::-1]).astype(x.dtype)
        return Diagonal(slopes) @ Broadcast((m, 1), (m, n)) @ Reshape((m,), (m, 1))


@implements(np.polyval)
def polyval(p: NodeLike, x: NodeLike) -> Node:
    """The polynomial with coefficients p, that of the highest power first, at x; NumPy's meaning.

    Local Jacobians: by x diag(p′(x)); by p the Vandermonde matrix of x. Composed of products and sums where a p of
    several axes has coefficients that are arrays themselves.

    >>> import numpy as np, minigrad as mg
    >>> np.polyval([1.0, 0.0, 2.0], mg.parameter([3.0, 0.0]))
    <polyval (2,) float64: [11.  2.]>
    """
    coefficients, point = converted(p), converted(x)
    if coefficients.ndim == 1:
        return PolyVal()(coefficients, point)
    value: Any = np.zeros(point.shape, point.dtype)
    for k in range(len(coefficients)):
        value = value * point + coefficients[k]
    return converted(value)


@implements(np.vander)
def vander(x: NodeLike, N: int | None = None, increasing: bool = False) -> Node:
    """The Vandermonde matrix: powers of the entries of a vector, a row for each; NumPy's meaning.

    Local Jacobian: diag(k xᵏ⁻¹) ∘ Broadcast.

    >>> import numpy as np, minigrad as mg
    >>> np.vander(mg.parameter([2.0]), increasing=True, N=3).value
    array([[1., 2., 4.]])
    """
    return Vander(N, bool(increasing))(x)


@implements(np.polyder)
def polyder(p: NodeLike, m: int = 1) -> Node:
    """The coefficients of the m-th derivative; NumPy's meaning. Composed of indexing and a product.

    >>> import numpy as np, minigrad as mg
    >>> np.polyder(mg.parameter([1.0, 5.0, 2.0]))
    <multiply (2,) float64: [2. 5.]>
    """
    node = _coefficients(p, m, "np.polyder")
    for _ in range(m):
        node = node[:-1] * np.arange(len(node) - 1, 0, -1)
    return node


@implements(np.polyint)
def polyint(p: NodeLike, m: int = 1, k: Any = None) -> Node:
    """The coefficients of the m-th antiderivative, with constants k (0, one for all, or m); NumPy's meaning.

    Composed of a quotient and Concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.polyint(mg.parameter([2.0, 5.0]), k=7.0)
    <concatenate (3,) float64: [1. 5. 7.]>
    """
    node = _coefficients(p, m, "np.polyint")
    constants = converted(0.0 if k is None else k).reshape(-1)
    if len(constants) < m and len(constants) != 1:
        raise ShapeError(f"np.polyint: {len(constants)} constants for m={m}; give none, one or m.")
    for step in range(m):
        constant = constants[:1] if len(constants) == 1 else constants[step : step + 1]
        node = joined([node / np.arange(len(node), 0, -1), constant])
    return node


def _coefficients(p: NodeLike, m: int, written: str) -> Node:
    node = converted(p)
    if m < 0:
        raise DomainError(f"{written}: m={m}; it is 0, 1, 2 … times.")
    return node


@implements(np.polyadd)
def polyadd(a1: NodeLike, a2: NodeLike) -> Node:
    """The coefficients of a sum; NumPy's meaning. Composed of Concatenate and +.

    >>> import numpy as np, minigrad as mg
    >>> np.polyadd(mg.parameter([1.0, 2.0]), [5.0])
    <add (2,) float64: [1. 7.]>
    """
    first, second = _of_one_length(a1, a2)
    total: Node = first + second
    return total


@implements(np.polysub)
def polysub(a1: NodeLike, a2: NodeLike) -> Node:
    """The coefficients of a difference; NumPy's meaning. Composed of Concatenate and −.

    >>> import numpy as np, minigrad as mg
    >>> np.polysub(mg.parameter([1.0, 2.0]), [5.0])
    <subtract (2,) float64: [ 1. -3.]>
    """
    first, second = _of_one_length(a1, a2)
    difference: Node = first - second
    return difference


@implements(np.polymul)
def polymul(a1: NodeLike, a2: NodeLike) -> Node:
    """The coefficients of a product; NumPy's meaning. Composed of convolve.

    >>> import numpy as np, minigrad as mg
    >>> np.polymul(mg.parameter([1.0, 2.0]), [1.0, 1.0]).value
    array([1., 3., 2.])
    """
    return converted(np.convolve(*(converted(given).reshape(-1) for given in (a1, a2))))


def _of_one_length(a1: NodeLike, a2: NodeLike) -> tuple[Node, Node]:
    nodes = [node if node.ndim else node.reshape(1) for node in (converted(a1), converted(a2))]
    n = max(len(node) for node in nodes)
    first, second = (node if len(node) == n else joined([np.zeros(n - len(node), node.dtype), node]) for node in nodes)
    return first, second


@implements(np.polyfit)
def polyfit(  # noqa: PLR0917  # NumPy's order
    x: NodeLike,
    y: NodeLike,
    deg: int,
    rcond: float | None = None,
    full: bool = False,
    w: NodeLike | None = None,
    cov: bool | str = False,
) -> Node:
    """The coefficients of the polynomial of degree `deg` that fits best; NumPy's meaning. x, y and w may be nodes.

    Composed of vander and lstsq. `full` and `cov` are not supported.

    >>> import numpy as np, minigrad as mg
    >>> np.polyfit([0.0, 1.0, 2.0], mg.parameter([1.0, 3.0, 5.0]), 1).value.round(12)
    array([2., 1.])
    """
    refuse("np.polyfit", "Write np.linalg.lstsq(np.vander(x, deg + 1), y), which tells more.", full=full, cov=cov)
    points, values = (converted(floating(converted(given))) for given in (x, y))
    if points.ndim != 1 or values.ndim not in (1, 2) or len(points) != len(values) or not len(points):
        raise ShapeError(f"np.polyfit: x is {points.shape} and y is {values.shape}; as many values as points.")
    if deg < 0:
        raise DomainError(f"np.polyfit: deg={deg}; it is not negative.")
    rcond = len(points) * float(np.finfo(points.dtype).eps) if rcond is None else rcond
    powers: Any = np.vander(points, deg + 1)
    if w is not None:
        weights = converted(w)
        powers, values = powers * weights[:, None], values * (weights if values.ndim == 1 else weights[:, None])
    size = np.sqrt(np.sum(powers * powers, axis=0))
    fitted = np.linalg.lstsq(powers / size, values, rcond)[0]
    return converted(fitted / (size if values.ndim == 1 else size[:, None]))
