"""What the README and docs/derivations.md show of derivations is what the engine writes."""

import re
from pathlib import Path

import numpy as np

import minigrad as mg

HOUSE = Path(__file__).resolve().parents[1]


def test_the_derivation_in_the_readme_is_the_one_that_is_printed():
    """Line by line; a changed reason is to be changed there, too."""
    text = (HOUSE / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)\n^```$", text, flags=re.MULTILINE | re.DOTALL)
    rng = np.random.default_rng(0)
    run = mg.Network((2, 4, 4, 4), rng=0).forward(rng.normal(size=(6, 2)), rng.integers(0, 2, size=(6, 4)))
    printed = "\n".join(line.removeprefix("    ") for line in str(mg.derive(run)).splitlines())
    assert shown in printed


def test_every_rule_of_a_derivation_is_in_the_page_on_derivations():
    """A rule that is not explained is a riddle."""
    page = (HOUSE / "docs" / "derivations.md").read_text(encoding="utf-8")
    run = mg.Network((2, 4, 4, 4), rng=0).forward(np.ones((3, 2)), np.eye(4)[:3], weight_decay=0.1)
    rules = {step.rule for step in mg.derive(run, level="every step").steps}
    table = page[page.index("## Rules") : page.index("**What has no entry")]
    assert [rule for rule in sorted(rules) if rule not in table] == []
