"""The triples of the descriptions in Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pyoxigraph as ox

from graphkit.model.dataset import Creator
from graphkit.model.iris import DATASET, PREFIXES, expand

Value: TypeAlias = "ox.NamedNode | ox.Literal"

_OWN = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
}


def turtle(triples: Iterable[ox.Triple]) -> str:
    """Return triples as Turtle with the prefixes of the project."""
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, **_OWN}) or b"").decode()


def named(curie: str) -> ox.NamedNode:
    """Return the term of a CURIE."""
    prefix, _, local = curie.partition(":")
    return ox.NamedNode(_OWN[prefix] + local if prefix in _OWN else expand(curie))


def triple(subject: str, curie: str, value: Value) -> ox.Triple:
    """Return a triple with a property that is given as a CURIE."""
    return ox.Triple(ox.NamedNode(subject), named(curie), value)


def checksum(name: str, sha256: str) -> Iterator[ox.Triple]:
    """Yield the hash of a file."""
    check = f"{name}#sha256"
    yield triple(name, "spdx:checksum", ox.NamedNode(check))
    yield triple(check, "rdf:type", named("spdx:Checksum"))
    yield triple(check, "spdx:algorithm", named("spdx:checksumAlgorithm_sha256"))
    yield triple(check, "spdx:checksumValue", ox.Literal(sha256, datatype=named("xsd:hexBinary")))


def agent_iri(creator: Creator, number: int) -> str:
    """Return the IRI of a creator.

    People and bodies without an id of their own get one here, because a release has no blank nodes.
    """
    return creator.orcid_address or f"{DATASET}/creator/{number}"
