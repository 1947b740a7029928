"""Coded statements as the list of events that users of Discourse Network Analyzer know: one row for each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from graphkit.analysis.discourse.reading import Reader, Reading, Row, Withdrawals
from graphkit.analysis.network import kind_of
from graphkit.analysis.properties import Properties
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.files import replacing
from graphkit.release.tables.streams import StreamedRows
from graphkit.store import Store

# The first sixteen columns are those of the program, in its order.
_COLUMNS = (
    "statement_id", "time", "person", "organization", "concept", "agreement", "start_position", "stop_position", "text",
    "coder", "document_id", "document_title", "document_author", "document_source", "document_section", "document_type",
    "weight", "stance", "certainty", "basis", "subject", "relation", "object", "value", "said_earliest", "said_latest",
    "via", "gist", "evidence_status", "organization_kind", "organization_sector", "concept_id", "document_url",
)  # fmt: skip
_READING = Reading(narrators="keep", facts="keep")
_OF_WITHDRAWALS = (
    "sp:proposition", "sp:stance", "sp:speaker", "sp:voice", "sp:saidEarliest", "sp:codedAs", "sp:concept", "sp:sign",
)  # fmt: skip


def write_dna_csv(store: Store, _policy: str, path: Path, delimiter: str = ";") -> list[Path]:
    """Write a row for each concept of each statement, and one without a concept where a statement is not coded.

    Narrators and facts are in it, and agreement is empty where no side is taken. The time is that of the publication.
    Passages are not stored, so that the text is their first and last words.
    """
    with (
        StreamedRows.open(store) as rows,
        replacing(path) as beside,
        beside.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(rows))
    return [path]


write_dna_csv_comma = partial(write_dna_csv, delimiter=",")


def _rows(graph: StreamedRows) -> Iterator[list[str]]:
    withdrawals: Withdrawals = {}
    for properties in graph.statements(_OF_WITHDRAWALS):
        for key, days in Reader(properties, _READING).withdrawals().items():
            withdrawals.setdefault(key, []).extend(days)
    for properties in graph.statements():
        yield from _of_part(Reader(properties, _READING), withdrawals)


def _of_part(reader: Reader, withdrawals: Withdrawals) -> Iterator[list[str]]:
    views = statement_views(reader.properties)
    coded: dict[str, list[Row | None]] = {}
    for row in reader.standing(withdrawals):
        coded.setdefault(row.statement, []).append(row)
    for name in reader.statements():
        source = reader.properties.one(name, "sp:source")
        document = _document(reader.properties, source)
        for each in coded.get(name, [None]):
            coding = _coding(reader, name, each, views[name])
            further = _further(reader.properties, name, each, views[name])
            yield [*coding, *document, *further, reader.properties.one(source, "schema:url")]


def _coding(reader: Reader, name: str, row: Row | None, view: StatementView) -> list[str]:
    """Return the columns of the program up to the coder, who is not known."""
    one, label = reader.properties.one, reader.properties.label
    bodies, speaker = reader.ends(name), one(name, "sp:speaker")
    agreement = "" if row is None or row.sign == 0 else str(int(row.sign > 0))
    return [
        view.id, one(one(name, "sp:source"), "sp:publishedEarliest"), "" if speaker in bodies else label(speaker),
        label(bodies[0]) if bodies else "", label(row.concept) if row else "", agreement, view.position, "",
        view.passage, "",
    ]  # fmt: skip


def _document(properties: Properties, source: str) -> list[str]:
    authors, publishers = (
        ", ".join(properties.label(each) for each in properties.all(source, name))
        for name in ("dcterms:creator", "dcterms:publisher")
    )
    kind = properties.label(properties.one(source, "sp:sourceKind"))
    return [source.rpartition("/")[2], properties.one(source, "dcterms:title"), authors, publishers, "", kind]


def _further(properties: Properties, name: str, row: Row | None, view: StatementView) -> list[str]:
    """Return the columns that the program does not have."""
    one, label = properties.one, properties.label
    claim = one(name, "sp:proposition")
    actor = row.actor if row else ""
    sector = one(actor, "sp:sector")
    target = one(claim, "sp:object") or one(claim, "sp:amount")
    return [
        str(abs(row.sign)) if row else "", view.stance, view.certainty, view.basis, label(one(claim, "sp:subject")),
        label(one(claim, "sp:relation")), label(target) if target else "", one(claim, "sp:value"),
        one(name, "sp:saidEarliest"), one(name, "sp:saidLatest"), view.via, view.gist, view.evidence,
        kind_of(properties.all(actor, "rdf:type")) if actor else "", label(sector) if sector else "",
        row.concept if row and row.concept.startswith("http") else "",
    ]  # fmt: skip
