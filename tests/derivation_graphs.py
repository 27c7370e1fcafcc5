"""Random graphs of ops with an index form, by number, for derivations; and how long these take.

    case = derivation_graph(7)    always the same one: case.J, its parameters case.wrt, and the family it is from
    case.derivation("textbook")   mg.derive(case.J, case.wrt, …)

The families take turns, so that any run of numbers holds all of them. Every family draws its shapes, so that axes of
length one, 0-d arrays, one sample and one unit come up by themselves; values stay where no function saturates.

`python tests/derivation_graphs.py 1000` prints how many were derived and checked, and the time that networks take.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from array_modules import NODES
from random_graphs import random_graph

import minigrad as mg

NAMES = [
    "",
    "",
    "",
    "W",
    "b",
    "x",
    "z",
    "a",
    "a³",
    "W_12",
    "Θ²",
    "weights of the second layer",
    "δ",
    "J",
    "m",
    "λ",
    "s",
]
HOSTILE = [
    r"\input{x}",
    "<script>alert(1)</script>",
    "$x$",
    "a_b_c",
    "%",
    "∂J/∂x",
    "x\u202ey",
    "🙂",
    " ",
    "i",
    "\\",
    "1",
]
SMOOTH = [np.tanh, np.sin, np.cos, np.arctan, mg.sigmoid, mg.softplus, np.square, lambda x: np.exp(0.3 * x)]
SMOOTH += [lambda x: np.sqrt(x * x + 1.0), lambda x: np.log(x * x + 1.5), lambda x: 1 / (x * x + 2.0), lambda x: -x]
SMOOTH += [
    lambda x: x**3,
    lambda x: 0.5 * x + 1,
    mg.relu,
    np.abs,
    lambda x: np.log1p(x * x),
    lambda x: np.expm1(0.2 * x),
]
PAIRS = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (b * b + 1.5), mg.multiply]
PAIRS += [np.maximum, lambda a, b: mg.where(a > 0, a, b), lambda a, b: (a * a + 1.0) ** (0.5 * b)]
PAIRS += [lambda a, b: np.hypot(a, b + 3.0)]


class Case(NamedTuple):
    """A graph, and the parameters that it is differentiated by."""

    family: str
    seed: int
    J: mg.Node
    wrt: list[mg.Node]

    def derivation(self, level: str = "every step", notation: str = "standard") -> Any:
        return mg.derive(self.J, self.wrt, level=level, notation=notation)


# --- ops of one's own -------------------------------------------------------------------------------------------------


class Cubed(mg.Op):
    """x³, with a diagonal Jacobian."""

    def forward(self, x: Any) -> Any:
        return x * x * x

    def jacobian(self, argument: int, out: Any, x: Any) -> mg.LinearMap:
        return mg.Diagonal(3 * x * x)


class Mixed(mg.Op):
    """C x for a fixed matrix C, whose Jacobian is given as a dense matrix."""

    def __init__(self, C: Any) -> None:
        self.C = np.asarray(C)

    def forward(self, x: Any) -> Any:
        return self.C @ x

    def jacobian(self, argument: int, out: Any, x: Any) -> mg.LinearMap:
        return mg.Dense(self.C, in_shape=x.shape, out_shape=out.shape)


@mg.custom(lambda argument, a, x, w: mg.Diagonal((w, x)[argument]))
def paired(x: Any, w: Any) -> Any:
    """x w, with two diagonal Jacobians."""
    return x * w


@mg.custom(
    lambda argument, a, A, x: (
        mg.RightMul(x, in_shape=A.shape, out_shape=a.shape),
        mg.LeftMul(A, in_shape=x.shape, out_shape=a.shape),
    )[argument]
)
def applied(A: Any, x: Any) -> Any:
    """A x, of one's own."""
    return A @ x


# --- drawing ----------------------------------------------------------------------------------------------------------


