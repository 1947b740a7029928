"""Suggestions for dates that are not EDTF, as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from itertools import product

from graphkit.model.dates import bounds_if_any

WRITE_EDTF = "write EDTF: 2019, 2019-06, 2019-06-30, 2019~ (about), 2019? (uncertain), 2019-06/2020 (between)."
# Day 0 of the serial numbers of dates in spreadsheets, unless they count from 1904.
DAY_ZERO = dt.date(1899, 12, 30)
# Replaces a year that the text does not give.
_HIDDEN = "YYYY"
# The beginnings of the months in English, German, French and Spanish.
_BEGINNINGS = (
    ("jan", "ene"), ("feb", "fév"), ("mar", "mär"), ("apr", "avr", "abr"), ("may", "mai"), ("jun", "juin"),
    ("jul", "juil"), ("aug", "aoû", "ago"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_BEGINNINGS, 1) for name in names}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, reverse=True))})[a-zà-ÿ]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_GAP = r"[-/ ,'’]+"
_ORDINALS = ("first", "second", "third", "fourth")
_PARTS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PARTS |= {f"q{number}": (3 * number - 2, 3 * number) for number in range(1, 5)}
_PARTS |= {"h1": (1, 6), "h2": (7, 12), "first half": (1, 6), "second half": (7, 12)}
_PARTS |= {f"{word} quarter": (3 * place + 1, 3 * place + 3) for place, word in enumerate(_ORDINALS)}
_NOISE = re.compile(
    r"\b(?:(?:the|of|in|on|at|de|del|ad|ce|calendar year)\b"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b,?) ?"
    r"|\[\w+\]|[()*\"“”]"
)
_CLOCK = re.compile(r"(?:^|[ ,t]+)\d\d?(?::\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m|z)?|(?:\.\d\d)? ?[ap]m)(?=,? |$),?")
_FISCAL = re.compile(r"\b(?:f/?y|(?:(?:financial|fiscal)|(?P<kind>tax|academic)) year) ?")
# How the years of two calendar years begin and end in Britain.
_SPANS = {
    "": ("-04-01", "-03-31", "financial"), "tax": ("-04-06", "-04-05", "tax"), "academic": ("-09", "-08", "academic")
}  # fmt: skip
_RELATIVE = re.compile(
    r"(?:last|this|next|previous|current|past|recent)\b.*|yesterday|today|now|recently|ongoing|present|currently"
)
_PAIRS = re.compile(r"(\d{4})[-/](\d\d) ?(?:/|-|to|and|&) ?\d{4}[-/](\d\d)")
# EDTF writes seasons as months from 21, and people write years in the same way.
_SEASON = re.compile(r"(?:^|/)\d{4}-(2[1-4])(?=$|[/?~%])")
_SEASONS = {
    "21": "{0}-03/{0}-05 for the spring",
    "22": "{0}-06/{0}-08 for the summer",
    "23": "{0}-09/{0}-11 for the autumn",
    "24": "{0}-12 for the winter",
}
_LONGEST, _MOST_YEARS = 60, 50


def reads_as_month(text: str) -> bool:
    """Return whether a date is a month in EDTF, and may be two years to a British reader.

    >>> reads_as_month("2009-10"), reads_as_month("2021-12")
    (True, False)
    """
    years = re.fullmatch(r"\d\d(\d\d)-(\d\d)", text)
    return years is not None and 1 <= int(years[1]) + 1 == int(years[2]) <= len(_BEGINNINGS)


def reads_as_years(text: str) -> bool:
    """Return whether a date is a season in EDTF, and two years to most readers.

    >>> reads_as_years("2021-22"), reads_as_years("2021-12")
    (True, False)
    """
    return bool(_SEASON.search(text))


_UNDATED = frozenset({"undated", "no date", "n.d.", "nd", "s.d.", "o. d."})
_TURNED = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2]))?(?:-\d\d)?)/(\d{4}(?:-(?:0[1-9]|1[0-2]))?(?:-\d\d)?)")


def _special(text: str, day_zero: dt.date) -> str:
    """Return a suggestion for the number of a day, an interval that ends before it begins, or words for no date."""
    if text.casefold() in _UNDATED:
        return "delete the line: no date is better than a guess."
    if _RELATIVE.fullmatch(text.casefold()):
        return "type the date that was meant on the day of publication, as in 2019-06; with /.. if it has not ended."
    if (pairs := _PAIRS.fullmatch(_plain(text))) and int(pairs[1][2:]) + 1 == int(pairs[2]):
        return f"type {pairs[1]}-04-01/{pairs[1][:2]}{pairs[3]}-03-31 for the financial years."
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        day = day_zero + dt.timedelta(days=int(text[:5]))
        return f"it is probably the number of a day in a spreadsheet: type {day} if that is what the source says."
    if (turned := _TURNED.fullmatch(text)) and turned[2] < turned[1]:
        return f"type {turned[2]}/{turned[1]} if that is what the source says."
    return ""


def suggest_date(text: str, day_zero: dt.date = DAY_ZERO) -> str:
    """Return a suggestion for a text that is not EDTF; "" if it does not look like a date.

    Args:
        day_zero: Day 0 of the numbers of its spreadsheet.

    >>> suggest_date("43617")
    'it is probably the number of a day in a spreadsheet: type 2019-06-01 if that is what the source says.'
    >>> suggest_date("06/03/2022")
    'it can be 2022-03-06 or 2022-06-03: type the one that the source says.'
    >>> suggest_date("2021-22")
    'type 2021-04-01/2022-03-31 for the financial year, or 2021/2022 for both years, or 2021-06/2021-08 for the summer.'
    """
    if special := _special(text, day_zero):
        return special
    plain = _plain(text)
    fiscal = _FISCAL.search(plain)
    plain = _FISCAL.sub("", plain).strip(" .,;'’")
    if len(plain) > _LONGEST:
        return ""
    years = re.fullmatch(r"(\d{4}) ?[-/] ?(\d\d|\d{4})[?~%]?", plain)
    kind = (fiscal and fiscal["kind"]) or ""
    if years and (fiscal or not 1 <= int(years[2]) <= len(_BEGINNINGS) or int(years[1][2:]) + 1 == int(years[2])):
        return _two_years(years[1], years[2], kind)
    dates = (_fiscal(plain, kind) if fiscal else []) or sorted(set(_readings(plain)) - {text})
    if len(dates) > 1:
        return f"it can be {' or '.join(dates)}: type the one that the source says."
    return f"type {dates[0]} if that is what the source says." if dates else ""


def dates_in_words(text: str) -> list[str]:
    """Return the EDTF dates that a text can mean which is nothing but a date.

    >>> dates_in_words("Friday, 12th April 2024"), dates_in_words("06/03/2022")
    (['2024-04-12'], ['2022-03-06', '2022-06-03'])
    """
    plain = _plain(text)
    return sorted(set(_readings(plain))) if len(plain) <= _LONGEST else []


def _plain(text: str) -> str:
    """Return a text in small letters and ordinary digits and hyphens, without days of the week and the like."""
    digits = "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFKC", text))
    line = " ".join(re.sub("[‐-―−]", "-", digits).casefold().split())
    return _NOISE.sub("", _CLOCK.sub(" ", line)).strip(" ,.")


def _fiscal(text: str, kind: str) -> list[str]:
    """Return the financial years or quarters that begin and end in a year."""
    found = re.fullmatch(r"(?:q(?P<part>[1-4])[-/ ,]*)?(?P<year>\d\d|\d{4})(?:[-/ ,]*q(?P<other>[1-4]))?", text)
    if not found:
        return []
    year, part = int(f"20{found['year']}"[-4:]), found["part"] or found["other"]
    begin, end, _ = _SPANS[kind]
    return [_quarter(one, int(part)) if part else f"{one}{begin}/{one + 1}{end}" for one in (year - 1, year)]


def _quarter(year: int, number: int) -> str:
    """Return a quarter of the financial year that begins in a year."""
    return f"{year + number // 4}-{3 * number % 12 + 1:02}/{year + number // 4}-{3 * number % 12 + 3:02}"


def _two_years(first: str, second: str, kind: str) -> str:
    last = first[: 4 - len(second)] + second
    if last < first:
        last = f"{int(first[:2]) + 1}{second}"
    if int(last) - int(first) > _MOST_YEARS:
        return ""
    ways = [f"{first}/{last} for both years" if int(last) == int(first) + 1 else f"{first}/{last} for these years"]
    if int(last) == int(first) + 1:
        begin, end, name = _SPANS[kind]
        ways.insert(0, f"{first}{begin}/{last}{end} for the {name} year")
    if found := _SEASON.search(f"{first}-{second}"):
        ways.append(_SEASONS[found[1]].format(first))
    if 1 <= int(second) <= len(_BEGINNINGS):
        ways.append(f"{first}-{second}-XX for the month")
    return f"type {', or '.join(ways)}."


def _readings(text: str) -> list[str]:
    """Return the EDTF dates that a text can mean."""
    for pattern, read in _RULES:
        if found := pattern.fullmatch(text):
            return read(found)
    return []


def _date(year: str, month: int | str, day: str | None = None) -> list[str]:
    """Return a date that exists. Years of two digits belong to this century."""
    whole = f"20{year}" if len(year) == len("19") else year
    edtf = "-".join([whole, f"{int(month):02}", *([f"{int(day):02}"] if day else [])])
    is_date = 1 <= int(month) <= len(_BEGINNINGS) and bounds_if_any(edtf.replace(_HIDDEN, "2000"))[0]
    return [edtf] if is_date else []


def _numbers(found: re.Match[str]) -> list[str]:
    year, first, second = found["year"], found["first"], found["second"]
    exact = _date(year, first, second) if found.start("year") == 0 else []
    last = _date(first, second, year) if len(year) == len("19") and int(first) > len(_BEGINNINGS) else []
    return exact or [*_date(year, second, first), *_date(year, first, second), *last]


def _named(found: re.Match[str]) -> list[str]:
    parts = found.groupdict()
    year, month = parts.get("year") or _HIDDEN, _MONTHS[found["month"]]
    # A spreadsheet shows Jun-19 for June 2019, and for 19 June of a year that it hides.
    other = _date(_HIDDEN, month, year) if "day" not in parts and len(year) == len("19") else []
    return [*_date(year, month, parts.get("day")), *other]


def _part(found: re.Match[str]) -> list[str]:
    begin, end = _PARTS[found["part"]]
    year = f"20{found['year']}"[-4:]
    return [f"{year}-{begin:02}/{year}-{end:02}"]


def _winter(found: re.Match[str]) -> list[str]:
    year = int(found["year"])
    return [f"{begin}-12/{begin + 1}-02" for begin in ((year,) if found["next"] else (year - 1, year))]


def _in_two_years(found: re.Match[str]) -> list[str]:
    """Return a quarter of a financial year."""
    is_next = (int(found["year"]) + 1) % 100 == int(found["next"][-2:])
    return [_quarter(int(found["year"]), int(found["part"]))] if is_next else []


def _iso_week(found: re.Match[str]) -> list[str]:
    try:
        day = dt.date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
    except ValueError:
        return []
    return [f"{day}/{day + dt.timedelta(days=6)}"]


def _ends(found: re.Match[str]) -> list[str]:
    """Return an interval whose end is written without the year, and the day that the same digits can be."""
    begin, first, last = found.groups()
    dates = [f"{begin}-{first}/{begin}-{last}", *([f"{begin}-{first}-{last}"] if len(begin) == len("2019") else [])]
    return [date for date in dates if bounds_if_any(date) != (None, None)]


def _between(found: re.Match[str]) -> list[str]:
    ends = _readings(found["last"])
    begins = _readings(found["first"])
    # 1-3 May 2021, May to June 2021: the first date takes the rest of the last.
    if not begins and ends and found["first"].isdigit():
        begins = [end[:-2] + f"{int(found['first']):02}" for end in ends]
    elif not begins or _HIDDEN in begins[0]:
        begins = [date for end in ends for date in _readings(f"{found['first']} {end[:4]}")]
    pairs = [f"{begin}/{end}" for begin, end in product(begins, ends)]
    return [pair for pair in pairs if "/" not in pair.replace("/", "", 1) and bounds_if_any(pair) != (None, None)]


def _until(found: re.Match[str]) -> list[str]:
    return [f"../{date}" for date in _readings(found[1])]


def _since(found: re.Match[str]) -> list[str]:
    return [f"{date}/.." for date in _readings(found[1])]


def _before(found: re.Match[str]) -> list[str]:
    """Return the time before a date, without the date itself."""
    days = [(date, bounds_if_any(date)[0]) for date in _readings(found[1])]
    return [f"../{str(day - dt.timedelta(days=1))[: len(date)]}" for date, day in days if day]


def _after(found: re.Match[str]) -> list[str]:
    days = [(date, bounds_if_any(date)[1]) for date in _readings(found[1])]
    return [f"{str(day + dt.timedelta(days=1))[: len(date)]}/.." for date, day in days if day]


def _week(found: re.Match[str]) -> list[str]:
    days = [day for date in _readings(found["date"]) if (day := bounds_if_any(date)[0]) and len(date) == len(str(day))]
    begins = [day - dt.timedelta(days=6) if found["end"] else day for day in days]
    return [f"{day}/{day + dt.timedelta(days=6)}" for day in begins]


def _year_to(found: re.Match[str]) -> list[str]:
    """Return the twelve months that end with a month."""
    ends = [date[: len("2022-03")] for date in _readings(found["date"]) if _HIDDEN not in date and "-" in date]
    return [f"{int(end[:4]) - (end[5:] != '12')}-{int(end[5:]) % 12 + 1:02}/{end}" for end in ends]


def _about(found: re.Match[str]) -> list[str]:
    return [f"{date}~" for date in _readings(found["date"]) if "/" not in date]


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[str]]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(\d{4}(?:-\d\d)?)-(\d\d)/(\d\d)", _ends),
        (r"(\d{4})\.(\d)", lambda found: [*_date(found[1], found[2]), *_date(found[1], f"{found[2]}0")]),
        (r"(?P<year>\d{4})(?P<month>\d\d)", lambda found: _date(found["year"], found["month"])),
        (r"q(?P<part>[1-4])[-/ ,]*(?P<year>\d{4})[-/](?P<next>\d\d|\d{4})", _in_two_years),
        (r"(?P<year>\d{4})[-/](?P<next>\d\d|\d{4})[-/ ,]*q(?P<part>[1-4])", _in_two_years),
        (r"(?P<year>\d{4})[- ]?w(?:eek )?(?P<week>\d\d?)", _iso_week),
        (r"week (?P<week>\d\d?)[/ ,]+(?P<year>\d{4})", _iso_week),
        (r"(?P<first>\d{1,2})[/. -](?P<second>\d{1,2})[/. -](?P<year>\d{4}|\d\d)", _numbers),
        (r"(?P<year>\d{4})(?P<sep>[/. -]?)(?P<first>\d\d)(?P=sep)(?P<second>\d\d)(?:[t ]\d\d?[:h].*)?", _numbers),
        (r"(?P<year>\d{4})[/. -](?P<first>\d{1,2})[/. -](?P<second>\d{1,2})(?:[t ]\d\d?[:h].*)?", _numbers),
        (r"(?P<month>\d{1,2})[/. -](?P<year>\d{4})", lambda found: _date(found["year"], found["month"])),
        (r"(?P<year>\d{4})[/. -](?P<month>\d{1,2})", lambda found: _date(found["year"], found["month"])),
        (rf"{_MONTH}{_GAP}(?P<year>\d{{4}}|\d\d)", _named),
        (rf"{_DAY}{_GAP}{_MONTH}(?:{_GAP}(?P<year>\d{{4}}|\d\d))?", _named),
        (rf"{_MONTH}{_GAP}{_DAY}{_GAP}(?P<year>\d{{4}})", _named),
        (rf"(?P<year>\d{{4}}){_GAP}{_MONTH}(?:{_GAP}{_DAY})?", _named),
        (rf"(?P<part>{'|'.join(_PARTS)}){_GAP}(?P<year>\d{{4}}|\d\d)", _part),
        (rf"(?P<year>\d{{4}})[-/ ,]*(?P<part>{'|'.join(_PARTS)})", _part),
        (rf"winter{_GAP}(?P<year>\d{{4}})(?P<next>[-/](?:\d\d|\d{{4}}))?", _winter),
        (r"(?:(?:early|mid|late)[- ])?(\d{3})0['’]?s", lambda found: [f"{found[1]}X"]),
        (r"(\d{1,2})(?:st|nd|rd|th) century", lambda found: [f"{int(found[1]) - 1:02}XX"]),
        (r"'?([3-9])0s", lambda found: [f"19{found[1]}X"]),
        (r"(?:before |pre[- ]?)(.+)", _before),
        (r"(?:after |post[- ]?)(.+)", _after),
        (r"(?:until|till|up to|by|no later than|-) ?(.+)", _until),
        (r"(?:since|not before) (.+)", _since),
        (r"(.+?) ?(?:-|to) ?(?:present|date|today|now|ongoing)?", _since),
        (r"(?:week (?:beginning|commencing)|w/[cb]|(?P<end>week ending|w/e)|week) ?(?P<date>.+)", _week),
        (r"(?:ye|(?:year|12 months) (?:ending|ended|end|to)) (?P<date>.+)", _year_to),
        (r"(?:from )?(.+?) onwards?", _since),
        (r"(?:early|mid|late|end|start|beginning)[- ](?P<date>.+)", _about),
        (r"(?:(?:from|between) )?(?P<first>.+?) (?:-|/|to|and|or|&|until|till) (?P<last>.+)", _between),
        (r"(?:(?:from|between) )?(?P<first>.+?) ?(?:-|/|to|and|or|&|until|till) ?(?P<last>.+)", _between),
        (r"(?:circa|ca?\.?|about|around|approx(?:imately|\.)?|roughly|~) ?(?P<date>.+)", _about),
        (r"(?P<date>.+?) ?(?:approx(?:imately|\.)?|or so|est(?:imated)?)", _about),
        (r"(.+?) ?\?", lambda found: [f"{date}?" for date in _readings(found[1]) if "/" not in date]),
        (r"from (.+)", _since),
        (r"\d{4}", lambda found: [found[0]]),
    )
)  # fmt: skip
