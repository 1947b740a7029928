"""Databases of Discourse Network Analyzer become sources, entities, captures and a codebook, or nothing at all."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import runner
from dna_files import DnaFile, debate

from graphkit.corpus.evidence import Captures, verify
from graphkit.corpus.load import load
from graphkit.curate.dna import ImportedDna, import_dna
from graphkit.model.errors import WorkspaceError
from graphkit.model.workspace import NewDataset, Workspace, init_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.model.records import Corpus


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace without data."""
    made = init_workspace(tmp_path_factory.mktemp("empty") / "work", NewDataset())
    for folder in ("sources", "entities", "stories"):
        shutil.rmtree(made.data / folder, ignore_errors=True)
        (made.data / folder).mkdir()
    for file in (made.verification, made.codebook):
        file.unlink(missing_ok=True)
    return made.root


@pytest.fixture
def workspace(empty: Path, tmp_path: Path) -> Workspace:
    """Return a workspace without data of its own for each test."""
    return Workspace(Path(shutil.copytree(empty, tmp_path / "work")))


def take(file: DnaFile, workspace: Workspace, given: dict[str, str] | None = None) -> tuple[ImportedDna, Corpus]:
    """Import a database, and load the workspace; nothing may be wrong with it."""
    folder = workspace.root.parent
    done = import_dna(file.write(folder / "debate.dna"), workspace, folder / "captures", given or {})
    loaded = load(workspace)
    assert [problem for problem in loaded.problems if problem.level.value == "error"] == []
    return done, loaded.corpus


def test_statements_keep_speaker_actor_concept_and_position(workspace: Workspace) -> None:
    done, corpus = take(debate(), workspace)
    said = {key: each for source in corpus.sources.values() for key, each in source.statements.items()}
    assert {key: (each.speaker, each.subject, each.relation, each.object) for key, each in said.items()} == {
        "s1": ("charity", "charity", "praised", "ban-cameras"),  # Jane also speaks for nobody
        "s2": ("joe", "police", "criticised", "ban-cameras"),
        "s4": ("joe", "police", "criticised", "ask-people"),
        "s5": ("charity", "charity", "praised", "ask-people"),
        "s6": ("jane", "jane", "praised", "ask-people"),
    }
    assert said["s2"].gist == "Police disagrees: Ban cameras"
    assert (done.documents, done.statements) == (2, 5)


def test_a_statement_without_a_value_of_its_qualifier_does_not_agree(workspace: Workspace) -> None:
    path = debate().write(workspace.root.parent / "debate.dna")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DELETE FROM DATABOOLEAN WHERE StatementId = 1")
    done = import_dna(path, workspace, workspace.root.parent / "captures", {})
    assert done.refused["1"] == "its variable 'agreement' has no value"
    assert "s1" not in {key for source in load(workspace).corpus.sources.values() for key in source.statements}


def test_people_speak_for_the_one_organisation_that_they_are_coded_with(workspace: Workspace) -> None:
    _, corpus = take(debate(), workspace)
    assert corpus.entities["joe"].speaks_for == ("police",)
    assert corpus.sources["debate-1"].statements["s2"].speaker == "joe"


def test_a_person_coded_with_two_organisations_speaks_as_neither(workspace: Workspace) -> None:
    file = debate()
    file.say(1, "So it is.", person="Joe", organization="Charity", concept="Ask people")
    _, corpus = take(file, workspace)
    assert corpus.entities["joe"].speaks_for == ()
    said = corpus.sources["debate-1"].statements["s2"]
    assert said.speaker == "police"
    assert "person Joe" in (said.note or "")


