"""Lines of the list of examples: functions of each entry, NumPy's and scipy.special's.

exactly(mpmath.erf)      an mpmath function as a formula on arrays, complex ones too, with 30 digits
together(np.modf)        a function of several results, of which the stack is taken
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
from op_lines import (
    Example,
    broadcasting,
    domain,
    elementwise,
    example,
    fixed,
    kinkless,
    mask,
    positive,
    real,
    unit,
    whole,
)
from witnesses import log_sigmoid, logistic, unchanged

from minigrad.numpy_protocol import OPERATIONS
from minigrad.ops.elementary import OneMinusSquare
from minigrad.ops.kinked import Clip, NanToNum, Unwrap
from minigrad.ops.parts import Fraction, Mantissa
from minigrad.ops.planar import Direction, SphericalBessel
from minigrad.ops.special import ExprelDerivative, Gaussian, InverseMills, MillsExcess
from minigrad.ops.special_gamma import Polygamma

inside = domain("inside", lambda rng, shape: rng.uniform(-0.85, 0.85, size=shape))
above_1 = domain("above_1", lambda rng, shape: rng.uniform(1.3, 4, size=shape))
# No two of these meet, nor a whole number or a half: k + 0.25 and k + 0.75, give or take 0.1.
quarters = domain("quarters", lambda rng, shape: rng.integers(-2, 3, shape) + rng.uniform(0.15, 0.35, size=shape))
above = domain("above", lambda rng, shape: rng.integers(-2, 3, shape) + rng.uniform(0.65, 0.85, size=shape))
# Of these, no quotient is near a whole number.
odd = domain("odd", lambda rng, shape: rng.choice([-5, -3, -1, 1, 3, 5], shape) + rng.uniform(-0.1, 0.1, size=shape))
twos = domain("twos", lambda rng, shape: rng.choice([-2, 2], shape) + rng.uniform(-0.1, 0.1, size=shape))


class together(partial):  # noqa: N801  # read as a function of functions, as partial is
    """A function of several results, which are stacked."""

    def __call__(self, *arguments: Any) -> Any:
        return np.stack(super().__call__(*arguments))


def exactly(f: Callable[..., Any]) -> Callable[..., Any]:
    """An mpmath function as one of arrays, real for real ones; a complex step keeps its digits."""

    def number(*entries: Any) -> complex:
        with mp.workdps(50):
            return complex(f(*(mp.mpc(z) if isinstance(z, complex) else mp.mpf(float(z)) for z in entries)))

    def formula(*arrays: Any) -> Any:
        found = np.vectorize(number, otypes=[complex])(*arrays)
        return found if any(np.iscomplexobj(a) for a in arrays) else found.real

    return formula


def inverse(f: Callable[[Any], Any], slope: Callable[[Any], Any], g: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """g, the inverse of f on real numbers, carried on to complex ones by a step of Newton's method."""

    def carried(z: Any) -> Any:
        y = g(z.real)
        return y - (f(y) - z) / slope(y)

    return exactly(carried)


