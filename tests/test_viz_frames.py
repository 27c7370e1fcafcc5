"""The reverse sweep as frames: one a step, in one layout, with the engine's numbers."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from test_viz_names import HOSTILE

import minigrad as mg
from viz.errors import OptionError
from viz.filmstrip import MissingExtraError, NoBackwardError, TooManyStepsError, frames, raster
from viz.filmstrip.layout import flow
from viz.filmstrip.steps import Names, sweep_steps
from viz.labels import visible
from viz.theme import DARK, LIGHT

TESTS = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"


def notes_network(samples=1):
    """A run of the notes' network after its backward sweep."""
    rng = np.random.default_rng(0)
    net = mg.Network((2, 4, 4, 4), rng=0)
    run = net.forward(rng.normal(size=(samples, 2)), np.eye(4)[rng.integers(4, size=samples)])
    run.J.backward()
    return run


def square():
    x = mg.parameter(3.0, name="x")
    J = x * x
    J.backward()
    return J


def residual():
    """x goes round and through: y = x + tanh(W x)."""
    rng = np.random.default_rng(0)
    x, W = mg.parameter(rng.normal(size=(3, 1)), name="x"), mg.parameter(rng.normal(size=(3, 3)), name="W")
    y = x + np.tanh(W @ x)
    J = np.sum(y * y)
    J.backward()
    return J


def recurrent(times=3):
    """One W at several times, over several samples; constants beside it."""
    rng = np.random.default_rng(0)
    W, h = mg.parameter(rng.normal(size=(3, 3)), name="W"), mg.constant(np.ones((3, 4)), name="h0")
    for t in range(times):
        h = np.tanh(W @ h + mg.constant(rng.normal(size=(3, 4)), name=f"x{t}"))
    J = np.sum(h * h)
    J.backward()
    return J


def vectors():
    """1-D arrays on both sides of a matrix, and a matrix product over a batch."""
    rng = np.random.default_rng(0)
    W, x, y = (mg.parameter(rng.normal(size=size), name=name) for name, size in (("W", (3, 2)), ("x", 2), ("y", 3)))
    B = mg.parameter(rng.normal(size=(2, 2, 3)), name="B")
    J = np.sum(W @ x) + np.sum(np.tanh(y @ W)) + np.sum(np.tanh(B @ W)) + y @ y
    J.backward()
    return J


GRAPHS = {"notes": notes_network, "square": square, "residual": residual, "recurrent": recurrent, "vectors": vectors}


@pytest.fixture(params=GRAPHS)
def graph(request):
    return mg.to_networkx(GRAPHS[request.param]())


def strip(what, folder, **options):
    """The frames as trees of elements."""
    return [ET.parse(path).getroot() for path in frames(what, folder, gif=False, **options)]


def by_id(frame):
    return {group.attrib["id"]: group for group in frame.iter(SVG + "g") if "id" in group.attrib}


def words(element):
    return [(text.text or "").replace("\xa0", " ") for text in element.iter(SVG + "text")]


def card(frame, number):
    """The words of a step's card."""
    return [word for name, group in by_id(frame).items() if name.startswith(f"text-{number}-") for word in words(group)]


def number(word):
    return float(word.replace("−", "-").replace("∞", "inf"))


def table(group, after):
    """The numbers to the right of the last sign `after` in a line of a card, row by row."""
    texts = [(float(t.attrib["x"]), float(t.attrib["y"]), (t.text or "").strip()) for t in group.iter(SVG + "text")]
    left = max((x for x, _, word in texts if word == after), default=-np.inf)
    rows = {}
    for x, y, word in sorted(texts):
        if x > left and re.fullmatch(r"−?(\d+\.?\d*(e−?\d+)?|∞)", word):
            rows.setdefault(y, []).append(number(word))
    return np.array([rows[y] for y in sorted(rows)])


def result(frame, step):
    """The gradient that a frame shows at the end of its card."""
    lines = [group for name, group in by_id(frame).items() if name.startswith(f"text-{step}-")]
    return table([line for line in lines if table(line, "=").size][-1], "=")


def assert_reads(shown, value):
    """The numbers are those of the value, to the digits that are shown."""
    value = np.atleast_2d(value)
    assert shown.shape == value.shape
    np.testing.assert_allclose(shown, value, rtol=0, atol=6e-4 * np.abs(value).max())


