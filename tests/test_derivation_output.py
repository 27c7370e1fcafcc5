"""Facts about how derivations are put down in text, LaTeX and MathML: that they say what the expression says."""

import re
import shutil
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise

import derivation_formulas as formulas
import numpy as np
import pytest
from derivation_sample import (
    HALF,
    I0,
    J_,
    LOSS,
    ONES,
    I,
    J,
    K,
    S,
    a,
    delta,
    exponential,
    g,
    h,
    logarithm,
    m,
    minus,
    sample_document,
    slope,
    theta,
    y,
    z,
)
from hypothesis import assume, given
from test_viz_names import HOSTILE

from minigrad.derivation import latex, mathml, page, text
from minigrad.derivation.evaluation import value
from minigrad.derivation.expressions import (
    Call,
    Delta,
    Diag,
    Entry,
    Filled,
    Function,
    MatMul,
    Name,
    Named,
    Number,
    Over,
    Padded,
    Partial,
    Plus,
    Power,
    Sum,
    Symbol,
    Table,
    Times,
    Transpose,
    Within,
    WithoutBias,
)
from minigrad.derivation.indices import Index, Shifted
from minigrad.derivation.letters import visible, width
from minigrad.derivation.steps import TEXTBOOK, Described, Document, Section, Step

x, w = Named(Name("x"), 1.5), Named(Name("w"), 2.5)
zi, zj, weight = Entry(z[3], (I,)), Entry(z[4], (J_,)), Entry(theta[3], (J_, I))
slope_i = Call(slope, (zi,))
row = Entry(MatMul(Transpose(WithoutBias(theta[3])), delta[4]), (I,))
A = Symbol(Name("A"), Name("a"), 50, "value", (4, 4), (4, 4), (1, 1))
A1 = replace(A, sample=S)
W1 = Symbol(Name("W", below="1"), Name("W", below="1"), 51, "value", (4, 4), (4, 4), (1, 1))
greater = Function(">", np.greater, form="infix")


def call(name, *arguments, **kind):
    return Call(Function(name, np.abs, **kind), arguments)


