"""The proofs of a released folder, in the order of their rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from graphkit.model.text import visible
from graphkit.release.verify import (
    addresses,
    consistency,
    derived,
    descriptions,
    graphs,
    hashes,
    history,
    nanopubs,
    networks,
    ontology,
    programs,
    publishing,
    queries,
    tables,
    validators,
)
from graphkit.release.verify.deposit import Deposit, UnprovedError, UntriedError

COLUMNS = ("row", "proof", "result", "seconds", "faults", "skipped because")
_SHOWN = 5
_OF_NETWORKS = {"16", "17", "18", "19", "20", "21"}


class Proof(NamedTuple):
    """A proof: its row in the list of academic exports, its name, and a function that yields faults."""

    row: str
    name: str
    check: Callable[[Deposit], Iterator[str]]


class Outcome(NamedTuple):
    """The outcome of a proof: proved, failed or skipped.

    Attributes:
        faults: The first faults; at the end the number of the others.
        skipped: The reason why the proof was not tried.
    """

    row: str
    proof: str
    result: str
    seconds: float
    faults: str
    skipped: str


PROOFS = (
    Proof("26", "the files are those of SHA256SUMS", hashes.check_files),
    Proof("1", "N-Quads: canonical, sorted, no blank nodes", graphs.check_nquads),
    Proof("2", "TriG, JSON-LD, Turtle: the same graph", graphs.check_forms),
    Proof("3", "the hash of RDFC-1.0", graphs.check_canonical),
    Proof("4", "the ontology: labels, domains, no unknown term", graphs.check_ontology),
    Proof("4", "the ontology: metadata, the same in each form", ontology.check_forms),
    Proof("4", "the ontology: the pitfalls that a query finds", ontology.check_pitfalls),
    Proof("4", "the ontology as a page, by pyLODE", ontology.check_page),
    Proof("4", "the ontology: OWL 2 DL, consistent, by HermiT", programs.check_profile),
    Proof("5", "the shapes, by pyshacl", validators.check_shapes),
    Proof("6", "the tables: types, keys, references", tables.check_tables),
    Proof("6", "the tables, by frictionless", validators.check_frictionless),
    Proof("7", "Parquet: the types and rows of the CSV files", validators.check_parquet),
    Proof("8", "Croissant: files, hashes, fields, RAI", descriptions.check_croissant),
    Proof("8", "Croissant: each record set, by mlcroissant", validators.check_mlcroissant),
    Proof("9", "RO-Crate: every file, with its hash", descriptions.check_crate),
    Proof("9", "RO-Crate: preview", publishing.check_preview),
    Proof("9", "RO-Crate, by rocrate-validator", programs.check_crate),
    Proof("10", "DCAT: sizes and hashes of the files", graphs.check_dcat),
    Proof("10", "DCAT, by the shapes of DCAT-AP", validators.check_dcat_shapes),
    Proof("10", "VoID: the numbers of the graph", graphs.check_void),
    Proof("11", "landing page: data, files, links", publishing.check_landing),
    Proof("11", "landing page, by shapes for datasets", validators.check_landing_shapes),
    Proof("12", "DataCite: required properties", descriptions.check_datacite),
    Proof("12", "DataCite, by its schema", partial(validators.by_xsd, "datacite.xml", "datacite.xsd")),
    # Many repositories still use this version.
    Proof("12", "DataCite 4.5, by its schema", partial(validators.by_xsd, "datacite.xml", "datacite-4.5/datacite.xsd")),
    Proof("13", "CITATION.cff: required keys", descriptions.check_citation),
    Proof("13", "CITATION.cff, by its schema", validators.check_citation_schema),
    Proof("13", "CITATION.cff, by cffconvert", programs.check_citation),
    Proof("14", "a licence of each file; the licences of the sources", publishing.check_licences),
    Proof("14", "a licence of each file, by reuse", programs.check_licences),
    Proof("15", "documents: sections, counted numbers, every column", descriptions.check_documents),
    Proof("15", "queries: the number of rows of each", queries.check_queries),
    Proof("15", "DATASHEET.json, by its schema", validators.check_datasheet_schema),
    Proof("16", "GEXF: nodes, edges, days", networks.check_gexf),
    Proof("16", "GEXF, by its schema", partial(validators.by_xsd, "network/graph.gexf", "gexf.xsd")),
    Proof("17", "GraphML: nodes, edges, booleans", networks.check_graphml),
    Proof("18", "CX2: nodes, edges, no nulls", networks.check_cx2),
    Proof("18", "CX2, by ndex2", programs.check_cx2),
    Proof("19", "Pajek and DL: the plain triples, ASCII", networks.check_numbers),
    Proof("19", "discourse networks: those of their records", networks.check_discourse),
    Proof("20", "Neo4j: heads, nodes, edges", networks.check_neo4j),
    Proof("20", "Neo4j, by ladybug", programs.check_neo4j),
    Proof("21", "splits: no leak, no unseen part", derived.check_splits),
    Proof("22", "README.md: the files of its head", descriptions.check_readme),
    Proof("23", "mappings: prefixes, properties, the same as in the data", derived.check_mappings),
    Proof("23", "mappings, by sssom", programs.check_mappings),
    Proof("24", "former ids, and the patch since the release before", history.check_history),
    Proof("25", "nanopublications, if there are any: hashes, statements", nanopubs.check_nanopubs),
    Proof("27", "provenance: inputs, agents, programs", publishing.check_provenance),
    Proof("28", "redirects: each IRI leads to a file that describes it", addresses.check_redirects),
    Proof("all", "title, version, licence, creators, dates: the same everywhere", consistency.check_consistency),
)  # fmt: skip


def verify(folder: Path, schemas: Path | None = None, tools: Path | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each proof of a folder; nothing outside it is read, and no network.

    Args:
        schemas: A folder with schemas of other bodies and their hashes in SHA256SUMS.
        tools: A folder with programs in environments of their own, as `make tools` makes it.

    Raises:
        NotFoundError: There is no folder that can be read.
    """
    deposit = Deposit.open(folder, schemas, tools)
    return (outcome_of(proof, deposit) for proof in PROOFS)


def outcome_of(proof: Proof, deposit: Deposit) -> Outcome:
    """Try a proof."""
    start = time.perf_counter()
    result, faults, reason = _tried(proof, deposit)
    return Outcome(proof.row, proof.name, result, round(time.perf_counter() - start, 2), faults, reason)


def _tried(proof: Proof, deposit: Deposit) -> tuple[str, str, str]:
    """Return the result, the faults, and the reason to skip."""
    try:
        if proof.row in _OF_NETWORKS:
            networks.require_network(deposit)
        found = list(islice(proof.check(deposit), _SHOWN + 1))
    except UntriedError as error:
        return "skipped", "", str(error)
    except UnprovedError as error:
        return "failed", visible(str(error)), ""
    except Exception as error:  # noqa: BLE001 - whatever a hostile file does to a parser, the table is printed
        return "failed", f"It cannot be read: {type(error).__name__}: {visible(str(error)[:300])}", ""
    return ("failed" if found else "proved"), "\n".join(map(visible, _first(found))), ""


def _first(found: list[str]) -> list[str]:
    return [*found[:_SHOWN], *(["…"] if len(found) > _SHOWN else [])]
