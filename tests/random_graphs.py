"""Random programs of 5 to 60 analytic NumPy operations, and the errors of their derivatives.

    graph = random_graph(7)       always the same one; print(graph) is the program, ready to be pasted
    graph.run(NODES, *nodes)      its value, with any of the modules of array_modules.py
    first_order(graph)            errors of value, gradient, jvp, and of ⟨w, J v⟩ = ⟨Jᵀ w, v⟩
    second_order(graph)           errors of the Hessian: symmetry, curvature, and against jax

`python tests/random_graphs.py 1000 100` prints the largest: of 1,000 graphs in the first order, of 100 in the second.

A program is drawn line after line from the table of random_lines.py. An argument is an earlier result, preferably one
not used yet, whose shape fits and which lies in the function's domain, or is taken there first (sin x + 2.5 for a
logarithm). A line whose value, or whose slope along a random direction, goes beyond 1e3 is drawn again, and so is a
graph whose gradient or curvature does, or is nothing, or whose curvature cannot be told from differences: derivatives
are measured here, and not the condition of an explosion, nor the rounding errors of a zero.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import count
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from array_modules import COMPLEX, NODES, PLAIN, Modules, jax_modules
from random_lines import DOMAINS, ENDINGS, FAMILIES, SETTINGS, SHARES, Line
from witnesses import complex_step, relative_error, ridders

import minigrad as mg

BOUND, SLIGHT = 1e3, 1e-3  # of values and slopes
LARGEST = 48  # entries of an array
FEWEST, MOST = 5, 60  # lines, each one operation
SHAPES = [(3,), (2,), (2, 2), (3, 3), (2, 3), (3, 2), (2, 2, 2), (1, 3), ()]  # of inputs

NAMES = re.compile(r"\b[xv]\d+\b")  # of inputs and results, in the text of a line

Sizes = dict[str, int]  # a table's letters, and the lengths of axes that they stand for


class Graph:
    """A random program: its lines, its constants, and the point where it is differentiated."""

    def __init__(self, seed: int, draft: "Draft", ends: list[str]) -> None:
        self.seed, self.body, self.lines, self.ends = seed, draft.body, draft.lines, ends
        self.inputs = {name: np.asarray(x.real) for name, x in draft.values.items() if name.startswith("x")}
        self.constants = {name: c for name, c in draft.values.items() if name.startswith("c")}

    @property
    def point(self) -> list[np.ndarray]:
        return list(self.inputs.values())

    def __str__(self) -> str:
        arrays = [f"{name} = numpy.{array!r}" for name, array in (self.constants | self.inputs).items()]
        return "\n".join([f"# random_graph({self.seed})", "import numpy", *arrays, "", self.source(), ""])

    def uses(self, name: str) -> int:
        """How many lines read a result."""
        return sum(name in NAMES.findall(text) for text in self.body.values())

    def source(self, result: str = "") -> str:
        steps = [f"    {name} = {text}" for name, text in self.body.items()]
        arguments = ", ".join(["np", "mg", "special", *self.inputs])
        return "\n".join([f"def program({arguments}):", *steps, f"    return {result or [*self.body][-1]}"])

    def run(self, modules: Modules, *arguments: Any) -> Any:
        """The one number that it ends in."""
        return self._program(*modules, *arguments)

    def branches(self, modules: Modules, *arguments: Any) -> Any:
        """The arrays that are summed up in the end, flat and in a row."""
        return self._branches(*modules, *arguments)

    @cached_property
    def slopes(self) -> np.ndarray:
        """The gradient by complex step, an entry at a time, flat."""
        program = partial(self.run, COMPLEX)
        return np.array([complex_step(program, self.point, unit) for unit in units(self.point)])

    @cached_property
    def direction(self) -> list[np.ndarray]:
        """A random direction, in which jvp and curvature are measured."""
        return like(self.point, np.random.default_rng(self.seed))

    def curvature(self, step: float = 1e-3) -> float:
        """The second derivative along the direction: how the slope changes over short steps, extrapolated to none."""

        def slope(h: float) -> Any:
            at = [x + h * v for x, v in zip(self.point, self.direction, strict=True)]
            return complex_step(partial(self.run, COMPLEX), at, self.direction)

        return float(ridders(slope, step, rows=3))

    @cached_property
    def _program(self) -> Callable[..., Any]:
        return self._compiled(self.source())

    @cached_property
    def _branches(self) -> Callable[..., Any]:
        return self._compiled(self.source(f"np.concatenate([{', '.join(f'np.ravel({end})' for end in self.ends)}])"))

    def _compiled(self, source: str) -> Callable[..., Any]:
        names: dict[str, Any] = dict(self.constants)
        exec(compile(source, f"random_graph({self.seed})", "exec"), names)
        program: Callable[..., Any] = names["program"]
        return program


# --- drawing one ------------------------------------------------------------------------------------------------------


class UnfitError(Exception):
    """A line that cannot be written here; another one is drawn."""


class Draft:
    """A program while it is drawn. It runs as it grows, with a random tangent as the imaginary part."""

    step = 1e-30

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.body: dict[str, str] = {}  # name → text, a line each
        self.values: dict[str, Any] = {}  # of constants too, which are real
        self.used: set[str] = set()
        self.lines: set[str] = set()  # of the table
        for k in range(rng.integers(1, 4)):
            shape = SHAPES[rng.integers(len(SHAPES))]
            x = np.round(rng.uniform(-1.5, 1.5, size=shape), 2)
            self.values[f"x{k}"] = x + 1j * self.step * rng.uniform(-1, 1, size=shape)

    @property
    def unused(self) -> list[str]:
        return [name for name in self.values if name not in self.used and not name.startswith("c")]

    @property
    def length(self) -> int:
        """The number of lines, with those that its end will take."""
        return len(self.body) + sum(self.values[name].ndim > 0 for name in self.unused) + 2 * (len(self.unused) > 1)

    def add(self, line: Line) -> None:
        """A line of the table, with arguments that fit; of an attempt that fails, nothing is left."""
        kept = dict(self.body), dict(self.values), set(self.used)
        try:
            sizes: Sizes = {}
            names: dict[str, str] = {}
            for letter, (shape, domain) in zip("abc", line.arguments, strict=False):
                names[letter] = self.argument(shape, domain, sizes, names.get("a", ""))
            if all(name.startswith("c") for name in names.values()):
                raise UnfitError(line.text)
            self.write(line.text, names, sizes)
            self.lines.add(line.text)
        except (UnfitError, ValueError, IndexError):  # the latter two by NumPy, of an axis too short
            self.body, self.values, self.used = kept
            raise UnfitError(line.text) from None

    def argument(self, shape: str, domain: str, sizes: Sizes, first: str) -> str:
        """The name of an earlier result that fits, taken into the domain if need be; or of a new constant."""
        shape, another = shape.rstrip("!"), shape.endswith("!")
        holds, ways = DOMAINS[domain]
        found = [name for name in self.values if not name.startswith("c") and not (another and name == first)]
        found = [name for name in found if fits(shape, self.values[name], sizes, self.values.get(first))]
        found = [name for name in found if ways or holds(self.values[name].real)]
        if not found:
            return self.constant(self.array(shape, domain, sizes))
        fresh = [name for name in found if name not in self.used]
        name = self.rng.choice(fresh if fresh and self.rng.random() < 0.75 else found)
        bind(shape, self.values[name], sizes)
        if not holds(self.values[name].real):
            for text in ways[self.rng.integers(len(ways))]:
                name = self.write(text, {"a": name}, sizes)
            if not holds(self.values[name].real):
                raise UnfitError(domain)
            bind(shape, self.values[name], sizes)
        return str(name)

    def array(self, shape: str, domain: str, sizes: Sizes) -> np.ndarray:
        """Numbers of the wanted shape and domain."""
        if not shape.isalnum():
            raise UnfitError(shape)
        lengths = [int(s) if s.isdigit() else sizes.setdefault(s, int(self.rng.integers(2, 4))) for s in shape]
        x = self.rng.uniform(-2, 2, size=lengths).round(2)
        if not DOMAINS[domain].holds(x):
            raise UnfitError(domain)
        return x

    def constant(self, array: np.ndarray) -> str:
        name = f"c{sum(name.startswith('c') for name in self.values)}"
        self.values[name] = array
        return name

    def write(self, text: str, names: dict[str, str], sizes: Sizes | None = None) -> str:
        """Fill in a line's fields, run it, and return its name; UnfitError where its value is not one to go on with."""
        known = {**(sizes or {}), **names}
        text = re.sub(r"{(\w+)}", lambda field: str(known.get(field[1]) or self.setting(field[1], names["a"])), text)
        with np.errstate(all="ignore"):
            value = np.asarray(eval(text, COMPLEX._asdict() | self.values))
        size = np.abs([value.real, value.imag / self.step])
        if not 0 < value.size <= LARGEST or not np.all(size <= BOUND):
            raise UnfitError(text)
        name = f"v{len(self.body)}"
        self.body[name], self.values[name] = text, value
        self.used.update(NAMES.findall(text))
        return name

    def setting(self, key: str, first: str) -> Any:
        drawn = SETTINGS[key](self.rng, self.values[first].real)
        return self.constant(drawn) if isinstance(drawn, np.ndarray) else drawn

    def end(self) -> list[str]:
        """Take all that nobody used to one number; return what that was."""
        ends = self.unused
        numbers = [name if self.values[name].ndim == 0 else self.summed(name) for name in ends]
        if len(numbers) > 1:
            stacked = self.write(f"np.stack([{', '.join(numbers)}])", {})
            self.write("np.sum({a})", {"a": stacked})
        return ends

    def summed(self, name: str) -> str:
        line = ENDINGS[self.rng.integers(len(ENDINGS))]
        return self.write(line.text, {"a": name})


