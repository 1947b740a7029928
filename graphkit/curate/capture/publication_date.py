"""The printed date of publication of a page; it is never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphkit.model.errors import Level, Location, Problem

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:?\d\d.*)?|\d{4}(?:-\d\d)?")
# Placeholders of content management systems.
_EMPTY = frozenset({"0001-01-01", "1900-01-01", "1970-01-01"})


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date of publication that a page prints.

    Attributes:
        weak: It is in the body of the article, which may contain other dates.
    """

    text: str
    where: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The date of publication, or none and the problem to report."""

    date: str = ""
    problem: Problem | None = None


def publication_date(dates: Sequence[PrintedDate], name: str, today: dt.date) -> PublicationDate:
    """Determine the date of publication.

    >>> publication_date([PrintedDate("2024-06-12T09:00:00+01:00", "JSON-LD")], "x.html", dt.date(2025, 1, 1)).date
    '2024-06-12'
    """
    read = [(day(printed.text, today), printed) for printed in dates]
    strong = {found for found, printed in read if found and not printed.weak}
    weak = {found for found, printed in read if found and printed.weak}
    agreed = _agreed(strong, weak)
    if agreed:
        return PublicationDate(agreed)
    if strong or weak:
        return PublicationDate(problem=_disagree(read, name))
    return PublicationDate(problem=_none(read, name))


def _agreed(strong: set[str], weak: set[str]) -> str:
    """Return the date on which the metadata agree, if no date in the article contradicts it."""
    finest = {date for date in strong or weak if not _is_coarser(date, strong or weak)}
    if len(finest) != 1:
        return ""
    [date] = finest
    against = strong and weak and not any(other.startswith(date) or date.startswith(other) for other in weak)
    return "" if against else date


def _is_coarser(date: str, dates: Iterable[str]) -> bool:
    return any(other != date and other.startswith(date) for other in dates)


def day(text: str, today: dt.date) -> str:
    """Return the day, month or year of an ISO 8601 date; "" if it is not one or is impossible.

    >>> [day(text, dt.date(2025, 1, 1)) for text in ("2024-06-12T09:00Z", "2024-06", "12 June", "1970-01-01T00:00Z")]
    ['2024-06-12', '2024-06', '', '']
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        return ""
    spelled = found[1] or found[0]
    try:
        first = dt.date.fromisoformat(f"{spelled}-01-01"[: len("2024-06-12")])
    except ValueError:
        return ""
    # Other time zones may be a day ahead.
    return "" if spelled in _EMPTY or first > today + dt.timedelta(days=1) else spelled


def _listed(read: Iterable[tuple[str, PrintedDate]]) -> str:
    return ", ".join(dict.fromkeys(f"{printed.text[:40]!r} ({printed.where})" for _, printed in read))


_WAYS = "write an EDTF interval such as 2022-06/2024-06, or leave it out."


def _disagree(read: Sequence[tuple[str, PrintedDate]], name: str) -> Problem:
    message = f"The page prints several dates: {_listed(entry for entry in read if entry[0])}."
    return Problem(
        "dates-disagree", Location(name), message, f"find the date of the article, or {_WAYS}", Level.WARNING
    )


def _none(read: Sequence[tuple[str, PrintedDate]], name: str) -> Problem:
    why = f"its metadata are not valid dates: {_listed(read)}" if read else "its metadata contain none"
    message = f"No date of publication is printed: {why}."
    return Problem("no-printed-date", Location(name), message, _WAYS, Level.WARNING)
