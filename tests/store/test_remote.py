"""A store behind an endpoint: what is sent, and what becomes of answers that are wrong, cut, late or somebody else's.

A small server of our own plays the endpoint here; test_publish.py asks two real ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from commands import Said, runner

import graphkit as gk
from graphkit.model.errors import GraphkitError, QueryError, StoreError, TooCostlyError
from graphkit.model.iris import SP, graph_iri, iri
from graphkit.query.answers import Table, Triples
from graphkit.query.questions import ask
from graphkit.store import in_memory
from graphkit.store.remote.http import read_address
from graphkit.store.remote.ledger import LEDGER, UNION, Ledger
from graphkit.store.remote.store import RemoteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRAPH = graph_iri("entities")
TRIPLES = [
    f'<x:a> {iri(SP + "says")} "één"@nl',
    f"<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {iri(SP + 'Statement')}",
    f'<x:b> {iri(SP + "says")} "two"',
]
LINES = [
    *(f"{triple} {iri(graph)} .\n" for triple in TRIPLES for graph in (GRAPH, UNION)),
    *(line[:-2] + iri(LEDGER) + " .\n" for line in Ledger({GRAPH: "h 3", UNION: "h 3"}, "w").lines()),
]


class Played:
    """An endpoint that answers queries from a store, and does in between what a test tells it to."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.store.load("".join(LINES).encode(), format=ox.RdfFormat.N_QUADS)
        self.requests: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.url = ""
        self.heeds = True
        self.change: Callable[[str, bytes], tuple[int, dict[str, str], bytes]] | None = None
        self.challenge: Callable[[str], str | None] = lambda _header: None

    def answer(self, query: str, given: dict[str, list[str]]) -> bytes:
        default = [ox.NamedNode(one) for one in given.get("default-graph-uri", ())]
        named = [ox.NamedNode(one) for one in given.get("named-graph-uri", ())]
        if default and self.heeds:
            found = self.store.query(query, default_graph=list(default), named_graphs=list(named))
        else:
            found = self.store.query(query, use_default_graph_as_union=True)
        assert not isinstance(found, ox.QueryTriples), "CONSTRUCT is not sent"
        made = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert made is not None
        return made


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:  # noqa: ANN401 - the signature of the class above
        """Say nothing when a client hangs up: that is what some tests are about."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def played() -> Iterator[Played]:
    """Return an endpoint that runs on this machine."""
    endpoint = Played()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the signature of the class above
            pass

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            given = parse_qs(text)
            endpoint.requests.append((self.path, given, dict(self.headers)))
            wanted = endpoint.challenge(self.headers.get("Authorization", ""))
            if wanted is not None:
                self.reply(401, {"WWW-Authenticate": wanted}, b"who are you?")
                return
            query = given["query"][0]
            try:
                body = endpoint.answer(query, given)
            except SyntaxError as error:
                self.reply(400, {}, f"not SPARQL\n{error}".encode())
                return
            change = endpoint.change
            self.reply(*(change(query, body) if change else (200, {}, body)))

        def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            kind = "application/sparql-results+json"
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as url:
        endpoint.url = url
        yield endpoint


def rows(store: RemoteStore, query: str) -> list[tuple[str, ...]]:
    found = ask(store, query)
    assert isinstance(found, Table)
    return sorted(tuple(str(term) for term in row) for row in found.rows)


SAYS = "SELECT ?s ?o { ?s sp:says ?o }"
TWO = [("<x:a>", '"één"@nl'), ("<x:b>", '"two"')]


# --- the default graph ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heeds", [True, False])
def test_the_default_graph_holds_each_triple_once_whatever_the_server_makes_of_it(played: Played, heeds: bool) -> None:
    played.heeds = heeds
    assert rows(RemoteStore(played.url), SAYS) == TWO


@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
        "SELECT ?s { ?s sp:says ?o FILTER NOT EXISTS { ?s a sp:Statement } } ORDER BY ?s LIMIT 5",
        f"SELECT ?o {{ GRAPH {iri(GRAPH)} {{ ?s sp:says ?o }} }}",
        'SELECT (CONCAT("“", STR(?o), "”") AS ?quoted) { ?s sp:says ?o } OFFSET 0',
        "SELECT ?s ?o { ?s sp:says ?o } VALUES ?s { <x:b> }",
    ],
)
def test_rows_are_those_of_a_store_on_this_machine(played: Played, heeds: bool, query: str) -> None:
    played.heeds = heeds
    local = in_memory(line for line in LINES if iri(GRAPH) in line and iri(LEDGER) not in line)
    expected = ask(local, query)
    assert isinstance(expected, Table)
    assert rows(RemoteStore(played.url), query) == sorted(tuple(map(str, row)) for row in expected.rows)


@pytest.mark.parametrize(
    "query", ["CONSTRUCT { ?o ?p ?s } WHERE { ?o ?p ?s }", "DESCRIBE <x:a>", "DESCRIBE ?s { ?s a ?c }"]
)
def test_triples_are_put_together_here(played: Played, query: str) -> None:
    local = in_memory(line for line in LINES if iri(GRAPH) in line and iri(LEDGER) not in line)
    found, expected = ask(RemoteStore(played.url), query), ask(local, query)
    assert isinstance(found, Triples)
    assert found == expected != []


def test_quads_are_those_of_our_graphs_alone(played: Played) -> None:
    found = {str(quad) for quad in RemoteStore(played.url).quads()}
    assert found == {f"{triple} {iri(GRAPH)}" for triple in TRIPLES}


def test_a_server_without_our_union_is_asked_only_if_its_default_graph_counts_right(played: Played) -> None:
    played.store.remove_graph(ox.NamedNode(LEDGER))
    with pytest.raises(StoreError, match=r"holds 6 triples, and its named graphs 3 different"):
        rows(RemoteStore(played.url), SAYS)
    played.store.remove_graph(ox.NamedNode(UNION))
    assert rows(RemoteStore(played.url), SAYS) == TWO


def test_a_server_that_holds_nothing_of_ours_says_so(played: Played) -> None:
    played.store.clear()
    with pytest.raises(StoreError, match=r"no graph that graphkit built\.\nType: graphkit publish"):
        rows(RemoteStore(played.url), SAYS)


def test_half_a_build_is_not_asked(played: Played) -> None:
    played.store.remove_graph(ox.NamedNode(LEDGER))
    half = "".join(line[:-2] + iri(LEDGER) + " .\n" for line in Ledger({GRAPH: "pending", UNION: "h"}).lines())
    played.store.load(half.encode(), format=ox.RdfFormat.N_QUADS)
    with pytest.raises(StoreError, match="holds a part of a build"):
        rows(RemoteStore(played.url), SAYS)


def test_exists_outside_of_where_is_asked_rightly_or_not_at_all(played: Played) -> None:
    query = "SELECT (EXISTS { ?s a sp:Statement } AS ?x) { ?s sp:says ?o } ORDER BY ?s"
    assert len(rows(RemoteStore(played.url), query)) == 2
    played.heeds = False
    with pytest.raises(QueryError, match="does not support EXISTS outside"):
        rows(RemoteStore(played.url), query)


def test_what_is_published_meanwhile_is_noticed(played: Played) -> None:
    store = RemoteStore(played.url)
    assert rows(store, SAYS) == TWO
    played.store.remove_graph(ox.NamedNode(LEDGER))
    for query in (SAYS, "ASK { ?s sp:says ?o }", "DESCRIBE <x:a>"):
        with pytest.raises(StoreError, match="Another build was published"):
            ask(store, query)
    with pytest.raises(StoreError, match="Another build was published"):
        list(store.quads())


# --- what is not sent -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["SELECT * { SERVICE <http://x.test/> { ?s ?p ?o } }", "LOAD <http://x.test/>", "DROP ALL"]
)
def test_what_is_refused_here_is_not_sent(played: Played, query: str) -> None:
    with pytest.raises(QueryError):
        RemoteStore(played.url).query(query)
    assert played.requests == []


@pytest.mark.parametrize(
    "url", ["example.org/sparql", "ftp://example.org/", "http://", "http://a:b@:x/", "", "file:///etc/passwd"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="is not the address of an endpoint"):
        RemoteStore(url)


# --- answers that are cut ---------------------------------------------------------------------------------------------


def cut(rows: int, headers: dict[str, str] | None = None) -> Callable[[str, bytes], tuple[int, dict[str, str], bytes]]:
    """Play a server that gives so many rows and no more, and does not say so in its status."""

    def change(_query: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        answer = json.loads(body)
        if "results" not in answer or len(answer["results"]["bindings"]) <= rows:
            return 200, {}, body
        answer["results"]["bindings"] = answer["results"]["bindings"][:rows]
        return 200, headers or {}, json.dumps(answer).encode()

    return change


MANY = "SELECT ?n { VALUES ?t { 0 1 2 3 4 5 6 7 8 9 } VALUES ?u { 0 1 2 3 4 5 6 7 8 9 } BIND(10 * ?t + ?u AS ?n) }"


@pytest.mark.parametrize(
    ("limit", "headers"), [(50, {}), (64, {}), (77, {"X-SPARQL-MaxRows": "77"}), (77, {"X-Truncated": "1"})]
)
def test_an_answer_that_is_cut_is_an_error(played: Played, limit: int, headers: dict[str, str]) -> None:
    played.change = cut(limit, headers)
    with pytest.raises(QueryError, match=f"gives {limit} rows and no more"):
        rows(RemoteStore(played.url), MANY)
    with pytest.raises(QueryError, match=f"gives {limit} rows and no more"):
        ask(RemoteStore(played.url), MANY.replace("SELECT ?n", "CONSTRUCT { <x:n> <x:is> ?n } WHERE"))


def test_a_round_number_of_rows_that_are_all_is_no_error(played: Played) -> None:
    assert len(rows(RemoteStore(played.url), MANY)) == 100


def test_who_asks_for_so_many_rows_gets_them(played: Played) -> None:
    played.change = cut(50)
    assert len(rows(RemoteStore(played.url), MANY + " LIMIT 50")) == 50


def test_quads_of_a_server_that_cuts_come_in_parts(played: Played) -> None:
    name = ox.NamedNode(GRAPH)
    played.store.extend(
        ox.Quad(ox.NamedNode(f"x:{n}"), ox.NamedNode("x:is"), ox.Literal(str(n)), name) for n in range(700)
    )
    played.change = cut(100)
    assert len({str(quad) for quad in RemoteStore(played.url).quads()}) == 703


@pytest.mark.parametrize("headers", [{"X-SQL-State": "S1TAT", "X-SQL-Message": "RC.. time limit"}])
def test_what_a_server_had_when_its_time_was_over_is_no_answer(played: Played, headers: dict[str, str]) -> None:
    played.change = lambda _query, body: (200, headers, body)
    with pytest.raises(TooCostlyError, match="only a part of the answer"):
        rows(RemoteStore(played.url), SAYS)


# --- answers that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Welcome</title>",
        b"",
        b"[]",
        b"{}",
        b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "x:a"}}]}}',
        b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "no iri"}}]}}',
        b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri"',
        b'{"head": {}, "boolean": true}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_is_told(played: Played, body: bytes) -> None:
    played.change = lambda _query, _body: (200, {"Content-Type": "text/html; charset=utf-8"}, body)
    with pytest.raises(StoreError, match=r"answered 200 with text/html, not with SPARQL results"):
        rows(RemoteStore(played.url), SAYS)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (400, "line 1: syntax error", QueryError),
        (500, "Virtuoso 37000 Error SP030: SPARQL compiler, line 3", QueryError),
        (500, "Virtuoso S1T00 Error SR171: Transaction timed out", TooCostlyError),
        (500, "Virtuoso 42000 Error The estimated execution time 1660 (sec) exceeds the limit", TooCostlyError),
        (500, "Out of disk", StoreError),
        (403, "no", StoreError),
        (404, "no", StoreError),
        (503, "no", StoreError),
    ],
)
def test_an_error_names_the_endpoint_the_status_and_what_the_server_says(
    played: Played, status: int, text: str, kind: type[GraphkitError]
) -> None:
    played.change = lambda _query, _body: (status, {"Content-Type": "text/plain"}, f"\n{text}\nmore".encode())
    with pytest.raises(kind, match=rf"{re.escape(played.url)} answered {status}: {re.escape(text)}\n\S") as caught:
        rows(RemoteStore(played.url), SAYS)
    assert type(caught.value) is kind
    assert "more" not in caught.value.message


def test_truth_values_that_are_numbers_are_read_as_truth_values(played: Played) -> None:
    played.change = lambda _query, body: (200, {}, body.replace(b'"value":"true"', b'"value":"1"'))
    assert rows(RemoteStore(played.url), "SELECT (1 = 1 AS ?x) { ?s a ?c }") == [
        ('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',)
    ]


def test_computed_truth_values_are_not_asked_of_a_server_that_gives_numbers(played: Played) -> None:
    query = "SELECT (?s = <x:a> AS ?x) { ?s a ?c }"
    assert len(rows(RemoteStore(played.url), query)) == 1
    number, truth = b"XMLSchema#integer", b"XMLSchema#boolean"
    played.change = lambda _query, body: (
        200,
        {},
        body.replace(truth, number).replace(b'"value":"true"', b'"value":"1"'),
    )
    for form in ("?s = <x:a>", "BOUND(?s)", "!BOUND(?s)", "IF(?s = <x:a>, true, false)", "?s IN (<x:a>)"):
        with pytest.raises(QueryError, match="truth values that a query computes"):
            rows(RemoteStore(played.url), f"SELECT ({form} AS ?x) {{ ?s a ?c }}")
    assert rows(RemoteStore(played.url), 'SELECT (IF(?s = <x:a>, "y", "n") AS ?x) { ?s a ?c }') == [('"y"',)]


# --- late, elsewhere, in the middle -----------------------------------------------------------------------------------


def test_a_server_that_is_late_is_given_up_on_time(played: Played) -> None:
    played.change = lambda _query, body: (time.sleep(2), (200, {}, body))[1]  # type: ignore[func-returns-value]
    start = time.monotonic()
    with pytest.raises(TooCostlyError, match=r"did not answer within 0.3 s"):
        rows(RemoteStore(played.url, seconds=0.3), SAYS)
    assert time.monotonic() - start < 1


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"head": ')


def babble(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-hello\r\n")


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        (drip, r"did not answer within 0.3 s"),
        (hang_up, "cannot be reached: it ended after"),
        (babble, "cannot be reached: it does not answer in HTTP"),
    ],
)
def test_a_server_that_misbehaves_is_told(behaviour: Callable[[BaseHTTPRequestHandler], None], message: str) -> None:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the signature of the class above
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):  # the client has gone, as it should
                behaviour(self)

    start = time.monotonic()
    with serving(Handler) as url, pytest.raises(GraphkitError, match=message):
        rows(RemoteStore(url, seconds=0.3), SAYS)
    assert time.monotonic() - start < 4


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match=r"http://127.0.0.1:9/ cannot be reached: Connection refused"):
        rows(RemoteStore("http://127.0.0.1:9/"), SAYS)


@pytest.mark.parametrize(
    "target", ["http://localhost:9/x", "https://127.0.0.1/", "http://x.test/", "file:///etc/passwd", "//x.test/"]
)
def test_a_redirect_to_another_host_is_not_followed(played: Played, target: str) -> None:
    played.change = lambda _query, _body: (307, {"Location": target}, b"")
    with pytest.raises(StoreError, match="leads to another host"):
        rows(RemoteStore(played.url), SAYS)
    assert len(played.requests) == 1


def test_a_redirect_on_the_same_host_is_followed_with_the_query(played: Played) -> None:
    def change(_query: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (200, {}, body) if played.requests[-1][0] == "/moved" else (307, {"Location": "/moved"}, b"")

    played.change = change
    assert rows(RemoteStore(played.url), SAYS) == TWO


def test_a_redirect_in_a_circle_ends(played: Played) -> None:
    played.change = lambda _query, _body: (307, {"Location": "/sparql"}, b"")
    with pytest.raises(StoreError, match="redirects more than 5 times"):
        rows(RemoteStore(played.url), SAYS)


# --- user and password ------------------------------------------------------------------------------------------------


def basic(header: str) -> str | None:
    right = "Basic " + base64.b64encode("né:s:e:c".encode()).decode()
    return None if header == right else 'Basic realm="here"'


def digest(algorithm: str) -> Callable[[str], str | None]:
    """Check as a server does, from the numbers that the client sends."""
    hashed = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[algorithm]

    def of(text: str) -> str:
        return hashed(text.encode()).hexdigest()

    def check(header: str) -> str | None:
        given = {name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', header)}
        wanted = f'Digest realm="here", nonce="n1", opaque="o", algorithm={algorithm}, qop="auth"'
        if not header.startswith("Digest "):
            return wanted
        who = of(f"{given['username']}:here:s:e:c")
        numbers = f"{given['nonce']}:{given['nc']}:{given['cnonce']}:{given['qop']}"
        right = of(f"{who}:{numbers}:{of('POST:' + given['uri'])}") == given["response"]
        return None if right and given["opaque"] == "o" else wanted

    return check


@pytest.mark.parametrize("challenge", [basic, digest("MD5"), digest("SHA-256")])
def test_a_password_is_proved_when_it_is_asked_for(played: Played, challenge: Callable[[str], str | None]) -> None:
    played.challenge = challenge
    address = played.url.replace("http://", "http://n%C3%A9:s%3Ae%3Ac@")
    assert rows(RemoteStore(address), SAYS) == TWO
    assert rows(RemoteStore(played.url, ("né", "s:e:c")), SAYS) == TWO


@pytest.mark.parametrize("challenge", [basic, digest("MD5"), lambda _header: "Negotiate"])
def test_a_wrong_password_is_told_and_not_printed(played: Played, challenge: Callable[[str], str | None]) -> None:
    played.challenge = challenge
    store = RemoteStore(played.url.replace("http://", "http://né:geheim@".replace("é", "%C3%A9")))
    with pytest.raises(StoreError, match="answered 401: who are you") as caught:
        rows(store, SAYS)
    assert "geheim" not in str(caught.value) + repr(store.endpoint) + repr(store.endpoint.client.password)
    assert "GRAPHKIT_STORE_PASSWORD" in caught.value.hint


def test_nobody_is_told_a_password_that_was_not_asked_for(played: Played) -> None:
    rows(RemoteStore(played.url, ("a", "b")), SAYS)
    assert all("Authorization" not in headers for _, _, headers in played.requests)


def test_the_address_that_is_shown_has_no_password() -> None:
    shown, password = read_address("https://me:geheim@example.org:8443/sparql?x=1#y")
    assert shown == "https://example.org:8443/sparql?x=1"
    assert password is not None
    assert "geheim" not in repr(password)


# --- commands ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    return runner(monkeypatch, capsys)


def test_a_query_needs_no_workspace(played: Played, run: Callable[..., Said], tmp_path: Any, monkeypatch: Any) -> None:  # noqa: ANN401
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHKIT_WORKSPACE", raising=False)
    said = run("query", "-e", SAYS, "--format", "csv", "--store", played.url)
    assert (said.code, sorted(said.out.split())) == (0, ["s,o", "x:a,één", "x:b,two"])
    assert run("query", "entities", "--store", played.url).code == 0
    assert run("query", "entities").code == 2


def test_the_environment_gives_user_and_password(
    played: Played, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    played.challenge = basic
    monkeypatch.setenv("GRAPHKIT_STORE_USER", "né")
    monkeypatch.setenv("GRAPHKIT_STORE_PASSWORD", "s:e:c")
    assert run("query", "-e", SAYS, "--format", "csv", "--store", played.url).code == 0
    monkeypatch.setenv("GRAPHKIT_STORE_PASSWORD", "geheim")
    said = run("query", "-e", SAYS, "--store", played.url)
    assert said.code == 2
    assert "401" in said.err
    assert "geheim" not in said.err + said.out


def test_a_graph_on_an_endpoint_is_opened_like_one_on_this_machine(played: Played) -> None:
    graph = gk.open(store=played.url)
    found = graph.query(SAYS)
    assert isinstance(found, Table)
    assert len(found) == 2
    assert "who-denies" in graph.questions()


def test_a_timeout_of_the_command_line_holds_for_the_endpoint(played: Played, run: Callable[..., Said]) -> None:
    played.change = lambda _query, body: (time.sleep(2), (200, {}, body))[1]  # type: ignore[func-returns-value]
    said = run("query", "-e", SAYS, "--store", played.url, "--timeout", "0.2")
    assert (said.code, "within 0.2 s" in said.err) == (2, True)
