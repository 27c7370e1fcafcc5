"""The law suite: what holds for every op, on every line of op_examples.py.

An op states a value and its local Jacobians; these laws hold the two against each other, and against a complex step on
plain NumPy. Random numbers are drawn anew for every test. Whoever adds an op adds a line there, and nothing here.
"""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from op_examples import EXAMPLES
from op_lines import Built, Example, Listed, example, kinkless, named, positive, real, written
from witnesses import in_double, log_of_sum_of_exp, relative_error, ridders

import minigrad as mg
from minigrad.graph import arguments_first
from minigrad.numpy_protocol import OPERATIONS
from minigrad.sweeps import push_forward

DIFFERENTIABLE = [line for line in EXAMPLES if line.derivatives >= 1]
TWICE = [line for line in EXAMPLES if line.derivatives >= 2]
STEPWISE = [line for line in EXAMPLES if line.derivatives == 0]

BINARY = [(mg.add, real, real), (mg.subtract, real, real), (mg.multiply, real, real)]
BINARY += [(mg.divide, real, kinkless), (mg.power, positive, real)]

ULPS = 450  # 1e-13 in double precision: what a chain of a few roundings may come to


def of(lines: list[Example]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("line", lines, ids=str)


def drawn(line: Example, rng: np.random.Generator) -> Built:
    return line.build(line.draw(rng))


def like(node: mg.Node, rng: np.random.Generator) -> np.ndarray:
    """A random tangent or cotangent: the node's shape and precision, entries in ±1."""
    return np.asarray(rng.uniform(-1, 1, size=node.shape), node.dtype)


# --- the list is complete ---------------------------------------------------------------------------------------------


def ops() -> set[type[mg.Op]]:
    """Every op class of the package, however deep below Op; a class is a family, with others below it, or an op."""
    below, found = [mg.Op], set()
    while below:
        cls = below.pop()
        own = [each for each in cls.__subclasses__() if each.__module__.startswith("minigrad.")]
        below += own
        found |= set() if own or inspect.isabstract(cls) else {cls}
    return found


def test_every_op_has_a_line(rng):
    """An op that no law looks at is an op that nobody checked."""
    seen = {type(drawn(line, rng).node.op) for line in EXAMPLES}
    assert sorted(cls.__name__ for cls in ops() - seen) == []


# What answers with plain values (a shape, a bool, a text, indices), and what is given functions or conditions to apply:
# the laws have nothing to draw for them. test_pointwise, test_shaping and test_indexing hold these to NumPy's answers.
WITHOUT_A_LINE = {
    *(np.allclose, np.array_equal, np.array_equiv, np.isrealobj, np.iscomplexobj, np.can_cast, np.common_type),
    *(np.result_type, np.min_scalar_type, np.may_share_memory, np.shares_memory, np.ndim, np.shape, np.size),
    *(np.array2string, np.array_repr, np.array_str, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from),
    *(np.unique_all, np.unique_counts, np.unique_inverse),
    *(np.apply_along_axis, np.apply_over_axes, np.piecewise, np.select),
}


def test_every_numpy_function_on_nodes_has_a_line():
    """Several functions may share one op class, as comparisons do; each is a promise of its own."""
    seen = {line.bare for line in EXAMPLES} | WITHOUT_A_LINE
    assert sorted(getattr(f, "__name__", f) for f, op in OPERATIONS.items() if not {f, op} & seen) == []


def test_no_two_lines_are_the_same():
    """A test that fails names its line."""
    names = [str(line) for line in EXAMPLES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


# --- values -----------------------------------------------------------------------------------------------------------


@of([line for line in EXAMPLES if line.analytic])
def test_value_is_that_of_the_formula(line, rng):
    """The formula is the witness of the derivatives; it must be of the same function."""
    built = drawn(line, rng)
    right = line.analytic(*[in_double(a) for a in built.arrays])
    assert relative_error(built.node.value, right) <= ULPS * built.eps


@of([line for line in EXAMPLES if {line.bare} & {*OPERATIONS, *OPERATIONS.values()}])
def test_value_is_numpys_in_shape_dtype_and_numbers(line, rng):
    """`np.f(node)` promises what np.f does to arrays: promotion, weak Python numbers and all."""
    built = drawn(line, rng)
    numpys = {op: f for f, op in OPERATIONS.items() if callable(f)}.get(line.bare, line.bare)
    settings = getattr(getattr(line.function, "function", line.function), "keywords", {})
    arguments = (built.arrays,) if isinstance(line.function, Listed) else built.arrays
    if settings.keys() & {"index", "dtype"}:  # getitem and astype take theirs by position only
        arguments, settings = (*arguments, *settings.values()), {}
    if isinstance(line.function, partial) and type(line.function) is not partial:  # says what it takes of the results
        right = np.asarray(type(line.function)(numpys, **settings)(*arguments))
    else:
        right = np.asarray(numpys(*arguments, **settings))
    assert (built.node.shape, built.node.dtype) == (right.shape, right.dtype)
    assert relative_error(built.node.value, right) <= 4 * built.eps


@of(EXAMPLES)
def test_a_stable_form_has_the_shape_and_the_dtype_of_what_is_written(line, rng):
    """A form changes digits that would be wrong, and nothing else."""
    for node in arguments_first([drawn(line, rng).node]):
        if node.form is not None:
            plain = np.asarray(node.op.forward(*[source.value for source in node.inputs]))
            assert (node.shape, node.dtype) == (plain.shape, plain.dtype), node


@of(EXAMPLES)
def test_value_at_other_values_is_that_of_a_graph_built_anew(line, rng):
    """`evaluate` computes everything again, masks and steps too; nothing of the old values is left over."""
    built, other = drawn(line, rng), drawn(line, rng)
    again = mg.evaluate(built.node, dict(substitutions(built, other)))
    np.testing.assert_array_equal(again, other.node.value, strict=True)


def substitutions(built: Built, other: Built) -> Iterator[tuple[mg.Node, np.ndarray]]:
    return ((leaf, a) for leaf, a in zip(built.leaves, other.arrays, strict=True) if isinstance(leaf, mg.Node))


@of(EXAMPLES)
def test_value_and_gradients_are_read_only_and_the_arguments_unchanged(line, rng):
    """Nothing can change between the forward and the reverse sweep, nor by them."""
    arrays = line.draw(rng)
    before = [np.array(a) for a in arrays]
    built = line.build(arrays)
    results = [built.node.value]
    if built.node.differentiable:
        w = like(built.node, rng)
        results += mg.gradients(built.node, list(built.parameters.values()), cotangent=w)
        results += built.node.backward(w).values()
        assert w.flags.writeable
    for result in results:
        assert not result.flags.writeable
    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)


@of(EXAMPLES)
def test_an_op_writes_into_none_of_its_arguments(line, rng):
    """The graph's arrays are shared by all who read them; here they are handed over writeable, and watched."""
    for node in arguments_first([drawn(line, rng).node]):
        arguments = [np.array(source.value) for source in node.inputs]
        watched = [*arguments]
        if node.op is not None:
            watched.append(out := np.array(node.op.forward(*arguments)))
        for k, source in enumerate(node.inputs):
            if node.differentiable and source.differentiable:
                watched += [v := like(source, rng), w := like(node, rng)]
                local = node.op.jacobian(k, out, *arguments)
                kept = [array.copy() for array in watched]
                local.apply(v), local.T.apply(w)
                for now, before in zip(watched, kept, strict=True):
                    np.testing.assert_array_equal(now, before)
        for now, source in zip(arguments, node.inputs, strict=True):
            np.testing.assert_array_equal(now, source.value)


@of(EXAMPLES)
def test_the_layout_in_memory_does_not_matter(line, rng):
    """A transposed array is the same array: results depend on entries, not on strides."""
    built = drawn(line, rng)
    fortran = line.build([np.array(a, order="F") if isinstance(a, np.ndarray) else a for a in built.arrays])
    assert relative_error(fortran.node.value, built.node.value) <= 10 * built.eps
    w = like(built.node, rng)
    for k, parameter in built.parameters.items():
        got = mg.gradients(fortran.node, fortran.parameters[k], cotangent=np.array(w, order="F"))
        assert relative_error(got, mg.gradients(built.node, parameter, cotangent=w)) <= 10 * built.eps


@of(STEPWISE)
def test_steps_are_never_differentiated(line, rng):
    """A comparison or a rounding is a node, so that it is computed anew, but no gradient passes it."""
    built = drawn(line, rng)
    assert not built.node.differentiable
    assert not any(isinstance(mg.local_jacobian(built.node, k), mg.Zero) is False for k in built.parameters)
    for parameter in built.parameters.values():
        assert not mg.gradients(built.node, parameter).any()


# --- first derivatives ------------------------------------------------------------------------------------------------


@of(DIFFERENTIABLE)
def test_jvp_is_the_derivative(line, rng):
    """Forward mode, one argument at a time, against complex step: the local Jacobian says what forward computes."""
    built = drawn(line, rng)
    for k, parameter in built.parameters.items():
        v = like(parameter, rng)
        right = built.slope({k: v})
        assert relative_error(mg.total_jacobian(built.node, parameter)(v), right) <= ULPS * built.eps
        places = [place for place, source in enumerate(built.node.inputs) if source is parameter]
        for place in places:
            if len(places) == 1:  # by two edges, each is a part of the derivative only
                assert relative_error(mg.local_jacobian(built.node, place)(v), right) <= ULPS * built.eps


@of(DIFFERENTIABLE)
def test_pushing_all_arguments_at_once_is_the_derivative_along_all(line, rng):
    """Tangents of several arguments add up in one sweep."""
    built = drawn(line, rng)
    directions = {k: like(parameter, rng) for k, parameter in built.parameters.items()}
    order = arguments_first([built.node], constants=False)
    dots = push_forward(order, {built.leaves[k]: v for k, v in directions.items()})
    assert relative_error(dots[built.node], built.slope(directions), size=1) <= ULPS * built.eps


@of(DIFFERENTIABLE)
def test_transpose_is_the_adjoint(line, rng):
    """⟨w, L v⟩ = ⟨Lᵀ w, v⟩ for random v, w: the law that makes reverse mode right."""
    built = drawn(line, rng)
    for name, L in built.maps():
        v, w = rng.normal(size=L.in_shape), rng.normal(size=L.out_shape)
        size = np.abs(w).ravel() @ np.abs(L.matrix()) @ np.abs(v).ravel()
        assert abs(np.vdot(w, L(v)) - np.vdot(L.T(w), v)) <= 100 * built.eps * size, name


@of(DIFFERENTIABLE)
def test_matrix_is_what_the_map_and_its_transpose_do(line, rng):
    """The matrix is written by itself, for reading; it must be of the map that the sweeps apply."""
    built = drawn(line, rng)
    for name, L in built.maps():
        v, w, M = rng.normal(size=L.in_shape), rng.normal(size=L.out_shape), L.matrix()
        assert M.shape == (w.size, v.size), name
        assert relative_error(L.T.matrix(), M.T) <= 100 * built.eps, name
        assert relative_error(L.T.T.matrix(), M) <= 100 * built.eps, name
        for got, right in ((L(v), M @ v.ravel()), (L.T(w), M.T @ w.ravel())):
            assert relative_error(np.ravel(got), right) <= 100 * built.eps, name


@of(DIFFERENTIABLE)
def test_twice_a_jacobian_is_the_sum_of_two(line, rng):
    """Paths add up as numbers, whatever dtype a map's entries have: two masks do not make a mask."""
    for name, L in drawn(line, rng).maps():
        assert relative_error((L + L).matrix(), 2.0 * L.matrix()) <= 1e-15, name


@of(DIFFERENTIABLE)
def test_a_gradient_has_the_shape_and_the_dtype_of_its_node(line, rng):
    """So that `W - rate * W.grad` is a W: in both ways to ask, and for every node on the way."""
    built = drawn(line, rng)
    parameters, w = list(built.parameters.values()), like(built.node, rng)
    pairs = list(zip(parameters, mg.gradients(built.node, parameters, cotangent=w), strict=True))
    recorded = mg.gradients(built.node, parameters, cotangent=w, create_graph=True)
    pairs += list(zip(parameters, recorded, strict=True))
    pairs += built.node.backward(w).items()
    for node, gradient in pairs:
        assert (gradient.shape, gradient.dtype) == (node.shape, node.dtype), node


@pytest.mark.parametrize(("function", "x", "y"), BINARY, ids=written)
@pytest.mark.parametrize("single", [0, 1], ids=["x", "y"])
def test_a_gradient_is_as_precise_as_the_value(function, x, y, single, rng):
    """Where float32 meets float64 the value is computed in double; so is the derivative by the double argument."""
    arguments = [x(3), y(3)]
    arguments[single] = replace(arguments[single], dtype="f4")
    built = drawn(example(function, *arguments), rng)
    w, double = like(built.node, rng), 1 - single
    got = mg.gradients(built.node, built.leaves[double], cotangent=w)
    assert relative_error(got, w * built.slope({double: np.ones(3)})) <= ULPS * np.finfo(np.float64).eps


@pytest.mark.parametrize(
    ("function", "x", "first", "second"),
    [
        (mg.absolute, 0.0, 0.0, 0.0),
        (mg.relu, 0.0, 0.0, 0.0),
        (named("x**0", lambda x: x**0), 0.0, 0.0, 0.0),
        (named("x**1", lambda x: x**1), 0.0, 1.0, 0.0),
        (named("x**2", lambda x: x**2), 0.0, 0.0, 2.0),
        (named("0**x", lambda x: 0.0**x), 2.0, 0.0, 0.0),
    ],
    ids=lambda value: written(value) if callable(value) else "",
)
def test_at_a_kink_or_an_edge_the_derivative_is_the_written_convention(function, x, first, second):
    """abs′(0) = relu′(0) = 0, and 0 · log 0 = 0 in powers; no NaN from the branch that does not count."""
    x = mg.parameter(x)
    by_x = mg.gradients(function(x), x, create_graph=True)
    assert (by_x.value, mg.gradients(by_x, x)) == (first, second)


# --- sweeps that are recorded, and second derivatives -----------------------------------------------------------------


@of(DIFFERENTIABLE)
def test_a_recorded_sweep_gives_the_same_numbers(line, rng):
    """A rule computes the same with nodes as with arrays."""
    built = drawn(line, rng)
    parameters, w = list(built.parameters.values()), like(built.node, rng)
    plain = mg.gradients(built.node, parameters, cotangent=w)
    recorded = mg.gradients(built.node, parameters, cotangent=w, create_graph=True)
    for a, b in zip(recorded, plain, strict=True):
        assert relative_error(a.value, b) <= 10 * built.eps


@of(TWICE)
def test_a_recorded_gradient_holds_at_other_values(line, rng):
    """Its entries are nodes: nothing of the values it was made at is baked into it."""
    built, other = drawn(line, rng), drawn(line, rng)
    w = like(built.node, rng)
    for k, parameter in built.parameters.items():
        recorded = mg.gradients(built.node, parameter, cotangent=w, create_graph=True)
        again = mg.evaluate(recorded, dict(substitutions(built, other)))
        assert relative_error(again, mg.gradients(other.node, other.parameters[k], cotangent=w)) <= 10 * built.eps


@of(TWICE)
def test_second_derivative_is_the_derivative_of_the_first(line, rng):
    """The Hessian of ⟨w, f⟩ along a random direction, against Ridders' extrapolation of the first derivatives."""
    built = drawn(line, rng)
    parameters, w = list(built.parameters.values()), like(built.node, rng)
    directions = {k: like(parameter, rng) for k, parameter in built.parameters.items()}
    first = mg.gradients(built.node, parameters, cotangent=w, create_graph=True)
    along = sum((mg.sum(g * v) for g, v in zip(first, directions.values(), strict=True)), start=mg.constant(0.0))
    second = mg.gradients(along, parameters)

    def gradient(t: float) -> np.ndarray:
        steps = {k: t * v for k, v in directions.items()}
        arrays = [np.asarray(in_double(a) + steps[k]) if k in steps else a for k, a in enumerate(built.arrays)]
        there = line.build(arrays)
        found = mg.gradients(there.node, list(there.parameters.values()), cotangent=w)
        return np.concatenate([g.ravel() for g in found])

    got = np.concatenate([g.ravel() for g in second])
    assert relative_error(got, ridders(gradient)) <= max(1e-8, ULPS * built.eps)


# --- shapes that nobody thought of ------------------------------------------------------------------------------------

seeds = st.integers(0, 2**32 - 1)


def holds(line: Example, seed: int) -> None:
    """The whole chain once: shapes, forward and reverse mode against complex step."""
    rng = np.random.default_rng(seed)
    built = drawn(line, rng)
    directions = {k: like(parameter, rng) for k, parameter in built.parameters.items()}
    right, w = built.slope(directions), like(built.node, rng)
    order = arguments_first([built.node], constants=False)
    dots = push_forward(order, {built.leaves[k]: v for k, v in directions.items()})
    assert relative_error(dots[built.node], right, size=1) <= ULPS * built.eps
    pulled = {k: mg.gradients(built.node, parameter, cotangent=w) for k, parameter in built.parameters.items()}
    for k, gradient in pulled.items():
        assert (gradient.shape, gradient.dtype) == (built.arrays[k].shape, built.arrays[k].dtype)
    terms = [np.abs(g * directions[k]).sum() for k, g in pulled.items()]
    total = sum(np.vdot(g, directions[k]) for k, g in pulled.items())
    assert abs(total - np.vdot(w, right)) <= ULPS * built.eps * max(1, *terms, np.abs(w * right).sum())


@pytest.mark.parametrize(("function", "x", "y"), BINARY, ids=written)
@given(shapes=arrays_of.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=4), seed=seeds)
def test_any_two_shapes_that_broadcast_have_the_right_gradients(function, x, y, shapes, seed):
    """Axes of length one, missing axes, empty axes: what was enlarged in the value is summed in the gradient."""
    first, second = shapes.input_shapes
    line = example(function, x(*first), y(*second))
    assert drawn(line, np.random.default_rng(seed)).node.shape == shapes.result_shape
    holds(line, seed)


