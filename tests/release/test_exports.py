"""Exports, each read back by the tools that people use on it and compared with the graph it was made of."""

from __future__ import annotations

import csv
import io
import os
import re
import resource
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from lxml import etree

from graphkit.analysis.network import network
from graphkit.graph import Graph
from graphkit.model.errors import ExportError, QueryError
from graphkit.model.iris import BASE, POLICIES, PREFIXES, SP, graph_iri, literal
from graphkit.release.exports import FORMATS, default_name, export
from graphkit.release.rdf import by_graph
from graphkit.store import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.build.pipeline import Checked
    from graphkit.store import Store

HOSTILE = (
    "=SUM(A1:A9) \"twice\" 'once' <script>alert('x')</script> & &amp; &#38; ]]> <![CDATA[ back\\slash, comma; a | b\n"
    "a new line\tand a tab, a\u2028separator, a\x85next line, a lone\rreturn, an é, a 語 and a 😀"
)
READERS = {"trig": ("trig", ox.RdfFormat.TRIG), "nquads": ("nquads", ox.RdfFormat.N_QUADS)} | {
    "jsonld": ("json-ld", ox.RdfFormat.JSON_LD)
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"

# Formats of several files.
FOLDERS = ("csv", "tables", "spreadsheets", "parquet", "neo4j", "pajek", "dl")

Edges = dict[str, dict[str, object]]


@pytest.fixture
def graph(questions: tuple[Graph, Checked]) -> Graph:
    """Return the fixed corpus with most kinds of statements."""
    return questions[0]


@pytest.fixture(scope="module")
def hostile(small_graph: Graph) -> Store:
    """Return the small graph with the label of an entity and the gist of its statements replaced by mischief."""
    text = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    for plain in ('"Scheme"@en', '"Gist of operates."@en'):
        assert plain in text
        text = text.replace(plain, literal(HOSTILE, language="en"))
    return in_memory(re.findall(r".*\n", text))


def written(store: Store, name: str, folder: Path, policy: str = "attributed") -> Path:
    """Export to a folder and return the file, for tables the folder."""
    path = folder / default_name(name)
    files = export(store, name, policy, path)
    assert files == ([path / file.name for file in files] if name in FOLDERS else [path])
    assert all(file.is_file() for file in files)
    return path


# --- the network: GraphML and tables --------------------------------------------------------------------------------


def short(iri: object) -> str:
    """Return the last part of an IRI."""
    return str(iri).rpartition("/")[2]


def joined(values: list[str]) -> str:
    return " | ".join(values)


def expected_nodes(store: Store, policy: str = "attributed") -> dict[str, tuple[str, str, str]]:
    """Return slug, label and kind of every node of the network, by IRI."""
    nodes = network(store, policy).nodes(data=True)
    return {iri: (data["slug"], data["label"], data["kind"]) for iri, data in nodes}


def expected_edges(store: Store, policy: str = "attributed") -> Edges:
    """Return what a file has to tell of every edge of the network, by the edge's id."""
    whole = network(store, policy)
    found: Edges = {}
    for start, end, key, data in whole.edges(keys=True, data=True):
        views = [whole.graph["evidence"][name] for name in data["statements"]]
        name = key.removeprefix(BASE).replace("/", "_")
        assert name not in found
        found[name] = {
            "from": start,
            "to": end,
            **{field: data[field] for field in ("relation", "label", "polarity", "status", "scope")},
            "plain": "true" if data["plain"] else "false",
            "policy": policy,
            "weight": len(views),
            "counted": len(views) - len(data["repeats"]),
            "repeats": joined(sorted({key.removeprefix(BASE).replace("/", "_") for key in data["repeats"].values()})),
            "stances": joined([view.stance for view in views]),
            "speakers": joined([view.speaker for view in views]),
            "statements": joined([view.id for view in views]),
            "gists": joined([view.gist for view in views]),
            "sources": joined([view.source for view in views]),
            "said": joined([view.said for view in views]),
            "links": joined([view.url for view in views]),
            "evidence": joined([view.evidence for view in views]),
            "disputes": joined([short(name) for name in data["disputes"]]),
        }
    return found


def edges_read(read: nx.MultiDiGraph[str]) -> Edges:
    """Return the edges of a network that a reader made, by the edge's id, with IRIs for their ends."""
    found: Edges = {}
    for start, end, key, data in read.edges(keys=True, data=True):
        assert key not in found
        assert data.pop("edge_id", key) == key
        # pandas makes truth values of true and false
        data["plain"] = str(data["plain"]).lower()
        found[key] = {"from": read.nodes[start]["iri"], "to": read.nodes[end]["iri"], **data}
    return found


def nodes_read(read: nx.MultiDiGraph[str]) -> dict[str, tuple[str, str, str]]:
    return {data["iri"]: (data["slug"], data["label"], data["kind"]) for _, data in read.nodes(data=True)}


def read_tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read both tables as the documentation says: nothing but an empty cell is missing."""
    options = {"keep_default_na": False}
    return pd.read_csv(folder / "nodes.csv", **options), pd.read_csv(folder / "edges.csv", **options)


def from_graphml(path: Path) -> nx.MultiDiGraph[str]:
    """Read GraphML as people do it with networkx."""
    read: Any = nx.read_graphml(path, force_multigraph=True)
    return read  # type: ignore[no-any-return]


def from_tables(folder: Path) -> nx.MultiDiGraph[str]:
    """Read both tables as people do it with pandas and networkx."""
    nodes, edges = read_tables(folder)
    read: Any = nx.from_pandas_edgelist(
        edges, "from", "to", edge_attr=True, create_using=nx.MultiDiGraph, edge_key="edge_id"
    )
    nx.set_node_attributes(read, nodes.set_index("name").to_dict("index"))
    return read  # type: ignore[no-any-return]


@pytest.mark.parametrize("policy", POLICIES)
def test_networkx_reads_graphml(graph: Graph, policy: str, tmp_path: Path) -> None:
    read = from_graphml(written(graph.store, "graphml", tmp_path, policy))
    assert nodes_read(read) == expected_nodes(graph.store, policy)
    assert edges_read(read) == expected_edges(graph.store, policy)
    facts = graph.network(policy).graph
    for name in ("title", "dataset", "version", "licence", "policy", "total", "drawn"):
        assert read.graph[name] == facts[name], name


def test_igraph_reads_graphml(graph: Graph, tmp_path: Path) -> None:
    read = igraph.Graph.Read_GraphML(str(written(graph.store, "graphml", tmp_path)))
    nodes = {one["iri"]: (one["slug"], one["label"], one["kind"]) for one in read.vs}
    assert nodes == expected_nodes(graph.store)
    expected = expected_edges(graph.store)
    iris = read.vs["iri"]
    found = {one["edge_id"]: {"from": iris[one.source], "to": iris[one.target], **one.attributes()} for one in read.es}
    assert len(found) == read.ecount()
    for name, edge in found.items():
        assert {field: edge[field] for field in expected[name]} == {
            **expected[name], "plain": expected[name]["plain"] == "true",
        }  # fmt: skip
    assert read["policy"] == "attributed"


def test_graphml_declares_what_it_uses(graph: Graph, tmp_path: Path) -> None:
    """Stricter readers than networkx refuse, or silently drop, data whose key is not declared for its element."""
    root = etree.parse(written(graph.store, "graphml", tmp_path)).getroot()
    declared = {(key.get("for"), key.get("id")) for key in root.iter(f"{GRAPHML}key")}
    used = {(data.getparent().tag.removeprefix(GRAPHML), data.get("key")) for data in root.iter(f"{GRAPHML}data")}
    assert used <= declared
    names = [(key.get("for"), key.get("attr.name").lower()) for key in root.iter(f"{GRAPHML}key")]
    assert len(set(names)) == len(names), "Gephi does not tell upper from lower case"
    assert not {name for _, name in names} & {"id", "source", "target"}, "importers use these names themselves"
    ids = [one.get("id") for tag in ("node", "edge") for one in root.iter(GRAPHML + tag)]
    assert len(set(ids)) == len(ids)
    assert [one.get("edgedefault") for one in root.iter(f"{GRAPHML}graph")] == ["directed"]


def test_graphml_has_each_key_id_once(small_graph: Graph, tmp_path: Path) -> None:
    root = etree.parse(written(small_graph.store, "graphml", tmp_path)).getroot()
    ids = [key.get("id") for key in root.iter(f"{GRAPHML}key")]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("policy", POLICIES)
def test_pandas_and_networkx_read_tables(graph: Graph, policy: str, tmp_path: Path) -> None:
    read = from_tables(written(graph.store, "csv", tmp_path, policy))
    assert nodes_read(read) == expected_nodes(graph.store, policy)
    assert edges_read(read) == expected_edges(graph.store, policy)


def test_tables_begin_with_what_r_and_gephi_expect(graph: Graph, tmp_path: Path) -> None:
    nodes, edges = read_tables(written(graph.store, "csv", tmp_path))
    assert list(nodes.columns[:2]) == ["name", "iri"]
    assert list(edges.columns[:3]) == ["from", "to", "edge_id"]
    assert nodes["name"].is_unique
    assert nodes["iri"].is_unique
    assert edges["edge_id"].is_unique
    assert set(edges["from"]) | set(edges["to"]) == set(nodes["name"]), "no end without a row, no row without an edge"


def test_several_edges_between_the_same_two_are_kept(graph: Graph, tmp_path: Path) -> None:
    whole = graph.network()
    assert whole.number_of_edges() > nx.DiGraph(whole).number_of_edges(), "the workspace has such edges"
    for read in (
        from_tables(written(graph.store, "csv", tmp_path)),
        from_graphml(written(graph.store, "graphml", tmp_path)),
    ):
        assert read.number_of_edges() == whole.number_of_edges()
        assert read.number_of_nodes() == whole.number_of_nodes()


def test_the_flat_network_can_be_written_by_networkx_and_equals_the_export(graph: Graph, tmp_path: Path) -> None:
    flat = graph.flat_network()
    nx.write_graphml(flat, tmp_path / "own.graphml")
    nx.write_gexf(flat, tmp_path / "own.gexf")
    nx.write_gml(flat, tmp_path / "own.gml")
    assert "flat_network" in str(Graph.network.__doc__), "a reader of network() is told which network can be written"
    exported = from_graphml(written(graph.store, "graphml", tmp_path))
    assert [*flat.nodes(data=True)] == [*exported.nodes(data=True)]
    assert {key: data for *_, key, data in flat.edges(keys=True, data=True)} == {
        key: data for *_, key, data in exported.edges(keys=True, data=True)
    }


def test_no_id_looks_like_a_number_or_like_nothing(graph: Graph, tmp_path: Path) -> None:
    folder = written(graph.store, "csv", tmp_path)
    careful, careless = read_tables(folder), (pd.read_csv(folder / "nodes.csv"), pd.read_csv(folder / "edges.csv"))
    for table, column in ((0, "name"), (1, "from"), (1, "to"), (1, "edge_id")):
        assert all(NAME.fullmatch(one) for one in careful[table][column])
        assert list(careless[table][column]) == list(careful[table][column]), "whatever the reader takes for missing"


def test_every_edge_says_who_and_how_far_to_trust_it(graph: Graph, tmp_path: Path) -> None:
    _, edges = read_tables(written(graph.store, "csv", tmp_path, "undisputed"))
    for column in ("statements", "stances", "speakers", "gists", "status", "polarity", "relation"):
        assert (edges[column] != "").all(), column
    assert set(edges["policy"]) == {"undisputed"}
    assert (edges.loc[edges["status"] == "disputed", "disputes"] != "").all()
    assert set(edges["status"]) >= {"reported", "disputed", "denied"}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", ["graphml", "csv"])
def test_only_what_is_reported_is_plain(graph: Graph, name: str, policy: str, tmp_path: Path) -> None:
    path = written(graph.store, name, tmp_path, policy)
    read = from_tables(path) if name == "csv" else from_graphml(path)
    plain = {True: 0, False: 0}
    for data in edges_read(read).values():
        assert data["plain"] in ("true", "false")
        assert (data["plain"] == "true") == (data["status"] == "reported") or data["status"] == "disputed"
        stances = set(str(data["stances"]).split(" | "))
        if data["plain"] == "true":
            assert "denies" not in stances
            assert stances & {"asserts", "concedes"}
        plain[data["plain"] == "true"] += 1
    assert plain[False], "a policy that makes everything plain would make this test empty"


# --- RDF --------------------------------------------------------------------------------------------------------------


def product(graph: Graph) -> set[ox.Quad]:
    """Return the quads of `build/graph.nq`."""
    return set(ox.parse(path=str(graph.workspace.graph_file), format=ox.RdfFormat.N_QUADS))


def as_ox(node: object) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return an rdflib term as pyoxigraph has it."""
    if isinstance(node, rdflib.Literal):
        datatype = None if node.language else ox.NamedNode(str(node.datatype or rdflib.XSD.string))
        return ox.Literal(str(node), language=node.language, datatype=datatype)
    return ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else ox.NamedNode(str(node))


def by_rdflib(text: bytes, form: str) -> set[ox.Quad]:
    """Read quads with rdflib."""
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=form)
    terms = ([as_ox(node) for node in quad] for quad in dataset.quads())
    return {ox.Quad(*quad) for quad in terms}  # type: ignore[arg-type]


