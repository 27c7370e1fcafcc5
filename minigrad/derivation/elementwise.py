"""Formulas entry by entry: arithmetic, functions such as exp, choices; and which ops work entry by entry at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph import Node
from ..linear_maps import Cast, Compose, Diagonal, Identity, LinearMap, Scale, Select
from ..ops.base import Alias, AsType, Op, StopGradient
from ..ops.elementary import OneMinusSquare
from ..ops.elementwise import Binary, Stepwise, Unary
from ..ops.forms import LogSigmoid, SignedSigmoid
from ..ops.kinked import Choice, Clip, Copysign, Heaviside, NanToNum
from ..ops.linear import AddBias
from ..ops.planar import Direction, Hypot, SphericalBessel
from ..ops.pointwise import (
    Absolute,
    Add,
    Divide,
    Exp,
    Log,
    Log1p,
    Multiply,
    Negative,
    Power,
    ReLU,
    Sigmoid,
    Softplus,
    Subtract,
    Tanh,
    Where,
)
from ..ops.special import ExprelDerivative, Gaussian, MillsExcess
from ..ops.special_gamma import Polygamma
from .algebra import ONE, ZERO, negative, over, plus, power, terms, times
from .expressions import Call, Expression, Function, Number, Over, Times
from .reader import Reader, formula
from .substitution import rewritten
from .vocabulary import Places, Vocabulary

INFIX = {
    "less": "<",
    "less_equal": "≤",
    "greater": ">",
    "greater_equal": "≥",
    "equal": "=",
    "not_equal": "≠",
    "logical_and": "∧",
    "logical_or": "∨",
}
OPPOSITE = {"less": "greater_equal", "greater": "less_equal", "equal": "not_equal"}
OPPOSITE |= {other: name for name, other in OPPOSITE.items()}
LOGIC = ("logical_and", "logical_or", "logical_not")
FUNCTIONS: tuple[type[Op], ...] = (
    Absolute,
    Exp,
    Log,
    Log1p,
    ReLU,
    Sigmoid,
    Softplus,
    Tanh,
    Unary,
    Binary,
    Choice,
    Clip,
    Copysign,
)
FUNCTIONS += (Choice, Clip, Copysign, Heaviside, NanToNum, SphericalBessel, MillsExcess, ExprelDerivative, Polygamma)
NOTATION = {"sigmoid": "g", "absolute": "abs", "fabs": "abs", "maximum": "max", "minimum": "min", "logical_not": "not"}
FORMS = {"sqrt": "root", "absolute": "absolute", "fabs": "absolute"}
DIAGONAL = (Diagonal, Select, Scale, Identity, Cast)


def is_elementwise(node: Node) -> bool:
    """Whether an op maps entry to entry; of a user's op, as its local Jacobian says and its value bears out.

    >>> import minigrad as mg
    >>> is_elementwise(mg.tanh(mg.parameter([1.0])))
    True
    """
    op = node.op
    if isinstance(op, FUNCTIONS):
        return True
    function = getattr(op, "function", None)
    if isinstance(function, np.ufunc):
        return function.signature is None
    if op is None or op.own:
        return isinstance(op, Stepwise) and _is_same_alone(node)
    if len(node.inputs) != 1 or node.inputs[0].shape != node.shape:
        return False
    with np.errstate(all="ignore"):
        return _is_diagonal(op.jacobian(0, node.value, node.inputs[0].value)) and _is_same_alone(node)


def _is_diagonal(local: LinearMap) -> bool:
    return all(isinstance(m, DIAGONAL) for m in (local.maps if isinstance(local, Compose) else (local,)))


def _is_same_alone(node: Node) -> bool:
    """Whether the op gives the first and the last entry the same value when these stand alone."""
    assert node.op is not None
    if any(source.shape != node.shape for source in node.inputs) or not node.size:
        return False
    for k in {0, node.size - 1}:
        try:
            alone = node.op.forward(*[source.value.reshape(-1)[k : k + 1] for source in node.inputs])
        except (ValueError, IndexError, TypeError):
            return False
        if not np.array_equal(np.ravel(alone), node.value.reshape(-1)[k : k + 1], equal_nan=node.dtype.kind == "f"):
            return False
    return True


def function_of(
    op: Op,
    primes: int = 0,
    compute: Callable[..., Any] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Function:
    """The function that an elementwise op applies to every entry; with its settings, and apart from others of its name.

    >>> function_of(Sigmoid()).name
    'g'
    """
    if op.name in INFIX:
        return Function(INFIX[op.name], compute or op.forward, form="infix")
    name = NOTATION.get(op.name, op.name)
    if op.own and repr(op).startswith(f"{op.name}("):
        name += f"[{repr(op)[len(op.name) + 1 : -1]}]"
    if vocabulary is not None:
        name = vocabulary.function(op, name)
    return Function(name, compute or op.forward, primes, "call" if primes else FORMS.get(op.name, "call"))


def called(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    """f(x) at every entry.

    >>> import minigrad as mg
    >>> x = mg.parameter(1.0, name="x")
    >>> called(Exp(), Reader(Vocabulary([x], "standard"), {x}), mg.exp(x), ()).function.name
    'exp'
    """
    dtypes = [source.dtype for source in node.inputs]

    def compute(*arguments: Any) -> Any:
        # Expressions compute with floats; a function of whole numbers or masks wants these back.
        given = [x if d.kind == "f" else np.asarray(x).astype(d) for x, d in zip(arguments, dtypes, strict=True)]
        return op.forward(*[np.asarray(x) for x in given])

    return Call(function_of(op, 0, compute, reader.vocabulary), tuple(reader.arguments(node, places)))


def by_default(op: Op, reader: Reader, node: Node, places: Places) -> Expression | None:
    """f(x) for what works entry by entry; None for all else.

    >>> import minigrad as mg
    >>> J = mg.sum(mg.parameter([1.0]))
    >>> by_default(J.op, Reader(Vocabulary([J], "standard"), {J}), J, ()) is None
    True
    """
    return called(op, reader, node, places) if is_elementwise(node) else None


formula.register(Op, by_default)


# --- arithmetic -------------------------------------------------------------------------------------------------------


@formula.register(Add)
@formula.register(AddBias)
def _(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    return plus(*reader.arguments(node, places))


@formula.register
def _(op: Subtract, reader: Reader, node: Node, places: Places) -> Expression:
    x, y = reader.arguments(node, places)
    return plus(x, *[negative(term) for term in terms(y)])


@formula.register
def _(op: Multiply, reader: Reader, node: Node, places: Places) -> Expression:
    return times(*reader.arguments(node, places))


@formula.register
def _(op: Divide, reader: Reader, node: Node, places: Places) -> Expression:
    return over(*reader.arguments(node, places))


@formula.register
def _(op: Negative, reader: Reader, node: Node, places: Places) -> Expression:
    return negative(reader.arguments(node, places)[0])


@formula.register
def _(op: Power, reader: Reader, node: Node, places: Places) -> Expression:
    return power(*reader.arguments(node, places))


# --- choices ----------------------------------------------------------------------------------------------------------


@formula.register
def _(op: Where, reader: Reader, node: Node, places: Places) -> Expression:
    mask, taken, other = node.inputs
    if is_brought(reader, node) and _is_literal(taken) and _is_guard(mask, taken):
        return reader.entry(other, reader.along(node, places, other))
    return Call(Function("where", np.where), tuple(reader.arguments(node, places)))


def is_brought(reader: Reader, node: Node) -> bool:
    """Whether a local Jacobian brought the node along: it may be written as a reader would, apart from rounding.

    >>> import minigrad as mg
    >>> x = mg.parameter(1.0)
    >>> is_brought(Reader(Vocabulary([x], "standard"), {x}), x)
    False
    """
    return not reader.vocabulary.is_written(node)


def _is_guard(mask: Node, taken: Node) -> bool:
    """Whether a mask holds only where a quotient or a logarithm would be of 0, and a `where` keeps it from that.

    What a slope says there, it says by convention; elsewhere the `where` is what it leaves.
    """
    if mask.op is None:
        return False
    if mask.op.name == "logical_and":
        return any(_is_guard(part, taken) for part in mask.inputs)
    if mask.op.name == "logical_or":
        return all(_is_guard(part, taken) for part in mask.inputs)
    if mask.op.name == "equal" and _is_literal(mask.inputs[1]):
        compared, to = mask.inputs[0], mask.inputs[1].value.item()
        return compared.dtype.kind == "f" or (to == 0 and taken.value.item() == 1)  # a count may well be 1
    return mask.op.name == "isinf"


def _is_literal(node: Node) -> bool:
    """Whether a node is a number without a name."""
    return node.op is None and node.name is None and node.size == 1 and not node.differentiable


@formula.register
def _(op: Stepwise, reader: Reader, node: Node, places: Places) -> Expression | None:
    if is_brought(reader, node) and op.name in LOGIC:
        return _all_hold(reader, node, places)
    return by_default(op, reader, node, places)


def _all_hold(reader: Reader, node: Node, places: Places, holds: bool = True) -> Expression:
    """A mask of a slope as a product of [x > 0] and the like, each of which is 1 or 0; or its opposite."""
    name = node.op.name if node.op is not None and is_brought(reader, node) else ""
    inside = [(source, reader.along(node, places, source)) for source in node.inputs]
    if name == "logical_not":
        return _all_hold(reader, *inside[0], not holds)
    if name == ("logical_and" if holds else "logical_or"):
        return times(*[_all_hold(reader, *each, holds) for each in inside])
    if name in ("logical_and", "logical_or"):
        return plus(ONE, negative(_all_hold(reader, node, places, not holds)))
    if name in OPPOSITE:
        return _relation(name if holds else OPPOSITE[name], *reader.arguments(node, places))
    entry = reader.entry(node, places)
    if node.dtype.kind != "b":
        return _relation("not_equal" if holds else "equal", entry, ZERO)
    return entry if holds else plus(ONE, negative(entry))


def _relation(name: str, x: Expression, y: Expression) -> Expression:
    return Call(Function(INFIX[name], getattr(np, name), form="infix"), (x, y))


@formula.register
def _(op: SignedSigmoid, reader: Reader, node: Node, places: Places) -> Expression:
    z = reader.arguments(node, places)[0]
    return Call(function_of(Sigmoid()), (times(Number(op.sign), z),))


@formula.register
def _(op: LogSigmoid, reader: Reader, node: Node, places: Places) -> Expression:
    z = reader.arguments(node, places)[0]
    return negative(Call(function_of(Log()), (plus(ONE, Call(function_of(Exp()), (times(Number(-op.sign), z),))),)))


# --- the same numbers -------------------------------------------------------------------------------------------------


@formula.register(Alias)
@formula.register(StopGradient)
def _(op: Op, reader: Reader, node: Node, places: Places) -> Expression:
    return reader.arguments(node, places)[0]


@formula.register
def _(op: AsType, reader: Reader, node: Node, places: Places) -> Expression:
    kinds = node.inputs[0].dtype.kind, op.dtype.kind
    if kinds[1] == "f" or kinds[0] == kinds[1] or kinds[0] == "b":
        return reader.arguments(node, places)[0]
    return called(op, reader, node, places)


# --- slopes, as a reader would write them -----------------------------------------------------------------------------


@formula.register
def _(op: OneMinusSquare, reader: Reader, node: Node, places: Places) -> Expression:
    return plus(ONE, negative(power(reader.arguments(node, places)[0], Number(2))))


@formula.register
def _(op: Gaussian, reader: Reader, node: Node, places: Places) -> Expression:
    return Call(function_of(Exp()), (negative(power(reader.arguments(node, places)[0], Number(2))),))


@formula.register
def _(op: Hypot, reader: Reader, node: Node, places: Places) -> Expression:
    if not is_brought(reader, node):
        return called(op, reader, node, places)
    return _length(*reader.arguments(node, places))


@formula.register
def _(op: Direction, reader: Reader, node: Node, places: Places) -> Expression:
    x, y = reader.arguments(node, places)
    return over(x, _length(x, y))


def _length(x: Expression, y: Expression) -> Expression:
    """√(x² + y²), numbers first, in one order for all, so that equal ones meet."""
    sides = sorted([x, y], key=lambda side: (not isinstance(side, Number), repr(side)))
    return root(plus(*[power(side, Number(2)) for side in sides]))


def root(e: Expression) -> Expression:
    """√e.

    >>> root(ONE).function.form
    'root'
    """
    return Call(Function("sqrt", np.sqrt, form="root"), (e,))


def neat(e: Expression) -> Expression:
    """x x as x², and √x √x as x, also below a fraction.

    >>> neat(times(root(Number(3)), root(Number(3))))
    Number(value=3)
    """

    def step(inner: Expression) -> Expression:
        return _powers(inner) if isinstance(inner, Times) else inner

    return rewritten(e, step)


def _powers(product: Times) -> Expression:
    found: list[Expression] = []
    for factor, n in Counter(product.items).items():
        if n == 2 and isinstance(factor, Over):
            found.append(over(neat(times(factor.left, factor.left)), neat(times(factor.right, factor.right))))
        elif n == 2 and isinstance(factor, Call) and factor.function.form == "root":
            found.append(factor.arguments[0])
        else:
            found.append(power(factor, Number(n)))
    return times(*found)
