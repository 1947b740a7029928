"""Responses of the endpoint: prepared from answers or errors, and cached."""

from __future__ import annotations

import logging
import pickle
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from graphkit.model.errors import (
    AmbiguousNameError,
    DefectError,
    GraphkitError,
    MissingExtraError,
    NotFoundError,
    QueryError,
    StoreError,
    TooCostlyError,
)
from graphkit.web.server.jobs import EncodedAnswer, NotAcceptableError, TooLongError
from graphkit.web.server.request import RefusedError

LOGGER = logging.getLogger("graphkit.web.server")
# Headers that pages of other sites may read, if they may read answers.
EXPOSED = ("ETag", "X-Truncated", "X-Rows", "Warning", "Retry-After")
# The first class that matches sets the status.
_STATUS: tuple[tuple[type[GraphkitError], int], ...] = (
    (TooLongError, 507),
    (TooCostlyError, 503),
    (NotAcceptableError, 406),
    (QueryError, 400),
    (AmbiguousNameError, 400),
    (NotFoundError, 404),
    (StoreError, 503),
    (MissingExtraError, 501),
)
# Python's overhead for a cached response, in bytes.
_OVERHEAD = 200


def _encoded(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_VARY = _encoded({"Vary": "Accept, Accept-Encoding"})


@dataclass(frozen=True, slots=True)
class PreparedResponse:
    """A response that can be sent more than once, as an ASGI application.

    Attributes:
        body: The bytes.
        headers: The headers in ASGI form.
        status: 200, or 304 if the client has the answer already.
    """

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    status: int = 200

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the response."""
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers]})
        await send({"type": "http.response.body", "body": self.body})


def prepare(answer: EncodedAnswer, etag: str = "") -> PreparedResponse:
    """Prepare an answer as a response.

    Args:
        etag: Its entity tag; "" if the result changes on every call.
    """
    media = answer.media + ("; charset=utf-8" if answer.media.startswith("text/") else "")
    headers = {"Content-Type": media, "Content-Length": str(len(answer.body)), "X-Rows": str(answer.rows)}
    if answer.cut:
        headers["X-Truncated"] = "true"
    if answer.remarks:
        headers["Warning"] = ", ".join(map(_warning, answer.remarks))
    if answer.gzipped:
        headers["Content-Encoding"] = "gzip"
    if etag:
        headers |= {"ETag": etag, "Cache-Control": "no-cache"}
    return PreparedResponse(answer.body, (*_encoded(headers), *_VARY))


def _warning(text: str) -> str:
    r"""Return a value of the header `Warning` of RFC 7234; a character outside ASCII becomes its code.

    >>> print(_warning('sp:x is "no" property.'))
    299 graphkit "sp:x is \"no\" property."
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii", "backslashreplace").decode()
    return f'299 graphkit "{escaped}"'


def not_modified(etag: str) -> PreparedResponse:
    """Make the response to a client whose copy is current."""
    return PreparedResponse(b"", (*_encoded({"ETag": etag}), *_VARY), 304)


class ResponseCache:
    """The responses used most recently, so that a popular query is evaluated once for each build.

    Args:
        limit: The maximum size in bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        # Pickled, because the garbage collector would scan some 100,000 tuples now and then, for a tenth of a second.
        self._responses: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> PreparedResponse | None:
        """Return a response if it is cached."""
        found = self._responses.get(key)
        if found is None:
            return None
        self._responses.move_to_end(key)
        return PreparedResponse(*pickle.loads(found))  # noqa: S301 - from our own memory

    def put(self, key: bytes, response: PreparedResponse) -> None:
        """Cache a response unless it alone would fill a tenth of the cache."""
        if key in self._responses or (len(key) + len(response.body)) * 10 > self.limit:
            return
        entry = pickle.dumps((bytes(response.body), response.headers, response.status))
        self._responses[key] = entry
        self.size += _size(key, entry)
        while self.size > self.limit:
            self.size -= _size(*self._responses.popitem(last=False))


def _size(key: bytes, entry: bytes) -> int:
    return len(key) + len(entry) + _OVERHEAD


def exception_handlers() -> Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """Return the handlers that turn errors into responses: a status, and plain text with the solution."""
    return {GraphkitError: _graphkit_error, HTTPException: _http_error}


def error_response(error: GraphkitError) -> Response:
    """Return the response to a request that failed."""
    if isinstance(error, DefectError):
        LOGGER.error("%s\n%s", error.trace, error.message)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, RefusedError):
        status = error.status
        if error.retry:
            headers["Retry-After"] = str(error.retry)
    return PlainTextResponse(f"{error}\n".encode("utf-8", "replace"), status, headers)


async def _graphkit_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, GraphkitError)  # noqa: S101 - the handler is registered for this class
    return error_response(error)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    return PlainTextResponse(f"{error.detail}.\n", error.status_code, dict(error.headers or {}))
