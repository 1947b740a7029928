"""Empty cells that give a statement a default or take a word from it, as merged cells do in a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphkit.curate.tables.columns import AMOUNT, BY_NAME
from graphkit.curate.tables.table import Row, StatementTable
from graphkit.model.errors import Level, Problem
from graphkit.model.text import shortened

# Columns that must be filled in below any filled cell, with an example and the default of an empty column,
# and columns with a default that must be typed below another value.
_ASKED = {"speaker": ("exampletown-council", "the publisher"), "stance": ("asserts", "asserts")}
_ASKED_BELOW = {"certainty": "certain", "basis": "first-hand", "bound": "exactly"}
# Columns whose empty cells are normal, and doubtful only below a filled cell.
_DOUBTFUL = ("via", "said", "when", "hedge", "amountOf", "amountBase", "amountPer", "amountKind")
_COLUMNS = (*_ASKED, *_ASKED_BELOW, *_DOUBTFUL)
_LETTERS = 26


@dataclass(slots=True)
class Blanks:
    """Finds the empty cells of the rows of a table, in their order.

    Attributes:
        above: Column to the source, the row and the text of its latest filled cell.
        unfilled: Column to its first empty cell, if no cell above that is filled.
        warned: The doubtful columns that were reported.
    """

    table: StatementTable
    above: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    unfilled: dict[str, int] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)

    def find(self, row: Row) -> Iterator[Problem]:
        """Yield a problem for each empty cell of a row that must be filled in, or is doubtful."""
        source = row.cells.get("source", "")
        for name in _COLUMNS if "unread" not in row.cells else ():
            # Objects of JSON are not below each other: a bulk build reads them in parts.
            if name not in self.table.places and not (name in _ASKED and name in row.blank):
                continue
            if text := row.cells.get(name):
                if first := self.unfilled.pop(name, 0):
                    yield self._unfilled(name, first, row.number, text)
                self.above[name] = source, row.number, text
            elif name in _ASKED and not self._must_be_filled(name, row):
                self.unfilled.setdefault(name, row.number)
            elif BY_NAME[name].part != AMOUNT or "number" in row.cells:
                other, number, text = self.above.get(name, (source, 0, ""))
                yield from self._empty(row, name, *((number, text) if other == source or name in _ASKED else (0, "")))

    def _must_be_filled(self, name: str, row: Row) -> bool:
        """Return whether an empty cell is refused: below a filled one, in JSON, or where it was refused before."""
        return name in self.above or name in row.blank or f"Column {name!r}: the cell" in row.cells.get("problem", "")

    def _unfilled(self, name: str, first: int, row: int, text: str) -> Problem:
        message = f"Column {name!r}: {self._cells(name, first - 1, row - 1)} above {shortened(text)!r} in row {row}."
        example, default = _ASKED[name]
        solution = f"type the {name} of each statement, such as {example}; now it is {default}."
        return Problem("default-taken", self.table.place(first, name), message, solution, Level.WARNING)

    def _empty(self, row: Row, name: str, above: int, text: str) -> Iterator[Problem]:
        place = self.table.place(row.number, name)
        message = f"Column {name!r}: {self._cells(name, above, row.number)}"
        message += f" below {shortened(text)!r} in row {above}." if above else "."
        again = f"type {shortened(text)} again if the cells were merged"
        if name in _ASKED:
            example = f"type the {name} of each statement, such as {_ASKED[name][0]}"
            yield Problem("empty-cell", place, message, f"{again}; otherwise {example}." if above else f"{example}.")
        elif name in _ASKED_BELOW and text not in {"", _ASKED_BELOW[name]}:
            yield Problem("empty-cell", place, message, f"{again}, or {_ASKED_BELOW[name]}.")
        elif name in _DOUBTFUL and above and name not in self.warned:
            self.warned.add(name)
            solution = f"{again}; the same goes for the cells below."
            yield Problem("default-taken", place, f"{message} It is read as nothing.", solution, Level.WARNING)

    def _cells(self, name: str, above: int, row: int) -> str:
        """Return the empty cells from the latest filled one to a row as the subject of a sentence."""
        if name not in self.table.places:
            return "the text is empty"
        letters, first = _letters(self.table.places[name]), above + 1 if above else row
        many = f"the cells {letters}{first}:{letters}{row} are empty"
        return many if first < row else f"the cell {letters}{row} is empty"


def _letters(column: int) -> str:
    """Return how a spreadsheet names a column.

    >>> _letters(1), _letters(27)
    ('A', 'AA')
    """
    before, at = divmod(column - 1, _LETTERS)
    return (_letters(before) if before else "") + chr(ord("A") + at)
