"""What can go wrong when a picture is asked for; every error says what to do."""

__all__ = ["NoRendererError", "OptionError", "RenderError", "StyleError", "UnknownFormatError", "VizError"]


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


class OptionError(VizError, ValueError):
    """An option has a value that it cannot have; the message lists those it can.

    >>> import minigrad as mg, viz
    >>> viz.dot(mg.parameter(1.0), theme="neon")
    Traceback (most recent call last):
    ...
    viz.errors.OptionError: theme='neon': choose one of 'light', 'dark', 'print'
    """


class StyleError(VizError, ValueError):
    """A style handler's answer is no set of visual attributes; the message says which there are.

    >>> import minigrad as mg, viz
    >>> viz.dot(mg.parameter(1.0), styles=[lambda node: {"penwidth": "thick"}])
    Traceback (most recent call last):
    ...
    viz.errors.StyleError: style handler <lambda>: penwidth='thick' is no number from 0 to 10
    """
