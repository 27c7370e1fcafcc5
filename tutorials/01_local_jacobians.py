# %% [markdown]
# # Local Jacobians
#
# The derivative of a function at a point is a linear map: it takes a small change of the input to the change of
# the output. A program is a chain of small functions, so its derivative is a chain of small linear maps, and most
# of those have a structure so simple that nobody would write them down as matrices. This tutorial looks at three
# of them, and at what happens when they are put together.

# %%
import numpy as np

import minigrad as mg

rng = np.random.default_rng(0)
np.set_printoptions(precision=4, suppress=True)

W = mg.constant(rng.normal(size=(3, 4)).round(1), name="W")
x = mg.parameter(rng.normal(size=(4, 1)).round(1), name="x")  # a column
z = mg.matmul(W, x, name="z")
a = mg.sigmoid(z, name="a")
s = mg.sum(a, name="s")
print("x =", x.value[:, 0], "  columns are printed as rows")
print("z =", z.value[:, 0], "  z = W x")
print("a =", a.value[:, 0], "  a = 1 / (1 + exp(-z))")
print("s =", s.value, "  s = a1 + a2 + a3")

# %% [markdown]
# ## Three structures
#
# Each node knows the map from a change of its argument to its own change. Read `(4, 1) → (3, 1)` as: takes an
# array of shape (4, 1) to one of shape (3, 1).

# %%
dz_dx = mg.local_jacobian(z, 1)  # by argument 1, x; argument 0 is W
da_dz = mg.local_jacobian(a, 0)
ds_da = mg.local_jacobian(s, 0)
for name, local in (("∂z/∂x", dz_dx), ("∂a/∂z", da_dz), ("∂s/∂a", ds_da)):
    print(f"{name} = {local}")
    print(local.matrix(), "\n")

# %% [markdown]
# A product with W from the left; a diagonal, because `a1` depends on `z1` alone; a row of ones, because a sum
# feels each of its terms equally. `matrix()` writes them out for us to read. A sweep never does: of the diagonal
# it keeps three numbers, not nine.

# %%
assert isinstance(dz_dx, mg.LeftMul)
assert isinstance(da_dz, mg.Diagonal)
assert np.array_equal(dz_dx.matrix(), W.value)
assert np.allclose(da_dz.matrix(), np.diag((a.value * (1 - a.value))[:, 0]))
assert np.array_equal(ds_da.matrix(), np.ones((1, 3)))

# %% [markdown]
# ## Forward: a change goes with the arrows
#
# Push a small change of x through the three maps, first map first. What comes out is how fast s changes in that
# direction. A difference quotient agrees, as far as its own error allows.

# %%
x_dot = np.array([[1.0], [0.0], [-2.0], [0.5]])
s_dot = ds_da(da_dz(dz_dx(x_dot)))
h = 1e-6
quotient = (mg.evaluate(s, {x: x.value + h * x_dot}) - mg.evaluate(s, {x: x.value - h * x_dot})) / (2 * h)
print(f"through the maps      {s_dot:.12f}")
print(f"difference quotient   {quotient:.12f}")
assert abs(s_dot - quotient) < 1e-8

# %% [markdown]
# ## Reverse: a question goes against the arrows
#
# To know the slope in every direction, we could ask four times. It is cheaper to ask once, from the other end.
# The transpose of a map answers: if the cost changes by `u` for each unit of my *output*, how much does it change
# for each unit of my *input*? Start with 1 at s and apply the transposes, last map first: that is the reverse
# sweep, and the number that it leaves at each node is the gradient of s by that node.

# %%
a_bar = ds_da.T(np.array(1.0))
z_bar = da_dz.T(a_bar)
x_bar = dz_dx.T(z_bar)
print("∂s/∂a =", a_bar[:, 0])
print("∂s/∂z =", z_bar[:, 0])
print("∂s/∂x =", x_bar[:, 0])
s.backward()
assert np.array_equal(z.grad, z_bar)
assert np.array_equal(x.grad, x_bar)
print("s.backward() left the same numbers in .grad")

# %% [markdown]
# Both directions are one and the same map, read from its two ends: ⟨u, L v⟩ = ⟨Lᵀ u, v⟩ for all u and v.
# minigrad's tests hold every op and every structure to that law.

# %%
forward, reverse = s_dot, np.vdot(x_bar, x_dot)
print(f"pushed forward {forward:.15f}, pulled back {reverse:.15f}")
assert abs(forward - reverse) <= 1e-14 * abs(forward)

# %% [markdown]
# ## Along a path, maps are multiplied; over several paths, they are added
#
# Composition keeps what structure it can: two diagonals in a row are one diagonal.

# %%
print("∂a/∂z ∘ ∂z/∂x =", da_dz @ dz_dx)
print("diagonal ∘ diagonal =", da_dz @ da_dz)
assert isinstance(da_dz @ da_dz, mg.Diagonal)
assert np.allclose((ds_da @ da_dz @ dz_dx).matrix(), x.grad.T)

# %% [markdown]
# In `y = t · t` there are two edges from t to y, one for each place where t stands. Each brings a contribution,
# and the gradient is their sum: 3 + 3 = 6, the derivative of t² at 3.

# %%
t = mg.parameter(3.0, name="t")
y = t * t
for (consumer, argument), term in mg.contributions(y, t).items():
    print(f"through argument {argument} of {consumer.kind}: {term}")
print("together:", mg.gradients(y, t))
assert mg.gradients(y, t) == 6.0

# %% [markdown]
# ## An op of your own
#
# Say how it is computed, and which linear map is its derivative. Forward mode, reverse mode and higher
# derivatives follow.

# %%


class Softsign(mg.Op):
    """a = z / (1 + |z|), elementwise. Local Jacobian: diag(1 / (1 + |z|)²)."""

    def forward(self, z):
        return z / (1 + abs(z))

    def jacobian(self, argument, a, z):
        return mg.Diagonal(1 / (1 + abs(z)) ** 2)


softsign = Softsign()
total = mg.sum(softsign(W @ x))
slopes = mg.gradients(total, x)
by_hand = W.value.T @ (1 / (1 + np.abs(z.value)) ** 2)
print("by the engine:", slopes[:, 0])
print("by hand:      ", by_hand[:, 0])
assert np.allclose(slopes, by_hand, rtol=1e-14)
