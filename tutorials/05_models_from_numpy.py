# %% [markdown]
# # Models from NumPy
#
# Three models, each a plain NumPy function from parameters to a cost: logistic regression, a mixture of Gaussians, a
# small recurrent network. Derivatives come from minigrad's transforms, the search for the minimum from SciPy or from
# a loop of a few lines. Each answer is put beside one that somebody else found.

# %%
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import minimize
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture

import minigrad as mg

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## Logistic regression
#
# 569 tumours, 30 measurements each; which are benign? The model says p = 1/(1 + e^(−z)) with z = X w, where the last
# weight is the offset. With y = ±1 the cost is Σ log(1 + e^(−y z)), and a penalty ½ |w|², the offset free.

# %%
data = load_breast_cancer()
X = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
X, y = np.column_stack([X, np.ones(len(X))]), np.where(data.target == 1, 1.0, -1.0)


def cost(w, X, y):
    return np.sum(np.logaddexp(0, -y * (X @ w))) + np.sum(w[:-1] ** 2) / 2


print("logistic regression")
print(f"at w = 0 the cost is {cost(np.zeros(31), X, y):.6f} = 569 log 2 = {569 * np.log(2):.6f}")
assert np.isclose(cost(np.zeros(31), X, y), 569 * np.log(2), rtol=1e-14, atol=0)

# %% [markdown]
# With 31 weights the whole Hessian is cheap, and Newton's method needs few steps: w ← w − H⁻¹ ∇. What a statistician
# would write down: ∇ = Xᵀ(p − [y = 1]) + w and H = Xᵀ diag(p (1 − p)) X + 1, w and 1 without the offset.

# %%
free = np.append(np.ones(30), 0)
w = np.zeros(31)
for step in range(10):
    value, gradient = mg.value_and_grad(cost)(w, X, y)
    H = mg.hessian(cost)(w, X, y)
    print(f"step {step}: cost {value:.10f}, largest slope {np.abs(gradient).max():.1e}")
    p = 1 / (1 + np.exp(-X @ w))
    assert np.allclose(gradient, X.T @ (p - (y > 0)) + free * w, rtol=1e-10, atol=1e-10)
    assert np.allclose(H, (X.T * (p * (1 - p))) @ X + np.diag(free), rtol=1e-10, atol=1e-10)
    w = w - np.linalg.solve(H, gradient)
theirs = LogisticRegression(solver="newton-cholesky", tol=1e-12).fit(X[:, :-1], y)
gap = np.abs(w - np.append(theirs.coef_, theirs.intercept_)).max()
print(f"scikit-learn's LogisticRegression has the same 31 weights; the largest difference is {gap:.0e}")
print(f"right on the tumours it has seen: {np.mean((X @ w > 0) == (y > 0)):.1%}")
assert np.abs(gradient).max() < 1e-9
assert gap < 1e-8

# %% [markdown]
# ## A mixture of Gaussians
#
# Petals of 150 irises, length and width. Model: three Gaussians with weights, means and
# covariances to be found. The parameters must be free to move anywhere, so the weights are a softmax of numbers, and
# each covariance is given by a triangular matrix A that whitens: (x − mean) A has unit covariance, with the diagonal
# of A positive because it is an exponential. The cost is minus the mean of the density's logarithm.

# %%
petals, names = load_iris().data[:, 2:], load_iris().target
n, kinds, width = 150, 3, 2


def logsumexp(a):
    top = np.max(a, axis=0)
    return top + np.log(np.sum(np.exp(a - top), axis=0))


def unpacked(v):
    """(log-weights (3,), means (3, 2), whitening matrices (3, 2, 2)) from a vector of 18 numbers."""
    scores, means, scale, shear = v[:3], np.reshape(v[3:9], (3, 2)), np.reshape(v[9:15], (3, 2)), v[15:]
    A = np.eye(2) * np.exp(scale)[:, None, :] + np.array([[0, 1], [0, 0]]) * shear[:, None, None]
    return scores - logsumexp(scores), means, A


def log_densities(v, x):
    """log(weight · density) of each point under each Gaussian, (3, n)."""
    log_weights, means, A = unpacked(v)
    whitened = (x - means[:, None, :]) @ A
    log_det = np.sum(v[9:15].reshape(3, 2), axis=1)
    return (log_weights + log_det)[:, None] - np.sum(whitened**2, axis=2) / 2 - np.log(2 * np.pi)


def mixture_cost(v, x):
    return -np.mean(logsumexp(log_densities(v, x)))


