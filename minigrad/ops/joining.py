"""Several arrays made one, and one made several.

    append, vstack, hstack, dstack, column_stack, block         arrays one behind the other
    insert, delete                                              entries put in or left out
    split, array_split, hsplit, vsplit, dsplit, unstack         slices, one behind the other

concatenate and stack, of which they are made, are in shaping.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ..errors import ShapeError, UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps.algebra import Array
from ..numpy_protocol import implements
from .arranging import atleast_1d, atleast_2d, atleast_3d
from .axes import converted
from .base import as_nodes
from .indexing import along, axis_of, getitem
from .shaping import concatenate, ravel, reshape

# --- one behind the other ---------------------------------------------------------------------------------------------


@implements(np.append)
def append(arr: NodeLike, values: NodeLike, axis: int | None = None) -> Node:
    """Values behind an array along an axis, or both laid flat for None; NumPy's meaning. Composed of concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.append(mg.parameter([1.0, 2.0]), 3.0)
    <concatenate (3,) float64: [1. 2. 3.]>
    """
    return concatenate((arr, values), axis)


def _each(tup: Any, at_least: Callable[..., Any]) -> list[Node]:
    return [at_least(node) for node in as_nodes(tuple(tup))]


@implements(np.vstack)
def vstack(tup: Sequence[NodeLike], *, dtype: DTypeLike | None = None, casting: Any = "same_kind") -> Node:
    """Rows or matrices one below the other; NumPy's meaning. Composed of atleast_2d and concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.vstack([mg.parameter([1.0, 2.0]), [3.0, 4.0]]).value
    array([[1., 2.],
           [3., 4.]])
    """
    return concatenate(_each(tup, atleast_2d), 0, dtype=dtype, casting=casting)


@implements(np.hstack)
def hstack(tup: Sequence[NodeLike], *, dtype: DTypeLike | None = None, casting: Any = "same_kind") -> Node:
    """Sequences one behind the other, matrices side by side; NumPy's meaning. Composed of atleast_1d and concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.hstack([mg.parameter([1.0, 2.0]), 3.0])
    <concatenate (3,) float64: [1. 2. 3.]>
    """
    nodes = _each(tup, atleast_1d)
    return concatenate(nodes, 0 if nodes and nodes[0].ndim == 1 else 1, dtype=dtype, casting=casting)


@implements(np.dstack)
def dstack(tup: Sequence[NodeLike]) -> Node:
    """Matrices behind one another, along the third axis; NumPy's meaning. Composed of atleast_3d and concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.dstack([mg.parameter([1.0, 2.0]), [3.0, 4.0]]).shape
    (1, 2, 2)
    """
    return concatenate(_each(tup, atleast_3d), 2)


@implements(np.column_stack)
def column_stack(tup: Sequence[NodeLike]) -> Node:
    """Sequences as columns side by side, and matrices as they are; NumPy's meaning.

    Composed of reshape and concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.column_stack([mg.parameter([1.0, 2.0]), [3.0, 4.0]]).value
    array([[1., 3.],
           [2., 4.]])
    """
    return concatenate([node if node.ndim > 1 else reshape(node, (-1, 1)) for node in as_nodes(tuple(tup))], 1)


@implements(np.block)
def block(arrays: Any) -> Node:
    """An array put together from nested lists of blocks; NumPy's meaning.

    The innermost lists are joined along the last axis, those around them along the one before. Composed of reshape and
    concatenate.

    >>> import numpy as np, minigrad as mg
    >>> np.block([[mg.parameter([[1.0]]), np.array([[2.0]])], [np.array([[3.0, 4.0]])]]).value
    array([[1., 2.],
           [3., 4.]])
    """
    depth = _depth(arrays)
    ndim = max([depth, *[np.ndim(part) for part in _leaves(arrays)]])

    def joined(part: Any, level: int) -> Node:
        if level == depth:
            node = converted(part)
            return node if node.ndim == ndim else reshape(node, (1,) * (ndim - node.ndim) + node.shape)
        return concatenate([joined(each, level + 1) for each in part], level - depth)

    return joined(arrays, 0)


def _depth(part: Any) -> int:
    """How deep the lists of np.block are nested, the same everywhere."""
    if not isinstance(part, list):
        if isinstance(part, tuple):
            raise UnsupportedError("np.block takes lists of blocks, not tuples. Write [a, b].")
        return 0
    depths = {_depth(each) for each in part}
    if len(depths) != 1:
        raise ShapeError("np.block: the lists are empty, or nested to different depths; every row is a list of blocks.")
    return depths.pop() + 1


def _leaves(part: Any) -> list[Any]:
    return [leaf for each in part for leaf in _leaves(each)] if isinstance(part, list) else [part]


# --- entries put in or left out ---------------------------------------------------------------------------------------


@implements(np.insert)
def insert(arr: NodeLike, obj: Any, values: NodeLike, axis: int | None = None) -> Node:
    """x with values put in before the given positions along an axis, or x laid flat; NumPy's meaning.

    As in NumPy the values take the dtype of x. Composed of concatenate and an index: NumPy itself inserts the numbers
    of the values among the numbers of the entries of x, and by these numbers the entries of both are picked.

    >>> import numpy as np, minigrad as mg
    >>> np.insert(mg.parameter([1.0, 2.0]), 1, mg.parameter(5.0))
    <getitem (3,) float64: [1. 5. 2.]>
    """
    node = converted(arr)
    new = converted(values, node.dtype)
    numbers: Any = np.arange(node.size).reshape(node.shape)
    new_numbers = np.arange(node.size, node.size + new.size).reshape(new.shape)
    try:
        picked = np.insert(numbers, _plain(obj, "np.insert"), new_numbers, axis)
    except (ValueError, IndexError) as error:
        raise ShapeError(
            f"np.insert: {node.label} is {node.shape} and the values are {new.shape}, axis={axis}; {error}."
        ) from error
    return getitem(concatenate((node, new), None), picked)


@implements(np.delete)
def delete(arr: NodeLike, obj: Any, axis: int | None = None) -> Node:
    """x without the entries at the given positions along an axis, or of x laid flat; NumPy's meaning.

    Composed of an index: x[:, mask].

    >>> import numpy as np, minigrad as mg
    >>> np.delete(mg.parameter([1.0, 2.0, 3.0]), [0, -1])
    <getitem (1,) float64: [2.]>
    """
    node = converted(arr)
    node, axis = (ravel(node), 0) if axis is None else (node, axis_of(node, axis, "np.delete"))
    if isinstance(obj, Node) and obj.dtype == np.bool_:
        return along(node, axis, np.logical_not(obj))
    stays = np.zeros(node.shape[axis], bool)
    try:
        stays[np.delete(np.arange(stays.size), _plain(obj, "np.delete"))] = True
    except (ValueError, IndexError) as error:
        raise ShapeError(f"np.delete: axis {axis} of {node.label}, which is {node.shape}: {error}.") from error
    return along(node, axis, stays)


def _plain(obj: Any, written: str) -> Any:
    if isinstance(obj, Node):
        raise UnsupportedError(
            f"{written}: the positions decide the shape, and are plain numbers, not {obj.label}. Write node.value."
        )
    return obj


# --- one made several -------------------------------------------------------------------------------------------------


def _parts(written: str, function: Callable[..., Any], node: Node, sections: Any, axis: int) -> list[Node]:
    """The slices along an axis of which NumPy's function, tried on 0, 1, 2 …, makes its parts."""
    try:
        parts: list[Array] = function(np.arange(node.shape[axis]), sections)
    except ValueError as error:
        raise ShapeError(f"{written}: axis {axis} of {node.label}, which is {node.shape}: {error}.") from error
    return [along(node, axis, slice(int(part[0]), int(part[-1]) + 1) if part.size else slice(0, 0)) for part in parts]


