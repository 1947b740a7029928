"""Likely duplicates: which are found, which are not, and what the command does with them."""

from __future__ import annotations

import csv
import io
import json
import sys
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from commands import runner
from places import REPOSITORY, copy_workspace
from typer.testing import CliRunner

from graphkit.build.pipeline import build
from graphkit.cli import app
from graphkit.corpus.load import load
from graphkit.corpus.write import merge_line
from graphkit.curate.duplicates import THRESHOLD, Duplicate, alike_names, entity_names, likely_duplicates
from graphkit.curate.duplicates.evidence import read_usage
from graphkit.curate.duplicates.likeness import NOT_ALIKE, Words, likeness
from graphkit.curate.duplicates.names import initials_of, read_name, read_names
from graphkit.curate.duplicates.record import record_merge, remove_merge
from graphkit.model.errors import MissingExtraError, NotFoundError, WorkspaceError
from graphkit.model.records import Corpus, Entity, Merge, Source, StatementRef

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said
    from typer.testing import Result

    from graphkit.model.workspace import Workspace

DUPLICATES = REPOSITORY / "tests/data/duplicates"
MERGE = Merge(into="met", reason="One force.", date="2026-11-23")


@pytest.fixture(scope="module", params=["police", "health"])
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Corpus, set[frozenset[str]]]:
    """Return entities, and the pairs of them that are the same."""
    folder = DUPLICATES / request.param
    with (folder / "same.csv").open(encoding="utf-8", newline="") as file:
        truth = {frozenset(row.values()) for row in csv.DictReader(file)}
    loaded = load(copy_workspace(folder / "data", tmp_path_factory.mktemp("case") / "w"))
    assert loaded.problems == []
    return loaded.corpus, truth


@pytest.fixture
def police(tmp_path: Path) -> Workspace:
    return copy_workspace(DUPLICATES / "police" / "data", tmp_path / "w")


def pairs(found: list[Duplicate]) -> set[frozenset[str]]:
    return {frozenset((pair.slug, pair.into)) for pair in found}


def corpus_of(workspace: Workspace, entities: dict[str, Entity], sources: dict[str, Source] | None = None) -> Corpus:
    known = load(workspace).corpus
    return Corpus(known.dataset, entities, sources or {}, known.vocabulary)


def body(label: str, **more: object) -> Entity:
    return Entity.model_validate({"kind": "public-body", "label": label, **more})


# --- how well ----------------------------------------------------------------------------------------


def test_nine_of_ten_shown_are_right(case: tuple[Corpus, set[frozenset[str]]]) -> None:
    corpus, truth = case
    shown = pairs(likely_duplicates(corpus))
    assert len(shown & truth) / len(shown) >= 0.9


def test_seven_of_ten_that_are_right_are_shown(case: tuple[Corpus, set[frozenset[str]]]) -> None:
    corpus, truth = case
    assert len(pairs(likely_duplicates(corpus)) & truth) / len(truth) >= 0.7


def test_the_most_likely_come_first(case: tuple[Corpus, set[frozenset[str]]]) -> None:
    corpus, truth = case
    found = likely_duplicates(corpus)
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert pairs(found[:15]) <= truth


def test_the_index_finds_what_the_comparison_of_all_names_finds(case: tuple[Corpus, set[frozenset[str]]]) -> None:
    named = list(entity_names(case[0].entities))
    words = Words.of(word for _, name in named for word in name.content)
    every = {
        (min(one, other), max(one, other))
        for (one, name), (other, another) in combinations(named, 2)
        if one != other and likeness(name, another, words).score >= THRESHOLD
    }
    assert len(every) > 20
    assert every <= set(alike_names(case[0].entities))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("met", "met-police"), ("met", "met-police-service"), ("met-police", "met-police-service"),
        ("ico", "information-commissioners-office"), ("gangs-matrix", "gangs-violence-matrix"),
    ],
)  # fmt: skip
def test_duplicates_are_found(police: Workspace, one: str, other: str) -> None:
    assert {one, other} in pairs(likely_duplicates(load(police).corpus))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mayor-of-london", "mayor-of-newham"), ("gangs-matrix", "gangs-matrix-review"), ("catch22", "catch-22"),
        ("gangs-violence-matrix", "gangs-matrix-review"), ("liberty", "library"), ("essex-police", "sussex-police"),
        ("north-wales-police", "south-wales-police"), ("data-protection-act-1998", "data-protection-act-2018"),
        ("met", "metropolitan-police-authority"), ("young-people", "young-black-people"),
    ],
)  # fmt: skip
def test_different_entities_are_not_found(police: Workspace, one: str, other: str) -> None:
    corpus = load(police).corpus
    assert {one, other} <= corpus.entities.keys()
    assert {one, other} not in pairs(likely_duplicates(corpus))


