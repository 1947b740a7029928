"""The house: lower rooms never import higher ones, only one prints, only one looks for files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "graphkit"

LAYERS = {
    "errors": 0, "terms": 0,
    "dates": 1, "workspace": 1, "vocabulary": 1, "model": 1, "sparql": 1, "gate": 1, "amounts": 1, "spelling": 2,
    "load": 2, "verify": 2, "compile": 2, "store": 2, "shapes": 2,
    "values": 1, "cells": 1, "results": 2, "formats": 3,
    "schema": 3, "infer": 3, "check": 3, "query": 3, "statements": 3,
    "facts": 3, "capture": 3, "ingest": 3, "resolve": 3,
    "disputes": 3, "nodes": 3,
    "explain": 4, "describe": 4, "workers": 4, "build": 4, "network": 4, "stream": 4, "draft": 4,
    "export": 5, "asking": 5, "publish": 5, "view": 5, "kinds": 5, "stories": 6, "pages": 6, "web": 7, "site": 8,
    "graph": 6, "notebook": 7, "serve": 8,
    "cli": 9,
}  # fmt: skip


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the rooms that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("graphkit.")}
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_lower_rooms_never_import_higher_ones(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for other in imports(path) - {here}:
        assert LAYERS[other] <= LAYERS[here], f"{here} imports {other}"


def test_rooms_of_one_layer_do_not_import_each_other_in_circles() -> None:
    edges = {(room(path), other) for path in files() for other in imports(path) if room(path) != other}
    assert {(a, b) for a, b in edges if (b, a) in edges} == set()


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_bodies_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.body[-1].end_lineno is not None
            assert node.body[-1].end_lineno - node.body[0].lineno < 50, node.name


def calls(path: Path) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_only_the_command_line_prints() -> None:
    assert [path for path in files() if room(path) != "cli" and "print" in calls(path)] == []


def test_only_the_workspace_reads_the_environment() -> None:
    users = {room(path) for path in files() if "os.environ" in path.read_text(encoding="utf-8")}
    assert users <= {"workspace", "cli"}


def test_only_the_store_makes_stores() -> None:
    makers = {room(path) for path in files() if "ox.Store(" in path.read_text(encoding="utf-8")}
    assert makers <= {"store"}
