"""Backpropagation on the network of the notes, one sample, number by number.

    report(run)             the text: forward, N2, local Jacobians, N5, N9, N10
    write_pictures(run, …)  the graph as .dot, .svg and .html
    show(output, seed)      both, on the terminal

Each number is taken from the graph or from the sweep, and stands beside the notes' formula for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import minigrad as mg
import viz

from ..linear_maps.algebra import Array
from ..network import Run
from .page import page
from .text import formula, heading, number, numbers, paragraph, table, title

SIZES = (2, 4, 4, 4)
X, Y = [[0.5, -1.0]], [[0.0, 1.0, 0.0, 0.0]]
UNIT = 1  # the unit of layer 3 whose δ is written out, counted from 1 as in the notes

TITLE = "Backpropagation on the network of the notes"
CAPTION = (
    "Every value, every gradient and every local Jacobian of one forward and one reverse sweep. Solid lines carry "
    "values forward, dashed lines carry gradients back; each dashed line says by which Jacobian, and what it adds."
)


def notes_run(seed: int = 0) -> Run:
    """The notes' 2-4-4-4 network on one sample, with random weights.

    >>> notes_run().z[3].shape
    (4, 1)
    """
    return mg.Network(SIZES, rng=seed).forward(X, Y)


def report(run: Run) -> str:
    """What the demo says about a run of one sample through four layers.

    >>> print(report(notes_run()).splitlines()[0])
    Backpropagation on the network of the notes
    """
    parts = (_forward, _output_layer, _jacobians, _sum_over_contributions, _deltas, _theta_gradients)
    return "\n".join([title(TITLE), *(line for part in parts for line in part(run))])


def _forward(run: Run) -> Iterator[str]:
    yield heading("1  Forward")
    yield paragraph(
        f"A network of {'-'.join(map(str, SIZES))} sigmoid units, one sample, random weights. Each layer takes the "
        "activations of the layer below with a bias unit 1 on top, and computes (notes, N3 and N4):"
    )
    yield formula("zˡ⁺¹ = Θˡ [1; aˡ]      aˡ⁺¹ = g(zˡ⁺¹)")
    rows = [["", "unit 1", "unit 2", "unit 3", "unit 4"], ["a¹ = x", *numbers(run.a[1].value)]]
    for layer in run.z:
        rows += [[_named("z", layer), *numbers(run.z[layer].value)], [_named("a", layer), *numbers(run.a[layer].value)]]
    yield table([*rows, ["y, wanted", *numbers(run.Y)]])
    yield f"\n  cost J = {run.J.value:.6f}"


def _output_layer(run: Run) -> Iterator[str]:
    last = max(run.a)
    a, y = run.a[last].value[:, 0], run.Y[:, 0]
    slope = np.diagonal(run.a[last].jacobians[0].matrix())
    by_a = run.J.jacobians[0].matrix()[0]
    rows = [["k", "∂J/∂a⁴ₖ", "g′(z⁴ₖ)", "product", "a⁴ₖ − yₖ", "δ⁴ₖ of the sweep"]]
    for k, delta in enumerate(run.deltas()[last][:, 0]):
        rows.append([str(k + 1), *numbers([by_a[k], slope[k], by_a[k] * slope[k], a[k] - y[k], delta])])
    yield heading("2  The output layer: two factors that cancel")
    yield paragraph("The chain rule gives δ⁴ₖ = ∂J/∂z⁴ₖ as a product of two factors, in which a(1 − a) cancels (N2):")
    yield formula("δ⁴ₖ = ∂J/∂a⁴ₖ · g′(z⁴ₖ) = (a⁴ₖ − yₖ) / (a⁴ₖ (1 − a⁴ₖ)) · a⁴ₖ (1 − a⁴ₖ) = a⁴ₖ − yₖ")
    yield table(rows)
    yield "\n" + paragraph(
        "The sweep does not multiply the two, which would fail where a is 0 or 1 to the last digit: it knows J as a "
        "function of z⁴, and takes a⁴ − y at once."
    )


def _jacobians(run: Run) -> Iterator[str]:
    with_bias, z, a = run.z[4].inputs[1], run.z[4], run.a[4]
    scatter, (by_theta, by_units), (by_z,), (by_a, _) = (
        with_bias.jacobians[0],
        z.jacobians,
        a.jacobians,
        run.J.jacobians,
    )
    yield heading("3  The local Jacobians of layer 4")
    yield paragraph(
        "Each node knows its derivative by each argument as a linear map with a structure; no matrix of zeros is "
        "stored. Transposed and applied one after the other, from the bottom to the top, they are the reverse sweep."
    )
    yield ""
    yield table(
        [
            ["node", "by", "local Jacobian", "filled with"],
            ["[1; a³]", "a³", str(scatter), "nothing: it puts a³ below the bias unit"],
            ["z⁴ = Θ³ [1; a³]", "Θ³", str(by_theta), "B = [1; a³]"],
            ["", "[1; a³]", str(by_units), "A = Θ³"],
            ["a⁴ = g(z⁴)", "z⁴", str(by_z), "d = g′(z⁴) = a⁴(1 − a⁴)"],
            ["J", "a⁴", str(by_a), "c = (a⁴ − y)/(a⁴(1 − a⁴)), s = 1/m"],
        ],
        left=4,
    )
    yield "\n" + paragraph("∂a⁴/∂z⁴ in full: each unit of a⁴ feels its own z⁴ and no other (N8).") + "\n"
    yield table([["", *numbers(row)] for row in by_z.matrix()])


def _sum_over_contributions(run: Run) -> Iterator[str]:
    i = UNIT - 1
    delta, theta = run.deltas(), run.theta[3].value
    slope = np.diagonal(run.a[3].jacobians[0].matrix())[i]
    terms = mg.contributions(run.J, run.z[3], entry=(i, 0), via=run.z[4])[:, 0]
    rows = [["j", f"δ⁴ⱼ · θ³ⱼ{_low(UNIT)} · g′(z³{_low(UNIT)})", "by the formula", "by the graph"]]
    for j, term in enumerate(terms):
        factors = f"{number(delta[4][j, 0]):>9} · {number(theta[j, UNIT]):>9} · {number(slope):>8}"
        rows.append([str(j + 1), factors, number(delta[4][j, 0] * theta[j, UNIT] * slope), number(term)])
    rows.append(["Σ", "", number(slope * (theta[:, UNIT] @ delta[4][:, 0])), number(terms.sum())])
    yield heading(f"4  A sum over contributions: δ³{_low(UNIT)}")
    yield paragraph(f"Unit {UNIT} of layer 3 feeds every unit of layer 4, so its δ has a term for each (N5, N6):")
    yield formula("∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ      with ∂z⁴ⱼ/∂z³ᵢ = θ³ⱼᵢ g′(z³ᵢ)")
    yield table(rows, left=2)
    yield "\n" + paragraph(
        "On the right the same terms, asked of the graph: mg.contributions(J, z³, entry=(i, sample), via=z⁴). "
        f"The sweep's own δ³{_low(UNIT)} is {number(delta[3][i, 0])}."
    )


def _deltas(run: Run) -> Iterator[str]:
    yield heading("5  δ of every layer")
    yield paragraph(
        "g′(z³ᵢ) is the same in all four terms. Taken out of the sum, it leaves row i of a transposed matrix times the "
        "column δ⁴ (N7), and so for all units at once a matrix product, and for every hidden layer the same one (N9):"
    )
    yield formula("δ³ = diag(g′(z³)) [Θ³_w]ᵀ δ⁴", "δ² = diag(g′(z²)) [Θ²_w]ᵀ δ³")
    swept, by_formula = run.deltas(), run.closed_form().deltas
    rows = [["", "", "unit 1", "unit 2", "unit 3", "unit 4"]]
    for layer in sorted(swept, reverse=True):
        rows.append([_named("δ", layer), "sweep", *numbers(swept[layer])])
        rows.append(["", "formula", *numbers(by_formula[layer])])
    yield table(rows, left=2)
    yield "\n" + _differences(swept, by_formula, "δ")
    yield "\n" + paragraph("The formulas were evaluated in plain NumPy, from Θ, x and y, apart from the graph.")


def _theta_gradients(run: Run) -> Iterator[str]:
    swept, by_formula = run.theta_gradients(), run.closed_form().theta_gradients
    with_bias, delta = run.z[4].inputs[1].value[:, 0], run.deltas()[4][:, 0]
    yield heading("6  ∂J/∂Θ: a column times a row")
    yield paragraph("The weight θ³ⱼᵢ enters J through z⁴ⱼ alone, as a factor of a³ᵢ, or of 1 for a bias (N10):")
    yield formula("∂J/∂θ³ⱼᵢ = δ⁴ⱼ a³ᵢ      ∂J/∂Θ³ = δ⁴ [1; a³]ᵀ")
    yield paragraph(
        "The sweep's ∂J/∂Θ³, with δ⁴ to its left and [1; a³] above it. Every entry is the product of its margins."
    )
    yield ""
    yield table(
        [
            ["", "│", *numbers(with_bias)],
            ["─" * 9, "┼", *["─" * 9] * 5],
            *[[f"{number(delta[j]):>9}", "│", *numbers(row)] for j, row in enumerate(swept[3])],
        ],
        left=2,
        gap=2,
    )
    yield "\n" + _differences(swept, by_formula, "∂J/∂Θ")


def _differences(swept: Mapping[int, Array], by_formula: Mapping[int, Array], letter: str) -> str:
    """The largest difference between sweep and formula, a layer at a time."""
    found = {layer: np.max(np.abs(swept[layer] - by_formula[layer])) for layer in sorted(swept, reverse=True)}
    each = ",  ".join(f"{_named(letter, layer)} {difference:.1e}" for layer, difference in found.items())
    scale = max(np.max(np.abs(array)) for array in by_formula.values())
    verdict = "equal to rounding" if max(found.values()) <= 1e-12 * scale else "NOT EQUAL: one of the two is wrong"
    return f"  largest difference:  {each};  {verdict}"


def _named(letter: str, layer: int) -> str:
    return letter + str(layer).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _low(unit: int) -> str:
    return str(unit).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def write_pictures(run: Run, folder: Path, text: str = "") -> list[Path]:
    """The graph with its gradients as network.dot, network.svg and network.html in a folder, made if need be.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_pictures(notes_run(), Path(folder))]
    ['network.dot', 'network.svg', 'network.html']
    """
    run.J.backward()
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [viz.render(run, folder / f"network.{suffix}") for suffix in ("dot", "svg")]
    in_browser = folder / "network.html"
    in_browser.write_text(page(TITLE, CAPTION, drawn[-1].read_text(encoding="utf-8"), text), encoding="utf-8")
    return [*drawn, in_browser]


def show(output: Path, seed: int = 0) -> None:
    """Print the report and write the pictures.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     show(Path(folder))
    Backpropagation on the network of the notes
    ...
    """
    run = notes_run(seed)
    text = report(run)
    print(text)
    written = write_pictures(run, output, text)
    print(heading("7  The picture"))
    print(
        paragraph("The same graph, with every value, gradient, Jacobian and contribution. Open the page in a browser.")
    )
    print()
    print(table([[str(path)] for path in written]), flush=True)
