"""Sums of money on pages: each as one speaker states it, never added up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from graphkit.analysis.properties import Properties
from graphkit.analysis.statements import StatementView
from graphkit.model.dates import date_words
from graphkit.model.text import figure

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


class Sum(NamedTuple):
    """A sum as a statement gives it.

    Attributes:
        view: The statement.
        payer: IRI of the subject of the proposition.
        relation: The relation, in words.
        payee: IRI of its object; "" if it has none.
        words: The sum with its unit and bound.
        period: The time for which it is paid, in words.
        bound: Whether the sum is a bound or approximate.
        share: Its share of the largest sum in the same unit, from 0 to 100.
    """

    view: StatementView
    payer: str
    relation: str
    payee: str
    words: str
    period: str
    bound: bool
    share: int


def sums(views: Iterable[StatementView], properties: Properties) -> list[Sum]:
    """Return the sums of money in statements, by unit and period."""
    one = properties.one
    paid = [view for view in views if _is_money(view, properties)]
    largest: dict[str, Decimal] = {}
    for view in paid:
        unit = one(view.proposition, "sp:unit")
        largest[unit] = max(largest.get(unit, Decimal(0)), _number(view, properties))
    order = sorted(paid, key=lambda view: (one(view.proposition, "sp:unit"), _when(view, properties), view.iri))
    return [_sum(view, properties, largest[one(view.proposition, "sp:unit")]) for view in order]


def _is_money(view: StatementView, properties: Properties) -> bool:
    unit = properties.one(view.proposition, "sp:unit")
    return bool(properties.one(view.proposition, "sp:amount")) and len(_code(unit, properties)) == len("GBP")


def _code(unit: str, properties: Properties) -> str:
    """Return the ISO code of a currency, three capitals; "" for other units."""
    code = properties.one(unit, "skos:notation")
    return code if code.isalpha() and code.isupper() else ""


def _number(view: StatementView, properties: Properties) -> Decimal:
    return Decimal(properties.one(view.proposition, "sp:amount"))


def _when(view: StatementView, properties: Properties) -> tuple[str, str]:
    one = properties.one
    return one(view.proposition, "sp:validEarliest") or "9", one(view.proposition, "sp:validTime")


def _sum(view: StatementView, properties: Properties, largest: Decimal) -> Sum:
    one, number = properties.one, _number(view, properties)
    share = int(100 * number / largest) if largest > 0 else 0
    return Sum(
        view,
        one(view.proposition, "sp:subject"),
        properties.label(one(view.proposition, "sp:relation")),
        one(view.proposition, "sp:object"),
        _words(view, properties, number),
        date_words(one(view.proposition, "sp:validTime")),
        one(view.proposition, "sp:bound").rpartition("#")[2] not in {"", "exactly"},
        max(share, 1),
    )


def _words(view: StatementView, properties: Properties, number: Decimal) -> str:
    """Return a sum such as "at most £1,746,660.80 per year"."""
    one = properties.one
    code = _code(one(view.proposition, "sp:unit"), properties)
    bound = properties.label(one(view.proposition, "sp:bound")).replace("exactly", "")
    per = one(view.proposition, "sp:amountPer")
    said = f"{_SIGNS.get(code, code + ' ')}{figure(number, money=True)}"
    return " ".join(part for part in (bound, said, per and f"per {properties.label(per)}") if part)