def chosen(first: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The first argument where this holds of the real parts, else the second."""
    return lambda x, y: np.where(first(np.real(x), np.real(y)), x, y)


def of_scipy(name: str) -> Any:
    """The op that stands in the table under a name of scipy.special's."""
    return OPERATIONS[name]


def special(name: str, domain: Any, f: Callable[..., Any]) -> list[Example]:
    """The lines of one of SciPy's functions of one argument."""
    return elementwise(of_scipy(name), domain, f)


def of_order(name: str, order: Any, f: Callable[..., Any]) -> list[Example]:
    """The lines of a function f(n, x) that is differentiated by x alone."""
    op, exact = of_scipy(name), exactly(f)
    return [
        example(op, order, positive(3), analytic=exact),
        example(op, fixed(np.array([[1], [2]])), positive(3), analytic=exact),
        example(op, fixed(np.array(1)), positive(), analytic=exact),
        example(op, fixed(np.array([1, 2])), positive(0, 2), analytic=exact),
    ]


def formula(analytic: Callable[..., Any], lines: list[Example]) -> list[Example]:
    """The lines with a formula for all of them."""
    return [replace(line, analytic=analytic) for line in lines]


def clipped(x: Any, low: Any, high: Any) -> Any:
    """x between two bounds, whichever of the three are complex."""
    raised = np.where(np.real(x) < np.real(low), low, x)
    return np.where(np.real(raised) > np.real(high), high, raised)


def steps(function: Callable[..., Any], *arguments: Any) -> Example:
    return example(function, *arguments, derivatives=0)


# --- formulas ---------------------------------------------------------------------------------------------------------


def spherical(n: int, z: Any) -> Any:
    """jₙ(πz), even or odd in z as n is."""
    sign = -1 if z.real < 0 else 1
    return sign**n * mp.besselj(n + mp.mpf(1) / 2, mp.pi * sign * z) / mp.sqrt(2 * sign * z)


def gauss(z: Any) -> Any:
    return 2 / mp.sqrt(mp.pi) * mp.exp(-z * z)


def normal(z: Any) -> Any:
    return mp.erfc(-z / mp.sqrt(2)) / 2


def bell(z: Any) -> Any:
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def excess(z: Any) -> Any:
    return 1 / (mp.sqrt(mp.pi) * mp.exp(z * z) * mp.erfc(z)) - z


def turned(p: Any, period: float = 2 * np.pi, **settings: Any) -> Any:
    """Angles with whole turns added; how many is a matter of the real part."""
    return p + period * np.rint((np.unwrap(p.real, period=period, **settings) - p.real) / period)


def divisions(function: Callable[..., Any], rest: Callable[[Any, Any], Any]) -> list[Example]:
    """The lines of a division with remainder; no quotient is near a whole number."""
    pairs = [
        (odd(3, 4), twos(3, 4)),
        (odd(3, 1), twos(4)),
        (odd(), twos(2, 3)),
        (odd(0, 3), twos(3)),
        (odd(3, dtype="f4"), twos(2, 3, dtype="f4")),
        (odd(3, dtype="f4"), 2),
        (3.0, twos(3, dtype="f4")),
        (odd(3, dtype="f4"), twos(3)),
        (fixed([3, -5]), twos(2)),
        (odd(2), fixed(twos(2))),
    ]
    return [example(function, *pair, analytic=rest) for pair in pairs]


TURNS = [0.0, 3.0, 6.7, 9.0, 2.0]

# --- the lines --------------------------------------------------------------------------------------------------------

ELEMENTARY = [
    *(line for f in (np.sin, np.cos, np.sinh, np.cosh, np.arcsinh, np.arctan) for line in elementwise(f, real)),
    *(line for f in (np.tan, np.arcsin, np.arccos, np.arctanh) for line in elementwise(f, inside)),
    *elementwise(np.arccosh, above_1),
    *(line for f in (np.exp2, np.expm1, np.square) for line in elementwise(f, real)),
    *(line for f in (np.log2, np.log10, np.sqrt) for line in elementwise(f, positive)),
    *elementwise(np.cbrt, kinkless, lambda x: np.sign(x.real) * (np.sign(x.real) * x) ** (1 / 3)),
    *elementwise(np.reciprocal, kinkless),
    *elementwise(OneMinusSquare(), real),
    *(line for f in (np.deg2rad, np.radians) for line in elementwise(f, real, lambda x: x * np.pi / 180)),
    *(line for f in (np.rad2deg, np.degrees) for line in elementwise(f, real, lambda x: x * 180 / np.pi)),
    example(np.float_power, positive(3, 1), real(4)),
    example(np.float_power, positive(3, dtype="f4"), 2, analytic=lambda x, y: x**y),
    example(np.float_power, fixed([1, 2, 3]), real(2, 3), analytic=lambda x, y: np.power(1.0 * x, y)),
    example(np.float_power, 2.0, real(3, dtype="f4"), analytic=lambda x, y: x**y),
    example(np.float_power, whole(3), whole(3), derivatives=0),
]

PLANAR = [
    *formula(lambda x, y: np.sqrt(x * x + y * y), broadcasting(np.hypot, kinkless, kinkless)),
    *formula(lambda x, y: x / np.sqrt(x * x + y * y), broadcasting(Direction(), kinkless, kinkless)),
    *formula(
        lambda y, x: np.arctan(y / x) + np.where(np.real(x) < 0, np.sign(np.real(y)) * np.pi, 0),
        broadcasting(np.arctan2, kinkless, kinkless),
    ),
    *formula(lambda x, y: np.log(np.exp(x) + np.exp(y)), broadcasting(np.logaddexp, real, real)),
    *formula(lambda x, y: np.log2(2.0**x + 2.0**y), broadcasting(np.logaddexp2, real, real)),
    *elementwise(np.sinc, real, exactly(lambda z: mp.sinc(mp.pi * z))),
    example(np.sinc, np.array([0.0, 1e-9, 1.0, -2.0, 5.5]), analytic=exactly(lambda z: mp.sinc(mp.pi * z))),
    *elementwise(SphericalBessel(0), real, exactly(lambda z: mp.sinc(mp.pi * z))),
    *elementwise(SphericalBessel(1), kinkless, exactly(partial(spherical, 1))),
    *elementwise(SphericalBessel(3), kinkless, exactly(partial(spherical, 3))),
]

KINKED = [
    *(line for f in (np.maximum, np.fmax) for line in formula(chosen(np.greater), broadcasting(f, quarters, above))),
    *(line for f in (np.minimum, np.fmin) for line in formula(chosen(np.less), broadcasting(f, quarters, above))),
    example(np.fmax, np.array([1.0, np.nan]), fixed([np.nan, 2.0]), analytic=lambda x, y: np.array([x[0], y[1]])),
    example(np.fmin, fixed([1.0, np.nan]), np.array([np.nan, 2.0]), analytic=lambda x, y: np.array([x[0], y[1]])),
    example(np.clip, quarters(3, 4), -1, 1, analytic=clipped),
    example(np.clip, quarters(3, 4), fixed([-1.0, 0.0, 0.5, -0.5]), 1.5, analytic=clipped),
    example(np.clip, quarters(2, 3), above(3), real(2, 1), analytic=clipped),
    example(np.clip, quarters(3, dtype="f4"), -1, fixed(1.0), analytic=clipped),
    example(np.clip, quarters(2, dtype="f4"), quarters(3, 1), above(2), analytic=clipped),
    example(np.clip, quarters(0, 3), real(), 2.0, analytic=clipped),
    example(np.clip, quarters(), -0.5, above(2, 2), analytic=clipped),
    example(partial(np.clip, a_min=None, a_max=0), quarters(3), analytic=lambda x, **_: clipped(x, -np.inf, 0)),
    example(partial(np.clip, a_min=0.5, a_max=None), quarters(3), analytic=lambda x, **_: clipped(x, 0.5, np.inf)),
    example(partial(np.clip, min=-1), quarters(3), analytic=lambda x, **_: clipped(x, -1, np.inf)),
    example(partial(np.clip, max=1, min=0), quarters(3), analytic=lambda x, **_: clipped(x, 0, 1)),
    example(np.clip, whole(3), 2, 3, derivatives=0),
    example(Clip(lower=False), quarters(3), fixed(0.5), analytic=lambda x, high: clipped(x, -np.inf, high)),
    *divisions(np.remainder, lambda x, y: x - np.floor(np.real(x) / np.real(y)) * y),
    *divisions(np.fmod, lambda x, y: x - np.trunc(np.real(x) / np.real(y)) * y),
    *divisions(
        together(np.divmod),
        lambda x, y: np.stack([(q := np.floor(np.real(x) / np.real(y))) + 0 * x, x - q * y]),
    ),
    steps(np.floor_divide, odd(3, 1), twos(4)),
    steps(np.floor_divide, whole(3), whole(3)),
    steps(np.remainder, whole(3), whole(3)),
    *elementwise(np.fabs, kinkless, lambda x: x * np.sign(x.real)),
    *formula(
        lambda x, y: x * np.sign(np.real(x)) * np.sign(np.real(y)),
        [
            line
            for line in broadcasting(np.copysign, kinkless, kinkless)
            if getattr(line.arguments[0], "dtype", "")[:1] == "f"
        ],
    ),
    steps(np.copysign, whole(3), kinkless(2, 3)),
    steps(np.copysign, 0.5, kinkless(3, dtype="f4")),
    example(np.heaviside, fixed([-1.0, 0.0, 2.0]), real(2, 3), analytic=lambda x, h: np.where(x == 0, h, x > 0)),
    example(np.heaviside, kinkless(3, 1), real(4), analytic=lambda x, h: (np.real(x) > 0) + 0 * h),
    example(np.heaviside, fixed([0.0]), real(dtype="f4"), analytic=lambda x, h: 0 * x + h),
    *elementwise(np.nan_to_num, real, unchanged),
    example(
        partial(np.nan_to_num, nan=1.0, posinf=2.0, neginf=-3.0),
        np.array([0.5, np.nan, np.inf, -np.inf]),
        analytic=lambda x, **_: np.where(np.isfinite(x), x, [0, 1, 2, -3]),
    ),
    example(NanToNum(), np.array([0.5, np.nan]), analytic=lambda x: np.where(np.isfinite(x), x, 0)),
    example(np.unwrap, np.array(TURNS), analytic=turned),
    example(np.unwrap, np.array(TURNS[:4], "f4"), analytic=turned),
    example(partial(np.unwrap, axis=0), np.array([TURNS, TURNS]).T, analytic=partial(turned, axis=0)),
    example(
        partial(np.unwrap, period=3.0, discont=1.6), np.array(TURNS), analytic=partial(turned, period=3.0, discont=1.6)
    ),
    example(Unwrap(), np.array([TURNS]), analytic=turned),
]

NUMBERS = np.array([0.3, -0.7, 1.4, -3.0, 17.3])

PARTS = [
    example(together(np.modf), NUMBERS, analytic=lambda x: np.stack([x - np.trunc(x.real), np.trunc(x.real) + 0 * x])),
    example(together(np.modf), np.array(0.3, "f4"), analytic=lambda x: np.stack([x, 0 * x])),
    example(Fraction(), NUMBERS, analytic=lambda x: x - np.trunc(x.real)),
    example(
        together(np.frexp),
        NUMBERS,
        analytic=lambda x: np.stack([x / 2.0 ** np.frexp(x.real)[1], np.frexp(x.real)[1] + 0 * x]),
    ),
    example(Mantissa(), NUMBERS, analytic=lambda x: x / 2.0 ** np.frexp(x.real)[1]),
    example(Mantissa(), NUMBERS[:3].astype("f4"), analytic=lambda x: x / 2.0 ** np.frexp(x.real)[1]),
    example(np.ldexp, real(3, 4), whole(4), analytic=lambda x, e: x * 2.0**e),
    example(np.ldexp, real(3, dtype="f4"), 3, analytic=lambda x, e: x * 2.0**e),
    example(np.ldexp, real(), whole(2, 3), analytic=lambda x, e: x * 2.0**e),
    example(np.ldexp, 0.5, whole(3), derivatives=0),
    *(example(f, real(2, 3), analytic=unchanged) for f in (np.positive, np.conjugate, np.real, np.real_if_close)),
    steps(np.imag, real(2, 3)),
    steps(np.angle, real(2, 3)),
    steps(partial(np.angle, deg=True), real(3, dtype="f4")),
]

ROUNDING = [
    *(steps(f, quarters(3, 4)) for f in (np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around)),
    *(steps(f, quarters(dtype="f4")) for f in (np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.spacing)),
    *(steps(partial(f, decimals=1), real(2, 3)) for f in (np.round, np.around)),
    *(steps(f, real(0, 3)) for f in (np.floor, np.isnan, np.round)),
    *(steps(f, np.array([1.0, np.nan, np.inf, -np.inf, -0.0])) for f in (np.isnan, np.isinf, np.isfinite, np.signbit)),
    *(steps(f, np.array([1.0, np.nan, np.inf, -np.inf])) for f in (np.isposinf, np.isneginf, np.isreal, np.iscomplex)),
    steps(np.isclose, real(3, 1), real(4)),
    steps(partial(np.isclose, rtol=0.5, atol=0.5, equal_nan=True), np.array([1.0, np.nan]), fixed([2.0, np.nan])),
    steps(np.logical_xor, mask(3, 1), mask(4)),
    *(steps(f, whole(3, 1), whole(4)) for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.gcd, np.lcm)),
    *(steps(f, whole(3, 1), 2) for f in (np.left_shift, np.right_shift)),
    *(steps(f, mask(3), mask(3)) for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor)),
    *(steps(f, whole(3)) for f in (np.invert, np.bitwise_count)),
    steps(np.invert, mask(3)),
    steps(np.spacing, real(3)),
    steps(np.nextafter, real(3, 1), real(4)),
]

