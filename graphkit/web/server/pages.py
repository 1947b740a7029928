"""The pages around the endpoint: HTML for people, Turtle, N-Triples and JSON-LD for programs, at the same address."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from graphkit.query.questions import read_questions
from graphkit.view.positions import read_positions
from graphkit.web.pages import EGO
from graphkit.web.query_page import asset
from graphkit.web.server.jobs import make_page
from graphkit.web.server.negotiation import choose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from graphkit.model.generation import Generation
    from graphkit.web.pages import Page
    from graphkit.web.server.budget import Budget
    from graphkit.web.server.builds import Builds

# The number of ego networks in the cache; those of hubs have some megabytes.
_VIEWS = 8
_REDIRECT = 300
_FORMATS = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle",),
    "jsonld": ("application/ld+json", "application/json"),
    "nt": ("application/n-triples",),
}


class Pages:
    """Answers requests for pages.

    Args:
        builds: The builds to make them from.
        budget: The computing time of each client.
    """

    def __init__(self, builds: Builds, budget: Budget) -> None:
        self.builds = builds
        self.budget = budget
        # The hash of the graph that was compressed last, and its bytes.
        self._compressed = ("", b"")
        # Views drawn last, by path, with their entity tags: drawing one takes seconds.
        self._views: dict[str, tuple[str, Page]] = {}

    def routes(self) -> list[Route]:
        """Return the routes to all pages."""
        return [
            Route("/assets/{name}", _asset),
            Route("/graph.nq.gz", self.graph),
            Route("/{path:path}", self.page),
        ]

    async def graph(self, http: Request) -> Response:
        """Send the whole graph; it is compressed once for each build."""
        self.budget.require(http.client.host if http.client else "")
        build = await self.builds.current()
        etag = f'"{build.sha256[:16]}"'
        if etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        if self._compressed[0] != build.sha256:
            self._compressed = build.sha256, await asyncio.to_thread(_compress, build.generation)
        return Response(self._compressed[1], headers={"Content-Type": "application/gzip", "ETag": etag})

    async def page(self, http: Request) -> Response:
        """Send a page in the format of its suffix, otherwise in one that the client accepts."""
        client = http.client.host if http.client else ""
        self.budget.require(client)
        path, form = _path_and_format(http.path_params["path"] or "index", http.headers.get("accept", "*/*"))
        build = await self.builds.current()
        questions = read_questions(self.builds.workspace.questions())
        places = await asyncio.to_thread(self._places) if path == "network" else {}
        # Questions and positions are separate files that change without a build.
        others = "".join((*(question.text for question in questions.values()), repr(places)))
        digest = hashlib.sha256(others.encode("utf-8", "surrogatepass")).hexdigest()
        etag = f'W/"{build.sha256[:16]}-{digest[:16]}-{form}"'
        if etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})

        async def make() -> Page:
            return await build.pool.run(client, make_page, path, form, questions, places)

        is_view = form == "html" and (path == "network" or path.startswith(EGO))
        made = await (self._view(path, etag, make) if is_view else make())
        headers = {"Content-Type": f"{made.media.partition(';')[0]}; charset=utf-8", "Vary": "Accept"}
        if made.location:
            headers["Location"] = made.location
        if made.status < _REDIRECT:
            headers |= {"ETag": etag, "Cache-Control": "no-cache"}
        return Response(made.body, made.status, headers)

    async def _view(self, path: str, etag: str, make: Callable[[], Awaitable[Page]]) -> Page:
        """Return a view from the cache, or draw it. The cache holds the network and the ego networks drawn last."""
        cached = self._views.get(path)
        if cached is not None and cached[0] == etag:
            return cached[1]
        made = await make()
        if made.status < _REDIRECT:
            self._views.pop(path, None)
            self._views[path] = etag, made
            egos = [name for name in self._views if name != "network"]
            for name in egos[:-_VIEWS]:
                del self._views[name]
        return made

    def _places(self) -> dict[str, tuple[int, int]]:
        return read_positions(self.builds.workspace.places_file("entities"))


def _path_and_format(path: str, accept: str) -> tuple[str, str]:
    """Split a path into the name of a page and its format."""
    stem, _, suffix = path.rpartition(".")
    if suffix in _FORMATS:
        return stem, suffix
    return path, (choose(_FORMATS, accept) or ("html",))[0]


async def _asset(http: Request) -> Response:
    found = asset(http.path_params["name"])
    if found is None:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    return Response(found[0], headers={"Content-Type": found[1], "Cache-Control": "max-age=3600"})


def _compress(generation: Generation) -> bytes:
    return gzip.compress(generation.graph_file.read_bytes(), 6, mtime=0)
