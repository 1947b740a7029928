"""Tables into source files: the rows that are right are written, the others are kept to be mended.

Rows are read one at a time, and what becomes of them waits on disk until all are read; then everything is
put in place together, or nothing at all.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.curate.tables.readers import CannotImportError, open_table
from graphkit.curate.tables.rejected import REFUSED, in_the_way, refusal, refused_path, too_large, write_refused
from graphkit.curate.tables.rows import Checker, Entry
from graphkit.curate.tables.sources import Shelf, read_links, source_paths
from graphkit.curate.tables.spool import Spool
from graphkit.model.errors import Location, Problem, WorkspaceError, has_errors
from graphkit.model.workspace import replacing_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graphkit.curate.tables.table import Row, Table
    from graphkit.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table.

    Attributes:
        rows: How many rows were read.
        files: The source files that were written, or would be, to the number of statements put into them.
        repeated: How many rows are there already, word for word.
        refused: How many rows were refused.
        refused_file: Where they are kept.
    """

    rows: int
    files: dict[Path, int]
    repeated: int
    refused: int
    refused_file: Path


@dataclass(frozen=True, slots=True)
class Options:
    """How a table is imported.

    Attributes:
        sheet: Which sheet of a workbook; by default the only one that is filled in.
        add: Statements may be added to files that are there.
        dry_run: Only find the problems, and write nothing.
    """

    sheet: str = ""
    add: bool = False
    dry_run: bool = False


def import_table(
    path: Path,
    workspace: Workspace,
    tell: Callable[[Problem], None],
    options: Options = Options(),
    count: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Write the rows of a table as source files, and those that are refused beside the table.

    Args:
        path: The table.
        workspace: Where the source files go.
        tell: Told each problem when it is found.
        options: How to import it.
        count: Told the number of each row.

    Raises:
        CannotImportError: Nothing can be imported: the table or the entities cannot be read.
        GraphkitError: There is no such table, or the files cannot be written.
    """
    links = read_links(workspace)
    shelf = Shelf(workspace, options.add, source_paths(workspace))
    with ExitStack() as stack:
        table = stack.enter_context(open_table(path, options.sheet, facts=not options.add))
        statements, refused, held = (stack.enter_context(Spool()) for _ in range(3))
        run = _Run(table, Checker(table, links, shelf.there), shelf, tell, statements, refused, held)
        for row in table.rows:
            count(row.number)
            run.take(row)
        if not run.rows:
            message = "There are no rows below the header."
            raise CannotImportError(Problem("empty-file", Location(table.file, 1), message, "fill some in."))
        run.drop_lost()
        refused_file = refused_path(path)
        if not options.dry_run:
            run.write(refused_file)
        files = {shelf.path(name): run.statements.count(name) for name in run.statements.names()}
        return Imported(run.rows, files, run.repeated, run.refused.count(REFUSED), refused_file)


@dataclass(slots=True)
class _Run:
    """An import that is under way, and what waits to be written.

    `held` has the rows of sources of which it cannot be told yet whether their original is there.
    """

    table: Table
    checker: Checker
    shelf: Shelf
    tell: Callable[[Problem], None]
    statements: Spool
    refused: Spool
    held: Spool
    sizes: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    repeated: int = 0

    def take(self, row: Row) -> None:
        """Check a row, and keep what it says or the row itself."""
        self.rows += 1
        entry, problems = self.checker.check(row)
        problems += self.keep(entry, row) if entry else []
        for problem in problems:
            self.tell(problem)
        if has_errors(problems):
            self.refuse(row.original, problems, row.unread)
        elif entry is None:
            self.repeated += 1

    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless its file would be larger than what is read."""
        text = self.shelf.spell(entry.source, entry.key, entry.statement)
        source = self.checker.source(entry.source)
        place = self.table.place(row.number, "source")
        if problem := too_large(self.sizes, source, self.shelf, text, place):
            return [problem]
        self.statements.add(entry.source, text)
        if source.derived_from and source.derived_from not in self.shelf.paths:
            self.held.add(entry.source, json.dumps(row.original))
        return []

    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row to be mended."""
        self.refused.add(REFUSED, refusal(original, problems, unread))

    def drop_lost(self) -> None:
        """Refuse sources that are copies of one that is not there, and in their turn the copies of those."""
        lost = True
        while lost:
            there = frozenset(self.shelf.paths).union(self.statements.names())
            found = [(name, problem) for name, problem in self.checker.lost_originals(there) if name in there]
            for name, problem in found:
                self.tell(problem)
                self.statements.drop(name)
                for original in self.held.texts(name):
                    self.refuse(json.loads(original), [problem])
            lost = bool(found)

    def write(self, refused_file: Path) -> None:
        """Put everything in place together."""
        names = self.statements.names()
        refused = [refused_file] if self.refused.count(REFUSED) else []
        if refused and refused_file.exists():
            raise in_the_way(refused_file, "imported")
        paths = [self.shelf.path(name) for name in names]
        try:
            with replacing_all(*paths, *refused) as beside:
                for name, path in zip(names, beside, strict=False):
                    self.shelf.write(self.checker.source(name), self.statements.texts(name), path)
                if refused:
                    write_refused(beside[-1], self.table, self.refused.texts(REFUSED))
        except OSError as error:
            message = f"{error.filename or 'A file'} cannot be written: {error.strerror}; nothing was imported."
            raise WorkspaceError(message, "Free the disk or the folder, and import again.") from error


__all__ = ["CannotImportError", "Imported", "Options", "import_table"]
