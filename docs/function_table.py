"""What the code says of every function on nodes: read by reference.py, which writes it down.

    entries()         every function of the table in which NumPy's calls on nodes are looked up
    families()        the same by family
    counted()         those that count when somebody asks how many functions can be differentiated
    structures(entry) its local Jacobians, as one of the tests' examples prints them

The words are those of the docstrings: the formula, the sentences "Local Jacobian …", "Composed of …", "Convention: …",
"Never differentiated". Where a function's own docstring has no such sentence, they are those of the op that it makes.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import scipy.special

import minigrad as mg
from minigrad.graph import arguments_first
from minigrad.numpy_protocol import OPERATIONS

TESTS = Path(__file__).resolve().parents[1] / "tests"

# The families, and the rooms of minigrad/ops/ whose functions they hold.
FAMILIES = {
    "Pointwise": "pointwise elementary planar kinked parts special special_bessel special_gamma",
    "Reductions and statistics": "reductions extremes factors statistics quantiles counting missing",
    "Cumulative": "cumulative differences",
    "Shaping and joining": "base shaping arranging joining repeating triangles making",
    "Indexing and sorting": "indexing choosing sorting positions",
    "Products": "linear einsum products convolution",
    "Polynomials and interpolation": "polynomials interpolation",
    "Linear algebra": "linalg decompositions matrices pseudo norms",
}
SPECIAL, STEPS, ANSWERS = "Special functions (SciPy)", "Steps: never differentiated", "Plain answers"

# Where NumPy's users find its functions.
PLACES = {"np": np, "np.linalg": np.linalg, "np.lib.stride_tricks": np.lib.stride_tricks}

# Docstrings, as far as they are for reading: the marks at which a sentence of another kind begins.
MARKS = re.compile(r"(?:(?<=[.:;)] )|(?<=^))(?=Local Jacobians?\b|Composed (?:of|as) |Conventions?: |Sources?: )")
NUMPYS = re.compile(r"; NumPy's(?: meaning)?(?=\.(?: |$))|(?:^|(?<=\. ))NumPy's meaning\. ?")
LONGEST = 110  # letters of a structure that can still be taken in at a glance


@dataclass(frozen=True)
class Said:
    """What a docstring says: the formula, the derivative, the conventions, and the rest (shapes, errors, sources)."""

    formula: str = ""
    derivative: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A function of the table, under all of its names."""

    names: tuple[str, ...]  # as its users write them, the first that of the page
    thing: Any  # what the table has: an op, or a function
    keys: tuple[Any, ...] = field(repr=False)
    said: Said = field(repr=False)
    ops: tuple[type[mg.Op], ...] = ()  # the op classes behind a function, as far as they state a derivative

    @property
    def room(self) -> str:
        of = type(self.thing) if isinstance(self.thing, mg.Op) else self.thing
        return str(of.__module__).rpartition(".")[2]

    @property
    def alias(self) -> bool:
        """Whether it is another entry once more, under a name of its own."""
        return "by another name" in " ".join([self.said.formula, *self.said.rest])

    @property
    def differentiable(self) -> bool:
        return bool(self.said.derivative) or any(said(op).derivative for op in self.ops)

    @property
    def family(self) -> str:
        if not self.differentiable:
            return ANSWERS if "plain answer" in self.said.formula else STEPS
        if self.names[0].startswith("scipy."):
            return SPECIAL
        if "cum" in self.names[0]:
            return "Cumulative"
        homes = [title for title, rooms in FAMILIES.items() if self.room in rooms.split()]
        assert homes, f"{self.names[0]}: no family has the room {self.room}"
        return homes[0]


# --- what the code says -----------------------------------------------------------------------------------------------


def said(thing: Any) -> Said:
    """The docstring of an op class or a function, taken apart."""
    text = inspect.cleandoc((type(thing) if isinstance(thing, mg.Op) else thing).__doc__ or "")
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", text) if not p.lstrip().startswith(">>>")]
    formula, derivative, conventions, rest = "", [], [], []
    for number, paragraph in enumerate(paragraphs):
        for sentence in filter(None, (s.strip() for s in MARKS.split(NUMPYS.sub("", paragraph)))):
            if sentence.startswith(("Local Jacobian", "Composed ")):
                derivative.append(sentence)
            elif sentence.startswith("Convention"):
                conventions.append(sentence)
            elif number == 0 and not formula:
                formula = sentence
            else:
                rest.append(sentence)
    return Said(formula, tuple(derivative), tuple(conventions), tuple(rest))


