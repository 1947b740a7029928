"""Saved questions: their headers, and their answers on a small fixed corpus that no change of our own data touches.

After a change of a question, look at what changes and keep it:

    UPDATE_GOLDEN=1 pytest tests/query/test_questions.py && git diff tests/golden
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, expand, shorten
from graphkit.query.answers import Table
from graphkit.query.questions import SavedQuestion, ask, bind, read_questions
from graphkit.query.questions import answer as answer_of
from graphkit.query.readable import SavedAnswer
from graphkit.store import EmbeddedStore, in_memory
from graphkit.store.syntax import Header, variables

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.query.answers import Term

ONTOLOGY = Path(__file__).parents[2] / "ontology"
GOLDEN = Path(__file__).parents[1] / "golden" / "questions"
QUESTIONS = read_questions(sorted((ONTOLOGY / "questions").glob("*.rq")))

# The fixed corpus has made-up bodies; these stand for the defaults of the parameters, which are bodies of our own data.
STAND_INS = {
    "id:met": "force", "id:project-alpha": "scheme", "id:gangs-matrix": "list", "id:project-alpha-dpia": "assessment",
}  # fmt: skip


def spelled(term: Term) -> str:
    """Spell a term for a golden file: short names, text as it is, nothing where nothing is bound."""
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    return term.value if isinstance(term, ox.Literal) else ""


def golden(table: Table) -> str:
    """Spell an answer as a golden file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([spelled(term) for term in row] for row in table.rows)
    return out.getvalue()


def stand_ins(name: str) -> dict[str, str]:
    """Return the parameters of a question with bodies of the fixed corpus in place of ours."""
    parameters = QUESTIONS[name].header.parameters
    return {parameter: STAND_INS[default] for parameter, (default, _) in parameters.items() if default in STAND_INS}


def answer(graph: Graph, name: str) -> Table:
    found = graph.query(name, **stand_ins(name))
    assert isinstance(found, Table)
    return found


# --- what a question says of itself -----------------------------------------------------------------------------------


def test_a_path_of_any_length_has_a_sub_select_with_a_limit() -> None:
    """Virtuoso 7 loses rows of such a path where it joins it after other patterns; with LIMIT it cannot."""
    path = re.compile(r"^[^#]*[\w)][*+] +[?\w(]")
    lines = [(name, line) for name, question in QUESTIONS.items() for line in question.text.splitlines()]
    assert [(name, line) for name, line in lines if path.match(line) and "LIMIT" not in line] == []


def test_every_question_has_a_title_and_says_who_wants_to_know() -> None:
    wrong = [
        name
        for name, question in QUESTIONS.items()
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        or not question.header.title[:1].isupper()
        or not re.fullmatch(r"[A-Z].*\.", question.header.why, re.DOTALL)
        or not question.header.topic
        or not question.header.fields.keys() <= {"Topic", "Rows", "Key", "View"}
    ]
    assert wrong == []


STATEMENT = ("statement", "speaker", "gist", "said", "saidLatest", "source", "link", "evidence")
GROUP = ("statements", "speakers", "claims", "denials", "said", "sources", "links", "evidence")


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_row_leads_to_its_evidence(questions: tuple[Graph, Checked], name: str) -> None:
    found = answer(questions[0], name)
    header = QUESTIONS[name].header
    rows = header.fields.get("Rows", "")
    if found.columns[: len(GROUP)] == GROUP:
        assert re.match(r"One for each .*; several values are separated by bars", rows)
        return
    assert found.columns[: len(STATEMENT)] == STATEMENT
    assert not rows if not header.key else re.match(r"One for each .* the first columns are of the latest", rows)
    assert {*header.key} <= {*found.columns}
    for row in found:
        told = [row[column] for column in ("statement", "speaker", "gist", "source", "evidence")]
        assert all(told) or (header.key and row.get("count", 0) in {0, None}), row


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if question.header.key])
def test_a_row_that_counts_statements_shows_the_latest_of_them(ours_graph: Graph, name: str) -> None:
    found = ours_graph.query(name)
    assert isinstance(found, SavedAnswer)
    shown = found.readable()
    assert len(shown.latest) == len(found)
    assert not {"statement", "gist", "said", "link", "evidence"} & {*shown.columns}
    assert any(text.count("\n") == 2 for text in shown.latest), "the words, the id and the link"


