# %% [markdown]
# # Derivatives of functions
#
# Write a function in NumPy and ask for its derivative. You need not make nodes or see the graph: `mg.grad(f)` runs f
# on variables of its own and hands back plain arrays. This tutorial goes through all that can be asked for in this
# way, and puts a known answer beside each.

# %%
import tracemalloc
from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import brentq
from scipy.sparse.linalg import spsolve

import minigrad as mg

np.set_printoptions(precision=4, suppress=True)


def swing(t):
    """A swing that comes to rest."""
    return np.exp(-t / 4) * np.cos(2 * t)


speed = mg.grad(swing)
by_hand = -np.exp(-1.5 / 4) * (np.cos(3.0) / 4 + 2 * np.sin(3.0))
print("swing(1.5)          ", swing(1.5), "  an ordinary number: nothing about swing has changed")
print("mg.grad(swing)(1.5) ", speed(1.5))
print("worked out by hand  ", by_hand)
assert isinstance(swing(1.5), float)
assert np.isclose(speed(1.5), by_hand, rtol=1e-14, atol=0)

# %% [markdown]
# `grad` is for functions with one number as their value, of as many variables as you like. `argnums` says by which
# arguments; `value_and_grad` gives the value too, from the same run; with `has_aux` the function may return
# something besides, which comes back as a plain array too.


# %%
def misfit(weights, inputs, wanted):
    residual = inputs @ weights - wanted
    return np.sum(residual**2), residual


rng = np.random.default_rng(0)
A, y = rng.normal(size=(6, 3)), rng.normal(size=6)
(value, residual), gradient = mg.value_and_grad(misfit, has_aux=True)(np.ones(3), A, y)
print("\nleast squares: the cost, its gradient, and the same by hand")
print("value        ", value)
print("gradient     ", gradient)
print("2 Aᵀ residual", 2 * A.T @ residual)
assert np.allclose(gradient, 2 * A.T @ residual, rtol=1e-13, atol=0)
by_weights, by_wanted = mg.grad(lambda *arguments: misfit(*arguments)[0], argnums=(0, 2))(np.ones(3), A, y)
assert np.array_equal(by_weights, gradient)
assert np.allclose(by_wanted, -2 * residual, rtol=1e-13, atol=0)

# %% [markdown]
# ## Again and again: tanh and its derivatives
#
# A derivative is a function like any other, so it has a derivative. For a whole row of points at once forward mode
# is the natural tool: `jvp(f, (x,), (v,))` gives f(x) and the change of f when x changes by v. With v = 1 everywhere
# that is f′ at each point.
#
# The witness: with t = tanh x we have t′ = 1 − t², so each derivative is a polynomial in t, P → P′ · (1 − t²).


# %%
def slope(f):
    return lambda x: mg.jvp(f, (x,), (np.ones_like(x),))[1]


x = np.linspace(-3, 3, 61)
curves, polynomials = [np.tanh], [np.polynomial.Polynomial([0, 1])]
for _ in range(5):
    curves.append(slope(curves[-1]))
    polynomials.append(polynomials[-1].deriv() * np.polynomial.Polynomial([1, 0, -1]))
print("\ntanh and its derivatives, each drawn from its lowest to its highest value")
print("order   at 0   lowest  highest   from x = −3 to 3")
for order, (curve, polynomial) in enumerate(zip(curves, polynomials, strict=True)):
    values = curve(x)
    low, high = values.min(), values.max()
    line = "".join("▁▂▃▄▅▆▇█"[int(7.999 * (value - low) / (high - low))] for value in values)
    print(f"{order:5} {values[30] + 0.0:6.1f} {low:8.3f} {high:8.3f}   {line}")
    assert np.allclose(values, polynomial(np.tanh(x)), rtol=0, atol=1e-13 * max(high, -low))

# %% [markdown]
# Reverse mode finds the same: `grad` of `grad` of … at one point.

# %%
f = np.tanh
for _ in range(5):
    f = mg.grad(f)
fifth = polynomials[5](np.tanh(0.3))
print(f"fifth derivative at 0.3: {f(0.3):.12f}, by the polynomial {fifth:.12f}")
assert np.isclose(f(0.3), fifth, rtol=1e-13, atol=0)

