"""Our own server, and two that are not ours, on free ports of this machine, each with a folder of its own.

Virtuoso is Debian's (make servers installs it); rdflib-endpoint comes with the extra `dev`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VIRTUOSO, ISQL = Path("/usr/bin/virtuoso-t"), Path("/usr/bin/isql-vt")
_SHIPPED = Path("/usr/share/virtuoso-opensource-7/virtuoso.ini")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        query: Where it answers queries.
        store: What `graphkit publish` is told, with user and password where it wants them.
        graphs: Where it takes graphs by the Graph Store Protocol; "" if it does not.
        sql: Where Virtuoso takes its own commands.
    """

    query: str
    store: str
    graphs: str = ""
    sql: str = ""


def missing_virtuoso() -> str:
    """Say why Virtuoso cannot run here, or nothing."""
    return "" if VIRTUOSO.is_file() and ISQL.is_file() else "Virtuoso is not installed: make servers"


def missing_rdflib_endpoint() -> str:
    """Say why rdflib-endpoint cannot run here, or nothing."""
    found = all(importlib.util.find_spec(name) for name in ("rdflib_endpoint", "oxrdflib"))
    return "" if found else "rdflib-endpoint is not installed: pip install 'graphkit[dev]'"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Run Virtuoso as it is shipped, 10,000 rows at most; only paths, ports and two settings are ours."""
    web, sql = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_settings(folder, web, sql), encoding="utf-8")
    with _running([str(VIRTUOSO), "+foreground", "+configfile", str(settings)], folder):
        _wait(f"http://127.0.0.1:{web}/sparql?query=ASK%7B%7D", 60)
        base = f"127.0.0.1:{web}/sparql"
        yield Server(
            f"http://{base}", f"http://dba:dba@{base}-auth", f"http://{base}-graph-crud-auth", f"127.0.0.1:{sql}"
        )


def _settings(folder: Path, web: int, sql: int) -> str:
    text = _SHIPPED.read_text(encoding="utf-8").replace("/var/lib/virtuoso-opensource-7/db", str(folder))
    lines = []
    section = ""
    for line in text.splitlines():
        section = line if line.startswith("[") else section
        if line.startswith("ServerPort"):
            port = web if section == "[HTTPServer]" else sql
            lines.append(f"ServerPort = 127.0.0.1:{port}")
        # No plug-ins; and no limit on what Virtuoso guesses that a query would take: on a store that was filled a
        # moment ago it guesses half an hour for what takes a second.
        elif not line.startswith(("Load", "MaxQueryCostEstimationTime")):
            lines.append(line)
    # Virtuoso 7.2 loses rows of joins with SELECT DISTINCT where it makes one query of the two.
    return "\n".join([*lines, "[Flags]", "enable_inline_sqs = 0"]) + "\n"


@contextlib.contextmanager
def rdflib_endpoint(folder: Path, *files: Path) -> Iterator[Server]:
    """Run rdflib-endpoint with some files in an Oxigraph store, which takes updates from everybody on this machine."""
    port = free_port()
    command = [sys.executable, "-m", "rdflib_endpoint", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _running([*command, "--store", "Oxigraph", "--enable-update", *map(str, files)], folder):
        _wait(f"http://127.0.0.1:{port}/?query=ASK%7B%7D", 60)
        yield Server(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/")


@contextlib.contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()  # nothing in it is worth keeping
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def graphkit_serve(workspace: Path, *options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run `graphkit serve`, with less patience, until the end of the block; yield the port and the process."""
    code = (
        "from graphkit.query import fork_server; fork_server._FORK_SECONDS = 2.0\n"
        "from graphkit.web.server import connections; connections.REQUEST_SECONDS = connections.READER_SECONDS = 2.0\n"
        "from graphkit.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "serve", "--port", "0", "-w", str(workspace), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        first = process.stderr.readline()
        try:
            yield int(first.partition("127.0.0.1:")[2].partition("/")[0]), process
        finally:
            process.terminate()
            process.stderr.read()
