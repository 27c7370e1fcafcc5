"""Names are data: whatever a user calls things, the picture shows that text and is otherwise the same."""

import re
import shutil
import sys
import xml.etree.ElementTree as ET

import pytest
import viz_graphs

import viz
from viz.labels import visible

HOSTILE = [
    "<script>alert(1)</script>",
    "</TD></TR></TABLE>>]; evil -> node; n0 [label=<x>",
    "<b>bold</b>",
    "<>",
    "&lt;b&gt; &amp; &#60; &nbsp; &eacute;",
    '"]; evil -> node [label="',
    "\\N \\G \\L \\T \\E \\n \\l \\\\",
    "ends in \\",
    "{a|b}",
    "-->]]><!--",
    'charset="utf-16"',
    "line\nbreak\ttab\r\0nul\x1b[31m",
    "user\u202egnp.exe\u2066x\u2069",
    "zero\u200bwidth\ufeff",
    "\ud800 lone surrogate \uffff",
    "\u2028 separator \U000f0000",
    "Θ³ δ⁴ ∂J/∂z g′(z) 漢字 مرحبا 🙂",
    "%s %n {0} ${x} $(x) `x`",
    "subgraph cluster_9 {",
    "x" * 10_000,
    "<" * 10_000,
]


def drawn_texts(svg: bytes) -> list[str]:
    """The texts of an SVG file in order; Graphviz writes a run of spaces with no-break ones."""
    root = ET.fromstring(svg)
    return [(e.text or "").replace("\xa0", " ") for e in root.iter() if e.tag.endswith("}text")]


def skeleton(svg: bytes) -> list[str]:
    """The kinds of elements in an SVG file, in order."""
    return [e.tag for e in ET.fromstring(svg).iter()]


@pytest.fixture(params=["dot", "pygraphviz"])
def renderer(request, monkeypatch, tmp_path):
    """One of the two renderers, the other out of reach."""
    if request.param == "dot":
        if shutil.which("dot") is None:
            pytest.skip("no dot program on PATH")
        monkeypatch.setitem(sys.modules, "pygraphviz", None)
    else:
        pytest.importorskip("pygraphviz")
        monkeypatch.setenv("PATH", str(tmp_path))
    return request.param


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_and_does_nothing(name, renderer, tmp_path):
    """As node, op, scope, form and Jacobian: the SVG has the elements of a harmless one, and the name as its text."""
    svg = viz.render(viz_graphs.named(name), tmp_path / "hostile.svg").read_bytes()
    plain = viz.render(viz_graphs.named("plain"), tmp_path / "plain.svg").read_bytes()
    assert skeleton(svg) == skeleton(plain)
    shown, expected = drawn_texts(svg), drawn_texts(plain)
    assert len(shown) == len(expected)
    for text, pattern in zip(shown, expected, strict=True):
        # A local Jacobian has more room than a name.
        assert text in {pattern.replace("plain", visible(name)), pattern.replace("plain", visible(name, 60))}
    assert "plain" in "".join(expected)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_adds_nothing_to_the_dot_text(name):
    """The text with the name taken out is the text of any other name."""
    markup = viz.labels.text
    strip = re.compile("|".join(re.escape(part) for part in {markup(name), markup(name, 60)}))
    plain = viz.dot(viz_graphs.named("plain")).source.replace("plain", "")
    assert strip.sub("", viz.dot(viz_graphs.named(name)).source) == plain


def test_invisible_characters_are_made_visible():
    """What a terminal or a browser would obey instead of show."""
    assert visible("a\x00b\u202ec\u2028d\ud800") == "a⟨U+0000⟩b⟨U+202E⟩c⟨U+2028⟩d⟨U+D800⟩"
    assert visible("Θ³ δ⁴ 漢字 🙂") == "Θ³ δ⁴ 漢字 🙂"


def test_long_names_keep_both_ends():
    shown = visible("begin" + "x" * 10_000 + "end")
    assert len(shown) == 40
    assert shown.startswith("begin")
    assert shown.endswith("end")


def test_an_empty_name_is_no_name():
    assert viz.dot(viz_graphs.named("")).source.startswith("digraph")