# %% [markdown]
# ## Two directions
#
# From polar to plane coordinates: two numbers in, two out. `jvp` pushes a change of the input forward; `vjp` pulls
# weights on the outputs back. They are the Jacobian and its transpose, and `jacobian` writes the whole of it, in
# whichever direction needs fewer sweeps.


# %%
def plane(polar):
    return np.stack([polar[0] * np.cos(polar[1]), polar[0] * np.sin(polar[1])])


at = np.array([2.0, 0.5])
v, w = np.array([0.1, -1.0]), np.array([3.0, 1.0])
point, moved = mg.jvp(plane, (at,), (v,))
point, pull = mg.vjp(plane, at)
(weights_back,) = pull(w)
J = mg.jacobian(plane)(at)
print("\nfrom polar to plane coordinates, at r = 2 and an angle of ½")
print("J =", str(J).replace("\n", "\n    "))
print("J v  by jvp", moved, "   Jᵀ w by vjp", weights_back)
print(f"⟨w, J v⟩ = {w @ moved:.12f}, ⟨Jᵀ w, v⟩ = {weights_back @ v:.12f}, det J = {np.linalg.det(J):.12f} = r")
assert np.allclose(moved, J @ v, rtol=1e-14, atol=0)
assert np.allclose(weights_back, J.T @ w, rtol=1e-14, atol=0)
assert np.isclose(np.linalg.det(J), 2.0, rtol=1e-14, atol=0)

# %% [markdown]
# ## Second derivatives
#
# For symmetric X, log det X has the gradient X⁻¹, and its second derivative takes a symmetric V to −X⁻¹ V X⁻¹.
# `hessian` writes out all of it: for a matrix, an array with four axes. `hvp` applies it to one direction for the
# price of a few gradients, however many variables there are.


# %%
def log_det(X):
    return np.linalg.slogdet(X)[1]


B = rng.normal(size=(3, 3))
X, V = B @ B.T + np.eye(3), B + B.T
(applied,) = mg.hvp(log_det, (X,), (V,))
inverse = np.linalg.inv(X)
print("\nlog det X: second derivatives")
print("Hessian of shape", mg.hessian(log_det)(X).shape)
print("times V, by hvp:", applied[0], "… (first row)")
print("by formula:     ", (-inverse @ V @ inverse)[0], "…")
assert np.allclose(mg.grad(log_det)(X), inverse, rtol=1e-12, atol=0)
assert np.allclose(applied, -inverse @ V @ inverse, rtol=1e-12, atol=0)
assert np.allclose(np.tensordot(mg.hessian(log_det)(X), V, axes=2), applied, rtol=1e-12, atol=0)

# %% [markdown]
# ## A derivative inside a function
#
# A function may use derivatives itself. Here: how steep is f, and in which direction does it get steeper? The
# gradient of |∇f|² is 2 H ∇f.
#
# Two derivatives at once must not mistake one's variable for the other's. In d/dx [x · d/dy (x + y)] the inner
# derivative is 1 whatever x is, and the whole is 1. A program that mixes the two up says 2.


# %%
def f(x):
    return np.sum(np.sin(x) * x[::-1])


def steepness(x):
    return np.sum(mg.grad(f)(x) ** 2)


at = np.array([0.3, -1.0, 2.0])
(formula,) = mg.hvp(f, (at,), (2 * mg.grad(f)(at),))
print("\nderivatives inside derivatives")
print("gradient of the steepness", mg.grad(steepness)(at), "  2 H ∇f", formula)
assert np.allclose(mg.grad(steepness)(at), formula, rtol=1e-13, atol=0)
mixed = mg.grad(lambda x: x * mg.grad(lambda y: x + y)(1.0))(1.0)
print("d/dx [x · d/dy (x + y)] =", mixed)
assert mixed == 1.0

# %% [markdown]
# ## Arguments in dicts, lists and tuples
#
# Parameters of a model seldom are one array. Put them into a dict; the gradient is a dict too. At the least-squares
# line through some points, found by NumPy, the gradient must be zero.


# %%
def distance(line, t, heights):
    return np.mean((line["offset"] + line["slope"] * t - heights) ** 2)