@pytest.mark.parametrize("name", READERS)
def test_both_libraries_read_the_same_quads(graph: Graph, name: str, tmp_path: Path) -> None:
    text = written(graph.store, name, tmp_path).read_bytes()
    rdflib_name, ox_format = READERS[name]
    quads = set(ox.parse(text, format=ox_format))
    assert quads == product(graph)
    assert by_rdflib(text, rdflib_name) == quads


def test_nquads_are_the_product_byte_for_byte(graph: Graph, tmp_path: Path) -> None:
    assert written(graph.store, "nquads", tmp_path).read_bytes() == graph.workspace.graph_file.read_bytes()


@pytest.mark.parametrize("name", [*READERS, "turtle"])
def test_no_rdf_has_blank_nodes(graph: Graph, name: str, tmp_path: Path) -> None:
    form = READERS[name][1] if name in READERS else ox.RdfFormat.TURTLE
    for quad in ox.parse(written(graph.store, name, tmp_path).read_bytes(), format=form):
        assert not any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name))


def test_jsonld_needs_no_other_host(graph: Graph, tmp_path: Path) -> None:
    assert b'"@context":"http' not in written(graph.store, "jsonld", tmp_path).read_bytes().replace(b" ", b"")


@pytest.mark.parametrize("policy", POLICIES)
def test_turtle_holds_one_policy_and_names_it(graph: Graph, policy: str, tmp_path: Path) -> None:
    text = written(graph.store, "turtle", tmp_path, policy).read_bytes()
    triples = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    others = {graph_iri(f"flat/{name}") for name in POLICIES if name != policy}
    kept = {quad.triple for quad in product(graph) if quad.graph_name.value not in others}  # type: ignore[union-attr]
    conforms = ox.NamedNode(PREFIXES["dcterms"] + "conformsTo")
    note = ox.Triple(ox.NamedNode(BASE + "dataset"), conforms, ox.NamedNode(SP + policy))
    assert triples == {*kept, note}
    assert {one for one in triples if one.predicate == conforms and one.subject == note.subject} == {note}


