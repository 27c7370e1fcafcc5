"""The graph: immutable nodes, the leaves a user makes, the scopes they stand in, and the order of a traversal.

    W = parameter(w, name="W")         a leaf that is differentiated
    X = constant(x, name="X")          a leaf that is not
    with scope("layer 2"):             nested names; a cluster in pictures
        z = W @ X                      an op applied to nodes makes a node (ops/base.py)

A node's arguments exist before it, so the order of creation is a topological order and cycles cannot be made.
Nothing refers back from an argument to its consumers: a graph is freed by reference counting alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_like import ArrayLike
from .errors import DTypeError, UnsupportedError
from .linear_maps import LinearMap
from .linear_maps.algebra import Array

if TYPE_CHECKING:
    from .ops.base import Form, Op
    from .queries import Gradients

NodeLike = Any  # a Node, or what NumPy can make an array of

# array.setflags(write=False); the stubs know only the keyword, which takes four times as long.
set_writeable: Callable[[Array, bool], None] = np.ndarray.setflags  # type: ignore[assignment]

SCOPE: ContextVar[tuple[str, ...]] = ContextVar("scope", default=())


class Sweep:
    """A token for one reverse sweep, which tells of which output a gradient is. It holds no node: no cycles."""

    __slots__ = ("output_id",)

    def __init__(self, output: Node) -> None:
        self.output_id = id(output)


class Node(ArrayLike):
    """A value in a graph, the op and the arguments it was computed from, and, after a sweep, its gradient.

    Made by `parameter`, `constant`, or by applying an op to nodes; never changed afterwards, but for `grad`.
    Any NumPy function or operator on a node makes a node; `value` is the plain array, read-only.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> J = mg.sum(x * x)
    >>> J.backward()[x]
    array([2., 4.])
    >>> J.value, J.inputs
    (array(5.), (<multiply (2,) float64: [1. 4.]>,))
    """

    __slots__ = (
        "_grad",
        "_inputs",
        "_sweep",
        "_value",
        "differentiable",
        "form",
        "name",
        "op",
        "scope",
    )

    op: Op | None  # what was written; None for a leaf
    form: Form | None  # a second definition, equal and numerically sound (DESIGN §5), or None
    differentiable: bool  # whether it depends on a parameter in a way that has a derivative
    name: str | None
    scope: tuple[str, ...]

    def __init__(  # noqa: PLR0917  # positional: keywords would cost 50 ns a node
        self,
        op: Op | None,
        inputs: tuple[Node, ...],
        value: Array,
        differentiable: bool,
        form: Form | None = None,
        name: str | None = None,
    ) -> None:
        self.op = op
        self._inputs = inputs
        self._value = value
        self.differentiable = differentiable
        self.form = form
        self.name = name
        self.scope = SCOPE.get()
        self._grad: Array | None = None
        self._sweep: Sweep | None = None  # the sweep that wrote grad

    @property
    def value(self) -> Array:
        """The array, read-only."""
        return self._value

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The arguments, in order; `x * x` has two."""
        return self._inputs

    @property
    def grad(self) -> Array | None:
        """∂J/∂node of the last J whose `backward` reached this node; None before any, and on constants."""
        return self._grad

    # How it is shown.

    def __repr__(self) -> str:
        title = " ".join(filter(None, [self.kind, repr(self.name) if self.name else None]))
        inside = f": {np.array2string(self._value, precision=4, threshold=6)}" if self.size <= 6 else ""
        return f"<{title} {self.shape} {self.dtype}{inside}>"

    @property
    def kind(self) -> str:
        """'parameter', 'constant', or the name of the op that made it."""
        if self.op is None:
            return "parameter" if self.differentiable else "constant"
        return self.op.name

    @property
    def label(self) -> str:
        """What an error calls it: its name, or the op that made it.

        >>> parameter(1.0, name="W").label
        'W'
        """
        return self.name or (self.kind if self.op is None else f"the result of {self.kind}")

    # Gradients. These look upward, to the sweeps, when they are called.

    def backward(self, cotangent: NodeLike | None = None) -> Gradients:
        """Reverse sweep: set `grad` on every node reached; return them all, as a mapping from node to array."""
        from .queries import backward

        return backward(self, cotangent)

    @property
    def jacobians(self) -> tuple[LinearMap, ...]:
        """The local Jacobians ∂node/∂argument, a linear map an argument, made when asked for."""
        from .jacobians import local_jacobian

        return tuple(local_jacobian(self, k) for k in range(len(self._inputs)))

    def through(self, linear_map: LinearMap) -> Node:
        """This node through a linear map without entries of its own, as a node."""
        from .ops.base import Through

        return Through(linear_map)(self)


