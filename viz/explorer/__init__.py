"""explorer: a graph as one HTML file that works offline: diagram, numbers, local Jacobians, derivation, reverse sweep.

    explore     writes the file

The rooms: page.py puts the file together; collect.py reads the view graph into the page's data, with the numbers by
numbers_out.py and the derivation's lines by markup.py; drawing.py makes the diagram. The page itself is page.html,
style.css and the modules *.mjs, plain JavaScript with types in comments.
"""

from viz.explorer.page import explore

__all__ = ["explore"]
