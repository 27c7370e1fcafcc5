"""Samples: one at a time, where a graph works on its samples independently.

A cost that is a mean over samples (cross_entropy, squared_error …) says which axis of its arguments they are on. From
there the axis is followed backwards by the local Jacobians: where [s′ = s] ties an axis of the argument to that of the
result, it is the samples' axis too; an argument without one (Θ, b) is shared by all samples.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..graph import Node, arguments_first
from ..ops.pointwise import Add
from .expressions import Delta
from .formulas import Reader
from .indices import Index, Position
from .map_forms import COSTS, local_entry
from .rules import opened
from .structure import Structure, ends, tied
from .vocabulary import Places


@dataclass(frozen=True)
class Samples:
    """The node that is a mean over samples, the index of a sample, and which axis of which node is that of samples."""

    data: Node
    index: Index
    axes: dict[Node, int]


def samples_of(structure: Structure) -> Samples | None:
    """How the samples run through the graph; None where they do not, or act on one another.

    >>> import minigrad as mg
    >>> x = mg.parameter([[1.0, 2.0]], name="x")
    >>> J = mg.squared_error(x, [[0.0, 0.0]])
    >>> samples_of(Structure(J, [x], "standard")).index.size
    2
    """
    data = _data_term(structure.output)
    if data is None or data.inputs[0].ndim != 2:
        return None
    axis = 1 - data.op.units_axis % 2  # type: ignore[union-attr]  # a cost's
    m = data.inputs[0].shape[axis]
    if m == 1:
        return None
    axes = _followed(structure, data, axis)
    if axes is None or not _is_separate(structure, data, axes):
        return None
    return Samples(data, Index("s", 1, m), axes)


def _data_term(output: Node) -> Node | None:
    """The one cost among the terms of a sum."""
    waiting, found = [output], []
    while waiting:
        node = waiting.pop()
        if isinstance(node.op, COSTS):
            found.append(node)
        elif isinstance(node.op, Add) and node.size == 1:
            waiting += node.inputs
    return found[0] if len(found) == 1 else None


def _followed(structure: Structure, data: Node, axis: int) -> dict[Node, int] | None:
    axes = dict.fromkeys(data.inputs, axis)
    reader = Reader(structure.vocabulary, set(structure.order))
    for node in reversed(arguments_first([data])):
        if node not in axes or node.op is None:
            continue
        for k, source in enumerate(node.inputs):
            found = _axis_of_argument(reader, node, k, axes[node])
            if found is None:
                continue
            if found < 0 or axes.setdefault(source, found) != found:
                return None
    return axes


def _axis_of_argument(reader: Reader, node: Node, argument: int, axis: int) -> int | None:
    """The samples' axis of an argument; None where it is shared, −1 where there is no telling."""
    source = node.inputs[argument]
    if node.op is None or not node.op.differentiable:
        return _by_shape(node, source, axis)
    out = ends(reader.vocabulary, node, "abcdefgh")
    into = ends(reader.vocabulary, source, "ABCDEFGH")
    entry = local_entry(reader, node, argument, out, into)
    sample = out[axis]
    if any("D" in str(getattr(e, "of", "")) or str(getattr(e, "of", "")).startswith("jacobian") for e in entry.walk()):
        return -1
    for k, place in enumerate(into):
        if sample in tied(entry, {sample}, {place}):
            return k
    return -1 if _is_mixed(entry, sample, into) else None


def _by_shape(node: Node, source: Node, axis: int) -> int | None:
    """For masks and other steps, which have no Jacobian: entry by entry, as NumPy broadcasts."""
    k = axis - (node.ndim - source.ndim)
    return k if k >= 0 and source.shape[k] == node.shape[axis] else None


def _is_mixed(entry: object, sample: Position, into: Places) -> bool:
    """Whether some term ties the sample and some does not: softmax over samples."""
    for term in opened(entry):  # type: ignore[arg-type]
        if any(isinstance(f, Delta) and sample in (f.left, f.right) for f in term.factors):
            return True
    return False


def _is_separate(structure: Structure, data: Node, axes: dict[Node, int]) -> bool:
    """Whether no shared node is computed from samples, and the other terms of the cost are from shared ones only."""
    inside = set(structure.within)
    below = set(arguments_first([data]))
    for node in structure.order:
        if node is data or node not in inside:
            continue
        if node not in axes and any(source in axes for source in node.inputs if source in inside):
            return False
    others = [node for node in structure.order if node in inside and node not in below and node is not data]
    shared_inside = [n for n in structure.milestones if n in below and n not in axes and n not in structure.asked]
    return not any(
        source in shared_inside or source in axes for node in others for source in node.inputs if source is not data
    )
