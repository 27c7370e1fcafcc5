"""Products of arrays: einsum in all its forms and its kin, held against NumPy and against sums written out.

What holds for every op is in test_op_laws.py, over the lines of examples_linalg.py; here is what only products have.
"""

import itertools
import warnings
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from witnesses import complex_step, relative_error

import minigrad as mg
from minigrad.ops.einsum import by_argument, spelled_out


def parameters(*arrays: Any) -> list[mg.Node]:
    return [mg.parameter(a) for a in arrays]


def written_out(terms: list[str], result: str, arrays: list[np.ndarray]) -> np.ndarray:
    """A contraction as loops over all values of all letters, by its definition."""
    length: dict[str, int] = {}
    for term, a in zip(terms, arrays, strict=True):
        for letter, n in zip(term, a.shape, strict=True):
            length[letter] = n if length.get(letter, 1) == 1 else length[letter]
    out = np.zeros([length[letter] for letter in result], np.result_type(*arrays))
    for places in itertools.product(*map(range, length.values())):
        at = dict(zip(length, places, strict=True))
        factors = [
            a[tuple(at[letter] if a.shape[k] > 1 else 0 for k, letter in enumerate(term))]
            for term, a in zip(terms, arrays, strict=True)
        ]
        out[tuple(at[letter] for letter in result)] += reduce(np.multiply, factors)
    return out


# --- einsum -----------------------------------------------------------------------------------------------------------


@st.composite
def contractions(draw: st.DrawFn) -> tuple[list[str], str, list[tuple[int, ...]]]:
    """Letters for one to three arguments, repeated and summed as chance has it; lengths, and a few broadcast."""
    terms = draw(st.lists(st.text("ijkl", max_size=3), min_size=1, max_size=3))
    used = sorted(set("".join(terms)))
    result = "".join(draw(st.permutations(draw(st.lists(st.sampled_from(used), unique=True))))) if used else ""
    length = {letter: draw(st.integers(0, 3)) for letter in used}
    shapes = [
        tuple(1 if term.count(letter) == 1 and draw(st.integers(0, 4)) == 0 else length[letter] for letter in term)
        for term in terms
    ]
    return terms, result, shapes


@given(case=contractions(), seed=st.integers(0, 2**32 - 1), optimize=st.booleans())
def test_any_contraction_has_the_right_value_and_gradient(case, seed, optimize):
    """Letters summed away, repeated, missing, broadcast, empty: the value, and the gradient by every argument.

    Autograd, for one, refuses letters that repeat at one argument.
    """
    terms, result, shapes = case
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes]
    nodes = parameters(*arrays)
    out = np.einsum(f"{','.join(terms)}->{result}", *nodes, optimize=optimize)
    right = written_out(terms, result, arrays)
    if out.shape == right.shape:  # a letter all of whose axes have length one is not broadcast by the definition above
        assert relative_error(out.value, right, size=1) <= 1e-13
    w = rng.normal(size=out.shape)
    gradients = mg.gradients(out, nodes, cotangent=w)
    along = [rng.normal(size=shape) for shape in shapes]
    slope = complex_step(lambda *a: np.vdot(w, np.einsum(f"{','.join(terms)}->{result}", *a)), arrays, along)
    total = sum(np.vdot(g, v) for g, v in zip(gradients, along, strict=True))
    assert relative_error(total, slope, size=1) <= 1e-12


@pytest.mark.parametrize(
    ("written", "ndims", "terms", "result"),
    [
        ("ij,jk->ik", [2, 2], ["ij", "jk"], "ik"),
        ("ij,jk", [2, 2], ["ij", "jk"], "ik"),
        ("ba", [2], ["ba"], "ab"),
        ("aB", [2], ["aB"], "Ba"),
        ("ii", [2], ["ii"], ""),
        ("...i,...i->...", [3, 2], ["abi", "bi"], "ab"),
        ("i...j,j", [4, 1], ["iabj", "j"], "abi"),
        ("...,...", [0, 2], ["", "ab"], "ab"),
        ("...a,b...", [2, 3], ["da", "bcd"], "cdab"),
        (" i , j -> j i ", [1, 1], ["i", "j"], "ji"),
    ],
)
def test_subscripts_are_spelled_out(written, ndims, terms, result):
    """The derivative is made from letters alone: an ellipsis gets letters of its own, the result is written out."""
    assert spelled_out(written, ndims) == (terms, result)
    shape = dict(zip("abcdijkB", range(2, 10), strict=True))
    arrays = [np.ones([shape[letter] for letter in term]) for term in terms]
    assert np.einsum(written, *arrays).shape == tuple(shape[letter] for letter in result)


