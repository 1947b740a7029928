"""Merges and splits: read everywhere, written nowhere, and gone with the line that asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from places import MODEL, copy_workspace

from graphkit.build.compile import compile_corpus
from graphkit.build.pipeline import build, check
from graphkit.corpus.load import load
from graphkit.corpus.merges import apply_merges, mentioned
from graphkit.graph import open_graph
from graphkit.model.iris import PREFIXES, entity_iri
from graphkit.model.records import LINKS, Merges
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.records import Corpus
    from graphkit.model.workspace import Workspace

UNION = "  {slug}: {{kind: organisation, label: {label}}}\n"
# A body under two names, wherever an entity can stand.
ENTITIES = """
entities:
  union:
    kind: organisation
    label: Union of Neighbours
    aliases: [the Neighbours, Neighbours United]
    description: An association.
    wikidata: Q1
    writtenAs: {example-gazette-2021: [the Union]}
  kim: {kind: person, label: Kim, speaksFor: [union]}
  minutes: {kind: document, label: minutes, issuedBy: [union]}
  crew: {kind: group, label: the crew, members: [union, neighbours-united]}
  quarrels: {kind: topic, label: quarrels, broader: [union]}
  by-law: {kind: legal-instrument, label: by-law, jurisdiction: [union]}
"""
SOURCE = """
id: union-2022
kind: report
publisher: union
title: What the union says
authors: [union, neighbours-united]
statements:
  said:
    speaker: union
    subject: union
    relation: consulted
    object: union
    via: [union, neighbours-united, example-gazette]
    gist: The union says so.
    evidence: &e
  told:
    subject: example-gazette
    relation: claimed
    object:
      {subject: union, relation: consulted, object: {subject: exampletown-police, relation: met-with, object: union}}
    gist: The gazette claims so.
    evidence: &e