t = np.linspace(0, 1, 20)
heights = 1 + 2 * t + 0.1 * rng.normal(size=20)
by_numpy = np.polynomial.Polynomial.fit(t, heights, 1).convert().coef
print("\na line through points, its parameters in a dict")
print("at offset 0, slope 0:     ", mg.grad(distance)({"offset": 0.0, "slope": 0.0}, t, heights))
best = mg.grad(distance)({"offset": by_numpy[0], "slope": by_numpy[1]}, t, heights)
print("at the line NumPy has found: zero to", f"{max(abs(best['offset']), abs(best['slope'])):.0e}")
assert set(best) == {"offset", "slope"}
assert max(abs(best["offset"]), abs(best["slope"])) < 1e-14

# %% [markdown]
# ## A Jacobian that is nearly all zeros
#
# The equation u″ + e^u = 0 on [0, 1] with u = 0 at both ends (Bratu's), on 1,000 inner points: 1,000 equations, each
# with three unknowns in it. `sparse_jacobian` finds out from the structure of the function which entries can differ
# from zero, and stores only these. Newton's method then needs a few small solves. The solution is known:
# u = 2 log(cosh(θ/4) / cosh((x − ½) θ/2)) with θ = √2 cosh(θ/4).

# %%
n = 1000
grid = np.linspace(0, 1, n + 2)[1:-1]


def bratu(u):
    with_ends = np.pad(u, 1)
    return (with_ends[2:] - 2 * u + with_ends[:-2]) * (n + 1) ** 2 + np.exp(u)


print("\nNewton's method with a sparse Jacobian, for u″ + e^u = 0")
u = np.zeros(n)
for step in range(4):
    J = mg.sparse_jacobian(bratu)(u)
    change = spsolve(J.tocsc(), -bratu(u))
    u = u + change
    print(f"step {step + 1}: {J.nnz} of {n * n} entries stored, u changed by at most {np.abs(change).max():.1e}")
theta = brentq(lambda theta: theta - np.sqrt(2) * np.cosh(theta / 4), 0, 3)
exact = 2 * np.log(np.cosh(theta / 4) / np.cosh((grid - 0.5) * theta / 2))
print(f"largest u {u.max():.8f}, exactly {exact.max():.8f}; the rest is the grid's error, ∝ 1/n²")
assert J.nnz == 3 * n - 2
assert np.abs(change).max() < 1e-9
assert np.abs(u - exact).max() < 1e-7

# %% [markdown]
# ## Not to be differentiated
#
# `stop_gradient(x)` has the value of x, and derivative zero. A use: find a root by any means, without derivatives,
# and let only the last step be differentiated. For s = √a by Newton's method that is enough: s ← (s + a/s)/2 no
# longer depends on s at the root, and its derivative by a is 1/(2s).


# %%
def root(a):
    s = start = mg.stop_gradient(a)
    for _ in range(20):
        s = (s + start / s) / 2
    return (s + a / s) / 2


print("\na root whose last step alone is differentiated")
print("d√a/da at 3:", mg.grad(root)(3.0), "  1/(2√3) =", 1 / (2 * np.sqrt(3)))
assert np.isclose(mg.grad(root)(3.0), 1 / (2 * np.sqrt(3)), rtol=1e-14, atol=0)

# %% [markdown]
# ## Compute again instead of storing
#
# A reverse sweep needs the values of the forward run. `checkpoint(f)` keeps only what goes into f and what comes out,
# and runs f once more when the sweep comes by: memory for time.


# %%
def block(x):
    for _ in range(20):
        x = np.tanh(x + np.sin(x) / 10)
    return x


def chain(block):
    def cost(x):
        for _ in range(20):
            x = block(x)
        return np.sum(x)

    return cost


