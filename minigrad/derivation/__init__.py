"""The derivation writer: from a graph to a readable, checked derivation of its gradients (see derivation.py)."""

from .derivation import Derivation, derive

__all__ = ["Derivation", "derive"]