class Draw:
    """What the families draw with: arrays, leaves with or without a name, functions."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.wrt: list[mg.Node] = []

    def array(self, *shape: int) -> np.ndarray:
        return np.asarray(np.round(self.rng.uniform(-1.5, 1.5, shape), 2))

    def name(self) -> str | None:
        pool = HOSTILE if self.rng.random() < 0.1 else NAMES
        return pool[self.rng.integers(len(pool))] or None

    def parameter(self, *shape: int) -> mg.Node:
        self.wrt.append(mg.parameter(self.array(*shape), name=self.name()))
        return self.wrt[-1]

    def constant(self, *shape: int) -> mg.Node:
        return mg.constant(self.array(*shape), name=self.name())

    def leaf(self, *shape: int) -> mg.Node:
        return self.parameter(*shape) if self.chance(0.7) else self.constant(*shape)

    def size(self, low: int = 1, high: int = 4) -> int:
        return int(self.rng.integers(low, high + 1))

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one_of(self, items: Sequence[Any]) -> Any:
        return items[self.rng.integers(len(items))]

    def smooth(self, x: Any) -> Any:
        return self.one_of(SMOOTH)(x)

    def number(self, x: mg.Node) -> mg.Node:
        """A number of a whole array."""
        ways: list[Callable[[Any], Any]] = [mg.sum, mg.mean, lambda x: np.sum(x * x), lambda x: np.sum(np.tanh(x))]
        ways += [lambda x: np.sum(self.array(*x.shape) * x), lambda x: mg.l2_penalty([x], 0.3, samples=3)]
        return self.one_of(ways)(x) if x.ndim else self.smooth(x)


# --- the families -----------------------------------------------------------------------------------------------------


def network(draw: Draw) -> mg.Node:
    """The notes' network: bias units, cross-entropy, a penalty without the bias column."""
    sizes = tuple([draw.size(1, 5) for _ in range(draw.size(2, 5))])
    m = draw.one_of([1, 2, 3, 5])
    net = mg.Network(sizes, rng=draw.size(0, 99))
    labels = (draw.rng.random((m, sizes[-1])) > 0.5) * 1.0
    decay = draw.one_of([0.0, 0.1, 1.3])
    run = net.forward(draw.rng.normal(size=(m, sizes[0])), labels, weight_decay=decay)
    draw.wrt += run.theta.values()
    return run.J


def layers(draw: Draw) -> mg.Node:
    """Layers with samples as columns or rows: biases, residuals, shared weights, scopes, three costs, a penalty."""
    m, rows = draw.one_of([1, 2, 3, 4]), draw.chance(0.4)
    n = draw.size(1, 4)
    a: Any = mg.constant(draw.array(*((m, n) if rows else (n, m))), name=draw.one_of(["X", None, "x"]))
    if draw.chance(0.15):
        a = mg.parameter(a.value, name="X")
        draw.wrt.append(a)
    weights: list[mg.Node] = []
    for layer in range(draw.size(1, 4)):
        with mg.scope(f"layer {layer}") if draw.chance(0.5) else nullcontext():
            shared = [W for W in weights if W.shape == (n, n)]
            if shared and draw.chance(0.4):
                k, W = n, shared[0]
            else:
                k = n if draw.chance(0.4) else draw.size(1, 4)
                W = draw.parameter(*((n, k) if rows else (k, n)))
                weights.append(W)
            z = a @ W if rows else mg.matmul(W, a)
            if draw.chance(0.7):
                b = draw.parameter(*((1, k) if rows else (k, 1)))
                z = mg.add_bias(z, b) if draw.chance(0.5) else z + b
            if draw.chance(0.15):
                z = mg.softmax(z, units_axis=1 if rows else 0)
            new = draw.one_of([np.tanh, mg.sigmoid, mg.softplus, mg.relu, Cubed()])(z)
            a, n = (a + new if a.shape == new.shape and draw.chance(0.6) else new), k
    J = _cost(draw, a, 1 if rows else 0)
    if draw.chance(0.5):
        chosen = [W for W in weights if draw.chance(0.7)] or weights[:1]
        J = J + mg.l2_penalty(list(dict.fromkeys(chosen)), draw.one_of([0.1, 0.7]), samples=draw.one_of([1, m, 4]))
    return J


