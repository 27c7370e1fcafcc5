"""The largest and the smallest entry along axes: max, min, ptp. Ties share the derivative evenly.

argmax and argmin, which say where these stand, are steps (steps.py); nanmax and nanmin stand in missing.py.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..graph import Node, NodeLike
from ..linear_maps import Diagonal, LinearMap, Select
from ..linear_maps.algebra import Entry
from ..numpy_protocol import implements
from .axes import Axis, chosen, converted, kept, length, places, refuse, summing
from .base import Op
from .pointwise import subtract


@dataclass(frozen=True)
class Extreme(Op):
    """The entry along the axes, or `initial`, that is beyond all others. Local Jacobian: diag(1/k) Σ Select(x = m).

    Here m is the value, and k the number of entries that are equal to it.

    >>> issubclass(Max, Extreme) and issubclass(Min, Extreme)
    True
    """

    selects = True

    axis: Axis = None
    keepdims: bool = False
    initial: float | None = None

    @property
    @abstractmethod
    def function(self) -> Callable[..., Any]:
        """The NumPy function."""

    def forward(self, x: Entry) -> Entry:
        if self.initial is None:
            if not x.size and places(x.shape, self.axis) and not length(x.shape, self.axis):
                raise ValueError(f"the {self.name} of nothing has no value, unless initial= gives one")
            return self.function(x, axis=self.axis, keepdims=self.keepdims)
        return self.function(x, axis=self.axis, keepdims=self.keepdims, initial=self.initial)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        extreme = x == np.reshape(out, kept(x.shape, self.axis))
        ties = np.sum(extreme, axis=self.axis, keepdims=self.keepdims)
        if self.initial is not None:
            ties = ties + (out == self.initial)
        share = (1 / np.where(ties == 0, 1, ties)).astype(x.dtype)
        return Diagonal(share, out.shape) @ summing(x, self.axis, out.shape) @ Select(extreme, x.shape)


class Max(Extreme):
    """The largest entry m along the axes. Local Jacobian: diag(1/k) Σ Select(x = m), k the number of ties.

    Convention: entries that tie share the derivative evenly, and `initial` counts as one more entry. Where m is NaN,
    the derivative is 0.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([1.0, 3.0, 3.0])
    >>> mg.gradients(np.max(x), x)
    array([0. , 0.5, 0.5])
    """

    function = staticmethod(np.max)


class Min(Extreme):
    """The smallest entry m along the axes. Local Jacobian: diag(1/k) Σ Select(x = m), k the number of ties.

    Convention: as for the largest; entries that tie share the derivative evenly.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter([[1.0, 1.0], [2.0, 0.0]])
    >>> mg.gradients(mg.sum(np.min(x, axis=1)), x)
    array([[0.5, 0.5],
           [0. , 1. ]])
    """

    function = staticmethod(np.min)


def extreme(  # noqa: PLR0917  # NumPy's keywords
    kind: type[Extreme], a: Node, axis: Axis, keepdims: bool, initial: Any, where: NodeLike | bool, written: str
) -> Node:
    """The largest or the smallest entry, with all of NumPy's keywords.

    >>> import minigrad as mg
    >>> extreme(Max, mg.parameter([1.0, 5.0]), None, False, 0.0, [True, False], "np.max")
    <max () float64: 1.>
    """
    if isinstance(initial, Node):
        bound = "np.maximum" if kind is Max else "np.minimum"
        raise UnsupportedError(f"{written}: initial= is a plain number. Write {bound}({written}(…), initial).")
    if where is not True:
        if initial is None:
            raise UnsupportedError(f"{written}: where= may leave nothing. Write initial= with it, as for NumPy.")
        beyond = -np.inf if kind is Max else np.inf
        a = chosen(a, where, beyond if a.dtype.kind == "f" else initial, written)
    return kind(axis, keepdims, initial)(a)


@implements(np.max, np.amax)
def max(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    out: Any = None,
    keepdims: bool = False,
    initial: float | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """The largest entry m along the axes; NumPy's meaning.

    Local Jacobian: diag(1/k) Σ Select(x = m). Convention: k entries that tie share the derivative evenly.

    >>> import numpy as np, minigrad as mg
    >>> np.max(mg.parameter([[1.0, 5.0], [4.0, 2.0]]), axis=0)
    <max (2,) float64: [4. 5.]>
    """
    refuse("np.max", out=out)
    return extreme(Max, converted(a), axis, keepdims, initial, where, "np.max")


@implements(np.min, np.amin)
def min(  # noqa: PLR0917  # NumPy's order
    a: NodeLike,
    axis: Axis = None,
    out: Any = None,
    keepdims: bool = False,
    initial: float | None = None,
    where: NodeLike | bool = True,
) -> Node:
    """The smallest entry m along the axes; NumPy's meaning.

    Local Jacobian: diag(1/k) Σ Select(x = m). Convention: k entries that tie share the derivative evenly.

    >>> import numpy as np, minigrad as mg
    >>> np.min(mg.parameter([[1.0, 5.0], [4.0, 2.0]]), axis=0)
    <min (2,) float64: [1. 2.]>
    """
    refuse("np.min", out=out)
    return extreme(Min, converted(a), axis, keepdims, initial, where, "np.min")


@implements(np.ptp)
def ptp(a: NodeLike, axis: Axis = None, out: Any = None, keepdims: bool = False) -> Node:
    """From the smallest to the largest ("peak to peak"); NumPy's meaning. Composed of max − min.

    >>> import numpy as np, minigrad as mg
    >>> np.ptp(mg.parameter([1.0, 4.0, 2.0])).value
    array(3.)
    """
    refuse("np.ptp", out=out)
    node = converted(a)
    return subtract(max(node, axis, keepdims=keepdims), min(node, axis, keepdims=keepdims))
