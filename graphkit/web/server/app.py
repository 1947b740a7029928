"""The server: the SPARQL endpoint, and the pages around it."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route

from graphkit.web.server.budget import Budget
from graphkit.web.server.builds import Builds
from graphkit.web.server.endpoint import Endpoint
from graphkit.web.server.error_responses import respond_to_errors
from graphkit.web.server.log import Log
from graphkit.web.server.pages import Pages
from graphkit.web.server.responses import EXPOSED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from graphkit.model.workspace import Workspace
    from graphkit.web.server.settings import Settings


def make_app(workspace: Workspace, settings: Settings) -> Starlette:
    """Make the ASGI application that serves a workspace.

    Args:
        workspace: What is served: its build, and its saved questions.
        settings: How it is set up.
    """
    builds = Builds(workspace, settings)
    endpoint = Endpoint(builds, Budget(settings.seconds_per_minute))

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        await builds.current()
        yield
        await builds.stop()

    asked = Route("/sparql", endpoint, methods=["GET", "POST"])

    async def health(_request: Request) -> Response:
        return await _health(builds)

    return Starlette(
        routes=[
            # Neither middleware is for its answers: workers pack them, and they are open to others as they are.
            asked,
            Mount(
                "",
                routes=[
                    asked,  # for any other method, such as what a browser asks first
                    Route("/health", health),
                    Route("/.well-known/void", endpoint.void),
                    Route("/.well-known/sparql-examples", endpoint.examples),
                    *Pages(builds, endpoint.budget).routes(),
                ],
                middleware=[
                    Middleware(
                        CORSMiddleware,
                        allow_origins=["*"],
                        allow_methods=["GET", "POST"],
                        allow_headers=["Accept", "Content-Type", "If-None-Match"],
                        expose_headers=EXPOSED,
                    ),
                    Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
                ],
            ),
        ],
        middleware=[Middleware(Log)],
        exception_handlers=respond_to_errors(),
        lifespan=life,
    )


async def _health(builds: Builds) -> Response:
    """Say whether a query is answered, and in what time."""
    began = time.perf_counter()
    build = await builds.current()
    alive = await build.pool.run("health", _ask)
    milliseconds = (time.perf_counter() - began) * 1_000
    text = f'{{"alive": {str(alive).lower()}, "build": "{build.sha256}", "milliseconds": {milliseconds:.1f}}}\n'
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})


def _ask(store: object) -> bool:
    return bool(store.query("ASK { ?s ?p ?o }"))  # type: ignore[attr-defined]
