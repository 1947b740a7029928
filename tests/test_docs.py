"""The documentation agrees with the code: the functions and the files that it names."""

from __future__ import annotations

import ast
import re

from places import REPOSITORY

PACKAGE = REPOSITORY / "graphkit"
ARCHITECTURE = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")


def names(path: str) -> set[str]:
    """Return the functions, classes and variables at the top level of a module."""
    found: set[str] = set()
    for node in ast.parse((PACKAGE / path).read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def test_the_functions_of_the_path_exist() -> None:
    named = re.findall(r"`((?:\w+/)+\w+\.py)`(?: \||,) `(\w+)`", ARCHITECTURE)
    assert len(named) >= 15
    assert [(path, name) for path, name in named if name not in names(path)] == []


def test_links_lead_to_files() -> None:
    missing = [
        f"{page.name}: {target}"
        for page in (*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"))
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
