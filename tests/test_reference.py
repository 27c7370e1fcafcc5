"""The page docs/functions.md: it is what the code says now, whole, and honest in its numbers."""

import importlib
import inspect
import json
import re

import numpy as np
import pytest
import reference
import scipy.special
from function_table import SPECIAL, STEPS, counted, entries, example_lines, families, lines_of, said, structures

import minigrad as mg
from minigrad.numpy_protocol import OPERATIONS

# An older NumPy lacks some of the functions, and their other names.
needs_numpy = pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.4.0", reason="the page lists the functions of NumPy 2.4"
)


def op_classes():
    """Every op class of the package that makes nodes."""
    below, found = [mg.Op], []
    while below:
        own = [each for each in below.pop().__subclasses__() if each.__module__.startswith("minigrad.")]
        below += own
        found += [each for each in own if not inspect.isabstract(each) and not each.__subclasses__()]
    return sorted(found, key=lambda each: each.__name__)


def says_a_derivative(words):
    """Whether a docstring states a local Jacobian, a composition, or that there is none."""
    text = " ".join([words.formula, *words.rest])
    return bool(words.derivative) or "ever differentiated" in text or "gives its local Jacobians" in text


@needs_numpy
def test_the_page_is_what_the_code_says_now():
    """A reference that is written once goes stale. If this fails: make reference."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()


@pytest.mark.parametrize("cls", op_classes(), ids=lambda cls: cls.__name__)
def test_every_op_says_what_it_computes_and_its_local_jacobian(cls):
    """An op states two things; its docstring says both."""
    words = said(cls)
    assert cls.__dict__.get("__doc__"), "no docstring of its own"
    assert words.formula
    differentiable = cls.differentiable is not False
    assert not differentiable or says_a_derivative(words)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.names[0])
def test_every_function_says_what_it_computes_and_its_derivative(entry):
    """In its own docstring, or in that of the op it makes."""
    assert entry.said.formula
    assert says_a_derivative(entry.said) or any(map(says_a_derivative, map(said, entry.ops)))


def test_no_function_of_the_table_is_left_out():
    """Each key of the table belongs to one entry, and each entry to one family."""
    keys = [key for entry in entries() for key in entry.keys]
    left = [key for key in OPERATIONS if not any(key is each for each in keys)]
    assert [key.__module__ for key in left] == ["_operator"], left  # x[index]
    placed = [entry.names[0] for members in families().values() for entry in members]
    assert sorted(placed) == sorted(entry.names[0] for entry in entries())


@needs_numpy
def test_at_least_200_numpy_functions_are_differentiable():
    """What someone brings a program for. Each counts once, whatever the number of its names."""
    functions = [entry for members in counted().values() for entry in members]
    assert len(functions) >= 200
    things = [entry.thing for entry in functions]
    assert all(sum(each is thing for each in things) == 1 for thing in things)
    for names in ({"np.max", "np.amax"}, {"np.radians", "np.deg2rad"}, {"np.absolute", "np.abs"}):
        assert len([entry for entry in functions if names & set(entry.names)]) == 1
    assert "np.linalg.matmul" not in {entry.names[0] for entry in functions}


def test_what_counts_is_differentiated_in_the_tests(monkeypatch):
    """A function counts because the laws hold for it, not because a docstring says so."""
    functions = [entry for members in counted().values() for entry in members]
    called = set()

    def watched(operation):
        def call(*arguments, **keywords):
            result = operation(*arguments, **keywords)
            nodes = result if isinstance(result, tuple | list) else [result]
            if any(isinstance(node, mg.Node) and node.differentiable for node in nodes):
                called.add(id(operation))
            return result

        return call

    for key, operation in list(OPERATIONS.items()):
        monkeypatch.setitem(OPERATIONS, key, watched(operation))
    for line in [line for lines in example_lines().values() for line in lines]:
        line.build(line.draw(np.random.default_rng(0)))
    assert [e.names[0] for e in functions if not lines_of(e) and id(e.thing) not in called] == []


def test_what_is_never_differentiated_has_no_derivative_in_the_tests():
    """A step that an example differentiates would stand in the wrong family."""
    assert [entry.names[0] for entry in families()[STEPS] if lines_of(entry)] == []


def resolved(name):
    """The function that a name on the page stands for."""
    place, _, function = name.rpartition(".")
    if place.startswith("scipy."):
        return getattr(importlib.import_module(place), function)
    found = {"np": np, "mg": mg}[place.partition(".")[0]]
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


@needs_numpy
def test_every_name_on_the_page_resolves():
    """Names are there to be typed. Those with a heading are, by identity, what the table was asked for."""
    text = reference.PAGE.read_text(encoding="utf-8")
    names = set(re.findall(r"`((?:np|mg|scipy)\.[\w.]+)`", text))
    assert names
    for name in names:
        resolved(name)
    for entry in entries():
        assert f"`{entry.names[0]}`" in text
        for name in entry.names:
            thing = resolved(name)
            scipys = name.startswith("scipy.") and thing is getattr(scipy.special, name.rpartition(".")[2])
            assert scipys or thing is entry.thing or any(thing is key for key in entry.keys), name


@needs_numpy
def test_every_link_on_the_page_leads_somewhere():
    """An index is of use when it leads there."""
    text = reference.PAGE.read_text(encoding="utf-8")
    headings = {reference.anchor(line.lstrip("# `").rstrip("`")) for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
    for file in re.findall(r"\]\((\w+\.md)\)", text):
        assert (reference.HERE / file).is_file()


def test_most_functions_show_a_structure():
    """The structures are what the page has that no other reference has; an example that breaks would empty them."""
    functions = [entry for members in counted().values() for entry in members]
    assert sum(bool(structures(entry)) for entry in functions) > 0.7 * len(functions)


def test_functions_of_other_libraries_are_counted_as_ours(monkeypatch, tmp_path):
    """The same rules for all: two names of one function are one, and what we have not stands apart."""
    functions = {"a": ["np.sin", "np.radians", "np.deg2rad"], "b": ["np.linalg.matmul", "np.matmul"]}
    functions["c"] = ["np.fft.fft", "scipy.special.erf", "scipy.stats.norm.pdf"]
    found = {title: names for title, names in reference.peer_functions(functions).items() if names}
    assert found == {
        "Pointwise": {"np.sin", "np.deg2rad"},
        "Products": {"np.matmul"},
        SPECIAL: {"scipy.special.erf", "scipy.stats.norm.pdf"},
        reference.ELSEWHERE: {"np.fft.fft"},
    }
    peers = {"numpy": "2.4", "other": {"version": "1.0", "functions": functions}}
    (tmp_path / "peers.json").write_text(json.dumps(peers), encoding="utf-8")
    monkeypatch.setattr(reference, "PEERS", tmp_path / "peers.json")
    table = reference.summary()
    assert "| family | minigrad | other 1.0 |" in table
    assert "| Only elsewhere | 0 | 1 |" in table
    total = sum(len(members) for members in counted().values())
    assert f"| **NumPy functions, differentiable** | **{total}** | **4** |" in table


@pytest.mark.parametrize("function", [np.fft.fft, np.linalg.eig, np.linalg.eigvals, np.roots], ids=lambda f: f.__name__)
def test_what_leads_to_complex_numbers_is_refused(function):
    """docs/values.md says so by name: a gradient of the real part alone would look like an answer."""
    with pytest.raises(mg.errors.UnsupportedError):
        function(mg.parameter(np.eye(2)[0] if function is np.roots else np.eye(2)))
