"""A release is whole, repeatable and agrees with itself; anything else is refused before a file is written."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from places import REPOSITORY, copy_workspace

from graphkit.build.pipeline import check
from graphkit.corpus.load import load_dataset
from graphkit.model.errors import ExportError, WorkspaceError
from graphkit.release.bag import write_bag
from graphkit.release.changes import compare
from graphkit.release.content import files_of
from graphkit.release.history import write_history
from graphkit.release.losses import read_losses
from graphkit.release.release import STEPS, ReleaseOptions, release, write_release
from graphkit.release.versions import open_version

if TYPE_CHECKING:
    from graphkit.graph import Graph

SCRIPT = """
import sys
from pathlib import Path
from graphkit.build.pipeline import check
from graphkit.corpus.load import load_dataset
from graphkit.graph import open_graph
from graphkit.release.release import ReleaseOptions, write_release
graph = open_graph(sys.argv[1])
folder = Path(sys.argv[2])
options = ReleaseOptions(folder.parents[1] / "pages", nanopubs=True, enter=lambda step: print(step, flush=True))
write_release(graph.workspace, graph.store, load_dataset(graph.workspace), folder, options)
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


def test_redirects_lead_to_the_folder_of_the_version_below_home(made: Path) -> None:
    text = (made / "w3id/.htaccess").read_text(encoding="utf-8")
    targets = {line.split(" ")[2] for line in text.splitlines() if line.startswith("RewriteRule")}
    assert all(target.startswith("https://data.example.org/lamps/1.2.3/") for target in targets)
    assert "https://data.example.org/lamps/1.2.3/graph-flat.ttl" in targets


def test_the_codebook_explains_every_column(made: Path) -> None:
    text = (made / "CODEBOOK.md").read_text(encoding="utf-8")
    for table in ("statements", "entities", "edges"):
        assert [name for name in rows(made, table)[0] if f"| {name} |" not in text] == []


# Sets the clock of gzip, of zip files and of documents two days ahead.
LATER = """
import time
now, local = time.time, time.localtime
time.time = lambda: now() + 172_800
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
"""


def test_bytes_depend_on_neither_seed_nor_time_zone_nor_day(made: Path, dated: Graph, tmp_path: Path) -> None:
    changed = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "86400"}
    script = LATER + SCRIPT.replace("nanopubs=True", 'bag=folder.with_suffix(".zip"), nanopubs=True')
    command = [sys.executable, "-c", script, str(dated.workspace.root), str(made.parent / "again")]
    run = subprocess.run(command, check=True, env={**os.environ, **changed}, stdout=subprocess.PIPE, text=True)
    found, bag = contents(made.parent / "again"), made.parent / "again.zip"
    write_bag(made, tmp_path / "again.zip", "again", load_dataset(dated.workspace))
    packed = bag.read_bytes()
    shutil.rmtree(made.parent / "again")
    bag.unlink()
    assert found == contents(made)
    assert packed == (tmp_path / "again.zip").read_bytes()
    assert run.stdout.split() == list(STEPS)


