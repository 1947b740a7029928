"""Refused rows, kept beside their table for correction and another import."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from graphkit.curate.tables.columns import known
from graphkit.model.errors import GraphkitError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from graphkit.curate.tables.table import StatementTable

# The name of their queue on disk.
REFUSED = "refused"


def refused_path(table: Path) -> Path:
    """Return the file of the refused rows of a table."""
    return table.with_name(f"{table.stem}.refused.csv")


def already_there(path: Path, done: str) -> GraphkitError:
    """Return the error for refused rows of another import that would be lost.

    Args:
        done: The action that was not taken: imported or built.
    """
    message = f"{path} exists already, from another import; nothing was {done}."
    return GraphkitError(message, "Correct and import it, or move it away, and import again.")


def refusal(original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> str:
    """Return a refused row as JSON: its cells, the reason, and text that could not be split into cells."""
    reason = " | ".join(f"{problem.message} Solution: {problem.solution}" for problem in problems)
    return json.dumps([list(original), reason, unread])


def write_refused(path: Path, table: StatementTable, rows: Iterable[str]) -> None:
    """Write refused rows as a table that can be corrected and imported again.

    Args:
        rows: The rows, as `refusal` returns them.
    """
    header = list(table.header)
    names = [known(cell) for cell in header]
    added = [name for name in ("problem", "unread") if name not in names]
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        # Python quotes a cell only if it holds a line end like those it writes; a cell may hold any of them.
        out = csv.writer(file, delimiter=table.delimiter, lineterminator="\r\n")
        out.writerow([*header, *added])
        for text in rows:
            original, problem, unread = json.loads(text)
            cells = [*original, *([""] * len(added))]
            cells[[*names, *added].index("problem")] = problem
            if unread:
                cells[[*names, *added].index("unread")] = unread
            out.writerow(cells)
