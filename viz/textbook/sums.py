"""Unit sum: what one unit computes, forward and in reverse, as lines of text with its numbers.

    explain(net, (3, 2))     z³₂ = Σᵢ θ²₂ᵢ a²ᵢ = −0.31·1 + 0.52·0.6 … = 0.471
                             δ³₂ = (Σⱼ θ³ⱼ₂ δ⁴ⱼ) g′(z³₂) = (0.31·0.52 + …)·0.24 = 0.0123

Notes N4 to N7, and N2 for the last layer. The sum holds for δ with J's 1/m in it as well as without, for it is linear.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from viz import numbers
from viz.textbook.network import Layer, Net

__all__ = ["DIGITS", "explain", "indexed", "number", "spoken"]

DIGITS = 3
MOST_TERMS = 9  # eight units and their bias unit

Line = list[str]
"""The tokens of a line, which may be broken between any two."""

Array = npt.NDArray[Any]

_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(x: Any) -> str:
    """A number to three significant digits.

    >>> number(-0.123456), number(1e-7)
    ('−0.123', '1e−7')
    """
    return numbers.scalar(x, DIGITS)


def indexed(letter: str, layer: int | None, *units: int | str) -> str:
    """A letter with its layer, if it has one, and its units.

    >>> indexed("z", 3, 2), indexed("θ", 3, "ⱼ", 2), indexed("Θ", 12)
    ('z³₂', 'θ³ⱼ₂', 'Θ¹²')
    """
    down = "".join(str(unit) for unit in units).translate(_DOWN)
    return letter + ("" if layer is None else str(layer).translate(_UP)) + down


def explain(net: Net, focus: tuple[int, int]) -> list[Line]:
    """The lines about one unit: how its z and a came about, and its δ."""
    l, i = focus
    layer = net.layers[l - 1]
    if i == 0:
        return [
            [f"{indexed('a', l, 0)} = 1,", "the bias unit:", "a constant, not computed from any z;", "it gets no δ."]
        ]
    if layer.z is None:
        a = indexed("a", l, i)
        return [[f"{a} = {number(layer.a[i - 1])},", "an input of the network:", "a constant; it gets no δ."]]
    return [*_forward(net, layer, i), *_reverse(net, layer, i)]


def _forward(net: Net, layer: Layer, i: int) -> list[Line]:
    l, z, a = layer.number, indexed("z", layer.number, i), indexed("a", layer.number, i)
    assert layer.z is not None
    weights = net.thetas[l - 2][i - 1]
    inputs = np.concatenate([[1.0], net.layers[l - 2].a])
    z_text = number(layer.z[i - 1])
    return [
        [
            f"{z} = Σᵢ {indexed('θ', l - 1, i, 'ᵢ')} {indexed('a', l - 1, 'ᵢ')}",
            *_sum("=", weights, inputs),
            f"= {z_text}",
        ],
        [f"{a} = g({z}) = g({z_text}) = {number(layer.a[i - 1])}"],
    ]


def _reverse(net: Net, layer: Layer, i: int) -> list[Line]:
    l = layer.number
    delta, z = indexed("δ", l, i), indexed("z", l, i)
    if l == len(net.layers):
        return _last(net, layer, i)
    rule = [f"{delta} = ∂J/∂{z}", f"= ( Σⱼ {indexed('θ', l, 'ⱼ', i)} {indexed('δ', l + 1, 'ⱼ')} ) · g′({z})"]
    above = net.layers[l].delta
    if layer.delta is None or above is None or layer.slope is None:
        return [[*rule, "(no backward yet)"]]
    weights = net.thetas[l - 1][:, i]
    slope = number(layer.slope[i - 1])
    terms = _sum("= (", weights, above)
    return [
        [*rule, *terms[:-1], f"{terms[-1]} ) · {slope}"],
        [f"{delta} = {_factor(weights @ above)} · {slope} = {number(layer.delta[i - 1])}"],
    ]


def _last(net: Net, layer: Layer, i: int) -> list[Line]:
    """δ of the output layer: the factors of the cross entropy and of g′ cancel."""
    l, m = layer.number, net.samples
    delta, z, a = indexed("δ", l, i), indexed("z", l, i), indexed("a", l, i)
    if net.y is None:
        rule = [f"{delta} = ∂J/∂{z} = ∂J/∂{a} · g′({z})"]
        return [[*rule, "(no backward yet)" if layer.delta is None else f"= {number(layer.delta[i - 1])}"]]
    y = indexed("y", None, i)
    whole, over = ("({})", f" / {m}") if m > 1 else ("{}", "")
    rule = [f"{delta} = ∂J/∂{z} = ∂J/∂{a} · g′({z})", "= " + whole.format(f"{a} − {y}") + (" / m" if m > 1 else "")]
    if layer.delta is None:
        return [[*rule, "(no backward yet)"]]
    difference = f"{number(layer.a[i - 1])} − {_factor(net.y[i - 1])}"
    return [[*rule, f"= {whole.format(difference)}{over}", f"= {number(layer.delta[i - 1])}"]]


def _sum(head: str, left: Array, right: Array) -> list[str]:
    """The products of a sum, one token each; of a long sum the first five and the last two."""
    products = [f"{_factor(x)}·{_factor(y)}" for x, y in zip(left, right, strict=True)]
    if len(products) > MOST_TERMS:
        products[5:-2] = [f"… {len(products) - 7} more …"]
    return [f"{head} {products[0]}", *[f"+ {product}" for product in products[1:]]]


def _factor(x: Any) -> str:
    """A number in a product: a negative one in brackets."""
    text = number(x)
    return f"({text})" if text.startswith("−") else text


def spoken(lines: Sequence[Line]) -> str:
    """The lines as one text, for a description."""
    return " ".join(" ".join(line) for line in lines)
