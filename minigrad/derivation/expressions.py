"""Expressions: what a line of a derivation says, as a tree and not as a string.

    entries     Entry(θ, (j, i)), Sum(j, …), Delta(i, j), Partial(∂J, ∂z_i)       numbers, with indices
    arrays      Symbol, MatMul, Transpose, Diag, WithoutBias, Padded              matrices; a vector is a column
    both        Number, Named, Plus, Times, Over, Power, Call                     elementwise, as in NumPy

An Index runs over the numbers that are written: from 0 where a bias unit stands on top (notes, N3), else from 1. So
θ_ji and a_i agree in i, wherever they are stored. `shape` is () for a number and (rows, columns) for an array. A
vector of one sample belongs to a sample index that is not written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from .indices import Index, Position, indices_of

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Name:
    """How a symbol is called: Name("z", above="3") is z³, Name("x", below="1") is x₁; with a bias unit, [1; a³].

    >>> Name("z", above="3").bar
    False
    """

    base: str
    above: str = ""
    below: str = ""
    bar: bool = False
    with_bias: bool = False


class Expression(ABC):
    """A node of the tree; immutable, equal where all its parts are.

    >>> i = Index("i", 1, 4)
    >>> Sum(i, Number(1)) == Sum(i, Number(1))
    True
    """

    @property
    @abstractmethod
    def shape(self) -> Shape:
        """() for a number, (rows, columns) for an array."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Expression, ...]:
        """The expressions that it is made of."""

    @abstractmethod
    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        """The same, made of others."""

    @cached_property
    def free(self) -> frozenset[Index]:
        """The indices that it depends on."""
        return frozenset().union(*[part.free for part in self.parts])

    def walk(self) -> Iterator[Expression]:
        """Itself and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


class Leaf(Expression):
    """An expression without parts."""

    @property
    def shape(self) -> Shape:
        return ()

    @property
    def parts(self) -> tuple[Expression, ...]:
        return ()

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return self


@dataclass(frozen=True)
class Number(Leaf):
    """A number written in digits."""

    value: int | float | Fraction


@dataclass(frozen=True)
class Named(Leaf):
    """A fixed number with a name: m, λ."""

    name: Name
    value: float


@dataclass(frozen=True)
class Symbol(Leaf):
    """An array of the graph: the value of a node, or the gradient of the cost by it.

    `key` says which node, `of` what of it: "value", "gradient" (of the derivation's cost), "sample gradient" and
    "sample value" (of one sample's cost), "jacobian 0" (a local Jacobian without a formula). `axes` are the lengths
    of its axes that carry an index, `starts` the first number written on each. `entry` is what its entries are called.
    """

    name: Name
    entry: Name
    key: int
    of: str
    rows_columns: Shape
    axes: Shape
    starts: Shape
    sample: Index | None = None

    @property
    def shape(self) -> Shape:
        return self.rows_columns

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset() if self.sample is None else frozenset([self.sample])


@dataclass(frozen=True)
class Entry(Expression):
    """One entry of an array, which may be a compound one: row i of a product."""

    array: Expression
    positions: tuple[Position, ...]

    @property
    def shape(self) -> Shape:
        return ()

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.array,)

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return replace(self, array=parts[0])

    @cached_property
    def free(self) -> frozenset[Index]:
        return self.array.free | indices_of(self.positions)


@dataclass(frozen=True)
class Delta(Leaf):
    """1 where two positions are the same number, else 0: Kronecker's delta, written [i = j]."""

    left: Position
    right: Position

    @cached_property
    def free(self) -> frozenset[Index]:
        return indices_of((self.left, self.right))


@dataclass(frozen=True)
class Within(Leaf):
    """1 where start ≤ position ≤ stop, else 0; written [i ≥ 1]."""

    position: Position
    start: int
    stop: int

    @cached_property
    def free(self) -> frozenset[Index]:
        return indices_of((self.position,))


@dataclass(frozen=True)
class Sum(Expression):
    """Σ over an index, which is bound: its name does not matter."""

    index: Index
    body: Expression

    @property
    def shape(self) -> Shape:
        return self.body.shape

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body,)

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return replace(self, body=parts[0])

    @cached_property
    def free(self) -> frozenset[Index]:
        return self.body.free - {self.index}


@dataclass(frozen=True)
class Partial(Expression):
    """∂of/∂by, with all other symbols that the derivation names held fixed.

    The cost by an entry is a number, the cost by an array an array, and an array by an array a matrix (N8).
    """

    of: Expression
    by: Expression

    @property
    def shape(self) -> Shape:
        if self.of.shape == ():
            return self.by.shape
        return (prod(self.of.shape), prod(self.by.shape))

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.of, self.by)

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return Partial(*parts)


