"""Two versions compared: statements, entities and sources field by field, reasons, and an RDF Patch that applies."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from commands import runner
from places import SMALL, copy_workspace

from graphkit.build.pipeline import build, check
from graphkit.model.errors import NotFoundError, StoreError, WorkspaceError
from graphkit.model.iris import entity_iri, iri, literal, statement_iri, tombstone_iri
from graphkit.release.changes import COLUMNS, compare, write_patch
from graphkit.release.versions import Version, open_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said

    from graphkit.model.workspace import Workspace
    from graphkit.release.changes import Change

# In daily-1: a text and its replacement, and in all.yaml.
EDITS = {
    "sources/daily-1.yaml": [
        ("gist: Gist of claims.\n", "gist: The force says that it consulted the charity.\n"),
        ('value: "2019-06"', 'value: "2019-07"'),
        ("  tackles:", "  fights:"),
    ],
    "sources/copy-1.yaml": [("title: copy-1", "title: A copy")],
}


def compiled(place: Workspace, name: str) -> Version:
    checked = check(place)
    assert checked.ok, checked.problems
    return Version(name, "".join(checked.lines).encode())


def edit(place: Workspace, edits: dict[str, list[tuple[str, str]]]) -> None:
    for name, pairs in edits.items():
        path = place.data / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Version]:
    """Return the small corpus, and the same with some edits."""
    place = copy_workspace(SMALL, tmp_path_factory.mktemp("versions") / "w")
    old = compiled(place, "old")
    edit(place, EDITS)
    (place.data / "merges.yaml").write_text(
        'merges:\n  copycat: {into: daily, reason: "One paper.", date: "2026-01-02"}\n', encoding="utf-8"
    )
    return old, compiled(place, "new")


def rows(versions: tuple[Version, Version], kind: str) -> list[Change]:
    return [change for change in compare(*versions).changes if change.kind == kind]


def test_statements_are_added_retracted_and_changed_field_by_field(versions: tuple[Version, Version]) -> None:
    assert [change[:1] + change[2:6] for change in rows(versions, "statement") if "copy" not in change.id] == [
        ("changed", "daily-1/claims", "gist", "Gist of claims.", "The force says that it consulted the charity."),
        ("added", "daily-1/fights", "", "", "Gist of tackles."),
        (
            "changed",
            "daily-1/launched",
            "claim",
            "Scheme was launched in June 2019",
            "Scheme was launched in July 2019",
        ),
        ("changed", "daily-1/launched", "value", "2019-06", "2019-07"),
        ("retracted", "daily-1/tackles", "", "Gist of tackles.", ""),
    ]


def test_sources_and_entities_are_compared_too(versions: tuple[Version, Version]) -> None:
    assert ("changed", "source", "copy-1", "title", "copy-1", "A copy", "") in rows(versions, "source")
    merged = ("merged", "entity", "copycat", "", "", "daily", "One paper.")
    assert [change for change in rows(versions, "entity") if change.change == "merged"] == [merged]


def test_the_same_version_has_no_changes(versions: tuple[Version, Version]) -> None:
    found = compare(versions[0], versions[0])
    assert (found.changes, found.added, found.removed) == ([], 0, 0)


def test_changes_in_the_other_direction_are_the_reverse(versions: tuple[Version, Version]) -> None:
    there, back = compare(*versions), compare(*reversed(versions))
    assert (there.added, there.removed) == (back.removed, back.added)
    forwards, backwards = (
        [change for change in found.changes if change.kind != "entity" and change.change == "changed"]
        for found in (there, back)
    )
    assert forwards
    assert [change._replace(old=change.new, new=change.old) for change in backwards] == forwards


def test_the_patch_makes_the_new_version_line_by_line(versions: tuple[Version, Version], tmp_path: Path) -> None:
    old, new = versions
    write_patch(old, new, tmp_path / "patch.rdfp.gz")
    with gzip.open(tmp_path / "patch.rdfp.gz") as file:
        lines = file.readlines()
    assert lines[0] == f"H id <urn:sha256:{new.sha256()}> .\n".encode()
    assert lines[1] == f"H prev <urn:sha256:{old.sha256()}> .\n".encode()
    text = (
        {line[2:] for line in lines if line.startswith(b"D ")},
        {line[2:] for line in lines if line.startswith(b"A ")},
    )
    patched = Version("patched", b"".join(sorted(({*old.sorted_lines()} - text[0]) | text[1])))
    assert text[0] <= {*old.sorted_lines()}
    assert patched.sha256() == new.sha256()


def test_rdflib_applies_the_patch(versions: tuple[Version, Version], tmp_path: Path) -> None:
    write_patch(*versions, tmp_path / "patch.rdfp")
    dataset: rdflib.Dataset = rdflib.Dataset()
    dataset.parse(data=b"".join(versions[0].sorted_lines()), format="nquads")
    dataset.parse(tmp_path / "patch.rdfp", format="patch")
    assert canonical(dataset.serialize(format="nquads", encoding="utf-8")) == canonical(
        b"".join(versions[1].sorted_lines())
    )


def canonical(quads: bytes) -> str:
    found = ox.Dataset(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in found))


def test_two_patches_are_the_same_bytes(versions: tuple[Version, Version], tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "p.rdfp.gz", tmp_path / "b" / "p.rdfp.gz"]
    for path in paths:
        write_patch(*versions, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


# --- ids that come back ----------------------------------------------------------------------------------------------


def test_an_id_with_other_content_is_reported(versions: tuple[Version, Version], small: Workspace) -> None:
    old = versions[0]
    edit(small, {"sources/copy-2.yaml": [
        ("relation: operates", "relation: funded"), ("Gist of operates.", "Something else."), ("a" * 64, "b" * 64),
    ]})  # fmt: skip
    changed = {(change.change, change.id) for change in compare(old, compiled(small, "new")).changes}
    assert ("reused", "copy-2/operates") in changed


def test_a_new_gist_and_a_new_passage_are_no_other_statement(
    versions: tuple[Version, Version], small: Workspace
) -> None:
    old = versions[0]
    edit(small, {"sources/copy-2.yaml": [("Gist of operates.", "Something else."), ("a" * 64, "b" * 64)]})
    assert {change.change for change in compare(old, compiled(small, "new")).changes} == {"changed"}


def test_an_id_that_was_erased_before_is_reported_with_its_reason(versions: tuple[Version, Version]) -> None:
    old, new = versions
    stone = iri(tombstone_iri(statement_iri("daily-1", "fights")))
    line = f"{stone} <http://www.w3.org/2000/01/rdf-schema#comment> {literal('Asked for.')} {iri(entity_iri('x'))} .\n"
    buried = Version("buried", b"".join(sorted([*old.sorted_lines(), line.encode()])))
    assert (
        "reused",
        "statement",
        "daily-1/fights",
        "",
        "",
        "Gist of tackles.",
        "Erased before: Asked for.",
    ) in compare(buried, new).changes


# --- the places of versions, and the command -------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    return runner(monkeypatch, capsys)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the small workspace, committed, then edited and built."""
    place = copy_workspace(SMALL, tmp_path_factory.mktemp("repository") / "w")
    git(place, "init", "-q")
    commit(place)
    edit(place, EDITS)
    assert build(place).ok
    return place