def _cost(draw: Draw, a: mg.Node, units_axis: int) -> mg.Node:
    kind = draw.one_of(["cross", "squared", "softmax", "other"])
    if kind == "cross":
        labels = mg.constant((draw.rng.random(a.shape) > 0.5) * 1.0, name=draw.one_of(["Y", None]))
        return mg.cross_entropy(mg.sigmoid(a), labels, units_axis)
    if kind == "softmax":
        p = draw.rng.random(a.shape) + 0.1
        labels = mg.constant(p / p.sum(axis=units_axis, keepdims=True), name="Y")
        return mg.softmax_cross_entropy(a, labels, units_axis)
    if kind == "squared":
        return mg.squared_error(a, draw.constant(*a.shape), units_axis)
    return draw.number(a)


def entrywise(draw: Draw) -> mg.Node:
    """Elementwise functions of arrays that broadcast, up to three axes, used once or twice."""
    lengths = [draw.size(1, 3) for _ in range(draw.size(0, 3))]

    def shape() -> list[int]:
        kept = lengths[draw.size(0, len(lengths)) if draw.chance(0.3) else 0 :]
        return [1 if draw.chance(0.2) else n for n in kept]

    values: list[Any] = [draw.parameter(*shape())] + [draw.leaf(*shape()) for _ in range(draw.size(0, 2))]
    used = {0}
    for k in range(draw.size(2, 5)):
        with mg.scope(f"part {k}") if draw.chance(0.2) else nullcontext():
            a, b = draw.size(0, len(values) - 1), draw.size(0, len(values) - 1)
            values.append(draw.smooth(values[a]) if draw.chance(0.5) else draw.one_of(PAIRS)(values[a], values[b]))
            used |= {a, b}
    ends = [x for k, x in enumerate(values) if k not in used or k == len(values) - 1]
    return _added([draw.number(x) for x in ends])


def _added(numbers: Sequence[Any]) -> Any:
    total = numbers[0]
    for each in numbers[1:]:
        total = total + each
    return total


def laid_out(draw: Draw) -> mg.Node:
    """Transposes, slices, reshapes, broadcasting, and sums and means along axes."""
    shape = [draw.size(1, 4) for _ in range(draw.size(1, 3))]
    x: Any = draw.parameter(*shape)
    for _ in range(draw.size(2, 5)):
        x = draw.one_of([_transposed, _sliced, _reduced, _broadcast, _joined, partial(_smoothed, named=True)])(draw, x)
    return draw.number(x)


def _smoothed(draw: Draw, x: Any, named: bool = False) -> Any:
    return draw.smooth(x)


def _transposed(draw: Draw, x: Any) -> Any:
    order = tuple(int(k) for k in draw.rng.permutation(x.ndim))
    return draw.one_of([lambda: x.T, lambda: np.transpose(x, order)])()


def _sliced(draw: Draw, x: Any) -> Any:
    if not x.ndim:
        return x
    where: list[Any] = []
    for n in x.shape:
        start = draw.size(0, n - 1)
        where.append(
            draw.one_of(
                [
                    slice(None),
                    slice(start, None),
                    slice(0, draw.size(1, n)),
                    start,
                    None if draw.chance(0.2) else slice(None),
                ]
            )
        )
    where = where[: draw.size(1, len(where))]
    return x[tuple(where)]


def _reduced(draw: Draw, x: Any) -> Any:
    if not x.ndim:
        return x
    axis, keep = draw.size(0, x.ndim - 1), draw.chance(0.5)
    ways = [mg.sum, mg.mean, mg.logsumexp, lambda x, axis, keepdims: mg.softmax(x, units_axis=axis)]
    return draw.one_of(ways)(x, axis=axis, keepdims=keep)


