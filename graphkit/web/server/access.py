"""Who may use the server: the names of the host, the pages of other sites, and the computing time of each client.

Also the security headers of every response, and the parts in which long responses are sent.
"""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from graphkit.web.server.request import RefusedError
from graphkit.web.server.responses import EXPOSED, error_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from graphkit.web.server import Settings
    from graphkit.web.server.budget import Budget

Headers = list[tuple[bytes, bytes]]
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
    """Middleware that refuses requests to another host and of clients without computing time, and answers preflights.

    Args:
        app: The application.
        settings: The names of the host, and the origins that may read answers.
        budget: The computing time of each client.
    """

    def __init__(self, app: ASGIApp, settings: Settings, budget: Budget) -> None:
        self.app = app
        self.settings = settings
        self.budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        cors = self._cors(given.get(b"origin", b"").decode("latin-1"))
        client = client_of(scope["client"][0] if scope["client"] else "")
        scope["state"]["client"] = client

        async def send_parts(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: Headers = [*message["headers"], *_SECURITY, *cors]
                if not any(name == POLICY for name, _ in headers):
                    headers.append(_NO_PAGE)
                message["headers"] = headers
                await send(message)
            elif len(message.get("body", b"")) > PART:
                await _send_parts(message, scope, send)
            else:
                await send(message)

        try:
            self._require_host(given.get(b"host", b"").decode("latin-1"))
            self.budget.require(client)
            self.budget.spend(client)
        except RefusedError as error:
            await error_response(error)(scope, receive, send_parts)
            return
        if scope["method"] == "OPTIONS":
            await _preflight(given, send_parts, allowed=len(cors) > 1)
        else:
            await self.app(scope, receive, send_parts)

    def _require_host(self, host: str) -> None:
        """Refuse a name that is not ours: a site could give its own name our address, and read answers as its own."""
        found = _HOST.fullmatch(host)
        name = (found[1] or found[2]).rstrip(".").lower() if found else host
        settings = self.settings
        if not host or name in settings.host_names or (settings.any_address and _is_address(name)):
            return
        raise RefusedError(
            421, f"This server is not called {name!r}.", "Use its address, or start it with --host-name NAME."
        )

    def _cors(self, origin: str) -> Headers:
        """Return the headers that let pages of an origin read the answer; without permission, those that prevent it."""
        origins = self.settings.origins
        vary = (b"vary", b"Origin")
        if "*" in origins:
            allowed = b"*"
        elif origin and origin in origins:
            allowed = origin.encode("latin-1")
        else:
            return [_SAME_ORIGIN, vary] if origins else [_SAME_ORIGIN]
        exposed = (b"access-control-expose-headers", ", ".join(EXPOSED).encode())
        return [(b"access-control-allow-origin", allowed), exposed, vary]


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
