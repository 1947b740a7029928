"""ro-crate-metadata.json (RO-Crate 1.2): every file of the release, who made it, and the program that wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphkit.model.base_iri import DEFAULT_BASE
from graphkit.model.dataset import Creator
from graphkit.release.content import ReleasedFile
from graphkit.release.metadata.facts import Facts

NAME, PREVIEW = "ro-crate-metadata.json", "ro-crate-preview.html"
CONFORMS = "https://w3id.org/ro/crate/1.2"
# The beginning of a path to the meaning of the file.
_MEANS = (
    ("graph-flat", "The graph without named graphs, with the plain triples of one policy."),
    ("graph", "The whole graph, with a named graph for each source and each policy."),
    ("ontology", "The terms of the graph."), ("shapes", "The rules for the form of the graph."),
    ("network/", "The network of claims, or notes about it."), ("CODEBOOK", "The meaning of each column."),
    ("DATASHEET", "Purpose, content, collection and limits of the dataset."), ("DPIA", "Notes on data protection."),
    ("QUERIES", "Queries, each with the number of rows of its answer."),
    ("LOSSES", "The things that each format leaves out."), ("README", "An overview of the files."),
    ("LICENSES/", "The text of a licence."), ("LICENCES", "The licences of the sources."),
    ("REUSE", "The licence of each file."), ("kge/", "Triples for embeddings, or labels for them."),
    ("nanopubs", "Each statement as a nanopublication."), ("history/", "The changes since the release before."),
    ("mappings", "Corresponding entities and terms elsewhere."), ("landing/", "A page about the dataset."),
    ("build-provenance", "The files and programs from which the release was made."),
    ("w3id/", "Redirects from the IRIs to the files."),
    ("CANONICAL", "The hash of the graph in any form (RDFC-1.0)."),
    ("tables/datapackage", "The columns, keys and references of the tables."),
    ("parquet/datapackage", "The columns, keys and references of the tables."),
    ("", "A description of the dataset for catalogues and programs."),
)  # fmt: skip


def crate(facts: Facts, files: Sequence[ReleasedFile]) -> str:
    """Return the metadata of the crate.

    Args:
        files: All files of the release but this one and the list of hashes; the page about the crate is no part of it.
    """
    data = [file for file in files if file.name != PREVIEW]
    whole = {"@context": f"{CONFORMS}/context", "@graph": list(_entities(facts, data))}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _entities(facts: Facts, files: Sequence[ReleasedFile]) -> Iterator[dict[str, Any]]:
    yield {
        "@id": NAME, "@type": "CreativeWork", "conformsTo": _link(CONFORMS), "about": _link("./"),
    }  # fmt: skip
    yield _root(facts, files)
    yield {
        "@id": "#identifier", "@type": "PropertyValue", "name": "identifier", "value": facts.address,
        "propertyID": "DOI" if facts.dataset.doi else "IRI", "url": facts.address,
    }  # fmt: skip
    yield {
        "@id": facts.dataset.licence, "@type": "CreativeWork", "name": facts.spdx or facts.dataset.licence,
        "description": "The licence of the dataset.",
    }  # fmt: skip
    for number, creator in enumerate(facts.dataset.creators, 1):
        yield from _agent(creator, number, facts.dataset.contact if number == 1 else None)
    tables = {table["name"]: table["description"] for table in facts.package["resources"]}
    if contact := facts.dataset.contact:
        way = "url" if contact.startswith("http") else "email"
        yield {"@id": "#contact", "@type": "ContactPoint", "name": contact, way: contact}
    yield from (_file(file, tables) for file in files)
    yield {
        "@id": "#graphkit", "@type": "SoftwareApplication", "name": "graphkit", "version": facts.software,
        "url": DEFAULT_BASE,
    }  # fmt: skip
    yield {
        "@id": "#release", "@type": "CreateAction", "name": f"Release of version {facts.dataset.version}",
        "agent": _link(_agent_id(facts.dataset.creators[0], 1)), "instrument": _link("#graphkit"),
        "endTime": facts.released, "result": _link("./"),
        "description": f"The graph has the SHA-256 {facts.canonical} after RDFC-1.0.",
    }  # fmt: skip


def _file(file: ReleasedFile, tables: Mapping[str, str]) -> dict[str, str]:
    folder, _, name = file.name.rpartition("/")
    means = tables.get(name.partition(".")[0]) if folder in {"tables", "parquet"} else None
    return {
        "@id": file.name, "@type": "File", "name": file.name, "description": means or _described(file.name),
        "contentSize": str(file.size), "encodingFormat": file.media, "sha256": file.sha256,
    }  # fmt: skip


def _described(name: str) -> str:
    return next((means for start, means in _MEANS if name.startswith(start)), "A file of the release.")


def _root(facts: Facts, files: Sequence[ReleasedFile]) -> dict[str, Any]:
    dataset = facts.dataset
    creators = [_link(_agent_id(creator, number)) for number, creator in enumerate(dataset.creators, 1)]
    root = {
        "@id": "./", "@type": "Dataset", "name": dataset.title, "description": dataset.description,
        "datePublished": facts.released, "license": _link(dataset.licence), "version": dataset.version,
        "identifier": _link("#identifier"), "url": facts.address, "publisher": creators[0],
        "creator": creators if len(creators) > 1 else creators[0], "inLanguage": dataset.language,
        "keywords": list(dataset.subjects), "hasPart": [_link(file.name) for file in files],
        "mentions": _link("#release"),
    }  # fmt: skip
    return {key: value for key, value in root.items() if value != []}


def _link(name: str) -> dict[str, str]:
    return {"@id": name}


def _agent_id(creator: Creator, number: int) -> str:
    return creator.orcid_address or f"#creator-{number}"


def _agent(creator: Creator, number: int, contact: str | None) -> Iterator[dict[str, Any]]:
    agent: dict[str, Any] = {
        "@id": _agent_id(creator, number), "@type": "Person" if creator.orcid else "Organization", "name": creator.name
    }  # fmt: skip
    agent |= {"contactPoint": _link("#contact")} if contact else {}
    if not creator.affiliation:
        yield agent
        return
    body = creator.ror_address or f"#affiliation-{number}"
    yield {**agent, "affiliation": _link(body)}
    yield {"@id": body, "@type": "Organization", "name": creator.affiliation}
