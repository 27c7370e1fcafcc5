"""What a line of op_examples.py is made of: domains that arguments are drawn from, functions, examples.

Drawn                    an argument: real(3, 4), positive(3, dtype="f4"), fixed(unit(2))
listed, named, pick      ways to write a function of nodes so that a test's name can be read
Example, Built           a line, and its graph at given arrays
elementwise, broadcasting, reducing, normalising      many examples of a function of a common kind, as one line
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from witnesses import complex_step

import minigrad as mg
from minigrad.graph import arguments_first
from minigrad.ops.indexing import GetItem

# --- arguments --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """An argument to be drawn: from a domain, of a shape and a dtype; a parameter, or fixed."""

    domain: str
    draw: Callable[[np.random.Generator, tuple[int, ...]], Any]
    shape: tuple[int, ...]
    dtype: str
    fixed: bool = False

    def __str__(self) -> str:
        dtype = [] if self.dtype in ("f8", "i8", "?") else [self.dtype]
        text = f"{self.domain}({','.join([*map(str, self.shape), *dtype])})"
        return f"fixed {text}" if self.fixed else text

    def array(self, rng: np.random.Generator) -> np.ndarray:
        return np.asarray(self.draw(rng, self.shape)).astype(self.dtype)


def domain(name: str, draw: Callable[[np.random.Generator, tuple[int, ...]], Any], dtype: str = "f8") -> Any:
    def drawn(*shape: int, dtype: str = dtype) -> Drawn:
        return Drawn(name, draw, shape, dtype)

    drawn.__name__ = name
    return drawn


# Numbers keep a distance of 0.1 and more from the end of their domain, so that a witness may step to both sides.
real = domain("real", lambda rng, shape: rng.normal(size=shape))
positive = domain("positive", lambda rng, shape: rng.uniform(0.4, 3, size=shape))
unit = domain("unit", lambda rng, shape: rng.uniform(0.15, 0.85, size=shape))
kinkless = domain("kinkless", lambda rng, shape: rng.choice([-1, 1], size=shape) * rng.uniform(0.2, 2, size=shape))
whole = domain("whole", lambda rng, shape: rng.integers(1, 5, size=shape), "i8")  # 1 … 4
mask = domain("mask", lambda rng, shape: rng.random(size=shape) < 0.5, "?")
labels = domain("labels", lambda rng, shape: rng.random(size=shape).round())  # 0 or 1, as floats


def fixed(argument: Any) -> Drawn:
    """The same as a constant: an argument by which is not differentiated."""
    if isinstance(argument, Drawn):
        return replace(argument, fixed=True)
    array = np.asarray(argument)
    return Drawn("given", lambda rng, shape: array, array.shape, array.dtype.str, fixed=True)


# --- functions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A function that takes its arrays as one list."""

    function: Callable[..., Any]

    def __call__(self, *parts: Any) -> Any:
        return self.function(parts)


def listed(function: Callable[..., Any], **settings: Any) -> Listed:
    return Listed(partial(function, **settings) if settings else function)


def named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function made for one line, with what it computes as its name."""
    function.__name__ = name
    return function


class Pick:
    """pick[1:, None] is the function x ↦ x[1:, None]."""

    def __getitem__(self, index: Any) -> Callable[..., Any]:
        return partial(mg.getitem, index=index)


pick = Pick()


def written(function: Any) -> str:
    """A function as a reader would write it; a test's name begins with it."""
    if isinstance(function, Listed):
        return written(function.function)
    if isinstance(function, partial) and function.func is mg.getitem:
        return repr(GetItem(function.keywords["index"]))
    if isinstance(function, partial):
        return f"{written(function.func)}({','.join(f'{key}={value}' for key, value in function.keywords.items())})"
    return repr(function) if isinstance(function, mg.Op) else str(function.__name__)


# --- examples ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A function of nodes, and its arguments."""

    function: Callable[..., mg.Node]
    arguments: tuple[Any, ...]
    analytic: Callable[..., Any] | None
    derivatives: int

    def __str__(self) -> str:
        texts = [str(a) if isinstance(a, (Drawn, int, float)) else f"given{np.shape(a)}" for a in self.arguments]
        return f"{written(self.function)} {' '.join(texts)}".replace(", ", ",")

    @property
    def bare(self) -> object:
        """The function without its settings."""
        function = self.function.function if isinstance(self.function, Listed) else self.function
        return function.func if isinstance(function, partial) else function

    def draw(self, rng: np.random.Generator) -> list[Any]:
        """Arrays for the arguments, from their domains."""
        return [
            a.array(rng) if isinstance(a, Drawn) else a if isinstance(a, (int, float)) else np.asarray(a)
            for a in self.arguments
        ]

    def build(self, arrays: list[Any]) -> "Built":
        """The graph of the function at these arrays."""
        leaves = [self._leaf(given, array) for given, array in zip(self.arguments, arrays, strict=True)]
        return Built(self, arrays, leaves, self.function(*leaves))

    def _leaf(self, given: Any, array: Any) -> Any:
        if not isinstance(array, np.ndarray):
            return array
        is_fixed = array.dtype.kind != "f" or (isinstance(given, Drawn) and given.fixed)
        return mg.constant(array) if is_fixed else mg.parameter(array)

    def at(self, *arrays: Any) -> Any:
        """The value in plain NumPy, at complex arrays too: the formula, or else the written ops' own forward."""
        if self.analytic is not None:
            return self.analytic(*arrays)
        built = self.build([np.real(a) if isinstance(a, np.ndarray) else a for a in arrays])
        values = {leaf: a for leaf, a in zip(built.leaves, arrays, strict=True) if isinstance(leaf, mg.Node)}
        for node in arguments_first([built.node]):
            if node not in values:
                values[node] = node.op.forward(*[values[s] for s in node.inputs]) if node.op else node.value
        return values[built.node]


