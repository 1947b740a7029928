"""Errors as HTTP answers: a status, and what to do instead as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from graphkit.model.errors import (
    GraphkitError,
    MissingExtraError,
    NotFoundError,
    QueryError,
    StoreError,
    TooCostlyError,
)
from graphkit.web.server.jobs import NotAcceptableError
from graphkit.web.server.request import RefusedError
from graphkit.web.server.responses import OPEN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

# The first that fits decides.
_STATUS: tuple[tuple[type[GraphkitError], int], ...] = (
    (TooCostlyError, 503),
    (NotAcceptableError, 406),
    (QueryError, 400),
    (NotFoundError, 404),
    (StoreError, 503),
    (MissingExtraError, 501),
)


def respond(error: GraphkitError) -> Response:
    """Turn an error of ours into an answer."""
    status = error.status if isinstance(error, RefusedError) else _status(error)
    headers = OPEN | {"Cache-Control": "no-store"}
    if isinstance(error, RefusedError) and error.retry:
        headers["Retry-After"] = str(error.retry)
    return PlainTextResponse(f"{error}\n", status, headers)


def _status(error: GraphkitError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def respond_to_errors() -> Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """Return a handler for each kind of error."""
    return {GraphkitError: _ours, HTTPException: _theirs}


async def _ours(_request: Request, error: Exception) -> Response:
    if not isinstance(error, GraphkitError):
        raise error
    return respond(error)


async def _theirs(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return PlainTextResponse(f"{error.detail}.\n", error.status_code, OPEN | dict(error.headers or {}))
