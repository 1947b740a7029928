"""A straight build that is under way: what became of the rows so far."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.build.sorted_runs import Runs, write_block
from graphkit.curate.tables.bulk.work import Bench, Done, lines
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.rejected import REFUSED, in_the_way, refusal
from graphkit.curate.tables.rows import Checker
from graphkit.curate.tables.table import Lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.curate.tables.rows import Head
    from graphkit.curate.tables.spool import Spool
    from graphkit.curate.tables.table import Table
    from graphkit.model.errors import Problem
    from graphkit.model.records import Corpus


@dataclass(frozen=True, slots=True)
class Streamed:
    """What became of a table.

    Attributes:
        rows: How many rows were read.
        statements: How many statements they made.
        sources: Of how many sources.
        repeated: How many rows say what was said already.
        refused: How many rows were refused.
        refused_file: Where they are kept.
        quads: How many lines the graph has.
    """

    rows: int
    statements: int
    sources: int
    repeated: int
    refused: int
    refused_file: Path
    quads: int


@dataclass(slots=True)
class Run:
    """A build that is under way.

    Args:
        bench: What every process has at hand.
        runs: The lines that were written.
        tell: Told each problem.
        refused: The rows that are refused.
        held: The rows of copies, in case their original is not there, by source.
        refused_file: Where the refused rows go.
    """

    bench: Bench
    runs: Runs
    tell: Callable[[Problem], None]
    refused: Spool
    held: Spool
    refused_file: Path
    rows: int = 0
    statements: int = 0
    repeated: int = 0
    refusals: int = 0
    met: dict[str, int] = field(default_factory=dict)
    copies: dict[str, Head] = field(default_factory=dict)
    existing: int = 0
    gone: int = 0

    @property
    def table(self) -> Table:
        """The table, without its rows."""
        return json_table(Lines(io.StringIO()), str(self.bench.path))

    def add_sources(self, corpus: Corpus) -> None:
        """Add the sources of the workspace itself."""
        self.existing = len(corpus.sources)
        with (self.bench.folder / "own.nq").open("wb") as file:
            block = write_block(file, ((name, lines(source, corpus)) for name, source in corpus.sources.items()))
        self.runs.add("own.nq", block)

    def met_before(self, done: Done) -> dict[str, int]:
        """Return those sources of a chunk that were met before, with their first row."""
        return {name: self.met[name] for name in done.met if name in self.met}

    def take(self, done: Done) -> None:
        """Take note of a chunk that was worked on."""
        self.rows += done.rows
        self.statements += done.statements
        self.repeated += done.repeated
        self.met.update((sys.intern(name), row) for name, row in done.met.items())
        self.copies |= done.copies
        for problem in done.problems:
            self.tell(problem)
        for text in done.refused:
            self.refuse(text)
        for name, original in done.held:
            self.held.add(name, original)
        if done.block:
            self.runs.add(done.file, done.block)

    def refuse(self, text: str) -> None:
        """Keep a row to be mended."""
        if not self.refusals and self.refused_file.exists():
            raise in_the_way(self.refused_file, "built")
        self.refusals += 1
        self.refused.add(REFUSED, text)

    def lost(self) -> frozenset[str]:
        """Refuse sources that are copies of one that is not there, and in their turn the copies of those."""
        checker = Checker(self.table, self.bench.links, heads=self.copies)
        lost: set[str] = set()
        there = frozenset(self.runs.names) | frozenset(self.bench.shelf.paths)
        while found := [(name, one) for name, one in checker.lost_originals(there - lost) if name not in lost]:
            for name, problem in found:
                self.tell(problem)
                lost.add(name)
                self.statements -= self.held.count(name)
                for original in self.held.texts(name):
                    self.refuse(refusal(json.loads(original), [problem]))
        self.gone = len(lost)
        return frozenset(lost)

    def done(self, quads: int) -> Streamed:
        """Say what became of everything, and let go of what only the way there needed: the index needs the memory."""
        sources = len(self.runs.names) - self.existing - self.gone
        self.runs.forget()
        self.met.clear()
        return Streamed(self.rows, self.statements, sources, self.repeated, self.refusals, self.refused_file, quads)
