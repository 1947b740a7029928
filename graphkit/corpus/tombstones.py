"""The tombstones of erased and removed things: `data/tombstones.csv`. They keep ids and reasons, and nothing else.

The id of an erased thing may contain a name, so that only its hash is kept; a curator who removes something types its
id. It never comes back for something else: a statement, source or entity whose id has a tombstone is a problem.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import Location, Problem, reason
from graphkit.model.iris import SLUG, entity_iri, source_iri, statement_iri, tombstone_iri
from graphkit.model.records import HASH, Tombstone
from graphkit.model.workspace import Workspace

COLUMNS = ("id", "kind", "date", "reason")
# The first line of files that have hashes only.
_EARLIER = ("iri_sha256", *COLUMNS[1:])
_IRIS: dict[str, Callable[[str], str]] = {
    "statement": lambda name: statement_iri(*name.split("/")), "source": source_iri, "entity": entity_iri
}  # fmt: skip


def read_tombstones(workspace: Workspace) -> tuple[list[Tombstone], list[Problem]]:
    """Read the tombstones; of a damaged file, return the lines that can be read, and the problems."""
    path, name = workspace.tombstones, workspace.name(workspace.tombstones)
    if not path.exists():
        return [], []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return [], [_damaged(Location(name), f"The file cannot be read: {reason(error)}.")]
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or tuple(rows[0]) not in {COLUMNS, _EARLIER}:
        return [], [_damaged(Location(name, 1), f"The first line is not {','.join(COLUMNS)}.")]
    found = [(number, _tombstone(row)) for number, row in enumerate(rows[1:], 2)]
    wrong = [_damaged(Location(name, number), "This line is no tombstone.") for number, stone in found if not stone]
    return [stone for _, stone in found if stone], wrong


def _damaged(place: Location, message: str) -> Problem:
    return Problem("damaged-tombstones", place, message, "restore the file from your backup or repository.")


def _tombstone(row: list[str]) -> Tombstone | None:
    with suppress(ValueError, KeyError, TypeError):
        name, kind, date, reason = row
        dt.date.fromisoformat(date)
        iri = _IRIS[kind]
        if reason and HASH.fullmatch(name):
            return Tombstone(name, kind, date, reason)
        if reason and all(map(SLUG.fullmatch, name.split("/"))) and ("/" in name) == (kind == "statement"):
            return Tombstone(tombstone_iri(iri(name)).rpartition("/")[2], kind, date, reason, name)
    return None


def tombstones_text(stones: Iterable[Tombstone]) -> str:
    """Write tombstones, each id once."""
    out = io.StringIO()
    writer = csv_writer(out)
    writer.writerow(COLUMNS)
    known = {stone.sha256: stone for stone in stones}
    writer.writerows((one.id or one.sha256, one.kind, one.date, one.reason) for _, one in sorted(known.items()))
    return out.getvalue()


def erased(places: Mapping[str, Location], stones: Iterable[Tombstone]) -> Iterator[Problem]:
    """Yield a problem for each id that has a tombstone.

    Args:
        places: The IRI of each thing to its location.
    """
    dates = {stone.iri: stone.date for stone in stones}
    for iri, place in places.items() if dates else ():
        if date := dates.get(tombstone_iri(iri)):
            message = f"This id was erased or removed on {date}, and stands for nothing else."
            solution = "give the new thing another id; to finish erasing the old one: graphkit erase ID --reason TEXT"
            yield Problem("erased-id", place, message, solution)
