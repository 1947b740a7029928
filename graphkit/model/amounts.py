"""How much and how many: what a number with its bound allows, and how it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphkit.model.records import Amount
    from graphkit.model.vocabulary import Vocabulary

# "around" allows a twentieth on either side: 12 of 240. Wider, and two figures would hardly ever differ.
_TOLERANCE = Decimal("0.05")
_FROM = frozenset({"exactly", "at-least", "more-than"})
_TO = frozenset({"exactly", "at-most", "less-than"})


def limits(amount: Amount) -> tuple[str, str]:
    """Return the least and the greatest number that an amount allows, "" where it is open.

    The limits of more-than and less-than are themselves excluded; the bound tells.

    >>> from graphkit.model.records import Amount
    >>> limits(Amount(number="30", unit="people", bound="more-than"))
    ('30', '')
    >>> limits(Amount(number="200", unit="people", bound="around"))
    ('190', '210')
    """
    if amount.bound == "around":
        number = Decimal(amount.number)
        return _spell(number * (1 - _TOLERANCE)), _spell(number * (1 + _TOLERANCE))
    return amount.number if amount.bound in _FROM else "", amount.number if amount.bound in _TO else ""


def spell_amount(amount: Amount, words: Vocabulary) -> str:
    """Write an amount as people read it, with its bound before it."""
    unit = words.units[amount.unit]
    number = f"{Decimal(amount.number):,}"
    written = f"{unit.label} {number}" if unit.before else f"{number} {unit.label}"
    return written if amount.bound == "exactly" else f"{amount.bound.replace('-', ' ')} {written}"


def _spell(number: Decimal) -> str:
    return f"{number.normalize():f}"
