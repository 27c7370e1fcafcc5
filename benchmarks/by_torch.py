"""The same by PyTorch's eager mode, in float64 on the CPU; imported only where torch is installed."""

# mypy: disable-error-code="import-not-found"
# torch is optional; whoever imports this module has looked whether it is there.

from __future__ import annotations

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from .by_hand import with_ones
from .rows import ChainRow, Contestant, Numbers, Problem


def network(problem: Problem) -> Contestant:
    """As with the engine: data tensors made once, weights made anew; the cost from the logits, stable."""
    X, Y = torch.tensor(with_ones(problem.X.T)), torch.tensor(problem.Y.T).contiguous()
    m = X.shape[1]
    ones = torch.ones((1, m), dtype=torch.float64)

    def run() -> Numbers:
        thetas = [torch.tensor(theta, requires_grad=True) for theta in problem.thetas]
        z = thetas[0] @ X
        for theta in thetas[1:]:
            z = theta @ torch.cat([ones, torch.sigmoid(z)])
        J = binary_cross_entropy_with_logits(z, Y, reduction="sum") / m
        for theta in thetas:
            J = J + problem.weight_decay / (2 * m) * theta[:, 1:].square().sum()
        return [J.detach().numpy(), *[g.numpy() for g in torch.autograd.grad(J, thetas)]]

    return run


def chain(row: ChainRow) -> Contestant:
    """The chain; gradients are kept on the leaf only, as is PyTorch's way."""

    def run() -> Numbers:
        x, a = chain_of_tensors(row)
        (g,) = torch.autograd.grad(a, x)
        return [a.detach().numpy(), g.numpy()]

    return run


def chain_of_tensors(row: ChainRow) -> tuple[torch.Tensor, torch.Tensor]:
    """The chain's first tensor and its last."""
    x = torch.tensor(row.start(), requires_grad=True)
    a = x
    for _ in range(row.length):
        a = torch.tanh(a)
    return x, a
