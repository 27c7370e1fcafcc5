"""A network of sigmoid layers trained on real images of digits, its gradient checked, beside scikit-learn's.

    load_digits()            1,797 images of 8 × 8 pixels, split into training and test
    train(net, data, …)      L-BFGS-B on J(Θ), the cost after every step
    gradient_check(…)        the sweep against a complex step on NumPy code that shares nothing with it
    by_scikit_learn(…)       its MLPClassifier on the same split, with the same cost
    draw(…)                  the cost curve and what the hidden units look for

The libraries that this needs beyond minigrad's own come with the extra "demo".
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import minigrad as mg

from ..errors import MissingExtraError
from ..linear_maps.algebra import Array
from .text import heading, number, paragraph, table, title

SIZES = (64, 25, 10)
SPLIT = 0  # the seed of the split into training and test: always the same, so that runs can be compared
# λ is a round number that gives about 97 %, which is what scikit-learn's own logistic network reaches. It is not the
# best one: cross-validation on the training images prefers it smaller.
WEIGHT_DECAY = 1.0
ITERATIONS = 200


@dataclass(frozen=True)
class Digits:
    """Images, (samples, 64) with pixels in [0, 1], and which digit each shows, (samples,)."""

    X_train: Array
    X_test: Array
    digit_train: Array
    digit_test: Array

    @property
    def Y_train(self) -> Array:
        """What the ten output units should say: 1 for the digit shown and 0 for the others, (samples, 10)."""
        return np.eye(10)[self.digit_train]


def load_digits() -> Digits:
    """The digits that scikit-learn ships, a quarter of them kept for the test, each digit with its share in both.

    >>> load_digits().X_train.shape
    (1347, 64)
    """
    datasets, selection = _needs("sklearn.datasets"), _needs("sklearn.model_selection")
    pixels, digits = datasets.load_digits(return_X_y=True)
    split = selection.train_test_split(pixels / 16, digits, test_size=0.25, stratify=digits, random_state=SPLIT)
    return Digits(*split)


def train(
    net: mg.Network, data: Digits, weight_decay: float = WEIGHT_DECAY, iterations: int = ITERATIONS
) -> tuple[mg.Network, list[float]]:
    """The network after training by L-BFGS-B, and its cost at the start and after each step.

    >>> net, costs = train(mg.Network(SIZES, rng=0), load_digits(), iterations=3)
    >>> len(costs), costs[-1] < costs[0]
    (4, True)
    """
    optimize, tqdm = _needs("scipy.optimize"), _needs("tqdm")
    X, Y = mg.constant(data.X_train, name="X"), mg.constant(data.Y_train, name="Y")  # made once, used in every step
    start = net.pack()
    costs = [net.value_and_gradient(start, X, Y, weight_decay)[0]]
    # disable=None: no bar where nobody watches, in a pipe or a log.
    with tqdm.tqdm(total=iterations, desc="training", unit=" steps", file=sys.stderr, disable=None, leave=False) as bar:

        def after_a_step(intermediate_result: Any) -> None:
            costs.append(float(intermediate_result.fun))
            bar.set_postfix_str(f"cost {costs[-1]:.4f}", refresh=False)
            bar.update()

        found = optimize.minimize(
            net.value_and_gradient,
            start,
            args=(X, Y, weight_decay),
            jac=True,
            method="L-BFGS-B",
            callback=after_a_step,
            options={"maxiter": iterations},
        )
    return net.with_vector(found.x), costs


@dataclass(frozen=True)
class Check:
    """Slopes of J along random directions: by the sweep, and by complex step."""

    by_sweep: Array
    by_complex_step: Array

    @property
    def error(self) -> float:
        """The largest difference, relative to the largest slope."""
        return float(np.max(np.abs(self.by_sweep - self.by_complex_step)) / np.max(np.abs(self.by_complex_step)))


def gradient_check(
    net: mg.Network, data: Digits, weight_decay: float = WEIGHT_DECAY, directions: int = 5, seed: int = 0
) -> Check:
    """The sweep's slopes of J along random directions of length 1, beside those of a complex step.

    A complex step, Im J(θ + i h u) / h, has no difference of nearly equal numbers in it, so that h can be as small as
    10⁻³⁰ and the slope is right to rounding: Squire and Trapp, SIAM Review 40 (1998) 110.

    >>> gradient_check(mg.Network(SIZES, rng=0), load_digits()).error < 1e-12
    True
    """
    theta = net.pack()
    _, gradient = net.value_and_gradient(theta, data.X_train, data.Y_train, weight_decay)
    units = np.random.default_rng(seed).normal(size=(directions, theta.size))
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    h = 1e-30
    witness = [_cost(theta + 1j * h * u, data.X_train, data.Y_train, weight_decay).imag / h for u in units]
    return Check(units @ gradient, np.array(witness))


def _cost(theta: Array, X: Array, Y: Array, weight_decay: float) -> Any:
    """J in plain NumPy, for real or complex weights, written again from N1 and N4: no engine, no derivative."""
    a, end, penalty = X.T, 0, 0.0
    for below, above in pairwise(SIZES):
        block = theta[end : end + above * (below + 1)].reshape(above, below + 1)
        z = block[:, :1] + block[:, 1:] @ a
        a, end, penalty = 1 / (1 + np.exp(-z)), end + block.size, penalty + np.sum(block[:, 1:] ** 2)
    log_loss = -np.sum(Y.T * np.log(a) + (1 - Y.T) * np.log(1 - a))
    return (log_loss + weight_decay / 2 * penalty) / len(X)


@dataclass(frozen=True)
class Result:
    """One way of training, and what came of it. The cost is the notes' J where that is what it minimised."""

    name: str
    cost: float | None
    train_accuracy: float
    test_accuracy: float
    steps: int
    seconds: float


