# %% [markdown]
# # Inference and fitting
#
# Three searches that live on derivatives: the bottom of a curved valley by Newton's method, the Gaussian nearest to a
# given distribution, and the coefficients of a differential equation, found through the solver that integrates it.
# Each has an answer that is known beforehand.

# %%
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares, minimize, rosen, rosen_der, rosen_hess, rosen_hess_prod
from scipy.sparse.linalg import spsolve

import minigrad as mg

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## Rosenbrock's valley
#
# Σ 100 (x_{k+1} − x_k²)² + (1 − x_k)²: a narrow valley that bends, with its lowest point at x = (1, …, 1). In two
# dimensions the Hessian is [[1200 x² − 400 y + 2, −400 x], [−400 x, 200]]; `mg.hessian` finds it without being told.


# %%
def valley(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


x = np.array([-1.2, 1.0])
closed = np.array([[1200 * x[0] ** 2 - 400 * x[1] + 2, -400 * x[0]], [-400 * x[0], 200]])
print("Hessian at (-1.2, 1): ", str(mg.hessian(valley)(x)).replace("\n", ""))
print("by the closed formula:", str(closed).replace("\n", ""))
assert np.allclose(mg.hessian(valley)(x), closed, rtol=1e-14)

# %% [markdown]
# Newton's method takes the gradient and the Hessian at a point, and steps to where the parabola that they describe is
# lowest. From (−1.2, 1) it leaves the valley for one step, comes back, and then the number of right digits doubles
# with each step.

# %%
path = [x]
while len(path) < 8:
    gradient, H = mg.grad(valley)(path[-1]), mg.hessian(valley)(path[-1])
    path.append(path[-1] - np.linalg.solve(H, gradient))
for step, x in enumerate(path):
    distance = np.abs(x - 1).max()
    print(f"step {step}: x = ({x[0]:+.10f}, {x[1]:+.10f})   f = {valley(x):8.1e}   distance {distance:.0e}")
assert valley(path[2]) > valley(path[0])
assert np.abs(path[6] - 1).max() < 1e-9
assert np.abs(path[7] - 1).max() < 1e-14

# %% [markdown]
# ## The same in 1,000 dimensions
#
# The Hessian now has a million entries, but each x_k meets only its neighbours. It is the Jacobian of the gradient,
# and `sparse_jacobian` finds the three diagonals; a Newton step costs next to nothing.

# %%
n = 1000
start = np.full(n, 1.2)
x, gradient_of_valley = start, mg.grad(valley)
for step in range(20):
    gradient, H = gradient_of_valley(x), mg.sparse_jacobian(gradient_of_valley)(x)
    if step == 0:
        assert np.allclose(gradient, rosen_der(x), rtol=1e-13)
        assert np.allclose(H.toarray(), rosen_hess(x), rtol=1e-13)
        print(f"{H.nnz} of {n * n} entries; gradient and Hessian agree with those that SciPy ships")
    if np.abs(gradient).max() < 1e-10:
        break
    x = x - spsolve(H.tocsc(), gradient)
print(f"Newton with the sparse Hessian: {step} steps, farthest from 1 by {np.abs(x - 1).max():.0e}")
assert H.nnz == 3 * n - 2
assert np.abs(x - 1).max() < 1e-10

# %% [markdown]
# Where the Hessian is not sparse, one can still ask what it does to a vector. SciPy's Newton-CG solves for its step
# by conjugate gradients and needs no more than that: `hvp`.


# %%
def hessian_times(x, v):
    return mg.hvp(valley, (x,), (v,))[0]


v = np.sin(np.arange(n))
assert np.allclose(hessian_times(start, v), rosen_hess_prod(start, v), rtol=1e-12, atol=1e-9)
found = minimize(
    mg.value_and_grad(valley), start, jac=True, hessp=hessian_times, method="newton-cg", options={"xtol": 1e-10}
)
print(f"SciPy's Newton-CG: {found.nit} steps, {found.nhev} products, farthest from 1 by {np.abs(found.x - 1).max():.0e}")
assert found.success
assert np.abs(found.x - 1).max() < 1e-6

# %% [markdown]
# ## The nearest Gaussian
#
# Often a distribution is known only by a function proportional to its density. Variational inference looks for the
# Gaussian q nearest to it, by making
#
#     ELBO(q) = mean of log density under q + entropy of q = log Z − KL(q, p)
#
# as large as it can be. With z = mean + σ ε and ε drawn from the standard Gaussian the mean becomes an average over
# draws of ε, and can be differentiated by the mean and σ. Nothing about the density is used but the function itself.
#
# The target is a banana: x is standard normal, and y is x² with an error of ½. Its constant is known, Z = 2π · ½.

# %%
error = 0.5


def log_density(x, y):
    return -(x**2) / 2 - ((y - x**2) / error) ** 2 / 2


def elbo(q, noise):
    mean, log_sigma = q[:2], q[2:]
    z = mean + np.exp(log_sigma) * noise
    return np.mean(log_density(z[:, 0], z[:, 1])) + np.sum(log_sigma) + 1 + np.log(2 * np.pi)


def exact_elbo(q):
    """The same with its integrals done: the density's logarithm is a polynomial."""
    (m_x, m_y), (s_x, s_y) = q[:2], np.exp(q[2:])
    square = s_y**2 + (m_y - m_x**2 - s_x**2) ** 2 + 4 * m_x**2 * s_x**2 + 2 * s_x**4
    return -(m_x**2 + s_x**2) / 2 - square / error**2 / 2 + np.sum(q[2:]) + 1 + np.log(2 * np.pi)


rng = np.random.default_rng(0)
q = np.array([1.0, -0.5, 0.3, -1.0])
draws = [mg.grad(elbo)(q, rng.normal(size=(100, 2))) for _ in range(1000)]
mean, doubt = np.mean(draws, axis=0), np.std(draws, axis=0) / np.sqrt(1000)
exact = mg.grad(exact_elbo)(q)
print("mean of 1,000 noisy gradients", mean)
print("its standard error           ", doubt)
print("exact gradient               ", exact)
assert np.all(np.abs(mean - exact) < 4 * doubt)

# %% [markdown]
# The noisy gradient is right on average, so small steps along it go uphill. Adam, with steps that get smaller; new
# draws in each step.
#
# The best q is known. By symmetry its mean is at x = 0; setting the exact slopes to zero gives σ_y = ½ and
# 4 σ_x⁴/½² + σ_x² = 1, and the mean of y is σ_x².

# %%
q, mean, square, steps = np.zeros(4), np.zeros(4), np.zeros(4), 1000
for t in range(1, steps + 1):
    slope = mg.grad(elbo)(q, rng.normal(size=(50, 2)))
    mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
    size = 0.05 * (1 - t / (steps + 1))
    q = q + size * mean / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.99**t)) + 1e-8)
    if t in {1, 10, 30, 100, 300, 1000}:
        print(f"step {t:4}: ELBO {exact_elbo(q):8.4f}")
