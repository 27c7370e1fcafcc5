"""Elementary functions: trigonometric, hyperbolic, exponentials and logarithms, roots and powers.

    np.sin np.cos np.tan             np.arcsin np.arccos np.arctan
    np.sinh np.cosh                  np.arcsinh np.arccosh np.arctanh
    np.exp2 np.expm1                 np.log2 np.log10
    np.sqrt np.cbrt np.square        np.reciprocal np.float_power
    np.deg2rad np.radians            np.rad2deg np.degrees

Slopes are written so that no digits are lost where they need not be: near the ends of a domain, at tiny and at huge
arguments, and in the second derivative too. At the end of a domain a slope may be infinite (√x at 0, arcsin at 1);
NumPy then says that it divided by zero. Exp, log, log1p and tanh stand in pointwise.py, functions of two arguments
such as hypot in planar.py. Formulas: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.2–4.6.
"""

from __future__ import annotations

import math

import numpy as np

from ..graph import Node, NodeLike
from ..linear_maps import LinearMap, Scale
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .base import as_nodes
from .elementwise import Unary
from .pointwise import applied, power

LN2, LOG2_E, LOG10_E = math.log(2), 1 / math.log(2), 1 / math.log(10)


class Sin(Unary, of=np.sin):
    """sin x. Local Jacobian: diag(cos x).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.sin(x := mg.parameter(0.0)), x)
    array(1.)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.cos(x)


class Cos(Unary, of=np.cos):
    """cos x. Local Jacobian: diag(−sin x).

    >>> import numpy as np, minigrad as mg
    >>> np.cos(mg.parameter([0.0]))
    <cos (1,) float64: [1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -np.sin(x)


class Tan(Unary, of=np.tan):
    """a = tan x. Local Jacobian: diag(1 + a²).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.tan(x := mg.parameter(0.0)), x)
    array(1.)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 + a * a


class OneMinusSquare(Unary):
    """1 − x², as (1 − x)(1 + x), which keeps all digits near x = ±1. Local Jacobian: diag(−2x).

    An op of its own, since the two terms that its factors would send back nearly cancel near x = 0.

    >>> OneMinusSquare()(0.5)
    <one_minus_square () float64: 0.75>
    """

    def forward(self, *arguments: Entry) -> Entry:
        (x,) = arguments
        return (1 - x) * (1 + x)

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -2 * x


one_minus_square = OneMinusSquare()


class Arcsin(Unary, of=np.arcsin):
    """arcsin x. Local Jacobian: diag(1/√(1 − x²)), infinite at ±1.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.arcsin(x := mg.parameter(0.6)), x)
    array(1.25)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 / np.sqrt(applied(one_minus_square, x))


class Arccos(Unary, of=np.arccos):
    """arccos x. Local Jacobian: diag(−1/√(1 − x²)), infinite at ±1.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.arccos(x := mg.parameter(0.6)), x)
    array(-1.25)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -1 / np.sqrt(applied(one_minus_square, x))


class Arctan(Unary, of=np.arctan):
    """arctan x. Local Jacobian: diag(1/(1 + x²)).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.sum(np.arctan(x := mg.parameter([1.0, 1e200]))), x)
    array([0.5, 0. ])
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        cosine = 1 / np.hypot(1, x)  # of the angle a; 1 + x² would overflow
        return cosine * cosine


