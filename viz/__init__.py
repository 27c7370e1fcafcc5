"""viz: pictures of minigrad's computational graphs.

    dot       a graph as a graphviz.Digraph: values, shapes, gradients, local Jacobians, contributions
    render    the same written to a .dot, .svg, .png or .pdf file; works after a plain pip install

Everything here reads the networkx graph that `minigrad.to_networkx` makes, and nothing else of minigrad. Names are
data: no name can change the text or the picture. The rooms: diagram.py composes the picture out of labels.py (markup),
numbers.py (numbers as text), theme.py (colours, outlines), legend.py and fold.py (large graphs made small);
renderers.py writes it, with the `dot` program or with inprocess.py.
"""

from viz.diagram import dot
from viz.errors import NoRendererError, RenderError, UnknownFormatError, VizError
from viz.renderers import render

__all__ = ["NoRendererError", "RenderError", "UnknownFormatError", "VizError", "dot", "render"]
