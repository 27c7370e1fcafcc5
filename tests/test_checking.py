"""check_gradients: it accepts what is right, and of what is wrong it says which argument, which entry and which op."""

import numpy as np
import pytest

import minigrad as mg


def right(argument, a, x, y):
    return mg.Diagonal((y * y, 2 * x * y)[argument])


def forward(x, y):
    return x * y * y


@pytest.mark.parametrize(
    ("f", "arguments", "witness"),
    [
        (np.tanh, (np.linspace(-2, 2, 5),), "complex step"),
        (lambda x, y: np.sum(x @ y), (np.ones((2, 3)), np.arange(6.0).reshape(3, 2)), "complex step"),
        (lambda p: {"a": p["W"] @ p["x"], "b": np.sum(p["W"])}, ({"W": np.eye(2), "x": np.ones(2)},), "complex step"),
        (lambda x, n: x**n, (np.array([1.5, 2.5]), 3), "complex step"),
        (mg.custom(right)(forward), (np.array([0.5, 2.0]), np.array([-1.0, 3.0])), "Ridders' extrapolation"),
        (abs, (np.array([-2.0, 3.0]),), "Ridders' extrapolation"),
        (mg.relu, (np.array([-2.0, 3.0]),), "Ridders' extrapolation"),
        (lambda x: mg.cross_entropy(mg.sigmoid(x), [1.0, 0.0]), (np.array([0.3, -2.0]),), "Ridders' extrapolation"),
        (lambda x: np.where(x > 0, x * x, -x), (np.array([-2.0, 3.0]),), "complex step"),
        (np.exp, (np.float32(0.5),), "complex step"),
        (np.sum, (np.ones(0),), "complex step"),
    ],
)
def test_right_derivatives_pass_and_the_witness_fits_the_function(f, arguments, witness):
    """Complex step where it is right, differences where a function is not analytic as NumPy computes it."""
    found = mg.check_gradients(f, *arguments)
    assert found.witness == witness
    assert found.first_order < (1e-11 if witness == "complex step" else 1e-7)
    assert found.second_order < 1e-6


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_wrong_jacobian_is_named_with_argument_entry_and_op(wrong):
    """The most useful sentence of a failed check: where to look."""

    def jacobian(argument, a, x, y):
        d = (y * y, 2 * x * y)[argument]
        return mg.Diagonal(d * np.array([1.0, 1.01]) if argument == wrong else d)

    op = mg.custom(jacobian)(forward)
    with pytest.raises(mg.GradientCheckError) as caught:
        mg.check_gradients(lambda x, y: np.sum(np.tanh(op(x, y))), np.array([0.5, 0.2]), np.array([1.0, -1.3]))
    said = str(caught.value)
    assert f"argument {wrong}, entry (1,)" in said
    assert f"op forward: its local Jacobian by argument {wrong}" in said
    assert "tanh" not in said


def test_a_wrong_transpose_is_found_by_reverse_mode():
    """Forward mode is right here; only ⟨w, J v⟩ = ⟨Jᵀ w, v⟩ can tell."""

    class Skewed(mg.Diagonal):
        @property
        def T(self):
            return mg.Diagonal(self.entry * 1.001)

    op = mg.custom(lambda argument, a, x: Skewed(2 * x))(lambda x: x * x)
    with pytest.raises(mg.GradientCheckError, match="the vjp of"):
        mg.check_gradients(op, np.array([1.0, 2.0]))


def test_a_map_that_forgets_its_argument_has_wrong_second_derivatives():
    """An entry taken as plain numbers gives right first derivatives, and silently no second ones."""
    forgetful = mg.custom(lambda argument, a, x: mg.Diagonal(2 * (x.value if isinstance(x, mg.Node) else x)))(
        lambda x: x * x
    )
    with pytest.raises(mg.GradientCheckError, match="second derivatives"):
        mg.check_gradients(forgetful, np.array([1.0, 2.0]))


def test_at_a_kink_the_check_fails_and_says_so():
    """|x| at 0 has no derivative; the convention 0 is not what differences on both sides say of max(x, 0)."""
    with pytest.raises(mg.GradientCheckError, match="op relu has a kink here"):
        mg.check_gradients(mg.relu, np.array([0.0, 1.0]))


def test_what_has_no_floats_cannot_be_checked():
    """Whole numbers stand still."""
    with pytest.raises(mg.GradientCheckError, match="none of the arguments"):
        mg.check_gradients(lambda x: x, 3)
