"""The objectives by the engine: plain NumPy functions, handed to a transform."""

from __future__ import annotations

import numpy as np

import minigrad as mg

from ..rows import Contestant, Numbers
from . import ba as bundle
from . import gmm as mixture
from . import lstm as characters
from .problems import Instance


def gmm(instance: Instance) -> Contestant:
    """The log posterior and its gradient by all parameters."""
    differentiate = mg.value_and_grad(mixture.log_posterior, argnums=(0, 1, 2))

    def run() -> Numbers:
        value, gradients = differentiate(*instance.varied, *instance.fixed)
        return [value, *gradients]

    return run


def ba(instance: Instance) -> Contestant:
    """The errors and their sparse Jacobian: the engine finds the structure, and the sweeps that it needs."""
    differentiate = mg.sparse_jacobian(bundle.errors, argnums=(0, 1, 2))

    def run() -> Numbers:
        errors = bundle.errors(*instance.varied, *instance.fixed)
        return [errors, differentiate(*instance.varied, *instance.fixed)]

    return run


def ba_blocks(instance: Instance) -> Contestant:
    """The same by someone who knows the structure: two reverse sweeps over all observations at once."""
    (cameras, points, weights), (features, seen) = instance

    def run() -> Numbers:
        each = bundle.for_each(cameras, points, weights, seen)
        errors, pull = mg.vjp(lambda *varied: bundle.reprojection_errors(*varied, features), *each)
        swept = [pull(np.broadcast_to(unit, errors.shape)) for unit in np.eye(2)]
        blocks = [np.stack(rows, axis=1) for rows in zip(*swept, strict=True)]
        jacobian = bundle.sparse_from_blocks(blocks, weights, len(cameras), len(points), seen)
        return [np.concatenate([errors.ravel(), 1 - weights**2]), jacobian]

    return run


def lstm(instance: Instance) -> Contestant:
    """The loss and its gradient by the parameters."""
    differentiate = mg.value_and_grad(characters.loss, argnums=(0, 1))

    def run() -> Numbers:
        value, gradients = differentiate(*instance.varied, *instance.fixed)
        return [value, *gradients]

    return run
