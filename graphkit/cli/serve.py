"""`graphkit serve`."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import (
    HostsOption,
    MemoryOption,
    RowsOption,
    TimeoutOption,
    WorkspaceOption,
    limits,
    workspace,
)

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit serve  |  graphkit serve --port 8080 --workers 4 --timeout 5"


def run(
    host: Annotated[str, typer.Option("--host", help="Address to listen at; 0.0.0.0 lets others in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="Port to listen at; 0 for a free one.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Queries that run at once.")] = 3,
    per_client: Annotated[
        int, typer.Option("--per-client", min=0, help="How many of them for one client; 0 for all but one.")
    ] = 0,
    timeout: TimeoutOption = 10.0,
    rows: RowsOption = 50_000,
    memory: MemoryOption = 1_024,
    rate: Annotated[
        float, typer.Option("--rate", min=0, help="Seconds of work that a client may cause in a minute; 0 for any.")
    ] = 60.0,
    allow_host: HostsOption = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this machine says who the client is.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Serve the built graph: a SPARQL endpoint at /sparql, a query page, and a page for each thing."""
    import logging

    from graphkit.web.server import Settings, serve

    place = workspace(folder)
    _require_build(place)
    # What a line of the log does not hold is not looked up for it.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    settings = Settings(
        limits=limits(timeout, rows, memory, allow_host),
        workers=workers,
        per_client=per_client or max(1, workers - 1),
        seconds_per_minute=rate,
    )
    port = port or _free_port(host)
    _tell(host, port)
    serve(place, settings, host, port, behind_proxy=behind_proxy)


def _require_build(place: Workspace) -> None:
    """Say at once that there is nothing to serve."""
    from graphkit.store import open_store

    open_store(place.store)


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        free.bind((host, 0))
        number: int = free.getsockname()[1]
        return number


def _tell(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"http://{shown}:{port}/   SPARQL: http://{shown}:{port}/sparql   Ctrl-C stops it.", err=True)
    if not _is_loopback(host):
        typer.secho(f"Everybody who reaches {host} can ask.", fg="yellow", err=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
