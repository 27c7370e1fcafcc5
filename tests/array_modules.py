"""One program, four kinds of arrays: what `np`, `mg` and `special` are in a program that is handed its modules.

NODES      NumPy, minigrad and scipy.special as they are; the arguments are nodes
PLAIN      the same formulas on plain arrays, without minigrad
COMPLEX    the same, continued to complex arguments, so that a complex step may differentiate them
jax_modules()  jax.numpy and its companions, in double precision; jax is a development dependency

NumPy's own functions are taken wherever they are analytic. Those that conjugate, take absolute values or refuse
complex numbers are written out in COMPLEX, for arguments near the real axis.
"""

from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import scipy.special
from witnesses import log_of_sum_of_exp, log_softmax, logistic, softmax, softplus

import minigrad as mg


class Modules(NamedTuple):
    """What a program computes with."""

    np: Any
    mg: Any
    special: Any


class Overlay:
    """A module with some functions replaced."""

    def __init__(self, module: Any, **replaced: Any) -> None:
        self._module = module
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


# --- NumPy's functions, as analytic functions -------------------------------------------------------------------------


def _absolute(x: Any) -> Any:
    return x * np.sign(np.real(x))


def _var(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    centred = x - np.mean(x, axis=axis, keepdims=True)
    count = np.size(x) / np.size(np.sum(x, axis=axis))
    return np.sum(centred**2, axis=axis, keepdims=keepdims) / (count - ddof)


def _std(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    return np.sqrt(_var(x, axis, ddof, keepdims))


def _norm(x: Any, ord: int | str | None = None, axis: Any = None, keepdims: bool = False) -> Any:  # as NumPy names it
    p = ord if isinstance(ord, int) else 2  # NumPy's default, and "fro", are the 2-norm of the entries
    return np.sum(_absolute(x) ** p, axis=axis, keepdims=keepdims) ** (1 / p)


def _cov(x: Any) -> Any:
    centred = x - np.mean(x, axis=1, keepdims=True)
    return centred @ centred.T / (x.shape[1] - 1)


def _corrcoef(x: Any) -> Any:
    c = _cov(x)
    return c / np.sqrt(np.outer(np.diag(c), np.diag(c)))


def _cholesky(a: Any) -> Any:
    """Column after column; each is what the columns before it leave over."""
    columns: list[Any] = []
    for j in range(len(a)):
        rest = a[:, j] - sum((c * c[j] for c in columns), np.zeros(len(a)))
        columns.append(np.where(np.arange(len(a)) < j, 0, rest / np.sqrt(rest[j])))
    return np.stack(columns, axis=1)


def _pinv(a: Any) -> Any:
    return np.linalg.solve(a.T @ a, a.T)  # of full column rank


def _expm(a: Any) -> Any:
    """Taylor's series of a matrix halved eight times, squared as often."""
    term = power = np.eye(len(a))
    for k in range(1, 14):
        power = power @ a / (256 * k)
        term = term + power
    return np.linalg.matrix_power(term, 256)


LINALG = Overlay(
    np.linalg,
    norm=_norm,
    cholesky=_cholesky,
    slogdet=lambda a: (1.0, np.log(np.linalg.det(a))),  # of positive determinant
    pinv=_pinv,
    lstsq=lambda a, b: (_pinv(a) @ b,),
    vecdot=lambda x, y: np.sum(x * y, axis=-1),
)

ANALYTIC = Overlay(
    np,
    linalg=LINALG,
    abs=_absolute,
    absolute=_absolute,
    fabs=_absolute,
    arctan2=lambda y, x: np.arctan(y / x),  # x > 0
    cbrt=lambda x: x ** (1 / 3),  # x > 0
    hypot=lambda x, y: np.sqrt(x * x + y * y),
    logaddexp=lambda x, y: np.log(np.exp(x) + np.exp(y)),
    logaddexp2=lambda x, y: np.log2(np.exp2(x) + np.exp2(y)),
    degrees=lambda x: x * (180 / np.pi),
    radians=lambda x: x * (np.pi / 180),
    var=_var,
    std=_std,
    cov=_cov,
    corrcoef=_corrcoef,
    vdot=lambda x, y: np.sum(x * y),
    vecdot=lambda x, y: np.sum(x * y, axis=-1),
    vecmat=lambda x, a: np.einsum("...i,...ij->...j", x, a),
    correlate=lambda x, y, mode: np.convolve(x, y[::-1], mode),
)

SPECIAL = Overlay(
    scipy.special,
    expit=logistic,
    logit=lambda x: np.log(x / (1 - x)),
    gammaln=scipy.special.loggamma,
    entr=lambda x: -x * np.log(x),
    rel_entr=lambda x, y: x * np.log(x / y),
    betaln=lambda x, y: scipy.special.loggamma(x) + scipy.special.loggamma(y) - scipy.special.loggamma(x + y),
)

FORMULAS = SimpleNamespace(
    sigmoid=logistic,
    softplus=softplus,
    softmax=softmax,
    log_softmax=log_softmax,
    logsumexp=log_of_sum_of_exp,
    expm=_expm,
)

NODES = Modules(np, mg, scipy.special)
PLAIN = Modules(np, FORMULAS, scipy.special)
COMPLEX = Modules(ANALYTIC, FORMULAS, SPECIAL)


@cache
def jax_modules() -> tuple[Any, Modules]:
    """jax itself, set to double precision, and its modules for a program."""
    import jax

    jax.config.update("jax_enable_x64", True)
    formulas = SimpleNamespace(
        sigmoid=jax.nn.sigmoid,
        softplus=jax.nn.softplus,
        softmax=jax.nn.softmax,
        log_softmax=jax.nn.log_softmax,
        logsumexp=jax.scipy.special.logsumexp,
        expm=jax.scipy.linalg.expm,
    )
    special = Overlay(jax.scipy.special, psi=jax.scipy.special.digamma)
    return jax, Modules(jax.numpy, formulas, special)
