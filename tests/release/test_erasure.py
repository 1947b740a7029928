"""Erasure: nothing of a person or a statement is left in a workspace, except a tombstone without content."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from commands import runner
from places import SMALL, copy_workspace

from graphkit.build.pipeline import build, check
from graphkit.corpus.load import load
from graphkit.corpus.tombstones import read_tombstones, tombstones_text
from graphkit.corpus.verification import look_ups_text, read_look_ups
from graphkit.corpus.yaml_removal import without
from graphkit.graph import open_graph
from graphkit.model.errors import Level, NotFoundError, WorkspaceError
from graphkit.model.iris import entity_iri, statement_iri, tombstone_iri
from graphkit.model.records import LookUp, Tombstone
from graphkit.release.erasure import carry_out, plan
from graphkit.release.exports import export
from graphkit.release.full_text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said

    from graphkit.model.workspace import Workspace

REASON = "Asked by the person."
PEOPLE = """\
entities:
  # a comment that stays
  zoe-quill: {kind: person, label: Zoë Quill, aliases: ["Dr Quill"], posts: [{role: head of alarms, at: charity}]}
  quill: {kind: person, label: "Zoe E. Quill"}
  panel: {kind: group, label: panel, members: [zoe-quill, spokeswoman]}
  helper: {kind: person, label: Helper, posts: [{role: aide, at: zoes-office}]}
  zoes-office: {kind: office, label: Bureau}
"""
QUILL = """\
id: quill-1
kind: opinion-piece
publisher: daily
title: On alarms
url: https://example.org/quill-1
published: "2021-02-03"
authors: [reporter, zoe-quill]
statements:
  # why alarms fail
  alarms:
    speaker: zoe-quill
    publicity: on-record
    subject: scheme
    relation: tackles
    object: violence
    gist: "The head of alarms says that the scheme rings at midnight."
    evidence: {starts: every bell rings at midnight here, sha256: SHA1}
  repeats: # kept
    subject: force
    relation: claimed
    object: {statement: alarms}
    gist: "Daily writes that the force agrees with the bells."
    evidence: {starts: the force agrees, sha256: SHA2}
  stays:
    subject: force
    relation: operates
    object: scheme
    gist: "Daily writes that the force operates the scheme."
    reason: alarms
    evidence: {starts: the force operates, sha256: SHA3}
"""
# No file of the workspace may contain any of these once the person is erased.
CONTENT = ("Quill", "zoe-quill", "head of alarms", "midnight", "agrees with the bells", "quill-1/alarms")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with a person in every place where one can be, built, exported and drawn."""
    place = copy_workspace(SMALL, tmp_path_factory.mktemp("erasure") / "w")
    (place.data / "entities/people.yaml").write_text(PEOPLE, encoding="utf-8")
    text = QUILL
    for number in (1, 2, 3):
        text = text.replace(f"SHA{number}", sha256(str(number)))
    (place.data / "sources/quill-1.yaml").write_text(text, encoding="utf-8")
    (place.data / "merges.yaml").write_text(
        'merges:\n  quill: {into: zoe-quill, reason: "Initials.", date: "2026-01-02"}\n', encoding="utf-8"
    )
    looked_up = {
        f"quill-1/{key}": LookUp(f"quill-1/{key}", sha256(number), "", None, "2026-01-02")
        for key, number in (("alarms", "1"), ("stays", "3"))
    }
    place.verification.write_text(look_ups_text(looked_up), encoding="utf-8")
    built = build(place)
    assert built.ok, built.problems
    graph = open_graph(place.root)
    for name in ("graphml", "tables", "jsonld"):
        export(graph.store, name, "attributed", place.build / "export" / name)
    (place.data / "dataset.yaml").write_text(
        (place.data / "dataset.yaml").read_text(encoding="utf-8").replace("1.2.3", "1.2.4"), encoding="utf-8"
    )
    assert build(place).ok
    (place.root / "drafts").mkdir()
    (place.root / "drafts/weekly-1.yaml").write_text(
        "# Proposals\nstatements:\n  p1:\n    # entities: zoe-quill (Zoë Quill)\n    proposed: true\n"
        "  p2:\n    proposed: true\n    gist: Something else.\n",
        encoding="utf-8",
    )
    return place


