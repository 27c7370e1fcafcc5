"""The page docs/conventions.md, from the rows of convention_rows.py: make reference.

python docs/conventions.py asks minigrad what it gives. With --others it first asks the other libraries that are
installed beside it (pip install autograd jax mygrad torch), and keeps their answers in convention_peers.json.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from math import pi
from pathlib import Path
from typing import Any

import numpy as np
import scipy.special
from convention_rows import GROUPS, ROWS, Row

import minigrad as mg

HERE = Path(__file__).resolve().parent
PAGE = HERE / "conventions.md"
PEERS = HERE / "convention_peers.json"

LACKS = "–"

TOP = """\
# Conventions

<!-- Written by `make reference` from docs/convention_rows.py; tests/test_conventions.py holds us to every row. -->

At a kink, a tie or an edge, a function has no derivative, or an infinite one, or many that would do. minigrad gives
one, always the same, by these rules:

1. Where there is a derivative it is given, also where a formula for it would divide by zero.
2. At a kink of a largest or smallest entry, of |x| or of a norm, it is the subgradient of least length: ties share
   evenly, and at the tip it is 0. Where pieces lie side by side, one of them has the point: the edge of `np.clip`
   counts as inside, and a point of `np.interp` belongs to the line on its right.
3. At a jump it is the derivative of the piece that the value belongs to. What is constant in steps (comparisons, sign,
   floor, argmax, the order of a sort) is computed anew wherever its arguments change, and never differentiated.
4. At the edge of its domain, where a slope grows without bound, it is infinite.
5. What was not chosen has no influence: 0 · ∞ counts as 0 behind `np.where` and whatever else chooses.

A singular matrix has no inverse: `inv` and `solve` raise NumPy's LinAlgError, `slogdet` when it is differentiated.

In the tables stands the derivative of the expression (of the sum of its entries, where it has several) by each of its
arguments, but for p, v and w, which are constants; and then what other libraries answer when they are asked the same:
“same” as minigrad, something else, or – where they have no such function, or no derivative of it.
"""

NOTES = """\
[1] The rule that PyTorch states in [Gradients for non-differentiable functions][1]: where a function is convex nearby,
the subgradient of least norm, which is the direction of steepest descent; where it is concave, the same of the negative
function.

[2] Elsewhere the remedy is to choose twice, inside the function and around it: JAX, [Gradients contain NaN][2].

[1]: https://docs.pytorch.org/docs/stable/notes/autograd.html#gradients-for-non-differentiable-functions
[2]: https://docs.jax.dev/en/latest/faq.html#gradients-contain-nan-where-using-where
"""


def evaluated(row: Row, leaves: dict[str, mg.Node]) -> mg.Node:
    """The sum of a row's expression, as a node."""
    fixed = {name: np.asarray(value) for name, value in row.fixed.items()}
    return mg.sum(eval(row.code, {"np": np, "special": scipy.special, "mg": mg} | leaves | fixed))


def minigrads(row: Row) -> list[Any]:
    """minigrad's derivatives by the arguments of a row."""
    leaves = {name: mg.parameter(value) for name, value in row.at.items()}
    value = evaluated(row, leaves)
    return (
        mg.gradients(value, list(leaves.values())) if value.differentiable else [0 * x.value for x in leaves.values()]
    )


def autograds(row: Row) -> list[Any]:
    import autograd
    import autograd.numpy
    import autograd.scipy.special

    words = {"np": autograd.numpy, "special": autograd.scipy.special, **arrays(np.asarray, row.fixed)}
    return by_function(autograd.grad, autograd.numpy.sum, words, arrays(np.asarray, row.at), code_of(row, "autograd"))


def jaxs(row: Row) -> list[Any]:
    import jax
    import jax.numpy
    import jax.scipy.special

    jax.config.update("jax_enable_x64", True)
    words = {"np": jax.numpy, "special": jax.scipy.special, "jax": jax, **arrays(jax.numpy.asarray, row.fixed)}
    return by_function(jax.grad, jax.numpy.sum, words, arrays(jax.numpy.asarray, row.at), code_of(row, "jax"))


