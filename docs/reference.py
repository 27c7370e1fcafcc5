"""The page docs/functions.md, written from the code: make reference.

    entries()      every function of the table that NumPy's calls on nodes are looked up in, and what the code says of it
    families()     the entries by family
    page()         the page, as text

The words are those of the docstrings: the formula, the sentences "Local Jacobian …", "Composed of …", "Convention: …",
"Never differentiated". Where a function's own docstring has no such sentence, they are those of the op that it makes.
The structures are printed by the examples that the tests run over.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import scipy.special

import minigrad as mg
from minigrad.graph import arguments_first
from minigrad.numpy_protocol import OPERATIONS

HERE = Path(__file__).resolve().parent
PAGE = HERE / "functions.md"
PEERS = HERE / "peers.json"
TESTS = HERE.parent / "tests"

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
MARKS = re.compile(r"(?:(?<=[.:;)] )|(?<=^))(?=Local Jacobians?\b|Composed of |Conventions?: |Sources?: )")
NUMPYS = re.compile(r"; NumPy's(?: meaning)?(?=\.(?: |$))|(?:^|(?<= ))NumPy's meaning\. ?")
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
            if sentence.startswith(("Local Jacobian", "Composed of")):
                derivative.append(sentence)
            elif sentence.startswith("Convention"):
                conventions.append(sentence)
            elif number == 0 and not formula:
                formula = sentence
            else:
                rest.append(sentence)
    return Said(formula, tuple(derivative), tuple(conventions), tuple(rest))


def ops_of(function: Any) -> tuple[type[mg.Op], ...]:
    """The op classes that a function's code names; if none, those of the functions it calls."""
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType):
        return ()
    named = [plain.__globals__[name] for name in plain.__code__.co_names if name in plain.__globals__]
    classes = tuple(x for x in named if isinstance(x, type) and issubclass(x, mg.Op) and said(x).derivative)
    if classes:
        return classes
    own = [x for x in named if callable(x) and not isinstance(x, type) and _is_ours(x)]
    entered = [x for x in own if any(x is operation for operation in OPERATIONS.values())]
    private = [x for x in own if getattr(x, "__name__", "").startswith("_")]
    for called in (*private, *entered, *own):
        found = (type(called),) if isinstance(called, mg.Op) else ops_of(called)
        if found and all(said(op).derivative for op in found):
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
            ops = () if own.derivative and own.conventions or isinstance(thing, mg.Op) else ops_of(thing)
            if _says_never(own):
                ops = ()
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


# --- the page ---------------------------------------------------------------------------------------------------------

TOP = """\
# Every function

<!-- Written by `make reference` from the docstrings, the table of NumPy functions and the tests' examples; changes made
here by hand are lost, and tests/test_reference.py notices them. -->

Call NumPy's own functions on nodes: `np.linalg.solve(A, b)` is a node where one of its arguments is, and otherwise what
NumPy gives. Arguments, keywords, shapes and dtypes mean what they mean in NumPy; what is not supported raises an error
that names the function and the keyword, and says what to write instead. For each function stand here

- what it computes;
- its local Jacobian, a linear map with a known structure, or the functions that it is composed of;
- where it is one path from argument to value, that structure as `print(mg.local_jacobian(…))` shows it, in an example:
  `diag(d) ∘ broadcast : (3, 1) → (3, 4)` reads from the right, and `·` is the place of the tangent;
- the conventions at points where there is no derivative, or more than one could be given. They stand together, with the
  other libraries beside them, in [conventions.md](conventions.md).

The structures are these:
"""

COUNTING = """\
A function counts when it is differentiable here, and once, whatever the number of its names: `np.max` and `np.amax`,
`np.radians` and `np.deg2rad`, `np.matmul` and `np.linalg.matmul` are one each. Methods, operators and SciPy's functions
are not among them; nor is what is constant in steps or answers in plain Python, which works, with derivative zero or
none.\
"""

PEERS_COUNTED = """\
The others' numbers are counted in the same way from their sources, at the versions named; a function that only they have
stands in the family named there, or else in the last line.\
"""


def page() -> str:
    """The whole page."""
    legend = re.findall(r"^ {6}(\S.*)$", inspect.getdoc(mg.linear_maps) or mg.linear_maps.__doc__ or "", re.MULTILINE)
    parts = [TOP, "\n".join(["```text", *legend, "```"]), "\n## How many\n", summary(), ""]
    for title, members in families().items():
        names = ", ".join(f"[`{e.names[0]}`](#{anchor(e.names[0])})" for e in members)
        parts += [f"## {title}\n"]
        if title in (STEPS, ANSWERS):
            parts += [*short(members), ""]
        else:
            parts += [names, "", *room_conventions(title), *(line for e in members for line in described(e))]
    return "\n".join([*parts, *of_its_own()]).rstrip() + "\n"


