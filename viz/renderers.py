"""Renderers: a picture written to a file, by whatever can draw it.

.dot              the text itself
.svg .png .pdf    by the `dot` program when it is on PATH, otherwise by the libraries in pygraphviz's wheel
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import graphviz

from viz import inprocess
from viz.diagram import dot
from viz.errors import NoRendererError, RenderError, UnknownFormatError
from viz.styles import Handler

__all__ = ["render"]

FORMATS = (".dot", ".svg", ".png", ".pdf")


def render(
    what: Any,
    path: str | Path,
    *,
    values: bool = True,
    gradients: bool = True,
    jacobians: bool = True,
    direction: str = "both",
    theme: str = "light",
    collapse_above: int = 300,
    styles: Iterable[Handler] = (),
) -> Path:
    """Draw the computational graph of a node or a network run into a file; returns the file's path.

    Args:
        what: a minigrad Node, a network run, or the graph that `minigrad.to_networkx` makes of either.
        path: the file to write; its suffix is the format: .dot, .svg, .png or .pdf. An existing file is replaced.
        values, gradients, jacobians, direction, theme, collapse_above, styles: as in `viz.dot`.

    Raises:
        UnknownFormatError: another suffix.
        NoRendererError: neither `dot` nor pygraphviz is here; the .dot file has been written beside `path`.
        RenderError: Graphviz is here but failed; its words are in the message.
        OptionError, StyleError: as in `viz.dot`.

    >>> import tempfile, minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     render(x * x, folder + "/x.svg", theme="dark").name
    'x.svg'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UnknownFormatError(f"cannot write {path.name!r}: the suffix must be one of {', '.join(FORMATS)}")
    picture = dot(
        what,
        values=values,
        gradients=gradients,
        jacobians=jacobians,
        direction=direction,
        theme=theme,
        collapse_above=collapse_above,
        styles=styles,
    )
    if suffix == ".dot":
        path.write_bytes(picture.source.encode())
        return path
    if suffix == ".png":
        picture.graph_attr["dpi"] = "144"  # small print stays legible; SVG and PDF have no pixels to count
    path.write_bytes(draw(picture.source, suffix[1:], path))
    return path


def draw(source: str, form: str, path: Path) -> bytes:
    """The bytes of a picture in DOT from the first renderer that can draw it; where none can, a .dot beside `path`."""
    failures = []
    for renderer in (by_program, inprocess.draw):
        try:
            return renderer(source, form)
        except NoRendererError:
            continue
        except RenderError as error:  # a `dot` without, say, PDF support; the other one may have it
            failures.append(str(error))
    written = path.with_suffix(".dot")
    written.write_bytes(source.encode())
    if failures:
        reasons = "\n".join(failures)
        raise RenderError(f"Graphviz could not draw {path.name!r}; its text is in {str(written)!r}.\n{reasons}")
    raise NoRendererError(
        f"nothing here can draw {path.name!r}; its text is in {str(written)!r}. Either one will do:\n"
        "  pip install 'pygraphviz>=2.0'    the Graphviz libraries (wheels for Linux, macOS, Windows x86-64)\n"
        "  the dot program on PATH          apt install graphviz, brew install graphviz, https://graphviz.org/download"
    )


def by_program(source: str, form: str) -> bytes:
    """Drawn by the `dot` program on PATH."""
    try:
        drawn: bytes = graphviz.pipe("dot", form, source.encode())
    except graphviz.ExecutableNotFound:
        raise NoRendererError("there is no dot on PATH") from None
    except graphviz.CalledProcessError as error:
        raise RenderError(f"dot on PATH: {(error.stderr or b'').decode(errors='replace').strip()}") from error
    return drawn