def test_documents_keep_title_date_author_and_everything_else(workspace: Workspace) -> None:
    _, corpus = take(debate(), workspace)
    first, second = corpus.sources["debate-1"], corpus.sources["debate-2"]
    assert (first.title, first.published, first.publisher, first.authors) == (
        "Document 1", "2005-01-26", "daily", ("reporter",)
    )  # fmt: skip
    assert first.note == "coder 1; section News; notes a note"
    assert (second.kind, second.publisher, second.published) == ("report", "unknown-publisher", "2005-02-02")
    assert second.note == "time 01:00:00; coder 1; type report"
    assert corpus.entities["charity"].description in {"Type: NGO; Alias: CH", "Alias: CH; Type: NGO"}


def test_texts_stay_outside_and_every_passage_is_found_in_them(workspace: Workspace) -> None:
    done, corpus = take(debate(), workspace)
    folder = workspace.root.parent / "captures"
    assert {path.name for path in done.captures} == {"debate-1.txt", "debate-2.txt"}
    assert "disagreed: the cameras" not in "".join(
        path.read_text(encoding="utf-8") for path in workspace.source_files()
    )
    assert verify(corpus, Captures.in_folder(folder), load(workspace).places) == []


def test_offsets_are_those_of_utf_16(workspace: Workspace) -> None:
    _, corpus = take(debate(), workspace)
    assert corpus.sources["debate-1"].statements["s1"].evidence.starts.startswith("The cameras")


def test_other_statement_types_take_part_through_roles(workspace: Workspace) -> None:
    done, corpus = take(debate(), workspace, {"actor": "party", "concept": "frame", "qualifier": "score"})
    assert done.roles["Score"] == "actor party, concept frame, qualifier score"
    seventh, eighth = (corpus.sources["debate-2"].statements[key] for key in ("s7", "s8"))
    assert (seventh.relation, eighth.stance) == ("criticised", "declines")
    assert "score -4; tone angry" in (seventh.note or "")


def test_what_has_no_place_is_kept_in_a_file_with_the_reason(workspace: Workspace) -> None:
    done, _ = take(debate(), workspace)
    assert done.refused == {"3": "it has no concept", "7": "it has no actor", "8": "it has no actor"}
    with done.refused_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == list(done.refused)
    assert rows[0]["variables"] == "note: remember"


def test_the_codebook_reads_both_relations_as_positions_on_one_concept(workspace: Workspace) -> None:
    take(debate(), workspace)
    text = (workspace.data / "codebook.yaml").read_text(encoding="utf-8")
    assert 'label: "Ban cameras"' in text
    assert '- {sign: "-", relation: [criticised], object: [ban-cameras]}' in text
    assert "privacy" not in text, "nothing was said of it"


def test_entities_of_the_workspace_are_used_again(workspace: Workspace) -> None:
    (workspace.data / "entities/all.yaml").write_text(
        "entities:\n  met: {kind: public-body, label: Metropolitan Police, aliases: [police]}\n"
        "  jane: {kind: topic, label: jane}\n"
    )
    _, corpus = take(debate(), workspace)
    assert corpus.sources["debate-1"].statements["s2"].subject == "met"
    assert corpus.entities["jane-2"].label == "Jane"


def test_a_dry_run_writes_nothing(workspace: Workspace) -> None:
    path = debate().write(workspace.root.parent / "debate.dna")
    done = import_dna(path, workspace, workspace.root.parent / "captures", {}, dry_run=True)
    assert done.statements == 5
    assert not workspace.source_files()
    assert {each.name for each in workspace.root.parent.iterdir()} == {"work", "debate.dna"}


def not_sqlite(path: Path) -> None:
    path.write_bytes(b"This is no database." * 100)


