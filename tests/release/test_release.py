"""A release is whole, repeatable and agrees with itself; anything else is refused before a file is written."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from places import copy_workspace

from graphkit.corpus.load import load_dataset
from graphkit.model.errors import ExportError, WorkspaceError
from graphkit.release.content import files_of
from graphkit.release.losses import read_losses
from graphkit.release.release import release, write_release

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

SCRIPT = """
import sys
from pathlib import Path
from graphkit.corpus.load import load_dataset
from graphkit.graph import open_graph
from graphkit.release.release import write_release
graph = open_graph(sys.argv[1])
write_release(graph.workspace, graph.store, load_dataset(graph.workspace), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def dated(released: tuple[Graph, Path]) -> Graph:
    return released[0]


@pytest.fixture(scope="module")
def made(released: tuple[Graph, Path]) -> Path:
    return released[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_of(folder)}


def rows(made: Path, table: str) -> list[dict[str, str]]:
    with (made / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_of_hashes_names_every_other_file(made: Path) -> None:
    lines = (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {name: hashlib.sha256(body).hexdigest() for name, body in contents(made).items() if name != "SHA256SUMS"}
    assert listed == found


@pytest.mark.parametrize(("name", "form"), [("graph.trig", ox.RdfFormat.TRIG), ("graph.jsonld", ox.RdfFormat.JSON_LD)])
def test_each_form_of_the_graph_has_the_canonical_hash(made: Path, name: str, form: ox.RdfFormat) -> None:
    dataset = ox.Dataset(ox.parse(path=made / name, format=form))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = "".join(sorted(f"{quad} .\n" for quad in dataset))
    stated = (made / "CANONICAL.sha256").read_text(encoding="utf-8").split()[0]
    assert hashlib.sha256(lines.encode()).hexdigest() == stated


def test_the_packed_graph_is_the_build(made: Path, dated: Graph) -> None:
    assert gzip.decompress((made / "graph.nq.gz").read_bytes()) == dated.workspace.graph_file.read_bytes()


def test_the_numbers_of_the_losses_are_the_differences(made: Path) -> None:
    stated = {(loss.file, loss.thing): loss for loss in read_losses((made / "LOSSES.md").read_text(encoding="utf-8"))}
    edges = rows(made, "edges")
    pajek = stated["network/pajek", "edges"]
    assert (pajek.whole, pajek.kept) == (len(edges), len([row for row in edges if row["plain"] == "true"]))
    nodes = {row["slug"] for row in rows(made, "nodes")}
    entities = [row["id"] for row in rows(made, "entities")]
    gexf = stated["network/graph.gexf", "entities"]
    assert gexf.whole - gexf.kept == len([name for name in entities if name not in nodes])
    flat = stated["graph-flat.ttl", "quads"]
    quads = gzip.decompress((made / "graph.nq.gz").read_bytes()).count(b"\n")
    assert (flat.whole, flat.kept) == (quads, len(list(ox.parse(path=made / "graph-flat.ttl"))))


def test_the_datasheet_counts_statements_without_a_date_and_without_verified_evidence(made: Path) -> None:
    statements = rows(made, "statements")
    text = (made / "DATASHEET.md").read_text(encoding="utf-8")
    assert f"| statements without a date | {len([row for row in statements if not row['said']])} |" in text
    unverified = [row for row in statements if row["evidence"] == "unverified"]
    assert f"| statements with unverified evidence | {len(unverified)} |" in text


def test_a_creator_with_an_orcid_is_a_person_in_every_description(made: Path) -> None:
    for name in ("CITATION.cff", "datacite.xml", "dcat.ttl", "ro-crate-metadata.json"):
        assert "https://orcid.org/0000-0002-1825-0097" in (made / name).read_text(encoding="utf-8")


def test_the_codebook_explains_every_column(made: Path) -> None:
    text = (made / "CODEBOOK.md").read_text(encoding="utf-8")
    for table in ("statements", "entities", "edges"):
        assert [name for name in rows(made, table)[0] if f"| {name} |" not in text] == []


def test_bytes_depend_on_neither_seed_nor_time_zone_nor_day(made: Path, dated: Graph, tmp_path: Path) -> None:
    changed = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "86400"}
    command = [sys.executable, "-c", SCRIPT, str(dated.workspace.root), str(tmp_path / "dist")]
    subprocess.run(command, check=True, env={**os.environ, **changed})
    assert contents(tmp_path / "dist") == contents(made)


@pytest.mark.parametrize(
    ("wrong", "message"), [("1.0", "not a semantic version"), ("99.0.0", "has version 1.2.3, not 99.0.0")]
)
def test_another_version_is_refused(dated: Graph, wrong: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=message):
        release(dated.workspace, dated.store, wrong, tmp_path / "dist")
    assert not list(tmp_path.iterdir())


def test_data_that_may_not_be_published_are_refused(dated: Graph, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="may not be published"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path / "dist")
    assert not list(tmp_path.iterdir())


def test_a_build_that_is_older_than_the_description_is_refused(dated: Graph, tmp_path: Path) -> None:
    changed = copy_workspace(dated.workspace.data, tmp_path / "changed")
    path = changed.data / "dataset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("A small graph", "A large graph"), encoding="utf-8")
    with pytest.raises(ExportError, match="The build has another title"):
        release(changed, dated.store, "1.2.3", tmp_path / "dist")


def test_a_version_is_not_released_twice_with_other_content(made: Path, dated: Graph, tmp_path: Path) -> None:
    earlier = tmp_path / "1.2.3"
    earlier.mkdir()
    (earlier / "CITATION.cff").write_bytes((made / "CITATION.cff").read_bytes())
    sums = (made / "SHA256SUMS").read_text(encoding="utf-8").replace("dcat.ttl", "cat.ttl")
    (earlier / "SHA256SUMS").write_text(sums, encoding="utf-8")
    dataset = load_dataset(dated.workspace)
    with pytest.raises(ExportError, match=r"1\.2\.3 is released with other content in .*: cat\.ttl, dcat\.ttl"):
        write_release(dated.workspace, dated.store, dataset, tmp_path / "again")
    (earlier / "CITATION.cff").write_text("version: 2.0.0\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"1\.2\.3 is older than 2\.0\.0"):
        write_release(dated.workspace, dated.store, dataset, tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["1.2.3"]


def test_a_folder_with_files_is_left_alone(dated: Graph, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match="not empty"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_file_a_link_a_read_only_folder_and_the_data_are_refused(
    dated: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    inside = dated.workspace.data / "dist"
    for place in (tmp_path / "file", tmp_path / "link", inside):
        with pytest.raises(ExportError, match=r"not a folder|inside the data"):
            release(dated.workspace, dated.store, "1.2.3", place)
    # Tests may run as root, who may write everywhere.
    monkeypatch.setattr("graphkit.release.release.os.access", lambda *_: False)
    with pytest.raises(ExportError, match="read-only"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path / "dist")
    assert not inside.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


@pytest.mark.parametrize("place", ["release.crate.crate", "rdf._write"])
def test_a_full_disk_leaves_nothing_behind(
    dated: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"graphkit.release.{place}", fail)
    with pytest.raises(ExportError, match=r"dist cannot be written: No space left on device"):
        write_release(dated.workspace, dated.store, load_dataset(dated.workspace), tmp_path / "dist")
    assert not list(tmp_path.iterdir())