def summary() -> str:
    """The table of counts, with the other libraries' beside ours."""
    ours = {title: len(members) for title, members in counted().items()}
    peers = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.exists() else {}
    theirs = {name: peer_counts(peer["families"]) for name, peer in peers.items()}
    more = sorted({title for counts in theirs.values() for title in counts} - set(ours))
    rows = [["family", "minigrad", *(f"{name} {peer['version']}" for name, peer in peers.items())]]
    rows += [["---"] + ["---:"] * (1 + len(peers))]
    rows += [[title, ours.get(title, 0), *(c.get(title, 0) for c in theirs.values())] for title in [*ours, *more]]
    total = [sum(ours.values()), *(sum(c.values()) for c in theirs.values())]
    rows += [["**NumPy functions, differentiable**", *(f"**{n}**" for n in total)]]
    table = [f"| {' | '.join(map(str, row))} |" for row in rows]
    beside = {title: len([e for e in families()[title] if not e.alias]) for title in (SPECIAL, STEPS, ANSWERS)}
    also = ", ".join(f"{n} under “{title}”" for title, n in beside.items())
    notes = [COUNTING, f"\nBeside these: {also}.", *([f"\n{PEERS_COUNTED}"] if peers else [])]
    return "\n".join([*table, "", *notes])


def peer_counts(given: dict[str, list[str]]) -> dict[str, int]:
    """How many functions another library has in each of our families, each function under one name."""
    home = {bare(name): (title, e.names[0]) for title, es in families().items() for e in es for name in e.names}
    aliased = {bare(e.names[0]): bare(e.names[0]).rpartition(".")[2] for e in entries() if e.alias}
    found: dict[str, set[str]] = {}
    for family, names in given.items():
        title = next((t for t in FAMILIES if t.lower() == family.lower()), family)
        for name in {aliased.get(bare(name), bare(name)) for name in names}:
            there, once = home.get(name, (title, name))
            if there not in (SPECIAL, STEPS, ANSWERS):
                found.setdefault(there, set()).add(once)
    return {title: len(names) for title, names in found.items()}


def bare(name: str) -> str:
    """np.linalg.solve, autograd.numpy.linalg.solve → linalg.solve."""
    return re.sub(r"^(autograd\.|mygrad\.)?(numpy\.|np\.|mg\.)?", "", name)


def described(entry: Entry) -> Iterator[str]:
    """The lines of one function."""
    first, *others = entry.names
    also = f" (also {', '.join(f'`{name}`' for name in others)})" if others else ""
    yield f"### `{first}`\n"
    yield " ".join(map(prose, filter(None, [entry.said.formula, *entry.said.rest]))) + also + "\n"
    words = [*entry.said.derivative, *entry.said.conventions]
    for op in entry.ops:
        of = said(op)
        if not entry.said.derivative:
            yield f"- Made by the op `{op.__name__}`: " + " ".join(map(prose, [of.formula, *of.rest]))
            words += of.derivative
        words += [] if entry.said.conventions else [c for c in of.conventions if c not in words]
    yield from (f"- {prose(word)}" for word in words)
    shown = structures(entry)
    if shown:
        yield f"- Structure: {shown}"
    yield ""


def short(members: list[Entry]) -> Iterator[str]:
    """One line for all functions that are described in the same words."""

    def words(entry: Entry) -> str:
        return prose(" ".join([entry.said.formula, *entry.said.rest]).replace(f"{entry.names[0]} of", "The same of"))

    for text, alike in groupby(sorted(members, key=words), key=words):
        names = [f"`{first}`" + "".join(f" (also `{name}`)" for name in more) for first, *more in (e.names for e in alike)]
        yield f"- {', '.join(names)}: {text}"


def room_conventions(title: str) -> Iterator[str]:
    """What the rooms of a family say of all their functions."""
    for room in FAMILIES.get(title, "").split():
        words = said(importlib.import_module(f"minigrad.ops.{room}"))
        yield from (f"{prose(sentence)} (`ops/{room}.py`)\n" for sentence in words.conventions)


def of_its_own() -> Iterator[str]:
    """The functions that NumPy has not, room after room."""
    taken = {id(entry.thing) for entry in entries()}
    exported = [(name, getattr(mg, name)) for name in mg.__all__]
    ours = [(n, x) for n, x in exported if callable(x) and not isinstance(x, type) and id(x) not in taken]
    yield "## minigrad's own\n"
    yield "Ops that NumPy has no function for, and what is asked of a graph or of a function.\n"
    by_room = groupby(sorted(ours, key=lambda each: (home_of(each[1]), each[0])), key=lambda each: home_of(each[1]))
    for room, members in by_room:
        yield f"### {prose((inspect.getdoc(importlib.import_module(room)) or '').splitlines()[0].rstrip('.:'))}\n"
        for name, thing in members:
            own = said(thing)
            ops = () if own.derivative or isinstance(thing, mg.Op) or not _is_ours(thing) else ops_of(thing)
            words = [own.formula, *own.rest, *own.derivative, *own.conventions]
            for op in ops:
                words += [*said(op).derivative, *said(op).conventions]
            yield f"- `mg.{name}`: " + " ".join(map(prose, filter(None, words)))
        yield ""


def home_of(thing: Callable[..., Any]) -> str:
    """The module that a function or an op is defined in."""
    return str(type(thing).__module__ if isinstance(thing, mg.Op) else thing.__module__)


def anchor(name: str) -> str:
    """The anchor that a heading `name` gets."""
    return re.sub(r"[^\w-]", "", name.lower())


def prose(text: str) -> str:
    """A docstring's text as Markdown: what stands outside backticks means itself."""
    pieces = re.split(r"(`+[^`]*`+)", text)
    return "".join(p if p.startswith("`") else re.sub(r"([*|<\\])", r"\\\1", p) for p in pieces)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    numbers = {title: len(members) for title, members in counted().items()}
    print(f"docs/{PAGE.name}: {sum(numbers.values())} differentiable NumPy functions; {numbers}")
