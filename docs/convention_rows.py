"""The rows of docs/conventions.md: what the derivative is where there is none, or where more than one could be given.

A row is an expression of NumPy's at a point, and its derivatives there. conventions.py writes the page from the rows,
tests/test_conventions.py holds minigrad to each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan, sqrt
from typing import Any

LEAST = "the subgradient of least length¹"
RULE = "by the rule for what is on each side"


@dataclass(frozen=True)
class Row:
    """An expression at a point: what is differentiated by the arguments named there is the sum of its entries."""

    group: str
    code: str  # in x, y, …, np and special (scipy.special)
    at: dict[str, Any]
    gives: tuple[Any, ...]  # the derivative by each argument
    because: str
    torch: str = ""  # the same in torch's words; empty: torch has no such function
    others: dict[str, str] = field(default_factory=dict)  # the same in another library's words
    fixed: tuple[str, ...] = ()  # arguments by which is not differentiated

    @property
    def varied(self) -> list[str]:
        return [name for name in self.at if name not in self.fixed]


def rows(group: str, *given: tuple[Any, ...], **same: Any) -> list[Row]:
    return [Row(group, *each[:4], **(same | (each[4] if len(each) > 4 else {}))) for each in given]


def torchs(code: str, **others: str) -> dict[str, Any]:
    return {"torch": code, "others": others}


ORDER = "np.sum(np.sort(x) * np.array([1.0, 2.0, 3.0]))"
SHARED = "ties share evenly: " + LEAST
SMALL = [[0.0, 0.0], [0.0, 0.0]]
EYE = [[1.0, 0.0], [0.0, 1.0]]
FULL = [[2.0, 1.0], [1.0, 2.0]]
r = sqrt(2.0)

ROWS = [
    *rows(
        "Ties",
        ("np.max(x)", {"x": [1.0, 1.0, 0.0]}, ([0.5, 0.5, 0.0],), SHARED, torchs("torch.amax(x, 0)")),
        ("np.min(x)", {"x": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],), "as for the largest", torchs("torch.amin(x, 0)")),
        ("np.max(x)", {"x": [2.0, 2.0, 2.0]}, ([1 / 3] * 3,), "the shares add up to 1", torchs("torch.amax(x, 0)")),
        ("np.maximum(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5), SHARED, torchs("torch.maximum(x, y)")),
        ("np.minimum(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5), "as for the larger", torchs("torch.minimum(x, y)")),
        ("np.fmax(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5), "as for maximum", torchs("torch.fmax(x, y)")),
        ("np.fmin(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5), "as for minimum", torchs("torch.fmin(x, y)")),
        ("np.maximum(x, 0)", {"x": 0.0}, (0.5,), "a tie of x and 0", torchs("torch.maximum(x, 0 * x.detach())")),
        ("np.ptp(x)", {"x": [1.0, 1.0]}, ([0.0, 0.0],), "the largest less the smallest", torchs("x.amax(0) - x.amin(0)")),
    ),
]
