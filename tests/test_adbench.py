"""ADBench's objectives: values and derivatives are jax's, and a bundle's Jacobian costs what its sparsity asks for.

The objectives are in benchmarks/adbench, in plain NumPy functions: of arrays, of nodes and, with `np` exchanged, of
jax arrays.
"""

import re
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.sparse import csr_array

import minigrad as mg

HOUSE = Path(__file__).resolve().parents[1]
sys.path.append(str(HOUSE))  # benchmarks/ is no package that anyone installs

from benchmarks.adbench import ba, by_jax, by_minigrad, gmm, lstm, problems  # noqa: E402  # by way of the line above
from benchmarks.adbench.report import Conditions, document  # noqa: E402
from benchmarks.adbench.rewritten import on  # noqa: E402
from benchmarks.adbench.worker import PEERS, Outcome, difference, runs  # noqa: E402
from benchmarks.measure import Ratio  # noqa: E402

GMM = [(7, 2, 3), (12, 5, 2), (20, 1, 4)]  # points, dimensions, components
BA = [(2, 3, 5), (3, 7, 20), (5, 4, 20)]  # cameras, points, observations
LSTM = [(1, 4, 3), (2, 6, 14), (3, 5, 2)]  # layers, characters, bits


def program(*arguments):
    command = [sys.executable, "-m", "benchmarks.adbench", *arguments]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False)


def swept(monkeypatch):
    """The list of sweeps that Jacobians make from here on."""
    made = []
    for name in ("push_forward", "reverse_sweep"):
        sweep = getattr(mg.tracing, name)
        monkeypatch.setattr(
            mg.tracing, name, lambda *given, sweep=sweep, name=name: (made.append(name), sweep(*given))[1]
        )
    return made


@pytest.mark.parametrize(
    ("objective", "sizes"),
    [*[("gmm", sizes) for sizes in GMM], *[("lstm", sizes) for sizes in LSTM]],
)
def test_value_and_gradient_are_those_of_jax(objective, sizes):
    """By all parameters; jax runs the same source on its own NumPy, but for the loop over characters, a scan there."""
    instance = getattr(problems, objective)(*sizes)
    found, expected = (getattr(by, objective)(instance)() for by in (by_minigrad, by_jax))
    assert len(found) == len(instance.varied) + 1
    assert difference(found, expected) <= 1e-10


@pytest.mark.parametrize("sizes", GMM)
def test_the_gradient_of_a_mixture_is_the_one_by_complex_step(sizes):
    """A witness that knows only the values, right to rounding: ∂f/∂x ≈ Im f(x + ih)/h with h = 1e-30."""
    instance = problems.gmm(*sizes)._replace(fixed=(problems.gmm(*sizes).fixed[0], (0.7, 2)))  # a prior that counts
    _, *gradients = by_minigrad.gmm(instance)()
    for k, gradient in enumerate(gradients):
        for place in np.ndindex(gradient.shape):
            varied = [array.astype(complex) for array in instance.varied]
            varied[k][place] += 1e-30j
            slope = gmm.log_posterior(*varied, *instance.fixed).imag / 1e-30
            assert gradient[place] == pytest.approx(slope, rel=1e-10, abs=1e-12 * np.max(np.abs(gradient)))


def test_the_log_posterior_of_one_component_is_that_of_a_normal_distribution():
    """A closed form for the value: α cancels, and what is left is the normal density, here with x in one dimension."""
    x, (mean, q) = np.array([[0.5], [-1.0]]), (0.2, 0.3)
    value = gmm.log_posterior(np.array([5.0]), np.array([[mean]]), np.array([[q]]), x, (1.0, 0))
    prior = 0.5 * np.exp(q) ** 2 - (2 * (0 - 0.5 * np.log(2)) - 0.0)  # log Γ(1) = 0
    normal = np.sum(q - 0.5 * (np.exp(q) * (x - mean)) ** 2 - 0.5 * np.log(2 * np.pi))
    assert value == pytest.approx(normal + prior, rel=1e-14)


@pytest.mark.parametrize("sizes", BA)
@pytest.mark.parametrize("side", [by_minigrad.ba, by_minigrad.ba_blocks, by_jax.ba], ids=["sparse", "blocks", "jax"])
def test_the_jacobian_of_a_bundle_is_the_dense_one_of_jax(sizes, side):
    """However it is found: by the engine's sparsity, or from the blocks that someone made by hand (the benchmark)."""
    varied, fixed = instance = problems.ba(*sizes)
    errors, jacobian = side(instance)()
    dense = jax.jit(jax.jacfwd(on(jnp, "ba").errors, argnums=(0, 1, 2)))(*varied, *fixed)
    expected = np.concatenate([np.reshape(block, (len(errors), -1)) for block in dense], axis=1)
    assert difference([errors], [ba.errors(*varied, *fixed)]) <= 1e-14
    assert difference([jacobian], [csr_array(expected)]) <= 1e-10


