"""Products of vectors, matrices and arrays of any number of axes, but for matmul (linear.py) and einsum (einsum.py).

    np.dot, np.vdot, np.inner, np.outer, np.tensordot, np.kron, np.cross      of two arrays
    np.vecdot, np.matvec, np.vecmat                                           of stacks of vectors and matrices

and what np.linalg calls by the same names. All are contractions: their derivative is the one of einsum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import index as as_integer
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Crossing, LinearMap
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Array, Entry, Shape
from ..numpy_protocol import implements
from .einsum import Contraction, Subscripts, by_argument, each_a_node
from .linear import matmul
from .pointwise import multiply
from .shaping import reshape

CASES = ascii_lowercase, ascii_uppercase


@dataclass(frozen=True)
class TensorDot(Contraction):
    """Σ a ⊙ b over pairs of axes; the others of a, then those of b, remain. Local Jacobians: Contract.

    `axes` is how many (the last of a, the first of b), or which: a tuple for each.

    >>> import numpy as np
    >>> TensorDot(2)(np.ones((2, 3, 4)), np.ones((3, 4, 5))).shape
    (2, 5)
    """

    name = "tensordot"

    axes: int | tuple[tuple[int, ...], tuple[int, ...]] = 2

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.tensordot(a, b, self.axes)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        first, second = len(shapes[0]), len(shapes[1])
        if isinstance(self.axes, int):
            over_a, over_b = tuple(range(first - self.axes, first)), tuple(range(self.axes))
        else:
            over_a, over_b = self.axes
        a, b = list(ascii_lowercase[:first]), list(ascii_uppercase[:second])
        for place_a, place_b in zip(over_a, over_b, strict=True):
            b[place_b] = a[place_a]
        rest = [letter for letter in (*a, *b) if (letter in a) != (letter in b)]
        return ["".join(a), "".join(b)], "".join(rest)


class Dot(Contraction):
    """Σ a ⊙ b over the last axis of a and the last but one of b, as np.dot has it for more than two axes.

    Local Jacobians: Contract.

    >>> import numpy as np
    >>> Dot()(np.ones((2, 3)), np.ones((4, 3, 5))).shape
    (2, 4, 5)
    """

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.dot(a, b)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        a, b = ascii_lowercase[: len(shapes[0])], ascii_uppercase[: len(shapes[1])]
        return [a, b[:-2] + a[-1] + b[-1]], a[:-1] + b[:-2] + b[-1]


class Outer(Contraction):
    """a_i b_j, of two vectors. Local Jacobians: Contract.

    >>> Outer()([1.0, 2.0], [3.0, 4.0]).value
    array([[3., 4.],
           [6., 8.]])
    """

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.outer(a, b)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        return ["i", "j"], "ij"


class Kron(Contraction):
    """The Kronecker product: b in every place of a, times a's entry there; arrays with any number of axes.

    Local Jacobians: Reshape ∘ Contract, since kron is an outer product whose axes stand in pairs.

    >>> Kron()([1.0, 10.0], [1.0, 2.0])
    <kron (4,) float64: [ 1.  2. 10. 20.]>
    """

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.kron(a, b)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        ndim = max(map(len, shapes))
        a, b = (letters[ndim - len(shape) : ndim] for letters, shape in zip(CASES, shapes, strict=True))
        pairs = zip(a.rjust(ndim), b.rjust(ndim), strict=True)
        return [a, b], "".join([x + y for x, y in pairs]).replace(" ", "")

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        in_pairs = super().jacobian(argument, out, *arguments)
        return ReshapeMap(in_pairs.out_shape, out.shape) @ in_pairs


@dataclass(frozen=True)
class Cross(Contraction):
    """The cross product of vectors along `axisa` and `axisb`, laid along `axisc`; of two or three components.

    Local Jacobians: Contract with ε_ijk and the other vector. (NumPy warns of vectors of two components, and takes
    their third as 0; of two such only the third component remains, without an axis.)

    >>> Cross()([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    <cross (3,) float64: [0. 0. 1.]>
    """

    axisa: int = -1
    axisb: int = -1
    axisc: int = -1

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.cross(a, b, self.axisa, self.axisb, self.axisc)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        a, b = shapes
        more = ascii_uppercase[: max(len(a), len(b)) - 1]
        left = _put("j", more[len(more) - len(a) + 1 :], self.axisa)
        right = _put("k", more[len(more) - len(b) + 1 :], self.axisb)
        if a[self.axisa] == b[self.axisb] == 2:
            return [left, right], more
        return [left, right], _put("i", more, self.axisc)

    def jacobian(self, argument: int, out: Entry, a: Entry, b: Entry) -> LinearMap:
        last = [axis % array.ndim == array.ndim - 1 for axis, array in ((self.axisa, a), (self.axisb, b))]
        if a.shape == b.shape == out.shape and a.shape[-1] == 3 and all(last) and self.axisc in (-1, out.ndim - 1):
            return Crossing(-b, a.shape, out.shape) if not argument else Crossing(a, b.shape, out.shape)
        (left, right), result = self.subscripts(a.shape, b.shape)
        epsilon = _levi_civita()[:, : a.shape[self.axisa], : b.shape[self.axisb]]
        signs, term = (epsilon, "ijk") if "i" in result else (epsilon[2], "jk")
        return by_argument([term, left, right], result, argument + 1, (signs, a, b))


class Stacked(Contraction):
    """One of NumPy's products of stacks: vecdot (n),(n)→(), matvec (m,n),(n)→(m), vecmat (n),(n,p)→(p).

    The stacks' other axes broadcast; `axes` says which axes are the vectors' and matrices', as in NumPy.
    Local Jacobians: Contract.

    >>> import numpy as np
    >>> Stacked(np.vecdot)([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0])
    <vecdot (2,) float64: [3. 7.]>
    """

    def __init__(self, function: np.ufunc, axes: tuple[tuple[int, ...], ...] | None = None) -> None:
        self.function, self.axes, self.name = function, axes, function.__name__

    def forward(self, x: Entry, y: Entry) -> Entry:
        return self.function(x, y) if self.axes is None else self.function(x, y, axes=list(self.axes))

    def subscripts(self, *shapes: Shape) -> Subscripts:
        cores = [core.replace(",", "") for core in re.findall(r"\((.*?)\)", self.function.signature or "")]
        more = max(len(shape) - len(core) for shape, core in zip(shapes, cores[:2], strict=True))
        stack = ascii_uppercase[:more]
        stacks = [
            *(stack[more - len(shape) + len(core) :] for shape, core in zip(shapes, cores[:2], strict=True)),
            stack,
        ]
        axes = self.axes or [range(-len(core), 0) for core in cores]
        *terms, result = (_placed(core, own, places) for core, own, places in zip(cores, stacks, axes, strict=True))
        return terms, result

    def __repr__(self) -> str:
        return self.name if self.axes is None else f"{self.name}(axes={self.axes})"


@cache
def _levi_civita() -> Array:
    """ε_ijk: the sign of the permutation ijk, 0 where two are equal."""
    epsilon = np.zeros((3, 3, 3), np.int8)
    epsilon[[0, 1, 2], [1, 2, 0], [2, 0, 1]] = 1
    epsilon[[0, 1, 2], [2, 0, 1], [1, 2, 0]] = -1
    return epsilon


def _put(letter: str, term: str, axis: int) -> str:
    """The term with one letter more, which then stands at `axis`."""
    place = axis % (len(term) + 1)
    return term[:place] + letter + term[place:]


def _placed(core: str, stack: str, places: Sequence[int]) -> str:
    """The letters of a stack with those of its vectors or matrices put in their places."""
    ndim = len(core) + len(stack)
    own = {place % ndim: letter for place, letter in zip(places, core, strict=True)}
    others = iter(stack)
    return "".join([own[k] if k in own else next(others) for k in range(ndim)])


@implements(np.dot)
def dot(a: NodeLike, b: NodeLike, out: None = None) -> Node:
    """The product of numbers, vectors and matrices; sums over the last axis of a; NumPy's meaning.

    Composed of multiply, where one is a number, and of matmul up to two axes.

    >>> import numpy as np, minigrad as mg
    >>> np.dot(mg.parameter([1.0, 2.0]), [3.0, 4.0])
    <matmul () float64: 11.>
    """
    x, y = each_a_node(a, b)
    if x.ndim == 0 or y.ndim == 0:
        return multiply(x, y)
    return matmul(x, y) if y.ndim == 1 or max(x.ndim, y.ndim) == 2 else Dot()(x, y)


@implements(np.vdot)
def vdot(a: NodeLike, b: NodeLike) -> Node:
    """Σ a ⊙ b over all entries, of arrays laid flat; NumPy's meaning. Composed of ravel and matmul.

    >>> import numpy as np, minigrad as mg
    >>> np.vdot(mg.parameter([[1.0, 2.0]]), [[3.0], [4.0]])
    <matmul () float64: 11.>
    """
    x, y = each_a_node(a, b)
    return matmul(_flat(x), _flat(y))


@implements(np.inner)
def inner(a: NodeLike, b: NodeLike, /) -> Node:
    """Σ a ⊙ b over the last axes of both; NumPy's meaning. Composed of multiply, matmul or tensordot.

    >>> import numpy as np, minigrad as mg
    >>> np.inner(mg.parameter([[1.0, 2.0]]), [3.0, 4.0])
    <matmul (1,) float64: [11.]>
    """
    x, y = each_a_node(a, b)
    if x.ndim == 0 or y.ndim == 0:
        return multiply(x, y)
    return matmul(x, y) if y.ndim == 1 else TensorDot(((-1,), (-1,)))(x, y)


@implements(np.outer)
def outer(a: NodeLike, b: NodeLike, out: None = None) -> Node:
    """Every entry of a times every entry of b, (a.size, b.size); NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.outer(mg.parameter([1.0, 2.0]), [3.0]).shape
    (2, 1)
    """
    x, y = each_a_node(a, b)
    return Outer()(_flat(x), _flat(y))


@implements(np.tensordot)
def tensordot(a: NodeLike, b: NodeLike, axes: Any = 2) -> Node:
    """Σ a ⊙ b over the given axes of both; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.tensordot(mg.parameter(np.ones((2, 3))), np.ones((3, 2)), axes=([0, 1], [1, 0]))
    <tensordot () float64: 6.>
    """
    if np.ndim(axes) == 0 and not isinstance(axes, (tuple, list)):
        return TensorDot(as_integer(axes))(*each_a_node(a, b))
    first, second = (tuple(map(as_integer, np.atleast_1d(part).tolist())) for part in axes)
    return TensorDot((first, second))(*each_a_node(a, b))


@implements(np.kron)
def kron(a: NodeLike, b: NodeLike) -> Node:
    """The Kronecker product; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.kron(np.eye(2), mg.parameter([[1.0, 2.0]])).shape
    (2, 4)
    """
    return Kron()(*each_a_node(a, b))


@implements(np.cross)
def cross(  # noqa: PLR0917  # as NumPy has them
    a: NodeLike, b: NodeLike, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Node:
    """The cross product of vectors; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.cross(mg.parameter([1.0, 0.0, 0.0]), [0.0, 1.0, 0.0])
    <cross (3,) float64: [0. 0. 1.]>
    """
    return Cross(*((axisa, axisb, axisc) if axis is None else (axis,) * 3))(a, b)


def _stacked(function: np.ufunc) -> Callable[..., Node]:
    """The function on nodes that is this product of stacks of NumPy's, with its keywords axis, axes and keepdims."""

    def product(
        x1: NodeLike, x2: NodeLike, *, axis: int | None = None, axes: Any = None, keepdims: bool = False
    ) -> Node:
        if axis is not None:
            axes = [axis, axis, ()]
        places = None if axes is None else tuple([(k,) if isinstance(k, int) else tuple(k) for k in axes])
        if places is not None and len(places) == 2:
            places = (*places, ())
        result = Stacked(function, places)(x1, x2)
        if not keepdims:
            return result
        place = places[0][0] if places else -1
        return reshape(result, np.expand_dims(result.value, place).shape)

    product.__name__ = function.__name__
    product.__doc__ = f"The product of stacks {function.signature}; NumPy's meaning."
    return implements(function)(product)


vecdot = _stacked(np.vecdot)
for name in ("matvec", "vecmat"):  # of NumPy 2.2 and later
    if hasattr(np, name):
        _stacked(getattr(np, name))


@implements(np.linalg.matmul)
def linalg_matmul(x1: NodeLike, x2: NodeLike, /) -> Node:
    """The product of matrices; np.matmul by another name.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.matmul(mg.parameter([[2.0]]), [[3.0]])
    <matmul (1, 1) float64: [[6.]]>
    """
    return matmul(x1, x2)


@implements(np.linalg.vecdot)
def linalg_vecdot(x1: NodeLike, x2: NodeLike, /, *, axis: int = -1) -> Node:
    """Σ x1 ⊙ x2 along an axis; np.vecdot by another name.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.vecdot(mg.parameter([[1.0], [2.0]]), [[3.0], [4.0]], axis=0)
    <vecdot (1,) float64: [11.]>
    """
    return vecdot(x1, x2) if axis == -1 else vecdot(x1, x2, axis=axis)


@implements(np.linalg.tensordot)
def linalg_tensordot(x1: NodeLike, x2: NodeLike, /, *, axes: Any = 2) -> Node:
    """Σ x1 ⊙ x2 over pairs of axes; np.tensordot by another name.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.tensordot(mg.parameter([[2.0]]), [[3.0]], axes=1)
    <tensordot (1, 1) float64: [[6.]]>
    """
    return tensordot(x1, x2, axes)


@implements(np.linalg.outer)
def linalg_outer(x1: NodeLike, x2: NodeLike, /) -> Node:
    """Every entry of x1 times every entry of x2, of vectors only: ShapeError for others.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.outer(mg.parameter([1.0, 2.0]), [3.0]).shape
    (2, 1)
    """
    x, y = each_a_node(x1, x2)
    if (x.ndim, y.ndim) != (1, 1):
        raise ShapeError(f"np.linalg.outer takes two vectors, not {x.shape} and {y.shape}. Write np.outer.")
    return Outer()(x, y)


@implements(np.linalg.cross)
def linalg_cross(x1: NodeLike, x2: NodeLike, /, *, axis: int = -1) -> Node:
    """The cross product of vectors of three components along an axis: ShapeError for others.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.cross(mg.parameter([1.0, 0.0, 0.0]), [0.0, 1.0, 0.0])
    <cross (3,) float64: [0. 0. 1.]>
    """
    x, y = each_a_node(x1, x2)
    if any(axis not in range(-z.ndim, z.ndim) or z.shape[axis] != 3 for z in (x, y)):
        raise ShapeError(f"np.linalg.cross takes vectors of three components along axis {axis}: {x.shape}, {y.shape}.")
    return cross(x, y, axis=axis)


def _flat(x: Node) -> Node:
    return x if x.ndim == 1 else reshape(x, -1)
