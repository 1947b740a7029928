"""Amounts, disputes about them, corrections; what a copy, a hedge and a missing capture do to a plain triple."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from corpora import plain
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from graphkit.analysis.disputes import account, find_disputes
from graphkit.analysis.properties import read_properties
from graphkit.analysis.statements import statement_views
from graphkit.cli import app
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import graph_iri
from graphkit.model.records import Amount
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from graphkit.graph import Graph


def rows(graph: Graph, query: str) -> set[tuple[str, ...]]:
    answer = graph.query(query)
    assert isinstance(answer, Table)
    return {tuple(str(cell).rpartition("/")[2].rpartition("#")[2] for cell in row.values()) for row in answer}


def between(graph: Graph, rule: str) -> set[tuple[str, ...]]:
    """Return the pairs of statement keys that disputes of a rule are between."""
    return rows(graph, f"SELECT ?yes ?no {{ ?d sp:rule rule:{rule} ; sp:affirmedBy ?yes ; sp:deniedBy ?no }}")


# --- amounts ----------------------------------------------------------------------------------------------------------


@given(st.decimals(0, 10**10, places=2), st.sampled_from(["0", "00", ""]), st.sampled_from(["", "0"]))
def test_a_number_has_one_spelling(number: Decimal, before: str, after: str) -> None:
    spelled = Amount(number=f"{before}{number:f}{after}", unit="GBP").number
    assert Decimal(spelled) == number
    assert spelled == Amount(number=spelled, unit="GBP").number
    assert not spelled.endswith(".")
    assert spelled == "0" or not spelled.startswith("00")


@pytest.mark.parametrize("number", ["", "-1", "1,000", "1e3", "1.", ".5", "30 ", "1/2", "\u0663", "1234567890123456"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        Amount(number=number, unit="people")


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("exactly", ("40", "40")), ("at-least", ("40", "")), ("more-than", ("40", "")),
        ("at-most", ("", "40")), ("less-than", ("", "40")), ("around", ("38", "42")),
    ],
)  # fmt: skip
def test_a_bound_says_what_an_amount_allows(bound: str, expected: tuple[str, str]) -> None:
    assert Amount(number="40", unit="people", bound=bound).limits == expected


def test_an_amount_is_part_of_the_proposition_and_of_how_it_reads(figures_graph: Graph) -> None:
    found = rows(figures_graph, "SELECT ?n ?u ?b ?l { ?p sp:amount ?n ; sp:unit ?u ; sp:bound ?b ; rdfs:label ?l }")
    assert ("30", "people", "moreThan", "List listed more than 30 people in November 2019") in found
    assert ("11", "people", "exactly", "List listed 11 people in February 2020") in found, "11.0 is 11"


# --- figures that do not go together ----------------------------------------------------------------------------------


def test_two_figures_for_one_quantity_at_one_date_conflict(figures_graph: Graph) -> None:
    assert between(figures_graph, "value-conflict-amount") == {
        ("exact-30", "exact-31"),
        ("planned-1", "planned-2"),
        ("at-most-10", "eleven"),
        ("young-tenth", "young-half"),
        ("waited-1", "waited-2"),
    }, "not: 30 and more than 30, around 100 and 104, no date, another scope, unit or group, a withdrawn figure"


def test_two_ends_of_a_relation_that_can_have_one_conflict(figures_graph: Graph) -> None:
    found = between(figures_graph, "value-conflict-object")
    assert {frozenset(pair) for pair in found} == {
        frozenset(["settled", "ruled"]),
        frozenset(["settled", "ruled-finally"]),
    }


def test_who_takes_a_figure_back_said_two_things(figures_graph: Graph) -> None:
    assert between(figures_graph, "correction") == {("asked-286", "taken-back")}
    assert rows(figures_graph, "SELECT ?p { ?d sp:kind sp:correction ; sp:party ?p }") == {("force",)}


def test_a_corrected_figure_is_repeated_where_nothing_shows_that_it_was_said_before(figures_graph: Graph) -> None:
    found = between(figures_graph, "repeated-after-correction")
    assert found == {("used-after", "taken-back"), ("used-undated", "taken-back")}


def test_a_question_tells_who_uses_the_old_figure(figures_graph: Graph) -> None:
    answer = figures_graph.query("corrected-figures")
    assert isinstance(answer, Table)
    uses = {str(row["source"]).rpartition("/")[2]: str(row["use"]) for row in answer}
    assert uses == {
        "daily-2020": "before", "daily-before": "before", "daily-after": "after", "daily-undated": "not known",
    }  # fmt: skip


# --- plain triples ----------------------------------------------------------------------------------------------------


def test_a_copy_narrates_what_its_original_narrates_and_a_hedge_is_no_narration(figures_graph: Graph) -> None:
    query = f"ASK {{ GRAPH <{graph_iri('flat/attributed')}> {{ id:charity sp:launched id:scheme }} }}"
    assert figures_graph.query(query) is True
    assert ("force", "scheme") not in plain(figures_graph, "attributed", "funded")
    assert figures_graph.query('ASK { ?s sp:hedge "it seems" ; sp:proposition/sp:relation sp:funded }') is True


def test_the_policy_verified_leaves_out_what_nobody_could_look_up(figures_graph: Graph) -> None:
    query = "SELECT ?s ?r ?o {{ GRAPH <{}> {{ ?s ?r ?o FILTER(?r IN (sp:operates, sp:oversees)) }} }}"
    assert len(rows(figures_graph, query.format(graph_iri("flat/attributed")))) == 2
    assert rows(figures_graph, query.format(graph_iri("flat/verified"))) == {("force", "operates", "list")}
    statuses = {data["relation"]: data["plain"] for *_, data in figures_graph.network("verified").edges(data=True)}
    assert statuses["operates"]
    assert not statuses["oversees"]


# --- disputes as people read them -------------------------------------------------------------------------------------


def test_disputes_can_be_asked_by_kind_and_by_entity(figures_graph: Graph) -> None:
    everything = figures_graph.disputes()
    assert len(everything) == 10
    assert {one.kind for one in figures_graph.disputes("value-conflict")} == {"value-conflict"}
    assert len(figures_graph.disputes("value-conflict")) == 7
    assert len(figures_graph.disputes("value-conflict", "case")) == 2
    assert {one.kind for one in figures_graph.disputes(about="host")} == {"correction", "repeated-after-correction"}
    assert figures_graph.disputes(about="officer"), "who speaks on a side"
    assert figures_graph.disputes("contradiction") == ()


@pytest.mark.parametrize(("kind", "about"), [("conflict", ""), ("", "nobody"), ("", "a b"), ("", "x> ?y . <z")])
def test_an_unknown_kind_or_entity_is_refused(figures_graph: Graph, kind: str, about: str) -> None:
    with pytest.raises(NotFoundError):
        figures_graph.disputes(kind, about)


@pytest.mark.parametrize("name", ["figures_graph", "rules_graph", "ours_graph"])
def test_every_dispute_has_an_account_in_neutral_words(name: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(name)
    found = find_disputes(graph.store)
    views = statement_views(read_properties(graph.store))
    assert found
    for one in found:
        text = account(one, views)
        assert text.endswith(".")
        assert "{" not in text
        assert not {"lied", "lie", "false", "wrong", "true", "fact", "admitted"} & set(text.lower().split())
        for side in (one.affirmed, one.denied):
            assert side


def test_the_command_lists_both_sides_as_table_csv_and_json(ours_graph: Graph) -> None:
    command = ["disputes", "--about", "legal-challenge", "-w", str(ours_graph.workspace.root)]
    table = CliRunner().invoke(app, command)
    assert table.exit_code == 0
    assert "one side:" in table.stdout
    assert "2 disputes" in table.stdout
    found = json.loads(CliRunner().invoke(app, [*command, "-f", "json"]).stdout)
    assert {row["side"] for row in found} == {"one side", "other side"}
    assert all(row["speaker"] and row["source"] and row["gist"] and row["account"] for row in found)
    lines = CliRunner().invoke(app, [*command, "-f", "csv"]).stdout.splitlines()
    assert len(lines) == len(found) + 1
