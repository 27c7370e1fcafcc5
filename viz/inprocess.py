"""In process: Graphviz without a Graphviz installed, through the libraries that pygraphviz's wheel carries.

These libraries keep global state: one picture is drawn at a time, whatever the thread. They find fonts by fontconfig; a
bare container has none, and text would be missing from PNG and PDF. So on Linux they are shown, beside the system's
fonts, the DejaVu fonts that matplotlib brings with it.
"""

import importlib.util
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from viz.errors import NoRendererError, RenderError

__all__ = ["draw"]

_one_at_a_time = threading.Lock()


def draw(source: str, form: str) -> bytes:
    """DOT text → the picture's bytes; form is "svg", "png" or "pdf".

    Raises:
        NoRendererError: pygraphviz is not installed.
        RenderError: Graphviz cannot read or draw the text (it says why on stderr).
    """
    try:
        import pygraphviz
    except ImportError as error:
        raise NoRendererError(f"pygraphviz: {error}") from error
    with _one_at_a_time:
        _find_fonts()
        try:
            graph = pygraphviz.AGraph(string=source)
            try:
                drawn: bytes = graph.draw(format=form, prog="dot")
            finally:
                graph.close()
        except (ValueError, OSError) as error:
            raise RenderError(f"pygraphviz: {error}") from error
    return drawn


@cache
def _find_fonts() -> None:
    """Draw a word once with our own font list in view: fontconfig reads its settings at the first text of a process."""
    import pygraphviz

    if sys.platform != "linux":
        return
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), *_own_folders()]
    if not any(_has_font(folder) for folder in folders):
        warnings.warn(
            "no fonts are installed: PNG and PDF will have no text (matplotlib would bring some)", stacklevel=5
        )
    with _font_settings(folders), _fontconfig_silenced():
        pygraphviz.AGraph(string="digraph { a }").draw(format="svg", prog="dot")


def _own_folders() -> list[Path]:
    """The user's fonts, and matplotlib's."""
    home = os.environ.get("HOME")
    folders = [Path(home, ".fonts"), Path(home, ".local/share/fonts")] if home else []
    matplotlib = importlib.util.find_spec("matplotlib")  # finds the folder without importing it
    if matplotlib is not None and matplotlib.origin is not None:
        folders.append(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf")
    return folders


def _has_font(folder: Path) -> bool:
    return any(file.suffix in (".ttf", ".otf", ".ttc", ".pfb") for file in folder.rglob("*"))


@contextmanager
def _font_settings(folders: list[Path]) -> Iterator[None]:
    """FONTCONFIG_FILE names a file with these folders while the block lasts; one that the user has set stays."""
    if "FONTCONFIG_FILE" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "fonts.conf")
        places = "".join(f"<dir>{escape(str(place))}</dir>" for place in folders)
        cache = '<cachedir prefix="xdg">fontconfig</cachedir>'
        settings.write_text(f"<fontconfig>{places}{cache}</fontconfig>", encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]


@contextmanager
def _fontconfig_silenced() -> Iterator[None]:
    """Keep fontconfig's remarks off stderr: the wheel's is older than most systems' settings, and says so each time."""
    try:
        stderr = os.dup(2)
    except OSError:  # closed: nobody listens
        yield
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            os.write(2, b"".join(line for line in said if not line.startswith(b"Fontconfig ")))