start = np.concatenate([np.zeros(3), petals[[0, 50, 100]].ravel(), np.zeros(9)])
print("\na mixture of three Gaussians, fitted to petals of irises")
print(f"cost at the start {mixture_cost(start, petals):.6f}, a plain number: the same function, no nodes")
print(mg.check_gradients(lambda v: mixture_cost(v, petals), start))

# %% [markdown]
# ## The E-step is a gradient
#
# The classical method, EM, begins each round by asking how probable it is that a point belongs to each Gaussian:
# these responsibilities are p_ki = density_ki / Σ_k density_ki. They are the derivative of log Σ_k e^(a_ki) by a_ki,
# so the reverse sweep finds them unasked.

# %%
a = log_densities(start, petals)
by_sweep = mg.grad(lambda a: np.sum(logsumexp(a)))(a)
by_bayes = np.exp(a) / np.sum(np.exp(a), axis=0)
print("of flower 60, by the sweep:", by_sweep[:, 60], "  by Bayes' rule:", by_bayes[:, 60])
assert np.allclose(by_sweep, by_bayes, rtol=1e-12, atol=1e-15)

# %% [markdown]
# ## Newton against EM
#
# SciPy's trust-region Newton method asks for the gradient, and for the Hessian times a vector: `hvp`. scikit-learn
# runs EM from the same start. Both must end in the same place.

# %%
found = minimize(
    lambda v: mg.value_and_grad(mixture_cost)(v, petals),
    start,
    jac=True,
    hessp=lambda v, direction: mg.hvp(lambda v: mixture_cost(v, petals), (v,), (direction,))[0],
    method="trust-ncg",
    options={"gtol": 1e-9},
)
em = GaussianMixture(
    3,
    weights_init=np.full(3, 1 / 3),
    means_init=petals[[0, 50, 100]],
    precisions_init=np.stack([np.eye(2)] * 3),
    reg_covar=0,
    tol=1e-11,
    max_iter=1000,
).fit(petals)
log_weights, means, A = unpacked(found.x)
print(f"Newton: cost {found.fun:.10f} after {found.nit} steps;  EM: {-em.score(petals):.10f} after {em.n_iter_} rounds")
for k in range(3):
    print(f"  weight {np.exp(log_weights[k]):.5f} and {em.weights_[k]:.5f}, mean {means[k]} and {em.means_[k]}")
# x − mean = u A⁻¹ with u of unit covariance
covariances = np.stack([np.linalg.inv(whitening @ whitening.T) for whitening in A])
print(
    "  covariance of the widest",
    str(covariances[2]).replace("\n", ""),
    "and",
    str(em.covariances_[2]).replace("\n", ""),
)
kind = np.argmax(log_densities(found.x, petals), axis=0)
print(f"  started from one flower of each species, it sorts {np.mean(kind == names):.1%} as botanists do")
assert np.mean(kind == names) > 0.95
assert abs(found.fun + em.score(petals)) < 1e-9
assert np.allclose(np.exp(log_weights), em.weights_, atol=1e-5)
assert np.allclose(means, em.means_, atol=1e-4)
assert np.allclose(covariances, em.covariances_, atol=1e-4)

# %% [markdown]
# ## A recurrent network
#
# It reads a sentence letter by letter and says what comes next. All that it knows of the past is a state of 16
# numbers: h ← tanh(in[letter] + W h + b). The same function `step` is differentiated in training and called with
# plain arrays when the network writes.

# %%
sentence = "the rain in the plain makes the grain gain again."
letters = sorted(set(sentence))
codes = np.array([letters.index(letter) for letter in sentence])
units = 16
rng = np.random.default_rng(0)
net = {
    "in": rng.normal(size=(len(letters), units)) / 4,
    "W": rng.normal(size=(units, units)) / 4,
    "b": np.zeros(units),
    "out": rng.normal(size=(units, len(letters))) / 4,
    "c": np.zeros(len(letters)),
}


def step(net, state, letter_in):
    return np.tanh(letter_in + net["W"] @ state + net["b"])


def losses(net, letters_in, wanted):
    """−log p of each letter, given those before it; letters_in is net["in"] of these, a row a letter."""
    states = [np.zeros(units)]
    for letter_in in letters_in:
        states.append(step(net, states[-1], letter_in))
    scores = np.stack(states[1:]) @ net["out"] + net["c"]
    return logsumexp(scores.T) - scores[np.arange(len(wanted)), wanted]


def sentence_cost(net):
    return np.mean(losses(net, net["in"][codes[:-1]], codes[1:]))


