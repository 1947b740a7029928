"""The work of one task: check and compile whole sources with the same functions as every other route.

The rows of a source arrive one after the other, in the order of their files. A source is kept in memory only as far as
it is correct, so that one with half of all rows needs no more than a file may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from graphkit.build.compiled import lines_of
from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.curate.tables import RowImporter
from graphkit.curate.tables.columns import known
from graphkit.curate.tables.jsonlines import JSON_HEADER
from graphkit.curate.tables.rows import Checker
from graphkit.curate.tables.spark.packed import squeeze, unpack
from graphkit.model.errors import Problem, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa
    from pyspark import Broadcast

    from graphkit.curate.tables.bulk.work import WorkerContext
    from graphkit.curate.tables.rows import Entry
    from graphkit.curate.tables.table import Row, StatementTable
    from graphkit.model.records import Source, Statement

# As in the route with a pool: a row in YAML is never longer than this many times its JSON plus this many bytes.
_TIMES, _MORE = 3, 600
_REFUSED = 500
_BATCH_BYTES = 8_000_000
# The cells of a refused row, in the order of the template.
CELLS = (*JSON_HEADER, "unread")


class SourceTables(Protocol):
    """Makes the Parquet tables of the lines of sources."""

    def rows(self, lines: Sequence[bytes]) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Yield the names of tables with rows, of the sorted lines of some whole sources."""

    def file(self, name: str, batches: Sequence[pa.RecordBatch]) -> bytes:
        """Return the rows of a table from several sources as Parquet: sorted, each once."""

    def fixed(self, counts: Mapping[str, Mapping[str, int]]) -> Mapping[str, bytes]:
        """Return the tables that do not depend on sources as Parquet, and the others without rows.

        Args:
            counts: spoken and about, each to the numbers by entity.
        """


@dataclass(frozen=True, slots=True)
class Job:
    """The data that every task needs.

    Attributes:
        tables: The tables of the files, by their numbers.
        orphans: Sources that are refused because the source that they copy does not exist.
    """

    context: WorkerContext
    tables: tuple[StatementTable, ...]
    parquet: SourceTables
    orphans: frozenset[str] = frozenset()

    @property
    def schema(self) -> pa.Schema:
        """The columns of a compiled source."""
        import pyarrow as pa

        text = pa.string()
        refused = [(name, text) for name in ("file", "code", "problem", *CELLS)]
        return pa.schema([
            ("source", text), ("one", pa.int64()), ("two", pa.int64()), ("original", text),
            *((name, pa.int64()) for name in COUNTS),
            ("size", pa.int64()), ("lines", pa.binary()),
            ("refusals", pa.list_(pa.struct([("row", pa.int64()), *refused]))),
        ])  # fmt: skip


COUNTS = ("rows", "statements", "repeated", "refused", "warnings")


@dataclass(slots=True)
class _SourceImporter(RowImporter):
    """The import of one source in progress.

    Attributes:
        size: The greatest size that the file of the source may have, in bytes.
    """

    statements: dict[str, Statement] = field(default_factory=dict)
    refusals: list[dict[str, object]] = field(default_factory=list)
    orphans: frozenset[str] = frozenset()
    refused: int = 0
    warnings: int = 0
    size: int = _MORE
    row: int = 0

    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless the file of its source would be larger than graphkit reads."""
        if entry.source in self.orphans:
            return [problem for _, problem in self.checker.orphans(frozenset([entry.source]))][:1]
        if self.size >= MAX_BYTES:
            self._measure(entry.source)
            text = self.source_files.spell(entry.source, entry.key, entry.statement)
            if problems := self.too_large(entry.source, text, row):
                return problems
        self.statements[entry.key] = entry.statement
        return []

    def _measure(self, name: str) -> None:
        """Add up the exact size of the statements so far, when it may matter for the first time."""
        if name not in self.sizes:
            texts = (self.source_files.spell(name, key, statement) for key, statement in self.statements.items())
            begin = len(self.source_files.begin(self.checker.source(name)))
            self.sizes[name] = begin + sum(len(text.encode()) + text.count("\n") for text in texts)

    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row for correction."""
        self.refused += 1
        table = self.checker.table
        names = map(known, table.header)
        texts = {
            "file": table.file,
            "code": next(problem.code for problem in problems if has_errors([problem])),
            "problem": " | ".join(f"{problem.message} Solution: {problem.solution}" for problem in problems),
            **{name: cell for name, cell in zip(names, original, strict=False) if cell and name in CELLS},
            "unread": unread,
        }
        self.refusals.append({"row": self.row, **{name: _encoded(text) for name, text in texts.items()}})

    def take(self, row: Row) -> None:
        """Check a row, and keep its statement or the row itself."""
        self.row = row.number
        RowImporter.take(self, row)

    def count_warning(self, problem: Problem) -> None:
        self.warnings += not has_errors([problem])


