"""Examples of laying out, joining, indexing, sorting and making: lines of op_examples.py, in a room of their own.

together(np.split, …)             a function of several results of one shape, of which the stack is taken
calling(np.select, lambda …)      a function that takes more than arrays, called as the second function says
answered(np.shape)                a function with a plain answer, which is put down in numbers
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from op_lines import example, fixed, kinkless, listed, mask, named, pick, positive, real, whole

import minigrad as mg
from minigrad.ops.arranging import Flip, Windows
from minigrad.ops.repeating import Pad, Roll

windows = np.lib.stride_tricks.sliding_window_view


class together(partial):  # noqa: N801  # read as a function of functions, as partial is
    """A partial function of several results, which are stacked."""

    def __call__(self, *arguments: Any) -> Any:
        return np.stack(super().__call__(*arguments))


def calling(function: Callable[..., Any], call: Callable[..., Any]) -> Any:
    """A kind of partial of its own: whoever has the function can call it in the same way."""
    return type("calling", (partial,), {"__call__": lambda self, *arrays: call(self.func, *arrays)})(function)


class answered(partial):  # noqa: N801  # the same
    """A partial function whose answer is written out, each letter as a number."""

    def __call__(self, *arguments: Any) -> Any:
        answer = super().__call__(*arguments)
        return mg.constant(np.frombuffer(repr(answer).encode(), np.uint8))


def ranks(x: Any) -> Any:
    """0 for the smallest, 1 for the next …: a node of whole numbers that depends on x."""
    return np.argsort(np.argsort(x))


FIRST_AND_LAST = np.array([True, False, True])

SHAPING = [
    example(partial(mg.reshape, shape=(3, -1), order="F"), real(2, 3)),
    example(partial(mg.reshape, shape=(2, 2, 3), order="F"), real(3, 4, dtype="f4")),
    example(partial(mg.reshape, shape=-1, order="F"), real(2, 3, 2)),
    example(partial(mg.reshape, shape=(1, 1), order="F"), real()),
    example(partial(mg.reshape, shape=(3, 0), order="F"), real(0, 2)),
    example(partial(mg.reshape, shape=(6,), copy=True), real(2, 3)),
    example(np.ravel, real(2, 3)),
    example(np.ravel, real()),
    example(np.ravel, real(0, 3, dtype="f4")),
    example(partial(np.ravel, order="F"), real(2, 3, 2)),
    example(partial(mg.transpose, axes=0), real(3)),
    example(partial(mg.broadcast_to, shape=(2, 3, 4)), real(3, 1)),
    example(partial(mg.broadcast_to, shape=()), real()),
    example(partial(mg.concatenate, axis=None), real(2, 3)),
    example(listed(mg.concatenate, axis=None), real(2, 3), real(), real(0)),
    example(
        named("mg.concatenate to f4", lambda *parts: mg.concatenate(parts, dtype="f4")),
        *(real(2), real(3)),
        analytic=lambda *parts: np.concatenate(parts),
    ),
    example(
        named("mg.concatenate to f8", lambda *parts: mg.concatenate(parts, dtype="f8")),
        *(real(2, dtype="f4"), whole(3)),
        analytic=lambda *parts: np.concatenate(parts),
    ),
    example(
        named("mg.concatenate to i8", lambda *parts: mg.concatenate(parts, dtype="i8", casting="unsafe")),
        *(real(2), whole(3)),
        derivatives=0,
    ),
    example(mg.stack, real(3, 2)),
    example(partial(mg.stack, axis=-1), real(3, 2)),
    example(
        named("mg.stack to f4", lambda *parts: mg.stack(parts, dtype="f4", casting="unsafe")),
        *(real(2), real(2)),
        analytic=lambda *parts: np.stack(parts),
    ),
    example(listed(mg.stack, axis=-2), real(2, 3), fixed(real(2, 3))),
]

ARRANGING = [
    example(partial(np.swapaxes, axis1=0, axis2=-1), real(2, 3, 4)),
    example(partial(np.swapaxes, axis1=0, axis2=0), real(2, dtype="f4")),
    example(partial(np.moveaxis, source=0, destination=-1), real(2, 3, 4)),
    example(partial(np.moveaxis, source=(0, -1), destination=(1, 0)), real(2, 0, 4)),
    example(partial(np.rollaxis, axis=2), real(2, 3, 4)),
    example(partial(np.rollaxis, axis=0, start=3), real(2, 3, 4)),
    example(np.matrix_transpose, real(2, 3, 4)),
    example(np.linalg.matrix_transpose, real(2, 3, dtype="f4")),
    example(np.squeeze, real(1, 3, 1)),
    example(np.squeeze, real()),
    example(partial(np.squeeze, axis=-1), real(1, 3, 1, dtype="f4")),
    example(partial(np.squeeze, axis=(0, 2)), real(1, 0, 1)),
    example(partial(np.expand_dims, axis=0), real(3)),
    example(partial(np.expand_dims, axis=(0, -1)), real(2, 3)),
    example(partial(np.expand_dims, axis=0), real()),
    example(np.atleast_1d, real()),
    example(np.atleast_1d, real(2, 3)),
    example(together(np.atleast_1d), real(), real(1)),
    example(np.atleast_2d, real(3)),
    example(np.atleast_2d, real(dtype="f4")),
    example(np.atleast_3d, real(3)),
    example(np.atleast_3d, real(2, 0)),
    example(np.atleast_3d, real(1, 2, 3, 1)),
    example(np.flip, real(2, 3)),
    example(np.flip, real()),
    example(partial(np.flip, axis=-1), real(2, 3, dtype="f4")),
    example(partial(np.flip, axis=(0, -1)), real(2, 3, 2)),
    example(partial(np.flip, axis=0), real(0, 3)),
    example(np.fliplr, real(2, 3)),
    example(np.flipud, real(3)),
    *(example(partial(np.rot90, k=k), real(2, 3)) for k in (-1, 0, 1, 2, 3, 5)),
    example(partial(np.rot90, axes=(2, 0)), real(2, 3, 4, dtype="f4")),
    example(together(np.broadcast_arrays), real(3, 1), real(2), real()),
    example(together(np.broadcast_arrays), real(2, dtype="f4"), fixed(real(1, 2, dtype="f4"))),
    example(together(np.meshgrid), real(3), real(2)),
    example(together(np.meshgrid, indexing="ij"), real(3), real(2), real(2, 1)),
    example(together(np.meshgrid, sparse=True, indexing="ij"), real(3)),
    example(together(np.meshgrid), real(3), 2.0),
    example(together(np.ix_), real(3)),
    example(named("x[np.ix_]", lambda x, k: x[np.ix_(k, [0, 1])]), real(3, 2), fixed(FIRST_AND_LAST)),
    example(partial(windows, window_shape=2), real(5)),
    example(partial(windows, window_shape=(2, 3)), real(3, 4)),
    example(partial(windows, window_shape=2, axis=-1), real(2, 3, dtype="f4")),
    example(partial(windows, window_shape=(2, 2), axis=(0, 0)), real(4)),
    example(Flip((0, 1)), real(2, 3)),
    example(Windows((2,)), real(3)),
]

JOINING = [
    example(np.append, real(2, 3), real(2)),
    example(np.append, real(3), 2.0),
    example(partial(np.append, axis=-1), real(2, 3), real(2, 1, dtype="f4")),
    example(listed(np.vstack), real(3), real(2, 3)),
    example(
        named("np.vstack to f4", lambda *parts: np.vstack(parts, dtype="f4")),
        *(real(3), real(3)),
        analytic=lambda *parts: np.stack(parts),
    ),
    example(np.vstack, real(2, 3)),
    example(listed(np.hstack), real(3), real(), real(2)),
    example(listed(np.hstack), real(2, 1), real(2, 3, dtype="f4")),
    example(listed(np.dstack), real(3), real(1, 3)),
    example(listed(np.dstack), real(2, 3), real(2, 3, 2)),
    example(listed(np.column_stack), real(3), real(3, 2), fixed(real(3))),
    example(np.block, real(2)),
    example(named("np.block([x,y])", lambda x, y: np.block([x, y])), real(2), real()),
    example(
        named("np.block([[a,b],[c,d]])", lambda a, b, c, d: np.block([[a, b], [c, d]])),
        *(real(2, 2), real(2, 1), real(1, 2), real()),
    ),
    example(
        named("np.block([[[a]],[[b]]])", lambda a, b: np.block([[[a]], [[b]]])), real(2), real(1, 1, 2, dtype="f4")
    ),
    example(np.insert, real(3), 1, real()),
    example(np.insert, real(3), -1, real(2)),
    example(np.insert, real(2, 2), 4, 2.0),
    example(partial(np.insert, axis=1), real(2, 3), 1, real(2)),
    example(partial(np.insert, axis=0), real(2, 3), 2, real(2, 3)),
    example(partial(np.insert, axis=-1), real(2, 3, dtype="f4"), 0, real(dtype="f4")),
    example(named("np.insert(x,[1,1,3],v)", lambda x, v: np.insert(x, [1, 1, 3], v)), real(3), real(3)),
    example(named("np.insert(x,[0,2],v,1)", lambda x, v: np.insert(x, [0, 2], v, 1)), real(2, 3), real(2, 1)),
    example(named("np.insert(x,[1],v,1)", lambda x, v: np.insert(x, [1], v, 1)), real(2, 3), real(2, 1)),
    example(named("np.insert(x,slice,v)", lambda x, v: np.insert(x, slice(0, 3, 2), v)), real(3), real(2)),
    example(named("np.insert(x,[],v)", lambda x, v: np.insert(x, [], v)), real(3), real(0)),
    example(partial(np.delete, obj=1), real(3)),
    example(partial(np.delete, obj=[0, 0, -1]), real(2, 3)),
    example(partial(np.delete, obj=[0, 2], axis=-1), real(2, 3, dtype="f4")),
    example(partial(np.delete, obj=slice(None, None, 2), axis=0), real(3, 2)),
    example(partial(np.delete, obj=[]), real(3)),
    example(np.delete, real(3), fixed(FIRST_AND_LAST)),
    example(together(np.split, indices_or_sections=2), real(4)),
    example(together(np.split, indices_or_sections=3, axis=-1), real(2, 3, dtype="f4")),
    example(together(np.split, indices_or_sections=[1], axis=1), real(3, 2)),
    example(named("np.split(x,[1,4])[1]", lambda x: np.split(x, [1, 4])[1]), real(3)),
    example(together(np.array_split, indices_or_sections=2), real(4)),
    example(named("np.array_split(x,2)[0]", lambda x: np.array_split(x, 2)[0]), real(3, 2)),
    example(together(np.hsplit, indices_or_sections=2), real(3, 4)),
    example(together(np.hsplit, indices_or_sections=2), real(2)),
    example(together(np.vsplit, indices_or_sections=2), real(4, 1)),
    example(together(np.dsplit, indices_or_sections=2), real(1, 2, 2)),
    example(together(np.unstack), real(3, 2)),
    example(together(np.unstack, axis=-1), real(3, 2, dtype="f4")),
]

REPEATING = [
    example(partial(np.tile, reps=3), real(2)),
    example(partial(np.tile, reps=(2, 1, 3)), real(2, 3)),
    example(partial(np.tile, reps=2), real(2, 3, dtype="f4")),
    example(partial(np.tile, reps=(2, 2)), real()),
    example(partial(np.tile, reps=(0, 2)), real(3)),
    example(partial(np.tile, reps=2), real(0, 3)),
    example(partial(np.repeat, repeats=3), real(2, 3)),
    example(partial(np.repeat, repeats=2, axis=0), real(2, 3)),
    example(partial(np.repeat, repeats=[2], axis=-1), real(2, 3, dtype="f4")),
    example(partial(np.repeat, repeats=[0, 2, 1], axis=1), real(2, 3)),
    example(partial(np.repeat, repeats=0), real(3)),
    example(partial(np.repeat, repeats=3), real()),
    example(partial(np.resize, new_shape=(2, 4)), real(3)),
    example(partial(np.resize, new_shape=2), real(2, 3, dtype="f4")),
    example(partial(np.resize, new_shape=(0, 2)), real(3)),
    example(partial(np.resize, new_shape=()), real(3)),
    example(partial(np.roll, shift=1), real(2, 3)),
    example(partial(np.roll, shift=-7, axis=0), real(3, dtype="f4")),
    example(partial(np.roll, shift=(1, 2), axis=(0, -1)), real(2, 3)),
    example(partial(np.roll, shift=1, axis=(0, 0)), real(3, 2)),
    example(partial(np.roll, shift=(1, 1)), real(5)),
    example(partial(np.roll, shift=2), real()),
    example(partial(np.roll, shift=1, axis=0), real(0, 3)),
    example(partial(np.pad, pad_width=1), real(2, 3)),
    example(partial(np.pad, pad_width=2), real()),
    example(partial(np.pad, pad_width=(1, 2), mode="constant", constant_values=5.0), real(3, dtype="f4")),
    example(partial(np.pad, pad_width=((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))), real(2, 3)),
    example(partial(np.pad, pad_width=((2,), (0,))), real(0, 3)),
    example(partial(np.pad, pad_width=((1, 2), (2, 1)), mode="edge"), real(2, 3)),
    example(partial(np.pad, pad_width=((0, 0), (3, 5)), mode="reflect"), real(2, 3)),
    example(partial(np.pad, pad_width=(4, 5), mode="symmetric"), real(3)),
    example(partial(np.pad, pad_width=((1, 1), (4, 0)), mode="wrap"), real(2, 3, dtype="f4")),
    example(partial(np.pad, pad_width={-1: (1, 2)}, mode="edge"), real(2, 3)),
    example(Roll((1,), None), real(3)),
    example(Pad(((1, 1),)), real(3)),
]

TRIANGLES = [
    *(example(partial(f, k=k), real(3, 4)) for f in (np.tril, np.triu) for k in (-1, 0, 2)),
    *(example(f, real(2, 3, 3, dtype="f4")) for f in (np.tril, np.triu)),
    *(example(f, real(3)) for f in (np.tril, np.triu)),
    example(np.tril, real(0, 3)),
    example(np.diagonal, real(3, 4)),
    example(partial(np.diagonal, offset=1), real(3, 3, dtype="f4")),
    example(partial(np.diagonal, offset=-2, axis1=2, axis2=0), real(2, 3, 4)),
    example(partial(np.diagonal, offset=5), real(3, 3)),
    example(partial(np.diagonal, axis1=-1, axis2=-2), real(2, 0, 3)),
    example(np.diag, real(3)),
    example(np.diag, real(2, 3)),
    example(partial(np.diag, k=-2), real(2, dtype="f4")),
    example(partial(np.diag, k=1), real(0)),
    example(partial(np.diag, k=1), real(3, 3)),
    example(partial(np.diagflat, k=1), real(2, 2)),
    example(np.diagflat, real()),
    example(np.trace, real(3, 4)),
    example(partial(np.trace, offset=1, axis1=0, axis2=-1), real(3, 2, 3, dtype="f4")),
    example(partial(np.trace, offset=9), real(3, 3)),
]

INDEXING = [
    example(pick[[[0, 1]], [[1], [0]]], real(2, 3)),
    example(pick[..., [0, 0], None], real(2, 3, 4)),
    example(pick[np.array([True, False]), 1:], real(2, 3)),
    example(pick[np.array([True, False, True]), [0, 1]], real(3, 2)),
    example(pick[np.array(True), 0], real(2)),
    example(pick[False], real()),
    example(pick[np.arange(80) % 7], real(7)),
    example(pick[np.arange(80) % 7, None], real(7, 2)),
    example(pick[:, np.arange(80) % 3], real(2, 3, dtype="f4")),
    example(pick[np.arange(80) % 3, 0], real(3, 2)),
    example(named("x[node]", lambda x, k: x[k]), real(4), fixed([2, 0, 2, -1])),
    example(named("x[0-d node]", lambda x, k: x[k]), real(4, dtype="f4"), fixed(np.array(2))),
    example(named("x[:,node,None]", lambda x, k: x[:, k, None]), real(2, 3), fixed([2, 0, 2])),
    example(named("x[[node,node]]", lambda x, j, k: x[[j, k]]), real(3), fixed(np.array(1)), fixed(np.array(2))),
    example(named("x[mask node]", lambda x, m: x[m]), real(3, 2), fixed(FIRST_AND_LAST)),
    example(named("x[mask node,1:]", lambda x, m: x[m, 1:] ** 2), real(3, 2), fixed(FIRST_AND_LAST)),
    example(named("x[ranks(x)]", lambda x: x[ranks(x)] ** 3), real(4)),
    example(named("x[ranks(x)>1]", lambda x: x[ranks(x) > 1] ** 3), real(5)),
    example(named("x[argmax]", lambda x: x[np.argmax(x)] ** 3), real(5)),
    example(partial(np.take, indices=2), real(4)),
    example(partial(np.take, indices=[[0, 5], [5, -1]]), real(2, 3)),
    example(partial(np.take, indices=[1, 1, 0], axis=-1), real(2, 3, dtype="f4")),
    example(partial(np.take, indices=[7, -8, 0], mode="wrap"), real(3)),
    example(partial(np.take, indices=[7, -8, 0], axis=0, mode="clip"), real(3, 2)),
    example(partial(np.take, indices=[], axis=0), real(3, 2)),
    example(partial(np.take, axis=1), real(2, 3), fixed([1, 1, 0])),
    example(partial(np.take, mode="wrap"), real(3), fixed([1, -7])),
    example(np.take, real(2), mask(3)),
    example(np.take_along_axis, real(2, 3), fixed([[0, 0, 2], [1, -1, 1]])),
    example(partial(np.take_along_axis, axis=0), real(3, 2, dtype="f4"), fixed([[0, 2]])),
    example(partial(np.take_along_axis, axis=1), real(1, 3), fixed([[0, 2, 2], [1, 1, 1]])),
    example(partial(np.take_along_axis, axis=None), real(2, 3), fixed([5, 0, 5])),
    example(named("sort by argsort", lambda x: np.take_along_axis(x, np.argsort(x, 0), 0) ** 2), real(3, 2)),
    example(np.compress, fixed(FIRST_AND_LAST), real(2, 2)),
    example(partial(np.compress, axis=-1), fixed([0, 2]), real(2, 3, dtype="f4")),
    example(named("np.compress([0,1],x,0)", lambda x: np.compress([0, 1], x, 0)), real(3, 2)),
    example(np.extract, fixed(FIRST_AND_LAST), real(3)),
    example(np.extract, fixed([[True, False], [False, True]]), real(2, 2)),
    example(named("np.extract(ranks(x)>1,x)", lambda x: np.extract(ranks(x) > 1, x) ** 2), real(4)),
    example(np.bincount, fixed([0, 2, 0]), real(3), analytic=lambda k, w: np.stack([w[0] + w[2], 0 * w[0], w[1]])),
    example(
        partial(np.bincount, minlength=2),
        fixed([0, 0]),
        real(2, dtype="f4"),
        analytic=lambda k, w: np.stack([w[0] + w[1], 0 * w[0]]),
    ),
    example(np.bincount, fixed([0, 3, 0]), derivatives=0),
]

POSITIONS = [
    example(np.argsort, real(2, 3), derivatives=0),
    example(partial(np.argsort, axis=None, kind="stable"), whole(2, 3), derivatives=0),
    example(partial(np.argsort, axis=0, stable=True), real(3, 2, dtype="f4"), derivatives=0),
    example(partial(np.argpartition, kth=1), real(2, 4), derivatives=0),
    example(partial(np.argpartition, kth=(0, 2), axis=0), real(4, 2), derivatives=0),
    example(np.lexsort, real(2, 3), derivatives=0),
    example(listed(np.lexsort), whole(4), real(4), derivatives=0),
    example(listed(np.lexsort, axis=0), whole(4, 2), real(4, 2), derivatives=0),
    example(np.argwhere, kinkless(2, 3), derivatives=0),
    example(np.argwhere, kinkless(), derivatives=0),
    example(np.flatnonzero, kinkless(2, 3), derivatives=0),
    example(together(np.nonzero), fixed(kinkless(2, 3)), derivatives=0),
    example(together(np.where), fixed(kinkless(2, 3)), derivatives=0),
    example(np.isin, whole(2, 3), whole(2), derivatives=0),
    example(partial(np.isin, invert=True), real(3), real(2), derivatives=0),
    example(together(np.unravel_index, shape=(2, 3)), fixed([5, 0, 3]), derivatives=0),
    example(together(np.unravel_index, shape=(2, 3), order="F"), fixed([5, 0, 3]), derivatives=0),
    example(listed(np.ravel_multi_index, dims=(5, 6)), whole(3), whole(3), derivatives=0),
    example(listed(np.ravel_multi_index, dims=(2, 3), mode="wrap", order="F"), whole(3), whole(3), derivatives=0),
]

SORTING = [
    example(np.sort, real(2, 3)),
    example(partial(np.sort, axis=0), real(3, 2, dtype="f4")),
    example(partial(np.sort, axis=None), real(2, 3)),
    example(partial(np.sort, kind="stable"), real(5)),
    example(partial(np.sort, axis=1, stable=True), real(2, 0)),
    example(np.sort, whole(5), derivatives=0),
    example(named("np.sort(x**2)**2", lambda x: np.sort(x**2) ** 2), kinkless(5)),
    example(partial(np.partition, kth=1), real(2, 3)),
    example(partial(np.partition, kth=(0, 2), axis=0), real(4, 2, dtype="f4")),
    example(partial(np.partition, kth=2, axis=None), real(2, 2)),
    example(np.unique, real(2, 3)),
    example(named("np.unique of pairs", lambda x: np.unique(np.concatenate([x, x]))), real(3)),
    example(partial(np.unique, axis=0), real(3, 2, dtype="f4")),
    example(partial(np.unique, axis=1), real(2, 3)),
    example(np.unique, fixed([2, 1, 2]), derivatives=0),
    example(np.unique_values, fixed([3.0, 1.0, 3.0]), derivatives=0),
    example(named("np.sort of np.unique_values", lambda x: np.sort(np.unique_values(x))), real(2, 2)),
    example(calling(np.unique_counts, lambda unique, x: unique(x).values), real(4)),
    example(calling(np.unique_inverse, lambda unique, x: unique(x).values), real(4)),
    example(calling(np.unique_all, lambda unique, x: unique(x).values), real(4)),
    example(np.union1d, real(3), real(2, 2)),
    example(named("np.intersect1d", lambda x, y: np.intersect1d(np.append(y, x), y)), real(3), real(2)),
    example(np.intersect1d, fixed([3.0, 1.0, 3.0]), fixed([2.0, 3.0]), derivatives=0),
    example(np.setdiff1d, real(3), fixed([5.0])),
    example(partial(np.setdiff1d, assume_unique=True), real(3), real(2)),
    example(np.setxor1d, real(3), real(2)),
    example(np.trim_zeros, kinkless(3)),
    example(named("np.trim_zeros of a frame", lambda x: np.trim_zeros(np.pad(x, 2))), kinkless(3)),
    example(named("np.trim_zeros at the back", lambda x: np.trim_zeros(np.pad(x, 2), "b")), kinkless(3)),
]

CHOOSING = [
    example(named("np.choose of a list", lambda x, y: np.choose([0, 1, 1, 0], [x, y])), real(4), real(4)),
    example(np.choose, fixed([[2], [0]]), real(3, 4)),
    example(named("np.choose of shapes", lambda k, x, y: np.choose(k, [x, y])), fixed([1, 0]), real(3, 1), real()),
    example(partial(np.choose, mode="wrap"), fixed([5, -1, 0]), real(3, 3, dtype="f4")),
    example(partial(np.choose, mode="clip"), fixed([5, -1]), real(3, 2)),
    example(
        calling(np.select, lambda select, x, y: select([x < -0.5, x < 0.5], [x * y, y], x**2)),
        real(9),
        real(9),
        analytic=lambda x, y: np.where(x.real < -0.5, x * y, np.where(x.real < 0.5, y, x**2)),
    ),
    example(
        named("np.select, shapes", lambda m, x, y: np.select([m, [True, False]], [x, y])),
        *(mask(3, 1), real(2, dtype="f4"), real(3, 1, dtype="f4")),
        analytic=lambda m, x, y: np.where(m, x, np.where([True, False], y, 0)),
    ),
    example(
        calling(np.piecewise, lambda f, x: f(x, [ranks(x) < 2, ranks(x) > 3], [lambda x: x**2, np.exp, 3.0])),
        real(6),
    ),
    example(
        named("np.piecewise, overlapping", lambda x: np.piecewise(x, [ranks(x) < 4, ranks(x) > 1], [np.exp, np.tanh])),
        real(6),
    ),
    example(named("np.piecewise, one", lambda x: np.piecewise(x, x < 99, [lambda x, k: k * x], 3.0)), real(3)),
    example(named("np.piecewise, 0-d", lambda x: np.piecewise(x, [x < 99], [lambda x: x**2])), real()),
]

ANSWERS = [
    *(example(answered(f), fixed(real(2, 3)), derivatives=0) for f in (np.shape, np.ndim, np.size, np.min_scalar_type)),
    example(answered(np.result_type), fixed(real(2, 3, dtype="f4")), 1.0, derivatives=0),
    example(answered(np.common_type), fixed(real(2, dtype="f4")), fixed(real(3)), derivatives=0),
    example(answered(np.can_cast, to="f4"), fixed(real(2)), derivatives=0),
    *(
        example(answered(f), fixed(real(2)), fixed(real(2)), derivatives=0)
        for f in (np.may_share_memory, np.shares_memory)
    ),
    *(example(answered(f), fixed([1.5, 2.0]), derivatives=0) for f in (np.array_repr, np.array_str, np.array2string)),
    *(
        example(answered(f), fixed(real(3, 3)), derivatives=0)
        for f in (np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)
    ),
]

SPACES = [
    example(partial(np.linspace, num=5), real(), real()),
    example(partial(np.linspace, num=3, endpoint=False, axis=-1), real(2, 1), real(3)),
    example(partial(np.linspace, num=3, axis=1), real(3, dtype="f4"), fixed(real(2, 1, dtype="f4"))),
    example(partial(np.linspace, num=1), real(2), real()),
    example(partial(np.linspace, num=0), real(2), real(2)),
    example(partial(np.linspace, num=4), 0.0, real()),
    example(named("np.linspace, step", lambda x, y: np.linspace(x, y, 3, retstep=True)[1] ** 2), real(2), real()),
    example(partial(np.logspace, num=3), real(), real(2)),
    example(partial(np.logspace, num=3, endpoint=False, axis=-1), real(), real(2)),
    example(named("np.logspace, base", lambda x, y, b: np.logspace(x, y, 3, base=b)), real(2), real(), positive(2)),
    example(partial(np.geomspace, num=4), positive(), positive(2)),
    example(partial(np.geomspace, num=3, axis=-1), positive(2, 1), positive(2)),
    example(
        named("np.geomspace in single", lambda x, y: np.geomspace(x, y, 3)),
        *(positive(2, dtype="f4"), positive(2, dtype="f4")),
    ),
]

MAKING = [
    example(np.zeros_like, fixed(real(2, 3)), derivatives=0),
    example(partial(np.zeros_like, shape=3), fixed(real(dtype="f4")), derivatives=0),
    example(named("np.zeros_like to f4", lambda x: np.zeros_like(x, dtype="f4")), fixed(real(2)), derivatives=0),
    example(np.ones_like, fixed(real(2, 3, dtype="f4")), derivatives=0),
    example(np.ones_like, whole(2), derivatives=0),
    example(partial(np.empty_like, shape=0), fixed(real(2)), derivatives=0),
    example(partial(np.full_like, fill_value=2), fixed(real(2, dtype="f4")), derivatives=0),
    example(partial(np.full_like, shape=(2, 3)), fixed(real()), real(3)),
    example(np.full_like, fixed(real(2, dtype="f4")), real(), analytic=lambda x, fill: np.stack([fill, fill])),
    example(np.copy, real(2, 3)),
    example(calling(np.apply_along_axis, lambda apply, x: apply(np.outer, 1, x, [1.0, 2.0])), real(2, 3, 2)),
    example(named("np.apply_along_axis to 0-d", lambda x: np.apply_along_axis(np.sum, -2, x)), real(2, 3, 2)),
    example(calling(np.apply_over_axes, lambda apply, x: apply(np.sum, x, (0, -1))), real(2, 3, 2)),
    example(named("np.apply_over_axes, 1", lambda x: np.apply_over_axes(np.cumsum, x, 1)), real(2, 3)),
]

EXAMPLES = [
    *SHAPING,
    *ARRANGING,
    *JOINING,
    *REPEATING,
    *TRIANGLES,
    *INDEXING,
    *POSITIONS,
    *SORTING,
    *CHOOSING,
    *MAKING,
    *ANSWERS,
    *SPACES,
]