def _broadcast(draw: Draw, x: Any) -> Any:
    if x.ndim > 2:
        return x
    n = draw.size(1, 3)
    return draw.one_of([lambda: mg.broadcast_to(x, (n, *x.shape)), lambda: x + draw.leaf(n, *[1] * x.ndim)])()


def _joined(draw: Draw, x: Any) -> Any:
    if not x.ndim:
        return mg.stack([x, np.tanh(x)])
    return draw.one_of([lambda: np.reshape(x, -1), lambda: mg.concatenate([x, 2.0 * x]), lambda: np.flip(x)])()


def matrices(draw: Draw) -> mg.Node:
    """Products of matrices and vectors: one used twice, x @ x, quadratic forms, attention, einsum."""
    n, k, m = draw.size(1, 4), draw.size(1, 4), draw.size(1, 3)
    A, B, x, S = draw.parameter(n, k), draw.leaf(k, m), draw.leaf(k), draw.parameter(n, n)
    ways: list[Callable[[], Any]] = [
        lambda: A @ B,
        lambda: np.tanh(A @ B) @ B.T,
        lambda: A @ x,
        lambda: S @ S,
        lambda: (S @ A).T @ np.tanh(A),
        lambda: x @ (A.T @ A) @ x,
        lambda: mg.softmax(A @ A.T / np.sqrt(k), units_axis=1) @ np.tanh(A),
        lambda: np.einsum("ij,jk->ik", A, B),
        lambda: np.outer(A @ x, x),
        lambda: np.einsum("ii->i", S) if n > 1 else np.trace(S),
        lambda: np.sum(A * A, axis=1),
        lambda: S @ (A @ x) + A @ x,
        lambda: np.dot(A @ x, A @ x),
        lambda: np.trace(S @ S.T),
        lambda: mg.sigmoid(A[:, :1] @ B[:1, :]),
    ]
    found = [draw.one_of(ways)() for _ in range(draw.size(1, 2))]
    return _added([draw.number(x) for x in found])


def numbers_only(draw: Draw) -> mg.Node:
    """Graphs of 0-d arrays, with values used twice."""
    values: list[Any] = [draw.parameter()] + [draw.leaf() for _ in range(draw.size(0, 2))]
    for _ in range(draw.size(2, 6)):
        a, b = values[draw.size(0, len(values) - 1)], values[draw.size(max(0, len(values) - 2), len(values) - 1)]
        new = draw.one_of([lambda a=a: draw.smooth(a), lambda a=a, b=b: draw.one_of(PAIRS)(a, b)])()
        values.append(new if np.abs(new.value) < 10 else np.tanh(new))
    return values[-1] if values[-1].differentiable else values[-1] + values[0]


def own_ops(draw: Draw) -> mg.Node:
    """Ops of one's own among others: diagonal, dense, matrix Jacobians."""
    n, k = draw.size(1, 4), draw.size(1, 4)
    x, A, w = draw.parameter(n), draw.parameter(k, n), draw.leaf(n)
    ways: list[Callable[[Any], Any]] = [
        Cubed(),
        lambda x: paired(x, w),
        Mixed(draw.array(n, n)),
        lambda x: paired(x, np.tanh(x)),
    ]
    y: Any = x
    for _ in range(draw.size(1, 3)):
        y = draw.one_of(ways)(y)
    y = draw.one_of([lambda: A @ y, lambda: applied(A, y[:, None]), lambda: Cubed()(0.3 * (A @ y))])()
    return draw.number(0.3 * y)


def recurrent(draw: Draw) -> mg.Node:
    """A state updated by the same weights a few times."""
    n, m = draw.size(1, 3), draw.one_of([1, 2, 3])
    W, U, b = draw.parameter(n, n), draw.parameter(n, 2), draw.parameter(n, 1)
    h: Any = draw.constant(n, m)
    for t in range(draw.size(1, 3)):
        x = mg.constant(draw.array(2, m), name=draw.one_of([f"x_{t}", None]))
        h = np.tanh(mg.add_bias(W @ h + U @ x, b))
    return _cost(draw, h, 0)


