"""Filmstrip: the reverse sweep, one picture a step, all in the same layout.

writing   frames(): the files, and what can be wrong with a request
strip     a frame put together and coloured by what is known at its step
steps     what happens at a step, read off the view graph, and how it is said
board     the graph and the texts in Graphviz's language
layout    where the pieces stand
svg       Graphviz's drawings, measured and recoloured
raster    a frame as pixels, and an animated GIF of all
"""

from viz.filmstrip.raster import MissingExtraError
from viz.filmstrip.writing import NoBackwardError, TooManyStepsError, frames

__all__ = ["MissingExtraError", "NoBackwardError", "TooManyStepsError", "frames"]
