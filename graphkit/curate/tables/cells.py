"""Cells of a workbook as text, with a problem where a spreadsheet has changed the text that a curator typed."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Protocol

# Spreadsheets keep fifteen digits, whatever they show.
_DIGITS = 15
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
NOT_A_TEXT = "format the cell as text, and type what the source says."


class Cell(Protocol):
    """A cell as openpyxl reads it."""

    @property
    def value(self) -> object:
        """Its content."""

    @property
    def data_type(self) -> str:
        """The type of its content; "e" is an error."""

    @property
    def number_format(self) -> str:
        """How a spreadsheet shows it."""


def spell_cell(cell: Cell) -> tuple[str, str]:
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
    return _unescaped(text), ""


def _unescaped(text: str) -> str:
    """Decode the escapes of control characters in workbooks, and make line ends uniform."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n")


def _codes(cell: Cell) -> str:
    """Return a number format without its literal text."""
    return _LITERAL.sub("", cell.number_format).lower()


def _number(value: float, codes: str) -> tuple[str, str]:
    text = f"{Decimal(format(value, f'.{_DIGITS}g')):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if "%" in codes:
        return text, f"the cell shows {(Decimal(text) * 100).normalize():f}% and holds {text}."
    if len(text.strip("-").partition(".")[0]) > _DIGITS:
        return text, f"a spreadsheet keeps {_DIGITS} digits of a number; this may not be the one that was typed."
    return text, ""


def _day(value: dt.datetime, codes: str) -> tuple[str, str]:
    """Return a date as text; a spreadsheet adds a day or a year if somebody typed only a part of a date."""
    text = value.date().isoformat()
    if value.time() != dt.time():
        return value.isoformat(sep=" "), f"the cell holds {value}, with a time of day."
    missing = [name for name, code in (("day", "d"), ("month", "m"), ("year", "y")) if code not in codes]
    if missing and codes != "general":
        return text, f"the cell holds {text} but shows no {missing[0]}; the spreadsheet has added it."
    return text, ""
