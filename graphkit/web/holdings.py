"""The VoID description of a graph, made of the statistics that the build counted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import BASE, PREFIXES
from graphkit.web.describe_writer import Writer

if TYPE_CHECKING:
    from graphkit.build.statistics import Statistics

_DATASET = BASE + "dataset"
_DATATYPES = (f"<{PREFIXES['xsd']}", f"<{PREFIXES['rdf']}langString>")


def void(statistics: Statistics, address: str) -> list[ox.Triple]:
    """Describe a graph.

    Args:
        statistics: Its statistics.
        address: The IRI of its endpoint.
    """
    out = Writer()
    out.add(_DATASET, "rdf:type", "void:Dataset")
    out.add(_DATASET, "void:sparqlEndpoint", address)
    out.add(_DATASET, "void:uriSpace", ox.Literal(BASE))
    out.add(_DATASET, "void:triples", statistics.triples)
    out.add(_DATASET, "void:entities", statistics.entities)
    out.triples |= {quad.triple for quad in ox.parse("\n".join(statistics.about), format=ox.RdfFormat.N_TRIPLES)}
    _prefixes(out, address)
    for name, number in statistics.classes.items():
        node = _node(address, name)
        out.add(_DATASET, "void:classPartition", node)
        out.add(node, "void:class", name[1:-1])
        out.add(node, "void:entities", number)
    for names, number in statistics.parts.items():
        _part(out, address, names, number)
    return out.sorted()


def _prefixes(out: Writer, address: str) -> None:
    for name, space in PREFIXES.items():
        node = f"{address}#prefix-{name}"
        out.add(_DATASET, "sh:declare", node)
        out.add(node, "rdf:type", "sh:PrefixDeclaration")
        out.add(node, "sh:prefix", ox.Literal(name))
        out.add(node, "sh:namespace", ox.Literal(space, datatype=ox.NamedNode(PREFIXES["xsd"] + "anyURI")))


def _part(out: Writer, address: str, names: tuple[str, ...], number: int) -> None:
    """Describe the triples of a class with a property, or those of them with one class or datatype at the end."""
    owner, node = _node(address, *names[:-1]), _node(address, *names)
    match names:
        case (_, predicate):
            out.add(owner, "void:propertyPartition", node)
            out.add(node, "void:property", predicate[1:-1])
            out.add(node, "void:triples", number)
        case (_, _, end) if end.startswith(_DATATYPES):
            out.add(owner, "void-ext:datatypePartition", node)
            out.add(node, "void-ext:datatype", end[1:-1])
            out.add(node, "void:triples", number)
        case (_, _, end):
            out.add(owner, "void:classPartition", node)
            out.add(node, "void:class", end[1:-1])
            out.add(node, "void:entities", number)


def _node(address: str, *names: str) -> str:
    """Name a partition by what it is about."""
    bare = " ".join(name[1:-1] for name in names)
    return f"{address}#part-{hashlib.sha256(bare.encode()).hexdigest()[:16]}"
