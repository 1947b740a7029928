"""Questions to our own graph whose honest answer is "no source says so".

A source may answer one of them one day: then the question is out of date, and another takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.query.questions import Question
from graphkit.query.remarks import remarks
from graphkit.store.syntax import Header

if TYPE_CHECKING:
    from graphkit.graph import Graph

# The question in words, and the pattern that would be its evidence. Each entity in it is in the graph.
QUESTIONS = {
    "Which named person is on a list of the police?": (
        "?p sp:relation/rdfs:subPropertyOf* sp:listed ; sp:object ?who . ?who a sp:Person"
    ),
    "Was a charity paid that the Met names as consulted?": (
        "VALUES ?charity { id:ben-kinsella-trust id:redthread id:catch-22 id:st-giles-trust id:safer-london } "
        "?p sp:relation sp:funded ; sp:object ?charity"
    ),
    "Did the Met say that it consulted Liberty?": (
        "?s sp:voice id:met ; sp:stance sp:asserts ; sp:proposition ?p . "
        "?p sp:relation sp:consulted ; sp:subject id:met ; sp:object id:liberty"
    ),
    "Whom did the Home Office consult?": "?p sp:relation sp:consulted ; sp:subject id:home-office",
    "When did Project Alpha end?": (
        "?s sp:stance sp:asserts ; sp:proposition ?p . ?p sp:relation sp:endedOn ; sp:subject id:project-alpha"
    ),
    "On which day did Project Alpha begin?": (
        "?p sp:relation sp:launchedOn ; sp:subject id:project-alpha ; sp:value ?v . FILTER(STRLEN(STR(?v)) = 10)"
    ),
    "Did the Met concede discrimination?": (
        "?s sp:stance sp:concedes ; sp:voice id:met ; sp:proposition/sp:relation sp:discriminatesAgainst"
    ),
    "Was the Met fined over the Gangs Violence Matrix?": "?p sp:relation sp:fined ; sp:object id:met",
    "How many people worked for Project Alpha in 2024 or later?": (
        "?p sp:relation sp:hasStaff ; sp:subject id:project-alpha ; sp:validEarliest ?day . "
        "FILTER(?day >= '2024-01-01'^^xsd:date)"
    ),
    "Did the Mayor's Office for Policing and Crime criticise Project Alpha?": (
        "?s sp:criticises id:project-alpha ; sp:voice id:mopac"
    ),
}


@pytest.mark.filterwarnings("ignore::graphkit.model.errors.QueryWarning")  # says why there is no answer
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_source_says_so(ours_graph: Graph, question: str) -> None:
    assert ours_graph.query(f"ASK {{ {QUESTIONS[question]} }}") is False


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_question_names_only_what_the_graph_contains(ours_graph: Graph, question: str) -> None:
    """A misspelt name would also give no answer."""
    asked = Question("query", f"ASK {{ {QUESTIONS[question]} }}", Header("", ""))
    assert remarks(ours_graph.store, asked, {}) == []
