"""The rows of tables of some sources after the others, for graphs that no process holds as a whole."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graphkit.analysis.properties import Properties, layered, scan
from graphkit.release.tables.files import arrow_schema, parquet_writer, record_batch
from graphkit.release.tables.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from graphkit.release.tables.columns import TableOf

# The tables whose rows come from sources.
_OF_SOURCES = ("statements", "propositions", "sources", "via", "alternatives")


@dataclass
class RowsBySource:
    """Makes rows of the lines of some sources and of the lines that belong to no source.

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

    def rows(self, lines: Sequence[bytes]) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Yield the names of tables with rows, of the sorted lines of some whole sources."""
        own = scan(lines)
        rows = Rows(layered(own, self._common), own)
        for name in _OF_SOURCES:
            yield from ((name, record_batch(self._tables[name], some)) for some in rows.columns(self._tables[name]))

    def file(self, name: str, batches: Sequence[pa.RecordBatch]) -> bytes:
        """Return the rows of a table from several sources as Parquet: sorted, each once."""
        import pyarrow as pa

        rows = pa.Table.from_batches(batches, arrow_schema(self._tables[name]))
        if name == "propositions":
            rows = _once(rows)
        elif name == "alternatives":
            rows = rows.group_by(rows.column_names).aggregate([])
        return self._parquet(name, rows.sort_by([(column, "ascending") for column in rows.column_names[:2]]))

    def fixed(self, counts: Mapping[str, Mapping[str, int]]) -> dict[str, bytes]:
        """Return the tables that do not depend on sources as Parquet, and the others without rows.

        Args:
            counts: spoken and about, each to the numbers by entity.
        """
        import pyarrow as pa

        rows = Rows(self._common)
        found = {name: self.file(name, []) for name in _OF_SOURCES}
        for name, table in self._tables.items():
            if name not in _OF_SOURCES:
                some = _named(table, rows)
                for row in some if name == "entities" else ():
                    row |= {column: counts[column].get(str(row["id"]), 0) for column in ("spoken", "about")}
                found[name] = self._parquet(name, pa.Table.from_pylist(some, schema=arrow_schema(table)))
        return found

    def _parquet(self, name: str, rows: pa.Table) -> bytes:
        out = io.BytesIO()
        with parquet_writer(out, self._tables[name]) as writer:
            writer.write_table(rows)
        return out.getvalue()


def _once(propositions: pa.Table) -> pa.Table:
    """Return each proposition once, with the number of its statements in all sources."""
    import pyarrow as pa

    numbered = propositions.append_column("row", pa.array(range(len(propositions))))
    found = numbered.group_by("id").aggregate([("row", "min"), ("statements", "sum")])
    once = propositions.take(found["row_min"])
    return once.set_column(once.column_names.index("statements"), "statements", found["statements_sum"])


def _named(table: TableOf, rows: Rows) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows.of(table)]
