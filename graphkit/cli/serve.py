"""`graphkit serve`: start the server."""

from __future__ import annotations

import ipaddress
import sys
from contextlib import suppress
from typing import Annotated

import typer

from graphkit.cli import options
from graphkit.model.errors import GraphkitError, MissingExtraError

EXAMPLES = "Examples:  graphkit serve  |  graphkit serve --port 8080 --workers 4 --timeout 5"


def run(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 admits other machines.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="Port to listen on; 0 for any free port.")
    ] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Number of queries that run at the same time.")] = 3,
    per_client: Annotated[
        int, typer.Option("--per-client", min=0, help="Number of these for one client; 0 for all but one.")
    ] = 0,
    timeout: options.TimeoutOption = 10.0,
    rows: options.RowsOption = 50_000,
    memory: options.MemoryOption = 1_024,
    rate: Annotated[
        float,
        typer.Option("--rate", min=0, help="Seconds of computing time for one client in a minute; 0 for no limit."),
    ] = 60.0,
    answer_size: Annotated[int, typer.Option("--answer-size", min=1, help="Longest answer in megabytes.")] = 32,
    allow_host: options.HostsOption = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin",
            help="A site whose pages may read answers, such as https://example.org; * for all. May be repeated.",
        ),
    ] = None,
    host_name: Annotated[
        list[str] | None,
        typer.Option(
            "--host-name", help="A name under which browsers reach this server, beside localhost. May be repeated."
        ),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Read the client's address from a header set by a proxy here.")
    ] = False,
    base_url: Annotated[
        str, typer.Option("--base-url", help="The public address of this server; adds previews to its pages.")
    ] = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Serve the graph over HTTP. It has a SPARQL endpoint at /sparql, a query page, and a page for each item."""
    if sys.platform == "win32":
        raise GraphkitError(
            "graphkit serve does not run on Windows.",
            "Use it in the Windows Subsystem for Linux, or write graphkit site.",
        )
    import logging

    from graphkit.corpus.stories import read_stories
    from graphkit.store import open_store
    from graphkit.web.published import Published
    from graphkit.web.server import LOOPBACK, Settings

    served = options.chosen_workspace(folder)
    published = Published(base_url, read_stories(served))
    published.require()
    open_store(served.generation())  # report a missing build before the server starts
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    settings = Settings(
        limits=options.limits(timeout, rows, memory, allow_host),
        workers=workers,
        per_client=per_client or max(1, workers - 1),
        seconds_per_minute=rate,
        answer_bytes=answer_size * 1_000_000,
        unsent_bytes=max(128, 4 * answer_size) * 1_000_000,
        host_names=LOOPBACK | {name.lower() for name in (host, published.host, *(host_name or ())) if name},
        any_address=not _is_loopback(host),
        origins=frozenset(origin.rstrip("/") for origin in allow_origin or ()),
        behind_proxy=behind_proxy,
        published=published,
    )
    try:
        from graphkit.web.server.app import listen, serve
    except ImportError as error:
        raise MissingExtraError(error.name or "uvicorn", "serve") from error
    with listen(host, port) as listener:
        _announce(host, listener.getsockname()[1])
        serve(served, settings, listener)


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"http://{shown}:{port}/   SPARQL: http://{shown}:{port}/sparql   Stop with Ctrl-C.", err=True)
    if not _is_loopback(host):
        typer.secho(f"Anyone who can reach {host} can query this server.", fg="yellow", err=True)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
