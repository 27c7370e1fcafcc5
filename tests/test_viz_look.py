"""What the options of a picture leave out, add and recolour, and what they refuse."""

import re
import xml.etree.ElementTree as ET
from dataclasses import fields

import numpy as np
import pytest
import viz_graphs
from test_viz_dot import edges, label, node_text, statements, texts

import minigrad as mg
import viz
from viz.errors import OptionError, StyleError
from viz.theme import LIGHT, PRINT, THEMES, RoleStyle

COLOUR = re.compile(r'"(#[0-9A-F]{6})"')
GRAPHS = [
    viz_graphs.square(),
    viz_graphs.diamond(),
    viz_graphs.network(),
    viz_graphs.residual(),
    viz_graphs.recurrent(70),
    viz_graphs.chain(400, block=8),
]


def solid(source):
    return [e for e in edges(source) if 'class="forward"' in e]


def dashed(source):
    return [e for e in edges(source) if "dashed" in e]


def ends(statements):
    """From where to where edges lead."""
    return [statement.split(" [")[0] for statement in statements]


# --- directions -------------------------------------------------------------------------------------------------------


def test_a_forward_picture_has_no_dashed_edge_and_no_sum():
    source = viz.dot(viz_graphs.residual(), direction="forward").source
    assert dashed(source) == []
    assert "⊕" not in source
    assert "reverse" not in source
    assert ends(solid(source)) == ends(solid(viz.dot(viz_graphs.residual()).source))


def test_a_reverse_picture_has_every_dashed_edge_and_no_solid_one():
    """From the cost to the leaves each step is an arrow back, from values to their ops too."""
    both = viz.dot(viz_graphs.residual()).source
    source = viz.dot(viz_graphs.residual(), direction="reverse").source
    assert solid(source) == []
    assert "──▶ forward" not in source
    assert set(ends(dashed(both))) < set(ends(dashed(source)))
    assert sorted({*ends(dashed(source))} - {*ends(dashed(both))}) == [f"o{k} -> n{k}" for k in range(2, 7)]


def test_in_a_reverse_picture_a_thin_line_leads_where_nothing_flows():
    source = viz.dot(viz_graphs.diamond(), direction="reverse").source
    still = [e for e in edges(source) if 'class="still"' in e]
    assert ends(still) == ["n1 -> o3", "n4 -> o6"]
    assert all('dir="none"' in e for e in still)


def test_a_reverse_picture_before_backward_has_no_arrow():
    source = viz.dot(viz_graphs.square(swept=False), direction="reverse").source
    assert dashed(source) == []
    assert len([e for e in edges(source) if 'dir="none"' in e]) == 3
    assert "no backward yet" in source


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_values_gradients_and_jacobians_can_be_left_out():
    def said(**options):
        source = viz.dot(viz_graphs.square(), **options).source
        return node_text(source, "n0"), {texts(label(e)) if "label=" in e else "" for e in dashed(source)}

    assert said() == ("x () value 3 gradient Σ of 2 6", {"", "diag(x) 3"})
    assert said(values=False) == ("x () gradient Σ of 2 6", {"", "diag(x) 3"})
    assert said(gradients=False) == ("x () value 3", {"", "diag(x)"})
    assert said(jacobians=False) == ("x () value 3 gradient Σ of 2 6", {"", "3"})
    assert said(gradients=False, jacobians=False) == ("x () value 3", {""})


def test_the_legend_speaks_of_what_is_shown():
    source = viz.dot(viz_graphs.square(), gradients=False).source
    assert "reverse: local Jacobian<" in source
    assert "beside the largest" not in source
    assert "reverse<" in viz.dot(viz_graphs.square(), gradients=False, jacobians=False).source
    assert "reverse: contribution to the gradient<" in viz.dot(viz_graphs.square(), jacobians=False).source


def test_a_folded_picture_can_leave_gradients_out_too():
    source = viz.dot(viz_graphs.recurrent(50), collapse_above=100, gradients=False).source
    assert "‖" not in source
    assert dashed(source)


