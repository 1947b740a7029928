"""`/sparql`: the SPARQL 1.1 Protocol for queries, without updates, and the descriptions of the endpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graphkit.store import Store
from graphkit.web.server.builds import Builds, ServedBuild
from graphkit.web.server.jobs import (
    DataFormat,
    EncodedAnswer,
    NotAcceptableError,
    QueryRequest,
    answer_query,
    describe_graph,
    describe_questions,
    describe_service,
)
from graphkit.web.server.negotiation import GRAPHS, accepts_html, choose
from graphkit.web.server.request import RawRequest, RefusedError, parse_request
from graphkit.web.server.responses import PreparedResponse, ResponseCache, not_modified, prepare

P = ParamSpec("P")


class SparqlEndpoint:
    """Answers queries."""

    def __init__(self, builds: Builds) -> None:
        self.builds = builds
        self.cache = ResponseCache(builds.settings.cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to `/sparql`, as an ASGI application."""
        build = await self.builds.current()
        headers = scope["state"]["headers"]
        key = _raw_key(build, scope, headers)
        cached: ASGIApp | None = self.cache.get(key) if key and b"if-none-match" not in headers else None
        response = cached or await self._respond(Request(scope, receive), build, key)
        await response(scope, receive, send)
        if cached and (connection := scope["state"].get("connection")):
            connection.expect_more()

    async def _respond(self, http: Request, build: ServedBuild, key: bytes) -> ASGIApp:
        raw = await _read(http, self.builds.settings.query_bytes)
        query = parse_request(raw, self.builds.workspace.questions)
        if query is None:
            return await self._describe_service(http, build)
        if http.method == "GET" and query.name == "query" and accepts_html(query.accept):
            return RedirectResponse(f"query.html#query={quote(query.text, safe='')}", 303)
        key = key or _key(build, query)
        etag = _etag(build, key)
        condition = _header(http, b"if-none-match")
        if etag in condition:
            return not_modified(etag)
        response = self.cache.get(key)
        if response is None:
            answer = await self._answer(http, build, query)
            response = prepare(answer, "" if answer.volatile else etag)
            if not answer.volatile:
                self.cache.put(key, response)
        return not_modified(etag) if condition.strip() == "*" else response

    async def _answer(self, http: Request, build: ServedBuild, query: QueryRequest) -> EncodedAnswer:
        settings = self.builds.settings
        # A text is quicker to send to a worker than a workspace.
        query = query._replace(workspace=str(self.builds.workspace.root))
        return await build.pool.run(http.state.client, answer_query, query, settings.limits.rows, settings.answer_bytes)

    async def _describe_service(self, http: Request, build: ServedBuild) -> ASGIApp:
        if http.method == "GET" and accepts_html(http.headers.get("accept", "")):
            return RedirectResponse("query.html", 303)
        return await self._described(http, build, describe_service, _address(http), _data_format(http))

    async def void(self, http: Request) -> PreparedResponse:
        """Describe the graph: `/.well-known/void`."""
        build = await self.builds.current()
        arguments = build.generation, _address(http), _data_format(http)
        return await self._described(http, build, describe_graph, *arguments)

    async def examples(self, http: Request) -> PreparedResponse:
        """Describe the saved questions: `/.well-known/sparql-examples`."""
        build = await self.builds.current()
        arguments = self.builds.questions, _address(http), _data_format(http)
        return await self._described(http, build, describe_questions, *arguments)

    async def _described(
        self,
        http: Request,
        build: ServedBuild,
        job: Callable[Concatenate[Store, P], EncodedAnswer],
        *arguments: P.args,
        **_none: P.kwargs,
    ) -> PreparedResponse:
        """Run a job that describes a build, once for the same arguments."""
        key = hashlib.sha256(repr((job.__name__, build.sha256, arguments)).encode("utf-8", "replace")).digest()
        response = self.cache.get(key)
        if response is None:
            response = prepare(await build.pool.run(http.state.client, job, *arguments, **_none))
            self.cache.put(key, response)
        return response


def _address(http: Request) -> str:
    """Return the address of the endpoint."""
    return str(http.url.replace(path="/sparql", query="", fragment=""))


def _data_format(http: Request) -> DataFormat:
    """Choose the format of a description."""
    accept = http.headers.get("accept", "*/*")
    chosen = choose(GRAPHS, accept)
    if chosen is None:
        raise NotAcceptableError(f"The description is not available as {accept!r}.", "Ask for text/turtle.")
    return DataFormat(*chosen, gzip="gzip" in http.headers.get("accept-encoding", ""))


async def _read(http: Request, limit: int) -> RawRequest:
    """Read a request; stop reading a body that is too long."""
    body = bytearray()
    if http.method == "POST":
        try:
            async for part in http.stream():
                body += part
                if len(body) > limit:
                    raise RefusedError(413, f"The request is longer than {limit:,} bytes.", "Send a shorter query.")
        except ClientDisconnect as error:
            raise RefusedError(400, "The client left before its request had arrived.") from error
    parameters: bytes = http.scope["query_string"]
    if len(parameters) > limit:
        raise RefusedError(413, f"The query is longer than {limit:,} bytes.", "Send a shorter query.")
    method, media = "GET" if http.method == "HEAD" else http.method, _header(http, b"content-type")
    gzip = "gzip" in _header(http, b"accept-encoding")
    return RawRequest(method, parameters, media, bytes(body), _header(http, b"accept", "*/*"), gzip)


def _header(http: Request, name: bytes, default: str = "") -> str:
    """Return a header; Starlette would look through all of them."""
    value: bytes | None = http.scope["state"]["headers"].get(name)
    return default if value is None else value.decode("latin-1")


def _raw_key(build: ServedBuild, scope: Scope, headers: Mapping[bytes, bytes]) -> bytes:
    """Return the cache key of an unparsed request; b"" if it names a saved question, whose text may change."""
    parameters: bytes = scope["query_string"]
    if scope["method"] != "GET" or b"question" in parameters:
        return b""
    # No part except the last can contain a line break.
    gzip = b"gzip" in headers.get(b"accept-encoding", b"")
    return b"%s\n%d\n%s\n%s" % (build.sha256.encode(), gzip, parameters, headers.get(b"accept", b""))


def _key(build: ServedBuild, query: QueryRequest) -> bytes:
    """Return the cache key of a query: everything that determines the answer."""
    values = sorted(query.values.items())
    return repr((build.sha256, query.text, values, query.accept, query.dataset, query.gzip)).encode()


def _etag(build: ServedBuild, key: bytes) -> str:
    return f'W/"{build.sha256[:16]}-{hashlib.sha256(key).hexdigest()[:16]}"'