@dataclass(frozen=True)
class Chain(Expression):
    """Terms or factors in a row; numbers go with arrays, elementwise."""

    items: tuple[Expression, ...]

    @property
    def shape(self) -> Shape:
        return next((item.shape for item in self.items if item.shape), ())

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.items

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return type(self)(parts)


@dataclass(frozen=True)
class Plus(Chain):
    """The sum of terms; a term that begins with a negative number is written with a minus."""


@dataclass(frozen=True)
class Times(Chain):
    """The product of numbers, or of arrays entry by entry (⊙)."""


@dataclass(frozen=True)
class Pair(Expression):
    """Two expressions and what stands between them."""

    left: Expression
    right: Expression

    @property
    def shape(self) -> Shape:
        return self.left.shape or self.right.shape

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return type(self)(*parts)


@dataclass(frozen=True)
class Over(Pair):
    """left / right."""


@dataclass(frozen=True)
class Power(Pair):
    """left to the power right."""


@dataclass(frozen=True)
class MatMul(Pair):
    """The matrix product of two arrays."""

    @property
    def shape(self) -> Shape:
        return (self.left.shape[0], self.right.shape[1])


@dataclass(frozen=True)
class Function:
    """A function of numbers: its name, how it is computed, and how it is written: f(x), x > y, |x|, √x.

    `primes` counts derivatives: g′ is Function("g", …, primes=1).
    """

    name: str
    compute: Callable[..., Any] = field(compare=False)
    primes: int = 0
    form: str = "call"  # call, infix, absolute, root


@dataclass(frozen=True)
class Call(Expression):
    """A function of numbers, or of arrays entry by entry."""

    function: Function
    arguments: tuple[Expression, ...]

    @property
    def shape(self) -> Shape:
        return next((argument.shape for argument in self.arguments if argument.shape), ())

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.arguments

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return replace(self, arguments=parts)


@dataclass(frozen=True)
class Wrapped(Expression):
    """One array, seen in another way."""

    array: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.array,)

    def with_parts(self, parts: tuple[Expression, ...]) -> Expression:
        return type(self)(parts[0])


@dataclass(frozen=True)
class Transpose(Wrapped):
    """The transpose of an array."""

    @property
    def shape(self) -> Shape:
        return self.array.shape[::-1]


@dataclass(frozen=True)
class Diag(Wrapped):
    """The diagonal matrix with a column on its diagonal."""

    @property
    def shape(self) -> Shape:
        return (self.array.shape[0], self.array.shape[0])


@dataclass(frozen=True)
class WithoutBias(Wrapped):
    """Θ_w: Θ without its bias column, column 0."""

    @property
    def shape(self) -> Shape:
        return (self.array.shape[0], self.array.shape[1] - 1)


@dataclass(frozen=True)
class Padded(Wrapped):
    """[0 M]: M with a column of zeros on its left, for the bias column."""

    @property
    def shape(self) -> Shape:
        return (self.array.shape[0], self.array.shape[1] + 1)


@dataclass(frozen=True)
class Filled(Leaf):
    """An array of one number: 𝟏 for ones, 0 for zeros."""

    value: int
    rows_columns: Shape

    @property
    def shape(self) -> Shape:
        return self.rows_columns


@dataclass(frozen=True)
class Table(Leaf):
    """An array written out in numbers, row by row; None stands for rows or columns left out."""

    rows: tuple[tuple[float | None, ...], ...]
    rows_columns: Shape

    @property
    def shape(self) -> Shape:
        return self.rows_columns
