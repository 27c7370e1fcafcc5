"""The algebra of linear maps: what a map is, and how maps compose and add up.

    L(v)         forward mode: push a tangent forward            (jvp)
    L.T(u)       reverse mode: pull a cotangent back             (vjp)
    L.matrix()   the dense matrix, (out.size, in.size), in C order; for reading and for tests
    A @ B        composition along a path, simplified by structure
    A + B        the sum over two paths

Entries may be arrays, nodes of a graph (applying the map then makes nodes) or symbols (anything with a shape and
a `latex`): the maps use operators and NumPy functions only. Plain slotted classes, not dataclasses, because a
sweep builds one an edge.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import reduce
from itertools import islice
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError

Shape = tuple[int, ...]
Array = NDArray[Any]
Entry = Any  # an array, a node or a symbol

ARRAYS = (np.ndarray, np.generic)


class LinearMap(ABC):
    """A linear map from arrays of `in_shape` to arrays of `out_shape`, with a known structure.

    A new structure states four things: `apply`, `T`, `matrix`, and how it is written (`letters`, `latex_form`).
    Calling a map checks the shape (ShapeError); `apply` is the same without the check, for the sweeps.

    >>> import minigrad as mg
    >>> L = mg.Diagonal(np.array([2.0, 3.0]))
    >>> L(np.array([1.0, 1.0])), str(L)
    (array([2., 3.]), 'diag(d) : (2,) → (2,)')
    """

    __slots__ = ("in_shape", "out_shape")

    in_shape: Shape
    out_shape: Shape
    letters: ClassVar[str]  # how it is written in plain text, {} for its entry
    latex_form: ClassVar[str]  # the same in LaTeX, ⟨⟩ for its entry
    symbol: ClassVar[str] = ""  # the letter that stands for an entry without a name

    @abstractmethod
    def apply(self, v: Entry) -> Entry:
        """L v, without a check of the shape."""

    @property
    @abstractmethod
    def T(self) -> LinearMap:
        """The transpose: ⟨w, L v⟩ = ⟨Lᵀ w, v⟩."""

    @abstractmethod
    def matrix(self) -> Array:
        """The dense matrix, (out.size, in.size), arrays flattened in C order."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the structure is filled with: an array, node or symbol for each letter."""
        return ()

    def after(self, inner: LinearMap) -> LinearMap | None:
        """The one map that self ∘ inner is, or None where the two have no structure in common."""
        return None

    def __call__(self, v: Entry) -> Entry:
        if not hasattr(v, "shape"):
            v = np.asarray(v)
        if v.shape != self.in_shape:
            raise ShapeError(f"{self}: cannot be applied to an array of shape {v.shape}")
        return self.apply(v)

    def __matmul__(self, inner: LinearMap) -> LinearMap:
        return compose(self, inner)

    def __add__(self, other: LinearMap) -> LinearMap:
        return add(self, other)

    def __neg__(self) -> LinearMap:
        return Scale(-1, self.out_shape) @ self

    def text(self, *symbols: str) -> str:
        """Its structure in plain text, with the given symbols for its entries.

        >>> import minigrad as mg
        >>> mg.LeftMul(np.ones((4, 5)), (5, 1), (4, 1)).text("Θ³")
        'Θ³ ·'
        """
        return _fill(self.letters, symbols or self._own_symbols(str))

    def latex(self, *symbols: str) -> str:
        r"""Its structure in LaTeX, with the given symbols for its entries.

        >>> import minigrad as mg
        >>> print(mg.Diagonal(np.ones(3)).latex("g'(z^3)"))
        \operatorname{diag}(g'(z^3))
        """
        return _fill(self.latex_form, symbols or self._own_symbols(lambda entry: str(entry.latex())))

    def _own_symbols(self, write: Callable[[Entry], str]) -> tuple[str, ...]:
        return tuple(write(entry) if hasattr(entry, "latex") else self.symbol for entry in self.entries)

    def __str__(self) -> str:
        return f"{self.text()} : {self.in_shape} → {self.out_shape}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def _repr_html_(self) -> str:
        from viz.display import map_html

        return map_html(self)


