"""The network: entities as nodes, propositions between them as edges.

An edge is a proposition with all statements about it. It is plain only if the policy makes it a plain triple. Two more
kinds of edge keep every speaker visible: criticism that follows from a statement, and a denial by a speaker who is
neither the subject nor the object of the proposition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple, TypeAlias

import networkx as nx

from graphkit.analysis.disputes import dispute_views
from graphkit.analysis.properties import Properties, Triple, read_properties
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError
from graphkit.model.iris import DATASET, DEFAULT_POLICY, POLICIES, SP
from graphkit.store import Store

# The status of a proposition that is neither plain nor disputed, by the stance of a statement, the strongest first.
_STATUS = {
    "asserts": "claimed",
    "concedes": "conceded",
    "plans": "planned",
    "rules-out": "ruled out",
    "denies": "denied",
    "doubts": "doubted",
    "declines": "declined",
    "retracts": "retracted",
}
_CRITICISED = SP + "criticised"
# The verb of a third party's denial, before the subject of the claim that it denies.
DENIED = "denied that"
_WITH_NODE = {SP + "Entity", SP + "Proposition"}
# The most specific class comes first; its superclasses come later or are left out.
_KINDS = (
    "PublicBody", "Organisation", "Office", "Person", "Group", "Programme", "InformationSystem", "LegalCase",
    "Platform", "LegalInstrument", "Document", "Place", "Topic", "Proposition",
)  # fmt: skip


class Position(NamedTuple):
    """What edges need of a statement."""

    iri: str
    proposition: str
    stance: str
    speaker: str
    speaker_iri: str


Said: TypeAlias = StatementView | Position


@dataclass(slots=True)
class PropositionEdge:
    """An edge before it is added to the network.

    Attributes:
        verb: The words between both ends, if they differ from the label, which then names the status.
        rest: The words after the target, such as a sum and its period, or what a third party denies of the target.
    """

    source: str
    target: str
    relation: str
    label: str
    polarity: str
    scope: str = ""
    policies: tuple[str, ...] = ()
    derived: bool = False
    verb: str = ""
    rest: str = ""
    statements: list[str] = field(default_factory=list)


def network(store: Store, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Make the network of a graph.

    Args:
        policy: One of `graphkit.model.iris.POLICIES`; it decides which propositions are plain.

    Returns:
        Nodes are IRIs with `label`, `kind`, `slug` and `aliases`. Edges have `relation`, `label`, `verb` and `rest`
        (the words between both ends and after the second), `unmarked` (whether the label names the status),
        `polarity`, `status`, `plain`, `policies` (those under which they are plain), `scope`, `statements` (IRIs),
        `speakers`, `stances`, `disputes` (IRIs) and `repeats` (statement to the key of the edge that counts it, where
        it is on two). The graph has `title`, `dataset`, `version`, `released`, `licence`, `policy`, `total` and
        `drawn` (numbers of statements), `disputes` (`DisputeView`s), `undrawn` (statements that cannot be an edge, by
        the IRI of their subject) and `evidence` (`StatementView`s by IRI).

    Raises:
        QueryError: There is no such policy.
    """
    return network_of(read_properties(store), policy)