@given(shapes=arrays_of.mutually_broadcastable_shapes(num_shapes=3, min_side=0, max_side=3, max_dims=3), seed=seeds)
def test_where_broadcasts_its_mask_too(shapes, seed):
    """Three arguments of three shapes."""
    of_mask, *of_branches = shapes.input_shapes
    mask = np.random.default_rng(seed).random(of_mask) < 0.5
    holds(example(mg.where, mask, *(real(*shape) for shape in of_branches)), seed)


@st.composite
def reductions(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, object]]:
    """A shape with none to four axes, empty ones among them, and axes of it, counted from either end."""
    shape = draw(arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
    ndim = len(shape)
    axes = st.none() | arrays_of.valid_tuple_axes(ndim)
    if ndim:
        axes |= st.integers(-ndim, ndim - 1)
    return shape, {"axis": draw(axes), "keepdims": draw(st.booleans())}


@pytest.mark.parametrize("function", [mg.sum, mg.mean, mg.logsumexp], ids=lambda function: function.__name__)
@given(case=reductions(), seed=seeds)
def test_any_axes_of_any_shape_can_be_reduced(function, case, seed):
    """With and without keepdims; the mean and log of nothing have no value, and nothing to differentiate."""
    shape, settings = case
    reduced = shape if settings["axis"] is None else [shape[k] for k in np.atleast_1d(settings["axis"])]
    assume(function is mg.sum or 0 not in reduced)
    formula = partial(log_of_sum_of_exp, **settings) if function is mg.logsumexp else None
    holds(example(partial(function, **settings), real(*shape), analytic=formula), seed)
