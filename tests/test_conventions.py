"""Conventions at kinks, ties and edges: docs/conventions.md holds, and says of others what they answered."""

import json
import warnings
from importlib.metadata import PackageNotFoundError, version

import conventions
import numpy as np
import pytest
from convention_rows import ROWS

import minigrad as mg


@pytest.fixture
def silent():
    """At a singular point floating-point exceptions are no slips: an infinite slope divides by zero."""
    with np.errstate(all="ignore"):
        yield


def by_name(rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name)


@by_name(ROWS)
def test_the_derivative_is_the_one_of_the_table(row, silent):
    """What a reader looks up is what the code gives: in the shape of the argument, to rounding."""
    for got, right, value in zip(conventions.minigrads(row), row.gives, row.at.values(), strict=True):
        assert np.shape(got) == np.shape(value)
        np.testing.assert_allclose(got, np.asarray(right, float), rtol=1e-12, atol=1e-14)


@by_name(ROWS)
def test_forward_mode_follows_the_same_conventions(row, silent):
    """One rule for both modes: the derivative along 1, 1, … is the sum of the derivatives."""
    leaves = {name: mg.parameter(value) for name, value in row.at.items()}
    value = conventions.evaluated(row, leaves)
    along = 0.0
    if value.differentiable:
        along = sum(mg.total_jacobian(value, leaf)(np.ones(leaf.shape)) for leaf in leaves.values())
    total = sum(np.sum(np.asarray(each, float)) for each in row.gives)
    np.testing.assert_allclose(along, total, rtol=1e-12, atol=1e-14)


@by_name(ROWS)
def test_a_recorded_sweep_follows_the_same_conventions(row, silent):
    """A gradient that is a node, to be differentiated again, has the same value."""
    leaves = {name: mg.parameter(value) for name, value in row.at.items()}
    value = conventions.evaluated(row, leaves)
    if value.differentiable:
        gradients = mg.gradients(value, list(leaves.values()), create_graph=True)
        for got, right in zip(gradients, row.gives, strict=True):
            np.testing.assert_allclose(got.value, np.asarray(right, float), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("function", [np.linalg.inv, lambda A: np.linalg.solve(A, [1.0, 1.0])], ids=["inv", "solve"])
def test_a_singular_matrix_has_no_inverse(function):
    """Numbers in its place would look like an answer."""
    with pytest.raises(np.linalg.LinAlgError):
        function(mg.parameter(np.ones((2, 2))))


def test_the_logarithm_of_a_determinant_has_no_derivative_at_a_singular_matrix(silent):
    """log|det A| is −∞ there; the value can be had, the derivative not."""
    A = mg.parameter(np.zeros((2, 2)))
    logabsdet = np.linalg.slogdet(A).logabsdet
    assert logabsdet.value == -np.inf
    with pytest.raises(np.linalg.LinAlgError):
        mg.gradients(logabsdet, A)


def test_the_page_is_written_from_the_rows():
    """If this fails: make reference."""
    assert conventions.PAGE.read_text(encoding="utf-8") == conventions.page()


def test_every_row_is_of_its_own_and_has_the_answers_of_all_libraries():
    """A column that nobody asked would read as if the library lacked the function."""
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))
    peers = json.loads(conventions.PEERS.read_text(encoding="utf-8"))
    assert list(peers) == list(conventions.LIBRARIES)
    for peer in peers.values():
        assert list(peer["answers"]) == names


@pytest.mark.slow
@pytest.mark.parametrize("library", conventions.LIBRARIES)
def test_other_libraries_answer_what_the_page_says(library):
    """Where one is installed, in the version that was asked: claims about others are repeatable."""
    peer = json.loads(conventions.PEERS.read_text(encoding="utf-8"))[library]
    try:
        installed = version(library).partition("+")[0]
    except PackageNotFoundError:
        pytest.skip(f"{library} is not installed")
    if installed != peer["version"]:
        pytest.skip(f"{library} {installed} is installed; the page is about {peer['version']}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert {row.name: conventions.answer(library, row) for row in ROWS} == peer["answers"]
