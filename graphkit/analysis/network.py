"""The network: entities as nodes, what is said between them as edges.

An edge is a proposition between two entities, with all statements about it; it may be drawn plain only
where the policy makes it a plain triple. Criticism that follows from what somebody says, and denials by
those who are neither end, are edges too, so that no voice is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import networkx as nx

from graphkit.analysis.disputes import read_disputes
from graphkit.analysis.nodes import add_nodes, pairs
from graphkit.analysis.properties import read_facts
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.errors import QueryError
from graphkit.model.iris import BASE, DEFAULT_POLICY, POLICIES, SP, shorten
from graphkit.store import Store, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from graphkit.analysis.properties import Facts

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

_CRITICISED = SP + "criticised"
_DISPUTES = "SELECT ?dispute ?statement WHERE { ?dispute sp:between ?statement } ORDER BY ?dispute"
_ABOUT = """
SELECT ?title ?version ?licence ?released
WHERE {
  <%s> dcterms:title ?title ; owl:versionInfo ?version ; dcterms:license ?licence
  OPTIONAL { <%s> dcterms:issued ?released }
}
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
    facts = read_facts(store)
    drawing = blank(store, facts, policy)
    edges = dict(_edges(facts))
    add_nodes(drawing, facts, (end for edge in edges.values() for end in (edge.source, edge.target)))
    disputes = pairs(store, _DISPUTES, "statement", "dispute")
    for key, edge in edges.items():
        attributes = _attributes(edge, policy, drawing.graph["evidence"], disputes)
        drawing.add_edge(edge.source, edge.target, key=key, **attributes)
    return counted(drawing)


def blank(store: Store, facts: Facts, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Return a network without nodes that knows what it is of, with all statements and disputes.

    Args:
        store: The graph.
        facts: What was read from it.
        policy: Which propositions are plain.

    Raises:
        QueryError: There is no such policy.
    """
    require_policy(policy)
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    views = statement_views(facts)
    drawing.graph.update(_about(store), policy=policy, evidence=views, total=len(views), drawn=0)
    drawing.graph["disputes"] = read_disputes(store)
    drawing.graph["undrawn"] = _undrawn(facts)
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


def _undrawn(facts: Facts) -> dict[str, list[str]]:
    """Return what is said of one thing only, an amount or a date: it has no second end to draw a line to."""
    found: dict[str, list[str]] = {}
    for statement, proposition in _said(facts):
        if not facts.one(proposition, "sp:object"):
            found.setdefault(facts.one(proposition, "sp:subject"), []).append(statement)
    return dict(sorted(found.items()))


def _edges(facts: Facts) -> Iterator[tuple[str, _Edge]]:
    """Yield edges with their keys, in an order that depends on nothing but the graph."""
    propositions = {name: _proposition(name, facts) for name in sorted(facts.values["sp:object"])}
    said = _said(facts)
    for statement, proposition in said:
        if proposition in propositions:
            propositions[proposition].statements.append(statement)
    yield from ((name, edge) for name, edge in propositions.items() if edge.statements)
    yield from _denials(facts, propositions, said)
    narrated = {(edge.source, edge.target) for edge in propositions.values() if edge.relation == "criticised"}
    yield from _criticism(facts, narrated, said)


def _said(facts: Facts) -> list[tuple[str, str]]:
    """Return statements with what they are about, sorted."""
    return sorted(facts.values["sp:proposition"].items())


def _proposition(name: str, facts: Facts) -> _Edge:
    triple = (facts.one(name, "sp:subject"), facts.one(name, "sp:relation"), facts.one(name, "sp:object"))
    subject, relation, target = triple
    # A plain triple has no scope: of the propositions that it stands for, only those that are told are plain.
    told = bool(facts.all(name, "sp:toldIn"))
    return _Edge(
        subject,
        target,
        relation.removeprefix(SP),
        facts.one(relation, "rdfs:label"),
        facts.one(relation, "sp:polarity").removeprefix(SP),
        facts.one(name, "sp:scope"),
        tuple(policy for policy, plain in sorted(facts.plain.items()) if told and triple in plain),
    )


def _denials(
    facts: Facts, propositions: Mapping[str, _Edge], said: list[tuple[str, str]]
) -> Iterator[tuple[str, _Edge]]:
    """Yield an edge from whoever denies something of others to the one of whom it is denied."""
    found: dict[str, _Edge] = {}
    for statement, proposition in said:
        edge, speaker = propositions.get(proposition), facts.one(statement, "sp:speaker")
        if not edge or facts.one(statement, "sp:stance") != SP + "denies":
            continue
        if speaker not in (edge.source, edge.target):
            key = f"{proposition}/denied-by/{speaker.rpartition('/')[2]}"
            denial = _Edge(speaker, edge.source, "denied", f"that it {edge.label}", edge.polarity, edge.scope)
            found.setdefault(key, denial).statements.append(statement)
    yield from sorted(found.items())


def _criticism(
    facts: Facts, narrated: Collection[tuple[str, str]], said: list[tuple[str, str]]
) -> Iterator[tuple[str, _Edge]]:
    """Yield an edge from each critic to what the critic's words are directed at, but for what others tell of that."""
    criticised = {(one, other) for one, relation, other in facts.plain[DEFAULT_POLICY] if relation == _CRITICISED}
    found: dict[str, _Edge] = {}
    for statement, proposition in said:
        for target in _criticised_by(statement, proposition, facts):
            for critic in facts.all(statement, "sp:voice"):
                if (critic, target) in criticised and (critic, target) not in narrated:
                    key = f"{critic}/criticised/{target.rpartition('/')[2]}"
                    edge = _Edge(critic, target, "criticised", "criticised", "critical", policies=(DEFAULT_POLICY,))
                    found.setdefault(key, edge).statements.append(statement)
    yield from sorted(found.items())


def _criticised_by(statement: str, proposition: str, facts: Facts) -> set[str]:
    """Return what a statement criticises by what it asserts."""
    relation = facts.one(proposition, "sp:relation")
    if facts.one(relation, "sp:polarity") != SP + "critical" or facts.one(statement, "sp:stance") != SP + "asserts":
        return set()
    sides = map(shorten, facts.all(relation, "sp:evaluates"))
    return {target for side in sides if (target := facts.one(proposition, side))}


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