SPECIAL = [
    *special("erf", real, exactly(mp.erf)),
    *special("erfc", real, exactly(mp.erfc)),
    *special("erfcx", real, exactly(lambda z: mp.exp(z * z) * mp.erfc(z))),
    *special("erfinv", inside, inverse(mp.erf, gauss, mp.erfinv)),
    *special("erfcinv", unit, inverse(mp.erfc, lambda z: -gauss(z), lambda x: mp.erfinv(1 - x))),
    *special("ndtr", real, exactly(normal)),
    *special("ndtri", unit, inverse(normal, bell, lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1))),
    *special("log_ndtr", real, exactly(lambda z: mp.log(normal(z)))),
    *elementwise(Gaussian(), real, lambda x: np.exp(-x * x)),
    *elementwise(MillsExcess(), real, exactly(excess)),
    example(MillsExcess(2), real(3), analytic=exactly(lambda z: 0.5 / excess(z) - z)),
    example(MillsExcess(), np.array([1.9, 2.1, 9.0]), analytic=exactly(excess)),
    *elementwise(InverseMills(), real, exactly(lambda z: bell(z) / normal(z))),
    *special("expit", real, logistic),
    *special("log_expit", real, log_sigmoid),
    *special("logit", unit, lambda x: np.log(x / (1 - x))),
    *formula(lambda x, y: x * np.log(y), broadcasting(of_scipy("xlogy"), real, positive)),
    *formula(lambda x, y: x * np.log(1 + y), broadcasting(of_scipy("xlog1py"), real, positive)),
    *special("entr", positive, lambda x: -x * np.log(x)),
    *formula(lambda x, y: x * np.log(x / y), broadcasting(of_scipy("rel_entr"), positive, positive)),
    *formula(lambda x, y: x * np.log(x / y) - x + y, broadcasting(of_scipy("kl_div"), positive, positive)),
    *special("exprel", kinkless, exactly(lambda z: mp.expm1(z) / z)),
    *elementwise(ExprelDerivative(1), kinkless, exactly(lambda z: (mp.exp(z) * (z - 1) + 1) / z**2)),
    *(example(of_scipy(name), positive(3)) for name in ("exp2", "expm1", "log1p")),
    example(of_scipy("cbrt"), positive(3), analytic=lambda x: x ** (1 / 3)),
]

