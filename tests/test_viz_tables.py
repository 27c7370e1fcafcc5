"""Tables: every number shown is the array's, its colour says its sign and size, and a map looks like its matrix."""

import itertools
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import FrozenInstanceError
from pathlib import Path

import map_examples
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from test_viz_names import HOSTILE

import minigrad as mg
from viz import shades
from viz.labels import visible
from viz.tables import DENSE, NoTableError, fragment, table

SVG = "{http://www.w3.org/2000/svg}"


def grids(html: str) -> list[list[list[ET.Element]]]:
    """The cells of each table of numbers, in order; that it can be read as XML says that it is well formed."""
    tables = [t for t in ET.fromstring(html).iter("table") if t.get("class") == "minigrad-grid"]
    return [[row.findall("td[@class]") for row in t.find("tbody").iter("tr")] for t in tables]


def number(cell: ET.Element) -> float | None:
    """A cell's number in full, as a reader can have it; None for a blank."""
    text = cell.get("title") or cell.text
    if text is None:
        return None
    return {"True": 1.0, "False": 0.0}.get(text) if text[0] in "TF" else float(as_python(text))


def as_python(text: str) -> str:
    return text.replace("−", "-").replace("∞", "inf")


def numbers_of(grid: list[list[ET.Element]]) -> np.ndarray:
    return np.array([[number(cell) or 0.0 for cell in row] for row in grid])


def level(cell: ET.Element) -> str:
    return cell.get("class").removeprefix("minigrad-")


# --- arrays -----------------------------------------------------------------------------------------------------------

FLOATS = st.floats(width=32) | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 1e-300, 1e300])


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=2, max_side=8), elements=FLOATS))
def test_every_number_of_a_small_array_is_in_the_table_in_full(array):
    """Shortened in print, whole under the pointer: to the last bit, NaN and infinities among them."""
    (grid,) = grids(table(array).html)
    assert np.array_equal(numbers_of(grid), np.atleast_2d(array), equal_nan=True)


@given(hnp.arrays(np.float64, (3, 4), elements=FLOATS))
def test_a_colour_says_sign_and_size(array):
    """Six steps to the largest finite size for each sign; true zeros and what is not finite apart from all others."""
    (grid,) = grids(table(array).html)
    largest = max((abs(x) for x in array.flat if math.isfinite(x)), default=0.0)
    for cell, x in zip(itertools.chain(*grid), array.flat, strict=True):
        if not math.isfinite(x):
            assert level(cell) == "odd"
        elif x == 0:
            assert level(cell) == "zero"
        else:
            sign, step = level(cell)[0], int(level(cell)[1])
            assert sign == ("p" if x > 0 else "n")
            assert (step - 1) / 6 <= abs(x) / largest * (1 + 1e-12) or step == 1
            assert abs(x) / largest <= step / 6 * (1 + 1e-12)


@pytest.mark.parametrize("dtype", ["?", "b", "B", "i", "Q", "e", "f", "d", "g"])
def test_every_real_dtype_is_shown(dtype):
    """Booleans, the smallest integer (whose size it cannot hold itself), half and extended precision."""
    array = np.array([[1, 0], [0, 1]]).astype(dtype)
    if dtype in "bi":
        array[1, 0] = np.iinfo(dtype).min
    shown = table(array)
    assert np.array_equal(numbers_of(grids(shown.html)[0]), array.astype(float))
    assert (str(array.dtype) in shown.text) == (dtype != "d")
    assert table(np.ones((20, 20), dtype)).svg is not None


def test_a_number_that_is_written_in_full_has_no_second_text():
    assert 'title="' not in table(np.array([0.5, -2.0, 0.0, 1e5, math.nan, math.inf])).html
    assert 'title="0.1234567"' in table(np.array([0.1234567])).html


def test_arrays_without_axes_and_without_entries_are_shown_too():
    assert str(table(3.25, name="J")) == "J ()\n  3.25"
    empty = table(np.zeros((0, 3)))
    assert (str(empty), empty.svg) == ("(0, 3), empty", None)
    assert str(table(np.zeros((2, 0, 9, 9)))) == "(2, 0, 9, 9), empty"


def test_more_axes_are_slices_on_one_scale():
    """A scale for each slice would give equal colours to unequal numbers."""
    array = np.array([np.full((2, 2), 1.0), np.full((2, 2), -6.0)])
    first, second = grids(table(array).html)
    assert np.array_equal([numbers_of(first), numbers_of(second)], array)
    assert {level(cell) for row in first for cell in row} == {"p1"}
    assert {level(cell) for row in second for cell in row} == {"n6"}
    assert "[1, :, :]" in table(array).text
    many = table(np.arange(4 * 5 * 2 * 3.0).reshape(4, 5, 2, 3))
    assert "8 of 20 slices: min 0, max 119" in many.text
    assert np.array_equal(numbers_of(grids(many.html)[7]), np.arange(42.0, 48).reshape(2, 3))


