"""Linear maps that multiply by given arrays: contractions of any kind, convolution, and division by a matrix.

    Contract("jk,ij->ik", (B,), …)     v ↦ Σ_j B_jk v_ij: what einsum does to one of its arguments, here V ↦ V B
    Convolve(b), Correlate(b)          v ↦ v ∗ b, and its transpose, the correlation with b
    Solve(A)                           V ↦ A⁻¹ V, on stacks of matrices

LeftMul and RightMul (`filled`) are the contractions with two axes each, and faster.
"""

from __future__ import annotations

from math import prod
from string import ascii_letters

import numpy as np

from .algebra import Array, Entry, Filled, LinearMap, Shape
from .filled import _blocks, _stack


class Contract(LinearMap):
    """v ↦ einsum(subscripts, *given, v): v comes last. Transpose: the letters of v and of the result exchanged.

    So that the exchange is the transpose, no letter stands twice at v or twice in the result, each letter of v stands
    in the result or at a given array, each of the result at v or at a given array, and a letter has one length.
    `optimize` as in einsum: with it, a contraction is a product of matrices, which pays for all but small arrays.

    >>> B = np.array([[1.0, 2.0]])
    >>> L = Contract("jk,ij->ik", (B,), (1, 1), (1, 2))
    >>> L(np.array([[3.0]])), L.T.subscripts
    (array([[3., 6.]]), 'jk,ik->ij')
    """

    __slots__ = ("given", "optimize", "subscripts")
    symbol = "A"

    def __init__(
        self, subscripts: str, given: tuple[Entry, ...], in_shape: Shape, out_shape: Shape, optimize: bool = True
    ) -> None:
        self.subscripts, self.given, self.optimize = subscripts, given, optimize
        self.in_shape, self.out_shape = in_shape, out_shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.given

    @property
    def terms(self) -> tuple[list[str], str, str]:
        """The letters of the given arrays, of v, and of the result."""
        inputs, _, result = self.subscripts.partition("->")
        *given, source = inputs.split(",")
        return given, source, result

    def apply(self, v: Entry) -> Entry:
        return np.einsum(self.subscripts, *self.given, v, optimize=self.optimize)

    @property
    def T(self) -> Contract:
        inputs, _, result = self.subscripts.partition("->")
        given, comma, source = inputs.rpartition(",")
        return Contract(f"{given}{comma}{result}->{source}", self.given, self.out_shape, self.in_shape, self.optimize)

    def matrix(self) -> Array:
        # A column has letters of its own; a letter that v and the result share is a δ between them.
        given, source, result = self.terms
        others = iter(sorted(set(ascii_letters) - set(self.subscripts)))
        lengths = dict(zip(source, self.in_shape, strict=True))
        column = {letter: next(others) if letter in result else letter for letter in source}
        shared = [letter for letter in source if letter in result]
        deltas = [np.eye(lengths[letter]) for letter in shared]
        inputs = ",".join([*given, *(letter + column[letter] for letter in shared)])
        whole = np.einsum(f"{inputs}->{result}{''.join(column.values())}", *self.given, *deltas)
        return np.reshape(whole, (prod(self.out_shape), prod(self.in_shape)))

    def text(self, *symbols: str) -> str:
        given, source, result = self.terms
        letters = symbols or self._own_symbols(str)
        inputs = [f"{letter}[{term}]" for letter, term in zip(letters, given, strict=True)]
        return f"Σ {' '.join([*inputs, f'·[{source}]'])} → [{result}]"

    def latex(self, *symbols: str) -> str:
        given, source, result = self.terms
        letters = symbols or self._own_symbols(lambda entry: str(entry.latex()))
        inputs = [f"{letter}_{{{term}}}" for letter, term in zip(letters, given, strict=True)]
        product = r"\, ".join([*inputs, rf"(\cdot)_{{{source}}}"])
        summed = dict.fromkeys("".join([*given, source]))
        over = "".join([letter for letter in summed if letter not in result])
        return rf"\textstyle\sum_{{{over}}} {product}" if over else product


