"""The rows of docs/conventions.md: the derivative where there is none, or where more than one could be given.

A row is an expression at a point, and its derivatives there; of an expression with several entries, those of their sum.
conventions.py writes the page from the rows, and tests/test_conventions.py holds minigrad to each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan, pi
from typing import Any


@dataclass(frozen=True)
class Row:
    """An expression in np, special (scipy.special), mg and its arguments; what is differentiated by stands in `at`."""

    code: str
    at: dict[str, Any]
    gives: tuple[Any, ...]  # the derivative by each argument
    because: str
    torch: str = ""  # the same in torch's words; empty: torch has no such function
    fixed: dict[str, Any] = field(default_factory=dict)  # arguments by which is not differentiated
    others: dict[str, str] = field(default_factory=dict)  # the same in the words of other libraries

    @property
    def name(self) -> str:
        """The expression and the point, as the page and the tests write them."""
        return f"{self.code} at {', '.join(f'{k} = {v}' for k, v in (self.at | self.fixed).items())}"


def at(**point: Any) -> dict[str, Any]:
    return point


LEAST = "subgradient of least length [1]"
EVENLY = f"ties share evenly: {LEAST}"
BELONGS = "the piece that the value belongs to"
CONSTANT = "constant on both sides"
TRUTH = "the limit, which is infinite"
OUTSIDE = "the function is not defined there"
UNUSED = "nothing comes back from the branch not taken [2]"

I2 = [[1.0, 0.0], [0.0, 1.0]]
ZEROS = [[0.0, 0.0], [0.0, 0.0]]
LINE = [[1.0, 2.0], [2.0, 4.0]]  # of rank one
W3 = [1.0, 2.0, 3.0]

TIES = [
    Row("np.max(x)", at(x=[1.0, 1.0, 0.0]), ([0.5, 0.5, 0],), EVENLY, "torch.amax(x, 0)"),
    Row("np.min(x)", at(x=[1.0, 1.0, 2.0]), ([0.5, 0.5, 0],), EVENLY, "torch.amin(x, 0)"),
    Row("np.max(x)", at(x=[nan, 1.0]), ([0, 0],), "NaN is no largest entry", "torch.amax(x, 0)"),
    Row("np.maximum(x, y)", at(x=1.0, y=1.0), (0.5, 0.5), EVENLY, "torch.maximum(x, y)"),
    Row("np.maximum(x, y)", at(x=nan, y=1.0), (0, 0), "the value NaN is neither of them", "torch.maximum(x, y)"),
    Row("np.fmax(x, y)", at(x=nan, y=1.0), (0, 1), "NaN is left out", "torch.fmax(x, y)"),
    Row("np.minimum(x, y)", at(x=1.0, y=1.0), (0.5, 0.5), EVENLY, "torch.minimum(x, y)"),
    Row("np.fmax(x, y)", at(x=1.0, y=1.0), (0.5, 0.5), EVENLY, "torch.fmax(x, y)"),
    Row("np.fmin(x, y)", at(x=1.0, y=1.0), (0.5, 0.5), EVENLY, "torch.fmin(x, y)"),
    Row("np.maximum(x, 0)", at(x=0.0), (0.5,), "a tie of x and 0", "torch.maximum(x, 0 * x.detach())"),
    Row("np.ptp(x)", at(x=[1.0, 1.0]), ([0, 0],), "the largest less the smallest", "x.amax(0) - x.amin(0)"),
    Row(
        "np.linalg.norm(x, np.inf)",
        at(x=[1.0, -1.0]),
        ([0.5, -0.5],),
        EVENLY,
        "torch.linalg.norm(x, float('inf'))",
    ),
    Row(
        "np.sort(x) * w",
        at(x=[1.0, 1.0, 0.0]),
        ([2, 3, 1],),
        "equal entries keep the places that argsort gives them",
        "torch.sort(x).values * w",
        fixed=at(w=W3),
    ),
    Row("np.median(x)", at(x=[1.0, 0.0, 1.0]), ([1, 0, 0],), "the first of equal entries", "torch.median(x)"),
    Row("np.quantile(x, 0.75)", at(x=[1.0, 0.0, 1.0]), ([0.5, 0, 0.5],), "as they are ordered", "x.quantile(0.75)"),
    Row("np.unique(x) * w", at(x=[2.0, 1.0, 2.0]), ([3, 1, 0],), "the first of equal entries", fixed=at(w=[1.0, 3.0])),
]

KINKS = [
    Row("np.abs(x)", at(x=0.0), (0,), LEAST, "torch.abs(x)", others={"mygrad": "np.absolute(x)"}),
    Row("np.fabs(x)", at(x=0.0), (0,), "as |x|"),
    Row(
        "mg.relu(x)",
        at(x=0.0),
        (0,),
        LEAST,
        "torch.relu(x)",
        others={"jax": "jax.nn.relu(x)", "mygrad": "mygrad.nnet.relu(x)"},
    ),
    Row("np.clip(x, 0, 1)", at(x=[0.0, 1.0]), ([1, 1],), "on the edge is inside", "torch.clamp(x, 0, 1)"),
    Row(
        "np.clip(0.0, low, 1)",
        at(low=0.0),
        (0,),
        "on the edge, all of it goes to what is clipped",
        "torch.clamp(torch.zeros((), dtype=torch.float64), low, torch.ones((), dtype=torch.float64))",
    ),
    Row("np.linalg.norm(x)", at(x=[0.0, 0.0]), ([0, 0],), LEAST, "torch.linalg.norm(x)"),
    Row("np.linalg.norm(x, 1)", at(x=[0.0, 2.0]), ([0, 1],), LEAST, "torch.linalg.norm(x, 1)"),
    Row("np.linalg.norm(x, 3)", at(x=[0.0, 0.0]), ([0, 0],), LEAST, "torch.linalg.norm(x, 3)"),
    Row("np.std(x)", at(x=[2.0, 2.0]), ([0, 0],), f"a norm of deviations: {LEAST}", "torch.std(x, correction=0)"),
    Row("np.hypot(x, y)", at(x=0.0, y=0.0), (0, 0), LEAST, "torch.hypot(x, y)"),
    Row("np.copysign(x, y)", at(x=0.0, y=1.0), (0, 0), "as |x|; the sign is a mask", "torch.copysign(x, y)"),
    Row("special.i0e(x)", at(x=0.0), (0,), "the kink of |x|", "torch.special.i0e(x)"),
    Row(
        "np.interp(x, p, v)",
        at(x=1.0),
        (2,),
        "the line to the right of a point",
        fixed=at(p=[0.0, 1.0, 2.0], v=[0.0, 1.0, 3.0]),
    ),
    Row(
        "np.quantile(v, q)",
        at(q=0.5),
        (4,),
        "the line to the right of an entry",
        "v.quantile(q)",
        at(v=[0.0, 1.0, 3.0]),
    ),
]

JUMPS = [
    Row("np.sign(x)", at(x=0.0), (0,), CONSTANT, "torch.sign(x)"),
    Row("np.floor(x)", at(x=1.0), (0,), CONSTANT, "torch.floor(x)"),
    Row("np.round(x)", at(x=0.5), (0,), CONSTANT, "torch.round(x)"),
    Row("np.heaviside(x, y)", at(x=0.0, y=0.5), (0, 1), f"{CONSTANT}; y is the value at 0", "torch.heaviside(x, y)"),
    Row("np.remainder(x, y)", at(x=4.0, y=2.0), (1, -2), BELONGS, "torch.remainder(x, y)"),
    Row("np.fmod(x, y)", at(x=-4.0, y=2.0), (1, 2), BELONGS, "torch.fmod(x, y)"),
    Row("np.modf(x)[0]", at(x=1.0), (1,), BELONGS, "torch.frac(x)"),
    Row("np.frexp(x)[0]", at(x=2.0), (0.25,), BELONGS, "torch.frexp(x)[0]"),
    Row("np.unwrap(x)", at(x=[0.0, pi]), ([1, 1],), "the turns are constant"),
    Row("np.nan_to_num(x)", at(x=[nan, inf, 1.0]), ([0, 0, 1],), "0 where a number was put in", "torch.nan_to_num(x)"),
    Row("np.nansum(x)", at(x=[nan, 1.0]), ([0, 1],), "what is left out has no influence", "torch.nansum(x)"),
    Row(
        "np.arctan2(y, x)", at(y=0.0, x=-1.0), (-1, 0), "the angle jumps, its derivatives do not", "torch.arctan2(y, x)"
    ),
    Row("np.linalg.slogdet(A)[0]", at(A=I2), (ZEROS,), CONSTANT, "torch.linalg.slogdet(A)[0]"),
]

EDGES = [
    Row("np.sqrt(x)", at(x=0.0), (inf,), TRUTH, "torch.sqrt(x)"),
    Row("np.cbrt(x)", at(x=0.0), (inf,), TRUTH),
    Row("np.log(x)", at(x=0.0), (inf,), TRUTH, "torch.log(x)"),
    Row("np.arcsin(x)", at(x=1.0), (inf,), TRUTH, "torch.arcsin(x)"),
    Row("special.entr(x)", at(x=0.0), (inf,), TRUTH, "torch.special.entr(x)"),
    Row("x ** 0", at(x=0.0), (0,), "x⁰ = 1 everywhere", "x ** 0"),
    Row("x ** 1", at(x=0.0), (1,), "x¹ = x", "x ** 1"),
    Row("x ** y", at(x=0.0, y=2.0), (0, 0), "0ʸ = 0 for y > 0", "x ** y"),
    Row("x ** y", at(x=0.0, y=0.0), (0, 0), "x⁰ = 1; by y it falls from 1 to 0, with no slope there", "x ** y"),
    Row("x ** y", at(x=-1.0, y=2.0), (-2, nan), "xʸ is real for whole y only", "x ** y"),
    Row("np.sinc(x)", at(x=0.0), (0,), "the limit", "torch.sinc(x)"),
    Row("special.xlogy(x, y)", at(x=0.0, y=0.0), (0, 0), "0 log 0 = 0 and 0/0 = 0", "torch.special.xlogy(x, y)"),
    Row("special.rel_entr(x, y)", at(x=0.0, y=0.0), (0, 0), "as xlogy"),
    Row("np.arctan2(y, x)", at(y=0.0, x=0.0), (0, 0), "no direction is preferred", "torch.arctan2(y, x)"),
    Row("np.logaddexp(x, y)", at(x=-inf, y=-inf), (0.5, 0.5), "as where they are equal", "torch.logaddexp(x, y)"),
    Row(
        "mg.logsumexp(x)",
        at(x=[-inf, -inf]),
        ([0, 0],),
        "the value stays −∞",
        "torch.logsumexp(x, 0)",
        others={
            "jax": "jax.scipy.special.logsumexp(x)",
            "autograd": "special.logsumexp(x)",
            "mygrad": "np.logsumexp(x)",
        },
    ),
    Row("np.where(x < 1, x, np.sqrt(x))", at(x=0.0), (1,), UNUSED, "torch.where(x < 1, x, torch.sqrt(x))"),
    Row("np.where(x > 0, np.log(x), 0.0)", at(x=0.0), (0,), UNUSED, "torch.where(x > 0, torch.log(x), 0.0)"),
    Row("np.prod(x)", at(x=[0.0, 2.0, 3.0]), ([6, 0, 0],), "without division", "torch.prod(x)"),
    Row("np.prod(x)", at(x=[0.0, 0.0, 3.0]), ([0, 0, 0],), "without division", "torch.prod(x)"),
    Row("np.cumprod(x)", at(x=[2.0, 0.0, 3.0]), ([1, 8, 0],), "without division", "torch.cumprod(x, 0)"),
]

MATRICES = [
    Row(
        "np.linalg.det(A)",
        at(A=LINE),
        ([[4, -2], [-2, 1]],),
        "the cofactors, also at singular matrices",
        "torch.linalg.det(A)",
    ),
    Row("np.linalg.det(A)", at(A=ZEROS), (ZEROS,), "the cofactors, also at singular matrices", "torch.linalg.det(A)"),
    Row(
        "np.linalg.cholesky(A)",
        at(A=I2),
        ([[0.5, 0], [1, 0.5]],),
        "NumPy reads the lower triangle only",
        "torch.linalg.cholesky(A)",
    ),
    Row(
        "np.linalg.eigvalsh(A)",
        at(A=I2),
        (I2,),
        "equal eigenvalues: what treats them alike is right",
        "torch.linalg.eigvalsh(A)",
        others={"autograd": "np.linalg.eigh(A)[0]"},
    ),
    Row(
        "np.linalg.eigh(A)[1] * w",
        at(A=I2),
        (ZEROS,),
        "equal eigenvalues: vectors move only towards other spaces",
        "torch.linalg.eigh(A)[1] * w",
        fixed=at(w=[[1.0, 2.0], [3.0, 4.0]]),
    ),
    Row(
        "np.linalg.svd(A, compute_uv=False)",
        at(A=ZEROS),
        (ZEROS,),
        "the singular value 0, as |x| at 0",
        "torch.linalg.svdvals(A)",
    ),
    Row(
        "np.linalg.norm(A, 2)",
        at(A=I2),
        ([[0.5, 0], [0, 0.5]],),
        "equal singular values share evenly",
        "torch.linalg.norm(A, 2)",
    ),
    Row(
        "np.linalg.norm(A, 'nuc')",
        at(A=LINE),
        ([[0.2, 0.4], [0.4, 0.8]],),
        f"the singular value 0 adds nothing: {LEAST}",
        "torch.linalg.norm(A, 'nuc')",
    ),
    Row(
        "np.linalg.pinv(A)",
        at(A=LINE),
        ([[0.0048, -0.0144], [-0.0144, -0.0768]],),
        "the derivative at constant rank",
        "torch.linalg.pinv(A)",
    ),
]

GROUPS = {
    "Ties": TIES,
    "Kinks": KINKS,
    "Jumps": JUMPS,
    "Edges of a domain, zeros and infinities": EDGES,
    "Matrices": MATRICES,
}
ROWS = [row for rows in GROUPS.values() for row in rows]
