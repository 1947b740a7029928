"""The pages around the endpoint: HTML for people, Turtle and JSON-LD for programs, under the same name."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from graphkit.query.questions import read_questions
from graphkit.view.positions import read_positions
from graphkit.web.pages.network import EGO
from graphkit.web.query_page import asset
from graphkit.web.server.jobs import make_page
from graphkit.web.server.negotiation import choose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from starlette.requests import Request

    from graphkit.web.pages import Page
    from graphkit.web.server.budget import Budget
    from graphkit.web.server.builds import Builds

# So many views of what is near one thing are kept; those of hubs have some megabytes.
_VIEWS = 8
_FORMS = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle",),
    "jsonld": ("application/ld+json", "application/json"),
    "nt": ("application/n-triples",),
}


class Pages:
    """Answers requests for pages.

    Args:
        builds: What they are made from.
        budget: How much each client may ask.
    """

    def __init__(self, builds: Builds, budget: Budget) -> None:
        self.builds = builds
        self.budget = budget
        # The build that was packed last, and its bytes.
        self._packed = ("", b"")
        # Views that were drawn lately, each with its tag: to draw one takes seconds.
        self._drawn: dict[str, tuple[str, Page]] = {}

    def routes(self) -> list[Route]:
        """Return the routes to all pages."""
        return [
            Route("/assets/{name}", _asset),
            Route("/graph.nq.gz", self.graph),
            Route("/{path:path}", self.page),
        ]

    async def graph(self, http: Request) -> Response:
        """Answer with the whole graph; it is packed once for each build."""
        self.budget.require(http.client.host if http.client else "")
        build = await self.builds.current()
        etag = f'"{build.sha256[:16]}"'
        if etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        if self._packed[0] != build.sha256:
            self._packed = build.sha256, await asyncio.to_thread(_pack, self.builds.workspace.graph_file)
        return Response(self._packed[1], headers={"Content-Type": "application/gzip", "ETag": etag})

    async def page(self, http: Request) -> Response:
        """Answer with a page, in the form that its name or else the client asks for."""
        client = http.client.host if http.client else ""
        self.budget.require(client)
        path, form = _named(http.path_params["path"] or "index", http.headers.get("accept", "*/*"))
        build = await self.builds.current()
        questions = read_questions(self.builds.workspace.questions())
        places = await asyncio.to_thread(self._places) if path == "network" else {}
        # Questions and places are files of their own: they change without a build.
        beside = "".join((*(one.text for one in questions.values()), repr(places)))
        asked = hashlib.sha256(beside.encode("utf-8", "surrogatepass")).hexdigest()
        etag = f'W/"{build.sha256[:16]}-{asked[:16]}-{form}"'
        if etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})

        async def draw() -> Page:
            return await build.pool.run(client, make_page, path, form, questions, places)

        is_view = form == "html" and (path == "network" or path.startswith(EGO))
        made = await (self._view(path, etag, draw) if is_view else draw())
        headers = {"Content-Type": f"{made.media.partition(';')[0]}; charset=utf-8", "Vary": "Accept"}
        if made.location:
            headers["Location"] = made.location
        if made.status < 300:  # noqa: PLR2004 - HTTP
            headers |= {"ETag": etag, "Cache-Control": "no-cache"}
        return Response(made.body, made.status, headers)

    async def _view(self, path: str, etag: str, draw: Callable[[], Awaitable[Page]]) -> Page:
        """Return a view as it was drawn, or draw it; the network stays, of the others those drawn last."""
        kept = self._drawn.get(path)
        if kept is not None and kept[0] == etag:
            return kept[1]
        made = await draw()
        if made.status < 300:  # noqa: PLR2004 - HTTP
            self._drawn.pop(path, None)
            self._drawn[path] = etag, made
            others = [name for name in self._drawn if name != "network"]
            for name in others[:-_VIEWS]:
                del self._drawn[name]
        return made

    def _places(self) -> dict[str, tuple[int, int]]:
        return read_positions(self.builds.workspace.places_file("entities"))


def _named(path: str, accept: str) -> tuple[str, str]:
    """Tell apart the name of a thing and the form that is asked for."""
    stem, _, suffix = path.rpartition(".")
    if suffix in _FORMS:
        return stem, suffix
    return path, (choose(_FORMS, accept) or ("html",))[0]


def _pack(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


async def _asset(http: Request) -> Response:
    found = asset(http.path_params["name"])
    if found is None:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    return Response(found[0], headers={"Content-Type": found[1], "Cache-Control": "max-age=3600"})
