"""Each proof of `graphkit verify` fails when its own files are changed, and hostile folders do no harm."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from places import SMALL, copy_workspace
from releases import PROGRAMS, removed, replaced
from typer.testing import CliRunner

from graphkit.build.pipeline import build
from graphkit.cli import app
from graphkit.corpus.load import load_dataset
from graphkit.graph import open_graph
from graphkit.model.iris import statement_iri, tombstone_iri
from graphkit.release.content import files_of
from graphkit.release.nanopubs import trusty
from graphkit.release.release import write_release
from graphkit.release.verify import deposit as deposits
from graphkit.release.verify.deposit import Deposit
from graphkit.release.verify.proofs import COLUMNS, PROOFS, Outcome, outcome_of, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.graph import Graph

    Mutation = Callable[[Path], None]

GRAPH, TRIG, CRATE = "graph.nq.gz", "graph.trig", "ro-crate-metadata.json"
LANDING, MAPPINGS = "landing/landing.jsonld", "mappings.sssom.tsv"
NANOPUBS = "nanopubs.nq.gz"
FORMER, PATCH = "tables/former_ids.csv", "history/since-1.2.2.rdfp.gz"
PROVENANCE, REDIRECTS = "build-provenance.ttl", "w3id/.htaccess"
DESCRIPTIONS = (
    "CITATION.cff", "croissant.json", "datacite.xml", "dcat.ttl", "void.ttl", "README.md", CRATE,
    "tables/datapackage.json", "parquet/datapackage.json", LANDING, MAPPINGS,
    "DATASHEET.json", "CODEBOOK.md", "DATASHEET.md", "DPIA.md", "LICENCES.md", "QUERIES.md",
)  # fmt: skip
SUBJECT = "<https://w3id.org/surveillance-policy/id/zzz> <https://w3id.org/surveillance-policy/ontology#zzz>"
PLACE = "<https://w3id.org/surveillance-policy/graph/entities>"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def copied(released: tuple[Graph, Path], tmp_path: Path) -> Path:
    return shutil.copytree(released[1], tmp_path / "dist")


# --- mutations -------------------------------------------------------------------------------------------------------


def added(name: str, line: str, folder: Path) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + line.encode())
    if name.startswith("tables/"):
        described(name, folder)


def with_line(line: str, folder: Path) -> None:
    lines = gzip.decompress((folder / GRAPH).read_bytes()).decode().split("\n")[:-1]
    (folder / GRAPH).write_bytes(gzip.compress("".join(f"{one}\n" for one in sorted([*lines, line])).encode()))


def with_object(term: str, folder: Path) -> None:
    with_line(f"{SUBJECT} {term} {PLACE} .", folder)


def out_of_order(folder: Path) -> None:
    lines = gzip.decompress((folder / GRAPH).read_bytes()).splitlines(keepends=True)
    (folder / GRAPH).write_bytes(gzip.compress(b"".join(reversed(lines))))


def with_json(name: str, change: Callable[[Any], object], folder: Path) -> None:
    whole = json.loads((folder / name).read_text(encoding="utf-8"))
    change(whole)
    (folder / name).write_text(json.dumps(whole), encoding="utf-8")


def described(name: str, folder: Path) -> None:
    """Let the data package have the size and hash of a changed table, so that other checks have to find the change."""
    body = (folder / name).read_bytes()
    path = folder / "tables/datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    table = next(one for one in whole["resources"] if f"tables/{one['path']}" == name)
    table |= {"bytes": len(body), "hash": f"sha256:{hashlib.sha256(body).hexdigest()}"}
    path.write_text(json.dumps(whole), encoding="utf-8")


def with_cell(name: str, column: str, value: str, folder: Path) -> None:
    """Change a cell in the last row of a table, and the description of the table."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[-1][column] = value
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    described(name, folder)


def with_head(name: str, old: str, new: str, folder: Path) -> None:
    replaced(name, f"^{old}", new, folder)
    described(name, folder)


