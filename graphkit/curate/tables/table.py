"""A table as it is being read: its rows, and its lines where it is text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from graphkit.curate.tables.dates import DAY_ZERO
from graphkit.model.errors import GraphkitError, Location, Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

# Far more than a row of texts that the model allows.
MAX_LINE = 1_000_000
_LONGEST_CELL = 100_000
_SHOWN = 200
SAVE_AS_UTF8 = "save the file as UTF-8 (in Excel: Save As, CSV UTF-8)."
# What bytes that are not UTF-8 become on reading, and what those of UTF-16 become.
_WRONG = re.compile("[\udc80-\udcff\ufffd]")


class CannotImportError(GraphkitError):
    """Nothing of a table can be imported, with the problems that tell why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message, problems[0].solution)
        self.problems = problems


@dataclass(slots=True)
class Row:
    """A row as it was read.

    Attributes:
        number: Its number in the file, as a spreadsheet or an editor of JSON lines counts; the header is 1.
        cells: Column to what stands there, without white space around it; empty cells are left out.
        original: The cells as they were read, in the order of the header.
        problems: What is wrong with reading it, or only odd.
        unread: What could not be split into cells.
    """

    number: int
    cells: dict[str, str]
    original: Sequence[str]
    problems: tuple[Problem, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read.

    Attributes:
        file: Its name in messages.
        header: What the columns are called in it.
        rows: The rows below the header, without the empty ones; they can be read once.
        places: Column to its number, counted from 1; empty if columns have no order, as in JSON lines.
        delimiter: What stands between its cells where it is CSV.
        day_zero: Day 0 of the numbers by which it keeps dates.
    """

    file: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    places: Mapping[str, int] = field(default_factory=dict)
    delimiter: str = ","
    day_zero: dt.date = DAY_ZERO

    def place(self, row: int, column: str = "") -> Location:
        """Return where a cell is, or a row."""
        return Location(self.file, row, self.places.get(column, 0))


class Lines:
    """The lines of a text, of which some can be put back; of one that is too long, its beginning.

    Args:
        text: A file that was opened for reading.
    """

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.number = 0
        self.waiting: list[str] = []

    def next(self) -> str:
        """Return the next line with its end, "" where there is none."""
        if self.waiting:
            line = self.waiting.pop()
        else:
            line = self.text.readline(MAX_LINE + 1)
            if len(line) > MAX_LINE:
                self._skip()
        self.number += bool(line)
        return line

    def _skip(self) -> None:
        """Read on to the end of the line."""
        while (part := self.text.readline(MAX_LINE)) and not part.endswith("\n"):
            pass

    def put_back(self, lines: Sequence[str]) -> None:
        """Return some lines once more, next."""
        kept = [line for line in lines if line]
        self.waiting += reversed(kept)
        self.number -= len(kept)


def wrong_bytes(text: str, place: Location, line: int) -> Problem | None:
    """Say which bytes of a text are of another encoding.

    Args:
        text: Some lines, as they were read.
        place: Where they are in the table.
        line: The number of the first of them.
    """
    if text.isascii() or not (found := _WRONG.search(text)):
        return None
    before = text[: found.start()]
    number = line + before.count("\n")
    at = len(before.rpartition("\n")[2].encode("utf-8", "surrogateescape")) + 1
    bad = dict.fromkeys(_WRONG.findall(text))
    shown = ", ".join(f"0x{ord(one) - 0xDC00:02x} ({read_anyway(one)})" for one in bad if one != "\ufffd")
    if not shown:
        message = f"U+FFFD in line {number} stands for what could not be read."
        return Problem("not-utf8", place, message, "type what belongs there.")
    message = f"Line {number} is not UTF-8 from its byte {at} on; as Windows-1252 it has the bytes {shown}."
    return Problem("not-utf8", place, message, SAVE_AS_UTF8)


def read_anyway(text: str) -> str:
    r"""Read bytes that are not UTF-8 as Windows-1252, so that people see what they were.

    >>> read_anyway("it\udc92s")
    'it’s'
    """
    return _WRONG.sub(lambda found: _byte(found[0]), text)


def _byte(one: str) -> str:
    return one if one == "\ufffd" else bytes([ord(one) - 0xDC00]).decode("cp1252", "backslashreplace")


def too_long(text: str, place: Location) -> Problem | None:
    """Refuse a line that is no row of a table."""
    if len(text) <= MAX_LINE:
        return None
    message = f"The line has more than {MAX_LINE:,} characters."
    return Problem("line-too-long", place, message, "shorten it; a row of statements has a few hundred.")


def unread_text(text: str) -> str:
    """Return what is kept of a line that could not be read: all of it, unless no program takes it as a cell."""
    kept = read_anyway(text.rstrip("\n"))
    return kept if len(kept) <= _LONGEST_CELL else f"{kept[:_SHOWN]} …"