@dataclass(frozen=True, eq=False)
class Built:
    """An example at given arrays, as a graph."""

    line: Example
    arrays: list[Any]
    leaves: list[Any]  # a node for each argument, but for Python's own numbers
    node: mg.Node

    @property
    def parameters(self) -> dict[int, mg.Node]:
        """What is differentiated by, by the argument's position."""
        return {k: n for k, n in enumerate(self.leaves) if isinstance(n, mg.Node) and n.differentiable}

    @property
    def eps(self) -> float:
        """The spacing at 1 of the coarsest precision that the function computes in."""
        dtypes = [n.dtype for n in arguments_first([self.node])]
        return max([float(np.finfo(dtype).eps) for dtype in dtypes if dtype.kind == "f"], default=0.0)

    def slope(self, directions: dict[int, np.ndarray]) -> np.ndarray:
        """The derivative of the value when the parameters at these positions move, by complex step."""
        return complex_step(self.line.at, self.arrays, [directions.get(k) for k in range(len(self.arrays))])

    def maps(self) -> Iterator[tuple[str, mg.LinearMap]]:
        """The local Jacobians at every node of the graph, and the total ones of its value."""
        for node in arguments_first([self.node]):
            for k, source in enumerate(node.inputs):
                if source.differentiable:
                    yield f"local_jacobian({node.kind}, {k})", mg.local_jacobian(node, k)
        for k, parameter in self.parameters.items():
            yield f"total_jacobian by argument {k}", mg.total_jacobian(self.node, parameter)


def example(
    function: Callable[..., Any],
    *arguments: Any,
    analytic: Callable[..., Any] | None = None,
    derivatives: int = 2,
) -> Example:
    return Example(function, arguments, analytic, derivatives)


def elementwise(function: Callable[..., Any], domain: Any, analytic: Callable[..., Any] | None = None) -> list[Example]:
    """The examples that every function of one array has, entry by entry: a matrix, a number, nothing, float32."""
    shapes = (domain(3, 4), domain(), domain(0, 3), domain(2, 3, dtype="f4"))
    return [example(function, x, analytic=analytic) for x in shapes]


def broadcasting(function: Callable[..., Any], x: Any, y: Any) -> list[Example]:
    """The examples that every function of two arrays has that are enlarged to one shape."""
    pairs = [
        (x(3, 4), y(3, 4)),
        (x(3, 1), y(4)),
        (x(4), y(2, 3, 1)),
        (x(2, 3), y()),
        (x(), y(2, 3)),
        (x(), y()),
        (x(0, 3), y(3)),
        (x(1), y(0)),
        (x(3, dtype="f4"), y(2, 3, dtype="f4")),
        (x(3, dtype="f4"), y(3)),
        (x(2, 1), y(3, dtype="f4")),
        (x(3, dtype="f4"), 2),
        (0.5, y(3, dtype="f4")),
        (x(3), whole(2, 1)),
        (whole(3), y(2, 3)),
        (x(3), fixed(y(3))),
    ]
    return [example(function, *pair) for pair in pairs]


def reducing(function: Callable[..., Any], domain: Any, analytic: Callable[..., Any] | None = None) -> list[Example]:
    """The examples of a function that takes axes away; its formula has settings axis and keepdims."""
    cases = [
        (domain(2, 3), {}),
        (domain(), {}),
        (domain(2, 3), {"axis": 0}),
        (domain(2, 3, 4, dtype="f4"), {"axis": -2}),
        (domain(2, 3, 4), {"axis": (0, -1)}),
        (domain(2, 3, 4), {"axis": (2, 0), "keepdims": True}),
        (domain(2, 3), {"keepdims": True}),
        (domain(2, 3), {"axis": ()}),
        (domain(0, 3), {"axis": 1}),
        (domain(2, 3), {"axis": np.int64(1)}),
    ]
    return [
        example(partial(function, **settings), x, analytic=analytic and partial(analytic, **settings))
        for x, settings in cases
    ]


def normalising(function: Callable[..., Any], analytic: Callable[..., Any]) -> list[Example]:
    """The examples of a function that normalises along the units; its formula calls their axis axis."""
    cases = [
        (real(3), 0),
        (real(3, 4), 0),
        (real(3, 2, dtype="f4"), 1),
        (real(2, 3, 4), -2),
        (real(3, 0), 0),
        (real(), 0),
    ]
    return [
        *(example(partial(function, units_axis=k), x, analytic=partial(analytic, axis=k)) for x, k in cases),
        example(function, whole(3), analytic=analytic, derivatives=0),
    ]
