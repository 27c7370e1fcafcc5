"""Parts of numbers: fraction and whole part, mantissa and exponent, real and imaginary part.

    np.modf(x)                             fraction (slope 1) and whole part (never differentiated)
    np.frexp(x), np.ldexp(m, e)            mantissa and exponent, and back: x = m 2ᵉ; e is never differentiated
    np.real np.conjugate np.positive …     x itself, since nodes hold real numbers
    np.imag np.angle                       0 and, for negative numbers, π: never differentiated

Whatever jumps is constant in steps, and its derivative 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DTypeError
from ..graph import Node, NodeLike, constant
from ..linear_maps import Identity, LinearMap
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .base import Op, as_nodes
from .elementwise import Elementwise, Stepwise, Unary, along
from .pointwise import applied
from .steps import Steps


class Fraction(Op):
    """What is left of x without its whole part, with the sign of x. Local Jacobian: I.

    Convention: 1 at whole numbers too, where it jumps.

    >>> Fraction()([-1.25])
    <fraction (1,) float64: [-0.25]>
    """

    def forward(self, x: Entry) -> Entry:
        return np.modf(x)[0]

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Identity(x.shape)


def whole_part(x: Any) -> Any:
    """The second result of np.modf.

    >>> whole_part(np.array([-1.25]))
    array([-1.])
    """
    return np.modf(x)[1]


fraction = Fraction()
whole = Stepwise(whole_part)


@implements(np.modf)
def modf(x: NodeLike) -> tuple[Node, Node]:
    """The fraction and the whole part of x, both with its sign. Local Jacobians: I, and none of the whole part.

    Convention: 1 at whole numbers too, where the fraction jumps.

    >>> import numpy as np, minigrad as mg
    >>> np.modf(mg.parameter([-1.25]))
    (<fraction (1,) float64: [-0.25]>, <whole_part (1,) float64: [-1.]>)
    """
    return fraction(x), whole(x)


class Mantissa(Unary):
    """m of x = m 2ᵉ with ½ ≤ |m| < 1. Local Jacobian: diag(2⁻ᵉ).

    Convention: at the powers of two, where it jumps, the derivative of the side that the value belongs to; 1 at 0.

    >>> Mantissa()([3.0])
    <mantissa (1,) float64: [0.75]>
    """

    def forward(self, *arguments: Entry) -> Entry:
        (x,) = arguments
        return np.frexp(x)[0]

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.ldexp(np.ones((), x.dtype), -applied(exponent, x))


def exponent_part(x: Any) -> Any:
    """The second result of np.frexp.

    >>> exponent_part(np.array([3.0]))
    array([2], dtype=int32)
    """
    return np.frexp(x)[1]


mantissa = Mantissa()
exponent = Stepwise(exponent_part)


@implements(np.frexp)
def frexp(x: NodeLike) -> tuple[Node, Node]:
    """Mantissa and exponent: x = m 2ᵉ with ½ ≤ |m| < 1. Local Jacobians: diag(2⁻ᵉ), and none of the exponent.

    Convention: at the powers of two, where the mantissa jumps, the derivative of the side that the value belongs to.

    >>> import numpy as np, minigrad as mg
    >>> np.frexp(mg.parameter([3.0]))
    (<mantissa (1,) float64: [0.75]>, <exponent_part (1,) int32: [2]>)
    """
    return mantissa(x), exponent(x)


class Ldexp(Elementwise, of=np.ldexp):
    """x 2ᵉ, for whole numbers e. Local Jacobian: diag(2ᵉ) by x; the exponent is never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.ldexp(x := mg.parameter(3.0), 2), x)
    array(4.)
    """

    def __call__(self, *arguments: NodeLike, name: str | None = None) -> Node:
        x, e = arguments
        exponents = e if isinstance(e, Node) else constant(e)  # a Python integer stays one, even next to a float
        if exponents.dtype.kind == "f":
            raise DTypeError(f"np.ldexp: exponents are whole numbers, not {exponents.dtype}. Write x * 2.0**e.")
        return super().__call__(x, exponents, name=name)

    def jacobian(self, argument: int, out: Entry, x: Entry, e: Entry) -> LinearMap:
        return along(np.ldexp(np.ones((), out.dtype), e), x.shape, out.shape)


@implements(np.real)
def real(val: NodeLike) -> Node:
    """The real part: x itself, since nodes hold real numbers.

    Local Jacobian: none is needed, it is the same node.

    >>> import numpy as np, minigrad as mg
    >>> np.real(x := mg.parameter(1.0)) is x
    True
    """
    return as_nodes((val,))[0]


@implements(np.positive)
def positive(x: NodeLike) -> Node:
    """+x: x itself. DTypeError for a mask, as in NumPy.

    Local Jacobian: none is needed, it is the same node.

    >>> import numpy as np, minigrad as mg
    >>> np.positive(x := mg.parameter(1.0)) is x
    True
    """
    node = real(x)
    return node if node.dtype.kind != "b" else Stepwise(np.positive)(node)


@implements(np.conjugate)
def conjugate(x: NodeLike) -> Node:
    """The complex conjugate: x itself, since nodes hold real numbers (a mask as whole numbers, as in NumPy).

    Local Jacobian: none is needed, it is the same node.

    >>> import numpy as np, minigrad as mg
    >>> np.conjugate(x := mg.parameter(1.0)) is x
    True
    """
    node = real(x)
    return node if node.dtype.kind != "b" else Stepwise(np.conjugate)(node)


@implements(np.real_if_close)
def real_if_close(a: NodeLike, tol: float = 100) -> Node:
    """a itself: nodes hold real numbers.

    Local Jacobian: none is needed, it is the same node.

    >>> import numpy as np, minigrad as mg
    >>> np.real_if_close(x := mg.parameter(1.0)) is x
    True
    """
    return real(a)


@implements(np.imag)
def imag(val: NodeLike) -> Node:
    """The imaginary part: zeros, since nodes hold real numbers. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.imag(mg.parameter([1.0]))
    <imag (1,) float64: [0.]>
    """
    return Stepwise(np.imag)(val)


@implements(np.angle)
def angle(z: NodeLike, deg: bool = False) -> Node:
    """The angle in the complex plane: 0, and π (or 180 degrees) for negative numbers. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.angle(mg.parameter([-1.0, 1.0]), deg=True)
    <angle (2,) float64: [180.   0.]>
    """
    return Steps(np.angle, deg=deg)(z)
