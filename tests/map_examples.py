r"""The growing list of linear maps: a line or more for every structure, over which test_linear_maps.py runs its laws.

    Line(mg.Diagonal(numbers(2, 3)), "diag(d)", r"\operatorname{diag}(d)")      the map, in plain text, in LaTeX

The shapes are few, so that many pairs of maps can be composed and added.
"""

from typing import Any, NamedTuple

import numpy as np

import minigrad as mg


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng([len(shape), *shape]).normal(size=shape)


class Line(NamedTuple):
    """A map, and how it is written."""

    map: mg.LinearMap
    text: str
    latex: str

    def __str__(self) -> str:
        shapes = f"{self.map.in_shape}->{self.map.out_shape}".replace(" ", "")
        return f"{type(self.map).__name__} {shapes}"


DIAG = ("diag(d)", r"\operatorname{diag}(d)")
CENTRE = ("diag(p) − ppᵀ", r"\operatorname{diag}(p) - p p^{\mathsf T}")
INNER = ("(c, ·)", r"\langle c, \cdot \rangle")
SELECT = ("select(m)", r"\operatorname{diag}(m)")
OUTER = ("c ·", r"c \cdot")
LEFT = ("A ·", r"A \cdot")
RIGHT = ("· B", r"\cdot B")
CONTRACT = ("Σ A[jk] ·[ij] → [ik]", r"\textstyle\sum_{j} A_{jk}\, (\cdot)_{ij}")
STRETCH = ("Σ A[ik] ·[ij] → [ijk]", r"A_{ik}\, (\cdot)_{ij}")
RECURRENCE = ("recurrence(a)", r"\operatorname{recurrence}(a)")
BROADCAST = ("broadcast", r"\mathrm{broadcast}")
SUM_TO = ("sum", r"\textstyle\sum")
RESHAPE = ("reshape", r"\mathrm{reshape}")
GATHER = ("gather", r"\mathrm{gather}")
SCATTER = ("scatter", r"\mathrm{scatter}")
TO_SINGLE = ("float64 → float32", r"\mathrm{float64} \to \mathrm{float32}")
TWICE = np.array([0, 2, 0])
MASK = np.array([[True, False, True], [False, False, True]])

