"""Scalar functions against mpmath with 50 digits: value, first and second derivative, counted in ULPs.

A row names a function, the same function in mpmath, the points, and how many ULPs the value and the derivatives may be
off. The value is NumPy's or SciPy's own; a derivative cannot be better than the functions it is computed from, as those
of the Bessel functions show, and e^(−x²) not better than the rounding of x². All else is to be right to a few ULPs,
also where the derivative is ill-conditioned. A row may have its bound per unit of condition: 1 + |x g′(x)/g(x)| for a
derivative g.

The witness differentiates mpmath's function by central differences, with a step and a precision that leave 50 digits.
`python tests/test_scalar_functions.py` prints the table of what was found.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import scipy.special as sp

import minigrad as mg
from minigrad.ops.special_gamma import polygamma

# --- points, by domain ------------------------------------------------------------------------------------------------


def both(*points: float) -> list[float]:
    """Each point with its negative."""
    return [sign * point for point in points for sign in (-1.0, 1.0)]


LEAST, MOST = 5e-324, 1.7976931348623157e308
TINY = (LEAST, 1e-310, 1e-300, 1e-160, 1e-20, 1e-8, 1e-4)
ORDINARY = (0.1, 0.3, 0.7, 1.0, 1.5, 2.5, 4.0, 7.3)
LARGE = (20.0, 1e3, 1e8, 1e16)
HUGE = (1e160, 1e300, MOST)
NEAR_1 = (0.9, 0.99, 1 - 1e-8, 1 - 2.0**-53)

LINE = [0.0, *both(*TINY, *ORDINARY, *LARGE)]  # every number that is not huge
WHOLE_LINE = [*LINE, *both(*HUGE)]
HALF_LINE = [*TINY, *ORDINARY, *LARGE, *HUGE]  # positive numbers
STRIP = [0.0, *both(*TINY, *ORDINARY, 20.0, 300.0, 700.0)]  # where exp does not overflow
INSIDE = [0.0, *both(*TINY, 0.1, 0.3, 0.5, 0.7, *NEAR_1)]  # −1 < x < 1
UNIT = [*TINY, 0.1, 0.3, 0.5, 0.7, *NEAR_1]  # 0 < x < 1
BEYOND_1 = [1 + 2.0**-52, 1 + 1e-8, 1.1, 1.5, 2.5, 20.0, 1e8, 1e160, 1e300]  # x > 1
ABOVE_MINUS_1 = [0.0, *both(*TINY, 0.3, 0.7, *NEAR_1), 1.0, 2.5, *LARGE, *HUGE]  # x > −1
BELL = [0.0, *both(*TINY, *ORDINARY, 20.0)]  # where e^(−x²) is of interest
POLES = [*TINY[3:], *ORDINARY, 1.4616321449683622, 20.0, 100.0, 171.0, -0.5, -1.5, -2.7, -20.3]  # of Γ, between them
KINK_FREE = [*both(*TINY, *ORDINARY, *LARGE, *HUGE)]
MEDIUM = [0.1, 0.7, 2.5, 7.3, 20.0]
POSITIVE = [1e-8, 0.1, 0.7, 1.5, 2.5, 7.3, 20.0, 300.0]
EVEN = [0.0, *both(1e-20, *POSITIVE)]


# --- the functions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A function of one number, its witness, where they are compared, and how far apart they may be."""

    name: str
    function: Callable[[Any], Any]
    witness: Callable[[Any], Any]
    points: Sequence[float]
    value: float = 4  # the ULPs that it may be off
    slopes: float = 8  # the same for both derivatives
    conditioned: bool = False  # where the derivatives have zeros: so many ULPs per unit of condition
    floor: float = 0  # where a derivative is smaller than this, ULPs of this are counted

    def __str__(self) -> str:
        return self.name

    @property
    def single(self) -> bool:
        """Whether it is NumPy's or minigrad's own, and so computed in single precision where its argument is."""
        return not self.name.startswith("float_power") and not hasattr(sp, self.name.partition("(")[0])


