"""The graph as of a day: only sources that had been published by then, and what the rules derive from those.

It is a build of its own below `build/as-of/`, made at the first request for a day and used again while the build stays.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

from graphkit.build.engine import Engine, in_line_order
from graphkit.build.finish import Whole
from graphkit.build.generations import new_generation, seal, switch
from graphkit.model.dates import bounds_if_any, date_words
from graphkit.model.errors import Problem, QueryError, StoreError
from graphkit.model.files import remove
from graphkit.model.generation import current_name
from graphkit.model.iris import PREFIXES, SP, graph_iri
from graphkit.model.names import quoted
from graphkit.model.text import counted
from graphkit.model.workspace import Workspace
from graphkit.store import new_index

_SOURCE = re.compile(rf"<{re.escape(PREFIXES['source'])}([^/>]+)>".encode())
_LATEST = re.compile(rf'{_SOURCE.pattern.decode()} <{SP}publishedLatest> "([0-9-]+)"'.encode())
_GRAPH = graph_iri("source/").encode()
_ALWAYS = {f"<{graph_iri(name)}>".encode() for name in ("ontology", "entities", "codebook")}


@dataclass(frozen=True, slots=True)
class AsOf:
    """A workspace whose build is that of a day.

    Attributes:
        day: The last day on which a source may have been published.
        kept: The number of sources that certainly had been published by then.
        later: The number of sources whose last possible day of publication is later.
        undated: The number of sources without a last possible day.
    """

    workspace: Workspace
    day: dt.date
    kept: int
    later: int
    undated: int

    def __str__(self) -> str:
        left = f"{self.later} later and {self.undated} possibly later are left out"
        return f"As of {date_words(self.day.isoformat())}: {counted(self.kept, 'source')} had been published; {left}."


def as_of(workspace: Workspace, date: str) -> AsOf:
    """Return a workspace whose build has only the sources that had been published by a date.

    A source counts if its last possible day of publication is not after the last day of the date.

    Args:
        date: A day, a month or a year, such as 2021-06.

    Raises:
        QueryError: It is no date, or a rule of the workspace fails.
        StoreError: There is no build, or the build folder cannot be written to.
    """
    _, day = bounds_if_any(date)
    if day is None:
        raise QueryError(f"{quoted(date)} is not a date.", "Type a day, a month or a year: --as-of 2021-06")
    current = workspace.generation()
    published, sources = _published(current.graph_file)
    kept = {name for name, latest in published.items() if latest <= day.isoformat().encode()}
    folder = workspace.build / "as-of" / f"{day}-{current.sha256[:16]}"
    place = replace(workspace, built=folder)
    if not current_name(folder):
        try:
            _remove_others(folder.parent, current.sha256)
            _build(
                place,
                [line for line in _lines(current.graph_file) if _graph_of(line) in _ALWAYS or _source(line) in kept],
            )
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error}", "Free the disk or the folder.") from error
    return AsOf(place, day, len(kept), len(published) - len(kept), len(sources - published.keys()))


def _lines(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return file.readlines()


def _published(path: Path) -> tuple[dict[bytes, bytes], set[bytes]]:
    """Return the last possible day of publication of each dated source, and all sources."""
    published: dict[bytes, bytes] = {}
    sources: set[bytes] = set()
    for line in _lines(path):
        if found := _LATEST.match(line):
            published[found[1]] = found[2]
        if found := _SOURCE.match(line):
            sources.add(found[1])
    return published, sources


def _graph_of(line: bytes) -> bytes:
    return line[line.rindex(b" <") + 1 : -3]


def _source(line: bytes) -> bytes:
    return _graph_of(line)[1:-1].removeprefix(_GRAPH)


def _build(place: Workspace, lines: list[bytes]) -> None:
    data = b"".join(lines)
    place.build.mkdir(parents=True, exist_ok=True)
    with Engine.start(place, len(lines), None) as engine, new_generation(place.build) as new:
        engine.load(data)
        failed: list[Problem] = []
        runs = list(engine.apply_rules(failed, in_line_order))
        if failed:
            raise QueryError(f"{failed[0].location}: {failed[0].message}", failed[0].solution)
        whole = Whole.of([data, *runs])
        new_index(new.index, whole.product).engine.flush()
        whole.write(new)
        seal(new)
        switch(place.build, new, whole.sha256)


def _remove_others(folder: Path, sha256: str) -> None:
    """Remove what was made from an earlier build."""
    for old in folder.glob("*"):
        if not old.name.endswith(sha256[:16]):
            remove(old)
