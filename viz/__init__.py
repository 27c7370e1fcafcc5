"""viz: pictures of minigrad's computational graphs.

    dot       a graph as a graphviz.Digraph: values, shapes, gradients, local Jacobians, contributions
    render    the same written to a .dot, .svg, .png or .pdf file; works after a plain pip install
    units     a network as in textbooks: circles for units, θ on the lines, z, a and δ on the circles
    frames    the reverse sweep, one picture a step: SVG files and an animated GIF
    explore   one page, offline: step through the sweep, choose a node, see its Jacobian, its sum and its derivation
    table     an array, a gradient or a linear map as a picture of its numbers

Everything here reads the networkx graph that `minigrad.to_networkx` makes, and nothing else of minigrad. Names are
data: no name can change the text or the picture. The rooms of `dot` and `render`: diagram.py composes the picture out
of labels.py (markup), numbers.py (numbers as text), theme.py (colours, outlines), legend.py and fold.py (large graphs
made small); renderers.py writes it, with the `dot` program or with inprocess.py. The others have a room each: textbook/
(units), filmstrip/ (frames), explorer/, tables.py with shades.py, and display.py, which notebooks ask.
"""

from viz.diagram import dot
from viz.errors import NoRendererError, OptionError, RenderError, StyleError, UnknownFormatError, VizError
from viz.explorer import explore
from viz.filmstrip import MissingExtraError, NoBackwardError, TooManyStepsError, frames
from viz.renderers import render
from viz.tables import NoTableError, Table, table
from viz.textbook import NoNetworkError, Picture, units

__all__ = [
    "MissingExtraError",
    "NoBackwardError",
    "NoNetworkError",
    "NoRendererError",
    "NoTableError",
    "OptionError",
    "Picture",
    "RenderError",
    "StyleError",
    "Table",
    "TooManyStepsError",
    "UnknownFormatError",
    "VizError",
    "dot",
    "explore",
    "frames",
    "render",
    "table",
    "units",
]
