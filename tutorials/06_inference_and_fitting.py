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
from scipy.optimize import least_squares, minimize, rosen_der, rosen_hess, rosen_hess_prod
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
print("Rosenbrock's valley, by Newton's method")
print("Hessian at (-1.2, 1): ", str(mg.hessian(valley)(x)).replace("\n", ""))
print("by the closed formula:", str(closed).replace("\n", ""))
assert np.allclose(mg.hessian(valley)(x), closed, rtol=1e-14, atol=0)

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
print("\nthe same in 1,000 dimensions")
start = np.full(n, 1.2)
x, gradient_of_valley = start, mg.grad(valley)
for step in range(20):
    gradient, H = gradient_of_valley(x), mg.sparse_jacobian(gradient_of_valley)(x)
    if step == 0:
        assert np.allclose(gradient, rosen_der(x), rtol=1e-13, atol=0)
        assert np.allclose(H.toarray(), rosen_hess(x), rtol=1e-13, atol=0)
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
print(
    f"SciPy's Newton-CG: {found.nit} steps, {found.nhev} products, farthest from 1 by {np.abs(found.x - 1).max():.0e}"
)
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
print("\nthe Gaussian nearest to a banana: gradients of the ELBO by q's means and log σ")
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
log_constant = np.log(2 * np.pi * error)
print(f"found mean {q[:2]}, σ {np.exp(q[2:])}")
print(f"best  mean {best[:2]}, σ {np.exp(best[2:])}")
print(f"ELBO found {exact_elbo(q):.4f}, best {exact_elbo(best):.4f}, log Z = {log_constant:.4f}; KL is what is missing")
print(f"the banana's own σ of x is 1: a Gaussian inside it must be narrower, {sigma_x:.3f}")
assert np.abs(mg.grad(exact_elbo)(best)).max() < 1e-12
assert np.abs(q - best).max() < 0.05
assert exact_elbo(q) <= exact_elbo(best) < log_constant

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


def by_scipy(truth):
    def slope(t, xy):
        return [xy[0] * (truth[0] - truth[1] * xy[1]), xy[1] * (-truth[2] + truth[3] * xy[0])]

    return solve_ivp(slope, (0, 20), truth[4:], t_eval=np.arange(21), rtol=1e-11, atol=1e-11).y.T


exact = np.log(by_scipy(truth))
errors = [np.abs(populations(np.log(truth), steps=steps) - exact).max() for steps in (5, 10)]
print("\npredators and prey: the solver")
print(f"5 steps a year: {errors[0]:.1e} from SciPy's solver, in logarithms; 10 steps: {errors[1]:.1e}, a sixteenth")
print(mg.check_gradients(lambda v: populations(v, years=3), np.log(truth), directions=1))
assert 12 < errors[0] / errors[1] < 20

# %% [markdown]
# Twenty years of exact data, made with known coefficients: do they come back? `least_squares` wants the residuals
# and their Jacobian, 42 × 6.


# %%
def residuals(v, data):
    return np.ravel(populations(v) - np.log(data))


def fitted(data, guess):
    found = least_squares(residuals, np.log(guess), jac=mg.jacobian(residuals), args=(data,))
    return np.exp(found.x), found


guess = np.array([0.5, 0.02, 0.5, 0.02, 20, 20])
made = np.exp(populations(np.log(truth)))
coefficients, found = fitted(made, guess)
print("\ncoefficients found in data that were made with them")
print("           α       β       γ       δ    x(0)    y(0)")
for name, row in (("truth", truth), ("guess", guess), ("found", coefficients)):
    print(name, " ".join(f"{number:7.4f}" for number in row))
print(f"after {found.nfev} runs; largest relative difference {np.abs(coefficients / truth - 1).max():.0e}")
assert np.allclose(coefficients, truth, rtol=1e-8, atol=0)