def test_the_trace_has_the_identity_for_gradient():
    """einsum('ii', x): where autograd raises."""
    (x,) = parameters(np.arange(9.0).reshape(3, 3))
    np.testing.assert_array_equal(mg.gradients(np.einsum("ii", x), x), np.eye(3))
    np.testing.assert_array_equal(mg.gradients(np.einsum("ii->i", x), x, cotangent=[1.0, 2.0, 3.0]), np.diag([1, 2, 3]))


def test_the_form_in_numbers_is_the_form_in_letters(rng):
    """einsum(a, [0, 1], b, [1, 2]); NumPy's other notation, with the result given or not, and with an ellipsis."""
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    x, y = parameters(a, b)
    for settings, written in (([], "ij,jk"), ([[2, 0]], "ij,jk->ki"), ([[1]], "ij,jk->j")):
        got, right = np.einsum(x, [0, 1], y, [1, 2], *settings), np.einsum(written, a, b)
        assert relative_error(got.value, right) <= 1e-15
        np.testing.assert_array_equal(np.einsum(a, [0, 1], b, [1, 2], *settings), right)
    np.testing.assert_array_equal(np.einsum(x, [Ellipsis, 5], [5, Ellipsis]).value, a.T)
    np.testing.assert_array_equal(np.einsum(x, [51, 2]).value, np.einsum(a, [51, 2]))


@pytest.mark.parametrize(
    ("subscripts", "shapes", "says"),
    [
        (
            "ij,jk->ik",
            [(2, 3), (2, 3)],
            r'einsum\(x, x\): x is \(2, 3\) and x is \(2, 3\); in "ij,jk->ik", j is 3 and 2',
        ),
        ("...i,...i", [(2, 3), (4, 3)], r'in "...i,...i", a is 2 and 4'),
        ("ijk->k", [(2, 3)], "ijk names 3 axes of 2"),
        ("i->", [(2, 3)], "i names 1 axes of 2"),
        ("ij,jk", [(2, 3)], "is of 2 arguments"),
        ("ij->ik", [(2, 3)], "output subscript 'k'"),
    ],
)
def test_einsum_says_what_does_not_fit(subscripts, shapes, says):
    """Which letter, of which lengths; else NumPy's own reason."""
    with pytest.raises(mg.ShapeError, match=says):
        np.einsum(subscripts, *(mg.parameter(np.ones(shape), name="x") for shape in shapes))


def test_a_product_with_a_diagonal_of_ones_is_a_sum(rng):
    """The Jacobian of a letter that stands nowhere else is a sum first: the transpose has ones there, not zeros."""
    L = by_argument(["ij", "k"], "k", 0, (rng.normal(size=(2, 3)), b := rng.normal(size=4)))
    np.testing.assert_allclose(L.T(np.ones(4)), np.full((2, 3), b.sum()), rtol=1e-15)


def test_a_contraction_is_never_made_dense():
    """The gradient of a batch of 200 products of 100 x 100 matrices takes memory as the arrays do, and no Jacobian."""
    x, y = parameters(np.ones((200, 100, 100)), np.ones((100, 100)))
    gradient = mg.gradients(mg.sum(np.einsum("bij,jk->bik", x, y)), y)
    np.testing.assert_array_equal(gradient, np.full((100, 100), 200 * 100.0))


def test_a_contraction_can_be_compared_with_the_sum_it_is(rng):
    """Every map that `by_argument` makes has the matrix that the written-out sum has."""
    for terms, result, shapes in (
        (["ij", "jk"], "ik", [(2, 3), (3, 2)]),
        (["iij", "j"], "i", [(2, 2, 3), (3,)]),
        (["ij", "ij"], "j", [(1, 3), (2, 1)]),
        (["i", "j", "k"], "kj", [(2,), (3,), (2,)]),
    ):
        arrays = [rng.normal(size=shape) for shape in shapes]
        for k, a in enumerate(arrays):
            columns = [
                written_out(terms, result, [*arrays[:k], unit.reshape(a.shape), *arrays[k + 1 :]]).ravel()
                for unit in np.eye(a.size)
            ]
            L = by_argument(terms, result, k, arrays)
            assert relative_error(L.matrix(), np.array(columns).T) <= 1e-14
            assert relative_error(L.T.matrix(), np.array(columns)) <= 1e-14


# --- the others -------------------------------------------------------------------------------------------------------

SHAPES = [(), (1,), (3,), (2, 3), (3, 3), (2, 1, 3), (4, 3, 2), (0, 3), (3, 0)]


