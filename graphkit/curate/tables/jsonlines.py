"""JSON lines: one flat object on each line, with the columns as keys; or one JSON document with such objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import NoReturn, TypeAlias

from graphkit.curate.tables.columns import COLUMNS, CORRECTION, known, unknown_column
from graphkit.curate.tables.table import MAX_LINE, Lines, Row, StatementTable, too_long, unread_text, wrong_bytes
from graphkit.model.errors import Location, Problem

JSON_HEADER = tuple(column.name for column in COLUMNS if column.part != CORRECTION)
# Objects as tuples of pairs, to notice duplicate keys, and numbers as they are typed.
_Value: TypeAlias = "str | bool | list[_Value] | tuple[tuple[str, _Value], ...] | None"


def json_table(lines: Lines, file: str) -> StatementTable:
    """Read a table of JSON lines, or of a document with an array of objects or one object."""
    return StatementTable(file, JSON_HEADER, _document(lines, file) if _is_document(lines) else _rows(lines, file))


def _is_document(lines: Lines) -> bool:
    """Return whether the first line with text begins an array, or an object that goes on below."""
    read = [line := lines.next()]
    while line.isspace():
        read.append(line := lines.next())
    lines.put_back(read)
    return line.lstrip().startswith("[") or line.strip() == "{"


def _document(lines: Lines, file: str) -> Iterator[Row]:
    """Read the objects of a document. What follows a mistake in its signs is lost, so the last row reports that."""
    text = "".join(iter(lines.next, ""))
    at, number = _after(_SPACE_OR_BRACKET, text, 0), 1
    begun = 0
    while at < len(text):
        number, begun = number + text.count("\n", begun, at), at
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            place = getattr(error, "pos", at)
            line = number + text.count("\n", at, place)
            yield _refused(text[at : at + MAX_LINE], _no_json(error, Location(file, line)))
            return
        yield json_row(text[at:end], Location(file, number))
        at = _after(_SPACE_OR_COMMA, text, end)


_SPACE_OR_BRACKET, _SPACE_OR_COMMA = re.compile(r"[\s\[]*"), re.compile(r"[\s,\]]*")


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the position after what a pattern matches."""
    found = pattern.match(text, at)
    return found.end() if found else at


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
    filled = {name: text for name, cell in cells.items() if (text := cell.strip())}
    blank = tuple(name for name in cells if name not in filled)
    return Row(location.line, filled, _original(cells), blank=blank)


_FLAT = 'write one flat object a line, such as {"source": "…", "subject": "…", …}.'


def _take(key: str, value: _Value, cells: dict[str, str], location: Location) -> Problem | None:
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
