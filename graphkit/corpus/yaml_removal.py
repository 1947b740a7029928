"""Takes entries out of YAML text; comments and everything else stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import yaml

from graphkit.corpus.yaml_tree import Loader, Node, YamlPath, parse_tree
from graphkit.model.errors import WorkspaceError


class _Entry(NamedTuple):
    """An entry of a mapping or an item of a list, as positions in the text.

    Attributes:
        name: The key, or the number of an item.
        head: The end of the key.
        node: The value.
    """

    name: str | int
    start: int
    head: int
    end: int
    node: yaml.Node


def without(text: str, paths: Iterable[YamlPath], file: str) -> str:
    r"""Return a text without the entries at some paths; an empty list or mapping may be left.

    Args:
        paths: Keys and numbers of items, as in a tree.

    Raises:
        WorkspaceError: The text is laid out in a way that cannot be edited.

    >>> without("a: [x, y]\nb:\n  c: 1  # note\n  d: 2\n", [("a", 0), ("b", "c")], "f.yaml")
    'a: [y]\nb:\n  d: 2\n'
    """
    # Later items first, so that the numbers of the others stay.
    for path in sorted(paths, key=_order, reverse=True):
        before, _ = parse_tree(text, file)
        new = _without_one(text, path)
        after, problems = parse_tree(new, file)
        if problems or after.root != _pruned(before.root, path):
            place = before.key_place(path)
            raise WorkspaceError(f"{place}: the entry cannot be taken out of its lines.", "Remove it by hand first.")
        text = new
    return text


def _order(path: YamlPath) -> tuple[tuple[bool, str, int], ...]:
    return tuple((isinstance(part, int), str(part) if isinstance(part, str) else "", _number(part)) for part in path)


def _number(part: str | int) -> int:
    return part if isinstance(part, int) else 0


def _pruned(node: Node, path: YamlPath) -> Node:
    """Return a tree without the value at a path."""
    copy: Any = dict(node) if isinstance(node, dict) else list(node or ())
    if len(path) == 1:
        del copy[path[0]]
        return copy  # type: ignore[no-any-return]
    copy[path[0]] = _pruned(copy[path[0]], path[1:])
    return copy  # type: ignore[no-any-return]


def _entries(text: str, node: yaml.Node) -> list[_Entry]:
    if isinstance(node, yaml.MappingNode):
        return [
            _Entry(key.value, key.start_mark.index, key.end_mark.index, value.end_mark.index, value)
            for key, value in node.value
        ]
    items: list[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else []
    starts = [item.start_mark.index if _is_flow(node) else text.rindex("-", 0, item.start_mark.index) for item in items]
    return [_Entry(i, starts[i], starts[i], item.end_mark.index, item) for i, item in enumerate(items)]


def _is_flow(node: yaml.Node) -> bool:
    """Return whether a mapping or a list is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _without_one(text: str, path: YamlPath) -> str:
    node = yaml.compose(text, Loader=Loader) or yaml.MappingNode("", [])
    head = 0
    for part in path[:-1]:
        entry = next(entry for entry in _entries(text, node) if entry.name == part)
        node, head = entry.node, entry.head
    entries = _entries(text, node)
    number = next(i for i, entry in enumerate(entries) if entry.name == path[-1])
    start, end = _flow(entries, number) if _is_flow(node) else _lines(text, entries, number)
    left = text[:start] + text[end:]
    if len(entries) > 1 or len(path) == 1 or _is_flow(node):
        return left
    colon = text.index(":", head) + 1
    return f"{left[:colon]} {'{}' if isinstance(node, yaml.MappingNode) else '[]'}{left[colon:]}"


def _flow(entries: list[_Entry], number: int) -> tuple[int, int]:
    """Return the span of an entry in brackets, with the comma before or after it."""
    if number + 1 < len(entries):
        return entries[number].start, entries[number + 1].start
    return entries[number - 1].end if number else entries[number].start, entries[number].end


def _lines(text: str, entries: list[_Entry], number: int) -> tuple[int, int]:
    """Return the span of the lines of an entry, without the comments that follow it."""
    start = text.rfind("\n", 0, entries[number].start) + 1
    indent = entries[number].start - start
    end = entries[number].end
    last = text.rfind("\n", 0, end) + 1
    end = last if end > start and not text[last:end].strip() else _next_line(text, end)
    while (before := text.rfind("\n", 0, end - 1) + 1) > start and _is_apart(text[before:end], indent):
        end = before
    return start, end


def _next_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _is_apart(line: str, indent: int) -> bool:
    """Return whether a line is blank, or a comment that is not indented more than an entry."""
    inner = line.lstrip(" ")
    return not inner.strip() or (inner.startswith("#") and len(line) - len(inner) <= indent)
