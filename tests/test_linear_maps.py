"""Linear maps: each is its matrix, applied; the algebra of maps is that of matrices; structure is kept and written.

The dense matrix is the independent witness: each map states it apart from what it does to an array.
"""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from map_examples import LINES, TWICE, numbers, refilled
from witnesses import relative_error, ridders

import minigrad as mg
from minigrad.linear_maps import Filled

MAPS = [line.map for line in LINES]
of_each = pytest.mark.parametrize("L", MAPS, ids=[str(line) for line in LINES])


def dense_matrix(L: mg.LinearMap) -> np.ndarray:
    return L.matrix().astype(np.float64)


def tolerance(L: mg.LinearMap) -> float:
    return 1e-6 if "float32" in str(L) else 1e-14


# --- a map is its matrix, applied -------------------------------------------------------------------------------------


def test_every_structure_has_a_line():
    """A structure that no law looks at is one that nobody checked; compositions and sums are made of the others."""
    made_of_others = {mg.linear_maps.Compose, mg.linear_maps.Sum, mg.linear_maps.LinearMap, Filled}
    exported = {getattr(mg.linear_maps, name) for name in mg.linear_maps.__all__}
    classes = {cls for cls in exported if isinstance(cls, type)} - made_of_others
    assert sorted(cls.__name__ for cls in classes - {type(L) for L in MAPS}) == []


@of_each
def test_matrix_has_a_column_for_each_unit_array(L):
    """Column k is what the map makes of the array with 1 at place k (in C order) and 0 elsewhere."""
    M = L.matrix()
    assert M.shape == (np.prod(L.out_shape), np.prod(L.in_shape))
    for k, unit in enumerate(np.eye(M.shape[1])):
        column = L(unit.reshape(L.in_shape))
        assert column.shape == L.out_shape
        assert relative_error(np.ravel(column), M[:, k]) <= tolerance(L)


@of_each
def test_map_and_transpose_are_adjoint(L, rng):
    """⟨w, L v⟩ = ⟨Lᵀ w, v⟩."""
    v, w = rng.normal(size=L.in_shape), rng.normal(size=L.out_shape)
    size = np.abs(w).ravel() @ np.abs(L.matrix()) @ np.abs(v).ravel()
    assert abs(np.vdot(w, L(v)) - np.vdot(L.T(w), v)) <= tolerance(L) * size


@of_each
def test_the_transpose_has_the_transposed_matrix_and_is_its_own_inverse(L):
    """Reverse mode is made of transposes alone."""
    T = L.T
    assert (T.in_shape, T.out_shape) == (L.out_shape, L.in_shape)
    assert relative_error(T.matrix(), L.matrix().T) <= tolerance(L)
    assert (type(T.T), str(T.T)) == (type(L), str(L))
    np.testing.assert_array_equal(T.T.matrix(), L.matrix())


@of_each
def test_a_map_keeps_single_precision_and_writes_into_nothing(L):
    """A float32 network stays float32, unless a Cast says otherwise."""
    v = np.asarray(np.random.default_rng(0).normal(size=L.in_shape), np.float32)
    before = v.copy()
    if L.entries and getattr(L.entries[0], "dtype", None) == np.float64:
        L = refilled(L, np.asarray(L.entries[0], np.float32))
    assert L(v).dtype == (L.out_dtype if isinstance(L, mg.Cast) else np.float32)
    np.testing.assert_array_equal(v, before)


def test_scatter_adds_what_falls_together():
    """Three entries picked from two places: x[[0, 2, 0]] pulls back two of them into x[0]."""
    np.testing.assert_array_equal(mg.Scatter(TWICE, (3,), (4,))(np.array([1.0, 10.0, 100.0])), [101, 0, 10, 0])


def test_a_centre_is_the_jacobian_of_softmax(rng):
    """diag(p) − p pᵀ, by the formula for one column."""
    p = rng.random(4)
    np.testing.assert_allclose(mg.Centre(p, 0).matrix(), np.diag(p) - np.outer(p, p), rtol=1e-15)


# --- the algebra is that of matrices ----------------------------------------------------------------------------------


