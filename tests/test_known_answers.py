"""Worked examples from published sources, number by number: what a reader has in front of them must come out here."""

import numpy as np
import pytest

import minigrad as mg


def near(digits):
    """Equal to all printed digits: within half a unit of the last one."""
    return {"rel": 0, "abs": 0.5000001 * 10.0**-digits}


# --- Matt Mazur, "A Step by Step Backpropagation Example" (2015), mattmazur.com/2015/03/17 ----------------------------


@pytest.fixture
def mazur():
    """Two inputs, two hidden and two output sigmoid units, one bias a layer; E = Σ ½ (target − out)²."""
    w = [mg.parameter(0.15 + 0.05 * k if k < 4 else 0.40 + 0.05 * (k - 4), name=f"w{k + 1}") for k in range(8)]
    i1, i2, b1, b2 = (mg.constant(value) for value in (0.05, 0.10, 0.35, 0.60))
    h1 = mg.sigmoid(w[0] * i1 + w[1] * i2 + b1, name="out_h1")
    h2 = mg.sigmoid(w[2] * i1 + w[3] * i2 + b1, name="out_h2")
    nets = [w[4] * h1 + w[5] * h2 + b2, w[6] * h1 + w[7] * h2 + b2]
    o1, o2 = mg.sigmoid(nets[0], name="out_o1"), mg.sigmoid(nets[1], name="out_o2")
    errors = [0.5 * (0.01 - o1) ** 2, 0.5 * (0.99 - o2) ** 2]
    return w, (h1, h2), nets, (o1, o2), errors, errors[0] + errors[1]


def test_mazur_forward_pass(mazur):
    """Section "The Forward Pass" and "Calculating the Total Error"."""
    _, (h1, h2), (net_o1, _), (o1, o2), (E1, E2), E = mazur
    published = {
        h1: 0.593269992,
        h2: 0.596884378,
        net_o1: 1.105905967,
        o2: 0.772928465,
        E1: 0.274811083,
        E2: 0.023560026,
        E: 0.298371109,
    }
    for node, value in published.items():
        assert node.item() == pytest.approx(value, **near(9)), node
    assert o1.item() == pytest.approx(0.75136507, **near(8))


def test_mazur_backward_pass(mazur):
    """Section "The Backwards Pass": each factor of the chain as a local Jacobian, the products as .grad."""
    w, (h1, _), (net_o1, _), (o1, _), _, E = mazur
    E.backward()
    assert o1.grad == pytest.approx(0.74136507, **near(8))
    assert o1.jacobians[0].matrix() == pytest.approx(0.186815602, **near(9))
    assert net_o1.grad == pytest.approx(0.138498562, **near(9))
    assert w[4].grad == pytest.approx(0.082167041, **near(9))
    terms = sorted(float(term) for term in mg.contributions(E, h1).values())
    assert terms[1] == pytest.approx(0.055399425, **near(9))
    assert terms[0] == pytest.approx(-0.019049119, abs=1e-9)  # printed from rounded factors; it ends in …1183
    assert h1.grad == pytest.approx(0.036350306, **near(9))
    assert h1.jacobians[0].matrix() == pytest.approx(0.241300709, **near(9))
    assert w[0].grad == pytest.approx(0.000438568, **near(9))


def test_mazur_weights_after_one_step(mazur):
    """One step of gradient descent with η = 0.5, biases held; the error then printed there is off by 1.5·10⁻⁷.

    (0.291027924 is printed; the printed weights themselves give 0.291027774.)
    """
    w, *_, E = mazur
    stepped = [node.value - 0.5 * gradient for node, gradient in zip(w, mg.gradients(E, w), strict=True)]
    first = [0.149780716, 0.19956143, 0.24975114, 0.29950229]
    second = [0.35891648, 0.408666186, 0.511301270, 0.561370121]
    for value, published in zip(stepped, first + second, strict=True):
        assert float(value) == pytest.approx(published, **near(8))
    after = mg.evaluate(E, dict(zip(w, stepped, strict=True)))
    assert float(after) == pytest.approx(0.291027924, abs=2e-7)


# --- Stanford CS231n, "Backpropagation, Intuitions", cs231n.github.io/optimization-2 ----------------------------------


def test_cs231n_product_of_a_sum():
    """f = (x + y) z at (−2, 5, −4): q = 3, f = −12; gradients −4, −4, 3."""
    x, y, z = mg.parameter(-2.0), mg.parameter(5.0), mg.parameter(-4.0)
    q = x + y
    f = q * z
    f.backward()
    assert (q.item(), f.item()) == (3, -12)
    assert [node.grad.item() for node in (x, y, z, q, f)] == [-4, -4, 3, -4, 1]


