"""Linear equations and determinants: what np.linalg computes by elimination.

    np.linalg.solve, np.linalg.inv, np.linalg.tensorsolve, np.linalg.tensorinv
    np.linalg.det, np.linalg.slogdet
    np.linalg.multi_dot, np.linalg.matrix_power            products of many matrices
    np.linalg.diagonal, np.linalg.trace                    of the last two axes

Decompositions and what is computed by them stand in decompositions.py, pseudo.py and norms.py. A singular matrix
raises numpy.linalg.LinAlgError where there is no value or no derivative. The formulas: Giles, "Collected matrix
derivative results for forward and reverse mode algorithmic differentiation" (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from math import prod
from operator import index as as_integer
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import (
    Diagonal,
    Gather,
    LeftMul,
    LinearMap,
    RightMul,
    Zero,
)
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps import Solve as SolveMap
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op, as_nodes, stop_gradient
from .elementwise import spread
from .linear import matmul
from .matrices import exchanged, matrices, paired
from .results import Results
from .shaping import reshape, transpose
from .steps import Steps
from .triangles import diagonal as diagonals
from .triangles import trace as sum_of_diagonal

SlogdetResult: Callable[..., Any] = type(np.linalg.slogdet(np.eye(1)))


class Solve(Op):
    """x = A⁻¹ b, for b a vector (one axis) or matrices; stacks broadcast as in NumPy 2.

    Local Jacobians: ∂x/∂b = Solve(A), ∂x/∂A = −Solve(A) ∘ RightMul(x). LinAlgError where A is singular.

    >>> Solve()([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0])
    <solve (2,) float64: [0.5  0.25]>
    """

    def forward(self, a: Entry, b: Entry) -> Entry:
        return np.linalg.solve(a, b)

    def jacobian(self, argument: int, out: Entry, a: Entry, b: Entry) -> LinearMap:
        x = np.reshape(out, (*out.shape, 1)) if b.ndim == 1 else out
        invert = ReshapeMap(x.shape, out.shape) @ SolveMap(a, x.shape)
        if argument == 0:
            matrices = (*x.shape[:-1], x.shape[-2])
            return invert @ RightMul(-x, matrices, x.shape) @ spread(a.shape, matrices)
        columns = (*b.shape, 1) if b.ndim == 1 else b.shape
        return invert @ spread(columns, x.shape) @ ReshapeMap(b.shape, columns)

    def misfit(self, *shapes: Shape) -> str:
        return "b must be a vector, or matrices with a row for each column of a"


class Inv(Op):
    """Y = A⁻¹, of matrices and stacks of them. Local Jacobian: dY = −Y dA Y.

    LinAlgError where A is singular. To solve equations, np.linalg.solve is faster and more precise.

    >>> Inv()([[2.0, 0.0], [0.0, 4.0]]).value
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """

    def forward(self, a: Entry) -> Entry:
        return np.linalg.inv(a)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        return LeftMul(-out, a.shape, a.shape) @ RightMul(out, a.shape, a.shape)


class Det(Op):
    """det A, of matrices and stacks of them. Local Jacobian: d det = ⟨C, dA⟩ with the cofactors C (Jacobi's formula).

    The cofactors are computed without a division, so that the derivative is right at singular matrices, too. (For large
    regular ones, slogdet is faster: its derivative takes an inverse, this one a singular value decomposition.)

    >>> import numpy as np, minigrad as mg
    >>> A = mg.parameter([[1.0, 2.0], [2.0, 4.0]])
    >>> mg.gradients(np.linalg.det(A), A).round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """

    def forward(self, a: Entry) -> Entry:
        return np.linalg.det(a)

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        return paired(_of(Cofactors(), a), out.shape)


class Cofactors(Op):
    """C = ∂ det A/∂A = det(A) A⁻ᵀ, the cofactors of A, singular or not; matrices and stacks of them.

    With A = U S Vᵀ, C = ± U C(S) Vᵀ, where C(S) has on its diagonal the products of all other singular values, and
    the sign is det U det V. Local Jacobian, with M = Uᵀ dA V and P_ij the product of all singular values but the i-th
    and the j-th: dC = ± U N Vᵀ, where N_ii = Σ_{k≠i} P_ik M_kk and N_ij = −P_ij M_ji. No division: so first and second
    derivatives of a determinant are right at every matrix. Convention: from the third on they come by way of svd, and
    hold where singular values differ and are not 0. Source: Magnus and Neudecker, Matrix Differential Calculus, 8.

    >>> Cofactors()([[1.0, 2.0], [2.0, 4.0]]).value.round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """

    def forward(self, a: Entry) -> Entry:
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        return (_signed(u, vt) * _without_one(s)[..., None, :]) @ vt

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        shape, n = a.shape, a.shape[-1]
        # Row i of `rest` is all singular values but the i-th; so its products without one are those without two.
        rest = np.where(np.eye(n, dtype=bool), 1, s[..., None, :])
        products = np.where(np.eye(n, dtype=bool), 0, _without_one(rest))
        on_diagonal = Gather((..., np.arange(n), np.arange(n)), shape, shape[:-1], distinct=True)
        column = (*shape[:-1], 1)
        mixed = ReshapeMap(column, shape[:-1]) @ LeftMul(products, column, column) @ ReshapeMap(shape[:-1], column)
        core = on_diagonal.T @ mixed @ on_diagonal + Diagonal(-products, shape) @ exchanged(shape)
        into = LeftMul(u.mT, shape, shape) @ RightMul(vt.mT, shape, shape)
        return LeftMul(_signed(u, vt), shape, shape) @ RightMul(vt, shape, shape) @ core @ into


class SlogDet(Results):
    """The sign of det A and log|det A|, of matrices and stacks of them. Local Jacobian of the log: ⟨A⁻ᵀ, dA⟩.

    Convention: the sign is constant in steps, and never differentiated. At a singular matrix, where log|det A| is −∞,
    there is no derivative: LinAlgError.

    >>> SlogDet()([[2.0, 0.0], [0.0, -1.0]])
    <slogdet (2,) float64: [-1.      0.6931]>
    """

    name = "slogdet"

    def results(self, a: Entry) -> tuple[Entry, ...]:
        return tuple(np.linalg.slogdet(a))

    def shapes(self, *shapes: Shape) -> tuple[Shape, ...]:
        return shapes[0][:-2], shapes[0][:-2]

    def differentials(self, argument: int, results: tuple[Entry, ...], *arguments: Entry) -> tuple[LinearMap, ...]:
        (a,), stack = arguments, arguments[0].shape[:-2]
        return Zero(a.shape, stack), paired(np.linalg.inv(a).mT, stack)


def _of(op: Op, x: Entry) -> Entry:
    """The op's value at an array, or the op applied to a node."""
    return op(x) if isinstance(x, Node) else op.forward(x)


def _signed(u: Entry, vt: Entry) -> Entry:
    """± U, with the sign det U det V."""
    return u * np.sign(np.linalg.det(u) * np.linalg.det(vt))[..., None, None]


def _without_one(s: Entry) -> Entry:
    """For every entry along the last axis, the product of all the others; without a division."""
    one = np.ones((*s.shape[:-1], 1), s.dtype)
    before = np.cumprod(np.concatenate([one, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * after if s.shape[-1] else s


@implements(np.linalg.solve)
def solve(a: NodeLike, b: NodeLike) -> Node:
    """x with A x = b; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.solve(mg.parameter([[2.0]]), [1.0])
    <solve (1,) float64: [0.5]>
    """
    return Solve()(matrices("solve", a, square=True), b)


@implements(np.linalg.inv)
def inv(a: NodeLike) -> Node:
    """A⁻¹; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.inv(mg.parameter([[2.0]]))
    <inv (1, 1) float64: [[0.5]]>
    """
    return Inv()(matrices("inv", a, square=True))


@implements(np.linalg.det)
def det(a: NodeLike) -> Node:
    """det A; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.det(mg.parameter([[2.0]]))
    <det () float64: 2.>
    """
    return Det()(matrices("det", a, square=True))


@implements(np.linalg.slogdet)
def slogdet(a: NodeLike) -> Any:
    """The sign of det A, and log|det A|, as NumPy's SlogdetResult; NumPy's meaning.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.slogdet(mg.parameter([[2.0]])).logabsdet
    <part () float64: 0.6931>
    """
    sign, logabsdet = SlogDet().parts(matrices("slogdet", a, square=True))
    return SlogdetResult(stop_gradient(sign), logabsdet)


@implements(np.linalg.tensorsolve)
def tensorsolve(a: NodeLike, b: NodeLike, axes: Sequence[int] | None = None) -> Node:
    """x with tensordot(a, x, x.ndim) = b; NumPy's meaning. Composed of reshape and solve.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.tensorsolve(mg.parameter(np.eye(4).reshape(2, 2, 4)), np.ones((2, 2))).shape
    (4,)
    """
    array, target = as_nodes((a, b))
    if axes is not None:
        last = [axis if axis >= 0 else axis + array.ndim for axis in axes]
        array = transpose(array, (*(k for k in range(array.ndim) if k not in last), *last))
    shape = array.shape[target.ndim :]
    n = prod(shape)
    if array.size != n * n or target.size != n:
        raise np.linalg.LinAlgError(f"tensorsolve: {array.shape} is no square matrix for a b of {target.shape}")
    return reshape(Solve()(reshape(array, (n, n)), reshape(target, n)), shape)


@implements(np.linalg.tensorinv)
def tensorinv(a: NodeLike, ind: int = 2) -> Node:
    """The inverse by the first `ind` axes; NumPy's meaning. Composed of reshape and inv.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.tensorinv(mg.parameter(np.eye(4).reshape(2, 2, 4))).shape
    (4, 2, 2)
    """
    (array,) = as_nodes((a,))
    if ind <= 0:
        raise ShapeError(f"tensorinv: ind={ind} must be positive")
    shape = array.shape[ind:] + array.shape[:ind]
    return reshape(inv(reshape(array, (prod(array.shape[ind:]), -1))), shape)


@implements(np.linalg.matrix_power)
def matrix_power(a: NodeLike, n: int) -> Node:
    """Aⁿ for an integer n, of square matrices and stacks of them; NumPy's meaning.

    Composed of matmul, log₂ n times two at most, and inv for n < 0. A⁰ is the identity, and never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.matrix_power(mg.parameter([[2.0]]), -3)
    <matmul (1, 1) float64: [[0.125]]>
    """
    power, exponent = matrices("matrix_power", a, square=True), as_integer(n)
    if exponent == 0:
        return Steps(np.linalg.matrix_power, n=0)(power)
    if exponent < 0:
        power, exponent = Inv()(power), -exponent
    if exponent == 3:
        return matmul(matmul(power, power), power)  # NumPy's own order
    while exponent % 2 == 0:
        power, exponent = matmul(power, power), exponent // 2
    result = power
    while exponent > 1:
        power, exponent = matmul(power, power), exponent // 2
        if exponent % 2:
            result = matmul(result, power)
    return result


@implements(np.linalg.multi_dot)
def multi_dot(arrays: Sequence[NodeLike], *, out: None = None) -> Node:
    """The product of two or more matrices, in the order with the fewest multiplications; NumPy's meaning.

    Composed of matmul. The first and the last may be vectors, a row and a column.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.multi_dot([mg.parameter([[1.0, 2.0]]), [[1.0], [1.0]], [3.0]])
    <matmul (1,) float64: [9.]>
    """
    nodes = as_nodes(tuple(arrays))
    inside = all(node.ndim == 2 for node in nodes[1:-1])
    if len(nodes) < 2 or not inside or nodes[0].ndim not in (1, 2) or nodes[-1].ndim not in (1, 2):
        raise ShapeError(f"multi_dot takes two or more matrices, not {', '.join(str(node.shape) for node in nodes)}.")
    rows = [1 if node.ndim == 1 and k == 0 else node.shape[0] for k, node in enumerate(nodes)]
    sizes = [*rows, 1 if nodes[-1].ndim == 1 else nodes[-1].shape[1]]
    # best[i, j]: the least cost of the product from i to j, and its nesting (Cormen and others, chapter 15.2).
    best: dict[tuple[int, int], tuple[int, Any]] = {(k, k): (0, k) for k in range(len(nodes))}
    for steps in range(1, len(nodes)):
        for i in range(len(nodes) - steps):
            j = i + steps
            cuts = [(best[i, k], best[k + 1, j], sizes[i] * sizes[k + 1] * sizes[j + 1]) for k in range(i, j)]
            left, right, _ = least = min(cuts, key=lambda cut: cut[0][0] + cut[1][0] + cut[2])
            best[i, j] = left[0] + right[0] + least[2], (left[1], right[1])

    def product(nesting: Any) -> Node:
        return nodes[nesting] if isinstance(nesting, int) else reduce(matmul, map(product, nesting))

    return product(best[0, len(nodes) - 1][1])


@implements(np.linalg.diagonal)
def diagonal(x: NodeLike, /, *, offset: int = 0) -> Node:
    """The diagonals of the last two axes; np.diagonal with NumPy's other convention for axes.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.diagonal(mg.parameter(np.ones((2, 3, 3)))).shape
    (2, 3)
    """
    return diagonals(x, offset, -2, -1)


@implements(np.linalg.trace)
def trace(x: NodeLike, /, *, offset: int = 0, dtype: Any = None) -> Node:
    """The sums of the diagonals of the last two axes; np.trace with NumPy's other convention for axes.

    >>> import numpy as np, minigrad as mg
    >>> np.linalg.trace(mg.parameter(np.ones((2, 3, 3)))).value
    array([3., 3.])
    """
    return sum_of_diagonal(x, offset, -2, -1, dtype)
