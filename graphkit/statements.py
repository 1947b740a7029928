"""Statements as people read them, taken from a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.store import texts
from graphkit.terms import PREFIXES, SP, iri, token

if TYPE_CHECKING:
    import pyoxigraph as ox

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
WHERE { ?statement sp:relay ?relay . ?relay sp:position ?position ; sp:relayedBy/rdfs:label ?label }
ORDER BY ?statement ?position
"""


def read_statements(store: Store, names: set[str] | None = None) -> dict[str, StatementView]:
    """Read statements.

    Args:
        store: Where they are.
        names: IRIs of those wanted; all by default.

    Returns:
        IRI to statement, in the order of the IRIs.
    """
    wanted = "" if names is None else f"VALUES ?statement {{ {' '.join(map(iri, sorted(names)))} }}"
    relays: dict[str, list[str]] = {}
    for statement, label in texts(store, _RELAYS, "statement", "label"):
        relays.setdefault(statement, []).append(label)
    rows = store.query(_QUERY.replace("VALUES_HERE", wanted))
    views = (_view(row, relays) for row in rows)  # type: ignore[union-attr]
    # The engine looks up both names for each comparison, which takes seconds where this takes milliseconds.
    return {view.iri: view for view in sorted(views, key=lambda view: view.iri)}


def _view(row: ox.QuerySolution, relays: dict[str, list[str]]) -> StatementView:
    name = _text(row, "statement")
    ends = _text(row, "ends")
    at = _text(row, "at")
    passage = f"“{_text(row, 'starts')} … {ends}”" if ends else f"“{_text(row, 'starts')}”"
    return StatementView(
        iri=name,
        id=name.removeprefix(PREFIXES["statement"]),
        speaker=_text(row, "speaker"),
        stance=token(_text(row, "stance").removeprefix(SP)),
        gist=_text(row, "gist"),
        source=_text(row, "source").removeprefix(PREFIXES["source"]),
        source_title=_text(row, "title"),
        url=_text(row, "url"),
        said=_text(row, "said") or _until(_text(row, "latest")),
        via=" → ".join(relays.get(name, ())),
        locator=f"{passage}, at {at}" if at else passage,
        publicity=token(_text(row, "publicity").removeprefix(SP)),
        proposition=_text(row, "proposition"),
        claim=_text(row, "claim"),
        hedge=_text(row, "hedge"),
        evidence=_text(row, "status").removeprefix(SP),
    )


def _until(day: str) -> str:
    return f"../{day}" if day else ""


def _text(row: ox.QuerySolution, name: str) -> str:
    term = row[name]
    return "" if term is None else str(getattr(term, "value", term))