def test_the_terminal_shows_the_same_numbers():
    array = np.array([[0.5, -0.25], [np.nan, 0.0]])
    assert str(table(array, name="W")) == "W (2, 2)\n  0.5000  −0.2500\n     nan        0"
    assert repr(table(array)) == str(table(array))
    assert str(table(np.arange(100.0))) == "(100,)\n  min 0, max 99, mean 49.5, ‖·‖ 573"


def test_a_node_is_shown_by_its_value():
    assert str(table(mg.parameter([1.0, 2.0], name="x"))) == "(2,)\n  1  2"


@pytest.mark.parametrize(
    "thing",
    ["abc", None, 1j, [[1], [1, 2]], {}, object(), np.array(["a"])],
    ids=lambda thing: type(thing).__name__,
)
def test_what_has_no_numbers_is_an_error_that_shows_it(thing):
    with pytest.raises(NoTableError, match="no array of real numbers or booleans") as caught:
        table(thing)
    assert isinstance(caught.value, TypeError)


def test_gradients_are_shown_one_at_a_time():
    x = mg.parameter([1.0, 2.0])
    swept = mg.sum(x * x).backward()
    assert str(table(swept[x])) == "(2,)\n  2  4"
    with pytest.raises(NoTableError, match="<gradients of 3 nodes>"):
        table(swept)


def test_a_table_does_not_change():
    with pytest.raises(FrozenInstanceError):
        table(1.0).html = ""


# --- pictures ---------------------------------------------------------------------------------------------------------


