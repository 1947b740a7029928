"""Passages that are typed in full, in place of their first and last words and their hash."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from graphkit.corpus.evidence import Captures, evidence_of, normalise, quote
from graphkit.curate.tables.columns import HASHED
from graphkit.curate.tables.completion import PROOF
from graphkit.curate.tables.table import Row, StatementTable
from graphkit.model.errors import Level, NotFoundError, Problem
from graphkit.model.records import Source

_NO_FOLDER = "no folder of captures is given, so passages are not looked up."


@dataclass(slots=True)
class Passages:
    """Looks passages up in the captures of their sources; without a capture the typed words are hashed.

    Attributes:
        reported: The sources without a capture so far.
    """

    captures: Captures | None = None
    reported: set[str] = field(default_factory=set)
    latest: tuple[Source | None, str | None] = None, None

    def hashed(self, row: Row, table: StatementTable, source: Source | None) -> tuple[Row, list[Problem]]:
        """Return a row with evidence in place of its passage, and the problems of the passage."""
        location = table.place(row.number, "passage")
        cells = {name: text for name, text in row.cells.items() if name not in {"passage", *HASHED}}
        if given := [name for name in HASHED if name in row.cells]:
            message = f"Column 'passage': the row has {given[0]!r} too."
            problem = Problem("passage-and-hash", location, message, f"fill in passage, or {', '.join(HASHED[:3])}.")
            return replace(row, cells=cells | PROOF), [problem]
        text, passage = self._text(source), row.cells["passage"]
        try:
            proof = evidence_of(normalise(passage)) if text is None else quote(passage, text)
        except NotFoundError as error:
            problem = Problem("passage-missing", location, f"Column 'passage': {error.message}", error.hint)
            return replace(row, cells=cells | PROOF), [problem]
        found = {name: str(value) for name, value in proof.model_dump(exclude_none=True).items()}
        return replace(row, cells=cells | found), self._unread(source, text, table, row)

    def _text(self, source: Source | None) -> str | None:
        if self.captures and source and (not self.latest[0] or self.latest[0].id != source.id):
            self.latest = source, self.captures.text(source)
        return self.latest[1] if self.captures and source else None

    def _unread(self, source: Source | None, text: str | None, table: StatementTable, row: Row) -> list[Problem]:
        """Warn once of a source whose passages are not looked up, or of all sources."""
        name = source.id if source and self.captures else ""
        is_refused = self.captures is not None and source is None  # other problems say why
        if text is not None or name in self.reported or is_refused:
            return []
        self.reported.add(name)
        why = f"no capture of {name!r} is in the folder, so its passages are not looked up." if name else _NO_FOLDER
        solution = f"add it as {name}.txt." if name else "type --captures DIR."
        location = table.place(row.number, "passage")
        return [Problem("not-looked-up", location, f"Column 'passage': {why}", solution, Level.WARNING)]
