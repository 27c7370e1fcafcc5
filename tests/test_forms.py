"""Numerically honest at any logit (DESIGN §5): forms against 50 digits, at logits up to ±10⁴, in float64 and float32.

    ulps(got, true)          how far a float is from the truth, in spacings of floats at the truth
    WRITTEN, ELEMENTWISE     the notes' cost (N1) and its parts, as a person may write them

Floating-point slips are errors in all tests here (conftest.py), but for underflow. Graphs in which several forms meet
are in test_queries.py.
"""

import mpmath
import numpy as np
import pytest

import minigrad as mg

mp = mpmath.mp.clone()  # a context of its own: the precision of other tests stays as it is
mp.dps = 50

BOTH = pytest.mark.parametrize("dtype", [np.float64, np.float32])
LOGITS = [0.0, 1e-300, 1e-20, 1e-3, 0.5, 1.0, 5.0, 16.6, 20.0, 37.0, 40.0, 88.0, 104.0, 700.0, 745.0, 1e3, 1e4]
LOGITS = np.array(LOGITS + [-z for z in LOGITS])
LABELS = [0.0, 1.0, 0.5, 0.3, 1e-10, 1 - 1e-10]

# The cost by a and y, of m samples; y is a plain array. The first is one op, the others are the notes' own formula.
WRITTEN = {
    "cross_entropy": lambda a, y, m: mg.cross_entropy(a, y),
    "y log a": lambda a, y, m: -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / m,
    "log a y": lambda a, y, m: -(np.log(a) * y + np.log(1.0 - a) * (1.0 - y)).sum() / m,
    "1 − (1 − a)": lambda a, y, m: -np.sum(y * np.log(1 - (1 - a)) + np.log(np.subtract(1, a)) * (1 - y)) / m,
    "two sums": lambda a, y, m: (np.sum(-y * np.log(a)) - mg.sum((1 - y) * mg.log(mg.subtract(1, a)))) / m,
    "labels as nodes": lambda a, y, m: WRITTEN["y log a"](a, mg.constant(y), m),
}
COSTS = pytest.mark.parametrize("cost", WRITTEN.values(), ids=WRITTEN)


def exact(x):
    return mp.mpf(float(x))


def ulps(got, true):
    """|got − true| in spacings of got's dtype at the truth; got must be finite."""
    assert np.isfinite(got)
    return float(abs(exact(got) - true) / exact(np.spacing(abs(got.dtype.type(float(true))))))


def worst(got, true):
    """The largest error of an array, in ULP, against a function of the place."""
    return max(ulps(got[place], true(place)) for place in np.ndindex(got.shape))


def sigma(z):
    return 1 / (1 + mp.exp(-exact(z)))


def softplus(z):
    return mp.log1p(mp.exp(exact(z)))


def exact_cost(z, y):
    terms = [exact(y[k]) * softplus(-z[k]) + (1 - exact(y[k])) * softplus(z[k]) for k in np.ndindex(z.shape)]
    return sum(terms) / z.shape[1]


def examples(dtype, rng):
    """Every logit with every label by itself, and random matrices of them, (units, samples)."""
    for y in LABELS:
        yield from ((np.full((1, 1), z, dtype), np.full((1, 1), y, dtype)) for z in LOGITS)
    for _ in range(60):
        shape = tuple(rng.integers(1, 5, size=2))
        z = rng.normal(size=shape) * 10 ** rng.uniform(-3, 4)
        z = np.where(rng.random(shape) < 0.3, rng.choice(LOGITS, shape), z).clip(-1e4, 1e4)
        y = np.where(rng.random(shape) < 0.8, rng.choice(LABELS, shape), rng.random(shape))
        yield z.astype(dtype), y.astype(dtype)