# --- sums -------------------------------------------------------------------------------------------------------------


def test_a_sum_stands_wherever_several_contributions_meet():
    """N5: the contributions drawn into a ⊕ add up to the gradient of the value beside it."""
    x = mg.parameter(np.array([0.5, -1.0]), name="x")
    h = mg.tanh(x)
    J = mg.sum(h * h + x * h + x)
    J.backward()
    G = mg.to_networkx(J)
    source = viz.dot(G).source
    sums = {int(node) for node in re.findall(r"^\ts(\d+) \[", source, re.M)}
    flows = {node: [d["contribution"] for *_, d in G.out_edges(node, data=True)] for node in G}
    flows = {node: [each for each in terms if each is not None] for node, terms in flows.items()}
    assert sums == {node for node, terms in flows.items() if len(terms) > 1} == {0, 1}
    for node in sums:
        assert len([e for e in dashed(source) if e.startswith(f"s{node} -> ")]) == len(flows[node])
        assert [e for e in ends(dashed(source)) if e.endswith(f"-> s{node}")] == [f"n{node} -> s{node}"]
        np.testing.assert_allclose(sum(flows[node]), G.nodes[node]["grad"], rtol=1e-15)
        assert f"Σ of {len(flows[node])}" in node_text(source, f"n{node}")


def test_a_shared_node_of_many_consumers_is_drawn_in_a_moment():
    """Work that grows with the square of a node's consumers would take minutes here."""
    x = viz_graphs.GraphBuilder()
    shared = x.leaf(1.0, name="x")
    parts = [x.op("f", (shared,), 1.0) for _ in range(20_000)]
    G = x.graph(
        x.op("stack", tuple(parts), 1.0), grads={shared: 1.0}, contributions={(shared, p, 0): 1.0 for p in parts}
    )
    assert len(dashed(viz.dot(G, collapse_above=100_000).source)) == 20_001


# --- ids --------------------------------------------------------------------------------------------------------------


def test_every_figure_of_the_svg_has_the_id_of_its_node_or_edge(tmp_path):
    """Others find a node in the picture by its number in the graph."""
    for G in GRAPHS[:4]:
        svg = ET.fromstring(viz.render(G, tmp_path / "x.svg").read_bytes())
        ids = [e.get("id") for e in svg.iter() if e.tag.endswith("}g")]
        assert len(ids) == len(set(ids))
        wanted = {f"node-{k}" for k in G} | {f"op-{k}" for k, op in G.nodes(data="op") if op}
        wanted |= {f"edge-{u}-{v}-{i}" for u, v, i in G.edges(keys=True)}
        wanted |= {f"reverse-{u}-{v}-{i}" for u, v, i, c in G.edges(keys=True, data="contribution") if c is not None}
        assert wanted <= set(ids)


# --- themes -----------------------------------------------------------------------------------------------------------


