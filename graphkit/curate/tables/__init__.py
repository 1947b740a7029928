"""Tables of statements into source files: correct rows are written, rows with a problem are kept for correction.

Rows are read one at a time. Statements and refused rows wait on disk until all rows are read; then all files are put
in place together, or none.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.curate.tables.importer import RowImporter
from graphkit.curate.tables.readers import CannotImportError, open_table
from graphkit.curate.tables.rejected import REFUSED, already_there, refusal, refused_path, write_refused
from graphkit.curate.tables.rows import Checker, Entry
from graphkit.curate.tables.sources import SourceFiles, read_links, source_paths
from graphkit.curate.tables.spool import Spool
from graphkit.model.errors import Location, Problem, WorkspaceError
from graphkit.model.files import replacing_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graphkit.curate.tables.table import Row
    from graphkit.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import.

    Attributes:
        rows: How many rows were read.
        files: The source files that were written, or would be on a real run, to the number of their new statements.
        repeated: How many rows are in the source files already, word for word.
        refused: How many rows were refused.
        refused_file: Where the refused rows are kept.
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
        sheet: Which sheet of a workbook; by default the only one with content.
        add: Statements may be added to existing source files.
        dry_run: Only find the problems, and write nothing.
    """

    sheet: str = ""
    add: bool = False
    dry_run: bool = False


def import_table(
    path: Path,
    workspace: Workspace,
    report: Callable[[Problem], None],
    options: Options = Options(),
    progress: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Write the rows of a table as source files, and the refused rows beside the table.

    Args:
        report: Called with each problem as it is found.
        progress: Called with the number of each row.

    Raises:
        CannotImportError: Nothing can be imported: the table or the entities cannot be read.
        GraphkitError: There is no such table, or the files cannot be written.
    """
    workspace.recover()
    links = read_links(workspace)
    source_files = SourceFiles(workspace, options.add, source_paths(workspace))
    with ExitStack() as stack:
        table = stack.enter_context(open_table(path, options.sheet, facts=not options.add))
        statements, refused, copies = (stack.enter_context(Spool()) for _ in range(3))
        checker = Checker(table, links, source_files.existing)
        run = _TableImport(checker, source_files, report, statements, refused, copies)
        for row in table.rows:
            progress(row.number)
            run.take(row)
        if not run.rows:
            message = "There are no rows below the header."
            raise CannotImportError(Problem("empty-file", Location(table.file, 1), message, "fill some in."))
        run.drop_orphans()
        refused_file = refused_path(path)
        if not options.dry_run:
            run.write(refused_file)
        files = {source_files.path(name): statements.count(name) for name in statements.names()}
        return Imported(run.rows, files, run.repeated, refused.count(REFUSED), refused_file)


@dataclass(slots=True)
class _TableImport(RowImporter):
    """An import in progress, with everything that waits to be written.

    `copies` has the rows of sources whose original may be missing: only the last row decides.
    """

    statements: Spool
    refused: Spool
    copies: Spool

    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless its file would be larger than graphkit reads."""
        text = self.source_files.spell(entry.source, entry.key, entry.statement)
        if problem := self.too_large(entry.source, text, row):
            return [problem]
        self.statements.add(entry.source, text)
        if self.may_be_orphan(entry.source):
            self.copies.add(entry.source, json.dumps(row.original))
        return []

    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row for correction."""
        self.refused.add(REFUSED, refusal(original, problems, unread))

    def drop_orphans(self) -> None:
        """Refuse the sources whose original is missing."""
        for name, problem in self.checker.orphans(frozenset(self.source_files.paths).union(self.statements.names())):
            self.report(problem)
            self.statements.drop(name)
            for original in self.copies.texts(name):
                self.refuse(json.loads(original), [problem])

    def write(self, refused_file: Path) -> None:
        """Put all files in place together."""
        names = self.statements.names()
        refused = [refused_file] if self.refused.count(REFUSED) else []
        if refused and refused_file.exists():
            raise already_there(refused_file, "imported")
        paths = [self.source_files.path(name) for name in names]
        try:
            with replacing_all(*paths, *refused) as beside:
                for name, path in zip(names, beside, strict=False):
                    self.source_files.write(self.checker.source(name), self.statements.texts(name), path)
                if refused:
                    write_refused(beside[-1], self.checker.table, self.refused.texts(REFUSED))
        except OSError as error:
            message = f"{error.filename or 'A file'} cannot be written: {error.strerror}; nothing was imported."
            raise WorkspaceError(message, "Free the disk or the folder, and import again.") from error


__all__ = ["CannotImportError", "Imported", "Options", "import_table"]
