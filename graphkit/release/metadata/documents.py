"""The documents in a release that people read: README, codebook, datasheet, data protection, notes on the networks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import yaml

from graphkit.release.metadata.facts import Facts

# The keys of DATASHEET.json that every dataset has; a text in one of these is also in DATASHEET.md or DPIA.md.
DATASHEET_KEYS = (
    "purposes", "intended_uses", "discouraged_uses", "acquisition_methods", "known_limitations", "sensitive_elements",
    "maintainers", "missing_data_documentation", "instances", "creators",
)  # fmt: skip
# Upper limits of the size categories of Hugging Face.
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_NOT_STATED = "Not stated."
_PASSAGES = "Passages are not republished: each has its first and last words and a hash."
DATASHEET_SECTIONS = ("Purpose", "Composition", "Collection", "Known limits", "Uses", "Maintenance")
DPIA_SECTIONS = (
    "Purpose and necessity", "Categories of data and people", "Sources", "Risks and measures", "Requests and review",
)  # fmt: skip
_FILES = """
| file | content |
|---|---|
| `graph.nq.gz`, `graph.trig`, `graph.jsonld` | the whole graph, with a named graph for each source and each policy |
| `graph-flat.ttl` | the graph without named graphs, with the plain triples of one policy |
| `tables/`, `parquet/` | the tables, as CSV and Parquet, described in `CODEBOOK.md` and `tables/datapackage.json` |
| `ontology.ttl`, `shapes.ttl` | the terms of the graph, and the rules for its form |
| `croissant.json`, `ro-crate-metadata.json`, `dcat.ttl`, `void.ttl`, `datacite.xml`, `CITATION.cff` | descriptions |
| `DATASHEET.md` and `.json`, `DPIA.md`, `LOSSES.md` | limits of the data, personal data, limits of each format |
| `CANONICAL.sha256`, `SHA256SUMS` | the hash of the graph in any form (RDFC-1.0), and of each file |

`graphkit verify` and this folder show whether it is whole and agrees with itself; `sha256sum -c SHA256SUMS` checks the
bytes alone.

**A statement is not a fact.** Each row of `statements` and each edge says who asserts or denies a claim.
"""
_WITH_NETWORK = """
`QUERIES.md` has queries that run on the graph, each with the number of rows of its answer.
`network/` has the network for Gephi, Cytoscape, igraph, Neo4j, Pajek and UCINET, and `kge/` triples for embeddings.
"""
_WITHOUT_NETWORK = """
The graph is too large for programs that draw networks: there are none, and no triples for embeddings.
"""
_NETWORK = """
| file | program | edges |
|---|---|---|
| `graph.graphml` | igraph, yEd, visone | all claims between two entities or propositions, with their status |
| `graph.gexf` | Gephi | the same, with a spell for each statement |
| `graph.cx2` | Cytoscape | the same |
| `neo4j/` | Neo4j | the same; only a plain triple has the bare name of its relation as type |
| `pajek/`, `dl/` | Pajek, UCINET | plain triples only; `labels.csv` has the names of the numbers |
| `discourse/` | Pajek, UCINET | actors and the concepts that they support or oppose; actors that agree; concepts |

`discourse/` has networks of up to 50,000 ties. A negative weight is opposition; files that end with `-key.csv` have the
labels, those with `-statements.csv` the statements of each tie, and those with `-network.json` the settings, from which
`graphkit verify` makes each network again.

