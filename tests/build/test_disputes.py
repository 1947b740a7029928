"""Each rule that finds disputes, with a case that it finds and a near miss that it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpora import build_corpus, disputes, short_rows
from places import REPOSITORY

from graphkit.analysis.disputes import account, find_disputes
from graphkit.analysis.properties import read_properties
from graphkit.analysis.statements import statement_views

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

CORPUS = REPOSITORY / "tests/data/disputes"
# Rule to the pairs of statements that it finds; every other pair of the corpus is a near miss.
FOUND = {
    "scope-conflict-part": {("harms", "no-harm"), ("incites", "no-link")},  # not the other scheme, which nobody runs
    "scope-conflict": set(),  # not another place, nor a period that ends in the month in which the other begins
    "value-conflict": {("starts", "started")},
    "value-conflict-amount": {
        ("staff-17", "staff-20"),
        ("took", "took-less"),
    },  # not a plan without a date
    "value-conflict-object": {("ruled", "settled")},  # not the end of a case in 2020 and in 2021
    "value-conflict-subject": {("posted", "posted")},
    "outlived": {
        ("ends", "has-staff"),
        ("ends", "five-officers"),
        ("ended", "goes-on"),  # not a plan from the year before
    },  # not a scheme that was to end in 2022 and had staff in 2021
    "no-part": {("consulted-on", "no-part")},  # not a consultation on another matter
    "ruled-out": {("never-shares", "shares")},  # not what was ruled out for another place
    "rival-causes": {
        ("cause-1", "cause-2"),
        ("funds-2", "funds-1"),
    },  # not two who pay in one year, a single cause, a cause at second hand, nor what was reported before another plan
    "opposed-assessments": {("praises", "criticises")},
    "criticised-document": {("study-says", "criticises-study")},  # not what the document said later
    "correction": {("old-figure", "new-figure"), ("old-figure", "withdraws")},
    "figures-fall": {("fell", "high"), ("fell", "low")},
    "figures-per-year": {("each-year", "both-years")},
    "figures-cumulative": {("total", "total-later")},
    "figures-within": {("in-january", "in-the-year")},  # not ten in the next year
    "figures-part": {("five-officers", "no-more")},
    "figures-share": {("share", "granted"), ("share", "asked")},
    "told-differently": {("says", "told"), ("names-the-whole", "names-both")},
    "told-in-part": {
        ("tells-less", "tells-more"),
    },  # not an assertion of the whole and of its part, answers with other dates or one, nor one passage with both
    "two-roles": {("lead", "sponsor")},  # not a post of 2020 and another of 2022
    "done-or-planned": {("removed-names", "still-removing")},  # not a plan from the month before
    "opposite-effects": {("adds", "reduces")},  # not another effect
    "two-bases": {("of-accused", "of-convicted")},
    "two-accounts": {("unredacted", "redacted"), ("removed-as-asked", "removed")},  # not an act of another month
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    entities, sources = ((CORPUS / f"{name}.yaml").read_text(encoding="utf-8") for name in ("entities", "sources"))
    return build_corpus(tmp_path_factory.mktemp("disputes") / "w", entities, sources)


@pytest.mark.parametrize("rule", FOUND)
def test_a_rule_finds_its_case_and_no_near_miss(graph: Graph, rule: str) -> None:
    assert {tuple(sorted(pair)) for pair in disputes(graph, rule)} == {tuple(sorted(pair)) for pair in FOUND[rule]}


def test_no_other_rule_finds_anything(graph: Graph) -> None:
    assert short_rows(graph, "SELECT DISTINCT ?r { ?d sp:rule ?r }") == {(rule,) for rule in FOUND if FOUND[rule]}


def test_disputes_about_one_matter_are_one_disagreement(graph: Graph) -> None:
    matters = short_rows(graph, "SELECT ?d (COUNT(?m) AS ?n) { ?d a sp:Dispute ; sp:disagreement ?m } GROUP BY ?d")
    assert {number for _, number in matters} == {"1"}
    assert len(matters) == len(short_rows(graph, "SELECT ?d { ?d a sp:Dispute }"))
    query = "SELECT ?m ?r { ?d sp:disagreement ?m ; sp:rule ?r . ?m rdfs:label 'Scheme: has a staff of'@en }"
    assert {rule for _, rule in short_rows(graph, query)} == {"figures-part", "value-conflict-amount"}


def test_a_matter_names_what_is_judged_or_has_rival_subjects_and_what_ended(graph: Graph) -> None:
    labels = {label for (label,) in short_rows(graph, "SELECT ?l { ?m a sp:Disagreement ; rdfs:label ?l }")}
    expected = {"Scheme: was criticised by", "Board: was funded by", "clip: was posted by", "Scheme: end"}
    assert expected <= labels


def test_the_label_says_which_side_is_a_plan(graph: Graph) -> None:
    labels = {label for (label,) in short_rows(graph, "SELECT ?l { ?d sp:kind sp:unmetPlan ; rdfs:label ?l }")}
    assert "Planned: List was launched in May 2019; reported: List was launched in June 2019" in labels
    assert "Planned: Scheme has a staff of 17 people; also planned: Scheme has a staff of 20 people" in labels
    assert all(label.startswith(("Planned: ", "Ruled out: ", "Planned figures ", "Figures ")) for label in labels)


PLANNED_AND_REPORTED = """
force-1:
  source: {kind: web-page, published: "2021"}
  may: {subject: list, relation: launched-on, value: "2019-05", stance: plans}
  june: {subject: list, relation: launched-on, value: "2019-06", stance: plans}
