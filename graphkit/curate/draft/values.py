"""Dates as English texts print them, for relations that lead to a date."""

from __future__ import annotations

import re

from graphkit.model.dates import bounds

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?\b(?P<month>{_MONTH}),? (?:(?P<late>\d{{1,2}})(?:st|nd|rd|th)?, )?"
    r"(?P<year>(?:19|20)\d\d)\b|\b(?P<alone>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def read_date(text: str) -> str | None:
    """Return the first date of a text as EDTF, no more exact than it is printed.

    >>> read_date("in June 2019"), read_date("on 3rd June 2019"), read_date("in 2019"), read_date("last year")
    ('2019-06', '2019-06-03', '2019', None)
    """
    found = _DATE.search(text)
    if not found:
        return None
    if not found["month"]:
        return found["alone"]
    month = f"{found['year']}-{_MONTHS.index(found['month'].lower()) + 1:02}"
    day = found["day"] or found["late"]
    return f"{month}-{int(day):02}" if day and _exists(f"{month}-{int(day):02}") else month


def _exists(date: str) -> bool:
    try:
        bounds(date)
    except ValueError:
        return False
    return True
