"""The statements behind a drawing, ready for a page: text made visible, addresses checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.text import host_of, visible, web_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.analysis.statements import StatementView
    from graphkit.view.drawing import Drawing

FACTS = (
    ("claim", "On the claim"),
    ("hedge", "Holding back"),
    ("said", "Said"),
    ("via", "Reached the source via"),
    ("locator", "Place in the source"),
    ("evidence", "Passage"),
    ("publicity", "Publicity"),
    ("id", "Statement"),
)


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement as a page shows it; `link` is empty unless it is an ordinary web address."""

    speaker: str
    stance: str
    gist: str
    claim: str
    hedge: str
    title: str
    link: str
    host: str
    address: str
    said: str
    via: str
    locator: str
    evidence: str
    publicity: str
    id: str


def sayings_of(drawing: Drawing, evidence: Mapping[str, StatementView]) -> dict[str, Saying]:
    """Return each statement of a drawing by its IRI, in the order of the IRIs."""
    drawn = {iri for edge in drawing.edges for iri in edge.statements}
    return {iri: saying_of(evidence[iri]) for iri in sorted(drawn)}


def saying_of(statement: StatementView) -> Saying:
    """Return one statement as a page shows it."""
    link = web_link(statement.url)
    return Saying(
        speaker=visible(statement.speaker) or "unnamed speaker",
        stance=visible(statement.stance) or "asserts",
        gist=visible(statement.gist),
        claim=visible(statement.claim),
        hedge=visible(statement.hedge),
        title=visible(statement.source_title) or visible(statement.source) or "untitled source",
        link=link,
        host=visible(host_of(link)),
        address="" if link else visible(statement.url),
        said=visible(statement.said),
        via=visible(statement.via),
        locator=visible(statement.locator),
        evidence=visible(statement.evidence),
        publicity=visible(statement.publicity),
        id=visible(statement.id),
    )
