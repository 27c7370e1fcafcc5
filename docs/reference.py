"""The page docs/functions.md, written from the code: make reference."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from function_table import (
    ANSWERS,
    FAMILIES,
    SPECIAL,
    STEPS,
    Entry,
    counted,
    entries,
    families,
    ops_of,
    said,
    structures,
)

import minigrad as mg

HERE = Path(__file__).resolve().parent
PAGE = HERE / "functions.md"
PEERS = HERE / "peers.json"

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
The others' functions are read from their own registries, at the versions named (`docs/count_peers.py`), and counted in
the same way.\
"""

ELSEWHERE = "Only elsewhere"


def page() -> str:
    """The whole page."""
    table = re.findall(r"^ {6}(\S.*)$", mg.linear_maps.__doc__ or "", re.MULTILINE)
    parts = [TOP, "\n".join(["```text", *table, "```"]), f"\nIn print, {printed()}.\n", "## How many\n", summary(), ""]
    for title, members in families().items():
        names = ", ".join(f"[`{e.names[0]}`](#{anchor(e.names[0])})" for e in members)
        parts += [f"## {title}\n"]
        if title in (STEPS, ANSWERS):
            parts += [*short(members), ""]
        else:
            parts += [names, "", *room_conventions(title, members), *(line for e in members for line in described(e))]
    return "\n".join([*parts, *of_its_own()]).rstrip() + "\n"


def printed() -> str:
    """How the structures look in print: `diag(d)` is Diagonal."""
    maps = {name: getattr(mg.linear_maps, name) for name in mg.linear_maps.__all__}
    looks = {name: getattr(cls, "letters", "").replace("⟨⟩", getattr(cls, "symbol", "")) for name, cls in maps.items()}
    return ", ".join(f"`{look}` is {name}" for name, look in looks.items() if look)


def summary() -> str:
    """The table of counts, with the other libraries' beside ours."""
    known = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.exists() else {}
    peers = {name: peer for name, peer in known.items() if isinstance(peer, dict)}
    theirs = [peer_functions(peer["functions"]) for peer in peers.values()]
    ours = {title: [entry.names[0] for entry in members] for title, members in counted().items()}
    scipys = [entry.names[0] for entry in families()[SPECIAL]]

    def row(title: str, *columns: set[str] | list[str], bold: str = "") -> str:
        return f"| {' | '.join(f'{bold}{cell}{bold}' for cell in (title, *map(len, columns)))} |"

    titles = [*FAMILIES, *([ELSEWHERE] if peers else [])]
    table = ["| family | minigrad |" + "".join(f" {name} {peer['version']} |" for name, peer in peers.items())]
    table += ["| --- |" + " ---: |" * (1 + len(peers))]
    table += [row(title, ours.get(title, []), *(their[title] for their in theirs)) for title in titles]
    everything = [*ours.values()], *([their[title] for title in titles] for their in theirs)
    together = [[name for names in columns for name in names] for columns in everything]
    table += [row("NumPy functions, differentiable", *together, bold="**")]
    table += [row("SciPy functions, differentiable", scipys, *(their[SPECIAL] for their in theirs))]
    notes = ["", COUNTING]
    if peers:
        only = sorted({name for their in theirs for name in their[ELSEWHERE]})
        notes += ["", PEERS_COUNTED, "", f"{ELSEWHERE}: {', '.join(f'`{name}`' for name in only)}."]
    never = [f"{len(families()[title])} under “{title}”" for title in (STEPS, ANSWERS)]
    return "\n".join([*table, *notes, "", f"Beside these: {', '.join(never)}."])


