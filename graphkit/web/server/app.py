"""The ASGI application: the SPARQL endpoint, the pages around it and the request log."""

from __future__ import annotations

import gc
import json
import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route

from graphkit.web.server.budget import Budget
from graphkit.web.server.builds import Builds
from graphkit.web.server.endpoint import SparqlEndpoint
from graphkit.web.server.pages import Pages
from graphkit.web.server.responses import EXPOSED, exception_handlers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from graphkit.model.workspace import Workspace
    from graphkit.store import Store
    from graphkit.web.server import Settings

LOGGER = logging.getLogger("graphkit.web.server")
# Response headers that are logged, and their names in the log.
_LOGGED = {b"x-rows": "rows", b"x-truncated": "cut"}


def serve(workspace: Workspace, settings: Settings, host: str, port: int, *, behind_proxy: bool = False) -> None:
    """Serve until the process is stopped; open requests are answered first.

    Args:
        workspace: The workspace to serve.
        settings: The settings of the server.
        host: The address to listen on.
        port: The port to listen on.
        behind_proxy: Whether a proxy on this machine names the client in a header.
    """
    app = make_app(workspace, settings)
    gc.freeze()  # these objects are permanent: the garbage collector need not scan them while clients wait
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=int(settings.limits.seconds) + 1,
        limit_concurrency=1_000,
        lifespan="on",
    )


def make_app(workspace: Workspace, settings: Settings) -> Starlette:
    """Make the ASGI application that serves the build and the saved questions of a workspace."""
    builds = Builds(workspace, settings)
    endpoint = SparqlEndpoint(builds, Budget(settings.seconds_per_minute))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await builds.current()
        yield
        await builds.stop()

    async def health(_request: Request) -> Response:
        return await _health(builds)

    sparql = Route("/sparql", endpoint, methods=["GET", "POST"])
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["Accept", "Content-Type", "If-None-Match"],
        expose_headers=EXPOSED,
    )
    routes = [
        sparql,  # for other methods, such as a browser's preflight request
        Route("/health", health),
        Route("/.well-known/void", endpoint.void),
        Route("/.well-known/sparql-examples", endpoint.examples),
        *Pages(builds, endpoint.budget).routes(),
    ]
    return Starlette(
        # The endpoint needs no middleware: workers compress its answers, and each carries its CORS headers.
        routes=[
            sparql,
            Mount(
                "", routes=routes, middleware=[cors, Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)]
            ),
        ],
        middleware=[Middleware(RequestLog)],
        exception_handlers=exception_handlers(),
        lifespan=lifespan,
    )


async def _health(builds: Builds) -> Response:
    """Report whether a query is answered, and how fast."""
    began = time.perf_counter()
    build = await builds.current()
    alive = await build.pool.run("health", _is_alive)
    milliseconds = (time.perf_counter() - began) * 1_000
    text = f'{{"alive": {str(alive).lower()}, "build": "{build.sha256}", "milliseconds": {milliseconds:.1f}}}\n'
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})


def _is_alive(store: Store) -> bool:
    return bool(store.query("ASK { ?s ?p ?o }"))


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
        entry: dict[str, object] = {"method": scope["method"], "path": scope["path"], "status": 500, "bytes": 0}

        async def record(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
                entry.update((_LOGGED[name], value.decode()) for name, value in message["headers"] if name in _LOGGED)
            entry["bytes"] = entry["bytes"] + len(message.get("body", b""))  # type: ignore[operator]
            await send(message)

        try:
            await self.app(scope, receive, record)
        finally:
            if LOGGER.isEnabledFor(logging.INFO):
                entry["milliseconds"] = round((time.perf_counter() - began) * 1_000, 1)
                # `Logger.info` would look up the calling line, which took half of the time of a short request.
                LOGGER.handle(LOGGER.makeRecord(LOGGER.name, logging.INFO, "", 0, json.dumps(entry), (), None))
