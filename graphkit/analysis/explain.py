"""Explanations: the statements behind an entity, a source, a proposition or a dispute, with speaker and source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphkit.analysis.disputes import DisputeView, dispute_views, disputes_of
from graphkit.analysis.properties import read_linked
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES, SP, expand, iri, shorten
from graphkit.model.names import quoted
from graphkit.query.names import current, thing
from graphkit.store import Store, texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """The statements by a thing or about it, and their disputes.

    Attributes:
        kind: entity, source, statement, proposition, dispute or disagreement.
        label: Its label; the gist of a statement.
        statements: The statements by it or about it, by IRI.
        disputes: The disputes in which these statements take part.
        others: The other statements of those disputes, by IRI.
        flat: Plain triples of the default policy that come from the statements, in words.
        corrections: Statement to the ids of the statements that correct it; `corrects_id` leads the other way.
    """

    iri: str
    kind: str
    label: str
    statements: Mapping[str, StatementView]
    disputes: tuple[DisputeView, ...]
    others: Mapping[str, StatementView]
    flat: tuple[str, ...] = ()
    corrections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
STATEMENTS_OF = {
    "entity": f"""
      {{{{ ?s sp:speaker {{0}} }}}} UNION {{{{ ?s sp:via {{0}} }}}}
      UNION {{{{ ?p (sp:object)*/(sp:subject|sp:object|{"|".join(FURTHER_ENTITIES)}) {{0}} . ?s sp:proposition ?p }}}}
    """,
    "source": "?s sp:source {0}",
    "statement": "VALUES ?s {{ {0} }}",
    "proposition": "?s sp:proposition {0}",
    "dispute": "{0} sp:between ?s",
    "disagreement": "?d sp:disagreement {0} ; sp:between ?s",
}
# The most specific class comes first: a source is an entity too.
_CLASSES = ("Statement", "Proposition", "Dispute", "Disagreement", "Source", "Entity")


def explain(store: Store, name: str) -> Explanation:
    """Explain a thing.

    Args:
        name: A slug (`met`), a label or an alias, a statement (`source/key`), a CURIE, an IRI, or the beginning of the
            hash of a proposition, dispute or disagreement.

    Raises:
        AmbiguousNameError: Several things have that name.
        NotFoundError: The graph has nothing of that name.
    """
    subject = find(store, name)
    own = statements_of(store, subject)
    names = _disputes(store, subject, own)
    properties = read_linked(store, {*own, *names})
    disputes, views = dispute_views(properties), statement_views(properties)
    others = {side for dispute in disputes for _, side in dispute.sides()} - own
    return Explanation(
        iri=subject.iri,
        kind=subject.kind,
        label=views[subject.iri].gist if subject.iri in views else subject.label,
        statements={name: views[name] for name in views if name in own},
        disputes=disputes,
        others={name: views[name] for name in views if name in others},
        flat=_flat(store, own),
        corrections=_corrections(store, views),
    )


_MEMBERS = "SELECT ?d {{ ?d sp:disagreement {0} }} ORDER BY ?d"


def _disputes(store: Store, subject: Subject, statements: set[str]) -> list[str]:
    """Return the dispute itself, the disputes of a disagreement, or those of some statements."""
    if subject.kind == "dispute":
        return [subject.iri]
    if subject.kind == "disagreement":
        return [row[0] for row in texts(store, _MEMBERS.format(iri(subject.iri)), "d")]
    return disputes_of(store, statements)


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


_FLAT = """
SELECT DISTINCT ?subject ?relation ?end ?who ?does ?what
WHERE {{
  VALUES ?statement {{ {0} }}
  ?statement sp:proposition ?proposition ; sp:stance ?stance .
  FILTER(?stance IN (sp:asserts, sp:concedes))  # no plan or denial is the reason of a plain triple
  ?proposition sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  GRAPH <{1}> {{ ?subject ?relation ?end }}
  OPTIONAL {{ ?subject rdfs:label ?who }}
  OPTIONAL {{ ?relation rdfs:label ?does }}
  OPTIONAL {{ ?end rdfs:label ?what }}
}}
ORDER BY ?subject ?relation ?end
"""


def _flat(store: Store, statements: set[str]) -> tuple[str, ...]:
    query = _FLAT.format(" ".join(map(iri, sorted(statements))), PREFIXES["graph"] + "flat/attributed")
    found = texts(store, query, "subject", "relation", "end", "who", "does", "what")
    return tuple(
        " ".join(label or shorten(name) for name, label in zip(row[:3], row[3:], strict=True)) for row in found
    )


_CORRECTIONS = "SELECT DISTINCT ?old ?new {{ VALUES ?old {{ {0} }} ?new sp:corrects ?old }}"


def _corrections(store: Store, statements: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    query = _CORRECTIONS.format(" ".join(map(iri, statements)))
    for old, new in sorted(texts(store, query, "old", "new")):
        found[old] = (*found.get(old, ()), new.removeprefix(PREFIXES["statement"]))
    return found
