"""`graphkit mcp`: serve the graph to assistants."""

from __future__ import annotations

import importlib.util
import logging
import sys
from typing import Annotated

import typer

from graphkit.cli.options import HostsOption, MemoryOption, TimeoutOption, WorkspaceOption, chosen_workspace, limits
from graphkit.model.errors import MissingExtraError
from graphkit.model.workspace import Workspace
from graphkit.web.server import Settings

EXAMPLES = "Examples:  graphkit mcp --workspace ~/my-graph  |  graphkit mcp --http 127.0.0.1:8001"
_LAST_PORT = 65_535


def run(
    http: Annotated[
        str | None, typer.Option(help="Listen at HOST:PORT; by default standard input and output.", metavar="HOST:PORT")
    ] = None,
    timeout: TimeoutOption = 10.0,
    memory: MemoryOption = 1_024,
    allow_host: HostsOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Serve the graph to AI assistants, over MCP. It can read and query, and change nothing."""
    from graphkit.store import open_store
    from graphkit.web.server import LOOPBACK, Settings

    host, port = _address(http) if http is not None else ("", 0)
    served = chosen_workspace(folder)
    open_store(served.generation())  # report a missing build before the server starts
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    settings = Settings(
        limits(timeout, 1_000, memory, allow_host),
        seconds_per_minute=60.0 if http else 0,
        host_names=LOOPBACK | {host.lower()},
        any_address=host not in LOOPBACK,
    )
    if not importlib.util.find_spec("mcp"):
        raise MissingExtraError("mcp", "mcp")
    if http is None:
        _serve_stdio(served, settings)
    else:
        _serve_http(served, settings, host, port)


def _serve_stdio(served: Workspace, settings: Settings) -> None:
    from graphkit.web.mcp.server import serve_stdio

    if sys.stdin.isatty():
        typer.echo("Waiting for messages of an assistant on standard input. Ctrl-D ends this; see --help.", err=True)
    serve_stdio(served, settings)


def _serve_http(served: Workspace, settings: Settings, host: str, port: int) -> None:
    from graphkit.web.mcp.server import make_mcp_app
    from graphkit.web.server.app import listen, run_app

    with listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"http://{shown}:{listener.getsockname()[1]}/mcp   Stop with Ctrl-C.", err=True)
        if settings.any_address:
            typer.secho(f"Anyone who can reach {host} can query this server.", fg="yellow", err=True)
        run_app(make_mcp_app(served, settings), settings, listener)


def _address(given: str) -> tuple[str, int]:
    """Return the host and port of HOST:PORT.

    >>> _address("127.0.0.1:8001"), _address("[::1]:0")
    (('127.0.0.1', 8001), ('::1', 0))
    """
    host, _, port = given.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > _LAST_PORT:
        raise typer.BadParameter(f"{given!r} is not HOST:PORT; type for example 127.0.0.1:8001.", param_hint="--http")
    return host.strip("[]"), int(port)