def encrypted(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def nothing(path: Path) -> None:
    DnaFile(documents=[("text", {})]).write(path)


def newer(path: Path) -> None:
    debate().write(path)
    change(path, "INSERT INTO SETTINGS VALUES ('version', '4.0.1')")


def other_columns(path: Path) -> None:
    debate().write(path)
    change(path, "ALTER TABLE DATASHORTTEXT RENAME COLUMN VariableId TO RoleVariableLinkId")


def older(path: Path) -> None:
    debate().write(path)
    change(path, "DROP TABLE ENTITIES")


def latin1(path: Path) -> None:
    debate().write(path)
    change(path, "UPDATE DOCUMENTS SET Text = CAST(X'e9e9' AS TEXT) WHERE ID = 1")


def view(path: Path) -> None:
    debate().write(path)
    change(path, "ALTER TABLE DOCUMENTS RENAME TO D")
    change(path, "CREATE VIEW DOCUMENTS AS SELECT * FROM D")


def control(path: Path) -> None:
    file = debate()
    file.say(1, "So it is.", organization="a\x07b", concept="C")
    file.write(path)


def truncated(path: Path) -> None:
    debate().write(path)
    path.write_bytes(path.read_bytes()[:5000])


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (not_sqlite, "is not an SQLite file, or it is encrypted"),
        (encrypted, "is not an SQLite file, or it is encrypted"),
        (nothing, "holds no statement"),
        (newer, "is not a database of DNA 3: it is of version 4.0.1"),
        (other_columns, "is not a database of DNA 3: its table DATASHORTTEXT has no column 'VariableId'"),
        (older, "is not a database of DNA 3: it has no table ENTITIES"),
        (latin1, "a text in the column 'Text' is not UTF-8"),
        (view, "is not a database of DNA 3"),
        (control, r"\(control-character\)"),
        (truncated, "cannot be read: "),
    ],
)
def test_a_wrong_database_is_one_line_and_nothing_is_written(
    workspace: Workspace, make: Callable[[Path], None], message: str
) -> None:
    folder = workspace.root.parent
    make(folder / "debate.dna")
    with pytest.raises(WorkspaceError, match=message) as raised:
        import_dna(folder / "debate.dna", workspace, folder / "captures", {})
    assert "\n" not in raised.value.message
    assert not [*workspace.source_files(), *workspace.entity_files()]
    assert {each.name for each in folder.iterdir()} == {"work", "debate.dna"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"party": "x"}, "There is no role 'party'"),
        ({"actor": "score"}, "No variable 'score' can be the actor"),
        ({"qualifier": "nothing"}, "No variable 'nothing' can be the qualifier"),
    ],
)
def test_an_unknown_role_or_variable_is_an_error(workspace: Workspace, given: dict[str, str], message: str) -> None:
    with pytest.raises(WorkspaceError, match=message):
        take(debate(), workspace, given)


def test_a_second_import_changes_nothing(workspace: Workspace) -> None:
    take(debate(), workspace)
    before = {path: path.read_bytes() for path in workspace.data.rglob("*.yaml")}
    with pytest.raises(WorkspaceError, match="exists already; nothing was imported"):
        import_dna(workspace.root.parent / "debate.dna", workspace, workspace.root.parent / "captures", {})
    assert {path: path.read_bytes() for path in workspace.data.rglob("*.yaml")} == before


def test_the_command_states_what_was_taken_for_what(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, folder = runner(monkeypatch, capsys), workspace.root.parent
    path = debate().write(folder / "debate.dna")
    options = ("--captures", str(folder / "captures"), "--workspace", str(workspace.root))
    said = run("import", str(path), *options)
    assert said.code == 0
    assert "DNA Statement: actor organization, speaker person, concept concept, qualifier agreement" in said.err
    assert "Statement 3 is not imported: it has no concept." in said.err
    assert "2 documents, 5 statements, 10 new entities, 3 refused: see " in said.out
    assert run("import", str(path), "--sheet", "x", *options).code == 2
    assert run("import", str(path), "--role", "actor", *options).code == 2


def test_texts_do_not_go_into_a_repository(workspace: Workspace) -> None:
    path = debate().write(workspace.root.parent / "debate.dna")
    with pytest.raises(WorkspaceError, match="Captures are other people's texts"):
        import_dna(path, workspace, workspace.root / "captures", {})
    assert not workspace.source_files()