class Convolve(Filled):
    """v ↦ v ∗ b, all of it: r_n = Σ_k v_k b_{n−k}, for vectors. Transpose: Correlate(b).

    >>> Convolve(np.array([1.0, 2.0]), (2,), (3,))(np.array([1.0, 10.0]))
    array([ 1., 12., 20.])
    """

    __slots__ = ()
    letters = "· ∗ ⟨⟩"
    latex_form = r"\cdot * ⟨⟩"
    symbol = "b"

    def apply(self, v: Entry) -> Entry:
        return np.convolve(v, self.entry)

    @property
    def T(self) -> Correlate:
        return Correlate(self.entry, self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        columns = np.zeros((self.in_shape[0], self.out_shape[0]))
        for k, column in enumerate(columns):
            column[k : k + len(self.entry)] = self.entry
        return columns.T


class Correlate(Filled):
    """u ↦ the correlation of u with b where they overlap in full: r_k = Σ_n u_{k+n} b_n. Transpose: Convolve(b).

    >>> Correlate(np.array([1.0, 2.0]), (3,), (2,))(np.array([1.0, 10.0, 100.0]))
    array([ 21., 210.])
    """

    __slots__ = ()
    letters = "· ⋆ ⟨⟩"
    latex_form = r"\cdot \star ⟨⟩"
    symbol = "b"

    def apply(self, v: Entry) -> Entry:
        return np.correlate(v, self.entry)

    @property
    def T(self) -> Convolve:
        return Convolve(self.entry, self.out_shape, self.in_shape)

    def matrix(self) -> Array:
        return self.T.matrix().T


class Solve(LinearMap):
    """V ↦ A⁻¹ V, without the inverse, on stacks of matrices as in NumPy's solve. Transpose: U ↦ A⁻ᵀ U.

    LinAlgError where A is singular.

    >>> Solve(np.array([[2.0]]), (1, 1))(np.array([[1.0]]))
    array([[0.5]])
    """

    __slots__ = ("entry",)
    letters = "⟨⟩⁻¹ ·"
    latex_form = r"⟨⟩^{-1} \cdot"
    symbol = "A"

    def __init__(self, A: Entry, shape: Shape) -> None:
        self.entry, self.in_shape, self.out_shape = A, shape, shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.entry,)

    def with_entry(self, entry: Entry) -> Solve:
        """The same with another matrix."""
        return Solve(entry, self.in_shape)

    def apply(self, v: Entry) -> Entry:
        return np.linalg.solve(self.entry, v)

    @property
    def T(self) -> Solve:
        return Solve(self.entry.mT, self.in_shape)

    def matrix(self) -> Array:
        columns = np.eye(self.in_shape[-1])
        return _blocks([np.kron(np.linalg.inv(a), columns) for a in _stack(self.entry, self.in_shape[:-2])])


class Crossing(Filled):
    """v ↦ a × v along the last axis, of three components. Transpose: v ↦ −a × v, since ⟨w, a × v⟩ = ⟨−a × w, v⟩.

    >>> Crossing(np.array([0.0, 0.0, 1.0]), (3,), (3,))(np.array([1.0, 0.0, 0.0]))
    array([0., 1., 0.])
    """

    __slots__ = ()
    letters = "⟨⟩ × ·"
    latex_form = r"⟨⟩ \times \cdot"
    symbol = "a"

    def apply(self, v: Entry) -> Entry:
        return np.cross(self.entry, v)

    @property
    def T(self) -> Crossing:
        return Crossing(-self.entry, self.in_shape, self.out_shape)

    def matrix(self) -> Array:
        columns = [np.cross(np.reshape(self.entry, (-1, 3)), unit) for unit in np.eye(3)]
        whole = np.zeros((len(columns[0]), 3, len(columns[0]), 3))
        for k, column in enumerate(columns):
            whole[np.arange(len(column)), :, np.arange(len(column)), k] = column
        return np.reshape(whole, (prod(self.out_shape), prod(self.in_shape)))