def agrees(L: mg.LinearMap, M: np.ndarray, exactness: float) -> None:
    """Whether a map, its transpose and both their matrices are those of a dense matrix."""
    rng = np.random.default_rng(M.shape)
    v, w = rng.uniform(-1, 1, size=L.in_shape), rng.uniform(-1, 1, size=L.out_shape)
    forward, back = np.ravel(L(v)), np.ravel(L.T(w))
    for got, right in ((L.matrix(), M), (L.T.matrix(), M.T), (forward, M @ v.ravel()), (back, M.T @ w.ravel())):
        assert relative_error(got, right, size=1) <= exactness, L


@of_each
def test_a_composition_has_the_product_of_the_matrices(L):
    """Along a path Jacobians multiply: with every map that fits, whatever simplification is found."""
    for inner in [inner for inner in MAPS if inner.out_shape == L.in_shape]:
        agrees(L @ inner, dense_matrix(L) @ dense_matrix(inner), 10 * max(tolerance(L), tolerance(inner)))


@of_each
def test_a_sum_has_the_sum_of_the_matrices(L):
    """Over paths Jacobians add up; L + L too, even where the entries of L are a mask."""
    for other in [other for other in MAPS if (other.in_shape, other.out_shape) == (L.in_shape, L.out_shape)]:
        agrees(L + other, dense_matrix(L) + dense_matrix(other), 10 * max(tolerance(L), tolerance(other)))


@of_each
def test_minus_a_map_has_minus_its_matrix(L):
    """−L, as a subtraction's second argument needs it."""
    np.testing.assert_array_equal((-L).matrix(), -dense_matrix(L))


@given(data=st.data())
def test_any_composition_has_the_product_of_the_matrices(data):
    """Chains and sums at random, put together from either end: simplification may not depend on the order."""
    chain = [data.draw(st.sampled_from(MAPS))]
    for _ in range(data.draw(st.integers(1, 5))):
        fitting = [L for L in MAPS if L.out_shape == chain[-1].in_shape]
        if fitting:
            chain.append(data.draw(st.sampled_from(fitting)))
        twins = [L for L in MAPS if (L.in_shape, L.out_shape) == (chain[-1].in_shape, chain[-1].out_shape)]
        if data.draw(st.booleans()):
            chain[-1] = chain[-1] + data.draw(st.sampled_from(twins))
    from_left, from_right = reduce(lambda a, b: a @ b, chain), reduce(lambda b, a: a @ b, reversed(chain))
    M = reduce(np.matmul, [dense_matrix(L) for L in chain])
    size = np.max(reduce(np.matmul, [np.abs(dense_matrix(L)) for L in chain]), initial=1.0)
    exactness = 1e-13 if all(tolerance(L) < 1e-10 for L in chain) else 1e-5
    for L in (from_left, from_right, from_left.T.T):
        agrees(L, M, 10 * size * exactness)


# --- structure is kept ------------------------------------------------------------------------------------------------

d, e, A, M = numbers(2, 3), numbers(3), numbers(2, 2), numbers(6, 6)
diagonal, along_rows = mg.Diagonal(d), mg.Diagonal(e, (2, 3))
dense, scale = mg.Dense(M, (2, 3), (2, 3)), mg.Scale(3.0, (2, 3))
flat, turned = mg.Reshape((2, 3), (6,)), mg.Permute((1, 2, 0), (2, 3, 4))
inner, outer = mg.Inner(d), mg.Outer(d)
left, right = mg.LeftMul(A, (2, 3), (2, 3)), mg.RightMul(numbers(3, 3), (2, 3), (2, 3))