LINES = [
    # symbols, entries, indices
    (z[3], "z³", "z^{(3)}"),
    (zi, "z³ᵢ", "z^{(3)}_{i}"),
    (weight, "θ³ⱼᵢ", r"\theta^{(3)}_{ji}"),
    (Entry(theta[3], (2, 3)), "θ³₂₃", r"\theta^{(3)}_{23}"),
    (Entry(theta[3], (12, 3)), "θ³[12, 3]", r"\theta^{(3)}_{12,\,3}"),
    (Entry(z[3], (12,)), "z³₁₂", r"z^{(3)}_{12}"),
    (Entry(W1, (2, 3)), "W₁[2, 3]", r"W_{1}[2,\,3]"),
    (Entry(W1, (I, 3)), "W₁[i, 3]", r"W_{1}[i,\,3]"),
    (Entry(a[3], (Shifted(I, 1),)), "a³ᵢ₊₁", "a^{(3)}_{i+1}"),
    (Entry(A, (Shifted(I, -1), J_)), "a[i−1, j]", r"a_{i-1,\,j}"),
    (Entry(a[3], (Index("i′", 0, 4),)), "a³ᵢ′", "a^{(3)}_{i'}"),
    (Named(Name("x", above="out"), 1.0), "xᵒᵘᵗ", r"x^{(\text{out})}"),
    (Named(Name("x", above="q"), 1.0), "x^(q)", "x^{(q)}"),
    (Named(Name("x", bar=True), 1.0), "x̄", r"\overline{x}"),
    (Named(Name("loss"), 1.0), "loss", r"\mathit{loss}"),
    (Named(Name("[1; a³]"), 1.0), "[1; a³]", r"\text{[1; a\ensuremath{{}^{3}}]}"),
    (Named(Name("layer 2/z"), 1.0), "‹layer 2/z›", r"\text{layer 2/z}"),
    (WithoutBias(theta[3]), "Θ³_w", r"\Theta^{(3)}_{w}"),
    (WithoutBias(W1), "W_1,w", "W_{1,w}"),
    # numbers
    (Number(-3), "−3", "-3"),
    (HALF, "1/2", r"\frac{1}{2}"),
    (Number(Fraction(-1, 2)), "−1/2", r"-\frac{1}{2}"),
    (Number(2.0), "2", "2"),
    (Number(1.5e-7), "1.5×10⁻⁷", r"1.5 \times 10^{-7}"),
    (Number(float("inf")), "∞", r"\infty"),
    (ONES, "𝟏", r"\mathbf{1}"),
    (Filled(0, (4, 1)), "𝟎", r"\mathbf{0}"),
    # signs
    (minus(x, w), "x − w", "x-w"),
    (minus(x, Plus((w, Number(1)))), "x − (w + 1)", "x-(w+1)"),
    (Plus((x, Number(-2))), "x − 2", "x-2"),
    (Plus((x, Times((Number(-2), w)))), "x − 2 w", r"x-2\, w"),
    (Plus((x, Over(Number(-1), w))), "x − 1/w", r"x-\frac{1}{w}"),
    (Times((x, Number(-2))), "x · (−2)", r"x \cdot (-2)"),
    (Times((Number(-1), Plus((x, w)))), "−(x + w)", "-(x+w)"),
    (Times((Number(-1), Number(-2))), "−(−2)", "-(-2)"),
    (Times((Number(0.5), Number(-0.25))), "0.5 · (−0.25)", r"0.5 \cdot (-0.25)"),
    # products and quotients
    (Times((x, minus(Number(1), x))), "x (1 − x)", r"x\, (1-x)"),
    (Times((Number(2), Number(3))), "2 · 3", r"2 \cdot 3"),
    (Times((Number(2), x)), "2 x", r"2\, x"),
    (Times((weight, slope_i)), "θ³ⱼᵢ g′(z³ᵢ)", r"\theta^{(3)}_{ji}\, g'(z^{(3)}_{i})"),
    (Over(minus(x, w), Times((x, minus(Number(1), x)))), "(x − w)/(x (1 − x))", r"\frac{x-w}{x\, (1-x)}"),
    (Times((Over(minus(x, w), x), w)), "(x − w)/x · w", r"\frac{x-w}{x} \cdot w"),
    (Over(Over(x, w), w), "(x/w)/w", r"\frac{\frac{x}{w}}{w}"),
    (Times((Over(x, w), Over(w, x))), "(x/w) (w/x)", r"\frac{x}{w}\, \frac{w}{x}"),
    (Times((h, z[3])), "a⁴ ⊙ z³", r"a^{(4)} \odot z^{(3)}"),
    (Times((h, Number(2), z[3])), "2 a⁴ ⊙ z³", r"2\, a^{(4)} \odot z^{(3)}"),
    (Times((h, MatMul(A, z[3]))), "a⁴ ⊙ (A z³)", r"a^{(4)} \odot (A\, z^{(3)})"),
    (Times((Over(Number(1), m), MatMul(A, z[3]))), "(1/m) A z³", r"\frac{1}{m}\, A\, z^{(3)}"),
    (MatMul(Plus((A, A)), z[3]), "(A + A) z³", r"(A+A)\, z^{(3)}"),
    (MatMul(delta[4], Transpose(a[3])), "δ⁴ [a³]ᵀ", r"\delta^{(4)}\, [a^{(3)}]^{\mathsf T}"),
    (MatMul(Transpose(A), z[3]), "Aᵀ z³", r"A^{\mathsf T}\, z^{(3)}"),
    (Transpose(MatMul(A, A)), "[A A]ᵀ", r"[A\, A]^{\mathsf T}"),
    (Times((Named(Name("loss"), 1.0), x)), "loss · x", r"\mathit{loss} \cdot x"),
    # powers
    (Power(x, Number(2)), "x²", "x^{2}"),
    (Power(weight, Number(2)), "(θ³ⱼᵢ)²", r"(\theta^{(3)}_{ji})^{2}"),
    (Power(Number(-2), Number(2)), "(−2)²", "(-2)^{2}"),
    (Power(Power(x, Number(2)), Number(-1)), "(x²)⁻¹", "(x^{2})^{-1}"),
    (Power(x, Plus((w, Number(1)))), "x^(w + 1)", "x^{w+1}"),
    (Power(Over(x, w), Number(2)), "(x/w)²", r"\Bigl(\frac{x}{w}\Bigr)^{2}"),
    # sums
    (Sum(J_, zj), "Σⱼ z⁴ⱼ", r"\sum_{j=1}^{4} z^{(4)}_{j}"),
    (Sum(I0, Entry(a[3], (I0,))), "Σᵢ₌₀⁴ a³ᵢ", r"\sum_{i=0}^{4} a^{(3)}_{i}"),
    (Sum(Index("q", 0, 3), x), "Σ[q = 0…3] x", r"\sum_{q=0}^{3} x"),
    (Sum(J_, Plus((zj, x))), "Σⱼ (z⁴ⱼ + x)", r"\sum_{j=1}^{4} (z^{(4)}_{j}+x)"),
    (Sum(J_, Times((Number(-1), zj))), "Σⱼ (−z⁴ⱼ)", r"\sum_{j=1}^{4} (-z^{(4)}_{j})"),
    (Times((x, Sum(J_, zj))), "x Σⱼ z⁴ⱼ", r"x\, \sum_{j=1}^{4} z^{(4)}_{j}"),
    (Times((Sum(J_, zj), x)), "( Σⱼ z⁴ⱼ ) · x", r"\Bigl(\sum_{j=1}^{4} z^{(4)}_{j}\Bigr) \cdot x"),
    (Times((Times((x, Sum(J_, zj))), w)), "(x Σⱼ z⁴ⱼ) · w", r"\Bigl(x\, \sum_{j=1}^{4} z^{(4)}_{j}\Bigr) \cdot w"),
    (Plus((Sum(J_, zj), w)), "Σⱼ z⁴ⱼ + w", r"\sum_{j=1}^{4} z^{(4)}_{j}+w"),
    # the sample is written where a Σ runs over it
    (Sum(S, delta[4]), "Σₛ δ⁴(s)", r"\sum_{s=1}^{5} \delta^{(4)}(s)"),
    (Sum(S, Transpose(A1)), "Σₛ [A(s)]ᵀ", r"\sum_{s=1}^{5} [A(s)]^{\mathsf T}"),
    (Sum(S, Entry(y, (K,))), "Σₛ yₖ(s)", r"\sum_{s=1}^{5} y_{k}(s)"),
    (Sum(S, Transpose(a[3])), "Σₛ [a³(s)]ᵀ", r"\sum_{s=1}^{5} [a^{(3)}(s)]^{\mathsf T}"),
    # derivatives
    (Partial(LOSS, zi), "∂J/∂z³ᵢ", r"\frac{\partial J}{\partial z^{(3)}_{i}}"),
    (Partial(J, theta[3]), "∂J/∂Θ³", r"\frac{\partial J}{\partial \Theta^{(3)}}"),
    (Power(Partial(J, x), Number(2)), "(∂J/∂x)²", r"\Bigl(\frac{\partial J}{\partial x}\Bigr)^{2}"),
    (Over(Partial(J, x), w), "(∂J/∂x)/w", r"\frac{\frac{\partial J}{\partial x}}{w}"),
    (
        Sum(J_, Times((Partial(LOSS, zj), Partial(zj, zi)))),
        "Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ",
        r"\sum_{j=1}^{4} \frac{\partial J}{\partial z^{(4)}_{j}} \cdot "
        r"\frac{\partial z^{(4)}_{j}}{\partial z^{(3)}_{i}}",
    ),
    # functions
    (Call(logarithm, (minus(Number(1), x),)), "log(1 − x)", r"\log(1-x)"),
    (Call(exponential, (Times((Number(-1), x)),)), "exp(−x)", "e^{-x}"),
    (Call(exponential, (Over(x, w),)), "exp(x/w)", r"\exp\Bigl(\frac{x}{w}\Bigr)"),
    (slope_i, "g′(z³ᵢ)", "g'(z^{(3)}_{i})"),
    (Power(Call(g, (x,)), Number(2)), "g(x)²", "g(x)^{2}"),
    (call("log_softmax", x, w), "log_softmax(x, w)", r"\text{log\_softmax}(x,\, w)"),
    (call("abs", minus(x, w), form="absolute"), "|x − w|", r"\lvert x-w\rvert "),
    (
        call("abs", minus(x, call("abs", w, form="absolute")), form="absolute"),
        "abs(x − |w|)",
        r"\operatorname{abs}(x-\lvert w\rvert )",
    ),
    (call("sqrt", x, form="root"), "√x", r"\sqrt{x}"),
    (call("sqrt", minus(x, w), form="root"), "√(x − w)", r"\sqrt{x-w}"),
    (Call(greater, (x, Number(0))), "[x > 0]", "[x > 0]"),
    (Diag(Call(slope, (z[3],))), "diag(g′(z³))", r"\operatorname{diag}(g'(z^{(3)}))"),
    # brackets
    (Delta(Index("i′", 0, 4), I), "[i′ = i]", "[i' = i]"),
    (Within(I0, 1, 4), "[i ≥ 1]", r"[i \ge 1]"),
    (Within(I0, 0, 3), "[i ≤ 3]", r"[i \le 3]"),
    (Within(Shifted(I, 1), 3, 4), "[3 ≤ i + 1 ≤ 4]", r"[3 \le i+1 \le 4]"),
    (Padded(WithoutBias(theta[3])), "[0 Θ³_w]", r"[0\;\; \Theta^{(3)}_{w}]"),
    (Table(((0.5, None), (-1.0, 2.0)), (4, 4)), "[0.5  …; −1  2]", None),
    # entries of compounds
    (
        row,
        "row i of [Θ³_w]ᵀ times δ⁴",
        r"\text{row }i\text{ of }[\Theta^{(3)}_{w}]^{\mathsf T}\text{ times }\delta^{(4)}",
    ),
    (Times((row, slope_i)), "( row i of [Θ³_w]ᵀ times δ⁴ ) · g′(z³ᵢ)", None),
    (Entry(Plus((z[3], z[3])), (I,)), "(z³ + z³)ᵢ", "(z^{(3)}+z^{(3)})_{i}"),
    (Entry(MatMul(A, A), (J_, I)), "(A A)ⱼᵢ", r"(A\, A)_{ji}"),
]


