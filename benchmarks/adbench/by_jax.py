"""The objectives by jax in float64: the same source with its import line changed, under jit and without.

Two things are as a user of jax would do them: a loop over characters is a lax.scan under jit (unrolled, it takes
minutes to compile), and the blocks of a bundle's Jacobian come from vmap over observations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..rows import Contestant, Numbers
from . import ba as bundle
from .problems import Instance
from .rewritten import on

jax.config.update("jax_enable_x64", True)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """In the place of jax.jit: the function itself."""
    return function


def gmm(instance: Instance, jit: Callable[..., Any] = jax.jit) -> Contestant:
    """The log posterior and its gradient by all parameters."""
    x, wishart = instance.fixed
    log_posterior = on(jnp, "gmm").log_posterior
    return gradient_of(lambda *varied_and_x: log_posterior(*varied_and_x, wishart), instance.varied, (x,), jit)


def lstm(instance: Instance, jit: Callable[..., Any] = jax.jit) -> Contestant:
    """The loss and its gradient by the parameters."""
    objective = on(jnp, "lstm").loss if jit is plain else scanned_loss
    return gradient_of(objective, instance.varied, instance.fixed, jit)


def scanned_loss(main: Any, extra: Any, state: Any, text: Any) -> Any:
    """The same loss, its loop over characters a scan."""
    characters = on(jnp, "lstm")
    layers = characters.in_layers(main, 4)

    def step(states: Any, character: Any) -> Any:
        return characters.step(layers, extra, states, character)

    _, guesses = jax.lax.scan(step, characters.in_layers(state, 1), text[:-1])
    return characters.mean_loss(guesses, text[1:])


def gradient_of(objective: Any, varied: Any, fixed: Any, jit: Callable[..., Any]) -> Contestant:
    """Value and gradient by all that varies. Arrays are jax's own from the start, and results are waited for."""
    differentiate = jit(jax.value_and_grad(objective, argnums=tuple(range(len(varied)))))
    arguments = jax.device_put((*varied, *fixed))

    def run() -> Numbers:
        value, gradients = jax.block_until_ready(differentiate(*arguments))
        return [value, *gradients]

    return run


def ba(instance: Instance, jit: Callable[..., Any] = jax.jit) -> Contestant:
    """The errors and their Jacobian: jax knows no sparsity; vmap over observations of the Jacobian of each."""
    (cameras, points, weights), (features, seen) = instance
    objective = on(jnp, "ba").reprojection_errors

    def with_value(*arguments: Any) -> Any:
        errors = objective(*arguments)
        return errors, errors

    def blocks_of(cameras: Any, points: Any, weights: Any, features: Any, seen: Any) -> Any:
        each = bundle.for_each(cameras, points, weights, seen)
        return jax.vmap(jax.jacrev(with_value, argnums=(0, 1, 2), has_aux=True))(*each, features)

    differentiate = jit(blocks_of)
    arguments = jax.device_put((cameras, points, weights, features, seen))

    def run() -> Numbers:
        blocks, errors = jax.block_until_ready(differentiate(*arguments))
        found = [np.asarray(block) for block in blocks]
        jacobian = bundle.sparse_from_blocks(found, weights, len(cameras), len(points), seen)
        return [np.concatenate([np.ravel(errors), 1 - weights**2]), jacobian]

    return run


ba_blocks = ba
