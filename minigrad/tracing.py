"""Tracing: one run of a plain function on fresh variables, and (co)tangents carried through what it did.

    trace = traced(call, varied, …)       run it; its results, and what they depend on, as nodes
    pulled(trace, cotangents)             from the results back to the variables     (reverse mode)
    pushed(trace, tangents)               from the variables forward to the results  (forward mode)
    blocks(trace, output)                 ∂output/∂variable in full, an array for each variable

What transforms.py is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from .errors import GradientError
from .graph import Node, arguments_first, constant, parameter
from .linear_maps import Scatter
from .ops.base import alias
from .queries import float_dtype, handed_out, read_only
from .sparsity import fewest_groups, pattern
from .sweeps import EdgesOf, dependents, edges, push_forward, reverse_sweep
from .trees import Tree, leaves, mapped, rebuilt

FEW = 16  # sweeps that cost less than finding out how few would do


class Trace(NamedTuple):
    """One run of a function on fresh variables: its outputs and what they depend on as nodes, in `order`.

    >>> traced(lambda x: (x * x, 1.0), 3.0, False, "jvp").returned()
    (array(9.), array(1.))
    """

    variables: list[Node]
    tree: Tree  # what the function returned, with nodes for leaves
    outputs: list[Node]  # these leaves
    aux: Tree
    order: list[Node]  # what the outputs depend on differentiably, arguments first
    recorded: bool  # whether somebody else's variables are among these, so that derivatives must be nodes

    def given(self, node: Node) -> Any:
        """A node as it is handed out: itself where it may be differentiated further, else its array."""
        return node if self.recorded else node.value

    def returned(self) -> Tree:
        """The function's result, as it is handed out."""
        return rebuilt(self.tree, [self.given(output) for output in self.outputs])

    def auxiliary(self) -> Tree:
        """The function's auxiliary result, as it is handed out."""
        return mapped(lambda leaf: self.given(leaf) if isinstance(leaf, Node) else leaf, self.aux)

    def edges_of(self, recorded: bool) -> EdgesOf:
        """The edges on the paths from the variables."""
        return partial(edges, within=dependents(self.variables, self.order), recorded=recorded)


def traced(call: Callable[[Tree], Any], varied: Tree, has_aux: bool, asked: str) -> Trace:
    """Run `call` once, on fresh variables in the place of the leaves of `varied`.

    >>> traced(lambda x: x * x, 3.0, False, "grad").outputs
    [<multiply () float64: 9.>]
    """
    variables = [_variable(leaf) for leaf in leaves(varied)]
    result = call(rebuilt(varied, variables))
    aux = None
    if has_aux:
        if not (isinstance(result, tuple) and len(result) == 2):
            raise GradientError(f"{asked}: with has_aux the function must return a pair (result, anything else).")
        result, aux = result
    outputs = [leaf if isinstance(leaf, Node) else constant(leaf) for leaf in leaves(result)]
    order = arguments_first([output for output in outputs if output.differentiable], constants=False)
    own = set(variables)
    recorded = any(node.op is None and node not in own for node in order)
    return Trace(variables, rebuilt(result, outputs), outputs, aux, order, recorded)


def _variable(leaf: Any) -> Node:
    """A node with the leaf's value to differentiate by: no other use of the leaf is counted."""
    if not isinstance(leaf, Node):
        return parameter(leaf)
    return alias(leaf) if leaf.differentiable else parameter(leaf.value)


def pulled(trace: Trace, cotangents: Sequence[Node]) -> list[Any]:
    """The cotangents of all outputs, carried back: one for each variable.

    >>> pulled(traced(lambda x: x * x, 3.0, False, "grad"), [constant(1.0)])
    [array(6.)]
    """
    recorded = trace.recorded or any(bar.differentiable for bar in cotangents)
    seeds: dict[Node, Any] = {}
    for output, bar in zip(trace.outputs, cotangents, strict=True):
        if output.differentiable:
            seed = bar if recorded else bar.value
            seeds[output] = seeds[output] + seed if output in seeds else seed
    found, _ = reverse_sweep(trace.order, seeds, trace.edges_of(recorded), set(trace.variables))
    return [handed_out(found, variable, recorded) for variable in trace.variables]


