"""EDTF in, first and last possible day out: what a source supports and no guess beyond it."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.model.dates import _parsed, bounds

DAYS = st.dates(min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31))


def is_date(text: str) -> bool:
    try:
        bounds(text)
    except ValueError:
        return False
    return True


def spelled(text: str) -> list[str]:
    return [str(day or "open") for day in bounds(text)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-06-30", "2019-06-30", "2019-06-30"),
        ("2019-06", "2019-06-01", "2019-06-30"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("2022-06-03/2024-06-12", "2022-06-03", "2024-06-12"),
        ("2019/2020-06", "2019-01-01", "2020-06-30"),
        ("2019-06/2019-06", "2019-06-01", "2019-06-30"),
    ],
)
def test_level_0(text: str, first: str, last: str) -> None:
    assert spelled(text) == [first, last]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019~", "2019-01-01", "2019-12-31"),
        ("2019-06?", "2019-06-01", "2019-06-30"),
        ("2019-06-11%", "2019-06-11", "2019-06-11"),
        ("2019/2020~", "2019-01-01", "2020-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2019-XX", "2019-01-01", "2019-12-31"),
        ("2020-02-XX", "2020-02-01", "2020-02-29"),
        ("2021-21", "2021-03-01", "2021-05-31"),
        ("2021-23", "2021-09-01", "2021-11-30"),
    ],
)
def test_level_1(text: str, first: str, last: str) -> None:
    assert spelled(text) == [first, last]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019/..", "2019-01-01", "open"),
        ("../2019-06", "open", "2019-06-30"),
        ("2019-06-11/..", "2019-06-11", "open"),
        ("2019/", "2019-01-01", "open"),
        ("/2019", "open", "2019-12-31"),
    ],
)
def test_an_end_that_no_page_prints_is_open(text: str, first: str, last: str) -> None:
    assert spelled(text) == [first, last]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spring 2020",
        "2020-13",
        "2020-00",
        "2021-02-29",
        "2021-02-30",
        "1900-02-29",
        "2021-6-3",
        "03/04/2021",
        "20210403",
        "99999",
        "unknown",
        "0000",
        "-0044",
        "Y17000",
        "Y1E916",
        "2019-1X",
        "2020-06/2020-03",
        "2021-02-31/2022",
        "2020..2021",
        "2020;DROP",
        "2020\x00",
        "٢٠٢١",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert not is_date(text)


def test_reading_a_date_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("2019-1X", "/..", "spring", "2019/.."):
        is_date(text)
    assert capsys.readouterr() == ("", "")


def test_white_space_is_no_part_of_a_date() -> None:
    accepted = [text for text in (" 2019", "2019\n", "\t2019-06", "2019 / 2020") if is_date(text)]
    assert accepted == []


@given(DAYS)
def test_a_day_is_itself(day: dt.date) -> None:
    assert bounds(day.isoformat()) == (day, day)


@given(DAYS)
@settings(max_examples=30)
def test_a_month_has_all_its_days(day: dt.date) -> None:
    length = calendar.monthrange(day.year, day.month)[1]
    assert bounds(day.isoformat()[:7]) == (day.replace(day=1), day.replace(day=length))


@given(DAYS, DAYS)
@settings(max_examples=30)
def test_an_interval_goes_from_its_first_to_its_last_day(one: dt.date, other: dt.date) -> None:
    first, last = sorted([one, other])
    assert bounds(f"{first}/{last}") == (first, last)
    assert is_date(f"{last}/{first}") == (first == last)


@given(st.text("0123456789-/.~?%XTYSZ:u[]{}, ", max_size=14))
def test_anything_is_a_date_or_a_value_error(text: str) -> None:
    try:
        first, last = bounds(text)
    except ValueError:
        return
    assert first is None or last is None or first <= last


PLAIN = st.from_regex(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?[?~%]?", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(PLAIN, st.one_of(PLAIN, st.just("..")), st.booleans())
def test_the_short_way_says_what_the_library_says(start: str, end: str, interval: bool) -> None:
    text = f"{start}/{end}" if interval else start
    first, last = _parsed(text)
    if first and last and first > last:
        assert not is_date(text)
    else:
        assert bounds(text) == (first, last)