@pytest.mark.parametrize(("expression", "expected"), [line[:2] for line in LINES], ids=range(len(LINES)))
def test_text_reads_as_on_a_board(expression, expected):
    assert text.formula(expression) == expected


@pytest.mark.parametrize(("expression", "expected"), [(e, t) for e, _, t in LINES if t is not None])
def test_latex_is_what_one_would_type(expression, expected):
    assert latex.formula(expression) == expected


def test_a_symbol_of_one_sample_is_written_without_it():
    """Only a Σ over the sample tells one sample from another."""
    assert text.formula(Sum(K, Entry(y, (K,)))) == "Σₖ yₖ"


# What is written has the value of the tree ----------------------------------------------------------------------------


@pytest.mark.parametrize("notation", formulas.READ)
@given(tree=formulas.numbers())
def test_parentheses_keep_the_value_of_a_number(notation, tree):
    """An independent reader, which knows the rules of algebra only, reads the line and finds the tree's value."""
    expected = float(value(tree, formulas.HERE).data)
    assume(np.isfinite(expected) and abs(expected) < 1e6)
    found = formulas.READ[notation](tree)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-6)


@pytest.mark.parametrize("notation", formulas.READ)
@given(tree=formulas.arrays())
def test_parentheses_keep_the_value_of_an_array(notation, tree):
    """The same with matrix products, ⊙ and transposes: what multiplies what, and how."""
    expected = value(tree, formulas.HERE).data
    assume(np.max(np.abs(expected)) < 1e6)
    found = formulas.READ[notation](tree)
    np.testing.assert_allclose(found, np.broadcast_to(expected, (2, 2)), rtol=1e-7, atol=1e-6)


