"""What is done with a chunk, in a process of its own: its rows are checked as ever, and compiled as ever."""

from __future__ import annotations

import io
import json
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.build.compile import compile_source, compile_statement
from graphkit.build.sorted_runs import Block, write_block
from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.curate.tables.bulk.chunks import Chunk, count_lines
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.rejected import refusal, too_large
from graphkit.curate.tables.rows import Checker, Head
from graphkit.curate.tables.table import Lines
from graphkit.model.errors import Problem, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.corpus.references import Links
    from graphkit.curate.tables.rows import Entry
    from graphkit.curate.tables.sources import Shelf
    from graphkit.curate.tables.table import Row
    from graphkit.model.records import Corpus, Source, Statement

# A row in YAML is never longer than this many times its JSON and so many bytes: a character may become an escape.
_TIMES, _MORE = 3, 600


@dataclass(frozen=True, slots=True)
class Bench:
    """What every process has at hand.

    Attributes:
        path: The table.
        corpus: Entities, dataset and vocabulary.
        links: What rows may refer to.
        shelf: The source files that there are.
        folder: Where lines are written to.
    """

    path: Path
    corpus: Corpus
    links: Links
    shelf: Shelf
    folder: Path


@dataclass(slots=True)
class Done:
    """What became of a chunk.

    Attributes:
        rows: How many rows it has.
        statements: How many of them are statements.
        repeated: How many say what was said already.
        problems: What is wrong, in the order of the rows.
        refused: Refused rows as JSON: cells, why, and what could not be read.
        copies: Sources that are copies, with the row of the first statement.
        held: Their rows, by source, in case their original is not there.
        met: The names of all sources, with the number of the first row.
        file: Where the lines are.
        block: And where in it.
    """

    rows: int = 0
    statements: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    copies: dict[str, Head] = field(default_factory=dict)
    held: list[tuple[str, str]] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    file: str = ""
    block: Block | None = None


_BENCH: list[Bench] = []


def begin(bench: Bench) -> None:
    """Prepare a process for its work; Ctrl-C is left to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _BENCH[:] = [bench]


def work(chunk: Chunk, before: dict[str, int]) -> Done:
    """Check and compile a chunk.

    Args:
        chunk: The rows.
        before: Sources that were met in an earlier chunk, with their first row.
    """
    bench = _BENCH[0]
    done = Done(file=f"{os.getpid()}.nq")
    kept = _check(bench, chunk, before, done)
    with (bench.folder / done.file).open("ab") as file:
        done.block = write_block(file, ((source.id, lines(source, bench.corpus)) for source in kept))
    return done


def lines(source: Source, corpus: Corpus) -> Iterator[str]:
    """Spell a source and its statements."""
    yield from compile_source(source, corpus)
    for key in source.statements:
        yield from compile_statement(source, key, corpus)


def _check(bench: Bench, chunk: Chunk, before: dict[str, int], done: Done) -> list[Source]:
    """Check the rows of a chunk, and return what is right of them as sources."""
    with bench.path.open("rb") as file:
        file.seek(chunk.offset)
        data = file.read(chunk.length)
    reader = Lines(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape"))
    reader.number = chunk.line - 1
    table = json_table(reader, str(bench.path))
    checker = Checker(table, bench.links, bench.shelf.there)
    desk = _Desk(bench, checker, done, before, small=_is_small(data))
    for row in table.rows:
        desk.take(row)
    done.met = desk.met
    done.copies = {name: head for name, head in checker.heads.items() if name in desk.said and _is_copy(head)}
    for head in done.copies.values():
        head.seen = {}
    return [checker.source(name).model_copy(update={"statements": said}) for name, said in desk.said.items()]


def _is_small(data: bytes) -> bool:
    return _TIMES * len(data) + _MORE * (count_lines(data) + 1) < MAX_BYTES


def _is_copy(head: Head) -> bool:
    return bool(head.row and head.source and head.source.derived_from)


@dataclass(slots=True)
class _Desk:
    """The rows of a chunk as they are taken one after the other."""

    bench: Bench
    checker: Checker
    done: Done
    before: dict[str, int]
    small: bool
    said: dict[str, dict[str, Statement]] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    last: str = ""

    def take(self, row: Row) -> None:
        """Check a row, and keep what it says or the row itself."""
        self.done.rows += 1
        name = row.cells.get("source", "")
        scattered = self._scattered(name, row)
        entry, problems = (None, scattered) if scattered else self.checker.check(row)
        if entry:
            problems = problems + self._keep(entry, row)
        self.done.problems += problems
        if has_errors(problems):
            self.done.refused.append(refusal(row.original, problems, row.unread))
        elif entry is None:
            self.done.repeated += 1

    def _scattered(self, name: str, row: Row) -> list[Problem]:
        """Refuse a row that stands apart from the others of its source."""
        if not name:
            return []
        first = self.before.get(name) or (self.met.get(name, 0) if name != self.last else 0)
        if not first:
            self.met.setdefault(name, row.number)
            self.last = name
            return []
        message = f"Column 'source': {name!r} begins in row {first}, and other sources stand between."
        solution = "put the rows of a source together, or import without --build."
        return [Problem("scattered-source", self.checker.table.place(row.number, "source"), message, solution)]

    def _keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless the file of its source would be larger than what is read."""
        source = self.checker.source(entry.source)
        if not self.small:
            text = self.bench.shelf.spell(entry.source, entry.key, entry.statement)
            place = self.checker.table.place(row.number, "source")
            if problem := too_large(self.sizes, source, self.bench.shelf, text, place):
                return [problem]
        self.said.setdefault(entry.source, {})[entry.key] = entry.statement
        self.done.statements += 1
        if source.derived_from and source.derived_from not in self.bench.shelf.paths:
            self.done.held.append((entry.source, json.dumps(row.original)))
        return []
