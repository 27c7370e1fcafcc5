"""What can go wrong when a picture is asked for; every error says what to do."""

__all__ = ["NoRendererError", "RenderError", "UnknownFormatError", "VizError"]


class VizError(Exception):
    """Base class of all errors that viz raises itself.

    >>> issubclass(RenderError, VizError)
    True
    """


class UnknownFormatError(VizError, ValueError):
    """The file's suffix names no format that viz can write.

    >>> import minigrad as mg, viz
    >>> viz.render(mg.parameter(1.0), "graph.gif")
    Traceback (most recent call last):
    ...
    viz.errors.UnknownFormatError: cannot write 'graph.gif': the suffix must be one of .dot, .svg, .png, .pdf
    """


class RenderError(VizError, RuntimeError):
    """Graphviz was found, but it could not draw the picture; its own words are in the message.

    >>> issubclass(RenderError, RuntimeError)
    True
    """


class NoRendererError(RenderError):
    """Neither the `dot` program nor pygraphviz is installed; the .dot file has been written all the same.

    >>> issubclass(NoRendererError, RenderError)
    True
    """
