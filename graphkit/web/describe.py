"""Descriptions for programs, in RDF: the service, the statistics of the graph, its prefixes, the saved questions.

They use SPARQL 1.1 Service Description, VoID and SHACL's `sh:SPARQLExecutable`, as query editors read them for
completion. Every node has an IRI: the address of the endpoint, with a fragment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from graphkit.build.statistics import Statistics
from graphkit.model.iris import BASE, DATASET, PREFIXES, expand
from graphkit.query.questions import Question
from graphkit.store import Store, texts
from graphkit.store.syntax import tokens, with_prefixes

__all__ = ["examples", "service", "void"]

_DATATYPES = (f"<{PREFIXES['xsd']}", f"<{PREFIXES['rdf']}langString>")
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_EXECUTABLES = {"select": "Select", "ask": "Ask", "construct": "Construct", "describe": "Construct"}


class _Description:
    """A set of triples; its names may be CURIEs."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *objects: str | int | ox.Literal) -> None:
        """Add a triple for each object: a name, a number or a literal."""
        for value in objects:
            self.triples.add(ox.Triple(ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), _term(value)))

    def sorted(self) -> list[ox.Triple]:
        """Return the triples in a stable order."""
        return sorted(self.triples, key=str)


def _term(value: str | int | ox.Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(value, str):
        return ox.NamedNode(expand(value))
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    return value


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def service(store: Store, address: str) -> list[ox.Triple]:
    """Describe the SPARQL endpoint of a store at an address."""
    found = _Description()
    dataset, default = f"{address}#dataset", f"{address}#default-graph"
    found.add(address, "rdf:type", "sd:Service")
    found.add(address, "sd:endpoint", address)
    found.add(address, "sd:supportedLanguage", "sd:SPARQL11Query")
    found.add(address, "sd:feature", "sd:UnionDefaultGraph")
    found.add(address, "sd:resultFormat", *(_FORMATS + name for name in (*_RESULTS, *_RDF)))
    found.add(address, "sd:defaultDataset", dataset)
    found.add(dataset, "rdf:type", "sd:Dataset")
    found.add(dataset, "sd:defaultGraph", default)
    found.add(default, "rdf:type", "sd:Graph")
    for (name,) in texts(store, "SELECT ?g { GRAPH ?g {} } ORDER BY ?g", "g"):
        node = f"{address}#graph-{name.removeprefix(PREFIXES['graph'])}"
        found.add(dataset, "sd:namedGraph", node)
        found.add(node, "rdf:type", "sd:NamedGraph")
        found.add(node, "sd:name", name)
    return found.sorted()


def examples(questions: Iterable[Question], address: str) -> list[ox.Triple]:
    """Describe the saved questions of the endpoint at an address, so that query editors can offer them."""
    found = _Description()
    for question in questions:
        node = f"{address}#question-{question.name}"
        form = _query_form(question.text)
        found.add(node, "rdf:type", "sh:SPARQLExecutable", f"sh:SPARQL{_EXECUTABLES[form]}Executable")
        found.add(node, "rdfs:label", _english(question.header.title))
        found.add(node, "rdfs:comment", _english(f"{question.header.title} {question.header.why}".strip()))
        found.add(node, f"sh:{form}", ox.Literal(with_prefixes(question.text)))
        found.add(node, "sh:prefixes", DATASET)
        found.add(node, "schema:target", address)
    return found.sorted()


def _query_form(text: str) -> str:
    return next(word.lower() for kind, word, _ in tokens(text) if kind == "keyword" and word.lower() in _EXECUTABLES)


def void(statistics: Statistics, address: str) -> list[ox.Triple]:
    """Describe the graph of the endpoint at an address."""
    found = _Description()
    found.add(DATASET, "rdf:type", "void:Dataset")
    found.add(DATASET, "void:sparqlEndpoint", address)
    found.add(DATASET, "void:uriSpace", ox.Literal(BASE))
    found.add(DATASET, "void:triples", statistics.triples)
    found.add(DATASET, "void:entities", statistics.entities)
    found.triples |= {quad.triple for quad in ox.parse("\n".join(statistics.about), format=ox.RdfFormat.N_TRIPLES)}
    _add_prefixes(found, address)
    for name, number in statistics.classes.items():
        node = _partition(address, name)
        found.add(DATASET, "void:classPartition", node)
        found.add(node, "void:class", name[1:-1])
        found.add(node, "void:entities", number)
    for names, number in statistics.parts.items():
        _add_partition(found, address, names, number)
    return found.sorted()


def _add_prefixes(found: _Description, address: str) -> None:
    for name, space in PREFIXES.items():
        node = f"{address}#prefix-{name}"
        found.add(DATASET, "sh:declare", node)
        found.add(node, "rdf:type", "sh:PrefixDeclaration")
        found.add(node, "sh:prefix", ox.Literal(name))
        found.add(node, "sh:namespace", ox.Literal(space, datatype=ox.NamedNode(PREFIXES["xsd"] + "anyURI")))


def _add_partition(found: _Description, address: str, names: tuple[str, ...], number: int) -> None:
    """Add the triples of a class with a property, or those among them with one class or datatype of the object."""
    owner, node = _partition(address, *names[:-1]), _partition(address, *names)
    match names:
        case (_, predicate):
            found.add(owner, "void:propertyPartition", node)
            found.add(node, "void:property", predicate[1:-1])
            found.add(node, "void:triples", number)
        case (_, _, end) if end.startswith(_DATATYPES):
            found.add(owner, "void-ext:datatypePartition", node)
            found.add(node, "void-ext:datatype", end[1:-1])
            found.add(node, "void:triples", number)
        case (_, _, end):
            found.add(owner, "void:classPartition", node)
            found.add(node, "void:class", end[1:-1])
            found.add(node, "void:entities", number)


def _partition(address: str, *names: str) -> str:
    """Return the IRI of the partition with a class, or a class and a property, and so on."""
    bare = " ".join(name[1:-1] for name in names)
    return f"{address}#part-{hashlib.sha256(bare.encode()).hexdigest()[:16]}"