def parquet_of_text(folder: Path) -> None:
    """Write a table with texts in place of numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "parquet/entities.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("spoken")
    pq.write_table(table.set_column(place, "spoken", table["spoken"].cast(pa.string())), path)


def root_of(crate: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in crate["@graph"] if one["@id"] == "./")


def first_value(whole: list[dict[str, Any]]) -> dict[str, Any]:
    return next(one["nodes"][0]["v"] for one in whole if "nodes" in one)


def linked(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to("/etc/hostname")


def cut(name: str, folder: Path) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-20])


def new_file(name: str, folder: Path) -> None:
    (folder / name).write_text("x", encoding="utf-8")


def moved_to_test(folder: Path) -> None:
    """Turn a triple of the training round, and test it."""
    start, relation, end = (folder / "kge/train.tsv").read_text(encoding="utf-8").split("\n")[0].split("\t")
    added("kge/test.tsv", f"{end}\t{relation}\t{start}\n", folder)


def with_patch(old: bytes, new: bytes, folder: Path) -> None:
    text = gzip.decompress((folder / PATCH).read_bytes())
    assert old in text
    (folder / PATCH).write_bytes(gzip.compress(text.replace(old, new, 1)))


def without_tombstone(folder: Path) -> None:
    """Remove a tombstone from the graph, the table and the patch, whose hash fits again."""
    stone = tombstone_iri(statement_iri("daily-1", "gone")).encode()
    lines = gzip.decompress((folder / GRAPH).read_bytes()).splitlines(keepends=True)
    text = b"".join(line for line in lines if stone not in line)
    (folder / GRAPH).write_bytes(gzip.compress(text))
    replaced(FORMER, r"^daily-1/gone.*\n", "", folder)
    patch = gzip.decompress((folder / PATCH).read_bytes()).splitlines(keepends=True)
    head = f"H id <urn:sha256:{hashlib.sha256(text).hexdigest()}> .\n".encode()
    (folder / PATCH).write_bytes(gzip.compress(b"".join([head, *(line for line in patch[1:] if stone not in line)])))
    replaced("history/changes.csv", "The passage says something else.", "", folder)
    replaced("history/CHANGELOG.md", " Reason: The passage says something else\\.", "", folder)


def with_packed(name: str, old: bytes, new: bytes, folder: Path) -> None:
    """Change the content of a file that is compressed with gzip."""
    text, times = re.subn(old, new, gzip.decompress((folder / name).read_bytes()))
    assert times
    (folder / name).write_bytes(gzip.compress(text))


def first_nanopub(folder: Path) -> tuple[str, str, str]:
    """Return the lines of the first nanopublication, its hash, and the other lines."""
    text = gzip.decompress((folder / NANOPUBS).read_bytes()).decode()
    code = text.partition("/np/")[2].partition(">")[0]
    lines = re.findall(r".*\n", text)
    own = [line for line in lines if code in line]
    return "".join(own), code, "".join(line for line in lines if code not in line)


def with_another_gist(folder: Path) -> None:
    """Put other words into a nanopublication, whose hash fits again."""
    own, code, rest = first_nanopub(folder)
    changed = re.sub(r'(ontology#gist> ")', r"\1Not so: ", own)
    quads = list(ox.parse(changed, format=ox.RdfFormat.N_QUADS))
    (folder / NANOPUBS).write_bytes(gzip.compress((changed.replace(code, trusty(quads, code)) + rest).encode()))


def without_a_nanopub(folder: Path) -> None:
    """Remove a nanopublication."""
    (folder / NANOPUBS).write_bytes(gzip.compress(first_nanopub(folder)[2].encode()))


def with_line_of(other: str, name: str, folder: Path) -> None:
    """Add the first line of another file."""
    added(name, (folder / other).read_text(encoding="utf-8").partition("\n")[0] + "\n", folder)


# A line for each pitfall of an ontology, with the fault that it is.
PITFALLS = {
    "sp:x a owl:Ontology ; owl:versionIRI sp:y .": "x is a second ontology",
    "sp:x a sp:Unheard .": "Unheard is used without a declaration",
    "sp:x a owl:Class ; rdfs:isDefinedBy <https://w3id.org/surveillance-policy/ontology> .": "x has no definition",
    'sp:X a owl:Class ; skos:definition "x" .': "X has no isDefinedBy",
    "sp:x a owl:ObjectProperty .": "x has no domain",
    "sp:x a owl:DatatypeProperty .": "x has no range",
    "sp:speaker rdfs:range sp:Place .": "speaker has two ranges",
    "sp:x a owl:Class .": "x is a class without a capital",
    "sp:X a owl:AnnotationProperty .": "X is a property with a capital",
    "sp:speaker a owl:Class .": "speaker is a class and a property",
    'skos:broader skos:definition "x" .': "broader is a term of others with a definition of ours",
    "sp:speaker owl:deprecated true .": "speaker is deprecated without a successor",
    "sp:x a skos:Concept .": "x is a concept without a scheme",
    "sp:x skos:broader sp:y ; skos:related sp:y .": "x has a broader concept as a related one",
    "sp:Person rdfs:subClassOf sp:Person .": "is above itself",
}
TERM = "<https://w3id.org/surveillance-policy/ontology#speaker>"
MUTATIONS: dict[str, list[Mutation]] = {
    "the files are those of SHA256SUMS": [
        partial(added, "tables/statements.csv", "x"),
        partial(new_file, "extra.txt"),
        partial(removed, "CODEBOOK.md"),
        partial(linked, "DPIA.md"),
        partial(replaced, "SHA256SUMS", "^[0-9a-f]{64}", "A" * 64),
        partial(replaced, "SHA256SUMS", r"\n", "\r\n"),
        partial(added, "SHA256SUMS", f"{'0' * 64}  ../../etc/passwd\n"),
        partial(replaced, "SHA256SUMS", r"^(.+)\n", r"\1\n\1\n"),
    ],
    "N-Quads: canonical, sorted, no blank nodes": [
        partial(with_object, "_:b"),
        partial(with_object, f'"2013-02-30"^^<{XSD}date>'),
        partial(with_object, "<http:x>"),
        partial(with_object, "<http://http://e/x>"),
        partial(with_object, f'"01"^^<{XSD}integer>'),
        partial(with_object, f'"5"^^<{XSD}nonNegativeInteger>'),
        partial(with_object, '"\\u0001"'),
        partial(with_object, '"e\u0301"'),
        partial(with_object, '"trust"@en-toolongasubtag'),
        partial(with_line, "no quad"),
        partial(cut, GRAPH),
        out_of_order,
    ],
    "TriG, JSON-LD, Turtle: the same graph": [
        partial(added, TRIG, f"{SUBJECT} 1 ."),
        partial(added, "graph-flat.ttl", f"{SUBJECT} 1 ."),
        partial(replaced, "graph.jsonld", '"@value":"[^"]', '"@value":"~'),
        partial(with_object, '"x"'),
    ],
    "the hash of RDFC-1.0": [
        partial(replaced, "CANONICAL.sha256", "^[0-9a-f]{8}", "0" * 8),
        partial(with_object, '"x"'),
    ],
    "the ontology: labels, domains, no unknown term": [
        partial(replaced, "ontology.ttl", r"rdfs:label ", "rdfs:comment "),
        partial(added, "ontology.ttl", f"{TERM} rdfs:domain sp:A, sp:B ."),
        partial(with_object, '"x"'),
    ],
    "the ontology: metadata, the same in each form": [
        partial(replaced, "ontology.ttl", "vann/preferredNamespacePrefix", "vann/prefix"),
        partial(replaced, "ontology.rdf", "rdfs:label", "rdfs:comment"),
        partial(cut, "ontology.nt"),
        partial(removed, "ontology.jsonld"),
    ],
    "the ontology: the pitfalls that a query finds": [partial(added, "ontology.ttl", line) for line in PITFALLS],
    "the ontology as a page, by pyLODE": [
        partial(replaced, "ontology.html", "ontology#speaker<", "ontology#talker<"),
        partial(replaced, "ontology.html", "<code>", '<img src="https://example.org/x.png"><code>'),
    ],
    "the shapes, by pyshacl": [partial(replaced, "graph-flat.ttl", r"sp:stance [^;]+;", "")],
    "the tables: types, keys, references": [
        partial(with_cell, "tables/dispute_statements.csv", "statement", "no/such"),
        partial(with_cell, "tables/entities.csv", "spoken", "1.5"),
        partial(with_cell, "tables/statements.csv", "said_earliest", "2013-02-30"),
        partial(with_cell, "tables/statements.csv", "evidence", "certain"),
        partial(with_cell, "tables/edges.csv", "plain", "False"),
        partial(with_cell, "tables/entities.csv", "id", ""),
        partial(added, "tables/aliases.csv", "one,two,three\n"),
        partial(with_head, "tables/posts.csv", "id", "key"),
        partial(replaced, "tables/aliases.csv", "$", "x"),
        partial(replaced, "tables/datapackage.json", "sha256:[0-9a-f]", "sha256:g"),
        partial(replaced, "tables/datapackage.json", '"statements.csv"', '"../statements.csv"'),
        partial(removed, "tables/via.csv"),
    ],
    "Parquet: the types and rows of the CSV files": [
        parquet_of_text,
        partial(with_cell, "tables/entities.csv", "label", "Somebody"),
        partial(removed, "parquet/via.parquet"),
        partial(added, "tables/aliases.csv", "one,two\n"),
    ],
    "Croissant: files, hashes, fields, RAI": [
        partial(replaced, "croissant.json", '"sha256": "[0-9a-f]', '"sha256": "A'),
        partial(replaced, "croissant.json", '"contentUrl": "tables', '"contentUrl": "../tables'),
        partial(replaced, "croissant.json", '"rai:dataCollection"', '"rai:dataKollection"'),
        partial(replaced, "croissant.json", "croissant/1.1", "croissant/0.8"),
        partial(replaced, "croissant.json", '"parquet/entities.parquet"\n *}', '"parquet/posts.parquet"}'),
        partial(with_json, "croissant.json", lambda whole: whole.pop("license")),
        partial(with_json, "croissant.json", lambda whole: whole["recordSet"][0]["field"].pop()),
        partial(with_json, "croissant.json", lambda whole: whole["recordSet"].append(whole["recordSet"][0])),
        partial(with_json, "croissant.json", lambda whole: whole["distribution"].append(whole["distribution"][0])),
        partial(with_json, "croissant.json", lambda whole: whole.update({"rai:dataUseCases": []})),
    ],
    "RO-Crate: every file, with its hash": [
        partial(with_json, CRATE, lambda whole: root_of(whole)["hasPart"].pop()),
        partial(with_json, CRATE, lambda whole: root_of(whole).pop("license")),
        partial(removed, "dcat.ttl"),
        partial(new_file, "extra.txt"),
        partial(replaced, CRATE, '"sha256": "[0-9a-f]', '"sha256": "x'),
    ],
    "RO-Crate: preview": [
        partial(replaced, "ro-crate-preview.html", '<a href="graph', '<a href="graf'),
        partial(replaced, "ro-crate-preview.html", '"name": "A small', '"name": "A large'),
        partial(replaced, "ro-crate-preview.html", "<h1>", '<script src="https://example.org/x.js"></script><h1>'),
        partial(removed, "ro-crate-preview.html"),
    ],
    "DCAT: sizes and hashes of the files": [
        partial(replaced, "dcat.ttl", r'dcat:byteSize "\d', 'dcat:byteSize "9'),
        partial(replaced, "dcat.ttl", 'Value "[0-9a-f]{2}', 'Value "zz'),
    ],
    "VoID: the numbers of the graph": [
        partial(replaced, "void.ttl", r"void:triples \d", "void:triples 9"),
        partial(replaced, "void.ttl", r"void:entities \d+", "void:entities 98765"),
        partial(with_object, '"x"'),
    ],
    "landing page: data, files, links": [
        partial(with_json, LANDING, lambda whole: whole.pop("name")),
        partial(replaced, LANDING, '"sha256": "[0-9a-f]', '"sha256": "x'),
        partial(replaced, LANDING, "http://schema.org/", "https://schema.org/"),
        partial(replaced, "landing/index.html", '"name": "A small', '"name": "A large'),
        partial(replaced, "landing/index.html", '<a href="../graph', '<a href="../graf'),
        partial(replaced, "landing/index.html", "<h1>", '<img src="https://example.org/x.png"><h1>'),
    ],
    "a licence of each file; the licences of the sources": [
        partial(replaced, "REUSE.toml", r'"\*\*"', '"tables/**"'),
        partial(replaced, "REUSE.toml", "CC-BY-4.0", "CC-BY-3.0"),
        partial(removed, "LICENSES/CC0-1.0.txt"),
        partial(new_file, "LICENSES/MIT.txt"),
        partial(with_cell, "tables/sources.csv", "licence", "https://creativecommons.org/licenses/by-nc/4.0/"),
        partial(replaced, "LICENCES.md", r"\| \d+ \|$", "| 77 |"),
    ],
    "splits: no leak, no unseen part": [
        partial(with_line_of, "kge/by-time/left-out.tsv", "kge/by-time/test.tsv"),
        partial(removed, "kge/by-time/undated.tsv"),
        partial(replaced, "kge/train.tsv", "^", "head\trelation\ttail\n"),
        partial(replaced, "kge/train.tsv", "\t", ","),
        partial(added, "kge/test.tsv", "nobody\tfunded\tnowhere\n"),
        partial(replaced, "kge/train.tsv", r"^(.+)\n", r"\1\n\1\n"),
        partial(replaced, "kge/entity_labels.tsv", r"^(\S+)\t", r"\1x\t"),
        moved_to_test,
    ],
    "mappings: prefixes, properties, the same as in the data": [
        partial(replaced, MAPPINGS, "semapv:UnspecifiedMatching", "by hand"),
        partial(replaced, MAPPINGS, r"(justification\tcomment)\n(.+)$", r"\1\tconfidence\n\2\t1.7"),
        partial(replaced, MAPPINGS, "^sp:", "xx:"),
        partial(replaced, MAPPINGS, "rdfs:subClassOf", "rdfs:isLike"),
        partial(replaced, MAPPINGS, r"^sp:\w+\t.+\n", ""),
        partial(with_cell, "tables/entities.csv", "wikidata", "http://www.wikidata.org/entity/Q1"),
    ],
    "former ids, and the patch since the release before": [
        partial(replaced, FORMER, r"^daily-1/gone.*\n", ""),
        partial(with_cell, FORMER, "reason", ""),
        partial(replaced, FORMER, ",daily,", ",old-paper,"),
        partial(replaced, "history/changes.csv", "The passage says", "It says"),
        partial(removed, "history/changes.csv"),
        partial(replaced, "history/CHANGELOG.md", "asked again", "asked twice"),
        partial(with_patch, b"A <", b"D <"),
        partial(with_patch, b"D <", b"A <"),
        partial(with_patch, b"prev <urn:sha256:", b"prev <urn:sha256:0"),
        without_tombstone,
    ],
    "nanopublications, if there are any: hashes, statements": [
        partial(with_packed, NANOPUBS, b'"Ada Example"', b'"Eve Example"'),
        partial(with_packed, NANOPUBS, b"#pubinfo>", b"#notes>"),
        partial(with_packed, NANOPUBS, rb"(?m)^.*#(Head|assertion)> \.\n", b""),
        with_another_gist,
        without_a_nanopub,
    ],
    "provenance: inputs, agents, programs": [
        partial(replaced, PROVENANCE, 'foaf:name "Ada Example"', 'rdfs:label "Ada Example"'),
        partial(replaced, PROVENANCE, "data/dataset.yaml", "data/dateset.yaml"),
        partial(replaced, PROVENANCE, 'Value "[0-9a-f]{2}', 'Value "zz'),
        partial(replaced, PROVENANCE, "prov:Activity", "prov:Entity"),
        partial(replaced, CRATE, '"name": "graphkit"', '"name": "another program"'),
    ],
    "redirects: each IRI leads to a file that describes it": [
        partial(with_object, '"x"'),
        partial(replaced, REDIRECTS, r"^RewriteRule \^statement/.*ttl.*\n", ""),
        partial(replaced, REDIRECTS, r"graph-flat\.ttl", "graf-flat.ttl"),
        partial(replaced, REDIRECTS, r"graph-flat\.ttl", "ontology.ttl"),
        partial(replaced, REDIRECTS, r"\^id/\.\+\$", "^(id|ids)+/.+$"),
        partial(removed, "landing/index.html"),
        partial(replaced, "ontology.ttl", "ontology/0.1.0>", "ontologies/0.1.0>"),
    ],
    "DataCite: required properties": [
        partial(replaced, "datacite.xml", "<publicationYear>.*</publicationYear>", ""),
        partial(replaced, "datacite.xml", "<version>", '<relatedIdentifier relationType="Likes"/><version>'),
    ],
    "CITATION.cff: required keys": [
        partial(replaced, "CITATION.cff", "^license: .*", "license: CC-BY"),
        partial(replaced, "CITATION.cff", "^authors:", "writers:"),
        partial(replaced, "CITATION.cff", "0000-0002-1825-0097", "0000-0002-1825-0098"),
    ],
    "documents: sections, counted numbers, every column": [
        partial(replaced, "DATASHEET.md", "## Collection\n\nMade up.", "## Collection\n"),
        partial(replaced, "DPIA.md", "^## Sources", "## Other"),
        partial(replaced, "DATASHEET.md", r"\| statements \| \d+", "| statements | 1"),
        partial(with_json, "DATASHEET.json", lambda whole: whole.pop("known_limitations")),
        partial(replaced, "DATASHEET.json", '"counts": ', '"counts": 7'),
        partial(replaced, "DATASHEET.json", '"It is small', '"It is large'),
        partial(replaced, "LOSSES.md", r"\| \d+ \|$", "| 7777 |"),
        partial(replaced, "CODEBOOK.md", r"^\| stance \| .*\n", ""),
        partial(added, "tables/aliases.csv", "one,two\n"),
    ],
    "queries: the number of rows of each": [
        partial(replaced, "QUERIES.md", r"^Rows: \d+$", "Rows: 7777"),
        partial(replaced, "QUERIES.md", r"^Rows: \d+$", ""),
        partial(replaced, "QUERIES.md", r"\bWHERE \{", "WHERE { SERVICE <http://localhost:1/> { ?x ?y ?z }"),
        partial(replaced, "QUERIES.md", r"\bWHERE \{", "WHERE {{"),
        partial(removed, "QUERIES.md"),
    ],
    "GEXF: nodes, edges, days": [
        partial(replaced, "network/graph.gexf", "<graph ", '<graph name="x" '),
        partial(replaced, "network/graph.gexf", r"<edge .*</edge>\n", ""),
        partial(replaced, "network/graph.gexf", 'start="', 'start="c. '),
    ],
    "GraphML: nodes, edges, booleans": [
        partial(replaced, "network/graph.graphml", "</data>", "\x01</data>"),
        partial(replaced, "network/graph.graphml", ">(true|false)<", ">True<"),
        partial(replaced, "network/graph.graphml", r'<node id="[^"]+"', '<node id="x"'),
    ],
    "CX2: nodes, edges, no nulls": [
        partial(with_json, "network/graph.cx2", lambda whole: first_value(whole).update(label=None)),
        partial(with_json, "network/graph.cx2", lambda whole: first_value(whole).update(name="other")),
    ],
    "Pajek and DL: the plain triples, ASCII": [
        partial(replaced, "network/dl/network.dl", "^labels:\n", "labels:\n\u00e9"),
        partial(replaced, "network/dl/labels.csv", "^1,", "101,"),
        partial(replaced, "network/pajek/network.net", r"^\d+ \d+ (\d+)$", r"1 1 \1"),
        partial(replaced, "network/pajek/network.net", r"Vertices \d+", "Vertices 77"),
    ],
    "discourse networks: those of their records": [
        partial(replaced, "network/discourse/dl/actor-actor.dl", "^data:\n", "data:\n1 1 1\n"),
        partial(replaced, "network/discourse/dl/actor-concept-key.csv", "^r1,", "r9,"),
        partial(replaced, "tables/statements.csv", "^weekly-1/", "monthly-1/"),
        partial(removed, "network/discourse/pajek/concept-concept.net"),
    ],
    "Neo4j: heads, nodes, edges": [
        partial(replaced, "network/neo4j/nodes.csv", r"^:ID(.*)\n(.*)\n", r":ID\1\n\2\n\2\n"),
        partial(replaced, "network/neo4j/relationships.csv", ":TYPE", "TYPE"),
    ],
    "README.md: the files of its head": [partial(replaced, "README.md", "statements.parquet", "statement.parquet")],
    "title, version, licence, creators, dates: the same everywhere": [
        *(partial(replaced, name, r"1\.2\.3", "1.2.4") for name in DESCRIPTIONS),
        partial(with_json, "tables/datapackage.json", lambda whole: whole.pop("licenses")),
        partial(replaced, "CITATION.cff", "2026-11-23", "2926-11-23"),
        partial(replaced, "CITATION.cff", "Ada", "Eva"),
        partial(replaced, "datacite.xml", "by/4.0", "by/3.0"),
        partial(replaced, CRATE, "2026-11-23", "2026-11-24"),
        partial(replaced, "DATASHEET.json", "2026-11-23", "2026-11-24"),
        partial(replaced, "datacite.xml", ":tba", "10.5281/zenodo.1"),
        partial(replaced, "croissant.json", '"identifier": "', '"identifier": "https://doi.org/10.5281/'),
        partial(replaced, "DPIA.md", "in A small", "in A large"),
        partial(replaced, "CANONICAL.sha256", "^[0-9a-f]{8}", "0" * 8),
        partial(replaced, "croissant.json", "A small graph", "A large graph"),
        partial(replaced, "REUSE.toml", "CC-BY-4.0", "CC-BY-SA-4.0"),
        partial(replaced, PROVENANCE, r'"1\.2\.3"', '"1.2.4"'),
        partial(replaced, PROVENANCE, "2026-11-23", "2026-11-24"),
        partial(replaced, PROVENANCE, 'foaf:name "Ada', 'foaf:name "Eva'),
    ],
}
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> sh:targetClass <http://www.w3.org/ns/dcat#Dataset> ;
    sh:property [ sh:path <http://purl.org/dc/terms/license> ; sh:minCount 1 ; sh:message "A dataset has a licence." ] .
"""
# Programs and schemas of others: the proofs are skipped where these are missing.
BY_OTHERS = r"by (frictionless|mlcroissant|its schema|shapes for datasets|the shapes of DCAT-AP)$"
BY_OTHERS += f"|by ({'|'.join(PROGRAMS)})$"
OTHERS = {proof.name for proof in PROOFS if re.search(BY_OTHERS, proof.name)}
CASES = [(name, number) for name, mutations in MUTATIONS.items() for number in range(len(mutations))]
CHECKED = {proof.name: proof for proof in PROOFS}