def luminance(colour):
    """Of WCAG 2: linear light, weighed by how bright the eye finds each primary."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(theme):
    """All colours of a theme."""
    return set(re.findall(r"#[0-9A-F]{6}", repr(theme)))


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_every_fill(name):
    """4.5 to 1 is what WCAG asks of small text; 3 to 1 of lines."""
    theme = THEMES[name]
    roles = [*theme.roles.values(), theme.op, theme.fold, theme.sum, theme.cluster]
    heat = [step["bgcolor"] for step in (*theme.heat, theme.zero, theme.not_finite) if "bgcolor" in step]
    fills = {theme.canvas, *(role.fill for role in roles)}
    assert min(contrast(theme.ink, fill) for fill in (*fills, *heat)) >= 4.5
    assert min(contrast(theme.quiet, fill) for fill in fills) >= 4.5
    assert min(contrast(theme.reverse, fill) for fill in fills) >= 4.5
    assert min(contrast(role.border, role.fill) for role in roles if role is not theme.cluster) >= 3
    assert contrast(theme.forward, theme.canvas) >= 3


def test_print_is_black_on_white():
    """No fill wastes ink, and nothing rests on colour: grey alone, and heat as the thickness of a frame."""
    assert {colour[1:3] for colour in colours(PRINT)} == {colour[3:5] for colour in colours(PRINT)}
    assert {colour[1:3] for colour in colours(PRINT)} == {colour[5:7] for colour in colours(PRINT)}
    for field in fields(PRINT):
        styles = getattr(PRINT, field.name)
        for style in styles.values() if isinstance(styles, dict) else [styles]:
            assert not isinstance(style, RoleStyle) or style.fill == "#FFFFFF"
    assert all("bgcolor" not in step for step in (*PRINT.heat, PRINT.zero, PRINT.not_finite))
    assert [step.get("border") for step in PRINT.heat] == ["4", "3", "2", "1", None, None, None]


@pytest.mark.parametrize("name", THEMES)
def test_a_picture_has_the_colours_of_its_theme_alone(name):
    for G in GRAPHS:
        source = viz.dot(G, theme=name, collapse_above=100).source
        assert set(COLOUR.findall(source)) <= colours(THEMES[name])


def test_themes_change_looks_only():
    for G in GRAPHS:
        light, dark = (COLOUR.sub("", viz.dot(G, theme=name).source) for name in ("light", "dark"))
        assert light == dark


def test_a_dark_picture_has_nothing_that_graphviz_draws_black(tmp_path):
    """A line or word without a colour of its own is black, and vanishes."""
    for i, G in enumerate(GRAPHS):
        svg = ET.fromstring(viz.render(G, tmp_path / f"{i}.svg", theme="dark", collapse_above=100).read_bytes())
        for e in svg.iter():
            if e.tag.rpartition("}")[2] in ("text", "path", "polygon", "ellipse", "polyline"):
                is_text = e.tag.endswith("}text")
                drawn = e.get("fill" if is_text else "stroke", "black" if is_text else "none")
                assert drawn.lower() not in ("black", "#000000", "#1a1a1a", "#333333")


# --- styles -----------------------------------------------------------------------------------------------------------


def attributes(source, node):
    (statement,) = [s for s in statements(source) if s.startswith(f"{node} [")]
    return dict(re.findall(r' (\w+)="([^"]*)"', statement.replace(label(statement), "")))


def test_a_handler_restyles_one_kind_of_node():
    plain = viz.dot(viz_graphs.residual()).source
    source = viz.dot(viz_graphs.residual(), styles=[viz_graphs.green]).source
    for node in ("n3", "o3"):
        changed = attributes(plain, node) | {"fillcolor": "#BFE8C5", "penwidth": "2"}
        assert attributes(source, node) == changed
    others = [s for s in statements(source) if not s.startswith(("n3 [", "o3 ["))]
    assert others == [s for s in statements(plain) if not s.startswith(("n3 [", "o3 ["))]


def test_the_first_answer_wins():
    """Later handlers are not asked, the theme fills in what the answer leaves open; {} is an answer."""

    def first(node):
        return {} if node["op"] == "tanh" else NotImplemented

    source = viz.dot(viz_graphs.residual(), styles=[first, lambda node: {"color": "#123456"}]).source
    assert attributes(source, "n3") == attributes(viz.dot(viz_graphs.residual()).source, "n3")
    assert attributes(source, "n2")["color"] == "#123456"
    assert attributes(source, "n2")["fillcolor"] == LIGHT.roles["intermediate"].fill


def test_a_handler_sees_the_node_and_which_figure_is_drawn():
    seen = []

    def look_on(node):
        seen.append((node["figure"], node["name"], node["op"]))
        node["value"] = None  # the handler's own copy
        return NotImplemented

    G = viz_graphs.square()
    assert viz.dot(G, styles=[look_on]).source == viz.dot(viz_graphs.square()).source
    assert seen == [("value", "x", None), ("value", "y", "multiply"), ("op", "y", "multiply")]


def test_a_handler_may_restyle_folded_boxes():
    def wide(node):
        return {"penwidth": 4.5} if node["figure"] == "fold" and node["op"] is None else NotImplemented

    source = viz.dot(viz_graphs.chain(24, block=8), collapse_above=25, styles=[wide]).source
    assert source.count('penwidth="4.5"') == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"label": "<x>"},
        {"URL": "javascript:alert(1)"},
        {"image": "/etc/passwd"},
        {"id": "node-1"},
        {"color": 'red" label="x'},
        {"color": "#FFF"},
        {"color": "green"},
        {"color": "#BFE8C5\n"},
        {"fillcolor": None},
        {"penwidth": float("nan")},
        {"penwidth": True},
        {"penwidth": "3"},
        {"penwidth": 1000},
        {"peripheries": 1.5},
        {"shape": "none; evil"},
        {"style": "filled,evil"},
        {"style": ["filled"]},
        {3: 4},
        None,
        "color",
        [("color", "#BFE8C5")],
    ],
    ids=str,
)
def test_an_answer_that_is_not_visual_is_refused(answer):
    """Not a word of a handler's gets into the text that is not a known key with a checked value."""
    with pytest.raises(StyleError, match=r"style handler <lambda>"):
        viz.dot(viz_graphs.square(), styles=[lambda node: answer])


