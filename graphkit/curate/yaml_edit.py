"""Entries added to a YAML file and taken out again, line by line: comments and everything else stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from graphkit.corpus.write import INDENT
from graphkit.corpus.yaml_tree import Node, Tree, parse_tree
from graphkit.model.errors import WorkspaceError, reason
from graphkit.model.files import recover, replacing_all


def read_file(path: Path, name: str, empty: str = "") -> tuple[str, Tree]:
    """Return the text of a YAML file and its tree; `empty` is the text of a file that does not exist."""
    recover(path.parent)
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else empty
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{name} cannot be read: {reason(error)}.", "Make it a text file in UTF-8.") from error
    tree, problems = parse_tree(text, name)
    for problem in problems:
        if problem.code != "empty-file":
            raise WorkspaceError(f"{problem.location} ({problem.code}): {problem.message}", capital(problem.solution))
    return text, tree


def entries(tree: Tree, part: str) -> dict[str, Node]:
    """Return the entries under a key of a file."""
    found = tree.root.get(part) if isinstance(tree.root, dict) else None
    return found if isinstance(found, dict) else {}


def lines_of(text: str, tree: Tree, part: str, key: str) -> range:
    """Return the lines of an entry: that of its key, and those below it that are indented more."""
    lines = text.splitlines()
    start = tree.key_place((part, key))
    last = end = start.line
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip(" ")) >= start.column
    ):
        end += 1
        last = end if lines[end - 1].strip() else last
    return range(start.line - 1, last)


def with_entry(text: str, tree: Tree, part: str, block: Sequence[str]) -> tuple[str, int]:
    """Return a text with an entry added after the others, and the line before it.

    Args:
        block: The lines of the entry; the first is not indented.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    if not isinstance(tree.root, dict) or part not in tree.root:
        lines.append(f"{part}:{end}")
    known = list(entries(tree, part))
    at = lines_of(text, tree, part, known[-1]).stop if known else _emptied(lines, tree, part, end)
    indent = " " * (tree.key_place((part, known[0])).column - 1 if known else INDENT)
    added = [f"{indent}{line}{end}" if line else end for line in block]
    return "".join([*lines[:at], *added, *lines[at:]]), at


def _emptied(lines: list[str], tree: Tree, part: str, end: str) -> int:
    """Open a key without entries, `statements: {}`, and return the line after it."""
    if not isinstance(tree.root, dict) or part not in tree.root:
        return len(lines)
    at = tree.key_place((part,)).line
    lines[at - 1] = lines[at - 1].replace("{}", "", 1).rstrip() + end
    return at


def without_entry(text: str, tree: Tree, part: str, key: str) -> str:
    """Return a text without the lines of an entry."""
    lines = text.splitlines(keepends=True)
    block = lines_of(text, tree, part, key)
    return "".join([*lines[: block.start], *lines[block.stop :]])


def check_meaning(text: str, tree: Tree, part: str, wanted: dict[str, Node], by_hand: str) -> None:
    """Make sure that a text has the entries that it should, and is the same in everything else.

    Raises:
        WorkspaceError: The file is laid out in a way that cannot be edited by lines.
    """
    root = tree.root if isinstance(tree.root, dict) else {}
    new, problems = parse_tree(text, tree.file)
    found = new.root if isinstance(new.root, dict) else {}
    if problems or {**found, part: found.get(part) or {}} != {**root, part: wanted}:
        raise WorkspaceError(f"{tree.file} is laid out in a way that cannot be changed by a line.", by_hand)


def write_files(texts: Mapping[Path, str]) -> None:
    """Write files, all of them or none."""
    try:
        with replacing_all(*texts) as beside:
            for path, text in zip(beside, texts.values(), strict=True):
                path.write_bytes(text.encode())
    except OSError as error:
        names = ", ".join(map(str, texts))
        raise WorkspaceError(f"{names} cannot be written: {error.strerror}.", "Free the disk or the folder.") from error


def capital(text: str) -> str:
    """Return a text with a capital at its head.

    >>> capital("type it")
    'Type it'
    """
    return text[:1].upper() + text[1:]