print("\na recurrent network learns a sentence")
print(f"{len(sentence)} letters, {len(letters)} of them different, {sum(v.size for v in net.values())} parameters")
print(mg.check_gradients(sentence_cost, net, directions=1))

# %% [markdown]
# How good can a guess be that looks at one letter only? Count the pairs in the sentence: the best such guesses cost
# Σ count · −log(count / count of the first letter). A network with a memory must get below that.

# %%
pairs = np.zeros((len(letters), len(letters)))
np.add.at(pairs, (codes[:-1], codes[1:]), 1)
seen = pairs > 0
memoryless = (
    -np.sum(pairs[seen] * np.log((pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1))[seen])) / pairs.sum()
)
print(f"cost per letter: guessing blindly {np.log(len(letters)):.4f}, from one letter at best {memoryless:.4f}")

# %% [markdown]
# The optimiser is Adam (Kingma and Ba, 2015): steps along a running mean of the gradient, divided by a running root
# mean square. The gradient is a dict like the network itself.

# %%
mean = {name: np.zeros_like(values) for name, values in net.items()}
square = {name: np.zeros_like(values) for name, values in net.items()}
for t in range(1, 151):
    value, gradient = mg.value_and_grad(sentence_cost)(net)
    for name, slope in gradient.items():
        mean[name] = 0.9 * mean[name] + 0.1 * slope
        square[name] = 0.99 * square[name] + 0.01 * slope**2
        root = np.sqrt(square[name] / (1 - 0.99**t)) + 1e-8
        net[name] = net[name] - 0.02 * mean[name] / (1 - 0.9**t) / root
    if t in {1, 20, 50, 100, 150}:
        print(f"step {t:3}: cost per letter {value:.4f}")
assert value < memoryless / 10


def written(net, first, length):
    """What the network writes when it always takes the likeliest letter."""
    text, state = [first], np.zeros(units)
    while len(text) < length:
        state = step(net, state, net["in"][text[-1]])
        text.append(int(np.argmax(state @ net["out"] + net["c"])))
    return "".join(letters[code] for code in text)


text = written(net, codes[0], len(sentence))
print("given its first letter, it writes:", text)
assert text == sentence

# %% [markdown]
# How far does it look back? Four words end in "ain", and a different letter follows the space each time: to know
# which, one letter is not enough, nor are four. The derivative of one letter's cost by what was read before it says
# how much each of those letters matters. One reverse sweep gives it for all of them; under each letter is the length
# of its gradient.


# %%
def cost_at(letters_in, place):
    return losses(net, letters_in, codes[1:])[place - 1]


print("how much each letter matters for the one that follows")
read = net["in"][codes[:-1]]
for place in [k for k in range(4, len(sentence)) if sentence[k - 4 : k] == "ain "]:
    by_letter = mg.grad(cost_at)(read, place)
    lengths = np.linalg.norm(by_letter, axis=1) / np.max(np.linalg.norm(by_letter, axis=1))
    bars = "".join("·▁▂▃▄▅▆▇█"[int(np.ceil(8 * length - 0.2))] for length in lengths[:place])
    before = np.sum(lengths[: place - 4]) / np.sum(lengths)
    print(f"{sentence[:place]:>45}{sentence[place]}   {before:.0%} from before 'ain '")
    print(f"{bars:>45}")
    assert before > 0.2
    assert np.all(lengths[place:] == 0)  # what comes later does not matter

# %% [markdown]
# ## The figure

# %%
output = Path("output")
output.mkdir(exist_ok=True)
figure = Figure(figsize=(6, 4.5), layout="constrained")
axes = figure.subplots()
circle = np.stack([np.cos(np.linspace(0, 2 * np.pi, 100)), np.sin(np.linspace(0, 2 * np.pi, 100))], axis=1)
styles = zip(("setosa", "versicolor", "virginica"), ("#0072B2", "#D55E00", "#009E73"), "os^", strict=True)
for name, (species, colour, marker) in enumerate(styles):
    axes.plot(*petals[names == name].T, marker, color=colour, markersize=4, alpha=0.7, label=species)
for k in range(3):
    for radius in (1, 2):
        ellipse = means[k] + radius * circle @ np.linalg.inv(A[k])
        axes.plot(*ellipse.T, color="0.2", linewidth=1, label="1 and 2 σ" if (k, radius) == (0, 1) else None)
axes.set(xlabel="length of the petal, cm", ylabel="its width, cm")
axes.legend(loc="upper left")
figure.savefig(output / "05_models_from_numpy.png", dpi=120)
print("the mixture:", output / "05_models_from_numpy.png")
