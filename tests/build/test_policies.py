"""Which propositions become plain triples under each policy, and which stay claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpora import build_corpus, plain, short_rows

from graphkit.analysis.properties import read_properties
from graphkit.model.iris import POLICIES, SP, graph_iri

if TYPE_CHECKING:
    from graphkit.graph import Graph

ENTITIES = """
force: {kind: public-body, label: Force}
ministry: {kind: public-body, label: Ministry}
charity: {kind: organisation, label: Charity}
law: {kind: organisation, label: Law}
spokesman: {kind: person, label: Spokesman, speaksFor: [force]}
alliance: {kind: group, label: Alliance, members: [charity]}
daily: {kind: organisation, label: Daily}
weekly: {kind: organisation, label: Weekly}
monthly: {kind: organisation, label: Monthly}
list: {kind: information-system, label: List}
scheme: {kind: programme, label: Scheme}
case: {kind: legal-case, label: Case}
notice: {kind: document, label: Notice, issuedBy: [charity]}
people: {kind: group, label: People}
violence: {kind: topic, label: violence}
crime: {kind: topic, label: crime}
posts: {kind: topic, label: posts}
"""
SOURCES = """
force-1:
  by-operator: {subject: list, relation: prevents, object: violence}
  about-another: {subject: scheme, relation: prevents, object: violence}
ministry-1:
  by-funder: {subject: scheme, relation: prevents, object: crime}
law-1:
  by-litigant: {subject: case, relation: led-to, object: posts}
charity-1:
  source: {kind: web-page}
  by-issuer: {subject: notice, relation: led-to, object: crime}
  by-member: {subject: alliance, relation: harms, object: posts}
  charity-harms: {subject: scheme, relation: harms, object: people}
  charity-denied: {subject: list, relation: harms, object: violence}
spokesman-1:
  harmless: {subject: scheme, relation: harms, object: people, stance: denies}
  by-voice: {subject: list, relation: uses, object: posts}
daily-1:
  operates: {subject: force, relation: operates, object: list}
  funds: {subject: ministry, relation: funded, object: scheme}
  litigates: {subject: law, relation: participates-in, object: case}
  amount: {subject: list, relation: holds, object: posts, amount: {number: "7000", unit: records}}
  launched: {subject: scheme, relation: launched-on, value: "2019"}
  launched-again: {subject: scheme, relation: launched-on, value: "2019-06"}
  list-launched: {subject: list, relation: launched-on, value: "2011"}
  harms: {subject: list, relation: harms, object: people}
  targets: {subject: list, relation: targets, object: people}
  withdrawn: {subject: list, relation: analyses, object: posts}
  withdraws: {subject: list, relation: analyses, object: posts, stance: retracts}
  disputed: {subject: case, relation: ended-in, object: violence}
weekly-1:
  list-launched: {subject: list, relation: launched-on, value: "2012"}
  targets: {subject: list, relation: targets, object: people}
  disputed: {subject: case, relation: ended-in, object: violence}
  relayed: {subject: list, relation: affects, object: people, via: [daily]}
  list-launched-again: {subject: list, relation: analyses, object: violence}
monthly-1:
  relayed: {subject: list, relation: affects, object: people, via: [daily]}
  hinted: {subject: case, relation: ended-in, object: crime, speaker: law, hedge: perhaps}
  claimed: {subject: case, relation: ended-in, object: crime, speaker: law}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return build_corpus(tmp_path_factory.mktemp("policies") / "w", ENTITIES, SOURCES)


def test_what_a_party_says_stays_a_claim(graph: Graph) -> None:
    """A party operates, funds, issued, is a member of or litigates about an end, or speaks for one that does."""
    parties = short_rows(graph, "SELECT ?s { ?s sp:partyTo ?p }")
    assert parties == {
        ("by-operator",),
        ("by-funder",),
        ("by-litigant",),
        ("by-issuer",),
        ("by-member",),
        ("by-voice",),
    }
    assert plain(graph, "attributed", "prevents") == {("scheme", "violence")}, "the force has no part in the scheme"
    assert plain(graph, "attributed", "ledTo") == set()
    assert plain(graph, "attributed", "uses") == set()


def test_an_amount_is_never_lost(graph: Graph) -> None:
    for policy in POLICIES:
        assert plain(graph, policy, "holds") == set()


def test_of_compatible_dates_the_more_precise_one_is_plain(graph: Graph) -> None:
    assert ("scheme", "2019-06") in plain(graph, "attributed", "launchedOn")
    assert ("scheme", "2019") not in plain(graph, "attributed", "launchedOn")


def test_no_policy_has_two_values_of_a_single_valued_relation(graph: Graph) -> None:
    for policy in POLICIES:
        query = f"""SELECT ?s ?r {{ ?r sp:singleValued true GRAPH <{graph_iri("flat/" + policy)}> {{ ?s ?r ?a, ?b }}
                                   FILTER(STR(?a) < STR(?b)) }}"""
        assert short_rows(graph, query) == set()
    assert "list" not in {subject for subject, _ in plain(graph, "attributed", "launchedOn")}, "2011 or 2012"


def test_a_retracted_proposition_is_not_plain(graph: Graph) -> None:
    assert plain(graph, "attributed", "analyses") == {("list", "violence")}


def test_each_policy_lies_within_the_weaker_one(graph: Graph) -> None:
    triples = {
        name: short_rows(graph, f"SELECT * {{ GRAPH <{graph_iri('flat/' + name)}> {{ ?s ?p ?o }} }}")
        for name in POLICIES
    }
    assert triples["corroborated"] < triples["undisputed"] < triples["attributed"]
    assert triples["verified"] <= triples["attributed"]
    assert triples["corroborated"]


def test_corroborated_needs_two_independent_reports_and_no_dispute(graph: Graph) -> None:
    assert plain(graph, "corroborated", "targets") == {("list", "people")}
    assert plain(graph, "undisputed", "affects") == {("list", "people")}
    assert plain(graph, "corroborated", "affects") == set(), "both papers rely on the same third one"
    assert plain(graph, "attributed", "endedIn") == {("case", "violence")}
    assert plain(graph, "corroborated", "endedIn") == set(), "two papers report it, but a claim conflicts with it"


def test_a_newspaper_that_reports_harm_is_no_critic(graph: Graph) -> None:
    assert ("charity", "scheme") in plain(graph, "attributed", "criticised")
    assert "daily" not in {critic for critic, _ in plain(graph, "attributed", "criticised")}


def test_criticism_does_not_inherit_a_dispute_about_something_else(graph: Graph) -> None:
    edges = [data for *_, data in graph.network().edges(data=True) if data["relation"] == "criticised"]
    assert edges
    assert all(data["plain"] and data["status"] == "reported" and not data["disputes"] for data in edges)


NAMED = {SP + name for name in ("claimed", "denied", "planned", "claimedConsulted")}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("corpus", ["graph", "small_graph", "rules_graph", "figures_graph", "ours_graph"])
def test_plain_edges_and_plain_triples_are_the_same(corpus: str, policy: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(corpus)
    triples = {triple for triple in read_properties(graph.store).plain[policy] if triple[1] not in NAMED}
    drawn = graph.network(policy).edges(data=True)
    assert {(start, SP + data["relation"], end) for start, end, data in drawn if data["plain"]} == triples