def compose(outer: LinearMap, inner: LinearMap) -> LinearMap:
    """outer ∘ inner: Zero absorbs, Identity disappears, neighbours that are one map together become one.

    >>> import minigrad as mg
    >>> str(compose(mg.Diagonal(np.ones(2)), mg.Diagonal(np.ones(2))))
    'diag(d) : (2,) → (2,)'
    """
    if outer.in_shape != inner.out_shape:
        raise ShapeError(f"cannot compose {outer} with {inner}: {outer.in_shape} is not {inner.out_shape}")
    if isinstance(outer, Zero) or isinstance(inner, Zero):
        return Zero(inner.in_shape, outer.out_shape)
    left, right = _factors(outer), _factors(inner)
    while left and right and (merged := left[-1].after(right[0])) is not None:
        left, right = left[:-1], (*_factors(merged), *right[1:])
    maps = left + right
    if not maps:
        return Identity(inner.in_shape)
    return maps[0] if len(maps) == 1 else Compose(maps)


def add(a: LinearMap, b: LinearMap) -> LinearMap:
    """a + b: Zero disappears, and two of one structure that is linear in its entry become one.

    >>> import minigrad as mg
    >>> str(add(mg.Diagonal(np.ones(2)), Zero((2,), (2,))))
    'diag(d) : (2,) → (2,)'
    """
    if (a.in_shape, a.out_shape) != (b.in_shape, b.out_shape):
        raise ShapeError(f"cannot add {a} and {b}: the shapes differ")
    if isinstance(a, Zero):
        return b
    if isinstance(b, Zero):
        return a
    if isinstance(a, Filled) and isinstance(b, Filled) and type(a) is type(b) and not (_is_mask(a) or _is_mask(b)):
        return a.with_entry(a.entry + b.entry)
    return Sum((*_terms(a), *_terms(b)))


def _is_mask(m: Filled) -> bool:
    """Whether the entry is boolean: masks add up as numbers, and NumPy would take "or"."""
    return getattr(m.entry, "dtype", None) == np.bool_


def _fill(form: str, symbols: tuple[str, ...]) -> str:
    if len(symbols) == 1:
        return form.replace("⟨⟩", symbols[0])
    for symbol in symbols:
        form = form.replace("⟨⟩", symbol, 1)
    return form


def _factors(m: LinearMap) -> tuple[LinearMap, ...]:
    if isinstance(m, Identity):
        return ()
    return m.maps if isinstance(m, Compose) else (m,)


def _terms(m: LinearMap) -> tuple[LinearMap, ...]:
    return m.maps if isinstance(m, Sum) else (m,)


class Filled(LinearMap):
    """A structure filled with one entry and linear in it, so that two of them add up to one.

    >>> import minigrad as mg
    >>> (mg.Diagonal(np.ones(2)) + mg.Diagonal(np.ones(2))).entry
    array([2., 2.])
    """

    __slots__ = ("entry",)

    def __init__(self, entry: Entry, in_shape: Shape, out_shape: Shape) -> None:
        self.entry, self.in_shape, self.out_shape = entry, in_shape, out_shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.entry,)

    def with_entry(self, entry: Entry) -> LinearMap:
        """The same structure with another entry."""
        return type(self)(entry, self.in_shape, self.out_shape)


class Compose(LinearMap):
    """v ↦ maps[0](maps[1](… v)). Transpose: the transposes in reverse order.

    >>> import minigrad as mg
    >>> str(mg.Broadcast((), (2,)) @ mg.Inner(np.ones(3)))
    'broadcast ∘ (c, ·) : (3,) → (2,)'
    """

    __slots__ = ("maps",)

    def __init__(self, maps: tuple[LinearMap, ...]) -> None:
        self.maps, self.in_shape, self.out_shape = maps, maps[-1].in_shape, maps[0].out_shape

    def apply(self, v: Entry) -> Entry:
        for m in reversed(self.maps):
            v = m.apply(v)
        return v

    @property
    def T(self) -> Compose:
        return Compose(tuple([m.T for m in reversed(self.maps)]))

    def matrix(self) -> Array:
        return reduce(np.matmul, [m.matrix() for m in self.maps])

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for m in self.maps for entry in m.entries)

    def text(self, *symbols: str) -> str:
        return " ∘ ".join(_each(self.maps, symbols, lambda m, own: _factor(m, m.text(*own))))

    def latex(self, *symbols: str) -> str:
        return r"\, ".join(_each(self.maps, symbols, lambda m, own: _factor(m, m.latex(*own))))


