"""Elementwise operations: arithmetic, exponentials, activations, comparisons; shapes broadcast as in NumPy.

The local Jacobian of an elementwise function is diagonal (notes, N8): `along` makes it, with the broadcast of an
argument that was enlarged. Where a function has a kink, the convention stands in its docstring.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from ..array_like import ArrayLike
from ..linear_maps import Diagonal, LinearMap, Scale, Select, Zero
from ..linear_maps.algebra import ARRAYS, Array, Entry
from ..numpy_protocol import implements
from .base import Op
from .elementwise import Binary, Stepwise, along, spread


def applied(op: Op, *arguments: Entry) -> Entry:
    """The op's value at arrays, its node where one of them is a node: how a slope names another op.

    >>> applied(tanh, np.zeros(1))
    array([0.])
    """
    if any(isinstance(argument, ArrayLike) for argument in arguments):
        return op(*arguments)
    return op.forward(*arguments)


def as_precise(x: Entry, out: Entry) -> Entry:
    """An argument in the dtype of the value: where float32 meets float64, slopes too are computed in double.

    >>> as_precise(np.ones(1, np.float32), np.ones(1)).dtype
    dtype('float64')
    """
    return x if x.dtype is out.dtype else x.astype(out.dtype)


class Pair(Binary):
    """A function of two arguments whose slopes are as precise as its value, whatever dtypes meet in it.

    >>> issubclass(Pair, Binary)
    True
    """

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        return super().jacobian(argument, out, as_precise(x, out), as_precise(y, out))


class Add(Op):
    """x + y. Local Jacobians: the identity, or Broadcast where an argument was enlarged.

    >>> import minigrad as mg
    >>> mg.parameter([1.0]) + [1.0, 2.0]
    <add (2,) float64: [2. 3.]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return x + y

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        return spread((x, y)[argument].shape, out.shape)


class Subtract(Op):
    """x − y. Local Jacobians: I and −I (with Broadcast where an argument was enlarged).

    >>> import minigrad as mg
    >>> 1 - mg.parameter([0.25])
    <subtract (1,) float64: [0.75]>
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return x - y

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        if argument == 0:
            return spread(x.shape, out.shape)
        return Scale(-1, out.shape) @ spread(y.shape, out.shape)


class Multiply(Op):
    """x ⊙ y. Local Jacobians: ∂/∂x = diag(y), ∂/∂y = diag(x).

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0)
    >>> (x * x).backward()[x]
    array(6.)
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return x * y

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        return along(y, x.shape, out.shape) if argument == 0 else along(x, y.shape, out.shape)


