"""mappings.sssom.tsv: the entities and terms of other datasets and vocabularies that ours correspond to."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.model.csv_rows import csv_writer
from graphkit.model.iris import BASE, PREFIXES, SP, expand
from graphkit.release.content import rows_of
from graphkit.release.metadata.facts import Facts

NAME = "mappings.sssom.tsv"
# The data do not record how a correspondence was found.
JUSTIFICATION = "semapv:UnspecifiedMatching"
_UNCHECKED = "Typed by a curator; not compared with the entry there."
PREDICATES = (
    "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass", "owl:equivalentProperty",
    "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch",
)  # fmt: skip
_NAMES = {expand(curie): curie for curie in PREDICATES}
_SPACE = re.compile(r"^(.*/SEPIO_|.*[/#])([^/#]+)$")
_KNOWN = {space: prefix for prefix, space in PREFIXES.items()} | {
    "http://purl.obolibrary.org/obo/SEPIO_": "sepio",
    "http://purl.org/nanopub/x/": "npx",
    "http://purl.org/spar/cito/": "cito",
    "http://www.cidoc-crm.org/extensions/crminf/": "crminf",
    "http://www.w3.org/2006/time#": "time",
    "https://schema.followthemoney.tech/#": "ftm",
}


class Mapping(NamedTuple):
    """A correspondence, by the columns of SSSOM; the two ends are IRIs until they are written."""

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    mapping_justification: str = JUSTIFICATION
    comment: str = ""


def mappings_in(folder: Path) -> list[Mapping]:
    """Return the correspondences of a release: those of its entities, and those of the terms of its ontology."""
    entities = (
        Mapping(row["iri"], row["label"], "skos:exactMatch", row["wikidata"], comment=_UNCHECKED)
        for row in rows_of(folder, "entities")
        if row["wikidata"]
    )
    return [*entities, *sorted(_terms(folder / "ontology.ttl"))]


def _terms(path: Path) -> Iterator[Mapping]:
    quads = list(ox.parse(path=path))
    labels = {quad.subject: quad.object.value for quad in quads if quad.predicate.value == expand("rdfs:label")}
    for quad in quads:
        start, end, name = (getattr(term, "value", "") for term in (quad.subject, quad.object, quad.predicate))
        if name in _NAMES and start.startswith(SP) and not end.startswith(SP):
            yield Mapping(start, labels.get(quad.subject, ""), _NAMES[name], end)


def mappings_document(facts: Facts, found: list[Mapping]) -> str:
    """Return the correspondences in SSSOM, with the prefixes that they use at the head."""
    spaces = sorted({_SPACE.sub(r"\1", iri) for one in found for iri in (one.subject_id, one.object_id)})
    prefixes = {space: _KNOWN.get(space, f"ns{number}") for number, space in enumerate(spaces, 1)}
    used = {name: space for space, name in prefixes.items()}
    used |= {"rdfs": PREFIXES["rdfs"], "skos": PREFIXES["skos"], "owl": PREFIXES["owl"]}
    head = [f"#mapping_set_id: {BASE}mappings\n", f"#mapping_set_version: {facts.dataset.version}\n"]
    head += [f"#license: {facts.dataset.licence}\n", "#curie_map:\n"]
    head += [f"#  {name}: {space}\n" for name, space in sorted(used.items())]
    text = io.StringIO()
    writer = csv_writer(text, "\t")
    writer.writerow(Mapping._fields)
    writer.writerows(_shortened(one, prefixes) for one in found)
    return "".join(head) + text.getvalue()


def _shortened(one: Mapping, prefixes: dict[str, str]) -> Mapping:
    start, end = (_curie(iri, prefixes) for iri in (one.subject_id, one.object_id))
    return one._replace(subject_id=start, object_id=end, subject_label=" ".join(one.subject_label.split()))


def _curie(iri: str, prefixes: dict[str, str]) -> str:
    space = _SPACE.sub(r"\1", iri)
    return f"{prefixes[space]}:{iri[len(space) :]}"