def logistic(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def log_sum(x: Any, y: Any) -> Any:
    return mp.log(mp.exp(x) + mp.exp(y))


def log_sum_2(x: Any, y: Any) -> Any:
    return mp.log(mp.power(2, x) + mp.power(2, y), 2)


def sinc(x: Any) -> Any:
    return mp.sinc(mp.pi * x)


def normal(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_normal(x: Any) -> Any:
    return mp.log1p(-normal(-x)) if x > 0 else mp.log(normal(x))


ROWS = [
    # arithmetic
    Row("−x", np.negative, lambda x: -x, WHOLE_LINE),
    Row("x²", np.square, lambda x: x * x, WHOLE_LINE),
    Row("x * x", lambda x: x * x, lambda x: x * x, WHOLE_LINE),
    Row("1/x", np.reciprocal, lambda x: 1 / x, KINK_FREE),
    Row("3 / x", lambda x: 3 / x, lambda x: 3 / x, KINK_FREE),
    Row("x / 3", lambda x: x / 3, lambda x: x / 3, WHOLE_LINE),
    Row("x ** 3", lambda x: x**3, lambda x: x**3, LINE),
    Row("x ** 0.5", lambda x: x**0.5, mp.sqrt, HALF_LINE),
    Row("x ** -2", lambda x: x**-2, lambda x: x**-2, KINK_FREE),
    Row("2.5 ** x", lambda x: 2.5**x, lambda x: mp.mpf(2.5) ** x, STRIP),
    Row("float_power(x, 3)", lambda x: np.float_power(x, 3), lambda x: x**3, LINE),
    Row("sqrt", np.sqrt, mp.sqrt, HALF_LINE),
    Row("cbrt", np.cbrt, lambda x: mp.sign(x) * mp.cbrt(abs(x)), KINK_FREE),
    Row("absolute", np.absolute, abs, KINK_FREE),
    Row("fabs", np.fabs, abs, KINK_FREE),
    Row("relu", mg.relu, lambda x: max(x, 0), KINK_FREE),
    Row("deg2rad", np.deg2rad, mp.radians, WHOLE_LINE),
    Row("rad2deg", np.rad2deg, mp.degrees, LINE),
    # trigonometric and hyperbolic
    Row("sin", np.sin, mp.sin, WHOLE_LINE),
    Row("cos", np.cos, mp.cos, WHOLE_LINE),
    Row("tan", np.tan, mp.tan, WHOLE_LINE),
    Row("arcsin", np.arcsin, mp.asin, INSIDE),
    Row("arccos", np.arccos, mp.acos, INSIDE),
    Row("arctan", np.arctan, mp.atan, WHOLE_LINE),
    Row("sinh", np.sinh, mp.sinh, STRIP),
    Row("cosh", np.cosh, mp.cosh, STRIP),
    Row("tanh", np.tanh, mp.tanh, [x for x in WHOLE_LINE if abs(x) < 2], slopes=20),
    Row("tanh far out", np.tanh, mp.tanh, both(2.5, 4.0, 7.3, *LARGE, *HUGE), floor=0.5),
    Row("arcsinh", np.arcsinh, mp.asinh, WHOLE_LINE),
    Row("arccosh", np.arccosh, mp.acosh, BEYOND_1),
    Row("arctanh", np.arctanh, mp.atanh, INSIDE),
    Row(
        "sinc",
        np.sinc,
        sinc,
        [0.0, *both(*TINY, 0.1, 0.3, 0.7, 0.93, 0.97, 1.2, 1.7, 2.5, 7.3, 20.3, 100.2)],
        value=500,
    ),
    # exponentials and logarithms
    Row("exp", np.exp, mp.exp, STRIP),
    Row("exp2", np.exp2, lambda x: mp.power(2, x), STRIP),
    Row("expm1", np.expm1, mp.expm1, STRIP),
    Row("log", np.log, mp.log, HALF_LINE),
    Row("log2", np.log2, lambda x: mp.log(x, 2), HALF_LINE),
    Row("log10", np.log10, mp.log10, HALF_LINE),
    Row("log1p", np.log1p, mp.log1p, ABOVE_MINUS_1),
    Row("sigmoid", mg.sigmoid, logistic, [x for x in STRIP if not 0 < abs(x) < 0.1], slopes=20),
    Row("sigmoid near 0", mg.sigmoid, logistic, both(*TINY), floor=0.1),
    Row("softplus", mg.softplus, lambda x: mp.log1p(mp.exp(x)), STRIP),
    Row("logaddexp(x, 1)", lambda x: np.logaddexp(x, 1), lambda x: log_sum(x, 1), STRIP, slopes=15),
    Row("logaddexp2(x, 1)", lambda x: np.logaddexp2(x, 1), lambda x: log_sum_2(x, 1), STRIP, slopes=150),
    # of two arguments
    Row("hypot(x, 2)", lambda x: np.hypot(x, 2), lambda x: mp.hypot(x, 2), WHOLE_LINE),
    Row("arctan2(x, 2)", lambda x: np.arctan2(x, 2), lambda x: mp.atan2(x, 2), WHOLE_LINE),
    Row("arctan2(2, x)", lambda x: np.arctan2(2, x), lambda x: mp.atan2(2, x), WHOLE_LINE),
    Row("arctan2(2, −|x|)", lambda x: np.arctan2(2, -abs(x)), lambda x: mp.atan2(2, -abs(x)), KINK_FREE),
    Row("copysign(x, −1)", lambda x: np.copysign(x, -1), lambda x: -abs(x), KINK_FREE),
    Row("ldexp(x, 3)", lambda x: np.ldexp(x, 3), lambda x: 8 * x, LINE),
    # error functions
    Row("erf", sp.erf, mp.erf, BELL, slopes=30),
    Row("erfc", sp.erfc, mp.erfc, BELL, value=30, slopes=30),
    Row("erfcx", sp.erfcx, lambda x: mp.exp(x * x) * mp.erfc(x), [*BELL, 100.0, 1e8], value=40, slopes=100),
    Row("erfinv", sp.erfinv, mp.erfinv, INSIDE, slopes=150),
    Row("erfcinv", sp.erfcinv, lambda x: -mp.erfinv(x - 1), [1e-300, 1e-20, *UNIT[5:], 1.3, 1.9], slopes=150),
    Row("ndtr", sp.ndtr, normal, BELL, value=600, slopes=500),
    Row("ndtri", sp.ndtri, lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1), [1e-300, 1e-20, *UNIT[5:]], slopes=1500),
    Row("log_ndtr", sp.log_ndtr, log_normal, [*BELL, -100.0, -1e4, 30.0, 100.0], value=1000, slopes=2000),
    # sigmoids and entropies
    Row("expit", sp.expit, logistic, [x for x in STRIP if not 0 < abs(x) < 0.1], slopes=20),
    Row("log_expit", sp.log_expit, lambda x: -mp.log1p(mp.exp(-x)), STRIP),
    Row("logit", sp.logit, lambda x: mp.log(x / (1 - x)), UNIT),
    Row("entr", sp.entr, lambda x: -x * mp.log(x), HALF_LINE, slopes=10),
    Row("xlogy(x, 3)", lambda x: sp.xlogy(x, 3), lambda x: x * mp.log(3), LINE),
    Row("xlogy(3, x)", lambda x: sp.xlogy(3, x), lambda x: 3 * mp.log(x), HALF_LINE),
    Row("xlog1py(3, x)", lambda x: sp.xlog1py(3, x), lambda x: 3 * mp.log1p(x), ABOVE_MINUS_1),
    Row("rel_entr(x, 3)", lambda x: sp.rel_entr(x, 3), lambda x: x * mp.log(x / 3), HALF_LINE, slopes=60),
    Row("rel_entr(3, x)", lambda x: sp.rel_entr(3, x), lambda x: 3 * mp.log(3 / x), HALF_LINE),
    Row("kl_div(x, 3)", lambda x: sp.kl_div(x, 3), lambda x: x * mp.log(x / 3) - x + 3, HALF_LINE[3:], value=100),
    Row("kl_div(3, x)", lambda x: sp.kl_div(3, x), lambda x: 3 * mp.log(3 / x) - 3 + x, HALF_LINE[3:], value=100),
    Row("exprel", sp.exprel, lambda x: mp.expm1(x) / x if x else mp.mpf(1), STRIP, slopes=60),
    # gamma
    Row("gamma", sp.gamma, mp.gamma, POLES, value=10, slopes=15),
    Row("gammaln", sp.gammaln, lambda x: mp.log(abs(mp.gamma(x))), POLES, value=30, slopes=15),
    Row("loggamma", sp.loggamma, mp.loggamma, [x for x in POLES if x > 0], value=30),
    Row("psi", sp.psi, mp.digamma, POLES, value=20, slopes=100),
    Row("polygamma(2, x)", lambda x: polygamma(2, x), lambda x: mp.polygamma(2, x), POLES, value=100, slopes=3000),
    Row("beta(x, 3)", lambda x: sp.beta(x, 3.5), lambda x: mp.beta(x, 3.5), POLES[:-4], value=3000, slopes=1000),
    Row(
        "betaln(x, 3)",
        lambda x: sp.betaln(x, 3.5),
        lambda x: mp.log(mp.beta(x, 3.5)),
        POLES[:-4],
        value=100,
        slopes=1000,
    ),
    Row(
        "gammainc(2.5, x)",
        lambda x: sp.gammainc(2.5, x),
        lambda x: mp.gammainc(2.5, 0, x, True),
        ORDINARY,
        value=40,
        conditioned=True,
    ),
    Row(
        "gammaincc(2.5, x)",
        lambda x: sp.gammaincc(2.5, x),
        lambda x: mp.gammainc(2.5, x, regularized=True),
        ORDINARY,
        value=20,
        conditioned=True,
    ),
    Row("exp1", sp.exp1, mp.e1, POSITIVE, value=20),
    Row("expi", sp.expi, mp.ei, POSITIVE, value=20),
    Row("expn(2, x)", lambda x: sp.expn(2, x), lambda x: mp.expint(2, x), POSITIVE, value=20, slopes=15),
    # Bessel
    Row("np.i0", np.i0, lambda x: mp.besseli(0, x), EVEN, value=10),
    Row("i0", sp.i0, lambda x: mp.besseli(0, x), EVEN, value=10),
    Row("i1", sp.i1, lambda x: mp.besseli(1, x), EVEN, value=10),
    Row("j0", sp.j0, lambda x: mp.besselj(0, x), EVEN, value=500, slopes=500),
    Row("j1", sp.j1, lambda x: mp.besselj(1, x), EVEN, value=500, slopes=500),
    Row("jv(2.5, x)", lambda x: sp.jv(2.5, x), lambda x: mp.besselj(2.5, x), POSITIVE, value=300, slopes=500),
    Row("y0", sp.y0, lambda x: mp.bessely(0, x), POSITIVE, value=500, slopes=500),
    Row("y1", sp.y1, lambda x: mp.bessely(1, x), MEDIUM, value=500, slopes=500),
    Row("yn(2, x)", lambda x: sp.yn(2, x), lambda x: mp.bessely(2, x), MEDIUM, value=500, slopes=500),
    Row("yv(2.5, x)", lambda x: sp.yv(2.5, x), lambda x: mp.bessely(2.5, x), POSITIVE, value=20, slopes=100),
    Row("iv(2.5, x)", lambda x: sp.iv(2.5, x), lambda x: mp.besseli(2.5, x), POSITIVE, value=10),
    Row("k0", sp.k0, lambda x: mp.besselk(0, x), MEDIUM, value=10),
    Row("k1", sp.k1, lambda x: mp.besselk(1, x), MEDIUM, value=10),
    Row("kn(2, x)", lambda x: sp.kn(2, x), lambda x: mp.besselk(2, x), MEDIUM, value=10),
    Row("kv(2.5, x)", lambda x: sp.kv(2.5, x), lambda x: mp.besselk(2.5, x), POSITIVE, value=10),
    Row("i0e", sp.i0e, lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), both(*ORDINARY, 20.0), value=10, slopes=5000),
    Row("i1e", sp.i1e, lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), both(*ORDINARY, 20.0), value=10, slopes=5000),
    Row(
        "ive(2, x)",
        lambda x: sp.ive(2, x),
        lambda x: mp.exp(-abs(x)) * mp.besseli(2, x),
        both(*ORDINARY, 20.0),
        value=10,
        slopes=5000,
    ),
]


