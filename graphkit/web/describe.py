"""What programs of others read first: the service, what the graph holds, its prefixes and its saved questions.

Sources: SPARQL 1.1 Service Description, VoID, and SHACL's `sh:SPARQLExecutable`, as editors with completion read them.
Every node has a name: the address of the endpoint, and a fragment of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import BASE, PREFIXES
from graphkit.store import texts
from graphkit.store.syntax import tokens, with_prefixes
from graphkit.web.describe_writer import Writer, english
from graphkit.web.holdings import void

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.questions import Question
    from graphkit.store import Store

__all__ = ["examples", "service", "void"]

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_EXECUTABLES = {"select": "Select", "ask": "Ask", "construct": "Construct", "describe": "Construct"}


def service(store: Store, address: str) -> list[ox.Triple]:
    """Describe a SPARQL endpoint.

    Args:
        store: What it answers from.
        address: Its IRI.
    """
    out = Writer()
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
    for (name,) in texts(store, "SELECT ?g { GRAPH ?g {} } ORDER BY ?g", "g"):
        node = f"{address}#graph-{name.removeprefix(PREFIXES['graph'])}"
        out.add(dataset, "sd:namedGraph", node)
        out.add(node, "rdf:type", "sd:NamedGraph")
        out.add(node, "sd:name", name)
    return out.sorted()


def examples(questions: Iterable[Question], address: str) -> list[ox.Triple]:
    """Describe saved questions, so that other people's editors offer them.

    Args:
        questions: The questions.
        address: The IRI of the endpoint that answers them.
    """
    out = Writer()
    for question in questions:
        node = f"{address}#question-{question.name}"
        form = _form(question.text)
        out.add(node, "rdf:type", "sh:SPARQLExecutable", f"sh:SPARQL{_EXECUTABLES[form]}Executable")
        out.add(node, "rdfs:label", english(question.header.title))
        out.add(node, "rdfs:comment", english(f"{question.header.title} {question.header.why}".strip()))
        out.add(node, f"sh:{form}", ox.Literal(with_prefixes(question.text)))
        out.add(node, "sh:prefixes", BASE + "dataset")
        out.add(node, "schema:target", address)
    return out.sorted()


def _form(text: str) -> str:
    return next(word.lower() for kind, word, _ in tokens(text) if kind == "keyword" and word.lower() in _EXECUTABLES)
