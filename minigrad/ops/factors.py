"""Products of entries: prod along axes, and cumprod along one. Right where factors are 0, and free of divisions.

np.prod(x, axis=0)      ∂p/∂x_i is the product of all other factors
np.cumprod(x)           each result is the last one times the next factor: a recurrence
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap, Recurrence
from ..linear_maps.algebra import Entry
from ..linear_maps.running import along_axis
from ..numpy_protocol import implements
from .axes import Axis, Lanes, along_one, begun, chosen, converted, only_axis, refuse, summing
from .base import Op
from .pointwise import multiply


@dataclass(frozen=True)
class Prod(Op):
    """p = Π x along the axes. Local Jacobian: Σ ∘ diag(r), where r_i is the product of all factors but x_i.

    r is made of running products from both ends, so that zeros are factors like any other: with one zero among the
    factors only its own r is other than 0, with two or more all are 0, and second derivatives are right as well.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([0.0, 2.0, 3.0])
    >>> mg.gradients(np.prod(x), x)
    array([6., 0., 0.])
    """

    axis: Axis = None
    keepdims: bool = False

    def forward(self, x: Entry) -> Entry:
        return np.prod(x, axis=self.axis, keepdims=self.keepdims)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        lanes = Lanes(x.shape, self.axis)
        factors = lanes.lay(x)
        others = before(factors, 0) * before(factors[::-1], 0)[::-1]
        return summing(x, self.axis, out.shape) @ Diagonal(lanes.back(others))


@dataclass(frozen=True)
class CumProd(Op):
    """p_k = x_0 x_1 … x_k along an axis. Local Jacobian: r_k = x_k r_{k−1} + p_{k−1} v_k, from p_k = x_k p_{k−1}.

    That is Recurrence(x) ∘ diag(p_{k−1}): no division, so that zeros are factors like any other.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([2.0, 0.0, 3.0])
    >>> mg.gradients(mg.sum(np.cumprod(x)), x)
    array([1., 8., 0.])
    """

    name = "cumprod"

    axis: int = 0

    def forward(self, x: Entry) -> Entry:
        return np.cumprod(x, axis=self.axis)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        axis = self.axis % len(x.shape)
        return Recurrence(x, axis) @ Diagonal(led_by_one(out, axis))


def before(x: Entry, axis: int) -> Entry:
    """The product of all entries before each entry along an axis.

    >>> before(np.array([2.0, 3.0, 5.0]), 0)
    array([1., 2., 6.])
    """
    if x.shape[axis] < 2:
        return np.ones(x.shape, x.dtype)
    return np.concatenate([_one(x, axis), np.cumprod(x[along_axis(axis, slice(None, -1))], axis=axis)], axis=axis)


def led_by_one(p: Entry, axis: int) -> Entry:
    """The entries moved on by one along an axis, with 1 as the first.

    >>> led_by_one(np.array([2.0, 6.0, 30.0]), 0)
    array([1., 2., 6.])
    """
    if p.shape[axis] < 2:
        return np.ones(p.shape, p.dtype)
    return np.concatenate([_one(p, axis), p[along_axis(axis, slice(None, -1))]], axis=axis)


def _one(x: Entry, axis: int) -> Entry:
    return np.ones((*x.shape[:axis], 1, *x.shape[axis + 1 :]), x.dtype)


@implements(np.prod)
def prod(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: bool = False,
    initial: NodeLike | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """Π a along the axes; NumPy's meaning.

    Local Jacobian: Σ ∘ diag(r), where r_i is the product of all factors but a_i. Right where factors are 0.

    >>> import numpy as np, minigrad as mg
    >>> np.prod(mg.parameter([[1.0, 2.0], [3.0, 4.0]]), axis=0)
    <prod (2,) float64: [3. 8.]>
    """
    refuse("np.prod", out=out)
    product = Prod(axis, keepdims)(chosen(converted(a, dtype), where, 1, "np.prod"))
    return product if initial is None else multiply(product, converted(initial, product.dtype))


@implements(np.cumprod)
def cumprod(a: NodeLike, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Node:
    """The products of the first one, two, three … entries along an axis; NumPy's meaning (None: of all, laid flat).

    Local Jacobian: Recurrence(a) ∘ diag(p_{k−1}). Right where factors are 0.

    >>> import numpy as np, minigrad as mg
    >>> np.cumprod(mg.parameter([1.0, 2.0, 3.0]))
    <cumprod (3,) float64: [1. 2. 6.]>
    """
    refuse("np.cumprod", out=out)
    node, axis = along_one(converted(a, dtype), axis)
    return CumProd(axis)(node)


if hasattr(np, "cumulative_prod"):  # since NumPy 2.1

    @implements(np.cumulative_prod)
    def cumulative_prod(
        x: NodeLike,
        /,
        *,
        axis: int | None = None,
        dtype: DTypeLike | None = None,
        out: Any = None,
        include_initial: bool = False,
    ) -> Node:
        """As cumprod, of an array of one axis unless `axis` is given; `include_initial` begins with 1.

        Local Jacobian: Recurrence(x) ∘ diag(p_{k−1}). Composed of CumProd and Concatenate where it begins with 1.

        >>> import numpy as np, minigrad as mg
        >>> np.cumulative_prod(mg.parameter([2.0, 3.0]), include_initial=True)
        <concatenate (3,) float64: [1. 2. 6.]>
        """
        refuse("np.cumulative_prod", out=out)
        node, axis = only_axis(converted(x, dtype), axis, "np.cumulative_prod")
        return begun(cumprod(node, axis), axis, 1) if include_initial else cumprod(node, axis)
