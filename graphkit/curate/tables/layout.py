"""The parts of a sheet that its cells do not show: merged cells, hidden rows and columns, and formulas."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import IO, TYPE_CHECKING

from graphkit.curate.tables.columns import AMOUNT, BY_NAME, SOURCE, known
from graphkit.model.errors import Level, Location, Problem
from graphkit.model.text import shortened

if TYPE_CHECKING:
    import zipfile

_TAG = re.compile(
    rb"<(?:\w+:)?(?:(?P<formula>f)[ />]|mergeCell\b[^>]*?\bref=[\"'](?P<merged>[A-Z]+\d+:[A-Z]+\d+)"
    rb"|(?P<row>row)\b(?P<row_is>[^>]*\b(?:hidden=[\"'](?:1|true)|ht=[\"']0(?:\.0*)?[\"'])[^>]*"
    # openpyxl leaves out a height of 0.
    rb"|(?=[^>]*\bcustomHeight=[\"']1)(?![^>]*\bht=)[^>]*)"
    rb"|(?P<column>col)\b(?P<column_is>[^>]*\b(?:hidden=[\"'](?:1|true)|width=[\"']0(?:\.0*)?[\"'])[^>]*))"
)
_COMMENTS = re.compile(rb"<[^>]*/relationships/comments[\"'][^>]*>")
_TARGET = re.compile(rb"\bTarget=[\"']([^\"']+)")
_COMMENT = re.compile(
    rb"<(?:\w+:)?comment\b[^>]*\bref=[\"']([A-Z]+)(\d+)[\"'][^>]*>(.*?)</(?:\w+:)?comment>", re.DOTALL
)
_LONGEST_COMMENTS = 20_000_000
_CHUNK = 1_000_000
_LONGEST_TAG = 1_000
# A merged cell of these columns says the same of each of its rows; any other belongs to one statement only.
_CARRIED = {name for name, column in BY_NAME.items() if column.part in {SOURCE, AMOUNT}} - {"number"}
_CARRIED |= {"speaker", "stance", "subject", "relation", "object", "scope", "when", "said", "via", "hedge", "publicity"}


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of merged cells; `name` is how a spreadsheet writes it."""

    name: str
    first: int
    last: int
    columns: range


@dataclass(slots=True)
class Layout:
    """The layout of a sheet.

    Attributes:
        merged: First row to the ranges of merged cells that begin there.
        comments: Row to the cells with a comment and its text.
        hidden_sheet: The title of the sheet if it is hidden.
    """

    formulas: bool = False
    hidden_sheet: str = ""
    merged: defaultdict[int, list[Merged]] = field(default_factory=lambda: defaultdict(list))
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[int] = field(default_factory=list)
    comments: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def hidden(self, file: str, header: Sequence[str]) -> list[Problem]:
        """Warn of hidden columns that are read."""
        read = [(number, known(header[number - 1])) for number in self.hidden_columns if number <= len(header)]
        sheet = [_hidden(f"The sheet {self.hidden_sheet!r}", Location(file, 1))] if self.hidden_sheet else []
        return [*sheet, *(_hidden(f"The column {name!r}", Location(file, 1, number)) for number, name in read)]

    def hidden_row(self, location: Location) -> list[Problem]:
        """Warn of the first hidden row that is read."""
        if location.line not in self.hidden_rows:
            return []
        self.hidden_rows.clear()
        return [_hidden(f"Row {location.line}", location)]

    def comments_of(self, location: Location) -> list[Problem]:
        """Warn of the comments in a row, which are not imported."""
        return [
            Problem("cell-comment", location, f"The comment of {cell} is not imported: {text!r}.", _NOTE, Level.WARNING)
            for cell, text in self.comments.get(location.line, ())
        ]


_NOTE = "if it belongs to the statement, put it into the column note, or change the cell."