@pytest.mark.parametrize("sizes", [*BA, (11, 60, 200)])
def test_the_jacobian_of_a_bundle_has_as_few_entries_and_sweeps_as_its_structure(sizes, monkeypatch):
    """29 of the 31 entries that ADBench stores for an observation: a principal point moves each coordinate alone.

    A row has at most 14 entries, so that 14 sweeps are the fewest, for however many observations.
    """
    varied, fixed = problems.ba(*sizes)
    sweeps = swept(monkeypatch)
    jacobian = mg.sparse_jacobian(ba.errors, argnums=(0, 1, 2))(*varied, *fixed)
    n, m, p = sizes
    assert jacobian.shape == (3 * p, 11 * n + 3 * m + p)
    assert jacobian.nnz == 29 * p
    assert len(sweeps) <= 14


def test_a_camera_that_is_not_rotated_has_a_finite_jacobian():
    """Rodrigues' formula divides by the angle; where that is 0, nothing may come back from the branch not taken."""
    (cameras, points, weights), fixed = problems.ba(2, 3, 6)
    assert not np.any(cameras[0, :3])
    jacobian = mg.sparse_jacobian(ba.errors, argnums=(0, 1, 2))(cameras, points, weights, *fixed)
    assert np.all(np.isfinite(jacobian.data))


def test_a_rotation_keeps_lengths_and_turns_by_its_angle():
    """Rodrigues' formula by two facts about rotations, and by a quarter turn about z."""
    rng = np.random.default_rng(1)
    rotation, point = rng.normal(size=(2, 6, 3))
    turned = ba.rotated(rotation, point)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(point, axis=1), rtol=1e-14)
    np.testing.assert_allclose(np.sum(turned * rotation, axis=1), np.sum(point * rotation, axis=1), rtol=1e-12)
    np.testing.assert_allclose(ba.rotated(np.array([0, 0, np.pi / 2]), np.array([1.0, 0, 0])), [0, 1, 0], atol=1e-15)


def test_a_cell_that_forgets_nothing_and_adds_nothing_keeps_its_state():
    """The LSTM by its extremes: with f = 1 and i = 0, c stays; with o = 1, h = tanh c."""
    gates = np.array([[50.0], [-50.0], [50.0], [0.0]]) * np.ones(3)
    layers, cell = [(np.zeros((4, 3)), gates)], np.array([0.1, -0.2, 0.3])
    extra = np.stack([np.ones(3), 2 * np.ones(3), np.ones(3)])
    ((hidden, after),), guess = lstm.step(layers, extra, [(np.ones(3), cell)], np.ones(3))
    np.testing.assert_allclose(after, cell, rtol=1e-14)
    np.testing.assert_allclose(hidden, np.tanh(cell), rtol=1e-14)
    np.testing.assert_allclose(guess, 2 * np.tanh(cell) + 1, rtol=1e-14)


@pytest.mark.parametrize("peer", ["by_autograd", "by_torch"])
@pytest.mark.parametrize("computes", ["gmm", "ba", "lstm"])
def test_the_other_sides_of_the_benchmark_compute_the_same(peer, computes):
    """Where they are installed; a ratio of two different computations says nothing."""
    module = pytest.importorskip(f"benchmarks.adbench.{peer}", reason="optional", exc_type=ImportError)
    instance = getattr(problems, computes)(*{"gmm": GMM, "ba": BA, "lstm": LSTM}[computes][1])
    found, expected = (getattr(side, computes)(instance)() for side in (by_minigrad, module))
    assert difference(found, expected) <= 1e-10


def test_a_difference_between_two_sides_is_noticed():
    """In one entry, as a NaN, in another shape, in an entry that one of two sparse arrays lacks."""
    ones, sparse = np.ones(3), csr_array(np.eye(2))
    assert difference([ones, sparse], [ones, sparse]) == 0
    assert difference([ones, sparse], [ones, csr_array(np.diag([1.0, 0.5]))]) == 0.5
    assert difference([ones, sparse], [ones, csr_array(np.ones((2, 2)))]) == 1
    assert not difference([ones, sparse], [ones * np.nan, sparse]) <= 1
    assert not difference([ones, sparse], [ones, csr_array(np.ones((2, 3)))]) <= 1


def test_the_report_has_a_line_for_every_row_and_a_figure_for_every_peer():
    """ADBENCH.md names what was left out with a dash, says where we lose, and nobody's machine."""
    outcomes = {
        name: {peer: Outcome(Ratio(0.9, 1.25, 1.5, 11), 1e-15, 300.0) for peer in PEERS if runs(row, peer)}
        for name, row in problems.ROWS.items()
    }
    text = document(outcomes, Conditions(2, 1, 4.0, {"MALLOC_TRIM_THRESHOLD_": "1"}))
    assert text.count("**1.25** (0.9 … 1.5)") == sum(len(by) for by in outcomes.values())
    assert "slower in 10 of 10 rows" in text
    assert "| — |" in text
    assert str(HOUSE) not in text


def test_help_names_every_row():
    done = program("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for name, row in problems.ROWS.items():
        assert re.search(rf"^  {name} +{re.escape(row.title)}", done.stdout, re.MULTILINE)


def test_a_row_runs_from_the_command_line():
    """The figure itself is not looked at: a test is no place for a clock."""
    done = program("gmm-2-5", "--seconds", "0.01", "--peer", "jax, jit", "--peer", "the value alone")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^  (jax, jit|the value alone) +\d", done.stdout, re.MULTILINE) == [
        "jax, jit",
        "the value alone",
    ]
