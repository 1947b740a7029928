"""The whole graph as tables: nothing is missing, nothing is a list, and the types are as declared."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphkit.analysis.properties import read_everything
from graphkit.model.errors import ExportError
from graphkit.model.iris import SP, entity_iri, graph_iri, literal
from graphkit.query.answers import Table
from graphkit.release.exports import export
from graphkit.release.tables.columns import NETWORK, Kind
from graphkit.release.tables.rows import Rows, id_of
from graphkit.store import in_memory

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

Lines = list[dict[str, str]]


@pytest.fixture(scope="module")
def graph(questions: tuple[Graph, Checked]) -> Graph:
    return questions[0]


@pytest.fixture(scope="module")
def folder(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tables as CSV."""
    made = tmp_path_factory.mktemp("tables") / "t"
    export(graph.store, "tables", "attributed", made)
    return made


def read(folder: Path, table: str, suffix: str = ".csv") -> Lines:
    with (folder / f"{table}{suffix}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("statements", "?x a sp:Statement"),
        ("propositions", "?x a sp:Proposition"),
        ("entities", "GRAPH graph:entities { ?x a sp:Entity }"),
        ("sources", "?x a sp:Source"),
        ("disputes", "?x a sp:Dispute"),
        ("via", "?statement sp:relay ?x"),
    ],
)
def test_every_thing_has_a_row(graph: Graph, folder: Path, table: str, query: str) -> None:
    (count,) = graph.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {query} }}").column("n")  # type: ignore[union-attr]
    assert count
    assert len(read(folder, table)) == count


def test_both_sides_of_every_dispute_are_there(graph: Graph, folder: Path) -> None:
    found = {(row["dispute"], row["statement"], row["side"]) for row in read(folder, "dispute_statements")}
    sides = {"one side": "affirmed", "other side": "denied"}
    assert found == {
        ("d_" + dispute.iri.rpartition("/")[2], name.partition("/statement/")[2], side)
        for dispute in graph.disputes()
        for side, field in sides.items()
        for name in getattr(dispute, field)
    }


def test_each_concept_and_each_coding_has_a_row(coded_graph: Graph) -> None:
    rows = Rows(read_everything(coded_graph.store))
    found = {table.name: list(rows.of(table)) for table in rows.tables}
    assert [row[:3] for row in found["concepts"]] == [
        ("asked", "The partners were consulted", "claim"),
        ("paid", "The ministry paid", "fact"),
        ("profiles", "The scheme profiles people", "claim"),
        ("works", "The scheme works", "claim"),
    ]
    assert found["concept_links"] == [("profiles", "works")]
    coded = coded_graph.query("SELECT ?s ?c { ?s sp:codedAs ?c }")
    assert len(found["codings"]) == len(coded)  # type: ignore[arg-type]
    assert ("weekly-1/no-profiling", "profiles", 1, -2) in found["codings"]  # a denial, of weight 2
    assert ("daily-1/profiles", "profiles", 1, 0) in found["codings"]  # a plan
    assert {row[0] for row in found["codings"]} <= {row[0] for row in found["statements"]}


def test_organisations_have_their_sector(small_graph: Graph) -> None:
    said = f"<{entity_iri('charity')}> <{SP}sector> <{SP}civilSociety> <{graph_iri('entities')}> .\n"
    lines = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    rows = Rows(read_everything(in_memory([said, *re.findall(r".*\n", lines)])))
    (table,) = (table for table in rows.tables if table.name == "entities")
    place = [column.name for column in table.columns].index("sector")
    sectors = {row[0]: row[place] for row in rows.of(table)}
    assert (sectors["charity"], sectors["weekly"]) == ("civil-society", None)


def test_a_statement_is_told_whole(folder: Path) -> None:
    (row,) = (row for row in read(folder, "statements") if row["id"] == "monthly-2021/sum-2020")
    assert (row["speaker"], row["stance"], row["relation"]) == ("weekly", "asserts", "funded")
    assert (row["said"], row["said_earliest"], row["said_latest"]) == ("2021-02", "2021-02-01", "2021-02-28")
    assert row["evidence"] == "unverified"
    assert row["link"].startswith("https://example.org/monthly-2021#:~:text=")
    assert re.fullmatch("[0-9a-f]{64}", row["passage_sha256"])


def test_the_claim_of_a_plan_does_not_read_as_a_fact(folder: Path, graph: Graph) -> None:
    planned = graph.query("SELECT ?s ?planned { ?s sp:plannedSentence ?planned }")
    assert isinstance(planned, Table)
    sentences = {id_of(str(row["s"])): row["planned"] for row in planned}
    claims = {row["id"]: row["claim"] for row in read(folder, "statements") if row["stance"] == "plans"}
    assert claims == sentences
    assert "will carry out profiling" in claims["daily-1/profiles"]


def test_amounts_have_their_limits(folder: Path) -> None:
    rows = {row["id"]: row for row in read(folder, "statements") if row["amount"]}
    row = rows["daily-2020/more-30"]
    assert [row[name] for name in ("amount", "unit", "bound", "amount_min", "amount_max")] == [
        "30", "people", "more-than", "30", ""
    ]  # fmt: skip


