"""What things look like: kinds by shape, fill and colour; polarity by colour; status by dashes.

Nothing is told by colour alone: shape and fill name the kind, the label names the relation, and
every edge that is not plainly reported is dashed *and* says why. Lines have a contrast of at least
3:1 on the light and on the dark page; hues are near those of Okabe and Ito.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

ORANGE, SKY, GREEN, YELLOW, PURPLE = "#e69f00", "#56b4e9", "#009e73", "#e3cf2a", "#cc79a7"
BLUE, VERMILION, GREY, SILVER = "#1a7fc4", "#d55e00", "#7b828d", "#9aa1ab"
INK = "#3a3f47"


@dataclass(frozen=True, slots=True)
class Kind:
    """How the entities of one kind are drawn; hollow shapes are only outlined."""

    word: str
    shape: str
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Polarity:
    """The line colour of supportive, critical or neutral relations."""

    word: str
    colour: str


@dataclass(frozen=True, slots=True)
class Status:
    """How far an edge may be taken as a fact: the word before its label, and its dashes."""

    mark: str
    meaning: str
    dashes: tuple[int, ...]


KINDS: Mapping[str, Kind] = {
    "PublicBody": Kind("public body", "square", SKY),
    "Organisation": Kind("organisation", "dot", ORANGE),
    "Office": Kind("office", "diamond", SKY),
    "Person": Kind("person", "triangle", ORANGE),
    "Group": Kind("group", "hexagon", YELLOW),
    "Programme": Kind("programme", "star", GREEN),
    "InformationSystem": Kind("information system", "square", PURPLE, hollow=True),
    "LegalCase": Kind("legal case", "star", PURPLE, hollow=True),
    "Platform": Kind("platform", "triangleDown", PURPLE),
    "Document": Kind("document", "triangleDown", SILVER, hollow=True),
    "LegalInstrument": Kind("legal instrument", "diamond", SILVER, hollow=True),
    "Topic": Kind("topic", "dot", GREEN, hollow=True),
    "Place": Kind("place", "triangle", SILVER, hollow=True),
    "Proposition": Kind("proposition", "hexagon", SILVER, hollow=True),
    "Statement": Kind("statement", "bubble", SILVER),
    "Community": Kind("group of entities", "bubble", GREEN, hollow=True),
}

# The outlines of shapes as SVG paths, 20 units square.
OUTLINES = {
    "square": "M3 3H17V17H3Z",
    "dot": "M10 2A8 8 0 1 1 9.99 2Z",
    "diamond": "M10 1L19 10L10 19L1 10Z",
    "triangle": "M10 2L18.5 17H1.5Z",
    "triangleDown": "M10 18L1.5 3H18.5Z",
    "hexagon": "M5 2H15L19.5 10L15 18H5L.5 10Z",
    "bubble": "M2 3H18V14H9L5 18.5V14H2Z",
    "star": "M10 .5L12.6 7.2L19.7 7.5L14.1 12L16.1 19L10 15L3.9 19L5.9 12L.3 7.5L7.4 7.2Z",
}

POLARITIES: Mapping[str, Polarity] = {
    "supportive": Polarity("supportive", BLUE),
    "critical": Polarity("critical", VERMILION),
    "neutral": Polarity("neutral", GREY),
}

STATUSES: Mapping[str, Status] = {
    "reported": Status("", "reported by a source, plain under this policy", ()),
    "claimed": Status("claimed", "a speaker says so", (9, 6)),
    "planned": Status("planned", "announced, not said to have happened", (3, 6)),
    "conceded": Status("conceded", "admitted by the side it speaks against", (14, 4)),
    "doubted": Status("doubted", "a speaker questions it", (6, 4, 2, 4)),
    "retracted": Status("retracted", "said, then withdrawn", (2, 4)),
    "declined": Status("declined", "the speaker declined to say", (2, 8)),
    "denied": Status("denied", "said to be untrue; no statement here asserts it", (12, 4, 2, 4)),
    "disputed": Status("disputed", "the statements are inconsistent", (7, 4)),
}

_OTHER_DASHES = (5, 5)


def kind_of(name: str) -> Kind:
    """Return how to draw a kind; one that is not known gets a shape of its own."""
    return KINDS.get(name) or Kind(visible(name) or "unknown", "star", SILVER, hollow=True)


def polarity_of(name: str) -> Polarity:
    """Return how to draw a polarity; one that is not known is neutral."""
    return POLARITIES.get(name, POLARITIES["neutral"])


def status_of(name: str, *, plain: bool) -> Status:
    """Return how to draw a status: solid only if it is both reported and plain.

    >>> status_of("reported", plain=False).mark
    'not plain'
    """
    if name == "reported":
        return STATUSES[name] if plain else Status("not plain", "reported, but not under this policy", _OTHER_DASHES)
    return STATUSES.get(name) or Status(visible(name) or "uncertain", "a status of another vocabulary", _OTHER_DASHES)


def marked(label: str, status: Status) -> str:
    """Return the label of an edge, with its mark before it.

    >>> marked("consulted", STATUSES["denied"])
    'denied: consulted'
    """
    return f"{status.mark}: {visible(label)}" if status.mark else visible(label)