""".replace("&e", "{starts: The union, sha256: " + "a" * 64 + "}")
MERGE = '  union: {into: neighbours-united, reason: "One association.", date: "2026-11-23"}\n'
TOMBSTONE = {"dcterms:isReplacedBy", "dcterms:modified", "owl:deprecated", "rdfs:comment", "rdfs:label"}


@pytest.fixture
def union(starter: Workspace) -> Workspace:
    """Return the starter with a second name of an association at every place."""
    (starter.data / "entities/union.yaml").write_text(ENTITIES, encoding="utf-8")
    (starter.data / "sources/union-2022.yaml").write_text(SOURCE, encoding="utf-8")
    return starter


def merged(place: Workspace, text: str = "merges:\n" + MERGE) -> Corpus:
    place.merges.write_text(text, encoding="utf-8")
    loaded = load(place)
    assert [str(problem) for problem in loaded.problems if "merges" in problem.location.file] == []
    return loaded.corpus


def about(corpus: Corpus, slug: str) -> list[tuple[str, str]]:
    """Return subject and predicate of the triples in which an entity stands."""
    lines = [line.split(" ", 2) for line in set(compile_corpus(corpus))]
    iri = f"<{entity_iri(slug)}>"
    return [(subject, predicate) for subject, predicate, rest in lines if iri in (subject, rest.split(" ")[0])]


def test_the_fixture_names_the_entity_in_every_position(union: Workspace) -> None:
    corpus = load(union).corpus
    ends = {name for one in corpus.entities.values() for name in LINKS if "union" in getattr(one, name)}
    assert ends == set(LINKS) >= {"members", "broader", "speaks_for", "issued_by", "jurisdiction"}
    predicates = {shorten(predicate) for _, predicate in about(corpus, "union")}
    assert predicates >= {
        "sp:subject", "sp:object", "sp:speaker", "sp:via", "sp:relayedBy", "dcterms:publisher", "dcterms:creator",
        "sp:member", "skos:broader", "sp:speaksFor", "sp:issuedBy", "sp:jurisdiction",
    }  # fmt: skip


def shorten(predicate: str) -> str:
    iri = predicate.strip("<>")
    return next(f"{name}:{iri.removeprefix(space)}" for name, space in PREFIXES.items() if iri.startswith(space))


def test_a_merged_entity_is_read_as_the_other_one_everywhere(union: Workspace) -> None:
    before = {predicate for _, predicate in about(load(union).corpus, "union")}
    corpus = merged(union)
    assert {(shorten(predicate), subject) for subject, predicate in about(corpus, "union")} == {
        (name, f"<{entity_iri('union')}>") for name in TOMBSTONE
    }
    assert before <= {predicate for _, predicate in about(corpus, "neighbours-united")}
    assert "union" not in corpus.entities


def test_the_remaining_entity_gets_the_names_and_missing_fields(union: Workspace) -> None:
    entity = merged(union).entities["neighbours-united"]
    assert entity.label == "Neighbours United"
    assert entity.aliases == ("Union of Neighbours", "the Neighbours")
    assert entity.names == ("Neighbours United", "Union of Neighbours", "the Neighbours", "the Union")
    assert (entity.wikidata, entity.description) == ("Q1", "An association.")


def test_repeated_names_in_a_list_are_kept_once(union: Workspace) -> None:
    corpus = merged(union)
    assert corpus.entities["crew"].members == ("neighbours-united",)
    assert corpus.sources["union-2022"].authors == ("neighbours-united",)
    assert corpus.sources["union-2022"].statements["said"].via == ("neighbours-united", "example-gazette")


def test_entity_and_source_files_stay_unchanged(union: Workspace) -> None:
    corpus = load(union).corpus
    before = repr((corpus.entities, corpus.sources))
    merges = Merges.model_validate(
        {"merges": {"union": {"into": "neighbours-united", "reason": "x", "date": "2026-11-23"}}}
    )
    assert apply_merges(corpus, merges).entities != corpus.entities
    assert repr((corpus.entities, corpus.sources)) == before
    assert apply_merges(corpus, Merges()) is corpus


def test_deleting_the_line_restores_the_graph_byte_for_byte(starter: Workspace) -> None:
    more = UNION.format(slug="union", label="Union of Neighbours")
    (starter.data / "entities/union.yaml").write_text(f"entities:\n{more}", encoding="utf-8")
    assert build(starter).ok
    before = starter.graph_file.read_bytes()
    kept = "merges:\n  neighbours-united: {into: union, reason: One., date: '2026-11-23'}\n"
    starter.merges.write_text(kept, encoding="utf-8")
    assert build(starter).ok
    assert starter.graph_file.read_bytes() != before
    starter.merges.write_text("merges:\n", encoding="utf-8")
    assert build(starter).ok
    assert starter.graph_file.read_bytes() == before


@pytest.mark.filterwarnings("ignore::graphkit.model.errors.QueryWarning")  # says that it has no class
def test_a_merged_entity_leaves_a_redirect_in_the_graph(starter: Workspace) -> None:
    more = UNION.format(slug="union", label="Union of Neighbours")
    (starter.data / "entities/union.yaml").write_text(f"entities:\n{more}", encoding="utf-8")
    kept = "merges:\n  neighbours-united: {into: union, reason: One body., date: '2026-11-23'}\n"
    starter.merges.write_text(kept, encoding="utf-8")
    assert build(starter).ok
    graph = open_graph(starter.root)
    table = graph.query(
        """SELECT ?by ?label ?why ?since { GRAPH graph:entities { id:neighbours-united dcterms:isReplacedBy ?by ;
        owl:deprecated true ; rdfs:label ?label ; rdfs:comment ?why ; dcterms:modified ?since } }"""
    )
    assert isinstance(table, Table)
    [row] = table
    assert (row["by"], row["label"], row["why"], str(row["since"])) == (
        entity_iri("union"), "Neighbours United", "One body.", "2026-11-23",
    )  # fmt: skip
    assert graph.query("ASK { id:neighbours-united a ?class }") is False
    assert graph.query("ASK { ?denial sp:speaker id:union ; sp:stance sp:denies }") is True


def test_a_chain_of_merges_leads_to_its_end(union: Workspace) -> None:
    text = 'merges:\n  kims-union: {into: union, reason: x, date: "2026-11-23"}\n' + MERGE
    (union.data / "entities/kims.yaml").write_text(
        f"entities:\n{UNION.format(slug='kims-union', label='Kim’s union')}", encoding="utf-8"
    )
    corpus = merged(union, text)
    assert {slug: one.by for slug, one in corpus.replaced.items()} == {
        "kims-union": "neighbours-united", "union": "neighbours-united",
    }  # fmt: skip
    assert "Kim’s union" in corpus.entities["neighbours-united"].aliases


def test_an_entity_may_be_read_as_one_of_a_kind_below_its_own(starter: Workspace) -> None:
    text = "merges:\n  neighbours-united: {into: exampletown-police, reason: x, date: '2026-11-23'}\n"
    assert "neighbours-united" in merged(starter, text).replaced


# --- splits ------------------------------------------------------------------------------------------

SPLIT = """
splits:
  union:
    reason: The gazette means another one.
    date: "2026-11-23"
    statements: {union-2022/told: neighbours-united}
