"""`/sparql`: the SPARQL 1.1 Protocol for queries. Update is not offered."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse

from graphkit.query.answers import Triples
from graphkit.query.questions import read_questions
from graphkit.store.syntax import tokens
from graphkit.web.describe import examples, void
from graphkit.web.server.cache import Kept
from graphkit.web.server.jobs import Asked, NotAcceptableError, Sent, answer_protocol, describe_service
from graphkit.web.server.negotiation import GRAPHS, choose, quality, spell, wishes
from graphkit.web.server.request import RefusedError, Request, read_request
from graphkit.web.server.responses import reply, unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox
    from starlette.types import ASGIApp, Receive, Scope, Send

    from graphkit.web.server.budget import Budget
    from graphkit.web.server.builds import Build, Builds
    from graphkit.web.server.responses import Reply

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
        client = scope["client"][0] if scope["client"] else ""
        self.budget.require(client)
        build = await self.builds.current()
        heads = dict(scope["headers"])
        key = _quick_key(build, scope, heads)
        answer: ASGIApp | None = self._known(key, client) if key and b"if-none-match" not in heads else None
        if answer is None:
            answer = await self._answer(HttpRequest(scope, receive), build, client, key)
        await answer(scope, receive, send)

    def _known(self, key: bytes, client: str) -> Reply | None:
        """Return an answer that was given before; it costs a client little, but not nothing."""
        found = self.kept.get(key)
        if found is not None:
            self.budget.spend(client, 0)
        return found

    async def _answer(self, http: HttpRequest, build: Build, client: str, key: bytes) -> ASGIApp:
        request = await _read(http, self.builds.settings.query_bytes)
        asked = read_request(request, self.builds.workspace.questions)
        if asked is None:
            return await self._describe(http, build, client)
        if http.method == "GET" and _is_browser(asked):
            return RedirectResponse(f"query.html#query={quote(asked.text, safe='')}", 303)
        if _is_fickle(asked):
            return reply(await self._run(build, client, asked))
        key = key or _key(build, asked)
        etag = _etag(build, key)
        if etag in http.headers.get("if-none-match", ""):
            return unchanged(etag)
        answer = self._known(key, client)
        if answer is None:
            answer = reply(await self._run(build, client, asked), etag)
            self.kept.put(key, answer)
        return answer

    async def _run(self, build: Build, client: str, asked: Asked) -> Sent:
        began = time.monotonic()
        try:
            return await build.pool.run(client, answer_protocol, asked, self.builds.settings.limits.rows)
        finally:
            self.budget.spend(client, time.monotonic() - began)

    async def _describe(self, http: HttpRequest, build: Build, client: str) -> ASGIApp:
        """Describe the service: what it understands and which graphs it has."""
        if http.method == "GET" and _wants_page(http.headers.get("accept", "")):
            return RedirectResponse("query.html", 303)
        address = str(http.url.replace(query="", fragment=""))
        return reply(await build.pool.run(client, describe_service, address, *_rdf(http)))

    async def void(self, http: HttpRequest) -> Reply:
        """Describe the graph: `/.well-known/void`."""
        self.budget.require(http.client.host if http.client else "")
        build = await self.builds.current()
        return _described(void(await build.counting.holdings(), _address(http)), http)

    async def examples(self, http: HttpRequest) -> Reply:
        """Describe the saved questions: `/.well-known/sparql-examples`."""
        questions = read_questions(self.builds.workspace.questions()).values()
        return _described(examples(questions, _address(http)), http)


def _described(triples: list[ox.Triple], http: HttpRequest) -> Reply:
    """Answer with a description, in the form that the client takes."""
    form, media = _rdf(http)
    return reply(Sent(spell(Triples(triples), form), media, len(triples)))


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


def _quick_key(build: Build, scope: Scope, heads: Mapping[bytes, bytes]) -> bytes:
    """Name a request before it is read; b"" where that is not enough: a saved question may change."""
    parameters: bytes = scope["query_string"]
    if scope["method"] != "GET" or b"question" in parameters:
        return b""
    # None of the parts holds a line break, but the last.
    packed = b"gzip" in heads.get(b"accept-encoding", b"")
    return b"%s\n%d\n%s\n%s" % (build.sha256.encode(), packed, parameters, heads.get(b"accept", b""))


def _key(build: Build, asked: Asked) -> bytes:
    """Name what is asked: it and the build decide about the answer."""
    given = sorted(asked.given.items())
    return repr((build.sha256, asked.text, given, asked.accept, asked.dataset, asked.packed)).encode()


def _etag(build: Build, key: bytes) -> str:
    return f'W/"{build.sha256[:16]}-{hashlib.sha256(key).hexdigest()[:16]}"'
