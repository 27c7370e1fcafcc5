"""Linear maps that only move numbers: repeat, add up, lay out anew, pick, change precision.

Each but Cast has a matrix of zeros and ones, which it reads off by moving the numbers 0, 1, 2 … the same way.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .algebra import ARRAYS, Array, Entry, Identity, LinearMap, Shape

# Where another way is faster, as measured.
SHORT, MANY = 32, 4096  # an axis to sum along, and entries in all
FEW = 64  # entries, for which np.add.at is as fast as anything; or entries in a slice
ROUNDS = 8  # how often a number may come in an index


def _selection(picked: Array, size: int) -> Array:
    """The matrix of v ↦ v.ravel()[picked]."""
    return np.eye(size)[picked.ravel()]


def _numbered(shape: Shape) -> Array:
    return np.arange(prod(shape)).reshape(shape)


def _has_many_short_rows(v: Entry) -> bool:
    return isinstance(v, np.ndarray) and v.size > MANY and v.shape[-1] <= SHORT and v.dtype.kind == "f"


class Broadcast(LinearMap):
    """v ↦ v repeated along new axes and axes of length one. Transpose: SumTo.

    >>> Broadcast((2, 1), (2, 3)).matrix().sum(axis=0)
    array([3., 3.])
    """

    __slots__ = ()
    letters = "broadcast"
    latex_form = r"\mathrm{broadcast}"

    def __init__(self, in_shape: Shape, out_shape: Shape) -> None:
        self.in_shape, self.out_shape = in_shape, out_shape

    def after(self, inner: LinearMap) -> LinearMap | None:
        return Broadcast(inner.in_shape, self.out_shape) if isinstance(inner, Broadcast) else None

    def apply(self, v: Entry) -> Entry:
        return np.broadcast_to(v, self.out_shape)

    @property
    def T(self) -> SumTo:
        return SumTo(self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return _selection(np.broadcast_to(_numbered(self.in_shape), self.out_shape), prod(self.in_shape))


class SumTo(LinearMap):
    """v ↦ v summed along the axes that Broadcast would repeat. Transpose: Broadcast.

    >>> SumTo((2, 3), (2, 1))(np.ones((2, 3)))
    array([[3.],
           [3.]])
    """

    __slots__ = ()
    letters = "sum"
    latex_form = r"\textstyle\sum"

    def __init__(self, in_shape: Shape, out_shape: Shape) -> None:
        self.in_shape, self.out_shape = in_shape, out_shape

    def after(self, inner: LinearMap) -> LinearMap | None:
        return SumTo(inner.in_shape, self.out_shape) if isinstance(inner, SumTo) else None

    def apply(self, v: Entry) -> Entry:
        new = len(self.in_shape) - len(self.out_shape)
        repeated = [
            axis
            for axis, length in enumerate(self.in_shape)
            if axis < new or (self.out_shape[axis - new] == 1 and length != 1)
        ]
        last = len(self.in_shape) - 1
        if last in repeated and last - 1 not in repeated and _has_many_short_rows(v):
            v = np.einsum("...k->...", v)  # NumPy's sum has a call for each row, and takes ten times as long
            repeated.pop()
        return np.reshape(v.sum(axis=tuple(repeated)), self.out_shape)

    @property
    def T(self) -> Broadcast:
        return Broadcast(self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return self.T.matrix().T


class Reshape(LinearMap):
    """v ↦ v in another shape, in C order. Transpose: back again.

    >>> str(Reshape((2, 3), (6,)).T)
    'reshape : (6,) → (2, 3)'
    """

    __slots__ = ()
    letters = "reshape"
    latex_form = r"\mathrm{reshape}"

    def __init__(self, in_shape: Shape, out_shape: Shape) -> None:
        self.in_shape, self.out_shape = in_shape, out_shape

    def after(self, inner: LinearMap) -> LinearMap | None:
        if not isinstance(inner, Reshape):
            return None
        if inner.in_shape == self.out_shape:
            return Identity(self.out_shape)
        return Reshape(inner.in_shape, self.out_shape)

    def apply(self, v: Entry) -> Entry:
        return np.reshape(v, self.out_shape)

    @property
    def T(self) -> Reshape:
        return Reshape(self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return np.eye(prod(self.in_shape))


class Permute(LinearMap):
    """v ↦ v with its axes in another order. Transpose: back again.

    >>> Permute((1, 0), (2, 3)).T
    <Permute permute(1, 0) : (3, 2) → (2, 3)>
    """

    __slots__ = ("axes",)

    def __init__(self, axes: tuple[int, ...], in_shape: Shape) -> None:
        self.axes, self.in_shape = axes, in_shape
        self.out_shape = tuple([in_shape[axis] for axis in axes])

    def after(self, inner: LinearMap) -> LinearMap | None:
        if not isinstance(inner, Permute):
            return None
        axes = tuple([inner.axes[axis] for axis in self.axes])
        return Identity(self.out_shape) if axes == tuple(range(len(axes))) else Permute(axes, inner.in_shape)

    def apply(self, v: Entry) -> Entry:
        return np.transpose(v, self.axes)

    @property
    def T(self) -> Permute:
        return Permute(tuple(np.argsort(self.axes).tolist()), self.out_shape)

    def matrix(self) -> Array:
        return _selection(np.transpose(_numbered(self.in_shape), self.axes), prod(self.in_shape))

    def text(self, *symbols: str) -> str:
        return f"permute{self.axes}"

    def latex(self, *symbols: str) -> str:
        return rf"\mathrm{{permute}}{self.axes}"


class Gather(LinearMap):
    """v ↦ v[index], with any index of NumPy's. Transpose: Scatter, where entries picked twice add up.

    `index` may be a node of whole numbers, in a map that itself is to be differentiated. `distinct` says that it picks
    no entry twice (None: not known yet), and `inverse`, where it only puts all entries into another order, what puts
    them back: then the transpose is Gather(inverse).

    >>> Gather(np.array([0, 0]), (2,), (2,)).T(np.array([3.0, 4.0]))
    array([7., 0.])
    """

    __slots__ = ("distinct", "index", "inverse")
    letters = "gather"
    latex_form = r"\mathrm{gather}"

    def __init__(
        self, index: Any, in_shape: Shape, out_shape: Shape, *, distinct: bool | None = None, inverse: Any = None
    ) -> None:
        self.index, self.in_shape, self.out_shape = index, in_shape, out_shape
        self.distinct, self.inverse = distinct, inverse

    def apply(self, v: Entry) -> Entry:
        return v[self.index]

    @property
    def T(self) -> Gather | Scatter:
        if self.inverse is not None:
            return Gather(self.inverse, self.out_shape, self.in_shape, inverse=self.index)
        return Scatter(self.index, self.out_shape, self.in_shape, distinct=self.distinct)

    def matrix(self) -> Array:
        return _selection(np.asarray(_numbered(self.in_shape)[self.index]), prod(self.in_shape))


class Scatter(LinearMap):
    """v ↦ zeros with v added at `index`; entries that fall together add up. Transpose: Gather.

    >>> Scatter(slice(1, None), (2,), (3,))(np.array([1.0, 2.0]))
    array([0., 1., 2.])
    """

    __slots__ = ("distinct", "index")
    letters = "scatter"
    latex_form = r"\mathrm{scatter}"

    def __init__(self, index: Any, in_shape: Shape, out_shape: Shape, *, distinct: bool | None = None) -> None:
        self.index, self.in_shape, self.out_shape, self.distinct = index, in_shape, out_shape, distinct

    def apply(self, v: Entry) -> Entry:
        if not isinstance(v, ARRAYS):
            return self._of_node(v)
        whole, parts = np.zeros(self.out_shape, v.dtype), np.asarray(v)
        if picks_once(self.index) if self.distinct is None else self.distinct:
            whole[self.index] = parts
        elif (rounds := self._rounds()) is not None:
            before: Any = (slice(None),) * (len(self.index) - 1 if isinstance(self.index, tuple) else 0)
            for target, source in rounds:
                whole[*before, target] += parts[*before, source]
        elif parts.size > FEW and whole.size <= 8 * parts.size:
            # By flat numbers add.at is some five times as fast, which pays where finding them does not cost more.
            numbers = _numbered(self.out_shape)[self.index]
            np.add.at(whole.reshape(-1), numbers.reshape(-1), parts.reshape(-1))
        else:
            np.add.at(whole, self.index, parts)
        return whole

    def _rounds(self) -> list[tuple[Array, Array]] | None:
        """For a long array of numbers along one axis of large slices: its targets and sources, in rounds.

        No target comes twice in a round, so that a whole round is added at once: two times as fast as by flat numbers,
        unless there are many rounds. None for those, and for any other kind of index.
        """
        *before, numbers = self.index if isinstance(self.index, tuple) else (self.index,)
        if not isinstance(numbers, np.ndarray) or numbers.ndim != 1 or prod(self.in_shape) < FEW * numbers.size:
            return None
        in_full = all(isinstance(part, slice) and part == slice(None) for part in before)
        if not (in_full and numbers.size and numbers.dtype.kind in "ui"):
            return None
        targets = numbers % self.out_shape[len(before)]
        order = np.argsort(targets, kind="stable")
        ascending, places = targets[order], np.arange(targets.size)
        is_first = np.concatenate([[True], ascending[1:] != ascending[:-1]])
        turn = places - np.maximum.accumulate(np.where(is_first, places, 0))
        last = turn.max()
        if last >= ROUNDS:
            return None
        sources = [order[turn == k] for k in range(last + 1)]
        return [(targets[source], source) for source in sources]

    def _of_node(self, v: Entry) -> Entry:
        """The same for a node; an index that is a node is an argument too: bincount adds up what falls together."""
        if not hasattr(self.index, "through"):
            return v.through(self)
        flat = np.bincount(np.reshape(self.index, -1), np.reshape(v, -1), prod(self.out_shape))
        return np.reshape(flat if flat.dtype == v.dtype else np.astype(flat, v.dtype), self.out_shape)

    @property
    def T(self) -> Gather:
        return Gather(self.index, self.out_shape, self.in_shape, distinct=self.distinct)

    def matrix(self) -> Array:
        return self.T.matrix().T


def picks_once(index: Any) -> bool:
    """Whether an index picks no entry twice by its kind alone: it is basic, but for one mask.

    >>> picks_once((slice(None), np.array([True, False]))), picks_once([0, 1])
    (True, False)
    """
    parts = index if isinstance(index, tuple) else (index,)
    others = [part for part in parts if not _is_basic(part)]
    return not others or (len(others) == 1 and getattr(others[0], "dtype", None) == np.bool_)


def _is_basic(part: Any) -> bool:
    if part is None or part is Ellipsis:
        return True
    return isinstance(part, (slice, int, np.integer)) and not isinstance(part, bool)


class Cast(LinearMap):
    """v ↦ v in another precision: what an argument goes through where dtypes are promoted. Transpose: back again.

    >>> Cast(np.float32, np.float64, (2,))(np.ones(2, np.float32)).dtype
    dtype('float64')
    """

    __slots__ = ("in_dtype", "out_dtype")

    def __init__(self, in_dtype: DTypeLike, out_dtype: DTypeLike, shape: Shape) -> None:
        self.in_dtype, self.out_dtype = np.dtype(in_dtype), np.dtype(out_dtype)
        self.in_shape = self.out_shape = shape

    def apply(self, v: Entry) -> Entry:
        return v.astype(self.out_dtype, copy=False) if isinstance(v, ARRAYS) else v.through(self)

    @property
    def T(self) -> Cast:
        return Cast(self.out_dtype, self.in_dtype, self.in_shape)

    def matrix(self) -> Array:
        return np.eye(prod(self.in_shape))

    def text(self, *symbols: str) -> str:
        return f"{self.in_dtype} → {self.out_dtype}"

    def latex(self, *symbols: str) -> str:
        return rf"\mathrm{{{self.in_dtype}}} \to \mathrm{{{self.out_dtype}}}"
