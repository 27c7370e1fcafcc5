"""The benchmarks compare like with like: both sides give the same numbers. Nothing here looks at a clock."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

HOUSE = Path(__file__).resolve().parents[1]
sys.path.append(str(HOUSE))  # benchmarks/ is no package that anyone installs

from benchmarks import by_hand, by_minigrad  # noqa: E402  # found by way of the line above
from benchmarks.measure import Ratio, compare, traced_bytes  # noqa: E402
from benchmarks.report import Conditions, document  # noqa: E402
from benchmarks.rows import ROWS, ChainRow, NetworkRow, Problem, largest_error  # noqa: E402
from benchmarks.worker import Outcome, contestants_of  # noqa: E402

SMALL = [((2, 4, 4, 4), 1), ((2, 4, 4, 4), 32), ((5, 3), 4), ((7, 6, 5, 4, 3), 9)]


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("sizes", "samples"), SMALL)
@pytest.mark.parametrize("contestant", [by_minigrad.nodes, by_minigrad.network])
def test_the_code_by_hand_agrees_with_the_engine(sizes, samples, contestant):
    """Otherwise the ratio would compare two different computations."""
    problem = NetworkRow("small", sizes, samples, 1.0).problem(seed=3)
    assert largest_error(contestant(problem)(), by_hand.network(problem)()) <= 1e-12


def test_the_code_by_hand_agrees_with_the_engine_at_saturated_logits():
    """The yardstick is not faster by being less careful."""
    problem = NetworkRow("small", (2, 4, 3), 6, 1.0).problem()
    loud = Problem([1e4 * theta for theta in problem.thetas], problem.X, problem.Y)
    assert largest_error(by_minigrad.nodes(loud)(), by_hand.network(loud)()) <= 1e-12


def test_the_code_by_hand_gives_the_derivative_of_its_own_value():
    """A witness that owes nothing to the engine: central differences, entry by entry."""
    problem = NetworkRow("small", (3, 4, 2), 5, 1.0).problem()
    gradients = by_hand.network(problem)()[1:]
    for theta, gradient in zip(problem.thetas, gradients, strict=True):
        for index in np.ndindex(theta.shape):
            kept, values = theta[index], []
            for step in (1e-5, -1e-5):
                theta[index] = kept + step
                values.append(by_hand.network(problem)()[0])
            theta[index] = kept
            assert (values[0] - values[1]) / 2e-5 == pytest.approx(gradient[index], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("run", [by_hand.network, by_minigrad.nodes, by_minigrad.network])
def test_a_second_run_gives_the_same_numbers(run):
    """Writing in place must not reach the data or the weights: every repetition does the same work."""
    once = run(NetworkRow("small", (3, 4, 2), 5, 1.0).problem())
    first = [np.copy(array) for array in once()]
    assert largest_error(once(), first) == 0


@pytest.mark.parametrize("contestant", [by_minigrad.chain_backward, by_minigrad.chain_gradients])
def test_the_chain_by_hand_agrees_with_the_engine(contestant):
    row = ChainRow("small", 50, 1.0, 400)
    assert largest_error(contestant(row)(), by_hand.chain(row)()) <= 1e-12


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_pytorch_computes_the_same():
    """The third column, where there is one, is of the same computation too."""
    from benchmarks import by_torch

    problem, row = NetworkRow("small", (2, 4, 4, 4), 3, 1.0).problem(), ChainRow("small", 50, 1.0, 400)
    assert largest_error(by_torch.network(problem)(), by_hand.network(problem)()) <= 1e-12
    assert largest_error(by_torch.chain(row)(), by_hand.chain(row)()) <= 1e-12


def test_a_difference_is_noticed():
    """In one entry, as a NaN, or as another shape."""
    expected = [np.array(1.0), np.ones((2, 3))]
    assert largest_error([1.0, np.ones((2, 3))], expected) == 0
    assert largest_error([1.0, np.array([[1, 1, 1], [1, 1, 1.5]])], expected) == 0.5
    assert not largest_error([np.nan, np.ones((2, 3))], expected) <= 1
    assert not largest_error([1.0, np.ones((3, 2))], expected) <= 1


def test_both_sides_of_a_comparison_run_equally_often():
    """With one repetition a round, as for runs of some milliseconds and more."""
    calls = {"mine": 0, "its": 0}

    def run(side):
        calls[side] += 1
        return [np.linalg.svd(np.ones((150, 150)))[1]]

    ratio = compare(lambda: run("mine"), lambda: run("its"), seconds=1e-9)
    assert ratio.low <= ratio.median <= ratio.high
    assert ratio.rounds % 2 == 1
    assert min(calls.values()) >= ratio.rounds


def test_what_is_held_is_weighed_and_what_is_let_go_is_not():
    held = traced_bytes(lambda: np.zeros(10_000))
    assert 80_000 <= held < 90_000
    assert traced_bytes(lambda: np.zeros(10_000).sum()) < 10_000


def test_the_report_names_every_figure_and_nobodys_machine():
    """RESULTS.md has a line for each row and contestant; its description of the machine is a neutral one."""
    outcomes = {
        name: {who: Outcome(Ratio(0.9, 1.25, 1.5, 11), 1e-15, 321.0, 333.0) for who in contestants_of(name)}
        for name in ROWS
    }
    text = document(outcomes, Conditions(2, 2, None, {"MALLOC_TRIM_THRESHOLD_": "1"}, 8))
    for name in ROWS:
        assert len(re.findall(rf"^\| {name} \|", text, re.MULTILINE)) == len(contestants_of(name))
    assert "**1.25**" in text
    assert "PyTorch not installed" in text
    assert str(HOUSE) not in text


def test_help_names_every_row():
    """The first thing one types at a program that one does not know."""
    done = program("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for name, row in ROWS.items():
        assert re.search(rf"^  {name} +{re.escape(row.title)}", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("wrong", [["fast"], ["--seconds", "0"], ["--threads", "0"], ["--seconds", "soon"]])
def test_a_wrong_argument_is_refused_in_a_sentence(wrong):
    """Not with a traceback."""
    done = program(*wrong)
    assert done.returncode == 2
    assert wrong[-1] in done.stderr
    assert "Traceback" not in done.stderr


def test_a_row_runs_from_the_command_line():
    """The figure itself is not looked at: a test is no place for a clock."""
    done = program("tiny-1", "--seconds", "0.01", "--no-torch")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^  (nodes|mg\.Network|by hand again) +\d+\.\d\d ", done.stdout, re.MULTILINE) == [
        "nodes",
        "mg.Network",
        "by hand again",
    ]