class Sum(LinearMap):
    """v ↦ Σ maps[k](v): the sum over paths. Transpose: the sum of the transposes.

    >>> import minigrad as mg
    >>> str(mg.Diagonal(np.ones(2)) + mg.Dense(np.eye(2), (2,), (2,)))
    'diag(d) + M : (2,) → (2,)'
    """

    __slots__ = ("maps",)

    def __init__(self, maps: tuple[LinearMap, ...]) -> None:
        self.maps, self.in_shape, self.out_shape = maps, maps[0].in_shape, maps[0].out_shape

    def apply(self, v: Entry) -> Entry:
        return reduce(operator.add, [m.apply(v) for m in self.maps])

    @property
    def T(self) -> Sum:
        return Sum(tuple([m.T for m in self.maps]))

    def matrix(self) -> Array:
        return reduce(np.add, [m.matrix() + 0.0 for m in self.maps])  # masks, too, add up as numbers

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for m in self.maps for entry in m.entries)

    def text(self, *symbols: str) -> str:
        return " + ".join(_each(self.maps, symbols, lambda m, own: m.text(*own)))

    def latex(self, *symbols: str) -> str:
        return " + ".join(_each(self.maps, symbols, lambda m, own: m.latex(*own)))


def _factor(m: LinearMap, written: str) -> str:
    return f"({written})" if isinstance(m, Sum) else written


def _each(
    maps: tuple[LinearMap, ...], symbols: tuple[str, ...], write: Callable[[LinearMap, tuple[str, ...]], str]
) -> list[str]:
    """Each map written with its share of the symbols (or with its own letters, where none are given)."""
    rest = iter(symbols)
    return [write(m, tuple(islice(rest, len(m.entries)))) for m in maps]


class Zero(LinearMap):
    """v ↦ 0. Transpose: zero, the other way.

    >>> Zero((2,), (3,))(np.ones(2))
    array([0., 0., 0.])
    """

    __slots__ = ()
    letters = latex_form = "0"

    def __init__(self, in_shape: Shape, out_shape: Shape) -> None:
        self.in_shape, self.out_shape = in_shape, out_shape

    def apply(self, v: Entry) -> Entry:
        return np.zeros(self.out_shape, v.dtype) if isinstance(v, ARRAYS) else v.through(self)

    @property
    def T(self) -> Zero:
        return Zero(self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return np.zeros((prod(self.out_shape), prod(self.in_shape)))


class Identity(LinearMap):
    """v ↦ v. Transpose: itself.

    >>> Identity((2,))(np.array([1.0, 2.0]))
    array([1., 2.])
    """

    __slots__ = ()
    letters = latex_form = "I"

    def __init__(self, shape: Shape) -> None:
        self.in_shape = self.out_shape = shape

    def apply(self, v: Entry) -> Entry:
        return v

    @property
    def T(self) -> Identity:
        return self

    def matrix(self) -> Array:
        return np.eye(prod(self.in_shape))


class Scale(Filled):
    """v ↦ s v, with a number s. Transpose: itself.

    >>> Scale(2.0, (2,))(np.ones(2))
    array([2., 2.])
    """

    __slots__ = ()
    letters = latex_form = "⟨⟩ I"
    symbol = "s"

    def __init__(self, s: Entry, shape: Shape) -> None:
        self.entry, self.in_shape, self.out_shape = s, shape, shape

    def with_entry(self, entry: Entry) -> Scale:
        return Scale(entry, self.in_shape)

    def after(self, inner: LinearMap) -> LinearMap | None:
        return Scale(self.entry * inner.entry, self.in_shape) if isinstance(inner, Scale) else None

    def apply(self, v: Entry) -> Entry:
        return v * self.entry

    @property
    def T(self) -> Scale:
        return self

    def matrix(self) -> Array:
        return np.diag(np.full(prod(self.in_shape), self.entry))
