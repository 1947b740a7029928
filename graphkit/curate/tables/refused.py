"""Rows that wait on disk until the whole table is read: memory does not grow with them."""

from __future__ import annotations

import csv
import json
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from graphkit.curate.tables.columns import BY_NAME, known
from graphkit.curate.tables.table import StatementTable
from graphkit.model.errors import GraphkitError, Problem


class Spool:
    """Texts by name, in the order of their addition.

    >>> with Spool() as kept:
    ...     kept.add("a", "one")
    ...     kept.add("b", "two")
    ...     kept.add("a", "three")
    ...     list(kept.texts("a"))
    ['one', 'three']
    """

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self.end = 0
        self.spans: dict[str, array[int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.file.close()

    def add(self, name: str, text: str) -> None:
        """Add a text."""
        data = text.encode()
        self.file.seek(self.end)
        self.file.write(data)
        self.spans.setdefault(name, array("Q")).extend((self.end, len(data)))
        self.end += len(data)

    def count(self, name: str = "") -> int:
        """Count the texts of a name."""
        return len(self.spans.get(name, ())) // 2

    def texts(self, name: str = "") -> Iterator[str]:
        """Yield the texts of a name."""
        spans = self.spans.get(name, array("Q"))
        for start, length in zip(spans[::2], spans[1::2], strict=True):
            self.file.seek(start)
            yield self.file.read(length).decode()


class RefusedRows(Spool):
    """The refused rows of a table, to be written to FILE.refused.csv."""

    def __init__(self, table: Path) -> None:
        super().__init__()
        self.path = table.with_name(f"{table.stem}.refused.csv")

    def check_path(self, done: str) -> None:
        """Refuse to overwrite the refused rows of another import.

        Args:
            done: The action that is not taken: imported or built.
        """
        if self.count() and self.path.exists():
            message = f"{self.path} exists already, from another import; nothing was {done}."
            raise GraphkitError(message, "Correct and import it, or move it away, and import again.")

    def write(self, path: Path, table: StatementTable) -> None:
        """Write the rows as a table that can be corrected and imported again."""
        kept = self._columns(table)
        header = [table.header[number] for number in kept]
        names = [known(cell) for cell in header]
        added = [name for name in ("problem", "unread") if name not in names]
        with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            # Python quotes a cell only if it holds a line end like those it writes; a cell may hold any of them.
            out = csv.writer(file, delimiter=table.delimiter, lineterminator="\r\n")
            out.writerow([*header, *added])
            for text in self.texts():
                original, problem, unread = json.loads(text)
                cells = [*(original[number] for number in kept), *([""] * len(added))]
                cells[[*names, *added].index("problem")] = problem
                if unread:
                    cells[[*names, *added].index("unread")] = unread
                out.writerow(cells)

    def _columns(self, table: StatementTable) -> list[int]:
        """Return the columns of the header; of JSON, which has none, those that a row fills in or needs."""
        if table.places:
            return list(range(len(table.header)))
        filled = {number for text in self.texts() for number, cell in enumerate(json.loads(text)[0]) if cell}
        return [number for number, name in enumerate(table.header) if number in filled or BY_NAME[name].needed]


def refusal(original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> str:
    """Return a refused row as JSON: its cells, the reason, and text that could not be split into cells."""
    reason = " | ".join(f"{problem.message} Solution: {problem.solution}" for problem in problems)
    return json.dumps([list(original), reason, unread])
