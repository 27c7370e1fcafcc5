"""The same entries again, or round about: tile, repeat, resize, roll, pad.

    np.tile(x, (2, 3)), np.repeat(x, 3, axis=0)       Broadcast between two Reshapes
    np.resize(x, (5, 5))                              tile, and a slice of it
    np.roll(x, 2, axis=1)                             Gather along an axis
    np.pad(x, 1, mode="reflect")                      Scatter into the middle, or Gather along each axis

No array of indices is built where the shapes say it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Broadcast, Gather, Identity, LinearMap, Scatter
from ..linear_maps import Reshape as ReshapeMap
from ..linear_maps.algebra import Array, Entry, Shape
from ..numpy_protocol import implements
from .axes import converted
from .base import Op
from .indexing import along, axis_of
from .shaping import as_shape, ravel, reshape

# --- the same again ---------------------------------------------------------------------------------------------------


def repeating(in_shape: Shape, opened: Shape, enlarged: Shape, out_shape: Shape) -> LinearMap:
    """The map that opens axes of length one, repeats along them, and closes them again.

    >>> print(repeating((3,), (1, 3), (2, 3), (6,)))
    reshape ∘ broadcast ∘ reshape : (3,) → (6,)
    """
    return ReshapeMap(enlarged, out_shape) @ Broadcast(opened, enlarged) @ ReshapeMap(in_shape, opened)


@dataclass(frozen=True)
class Tile(Op):
    """x again and again along its axes, as a block. Local Jacobian: Broadcast between two Reshapes.

    >>> Tile((2,))([1.0, 2.0])
    <tile (4,) float64: [1. 2. 1. 2.]>
    """

    reps: tuple[int, ...]

    def forward(self, x: Entry) -> Entry:
        return np.tile(x, self.reps)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        reps = (1,) * (x.ndim - len(self.reps)) + self.reps
        shape = (1,) * (len(reps) - x.ndim) + x.shape
        opened = tuple([n for length in shape for n in (1, length)])
        enlarged = tuple([n for pair in zip(reps, shape, strict=True) for n in pair])
        return repeating(x.shape, opened, enlarged, out.shape)


@dataclass(frozen=True)
class Repeat(Op):
    """Each entry along an axis several times. Local Jacobian: Broadcast between two Reshapes.

    >>> Repeat(2, 0)([1.0, 2.0])
    <repeat (4,) float64: [1. 1. 2. 2.]>
    """

    repeats: int
    axis: int

    def forward(self, x: Entry) -> Entry:
        return np.repeat(x, self.repeats, self.axis)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        before, behind = x.shape[: self.axis + 1], x.shape[self.axis + 1 :]
        return repeating(x.shape, (*before, 1, *behind), (*before, self.repeats, *behind), out.shape)


@implements(np.tile)
def tile(A: NodeLike, reps: int | Sequence[int]) -> Node:
    """x again and again along its axes, and along new ones in front; NumPy's meaning.

    Local Jacobian: Broadcast between two Reshapes, whose transpose sums over the blocks.

    >>> import numpy as np, minigrad as mg
    >>> np.tile(mg.parameter([1.0, 2.0]), (2, 2)).value
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]])
    """
    return Tile(as_shape(reps))(A)


@implements(np.repeat)
def repeat(a: NodeLike, repeats: int | Sequence[int], axis: int | None = None) -> Node:
    """Each entry several times along an axis, or of x laid flat; NumPy's meaning.

    Local Jacobian: Broadcast between two Reshapes. With a number of times for each position it is composed of an index.

    >>> import numpy as np, minigrad as mg
    >>> np.repeat(mg.parameter([1.0, 2.0]), [1, 3])
    <getitem (4,) float64: [1. 2. 2. 2.]>
    """
    if isinstance(repeats, Node):
        raise UnsupportedError(
            f"np.repeat: the repeats decide the shape, and are plain numbers, not {repeats.label}. Write node.value."
        )
    node = converted(a)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.repeat"))
    times = np.asarray(repeats)
    if times.size == 1 and times.dtype.kind in "bui":
        return Repeat(int(times.item()), axis)(node)
    try:
        return along(node, axis, np.repeat(np.arange(node.shape[axis]), times))
    except ValueError as error:
        raise ShapeError(f"np.repeat: axis {axis} of {node.label}, which is {node.shape}: {error}.") from error


@implements(np.resize)
def resize(a: NodeLike, new_shape: int | Sequence[int]) -> Node:
    """x laid flat, cut or repeated to fill another shape; NumPy's meaning. Zeros where x is empty.

    Composed of tile, a slice and reshape.

    >>> import numpy as np, minigrad as mg
    >>> np.resize(mg.parameter([1.0, 2.0]), (2, 3)).value
    array([[1., 2., 1.],
           [2., 1., 2.]])
    """
    node, shape = converted(a), as_shape(new_shape)
    size = prod(shape)
    if min(shape, default=0) < 0:
        raise ShapeError(f"np.resize: {node.label} cannot take the shape {shape}: lengths are not negative.")
    if node.size == 0:
        return converted(np.zeros(shape, node.dtype))
    return reshape(tile(ravel(node), -(-size // node.size))[:size], shape)


# --- round about ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Roll(Op):
    """x shifted along axes, what leaves at an end coming in at the other. Local Jacobian: Gather along each axis.

    For axis None, x is shifted as if laid flat.

    >>> Roll((1,), (0,))([1.0, 2.0, 3.0])
    <roll (3,) float64: [3. 1. 2.]>
    """

    shift: tuple[int, ...]
    axes: tuple[int, ...] | None = None

    def forward(self, x: Entry) -> Entry:
        return np.roll(x, self.shift, self.axes)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        if self.axes is None:
            flat = (prod(x.shape),)
            return ReshapeMap(flat, x.shape) @ _rolled(flat, 0, sum(self.shift)) @ ReshapeMap(x.shape, flat)
        local: LinearMap = Identity(x.shape)
        for shift, axis in zip(self.shift, self.axes, strict=True):
            local = _rolled(x.shape, axis, shift) @ local
        return local


def _rolled(shape: Shape, axis: int, shift: int) -> LinearMap:
    before, places = (slice(None),) * axis, np.arange(shape[axis])
    forth, back = (*before, np.roll(places, shift)), (*before, np.roll(places, -shift))
    return Gather(forth, shape, shape, inverse=back)


@implements(np.roll)
def roll(a: NodeLike, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Node:
    """x shifted along axes (or as if laid flat), what leaves at an end coming in at the other; NumPy's meaning.

    Local Jacobian: Gather along each axis.

    >>> import numpy as np, minigrad as mg
    >>> np.roll(mg.parameter([1.0, 2.0, 3.0]), 1)
    <roll (3,) float64: [3. 1. 2.]>
    """
    node = converted(a)
    if axis is None:
        return Roll(as_shape(shift))(node)
    shifts, axes = as_shape(shift), tuple([axis_of(node, k, "np.roll") for k in as_shape(axis)])
    if 1 not in (len(shifts), len(axes)) and len(shifts) != len(axes):
        raise ShapeError(f"np.roll: {len(shifts)} shifts do not fit {len(axes)} axes; give as many, or one.")
    count = max(len(shifts), len(axes))
    return Roll(shifts * count if len(shifts) == 1 else shifts, axes * count if len(axes) == 1 else axes)(node)


# --- a frame ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pad(Op):
    """x with a frame of constants around it. Local Jacobian: Scatter into the middle, a slice along each axis.

    >>> Pad(((1, 2),))([5.0])
    <pad (4,) float64: [0. 5. 0. 0.]>
    """

    widths: tuple[tuple[int, int], ...]
    constant_values: Any = 0

    def forward(self, x: Entry) -> Entry:
        return np.pad(x, self.widths, constant_values=self.constant_values)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        middle = [slice(before, before + n) for (before, _), n in zip(self.widths, x.shape, strict=True)]
        return Scatter(tuple(middle), x.shape, out.shape, distinct=True)


@implements(np.pad)
def pad(array: NodeLike, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Node:
    """x in a frame; NumPy's meaning, for the modes "constant", "edge", "reflect", "symmetric" and "wrap".

    Local Jacobian: Scatter into the middle for "constant", whose constant_values are plain numbers. The other modes
    repeat entries of x, and are composed of an index along each axis. Modes that compute something (linear_ramp, mean,
    maximum …, and reflect_type="odd") raise UnsupportedError.

    >>> import numpy as np, minigrad as mg
    >>> np.pad(mg.parameter([1.0, 2.0, 3.0]), (1, 2), mode="reflect")
    <getitem (6,) float64: [2. 1. 2. 3. 2. 1.]>
    """
    node = converted(array)
    if node.ndim == 0:
        return node  # a number has no axis along which there could be a frame
    widths = _widths(pad_width, node)
    if mode == "constant" and not kwargs.keys() - {"constant_values"}:
        values = kwargs.get("constant_values", 0)
        if isinstance(values, Node) and values.differentiable:
            raise UnsupportedError(
                f"np.pad: constant_values are plain numbers, not {values.label}. Write np.where(inside, np.pad(x, "
                "widths), value), with inside = np.pad(np.ones(x.shape, bool), widths)."
            )
        return Pad(widths, values if np.isscalar(values) else _frozen(values))(node)
    if mode not in ("edge", "reflect", "symmetric", "wrap") or kwargs.get("reflect_type", "even") != "even":
        raise UnsupportedError(
            f"np.pad: mode {mode!r} with {kwargs or 'no keywords'} is not supported on nodes. Use one of the modes "
            "constant, edge, reflect, symmetric and wrap, or write np.concatenate of the parts."
        )
    for axis, width in enumerate(widths):
        if any(width):
            try:
                places = np.pad(np.arange(node.shape[axis]), width, mode)
            except ValueError as error:
                raise ShapeError(f"np.pad: axis {axis} of {node.label}, which is {node.shape}: {error}.") from error
            node = along(node, axis, places)
    return node


def _widths(pad_width: Any, node: Node) -> tuple[tuple[int, int], ...]:
    """How much before and behind each axis: NumPy's number, pair, or pair for each axis (or for those in a dict)."""
    given: Any = pad_width
    if isinstance(given, dict):
        by_axis = np.zeros((node.ndim, 2), int)
        for axis, width in given.items():
            by_axis[axis_of(node, axis, "np.pad")] = width
        given = by_axis
    widths: Array = np.asarray(given)
    if widths.dtype.kind not in "ui":
        raise TypeError(f"np.pad: pad_width is of whole numbers, not {widths.dtype}")
    try:
        widths = np.broadcast_to(widths, (node.ndim, 2))
    except ValueError:
        raise ShapeError(
            f"np.pad: {node.label} is {node.shape}; pad_width={pad_width} does not fit its axes."
        ) from None
    if np.any(widths < 0):
        raise ShapeError(f"np.pad: pad_width={pad_width} must not be negative. Write a slice to take entries away.")
    return tuple([(before, behind) for before, behind in widths.tolist()])


def _frozen(values: Any) -> Any:
    """Constants as nested tuples, which cannot change any more."""
    as_lists = np.asarray(values).tolist()
    return (
        tuple([tuple(each) if isinstance(each, list) else each for each in as_lists])
        if isinstance(as_lists, list)
        else as_lists
    )
