"""What the rules derive: disputes with their premises, the flat view and its policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpora import short_rows

from graphkit.model.iris import PREFIXES, graph_iri

if TYPE_CHECKING:
    from graphkit.graph import Graph


def disputes(graph: Graph, kind: str) -> set[tuple[str, str]]:
    """Return the pairs of statement keys that disputes of a kind are between."""
    return short_rows(graph, f"SELECT ?yes ?no {{ ?d sp:kind sp:{kind} ; sp:affirmedBy ?yes ; sp:deniedBy ?no }}")  # type: ignore[return-value]


def flat(graph: Graph, policy: str, relation: str) -> set[tuple[str, ...]]:
    """Return the plain triples of a policy with a relation."""
    return short_rows(graph, f"SELECT ?s ?o {{ GRAPH <{graph_iri('flat/' + policy)}> {{ ?s sp:{relation} ?o }} }}")


def test_opposite_stances_of_others_are_a_contradiction(rules_graph: Graph) -> None:
    assert disputes(rules_graph, "contradiction") == {("claims", "denies-flat")}


def test_a_body_against_its_own_document_is_a_self_contradiction(rules_graph: Graph) -> None:
    assert disputes(rules_graph, "selfContradiction") == {("profiles", "no-profiling"), ("own-document", "own-denial")}
    assert short_rows(rules_graph, "SELECT ?p { ?d sp:kind sp:selfContradiction ; sp:party ?p }") == {("force",)}


def test_a_plan_is_no_deed_between_two_bodies(rules_graph: Graph) -> None:
    """The assessment plans, the force denies: only because the assessment is the force's own do they meet."""
    between = short_rows(rules_graph, "SELECT ?x { ?d sp:between ?x }")
    assert ("profiles",) in between
    assert ("another-plans",) not in between


def test_dates_conflict_where_their_intervals_do_not_meet(rules_graph: Graph) -> None:
    assert disputes(rules_graph, "valueConflict") == {("launched", "launched"), ("launched-vague", "launched")}
    pairs = short_rows(rules_graph, "SELECT ?x { ?d sp:kind sp:valueConflict ; sp:about/sp:value ?x }")
    assert pairs == {("2019-06",), ("2020",), ("2019~",)}


def test_a_narrower_denial_is_a_scope_conflict(rules_graph: Graph) -> None:
    found = disputes(rules_graph, "scopeConflict")
    assert ("claims", "denies") in found, "another scope of the same proposition"
    assert ("claims-group", "denies") in found, "a member answers what is said of its group"
    assert ("claims-group", "denies-flat") in found
    assert ("tackles", "tackles") in found, "a denial about a narrower topic"
    assert ("narrow", "wide-denial") in found, "a denial about a wider topic"
    assert len(found) == 5


def test_disputes_name_their_rule_and_their_statements(rules_graph: Graph) -> None:
    assert short_rows(rules_graph, "SELECT ?d { ?d a sp:Dispute FILTER NOT EXISTS { ?d sp:rule/a sp:Rule } }") == set()
    two = short_rows(rules_graph, "SELECT ?d { ?d a sp:Dispute ; sp:between ?a, ?b FILTER(?a != ?b) }")
    assert len(two) == len(short_rows(rules_graph, "SELECT ?d { ?d a sp:Dispute }"))


def test_a_denied_proposition_is_never_plain(rules_graph: Graph) -> None:
    for policy in ("attributed", "undisputed", "corroborated"):
        assert flat(rules_graph, policy, "consulted") == set()
        assert flat(rules_graph, policy, "carriesOut") == set()


def test_a_claim_is_a_claim(rules_graph: Graph) -> None:
    assert flat(rules_graph, "attributed", "claimedConsulted") == {("force", "charity"), ("force", "partners")}, (
        "what the ministry says of the force is not what the force says of itself"
    )
    query = f"SELECT ?s {{ GRAPH <{graph_iri('flat/attributed')}> {{ ?s sp:denied ?p }} }}"
    assert short_rows(rules_graph, query) == {("charity",), ("spokeswoman",), ("force",), ("ministry",)}


def test_a_plan_is_planned(rules_graph: Graph) -> None:
    assert {row[0] for row in flat(rules_graph, "attributed", "planned")} == {"assessment", "ministry"}


def test_criticism_reaches_the_target_from_the_speaker_and_its_body(rules_graph: Graph) -> None:
    assert flat(rules_graph, "attributed", "criticised") == {
        ("spokeswoman", "scheme"),
        ("charity", "scheme"),
        ("charity", "ministry"),
    }, "a paper that tells of criticism is no critic"


def test_undisputed_leaves_out_what_is_disputed(rules_graph: Graph) -> None:
    assert flat(rules_graph, "attributed", "launchedOn") == set(), "two papers give dates that conflict"
    assert flat(rules_graph, "undisputed", "launchedOn") == set()
    assert flat(rules_graph, "attributed", "tackles") == {("scheme", "violence")}
    assert flat(rules_graph, "undisputed", "tackles") == set()
    assert flat(rules_graph, "undisputed", "funded") == {("ministry", "scheme")}


def test_copies_and_shared_authors_do_not_corroborate(rules_graph: Graph) -> None:
    """Three papers tell who paid: the same author twice, and a copy. Two tell who runs it, independently."""
    assert flat(rules_graph, "corroborated", "funded") == set()
    assert flat(rules_graph, "corroborated", "operates") == {("force", "scheme")}


@pytest.mark.parametrize("policy", ["undisputed", "corroborated"])
def test_a_stricter_policy_adds_nothing(rules_graph: Graph, policy: str) -> None:
    query = "SELECT ?s ?p ?o {{ GRAPH <{}> {{ ?s ?p ?o }} }}"
    everything = short_rows(rules_graph, query.format(graph_iri("flat/attributed")))
    assert short_rows(rules_graph, query.format(graph_iri(f"flat/{policy}"))) <= everything


def test_every_plain_triple_leads_back_to_statements(rules_graph: Graph) -> None:
    query = f"""SELECT ?s ?p ?o {{
      GRAPH <{graph_iri("flat/undisputed")}> {{ ?s ?p ?o }}
      FILTER NOT EXISTS {{ ?st sp:proposition [ sp:subject ?s ; sp:relation ?p ; sp:object|sp:value ?o ] }} }}"""
    assert short_rows(rules_graph, query) == set()


def test_nothing_in_a_build_is_a_blank_node(rules_graph: Graph) -> None:
    assert rules_graph.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }") is False
    assert PREFIXES["sp"]
