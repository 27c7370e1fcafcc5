"""The objectives by HIPS autograd: the same source with its import line changed."""

# mypy: disable-error-code="import-untyped,import-not-found"
# autograd is optional, and has no types; whoever imports this module has looked whether it is there.

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp, value_and_grad

from ..rows import Contestant, Numbers
from . import ba as bundle
from .problems import Instance
from .rewritten import on


def cross(a: Any, b: Any) -> Any:
    """The cross product along the last axis, for which autograd has no rule."""
    (a1, a2, a3), (b1, b2, b3) = ([v[..., k] for k in range(3)] for v in (a, b))
    return anp.stack([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], axis=-1)


ANP = SimpleNamespace(**(vars(anp) | {"cross": cross}))


def gmm(instance: Instance) -> Contestant:
    """The log posterior and its gradient by all parameters."""
    return gradient_of(on(anp, "gmm").log_posterior, instance)


def lstm(instance: Instance) -> Contestant:
    """The loss and its gradient by the parameters."""
    return gradient_of(on(anp, "lstm").loss, instance)


def gradient_of(objective: Any, instance: Instance) -> Contestant:
    """Value and gradient by all that varies."""
    differentiate = value_and_grad(lambda varied: objective(*varied, *instance.fixed))

    def run() -> Numbers:
        value, gradients = differentiate(instance.varied)
        return [value, *gradients]

    return run


def ba(instance: Instance) -> Contestant:
    """The errors and their Jacobian: autograd knows no sparsity, so the structure is used by hand.

    The observations are independent, given camera, point and weight of each: two reverse sweeps over all at once.
    """
    (cameras, points, weights), (features, seen) = instance
    objective = on(ANP, "ba").reprojection_errors

    def run() -> Numbers:
        each = bundle.for_each(cameras, points, weights, seen)
        pull, errors = make_vjp(lambda varied: objective(*varied, features))(each)
        swept = [pull(np.broadcast_to(unit, errors.shape)) for unit in np.eye(2)]
        blocks = [np.stack(rows, axis=1) for rows in zip(*swept, strict=True)]
        jacobian = bundle.sparse_from_blocks(blocks, weights, len(cameras), len(points), seen)
        return [np.concatenate([errors.ravel(), 1 - weights**2]), jacobian]

    return run


ba_blocks = ba
