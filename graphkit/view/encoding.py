"""The visual encoding: kind of entity by shape, fill and colour; status of an edge by colour and dashes.

STATUSES decides which edges are dashed: a denied, claimed or disputed statement is drawn as a dashed line, a reported
one as a solid line. Colour never carries meaning alone: shape and fill name the kind, the label names the relation, and
the label of every dashed edge begins with its status. Lines have a contrast of at least 3:1 on light and dark pages;
hues are near those of Okabe and Ito.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphkit.model.text import visible

ORANGE, SKY, GREEN, YELLOW, PURPLE = "#e69f00", "#56b4e9", "#009e73", "#e3cf2a", "#cc79a7"
BLUE, VERMILION, OCHRE, GREY, SILVER = "#1a7fc4", "#d55e00", "#a87000", "#6f7782", "#868e99"
INK = "#3a3f47"
# What the legend says of a line with ×2.
MERGED = "two relations in one line"


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """How the entities of one kind are drawn; a hollow shape has an outline only."""

    word: str
    shape: str
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class PolarityStyle:
    """How the edges of one polarity are drawn: the sign after their label."""

    word: str
    sign: str


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """How the edges of one status are drawn: the word before the label, the dashes and the colour of the line.

    Attributes:
        mark: The word before the label.
        meaning: What the legend says about it.
        dashes: Lengths of dashes and gaps in turn, in pixels of the screen; none for a solid line.
        colour: One of four: as reported, as claimed, as denied, as planned.
        notches: Lengths of a part and a gap of a bar, which tell it from other bars of its colour; none if whole.
    """

    mark: str
    meaning: str
    dashes: tuple[int, ...]
    colour: str = GREY
    notches: tuple[int, ...] = ()

    @property
    def dasharray(self) -> str:
        """The dashes as an SVG attribute; "" for a solid line."""
        return " ".join(map(str, self.dashes))


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the key that explains the form of a bar or a band, whatever its colour."""

    text: str
    wide: int
    high: int
    hatched: bool = False


NODE_STYLES: Mapping[str, NodeStyle] = {
    "PublicBody": NodeStyle("public body", "square", SKY),
    "Organisation": NodeStyle("organisation", "dot", ORANGE),
    "Office": NodeStyle("office", "diamond", SKY),
    "Person": NodeStyle("person", "triangle", ORANGE),
    "Group": NodeStyle("group", "hexagon", YELLOW),
    "Programme": NodeStyle("programme", "star", GREEN),
    "InformationSystem": NodeStyle("information system", "square", PURPLE, hollow=True),
    "LegalCase": NodeStyle("legal case", "star", PURPLE, hollow=True),
    "Platform": NodeStyle("platform", "triangleDown", PURPLE),
    "Document": NodeStyle("document", "triangleDown", SILVER, hollow=True),
    "LegalInstrument": NodeStyle("legal instrument", "diamond", SILVER, hollow=True),
    "Topic": NodeStyle("topic", "dot", GREEN, hollow=True),
    "Place": NodeStyle("place", "triangle", SILVER, hollow=True),
    "Proposition": NodeStyle("proposition", "hexagon", SILVER, hollow=True),
    "Statement": NodeStyle("statement", "bubble", SILVER),
    "Community": NodeStyle("group of entities", "dot", SILVER, hollow=True),
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

POLARITIES: Mapping[str, PolarityStyle] = {
    "supportive": PolarityStyle("supportive", "+"),
    "critical": PolarityStyle("critical", "−"),
    "neutral": PolarityStyle("neutral", ""),
}

# Status of an edge to its line: solid for "reported", dashed for "denied", "disputed" and all others. The status
# follows from the stances of the statements: see `graphkit.analysis.network` and `graphkit.view.diagrams.cards`.
STATUSES: Mapping[str, StatusStyle] = {
    "reported": StatusStyle("", "a source reports it, and the policy accepts it", ()),
    "claimed": StatusStyle("claimed", "a speaker says so", (9, 6), BLUE),
    "planned": StatusStyle("planned", "announced, but not reported to have happened", (3, 6), OCHRE),
    "ruled out": StatusStyle("ruled out", "the speaker says that it will not happen", (12, 4, 2, 8), OCHRE, (7, 2)),
    "conceded": StatusStyle("conceded", "admitted by the side against which it counts", (14, 4), BLUE, (7, 2)),
    "doubted": StatusStyle("doubted", "a speaker questions it", (6, 4, 2, 4), VERMILION, (2, 2)),
    "retracted": StatusStyle("retracted", "said and later withdrawn", (2, 4), GREY, (7, 2)),
    "declined": StatusStyle("declined", "the speaker declined to say", (2, 8), GREY, (2, 2)),
    "denied": StatusStyle(
        "denied", "a speaker denies it; no statement in this view asserts it", (12, 4, 2, 4), VERMILION, (7, 2)
    ),
    "disputed": StatusStyle("disputed", "statements about it are inconsistent", (7, 4), VERMILION),
    "answered": StatusStyle("answered", "a row of the answer, which is no relation of the graph", (5, 5)),
}

# The colours of lines, in the order of the arrows and hatches of a picture, and those in their place on a dark page.
COLOURS = tuple(dict.fromkeys(line.colour for line in STATUSES.values()))
DARK: Mapping[str, str] = {GREY: "#aab3be", BLUE: "#6db6f2", VERMILION: "#ff8f4f", OCHRE: "#d9a53f"}
_OTHER_DASHES = (5, 5)


def kind_of(name: str) -> NodeStyle:
    """Return how to draw a kind of entity; unknown kinds share a shape."""
    return NODE_STYLES.get(name) or NodeStyle(visible(name) or "unknown", "star", SILVER, hollow=True)


def polarity_of(name: str) -> PolarityStyle:
    """Return how to draw a polarity; an unknown one is neutral."""
    return POLARITIES.get(name, POLARITIES["neutral"])


def status_of(name: str, *, plain: bool) -> StatusStyle:
    """Return how to draw a status: a solid line only if the edge is both reported and plain.

    >>> status_of("reported", plain=False).mark
    'not plain'
    """
    if name == "reported":
        return (
            STATUSES[name]
            if plain
            else StatusStyle("not plain", "a source reports it, but the policy does not accept it", _OTHER_DASHES)
        )
    return STATUSES.get(name) or StatusStyle(
        visible(name) or "uncertain", "a status from another vocabulary", _OTHER_DASHES
    )
