"""HTTP to one server that the user named, and to no other: no proxy, no redirect to another host, a time limit."""

from __future__ import annotations

import http.client
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from graphkit.model.errors import StoreError, TooCostlyError
from graphkit.store.remote.password import Password, answer_to

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

_REDIRECTS = {301, 302, 303, 307, 308}
_SEE_OTHER, _UNAUTHORISED = 303, 401
_HOPS = 5
_PART = 1 << 16
_ASKED_FIRST = 1 << 16
_CREDENTIALS = "Set GRAPHKIT_STORE_USER and GRAPHKIT_STORE_PASSWORD, or write the address as https://USER:PASSWORD@…"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered.

    Attributes:
        status: Its number.
        headers: By name in lower case.
        body: All of it.
        url: What was asked, redirects followed, without user and password.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def first_line(self) -> str:
        """The first line of what it says, for people."""
        lines = self.body[:2_000].decode("utf-8", "replace").splitlines()
        return next((line.strip()[:300] for line in lines if line.strip()), "no message")


def read_address(url: str, given: tuple[str, str] | None = None) -> tuple[str, Password | None]:
    """Take an address apart into what may be shown, and user and password.

    Args:
        url: As the user typed it.
        given: User and password that are known otherwise; those in the address go first.

    Raises:
        StoreError: It is no http or https address.

    >>> read_address("https://example.org/sparql")
    ('https://example.org/sparql', None)
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        shown = url.rpartition("@")[2]
        raise StoreError(f"{shown!r} is not the address of an endpoint.", "Type one such as https://example.org/sparql")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))
    if parts.username:
        return shown, Password(unquote(parts.username), unquote(parts.password or ""))
    return shown, Password(*given) if given else None


class Client:
    """Requests to one server.

    Args:
        password: For when the server asks for one.
        seconds: After so long a request is given up.
        most: So many bytes an answer may have.
    """

    def __init__(self, password: Password | None = None, seconds: float = 30.0, most: int = 1 << 30) -> None:
        self.password = password
        self.seconds = seconds
        self.most = most
        self._challenge = ""
        self._answered = 0

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """Send a request and read the whole answer, whatever its status.

        Raises:
            StoreError: There is no answer, or it leads to another host.
            TooCostlyError: It takes too long, or is too large.
        """
        if self.password and not self._challenge and len(body) > _ASKED_FIRST:
            # Servers hang up on a long body that comes without a password: let them ask for it first.
            self._authorised("GET", url, b"", {})
        here = url
        for _ in range(_HOPS + 1):
            reply = self._authorised(method, here, body, headers or {})
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return reply
            try:
                here = _same_host(here, urljoin(here, reply.headers["location"]))
            except ValueError as error:
                target = reply.headers["location"]
                raise StoreError(f"{here} redirects to {target!r}, which is no address.", "Ask who runs it.") from error
            if reply.status == _SEE_OTHER:
                method, body = "GET", b""
        raise StoreError(f"{url} redirects without end.", "Type the address that it should lead to.")

    def _authorised(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        reply = self._once(method, url, body, {**headers, **self._login(method, url)})
        if reply.status != _UNAUTHORISED or not self.password:
            return reply
        challenge = reply.headers.get("www-authenticate", "")
        if challenge == self._challenge:
            return reply  # a wrong password, not one that was proved too long ago
        self._challenge, self._answered = challenge, 0
        return self._once(method, url, body, {**headers, **self._login(method, url)})

    def _login(self, method: str, url: str) -> dict[str, str]:
        if not self.password or not self._challenge:
            return {}
        parts = urlsplit(url)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
        self._answered += 1
        answer = answer_to(self._challenge, self.password, method, path, self._answered)
        return {"Authorization": answer} if answer else {}

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        end = time.monotonic() + self.seconds
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=self.seconds)
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        alarm: threading.Timer | None = None
        try:
            connection.connect()
            wire = connection.sock
            # Headers that come drop by drop keep every single wait short: the whole has an end of its own.
            alarm = threading.Timer(self.seconds, _hang_up, (wire,))
            alarm.daemon = True
            alarm.start()
            _send(connection, method, path, body, {**headers, "User-Agent": "graphkit", "Connection": "close"})
            wire.settimeout(_left(end))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, self._read(answer, wire, end, url), url)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, TimeoutError) or time.monotonic() >= end:
                raise TooCostlyError(
                    f"{url} did not answer within {self.seconds:g} s.", "Ask for less, or give it more with --timeout."
                ) from error
            raise StoreError(
                f"{url} cannot be reached: {_reason(error)}.", "Does it run, and is this its address?"
            ) from error
        finally:
            if alarm is not None:
                alarm.cancel()
            connection.close()

    def _read(self, answer: http.client.HTTPResponse, wire: socket.socket, end: float, url: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            wire.settimeout(_left(end))
            part = answer.read1(_PART)
            if not part:
                _left(end)  # an end that the alarm made is not the end of the answer
                break
            parts.append(part)
            size += len(part)
            if size > self.most:
                raise TooCostlyError(f"The answer of {url} is larger than {self.most:,} bytes.", "Ask for less.")
        if answer.length:  # it said that there was more
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(parts)


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(2)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> None:
    try:
        connection.request(method, path, body or (b"" if method in {"POST", "PUT"} else None), headers)
    except (BrokenPipeError, ConnectionResetError):
        # It has said something before it hung up: that is read like any other answer.
        if connection.sock is None:
            raise


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "the connection was closed in the middle of the answer"
    if isinstance(error, OSError):
        return str(error.strerror or error)
    return f"it does not speak HTTP ({type(error).__name__})"


def _same_host(here: str, there: str) -> str:
    old, new = urlsplit(here), urlsplit(there)
    ports = {"http": 80, "https": 443}
    same = (old.hostname, old.port or ports[old.scheme]) == (new.hostname, new.port or ports.get(new.scheme, 0))
    same_name = old.hostname == new.hostname
    upgrade = (old.scheme, new.scheme) == ("http", "https") and same_name and not old.port and not new.port
    if new.scheme not in ports or not (upgrade or (same and old.scheme == new.scheme)):
        target, _ = read_address(there) if new.scheme in ports and new.hostname else (there, None)
        raise StoreError(
            f"{here} leads to another host: {target}", "Nothing was sent there. Type that address if you trust it."
        )
    return urlunsplit((new.scheme, new.netloc.rpartition("@")[2], new.path or "/", new.query, ""))


def complaint(reply: Reply) -> StoreError:
    """Make an error of an answer that is none: it names the endpoint, the status and what the server says."""
    status = reply.status
    hint = {
        400: "It did not understand what was sent.",
        401: _CREDENTIALS,
        403: f"This needs another user. {_CREDENTIALS}",
        404: "Check the address: it often ends in /sparql or /query.",
        405: "Check the address: it often ends in /sparql or /query.",
        429: "It has had enough requests for now: wait, and ask again.",
        503: "It is overloaded or being repaired: ask again later.",
    }.get(status, "Ask who runs it, or look into its log.")
    return StoreError(f"{reply.url} answered {status}: {reply.first_line}", hint)
