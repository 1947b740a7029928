"""A build on two servers that are not ours: put there, asked there, changed, interrupted; and what is left alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from commands import Said, runner
from places import SMALL, copy_workspace
from servers import Server, missing_rdflib_endpoint, missing_virtuoso, rdflib_endpoint, virtuoso

import graphkit as gk
from graphkit.build.derive import derive
from graphkit.build.pipeline import build
from graphkit.build.rules import read_rules
from graphkit.model.errors import QueryError, StoreError
from graphkit.model.iris import iri
from graphkit.model.workspace import packaged_ontology
from graphkit.query.answers import Table
from graphkit.query.questions import read_questions
from graphkit.release.exports import export
from graphkit.store.remote.http import Client, Password, read_address
from graphkit.store.remote.ledger import LEDGER, UNION, Ledger
from graphkit.store.remote.publish import Plan, make_plan, open_server, publish, read_graphs
from graphkit.store.remote.store import RemoteStore, UnionAccess
from graphkit.store.remote.targets import GraphStore, Updates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from graphkit.model.workspace import Workspace
    from graphkit.store.remote.targets import Target

pytestmark = [pytest.mark.slow, pytest.mark.interop]

QUESTIONS = sorted(read_questions((packaged_ontology() / "questions").glob("*.rq")))
# Questions that a server cannot answer for our own data, each with its message: they join the texts of many statements.
REFUSED = dict.fromkeys([("virtuoso", "consulted-and-denied"), ("virtuoso", "disputes")], "Max row length is exceeded")
# Questions whose rows differ on a server, each with the cause.
UNEQUAL = {("virtuoso", "self-contradiction"): "Virtuoso joins texts without regard to the ORDER BY of a sub-select"}

Graphs = dict[str, list[str]]


@pytest.fixture(scope="module")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a Virtuoso that runs."""
    if missing_virtuoso():
        pytest.skip(missing_virtuoso())
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture(scope="module")
def graphs(ours_graph: gk.Graph) -> Graphs:
    """Return the graphs of our own data."""
    return read_graphs(ours_graph.workspace.graph_file)


@pytest.fixture(scope="module")
def small_graphs(small_graph: gk.Graph) -> Graphs:
    """Return the beginnings of the graphs of the small workspace, without the one of the ontology."""
    found = read_graphs(small_graph.workspace.graph_file)
    return {name: lines[:60] for name, lines in found.items() if not name.endswith("/ontology")}


def put(server: Server, graphs: Mapping[str, list[str]], protocol: str = "") -> tuple[Plan, list[str]]:
    """Publish some graphs; return what was planned, and what was done in which order."""
    done: list[str] = []
    target = open_server(server.store, protocol=protocol)
    plan = make_plan(target, graphs)
    publish(target, plan, done.append)
    return plan, done


def count(server: Server, graph: str) -> int:
    return open_server(server.query).endpoint.number(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {iri(graph)} {{ ?s ?p ?o }} }}")


@pytest.fixture(scope="module")
def on_virtuoso(virtuoso_server: Server, graphs: Graphs) -> gk.Graph:
    """Return our own data on Virtuoso."""
    put(virtuoso_server, graphs)
    return gk.open(store=virtuoso_server.query)


@pytest.fixture(scope="module")
def on_rdflib(graphs: Graphs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[gk.Graph]:
    """Return our own data on rdflib-endpoint, loaded from a file: it takes minutes for so many by SPARQL Update."""
    if missing_rdflib_endpoint():
        pytest.skip(missing_rdflib_endpoint())
    folder = tmp_path_factory.mktemp("rdflib")
    file = folder / "published.nq"
    ledger = Ledger(dict.fromkeys(graphs, "as loaded"), "whole").lines()
    whole = {**graphs, LEDGER: ledger}
    text = "".join(f"{line[:-2]}{iri(name)} .\n" for name, lines in whole.items() for line in lines)
    file.write_text(text, encoding="utf-8")
    with rdflib_endpoint(folder, file) as server:
        yield gk.open(store=server.query, limits=gk.Limits(seconds=120))


# --- the same questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("server", ["virtuoso", "rdflib"])
def test_a_saved_question_has_the_same_rows_on_a_server(
    ours_graph: gk.Graph, request: pytest.FixtureRequest, server: str, name: str
) -> None:
    graph = request.getfixturevalue(f"on_{server}")
    if (server, name) in REFUSED:
        with pytest.raises(StoreError, match=REFUSED[server, name]):
            graph.query(name)
        return
    there, here = graph.query(name), ours_graph.query(name)
    assert isinstance(here, Table)
    assert isinstance(there, Table)
    assert there.columns == here.columns
    assert (Counter(there.rows) != Counter(here.rows)) == ((server, name) in UNEQUAL)
    assert dict(there.labels) == dict(here.labels)
    assert (there.rows != here.rows) == ((server, name) in UNEQUAL)


def test_the_way_to_the_default_graph_is_found_out(on_virtuoso: gk.Graph, on_rdflib: gk.Graph) -> None:
    ways = [graph.store._access for graph in (on_virtuoso, on_rdflib) if isinstance(graph.store, RemoteStore)]  # noqa: SLF001
    assert ways == [UnionAccess.PARAMETERS, UnionAccess.GRAPH]


def test_the_rows_of_virtuoso_are_cut_and_we_say_so(on_virtuoso: gk.Graph) -> None:
    with pytest.raises(QueryError, match=r"gives 10,000 rows and no more"):
        on_virtuoso.query("SELECT ?s ?p ?o { ?s ?p ?o }")
    with pytest.raises(QueryError, match=r"gives 10,000 rows and no more"):
        on_virtuoso.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "CONSTRUCT { ?s sp:gist ?gist } WHERE { ?s sp:gist ?gist }",
        "DESCRIBE id:met",
        "ASK { id:met a sp:Entity }",
        'SELECT (CONCAT("‘", ?l, "’ … ", ?l) AS ?q) { ?s dcterms:title ?l }',
    ],
)
@pytest.mark.parametrize("server", ["virtuoso", "rdflib"])
def test_a_query_has_the_same_answer_on_a_server(
    ours_graph: gk.Graph, request: pytest.FixtureRequest, server: str, query: str
) -> None:
    there, here = request.getfixturevalue(f"on_{server}").query(query), ours_graph.query(query)
    if isinstance(here, Table):
        assert Counter(there.rows) == Counter(here.rows)
    else:
        assert there == here


