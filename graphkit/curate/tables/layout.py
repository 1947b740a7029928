"""The parts of a sheet that its cells do not show: merged cells, hidden rows and columns, and formulas."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from graphkit.curate.tables.columns import AMOUNT, BY_NAME, SOURCE, known
from graphkit.model.errors import Level, Location, Problem

_TAG = re.compile(
    rb"<(?:\w+:)?(?:(?P<formula>f)[ />]|mergeCell\b[^>]*?\bref=[\"'](?P<merged>[A-Z]+\d+:[A-Z]+\d+)"
    rb"|(?P<row>row)\b(?P<row_is>[^>]*\bhidden=[\"'](?:1|true)[^>]*)"
    rb"|(?P<column>col)\b(?P<column_is>[^>]*\bhidden=[\"'](?:1|true)[^>]*))"
)
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
        hidden_sheet: The title of the sheet if it is hidden.
    """

    formulas: bool = False
    hidden_sheet: str = ""
    merged: defaultdict[int, list[Merged]] = field(default_factory=lambda: defaultdict(list))
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[int] = field(default_factory=list)

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
