"""Trees: arguments and results that are nested tuples, lists and dicts, with arrays for leaves.

    leaves(tree)               the leaves in order
    rebuilt(tree, leaves)      the same nesting with other leaves
    is_float(leaf)             whether it is one to differentiate by
    mapped(f, tree, …)         f at every leaf, of one tree or of several with the same nesting

None is a tree without leaves. Named tuples keep their type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .errors import GradientError

Tree = Any


def leaves(tree: Tree) -> list[Any]:
    """The leaves of a tree, dicts in the order of their keys.

    >>> leaves({"W": [1, 2], "b": (3, None)})
    [1, 2, 3]
    """
    return list(_leaves(tree))


def _leaves(tree: Tree) -> Iterator[Any]:
    if tree is None:
        return
    if isinstance(tree, (tuple, list)):
        for part in tree:
            yield from _leaves(part)
    elif isinstance(tree, dict):
        for key in tree:
            yield from _leaves(tree[key])
    else:
        yield tree


def rebuilt(tree: Tree, new: Iterable[Any]) -> Tree:
    """The nesting of a tree with other leaves, taken in order.

    >>> rebuilt({"W": [1, 2], "b": (3,)}, "xyz")
    {'W': ['x', 'y'], 'b': ('z',)}
    """
    return _rebuilt(tree, iter(new))


def _rebuilt(tree: Tree, new: Iterator[Any]) -> Tree:
    if tree is None:
        return None
    if isinstance(tree, (tuple, list)):
        parts = [_rebuilt(part, new) for part in tree]
        if isinstance(tree, list):
            return parts
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    if isinstance(tree, dict):
        return {key: _rebuilt(part, new) for key, part in tree.items()}
    return next(new)


def mapped(f: Callable[..., Any], tree: Tree, *others: Tree) -> Tree:
    """f at every leaf. GradientError where the trees do not have the same nesting.

    >>> mapped(lambda x, y: x + y, (1, [2]), (10, [20]))
    (11, [22])
    """
    rows = [leaves(tree), *[matching(other, tree, "tree") for other in others]]
    return rebuilt(tree, [f(*row) for row in zip(*rows, strict=True)])


def matching(tree: Tree, model: Tree, what: str) -> list[Any]:
    """The leaves of a tree that must be nested as the model is. GradientError, naming `what`, where it is not.

    >>> matching({"b": 1, "W": 2}, {"W": 0, "b": 0}, "tangent")
    [2, 1]
    """
    return list(_matching(tree, model, what))


def _matching(tree: Tree, model: Tree, what: str) -> Iterator[Any]:
    if isinstance(model, dict):
        if not isinstance(tree, dict) or tree.keys() != model.keys():
            raise GradientError(f"{what}: expected {_nesting(model)}, found {_nesting(tree)}.")
        for key, part in model.items():
            yield from _matching(tree[key], part, what)
    elif isinstance(model, (tuple, list)):
        if not isinstance(tree, (tuple, list)) or len(tree) != len(model):
            raise GradientError(f"{what}: expected {_nesting(model)}, found {_nesting(tree)}.")
        for part, of in zip(tree, model, strict=True):
            yield from _matching(part, of, what)
    elif model is None or isinstance(tree, dict) or tree is None:
        if tree is not model:
            raise GradientError(f"{what}: expected {_nesting(model)}, found {_nesting(tree)}.")
    else:
        yield tree


def _nesting(tree: Tree) -> str:
    if isinstance(tree, dict):
        return f"a dict with the keys {', '.join(map(repr, tree))}"
    if isinstance(tree, (tuple, list)):
        return f"a {type(tree).__name__} of {len(tree)}"
    return "None" if tree is None else "one array"


def is_float(leaf: Any) -> bool:
    """Whether a leaf is a number or an array of floating point, and so one to differentiate by.

    >>> is_float(1.0), is_float(1)
    (True, False)
    """
    return isinstance(leaf, float) or (hasattr(leaf, "dtype") and leaf.dtype.kind == "f")
