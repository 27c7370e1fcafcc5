"""The unit view: every number in it is the engine's, nothing overlaps, and no name can change it."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from test_viz_names import HOSTILE

import minigrad as mg
from viz.errors import OptionError, UnknownFormatError
from viz.labels import visible
from viz.textbook.diagram import units
from viz.textbook.matrix import Place, cells
from viz.textbook.network import NoNetworkError
from viz.textbook.svg import THEMES, Picture, width

SVG = "{http://www.w3.org/2000/svg}"
UP, DOWN = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"


def make_run(sizes, samples=1, weight_decay=0.0, *, swept=True, scale=1.0, seed=0):
    rng = np.random.default_rng(seed)
    thetas = [rng.normal(scale=scale, size=(above, below + 1)) for below, above in pairwise(sizes)]
    X, Y = rng.normal(size=(samples, sizes[0])), rng.integers(0, 2, size=(samples, sizes[-1])).astype(float)
    run = mg.Network.from_thetas(thetas).forward(X, Y, weight_decay)
    if swept:
        run.J.backward()
    return run


NETWORKS = {
    "the notes'": ((2, 4, 4, 4), 1, 0.0),
    "two layers, one unit each": ((1, 1), 1, 0.0),
    "single output": ((2, 3, 1), 3, 0.1),
    "one-unit layers": ((1, 1, 1, 1, 1), 2, 1.0),
    "narrow waist": ((5, 1, 5), 4, 0.0),
    "eight in full": ((8, 8, 8), 2, 0.5),
    "nine cut short": ((9, 3, 9), 2, 0.0),
    "digits": ((400, 25, 10), 5, 0.1),
    "deep": ((2,) * 12, 2, 0.0),
}


@pytest.fixture(params=NETWORKS, scope="module")
def example(request):
    return make_run(*NETWORKS[request.param])


def root(picture):
    return ET.fromstring(picture.svg.encode())


def groups(picture, role):
    """The groups of one role: their data-… attributes as whole numbers, and their texts."""
    found = []
    for group in root(picture).iter(SVG + "g"):
        if group.get("class") == role:
            data = {key.removeprefix("data-"): int(value) for key, value in group.items() if key.startswith("data-")}
            found.append((data, [text.text for text in group.iter(SVG + "text")]))
    return found


def count(picture, tag, role):
    return sum(element.get("class") == role for element in root(picture).iter(SVG + tag))


def three(x):
    """A number to three significant digits, by Python's own rules; independent of viz.numbers."""
    text = f"{float(x) + 0.0:.3g}"
    mantissa, _, exponent = text.partition("e")
    return (mantissa + (f"e{int(exponent)}" if exponent else "")).replace("-", "−").replace("inf", "∞")


def up(l):
    return "".join(UP[int(digit)] for digit in str(l))


def down(i):
    return "".join(DOWN[int(digit)] for digit in str(i))


def factor(x):
    return f"({three(x)})" if three(x).startswith("−") else three(x)


def products(left, right):
    return " + ".join(f"{factor(x)}·{factor(y)}" for x, y in zip(left, right, strict=True))


def panel(picture):
    """The text about the focused unit, its broken lines joined."""
    ((_, lines),) = groups(picture, "focused")
    return " ".join(line.strip("\u2003") for line in lines)


# --- the numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", [0, -1])
def test_every_unit_shows_the_engines_z_a_and_delta(example, sample):
    """δ by `gradients`, which never touches the nodes that the picture reads; shapes and bias units too."""
    samples = example.a[1].shape[1]
    s = sample % samples
    deltas = example.deltas()
    shown = groups(units(example, sample=s), "place")
    for data, texts in shown:
        l, i = data["layer"], data["unit"]
        if i == 0:
            assert texts == ["1"]
            continue
        expected = [f"a{up(l)}{down(i)} {three(example.a[l].value[i - 1, s])}"]
        if l > 1:
            expected.insert(0, f"z{up(l)}{down(i)} {three(example.z[l].value[i - 1, s])}")
            expected.append(f"δ{up(l)}{down(i)} {three(deltas[l][i - 1, s])}")
        assert texts == expected
    drawn = {l: [data["unit"] for data, _ in shown if data["layer"] == l] for l in example.a}
    for l, a in example.a.items():
        size, last = a.shape[0], len(example.a)
        full = list(range(1, size + 1)) if size <= 8 else [1, 2, 3, size - 1, size]
        assert drawn[l] == ([0] if l < last else []) + full


