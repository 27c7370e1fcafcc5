# %% [markdown]
# # See the gradient flow
#
# One graph, seen in six ways: a diagram, the circles of a textbook, the reverse sweep one picture a step, a page to
# explore, tables of numbers, and what a notebook shows. Each picture below comes with a sentence of what to look at.
# None of them has numbers of its own: all read the graph that `mg.to_networkx` makes, and so can you.

# %%
from pathlib import Path

import numpy as np

import minigrad as mg
import viz

output = Path("output")
output.mkdir(exist_ok=True)


def look(path, at):
    """Print where a picture is, and what to look at."""
    print(f"{path}\n    {at}")


# %% [markdown]
# ## The network of the notes
#
# 2-4-4-4 sigmoid units, one sample, random weights. Pictures taken before the sweep have no gradients to show, and say
# so; `backward()` puts one on every node.

# %%
net = mg.Network((2, 4, 4, 4), rng=0)
run = net.forward([[0.5, -1.0]], [[0.0, 1.0, 0.0, 0.0]])
assert "no backward yet" in viz.dot(run).source
gradients = run.J.backward()

# %% [markdown]
# ## The diagram
#
# `viz.render` draws any graph, of a network or not, into a file; the suffix is the format. `viz.dot` gives the same as
# a `graphviz.Digraph`: text, and equal graphs give equal text.

# %%
look(viz.render(run, output / "08_diagram.svg"), "orange goes backwards: each dashed edge says by what it multiplies")

# %% [markdown]
# Every option leaves something out or draws it otherwise. First the bare graph; then the sweep alone; then black on
# white, for paper, where a thicker frame stands for a larger gradient.

# %%
bare = {"values": False, "gradients": False, "jacobians": False, "direction": "forward"}
look(viz.render(run, output / "08_shapes.svg", **bare), "the shapes: (4, 5) meets (5, 1), the bias unit made it so")
sweep = {"values": False, "direction": "reverse"}
look(viz.render(run, output / "08_sweep_alone.svg", **sweep), "from the right: gradient, Jacobian, gradient")
look(viz.render(run, output / "08_paper.pdf", theme="print"), "the outlines alone tell parameter, constant and cost")

# %% [markdown]
# A style of your own is a function of three lines. It is asked about each figure: a value's box, an op's ellipse. It
# answers with attributes of Graphviz, or passes. Here it looks for sigmoid units that saturate: a slope below a tenth
# of its largest value, which is 1/4. Colours are yours to match with the theme: these are for the dark one.


# %%
def saturated_in_red(node):
    is_saturated = node["op"] == "sigmoid" and (node["value"] * (1 - node["value"]) < 0.025).any()
    return {"fillcolor": "#7A1F1F", "color": "#FF8A8A"} if is_saturated else NotImplemented


steep = mg.Network.from_thetas([3 * theta for theta in net.thetas]).forward([[0.5, -1.0]], [[0.0, 1.0, 0.0, 0.0]])
steep.J.backward()
drawn = viz.render(steep, output / "08_saturated.svg", theme="dark", styles=[saturated_in_red])
look(drawn, "weights three times as large; at red nodes entries of δ are a hundredth of ∂J/∂a")

# %% [markdown]
# ## Two edges from one node
#
# x · x takes x twice. There are two edges, each passes back 3, and the ⊕ adds them: this is the sum of N5 at its
# smallest, and the reason why a gradient is complete only when all consumers have had their turn.

# %%
x = mg.parameter(3.0, name="x")
square = mg.multiply(x, x, name="J")
square.backward()
look(viz.render(square, output / "08_square.svg"), "two dashed edges, the ⊕, and “Σ of 2” in the box of x")
terms = [float(term) for term in mg.contributions(square, x).values()]
print("    contributions", terms, "gradient", x.grad)
assert terms == [3.0, 3.0]
assert x.grad == 6.0

# %% [markdown]
# ## The units
#
# The same run as a textbook draws it. With a unit in focus, the line for δ³₂ is row N5 of the notes with its numbers:
# a sum over the four lines that leave the unit, times the slope g′.

# %%
look(viz.units(run, output / "08_units.svg", focus=(3, 2)), "the four numbers on its right, and again in the sum below")
leaving, delta, slope = run.theta[3].value[:, 2], run.deltas()[4][:, 0], run.a[3].value[1] * (1 - run.a[3].value[1])
written = " + ".join(f"({theta:.3g})·({d:.3g})" for theta, d in zip(leaving, delta, strict=True))
print(f"    δ³₂ = ( {written} ) · {slope[0]:.3g} = {leaving @ delta * slope[0]:.3g}")
assert np.isclose(leaving @ delta * slope[0], run.deltas()[3][1, 0])

# %% [markdown]
# ## The sweep, step by step
#
# A picture for each step, all in the same layout, and a GIF of them; `size="slide"` makes them 16 : 9. A page for the
# same: step with the arrow keys, choose a node or an entry, and see its local Jacobian, its sum and its derivation.

# %%
steps = viz.frames(run, output / "08_sweep")
look(steps[6], "δ³ is made from ∂J/∂a³ alone: grey is what the sweep has not reached")
look(steps[-1], "the same as a film")
assert len(steps) == 1 + len(gradients) + 1  # the forward pass, a step for each gradient, the GIF
look(viz.explore(run, output / "08_explore.html"), "press → twelve times; then choose an entry of Θ²")

# %% [markdown]
# ## Tables
#
# Numbers on a colour for sign and size: an array, and a linear map by its structure. A terminal gets text, a notebook
# or a page gets colours, and a large array is drawn in squares.

# %%
slopes = mg.local_jacobian(run.a[3], 0)
tables = [viz.table(run.theta[2], name="Θ²"), viz.table(slopes, name="∂a³/∂z³")]
tables.append(viz.table(np.outer(np.sin(np.arange(40) / 4), np.cos(np.arange(60) / 6)), name="waves"))
print(*tables, sep="\n")
assert np.allclose(np.diag(slopes.matrix()), (run.a[3].value * (1 - run.a[3].value))[:, 0])

# %% [markdown]
# ## In a notebook
#
# A cell that ends in a node, the gradients of a sweep, a linear map, a run or a derivation shows it: each has the
# method `_repr_html_` that a notebook asks for. Here these stand below each other on a page.

# %%
shown = [*tables, square, gradients, mg.local_jacobian(run.z[3], 0), run, mg.derive(run)]
page = "<!doctype html>\n<meta charset=utf-8>\n<title>What a notebook shows</title>\n"
page += "\n<hr>\n".join(each._repr_html_() for each in shown)
(output / "08_notebook.html").write_text(page, encoding="utf-8")
look(output / "08_notebook.html", "x · x has its graph with it; then all gradients of the sweep, J first")

# %% [markdown]
# ## A large graph
#
# 200 steps of a recurrence, 404 nodes. Beyond `collapse_above` (300 nodes unless you say otherwise) scopes and repeated
# blocks fold into boxes, and the legend says how many nodes are in them. Here the steps are one box.

# %%
h, W = mg.constant([[0.5], [0.5]], name="h₀"), mg.parameter([[0.9, -0.4], [0.3, 0.8]], name="W")
for t in range(1, 201):
    with mg.scope(f"step {t}"):
        h = mg.tanh(W @ h)
long = mg.sum(h * h, name="J")
long.backward()
look(viz.render(long, output / "08_folded.svg"), "“Σ of 200” at W, and its palest colour: the gradient has vanished")
assert "400 nodes folded" in viz.dot(long).source
assert "folded" not in viz.dot(long, collapse_above=10_000).source
assert np.linalg.norm(W.grad) < 1e-12