sigma_x = np.sqrt((np.sqrt(1 + 16 / error**2) - 1) * error**2 / 8)
best = np.array([0, sigma_x**2, np.log(sigma_x), np.log(error)])
log_Z = np.log(2 * np.pi * error)
print(f"found mean {q[:2]}, σ {np.exp(q[2:])}")
print(f"best  mean {best[:2]}, σ {np.exp(best[2:])}")
print(f"ELBO found {exact_elbo(q):.4f}, best {exact_elbo(best):.4f}, and log Z = {log_Z:.4f}; KL is what is missing")
print(f"the banana's own σ of x is 1: a Gaussian inside it must be narrower, {sigma_x:.3f}")
assert np.abs(mg.grad(exact_elbo)(best)).max() < 1e-12
assert np.abs(q - best).max() < 0.05
assert exact_elbo(q) <= exact_elbo(best) < log_Z

# %% [markdown]
# ## A differential equation, and its coefficients from data
#
# Prey x and predators y (Lotka and Volterra): x′ = x (α − β y), y′ = y (−γ + δ x). In logarithms u, both are always
# positive, and the equations are shorter: u′ = growth + interaction · e^(the other's u). The solver is the classical
# Runge–Kutta method, written out: a loop in NumPy. Differentiating it means differentiating each of its steps.


# %%
def rate(u, growth, interaction):
    return growth + interaction * np.exp(u[::-1])


def populations(v, years=20, steps=5):
    """log of prey and predators, (years + 1, 2), from v = log(α, β, γ, δ, x(0), y(0))."""
    alpha, beta, gamma, delta = np.exp(v[:4])
    growth, interaction = np.stack([alpha, -gamma]), np.stack([-beta, delta])
    u, h = v[4:], 1 / steps
    at_years = [u]
    for _ in range(years):
        for _ in range(steps):
            k1 = rate(u, growth, interaction)
            k2 = rate(u + h / 2 * k1, growth, interaction)
            k3 = rate(u + h / 2 * k2, growth, interaction)
            k4 = rate(u + h * k3, growth, interaction)
            u = u + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        at_years.append(u)
    return np.stack(at_years)


truth = np.array([0.6, 0.03, 0.7, 0.02, 20.0, 10.0])
made = populations(np.log(truth))


def by_scipy(truth):
    def slope(t, xy):
        return [xy[0] * (truth[0] - truth[1] * xy[1]), xy[1] * (-truth[2] + truth[3] * xy[0])]

    return solve_ivp(slope, (0, 20), truth[4:], t_eval=np.arange(21), rtol=1e-11, atol=1e-11).y.T


print(f"steps of a fifth of a year are {np.abs(made - np.log(by_scipy(truth))).max():.0e} from SciPy's solver, in logarithms")