@pytest.mark.parametrize("function", [np.dot, np.inner, np.outer, np.kron, np.vdot, np.matmul])
def test_products_of_any_two_shapes_are_numpys(function, rng):
    """Value, shape, dtype; where NumPy refuses, so do we, with a typed error."""
    for first, second in itertools.product(SHAPES, SHAPES):
        a, b = rng.normal(size=first), rng.normal(size=second)
        try:
            right = function(a, b)
        except ValueError:
            with pytest.raises(mg.ShapeError):
                function(mg.parameter(a), b)
            continue
        got = function(mg.parameter(a), mg.parameter(b))
        assert (got.shape, got.dtype) == (np.shape(right), right.dtype)
        assert relative_error(got.value, right) <= 1e-14


@pytest.mark.parametrize("axes", [0, 1, 2, (0, 0), ([0, 1], [0, 1]), ([-1, 0], [1, -2]), ((), ()), np.int64(1)])
def test_tensordot_takes_axes_as_numpy_does(axes, rng):
    """A number, a pair of axes, a pair of lists, counted from either end."""
    a, b = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    got = np.tensordot(mg.parameter(a), b, axes=axes)
    np.testing.assert_array_equal(got.value, np.tensordot(a, b, axes=axes))


def test_python_numbers_in_dot_are_doubles_as_numpy_has_them():
    """`2 * x` stays float32, np.dot(2, x) does not: NumPy's own rule."""
    x = mg.parameter(np.ones(2, np.float32))
    assert (2.0 * x).dtype == np.float32
    assert np.dot(2.0, x).dtype == np.dot(2.0, x.value).dtype == np.float64
    assert mg.gradients(mg.sum(np.dot(2.0, x)), x).dtype == np.float32


def test_the_cross_product_of_vectors_of_two_components(rng):
    """NumPy warns of them, and takes the third component as 0; of two such only the third remains."""
    for first, second in (((2,), (3,)), ((3,), (2,)), ((2,), (2,)), ((4, 2), (2,)), ((4, 3), (4, 2))):
        a, b = rng.normal(size=first), rng.normal(size=second)
        x, y = parameters(a, b)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            out, right = np.cross(x, y), np.cross(a, b)
        np.testing.assert_array_equal(out.value, right)
        w, u, v = rng.normal(size=right.shape), rng.normal(size=first), rng.normal(size=second)

        def filled(a):
            return np.concatenate([a, np.zeros((*a.shape[:-1], 3 - a.shape[-1]))], axis=-1)

        def slope(u, v, at=(a, b), shape=right.shape, w=w):
            c = np.cross(filled(u), filled(at[1])) + np.cross(filled(at[0]), filled(v))
            return np.vdot(w, c if shape[-1:] == (3,) else c[..., 2])

        dx, dy = mg.gradients(out, [x, y], cotangent=w)
        assert relative_error(np.vdot(dx, u) + np.vdot(dy, v), slope(u, v)) <= 1e-14


def test_cross_names_what_is_not_a_vector_of_three():
    """np.linalg.cross is stricter than np.cross."""
    with pytest.raises(mg.ShapeError, match="three components"):
        np.linalg.cross(mg.parameter([1.0, 2.0]), [1.0, 2.0])
    with pytest.raises(mg.ShapeError):
        np.cross(mg.parameter(np.ones(4)), np.ones(4))
    with pytest.raises(mg.ShapeError, match=r"Write np\.outer"):
        np.linalg.outer(mg.parameter(np.ones((2, 2))), np.ones(2))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("function", [np.convolve, np.correlate])
def test_sliding_products_of_any_two_lengths_are_numpys(function, mode, rng):
    """Of even and odd lengths, either one the longer; where the middle is, NumPy alone decides."""
    for n, m in itertools.product(range(1, 7), range(1, 7)):
        a, v = rng.normal(size=n), rng.normal(size=m)
        x, y = parameters(a, v)
        out = function(x, y, mode)
        assert relative_error(out.value, function(a, v, mode)) <= 1e-14, (n, m)
        w = rng.normal(size=out.shape)
        dx, dy = mg.gradients(out, [x, y], cotangent=w)
        for gradient, of in (
            (dx, lambda unit, v=v: function(unit, v, mode)),
            (dy, lambda unit, a=a: function(a, unit, mode)),
        ):
            right = [np.vdot(w, of(unit)) for unit in np.eye(len(gradient))]
            assert relative_error(gradient, right) <= 1e-13, (n, m)


def test_sliding_products_refuse_what_has_no_vector():
    """np.convolve takes a number as a vector of one; np.correlate does not, nor do matrices slide."""
    with pytest.raises(mg.ShapeError, match="vectors"):
        np.correlate(mg.parameter(1.0), [1.0])
    with pytest.raises(mg.ShapeError):
        np.convolve(mg.parameter(np.ones((2, 2))), [1.0])
    with pytest.raises(mg.ShapeError):
        np.convolve(mg.parameter(np.ones(2)), [])