def test_the_deltas_shown_are_the_notes_formulas():
    """The closed form has no sweep in it; m = 3, so the 1/m would show."""
    run = make_run((3, 4, 2), 3, 0.7)
    deltas = run.closed_form().deltas
    for data, texts in groups(units(run, sample=2), "place"):
        if data["layer"] > 1 and data["unit"]:
            assert texts[2].split(" ")[1] == three(deltas[data["layer"]][data["unit"] - 1, 2])


def test_every_line_bears_its_weight():
    run = make_run((2, 4, 3))
    picture = units(run)
    shown = {(d["layer"], d["to"], d["source"]): texts for d, texts in groups(picture, "number")}
    expected = {
        (l, j + 1, i): [three(theta.value[j, i])] for l, theta in run.theta.items() for j, i in np.ndindex(*theta.shape)
    }
    assert shown == expected
    assert {(d["layer"], d["to"], d["source"]) for d, _ in groups(picture, "weight")} == set(expected)


def test_lines_are_as_wide_as_their_weights_and_tell_the_sign_without_colour():
    run = make_run((2, 3, 2), scale=2.0)
    most = max(np.abs(theta.value).max() for theta in run.theta.values())
    seen = set()
    for group in root(units(run)).iter(SVG + "g"):
        if group.get("class") != "weight":
            continue
        (line,) = group
        l, j, i = (int(group.get(f"data-{key}")) for key in ("layer", "to", "source"))
        weight = run.theta[l].value[j - 1, i]
        assert float(line.get("stroke-width")) == pytest.approx(0.7 + 3.5 * abs(weight) / most, abs=0.006)
        assert ("stroke-dasharray" in line.attrib) == (weight < 0)
        seen.add((weight < 0, line.get("stroke")))
    assert len(seen) == 2


def test_the_cost_its_terms_and_the_labels_are_shown():
    run = make_run((2, 3, 2), 4, 0.3)
    picture = units(run, sample=1)
    ((_, box),) = groups(picture, "J")
    data, penalty = run.J.inputs
    head, *terms = [
        f"{name} = {three(node.value)}" for name, node in (("J", run.J), ("data term", data), ("penalty", penalty))
    ]
    assert box == [head, *terms, "m = 4 samples"]
    labels = [texts for _, texts in groups(picture, "label")]
    assert labels == [[f"y{down(k)} = {three(run.Y[k - 1, 1])}"] for k in (1, 2)]


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("focus", [(2, 1), (2, 3), (3, 2), (3, 4)])
def test_the_focused_units_sums_are_written_with_the_engines_numbers(focus, samples):
    """N4 and N5 to N7, term by term; δ by `gradients`, g′ as a(1 − a)."""
    run = make_run((2, 3, 4, 2), samples, 0.2, seed=5)
    (l, i), s = focus, samples - 1
    at, up_, ups = f"{up(l)}{down(i)}", up(l), up(l + 1)
    z, a, delta = run.z[l].value[i - 1, s], run.a[l].value[i - 1, s], run.deltas()[l][i - 1, s]
    below = [1.0, *run.a[l - 1].value[:, s]]
    weights, above = run.theta[l].value[:, i], run.deltas()[l + 1][:, s]
    slope = three(a * (1 - a))
    assert panel(units(run, focus=focus, sample=s)) == (
        f"unit {i} of layer {l} "
        f"z{at} = Σᵢ θ{up(l - 1)}{down(i)}ᵢ a{up(l - 1)}ᵢ "
        f"= {products(run.theta[l - 1].value[i - 1], below)} = {three(z)} "
        f"a{at} = g(z{at}) = g({three(z)}) = {three(a)} "
        f"δ{at} = ∂J/∂z{at} = ( Σⱼ θ{up_}ⱼ{down(i)} δ{ups}ⱼ ) · g′(z{at}) = ( {products(weights, above)} ) · {slope} "
        f"δ{at} = {factor(weights @ above)} · {slope} = {three(delta)}"
    )


