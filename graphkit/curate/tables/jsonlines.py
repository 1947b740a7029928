"""JSON lines: one flat object on each line, with the columns as keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NoReturn, TypeAlias

from graphkit.curate.tables.columns import COLUMNS, CORRECTION, known, unknown_column
from graphkit.curate.tables.table import Lines, Row, StatementTable, too_long, unread_text, wrong_bytes
from graphkit.model.errors import Location, Problem

JSON_HEADER = tuple(column.name for column in COLUMNS if column.part != CORRECTION)
# Objects as tuples of pairs, to notice duplicate keys, and numbers as they are typed.
_Value: TypeAlias = "str | bool | list[_Value] | tuple[tuple[str, _Value], ...] | None"


def json_table(lines: Lines, file: str) -> StatementTable:
    """Read a table of JSON lines."""
    return StatementTable(file, JSON_HEADER, _rows(lines, file))


def _rows(lines: Lines, file: str) -> Iterator[Row]:
    while line := lines.next():
        if line.isspace():
            continue
        yield json_row(line, Location(file, lines.number))


def json_row(line: str, location: Location) -> Row:
    """Read one line."""
    problem = wrong_bytes(line, location, location.line) or too_long(line, location)
    return _refused(line, problem) if problem else _row(line, location)


def _row(line: str, location: Location) -> Row:
    try:
        pairs = _DECODER.decode(line.rstrip())
    except (ValueError, RecursionError) as error:
        return _refused(line, _no_json(error, location))
    if not isinstance(pairs, tuple):
        message = f"This is not a JSON object: it begins with {line.strip()[:20]!r}."
        return _refused(line, Problem("broken-json", location, message, _FLAT))
    cells: dict[str, str] = {}
    problems = [problem for key, value in pairs if (problem := _take(key, value, cells, location))]
    if problems:
        return _refused(line, *problems)
    return Row(location.line, {name: text for name, cell in cells.items() if (text := cell.strip())}, _original(cells))


_FLAT = 'write one flat object a line, such as {"source": "…", "subject": "…", …}.'


def _take(key: str, value: _Value, cells: dict[str, str], location: Location) -> Problem | None:
    """Put a value into its cell, or return the problem with it."""
    name = known(key)
    if not name:
        return unknown_column(key, location)
    if name in cells:
        return Problem("duplicate-column", location, f"The key {name!r} occurs more than once.", "keep one of them.")
    if isinstance(value, list | tuple):
        kind = "an array" if isinstance(value, list) else "an object"
        message = f"Column {name!r}: this is {kind}."
        return Problem("broken-json", location, message, 'give a text; several names go into one: "a; b".')
    cells[name] = "" if value is None else str(value).lower() if isinstance(value, bool) else value
    return None


def _original(cells: dict[str, str]) -> Sequence[str]:
    return [cells.get(name, "") for name in JSON_HEADER]


def _no_json(error: ValueError | RecursionError, location: Location) -> Problem:
    what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    if isinstance(error, json.JSONDecodeError):
        what = f"{error.msg} at character {error.colno}"
    return Problem("broken-json", location, f"This is not JSON: {what}.", _FLAT)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=_no_number)


def _refused(line: str, *problems: Problem) -> Row:
    return Row(problems[0].location.line, {}, [""] * len(JSON_HEADER), problems, unread_text(line))