def peer_functions(given: dict[str, list[str]]) -> dict[str, set[str]]:
    """Another library's functions by our families, each under one name; SciPy's all together."""
    home = {bare(name): (title, e.names[0]) for title, es in families().items() for e in es for name in e.names}
    aliased = {bare(e.names[0]): bare(e.names[0]).rpartition(".")[2] for e in entries() if e.alias}
    found: dict[str, set[str]] = {title: set() for title in [*FAMILIES, SPECIAL, ELSEWHERE]}
    for name in (name for names in given.values() for name in names):
        if name.startswith("scipy."):
            found[SPECIAL].add(name)
        else:
            title, once = home.get(aliased.get(bare(name), bare(name)), (ELSEWHERE, name))
            found[title if title in FAMILIES else ELSEWHERE].add(once)
    return found


def bare(name: str) -> str:
    """np.linalg.solve → linalg.solve."""
    return name.removeprefix("np.")


def described(entry: Entry) -> Iterator[str]:
    """The lines of one function."""
    first, *others = entry.names
    also = f" Also {', '.join(f'`{name}`' for name in others)}." if others else ""
    yield f"### `{first}`\n"
    yield " ".join(map(prose, [entry.said.formula, *entry.said.rest])) + also + "\n"
    words = [*entry.said.derivative, *entry.said.conventions]
    yield from (f"- {prose(word)}" for word in words)
    for op in () if entry.alias else entry.ops:
        of = said(op)
        if not entry.said.derivative:
            yield f"- Made by the op `{op.__name__}`. " + " ".join(map(prose, [of.formula, *of.rest, *of.derivative]))
        if not entry.said.conventions:
            yield from (f"- {prose(word)}" for word in of.conventions)
    shown = structures(entry)
    if shown:
        yield f"- Structure: {shown}"
    yield ""


def short(members: list[Entry]) -> Iterator[str]:
    """One line for all functions that are described in the same words."""
    alike: dict[str, list[str]] = {}
    for entry in members:
        first, *others = [f"`{name}`" for name in entry.names]
        text = " ".join([entry.said.formula, *entry.said.rest]).replace(f"{entry.names[0]} of", "The same of")
        alike.setdefault(text, []).append(first + (f" (also {', '.join(others)})" if others else ""))
    yield from (f"- {', '.join(names)}: {prose(text)}" for text, names in alike.items())


def room_conventions(title: str, members: list[Entry]) -> Iterator[str]:
    """What the rooms of a family say of all their functions."""
    for room in FAMILIES.get(title, "").split():
        names = ", ".join(f"`{entry.names[0]}`" for entry in members if entry.room == room)
        words = said(importlib.import_module(f"minigrad.ops.{room}")).conventions
        yield from (f"{prose(sentence)} (Of {names}.)\n" for sentence in words)


def of_its_own() -> Iterator[str]:
    """What NumPy has not, room after room; but for linear maps, which stand at the top, and errors."""
    taken = {id(entry.thing) for entry in entries()}
    exported = [(name, getattr(mg, name)) for name in mg.__all__]
    ours = [(name, thing) for name, thing in exported if callable(thing) and id(thing) not in taken]
    ours = [each for each in ours if not (isinstance(each[1], type) and issubclass(each[1], mg.LinearMap | Exception))]
    yield "## minigrad's own\n"
    yield "Ops that NumPy has no function for, and what is asked of a graph or of a function.\n"
    for room, members in groupby(
        sorted(ours, key=lambda each: (home_of(each[1]), each[0])), lambda each: home_of(each[1])
    ):
        about = (inspect.getdoc(importlib.import_module(room)) or "").splitlines()[0]
        yield f"### {re.split(r'[:.;]', about)[0]}\n"
        for name, thing in members:
            own = said(thing)
            words = [own.formula, *own.rest, *own.derivative, *own.conventions]
            if isinstance(thing, type):
                words = [own.formula]
            elif not own.derivative and room.startswith("minigrad.ops."):
                words += [word for op in ops_of(thing) for word in (*said(op).derivative, *said(op).conventions)]
            yield f"- `mg.{name}`: " + " ".join(map(prose, words))
        yield ""


def home_of(thing: Callable[..., Any]) -> str:
    """The module that a class, a function or an op is defined in."""
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