def test_the_reader_is_not_lenient():
    """It refuses a quotient beside a factor: a/b c is read in two ways; and a Σ takes all that follows."""
    with pytest.raises(formulas.AmbiguousError):
        formulas.read("x/y x")
    assert formulas.read("Σᵢ 2 · 3") == formulas.read("Σᵢ (2 · 3)") == 4 * 6


# The document in text -------------------------------------------------------------------------------------------------

DESIGN = """\
    ∂J/∂z³ᵢ = Σⱼ ∂J/∂z⁴ⱼ · ∂z⁴ⱼ/∂z³ᵢ                        [chain rule: z³ᵢ feeds z⁴₁ … z⁴₄]
            = Σⱼ δ⁴ⱼ · θ³ⱼᵢ g′(z³ᵢ)                         [only the term with i′ = i depends on
                                                             z³ᵢ]
            = ( Σⱼ θ³ⱼᵢ δ⁴ⱼ ) · g′(z³ᵢ)                     [g′(z³ᵢ) does not depend on j]
            = ( row i of [Θ³_w]ᵀ times δ⁴ ) · g′(z³ᵢ)
    δ³      = diag(g′(z³)) [Θ³_w]ᵀ δ⁴                       [(4×4)(4×4)(4×1) = 4×1]
"""


