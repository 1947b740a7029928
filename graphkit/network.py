"""The network: entities as nodes, what is said between them as edges.

An edge is a proposition between two entities, with all statements about it; it may be drawn plain only
where the policy makes it a plain triple. Criticism that follows from what somebody says, and denials by
those who are neither end, are edges too, so that no voice is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import networkx as nx

from graphkit.disputes import read_disputes
from graphkit.errors import QueryError
from graphkit.nodes import add_nodes, pairs
from graphkit.statements import StatementView, read_statements
from graphkit.store import Store, texts
from graphkit.terms import BASE, DEFAULT_POLICY, POLICIES, SP, graph_iri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["StatementView", "blank", "counted", "network", "require_policy"]

# What a statement makes of a proposition that is neither plain nor disputed, the strongest first.
_STATUS = {
    "asserts": "claimed",
    "concedes": "conceded",
    "plans": "planned",
    "denies": "denied",
    "doubts": "doubted",
    "declines": "declined",
    "retracts": "retracted",
}

_PROPOSITIONS = """
SELECT ?proposition ?subject ?relation ?object ?label ?polarity ?scope ?told
WHERE {
  ?proposition a sp:Proposition ; sp:subject ?subject ; sp:relation ?relation ; sp:object ?object .
  ?relation rdfs:label ?label ; sp:polarity ?polarity .
  OPTIONAL { ?proposition sp:scope ?scope }
  BIND(IF(EXISTS { ?proposition sp:toldIn ?source }, "true", "false") AS ?told)
}
"""
_PLAIN = "SELECT ?subject ?relation ?object WHERE { GRAPH <%s> { ?subject ?relation ?object } FILTER(isIRI(?object)) }"
_ENDS = ("subject", "relation", "object")
_DISPUTES = "SELECT ?dispute ?statement WHERE { ?dispute sp:between ?statement } ORDER BY ?dispute"
_STATEMENTS = """
SELECT ?statement ?proposition ?speaker
WHERE { ?statement sp:proposition ?proposition ; sp:speaker ?speaker }
"""
_CRITICISM = """
SELECT DISTINCT ?critic ?target ?statement
WHERE {
  GRAPH <%s> { ?critic sp:criticised ?target }
  ?relation sp:polarity sp:critical ; sp:evaluates ?side .
  ?proposition sp:relation ?relation ; ?side ?target .
  ?statement sp:proposition ?proposition ; sp:stance sp:asserts ; sp:voice ?critic .
}
ORDER BY ?critic ?target ?statement
"""
_ABOUT = """
SELECT ?title ?version ?licence ?released
WHERE {
  <%s> dcterms:title ?title ; owl:versionInfo ?version ; dcterms:license ?licence
  OPTIONAL { <%s> dcterms:issued ?released }
}
"""
# What is said of one thing only, an amount or a date: it has no second end to draw a line to.
_UNDRAWN = """
SELECT ?subject ?statement
WHERE { ?statement sp:proposition ?p . ?p sp:subject ?subject FILTER NOT EXISTS { ?p sp:object ?object } }
ORDER BY ?subject ?statement
"""


@dataclass(slots=True)
class _Edge:
    """An edge before it is put into the network."""

    source: str
    target: str
    relation: str
    label: str
    polarity: str
    scope: str = ""
    policies: tuple[str, ...] = ()
    statements: list[str] = field(default_factory=list)


def network(store: Store, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Make the network of a graph.

    Args:
        store: The graph.
        policy: Which propositions are plain: attributed, undisputed, corroborated or verified.

    Returns:
        Nodes are IRIs with `label`, `kind`, `slug` and `aliases`. Edges have `relation`, `label`, `polarity`,
        `status`, `plain`, `policies` (those under which they are plain), `scope`, `statements` (IRIs), `speakers`,
        `stances` and `disputes` (IRIs). The graph has `title`, `dataset`, `version`, `released`, `licence`,
        `policy`, `total` and `drawn` (numbers of statements), `disputes` (`DisputeView`s), `undrawn` (statements
        of one thing only, by its IRI) and `evidence`, which maps the IRI of each statement to a `StatementView`.

    Raises:
        QueryError: There is no such policy.
    """
    drawing = blank(store, policy)
    edges = dict(_edges(store))
    add_nodes(drawing, store, (end for edge in edges.values() for end in (edge.source, edge.target)))
    disputes = pairs(store, _DISPUTES, "statement", "dispute")
    for key, edge in edges.items():
        attributes = _attributes(edge, policy, drawing.graph["evidence"], disputes)
        drawing.add_edge(edge.source, edge.target, key=key, **attributes)
    return counted(drawing)


