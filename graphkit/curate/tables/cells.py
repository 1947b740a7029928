"""What stands in a cell of a workbook, as text; where that is not what the curator typed, it is said."""

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
        """What stands in it."""

    @property
    def data_type(self) -> str:
        """What kind of thing that is; "e" is an error."""

    @property
    def number_format(self) -> str:
        """How it is shown."""


def spell_cell(cell: Cell) -> tuple[str, str]:
    """Return what stands in a cell as text, and what is wrong with it, "" if nothing is."""
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
    """Undo how workbooks spell control characters; line breaks are as everywhere."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n")


def _codes(cell: Cell) -> str:
    """Return the part of a number format that stands for the number."""
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
    """Spell a date; a spreadsheet fills in the day or the year where only a part of it was typed."""
    text = value.date().isoformat()
    if value.time() != dt.time():
        return value.isoformat(sep=" "), f"the cell holds {value}, with a time of day."
    missing = [name for name, code in (("day", "d"), ("month", "m"), ("year", "y")) if code not in codes]
    if missing and codes != "general":
        return text, f"the cell holds {text} but shows no {missing[0]}; the spreadsheet has made that up."
    return text, ""
