"""The network in the formats of other programs, read back by the libraries that are at hand."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import igraph
import networkx as nx
import pytest
from lxml import etree

from graphkit.model.errors import ExportError
from graphkit.model.iris import literal
from graphkit.release.exports import export
from graphkit.store import in_memory

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

GEXF = "{http://gexf.net/1.3}"


@pytest.fixture
def graph(questions: tuple[Graph, Checked]) -> Graph:
    return questions[0]


def plain_edges(graph: Graph) -> list[tuple[str, str]]:
    edges = graph.flat_network("attributed").edges(data=True)
    return sorted((start, end) for start, end, values in edges if values["plain"])


def test_gexf_holds_every_node_and_edge_with_its_attributes(graph: Graph, tmp_path: Path) -> None:
    export(graph.store, "gexf", "attributed", tmp_path / "g.gexf")
    read, flat = nx.read_gexf(tmp_path / "g.gexf"), graph.flat_network("attributed")
    assert {name: data["label"] for name, data in read.nodes(data=True)} == {
        name: node["label"] for name, node in flat.nodes.items()
    }
    found = {data["edge_id"]: data for _, _, data in read.edges(data=True)}
    assert len(found) == len(flat.edges)
    for *_, data in flat.edges(data=True):
        assert {name: found[data["edge_id"]][name] for name in data if name != "label"} == {
            name: value for name, value in data.items() if name != "label"
        }


def test_each_statement_is_a_spell_of_its_edge(graph: Graph, tmp_path: Path) -> None:
    export(graph.store, "gexf", "attributed", tmp_path / "g.gexf")
    for edge in etree.parse(tmp_path / "g.gexf").iter(f"{GEXF}edge"):
        spells = edge.findall(f"{GEXF}spells/{GEXF}spell")
        assert len(spells) == int(edge.get("weight", "0"))
        for spell in spells:
            days = [spell.get(name) for name in ("start", "end")]
            assert all(day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)


@pytest.mark.parametrize("form", ["pajek", "dl"])
def test_formats_of_numbers_hold_plain_triples_only(graph: Graph, tmp_path: Path, form: str) -> None:
    files = export(graph.store, form, "attributed", tmp_path / form)
    read = (igraph.Graph.Read_Pajek if form == "pajek" else igraph.Graph.Read_DL)(str(files[0]))
    assert sorted((read.vs[edge.source]["name"], read.vs[edge.target]["name"]) for edge in read.es) == plain_edges(
        graph
    )
    assert files[0].read_bytes().isascii()
    with files[1].open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == read.vs["name"]


def test_cx2_declares_what_it_holds_and_has_no_nulls(graph: Graph, tmp_path: Path) -> None:
    export(graph.store, "cx2", "attributed", tmp_path / "g.cx2")
    whole = json.loads((tmp_path / "g.cx2").read_text(encoding="utf-8"))
    assert whole[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert whole[-1] == {"status": [{"success": True}]}
    aspects = {name: values for part in whole[2:-1] for name, values in part.items()}
    assert {one["name"]: one["elementCount"] for one in whole[1]["metaData"]} == {
        name: len(values) for name, values in aspects.items()
    }
    flat = graph.flat_network("attributed")
    assert (len(aspects["nodes"]), len(aspects["edges"])) == (len(flat.nodes), len(flat.edges))
    (declared,) = aspects["attributeDeclarations"]
    for group in ("nodes", "edges"):
        for thing in aspects[group]:
            assert thing["v"].keys() <= declared[group].keys()
            assert None not in thing["v"].values()
            assert "" not in thing["v"].values()
    assert aspects["networkAttributes"][0]["policy"] == "attributed"


def test_only_plain_triples_have_the_bare_type_of_their_relation_in_neo4j(graph: Graph, tmp_path: Path) -> None:
    nodes, relationships = export(graph.store, "neo4j", "attributed", tmp_path / "n")
    with nodes.open(encoding="utf-8", newline="") as file:
        known = [row[":ID"] for row in csv.DictReader(file)]
    assert len(known) == len(set(known))
    with relationships.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row[name] for row in rows for name in (":START_ID", ":END_ID")} <= set(known)
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", row[":TYPE"]) for row in rows)
    bare = [row for row in rows if row[":TYPE"].endswith(("_CLAIMED", "_DENIED", "_DISPUTED", "_PLANNED"))]
    assert bare
    assert {row["plain:boolean"] for row in bare} == {"false"}


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize(("character", "name"), [("\x01", r"U\+0001"), ("\ufffe", r"U\+FFFE")])
def test_xml_refuses_a_character_that_it_cannot_hold(
    graph: Graph, tmp_path: Path, form: str, character: str, name: str
) -> None:
    lines = graph.workspace.graph_file.read_text(encoding="utf-8")
    text = literal(f"Minis{character}try", language="en")
    store = in_memory(re.findall(r".*\n", lines.replace('"Ministry"@en', text)))
    with pytest.raises(ExportError, match=name):
        export(store, form, "attributed", tmp_path / "g")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ['a "quoted" <label> & more', "=1+1", "NA", "line\nbreak\ttab", "\u202eturned", "x" * 10_000]
)
@pytest.mark.parametrize("form", ["gexf", "cx2"])
def test_hostile_labels_survive(graph: Graph, tmp_path: Path, form: str, text: str) -> None:
    lines = graph.workspace.graph_file.read_text(encoding="utf-8")
    store = in_memory(re.findall(r".*\n", lines.replace('"Ministry"@en', literal(text, language="en"))))
    export(store, form, "attributed", tmp_path / "g")
    if form == "gexf":
        assert nx.read_gexf(tmp_path / "g").nodes["ministry"]["label"] == text
    else:
        assert json.dumps(text, ensure_ascii=False) in (tmp_path / "g").read_text(encoding="utf-8")
