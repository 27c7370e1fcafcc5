"""The textbook view: a network as circles for units, with θ on the lines between them, and z, a and δ in the circles.

The rooms: network reads the view graph, layout places units and numbers, lines and matrix draw weights, sums writes
what stands below a chosen unit, svg puts it down, diagram composes it.
"""

from viz.textbook.diagram import units
from viz.textbook.network import NoNetworkError
from viz.textbook.svg import Picture

__all__ = ["NoNetworkError", "Picture", "units"]
