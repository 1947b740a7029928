"""Dates as far as a source supports them: EDTF in, first and last possible day out."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from calendar import monthrange
from contextlib import redirect_stdout
from functools import lru_cache

# A year, month or day, perhaps marked as uncertain: nearly every date. The library takes 25 ms for each.
_PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?[?~%]?", re.ASCII)
# Levels 0 and 1, as far as they are days on a calendar: the library takes much more, and some of it takes for ever.
_YEAR = r"\d{2}(?:\d\d|\dX|XX)"
_DATE = rf"{_YEAR}(?:-XX(?:-XX)?|-(?:0[1-9]|1[0-2])(?:-(?:\d\d|XX))?|-2[1-4])?[?~%]?"
_EDTF = re.compile(rf"{_DATE}|(?:{_DATE}|\.\.)?/(?:{_DATE}|\.\.)?")


@lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day that an EDTF expression allows; None where it is open.

    Args:
        text: Extended Date/Time Format, levels 0 and 1 (Library of Congress, ISO 8601-2:2019).

    Raises:
        ValueError: It is not EDTF, or ends before it begins.

    >>> [str(day) for day in bounds("2019-06")]
    ['2019-06-01', '2019-06-30']
    >>> bounds("2019/..")
    (datetime.date(2019, 1, 1), None)
    """
    start, slash, end = text.partition("/")
    plain = all(_PLAIN.fullmatch(part) or (slash and part in {"", ".."}) for part in (start, end if slash else start))
    if not plain or text == "/":
        first, last = _parsed(text)
    else:
        first, last = _plain(start)[0], _plain(end if slash else start)[1]
    if first and last and first > last:
        raise ValueError(text)
    return first, last


def bounds_if_any(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the same of a text that may be no date at all: then both days are open.

    >>> bounds_if_any("whenever")
    (None, None)
    """
    try:
        return bounds(text) if text else (None, None)
    except ValueError:
        return None, None


def _plain(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a plain date; None where there is none."""
    found = _PLAIN.fullmatch(text)
    if not found:
        return None, None
    year, month, day = (int(part) if part else None for part in found.groups())
    if day is not None:
        whole = dt.date(int(year or 0), int(month or 0), day)
        return whole, whole
    first, last = month or 1, month or 12
    return dt.date(int(year or 0), first, 1), dt.date(int(year or 0), last, monthrange(int(year or 0), last)[1])


def _parsed(text: str) -> tuple[dt.date | None, dt.date | None]:
    from edtf import parse_edtf  # 0.2 s to import, and most files do without
    from edtf.parser.edtf_exceptions import EDTFParseException

    if not _EDTF.fullmatch(text):
        raise ValueError(text)
    # The library puts ten years in the place of an end that is not known; to us it is open.
    whole = re.sub(r"^/|/$", lambda end: "../" if end.start() == 0 else "/..", text)
    try:
        # The library prints what it stumbles over.
        with redirect_stdout(io.StringIO()):
            parsed = parse_edtf(whole)
        return _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        # Odd input trips the library itself in many ways; none of it is a date.
        raise ValueError(text) from error


def _day(moment: time.struct_time | float) -> dt.date | None:
    # An open end comes back as an infinite float.
    return dt.date(*moment[:3]) if isinstance(moment, time.struct_time) else None
