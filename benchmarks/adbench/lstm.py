"""A model of characters: a recurrent net of LSTM cells with diagonal weights, in layers, that guesses the next one.

With input x and state (hidden h, cell c), all of b numbers, weights w and biases β of four gates, a cell computes

    f = σ(w₁ x + β₁),  i = σ(w₂ h + β₂),  o = σ(w₃ x + β₃),  g = tanh(w₄ h + β₄)
    c ← f c + i g,     h ← o tanh c

and h is the next layer's input. The first one's is v₁ x, with x a character; the guess is y = v₂ h + v₃ of the last
one. The objective is the mean of t (log(2 + Σ exp y) − y) over the bits t of all next characters; the 2 is ADBench's.
Source: ADBench's objective "LSTM"; of Šrajer, Kukelova and Fitzgibbon (see gmm.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

Pairs = list[tuple[Any, Any]]  # one a layer: weights and biases, (4, b) each; hidden and cell, (b,) each


def loss(main: Any, extra: Any, state: Any, text: Any) -> Any:
    """The objective. main (2 l, 4 b), weights and biases by turns; extra (3, b); state (2 l, b); text (c, b)."""
    layers, states, guesses = in_layers(main, 4), in_layers(state, 1), []
    for character in text[:-1]:
        states, guess = step(layers, extra, states, character)
        guesses.append(guess)
    return mean_loss(np.stack(guesses), text[1:])


def in_layers(rows: Any, parts: int) -> Pairs:
    """The rows in pairs, each row in so many parts, (parts, b); one part alone as (b,)."""
    shape = (-1,) if parts == 1 else (parts, -1)
    return [(np.reshape(rows[i], shape), np.reshape(rows[i + 1], shape)) for i in range(0, len(rows), 2)]


def step(layers: Pairs, extra: Any, states: Pairs, character: Any) -> tuple[Pairs, Any]:
    """The states after a character, and the guess of the next."""
    x, after = extra[0] * character, []
    for (weight, bias), (hidden, cell) in zip(layers, states, strict=True):
        gates = weight * np.stack([x, hidden, x, hidden]) + bias
        forget, ingate, outgate = sigmoid(gates[:3])
        new_cell = forget * cell + ingate * np.tanh(gates[3])
        x = outgate * np.tanh(new_cell)
        after.append((x, new_cell))
    return after, extra[1] * x + extra[2]


def sigmoid(z: Any) -> Any:
    """σ(z)."""
    return 1 / (1 + np.exp(-z))


def mean_loss(guesses: Any, following: Any) -> Any:
    """The mean of t (log(2 + Σ exp y) − y), for guesses y and the characters t that followed, (c − 1, b) each."""
    log_sums = np.log(2 + np.sum(np.exp(guesses), axis=1, keepdims=True))
    return np.mean(following * (log_sums - guesses))
