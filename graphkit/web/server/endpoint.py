"""`/sparql`: the SPARQL 1.1 Protocol for queries, without updates, and the descriptions of the endpoint."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse

from graphkit.query.answers import Triples
from graphkit.query.questions import read_questions
from graphkit.store.syntax import tokens
from graphkit.web.describe import examples
from graphkit.web.server.jobs import (
    EncodedAnswer,
    NotAcceptableError,
    QueryRequest,
    answer_query,
    describe_graph,
    describe_service,
)
from graphkit.web.server.negotiation import GRAPHS, accepts_html, choose, encode_triples
from graphkit.web.server.request import RawRequest, RefusedError, parse_request
from graphkit.web.server.responses import ResponseCache, not_modified, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Concatenate, ParamSpec

    from starlette.types import ASGIApp, Receive, Scope, Send

    from graphkit.store import Store
    from graphkit.web.server.budget import Budget
    from graphkit.web.server.builds import Builds, ServedBuild
    from graphkit.web.server.responses import PreparedResponse

    P = ParamSpec("P")

# The result of these functions changes on every call.
_NON_DETERMINISTIC = frozenset(("now", "rand", "uuid", "struuid", "bnode"))
# Most queries contain none of these words, even in a string: they need no closer look.
_SUSPECT = re.compile("now|rand|uuid|bnode", re.IGNORECASE)


class SparqlEndpoint:
    """Answers queries.

    Args:
        builds: The builds to query.
        budget: The computing time of each client.
    """

    def __init__(self, builds: Builds, budget: Budget) -> None:
        self.builds = builds
        self.budget = budget
        self.cache = ResponseCache(builds.settings.cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to `/sparql`, as an ASGI application."""
        client = scope["client"][0] if scope["client"] else ""
        self.budget.require(client)
        build = await self.builds.current()
        headers = dict(scope["headers"])
        key = _raw_key(build, scope, headers)
        response: ASGIApp | None = self._cached(key, client) if key and b"if-none-match" not in headers else None
        if response is None:
            response = await self._respond(Request(scope, receive), build, client, key)
        await response(scope, receive, send)

    def _cached(self, key: bytes, client: str) -> PreparedResponse | None:
        """Return a response from the cache; it costs the client little, but not nothing."""
        found = self.cache.get(key)
        if found is not None:
            self.budget.spend(client, 0)
        return found

    async def _respond(self, http: Request, build: ServedBuild, client: str, key: bytes) -> ASGIApp:
        raw = await _read(http, self.builds.settings.query_bytes)
        query = parse_request(raw, self.builds.workspace.questions)
        if query is None:
            return await self._describe_service(http, build, client)
        if http.method == "GET" and query.name == "query" and accepts_html(query.accept):
            return RedirectResponse(f"query.html#query={quote(query.text, safe='')}", 303)
        if _is_non_deterministic(query):
            return prepare(await self._answer(build, client, query))
        key = key or _key(build, query)
        etag = _etag(build, key)
        if etag in http.headers.get("if-none-match", ""):
            return not_modified(etag)
        response = self._cached(key, client)
        if response is None:
            response = prepare(await self._answer(build, client, query), etag)
            self.cache.put(key, response)
        return response

    async def _answer(self, build: ServedBuild, client: str, query: QueryRequest) -> EncodedAnswer:
        return await self._run(build, client, answer_query, query, self.builds.settings.limits.rows)

    async def _run(
        self,
        build: ServedBuild,
        client: str,
        job: Callable[Concatenate[Store, P], EncodedAnswer],
        *arguments: P.args,
        **keywords: P.kwargs,
    ) -> EncodedAnswer:
        """Run a job, and charge its time to the client."""
        began = time.monotonic()
        try:
            return await build.pool.run(client, job, *arguments, **keywords)
        finally:
            self.budget.spend(client, time.monotonic() - began)

    async def _describe_service(self, http: Request, build: ServedBuild, client: str) -> ASGIApp:
        if http.method == "GET" and accepts_html(http.headers.get("accept", "")):
            return RedirectResponse("query.html", 303)
        address = str(http.url.replace(query="", fragment=""))
        return prepare(await self._run(build, client, describe_service, address, *_rdf_format(http)))

    async def void(self, http: Request) -> PreparedResponse:
        """Describe the graph: `/.well-known/void`."""
        client = http.client.host if http.client else ""
        self.budget.require(client)
        build = await self.builds.current()
        arguments = build.sha256, _endpoint_address(http), *_rdf_format(http)
        key = repr(("void", arguments)).encode()
        response = self._cached(key, client)
        if response is None:
            answer = await self._run(build, client, describe_graph, build.generation, *arguments[1:])
            response = prepare(answer)
            self.cache.put(key, response)
        return response

    async def examples(self, http: Request) -> PreparedResponse:
        """Describe the saved questions: `/.well-known/sparql-examples`."""
        questions = read_questions(self.builds.workspace.questions()).values()
        triples = examples(questions, _endpoint_address(http))
        form, media = _rdf_format(http)
        return prepare(EncodedAnswer(encode_triples(Triples(triples), form), media, len(triples)))


def _endpoint_address(http: Request) -> str:
    """Return the address of the endpoint; the request is for another path of the same server."""
    return str(http.url.replace(path="/sparql", query="", fragment=""))


def _rdf_format(http: Request) -> tuple[str, str]:
    """Choose the format of a description."""
    accept = http.headers.get("accept", "*/*")
    chosen = choose(GRAPHS, accept)
    if chosen is None:
        raise NotAcceptableError(f"The description is not available as {accept!r}.", "Ask for text/turtle.")
    return chosen


async def _read(http: Request, limit: int) -> RawRequest:
    """Read a request; stop reading a body that is too long."""
    body = bytearray()
    if http.method == "POST":
        async for part in http.stream():
            body += part
            if len(body) > limit:
                raise RefusedError(413, f"The request is longer than {limit:,} bytes.", "Send a shorter query.")
    parameters: bytes = http.scope["query_string"]
    if len(parameters) > limit:
        raise RefusedError(413, f"The query is longer than {limit:,} bytes.", "Send a shorter query.")
    headers = http.headers
    method, media = "GET" if http.method == "HEAD" else http.method, headers.get("content-type", "")
    gzip = "gzip" in headers.get("accept-encoding", "")
    return RawRequest(method, parameters, media, bytes(body), headers.get("accept", "*/*"), gzip)


def _is_non_deterministic(query: QueryRequest) -> bool:
    return bool(_SUSPECT.search(query.text)) and any(
        kind == "keyword" and word.lower() in _NON_DETERMINISTIC for kind, word, _ in tokens(query.text)
    )


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