@pytest.mark.parametrize(
    ("both", "structure"),
    [
        (diagonal @ along_rows, mg.Diagonal),
        (diagonal @ scale, mg.Diagonal),
        (scale @ scale, mg.Scale),
        (dense @ dense, mg.Dense),
        (inner @ along_rows, mg.Inner),
        (along_rows @ outer, mg.Outer),
        (outer @ mg.Scale(2.0, ()), mg.Outer),
        (mg.Broadcast((2, 1), (2, 3)) @ mg.Broadcast((), (2, 1)), mg.Broadcast),
        (mg.SumTo((2, 1), ()) @ mg.SumTo((2, 3), (2, 1)), mg.SumTo),
        (mg.Reshape((6,), (3, 2)) @ flat, mg.Reshape),
        (turned.T @ turned.T.T, mg.Identity),
        (mg.Permute((1, 2, 0), (3, 4, 2)) @ turned, mg.Permute),
        (flat.T @ flat, mg.Identity),
        (mg.Identity((2, 3)) @ dense, mg.Dense),
        (dense @ mg.Identity((2, 3)), mg.Dense),
        (mg.Identity((2, 3)) @ mg.Identity((2, 3)), mg.Identity),
        (mg.Zero((2, 3), (4,)) @ dense, mg.Zero),
        (dense @ mg.Zero((4,), (2, 3)), mg.Zero),
        (diagonal @ flat.T @ flat @ diagonal, mg.Diagonal),
        (diagonal @ (flat.T @ (flat @ diagonal)), mg.Diagonal),
        (-scale, mg.Scale),
        (-mg.Zero((3,), ()), mg.Zero),
        # One after the other, products with a matrix cost less than the product of both matrices would.
        (left @ left, mg.Compose),
        (right @ left, mg.Compose),
        (diagonal + along_rows, mg.Diagonal),
        (scale + scale, mg.Scale),
        (dense + dense, mg.Dense),
        (left + left, mg.LeftMul),
        (right + right, mg.RightMul),
        (inner + inner, mg.Inner),
        (outer + outer, mg.Outer),
        (mg.Zero((2, 3), (2, 3)) + left, mg.LeftMul),
        (left + mg.Zero((2, 3), (2, 3)), mg.LeftMul),
        (left + right, mg.Sum),
        (mg.Centre(e, 0) + mg.Centre(e, 0), mg.Sum),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value).partition(" : ")[0],
)
def test_what_has_a_common_structure_becomes_one_map(both, structure):
    """Diagonal ∘ Diagonal is Diagonal, Zero absorbs, Identity disappears: a path reads as simply as it is."""
    assert type(both) is structure


def test_compositions_and_sums_are_flat():
    """However they were put together, the parts stand in one row."""
    assert len(((left @ right) @ (dense @ left)).maps) == 4
    assert len(((left + right) + (dense + diagonal)).maps) == 4


@pytest.mark.parametrize(
    "ask",
    [
        lambda: diagonal(numbers(3, 2)),
        lambda: diagonal(1.0),
        lambda: inner.T(numbers(2, 3)),
        lambda: diagonal @ mg.Diagonal(e),
        lambda: flat @ flat,
        lambda: mg.Zero((3,), (2,)) @ dense,
        lambda: diagonal + mg.Diagonal(e),
        lambda: inner + outer,
    ],
)
def test_what_does_not_fit_is_an_error_with_the_shapes(ask):
    """No silent broadcasting: a map has one domain."""
    with pytest.raises(mg.ShapeError, match=r"\(2, 3\)"):
        ask()


# --- how it is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_map_is_written_with_its_structure_and_shapes(line):
    """In plain text and in LaTeX, with the letter of the textbook for an entry without a name."""
    assert str(line.map) == f"{line.text} : {line.map.in_shape} → {line.map.out_shape}"
    assert repr(line.map) == f"<{type(line.map).__name__} {line.map}>"
    assert line.map.latex() == line.latex