@BOTH
@COSTS
def test_cost_is_true_to_4_ulp_and_delta_is_a_minus_y_to_2(cost, dtype, rng):
    """The notes' J and δ^(L) as anyone may write them, where the written factors would give 0 · ∞.

    The op's δ is a − y to 2 ULP of itself; a sum of two terms, to 2 ULP of the larger of a and y, to which a − y is
    known; and where a label is 0 or 1 and only one term is left, it is right to 4 ULP although a − y may round to 0.
    """
    one_op = cost is WRITTEN["cross_entropy"]
    for z, y in examples(dtype, rng):
        m = z.shape[1]
        Z = mg.parameter(z)
        a = mg.sigmoid(Z)
        J = cost(a, y, m)
        delta = mg.gradients(J, Z)
        assert J.dtype == delta.dtype == dtype
        assert ulps(J.value, exact_cost(z, y)) <= 4, (z, y)
        a_minus_y = (a.value - y) / dtype(m)
        known_to = np.spacing(np.abs(a_minus_y) if one_op else np.maximum(a.value, y) / dtype(m))
        assert (np.abs(delta - a_minus_y) <= 2 * known_to).all(), (z, y)
        if not one_op and np.isin(y, (0, 1)).all():
            assert worst(delta, lambda k, z=z, y=y, m=m: (sigma(z[k]) if y[k] == 0 else -sigma(-z[k])) / m) <= 4


@BOTH
def test_cost_of_1_minus_a_is_the_cost_at_the_opposite_logit(dtype, rng):
    """1 − σ(z) is known as σ(−z), so that the cost of "not a" is as sound as that of a."""
    for z, y in examples(dtype, rng):
        Z = mg.parameter(z)
        not_a = 1 - mg.sigmoid(Z)
        J = mg.cross_entropy(not_a, y)
        assert ulps(J.value, exact_cost(-z, y)) <= 4
        np.testing.assert_array_max_ulp(mg.gradients(J, Z), -(not_a.value - y) / dtype(z.shape[1]), maxulp=2)


ELEMENTWISE = {
    "σ": (mg.sigmoid, sigma, lambda z: sigma(z) * sigma(-z)),
    "1 − σ": (lambda z: 1 - mg.sigmoid(z), lambda z: sigma(-z), lambda z: -sigma(z) * sigma(-z)),
    "log σ": (lambda z: np.log(mg.sigmoid(z)), lambda z: -softplus(-z), lambda z: sigma(-z)),
    "log(1 − σ)": (lambda z: np.log(1 - mg.sigmoid(z)), lambda z: -softplus(z), lambda z: -sigma(z)),
    "softplus": (mg.softplus, softplus, sigma),
    "log1p ∘ exp": (lambda z: np.log1p(np.exp(z)), softplus, sigma),
    "log(1 + exp)": (lambda z: np.log(1 + np.exp(z)), softplus, sigma),
    "log(exp + 1)": (lambda z: mg.log(mg.exp(z) + 1.0), softplus, sigma),
}


@BOTH
@pytest.mark.parametrize(("function", "value", "slope"), ELEMENTWISE.values(), ids=ELEMENTWISE)
def test_value_and_slope_are_true_to_4_ulp(function, value, slope, dtype, rng):
    """In every term of a literal formula, at any logit: also where 1 − a or 1 + eᶻ would have rounded its digits away.

    That eᶻ itself overflows, as a value written by the user, is for NumPy to say; what is made of it is right.
    """
    z = np.concatenate([LOGITS, rng.uniform(-50, 50, 150), 10 ** rng.uniform(-6, 4, 50)]).astype(dtype)
    Z = mg.parameter(z)
    with np.errstate(over="ignore"):
        out = function(Z)
    by_z = mg.gradients(out, Z, cotangent=np.ones_like(z))
    assert out.dtype == by_z.dtype == dtype
    assert worst(out.value, lambda k: value(z[k])) <= 4
    assert worst(by_z, lambda k: slope(z[k])) <= 4


# --- softmax: columns are samples -------------------------------------------------------------------------------------

SOFTMAX_COSTS = {
    "softmax_cross_entropy": lambda z, y, m: mg.softmax_cross_entropy(z, y),
    "y log p": lambda z, y, m: -np.sum(y * np.log(mg.softmax(z))) / m,
    "rows": lambda z, y, m: -np.mean(np.sum(np.log(mg.softmax(z.T, units_axis=1)) * y.T, axis=1)),
}


def softmax_logits(dtype, rng):
    """Logits on a grid of 2⁻⁹: their differences are exact floats, so that the error is the function's own."""
    for _ in range(120):
        z = rng.normal(size=rng.integers(1, 5, size=2)) * 10 ** rng.uniform(-2, 4)
        yield (np.round(z * 512) / 512).clip(-1e4, 1e4).astype(dtype)