def blank(store: Store, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Return a network without nodes that knows what it is of, with all statements and disputes.

    Raises:
        QueryError: There is no such policy.
    """
    require_policy(policy)
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    views = read_statements(store)
    drawing.graph.update(_about(store), policy=policy, evidence=views, total=len(views), drawn=0)
    drawing.graph["disputes"] = read_disputes(store)
    drawing.graph["undrawn"] = pairs(store, _UNDRAWN, "subject", "statement")
    return drawing


def counted(drawing: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Note in a network how many statements its edges rest on."""
    drawn = {name for _, _, data in drawing.edges(data=True) for name in data["statements"]}
    drawing.graph["drawn"] = len(drawn)
    return drawing


def require_policy(policy: str) -> None:
    """Refuse a policy that there is not.

    Raises:
        QueryError: There is none of that name.
    """
    if policy not in POLICIES:
        raise QueryError(f"There is no policy {policy!r}.", f"Type one of: {', '.join(POLICIES)}.")


def _edges(store: Store) -> Iterator[tuple[str, _Edge]]:
    """Yield edges with their keys, in an order that depends on nothing but the graph."""
    flat = {name: set(texts(store, _PLAIN % graph_iri(f"flat/{name}"), *_ENDS)) for name in POLICIES}
    # A plain triple has no scope: of the propositions that it stands for, only those that are told are plain.
    rows = _propositions(store)
    propositions = {row[0]: _Edge(*_spell(row), policies=_plain_under(row, flat)) for row in rows}
    said = sorted(texts(store, _STATEMENTS, "statement", "proposition", "speaker"))
    denials: list[tuple[str, str, str]] = []
    for statement, proposition, speaker in said:
        edge = propositions.get(proposition)
        if edge:
            edge.statements.append(statement)
            denials.append((statement, proposition, speaker))
    yield from ((name, edge) for name, edge in propositions.items() if edge.statements)
    yield from _denials(store, propositions, denials)
    yield from _criticism(store, {(row[1], row[3]) for row in rows if row[2] == SP + "criticised"})


def _plain_under(row: tuple[str, ...], flat: Mapping[str, set[tuple[str, ...]]]) -> tuple[str, ...]:
    return tuple(name for name, plain in sorted(flat.items()) if row[7] == "true" and row[1:4] in plain)


def _propositions(store: Store) -> list[tuple[str, ...]]:
    names = ("proposition", "subject", "relation", "object", "label", "polarity", "scope", "told")
    # Sorted here: the engine takes seconds to order some 10,000.
    return sorted(texts(store, _PROPOSITIONS, *names))


def _spell(row: tuple[str, ...]) -> tuple[str, str, str, str, str, str]:
    _, subject, relation, target, label, polarity, scope, _ = row
    return subject, target, relation.removeprefix(SP), label, polarity.removeprefix(SP), scope


def _denials(
    store: Store, propositions: Mapping[str, _Edge], said: list[tuple[str, str, str]]
) -> Iterator[tuple[str, _Edge]]:
    """Yield an edge from whoever denies something of others to the one of whom it is denied."""
    denying = {
        row[0] for row in texts(store, "SELECT ?statement WHERE { ?statement sp:stance sp:denies }", "statement")
    }
    found: dict[str, _Edge] = {}
    for statement, proposition, speaker in said:
        edge = propositions[proposition]
        if statement in denying and speaker not in (edge.source, edge.target):
            key = f"{proposition}/denied-by/{speaker.rpartition('/')[2]}"
            denial = _Edge(speaker, edge.source, "denied", f"that it {edge.label}", edge.polarity, edge.scope)
            found.setdefault(key, denial).statements.append(statement)
    yield from sorted(found.items())


def _criticism(store: Store, narrated: Collection[tuple[str, str]]) -> Iterator[tuple[str, _Edge]]:
    """Yield an edge from each critic to what the critic's words are directed at, but for what others tell of that."""
    found: dict[str, _Edge] = {}
    graph = graph_iri("flat/attributed")
    for critic, target, statement in texts(store, _CRITICISM % graph, "critic", "target", "statement"):
        if (critic, target) not in narrated:
            key = f"{critic}/criticised/{target.rpartition('/')[2]}"
            edge = _Edge(critic, target, "criticised", "criticised", "critical", policies=(DEFAULT_POLICY,))
            found.setdefault(key, edge).statements.append(statement)
    yield from sorted(found.items())


def _attributes(
    edge: _Edge, policy: str, views: Mapping[str, StatementView], disputes: Mapping[str, list[str]]
) -> dict[str, object]:
    stances = tuple(sorted({views[name].stance for name in edge.statements}))
    disputed = tuple(sorted({dispute for name in edge.statements for dispute in disputes.get(name, ())}))
    status = _status(stances, disputed, plain=policy in edge.policies)
    return {
        "relation": edge.relation,
        "label": edge.label,
        "polarity": edge.polarity,
        "status": status,
        "plain": status == "reported",
        "policies": edge.policies if status == "reported" or not disputed else (),
        "scope": edge.scope,
        "statements": tuple(sorted(edge.statements)),
        "speakers": tuple(sorted({views[name].speaker for name in edge.statements})),
        "stances": stances,
        "disputes": disputed,
    }


def _status(stances: tuple[str, ...], disputes: tuple[str, ...], *, plain: bool) -> str:
    if disputes and set(stances) != {"denies"}:
        return "disputed"
    if plain:
        return "reported"
    return next(status for stance, status in _STATUS.items() if stance in stances)


def _about(store: Store) -> dict[str, str]:
    names = ("title", "version", "licence", "released")
    rows = list(texts(store, _ABOUT.replace("%s", BASE + "dataset"), *names))
    return {"dataset": BASE + "dataset", **dict(zip(names, rows[0] if rows else ("",) * len(names), strict=True))}
