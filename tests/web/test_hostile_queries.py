"""Queries that mean harm: none reaches another host or file, none brings the server down, all are answered on time."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from graphkit.query.worker import Limits
from graphkit.web.server import Settings
from graphkit.web.server.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response

    from graphkit.graph import Graph

SECONDS = 0.5
# What a machine that runs other tests as well may need on top.
SLACK = 2.5
HOST = "http://127.0.0.1:PORT/x"
ALL = "?s ?p ?o"


def nested(before: str, inside: str, after: str, times: int) -> str:
    return before * times + inside + after * times


def doubled(times: int, expression: str = "CONCAT(?x{0}, ?x{0})") -> str:
    return " ".join(f"BIND({expression.format(one)} AS ?x{one + 1})" for one in range(times))


HOSTILE = {
    "service": f"SELECT * {{ SERVICE <{HOST}> {{ {ALL} }} }}",
    "service silent": f"SELECT * {{ SERVICE SILENT <{HOST}> {{ {ALL} }} }}",
    "service variable": f"SELECT * {{ VALUES ?h {{ <{HOST}> }} SERVICE ?h {{ {ALL} }} }}",
    "service by prefix": f"PREFIX e: <{HOST[:-1]}> SELECT * {{ SERVICE e:x {{ {ALL} }} }}",
    "service by base": f"BASE <{HOST}> SELECT * {{ SERVICE <y> {{ {ALL} }} }}",
    "service after a comment": f"SELECT * {{ # it's\n SERVICE <{HOST}> {{ {ALL} }} }}",
    "service after a text": f"SELECT * {{ ?s ?p 'it\\'s'.SERVICE<{HOST}> {{ {ALL} }} }}",
    "service escaped": f"SELECT * {{ \\u0053ERVICE <{HOST}> {{ {ALL} }} }}",
    "service in a filter": f"ASK {{ FILTER EXISTS {{ SERVICE <{HOST}> {{ {ALL} }} }} }}",
    "from": f"SELECT * FROM <{HOST}> {{ {ALL} }}",  # noqa: S608 - SPARQL
    "from named": f"SELECT * FROM NAMED <{HOST}> {{ GRAPH ?g {{ {ALL} }} }}",  # noqa: S608 - SPARQL
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "load": f"LOAD <{HOST}>",
    "load a file": "LOAD <file:///etc/passwd>",
    "load into": f"LOAD SILENT <{HOST}> INTO GRAPH <x:y>",
    "drop": "DROP ALL",
    "insert": "INSERT DATA { <x:a> <x:b> <x:c> }",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "drop after asking": "ASK {} ; DROP ALL",
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "sorted cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?a DESC(?e)",
    "ten to the twelve rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "distinct of that": "SELECT DISTINCT ?a ?d ?g ?j { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "constructed": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "doubling": f"SELECT (STRLEN(?x34) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubled(34)} }}",
    "replacing": "SELECT (STRLEN(?x12) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + doubled(12, "REPLACE(?x{0}, 'a', 'aaaaaaaaaaaaaaaa')")
    + " }",
    "two hundred patterns": "SELECT * { " + " ".join(f"?s{one} ?p{one} ?s{one + 1} ." for one in range(200)) + " }",
    "brackets": f"SELECT * {{ FILTER{nested('(', '1', ')', 5_000)} }}",
    "groups": f"SELECT * {nested('{ ', ALL, ' }', 3_000)}",
    "sub-selects": f"SELECT * {nested('{ SELECT * ', '{}', ' }', 2_048)}",
    "signs": f"SELECT * {{ FILTER({'!' * 20_000}true) }}",
    "unions": "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 2_000) + " }",
    "options": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 1_000 + " }",
    "paths": "SELECT * { ?a " + "/".join(["(sp:a|!sp:a)*"] * 200) + " ?b }",
    "closure": "SELECT (COUNT(*) AS ?n) { ?a (sp:a|!sp:a)* ?b . ?b (sp:a|!sp:a)* ?c . ?c (sp:a|!sp:a)* ?d }",
    "pattern": f"SELECT * {{ BIND(REGEX('{'a' * 5_000}!', '(a+)+$') AS ?x) }}",
    "long pattern": f"SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), '{'(x+x+)+' * 50}y')) }}",
    "too long": f"ASK {{ # {'x' * 100_000}\n }}",
    "zero": "ASK { \u0000 }",
    "lone surrogate": "ASK { ?s ?p '\\uD800' }",
}


class Canary(threading.Thread):
    """Counts whoever comes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.hits = 0

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    running = Canary()
    running.start()
    yield running
    running.socket.close()
    assert running.hits == 0


@pytest.fixture(scope="module")
def client(small_graph: Graph) -> Iterator[TestClient]:
    limits = Limits(seconds=SECONDS, rows=1_000, megabytes=512)
    app = make_app(small_graph.workspace, Settings(limits, workers=2, per_client=2, seconds_per_minute=0))
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as made:
        yield made


def post(client: TestClient, text: str, **headers: str) -> Response:
    heads = {"Content-Type": "application/sparql-query", **headers}
    return client.post("/sparql", content=text.encode("utf-8", "surrogatepass"), headers=heads)


def test_the_canary_counts_connections() -> None:
    other = Canary()
    other.start()
    socket.create_connection(("127.0.0.1", other.port)).close()
    time.sleep(0.2)
    other.socket.close()
    assert other.hits == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_reaches_no_host_and_does_not_stop_the_server(
    client: TestClient, canary: Canary, name: str
) -> None:
    text = HOSTILE[name].replace("PORT", str(canary.port))
    began = time.monotonic()
    answer = post(client, text)
    assert time.monotonic() - began < SECONDS + 0.5 + SLACK
    assert answer.status_code in {200, 400, 413, 503}
    assert "root:" not in answer.text
    assert canary.hits == 0
    after = post(client, "ASK { ?s ?p ?o }")
    assert (after.status_code, after.text.count("true")) == (200, 1), after.text


def test_queries_that_call_other_hosts_are_refused(client: TestClient) -> None:
    for name, text in HOSTILE.items():
        if name.startswith(("service", "load", "drop", "insert", "delete")):
            answer = post(client, text.replace("PORT", "9"))
            assert answer.status_code == 400, name


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH"]),
    path=st.sampled_from(
        ["/sparql", "/", "/id/met", "/source/%2e%2e/x", "/assets/..%2f..%2fx", "/health", "/query.html"]
    ),
    parameters=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60),
    media=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30),
    body=st.binary(max_size=80),
)
def test_any_request_is_answered(
    client: TestClient, method: str, path: str, parameters: str, media: str, body: bytes
) -> None:
    headers = {"Content-Type": media.strip(), "Accept": media.strip() or "*/*"}
    answer = client.request(method, path, params={"query": parameters}, content=body, headers=headers)
    assert answer.status_code < 500 or answer.status_code == 503
    assert "Traceback" not in answer.text
