"""The rows of the tables of a build of any size, in memory that does not grow with its statements.

The lines of a build are sorted, so that all lines about propositions, sources or statements are neighbours: they are
read some thousand at a time, and the index is asked for the propositions that they name. Only the ontology and the
entities are kept. A store without lines, such as an endpoint, is read as a whole.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby, islice, takewhile
from operator import methodcaller
from typing import BinaryIO, cast

from graphkit.analysis.properties import (
    AFTER,
    Properties,
    first_line,
    in_flat_graph,
    layered,
    read_everything,
    read_linked,
    scan,
)
from graphkit.model.iris import PREFIXES, expand, iri
from graphkit.release.tables.columns import TableOf
from graphkit.release.tables.rows import Columns, Row, Rows
from graphkit.store import Store

_LINES = 10_000
# The neighbouring lines that hold the rows of each table; other tables come from the ontology and the entities.
_REGIONS = {
    "statements": "statement", "via": "statement", "propositions": "proposition", "alternatives": "proposition",
    "codings": "statement", "sources": "source", "disputes": "dispute", "dispute_statements": "dispute",
    "dispute_parties": "dispute",
}  # fmt: skip
# The first table of each region, in the order in which regions are read; "entities" for all others.
LEADING = ("entities", "disputes", "propositions", "sources", "statements")
# The properties whose values a table counts.
_COUNTED = {
    "propositions": ("sp:proposition", "sp:about"), "sources": ("sp:source",),
    "entities": ("sp:speaker", "sp:subject", "sp:object"),
}  # fmt: skip
# The tables with the columns of a claim, which may be about another claim.
_LINKED = {"statements", "propositions"}

SPACES = {name: f"<{PREFIXES[name]}".encode() for name in set(_REGIONS.values())}


@dataclass(frozen=True)
class StreamedRows:
    """The rows of the tables of a store."""

    store: Store
    file: sqlite3.Connection

    @classmethod
    @contextmanager
    def open(cls, store: Store) -> Iterator[StreamedRows]:
        """Yield the rows of a store, which can be read until the block ends.

        Raises:
            OSError: The disk is full.
        """
        with temporary_file() as file:
            yield cls(store, file)

    @cached_property
    def common(self) -> Properties:
        """The properties of everything outside the regions; of everything if the store has no lines."""
        lines = self.store.lines()
        if lines is None:
            return read_everything(self.store)
        with lines:
            return scan(line for line in other_lines(lines) if not in_flat_graph(line))

    @cached_property
    def tables(self) -> tuple[TableOf, ...]:
        """The tables, with a column for each qualifier of the vocabulary."""
        return Rows(self.common).tables

    def of(self, table: TableOf) -> Iterator[Row]:
        """Yield the rows of a table."""
        return chain.from_iterable(zip(*columns, strict=True) for _, columns in self.parts([table]))

    def parts(
        self, wanted: Iterable[TableOf], enter: Callable[[str], None] = lambda _table: None
    ) -> Iterator[tuple[TableOf, Columns]]:
        """Yield tables with the columns of some rows: those of the same lines together, and the rows of each in order.

        Args:
            enter: Called with the first table of those that are made of the same lines.
        """
        lines = self.store.lines()
        if lines is None:
            rows = Rows(self.common)
            yield from ((table, columns) for table in wanted for columns in rows.columns(table))
            return
        with lines:
            for _, some in groupby(sorted(wanted, key=_region), _region):
                enter((tables := list(some))[0].name)
                for rows in self._of_region(lines, tables):
                    yield from ((table, columns) for table in tables for columns in rows.columns(table))

    def statements(self, names: Collection[str] = ()) -> Iterator[Properties]:
        """Yield the properties of some statements at a time, and behind them those of the things to which they lead.

        Args:
            names: Only these properties of statements, and none of their propositions and sources.
        """
        lines = self.store.lines()
        if lines is None:
            yield self.common
            return
        with lines:
            for part in parts_of(lines, SPACES["statement"]):
                if names:
                    yield layered(scan(part, names), self.common)
                    continue
                own = scan(part)
                sources = read_linked(self.store, own.things("sp:source"), frozenset())
                yield layered(self._rows(_LINKED, own).properties, sources)

    def _of_region(self, lines: BinaryIO, tables: list[TableOf]) -> Iterator[Rows]:
        names, region = {table.name for table in tables}, _region(tables[0])
        if not region:
            entities = [name for name in self.common.subjects("rdf:type") if name.startswith(PREFIXES["id"])]
            yield Rows(self.common, counts=self._counts(names, entities))
            return
        for part in parts_of(lines, SPACES[region]):
            yield self._rows(names, scan(part))

    def _rows(self, tables: set[str], own: Properties) -> Rows:
        """Return the rows of some neighbouring lines, with the propositions that these name."""
        things, known = own, set(own.subjects("sp:relation"))
        wanted = _propositions(own) if tables & _LINKED else set()
        while wanted := wanted - known:
            found = read_linked(self.store, wanted, frozenset())
            things, known, wanted = layered(things, found), known | wanted, _propositions(found)
        counts = self._counts(tables, [*own.subjects("sp:relation"), *own.subjects("sp:sourceKind")])
        return Rows(layered(things, self.common), own, counts)

    def _counts(self, tables: Iterable[str], things: Collection[str]) -> dict[str, Counter[str]]:
        """Return how often the properties that some tables count lead to things that are neighbours."""
        query = "SELECT thing, COUNT(*) FROM links WHERE property = ? AND thing BETWEEN ? AND ? GROUP BY thing"
        names = [name for table in tables for name in _COUNTED.get(table, ())] if things else []
        return {
            name: Counter(dict(self._links.execute(query, (name, min(things), max(things))).fetchall()))
            for name in names
        }

    @cached_property
    def _links(self) -> sqlite3.Connection:
        """The properties that are counted and the things to which they lead, in a temporary file."""
        with cast("BinaryIO", self.store.lines()) as lines:
            self.file.execute("CREATE TABLE links (property, thing)")
            self.file.executemany("INSERT INTO links VALUES (?, ?)", _counted(lines))
        self.file.execute("CREATE INDEX by_thing ON links (property, thing)")
        return self.file


@contextmanager
def temporary_file() -> Iterator[sqlite3.Connection]:
    """Yield tables in a temporary file, which is closed at the end of the block, in the thread that opened it.

    Raises:
        OSError: The disk is full.
    """
    try:
        with closing(sqlite3.connect("")) as file:
            file.execute("PRAGMA journal_mode = OFF")
            yield file
    except sqlite3.OperationalError as error:
        raise OSError(f"its temporary file: {error}") from error


def _counted(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield each property that is counted with the thing to which it leads, once for each subject."""
    names = {iri(expand(name)).encode(): name for several in _COUNTED.values() for name in several}
    last = b""
    for space in sorted(SPACES.values()):
        file.seek(first_line(file, space))
        for line in takewhile(methodcaller("startswith", space), file):
            _, predicate, rest = line.split(b" ", 2)
            # Several graphs may hold the same triple; their lines are neighbours.
            if predicate in names and (triple := line[: line.rindex(b"> <")]) != last:
                last = triple
                yield names[predicate], rest[1 : rest.rindex(b"> <")].decode()


