"""Random expressions, and a reader of formulas that knows the rules of algebra and nothing of how they are written.

text     read as it stands
LaTeX    turned into such a line first:  \\frac{a}{b} into ((a)/(b)), a^{b} into a^(b)
MathML   the same
"""

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from minigrad.derivation import latex, mathml, text
from minigrad.derivation.evaluation import Point, value
from minigrad.derivation.expressions import (
    Call,
    Entry,
    Expression,
    Function,
    MatMul,
    Name,
    Named,
    Number,
    Over,
    Plus,
    Power,
    Sum,
    Symbol,
    Times,
    Transpose,
)
from minigrad.derivation.indices import Index
from minigrad.derivation.letters import PLAIN, RAISED

I, J = Index("i", 1, 4), Index("j", 1, 4)
A_ = Symbol(Name("A"), Name("A"), 0, "value", (2, 2), (2, 2), (1, 1))
B_ = Symbol(Name("B", above="3"), Name("B"), 1, "value", (2, 2), (2, 2), (1, 1))
V_ = Symbol(Name("a"), Name("a"), 2, "value", (4, 1), (4,), (1,))
VALUES = {
    "x": 1.5,
    "y": 0.75,
    "A": np.array([[1.0, 2.0], [-3.0, 0.5]]),
    "B": np.array([[0.5, -1.0], [2.0, 1.5]]),
    "a": np.array([1.0, -2.0, 0.5, 3.0]),
}


class Here(Point):
    """The point where both sides are compared."""

    def array(self, symbol):
        found = VALUES[symbol.name.base]
        return found.reshape(symbol.shape)

    def partial(self, partial):
        raise NotImplementedError

    def numbers(self, index):
        raise AssertionError("no index is free")


HERE = Here()


# Random trees ---------------------------------------------------------------------------------------------------------


def closed(tree: Expression) -> Expression:
    """The tree with a Σ over each index that is free."""
    for index in sorted(tree.free, key=lambda index: index.letter):
        tree = Sum(index, tree)
    return tree


def _fix_sum(pair):
    index, body = pair
    return Sum(index, body) if index in body.free else Sum(index, Times((body, Entry(V_, (index,)))))


def _numbers(open_sums: bool = True):
    leaves = st.one_of(
        st.integers(-3, 9).map(Number),
        st.sampled_from([0.25, -1.5, 2e-7, Fraction(1, 2), Fraction(-2, 3)]).map(Number),
        st.sampled_from([Named(Name("x"), VALUES["x"]), Named(Name("y"), VALUES["y"])]),
        *([st.sampled_from([Entry(V_, (I,)), Entry(V_, (J,)), Entry(V_, (2,))])] if open_sums else []),
    )

    def grown(part):
        several = st.lists(part, min_size=2, max_size=3).map(tuple)
        made = [
            several.map(Plus),
            several.map(Times),
            st.tuples(part, part).map(lambda pair: Over(*pair)),
            st.tuples(part, st.sampled_from([Number(2), Number(-1), Number(3)])).map(lambda pair: Power(*pair)),
            part.map(lambda e: Call(Function("tanh", np.tanh), (e,))),
            part.map(lambda e: Call(Function("exp", np.exp), (Call(Function("tanh", np.tanh), (e,)),))),
            part.map(lambda e: Call(Function("abs", np.abs, form="absolute"), (e,))),
        ]
        if open_sums:
            made.append(st.tuples(st.sampled_from([I, J]), part).map(_fix_sum))
        return st.one_of(made)

    return st.recursive(leaves, grown, max_leaves=8)


def numbers():
    """Expressions that are numbers, without free indices; Σ over i and j among them."""
    return _numbers().map(closed).filter(_is_defined)


def arrays():
    """Expressions that are 2 × 2 arrays, with numbers among them."""
    scalars = _numbers(open_sums=False).filter(_is_defined)

    def grown(part):
        return st.one_of(
            st.tuples(part, part).map(lambda pair: MatMul(*pair)),
            st.lists(part, min_size=2, max_size=3).map(lambda items: Plus(tuple(items))),
            st.lists(st.one_of(part, scalars), min_size=1, max_size=2).flatmap(
                lambda items: part.map(lambda e: Times((*items, e)))
            ),
            part.map(Transpose),
        )

    return st.recursive(st.sampled_from([A_, B_]), grown, max_leaves=6)


def _is_defined(tree: Expression) -> bool:
    """Whether nothing is divided by 0."""
    try:
        with np.errstate(all="raise"):
            return bool(np.isfinite(value(tree, HERE).data))
    except (FloatingPointError, ZeroDivisionError):
        return False


# The reader -----------------------------------------------------------------------------------------------------------


class AmbiguousError(Exception):
    """A formula that may be read in two ways."""


_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|(Σ[ᵢⱼ])|(tanh|exp|abs)|([A-Za-z])|(.))")


