"""Who may use a server: the names of its host, pages of other sites, connections, slow and greedy clients."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
from browsers import CHROMIUM
from jobs import children, until
from servers import graphkit_serve
from starlette.testclient import TestClient

from graphkit.query.worker import Limits
from graphkit.web.server import Settings
from graphkit.web.server.app import RequestLog, make_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from playwright.sync_api import Browser

    from graphkit.graph import Graph

ONE = "SELECT ?x { VALUES ?x { 1 2 } }"
SERVE = "from graphkit.cli import main; main()"


@pytest.fixture(scope="module")
def port(small_graph: Graph) -> Iterator[int]:
    with graphkit_serve(small_graph.workspace.root, "--rate", "0", "--answer-size", "4") as (number, _):
        assert fetch(number, "/health")[0] == 200
        yield number


def fetch(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=named), timeout=60) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def send(port: int, data: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(data)
    return client


def read_all(client: socket.socket) -> int:
    """Read until the connection ends or nothing comes for a second; return the number of bytes."""
    client.settimeout(1)
    received = 0
    with client, suppress(OSError):
        while part := client.recv(1 << 20):
            received += len(part)
    return received


def client_of(graph: Graph, **settings: object) -> TestClient:
    limits = Limits(seconds=10, rows=100_000)
    return TestClient(
        make_app(graph.workspace, Settings(limits, seconds_per_minute=0, **settings)),  # type: ignore[arg-type]
        "http://localhost",
        raise_server_exceptions=False,
    )


@pytest.fixture(scope="module")
def client(small_graph: Graph) -> Iterator[TestClient]:
    with client_of(small_graph, workers=1) as made:
        yield made


# --- hosts and origins ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LOCALHOST:1", 200), ("127.0.0.1:8000", 200), ("[::1]", 200), ("[::1]:80", 200),
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example:8000", 421),
        ("192.0.2.1", 421), ("[::2]", 421), ("localhost@evil.example", 421), ("localhost:x", 421), ("a b", 421),
    ],
)  # fmt: skip
def test_only_the_names_of_this_machine_are_served(client: TestClient, host: str, status: int) -> None:
    answers = [client.get(path, headers={"Host": host}) for path in ("/health", "/sparql?query=ASK{}")]
    assert [answer.status_code for answer in answers] == [status, status]


def test_other_names_are_served_if_they_were_given(small_graph: Graph) -> None:
    with client_of(small_graph, workers=1, host_names=frozenset({"graph.example"}), any_address=True) as client:
        found = [client.get("/health", headers={"Host": host}).status_code for host in ("graph.example", "192.0.2.1")]
    assert found == [200, 200]


PREFLIGHT = {
    "Origin": "https://y.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,authorization,x-requested-with",
}


@pytest.mark.parametrize("path", ["/sparql", "/index.html", "/health"])
def test_pages_of_other_sites_can_read_nothing_by_default(client: TestClient, path: str) -> None:
    answers = [client.get(path, headers=PREFLIGHT), client.options(path, headers=PREFLIGHT)]
    assert answers[1].status_code == 204
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [({"*"}, "*"), ({"https://y.example"}, "https://y.example"), ({"https://z.example"}, None)],
)
def test_pages_of_allowed_sites_can_read_answers_and_errors(
    small_graph: Graph, origins: set[str], allowed: str | None
) -> None:
    queries = [ONE, "SELECT", "SELECT * { SERVICE <http://example.org/> {} }"]
    with client_of(small_graph, workers=1, origins=frozenset(origins)) as client:
        own = {"Origin": "https://y.example"}
        answers = [client.get("/sparql", params={"query": query}, headers=own) for query in queries]
        preflight = client.options("/sparql", headers=PREFLIGHT)
    assert "access-control-allow-credentials" not in preflight.headers
    for answer in answers:
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert "Origin" in answer.headers["vary"]
        if allowed:
            assert "X-Truncated" in answer.headers["access-control-expose-headers"]
    if allowed:
        wanted = PREFLIGHT["Access-Control-Request-Headers"]
        assert preflight.headers["access-control-allow-headers"] == wanted


def test_every_response_has_security_headers(client: TestClient) -> None:
    paths = ["/", "/query.html", "/network.html", "/sparql?query=ASK{}", "/assets/site.css", "/nothing", "/health"]
    answers = {path: client.get(path) for path in paths}
    for path, answer in answers.items():
        policy = answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in policy
        assert "frame-ancestors" in policy, path
    assert "style-src 'self'" in answers["/"].headers["content-security-policy"]


def test_the_query_page_has_another_nonce_each_time(client: TestClient) -> None:
    policies = [client.get("/query.html").headers["content-security-policy"] for _ in range(2)]
    nonces = {re.findall("'nonce-([0-9a-f]{32})'", policy)[0] for policy in policies}
    assert len(nonces) == 2


# --- time, size and number -----------------------------------------------------------------------------------


def test_an_answer_with_too_many_bytes_is_refused(port: int) -> None:
    query = "SELECT*{?s+?p+?o.?a+?b+?c}"
    status, body = fetch(port, f"/sparql?query={query}")
    assert (status, b"the limit is 4 MB" in body) == (507, True)


def test_a_long_answer_arrives_whole_also_from_the_cache(port: int, small_graph: Graph) -> None:
    query = "SELECT ?a ?c { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    answers = [fetch(port, f"/sparql?format=csv&query={quote(query)}") for _ in range(2)]
    expected = small_graph.store.query(query)
    assert isinstance(expected, ox.QuerySolutions)
    assert answers == 2 * [(200, expected.serialize(format=ox.QueryResultsFormat.CSV))]
    assert len(answers[0][1]) > 1 << 20


def test_headers_are_limited_in_size_and_number(port: int) -> None:
    for headers in (b"A: " + b"x" * 70_000, b"\r\n".join(b"A%d: x" % number for number in range(200))):
        with send(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n") as client:
            assert client.recv(100).startswith(b"HTTP/1.1 431 ")
    with send(port, b"GET /") as endless, pytest.raises(OSError, match=r"reset|pipe|abort"):
        endless.sendall(b"x" * 100_000_000)
    assert fetch(port, "/health")[0] == 200


def test_half_requests_do_not_keep_others_out_and_are_closed(port: int) -> None:
    half = [send(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n") for _ in range(1_010)]
    assert fetch(port, "/health")[0] == 200
    began = time.monotonic()
    half.append(send(port, b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nA"))
    for client in half[-2:]:
        with suppress(ConnectionError):
            assert client.recv(100) == b""
    assert time.monotonic() - began < 8
    for client in half:
        client.close()


def test_a_client_that_does_not_read_is_disconnected_and_its_answers_are_freed(small_graph: Graph) -> None:
    def memory(process: int) -> int:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) // 1_024

    query = "SELECT*{?s+?p+?o.?a+?b+?c}LIMIT+50000"
    with graphkit_serve(small_graph.workspace.root, "--rate", "0") as (number, process):
        size = len(fetch(number, f"/sparql?query={query}")[1])
        assert size > 5_000_000
        before = memory(process.pid)
        request = b"GET /sparql?query=%s+%%23%d HTTP/1.1\r\nHost: localhost\r\n\r\n"
        greedy = [send(number, request % (query.encode(), one)) for one in range(12)]
        highest = 0
        end = time.monotonic() + 6
        while time.monotonic() < end:
            highest = max(highest, memory(process.pid))
            time.sleep(0.2)
        until(lambda: fetch(number, "/health")[0] == 200, 30)
        assert highest - before < 64 + 64 + 3 * 4 * size // 1_000_000, "the cache, the unread answers, and the workers"
        received = [read_all(client) for client in greedy]
        assert sum(number >= size for number in received) < 4, "most were disconnected"


def test_pages_and_health_checks_use_up_computing_time(small_graph: Graph) -> None:
    settings = Settings(workers=1, per_client=1, seconds_per_minute=0.05)
    with TestClient(make_app(small_graph.workspace, settings), "http://localhost") as client:
        for path in ("/id/nobody-at-all.html", "/health", "/assets/site.css"):
            statuses = {client.get(path).status_code for _ in range(60)}
            assert 429 in statuses


def test_a_condition_that_any_copy_meets_is_met_by_what_exists(small_graph: Graph) -> None:
    paths = {
        "/sparql?query=ASK{}": 304, "/sparql?query=ASK": 400, "/index.html": 304, "/graph.nq.gz": 304,
        "/id/nobody-at-all.html": 404,
    }  # fmt: skip
    with client_of(small_graph, workers=1) as client:
        found = {path: client.get(path, headers={"If-None-Match": "*"}).status_code for path in paths}
    assert found == paths


def test_a_page_that_has_not_changed_keeps_the_policy_of_the_copy(small_graph: Graph) -> None:
    with client_of(small_graph, workers=1) as client:
        for path in ("/index.html", "/query.html"):
            tag = client.get(path).headers["etag"]
            again = client.get(path, headers={"If-None-Match": tag})
            assert (again.status_code, again.headers.get("content-security-policy")) == (304, None), path


def test_a_page_is_made_while_other_programs_keep_the_processors_busy(small_graph: Graph) -> None:
    with graphkit_serve(small_graph.workspace.root, "--timeout", "3") as (number, _):
        command = [sys.executable, "-c", "while True: pass"]
        busy = [subprocess.Popen(command) for _ in range(2 * (os.cpu_count() or 1))]
        try:
            assert fetch(number, "/id/force.html")[0] == 200
            assert fetch(number, "/network.html")[0] == 200
        finally:
            for process in busy:
                process.kill()
                process.wait()


# --- starting, stopping and leaving --------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["nope.invalid", "a" * 300, "1.2.3.4"])
def test_an_address_that_cannot_be_used_is_reported_before_any_is_printed(small_graph: Graph, host: str) -> None:
    command = [sys.executable, "-c", SERVE, "serve", "--host", host, "-w", str(small_graph.workspace.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(("The server cannot listen on", f"{host!r} is not"))
    assert "http" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_stopped_while_it_starts_prints_no_traceback(small_graph: Graph) -> None:
    for delay in (0.2, 0.5, 0.9):
        command = [sys.executable, "-c", SERVE, "serve", "--port", "0", "-w", str(small_graph.workspace.root)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, process_group=0)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        assert "Traceback" not in process.communicate(timeout=60)[1]


def test_a_client_that_leaves_in_the_middle_of_its_request_leaves_no_traceback(small_graph: Graph) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    with graphkit_serve(small_graph.workspace.root) as (number, process):
        send(number, head + b"Content-Length: 100\r\n\r\nASK").close()
        assert fetch(number, "/health")[0] == 200
        process.terminate()
        assert process.stderr
        log = process.stderr.read()
    assert '"status": 400' in log
    assert "Traceback" not in log


@pytest.mark.parametrize(("message", "raised"), [("…; the handler is closed", False), ("anything else", True)])
def test_only_a_connection_that_is_closed_meanwhile_is_passed_over(message: str, *, raised: bool) -> None:
    async def send(_message: object) -> None:
        raise RuntimeError(message)

    async def app(_scope: object, _receive: object, send: Callable[[object], Awaitable[None]]) -> None:
        await send({"type": "http.response.body", "body": b""})

    request = RequestLog(app)({"type": "http", "method": "GET", "path": "/"}, send, send)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError) if raised else nullcontext():
        asyncio.run(request)


def test_a_stopped_fork_server_is_replaced(small_graph: Graph) -> None:
    with graphkit_serve(small_graph.workspace.root, "--timeout", "1", "--rate", "0") as (number, process):
        assert fetch(number, "/health")[0] == 200
        (fork_server,) = children(process.pid)
        workers = children(fork_server)
        os.kill(fork_server, signal.SIGSTOP)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        until(lambda: fetch(number, "/health")[0] == 200, 60)


def test_the_health_check_says_whether_workers_can_reach_the_network(port: int) -> None:
    report = json.loads(fetch(port, "/health")[1])
    own = os.readlink("/proc/self/ns/net")  # noqa: PTH115
    allowed = subprocess.run(["unshare", "-U", "-n", "true"], check=False).returncode == 0
    assert own
    assert report["isolated"] is allowed


# --- a page of another site, in a browser --------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium: make browser")
@pytest.mark.parametrize("allowed", [False, True])
def test_a_page_of_another_site_reads_answers_only_with_permission(
    small_graph: Graph, browser: Browser, *, allowed: bool
) -> None:
    page = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 16\r\nConnection: close\r\n\r\n<title>x</title>"
    )
    with socket.create_server(("127.0.0.1", 0)) as other:
        site = f"http://127.0.0.1:{other.getsockname()[1]}"
        options = ("--allow-origin", site) if allowed else ()
        with graphkit_serve(small_graph.workspace.root, *options) as (number, _):
            tab = browser.new_context().new_page()
            answering = threading.Thread(target=answer_all, args=(other, page), daemon=True)
            answering.start()
            tab.goto(site)
            own = f"http://127.0.0.1:{number}"
            for address in ("/sparql?query=ASK%7B%7D", "/index.html", "/graph.nq.gz", "/health"):
                assert tab.evaluate(READ, [own + address, {}]) == allowed, address
            posted = {"method": "POST", "body": "ASK {}", "headers": {"Content-Type": "application/sparql-query"}}
            assert tab.evaluate(READ, [own + "/sparql", posted]) == allowed
            assert not tab.evaluate(FRAME, own + "/index.html")
            tab.context.close()
        other.shutdown(socket.SHUT_RDWR)
        answering.join(5)


READ = "([url, options]) => fetch(url, options).then((answer) => answer.text()).then(() => true, () => false)"
# Returns whether the page of a frame belongs to the site that shows it, or was shown at all.
FRAME = """(url) => new Promise((done) => {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.onload = () => { try { done(Boolean(frame.contentDocument.title)); } catch { done(false); } };
  frame.src = url;
})"""


def answer_all(server: socket.socket, answer: bytes) -> None:
    """Send the same answer to everybody."""
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                client.recv(10_000)
                client.sendall(answer)
