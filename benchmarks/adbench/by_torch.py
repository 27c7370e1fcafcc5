"""The objectives by PyTorch's eager mode in float64 on the CPU, in torch's own functions."""

# mypy: disable-error-code="import-not-found"
# torch is optional; whoever imports this module has looked whether it is there.

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
import torch

from ..rows import Contestant, Numbers
from . import ba as bundle
from .gmm import log_multigamma
from .problems import Instance


def gmm(instance: Instance) -> Contestant:
    """The log posterior and its gradient by all parameters."""
    x, (gamma, m) = instance.fixed
    n, d = x.shape
    points, freedom = torch.tensor(x.T.copy()), d + m + 1
    log_c = freedom * d * (log(gamma) - 0.5 * log(2)) - log_multigamma(0.5 * freedom, d)
    columns, rows = torch.triu_indices(d, d, 1)

    def log_posterior(alphas: Any, means: Any, icf: Any) -> Any:
        q, l = icf[:, :d], icf[:, d:]
        factors = torch.diag_embed(q.exp())
        factors[:, rows, columns] = l
        whitened = factors @ (points - means[:, :, None])
        densities = (alphas + q.sum(1))[:, None] - 0.5 * whitened.square().sum(1)
        likelihood = densities.logsumexp(0).sum() - n * alphas.logsumexp(0) - 0.5 * n * d * log(2 * pi)
        prior = 0.5 * gamma**2 * (q.exp().square().sum() + l.square().sum()) - m * q.sum() - len(icf) * log_c
        return likelihood + prior

    return gradient_of(log_posterior, instance)


def lstm(instance: Instance) -> Contestant:
    """The loss and its gradient by the parameters."""
    state, text = (torch.tensor(array) for array in instance.fixed)

    def loss(main: Any, extra: Any) -> Any:
        layers = list(main.view(len(main) // 2, 2, 4, -1))
        states, guesses = list(state.view(len(state) // 2, 2, -1).unbind()), []
        for character in text[:-1]:
            x = extra[0] * character
            for i, (weight, bias) in enumerate(layers):
                hidden, cell = states[i]
                gates = torch.addcmul(bias, weight, torch.stack([x, hidden, x, hidden]))
                forget, ingate, outgate = gates[:3].sigmoid()
                cell = forget * cell + ingate * gates[3].tanh()
                x = outgate * cell.tanh()
                states[i] = (x, cell)
            guesses.append(extra[1] * x + extra[2])
        y = torch.stack(guesses)
        return (text[1:] * (torch.log(2 + y.exp().sum(1, keepdim=True)) - y)).mean()

    return gradient_of(loss, instance)


def gradient_of(objective: Any, instance: Instance) -> Contestant:
    """Value and gradient by all that varies, made anew each time."""

    def run() -> Numbers:
        varied = [torch.tensor(array, requires_grad=True) for array in instance.varied]
        value = objective(*varied)
        return [value.detach().numpy(), *[g.numpy() for g in torch.autograd.grad(value, varied)]]

    return run


def ba(instance: Instance) -> Contestant:
    """The errors and their Jacobian: torch finds no sparsity, so the structure is used by hand.

    The observations are independent, given camera, point and weight of each: two reverse sweeps over all at once.
    """
    (cameras, points, weights), (features, seen) = instance
    targets, units = torch.tensor(features), torch.eye(2, dtype=torch.float64)

    def run() -> Numbers:
        each = [torch.tensor(array, requires_grad=True) for array in bundle.for_each(cameras, points, weights, seen)]
        errors = reprojection_errors(*each, targets)
        swept = [torch.autograd.grad(errors, each, unit.expand(errors.shape), retain_graph=True) for unit in units]
        blocks = [torch.stack(rows, dim=1).numpy() for rows in zip(*swept, strict=True)]
        jacobian = bundle.sparse_from_blocks(blocks, weights, len(cameras), len(points), seen)
        return [np.concatenate([errors.detach().numpy().ravel(), 1 - weights**2]), jacobian]

    return run


ba_blocks = ba


def reprojection_errors(camera: Any, point: Any, weight: Any, feature: Any) -> Any:
    """As in ba.py."""
    rotation, centre, focal, principal, distortion = camera.split([3, 3, 1, 2, 2], dim=-1)
    z = rotated(rotation, point - centre)
    x = z[..., :2] / z[..., 2:]
    square = x.square().sum(-1, keepdim=True)
    stretch = 1 + distortion[..., :1] * square + distortion[..., 1:] * square.square()
    return weight * (focal * stretch * x + principal - feature)


def rotated(rotation: Any, point: Any) -> Any:
    """As in ba.py: Rodrigues' formula, to first order where there is no rotation."""
    square = rotation.square().sum(-1, keepdim=True)
    turns = square > 0
    angle = torch.where(turns, square, 1.0).sqrt()
    axis = rotation / angle
    along = (axis * point).sum(-1, keepdim=True)
    turned = point * angle.cos() + torch.linalg.cross(axis, point) * angle.sin() + axis * along * (1 - angle.cos())
    return torch.where(turns, turned, point + torch.linalg.cross(rotation, point))
