"""The work of one process of a bulk build: check and compile a chunk with the same functions as the ordinary route."""

from __future__ import annotations

import io
import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from graphkit.build.compiled import lines_of
from graphkit.build.sorted_runs import RunBlock, write_block
from graphkit.corpus.references import Links
from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.curate.tables import RowImporter
from graphkit.curate.tables.bulk.chunks import Chunk, count_lines
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.refused import refusal
from graphkit.curate.tables.rows import Checker, Entry, SourceHead
from graphkit.curate.tables.sources import SourceFiles
from graphkit.curate.tables.table import Lines, Row
from graphkit.model.errors import Problem
from graphkit.model.records import Corpus, Source, Statement

# Of the problems of a chunk with one code, so many are kept: a chunk may have 100,000 bad rows.
_MOST_KEPT = 100
# A row in YAML is never longer than this many times its JSON plus this many bytes: a character may become an escape.
_TIMES, _MORE = 3, 600


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """The data that every process needs."""

    path: Path
    corpus: Corpus
    links: Links
    source_files: SourceFiles
    folder: Path


@dataclass(slots=True)
class ChunkResult:
    """The result of one chunk.

    Attributes:
        problems: The first problems of each code; `codes` has their numbers.
        more: The number of other problems.
        refused: The part of a file with the refused rows, a line of JSON each: cells, reason, and text that could not
            be split into cells.
        sources: Sources that are copies, with the row of their first statement.
    """

    rows: int = 0
    statements: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    more: int = 0
    refused: range = range(0)
    sources: dict[str, SourceHead] = field(default_factory=dict)
    copies: list[tuple[str, str]] = field(default_factory=list)
    first_rows: dict[str, int] = field(default_factory=dict)
    file: str = ""
    block: RunBlock | None = None

    @property
    def refused_file(self) -> str:
        """The name of the file with the refused rows."""
        return f"{self.file}.refused"

    def report(self, problem: Problem) -> None:
        """Keep a problem if it is one of the first of its kind; that a source is refused is said once."""
        self.codes[problem.code] += 1
        if self.codes[problem.code] <= _MOST_KEPT:
            self.problems.append(problem)
        else:
            self.more += problem.code != "refused-source"


_CONTEXT: list[WorkerContext] = []


def begin(context: WorkerContext) -> None:
    """Prepare a process; its parent handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    provide(context)


def provide(context: WorkerContext) -> None:
    """Let `work` run in this process."""
    _CONTEXT[:] = [context]


def work(chunk: Chunk, before: dict[str, int]) -> ChunkResult:
    """Check and compile a chunk.

    Args:
        before: Sources that occur in an earlier chunk, with their first row.
    """
    context = _CONTEXT[0]
    result = ChunkResult(file=f"{os.getpid()}.nq")
    with (context.folder / result.refused_file).open("ab") as refused:
        begun = refused.tell()
        kept = _check(context, chunk, before, result, refused)
        result.refused = range(begun, refused.tell())
    with (context.folder / result.file).open("ab") as file:
        result.block = write_block(file, ((source.id, lines_of(source, context.corpus)) for source in kept))
    return result


def _check(
    context: WorkerContext, chunk: Chunk, before: dict[str, int], result: ChunkResult, refused: BinaryIO
) -> list[Source]:
    """Check the rows of a chunk, and return the correct statements as sources."""
    with context.path.open("rb") as file:
        file.seek(chunk.offset)
        data = file.read(chunk.length)
    reader = Lines(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape"))
    reader.number = chunk.line - 1
    table = json_table(reader, str(context.path))
    stones = context.corpus.tombstones
    checker = Checker(table, context.links, context.source_files.existing, stones=stones)
    importer = _ChunkImporter(
        checker, context.source_files, result.report, result, before, refused, small=_is_small(data)
    )
    for row in table.rows:
        importer.take(row)
    result.rows, result.repeated = importer.rows, importer.repeated
    statements = importer.statements
    result.sources = {name: head for name, head in checker.heads.items() if name in statements and head.is_copy()}
    for head in result.sources.values():
        head.seen = {}
    return [checker.source(name).model_copy(update={"statements": statement}) for name, statement in statements.items()]


def _is_small(data: bytes) -> bool:
    return _TIMES * len(data) + _MORE * (count_lines(data) + 1) < MAX_BYTES


@dataclass(slots=True)
class _ChunkImporter(RowImporter):
    """The import of one chunk in progress.

    Args:
        before: Sources that occur in an earlier chunk, with their first row.
        refused: Takes the rows that are refused.
        small: The files of all sources together are certainly smaller than `MAX_BYTES`.
    """

    result: ChunkResult
    before: dict[str, int]
    refused: BinaryIO
    small: bool
    statements: dict[str, dict[str, Statement]] = field(default_factory=dict)
    last: str = ""

    def check(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """Refuse a row apart from the other rows of its source, and check any other row."""
        scattered = self._scattered(row.cells.get("source", ""), row)
        return (None, scattered) if scattered else self.checker.check(row)

    def _scattered(self, name: str, row: Row) -> list[Problem]:
        if not name:
            return []
        first_rows = self.result.first_rows
        first = self.before.get(name) or (first_rows.get(name, 0) if name != self.last else 0)
        if not first:
            first_rows.setdefault(name, row.number)
            self.last = name
            return []
        message = f"Column 'source': {name!r} begins in row {first}, and other sources stand between."
        solution = "put the rows of a source together, or import without --build."
        return [Problem("scattered-source", self.checker.table.place(row.number, "source"), message, solution)]

    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless the file of its source would be larger than graphkit reads."""
        if not self.small:
            text = self.source_files.spell(entry.source, entry.key, entry.statement)
            if problems := self.too_large(entry.source, text, row):
                return problems
        self.statements.setdefault(entry.source, {})[entry.key] = entry.statement
        self.result.statements += 1
        if self.may_be_orphan(entry.source):
            self.result.copies.append((entry.source, json.dumps(row.original)))
        return []

    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row for correction."""
        self.refused.write(f"{refusal(original, problems, unread)}\n".encode())
