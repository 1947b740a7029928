"""Measure the endpoint under load, and compare it with a bare route that sends the same bytes and with raw pyoxigraph.

python -m benchmarks.bench_serve [SECONDS for each figure [STATEMENTS]]; needs the Debian package wrk.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.bench_import import resident, tree
from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 1
CLIENTS = (1, 8, 64)
CLI = [sys.executable, "-c", "from graphkit.cli import main; main()"]
LOOK_UP = "SELECT ?p ?o { GRAPH ?g { <%s> ?p ?o } }"
# A comment makes each query new: it has a time, because wrk's random numbers are the same in each run.
NEW = 'paths[at] .. "%20%23" .. begun .. "-" .. count,'
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# The requests of wrk, in turn.
SCRIPT = """
local paths = {}
for line in io.lines("PATHS") do paths[#paths + 1] = line end
local begun, at, count = os.time(), 0, 0
request = function()
  at, count = at % #paths + 1, count + 1
  return wrk.format("GET", paths[at], {["Accept"] = "application/sparql-results+json"})
end
"""
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = open(sys.argv[1], "rb").read()
async def answer(request):
    return Response(body, media_type="application/sparql-results+json")
app = Starlette(routes=[Route("/sparql", answer)])
uvicorn.run(app, port=int(sys.argv[2]), log_config=None, access_log=False)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, the 99th percentile in milliseconds, and the number of failed requests."""

    rate: float
    p99: float
    errors: int


def wrk(script: Path, port: int, clients: int, seconds: float) -> Load:
    """Send requests as fast as the server answers them."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:.0f}s", "--latency", "-s", str(script)]
    report = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", report)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    failed = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report)
    if not (rate and p99):
        raise RuntimeError(report)
    scale = {"us": 0.001, "ms": 1.0, "s": 1_000.0}[p99[2]]
    errors = int(wrong[1]) if wrong else 0
    return Load(float(rate[1]), float(p99[1]) * scale, errors + sum(map(int, failed.groups() if failed else ())))


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """Run a server until the end of the block; yield its process id."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield server.pid
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(port)


def raw(folder: Path, names: list[str], seconds: float) -> float:
    """Query the engine itself, in this process; return queries a second, with results as JSON."""
    store = ox.Store.read_only(str(folder))
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        found = store.query(LOOK_UP % names[count % len(names)])
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
        found.serialize(format=ox.QueryResultsFormat.JSON)
        count += 1
    return count / (time.perf_counter() - began)


class Attacker(threading.Thread):
    """A client with its own address that sends queries that must be killed, one after the other."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.killed, self.ended = port, 0, False

    def run(self) -> None:
        """Send queries until `ended` is set."""
        while not self.ended:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=("127.0.0.2", 0))
            connection.request("GET", f"/sparql?query={quote(ENDLESS)}")
            connection.getresponse().read()
            connection.close()
            self.killed += 1


def serve(folder: Path, port: int, names: list[str], seconds: float) -> None:
    """Measure the endpoint, the bare route and the engine."""
    paths, script = folder / "paths", folder / "wrk.lua"
    paths.write_text("".join(f"/sparql?query={quote(LOOK_UP % name)}\n" for name in names), encoding="utf-8")
    # The server caches answers: each look-up of the first script is new.
    script.write_text(SCRIPT.replace("PATHS", str(paths)).replace("paths[at],", NEW), encoding="utf-8")
    few, again = folder / "few", folder / "again.lua"
    few.write_text("".join(paths.read_text(encoding="utf-8").splitlines(keepends=True)[:50]), encoding="utf-8")
    again.write_text(SCRIPT.replace("PATHS", str(few)), encoding="utf-8")
    engine = raw(Workspace(folder).generation().index, names, seconds)
    print(f"{'raw pyoxigraph, in process':<34} {engine:>8,.0f}/s")
    options = ["--port", str(port), "--rate", "0", "--per-client", "2", "--timeout", "2", "-w", str(folder)]
    with running([*CLI, "serve", *options], port) as server:
        address = f"http://127.0.0.1:{port}/sparql?query={quote(LOOK_UP % names[0])}"
        body = urllib.request.urlopen(address, timeout=10).read()
        before = sum(map(resident, tree(server)))
        new = {clients: wrk(script, port, clients, seconds) for clients in CLIENTS}
        known = {clients: wrk(again, port, clients, seconds) for clients in CLIENTS}
        idle = wrk(script, port, 8, max(seconds, 5))
        attacker = Attacker(port)
        attacker.start()
        time.sleep(0.5)
        attacked = wrk(script, port, 8, max(seconds, 5))
        attacker.ended = True
        attacker.join(10)
        after = sum(map(resident, tree(server)))
    (folder / "body").write_bytes(body)
    with running([sys.executable, "-c", BARE, str(folder / "body"), str(port + 1)], port + 1):
        bare = {clients: wrk(again, port + 1, clients, seconds) for clients in CLIENTS}
    _report(engine, new, known, bare)
    print(
        f"8 clients, new look-ups: {idle.rate:,.0f}/s; beside a client whose {attacker.killed} queries were killed",
        end=" ",
    )
    print(
        f"{attacked.rate:,.0f}/s = {attacked.rate / idle.rate:.2f}, p99 {attacked.p99:.1f} ms, {attacked.errors} errors"
    )
    print(f"memory of server and workers: {before:.0f} MB before, {after:.0f} MB after; {len(body)} bytes a body")


def _report(engine: float, new: dict[int, Load], known: dict[int, Load], bare: dict[int, Load]) -> None:
    print("new look-ups, as a share of the engine and of the bare route | cached, as a share of the bare route")
    for clients in CLIENTS:
        cells = (
            f"{clients:>3} clients {_cells(new[clients])} = {new[clients].rate / engine:.2f} of the engine",
            f"{new[clients].rate / bare[clients].rate:.2f} of bare",
            f"{_cells(known[clients])} = {known[clients].rate / bare[clients].rate:.2f} of bare",
            f"bare {_cells(bare[clients])}",
        )
        print(" | ".join(cells))


def _cells(load: Load) -> str:
    return f"{load.rate:>7,.0f}/s p99 {load.p99:>5.1f} ms {load.errors} errors"


def main(seconds: int = 2, statements: int = 2_000) -> None:
    """Print all figures; docs/serving.md quotes those of `main(60, 40_000)`, for a million quads."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; one run each")
    if shutil.which("wrk") is None:
        print("not run: wrk is not installed")
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        write_workspace(folder, entities(statements, SEED))
        with (folder / "corpus.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(corpus(statements, SEED))
        command = [*CLI, "import", str(folder / "corpus.jsonl"), "--build", "-w", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        store = ox.Store.read_only(str(Workspace(folder).generation().index))
        found = store.query("SELECT DISTINCT ?s { GRAPH ?g { ?s a ?class } } LIMIT 2000")
        names = [row["s"].value for row in found]  # type: ignore[union-attr]
        quads = sum(1 for line in (folder / "build" / "graph.nq").open("rb"))
        del store
        print(json.dumps({"statements": statements, "quads": quads, "names": len(names)}))
        serve(folder, _free(), names, seconds)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
