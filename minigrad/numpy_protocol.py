"""NumPy's own functions on nodes: `np.tanh(x)`, `np.sum(x, axis=0)`, `np.add.outer(x, y)`, `scipy.special.erf(x)`.

    OPERATIONS        the one table: NumPy function → what it does to nodes; ops fill it where they are defined
    implements(…)     the decorator that enters a function into it
    ufunc_call(…)     what NumPy's protocol __array_ufunc__ asks for
    function_call(…)  what __array_function__ asks for

Operators and methods of nodes (array_like.py) look into the same table. What is not in it raises UnsupportedError,
with the way that is supported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from .errors import UnsupportedError

Function = TypeVar("Function", bound=Callable[..., Any])

OPERATIONS: dict[Callable[..., Any] | str, Callable[..., Any]] = {}

# A ufunc's methods are other functions of NumPy's, but for the axis, which is the first unless it is given.
REDUCTIONS: dict[tuple[np.ufunc, str], Callable[..., Any]] = {
    (np.add, "reduce"): np.sum,
    (np.multiply, "reduce"): np.prod,
    (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min,
    (np.logical_and, "reduce"): np.all,
    (np.logical_or, "reduce"): np.any,
    (np.add, "accumulate"): np.cumsum,
    (np.multiply, "accumulate"): np.cumprod,
}

# What to write for functions that nodes cannot have, because they change their argument.
CHANGING = ["copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"]
INSTEAD = dict.fromkeys(CHANGING, "np.where(mask, values, x)")

# Keywords that every ufunc takes, and that say nothing about the numbers, or are seen to here.
OF_EVERY_UFUNC = {"out", "where", "casting", "order", "subok", "dtype"}


def implements(*numpy_functions: Callable[..., Any] | str) -> Callable[[Function], Function]:
    """Enter a function on nodes in the table, as what these NumPy functions (and their operators) do to nodes.

    A function of an optional library is entered by its name, so that the library need not be imported.

    >>> import numpy as np, minigrad as mg
    >>> np.tanh(mg.parameter(0.0))
    <tanh () float64: 0.>
    """

    def enter(function: Function) -> Function:
        OPERATIONS.update(dict.fromkeys(numpy_functions, function))
        return function

    return enter


def ufunc_call(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A ufunc, or one of its methods, on nodes.

    >>> import numpy as np, minigrad as mg
    >>> np.multiply.outer(mg.parameter([1.0, 2.0]), [3.0]).shape
    (2, 1)
    """
    written = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
    _refuse_out(written, keywords)
    if method == "__call__":
        return _elementwise(ufunc, written, inputs, keywords)
    if method == "outer":
        first, second = (x if hasattr(x, "ndim") else np.asarray(x) for x in inputs)
        return _elementwise(ufunc, written, (first[(..., *(None,) * second.ndim)], second), keywords)
    same = REDUCTIONS.get((ufunc, method))
    if same is None:
        raise _unknown(written)
    x, *settings = inputs
    named = dict(zip(("axis", "dtype"), settings, strict=False)) | keywords
    return _call(same, written, (x,), {"axis": 0} | named)


def function_call(function: Callable[..., Any], inputs: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """Any other function of NumPy's on nodes.

    >>> import numpy as np, minigrad as mg
    >>> np.sum(mg.parameter([[1.0, 2.0]]), axis=1)
    <sum (1,) float64: [3.]>
    """
    module = function.__module__ if function.__module__ in ("numpy.linalg", "numpy.fft") else "numpy"
    written = f"{module.replace('numpy', 'np', 1)}.{function.__name__}"
    _refuse_out(written, keywords)
    return _call(function, written, inputs, {key: value for key, value in keywords.items() if key != "out"})


def _refuse_out(written: str, keywords: dict[str, Any]) -> None:
    out = keywords.get("out")
    if any(array is not None for array in (out if isinstance(out, tuple) else (out,))):
        raise UnsupportedError(
            f"{written}: nodes are not written in place (out=, or an array's own +=, *=, @= …). "
            "Write x = x + node, which makes a new node."
        )


def _elementwise(ufunc: np.ufunc, written: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    dtype = keywords.get("dtype")
    if dtype is not None:
        inputs = tuple([x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype) for x in inputs])
    unusual = {key: value for key, value in keywords.items() if key not in OF_EVERY_UFUNC}
    where = keywords.get("where", True)
    if where is not True:
        raise UnsupportedError(f"{written}(…, where=) leaves entries undefined. Write np.where(mask, {written}(…), 0).")
    return _call(ufunc, written, inputs, unusual)


def _call(function: Callable[..., Any], written: str, inputs: Sequence[Any], keywords: dict[str, Any]) -> Any:
    operation = OPERATIONS.get(function) or OPERATIONS.get(function.__name__)
    if operation is None:
        instead = INSTEAD.get(function.__name__)
        if instead is not None:
            raise UnsupportedError(f"{written} would change a node. Write {instead}, which makes a new one.")
        if written.startswith("np.fft."):
            raise UnsupportedError(f"{written}: nodes hold real numbers only. Use node.value for plain numbers.")
        raise _unknown(written)
    try:
        return operation(*inputs, **keywords)
    except TypeError as error:
        if "unexpected keyword" in str(error):
            raise UnsupportedError(f"{written} on nodes: {error}") from None
        raise


def _unknown(written: str) -> UnsupportedError:
    return UnsupportedError(f"{written} is not differentiable here. Use node.value for plain numbers.")
