"""Things that a user names, and the statements by them or about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES, SP, expand, iri, shorten
from graphkit.model.names import quoted
from graphkit.query.names import current, thing
from graphkit.store import Store, texts


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that a user named.

    Attributes:
        kind: entity, source, statement, proposition, dispute or disagreement.
        label: Its label, or its CURIE if it has none.
    """

    iri: str
    kind: str
    label: str


# The properties that lead from a proposition to the entities in it, besides its subject and object.
FURTHER_ENTITIES = (
    "sp:alternative", "sp:base", "sp:purpose", "sp:means", "sp:place", "sp:under", "sp:matter", "sp:requester",
    "sp:amountOf", "sp:amountBase", "sp:amountPer",
)  # fmt: skip
ABOUT = f"?p (sp:object)*/(sp:subject|sp:object|{'|'.join(FURTHER_ENTITIES)}) {{0}} . ?s sp:proposition ?p"
STATEMENTS_OF = {
    "entity": f"{{{{ ?s sp:speaker|sp:voice|sp:via {{0}} }}}} UNION {{{{ {ABOUT} }}}}",
    "source": "?s sp:source {0}",
    "statement": "VALUES ?s {{ {0} }}",
    "proposition": "?s sp:proposition {0}",
    "dispute": "{0} sp:between ?s",
    "disagreement": "?d sp:disagreement {0} ; sp:between ?s",
}
# The most specific class comes first: a source is an entity too.
_CLASSES = ("Statement", "Proposition", "Dispute", "Disagreement", "Source", "Entity")


def find(store: Store, name: str) -> Subject:
    """Find a thing by a name as `explain` takes it, without reading its statements.

    Raises:
        AmbiguousNameError: Several things have that name.
        NotFoundError: The graph has nothing of that name.
    """
    for candidate in (current(store, full) for full in _candidates(store, name)):
        found = _subject(store, candidate)
        if found:
            return found
    found = _subject(store, thing(name, store))
    if not found:
        raise NotFoundError(
            f"The graph has no entity, source, statement, proposition, dispute or disagreement {quoted(name)}."
        )
    return found


def _subject(store: Store, name: str) -> Subject | None:
    query = f"SELECT ?c ?l {{ {iri(name)} a ?c OPTIONAL {{ {iri(name)} rdfs:label ?l }} }} ORDER BY ?l"
    rows = list(texts(store, query, "c", "l"))
    classes = {cls.removeprefix(SP) for cls, _ in rows}
    kind = next((cls.lower() for cls in _CLASSES if cls in classes), "")
    return Subject(name, kind, rows[0][1] or shorten(name)) if kind else None


def statements_of(store: Store, subject: Subject) -> set[str]:
    """Return the IRIs of the statements by a thing or about it."""
    pattern = STATEMENTS_OF[subject.kind].format(iri(subject.iri))
    return {row[0] for row in texts(store, f"SELECT DISTINCT ?s {{ {pattern} }}", "s")}


# Long enough not to be an ordinary word.
_HASH = re.compile(r"[0-9a-f]{6,32}")
_HASHED = """
SELECT ?x WHERE {
  VALUES ?class { sp:Proposition sp:Dispute sp:Disagreement } ?x a ?class . FILTER(CONTAINS(STR(?x), "/TEXT"))
}
ORDER BY ?x LIMIT 1
"""


def _candidates(store: Store, name: str) -> Iterable[str]:
    text = name.strip("<>")
    if any(character in text for character in ' "<>{}|\\^`'):
        return
    full = expand(text)
    if full != text or "://" in text:
        yield full
        return
    for space in ("id", "statement", "source"):
        yield PREFIXES[space] + text
    if _HASH.fullmatch(text):
        yield from (row[0] for row in texts(store, _HASHED.replace("TEXT", text), "x"))