# --- frames and steps -------------------------------------------------------------------------------------------------


def test_there_is_a_frame_for_the_forward_pass_and_one_for_each_step(graph, tmp_path):
    """A step for each node that the sweep visits, none for constants."""
    steps = sum(place is not None for _, place in graph.nodes(data="sweep"))
    paths = frames(graph, tmp_path, gif=False)
    assert [path.name for path in paths] == [f"step_{k:02}.svg" for k in range(steps + 1)]
    assert all(path.is_file() for path in paths)
    titles = ["".join(words(by_id(ET.parse(path).getroot())[f"text-{k}-0-0"])) for k, path in enumerate(paths)]
    assert titles[0] == f"step 0 of {steps} · " + " forward pass"
    assert all(title.startswith(f"step {k} of {steps} · ") for k, title in enumerate(titles))


def test_names_sort_as_the_steps_do(tmp_path):
    x = mg.parameter(0.5, name="x")
    for _ in range(100):
        x = -x
    x.backward()
    names = [path.name for path in frames(x, tmp_path, gif=False)]
    assert len(names) == 102
    assert names == sorted(names)


def test_each_step_is_about_its_node(tmp_path):
    """In the order of the sweep; the title says how the node was made."""
    run = notes_network()
    pictures = strip(run, tmp_path)
    assert words(by_id(pictures[3])["text-3-0-0"])[-1] == "z⁴ = matmul(Θ³, [1; a³])"
    assert pictures[3].find(SVG + "desc").text == "z⁴: δ⁴ = Σ of 1: diag(g′(z⁴)) ∂J/∂a⁴"
    G = mg.to_networkx(run)
    for node, step in G.nodes(data="sweep"):
        if step is not None:
            active = [name for name, group in by_id(pictures[step]).items() if group.get("class") == "node now"]
            assert active == [f"node-{node}"]


@pytest.mark.parametrize("size", ["page", "slide"])
def test_nothing_moves_from_frame_to_frame(graph, size, tmp_path):
    """Same size, same place of the graph, same outline of every node and edge line of every edge."""

    def layout(frame):
        moved = next(g for g in frame.findall(SVG + "g") if g.find(SVG + "g") is not None)
        boxes = {
            name: [child.get("points") or child.get("d") for child in group][:1]
            for name, group in by_id(frame).items()
            if name.startswith("node-")
        }
        return frame.attrib["viewBox"], moved.attrib["transform"], boxes

    pictures = strip(graph, tmp_path, size=size)
    assert len(layout(pictures[0])[2]) == len(graph)
    assert all(layout(picture) == layout(pictures[0]) for picture in pictures)


@pytest.mark.parametrize("size", ["page", "slide"])
def test_everything_lies_inside_the_frame_and_nothing_on_another(graph, size, tmp_path):
    """As far as can be said without fonts: letters are taken to be 0.42 of their size wide, digits are 0.64."""
    for k, picture in enumerate(strip(graph, tmp_path, size=size)):
        width, height = (float(v) for v in picture.attrib["viewBox"].split()[2:])
        boxes = []
        for name, group in by_id(picture).items():
            if not name.startswith("text-"):
                continue
            x, y, scale = (float(v) for v in re.findall(r"-?[\d.]+(?:e-?\d+)?", group.attrib["transform"]))
            for text in group.iter(SVG + "text"):
                left, base = x + scale * float(text.attrib["x"]), y + scale * float(text.attrib["y"])
                type_size = scale * float(text.attrib["font-size"])
                right = left + 0.42 * type_size * len((text.text or "").strip())
                assert left >= 0 <= base - type_size, (k, name)
                assert right <= width, (k, name)
                assert base <= height, (k, name)
                boxes.append((left, base - 0.7 * type_size, right, base))
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3], (k, a, b)


def test_a_card_too_wide_for_its_room_is_made_smaller():
    """Once a group is wider than all there is, another line would not help."""
    (place,) = flow([(300.0, 50.0)], (150.0, 500.0), largest=2.0)
    assert 0.45 < place.scale <= 0.5