def test_an_export_from_a_server_has_the_bytes_of_the_build(
    on_virtuoso: gk.Graph, ours_graph: gk.Graph, tmp_path: Path
) -> None:
    [file] = export(on_virtuoso.store, "nquads", "attributed", tmp_path / "graph.nq")
    assert file.read_bytes() == ours_graph.workspace.graph_file.read_bytes()


def test_the_network_the_disputes_and_the_walk_back_are_the_same(on_virtuoso: gk.Graph, ours_graph: gk.Graph) -> None:
    there, here = on_virtuoso.network(), ours_graph.network()
    assert sorted(there.nodes(data=True), key=str) == sorted(here.nodes(data=True), key=str)
    assert {key: data for *_, key, data in there.edges(keys=True, data=True)} == {
        key: data for *_, key, data in here.edges(keys=True, data=True)
    }
    assert set(on_virtuoso.disputes()) == set(ours_graph.disputes())
    assert on_virtuoso.explain("met") == ours_graph.explain("met")


def test_the_rules_derive_the_same_on_virtuoso(tmp_path: Path, rules_graph: gk.Graph) -> None:
    """The server is its own: beside the graphs of other tests, some rules take more memory than Virtuoso allows."""
    if missing_virtuoso():
        pytest.skip(missing_virtuoso())
    with virtuoso(tmp_path) as own:
        server = open_server(own.store, protocol="update", write_url=own.store)
        target = Updates(server.write_url, server.endpoint.client)
        done = list(derive(rules_graph.workspace, server.endpoint, target, lambda _rule: None))
    assert [one.rule for one in done if not one.same] == []
    assert [one.rule for one in done] == [rule.name for rule in read_rules(rules_graph.workspace.rules())]


# --- publishing -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["gsp", "update", "rdflib"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """Return a server and a protocol that it takes; on Virtuoso nothing of ours is left from another test."""
    if request.param == "rdflib":
        if missing_rdflib_endpoint():
            pytest.skip(missing_rdflib_endpoint())
        with rdflib_endpoint(tmp_path) as server:
            yield server, "update"
        return
    server = request.getfixturevalue("virtuoso_server")
    if server.sql:
        put(server, {}, request.param)
    yield server, request.param


def test_what_is_there_already_is_not_sent_again(place: tuple[Server, str], small_graphs: Graphs) -> None:
    server, protocol = place
    first, done = put(server, small_graphs, protocol)
    assert set(first.send) == set(small_graphs)
    assert first.send[-1] == UNION
    assert set(done) >= set(small_graphs)
    second, done = put(server, small_graphs, protocol)
    assert (second.send, second.remove, done) == ((), (), [])
    assert {graph: count(server, graph) for graph in small_graphs} == {
        graph: len(lines) for graph, lines in small_graphs.items()
    }


def test_what_changed_is_sent_and_what_is_gone_is_removed(place: tuple[Server, str], small_graphs: Graphs) -> None:
    server, protocol = place
    put(server, small_graphs, protocol)
    changed, gone, *_ = sorted(set(small_graphs) - {UNION})
    new = {**small_graphs, changed: small_graphs[changed][1:]}
    del new[gone]
    plan, _ = put(server, new, protocol)
    assert (plan.send, plan.remove) == ((changed,), (gone,))
    assert (count(server, changed), count(server, gone)) == (len(small_graphs[changed]) - 1, 0)