def test_rdflib_reads_the_same_turtle(graph: Graph, tmp_path: Path) -> None:
    text = written(graph.store, "turtle", tmp_path).read_bytes()
    read = rdflib.Graph().parse(data=text, format="turtle")
    triples = {ox.Triple(*map(as_ox, triple)) for triple in read}  # type: ignore[arg-type]
    assert triples == {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}


def test_a_stricter_policy_leaves_triples_out_of_turtle(graph: Graph, tmp_path: Path) -> None:
    attributed, strict = (
        list(ox.parse(written(graph.store, "turtle", tmp_path, policy).read_bytes(), format=ox.RdfFormat.TURTLE))
        for policy in ("attributed", "corroborated")
    )
    assert len(strict) < len(attributed)


@pytest.mark.slow
def test_other_tools_read_all_of_our_own_data(ours_graph: Graph, tmp_path: Path) -> None:
    store, nodes, edges = ours_graph.store, expected_nodes(ours_graph.store), expected_edges(ours_graph.store)
    for read in (from_tables(written(store, "csv", tmp_path)), from_graphml(written(store, "graphml", tmp_path))):
        assert nodes_read(read) == nodes
        assert edges_read(read) == edges
    quads = product(ours_graph)
    for name in ("trig", "jsonld"):
        assert by_rdflib(written(store, name, tmp_path).read_bytes(), READERS[name][0]) == quads