# %% [markdown]
# ## Hares and lynxes
#
# Pelts bought by the Hudson's Bay Company in 1900 to 1920, in thousands (Hewitt, 1921). These numbers scatter by a
# quarter about any solution. The Jacobian gives the standard errors too: the covariance of the found logarithms is
# s² (JᵀJ)⁻¹ with s² the mean square of the residuals over 42 − 6 degrees of freedom.
#
# Carpenter found by sampling, with weak priors: 0.55, 0.028, 0.80, 0.024, and a scatter of 0.25 ("Predator-prey
# population dynamics: the Lotka-Volterra model in Stan", a case study of 2018). The guess must be a fair one: with
# too fast or too slow a cycle least squares ends in another minimum.

# %%
hares = [30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1]
hares += [40.3, 57, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7]
lynxes = [4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4]
lynxes += [8, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6]
pelts = np.stack([hares, lynxes], axis=1)
coefficients, found = fitted(pelts, guess)
scatter = np.sqrt(2 * found.cost / (42 - 6))
doubts = coefficients * scatter * np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
published = np.array([0.55, 0.028, 0.80, 0.024])
print("\nhares and lynxes, 1900 to 1920")
for name, number, doubt, theirs in zip("αβγδ", coefficients, doubts, published, strict=False):
    print(f"{name} = {number:.4f} ± {doubt:.4f}   published {theirs}")
print(f"scatter {scatter:.3f}   published 0.25")
assert np.all(np.abs(coefficients[:4] - published) < doubts[:4] / 2)
assert abs(scatter - 0.25) < 0.02

# %% [markdown]
# ## The figure

# %%
output = Path("output")
output.mkdir(exist_ok=True)
figure = Figure(figsize=(12, 4), layout="constrained")
left, middle, right = figure.subplots(1, 3)
blue, orange, grey = "#0072B2", "#D55E00", "0.6"

grid = np.meshgrid(np.linspace(-1.6, 1.6, 200), np.linspace(-3.6, 2, 200))
heights = 100 * (grid[1] - grid[0] ** 2) ** 2 + (1 - grid[0]) ** 2
left.contour(*grid, heights, [0.3, 3, 30, 100, 300, 1000], colors=grey, linewidths=1)
left.plot(*np.stack(path).T, "o-", color=orange, markersize=4)
for step, (dx, dy) in enumerate(((-4, -15), (-4, 7), (8, -5), (-14, -4), (8, -6))):
    left.annotate(str(step), path[step], (dx, dy), textcoords="offset points")
left.set(title="Newton's steps in Rosenbrock's valley", xlabel="x", ylabel="y")

grid = np.meshgrid(np.linspace(-2.5, 2.5, 200), np.linspace(-1.5, 5, 200))
density = np.exp(log_density(*grid))
middle.contour(*grid, density, [0.02, 0.1, 0.3, 0.6, 0.9], colors=grey, linewidths=1)
angle = np.linspace(0, 2 * np.pi, 100)
for radius, label in ((1, "q, 1 and 2 σ"), (2, None)):
    middle.plot(
        q[0] + radius * np.exp(q[2]) * np.cos(angle),
        q[1] + radius * np.exp(q[3]) * np.sin(angle),
        color=blue,
        label=label,
    )
middle.set(title="The nearest Gaussian", xlabel="x", ylabel="y")
middle.legend(loc="upper center")

years = np.arange(1900, 1921)
a_tenth = np.array([0.1, 0.1, 0.1, 0.1, 1, 1])  # the same equation with time in tenths of a year
curves = np.exp(populations(np.log(coefficients * a_tenth), years=200, steps=1))
assert np.allclose(curves[::10], np.exp(populations(np.log(coefficients), steps=10)), rtol=1e-10, atol=0)
for k, (name, colour, marker) in enumerate((("hares", blue, "o"), ("lynxes", orange, "s"))):
    right.plot(years, pelts[:, k], marker, color=colour, markersize=4, label=name)
    right.plot(np.linspace(1900, 1920, 201), curves[:, k], color=colour)
right.set(title="Hares and lynxes", xlabel="year", ylabel="pelts, thousands", xticks=range(1900, 1921, 5), ylim=(0, 95))
right.legend(ncols=2, loc="upper right")
figure.savefig(output / "06_inference_and_fitting.png", dpi=120)
print("all three:", output / "06_inference_and_fitting.png")
