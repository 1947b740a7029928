"""The rules on an endpoint: the same triples as here, resumed where a run broke off, and differences listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from commands import runner

from graphkit.build.derive import GIVEN, Compared, as_update, derive
from graphkit.build.rules import read_rules
from graphkit.model.errors import StoreError
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.http import Client, Reply
from graphkit.store.remote.targets import Updates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.graph import Graph

FLAT, LEDGER = (GIVEN.replace("given", name) for name in ("flat/attributed", "ledger"))


class Server(Client):
    """A SPARQL 1.1 server that may die after some updates, and sends only some rows of an answer."""

    def __init__(self, left: int = 10_000, most: int = 10_000, files: str = "") -> None:
        super().__init__()
        self.files = files
        self.loaded = 0
        self.store = ox.Store()
        self.left = left
        self.most = most
        self.updates: list[str] = []
        self.rows = 0

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """Answer a query, make an update, or replace a graph if this server takes files."""
        if method in {"PUT", "POST"} and "graph=" in url:
            if url.partition("?")[0] != self.files:
                return Reply(404, {}, b"Not found", url)
            graph = ox.NamedNode(parse_qs(url.partition("?")[2])["graph"][0])
            if method == "PUT":
                self.store.clear_graph(graph)
            self.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
            self.loaded += 1
            return Reply(204, {}, b"", url)
        if b"query=ASK" in body:
            return Reply(200, {"server": "Test"}, b"{}", url)
        if (headers or {}).get("Content-Type") != "application/sparql-update":
            found = self.store.query(parse_qs(body.decode())["query"][0])
            assert isinstance(found, ox.QuerySolutions)
            answer = json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")
            del answer["results"]["bindings"][self.most :]
            self.rows += len(answer["results"]["bindings"])
            return Reply(200, {}, json.dumps(answer).encode(), url)
        self.left -= 1
        if self.left < 0:
            raise StoreError("The server is gone.", "Start it.")
        self.store.update(body.decode())
        self.updates.append(body.decode())
        return Reply(204, {}, b"", url)


def run(graph: Graph, server: Server) -> list[Compared]:
    endpoint = Endpoint("http://x/query", server)
    return list(derive(graph.workspace, endpoint, Updates("http://x/update", server), lambda _rule: None))


def test_an_endpoint_derives_the_same(rules_graph: Graph) -> None:
    done = run(rules_graph, Server())
    assert [one.rule for one in done if not one.same] == []
    assert [one.rule for one in done] == [rule.name for rule in read_rules(rules_graph.workspace.rules())]
    assert all(one.rows == one.expected for one in done)
    assert sum(one.rows for one in done) > 100


def test_a_triple_is_read_about_once_however_many_rules_write_into_its_graph(rules_graph: Graph) -> None:
    server = Server()
    derived = max(one.expected for one in run(rules_graph, server) if one.rule != "coded")
    assert server.rows < 3 * derived


def test_the_graph_is_sent_as_a_file_to_a_server_that_takes_files(rules_graph: Graph) -> None:
    server, slow = Server(files="http://x/data"), Server()
    assert all(one.same for one in run(rules_graph, server))
    assert all(one.same for one in run(rules_graph, slow))
    assert server.loaded == 2, "the first triple as a test, and the graph"
    assert not slow.loaded
    assert sum(text.count("INSERT DATA") for text in slow.updates) > sum(
        text.count("INSERT DATA") for text in server.updates
    )


def test_an_endpoint_that_cuts_answers_is_read_in_parts(rules_graph: Graph) -> None:
    assert all(one.same for one in run(rules_graph, Server(most=100)))


def test_an_endpoint_that_died_between_two_rules_goes_on_there(rules_graph: Graph) -> None:
    server = Server(left=50)
    with pytest.raises(StoreError, match="gone"):
        run(rules_graph, server)
    server.left = 10_000
    done = run(rules_graph, server)
    assert [one.rule for one in done if not one.same] == []
    assert 0 < sum(not one.sent for one in done) < len(done)
    server.updates.clear()
    assert not any(one.sent for one in run(rules_graph, server))
    assert server.updates == [], "nothing is left to do"


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        (b"S1T00 Error SR171: Transaction timed out", "MaxQueryExecutionTime"),
        (b"40005 Error SR325: Transaction aborted because it's log after image size", "TransactionAfterImageLimit"),
    ],
)
def test_a_rule_that_reaches_a_limit_is_named_with_the_setting(
    rules_graph: Graph, monkeypatch: pytest.MonkeyPatch, said: bytes, setting: str
) -> None:
    server = Server()

    def limited(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        if b"rule:rival-causes" in body:
            return Reply(500, {}, b"Virtuoso " + said, url)
        return Server.send(server, method, url, body, headers)

    monkeypatch.setattr(server, "send", limited)
    with pytest.raises(StoreError, match=rf"The rule 'rival-causes': .*{said.decode()}") as caught:
        run(rules_graph, server)
    assert setting in caught.value.hint
    monkeypatch.undo()
    assert all(one.same for one in run(rules_graph, server))


def test_triples_that_the_endpoint_lacks_are_printed_with_the_setting_that_virtuoso_needs(
    rules_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = Compared("voice", sent=10, rows=1, expected=2, missing=("<x:a> <x:b> <x:c>",))
    monkeypatch.setattr("graphkit.build.derive.derive", lambda *_: iter([lacking]))
    command = ("derive", "--store", "http://127.0.0.1:1/sparql", "--workspace", str(rules_graph.workspace.root))
    said = runner(monkeypatch, capsys)(*command)
    assert said.code == 1
    assert "voice: the server lacks <x:a> <x:b> <x:c>" in said.err
    assert "enable_inline_sqs = 0" in said.err


def test_triples_that_only_the_endpoint_has_are_listed(rules_graph: Graph) -> None:
    server = Server()
    run(rules_graph, server)
    rule = [one for one in read_rules(rules_graph.workspace.rules()) if one.into == "flat/attributed"][-1]
    server.store.update(f"INSERT DATA {{ GRAPH <{FLAT}> {{ <x:a> <x:b> <x:c> }} }}")
    server.store.update(f"DELETE WHERE {{ GRAPH <{LEDGER}> {{ <{rule.iri}> ?p ?o }} }}")
    done = run(rules_graph, server)
    assert (done[-1].rule, done[-1].extra, done[-1].missing) == (rule.name, ("<x:a> <x:b> <x:c>",), ())


def test_another_beginning_removes_what_was_derived(rules_graph: Graph) -> None:
    server = Server()
    server.store.update(f"INSERT DATA {{ GRAPH <{FLAT}> {{ <x:a> <x:b> <x:c> }} }}")
    assert all(one.same for one in run(rules_graph, server))


def test_a_rule_becomes_an_update_of_its_own_graphs(rules_graph: Graph) -> None:
    rule = next(one for one in read_rules(rules_graph.workspace.rules()) if one.name == "plain-undisputed")
    text = as_update(rule)
    assert f"INSERT {{ GRAPH <{GIVEN}> {{ ?subject ?relation ?end }}" in text
    assert f"WHERE {{ GRAPH <{GIVEN}> {{" in text
    assert f"GRAPH <{FLAT}>" in text
    assert "USING" not in text, "rdflib would load the graph from the Web"