def test_a_bag_has_the_files_their_hashes_and_the_same_bytes_twice(made: Path, dated: Graph, tmp_path: Path) -> None:
    dataset = load_dataset(dated.workspace)
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        write_bag(made, tmp_path / place / "lamps.zip", "lamps", dataset)
    assert (tmp_path / "a/lamps.zip").read_bytes() == (tmp_path / "b/lamps.zip").read_bytes()
    shutil.unpack_archive(tmp_path / "a/lamps.zip", tmp_path / "unpacked")
    bag = tmp_path / "unpacked/lamps"
    assert contents(bag / "data") == contents(made)
    assert (bag / "bagit.txt").read_text(encoding="utf-8").startswith("BagIt-Version: 1.0\n")
    for manifest, names in (("manifest", {f"data/{name}" for name in contents(made)}),
                            ("tagmanifest", {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"})):  # fmt: skip
        lines = (bag / f"{manifest}-sha256.txt").read_text(encoding="utf-8").splitlines()
        stated = {name: digest for digest, name in (line.split("  ") for line in lines)}
        assert stated == {name: hashlib.sha256((bag / name).read_bytes()).hexdigest() for name in names}


# --- two releases ----------------------------------------------------------------------------------------------------

GONE = [
    ("retracted", "statement", "daily-1/gone", "", "The passage says something else."),
    ("retracted", "statement", "old-1/gone", "", "The publisher, asked again, took it back."),
    ("removed", "source", "old-1", "", "The publisher, asked again, took it back."),
    ("merged", "entity", "old-paper", "daily", "Its earlier name."),
]


def test_a_release_has_the_changes_since_the_one_before_with_their_reasons(made: Path, dated: Graph) -> None:
    with (made / "history/changes.csv").open(encoding="utf-8", newline="") as file:
        stated = list(csv.DictReader(file))
    assert [
        (row["change"], row["kind"], row["id"], row["new"], row["reason"]) for row in stated if row["reason"]
    ] == GONE
    versions = [open_version(str(made.parent / name), dated.workspace) for name in ("1.2.2", "1.2.3")]
    assert [change._asdict() for change in compare(*versions).changes] == stated
    told = (made / "history/CHANGELOG.md").read_text(encoding="utf-8")
    assert told.startswith("# Changes since 1.2.2\n")
    assert "\n1 merged:\n\n- `old-paper`: " in told
    assert "; now `daily` Reason: Its earlier name.\n" in told
    assert not (made.parent / "1.2.2/history").exists()


def test_ids_that_are_gone_stay_in_a_table_with_their_successors(made: Path) -> None:
    found = [(row["id"], row["kind"], row["change"], row["into"], row["date"]) for row in rows(made, "former_ids")]
    assert sorted(found) == [
        ("daily-1/gone", "statement", "removed", "", "2026-11-22"),
        ("old-1", "source", "removed", "", "2026-11-22"),
        ("old-paper", "entity", "merged", "daily", "2026-11-22"),
    ]


def test_rdflib_makes_the_release_of_the_one_before_and_the_patch(made: Path) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=gzip.decompress((made.parent / "1.2.2/graph.nq.gz").read_bytes()), format="nquads")
    dataset.parse(data=gzip.decompress((made / "history/since-1.2.2.rdfp.gz").read_bytes()), format="patch")
    lines = ox.parse(dataset.serialize(format="nquads", encoding="utf-8"), format=ox.RdfFormat.N_QUADS)
    text = "".join(sorted({f"{quad} .\n" for quad in lines}))
    assert (
        hashlib.sha256(text.encode()).hexdigest() == (made / "CANONICAL.sha256").read_text(encoding="utf-8").split()[0]
    )


def test_a_thing_that_is_gone_without_a_reason_is_refused(made: Path, dated: Graph, tmp_path: Path) -> None:
    place = copy_workspace(dated.workspace.data, tmp_path / "w")
    place.tombstones.unlink()
    (place.data / "merges.yaml").unlink()
    text = (place.data / "sources/daily-1.yaml").read_text(encoding="utf-8")
    (place.data / "sources/daily-1.yaml").write_text(text.replace("  tackles:", "  fights:"), encoding="utf-8")
    checked = check(place)
    (tmp_path / "graph.nq.gz").write_bytes(gzip.compress("".join(checked.lines).encode()))
    with pytest.raises(ExportError, match=r"1\.2\.3 has 1 thing that .* without a reason") as caught:
        write_history(made, tmp_path, load_dataset(place))
    assert caught.value.hint.endswith(":\ndaily-1/tackles,statement,2026-11-23,REASON")


def test_a_program_for_the_page_of_the_ontology_that_fails_leaves_nothing(dated: Graph, tmp_path: Path) -> None:
    dataset = load_dataset(dated.workspace)
    with pytest.raises(ExportError, match="did not make a page of the ontology"):
        write_release(dated.workspace, dated.store, dataset, tmp_path / "dist", ReleaseOptions(Path("/bin/false")))
    assert not list(tmp_path.iterdir())


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


def test_a_release_that_was_killed_as_it_ended_is_not_made_again_and_its_journal_goes(
    dated: Graph, tmp_path: Path
) -> None:
    (tmp_path / "1.2.3").mkdir()
    (tmp_path / "1.2.3/graph.ttl").write_text("whole", encoding="utf-8")
    (tmp_path / ".graphkit.0123abcd.journal").touch()
    with pytest.raises(ExportError, match="not empty"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path / "1.2.3")
    assert contents(tmp_path) == {"1.2.3/graph.ttl": b"whole"}


def test_a_file_a_link_a_read_only_folder_and_the_data_are_refused(
    dated: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    inside = dated.workspace.data / "dist"
    for place in (tmp_path / "file", tmp_path / "link", inside):
        with pytest.raises(ExportError, match=r"not a folder|inside the data"):
            release(dated.workspace, dated.store, "1.2.3", place)
    options = ReleaseOptions(bag=tmp_path / "dist/a.zip")
    with pytest.raises(ExportError, match=r"inside .* which it packs"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path / "dist", options)
    # Tests may run as root, who may write everywhere.
    monkeypatch.setattr("graphkit.release.release.os.access", lambda *_: False)
    with pytest.raises(ExportError, match="read-only"):
        release(dated.workspace, dated.store, "1.2.3", tmp_path / "dist")
    assert not inside.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


KILLED = """
import os, signal, sys
import graphkit.release.release as made
made.crate.crate = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_release_leaves_no_folder_and_the_next_one_is_whole(made: Path, dated: Graph) -> None:
    folder = made.parent / "killed"
    command = [sys.executable, "-c", KILLED + SCRIPT, str(dated.workspace.root), str(folder)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not folder.exists()
    options = ReleaseOptions(folder.parents[1] / "pages", nanopubs=True)
    write_release(dated.workspace, dated.store, load_dataset(dated.workspace), folder, options)
    found = contents(folder)
    shutil.rmtree(folder)
    assert found == contents(made)
    assert sorted(path.name for path in made.parent.iterdir()) == ["1.2.2", "1.2.3"]


@pytest.mark.parametrize("place", ["release.crate.crate", "rdf.replacing"])
def test_a_full_disk_leaves_nothing_behind(
    dated: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"graphkit.release.{place}", fail)
    with pytest.raises(ExportError, match=r"dist cannot be written: No space left on device"):
        write_release(dated.workspace, dated.store, load_dataset(dated.workspace), tmp_path / "dist")
    assert not list(tmp_path.iterdir())


def test_the_crate_names_a_contact_and_does_not_hold_the_page_about_itself(released: tuple[Graph, Path]) -> None:
    entities = {one["@id"]: one for one in json.loads((released[1] / "ro-crate-metadata.json").read_bytes())["@graph"]}
    assert "ro-crate-preview.html" not in {*entities} | {one["@id"] for one in entities["./"]["hasPart"]}
    publisher = entities[entities["./"]["publisher"]["@id"]]
    assert entities[publisher["contactPoint"]["@id"]]["name"]


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not installed")
def test_the_commands_of_the_documentation_sign_a_release(released: tuple[Graph, Path], tmp_path: Path) -> None:
    text = (REPOSITORY / "docs/release.md").read_text(encoding="utf-8")
    sign, verify = (line.strip() for line in text.splitlines() if line.strip().startswith("ssh-keygen -Y"))
    shutil.copytree(released[1], tmp_path / "dist/0.1.0")

    def run(command: str) -> int:
        return subprocess.run(["bash", "-c", command], cwd=tmp_path, check=False).returncode

    assert run("ssh-keygen -q -t ed25519 -N '' -f key && echo ada@example.org $(cat key.pub) > signers") == 0
    assert run(sign.replace("~/.ssh/id_ed25519", "key")) == 0
    assert run(verify) == 0
    with (tmp_path / "dist/0.1.0/SHA256SUMS").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert run(verify) != 0