def test_the_factors_in_the_sum_are_the_numbers_in_the_picture():
    """Whoever looks from the sum to the lines and circles finds the same digits there."""
    picture = units(make_run((2, 4, 4, 4)), focus=(3, 2))
    text = panel(picture)
    on_lines = {(d["layer"], d["to"], d["source"]): texts[0] for d, texts in groups(picture, "number")}
    deltas = {d["unit"]: texts[2].split(" ")[1] for d, texts in groups(picture, "place") if d["layer"] == 4}
    for j in range(1, 5):
        pair = [f"({x})" if x.startswith("−") else x for x in (on_lines[3, j, 2], deltas[j])]
        assert "·".join(pair) in text


@pytest.mark.parametrize("samples", [1, 3])
def test_in_the_last_layer_delta_is_a_minus_y(samples):
    run = make_run((2, 3, 2), samples, 0.2)
    s = samples - 1
    a, y = run.a[3].value[1, s], run.Y[1, s]
    before, after, over = ("(", ")", f" / {samples}") if samples > 1 else ("", "", "")
    over_m = " / m" if samples > 1 else ""
    assert panel(units(run, focus=(3, 2), sample=s)).endswith(
        f"δ³₂ = ∂J/∂z³₂ = ∂J/∂a³₂ · g′(z³₂) = {before}a³₂ − y₂{after}{over_m} "
        f"= {before}{three(a)} − {factor(y)}{after}{over} = {three((a - y) / samples)}"
    )


def test_a_long_sum_says_how_many_terms_it_leaves_out():
    run = make_run((30, 12, 20), 2)
    text = panel(units(run, focus=(2, 7)))
    assert "… 24 more …" in text  # 31 terms with the bias unit's, of which seven are written
    assert "… 13 more …" in text
    assert text.endswith(f" = {three(run.deltas()[2][6, 0])}")


@pytest.mark.parametrize(("focus", "words"), [((1, 2), "an input of the network"), ((2, 0), "the bias unit")])
def test_constants_get_no_delta(focus, words):
    run = make_run((2, 3, 1))
    text = panel(units(run, focus=focus))
    assert words in text
    assert "no δ" in text


def test_the_picture_says_whose_mean_is_in_delta():
    texts = " ".join(t.text for t in root(units(make_run((2, 2), 3))).iter(SVG + "text"))
    assert "δ = ∂J/∂z of the run's J, so with its 1/m in it: δ² = (a² − y)/m, m = 3" in texts
    assert "is 3 times as large" in texts
    assert "1/m" not in units(make_run((2, 2), 1)).svg


# --- before a sweep ---------------------------------------------------------------------------------------------------


def test_before_backward_every_delta_says_so():
    run = make_run((2, 3, 1), swept=False)
    picture = units(run, focus=(2, 1))
    deltas = [texts[2] for data, texts in groups(picture, "place") if data["layer"] > 1 and data["unit"]]
    assert deltas == ["no backward yet"] * 4
    assert panel(picture).endswith("g′(z²₁) (no backward yet)")
    assert run.J.grad is None
    texts = [t.text for t in root(picture).iter(SVG + "text")]
    assert "δ = ∂J/∂z: no backward yet; run.J.backward() finds it." in " ".join(texts)


def test_the_sweep_of_another_cost_is_not_shown():
    run = make_run((2, 3, 1))
    (run.J * 2).backward()
    assert "δ²₁ " not in units(run).svg
    assert "no backward yet" in units(run).svg