def by_scikit_learn(
    data: Digits, weight_decay: float = WEIGHT_DECAY, iterations: int = ITERATIONS, seed: int = 0
) -> list[Result]:
    """scikit-learn's MLPClassifier on the same images: with the same cost, and with the one that it prefers.

    Its `alpha` is λ: it adds alpha/2m Σ W², biases left out, as N1 does. Given a column for each digit, it takes ten
    sigmoid outputs and so minimises the notes' J; given the digits themselves, it takes a softmax.

    >>> [result.name for result in by_scikit_learn(load_digits(), iterations=3)]
    ['scikit-learn, same cost J', 'scikit-learn, softmax']
    """
    classifier, quiet = _needs("sklearn.neural_network").MLPClassifier, _needs("sklearn.exceptions").ConvergenceWarning
    results = []
    for name, labels in (("same cost J", data.Y_train.astype(int)), ("softmax", data.digit_train)):
        model = classifier(
            hidden_layer_sizes=SIZES[1:-1],
            activation="logistic",
            solver="lbfgs",
            alpha=weight_decay,
            max_iter=iterations,
            random_state=seed,
        )
        began = perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", quiet)  # it stops after so many steps, as we do
            model.fit(data.X_train, labels)
        seconds = perf_counter() - began
        train_hits, test_hits = (
            np.argmax(model.predict_proba(X), axis=1) == digits
            for X, digits in ((data.X_train, data.digit_train), (data.X_test, data.digit_test))
        )
        cost = float(model.loss_) if labels.ndim == 2 else None
        steps = int(model.n_iter_)
        results.append(
            Result(f"scikit-learn, {name}", cost, float(train_hits.mean()), float(test_hits.mean()), steps, seconds)
        )
    return results


