"""Workbooks (.xlsx): rows of text from cells that may be dates, numbers, formulas or errors."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from xml.etree.ElementTree import ParseError

from graphkit.corpus.parse import near
from graphkit.curate.tables.columns import check_header, known, places
from graphkit.curate.tables.layout import Layout, MergedCells, read_comments, read_layout
from graphkit.curate.tables.table import SAVE_AS_XLSX, CannotImportError, Row, StatementTable
from graphkit.model.date_hints import DAY_ZERO
from graphkit.model.errors import Level, Location, MissingExtraError, Problem
from graphkit.model.text import shortened

_Cells: TypeAlias = "tuple[Any, ...]"
_Read = TypeVar("_Read")
# A table of some 300,000 statements; larger tables belong in CSV, and a small file that unpacks to more is an attack.
_MAX_UNPACKED = 500_000_000
_MAX_STRINGS = 100_000_000
_STRINGS = "xl/sharedStrings.xml"
_ROWS_AT_ONCE = 500
# Spreadsheets keep fifteen digits, whatever they show.
_DIGITS = 15
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_NOT_A_TEXT = "format the cell as text, and type what the source says."
# The exceptions of the library for files that are no workbook, broken or truncated.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, ParseError,
    RecursionError, RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@contextmanager
def workbook_table(path: Path, begin: bytes, sheet: str = "", *, facts: bool = True) -> Iterator[StatementTable]:
    """Open a sheet of a workbook.

    Raises:
        CannotImportError: It is no workbook, is too large, or has a wrong header or none.
    """
    file = str(path)
    try:
        import openpyxl  # noqa: F401 - is it there?
    except ImportError as error:
        raise MissingExtraError("openpyxl", "curate") from error
    _check_archive(path, begin)
    with ExitStack() as stack:
        values = _open(stack, path, data_only=True)
        title = _choose(values, sheet, file)
        rows = _rows(values, title, file)
        layout = _layout(path, values[title])
        layout.hidden_sheet = title if values[title].sheet_state != "visible" else ""
        typed = _rows(_open(stack, path, data_only=False), title, file) if layout.formulas else repeat(())
        header = _header(next(rows, ()))
        if problems := check_header(file, header, (_header(row) for row in rows), facts=facts):
            raise CannotImportError(*problems)
        below = zip(rows, islice(typed, 1, None), strict=False)
        yield StatementTable(
            file, tuple(header), _read(below, header, file, layout), places(header), day_zero=values.epoch.date()
        )


def _check_archive(path: Path, begin: bytes) -> None:
    """Refuse files that are no workbook or unpack to too much."""
    file = str(path)
    if begin.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(file, *_old(path))
    if not begin.startswith(b"PK"):
        raise _unreadable(file, "This is not a workbook, in spite of its name.", "save it as .xlsx, or rename it.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, file)
    except _BROKEN as error:
        raise _unreadable(file, f"The workbook is broken: {error}", _AGAIN) from error


def _layout(path: Path, sheet: Any) -> Layout:  # noqa: ANN401 - a sheet of the library
    def read() -> Layout:
        inside = sheet._worksheet_path  # noqa: SLF001
        with zipfile.ZipFile(path) as archive, archive.open(inside) as part:
            layout = read_layout(part)
            layout.comments = read_comments(archive, inside)
        return layout

    return _quietly(read, str(path))


_AGAIN = "open it in a spreadsheet and save it again as .xlsx."


def _old(path: Path) -> tuple[str, str]:
    """Distinguish an encrypted workbook from one of the old format; both have the same container."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return "The workbook is protected by a password.", "save it without one."
    return "This is a workbook of the old format (.xls).", f"{SAVE_AS_XLSX['.xls']}."