def ops_of(function: Any, deep: bool = True, seen: frozenset[Any] = frozenset()) -> tuple[type[mg.Op], ...]:
    """The op classes that a function's code names; if none, with `deep`, those of the functions it calls."""
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType) or plain in seen:
        return ()
    named = [plain.__globals__[name] for name in plain.__code__.co_names if name in plain.__globals__]
    classes = tuple(x for x in named if isinstance(x, type) and issubclass(x, mg.Op) and said(x).derivative)
    if classes or not deep:
        return classes
    own = [x for x in named if callable(x) and not isinstance(x, type) and _is_ours(x)]
    private = [x for x in own if getattr(x, "__name__", "").startswith("_")]
    entered = [x for x in own if any(x is operation for operation in OPERATIONS.values())]
    for called in (*private, *entered, *own):
        found = (type(called),) if isinstance(called, mg.Op) else ops_of(called, seen=seen | {plain})
        if any(said(op).derivative for op in found):
            return found
    return ()


def _is_ours(thing: Any) -> bool:
    module = getattr(inspect.unwrap(thing), "__module__", None) or type(thing).__module__
    return str(module).startswith("minigrad.ops.")


def names_of(key: Any) -> list[str]:
    """What users write for a key of the table: np.absolute, np.abs; scipy.special.erf."""
    if isinstance(key, str):
        assert hasattr(scipy.special, key), f"{key}: entered by name, but not a function of scipy.special"
        return [f"scipy.special.{key}"]
    places = [(f"{place}.{name}", x) for place, module in PLACES.items() for name, x in vars(module).items()]
    found = [name for name, x in places if x is key]
    own = [name for name in found if name.rpartition(".")[2] == key.__name__]
    return own + sorted(name for name in found if name not in own)


@cache
def entries() -> tuple[Entry, ...]:
    """Every function of the table; one that stands there under several names once."""
    same: dict[Any, list[Any]] = {}
    for key, thing in OPERATIONS.items():
        is_op = isinstance(thing, mg.Op)
        same.setdefault((type(thing), getattr(thing, "function", None)) if is_op else thing, []).append(key)
    found = []
    for keys in same.values():
        thing = OPERATIONS[keys[0]]
        names = [name for key in keys for name in names_of(key)]
        names.sort(key=lambda name: name.startswith("scipy."))
        if names:  # operators, such as x[index], are no functions of NumPy's
            own = said(thing)
            settled = isinstance(thing, mg.Op) or _says_never(own)
            ops = () if settled else ops_of(thing, deep=not own.derivative)
            exported = [f"mg.{name}" for name in mg.__all__ if getattr(mg, name) is thing]
            found.append(Entry(tuple(names + exported), thing, tuple(keys), own, ops))
    return tuple(sorted(found, key=lambda entry: entry.names[0].lower()))


def _says_never(words: Said) -> bool:
    return "Never differentiated" in " ".join([words.formula, *words.rest]) and not words.derivative


def families() -> dict[str, list[Entry]]:
    """The entries of every family, in the order of the page."""
    titles = [*FAMILIES, SPECIAL, STEPS, ANSWERS]
    return {title: [entry for entry in entries() if entry.family == title] for title in titles}


def counted() -> dict[str, list[Entry]]:
    """The functions that count: NumPy's, differentiable here, each under one of its names only."""
    return {title: [e for e in families()[title] if not e.alias] for title in FAMILIES}


# --- structures, as the examples print them ---------------------------------------------------------------------------


@cache
def example_lines() -> dict[Any, list[Any]]:
    """The lines of the tests' example list that differentiate, by the function they are examples of."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    found: dict[Any, list[Any]] = {}
    for module in ["op_examples", *sorted(path.stem for path in TESTS.glob("examples_*.py"))]:
        for line in importlib.import_module(module).EXAMPLES:
            if line.derivatives:
                found.setdefault(line.bare, []).append(line)
    return found


def lines_of(entry: Entry) -> list[Any]:
    """The example lines by which an entry is differentiated in the tests."""
    return [line for key in (*entry.keys, entry.thing) for line in example_lines().get(key, [])]


def structures(entry: Entry) -> str:
    """The local Jacobians of the first example that has one path from each argument to the value; empty if none has."""
    for line in lines_of(entry)[:4]:
        built = line.build(line.draw(np.random.default_rng(0)))
        maps = {k: along_the_path(built.node, parameter) for k, parameter in built.parameters.items()}
        texts = {k: "" if local is None else str(local) for k, local in maps.items()}
        if texts and all(texts.values()) and max(map(len, texts.values())) <= LONGEST:
            if len(texts) == 1 or len(set(texts.values())) == 1:
                return f"`{next(iter(texts.values()))}`" + (" by each" if len(texts) > 1 else "")
            order = ("first", "second", "third", "fourth")
            return ", ".join(f"`{text}` by the {order[k]}" for k, text in texts.items())
    return ""


def along_the_path(node: mg.Node, source: mg.Node) -> mg.LinearMap | None:
    """The product of the local Jacobians from `source` to `node`; None where there is not exactly one path."""
    if node is source:
        return None
    via = [k for k, x in enumerate(node.inputs) if any(below is source for below in arguments_first([x]))]
    if len(via) != 1:
        return None
    local, inner = mg.local_jacobian(node, via[0]), node.inputs[via[0]]
    if inner is source:
        return local
    rest = along_the_path(inner, source)
    return None if rest is None else local @ rest
