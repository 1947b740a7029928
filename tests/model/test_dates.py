"""EDTF in, first and last possible day out: what a source supports and no guess beyond it."""

from __future__ import annotations

import calendar
import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.model.dates import Day, bounds, read_edtf

DAYS = st.dates(min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31))


def is_date(text: str) -> bool:
    try:
        bounds(text)
    except ValueError:
        return False
    return True


# Our own table. The days are those that the package edtf 5.0.2 computes, each compared with the specification; the
# comments name the cases in which the package is wrong or the specification leaves the days open.
LEVEL_0 = """
2019-06-30                 2019-06-30        2019-06-30
2019-06                    2019-06-01        2019-06-30
2019                       2019-01-01        2019-12-31
2020-02                    2020-02-01        2020-02-29
1900-02                    1900-02-01        1900-02-28
2000-02-29                 2000-02-29        2000-02-29
0001                       0001-01-01        0001-12-31
9999                       9999-01-01        9999-12-31
0000                       0000-01-01        0000-12-31
0000-02                    0000-02-01        0000-02-29
1985-04-12T23:20:30        1985-04-12        1985-04-12
1985-04-12T00:00:00Z       1985-04-12        1985-04-12
1985-04-12T23:20:30-04     1985-04-12        1985-04-12
1985-04-12T23:20:30+04:30  1985-04-12        1985-04-12
1964/2008                  1964-01-01        2008-12-31
2004-06/2006-08            2004-06-01        2006-08-31
2004-02-01/2005-02-08      2004-02-01        2005-02-08
2004-02-01/2005-02         2004-02-01        2005-02-28
2004-02-01/2005            2004-02-01        2005-12-31
2005/2006-02               2005-01-01        2006-02-28
2019-06/2019-06            2019-06-01        2019-06-30
2020-06-15/2020-06         2020-06-15        2020-06-30
"""
LEVEL_1 = """
Y12345                     12345-01-01       12345-12-31
Y170000002                 170000002-01-01   170000002-12-31
Y-170000002                -170000002-01-01  -170000002-12-31
-1985                      -1985-01-01       -1985-12-31
-0001                      -0001-01-01       -0001-12-31
-0004-02                   -0004-02-01       -0004-02-29
-0044-03-15                -0044-03-15       -0044-03-15
2001-21                    2001-03-01        2001-05-31
2001-22                    2001-06-01        2001-08-31
2001-23                    2001-09-01        2001-11-30
2001-24                    2001-12-01        2001-12-31
1984?                      1984-01-01        1984-12-31
2004-06~                   2004-06-01        2004-06-30
2004-06-11%                2004-06-11        2004-06-11
-1985?                     -1985-01-01       -1985-12-31
201X                       2010-01-01        2019-12-31
20XX                       2000-01-01        2099-12-31
201X?                      2010-01-01        2019-12-31
-19XX                      -1999-01-01       -1900-12-31
2004-XX                    2004-01-01        2004-12-31
2004-XX~                   2004-01-01        2004-12-31
1985-04-XX                 1985-04-01        1985-04-30
2020-02-XX                 2020-02-01        2020-02-29
1985-XX-XX                 1985-01-01        1985-12-31
1985-04-12/..              1985-04-12        open
1985-04/..                 1985-04-01        open
1985/..                    1985-01-01        open
../1985-04-12              open              1985-04-12
../1985-04                 open              1985-04-30
../..                      open              open
1984~/2004-06              1984-01-01        2004-06-30
1984/2004-06~              1984-01-01        2004-06-30
1984?/2004%                1984-01-01        2004-12-31
1984-06-02?/2004-08-08~    1984-06-02        2004-08-08
2001-21/2003               2001-03-01        2003-12-31
2004-06-XX/2004-07-03      2004-06-01        2004-07-03
201X/202X                  2010-01-01        2029-12-31
-0005/-0003                -0005-01-01       -0003-12-31
-1985/1990                 -1985-01-01       1990-12-31
-0044-XX                   -0044-01-01       -0044-12-31
2001-21?                   2001-03-01        2001-05-31
Y-12345/Y12345             -12345-01-01      12345-12-31
-19XX/-18XX                -1999-01-01       -1800-12-31
1985-04-12/                1985-04-12        open
/1985-04                   open              1985-04-30
"""
# The package mixes up -0044-XX, refuses 2001-21?, Y-12345/Y12345 and -19XX/-18XX, and puts ten years in the place of an
# unknown end; the specification says that the end is unknown.
LEVEL_2 = [
    *("2001-25", "2001-34", "2XXX", "XXXX", "1985-XX-04", "198X-04", "1X99", "2004-1X", "2004-06?-11", "?2004-06"),
    *("{1667,1668}", "[1667,1668]", "Y1E3", "Y-17E7", "1950S2", "2004-06-~01/2004-06-~20"),
]
NO_DATES = [
    *("", "/", "spring 2020", "unknown", "2020-13", "2020-00", "2020-20", "2020-01-00", "2021-02-29", "2021-02-30"),
    *("1900-02-29", "-0003-02-29", "2021-6-3", "03/04/2021", "20210403", "99999", "-0000", "Y1700", "Y01700"),
    *("2020-24-05", "2021-02-31/2022", "2020..2021", "2020;DROP", "2020\x00", "٢٠٢١", "2019??", "2019/2020/2021"),
    *("1985-04-12T24:00:00", "1985-04-12T23:20:30/1986", "1985-04T23:20:30", "1985-04-12T23:20"),
    "1985-04-12T23:20:30?",
]


def spelled(day: Day | None) -> str:
    return f"{'-' * (day.year < 0)}{abs(day.year):04}-{day.month:02}-{day.day:02}" if day else "open"


@pytest.mark.parametrize("table", [LEVEL_0, LEVEL_1], ids=["level 0", "level 1"])
def test_the_first_and_last_day_of_each_form(table: str) -> None:
    cases = [line.split() for line in table.strip().splitlines()]
    found = [[text, *map(spelled, read_edtf(text))] for text, _, _ in cases]
    assert found == cases


def test_bounds_are_the_same_days_as_dates() -> None:
    cases = [line.split() for table in (LEVEL_0, LEVEL_1) for line in table.strip().splitlines()]
    usual = [case for case in cases if all(re.match(r"open|(?!0000)\d{4}-", day) for day in case[1:])]
    assert len(usual) > 40
    assert [[text, *(str(day or "open") for day in bounds(text))] for text, _, _ in usual] == usual


def refusal(text: str) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        read_edtf(text)
    return str(refused.value).removeprefix(repr(text))


def test_level_2_is_refused_by_name() -> None:
    expected = " is not a date. It is EDTF of level 2; only levels 0 and 1 are read."
    assert {text: refusal(text) for text in LEVEL_2} == dict.fromkeys(LEVEL_2, expected)


def test_what_is_no_date_is_refused() -> None:
    assert {text: refusal(text) for text in NO_DATES} == dict.fromkeys(NO_DATES, " is not a date.")
    assert {refusal(text) for text in ("2019/2018", "2020-06/2020-03")} == {" ends before it begins."}


@pytest.mark.parametrize("text", ["0000", "-0044", "Y17000", "../Y12345", "-0044/2020"])
def test_bounds_refuse_years_that_other_tools_cannot_read(text: str) -> None:
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        bounds(text)


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