def exact_log_softmax(z):
    """log p of every column, as zₖ − max − log(1 + Σ of the others)."""
    out = np.empty(z.shape, object)
    for s, column in enumerate(z.T):
        others = [exact(v - column.max()) for v in np.delete(column, column.argmax())]
        rest = mp.log1p(sum(mp.exp(v) for v in others))
        out[:, s] = [exact(v) - exact(column.max()) - rest for v in column]
    return out


@BOTH
@pytest.mark.parametrize("cost", SOFTMAX_COSTS.values(), ids=SOFTMAX_COSTS)
def test_softmax_cost_is_true_to_4_ulp_and_its_delta_is_p_minus_y_to_2(cost, dtype, rng):
    """Also for a sample that is classified right, whose cost is a small log(1 + Σ …), and for one that is hopeless."""
    for z in softmax_logits(dtype, rng):
        K, m = z.shape
        y = np.eye(K, dtype=dtype)[:, rng.integers(0, K, size=m)]
        if rng.random() < 0.2:
            y = (y + dtype(1)) / dtype(K + 1)
        Z = mg.parameter(z)
        J = cost(Z, y, m)
        log_p = exact_log_softmax(z)
        assert ulps(J.value, -sum(exact(y[k]) * log_p[k] for k in np.ndindex(z.shape)) / m) <= 4, (z, y)
        p, delta = mg.softmax(Z).value, mg.gradients(J, Z)
        p_minus_y = (p - y) / dtype(m)
        known_to = np.spacing(
            np.abs(p_minus_y) if J.op.name == "softmax_cross_entropy" else np.maximum(p, y) / dtype(m)
        )
        assert (np.abs(delta - p_minus_y) <= 2 * known_to).all(), (z, y)


@BOTH
@pytest.mark.parametrize("axis", [0, 1, None, (0, 1)])
def test_logsumexp_is_true_to_4_ulp_of_its_larger_part_and_its_slope_is_the_softmax(axis, dtype, rng):
    """log Σ eᶻ = max + log(1 + Σ of the others), each known to the last digit: also where the second is small."""
    in_columns = {0: np.asarray, 1: np.transpose}.get(axis, lambda x: x.reshape(-1, 1))
    for z in softmax_logits(dtype, rng):
        Z = mg.parameter(z)
        with np.errstate(over="ignore"):
            out = np.log(np.sum(np.exp(Z), axis=axis))
        by_z = mg.gradients(out, Z, cotangent=np.ones(out.shape))
        columns = in_columns(z)
        for s, value in enumerate(np.ravel(out.value)):
            top = columns[:, s].max()
            rest = -exact_log_softmax(columns[:, [s]]).max()
            known_to = np.spacing(max(np.abs(top), dtype(float(rest))))
            assert abs(exact(value) - exact(top) - rest) <= 4 * exact(known_to), columns[:, s]
        np.testing.assert_array_max_ulp(in_columns(by_z), mg.softmax(columns).value, maxulp=2)


# --- the node that a form passes over ---------------------------------------------------------------------------------


