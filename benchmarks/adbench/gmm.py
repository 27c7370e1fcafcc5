"""Gaussian mixture model fitting: the log posterior of a mixture, by all its parameters.

    log p = Σ_i log Σ_k exp(α_k + Σ_j q_kj − ½ ‖Q_k (x_i − μ_k)‖²) − n log Σ_k exp α_k − ½ n d log 2π + prior

Q_k, the factor of component k's precision Q_kᵀ Q_k, is lower triangular, with exp(q_k) on its diagonal and l_k, column
by column, below it. The prior is Wishart's, in the signs of the reference implementation.
Source: Šrajer, Kukelova and Fitzgibbon, "A benchmark of selected algorithmic differentiation tools on some problems in
computer vision and machine learning" (2018), section 4.1, and its implementation, ADBench.
"""

from __future__ import annotations

from math import lgamma, log, pi
from typing import Any

import numpy as np


def log_posterior(alphas: Any, means: Any, icf: Any, x: Any, wishart: tuple[float, int]) -> Any:
    """The objective. alphas (K,), means (K, d), icf = [q, l] (K, d(d + 1)/2), x (n, d); the prior's (γ, m)."""
    n, d = x.shape
    q = icf[:, :d]
    whitened = precision_factors(icf, d) @ (x.T - means[:, :, None])  # (K, d, n)
    densities = (alphas + np.sum(q, axis=1))[:, None] - 0.5 * np.sum(whitened**2, axis=1)  # (K, n)
    likelihood = np.sum(logsumexp(densities)) - n * logsumexp(alphas) - 0.5 * n * d * log(2 * pi)
    return likelihood + log_wishart_prior(icf, d, *wishart)


def precision_factors(icf: Any, d: int) -> Any:
    """Q (K, d, d): exp(q) on the diagonals, l below them column by column, zeros above."""
    zeros = np.zeros((len(icf), 1))
    row, column = np.indices((d, d))
    below = d + column * (2 * d - column - 1) // 2 + row - column - 1
    places = np.where(row > column, below, np.where(row == column, row, d * (d + 1) // 2))
    return np.concatenate([np.exp(icf[:, :d]), icf[:, d:], zeros], axis=1)[:, places]


def logsumexp(x: Any) -> Any:
    """log Σ exp x over the first axis, without overflow."""
    top = np.max(x, axis=0)
    return top + np.log(np.sum(np.exp(x - top), axis=0))


def log_wishart_prior(icf: Any, d: int, gamma: float, m: int) -> Any:
    """Σ_k ½ γ² (‖exp q_k‖² + ‖l_k‖²) − m Σ_j q_kj − log C, for d dimensions and d + m + 1 degrees of freedom."""
    q, l = icf[:, :d], icf[:, d:]
    freedom = d + m + 1
    log_c = freedom * d * (log(gamma) - 0.5 * log(2)) - log_multigamma(0.5 * freedom, d)
    return 0.5 * gamma**2 * (np.sum(np.exp(q) ** 2) + np.sum(l**2)) - m * np.sum(q) - len(icf) * log_c


def log_multigamma(a: float, d: int) -> float:
    """log Γ_d(a), the multivariate gamma function."""
    return d * (d - 1) / 4 * log(pi) + sum(lgamma(a - 0.5 * j) for j in range(d))
