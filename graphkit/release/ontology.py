"""The ontology in a release: in four forms, and as a page if the program pyLODE is at hand."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pyoxigraph as ox

from graphkit.model.errors import ExportError
from graphkit.model.iris import PREFIXES
from graphkit.model.workspace import Workspace
from graphkit.store.embedded import scratch_store

FORMS = {
    "ontology.ttl": ox.RdfFormat.TURTLE, "ontology.rdf": ox.RdfFormat.RDF_XML,
    "ontology.jsonld": ox.RdfFormat.JSON_LD, "ontology.nt": ox.RdfFormat.N_TRIPLES,
}  # fmt: skip
PAGE = "ontology.html"
# An ontology in OWL 2 DL has one head, here the shortest, and declares the terms of other vocabularies that it uses.
SECOND_HEAD = """{
  ?first a owl:Ontology . ?name a owl:Ontology ; owl:versionIRI ?version
  FILTER(STRLEN(STR(?first)) < STRLEN(STR(?name)))
}"""
UNDECLARED = """{
  { ?any a|rdfs:subClassOf ?name BIND(owl:Class AS ?kind) }
  UNION { ?own rdfs:subPropertyOf ?name ; a ?kind FILTER(?kind IN (owl:ObjectProperty, owl:DatatypeProperty)) }
  UNION { ?own a owl:DatatypeProperty ; rdfs:range ?name BIND(rdfs:Datatype AS ?kind) }
  UNION { ?any ?name ?value BIND(owl:AnnotationProperty AS ?kind) }
  FILTER NOT EXISTS { ?name a ?known FILTER(?known != rdf:Property) }
  FILTER(!REGEX(STR(?name), "^http://www.w3.org/(1999/02/22-rdf-syntax-ns|2000/01/rdf-schema|2002/07/owl)#"))
}"""


def write_ontology(workspace: Workspace, folder: Path, pylode: Path | None) -> None:
    """Write the ontology.

    Args:
        pylode: The program that makes a page of it.

    Raises:
        ExportError: The program fails.
    """
    store = scratch_store(quad for path in workspace.vocabularies() for quad in ox.parse(path=path))
    store.update(f"DELETE {{ ?name a owl:Ontology ; owl:versionIRI ?version }} WHERE {SECOND_HEAD}", prefixes=PREFIXES)
    store.update(f"INSERT {{ ?name a ?kind }} WHERE {UNDECLARED}", prefixes=PREFIXES)
    triples = sorted((quad.triple for quad in store), key=str)
    for name, form in FORMS.items():
        prefixes = None if form == ox.RdfFormat.N_TRIPLES else PREFIXES
        (folder / name).write_bytes(ox.serialize(triples, format=form, prefixes=prefixes) or b"")
    if pylode:
        (folder / PAGE).write_bytes(_page(pylode, folder / "ontology.ttl"))


def _page(pylode: Path, ontology: Path) -> bytes:
    """Run pyLODE, which gives the same bytes with the same hash seed."""
    with tempfile.TemporaryDirectory() as place:
        command = [str(pylode.absolute()), "--sort", "--outputfile", PAGE, str(ontology.absolute())]
        seeded = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        try:
            subprocess.run(command, cwd=place, env=seeded, check=True, capture_output=True)  # noqa: S603 - that of the user
            return (Path(place) / PAGE).read_bytes()
        except (OSError, subprocess.CalledProcessError) as error:
            raise ExportError(f"{pylode} did not make a page of the ontology: {error}", "Type: make tools") from None
