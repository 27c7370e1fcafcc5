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


print(f"at w = 0 the cost is {cost(np.zeros(31), X, y):.6f} = 569 log 2 = {569 * np.log(2):.6f}")
assert np.isclose(cost(np.zeros(31), X, y), 569 * np.log(2), rtol=1e-14)

# %% [markdown]
# With 31 weights the whole Hessian is cheap, and Newton's method needs few steps: w ← w − H⁻¹ ∇. What a statistician
# would write down: ∇ = Xᵀ(p − [y = 1]) + w and H = Xᵀ diag(p (1 − p)) X + 1, w and 1 without the offset.

# %%
free = np.append(np.ones(30), 0)
w = np.zeros(31)
for step in range(8):
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
# Petals of 150 irises, length and width, without their names. Model: three Gaussians with weights, means and
# covariances to be found. The parameters must be free to move anywhere, so the weights are a softmax of numbers, and
# each covariance is given by a triangular matrix A that whitens: (x − mean) A has unit covariance, with the diagonal
# of A positive because it is an exponential.

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
print(f"cost at the start {mixture_cost(start, petals):.6f}, a plain number: the same function, no nodes")
print("its derivatives:", mg.check_gradients(lambda v: mixture_cost(v, petals), start))

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
    3, weights_init=np.full(3, 1 / 3), means_init=petals[[0, 50, 100]], precisions_init=np.stack([np.eye(2)] * 3),
    reg_covar=0, tol=1e-13, max_iter=5000
).fit(petals)  # fmt: skip
log_weights, means, A = unpacked(found.x)
print(f"Newton: cost {found.fun:.10f} after {found.nit} steps;  EM: {-em.score(petals):.10f} after {em.n_iter_} rounds")
for k in range(3):
    print(f"  weight {np.exp(log_weights[k]):.5f} and {em.weights_[k]:.5f}, mean {means[k]} and {em.means_[k]}")
print(found)
print(em.covariances_)