def commit(place: Workspace) -> None:
    git(place, "add", "data", "ontology")
    git(place, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "A change")


def git(place: Workspace, *words: str) -> None:
    subprocess.run(["git", "-C", str(place.root), *words], check=True)


def test_a_commit_and_the_build_are_compared_in_all_formats(
    repository: Workspace, run: Callable[..., Said], tmp_path: Path
) -> None:
    where = ("-w", str(repository.root))
    before = {path: path.read_bytes() for path in repository.data.rglob("*") if path.is_file()}
    shown = run("diff", "HEAD", *where)
    assert shown.code == 0
    assert "~ changed statement  daily-1/claims\n    gist: Gist of claims. → The force says" in shown.out
    assert "- retracted statement  daily-1/tackles\n    Gist of tackles.\n" in shown.out
    table = list(csv.DictReader(io.StringIO(run("diff", "HEAD", "--format", "csv", *where).out)))
    records: list[dict[str, Any]] = json.loads(run("diff", "HEAD", "--format", "json", *where).out)
    assert table == records
    assert tuple(table[0]) == COLUMNS
    assert {path: path.read_bytes() for path in repository.data.rglob("*") if path.is_file()} == before
    assert "statements changed" in run("diff", "HEAD", "--patch", str(tmp_path / "p.rdfp"), *where).out
    assert (tmp_path / "p.rdfp").read_text(encoding="utf-8").startswith("H id <urn:sha256:")


def test_builds_folders_and_files_are_versions(repository: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "released"
    folder.mkdir()
    with (folder / "graph.nq.gz").open("wb") as file:
        file.write(gzip.compress(repository.graph_file.read_bytes()))
    plain = shutil.copy(repository.graph_file, tmp_path / "plain.nq")
    wanted = open_version(str(repository.root), repository).sha256()
    for name in (repository.build, folder, folder / "graph.nq.gz", plain):
        assert open_version(str(name), repository).sha256() == wanted == repository.generation().sha256


def test_versions_that_cannot_be_read_are_refused(repository: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no file, folder or commit"):
        open_version("--help", repository)
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="has no graph"):
        open_version(str(tmp_path / "empty"), repository)
    (tmp_path / "cut.nq.gz").write_bytes(gzip.compress(repository.graph_file.read_bytes())[:2000])
    with pytest.raises(StoreError, match="cannot be read"):
        open_version(str(tmp_path / "cut.nq.gz"), repository).sha256()
    (tmp_path / "unsorted.nq").write_bytes(b"<b:b> <b:b> <b:b> <b:b> .\n<a:a> <b:b> <b:b> <b:b> .\n")
    with pytest.raises(StoreError, match="line 2: the lines are not sorted"):
        open_version(str(tmp_path / "unsorted.nq"), repository).sha256()


def test_a_commit_with_errors_is_refused(repository: Workspace) -> None:
    wrong = ("relation: operates", "relation: no-such-relation")
    warned = ("https://example.org/", "https://localhost/")  # its place is before that of the error
    edit(repository, {"sources/copy-2.yaml": [wrong, warned]})
    commit(repository)
    with pytest.raises(WorkspaceError, match=r"data/sources/copy-2\.yaml:\d+:\d+: .*no-such-relation"):
        open_version("HEAD", repository)
