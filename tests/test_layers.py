"""The structure of the package: who may import whom, how long files and functions are, where side effects belong."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "graphkit"

# Package to the packages that it may import; docs/architecture.md shows the same table.
MAY_IMPORT = {
    "model": set(),
    "corpus": {"model"},
    "store": {"model"},
    "build": {"model", "corpus", "store", "query"},
    "query": {"model", "store"},
    "analysis": {"model", "store", "query"},
    "release": {"model", "corpus", "store", "build", "query", "analysis"},
    "curate": {"model", "corpus", "store", "build"},
    "view": {"model", "store", "query", "analysis"},
    "web": {"model", "store", "build", "query", "analysis", "release", "view"},
    "cli": {"model", "corpus", "store", "build", "query", "analysis", "release", "curate", "view", "web", "graph"},
    "graph": {"model", "corpus", "store", "build", "query", "analysis", "release", "view", "web"},
    "notebook": {"model", "query", "view", "graph"},
}  # fmt: skip
DOCS = PACKAGE.parent / "docs"
MAX_FILE, MAX_BODY = 500, 50


@cache
def parsed(text: str) -> tuple[ast.AST, ...]:
    """Return the nodes of a module."""
    return tuple(ast.walk(ast.parse(text)))


def modules(package: Path) -> dict[str, Path]:
    """Return the modules below a folder by their dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the modules that a file imports, inside functions and for types too."""
    found: set[str] = set()
    for node in parsed(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & known.keys() or {node.module}
    return found & known.keys()


def part(module: str) -> str:
    """Return the package of a module; `python -m graphkit` is the command line."""
    return module.split(".")[1].replace("__main__", "cli") if "." in module else ""


def forbidden(package: Path) -> list[str]:
    """Return each import that the table does not allow."""
    known = modules(package)
    return [
        f"{module} imports {other}"
        for module, path in known.items()
        for other in sorted(imports(path, known))
        if part(module) and part(other) not in MAY_IMPORT[part(module)] | {part(module)}
    ]


def cycle(package: Path) -> list[str]:
    """Return the modules of an import cycle; nothing if there is none."""
    known = modules(package)
    edges = {module: sorted(imports(path, known) - {module}) for module, path in known.items()}
    done: set[str] = set()

    def visit(module: str, above: list[str]) -> list[str]:
        if module in above:
            return above[above.index(module) :]
        if module in done:
            return []
        found = next(filter(None, (visit(other, [*above, module]) for other in edges[module])), [])
        done.add(module)
        return found

    return next(filter(None, (visit(module, []) for module in edges)), [])


def test_packages_import_only_what_the_table_allows() -> None:
    assert forbidden(PACKAGE) == []


def test_the_documentation_has_the_same_table() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \|([^|]*)\|$", text, re.MULTILINE)
    assert {package: set(re.findall(r"`(\w+)`", imported)) for package, imported in rows} == MAY_IMPORT


def test_the_picture_shows_every_package() -> None:
    picture = (DOCS / "images/architecture.svg").read_text(encoding="utf-8")
    assert set(re.findall(r">(\w+)(?:/|\.py)</text>", picture)) == set(MAY_IMPORT)


def test_there_is_no_import_cycle() -> None:
    assert cycle(PACKAGE) == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Return a small package with the names of ours."""
    package = tmp_path / "graphkit"
    for name in ("model/__init__", "model/dates", "model/iris", "store/__init__", "store/engine"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text("")
    (package / "store/engine.py").write_text("from graphkit.model.dates import Date\n")
    return package


@pytest.mark.parametrize(
    "line",
    [
        "from graphkit.store import engine",
        "import graphkit.store.engine",
        "def f():\n    from graphkit.store.engine import Engine",
        "if TYPE_CHECKING:\n    from graphkit.store.engine import Engine",
    ],
)
def test_a_planted_import_against_the_table_is_found(planted: Path, line: str) -> None:
    assert forbidden(planted) == []
    (planted / "model/iris.py").write_text(f"{line}\n")
    assert forbidden(planted) == ["graphkit.model.iris imports graphkit.store.engine"]


def test_a_planted_cycle_inside_a_package_is_found(planted: Path) -> None:
    (planted / "model/dates.py").write_text("from graphkit.model.iris import iri\n")
    assert cycle(planted) == []
    (planted / "model/iris.py").write_text("if TYPE_CHECKING:\n    from graphkit.model.dates import Date\n")
    assert set(cycle(planted)) == {"graphkit.model.dates", "graphkit.model.iris"}


def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Return the nodes of each module of the package."""
    return {name: parsed(path.read_text(encoding="utf-8")) for name, path in modules(PACKAGE).items()}


def test_no_file_is_longer_than_the_limit() -> None:
    assert [name for name, path in modules(PACKAGE).items() if path.read_text().count("\n") > MAX_FILE] == []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines the body of a function has, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_bodies_are_short() -> None:
    sizes = sorted(
        length(node)
        for found in nodes().values()
        for node in found
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    assert sizes[-1] <= MAX_BODY
    assert sizes[len(sizes) // 2] <= 4
    assert sizes[len(sizes) * 99 // 100] <= 30


def users(*names: str) -> set[str]:
    """Return the modules that call a function or read an attribute of one of these dotted names."""
    last = {name.rpartition(".")[2] for name in names}
    return {
        module
        for module, found in nodes().items()
        for node in found
        if (isinstance(node, ast.Name) and node.id in names)
        or (isinstance(node, ast.Attribute) and node.attr in last and ast.unparse(node) in names)
    }


def test_only_the_command_line_prints() -> None:
    assert {module for module in users("print") if part(module) != "cli"} == set()


def test_only_the_workspace_and_the_command_line_read_the_environment() -> None:
    readers = users("os.environ", "os.getenv", "environ", "getenv")
    assert {module for module in readers if part(module) != "cli"} <= {
        "graphkit.model.base_iri",
        "graphkit.model.workspace",
    }


def test_only_the_store_makes_stores() -> None:
    makers = {
        module
        for module, found in nodes().items()
        for node in found
        if isinstance(node, ast.Call) and re.fullmatch(r"(\w+\.)?Store(\.\w+)?", ast.unparse(node.func))
    }
    assert {module for module in makers if part(module) != "store"} == set()