def test_zero_is_not_no_backward():
    """Weights of zero above: the δ below are zeros, and say 0."""
    run = mg.Network.from_thetas([np.ones((2, 2)), np.zeros((1, 3))]).forward([[1.0]], [[1.0]])
    run.J.backward()
    assert [texts[2] for data, texts in groups(units(run), "place") if data["layer"] == 2 and data["unit"]] == [
        "δ²₁ 0",
        "δ²₂ 0",
    ]


# --- structure --------------------------------------------------------------------------------------------------------


def test_circles_and_lines_are_as_many_as_units_and_weights():
    picture = units(make_run((2, 4, 4, 4)))
    assert count(picture, "circle", "input") == 2
    assert count(picture, "circle", "unit") == 12
    assert count(picture, "circle", "bias") == 3
    assert count(picture, "line", "wire") == 4
    assert len(groups(picture, "weight")) == 4 * 3 + 4 * 5 + 4 * 5
    assert count(picture, "circle", "focus") == 0


def test_the_bias_unit_alone_is_dashed():
    dashed = {
        c.get("class") for c in root(units(make_run((2, 3, 1)))).iter(SVG + "circle") if c.get("stroke-dasharray")
    }
    assert dashed == {"bias"}


def test_the_focused_units_lines_stand_out_and_alone_bear_numbers():
    picture = units(make_run((2, 4, 4, 4)), focus=(3, 2))
    expected = {(2, 2, i) for i in range(5)} | {(3, j, 2) for j in range(1, 5)}
    assert {(d["layer"], d["to"], d["source"]) for d, _ in groups(picture, "number")} == expected
    lines = {1: [], 2: [], 3: []}  # by layer, in the order of drawing
    for group in root(picture).iter(SVG + "g"):
        if group.get("class") == "weight":
            l, j, i = (int(group.get(f"data-{key}")) for key in ("layer", "to", "source"))
            assert ("opacity" not in group[0].attrib) == ((l, j, i) in expected)
            lines[l].append((l, j, i))
    assert set(lines[2][-5:]) | set(lines[3][-4:]) == expected  # drawn last, on top
    assert count(picture, "circle", "focus") == 1


def test_larger_layers_are_cut_short_and_their_weights_drawn_as_cells():
    picture = units(make_run((400, 25, 10)), focus=(2, 13))
    assert [d["unit"] for d, _ in groups(picture, "place") if d["layer"] == 2] == [0, 1, 2, 3, 13, 24, 25]
    texts = [t.text for t in root(picture).iter(SVG + "text")]
    assert [text for text in texts if text.endswith(" more")] == ["395 more", "9 more", "10 more", "5 more"]
    assert [d["layer"] for d, _ in groups(picture, "matrix")] == [1, 2]
    assert groups(picture, "weight") == []
    assert len(picture.svg) < 100_000


def test_the_scale_of_the_cells_ends_at_the_largest_weight():
    run = make_run((20, 3))
    most = three(np.abs(run.theta[1].value).max())
    assert groups(units(run), "scale") == [({"layer": 1}, ["−" + most, most])]


