"""The notes' network, derived: text, LaTeX and HTML, line by line as a teacher would check them.

`python tests/test_derivation_golden.py` writes the golden files anew; look at the difference before you commit it.
"""

from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
from minigrad.derivation import Derivation

GOLDEN = Path(__file__).parent / "golden"


def one_sample() -> Derivation:
    """As the notes have it: one sample, no penalty, their letter for a pre-activation."""
    run = mg.Network((2, 4, 4, 4), rng=0).forward([[0.25, -0.5]], [[1.0, 0.0, 0.0, 1.0]])
    return mg.derive(run, notation="notes")


def all_samples() -> Derivation:
    """Five samples and a penalty: the mean over the samples, the bias column left out."""
    rng = np.random.default_rng(0)
    net = mg.Network((2, 4, 4, 4), rng=0)
    return mg.derive(net.forward(rng.normal(size=(5, 2)), rng.integers(0, 2, size=(5, 4)), weight_decay=0.1))


FILES = {
    "derivation_notes.txt": lambda: str(one_sample()),
    "derivation_notes.tex": lambda: one_sample().latex(),
    "derivation_notes.html": lambda: one_sample().html(),
    "derivation_samples.txt": lambda: str(all_samples()),
}


@pytest.mark.parametrize("name", FILES)
def test_the_derivation_is_the_golden_one(name):
    """Exact text: a changed word is a decision."""
    assert FILES[name]() + "\n" == (GOLDEN / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, write in FILES.items():
        (GOLDEN / name).write_text(write() + "\n", encoding="utf-8")
        print(f"tests/golden/{name}")
