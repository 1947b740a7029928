"""The open connections of a server, with limits that uvicorn lacks: on headers, on time, and on unread answers.

uvicorn closes idle connections, but only after a first request, and bounds headers only with its slower parser.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from graphkit.web.server import Settings

CONNECTIONS, PER_CLIENT = 1_000, 200
# A request must arrive within so many seconds, and a client must read each 64 KB of an answer within so many.
REQUEST_SECONDS, READER_SECONDS = 5.0, 10.0
HEADERS, HEADER_BYTES = 100, 65_536
# A client may send so many requests before it reads an answer, and a body in so many pieces at once.
_PIPELINED, _PIECES = 16, 4_096
_SWEEP = 1.0
AWAKE_SECONDS = 50e-6


class Connections:
    """The open connections. Those of one client and all of them are bounded in number and in unread bytes."""

    def __init__(self, settings: Settings) -> None:
        self.open: dict[Connection, None] = {}
        self.most_unsent = settings.unsent_bytes
        # All connections from a proxy have one address.
        self.per_client = CONNECTIONS if settings.behind_proxy else PER_CLIENT
        self.client_unsent = settings.unsent_bytes // (1 if settings.behind_proxy else 2)
        self._timer: asyncio.TimerHandle | None = None
        self._awake_until = 0.0

    def protocol(self, **settings: Any) -> Connection:  # noqa: ANN401 - those of uvicorn
        """Make the protocol of one connection; uvicorn calls this."""
        return Connection(self, **settings)

    def add(self, connection: Connection) -> None:
        """Add a connection; if there are too many, close the one that has waited longest for its request."""
        own = [other for other in self.open if other.host == connection.host]
        for others, most in ((own, self.per_client), (tuple(self.open), CONNECTIONS)):
            if len(others) >= most:
                next((other for other in others if other.idle), connection).abort()
        self.open[connection] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SWEEP, self._sweep)

    def remove(self, connection: Connection) -> None:
        """Remove a closed connection."""
        self.open.pop(connection, None)

    def stay_awake(self) -> None:
        """Look for the next request without a pause for a moment, because a process that sleeps wakes late.

        A client that asks for one cached answer after the other gets half as many again. Where workers are needed, the
        processors have better things to do.
        """
        sleeps = not self._awake_until
        self._awake_until = time.perf_counter() + AWAKE_SECONDS
        if sleeps:
            self._poll()

    def _poll(self) -> None:
        if time.perf_counter() < self._awake_until:
            asyncio.get_running_loop().call_soon(self._poll)
        else:
            self._awake_until = 0.0

    def limit_unsent(self, host: str) -> None:
        """If a client, or all, have too many unread bytes, abort the oldest answer, of the client with the most."""
        while _size(other for other in self.open if other.host == host) > self.client_unsent:
            self._abort_oldest(host)
        while _size(self.open) > self.most_unsent:
            sizes: Counter[str] = Counter()
            for other in self.open:
                sizes[other.host] += len(other.unsent)
            self._abort_oldest(sizes.most_common(1)[0][0])

    def _abort_oldest(self, host: str) -> None:
        next(other for other in self.open if other.host == host and other.unsent).abort()

    def _sweep(self) -> None:
        """Close connections whose request or whose reader takes too long."""
        loop = asyncio.get_running_loop()
        for connection in list(self.open):
            connection.check(loop.time())
        self._timer = loop.call_later(_SWEEP, self._sweep) if self.open else None


def _size(connections: Iterable[Connection]) -> int:
    """Return the number of unread bytes; answers that share their bytes are counted once."""
    return sum({id(connection.unsent): len(connection.unsent) for connection in connections}.values())


class Connection(HttpToolsProtocol):
    """One connection.

    Attributes:
        host: The address of the client.
        receiving: Whether a request, or the first one, has not arrived completely.
        unsent: The body that is being sent, if it is long.
    """

    def __init__(self, connections: Connections, **settings: Any) -> None:  # noqa: ANN401 - those of uvicorn
        super().__init__(**settings)
        self._connections = connections
        self.host = ""
        self.receiving = self._in_headers = True
        self.unsent = b""
        self._since = 0.0
        self._bytes = self._pieces = 0

    @property
    def idle(self) -> bool:
        """Whether the server waits for the client to send a request."""
        cycle: RequestResponseCycle | None = self.cycle
        return self.receiving or cycle is None or cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection."""
        super().connection_made(transport)
        self.host = self.client[0] if self.client else ""
        self._since = self.loop.time()
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse a part of a request; refuse headers that are too long."""
        if self.transport.is_closing():
            return
        self._pieces = 0
        self._bytes += len(data)
        super().data_received(data)
        if self._in_headers and self._bytes > HEADER_BYTES and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        """Begin a request: its time runs from its first byte."""
        super().on_message_begin()
        self.receiving, self._since = True, self.loop.time()
        self.scope["state"]["connection"] = self

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header, up to a maximum number."""
        if len(self.headers) < HEADERS:
            super().on_header(name, value)
        elif not self.transport.is_closing():
            self._refuse()

    def on_headers_complete(self) -> None:
        """Start the answer, unless the headers are too long or too many requests wait for an answer."""
        if self._bytes > HEADER_BYTES and sum(map(len, chain(*self.headers))) + len(self.url) > HEADER_BYTES:
            self._refuse()
        self._in_headers, self._bytes = False, 0
        if len(self.pipeline) >= _PIPELINED:
            self.abort()
        if self.transport.is_closing():
            raise ValueError(self.url)  # ends the parser
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Add a piece of a body; a body in single bytes would block the event loop."""
        self._pieces += 1
        if self._pieces > _PIECES:
            self.abort()
            raise ValueError(self._pieces)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        super().on_message_complete()
        self.receiving, self._in_headers, self._bytes, self._since = False, True, 0, self.loop.time()

    def resume_writing(self) -> None:
        """Continue to send, because the client has read a part of the answer."""
        self._since = self.loop.time()
        super().resume_writing()

    def check(self, now: float) -> None:
        """Abort the connection if its request arrives, or its answer is read, too slowly."""
        if not self.receiving and not self.transport.get_write_buffer_size():
            self._since = now
        elif now - self._since > (REQUEST_SECONDS if self.receiving else READER_SECONDS):
            self.abort()

    def hold(self, body: bytes) -> None:
        """Remember the body that is being sent."""
        self.unsent = body
        if body:
            self._connections.limit_unsent(self.host)

    def expect_more(self) -> None:
        """Be ready for the next request at once."""
        self._connections.stay_awake()

    def abort(self) -> None:
        """Close the connection at once."""
        self._connections.remove(self)
        self.transport.abort()

    def _refuse(self) -> None:
        text = b"The headers of the request are too long. Send fewer or shorter ones.\n"
        head = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        self.transport.write(head + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        self.transport.close()