GAMMA = [
    *special("gamma", positive, exactly(mp.gamma)),
    *special("gammaln", positive, exactly(mp.loggamma)),
    *special("loggamma", positive, exactly(mp.loggamma)),
    *special("psi", positive, exactly(mp.digamma)),
    *elementwise(Polygamma(1), positive, exactly(partial(mp.polygamma, 1))),
    example(of_scipy("polygamma"), 2, positive(3), analytic=exactly(lambda n, z: mp.polygamma(2, z))),
    *formula(exactly(mp.beta), broadcasting(of_scipy("beta"), positive, positive)),
    *formula(exactly(lambda x, y: mp.log(mp.beta(x, y))), broadcasting(of_scipy("betaln"), positive, positive)),
    *of_order("gammainc", fixed(positive(3)), lambda a, z: mp.gammainc(a, 0, z, regularized=True)),
    *of_order("gammaincc", fixed(positive(3)), lambda a, z: mp.gammainc(a, z, regularized=True)),
    *special("exp1", positive, exactly(mp.e1)),
    *special("expi", positive, exactly(lambda z: mp.ei(z.real) + (z - z.real) * mp.exp(z.real) / z.real)),
    *of_order("expn", fixed(np.array([1, 2, 3])), mp.expint),
    example(of_scipy("expn"), fixed(np.array([-1, 0, 2, -2])), positive(4), analytic=exactly(mp.expint)),
]

