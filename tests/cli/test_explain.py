"""`graphkit explain` opens with a summary; the rest is one option away."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from graphkit.cli import app

if TYPE_CHECKING:
    from graphkit.graph import Graph


def explain(graph: Graph, *words: str) -> str:
    done = CliRunner().invoke(
        app, ["explain", *words, "--workspace", str(graph.workspace.root)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def statements(text: str) -> int:
    return text.count("\nstatement: ")


def test_the_summary_counts_statements_speakers_stances_evidence_and_disputes(small_graph: Graph) -> None:
    found = small_graph.explain("force")
    summary = explain(small_graph, "Force").split("\n\n")[1]
    assert f"statements: {len(found.statements)}, from " in summary
    assert f"disputes:   {len(found.disputes)}" in summary
    assert f"evidence:   {len(found.statements)} unverified" in summary
    denials = sum(view.stance == "denies" for view in found.statements.values())
    assert f"{denials} denies" in summary


def test_ten_statements_are_shown_and_the_others_are_counted(rules_graph: Graph) -> None:
    number = len(rules_graph.explain("force").statements)
    short, whole = explain(rules_graph, "force"), explain(rules_graph, "force", "--all")
    assert (statements(short), statements(whole)) == (10, number)
    assert f"{number - 10} statements" in short.splitlines()[-2]
    assert "add --all" not in whole


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