def torchs(row: Row) -> list[Any]:
    import torch

    def tensor(value: Any) -> Any:
        return torch.tensor(value, dtype=torch.float64)

    if not row.torch:
        raise AttributeError
    leaves = {name: tensor(value).requires_grad_() for name, value in row.at.items()}
    value = eval(row.torch, {"torch": torch, "t": tensor, **leaves, **arrays(tensor, row.fixed)}).sum()
    value.backward()
    return [np.zeros(x.shape) if x.grad is None else x.grad.numpy() for x in leaves.values()]


def mygrads(row: Row) -> list[Any]:
    import mygrad
    import mygrad.nnet

    leaves = {name: mygrad.tensor(value) for name, value in row.at.items()}
    words = {"np": mygrad, "mygrad": mygrad, **leaves, **arrays(np.asarray, row.fixed)}
    mygrad.sum(eval(code_of(row, "mygrad"), words)).backward()
    return [np.zeros(x.shape) if x.grad is None else x.grad for x in leaves.values()]


LIBRARIES: dict[str, Callable[[Row], list[Any]]] = {
    "autograd": autograds,
    "jax": jaxs,
    "torch": torchs,
    "mygrad": mygrads,
}


def code_of(row: Row, library: str) -> str:
    code = row.others.get(library, row.code)
    if code.startswith("mg."):
        raise AttributeError
    return code


def arrays(make: Callable[[Any], Any], values: dict[str, Any]) -> dict[str, Any]:
    return {name: make(value) for name, value in values.items()}


def by_function(grad: Any, total: Any, words: dict[str, Any], point: dict[str, Any], code: str) -> list[Any]:
    """The gradients from a library that differentiates functions."""

    def f(*arguments: Any) -> Any:
        return total(eval(code, words | dict(zip(point, arguments, strict=True))))

    return [grad(f, k)(*point.values()) for k in range(len(point))]


def answer(library: str, row: Row) -> str:
    """What a library answers, as the page shows it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return shown(LIBRARIES[library](row))
        except np.linalg.LinAlgError:
            return "LinAlgError"
        except Exception as error:
            print(f"{library}: {row.name}: {type(error).__name__}: {str(error)[:80]}", file=sys.stderr)
            return LACKS


def shown(gradients: Any) -> str:
    """Derivatives by each argument: 0.5, 0.5 or [0.5, 0.5, 0]."""
    return ", ".join(_list(np.asarray(each).tolist()) for each in gradients)


def _list(x: Any) -> str:
    if isinstance(x, list):
        return f"[{', '.join(map(_list, x))}]"
    if x == pi:
        return "π"
    number = f"{0.0 if abs(x) < 1e-12 else x:.4g}"
    return number.replace("inf", "∞").replace("nan", "NaN").replace("-", "−")


def ask_the_others() -> dict[str, Any]:
    """The answers of the libraries that are installed; of the others those that are known."""
    known = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.exists() else {}
    for library in LIBRARIES:
        if importlib.util.find_spec(library) is not None:
            known[library] = {
                "version": version(library).partition("+")[0],
                "answers": {row.name: answer(library, row) for row in ROWS},
            }
    return {library: known[library] for library in LIBRARIES if library in known}


def page() -> str:
    """The whole page."""
    peers = json.loads(PEERS.read_text(encoding="utf-8"))
    parts = [TOP]
    for title, rows in GROUPS.items():
        head = ["expression", "at", "minigrad", *(f"{name} {peers[name]['version']}" for name in peers), "why"]
        parts += [f"## {title}\n", line(head), line(["---"] * len(head))]
        for row in rows:
            gives = shown(row.gives)
            answers = [peer["answers"][row.name] for peer in peers.values()]
            same = ["same" if each == gives else each for each in answers]
            point = ", ".join(f"{k} = {_list(v)}" for k, v in (row.at | row.fixed).items())
            parts.append(line([f"`{row.code}`", point, f"**{gives}**", *same, row.because]))
        parts.append("")
    return "\n".join([*parts, NOTES])


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    if "--others" in sys.argv:
        PEERS.write_text(json.dumps(ask_the_others(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/{PAGE.name}: {len(ROWS)} rows")
