"""The part that both imports share: take the rows of a table in their order, and keep or refuse each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.model.errors import Problem, has_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.curate.tables.rows import Checker, Entry
    from graphkit.curate.tables.sources import SourceFiles
    from graphkit.curate.tables.table import Row


@dataclass(slots=True)
class RowImporter(ABC):
    """Takes rows; subclasses say where statements and refused rows go.

    Args:
        repeated: How many of them repeat an earlier statement.
        sizes: How large the file of each source would be so far, in bytes.
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

    def too_large(self, name: str, text: str, row: Row) -> Problem | None:
        """Refuse a statement with which the file of its source would exceed `MAX_BYTES`; otherwise add its size."""
        before = self.sizes.get(name) or len(self.source_files.begin(self.checker.source(name)))
        # A line end may take two bytes.
        size = before + len(text.encode()) + text.count("\n")
        if size <= MAX_BYTES:
            self.sizes[name] = size
            return None
        message = f"Column 'source': the file of {name!r} would have more than {MAX_BYTES:,} bytes."
        location = self.checker.table.place(row.number, "source")
        return Problem("file-too-large", location, message, "put this row under another source: one for each document.")

    def may_be_orphan(self, name: str) -> bool:
        """Return whether a source is a copy of one that is not in the workspace."""
        original = self.checker.source(name).derived_from
        return bool(original) and original not in self.source_files.paths
