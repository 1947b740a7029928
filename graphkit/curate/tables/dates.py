"""Suggestions for dates in the form of spreadsheets."""

from __future__ import annotations

import datetime as dt
import re

# Day 0 of the serial numbers of dates in spreadsheets, unless they count from 1904.
DAY_ZERO = dt.date(1899, 12, 30)

_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_NUMBERS = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[/. -](\d{1,2})(?:[/. -](\d{1,2}))?(?:[T ].*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_GAP = r"[-/ ,]+"
_MONTH_YEAR = re.compile(rf"{_MONTH}{_GAP}(?P<year>\d{{4}}|\d\d)", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}{_MONTH}(?:{_GAP}(?P<year>\d{{4}}|\d\d))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"{_MONTH}{_GAP}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?P<year>\d{{4}})", re.IGNORECASE)

# Replaces a year that the cell does not show.
_HIDDEN = "YYYY"


def guess_date(text: str, day_zero: dt.date = DAY_ZERO) -> str:
    """Return a suggestion for a text that is not EDTF; "" if it does not look like a date.

    Args:
        day_zero: Day 0 of the numbers of its spreadsheet.

    >>> guess_date("43617")
    'it is probably the number of a day in a spreadsheet: type 2019-06-01 if that is what the source says.'
    >>> guess_date("06/03/2022")
    'it can be 2022-03-06 or 2022-06-03: type the one that the source says.'
    """
    if found := _SERIAL.fullmatch(text):
        day = day_zero + dt.timedelta(days=int(found[1]))
        return f"it is probably the number of a day in a spreadsheet: type {day} if that is what the source says."
    dates = sorted(set(_readings(text)))
    if len(dates) > 1:
        return f"it can be {' or '.join(dates)}: type the one that the source says."
    return f"type {dates[0]} if that is what the source says." if dates else ""


def _readings(text: str) -> list[str]:
    """Return all dates, in EDTF, that a text can mean."""
    if found := _NUMBERS.fullmatch(text):
        first, second, year = found.groups()
        return [*_date(year, second, first), *_date(year, first, second)]
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(*found.groups())
    if found := _MONTH_YEAR.fullmatch(text):
        year = found["year"]
        # A spreadsheet shows Jun-19 for June 2019, and for 19 June of a year that it hides.
        other = [] if len(year) == len("2019") else _date(_HIDDEN, _number(found), year)
        return [*_date(year, _number(found)), *other]
    if found := _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        return _date(found["year"] or _HIDDEN, _number(found), found["day"])
    return []


def _number(found: re.Match[str]) -> str:
    return str(_MONTHS.index(found["month"].lower()) + 1)


def _date(year: str, month: str, day: str | None = None) -> list[str]:
    """Return a date that exists as EDTF. Years of two digits belong to this century."""
    whole = f"20{year}" if len(year) == len("19") else year
    try:
        dt.date(2000 if whole == _HIDDEN else int(whole), int(month), int(day or 1))
    except ValueError:
        return []
    return ["-".join([whole, f"{int(month):02}", *([f"{int(day):02}"] if day else [])])]
