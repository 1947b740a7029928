"""CSV and TSV, row by row; a broken row does not affect the next rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphkit.curate.tables.columns import check_header, count_known, count_meant, known, places
from graphkit.curate.tables.table import (
    MAX_LINE,
    CannotImportError,
    Lines,
    Row,
    StatementTable,
    read_anyway,
    too_long,
    unread_text,
    wrong_bytes,
)
from graphkit.model.errors import Location, Problem
from graphkit.model.text import counted

_DELIMITERS = ",;\t"
_MAX_LINES_OF_A_ROW = 100


@dataclass(slots=True)
class _Record:
    """The lines of a row and its cells; no cells if a quote is out of location."""

    text: str
    cells: list[str]


def delimited_table(lines: Lines, file: str, *, tabs: bool = False, facts: bool = True) -> StatementTable:
    """Read a table with a comma, a semicolon or a tab between its cells."""
    delimiter = _delimiter(lines, "\t" if tabs else ",")
    first = _record(lines, delimiter, 0)
    if problem := wrong_bytes(first.text, Location(file, 1), 1) or too_long(first.text, Location(file, 1)):
        raise CannotImportError(problem)
    header = first.cells
    while header and not header[-1].strip():
        header.pop()
    if problems := check_header(file, header, _below(lines), facts=facts):
        raise CannotImportError(*problems)
    return StatementTable(file, tuple(header), _rows(lines, delimiter, file, header), places(header), delimiter)


def _delimiter(lines: Lines, default: str) -> str:
    """Return the delimiter of a header. Other rows do not count: their cells may contain any character."""
    line = lines.next()
    lines.put_back([line])
    cells = {delimiter: _roughly(line, delimiter) for delimiter in _DELIMITERS}
    return max(cells, key=lambda found: (count_known(cells[found]), count_meant(cells[found]), found == default))


def _roughly(line: str, delimiter: str) -> list[str]:
    return [cell.strip(' "\n') for cell in line.split(delimiter)]


def _below(lines: Lines) -> Iterator[list[str]]:
    """Yield the rows under a first row that is no header, each split at the delimiter that fits best."""
    while line := lines.next():
        yield max((_roughly(line, delimiter) for delimiter in _DELIMITERS), key=count_known)


def _record(lines: Lines, delimiter: str, width: int) -> _Record:
    """Read a row, "" at the end; if a quote does not close, only its first line."""
    text = lines.next()
    if '"' not in text or len(text) > MAX_LINE:
        return _Record(text, text.removesuffix("\n").split(delimiter))
    taken = [text]
    cells = _cells(taken, delimiter)
    while cells is None and len(taken) < _MAX_LINES_OF_A_ROW and (more := lines.next()):
        taken.append(more)
        cells = _cells(taken, delimiter)
    if cells and (len(taken) == 1 or width in {0, len(cells)}):
        return _Record("".join(taken), cells)
    lines.put_back(taken[1:])
    return _Record(text, [])


def _cells(taken: list[str], delimiter: str) -> list[str] | None:
    """Split a row, None if it goes on in the next line, nothing if a quote is out of location."""
    try:
        return next(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        # Python gives no other way to distinguish the two.
        return None if "unexpected end" in str(error) else []


def _rows(lines: Lines, delimiter: str, file: str, header: Sequence[str]) -> Iterator[Row]:
    names = [known(cell) for cell in header]
    number, line = 1, lines.number + 1
    while (record := _record(lines, delimiter, len(header))).text:
        number += 1
        cells = {name: text for name, cell in zip(names, record.cells, strict=False) if (text := cell.strip())}
        problem = _problem(record, Location(file, number), line, header)
        if problem:
            yield _refused(number, record, problem, names)
        elif cells:
            yield Row(number, cells, record.cells[: len(header)])
        line = lines.number + 1


def _problem(record: _Record, location: Location, line: int, header: Sequence[str]) -> Problem | None:
    """Return the problem of a row as a whole."""
    if problem := wrong_bytes(record.text, location, line) or too_long(record.text, location):
        return problem
    if not record.cells:
        return _unsplit(record, location)
    if record.cells == header:
        return Problem("no-header", location, "This row repeats the header.", "delete the row.")
    if len(record.cells) == len(header) or not any(map(str.strip, record.cells)):
        return None
    if len(record.cells) > len(header) and not any(record.cells[len(header) :]):
        return None
    message = f"The row has {counted(len(record.cells), 'cell')}, the header has {len(header)}."
    return Problem("ragged-row", location, message, "add or remove cells; put a cell that holds a delimiter in quotes.")


def _unsplit(record: _Record, location: Location) -> Problem:
    """Return the reason why a row could not be split into cells."""
    if len(record.text) > csv.field_size_limit():
        message = f"A cell has more than {csv.field_size_limit():,} characters."
        return Problem("line-too-long", location, message, "shorten it; a text has at most 1,000.")
    message = "A double quote opens and does not close, or closes in the middle of a cell."
    return Problem("unbalanced-quote", location, message, 'write "" for a quote in a cell, and " around the cell.')


def _refused(number: int, record: _Record, problem: Problem, names: Sequence[str]) -> Row:
    """Return an unreadable row: with its cells if only their encoding is wrong, otherwise with its text."""
    if problem.code == "not-utf8" and len(record.cells) == len(names):
        return Row(number, {}, list(map(read_anyway, record.cells)), (problem,))
    return Row(number, {}, [""] * len(names), (problem,), unread_text(record.text))
