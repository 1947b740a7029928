"""Disagreements: disputes about one matter together, with both sides or all positions, on screen and in files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.analysis.disagreements import Disagreement, disagreements, leading
from graphkit.analysis.disputes import KINDS, account, dispute_views, read_disputes
from graphkit.analysis.explain import explain
from graphkit.analysis.statements import statement_views
from graphkit.model.disputes import DENIED
from graphkit.store import in_memory, texts
from graphkit.web.mcp.answers import list_disputes

if TYPE_CHECKING:
    from graphkit.analysis.properties import Properties
    from graphkit.graph import Graph


@pytest.fixture(scope="module")
def properties(small_graph: Graph) -> Properties:
    return read_disputes(small_graph.store)


def named(properties: Properties, label: str) -> Disagreement:
    return next(one for one in disagreements(properties) if one.label == label)


def test_those_with_a_denial_and_most_speakers_come_first(properties: Properties, small_graph: Graph) -> None:
    found = disagreements(properties)
    assert found[0].label == "Force: consulted"
    assert sorted(dispute.iri for one in found for dispute in one.disputes) == sorted(
        dispute.iri for dispute in small_graph.disputes()
    )


def test_claims_are_on_one_side_and_denials_on_the_other(properties: Properties) -> None:
    views = statement_views(properties)
    one, other = named(properties, "Force: consulted").sides(views)
    assert {(view.speaker, view.stance) for view in one[1]} == {("Force", "asserts")}
    assert {(view.speaker, view.stance) for view in other[1]} == {("Charity", "denies"), ("Spokeswoman", "denies")}
    assert [view.speaker for view in leading(one[1])] == ["Force"]


def test_several_values_are_several_positions(properties: Properties) -> None:
    from dataclasses import replace

    views, whole = statement_views(properties), named(properties, "Scheme: was launched")
    first, second = whole.disputes
    crossed = replace(whole, disputes=(first, replace(second, affirmed=first.denied, denied=second.affirmed)))
    titles = [title for title, _ in crossed.sides(views)]
    assert len(titles) == len({views[name].proposition for name in whole.statements})
    assert all(title.startswith("Scheme was launched") for title in titles)


def test_the_title_is_a_question_that_favours_no_side(properties: Properties) -> None:
    views = statement_views(properties)
    titles = {one.label: one.question(views) for one in disagreements(properties)}
    assert titles["Force: consulted"] == "Is it true that Force consulted …?"
    assert titles["Scheme: was launched"] == "Scheme was launched in about 2019 or in 2020? And 1 related claim"


def test_the_title_covers_every_claim_of_its_statements(properties: Properties) -> None:
    from dataclasses import replace

    views, whole = statement_views(properties), named(properties, "Force: consulted")
    contradiction = next(one for one in whole.disputes if one.kind == "contradiction")
    assert replace(whole, disputes=(contradiction,)).question(views) == "Is it true that Force consulted Charity?"
    scheme = named(properties, "Scheme: was launched")
    other = replace(views[scheme.statements[0]], iri="other", matter="Somebody launched Scheme")
    more = replace(scheme.disputes[0], affirmed=("other",))
    title = replace(scheme, disputes=(scheme.disputes[0], more)).question({**views, "other": other})
    assert title == "Scheme was launched in about 2019 or in 2020? And 1 related claim"


def test_critics_are_opposite_the_statements_that_they_criticise(properties: Properties) -> None:
    from dataclasses import replace

    views, whole = statement_views(properties), named(properties, "Force: consulted")
    critic = replace(next(iter(views.values())), iri="critic", speaker="Critic", stance="asserts")
    conflict = next(one for one in whole.disputes if one.kind == "scope-conflict")
    assessed = replace(conflict, kind="opposed-assessments", denied=("critic",))
    one, other = replace(whole, disputes=(conflict, assessed)).sides({**views, "critic": critic})
    assert "critic" not in {view.iri for view in one[1]}
    assert "critic" in {view.iri for view in other[1]}


@pytest.mark.parametrize(
    ("kind", "label", "asked"),
    [
        ("rival-causes", "Rival causes: who or what ended Scheme", "Who or what ended Scheme?"),
        ("opposed-assessments", "Opposed assessments: Scheme", "Does Scheme deserve praise or criticism?"),
        ("opposed-assessments", "Criticised: statements of Scheme", "Can the statements of Scheme be relied on?"),
        ("correction", "Corrected: x", "“Scheme was launched in about 2019”: was that right?"),
        ("repeated-after-correction", "Repeated: x", "“Scheme was launched in about 2019”: does that still hold?"),
    ],
)
def test_each_kind_of_dispute_has_a_question_of_its_own(
    properties: Properties, kind: str, label: str, asked: str
) -> None:
    from dataclasses import replace

    whole = named(properties, "Scheme: was launched")
    one = replace(whole, disputes=(replace(whole.disputes[0], kind=kind, label=label),))
    assert one.question(statement_views(properties)) == asked


def test_disputes_of_a_kind_that_a_workspace_adds_come_last(small_graph: Graph) -> None:
    lines = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    other = in_memory(lines.replace("#contradiction>", "#ourOwnKind>").splitlines(keepends=True))
    found = dispute_views(read_disputes(other))
    assert [one.kind for one in found][-1] == "our-own-kind"
    assert {one.iri for one in found} == {one.iri for one in small_graph.disputes()}
    assert not account(found[-1], statement_views(read_disputes(other))).strip(), "nothing is known of it"


def test_a_dispute_without_a_common_matter_is_listed_by_itself(small_graph: Graph) -> None:
    from dataclasses import replace as changed

    whole = read_disputes(small_graph.store)
    alone = changed(whole, values={name: at for name, at in whole.values.items() if name != "sp:disagreement"})
    assert {one.iri for one in disagreements(alone)} == {dispute.iri for dispute in small_graph.disputes()}


def test_the_command_lists_disagreements_with_their_disputes_in_every_format(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, at = runner(monkeypatch, capsys), ("-w", str(small_graph.workspace.root))
    printed = run("disputes", *at).out
    counts = "3 speakers, 4 statements: 3 × wider or narrower denial, 1 × contradiction."
    assert " ".join(printed.split()).startswith(f"Force: consulted {counts}")
    assert printed.endswith("4 disagreements, 8 disputes\n")
    rows = list(csv.DictReader(io.StringIO(run("disputes", "-f", "csv", *at).out)))
    assert rows == json.loads(run("disputes", "-f", "json", *at).out)
    assert [row["matter"] for row in rows][:8] == ["Force: consulted"] * 8
    assert {row["disagreement"].rpartition("/")[0] for row in rows} == {"dispute:matter"}


def test_each_statement_of_a_dispute_leads_to_its_passage(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, at = runner(monkeypatch, capsys), ("-w", str(small_graph.workspace.root))
    printed = run("disputes", *at).out
    for row in csv.DictReader(io.StringIO(run("disputes", "-f", "csv", *at).out)):
        assert {"certainty", "earliest", "latest", "link"} < row.keys()
        assert row["evidence"] == "unverified"
        assert f"({row['statement']})" in printed
        assert run("explain", row["dispute"], *at).code == 0, "an id can be given to explain"


def test_the_disputes_about_a_thing_are_those_that_explain_counts(small_graph: Graph, rules_graph: Graph) -> None:
    for graph in (small_graph, rules_graph):
        query = "SELECT DISTINCT ?e { { ?s sp:speaker|sp:voice|sp:via ?e } UNION { ?s sp:source ?e } }"
        for (name,) in texts(graph.store, query, "e"):
            assert {one.iri for one in graph.disputes(about=name)} == {one.iri for one in graph.explain(name).disputes}


def test_a_body_is_explained_with_the_statements_on_its_behalf(rules_graph: Graph) -> None:
    query = "SELECT ?body ?s { ?s sp:voice ?body ; sp:speaker ?who FILTER(?who != ?body) }"
    found = list(texts(rules_graph.store, query, "body", "s"))
    assert found
    for body, statement in found:
        assert statement in rules_graph.explain(body).statements


def test_disputes_of_a_disagreement_begin_with_denials(rules_graph: Graph) -> None:
    places = [
        [KINDS.index(dispute.kind) for dispute in one.disputes]
        for one in disagreements(read_disputes(rules_graph.store))
    ]
    assert places == [sorted(some) for some in places]
    assert any(len({*some}) > 1 for some in places)
    assert {*KINDS[:2]} == DENIED
    assert KINDS[-1] == "difference-in-telling"


def test_assistants_get_disagreements_and_can_explain_them(small_graph: Graph) -> None:
    answer = list_disputes(small_graph.store, "", "", 3)
    (first,) = json.loads(json.dumps(answer["disagreements"]))
    assert (first["label"], len(first["disputes"])) == ("Force: consulted", 4)
    assert [side["title"] for side in first["sides"]] == ["One side", "The other side"]
    found = explain(small_graph.store, first["id"])
    assert (found.kind, len(found.disputes), len(found.statements)) == ("disagreement", 4, 4)