def test_what_was_interrupted_goes_on_where_it_was(place: tuple[Server, str], small_graphs: Graphs) -> None:
    server, protocol = place
    seen: list[str] = []

    def interrupt(graph: str) -> None:
        seen.append(graph)
        if len(seen) == 3:
            raise KeyboardInterrupt

    target = open_server(server.store, protocol=protocol)
    with pytest.raises(KeyboardInterrupt):
        publish(target, make_plan(target, small_graphs), interrupt)
    with pytest.raises(StoreError, match="holds a part of a build"):
        RemoteStore(server.query).query("ASK { ?s ?p ?o }")
    rest = make_plan(target, small_graphs)
    assert set(rest.send) == set(small_graphs) - set(seen[:2])
    publish(target, rest, lambda _graph: None)
    assert bool(RemoteStore(server.query).query("ASK { ?s ?p ?o }"))


def test_a_graph_that_somebody_changed_is_sent_again(place: tuple[Server, str], small_graphs: Graphs) -> None:
    server, protocol = place
    put(server, small_graphs, protocol)
    graph = min(small_graphs)
    writer(server, protocol).put(graph, small_graphs[graph][1:])
    plan, _ = put(server, small_graphs, protocol)
    assert plan.send == (graph,)
    assert count(server, graph) == len(small_graphs[graph])


def writer(server: Server, protocol: str) -> Target:
    """Return what somebody else would write to the server with."""
    if protocol == "gsp":
        return GraphStore(server.graphs, Client(Password("dba", "dba")))
    url, password = read_address(server.store)
    return Updates(url, Client(password))


def test_graphs_that_are_not_ours_are_never_touched(place: tuple[Server, str], small_graphs: Graphs) -> None:
    server, protocol = place
    writer(server, protocol).put("urn:theirs", ["<x:a> <x:b> <x:c> .\n"])
    put(server, small_graphs, protocol)
    put(server, {}, protocol)
    assert count(server, "urn:theirs") == 1
    assert all(count(server, graph) == 0 for graph in small_graphs)
    put(server, small_graphs, protocol)
    assert {str(quad.graph_name) for quad in RemoteStore(server.query).quads()} == {
        iri(graph) for graph in set(small_graphs) - {UNION}
    }
    writer(server, protocol).drop("urn:theirs")


def test_values_that_a_server_changes_are_told(place: tuple[Server, str]) -> None:
    server, protocol = place
    lines = [
        f'<x:{number}> <x:b> "{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}> .\n'
        for number, (text, kind) in enumerate(
            (("01", "integer"), ("1.50", "decimal"), ("7", "integer"), ("true", "boolean"))
        )
    ]
    target = open_server(server.store, protocol=protocol)
    done = publish(target, make_plan(target, {UNION: lines, "urn:one": lines}), lambda _graph: None)
    sent = {one for one, _ in done.rewritten}
    assert any("01" in one for one in sent)
    assert not any('"7"' in one or "true" in one for one in sent)
    assert done.repaired == (server.sql != "")


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    return runner(monkeypatch, capsys)


@pytest.fixture
def small_build(tmp_path: Path) -> Workspace:
    found = copy_workspace(SMALL, tmp_path / "w")
    assert build(found).ok
    return found


def test_the_command_puts_a_build_there_and_the_others_ask_it(
    virtuoso_server: Server, small_build: Workspace, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ("--workspace", str(small_build.root))
    before = run("publish", virtuoso_server.query, "--dry-run", *here)
    assert (before.code, "would be sent" in before.out) == (0, True)
    refused = run("publish", virtuoso_server.query, *here)
    assert (refused.code, "answered 401" in refused.err, "GRAPHKIT_STORE_USER" in refused.err) == (2, True, True)
    monkeypatch.setenv("GRAPHKIT_STORE_USER", "dba")
    monkeypatch.setenv("GRAPHKIT_STORE_PASSWORD", "dba")
    done = run("publish", virtuoso_server.query, *here)
    assert (done.code, "stores true and false as 1 and 0" in done.err) == (0, True)
    for command in (("query", "who-denies", "-f", "csv"), ("explain", "force"), ("disputes", "-f", "json")):
        there = run(*command, *here, "--store", virtuoso_server.query)
        assert (there.code, there.out) == (0, run(*command, *here).out)


def test_a_server_that_takes_no_changes_is_told(
    small_build: Workspace, run: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRAPHKIT_STORE_USER", raising=False)
    said = run("publish", "http://127.0.0.1:9/sparql", "--workspace", str(small_build.root))
    assert (said.code, "cannot be reached: Connection refused" in said.err) == (2, True)
    said = run("publish", "http://127.0.0.1:9/sparql", "--workspace", str(tmp_path))
    assert said.code == 2