BESSEL = [
    *elementwise(np.i0, real, exactly(partial(mp.besseli, 0))),
    *special("j0", real, exactly(partial(mp.besselj, 0))),
    *special("j1", real, exactly(partial(mp.besselj, 1))),
    *special("y0", positive, exactly(partial(mp.bessely, 0))),
    *special("y1", positive, exactly(partial(mp.bessely, 1))),
    *special("i0", kinkless, exactly(partial(mp.besseli, 0))),
    *special("i1", real, exactly(partial(mp.besseli, 1))),
    *special("i0e", kinkless, exactly(lambda z: mp.exp(-mp.sign(z.real) * z) * mp.besseli(0, z))),
    *special("i1e", kinkless, exactly(lambda z: mp.exp(-mp.sign(z.real) * z) * mp.besseli(1, z))),
    *special("k0", positive, exactly(partial(mp.besselk, 0))),
    *special("k1", positive, exactly(partial(mp.besselk, 1))),
    *of_order("jv", fixed(positive(3)), mp.besselj),
    *of_order("yv", fixed(positive(3)), mp.bessely),
    *of_order("yn", whole(3), mp.bessely),
    *of_order("iv", fixed(positive(3)), mp.besseli),
    *of_order("ive", fixed(positive(3)), lambda v, z: mp.exp(-z) * mp.besseli(v, z)),
    *of_order("kv", fixed(positive(3)), mp.besselk),
    *of_order("kn", whole(3), mp.besselk),
]

EXAMPLES = [*ELEMENTARY, *PLANAR, *KINKED, *PARTS, *ROUNDING, *SPECIAL, *GAMMA, *BESSEL]