class Divide(Op):
    """q = x / y. Local Jacobians: ∂q/∂x = diag(1/y), ∂q/∂y = diag(−q/y).

    >>> import minigrad as mg
    >>> y = mg.parameter(2.0)
    >>> (1 / y).backward()[y]
    array(-0.25)
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return x / y

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        y = as_precise(y, out)
        return along(1 / y, x.shape, out.shape) if argument == 0 else along(-out / y, y.shape, out.shape)


class Negative(Op):
    """−x. Local Jacobian: −I.

    >>> import minigrad as mg
    >>> -mg.parameter([1.0])
    <negative (1,) float64: [-1.]>
    """

    def forward(self, x: Entry) -> Entry:
        return -x

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Scale(-1, x.shape)


class Power(Op):
    """p = xʸ. Local Jacobians: ∂p/∂x = diag(y xʸ⁻¹), 0 where y = 0; ∂p/∂y = diag(p log x), 0 where x = 0 ≤ y.

    Convention: where y = 0 the power is constant in x, also at x = 0; there the derivative by y is 0 too, as autograd,
    jax, torch and MyGrad have it. For x < 0 the derivative by y is NaN: there is no real one.

    >>> import minigrad as mg
    >>> x = mg.parameter([0.0, 2.0])
    >>> mg.gradients(mg.sum(x**2), x)
    array([0., 4.])
    """

    def forward(self, x: Entry, y: Entry) -> Entry:
        return _power(x, y)

    def jacobian(self, argument: int, out: Entry, x: Entry, y: Entry) -> LinearMap:
        x, y = as_precise(x, out), as_precise(y, out)
        if argument == 0:
            # Where y = 0 the power is constant, also at x = 0, where 0 · 0⁻¹ would be NaN.
            return along(y * _power(x, np.where(y == 0, 1, y) - 1), x.shape, out.shape)
        base = np.where(np.logical_and(x == 0, y >= 0), 1, x)
        return along(out * np.log(base), y.shape, out.shape)


def _power(x: Entry, y: Entry) -> Entry:
    # A Python number as exponent lets NumPy square instead of calling pow, ten times as fast; but it would be weak.
    return x ** y.item() if isinstance(y, np.ndarray) and y.ndim == 0 and y.dtype is x.dtype else x**y


class Exp(Op):
    """a = eˣ. Local Jacobian: diag(a).

    >>> import minigrad as mg
    >>> mg.exp(0.0)
    <exp () float64: 1.>
    """

    def forward(self, x: Entry) -> Entry:
        return np.exp(x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(out)


class Log(Op):
    """log x, natural. Local Jacobian: diag(1/x).

    >>> import minigrad as mg
    >>> mg.gradients(mg.log(x := mg.parameter(4.0)), x)
    array(0.25)
    """

    def forward(self, x: Entry) -> Entry:
        return np.log(x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(1 / x)


class Log1p(Op):
    """log(1 + x), right for small x. Local Jacobian: diag(1/(1 + x)).

    >>> import minigrad as mg
    >>> mg.log1p(1e-20)
    <log1p () float64: 1.e-20>
    """

    def forward(self, x: Entry) -> Entry:
        return np.log1p(x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(1 / (1 + x))


class Tanh(Op):
    """a = tanh x. Local Jacobian: diag(1 − a²).

    >>> import minigrad as mg
    >>> mg.tanh(0.0)
    <tanh () float64: 0.>
    """

    def forward(self, x: Entry) -> Entry:
        return np.tanh(x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(1.0 - out * out)


class Sigmoid(Op):
    """a = g(z) = 1 / (1 + e⁻ᶻ), without overflow and with full relative accuracy at both ends.

    Local Jacobian: ∂a/∂z = diag(g′(z)) with g′ = g (1 − g)  (notes, N6 and N8).

    >>> import minigrad as mg
    >>> mg.sigmoid([0.0, -1e4, 1e4])
    <sigmoid (3,) float64: [0.5 0.  1. ]>
    """

    def forward(self, z: Entry) -> Entry:
        return logistic(z)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        # g(−z), not 1 − a: once a rounds to 1, the difference has no digits left.
        return Diagonal(out * logistic(-z))


class ReLU(Op):
    """max(x, 0). Local Jacobian: Select(x > 0).

    Convention: relu′(0) = 0.

    >>> import minigrad as mg
    >>> mg.relu([-1.0, 2.0])
    <relu (2,) float64: [0. 2.]>
    """

    name = "relu"
    selects = True

    def forward(self, x: Entry) -> Entry:
        return np.maximum(x, 0)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Select(x > 0, x.shape)


class Softplus(Op):
    """log(1 + eᶻ), without overflow. Local Jacobian: diag(g(z)), g the sigmoid.

    >>> import minigrad as mg
    >>> mg.softplus([0.0, 1e4])
    <softplus (2,) float64: [6.9315e-01 1.0000e+04]>
    """

    def forward(self, z: Entry) -> Entry:
        return log1p_exp(z)

    def jacobian(self, argument: int, out: Entry, z: Entry) -> LinearMap:
        return Diagonal(logistic(z))


class Absolute(Op):
    """|x|. Local Jacobian: diag(sign x).

    Convention: abs′(0) = 0.

    >>> import minigrad as mg
    >>> abs(mg.parameter([-2.0]))
    <absolute (1,) float64: [2.]>
    """

    def forward(self, x: Entry) -> Entry:
        return np.abs(x)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Diagonal(np.sign(x))


class Where(Op):
    """x where the mask holds, y elsewhere. Local Jacobians: Select(mask) and Select(not mask).

    Nothing comes back from the branch that was not taken, even where its own slope is infinite or NaN. The mask is a
    condition only, whatever its dtype: there is no derivative by it.

    >>> import numpy as np, minigrad as mg
    >>> np.where([True, False], mg.parameter([1.0, 2.0]), 0)
    <where (2,) float64: [1. 0.]>
    """

    selects = True

    def forward(self, mask: Entry, x: Entry, y: Entry) -> Entry:
        return np.where(mask, x, y)

    def jacobian(self, argument: int, out: Entry, mask: Entry, x: Entry, y: Entry) -> LinearMap:
        if argument == 0:
            return Zero(mask.shape, out.shape)
        taken, source = (mask, x) if argument == 1 else (np.logical_not(mask), y)
        return Select(taken, out.shape) @ spread(source.shape, out.shape)


def logistic(z: Entry) -> Entry:
    """The sigmoid of an array (or node): 1 / (1 + e⁻ᶻ), to full relative accuracy and without overflow.

    >>> logistic(np.array([-1e4, -40.0, 0.0, 1e4]))
    array([0.00000000e+00, 4.24835426e-18, 5.00000000e-01, 1.00000000e+00])
    """
    if not isinstance(z, ARRAYS):
        return sigmoid(z)
    # As e/(1 + e), since that keeps all digits for z < 0; beyond the bound it has rounded to 1.
    bound, one = _rounds_to_one(z.dtype)
    e = np.exp(np.minimum(z, bound))
    return e / (one + e)


def log1p_exp(z: Entry) -> Entry:
    """The softplus of an array (or node): log(1 + eᶻ), without overflow.

    >>> log1p_exp(np.array([-1e4, 0.0, 1e4]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+04])
    """
    if not isinstance(z, ARRAYS):
        return softplus(z)
    if z.dtype.kind in "iub":  # −|z| wraps around in unsigned integers
        z = z.astype(np.float64)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


@cache
def _rounds_to_one(dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Where 1/(1 + e⁻ᶻ) has rounded to 1 (e⁻ᶻ is under a quarter of the spacing at 1), and 1.

    As arrays of that dtype, which NumPy takes in half the time of a Python number.
    """
    dtype = dtype if dtype.kind == "f" else np.dtype(np.float64)
    return np.array(math.log(4 / np.finfo(dtype).eps), dtype), np.array(1, dtype)


add = implements(np.add)(Add())
subtract = implements(np.subtract)(Subtract())
multiply = implements(np.multiply)(Multiply())
divide = implements(np.divide)(Divide())
negative = implements(np.negative)(Negative())
power = implements(np.power)(Power())
exp = implements(np.exp)(Exp())
log = implements(np.log)(Log())
log1p = implements(np.log1p)(Log1p())
tanh = implements(np.tanh)(Tanh())
absolute = implements(np.absolute)(Absolute())
where = implements(np.where)(Where())
sigmoid = Sigmoid()
relu = ReLU()
softplus = Softplus()

for function in (
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.equal,
    np.not_equal,
    np.sign,
    np.logical_and,
    np.logical_or,
    np.logical_not,
):
    implements(function)(Stepwise(function))
