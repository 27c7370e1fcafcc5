"""Elementwise ops: what a NumPy function of one or two arrays still needs to become an op is its slope.

    class Sin(Unary, of=np.sin):                    np.sin(node) is now a node
        "sin x. Local Jacobian: diag(cos x)."

        def slope(self, a, x):                      a = sin x, and x
            return np.cos(x)

    class Hypot(Binary, of=np.hypot):
        "√(x² + y²). Local Jacobians: diag(x/h) and diag(y/h)."

        def slope(self, argument, h, x, y):         by x for argument 0, by y for argument 1
            return (x, y)[argument] / h

    implements(np.floor)(Stepwise(np.floor))        constant in steps: computed anew, never differentiated

The local Jacobian of an elementwise function is diagonal (notes, N8); `along` makes it, with the broadcast of an
argument that was enlarged.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from ..linear_maps import Broadcast, Diagonal, Identity, LinearMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op


class Elementwise(Op):
    """An op that is a NumPy function: the class keyword `of` names it, and enters the op into the table.

    >>> issubclass(Unary, Elementwise) and issubclass(Binary, Elementwise)
    True
    """

    function: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, of: Callable[..., Any] | None = None, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if of is not None:
            cls.function, cls.name = staticmethod(of), of.__name__
            implements(of)(cls())

    def forward(self, *arguments: Entry) -> Entry:
        return self.function(*arguments)


class Unary(Elementwise):
    """f(x), elementwise. Local Jacobian: diag(slope).

    >>> import numpy as np, minigrad as mg
    >>> class Spacing(Unary):
    ...     function = staticmethod(np.square)
    ...
    ...     def slope(self, a, x):
    ...         return 2 * x
    >>> Spacing()([3.0])
    <spacing (1,) float64: [9.]>
    """

    @abstractmethod
    def slope(self, a: Entry, x: Entry) -> Entry:
        """∂a/∂x at every element, from the value a and the argument x."""

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(self.slope(out, x), x.shape)


class Binary(Elementwise):
    """f(x, y), elementwise, shapes broadcast. Local Jacobians: diag(slope), after the broadcast of what was enlarged.

    >>> import numpy as np, minigrad as mg
    >>> class Product(Binary):
    ...     function = staticmethod(np.multiply)
    ...
    ...     def slope(self, argument, a, x, y):
    ...         return (y, x)[argument]
    >>> print(mg.local_jacobian(Product()(mg.parameter([3.0]), [1.0, 2.0]), 0))
    diag(d) ∘ broadcast : (1,) → (2,)
    """

    @abstractmethod
    def slope(self, argument: int, a: Entry, x: Entry, y: Entry) -> Entry:
        """∂a/∂x (argument 0) or ∂a/∂y (argument 1) at every element."""

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        return along(self.slope(argument, out, x, y), (x, y)[argument].shape, out.shape)


class Stepwise(Op):
    """A NumPy function that is constant in steps: comparisons, sign, floor, logic. Computed anew, never differentiated.

    >>> import minigrad as mg
    >>> mg.parameter([1.0, -1.0]) > 0
    <greater (2,) bool: [ True False]>
    """

    differentiable = False

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.name = function, function.__name__

    def forward(self, *arguments: Entry) -> Entry:
        return self.function(*arguments)


def along(d: Entry, in_shape: Shape, out_shape: Shape) -> LinearMap:
    """The Jacobian diag(d) of an elementwise operation, by an argument that may have been broadcast.

    >>> import numpy as np
    >>> str(along(np.ones(3), (3,), (2, 3)))
    'diag(d) ∘ broadcast : (3,) → (2, 3)'
    """
    if in_shape == out_shape:
        return Diagonal(d, out_shape)
    return Diagonal(d, out_shape) @ Broadcast(in_shape, out_shape)


def spread(in_shape: Shape, out_shape: Shape) -> LinearMap:
    """The Jacobian of an argument that enters with coefficient one: the identity, or its broadcast.

    >>> str(spread((3,), (2, 3)))
    'broadcast : (3,) → (2, 3)'
    """
    return Identity(in_shape) if in_shape == out_shape else Broadcast(in_shape, out_shape)
