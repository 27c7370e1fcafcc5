"""`python -m minigrad`: what a stranger types first works, in a pipe, without a display."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
from minigrad.demo import digits, main
from minigrad.demo.backpropagation import notes_run, report
from minigrad.demo.page import page

HOUSE = Path(__file__).resolve().parents[1]


def demo(*arguments: str, cwd: Path = HOUSE, **environment: str) -> subprocess.CompletedProcess[str]:
    """The demo in a pipe, with no display and with an encoding that has no Greek letters."""
    clean = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    variables = clean | {"PYTHONPATH": str(HOUSE), "PYTHONIOENCODING": "ascii"} | environment
    command = [sys.executable, "-W", "error", "-m", "minigrad", *arguments]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, encoding="utf-8", check=False)


def test_help_says_what_it_does_and_names_every_option():
    """The first thing one types at a program that one does not know."""
    done = demo("--help")
    assert done.returncode == 0
    assert "backpropagation" in done.stdout
    assert set(re.findall(r"--[a-z]+", done.stdout)) == {"--help", "--output", "--only", "--seed", "--iterations"}


@pytest.mark.parametrize("wrong", [["--only", "letters"], ["--iterations", "0"], ["--seed", "-1"], ["--seed", "x"]])
def test_a_wrong_option_is_refused_in_a_sentence(wrong):
    """Not with a traceback."""
    done = demo(*wrong)
    assert done.returncode == 2
    assert wrong[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_the_notes_part_prints_the_proof_and_writes_the_picture(tmp_path):
    """Every largest difference is one of rounding; .dot, .svg and .html are there and sound."""
    done = demo("--only", "notes", "--output", "here/deep", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 100
    differences = [line for line in done.stdout.splitlines() if "largest difference" in line]
    assert len(differences) == 2
    for line in differences:
        assert line.endswith("equal to rounding")
        assert max(float(number) for number in re.findall(r"\d\.\de[+-]\d+", line)) < 1e-14
    folder = tmp_path / "here" / "deep"
    assert sorted(path.name for path in folder.iterdir()) == ["network.dot", "network.html", "network.svg"]
    for name in ("network.dot", "network.svg", "network.html"):
        assert str(Path("here", "deep", name)) in done.stdout
    root = ET.parse(folder / "network.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(root.itertext())
    assert all(name in words for name in ("Θ¹", "z³", "a⁴", "J", "layer 2"))
    html = (folder / "network.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "<?xml" not in html
    assert not re.search(r"<script|(?:src|href)\s*=\s*[\"']?http", html)


def test_the_digits_part_trains_checks_and_compares(tmp_path):
    """In a pipe there is no progress bar; a few steps already go downhill, with a gradient that is right."""
    done = demo("--only", "digits", "--iterations", "40", "--output", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= max(100, len(str(tmp_path)) + 20)
    errors = [
        float(number)
        for number in re.findall(r"relative error(?: is)? (\d\.\de[+-]\d+)", " ".join(done.stdout.split()))
    ]
    assert len(errors) == 2
    assert max(errors) < 1e-12
    table = [line for line in done.stdout.splitlines() if "%" in line]
    assert [line.split("  ")[1] for line in table] == ["minigrad", "scikit-learn, same cost J", "scikit-learn, softmax"]
    for line in table:
        train, test = (float(number) for number in re.findall(r"([\d.]+)%", line))
        assert train > 94
        assert test > 93
    assert (tmp_path / "digits.png").read_bytes().startswith(b"\x89PNG")


def test_scikit_learn_minimises_the_same_cost():
    """The two columns of the table are one quantity: our J at its weights is what it says it reached."""
    sklearn = pytest.importorskip("sklearn.neural_network")
    data = digits.load_digits()
    model = sklearn.MLPClassifier((25,), activation="logistic", solver="lbfgs", alpha=1.0, max_iter=5, random_state=0)
    with pytest.warns(Warning, match="converge"):
        model.fit(data.X_train, data.Y_train.astype(int))
    thetas = [np.column_stack([b, W.T]) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]
    J = mg.Network.from_thetas(thetas).forward(data.X_train, data.Y_train, weight_decay=1.0).J
    assert J.value == pytest.approx(model.loss_, rel=1e-12)


def test_the_report_says_so_when_sweep_and_formula_differ(monkeypatch):
    """A demo that can only succeed proves nothing."""
    run = notes_run()
    wrong = run.deltas()
    wrong[3] = wrong[3] * 1.001
    monkeypatch.setattr(type(run), "deltas", lambda self: wrong)
    assert "NOT EQUAL" in report(run)


def test_another_seed_gives_other_weights():
    """And the same seed the same report."""
    assert report(notes_run(0)) == report(notes_run(0)) != report(notes_run(1))


def test_nothing_in_a_title_can_change_the_page():
    """Names are data."""
    html = page("</title><script>x</script>", "<b>", "<svg></svg>", "</pre><img>")
    assert "<script" not in html
    assert "<b>" not in html
    assert "<img" not in html


def test_a_missing_extra_is_an_error_that_names_it(monkeypatch, capsys, tmp_path):
    """The notes are shown all the same; then one sentence says what to install."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert main(["--output", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "equal to rounding" in printed.out
    assert 'needs scikit-learn, of minigrad\'s extra "demo"' in printed.err


def test_a_reader_that_closes_the_pipe_early_is_no_error(tmp_path):
    """python -m minigrad | head -1"""
    command = [sys.executable, "-m", "minigrad", "--only", "notes", "--output", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(HOUSE)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
