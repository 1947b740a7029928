"""A folder that may be damaged or hostile: regular files inside it are read, up to a size, and nothing else."""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree as ET

import yaml

from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import NotFoundError

# The number of files of a release does not depend on its size.
MOST_FILES = 2_000
# Bytes of a file that is held in memory as a whole, of a table or network, and of a form of the graph.
TEXT, TABLE, GRAPH = 64 << 20, 512 << 20, 2 << 30
MOST_ROWS = 3_000_000
_LONGEST_CELL = 1 << 24


class UnprovedError(Exception):
    """A proof fails: the message says why."""


class UntriedError(Exception):
    """A proof cannot be tried here: the message says why."""


@dataclass(frozen=True)
class Deposit:
    """A folder to verify.

    Attributes:
        schemas: A folder with the schemas of other bodies, if there is one.
        tools: A folder with programs in environments of their own, if there is one.
        files: The regular files by their paths in the folder, with their sizes.
        strange: The links and other things that are no regular files.
        full: Whether there are too many files to list.
    """

    root: Path
    schemas: Path | None = None
    tools: Path | None = None
    files: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    full: bool = False

    @classmethod
    def open(cls, root: Path, schemas: Path | None = None, tools: Path | None = None) -> Deposit:
        """List a folder, without following links.

        Raises:
            NotFoundError: It is no folder that can be read.
        """
        files: dict[str, int] = {}
        strange: list[str] = []
        try:
            full = not all(_entered(root, entry, files, strange) for entry in _walk(root))
        except FileNotFoundError as error:
            raise NotFoundError(
                f"There is no folder {root}.", instead_of_file(root, "Name a released folder.")
            ) from error
        except OSError as error:
            raise NotFoundError(f"{root} cannot be read: {error.strerror}.", "Name a released folder.") from error
        return cls(root, schemas, tools, files, strange, full)

    def require_regular(self) -> None:
        """Refuse a folder for programs that open its files by themselves, if they might be led out of it, or wait.

        Raises:
            UnprovedError: It has links, pipes or too many files.
        """
        if self.strange or self.full:
            raise UnprovedError("The folder has links or too many files.")

    def path(self, name: str, limit: int = TEXT) -> Path:
        """Return the path of a file.

        Raises:
            UnprovedError: There is no such file, or it is larger than the limit.
        """
        if name not in self.files:
            raise UnprovedError(f"{name} is missing, or is not a regular file.")
        if self.files[name] > limit:
            raise UnprovedError(f"{name} has {self.files[name]:,} bytes; graphkit verify reads {limit:,}.")
        return self.root / name

    def text(self, name: str) -> str:
        """Return the text of a file, with its line ends as they are."""
        return self.path(name).read_bytes().decode()

    def sums(self) -> dict[str, str]:
        """Return the hashes in SHA256SUMS by file."""
        lines = (line.partition("  ") for line in self.text("SHA256SUMS").split("\n"))
        return {name: digest for digest, _, name in lines}

    def json(self, name: str, limit: int = TEXT) -> Any:  # noqa: ANN401 - any JSON
        """Return the content of a JSON file."""
        return json.loads(self.path(name, limit).read_bytes())

    def object(self, name: str) -> dict[str, Any]:
        """Return the content of a JSON file that is an object."""
        return required_object(self.json(name), name)

    def yaml(self, name: str) -> dict[str, Any]:
        """Return the content of a YAML file, with dates as texts."""
        return required_object(load_yaml(self.text(name)), name)

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a CSV file.

        Raises:
            UnprovedError: A row has other cells than the head, or there are too many rows.
        """
        # Lists that are joined in the network may be longer than the 131,072 characters that the module allows.
        csv.field_size_limit(_LONGEST_CELL)
        with self.path(name, TABLE).open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file, strict=True), 1):
                if number > MOST_ROWS or None in row or None in row.values():
                    raise UnprovedError(f"{name}, row {number:,}: {_row_fault(number)}.")
                yield row

    def head(self, name: str) -> list[str]:
        """Return the names of the columns of a CSV file."""
        with self.path(name, TABLE).open(encoding="utf-8", newline="") as file:
            return next(csv.reader([file.readline(_LONGEST_CELL)]), [])

    def elements(self, name: str) -> Iterator[ET.Element]:
        """Yield the elements of an XML file as they end; each is emptied afterwards."""
        with self.path(name, TABLE).open("rb") as file:
            yield from _elements(file)

    @cached_property
    def package(self) -> dict[str, Any]:
        """The data package of the tables."""
        return self.object("tables/datapackage.json")

    @cached_property
    def tables(self) -> list[dict[str, Any]]:
        """The tables of the data package."""
        return [required_object(one, "a resource") for one in self.package["resources"]]


def _walk(root: Path) -> Iterator[os.DirEntry[str]]:
    waiting: list[Path | os.DirEntry[str]] = [root]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry)


def _entered(root: Path, entry: os.DirEntry[str], files: dict[str, int], strange: list[str]) -> bool:
    """Enter a file into the list, and return whether the list is not full."""
    mode = entry.stat(follow_symlinks=False)
    name = Path(entry.path).relative_to(root).as_posix()
    if stat.S_ISREG(mode.st_mode):
        files[name] = mode.st_size
    elif not stat.S_ISDIR(mode.st_mode):
        strange.append(name)
    return len(files) + len(strange) <= MOST_FILES


def _row_fault(number: int) -> str:
    return "there are more rows than graphkit verify reads" if number > MOST_ROWS else "it has more or fewer cells"


def _elements(file: BinaryIO) -> Iterator[ET.Element]:
    above: list[ET.Element] = []
    for event, element in ET.iterparse(file, events=("start", "end")):  # noqa: S314 - see the import
        if event == "start":
            above.append(element)
            continue
        above.pop()
        yield element
        # The great many nodes and edges are dropped, and the few elements around them stay.
        if above and above[-1].tag.rpartition("}")[2] in {"nodes", "edges", "graph"}:
            above[-1].remove(element)


def required_object(value: object, name: str) -> dict[str, Any]:
    """Return an object of JSON or YAML.

    Raises:
        UnprovedError: It is something else.
    """
    if not isinstance(value, dict):
        raise UnprovedError(f"{name} is not an object.")
    return cast("dict[str, Any]", value)


class _Plain(yaml.BaseLoader):
    """Loads texts, lists and dictionaries, and refuses aliases, which make a huge value of a short text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise UnprovedError("YAML with an alias is not read.")
        return super().compose_node(parent, index)


def load_yaml(text: str) -> object:
    """Return the content of YAML, with every scalar as a text."""
    return yaml.load(text, _Plain)  # noqa: S506 - see above