def test_cs231n_sigmoid_neuron_gate_by_gate():
    """The circuit of elementary gates: every number above (value) and below (gradient) a wire of the figure."""
    w = [mg.parameter(value, name=f"w{k}") for k, value in enumerate([2.0, -3.0, -3.0])]
    x = [mg.parameter(value, name=f"x{k}") for k, value in enumerate([-1.0, -2.0])]
    w0x0, w1x1 = w[0] * x[0], w[1] * x[1]
    both = w0x0 + w1x1
    dot = both + w[2]
    negated = dot * -1
    e = np.exp(negated)
    plus_one = e + 1
    f = 1 / plus_one
    f.backward()
    wires = [
        (w[0], 2.00, -0.20),
        (x[0], -1.00, 0.39),
        (w[1], -3.00, -0.39),
        (x[1], -2.00, -0.59),
        (w[2], -3.00, 0.20),
        (w0x0, -2.00, 0.20),
        (w1x1, 6.00, 0.20),
        (both, 4.00, 0.20),
        (dot, 1.00, 0.20),
        (negated, -1.00, -0.20),
        (e, 0.37, -0.53),
        (plus_one, 1.37, -0.53),
        (f, 0.73, 1.00),
    ]
    for node, value, gradient in wires:
        assert node.item() == pytest.approx(value, **near(2)), node
        # The figure rounds on the way: 0.37 · 0.53 = 0.20, and −3 · 0.20 = −0.59 is from 0.1966.
        assert float(node.grad) == pytest.approx(gradient, **near(2)), node


def test_cs231n_sigmoid_neuron_as_one_gate():
    """The same neuron with the sigmoid as one gate, whose local gradient is (1 − 0.73) · 0.73 ≈ 0.2."""
    w, x = mg.parameter([2.0, -3.0, -3.0]), mg.parameter([-1.0, -2.0])
    f = mg.sigmoid(w[:2] @ x + w[2])
    assert f.item() == pytest.approx(0.73, **near(2))
    assert f.jacobians[0].matrix().item() == pytest.approx(0.20, **near(2))
    dw, dx = mg.gradients(f, [w, x])
    np.testing.assert_allclose(dw, [-0.20, -0.39, 0.20], rtol=0, atol=0.005)
    np.testing.assert_allclose(dx, [0.39, -0.59], rtol=0, atol=0.005)


def test_cs231n_staged_computation():
    """f = (x + σ(y)) / (σ(x) + (x + y)²) at (3, −4), against the backward pass printed there, line by line."""
    x, y = mg.parameter(3.0), mg.parameter(-4.0)
    sigy, sigx, xpy = mg.sigmoid(y), mg.sigmoid(x), x + y
    num, xpysqr = x + sigy, xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden
    reached = f.backward()
    numbers = {node: node.item() for node in (sigy, sigx, xpy, num, den, invden)}
    dnum, dinvden = numbers[invden], numbers[num]
    dden = (-1.0 / numbers[den] ** 2) * dinvden
    dxpy = 2 * numbers[xpy] * dden
    dx = dxpy + (1 - numbers[sigx]) * numbers[sigx] * dden + dnum
    dy = dxpy + (1 - numbers[sigy]) * numbers[sigy] * dnum
    expected = {num: dnum, invden: dinvden, den: dden, sigx: dden, xpysqr: dden, xpy: dxpy, sigy: dnum, x: dx, y: dy}
    for node, gradient in expected.items():
        assert float(reached[node]) == pytest.approx(gradient, rel=1e-14), node


def test_cs231n_add_max_and_multiply_gates():
    """2 (x y + max(z, w)) at (3, −4, 2, −1): −20; add distributes, max routes, multiply swaps: −8, 6, 2, 0."""
    x, y, z, w = (mg.parameter(value) for value in (3.0, -4.0, 2.0, -1.0))
    product, larger = x * y, np.where(z > w, z, w)
    f = (product + larger) * 2
    f.backward()
    assert f.item() == -20
    assert [node.grad.item() for node in (x, y, z, w, product, larger)] == [-8, 6, 2, 0, 2, 2]


# --- Andrej Karpathy, micrograd, README, "Example usage", github.com/karpathy/micrograd -------------------------------