def test_every_proof_of_ours_has_mutations() -> None:
    assert MUTATIONS.keys() == CHECKED.keys() - OTHERS


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_mutation_makes_the_proof_of_its_row_fail(copied: Path, name: str, number: int) -> None:
    MUTATIONS[name][number](copied)
    outcome = outcome_of(CHECKED[name], Deposit.open(copied))
    assert outcome.result == "failed"
    assert outcome.faults


@pytest.mark.parametrize(("line", "fault"), PITFALLS.items())
def test_a_pitfall_of_an_ontology_is_named(copied: Path, line: str, fault: str) -> None:
    added("ontology.ttl", line, copied)
    assert fault in outcome_of(CHECKED["the ontology: the pitfalls that a query finds"], Deposit.open(copied)).faults


def test_a_release_is_proved(released: tuple[Graph, Path]) -> None:
    outcomes = list(verify(released[1]))
    assert [outcome for outcome in outcomes if outcome.result == "failed"] == []
    assert {outcome.proof for outcome in outcomes if outcome.result == "skipped"} <= OTHERS
    assert all(outcome.skipped for outcome in outcomes if outcome.result == "skipped")


def test_a_release_of_a_dataset_that_states_only_what_it_must_is_proved(tmp_path: Path) -> None:
    place = copy_workspace(SMALL, tmp_path / "w")
    with (place.data / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write("released: 2026-11-23\n")
    assert build(place).ok
    graph = open_graph(place.root)
    write_release(graph.workspace, graph.store, load_dataset(place), tmp_path / "dist")
    outcomes = quick(tmp_path / "dist")
    assert [outcome for outcome in outcomes.values() if outcome.result == "failed"] == []


def test_a_release_of_a_large_graph_has_no_networks_and_their_proofs_are_skipped(
    released: tuple[Graph, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.release.tables.files.LARGEST_NETWORK", 1)
    graph = released[0]
    write_release(graph.workspace, graph.store, load_dataset(graph.workspace), tmp_path / "dist")
    assert not (tmp_path / "dist/network").exists()
    outcomes = quick(tmp_path / "dist")
    assert [outcome for outcome in outcomes.values() if outcome.result == "failed"] == []
    skipped = {outcome.row for outcome in outcomes.values() if "no networks" in outcome.skipped}
    assert skipped == {"15", "16", "17", "18", "19", "20", "21"}


def test_schemas_of_others_are_used_when_their_hashes_are_pinned(copied: Path, tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    schemas.mkdir()
    (schemas / "cff.json").write_text('{"required": ["authors"]}', encoding="utf-8")
    (schemas / "dcat-ap.ttl").write_text(SHAPE, encoding="utf-8")
    proof = CHECKED["CITATION.cff, by its schema"]
    assert "does not have the hash of cff.json" in outcome_of(proof, Deposit.open(copied, schemas)).skipped
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in schemas.iterdir())
    (schemas / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    assert outcome_of(proof, Deposit.open(copied, schemas)).result == "proved"
    replaced("CITATION.cff", "^authors:", "writers:", copied)
    assert outcome_of(proof, Deposit.open(copied, schemas)).faults == "'authors' is a required property"
    proof = CHECKED["DCAT, by the shapes of DCAT-AP"]
    assert outcome_of(proof, Deposit.open(copied, schemas)).result == "proved"
    replaced("dcat.ttl", "dcterms:license", "dcterms:rights", copied)
    assert outcome_of(proof, Deposit.open(copied, schemas)).faults == "A dataset has a licence."


# --- hostile folders -------------------------------------------------------------------------------------------------


def quick(folder: Path) -> dict[str, Outcome]:
    """Try all proofs but that of pyshacl."""
    deposit = Deposit.open(folder)
    return {proof.name: outcome_of(proof, deposit) for proof in PROOFS if "pyshacl" not in proof.name}


RUBBISH = [b"", b"[]", b"\xff\xfe\x00", b"[" * 100_000, b"---\n", b"a: &a [x]\nb: [*a, *a]\n"]


@pytest.mark.parametrize("body", RUBBISH)
def test_files_of_rubbish_fail_and_raise_nothing(copied: Path, body: bytes) -> None:
    for path in files_of(copied):
        path.write_bytes(body)
    assert [name for name, outcome in quick(copied).items() if outcome.result == "proved"] == []


def test_an_empty_folder_fails_each_proof(tmp_path: Path) -> None:
    assert {outcome.result for outcome in quick(tmp_path).values()} <= {"failed", "skipped"}


def test_a_small_archive_with_a_huge_file_is_read_up_to_the_limit(copied: Path) -> None:
    (copied / GRAPH).write_bytes(gzip.compress(b"x" * 50_000_000))
    outcome = outcome_of(CHECKED["N-Quads: canonical, sorted, no blank nodes"], Deposit.open(copied))
    assert "line 1: it is too long or cut off" in outcome.faults


def test_a_text_whose_line_ends_were_converted_is_named_as_such(copied: Path) -> None:
    replaced("DPIA.md", r"\n", "\r\n", copied)
    added("LICENCES.md", "\r\n", copied)
    converted, changed = outcome_of(
        CHECKED["the files are those of SHA256SUMS"], Deposit.open(copied)
    ).faults.splitlines()
    assert converted.startswith("DPIA.md has other bytes than SHA256SUMS says: its lines end as in Windows.")
    assert changed == "LICENCES.md has other bytes than SHA256SUMS says."


def test_an_endless_query_is_stopped(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphkit.release.verify.queries._SECONDS", 0.5)
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l && ?c = 7) }"
    replaced("QUERIES.md", r"```sparql\n[^`]*", f"```sparql\n{endless}\n", copied)
    outcome = outcome_of(CHECKED["queries: the number of rows of each"], Deposit.open(copied))
    assert "The queries of QUERIES.md take longer than 0.5 s" in outcome.faults
    assert outcome.seconds < 60, "the query itself never ends, and a busy machine takes its time"


@pytest.mark.parametrize(
    ("name", "proof"),
    [
        ("graph.trig", "TriG, JSON-LD, Turtle: the same graph"),
        ("ontology.ttl", "the ontology: metadata, the same in each form"),
        ("dcat.ttl", "DCAT: sizes and hashes of the files"),
    ],
)
def test_a_long_prefix_makes_no_gigabytes(copied: Path, name: str, proof: str) -> None:
    values = ", ".join(f"a:{number}" for number in range(50_000))
    (copied / name).write_text(f"@prefix a: <urn:{'x' * 100_000}> . a:b a:c {values} .", encoding="utf-8")
    outcome = outcome_of(CHECKED[proof], Deposit.open(copied))
    assert outcome.faults == f"{name} has more or longer quads than graphkit verify reads."


def with_shapes(body: str, folder: Path) -> None:
    (folder / "shapes.ttl").write_text(f"@prefix sh: <http://www.w3.org/ns/shacl#> . {body}", encoding="utf-8")


def test_endless_shapes_are_stopped(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyshacl")
    monkeypatch.setattr("graphkit.release.verify.validators._SECONDS", 1.0)
    endless = "SELECT $this WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i && ?c = 7) }"
    target = "<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <http://www.w3.org/2000/01/rdf-schema#label>"
    with_shapes(f'{target} ; sh:sparql [ a sh:SPARQLConstraint ; sh:select "{endless}" ] .', copied)
    outcome = outcome_of(CHECKED["the shapes, by pyshacl"], Deposit.open(copied))
    assert outcome.faults == "pyshacl takes more than 1 s, or 1,792 MB of memory."
    assert outcome.seconds < 20


def test_a_small_parquet_file_with_huge_values_is_not_held_in_memory(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.release.verify.validators._MEMORY", 512)
    path = copied / "parquet/sources.parquet"
    whole, rows = pq.read_table(path), 5_000
    title = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 400_000]))
    columns = {name: pa.array([whole[name][0].as_py()] * rows, whole[name].type) for name in whole.column_names}
    pq.write_table(pa.table({**columns, "title": title}), path, store_schema=False)
    assert path.stat().st_size < 100_000
    outcome = outcome_of(CHECKED["Parquet: the types and rows of the CSV files"], Deposit.open(copied))
    assert outcome.faults == "pyarrow takes more than 600 s, or 512 MB of memory."


@pytest.mark.parametrize("library", ["frictionless", "mlcroissant"])
def test_a_library_of_others_is_given_no_pipe_and_no_link(copied: Path, library: str) -> None:
    (copied / "tables/sources.csv").unlink()
    os.mkfifo(copied / "tables/sources.csv")
    proof = next(proof for name, proof in CHECKED.items() if name.endswith(f"by {library}"))
    assert outcome_of(proof, Deposit.open(copied)).faults == "The folder has links or too many files."


def test_a_library_of_others_reaches_no_host(copied: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyshacl")
    schemas = tmp_path / "schemas"
    schemas.mkdir()
    for name in ("soso.ttl", "google.ttl"):
        (schemas / name).write_text(SHAPE, encoding="utf-8")
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in schemas.iterdir())
    (schemas / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/context"
        with_json(LANDING, lambda whole: whole.update({"@context": address}), copied)
        outcome = outcome_of(CHECKED["landing page, by shapes for datasets"], Deposit.open(copied, schemas))
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert "graphkit verify uses no network" in outcome.faults


def test_a_huge_table_is_not_read(copied: Path) -> None:
    os.truncate(copied / "tables/statements.csv", 10 << 30)
    outcome = outcome_of(CHECKED["the tables: types, keys, references"], Deposit.open(copied))
    assert "has 10,737,418,240 bytes; graphkit verify reads 536,870,912." in outcome.faults
    assert outcome.seconds < 1


def test_a_folder_with_too_many_files_fails(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deposits, "MOST_FILES", 50)
    outcome = outcome_of(CHECKED["the files are those of SHA256SUMS"], Deposit.open(copied))
    assert outcome.faults == "the folder has more than 2,000 files."


@pytest.mark.parametrize("name", [b"a\nb is proved.txt", b"\x1b[2J\x1b[31mred.txt", b"\xff\xfe.txt"])
def test_names_of_files_cannot_change_what_the_terminal_shows(copied: Path, name: bytes) -> None:
    (copied / os.fsdecode(name)).touch()
    faults = outcome_of(CHECKED["the files are those of SHA256SUMS"], Deposit.open(copied)).faults
    assert faults.isprintable()
    assert faults.endswith(".txt is not in SHA256SUMS.")


def test_entities_of_xml_are_not_expanded(copied: Path) -> None:
    inner = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{inner}]>'
    text = f'{head}<resource xmlns="http://datacite.org/schema/kernel-4">&l11;</resource>'
    (copied / "datacite.xml").write_text(text, encoding="utf-8")
    assert "cannot be read" in outcome_of(CHECKED["DataCite: required properties"], Deposit.open(copied)).faults


# --- the command -----------------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["verify", *words])
    return found.exit_code, found.output


def test_the_command_exits_with_1_on_a_failure_and_3_on_a_skipped_proof_that_is_asked_for(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [CHECKED["README.md: the files of its head"], CHECKED["GEXF, by its schema"]]
    monkeypatch.setattr("graphkit.release.verify.proofs.PROOFS", kept)
    assert run(str(copied))[0] == 0
    assert run(str(copied), "--strict")[0] == 3
    code, output = run(str(copied), "--format", "json")
    assert (code, [row["result"] for row in json.loads(output)]) == (0, ["proved", "skipped"])
    (copied / "README.md").unlink()
    code, output = run(str(copied), "--strict", "--format", "csv")
    assert code == 1
    rows = list(csv.DictReader(output.splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["faults"] == "README.md is missing, or is not a regular file."


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"There is no folder .*nothing"):
        list(verify(tmp_path / "nothing"))