"""


def test_a_split_changes_one_statement_and_no_other(union: Workspace) -> None:
    before = load(union).corpus.sources["union-2022"].statements
    after = merged(union, SPLIT).sources["union-2022"].statements
    assert after["said"] == before["said"]
    assert "union" not in mentioned(after["told"])
    assert [name.replace("union", "neighbours-united") for name in mentioned(before["told"])] == list(
        mentioned(after["told"])
    )


def test_a_split_is_noted_at_its_statement(union: Workspace) -> None:
    corpus = merged(union, SPLIT)
    [note] = [line for line in compile_corpus(corpus) if "editorialNote" in line]
    assert "statement/union-2022/told>" in note
    assert "union is read as neighbours-united, 2026-11-23: The gazette means another one." in note


def test_the_target_of_a_split_may_itself_be_merged(union: Workspace) -> None:
    text = SPLIT + "merges:\n  neighbours-united: {into: example-gazette, reason: x, date: '2026-11-23'}\n"
    assert "example-gazette" in mentioned(merged(union, text).sources["union-2022"].statements["told"])


def test_two_slugs_of_a_statement_can_be_swapped(starter: Workspace) -> None:
    name, day = "example-gazette-2021/police-consulted", "reason: They were mixed up., date: '2026-11-23'"
    text = (
        f"splits:\n  exampletown-police: {{{day}, statements: {{{name}: exampletown-council}}}}\n"
        f"  neighbours-united: {{{day}, statements: {{{name}: exampletown-police}}}}\n"
    )
    said = merged(starter, text).sources["example-gazette-2021"].statements["police-consulted"]
    assert (said.speaker, said.subject, said.object) == (
        "exampletown-council", "exampletown-council", "exampletown-police",
    )  # fmt: skip


# --- what is wrong -----------------------------------------------------------------------------------


def problems(place: Workspace, text: str) -> list[str]:
    place.merges.write_text(text, encoding="utf-8")
    return [f"{one.location} {one.code}: {one.message}" for one in check(place).problems]


def test_a_split_that_does_not_fit_is_reported_at_its_line(starter: Workspace) -> None:
    text = (
        "splits:\n  neighbours-united:\n    reason: x\n    date: '2026-11-23'\n"
        "    statements:\n      example-gazette-2021/police-consulted: street-cameras\n"
    )
    [problem] = problems(starter, text)
    assert problem.startswith(
        "data/merges.yaml:6:46 wrong-range: Read so in example-gazette-2021/police-consulted: 'street-cameras' is"
    )


def test_a_circle_is_reported_at_its_own_lines_only(starter: Workspace) -> None:
    line = "  {}: {{into: {}, reason: x, date: '2026-11-23'}}\n".format
    text = "merges:\n" + line("example-gazette", "neighbours-united") + line("neighbours-united", "neighbours-united")
    [problem] = problems(starter, text)
    assert "data/merges.yaml:3:3 circular-merge" in problem


def test_a_file_that_is_wrong_changes_nothing(starter: Workspace) -> None:
    before = load(starter).corpus
    starter.merges.write_text(
        "merges:\n  neighbours-united: {into: example-gazette, reason: x, date: '2026-11-23'}\n  nobody: {into: met}\n",
        encoding="utf-8",
    )
    loaded = load(starter)
    assert loaded.problems
    assert loaded.corpus.entities == before.entities


@pytest.mark.parametrize("text", ["merges:\n", "splits:\n", "merges: {}\nsplits: {}\n"])
def test_an_unclosed_list_is_refused(starter: Workspace, text: str) -> None:
    assert merged(starter, text).replaced == {}


@pytest.mark.parametrize(
    "text", ["x", "- x", "merges: x\n", "merges: {a: x}\n", "splits: {a: [b]}\n", "", "merges:\n\tx: y"]
)
def test_a_file_that_is_no_record_is_a_problem_of_its_own(starter: Workspace, text: str) -> None:
    assert problems(starter, text)
    assert all(one.startswith("data/merges.yaml:") for one in problems(starter, text))


def test_the_date_is_a_day_in_quotes(starter: Workspace) -> None:
    [problem] = problems(
        starter, "merges:\n  neighbours-united: {into: example-gazette, reason: x, date: 2026-11-23}\n"
    )
    assert "data/merges.yaml:2:63 unquoted-date" in problem


def test_a_merged_name_goes_on_working_in_questions_and_explanations(starter: Workspace) -> None:
    text = "entities:\n  union: {kind: organisation, label: Union}\n"
    (starter.data / "entities/union.yaml").write_text(text, encoding="utf-8")
    starter.merges.write_text("merges:\n" + MERGE, encoding="utf-8")
    assert build(starter).ok
    graph = open_graph(starter.root)
    assert graph.explain("union") == graph.explain("neighbours-united")
    old = graph.query("dossier", about="union")
    new = graph.query("dossier", about="neighbours-united")
    assert isinstance(old, Table)
    assert isinstance(new, Table)
    assert list(old) == list(new) != []


def test_a_merge_reaches_qualifiers_amounts_alternatives_and_posts(tmp_path: Path) -> None:
    place = copy_workspace(MODEL, tmp_path / "model")
    place.merges.write_text(
        "merges:\n"
        '  trust: {into: charity, reason: "One body.", date: "2026-11-28"}\n'
        '  town: {into: city, reason: "One place.", date: "2026-11-28"}\n'
        '  mayor: {into: leader, reason: "One office.", date: "2026-11-28"}\n'
        '  listed: {into: children, reason: "One group.", date: "2026-11-28"}\n',
        encoding="utf-8",
    )
    (place.data / "entities/new.yaml").write_text(
        "entities:\n  city: {kind: place, label: City}\n  leader: {kind: office, label: Leader}\n", encoding="utf-8"
    )
    loaded = load(place)
    assert [problem for problem in loaded.problems if problem.level == "error"] == []
    said = loaded.corpus.sources["fields-2021"].statements
    assert said["qualified"].qualifiers["place"] == "city"
    assert said["qualified"].qualifiers["manner"] == "formally"
    assert said["either"].object == "charity", "alternatives that are one entity are no alternatives"
    amount = said["share"].amount
    assert amount
    assert amount.base == "children"
    assert [post.at for post in loaded.corpus.entities["ada"].posts] == ["leader", "charity"]
