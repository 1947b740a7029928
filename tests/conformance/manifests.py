"""The manifests of the W3C's test suites, read into cases."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import rdflib
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(os.environ.get("RDF_TESTS", "build/rdf-tests")).resolve() / "sparql" / "sparql11"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a suite.

    Attributes:
        name: Folder and name.
        kind: The local name of its type.
        query: The file of the query.
        result: The file of the expected answer.
        data: The files of the default graph.
        graphs: Those of the named graphs, by name.
    """

    name: str
    kind: str
    query: Path
    result: Path | None = None
    data: tuple[Path, ...] = ()
    graphs: dict[str, Path] = field(default_factory=dict)


def graph_of(manifest: Path) -> rdflib.Graph:
    """Read a manifest."""
    return rdflib.Graph().parse(manifest, publicID=manifest.resolve().as_uri())


def entries(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    """Return its cases in order."""
    return [one for head in graph.objects(None, MF.entries) for one in Collection(graph, head)]


def cases(*names: str) -> Iterator[Case]:
    """Read the cases of some folders."""
    for name in names:
        graph = graph_of(FOLDER / name / "manifest.ttl")
        for entry in entries(graph):
            yield _case(graph, entry, name)


def path_of(node: rdflib.term.Node) -> Path:
    """Return the file that a node names."""
    return Path(rdflib.URIRef(str(node)).removeprefix("file://"))


def _case(graph: rdflib.Graph, entry: rdflib.term.Node, folder: str) -> Case:
    kind = str(graph.value(entry, rdflib.RDF.type)).rpartition("#")[2]
    action = graph.value(entry, MF.action)
    result = graph.value(entry, MF.result)
    name = f"{folder}/{str(entry).rpartition('#')[2]}"
    if action is None:
        return Case(name, kind, Path())
    query = graph.value(action, QT.query) or action
    named = {str(one): path_of(one) for one in graph.objects(action, QT.graphData)}
    data = tuple(path_of(one) for one in graph.objects(action, QT.data))
    at = path_of(result) if isinstance(result, rdflib.URIRef) else None
    return Case(name, kind, path_of(query) if isinstance(query, rdflib.URIRef) else Path(), at, data, named)