# --- measuring --------------------------------------------------------------------------------------------------------


def truth(f: Callable[[Any], Any], x: float) -> list[Any]:
    """f and its first three derivatives at x, to 40 digits at least: central differences with a step of 1e-25."""
    digits, h = 120.0, (min(abs(x), 1.0) or 1.0) * mp.mpf(10) ** -25
    for _ in range(5):
        with mp.workdps(int(digits)):
            a, b, c, d, e = (f(mp.mpf(x) + k * h) for k in (-2, -1, 0, 1, 2))
            found = [c, (d - b) / (2 * h), (d - 2 * c + b) / h**2, (e - 2 * d + 2 * b - a) / (2 * h**3)]
            size = max(abs(a), abs(e))
            lost = [mp.log10(size / abs(g * h**n)) if g else n and digits for n, g in enumerate(found[:3])]
        if not size or max(lost) + 40 < digits:
            break
        digits = 1.4 * digits + 80
    # What is left of a derivative that is 0: rounding of the differences, or their h² where f is odd or even.
    noise = [lose + 30 > digits for lose in lost]
    noise[1] |= x == 0 and abs(found[1]) < h * abs(found[3])
    return [mp.mpf(0) if n and noise[n] else g for n, g in enumerate(found[:3])] + found[3:]


def derivatives(f: Callable[[Any], Any], points: np.ndarray) -> list[np.ndarray]:
    """Value, first and second derivative at all points, as minigrad computes them; overflow is what it is, ∞."""
    x = mg.parameter(points)
    ones = np.ones(x.shape, x.dtype)
    with np.errstate(over="ignore"):
        y = f(x)
        first = mg.gradients(y, x, cotangent=ones, create_graph=True)
        second = mg.gradients(first, x, cotangent=ones) if first.differentiable else np.zeros_like(points)
    return [y.value, first.value, second]


