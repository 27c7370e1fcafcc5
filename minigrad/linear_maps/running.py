"""Linear maps that run along an axis: each entry of the result depends on all entries before it.

RunningSum(axis)       r_k = v_k + r_{k−1}: cumsum
Recurrence(a, axis)    r_k = v_k + a_k r_{k−1}: what a cumulative product, or any chain of factors, does to a change
"""

from __future__ import annotations

from math import prod

import numpy as np

from .algebra import Array, Entry, LinearMap, Shape
from .layout import _numbered


class RunningSum(LinearMap):
    """v ↦ r with r_k = v_0 + … + v_k along an axis; `from_end`: r_k = v_k + … + v_{n−1}. Transpose: from the other end.

    >>> RunningSum(0, (3,))(np.array([1.0, 2.0, 3.0]))
    array([1., 3., 6.])
    """

    __slots__ = ("axis", "from_end")

    def __init__(self, axis: int, shape: Shape, from_end: bool = False) -> None:
        self.axis, self.from_end = axis % len(shape), from_end
        self.in_shape = self.out_shape = shape

    def apply(self, v: Entry) -> Entry:
        if not self.from_end:
            return np.cumsum(v, axis=self.axis)
        backwards = along_axis(self.axis, slice(None, None, -1))
        return np.cumsum(v[backwards], axis=self.axis)[backwards]

    @property
    def T(self) -> RunningSum:
        return RunningSum(self.axis, self.in_shape, not self.from_end)

    def matrix(self) -> Array:
        before, n, after = _around(self.axis, self.in_shape)
        triangle = np.tri(n).T if self.from_end else np.tri(n)
        return np.kron(np.kron(np.eye(before), triangle), np.eye(after))

    def text(self, *symbols: str) -> str:
        return "running sum" + " from the end" * self.from_end

    def latex(self, *symbols: str) -> str:
        return r"\mathrm{cumsum}" + r"^{\mathsf T}" * self.from_end


class Recurrence(LinearMap):
    """v ↦ r with r_k = v_k + a_k r_{k−1} along an axis; `from_end`: r_k = v_k + a_{k+1} r_{k+1}, its transpose.

    `a` has the shape of v; its first entry along the axis counts for nothing. Pairs of steps make one step of a
    recurrence half as long, so that all is done in log₂ n rounds over whole arrays, in linear time, and without a
    division: a factor may be 0. Source: Blelloch, "Prefix sums and their applications" (1990).

    >>> Recurrence(np.array([1.0, 2.0, 0.0]), 0)(np.array([1.0, 1.0, 1.0]))
    array([1., 3., 1.])
    """

    __slots__ = ("axis", "entry", "from_end")
    symbol = "a"

    def __init__(self, a: Entry, axis: int, from_end: bool = False) -> None:
        self.entry, self.axis, self.from_end = a, axis % len(a.shape), from_end
        self.in_shape = self.out_shape = a.shape

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (self.entry,)

    def with_entry(self, entry: Entry) -> Recurrence:
        """The same with other factors."""
        return Recurrence(entry, self.axis, self.from_end)

    def apply(self, v: Entry) -> Entry:
        factors = self.entry[along_axis(self.axis, slice(1, None))]
        if not self.from_end:
            return _recur(factors, v, self.axis)
        backwards = along_axis(self.axis, slice(None, None, -1))
        return _recur(factors[backwards], v[backwards], self.axis)[backwards]

    @property
    def T(self) -> Recurrence:
        return Recurrence(self.entry, self.axis, not self.from_end)

    def matrix(self) -> Array:
        before, n, after = _around(self.axis, self.in_shape)
        factors = np.reshape(self.entry, (before, n, after))
        places = _numbered((before, n, after))
        dense = np.eye(prod(self.in_shape))
        for lane in np.ndindex(before, after):
            here = (lane[0], slice(None), lane[1])
            for k in range(1, n):
                row, above = places[here][k], places[here][k - 1]
                dense[row] += factors[here][k] * dense[above]
        return dense.T if self.from_end else dense

    def text(self, *symbols: str) -> str:
        (a,) = symbols or self._own_symbols(str)
        return f"recurrence({a})" + " from the end" * self.from_end

    def latex(self, *symbols: str) -> str:
        (a,) = symbols or self._own_symbols(lambda entry: str(entry.latex()))
        return rf"\operatorname{{recurrence}}({a})" + r"^{\mathsf T}" * self.from_end


def _recur(a: Entry, v: Entry, axis: int) -> Entry:
    """r with r_0 = v_0 and r_k = v_k + a_{k−1} r_{k−1}: here `a` begins with the factor of r_0."""
    if v.shape[axis] < 2:
        return v

    def every_second(x: Entry, start: int) -> Entry:
        return x[along_axis(axis, slice(start, None, 2))]

    def first(x: Entry, count: int) -> Entry:
        return x[along_axis(axis, slice(None, count))]

    half = v.shape[axis] // 2
    even, odd = every_second(v, 0), every_second(v, 1)
    to_odd, to_even = every_second(a, 0), every_second(a, 1)
    # Two steps at once lead from each odd place to the next; one more leads on to the even places.
    two_steps = every_second(a, 2) * first(to_even, half - 1)
    odd = _recur(two_steps, odd + first(to_odd, half) * first(even, half), axis)
    even = np.concatenate([first(even, 1), every_second(v, 2) + to_even * first(odd, to_even.shape[axis])], axis=axis)
    in_pairs = np.stack([first(even, half), odd], axis=axis + 1)
    r = np.reshape(in_pairs, (*v.shape[:axis], 2 * half, *v.shape[axis + 1 :]))
    return r if r.shape == v.shape else np.concatenate([r, even[along_axis(axis, slice(half, None))]], axis=axis)


def along_axis(axis: int, part: slice) -> tuple[slice, ...]:
    """The index that takes a part along one axis, counted from the first.

    >>> np.ones((2, 3))[along_axis(1, slice(1, None))].shape
    (2, 2)
    """
    return (*(slice(None),) * axis, part)


def _around(axis: int, shape: Shape) -> tuple[int, int, int]:
    """How many entries lie before an axis, along it, and after it."""
    return prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])