class _Reader:
    """Reads a line: sums of products of factors side by side; a Σ takes all of the product that follows."""

    def __init__(self, line: str) -> None:
        self.tokens = list(_TOKEN.finditer(line.strip()))
        self.place = 0
        self.bound: dict[str, int] = {}
        self.inside = False  # whether an absolute value is open

    def peek(self) -> str:
        return self.tokens[self.place].group().strip() if self.place < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        assert not expected or token in expected, f"{token} where {expected} should stand"
        self.place += 1
        return token

    def sum(self):
        total = -self.product() if self.peek() == "−" and self.take() else self.product()
        while self.peek() in ("+", "−") and self.peek():
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def product(self):
        total = self.side_by_side()
        while self.peek() and self.peek() in "·⊙":
            self.take()
            total = total * self.side_by_side()
        return total

    def side_by_side(self):
        total = self.factor()
        if self.peek() in ("/", "×"):
            sign = self.take()
            total = total / self.factor() if sign == "/" else total * self.factor()
            if self._begins():
                raise AmbiguousError(self.peek())
            return total
        while self._begins():
            right = self.factor()
            if self.peek() in ("/", "×"):
                raise AmbiguousError(self.peek())
            total = total @ right if np.ndim(total) and np.ndim(right) else total * right
        return total

    def _begins(self) -> bool:
        token = self.peek()
        return bool(token) and (token[0].isalnum() or token[0] in "([Σ" or (token == "|" and not self.inside))

    def factor(self):
        if self.peek().startswith("Σ"):
            return self.summation()
        base = self.atom()
        token = self.peek()
        if token == "^":
            self.take()
            self.take("(")
            base = base ** self.sum()
            self.take(")")
        elif token and token in RAISED:
            exponent = ""
            while self.peek() and self.peek() in RAISED:
                exponent += PLAIN[self.take()]
            base = np.float64(base) ** int(exponent.replace("−", "-"))
        elif token == "ᵀ":
            self.take()
            base = base.T
        assert self.peek() not in (*RAISED, "^", "ᵀ"), "a power of a power without parentheses"
        return base

    def summation(self):
        letter = PLAIN[self.take()[1]]
        start, before, total = self.place, self.bound.get(letter), 0
        for number in range(1, 5):
            self.place, self.bound[letter] = start, number
            total = total + self.product()
        if before is not None:
            self.bound[letter] = before
        return total

    def atom(self):
        token = self.take()
        if token[0].isdigit():
            return float(token)
        if token in ("(", "["):
            inner = self.sum()
            self.take(")" if token == "(" else "]")
            return inner
        if token == "|":
            assert not self.inside, "bars between bars"
            self.inside = True
            inner = self.sum()
            self.inside = False
            self.take("|")
            return abs(inner)
        if token in ("tanh", "exp", "abs"):
            self.take("(")
            inner = getattr(np, token)(self.sum())
            self.take(")")
            return inner
        if token == "e":
            return np.e
        found = VALUES[token]
        if token == "a":
            position = PLAIN[self.take()]
            return found[(int(position) if position.isdigit() else self.bound[position]) - 1]
        if token == "B":
            self.take("³")
        return found


def read(line: str):
    """The value of a formula."""
    reader = _Reader(line)
    found = reader.sum()
    assert reader.peek() == "", f"{reader.peek()} is left over"
    return found


# LaTeX and MathML as lines --------------------------------------------------------------------------------------------


def _group(source: str, k: int) -> tuple[str, int]:
    """The group that begins at a place, and the place after it."""
    assert source[k] == "{"
    depth = 0
    for end in range(k, len(source)):
        depth += (source[end] == "{") - (source[end] == "}")
        if depth == 0:
            return source[k + 1 : end], end + 1
    raise AssertionError("a group is not closed")


_SIGNS = {r"\cdot": "·", r"\odot": "⊙", r"\times": "×", r"\,": " ", r"\Bigl": "", r"\Bigr": "", "-": "−"}
_SIGNS |= {r"\lvert": "|", r"\rvert": "|", r"\Biglv": "|"}


def line_of_latex(source: str) -> str:
    r"""\frac{a}{b} + \sum_{i=1}^{4} a_{i} as ((a)/(b)) + Σᵢ aᵢ."""
    line, k = "", 0
    while k < len(source):
        match = re.compile(r"\\[a-zA-Z]+|\\.|.").match(source, k)
        token, k = match.group(), match.end()
        if token == r"\frac":
            above, k = _group(source, k)
            below, k = _group(source, k)
            line += f"(({line_of_latex(above)})/({line_of_latex(below)}))"
        elif token == r"\sum":
            bounds, k = _group(source, k + 1)
            _, k = _group(source, k + 1)
            line += f"Σ{'ᵢ' if bounds[0] == 'i' else 'ⱼ'} "
        elif token == r"\operatorname":
            name, k = _group(source, k)
            line += name
        elif token == "^":
            inner, k = _group(source, k)
            line += "ᵀ" if inner == r"\mathsf T" else "³" if inner == "(3)" else f"^({line_of_latex(inner)})"
        elif token == "_":
            inner, k = _group(source, k)
            line += {"i": "ᵢ", "j": "ⱼ", "2": "₂"}[inner]
        elif token in (r"\tanh", r"\exp"):
            line += token[1:]
        else:
            line += _SIGNS.get(token, token)
    return line


def line_of_mathml(element: ET.Element) -> str:
    """The same line, of elements."""
    name = element.tag.rpartition("}")[2]
    parts = [line_of_mathml(child) for child in element]
    if name == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if name == "munderover":
        return f"Σ{'ᵢ' if parts[1][0] == 'i' else 'ⱼ'} "
    if name == "msup":
        return parts[0] + ("ᵀ" if parts[1] == "T" else "³" if parts[1] == "(3)" else f"^({parts[1]})")
    if name == "msub":
        return parts[0] + {"i": "ᵢ", "j": "ⱼ", "2": "₂"}[parts[1]]
    if name == "mspace":
        return " "
    return (element.text or "") + "".join(parts)


READ = {
    "text": lambda tree: read(text.formula(tree)),
    "latex": lambda tree: read(line_of_latex(latex.formula(tree))),
    "mathml": lambda tree: read(line_of_mathml(ET.fromstring(mathml.formula(tree)))),
}
