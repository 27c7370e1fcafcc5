"""Statistics along axes: var, std, average; and between variables: cov, corrcoef.

Medians and other quantiles stand in quantiles.py; what leaves NaN out, in missing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap, Scale
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, averaged, axes_of, chosen, converted, joined, length, places, refuse, summing
from .base import Op
from .linear import matmul
from .pointwise import divide
from .pointwise import where as where_
from .reductions import mean as mean_of
from .reductions import sum as sum_of
from .steps import counted


@dataclass(frozen=True)
class Var(Op):
    """Σ (x − x̄)² / (n − ddof) along the axes. Local Jacobian: 2/(n − ddof) Σ ∘ diag(x − x̄).

    ShapeError where n is not more than ddof.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 3.0])
    >>> mg.gradients(np.var(x), x)
    array([-1.,  1.])
    """

    axis: Axis = None
    ddof: float = 0
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        _check_enough(x, self.axis, self.ddof)
        return np.var(x, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        degrees = length(x.shape, self.axis) - self.ddof or 1  # 0 only where there is no result
        return Scale(2 / degrees, out.shape) @ summing(x, self.axis, out.shape) @ Diagonal(_centred(x, self.axis))


@dataclass(frozen=True)
class Std(Op):
    """s = √(Σ (x − x̄)² / (n − ddof)) along the axes. Local Jacobian: diag(1/((n − ddof) s)) Σ ∘ diag(x − x̄).

    ShapeError where n is not more than ddof. Convention: the derivative is 0 where s = 0, as for a norm.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([[1.0, 3.0], [2.0, 2.0]])
    >>> mg.gradients(mg.sum(np.std(x, axis=1)), x)
    array([[-0.5,  0.5],
           [ 0. ,  0. ]])
    """

    axis: Axis = None
    ddof: float = 0
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        _check_enough(x, self.axis, self.ddof)
        return np.std(x, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        degrees = length(x.shape, self.axis) - self.ddof
        inverse = np.where(out == 0, 0, 1 / (degrees * np.where(out == 0, 1, out)))
        # Centred twice: among equal entries x − x̄ is the rounding of x̄, and so is s, and their quotient could be 1.
        deviations = _centred(_centred(x, self.axis), self.axis)
        return Diagonal(inverse, out.shape) @ summing(x, self.axis, out.shape) @ Diagonal(deviations)


def _centred(x: Entry, axis: Axis) -> Entry:
    return x - np.mean(x, axis=axis, keepdims=True) if length(x.shape, axis) else x


def _check_enough(x: Entry, axis: Axis, ddof: float) -> None:
    n = length(x.shape, axis)
    if n <= ddof and places(x.shape, axis):
        raise ValueError(f"n − ddof is {n - ddof}, for n = {n} entries in each place; it must be more than 0")


@implements(np.var)
def var(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
    mean: NodeLike | None = None,
    correction: float | None = None,
) -> Node:
    """The variance along the axes; NumPy's meaning. By a given `mean`, which may be a node, it is differentiated too.

    Local Jacobian: 2/(n − ddof) Σ ∘ diag(a − mean). Composed of Sum and arithmetic, with `where` or `mean`.
    ShapeError or DomainError where there are not more than ddof entries.

    >>> import numpy as np, minigrad as mg
    >>> np.var(mg.parameter([1.0, 3.0]), ddof=1)
    <var () float64: 2.>
    """
    refuse("np.var", out=out)
    node, less = averaged(a, dtype, "np.var"), degrees("np.var", ddof, correction)
    if where is True and mean is None:
        return Var(axis, less, bool(keepdims))(node)
    return variance("np.var", node, axis, less, keepdims, where, mean)


@implements(np.std)
def std(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: bool = False,
    *,
    where: NodeLike | bool = True,
    mean: NodeLike | None = None,
    correction: float | None = None,
) -> Node:
    """The standard deviation s along the axes; NumPy's meaning.

    Local Jacobian: diag(1/((n − ddof) s)) Σ ∘ diag(a − mean). Composed of Sum and arithmetic, with `where` or `mean`.
    Convention: the derivative is 0 where s = 0. ShapeError or DomainError where there are not more than ddof entries.

    >>> import numpy as np, minigrad as mg
    >>> np.std(mg.parameter([1.0, 3.0]))
    <std () float64: 1.>
    """
    refuse("np.std", out=out)
    node, less = averaged(a, dtype, "np.std"), degrees("np.std", ddof, correction)
    if where is True and mean is None:
        return Std(axis, less, bool(keepdims))(node)
    return root(variance("np.std", node, axis, less, keepdims, where, mean))


def degrees(written: str, ddof: float, correction: float | None) -> float:
    """The degrees of freedom that are taken off, by either of their names.

    >>> degrees("np.var", 0, 1)
    1
    """
    if correction is None:
        return ddof
    if ddof:
        raise DomainError(f"{written}: ddof={ddof} and correction={correction} are the same thing; give one of them.")
    return correction


def variance(  # noqa: PLR0917  # all of NumPy's keywords
    written: str, a: Node, axis: Axis, ddof: float, keepdims: bool, where: NodeLike | bool, mean: NodeLike | None
) -> Node:
    """The variance of the entries that a mask leaves, about their mean or a given one.

    >>> import minigrad as mg
    >>> variance("np.var", mg.parameter([1.0, 3.0, 9.0]), None, 0, False, [True, True, False], None).value
    array(1.)
    """
    mask = np.ones(a.shape, np.bool_) if where is True else where
    count = counted(written, a, mask, axis, keepdims, ddof)
    if mean is None:
        mean = sum_of(a, axis, keepdims=True, where=mask) / counted(written, a, mask, axis, True)
    deviations = chosen(a - mean, mask, 0, written)
    squares = sum_of(deviations * deviations, axis, keepdims=keepdims)
    return divide(squares, count)


def root(v: Node) -> Node:
    """√v, with derivative 0 where v = 0.

    >>> import minigrad as mg
    >>> v = mg.parameter([0.0, 4.0])
    >>> mg.gradients(mg.sum(root(v)), v)
    array([0.  , 0.25])
    """
    zero = v == 0
    return where_(zero, 0, np.sqrt(where_(zero, 1, v)))


@implements(np.average)
def average(
    a: NodeLike,
    axis: Axis = None,
    weights: NodeLike | None = None,
    returned: bool = False,
    *,
    keepdims: bool = False,
) -> Node | tuple[Node, Node]:
    """Σ w a / Σ w along the axes; NumPy's meaning. The weights may be a node as well. Composed of Sum and arithmetic.

    Weights have the shape of a, or that of the axes. DomainError where they add up to 0.

    >>> import numpy as np, minigrad as mg
    >>> w = mg.parameter([1.0, 3.0])
    >>> mg.gradients(np.average([0.0, 8.0], weights=w), w)
    array([-1.5,  0.5])
    """
    node = converted(a)
    if weights is None:
        mean = mean_of(node, axis, keepdims=keepdims)
        count = np.asarray(length(node.shape, axis), mean.dtype)
        return (mean, _filling(count, mean)) if returned else mean
    w = _spread_weights(converted(weights), node, axis)
    dtype = np.result_type(node.dtype, w.dtype, *([] if node.dtype.kind == "f" else [np.float64]))
    total = sum_of(w, axis, dtype, keepdims=keepdims)
    if not total.value.all():
        raise DomainError("np.average: the weights add up to 0, so that there is nothing to divide by.")
    mean = sum_of(converted(node, dtype) * converted(w, dtype), axis, keepdims=keepdims) / total
    return (mean, _filling(total, mean)) if returned else mean


def _filling(weight: NodeLike, mean: Node) -> Node:
    """The sum of weights in the shape of the means that it belongs to."""
    return converted(np.broadcast_to(weight, mean.shape))


def _spread_weights(w: Node, a: Node, axis: Axis) -> Node:
    """Weights in the shape of the array, or with ones for the axes that they are not along."""
    if w.shape == a.shape:
        return w
    axes = axes_of(a.shape, axis)
    if axis is None or w.shape != tuple([a.shape[k] for k in axes]):
        advice = "give the axis that they belong to" if axis is None else f"they do not belong to axis={axis}"
        raise ShapeError(f"np.average: the array is {a.shape} and the weights are {w.shape}; {advice}.")
    in_order = w.transpose(tuple(np.argsort(axes).tolist()))
    return converted(in_order.reshape([n if k in axes else 1 for k, n in enumerate(a.shape)]))


@implements(np.cov)
def cov(  # noqa: PLR0917  # NumPy's order
    m: NodeLike,
    y: NodeLike | None = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: NodeLike | None = None,
    aweights: NodeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
) -> Node:
    """The covariances of variables, one a row (or a column, without rowvar); NumPy's meaning, in double precision.

    y and the weights may be nodes as well. Composed of average, arithmetic and MatMul. DomainError where there are not
    more observations than degrees of freedom taken off.

    >>> import numpy as np, minigrad as mg
    >>> np.cov(mg.parameter([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])).value
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    if ddof is not None and ddof != int(ddof):
        raise DomainError(f"np.cov: ddof={ddof}; it is a whole number.")
    less: float = ddof if ddof is not None else 1 - bool(bias)
    x = _observations(m, y, rowvar, dtype)
    frequencies, importances = _sample_weights(fweights, x, "fweights"), _sample_weights(aweights, x, "aweights")
    given = [w for w in (frequencies, importances) if w is not None]
    if not given:
        factor: Any = x.shape[1] - less
        deviations = weighted = x - mean_of(x, axis=1, keepdims=True) if x.shape[1] else x
    else:
        w = given[0] * given[1] if len(given) > 1 else given[0]
        total = sum_of(w)
        deviations = x - matmul(x, w)[:, None] / total
        weighted = deviations * w
        factor = total - less * (1 if importances is None else sum_of(w * importances) / total)
    if factor <= 0:
        raise DomainError(f"np.cov: {x.shape[1]} observations, less ddof={less}, leave nothing to divide by.")
    c: Node = matmul(deviations, weighted.T) / factor
    return converted(c.reshape(())) if c.size == 1 else c


