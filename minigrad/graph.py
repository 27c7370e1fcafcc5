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
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from .array_like import ArrayLike
from .errors import DTypeError, ShapeError, UnsupportedError
from .linear_maps import LinearMap
from .linear_maps.algebra import Array

if TYPE_CHECKING:
    from .cotangents import Gradients
    from .ops.base import Form, Op

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
        "_differentiable",
        "_form",
        "_grad",
        "_inputs",
        "_name",
        "_op",
        "_scope",
        "_sweep",
        "_value",
    )

    def __init__(  # noqa: PLR0917  # positional: keywords would cost 50 ns a node
        self,
        op: Op | None,
        inputs: tuple[Node, ...],
        value: Array,
        differentiable: bool,
        form: Form | None = None,
        name: str | None = None,
    ) -> None:
        self._op = op
        self._inputs = inputs
        self._value = value
        self._differentiable = differentiable
        self._form = form
        self._name = name
        self._scope = SCOPE.get()
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

    @property
    def op(self) -> Op | None:
        """What was written; None for a leaf."""
        return self._op

    @property
    def form(self) -> Form | None:
        """A second definition, equal and numerically sound (DESIGN §5), or None."""
        return self._form

    @property
    def differentiable(self) -> bool:
        """Whether it depends on a parameter in a way that has a derivative."""
        return self._differentiable

    @property
    def name(self) -> str | None:
        """As it was given, or None."""
        return self._name

    @property
    def scope(self) -> tuple[str, ...]:
        """The scopes it was made in, outermost first."""
        return self._scope

    # A node does not change, so that a copy of it is itself.

    def __copy__(self) -> Node:
        return self

    def __deepcopy__(self, memo: object) -> Node:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise UnsupportedError(
            f"{self.label} cannot be pickled: its graph may be deeper than pickle. Write {self.label}.value."
        )

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

    def _repr_html_(self) -> str:
        from viz.display import node_html

        return node_html(self)

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
    array = checked_array(value, "parameter", copy, name)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    set_writeable(array, False)
    return Node(None, (), array, True, None, name)


def constant(value: NodeLike, *, name: str | None = None, copy: bool = True) -> Node:
    """A leaf that is never differentiated: data, labels, masks. Any shape, any real or boolean dtype.

    Copied and read-only as a parameter is.

    >>> constant([0, 1], name="y")
    <constant 'y' (2,) int64: [0 1]>
    """
    array = checked_array(value, "constant", copy, name)
    set_writeable(array, False)
    return Node(None, (), array, False, None, name)


def checked_array(value: NodeLike, asked: str, copy: bool = True, name: str | None = None) -> Array:
    """The value as an array of real numbers or booleans; `asked` says for what."""
    if name is not None:
        asked = f"{asked} {checked_name(name)}"
    if isinstance(value, Node):
        raise UnsupportedError(f"{asked}: {value.label} is a node already; write {asked}({value.label}.value)")
    if isinstance(value, np.ma.MaskedArray):
        raise DTypeError(f"{asked}: a masked array would lose its mask; fill it, and keep the mask as a constant")
    try:
        array = np.array(value) if copy else np.asarray(value).view()
    except ValueError as error:
        raise ShapeError(f"{asked}: the rows do not make an array; give them one length ({error}).") from error
    if array.dtype.kind not in "fiub":
        advice = "take its real and imaginary parts" if array.dtype.kind == "c" else "use real numbers or booleans"
        raise DTypeError(f"{asked}: cannot hold an array of dtype {array.dtype}; {advice}.")
    return array


def checked_name(name: str) -> str:
    """The name; TypeError if it is not a string."""
    if isinstance(name, str):
        return name
    raise TypeError(f"a name is a string, not {name!r}")


def checked_node(thing: Any, asked: str) -> Node:
    """The node; UnsupportedError for anything else."""
    if isinstance(thing, Node):
        return thing
    shown = f"an array of shape {thing.shape}" if isinstance(thing, np.ndarray) else repr(thing)
    raise UnsupportedError(f"{asked}: {shown} is not a node; make one with mg.parameter or mg.constant.")


class scope:  # noqa: N801  # read as a word: with scope(…)
    """A named part of a graph: nodes made inside carry its name; scopes nest.

    >>> with scope("layer 2"):
    ...     parameter(0.0).scope
    ('layer 2',)
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = checked_name(name)

    def __enter__(self) -> None:
        SCOPE.set((*SCOPE.get(), self.name))

    def __exit__(self, *exception: object) -> None:
        SCOPE.set(SCOPE.get()[:-1])


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
                if constants or source._differentiable:
                    waiting.append(source)
    return order
