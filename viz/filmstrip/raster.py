"""Raster: the few kinds of SVG elements that Graphviz and the frames write, as pixels; and pixels as an animated GIF.

Drawn by matplotlib's Agg, which needs no system library and brings its own DejaVu fonts, those that the text was laid
out with. Imported where used: both packages are an extra, `frames`.
"""

import importlib.util
import io
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from viz.errors import VizError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MissingExtraError", "animated", "need", "pixels"]

EXTRA = ("matplotlib", "PIL")
"""The modules of the extra `frames`."""

LEGIBLE = 2.0
"""Type of fewer pixels is left out: nobody could read it, and it takes most of the time for a large graph."""

Matrix = tuple[float, float, float]
"""Scale, then shift right and down: all that the transforms in a frame come to."""

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")
_COMMAND = re.compile(r"([MLCZ])([^MLCZ]*)")


class MissingExtraError(VizError, ImportError):
    """An optional package is not installed; the message names the extra that brings it.

    >>> issubclass(MissingExtraError, ImportError)
    True
    """


def need(what: str) -> None:
    """Raise MissingExtraError unless the packages of the extra are there; `what` is what was asked for."""
    for module in EXTRA:
        if importlib.util.find_spec(module) is None:
            package = {"PIL": "pillow"}.get(module, module)
            raise MissingExtraError(
                f'{what} needs {package}, of minigrad\'s extra "frames": in its folder, pip install ".[frames]"'
            )


def pixels(svg: Element, longest: int) -> "Image":
    """An SVG tree as a picture, whose longer side has at most so many pixels; twice its size if that is less.

    Raises:
        ValueError: an element of another kind than Graphviz writes.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import RendererAgg
    from PIL import Image

    width, height = float(svg.attrib["viewBox"].split()[2]), float(svg.attrib["viewBox"].split()[3])
    scale = min(2.0, longest / max(width, height))
    agg: Any = RendererAgg  # has no types
    renderer = agg(round(width * scale), round(height * scale), 72)
    with warnings.catch_warnings(), matplotlib.rc_context({"text.hinting": "none"}):  # hinted, small type grows serifs
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # an empty box stands in its place
        for element, matrix in _drawn(svg, (scale, 0.0, 0.0)):
            _draw(renderer, element, matrix)
    return Image.frombuffer("RGBA", (renderer.width, renderer.height), renderer.buffer_rgba()).convert("RGB")


def animated(pictures: Iterable["Image"], seconds: float) -> bytes:
    """Pictures of one size as a GIF that starts again; the first and the last stay twice as long."""
    from PIL.Image import Dither

    first, *others = [picture.quantize(colors=128, dither=Dither.NONE) for picture in pictures]
    durations = [round(seconds * 1000)] * (1 + len(others))
    durations[0] = durations[-1] = 2 * durations[0]
    written = io.BytesIO()
    first.save(written, "GIF", save_all=True, append_images=others, duration=durations, loop=0)
    return written.getvalue()


# --- SVG --------------------------------------------------------------------------------------------------------------


def _drawn(element: Element, matrix: Matrix) -> Iterator[tuple[Element, Matrix]]:
    """The elements to draw, in their order, each with the transform of all groups around it."""
    kind = element.tag.rpartition("}")[2]
    if kind in ("svg", "g"):
        inner = _inside(matrix, element.get("transform", ""))
        for child in element:
            yield from _drawn(child, inner)
    elif kind not in ("title", "desc"):
        yield element, matrix


def _inside(matrix: Matrix, transform: str) -> Matrix:
    scale, right, down = matrix
    for kind, written in _TRANSFORM.findall(transform):
        values = [float(number) for number in _NUMBER.findall(written)]
        if kind == "translate":
            right, down = right + scale * values[0], down + scale * values[1]
        elif kind == "scale":
            scale *= values[0]
    return scale, right, down


def _draw(renderer: Any, element: Element, matrix: Matrix) -> None:
    kind = element.tag.rpartition("}")[2]
    if kind == "text":
        _draw_text(renderer, element, matrix)
    else:
        _draw_path(renderer, element, matrix, *_outline(element, kind))


def _outline(element: Element, kind: str) -> tuple[list[tuple[float, float]], list[int]]:
    """Points and matplotlib's codes for them: 1 move, 2 line, 4 Bézier curve, 79 close."""
    if kind == "path":
        points, codes = [], []
        for command, written in _COMMAND.findall(element.attrib["d"]):
            new = _points(written)
            points += new
            codes += [{"M": 1, "L": 2, "C": 4}[command]] * len(new)
        return points, codes
    if kind == "rect":
        x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
        points = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    elif kind in ("polygon", "polyline"):
        points = _points(element.attrib["points"])
        if kind == "polygon":
            points.append(points[0])
    else:
        raise ValueError(f"cannot draw an SVG element of the kind {kind!r}")
    codes = [1] + [2] * (len(points) - 1)
    if points[0] == points[-1]:
        codes[-1] = 79  # closes the outline, so that its first corner is drawn as a corner
    return points, codes


def _points(written: str) -> list[tuple[float, float]]:
    values = [float(number) for number in _NUMBER.findall(written)]
    return list(zip(values[::2], values[1::2], strict=True))


def _draw_path(renderer: Any, element: Element, matrix: Matrix, points: list[Any], codes: list[int]) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

    scale, right, down = matrix
    fill, stroke = _colour(element, "fill"), _colour(element, "stroke")
    width = float(element.get("stroke-width", "1")) * scale if stroke else 0.0
    context = renderer.new_gc()
    context.set_foreground(to_rgba(stroke or fill or "none"), isRGBA=True)
    context.set_linewidth(width)
    context.set_joinstyle("miter")
    context.set_capstyle("butt")
    dashes = [float(number) * scale for number in _NUMBER.findall(element.get("stroke-dasharray", ""))]
    if dashes:
        context.set_dashes(0, dashes)
    down_the_page = Affine2D().scale(scale, -scale).translate(right, renderer.height - down)
    renderer.draw_path(context, Path(points, codes), down_the_page, to_rgba(fill) if fill else None)
    context.restore()


def _colour(element: Element, name: str) -> str | None:
    colour = element.get(name, "none")
    return None if colour in ("none", "transparent") else colour


def _draw_text(renderer: Any, element: Element, matrix: Matrix) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.font_manager import FontProperties

    scale, right, down = matrix
    if float(element.get("font-size", "14")) * scale < LEGIBLE:
        return
    look = FontProperties(
        family="DejaVu Sans",
        weight=element.get("font-weight", "normal"),
        style="italic" if element.get("font-style") == "italic" else "normal",
        size=float(element.get("font-size", "14")) * scale,
    )
    context = renderer.new_gc()
    context.set_foreground(to_rgba(element.get("fill", "black")), isRGBA=True)
    x, y = right + scale * float(element.attrib["x"]), down + scale * float(element.attrib["y"])
    written = element.text or ""
    if element.get("text-anchor") == "middle":
        x -= renderer.get_text_width_height_descent(written, look, ismath=False)[0] / 2
    if written.strip() and math.isfinite(x):
        renderer.draw_text(context, x, y, written, look, 0, ismath=False)
    context.restore()
