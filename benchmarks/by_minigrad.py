"""The contestants of the engine, as a user writes them: plain nodes, and mg.Network."""

from __future__ import annotations

import numpy as np

import minigrad as mg

from .by_hand import with_ones
from .rows import Array, ChainRow, Contestant, Numbers, Problem


def nodes(problem: Problem) -> Contestant:
    """The network of plain nodes. Data nodes made once, with their row of ones; weights made anew each time."""
    X, Y = mg.constant(with_ones(problem.X.T)), mg.constant(np.ascontiguousarray(problem.Y.T))
    m = X.shape[1]
    ones = mg.constant(np.ones((1, m)))

    def run() -> Numbers:
        thetas = [mg.parameter(theta) for theta in problem.thetas]
        a = mg.sigmoid(thetas[0] @ X)
        for theta in thetas[1:]:
            a = mg.sigmoid(theta @ mg.concatenate([ones, a]))
        J = mg.cross_entropy(a, Y) + mg.l2_penalty([theta[:, 1:] for theta in thetas], problem.weight_decay, m)
        return [J.value, *mg.gradients(J, thetas)]

    return run


def network(problem: Problem) -> Contestant:
    """mg.Network, with all that it adds: names, scopes, checks, and the row of ones on X, every time."""
    X, Y = mg.constant(problem.X), mg.constant(problem.Y)

    def run() -> Numbers:
        net = mg.Network.from_thetas(problem.thetas)
        done = net.forward(X, Y, problem.weight_decay)
        return [done.J.value, *mg.gradients(done.J, list(done.theta.values()))]

    return run


def chain_backward(row: ChainRow) -> Contestant:
    """The chain, by backward(): .grad on every node."""
    start = row.start()

    def run() -> Numbers:
        x, a = chain_of_nodes(row, start)
        return [a.value, a.backward()[x]]

    return run


def chain_gradients(row: ChainRow) -> Contestant:
    """The chain, by gradients(): only the asked one is kept."""
    start = row.start()

    def run() -> Numbers:
        x, a = chain_of_nodes(row, start)
        return [a.value, mg.gradients(a, x)]

    return run


def chain_of_nodes(row: ChainRow, start: Array) -> tuple[mg.Node, mg.Node]:
    """The chain's first node and its last."""
    x = mg.parameter(start)
    a: mg.Node = x
    for _ in range(row.length):
        a = mg.tanh(a)
    return x, a


def chain_held(row: ChainRow) -> mg.Node:
    """The chain with its gradients, for weighing: the last node holds all others."""
    _, a = chain_of_nodes(row, row.start())
    a.backward()
    return a
