"""The content of a release, counted from its files: the same numbers for those who write it and those who verify it."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from graphkit.model.files import hash_file

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
# How many bodies the datasheet names that are spoken about and do not speak.
_SILENT = 10
# The discourse networks of a release.
DISCOURSE = ("actor-concept", "actor-actor", "concept-concept")
_MEDIA = {
    ".nq.gz": "application/gzip", ".nq": "application/n-quads", ".trig": "application/trig", ".ttl": "text/turtle",
    ".jsonld": "application/ld+json", ".csv": "text/csv", ".json": "application/json", ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet", ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml", ".cx2": "application/json", ".xml": "application/xml", ".cff": "application/yaml",
    ".net": "text/plain", ".tsv": "text/tab-separated-values", ".toml": "application/toml", ".txt": "text/plain",
    ".dl": "text/plain", ".sha256": "text/plain", ".html": "text/html",
    ".rdf": "application/rdf+xml", ".nt": "application/n-triples",
}  # fmt: skip


class ReleasedFile(NamedTuple):
    """A file of a release, by its path in the folder."""

    name: str
    size: int
    sha256: str

    @property
    def media(self) -> str:
        """The media type of the file."""
        return next((kind for end, kind in _MEDIA.items() if self.name.endswith(end)), "application/octet-stream")


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """Numbers of a graph, as VoID has them.

    Attributes:
        classes: IRI of a class to the number of its members.
        predicates: IRI of a property to the number of its triples.
    """

    quads: int
    triples: int
    subjects: int
    graphs: int
    classes: Mapping[str, int]
    predicates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a release.

    Attributes:
        tables: Table to the number of its rows.
        counts: Other numbers, by the words that the datasheet has for them.
        sources: Kind of source to the number of its statements.
        silent: The labels of bodies that are spoken about and do not speak, the most often mentioned first.
    """

    graph: GraphCounts
    tables: Mapping[str, int]
    counts: Mapping[str, int]
    sources: Mapping[str, int]
    silent: tuple[str, ...]

    @property
    def has_network(self) -> bool:
        """Whether there are networks: large graphs have none."""
        return "edges" in self.tables


def files_of(folder: Path) -> list[Path]:
    """Return the files of a release, sorted by their paths."""
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def listed(folder: Path) -> list[ReleasedFile]:
    """Return the files of a release with their sizes and hashes."""
    return [
        ReleasedFile(path.relative_to(folder).as_posix(), path.stat().st_size, hash_file(path))
        for path in files_of(folder)
    ]


def package_of(folder: Path) -> dict[str, Any]:
    """Return the data package of the tables."""
    return cast("dict[str, Any]", json.loads((folder / "tables/datapackage.json").read_bytes()))


def rows_of(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    with (folder / f"tables/{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def content_of(folder: Path) -> Content:
    """Count the content of a folder with the graph and the tables."""
    tables = {one["name"]: _number_of_rows(folder, one["name"]) for one in package_of(folder)["resources"]}
    kinds = {row["id"]: row["kind"] for row in rows_of(folder, "sources")}
    said, marks = Counter[str](), Counter[str]()
    for row in rows_of(folder, "statements"):
        said[kinds.get(row["source"], "")] += 1
        marks[row["evidence"]] += 1
        marks["undated"] += not row["said_earliest"]
    with cast("BinaryIO", gzip.open(folder / "graph.nq.gz")) as lines:
        graph = count_graph(lines)
    return Content(graph, tables, _counts(folder, tables, marks), dict(said.most_common()), tuple(_silent(folder)))


def licences_of(folder: Path) -> dict[str, int]:
    """Return the number of sources by the address of their licence, which is "" for those that are quoted only."""
    return dict(sorted(Counter(row["licence"] for row in rows_of(folder, "sources")).items()))


def _number_of_rows(folder: Path, table: str) -> int:
    with (folder / f"tables/{table}.csv").open(encoding="utf-8", newline="") as file:
        return sum(map(bool, csv.reader(file))) - 1


def _counts(folder: Path, tables: Mapping[str, int], marks: Mapping[str, int]) -> dict[str, int]:
    return {
        "statements": tables["statements"],
        "statements with verified evidence": marks["verified"],
        "statements with confirmed evidence": marks["confirmed"],
        "statements with unverified evidence": marks["unverified"],
        "statements without a date": marks["undated"],
        **{name: tables[name] for name in ("propositions", "sources", "disputes", "entities")},
        **(_network_counts(folder, tables) if "edges" in tables else {}),
    }


def _network_counts(folder: Path, tables: Mapping[str, int]) -> dict[str, int]:
    edges = list(_edge_marks(folder))
    slugs = {row["slug"] for row in rows_of(folder, "nodes")}
    return {
        "statements on an edge": len({row["statement"] for row in rows_of(folder, "edge_statements")}),
        "propositions on an edge": len({claim for claim, _ in edges} - {""}),
        "entities on a node": sum(row["id"] in slugs for row in rows_of(folder, "entities")),
        "nodes": tables["nodes"],
        "edges": tables["edges"],
        "edges that are plain triples": sum(plain for _, plain in edges),
    }


def _edge_marks(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield the proposition of each edge, "" if it is none, and whether it is a plain triple."""
    for row in rows_of(folder, "edges"):
        kind, _, name = row["edge_id"].partition("_")
        yield name if kind == "proposition" else "", row["plain"] == "true"


def _silent(folder: Path) -> Iterator[str]:
    """Yield the labels of bodies that are spoken about and do not speak, the most often mentioned first."""
    bodies = ("organisation", "public-body", "group")
    found = [
        (-int(row["about"]), row["label"])
        for row in rows_of(folder, "entities")
        if row["spoken"] == "0" and int(row["about"] or 0) and row["kind"].endswith(bodies)
    ]
    yield from (f"{label} ({-number})" for number, label in sorted(found)[:_SILENT])


def count_graph(lines: Iterable[bytes]) -> GraphCounts:
    """Count a graph from its sorted lines, in which the same triple in several graphs is on neighbouring lines."""
    quads = triples = subjects = 0
    graphs: set[bytes] = set()
    classes, predicates = Counter[bytes](), Counter[bytes]()
    last, before = b"", b""
    for line in lines:
        triple, _, graph = line.rstrip(b" .\n").rpartition(b" <")
        quads += 1
        graphs.add(graph)
        if triple == last:
            continue
        last = triple
        subject, predicate, target = triple.split(b" ", 2)
        triples += 1
        subjects += subject != before
        before = subject
        predicates[predicate] += 1
        if predicate == _TYPE:
            classes[target] += 1
    return GraphCounts(quads, triples, subjects, len(graphs), _named(classes), _named(predicates))


def _named(counts: Counter[bytes]) -> dict[str, int]:
    return {name.decode().strip("<>"): number for name, number in sorted(counts.items())}
