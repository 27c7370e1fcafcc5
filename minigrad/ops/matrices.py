"""What functions of matrices share: their shapes checked, and maps between matrices in the last two axes.

matrices("inv", a, square=True)       a as a node; ShapeError unless it holds square matrices
exchanged(shape)                      V ↦ Vᵀ
mirrored(shape, "L")                  V ↦ the symmetric matrix with V's lower triangle
right_solve(A, shape)                 V ↦ V A⁻¹
paired(C, stack)                      V ↦ ⟨C, V⟩, a number for each matrix of a stack
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..errors import ShapeError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, Inner, LinearMap, Permute
from ..linear_maps import Solve as SolveMap
from ..linear_maps.algebra import Entry, Shape
from .axes import summing
from .base import as_nodes

Triangle = Literal["L", "U"]


def matrices(written: str, a: NodeLike, *, square: bool = False) -> Node:
    """The argument as a node; ShapeError unless it holds matrices, or square ones, in its last two axes.

    >>> matrices("inv", np.ones((2, 3)), square=True)
    Traceback (most recent call last):
    ...
    minigrad.errors.ShapeError: inv: constant is (2, 3); it takes square matrices, in the last two axes.
    """
    (node,) = as_nodes((a,))
    if node.ndim < 2 or (square and node.shape[-1] != node.shape[-2]):
        kind = "square matrices" if square else "matrices"
        raise ShapeError(f"{written}: {node.label} is {node.shape}; it takes {kind}, in the last two axes.")
    return node


def exchanged(shape: Shape) -> LinearMap:
    """V ↦ Vᵀ, for every matrix of a stack.

    >>> exchanged((4, 2, 3)).out_shape
    (4, 3, 2)
    """
    axes = tuple(range(len(shape)))
    return Permute((*axes[:-2], axes[-1], axes[-2]), shape)


def mirrored(shape: Shape, triangle: Triangle = "L") -> LinearMap:
    """V ↦ the symmetric matrix with V's lower ("L") or upper triangle; what lies in the other counts for nothing.

    >>> mirrored((2, 2))(np.array([[1.0, 7.0], [2.0, 3.0]]))
    array([[1., 2.],
           [2., 3.]])
    """
    kept = np.tri(shape[-1], dtype=bool)
    inside = np.tri(shape[-1], k=-1, dtype=bool)
    if triangle == "U":
        kept, inside = kept.T, inside.T
    return Diagonal(kept, shape) + exchanged(shape) @ Diagonal(inside, shape)


def right_solve(A: Entry, shape: Shape) -> LinearMap:
    """V ↦ V A⁻¹, for V of this shape.

    >>> right_solve(np.array([[2.0]]), (3, 1))(np.ones((3, 1))).ravel()
    array([0.5, 0.5, 0.5])
    """
    there = exchanged(shape)
    return there.T @ SolveMap(A.mT, there.out_shape) @ there


def paired(c: Entry, stack: Shape) -> LinearMap:
    """V ↦ ⟨C, V⟩ for every matrix of a stack.

    >>> paired(np.eye(2), ())(np.ones((2, 2)))
    np.float64(2.0)
    """
    return Inner(c) if not stack else summing(c, (-2, -1), stack) @ Diagonal(c)