def partial(a, y, m):
    """−y/a + (1 − y)/(1 − a), over m: ±∞ where that is the truth, 0/0 counted as 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.where(y == 1, 0, (1 - y) / (1 - a)) - np.where(y == 0, 0, y / a)) / m


SATURATED = np.array([[1e4, 1e4, 1e4, -1e4, -1e4, -1e4, 0.5, 0.0]])
ITS_LABELS = np.array([[0.0, 1.0, 0.3, 0.0, 1.0, 0.3, 1.0, 0.3]])


def test_the_skipped_activation_has_the_plain_partial_without_a_warning():
    """a.grad is what the written edge says; δ comes by the form, and nothing of an infinity passes on to it."""
    Z = mg.parameter(SATURATED)
    a = mg.sigmoid(Z)
    J = mg.cross_entropy(a, ITS_LABELS)
    expected = partial(a.value, ITS_LABELS, 8)
    assert expected[0, [0, 4]].tolist() == [np.inf, -np.inf]
    J.backward()
    for by_a in (mg.gradients(J, a), mg.gradients(J, [Z, a])[1], a.grad, mg.contributions(J, a)[J, 0]):
        np.testing.assert_allclose(by_a, expected, rtol=1e-15)
    np.testing.assert_array_max_ulp(Z.grad, (a.value - ITS_LABELS) / 8, maxulp=2)


@pytest.mark.parametrize("cost", list(WRITTEN.values())[1:], ids=list(WRITTEN)[1:])
def test_the_activation_of_the_literal_formula_has_the_plain_partial_too(cost):
    """Here 1 − a is a node, known to its last digit, so that 1/(1 − a) need not be infinite; 0/0 is 0 all the same."""
    Z = mg.parameter(SATURATED)
    a, not_a = mg.sigmoid(Z), mg.sigmoid(-SATURATED).value
    J = cost(a, ITS_LABELS, 8)
    J.backward()
    with np.errstate(divide="ignore", invalid="ignore"):
        ones, zeros = ITS_LABELS / a.value, (1 - ITS_LABELS) / not_a
    expected = (np.where(ITS_LABELS == 1, 0, zeros) - np.where(ITS_LABELS == 0, 0, ones)) / 8
    np.testing.assert_allclose(a.grad, expected, rtol=1e-14)
    np.testing.assert_array_equal(mg.gradients(J, a), a.grad)
    np.testing.assert_allclose(sum(mg.contributions(J, a).values()), a.grad, rtol=1e-14)


@COSTS
def test_other_consumers_of_the_activation_add_to_its_gradient_and_go_on_to_the_logit(cost, rng):
    """∂/∂a = the plain partial + w; ∂/∂z = (a − y)/m + w g′(z), the first by the form and the second by the edge."""
    w = rng.normal(size=SATURATED.shape)
    Z = mg.parameter(SATURATED)
    a = mg.sigmoid(Z)
    J = cost(a, ITS_LABELS, 8)
    both = J + np.sum(w * a)
    both.backward()
    np.testing.assert_allclose(a.grad, mg.gradients(J, a) + w, rtol=1e-15)
    slope = np.array([[float(sigma(z) * sigma(-z)) for z in SATURATED[0]]])
    np.testing.assert_allclose(Z.grad, (a.value - ITS_LABELS) / 8 + w * slope, rtol=1e-14, atol=1e-17)
    np.testing.assert_array_equal(mg.gradients(both, Z), Z.grad)


@COSTS
def test_contributions_book_the_flow_of_a_form_on_the_edge_it_replaces(cost, rng):
    """To a reader of the picture the terms of ∂J/∂z are those of z's consumers, here a alone, and they add up."""
    Z = mg.parameter(rng.normal(size=(3, 4)) * 300)
    y = rng.random((3, 4)).round()
    a = mg.sigmoid(Z)
    J = cost(a, y, 4) + np.sum(Z * Z)
    by_edge = mg.contributions(J, Z)
    edges = [(consumer.kind, argument) for consumer, argument in by_edge]
    assert sorted(edges) == [("multiply", 0), ("multiply", 1), ("sigmoid", 0)]
    np.testing.assert_allclose(by_edge[a, 0], (a.value - y) / 4, rtol=1e-14, atol=1e-17)
    np.testing.assert_allclose(sum(by_edge.values()), mg.gradients(J, Z), rtol=1e-14)


@COSTS
def test_substituting_the_logit_keeps_the_form_and_substituting_the_activation_the_written_rule(cost, rng):
    """The form is true of a = σ(z) only: where someone says what a is, what was written counts."""
    y = ITS_LABELS
    Z = mg.parameter(np.zeros(y.shape))
    a = mg.sigmoid(Z)
    J = cost(a, y, 8)
    assert ulps(mg.evaluate(J, {Z: SATURATED}), exact_cost(SATURATED, y)) <= 4
    a2 = rng.uniform(0.1, 0.9, size=y.shape)
    expected = -np.sum(y * np.log(a2) + (1 - y) * np.log(1 - a2)) / 8
    assert mg.evaluate(J, {a: a2}) == pytest.approx(expected, rel=1e-14)
    assert mg.evaluate(J, {a: a2, Z: SATURATED}) == pytest.approx(expected, rel=1e-14)
    assert J.value == pytest.approx(np.log(2), rel=1e-14)


