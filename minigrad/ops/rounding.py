"""Functions of each entry that are constant in steps: rounding, questions, bits. Nodes, and never differentiated.

    np.floor np.ceil np.trunc np.rint np.fix np.round       rounding
    np.isnan np.signbit np.isclose np.logical_xor …         questions; their answers are masks
    np.gcd np.bitwise_and np.left_shift …                   of whole numbers and masks
    np.allclose np.array_equal np.array_equiv               one answer for all entries: Python's True or False
    np.spacing np.nextafter                                 the neighbours of a floating-point number

Comparisons stand in pointwise.py; functions along axes, such as argmax, in steps.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import Node, NodeLike
from ..numpy_protocol import implements
from .axes import refuse
from .elementwise import Stepwise
from .steps import Steps

for function in (
    np.floor,
    np.ceil,
    np.trunc,
    np.rint,
    np.floor_divide,
    np.signbit,
    np.isnan,
    np.isinf,
    np.isfinite,
    np.iscomplex,
    np.isreal,
    np.logical_xor,
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
    np.bitwise_count,
    np.invert,
    np.left_shift,
    np.right_shift,
    np.gcd,
    np.lcm,
    np.spacing,
    np.nextafter,
):
    implements(function)(Stepwise(function))


@implements(np.round, np.around)
def round(a: NodeLike, decimals: int = 0, out: Any = None) -> Node:
    """a rounded to so many decimals, halves to the even side; NumPy's meaning. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.round(mg.parameter([0.25, 0.75]), 1)
    <round (2,) float64: [0.2 0.8]>
    """
    refuse("np.round", out=out)
    return Steps(np.round, decimals=decimals)(a) if decimals else Stepwise(np.round)(a)


@implements(np.fix)
def fix(x: NodeLike, out: Any = None) -> Node:
    """x rounded towards 0. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.fix(mg.parameter([-1.5, 1.5]))
    <fix (2,) float64: [-1.  1.]>
    """
    refuse("np.fix", out=out)
    return Stepwise(np.fix)(x)


@implements(np.isposinf)
def isposinf(x: NodeLike, out: Any = None) -> Node:
    """Where x is +∞. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.isposinf(mg.parameter([np.inf, 1.0]))
    <isposinf (2,) bool: [ True False]>
    """
    refuse("np.isposinf", out=out)
    return Stepwise(np.isposinf)(x)


@implements(np.isneginf)
def isneginf(x: NodeLike, out: Any = None) -> Node:
    """Where x is −∞. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.isneginf(mg.parameter([np.inf, 1.0]))
    <isneginf (2,) bool: [False False]>
    """
    refuse("np.isneginf", out=out)
    return Stepwise(np.isneginf)(x)


@implements(np.isclose)
def isclose(a: NodeLike, b: NodeLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Node:
    """Where |a − b| ≤ atol + rtol |b|. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.isclose(mg.parameter([1.0, 2.0]), 1)
    <isclose (2,) bool: [ True False]>
    """
    return Steps(np.isclose, rtol=rtol, atol=atol, equal_nan=equal_nan)(a, b)


@implements(np.allclose)
def allclose(a: NodeLike, b: NodeLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether a and b are close at every entry: Python's True or False, as in NumPy. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.allclose(mg.parameter([1.0, 2.0]), [1, 2])
    True
    """
    return np.allclose(plain(a), plain(b), rtol, atol, equal_nan)


@implements(np.array_equal)
def array_equal(a1: NodeLike, a2: NodeLike, equal_nan: bool = False) -> bool:
    """Whether the shapes are the same and all entries equal: Python's True or False. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.array_equal(mg.parameter([1.0, 2.0]), [1, 2])
    True
    """
    return np.array_equal(plain(a1), plain(a2), equal_nan)


@implements(np.array_equiv)
def array_equiv(a1: NodeLike, a2: NodeLike) -> bool:
    """Whether the entries are equal once shapes are broadcast: Python's True or False. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.array_equiv(mg.parameter([1.0, 1.0]), 1)
    True
    """
    return np.array_equiv(plain(a1), plain(a2))


@implements(np.isrealobj)
def isrealobj(x: NodeLike) -> bool:
    """True: nodes hold real numbers. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.isrealobj(mg.parameter(1.0))
    True
    """
    return True


@implements(np.iscomplexobj)
def iscomplexobj(x: NodeLike) -> bool:
    """False: nodes hold real numbers. Never differentiated.

    >>> import numpy as np, minigrad as mg
    >>> np.iscomplexobj(mg.parameter(1.0))
    False
    """
    return False


def plain(x: NodeLike) -> Any:
    """The array of a node, anything else as it is.

    >>> plain(2.0)
    2.0
    """
    return x.value if isinstance(x, Node) else x