@pytest.fixture
def place(original: Workspace, tmp_path: Path) -> Workspace:
    """Return a copy of that workspace."""
    subprocess.run(["cp", "-a", str(original.root), str(tmp_path / "w")], check=True)
    return type(original)(tmp_path / "w")


@pytest.fixture(scope="module")
def erased(original: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy of that workspace from which the person was erased."""
    folder = tmp_path_factory.mktemp("erased") / "w"
    subprocess.run(["cp", "-a", str(original.root), str(folder)], check=True)
    erase(type(original)(folder), "zoe-quill")
    return type(original)(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def containing(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """Return the files that contain a text, as grep would."""
    return [(name, text) for name, data in contents(folder).items() for text in texts if text.encode() in data]


def erase(place: Workspace, name: str) -> None:
    done = plan(place, name, REASON)
    assert done.left == []
    carry_out(place, done, lambda _step: None)


def test_nothing_of_a_person_is_left(original: Workspace, erased: Workspace) -> None:
    assert {name.partition("/")[0] for name, _ in containing(original.root, *CONTENT)} == {"build", "data", "drafts"}
    assert containing(erased.root, *CONTENT) == []
    assert [path.name for path in (erased.build / "generations").iterdir()] == [erased.generation().folder.name]
    assert check(erased).sha256 == erased.generation().sha256


def test_the_rest_of_the_files_stays_line_by_line(erased: Workspace) -> None:
    assert (erased.data / "entities/people.yaml").read_text(encoding="utf-8") == (
        "entities:\n  # a comment that stays\n  panel: {kind: group, label: panel, members: [spokeswoman]}\n"
        "  helper: {kind: person, label: Helper, posts: [{role: aide, at: zoes-office}]}\n"
        "  zoes-office: {kind: office, label: Bureau}\n"
    )
    source = (erased.data / "sources/quill-1.yaml").read_text(encoding="utf-8")
    assert "authors: [reporter]\nstatements:\n  # why alarms fail\n  stays:\n    subject: force\n" in source
    assert "reason:" not in source
    assert (erased.root / "drafts/weekly-1.yaml").read_text(encoding="utf-8") == (
        "# Proposals\nstatements:\n  p2:\n    proposed: true\n    gist: Something else.\n"
    )
    look_ups, damaged = read_look_ups(erased)
    assert (list(look_ups), damaged) == (["quill-1/stays"], [])


def test_tombstones_keep_the_reason_and_no_id(erased: Workspace) -> None:
    stones, problems = read_tombstones(erased)
    assert problems == []
    assert {stone.iri for stone in stones} == {
        tombstone_iri(iri)
        for iri in (
            entity_iri("zoe-quill"),
            entity_iri("quill"),
            statement_iri("quill-1", "alarms"),
            statement_iri("quill-1", "repeats"),
        )
    }
    assert {stone.reason for stone in stones} == {REASON}
    found = open_graph(erased.root).query(f"SELECT ?why {{ <{tombstone_iri(entity_iri('quill'))}> rdfs:comment ?why }}")
    assert [str(row["why"]) for row in found] == [REASON]  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["", "copy-1/employs"])
def test_an_id_that_was_erased_or_removed_never_stands_for_something_else(small: Workspace, typed: str) -> None:
    digest = tombstone_iri(statement_iri("copy-1", "employs")).rpartition("/")[2]
    stone = Tombstone(digest, "statement", "2026-01-02", "x", typed)
    small.tombstones.write_text(tombstones_text([stone]), encoding="utf-8")
    assert read_tombstones(small) == ([stone], [])
    problems = [problem for problem in load(small).problems if problem.level is Level.ERROR]
    assert [(problem.code, str(problem.location)) for problem in problems] == [
        ("erased-id", "data/sources/copy-1.yaml:15:3")
    ]


def test_a_statement_goes_with_those_that_repeat_it(place: Workspace) -> None:
    done = plan(place, "quill-1/alarms", REASON)
    assert [row[:2] for row in done.removals] == [
        ("statement", "quill-1/alarms"), ("statement", "quill-1/repeats"), ("reason", "quill-1/alarms"),
        ("look-up", "quill-1/alarms"), ("folder", ""),
    ]  # fmt: skip
    carry_out(place, done, lambda _step: None)
    assert containing(place.root, "midnight", "agrees with the bells", sha256("1"), sha256("2")) == []
    assert "zoe-quill" in (place.data / "entities/people.yaml").read_text(encoding="utf-8")


CODEBOOK = """\
concepts:
  works:
    label: The scheme works
    definition: The scheme reduces violence.
    example: quill-1/alarms
    rules:
      - relation: [tackles]
        object: [violence]
      - relation: [criticised]
        object: [zoe-quill, scheme]
      - relation: [criticised]  # goes, because without its object it would fit all criticism
        object: [zoe-quill]
    exceptions:
      quill-1/alarms: "+"
      weekly-1/harms: "-"
"""


def test_a_codebook_no_longer_names_what_was_erased(place: Workspace) -> None:
    place.codebook.write_text(CODEBOOK, encoding="utf-8")
    erase(place, "zoe-quill")
    concept = load(place).codebook.concepts["works"]
    assert [(rule.relation, rule.object) for rule in concept.rules] == [
        (("tackles",), ("violence",)),
        (("criticised",), ("scheme",)),
    ]
    assert (concept.example, concept.exceptions) == (None, {"weekly-1/harms": "-"})
    assert check(place).ok


def test_a_publisher_goes_with_its_sources(place: Workspace) -> None:
    done = plan(place, "copycat", REASON)
    assert [path.name for path in done.gone] == ["copy-1.yaml", "copy-2.yaml"]
    carry_out(place, done, lambda _step: None)
    assert not list((place.data / "sources").glob("copy-*"))
    assert check(place).ok


# --- refused, and nothing touched ------------------------------------------------------------------------------------


def test_mentions_in_texts_are_listed_and_nothing_is_erased(place: Workspace, run: Callable[..., Said]) -> None:
    (place.data / "notes.txt").write_text("One line.\nAsk zoë\nquill again.\n", encoding="utf-8")
    before = contents(place.root)
    said = run("erase", "zoe-quill", "--reason", REASON, "-w", str(place.root))
    assert said.code == 2
    assert "data/notes.txt:2  Zoë Quill" in said.err
    assert contents(place.root) == before


def test_a_dry_run_lists_everything_and_changes_nothing(place: Workspace, run: Callable[..., Said]) -> None:
    before = contents(place.root)
    where = ("erase", "zoe-quill", "--reason", REASON, "--dry-run", "-w", str(place.root))
    rows = list(csv.DictReader(io.StringIO(run(*where, "-f", "csv").out)))
    assert {"what": "merge", "id": "quill", "file": "data/merges.yaml", "line": "2"} in rows
    assert {"what": "members", "id": "zoe-quill", "file": "data/entities/people.yaml", "line": "5"} in rows
    assert {"what": "look-up", "id": "quill-1/alarms", "file": "data/verification.csv", "line": "2"} in rows
    assert json.loads(run(*where, "-f", "json").out) == [{**row, "line": int(row["line"])} for row in rows]
    assert contents(place.root) == before


@pytest.mark.parametrize(
    ("name", "reason", "message"),
    [
        ("zoe-quil", REASON, "no statement, source or entity"),
        ("quill", REASON, "'quill' is read as 'zoe-quill'"),
        ("zoe-quill", "Zoë Quill asked.", "reason contains 'Zoë Quill'"),
    ],
)
def test_requests_that_cannot_be_met_are_refused(place: Workspace, name: str, reason: str, message: str) -> None:
    with pytest.raises((NotFoundError, WorkspaceError), match=message):
        plan(place, name, reason)


def test_data_with_errors_are_not_erased(place: Workspace) -> None:
    (place.data / "merges.yaml").write_text("merges: [x]", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"Nothing was erased.*data/merges\.yaml:1:"):
        plan(place, "zoe-quill", REASON)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    return runner(monkeypatch, capsys)


# --- older releases --------------------------------------------------------------------------------------------------


def test_named_releases_stay_and_are_reported(place: Workspace, run: Callable[..., Said]) -> None:
    release = place.root / "dist"
    release.mkdir()
    (release / "graph.nq.gz").write_bytes(gzip.compress(place.graph_file.read_bytes()))
    with zipfile.ZipFile(release / "all.zip", "w") as file:
        file.writestr("a.html", "<b>Zo&euml; Quill</b>")
    before = contents(release)
    refused = run("erase", "zoe-quill", "--reason", REASON, "-w", str(place.root))
    assert "dist/all.zip  Zoë Quill" in refused.err
    said = run("erase", "zoe-quill", "--reason", REASON, "--release", str(release), "-f", "csv", "-w", str(place.root))
    rows = [row for row in csv.DictReader(io.StringIO(said.out)) if row["what"] == "held"]
    assert {row["file"] for row in rows} == {"dist/graph.nq.gz", "dist/all.zip"}
    assert contents(release) == before


def test_made_folders_are_deleted_when_named(place: Workspace) -> None:
    site = place.root / "public"
    site.mkdir()
    (site / "index.html").write_text("<p>Zo\\u00eb Quill</p>", encoding="utf-8")
    carry_out(place, plan(place, "zoe-quill", REASON, delete=[site]), lambda _step: None)
    assert not site.exists()


def test_a_search_finds_texts_behind_escapes_and_spaces(tmp_path: Path) -> None:
    texts = Texts(["Zoë Quill", "Quill", "the whole gist"])
    (tmp_path / "a.json").write_text('"Zo\\u00eb   Quill"', encoding="utf-8")
    (tmp_path / "b.txt").write_text("quilling and a quill; THE\n whole\tgist", encoding="utf-8")
    assert [(hit.path.name, hit.found) for hit in texts.in_folder(tmp_path)] == [
        ("a.json", "Zoë Quill"), ("a.json", "Quill"), ("b.txt", "the whole gist"),
    ]  # fmt: skip


# --- killed ----------------------------------------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from graphkit.model import files
from graphkit.model.workspace import find_workspace
from graphkit.release.erasure import carry_out, plan
place, name, when = find_workspace(sys.argv[1]), sys.argv[2], sys.argv[3]
kill = lambda *_: os._exit(9)
if when == "first rename":
    before = Path.replace
    Path.replace = lambda self, to: kill() if str(to).endswith(".yaml") else before(self, to)
elif when == "build moved":
    before = files._exchange
    files._exchange = lambda one, other: (before(one, other), kill()) if other.name == "build" else before(one, other)
elif when == "all renamed":
    files._Replacement._end = kill
elif when == "before the last files are deleted":
    import graphkit.release.erasure as erasure
    erasure.remove = kill
carry_out(place, plan(place, name, "Asked by the person."), lambda step: None)
"""


@pytest.mark.parametrize("when", ["first rename", "build moved", "all renamed"])
def test_a_kill_before_the_end_changes_nothing(place: Workspace, when: str) -> None:
    before = contents(place.root)
    assert killed(place, "zoe-quill", when) == 9
    assert load(place).problems == []  # the next command restores the files
    assert contents(place.root) == before
    assert not any((place.root.parent / "tmp").iterdir())


def test_a_kill_before_the_last_files_are_deleted_is_finished_by_the_same_command(place: Workspace) -> None:
    assert killed(place, "copycat", "before the last files are deleted") == 9
    assert "erased-id" in {problem.code for problem in load(place).problems}
    erase(place, "copycat")
    assert check(place).ok
    assert containing(place.root, "copycat", "copy-1") == []


def killed(place: Workspace, name: str, when: str) -> int:
    command = [sys.executable, "-c", KILLED, str(place.root), name, when]
    temporary = place.root.parent / "tmp"
    temporary.mkdir()
    changed = {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(temporary)}
    return subprocess.run(command, check=False, env={**os.environ, **changed}).returncode


# --- entries of YAML -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "paths", "left"),
    [
        ("a: [é, y]\n", [("a", 0)], "a: [y]\n"),
        ("a: [x, y]\n", [("a", 0), ("a", 1)], "a: []\n"),
        ("a: {b: 1, c: [2]}\nd: 3\n", [("a", "b")], "a: {c: [2]}\nd: 3\n"),
        ("a:\n- x\n- y: 1\n  z: 2\n- w\nb: 1\n", [("a", 1)], "a:\n- x\n- w\nb: 1\n"),
        ("a:\n  b: |\n    text\n\n  # about c\n  c: 1\n", [("a", "b")], "a:\n\n  # about c\n  c: 1\n"),
        ("a:\r\n  b: 1\r\n  c: 2\r\n", [("a", "b")], "a:\r\n  c: 2\r\n"),
        ("a:\n  b: 1\n", [("a", "b")], "a: {}\n"),
        ("a: 1\nb: 2", [("b",)], "a: 1\n"),
    ],
)
def test_an_entry_is_taken_out_of_its_lines(text: str, paths: list[tuple[str | int, ...]], left: str) -> None:
    assert without(text, paths, "f.yaml") == left
