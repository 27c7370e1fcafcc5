"""The notes' network of sigmoid layers: Θ^(l), z^(l), a^(l), δ^(l), counted from layer 1 as in the notes.

    net = Network((2, 4, 4, 4), rng=0)          net.thetas: Θ^(1) … Θ^(3), bias column first
    run = net.forward(X, Y, weight_decay=0.1)   samples are rows of X and Y; inside, columns, as in the notes
    run.J, run.z[3], run.a[3], run.theta[3]     nodes, by layer
    run.deltas(), run.theta_gradients()         from the reverse sweep
    run.closed_form()                           the notes' formulas in plain NumPy, independent of the sweep

Per layer the graph is  a^(l) → [1; a^(l)] → z^(l+1) = Θ^(l) [1; a^(l)] → a^(l+1) = g(z^(l+1)),  N3 and N4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .errors import DTypeError, ShapeError
from .graph import Node, NodeLike, constant, parameter, scope, set_writeable
from .linear_maps import LinearMap, Scatter
from .linear_maps.algebra import Array, Entry
from .ops.base import Op
from .ops.indexing import GetItem
from .ops.linear import matmul
from .ops.losses import cross_entropy, l2_penalty
from .ops.pointwise import add, sigmoid
from .ops.shaping import transpose
from .queries import gradients

_BELOW_BIAS = (slice(1, None),)

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _numbered(letter: str, layer: int) -> str:
    return letter + str(layer).translate(_SUPERSCRIPTS)


class BiasUnit(Op):
    """[1; a]: the bias unit a₀ = 1 on top of a layer's units, for every sample (notes, N3). a is (s, m).

    Local Jacobian: Scatter below the first row; a₀ is a constant and gets no derivative (N5).

    >>> BiasUnit()([[0.5, 0.25]]).value
    array([[1.  , 1.  ],
           [0.5 , 0.25]])
    """

    def forward(self, a: Entry) -> Entry:
        units, samples = a.shape
        with_bias = np.empty_like(a, shape=(units + 1, samples))  # laid out as a is: Xᵀ is copied row by row
        with_bias[0] = 1
        with_bias[1:] = a
        return with_bias

    def jacobian(self, argument: int, out: Entry, a: Entry) -> LinearMap:
        return Scatter(_BELOW_BIAS, a.shape, out.shape)


bias_unit = BiasUnit()
weights_of = GetItem((slice(None), slice(1, None)))


@dataclass(frozen=True)
class ClosedForm:
    """The notes' formulas evaluated in plain NumPy: δ^(l) for l = 2 … L, and ∂J/∂Θ^(l) for l = 1 … L − 1.

    >>> closed = Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]]).closed_form()
    >>> sorted(closed.deltas), sorted(closed.theta_gradients)
    ([2, 3], [1, 2])
    """

    deltas: Mapping[int, Array]
    theta_gradients: Mapping[int, Array]


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """One forward pass of a Network on m samples: its cost and its nodes by layer.

    `z[l]` and `a[l]` are (s_l, m), a column a sample; `theta[l]` is (s_{l+1}, s_l + 1).

    >>> run = Network((2, 4, 4, 4), rng=0).forward([[0.0, 1.0]], [[1.0, 0.0, 0.0, 0.0]])
    >>> run.z[3].shape, run.theta[3].shape
    ((4, 1), (4, 5))
    """

    J: Node
    z: Mapping[int, Node]
    a: Mapping[int, Node]
    theta: Mapping[int, Node]
    Y: Array  # (s_L, m)
    weight_decay: float

    def deltas(self) -> dict[int, Array]:
        """δ^(l) = ∂J/∂z^(l), (s_l, m), for l = 2 … L, by the reverse sweep: J's 1/m is in it.

        >>> run = Network((2, 1), rng=0).forward([[0.0, 1.0]], [[1.0]])
        >>> bool(run.deltas()[2] == run.a[2].value - 1)
        True
        """
        return dict(zip(self.z, gradients(self.J, list(self.z.values())), strict=True))

    def theta_gradients(self) -> dict[int, Array]:
        """∂J/∂Θ^(l), shaped as Θ^(l), for l = 1 … L − 1, by the reverse sweep.

        >>> Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]]).theta_gradients()[1].shape
        (3, 3)
        """
        return dict(zip(self.theta, gradients(self.J, list(self.theta.values())), strict=True))

    def closed_form(self) -> ClosedForm:
        """The notes' formulas N2, N9 and N10, written out in NumPy; nothing of the sweep is used.

        δ^(L) = (a^(L) − y)/m,  δ^(l) = g′(z^(l)) ⊙ [Θ_w^(l)]ᵀ δ^(l+1),
        ∂J/∂Θ^(l) = δ^(l+1) [a^(l)]ᵀ + (λ/m) [0, Θ_w^(l)].

        >>> run = Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]])
        >>> bool(np.allclose(run.closed_form().deltas[2], run.deltas()[2]))
        True
        """
        last = max(self.a)
        theta = {layer: node.value for layer, node in self.theta.items()}
        a = {1: self.a[1].value}
        for layer, weights in theta.items():
            z = weights[:, :1] + weights[:, 1:] @ a[layer]
            a[layer + 1] = np.exp(-np.logaddexp(0, -z))
        samples = self.Y.shape[1]
        deltas = {last: (a[last] - self.Y) / samples}
        for layer in range(last - 1, 1, -1):
            deltas[layer] = a[layer] * (1 - a[layer]) * (theta[layer][:, 1:].T @ deltas[layer + 1])
        theta_gradients = {}
        for layer, weights in theta.items():
            with_bias = np.vstack([np.ones((1, samples)), a[layer]])
            penalty = self.weight_decay / samples * weights
            penalty[:, 0] = 0
            theta_gradients[layer] = deltas[layer + 1] @ with_bias.T + penalty
        return ClosedForm({layer: deltas[layer] for layer in sorted(deltas)}, theta_gradients)

    def __repr__(self) -> str:
        sizes = [self.a[1].shape[0], *[z.shape[0] for z in self.z.values()]]
        samples = f"{self.Y.shape[1]} sample{'s' if self.Y.shape[1] > 1 else ''}"
        return f"<run {'-'.join(map(str, sizes))}, {samples}: J = {self.J.item():.4g}>"

    def _repr_html_(self) -> str:
        from viz.display import run_html

        return run_html(self)

    def layer_of(self, node: Node) -> int | None:
        """The layer that a node of this run stands in, or None for the cost and what belongs to it.

        >>> run = Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]])
        >>> run.layer_of(run.a[2]), run.layer_of(run.J)
        (2, None)
        """
        named = node.scope[-1].removeprefix("layer ") if node.scope else ""
        return int(named) if named.isdecimal() else None


class Network:
    """A network of sigmoid layers of the given sizes, immutable; its cost is the cross entropy with an L2 penalty (N1).

    `thetas` are Θ^(1) … Θ^(L−1), read-only, each (s_{l+1}, s_l + 1), the bias column first. They start uniform in
    ±√(6/(s_l + s_{l+1})) (Glorot and Bengio, 2010). ShapeError for fewer than two layers or an empty one.

    >>> net = Network((2, 4, 4, 4), rng=0)
    >>> [theta.shape for theta in net.thetas]
    [(4, 3), (4, 5), (4, 5)]
    """

    __slots__ = ("sizes", "thetas")

    def __init__(
        self, sizes: Sequence[int], rng: int | np.random.Generator | None = None, *, dtype: DTypeLike = np.float64
    ) -> None:
        sizes = tuple([int(size) for size in sizes])
        if len(sizes) < 2 or min(sizes) < 1:
            raise ShapeError(f"Network: {sizes} is not a list of two or more layers of at least one unit each.")
        generator = np.random.default_rng(rng)
        thetas = []
        for inputs, outputs in pairwise(sizes):
            bound = np.sqrt(6 / (inputs + outputs))
            thetas.append(generator.uniform(-bound, bound, (outputs, inputs + 1)).astype(dtype))
        self.sizes = sizes
        self.thetas = _frozen(thetas)

    @classmethod
    def from_thetas(cls, thetas: Sequence[ArrayLike]) -> Network:
        """A network with these Θ^(1), Θ^(2) …; ShapeError where one does not fit the one before.

        >>> Network.from_thetas([[[0.0, 1.0, -1.0]]]).sizes
        (2, 1)
        """
        arrays = [np.array(theta) for theta in thetas]
        arrays = [theta if theta.dtype.kind == "f" else theta.astype(np.float64) for theta in arrays]
        for layer, theta in enumerate(arrays, 1):
            if theta.ndim != 2 or theta.shape[0] < 1 or theta.shape[1] < 2:
                raise ShapeError(f"Network: Θ^({layer}) has shape {theta.shape}, not (units above, units below + 1).")
            if layer > 1 and theta.shape[1] != arrays[layer - 2].shape[0] + 1:
                raise ShapeError(
                    f"Network: Θ^({layer}) has shape {theta.shape}, but layer {layer} has "
                    f"{arrays[layer - 2].shape[0]} units; with the bias column that makes "
                    f"{arrays[layer - 2].shape[0] + 1} columns."
                )
        if not arrays:
            raise ShapeError("Network: give at least one Θ.")
        return cls._of(arrays)

    @classmethod
    def _of(cls, thetas: list[Array]) -> Network:
        net = cls.__new__(cls)
        net.sizes = (thetas[0].shape[1] - 1, *[theta.shape[0] for theta in thetas])
        net.thetas = _frozen(thetas)
        return net

    def __repr__(self) -> str:
        return f"<network {'-'.join(map(str, self.sizes))} {self.thetas[0].dtype}>"

    def forward(self, X: NodeLike, Y: NodeLike, weight_decay: float = 0.0) -> Run:
        """The cost of the network on m samples, as a graph. X is (m, n), Y is (m, K): a row a sample.

        X and Y may be nodes, made once and used in many runs. ShapeError where they do not fit the network.

        >>> Network((2, 3, 1), rng=0).forward([[0.0, 1.0]], [[1.0]], weight_decay=0.1).J.shape
        ()
        """
        X, Y = self._data(X, self.sizes[0], "X"), self._data(Y, self.sizes[-1], "Y")
        if X.shape[0] != Y.shape[0]:
            raise ShapeError(f"Network: X has {X.shape[0]} samples (rows) and Y has {Y.shape[0]}.")
        z: dict[int, Node] = {}
        theta: dict[int, Node] = {}
        with scope("layer 1"):
            a = {1: transpose(X, name="a¹")}
        for layer, weights in enumerate(self.thetas, 1):
            with scope(f"layer {layer + 1}"):
                theta[layer] = parameter(weights, name=_numbered("Θ", layer), copy=False)
                with_bias = bias_unit(a[layer], name=f"[1; {_numbered('a', layer)}]")
                z[layer + 1] = matmul(theta[layer], with_bias, name=_numbered("z", layer + 1))
                a[layer + 1] = sigmoid(z[layer + 1], name=_numbered("a", layer + 1))
        with scope("cost"):
            J = self._cost(a[len(self.sizes)], transpose(Y, name="y"), theta, weight_decay)
        return Run(J, z, a, theta, Y.value.T, float(weight_decay))

    def _cost(self, a: Node, y: Node, theta: Mapping[int, Node], weight_decay: float) -> Node:
        if weight_decay == 0:
            return cross_entropy(a, y, name="J")
        weights = [weights_of(node, name=_numbered("Θ_w", layer)) for layer, node in theta.items()]
        penalty = l2_penalty(weights, weight_decay, a.shape[1], name="penalty")
        return add(cross_entropy(a, y, name="data term"), penalty, name="J")

    def _data(self, given: NodeLike, columns: int, name: str) -> Node:
        if isinstance(given, Node):
            node = given
        else:
            array = np.asarray(given)
            if array.dtype.kind not in "fiub":
                raise DTypeError(f"Network: {name} cannot hold an array of dtype {array.dtype}; use real numbers.")
            node = constant(array.astype(self.thetas[0].dtype, copy=False), name=name)
        if node.ndim != 2 or node.shape[1] != columns or node.shape[0] < 1:
            raise ShapeError(
                f"Network {'-'.join(map(str, self.sizes))}: {name} must be (samples, {columns}), a row a sample; "
                f"it is {node.shape}."
            )
        return node

    def predict_proba(self, X: ArrayLike) -> Array:
        """The outputs a^(L), (m, K), a row a sample; no graph is kept.

        >>> Network((2, 3, 1), rng=0).predict_proba([[0.0, 1.0], [1.0, 1.0]]).shape
        (2, 1)
        """
        a = self._data(X, self.sizes[0], "X").value.T
        for theta in self.thetas:
            a = sigmoid.forward(theta[:, :1] + theta[:, 1:] @ a)
        return a.T

    def predict(self, X: ArrayLike) -> Array:
        """The class of each sample, (m,): the output unit with the largest a, or, of one unit, whether a > 1/2.

        >>> Network((2, 3, 4), rng=0).predict([[0.0, 1.0]]).shape
        (1,)
        """
        outputs = self.predict_proba(X)
        return np.argmax(outputs, axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(np.intp)

    def pack(self) -> Array:
        """All Θ in one flat vector, layer by layer, in C order: what an optimiser varies.

        >>> Network((2, 4, 1), rng=0).pack().shape
        (17,)
        """
        return np.concatenate([theta.ravel() for theta in self.thetas])

    def with_vector(self, v: ArrayLike) -> Network:
        """The network with the Θ of a flat vector; the inverse of `pack`. ShapeError for another length.

        >>> net = Network((2, 4, 1), rng=0)
        >>> bool((net.with_vector(net.pack()).thetas[0] == net.thetas[0]).all())
        True
        """
        vector = np.array(v, self.thetas[0].dtype)
        ends = np.cumsum([theta.size for theta in self.thetas]).tolist()
        if vector.shape != (ends[-1],):
            raise ShapeError(f"Network: {self!r} packs to ({ends[-1]},), not to {vector.shape}.")
        parts = np.split(vector, ends[:-1])
        return self._of([part.reshape(theta.shape) for part, theta in zip(parts, self.thetas, strict=True)])

    def value_and_gradient(
        self, v: ArrayLike, X: NodeLike, Y: NodeLike, weight_decay: float = 0.0
    ) -> tuple[float, Array]:
        """J and ∂J/∂v at a flat vector of all Θ: for scipy.optimize.minimize(…, jac=True).

        >>> net = Network((2, 3, 1), rng=0)
        >>> J, gradient = net.value_and_gradient(net.pack(), [[0.0, 1.0]], [[1.0]])
        >>> gradient.shape
        (13,)
        """
        run = self.with_vector(v).forward(X, Y, weight_decay)
        return run.J.item(), np.concatenate([g.ravel() for g in gradients(run.J, list(run.theta.values()))])


def _frozen(arrays: Sequence[Array]) -> list[Any]:
    for array in arrays:
        set_writeable(array, False)
    return list(arrays)