# --- all formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["graphml", "csv"])
def test_hostile_text_survives_in_networks(hostile: Store, name: str, tmp_path: Path) -> None:
    path = written(hostile, name, tmp_path)
    read = from_tables(path) if name == "csv" else from_graphml(path)
    assert nodes_read(read) == expected_nodes(hostile)
    assert edges_read(read) == expected_edges(hostile)
    assert HOSTILE in {data["label"] for _, data in read.nodes(data=True)}
    assert joined([HOSTILE] * 3) in {data["gists"] for *_, data in read.edges(data=True)}


def test_hostile_text_survives_in_igraph(hostile: Store, tmp_path: Path) -> None:
    read = igraph.Graph.Read_GraphML(str(written(hostile, "graphml", tmp_path)))
    assert HOSTILE in read.vs["label"]
    assert joined([HOSTILE] * 3) in read.es["gists"]


def test_hostile_text_is_inert_xml(hostile: Store, tmp_path: Path) -> None:
    path = written(hostile, "graphml", tmp_path)
    whole = etree.parse(path, etree.XMLParser(resolve_entities=False))
    assert {one.tag for one in whole.iter()} == {
        GRAPHML + tag for tag in ("graphml", "key", "graph", "node", "edge", "data")
    }


def test_hostile_text_keeps_the_rows_of_a_table_apart(hostile: Store, tmp_path: Path) -> None:
    with (written(hostile, "csv", tmp_path) / "edges.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == network(hostile).number_of_edges() + 1


@pytest.mark.parametrize("name", [*READERS, "turtle"])
def test_hostile_text_survives_in_rdf(hostile: Store, name: str, tmp_path: Path) -> None:
    text = written(hostile, name, tmp_path).read_bytes()
    rdflib_name, form = READERS.get(name, ("turtle", ox.RdfFormat.TURTLE))
    read = rdflib.Dataset()
    read.parse(data=text, format=rdflib_name)
    expected = ox.Literal(HOSTILE, language="en")
    assert {as_ox(quad[2]) for quad in read.quads()} >= {expected}
    assert sum(quad.object == expected for quad in ox.parse(text, format=form)) == 4


def test_a_store_of_others_with_strange_terms_is_exported_to_every_format(small_graph: Graph, tmp_path: Path) -> None:
    """A speaker without a name, a label of 10,000 characters, an address without a host, and no dataset."""
    text = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    for old, new in (
        (r"(/daily-1/claims> <[^>]*#speaker>) <[^>]*>", r"\1 _:nobody"),
        ('"Force"@en', f'"{"x" * 10_000}"@en'),
        ("<https://example.org/daily-1>", "<http:x>"),
        (f"(?m)^<{BASE}dataset> .*\n", ""),
    ):
        text, number = re.subn(old, new, text)
        assert number, old
    store = in_memory(re.findall(r".*\n", text))
    for form in FORMATS:
        written(store, form, tmp_path)


def via(folder: Path) -> list[dict[str, str]]:
    with (folder / "via.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_relays_that_are_blank_nodes_keep_their_names_and_one_without_a_position_is_listed(
    questions: tuple[Graph, Checked], tmp_path: Path
) -> None:
    text = questions[0].workspace.graph_file.read_text(encoding="utf-8")
    expected = via(written(questions[0].store, "tables", tmp_path / "ours"))
    relays = sorted(set(re.findall(r"/statement/[^ ]+> <[^>]*#relay> (<[^>]*>)", text)))
    assert relays
    for number, relay in enumerate(relays):
        text = text.replace(relay, f"_:relay{number}")
    text = re.sub(r"(?m)^_:relay0 <[^>]*#position> .*\n", "", text)
    store = in_memory(re.findall(r".*\n", text))
    found = via(written(store, "tables", tmp_path / "theirs"))
    assert [(row["statement"], row["relay"]) for row in found] == [(row["statement"], row["relay"]) for row in expected]
    assert [row["position"] for row in found].count("") == 1
    for form in FORMATS:
        written(store, form, tmp_path)


def test_a_day_that_does_not_exist_is_named_by_tables_and_kept_by_rdf(small_graph: Graph, tmp_path: Path) -> None:
    text = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    store = in_memory(re.findall(r".*\n", re.sub(r'"2020-05-01"\^\^', '"2013-02-30"^^', text)))
    for form in ("tables", "parquet"):
        with pytest.raises(ExportError, match="'2013-02-30' where the tables need a value of the kind date"):
            export(store, form, "attributed", tmp_path / form)
    assert contents(tmp_path) == {}
    assert "2013-02-30" in written(store, "trig", tmp_path).read_text(encoding="utf-8")


SCRIPT = """
import sys
from pathlib import Path
from graphkit.release.exports import FORMATS, default_name, export
from graphkit.graph import open_graph
store = open_graph(sys.argv[1]).store
for name in FORMATS:
    export(store, name, "attributed", Path(sys.argv[2]) / default_name(name))
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_process(small_graph: Graph, tmp_path: Path) -> None:
    found: list[dict[str, bytes]] = []
    for seed in ("0", "4242"):
        folder = tmp_path / seed
        command = [sys.executable, "-c", SCRIPT, str(small_graph.workspace.root), str(folder)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        found.append(contents(folder))
    for name in FORMATS:
        written(small_graph.store, name, tmp_path / "here")
    assert {name.partition("/")[0] for name in found[0]} == {default_name(name) for name in FORMATS}
    assert found == [contents(tmp_path / "here")] * 2


def test_bytes_are_the_same_twice(graph: Graph, tmp_path: Path) -> None:
    for name in FORMATS:
        written(graph.store, name, tmp_path / "a")
        written(graph.store, name, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_bytes_do_not_depend_on_the_order_of_the_input(small_graph: Graph, tmp_path: Path) -> None:
    lines = small_graph.workspace.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)
    turned = in_memory(lines[::-1])
    for name in FORMATS:
        written(small_graph.store, name, tmp_path / "a")
        written(turned, name, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


class Recorded(sqlite3.Connection):
    """A temporary file that a list remembers."""

    is_closed = False

    def __init__(self, opened: list[Recorded], place: str) -> None:
        super().__init__(place)
        opened.append(self)

    def close(self) -> None:
        super().close()
        self.is_closed = True


@pytest.mark.parametrize("name", FORMATS)
def test_a_failed_export_leaves_the_old_file_and_closes_its_temporary_file(
    small_graph: Graph, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error keeps the network alive, and the garbage collector may free it in a thread that cannot close it."""
    path = written(small_graph.store, name, tmp_path)
    old, temporary = contents(tmp_path), list[Recorded]()
    monkeypatch.setattr(sqlite3, "connect", lambda place: Recorded(temporary, place))
    with full_disk(10), pytest.raises(ExportError, match=r"cannot be written: .*File too large") as failed:
        export(small_graph.store, name, "corroborated", path)
    assert contents(tmp_path) == old, "neither half a file nor anything beside it"
    assert bool(temporary) == (name not in {"turtle", "nquads"})
    assert all(file.is_closed for file in temporary), failed


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_that_cannot_be_put_in_place_leaves_the_old_file(
    small_graph: Graph, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(small_graph.store, name, tmp_path)
    old = contents(tmp_path)

    def refuse(_: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ExportError, match="Permission denied"):
        export(small_graph.store, name, "corroborated", path)
    assert contents(tmp_path) == old


def test_tables_are_replaced_together(small_graph: Graph, tmp_path: Path) -> None:
    path = written(small_graph.store, "csv", tmp_path)
    (path / "nodes.csv").write_text("the old nodes", encoding="utf-8")
    old = contents(tmp_path)
    with full_disk((path / "edges.csv").stat().st_size - 1), pytest.raises(ExportError):
        export(small_graph.store, "csv", "attributed", path)
    assert contents(tmp_path) == old


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in FOLDERS])
def test_a_folder_is_not_replaced_by_a_file(small_graph: Graph, name: str, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError):
        export(small_graph.store, name, "attributed", tmp_path / "thesis")
    assert contents(tmp_path) == {"thesis/chapter.txt": b"years of work"}


