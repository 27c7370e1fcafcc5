"""1,000 random graphs of 5 to 60 analytic operations: derivatives where ops meet, share arguments and broadcast.

The laws of test_op_laws.py look at one op at a time. Here the same program runs on nodes, on plain and on complex
arrays and through jax.numpy (random_graphs.py). A failure prints the program, which random_graph(number) draws again.
"""

from collections.abc import Iterable

import numpy as np
import pytest
from array_modules import PLAIN
from random_graphs import BOUND, FEWEST, MOST, Graph, first_order, hessian, jax_hessian, random_graph
from random_lines import FAMILIES
from witnesses import relative_error

GRAPHS = range(1000)
EXACT = 1e-10  # the tolerance of all comparisons with another way to differentiate
SYMMETRIC = 1e-12
DOT_TEST = 100  # eps

# An equal share of the graphs for each test, so that the tests run side by side.
BLOCKS = [GRAPHS[k : k + 40] for k in GRAPHS[::40]]


def of(blocks: Iterable[range]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("numbers", blocks, ids=lambda block: f"{block[0]}-{block[-1]}")


def every(step: int, blocks: Iterable[range] = BLOCKS) -> list[range]:
    return [block[::step] for block in blocks]


def check_first_order(graph: Graph) -> None:
    errors = first_order(graph)
    assert errors.value <= EXACT, f"{errors}\n{graph}"
    assert errors.gradient <= EXACT, f"{errors}\n{graph}"
    assert errors.jvp <= EXACT, f"{errors}\n{graph}"
    assert errors.dot <= DOT_TEST, f"{errors}\n{graph}"


def check_symmetry(graph: Graph) -> np.ndarray:
    H = hessian(graph)
    assert relative_error(H, H.T) <= SYMMETRIC, f"{H - H.T}\n{graph}"
    return H


def check_against_jax(graph: Graph) -> None:
    ours, theirs = check_symmetry(graph), jax_hessian(graph)
    assert relative_error(ours, theirs) <= EXACT, f"{ours - theirs}\n{graph}"


@of(BLOCKS)
def test_value_gradient_and_jvp_are_those_of_a_complex_step(numbers):
    """Both modes, against the same NumPy code on complex numbers; and ⟨w, J v⟩ = ⟨Jᵀ w, v⟩ between them."""
    for number in numbers:
        check_first_order(random_graph(number))


@of(every(5))
def test_hessian_is_symmetric(numbers):
    """Its rows are gradients of gradients of different inputs: an entry that was not differentiated breaks it."""
    for number in numbers:
        check_symmetry(random_graph(number))


@of(every(40, BLOCKS[::2]))
def test_hessian_is_jaxs(numbers):
    """An engine with other rules for every op gets the same second derivatives."""
    pytest.importorskip("jax")
    for number in numbers:
        check_against_jax(random_graph(number))


@pytest.mark.slow  # a minute or two for the compiler of jax
@of(every(5))
def test_hessian_is_jaxs_for_more_graphs(numbers):
    """As above, for one in five; all 1,000 by `python tests/random_graphs.py 0 1000`."""
    pytest.importorskip("jax")
    for number in numbers:
        check_against_jax(random_graph(number))


@pytest.mark.slow
@of(BLOCKS)
def test_every_hessian_is_symmetric(numbers):
    """As above, for all graphs."""
    for number in numbers:
        check_symmetry(random_graph(number))


def test_a_number_is_always_the_same_graph():
    """A failure names its graph by number."""
    assert str(random_graph(7)) == str(random_graph(7)) != str(random_graph(8))


def test_the_graphs_are_as_large_and_as_mixed_as_they_say():
    """Of 250: 5 to 60 lines, results used twice or more, every line of the table somewhere, values within bounds."""
    graphs = [random_graph(number) for number in range(250)]
    lengths = [len(graph.body) for graph in graphs]
    assert FEWEST <= min(lengths) < 10
    assert 55 < max(lengths) <= MOST
    for graph in graphs:
        assert abs(graph.run(PLAIN, *graph.point)) <= MOST * BOUND
    assert sum(any(graph.uses(name) > 1 for name in graph.body) for graph in graphs) > 200
    drawn = set().union(*[graph.lines for graph in graphs])
    assert [line.text for family in FAMILIES for line in family if line not in drawn] == []
