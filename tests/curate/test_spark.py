"""The build on Spark: the same bytes as a build in one process, whatever the input is cut into and whatever fails."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import logging
import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from generated import SIZE, Rows, write

from graphkit.analysis.properties import read_everything
from graphkit.build.compiled import common_lines
from graphkit.build.profile import given
from graphkit.build.rules import read_rules
from graphkit.curate.tables import CannotImportError
from graphkit.curate.tables.bulk import bulk_build, read_workspace, worker_context
from graphkit.curate.tables.jsonlines import JSON_HEADER, json_row
from graphkit.curate.tables.spark import SparkJob, index_parts, spark_build
from graphkit.curate.tables.spark.packed import pack, unpack, unsqueeze
from graphkit.curate.tables.spark.pieces import Cuts, merged_lines, other_pieces
from graphkit.curate.tables.spark.session import require_java, session
from graphkit.curate.tables.spark.work import Job, SourceWork
from graphkit.curate.tables.table import StatementTable
from graphkit.model.errors import GraphkitError, Location, StoreError
from graphkit.model.iris import PREFIXES
from graphkit.model.workspace import Workspace
from graphkit.release.tables.by_source import RowsBySource
from graphkit.release.tables.rows import Rows as RowsOf
from graphkit.store import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from graphkit.curate.tables.bulk import BulkBuilt
    from graphkit.curate.tables.spark import SparkBuilt

OUT = "out [1]"  # brackets and braces make a pattern where Spark finds files
Build = Callable[..., "SparkBuilt"]


def write_csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        out.writeheader()
        out.writerows(rows)
    return path


# --- without Spark --------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ['openjdk version "11.0.2" 2019-01-15', 'java version "1.8.0_301"', "no such thing"])
def test_an_old_java_is_refused_with_its_version(tmp_path: Path, said: str) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n", encoding="utf-8")
    java.chmod(java.stat().st_mode | stat.S_IEXEC)
    with pytest.raises(GraphkitError, match="needs Java 17 or newer"):
        require_java(str(tmp_path))


def test_a_missing_java_is_refused_with_the_place_that_was_searched(tmp_path: Path) -> None:
    with pytest.raises(GraphkitError, match="JAVA_HOME") as caught:
        require_java(str(tmp_path))
    assert str(tmp_path) in caught.value.message


@pytest.mark.parametrize("line", ['{"source": "a", "gist": "x\\ud800"}', '{"source": ["a"]}', "{", '{"sorce": 1}'])
def test_a_packed_row_is_unpacked_as_it_was(line: str) -> None:
    row = json_row(line, Location("a.jsonl", 7))
    row.original = list(row.original)
    *_, data, one, two = pack(row, 0, "a.jsonl", 0)
    assert unpack(data, "a.jsonl") == row
    assert (one, two) != pack(row, 0, "b.jsonl", 0)[-2:]


def test_a_task_makes_the_lines_of_a_build_in_one_process(workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    job, packed = _job(workspace), _packed(rows)
    found = set(common_lines(workspace, read_workspace(workspace)))
    for name in {row["source"] for row in rows}:
        *_, source = SourceWork(job, name).results(packed[name])
        found |= set(unsqueeze(source["lines"]).decode().splitlines(keepends=True))
    bulk_build(write(tmp_path / "c.jsonl", rows), workspace, print, processes=1)
    assert "".join(sorted(found)).encode() == before_rules(workspace)


def test_a_source_with_ever_more_bad_rows_takes_no_more_memory(workspace: Workspace, rows: Rows) -> None:
    job = _job(workspace)
    name = rows[0]["source"]
    some = _packed([rows[0], *({**rows[0], "key": f"k{n}", "subject": "nobody"} for n in range(1200))])[name]
    *refusals, source = SourceWork(job, name).results(some)
    assert [len(part["refusals"]) for part in refusals] == [500, 500]
    assert (source["rows"], source["statements"], source["refused"]) == (1201, 1, 1200)


def test_the_tables_of_tasks_are_merged_into_one_with_each_proposition_once(workspace: Workspace, rows: Rows) -> None:
    import pyarrow.parquet as pq

    job = _job(workspace)
    again = [{**row, "source": f"{row['source']}-again"} for row in rows]
    pieces: dict[str, list[pa.RecordBatch]] = {}
    for name, packed in _packed([*rows, *again]).items():
        *_, source = SourceWork(job, name).results(packed)
        for table, some in job.parquet.rows(unsqueeze(source["lines"]).splitlines(keepends=True)):
            pieces.setdefault(table, []).append(some)
    found = {table: pq.read_table(io.BytesIO(job.parquet.file(table, some))) for table, some in pieces.items()}
    ids = found["statements"]["id"].to_pylist()
    assert ids == sorted(f"{row['source']}/{row['key']}" for row in [*rows, *again])
    assert all(isinstance(date, dt.date | None) for date in found["statements"]["said_earliest"].to_pylist())
    counted = dict(zip(*(found["propositions"][name].to_pylist() for name in ("id", "statements")), strict=True))
    assert list(counted) == sorted(counted)
    said = Counter(found["statements"]["proposition"].to_pylist())
    assert counted == {name: said[name] for name in counted}


def test_parts_one_after_the_other_are_sorted_whatever_characters_names_go_on_with() -> None:
    import pyarrow as pa

    names = ["a", "a-b", "a1", "b", "b-c", "b2"]
    spaces = (f"<{PREFIXES['source']}{{}}> ", f"<{PREFIXES['statement']}{{}}/k> ")
    lines = [f"{space.format(name)}<p> <o> <g> .\n" for space in spaces for name in names]
    for edge in names:
        pieces = pa.record_batch(
            list(zip(*sorted(other_pieces(Cuts(2, (edge,)), lines)), strict=True)), ["part", "data"]
        )
        rows = [row for batch in merged_lines([pieces]) for row in batch.column("data").to_pylist()]
        assert b"\n".join([*rows, b""]).decode() == "".join(sorted(lines))


def _job(workspace: Workspace) -> Job:
    loaded = read_workspace(workspace)
    context = worker_context(workspace.root, workspace, loaded, workspace.root)
    table = StatementTable("c.jsonl", JSON_HEADER, iter(()))
    return Job(context, (table,), RowsBySource(common_lines(workspace, loaded)))


def _packed(rows: Rows) -> dict[str, list[tuple[int, bytes, int, int]]]:
    found: dict[str, list[tuple[int, bytes, int, int]]] = {}
    for number, row in enumerate(rows, 1):
        group, file, _, data, one, two = pack(json_row(json.dumps(row), Location("c.jsonl", number)), 0, "c.jsonl", 0)
        found.setdefault(group, []).append((file, data, one, two))
    return found


# --- with Spark: make spark -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """One session for all tests: starting it takes most of the time."""
    pytest.importorskip("pyspark.sql", reason="pyspark is not installed: pip install 'graphkit[spark]'")
    try:
        require_java(os.environ.get("JAVA_HOME", ""))
    except GraphkitError as error:
        pytest.skip(error.message)
    with session("spark://local[2]", tmp_path_factory.mktemp("spark") / "spark.log", os.environ) as running:
        running.conf.set("spark.sql.shuffle.partitions", "2")
        running.conf.set("spark.sql.maxConcurrentOutputFileWriters", "7")
        yield running
        assert running.conf.get("spark.sql.maxConcurrentOutputFileWriters") == "7", "builds leave the user's settings"


@pytest.fixture
def build(spark: object, workspace: Workspace, tmp_path: Path) -> Build:  # noqa: ARG001 - the session is active
    def run(*patterns: Path | str) -> SparkBuilt:
        names = [str(pattern) for pattern in patterns]
        return spark_build(SparkJob("spark", names, workspace, os.environ, str(tmp_path / OUT)), RowsBySource)

    return run


def text(built: SparkBuilt) -> bytes:
    return b"".join(path.read_bytes() for path in built.paths())


def before_rules(workspace: Workspace) -> bytes:
    """Return the lines of a build before rules are described and applied."""
    rules = read_rules(workspace.rules())
    described = tuple(f"<{rule.iri}> ".encode() for rule in rules)
    lines = given(workspace.graph_file, {rule.graph for rule in rules})
    return b"".join(line for line in lines if not line.startswith(described))


def by_pool(table: Path, workspace: Workspace) -> tuple[BulkBuilt, bytes]:
    done = bulk_build(table, workspace, lambda _problem: None, processes=1)
    return done, before_rules(workspace)


def refused_rows(folder: Path) -> list[dict[str, str]]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv")))
    return [row for text in texts for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_all_formats_and_cuts_make_the_bytes_of_one_process(
    build: Build, workspace: Workspace, rows: Rows, tmp_path: Path
) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    expected = by_pool(write(tmp_path / "c.jsonl", rows), workspace)[1]
    folder = tmp_path / "in [1] {a,b}"
    folder.mkdir()
    # Sources are cut in two by the borders of the files.
    write(folder / "a 1%.jsonl", rows[:111])
    write_csv(folder / "b.csv", [{**row, "note": 'two\nlines, "quoted"'} for row in rows[111:222]])
    pq.write_table(
        pa.Table.from_pylist([{**dict.fromkeys(JSON_HEADER), **row} for row in rows[222:]]), folder / "c.parquet"
    )
    built = build(folder)
    assert (built.rows, built.statements, built.refused) == (SIZE, SIZE, 0)
    assert text(built) == expected
    whole = workspace.graph_file.read_bytes()
    shutil.rmtree(workspace.build)
    finished = index_parts(built, workspace, lambda _stage: None)
    assert workspace.graph_file.read_bytes() == whole
    assert finished.counts["disputes"] > 0


def test_the_tables_equal_those_of_the_graph(build: Build, rows: Rows, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    built = build(write(tmp_path / "c.jsonl", rows))
    whole = RowsOf(read_everything(in_memory(text(built).decode().splitlines(keepends=True))))
    tables = {table.name: table for table in whole.tables}
    folders = sorted((tmp_path / OUT / "generations" / "000001" / "tables").iterdir())
    assert {folder.name for folder in folders} == set(tables)
    for folder in folders:
        ours = pq.read_table(folder)
        assert ours.column_names == [column.name for column in tables[folder.name].columns]
        found = [tuple(row.values()) for row in ours.to_pylist()]
        assert sorted(map(key, found)) == sorted(map(key, whole.of(tables[folder.name]))), folder.name


def key(row: tuple[object, ...]) -> list[str]:
    """Return a row whose numbers have no zeros behind the point."""
    return [str(cell.normalize() if isinstance(cell, Decimal) else cell) for cell in row]


def test_bad_rows_are_refused_with_file_and_row(build: Build, workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    rows[3]["subject"] = "nobody"
    rows[5]["relation"] = "fundedd"
    rows[9]["key"] = rows[8]["key"] if rows[9]["source"] == rows[8]["source"] else "1"
    rows[13]["gist"] = "a <b>bold</b> word"
    rows[15]["colour"] = "blue"
    rows[17]["when"] = ["2019"]
    rows[21] = dict(rows[20])
    rows[-1].pop("gist")
    table = write(tmp_path / "c.jsonl", rows)
    with table.open("ab") as file:
        file.write(
            b'{broken\n\n[1]\n{"source": "caf\xe9"}\n' + b'{"gist": "' + b"x" * 1_200_000 + b'"}\n{"source": "cut'
        )
    built = build(table)
    done, expected = by_pool(table, workspace)
    with done.refused_file.open(encoding="utf-8-sig", newline="") as file:
        pool = list(csv.DictReader(file))
    assert text(built) == expected
    assert (built.rows, built.repeated, built.refused) == (done.rows, done.repeated, done.refused)
    ours = refused_rows(tmp_path / OUT / "generations" / "000001" / "refused")
    assert sorted(row["problem"] for row in ours) == sorted(row["problem"] for row in pool)
    assert {row["file"] for row in ours} == {str(table)}
    assert int(max(ours, key=lambda row: int(row["row"]))["row"]) == SIZE + 6
    assert sum(built.codes.values()) == built.refused
    assert built.examples[0].location == Location(str(table), 4)


def test_rows_that_are_all_refused_leave_tables_without_rows(build: Build, rows: Rows, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    built = build(write(tmp_path / "c.jsonl", [{**row, "subject": "nobody"} for row in rows]))
    assert (built.rows, built.refused, built.statements) == (SIZE, SIZE, 0)
    tables = tmp_path / OUT / "generations" / "000001" / "tables"
    assert pq.read_table(tables / "statements").num_rows == 0
    assert pq.read_table(tables / "entities").num_rows > 0


def test_an_id_in_two_files_is_refused_with_both_places(build: Build, rows: Rows, tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.jsonl", rows), tmp_path / "b.jsonl"
    built = build(first, write(second, [{**rows[5], "gist": "Something else."}]))
    assert (built.refused, built.statements) == (1, SIZE)
    (problem,) = built.examples
    assert (problem.code, problem.location) == ("duplicate-id", Location(str(second), 1))
    assert f"in row 6 of {first}" in problem.message


def test_copies_of_a_missing_source_are_refused(build: Build, workspace: Workspace, rows: Rows, tmp_path: Path) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    heads = {row["source"]: row for row in rows if "kind" in row}
    heads[names[-1]]["derivedFrom"] = "nowhere"
    heads[names[-2]]["derivedFrom"] = names[-1]
    table = write(tmp_path / "c.jsonl", rows)
    built = build(table)
    done, expected = by_pool(table, workspace)
    assert text(built) == expected
    assert (built.refused, built.statements, built.sources) == (done.refused, done.statements, done.sources)


def test_a_second_run_compiles_what_changed_and_keeps_the_first(
    build: Build, workspace: Workspace, rows: Rows, tmp_path: Path
) -> None:
    names = list(dict.fromkeys(row["source"] for row in rows))
    early = [row for row in rows if row["source"] in names[:-4]]
    first = write(tmp_path / "a.jsonl", early)
    one = build(first)
    again = build(first)
    assert (one.compiled, again.compiled, text(again)) == (len(names) - 4, 0, text(one))
    late = [row for row in rows if row["source"] in names[-4:]]
    more = build(first, write(tmp_path / "b.jsonl", late))
    assert more.compiled == 4
    assert text(more) == by_pool(write(tmp_path / "c.jsonl", rows), workspace)[1]
    late[0]["gist"] = "A corrected sentence."
    assert build(first, write(tmp_path / "b.jsonl", late)).compiled == 1
    assert sorted(path.name for path in (tmp_path / OUT / "generations").iterdir()) == ["000003", "000004"]


@pytest.mark.parametrize("stage", ["write_refused", "write_quads", "write_tables"])
def test_a_run_that_ends_half_way_leaves_no_generation_and_is_resumed(
    build: Build, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    table = write(tmp_path / "c.jsonl", [*rows[:60], {**rows[5], "key": "bad", "subject": "nobody"}])
    with monkeypatch.context() as patch:
        patch.setattr(f"graphkit.curate.tables.spark.{stage}", lambda *_arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(table)
    assert list((tmp_path / OUT).rglob("manifest.json")) == []
    built = build(table)
    assert (built.compiled, built.statements) == (0, 60)


def test_a_file_that_changes_while_it_is_read_is_refused(
    build: Build, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write(tmp_path / "c.jsonl", rows[:60])
    monkeypatch.setattr("graphkit.curate.tables.spark.write_tables", lambda *_arguments: write(table, rows[:61]))
    with pytest.raises(StoreError, match="changed while"):
        build(table)
    assert list((tmp_path / OUT / "generations").iterdir()) == []


def test_input_that_is_no_table_is_refused(build: Build, tmp_path: Path) -> None:
    wide = tmp_path / "wide.jsonl"
    wide.write_bytes("{}\n".encode("utf-16"))
    with pytest.raises(CannotImportError, match="UTF-16"):
        build(wide)
    with pytest.raises(GraphkitError, match="names no file"):
        build(tmp_path / "none*.jsonl")
    broken = tmp_path / "cut.parquet"
    broken.write_bytes(b"PAR1 and no footer")
    with pytest.raises(StoreError, match="Spark stopped"):
        build(broken)
    header = tmp_path / "h.csv"
    header.write_text("source,sorce\na,b\n", encoding="utf-8")
    with pytest.raises(CannotImportError, match="sorce"):
        build(header)
    (tmp_path / "blank.jsonl").write_text("\n\n", encoding="utf-8")
    with pytest.raises(CannotImportError, match="no rows"):
        build(tmp_path / "blank.jsonl")
    assert not list((tmp_path / OUT).rglob("manifest.json"))


@pytest.mark.usefixtures("spark")
def test_a_java_process_that_ends_is_named_without_a_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def lose() -> None:
        with session("spark://local[2]", tmp_path / "spark.log", os.environ):
            logging.getLogger("py4j.clientserver").error("lost", exc_info=ConnectionRefusedError())
            raise ConnectionRefusedError

    with pytest.raises(StoreError, match="its Java process ended"):
        lose()
    assert "Traceback" not in capfd.readouterr().err


def test_a_line_that_no_task_can_hold_is_refused_and_not_lost(build: Build, rows: Rows, tmp_path: Path) -> None:
    table = write(tmp_path / "c.jsonl", rows[:20])
    with table.open("ab") as file:
        file.write(b'{"gist": "' + b"x" * 9_000_000 + b'"}\n')
    # Spark cuts such a line or leaves it out, which depends on how it has cut the file.
    try:
        assert build(table).codes == {"line-too-long": 1}
    except CannotImportError as error:
        assert "more than 8,000,000 bytes" in error.message  # noqa: PT017 - one of two right answers