def test_a_slide_is_sixteen_by_nine(tmp_path):
    assert strip(square(), tmp_path, size="slide")[0].attrib["viewBox"] == "0 0 1600 900"


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [1, 3])
def test_the_numbers_of_the_notes_network_are_those_of_the_closed_form(samples, tmp_path):
    """N2, N9, N10 written out in NumPy, against what the frames show."""
    run = notes_network(samples)
    closed, G = run.closed_form(), mg.to_networkx(run)
    pictures = strip(run, tmp_path)
    seen = 0
    for _, data in G.nodes(data=True):
        wanted = {"z": closed.deltas, "theta": closed.theta_gradients}.get(data["part"])
        if wanted is not None:
            layer = int("⁰¹²³⁴⁵".index(data["name"][-1]))
            assert_reads(result(pictures[data["sweep"]], data["sweep"]), wanted[layer])
            seen += 1
    assert seen == 6


def test_every_gradient_shown_is_the_engines(graph, tmp_path):
    pictures = strip(graph, tmp_path)
    for _, data in graph.nodes(data=True):
        if data["sweep"] is not None:
            step = data["sweep"]
            line = [g for name, g in by_id(pictures[step]).items() if name.startswith(f"text-{step}-")][-1]
            shown, grad = table(line, "="), data["grad"]
            if grad.ndim == 3:  # too large for a table: in a few words
                summary = [grad.min(), grad.max(), grad.mean(), np.linalg.norm(grad)]
                grad = np.array(summary if np.ptp(grad) else [grad.flat[0]])
            assert_reads(shown.reshape(np.atleast_2d(grad).shape), grad)


def test_the_numbers_of_a_term_multiply_out(graph):
    """Transposed local Jacobian on the consumer's gradient is the contribution; the terms add up to the gradient."""
    factors = 0
    for step in sweep_steps(graph):
        for term in step.terms:
            assert term.form is None
            assert term.contribution is graph.edges[term.edge]["contribution"]
            if term.factor is not None:
                pair = (term.incoming, term.factor) if term.on_the_right else (term.factor, term.incoming)
                product = np.matmul(*pair) if min(p.ndim for p in pair) else np.multiply(*pair)
                np.testing.assert_allclose(product.ravel(), term.contribution.ravel(), rtol=1e-12)
                factors += 1
        if step.terms:
            np.testing.assert_allclose(sum(term.contribution for term in step.terms), step.gradient, rtol=1e-12)
    assert factors


@pytest.mark.parametrize("others", [0, 1, 2])
def test_numbers_that_would_not_multiply_out_are_left_out(others, tmp_path):
    """An op of the user's may be called matmul and be none: its other arguments are no factors then."""
    A, x = np.array([[1.0, 2.0], [3.0, 4.0]]), mg.parameter([[1.0], [1.0]], name="x")

    @mg.custom(lambda argument, a, x, *rest: mg.LeftMul(A, in_shape=(2, 1), out_shape=(2, 1)))
    def matmul(x, *rest):
        return A @ x

    J = np.sum(matmul(x, *(mg.constant(np.full((2, 2), 7.0)) for _ in range(others))))
    J.backward()
    (term,) = sweep_steps(mg.to_networkx(J))[-1].terms
    assert term.factor is None
    assert_reads(result(strip(J, tmp_path)[-1], 3), [[4.0], [6.0]])


def test_a_vector_behind_a_matrix_stands_upright(tmp_path):
    """And lies before one: as a person would write both products."""
    J = vectors()
    sweep = {data["name"]: data["sweep"] for _, data in mg.to_networkx(J).nodes(data=True)}
    assert result(strip(J, tmp_path)[sweep["x"]], sweep["x"]).shape == (2, 1)


def test_two_contributions_of_one_consumer_meet_in_one_step(tmp_path):
    """x * x: ∂J/∂x = 3 + 3 = 6."""
    pictures = strip(square(), tmp_path)
    assert len(pictures) == 3
    shown = card(pictures[2], 2)
    assert "x goes into J = multiply(x, x) (argument 0):" in shown
    assert "x goes into J = multiply(x, x) (argument 1):" in shown
    assert [word.strip() for word in shown[-7:]] == ["The 2 contributions add up:", "∂J/∂x", "3", "+", "3", "=", "6"]
    assert pictures[2].find(SVG + "desc").text == "x: ∂J/∂x = Σ of 2: diag(x) ∂J/∂J + diag(x) ∂J/∂J"


