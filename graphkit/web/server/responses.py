"""Answers as HTTP: a status, headers and bytes, ready to be sent more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from graphkit.web.server.jobs import Sent

# Whatever is here, pages of others may read, with these headers of ours.
EXPOSED = ("ETag", "X-Truncated", "X-Rows", "Retry-After")
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": ", ".join(EXPOSED)}


def _raw(headers: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_ALWAYS = _raw(OPEN | {"Vary": "Accept, Accept-Encoding"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a query: an ASGI application that sends it.

    Attributes:
        body: The bytes.
        headers: As they are sent.
        status: 200, or 304 for an answer that the client has.
    """

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    status: int = 200

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers]})
        await send({"type": "http.response.body", "body": self.body})


def reply(sent: Sent, etag: str = "") -> Reply:
    """Make an answer ready.

    Args:
        sent: What a worker gave.
        etag: Its name; "" where the same query has another answer each time.
    """
    media = sent.media + ("; charset=utf-8" if sent.media.startswith("text/") else "")
    headers = {"Content-Type": media, "Content-Length": str(len(sent.body)), "X-Rows": str(sent.rows)}
    if sent.cut:
        headers["X-Truncated"] = "true"
    if sent.packed:
        headers["Content-Encoding"] = "gzip"
    if etag:
        headers |= {"ETag": etag, "Cache-Control": "no-cache"}
    return Reply(sent.body, (*_raw(headers), *_ALWAYS))


def unchanged(etag: str) -> Reply:
    """Say that the client has the answer of this name already."""
    return Reply(b"", (*_raw({"ETag": etag}), *_ALWAYS), 304)