daily-1:
  source: {kind: web-page, published: "2021"}
  may: {subject: list, relation: launched-on, value: "2019-05"}
  june: {subject: list, relation: launched-on, value: "2019-06"}
"""


def test_values_that_are_both_planned_and_reported_are_several_disputes_with_one_label_each(tmp_path: Path) -> None:
    kinds = {"force": "organisation", "daily": "organisation", "list": "information-system"}
    entities = "".join(f"{name}: {{kind: {kind}, label: {name.title()}}}\n" for name, kind in kinds.items())
    graph = build_corpus(tmp_path / "w", entities, PLANNED_AND_REPORTED)
    may, june = (f"List was launched in {month} 2019" for month in ("May", "June"))
    rows = short_rows(graph, "SELECT ?d ?l { ?d sp:rule rule:value-conflict ; rdfs:label ?l }")
    assert len({dispute for dispute, _ in rows}) == len(rows)
    assert {label for _, label in rows} == {
        f"Planned: {june}; reported: {may}",
        f"Planned: {may}; also planned: {june}",
        f"Planned: {may}; reported: {june}",
        f"Value conflict: {may}; or: {june}",
    }


def test_every_account_is_neutral(graph: Graph) -> None:
    views = statement_views(read_properties(graph.store))
    accounts = {account(dispute, views) for dispute in find_disputes(graph.store)}
    assert accounts
    assert not [text for text in accounts if "lied" in text or "replaces" in text]


def test_an_account_says_who_is_not_certain_and_what_is_second_hand(graph: Graph) -> None:
    views = statement_views(read_properties(graph.store))
    found = [*find_disputes(graph.store, "scope-conflict"), *find_disputes(graph.store, "correction")]
    ends = {account(dispute, views).rpartition(". ")[2] for dispute in found}
    second_hand = "Second-hand, or not wholly in the passage: {}."
    certain = "Both may be right: the claims differ."
    assert ends == {
        certain,
        "Not stated as certain by: Charity.",
        second_hand.format("Charity"),
        second_hand.format("Force"),
    }


def test_an_account_says_that_one_speaker_gives_all_values_or_that_both_sides_are_plans(graph: Graph) -> None:
    views = statement_views(read_properties(graph.store))
    found = find_disputes(graph.store)
    accounts = {dispute.rule: account(dispute, views) for dispute in found}
    speakers = {views[name].speaker for dispute in found for name in dispute.affirmed}
    (speaker,) = {one for one in speakers if one in accounts["figures-fall"]}
    assert accounts["figures-fall"] == f"All values are given by: {speaker}. They cannot all be correct."
    amounts = {account(dispute, views) for dispute in found if dispute.rule == "value-conflict-amount"}
    assert "Both sides are plans. One may have replaced the other." in amounts