def test_the_way_round_and_the_way_through_add_up(tmp_path):
    """A residual block: x's gradient is the sum of what comes by the identity and by the branch."""
    J = residual()
    G = mg.to_networkx(J)
    (x,) = [k for k, name in G.nodes(data="name") if name == "x"]
    step = G.nodes[x]["sweep"]
    picture = strip(J, tmp_path)[step]
    terms = [group for name, group in by_id(picture).items() if re.fullmatch(rf"text-{step}-[12]-1", name)]
    assert len(terms) == 2
    assert_reads(sum(table(term, "=") for term in terms), G.nodes[x]["grad"])
    active = [name for name, group in by_id(picture).items() if group.get("class") == "edge now"]
    assert sorted(active) == sorted(f"edge-{u}-{v}-{i}" for u, v, i in G.out_edges(x, keys=True))


def test_many_terms_are_counted_not_listed(tmp_path):
    J = recurrent(times=7)
    picture = strip(J, tmp_path)[-1]
    shown = " ".join(words(picture))
    assert shown.count("W goes into") == 4
    assert "… and 3 more." in shown
    assert "The 7 contributions add up:" in shown


def test_numbers_that_do_not_multiply_out_are_explained(tmp_path):
    """At saturation 0 · ∞ is not what the sweep computes: it takes the stable form past the sigmoid."""
    z = mg.parameter([[800.0], [-800.0]], name="z")
    J = mg.cross_entropy(mg.sigmoid(z), mg.constant([[0.0], [0.0]]))
    J.backward()
    picture = strip(J, tmp_path)[-1]
    assert "Not as written: the sweep takes the stable form, sigmoid_cross_entropy." in card(picture, 3)
    assert_reads(result(picture, 3), [[1.0], [0.0]])


# --- what is known ----------------------------------------------------------------------------------------------------


def test_a_gradient_appears_when_the_sweep_reaches_its_node(graph, tmp_path):
    """Before, there is no number in the box, not even a hidden one; and the state of each node is in its class."""
    for k, picture in enumerate(strip(graph, tmp_path)):
        parts = by_id(picture)
        for node, data in graph.nodes(data=True):
            step, group = data["sweep"], parts[f"node-{node}"]
            reached = k > 0 and step is not None and step <= k
            state = "all" if k == 0 else "aside" if step is None else "now" if step == k else "known"
            assert group.get("class") == f"node {state if k == 0 or step is None or reached else 'later'}"
            assert (len(words(group)) > 2) == reached


def test_lines_turn_when_something_flows_back(graph, tmp_path):
    """An edge has one arrow head: at the consumer until its contribution has flowed, then dashed and at the node."""

    def corners(element):
        written = element.get("points") or element.get("d")
        return np.array([float(v) for v in re.findall(r"-?[\d.]+", written)]).reshape(-1, 2)

    def apart(head, node):
        box = np.concatenate([corners(outline) for outline in node if outline.tag != SVG + "text"])
        return np.linalg.norm(np.maximum(0, np.maximum(box.min(0) - head, head - box.max(0))))

    for k, picture in enumerate(strip(graph, tmp_path)):
        parts = by_id(picture)
        for u, v, i, data in graph.edges(keys=True, data=True):
            path, head = list(parts[f"edge-{u}-{v}-{i}"])
            turned = k > 0 and data["contribution"] is not None and graph.nodes[u]["sweep"] <= k
            assert (path.get("stroke-dasharray") is not None) == turned
            assert path.get("stroke-width") == (None if not turned else "3" if graph.nodes[u]["sweep"] == k else "1.5")
            line = corners(path)
            start = apart(line[-1], parts[f"node-{v}"]) if turned else apart(line[0], parts[f"node-{u}"])
            assert start < 3  # the line runs on to where the other head was
            tip = min(corners(head), key=lambda corner: min(apart(corner, parts[f"node-{n}"]) for n in (u, v)))
            assert (apart(tip, parts[f"node-{u}"]) < apart(tip, parts[f"node-{v}"])) == turned


