"""build-provenance.ttl: the files and programs from which a release was made, and those who made it, in PROV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import metadata as installed
from urllib.parse import quote

import pyoxigraph as ox

from graphkit.model.files import hash_file
from graphkit.model.iris import BASE, DATASET
from graphkit.model.workspace import Workspace
from graphkit.release.metadata.facts import Facts
from graphkit.release.metadata.triples import agent_iri, checksum, named, triple, turtle

NAME = "build-provenance.ttl"
# The libraries that write the bytes of a release.
_LIBRARIES = ("networkx", "pyarrow", "pyoxigraph", "PyYAML")


def inputs_of(workspace: Workspace) -> dict[str, str]:
    """Return the hashes of the files that a build reads, by their paths in the workspace."""
    data = [*workspace.entity_files(), *workspace.source_files(), workspace.data / "dataset.yaml"]
    data += [workspace.merges, workspace.codebook, workspace.verification, workspace.tombstones]
    paths = [*data, *workspace.vocabularies(), workspace.ontology / "shapes.ttl", *workspace.rules()]
    return {path.relative_to(workspace.root).as_posix(): hash_file(path) for path in sorted(paths) if path.is_file()}


def provenance(facts: Facts, inputs: Mapping[str, str]) -> str:
    """Return the activity that made a release.

    No commit is named: an installed program does not know whether its code was archived.
    """
    return turtle(_provenance(facts, inputs))


def _provenance(facts: Facts, inputs: Mapping[str, str]) -> Iterator[ox.Triple]:
    here = f"{BASE}release/{facts.dataset.version}"
    activity = f"{here}/activity"
    yield triple(activity, "rdf:type", named("prov:Activity"))
    yield triple(activity, "dcterms:date", ox.Literal(facts.released, datatype=named("xsd:date")))
    yield triple(activity, "dcterms:description", ox.Literal(f"graphkit release {facts.dataset.version}"))
    yield triple(DATASET, "prov:wasGeneratedBy", ox.NamedNode(activity))
    yield triple(DATASET, "owl:versionInfo", ox.Literal(facts.dataset.version))
    graph = f"{here}/graph.nq"
    yield triple(graph, "prov:wasGeneratedBy", ox.NamedNode(activity))
    yield from _hashed(graph, "graph.nq", facts.canonical)
    for number, creator in enumerate(facts.dataset.creators, 1):
        yield from _agent(activity, agent_iri(creator, number), "prov:Agent", creator.name)
    versions = {"graphkit": facts.software, **{name: installed.version(name) for name in _LIBRARIES}}
    for name, version in versions.items():
        agent = f"{here}/software/{name}"
        yield from _agent(activity, agent, "prov:SoftwareAgent", name)
        yield triple(agent, "schema:softwareVersion", ox.Literal(version))
    for name, sha256 in inputs.items():
        entity = f"{here}/input/{quote(name)}"
        yield triple(activity, "prov:used", ox.NamedNode(entity))
        yield from _hashed(entity, name, sha256)


def _agent(activity: str, agent: str, kind: str, name: str) -> Iterator[ox.Triple]:
    yield triple(activity, "prov:wasAssociatedWith", ox.NamedNode(agent))
    yield triple(agent, "rdf:type", named(kind))
    yield triple(agent, "foaf:name", ox.Literal(name))


def _hashed(entity: str, title: str, sha256: str) -> Iterator[ox.Triple]:
    yield triple(entity, "rdf:type", named("prov:Entity"))
    yield triple(entity, "dcterms:title", ox.Literal(title))
    yield from checksum(entity, sha256)