LINES = [
    Line(mg.Zero((2, 3), (3,)), "0", "0"),
    Line(mg.Zero((), (0, 3)), "0", "0"),
    Line(mg.Identity((2, 3)), "I", "I"),
    Line(mg.Identity(()), "I", "I"),
    Line(mg.Scale(-2.5, (2, 3)), "s I", "s I"),
    Line(mg.Scale(np.array(0.5), ()), "s I", "s I"),
    Line(mg.Scale(2, (0, 3)), "s I", "s I"),
    Line(mg.Diagonal(numbers(2, 3)), *DIAG),
    Line(mg.Diagonal(numbers(3), (2, 3)), *DIAG),
    Line(mg.Diagonal(numbers(2, 1), (2, 3)), *DIAG),
    Line(mg.Diagonal(numbers(), (3,)), *DIAG),
    Line(mg.Diagonal(numbers()), *DIAG),
    Line(mg.Diagonal(numbers(0, 3)), *DIAG),
    Line(mg.Diagonal(MASK), *DIAG),
    Line(mg.LeftMul(numbers(2, 2), (2, 3), (2, 3)), *LEFT),
    Line(mg.LeftMul(numbers(3, 2), (2, 3), (3, 3)), *LEFT),
    Line(mg.LeftMul(numbers(4, 2, 3), (4, 3, 1), (4, 2, 1)), *LEFT),
    Line(mg.LeftMul(numbers(2, 3), (4, 3, 1), (4, 2, 1)), *LEFT),
    Line(mg.LeftMul(numbers(0, 2), (2, 3), (0, 3)), *LEFT),
    Line(mg.LeftMul(numbers(2, 0), (0, 3), (2, 3)), *LEFT),
    Line(mg.RightMul(numbers(3, 3), (2, 3), (2, 3)), *RIGHT),
    Line(mg.RightMul(numbers(3, 2), (2, 3), (2, 2)), *RIGHT),
    Line(mg.RightMul(numbers(4, 1, 2), (4, 2, 1), (4, 2, 2)), *RIGHT),
    Line(mg.RightMul(numbers(1, 2), (4, 2, 1), (4, 2, 2)), *RIGHT),
    Line(mg.RightMul(numbers(3, 0), (2, 3), (2, 0)), *RIGHT),
    Line(mg.RightMul(numbers(3, 2), (0, 3), (0, 2)), *RIGHT),
    Line(mg.Inner(numbers(2, 3)), *INNER),
    Line(mg.Inner(numbers()), *INNER),
    Line(mg.Inner(numbers(0, 3)), *INNER),
    Line(mg.Outer(numbers(2, 3)), *OUTER),
    Line(mg.Outer(numbers()), *OUTER),
    Line(mg.Outer(numbers(0, 3)), *OUTER),
    Line(mg.Centre(numbers(3), 0), *CENTRE),
    Line(mg.Centre(numbers(2, 3), 0), *CENTRE),
    Line(mg.Centre(numbers(2, 3), -1), *CENTRE),
    Line(mg.Centre(numbers(2, 3), (0, 1)), *CENTRE),
    Line(mg.Centre(numbers(0, 3), 0), *CENTRE),
    Line(mg.Select(MASK), *SELECT),
    Line(mg.Select(MASK[:1], (2, 3)), *SELECT),
    Line(mg.Dense(numbers(6, 6), (2, 3), (2, 3)), "M", "M"),
    Line(mg.Dense(numbers(6, 6).T, (2, 3), (2, 3)), "M", "M"),
    Line(mg.Dense(numbers(6, 3), (3,), (2, 3)), "M", "M"),
    Line(mg.Dense(numbers(1, 6), (2, 3), ()), "M", "M"),
    Line(mg.Dense(numbers(6, 0), (0, 3), (2, 3)), "M", "M"),
    Line(mg.Contract("jk,ij->ik", (numbers(3, 2),), (2, 3), (2, 2)), *CONTRACT),
    Line(
        mg.Contract("ik,ij->ijk", (numbers(2, 1),), (2, 3), (2, 3, 1)),
        "Σ A[ik] ·[ij] → [ijk]",
        r"A_{ik}\, (\cdot)_{ij}",
    ),
    Line(mg.Contract("j,j->", (MASK[0],), (3,), ()), "Σ A[j] ·[j] → []", r"\textstyle\sum_{j} A_{j}\, (\cdot)_{j}"),
    Line(mg.Convolve(numbers(2), (2,), (3,)), "· ∗ b", r"\cdot * b"),
    Line(mg.Correlate(numbers(2), (3,), (2,)), "· ⋆ b", r"\cdot \star b"),
    Line(mg.Crossing(numbers(2, 3), (2, 3), (2, 3)), "a × ·", r"a \times \cdot"),
    Line(mg.Crossing(numbers(3), (3,), (3,)), "a × ·", r"a \times \cdot"),
    Line(mg.Solve(4 * np.eye(2) + numbers(2, 2), (2, 3)), "A⁻¹ ·", r"A^{-1} \cdot"),
    Line(mg.Solve(4 * np.eye(2) + numbers(4, 2, 2), (4, 2, 1)), "A⁻¹ ·", r"A^{-1} \cdot"),
    Line(mg.linear_maps.RunningSum(0, (2, 3)), "running sum", r"\mathrm{cumsum}"),
    Line(mg.linear_maps.RunningSum(-1, (0, 3), True), "running sum from the end", r"\mathrm{cumsum}^{\mathsf T}"),
    Line(mg.linear_maps.Recurrence(numbers(2, 3), -1), *RECURRENCE),
    Line(mg.linear_maps.Recurrence(numbers(3, 0), 0), *RECURRENCE),
    Line(mg.Broadcast((3,), (2, 3)), *BROADCAST),
    Line(mg.Broadcast((), (2, 3)), *BROADCAST),
    Line(mg.Broadcast((2, 1), (4, 2, 2)), *BROADCAST),
    Line(mg.Broadcast((1, 3), (0, 3)), *BROADCAST),
    Line(mg.SumTo((2, 3), (3,)), *SUM_TO),
    Line(mg.SumTo((2, 3), ()), *SUM_TO),
    Line(mg.SumTo((4, 2, 2), (2, 1)), *SUM_TO),
    Line(mg.SumTo((0, 3), (1, 3)), *SUM_TO),
    Line(mg.SumTo((2, 3), (2, 3)), *SUM_TO),
    Line(mg.Reshape((2, 3), (3, 2)), *RESHAPE),
    Line(mg.Reshape((3, 2), (2, 3)), *RESHAPE),
    Line(mg.Reshape((), (1, 1)), *RESHAPE),
    Line(mg.Reshape((0, 3), (2, 0)), *RESHAPE),
    Line(mg.Permute((1, 0), (2, 3)), "permute(1, 0)", r"\mathrm{permute}(1, 0)"),
    Line(mg.Permute((1, 0), (3, 2)), "permute(1, 0)", r"\mathrm{permute}(1, 0)"),
    Line(mg.Permute((1, 2, 0), (4, 2, 1)), "permute(1, 2, 0)", r"\mathrm{permute}(1, 2, 0)"),
    Line(mg.Permute((), ()), "permute()", r"\mathrm{permute}()"),
    Line(mg.Gather(0, (2, 3), (3,)), *GATHER),
    Line(mg.Gather((slice(None), None, slice(None, None, -2)), (2, 3), (2, 1, 2)), *GATHER),
    Line(mg.Gather((Ellipsis, TWICE), (2, 3), (2, 3)), *GATHER),
    Line(mg.Gather(MASK, (2, 3), (3,)), *GATHER),
    Line(mg.Gather((1, 2), (2, 3), ()), *GATHER),
    Line(mg.Gather(slice(0, 0), (2, 3), (0, 3)), *GATHER),
    Line(mg.Scatter(1, (3,), (2, 3)), *SCATTER),
    Line(mg.Scatter((Ellipsis, TWICE), (2, 3), (2, 3)), *SCATTER),
    Line(mg.Scatter(MASK, (3,), (2, 3)), *SCATTER),
    Line(mg.Scatter((1, 2), (), (2, 3)), *SCATTER),
    Line(mg.Scatter(slice(0, 0), (0, 3), (2, 3)), *SCATTER),
    Line(mg.Cast(np.float64, np.float32, (2, 3)), *TO_SINGLE),
    Line(mg.Cast("float32", "float64", ()), "float32 → float64", r"\mathrm{float32} \to \mathrm{float64}"),
]


def refilled(L: mg.LinearMap, entry: Any) -> mg.LinearMap:
    """The same structure with another entry: an array, a node or a symbol."""
    if isinstance(L, mg.Centre):
        return mg.Centre(entry, L.axis)
    if isinstance(L, mg.Select):
        return mg.Select(entry, L.in_shape)
    if isinstance(L, mg.Contract):
        return mg.Contract(L.subscripts, (entry,), L.in_shape, L.out_shape)
    return L.with_entry(entry)
