"""What an op is: a value, and its local Jacobian by each argument. Applying it to nodes makes a node.

    class Tanh(Op):
        def forward(self, x):                    # arrays in, array out
            return np.tanh(x)

        def jacobian(self, argument, a, x):      # ∂a/∂(that argument), as a linear map
            return Diagonal(1 - a * a)

    tanh = Tanh()                                # an op without settings is its own function: tanh(node)

Both statements use operators and NumPy functions only, and never branch on a value (`np.where`, not `if`): in a
sweep that is itself to be differentiated they are given nodes instead of arrays.

Differentiable forms (DESIGN §5): an op class may have `forms`, functions that look at the arguments of a new node
and may return a Form, an equal but numerically sound definition of it (ops/forms.py).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..errors import DTypeError, GradientError, MinigradError, ShapeError
from ..graph import Node, NodeLike, checked_name, constant, set_writeable
from ..linear_maps import Identity, LinearMap
from ..linear_maps.algebra import Array, Entry, Shape
from ..numpy_protocol import implements

ndarray = np.ndarray


Edge = tuple[Node | None, int]  # a written edge: the consumer (None for the node that has the form), the argument


class Form(NamedTuple):
    """A second definition of a node: op(*sources), equal to what was written and numerically sound.

    `replaces[k]` is the written edge on which the flow to sources[k] is booked; sources beyond these are auxiliary
    values, to which nothing flows. `skipped` are the nodes that the form passes over, arguments first: where one of
    them is itself substituted or varied, the form does not hold.
    """

    op: Op
    sources: tuple[Node, ...]
    replaces: tuple[Edge, ...]
    skipped: tuple[Node, ...]


class Op(ABC):
    """An operation: `forward` gives its value, `jacobian` its local Jacobian by each argument, as a linear map.

    Settings, where it has any, make it a frozen dataclass.

    >>> import numpy as np, minigrad as mg
    >>> class Cube(mg.Op):
    ...     def forward(self, x):
    ...         return x * x * x
    ...
    ...     def jacobian(self, argument, out, x):
    ...         return mg.Diagonal(3 * x * x)
    >>> cube = Cube()
    >>> x = mg.parameter([1.0, 2.0])
    >>> mg.gradients(mg.sum(cube(x)), x)
    array([ 3., 12.])
    """

    name: str
    differentiable: bool = True
    own: ClassVar[bool] = True  # whether it is one of ours, which the laws hold to account; a user's is checked here
    selects: bool = False  # whether it leaves out entries of its arguments, so that nothing comes back from these
    forms: ClassVar[tuple[Callable[[Any, tuple[Node, ...]], Form | None], ...]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls.own = cls.__dict__.get("own", cls.__module__.startswith("minigrad."))
        if "name" not in cls.__dict__:
            cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        cls.__repr__ = cls.__repr__  # type: ignore[method-assign]  # its own, or @dataclass would write another

    @abstractmethod
    def forward(self, *arguments: Entry) -> Entry:
        """The value, from the arguments' values."""

    def jacobian(self, argument: int, out: Entry, *arguments: Entry) -> LinearMap:
        """∂out/∂arguments[argument], a linear map; not needed where `differentiable` is False."""
        raise NotImplementedError(f"{type(self).__name__} states no local Jacobian")

    def misfit(self, *shapes: Shape) -> str:
        """Why arguments of these shapes do not fit, in words; empty: NumPy's own words."""
        return ""

    def __call__(self, *arguments: NodeLike, name: str | None = None) -> Node:
        if name is not None:
            checked_name(name)
        values = []
        differentiable = False
        for node in arguments:
            if node.__class__ is not Node:
                return self(*as_nodes(arguments), name=name)
            values.append(node._value)
            if node._differentiable:
                differentiable = self.differentiable
        form = None
        for match in self.forms:
            form = match(self, arguments) or form
        try:
            value = self.forward(*values) if form is None else form.op.forward(*[node._value for node in form.sources])
            if value.__class__ is not ndarray:
                value = np.asarray(value)
        except (MinigradError, np.linalg.LinAlgError):
            raise
        except (ValueError, IndexError) as error:
            raise ShapeError(self._complaint(arguments, error)) from error
        except TypeError as error:
            if any(node._value.dtype.kind == "b" for node in arguments):
                raise DTypeError(self._complaint(arguments, error)) from error
            raise
        if not self.own:
            value = self._checked(value, arguments)
        set_writeable(value, False)
        return Node(self, arguments, value, differentiable, form, name)

    def __repr__(self) -> str:
        if not is_dataclass(self):
            return self.name
        settings = [(f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default]
        return f"{self.name}({', '.join(f'{key}={value}' for key, value in settings)})" if settings else self.name

    def _checked(self, value: Array, arguments: tuple[Node, ...]) -> Array:
        """The value that a user's forward gave, as one that nodes can hold and that nobody else can change."""
        if value.dtype.kind not in "fiub":
            reason = f"the result has dtype {value.dtype}, but nodes hold real numbers and booleans"
            raise DTypeError(self._complaint(arguments, reason))
        return value if value.base is None else value.copy()

    def _complaint(self, arguments: tuple[Node, ...], error: Exception | str) -> str:
        names = [node.name or (node.kind if node.op is None else f"{node.kind}(…)") for node in arguments]
        shapes = " and ".join(f"{name} is {node.shape}" for name, node in zip(names, arguments, strict=True))
        reason = self.misfit(*[node.shape for node in arguments]) or str(error).rstrip(". ")
        lines = [f"{self.name}({', '.join(names)}): {shapes}; {reason}."]
        for name, node in zip(names, arguments, strict=True):
            place = f", in {'/'.join(node.scope)}" if node.scope else ""
            lines.append(f"  {name}  {node.kind}{place}")
        return "\n".join(lines)


def as_nodes(arguments: tuple[NodeLike, ...]) -> tuple[Node, ...]:
    """The arguments as nodes: arrays become constants, and Python numbers constants of the nodes' dtype.

    >>> import numpy as np
    >>> [node.dtype.name for node in as_nodes((constant(np.ones(2, np.float32)), 0.5))]
    ['float32', 'float32']
    """
    if all(argument.__class__ is Node for argument in arguments):
        return arguments
    dtypes = [node.dtype for node in arguments if hasattr(node, "dtype")]
    nodes = []
    for argument in arguments:
        if argument.__class__ is Node:
            nodes.append(argument)
        elif dtypes and type(argument) in (bool, int, float):
            nodes.append(constant(np.asarray(argument, np.result_type(*dtypes, argument))))
        else:
            nodes.append(constant(argument))
    return tuple(nodes)


def check_map(local: Any, op: Op, node: Node, source: Node) -> None:
    """Whether a local Jacobian is a linear map of the shapes of the two nodes: of ops that are not our own.

    >>> check_map(np.ones(2), alias, constant([1.0]), constant([1.0]))
    Traceback (most recent call last):
    ...
    minigrad.errors.GradientError: alias: its local Jacobian must be a linear map such as mg.Diagonal(d), not a ndarray.
    """
    if not isinstance(local, LinearMap):
        found = type(local).__name__
        raise GradientError(
            f"{op.name}: its local Jacobian must be a linear map such as mg.Diagonal(d), not a {found}."
        )
    if (local.in_shape, local.out_shape) != (source.shape, node.shape):
        raise ShapeError(
            f"{op.name}: the local Jacobian of {node.label} by {source.label} maps {local.in_shape} → "
            f"{local.out_shape}, but the values are {source.shape} → {node.shape}."
        )


class Through(Op):
    """v ↦ L v, for a linear map L without entries of its own; what a recorded sweep passes through.

    Local Jacobian: L.

    >>> from minigrad.linear_maps import Scatter
    >>> Through(Scatter(0, (), (2,)))(3.0)
    <scatter (2,) float64: [3. 0.]>
    """

    def __init__(self, linear_map: LinearMap) -> None:
        self.linear_map = linear_map
        self.name = type(linear_map).__name__.lower()

    def forward(self, v: Entry) -> Entry:
        return self.linear_map.apply(v)

    def jacobian(self, argument: int, out: Entry, v: Entry) -> LinearMap:
        return self.linear_map


class Alias(Op):
    """x itself, as a node of its own: what one differentiates by, without the other uses of x. Local Jacobian: I.

    >>> Alias()([1.0])
    <alias (1,) float64: [1.]>
    """

    def forward(self, x: Entry) -> Entry:
        return x

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Identity(x.shape)


class StopGradient(Op):
    """x, through which nothing is differentiated.

    >>> import minigrad as mg
    >>> StopGradient()(mg.parameter(1.0)).differentiable
    False
    """

    differentiable = False

    def forward(self, x: Entry) -> Entry:
        return x


class AsType(Op):
    """x in another dtype; any shape. Never differentiated where that dtype is not of floating point.

    Local Jacobian: the identity (with a Cast, as wherever dtypes meet).

    >>> import numpy as np, minigrad as mg
    >>> mg.parameter([0.5]).astype(np.float32)
    <as_type (1,) float32: [0.5]>
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        if self.dtype.kind not in "fiub":
            raise DTypeError(f"astype: nodes hold real numbers and booleans, and cannot be made {self.dtype}.")
        self.differentiable = self.dtype.kind == "f"

    def forward(self, x: Entry) -> Entry:
        return x.astype(self.dtype)

    def jacobian(self, argument: int, out: Entry, x: Entry) -> LinearMap:
        return Identity(x.shape)


alias = Alias()


def stop_gradient(x: NodeLike) -> Any:
    """x, through which nothing is differentiated; a plain array as it is.

    >>> import minigrad as mg
    >>> mg.grad(lambda x: x * mg.stop_gradient(x))(3.0)
    array(3.)
    """
    return StopGradient()(x) if isinstance(x, Node) else x


@implements(np.astype)
def astype(x: NodeLike, dtype: DTypeLike, *, copy: bool = True) -> Node:
    """x in another dtype (NumPy's meaning; nodes do not change, so that `copy` makes no difference).

    >>> import minigrad as mg
    >>> mg.astype(mg.parameter([0.5]), "float32").dtype
    dtype('float32')
    """
    return AsType(dtype)(x)
