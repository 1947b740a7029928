"""Every problem that the code can find is documented and has a broken file, and nothing else is."""

from __future__ import annotations

import ast
import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

import pytest
from places import REPOSITORY

from graphkit.corpus.evidence import Status
from graphkit.model.errors import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PACKAGE = REPOSITORY / "graphkit"
# What makes a problem, or carries what will be one; the code comes first.
MAKERS = ("Problem", "_RefusedError")

ATTRIBUTES: dict[str, set[str]] = {
    "found.status": {str(status) for status in Status if status is not Status.VERIFIED},
    "path.stem": {path.stem for path in (REPOSITORY / "ontology/checks").glob("*.rq")},
    "refused.code": set(),  # counted where it is raised
}

# The parameters of the function of the Spark build that makes a problem again that another process has made.
CARRIER = ["file", "fields"]


@dataclass(frozen=True)
class Code:
    """The functions of the package and who calls them."""

    modules: tuple[ast.Module, ...]

    @property
    def calls(self) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
        """All calls with the function that they stand in."""
        return chain.from_iterable(map(calls_in, self.modules))

    def near(self, function: ast.FunctionDef) -> Iterable[tuple[ast.Call, ast.FunctionDef | None]]:
        """Return the calls that can mean a function: a private name means something else in another module."""
        if not function.name.startswith("_"):
            return self.calls
        return next(found for found in map(calls_in, self.modules) if any(around is function for _, around in found))

    def codes(self) -> set[str]:
        """Return the codes that problems can have."""
        found: set[str] = set()
        for call, around in self.calls:
            if _called(call) in MAKERS:
                found |= self.texts(_argument(call, 0, "code"), around)
        return found

    def warnings(self) -> set[str]:
        """Return the codes of the problems that are made as warnings."""
        made = [(call, around) for call, around in self.calls if _called(call) in MAKERS]
        mild = [(call, around) for call, around in made if "Level.WARNING" in map(ast.unparse, call.args)]
        return {text for call, around in mild for text in self.texts(_argument(call, 0, "code"), around)}

    def texts(self, node: ast.expr, around: ast.FunctionDef | None) -> set[str]:
        """Return the texts that an expression can be; a parameter is what the callers give."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                pieces = [self.texts(part, around) for part in parts]
                return {"".join(whole) for whole in product(*pieces)}
            case ast.FormattedValue(value=value):
                return self.texts(value, around)
            case ast.Name(id=name) if around and name in _parameters(around):
                return self.given(around, name)
            case ast.Name() if around and _parameters(around) == CARRIER:
                return set()
            case ast.Attribute() if ast.unparse(node) in ATTRIBUTES:
                return ATTRIBUTES[ast.unparse(node)]
        raise AssertionError(f"cannot tell what this can be: {ast.unparse(node)}")

    def given(self, function: ast.FunctionDef, name: str) -> set[str]:
        """Return the texts that callers pass for a parameter."""
        position = _parameters(function).index(name)
        found: set[str] = set()
        for call, around in self.near(function):
            if _called(call) == function.name:
                found |= self.texts(_argument(call, position, name), around)
        return found


@cache
def calls_in(module: ast.Module) -> list[tuple[ast.Call, ast.FunctionDef | None]]:
    return list(_calls(module, None))


def _calls(node: ast.AST, around: ast.FunctionDef | None) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, around
        yield from _calls(child, child if isinstance(child, ast.FunctionDef) else around)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [one.arg for one in function.args.args if one.arg != "self"]


def _argument(call: ast.Call, position: int, name: str) -> ast.expr:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return named[0] if named else call.args[position]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def read_code(paths: Iterable[Path]) -> Code:
    return Code(tuple(map(parsed, sorted(paths))))


def read_sections() -> dict[str, str]:
    text = (REPOSITORY / "docs/problems.md").read_text(encoding="utf-8")
    pieces = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def read_levels() -> dict[str, str]:
    manifest = REPOSITORY / "tests/data/broken/manifest.csv"
    with manifest.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["level"] for row in csv.DictReader(file)}


class Known(NamedTuple):
    """The codes of the package, and where the code makes them."""

    codes: set[str]
    captured: Code
    only_imported: set[str]
    only_captured: set[str]
    sections: dict[str, str]


@pytest.fixture(scope="module")
def known() -> Known:
    # Told of pages, files and tables before there is a source that could be checked; no broken source shows them.
    capture, ingest = (set((PACKAGE / "curate" / name).rglob("*.py")) for name in ("capture", "tables"))
    every = set(PACKAGE.rglob("*.py"))
    checked = read_code(every - capture - ingest).codes()
    imported, captured = (read_code(paths).codes() - checked for paths in (ingest, capture))
    return Known(read_code(every).codes(), read_code(capture | ingest), imported, captured, read_sections())


def test_the_code_is_read_well(known: Known) -> None:
    assert {"misnamed-file", "unknown-stance", "wrong-speaker", "passage-missing"} <= known.codes
    assert {"yaml-alias", "cyclic-broader", "shape-violation"} <= known.codes


def test_an_expression_of_another_sort_is_noticed() -> None:
    code = Code((ast.parse("def f(x):\n    Problem(x + 'y', 1, 2, 3)"),))
    with pytest.raises(AssertionError, match="cannot tell"):
        code.codes()


def test_every_code_has_a_section(known: Known) -> None:
    assert list(known.sections) == sorted(known.codes)


def test_every_code_has_a_broken_file(known: Known) -> None:
    assert sorted(read_levels()) == sorted(known.codes - known.only_captured - known.only_imported)


def test_every_code_of_capture_has_a_test_that_names_its_level(known: Known) -> None:
    tests = (REPOSITORY / "tests/curate/test_capture.py").read_text(encoding="utf-8")
    assert known.only_captured
    assert [code for code in sorted(known.only_captured) if not re.search(rf"(error|warning)  {code}\b", tests)] == []


def test_every_code_of_import_has_a_test(known: Known) -> None:
    names = ("test_tables.py", "test_cells.py", "test_bulk.py")
    tests = "".join((REPOSITORY / "tests/curate" / name).read_text(encoding="utf-8") for name in names)
    assert known.only_imported
    assert [code for code in sorted(known.only_imported) if f'"{code}"' not in tests] == []


def test_every_section_has_one_example_that_shows_wrong_and_right(known: Known) -> None:
    found = {
        code: re.findall(r"^```(?:yaml|sparql)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for code, text in known.sections.items()
    }
    assert [
        code
        for code, examples in found.items()
        if len(examples) != 1 or "# wrong" not in examples[0] or "# right" not in examples[0]
    ] == []


def test_sections_of_warnings_and_no_others_say_that_they_are_warnings(known: Known) -> None:
    unseen = known.only_captured | known.only_imported
    levels = {**dict.fromkeys(unseen, "error"), **dict.fromkeys(known.captured.warnings(), "warning"), **read_levels()}
    named = {code for code, text in known.sections.items() if "is a warning" in " ".join(text.split())}
    assert named == {code for code in known.sections if levels[code] == Level.WARNING}
