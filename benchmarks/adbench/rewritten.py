"""The objectives on another array library: the same source, with its import line `import numpy as np` changed."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any


def on(numpy: Any, name: str) -> ModuleType:
    """A second copy of the module `name` of this package, whose `np` is `numpy`."""
    spec = find_spec(f"{__package__}.{name}")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"no objective {name!r}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.np = numpy  # type: ignore[attr-defined]
    return module