def test_a_refusal_lists_what_there_is():
    with pytest.raises(StyleError, match=r"'label' is no visual attribute; there are color, fillcolor, .*, style$"):
        viz.dot(viz_graphs.square(), styles=[lambda node: {"label": "x"}])
    with pytest.raises(StyleError, match=r"shape='square' is no shape among box, .*triangle$"):
        viz.dot(viz_graphs.square(), styles=[lambda node: {"shape": "square"}])


@pytest.mark.parametrize("shape", viz.styles.SHAPES)
def test_graphviz_knows_every_shape(shape, tmp_path, capfd):
    """An unknown one would be drawn as a box, with a warning."""
    viz.render(viz_graphs.square(), tmp_path / "x.svg", styles=[lambda node: {"shape": shape}])
    assert "unknown" not in capfd.readouterr().err


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "choices"),
    [
        ("direction", "backward", "'forward', 'reverse', 'both'"),
        ("direction", None, "'forward', 'reverse', 'both'"),
        ("theme", "neon", "'light', 'dark', 'print'"),
        ("theme", ["dark"], "'light', 'dark', 'print'"),
        ("values", "no", "True or False"),
        ("gradients", 0, "True or False"),
        ("jacobians", None, "True or False"),
        ("collapse_above", 1, "at least 2"),
        ("collapse_above", "300", "at least 2"),
        ("collapse_above", None, "at least 2"),
        ("styles", [None], "a list of handlers"),
        ("styles", 3, "a list of handlers"),
        ("styles", viz_graphs.green, "a list of handlers"),
    ],
)
def test_a_bad_option_is_refused_with_its_choices(option, value, choices, tmp_path):
    """By dot and by render alike, as ValueErrors of viz; render leaves no file."""
    for draw in (viz.dot, lambda what, **options: viz.render(what, tmp_path / "x.dot", **options)):
        with pytest.raises(OptionError, match=re.escape(f"{option}=")) as caught:
            draw(viz_graphs.square(), **{option: value})
        assert choices in str(caught.value)
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, viz.VizError)
    assert list(tmp_path.iterdir()) == []


def test_render_and_dot_have_the_same_options(tmp_path):
    options = {
        "values": False,
        "gradients": False,
        "jacobians": False,
        "direction": "reverse",
        "theme": "dark",
        "collapse_above": 100,
        "styles": [viz_graphs.green],
    }
    for name, value in options.items():
        G = viz_graphs.chain(150) if name == "collapse_above" else viz_graphs.residual()
        text = viz.render(G, tmp_path / "x.dot", **{name: value}).read_text(encoding="utf-8")
        assert text == viz.dot(G, **{name: value}).source != viz.dot(G).source
