"""Reads YAML into a tree of texts with their locations.

There are no implicit types (`no`, `007` and `2019-06` stay texts), no aliases and no tags, so that a small file cannot
unfold into a large one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

import yaml

from graphkit.corpus.yaml_faults import HINT, yaml_fault
from graphkit.model.errors import Location, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
_SHOWN = 40

Node: TypeAlias = "str | list[Node] | dict[str, Node] | None"
YamlPath: TypeAlias = tuple[str | int, ...]

# An unquoted text that YAML 1.1 tools read as a date or a time stamp.
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?")
_TAB = re.compile(r"^[ ]*\t[ \t]*(?=\S)", re.MULTILINE)
_NO_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The keys of texts, which may be one word; the values of other keys are always one word.
_WORDS = frozenset(
    {"title", "label", "aliases", "description", "gist", "scope", "hedge", "note", "value", "starts", "ends",
     "role", "condition", "provision", "grounds", "manner", "extent"}
)  # fmt: skip
# The comment after an unquoted text, which perhaps belongs to the text.
_COMMENT = re.compile(r"(?P<space>[ \t]+)#(?P<rest>[^\r\n\x85\u2028\u2029]*)")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Mark(Protocol):
    """A position in a YAML text, counted from 0, of the C or the Python parser."""

    line: int
    column: int


class _RefusedError(Exception):
    def __init__(self, code: str, mark: _Mark | None, message: str, solution: str) -> None:
        super().__init__(message)
        self.code, self.mark, self.message, self.solution = code, mark, message, solution


@dataclass(slots=True)
class Tree:
    """The content of a file.

    Attributes:
        root: Nested mappings, lists and texts; an empty scalar is None.
        dates: Paths of plain scalars that other YAML tools turn into a date.
        again: Reads the file again, in a tree whose content was given back.
    """

    file: str
    root: Node = None
    keys: dict[YamlPath, _Mark | None] = field(default_factory=dict)
    values: dict[YamlPath, _Mark | None] = field(default_factory=dict)
    dates: set[YamlPath] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    again: Callable[[], Tree] | None = None

    def give_back(self, path: Path, again: Rereading) -> None:
        """Give the memory of the content back; for each later place the file is read again."""
        self.root, self.keys, self.values, self.dates = None, {}, {}, set()
        self.again = partial(again.read, path, self.file)

    def place(self, path: Sequence[str | int]) -> Location:
        """Return the location of a value, or of the nearest value above it that exists."""
        return _location(self.file, _nearest((self.again() if self.again else self).values, tuple(path)))

    def has_key(self, path: Sequence[str | int]) -> bool:
        """Return whether a key is written, with or without a value."""
        return tuple(path) in (self.again() if self.again else self).keys

    def key_place(self, path: Sequence[str | int]) -> Location:
        """Return the location of a key, or of the nearest key above it that exists."""
        return _location(self.file, _nearest((self.again() if self.again else self).keys, tuple(path)))


@dataclass(slots=True)
class Rereading:
    """Reads files again whose trees were given back, and keeps the last tree."""

    last: Tree = field(default_factory=lambda: Tree(""))

    def read(self, path: Path, name: str) -> Tree:
        """Return the tree of a file; it is empty if the file is no longer there."""
        if self.last.file != name:
            self.last = read_tree(path, name)[0] if path.is_file() else Tree(name)
        return self.last


def _nearest(places: Mapping[YamlPath, _Mark | None], path: YamlPath) -> _Mark | None:
    return next((places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in places), None)


def read_tree(path: Path, name: str) -> tuple[Tree, list[Problem]]:
    """Read a YAML file.

    Returns:
        The tree and the problems; the tree is empty if the file cannot be read at all.
    """
    text, problem = _read_text(path, name)
    if problem:
        return Tree(name), [problem]
    return parse_tree(text, name)


def parse_tree(text: str, name: str) -> tuple[Tree, list[Problem]]:
    r"""Parse YAML text; see `read_tree`.

    >>> tree, problems = parse_tree("a: 2019-06\nb: [no]", "x.yaml")
    >>> tree.root, str(tree.place(["b", 0]))
    ({'a': '2019-06', 'b': ['no']}, 'x.yaml:2:5')
    """
    tree = Tree(name)
    if tab := _TAB.search(text):
        return tree, [_tab_problem(text, tab, name)]
    try:
        _Builder(tree, text).build()
    except _RefusedError as refused:
        location = _location(name, refused.mark)
        return Tree(name), [Problem(refused.code, location, refused.message, refused.solution)]
    except yaml.MarkedYAMLError as error:
        return Tree(name), [yaml_fault(name, text, error, Loader)]
    except yaml.YAMLError:
        # The parser found a character that YAML does not allow, and does not give its line.
        return Tree(name), [_character_problem(text, name)]
    if tree.root is None:
        return tree, [
            Problem("empty-file", Location(name, 1), "There is nothing in this file.", "delete it or fill it.")
        ]
    return tree, tree.problems


def _read_text(path: Path, name: str) -> tuple[str, Problem | None]:
    size = path.stat().st_size
    if size > MAX_BYTES:
        message = f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read."
        return "", Problem("file-too-large", Location(name), message, "split it: one file for each source document.")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"Byte 0x{raw[error.start]:02x} is not UTF-8."
        return "", Problem("not-utf8", Location(name, line, column), message, "save the file as UTF-8.")


def _tab_problem(text: str, tab: re.Match[str], name: str) -> Problem:
    line = text.count("\n", 0, tab.start()) + 1
    column = tab[0].index("\t") + 1
    return Problem("yaml-tab", Location(name, line, column), "A tab is used to indent.", "indent with spaces.")


def _character_problem(text: str, name: str) -> Problem:
    found = _NO_YAML.search(text)
    at = found.start() if found else 0
    location = Location(name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    what = f"U+{ord(found[0]):04X} is not allowed" if found else "unreadable"
    return Problem("yaml-syntax", location, f"This is not YAML: {what}.", "remove the character.")


def _location(name: str, mark: _Mark | None) -> Location:
    return Location(name, mark.line + 1, mark.column + 1) if mark else Location(name, 1)


class _Builder:
    """Builds a tree from the events of a document; MAX_DEPTH limits the recursion."""

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.text = text
        self.events: Iterator[yaml.Event] = iter(Loader(text).get_event, None)

    def build(self) -> None:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.tree.root = self.node(next(self.events), ())
                self.only_one_document()

    def only_one_document(self) -> None:
        next(self.events)
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            raise _RefusedError(
                "yaml-syntax", following.start_mark, "A second document begins here.", "remove the line ---."
            )

    def node(self, event: yaml.Event, path: YamlPath) -> Node:
        self.refuse(event, path)
        self.tree.values[path] = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self.items(path))
        return self.mapping(path)

    def refuse(self, event: yaml.Event, path: YamlPath) -> None:
        if isinstance(event, yaml.AliasEvent):
            message = f"*{event.anchor} repeats another part of the file."
            raise _RefusedError("yaml-alias", event.start_mark, message, "write it out.")
        if getattr(event, "anchor", None):
            message = f"&{event.anchor} at the beginning of a text is a mark of YAML."  # type: ignore[attr-defined]
            solution = "put the text in double quotes, or remove the mark."
            raise _RefusedError("yaml-alias", event.start_mark, message, solution)
        if getattr(event, "tag", None):
            message = f"The tag {event.tag!r} is not allowed."  # type: ignore[attr-defined]
            raise _RefusedError("yaml-syntax", event.start_mark, message, "remove it.")
        if len(path) > MAX_DEPTH:
            message = f"This is nested more than {MAX_DEPTH} levels deep."
            raise _RefusedError("yaml-too-deep", event.start_mark, message, "flatten it.")

    def scalar(self, event: yaml.ScalarEvent, path: YamlPath) -> str | None:
        plain = event.implicit[0]
        if plain and event.value in {"", "~", "null", "Null", "NULL"}:
            return None
        if plain:
            self.check_comment(event, path)
        if plain and _DATE.fullmatch(event.value):
            self.tree.dates.add(path)
        return str(event.value)

    def check_comment(self, event: yaml.ScalarEvent, path: YamlPath) -> None:
        """Report a comment that perhaps belongs to an unquoted text."""
        mark = event.end_mark
        comment = _COMMENT.match(self.text, mark.index) if mark else None
        if not comment:
            return
        is_text = len(comment["space"]) == 1 and (" " in event.value or not _WORDS.isdisjoint(path))
        if is_text or comment["rest"][:1] not in {"", " ", "#"}:
            cut, rest = event.value[-_SHOWN:], f"#{comment['rest'][:_SHOWN].rstrip()}"
            message = f"The text is cut to {cut!r}: in YAML, {rest!r} after a space is a comment."
            solution = "put the whole text in double quotes, or move the comment to a line of its own."
            location = _location(self.tree.file, mark)
            self.tree.problems.append(Problem("yaml-comment", location, message, solution))

    def items(self, path: YamlPath) -> Iterator[Node]:
        for number, event in enumerate(iter(self.events.__next__, None)):
            if isinstance(event, yaml.SequenceEndEvent):
                return
            item = (*path, number)
            self.tree.keys[item] = event.start_mark
            yield self.node(event, item)

    def mapping(self, path: YamlPath) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self.refuse(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise _RefusedError("yaml-syntax", event.start_mark, "A key must be a word.", HINT)
            self.entry(event, path, found)
        return found

    def entry(self, event: yaml.ScalarEvent, path: YamlPath, found: dict[str, Node]) -> None:
        key = str(event.value)
        if key == "<<" and event.implicit[0]:
            raise _RefusedError("yaml-alias", event.start_mark, "<< copies another part of the file.", "write it out.")
        if key in found:
            first = self.tree.key_place((*path, key))
            solution = f"give one of them another name; the first is at line {first.line}."
            location = _location(self.tree.file, event.start_mark)
            self.tree.problems.append(Problem("duplicate-id", location, f"The key {key!r} occurs twice.", solution))
            self.node(next(self.events), (*path, key, "again"))
            return
        self.tree.keys[(*path, key)] = event.start_mark
        found[key] = self.node(next(self.events), (*path, key))
