"""1,000 random graphs of 5 to 60 analytic operations: derivatives where ops meet, share arguments and broadcast.

The laws of test_op_laws.py look at one op at a time. Here the same program runs on nodes, on plain and on complex
arrays and through jax.numpy (random_graphs.py). A failure prints the program, which random_graph(number) draws again.
"""

from collections.abc import Iterable

import pytest
from array_modules import PLAIN
from random_graphs import BOUND, FEWEST, MOST, Graph, first_order, random_graph, second_order
from random_lines import FAMILIES

GRAPHS = range(1000)
EXACT = 1e-10  # the tolerance of all comparisons with another way to differentiate
SYMMETRIC = 1e-12
EXTRAPOLATED = 1e-7  # of a curvature, the derivative of a complex step by differences
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


def check_second_order(graph: Graph, against_jax: bool) -> None:
    errors = second_order(graph, against_jax)
    assert errors.symmetry <= SYMMETRIC, f"{errors}\n{graph}"
    assert errors.curvature <= EXTRAPOLATED, f"{errors}\n{graph}"
    assert errors.jax <= EXACT, f"{errors}\n{graph}"


@of(BLOCKS)
def test_value_gradient_and_jvp_are_those_of_a_complex_step(numbers):
    """Both modes, against the same NumPy code on complex numbers; and ⟨w, J v⟩ = ⟨Jᵀ w, v⟩ between them."""
    for number in numbers:
        check_first_order(random_graph(number))


@of(BLOCKS)
def test_hessian_is_symmetric_and_bends_as_the_slopes_do(numbers):
    """vᵀ H v is how the slope along v changes: a second derivative that an op lost may leave H symmetric."""
    for number in numbers:
        check_second_order(random_graph(number), against_jax=False)


@of(every(40, BLOCKS[::2]))
def test_hessian_is_jaxs(numbers):
    """An engine with other rules for every op gets the same second derivatives, all of them."""
    pytest.importorskip("jax")
    for number in numbers:
        check_second_order(random_graph(number), against_jax=True)


@pytest.mark.slow  # minutes, for jax's compiler; all 1,000 by `python tests/random_graphs.py 0 1000`
@of(every(5))
def test_hessian_of_more_graphs_is_jaxs(numbers):
    """As above, for one graph in five."""
    pytest.importorskip("jax")
    for number in numbers:
        check_second_order(random_graph(number), against_jax=True)


def test_a_number_is_always_the_same_graph():
    """A failure names its graph by number."""
    assert str(random_graph(7)) == str(random_graph(7)) != str(random_graph(8))


def test_what_a_failure_prints_is_the_graph():
    """The program and its arrays can be pasted as they stand."""
    for number in range(40):
        graph, pasted = random_graph(number), {}
        exec(str(graph), pasted)
        value = pasted["program"](*PLAIN, *[pasted[name] for name in graph.inputs])
        # Not to the last bit: where an array lies in memory decides in which order BLAS adds up.
        assert value == pytest.approx(graph.run(PLAIN, *graph.point), rel=1e-13)


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
    assert [line.text for family in FAMILIES for line in family if line.text not in drawn] == []
