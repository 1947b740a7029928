"""`/sparql`: the SPARQL 1.1 Protocol for queries. Update is not offered."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from graphkit.describe import examples
from graphkit.query import read_questions
from graphkit.results import Triples
from graphkit.serve.formats import GRAPHS, choose, quality, spell, wishes
from graphkit.serve.jobs import (
    Asked,
    NotAcceptableError,
    Sent,
    answer_protocol,
    describe_graph,
    describe_service,
)
from graphkit.serve.kept import Kept
from graphkit.serve.request import RefusedError, Request, read_request
from graphkit.sparql import tokens

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from graphkit.serve.budget import Budget
    from graphkit.serve.builds import Build, Builds

# Each time another answer.
_FICKLE = frozenset(("now", "rand", "uuid", "struuid", "bnode"))
# Most queries hold none of these words, not even in a text: they need not be read any closer.
_SUSPECT = re.compile("now|rand|uuid|bnode", re.IGNORECASE)


class Endpoint:
    """Answers queries.

    Args:
        builds: What is asked.
        budget: How much each client may ask.
    """

    def __init__(self, builds: Builds, budget: Budget) -> None:
        self.builds = builds
        self.budget = budget
        self.kept = Kept(builds.settings.kept_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to the endpoint, as an ASGI application."""
        response = await self.answer(HttpRequest(scope, receive))
        await response(scope, receive, send)

    async def answer(self, http: HttpRequest) -> Response:
        """Answer a request to the endpoint."""
        client = http.client.host if http.client else ""
        self.budget.require(client)
        request = await _read(http, self.builds.settings.query_bytes)
        asked = read_request(request, self.builds.workspace.questions)
        build = await self.builds.current()
        if asked is None:
            return await self._describe(http, build, client)
        if http.method == "GET" and _is_browser(asked):
            return RedirectResponse(f"query.html#query={quote(asked.text, safe='')}", 303)
        etag = "" if _is_fickle(asked) else _etag(build, asked)
        if etag and etag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        key = etag and (etag, asked.packed)
        sent = self.kept.get(key)
        if sent is None:
            sent = await self._run(build, client, asked)
            self.kept.put(key, sent)
        else:
            self.budget.spend(client, 0)
        return _response(sent, etag)

    async def _run(self, build: Build, client: str, asked: Asked) -> Sent:
        began = time.monotonic()
        try:
            return await build.pool.run(client, answer_protocol, asked, self.builds.settings.limits.rows)
        finally:
            self.budget.spend(client, time.monotonic() - began)

    async def _describe(self, http: HttpRequest, build: Build, client: str) -> Response:
        """Describe the service: what it understands and which graphs it has."""
        if http.method == "GET" and _wants_page(http.headers.get("accept", "")):
            return RedirectResponse("query.html", 303)
        address = str(http.url.replace(query="", fragment=""))
        return _response(await build.pool.run(client, describe_service, address, *_rdf(http)), "")

    async def void(self, http: HttpRequest) -> Response:
        """Describe the graph: `/.well-known/void`."""
        client = http.client.host if http.client else ""
        self.budget.require(client)
        build = await self.builds.current()
        return _response(await build.pool.run(client, describe_graph, _address(http), *_rdf(http)), "")

    async def examples(self, http: HttpRequest) -> Response:
        """Describe the saved questions: `/.well-known/sparql-examples`."""
        questions = read_questions(self.builds.workspace.questions()).values()
        form, media = _rdf(http)
        triples = Triples(examples(questions, _address(http)))
        return _response(Sent(spell(triples, form), media, len(triples)), "")


def _address(http: HttpRequest) -> str:
    """Name the endpoint, from a path beside it."""
    return str(http.url.replace(path="/sparql", query="", fragment=""))


def _rdf(http: HttpRequest) -> tuple[str, str]:
    """Choose the form of a description."""
    accept = http.headers.get("accept", "*/*")
    chosen = choose(GRAPHS, accept)
    if chosen is None:
        raise NotAcceptableError(f"The description cannot take the form {accept!r}.", "Ask for text/turtle.")
    return chosen


async def _read(http: HttpRequest, most: int) -> Request:
    """Read a request, its body only as far as it may be long."""
    body = bytearray()
    if http.method == "POST":
        async for part in http.stream():
            body += part
            if len(body) > most:
                raise RefusedError(413, f"The request is longer than {most:,} bytes.", "Ask for less at once.")
    parameters: bytes = http.scope["query_string"]
    if len(parameters) > most:
        raise RefusedError(413, f"The query is longer than {most:,} bytes.", "Ask for less at once.")
    heads = http.headers
    method, media = "GET" if http.method == "HEAD" else http.method, heads.get("content-type", "")
    packed = "gzip" in heads.get("accept-encoding", "")
    return Request(method, parameters, media, bytes(body), heads.get("accept", "*/*"), packed)


def _wants_page(accept: str) -> bool:
    """Say whether a person is reading: programs do not ask for HTML by name."""
    if "text/html" not in accept.lower():
        return False
    asked = wishes(accept)
    return any(wish.media == "text/html" for wish in asked) and quality("text/html", asked) > 0


def _is_browser(asked: Asked) -> bool:
    return asked.name == "query" and _wants_page(asked.accept)


def _is_fickle(asked: Asked) -> bool:
    return bool(_SUSPECT.search(asked.text)) and any(
        kind == "keyword" and word.lower() in _FICKLE for kind, word, _ in tokens(asked.text)
    )


def _etag(build: Build, asked: Asked) -> str:
    """Name an answer before it is known: the build and what is asked decide it."""
    key = repr((asked.text, sorted(asked.given.items()), asked.accept, asked.dataset))
    return f'W/"{build.sha256[:16]}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"'


def _response(sent: Sent, etag: str) -> Response:
    media = sent.media + ("; charset=utf-8" if sent.media.startswith("text/") else "")
    headers = {"Content-Type": media, "X-Rows": str(sent.rows), "Vary": "Accept, Accept-Encoding"}
    if sent.cut:
        headers["X-Truncated"] = "true"
    if sent.packed:
        headers["Content-Encoding"] = "gzip"
    if etag:
        headers |= {"ETag": etag, "Cache-Control": "no-cache"}
    return Response(sent.body, headers=headers)
