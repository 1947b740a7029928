"""The bulk build: the same lines as the ordinary route through source files, and the same refused rows."""

from __future__ import annotations

import csv
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from generated import SIZE, Rows, write

from benchmarks.bench_import import tree
from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.build.pipeline import build
from graphkit.corpus.tombstones import tombstones_text
from graphkit.curate.tables import import_table
from graphkit.curate.tables.bulk import bulk_build, read_workspace, worker_context
from graphkit.curate.tables.bulk.chunks import split
from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.iris import source_iri, statement_iri, tombstone_iri
from graphkit.model.records import Tombstone
from graphkit.model.workspace import Workspace
from graphkit.store import EmbeddedStore, fill, open_store, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.curate.tables.bulk import BulkBuilt
    from graphkit.curate.tables.bulk.work import WorkerContext
    from graphkit.model.errors import Problem

Whole = tuple["Path", Workspace, "BulkBuilt", "list[Problem]"]


@contextmanager
def threads(number: int, context: WorkerContext) -> Iterator[ThreadPoolExecutor]:
    """Stand for the processes, of which a build starts four: most tests are about what is built."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(number) as pool:
        patch.setattr(import_module("graphkit.curate.tables.bulk.work"), "_CONTEXT", [context])
        yield pool


def bulk(table: Path, workspace: Workspace) -> tuple[BulkBuilt, list[Problem]]:
    reported: list[Problem] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphkit.curate.tables.bulk._pool", threads)
        return bulk_build(table, workspace, reported.append, processes=1), reported


def by_files(table: Path, workspace: Workspace) -> tuple[list[str], list[Problem]]:
    """Return what the ordinary route makes of the source files of a table, and what was refused of it."""
    other = Workspace(workspace.root.with_name("other"))
    shutil.copytree(workspace.root, other.root, symlinks=True)
    reported: list[Problem] = []
    import_table(table, other, reported.append)
    built = build(other)
    assert built.ok, built.problems
    return built.lines, reported


def refused(table: Path) -> list[dict[str, str]]:
    path = table.with_name(f"{table.stem}.refused.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    path.unlink()
    return found


def text(workspace: Workspace) -> list[str]:
    return workspace.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return a table without mistakes, and what is built of it."""
    folder = tmp_path_factory.mktemp("whole")
    write_workspace(folder / "w", entities(SIZE, 3))
    table, workspace = folder / "c.jsonl", Workspace(folder / "w")
    table.write_text("".join(corpus(SIZE, 3)), encoding="utf-8")
    return table, workspace, *bulk(table, workspace)


def test_the_graph_equals_that_of_the_ordinary_route(whole: Whole, rows: Rows) -> None:
    table, workspace, done, reported = whole
    expected, _ = by_files(table, workspace)
    assert text(workspace) == expected
    assert reported == []
    assert (done.rows, done.statements, done.refused, done.counts["quads"]) == (SIZE, SIZE, 0, len(expected))
    assert done.sources == len({row["source"] for row in rows})
    assert sorted(path.name for path in workspace.build.iterdir()) == ["current", "generations", "graph.nq"]