def fits(wanted: str, x: Any, sizes: Sizes, first: Any) -> bool:
    """Whether an array has the shape that the table asks for, given some lengths and the first argument."""
    if wanted in ("*", "+"):
        return bool(x.ndim >= ("*", "+").index(wanted))
    if wanted == "=":
        return bool(x.shape == first.shape)
    if wanted == "~":
        return all(m == n or 1 in (m, n) for m, n in zip(x.shape[::-1], first.shape[::-1], strict=False))
    known = dict(sizes)
    lengths = [int(s) if s.isdigit() else known.setdefault(s, n) for s, n in zip(wanted, x.shape, strict=False)]
    return len(wanted) == x.ndim and lengths == list(x.shape)


def bind(wanted: str, x: Any, sizes: Sizes) -> None:
    """Note which lengths the letters of a shape stand for now."""
    sizes.update({s: n for s, n in zip(wanted, x.shape, strict=False) if s.isalpha()})


def random_graph(seed: int) -> Graph:
    """The graph of this number, always the same."""
    for attempt in count():
        try:
            return _attempt(seed, np.random.default_rng([seed, attempt]))
        except UnfitError:
            continue
    raise AssertionError("count() has no end")


def _attempt(seed: int, rng: np.random.Generator) -> Graph:
    draft, length = Draft(rng), int(rng.integers(FEWEST, MOST + 1))
    while draft.length < length:
        family = FAMILIES[rng.choice(len(FAMILIES), p=SHARES)]
        try:
            draft.add(family[rng.integers(len(family))])
        except UnfitError:
            continue
    ends = draft.end()
    if not FEWEST <= len(draft.body) <= MOST:
        raise UnfitError
    graph = Graph(seed, draft, ends)
    slope, curvature = np.max(np.abs(graph.slopes)), graph.curvature()
    is_smooth = abs(graph.curvature(step=5e-4) - curvature) <= 1e-8 * abs(curvature)
    if not (SLIGHT <= slope <= BOUND and SLIGHT <= abs(curvature) <= BOUND and is_smooth):
        raise UnfitError
    return graph


