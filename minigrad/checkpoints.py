"""Checkpoints: compute again instead of storing.

    block = checkpoint(f)          block(x) is f(x), as one node: what f made on the way is let go,
                                   and made again when a sweep comes through

Memory for time: of a chain of blocks only the values between them are kept. Source: Griewank and Walther,
"Evaluating Derivatives" (2008), chapter 12.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from .errors import GradientError
from .graph import Node, constant, parameter
from .jacobians import total_jacobian
from .linear_maps import LinearMap
from .linear_maps.algebra import Entry
from .ops.base import Op, alias
from .ops.results import laid_flat, layout
from .trees import Tree, is_float, leaves, rebuilt


class Recomputed(Op):
    """f of arguments laid flat in one array, its result laid flat too. Local Jacobian: that of f, traced anew.

    `arguments` has the arguments' nesting, and those that are not varied; `result`, once f has run, the nesting and
    the shapes of its result.

    >>> Recomputed(np.tanh, (np.zeros(2),))(parameter([0.0, 1.0]))
    <tanh (2,) float64: [0.     0.7616]>
    """

    def __init__(self, f: Callable[..., Any], arguments: Tree) -> None:
        self.f, self.arguments = f, arguments
        self.name = getattr(f, "__name__", "f")
        self.result: Tree = None

    def forward(self, flat: Entry) -> Entry:
        found = self.run(flat)
        if isinstance(found, Node) and found.differentiable:
            raise GradientError(
                f"checkpoint({self.name}): it uses a parameter that is not among its arguments, and whose gradient "
                "would be lost; pass it as an argument."
            )
        return found.value if isinstance(found, Node) else found

    def jacobian(self, argument: int, out: Entry, flat: Entry) -> LinearMap:
        variable = alias(flat) if isinstance(flat, Node) else parameter(flat, copy=False)
        return total_jacobian(self.run(variable), variable)

    def run(self, flat: Entry) -> Entry:
        """f of the arguments that lie in `flat`, its result laid flat: nodes for a node, arrays for an array."""
        given = leaves(self.arguments)
        varied = [k for k, leaf in enumerate(given) if is_float(leaf)]
        for k, part in zip(varied, layout([np.shape(given[k]) for k in varied]), strict=True):
            piece = part(flat) if isinstance(flat, Node) else part.forward(flat)
            dtype = getattr(given[k], "dtype", piece.dtype)
            given[k] = piece if piece.dtype == dtype else piece.astype(dtype)
        result = self.f(*rebuilt(self.arguments, given))
        found = leaves(result)
        self.result = rebuilt(result, [np.broadcast_to(0.0, getattr(leaf, "shape", ())) for leaf in found])
        return laid_flat(found)


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """f as one node, that keeps its arguments and results only: what lies between is computed again by each sweep.

    Arguments and results may be trees of arrays; what is not floats, and keywords, are passed as they are. On plain
    arrays it is f. GradientError where f uses a parameter that is not among its arguments: its gradient would be lost.

    >>> import minigrad as mg
    >>> thrice = mg.checkpoint(lambda x: np.tanh(np.tanh(np.tanh(x))))
    >>> mg.grad(thrice)(0.5) == mg.grad(lambda x: np.tanh(np.tanh(np.tanh(x))))(0.5)
    np.True_
    """

    @wraps(f)
    def checkpointed(*arguments: Any, **keywords: Any) -> Any:
        given = leaves(arguments)
        if not any(isinstance(leaf, Node) and is_float(leaf) for leaf in given):
            return f(*arguments, **keywords)
        called = partial(f, **keywords) if keywords else f
        plain = [leaf.value if isinstance(leaf, Node) else leaf for leaf in given]
        block = Recomputed(called, rebuilt(arguments, plain))
        varied = [leaf if isinstance(leaf, Node) else constant(leaf) for leaf in given if is_float(leaf)]
        node = block(laid_flat(varied))
        return rebuilt(block.result, [part(node) for part in layout([leaf.shape for leaf in leaves(block.result)])])

    return checkpointed