def ulps(got: Any, right: Any, floor: float = 0) -> float:
    """How many units in the last place of `right` it is off; where that is out of range, only ∞ is right."""
    if abs(right) >= mp.mpf(2) ** 1024 * (1 - mp.mpf(2) ** -54):
        return 0.0 if np.isinf(got) and np.sign(got) == mp.sign(right) else np.inf
    if not np.isfinite(got):
        return np.inf
    ulp = np.spacing(got.dtype.type(min(max(abs(right), floor), np.finfo(got.dtype).max / 2)))
    return float(abs(mp.mpf(float(got)) - right) / mp.mpf(float(ulp)))


def measured(row: Row, points: Sequence[float], dtype: str = "f8") -> list[tuple[float, list[float], list[float]]]:
    """At every point: the ULPs that the value, the first and the second derivative are off, and their conditions."""
    x = np.array(points, dtype)
    found = derivatives(row.function, x)
    table = []
    for k, at in enumerate(x):
        right = truth(row.witness, float(at))
        pairs = enumerate(zip(found, right[:3], strict=True))
        errors = [ulps(got[k], exact, row.floor * (n > 0)) for n, (got, exact) in pairs]
        conditions = [float(abs(at * b / a)) if a else 0.0 for a, b in itertools.pairwise(right)]
        table.append((float(at), errors, conditions))
    return table