@pytest.mark.parametrize("n", range(-6, 12))
def test_matrix_powers_are_numpys(n, rng):
    """And their derivative is Σ Aᵏ dA Aⁿ⁻¹⁻ᵏ; for n < 0 that of the inverse."""
    a, v = np.eye(3) + 0.3 * rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    x = mg.parameter(a)
    out = np.linalg.matrix_power(x, n)
    assert relative_error(out.value, np.linalg.matrix_power(a, n)) <= 1e-15
    if n == 0:
        assert not out.differentiable
        return
    power = np.linalg.matrix_power
    if n > 0:
        right = sum(power(a, k) @ v @ power(a, n - 1 - k) for k in range(n))
    else:
        right = -sum(power(a, -1 - k) @ v @ power(a, n + k) for k in range(-n))
    assert relative_error(mg.total_jacobian(out, x)(v), right) <= 1e-12


def test_powers_are_of_square_matrices_only():
    """Also the first power, which NumPy would check, too."""
    for shape in ((2, 3), (3,)):
        with pytest.raises(mg.ShapeError, match="square"):
            np.linalg.matrix_power(mg.parameter(np.ones(shape)), 1)
    with pytest.raises(TypeError):
        np.linalg.matrix_power(mg.parameter(np.eye(2)), 0.5)


def test_multi_dot_multiplies_in_the_cheapest_order(rng):
    """(10 x 100)(100 x 5)(5 x 50): from the left 7,500 multiplications, from the right 75,000."""
    arrays = [rng.normal(size=shape) for shape in ((10, 100), (100, 5), (5, 50), (50, 2))]
    nodes = parameters(*arrays)
    out = np.linalg.multi_dot(nodes)
    assert relative_error(out.value, reduce(np.matmul, arrays)) <= 1e-13
    # (A (B (C D))): 500 + 1000 + 2000
    assert [source.shape for source in out.inputs] == [(10, 100), (100, 2)]
    assert out.inputs[1].inputs[1].inputs == (nodes[2], nodes[3])


def test_multi_dot_takes_vectors_at_its_ends(rng):
    """A row first, a column last; the result has an axis less for each."""
    matrix = rng.normal(size=(3, 4))
    row, column = rng.normal(size=3), rng.normal(size=4)
    for arrays in ([row, matrix], [matrix, column], [row, matrix, column], [matrix, matrix.T, row], [row, row]):
        got = np.linalg.multi_dot(parameters(*arrays))
        right = np.linalg.multi_dot(arrays)
        assert got.shape == np.shape(right)
        assert relative_error(got.value, right) <= 1e-14
    for arrays in ([matrix], [matrix, np.ones((2, 2, 2))], [matrix, column, column]):
        with pytest.raises(mg.ShapeError, match="multi_dot"):
            np.linalg.multi_dot(parameters(*arrays))


def test_stacked_products_take_axes_as_numpy_does(rng):
    """axis, axes and keepdims of the generalised ufuncs."""
    a, b = rng.normal(size=(3, 2, 4)), rng.normal(size=(3, 2, 4))
    x = mg.parameter(a)
    for settings in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axes": [-2, 1, ()]}, {"axes": [-2, 1]}):
        np.testing.assert_allclose(np.vecdot(x, b, **settings).value, np.vecdot(a, b, **settings), rtol=1e-14)
    v = rng.normal(size=(3, 4))
    for settings in ({"axes": [(1, 0), 0, 0]}, {"axes": [(1, 0), (0,), (-1,)]}):
        np.testing.assert_allclose(np.matvec(x, v, **settings).value, np.matvec(a, v, **settings), rtol=1e-14)
    with pytest.raises(mg.ShapeError):
        np.vecdot(x, np.ones(5))


def test_a_stack_and_one_matrix_share_the_matrixs_gradient(rng):
    """What was broadcast in the value is summed in the gradient, for every shape of stacks."""
    for first, second in (((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4)), ((4, 1, 2, 3), (5, 3, 2))):
        a, b = rng.normal(size=first), rng.normal(size=second)
        x, y = parameters(a, b)
        out = x @ y
        w = rng.normal(size=out.shape)
        dx, dy = mg.gradients(out, [x, y], cotangent=w)
        v, u = rng.normal(size=first), rng.normal(size=second)
        assert relative_error(np.vdot(dx, v), np.vdot(w, v @ b)) <= 1e-13
        assert relative_error(np.vdot(dy, u), np.vdot(w, a @ u)) <= 1e-13
