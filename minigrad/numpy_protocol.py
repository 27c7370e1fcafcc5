"""Operators and NumPy's own functions, on nodes: `x + y`, `2 * x`, `np.tanh(x)`, `np.sum(x, axis=0)`.

All of them find their op in one table, OPERATIONS, which ops fill where they are defined, so that a class with
these operators need not know any op. (A table look-up takes 80 ns; NumPy's own operators mixin, which goes by
way of the ufunc protocol, takes 430.)
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from .errors import UnsupportedError
from .linear_maps.algebra import Array, Shape

Function = TypeVar("Function", bound=Callable[..., Any])

OPERATIONS: dict[Callable[..., Any], Callable[..., Any]] = {}


def implements(*numpy_functions: Callable[..., Any]) -> Callable[[Function], Function]:
    """Enter a function on nodes in the table, as what these NumPy functions (and their operators) do to nodes.

    >>> import numpy as np, minigrad as mg
    >>> np.tanh(mg.parameter(0.0))
    <tanh () float64: 0.>
    """

    def enter(function: Function) -> Function:
        OPERATIONS.update(dict.fromkeys(numpy_functions, function))
        return function

    return enter


class ArrayLike(ABC):
    """What looks like an array to operators and to NumPy, and computes by way of the table.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> isinstance(x, ArrayLike), np.sum(2 * x)
    (True, <sum () float64: 6.>)
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

    differentiable: bool

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

    # NumPy's methods and protocols.

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def item(self) -> Any:
        """The number in an array of one element, as a Python scalar; it has no gradient."""
        return self.value.item()

    @property
    def T(self) -> Any:
        return OPERATIONS[np.transpose](self)

    @property
    def mT(self) -> Any:
        """The same with its last two axes exchanged."""
        axes = range(self.ndim)
        return OPERATIONS[np.transpose](self, (*axes[:-2], axes[-1], axes[-2]))

    def transpose(self, *axes: Any) -> Any:
        return OPERATIONS[np.transpose](self, axes[0] if len(axes) == 1 else axes or None)

    def reshape(self, *shape: Any) -> Any:
        return OPERATIONS[np.reshape](self, shape[0] if len(shape) == 1 else shape)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        return OPERATIONS[np.sum](self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        return OPERATIONS[np.mean](self, axis=axis, keepdims=keepdims)

    def astype(self, dtype: DTypeLike) -> Any:
        return OPERATIONS[np.astype](self, dtype)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        if self.differentiable:
            raise UnsupportedError(
                f"{self.label} would lose its gradient as a plain array. Write {self.label}.value for its numbers, "
                "or np.stack([n1, n2]) where np.array([n1, n2]) was meant."
            )
        return np.array(self.value, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: Callable[..., Any], method: str, *inputs: Any, **keywords: Any) -> Any:
        called = ufunc if method == "__call__" else getattr(ufunc, method)
        return _dispatch(called, f"np.{ufunc.__name__}{'' if called is ufunc else '.' + method}", inputs, keywords)

    def __array_function__(
        self, function: Callable[..., Any], types: Sequence[type], inputs: Any, keywords: dict[str, Any]
    ) -> Any:
        return _dispatch(function, f"np.{function.__name__}", inputs, keywords)


def _dispatch(function: Callable[..., Any], written: str, inputs: Any, keywords: dict[str, Any]) -> Any:
    """A NumPy function on nodes: look it up; where it can't be done, say what can."""
    if keywords.get("out") is not None:
        raise UnsupportedError(
            f"{written}: nodes are not written in place (out=, or an array's own +=, *=, @= …). "
            "Write x = x + node, which makes a new node."
        )
    operation = OPERATIONS.get(function)
    if operation is None:
        raise UnsupportedError(f"{written} is not differentiable here yet. Use node.value for plain numbers.")
    try:
        return operation(*inputs, **keywords)
    except TypeError as error:
        if "unexpected keyword" in str(error):
            raise UnsupportedError(f"{written} on nodes: {error}") from None
        raise
