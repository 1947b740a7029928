"""`graphkit explain` opens with a summary; the rest is one option away."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from graphkit.cli import app
from graphkit.model.iris import PREFIXES
from graphkit.store import texts
from graphkit.web.mcp.answers import explain_item

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph


def explain(graph: Graph, *words: str) -> str:
    done = CliRunner().invoke(
        app, ["explain", *words, "--workspace", str(graph.workspace.root)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def statements(text: str) -> int:
    return text.count("\nstatement: ")


@pytest.mark.parametrize("words", [("disputes",), ("explain", "Force", "--all")])
def test_lines_fit_into_80_characters(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = CliRunner().invoke(app, [*words, "--workspace", str(small_graph.workspace.root)]).output
    lines = [line for line in said.splitlines() if "http" not in line]
    assert "one side:" in said or "account:" in said
    assert [line for line in lines if len(line) > 80] == []


def test_the_summary_counts_statements_speakers_stances_evidence_and_disputes(small_graph: Graph) -> None:
    found = small_graph.explain("force")
    summary = explain(small_graph, "Force").split("\n\n")[1]
    assert f"statements: {len(found.statements)}, from " in summary
    assert f"disputes:   {len(found.disputes)}" in summary
    assert f"evidence:   {len(found.statements)} unverified" in summary
    denials = sum(view.stance == "denies" for view in found.statements.values())
    assert f"{denials} denies" in summary


def test_plain_triples_are_in_words(small_graph: Graph) -> None:
    said = explain(small_graph, "Force")
    assert "plain triple: " in said
    assert not [line for line in said.splitlines() if line.startswith("plain triple: id:")]
    assert all(line.partition(": ")[2] for line in said.splitlines() if line.startswith("plain triple"))


def test_criticism_and_claims_about_own_actions_are_plain_triples_of_their_statements(rules_graph: Graph) -> None:
    query = """
    SELECT DISTINCT ?who ?relation ?what ?s {
      GRAPH flat:attributed { ?a ?r ?b } VALUES ?r { sp:criticised sp:claimedConsulted } ?r rdfs:label ?relation .
      ?a rdfs:label ?who . ?b rdfs:label ?what . ?s sp:voice ?a
      { ?s sp:criticises ?b } UNION { ?s sp:proposition/sp:object ?b }
    }
    """
    rows = list(texts(rules_graph.store, query, "who", "relation", "what", "s"))
    assert {relation for _, relation, _, _ in rows} == {"criticised", "says it consulted"}
    for who, relation, what, statement in rows:
        found = rules_graph.explain(statement)
        if next(iter(found.statements.values())).stance == "asserts":
            assert f"{who} {relation} {what}" in found.flat


def test_ten_statements_are_shown_and_the_others_are_counted(rules_graph: Graph) -> None:
    number = len(rules_graph.explain("force").statements)
    short, whole = explain(rules_graph, "force"), explain(rules_graph, "force", "--all")
    assert (statements(short), statements(whole)) == (10, number)
    assert f"{number - 10} statements" in short.splitlines()[-2]
    assert "add --all" not in whole


def test_an_item_is_explained_as_of_a_date(small_graph: Graph) -> None:
    text = explain(small_graph, "force", "--as-of", "2020-05")
    found = small_graph.as_of("2020-05").explain("force")
    assert f"statements: {len(found.statements)}, from " in text
    assert len(found.statements) < len(small_graph.explain("force").statements)


def test_a_statement_of_a_copy_names_the_original(small_graph: Graph) -> None:
    [copied] = {view.copied for view in small_graph.explain("copy-1").statements.values()}
    assert f"copy of:   {copied}\n" in explain(small_graph, "copy-1")


def test_one_statement_needs_no_summary(small_graph: Graph) -> None:
    text = explain(small_graph, "daily-1/claims")
    assert "speakers:" not in text
    assert statements(text) == 1


def test_dates_are_words_for_readers_and_edtf_for_programs(small_graph: Graph) -> None:
    assert "said:      1 May 2020 or earlier\n" in explain(small_graph, "daily-1/claims")
    rows = csv.DictReader(io.StringIO(explain(small_graph, "daily-1/claims", "--format", "csv")))
    assert "../2020-05-01" in {row["said"] for row in rows}


def test_csv_has_every_statement(small_graph: Graph) -> None:
    found = small_graph.explain("force")
    rows = list(csv.reader(io.StringIO(explain(small_graph, "force", "--format", "csv"))))
    assert len(rows) - 1 == len(found.statements) + len(found.others)


def test_a_correction_is_shown_from_both_ends(questions: tuple[Graph, Checked]) -> None:
    graph = questions[0]
    old, new = next(texts(graph.store, "SELECT ?old ?new { ?new sp:corrects ?old } ORDER BY ?old", "old", "new"))
    was, now = (name.removeprefix(PREFIXES["statement"]) for name in (old, new))
    assert f"corrected by: {now}\n" in explain(graph, was)
    assert re.search(rf"corrects: +{was}\n", explain(graph, now))
    rows = list(csv.DictReader(io.StringIO(explain(graph, was, "--format", "csv"))))
    assert next(row["corrected_by"] for row in rows if row["statement"] == was) == now
    assert explain_item(graph.store, was, 5)["corrections"] == {was: (now,)}
