"""Numbers in pictures: short, aligned, and never wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from viz import numbers


def value(text: str) -> float:
    """A number as the picture shows it, read back."""
    return (
        {"True": 1.0, "False": 0.0}.get(text) if text[0] in "TF" else float(text.replace("−", "-").replace("∞", "inf"))
    )


@given(hnp.arrays(np.float64, (3, 3), elements=st.floats(-1e300, 1e300)))
def test_an_entry_is_right_to_a_thousandth_of_the_largest_and_never_far_off(array):
    """Four digits of the largest entry, two of the others; none becomes a zero that is not one."""
    shown = np.array([[value(text) for text in row] for row in numbers.grid(array)])
    assert np.array_equal(shown == 0, array == 0)
    error, size = np.abs(shown - array), np.abs(array)
    assert np.all((error <= 1e-3 * size.max()) & (error <= 0.06 * size))


def test_decimals_stand_under_each_other():
    assert numbers.grid(np.array([[12.5, -0.25], [0.0, 3.0]])) == [["12.50", "−0.25"], ["0", "3.00"]]


def test_whole_numbers_have_no_decimals():
    assert numbers.grid(np.array([1.0, -2.0, 0.0])) == [["1", "−2", "0"]]


def test_very_large_and_very_small_arrays_have_exponents():
    assert numbers.grid(np.array([1.5e-8, 0.0, np.nan, -np.inf])) == [["1.500e−8", "0", "nan", "−∞"]]
    assert numbers.grid(np.array([2**60, 7])) == [["1.15292e18", "7"]]


def test_minus_zero_is_zero():
    assert numbers.grid(np.array(-0.0)) == [["0"]]
    assert numbers.scalar(-0.0) == "0"


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint64, np.float16, np.float32, np.longdouble])
def test_every_real_dtype_is_shown(dtype):
    assert numbers.grid(np.array([1, 0], dtype))[0] in (["1", "0"], ["True", "False"])
    assert dict(numbers.summary(np.arange(100).astype(dtype)))["min"] in ("0", "False")
    assert numbers.norm(np.array([1, 0], dtype)) == 1.0


def test_a_summary_counts_what_is_not_finite():
    array = np.full((10, 10), 2.0)
    array[0, :3] = np.nan, np.inf, -np.inf
    assert numbers.summary(array) == [("min", "2"), ("max", "2"), ("mean", "2"), ("‖·‖", "nan"), ("not finite", "3")]
    assert numbers.summary(np.full((10, 10), np.nan)) == [("‖·‖", "nan"), ("not finite", "100")]


def test_summaries_do_not_overflow():
    """Sum and squares of numbers near the largest there is."""
    array = np.array([1.7e308, 1.6e308] * 50)
    assert dict(numbers.summary(array))["mean"] == "1.65e308"
    assert numbers.norm(np.array([1e308, 1e308])) == pytest.approx(2**0.5 * 1e308)
    assert numbers.norm(np.array([1e-320, 0.0])) == 1e-320


@pytest.mark.parametrize("shape", [(), (5,), (5, 5), (1, 1)])
def test_small_arrays(shape):
    assert numbers.is_small(np.zeros(shape))


@pytest.mark.parametrize("shape", [(6,), (1, 6), (0,), (3, 0), (2, 2, 2)])
def test_arrays_to_summarise(shape):
    assert not numbers.is_small(np.zeros(shape))
