"""Merges written into `data/merges.yaml` and taken out again, line by line: comments and all else stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.corpus.load import load
from graphkit.corpus.parse import near
from graphkit.corpus.write import INDENT, merge_line
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.model.errors import Level, NotFoundError, WorkspaceError
from graphkit.model.workspace import replacing

if TYPE_CHECKING:
    from graphkit.corpus.yaml_tree import Node, Tree
    from graphkit.model.records import Merge
    from graphkit.model.workspace import Workspace

_HEAD = """\
# yaml-language-server: $schema=../ontology/merges.schema.json
# Which entities are read as another. Delete a line, and everything is as it was.
"""


def record_merge(workspace: Workspace, slug: str, merge: Merge) -> None:
    """Write a merge into `data/merges.yaml`.

    Raises:
        WorkspaceError: It would be wrong, or the file cannot be read or written; the file stays as it was.
    """
    name = workspace.name(workspace.merges)
    text, tree = _read(workspace)
    known = _merges(tree)
    if slug in known:
        place = tree.key_place(("merges", slug))
        raise WorkspaceError(f"{slug!r} is merged already, at {place}.", f"Type: graphkit entities --undo {slug}")
    new = _with(text, tree, merge_line(slug, merge))
    entry: dict[str, Node] = {"into": merge.into, "reason": merge.reason, "date": merge.date}
    _same(new, {**_root(tree), "merges": {**known, slug: entry}}, f"Add to {name}: {merge_line(slug, merge)}")
    before = {(problem.code, problem.message) for problem in load(workspace).problems}
    for problem in load(workspace, merges=new).problems:
        if problem.level is Level.ERROR and (problem.code, problem.message) not in before:
            raise WorkspaceError(
                f"{name} would be wrong ({problem.code}): {problem.message}", _capital(problem.solution)
            )
    _write(workspace, new)


def remove_merge(workspace: Workspace, slug: str) -> None:
    """Take a merge out of `data/merges.yaml`: everything is read as it was before.

    Raises:
        NotFoundError: There is no such merge.
        WorkspaceError: The file cannot be read or written; it stays as it was.
    """
    name = workspace.name(workspace.merges)
    text, tree = _read(workspace)
    known = _merges(tree)
    if slug not in known:
        solution = _capital(near(slug, known)) if known else "Nothing is merged."
        raise NotFoundError(f"{name} does not merge {slug!r}.", solution)
    left = {key: value for key, value in known.items() if key != slug}
    new = _without(text, tree, slug)
    _same(new, {**_root(tree), "merges": left or None}, f"Delete it by hand: {tree.key_place(('merges', slug))}")
    _write(workspace, new)


def _read(workspace: Workspace) -> tuple[str, Tree]:
    name = workspace.name(workspace.merges)
    if not workspace.merges.exists():
        return _HEAD, parse_tree(_HEAD, name)[0]
    try:
        text = workspace.merges.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{name} cannot be read: {error}.", "Make it a text file in UTF-8.") from error
    tree, problems = parse_tree(text, name)
    for problem in problems:
        if problem.code != "empty-file":
            raise WorkspaceError(f"{problem.location} ({problem.code}): {problem.message}", _capital(problem.solution))
    return text, tree


def _root(tree: Tree) -> dict[str, Node]:
    return tree.root if isinstance(tree.root, dict) else {}


def _merges(tree: Tree) -> dict[str, Node]:
    found = _root(tree).get("merges")
    return found if isinstance(found, dict) else {}


def _with(text: str, tree: Tree, line: str) -> str:
    """Return a text with a line more, right under `merges:`."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    known = list(_merges(tree))
    if "merges" not in _root(tree):
        head = "" if not text or text.endswith(("\n", "\r")) else end
        return f"{text}{head}merges:{end}{' ' * INDENT}{line}{end}"
    at = tree.key_place(("merges",)).line
    indent = tree.key_place(("merges", known[0])).column - 1 if known else INDENT
    if not known:
        lines[at - 1] = lines[at - 1].replace("{}", "").rstrip() + end
    return "".join([*lines[:at], f"{' ' * indent}{line}{end}", *lines[at:]])


def _without(text: str, tree: Tree, slug: str) -> str:
    """Return a text without the lines of an entry: its own, and those below it that are indented more."""
    lines = text.splitlines(keepends=True)
    place = tree.key_place(("merges", slug))
    end = place.line
    while end < len(lines) and len(lines[end]) - len(lines[end].lstrip(" ")) >= place.column and lines[end].strip():
        end += 1
    return "".join([*lines[: place.line - 1], *lines[end:]])


def _same(text: str, root: dict[str, Node], by_hand: str) -> None:
    """Make sure that a text means what it should: a file may be laid out in ways that we do not foresee."""
    if parse_tree(text, "merges.yaml")[0].root != root:
        raise WorkspaceError("data/merges.yaml is laid out in a way that cannot be changed by a line.", by_hand)


def _write(workspace: Workspace, text: str) -> None:
    try:
        with replacing(workspace.merges) as beside:
            beside.write_bytes(text.encode())
    except OSError as error:
        raise WorkspaceError(
            f"{workspace.merges} cannot be written: {error.strerror}.", "Free the disk or the folder."
        ) from error


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
