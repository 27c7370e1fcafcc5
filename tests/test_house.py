"""Facts about the house: who may import whom, how long a room is, and that what the documents say runs."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import pytest

THIS = Path(__file__).resolve()
HOUSE = THIS.parents[1]
PACKAGES = ("minigrad", "viz")

# The rooms, from the ground up. A package stands for all that is in it, unless a part of it is named as well.
ROOMS = (
    "minigrad.errors",
    "minigrad.linear_maps",
    "minigrad.numpy_protocol",  # below the graph: it owns the table that ops fill and nodes look into
    "minigrad.array_like",
    "minigrad.graph",
    "minigrad.ops.base",
    "minigrad.ops.elementwise",
    "minigrad.ops.results",
    "minigrad.ops",
    "minigrad.sweeps",
    "minigrad.jacobians",
    "minigrad.cotangents",
    "minigrad.queries",
    "minigrad.trees",
    "minigrad.checkpoints",
    "minigrad.sparsity",
    "minigrad.tracing",
    "minigrad.transforms",
    "minigrad.checking",
    "minigrad.network",
    "minigrad.derivation",
    "minigrad.view",
    "minigrad",  # the table of contents
    "viz",
    "minigrad.demo",
    "minigrad.__main__",
)

# Conveniences of a node that look upward when they are called; nothing else may.
UPWARD = {
    "minigrad.graph.Node.backward": "J.backward() is how everyone writes it; the sweep itself is in sweeps",
    "minigrad.graph.Node.jacobians": "a node shows its local Jacobians, which a sweep alone needs otherwise",
    "minigrad.graph.Node._repr_html_": "a notebook shows a node as viz draws it",
    "minigrad.cotangents.Gradients._repr_html_": "the same, of gradients",
    "minigrad.linear_maps.algebra.LinearMap._repr_html_": "the same, of a linear map",
    "minigrad.network.Run._repr_html_": "the same, of a run",
    "minigrad.graph.Node.through": "a linear map applied to a node gives a node, and so needs an op",
}

# What viz may take from minigrad: the networkx graph, and nothing behind it.
DOOR = {"minigrad.to_networkx", "minigrad.view", "minigrad.view.to_networkx"}

LONGEST_ROOM = 400  # lines


class Import(NamedTuple):
    """One name that a module imports."""

    module: str  # the module that imports
    line: int
    target: str  # the name imported, in full: minigrad.graph.Node
    place: str  # the function it stands in, as minigrad.graph.Node.backward; empty at module level

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the packages, by its full name."""
    found = {}
    for path in sorted(file for package in PACKAGES for file in (HOUSE / package).rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    assert set(PACKAGES) <= set(found), "the packages are missing; there is nothing to check"
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Every import of one of our modules by another; those for types alone are never carried out, and not counted."""
    found = [each for name, path in modules().items() for each in _imports(name, path)]
    assert found, "no module imports another; there is nothing to check"
    return tuple(found)


def _imports(module: str, path: Path) -> Iterator[Import]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]

    def walk(node: ast.AST, names: str, inside: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            targets: list[str] = []
            if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
                continue
            if isinstance(child, ast.Import):
                targets = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                base = importlib.util.resolve_name("." * child.level + (child.module or ""), package)
                targets = [f"{base}.{alias.name}" for alias in child.names]
            yield from (
                Import(module, child.lineno, target, names if inside else "")
                for target in targets
                if target.partition(".")[0] in PACKAGES
            )
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function or isinstance(child, ast.ClassDef):
                yield from walk(child, f"{names}.{child.name}", inside or is_function)
            else:
                yield from walk(child, names, inside)

    return walk(ast.parse(path.read_text(encoding="utf-8")), module, False)


def home(name: str) -> str:
    """The module that a full name belongs to: minigrad.graph for minigrad.graph.Node."""
    while name not in modules():
        name = name.rpartition(".")[0]
        assert name, "an import of a module that is not there"
    return name


def level(module: str) -> int:
    """How high a module stands: the place of its room in ROOMS."""
    rooms = [room for room in ROOMS if module == room or (room != "minigrad" and module.startswith(room + "."))]
    assert rooms, f"{module} has no place in ROOMS yet; put it above all that it imports"
    return ROOMS.index(max(rooms, key=len))


def climbs(each: Import) -> bool:
    """Whether an import points upward."""
    return level(home(each.target)) > level(each.module)


def test_every_module_has_a_place_in_the_order_of_rooms():
    """A room nobody placed would escape the rule that imports point downward."""
    assert [level(module) for module in modules()]


def test_imports_point_downward_only():
    """Whoever reads a room needs only the rooms below it; the few exceptions are named, each with its reason."""
    assert [str(each) for each in imports() if climbs(each) and each.place not in UPWARD] == []


def test_every_exception_to_the_order_is_still_needed():
    """A permission that nothing uses is one that something will misuse."""
    assert set(UPWARD) - {each.place for each in imports() if climbs(each)} == set()


def test_modules_of_one_room_do_not_import_each_other_in_a_circle():
    """Within a room, too, there is an order in which to read."""
    graph = nx.DiGraph((each.module, home(each.target)) for each in imports() if not each.place)
    assert list(nx.simple_cycles(graph)) == []


def test_viz_sees_a_graph_through_one_door_only():
    """Pictures read the networkx graph; so any tool can, and the engine may change behind it."""
    taken = {each.target for each in imports() if each.module.split(".")[0] == "viz"}
    for path in (HOUSE / "viz").rglob("*.py"):
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        aliases = [alias for node in tree if isinstance(node, ast.Import) for alias in node.names if alias.asname]
        full = {alias.asname: alias.name for alias in aliases}
        for name in (ast.unparse(node) for node in tree if isinstance(node, ast.Attribute)):
            head, dot, rest = name.partition(".")
            taken.add(full.get(head, head) + dot + rest)
    taken = {name for name in taken if name.startswith("minigrad.")}
    assert taken, "viz reads no graph; there is nothing to check"
    assert taken - DOOR == set()


def test_no_room_is_too_long_to_read_in_a_sitting():
    """A file that no longer fits in a head is two files."""
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_ROOM} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_has_the_name_of_a_function_that_the_package_exports(package):
    """With both, what `viz.dot` means would depend on what was imported before."""
    contents = importlib.import_module(package)
    functions = {name for name in contents.__all__ if callable(getattr(contents, name))}
    assert functions
    assert functions & {name.rpartition(".")[2] for name in modules() if name.startswith(package + ".")} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_exported_has_a_docstring_with_an_example(package):
    """help() is the first page people open, and its examples are run as tests. Constants speak for themselves."""
    contents = importlib.import_module(package)
    exported = {name: getattr(contents, name) for name in contents.__all__}
    documented = {name: thing.__doc__ or "" for name, thing in exported.items() if callable(thing)}
    assert documented
    assert [name for name, doc in documented.items() if ">>> " not in doc] == []


def test_importing_the_packages_loads_no_optional_library():
    """`import minigrad` starts fast, and works where only the core dependencies are installed."""
    optional = {"PIL", "hypothesis", "matplotlib", "mpmath", "scipy", "sklearn", "sympy", "tqdm"}
    code = "import minigrad, viz, sys; print(minigrad.__file__); print(*{m.partition('.')[0] for m in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    where, loaded = run.stdout.splitlines()
    assert Path(where).is_relative_to(HOUSE)
    assert set(loaded.split()) & optional == set()


def own_files() -> list[Path]:
    """The files of the project: what git keeps or would keep; without git, all but what is hidden."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(listing, cwd=HOUSE, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(HOUSE)) for path in HOUSE.rglob("*")]
        names = [name for name in names if not any(part.startswith(".") for part in Path(name).parts)]
    return [HOUSE / name for name in names if name and (HOUSE / name).is_file()]


def test_no_file_names_a_place_on_someones_machine():
    """A path that exists for its author alone helps no reader."""
    place = re.compile(r"(?<![\w.:/-])/(?:home|root|Users|work|opt|mnt|tmp)/\w|\b[A-Z]:\\+Users")
    files, found = own_files(), []
    assert THIS in files
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{path.relative_to(HOUSE)}: {hit.group()}" for hit in place.finditer(text)]
    assert found == []


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a document in one language."""
    text = (HOUSE / document).read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    assert found, f"{document} has no {language} block; there is nothing to check"
    return found


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_in_the_documents_exists(document):
    """The first thing a stranger types must work."""
    targets = set(re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    commands = [line for block in blocks(document, "sh") for line in block.splitlines() if line.startswith("make ")]
    assert commands
    assert [line for line in commands if line.split()[1] not in targets] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_python_of_the_documents_runs(document, tmp_path, monkeypatch):
    """Block after block in one session, as a reader would paste them."""
    monkeypatch.chdir(tmp_path)
    session: dict[str, object] = {"__name__": "__main__"}
    for number, block in enumerate(blocks(document, "python"), 1):
        exec(compile(block, f"{document}, python block {number}", "exec"), session)
