"""What can go wrong when a picture is asked for; every error says what to do."""

__all__ = ["NoRendererError", "RenderError", "UnknownFormatError", "VizError"]


class VizError(Exception):
    """Base class of all errors that viz raises itself."""


class UnknownFormatError(VizError, ValueError):
    """The file's suffix names no format that viz can write."""


class RenderError(VizError, RuntimeError):
    """Graphviz was found, but it could not draw the picture; its own words are in the message."""


class NoRendererError(RenderError):
    """Neither the `dot` program nor pygraphviz is installed; the .dot file has been written all the same."""
