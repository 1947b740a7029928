"""The network: what nodes and edges carry, that no statement gets lost, and that nothing contested is plain."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphkit.analysis.network import network
from graphkit.analysis.statements import StatementView
from graphkit.build.pipeline import build
from graphkit.graph import open_graph
from graphkit.model.errors import QueryError
from graphkit.model.iris import DEFAULT_POLICY, POLICIES, PREFIXES, SP, graph_iri
from graphkit.query.answers import Table
from graphkit.store import in_memory

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace

STATUSES = {
    "reported", "disputed", "claimed", "conceded", "planned", "denied", "doubted", "declined", "retracted", "ruled out",
}  # fmt: skip
POLARITIES = {"critical", "supportive", "neutral"}

# Subject, relation, object and scope of every edge of the small workspace, with its status by the default policy.
SMALL = {
    ("charity", "criticised", "scheme", ""): "reported",
    ("charity", "employs", "spokeswoman", ""): "reported",
    ("force", "consulted", "charity", ""): "disputed",
    ("force", "consulted", "charity", "a formal request"): "denied",
    ("force", "consulted", "partners", ""): "disputed",
    ("force", "denied", "scheme", ""): "denied",
    ("force", "issued", "assessment", ""): "reported",
    ("force", "operates", "scheme", ""): "reported",
    ("ministry", "denied", "scheme", ""): "denied",
    ("ministry", "funded", "scheme", ""): "reported",
    ("scheme", "carriesOut", "profiling", ""): "disputed",
    ("scheme", "harms", "partners", ""): "claimed",
    ("scheme", "tackles", "knife-crime", ""): "denied",
    ("scheme", "tackles", "violence", ""): "disputed",
    ("spokeswoman", "criticised", "scheme", ""): "reported",
    ("spokeswoman", "denied", "force", ""): "denied",
    ("spokeswoman", "speaksFor", "charity", ""): "reported",
}


@pytest.fixture(params=["small", "ours"])
def graph(request: pytest.FixtureRequest) -> Graph:
    """Return each of the two workspaces that are built once."""
    if request.param == "ours":
        return request.getfixturevalue("ours")[0]  # type: ignore[no-any-return]
    return request.getfixturevalue("small_graph")  # type: ignore[no-any-return]


def short(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rpartition("/")[2].rpartition("#")[2]


def statuses(drawing: nx.MultiDiGraph[str]) -> dict[tuple[str, str, str, str], str]:
    """Return the status of each edge by its ends, relation and scope."""
    edges = [
        ((short(start), data["relation"], short(end), data["scope"]), data["status"])
        for start, end, data in drawing.edges(data=True)
    ]
    assert len(dict(edges)) == len(edges)
    return dict(edges)


def column(graph: Graph, query: str) -> set[str]:
    """Return the values of the only column of a query."""
    answer = graph.query(query)
    assert isinstance(answer, Table)
    return {str(one) for one in answer.column(answer.columns[0])}


def plain_triples(graph: Graph, policy: str) -> set[tuple[str, str, str]]:
    """Return the flat triples of a policy between things."""
    answer = graph.query(
        f"SELECT ?s ?p ?o {{ GRAPH <{graph_iri('flat/' + policy)}> {{ ?s ?p ?o FILTER(isIRI(?o)) }} }}"
    )
    assert isinstance(answer, Table)
    return {(str(row["s"]), str(row["p"]), str(row["o"])) for row in answer}


# --- what is carried --------------------------------------------------------------------------------------------------


def test_nodes_carry_a_label_a_kind_and_a_slug(graph: Graph) -> None:
    for name, data in graph.network().nodes(data=True):
        assert set(data) == {"label", "kind", "slug", "aliases"}
        assert all(isinstance(data[one], str) and data[one] for one in ("label", "kind", "slug"))
        assert all(isinstance(one, str) and one for one in data["aliases"])
        assert name.endswith("/" + data["slug"])
        assert data["label"] != name, "every node has a label of its own"
        assert data["kind"] != "Entity", "every node has a kind of its own"


def test_edges_carry_who_said_it_and_how_it_stands(graph: Graph) -> None:
    drawing = graph.network()
    views, nodes = drawing.graph["evidence"], set(drawing)
    keys = set()
    for start, end, key, data in drawing.edges(keys=True, data=True):
        assert {start, end} <= nodes
        assert isinstance(key, str)
        keys.add(key)
        lists = {"statements", "speakers", "stances", "disputes", "policies"}
        texts = {"relation", "label", "verb", "rest", "polarity", "status", "scope"}
        assert set(data) == {*texts, *lists, "plain", "unmarked", "repeats"}
        assert all(isinstance(data[name], str) for name in texts)
        assert all(isinstance(data[name], tuple) for name in lists)
        assert all(isinstance(one, str) for name in lists for one in data[name])
        assert all(list(data[name]) == sorted(set(data[name])) for name in lists)
        assert data["plain"] is (data["status"] == "reported") or data["status"] == "disputed"
        assert data["plain"] is (DEFAULT_POLICY in data["policies"])
        assert data["status"] in STATUSES
        assert data["polarity"] in POLARITIES
        assert data["relation"]
        assert data["label"]
        assert data["statements"], "no edge without a statement"
        assert set(data["stances"]) == {views[name].stance for name in data["statements"]}
        assert set(data["speakers"]) == {views[name].speaker for name in data["statements"]}
        assert all(name.startswith(PREFIXES["dispute"]) for name in data["disputes"])
    assert len(keys) == drawing.number_of_edges(), "keys are unique in the whole network, not only between two ends"


@pytest.mark.parametrize("policy", POLICIES)
def test_the_network_says_what_it_is(graph: Graph, policy: str) -> None:
    facts = graph.network(policy).graph
    named = {"title", "dataset", "version", "released", "licence", "policy", "evidence", "total", "drawn"}
    assert set(facts) == {*named, "disputes", "undrawn"}
    assert facts["policy"] == policy
    assert facts["title"]
    assert facts["licence"].startswith("https://")
    assert facts["version"].count(".") == 2
    assert isinstance(facts["total"], int)
    assert isinstance(facts["drawn"], int)


def test_the_evidence_is_every_statement(graph: Graph) -> None:
    drawing = graph.network()
    views = drawing.graph["evidence"]
    assert set(views) == column(graph, "SELECT ?s { ?s a sp:Statement }")
    assert len(views) == drawing.graph["total"]
    for name, view in views.items():
        assert isinstance(view, StatementView)
        assert view.iri == name == PREFIXES["statement"] + view.id
        told = (view.speaker, view.stance, view.gist, view.source_title, view.locator, view.claim, view.publicity)
        assert all(told), name


def test_every_statement_with_an_object_is_on_an_edge(graph: Graph) -> None:
    drawing = graph.network()
    drawn = {name for *_, data in drawing.edges(data=True) for name in data["statements"]}
    assert drawn == column(graph, "SELECT ?s { ?s sp:proposition/sp:object ?o }")
    hidden = column(graph, "SELECT ?s { ?s sp:proposition ?p FILTER NOT EXISTS { ?p sp:object ?o } }")
    assert not drawn & hidden
    assert drawing.graph["drawn"] == len(drawn)
    assert drawing.graph["total"] - drawing.graph["drawn"] == len(hidden)
    assert hidden, "both workspaces give a date"


def test_an_edge_tells_the_disputes_of_its_statements(graph: Graph) -> None:
    told = {name for *_, data in graph.network().edges(data=True) for name in data["disputes"]}
    assert told == column(graph, "SELECT ?d { ?d sp:about/sp:object ?o }")


# --- how it stands ----------------------------------------------------------------------------------------------------


def test_statuses_of_the_small_workspace(small_graph: Graph) -> None:
    assert statuses(small_graph.network()) == SMALL


def test_the_relation_and_its_polarity_come_from_the_ontology(small_graph: Graph) -> None:
    found = {data["relation"]: (data["label"], data["polarity"]) for *_, data in small_graph.network().edges(data=True)}
    assert found["carriesOut"] == ("carries out", "neutral")
    assert found["harms"] == ("harms", "critical")
    assert found["criticised"] == ("criticised", "critical")


@pytest.mark.filterwarnings("ignore::graphkit.model.errors.QueryWarning")  # a policy may have no plain triple
@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_makes_plain_what_its_rule_derives(graph: Graph, policy: str) -> None:
    """An edge is plain where its own proposition is reported without an amount and its triple is in the flat graph."""
    triples = plain_triples(graph, policy)
    told = column(
        graph,
        """SELECT ?s { ?s sp:proposition ?p . ?p sp:toldIn|sp:performedIn ?source
                       FILTER NOT EXISTS { ?p sp:amount ?amount } }""",
    )
    for start, end, data in graph.network(policy).edges(data=True):
        derived = (start, SP + data["relation"], end) in triples
        own = told.issuperset(data["statements"]) or data["relation"] == "criticised"
        assert data["plain"] == (derived and own), (short(start), data["relation"], short(end))


def test_stricter_policies_of_the_small_workspace(small_graph: Graph) -> None:
    undisputed = statuses(small_graph.network("undisputed"))
    corroborated = statuses(small_graph.network("corroborated"))
    assert {name for name in SMALL if undisputed[name] != SMALL[name]} == {
        ("charity", "criticised", "scheme", ""),
        ("spokeswoman", "criticised", "scheme", ""),
    }, "criticism is an act of speech, not an account of a source"
    plain = {name for name, status in corroborated.items() if status == "reported"}
    assert plain == {("force", "operates", "scheme", "")}, "two papers tell it independently"


@pytest.mark.parametrize("policy", POLICIES[1:])
def test_policies_change_nothing_but_what_is_plain(graph: Graph, policy: str) -> None:
    usual, strict = graph.network(), graph.network(policy)
    assert list(strict.nodes(data=True)) == list(usual.nodes(data=True))
    assert [edge[:3] for edge in strict.edges(keys=True)] == [edge[:3] for edge in usual.edges(keys=True)]
    for (*_, data), (*_, other) in zip(usual.edges(data=True), strict.edges(data=True), strict=True):
        assert {**data, "plain": 0, "status": 0} == {**other, "plain": 0, "status": 0}
        assert data["plain"] or not other["plain"], "a stricter policy makes nothing plain"
        if not data["plain"]:
            assert other["status"] == data["status"]
        elif not other["plain"]:
            assert other["status"] in {"claimed", "conceded", "disputed"}


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_that_is_denied_is_plain(graph: Graph, policy: str) -> None:
    """Neither an edge with a denial on it nor one whose triple somebody denies in another scope."""
    denied = column(
        graph,
        """SELECT DISTINCT ?key {
          ?statement sp:stance sp:denies ; sp:proposition [ sp:subject ?s ; sp:relation ?r ; sp:object ?o ]
          BIND(CONCAT(STR(?s), " ", STR(?r), " ", STR(?o)) AS ?key) }""",
    )
    assert denied
    for start, end, data in graph.network(policy).edges(data=True):
        if data["plain"]:
            assert "denies" not in data["stances"]
            assert f"{start} {SP}{data['relation']} {end}" not in denied
            assert policy in {"attributed", "verified"} or not data["disputes"]
            assert set(data["stances"]) & {"asserts", "concedes"}, "a plan or a doubt alone is not plain either"
        if "denies" in data["stances"]:
            assert data["status"] in {"denied", "disputed"}


def test_no_denial_gets_lost(graph: Graph) -> None:
    """Whoever denies something is an end of an edge that says so."""
    answer = graph.query(
        "SELECT ?statement ?who { ?statement sp:stance sp:denies ; sp:speaker ?who ; sp:proposition/sp:object ?o }"
    )
    assert isinstance(answer, Table)
    assert len(answer)
    edges = [(start, end, data) for start, end, data in graph.network().edges(data=True)]
    for row in answer:
        on = [(start, end, data) for start, end, data in edges if row["statement"] in data["statements"]]
        assert any(row["who"] in (start, end) and "denies" in data["stances"] for start, end, data in on), row
        own = [data for start, end, data in on if data["relation"] == "denied" and start == row["who"]]
        assert all(data["status"] == "denied" and not data["plain"] for data in own)


def test_a_denial_by_a_third_party_is_an_edge_of_its_own(small_graph: Graph) -> None:
    denials = {
        (short(start), short(end)): data
        for start, end, data in small_graph.network().edges(data=True)
        if data["relation"] == "denied"
    }
    assert set(denials) == {("force", "scheme"), ("ministry", "scheme"), ("spokeswoman", "force")}
    data = denials["spokeswoman", "force"]
    assert data["statements"] == (PREFIXES["statement"] + "weekly-1/denies-flat",)
    assert data["speakers"] == ("Spokeswoman",)
    assert len(data["disputes"]) == 2, "what the force said of the charity, and of the group that it is a member of"


def test_a_denial_by_an_end_is_on_the_edge_that_it_denies(small_graph: Graph) -> None:
    """The charity is an end of what it denies: no second edge between the same two."""
    names = statuses(small_graph.network())
    assert ("charity", "denied", "force", "") not in names
    assert names["force", "consulted", "charity", "a formal request"] == "denied"


def test_a_statement_on_two_edges_is_counted_once(graph: Graph) -> None:
    network = graph.network()
    edges = {key: data for *_, key, data in network.edges(keys=True, data=True)}
    repeated = {key: data["repeats"] for key, data in edges.items() if data["repeats"]}
    assert repeated
    for key, repeats in repeated.items():
        assert key not in repeats.values()
        assert all(name in edges[other]["statements"] for name, other in repeats.items())
        assert all(name not in edges[other]["repeats"] for name, other in repeats.items())
    counted = [name for data in edges.values() for name in data["statements"] if name not in data["repeats"]]
    assert len(counted) == len(set(counted)) == network.graph["drawn"]


def test_criticism_goes_to_its_target(small_graph: Graph) -> None:
    edges = {
        short(start): data
        for start, end, data in small_graph.network().edges(data=True)
        if data["relation"] == "criticised" and short(end) == "scheme"
    }
    assert set(edges) == {"charity", "spokeswoman"}
    said = {short(name) for name in edges["charity"]["statements"]}
    assert said == {"harms", "criticises"}, "its own words, and those of its spokeswoman"


# --- the same graph, the same network ---------------------------------------------------------------------------------


def test_the_order_of_the_input_does_not_matter(small_graph: Graph) -> None:
    lines = small_graph.workspace.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(7).shuffle(lines)  # noqa: S311 - any other order will do
    one, other = small_graph.network(), network(in_memory(lines))
    assert list(other.nodes(data=True)) == list(one.nodes(data=True))
    assert list(other.edges(keys=True, data=True)) == list(one.edges(keys=True, data=True))
    assert list(other.graph.items()) == list(one.graph.items())


def test_an_empty_graph_is_an_empty_network() -> None:
    empty = network(in_memory([]))
    assert (len(empty), empty.graph["total"], empty.graph["drawn"]) == (0, 0, 0)


@pytest.mark.parametrize("policy", ["credulous", "", "Attributed", 'attributed> { ?s ?p "'])
def test_an_unknown_policy_is_an_error(small_graph: Graph, policy: str) -> None:
    with pytest.raises(QueryError, match=r"Did you mean attributed|attributed, undisputed, corroborated") as caught:
        small_graph.network(policy)
    assert repr(policy) in caught.value.message


# --- a scope is part of a proposition ---------------------------------------------------------------------------------

SCOPED = """
id: scoped
kind: news-article
publisher: daily
title: scoped
statements:
  narrated:
    subject: ministry
    relation: funded
    object: assessment
    scope: in part
    gist: The paper tells that the ministry paid for a part.
    evidence: {{starts: words, sha256: {hash}}}
  planned:
    speaker: ministry
    stance: plans
    subject: ministry
    relation: funded
    object: assessment
    scope: in full
    gist: The ministry plans to pay for all of it.
    evidence: {{starts: words, sha256: {hash}}}
  claimed:
    speaker: force
    subject: ministry
    relation: funded
    object: assessment
    scope: twice
    gist: The force says that the ministry paid twice.
    evidence: {{starts: words, sha256: {hash}}}
  criticises:
    speaker: charity
    subject: charity
    relation: criticised
    object: assessment
    gist: The charity criticises the paper.
    evidence: {{starts: words, sha256: {hash}}}
  not-in-public:
    speaker: force
    stance: denies
    subject: charity
    relation: criticised
    object: assessment
    scope: in public
    gist: The force says that the charity never did so in public.
    evidence: {{starts: words, sha256: {hash}}}