def read_comments(archive: zipfile.ZipFile, sheet: str) -> dict[int, list[tuple[str, str]]]:
    """Return the comments of a sheet: row to the names of cells and the beginnings of their comments."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    folder, _, name = sheet.rpartition("/")
    related = f"{folder}/_rels/{name}.rels"
    for tag in _COMMENTS.findall(archive.read(related)) if related in archive.namelist() else ():
        target = _TARGET.search(tag)
        path = target[1].decode() if target else ""
        part = posixpath.normpath(posixpath.join("/", folder, path))[1:]
        if part in archive.namelist() and archive.getinfo(part).file_size <= _LONGEST_COMMENTS:
            for column, row, body in _COMMENT.findall(archive.read(part)):
                text = shortened(unescape(re.sub(rb"<[^>]*>", b" ", body).decode("utf-8", "replace")))
                found[int(row)].append((f"{column.decode()}{row.decode()}", text))
    return found


def _hidden(name: str, location: Location) -> Problem:
    solution = "show everything that is hidden, and delete what does not belong to the table."
    return Problem("hidden-cells", location, f"{name} is hidden, and is read all the same.", solution, Level.WARNING)


def read_layout(sheet: IO[bytes]) -> Layout:
    """Read the layout of a sheet from its XML, in constant memory but for the merged and hidden cells."""
    from openpyxl.utils import range_boundaries

    layout, kept = Layout(), b""
    while chunk := sheet.read(_CHUNK):
        text = kept + chunk
        # A tag that is cut off is read with the next chunk.
        end = text.rfind(b"<") if len(chunk) == _CHUNK else len(text)
        for tag in _TAG.finditer(text, 0, end):
            if tag["merged"]:
                name = tag["merged"].decode()
                left, top, right, bottom = range_boundaries(name)
                layout.merged[top or 1].append(Merged(name, top or 1, bottom or 1, range(left or 1, (right or 1) + 1)))
            elif tag["row"] and (number := _number(rb"\br", tag["row_is"])):
                layout.hidden_rows.add(number)
            elif tag["column"]:
                first, last = _number(rb"\bmin", tag["column_is"]), _number(rb"\bmax", tag["column_is"])
                layout.hidden_columns += range(first, min(last, first + _LONGEST_TAG) + 1)
            else:
                layout.formulas = layout.formulas or bool(tag["formula"])
        kept = text[end:] if len(text) - end <= _LONGEST_TAG else b""
    return layout


def _number(name: bytes, attributes: bytes) -> int:
    found = re.search(name + rb"=[\"'](\d{1,7})", attributes)
    return int(found[1]) if found else 0


@dataclass(slots=True)
class MergedCells:
    """Carries the text of merged cells on to each of their rows, from the first row to the last.

    Attributes:
        open: The ranges that reach the latest row, with the text of their first cell.
    """

    layout: Layout
    header: Sequence[str]
    open: list[tuple[Merged, str]] = field(default_factory=list)

    def fill(self, texts: list[str], location: Location) -> list[Problem]:
        """Fill in the merged cells of a row, and return a problem for each that can be read in two ways."""
        self.open = [(merged, text) for merged, text in self.open if merged.last >= location.line]
        begun = [merged for merged in self.layout.merged.get(location.line, ()) if merged.columns[0] <= len(texts)]
        self.open += [(merged, texts[merged.columns[0] - 1]) for merged in begun]
        return [problem for merged, text in self.open if text for problem in self._fill(merged, text, texts, location)]

    def _fill(self, merged: Merged, text: str, texts: list[str], location: Location) -> Iterator[Problem]:
        column = merged.columns[0]
        name, place = known(self.header[column - 1]), Location(location.file, location.line, column)
        own = texts[column - 1]
        if len(merged.columns) > 1 or merged.first == 1 or name not in _CARRIED or own not in {"", text}:
            message = f"Column {name!r}: the cells {merged.name} are merged, and {text!r} is in all of them."
            yield Problem("merged-cells", place, message, "split them, and fill in each cell.")
        texts[column - 1] = text
