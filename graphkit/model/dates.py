"""Dates as precise as their source: EDTF of levels 0 and 1, and the first and last day that it allows.

The specification is the Extended Date/Time Format of the Library of Congress, part of ISO 8601-2:2019. It does not say
on which days a season begins and ends; we use meteorological seasons within the calendar year: spring begins in March,
winter is December.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple

_DATE = re.compile(r"(-?)(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[?~%]?", re.ASCII)
_LONG_YEAR = re.compile(r"Y(-?[1-9]\d{4,11})", re.ASCII)
_HOURS = r"(?:[01]\d|2[0-3])"
_TIME = re.compile(rf"(\d{{4}}-\d\d-\d\d)T{_HOURS}(?::[0-5]\d){{2}}(?:Z|[+-]{_HOURS}(?::[0-5]\d)?)?", re.ASCII)
# Sets, seasons by hemisphere, exponents, significant digits, and qualified or unspecified parts of a date.
_LEVEL_2 = re.compile(
    r"[\[{][^\[\]{}]+[\]}]|-?\d{4}-(?:2[5-9]|3\d|4[01])|Y?-?\d+[ES]\d+(?:S\d+)?"
    r"|[-\d?~%X]*(?:[?~%][-\d]|X)[-\d?~%X]*",
    re.ASCII,
)
_MONTHS = {f"{month:02}": (month, month) for month in range(1, 13)}
_MONTHS |= {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 12), "": (1, 12), "XX": (1, 12)}


class Day(NamedTuple):
    """A day of the Gregorian calendar in any year, even before our era."""

    year: int
    month: int
    day: int


@lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day that an EDTF expression allows; None where it is open.

    Raises:
        ValueError: The text is not EDTF of level 0 or 1, ends before it begins, or leaves the years 1 to 9999.

    >>> [str(day) for day in bounds("2019-06")]
    ['2019-06-01', '2019-06-30']
    >>> bounds("2019/..")
    (datetime.date(2019, 1, 1), None)
    """
    first, last = read_edtf(text)
    if any(day and not dt.MINYEAR <= day.year <= dt.MAXYEAR for day in (first, last)):
        raise ValueError(f"{text!r} is outside the years 1 to 9999, which all tools read.")
    return first and dt.date(*first), last and dt.date(*last)


def bounds_if_any(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the bounds of a text; both are open if it is not a date.

    >>> bounds_if_any("whenever")
    (None, None)
    """
    try:
        return bounds(text) if text else (None, None)
    except ValueError:
        return None, None


def read_edtf(text: str) -> tuple[Day | None, Day | None]:
    """Return the first and the last day of an EDTF expression in any year; None where it is open or unknown.

    Raises:
        ValueError: The text is not EDTF of level 0 or 1, or ends before it begins.

    >>> read_edtf("-0044-03-15"), read_edtf("Y12345")[0]
    ((Day(year=-44, month=3, day=15), Day(year=-44, month=3, day=15)), Day(year=12345, month=1, day=1))
    """
    start, slash, end = text.partition("/")
    try:
        if slash and (start or end):
            first, last = _end(start)[0], _end(end)[1]
        else:
            time = _TIME.fullmatch(text)
            first, last = _date(time[1] if time else text)
    except LookupError as error:
        level_2 = any(map(_LEVEL_2.fullmatch, text.split("/")))
        known = " It is EDTF of level 2; only levels 0 and 1 are read." if level_2 else ""
        raise ValueError(f"{text!r} is not a date.{known}") from error
    if first and last and first > last:
        raise ValueError(f"{text!r} ends before it begins.")
    return first, last


def _end(text: str) -> tuple[Day | None, Day | None]:
    return (None, None) if text in {"", ".."} else _date(text)


def _date(text: str) -> tuple[Day, Day]:
    """Return the first and the last day of a date; raise LookupError if the text is not a date."""
    if long := _LONG_YEAR.fullmatch(text):
        return Day(int(long[1]), 1, 1), Day(int(long[1]), 12, 31)
    found = _DATE.fullmatch(text)
    if not found or (found[1] and found[2] == "0000") or ("X" in found[2] and found[3]):
        raise LookupError(text)
    sign, digits, month, day = found.groups("")
    early, late = sorted(int(sign + digits.replace("X", digit)) for digit in "09")
    begin, end = _MONTHS[month]
    length = monthrange(late % 400 + 2000, end)[1]  # the calendar repeats every 400 years
    if day in {"", "XX"} and not (day and month in {"21", "22", "23", "24"}):
        return Day(early, begin, 1), Day(late, end, length)
    if not (begin == end and month < "13" and 1 <= int(day) <= length):
        raise LookupError(text)
    return Day(early, begin, int(day)), Day(late, end, int(day))


_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_QUALIFIERS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


def date_words(text: str) -> str:
    """Return an EDTF expression as a reader reads it; any other text is returned unchanged.

    A list of EDTF of level 2, `{2020,2021-03}`, is separated by bars; a missing date is "undated".

    >>> date_words("2021-03~"), date_words("2022-06/2024-06"), date_words("2018-05-09")
    ('about March 2021', 'June 2022 to June 2024', '9 May 2018')
    >>> date_words("../2018-05"), date_words("2022/.."), date_words("2021-22"), date_words("201X")
    ('May 2018 or earlier', '2022 or later', 'summer 2021', 'the 2010s')
    """
    if text.startswith("{") and text.endswith("}"):
        return " | ".join(date_words(one) if one else "undated" for one in text[1:-1].split(","))
    try:
        read_edtf(text)
    except ValueError:
        return text
    first, slash, last = text.partition("/")
    first, last = first.replace("..", ""), last.replace("..", "")
    if not slash or first == last:
        return _point_in_words(first) or "at an unknown time"
    if first and last:
        return f"{_point_in_words(first)} to {_point_in_words(last)}"
    return f"{_point_in_words(first)} or later" if first else f"{_point_in_words(last)} or earlier"


def _point_in_words(text: str) -> str:
    date, _, time = text.partition("T")
    found = _DATE.fullmatch(date)
    if not found:
        return f"the year {text[1:]}" if text[:1] == "Y" else text
    sign, digits, month, day = found.groups("")
    year = _year_in_words(sign, digits)
    season = _SEASONS.get(month) or (month not in {"", "XX"} and _NAMES[int(month) - 1])
    number = "" if day in {"", "XX"} else str(int(day))
    words = " ".join(part for part in (number, season, year) if part)
    clock = f", {time[:5]}{' UTC' if time.endswith('Z') else time[8:] and f' UTC{time[8:]}'}" if time else ""
    return _QUALIFIERS.get(date[-1:], "") + words + clock


def _year_in_words(sign: str, digits: str) -> str:
    if "X" in digits:
        first, last = digits.replace("X", "0"), digits.replace("X", "9")
        whole = f"the {first}s" if digits.endswith("X") and digits[2] != "X" else f"{first} to {last}"
        return f"{whole} BC" if sign else whole
    year = int(sign + digits)
    # There is no year 0 in words: the year 0000 of EDTF is 1 BC.
    return str(year) if year > 0 else f"{1 - year} BC"


def first_and_last_day(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the bounds of an EDTF expression or of a list of them; None where it is open or not a date.

    >>> first_and_last_day("{2020,2021-03}")
    (datetime.date(2020, 1, 1), datetime.date(2021, 3, 31))
    """
    several = text[1:-1].split(",") if text.startswith("{") and text.endswith("}") else [text]
    first, last = zip(*map(bounds_if_any, several), strict=True)
    return (
        None if None in first else min(day for day in first if day),
        None if None in last else max(day for day in last if day),
    )
