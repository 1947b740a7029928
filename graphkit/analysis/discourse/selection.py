"""Which statements a projection counts: dates, empty labels, duplicates and rare actors or concepts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphkit.analysis.discourse.coded import Coded, Codes, Dates, utf16
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.dates import bounds_if_any
from graphkit.model.errors import QueryError

# Numbers from -128 to 127 are one object each in Java; larger ones never equal each other there.
_SHARED = (-128, 127)
# Reasons that do not depend on what is withdrawn.
_OF_PERIODS = {"no date", "no certain date", "outside the period"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """Statements that are counted.

    Attributes:
        universe: All statements in the period, before the other filters.
        kept: Those that are counted.
        rows, columns: Numbers of the actors and concepts in the network, in the order of their labels.
        left_out: Reason to the number of statements that were left out for it.
    """

    universe: Coded
    kept: Coded
    rows: Codes
    columns: Codes
    left_out: dict[str, int] = field(default_factory=dict)


def select(coded: Coded, settings: Projecting) -> Selection:
    """Leave out statements outside the period, withdrawn by its end, with empty or rare labels, and repeated ones."""
    left_out: dict[str, int] = {}
    universe = _in_period(coded, settings, left_out)
    withdrawn = universe.withdrawn(period(settings.start, settings.end)[1])
    return _select(_drop(universe, withdrawn, "withdrawn", left_out), settings, left_out)


def select_ever(coded: Coded, settings: Projecting) -> Selection:
    """Select statements whether they are withdrawn or not, from which `standing` leaves out those of a window."""
    left_out: dict[str, int] = {}
    return _select(_in_period(coded, settings, left_out), settings, left_out)


def standing(selection: Selection, settings: Projecting, moment: np.datetime64) -> Selection:
    """Leave out statements that are withdrawn by a moment, before repeated ones; all rows and columns stay."""
    withdrawn = selection.universe.withdrawn(moment)
    if not withdrawn.any():
        return selection
    left_out = {reason: number for reason, number in selection.left_out.items() if reason in _OF_PERIODS}
    found = _select(_drop(selection.universe, withdrawn, "withdrawn", left_out), settings, left_out)
    return replace(selection, kept=found.kept, left_out=left_out)


def _select(universe: Coded, settings: Projecting, left_out: dict[str, int]) -> Selection:
    kept = _drop(universe, _empty(universe, settings), "empty label", left_out)
    if settings.duplicates != "include":
        kept = _drop(kept, ~first_of_each(kept, settings), "duplicate", left_out)
    frequent = _drop_rare(kept, settings, left_out)
    rows = _present(universe.actors, universe.actor, kept.actor, frequent.actor, settings, settings.min_row)
    columns = _present(
        universe.concepts, universe.concept, kept.concept, frequent.concept, settings, settings.min_column
    )
    if settings.mode == "directed":
        rows = columns = _ordered(np.union1d(rows, columns), universe.actors, settings)
    return Selection(universe, frequent, rows, columns, left_out)


def _present(  # noqa: PLR0913, PLR0917
    labels: tuple[str, ...], universe: Codes, kept: Codes, frequent: Codes, settings: Projecting, least: int
) -> Codes:
    """Return the numbers of the labels that a network shows, in order."""
    if not settings.isolates:
        shown = np.bincount(frequent, minlength=len(labels)) > 0
    elif least > 1:
        shown = np.bincount(kept, minlength=len(labels)) >= least
    else:
        shown = np.bincount(universe, minlength=len(labels)) > 0
        if "" in labels:
            shown[labels.index("")] = False
    return _ordered(np.flatnonzero(shown), labels, settings)


def _ordered(numbers: Codes, labels: tuple[str, ...], settings: Projecting) -> Codes:
    if not settings.compat:
        return numbers
    return np.array(sorted(numbers.tolist(), key=lambda number: utf16(labels[number])), dtype=np.int64)


def _drop(coded: Coded, wrong: NDArray[np.bool_], reason: str, left_out: dict[str, int]) -> Coded:
    if not wrong.any():
        return coded
    left_out[reason] = int(wrong.sum())
    return coded.select(~wrong)


def period(start: str, end: str) -> tuple[np.datetime64 | None, np.datetime64 | None]:
    """Return the first and the last second of a period.

    Raises:
        QueryError: A limit is not a date, or the period ends before it begins.

    >>> [str(moment) for moment in period("2021", "2021-06")]
    ['2021-01-01T00:00:00', '2021-06-30T23:59:59']
    """
    first, last = _moment(start, 0), _moment(end, 1)
    if first is not None and last is not None and last < first:
        raise QueryError(f"The period ends ({end}) before it begins ({start}).", "Type the earlier date first.")
    return first, last


def _moment(text: str, side: int) -> np.datetime64 | None:
    if not text:
        return None
    if _TIME.fullmatch(text):
        return np.datetime64(text, "s")
    day = bounds_if_any(text)[side]
    if day is None:
        raise QueryError(f"{text!r} is not a date.", "Type a day, a month or a year, such as 2021-06.")
    return np.datetime64(f"{day}T23:59:59" if side else f"{day}", "s")


def inside(coded: Coded, first: np.datetime64, last: np.datetime64, dates: str) -> NDArray[np.bool_]:
    """Return for each statement whether it belongs to a period, both ends included."""
    inside: NDArray[np.bool_]
    if dates == "certain":
        inside = (coded.first >= first) & (coded.last <= last)
    else:  # an end that is not known may be anywhere, but one of both must be known
        known = ~(np.isnat(coded.first) & np.isnat(coded.last))
        inside = known & ~(coded.last < first) & ~(coded.first > last)
    return inside


def _in_period(coded: Coded, settings: Projecting, left_out: dict[str, int]) -> Coded:
    first, last = period(settings.start, settings.end)
    if first is None and last is None:
        return coded
    undated = np.isnat(coded.first) & np.isnat(coded.last)
    if settings.dates == "certain":
        undated = np.isnat(coded.first) | np.isnat(coded.last)
    dated = _drop(coded, undated, "no date" if settings.dates == "possible" else "no certain date", left_out)
    lowest, highest = np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31", "s")
    chosen = inside(dated, lowest if first is None else first, highest if last is None else last, settings.dates)
    return _drop(dated, ~chosen, "outside the period", left_out)


def _empty(coded: Coded, settings: Projecting) -> NDArray[np.bool_]:
    wrong = np.zeros(len(coded), dtype=bool)
    columns: list[tuple[tuple[Any, ...], Codes]] = [(coded.actors, coded.actor), (coded.concepts, coded.concept)]
    if coded.qualifier == "text" and settings.aggregation != "ignore":
        columns.append((coded.levels, coded.level))
    for labels, codes in columns:
        if "" in labels:
            wrong |= codes == labels.index("")
    return wrong


def first_of_each(coded: Coded, settings: Projecting) -> NDArray[np.bool_]:
    """Return for each statement whether it is the first of its actor, concept, level and document or period."""
    level, distinct = coded.level, np.zeros(len(coded), dtype=bool)
    if settings.aggregation == "ignore":
        level = np.zeros_like(level)
    elif settings.compat and coded.qualifier == "integer":
        values = np.array(coded.levels)[level]
        distinct = (values < _SHARED[0]) | (values > _SHARED[1])
    scope = _scope(coded, settings)
    if settings.duplicates in {"week", "month", "year"}:
        distinct |= np.isnat(coded.first)
    key = _packed(scope, level, coded.concept, coded.actor)
    chosen = distinct.copy()
    rest = np.flatnonzero(~distinct)
    chosen[rest[np.unique(key[rest], return_index=True)[1]]] = True
    return chosen


def _packed(*columns: Codes) -> Codes:
    """Return one number for each combination of the columns."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    return key


