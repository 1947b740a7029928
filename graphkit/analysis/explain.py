"""Explanations: the statements behind an entity, a source, a proposition or a dispute, with speaker and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphkit.analysis.disputes import DisputeView, dispute_views, disputes_about
from graphkit.analysis.properties import read_linked
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.analysis.subjects import find, statements_of
from graphkit.model.iris import PREFIXES, iri, shorten
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
    names = disputes_about(store, subject, own)
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


_FLAT = """
SELECT DISTINCT ?subject ?relation ?end ?who ?does ?what
WHERE {{
  VALUES ?statement {{ {0} }}
  {{
    ?statement sp:proposition ?proposition ; sp:stance ?stance .
    FILTER(?stance IN (sp:asserts, sp:concedes))  # no plan or denial is the reason of a plain triple
    ?proposition sp:subject ?subject ; sp:relation/sp:claimedAs? ?relation ; sp:object|sp:value ?end .
  }} UNION {{
    ?statement sp:criticises ?end ; sp:voice ?subject . BIND(sp:criticised AS ?relation)
  }}
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
