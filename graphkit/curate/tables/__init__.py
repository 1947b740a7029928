"""Tables of statements into source files: correct rows are written, rows with a problem are kept for correction.

Rows are read one at a time. Statements and refused rows wait on disk until all rows are read; then all files are put
in place together, or none.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.corpus.evidence import Captures
from graphkit.corpus.tombstones import read_tombstones
from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.curate.tables.passages import Passages
from graphkit.curate.tables.readers import CannotImportError, open_table
from graphkit.curate.tables.refused import RefusedRows, Spool, refusal
from graphkit.curate.tables.rows import Checker, Entry
from graphkit.curate.tables.sources import SourceFiles, read_links, source_paths
from graphkit.model.errors import Location, Problem, WorkspaceError, has_errors
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
        files: The source files that were written, or would be on a real run, to the number of their new statements.
        repeated: How many rows are in the source files already, word for word.
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
        sheet: The sheet of a workbook; by default the only one with content.
        add: Statements may be added to existing source files.
        captures: The folder of captures in which passages are looked up.
    """

    sheet: str = ""
    add: bool = False
    dry_run: bool = False
    captures: Path | None = None


def import_table(
    path: Path,
    workspace: Workspace,
    report: Callable[[Problem], None],
    options: Options = Options(),
    progress: Callable[[int], None] = lambda _rows: None,
) -> Imported:
    """Write the rows of a table as source files, and the refused rows beside the table.

    Raises:
        CannotImportError: Nothing can be imported: the table or the entities cannot be read.
    """
    workspace.recover()
    links = read_links(workspace)
    passages = Passages(Captures.in_folder(options.captures, workspace) if options.captures else None)
    source_files = SourceFiles(workspace, options.add, source_paths(workspace))
    with ExitStack() as stack:
        table = stack.enter_context(open_table(path, options.sheet, facts=not options.add))
        statements, copies = (stack.enter_context(Spool()) for _ in range(2))
        refused = stack.enter_context(RefusedRows(path))
        stones, _ = read_tombstones(workspace)
        checker = Checker(table, links, source_files.existing, passages, stones=stones)
        run = _TableImport(checker, source_files, report, statements, refused, copies)
        for row in table.rows:
            progress(row.number)
            run.take(row)
        if not run.rows:
            message = "There are no rows below the header."
            raise CannotImportError(Problem("empty-file", Location(table.file, 1), message, "fill some in."))
        run.drop_orphans()
        if not options.dry_run:
            run.write()
        files = {source_files.path(name): statements.count(name) for name in statements.spans}
        return Imported(run.rows, files, run.repeated, refused.count(), refused.path)


@dataclass(slots=True)
class RowImporter(ABC):
    """Takes the rows of a table in their order; subclasses say where statements and refused rows go.

    Attributes:
        repeated: The number of rows that repeat an earlier statement.
        sizes: The size of the file of each source so far, in bytes.
    """

    checker: Checker
    source_files: SourceFiles
    report: Callable[[Problem], None]
    rows: int = field(default=0, init=False)
    repeated: int = field(default=0, init=False)
    sizes: dict[str, int] = field(default_factory=dict, init=False)

    @abstractmethod
    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, or return why not."""

    @abstractmethod
    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row for correction."""

    def check(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """Check one row."""
        return self.checker.check(row)

    def take(self, row: Row) -> None:
        """Check a row, and keep its statement or the row itself."""
        self.rows += 1
        entry, problems = self.check(row)
        if entry:
            problems = problems + self.keep(entry, row)
        for problem in problems:
            self.report(problem)
        if has_errors(problems):
            self.refuse(row.original, problems, row.unread)
        elif entry is None:
            self.repeated += 1

    def too_large(self, name: str, text: str, row: Row) -> list[Problem]:
        """Refuse a statement with which the file of its source would exceed `MAX_BYTES`; otherwise add its size."""
        before = self.sizes.get(name) or len(self.source_files.begin(self.checker.source(name)))
        # A line end may take two bytes.
        size = before + len(text.encode()) + text.count("\n")
        if size <= MAX_BYTES:
            self.sizes[name] = size
            return []
        message = f"Column 'source': the file of {name!r} would have more than {MAX_BYTES:,} bytes."
        solution = "put this row under another source: one for each document."
        return [Problem("file-too-large", self.checker.table.place(row.number, "source"), message, solution)]

    def may_be_orphan(self, name: str) -> bool:
        """Return whether a source is a copy of one that is not in the workspace."""
        original = self.checker.source(name).derived_from
        return bool(original) and original not in self.source_files.paths


@dataclass(slots=True)
class _TableImport(RowImporter):
    """An import in progress, with everything that waits to be written.

    `copies` has the rows of sources whose original may be missing: only the last row decides.
    """

    statements: Spool
    refused: RefusedRows
    copies: Spool

    def keep(self, entry: Entry, row: Row) -> list[Problem]:
        """Keep a statement, unless its file would be larger than graphkit reads."""
        text = self.source_files.spell(entry.source, entry.key, entry.statement)
        if problems := self.too_large(entry.source, text, row):
            return problems
        self.statements.add(entry.source, text)
        if self.may_be_orphan(entry.source):
            self.copies.add(entry.source, json.dumps(row.original))
        return []

    def refuse(self, original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> None:
        """Keep a row for correction."""
        self.refused.add("", refusal(original, problems, unread))

    def drop_orphans(self) -> None:
        """Refuse the sources whose original is missing."""
        for name, problem in self.checker.orphans(frozenset(self.source_files.paths).union(self.statements.spans)):
            self.report(problem)
            self.statements.spans.pop(name, None)
            for original in self.copies.texts(name):
                self.refuse(json.loads(original), [problem])

    def write(self) -> None:
        """Put all files in place together."""
        self.refused.check_path("imported")
        names = list(self.statements.spans)
        refused = [self.refused.path] if self.refused.count() else []
        try:
            with replacing_all(*map(self.source_files.path, names), *refused) as beside:
                for name, path in zip(names, beside, strict=False):
                    self.source_files.write(self.checker.source(name), self.statements.texts(name), path)
                for path in beside[len(names) :]:
                    self.refused.write(path, self.checker.table)
        except OSError as error:
            message = f"{error.filename or 'A file'} cannot be written: {error.strerror}; nothing was imported."
            raise WorkspaceError(message, "Free the disk or the folder, and import again.") from error


__all__ = ["CannotImportError", "Imported", "Options", "RowImporter", "import_table"]