def _scope(coded: Coded, settings: Projecting) -> Codes:
    if settings.duplicates == "document":
        return coded.document
    if settings.duplicates == "all":
        return np.zeros(len(coded), dtype=np.int64)
    days = np.where(np.isnat(coded.first), np.datetime64(0, "s"), coded.first).astype("datetime64[D]")
    if settings.duplicates == "year":
        return days.astype("datetime64[Y]").astype(np.int64)
    if settings.duplicates == "month":
        months = days.astype("datetime64[M]").astype(np.int64)
        return months % 12 if settings.compat else months
    weeks = (days.astype(np.int64) + 3) // 7  # 1 January 1970 was a Thursday; ISO weeks begin on Monday
    return _week_of_year(days, american=settings.compat == "dna3-us") if settings.compat else weeks


def _week_of_year(days: Dates, *, american: bool) -> Codes:
    """Return the number of the week in its year, without the year."""
    numbers = days.astype(np.int64)
    # A week belongs to the year of its Thursday; in America, where it begins on Sunday, to that of its Saturday.
    start = numbers - (numbers + (4 if american else 3)) % 7
    middle = (start + (6 if american else 3)).astype("datetime64[D]")
    january = middle.astype("datetime64[Y]").astype("datetime64[D]")
    week: Codes = (middle - january).astype(np.int64) // 7 + 1
    return week


def _drop_rare(coded: Coded, settings: Projecting, left_out: dict[str, int]) -> Coded:
    wrong = np.zeros(len(coded), dtype=bool)
    for least, codes in ((settings.min_row, coded.actor), (settings.min_column, coded.concept)):
        if least > 1:
            wrong |= np.bincount(codes)[codes] < least
    return _drop(coded, wrong, "too few statements", left_out)