# --- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Guardian", "guardian"), ("Marks & Sparks", "Marks and Sparks plc"), ("Catch22", "Catch-22"),
        ("Palantir Technologies UK, Ltd.", "PALANTIR TECHNOLOGIES"), ("C.P.S.", "CPS"), ("Café ﬁne", "CAFÉ fine"),
        ("Mayor’s Office", "Mayor's Office"), ("Stop-and-search", "stop & search"),
    ],
)  # fmt: skip
def test_names_that_differ_only_in_spelling(one: str, other: str) -> None:
    assert read_name(one).squashed == read_name(other).squashed


@pytest.mark.parametrize("text", ["The", "UK", "Ltd", "the the", "of the"])
def test_a_name_keeps_at_least_one_word(text: str) -> None:
    assert read_name(text).words
    assert read_name(text).content


@pytest.mark.parametrize("text", ["", "!!!", "—", "()", "(())"])
def test_a_name_without_words_has_no_duplicates(starter: Workspace, text: str) -> None:
    entities = {"a": body("!"), "b": Entity.model_construct(kind="public-body", label=text)}
    assert read_names(text)
    assert likely_duplicates(corpus_of(starter, entities)) == []


@pytest.mark.parametrize(
    ("letters", "name", "fits"),
    [
        ("MOPAC", "Mayor's Office for Policing And Crime", True), ("ICO", "Information Commissioner’s Office", True),
        ("ico", "Information Commissioner's Office", True), ("EHRC", "Equality & Human Rights Commission", True),
        ("UN", "United Nations", True), ("un", "United Nations", False), ("ICE", "Information Commissioner", False),
        ("MP", "Metropolitan Police Service", False), ("M25", "Motorway", False),
    ],
)  # fmt: skip
def test_initials(letters: str, name: str, fits: bool) -> None:
    found = read_name(letters).initials
    assert (bool(found) and found in initials_of(read_name(name))) is fits


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Met Police", "Metropolitan Police", True), ("Dept for Education", "Department for Education", True),
        ("Ministry of Justcie", "Ministry of Justice", True), ("knife crimes", "knife crime", True),
        ("Policing, College of", "College of Policing", True), ("Liberty", "Library", False),
        ("Home Office Police", "Home Office Policy", False), ("Northamptonshire Police", "North Wales Police", False),
        ("Section 60", "Section 61", False), ("Mayor of London", "Mayor of Newham", False), ("Met", "Mat", False),
    ],
)  # fmt: skip
def test_words_match_or_not(one: str, other: str, alike: bool) -> None:
    first, second = read_name(one), read_name(other)
    words = Words.of((*first.content, *second.content))
    assert (likeness(first, second, words) is not NOT_ALIKE) is alike
    assert likeness(first, second, words) == likeness(second, first, words)


# --- evidence ----------------------------------------------------------------------------------------


def compared(workspace: Workspace, one: Entity, other: Entity, **more: Entity) -> Duplicate:
    [found] = [
        duplicate
        for duplicate in likely_duplicates(corpus_of(workspace, {"one": one, "other": other, **more}), 0)
        if {duplicate.slug, duplicate.into} == {"one", "other"}
    ]
    return found


ALONE = 1.0


