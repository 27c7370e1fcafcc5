"""The tutorials run, each by itself and from any folder; what they claim they assert."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]
TUTORIALS = sorted((HOUSE / "tutorials").glob("*.py"))


def run(script: Path, folder: Path) -> str:
    """What a tutorial prints when it is run as a reader would, with warnings as errors."""
    environment = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "error", str(script)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_the_index_names_every_tutorial():
    """A tutorial that nobody is pointed to is not read."""
    assert TUTORIALS
    index = (HOUSE / "tutorials" / "README.md").read_text(encoding="utf-8")
    assert [script.name for script in TUTORIALS if f"]({script.name})" not in index] == []


@pytest.mark.parametrize("script", TUTORIALS, ids=lambda script: script.stem)
def test_a_tutorial_runs_from_any_folder_and_is_readable_in_a_terminal(script, tmp_path):
    """Its assertions hold, its lines fit, and all that it writes is in ./output: the pictures that it names."""
    lines = run(script, tmp_path).splitlines()
    assert lines
    assert [line for line in lines if len(line) > 120] == []
    assert {path.name for path in tmp_path.iterdir()} <= {"output"}
    named = set(re.findall(r'output / "([^"]+)"', script.read_text(encoding="utf-8")))
    assert {path.name for path in (tmp_path / "output").glob("*") if path.stat().st_size > 0} == named


@pytest.mark.parametrize("script", TUTORIALS, ids=lambda script: script.stem)
def test_a_tutorial_is_made_of_cells_with_words_before_numbers(script):
    """Editors open it as a notebook: it begins with a title, and code cells are not left without a word."""
    text = script.read_text(encoding="utf-8")
    assert text.startswith("# %% [markdown]\n# # ")
    assert text.count("# %% [markdown]") >= text.count("\n# %%\n") // 2


def test_backprop_by_hand_goes_through_all_rows_of_the_notes_in_order(tmp_path):
    """N1 to N10, each with numbers, none skipped."""
    (script,) = [script for script in TUTORIALS if script.stem == "02_backprop_by_hand"]
    rows = [line.split()[0] for line in run(script, tmp_path).splitlines() if line.startswith("N")]
    assert list(dict.fromkeys(rows)) == [f"N{k}" for k in range(1, 11)]
    assert (tmp_path / "output" / "02_backprop_by_hand.svg").stat().st_size > 0
