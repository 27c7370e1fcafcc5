"""Transforms: derivatives of plain Python functions, written with NumPy. Signatures and return order are JAX's.

    grad(f)(x), value_and_grad(f)(x)     the gradient of a function with one number as its value
    out, pull = vjp(f, x); pull(w)       reverse mode: ⟨w, ∂f/∂x⟩
    jvp(f, (x,), (v,))                   forward mode: f and ∂f/∂x · v
    jacobian(f)(x), hessian(f)(x)        all first derivatives, all second ones
    hvp(f, (x,), (v,))                   a Hessian times a vector, without the Hessian

Arguments and results may be nested tuples, lists and dicts of arrays (trees.py). Transforms nest to any order: f is
run once on fresh variables; if its result depends on variables of somebody else too (those of a transform around this
one, or a user's own parameters), the derivatives are nodes, and can be differentiated in turn; otherwise, arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from typing import Any

import numpy as np

from .errors import GradientError, MissingExtraError
from .graph import Node
from .queries import vector_like
from .tracing import blocks, entries, pulled, pushed, traced
from .trees import Tree, matching, rebuilt

Argnums = int | Sequence[int]


def grad(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of f, a function with one number as its value, by the arguments at `argnums`.

    With `has_aux` f returns (value, anything else), and the gradient comes as (gradient, anything else).
    GradientError where f's value is not one number.

    >>> import numpy as np
    >>> grad(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    array([ 3., 12.])
    >>> grad(grad(np.tanh))(0.5)
    array(-0.72686198)
    """

    @wraps(f)
    def gradient_of_f(*arguments: Any, **keywords: Any) -> Any:
        value, gradient = value_and_grad(f, argnums, has_aux)(*arguments, **keywords)
        return (gradient, value[1]) if has_aux else gradient

    return gradient_of_f