def test_the_latest_statement_of_a_speaker_is_the_one_with_the_last_possible_day(
    questions: tuple[Graph, Checked],
) -> None:
    latest = {row["speaker"]: row["statement"] for row in answer(questions[0], "speakers")}
    days = questions[0].query("SELECT ?speaker ?s ?day { ?s sp:speaker ?speaker OPTIONAL { ?s sp:saidLatest ?day } }")
    assert isinstance(days, Table)
    by_speaker: dict[object, list[tuple[str, str]]] = {}
    for row in days:
        by_speaker.setdefault(row["speaker"], []).append((str(row["day"] or ""), str(row["s"])))
    assert latest == {speaker: max(told)[1] for speaker, told in by_speaker.items()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_row_comes_twice(questions: tuple[Graph, Checked], name: str) -> None:
    rows = answer(questions[0], name).rows
    assert len(rows) == len(set(rows))


def test_no_two_questions_have_the_same_title() -> None:
    titles = [question.header.title for question in QUESTIONS.values()]
    assert sorted(titles) == sorted(set(titles))


def test_every_parameter_is_a_variable_with_a_default_and_a_description() -> None:
    wrong = [
        (name, parameter)
        for name, question in QUESTIONS.items()
        for parameter, (default, description) in question.header.parameters.items()
        if parameter not in variables(question.text)
        or expand(default) == default  # a short name, or a bare prefix that leaves it open
        or not description.endswith(".")
        or ("by default" in description) != default.endswith(":")  # it names the default if the value may be empty
    ]
    assert wrong == []


def test_every_question_puts_its_rows_in_order() -> None:
    assert [name for name, question in QUESTIONS.items() if "ORDER BY" not in question.text] == []


def test_every_question_uses_the_words_of_the_ontology(questions: tuple[Graph, Checked]) -> None:
    """A word that is not in the ontology would never be found, and nobody would see why."""
    used = {
        (name, word)
        for name, question in QUESTIONS.items()
        for word in re.findall(r"\bsp:[A-Za-z]+", re.sub(r"(?m)^#.*$|\"[^\"]*\"|<[^>]*>", "", question.text))
    }
    defined = questions[0].query("SELECT ?word { ?word rdfs:isDefinedBy ?ontology }")
    assert isinstance(defined, Table)
    known = {spelled(row[0]) for row in defined.rows}
    assert sorted((name, word) for name, word in used if word not in known) == []


# --- what it answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_on_the_fixed_corpus(questions: tuple[Graph, Checked], name: str) -> None:
    found = answer(questions[0], name)
    text = golden(found)
    path = GOLDEN / f"{name}.csv"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.is_file(), "UPDATE_GOLDEN=1 writes it"
    assert text == path.read_text(encoding="utf-8")
    assert len(found), "the fixed corpus must have an answer, or nothing is tested"


def test_every_golden_file_belongs_to_a_question() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.csv" for name in QUESTIONS}


def test_every_question_has_an_answer_on_our_own_data(ours_graph: Graph) -> None:
    counts = {name: ours_graph.query(name) for name in QUESTIONS}
    assert [name for name, found in counts.items() if not isinstance(found, Table) or not len(found)] == []


def test_no_answer_depends_on_the_order_of_the_input(questions: tuple[Graph, Checked]) -> None:
    lines = list(questions[1].lines)
    random.Random(11).shuffle(lines)  # noqa: S311 - any other order will do
    shuffled = in_memory(lines)
    for name, question in QUESTIONS.items():
        found = ask(shuffled, question.text, bind(question, stand_ins(name), shuffled))
        assert isinstance(found, Table)
        assert golden(found) == golden(answer(questions[0], name)), name


def test_a_question_with_its_parameters_left_open_says_no_less(questions: tuple[Graph, Checked]) -> None:
    for name, question in QUESTIONS.items():
        opened = questions[0].query(name, **dict.fromkeys(question.header.parameters, ""))
        assert isinstance(opened, Table)
        assert set(opened.rows) >= set(answer(questions[0], name).rows), name


# --- some answers in words --------------------------------------------------------------------------------------------


def labelled(graph: Graph, name: str, *columns: str, **parameters: str) -> set[tuple[str, ...]]:
    """Return some columns of an answer as people read them."""
    found = graph.query(name, **parameters)
    assert isinstance(found, Table)
    places = [found.columns.index(column) for column in columns]
    return {tuple(row[place] for place in places) for row in found.shown()}


def test_the_trust_denies_that_the_met_asked_it_formally(ours: tuple[Graph, Checked]) -> None:
    rows = labelled(ours[0], "consulted-and-denied", "consulted", "denials", body="met")
    denials = {consulted: said for consulted, said in rows}  # noqa: C416 - typed as pairs
    assert len(denials) == len(rows), "one row for each organisation"
    assert "it was never formally asked" in denials["Ben Kinsella Trust"]
    assert "The Justice Gap reports" in "".join(denials.values())
    assert "confirms that it reached out" not in "".join(denials.values()), "another wording of the claim is no denial"


def test_the_force_and_its_own_assessment_differ_about_profiling(ours: tuple[Graph, Checked]) -> None:
    found = labelled(ours[0], "self-contradiction", "party", "kind", "speakers")
    paper = "data protection impact assessment of Project Alpha"
    assert any(party == "Metropolitan Police" and paper in speakers for party, _, speakers in found)


def test_who_says_one_thing_here_and_another_there_says_both(ours: tuple[Graph, Checked]) -> None:
    found = ours[0].query("self-contradiction")
    assert isinstance(found, Table)
    for row in found:
        assert row["claims"]
        assert row["denials"]
        for statement in str(row["statements"]).split(" | "):
            path = "sp:speaker/((sp:post/sp:postAt)?)/(sp:speaksFor|sp:issuedBy)*"
            spoken = f"ASK {{ <{statement}> {path} <{row['party']}> }}"
            assert ours[0].query(spoken) is True, statement


def test_the_home_office_paid(ours: tuple[Graph, Checked]) -> None:
    assert ("Home Office", "Project Alpha", "asserts") in labelled(ours[0], "who-funds", "funder", "what", "stance")


def test_who_has_somebody_who_speaks_for_it_is_not_said_to_be_silent(ours: tuple[Graph, Checked]) -> None:
    silent = {row["agent"] for row in answer(ours[0], "spoken-about")}
    voices = ours[0].query("SELECT DISTINCT ?voice { ?statement sp:speaker|sp:voice ?voice }")
    assert isinstance(voices, Table)
    assert silent
    assert not silent & {row["voice"] for row in voices}


def test_counts_stand_in_the_order_of_the_last_day_that_they_may_be_of(ours: tuple[Graph, Checked]) -> None:
    found = ours[0].query("people-listed")
    assert isinstance(found, SavedAnswer)
    days = zip(found.data()["counted"], found.data()["date_latest"], strict=True)
    everyone = [day for counted, day in days if counted == "everyone listed" and day]
    assert len(everyone) > 2
    assert everyone == sorted(everyone)


def test_the_small_workspace_answers_the_same_questions(small_graph: Graph) -> None:
    assert labelled(small_graph, "who-funds", "funder", "what", what="scheme") == {("Ministry", "Scheme")}
    assert labelled(small_graph, "who-criticised", "critic", "target") == {
        ("Charity", "Scheme"), ("Spokeswoman", "Scheme"),
    }  # fmt: skip
    assert labelled(small_graph, "consulted-and-denied", "consulted", "claims", "denials", body="force") == {
        ("Charity", "Force: Gist of claims.", "Charity: Gist of denies. | Spokeswoman: Gist of denies-flat."),
        ("partners", "Force: Gist of claims-group.", "Charity: Gist of denies. | Spokeswoman: Gist of denies-flat."),
    }


class CountingEngine:
    """An engine that notes the queries that it evaluates."""

    def __init__(self, engine: ox.Store) -> None:
        self.engine = engine
        self.queries: list[str] = []

    def query(self, text: str, **options: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        self.queries.append(text)
        return self.engine.query(text, **options)  # type: ignore[arg-type]  # options are passed through


def test_a_question_with_a_parameter_is_evaluated_once(small_graph: Graph) -> None:
    store = small_graph.store
    assert isinstance(store, EmbeddedStore)
    engine = CountingEngine(store.engine)
    counted = EmbeddedStore(engine)  # type: ignore[arg-type]  # stands in for the engine
    question = QUESTIONS["who-funds"]
    given = bind(question, {"what": "scheme"}, counted)
    assert len(engine.queries) == 1, "one look-up tells whether the entity exists and what it was merged into"
    counted.query(question.text, given)
    assert len(engine.queries) == 2
    broken = "SELECT ?what { ?who sp:funded ?what ?what }"
    with pytest.raises(QueryError) as bound:
        counted.query(broken, {"what": given["what"]})
    assert len(engine.queries) == 3, "an empty store finds where the error is in the text as it was written"
    with pytest.raises(QueryError) as unbound:
        counted.query(broken)
    assert str(bound.value) == str(unbound.value)


def test_the_holder_of_a_post_speaks_for_the_body_in_its_press_release_only() -> None:
    def said(key: str, kind: str) -> str:
        return (
            f"statement:{key} sp:source source:{key} ; sp:speaker id:officer ; sp:stance sp:asserts ; "
            f"sp:proposition proposition:{key} ; sp:gist 'G' ; sp:evidence id:passage . "
            f"proposition:{key} rdfs:label 'P' . source:{key} a {kind} ; dcterms:publisher id:body ."
        )

    head = "".join(f"@prefix {name}: <{space}> . " for name, space in PREFIXES.items())
    posts = "id:officer sp:post id:one, id:two . id:one sp:postAt id:body . id:two sp:postAt id:body ."
    passage = "id:passage sp:evidenceStatus sp:unverified ."
    text = f"{head}{posts} {passage} {said('r', 'sp:PressRelease')} {said('t', 'sp:Transcript')}"
    engine = ox.Store()
    engine.load(text.encode(), format=ox.RdfFormat.TURTLE)
    store = EmbeddedStore(engine)
    found = ask(store, QUESTIONS["what-a-body-says"].text, {"body": "<" + expand("id:body") + ">"})
    assert isinstance(found, Table)
    assert [shorten(row[0].value) for row in found.rows if isinstance(row[0], ox.NamedNode)] == ["statement:r"]


@pytest.mark.parametrize("value", ["5", "2020-01-01", '"force"'])
def test_a_parameter_of_another_kind_is_refused(small_graph: Graph, value: str) -> None:
    with pytest.raises(QueryError, match="who-denies takes the name of a thing for speaker, not the value"):
        small_graph.query("who-denies", speaker=value)


@pytest.mark.parametrize(
    ("columns", "key", "missing"),
    [
        ("?statement ?speaker ?gist ?said ?source ?link ?evidence ?count", "speakr", "speakr"),
        ("?speaker ?count", "speaker", "statement"),
    ],
)
def test_a_key_that_the_columns_do_not_have_is_refused(
    small_graph: Graph, columns: str, key: str, missing: str
) -> None:
    text = f"SELECT {columns} {{ ?statement sp:speaker ?speaker BIND(1 AS ?count) }}"
    question = SavedQuestion("mine", text, Header("T", "W.", {"Key": key}))
    with pytest.raises(QueryError, match=f"mine has '# Key: {key}', but no column {missing}"):
        answer_of(small_graph.store, question, {})
