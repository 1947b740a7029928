"""Proposals for amounts that are typed as texts print them: £1.2m, c. 3,000, up to 50%, between 50 and 60."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

# The words before, or after, a number for each bound; "c." and "~" stand for about.
_BOUNDS = {
    "around": "about|around|approximately|approx|roughly|circa|ca|c|some|~|≈|or so",
    "at-least": "at least|no less than|no fewer than|min|≥|>=|or more|plus|+",
    "at-most": "up to|at most|no more than|not more than|max|≤|<=|or less|or fewer",
    "more-than": "more than|over|just over|above|in excess of|>",
    "less-than": "less than|fewer than|under|just under|below|<",
    "nearly": "nearly",
    "almost": "almost|close to",
    "exactly": "exactly|precisely|=",
}
_WORDS = {word: bound for bound, words in _BOUNDS.items() for word in words.split("|")}
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "%": "percent"}
_UNITS = {
    **_SIGNS, "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "eur": "EUR", "euro": "EUR", "euros": "EUR", "usd": "USD",
    "dollars": "USD", "percent": "percent", "per cent": "percent", "pc": "percent", "people": "people",
}  # fmt: skip
_SCALES = {
    **dict.fromkeys(("k", "thousand", "tsd"), 3), **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 6),
    **dict.fromkeys(("bn", "b", "billion", "mrd"), 9),
}  # fmt: skip
_LONGEST = 60


def _any(words: dict[str, str] | dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"\d[\d.,'’ ]*"
_ONE = rf"(?P<sign{{0}}>[£€$])? ?(?P<number{{0}}>{_NUMBER}) ?(?:(?P<scale{{0}}>{_any(_SCALES)})\b)?"
_AMOUNT = re.compile(
    rf"(?P<before>{_any(_WORDS)})?\.? ?(?:between |from )?(?:(?P<code>gbp|eur|usd) )?{_ONE.format(1)}"
    rf"(?: ?(?:-|–|—|to|and|bis) ?{_ONE.format(2)})? ?(?P<unit>{_any(_UNITS)})? ?(?P<after>{_any(_WORDS)})?\.?"
)
# A sign before three digits separates thousands; any other one separates decimals.
_GROUPED = re.compile(r"(\d{1,3}(?P<sign>[,.'’ ])\d{3}(?:(?P=sign)\d{3})*)(?:(?!(?P=sign))[.,](\d{1,2}))?")
_PLAIN = re.compile(r"(\d{1,15})(?P<sign>[.,])?(?(sign)(\d+))")


def suggest_amount(text: str, to: str = "to") -> str:
    """Return the keys and values that an amount in words stands for, "" if that is not plain.

    Args:
        to: The name of the key for the upper end of a range.

    >>> suggest_amount("up to £1.2m"), suggest_amount("3,000-4,000"), suggest_amount("many")
    ('type number 1200000, bound at-most and unit GBP.', 'type number 3000 and to 4000.', '')
    """
    words = " ".join(text.casefold().split())
    found = _AMOUNT.fullmatch(words) if len(words) <= _LONGEST else None
    if not found or not all(_read(number) for number in found.group("number1", "number2") if number):
        return ""
    parts = [f"{name} {value}" for name, value in _parts(found, to)]
    last = f" and {parts[-1]}" if len(parts) > 1 else ""
    read = _read(found["number1"])
    doubt = ", if the comma separates decimals" if read and read.re is _PLAIN and read["sign"] == "," else ""
    return f"type {', '.join(parts[:-1] or parts)}{last}{doubt}."


def _parts(found: re.Match[str], to: str) -> Iterator[tuple[str, str]]:
    scale = found["scale1"] or found["scale2"]
    yield "number", _digits(found["number1"], scale)
    if found["number2"]:
        yield to, _digits(found["number2"], found["scale2"] or scale)
    bound = _WORDS.get(found["before"] or found["after"] or "", "")
    if bound and (bound == "around" or not found["number2"]):
        yield "bound", bound
    if unit := found["unit"] or found["sign1"] or found["code"] or found["sign2"]:
        yield "unit", _UNITS[unit]


def _read(number: str) -> re.Match[str] | None:
    return _GROUPED.fullmatch(number.strip()) or _PLAIN.fullmatch(number.strip())


def _digits(number: str, scale: str | None) -> str:
    read = _read(number)
    whole, part = (re.sub(r"\D", "", read[1]), read[3]) if read else ("0", "")
    return f"{Decimal(f'{whole}.{part or 0}').scaleb(_SCALES.get(scale or '', 0)).normalize():f}"