def parameter(value: NodeLike, *, name: str | None = None, copy: bool = True) -> Node:
    """A leaf that is differentiated. Any shape; integers and booleans become float64.

    The value is copied and read-only; `copy=False` takes a read-only view, on the promise that the array stays as
    it is. DTypeError for what has no real derivative.

    >>> parameter([[1, 2]], name="W")
    <parameter 'W' (1, 2) float64: [[1. 2.]]>
    """
    array = _array(value, "parameter", copy)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    set_writeable(array, False)
    return Node(None, (), array, True, None, _checked_name(name))


def constant(value: NodeLike, *, name: str | None = None, copy: bool = True) -> Node:
    """A leaf that is never differentiated: data, labels, masks. Any shape, any real or boolean dtype.

    Copied and read-only as a parameter is.

    >>> constant([0, 1], name="y")
    <constant 'y' (2,) int64: [0 1]>
    """
    array = _array(value, "constant", copy)
    set_writeable(array, False)
    return Node(None, (), array, False, None, _checked_name(name))


def _array(value: NodeLike, maker: str, copy: bool) -> Array:
    if isinstance(value, Node):
        raise UnsupportedError(f"{maker}: {value.label} is a node already; write {maker}({value.label}.value)")
    if isinstance(value, np.ma.MaskedArray):
        raise DTypeError(f"{maker}: a masked array would lose its mask; fill it, and keep the mask as a constant")
    array = np.array(value) if copy else np.asarray(value).view()
    if array.dtype.kind not in "fiub":
        advice = "take its real and imaginary parts" if array.dtype.kind == "c" else "use real numbers or booleans"
        raise DTypeError(f"{maker}: cannot hold an array of dtype {array.dtype}; {advice}.")
    return array


def _checked_name(name: str | None) -> str | None:
    if name is None or isinstance(name, str):
        return name
    raise TypeError(f"a name is a string, not {name!r}")


class scope:  # noqa: N801  # read as a word: with scope(…)
    """A named part of a graph: nodes made inside carry its name; scopes nest.

    >>> with scope("layer 2"):
    ...     parameter(0.0).scope
    ('layer 2',)
    """

    __slots__ = ("_token", "name")

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self._token: Token[tuple[str, ...]] = SCOPE.set((*SCOPE.get(), self.name))

    def __exit__(self, *exception: object) -> None:
        SCOPE.reset(self._token)


def arguments_first(outputs: Iterable[Node], *, constants: bool = True) -> list[Node]:
    """The nodes that the outputs were computed from, each after its arguments, each once: iterative, linear time.

    Without `constants`, only through nodes that depend on a parameter.

    >>> x = parameter(2.0)
    >>> [node.kind for node in arguments_first([x * x + x])]
    ['parameter', 'multiply', 'add']
    """
    order: list[Node] = []
    seen: set[Node] = set()
    waiting: list[Node | None] = [*outputs]
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if node is None:  # all that the next one was computed from is in order
            order.append(waiting.pop())  # type: ignore[arg-type]  # a node lies below each None
        elif node not in seen:
            seen.add(node)
            waiting += (node, None)
            for source in reversed(node._inputs):
                if constants or source.differentiable:
                    waiting.append(source)
    return order
