"""Checking: are the derivatives of a function what its values say they are?

    check_gradients(f, x, y)      both modes, first and second order, along random directions; raises where they are not

The witness knows only f's values: complex step where f is analytic as NumPy computes it (right to rounding), Ridders'
extrapolation of differences elsewhere (about ten digits). Sources: Squire and Trapp, SIAM Review 40 (1998) 110;
Ridders, Advances in Engineering Software 4 (1982) 75.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import GradientCheckError
from .graph import Node
from .linear_maps.algebra import Array
from .ops.base import Op
from .tracing import traced
from .transforms import jvp, vjp
from .trees import is_float, leaves, rebuilt

COMPLEX_STEP = 1e-30
RIDDERS_STEPS = 8


@dataclass(frozen=True)
class CheckedGradients:
    """What a check found: errors are max|Δ| over max|expected|, along all directions.

    >>> check_gradients(np.tanh, 0.5).witness
    'complex step'
    """

    directions: int
    first_order: float
    second_order: float
    witness: str  # of the first order; the second is Ridders' extrapolation of the first

    def __str__(self) -> str:
        return (
            f"gradients agree with {self.witness} along {self.directions} "
            f"direction{'' if self.directions == 1 else 's'}: relative error "
            f"{self.first_order:.1e}, second derivatives {self.second_order:.1e}"
        )


def check_gradients(f: Callable[..., Any], *arguments: Any, directions: int = 3, rng: Any = 0) -> CheckedGradients:
    """Check f's derivatives at these arguments, in float64: jvp, vjp and second derivatives, along random directions.

    Arguments and results may be trees of arrays; arguments that are not floats stand still. GradientCheckError names
    the first argument that is wrong, the entry, the op, what was expected and what was found.

    >>> print(check_gradients(lambda x: x * np.tanh(x), np.array([0.5, -1.0])))
    gradients agree with complex step along 3 directions: relative error ..., second derivatives ...
    """
    check = _Check(f, arguments)
    generator = np.random.default_rng(rng)
    first = second = 0.0
    witness = "complex step"
    for _ in range(directions):
        v = [generator.normal(size=x.shape) for x in check.at]
        expected, used, tolerance = check.slope(v)
        witness = used if used != "complex step" else witness
        first = max(first, check.compare("jvp", check.jvp(v), expected, tolerance))
        w = [generator.normal(size=y.shape) for y in expected]
        check.transpose(v, w, expected, tolerance)
        second = max(second, check.second(v, w))
    return CheckedGradients(directions, first, second, witness)


class _Check:
    """A function of float64 arrays, beside the derivatives that the engine finds for it."""

    def __init__(self, f: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.f, self.arguments = f, arguments
        self.places = [k for k, leaf in enumerate(leaves(arguments)) if is_float(leaf)]
        if not self.places:
            raise GradientCheckError("check_gradients: none of the arguments is an array of floats.")
        self.at = [np.asarray(leaves(arguments)[k], np.float64) for k in self.places]

    def on(self, *varied: Any) -> list[Any]:
        """The results of f, as a list of leaves, with other values for the arguments that are floats."""
        filled = leaves(self.arguments)
        for k, x in zip(self.places, varied, strict=True):
            filled[k] = x
        return leaves(self.f(*rebuilt(self.arguments, filled)))

    def values(self, varied: Sequence[Array]) -> list[Array]:
        """The same as plain arrays."""
        return [np.asarray(y.value if isinstance(y, Node) else y) for y in self.on(*varied)]

    def moved(self, t: Any, v: Sequence[Array]) -> list[Array]:
        """The arguments, moved along v."""
        return [x + t * dx for x, dx in zip(self.at, v, strict=True)]

    def slope(self, v: Sequence[Array]) -> tuple[list[Array], str, float]:
        """The derivative along v from values alone, the witness, and how far it can be trusted (relative)."""
        by_differences, doubt = ridders(lambda t: self.values(self.moved(t, v)))
        trust = max(1e-7, 100 * doubt)
        try:
            with np.errstate(all="ignore"):
                stepped = self.values(self.moved(1j * COMPLEX_STEP, v))
        except TypeError:  # a function, or an op of our own, that takes no complex numbers
            return by_differences, "Ridders' extrapolation", trust
        by_complex_step = [np.imag(y) / COMPLEX_STEP for y in stepped]
        if _error(by_complex_step, by_differences) <= trust:
            return by_complex_step, "complex step", 1e-9
        return by_differences, "Ridders' extrapolation", trust

    def jvp(self, v: Sequence[Array]) -> list[Array]:
        """The derivative along v that the engine finds, by forward mode."""
        found: list[Array] = jvp(self.on, self.at, v)[1]
        return found

    def compare(self, mode: str, found: list[Array], expected: list[Array], tolerance: float) -> float:
        """The relative error; GradientCheckError where it is more than the tolerance."""
        error = _error(found, expected)
        if not error <= tolerance:
            raise GradientCheckError(self.complaint(mode))
        return error

    def transpose(self, v: Sequence[Array], w: list[Array], expected: list[Array], tolerance: float) -> None:
        """⟨w, J v⟩ = ⟨Jᵀ w, v⟩, with J v from values alone and Jᵀ w by reverse mode."""
        bars = vjp(self.on, *self.at)[1](w)
        left = sum(np.sum(a * b) for a, b in zip(w, expected, strict=True))
        right = sum(np.sum(a * b) for a, b in zip(bars, v, strict=True))
        size = sum(np.sum(np.abs(a * b)) for a, b in zip(w, expected, strict=True))
        if not abs(left - right) <= tolerance * max(size, 1e-300):
            raise GradientCheckError(self.complaint("vjp"))

    def second(self, v: Sequence[Array], w: list[Array]) -> float:
        """The derivative along v of the gradient of ⟨w, f⟩, against differences of that gradient."""

        def gradient(*varied: Any) -> Any:
            return vjp(self.on, *varied)[1](w)

        expected, doubt = ridders(lambda t: list(gradient(*self.moved(t, v))))
        found = list(jvp(gradient, self.at, v)[1])
        error = _error(found, expected)
        if not error <= max(1e-6, 100 * doubt):
            raise GradientCheckError(
                f"check_gradients: second derivatives of {_name(self.f)} are wrong ({error:.1e}), though the first are "
                "right. Does a local Jacobian hold plain numbers, where it should compute with its arguments?"
            )
        return error

    # What an error says.

    def complaint(self, mode: str) -> str:
        """Which argument and entry are wrong, and by which op."""
        lines = [f"check_gradients: the {mode} of {_name(self.f)} does not agree with its values."]
        for k, x in enumerate(self.at):
            for place in np.ndindex(x.shape):
                v = [np.zeros(other.shape) for other in self.at]
                v[k][place] = 1
                expected, witness, tolerance = self.slope(v)
                found = self.jvp(v)
                if not _error(found, expected) <= tolerance:
                    entry = f", entry {place}" if place else ""
                    lines.append(
                        f"  argument {k}{entry}: expected {_short(expected)} by {witness}, found {_short(found)}."
                    )
                    return "\n".join([*lines, *self.culprits()])
        return "\n".join([*lines, *self.culprits()])

    def culprits(self) -> list[str]:
        """The ops on the way whose own local Jacobian is wrong."""
        trace = traced(lambda varied: self.on(*varied), tuple(self.at), False, "check_gradients")
        found = [_fault(node, k) for node in trace.order for k in range(len(node.inputs))]
        return [f"  {fault}" for fault in found if fault][:3] or ["  Each op's own local Jacobian is right."]


def _fault(node: Node, k: int) -> str | None:
    """What is wrong with ∂node/∂(argument k), as its op states it; None where it agrees with the op's forward."""
    source = node.inputs[k]
    if node.op is None or not source.differentiable:
        return None
    v = np.random.default_rng(0).normal(size=source.shape)
    values = [other.value for other in node.inputs]

    def forward(t: float, op: Op = node.op) -> Array:
        return np.asarray(op.forward(*[x + t * v if j == k else x for j, x in enumerate(values)]))

    expected, doubt = ridders(lambda t: [forward(t)])
    if _error([node.jacobians[k](v)], expected) <= max(1e-6, 100 * doubt):
        return None
    h = 1e-6
    ahead, behind = (forward(h) - forward(0)) / h, (forward(0) - forward(-h)) / h
    if _error([ahead], [behind]) > 1e-3:
        return f"op {node.op!r} has a kink here, by argument {k}: its slopes to the two sides differ."
    return f"op {node.op!r}: its local Jacobian by argument {k}, {node.jacobians[k]}, is not that of its forward."


