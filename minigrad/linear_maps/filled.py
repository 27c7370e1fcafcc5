"""Linear maps that carry numbers: each is filled with one entry, and linear in it."""

from __future__ import annotations

from math import prod

import numpy as np

from .algebra import Array, Entry, Filled, LinearMap, Scale, Shape
from .layout import SumTo


class Diagonal(Filled):
    """v ↦ d ⊙ v: the Jacobian of an elementwise function (notes, N8). Transpose: itself.

    `d` may be kept unexpanded: of any shape that broadcasts to `shape`.

    >>> Diagonal(np.array([1.0, 2.0])).matrix()
    array([[1., 0.],
           [0., 2.]])
    """

    __slots__ = ()
    letters = "diag(⟨⟩)"
    latex_form = r"\operatorname{diag}(⟨⟩)"
    symbol = "d"

    def __init__(self, d: Entry, shape: Shape | None = None) -> None:
        self.entry = d
        self.in_shape = self.out_shape = d.shape if shape is None else shape

    def with_entry(self, entry: Entry) -> Diagonal:
        return Diagonal(entry, self.in_shape)

    def after(self, inner: LinearMap) -> LinearMap | None:
        if isinstance(inner, (Diagonal, Scale)):
            return self.with_entry(self.entry * inner.entry)
        if isinstance(inner, Outer):
            return inner.with_entry(self.entry * inner.entry)
        return None

    def apply(self, v: Entry) -> Entry:
        return v * self.entry

    @property
    def T(self) -> Diagonal:
        return self

    def matrix(self) -> Array:
        return np.diag(np.broadcast_to(self.entry, self.in_shape).ravel())


