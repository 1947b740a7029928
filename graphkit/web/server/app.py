"""The ASGI application: the SPARQL endpoint, the pages around it and the request log."""

from __future__ import annotations

import gc
import json
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphkit.model.errors import GraphkitError
from graphkit.model.workspace import Workspace
from graphkit.query.worker_process import network_of
from graphkit.web.server import Settings
from graphkit.web.server.access import Access, Budget
from graphkit.web.server.builds import Builds
from graphkit.web.server.connections import Connections
from graphkit.web.server.endpoint import SparqlEndpoint
from graphkit.web.server.jobs import probe
from graphkit.web.server.pages import Pages
from graphkit.web.server.responses import LOGGER, exception_handlers

_BACKLOG = 2_048
_ADDRESS = "Use another address or port: graphkit serve --host 127.0.0.1 --port 0"
# Response headers that are logged, and the beginning of their entries.
_LOGGED = {b"x-rows": ', "rows": ', b"x-truncated": ', "cut": '}


# Settings of uvicorn that do not depend on ours.
_UVICORN: dict[str, Any] = {
    "log_config": None, "access_log": False, "server_header": False, "lifespan": "on", "timeout_keep_alive": 5,
}  # fmt: skip


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 stands for any free one.

    Raises:
        ServerError: The address is unknown or in use.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except UnicodeError as error:
        raise ServerError(f"{host!r} is not the name of a host.", _ADDRESS) from error
    except OSError as error:
        raise ServerError(f"The server cannot listen on {host}, port {port}: {error.strerror}.", _ADDRESS) from error


def serve(workspace: Workspace, settings: Settings, listener: socket.socket) -> None:
    """Serve until the process is stopped; open requests are answered first."""
    run_app(make_app(workspace, settings), settings, listener)


def run_app(app: Starlette, settings: Settings, listener: socket.socket) -> None:
    """Run an application until the process is stopped."""
    gc.freeze()  # these objects are permanent: the garbage collector need not scan them while clients wait
    gc.set_threshold(50_000)  # lower than that of a command, which ends soon
    config = uvicorn.Config(
        app,
        http=cast("Any", Connections(settings).protocol),
        ws="none",
        proxy_headers=settings.behind_proxy,
        timeout_graceful_shutdown=int(settings.limits.seconds) + 1,
        **_UVICORN,
    )
    uvicorn.Server(config).run(sockets=[listener])


def make_app(workspace: Workspace, settings: Settings) -> Starlette:
    """Make the ASGI application that serves the build and the saved questions of a workspace."""
    budget = Budget(settings.seconds_per_minute)
    builds = Builds(workspace, settings, budget.spend)
    endpoint = SparqlEndpoint(builds)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        build = await builds.current()
        with suppress(GraphkitError):
            if not settings.limits.hosts and not _is_isolated((await build.pool.run("", probe))[1]):
                LOGGER.warning(
                    "Workers can reach the network: this system does not allow them an empty network namespace."
                )
        yield
        await builds.stop()

    async def health(http: Request) -> Response:
        return await _health(builds, http.state.client)

    routes = [
        Route("/sparql", endpoint, methods=["GET", "POST"]),
        Route("/health", health),
        Route("/.well-known/void", endpoint.void),
        Route("/.well-known/sparql-examples", endpoint.examples),
        *Pages(builds).routes(),
    ]
    middleware = [Middleware(RequestLog), Middleware(Access, settings=settings, budget=budget)]
    return Starlette(routes=routes, middleware=middleware, exception_handlers=exception_handlers(), lifespan=lifespan)


async def _health(builds: Builds, client: str) -> Response:
    """Report whether a query is answered, how fast, and whether workers are cut off from the network."""
    began = time.perf_counter()
    build = await builds.current()
    alive, network = await build.pool.run(client, probe)
    report = {
        "alive": alive,
        "build": build.sha256,
        "isolated": _is_isolated(network),
        "milliseconds": round((time.perf_counter() - began) * 1_000, 1),
    }
    return JSONResponse(report, headers={"Cache-Control": "no-store"})


def _is_isolated(network: str) -> bool:
    """Return whether a worker has a network of its own."""
    return bool(network) and network != network_of()


class ServerError(GraphkitError):
    """The server cannot be started."""


# The end of uvloop's message.
_CLOSED = "the handler is closed"


class RequestLog:
    """Middleware that logs one line of JSON for each request, without the client and without the query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it with its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status, size, found = 500, 0, ""

        async def record(message: Message) -> None:
            nonlocal status, size, found
            if message["type"] == "http.response.start":
                status = message["status"]
                found = "".join(_LOGGED[name] + value.decode() for name, value in message["headers"] if name in _LOGGED)
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, record)
        except RuntimeError as error:
            # The client has closed its connection, and uvicorn does not know it yet.
            if not str(error).endswith(_CLOSED):
                raise
        finally:
            if LOGGER.isEnabledFor(logging.INFO):
                milliseconds = (time.perf_counter() - began) * 1_000
                # A log record would take as long as the rest of this method.
                _write(
                    f'{{"method": "{scope["method"]}", "path": {json.dumps(scope["path"])}, "status": {status}, '
                    f'"bytes": {size}{found}, "milliseconds": {milliseconds:.1f}}}\n'
                )


def _write(line: str) -> None:
    with suppress(OSError, ValueError):  # nobody reads the log any more, or its disk is full
        sys.stderr.write(line)