def test_micrograd_readme():
    """g = 24.7041, ∂g/∂a = 138.8338, ∂g/∂b = 645.5773; `+=` there makes new nodes, as here."""
    a, b = mg.parameter(-4.0), mg.parameter(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + mg.relu(b + a)
    d += 3 * d + mg.relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.item():.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


# --- Baydin, Pearlmutter, Radul, Siskind, "Automatic Differentiation in Machine Learning: a Survey", JMLR 18 (2018) ---


class Sin(mg.Op):
    """sin x. Local Jacobian: diag(cos x), and cos x = sin(x + π/2)."""

    def forward(self, x):
        return np.sin(x)

    def jacobian(self, argument, out, x):
        return mg.Diagonal(Sin()(x + np.pi / 2) if isinstance(x, mg.Node) else np.cos(x))


def test_baydin_tables_2_and_3():
    """y = ln x₁ + x₁x₂ − sin x₂ at (2, 5): 11.652; by x₁ in forward mode 5.5, by both in reverse mode 5.5 and 1.716."""
    x1, x2 = mg.parameter(2.0), mg.parameter(5.0)
    v1, v2, v3 = np.log(x1), x1 * x2, Sin()(x2)
    v4 = v1 + v2
    y = v4 - v3
    for node, value in ((v1, 0.693), (v2, 10), (v3, -0.959), (v4, 10.693), (y, 11.652)):
        assert node.item() == pytest.approx(value, **near(3)), node
    tangents = [(v1, 0.5), (v2, 5), (v3, 0), (v4, 5.5), (y, 5.5)]
    for node, tangent in tangents:
        assert float(mg.total_jacobian(node, x1)(1.0)) == pytest.approx(tangent, **near(3)), node
    y.backward()
    adjoints = [(y, 1), (v4, 1), (v3, -1), (v1, 1), (v2, 1), (x1, 5.5), (x2, 1.716)]
    for node, adjoint in adjoints:
        assert float(node.grad) == pytest.approx(adjoint, **near(3)), node
    by_edge = {consumer.kind: float(term) for (consumer, _), term in mg.contributions(y, x2).items()}
    assert by_edge == pytest.approx({"multiply": 2, "sin": -0.284}, **near(3))


# --- scikit-learn, sklearn/neural_network/tests/test_mlp.py, test_fit: "Manually worked out example" ------------------


def test_scikit_learn_test_fit():
    """A 3-2-1 logistic network, α = 0.1 on the weights, one step with η = 0.1; worked out there to about 3 decimals."""
    X = mg.constant([[0.6, 0.8, 0.7]])
    W1, b1 = mg.parameter([[0.1, 0.2], [0.3, 0.1], [0.5, 0.0]]), mg.parameter([[0.1, 0.1]])
    W2, b2 = mg.parameter([[0.1], [0.2]]), mg.parameter([[1.0]])
    h = mg.sigmoid(X @ W1 + b1)
    z = h @ W2 + b2
    o = mg.sigmoid(z)
    J = mg.cross_entropy(o, [[0.0]], units_axis=1) + mg.l2_penalty([W1, W2], weight_decay=0.1, samples=1)
    np.testing.assert_allclose(h.value, [[0.679178699175393, 0.574442516811659]], rtol=1e-14)
    assert mg.evaluate(o, {h: [[0.679, 0.574]]}).item() == pytest.approx(0.7654329236196236, rel=1e-14)  # as there
    J.backward()
    gradients = {
        z: [[0.765]],
        h.inputs[0]: [[0.01667, 0.0374]],
        W1: [[0.0200, 0.04244], [0.043336, 0.03992], [0.7 * 0.01667 + 0.1 * 0.5, 0.7 * 0.0374]],  # there 0.6 for X3
        W2: [[0.5294], [0.45911]],
        b1: [[0.01667, 0.0374]],
        b2: [[0.765]],
    }
    for node, expected in gradients.items():
        np.testing.assert_allclose(node.grad, expected, rtol=0, atol=1e-3)
    after = {node: node.value - 0.1 * node.grad for node in (W1, W2, b1, b2)}
    updated = {
        W1: [[0.098, 0.195756], [0.2956664, 0.096008], [0.4939998, -0.002244]],
        W2: [[0.04706], [0.154089]],
        b1: [[0.098333, 0.09626]],
        b2: [[0.9235]],
    }
    for node, expected in updated.items():
        np.testing.assert_allclose(after[node], expected, rtol=0, atol=5e-4)
    assert mg.evaluate(o, after).item() == pytest.approx(0.739, **near(3))