@pytest.mark.parametrize("shape", [(2, 3), (25, 401), (120, 7), (10, 26), (51, 82)])
def test_a_cell_is_the_shade_of_the_largest_entry_of_its_block(shape, rng):
    """Against a plain loop over all entries, each of which falls into one cell."""
    theta = rng.normal(size=shape)
    place = Place(shape)
    best, entries = {}, Counter()
    for (j, i), weight in np.ndenumerate(theta):
        cell = place.row_of(j + 1), place.column_of(i)
        entries[cell] += 1
        if abs(weight) > abs(best.get(cell, 0.0)):
            best[cell] = weight
    quarter = np.abs(theta).max() / 4
    shades = cells(theta)
    assert shades.shape == place.cells
    assert set(best) == set(np.ndindex(shades.shape))
    most = [
        -(-n // cells_drawn)
        for n, cells_drawn in zip((shape[0], shape[1] - 1), np.subtract(place.cells, (0, 1)), strict=True)
    ]
    assert max(entries.values()) == most[0] * most[1]
    assert place.block == f"up to {most[0]} × {most[1]} entries"
    assert {column for _, column in entries} == set(range(place.cells[1]))
    for cell, weight in best.items():
        assert shades[cell] == np.sign(weight) * min(4, np.ceil(abs(weight) / quarter))


def test_cells_tell_zero_tiny_and_not_finite_apart():
    assert cells(np.array([[0.0, 1e300, 1e-300, -1e-300, np.nan, -np.inf]])).tolist() == [[0, 4, 1, -1, 5, 5]]
    assert cells(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


def test_numbers_of_every_size_are_drawn_within_their_circle():
    """Saturated units: z in the hundreds, δ down to e−300, without a warning."""
    thetas = [[[0.0, 700.0], [1e-9, -700.0], [123456.0, 1.0]], [[1.0, 1e-5, -1e5, 3.0]]]
    run = mg.Network.from_thetas(thetas).forward([[1.0]], [[1.0]])
    run.J.backward()
    picture = units(run)
    check_texts(picture)
    assert "e−30" in picture.svg


# --- text -------------------------------------------------------------------------------------------------------------


def boxes(picture):
    """(text, left, top, right, bottom) of every text, by its own place and size."""
    for text in root(picture).iter(SVG + "text"):
        x, y, size = (float(text.get(key)) for key in ("x", "y", "font-size"))
        w = width(text.text, size)
        left = x - {"start": 0.0, "middle": w / 2, "end": w}[text.get("text-anchor")]
        yield text.text, left, y - 0.75 * size, left + w, y + 0.2 * size


def check_texts(picture):
    """No two texts overlap; all lie within the picture; those on a circle within it."""
    found = list(boxes(picture))
    assert found
    _, _, w, h = map(float, root(picture).get("viewBox").split())
    assert min(float(text.get("font-size")) for text in root(picture).iter(SVG + "text")) >= 7.5
    for text, left, top, right, bottom in found:
        assert 0 <= left < right <= w, text
        assert 0 <= top < bottom <= h, text
    for one, two in combinations(found, 2):
        apart = one[3] <= two[1] or two[3] <= one[1] or one[4] <= two[2] or two[4] <= one[2]
        assert apart, (one, two)
    for group in root(picture).iter(SVG + "g"):
        circle = group.find(SVG + "circle")
        if group.get("class") == "place":
            x, y, r = (float(circle.get(key)) for key in ("cx", "cy", "r"))
            for text in group.iter(SVG + "text"):
                half, dy = width(text.text, float(text.get("font-size"))) / 2, float(text.get("y")) - y
                assert np.hypot(half, max(abs(dy), abs(dy - 8))) < r, text.text
                assert float(text.get("x")) == pytest.approx(x)


@pytest.mark.parametrize("focused", [False, True])
def test_no_texts_overlap(example, focused):
    layer = min(2, len(example.a))
    check_texts(units(example, focus=(layer, 1) if focused else None))


@pytest.mark.parametrize("sizes", [(5, 5, 5), (4, 2, 5), (1, 5), (5, 1), (3, 5, 2)])
@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e6])
def test_the_numbers_on_lines_never_overlap(sizes, scale):
    """With every shape of gap that has numbers on all its lines, and numbers with exponents."""
    picture = units(make_run(sizes, swept=False, scale=scale))
    assert len(groups(picture, "number")) == sum(b * (a + 1) for a, b in pairwise(sizes))
    check_texts(picture)