def document_with(*names: str, reason=()) -> Document:
    """Names everywhere where a name may stand."""
    rows, steps = [], []
    for k, name in enumerate(names):
        symbol = Symbol(Name(name), Name(name), 60, "value", (4, 4), (4, 4), (1, 1))
        raised = Named(Name("u", above=name[:20] or "3", below=name[:20]), 1.0)
        rows.append(Described(symbol, name, (name, symbol)))
        right = Times(
            (
                Entry(symbol, (I, J_)),
                call(name, raised),
                call(name, x, w, form="infix"),
                Sum(Index(name[:8] or "i", 1, 4), x),
            )
        )
        steps.append(
            Step(f"{k} {name}", Entry(symbol, (I, J_)), right, name, (name, symbol, *reason), TEXTBOOK, 0, shapes=name)
        )
    section = Section("names", (*names[:1],), (), tuple(rows), tuple(steps))
    return Document(names[:1], (section,), (names[-1:],))


def test_delta_3_reads_as_the_design_says():
    lines = text.text(sample_document()).splitlines()
    every_step = {"a product is linear", "an elementwise function"}
    start = lines.index("δ³: layer 3") + 2
    kept = [line for line in lines[start : start + 12] if not any(words in line for words in every_step)]
    kept = [line for line in kept if "[i′ = i]" not in line]
    assert "\n".join(kept).startswith(DESIGN)


def test_no_line_is_wider_than_100_columns():
    lines = text.text(sample_document()).splitlines()
    assert max(map(width, lines)) > 90
    assert [line for line in lines if width(line) > 100] == []


def test_signs_of_equality_stand_below_each_other():
    """In one section, whatever the lengths of the left sides."""
    lines = text.text(sample_document()).split("\n\n")[4].splitlines()[2:]
    places = {width(line[: line.index(" = ")]) for line in lines if line[:16].count(" = ")}
    assert lines[0].startswith("    ∂J/∂z³ᵢ = ")
    assert places == {11}


def test_reasons_begin_in_their_own_column():
    lines = text.text(sample_document()).splitlines()
    begins = [line for line in lines if " [" in line and line.endswith("]") and "  [" in line]
    assert len(begins) > 10
    assert {width(line[: line.rindex("  [") + 2]) for line in begins if "=  [" not in line} == {60}


def test_a_long_equation_is_broken_before_its_outermost_signs():
    terms = Plus(tuple([Times((x, Plus((w, Number(n))))) for n in range(1, 20)]))
    step = Step("1", x, terms, "", ("why",), TEXTBOOK, 0)
    lines = text.text(Document(("t",), (Section("s", ("s",), steps=(step,)),))).splitlines()[-5:]
    equation = [line for line in lines if "x (w" in line]
    assert len(equation) > 2
    assert all(line.startswith(" " * 8 + "+ x (w + ") for line in equation[1:])
    assert lines[-1].split("[")[-1] == "why]"


def test_numbers_stand_below_the_formula():
    lines = text.text(sample_document()).splitlines()
    after = {line.strip(): below.strip() for line, below in pairwise(lines)}
    assert "    δ⁴₂     = 0.7311 − 1 = −0.2689" in lines
    assert (
        after["δ³₁     = (0.1235 · (−0.2689) − 1.5 · 0.3123 + 0.25 · 0.5 + 0.4071 · 1.25×10⁻⁷) · 0.1966"] == "= −0.0734"
    )


def test_what_goes_on_after_numbers_says_again_what_it_is_about():
    """Else "= g′(z³) ⊙ …" would stand below, and be read as equal to, the number of one entry."""
    lines = [line.strip() for line in text.text(sample_document()).splitlines()]
    assert lines[lines.index("= −0.0734") + 1].startswith("δ³      = g′(z³) ⊙ ([Θ³_w]ᵀ δ⁴)")