def _check_parts(archive: zipfile.ZipFile, file: str) -> None:
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    if "mimetype" in sizes or "content.xml" in sizes:
        raise _unreadable(file, "This is an OpenDocument file (.ods).", f"{SAVE_AS_XLSX['.ods']}.")
    if "xl/workbook.bin" in sizes:
        raise _unreadable(file, "This is a binary workbook (.xlsb).", f"{SAVE_AS_XLSX['.xlsb']}.")
    if "[Content_Types].xml" not in sizes or not any(name.startswith("xl/") for name in sizes):
        raise _unreadable(file, "This is an archive that holds no workbook.", "name the .xlsx file itself.")
    if sum(sizes.values()) > _MAX_UNPACKED or sizes.get(_STRINGS, 0) > _MAX_STRINGS:
        message = f"Unpacked it would have {sum(sizes.values()):,} bytes; at most {_MAX_UNPACKED:,} are read."
        raise CannotImportError(Problem("file-too-large", Location(file), message, "save the sheet as CSV UTF-8."))


def _unreadable(file: str, message: str, solution: str) -> CannotImportError:
    return CannotImportError(Problem("unreadable-table", Location(file), message, solution))


def _quietly(read: Callable[[], _Read], file: str) -> _Read:
    """Read without the warnings of the library; any of its exceptions means that the workbook is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except _BROKEN as error:
        message = f"The workbook is broken: {str(error).partition(chr(10))[0] or type(error).__name__}"
        raise _unreadable(file, message, _AGAIN) from error


def _open(stack: ExitStack, path: Path, *, data_only: bool) -> Any:  # noqa: ANN401 - a workbook of the library
    from openpyxl import load_workbook

    # On an error, the library leaves the file open.
    file = stack.enter_context(path.open("rb"))

    def load() -> Any:  # noqa: ANN401 - a workbook of the library
        rich = _has_struck_words(path)
        return load_workbook(file, read_only=True, data_only=data_only, keep_links=False, rich_text=rich)

    return _quietly(load, str(path))


def _has_struck_words(path: Path) -> bool:
    """Return whether a part of a text may be struck through; only then are texts read with their fonts."""
    with zipfile.ZipFile(path) as archive:
        return _STRINGS in archive.namelist() and b"<strike" in archive.read(_STRINGS)


def _rows(workbook: Any, title: str, file: str) -> Iterator[_Cells]:  # noqa: ANN401 - a workbook of the library
    """Yield the rows of a sheet. Its stated size is ignored: some programs write a wrong one."""
    sheet = workbook[title]
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    while chunk := _quietly(lambda: list(islice(rows, _ROWS_AT_ONCE)), file):
        yield from chunk


def _choose(workbook: Any, sheet: str, file: str) -> str:  # noqa: ANN401 - a workbook of the library
    """Return the title of the sheet to read."""
    titles = [worksheet.title for worksheet in workbook.worksheets]
    if sheet and sheet not in titles:
        message = f"There is no sheet {sheet!r}."
        raise CannotImportError(Problem("which-sheet", Location(file), message, near(sheet, titles)))
    filled = [sheet] if sheet else [title for title in titles if _is_filled(_rows(workbook, title, file))]
    if len(filled) > 1:
        message = f"Several sheets have content: {', '.join(filled)}."
        solution = f"choose one: --sheet {filled[0]!r}"
        raise CannotImportError(Problem("which-sheet", Location(file), message, solution))
    if not filled:
        raise CannotImportError(Problem("empty-file", Location(file), "No sheet has content.", "fill one in."))
    return filled[0]


def _is_filled(rows: Iterable[_Cells]) -> bool:
    return any(cell.value is not None for cell in chain.from_iterable(rows))


def _header(cells: _Cells) -> list[str]:
    header = ["" if cell.value is None else str(cell.value) for cell in cells]
    while header and not header[-1].strip():
        header.pop()
    return header


def _read(below: Iterable[tuple[_Cells, _Cells]], header: Sequence[str], file: str, layout: Layout) -> Iterator[Row]:
    names = [known(cell) for cell in header]
    merged, hidden = MergedCells(layout, header), layout.hidden(file, header)
    merged.fill(list(header), Location(file, 1))
    for number, (values, typed) in enumerate(below, 2):
        texts, problems = _texts(values, typed, header, Location(file, number))
        if not problems and not any(texts):
            continue
        problems += merged.fill(texts, Location(file, number))
        if texts == header:
            problem = Problem("no-header", Location(file, number), "This row repeats the header.", "delete the row.")
            problems.append(problem)
        filled = zip(names, texts, strict=True) if texts != header else ()
        cells = {name: text for name, cell in filled if (text := cell.strip())}
        hidden += layout.hidden_row(Location(file, number))
        yield Row(number, cells, texts, (*problems, *hidden, *layout.comments_of(Location(file, number))))
        hidden = []


def _texts(values: _Cells, typed: _Cells, header: Sequence[str], location: Location) -> tuple[list[str], list[Problem]]:
    """Return the cells of a row as texts, as many as the header has, and their problems."""
    texts = [""] * len(header)
    problems = []
    formulas = {cell.column for cell in typed if cell.value is not None and cell.data_type == "f"}
    for column, cell in enumerate(values, 1):
        if cell.value is None and column not in formulas:
            continue
        text, wrong = _spell(cell)
        at = Location(location.file, location.line, column)
        if column > len(header):
            message = f"The cell {text!r} has no column name above it."
            problems.append(Problem("ragged-row", at, message, "move it, or name the column."))
            continue
        texts[column - 1] = text
        shown = f"Column {known(header[column - 1])!r}"
        if column in formulas:
            problems.append(_formula(shown, text, at))
        if wrong:
            problems.append(Problem("mangled-cell", at, f"{shown}: {wrong}", _NOT_A_TEXT))
        problems += _struck(cell, shown, at)
    return texts, [*problems, *_unit_problems(values, list(map(known, header)), texts, location)]


def _formula(shown: str, text: str, location: Location) -> Problem:
    if text:
        message = f"{shown}: this is a formula; its last value was taken: {text!r}."
        return Problem("formula", location, message, "paste it as a value if it is to stay.", Level.WARNING)
    message = f"{shown}: this is a formula without a value."
    return Problem("formula-without-value", location, message, "open the workbook, let it calculate, and save it.")


# --- cells -------------------------------------------------------------------------------------------


def _spell(cell: Any) -> tuple[str, str]:  # noqa: ANN401 - a cell of the library
    """Return the content of a cell as text, and the problem with it, "" if there is none."""
    value = cell.value
    text = "" if value is None else str(value)
    if cell.data_type == "e":
        return text, f"the cell shows the error {value}."
    match value:
        case bool():
            return text.lower(), ""
        case int() | float():
            return _number(value, _codes(cell))
        case dt.datetime():
            return _day(value, _codes(cell))
        case dt.time() | dt.timedelta():
            return text, f"the cell holds a time, {value}."
    is_shown = _codes(cell).count(";") < _SECTIONS or _codes(cell).rpartition(";")[2].strip()
    return _unescaped(text), "" if is_shown else f"the cell shows nothing and holds {shortened(text)!r}."


# The number of signs between the parts of a number format: for positive and negative numbers, zero, and texts.
_SECTIONS = 3


def _unescaped(text: str) -> str:
    """Decode the escapes of control characters in workbooks, and make line ends uniform."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n")


