"""What one can ask of a derivation: nodes, levels, ids, numbers, a line of one's own; and what it refuses."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import minigrad as mg
from minigrad.derivation.algebra import negative, times
from minigrad.derivation.evaluation import Point, value
from minigrad.derivation.expressions import Filled, Number, Partial, Table

LEVELS = ("summary", "textbook", "every step", "numbers")


class Nowhere(Point):
    """Where only numbers have a value."""

    array = partial = numbers = None  # type: ignore[assignment]


@pytest.fixture(scope="module")
def run():
    """The notes' network, four samples, a penalty."""
    rng = np.random.default_rng(0)
    net = mg.Network((2, 4, 3, 5), rng=0)
    return net.forward(rng.normal(size=(4, 2)), rng.integers(0, 2, size=(4, 5)), weight_decay=0.1)


def test_without_wrt_all_parameters_are_derived(run):
    """A run stands for its cost."""
    d = mg.derive(run)
    assert [str(section.title[-1].name.base) for section in d.document.sections if section.id.startswith("all-")] == [
        "Θ",
        "Θ",
        "Θ",
    ]
    assert str(mg.derive(run.J, list(run.theta.values())[::-1])) == str(d)


def test_a_finer_level_shows_all_the_steps_of_a_coarser_one_under_the_same_ids(run):
    """So that a link to a line holds whatever the level."""
    ids = [{step.id for step in mg.derive(run, level=level).steps} for level in LEVELS[:3]]
    assert ids[0] < ids[1] < ids[2]


def test_every_line_of_a_chain_begins_where_the_line_before_ended(run):
    """Also where steps between are left out."""
    for level in LEVELS:
        for section in mg.derive(run, level=level).document.sections:
            for before, step in zip(section.steps, section.steps[1:], strict=False):
                assert not step.continues or step.left == before.right


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("notation", ["standard", "notes"])
def test_all_levels_hold_in_both_notations(run, level, notation):
    """Every line that is shown is checked."""
    d = mg.derive(run, level=level, notation=notation)
    report = d.check()
    assert (report.steps, report.points) == (len(d.steps), 6)
    assert report.error < 1e-12


def test_the_numbers_put_in_give_the_value_that_is_printed(run):
    """The line in numbers is arithmetic that a reader can do again."""
    lines = [step.numbers[1:] for step in mg.derive(run, level="numbers").steps if len(step.numbers) > 2]
    assert len(lines) > 10
    for put_in, number in lines:
        functions = [part for part in put_in.walk() if getattr(part, "function", None)]
        assert isinstance(number, Number)
        assert value(put_in, Nowhere()).data == pytest.approx(number.value, rel=1e-12), functions


def test_arrays_are_shown_in_numbers_as_tables(run):
    """δ³ of the first sample, as the sweep has it."""
    d = mg.derive(run, level="numbers")
    step = next(s for s in d.steps if s.left == d.gradient(run.z[3]) and isinstance(s.numbers[-1], Table))
    expected = run.deltas()[3][:, :1] * 4  # of one sample, without 1/m
    np.testing.assert_allclose(step.numbers[-1].rows, expected)


def test_the_check_is_told_on_the_page(run):
    """The footer says what was checked, and before that nothing was."""
    d = mg.derive(run)
    assert "Not checked yet" in str(d)
    d.check()
    assert f"Checked: both sides of {len(d.steps)} steps" in str(d)


def test_a_slip_is_rejected_with_both_values(run):
    """A student's sign: the message shows the line and what each side is."""
    d = mg.derive(run)
    step = next(s for s in d.steps if s.left == d.gradient(run.z[3]))
    with pytest.raises(mg.DerivationError, match=r"(?s)does not hold.*left:.*right:.*relative error"):
        d.with_step(replace(step, right=negative(step.right))).check()


def test_another_way_to_write_a_line_is_accepted(run):
    """A line of one's own need not be the engine's."""
    d = mg.derive(run)
    step = next(s for s in d.steps if s.left == d.gradient(run.z[4]) and not s.defines)
    d.with_step(replace(step, right=negative(negative(step.right)))).check()
    d.with_step(replace(step, right=times(Number(2), step.right, Number(0.5)))).check()


def test_the_original_is_not_changed_by_a_line_of_ones_own(run):
    """Derivations are values."""
    d = mg.derive(run)
    step = d.steps[-1]
    d.with_step(replace(step, right=negative(step.right)))
    assert d.steps[-1] == step


def test_a_node_that_the_output_does_not_depend_on_has_gradient_zero():
    """As `gradients` has it."""
    x, w = mg.parameter([1.0, 2.0], name="x"), mg.parameter([[1.0, 2.0]], name="w")
    d = mg.derive(mg.sum(x * x), [x, w])
    assert d.steps[-1].right == Filled(0, (1, 2))
    d.check()


def test_the_output_by_itself_is_one():
    """∂J/∂J."""
    J = mg.parameter(2.0, name="x") * 3.0
    d = mg.derive(J, J)
    assert d.steps[-1].right == Number(1)
    assert isinstance(d.steps[-1].left, Partial)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (mg.derive, mg.GradientError, "c is a constant"),
        (lambda J, c: mg.derive(c), mg.GradientError, "c depends on no parameter"),
        (lambda J, c: mg.derive(mg.stack([J, J])), mg.GradientError, r"shape \(2,\)"),
        (lambda J, c: mg.derive(3.0), mg.UnsupportedError, "3.0 is not a node"),
        (lambda J, c: mg.derive(J, [3.0]), mg.UnsupportedError, "3.0 is not a node"),
        (lambda J, c: mg.derive(J, level="all"), mg.UnsupportedError, "no level 'all'; there are 'summary'"),
        (lambda J, c: mg.derive(J, notation="mine"), mg.UnsupportedError, "no notation 'mine'"),
        (lambda J, c: mg.derive(J).symbol(mg.constant(1.0, name="q")), mg.UnsupportedError, "q has no symbol"),
        (
            lambda J, c: mg.derive(J).with_step(replace(mg.derive(J).steps[0], id="nowhere")),
            mg.UnsupportedError,
            "no step 'nowhere'",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_cannot_be_derived_is_refused_in_words(asked, error, words):
    """At the call that was wrong."""
    J = mg.sum(mg.exp(mg.parameter([1.0], name="x")) * 2.0)
    with pytest.raises(error, match=words):
        asked(J, mg.constant(1.0, name="c"))


def test_the_same_graph_gives_the_same_text_in_another_process():
    """Whatever the hash seed."""
    program = (
        "import numpy as np, minigrad as mg; net = mg.Network((2, 3, 2), rng=0);"
        "print(mg.derive(net.forward(np.ones((3, 2)), np.eye(3)[:, :2], 0.1), level='every step').html())"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": str(seed)}
        ).stdout
        for seed in (1, 2)
    }
    assert len(pages) == 1