def too_far_off(row: Row, table: list[tuple[float, list[float], list[float]]]) -> list[str]:
    """Where a bound is not kept, in words."""
    wrong = []
    for x, errors, (_, *conditions) in table:
        allowed = [row.value, *[row.slopes * (1 + condition if row.conditioned else 1) for condition in conditions]]
        for order, (error, bound) in enumerate(zip(errors, allowed, strict=True)):
            if not error <= bound:
                wrong.append(f"derivative {order} at {x!r}: {error:.3g} ULPs, {bound:.3g} allowed")
    return wrong


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_value_and_two_derivatives_are_right_to_the_last_digits(row):
    """Near 0, near the ends of a domain, at huge arguments: where a formula that is right in between has none left."""
    assert too_far_off(row, measured(row, row.points)) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.single], ids=str)
def test_single_precision_is_right_to_its_own_last_digits(row):
    """Slopes of float32 are computed in float32, and no constant of another precision slips in."""
    points = [x for x in row.points if 1e-4 <= abs(x) <= 20 and not 0 < abs(abs(x) - 1) < 1e-3]
    assert all(array.dtype == np.float32 for array in derivatives(row.function, np.array(points, "f4")))
    assert too_far_off(row, measured(row, points, "f4")) == []


def report() -> None:
    """Print what was found: the worst point for every row and every derivative."""
    print(f"{'ULPs of':20} {'the value':>36} {'the first derivative':>36} {'the second derivative':>36}")
    for row in ROWS:
        with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
            table = measured(row, row.points)
        worst = [max((errors[order], x) for x, errors, _ in table) for order in range(3)]
        print(f"{row.name:20} " + " ".join(f"{error:9.3g} at {x:<23.17g}" for error, x in worst))


if __name__ == "__main__":
    report()