def test_small_chunks_and_several_processes_make_the_same(
    whole: Whole, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, built, _, _ = whole
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.SIZE", 9_000)
    assert len(list(split(table, 0))) > 10
    bulk_build(table, workspace, lambda _problem: None, processes=3)
    assert workspace.graph_file.read_bytes() == built.graph_file.read_bytes()


def test_the_index_answers_like_that_of_an_ordinary_build(
    whole: Whole,
) -> None:
    workspace = whole[1]
    filled = ox.Store()
    fill(filled, text(workspace))
    ours = open_store(workspace.generation()).engine
    assert len(ours) == len(filled)
    assert set(ours) == set(filled)
    by_predicate = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
    assert set(texts(open_store(workspace.generation()), by_predicate, "p", "n")) == set(
        texts(EmbeddedStore(filled), by_predicate, "p", "n")
    )


def test_sources_of_the_workspace_are_in_the_graph(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    here = set(names[: len(names) // 2])
    import_table(write(tmp_path / "a.jsonl", [row for row in rows if row["source"] in here]), workspace, print)
    table = write(tmp_path / "b.jsonl", [row for row in rows if row["source"] not in here])
    bulk(table, workspace)
    assert text(workspace) == by_files(table, workspace)[0]


def test_bad_rows_are_reported_and_kept_as_by_an_import(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
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
    done, reported = bulk(table, workspace)
    kept = refused(table)
    expected, problems = by_files(table, workspace)
    assert text(workspace) == expected
    assert reported == problems
    assert kept == refused(table)
    assert done.refused == len(kept) == 12
    assert done.repeated == 1


def test_what_was_erased_does_not_come_back(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    gone, whole = rows[0], rows[-1]["source"]
    gone["key"] = "erased-statement"
    stones = [
        Tombstone(tombstone_iri(iri).rpartition("/")[2], kind, "2026-01-31", "a private person")
        for iri, kind in ((statement_iri(gone["source"], gone["key"]), "statement"), (source_iri(whole), "source"))
    ]
    workspace.tombstones.write_text(tombstones_text(stones), encoding="utf-8")
    table = write(tmp_path / "c.jsonl", rows)
    done, reported = bulk(table, workspace)
    assert {problem.code for problem in reported} == {"erased-id"}
    assert done.refused == 1 + sum(row["source"] == whole for row in rows)
    assert f"{gone['source']}/erased-statement" not in text(workspace)
    assert source_iri(whole) not in text(workspace)


def test_copies_of_a_missing_source_are_refused(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    heads = {row["source"]: row for row in rows if "kind" in row}
    heads[names[-1]]["derivedFrom"] = "nowhere"
    heads[names[-2]]["derivedFrom"] = names[-1]
    heads[names[-3]]["derivedFrom"] = names[-4]
    table = write(tmp_path / "c.jsonl", rows)
    done, reported = bulk(table, workspace)
    kept = refused(table)
    expected, problems = by_files(table, workspace)
    assert text(workspace) == expected
    assert sorted(map(str, reported)) == sorted(map(str, problems))
    assert sorted(row["sha256"] for row in kept) == sorted(row["sha256"] for row in refused(table))
    assert done.refused == sum(row["source"] in names[-2:] for row in rows)
    assert done.sources == len(names) - 2


@pytest.mark.parametrize("size", [1_000_000, 5_000])
def test_rows_apart_from_their_source_are_refused(
    workspace: Workspace, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.SIZE", size)
    names = list(dict.fromkeys(row["source"] for row in rows))
    apart = next(row for row in rows if row["source"] == names[0])
    table = write(tmp_path / "c.jsonl", [*rows, {**apart, "key": "again"}])
    done, reported = bulk(table, workspace)
    assert [(problem.code, problem.location.line) for problem in reported] == [("scattered-source", SIZE + 1)]
    assert (done.refused, done.statements) == (1, SIZE)
    assert len(refused(table)) == 1


def test_statements_beyond_the_size_of_a_file_are_refused(
    workspace: Workspace, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("graphkit.curate.tables", "graphkit.curate.tables.bulk.work"):
        monkeypatch.setattr(sys.modules[module], "MAX_BYTES", 100_000)
    row = rows[0]
    many = [{**row, "key": f"k{number}", "gist": "é" * 390} for number in range(120)]
    table = write(tmp_path / "c.jsonl", many)
    done, reported = bulk(table, workspace)
    kept = refused(table)
    expected, problems = by_files(table, workspace)
    assert {problem.code for problem in reported} == {"file-too-large"}
    assert reported == problems
    assert kept == refused(table)
    assert text(workspace) == expected
    assert 0 < done.refused < 120


def test_marks_and_line_ends_do_not_matter(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    table = write(tmp_path / "c.jsonl", rows[:40])
    bulk(table, workspace)
    expected, unix = workspace.graph_file.read_bytes(), table.read_bytes()
    for mark, end in ((b"\xef\xbb\xbf", b"\n"), (b"", b"\r\n")):
        table.write_bytes(mark + unix.replace(b"\n", end).removesuffix(end))
        done, reported = bulk(table, workspace)
        assert (workspace.graph_file.read_bytes(), reported, done.rows) == (expected, [], 40)


def test_unsupported_input_is_refused(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(GraphkitError, match="JSON lines"):
        bulk(tmp_path / "c.csv", workspace)
    table = write(tmp_path / "c.jsonl", rows)
    workspace.merges.write_text("merges: {}\n", encoding="utf-8")
    with pytest.raises(GraphkitError, match="not applied"):
        bulk(table, workspace)
    workspace.merges.unlink()
    with pytest.raises(GraphkitError, match="was stopped after 0"):
        bulk_build(table, workspace, print, processes=1, seconds=0.001)
    (table.with_name("c.refused.csv")).write_text("mine", encoding="utf-8")
    rows[0]["subject"] = "nobody"
    with pytest.raises(GraphkitError, match="exists already"):
        bulk(write(table, rows), workspace)
    assert [path for path in workspace.build.rglob("*") if path.is_file()] == []


def test_a_file_that_changes_while_it_is_read_builds_nothing(
    workspace: Workspace, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write(tmp_path / "c.jsonl", [{**rows[0], "subject": "nobody"}, *rows[1:20]])
    monkeypatch.setattr("graphkit.curate.tables.bulk._pool", threads)

    def append(_problem: Problem) -> None:
        table.write_bytes(table.read_bytes() + b"{}\n")

    with pytest.raises(StoreError, match="changed while"):
        bulk_build(table, workspace, append, processes=1)
    assert not workspace.graph_file.exists()
    assert [path for path in workspace.build.rglob("*") if path.is_file()] == []


def test_a_line_of_many_megabytes_and_half_a_line_are_refused_and_counted(
    workspace: Workspace, rows: Rows, tmp_path: Path
) -> None:
    table = write(tmp_path / "c.jsonl", rows[:20])
    whole = table.read_bytes()
    table.write_bytes(json.dumps({**rows[0], "gist": "x" * 9_000_000}).encode() + b"\n" + whole[:-10])
    done, reported = bulk(table, workspace)
    assert (done.rows, done.refused, done.statements) == (21, len(reported), 21 - len(reported))
    assert {problem.location.line for problem in reported} == {1, 21}


def test_a_large_file_with_carriage_returns_alone_is_refused_and_not_cut(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write(tmp_path / "c.jsonl", rows[:20])
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r"))
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.SIZE", 100)
    assert sum(chunk.length for chunk in split(table, 0)) == table.stat().st_size
    monkeypatch.setattr("graphkit.curate.tables.bulk.chunks.LONGEST_LINE", 2_000)
    with pytest.raises(GraphkitError, match="carriage returns alone"):
        list(split(table, 0))


def test_a_script_without_a_main_guard_runs_once(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    table, script = write(tmp_path / "c.jsonl", rows[:20]), tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom graphkit.curate.tables.bulk import bulk_build, chunks\n"
        "from graphkit.model.workspace import Workspace\nprint('begun')\nchunks.SIZE = 3_000\n"
        f"print(bulk_build(Path({str(table)!r}), Workspace(Path({str(workspace.root)!r})), print).rows)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "begun\n20\n"), done.stderr


def command(table: Path, workspace: Workspace) -> list[str]:
    code = "from graphkit.cli import main; main()"
    return [sys.executable, "-c", code, "import", str(table), "--build", "--workspace", str(workspace.root)]


def test_the_command_counts_the_disputes(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    run = subprocess.run(
        command(write(tmp_path / "c.jsonl", rows), workspace), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "warning  unused-entity" in run.stderr
    assert re.search(r" quads, [1-9][0-9]* disputes\.", run.stdout)
    assert f"{SIZE} rows: {SIZE} statements" in run.stdout


def test_many_bad_rows_are_counted_and_the_first_are_printed(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    bad = [{"source": "bad", "key": f"s{number}"} for number in range(100)]
    run = subprocess.run(
        command(write(tmp_path / "c.jsonl", [*rows, *bad]), workspace), capture_output=True, text=True, check=False
    )
    assert run.stderr.count(" error ") == 100
    assert re.search(r"… and [1-9][0-9,]* more problems: those of refused rows are in their file\.", run.stderr)
    assert "100 of " in run.stderr
    assert len((tmp_path / "c.refused.csv").read_text(encoding="utf-8-sig").splitlines()) == 101


@pytest.mark.parametrize(("bad", "more"), [({"stance": "asertz"}, 900), ({"source": "Bad"}, 0)])
def test_many_bad_rows_of_a_source_are_counted_and_take_no_memory(
    workspace: Workspace, rows: Rows, tmp_path: Path, bad: dict[str, str], more: int
) -> None:
    """Of 20,000 rows with a wrong stance, the process had all problems and rows in memory: 192 MB."""
    table = write(tmp_path / "c.jsonl", [{**rows[0], **bad}] * 1_000)
    context = worker_context(table, workspace, read_workspace(workspace), tmp_path)
    module = import_module("graphkit.curate.tables.bulk.work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CONTEXT", [context])
        result = module.work(*split(table, 0), {})
    assert len(pickle.dumps(result)) < 100_000  # 5 MB
    write(table, rows[:1])
    bulk(table, workspace)
    before = workspace.graph_file.read_bytes()
    done, reported = bulk(write(table, [{**rows[0], **bad}] * 1_000), workspace)
    assert (done.rows, done.refused, done.counts) == (1_000, 1_000, {})
    assert (done.more, 100 <= len(reported) <= 101) == (more, True)
    assert len(refused(table)) == 1_000
    assert workspace.graph_file.read_bytes() == before


def test_ctrl_c_leaves_the_last_build_and_nothing_else(workspace: Workspace, tmp_path: Path) -> None:
    workspace.build.mkdir()
    workspace.graph_file.write_text("the last one", encoding="utf-8")
    table = tmp_path / "c.jsonl"
    table.write_text("".join(corpus(4000, 3)), encoding="utf-8")
    write_workspace(tmp_path / "large", entities(4000, 3))
    shutil.copytree(tmp_path / "large" / "data", workspace.data, dirs_exist_ok=True)
    with subprocess.Popen(command(table, workspace), stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        while not list(workspace.build.glob(".scratch.*.part/*.nq")):
            assert run.poll() is None
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert [path.name for path in workspace.build.rglob("*") if path.is_file()] == ["graph.nq"]
    assert workspace.graph_file.read_text(encoding="utf-8") == "the last one"


def test_a_measured_process_that_ends_while_its_children_are_listed_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_path: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(os, "scandir", gone)
    assert tree(os.getpid()) == [os.getpid()]
