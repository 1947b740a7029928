"""W3C SPARQL 1.1 Protocol and Service Description, over HTTP against the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from builds import write_build
from manifests import FOLDER, MF, UT, entries, graph_of, path_of
from rdflib.collection import Collection
from starlette.testclient import TestClient

from graphkit.model.workspace import Workspace
from graphkit.web.server import Settings
from graphkit.web.server.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
MANIFEST = graph_of(FOLDER / "protocol" / "manifest.ttl")
# They ask for an update, which this server never does: the right answer is a refusal.
UPDATES = {
    "update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs",
    "update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri",
}  # fmt: skip
FORMS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place = Workspace(tmp_path_factory.mktemp("protocol"))
    named = {
        str(MANIFEST.value(node, rdflib.RDFS.label)): path_of(graph)
        for node, graph in MANIFEST.subject_objects(UT.graph)
    }
    lines = (
        f"{line[: line.rindex('.')].strip()} <{name}> .\n"
        for name, path in named.items()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )
    write_build(place, lines)
    (place.root / "ontology").mkdir()
    settings = Settings(seconds_per_minute=0)
    with TestClient(
        make_app(place, settings), "http://localhost", raise_server_exceptions=False, follow_redirects=False
    ) as made:
        yield made


def one(node: object, predicate: rdflib.URIRef) -> object:
    return MANIFEST.value(node, predicate)  # type: ignore[call-overload]


def headers_of(request: object) -> list[rdflib.term.Node]:
    found = one(request, HT.headers)
    return list(Collection(MANIFEST, found)) if found else []  # type: ignore[arg-type]


def send(client: TestClient, request: object) -> tuple[int, str, bytes]:
    heads = headers_of(request)
    headers = {str(one(head, HT.fieldName)): str(one(head, HT.fieldValue)) for head in heads}
    body = one(request, HT.body)
    coding = str(one(body, CNT.characterEncoding) or "UTF-8") if body else "UTF-8"
    content = str(one(body, CNT.chars)).encode(coding) if body else b""
    path = str(one(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    answer = client.request(str(one(request, HT.methodName)), path, content=content, headers=headers)
    return answer.status_code, answer.headers.get("content-type", "").partition(";")[0], answer.content


def is_update(request: object) -> bool:
    """Say whether a request asks for an update."""
    heads = headers_of(request)
    body = one(request, HT.body)
    text = str(one(body, CNT.chars)) if body else ""
    media = {str(one(head, HT.fieldValue)) for head in heads}
    return "update=" in text or "application/sparql-update" in media


@pytest.mark.parametrize("entry", entries(MANIFEST), ids=lambda entry: str(entry).rpartition("#")[2])
def test_protocol(client: TestClient, entry: rdflib.term.Node) -> None:
    name = str(entry).rpartition("#")[2]
    connection = MANIFEST.value(entry, MF.action)
    requests = Collection(MANIFEST, MANIFEST.value(connection, HT.requests))  # type: ignore[arg-type]
    for request in requests:
        status, media, body = send(client, request)
        if name in UPDATES:
            # The other requests of such a test look at what the update has done.
            assert not is_update(request) or 400 <= status < 500
            continue
        response = one(request, HT.resp)
        wanted = {str(code)[-3] for code in MANIFEST.objects(response, MF.expectedStatus)}  # type: ignore[arg-type]
        assert str(status)[0] in wanted, body
        form = one(response, MF.expectedFormat)
        if form:
            assert media in FORMS[str(form)]
        truth = one(response, MF.expectedBoolean)
        if truth is not None:
            assert (b"true" in body) is bool(truth.toPython()), body  # type: ignore[attr-defined]


def test_the_service_describes_itself(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.content, format="turtle")
    address = rdflib.URIRef("http://localhost/sparql")
    assert (address, SD.endpoint, address) in graph
    assert (None, rdflib.RDF.type, SD.Service) in graph