def value_and_grad(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """As `grad`, with the value before it: (value, gradient), or ((value, aux), gradient).

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
    (array(6.), (array(3.), array(2.)))
    """

    @wraps(f)
    def value_and_gradient_of_f(*arguments: Any, **keywords: Any) -> Any:
        varied, call = _varying(f, argnums, arguments, keywords, "grad")
        trace = traced(call, varied, has_aux, "grad")
        if len(trace.outputs) != 1 or trace.outputs[0].size != 1 or trace.tree is not trace.outputs[0]:
            raise GradientError(
                f"grad: {_name(f)} must return one number, not {_described(trace.tree)}; for more, jacobian or vjp."
            )
        (output,) = trace.outputs
        gradient = rebuilt(varied, pulled(trace, [vector_like(np.ones(output.shape), output, "the cotangent")]))
        value = trace.given(output)
        return ((value, trace.auxiliary()) if has_aux else value), _by_argnums(gradient, argnums)

    return value_and_gradient_of_f


def vjp(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """Reverse mode: f(*primals), and a function from a cotangent of the result to a tuple of those of the primals.

    The function may be called many times; f is run once. Returns (result, function), or (result, function, aux).

    >>> out, pull = vjp(lambda x, y: x * y, 2.0, 3.0)
    >>> pull(1.0)
    (array(3.), array(2.))
    """
    trace = traced(lambda varied: f(*varied), primals, has_aux, "vjp")

    def pull(cotangent: Tree) -> Any:
        bars = zip(matching(cotangent, trace.tree, "vjp's cotangent"), trace.outputs, strict=True)
        return rebuilt(primals, pulled(trace, [vector_like(bar, output, "the cotangent") for bar, output in bars]))

    return (trace.returned(), pull, trace.auxiliary()) if has_aux else (trace.returned(), pull)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False) -> Any:
    """Forward mode: f(*primals), and its derivative along the tangents; with `has_aux`, the auxiliary result last.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (array(6.), array(3.))
    """
    _each_in_a_tuple("jvp", primals, tangents)
    trace = traced(lambda varied: f(*varied), tuple(primals), has_aux, "jvp")
    given = matching(tuple(tangents), tuple(primals), "jvp's tangents")
    dots = [vector_like(dot, variable, "the tangent") for dot, variable in zip(given, trace.variables, strict=True)]
    out_dot = rebuilt(trace.tree, pushed(trace, dots))
    return (trace.returned(), out_dot, trace.auxiliary()) if has_aux else (trace.returned(), out_dot)


def jacobian(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """All derivatives of f: for each array of the result, by each of the argument, an array of shape out + in.

    Forward or reverse, whichever needs fewer sweeps; and one sweep serves all columns (or rows) that the structure of
    the local Jacobians keeps apart, so that an elementwise function costs one sweep (sparsity.py).

    >>> import numpy as np
    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def jacobian_of_f(*arguments: Any, **keywords: Any) -> Any:
        varied, call = _varying(f, argnums, arguments, keywords, "jacobian")
        trace = traced(call, varied, has_aux, "jacobian")
        rows = [_by_argnums(rebuilt(varied, blocks(trace, output)), argnums) for output in trace.outputs]
        whole = rebuilt(trace.tree, rows)
        return (whole, trace.auxiliary()) if has_aux else whole

    return jacobian_of_f


def sparse_jacobian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The Jacobian of f as a scipy.sparse.csr_array, (result's size, arguments' sizes side by side), flat in C order.

    Only the entries that the structure of the local Jacobians allows are computed and stored. f returns one array.

    >>> import numpy as np
    >>> sparse_jacobian(np.tanh)(np.zeros(1000)).nnz
    1000
    """

    @wraps(f)
    def sparse_jacobian_of_f(*arguments: Any, **keywords: Any) -> Any:
        try:
            sparse = import_module("scipy.sparse")
        except ImportError as error:
            raise MissingExtraError("sparse_jacobian", "demo", "scipy") from error
        varied, call = _varying(f, argnums, arguments, keywords, "sparse_jacobian")
        trace = traced(call, varied, False, "sparse_jacobian")
        if len(trace.outputs) != 1 or trace.recorded:
            raise GradientError(
                f"sparse_jacobian: {_name(f)} must return one array that depends on its arguments only."
            )
        found = entries(trace, trace.outputs[0])
        return sparse.csr_array((found.values, (found.rows, found.columns)), shape=found.shape)

    return sparse_jacobian_of_f


def hessian(f: Callable[..., Any], argnums: Argnums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """All second derivatives of a function with one number as its value: the Jacobian of its gradient.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
    array([[6., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums, has_aux), argnums, has_aux)


def hvp(f: Callable[..., Any], primals: Sequence[Any], vectors: Sequence[Any]) -> Any:
    """The Hessian of f times a vector: forward mode over reverse mode, for the price of a few gradients.

    `vectors` are nested as `primals`, and so is the result.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3), (np.array([1.0, 2.0]),), (np.array([1.0, 0.0]),))
    (array([6., 0.]),)
    """
    _each_in_a_tuple("hvp", primals, vectors)
    return jvp(grad(f, tuple(range(len(primals)))), primals, vectors)[1]


# --- what they share --------------------------------------------------------------------------------------------------


def _each_in_a_tuple(asked: str, *given: Any) -> None:
    if not all(isinstance(each, (tuple, list)) for each in given):
        raise GradientError(
            f"{asked}: give primals and vectors as tuples, one entry an argument: {asked}(f, (x,), (v,))."
        )


def _varying(
    f: Callable[..., Any], argnums: Argnums, arguments: tuple[Any, ...], keywords: dict[str, Any], asked: str
) -> tuple[Tree, Callable[[Tree], Any]]:
    """The arguments at `argnums`, and f as a function of these alone."""
    places = [argnums] if isinstance(argnums, int) else list(argnums)
    for place in places:
        if not -len(arguments) <= place < len(arguments):
            raise GradientError(f"{asked}: {_name(f)} was given {len(arguments)} arguments; there is none at {place}.")

    def call(varied: Tree) -> Any:
        filled = list(arguments)
        for place, argument in zip(places, varied, strict=True):
            filled[place] = argument
        return f(*filled, **keywords)

    return tuple([arguments[place] for place in places]), call


def _by_argnums(tree: Tree, argnums: Argnums) -> Tree:
    return tree[0] if isinstance(argnums, int) else tree


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", "the function")


def _described(tree: Tree) -> str:
    if isinstance(tree, Node):
        return f"an array of shape {tree.shape}"
    return f"a {type(tree).__name__}"
