"""The server: the SPARQL 1.1 Protocol, the formats, what it refuses, how clients share the workers, the pages."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jobs import children, parent_of, process_of, until, wait
from starlette.testclient import TestClient

from graphkit.build.pipeline import build
from graphkit.model.errors import DefectError, QueryError, StoreError, TooCostlyError
from graphkit.model.iris import PREFIXES, graph_iri
from graphkit.model.stories import Step, Story
from graphkit.query.worker import Limits
from graphkit.web.published import Published
from graphkit.web.server import Settings, builds
from graphkit.web.server.access import Budget
from graphkit.web.server.app import make_app
from graphkit.web.server.connections import Connections
from graphkit.web.server.jobs import EncodedAnswer, PageRequest, QueryRequest, answer_query
from graphkit.web.server.negotiation import GRAPHS, TABLES, choose
from graphkit.web.server.pool import Pool
from graphkit.web.server.request import RawRequest, RefusedError, parse_request
from graphkit.web.server.responses import PreparedResponse, ResponseCache, error_response, prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from httpx2 import Response

    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace

ONE = "SELECT ?x { VALUES ?x { 1 2 } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SETTINGS = Settings(Limits(seconds=1, rows=100, megabytes=512), workers=2, per_client=1, seconds_per_minute=0)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def client(small_graph: Graph) -> Iterator[TestClient]:
    with TestClient(
        make_app(small_graph.workspace, SETTINGS), "http://localhost", raise_server_exceptions=False
    ) as made:
        yield made


@pytest.fixture(scope="module")
def roomy(small_graph: Graph) -> Iterator[TestClient]:
    """Return a client of a server with generous limits and a public address, for tests of pages."""
    published = Published("https://example.org/", {"asked": Story("Who was asked?", (Step("The force says so."),))})
    settings = Settings(Limits(seconds=30), workers=2, per_client=2, seconds_per_minute=0, published=published)
    with TestClient(make_app(small_graph.workspace, settings), "http://localhost") as made:
        yield made


def ask(client: TestClient, query: str, accept: str = "*/*", **more: str) -> Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept}, follow_redirects=False)


# --- three ways to send a query --------------------------------------------------------------------------------


def test_a_query_can_be_sent_in_three_ways(client: TestClient) -> None:
    direct = client.post("/sparql", content=ONE, headers={"Content-Type": "application/sparql-query"})
    answers = [ask(client, ONE), client.post("/sparql", data={"query": ONE}), direct]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert [row["x"]["value"] for row in answers[0].json()["results"]["bindings"]] == ["1", "2"]


def test_a_saved_question_can_be_asked_by_name(client: TestClient) -> None:
    answer = client.get("/sparql", params={"question": "who-denies", "param.speaker": "trust", "format": "csv"})
    assert answer.status_code in {200, 404}
    fields = {"question": "who-denies", "format": "csv"}
    assert client.get("/sparql", params=fields).status_code == 200
    unknown = client.get("/sparql", params={"question": "who-denis"})
    assert (unknown.status_code, "who-denies" in unknown.text) == (400, True)


def test_a_parameter_with_two_values_is_refused(client: TestClient) -> None:
    answer = client.get("/sparql?question=who-denies&param.speaker=force&param.speaker=charity")
    assert (answer.status_code, "speaker has two values: force and charity" in answer.text) == (400, True)


def test_a_parameter_is_a_term_and_never_part_of_the_query_text(client: TestClient) -> None:
    attack = '" } UNION { ?s ?p ?o } #'
    answer = client.get("/sparql", params={"question": "who-denies", "param.speaker": attack})
    assert answer.status_code in {200, 400, 404}
    assert "UNION" not in answer.text or answer.status_code != 200


# --- the format of the answer ---------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "types"), TABLES.items())
def test_tables_are_available_in_every_format(client: TestClient, name: str, types: tuple[str, ...]) -> None:
    for media in types:
        answer = ask(client, ONE, media)
        assert answer.headers["content-type"].partition(";")[0] == media
    assert ask(client, ONE, "*/*", format=name).headers["content-type"].partition(";")[0] == types[0]


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_other_programs_can_read_the_answers(client: TestClient, accept: str) -> None:
    answer = ask(client, "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 50", accept)
    form = ox.QueryResultsFormat.from_media_type(accept)
    assert form
    read = ox.parse_query_results(answer.content, format=form)
    assert isinstance(read, ox.QuerySolutions)
    assert len(list(read)) == 50


@pytest.mark.parametrize(("name", "types"), GRAPHS.items())
def test_triples_are_available_in_every_format(client: TestClient, name: str, types: tuple[str, ...]) -> None:
    query = "CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s rdfs:label ?o } LIMIT 20"
    turtle = ask(client, query, "text/turtle")
    wanted = set(ox.parse(turtle.content, format=ox.RdfFormat.TURTLE))
    answer = ask(client, query, types[0])
    form = ox.RdfFormat.from_media_type(types[0])
    assert form
    assert {quad.triple for quad in ox.parse(answer.content, format=form)} == {quad.triple for quad in wanted}
    assert ask(client, query, "*/*", format=name).headers["content-type"].partition(";")[0] == types[0]


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/csv, application/json;q=0.9", "csv"),
        ("text/csv;q=0.1, application/json;q=0.9", "json"),
        ("text/*", "xml"),
        ("text/*;q=0.5, text/csv;q=0.6", "csv"),
        ("*/*;q=0.1, application/sparql-results+xml;q=0", "json"),
        ("", "json"),
        ("image/png, */*;q=0.1", "json"),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("text/csv;q=wrong", None),
    ],
)
def test_the_client_chooses_the_format(accept: str, wanted: str | None) -> None:
    chosen = choose(TABLES, accept)
    assert (chosen and chosen[0]) == wanted


def test_the_answer_to_ask_is_a_boolean(client: TestClient) -> None:
    assert ask(client, "ASK { ?s ?p ?o }").json()["boolean"] is True
    assert "<boolean>false</boolean>" in ask(client, "ASK { sp:a sp:b sp:c }", "application/xml").text


# --- the graphs of a query ---------------------------------------------------------------------------------------

WHERE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def number(answer: Response) -> int:
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_a_request_can_name_the_graphs(client: TestClient) -> None:
    entities = graph_iri("entities")
    everything = number(ask(client, WHERE))
    one = number(ask(client, WHERE, **{"default-graph-uri": entities}))
    assert 0 < one < everything
    named = WHERE.replace("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }")
    assert number(ask(client, named, **{"named-graph-uri": entities})) == one
    assert number(ask(client, named, **{"default-graph-uri": entities})) == 0
    assert number(ask(client, WHERE.replace("{", f"FROM <{graph_iri('nowhere')}> {{", 1))) == 0
    # The graphs of the request take precedence over those of the query.
    other = WHERE.replace("{", f"FROM <{graph_iri('nowhere')}> {{", 1)
    assert number(ask(client, other, **{"default-graph-uri": entities})) == one


@pytest.mark.parametrize("name", ["relative", "http://a b", "<x:y>", "http://x/\u0000"])
def test_an_invalid_graph_name_is_refused(client: TestClient, name: str) -> None:
    answer = ask(client, WHERE, **{"default-graph-uri": name})
    assert (answer.status_code, "graph" in answer.text) == (400, True)


# --- requests that are refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "body", "media", "status"),
    [
        ("GET", "query=&query=ASK{}", "", 400),
        ("GET", "query=ASK+WHERE+{", "", 400),
        ("GET", "update=CLEAR+ALL", "", 400),
        ("GET", "query=ASK{}&using-graph-uri=x:y", "", 400),
        ("GET", "query=CLEAR+ALL", "", 400),
        ("GET", "query=SELECT*{SERVICE<http://127.0.0.1:9/>{}}", "", 400),
        ("GET", "query=%ff", "", 400),
        ("GET", "Query=ASK{}", "", 400),
        ("GET", "qurey=ASK{}", "", 400),
        ("GET", "question=who-denies&speaker=met", "", 400),
        ("POST", "\x1f\x8b\xff", "application/sparql-query", 415),
        ("POST", "query=ASK{}&query=ASK{}", FORM, 400),
        ("POST", "", FORM, 400),
        ("POST", "update=CLEAR+ALL", FORM, 400),
        ("POST", "CLEAR ALL", "application/sparql-update", 415),
        ("POST", "ASK {}", "text/plain", 415),
        ("POST", "ASK {}", "", 415),
        ("POST", "ASK {}", "application/sparql-query; charset=utf-16", 415),
        ("POST", "ASK { # " + "x" * 40_000 + "\n}", "application/sparql-query", 413),
        ("GET", "query=ASK{}" + "%20" * 12_000, "", 413),
        ("PUT", "ASK {}", "application/sparql-query", 405),
        ("DELETE", "", "", 405),
    ],
)
def test_a_request_without_a_valid_query_is_refused_with_a_reason(
    client: TestClient, method: str, body: str, media: str, status: int
) -> None:
    address = "/sparql?" + body if method == "GET" else "/sparql"
    headers = {"Content-Type": media} if media else {}
    answer = client.request(
        method, address, content=body.encode("latin-1") if method != "GET" else b"", headers=headers
    )
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert len(answer.text) > 10
    assert "Traceback" not in answer.text


def test_an_empty_name_of_a_graph_names_none(client: TestClient) -> None:
    # The forms of other endpoints send the field even if nothing is in it.
    assert (
        client.get("/sparql", params={"query": "ASK { ?s ?p ?o }", "default-graph-uri": ""}).json()["boolean"] is True
    )


def test_an_unavailable_format_is_not_acceptable(client: TestClient) -> None:
    assert ask(client, ONE, "image/png").status_code == 406
    assert ask(client, "CONSTRUCT WHERE { ?s ?p ?o }", "image/png").status_code == 406
    assert ask(client, ONE, "text/turtle;q=0").status_code == 406


def test_a_syntax_error_has_a_position(client: TestClient) -> None:
    answer = ask(client, "SELECT *\nWHERE { ?s ?p }")
    assert answer.status_code == 400
    assert answer.text.startswith("line 2, column ")


def test_an_endless_query_is_stopped_and_the_next_one_answered(client: TestClient) -> None:
    answer = ask(client, ENDLESS)
    # Under load it is stopped for want of computing time, and the message says so.
    assert (answer.status_code, any(why in answer.text for why in ("stopped after 1 s", "too busy"))) == (503, True), (
        answer.text
    )
    assert ask(client, ONE).status_code == 200


def test_an_answer_that_was_cut_says_so(client: TestClient) -> None:
    answer = ask(client, "SELECT * { ?s ?p ?o . ?a ?b ?c }")
    assert answer.headers["x-truncated"] == "true"
    assert len(answer.json()["results"]["bindings"]) == 100
    assert "x-truncated" not in ask(client, ONE).headers


# --- caching, CORS and compression -------------------------------------------------------------------------


def test_an_answer_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    tag = ask(client, ONE).headers["etag"]
    assert ask(client, ONE).headers["etag"] == tag
    assert ask(client, ONE + " # other").headers["etag"] != tag
    assert ask(client, ONE, "text/csv").headers["etag"] != tag
    again = client.get("/sparql", params={"query": ONE}, headers={"If-None-Match": tag, "Accept": "*/*"})
    assert (again.status_code, again.content) == (304, b"")
    assert "etag" not in ask(client, "SELECT (NOW() AS ?now) {}").headers


def test_a_repeated_query_is_evaluated_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clients: list[str] = []
    run = Pool.run

    async def counted(self: Pool, client: str, *job: Any) -> Any:  # noqa: ANN401 - any job and answer
        clients.append(client)
        return await run(self, client, *job)

    monkeypatch.setattr(Pool, "run", counted)
    query = ONE + " # repeated"
    answers = [ask(client, query), ask(client, query), ask(client, query, "text/csv")]
    random = [ask(client, "SELECT (RAND() AS ?x) {}") for _ in range(2)]
    assert len(clients) == 4
    assert answers[0].content == answers[1].content != answers[2].content
    assert random[0].content != random[1].content


def test_the_cache_has_a_maximum_size() -> None:
    cache = ResponseCache(100_000)
    for number in range(1_000):
        cache.put(str(number).encode(), PreparedResponse(b"x" * 90, ()))
    cache.put(b"large", PreparedResponse(b"x" * 10_000, ()))
    assert cache.size <= 100_000
    assert cache.get(b"999")
    assert (cache.get(b"0"), cache.get(b"large")) == (None, None)


def test_the_garbage_collector_does_not_scan_the_cache() -> None:
    """It once did, and all clients waited a tenth of a second for it."""
    cache = ResponseCache(10_000_000)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(2_000):
        cache.put(str(number).encode(), PreparedResponse(b"x" * 90, ((b"content-length", b"90"),)))
    gc.collect()
    assert len(gc.get_objects()) < before + 100


def test_the_cache_uses_no_more_memory_than_its_size() -> None:
    limit = 2_000_000
    tracemalloc.start()
    try:
        cache, before = ResponseCache(limit), tracemalloc.get_traced_memory()[0]
        for number in range(2_000):
            answer = EncodedAnswer(f"{number}".encode() * 20, "application/sparql-results+json", 7)
            cache.put(f"{number}".rjust(200).encode(), prepare(answer, f'W/"{number:032}"'))
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert limit * 0.5 < used < limit * 1.1


def test_a_refused_method_names_the_allowed_ones(client: TestClient) -> None:
    refused = client.request("PUT", "/sparql")
    assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})


def test_long_answers_are_compressed_for_clients_that_accept_it(client: TestClient) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 100"
    packed, again = ask(client, query), ask(client, query)
    plain = client.get("/sparql", params={"query": query}, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
    assert [answer.headers.get("content-encoding") for answer in (packed, again, plain)] == ["gzip", "gzip", None]
    assert packed.content == again.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]


# --- how clients share the workers ------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def workers_import_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1] / "support"))


@contextlib.asynccontextmanager
async def running(graph: Graph, **settings: Any) -> AsyncIterator[Pool]:  # noqa: ANN401 - any setting
    """Run a pool with one worker until the end of the block, unless the settings say otherwise."""
    charge = settings.pop("charge", lambda _client, _seconds: None)
    pool = Pool(
        graph.workspace.generation(), Settings(**{"limits": Limits(seconds=5), "workers": 1, **settings}), charge
    )
    await pool.start()
    yield pool
    await pool.stop()


async def wait_until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(until, condition)


def test_a_slow_job_gets_the_lowest_priority_while_others_need_the_cpu(small_graph: Graph) -> None:
    def is_slow(process: int) -> bool:
        return os.sched_getscheduler(process) == os.SCHED_IDLE

    async def check() -> None:
        async with running(small_graph, limits=Limits(seconds=1), workers=2, per_client=1) as pool:
            endless = asyncio.ensure_future(
                pool.run("a", answer_query, QueryRequest("query", ENDLESS, {}, "*/*"), 9, 9)
            )
            other = await pool.run("b", process_of)
            (process,) = {*children(await pool.run("b", parent_of))} - {other}
            await asyncio.sleep(0.3)
            assert not is_slow(process), "nobody else needs the CPU"
            slow = False
            while not endless.done():
                await pool.run("b", process_of)
                with contextlib.suppress(ProcessLookupError):
                    slow = slow or is_slow(process)
            with pytest.raises(TooCostlyError):
                await endless
            assert slow
            replacement = await pool.run("a", process_of)
            assert replacement != process
            assert not is_slow(replacement)

    asyncio.run(check())


def test_a_job_that_only_waits_keeps_its_process(small_graph: Graph) -> None:
    """On a busy machine even the shortest query takes long."""

    async def check() -> None:
        async with running(small_graph) as pool:
            before = await pool.run("a", process_of)
            await pool.run("a", wait, 0.3)
            assert await pool.run("a", process_of) == before

    asyncio.run(check())


def test_a_worker_that_is_killed_while_idle_is_replaced(small_graph: Graph) -> None:
    async def check() -> None:
        async with running(small_graph) as pool:
            before = await pool.run("a", process_of)
            server = await pool.run("a", parent_of)
            os.kill(before, signal.SIGKILL)
            await wait_until(lambda: bool(children(server)) and before not in children(server))
            assert await pool.run("a", process_of) != before

    asyncio.run(check())


def test_a_fork_server_that_is_killed_is_replaced_with_its_workers(
    small_graph: Graph, capfd: pytest.CaptureFixture[str]
) -> None:
    async def check() -> None:
        async with running(small_graph, limits=Limits(seconds=1), workers=2) as pool:
            server = await pool.run("a", parent_of)
            others, workers = set(children()), children(server)
            os.kill(server, signal.SIGKILL)
            with pytest.raises((TooCostlyError, StoreError)):  # the workers end with it
                await pool.run("a", answer_query, QueryRequest("query", ENDLESS, {}, "*/*"), 9, 9_999)
            for process in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            await wait_until(lambda: [len(children(new)) for new in set(children()) - others] == [2])
            servers = {await pool.run("a", parent_of) for _ in range(3)}
            assert len(servers) == 1, "one fork server in place of the other"
            assert server not in servers

    asyncio.run(check())
    assert "Error" not in capfd.readouterr().err


def test_jobs_run_in_order_of_arrival_unless_their_client_has_its_share(small_graph: Graph) -> None:
    order: list[str] = []

    async def run(pool: Pool, client: str, seconds: float) -> None:
        await pool.run(client, wait, seconds)
        order.append(client)

    async def check() -> None:
        async with running(small_graph, workers=2, per_client=1) as pool:
            await asyncio.gather(run(pool, "greedy", 0.3), run(pool, "greedy", 0.0), run(pool, "other", 0.0))

    asyncio.run(check())
    assert order == ["other", "greedy", "greedy"]


def test_a_full_queue_refuses_more_jobs(small_graph: Graph) -> None:
    async def check() -> list[object]:
        async with running(small_graph, waiting=1) as pool:
            return list(await asyncio.gather(*(pool.run("a", wait, 0.1) for _ in range(3)), return_exceptions=True))

    first, second, third = asyncio.run(check())
    assert (first, second) == (0.1, 0.1)
    assert isinstance(third, RefusedError)
    assert (third.status, third.retry) == (503, 5)


def test_a_client_that_gives_up_leaves_a_worker_for_others(small_graph: Graph) -> None:
    async def check() -> float:
        async with running(small_graph) as pool:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pool.run("a", wait, 0.15), 0.05)
            return await pool.run("b", wait, 0.01)

    assert asyncio.run(check()) == 0.01


# --- pages ------------------------------------------------------------------------------------------------


def test_a_browser_is_redirected_to_the_query_page(client: TestClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = ask(client, ONE, accept)
    assert (answer.status_code, answer.headers["location"].startswith("query.html#query=SELECT%20")) == (303, True)
    assert ask(client, ONE, accept, format="csv").status_code == 200, "a link to download"


@pytest.mark.parametrize(
    ("path", "media", "status"),
    [
        ("/", "text/html", 200),
        ("/index.html", "text/html", 200),
        ("/query.html", "text/html", 200),
        ("/entities.html", "text/html", 200),
        ("/about.ttl", "text/turtle", 200),
        ("/assets/site.css", "text/css", 200),
        ("/graph.nq.gz", "application/gzip", 200),
        ("/.well-known/void", "text/turtle", 200),
        ("/.well-known/sparql-examples", "text/turtle", 200),
        ("/id/nobody-at-all.html", "text/html", 404),
        ("/network.html", "text/html", 200),
        ("/network.svg", "image/svg+xml", 200),
        ("/ego-force.html", "text/html", 200),
        ("/ego-nobody-at-all.html", "text/html", 404),
        ("/ego-..%2fid.html", "text/html", 404),
        ("/ego-.html", "text/html", 404),
        ("/story-asked.html", "text/html", 200),
        ("/story-asked.png", "image/png", 200),
        ("/story-nothing.html", "text/html", 404),
        ("/id/force.png", "image/png", 200),
        ("/oembed/id/force.json", "application/json", 200),
        ("/entities.png", "text/html", 404),
        ("/id/nobody-at-all.png", "text/html", 404),
        ("/assets/nothing.js", "text/plain", 404),
    ],
)
def test_pages_have_their_media_type_and_status(roomy: TestClient, path: str, media: str, status: int) -> None:
    answer = roomy.get(path)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, media)


def test_other_sites_may_frame_the_views_of_a_public_server_and_no_other_page(
    roomy: TestClient, client: TestClient
) -> None:
    def framed(by: TestClient, path: str) -> bool:
        return "frame-ancestors" not in by.get(path).headers["content-security-policy"]

    assert framed(roomy, "/network.html")
    assert framed(roomy, "/story-asked.html")
    assert not framed(roomy, "/id/force.html")
    assert not framed(roomy, "/query.html")
    assert not framed(client, "/network.html")


def test_an_ego_network_is_part_of_the_network_and_links_to_the_same_pages(roomy: TestClient) -> None:
    whole, part = (roomy.get(path).text for path in ("/network.html", "/ego-force.html"))
    near, everyone = (set(re.findall(r'<g class="?n"? id="(n-[^"]+)"', text)) for text in (part, whole))
    assert "n-force" in near < everyone
    assert 'data-ego="ego-"' in whole
    assert 'data-ego="ego-"' in part


def test_the_network_is_drawn_once_for_each_build(small_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    run = Pool.run

    async def counted(self: Pool, client: str, *job: Any) -> Any:  # noqa: ANN401 - any job and answer
        made.extend(part.path for part in job if isinstance(part, PageRequest))
        return await run(self, client, *job)

    monkeypatch.setattr(Pool, "run", counted)
    with TestClient(make_app(small_graph.workspace, SETTINGS), "http://localhost") as client:
        pages = [client.get(f"/{name}.html").text for name in ("network", "about", "network", "about")]
    assert made == ["network", "about", "about"]
    assert pages[0] == pages[2] != pages[1] == pages[3]


def test_the_graph_is_described_once_for_each_build(
    roomy: TestClient, small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = roomy.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    monkeypatch.delattr(Pool, "run")
    again = roomy.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    assert again.content == first.content
    triples = {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in small_graph.store.quads()}
    assert f'void#triples> "{len(triples)}"' in first.text


def test_an_entity_is_available_as_a_page_and_as_data(roomy: TestClient) -> None:
    page = roomy.get("/id/force", headers={"Accept": "text/html"})
    data = roomy.get("/id/force", headers={"Accept": "text/turtle"})
    assert (page.headers["content-type"], data.headers["content-type"]) == (
        "text/html; charset=utf-8", "text/turtle; charset=utf-8",
    )  # fmt: skip
    assert roomy.get("/id/force.ttl").content == data.content
    again = roomy.get("/id/force.ttl", headers={"If-None-Match": data.headers["etag"]})
    assert again.status_code == 304


def test_the_whole_graph_can_be_downloaded(client: TestClient, small_graph: Graph) -> None:
    # The client itself decompresses only the transfer encoding.
    assert gzip.decompress(client.get("/graph.nq.gz").content) == small_graph.workspace.graph_file.read_bytes()


def test_the_health_check_names_the_build(client: TestClient) -> None:
    answer = client.get("/health").json()
    assert answer["alive"] is True
    assert len(answer["build"]) == 64


def test_the_traceback_of_a_defect_is_in_the_log_and_not_in_the_response(caplog: pytest.LogCaptureFixture) -> None:
    answer = error_response(DefectError("Traceback (most recent call last):\n  ...\nTypeError: the cause"))
    assert (answer.status_code, b"Traceback" in answer.body, b"a defect of graphkit" in answer.body) == (
        500,
        False,
        True,
    )
    assert "Traceback" in caplog.text


def test_the_log_has_neither_the_client_nor_the_query(
    client: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("INFO", "graphkit.web.server"):
        ask(client, "SELECT ?secret { VALUES ?secret { 1 } }")
    log = capsys.readouterr().err
    entry = json.loads(log)
    assert entry["status"] == 200
    assert entry["rows"] == 1
    assert "secret" not in log
    assert "testclient" not in log


def test_a_new_build_replaces_the_old_one_while_the_server_runs(
    built_small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "_INTERVAL", 0.0)
    with TestClient(
        make_app(built_small, Settings(Limits(seconds=30), workers=1, per_client=1)), "http://localhost"
    ) as client:
        first = client.get("/health").json()["build"]
        source = next(built_small.data.glob("entities/*.yaml"))
        text = source.read_text(encoding="utf-8")
        source.write_text(text + "  a-new-body: {kind: organisation, label: A new body}\n", encoding="utf-8")
        assert build(built_small).ok
        assert client.get("/health").json()["build"] != first
        answer = ask(client, 'ASK { ?s rdfs:label "A new body"@en }')
        assert answer.json()["boolean"] is True


# --- the computing time of one client ----------------------------------------------------------------------


def test_a_client_without_computing_time_left_has_to_wait() -> None:
    now = [0.0]
    budget = Budget(60, lambda: now[0])
    budget.spend("a", 121)
    with pytest.raises(RefusedError, match="too much computing time") as caught:
        budget.require("a")
    assert (caught.value.status, caught.value.retry) == (429, 2)
    budget.require("b")
    now[0] += 2
    budget.require("a")


def test_many_small_requests_use_up_the_time_too() -> None:
    budget = Budget(60, lambda: 0.0)
    for _ in range(60_100):
        budget.spend("a")
    with pytest.raises(RefusedError):
        budget.require("a")


def test_a_cached_answer_costs_time_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[str] = []
    monkeypatch.setattr(Budget, "spend", lambda _self, client, _seconds=0: spent.append(client))
    query = ONE + " # cached"
    ask(client, query)
    before = len(spent)
    ask(client, query)
    assert len(spent) == before + 1


def test_a_budget_of_zero_has_no_limit() -> None:
    budget = Budget(0)
    budget.spend("a", 1e9)
    budget.require("a")


def test_too_much_computing_time_is_an_http_error(small_graph: Graph) -> None:
    tight = Settings(Limits(seconds=0.3, rows=100), workers=1, per_client=1, seconds_per_minute=0.15)
    with TestClient(make_app(small_graph.workspace, tight), "http://localhost") as client:
        answers = [ask(client, f"{ENDLESS} # {number}") for number in range(20)]
        answer = answers[-1]
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


# --- random requests -------------------------------------------------------------------------------------


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.dictionaries(TEXTS, TEXTS).map(lambda fields: urlencode(fields).encode())


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST"]),
    parameters=st.one_of(st.binary(max_size=80), FIELDS),
    media=st.one_of(st.text(max_size=40), st.sampled_from([FORM, "application/sparql-query", FORM + ";charset=x"])),
    body=st.binary(max_size=200),
    accept=st.text(max_size=60),
)  # fmt: skip
def test_random_requests_are_parsed_or_refused(
    method: str, parameters: bytes, media: str, body: bytes, accept: str
) -> None:
    try:
        parse_request(RawRequest(method, parameters, media, body, accept), list)
    except RefusedError as error:
        assert 400 <= error.status < 500  # noqa: PT017 - both outcomes are right
    except QueryError as error:
        assert "no saved question" in error.message  # noqa: PT017


def test_all_prefixes_are_predefined(client: TestClient) -> None:
    assert all(ask(client, f"ASK {{ ?s a {name}:x }}").status_code == 200 for name in PREFIXES)


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_parameter_takes_the_name_of_an_entity(client: TestClient) -> None:
    by_slug, by_label = (
        client.get("/sparql", params={"question": "who-denies", "param.speaker": name})
        for name in ("charity", "CHARITY")
    )
    assert by_label.json() == by_slug.json()
    assert by_label.json()["results"]["bindings"]
    assert "Warning" not in by_label.headers


def test_names_that_are_not_in_the_graph_are_named_in_a_header(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * { ?a sp:critisised ?b }"})
    assert answer.headers["Warning"].startswith(
        '299 graphkit "The graph has no property sp:critisised. Did you mean sp:'
    )
    completed = client.get("/sparql", params={"question": "who-denies", "param.speaker": "chari"})
    assert completed.headers["Warning"] == """299 graphkit "speaker: 'chari' is the beginning of Charity (charity).\""""


def test_a_server_that_is_ready_for_the_next_request_sleeps_soon() -> None:
    """Looking for a request without a pause must end, or an idle server would keep a processor busy."""
    connections = Connections(Settings())

    async def idle() -> float:
        connections.stay_awake()
        connections.stay_awake()
        began = time.process_time()
        await asyncio.sleep(0.4)
        return time.process_time() - began

    assert asyncio.run(idle()) < 0.2


def test_the_server_and_its_workers_load_no_arrays_before_a_picture_needs_them() -> None:
    """They would take 40 MB in each process, and a fifth of a second at its start."""
    code = "import sys, graphkit.web.server.app; print(sorted({'numpy', 'scipy', 'pandas'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