# --- measuring --------------------------------------------------------------------------------------------------------


class FirstOrder(NamedTuple):
    """Relative errors of the first derivatives; and of the dot-test, in eps, by dot_test."""

    value: float
    gradient: float
    jvp: float
    dot: float


class SecondOrder(NamedTuple):
    """Relative errors of the Hessian, over its largest entry."""

    symmetry: float
    curvature: float
    jax: float


def first_order(graph: Graph) -> FirstOrder:
    f, x, v, right = partial(graph.run, NODES), graph.point, graph.direction, graph.slopes
    value, gradient = mg.value_and_grad(f, range(len(x)))(*x)
    out, forward = mg.jvp(f, x, v)
    return FirstOrder(
        value=relative_error([value, out], [graph.run(PLAIN, *x)] * 2),
        gradient=relative_error(flat(gradient), right),
        jvp=relative_error(forward, right @ flat(v), size=float(np.linalg.norm(right) * np.linalg.norm(flat(v)))),
        dot=dot_test(graph),
    )


def dot_test(graph: Graph) -> float:
    """How far ⟨w, J v⟩ is from ⟨Jᵀ w, v⟩, over the larger of ‖w‖ ‖J v‖ and ‖Jᵀ w‖ ‖v‖, in eps.

    J is the Jacobian of all that is summed up in the end: that of one number would be tested by one w only.
    """
    f, v = partial(graph.branches, NODES), graph.direction
    ends, pull = mg.vjp(f, *graph.point)
    (w,) = like([ends], np.random.default_rng(graph.seed))
    pushed, pulled = mg.jvp(f, graph.point, v)[1], flat(pull(w))
    size = max(np.linalg.norm(w) * np.linalg.norm(pushed), np.linalg.norm(pulled) * np.linalg.norm(flat(v)))
    return float(abs(w @ pushed - pulled @ flat(v)) / size / np.finfo(float).eps)