def _codes(cell: Any) -> str:  # noqa: ANN401 - a cell of the library
    """Return a number format without its literal text."""
    return _LITERAL.sub("", cell.number_format).lower()


def _number(value: float, codes: str) -> tuple[str, str]:
    text = f"{Decimal(format(value, f'.{_DIGITS}g')):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    parts = codes.split(";")
    place = (value < 0) + 2 * (value == 0)
    codes = parts[place if place < min(len(parts), _SECTIONS) else 0]
    if not re.search("[0#?a-z]", codes):
        return text, f"the cell shows no number and holds {text}."
    if "%" in codes:
        return text, f"the cell shows {(Decimal(text) * 100).normalize():f}% and holds {text}."
    if (shown := _shown(Decimal(text), codes)) != Decimal(text):
        return text, f"the cell shows {shown:f} and holds {text}."
    if len(text.strip("-").partition(".")[0]) > _DIGITS:
        return text, f"a spreadsheet keeps {_DIGITS} digits of a number; this may not be the one that was typed."
    return text, ""


def _shown(number: Decimal, codes: str) -> Decimal:
    """Return the number that a cell shows: rounded, and in thousands or millions for commas after its last digit."""
    if power := _POWER_CODES.fullmatch(codes):
        return Decimal(format(number, f".{len(power['decimals'] or '')}e"))
    digits = _DIGIT_CODES.fullmatch(codes)
    if not digits:
        return number
    scaled: Decimal = number / 1000 ** len(digits["thousands"])
    return scaled.quantize(Decimal(1).scaleb(-len(digits["decimals"] or "")))


