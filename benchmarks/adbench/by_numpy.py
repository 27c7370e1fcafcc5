"""The values of the objectives alone, by plain NumPy: what a derivative costs, in evaluations, is a ratio to this."""

from __future__ import annotations

from ..rows import Contestant
from . import ba as bundle
from . import gmm as mixture
from . import lstm as characters
from .problems import Instance


def gmm(instance: Instance) -> Contestant:
    """The log posterior."""
    return lambda: [mixture.log_posterior(*instance.varied, *instance.fixed)]


def ba(instance: Instance) -> Contestant:
    """The errors."""
    return lambda: [bundle.errors(*instance.varied, *instance.fixed)]


ba_blocks = ba


def lstm(instance: Instance) -> Contestant:
    """The loss."""
    return lambda: [characters.loss(*instance.varied, *instance.fixed)]