def second_order(graph: Graph, against_jax: bool = True) -> SecondOrder:
    """Of the whole Hessian; and of vᵀ H v along the graph's direction, against differences of complex steps."""
    H, v = hessian(graph), flat(graph.direction)
    return SecondOrder(
        symmetry=relative_error(H, H.T),
        curvature=relative_error(v @ H @ v, graph.curvature(), size=float(np.max(np.abs(H)))),
        jax=relative_error(H, jax_hessian(graph)) if against_jax else 0.0,
    )


def hessian(graph: Graph) -> np.ndarray:
    """All second derivatives by minigrad, in one matrix."""
    arguments = tuple(range(len(graph.point)))
    rows = mg.hessian(partial(graph.run, NODES), arguments)(*graph.point)
    sizes = [x.size for x in graph.point]
    return np.block([[row[k].reshape(m, sizes[k]) for k in arguments] for row, m in zip(rows, sizes, strict=True)])


def jax_hessian(graph: Graph) -> np.ndarray:
    """All second derivatives by jax, column after column: forward over reverse, compiled once without optimizing."""
    jax, modules = jax_modules()
    gradient = jax.grad(partial(graph.run, modules), tuple(range(len(graph.point))))
    options = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
    product = jax.jit(lambda v: jax.jvp(gradient, tuple(graph.point), v)[1], compiler_options=options)
    return np.stack([flat(product(unit)) for unit in units(graph.point)], axis=1)


def flat(arrays: Iterable[Any]) -> np.ndarray:
    return np.concatenate([np.ravel(a) for a in arrays])


def like(arrays: Iterable[Any], rng: np.random.Generator) -> list[np.ndarray]:
    """Random tangents, or cotangents: arrays of the same shapes, entries in ±1."""
    return [rng.uniform(-1, 1, size=np.shape(a)) for a in arrays]


def units(arrays: Sequence[np.ndarray]) -> Iterator[tuple[np.ndarray, ...]]:
    """All directions with one entry 1 and the others 0."""
    ends = np.cumsum([a.size for a in arrays])
    for unit in np.eye(ends[-1]):
        yield tuple([part.reshape(a.shape) for part, a in zip(np.split(unit, ends[:-1]), arrays, strict=True)])


def main(first: int = 1000, second: int = 0) -> None:
    """Print the largest errors, and the numbers of their graphs."""
    for measure, graphs in ((first_order, first), (second_order, second)):
        start = perf_counter()
        found = {seed: measure(random_graph(seed)) for seed in range(graphs)}
        for name in next(iter(found.values()))._fields if found else ():
            errors = {seed: getattr(measured, name) for seed, measured in found.items()}
            worst = sorted(errors, key=lambda seed: -np.nan_to_num(errors[seed], nan=np.inf))[:3]
            print(f"{name:9}", *[f"{errors[seed]:.1e} (graph {seed})" for seed in worst])
        print(f"{graphs} graphs in {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
