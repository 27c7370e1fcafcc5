"""Errors: typed, and each says what was asked, with names and shapes, and what to do.

Each is also the built-in error that a NumPy user would catch (ShapeError is a ValueError, and so on).
"""


class MinigradError(Exception):
    """The root of all errors raised on purpose by minigrad.

    >>> issubclass(ShapeError, MinigradError) and issubclass(ShapeError, ValueError)
    True
    """


class ShapeError(MinigradError, ValueError, IndexError):
    """Shapes do not fit each other, or an empty array where a number of samples is needed.

    >>> import numpy as np, minigrad as mg
    >>> mg.constant(np.ones((2, 3)), name="A") @ mg.constant(np.ones((2, 3)), name="B")
    Traceback (most recent call last):
    ...
    minigrad.errors.ShapeError: matmul(A, B): A is (2, 3) and B is (2, 3); 3 columns cannot meet 2 rows.
      A  constant
      B  constant
    """


class DTypeError(MinigradError, TypeError):
    """An array of a kind that has no derivative here: strings, objects, dates, complex numbers.

    >>> import minigrad as mg
    >>> mg.constant("a")
    Traceback (most recent call last):
    ...
    minigrad.errors.DTypeError: constant: cannot hold an array of dtype <U1; use real numbers or booleans.
    """


class DomainError(MinigradError, ValueError):
    """A value outside the domain of a function, such as a label outside [0, 1].

    >>> import minigrad as mg
    >>> mg.cross_entropy(mg.sigmoid([0.0]), [2.0])
    Traceback (most recent call last):
    ...
    minigrad.errors.DomainError: cross_entropy: labels must lie in [0, 1]; they reach from 2.0 to 2.0.
    """


class GradientError(MinigradError, ValueError):
    """A gradient that has no meaning as asked: of a constant, or from a non-scalar without a cotangent.

    >>> import minigrad as mg
    >>> x = mg.constant(1.0, name="x")
    >>> mg.gradients(x * x, x)
    Traceback (most recent call last):
    ...
    minigrad.errors.GradientError: gradients: x is a constant; make it with mg.parameter to differentiate by it.
    """


class GradientCheckError(MinigradError, AssertionError):
    """A derivative that does not agree with the values of its function (check_gradients).

    >>> import numpy as np, minigrad as mg
    >>> @mg.custom(lambda argument, a, x: mg.Diagonal(2.1 * x))
    ... def square(x):
    ...     return x * x
    >>> mg.check_gradients(square, np.array([1.0, 3.0]))
    Traceback (most recent call last):
    ...
    minigrad.errors.GradientCheckError: check_gradients: the jvp of ... does not agree with its values.
      argument 0, entry (0,): expected [2. 0.] by ..., found [2.1 0. ].
      op square: its local Jacobian by argument 0, diag(d) : (2,) → (2,), is not that of its forward.
    """


class DerivationError(MinigradError, AssertionError):
    """A step of a derivation whose two sides differ; the message shows the step and both values.

    >>> issubclass(DerivationError, AssertionError)
    True
    """


class NonFiniteError(MinigradError, ArithmeticError):
    """A NaN or an infinity, with the name of the first node that holds one.

    >>> import numpy as np, minigrad as mg
    >>> x = mg.parameter(np.nan, name="x")
    >>> mg.gradients(x * x, x, check_finite=True)
    Traceback (most recent call last):
    ...
    minigrad.errors.NonFiniteError: the value of x, a parameter of shape (), holds NaN: the first such node...
    """


class UnsupportedError(MinigradError, TypeError):
    """A NumPy call that nodes do not support; the message names the way that is supported.

    >>> import numpy as np, minigrad as mg
    >>> np.asarray(mg.parameter(1.0, name="x"))
    Traceback (most recent call last):
    ...
    minigrad.errors.UnsupportedError: x would lose its gradient as a plain array. Write x.value for its number...
    """


class MissingExtraError(MinigradError, ImportError):
    """An optional package is not installed; the message names the extra that brings it.

    >>> print(MissingExtraError("the demo", "demo", "scipy"))
    the demo needs scipy, of minigrad's extra "demo": in its folder, pip install ".[demo]"
    """

    def __init__(self, what: str, extra: str, package: str) -> None:
        super().__init__(
            f'{what} needs {package}, of minigrad\'s extra "{extra}": in its folder, pip install ".[{extra}]"'
        )