def peak_memory(cost, x):
    tracemalloc.start()
    gradient = mg.grad(cost)(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return gradient, peak


start = np.linspace(-1, 1, 10_000)
stored, bytes_stored = peak_memory(chain(block), start)
again, bytes_again = peak_memory(chain(mg.checkpoint(block)), start)
print("\nmemory of a gradient through 20 blocks of 20 steps, on 10,000 numbers")
print(f"all stored {bytes_stored / 1e6:.0f} MB; with checkpoint {bytes_again / 1e6:.0f} MB, and the same gradient")
assert np.array_equal(stored, again)
assert bytes_again < bytes_stored / 5

# %% [markdown]
# ## Is it right?
#
# `check_gradients` asks the values of the function alone: along random directions, in both modes, and for second
# derivatives too.

# %%
print("\ncheck_gradients, of the polar coordinates")
print(mg.check_gradients(plane, np.array([2.0, 0.5])))
checked = mg.check_gradients(log_det, X)
print(f"log det: relative error {checked.first_order:.1e}, by {checked.witness}")

# %% [markdown]
# ## Functions of your own
#
# Where a planet stands is told by Kepler's equation, E − e sin E = M: no formula gives E, but a few steps of Newton's
# method do. Its derivatives need none of those steps; from the equation itself, ∂E/∂M = 1/(1 − e cos E) and
# ∂E/∂e = sin E/(1 − e cos E). An op says both: how to compute, and what the local Jacobian is. It may use operators
# and NumPy functions, so that it can be differentiated again.


# %%
class Kepler(mg.Op):
    """E with E − e sin E = M, elementwise, for 0 ≤ e < 0.8; M and e of one shape."""

    def forward(self, M, e):
        E = M
        for _ in range(30):
            E = E - (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
        return E

    def jacobian(self, argument, E, M, e):
        return mg.Diagonal((1 if argument == 0 else np.sin(E)) / (1 - e * np.cos(E)))


kepler = Kepler()
M, e = np.array([0.2, 1.0, 2.0, 3.0]), np.array([0.0, 0.2, 0.5, 0.7])
E = kepler(M, e).value
print("\nKepler's equation as an op")
print("E =", E, "  E − e sin E − M is zero to", f"{np.abs(E - e * np.sin(E) - M).max():.0e}")
print("dE/dM =", mg.grad(lambda M: np.sum(kepler(M, e)))(M))
print(mg.check_gradients(kepler, M, e))
assert np.abs(E - e * np.sin(E) - M).max() < 1e-15

# %% [markdown]
# For a function without settings a decorator is shorter. This one has a mistake in it: on Mercator's map a place at
# latitude φ is drawn at height arsinh(tan φ), whose derivative is 1/cos φ. Not cos φ.


# %%
@mg.custom(lambda argument, height, latitude: mg.Diagonal(np.cos(latitude)))
def mercator(latitude):
    return np.arcsinh(np.tan(latitude))


try:
    mg.check_gradients(mercator, np.array([0.0, 0.5, 1.0]))
except mg.GradientCheckError as error:
    message = str(error)
print("\na derivative that is wrong")
print("\n".join(fill(line, 118, subsequent_indent="    ") for line in message.splitlines()))
assert "mercator" in message
assert "entry (1,)" in message  # at latitude 0 the mistake does not show: cos 0 = 1/cos 0


@mg.custom(lambda argument, height, latitude: mg.Diagonal(1 / np.cos(latitude)))
def mercator(latitude):
    return np.arcsinh(np.tan(latitude))


mended = mg.check_gradients(mercator, np.array([0.0, 0.5, 1.0]))
print(f"mended: relative error {mended.first_order:.1e}, of second derivatives {mended.second_order:.1e}")

# %% [markdown]
# ## Where it stops
#
# Inside a differentiated function the arguments are nodes. NumPy's functions take them; what would turn them into
# plain numbers, and lose the derivative on the way, raises and says what to write.

# %%
print("\nwhat would lose a derivative raises")
for attempt in (lambda x: np.sum(np.array([x, 2 * x])), lambda x: float(x) ** 2):
    try:
        mg.grad(attempt)(1.0)
    except mg.UnsupportedError as error:
        print(fill(f"UnsupportedError: {error}", 118))
    else:
        raise AssertionError("a derivative was lost without a word")
assert mg.grad(lambda x: np.sum(np.stack([x, 2 * x])))(1.0) == 3.0

# %% [markdown]
# ## The figure

# %%
output = Path("output")
output.mkdir(exist_ok=True)
figure = Figure(figsize=(8, 6), layout="constrained")
fine = np.linspace(-3, 3, 401)
names = ("tanh", "first derivative", "second", "third", "fourth", "fifth")
for axes, name, curve in zip(figure.subplots(2, 3, sharex=True).flat, names, curves, strict=True):
    axes.axhline(0, color="0.8", linewidth=0.8)
    axes.plot(fine, curve(fine), color="#0072B2")
    axes.set_title(name)
figure.supxlabel("x")
figure.savefig(output / "04_derivatives_of_functions.png", dpi=120)
print("tanh and its derivatives:", output / "04_derivatives_of_functions.png")
