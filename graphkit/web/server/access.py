"""Who may use the server: the names of the host, the pages of other sites, and the computing time of each client.

Also the security headers of every response, and the parts in which long responses are sent.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from operator import itemgetter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphkit.web.server import Settings
from graphkit.web.server.request import RefusedError
from graphkit.web.server.responses import EXPOSED, error_response

# A full bucket holds the time of two minutes. Each request costs 2 ms beside the time of its worker.
_MINUTES = 2
_REQUEST = 0.002
_CLIENTS = 10_000
Headers = list[tuple[bytes, bytes]]
_NAME = itemgetter(0)
# A longer body is sent in parts of this size, each when the client has read most of the one before.
PART = 65_536
POLICY = b"content-security-policy"
_SECURITY: Headers = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_NO_PAGE = (POLICY, b"default-src 'none'; frame-ancestors 'none'")
_SAME_ORIGIN = (b"cross-origin-resource-policy", b"same-origin")
_METHODS = b"GET, HEAD, POST, OPTIONS"
# The address or name in a Host header.
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::\d*)?", re.ASCII)
_NAMES = re.compile(rb"[\w, -]{1,1000}")


class Budget:
    """The computing time that each client has left.

    Args:
        per_minute: Seconds that a client may use in a minute; 0 for no limit.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_minute / 60
        self.full = per_minute * _MINUTES
        self._clock = clock
        # Client to the seconds left and the time of that count; the client seen last comes last.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, client: str) -> None:
        """Refuse a client whose bucket is empty.

        Raises:
            RefusedError: The bucket is empty; the error says how long to wait.
        """
        left = self._remaining(client)
        if self.full and left <= 0:
            wait = max(1, math.ceil((_REQUEST - left) / self.per_second))
            raise RefusedError(429, "You have used too much computing time.", f"Try again in {wait} s.", wait)

    def spend(self, client: str, seconds: float = _REQUEST) -> None:
        """Take computing time out of the bucket of a client; by default that of a request without a worker."""
        if self.full:
            self._left[client] = (self._remaining(client) - seconds, self._clock())
            self._left.move_to_end(client)
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)

    def _remaining(self, client: str) -> float:
        left, then = self._left.get(client, (self.full, self._clock()))
        return min(self.full, left + (self._clock() - then) * self.per_second)


@lru_cache(10_000)
def client_of(address: str) -> str:
    """Return the name under which a client is counted: its address; of an IPv6 address, the network of its first half.

    >>> client_of("2001:db8::1:2"), client_of("192.0.2.1")
    ('2001:db8::/64', '192.0.2.1')
    """
    with suppress(ValueError):
        if ":" in address:
            return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    return address


class Access:
    """Middleware that refuses other hosts and clients without computing time, and answers preflights."""

    def __init__(self, app: ASGIApp, settings: Settings, budget: Budget) -> None:
        self.app = app
        self.settings = settings
        self.budget = budget
        self._is_own = lru_cache(100)(self._check_host)
        self._headers = lru_cache(100)(self._make_headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        headers = self._headers(given.get(b"origin", b""))
        client = client_of(scope["client"][0] if scope["client"] else "")
        scope["state"].update(client=client, headers=given)

        async def send_parts(message: Message) -> None:
            if message["type"] == "http.response.start":
                # A browser puts the headers of an answer 304 in the place of those that it kept.
                has_own = message["status"] == HTTPStatus.NOT_MODIFIED or POLICY in map(_NAME, message["headers"])
                policy = () if has_own else (_NO_PAGE,)
                message["headers"] = [*message["headers"], *headers, *policy]
                await send(message)
            elif len(message.get("body", b"")) > PART:
                await _send_parts(message, scope, send)
            else:
                await send(message)

        try:
            host = given.get(b"host", b"")
            if not self._is_own(host):
                raise _other_host(host)
            self.budget.require(client)
            self.budget.spend(client)
        except RefusedError as error:
            await error_response(error)(scope, receive, send_parts)
            return
        if scope["method"] == "OPTIONS":
            await _preflight(given, send_parts, allowed=headers[-1] != _SAME_ORIGIN)
        else:
            await self.app(scope, receive, send_parts)

    def _check_host(self, host: bytes) -> bool:
        """Return whether a name is ours: a site could give its own name our address, and read answers as its own."""
        found = _HOST.fullmatch(host.decode("latin-1"))
        name = (found[1] or found[2]).rstrip(".").lower() if found else ""
        settings = self.settings
        return not host or name in settings.host_names or (settings.any_address and _is_address(name))

    def _make_headers(self, origin: bytes) -> Headers:
        """Return the headers of every response; some let pages of an allowed origin read it, or prevent that."""
        origins = self.settings.origins
        vary = [(b"vary", b"Origin")] if origins else []
        if "*" not in origins and origin.decode("latin-1") not in origins:
            return [*_SECURITY, *vary, _SAME_ORIGIN]
        allowed = b"*" if "*" in origins else origin
        exposed = (b"access-control-expose-headers", ", ".join(EXPOSED).encode())
        return [*_SECURITY, *vary, exposed, (b"access-control-allow-origin", allowed)]


def _other_host(host: bytes) -> RefusedError:
    name = host[:100].decode("latin-1")
    return RefusedError(
        421, f"This server is not called {name!r}.", "Use its address, or start it with --host-name NAME."
    )


async def _preflight(given: dict[bytes, bytes], send: Send, *, allowed: bool) -> None:
    """Answer OPTIONS: the methods, and for a browser whether the page of another site may send its request.

    The status does not depend on the permission, which a browser reads off the headers.
    """
    headers: Headers = [(b"allow", _METHODS)]
    if allowed:
        wanted = given.get(b"access-control-request-headers", b"*")
        wanted = wanted if _NAMES.fullmatch(wanted) else b"*"
        headers += [
            (b"access-control-allow-methods", b"GET, HEAD, POST"),
            (b"access-control-allow-headers", wanted),
            (b"access-control-max-age", b"600"),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _send_parts(message: Message, scope: Scope, send: Send) -> None:
    """Send a long body in parts. Until the client has read them, they count as its unread answers."""
    body = message["body"]
    connection = scope["state"].get("connection")
    if connection is not None:
        connection.hold(body)
    parts = memoryview(body)
    for start in range(0, len(body), PART):
        more = message.get("more_body", False) or start + PART < len(body)
        await send({"type": "http.response.body", "body": parts[start : start + PART], "more_body": more})
    if connection is not None:
        connection.hold(b"")


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return False
