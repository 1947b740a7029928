"""A SPARQL server for `publish`: it keeps its graphs in a file of the trial, and takes queries and updates."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from graphkit.query.worker_process import die_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELD = "server.nq"
_RESULTS = "application/sparql-results+json"


@contextmanager
def serving(root: Path) -> Iterator[int]:
    """Run a server in a child; yield its port. Its graphs are in a file in `root`, which a trial may replace."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        _Handler.held = root / HELD
        parent = os.getpid()
        child = os.fork()
        if not child:
            die_with(parent)
            server.serve_forever()
    try:
        yield server.server_port
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


class _Handler(BaseHTTPRequestHandler):
    """Answers queries at /query and updates at /update."""

    held: Path

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        import pyoxigraph as ox

        store, body = ox.Store(), self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.held.exists():
            store.bulk_load(path=self.held, format=ox.RdfFormat.N_QUADS)
        if self.path == "/query":
            found = store.query(parse_qs(body)["query"][0])
            self._reply(200, found.serialize(format=ox.QueryResultsFormat.JSON) or b"")  # type: ignore[union-attr]
        elif self.path == "/update":
            store.update(body)
            self._keep(sorted(f"{quad} .\n" for quad in store))
            self._reply(204)
        else:
            self._reply(404)

    do_PUT = do_POST  # noqa: N815 - the name is that of http.server

    def _keep(self, lines: list[str]) -> None:
        part = self.held.with_suffix(".being-written")
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(self.held)

    def _reply(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", _RESULTS)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
