"""Products and sums of matrices: matmul with all of NumPy's meanings, add_bias."""

from __future__ import annotations

from math import prod

import numpy as np

from ..linear_maps import Identity, LeftMul, LinearMap, Permute, Reshape, RightMul
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op
from .elementwise import spread


class MatMul(Op):
    """C = A B, with NumPy's meanings: vectors (a row on the left, a column on the right), stacks of matrices.

    Local Jacobians: ∂C/∂A = RightMul(B), ∂C/∂B = LeftMul(A) (notes, N6 and N10). A stack that meets one matrix is
    one tall matrix, so that the matrix's gradient is one product.

    >>> import minigrad as mg
    >>> mg.matmul(mg.parameter([[1.0, 2.0]]), [3.0, 4.0])
    <matmul (1,) float64: [11.]>
    """

    name = "matmul"

    def forward(self, a: Entry, b: Entry) -> Entry:
        return a @ b

    def jacobian(self, argument: int, out: Entry, a: Entry, b: Entry) -> LinearMap:
        if a.ndim == 2 and b.ndim == 2:
            if argument == 0:
                return RightMul(b, a.shape, out.shape)
            return LeftMul(a, b.shape, out.shape)
        left = np.reshape(a, (1, *a.shape)) if a.ndim == 1 else a
        right = np.reshape(b, (*b.shape, 1)) if b.ndim == 1 else b
        stack = out.shape[: out.ndim - (a.ndim > 1) - (b.ndim > 1)]
        product = (*stack, left.shape[-2], right.shape[-1])
        given, matrix = ((a, left), (b, right))[argument]
        product_by_matrix = self._matrices(argument, left, right, product)
        return Reshape(product, out.shape) @ product_by_matrix @ Reshape(given.shape, matrix.shape)

    def _matrices(self, argument: int, a: Entry, b: Entry, product: Shape) -> LinearMap:
        """The Jacobian for stacks of matrices whose product has the shape `product`."""
        if argument == 0:
            if a.ndim == 2 and b.ndim > 2:
                return self._one_matrix_left(a, b, product)
            full = product[:-1] + a.shape[-1:]
            return RightMul(b, full, product) @ spread(a.shape, full)
        if b.ndim == 2 and a.ndim > 2:
            tall = (prod(a.shape[:-1]), a.shape[-1])
            flat = (tall[0], b.shape[1])
            return Reshape(flat, product) @ LeftMul(np.reshape(a, tall), b.shape, flat)
        full = product[:-2] + b.shape[-2:]
        return LeftMul(a, full, product) @ spread(b.shape, full)

    def _one_matrix_left(self, a: Entry, b: Entry, product: Shape) -> LinearMap:
        """V ↦ V B for one matrix V and a stack B: the stack's matrices stand side by side in one wide matrix."""
        last = b.ndim - 1
        to_front = (last - 1, *range(last - 1), last)
        wide = np.reshape(np.transpose(b, to_front), (b.shape[-2], prod(b.shape[:-2]) * b.shape[-1]))
        rows = a.shape[0]
        side_by_side = (rows, *b.shape[:-2], b.shape[-1])
        back = (*range(1, last), 0, last)
        multiply = RightMul(wide, a.shape, (rows, wide.shape[1]))
        return Permute(back, side_by_side) @ Reshape((rows, wide.shape[1]), side_by_side) @ multiply

    def misfit(self, *shapes: Shape) -> str:
        a, b = shapes
        if not a or not b:
            return "a product of matrices needs at least one axis each; use * for a number"
        rows = b[-2] if len(b) > 1 else b[0]
        if a[-1] != rows:
            return f"{a[-1]} columns cannot meet {rows} rows"
        return f"the stacks {a[:-2]} and {b[:-2]} do not fit"


class AddBias(Op):
    """z = z + b, where b has as many axes as z, and its axes of length one are repeated: it never enlarges z.

    With columns as samples b is (K, 1); with rows (1, K). ShapeError otherwise; for anything freer, `+`.
    Local Jacobians: the identity, and Broadcast(b → z).

    >>> import numpy as np, minigrad as mg
    >>> mg.add_bias(np.zeros((2, 3)), mg.parameter([[1.0], [2.0]])).value
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """

    def forward(self, z: Entry, b: Entry) -> Entry:
        if z.ndim != b.ndim or any(n not in (1, m) for n, m in zip(b.shape, z.shape, strict=True)):
            raise ValueError(b.shape)
        return z + b

    def jacobian(self, argument: int, out: Entry, z: Entry, b: Entry) -> LinearMap:
        return Identity(z.shape) if argument == 0 else spread(b.shape, z.shape)

    def misfit(self, *shapes: Shape) -> str:
        z, b = shapes
        columns, rows = (*z[:1], *(1 for _ in z[1:])), (*(1 for _ in z[:-1]), *z[-1:])
        return f"a bias of {b} does not fit {z} without enlarging it: make it {columns} for columns, {rows} for rows"


matmul = implements(np.matmul)(MatMul())
add_bias = AddBias()

__all__ = ["AddBias", "MatMul", "add_bias", "matmul"]
