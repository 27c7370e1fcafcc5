"""The notes' cost of a softmax: Σ y log p + (1 − y) log(1 − p), right where p is 0 or 1 to the last digit.

Witness: mpmath with 400 digits (log p of a p near 1 needs them), from the logits. They lie on a grid of 2⁻⁹, so that
their differences are exact.
"""

import mpmath
import numpy as np
import pytest

import minigrad as mg


def truth(z, y):
    """J and ∂J/∂z, by the sums over all units and all others."""
    with mpmath.workdps(400):
        units, samples = z.shape
        J, slopes = mpmath.mpf(0), np.zeros(z.shape)
        for s in range(samples):
            e = [mpmath.exp(mpmath.mpf(float(v))) for v in z[:, s]]
            p = [x / sum(e) for x in e]
            others = [sum(e[:j] + e[j + 1 :]) for j in range(units)]
            label = [mpmath.mpf(float(v)) for v in y[:, s]]
            J -= sum(
                label[j] * mpmath.log(p[j]) + (1 - label[j]) * mpmath.log(others[j] / sum(e)) for j in range(units)
            )
            for i in range(units):
                feels = [(p[j] - label[j]) * (1 if i == j else -e[i] / others[j]) for j in range(units)]
                slopes[i, s] = float(sum(feels) / samples)
        return float(J / samples), slopes


@pytest.mark.parametrize("scale", [1, 10, 1e3, 1e4])
@pytest.mark.parametrize("axis", [0, 1])
def test_cost_and_slope_of_a_softmax_are_true_at_any_logits(scale, axis, rng):
    """p = 1 leaves no digits of 1 − p; the log-odds have them all. With overflow and division as errors."""
    for _ in range(20):
        units, samples = rng.integers(2, 6), rng.integers(1, 4)
        z = np.round(rng.normal(size=(units, samples)) * scale * 512) / 512
        if rng.random() < 0.2:
            z[:] = z[0]  # ties: no unit is the one largest
        y = np.eye(units)[rng.integers(0, units, samples)].T
        Z = mg.parameter(z if axis == 0 else z.T)
        J = mg.cross_entropy(mg.softmax(Z, units_axis=axis), y if axis == 0 else y.T, units_axis=axis)
        expected, slopes = truth(z, y)
        assert J.value == pytest.approx(expected, rel=1e-15, abs=1e-300)
        for found in (mg.gradients(J, Z), mg.gradients(J, Z, create_graph=True).value):
            np.testing.assert_allclose(found if axis == 0 else found.T, slopes, rtol=4e-16, atol=4e-16)


def test_second_derivatives_of_the_cost_of_a_softmax_are_right(rng):
    """The form's own Jacobian is filled with nodes where the sweep is recorded."""
    y = np.array([[1.0, 0.0], [0.0, 0.3], [0.0, 0.7]])
    found = mg.check_gradients(lambda z: mg.cross_entropy(mg.softmax(z), y), rng.normal(size=(3, 2)))
    assert found.first_order < 1e-9
    assert found.second_order < 1e-9


def test_the_written_rule_holds_for_the_softmax_itself(rng):
    """∂J/∂p is the plain partial, and evaluate at another p uses it."""
    z, y = mg.parameter(rng.normal(size=(3, 2))), np.eye(3)[:, :2]
    p = mg.softmax(z)
    J = mg.cross_entropy(p, y)
    assert J.form is not None
    np.testing.assert_allclose(mg.gradients(J, p), (p.value - y) / (p.value * (1 - p.value)) / 2, rtol=1e-12)
    other = np.full((3, 2), 0.25)
    plain = -np.sum(y * np.log(other) + (1 - y) * np.log(1 - other)) / 2
    assert mg.evaluate(J, {p: other}) == pytest.approx(plain, rel=1e-15)
    by_label = mg.parameter(y)
    np.testing.assert_allclose(
        mg.gradients(mg.cross_entropy(p, by_label), by_label), -np.log(p.value / (1 - p.value)) / 2, rtol=1e-12
    )
