"""Programs that query a server: SPARQLWrapper, rdflib, and the requests of Jena, YASGUI and curl."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from rdflib import Graph as RdfGraph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from servers import graphkit_serve
from SPARQLWrapper import GET, POST, POSTDIRECTLY, SPARQLWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.graph import Graph

FORMATS = ("json", "xml", "csv", "tsv", "turtle", "n3", "rdf", "rdf+xml", "json-ld")
QUERIES = {
    "SELECT": "SELECT ?s ?l { ?s rdfs:label ?l } LIMIT 3",
    "ASK": "ASK { ?s rdfs:label ?l }",
    "CONSTRUCT": "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s rdfs:label ?l } LIMIT 3",
    "DESCRIBE": "DESCRIBE id:force",
}
RDF = ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples")


@pytest.fixture(scope="module")
def endpoint(small_graph: Graph) -> Iterator[str]:
    with graphkit_serve(small_graph.workspace.root, "--rate", "0") as (port, _):
        yield f"http://127.0.0.1:{port}/sparql"


def fetch(address: str, body: bytes | None = None, **headers: str) -> tuple[int, str, bytes]:
    try:
        with urlopen(
            Request(address, body, {name: text for name, text in headers.items() if text}), timeout=60
        ) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["content-type"], error.read()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # not every format suits every kind of query
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", QUERIES)
def test_sparqlwrapper_gets_an_answer_in_every_return_format(endpoint: str, kind: str, form: str) -> None:
    client = SPARQLWrapper(endpoint)
    client.setReturnFormat(form)
    client.setQuery(QUERIES[kind])
    answer = client.query()
    media = answer.info()["content-type"].partition(";")[0]
    assert answer.response.read()
    assert (media in RDF) == (kind in {"CONSTRUCT", "DESCRIBE"})
    asked = {"json": "json", "xml": "xml", "csv": "csv", "tsv": "tab-separated"}.get(form, "")
    if kind in {"SELECT", "ASK"} and asked:
        assert asked in media
    exact = {"turtle": RDF[0], "n3": RDF[0], "rdf": RDF[1], "rdf+xml": RDF[1], "xml": RDF[1], "json-ld": RDF[2]}
    if kind in {"CONSTRUCT", "DESCRIBE"} and form in exact:
        assert media == exact[form]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # SPARQLWrapper makes one
@pytest.mark.parametrize(
    ("kind", "form"),
    [("SELECT", "json"), ("ASK", "json"), ("SELECT", "xml"), ("CONSTRUCT", "turtle"), ("DESCRIBE", "rdf+xml")],
)
@pytest.mark.parametrize(("method", "sent_as"), [(GET, None), (POST, None), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_can_convert_the_answers(endpoint: str, kind: str, form: str, method: str, sent_as: Any) -> None:  # noqa: ANN401 - theirs
    client = SPARQLWrapper(endpoint)
    client.setMethod(method)
    if sent_as:
        client.setRequestMethod(sent_as)
    client.setReturnFormat(form)
    client.setQuery(QUERIES[kind])
    assert client.query().convert()


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_from_the_endpoint(endpoint: str, form: str, method: Any) -> None:  # noqa: ANN401 - a literal of theirs
    store = SPARQLStore(endpoint, returnFormat=form, method=method)
    graph = RdfGraph(store)
    assert len(list(graph.query(QUERIES["SELECT"]))) == 3
    if form in {"xml", "json"}:
        assert graph.query(QUERIES["ASK"]).askAnswer is True


def test_rdflib_reads_triples_from_the_endpoint(endpoint: str) -> None:
    graph = RdfGraph(SPARQLStore(endpoint))
    assert len(list(graph.query(QUERIES["CONSTRUCT"]))) == 3
    assert len(list(graph.triples((None, None, None)))) > 100


@pytest.mark.parametrize(
    ("fields", "accept", "media"),
    [
        ({}, "", "application/sparql-results+json"),
        ({"output": "csv"}, "*/*", "text/csv"),
        ({"format": "text/csv"}, "*/*", "text/csv"),
        ({"format": "application/sparql-results+xml"}, "text/html", "application/sparql-results+xml"),
        ({"results": "tsv"}, "*/*", "text/tab-separated-values"),
        ({"format": "docx"}, "text/csv", "text/csv"),
        ({"format": "turtle"}, "*/*", "application/sparql-results+json"),
        ({}, "text/turtle", "application/sparql-results+json"),
        ({}, "application/sparql-results+json,*/*;q=0.9", "application/sparql-results+json"),
        ({}, "application/rdf+xml, text/turtle, application/x-trig", "application/sparql-results+json"),
    ],
)
def test_a_table_comes_in_a_sensible_format(endpoint: str, fields: dict[str, str], accept: str, media: str) -> None:
    query = urlencode({"query": QUERIES["SELECT"], **fields})
    status, found, _ = fetch(f"{endpoint}?{query}", Accept=accept)
    assert (status, found.partition(";")[0]) == (200, media)


@pytest.mark.parametrize(
    ("fields", "accept", "media"),
    [
        ({"format": "csv"}, "*/*", "text/turtle"),
        ({"output": "json"}, "*/*", "application/ld+json"),
        ({"output": "xml"}, "*/*", "application/rdf+xml"),
        ({"format": "n-triples"}, "*/*", "application/n-triples"),
        ({}, "application/sparql-results+json", "text/turtle"),
        ({}, "text/n3", "text/turtle"),
        ({}, "application/n-triples;q=0.2, application/rdf+xml;q=0.9", "application/rdf+xml"),
    ],
)
def test_triples_come_in_a_sensible_format(endpoint: str, fields: dict[str, str], accept: str, media: str) -> None:
    body = urlencode({"query": QUERIES["CONSTRUCT"], **fields}).encode()
    status, found, _ = fetch(endpoint, body, Accept=accept)
    assert (status, found.partition(";")[0]) == (200, media)


def test_a_client_that_accepts_nothing_we_have_is_told_what_there_is(endpoint: str) -> None:
    status, _, body = fetch(f"{endpoint}?{urlencode({'query': 'ASK {}'})}", Accept="image/png")
    assert (status, b"text/csv" in body) == (406, True)


def test_the_answer_is_json_as_the_standard_describes_it(endpoint: str) -> None:
    _, _, body = fetch(f"{endpoint}?{urlencode({'query': QUERIES['ASK']})}")
    assert json.loads(body)["boolean"] is True
