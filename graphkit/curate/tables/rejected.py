"""Rows that are refused, kept beside their table so that they can be mended and imported again."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from graphkit.corpus.yaml_tree import MAX_BYTES
from graphkit.curate.tables.columns import known
from graphkit.model.errors import GraphkitError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from graphkit.curate.tables.sources import Shelf
    from graphkit.curate.tables.table import Table
    from graphkit.model.records import Source

# Under which name they wait on disk.
REFUSED = "refused"


def refused_path(table: Path) -> Path:
    """Return the file of the refused rows of a table."""
    return table.with_name(f"{table.stem}.refused.csv")


def in_the_way(path: Path, done: str) -> GraphkitError:
    """Say that refused rows of another import would be lost.

    Args:
        path: The file of those rows.
        done: What was not done: imported or built.
    """
    message = f"{path} is there already, from another import; nothing was {done}."
    return GraphkitError(message, "Mend and import it, or move it away, and import again.")


def refusal(original: Sequence[str], problems: Sequence[Problem], unread: str = "") -> str:
    """Spell a refused row as it waits to be written: its cells, why, and what could not be split into cells."""
    said = " | ".join(f"{problem.message} Solution: {problem.solution}" for problem in problems)
    return json.dumps([list(original), said, unread])


def too_large(sizes: dict[str, int], source: Source, shelf: Shelf, text: str, place: Location) -> Problem | None:
    """Refuse a statement with which the file of its source would be larger than what is read; else count it.

    Args:
        sizes: How large each file would be so far; this one is brought up to date.
        source: The source.
        shelf: The files that are there.
        text: The statement, spelled.
        place: Where the row names its source.
    """
    before = sizes.get(source.id) or len(shelf.begin(source))
    # A line end may take two bytes.
    size = before + len(text.encode()) + text.count("\n")
    if size <= MAX_BYTES:
        sizes[source.id] = size
        return None
    message = f"Column 'source': the file of {source.id!r} would have more than {MAX_BYTES:,} bytes."
    return Problem("file-too-large", place, message, "put this row under another source: one for each document.")


def write_refused(path: Path, table: Table, rows: Iterable[str]) -> None:
    """Write the refused rows as a table that can be mended and imported again.

    Args:
        path: Where to.
        table: The table that they come from.
        rows: The rows as JSON: the cells, why, and what could not be split into cells.
    """
    header = list(table.header)
    names = [known(cell) for cell in header]
    added = [name for name in ("problem", "unread") if name not in names]
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        # Python quotes a cell for the line ends that it writes, and any may be in a cell.
        out = csv.writer(file, delimiter=table.delimiter, lineterminator="\r\n")
        out.writerow([*header, *added])
        for text in rows:
            original, problem, unread = json.loads(text)
            cells = [*original, *([""] * len(added))]
            cells[[*names, *added].index("problem")] = problem
            if unread:
                cells[[*names, *added].index("unread")] = unread
            out.writerow(cells)