def test_no_text_is_wider_than_its_box():
    """Against the advance widths in DejaVu Sans itself, for all texts of all example pictures."""
    font_manager = pytest.importorskip("matplotlib.font_manager")
    from matplotlib.ft2font import FT2Font

    font = FT2Font(font_manager.findfont("DejaVu Sans"))
    bold = FT2Font(font_manager.findfont("DejaVu Sans:bold"))
    for face in (font, bold):
        face.set_size(100, 72)
    for name, settings in NETWORKS.items():
        for text in root(units(make_run(*settings), focus=(2, 1))).iter(SVG + "text"):
            face, size = bold if text.get("font-weight") else font, float(text.get("font-size"))
            face.set_text(text.text, 0.0)
            true = face.get_width_height()[0] / 64 * size / 100
            assert true <= width(text.text, size) + 0.5, (name, text.text)


# --- names, themes, files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_and_does_nothing(name):
    """As name, op label, scope of every node: the elements stay, and the name stands where a name stands."""
    run = make_run((2, 3, 1), 2, 0.1)
    pictures = {}
    for each in (name, "plain"):
        graph = mg.to_networkx(run)
        for data in graph.nodes.values():
            data.update(name=each, label=each, scope=(each,))
        pictures[each] = units(graph, focus=(2, 1))
    evil, plain = pictures[name], pictures["plain"]
    assert [e.tag for e in root(evil).iter()] == [e.tag for e in root(plain).iter()]
    shown = [t.text for t in root(evil).iter(SVG + "text")]
    assert shown == [t.text.replace("plain", visible(name, 20)) for t in root(plain).iter(SVG + "text")]
    assert sum(visible(name, 20) in text for text in shown) == 3  # J, the data term, the penalty
    check_texts(evil)


PROGRAM = """
import minigrad as mg, viz.textbook.diagram as d
run = mg.Network((400, 25, 4, 10), rng=0).forward([[0.1] * 400] * 2, [[1.0] * 10] * 2, 0.1)
run.J.backward()
import sys; sys.stdout.buffer.write(d.units(run, focus=(3, 2), sample=1, theme="auto").svg.encode())
"""


def test_the_same_run_gives_the_same_bytes_in_every_process():
    house = Path(__file__).resolve().parents[1]
    one, two = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=house,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert one == two
    assert one.startswith(b"<svg")


def is_themed(element, theme):
    """The style sheet of "auto"; in print, the cells of negative weights."""
    return element.tag == SVG + "style" or (theme == "print" and (element.get("class") or "").startswith("minus-"))