class LeftMul(Filled):
    """V ↦ A V, on stacks of matrices as in NumPy's matmul. Transpose: U ↦ Aᵀ U.

    >>> LeftMul(np.array([[1.0, 2.0]]), (2, 1), (1, 1)).matrix()
    array([[1., 2.]])
    """

    __slots__ = ()
    letters = "⟨⟩ ·"
    latex_form = r"⟨⟩ \cdot"
    symbol = "A"

    def apply(self, v: Entry) -> Entry:
        return self.entry @ v

    @property
    def T(self) -> LeftMul:
        return LeftMul(self.entry.mT, self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        # Vec by rows (C order): vec(A V) = (A ⊗ I) vec(V), a block for each matrix of a stack.
        columns = np.eye(self.in_shape[-1])
        return _blocks([np.kron(a, columns) for a in _stack(self.entry, self.in_shape[:-2])])


class RightMul(Filled):
    """V ↦ V B, on stacks of matrices as in NumPy's matmul. Transpose: U ↦ U Bᵀ.

    >>> RightMul(np.array([[1.0], [2.0]]), (1, 2), (1, 1)).matrix()
    array([[1., 2.]])
    """

    __slots__ = ()
    letters = "· ⟨⟩"
    latex_form = r"\cdot ⟨⟩"
    symbol = "B"

    def apply(self, v: Entry) -> Entry:
        return v @ self.entry

    @property
    def T(self) -> RightMul:
        return RightMul(self.entry.mT, self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        # vec(V B) = (I ⊗ Bᵀ) vec(V), a block for each matrix of a stack.
        rows = np.eye(self.in_shape[-2])
        return _blocks([np.kron(rows, b.T) for b in _stack(self.entry, self.in_shape[:-2])])


def _stack(entry: Array, batch: Shape) -> Array:
    return np.broadcast_to(entry, batch + entry.shape[-2:]).reshape(prod(batch), *entry.shape[-2:])


def _blocks(blocks: list[Array]) -> Array:
    """The block-diagonal matrix with the given blocks, all of one shape."""
    rows, columns = blocks[0].shape if blocks else (0, 0)
    whole = np.zeros((len(blocks) * rows, len(blocks) * columns))
    for k, block in enumerate(blocks):
        whole[k * rows : (k + 1) * rows, k * columns : (k + 1) * columns] = block
    return whole


class Inner(Filled):
    """v ↦ Σ c ⊙ v, a number: the Jacobian of a scalar, its gradient laid flat. Transpose: Outer(c).

    >>> Inner(np.array([1.0, 2.0]))(np.array([3.0, 4.0]))
    np.float64(11.0)
    """

    __slots__ = ()
    letters = "(⟨⟩, ·)"
    latex_form = r"\langle ⟨⟩, \cdot \rangle"
    symbol = "c"

    def __init__(self, c: Entry, in_shape: Shape | None = None, out_shape: Shape = ()) -> None:
        self.entry, self.in_shape, self.out_shape = c, c.shape if in_shape is None else in_shape, out_shape

    def after(self, inner: LinearMap) -> LinearMap | None:
        return self.with_entry(self.entry * inner.entry) if isinstance(inner, Diagonal) else None

    def apply(self, v: Entry) -> Entry:
        return (self.entry * v).sum()

    @property
    def T(self) -> Outer:
        return Outer(self.entry)

    def matrix(self) -> Array:
        return np.reshape(self.entry, (1, -1))


class Outer(Filled):
    """s ↦ s c, for a number s. Transpose: Inner(c).

    >>> Outer(np.array([1.0, 2.0]))(np.array(3.0))
    array([3., 6.])
    """

    __slots__ = ()
    letters = "⟨⟩ ·"
    latex_form = r"⟨⟩ \cdot"
    symbol = "c"

    def __init__(self, c: Entry, in_shape: Shape = (), out_shape: Shape | None = None) -> None:
        self.entry, self.in_shape, self.out_shape = c, in_shape, c.shape if out_shape is None else out_shape

    def after(self, inner: LinearMap) -> LinearMap | None:
        return self.with_entry(self.entry * inner.entry) if isinstance(inner, Scale) else None

    def apply(self, s: Entry) -> Entry:
        return self.entry * s

    @property
    def T(self) -> Inner:
        return Inner(self.entry)

    def matrix(self) -> Array:
        return np.reshape(self.entry, (-1, 1))


class Centre(LinearMap):
    """v ↦ p ⊙ (v − Σ p ⊙ v), sums along `axis`: the Jacobian diag(p) − p pᵀ of softmax. Transpose: itself.

    >>> Centre(np.array([0.5, 0.5]), 0)(np.array([1.0, 3.0]))
    array([-0.5,  0.5])
    """

    __slots__ = ("axis", "entry")
    letters = "diag(⟨⟩) − ⟨⟩⟨⟩ᵀ"
    latex_form = r"\operatorname{diag}(⟨⟩) - ⟨⟩ ⟨⟩^{\mathsf T}"
    symbol = "p"

    def __init__(self, p: Entry, axis: int | tuple[int, ...] | None) -> None:
        self.entry, self.axis = p, axis
        self.in_shape = self.out_shape = p.shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.entry,)

    def apply(self, v: Entry) -> Entry:
        return self.entry * (v - (self.entry * v).sum(axis=self.axis, keepdims=True))

    @property
    def T(self) -> Centre:
        return self

    def matrix(self) -> Array:
        sums = SumTo(self.in_shape, np.sum(self.entry, axis=self.axis, keepdims=True).shape)
        same_group = sums.T.matrix() @ sums.matrix()
        p = np.ravel(self.entry)
        dense: Array = np.diag(p) - np.outer(p, p) * same_group
        return dense


class Dense(Filled):
    """v ↦ M v, on flattened arrays: for a Jacobian without structure. Transpose: Dense(Mᵀ).

    >>> Dense(np.array([[0.0, 1.0], [1.0, 0.0]]), (2,), (2,))(np.array([1.0, 2.0]))
    array([2., 1.])
    """

    __slots__ = ()
    letters = latex_form = "⟨⟩"
    symbol = "M"

    def after(self, inner: LinearMap) -> LinearMap | None:
        return Dense(self.entry @ inner.entry, inner.in_shape, self.out_shape) if isinstance(inner, Dense) else None

    def apply(self, v: Entry) -> Entry:
        return np.reshape(self.entry @ np.reshape(v, (-1,)), self.out_shape)

    @property
    def T(self) -> Dense:
        return Dense(self.entry.mT, self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return np.asarray(self.entry)
