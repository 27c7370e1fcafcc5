# %% [markdown]
# # A network that reads digits
#
# The same sweep that fitted on a page in the last tutorial, on real images: 1,797 digits of 8 × 8 pixels, written
# by hand, which scikit-learn ships. A network of 64-25-10 sigmoid units has 1,885 weights; one reverse sweep
# gives the slope of the cost by all of them, and SciPy's L-BFGS-B does the rest.

# %%
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import minigrad as mg

pixels, digits = load_digits(return_X_y=True)
X_train, X_test, d_train, d_test = train_test_split(
    pixels / 16, digits, test_size=0.25, stratify=digits, random_state=0
)
print(f"{len(X_train)} images to learn from, {len(X_test)} for the test")
print("one of them, a", d_train[0])
for row in X_train[0].reshape(8, 8):
    print("   " + "".join(" ░▒▓█"[round(4 * pixel)] * 2 for pixel in row))

# %% [markdown]
# ## The task as an array
#
# Output unit k should say 1 for the digit k, and the others 0. Data becomes nodes once, before training; each
# step then makes only the nodes that depend on the weights.

# %%
X, Y = mg.constant(X_train, name="X"), mg.constant(np.eye(10)[d_train], name="Y")
net = mg.Network((64, 25, 10), rng=0)
print(net, "with", net.pack().size, "weights")
assert net.pack().size == 25 * 65 + 10 * 26

# %% [markdown]
# ## Is the gradient right?
#
# Before using it, ask somebody else. Along a random direction u the slope must be the gradient times u. The
# witness is the cost at two points near each other. With a step h its error has two parts: a curve is not a line
# (∝ h²), and the difference of nearly equal numbers has few digits left (∝ 1/h). In between is the best that it
# can do.

# %%
weight_decay = 1.0
start = net.pack()
value, gradient = net.value_and_gradient(start, X, Y, weight_decay)
u = np.random.default_rng(1).normal(size=start.size)
u /= np.linalg.norm(u)
print(f"cost {value:.6f}, slope by the sweep {gradient @ u:.12f}")
errors = {}
for h in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10):
    above, below = (net.value_and_gradient(start + step * u, X, Y, weight_decay)[0] for step in (h, -h))
    errors[h] = abs((above - below) / (2 * h) / (gradient @ u) - 1)
    print(f"  h = {h:.0e}   difference quotient {(above - below) / (2 * h):.12f}   relative error {errors[h]:.0e}")
assert min(errors.values()) < 1e-8
assert errors[1e-1] > min(errors.values()) < errors[1e-10]

# %% [markdown]
# ## Training, with and without the penalty
#
# λ keeps the weights small. Without it the network learns the training images by heart, with large weights, and
# does worse on images that it has not seen; with too much of it, it cannot even learn those that it has.


# %%
def train(weight_decay, steps=80):
    costs = [net.value_and_gradient(net.pack(), X, Y, weight_decay)[0]]
    found = minimize(
        net.value_and_gradient,
        net.pack(),
        args=(X, Y, weight_decay),
        jac=True,
        method="L-BFGS-B",
        callback=lambda intermediate_result: costs.append(intermediate_result.fun),
        options={"maxiter": steps},
    )
    return net.with_vector(found.x), costs


trained, costs, test_accuracy = {}, {}, {}
print("λ      cost J   training images   test images   largest weight")
for decay in (0.0, 1.0, 30.0):
    trained[decay], costs[decay] = train(decay)
    right = [
        np.mean(trained[decay].predict(images) == truth) for images, truth in ((X_train, d_train), (X_test, d_test))
    ]
    largest = max(np.max(np.abs(theta[:, 1:])) for theta in trained[decay].thetas)
    print(f"{decay:4.1f}   {costs[decay][-1]:6.4f}   {right[0]:15.1%}   {right[1]:11.1%}   {largest:14.2f}")
    assert costs[decay][-1] < costs[decay][0]
    test_accuracy[decay] = right[1]
assert test_accuracy[1.0] > 0.95
assert test_accuracy[1.0] > test_accuracy[0.0] > test_accuracy[30.0]

# %% [markdown]
# ## What the sweep knows about one image
#
# The graph has a gradient for every node that leads to a parameter. Make the *image* a parameter, and the same
# sweep tells which pixels speak for the right digit: ink there would lower the cost.

# %%
image = mg.parameter(X_test[:1], name="image")
run = trained[1.0].forward(image, np.eye(10)[d_test[:1]])
slope = mg.gradients(run.J, image).reshape(8, 8)
print(f"a {d_test[0]}, read as a {trained[1.0].predict(X_test[:1])[0]}; + more ink would help, - it would hurt")
for ink, row in zip(X_test[0].reshape(8, 8), slope, strict=True):
    signs = ["+" if g < -0.3 * np.abs(slope).max() else "-" if g > 0.3 * np.abs(slope).max() else "." for g in row]
    print("   " + "".join(" ░▒▓█"[round(4 * pixel)] * 2 for pixel in ink) + "    " + " ".join(signs))
better = X_test[:1] - 0.1 * mg.gradients(run.J, image) / np.abs(slope).max()
assert trained[1.0].forward(better, np.eye(10)[d_test[:1]]).J.value < run.J.value

# %% [markdown]
# ## The figure

# %%
output = Path("output")
output.mkdir(exist_ok=True)
figure = Figure(figsize=(7, 4), layout="constrained")
axes = figure.subplots()
for decay, curve in costs.items():
    axes.plot(curve, label=f"λ = {decay:g}")
axes.set(xlabel="step", ylabel="cost J", yscale="log")
axes.legend()
figure.savefig(output / "03_digits.png", dpi=120)
print("the cost curves:", output / "03_digits.png")