def draw(net: mg.Network, costs: Sequence[float], path: Path) -> Path:
    """A figure of the cost after each step and of the weights into each hidden unit, as 8 × 8 images.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     draw(mg.Network(SIZES, rng=0), [3.0, 2.0, 1.0], Path(folder, "digits.png")).name
    'digits.png'
    """
    figures = _needs("matplotlib.figure")
    figure = figures.Figure(figsize=(11, 5), layout="constrained", dpi=120)  # not pyplot: no display is asked for
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.15))

    axes = left.subplots()
    axes.plot(costs, color="#0072B2", linewidth=2)
    axes.set(xlabel="step of L-BFGS-B", ylabel="cost J", yscale="log", xlim=(0, max(1, len(costs) - 1)))
    axes.set_title(f"The cost, from {costs[0]:.3g} to {costs[-1]:.3g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.grid(visible=True, which="both", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)

    weights = net.thetas[0][:, 1:]
    limit = np.max(np.abs(weights))
    cells = right.subplots(5, 5).ravel()
    for unit, cell in enumerate(cells):
        image = cell.imshow(weights[unit].reshape(8, 8), cmap="PuOr", vmin=-limit, vmax=limit)
        cell.set_xticks([])
        cell.set_yticks([])
    right.colorbar(image, ax=list(cells), shrink=0.8, label="weight of the pixel")
    right.suptitle("What each of the 25 hidden units looks for")
    figure.savefig(path)
    return path


def show(output: Path, seed: int = 0, iterations: int = ITERATIONS) -> None:
    """Train, check, compare, and print what came of it; the figure goes into a folder, made if need be.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     show(Path(folder), iterations=3)
    <BLANKLINE>
    Digits: a network trained on real images
    ...
    """
    print(f"\n{title('Digits: a network trained on real images')}", flush=True)
    data = load_digits()
    net = mg.Network(SIZES, rng=seed)
    _say(_the_task(data, net))
    _say(_the_check(gradient_check(net, data)))
    began = perf_counter()
    trained, costs = train(net, data, iterations=iterations)
    seconds = perf_counter() - began
    _say(_the_training(costs, gradient_check(trained, data)))
    ours = Result(
        "minigrad",
        costs[-1],
        float(np.mean(trained.predict(data.X_train) == data.digit_train)),
        float(np.mean(trained.predict(data.X_test) == data.digit_test)),
        len(costs) - 1,
        seconds,
    )
    _say(_side_by_side([ours, *by_scikit_learn(data, iterations=iterations, seed=seed)]))
    _say(_the_mistakes(trained.predict(data.X_test), data.digit_test))
    output.mkdir(parents=True, exist_ok=True)
    _say(_the_figure(draw(trained, costs, output / "digits.png")))


def _say(lines: Sequence[str]) -> None:
    print("\n".join(lines), flush=True)  # at once, also in a pipe


def _the_task(data: Digits, net: mg.Network) -> list[str]:
    return [
        heading("1  The task"),
        paragraph(
            f"{len(data.X_train) + len(data.X_test):,} images of 8 × 8 pixels, each a digit written by hand: "
            f"{len(data.X_train):,} to learn from and {len(data.X_test)} for the test, which training never sees. A "
            f"network of {'-'.join(map(str, SIZES))} sigmoid units with {net.pack().size:,} weights. Output unit k "
            f"says how far it takes the image for the digit k. The cost J is the notes' N1 with λ = {WEIGHT_DECAY:g}."
        ),
    ]


def _the_check(check: Check) -> list[str]:
    rows = [["", "by the sweep", "by complex step", "difference"]]
    for k, (swept, witness) in enumerate(zip(check.by_sweep, check.by_complex_step, strict=True), 1):
        rows.append([f"direction {k}", number(swept, 15), number(witness, 15), f"{abs(swept - witness):.1e}"])
    return [
        heading("2  The gradient, checked before it is used"),
        paragraph(
            "The slope of J along random directions through all weights: the sweep's gradient times the direction, "
            "beside a complex step on the cost written a second time, in plain NumPy, which knows no derivative."
        ),
        "",
        table(rows),
        f"\n  relative error {check.error:.1e}",
    ]


def _the_training(costs: Sequence[float], check: Check) -> list[str]:
    last = len(costs) - 1
    steps = sorted({step for step in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if step < last} | {last})[-9:]
    return [
        heading("3  Training"),
        paragraph(
            "L-BFGS-B of SciPy asks for the cost and its gradient, a forward and a reverse sweep over all training "
            "images, and chooses the step itself."
        ),
        "",
        table([["step", *map(str, steps)], ["cost J", *[number(costs[step], 4) for step in steps]]]),
        "\n"
        + paragraph(
            "The gradient again, at the weights found: along the five directions the slopes have shrunk to at most "
            f"{np.max(np.abs(check.by_complex_step)):.1e}, and the relative error is {check.error:.1e}."
        ),
    ]


def _side_by_side(results: Sequence[Result]) -> list[str]:
    rows = [["", "cost J", "training images", "test images", "steps", "seconds"]]
    for each in results:
        cost = "another cost" if each.cost is None else number(each.cost, 4)
        accuracies = (f"{each.train_accuracy:.1%}", f"{each.test_accuracy:.1%}")
        rows.append([each.name, cost, *accuracies, str(each.steps), number(each.seconds, 1)])
    return [
        heading("4  Beside scikit-learn"),
        paragraph(
            "How many images each network names rightly. All see the same split and the same λ. With the same cost the "
            "two differ in the random weights that they start from and the rule by which they stop; the third has a "
            "softmax for outputs."
        ),
        "",
        table(rows),
    ]


def _the_mistakes(said: Array, truth: Array) -> list[str]:
    wrong = Counter(zip(truth[said != truth].tolist(), said[said != truth].tolist(), strict=True))
    each = ", ".join(f"{digit} for {named}" + f" ({n}×)" * (n > 1) for (digit, named), n in wrong.most_common(8))
    known = f" It took {each}." if wrong else ""
    return ["", paragraph(f"Test images that minigrad's network misses: {sum(wrong.values())} of {len(truth)}.{known}")]


def _the_figure(path: Path) -> list[str]:
    return [
        heading("5  The figure"),
        paragraph(
            "The cost curve, and the weights into each hidden unit as an image: where they are violet, ink speaks for "
            "the unit, where they are orange, against it."
        ),
        f"\n  {path}",
    ]


def _needs(module: str) -> Any:
    """An optional library, imported where it is used."""
    try:
        return import_module(module)
    except ImportError as error:
        package = {"sklearn": "scikit-learn"}.get(module.partition(".")[0], module.partition(".")[0])
        raise MissingExtraError("training on digits", "demo", package) from error
