"""Files: each format by each renderer, and what happens when there is none."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import viz_graphs

import viz
from viz import inprocess

HEADS = {".svg": b"<?xml", ".png": b"\x89PNG\r\n", ".pdf": b"%PDF-"}


@pytest.fixture
def no_program(monkeypatch, tmp_path_factory):
    """No dot on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))


@pytest.fixture
def no_pygraphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


@pytest.mark.parametrize("suffix", HEADS)
def test_pygraphviz_writes_every_format(suffix, no_program, tmp_path):
    pytest.importorskip("pygraphviz")
    path = viz.render(viz_graphs.network(), tmp_path / f"net{suffix}")
    assert path == tmp_path / f"net{suffix}"
    assert path.read_bytes().startswith(HEADS[suffix])
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.skipif(shutil.which("dot") is None, reason="no dot program on PATH")
@pytest.mark.parametrize("suffix", HEADS)
def test_the_dot_program_writes_every_format(suffix, no_pygraphviz, tmp_path):
    path = viz.render(viz_graphs.network(), tmp_path / f"net{suffix}")
    assert path.read_bytes().startswith(HEADS[suffix])
    assert os.listdir(tmp_path) == [path.name]


def test_dot_text_needs_no_renderer(no_program, no_pygraphviz, tmp_path):
    path = viz.render(viz_graphs.network(), str(tmp_path / "net.DOT"))
    assert path.read_bytes().decode() == viz.dot(viz_graphs.network()).source


def test_options_reach_the_picture(tmp_path):
    path = viz.render(viz_graphs.chain(30), tmp_path / "chain.dot", collapse_above=20)
    assert "folded" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["net.gif", "net", "net.svg.gz", ".svg"])
def test_an_unknown_suffix_is_an_error_that_lists_the_known(name, tmp_path):
    with pytest.raises(viz.UnknownFormatError, match=r"\.dot, \.svg, \.png, \.pdf"):
        viz.render(viz_graphs.square(), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_without_a_renderer_the_text_is_written_and_both_remedies_named(no_program, no_pygraphviz, tmp_path):
    with pytest.raises(viz.NoRendererError) as caught:
        viz.render(viz_graphs.square(), tmp_path / "net.svg")
    assert "pip install 'pygraphviz" in str(caught.value)
    assert "dot program on PATH" in str(caught.value)
    assert str(tmp_path / "net.dot") in str(caught.value)
    assert (tmp_path / "net.dot").read_text(encoding="utf-8") == viz.dot(viz_graphs.square()).source
    assert os.listdir(tmp_path) == ["net.dot"]


@pytest.fixture
def broken_program(monkeypatch, tmp_path_factory):
    """A dot on PATH that can't draw."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "dot").write_text('#!/bin/sh\necho "Format: not recognized" >&2\nexit 1\n')
    (folder / "dot").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="the broken program is a shell script")
def test_a_broken_program_gives_way_to_pygraphviz(broken_program, tmp_path):
    pytest.importorskip("pygraphviz")
    assert viz.render(viz_graphs.square(), tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.skipif(sys.platform == "win32", reason="the broken program is a shell script")
def test_a_broken_program_alone_is_an_error_in_its_own_words(broken_program, no_pygraphviz, tmp_path):
    with pytest.raises(viz.RenderError, match="Format: not recognized") as caught:
        viz.render(viz_graphs.square(), tmp_path / "x.svg")
    assert not isinstance(caught.value, viz.NoRendererError)
    assert os.listdir(tmp_path) == ["x.dot"]


def test_text_that_is_no_dot_is_an_error_in_process():
    pytest.importorskip("pygraphviz")
    with pytest.raises(viz.RenderError, match="pygraphviz"):
        inprocess.draw("digraph { a [", "svg")


def test_threads_draw_one_after_the_other():
    """Graphviz keeps global state; eight threads get what one would have got."""
    pytest.importorskip("pygraphviz")
    sources = [viz.dot(viz_graphs.chain(n)).source for n in range(1, 9)]
    alone = [inprocess.draw(source, "svg") for source in sources]
    together: dict[int, bytes] = {}

    def draw(i):
        for _ in range(5):
            together[i] = inprocess.draw(sources[i], "svg")

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[i] for i in range(8)] == alone


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts files by /proc")
def test_drawing_leaves_no_file_open_and_none_behind(tmp_path, monkeypatch):
    pytest.importorskip("pygraphviz")
    source = viz.dot(viz_graphs.square()).source
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    inprocess.draw(source, "png")
    before = len(os.listdir("/proc/self/fd"))
    inprocess._find_fonts.cache_clear()
    for _ in range(20):
        inprocess.draw(source, "png")
    assert len(os.listdir("/proc/self/fd")) == before
    assert os.listdir(tmp_path) == []
    assert "FONTCONFIG_FILE" not in os.environ


def test_a_first_picture_says_nothing_on_stderr(tmp_path):
    """The wheel's fontconfig complains about newer systems' settings; a demo should not begin with that."""
    pytest.importorskip("pygraphviz")
    folders = [Path(__file__).parent, Path(__file__).parent.parent]
    program = (
        "import os, sys; os.environ['PATH'] = ''\n"
        "import viz, viz_graphs; viz.render(viz_graphs.square(), sys.argv[1]); os.write(2, b'end')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(tmp_path / "x.png")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b"end"


def test_the_canvas_is_white_and_the_text_is_text(tmp_path):
    """Readable on a dark page too, and numbers can be searched and copied."""
    svg = ET.fromstring(viz.render(viz_graphs.square(), tmp_path / "x.svg").read_bytes())
    canvas = next(e for e in svg.iter() if e.tag.endswith("}polygon"))
    assert canvas.get("fill").lower() in ("#ffffff", "white")
    assert "Σ of 2" in [e.text for e in svg.iter() if e.tag.endswith("}text")]
