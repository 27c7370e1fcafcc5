"""Reading a graph for a derivation: the formula of an op is its value, the entries of a map are its matrix.

An expression is evaluated here at points of its own, and held to the op's forward and to the dense matrix of its local
Jacobian: at the values that it was read at, at others, and at 0 and 1, where guards and conventions are at work.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from map_examples import LINES
from op_examples import EXAMPLES

import minigrad as mg
from minigrad.derivation.algebra import cancelled, common_denominator, multiplied_out, number, over, plus, power, times
from minigrad.derivation.evaluation import Point, value
from minigrad.derivation.expressions import Call, Delta, Entry, Expression, Function, Name, Number, Sum, Symbol, Within
from minigrad.derivation.formulas import Reader, formula, is_elementwise
from minigrad.derivation.indices import Index, Shifted
from minigrad.derivation.map_forms import LONG, Ends, NoFormError, local_entry, map_entry
from minigrad.derivation.recognition import recognised
from minigrad.derivation.rules import collapsed, distributed, opened, pulled_out
from minigrad.derivation.structure import Structure
from minigrad.derivation.substitution import canonical, substituted
from minigrad.derivation.vocabulary import Vocabulary
from minigrad.graph import arguments_first
from minigrad.ops.base import AsType

LARGE = 400  # entries, beyond which a node is left out
SMALL = [line for line in EXAMPLES if sum(np.size(a) for a in line.draw(np.random.default_rng(0))) <= 30]


def of(lines):
    return pytest.mark.parametrize("line", lines, ids=str)


# --- points -----------------------------------------------------------------------------------------------------------


class Values(Point):
    """The graph of some nodes in double precision, at other values of its leaves."""

    def __init__(self, reader, leaves):
        self.reader, self.copies = reader, dict(leaves)

    def node(self, node):
        for each in arguments_first([node]):
            if each not in self.copies:
                self.copies[each] = self.copied(each)
        return self.copies[node]

    def copied(self, node):
        if node.op is None:
            return (mg.parameter if node.differentiable else mg.constant)(in_double(node.value))
        if isinstance(node.op, AsType) and node.op.dtype.kind == "f":
            return self.copies[node.inputs[0]].astype(np.float64)
        return node.op(*[self.copies[source] for source in node.inputs])

    def array(self, symbol):
        node = self.node(self.reader.vocabulary.nodes[symbol.key])
        if symbol.of.startswith("jacobian"):
            return np.reshape(matrix(node, int(symbol.of.split()[1])), symbol.rows_columns)
        return np.reshape(node.value * 1.0, symbol.rows_columns)

    def partial(self, partial, at):
        raise AssertionError("nothing that is read here is a derivative")

    def numbers(self, index):
        return np.arange(index.start, index.stop + 1)


def in_double(array):
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def arguments(node):
    """By which a node is differentiated."""
    return [k for k, source in enumerate(node.inputs) if source.differentiable] if node.differentiable else []


def matrix(node, k):
    with np.errstate(all="ignore"):
        return np.asarray(mg.local_jacobian(node, k).matrix(), np.float64)


def dense(e, point, places):
    """The values of an expression for all numbers of its indices, an axis for each place."""
    with np.errstate(all="ignore"):
        data, labels = value(e, point)
    free = [place for place in places if isinstance(place, Index)]
    assert set(labels) <= set(free)
    data = np.transpose(data, [labels.index(label) for label in free if label in labels])
    lengths = iter(data.shape)
    data = np.reshape(data, [next(lengths) if label in labels else 1 for label in free])
    return np.broadcast_to(data, [label.size for label in free]).ravel()


def is_equal(found, true, is_partly=False):
    """To 1e-9 of the larger norm (where an op itself rounds to float32: 1e-6); where both have a value, if in part."""
    in_single = getattr(true, "dtype", None) == np.float32
    true = np.ravel(np.asarray(true, np.float64))
    known = np.isfinite(true) & np.isfinite(found) if is_partly else np.isfinite(true)
    assert np.all(np.isfinite(found[known]))
    error = np.linalg.norm(found[known] - true[known])
    return error <= (1e-6 if in_single else 1e-9) * max(np.linalg.norm(true[known]), np.linalg.norm(found[known]), 1e-3)


def places(reader, node, letters):
    return tuple(
        [reader.vocabulary.index(letter, node, k) for k, letter in zip(range(node.ndim), letters, strict=False)]
    )


class Read:
    """An example line as a graph, with a reader and points."""

    def __init__(self, line, rng, everything_named):
        self.built, self.others = line.build(line.draw(rng)), line.draw(rng)
        self.order = arguments_first([self.built.node])
        named = set(self.order) if everything_named else {node for node in self.order if node.op is None}
        self.reader = Reader(Vocabulary(self.order, "standard"), named)

    def points(self) -> Iterator[Values]:
        yield Values(self.reader, {})
        floats = [
            (leaf, array)
            for leaf, array in zip(self.built.leaves, self.others, strict=True)
            if isinstance(leaf, mg.Node) and leaf.op is None and leaf.dtype.kind == "f"
        ]
        yield from self.at(floats)

    def edges(self) -> Iterator[Values]:
        """0 and 1 in the place of every parameter."""
        for x in (0.0, 1.0):
            yield from self.at(
                [(leaf, np.full(leaf.shape, x)) for leaf in self.order if leaf.differentiable and not leaf.op]
            )

    def at(self, floats):
        make = [mg.constant, mg.parameter]
        point = Values(
            self.reader, {leaf: make[leaf.differentiable](in_double(np.asarray(array))) for leaf, array in floats}
        )
        try:
            with np.errstate(all="ignore"):
                nodes = [point.node(node) for node in self.order]
                jacobians = [matrix(node, k) for node in nodes for k in arguments(node)]
        except (mg.MinigradError, np.linalg.LinAlgError, ValueError):
            return  # outside of what the function is defined for
        if not any(np.any(np.isnan(array)) for array in [*[node.value for node in nodes], *jacobians]):
            yield point


# --- the value of an op -----------------------------------------------------------------------------------------------


@of(EXAMPLES)
def test_the_formula_of_an_op_is_its_value(line, rng):
    """Entry by entry, with the arguments under their names."""
    read = Read(line, rng, everything_named=True)
    for node in read.order:
        if node.op is None or node.size > LARGE:
            continue
        out = places(read.reader, node, "abcdefgh")
        found = formula(node.op, read.reader, node, out)
        for point in read.points():
            if found is not None:
                assert is_equal(dense(found, point, out), point.node(node).value), node.op


@of(SMALL)
def test_a_formula_of_formulas_is_the_value(line, rng):
    """With names for the leaves only, down to these; indices that are summed inside one another stay apart."""
    read = Read(line, rng, everything_named=False)
    node = read.built.node
    if node.op is None or len(read.order) > 40:
        return
    out = places(read.reader, node, "abcdefgh")
    found = read.reader.formula(node, out)
    for point in read.points():
        assert is_equal(dense(found, point, out), point.node(node).value, is_partly=True)


# --- local Jacobians --------------------------------------------------------------------------------------------------


@of(EXAMPLES)
def test_the_entries_of_a_local_jacobian_are_its_matrix(line, rng):
    """Of every op by every argument; at 0 and 1, where an entry has a value at all."""
    read = Read(line, rng, everything_named=True)
    for node in read.order:
        for k in arguments(node):
            source = node.inputs[k]
            if node.size * source.size > LARGE:
                continue
            out, into = places(read.reader, node, "abcdefgh"), places(read.reader, source, "ABCDEFGH")
            found = local_entry(read.reader, node, k, out, into)
            for point in read.points():
                assert is_equal(dense(found, point, out + into), matrix(point.node(node), k)), (node.op, k)
            for point in read.edges():
                assert is_equal(dense(found, point, out + into), matrix(point.node(node), k), True), (node.op, k)


def whole_map(local):
    """The entry of a map at indices over all axes, and a point; its arrays, where it has any, are named nodes."""
    arrays = [mg.constant(np.asarray(e), name=f"M{k}") for k, e in enumerate(local.entries) if np.ndim(e)]
    reader = Reader(Vocabulary(arrays, "standard"), set(arrays))
    if len(arrays) == 1:
        local = with_node(local, arrays[0])
    out = tuple([1 if n == 1 else Index("abcdef"[k], 1, n) for k, n in enumerate(local.out_shape)])
    into = tuple([1 if n == 1 else Index("ABCDEF"[k], 1, n) for k, n in enumerate(local.in_shape)])
    starts = (1,) * len(out), (1,) * len(into)
    return map_entry(local, Ends(reader, out, into, *starts)), Values(reader, {}), out + into


def with_node(local, node):
    match type(local).__name__:
        case "Centre":
            return mg.Centre(node, local.axis)
        case "Select":
            return mg.Select(node, local.in_shape)
        case "Contract":
            return mg.Contract(local.subscripts, (node,), local.in_shape, local.out_shape)
        case "Diagonal" | "LeftMul" | "RightMul" | "Inner" | "Outer" | "Scale" | "Dense":
            return local.with_entry(node)
    return local


WITHOUT_A_FORM = {"Convolve", "Correlate", "Crossing", "Solve", "RunningSum", "Recurrence", "Dense"}


@pytest.mark.parametrize("line", LINES, ids=str)
def test_the_entry_of_a_linear_map_is_its_matrix(line):
    """Where there is a form for it."""
    try:
        found, point, ends = whole_map(line.map)
    except NoFormError:
        assert type(line.map).__name__ in WITHOUT_A_FORM | {"Gather", "Scatter", "Reshape"}
        return
    assert is_equal(dense(found, point, ends), line.map.matrix())


@pytest.mark.parametrize("name", ["Gather", "Scatter", "Reshape"])
def test_a_layout_without_a_form_is_one_that_no_offset_describes(name):
    """Fancy indices, steps of more than one, and entries that change rows: none else stands by D."""
    fallen = []
    for line in [line for line in LINES if type(line.map).__name__ == name]:
        try:
            whole_map(line.map)
        except NoFormError:
            fallen.append(getattr(line.map, "index", None))
    assert len(fallen) <= 3


COMPOSED = [
    (a.map, b.map)
    for a in LINES[::3]
    for b in LINES[::2]
    if a.map.in_shape == b.map.out_shape and not {type(a.map).__name__, type(b.map).__name__} & WITHOUT_A_FORM
]


def test_composed_and_added_maps_have_the_entries_of_their_products():
    """Σ_m over what lies between, collapsed where a Kronecker delta ties it."""
    count = 0
    for a, b in COMPOSED:
        for local in (mg.linear_maps.Compose((a, b)), a @ b, a @ b + a @ b):
            try:
                found, point, ends = whole_map(local)
            except NoFormError:
                continue
            count += 1
            assert is_equal(dense(found, point, ends), local.matrix()), f"{a} after {b}"
    assert count > 100


# --- what is read, and how --------------------------------------------------------------------------------------------


def read_slope(build, *shapes):
    """The entry of ∂node/∂first argument at equal places, all named x, y …, the node a."""
    nodes = [mg.parameter(np.full(shape, 0.5), name="xyz"[k]) for k, shape in enumerate(shapes)]
    node = build(*nodes)
    reader = Reader(Vocabulary(arguments_first([node]), "standard"), {*nodes, node})
    out, into = places(reader, node, "ij"), places(reader, nodes[0], "kl")
    return local_entry(reader, node, 0, out, into)


def parts(e, kind):
    return [inner for inner in e.walk() if isinstance(inner, kind)]


def test_a_guard_against_zero_is_not_written_and_a_where_of_ones_own_is():
    """xʸ by x is y xʸ⁻¹; but np.where(x == 0, 1, y) in the graph is what it says."""
    assert not [c for c in parts(read_slope(mg.power, 3, 3), Call) if c.function.name == "where"]
    x = mg.parameter([0.0, 2.0], name="x")
    y = np.where(x == 0, 1, x * x)
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x})
    assert [c.function.name for c in parts(reader.formula(y, places(reader, y, "i")), Call)] == ["where", "="]


class IfOneIsLargest(mg.Op):
    """Σ x² with a slope that asks how many entries are the largest: one, as nearly always."""

    def forward(self, x):
        return np.sum(x * x)

    def jacobian(self, argument, out, x):
        return mg.Inner(np.where(np.sum(x == np.max(x)) == 1, 0, 2 * x))


def test_a_where_that_asks_how_many_is_no_guard():
    """That a count is 1 is no exception, and what is said there is no convention."""
    x = mg.parameter([1.0, 2.0], name="x")
    y = IfOneIsLargest()(x)
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x, y})
    into = places(reader, x, "i")
    found = local_entry(reader, y, 0, (), into)
    assert is_equal(dense(found, Values(reader, {}), into), matrix(y, 0))


def test_an_entry_names_only_ops_of_what_the_graph_has():
    """∂Π/∂x is made of running products of slices: D prod(x), then. ∂(log|A|)/∂A is the inverse: that is read."""
    x, A = mg.parameter([1.0, 2.0], name="x"), mg.parameter([[2.0, 1.0], [1.0, 3.0]], name="A")
    y, z = np.prod(x), np.linalg.slogdet(A)[1].inputs[0]
    reader = Reader(Vocabulary(arguments_first([y, z]), "standard"), {x, y, A, z})
    product = local_entry(reader, y, 0, (), places(reader, x, "k"))
    assert product.array.name == Name("D prod(x)")
    determinant = local_entry(reader, z, 0, places(reader, z, "i"), places(reader, A, "kl"))
    assert [e.array.name for e in parts(determinant, Entry)] == [Name("inv(A)")]


def test_a_cost_of_labels_has_the_slope_of_the_notes():
    """(1 − y)/(1 − a) − y/a, without what keeps it from 0/0 at labels 0 and 1."""
    assert not parts(read_slope(lambda a: mg.cross_entropy(a, mg.constant([[0.0], [1.0]], name="y")), (2, 1)), Call)


@pytest.mark.parametrize("function", [np.arctan, np.arcsinh, partial(np.hypot, 1.0)])
def test_slopes_are_written_with_squares_and_roots(function):
    """1/(1 + x²), however carefully it is computed."""
    names = {c.function.name for c in parts(read_slope(function, 3), Call)}
    assert names <= {"sqrt"}


def test_no_entry_is_longer_than_a_line(rng):
    """What would be, is written by f′ or by D."""
    for line in SMALL[::5]:
        read = Read(line, rng, everything_named=True)
        for node in read.order:
            for k in arguments(node):
                if not hasattr(node.op, "weight_decay"):
                    ends = places(read.reader, node, "abcdefgh"), places(read.reader, node.inputs[k], "ABCDEFGH")
                    assert len(list(local_entry(read.reader, node, k, *ends).walk())) <= 2 * LONG, node.op


def test_functions_of_one_name_with_other_settings_or_bodies_are_told_apart():
    """Two expressions that are equal are merged: j₀(x) and j₁(x) must not be."""
    x = mg.parameter([1.0, 2.0], name="x")
    first = mg.custom(lambda argument, a, x: mg.Diagonal(2 * x))(lambda x: x * x)
    second = mg.custom(lambda argument, a, x: mg.Diagonal(3 * x * x))(lambda x: x * x * x)
    J = mg.sum(first(x) + second(x) + first(2 * x))
    reader = Reader(Vocabulary(arguments_first([J]), "standard"), {x})
    f, g, h = (c.function for c in parts(reader.formula(J, ()), Call))
    assert f == h
    assert f != g


def test_a_float32_graph_is_read_with_the_numbers_of_its_formulas_not_with_rounded_ones():
    """d/dx 2ˣ = 2ˣ log 2, with all digits of log 2."""
    x = mg.parameter(np.ones(2, np.float32), name="x")
    reader = Reader(Vocabulary([x], "standard"), {x})
    found = local_entry(reader, np.exp2(x), 0, places(reader, x, "i"), places(reader, x, "k"))
    assert np.log(2) in [n.value for n in parts(found, Number)]


def test_names_that_are_made_up_are_all_different_and_numbered_in_order():
    """x₁, x₂ for parameters, c₁ for data, v₁, v₂ for what is computed; no name that a node has."""
    x, y = mg.parameter([1.0]), mg.parameter([1.0], name="x1")
    structure = Structure(mg.sum(np.exp(x * mg.constant([2.0, 3.0])) * y), [x], "standard")
    vocabulary = structure.vocabulary
    assert len({vocabulary.name(node) for node in structure.order}) == len(structure.order)
    names = {vocabulary.name(node) for node in structure.named}
    assert names >= {Name("x", below="1"), Name("x", below="2"), Name("c", below="1"), Name("v", below="1")}


def test_what_only_a_mask_depends_on_is_no_part_of_a_derivation():
    """The sign of a determinant, a node that nothing differentiable is made of."""
    A = mg.parameter([[2.0, 1.0], [1.0, 3.0]], name="A")
    J = mg.sum(np.where(np.exp(A) > 2, 0, A))
    assert [node.kind for node in Structure(J, [A], "standard").within] == ["parameter", "where", "sum"]


def test_a_long_chain_of_constants_is_read_in_linear_time():
    """Whether a node varies is asked once for each node; and deep formulas are cut off, not a RecursionError."""
    x, c = mg.parameter([1.0, 2.0], name="x"), mg.constant(1.0)
    for _ in range(10_000):
        c = c * 1.0
    y = x * c
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x})
    assert reader.formula(y, places(reader, y, "i")) == reader.entry(x, places(reader, x, "i"))
    for _ in range(2_000):
        y = np.sin(y)
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x})
    assert len(list(reader.formula(y, places(reader, y, "i")).walk())) < 100
    assert len(reader.written(y)) < 60


# --- a user's ops -----------------------------------------------------------------------------------------------------


class Scaled(mg.Op):
    """A x, by a matrix of its own."""

    def __init__(self, A):
        self.A = A

    def forward(self, x):
        return self.A @ x

    def jacobian(self, argument, out, x):
        return mg.Dense(self.A, x.shape, out.shape)


class Doubling(mg.Op):
    """2 x, with a Jacobian of any structure that is true."""

    def __init__(self, make):
        self.make = make

    def forward(self, x):
        return 2 * x

    def jacobian(self, argument, out, x):
        return self.make(x)


JACOBIANS = {
    "Scale": lambda x: mg.Scale(2, x.shape),
    "Diagonal": lambda x: mg.Diagonal(2 * np.ones(x.shape), x.shape),
    "Diagonal of a number": lambda x: mg.Diagonal(np.array(2.0), x.shape),
    "LeftMul": lambda x: mg.LeftMul(2 * np.eye(x.shape[0]), x.shape, x.shape),
    "RightMul": lambda x: mg.RightMul(2 * np.eye(x.shape[1]), x.shape, x.shape),
    "Dense": lambda x: mg.Dense(2 * np.eye(6), x.shape, x.shape),
    "a sum": lambda x: mg.Identity(x.shape) + mg.Identity(x.shape),
    "a composition": lambda x: mg.Scale(2, x.shape) @ mg.Select(np.ones(x.shape, bool)),
}


@pytest.mark.parametrize("name", JACOBIANS)
def test_a_users_op_is_read_whatever_its_jacobian_is_made_of(name, rng):
    """f′ where that is diagonal, else its structure, else D."""
    x = mg.parameter(rng.normal(size=(2, 3)), name="x")
    y = Doubling(JACOBIANS[name])(x)
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x, y})
    out, into = places(reader, y, "ij"), places(reader, x, "kl")
    point = Values(reader, {})
    assert is_equal(dense(local_entry(reader, y, 0, out, into), point, out + into), 2 * np.eye(6))
    found = formula(y.op, reader, y, out)
    assert (found is not None) == (name in ("Scale", "Diagonal", "Diagonal of a number", "a composition"))


def test_a_users_matrix_is_read_by_d(rng):
    """Numbers without a name are not written out."""
    x = mg.parameter(rng.normal(size=3), name="x")
    y = Scaled(rng.normal(size=(2, 3)))(x)
    reader = Reader(Vocabulary(arguments_first([y]), "standard"), {x, y})
    out, into = places(reader, y, "i"), places(reader, x, "k")
    found = local_entry(reader, y, 0, out, into)
    assert isinstance(found, Entry)
    assert found.array.name == Name("D scaled(x)")
    assert is_equal(dense(found, Values(reader, {}), out + into), y.op.A)


def test_an_op_that_takes_its_argument_as_a_whole_is_not_elementwise_though_its_jacobian_is_diagonal():
    """x/max|x| with the maximum held fixed: f(x_i) would be 1."""
    op = mg.custom(lambda argument, out, x: mg.Diagonal(1 / np.max(np.abs(x)) * np.ones(x.shape)))(
        lambda x: x / np.max(np.abs(x))
    )
    assert not is_elementwise(op(mg.parameter([1.0, 2.0, 4.0])))
    assert is_elementwise(
        mg.custom(lambda argument, out, x: mg.Diagonal(3 * x * x))(lambda x: x**3)(mg.parameter([1.0, 2.0]))
    )


@pytest.mark.parametrize(
    ("function", "written"),
    [(np.linalg.svd, "svd₂(A)"), (np.linalg.slogdet, "slogdet₂(A)"), (np.linalg.eigh, "eigh₂(A)")],
)
def test_one_of_several_results_is_called_by_its_number(function, written):
    """The second of svd(A) is svd₂(A), not part(svd(A))."""
    A = mg.parameter([[2.0, 1.0], [1.0, 3.0]], name="A")
    part = function(A)[1]
    reader = Reader(Vocabulary(arguments_first([part]), "standard"), {A})
    assert reader.written(part) == written


# --- rewriting --------------------------------------------------------------------------------------------------------

I, J, K, L = (Index(letter, 1, n) for letter, n in zip("ijkl", (3, 4, 3, 4), strict=True))
ZERO_BASED = Index("q", 0, 3)


class Random(Point):
    """An array of random numbers for every symbol."""

    def __init__(self, rng):
        self.rng, self.arrays = rng, {}

    def array(self, symbol):
        if symbol.name not in self.arrays:
            self.arrays[symbol.name] = self.rng.uniform(0.5, 2, size=symbol.rows_columns)
        return self.arrays[symbol.name]

    def partial(self, partial, at):
        raise AssertionError

    def numbers(self, index):
        return np.arange(index.start, index.stop + 1)


def symbol(name, *indices):
    """An array whose axes these indices run over."""
    axes = tuple([index.size for index in indices])
    shape = (*axes, 1) if len(axes) == 1 else axes
    return Symbol(Name(name), Name(name.lower()), 0, "value", shape, axes, tuple([index.start for index in indices]))


def entry(name, *indices):
    return Entry(
        symbol(f"{name}{''.join(i.letter for i in indices)}"[0] + str([i.size for i in indices]), *indices), indices
    )


def leaf(rng, indices):
    """A number, a vector's or a matrix's entry, a delta, a bound."""
    i, j = (indices[k] for k in rng.integers(0, len(indices), 2))
    alike = [index for index in indices if index.size == i.size and index != i]
    match rng.integers(0, 8):
        case 0:
            return number(float(rng.choice([-1, 2, 3, 0.5])))
        case 1 | 2:
            return entry("uvw"[rng.integers(0, 3)], i)
        case 3 | 4 if i != j:
            return entry("AB"[rng.integers(0, 2)], i, j)
        case 5 | 6 if alike:
            return Delta(i, alike[0])
        case 7:
            return Within(Shifted(i, 1), i.start, i.stop)
    return entry("u", i)


def expression(rng, indices=(I, J, K, L), depth=0):
    """A random sum of products of entries, sums, quotients, functions; nothing is 0/0."""
    build = partial(expression, rng, indices, depth + 1)
    if depth > 2:
        return leaf(rng, indices)
    match rng.integers(0, 7):
        case 0 | 1:
            return times(*[build() for _ in range(rng.integers(2, 4))])
        case 2:
            return plus(*[build() for _ in range(2)])
        case 3 | 4:
            return Sum(indices[rng.integers(0, len(indices))], build())
        case 5:
            square = power(build(), Number(2))
            return over(build(), plus(Number(2), square)) if rng.integers(0, 2) else Call(TANH, (build(),))
    return leaf(rng, indices)


TANH = Function("tanh", np.tanh)
SEEDS = range(400)
ALL = (I, J, K, L)


@pytest.mark.parametrize(
    "rewrite", [collapsed, pulled_out, distributed, common_denominator, multiplied_out, cancelled, canonical]
)
def test_rewriting_keeps_the_value(rewrite):
    """Of random expressions, with sums inside sums over the same letters, deltas, bounds, quotients."""
    changed = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        e, point = expression(rng), Random(rng)
        new = rewrite(e)
        changed += new != e
        assert is_equal(dense(new, point, ALL), dense(e, point, ALL)), e
    assert changed > 10


def test_opened_products_of_sums_over_one_letter_stay_sums_of_their_own():
    """Σ_i a_i · Σ_i b_i is not Σ_i a_i b_i."""
    (term,) = opened(times(Sum(I, entry("u", I)), Sum(I, entry("v", I)), entry("w", I)))
    assert len({*term.indices, I}) == 3


def test_a_replaced_index_is_not_caught_by_a_sum():
    """Σ_i A_ij with i in the place of j sums over i′."""
    caught = Sum(I, entry("A", I, J))
    found = substituted(caught, {J: Shifted(I, 1)})
    assert found.free == {I}
    assert found.index.letter == "i′"
    assert substituted(caught, {I: 2}) == caught


FREE = [(I,), (I, J), (J, I), (J, L), ()]


def product_of_arrays(rng, free):
    """A sum over some indices of a product of entries, as chains of matrices give them."""
    pool = [I, J, K, L, ZERO_BASED]
    items: list[Expression] = []
    for _ in range(rng.integers(1, 5)):
        i, j = (pool[k] for k in rng.choice(len(pool), 2, replace=False))
        items.append(entry("AB"[rng.integers(0, 2)], i, j) if rng.integers(0, 3) else entry("u", i))
    product = times(*items, number(2.0))
    for index in sorted(product.free - {*free}, key=lambda index: index.letter):
        product = Sum(index, product)
    return product


def test_a_recognised_product_of_matrices_has_the_entries_it_was_made_of():
    """Rows and columns in the order of the free indices."""
    count = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        free = FREE[seed % len(FREE)]
        terms = [product_of_arrays(rng, free) for _ in range(rng.integers(1, 3))]
        e = plus(*terms) if seed % 3 else expression(rng, depth=1)
        if not e.free <= {*free}:
            continue
        found, point = recognised(e, free), Random(rng)
        if found is None:
            continue
        count += 1
        data = value(found, point).data
        shape = [index.size for index in free]
        whole = np.broadcast_to(data, shape + [1] * (data.ndim - len(free)))
        assert is_equal(np.ravel(whole), dense(e, point, free)), e
    assert count > 60


def test_numbers_are_written_as_one_would_write_them():
    """1/3 as a quotient; infinities and huge numbers as they are."""
    assert number(1 / 3) == over(Number(1), Number(3))
    assert number(1e300) == Number(1e300)
    assert number(-np.inf).name == Name("−∞")