def test_a_theme_colours_the_frames(tmp_path):
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        picture = strip(square(), tmp_path / name, theme=name)[2]
        assert picture.find(SVG + "rect").get("fill") == theme.canvas
        outline = by_id(picture)["node-0"][0]
        assert outline.get("fill") == theme.heat[0]["bgcolor"]  # x's gradient is the largest
        assert outline.get("stroke") == theme.reverse


# --- the GIF ----------------------------------------------------------------------------------------------------------


def test_the_gif_has_as_many_frames(tmp_path):
    """The first and the last stay twice as long."""
    image = pytest.importorskip("PIL.Image")
    *stills, moving = frames(notes_network(), tmp_path, seconds=0.5)
    assert moving.name == "sweep.gif"
    with image.open(moving) as gif:
        assert gif.n_frames == len(stills)
        assert gif.info["loop"] == 0
        durations = []
        for k in range(gif.n_frames):
            gif.seek(k)
            durations.append(gif.info["duration"])
    assert durations == [1000] + [500] * (len(stills) - 2) + [1000]


def test_the_gif_shows_what_the_frames_show(tmp_path):
    """At each step the inside of the active node has the colour that the SVG file gives it."""
    image = pytest.importorskip("PIL.Image")
    *stills, moving = frames(square(), tmp_path, size="slide")
    with image.open(moving) as gif:
        assert gif.size == (1600, 900)
        for k, still in enumerate(stills):
            gif.seek(k)
            pixels, picture = np.asarray(gif.convert("RGB")).astype(int), ET.parse(still).getroot()
            moved = next(g for g in picture.findall(SVG + "g") if g.find(SVG + "g") is not None)
            x, y, scale = (float(v) for v in re.findall(r"-?[\d.]+", moved.attrib["transform"]))
            right, down = (float(v) for v in re.findall(r"translate\((\S+) (\S+)\)", moved[0].attrib["transform"])[0])
            for node in ("node-0", "node-1"):
                outline = by_id(picture)[node][0]
                points = np.array([[float(v) for v in p.split(",")] for p in outline.attrib["points"].split()])
                corner = (points.min(axis=0) + 5 + (right, down)) * scale + (x, y)
                colour = [int(outline.attrib["fill"][i : i + 2], 16) for i in (1, 3, 5)]
                assert np.abs(pixels[int(corner[1]), int(corner[0])] - colour).max() <= 8


def test_the_raster_puts_things_where_svg_says():
    """Squares, a curve and a word, through nested transforms; twice the size."""
    pytest.importorskip("matplotlib")
    picture = raster.pixels(
        ET.fromstring(
            f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 100 50"><title>not drawn</title>'
            '<rect width="100" height="50" fill="#ffffff"/>'
            '<g transform="translate(10 20) scale(2)"><polygon fill="#ff0000" points="0,0 5,0 5,5 0,5"/>'
            '<g transform="scale(1 1) rotate(0) translate(20 -5)"><path fill="none" stroke="#0000ff" stroke-width="2" '
            'd="M0,0C5,0 10,0 15,0"/></g></g><text x="10" y="15" font-size="10" fill="#00aa00">HH</text></svg>'
        ),
        longest=1000,
    )
    assert picture.size == (200, 100)
    pixels = np.asarray(picture).astype(int)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
    blue = (pixels[..., 2] > 200) & (pixels[..., 0] < 60)
    green = (pixels[..., 1] > 120) & (pixels[..., 0] < 60)
    assert [red.nonzero()[0].min(), red.nonzero()[0].max()] == pytest.approx([40, 59], abs=1)
    assert [red.nonzero()[1].min(), red.nonzero()[1].max()] == pytest.approx([20, 39], abs=1)
    assert [blue.nonzero()[1].min(), blue.nonzero()[1].max()] == pytest.approx([100, 159], abs=1)
    assert [blue.nonzero()[0].min(), blue.nonzero()[0].max()] == pytest.approx([16, 23], abs=1)
    assert [green.nonzero()[0].min(), green.nonzero()[0].max()] == pytest.approx([15, 29], abs=2)


