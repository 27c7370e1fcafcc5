"""One of several arrays at each place: choose, select, piecewise, and where with its one or three arguments.

    np.where(mask, x, y), np.where(mask)             the branch where the mask holds; or where it holds
    np.select([x < 0, x < 1], [y, z], default=0)     the first condition that holds
    np.choose(k, [x, y, z])                          by number
    np.piecewise(x, [x < 0], [f, g])                 functions, each called on its own part of x alone

Nothing comes back from what was not chosen, not even where its derivative is infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError
from ..graph import Node, NodeLike
from ..linear_maps.algebra import Array
from ..numpy_protocol import implements
from . import pointwise
from .arranging import common_shape
from .axes import converted, refuse
from .base import as_nodes
from .indexing import getitem
from .positions import found, nonzero
from .shaping import BroadcastTo, stack


@implements(np.where)
def where(condition: NodeLike, *branches: NodeLike) -> Any:
    """The first branch where the condition holds, the second elsewhere; of a condition alone, where it holds.

    NumPy's meaning. Local Jacobians: Select(condition) and Select(not condition). Composed of nonzero for one argument.

    >>> import numpy as np, minigrad as mg
    >>> np.where(mg.parameter([1.0, -1.0, 2.0]) > 0)
    (<getitem (2,) int64: [0 2]>,)
    """
    if not branches:
        return nonzero(condition)
    if len(branches) != 2:
        raise ValueError("np.where: give both branches, or none")
    return pointwise.where(condition, *branches)


@implements(np.select)
def select(condlist: Sequence[NodeLike], choicelist: Sequence[NodeLike], default: NodeLike = 0) -> Node:
    """The choice that belongs to the first condition that holds, `default` where none does; NumPy's meaning.

    Composed of where, from the last condition to the first.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([-1.0, 0.5, 3.0])
    >>> np.select([x < 0, x < 1], [-x, x * x], default=7.0)
    <where (3,) float64: [1.   0.25 7.  ]>
    """
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ShapeError(
            f"np.select: {len(condlist)} conditions and {len(choicelist)} choices; there must be as many, one or more."
        )
    chosen: Any = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        mask = converted(condition)
        if mask.dtype != np.bool_:
            raise DTypeError(f"np.select: conditions are of booleans; {mask.label} is {mask.dtype}. Write mask != 0.")
        chosen = where(mask, choice, chosen)
    result: Node = chosen
    return result


@implements(np.choose)
def choose(a: NodeLike, choices: Any, out: Any = None, mode: Any = "raise") -> Node:
    """At each place the entry of the array whose number stands in `a`; shapes broadcast; NumPy's meaning.

    Composed of stack and an index. NumPy itself is asked which it chooses: of the numbers 0, 1, 2 …

    >>> import numpy as np, minigrad as mg
    >>> np.choose([1, 0], [mg.parameter([1.0, 2.0]), [3.0, 4.0]])
    <getitem (2,) float64: [3. 2.]>
    """
    refuse("np.choose", out=out)
    nodes, which = as_nodes(tuple(choices)), converted(a)
    if which.dtype.kind not in "bui":
        raise DTypeError(f"np.choose: numbers of choices are whole, not {which.dtype}; write x.astype(int).")
    shape = common_shape("np.choose", [which, *nodes])

    def chosen(numbers: Array) -> Array:
        return np.choose(numbers, range(len(nodes)), mode=mode)

    number = found("choose", chosen, which)
    index = (number, *np.ix_(*[np.arange(length) for length in shape]))
    return getitem(stack([BroadcastTo(shape)(node) for node in nodes]), index)


@implements(np.piecewise)
def piecewise(x: NodeLike, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Node:
    """The functions, or numbers, that belong to the conditions, each called on its own part x[condition] alone.

    NumPy's meaning: where several conditions hold the last one counts, where none does one more function, or 0; values
    take the dtype of x. Composed of x[condition] and where. For how many entries a condition holds is settled when the
    graph is made; with other values, ShapeError.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([-4.0, 9.0])
    >>> np.piecewise(x, [x < 0, x >= 0], [lambda x: -x, np.sqrt])
    <where (2,) float64: [4. 3.]>
    """
    node = converted(x)
    conditions = _conditions(condlist, node)
    if len(funclist) == len(conditions) + 1:
        conditions.append(found("otherwise", lambda *masks: ~np.any(np.broadcast_arrays(*masks), axis=0), *conditions))
    if len(funclist) != len(conditions):
        raise ShapeError(
            f"np.piecewise: {len(conditions)} conditions and {len(funclist)} functions; there must be as many "
            "functions, or one more for all else."
        )
    result: Node = converted(np.zeros(node.shape, node.dtype))
    for condition, function in zip(conditions, funclist, strict=True):
        if np.any(condition.value):
            result = where(condition, _piece(node, condition, function, args, kw), result)
    return result


def _conditions(condlist: Any, node: Node) -> list[Node]:
    """The conditions as masks; a single one need not stand in a list."""
    single = np.isscalar(condlist) or (isinstance(condlist, Node) and condlist.ndim <= node.ndim)
    if not single and node.ndim:
        single = not isinstance(condlist[0], (list, np.ndarray, Node))
    masks = [converted(condition) for condition in ([condlist] if single else condlist)]
    return [mask if mask.dtype == np.bool_ else mask != 0 for mask in masks]


def _piece(node: Node, condition: Node, function: Any, args: Any, kw: Any) -> Node:
    """What a function makes of its part of x, each value at its place; what stands elsewhere has no meaning."""
    values = function(node[condition], *args, **kw) if callable(function) else function
    part = converted(values, node.dtype)
    if part.ndim == 0:
        return part
    # Numbers of the True entries, in order.
    places = found("places", lambda mask: np.maximum(np.cumsum(mask) - 1, 0).reshape(mask.shape), condition)
    return getitem(BroadcastTo((int(np.count_nonzero(condition.value)),))(part), places)


__all__ = ["choose", "piecewise", "select", "where"]