def normalised(draw: Draw) -> mg.Node:
    """Samples that act on one another, or units that do: batch norm, layer norm, softmax over samples."""
    n, m = draw.size(2, 3), draw.size(2, 4)
    W, g = draw.parameter(n, 2), draw.parameter(n, 1)
    z: Any = W @ mg.constant(draw.array(2, m), name="X")
    axis = draw.one_of([0, 1])
    if draw.chance(0.3):
        return _cost(draw, g * mg.softmax(z, units_axis=axis), 0)
    centred = z - mg.mean(z, axis=axis, keepdims=True)
    spread = mg.mean(centred * centred, axis=axis, keepdims=True)
    return _cost(draw, g * centred / np.sqrt(spread + 0.3), 0)


def program(draw: Draw) -> mg.Node:
    """A program drawn from the table of random_lines.py, of any NumPy functions."""
    graph = random_graph(int(draw.rng.integers(10**6)))
    draw.wrt += [mg.parameter(x, name=draw.one_of([name, None])) for name, x in graph.inputs.items()]
    J = graph.run(NODES, *draw.wrt)
    draw.wrt = [x for x in draw.wrt if x in set(_below(J))]
    return J


FAMILIES = [
    network,
    layers,
    entrywise,
    laid_out,
    matrices,
    numbers_only,
    own_ops,
    recurrent,
    normalised,
    layers,
    entrywise,
    program,
]


def _below(J: mg.Node) -> Iterator[mg.Node]:
    seen, waiting = {J}, [J]
    while waiting:
        node = waiting.pop()
        yield node
        new = [source for source in node.inputs if source not in seen]
        seen.update(new)
        waiting += new


def derivation_graph(seed: int) -> Case:
    """The graph of this number, always the same."""
    family = FAMILIES[seed % len(FAMILIES)]
    for attempt in range(100):
        draw = Draw(seed + 10**6 * attempt)
        J = family(draw)
        reached = set(_below(J))
        draw.wrt = [x for x in dict.fromkeys(draw.wrt) if x in reached]
        values = [np.abs(node.value).max(initial=0) for node in reached if node.dtype.kind == "f"]
        if J.differentiable and draw.wrt and J.size == 1 and max(values) < 1e3:
            return Case(family.__name__, seed, J, draw.wrt)
    raise AssertionError(f"no graph for number {seed}")


def main(graphs: int = 1000) -> None:
    """Print how many derivations were made and checked, and the times of networks."""
    counts: Counter[str] = Counter()
    steps, worst, start = 0, 0.0, perf_counter()
    for seed in range(graphs):
        case = derivation_graph(seed)
        try:
            report = case.derivation().check()
            counts[f"{case.family}: checked"] += 1
            steps, worst = steps + report.steps, max(worst, report.error)
        except Exception as error:
            counts[f"{case.family}: {type(error).__name__}"] += 1
            print(f"{seed} ({case.family}): {type(error).__name__}: {error}"[:600])
    print(f"{graphs} graphs, {steps} steps, largest error {worst:.1e}, {perf_counter() - start:.0f} s")
    for key, number in sorted(counts.items()):
        print(f"  {key:40} {number}")
    rng = np.random.default_rng(0)
    for sizes, m in (((2, 4, 4, 4), 1), ((2, 4, 4, 4), 5), ((8,) * 21, 5), ((784, 256, 10), 50)):
        labels = (rng.random((m, sizes[-1])) > 0.5) * 1.0
        J = mg.Network(sizes, rng=0).forward(rng.normal(size=(m, sizes[0])), labels, weight_decay=0.1).J
        start = perf_counter()
        d = mg.derive(J, level="every step")
        derived = perf_counter()
        d.check()
        shown = "-".join(map(str, sizes)) if len(sizes) < 5 else f"{len(sizes) - 1} layers of {sizes[0]}"
        print(f"{shown}, m = {m}: derive {derived - start:.2f} s, check {perf_counter() - derived:.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
