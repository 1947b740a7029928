"""A build that readers can rely on: a folder whose graph never changes, and that stays while somebody reads it.

    build/current                        a link to generations/<sha256>; a file with this path where links are missing
    build/graph.nq                       a link to current/graph.nq
    build/generations/<sha256>/graph.nq  the graph; readers hold a shared lock on it
                              /index     the index of the graph
                              /void.json its statistics
                              /lists.txt of a large build: the lists of its pages
                              /previous  the name of the generation that was current before
                              /SHA256SUMS
                              /columns-*.npz  of a large build: what networks of coded statements have read

A reader opens the current generation once and keeps its path. `graphkit.build.generations` writes and removes them.
"""

from __future__ import annotations

import os
import re
import weakref
from dataclasses import dataclass
from pathlib import Path

from graphkit.model.errors import StoreError
from graphkit.model.files import lock

# The SHA-256 of the graph; the number is that of a repair.
_NAME = re.compile(r"[0-9a-f]{64}(-[0-9]+)?")
# How often a reader tries again because builds replaced and removed the generation that it was about to open.
_TRIES = 100


@dataclass(frozen=True)
class Generation:
    """One build."""

    folder: Path

    @property
    def sha256(self) -> str:
        """The hash of the graph."""
        return self.folder.name[:64]

    @property
    def graph_file(self) -> Path:
        """The whole graph as sorted N-Quads."""
        return self.folder / "graph.nq"

    @property
    def index(self) -> Path:
        """The index of the graph."""
        return self.folder / "index"

    @property
    def statistics_file(self) -> Path:
        """The statistics of the graph that `/.well-known/void` publishes."""
        return self.folder / "void.json"

    @property
    def lists_file(self) -> Path:
        """The lists that pages show; only a large build has them."""
        return self.folder / "lists.txt"

    @property
    def previous(self) -> str:
        """The name of the generation that was current before this one; "" if there was none."""
        return _generation_name(_text(self.folder / "previous"))


def open_generation(folder: Path) -> Generation | None:
    """Open a generation; it is not removed while the result exists. Return None if there is none in the folder."""
    found = Generation(folder)
    try:
        number = os.open(found.graph_file, os.O_RDONLY)
    except OSError:
        return None
    weakref.finalize(found, os.close, number)
    lock(number)
    try:
        # The folder may have been removed before the lock was taken.
        return found if os.path.samestat(os.fstat(number), found.graph_file.stat()) else None
    except OSError:
        return None


def open_current(build: Path) -> Generation:
    """Open the current generation of a build folder.

    Raises:
        StoreError: There is no build.
    """
    for _ in range(_TRIES):
        name = current_name(build)
        if not name:
            break
        found = open_generation(build / "generations" / name)
        if found:
            return found
    if (build / "store").exists():
        raise StoreError(f"The build in {build} was made by an earlier version of graphkit.", "Type: graphkit build")
    raise StoreError(f"There is no build in {build}.", "Type: graphkit build")


def current_name(build: Path) -> str:
    """Return the name of the current generation; "" if there is none."""
    link = build / "current"
    try:
        return _generation_name(str(link.readlink()))
    except OSError:  # There is no such link, or it is a file.
        return _generation_name(_text(link))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _generation_name(path: str) -> str:
    name = path.strip().replace("\\", "/").rpartition("/")[2]
    return name if _NAME.fullmatch(name) else ""
