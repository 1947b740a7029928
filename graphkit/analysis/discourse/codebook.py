"""The codebook of a graph: the concepts of each statement, and the table of agreement by stance and certainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphkit.analysis.properties import Properties
from graphkit.model.codebook import CERTAINTIES, SIGNS, STANCES
from graphkit.model.iris import SP, token

PROPERTIES = (
    "sp:codedAs", "sp:concept", "sp:sign", "sp:codedBy", "sp:agreement", "sp:ofStance", "sp:ofCertainty", "sp:side",
    "sp:weight", "sp:withdraws", "sp:narrated", "sp:codedExample", "sp:codes", "skos:broader",
)  # fmt: skip
WITHDRAW = "withdraw"
# A concept counts as itself, as the next broader ones, or as the broadest.
ROLL_UPS = ("no", "broader", "broadest")
_SIDES = {str(number): sign for sign, number in SIGNS.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """The side that each stance takes, and how much a statement of each certainty counts, by the words for them."""

    sides: Mapping[str, str]
    weights: Mapping[str, int]

    def sign(self, stance: str) -> int | None:
        """Return 1, -1 or 0 for a stance, by its IRI; None for a withdrawal."""
        return SIGNS.get(self.sides[token(stance.removeprefix(SP))])

    def weight(self, certainty: str) -> int:
        """Return how much a statement of a certainty counts, by its IRI."""
        return self.weights.get(token(certainty.removeprefix(SP)), 1)

    @property
    def highest(self) -> int:
        """The highest weight, which is the end of the scale of agreement."""
        return max(1, *self.weights.values())


def agreement_table(properties: Properties, changed: Mapping[str, str]) -> Table:
    """Return the table of the codebook of a graph, or ours, with the changes of the user."""
    sides: dict[str, str] = {stance: choice.side for stance, choice in STANCES.items()}
    weights = {certainty: weighed.weight for certainty, weighed in CERTAINTIES.items()}
    for rule in properties.subjects("sp:ofStance"):
        withdraws = properties.one(rule, "sp:withdraws")
        sides[_word(properties, rule, "sp:ofStance")] = (
            WITHDRAW if withdraws else _SIDES[properties.one(rule, "sp:side")]
        )
    for rule in properties.subjects("sp:ofCertainty"):
        weights[_word(properties, rule, "sp:ofCertainty")] = int(properties.one(rule, "sp:weight") or 1)
    return Table({**sides, **changed}, weights)


def _word(properties: Properties, rule: str, name: str) -> str:
    return token(properties.one(rule, name).removeprefix(SP))


def has_codebook(properties: Properties) -> bool:
    """Return whether a graph has concepts."""
    return bool(properties.subjects("sp:codes"))


def codings(properties: Properties, statement: str) -> Iterator[tuple[str, int]]:
    """Yield the concepts of a statement, and whether its proposition supports (1) or contradicts (-1) them."""
    for coding in properties.all(statement, "sp:codedAs"):
        yield properties.one(coding, "sp:concept"), int(properties.one(coding, "sp:sign") or 0)


def rolled_up(properties: Properties, concept: str, roll_up: str) -> list[str]:
    """Return the concepts as which a concept counts: one without a broader concept is counted as itself."""
    if roll_up == "broadest":
        return _broadest(properties, concept)
    return (properties.all(concept, "skos:broader") if roll_up == "broader" else []) or [concept]


def _broadest(properties: Properties, concept: str) -> list[str]:
    """Return the ends of all ways up; the concept itself if they lead in a circle."""
    reached = {concept: properties.all(concept, "skos:broader")}
    while further := {above for each in reached.values() for above in each} - reached.keys():
        reached |= {each: properties.all(each, "skos:broader") for each in sorted(further)}
    return [each for each, above in reached.items() if not above] or [concept]


def is_fact(properties: Properties, concept: str) -> bool:
    """Return whether a concept is a fact that sources narrate."""
    return bool(properties.one(concept, "sp:narrated"))
