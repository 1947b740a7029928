"""A SPARQL server for `publish`: it keeps its graphs in files of the trial, and takes queries and updates."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pyoxigraph as ox

from graphkit.query.worker_process import die_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELD = "server"
_RESULTS = "application/sparql-results+json"
_JSON = ox.QueryResultsFormat.JSON
_GRAPH = re.compile(r"GRAPH <([^>]*)>")


@contextmanager
def serving(root: Path) -> Iterator[int]:
    """Run a server in a child; yield its port. Its graphs are files in `root`, which a trial may replace."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        parent = os.getpid()
        child = os.fork()
        if not child:
            die_with(parent)
            _Handler.graphs = _Graphs(root / HELD)
            server.serve_forever()
    try:
        yield server.server_port
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def settle(port: int) -> None:
    """Wait until the server has finished the request of a client that was killed: it takes one after the other."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"OPTIONS / HTTP/1.0\r\n\r\n")
        line.recv(1)


class _Graphs:
    """A store with a file for each graph; it is read again when somebody else has changed the files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = ox.Store()
        self.seen: list[tuple[str, int, int]] = []

    def read(self) -> None:
        if self.seen != self._files():
            self.store.clear()
            for path in self.folder.glob("*.nq"):
                self.store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
            self.seen = self._files()

    def update(self, text: str) -> None:
        """Apply an update of one graph."""
        self.store.update(text)
        name = ox.NamedNode(_GRAPH.findall(text)[0])
        lines = sorted(f"{quad} .\n" for quad in self.store.quads_for_pattern(None, None, None, name))
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{hashlib.sha256(name.value.encode()).hexdigest()}.nq"
        path.with_suffix(".new").write_text("".join(lines), encoding="utf-8")
        path.with_suffix(".new").replace(path)
        self.seen = self._files()

    def _files(self) -> list[tuple[str, int, int]]:
        found = [(path.name, path.stat()) for path in self.folder.glob("*.nq")]
        return sorted((name, stat.st_ino, stat.st_mtime_ns) for name, stat in found)


class _Handler(BaseHTTPRequestHandler):
    """Answers queries at /query and updates at /update."""

    graphs: _Graphs

    def handle(self) -> None:
        """Answer one request; the client may have been killed, and its trial replaced."""
        with suppress(OSError):
            super().handle()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length).decode()
        if len(body.encode()) < length:
            return
        self.graphs.read()
        queries = parse_qs(body).get("query", [])
        if self.path == "/query" and queries:  # the length of a request that was cut in its head is wrong
            found = self.graphs.store.query(queries[0])
            self._reply(200, b"" if isinstance(found, ox.QueryTriples) else found.serialize(format=_JSON) or b"")
        elif self.path == "/update":
            self.graphs.update(body)
            self._reply(204)
        else:
            self._reply(404)

    do_PUT = do_POST  # noqa: N815 - the name is that of http.server

    def _reply(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", _RESULTS)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