An edge is a claim, not a fact: read its attributes `status`, `plain` and `stances`.
"""


def readme(facts: Facts) -> str:
    """Return README.md; its head configures the tables for Hugging Face."""
    return "".join(_readme(facts))


def _readme(facts: Facts) -> Iterator[str]:
    dataset, content = facts.dataset, facts.content
    yield f"---\n{yaml.safe_dump(_head(facts), allow_unicode=True, sort_keys=False, width=110)}---\n\n"
    yield f"# {dataset.title}\n\n{dataset.description}\n\n"
    yield f"* Version: {dataset.version}, released on {facts.released}\n* Licence: {dataset.licence}\n"
    yield f"* Creators: {'; '.join(creator.name for creator in dataset.creators)}\n* Cite as: {facts.citation}\n"
    yield f"* Contact: {dataset.contact or _NOT_STATED}\n* Policy of the plain triples: {facts.policy}\n{_FILES}"
    yield _WITH_NETWORK if content.has_network else _WITHOUT_NETWORK
    yield "\n| table | rows |\n|---|---:|\n"
    yield from (f"| {name} | {number} |\n" for name, number in content.tables.items())


def _head(facts: Facts) -> dict[str, object]:
    rows, dataset = facts.content.tables["statements"], facts.dataset
    return {
        "license": facts.spdx.lower() or "other",
        "language": [dataset.language],
        "pretty_name": dataset.title,
        "tags": list(dataset.subjects),
        "size_categories": [next((word for limit, word in _SIZES if rows < limit), "1M<n<10M")],
        "configs": [
            {"config_name": name, "data_files": f"parquet/{name}.parquet", **({"default": True} if not number else {})}
            for number, name in enumerate(facts.content.tables)
        ],
    }


def network_readme(facts: Facts) -> str:
    """Return the notes on the networks, which programs that drop the attributes of a graph leave without a licence."""
    dataset = facts.dataset
    head = f"# Network of {dataset.title}\n\n* Version: {dataset.version}\n* Licence: {dataset.licence}\n"
    return f"{head}* Policy of the plain triples: {facts.policy}\n* Dataset: {facts.address}\n{_NETWORK}"


def codebook(facts: Facts) -> str:
    """Return CODEBOOK.md: each table with its columns, keys and references."""
    return "".join(_codebook(facts))


def _codebook(facts: Facts) -> Iterator[str]:
    yield f"# Codebook of {facts.dataset.title}, version {facts.dataset.version}\n\n"
    yield "An empty cell is a missing value, and `NA` is a text. The Parquet files have the same tables and columns.\n"
    for table in facts.package["resources"]:
        schema = table["schema"]
        refers = {key["fields"]: key["reference"]["resource"] for key in schema["foreignKeys"]}
        yield f"\n## {table['name']}\n\n{table['description']}\n\nKey: {', '.join(schema['primaryKey'])}\n\n"
        yield "| column | type | refers to | meaning |\n|---|---|---|---|\n"
        for column in schema["fields"]:
            name = column["name"]
            yield f"| {name} | {column['type']} | {refers.get(name, '')} | {column['description']} |\n"


def datasheet(facts: Facts) -> str:
    """Return DATASHEET.md, from `dataset.yaml` and counted numbers."""
    dataset = facts.dataset
    creators = "; ".join(creator.name for creator in dataset.creators)
    funders = "; ".join(funder.name for funder in dataset.funders) or "none stated"
    sections = (
        f"{dataset.description}\n\nCreators: {creators}. Funders: {funders}.\n",
        "".join(_composition(facts)),
        f"{dataset.collection or _NOT_STATED}\n",
        _bullets(dataset.limits),
        f"Made for:\n\n{_bullets(dataset.uses)}\nNot fit for:\n\n{_bullets(dataset.misuses)}",
        f"{dataset.maintenance or _NOT_STATED}\n\nContact: {dataset.contact or _NOT_STATED}\n",
    )
    return _document(f"Datasheet of {dataset.title}, version {dataset.version}", DATASHEET_SECTIONS, sections)


def datasheet_data(facts: Facts) -> str:
    """Return DATASHEET.json: the same facts by the schema of Bridge2AI."""
    dataset = facts.dataset
    whole = {
        "id": facts.address, "name": dataset.title, "description": dataset.description, "version": dataset.version,
        "license": dataset.licence, "language": dataset.language, "issued": f"{facts.released}T00:00:00Z",
        "citation": facts.citation, "keywords": list(dataset.subjects),
        "conforms_to_schema": "https://w3id.org/bridge2ai/data-sheets-schema",
        "creators": [{"name": creator.name} for creator in dataset.creators],
        "funders": _described(funder.name for funder in dataset.funders),
        "purposes": _described([dataset.description]), "intended_uses": _described(dataset.uses),
        "discouraged_uses": _described(dataset.misuses),
        "instances": [{"name": name, "counts": number} for name, number in facts.content.counts.items()],
        "missing_data_documentation": _described([_undated(facts)]),
        "acquisition_methods": _described([dataset.collection]), "known_limitations": _described(dataset.limits),
        "sensitive_elements": _described([dataset.sensitive]), "maintainers": _described([dataset.maintenance]),
    }  # fmt: skip
    return json.dumps({key: value for key, value in whole.items() if value != []}, ensure_ascii=False, indent=1) + "\n"


def _undated(facts: Facts) -> str:
    counts = facts.content.counts
    return f"{counts['statements without a date']} of {counts['statements']} statements have no date."


def _described(texts: Iterable[str | None]) -> list[dict[str, str]]:
    return [{"description": text or _NOT_STATED} for text in tuple(texts) or (None,)]


def _composition(facts: Facts) -> Iterator[str]:
    content = facts.content
    yield "| thing | number |\n|---|---:|\n"
    yield from (f"| {name} | {number} |\n" for name, number in content.counts.items())
    yield "\nStatements by kind of source:\n\n| kind of source | statements |\n|---|---:|\n"
    yield from (f"| {kind or 'none'} | {number} |\n" for kind, number in content.sources.items())
    yield f"\n{_undated(facts)}\n"
    yield "\nBodies and groups in most claims that make no statement, with the number of claims about them:\n\n"
    yield _bullets(content.silent)


def dpia(facts: Facts) -> str:
    """Return DPIA.md, the notes on data protection; they are no legal advice."""
    dataset, counts = facts.dataset, facts.content.counts
    unverified = f"{counts['statements with unverified evidence']} of {counts['statements']} statements"
    kinds = ", ".join(f"{kind or 'none'} ({number})" for kind, number in facts.content.sources.items())
    risk = (
        f"The evidence of {unverified} is unverified; a wrong attribution harms its speaker. `statements` marks each."
    )
    review = f"Reviewed with version {dataset.version}, on {facts.released}."
    sections = (
        f"{dataset.description}\n\n{_bullets(dataset.uses)}",
        f"{dataset.sensitive or _NOT_STATED}\n",
        f"{dataset.collection or _NOT_STATED}\n\nStatements by kind of source: {kinds}.\n",
        f"Not fit for:\n\n{_bullets(dataset.misuses)}\n{_PASSAGES} {risk}\n",
        f"{dataset.maintenance or _NOT_STATED}\n\nContact: {dataset.contact or _NOT_STATED}\n\n{review}\n",
    )
    return _document(f"Data protection in {dataset.title}, version {dataset.version}", DPIA_SECTIONS, sections)


def _document(title: str, names: Sequence[str], sections: Sequence[str]) -> str:
    parts = (f"\n## {name}\n\n{text}" for name, text in zip(names, sections, strict=True))
    return f"# {title}\n{''.join(parts)}"


def _bullets(texts: Sequence[str]) -> str:
    return "".join(f"* {text}\n" for text in texts) or f"{_NOT_STATED}\n"