def test_without_its_extra_the_gif_is_refused_before_anything_is_written(monkeypatch, tmp_path):
    """No silent loss: the message names the extra, and gif=False works without it."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r'needs pillow, of minigrad\'s extra "frames"'):
        frames(square(), tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert len(frames(square(), tmp_path / "new", gif=False)) == 3


# --- files and errors -------------------------------------------------------------------------------------------------


def test_frames_of_an_earlier_sweep_are_replaced_and_nothing_else_is_touched(tmp_path):
    kept = ["step_notes.svg", "step_1.png", "my step_07.svg", "other.txt"]
    for name in [*kept, "step_00.svg", "step_77.svg", "step_100.svg"]:
        (tmp_path / name).write_text("earlier")
    paths = frames(square(), tmp_path, gif=False)
    assert {path.name for path in tmp_path.iterdir()} == {*kept, *(path.name for path in paths)}
    assert all((tmp_path / name).read_text() == "earlier" for name in kept)
    assert "earlier" not in paths[0].read_text(encoding="utf-8")


def test_before_backward_there_is_nothing_to_show(tmp_path):
    x = mg.parameter(3.0, name="x")
    J = x * x
    with pytest.raises(NoBackwardError, match=r"run J\.backward\(\) first"):
        frames(J, tmp_path / "new")
    (x + J).backward()  # another output's sweep
    with pytest.raises(NoBackwardError):
        frames(J, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_too_many_steps_are_refused_with_their_number(tmp_path):
    with pytest.raises(TooManyStepsError, match=r"has 12 steps, more than at_most=11\..*at_most=12"):
        frames(notes_network(), tmp_path / "new", at_most=11)
    assert not (tmp_path / "new").exists()
    assert len(frames(notes_network(), tmp_path, at_most=12, gif=False)) == 13


@pytest.mark.parametrize(
    ("options", "words"),
    [({"size": "poster"}, "size='poster': choose one of 'page', 'slide'"), ({"theme": 1}, "theme=1: choose one of")],
)
def test_an_unknown_option_is_refused_with_its_choices(options, words, tmp_path):
    with pytest.raises(OptionError, match=re.escape(words)):
        frames(square(), tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


# --- names and bytes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_and_does_nothing(name, tmp_path):
    """The frames have the elements of those with a harmless name, and the name as text."""

    def made(called, folder):
        x = mg.parameter(3.0, name=called)
        J = np.tanh(x) * x
        J.backward()
        return strip(J, folder)

    hostile, plain = made(name, tmp_path / "hostile"), made("plain", tmp_path / "plain")
    for frame, harmless in zip(hostile, plain, strict=True):
        assert [e.tag for e in frame.iter()] == [e.tag for e in harmless.iter()]
        assert all(e.tag.startswith(SVG) for e in frame.iter())
    shown = visible(name, 24).replace("  ", " ")
    assert shown.strip() in " ".join(words(hostile[0])) or not shown.strip()


def test_names_that_two_nodes_bear_are_told_apart():
    x, y = mg.parameter(1.0, name="x"), mg.parameter(2.0, name="x")
    J = x * y
    J.backward()
    names = Names(mg.to_networkx(J))
    assert names.equation(2) == "J = multiply(x #0, x #1)"


def test_the_files_are_the_same_in_another_process(tmp_path):
    """Whatever the hash seed."""
    program = (
        "import sys, test_viz_frames as t\n"
        "t.frames(t.recurrent(2), sys.argv[1] + '/graph', gif=False)\n"
        "t.frames(t.square(), sys.argv[1] + '/gif', size='slide')"
    )
    contents = []
    for seed in ("0", "12345"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
        subprocess.run([sys.executable, "-c", program, tmp_path / seed], env=environment, check=True)
        files = [path for path in (tmp_path / seed).rglob("*") if path.is_file()]
        contents.append({path.relative_to(tmp_path / seed).as_posix(): path.read_bytes() for path in files})
    assert contents[0] == contents[1]
    assert {"graph/step_00.svg", "gif/sweep.gif"} <= contents[0].keys()


def test_a_name_without_glyphs_does_not_disturb_the_gif(tmp_path):
    """DejaVu has no Chinese: an empty box stands for it, without a warning."""
    pytest.importorskip("matplotlib")
    J = np.tanh(mg.parameter(3.0, name="漢字 🙂 مرحبا $x_1$"))
    J.backward()
    assert frames(J, tmp_path)[-1].name == "sweep.gif"