def squares(svg: str) -> dict[tuple[int, int], str]:
    """The squares of a picture by row and column, read from its paths; those without a path are zeros."""
    found, sides = {}, set()
    for path in ET.fromstring(svg).iter(SVG + "path"):
        for x, y, run, high, _ in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z", path.get("d")):
            sides.add(int(high))
            found.update(
                {
                    (int(y), x0): path.get("class").removeprefix("minigrad-")
                    for x0 in range(int(x), int(x) + int(run), int(high))
                }
            )
    (side,) = sides
    return {(y // side, x // side): step for (y, x), step in found.items()}


@pytest.mark.parametrize("shape", [(9, 9), (64, 64), (65, 3), (200, 130), (7, 1000)])
def test_a_square_has_the_colour_of_its_largest_number(shape):
    """Checked block by block with Python's own max; one NaN or infinity in a block is seen."""
    array = np.random.default_rng(1).normal(size=shape)
    array[array < -1] = 0
    array[:2, :3] = 0
    array.flat[-1], array.flat[len(array.flat) // 2] = math.nan, -math.inf
    seen = squares(table(array).svg)
    largest = np.abs(array[np.isfinite(array)]).max()
    down, across = (math.ceil(size / 64) for size in shape)
    expected = {}
    for i, j in itertools.product(range(0, shape[0], down), range(0, shape[1], across)):
        block = [float(x) for x in array[i : i + down, j : j + across].flat]
        biggest = max(block, key=abs)
        if not all(map(math.isfinite, block)):
            expected[i // down, j // across] = "odd"
        elif biggest:
            sign = "p" if biggest > 0 else "n"
            expected[i // down, j // across] = f"{sign}{math.ceil(abs(biggest) / largest * 6)}"
    assert seen == expected
    assert ("a square: the largest of" in table(array).svg) == ((down, across) != (1, 1))


def test_a_large_array_is_summed_up_in_words_and_drawn():
    shown = table(np.linspace(-1, 3, 100).reshape(10, 10), name="W")
    assert "min −1, max 3, mean 1" in shown.html
    picture = ET.fromstring(shown.svg)
    assert picture.get("role") == "img"
    assert picture.get("aria-label").startswith("10 × 10 numbers as colours: min −1")
    assert grids(shown.html) == []


def test_a_picture_says_the_ends_of_its_scale():
    """Only the halves of the scale that occur."""

    def texts(array):
        return [e.text for e in ET.fromstring(table(array).svg).iter(SVG + "text")]

    assert texts(np.linspace(-2, 1, 100)) == ["−2", "0", "2", "a square: the largest of 1 × 2 numbers"]
    assert texts(np.eye(9)) == ["0", "1"]
    assert texts(np.full((9, 9), np.nan)) == ["0", "NaN, ∞"]


def test_a_picture_in_a_file_needs_no_css():
    """A path has its light colour as an attribute; in dark, CSS overrides it."""
    picture = ET.fromstring(table(np.eye(9)).svg)
    assert picture.find(SVG + "style") is not None
    for path in picture.iter(SVG + "path"):
        assert path.get("fill") == shades.LIGHT[path.get("class").removeprefix("minigrad-")]


# --- colours ----------------------------------------------------------------------------------------------------------


def linear(colour: str) -> np.ndarray:
    """#RRGGBB → linear light, by the sRGB standard."""
    c = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """As the WCAG defines it."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    """Linear light → CIELAB, in which equal distances look about equal."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ light
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira and Fernandes (2009), severity 1.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--minigrad-([\w-]+): ([^;]+);", block))


def themes() -> dict[str, dict[str, str]]:
    """The colours that the style gives to a light and to a dark page, as a browser reads them."""
    dark = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?\}) \}", shades.STYLE, re.DOTALL)
    return {"light": variables(shades.STYLE[: dark.start()]), "dark": variables(dark[1])}


STEPS = [f"{sign}{k}" for sign in "np" for k in range(1, 7)] + ["zero", "odd", "paper"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_colour(theme):
    """Contrast 4.5, which the WCAG asks for; the quiet text on the paper too."""
    colours = themes()[theme]
    assert {
        step: contrast(colours["ink"], colours[step]) for step in STEPS if contrast(colours["ink"], colours[step]) < 4.5
    } == {}
    assert contrast(colours["quiet"], colours["paper"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_minus_differs_from_plus_for_every_kind_of_colour_vision(vision, theme):
    """From the second step on by more than 10 in CIELAB; about 2 is the least that can be seen."""
    colours = {
        name: lab(np.clip(np.array(VISION[vision]) @ linear(c), 0, 1))
        for name, c in themes()[theme].items()
        if name in STEPS
    }
    assert min(np.linalg.norm(colours[f"n{k}"] - colours[f"p{k}"]) for k in range(2, 7)) > 10
    assert min(np.linalg.norm(colours[f"{sign}1"] - colours["zero"]) for sign in "np") > 3
    if vision == "normal":
        assert min(np.linalg.norm(colours["odd"] - colours[name]) for name in STEPS if name != "odd") > 20


def test_what_is_not_finite_has_an_outline_of_its_own():
    """Its colour, too, is its own, but not for every kind of colour vision."""
    array = np.ones((9, 9))
    array[4, 4] = np.inf
    outlined = [e.get("class") for e in ET.fromstring(table(array).svg).iter(SVG + "path") if e.get("stroke")]
    assert outlined == ["minigrad-odd"]


def test_jupyterlab_s_own_theme_counts_for_more_than_the_system_s():
    for flag, theme in (("true", "light"), ("false", "dark")):
        rule = re.search(rf'^\[data-jp-theme-light="{flag}"\] \.minigrad-card.*$', shades.STYLE, re.MULTILINE)
        assert variables(rule[0]) == themes()[theme]


# --- linear maps ------------------------------------------------------------------------------------------------------

LINES = [line for line in map_examples.LINES if min(line.map.in_shape + line.map.out_shape, default=1) > 0]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_map_shows_its_matrix_or_what_it_multiplies_by(line):
    """Every structure there is; blanks are zeros, and zeros are blank but on a diagonal."""
    shown = table(line.map)
    assert shown.text.splitlines()[0] == str(line.map)
    tables = grids(shown.html)
    if type(line.map) in (mg.LeftMul, mg.RightMul):
        stack = np.atleast_3d(line.map.entry).reshape(-1, *line.map.entry.shape[-2:])
        assert np.array_equal([numbers_of(grid) for grid in tables], stack)
        return
    matrix = line.map.matrix()
    if max(matrix.shape) > 8:
        assert tables == []
        assert len(squares(shown.svg)) == np.count_nonzero(matrix)
        return
    (grid,) = tables
    assert np.array_equal(numbers_of(grid), matrix)
    off = [number(cell) for i, row in enumerate(grid) for j, cell in enumerate(row) if i != j]
    assert 0.0 not in off


def test_zeros_of_a_diagonal_are_written_and_those_beside_it_are_not():
    """A zero derivative is a fact, as where relu is flat; the zeros beside the diagonal are no entries."""
    shown = table(mg.Diagonal(np.array([2.0, 0.0])))
    assert str(shown).splitlines()[1:] == ["  2  ·", "  ·  0"]
    (grid,) = grids(shown.html)
    assert [[cell.text for cell in row] for row in grid] == [["2", None], [None, "0"]]


def test_a_mask_picks_with_zero_and_one():
    assert str(table(mg.Diagonal(np.array([True, False])))).splitlines()[1:] == ["  1  ·", "  ·  0"]
    assert str(table(np.array([True, False]))).splitlines()[1:] == ["  True  False"]


def test_the_side_of_a_multiplication_is_shown():
    left = ET.fromstring(table(mg.LeftMul(np.eye(2), (2, 1), (2, 1))).html)
    right = ET.fromstring(table(mg.RightMul(np.eye(2), (1, 2), (1, 2))).html)
    for page, order in ((left, ["div", "span"]), (right, ["span", "div"])):
        row = next(e for e in page.iter() if e.get("class") == "minigrad-row")
        assert [child.tag for child in row] == order
        assert row.find("span").text == "·"


def test_a_map_without_a_small_matrix_is_shown_by_its_structure():
    """`matrix()` of a million entries would be made to throw it away."""

    class Big:
        in_shape, out_shape = (DENSE,), (2,)
        entries = (np.array([1.0, 2.0]),)

        def text(self):
            return "big(e)"

        def matrix(self):
            raise AssertionError("asked for")

    assert str(table(Big())) == f"big(e) : ({DENSE},) → (2,)\n  (2,)\n    1  2"
    chain = mg.Diagonal(np.arange(100.0)) @ mg.SumTo((100, 100), (100,))
    assert [line.strip() for line in str(table(chain)).splitlines()] == [
        "diag(d) ∘ sum : (100, 100) → (100,)",
        "diag(d) : (100,) → (100,)",
        "(100,)",
        "min 0, max 99, mean 49.5, ‖·‖ 573",
        "sum : (100, 100) → (100,)",
    ]


def test_a_matrix_of_just_the_largest_size_is_drawn():
    side = math.isqrt(DENSE)
    assert len(squares(table(mg.Diagonal(np.ones(side))).svg)) == side
    assert grids(table(mg.Diagonal(np.ones(side + 1))).html) == []


def test_a_map_filled_with_nodes_shows_their_values():
    """As the maps of a sweep with create_graph are."""
    node = mg.parameter([[1.0, 2.0], [3.0, 4.0]])
    (grid,) = grids(table(mg.LeftMul(node, (2, 1), (2, 1))).html)
    assert np.array_equal(numbers_of(grid), node.value)
    assert np.array_equal(numbers_of(grids(table(mg.Diagonal(mg.parameter([5.0, 6.0]))).html)[0]), [[5, 0], [0, 6]])


def test_a_map_filled_with_symbols_is_shown_by_its_text():
    class Symbol:
        shape, ndim, dtype = (3,), 1, np.dtype(float)

        def latex(self):
            return "d"

    assert str(table(mg.Diagonal(Symbol()))).endswith(": (3,) → (3,)")


def test_local_jacobians_on_the_edges_of_the_view_graph_can_be_shown():
    run = mg.Network((2, 3, 1), rng=0).forward([[0.5, -1.0]], [[1.0]])
    shown = [table(data["jacobian"]) for *_, data in mg.to_networkx(run).edges(data=True) if data["jacobian"]]
    assert {each.text.split(" : ")[0] for each in shown} >= {"A ·", "· B", "diag(d)", "scatter"}


# --- names and bytes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_and_does_nothing(name):
    """As the name of an array, and as the text of a map."""

    class Named:
        in_shape = out_shape = (2,)

        def text(self):
            return name

        def matrix(self):
            return np.eye(2)

    for thing in (np.eye(2), Named()):
        page, plain = ET.fromstring(table(thing, name=name).html), ET.fromstring(table(thing, name="plain").html)
        assert [e.tag for e in page.iter()] == [e.tag for e in plain.iter()]
        assert visible(name) in "".join(page.itertext())
        assert table(thing, name=name).text.count("\n") == table(thing, name="plain").text.count("\n")


def test_a_fragment_is_the_table_without_its_style():
    assert f"\n{fragment(np.eye(2), 'W').html}\n" in table(np.eye(2), name="W").html
    assert "<style" not in fragment(np.eye(20)).html


def test_equal_numbers_give_equal_bytes_in_any_process():
    program = (
        "import numpy as np, minigrad as mg; from viz.tables import table\n"
        "for t in (np.arange(-300.0, 300).reshape(20, 30), mg.Diagonal(np.arange(3.0))): print(table(t).html)"
    )
    root = str(Path(__file__).parent.parent)
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert b"minigrad-n6" in runs[0]
