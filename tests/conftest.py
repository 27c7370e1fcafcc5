"""What every test stands on: floating-point slips are errors, and random numbers repeat."""

import zlib

import hypothesis
import numpy as np
import pytest

# No deadline: time is measured in benchmarks/, never in a test. The same tree gives the same result, except when
# `make test-all` goes searching for new examples.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=500, print_blob=True)
hypothesis.settings.load_profile("steady")


@pytest.fixture(autouse=True)
def floating_point_slips_are_errors():
    """Overflow, division by zero and invalid operations raise; underflow to zero is what exp(-1e4) should do."""
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
        yield


@pytest.fixture
def rng(request):
    """Random numbers seeded by the test's name: the same alone, in any order, and on any worker."""
    return np.random.default_rng(zlib.crc32(request.node.name.encode()))