""".format(hash="a" * 64)


def scoped_statuses(workspace: Workspace, policy: str) -> dict[str, str]:
    """Return the status of the edges that end at the assessment, by scope, of a workspace with scopes."""
    (workspace.data / "sources" / "scoped.yaml").write_text(SCOPED, encoding="utf-8")
    built = build(workspace)
    assert built.ok, built.problems
    found = statuses(open_graph(workspace.root).network(policy))
    return {f"{name[1]} {name[3]}": status for name, status in found.items() if name[2] == "assessment"}


@pytest.mark.parametrize("policy", ["attributed", "undisputed"])
def test_a_plan_in_another_scope_is_a_plan(small: Workspace, policy: str) -> None:
    assert scoped_statuses(small, policy)["funded in full"] == "planned"


@pytest.mark.parametrize("policy", ["attributed", "undisputed"])
def test_a_claim_in_another_scope_is_a_claim(small: Workspace, policy: str) -> None:
    assert scoped_statuses(small, policy)["funded twice"] == "claimed"


def test_a_denial_of_criticism_in_another_scope_is_a_denial(small: Workspace) -> None:
    assert scoped_statuses(small, "attributed")["criticised in public"] == "denied"


@pytest.mark.parametrize("policy", ["attributed", "undisputed"])
def test_what_is_told_in_its_own_scope_is_plain(small: Workspace, policy: str) -> None:
    assert scoped_statuses(small, policy)["funded in part"] == "reported"


def test_who_reports_the_plan_of_another_does_not_plan_and_several_speakers_have_a_verb_in_the_plural(
    ours_graph: Graph,
) -> None:
    acts = {(view.speaker, view.stance, view.act) for view in ours_graph.network().graph["evidence"].values()}
    assert ("Tortoise Media", "plans", "reports a plan") in acts
    planners = {speaker for speaker, stance, act in acts if (stance, act) == ("plans", "plans")}
    assert {"Home Office", "Mayor's Office for Policing and Crime", "Mike West"} <= planners, "they plan themselves"
    assert "data protection impact assessment of Project Alpha" in planners, "the document of the planner"
    assert not {"Daily Mail", "PublicTechnology", "Police Professional"} & planners
    assert ("experts on youth violence", "denies", "deny") in acts
    assert ("Metropolitan Police", "denies", "denies") in acts
