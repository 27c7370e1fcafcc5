"""Slopes and areas on a grid: np.gradient, np.trapezoid. The grid may be a node as well.

Differences themselves, np.diff and np.ediff1d, stand in cumulative.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DomainError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps.running import along_axis
from ..numpy_protocol import implements
from .axes import Axis, axes_of, converted, floating, joined
from .cumulative import Diff


@implements(np.gradient)
def gradient(f: NodeLike, *varargs: NodeLike, axis: Axis = None, edge_order: int = 1) -> Node | tuple[Node, ...]:
    """The slope of f on a grid, along one axis or each of several; NumPy's meaning.

    `varargs` are distances or coordinates of the grid, one for all axes or one for each; they may be nodes. The slope
    is that of the parabola through a point and its two neighbours; at the ends that of the nearest secant
    (edge_order 1) or parabola (2). Composed of Diff and arithmetic. ShapeError for fewer than edge_order + 1 entries.

    >>> import numpy as np, minigrad as mg
    >>> np.gradient(mg.parameter([1.0, 2.0, 4.0, 7.0])).value
    array([1. , 1.5, 2.5, 3. ])
    """
    node = converted(f)
    axes = axes_of(node.shape, axis)
    if edge_order not in (1, 2):
        raise DomainError(f"np.gradient: edge_order={edge_order}; it is 1 or 2.")
    grids = varargs * len(axes) if len(varargs) == 1 and _ndim(varargs[0]) == 0 else varargs or (1.0,) * len(axes)
    if len(grids) != len(axes):
        raise ShapeError(f"np.gradient: {len(grids)} spacings for {len(axes)} axes; give one number, or one for each.")
    slopes = [_slope(node, a, grid, edge_order) for a, grid in zip(axes, grids, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _slope(f: Node, axis: int, grid: NodeLike, edge_order: int) -> Node:
    if f.shape[axis] <= edge_order:
        needed = f"along axis {axis} at least {edge_order + 1} are needed for edge_order={edge_order}"
        raise ShapeError(f"np.gradient: the array is {f.shape}; {needed}.")

    def part(secants: Any, start: int | None, stop: int | None) -> Any:
        return secants[along_axis(axis, slice(start, stop))]

    if _ndim(grid) == 0:
        secants, t = Diff(axis)(f) / grid, 0.5
        t_first, t_last = t, t
    else:
        steps = _steps(grid, axis, f)
        secants = Diff(axis)(f) / steps
        t = part(steps, None, -1) / (part(steps, None, -1) + part(steps, 1, None))
        t_first, t_last = part(t, 0, 1), part(t, -1, None)
    first, last = part(secants, None, 1), part(secants, -1, None)
    # A parabola's slope at its middle point lies between those of its two secants, at t if the steps are as t : 1 − t.
    inside = part(secants, None, -1) + t * Diff(axis)(secants)
    if edge_order == 2:
        first = first - t_first * (part(secants, 1, 2) - first)
        last = last + (1 - t_last) * (last - part(secants, -2, -1))
    return converted(joined([first, inside, last], axis), f.dtype if f.dtype.kind == "f" else np.float64)


def _steps(grid: NodeLike, axis: int, f: Node) -> Any:
    """The distances between coordinates, along an axis."""
    coordinates = floating(grid if isinstance(grid, Node) else np.asarray(grid))
    if coordinates.shape != (f.shape[axis],):
        where = f"{f.shape[axis]} entries along axis {axis}"
        raise ShapeError(f"np.gradient: coordinates of shape {coordinates.shape} do not belong to {where}.")
    return np.reshape(np.diff(coordinates), (*(1,) * axis, -1, *(1,) * (f.ndim - axis - 1)))


def _ndim(given: NodeLike) -> int:
    return given.ndim if isinstance(given, Node) else np.ndim(given)


def trapezoid(y: NodeLike, x: NodeLike | None = None, dx: NodeLike = 1.0, axis: int = -1) -> Node:
    """The area under y by the trapezoidal rule, Σ (y_k + y_{k+1})/2 · (x_{k+1} − x_k); NumPy's meaning.

    x and dx may be nodes as well. Composed of indexing, Diff and Sum.

    >>> import numpy as np, minigrad as mg
    >>> np.trapezoid(mg.parameter([1.0, 2.0, 4.0]), x=[0.0, 1.0, 3.0]).value
    array(7.5)
    """
    node = converted(y)
    if node.ndim == 0:
        raise ShapeError("np.trapezoid: a number has no area under it; the array needs at least one axis.")
    axis = axis % node.ndim
    pairs = node[along_axis(axis, slice(1, None))] + node[along_axis(axis, slice(None, -1))]
    width = dx
    if x is not None:
        grid = converted(x)
        width = Diff(0 if grid.ndim == 1 else axis)(grid)
        if grid.ndim == 1:
            width = width.reshape(-1, *(1,) * (node.ndim - axis - 1))
    area: Node = np.sum(width * pairs / 2.0, axis=axis)
    return area


implements(np.trapezoid)(trapezoid)
if hasattr(np, "trapz"):  # its name until NumPy 2.4
    implements(np.trapz)(trapezoid)
