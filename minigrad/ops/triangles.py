"""Triangles and diagonals of matrices, also of stacks of them: tril, triu, diagonal, diag, diagflat, trace."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Gather, LinearMap, Permute, Reshape, Select, SumTo
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .axes import converted, refuse
from .base import Op
from .elementwise import spread
from .indexing import axis_of
from .shaping import ravel

# --- triangles --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Triangle(Op):
    """Matrices of which one triangle is kept, and the rest is 0. Local Jacobian: Select(the triangle).

    >>> issubclass(Tril, Triangle) and issubclass(Triu, Triangle)
    True
    """

    selects = True

    k: int = 0

    @property
    @abstractmethod
    def function(self) -> Callable[..., Any]:
        """The NumPy function."""

    def forward(self, x: Entry) -> Entry:
        return self.function(x, self.k)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        kept = self.function(np.ones(out.shape[-2:], bool), self.k)
        return Select(kept, out.shape) @ spread(x.shape, out.shape)


class Tril(Triangle):
    """The lower triangle, up to diagonal k; 0 above. Local Jacobian: Select(the triangle).

    >>> Tril()([[1.0, 2.0], [3.0, 4.0]]).value
    array([[1., 0.],
           [3., 4.]])
    """

    function = staticmethod(np.tril)


class Triu(Triangle):
    """The upper triangle, from diagonal k on; 0 below. Local Jacobian: Select(the triangle).

    >>> Triu()([[1.0, 2.0], [3.0, 4.0]]).value
    array([[1., 2.],
           [0., 4.]])
    """

    function = staticmethod(np.triu)


@implements(np.tril)
def tril(m: NodeLike, k: int = 0) -> Node:
    """The lower triangle of matrices, up to diagonal k; 0 above; NumPy's meaning. Local Jacobian: Select(the triangle).

    >>> import numpy as np, minigrad as mg
    >>> np.tril(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), -1).value
    array([[0., 0.],
           [3., 0.]])
    """
    return Tril(k)(_with_axes("np.tril", m))


@implements(np.triu)
def triu(m: NodeLike, k: int = 0) -> Node:
    """The upper triangle of matrices, from diagonal k on; 0 below; NumPy's meaning.

    Local Jacobian: Select(the triangle).

    >>> import numpy as np, minigrad as mg
    >>> np.triu(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), 1).value
    array([[0., 2.],
           [0., 0.]])
    """
    return Triu(k)(_with_axes("np.triu", m))


def _with_axes(written: str, m: NodeLike) -> Node:
    node = converted(m)
    if node.ndim == 0:
        raise ShapeError(
            f"{written}: {node.label} is one number; it takes matrices, or a row that all rows are equal to."
        )
    return node


# --- diagonals --------------------------------------------------------------------------------------------------------


def taking_diagonal(shape: Shape, offset: int, axis1: int, axis2: int) -> LinearMap:
    """The map of matrices, along two axes, to their diagonals, along a new last axis.

    In a matrix laid flat a diagonal is a slice, whose steps are one longer than a row.

    >>> print(taking_diagonal((2, 3), 0, 0, 1))
    gather ∘ reshape : (2, 3) → (2,)
    """
    order = (*[k for k in range(len(shape)) if k not in (axis1, axis2)], axis1, axis2)
    permuted = tuple([shape[k] for k in order])
    *stack, rows, columns = permuted
    length = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    start = offset if offset >= 0 else -offset * columns
    picked = slice(start, start + (length - 1) * (columns + 1) + 1, columns + 1) if length else slice(0, 0)
    flat = (*stack, rows * columns)
    taken = Gather((..., picked), flat, (*stack, length), distinct=True) @ Reshape(permuted, flat)
    return taken if order == tuple(range(len(shape))) else taken @ Permute(order, shape)


@dataclass(frozen=True)
class TakeDiagonal(Op):
    """The diagonals of the matrices along two axes, along a new last axis. Local Jacobian: Gather by a slice.

    >>> TakeDiagonal()([[1.0, 2.0], [3.0, 4.0]])
    <diagonal (2,) float64: [1. 4.]>
    """

    name = "diagonal"

    offset: int = 0
    axis1: int = 0
    axis2: int = 1

    def forward(self, x: Entry) -> Entry:
        return np.diagonal(x, self.offset, self.axis1, self.axis2)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return taking_diagonal(x.shape, self.offset, self.axis1, self.axis2)


@dataclass(frozen=True)
class Trace(Op):
    """The sums of the diagonals of the matrices along two axes. Local Jacobian: SumTo after Gather by a slice.

    >>> Trace()([[1.0, 2.0], [3.0, 4.0]])
    <trace () float64: 5.>
    """

    offset: int = 0
    axis1: int = 0
    axis2: int = 1

    def forward(self, x: Entry) -> Entry:
        return np.trace(x, self.offset, self.axis1, self.axis2)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        taken = taking_diagonal(x.shape, self.offset, self.axis1, self.axis2)
        column = (*out.shape, 1)
        return Reshape(column, out.shape) @ SumTo(taken.out_shape, column) @ taken


@dataclass(frozen=True)
class Diag(Op):
    """A matrix with x on its diagonal k, and else 0. Local Jacobian: Scatter, the transpose of taking the diagonal.

    >>> Diag()([1.0, 2.0]).value
    array([[1., 0.],
           [0., 2.]])
    """

    k: int = 0

    def forward(self, x: Entry) -> Entry:
        return np.diag(x, self.k)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return taking_diagonal(out.shape, self.k, 0, 1).T


@implements(np.diagonal)
def diagonal(a: NodeLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Node:
    """The diagonals of the matrices along two axes, along a new last axis; NumPy's meaning.

    Local Jacobian: Gather by a slice.

    >>> import numpy as np, minigrad as mg
    >>> np.diagonal(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), 1)
    <diagonal (1,) float64: [2.]>
    """
    node, first, second = _plane("np.diagonal", a, axis1, axis2)
    return TakeDiagonal(offset, first, second)(node)


@implements(np.diag)
def diag(v: NodeLike, k: int = 0) -> Node:
    """A matrix with a sequence on its diagonal k; or, of a matrix, that diagonal; NumPy's meaning.

    Local Jacobian: Scatter by a slice, or Gather.

    >>> import numpy as np, minigrad as mg
    >>> np.diag(np.diag(mg.parameter([1.0, 2.0])))
    <diagonal (2,) float64: [1. 2.]>
    """
    node = converted(v)
    if node.ndim == 2:
        return TakeDiagonal(k)(node)
    if node.ndim != 1:
        raise ShapeError(
            f"np.diag: {node.label} is {node.shape}; it takes a sequence or a matrix. Write np.diagonal(x)."
        )
    return Diag(k)(node)


@implements(np.diagflat)
def diagflat(v: NodeLike, k: int = 0) -> Node:
    """A matrix with the entries of x, laid flat, on its diagonal k; NumPy's meaning. Composed of ravel and diag.

    >>> import numpy as np, minigrad as mg
    >>> np.diagflat(mg.parameter([[1.0, 2.0]])).value
    array([[1., 0.],
           [0., 2.]])
    """
    return Diag(k)(ravel(v))


@implements(np.trace)
def trace(  # noqa: PLR0917  # NumPy's signature
    a: NodeLike, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: DTypeLike | None = None, out: Any = None
) -> Node:
    """The sums of the diagonals of the matrices along two axes; NumPy's meaning.

    Local Jacobian: SumTo after Gather by a slice.

    >>> import numpy as np, minigrad as mg
    >>> np.trace(mg.parameter([[1.0, 2.0], [3.0, 4.0]]))
    <trace () float64: 5.>
    """
    refuse("np.trace", out=out)
    node, first, second = _plane("np.trace", converted(a, dtype), axis1, axis2)
    return Trace(offset, first, second)(node)


def _plane(written: str, a: NodeLike, axis1: int, axis2: int) -> tuple[Node, int, int]:
    """The node, and two different axes of it, counted from the first."""
    node = converted(a)
    if node.ndim < 2:
        raise ShapeError(f"{written}: {node.label} is {node.shape}; it must have two or more axes.")
    first, second = axis_of(node, axis1, written), axis_of(node, axis2, written)
    if first == second:
        raise ShapeError(f"{written}: {node.label} is {node.shape}; axes {axis1} and {axis2} are one and the same.")
    return node, first, second
