"""Values of another type than those of a property, and the value to write in their place."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.dates import bounds_if_any
from graphkit.model.iris import EDTF, PREFIXES, literal, shorten
from graphkit.model.text import shortened
from graphkit.query.facts import as_term
from graphkit.query.triples import short_literal
from graphkit.query.values import value

if TYPE_CHECKING:
    from graphkit.query.facts import Facts
    from graphkit.query.triples import Comparison

_LONGEST = 90
_DATE, *_NUMBERS = (PREFIXES["xsd"] + name for name in ("date", "decimal", "integer"))
_ABOUT_NUMBERS = re.compile(r"[£$€,_\s]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
# A property of EDTF dates has the first and the last day in properties of their own.
_OF_EDTF = re.compile(r"(?:Date|Time)?$")


def mismatch(graph: Facts, name: str, compared: Comparison) -> str:
    """Say that the values of a property are days, numbers or EDTF, a given value is not, and what to write.

    Returns:
        "" if the value has the type of the property, or the property has another type.
    """
    try:
        term = as_term(compared.value)
    except ValueError:
        return ""
    if not isinstance(term, ox.Literal):
        return ""
    text = term.value
    short, shown = shorten(name), shortened(short_literal(compared.value.text), _LONGEST)
    if graph.leads_to(name, _DATE) and not _is_day(term):
        return f"{short} leads to days, and {shown} is none: write {_as_days(compared, text)}."
    if graph.leads_to(name, *_NUMBERS) and not isinstance(value(term), int | float | Decimal):
        number = _ABOUT_NUMBERS.sub("", text)
        known = f"{_compared(compared, number)} without quotation marks"
        written = known if _NUMBER.fullmatch(number) else "a number without quotation marks, such as 30"
        return f"{short} leads to numbers, and {shown} is a text: write {written}."
    if compared.variable and graph.leads_to(name, EDTF) and term.datatype.value != EDTF:
        instead = _of_edtf(graph, name, compared, text)
        return f"{short} leads to dates in EDTF, which SPARQL does not compare with {shown}: {instead}."
    return ""


def _is_day(term: ox.Literal) -> bool:
    """Return whether a literal is a day, with or without an offset."""
    day = value(ox.Literal(term.value[: len("2021-03-01")], datatype=term.datatype)) if not term.language else None
    return isinstance(day, dt.date) and not isinstance(day, dt.datetime)


def _of_edtf(graph: Facts, name: str, compared: Comparison, text: str) -> str:
    days = (_OF_EDTF.sub(end, name, count=1) for end in ("Earliest", "Latest"))
    known = [shorten(day) for day in days if graph.leads_to(day, _DATE)]
    if not known or compared.sign in {"=", "!="}:
        return f"write STR({compared.variable}) {compared.sign} {shortened(literal(text), _LONGEST)}"
    return f"use {' or '.join(known)}, and write {_as_days(compared, text)}"


def _compared(compared: Comparison, written: str) -> str:
    return f"{compared.variable} {compared.sign} {written}" if compared.variable else written


def _as_days(compared: Comparison, text: str) -> str:
    """Return a comparison with each date that a text can mean, or else an example."""
    found = [_condition(compared, *map(_typed, days)) for days in _days(text)]
    return " or ".join(found) or f"a day, for example {_compared(compared, _typed(_EXAMPLE))}"


_EXAMPLE = dt.date(2021, 3, 1)


def _days(text: str) -> list[tuple[dt.date, dt.date]]:
    """Return the first and the last day of each date that a text can mean."""
    from graphkit.model.date_hints import dates_in_words, reads_as_years  # few queries need its many expressions

    dates = [text] if None not in bounds_if_any(text) and not reads_as_years(text) else dates_in_words(text)
    return [(first, last) for first, last in map(bounds_if_any, dates) if first and last]


def _typed(day: dt.date) -> str:
    return f'"{day}"^^xsd:date'


def _condition(compared: Comparison, first: str, last: str) -> str:
    """Compare a variable with a time: after it is after its last day, and in it is between both."""
    name, sign = compared.variable or "?day", compared.sign
    if first == last or sign not in {"=", "!="}:
        return _compared(compared, last if sign in {">", "<="} else first)
    inside = f"{name} >= {first} && {name} <= {last}"
    if not compared.variable:
        return f"?day in its place, with FILTER({inside})"
    return inside if sign == "=" else f"({name} < {first} || {name} > {last})"
