"""Small corpora that a test writes down itself, built into graphs."""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING, Any

import yaml
from places import SMALL, copy_workspace

from graphkit.build.pipeline import build
from graphkit.graph import Graph, open_graph
from graphkit.model.errors import QueryWarning
from graphkit.model.iris import graph_iri
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Of a source and of a statement that says nothing about them.
_SOURCE = {"kind": "news-article", "published": "2020"}


def build_corpus(folder: Path, entities: str, sources: str) -> Graph:
    """Build a corpus and return its graph.

    Args:
        entities: YAML: the entities by slug.
        sources: YAML: source id to statements by key. The key `source` holds fields of the source itself; gist and
            evidence are filled in, and the publisher is the part of the id before the first hyphen.
    """
    place = copy_workspace(SMALL, folder)
    for path in (*(place.data / "sources").iterdir(), *(place.data / "entities").iterdir()):
        path.unlink()
    known = {"entities": yaml.safe_load(entities)}
    (place.data / "entities" / "all.yaml").write_text(yaml.safe_dump(known), encoding="utf-8")
    for name, statements in yaml.safe_load(sources).items():
        record = _source(name, statements)
        (place.data / "sources" / f"{name}.yaml").write_text(yaml.safe_dump(record), encoding="utf-8")
    built = build(place)
    assert built.ok, built.problems
    return open_graph(place.root)


def _source(name: str, statements: Mapping[str, Any]) -> dict[str, Any]:
    fields = {"id": name, "publisher": name.partition("-")[0], "title": name, "url": f"https://example.org/{name}"}
    said = {key: _statement(name, key, fields) for key, fields in statements.items() if key != "source"}
    return {**fields, **_SOURCE, **statements.get("source", {}), "statements": said}


def _statement(source: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    words = f"words of {source} {key}"
    evidence = {"starts": words, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    return {"gist": f"Gist of {key}.", "evidence": evidence, **fields}


def short_rows(graph: Graph, query: str) -> set[tuple[str, ...]]:
    """Return the rows of a query with short names; none if the graph does not contain what it names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", QueryWarning)
        answer = graph.query(query)
    assert isinstance(answer, Table)
    return {tuple(str(cell).rpartition("/")[2].rpartition("#")[2] for cell in row.values()) for row in answer}


def plain(graph: Graph, policy: str, relation: str) -> set[tuple[str, ...]]:
    """Return the ends of the plain triples of a policy with a relation."""
    return short_rows(graph, f"SELECT ?s ?o {{ GRAPH <{graph_iri('flat/' + policy)}> {{ ?s sp:{relation} ?o }} }}")


def disputes(graph: Graph, rule: str) -> set[tuple[str, ...]]:
    """Return the pairs of statement keys that the disputes of a rule are between."""
    return short_rows(graph, f"SELECT ?yes ?no {{ ?d sp:rule rule:{rule} ; sp:affirmedBy ?yes ; sp:deniedBy ?no }}")