@dataclass(slots=True)
class SourceWork:
    """The work on one source: its rows in, its compiled form out."""

    job: Job
    name: str
    digests: list[int] = field(default_factory=lambda: [0, 0])

    def results(self, rows: Iterable[tuple[int, bytes, int, int]]) -> Iterator[dict[str, Any]]:
        """Yield refused rows, some at a time, and at last the source."""
        importer = self._importer()
        for file, data, one, two in rows:
            table = importer.checker.table = self.job.tables[file]
            self.digests = [self.digests[0] ^ one, self.digests[1] ^ two]
            importer.size += _TIMES * len(data) + _MORE
            importer.take(unpack(data, table.file))
            if len(importer.refusals) == _REFUSED:
                yield self._refusals(importer)
        yield self._source(importer)

    def _importer(self) -> _SourceImporter:
        context = self.job.context
        checker = Checker(
            self.job.tables[0], context.links, context.source_files.existing, stones=context.corpus.tombstones
        )
        importer = _SourceImporter(checker, context.source_files, _ignore)
        importer.orphans = self.job.orphans
        importer.report = importer.count_warning
        return importer

    def _refusals(self, importer: _SourceImporter) -> dict[str, Any]:
        found, importer.refusals = importer.refusals, []
        return {"source": self.name, "refusals": found}

    def _source(self, importer: _SourceImporter) -> dict[str, Any]:
        counts = (importer.rows, len(importer.statements), importer.repeated, importer.refused, importer.warnings)
        return {
            **self._refusals(importer),
            "one": self.digests[0],
            "two": self.digests[1],
            **dict(zip(COUNTS, counts, strict=True)),
            **(self._compiled(importer) if importer.statements else {}),
        }

    def _compiled(self, importer: _SourceImporter) -> dict[str, Any]:
        source = importer.checker.source(self.name).model_copy(update={"statements": importer.statements})
        return compiled(source, self.job)


def _encoded(text: str) -> str:
    """Return a text that UTF-8 can hold: half a pair of surrogates becomes an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def _ignore(_problem: Problem) -> None:
    """Report nothing."""


def compiled(source: Source, job: Job) -> dict[str, Any]:
    """Return a source as sorted lines."""
    data = "".join(sorted(set(lines_of(source, job.context.corpus)))).encode()
    return {"original": source.derived_from, "size": len(data), "lines": squeeze(data)}


def work(job: Broadcast[Job], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Check and compile the sources of a task."""
    rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    results = (
        result
        for group, some in groupby(rows, itemgetter(0))
        for result in SourceWork(job.value, group).results((row[1], row[3], row[4], row[5]) for row in some)
    )
    yield from in_batches(results, job.value.schema)


def in_batches(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches of some megabytes."""
    import pyarrow as pa

    part: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        part.append(row)
        size += len(row.get("lines", b"")) + 1000 * len(row["refusals"])
        if size > _BATCH_BYTES:
            yield pa.RecordBatch.from_pylist(part, schema)
            part, size = [], 0
    yield pa.RecordBatch.from_pylist(part, schema)


__all__ = ["CELLS", "COUNTS", "Job", "SourceTables", "SourceWork", "compiled", "work"]
