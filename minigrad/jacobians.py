"""Jacobians: of one op (`local_jacobian`), and over all paths between two nodes (`total_jacobian`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import numpy as np

from .errors import GradientError
from .graph import Node, arguments_first, checked_node
from .linear_maps import Cast, LinearMap, Zero, shielded
from .linear_maps.algebra import Array, Entry, Shape
from .ops.base import check_map
from .sweeps import Edge, EdgesOf, dependents, edges, push_forward, reverse_sweep


def local_jacobian(node: Node, argument: int) -> LinearMap:
    """∂node/∂(that argument), as the op states it; a Cast stands first where the argument was promoted.

    GradientError for an argument that is not there, or an op without a derivative.

    >>> import minigrad as mg
    >>> a = mg.tanh(mg.parameter([0.0, 1.0]))
    >>> print(local_jacobian(a, 0))
    diag(d) : (2,) → (2,)
    """
    checked_node(node, "local_jacobian")
    if node.op is None or argument not in range(len(node.inputs)):
        raise GradientError(f"local_jacobian: {node!r} has {len(node.inputs)} arguments, and no number {argument}.")
    source = node.inputs[argument]
    if not node.op.differentiable:
        return Zero(source.shape, node.shape)
    with np.errstate(all="ignore"):  # ±inf at a saturated node is the truth, and only shown
        local = node.op.jacobian(argument, node.value, *[other.value for other in node.inputs])
    if not node.op.own:
        check_map(local, node.op, node, source)
    if source.dtype.kind == "f" and source.dtype != node.dtype:
        local = local @ Cast(source.dtype, node.dtype, source.shape)
    return local


def _written(edges_of: EdgesOf, node: Node) -> Sequence[Edge]:
    """Edges by a written rule in place of a form: ±∞ may be the truth there, and 0 · ∞ counts as 0."""
    with np.errstate(all="ignore"):
        return [(source, shielded(local), k) for source, local, k in edges_of(node)]


class TotalJacobian(LinearMap):
    """∂output/∂source over all paths: it holds the subgraph, and applies by sweeps, in linear time.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> total_jacobian(x * x, x).matrix()
    array([[2., 0.],
           [0., 4.]])
    """

    __slots__ = ("output", "source")
    letters = "∂output/∂source"
    latex_form = r"\partial\,\mathrm{output}/\partial\,\mathrm{source}"

    def __init__(self, output: Node, source: Node) -> None:
        self.output, self.source = output, source
        self.in_shape, self.out_shape = source.shape, output.shape

    def apply(self, v: Entry) -> Entry:
        dots = push_forward(*self.walk(self.source, v))
        return dots[self.output] if self.output in dots else np.zeros(self.out_shape, self.output.dtype)

    def walk(self, start: Node, v: Entry) -> tuple[Sequence[Node], dict[Node, Entry], EdgesOf]:
        """What a sweep needs: the order of nodes, where it starts, and the edges, all on paths from the source.

        Where v is a node, so are the entries of the Jacobians: what the map gives can be differentiated in turn.
        """
        order = arguments_first([self.output], constants=False)
        within, recorded = dependents([self.source], order), isinstance(v, Node)
        edges_of: EdgesOf = partial(edges, within=within, varied={self.source}, recorded=recorded)
        if any(
            node.form is not None and any(skipped is self.source for skipped in node.form.skipped) for node in order
        ):
            edges_of = partial(_written, edges_of)
        return order, {start: v}, edges_of

    @property
    def T(self) -> LinearMap:
        return PulledBack(self)

    def matrix(self) -> Array:
        if prod(self.in_shape) <= prod(self.out_shape):
            return _columns(self.apply, self.in_shape, self.out_shape, self.source)
        return _columns(self.T.apply, self.out_shape, self.in_shape, self.output).T

    def text(self, *symbols: str) -> str:
        return f"∂({self.output.label})/∂({self.source.label})"


class PulledBack(LinearMap):
    """The transpose of a total Jacobian: one reverse sweep.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0])
    >>> total_jacobian(x * x, x).T([1.0, 1.0])
    array([2., 4.])
    """

    __slots__ = ("forward",)
    letters = "(∂output/∂source)ᵀ"
    latex_form = r"(\partial\,\mathrm{output}/\partial\,\mathrm{source})^{\mathsf T}"

    def __init__(self, forward: TotalJacobian) -> None:
        self.forward, self.in_shape, self.out_shape = forward, forward.out_shape, forward.in_shape

    def apply(self, v: Entry) -> Entry:
        source = self.forward.source
        bars, _ = reverse_sweep(*self.forward.walk(self.forward.output, v), keep={source})
        return bars[source] if source in bars else np.zeros(self.out_shape, source.dtype)

    @property
    def T(self) -> LinearMap:
        return self.forward

    def matrix(self) -> Array:
        return self.forward.matrix().T

    def text(self, *symbols: str) -> str:
        return f"({self.forward.text()})ᵀ"


def _columns(apply: Callable[[Array], Array], in_shape: Shape, out_shape: Shape, varied: Node) -> Array:
    """The matrix of a map, a sweep for each column."""
    matrix = np.empty((prod(out_shape), prod(in_shape)), varied.dtype)
    for k, unit in enumerate(np.eye(prod(in_shape), dtype=varied.dtype)):
        matrix[:, k] = np.ravel(apply(unit.reshape(in_shape)))
    return matrix


def total_jacobian(output: Node, source: Node) -> LinearMap:
    """∂output/∂source over all paths, as a linear map; Zero where there is none. GradientError for a constant.

    >>> import minigrad as mg
    >>> x = mg.parameter(2.0)
    >>> y = x
    >>> for _ in range(60):
    ...     y = y + y
    >>> print(total_jacobian(y, x)(1.0))
    1.152921504606847e+18
    """
    for node in (output, source):
        checked_node(node, "total_jacobian")
    if not source.differentiable:
        raise GradientError(f"total_jacobian: {source.label} is a constant; make it with mg.parameter to vary it.")
    if not output.differentiable:
        return Zero(source.shape, output.shape)
    return TotalJacobian(output, source)
