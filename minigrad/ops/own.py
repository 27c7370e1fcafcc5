"""Ops of one's own, from a pair of functions: the value, and the local Jacobian.

    @custom(lambda argument, a, z: Diagonal(1 - a * a))
    def my_tanh(z):
        return np.tanh(z)

The same as a class of its own would be (base.py), for functions without settings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..linear_maps import LinearMap
from ..linear_maps.algebra import Entry
from .base import Op


class Custom(Op):
    """An op made of a forward function and a function that gives its local Jacobians.

    >>> import minigrad as mg
    >>> Custom(lambda x: 2 * x, lambda argument, out, x: mg.Scale(2, x.shape), "double")([1.0])
    <double (1,) float64: [2.]>
    """

    own = False  # what its functions give is a user's, and checked

    def __init__(self, forward: Callable[..., Any], jacobian: Callable[..., LinearMap], name: str) -> None:
        self._forward, self._jacobian, self.name = forward, jacobian, name

    def forward(self, *arguments: Entry) -> Entry:
        return self._forward(*arguments)

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        return self._jacobian(argument, out, *arguments)


def custom(jacobian: Callable[..., LinearMap]) -> Callable[[Callable[..., Any]], Op]:
    """Make an op of a function: `jacobian(argument, out, *arguments)` gives ∂out/∂arguments[argument].

    Both compute with operators and NumPy functions only, so that derivatives can be differentiated again.

    >>> import numpy as np, minigrad as mg
    >>> @mg.custom(lambda argument, a, x: mg.Diagonal(3 * x * x))
    ... def cube(x):
    ...     return x * x * x
    >>> mg.grad(cube)(2.0)
    array(12.)
    >>> mg.grad(mg.grad(cube))(2.0)
    array(12.)
    """

    def make(forward: Callable[..., Any]) -> Op:
        op = Custom(forward, jacobian, getattr(forward, "__name__", "custom"))
        op.__doc__ = forward.__doc__
        return op

    return make