def test_a_definition_has_its_own_sign_and_a_condition_its_if():
    lines = text.text(sample_document())
    assert "z²  ≔ Θ¹ a¹ " in lines
    assert "[the factors cancel; if a⁴ₖ ≠ 0," in lines


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_breaks_the_lines_of_text(name):
    """No control character, no line of its own, no line too wide."""
    written = text.text(document_with(name))
    assert {c for c in written if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")} == {"\n"}
    assert [line for line in written.splitlines() if width(line) > 100] == []


def test_a_name_that_looks_like_a_formula_is_quoted():
    """Else a name could state what the derivation does not: x = y, or a sum where there is one symbol."""
    product = Times((Number(2), Named(Name("p + q"), 1.0)))
    assert text.formula(product) == "2 · ‹p + q›"
    assert text.formula(Named(Name("a) = (b"), 1.0)) == "‹a) = (b›"


# LaTeX ----------------------------------------------------------------------------------------------------------------

KNOWN = """AE L O Bigl Bigr Delta Omega Sigma Theta allowdisplaybreaks begin begingroup cdot cdots char delta
displaystyle end endgroup ensuremath exp frac ge in lambda langle ldots le left linewidth log lvert makebox mathbf
mathbin mathit mathop mathrel mathsf neq noindent odot operatorname overline par parbox partial prime qquad raggedright
rangle right rlap rvert section small smallskip sqrt ss strut subsection sum text textasciicircum textasciitilde
textbackslash theta times to vert"""
COMMANDS = frozenset(KNOWN.split())


def check_latex(source: str) -> None:
    """What a reader of TeX checks: groups, environments and fences closed, in order, and known commands only."""
    tokens = re.findall(r"\\([a-zA-Z]+)|(\\.)|([{}$&%#])", source, flags=re.DOTALL)
    commands = {command for command, _, _ in tokens if command}
    assert commands <= COMMANDS
    assert commands & {"input", "write", "csname", "def", "catcode", "include"} == set()
    assert not any(sign in "%#" for _, _, sign in tokens if sign)
    depth, dollars, opened = 0, [], []
    for command, _, sign in tokens:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
        if sign == "$":  # a formula ends in the group that it began in
            if dollars and dollars[-1] == depth:
                dollars.pop()
            else:
                dollars.append(depth)
        if command in ("Bigl", "left", "begin", "begingroup"):
            opened.append(command)
        if command in ("Bigr", "right", "end", "endgroup"):
            closes = {"Bigr": "Bigl", "right": "left", "end": "begin", "endgroup": "begingroup"}
            assert opened.pop() == closes[command]
    assert (depth, dollars, opened) == (0, [], [])


def compiled(source: str, folder) -> tuple[str, int]:
    """pdflatex's log and the number of pages."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex program on PATH")
    (folder / "it.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "it.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-2000:]
    pages = re.search(r"Output written on it.pdf \((\d+) page", run.stdout)
    return run.stdout, int(pages[1])


def test_latex_is_well_formed():
    check_latex(latex.latex(sample_document()))


def test_the_check_of_latex_can_fail():
    for wrong in ("{", "}{", r"\left( \Bigr)", r"\input{x}", "$x", r"\begingroup", "50%", r"{$x}$"):
        with pytest.raises(AssertionError):
            check_latex(wrong)


def test_latex_compiles_to_three_pages_with_nothing_outside_the_margins(tmp_path):
    log, pages = compiled(latex.latex_document(sample_document()), tmp_path)
    assert "Overfull" not in log
    assert pages <= 3


def test_the_fragment_compiles_in_a_document_that_loads_amsmath_alone(tmp_path):
    preamble = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}"
    compiled(preamble + latex.latex(sample_document()) + r"\end{document}", tmp_path)


def test_a_long_formula_is_broken_to_fit_the_page(tmp_path):
    terms = [Times((Entry(theta[3], (J_, I)), Plus((Over(x, w), Number(n))))) for n in range(1, 30)]
    step = Step("1", x, Times((x, Plus(tuple(terms)))), "", ("why",), TEXTBOOK, 0)
    log, _ = compiled(latex.latex_document(Document(("t",), (Section("s", ("s",), steps=(step,)),))), tmp_path)
    assert "Overfull" not in log


@pytest.mark.parametrize("name", [*HOSTILE, r"\input{/etc/passwd}", "$", "^^5cinput", "x}\\end{document}", "ﬁ é ą ß Ω"])
def test_no_name_becomes_a_command_of_latex(name):
    check_latex(latex.latex(document_with(name)))


def test_latex_compiles_with_hostile_names(tmp_path):
    compiled(
        latex.latex_document(document_with(*HOSTILE, r"\input{x}", "$", "^^5cinput", "x}\\end{document}")), tmp_path
    )


# MathML and HTML ------------------------------------------------------------------------------------------------------

ELEMENTS = "math mfrac mi mn mo mover mrow mspace msqrt msub msubsup msup mtable mtd mtext mtr munderover"
MATHML = frozenset(ELEMENTS.split())
CHILDREN = {"msub": 2, "msup": 2, "mfrac": 2, "mover": 2, "msubsup": 3, "munderover": 3}
HTML = frozenset(["div", "footer", "h2", "h3", "p", "section", "span", "style", "table", "tbody", "td", "tr", "wbr"])
PREFIX = f"{{{mathml.NAMESPACE}}}"


def parsed(document: Document) -> ET.Element:
    return ET.fromstring(page.html(document))


def check_page(document: Document) -> ET.Element:
    """Known elements only, as many children as each must have, no script, no address but the namespace."""
    source = page.html(document)
    root = ET.fromstring(source)
    for element in root.iter():
        is_math = element.tag.startswith(PREFIX)
        name = element.tag.removeprefix(PREFIX)
        assert name in (MATHML if is_math else HTML), name
        assert len(element) == CHILDREN.get(name, len(element)), ET.tostring(element)
        assert not [key for key in element.attrib if key.startswith("on") or key in ("href", "src")]
    style = source[source.index("<style>") : source.index("</style>")]
    assert not re.search(r"url\(|@import|://", style)
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append(tag)

    Reader().feed(source)
    assert found == [element.tag.removeprefix(PREFIX) for element in root.iter()]  # HTML and XML read the same
    return root


def test_the_page_is_whole_in_itself():
    check_page(sample_document())


def test_every_step_of_the_page_can_be_linked_to():
    """By its id, with its node's place in the graph, and with its text for those who hear it."""
    bodies = {e.get("id"): e for e in parsed(sample_document()).iter("tbody") if e.get("id")}
    steps = list(sample_document().steps)
    assert list(bodies) == [f"step-{step.id}" for step in steps]
    assert [e.get("data-node") for e in bodies.values()] == [str(step.node) for step in steps]
    assert bodies["step-delta3.5"].get("aria-label") == "Σⱼ δ⁴ⱼ · θ³ⱼᵢ g′(z³ᵢ) = ( Σⱼ θ³ⱼᵢ δ⁴ⱼ ) · g′(z³ᵢ)"


def test_every_formula_of_the_page_has_its_text():
    root = parsed(sample_document())
    parts = {math for span in root.iter("span") for math in span}
    alone = [math for math in root.iter(f"{PREFIX}math") if math not in parts]
    assert alone
    assert [math for math in alone if not math.get("alttext")] == []
    assert "g′(z³ᵢ)" in {math.get("alttext") for math in alone}
    assert [span for span in root.iter("span") if not span.get("aria-label")] == []


def test_the_page_keeps_to_the_colours_and_the_paper_of_its_reader():
    source = page.html(sample_document())
    for query in ("prefers-color-scheme: dark", "max-width: 40rem", "print"):
        assert f"@media ({query})" in source or f"@media {query}" in source


@pytest.mark.parametrize("name", [*HOSTILE, "</math><script>x</script>", '" onload="x', "]]>", "<!--"])
def test_no_name_becomes_an_element_of_the_page(name):
    root = check_page(document_with(name))
    assert {c for c in "".join(root.itertext()) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")} <= {"\n"}
    shown = " ".join("".join(root.itertext()).split())
    assert " ".join(visible(name).split()) in shown


def test_a_mark_for_line_ends_is_left_in_no_output():
    for source in (text.text, latex.latex, page.html):
        assert not re.search("[\ue000-\uf8ff]", source(sample_document()))