def test_tables_go_into_a_folder_beside_what_is_there(small_graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "chapter.txt").write_text("years of work", encoding="utf-8")
    export(small_graph.store, "csv", "attributed", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"chapter.txt", "nodes.csv", "edges.csv"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_place_that_cannot_be_written_is_an_error(small_graph: Graph, name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="cannot be written"):
        export(small_graph.store, name, "attributed", tmp_path / "file" / "below" / "graph")


def test_an_unknown_format_is_an_error(small_graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="graphml, csv") as caught:
        export(small_graph.store, "gephi", "attributed", tmp_path / "graph.gexf")
    assert "'gephi'" in caught.value.message


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_unknown_policy_is_an_error(small_graph: Graph, name: str, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="undisputed"):
        export(small_graph.store, name, "credulous", tmp_path / "graph")
    assert not list(tmp_path.iterdir())


def test_plain_is_a_boolean_of_graphml(graph: Graph, tmp_path: Path) -> None:
    """`bool("false")` is True in Python and in igraph: the attribute must have the type and the words of XML."""
    text = written(graph.store, "graphml", tmp_path).read_text(encoding="utf-8")
    (key,) = re.findall(r'<key id="([\w-]+)" for="edge" attr.name="plain" attr.type="boolean"/>', text)
    assert set(re.findall(rf'<data key="{key}">(.*?)</data>', text)) == {"true", "false"}
    values = {data["plain"] for _, _, data in nx.read_graphml(tmp_path / "graph.graphml").edges(data=True)}
    assert values == {True, False}


# --- graph by graph from the sorted lines of a build ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["trig", "jsonld"])
def test_a_build_and_a_store_in_memory_give_the_same_bytes(graph: Graph, tmp_path: Path, name: str) -> None:
    lines = graph.workspace.graph_file.read_text(encoding="utf-8")
    other = in_memory(re.findall(r".*\n", lines))
    assert other.lines() is None
    assert written(graph.store, name, tmp_path / "a").read_bytes() == written(other, name, tmp_path / "b").read_bytes()


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_lines_are_read_graph_by_graph(graph: Graph, size: int) -> None:
    with graph.workspace.graph_file.open("rb") as file, by_graph(file) as grouped:
        parts = list(iter(lambda: grouped.read(size), b"")) if size > 1 else [grouped.read()]
    lines = b"".join(parts).split(b"\n")[:-1]
    wanted = graph.workspace.graph_file.read_bytes().split(b"\n")[:-1]
    assert lines == sorted(wanted, key=lambda line: line.rsplit(b" ", 2)[1])


def test_an_empty_file_has_no_graphs() -> None:
    with by_graph(io.BytesIO()) as grouped:
        assert grouped.read() == b""
