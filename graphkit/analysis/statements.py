"""Statements as people read them, taken from a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.iris import PREFIXES, SP, iri, token
from graphkit.store import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from graphkit.analysis.properties import Facts
    from graphkit.store import Store


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement with everything that a reader needs to check it; "" where nothing is known.

    Attributes:
        iri: Its IRI.
        id: `<source>/<key>`.
        speaker: Label of the speaker.
        stance: asserts, denies, plans, …
        gist: What was said, in our words.
        source: Id of the source.
        source_title: Title of the source.
        url: The page, with a text fragment that marks the passage.
        said: When it was said (EDTF).
        via: Labels of those through whom it reached the source, in order.
        locator: First and last words of the passage and its position.
        publicity: How public it was.
        proposition: IRI of the proposition.
        claim: How the proposition reads.
        hedge: The word with which the speaker holds back.
        evidence: verified or unverified.
    """

    iri: str
    id: str
    speaker: str
    stance: str
    gist: str
    source: str
    source_title: str
    url: str
    said: str
    via: str
    locator: str
    publicity: str
    proposition: str = ""
    claim: str = ""
    hedge: str = ""
    evidence: str = ""


_QUERY = """
SELECT ?statement ?speaker ?stance ?gist ?source ?title ?url ?said ?latest ?publicity ?proposition ?claim ?hedge
  ?starts ?ends ?at ?status
WHERE {
  VALUES_HERE
  ?statement a sp:Statement ; sp:speaker/rdfs:label ?speaker ; sp:stance ?stance ; sp:gist ?gist ; sp:source ?source ;
    sp:publicity ?publicity ; sp:proposition ?proposition ; sp:evidence ?evidence .
  ?source dcterms:title ?title .
  ?proposition rdfs:label ?claim .
  ?evidence sp:starts ?starts ; sp:evidenceStatus ?status .
  OPTIONAL { ?statement sp:saidDate ?said }
  OPTIONAL { ?statement sp:saidLatest ?latest }
  OPTIONAL { ?statement sp:hedge ?hedge }
  OPTIONAL { ?evidence sp:passageLink ?url }
  OPTIONAL { ?evidence sp:ends ?ends }
  OPTIONAL { ?evidence sp:startPosition ?at }
}
"""
_RELAYS = """
SELECT ?statement ?position ?label
WHERE { VALUES_HERE ?statement sp:relay ?relay . ?relay sp:position ?position ; sp:relayedBy/rdfs:label ?label }
ORDER BY ?statement ?position
"""


def statement_views(facts: Facts) -> dict[str, StatementView]:
    """Return all statements.

    Returns:
        IRI to statement, in the order of the IRIs.
    """
    return {name: _view(name, _told(name, facts), _via(name, facts)) for name in sorted(facts.values["sp:gist"])}


def read_statements(store: Store, names: Collection[str]) -> dict[str, StatementView]:
    """Read some statements.

    Args:
        store: Where they are.
        names: Their IRIs.

    Returns:
        IRI to statement, in the order of the IRIs.
    """
    wanted = f"VALUES ?statement {{ {' '.join(map(iri, sorted(names)))} }}"
    relays: dict[str, list[str]] = {}
    for statement, label in texts(store, _RELAYS.replace("VALUES_HERE", wanted), "statement", "label"):
        relays.setdefault(statement, []).append(label)
    rows = texts(store, _QUERY.replace("VALUES_HERE", wanted), "statement", *_TOLD)
    views = {name: _view(name, dict(zip(_TOLD, told, strict=True)), relays.get(name, ())) for name, *told in rows}
    # The engine looks up both names for each comparison, which takes seconds where this takes milliseconds.
    return dict(sorted(views.items()))


_TOLD = (
    "speaker", "stance", "gist", "source", "title", "url", "said", "latest", "publicity", "proposition", "claim",
    "hedge", "starts", "ends", "at", "status",
)  # fmt: skip


def _told(name: str, facts: Facts) -> dict[str, str]:
    """Return what `_QUERY` finds out about a statement."""
    one = facts.one
    source, proposition, evidence = (one(name, f"sp:{link}") for link in ("source", "proposition", "evidence"))
    return {
        "speaker": one(one(name, "sp:speaker"), "rdfs:label"),
        "stance": one(name, "sp:stance"),
        "gist": one(name, "sp:gist"),
        "source": source,
        "title": one(source, "dcterms:title"),
        "url": one(evidence, "sp:passageLink"),
        "said": one(name, "sp:saidDate"),
        "latest": one(name, "sp:saidLatest"),
        "publicity": one(name, "sp:publicity"),
        "proposition": proposition,
        "claim": one(proposition, "rdfs:label"),
        "hedge": one(name, "sp:hedge"),
        "starts": one(evidence, "sp:starts"),
        "ends": one(evidence, "sp:ends"),
        "at": one(evidence, "sp:startPosition"),
        "status": one(evidence, "sp:evidenceStatus"),
    }


def _via(name: str, facts: Facts) -> list[str]:
    """Return those through whom a statement reached its source, in order."""
    relays = sorted(facts.all(name, "sp:relay"), key=lambda relay: int(facts.one(relay, "sp:position")))
    return [facts.one(who, "rdfs:label") for relay in relays for who in facts.all(relay, "sp:relayedBy")]


def _view(name: str, told: Mapping[str, str], relays: Iterable[str]) -> StatementView:
    passage = f"“{told['starts']} … {told['ends']}”" if told["ends"] else f"“{told['starts']}”"
    return StatementView(
        iri=name,
        id=name.removeprefix(PREFIXES["statement"]),
        speaker=told["speaker"],
        stance=token(told["stance"].removeprefix(SP)),
        gist=told["gist"],
        source=told["source"].removeprefix(PREFIXES["source"]),
        source_title=told["title"],
        url=told["url"],
        said=told["said"] or _until(told["latest"]),
        via=" → ".join(relays),
        locator=f"{passage}, at {told['at']}" if told["at"] else passage,
        publicity=token(told["publicity"].removeprefix(SP)),
        proposition=told["proposition"],
        claim=told["claim"],
        hedge=told["hedge"],
        evidence=told["status"].removeprefix(SP),
    )


def _until(day: str) -> str:
    return f"../{day}" if day else ""