def pushed(trace: Trace, tangents: Sequence[Node]) -> list[Any]:
    """The tangents of all variables, carried forward: one for each output.

    >>> pushed(traced(lambda x: x * x, 3.0, False, "jvp"), [constant(1.0)])
    [array(6.)]
    """
    recorded = trace.recorded or any(dot.differentiable for dot in tangents)
    start = {v: dot if recorded else dot.value for v, dot in zip(trace.variables, tangents, strict=True)}
    found = push_forward(trace.order, start, trace.edges_of(recorded))
    return [handed_out(found, output, recorded) for output in trace.outputs]


class Entries(NamedTuple):
    """A Jacobian, (output.size, all variables' sizes side by side), by its entries that may be nonzero."""

    rows: Any
    columns: Any
    values: Any  # an array, or a node
    shape: tuple[int, int]

    def dense(self) -> Any:
        """The same in full.

        >>> Entries(np.array([0]), np.array([1]), np.array([5.0]), (1, 2)).dense()
        array([[0., 5.]])
        """
        return Scatter((self.rows, self.columns), self.values.shape, self.shape).apply(self.values)


def entries(trace: Trace, output: Node, few: int = 1) -> Entries:
    """The Jacobian of one output by all variables, by as few sweeps as its structure allows, forward or reverse.

    Where no more than `few` sweeps are needed in any case, they are made, and every entry is listed.

    >>> trace = traced(np.tanh, np.zeros(3), False, "jacobian")
    >>> entries(trace, trace.outputs[0]).values
    array([1., 1., 1.])
    """
    width = sum(v.size for v in trace.variables)
    shape = (output.size, width)
    if not (output.differentiable and width and output.size):
        none = np.zeros(0, np.intp)
        return Entries(none, none, np.zeros(0, float_dtype(output)), shape)
    edges_of = cache(trace.edges_of(trace.recorded))  # each local Jacobian is made once for all sweeps
    order = arguments_first([output], constants=False)
    places = pattern(order, trace.variables, output, edges_of) if min(shape) > few else None
    if places is None:
        rows, columns = (np.ravel(grid) for grid in np.indices(shape))
        forward, group = width <= output.size, np.arange(min(shape))
    else:
        rows, columns = places.nonzero()
        forward, group = fewest_groups(places)
    sweep = _forward if forward else _backward
    swept = np.stack([sweep(trace, order, output, edges_of, group == g) for g in range(np.max(group) + 1)])
    values = swept[group[columns], rows] if forward else swept[group[rows], columns]
    return Entries(rows, columns, values, shape)


def _forward(trace: Trace, order: Sequence[Node], output: Node, edges_of: EdgesOf, chosen: Any) -> Any:
    """The sum of the chosen columns of the Jacobian, flat."""
    parts = np.split(chosen, np.cumsum([v.size for v in trace.variables])[:-1])
    start = {v: _start(part, v, trace.recorded) for v, part in zip(trace.variables, parts, strict=True)}
    found = push_forward(order, start, edges_of)
    return np.reshape(handed_out(found, output, trace.recorded), -1)


def _backward(trace: Trace, order: Sequence[Node], output: Node, edges_of: EdgesOf, chosen: Any) -> Any:
    """The sum of the chosen rows of the Jacobian, flat."""
    start = {output: _start(chosen, output, trace.recorded)}
    found, _ = reverse_sweep(order, start, edges_of, set(trace.variables))
    return np.concatenate([np.reshape(handed_out(found, v, trace.recorded), -1) for v in trace.variables])


def _start(chosen: Any, node: Node, recorded: bool) -> Any:
    vector = np.reshape(chosen, node.shape).astype(float_dtype(node))
    return constant(vector) if recorded else vector


def blocks(trace: Trace, output: Node) -> list[Any]:
    """∂output/∂variable in full, of shape output + variable, for each variable.

    >>> trace = traced(lambda x: x * x, 3.0, False, "jacobian")
    >>> blocks(trace, trace.outputs[0])
    [array(6.)]
    """
    whole = entries(trace, output, FEW).dense()
    ends = np.cumsum([v.size for v in trace.variables])
    found = []
    for variable, end in zip(trace.variables, ends.tolist(), strict=True):
        block = np.reshape(whole[:, end - variable.size : end], output.shape + variable.shape)
        found.append(block if trace.recorded else read_only(block))
    return found
