"""Figures and dates as English texts print them."""

from __future__ import annotations

import re

from graphkit.model.dates import bounds

_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTH = "|".join(_MONTHS)
_NUMBER = r"\d{1,15}+(?:[,.]\d{1,15}+){0,5}+"  # possessive, so that a list of numbers costs no time
_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half"
_LARGE = r"(?: ?(?:thousand|million|billion|bn|m|k)\b)?"
_NO_UNITS = "and|or|to|in|on|at|of|by|for|from|with|as|that|the|a|it|he|she|they|we|is|was|were|are|has|had|have|said"

# An amount of money, a percentage, or a number with what it counts: “£4m”, “78 per cent”, “three of the charities”.
FIGURE = re.compile(
    rf"[£$€] ?{_NUMBER}{_LARGE}|(?<![\w.,]){_NUMBER} ?(?:%|per ?cent\b)"
    rf"|(?<![\w.,])(?:{_NUMBER}|(?i:{_WORDS}))(?: million| billion)? (?:of (?:the|its|their|those) )?"
    rf"(?!(?:{_NO_UNITS})\b)[a-z]+"
)
DATE = (
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?\b(?P<month>{_MONTH}),? (?:(?P<late>\d{{1,2}})(?:st|nd|rd|th)?, )?"
    r"(?P<year>(?:19|20)\d\d)\b|\b(?P<alone>(?:19|20)\d\d)\b"
)
_ANY_DATE = re.compile(DATE, re.IGNORECASE)


def find_dates(text: str) -> list[str]:
    """Return the dates in a text as EDTF, no more exact than they are printed.

    >>> find_dates("on 3rd June 2019, in May 2020, in 2021 and last year")
    ['2019-06-03', '2020-05', '2021']
    """
    return [edtf(match) for match in _ANY_DATE.finditer(text)]


def edtf(match: re.Match[str]) -> str:
    """Return a match of `DATE` as EDTF; an impossible day is left out."""
    if not match["month"]:
        return match["alone"]
    month = f"{match['year']}-{_MONTHS.index(match['month'].lower()) + 1:02}"
    day = match["day"] or match["late"]
    exact = f"{month}-{int(day):02}" if day else month
    try:
        bounds(exact)
    except ValueError:
        return month
    return exact
