"""The settings of a projection, and which of them exclude each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError

# Modes by what they lead to: actors by concepts, actors by actors, concepts by concepts, or actors to actors.
MODES = ("two-mode", "actors", "concepts", "directed")
AGGREGATIONS = ("ignore", "subtract", "combine", "congruence", "conflict")
NORMALISATIONS = ("no", "activity", "prominence", "average", "jaccard", "cosine")
DUPLICATES = ("include", "document", "week", "month", "year", "all")
DATES = ("certain", "possible")
# dna3-us is dna3 on a computer with an American locale, where weeks begin on Sunday.
COMPAT = ("", "dna3", "dna3-us")
# Name of a filter to the way from a statement to its values: properties, and `voice` and `policy` of `filters`.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "actor": ("voice",),
    "kind": ("voice", "rdf:type"),
    "sector": ("voice", "sp:sector"),
    "relation": ("sp:proposition", "sp:relation"),
    "subject": ("sp:proposition", "sp:subject"),
    "object": ("sp:proposition", "sp:object"),
    "stance": ("sp:stance",),
    "source": ("sp:source",),
    "source-kind": ("sp:source", "sp:sourceKind"),
    "publisher": ("sp:source", "dcterms:publisher"),
    "publicity": ("sp:publicity",),
    "policy": ("policy",),
}

_TWO_MODE = {
    "ignore": ("no", "activity", "prominence"),
    "subtract": ("no", "activity", "prominence"),
    "combine": ("no", "activity"),
}
_ONE_MODE = dict.fromkeys(("ignore", "congruence", "conflict", "subtract"), ("no", "average", "jaccard", "cosine"))
_CHOICES = {
    "mode": MODES,
    "aggregation": AGGREGATIONS,
    "normalisation": NORMALISATIONS,
    "duplicates": DUPLICATES,
    "dates": DATES,
    "compat": COMPAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Projecting:
    """How statements become a network; see docs/discourse.md for the formulas.

    Attributes:
        mode: One of `MODES`.
        isolates: Whether actors and concepts stay whose statements were all left out by other filters than the dates.
        start, end: First and last day, such as 2021-06-30; "" is no limit.
        dates: Whether a statement belongs to a period if all days on which it can have been made do, or if one does.
        min_row, min_column: Fewest statements of an actor or concept that stays.
        min_weight: Smallest absolute weight of a tie that stays.
        compat: Reproduce the defects of another program: one of `COMPAT`.

    Raises:
        QueryError: A setting has an unknown value, or two settings exclude each other.
    """

    mode: str = "two-mode"
    aggregation: str = "ignore"
    normalisation: str = "no"
    duplicates: str = "include"
    isolates: bool = False
    start: str = ""
    end: str = ""
    dates: str = "certain"
    min_row: int = 1
    min_column: int = 1
    min_weight: float = 0.0
    compat: str = ""

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            require_choice(getattr(self, name), choices, name)
        allowed = _ONE_MODE if self.one_mode else _TWO_MODE
        if self.aggregation not in allowed:
            raise _excluded("aggregation", self.aggregation, "mode", self.mode, allowed)
        if self.normalisation not in allowed[self.aggregation]:
            other = ("aggregation", self.aggregation)
            if not any(self.normalisation in norms for norms in allowed.values()):
                other = ("mode", self.mode)
            raise _excluded("normalisation", self.normalisation, *other, allowed[self.aggregation])

    @property
    def one_mode(self) -> bool:
        """Whether rows and columns are the same and ties have no direction."""
        return self.mode in {"actors", "concepts"}

    def as_dict(self) -> dict[str, Any]:
        """Return the settings by name, for files."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def require_choice(word: str, words: Sequence[str], what: str) -> None:
    """Raise QueryError if a word is not one of some words."""
    if word not in words:
        raise QueryError(f"{word!r} is not a choice for {what}.", instead(word, words))


def _excluded(name: str, value: str, other: str, by: str, choices: Any) -> QueryError:  # noqa: ANN401
    return QueryError(
        f"The {name} {value!r} is not defined with the {other} {by!r}.", f"Type one of: {', '.join(choices)}."
    )


def require_qualifier(settings: Projecting, qualifier: str) -> None:
    """Raise QueryError if an aggregation compares levels and there is no qualifier."""
    if qualifier == "none" and settings.aggregation != "ignore":
        raise _excluded("aggregation", settings.aggregation, "qualifier", qualifier, ("ignore",))