@implements(np.split)
def split(ary: NodeLike, indices_or_sections: Any, axis: int = 0) -> list[Node]:
    """x in parts of equal length along an axis, or cut before the given positions; NumPy's meaning.

    Composed of indices: slices.

    >>> import numpy as np, minigrad as mg
    >>> np.split(mg.parameter([1.0, 2.0, 3.0, 4.0]), 2)
    [<getitem (2,) float64: [1. 2.]>, <getitem (2,) float64: [3. 4.]>]
    """
    node = converted(ary)
    return _parts("np.split", np.split, node, indices_or_sections, axis_of(node, axis, "np.split"))


@implements(np.array_split)
def array_split(ary: NodeLike, indices_or_sections: Any, axis: int = 0) -> list[Node]:
    """x in parts of nearly equal length along an axis, or cut before the given positions; NumPy's meaning.

    Composed of indices: slices.

    >>> import numpy as np, minigrad as mg
    >>> [part.size for part in np.array_split(mg.parameter([1.0, 2.0, 3.0]), 2)]
    [2, 1]
    """
    node = converted(ary)
    return _parts("np.array_split", np.array_split, node, indices_or_sections, axis_of(node, axis, "np.array_split"))


@implements(np.hsplit)
def hsplit(ary: NodeLike, indices_or_sections: Any) -> list[Node]:
    """x in parts side by side: along axis 1, or the only one; NumPy's meaning. Composed of split.

    >>> import numpy as np, minigrad as mg
    >>> np.hsplit(mg.parameter([[1.0, 2.0]]), 2)[1].value
    array([[2.]])
    """
    node = _of_axes("np.hsplit", ary, 1)
    return split(node, indices_or_sections, 1 if node.ndim > 1 else 0)


@implements(np.vsplit)
def vsplit(ary: NodeLike, indices_or_sections: Any) -> list[Node]:
    """x in parts one below the other: along axis 0 of two or more; NumPy's meaning. Composed of split.

    >>> import numpy as np, minigrad as mg
    >>> np.vsplit(mg.parameter([[1.0], [2.0]]), 2)[1].value
    array([[2.]])
    """
    return split(_of_axes("np.vsplit", ary, 2), indices_or_sections, 0)


@implements(np.dsplit)
def dsplit(ary: NodeLike, indices_or_sections: Any) -> list[Node]:
    """x in parts along axis 2 of three or more; NumPy's meaning. Composed of split.

    >>> import numpy as np, minigrad as mg
    >>> np.dsplit(mg.parameter([[[1.0, 2.0]]]), 2)[1].shape
    (1, 1, 1)
    """
    return split(_of_axes("np.dsplit", ary, 3), indices_or_sections, 2)


def _of_axes(written: str, ary: NodeLike, least: int) -> Node:
    node = converted(ary)
    if node.ndim < least:
        raise ShapeError(f"{written}: {node.label} is {node.shape}; it must have {least} or more axes.")
    return node


def unstack(x: NodeLike, /, *, axis: int = 0) -> tuple[Node, ...]:
    """The slices of x along an axis, one array for each position; NumPy's meaning. Composed of indices: integers.

    >>> import minigrad as mg
    >>> unstack(mg.parameter([1.0, 2.0]))
    (<getitem () float64: 1.>, <getitem () float64: 2.>)
    """
    node = converted(x)
    place = axis_of(node, axis, "np.unstack")
    return tuple([along(node, place, k) for k in range(node.shape[place])])


if hasattr(np, "unstack"):  # since NumPy 2.1
    implements(np.unstack)(unstack)