@pytest.mark.parametrize(
    ("one", "other", "doubt"),
    [
        ({"wikidata": "Q1"}, {"wikidata": "Q2"}, "one is Q1 on Wikidata, the other Q2"),
        ({"jurisdiction": ["wales"]}, {"jurisdiction": ["scotland"]}, "one is for wales, the other for scotland"),
        ({"kind": "office"}, {}, "one is of the kind office, other of the kind public-body"),
        ({"kind": "organisation"}, {}, "one is of the kind organisation, other of the kind public-body"),
        ({"members": ["other"]}, {}, "other stands under members of one"),
        ({}, {"broader": ["one"]}, "one stands under broader of other"),
        ({}, {"issuedBy": ["one"]}, "one stands under issuedBy of other"),
        (
            {"label": "Act 1998", "aliases": ["Lamps"]},
            {"label": "Act 2018", "aliases": ["Lamps"]},
            "one label has the number 1998, the other 2018",
        ),
    ],
)
def test_reasons_against_a_merge(
    starter: Workspace, one: dict[str, object], other: dict[str, object], doubt: str
) -> None:
    found = compared(starter, body(**{"label": "Lamps", **one}), body(**{"label": "Lamps", **other}))  # type: ignore[arg-type]
    assert doubt in found.doubts
    assert found.score < compared(starter, body("Lamps"), body("Lamps")).score == ALONE


def test_two_members_of_one_list_are_different(starter: Workspace) -> None:
    crew = Entity(kind="group", label="crew", members=("one", "other"))
    found = compared(starter, body("Lamps"), body("Lamps"), crew=crew)
    assert "crew lists both under members" in found.doubts
    assert found.score < ALONE


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"wikidata": "Q1"}, "both are Q1 on Wikidata"),
        ({"url": "https://example.org/x"}, "both have the page https://example.org/x"),
        ({"members": ["kim"]}, "both have kim under members"),
        ({"speaksFor": ["kim"]}, "both have kim under speaksFor"),
        ({"broader": ["kim"]}, "both have kim under broader"),
    ],
)
def test_reasons_for_a_merge(starter: Workspace, more: dict[str, object], reason: str) -> None:
    bare = compared(starter, body("Kinsella Trust"), body("Ben Kinsella Trust"))
    found = compared(starter, body("Kinsella Trust", **more), body("Ben Kinsella Trust", **more))
    assert reason in found.reasons
    assert found.score > bare.score
    assert "both are of the kind public-body" in bare.reasons


def test_a_shared_wikidata_number_is_enough(starter: Workspace) -> None:
    assert compared(starter, body("Meta", wikidata="Q1"), body("Facebook", wikidata="Q1")).score >= THRESHOLD


def test_entities_in_one_statement_are_different(starter: Workspace) -> None:
    police = body("Police")
    known = load(starter).corpus
    entities = {**known.entities, "police": police, "exampletown-police": police}
    entities["neighbours-united"] = police
    found = likely_duplicates(corpus_of(starter, entities, dict(known.sources)), 0)
    doubts = {(pair.slug, pair.into): pair.doubts for pair in found}
    [doubt] = doubts["neighbours-united", "exampletown-police"]
    assert doubt == (
        "in example-gazette-2021/association-denies exampletown-police is subject, and neighbours-united is object"
        " and speaker, and in 1 more"
    )
    assert doubts["police", "exampletown-police"] == ()


def test_ambiguous_initials_score_lower(starter: Workspace) -> None:
    entities = {
        "cps": body("CPS"),
        "crown": body("Crown Prosecution Service"),
        "centre": body("Centre for Policy Studies"),
    }
    found = likely_duplicates(corpus_of(starter, entities), 0)
    assert {pair.doubts for pair in found} == {("“CPS” are the initials of 2 names",)}
    alone = compared(starter, entities["cps"], entities["crown"])
    assert max(pair.score for pair in found) < alone.score


def test_an_impossible_merge_has_an_obstacle(starter: Workspace) -> None:
    found = compared(starter, body("Lamps"), Entity(kind="office", label="Lamps"))
    assert found.obstacle.startswith("'other' is of the kind office, and 'one' of the kind public-body.")
    assert "Solution: " in found.obstacle


def test_the_rarer_entity_is_merged(starter: Workspace) -> None:
    known = load(starter).corpus
    entities = {**known.entities, "a-council": known.entities["exampletown-council"]}
    [found] = likely_duplicates(corpus_of(starter, entities, dict(known.sources)))
    assert (found.slug, found.into) == ("a-council", "exampletown-council")


def test_the_more_general_kind_is_merged(starter: Workspace) -> None:
    found = compared(starter, body("Lamps"), Entity(kind="organisation", label="Lamps"))
    assert (found.slug, found.into, found.obstacle) == ("other", "one", "")


