"""What looks like an array to Python and to NumPy: operators, indexing, methods, conversions.

All of them find their op in one table, OPERATIONS (numpy_protocol.py), so that a class with these operators need not
know any op. (A table look-up takes 80 ns; NumPy's own operators mixin, which goes by way of the ufunc protocol,
takes 430.)
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .errors import ShapeError, UnsupportedError
from .linear_maps.algebra import Array, Shape
from .numpy_protocol import OPERATIONS, function_call, ufunc_call


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """The method of arrays that does what this NumPy function does."""

    def method(self: ArrayLike, *arguments: Any, **keywords: Any) -> Any:
        return function_call(function, (self, *arguments), keywords)

    method.__name__, method.__doc__ = function.__name__, f"As np.{function.__name__}."
    return method


def _in_place(what: str, instead: str) -> Callable[..., Any]:
    """A method of arrays that would change a node: it says what to write."""

    def method(self: ArrayLike, *arguments: Any, **keywords: Any) -> Any:
        raise UnsupportedError(f"{self.label} cannot be changed ({what}): write {instead}, which makes a new node")

    method.__name__, method.__doc__ = what, f"Refused: nodes do not change. Write {instead}."
    return method


class ArrayLike(ABC):
    """What looks like an array to operators and to NumPy, and computes by way of the table.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> isinstance(x, ArrayLike), np.sum(2 * x), x.mean()
    (True, <sum () float64: 6.>, <mean () float64: 1.5>)
    """

    __slots__ = ()

    @property
    @abstractmethod
    def value(self) -> Array:
        """The plain array, read-only."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What an error calls it."""

    @property
    @abstractmethod
    def differentiable(self) -> bool:
        """Whether it has a gradient that a plain number would lose."""

    @property
    def shape(self) -> Shape:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def size(self) -> int:
        return self.value.size

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.value.dtype

    # Operators.

    def __add__(self, other: Any) -> Any:
        return OPERATIONS[np.add](self, other)

    def __radd__(self, other: Any) -> Any:
        return OPERATIONS[np.add](other, self)

    def __sub__(self, other: Any) -> Any:
        return OPERATIONS[np.subtract](self, other)

    def __rsub__(self, other: Any) -> Any:
        return OPERATIONS[np.subtract](other, self)

    def __mul__(self, other: Any) -> Any:
        return OPERATIONS[np.multiply](self, other)

    def __rmul__(self, other: Any) -> Any:
        return OPERATIONS[np.multiply](other, self)

    def __truediv__(self, other: Any) -> Any:
        return OPERATIONS[np.divide](self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return OPERATIONS[np.divide](other, self)

    def __floordiv__(self, other: Any) -> Any:
        return OPERATIONS[np.floor_divide](self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return OPERATIONS[np.floor_divide](other, self)

    def __mod__(self, other: Any) -> Any:
        return OPERATIONS[np.remainder](self, other)

    def __rmod__(self, other: Any) -> Any:
        return OPERATIONS[np.remainder](other, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __pow__(self, other: Any) -> Any:
        return OPERATIONS[np.power](self, other)

    def __rpow__(self, other: Any) -> Any:
        return OPERATIONS[np.power](other, self)

    def __matmul__(self, other: Any) -> Any:
        return OPERATIONS[np.matmul](self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return OPERATIONS[np.matmul](other, self)

    def __neg__(self) -> Any:
        return OPERATIONS[np.negative](self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return OPERATIONS[np.absolute](self)

    def __round__(self, decimals: int | None = None) -> Any:
        return OPERATIONS[np.round](self, decimals or 0)

    def __invert__(self) -> Any:
        return OPERATIONS[np.invert](self)

    def __and__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_and](self, other)

    def __rand__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_and](other, self)

    def __or__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_or](self, other)

    def __ror__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_or](other, self)

    def __xor__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_xor](self, other)

    def __rxor__(self, other: Any) -> Any:
        return OPERATIONS[np.bitwise_xor](other, self)

    def __lt__(self, other: Any) -> Any:
        return OPERATIONS[np.less](self, other)

    def __le__(self, other: Any) -> Any:
        return OPERATIONS[np.less_equal](self, other)

    def __gt__(self, other: Any) -> Any:
        return OPERATIONS[np.greater](self, other)

    def __ge__(self, other: Any) -> Any:
        return OPERATIONS[np.greater_equal](self, other)

    def __eq__(self, other: object) -> Any:  # elementwise, as in NumPy
        return OPERATIONS[np.equal](self, other)

    def __ne__(self, other: object) -> Any:  # elementwise, as in NumPy
        return OPERATIONS[np.not_equal](self, other)

    __hash__ = object.__hash__  # identity, so that nodes are keys of mappings

    def __getitem__(self, index: Any) -> Any:
        return OPERATIONS[operator.getitem](self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise UnsupportedError(f"{self.label} cannot be changed: build a new node, say with np.where or np.concatenate")

    # What reads the value: no gradient comes back through these, and none can be lost by a comparison or a loop.

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self._read("float"))

    def __int__(self) -> int:
        return int(self._read("int"))

    def __complex__(self) -> complex:
        return complex(self._read("complex"))

    def _read(self, what: str) -> Array:
        """The value for float() and int(), by which NumPy reads too: in array[k] = node the gradient would be gone."""
        if self.differentiable:
            raise UnsupportedError(
                f"{self.label} would lose its gradient as a plain {what}. Write {self.label}.value for its number, or "
                "np.stack([n1, n2]) where array[k] = n was meant."
            )
        return self.value

    def __format__(self, spec: str) -> str:
        return format(self.value.item(), spec) if spec else str(self)

    def item(self) -> Any:
        """The number in an array of one element, as a Python scalar; it has no gradient."""
        return self.value.item()

    def tolist(self) -> Any:
        """The numbers in nested lists, as Python scalars; they have no gradient."""
        return self.value.tolist()

    # NumPy's methods.

    @property
    def T(self) -> Any:
        return OPERATIONS[np.transpose](self)

    @property
    def mT(self) -> Any:
        """The same with its last two axes exchanged."""
        if self.ndim < 2:
            raise ShapeError(f"{self.label}.mT: {self.label} is {self.shape}; matrices have two axes or more.")
        axes = range(self.ndim)
        return OPERATIONS[np.transpose](self, (*axes[:-2], axes[-1], axes[-2]))

    def transpose(self, *axes: Any) -> Any:
        return OPERATIONS[np.transpose](self, axes[0] if len(axes) == 1 else axes or None)

    def reshape(self, *shape: Any) -> Any:
        return OPERATIONS[np.reshape](self, shape[0] if len(shape) == 1 else shape)

    def flatten(self) -> Any:
        """As np.ravel; a node never shares what it may change."""
        return OPERATIONS[np.ravel](self)

    def astype(self, dtype: DTypeLike, copy: bool = True) -> Any:
        return OPERATIONS[np.astype](self, dtype)

    all = _method(np.all)
    any = _method(np.any)
    argmax = _method(np.argmax)
    argmin = _method(np.argmin)
    argpartition = _method(np.argpartition)
    argsort = _method(np.argsort)
    choose = _method(np.choose)
    clip = _method(np.clip)
    compress = _method(np.compress)
    copy = _method(np.copy)
    cumprod = _method(np.cumprod)
    cumsum = _method(np.cumsum)
    diagonal = _method(np.diagonal)
    dot = _method(np.dot)
    max = _method(np.max)
    mean = _method(np.mean)
    min = _method(np.min)
    nonzero = _method(np.nonzero)
    prod = _method(np.prod)
    ravel = _method(np.ravel)
    repeat = _method(np.repeat)
    round = _method(np.round)
    searchsorted = _method(np.searchsorted)
    squeeze = _method(np.squeeze)
    std = _method(np.std)
    sum = _method(np.sum)
    swapaxes = _method(np.swapaxes)
    take = _method(np.take)
    trace = _method(np.trace)
    var = _method(np.var)
    fill = _in_place("fill", "np.full_like(x.value, number)")
    itemset = _in_place("itemset", "np.where(mask, number, x)")
    partition = _in_place("partition", "np.partition(x, kth)")
    put = _in_place("put", "np.where(mask, values, x)")
    resize = _in_place("resize", "np.resize(x, shape)")
    sort = _in_place("sort", "np.sort(x)")

    # NumPy's protocols.

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        if self.differentiable:
            raise UnsupportedError(
                f"{self.label} would lose its gradient as a plain array. Write {self.label}.value for its numbers, "
                "or np.stack([n1, n2]) where np.array([n1, n2]) was meant."
            )
        return np.array(self.value, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        return ufunc_call(ufunc, method, inputs, keywords)

    def __array_function__(
        self, function: Callable[..., Any], types: Sequence[type], inputs: Any, keywords: dict[str, Any]
    ) -> Any:
        return function_call(function, inputs, keywords)