def ridders(f: Callable[[float], list[Array]], step: float = 0.05) -> tuple[list[Array], float]:
    """The derivative at 0 of a list of arrays, and a bound on its relative error.

    Central differences with steps halved each time, extrapolated to step zero; each entry takes the estimate that
    its neighbours in the table contradict least.

    >>> (slope,), doubt = ridders(lambda t: [np.sin(t)])
    >>> bool(abs(slope - 1) < 1e-12), doubt < 1e-9
    (True, True)
    """
    shapes = [np.shape(y) for y in f(0.0)]

    def flat(t: float) -> Array:
        return np.concatenate([np.zeros(0), *[np.ravel(y) for y in f(t)]])

    best = error = np.full(sum(int(np.prod(shape)) for shape in shapes), np.inf)
    coarser: list[Array] = []
    with np.errstate(all="ignore"):
        for row in range(RIDDERS_STEPS):
            h = step / 2**row
            finer = [(flat(h) - flat(-h)) / (2 * h)]
            for k, old in enumerate(coarser, 1):
                finer.append(finer[-1] + (finer[-1] - old) / (4**k - 1))
                contradiction = np.maximum(np.abs(finer[-1] - finer[-2]), np.abs(finer[-1] - old))
                best = np.where(contradiction < error, finer[-1], best)
                error = np.fmin(contradiction, error)
            coarser = finer
    scale = np.max(np.abs(best), initial=0.0)
    parts = np.split(best, np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1])
    doubt = float(np.max(error, initial=0.0) / scale) if scale > 0 else float(np.max(error, initial=0.0))
    return [np.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)], doubt


def _error(found: Sequence[Array], expected: Sequence[Array]) -> float:
    """max|Δ| over max|expected|, of all arrays together; NaN where one has a NaN."""
    difference = np.concatenate([np.zeros(1), *[np.ravel(a - b) for a, b in zip(found, expected, strict=True)]])
    scale = np.concatenate([np.zeros(1), *[np.ravel(b) for b in expected]])
    largest = np.max(np.abs(scale))
    return float(np.max(np.abs(difference)) / (largest if largest > 0 else 1.0))


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", "the function")


def _short(arrays: Sequence[Array]) -> str:
    return np.array2string(np.concatenate([np.ravel(a) for a in arrays]), precision=8, threshold=6)