class Sinh(Unary, of=np.sinh):
    """sinh x. Local Jacobian: diag(cosh x).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.sinh(x := mg.parameter(0.0)), x)
    array(1.)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.cosh(x)


class Cosh(Unary, of=np.cosh):
    """cosh x. Local Jacobian: diag(sinh x).

    >>> import numpy as np, minigrad as mg
    >>> np.cosh(mg.parameter([0.0]))
    <cosh (1,) float64: [1.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.sinh(x)


class Arcsinh(Unary, of=np.arcsinh):
    """arcsinh x. Local Jacobian: diag(1/√(1 + x²)).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.arcsinh(x := mg.parameter(0.75)), x)
    array(0.8)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 / np.hypot(1, x)


class Arccosh(Unary, of=np.arccosh):
    """arccosh x. Local Jacobian: diag(1/√(x² − 1)), infinite at 1.

    >>> import numpy as np, minigrad as mg
    >>> np.arccosh(mg.parameter([1.0, 1e300]))
    <arccosh (2,) float64: [  0.     691.4687]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        # Two roots: x² − 1 would lose digits near 1, and overflow.
        return 1 / (np.sqrt(x - 1) * np.sqrt(x + 1))


class Arctanh(Unary, of=np.arctanh):
    """arctanh x. Local Jacobian: diag(1/(1 − x²)).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.arctanh(x := mg.parameter(-0.5)), x)
    array(1.33333333)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 / applied(one_minus_square, x)


class Exp2(Unary, of=np.exp2):
    """a = 2ˣ. Local Jacobian: diag(a log 2).

    >>> import numpy as np, minigrad as mg
    >>> np.exp2(mg.parameter([3.0]))
    <exp2 (1,) float64: [8.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return LN2 * a


class Expm1(Unary, of=np.expm1):
    """eˣ − 1, right for small x. Local Jacobian: diag(eˣ).

    >>> import numpy as np, minigrad as mg
    >>> np.expm1(mg.parameter(1e-20))
    <expm1 () float64: 1.e-20>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return np.exp(x)  # not a + 1, which has no digits left once a rounds to −1


class Log2(Unary, of=np.log2):
    """The logarithm to base 2. Local Jacobian: diag(1/(x log 2)).

    >>> import numpy as np, minigrad as mg
    >>> np.log2(mg.parameter([8.0]))
    <log2 (1,) float64: [3.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return LOG2_E / x


class Log10(Unary, of=np.log10):
    """The logarithm to base 10. Local Jacobian: diag(1/(x log 10)).

    >>> import numpy as np, minigrad as mg
    >>> np.log10(mg.parameter([1000.0]))
    <log10 (1,) float64: [3.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return LOG10_E / x


class Sqrt(Unary, of=np.sqrt):
    """a = √x. Local Jacobian: diag(1/(2a)), infinite at 0.

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.sqrt(x := mg.parameter(4.0)), x)
    array(0.25)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 0.5 / a


class Cbrt(Unary, of=np.cbrt):
    """a = ∛x, also of negative x. Local Jacobian: diag(1/(3a²)), infinite at 0.

    >>> import numpy as np, minigrad as mg
    >>> np.cbrt(mg.parameter([-8.0]))
    <cbrt (1,) float64: [-2.]>
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 1 / (3 * a * a)


class Square(Unary, of=np.square):
    """x². Local Jacobian: diag(2x).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.square(x := mg.parameter(3.0)), x)
    array(6.)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 2 * x


class Reciprocal(Unary, of=np.reciprocal):
    """a = 1/x. Local Jacobian: diag(−a²).

    >>> import numpy as np, minigrad as mg
    >>> mg.gradients(np.reciprocal(x := mg.parameter(2.0)), x)
    array(-0.25)
    """

    def slope(self, a: Entry, x: Entry) -> Entry:
        return -a * a


class Deg2rad(Unary, of=np.deg2rad):
    """An angle in degrees as one in radians: π x/180. Local Jacobian: (π/180) I.

    >>> import numpy as np, minigrad as mg
    >>> np.deg2rad(mg.parameter([180.0]))
    <deg2rad (1,) float64: [3.1416]>
    """

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Scale(self.slope(out, x), x.shape)

    def slope(self, a: Entry, x: Entry) -> Entry:
        return math.pi / 180


class Rad2deg(Unary, of=np.rad2deg):
    """An angle in radians as one in degrees: 180 x/π. Local Jacobian: (180/π) I.

    >>> import numpy as np, minigrad as mg
    >>> np.rad2deg(mg.parameter([np.pi]))
    <rad2deg (1,) float64: [180.]>
    """

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Scale(self.slope(out, x), x.shape)

    def slope(self, a: Entry, x: Entry) -> Entry:
        return 180 / math.pi


implements(np.radians)(Deg2rad())
implements(np.degrees)(Rad2deg())


@implements(np.float_power)
def float_power(x1: NodeLike, x2: NodeLike) -> Node:
    """x1 to the power x2, in double precision at least. Composed of power, after a cast; its conventions are power's.

    >>> import numpy as np, minigrad as mg
    >>> np.float_power(mg.constant([2, 3]), -1)
    <power (2,) float64: [0.5    0.3333]>
    """
    base, exponent = as_nodes((x1, x2))
    dtype = np.result_type(base.dtype, exponent.dtype, np.float64)
    return power(*[node if node.dtype == dtype else node.astype(dtype) for node in (base, exponent)])