def test_keys_are_unique_and_references_lead_somewhere(folder: Path) -> None:
    described = {resource["name"]: resource for resource in package(folder)["resources"]}
    for name, resource in described.items():
        rows = read(folder, name)
        key = [tuple(row[column] for column in resource["schema"]["primaryKey"]) for row in rows]
        assert len(key) == len(set(key)), name
        for link in resource["schema"]["foreignKeys"]:
            ids = {row["id"] for row in read(folder, link["reference"]["resource"])}
            assert {row[link["fields"]] for row in rows} - {""} <= ids, (name, link)


def test_no_id_looks_like_a_number_or_a_missing_value(folder: Path) -> None:
    for table in ("statements", "propositions", "entities", "sources", "disputes"):
        column = pd.read_csv(folder / f"{table}.csv")["id"]
        assert pd.api.types.is_string_dtype(column)
        assert not column.isna().any()


def test_the_package_describes_the_files_byte_for_byte(folder: Path) -> None:
    found = package(folder)
    assert {file.name for file in folder.iterdir()} == {
        "datapackage.json", *(resource["path"] for resource in found["resources"])
    }  # fmt: skip
    assert found["version"]
    assert found["licenses"][0]["path"].startswith("https://")
    for resource in found["resources"]:
        body = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
        head = body.decode().splitlines()[0].split(",")
        assert head == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_long_tables_have_no_lists(graph: Graph) -> None:
    rows = Rows(read_everything(graph.store))
    assert [
        table.name for table in rows.tables if any(" | " in str(cell) for row in rows.of(table) for cell in row)
    ] == []


def test_two_exports_give_the_same_bytes(graph: Graph, folder: Path, tmp_path: Path) -> None:
    export(graph.store, "tables", "attributed", tmp_path / "again")
    for file in folder.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_each_edge_has_its_statements_as_rows(folder: Path) -> None:
    found: dict[str, list[str]] = {}
    for row in read(folder, "edge_statements"):
        found.setdefault(row["edge_id"], []).append(row["statement"])
    assert found == {row["edge_id"]: row["statements"].split(" | ") for row in read(folder, "edges")}


def test_parquet_holds_the_same_values_with_their_types(graph: Graph, folder: Path, tmp_path: Path) -> None:
    export(graph.store, "parquet", "attributed", tmp_path / "p")
    types = {
        Kind.DATE: pa.date32(),
        Kind.DECIMAL: pa.decimal128(25, 8),
        Kind.INTEGER: pa.int64(),
        Kind.BOOLEAN: pa.bool_(),
    }
    for table in (*Rows(read_everything(graph.store)).tables, *NETWORK):
        found = pq.read_table(tmp_path / "p" / f"{table.name}.parquet")
        assert {field.name: field.type for field in found.schema} == {
            column.name: types.get(column.kind, pa.string()) for column in table.columns
        }
        assert b"pandas" not in (found.schema.metadata or {})
        assert [{name: as_text(cell) for name, cell in row.items()} for row in found.to_pylist()] == read(
            folder, table.name
        )


def as_text(cell: object) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, dt.date) else "" if cell is None else str(cell)


@pytest.mark.parametrize("text", ["=1+1", "+44 20 7946 0000", "-1", "@SUM(A1)", "NA", "nan", "1e5", 'a "b", c', "a\nb"])
def test_hostile_texts_stay_as_typed_and_are_safe_for_spreadsheets(graph: Graph, tmp_path: Path, text: str) -> None:
    lines = graph.workspace.graph_file.read_text(encoding="utf-8")
    assert '"Ministry"@en' in lines
    store = in_memory(re.findall(r".*\n", lines.replace('"Ministry"@en', literal(text, language="en"))))
    export(store, "tables", "attributed", tmp_path / "t")
    export(store, "spreadsheets", "attributed", tmp_path / "t")
    (plain,) = (row["label"] for row in read(tmp_path / "t", "entities") if row["id"] == "ministry")
    (safe,) = (row["label"] for row in read(tmp_path / "t", "entities", ".spreadsheet.csv") if row["id"] == "ministry")
    assert plain == text
    assert safe == (f"'{text}" if text[0] in "=+-@" else text)
    kept = pd.read_csv(tmp_path / "t/entities.csv", keep_default_na=False, dtype=str).set_index("id")["label"]
    assert kept["ministry"] == text


@pytest.mark.parametrize("name", ["tables", "spreadsheets", "parquet"])
def test_tables_are_not_written_to_a_stream(graph: Graph, name: str) -> None:
    from pathlib import Path as At

    with pytest.raises(ExportError, match="several files"):
        export(graph.store, name, "attributed", At("/dev/stdout"))


def test_what_is_not_ours_in_the_folder_stays(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    export(graph.store, "tables", "attributed", tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert read(tmp_path, "statements")