def test_in_print_the_cells_of_negative_weights_are_half_as_high():
    """No colour to tell them by."""
    run = make_run((20, 3))
    for theme, half in (("light", 1.0), ("print", 0.5)):
        heights = {"plus": set(), "minus": set()}
        for path in root(units(run, theme=theme)).iter(SVG + "path"):
            sign = path.get("class").partition("-")[0]
            heights[sign].add(re.findall(r"v([\d.]+)", path.get("d"))[0])
        plus, minus = (max(map(float, each)) for each in heights.values())
        assert minus == pytest.approx(half * plus, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_changes_colours_and_nothing_else(theme):
    run = make_run((400, 3, 2), 2)
    light, other = units(run, focus=(2, 1)), units(run, focus=(2, 1), theme=theme)
    bare, expected = (
        [(e.tag, e.text, e.get("d"), e.get("x"), e.get("cx")) for e in root(picture).iter() if not is_themed(e, theme)]
        for picture in (other, light)
    )
    assert bare == expected
    colours = set(re.findall(r'(?:fill|stroke)[=:]"?(#\w+|\w+)', other.svg))
    assert colours - {"none"}
    assert {colour for colour in colours if not re.fullmatch(r"#[0-9A-F]{6}|none", colour)} == set()
    if theme == "print":
        assert {colour for colour in colours if colour[1:3] != colour[3:5] or colour[3:5] != colour[5:]} == {"none"}


def contrast(one, two):
    """WCAG 2's contrast ratio of two colours."""
    luminances = []
    for colour in (one, two):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        luminances.append(float(np.dot(linear, [0.2126, 0.7152, 0.0722])))
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_lines_stand_out_from_their_ground(theme):
    """WCAG AA: 4.5 for text, 3 for lines that mean something."""
    roles = THEMES[theme]
    for ground in (roles["canvas"]["fill"], roles["unit"]["fill"]):
        assert min(contrast(roles[role]["fill"], ground) for role in ("ink", "quiet", "delta")) >= 4.5
        assert min(contrast(roles[role]["stroke"], ground) for role in ("unit", "focus", "plus", "minus")) >= 3


def test_the_theme_auto_follows_the_screen_and_touches_no_other_picture():
    run = make_run((2, 3, 1))
    (style,) = root(units(run, theme="auto")).iter(SVG + "style")
    rules = style.text.removeprefix("@media (prefers-color-scheme: dark){").removesuffix("}")
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", rules)
    assert {selector.partition(" ")[0] for selector in selectors} == {".viz-units-auto"}
    assert {selector.partition(" .")[2] for selector in selectors} == set(THEMES["dark"])
    assert list(root(units(run, theme="dark")).iter(SVG + "style")) == []


def test_a_screen_reader_hears_what_is_shown():
    run = make_run((2, 3, 1))
    svg = root(units(run, focus=(2, 1)))
    assert svg.get("role") == "img"
    assert [child.tag for child in svg][:2] == [SVG + "title", SVG + "desc"]
    assert svg[0].text == svg.get("aria-label") == "network 2-3-1, one sample"
    assert f"J = {three(run.J.value)}" in svg[1].text
    assert "δ²₁ = ∂J/∂z²₁ = ( Σⱼ θ²ⱼ₁ δ³ⱼ ) · g′(z²₁)" in svg[1].text
    assert [e for e in svg.iter() if e.get("id")] == []  # so that two pictures in one page cannot clash


def test_a_picture_is_shown_by_a_notebook_and_saved(tmp_path):
    run = make_run((2, 3, 1))
    picture = units(run)
    assert isinstance(picture, Picture)
    assert picture._repr_svg_() == str(picture) == picture.svg
    assert units(run, tmp_path / "net.svg").read_bytes() == picture.svg.encode()
    assert picture.save(str(tmp_path / "again.SVG")) == tmp_path / "again.SVG"
    assert os.listdir(tmp_path) in (["net.svg", "again.SVG"], ["again.SVG", "net.svg"])


def test_a_run_and_its_graph_make_one_picture():
    run = make_run((2, 3, 1))
    assert units(run) == units(mg.to_networkx(run))


def test_inside_a_scope_of_the_users_the_picture_is_the_same():
    plain = make_run((2, 3, 1))
    with mg.scope("layer 9"):
        inside = make_run((2, 3, 1))
    assert units(inside) == units(plain)


@pytest.mark.parametrize("name", ["net.png", "net", "net.svg.gz", ".svg"])
def test_only_svg_files_are_written(name, tmp_path):
    with pytest.raises(UnknownFormatError, match=r"must be \.svg"):
        units(make_run((2, 1)), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_graph_without_layers_is_an_error_that_says_what_to_give():
    run = make_run((2, 3, 1))
    for what in (run.J, mg.to_networkx(run.J), nx.MultiDiGraph(output=0, swept=False)):
        with pytest.raises(NoNetworkError, match=r"run = net\.forward\(X, Y\)"):
            units(what)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sample": 2}, "samples 0 … 1"),
        ({"sample": -1}, "samples 0 … 1"),
        ({"sample": 0.5}, "not a whole number"),
        ({"focus": (0, 1)}, "layers 1 … 3"),
        ({"focus": (4, 1)}, "layers 1 … 3"),
        ({"focus": (2, 4)}, "units 1 … 3"),
        ({"focus": (2, -1)}, "units 1 … 3"),
        ({"focus": (3, 0)}, "no bias unit"),
        ({"focus": 3}, "pair"),
        ({"focus": "32"}, "pair"),
        ({"theme": "neon"}, "'light', 'dark', 'print', 'auto'"),
    ],
)
def test_an_option_it_cannot_have_is_an_error_that_lists_those_it_can(options, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        units(make_run((2, 3, 1), 2), **options)