def test_substituting_the_one_of_1_minus_a_is_not_overlooked():
    """The 1 is a node as any other; with 2 in its place 2 − a is no sigmoid."""
    one, a = mg.constant(1.0, name="one"), mg.sigmoid(mg.parameter([0.0, 3.0]))
    for out, written in ((one - a, lambda u: u - a.value), (np.log(one - a), lambda u: np.log(u - a.value))):
        assert out.form is not None
        np.testing.assert_allclose(mg.evaluate(out, {one: 2.0}), written(2.0), rtol=1e-15)
    out = np.log(one + np.exp(mg.constant([0.0, 3.0])))
    np.testing.assert_allclose(mg.evaluate(out, {one: 2.0}), np.log(2 + np.exp([0.0, 3.0])), rtol=1e-15)


@COSTS
def test_forward_mode_is_as_sound_as_reverse_mode(cost, rng):
    """jvp goes by the form when the logit varies, and by what was written when the activation does."""
    v = rng.normal(size=SATURATED.shape)
    Z = mg.parameter(SATURATED)
    a = mg.sigmoid(Z)
    J = cost(a, ITS_LABELS, 8)
    delta = mg.gradients(J, Z)
    assert mg.total_jacobian(J, Z)(v) == pytest.approx(np.sum(delta * v), rel=1e-13)
    np.testing.assert_allclose(mg.total_jacobian(J, Z).matrix(), delta, rtol=1e-13, atol=1e-17)
    moderate = mg.sigmoid(mg.parameter(rng.normal(size=v.shape)))
    J = cost(moderate, ITS_LABELS, 8)
    by_a = partial(moderate.value, ITS_LABELS, 8)
    assert mg.total_jacobian(J, moderate)(v) == pytest.approx(np.sum(by_a * v), rel=1e-13)
    np.testing.assert_allclose(mg.total_jacobian(J, moderate).T(1.0), by_a, rtol=1e-13)


@COSTS
def test_however_it_is_asked_a_saturated_activation_has_the_same_gradient(cost):
    """Recorded, as a total Jacobian either way: ±∞ without a warning, and no NaN from 0 · ∞."""
    a = mg.sigmoid(mg.parameter(SATURATED))
    J = cost(a, ITS_LABELS, 8)
    by_a = mg.gradients(J, a)
    np.testing.assert_allclose(mg.gradients(J, a, create_graph=True).value, by_a, rtol=1e-15)
    np.testing.assert_allclose(mg.total_jacobian(J, a).T(1.0), by_a, rtol=1e-15)
    a = mg.sigmoid(mg.parameter([[1e4]]))
    assert mg.total_jacobian(cost(a, np.zeros((1, 1)), 1), a)([[1.0]]) == np.inf


@BOTH
@COSTS
def test_second_and_third_derivatives_are_right_at_saturation(cost, dtype):
    """∂²J/∂z² = a(1 − a)/m and ∂³J/∂z³ = a(1 − a)(1 − 2a)/m, to some ULP at any logit."""
    z = np.array([LOGITS], dtype)
    y = np.resize(np.array(LABELS, dtype), z.shape)
    Z = mg.parameter(z)
    ones = np.ones_like(z)
    J = cost(mg.sigmoid(Z), y, z.size)
    delta = mg.gradients(J, Z, create_graph=True)
    second = mg.gradients(delta, Z, cotangent=ones, create_graph=True)
    third = mg.gradients(second, Z, cotangent=ones)
    assert second.dtype == third.dtype == dtype
    np.testing.assert_array_equal(delta.value, mg.gradients(J, Z))
    for k in np.ndindex(z.shape):
        slope = sigma(z[k]) * sigma(-z[k]) / z.size
        known_to = exact(np.spacing(dtype(float(slope))))
        assert abs(exact(second.value[k]) - slope) <= 12 * known_to, z[k]
        assert abs(exact(third[k]) - slope * (sigma(-z[k]) - sigma(z[k]))) <= 24 * known_to, z[k]


# --- what is shown, and where no form holds ---------------------------------------------------------------------------


def test_a_form_leaves_what_was_written_as_it_was():
    """Pictures, derivations and storage read op, inputs, name, scope and jacobians: the person's own graph."""
    Z, Y = mg.parameter([[0.3], [2.0]], name="z"), mg.constant([[0.0], [1.0]], name="y")
    with mg.scope("layer 2"):
        a = mg.sigmoid(Z, name="a")
        J = mg.cross_entropy(a, Y, name="J")
    assert (J.kind, J.op.name, J.name, J.scope) == ("cross_entropy", "cross_entropy", "J", ("layer 2",))
    assert [node.name for node in J.inputs] == ["a", "y"]
    np.testing.assert_allclose(J.jacobians[0].matrix()[0], partial(a.value, Y.value, 1)[:, 0], rtol=1e-15)
    assert J.form.op.name == "sigmoid_cross_entropy"
    assert J.form.sources[0] is Z
    assert [node.name for node in J.form.skipped] == ["a"]
    assert a.form is None


