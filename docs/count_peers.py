"""Which functions of NumPy and SciPy autograd and MyGrad can differentiate, by family, counted from their registries.

    python docs/count_peers.py      writes docs/peers.json anew, in an environment of its own that has autograd and
                                    mygrad installed, and scipy (pip install autograd mygrad scipy)

A function counts if a gradient can come back through it: one whose derivative is zero (floor, argmax) or None does not.
Two names of one function (np.abs, np.absolute) count once; methods, operators and indexing do not. What a package adds
that neither NumPy nor SciPy has is listed apart, under "own".
"""

import importlib
import inspect
import json
import pkgutil
import types
import warnings
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

OUTPUT = Path(__file__).with_name("peers.json")

# The families of what is not a ufunc: those are pointwise, but for the products. All of linalg is linear algebra.
NAMES = {
    "pointwise": "angle astype clip imag nan_to_num real real_if_close select sinc where",
    "reductions": "cumprod cumsum diff gradient max mean min prod std sum var",
    "shaping and indexing": """append array array_split atleast_1d atleast_2d atleast_3d broadcast_to column_stack
        concatenate diag diagonal dsplit expand_dims fliplr flipud full hsplit hstack moveaxis pad partition
        ravel repeat reshape roll rollaxis rot90 sort split squeeze stack swapaxes tile transpose tril triu
        vsplit vstack""",
    "products and linear algebra": "cross dot einsum inner kron matmul outer tensordot trace",
    "special (scipy)": "",
    "other": "linspace",
}
FAMILY = {f"np.{name}": family for family, names in NAMES.items() for name in names.split()}
ALIASES = {"amax": "max", "amin": "min", "deg2rad": "radians", "rad2deg": "degrees", "row_stack": "vstack"}
PLACES = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft}


def family(name: str) -> str:
    """The family of a function by its full name. KeyError for one that has no place yet, rather than a wrong count.

    >>> family("np.tanh"), family("np.linalg.inv"), family("np.fft.fft"), family("scipy.special.erf")
    ('pointwise', 'products and linear algebra', 'other', 'special (scipy)')
    """
    place, _, bare = name.rpartition(".")
    if place in ("np.linalg", "scipy.linalg"):
        return "products and linear algebra"
    if place == "np":
        return FAMILY[name] if name in FAMILY or not isinstance(getattr(np, bare), np.ufunc) else "pointwise"
    return "special (scipy)" if place == "scipy.special" else "other"


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Full names, sorted, by family; of several names of one function, the one that it calls itself."""
    found: dict[Any, str] = {}
    for name in sorted(names):
        place, _, bare = name.rpartition(".")
        bare = ALIASES.get(bare, bare)
        function = getattr(PLACES[place], bare) if place in PLACES else scipys(place, bare)
        if function not in found or bare == function.__name__:
            found[function] = f"{place}.{bare}"
    return {title: sorted(name for name in found.values() if family(name) == title) for title in NAMES}


def scipys(place: str, name: str) -> Any:
    """SciPy's function of this name: in a module, or a method of a distribution; None if there is none."""
    try:
        return getattr(importlib.import_module(place), name, None)
    except ImportError:
        parent, _, distribution = place.rpartition(".")
        return getattr(getattr(importlib.import_module(parent), distribution), name, None)


# --- autograd ---------------------------------------------------------------------------------------------------------
# What it wraps is a primitive, and has derivatives if it has an entry in primitive_vjps. A few functions are instead
# written in Python on top of primitives (np.stack, np.linalg.norm).

NO_DERIVATIVE = {"gammasgn"}  # its entry is None


def of_autograd() -> dict[str, Any]:
    theirs = importlib.import_module("autograd.numpy")
    modules = {"np": theirs, "np.linalg": theirs.linalg, "np.fft": theirs.fft}
    names = {
        f"{place}.{name}" for place in PLACES for name in differentiable(modules[place]) if hasattr(PLACES[place], name)
    }
    package = importlib.import_module("autograd.scipy")
    for info in pkgutil.walk_packages(package.__path__, "autograd.scipy."):
        place = info.name.removeprefix("autograd.")
        found = [name for name in differentiable(importlib.import_module(info.name)) if name not in NO_DERIVATIVE]
        names |= {f"{place}.{name}" for name in found if scipys(place, name) is not None}
    own = ["autograd.numpy.make_diagonal"] if "make_diagonal" in differentiable(theirs) else []
    return {"version": version("autograd"), "functions": grouped(names), "own": own}


def differentiable(module: types.ModuleType) -> Iterator[str]:
    """The public names in one of autograd's modules through which a gradient comes back."""
    registry = importlib.import_module("autograd.core").primitive_vjps
    wrappers = inspect.getsourcefile(importlib.import_module("autograd.tracer"))
    for name, function in vars(module).items():
        if isinstance(function, types.FunctionType) and not name.startswith("_"):
            in_python = function.__code__.co_filename != wrappers and function.__module__.startswith("autograd.numpy")
            if function in registry or in_python:
                yield name


# --- MyGrad -----------------------------------------------------------------------------------------------------------
# It keeps the functions of NumPy that its tensors answer to in two registries. Among them are some whose results are
# constants; and a function that it exports under NumPy's name without registering it counts too (mygrad.sinc).

CONSTANT = ("mygrad.math.nondifferentiable", "mygrad.tensor_creation.funcs", "mygrad.nnet.layers.utils")
OPERATIONS = ("mygrad.math.", "mygrad.nnet.")


def of_mygrad() -> dict[str, Any]:
    mygrad, tensors = importlib.import_module("mygrad"), importlib.import_module("mygrad.tensor_base")
    registered = {*tensors._REGISTERED_UFUNC, *tensors._REGISTERED_DIFFERENTIABLE_NUMPY_FUNCS}
    names: set[str] = set()
    own: set[str] = set()
    for function in registered:
        theirs = getattr(mygrad, function.__name__, None)
        if getattr(theirs, "__module__", "") not in CONSTANT:
            names.add(f"{'np.linalg' if function is np.linalg.norm else 'np'}.{function.__name__}")
    nnet = [importlib.import_module(f"mygrad.nnet.{part}") for part in ("activations", "losses", "layers")]
    for module in (mygrad, *nnet):
        for name, function in vars(module).items():
            of = function.__module__ if isinstance(function, types.FunctionType) else ""
            if of.startswith(OPERATIONS) and of not in CONSTANT:
                if module is mygrad and hasattr(np, name):
                    names.add(f"np.{name}")
                else:
                    own.add(f"{module.__name__}.{name}")
    return {"version": version("mygrad"), "functions": grouped(names), "own": sorted(own)}


def main() -> None:
    with warnings.catch_warnings(action="ignore"):  # both look for names that NumPy 2 has changed
        peers = {"autograd": of_autograd(), "mygrad": of_mygrad()}
    OUTPUT.write_text(json.dumps({"numpy": np.__version__, **peers}, indent=1) + "\n", encoding="utf-8")
    for name, peer in peers.items():
        counts = {title: len(names) for title, names in peer["functions"].items()}
        print(name, peer["version"], sum(counts.values()), counts)


if __name__ == "__main__":
    main()
