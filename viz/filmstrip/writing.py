"""Writing: the frames of a reverse sweep as files.

    step_00.svg      the forward pass: all values are known, no gradient is
    step_01.svg …    a node each, in the order of the sweep; at last sweep.gif, all of them in turn

All is made before the first file is written, so that an error leaves the folder as it was.
"""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import networkx as nx

from viz.diagram import as_graph
from viz.errors import VizError
from viz.filmstrip import raster
from viz.filmstrip.steps import Names, Step, sweep_steps
from viz.filmstrip.strip import SIZES, Filmstrip
from viz.look import choice
from viz.theme import THEMES

__all__ = ["NoBackwardError", "TooManyStepsError", "frames"]

GIF = "sweep.gif"
GIF_SIDE = 1600
"""Pixels of the GIF's longer side, at most."""


class NoBackwardError(VizError, ValueError):
    """The reverse sweep has not run yet, so that there are no numbers to show.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> frames(x * x, "steps")
    Traceback (most recent call last):
    ...
    viz.filmstrip.writing.NoBackwardError: frames show the numbers of a reverse sweep; run J.backward() first
    """


class TooManyStepsError(VizError, ValueError):
    """The sweep has more steps than frames were asked for at most.

    >>> import minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> J = x * x
    >>> _ = J.backward()
    >>> frames(J, "steps", at_most=1)
    Traceback (most recent call last):
    ...
    viz.filmstrip.writing.TooManyStepsError: the sweep has 2 steps, more than at_most=1. Frames of a smaller graph ...
    """


def frames(
    what: Any,
    folder: str | Path,
    *,
    gif: bool = True,
    size: str = "page",
    theme: str = "light",
    at_most: int = 200,
    seconds: float = 2.0,
) -> list[Path]:
    """The reverse sweep, one picture a step; returns the paths of all files, in order.

    step_00.svg is the forward pass, and each further one shows a node of the sweep: the graph with what is known by
    then in colour, and beside it this step's sum, each term as local Jacobian, the consumer's gradient, contribution.
    sweep.gif shows them in turn. The layout is the same in all of them. Files of an earlier call are replaced; nothing
    else in the folder is touched.

    Args:
        what: a minigrad Node whose backward() has run, a network run, or the graph that `minigrad.to_networkx` makes.
        folder: where the files go; made if it is not there.
        gif: whether to write sweep.gif; it needs the extra `frames` (Pillow, and matplotlib for its fonts).
        size: "page", as large as the graph asks for, or "slide", 1600 × 900 with large type.
        theme: "light", "dark" or "print".
        at_most: with more steps than this there would be too many pictures.
        seconds: how long a step stays in the GIF; the first and the last stay twice as long.

    Raises:
        NoBackwardError: there is no sweep to show.
        TooManyStepsError: the sweep has more than `at_most` steps.
        MissingExtraError: `gif` without the extra.
        OptionError: an unknown size or theme.
        NoRendererError, RenderError: Graphviz is not here, or failed.

    >>> import tempfile, minigrad as mg
    >>> x = mg.parameter(3.0, name="x")
    >>> J = x * x
    >>> _ = J.backward()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in frames(J, folder, gif=False)]
    ['step_00.svg', 'step_01.svg', 'step_02.svg']
    """
    choice("size", size, SIZES)
    choice("theme", theme, THEMES)
    if gif:
        raster.need("the GIF of viz.frames")
    graph = as_graph(what)
    steps = _steps(graph, at_most)
    strip = Filmstrip(graph, steps, Names(graph), theme, size)
    pictures = [strip.frame(number) for number in range(len(steps) + 1)]
    digits = max(2, len(str(len(steps))))  # so that the names sort as the steps do
    files = {f"step_{number:0{digits}}.svg": _file(picture) for number, picture in enumerate(pictures)}
    if gif:
        files[GIF] = raster.animated((raster.pixels(picture, GIF_SIDE) for picture in pictures), seconds)
    return _written(Path(folder), files)


def _steps(graph: nx.MultiDiGraph, at_most: int) -> tuple[Step, ...]:
    """The steps of a sweep that has run and is short enough."""
    if not graph.graph["swept"]:
        raise NoBackwardError("frames show the numbers of a reverse sweep; run J.backward() first")
    steps = sweep_steps(graph)
    if len(steps) > at_most:
        raise TooManyStepsError(
            f"the sweep has {len(steps):,} steps, more than at_most={at_most:,}. Frames of a smaller graph of the same "
            f"kind read better; at_most={len(steps)} makes them all the same"
        )
    return steps


def _file(picture: Element) -> bytes:
    return bytes(ElementTree.tostring(picture, "utf-8", xml_declaration=True)) + b"\n"


def _written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """The files, written when all have been made; frames of an earlier, longer sweep are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if re.fullmatch(r"step_\d{2,}\.svg", old.name) and old.name not in files:
            old.unlink()
    paths = [folder / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    return paths
