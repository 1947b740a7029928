"""The list of events: one row for each coded statement, and a database of DNA that comes back as it was."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest
from dna_files import debate

from graphkit.build.pipeline import build
from graphkit.curate.dna import import_dna
from graphkit.graph import open_graph
from graphkit.model.workspace import NewDataset, init_workspace
from graphkit.release.exports import export

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

PROGRAM = (
    "statement_id,time,person,organization,concept,agreement,start_position,stop_position,text,coder,"
    "document_id,document_title,document_author,document_source,document_section,document_type"
)


def rows(graph: Graph, path: Path, form: str = "dna-csv") -> list[dict[str, str]]:
    (file,) = export(graph.store, form, "attributed", path)
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="," if form.endswith("comma") else ";"))


@pytest.fixture(scope="module")
def came_back(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Return the rows of a database that was imported, built and exported."""
    folder = tmp_path_factory.mktemp("dna")
    workspace = init_workspace(folder / "work", NewDataset())
    for name in ("sources", "entities", "stories"):
        shutil.rmtree(workspace.data / name, ignore_errors=True)
        (workspace.data / name).mkdir()
    workspace.codebook.unlink(missing_ok=True)
    workspace.verification.unlink(missing_ok=True)
    roles = {"qualifier": "score"}
    file = debate()
    file.types["Score"] = {"organization": "short text", "concept": "short text", "score": "integer"}
    for number in (6, 7):
        document, passage, kind, values = file.statements[number]
        named = {"organization": values["party"], "concept": values["frame"], "score": values["score"]}
        file.statements[number] = (document, passage, kind, named)
    import_dna(file.write(folder / "debate.dna"), workspace, folder / "captures", roles)
    checked = build(workspace)
    assert [problem for problem in checked.problems if problem.level.value == "error"] == []
    return rows(open_graph(workspace.root), folder / "again.csv")


def test_actor_concept_qualifier_and_date_come_back(came_back: list[dict[str, str]]) -> None:
    columns = ("statement_id", "organization", "concept", "agreement", "time")
    assert [tuple(row[name] for name in columns) for row in came_back] == [
        ("debate-1/s1", "Charity", "Ban cameras", "1", "2005-01-26"),
        ("debate-1/s2", "Police", "Ban cameras", "0", "2005-01-26"),
        ("debate-2/s4", "Police", "Ask people", "0", "2005-02-02"),
        ("debate-2/s5", "Charity", "Ask people", "1", "2005-02-02"),
        ("debate-2/s6", "", "Ask people", "1", "2005-02-02"),
        ("debate-2/s7", "Greens", "Privacy", "0", "2005-02-02"),
        ("debate-2/s8", "Greens", "Privacy", "", "2005-02-02"),
    ]


def test_documents_and_people_come_back(came_back: list[dict[str, str]]) -> None:
    first, second = came_back[1], came_back[-1]
    assert (first["person"], first["document_author"], first["document_source"]) == ("Joe", "Reporter", "Daily")
    assert (second["document_title"], second["document_type"]) == ("Second", "report")
    assert came_back[4]["person"] == "Jane"


@pytest.mark.parametrize("form", ["dna-csv", "dna-csv-comma"])
def test_the_first_columns_are_those_of_the_program(coded_graph: Graph, tmp_path: Path, form: str) -> None:
    found = rows(coded_graph, tmp_path / "a.csv", form)
    assert ",".join(list(found[0])[:16]) == PROGRAM
    assert len(found[0]) == 33


def test_every_statement_has_a_row_coded_or_not(coded_graph: Graph, tmp_path: Path) -> None:
    found = rows(coded_graph, tmp_path / "a.csv")
    assert len({row["statement_id"] for row in found}) == coded_graph.network().graph["total"]
    assert any(row["concept"] for row in found)
    assert all(not row["agreement"] for row in found if not row["concept"])
    assert {row["agreement"] for row in found} == {"", "0", "1"}


def test_without_a_codebook_the_concepts_are_claims(small_graph: Graph, tmp_path: Path) -> None:
    found = {row["statement_id"]: row for row in rows(small_graph, tmp_path / "a.csv")}
    row = found["weekly-1/denies"]
    assert (row["organization"], row["concept"], row["agreement"]) == ("Charity", "consulted Charity", "0")
