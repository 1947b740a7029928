"""The straight route: line for line what the compile room makes of the source files, and the same refusals."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.build.pipeline import compile_lines
from graphkit.corpus.load import load
from graphkit.curate.tables import import_table
from graphkit.curate.tables.bulk import build_straight
from graphkit.curate.tables.bulk.chunks import cut
from graphkit.model.errors import GraphkitError, has_errors
from graphkit.model.workspace import Workspace
from graphkit.store import EmbeddedStore, fill, open_store, texts

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.curate.tables import bulk as stream
    from graphkit.model.errors import Problem

SIZE = 400
Rows = list[dict[str, Any]]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    write_workspace(tmp_path / "w", entities(SIZE, 3))
    return Workspace(tmp_path / "w")


@pytest.fixture
def rows() -> Rows:
    return [json.loads(line) for line in corpus(SIZE, 3)]


def write(path: Path, rows: Rows) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def straight(table: Path, place: Workspace) -> tuple[stream.Streamed, list[Problem]]:
    told: list[Problem] = []
    return build_straight(table, place, told.append, processes=1), told


def by_files(table: Path, place: Workspace) -> tuple[list[str], list[Problem]]:
    """Return what the compile room makes of the source files of a table, and what was refused of it."""
    other = Workspace(place.root.with_name("other"))
    shutil.copytree(place.root, other.root)
    told: list[Problem] = []
    import_table(table, other, told.append)
    loaded = load(other)
    assert not has_errors(loaded.problems)
    return sorted(compile_lines(other, loaded)), told


def refused(table: Path) -> list[dict[str, str]]:
    path = table.with_name(f"{table.stem}.refused.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    path.unlink()
    return found


def text(place: Workspace) -> list[str]:
    return place.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)


def test_the_graph_is_what_the_compile_room_makes_of_the_files(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    table = write(tmp_path / "c.jsonl", rows)
    done, told = straight(table, place)
    expected, _ = by_files(table, place)
    assert text(place) == expected
    assert told == []
    assert (done.rows, done.statements, done.refused, done.quads) == (SIZE, SIZE, 0, len(expected))
    assert done.sources == len({row["source"] for row in rows})
    assert sorted(path.name for path in place.build.iterdir()) == ["graph.nq", "store"]


def test_small_chunks_and_several_processes_make_the_same(
    place: Workspace, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write(tmp_path / "c.jsonl", rows)
    straight(table, place)
    expected = place.graph_file.read_bytes()
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.SIZE", 9_000)
    assert len(list(cut(table, 0))) > 10
    build_straight(table, place, lambda _problem: None, processes=3)
    assert place.graph_file.read_bytes() == expected


def test_the_index_answers_as_one_that_the_store_fills(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    straight(write(tmp_path / "c.jsonl", rows), place)
    filled = ox.Store()
    fill(filled, text(place))
    ours = open_store(place.store).engine
    assert len(ours) == len(filled)
    assert set(ours) == set(filled)
    by_predicate = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
    assert set(texts(open_store(place.store), by_predicate, "p", "n")) == set(
        texts(EmbeddedStore(filled), by_predicate, "p", "n")
    )


def test_what_is_in_the_workspace_already_is_in_the_graph(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    here = set(names[: len(names) // 2])
    import_table(write(tmp_path / "a.jsonl", [row for row in rows if row["source"] in here]), place, print)
    table = write(tmp_path / "b.jsonl", [row for row in rows if row["source"] not in here])
    straight(table, place)
    assert text(place) == by_files(table, place)[0]


def test_bad_rows_are_told_and_kept_as_an_import_does(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    rows[3]["subject"] = "nobody"
    rows[5]["relation"] = "fundedd"
    rows[7]["sha256"] = "abc"
    rows[9]["key"] = rows[8]["key"] if rows[9]["source"] == rows[8]["source"] else "1"
    rows[11]["said"] = "last week"
    rows[13]["gist"] = "a <b>bold</b> word"
    rows[15]["colour"] = "blue"
    rows[17]["when"] = ["2019"]
    rows[19]["starts"] = "one two three four five six seven eight nine ten"
    rows[21] = dict(rows[20])
    rows[-1].pop("gist")
    table = write(tmp_path / "c.jsonl", rows)
    with table.open("a", encoding="utf-8") as file:
        file.write("{broken\n\n[1]\n")
    done, told = straight(table, place)
    kept = refused(table)
    expected, problems = by_files(table, place)
    assert text(place) == expected
    assert told == problems
    assert kept == refused(table)
    assert done.refused == len(kept) == 12
    assert done.repeated == 1


def test_copies_of_what_is_not_there_are_refused(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    heads = {row["source"]: row for row in rows if "kind" in row}
    heads[names[-1]]["derivedFrom"] = "nowhere"
    heads[names[-2]]["derivedFrom"] = names[-1]
    heads[names[-3]]["derivedFrom"] = names[-4]
    table = write(tmp_path / "c.jsonl", rows)
    done, told = straight(table, place)
    kept = refused(table)
    expected, problems = by_files(table, place)
    assert text(place) == expected
    assert sorted(map(str, told)) == sorted(map(str, problems))
    assert sorted(row["sha256"] for row in kept) == sorted(row["sha256"] for row in refused(table))
    assert done.refused == sum(row["source"] in names[-2:] for row in rows)
    assert done.sources == len(names) - 2


@pytest.mark.parametrize("size", [1_000_000, 5_000])
def test_rows_that_stand_apart_from_their_source_are_refused(
    place: Workspace, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.SIZE", size)
    names = list(dict.fromkeys(row["source"] for row in rows))
    apart = next(row for row in rows if row["source"] == names[0])
    table = write(tmp_path / "c.jsonl", [*rows, {**apart, "key": "again"}])
    done, told = straight(table, place)
    assert [(problem.code, problem.location.line) for problem in told] == [("scattered-source", SIZE + 1)]
    assert (done.refused, done.statements) == (1, SIZE)
    assert len(refused(table)) == 1


def test_what_is_too_large_for_a_file_is_refused(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    row = rows[0]
    many = [{**row, "key": f"k{number}", "gist": "é" * 990} for number in range(2600)]
    table = write(tmp_path / "c.jsonl", many)
    done, told = straight(table, place)
    kept = refused(table)
    expected, problems = by_files(table, place)
    assert {problem.code for problem in told} == {"file-too-large"}
    assert told == problems
    assert kept == refused(table)
    assert text(place) == expected
    assert 0 < done.refused < 2600


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_marks_and_line_ends_do_not_matter(
    place: Workspace, rows: Rows, tmp_path: Path, mark: bytes, end: bytes
) -> None:
    table = write(tmp_path / "c.jsonl", rows[:40])
    straight(table, place)
    expected = place.graph_file.read_bytes()
    table.write_bytes(mark + table.read_bytes().replace(b"\n", end).removesuffix(end))
    done, told = straight(table, place)
    assert (place.graph_file.read_bytes(), told, done.rows) == (expected, [], 40)


def test_it_refuses_what_it_does_not_do(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(GraphkitError, match="JSON lines"):
        straight(tmp_path / "c.csv", place)
    table = write(tmp_path / "c.jsonl", rows)
    place.merges.write_text("merges: {}\n", encoding="utf-8")
    with pytest.raises(GraphkitError, match="not applied"):
        straight(table, place)
    place.merges.unlink()
    (table.with_name("c.refused.csv")).write_text("mine", encoding="utf-8")
    rows[0]["subject"] = "nobody"
    with pytest.raises(GraphkitError, match="there already"):
        straight(write(table, rows), place)
    assert list(place.build.iterdir()) == []


def command(table: Path, place: Workspace) -> list[str]:
    code = "from graphkit.cli import main; main()"
    return [sys.executable, "-c", code, "import", str(table), "--build", "--workspace", str(place.root)]


def test_the_command_says_that_rules_are_not_applied(place: Workspace, rows: Rows, tmp_path: Path) -> None:
    run = subprocess.run(command(write(tmp_path / "c.jsonl", rows), place), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "not applied" in run.stderr
    assert f"{SIZE} rows: {SIZE} statements" in run.stdout


def test_ctrl_c_leaves_the_last_build_and_nothing_else(place: Workspace, tmp_path: Path) -> None:
    place.build.mkdir()
    place.graph_file.write_text("the last one", encoding="utf-8")
    table = tmp_path / "c.jsonl"
    table.write_text("".join(corpus(8000, 3)), encoding="utf-8")
    write_workspace(tmp_path / "large", entities(8000, 3))
    shutil.copytree(tmp_path / "large" / "data", place.data, dirs_exist_ok=True)
    with subprocess.Popen(command(table, place), stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        while not list(place.build.glob(".graph.nq.*.runs/*.nq")):
            assert run.poll() is None
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert [path.name for path in place.build.iterdir()] == ["graph.nq"]
    assert place.graph_file.read_text(encoding="utf-8") == "the last one"