def test_an_entity_counts_in_a_statement_about_a_statement(starter: Workspace) -> None:
    source = load(starter).corpus.sources["example-gazette-2021"]
    said = source.statements["paid"]
    update = {"subject": "example-gazette", "relation": "revealed", "object": StatementRef(statement="paid")}
    about = source.model_copy(update={"statements": {"paid": said, "revealed": said.model_copy(update=update)}})
    usage = read_usage(corpus_of(starter, {}, {source.id: about}))
    assert usage.statements["street-cameras"] == {
        "example-gazette-2021/paid": {"object"}, "example-gazette-2021/revealed": {"object"},
    }  # fmt: skip
    assert usage.statements["example-gazette"]["example-gazette-2021/revealed"] == {"speaker", "subject"}
    assert usage.count("nobody") == 0


def test_without_rapidfuzz_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'graphkit\[curate\]'"):
        Words.of(["justice", "justcie"])


# --- the file ----------------------------------------------------------------------------------------


def test_a_merge_is_written_and_undone(police: Workspace) -> None:
    record_merge(police, "met-police", MERGE)
    assert load(police).corpus.replaced["met-police"].by == "met"
    assert police.merges.read_text(encoding="utf-8").endswith(
        'merges:\n  met-police: {into: met, reason: "One force.", date: "2026-11-23"}\n'
    )
    remove_merge(police, "met-police")
    loaded = load(police)
    assert (loaded.problems, loaded.corpus.replaced) == ([], {})


