"""The labels of propositions are grammatical sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpora import build_corpus, short_rows
from places import REPOSITORY

from graphkit.model.vocabulary import read_ontology, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

ENTITIES = """
daily: {kind: organisation, label: Daily}
vice: {kind: organisation, label: i-Daily}
force: {kind: public-body, label: Force, article: the}
list: {kind: information-system, label: List, article: the}
gangs: {kind: group, label: gangs}
anybody: {kind: group, label: any group}
white-people: {kind: group, label: white people}
listed: {kind: group, label: people on the List}
videos: {kind: topic, label: drill videos, plural: true}
posts: {kind: topic, label: posts, plural: true}
violence: {kind: topic, label: serious violence}
london: {kind: place, label: London}
"""
SENTENCES = {
    "Gangs are linked to serious violence": "{subject: gangs, relation: is-linked-to, object: violence}",
    "Any group is linked to serious violence": "{subject: anybody, relation: is-linked-to, object: violence}",
    "Drill videos are linked to serious violence in London": (
        "{subject: videos, relation: is-linked-to, object: violence, qualifiers: {place: london}}"
    ),
    "The List listed 3,811 people at its peak in August 2017": (
        '{subject: list, relation: listed, amount: {number: "3811", unit: people}, when: "2017-08", '
        "qualifiers: {manner: at its peak}}"
    ),
    "The List listed 439 white people in October 2014": (
        '{subject: list, relation: listed, amount: {number: "439", unit: people, of: white-people}, when: "2014-10"}'
    ),
    "78 per cent of people on the List were white people in July 2016": (
        "{subject: list, relation: listed, object: white-people, "
        'amount: {number: "78", unit: percent, base: listed}, when: "2016-07"}'
    ),
    "The List was launched in 2011": '{subject: list, relation: launched-on, value: "2011"}',
    "The List came to an end on 13 February 2024": '{subject: list, relation: ended-on, value: "2024-02-13"}',
    "The List was launched by 31 May 2019": '{subject: list, relation: launched-on, value: "../2019-05-31"}',
    "The Force funded the List with at most £1,746,660.80 from 2020 to 2021": (
        '{subject: force, relation: funded, object: list, when: "2020/2021", '
        'amount: {number: "1746660.8", unit: GBP, bound: at-most}}'
    ),
    "The Force took almost a year to answer Daily": (
        '{subject: force, relation: took-to-answer, object: daily, amount: {number: "1", unit: years, bound: almost}}'
    ),
    "The Force removed more than 30 drill videos by November 2018": (
        '{subject: force, relation: removed, object: videos, when: "../2018-11", '
        'amount: {number: "30", unit: videos, bound: more-than}}'
    ),
    "The number of people on the List fell by 49 per cent": (
        '{subject: list, relation: fell-by, amount: {number: "49", unit: percent, base: listed}}'
    ),
    "The List added no people to the staff in 2021": (
        '{subject: list, relation: has-staff, amount: {number: "0", unit: people, kind: flow}, when: "2021"}'
    ),
    "The List added 5 white people to the staff in 2021": (
        "{subject: list, relation: has-staff, "
        'amount: {number: "5", unit: people, of: white-people, kind: flow}, when: "2021"}'
    ),
    "The Force removed no drill videos": (
        '{subject: force, relation: removed, object: videos, amount: {number: "0", unit: videos}}'
    ),
    "At least 33 gangs use drill videos": (
        "{subject: gangs, relation: uses, object: videos, "
        'amount: {number: "33", unit: organisations, bound: at-least, of: gangs}}'
    ),
    "The Force uses posts until November 2018": '{subject: force, relation: uses, object: posts, when: "../2018-11"}',
    "Daily claimed: “The Force removed posts”": (
        "{subject: daily, relation: claimed, object: {subject: force, relation: removed, object: posts}}"
    ),
    "i-Daily removed drill videos or posts": "{subject: vice, relation: removed, object: {any: [videos, posts]}}",
}


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    statements = "".join(f"  s{number}: {text}\n" for number, text in enumerate(SENTENCES.values()))
    graph: Graph = build_corpus(tmp_path_factory.mktemp("sentences") / "w", ENTITIES, f"daily-1:\n{statements}")
    return {label for (label,) in short_rows(graph, "SELECT ?l { ?p a sp:Proposition ; rdfs:label ?l }")}


@pytest.mark.parametrize("label", SENTENCES)
def test_a_label_is_a_sentence(labels: set[str], label: str) -> None:
    assert label in labels, sorted(labels)


PLANS = {
    "The Force will fund the List with at most £5,000 in 2027": (
        "{subject: force, relation: funded, object: list, stance: plans, "
        'when: "2027", amount: {number: "5000", unit: GBP, bound: at-most}}'
    ),
    "The List will come to an end on 13 February 2027": (
        '{subject: list, relation: ended-on, value: "2027-02-13", stance: plans}'
    ),
    "The Force will keep any group under surveillance": (
        "{subject: force, relation: surveils, object: anybody, stance: rules-out}"
    ),
    "Gangs will be linked to serious violence": (
        "{subject: gangs, relation: is-linked-to, object: violence, stance: plans}"
    ),
    "The List will add no people to the staff in 2027": (
        "{subject: list, relation: has-staff, stance: plans, "
        'amount: {number: "0", unit: people, kind: flow}, when: "2027"}'
    ),
    "30 per cent of people on the List will be white people": (
        "{subject: list, relation: listed, object: white-people, stance: plans, "
        'amount: {number: "30", unit: percent, base: listed}}'
    ),
}


def test_a_plan_has_a_sentence_in_the_future_and_its_proposition_the_label_of_all_stances(tmp_path: Path) -> None:
    said = {f"p{number}": text for number, text in enumerate(PLANS.values())}
    done = "  done: {subject: force, relation: surveils, object: anybody}\n"
    statements = "".join(f"  {key}: {text}\n" for key, text in said.items())
    graph = build_corpus(tmp_path / "w", ENTITIES, f"daily-1:\n{statements}{done}")
    found = short_rows(graph, "SELECT ?l { ?s sp:plannedSentence ?l }")
    assert {sentence for (sentence,) in found} == set(PLANS)
    labels = short_rows(graph, "SELECT ?l { ?p sp:relation sp:surveils ; rdfs:label ?l }")
    assert labels == {("The Force keeps any group under surveillance",)}


def test_every_relation_of_the_ontology_has_a_verb_for_a_plan() -> None:
    relations = vocabulary(read_ontology(sorted((REPOSITORY / "ontology").glob("*.ttl")))).relations
    assert [name for name, each in relations.items() if not each.derived and not each.planned.startswith("will ")] == []