_POWER_CODES = re.compile(r"[^0#?e/]*[0#?]+(?:\.(?P<decimals>[0#?]+))?e[+-][0#?]+[^0#?e/]*")
# A number format without literal text: digits, decimals, and commas that divide by a thousand; no fraction or exponent.
_DIGIT_CODES = re.compile(r"[^0#?e/]*[0#?](?:[0#?,]*[0#?])?(?:\.(?P<decimals>[0#?]+))?(?P<thousands>,*)[^0#?e/]*")


def _unit_problems(values: _Cells, names: Sequence[str], texts: Sequence[str], location: Location) -> Iterator[Problem]:
    """Report amounts that show another currency than the column `unit`, or words such as million after the number."""
    unit = next((text.strip() for name, text in zip(names, texts, strict=True) if name == "unit"), "")
    for name, cell in zip(names, values, strict=False):
        shown = cell.number_format if name in {"number", "amountTo"} and isinstance(cell.value, int | float) else ""
        signs = {code for sign, code in _CURRENCIES.items() if sign in shown}
        scale = _SCALE.search(" ".join(_LITERAL.findall(shown)))
        if signs and unit and unit not in signs:
            message = f"Column {name!r}: the cell shows {' or '.join(sorted(signs))}, and the unit is {unit!r}."
            yield Problem("mangled-cell", replace(location, column=names.index(name) + 1), message, _NOT_A_TEXT)
        elif scale:
            message = f"Column {name!r}: the cell shows {scale[0]!r} after the number, and does not hold it."
            yield Problem("mangled-cell", replace(location, column=names.index(name) + 1), message, _NOT_A_TEXT)


_CURRENCIES = {
    "£": "GBP",
    "€": "EUR",
    "[$$": "USD",
    '"$"': "USD",
    "$#": "USD",
    "$ #": "USD",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
}
_SCALE = re.compile(r"(?i)\b(?:k|m|mn|mio|million|bn|billion|tsd|thousand|mrd)\b")


def _struck(cell: Any, shown: str, location: Location) -> Iterator[Problem]:  # noqa: ANN401 - a cell of the library
    parts = cell.value if isinstance(cell.value, list) else ()
    part = next((one for one in parts if getattr(getattr(one, "font", None), "strike", None)), None)
    if part is not None or (cell.value is not None and cell.has_style and cell.font.strike):
        message = f"{shown}: {shortened(str(part or cell.value))!r} is struck through."
        yield Problem("mangled-cell", location, message, "delete the text, or remove the line through it.")


_DAY_ZERO = dt.datetime.combine(DAY_ZERO, dt.time())
_YEARS = 1900, 2100


def _day(value: dt.datetime, codes: str) -> tuple[str, str]:
    """Return a date as text; a spreadsheet adds a day or a year if somebody typed only a part of a date."""
    text = value.date().isoformat()
    if value.time() != dt.time():
        return value.isoformat(sep=" "), f"the cell holds {value}, with a time of day."
    if _YEARS[0] <= (number := (value - _DAY_ZERO).days) <= _YEARS[1]:
        return text, f"the cell shows the number {number} as the day {text}; it is probably the year {number}."
    missing = [name for name, code in (("day", "d"), ("month", "m"), ("year", "y")) if code not in codes]
    if missing and codes != "general":
        return text, f"the cell holds {text} but shows no {missing[0]}; the spreadsheet has added it."
    return text, ""
