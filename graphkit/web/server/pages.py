"""The pages around the endpoint: HTML for people, Turtle, N-Triples and JSON-LD for programs, at the same address."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from graphkit.model.errors import NotFoundError
from graphkit.model.generation import Generation
from graphkit.view.positions import read_positions
from graphkit.web.pages import EGO
from graphkit.web.pages.previews import STORY
from graphkit.web.published import Beside
from graphkit.web.query_page import asset
from graphkit.web.server.access import PART
from graphkit.web.server.builds import Builds
from graphkit.web.server.jobs import EncodedPage, PageRequest, make_page
from graphkit.web.server.negotiation import choose

# The number of ego networks in the cache; those of hubs have some megabytes.
_VIEWS = 8
# The pages of the whole graph, which take longest to make and are asked for most.
_WHOLE = frozenset(("index", "network", "entities", "disputes"))
_REDIRECT = 300
_FORMATS = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle",),
    "jsonld": ("application/ld+json", "application/json"),
    "nt": ("application/n-triples",),
    "png": ("image/png",),
    "json": (),
    "svg": (),
}


class Pages:
    """Answers requests for pages."""

    def __init__(self, builds: Builds) -> None:
        self.builds = builds
        # The hash of the graph that was compressed last, and its bytes.
        self._compressed = ("", b"")
        self._compressing = asyncio.Lock()
        # Pages of the whole graph and views drawn last, with their entity tags: drawing one takes seconds.
        self._cache: dict[PageRequest, tuple[str, EncodedPage]] = {}

    def routes(self) -> list[Route]:
        """Return the routes to all pages."""
        return [
            Route("/assets/{name}", _asset),
            Route("/graph.nq.gz", self.graph),
            Route("/{path:path}", self.page),
        ]

    async def graph(self, http: Request) -> Response:
        """Send the whole graph; it is compressed once for each build."""
        build = await self.builds.current()
        etag = f'"{build.sha256[:16]}"'
        if _has(http, etag):
            return Response(status_code=304, headers={"ETag": etag})
        async with self._compressing:
            if self._compressed[0] != build.sha256:
                self._compressed = build.sha256, await asyncio.to_thread(_compress, build.generation)
        body = self._compressed[1]
        headers = {"Content-Type": "application/gzip", "Content-Length": str(len(body)), "ETag": etag}
        # All downloads share the bytes, so that they do not count as unread answers of a client.
        return StreamingResponse(_parts(body), headers=headers)

    async def page(self, http: Request) -> Response:
        """Send a page in the format of its suffix, otherwise in one that the client accepts."""
        path, form = _path_and_format(http.path_params["path"] or "index", http.headers.get("accept", "*/*"))
        request = PageRequest(path, form, "gzip" in http.headers.get("accept-encoding", ""))
        build = await self.builds.current()
        places = await asyncio.to_thread(self._places) if path == "network" or path.startswith(STORY) else {}
        beside = Beside(self.builds.questions, places, self.builds.settings.published)
        # Questions and positions are separate files that change without a build.
        others = "".join((*(question.text for question in beside.questions.values()), repr(beside[1:])))
        digest = hashlib.sha256(others.encode("utf-8", "surrogatepass")).hexdigest()
        etag = f'W/"{build.sha256[:16]}-{digest[:16]}-{form}"'
        if etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})

        async def make() -> EncodedPage:
            return await build.pool.run(http.state.client, make_page, request, beside)

        is_kept = form in {"html", "svg"} and (path in _WHOLE or path.startswith((EGO, STORY)))
        made = await (self._kept(request, etag, make) if is_kept else make())
        if made.status < _REDIRECT and _has(http, etag):
            return Response(status_code=304, headers={"ETag": etag})
        text = "" if "image" in made.media else "; charset=utf-8"
        headers = {"Content-Type": f"{made.media.partition(';')[0]}{text}", "Vary": "Accept, Accept-Encoding"}
        if made.policy:
            headers["Content-Security-Policy"] = made.policy
        if made.gzipped:
            headers["Content-Encoding"] = "gzip"
        if made.location:
            headers["Location"] = made.location
        if made.status < _REDIRECT:
            headers |= {"ETag": etag, "Cache-Control": "no-cache"}
        return Response(made.body, made.status, headers)

    async def _kept(self, request: PageRequest, etag: str, make: Callable[[], Awaitable[EncodedPage]]) -> EncodedPage:
        """Return a page from the cache, or make it. The cache holds `_WHOLE` and the ego networks drawn last."""
        cached = self._cache.get(request)
        if cached is not None and cached[0] == etag:
            return cached[1]
        made = await make()
        if made.status < _REDIRECT:
            self._cache.pop(request, None)
            self._cache[request] = etag, made
            egos = [view for view in self._cache if view.path.startswith((EGO, STORY))]
            for view in egos[:-_VIEWS]:
                del self._cache[view]
        return made

    def _places(self) -> dict[str, tuple[int, int]]:
        return read_positions(self.builds.workspace.places_file("entities"))


async def _parts(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), PART):
        yield body[start : start + PART]


def _has(http: Request, etag: str) -> bool:
    """Return whether the client has a copy of what it asks for, which exists."""
    condition = http.headers.get("if-none-match", "")
    return etag in condition or condition.strip() == "*"


def _path_and_format(path: str, accept: str) -> tuple[str, str]:
    """Split a path into the name of a page and its format."""
    stem, _, suffix = path.rpartition(".")
    if suffix in _FORMATS:
        return stem, suffix
    return path, (choose(_FORMATS, accept) or ("html",))[0]


async def _asset(http: Request) -> Response:
    """Send a file that pages load; each is compressed once."""
    packed = "gzip" in http.headers.get("accept-encoding", "")
    try:
        body, media = await asyncio.to_thread(_read_asset, http.path_params["name"], packed)
    except NotFoundError:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    headers = {"Content-Type": media, "Cache-Control": "max-age=3600", "Vary": "Accept-Encoding"}
    return Response(body, headers=headers | ({"Content-Encoding": "gzip"} if packed else {}))


@lru_cache(16)
def _read_asset(name: str, packed: bool) -> tuple[bytes, str]:  # noqa: FBT001 - part of the cache key
    found = asset(name)
    if found is None:
        raise NotFoundError(name)
    return gzip.compress(found[0], 6, mtime=0) if packed else found[0], found[1]


def _compress(generation: Generation) -> bytes:
    return gzip.compress(generation.graph_file.read_bytes(), 6, mtime=0)