def _region(table: TableOf) -> str:
    """Return the region of a table, "" for those of the ontology and the entities."""
    return _REGIONS.get(table.name, "")


def _propositions(properties: Properties) -> set[str]:
    """Return the propositions to which some things lead."""
    ends = properties.things("sp:proposition") | properties.things("sp:object")
    return {end for end in ends if end.startswith(PREFIXES["proposition"])}


def other_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines outside the regions: those of the ontology and the entities."""
    at = 0
    for space in sorted(SPACES.values()):
        end = first_line(file, space)
        file.seek(at)
        while at < end:
            line = file.readline()
            at += len(line)
            yield line
        at = first_line(file, space + AFTER)
    file.seek(at)
    yield from file


def parts_of(file: BinaryIO, space: bytes) -> Iterator[list[bytes]]:
    """Yield the lines that begin with some bytes, in parts between which no source or proposition is cut."""
    file.seek(first_line(file, space))
    lines = takewhile(methodcaller("startswith", space), file)
    first: list[bytes] = []
    while part := first + list(islice(lines, _LINES)):
        whole = _whole(part[-1], len(space))
        first = []
        for line in lines:
            if not line.startswith(whole):
                first.append(line)
                break
            part.append(line)
        yield part


def _whole(line: bytes, start: int) -> bytes:
    """Return a line up to the end of the local name: a slash or a bracket, as in <…statement/SOURCE/key>."""
    end = line.find(b">", start)
    # The statements of a source belong together; the disagreements, dispute/matter/…, do not.
    slash = -1 if line.startswith(SPACES["dispute"]) else line.find(b"/", start, end)
    return line[: (end if slash < 0 else slash) + 1]