@implements(np.corrcoef)
def corrcoef(x: NodeLike, y: NodeLike | None = None, rowvar: bool = True, *, dtype: DTypeLike | None = None) -> Node:
    """The correlations of variables, one a row (or a column, without rowvar); NumPy's meaning, in double precision.

    Composed of cov, arithmetic and clip. A variable that does not vary has no correlation: NaN, with NumPy's warning.

    >>> import numpy as np, minigrad as mg
    >>> np.corrcoef(mg.parameter([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])).value
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return divide(c, c)
    diagonal = np.arange(len(c))
    deviation = np.sqrt(c[diagonal, diagonal])
    return converted(np.clip(c / deviation[:, None] / deviation, -1, 1))


def _observations(m: NodeLike, y: NodeLike | None, rowvar: bool, dtype: DTypeLike | None) -> Node:
    """Variables as rows, observations as columns, in double precision: those of m above those of y."""
    nodes = [converted(given) for given in (m, y) if given is not None]
    if any(node.ndim > 2 for node in nodes):
        raise ShapeError(
            f"np.cov: arrays of shape {' and '.join(str(node.shape) for node in nodes)}; a matrix at most."
        )
    common = np.result_type(*[node.dtype for node in nodes], np.float64) if dtype is None else dtype
    rows = [converted(node if node.ndim == 2 else node.reshape(1, -1), common) for node in nodes]
    # As NumPy: a vector is one variable, also where variables are columns.
    columns = [not rowvar and (nodes[0].ndim != 1 if k == 0 else row.shape[0] != 1) for k, row in enumerate(rows)]
    turned = [row.T if is_column else row for row, is_column in zip(rows, columns, strict=True)]
    return joined(turned) if len(turned) > 1 else turned[0]


def _sample_weights(given: NodeLike | None, x: Node, keyword: str) -> Node | None:
    if given is None:
        return None
    w = converted(given, np.float64)
    if w.shape != (x.shape[1],):
        raise ShapeError(f"np.cov: {keyword} of shape {w.shape} for {x.shape[1]} observations.")
    whole = keyword == "aweights" or bool((w.value == np.rint(w.value)).all())
    if (w.value < 0).any() or not whole:
        raise DomainError(f"np.cov: {keyword} are {'not negative' if whole else 'whole numbers'}.")
    return w
