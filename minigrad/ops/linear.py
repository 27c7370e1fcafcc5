"""Products and sums of matrices: matmul with all of NumPy's meanings, add_bias."""

from __future__ import annotations

import numpy as np

from ..linear_maps import Identity, LeftMul, LinearMap, RightMul
from ..linear_maps.algebra import Entry, Shape
from ..numpy_protocol import implements
from .base import Op
from .einsum import Contraction, Subscripts, spelled_out
from .elementwise import spread


class MatMul(Contraction):
    """C = A B, with NumPy's meanings: vectors (a row on the left, a column on the right), stacks of matrices.

    Local Jacobians: ∂C/∂A = RightMul(B), ∂C/∂B = LeftMul(A) (notes, N6 and N10); with vectors, and stacks
    that are broadcast, Contract.

    >>> import minigrad as mg
    >>> mg.matmul(mg.parameter([[1.0, 2.0]]), [3.0, 4.0])
    <matmul (1,) float64: [11.]>
    """

    name = "matmul"

    def forward(self, a: Entry, b: Entry) -> Entry:
        return a @ b

    def jacobian(self, argument: int, out: Entry, a: Entry, b: Entry) -> LinearMap:
        if a.ndim == b.ndim == 2 or (a.ndim == b.ndim > 2 and a.shape[:-2] == b.shape[:-2]):
            if argument == 0:
                return RightMul(b, a.shape, out.shape)
            return LeftMul(a, b.shape, out.shape)
        return super().jacobian(argument, out, a, b)

    def subscripts(self, *shapes: Shape) -> Subscripts:
        a, b = shapes
        row, column = "i" * (len(a) > 1), "k" * (len(b) > 1)
        return spelled_out(f"...{row}j,...j{column}->...{row}{column}", [len(a), len(b)])

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
