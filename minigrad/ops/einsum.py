"""einsum in all its forms; and what every product is, by one of its arguments: a contraction with the others.

    np.einsum("ij,jk->ik", A, B)              explicit; "ij,jk" alone sums over what stands twice
    np.einsum("...ij,...jk", A, B)            ellipsis: further axes, broadcast
    np.einsum("ii->i", A), ("ij->", A)        diagonals, sums
    np.einsum(A, [0, 1], B, [1, 2], [0, 2])   the same in numbers
    Contraction                               the base of ops that einsum could write: dot, tensordot, kron, cross …

The derivative of all of them is written once, in `by_argument`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress
from math import prod
from operator import eq
from operator import index as as_integer
from string import ascii_letters
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..graph import Node, NodeLike, constant
from ..linear_maps import Contract, Gather, Identity, LinearMap, Permute, Reshape, SumTo
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .axes import converted
from .base import Op

SMALL = (
    8192  # multiplications: what einsum's plain loop does in the time that it takes to arrange a product of matrices
)
Subscripts = tuple[list[str], str]  # the letters of each argument, and of the result; no ellipsis any more


class Contraction(Op):
    """An op that multiplies entries of its arguments and sums: what einsum could write, with letters for the axes.

    Local Jacobian by each argument: Contract with all the others (`by_argument`).

    >>> class Weigh(Contraction):
    ...     def forward(self, a, b):
    ...         return a @ b
    ...
    ...     def subscripts(self, *shapes):
    ...         return ["ij", "j"], "i"
    >>> Weigh()([[1.0, 2.0]], [3.0, 4.0])
    <weigh (1,) float64: [11.]>
    """

    @abstractmethod
    def subscripts(self, *shapes: Shape) -> Subscripts:
        """The letters of each argument's axes, and of the result's, for arguments of these shapes."""

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        terms, result = self.subscripts(*[x.shape for x in arguments])
        return by_argument(terms, result, argument, arguments)


@dataclass(frozen=True)
class Einsum(Contraction):
    """einsum(subscripts, *arguments), all of NumPy's forms. Local Jacobian by each argument: Contract with the others.

    Before it, what einsum does to that argument alone: axes of length one that were broadcast go away, repeated
    letters are a diagonal (Gather), letters that stand nowhere else are summed (SumTo).

    >>> Einsum("ii->i")([[1.0, 2.0], [3.0, 4.0]])
    <einsum (2,) float64: [1. 4.]>
    """

    written: str
    optimize: Any = False

    def forward(self, *arguments: Entry) -> Entry:
        return np.einsum(self.written, *arguments, optimize=self.optimize)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        return spelled_out(self.written, [len(shape) for shape in shapes])

    def misfit(self, *shapes: Shape) -> str:
        written = self.written.replace(" ", "").partition("->")[0].split(",")
        if len(written) != len(shapes):
            return f'"{self.written}" is of {len(written)} arguments'
        for term, shape in zip(written, shapes, strict=True):
            named = len(term.replace("...", ""))
            if named > len(shape) or (named < len(shape) and "..." not in term):
                return f'in "{self.written}", {term} names {named} axes of {len(shape)}'
        length: dict[str, int] = {}
        for term, shape in zip(self.subscripts(*shapes)[0], shapes, strict=True):
            for letter, n in zip(term, shape, strict=True):
                if 1 not in (n, length.setdefault(letter, n)) and n != length[letter]:
                    return f'in "{self.written}", {letter} is {length[letter]} and {n}'
        return ""


def by_argument(terms: Sequence[str], result: str, argument: int, arguments: Sequence[Entry]) -> LinearMap:
    """The Jacobian by one argument of the contraction with these letters.

    >>> print(by_argument(["ij", "jk"], "ik", 0, (np.ones((2, 3)), np.ones((3, 4)))))
    Σ A[jk] ·[ij] → [ik] : (2, 3) → (2, 4)
    """
    plan = _plan(tuple(terms), result, argument, tuple([x.shape for x in arguments]))
    if not plan.shapes:
        return plan.alone
    others = [x for k, x in enumerate(arguments) if k != argument]
    given = [x if x.shape == shape else np.reshape(x, shape) for x, shape in zip(others, plan.shapes, strict=True)]
    contract = Contract(plan.subscripts, tuple(given), plan.alone.out_shape, plan.out_shape, plan.optimize)
    return contract if isinstance(plan.alone, Identity) else contract @ plan.alone


class Plan(NamedTuple):
    """How an argument enters a contraction: what happens to it alone, and then with the others, in these shapes."""

    alone: LinearMap
    subscripts: str
    shapes: tuple[Shape, ...]
    out_shape: Shape
    optimize: bool


@lru_cache(maxsize=512)
def _plan(terms: tuple[str, ...], result: str, argument: int, shapes: tuple[Shape, ...]) -> Plan:
    length: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, n in zip(term, shape, strict=True):
            length[letter] = n if length.get(letter, 1) == 1 else length[letter]

    def lengths(term: str) -> Shape:
        return tuple([length[letter] for letter in term])

    # Where an argument has one entry along an axis and others have more, it has no such axis.
    own = ["".join(compress(term, map(eq, shape, lengths(term)))) for term, shape in zip(terms, shapes, strict=True)]
    others = [term for k, term in enumerate(own) if k != argument]
    term = own[argument]
    letters = "".join(dict.fromkeys(term))
    kept = "".join([letter for letter in letters if letter in result or letter in "".join(others)])
    alone: LinearMap = Identity(shapes[argument])
    if term != terms[argument]:
        alone = Reshape(shapes[argument], lengths(term))
    if letters != term:
        places = dict(zip(letters, np.ix_(*map(np.arange, lengths(letters))), strict=True))
        index = tuple([places[letter] for letter in term])
        alone = Gather(index, lengths(term), lengths(letters), distinct=True) @ alone
    if kept != letters:
        ones = tuple([length[letter] if letter in kept else 1 for letter in letters])
        alone = Reshape(ones, lengths(kept)) @ SumTo(lengths(letters), ones) @ alone
    if not others:
        alone = Permute(tuple([kept.index(letter) for letter in result]), lengths(kept)) @ alone
    subscripts = f"{','.join([*others, kept])}->{result}"
    shaped = tuple([lengths(other) for other in others])
    return Plan(alone, subscripts, shaped, lengths(result), prod(length.values()) > SMALL)


def spelled_out(written: str, ndims: list[int]) -> Subscripts:
    """The letters of each argument and of the result, with letters for an ellipsis and the result written out.

    >>> spelled_out("...ij,jk", [4, 2])
    (['abij', 'jk'], 'abik')
    """
    inputs, arrow, output = written.replace(" ", "").partition("->")
    terms = inputs.split(",")
    more = [
        ndim - len(term.replace("...", "")) if "..." in term else 0 for term, ndim in zip(terms, ndims, strict=True)
    ]
    free = [letter for letter in ascii_letters if letter not in inputs]
    dots = "".join(free[: max(more)])
    terms = [term.replace("...", dots[len(dots) - n :]) for term, n in zip(terms, more, strict=True)]
    if arrow:
        return terms, output.replace("...", dots)
    letters = inputs.replace(".", "").replace(",", "")
    return terms, dots + "".join(sorted([letter for letter in letters if letters.count(letter) == 1]))


def each_a_node(*arguments: NodeLike) -> tuple[Node, ...]:
    """The arguments as nodes, Python's numbers in double precision, as einsum, dot and their like have them.

    (In arithmetic they take the precision of the array they meet: `2 * x` stays float32, np.dot(2, x) does not.)

    >>> each_a_node(2)
    (<constant () int64: 2>,)
    """
    return tuple([x if isinstance(x, Node) else constant(x) for x in arguments])


@implements(np.einsum)
def einsum(
    *operands: Any,
    out: None = None,
    dtype: DTypeLike | None = None,
    order: str = "K",
    casting: str = "safe",
    optimize: Any = False,
) -> Node:
    """einsum on nodes; NumPy's meaning. `order` and `casting` change nothing: a node has no layout of its own.

    >>> import numpy as np, minigrad as mg
    >>> np.einsum("ij,ij->i", mg.parameter([[1.0, 2.0]]), [[3.0, 4.0]])
    <einsum (1,) float64: [11.]>
    """
    in_letters = isinstance(operands[0], str)
    written, arguments = (operands[0], operands[1:]) if in_letters else _in_letters(operands)
    path = tuple(optimize) if isinstance(optimize, list) else optimize
    return Einsum(written, path)(*[converted(node, dtype) for node in each_a_node(*arguments)])


def _in_letters(operands: tuple[Any, ...]) -> tuple[str, list[NodeLike]]:
    """The form in numbers, einsum(A, [0, 1], B, [1, 2], [0, 2]), as subscripts and arguments."""
    arguments, lists = list(operands[0 : len(operands) // 2 * 2 : 2]), list(operands[1::2])
    numbers = {as_integer(axis) for axis in chain.from_iterable(lists) if axis is not Ellipsis}
    letter = dict(zip(sorted(numbers), sorted(ascii_letters), strict=False))

    def spelled(axes: Any) -> str:
        return "".join(["..." if axis is Ellipsis else letter[as_integer(axis)] for axis in axes])

    written = ",".join([spelled(axes) for axes in lists])
    return written + (f"->{spelled(operands[-1])}" if len(operands) % 2 else ""), arguments
