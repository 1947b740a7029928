"""What programs of others read first: the service, what the graph holds, its prefixes and its saved questions.

Sources: SPARQL 1.1 Service Description, VoID, and SHACL's `sh:SPARQLExecutable`, as editors with completion read them.
Every node has a name: the address of the endpoint, and a fragment of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.sparql import tokens, with_prefixes
from graphkit.store import texts
from graphkit.terms import BASE, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query import Question
    from graphkit.store import Store

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_EXECUTABLES = {"select": "Select", "ask": "Ask", "construct": "Construct", "describe": "Construct"}


class _Writer:
    """Triples under way, with terms spelled as CURIEs."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *objects: str | int | ox.Literal) -> None:
        """Add a triple for each object: a name, a number, or a literal."""
        for one in objects:
            value = ox.NamedNode(expand(one)) if isinstance(one, str) else _number(one)
            self.triples.add(ox.Triple(ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), value))

    def sorted(self) -> list[ox.Triple]:
        """Return what was added."""
        return sorted(self.triples, key=str)


def _number(one: int | ox.Literal) -> ox.Literal:
    return (
        one if isinstance(one, ox.Literal) else ox.Literal(str(one), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    )


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def service(store: Store, address: str) -> list[ox.Triple]:
    """Describe a SPARQL endpoint.

    Args:
        store: What it answers from.
        address: Its IRI.
    """
    out = _Writer()
    dataset, default = f"{address}#dataset", f"{address}#default-graph"
    out.add(address, "rdf:type", "sd:Service")
    out.add(address, "sd:endpoint", address)
    out.add(address, "sd:supportedLanguage", "sd:SPARQL11Query")
    out.add(address, "sd:feature", "sd:UnionDefaultGraph")
    out.add(address, "sd:resultFormat", *(_FORMATS + name for name in (*_RESULTS, *_RDF)))
    out.add(address, "sd:defaultDataset", dataset)
    out.add(dataset, "rdf:type", "sd:Dataset")
    out.add(dataset, "sd:defaultGraph", default)
    out.add(default, "rdf:type", "sd:Graph")
    out.add(default, "void:triples", _count(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    for (name,) in texts(store, "SELECT ?g { GRAPH ?g {} } ORDER BY ?g", "g"):
        node = f"{address}#graph-{name.removeprefix(PREFIXES['graph'])}"
        out.add(dataset, "sd:namedGraph", node)
        out.add(node, "rdf:type", "sd:NamedGraph")
        out.add(node, "sd:name", name)
    return out.sorted()


_PARTS = """
SELECT ?class ?property ?object (COUNT(*) AS ?n)
WHERE { ?s a ?class ; ?property ?o . OPTIONAL { ?o a ?other } BIND(COALESCE(?other, DATATYPE(?o)) AS ?object) }
GROUP BY ?class ?property ?object ORDER BY ?class ?property ?object
"""
_ABOUT = "SELECT ?p ?o { <%s> ?p ?o VALUES ?p { dcterms:title dcterms:description dcterms:license owl:versionInfo } }"


def void(store: Store, address: str) -> list[ox.Triple]:
    """Describe a graph: counts of its classes and properties, and which class points to which.

    Args:
        store: The graph.
        address: The IRI of its endpoint.
    """
    out = _Writer()
    dataset = BASE + "dataset"
    out.add(dataset, "rdf:type", "void:Dataset")
    out.add(dataset, "void:sparqlEndpoint", address)
    out.add(dataset, "void:uriSpace", ox.Literal(BASE))
    out.add(dataset, "void:triples", _count(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    out.add(dataset, "void:entities", _count(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class }"))
    found = store.query(_ABOUT % dataset)
    out.triples |= {ox.Triple(ox.NamedNode(dataset), row["p"], row["o"]) for row in found}  # type: ignore[union-attr]
    for name, space in PREFIXES.items():
        node = f"{address}#prefix-{name}"
        out.add(dataset, "sh:declare", node)
        out.add(node, "rdf:type", "sh:PrefixDeclaration")
        out.add(node, "sh:prefix", ox.Literal(name))
        out.add(node, "sh:namespace", ox.Literal(space, datatype=ox.NamedNode(PREFIXES["xsd"] + "anyURI")))
    _partitions(store, out, dataset, address)
    return out.sorted()


def _partitions(store: Store, out: _Writer, dataset: str, address: str) -> None:
    for name, number in texts(store, "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c", "c", "n"):
        node = f"{address}#{_part(name)}"
        out.add(dataset, "void:classPartition", node)
        out.add(node, "void:class", name)
        out.add(node, "void:entities", int(number))
    sums: dict[str, int] = {}
    for cls, prop, target, number in texts(store, _PARTS, "class", "property", "object", "n"):
        owner, node = f"{address}#{_part(cls)}", f"{address}#{_part(cls, prop)}"
        out.add(owner, "void:propertyPartition", node)
        out.add(node, "void:property", prop)
        sums[node] = sums.get(node, 0) + int(number)
        if target:
            end = f"{address}#{_part(cls, prop, target)}"
            is_value = target.startswith((PREFIXES["xsd"], PREFIXES["rdf"] + "langString"))
            out.add(node, "void-ext:datatypePartition" if is_value else "void:classPartition", end)
            out.add(end, "void-ext:datatype" if is_value else "void:class", target)
            out.add(end, "void:triples" if is_value else "void:entities", int(number))
    for node, total in sums.items():
        out.add(node, "void:triples", total)


def _part(*names: str) -> str:
    """Name a partition by what it is about."""
    import hashlib

    return "part-" + hashlib.sha256(" ".join(names).encode()).hexdigest()[:16]


def examples(questions: Iterable[Question], address: str) -> list[ox.Triple]:
    """Describe saved questions, so that other people's editors offer them.

    Args:
        questions: The questions.
        address: The IRI of the endpoint that answers them.
    """
    out = _Writer()
    for question in questions:
        node = f"{address}#question-{question.name}"
        form = _form(question.text)
        out.add(node, "rdf:type", "sh:SPARQLExecutable", f"sh:SPARQL{_EXECUTABLES[form]}Executable")
        out.add(node, "rdfs:label", _english(question.header.title))
        out.add(node, "rdfs:comment", _english(f"{question.header.title} {question.header.why}".strip()))
        out.add(node, f"sh:{form}", ox.Literal(with_prefixes(question.text)))
        out.add(node, "sh:prefixes", BASE + "dataset")
        out.add(node, "schema:target", address)
    return out.sorted()


def _form(text: str) -> str:
    return next(word.lower() for kind, word, _ in tokens(text) if kind == "keyword" and word.lower() in _EXECUTABLES)


def _count(store: Store, query: str) -> int:
    return next(int(number) for (number,) in texts(store, query, "n"))
