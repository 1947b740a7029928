"""The rows of tables of one source after the other, for graphs that no process holds as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graphkit.analysis.properties import Properties, layered, scan
from graphkit.release.tables.files import arrow_type
from graphkit.release.tables.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from graphkit.release.tables.columns import TableOf
    from graphkit.release.tables.rows import Row

# The tables whose rows come from sources; the column of a data frame has a name of its own.
_OF_SOURCES = ("statements", "propositions", "sources", "via", "alternatives")
_SUFFIX = "_rows"


@dataclass
class RowsBySource:
    """Makes rows of the lines of one source and of the lines that belong to no source.

    Args:
        other: The lines that belong to no source: the ontology and the entities.
    """

    other: Sequence[str]

    def __getstate__(self) -> Sequence[str]:
        return self.other

    def __setstate__(self, other: Sequence[str]) -> None:
        self.other = other

    @cached_property
    def _common(self) -> Properties:
        return scan(line.encode() for line in sorted(set(self.other)))

    @cached_property
    def _tables(self) -> dict[str, TableOf]:
        return {table.name: table for table in Rows(self._common).tables}

    def schema(self) -> pa.Schema:
        """Return a column for each table: a list of structures."""
        import pyarrow as pa

        structures = ((name, pa.struct(_fields(self._tables[name]))) for name in _OF_SOURCES)
        return pa.schema([(f"{name}{_SUFFIX}", pa.list_(structure)) for name, structure in structures])

    def rows(self, lines: Sequence[str]) -> dict[str, list[Row]]:
        """Return the rows of each column, of the sorted lines of one source."""
        own = scan(line.encode() for line in lines)
        rows = Rows(layered(own, self._common), own)
        return {f"{name}{_SUFFIX}": list(rows.of(self._tables[name])) for name in _OF_SOURCES}

    def fixed(self, counts: Mapping[str, Mapping[str, int]]) -> dict[str, pa.Table]:
        """Return the tables that do not depend on sources.

        Args:
            counts: spoken and about, each to the numbers by entity.
        """
        import pyarrow as pa

        rows = Rows(self._common)
        found = {}
        for name, table in self._tables.items():
            if name not in _OF_SOURCES:
                some = _named(table, rows)
                for row in some if name == "entities" else ():
                    row |= {column: counts[column].get(str(row["id"]), 0) for column in ("spoken", "about")}
                found[name] = pa.Table.from_pylist(some, schema=pa.schema(_fields(table)))
        return found


def _fields(table: TableOf) -> list[tuple[str, pa.DataType]]:
    return [(column.name, arrow_type(column)) for column in table.columns]


def _named(table: TableOf, rows: Rows) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows.of(table)]