def network_of(properties: Properties, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Make the network of the properties of a whole graph; see `network`."""
    drawing = empty_network(properties, policy)
    return filled(drawing, properties, policy, drawing.graph["evidence"])


def filled(
    drawing: nx.MultiDiGraph[str], properties: Properties, policy: str, views: Mapping[str, Said]
) -> nx.MultiDiGraph[str]:
    """Add to a network without nodes the edges that rest on some statements, with their nodes."""
    edges = dict(_edges(properties, views.values()))
    add_nodes(drawing, properties, (end for edge in edges.values() for end in (edge.source, edge.target)))
    disputes: dict[str, list[str]] = {}
    for dispute in properties.subjects("sp:affirmedBy"):
        for statement in (*properties.all(dispute, "sp:affirmedBy"), *properties.all(dispute, "sp:deniedBy")):
            disputes.setdefault(statement, []).append(dispute)
    first = {name: key for key, edge in reversed(edges.items()) for name in edge.statements}
    for key in list(edges):
        edge = edges.pop(key)  # the graph has them in another form
        attributes = attributes_of(edge, policy, views, disputes)
        repeats = {name: first[name] for name in sorted(edge.statements) if first[name] != key}
        drawing.add_edge(edge.source, edge.target, key=key, **attributes, repeats=repeats)
    return with_counts(drawing)


def empty_network(properties: Properties, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Return a network without nodes, with the metadata of its graph, all statements and all disputes.

    Raises:
        QueryError: There is no such policy.
    """
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    views = statement_views(properties)
    drawing.graph.update(
        **metadata(properties, policy),
        evidence=views,
        total=len(views),
        drawn=0,
        disputes=dispute_views(properties),
        undrawn=_undrawn(properties, views.values()),
    )
    return drawing


def metadata(properties: Properties, policy: str) -> dict[str, str]:
    """Return the metadata of a graph, with the policy of its network.

    Raises:
        QueryError: There is no such policy.
    """
    require_policy(policy)
    return {
        "dataset": DATASET,
        "title": properties.one(DATASET, "dcterms:title"),
        "version": properties.one(DATASET, "owl:versionInfo"),
        "licence": properties.one(DATASET, "dcterms:license"),
        "released": properties.one(DATASET, "dcterms:issued"),
        "policy": policy,
    }


def add_nodes(drawing: nx.MultiDiGraph[str], properties: Properties, names: Iterable[str]) -> None:
    """Add things as nodes, with label, kind, slug and aliases, each once."""
    for name in dict.fromkeys(names):
        if name not in drawing:
            known, node = node_of(name, properties)
            aliases = tuple(sorted(properties.all(name, "skos:altLabel"))) if known else ()
            drawing.add_node(name, **node, aliases=aliases)


def node_of(name: str, properties: Properties) -> tuple[bool, dict[str, str]]:
    """Return whether a node is a thing of the graph, and its label, kind and slug."""
    classes = properties.all(name, "rdf:type")
    known = not _WITH_NODE.isdisjoint(classes)
    label = (properties.one(name, "rdfs:label") if known else "") or name
    return known, {"label": label, "kind": kind_of(classes if known else ()), "slug": name.rpartition("/")[2]}


def kind_of(classes: Iterable[str]) -> str:
    """Return the most specific of the classes of a node, such as PublicBody."""
    names = {name.removeprefix(SP) for name in classes}
    return next((kind for kind in _KINDS if kind in names), "Entity")


def with_counts(drawing: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Record in a network the number of statements behind its edges."""
    drawn = {name for _, _, data in drawing.edges(data=True) for name in data["statements"]}
    drawing.graph["drawn"] = len(drawn)
    return drawing


def require_policy(policy: str) -> None:
    """Raise QueryError if there is no policy of that name."""
    if policy not in POLICIES:
        raise QueryError(f"There is no policy {policy!r}.", instead(policy, POLICIES))


def _undrawn(properties: Properties, views: Iterable[Said]) -> dict[str, list[str]]:
    """Return statements whose proposition has no object entity and so cannot become an edge, by its subject."""
    found: dict[str, list[str]] = {}
    for view in views:
        if view.proposition and not properties.one(view.proposition, "sp:object"):
            found.setdefault(properties.one(view.proposition, "sp:subject"), []).append(view.iri)
    return dict(sorted(found.items()))


def _edges(properties: Properties, views: Collection[Said]) -> Iterator[tuple[str, PropositionEdge]]:
    """Yield edges with their keys, in an order that depends on the graph only."""
    propositions = edges_of_propositions(properties, views)
    yield from ((name, edge) for name, edge in propositions.items() if edge.statements)
    yield from denials(propositions, views, properties)
    narrated = {(edge.source, edge.target) for edge in propositions.values() if edge.relation == "criticised"}
    criticised = {ends for ends in criticised_under(properties.plain[DEFAULT_POLICY]) if ends not in narrated}
    yield from _criticism(properties, criticised, views)


def edges_of_propositions(properties: Properties, views: Iterable[Said]) -> dict[str, PropositionEdge]:
    """Return an edge for each proposition with an object, with the statements about it among some."""
    found = {name: _proposition(name, properties) for name in sorted(properties.subjects("sp:object"))}
    for view in views:
        if view.proposition in found:
            found[view.proposition].statements.append(view.iri)
    return found


def _proposition(name: str, properties: Properties) -> PropositionEdge:
    one = properties.one
    # A million edges share their ends, their relations and the words of these.
    subject, relation, target = (intern(one(name, end)) for end in ("sp:subject", "sp:relation", "sp:object"))
    # Several propositions may match a plain triple; those that were reported without an amount become it.
    reported = any(properties.all(name, marker) for marker in ("sp:toldIn", "sp:performedIn"))
    reported = reported and not properties.all(name, "sp:amount")
    verb, scope = intern(one(relation, "rdfs:label")), one(name, "sp:narrowing") or one(name, "sp:scope")
    rest = one(name, "rdfs:label").partition(f" {verb} {one(target, 'rdfs:label')} ")[2].replace(f"({scope})", "")
    rest = rest.replace(scope, "")
    return PropositionEdge(
        subject,
        target,
        intern(relation.removeprefix(SP)),
        verb,
        intern(one(relation, "sp:polarity").removeprefix(SP)),
        scope,
        tuple(
            policy
            for policy, plain in sorted(properties.plain.items())
            if reported and (subject, relation, target) in plain
        ),
        rest=" ".join(rest.split()),
    )


def denials(
    propositions: Mapping[str, PropositionEdge], views: Iterable[Said], properties: Properties
) -> Iterator[tuple[str, PropositionEdge]]:
    """Yield an edge from each speaker who denies a proposition about others to the subject of that proposition."""
    found: dict[str, PropositionEdge] = {}
    for view in views:
        edge, speaker = propositions.get(view.proposition), view.speaker_iri
        if edge and view.stance == "denies" and speaker not in (edge.source, edge.target):
            key = f"{view.proposition}/denied-by/{speaker.rpartition('/')[2]}"
            claim = f"{edge.label}{_object(edge.target, properties)}"
            denial = PropositionEdge(
                speaker, edge.source, "denied", f"{DENIED} … {claim}", edge.polarity, edge.scope,
                verb=DENIED, rest=f"{claim} {edge.rest}".strip(),
            )  # fmt: skip
            found.setdefault(key, denial).statements.append(view.iri)
    yield from sorted(found.items())


def _object(name: str, properties: Properties) -> str:
    """Return the label of an entity after a space, or an ellipsis for a proposition."""
    named = kind_of(properties.all(name, "rdf:type")) != "Proposition" and properties.one(name, "rdfs:label")
    return f" {named}" if named else "…"


def criticised_under(plain: Iterable[Triple]) -> Iterator[tuple[str, str]]:
    """Yield critic and target of the plain triples that are criticism."""
    return ((critic, target) for critic, relation, target in plain if relation == _CRITICISED)


def criticism_in(
    statement: str, properties: Properties, criticised: Collection[tuple[str, str]]
) -> Iterator[tuple[str, PropositionEdge]]:
    """Yield an edge, with its key, from each critic to each target of the criticism that follows from a statement.

    Args:
        criticised: The critics and targets that may have an edge.
    """
    for target in properties.all(statement, "sp:criticises"):
        for critic in properties.all(statement, "sp:voice"):
            if (critic, target) in criticised:
                yield f"{critic}/criticised/{target.rpartition('/')[2]}", criticism(critic, target)


def criticism(critic: str, target: str) -> PropositionEdge:
    """Return an edge of criticism that no source reports itself."""
    return PropositionEdge(
        critic, target, "criticised", "criticised", "critical", policies=(DEFAULT_POLICY,), derived=True
    )


def _criticism(
    properties: Properties, criticised: Collection[tuple[str, str]], views: Iterable[Said]
) -> Iterator[tuple[str, PropositionEdge]]:
    """Yield an edge from each critic to the target of the criticism, unless a source reports that criticism itself."""
    found: dict[str, PropositionEdge] = {}
    for view in views:
        for key, edge in criticism_in(view.iri, properties, criticised):
            found.setdefault(key, edge).statements.append(view.iri)
    yield from sorted(found.items())


def attributes_of(
    edge: PropositionEdge, policy: str, views: Mapping[str, Said], disputes: Mapping[str, list[str]]
) -> dict[str, object]:
    """Return the attributes of an edge.

    Args:
        views: Those of its statements, and maybe others, by IRI.
        disputes: Statement to the disputes with it.
    """
    stances = tuple(sorted({views[name].stance for name in edge.statements}))
    # A dispute about the proposition of a statement is not about the criticism that follows from the statement.
    disputed = tuple(
        sorted({dispute for name in edge.statements for dispute in disputes.get(name, ()) if not edge.derived})
    )
    plain = policy in edge.policies
    return {
        "relation": edge.relation,
        "label": edge.label,
        "verb": edge.verb or edge.label,
        "rest": edge.rest,
        "unmarked": bool(edge.verb),
        "polarity": edge.polarity,
        "status": _status(stances, disputed, plain=plain),
        "plain": plain,
        "policies": edge.policies,
        "scope": edge.scope,
        "statements": tuple(sorted(edge.statements)),
        "speakers": tuple(sorted({views[name].speaker for name in edge.statements})),
        "stances": stances,
        "disputes": disputed,
    }


def _status(stances: tuple[str, ...], disputes: tuple[str, ...], *, plain: bool) -> str:
    if disputes and set(stances) != {"denies"}:
        return "disputed"
    return "reported" if plain else status_of_stances(stances)


def full_status(edge: Mapping[str, Any]) -> str:
    """Return the status of an edge, with that of its statements if it is disputed but nobody asserts it.

    >>> full_status({"status": "disputed", "stances": ["plans"]})
    'planned, disputed'
    """
    said = status_of_stances(edge["stances"]) if edge["status"] == "disputed" else "claimed"
    return f"{said}, {edge['status']}" if said != "claimed" else str(edge["status"])


def status_of_stances(stances: Collection[str]) -> str:
    """Return the status of a proposition that is neither plain nor disputed, by the strongest of some stances.

    >>> status_of_stances(["denies", "plans"])
    'planned'
    """
    return next((status for stance, status in _STATUS.items() if stance in stances), "claimed")