@pytest.mark.parametrize(
    ("L", "symbols", "text"),
    [
        (diagonal, ["g′(z³)"], "diag(g′(z³))"),
        (left, ["Θ³"], "Θ³ ·"),
        (mg.Centre(e, 0), ["a"], "diag(a) − aaᵀ"),
        (diagonal @ left, ["g′(z³)", "[Θ³]ᵀ"], "diag(g′(z³)) ∘ [Θ³]ᵀ ·"),
        (diagonal @ flat.T @ flat @ left, ["g′", "Θ"], "diag(g′) ∘ Θ ·"),
        (left + dense, ["Θ", "H"], "Θ · + H"),
        (mg.Broadcast((), (4,)) @ inner, ["δ"], "broadcast ∘ (δ, ·)"),
        (dense @ (left + right), ["H", "Θ", "W"], "H ∘ (Θ · + · W)"),
        ((left + right) @ dense, ["Θ", "W", "H"], "(Θ · + · W) ∘ H"),
        (left @ dense + right, ["Θ", "H", "W"], "Θ · ∘ H + · W"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, mg.LinearMap) else "",
)
def test_given_symbols_stand_for_the_entries_in_their_order(L, symbols, text):
    """A derivation's line; a sum among factors stands in brackets."""
    assert L.text(*symbols) == text
    in_latex = L.latex(*symbols)
    assert all(symbol in in_latex for symbol in symbols)
    assert ("(" in text.replace("(δ", "")) == ("(" in in_latex)


# --- entries: arrays, nodes, symbols ----------------------------------------------------------------------------------


class Symbol:
    """What a derivation fills a map with: a name and a shape."""

    def __init__(self, name: str, shape: tuple[int, ...]) -> None:
        self.name, self.shape = name, shape

    def __str__(self) -> str:
        return self.name

    def latex(self) -> str:
        return rf"\mathbf{{{self.name}}}"

    @property
    def mT(self) -> "Symbol":
        return Symbol(f"{self.name}ᵀ", self.shape[::-1])


def test_symbols_as_entries_are_written_by_their_own_names():
    """The same rule that computes writes the line on the board."""
    theta, slope = Symbol("Θ", (2, 3)), Symbol("g", (2, 1))
    L = mg.Diagonal(slope) @ mg.LeftMul(theta, (3, 1), (2, 1))
    assert str(L) == "diag(g) ∘ Θ · : (3, 1) → (2, 1)"
    assert str(L.T) == "Θᵀ · ∘ diag(g) : (2, 1) → (3, 1)"
    assert L.latex() == r"\operatorname{diag}(\mathbf{g})\, \mathbf{Θ} \cdot"
    assert mg.Inner(slope).latex() == r"\langle \mathbf{g}, \cdot \rangle"


@of_each
def test_applied_to_a_node_a_map_makes_a_node_whose_gradient_is_the_transpose(L, rng):
    """So that a recorded sweep can be differentiated, through maps with and without entries."""
    v, w = mg.parameter(rng.normal(size=L.in_shape)), rng.normal(size=L.out_shape)
    out = L(v)
    assert isinstance(out, mg.Node)
    np.testing.assert_array_equal(out.value, L(v.value))
    pulled = mg.gradients(out, v, cotangent=w)
    assert relative_error(pulled.ravel(), L.matrix().T @ w.ravel()) <= 10 * tolerance(L)


WITH_ENTRY = [line for line in LINES if line.map.entries and np.asarray(line.map.entries[0]).dtype == np.float64]


@pytest.mark.parametrize("line", WITH_ENTRY, ids=str)
def test_with_a_node_as_entry_a_map_makes_nodes_that_know_the_entry(line, rng):
    """Else second derivatives would silently be zero. The witness: the same map with arrays as entries, by Ridders."""
    entry = np.asarray(line.map.entries[0])
    node = mg.parameter(entry)
    v, w = rng.normal(size=line.map.in_shape), rng.normal(size=line.map.out_shape)

    out = refilled(line.map, node)(v)
    assert isinstance(out, mg.Node)
    assert relative_error(out.value, line.map(v)) <= 1e-15
    u = rng.uniform(-1, 1, size=entry.shape)
    moved = ridders(lambda t: refilled(line.map, np.asarray(entry + t * u))(v))
    pulled = mg.gradients(out, node, cotangent=w)
    size = max(1, np.abs(w * moved).sum(), np.abs(pulled * u).sum())
    assert abs(np.vdot(pulled, u) - np.vdot(w, moved)) <= 1e-9 * size


def test_the_entry_of_a_transpose_is_the_same_node(rng):
    """A recorded reverse sweep differentiates through Lᵀ: of ⟨LeftMul(A)ᵀ w, v⟩ the gradient by A is w vᵀ."""
    A, v, w = mg.parameter(rng.normal(size=(2, 3))), rng.normal(size=(3, 1)), rng.normal(size=(2, 1))
    pulled = mg.LeftMul(A, (3, 1), (2, 1)).T(w)
    np.testing.assert_allclose(mg.gradients(pulled, A, cotangent=v), w @ v.T, rtol=1e-15)
