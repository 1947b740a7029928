"""A table in the course of reading: its rows, and the lines of a text file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from graphkit.model.date_hints import DAY_ZERO
from graphkit.model.errors import GraphkitError, Location, Problem

# Far more than a row of texts that the model allows.
MAX_LINE = 1_000_000
_LONGEST_CELL = 100_000
_SHOWN = 200
SAVE_AS_UTF8 = "save the file as UTF-8 (in Excel: Save As, CSV UTF-8)."
_SAVE = "open it in a spreadsheet and save it as .xlsx"
# How workbooks of other formats are saved as .xlsx.
SAVE_AS_XLSX = {
    ".ods": "open it in LibreOffice, choose File, Save As, and the type Excel 2007-365 (.xlsx)",
    ".numbers": "open it in Numbers, and choose File, Export To, Excel",
    ".xls": _SAVE, ".xlsb": _SAVE, ".xlsm": _SAVE, ".fods": _SAVE,
}  # fmt: skip
# Characters that replace invalid bytes: of UTF-8, and of UTF-16.
_WRONG = re.compile("[\udc80-\udcff\ufffd]")


class CannotImportError(GraphkitError):
    """Nothing of a table can be imported, for the reasons in `problems`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message, problems[0].solution)
        self.problems = problems


@dataclass(slots=True)
class Row:
    """A row as it was read.

    Attributes:
        number: Its number in the file, as a spreadsheet or an editor of JSON lines counts; the header is 1.
        cells: Column to content, without white space around it; empty cells are left out.
        original: The cells as they were read, in the order of the header.
        problems: Errors and warnings from reading it.
        unread: Text that could not be split into cells.
        blank: The keys of an object of JSON whose text is empty; not those that it leaves out.
    """

    number: int
    cells: dict[str, str]
    original: Sequence[str]
    problems: tuple[Problem, ...] = ()
    unread: str = ""
    blank: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StatementTable:
    """A table that is being read.

    Attributes:
        rows: The rows below the header, without empty rows; they can be read once.
        places: Column to its number, counted from 1; empty if columns have no order, as in JSON lines.
        day_zero: Day 0 of the serial numbers of its dates.
    """

    file: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    places: Mapping[str, int] = field(default_factory=dict)
    delimiter: str = ","
    day_zero: dt.date = DAY_ZERO

    def place(self, row: int, column: str = "") -> Location:
        """Return the location of a cell or a row."""
        return Location(self.file, row, self.places.get(column, 0))


class Lines:
    """The lines of a text; lines can be put back, and lines that are too long are cut."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.number = 0
        self.waiting: list[str] = []

    def next(self) -> str:
        """Return the next line with its line end, "" at the end of the file."""
        if self.waiting:
            line = self.waiting.pop()
        else:
            line = self.text.readline(MAX_LINE + 1)
            if len(line) > MAX_LINE:
                self._skip()
        self.number += bool(line)
        return line

    def _skip(self) -> None:
        while (part := self.text.readline(MAX_LINE)) and not part.endswith("\n"):
            pass

    def put_back(self, lines: Sequence[str]) -> None:
        """Put lines back, to be returned next."""
        kept = [line for line in lines if line]
        self.waiting += reversed(kept)
        self.number -= len(kept)


def wrong_bytes(text: str, location: Location, line: int) -> Problem | None:
    """Return the problem of a text with bytes of another encoding."""
    if text.isascii() or not (found := _WRONG.search(text)):
        return None
    before = text[: found.start()]
    number = line + before.count("\n")
    at = len(before.rpartition("\n")[2].encode("utf-8", "surrogateescape")) + 1
    bad = dict.fromkeys(_WRONG.findall(text))
    shown = ", ".join(f"0x{ord(char) - 0xDC00:02x} ({read_anyway(char)})" for char in bad if char != "\ufffd")
    if not shown:
        message = f"U+FFFD in line {number} replaces a character that could not be read."
        return Problem("not-utf8", location, message, "type the right character.")
    message = f"Line {number} is not UTF-8 from its byte {at} on; as Windows-1252 it has the bytes {shown}."
    return Problem("not-utf8", location, message, SAVE_AS_UTF8)


def read_anyway(text: str) -> str:
    r"""Decode bytes that are not UTF-8 as Windows-1252, to show people the likely characters.

    >>> read_anyway("it\udc92s")
    'it’s'
    """
    return _WRONG.sub(lambda found: _byte(found[0]), text)


def _byte(char: str) -> str:
    return char if char == "\ufffd" else bytes([ord(char) - 0xDC00]).decode("cp1252", "backslashreplace")


def too_long(text: str, location: Location) -> Problem | None:
    """Return the problem of a line that is longer than any row of a table."""
    if len(text) <= MAX_LINE:
        return None
    message = f"The line has more than {MAX_LINE:,} characters."
    return Problem("line-too-long", location, message, "shorten it; a row of statements has a few hundred.")


def unread_text(text: str) -> str:
    """Return an unreadable line as a cell; if no program could read so long a cell, only its beginning."""
    kept = read_anyway(text.rstrip("\n"))
    return kept if len(kept) <= _LONGEST_CELL else f"{kept[:_SHOWN]} …"