def test_a_form_is_known_by_the_forms_of_the_arguments():
    """1 − (1 − σ) is σ again and log(1 − σ) is log σ(−z): what is skipped is named from the logit up."""
    Z = mg.parameter([0.3])
    not_a = 1 - mg.sigmoid(Z)
    again = 1 - not_a
    for node, sign in ((not_a, -1), (again, 1), (np.log(not_a), -1), (np.log(again), 1)):
        assert node.form.op.sign == sign
        assert node.form.sources[0] is Z
    assert [node.kind for node in np.log(again).form.skipped] == ["constant", "constant", "sigmoid", *2 * ["subtract"]]


LOOKALIKES = {
    "a one that enlarges": lambda a: np.ones((1, 1, 1)) - a,
    "not one": lambda a: 2 - a,
    "one of many": lambda a: np.array([[1.0], [2.0]]) - a,
    "the other way round": lambda a: a - 1,
    "log1p of a sum": lambda a: np.log1p(np.sum(np.exp(a))),
    "log(2 + exp)": lambda a: np.log(2 + np.exp(a)),
    "log(1 + exp), enlarged": lambda a: np.log(np.ones((1, 1, 1)) + np.exp(a)),
    "log of a mean": lambda a: np.log(np.mean(np.exp(a))),
    "log(1 − exp)": lambda a: np.log(1 - np.exp(-a)),
    "a sum along rows": lambda a: np.log(np.sum(np.exp(a), axis=1)),
    "a sum along columns, kept": lambda a: np.log(np.sum(np.exp(a), axis=0, keepdims=True)),
    "a sum along two of three axes": lambda a: np.log(np.sum(np.exp(a[:, None]), axis=(0, -1))),
}


@pytest.mark.parametrize("expression", LOOKALIKES.values(), ids=LOOKALIKES)
def test_what_only_looks_like_a_form_is_computed_as_written(expression, rng):
    """A form that fires where it is not equal, or has another shape, would be a wrong answer without a sign."""
    a = mg.sigmoid(mg.parameter(rng.normal(size=(2, 3))))
    expected = expression(a.value)
    assert expression(a).shape == expected.shape
    np.testing.assert_allclose(expression(a).value, expected, rtol=1e-14)


def test_a_one_that_is_differentiated_keeps_its_gradient():
    """A parameter that happens to be 1 is no constant: its slope must not vanish in a form of the other argument."""
    one, a = mg.parameter(1.0), mg.sigmoid(mg.parameter([0.3, -0.7]))
    e = np.exp(mg.parameter([0.3, -0.7]))
    assert mg.gradients(np.sum(one - a), one) == 2
    np.testing.assert_allclose(mg.gradients(np.sum(np.log(one - a)), one), np.sum(1 / (1 - a.value)), rtol=1e-14)
    np.testing.assert_allclose(mg.gradients(np.sum(np.log(one + e)), one), np.sum(1 / (1 + e.value)), rtol=1e-14)


def test_a_one_of_higher_precision_gives_the_precision_of_what_was_written():
    """np.float64(1) − a is float64 in NumPy for a float32 a; a form must not change the dtype of a node."""
    z = mg.parameter(np.float32([0.3, -0.7]))
    a, e = mg.sigmoid(z), np.exp(z)
    for one in (np.float64(1), mg.constant(1.0), 1.0):
        expected = np.subtract(one.value if isinstance(one, mg.Node) else one, a.value).dtype
        assert (one - a).dtype == expected
        assert np.log(one + e).dtype == expected


def test_labels_of_another_shape_are_refused_with_both_shapes():
    """The form must not broadcast what the written cost does not."""
    with pytest.raises(mg.ShapeError, match=r"\(2, 3\).*\(2, 1\)"):
        mg.cross_entropy(mg.sigmoid(np.zeros((2, 3))), np.zeros((2, 1)))