FILE = """\
# ours
splits:   # none yet

merges: # what is the same
    # the big one
    ico:
        into: information-commissioners-office   # in full
        reason: >-
          They are
          the same.
        date: "2026-11-23"
    # the last one
    gla: {into: greater-london-authority, reason: "x", date: "2026-11-23"} # end
# foot
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_rest_of_the_file_stays_as_it_was(police: Workspace, end: str) -> None:
    text = FILE.replace("\n", end)
    police.merges.write_bytes(text.encode())
    record_merge(police, "met-police", MERGE)
    lines = police.merges.read_bytes().decode().split(end)
    added = f"    {merge_line('met-police', MERGE)}"
    assert [line for line in lines if line != added] == text.split(end)
    assert lines.count(added) == 1
    remove_merge(police, "met-police")
    assert police.merges.read_bytes().decode() == text
    remove_merge(police, "ico")
    kept = text.split(end)
    assert police.merges.read_bytes().decode().split(end) == kept[:5] + kept[11:]


@pytest.mark.parametrize(
    "text", ["merges:\n", "merges: {}\n", "merges: {} # none\n", "# nothing\n", "splits:", "", "merges:"]
)
def test_a_file_without_merges_gets_one(police: Workspace, text: str) -> None:
    police.merges.write_text(text, encoding="utf-8")
    record_merge(police, "met-police", MERGE)
    loaded = load(police)
    assert loaded.problems == []
    assert list(loaded.corpus.replaced) == ["met-police"]
    assert all(word in police.merges.read_text(encoding="utf-8") for word in text.replace("{}", "").split())


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("", "met-police", "met-police"),
        ("", "met-police", "nobody"),
        ("", "nobody", "met"),
        ("", "met", "mayor-of-london"),
        ("", "Met", "met"),
        ('merges:\n  met: {into: met-police, reason: x, date: "2026-11-23"}\n', "met-police", "met"),
        ('merges:\n  met-police: {into: met, reason: x, date: "2026-11-23"}\n', "met-police", "met"),
        ('merges: {met-police-service: {into: met, reason: x, date: "2026-11-23"}}\n', "met-police", "met"),
        ("merges: [met]\n", "met-police", "met"),
        ("- met\n", "met-police", "met"),
        ("merges: x: y\n", "met-police", "met"),
        ("merges:\n\tx: y\n", "met-police", "met"),
    ],
)
def test_a_wrong_merge_is_refused_and_nothing_is_written(police: Workspace, text: str, old: str, new: str) -> None:
    police.merges.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as refused:
        record_merge(police, old, MERGE.model_copy(update={"into": new}))
    assert refused.value.hint
    assert police.merges.read_text(encoding="utf-8") == text


def test_other_problems_in_the_data_do_not_stop_a_merge(police: Workspace) -> None:
    police.merges.write_text('merges:\n  ico: {into: nobody, reason: x, date: "2026-11-23"}\n', encoding="utf-8")
    record_merge(police, "met-police", MERGE)
    remove_merge(police, "ico")
    assert list(load(police).corpus.replaced) == ["met-police"]


@pytest.mark.parametrize("reason", ['say "x"', "a: b # c", "back\\slash", "’tis", "{x}", "ü" * 900])
def test_any_reason_can_be_written(police: Workspace, reason: str) -> None:
    record_merge(police, "met-police", MERGE.model_copy(update={"reason": reason}))
    assert load(police).corpus.replaced["met-police"].reason == reason


@pytest.mark.parametrize("reason", ["\x1b[31m", "<b>", "x" * 1001, "e\u0301"])
def test_a_reason_that_no_file_may_hold_is_refused(police: Workspace, reason: str) -> None:
    with pytest.raises(WorkspaceError):
        record_merge(police, "met-police", MERGE.model_copy(update={"reason": reason}))
    assert not police.merges.exists()


def test_only_a_merge_can_be_undone(police: Workspace) -> None:
    with pytest.raises(NotFoundError, match="Nothing is merged"):
        remove_merge(police, "met-police")
    record_merge(police, "met-police", MERGE)
    with pytest.raises(NotFoundError, match="Did you mean met-police"):
        remove_merge(police, "met-polise")


# --- the command -------------------------------------------------------------------------------------


def run(workspace: Workspace, *args: str) -> Result:
    return CliRunner().invoke(app, ["entities", "--workspace", str(workspace.root), *args])


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    return runner(monkeypatch, capsys)


def test_the_command_shows_both_with_reasons_and_the_line_to_write(police: Workspace) -> None:
    shown = run(police, "--about", "met-police").output
    assert "met-police “Met Police” = met “Metropolitan Police”?" in shown
    assert "for:     “Met Police” shortens “Metropolitan Police”" in shown
    assert 'merge:   met-police: {into: met, reason: "“Met Police” shortens “Metropolitan Police”", date: "' in shown
    assert "mopac" not in shown


def test_the_printed_line_can_be_used_unchanged(police: Workspace) -> None:
    rows = list(csv.DictReader(io.StringIO(run(police, "--format", "csv").stdout)))
    once = {row["slug"]: row["merge"] for row in rows if not row["obstacle"]}
    assert {row["slug"] for row in rows if not row["merge"]} == {"gangs-violence-matrix"}
    police.merges.write_text("merges:\n" + "".join(f"  {line}\n" for line in once.values()), encoding="utf-8")
    loaded = load(police)
    assert loaded.problems == []
    assert set(loaded.corpus.replaced) == set(once) >= {"met-police", "the-home-office"}


def test_the_formats_hold_the_same(police: Workspace) -> None:
    rows = list(csv.DictReader(io.StringIO(run(police, "--format", "csv").stdout)))
    shown = json.loads(run(police, "--format", "json").stdout)
    assert [row["slug"] for row in rows] == [pair["slug"] for pair in shown]
    assert [float(row["score"]) for row in rows] == [pair["score"] for pair in shown]
    assert [row["for"].split(" | ") for row in rows] == [pair["for"] for pair in shown]


def test_kind_and_threshold_narrow_and_widen(police: Workspace) -> None:
    topics = json.loads(run(police, "--kind", "topic", "--format", "json").stdout)
    assert topics
    assert {pair["kind"] for pair in topics} == {"topic"}
    counts = [len(json.loads(run(police, "--threshold", at, "--format", "json").stdout)) for at in ("0.5", "0.7", "1")]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_finding_no_duplicates_is_reported_and_is_no_failure(starter: Workspace, form: str) -> None:
    shown = run(starter, "--format", form)
    assert shown.exit_code == 0
    assert "No likely duplicates among 5 entities." in (shown.stdout if form == "table" else shown.stderr)
    assert form != "json" or json.loads(shown.stdout) == []


def test_every_entity_can_be_listed(starter: Workspace) -> None:
    (starter.data / "entities/more.yaml").write_text(
        "entities:\n  nu: {kind: organisation, label: N U, aliases: [the N, NU]}\n", encoding="utf-8"
    )
    record_merge(starter, "nu", Merge(into="neighbours-united", reason="x", date="2026-11-23"))
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(run(starter, "--all", "--format", "csv").stdout))}
    assert {slug: row["statements"] for slug, row in rows.items()} == {
        "exampletown-council": "1", "exampletown-police": "2", "neighbours-united": "2", "example-gazette": "2",
        "street-cameras": "2", "nu": "0",
    }  # fmt: skip
    assert rows["neighbours-united"]["aliases"] == "N U | the N | NU"
    assert (rows["nu"]["read_as"], rows["neighbours-united"]["read_as"]) == ("neighbours-united", "")


def test_the_command_needs_no_build(starter: Workspace) -> None:
    assert run(starter).exit_code == 0
    assert not starter.build.exists()


def test_data_with_problems_is_compared_as_far_as_it_can_be_read(police: Workspace) -> None:
    (police.data / "entities/broken.yaml").write_text("entities: {x: {kind: public-body}}\n", encoding="utf-8")
    shown = run(police, "--about", "met")
    assert shown.exit_code == 0
    assert "met-police" in shown.stdout
    assert "The data has 1 error: graphkit check" in shown.stderr


def test_merge_and_undo_from_the_command_line(starter: Workspace) -> None:
    (starter.data / "entities/more.yaml").write_text(
        "entities:\n  nu: {kind: organisation, label: NU}\n", encoding="utf-8"
    )
    assert build(starter).ok
    before = starter.graph_file.read_bytes()
    shown = run(starter, "--merge", "nu", "neighbours-united", "--reason", "Its initials.")
    assert (shown.exit_code, "graphkit entities --undo nu" in shown.stdout) == (0, True)
    assert build(starter).ok
    assert starter.graph_file.read_bytes() != before
    assert run(starter, "--undo", "nu").exit_code == 0
    assert build(starter).ok
    assert starter.graph_file.read_bytes() == before


def test_entities_are_named_by_label(starter: Workspace) -> None:
    (starter.data / "entities/more.yaml").write_text(
        "entities:\n  nu-2: {kind: organisation, label: N.U.}\n", encoding="utf-8"
    )
    shown = run(starter, "--merge", "n.u.", "NEIGHBOURS United", "--reason", "Its initials.")
    assert "neighbours-united replaces nu-2" in shown.stdout
    listed = run(starter, "--all", "--about", "Exampletown Council", "--format", "csv")
    assert listed.stdout.splitlines()[1].startswith("exampletown-council,")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--about", "neighbors-united"], "Did you mean neighbours-united"),
        (["--kind", "publicbody"], "Did you mean public-body"),
        (
            ["--merge", "exampletown-council", "nobody", "--reason", "x"],
            "contains nothing called 'nobody'",
        ),
        (["--merge", "exampletown-council", "Exampletown", "--reason", "x"], "contains nothing called 'Exampletown'"),
        (["--merge", "exampletown-council", "exampletown-police"], "say why the two are the same"),
        (["--merge", "exampletown-council", "exampletown-police", "--reason", " "], "say why the two are the same"),
        (
            ["--merge", "exampletown-council", "street-cameras", "--undo", "x", "--reason", "x"],
            "Type either --merge or --undo",
        ),
        (["--merge", "exampletown-council", "street-cameras", "--reason", "x"], "merge-mismatch"),
        (["--undo", "exampletown-council"], "Nothing is merged."),
        (["--threshold", "2"], "2.0 is not a number from 0 to 1"),
    ],
)
def test_a_mistake_is_reported_in_a_few_lines(
    starter: Workspace, command: Callable[..., Said], args: list[str], said: str
) -> None:
    shown = command("entities", "-w", str(starter.root), *args)
    assert (shown.code, shown.out, "Traceback" in shown.err) == (2, "", False)
    assert said in shown.err
    assert not starter.merges.exists()


def test_a_merged_entity_points_to_the_other(police: Workspace, command: Callable[..., Said]) -> None:
    record_merge(police, "met-police", MERGE)
    shown = command("entities", "-w", str(police.root), "--about", "met-police")
    assert (shown.code, "Type: --about met\n" in shown.err) == (2, True)


def test_a_folder_that_cannot_be_written_is_reported(police: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        record_merge(police, "met-police", MERGE)
    assert not police.merges.exists()
    assert list(police.data.glob(".*")) == []
