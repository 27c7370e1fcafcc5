"""What mg.checkpoint saves, and what it costs: python -m benchmarks.memory [BLOCKS].

A chain of blocks, each of eight layers tanh(W x) on 256 × 256 numbers, differentiated by x, W and all. Kept: every
layer's values. Checkpointed: those between the blocks, and of one block at a time what it makes again.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable

import numpy as np

import minigrad as mg

from .measure import compare
from .rows import Array, largest_error

LAYERS, WIDTH = 8, 256


def block(W: Array, x: Array) -> Array:
    """Eight layers."""
    for _ in range(LAYERS):
        x = np.tanh(W @ x)
    return x


def chain(step: Callable[[Array, Array], Array], blocks: int) -> Callable[[], list[Array]]:
    """Value and gradients of Σ x² after so many blocks."""
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH), rng.normal(size=(WIDTH, WIDTH))

    def energy(W: Array, x: Array) -> Array:
        for _ in range(blocks):
            x = step(W, x)
        return np.sum(x * x)

    def run() -> list[Array]:
        value, gradients = mg.value_and_grad(energy, argnums=(0, 1))(W, x)
        return [value, *gradients]

    return run


def peak(run: Callable[[], object]) -> int:
    """The most bytes that were in use at a time (tracemalloc)."""
    run()
    tracemalloc.start()
    run()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def main(blocks: int = 16) -> None:
    """Print peak memory of both, their ratio, and the ratio of their times."""
    kept, checkpointed = chain(block, blocks), chain(mg.checkpoint(block), blocks)
    error = largest_error(checkpointed(), kept())
    if not error <= 1e-12:
        raise SystemExit(f"the gradients differ by {error:.1e}")
    most, least = peak(kept), peak(checkpointed)
    ratio = compare(checkpointed, kept, 6.0)
    print(f"{blocks} blocks of {LAYERS} layers of {WIDTH} × {WIDTH} numbers; gradients differ by {error:.0e}, relative")
    print(f"  peak memory: {most / 2**20:.0f} MiB kept, {least / 2**20:.0f} MiB checkpointed: {least / most:.2f} times")
    print(f"  time: {ratio.median:.2f} times ({ratio.low:.2f} … {ratio.high:.2f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
