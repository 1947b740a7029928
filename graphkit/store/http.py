"""One HTTP exchange over one connection: a deadline, a limit of bytes, no proxy, no cookie, no redirect.

Two clients add their policies about hosts. `graphkit.store.remote.http` talks to the one server that the user named;
`graphkit.curate.capture.fetch` fetches pages from public hosts.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from graphkit.model.errors import GraphkitError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The errors of an exchange beside `TooLargeError`.
FAILURES = (OSError, http.client.HTTPException, zlib.error, ValueError)
LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Characters that need no quoting in a path or a query.
_SAFE = "/%:@!$&'()*+,;=-._~"
_PIECE = 65_536
_GZIP, _MAGIC = 31, b"\x1f\x8b"


class FetchError(GraphkitError):
    """An address cannot be fetched, or must not be."""


class TooLargeError(Exception):
    """A body is larger than allowed; the argument is the number of bytes so far, or in all."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in ASCII, as it is sent.

    Attributes:
        scheme: http or https.
        host: A name or an IP address, without brackets.
        target: Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def parse_address(text: str) -> Address:
    """Parse an address that a person typed or a server sent.

    Raises:
        FetchError: It is not an http or https address, or it contains a user name.

    >>> parse_address("HTTPS://Example.org:443/café?q=a b#top").url
    'https://example.org/caf%C3%A9?q=a%20b'
    """
    shown = _shown(text)
    parts, port = _split(text, shown)
    if parts.scheme not in _PORTS:
        raise FetchError(f"{shown} is not a web address: its scheme is {parts.scheme!r}.", _WEB)
    if "@" in parts.netloc:
        raise FetchError(f"{shown} contains a user name or a password.", "Remove the part before @.")
    path, query = _ascii(parts.path or "/", shown), _ascii(parts.query, shown)
    return Address(parts.scheme, _host(parts, shown), port or _PORTS[parts.scheme], path + (query and f"?{query}"))


def next_address(here: Address, location: str) -> Address:
    """Return the target of a redirect.

    Raises:
        FetchError: The target is not an http or https address, or it contains a user name.
    """
    # Headers are read as Latin-1; servers send UTF-8.
    text = location.strip().encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return parse_address(urljoin(here.url, text))
    except (FetchError, ValueError) as error:
        why = error.message if isinstance(error, FetchError) else f"{text!r} is not an address."
        raise FetchError(f"{here.url} redirects: {why}", "Find the address of the page itself and use that.") from error


_WEB = "Use an address that begins with http:// or https://."


def _shown(text: str) -> str:
    """Return an address for a message, without a password."""
    return ascii(re.sub(r"//[^/?#]*@", "//…@", text)[:200])[1:-1].replace("\\u2026", "…")


def _split(text: str, shown: str) -> tuple[SplitResult, int | None]:
    # urlsplit drops line breaks and tabs silently, so the address would differ from the one shown.
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text) or len(text) > LONGEST_URL:
        raise FetchError(f"{shown} is not an address: it is too long or contains control characters.", _WEB)
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{shown} is not an address: {error}.", _WEB) from error
    return parts, port


def _host(parts: SplitResult, shown: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if "[" in parts.netloc:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise FetchError(f"{shown} has no valid host name: {error}.", _WEB) from error
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise FetchError(f"{shown} has an invalid host name: {error}.", _WEB) from error
    if not _HOST.fullmatch(name):
        raise FetchError(f"{shown} has no valid host name.", _WEB)
    return name


def _ascii(text: str, shown: str) -> str:
    try:
        return quote(_STRAY_PERCENT.sub("%25", text), safe=_SAFE + "?")
    except UnicodeEncodeError as error:
        raise FetchError(f"{shown} is not text.", _WEB) from error


class Answer:
    """The answer of a server; its body is read on demand."""

    def __init__(self, answer: http.client.HTTPResponse, end: float) -> None:
        self._answer = answer
        self._end = end
        self.status = answer.status
        self.reason = answer.reason
        self.headers = {name.lower(): value for name, value in answer.getheaders()}

    def read(self, most: int) -> bytes:
        """Read the whole body and decompress gzip.

        Raises:
            TooLargeError: The body has more bytes, compressed or not.
        """
        if self._answer.length is not None and self._answer.length > most:
            raise TooLargeError(self._answer.length)
        packing = self.headers.get("content-encoding", "identity").strip().lower()
        pieces = _counted(self._pieces(), most)
        if packing in {"gzip", "x-gzip"}:
            pieces = _counted(_unpacked(pieces), most)
        elif packing != "identity":
            raise http.client.HTTPException(f"it is compressed as {packing[:80]!a}, which was not requested")
        body = b"".join(pieces)
        if time.monotonic() >= self._end:
            raise TimeoutError  # the alarm ended the connection, not the server
        return body

    def _pieces(self) -> Iterator[bytes]:
        length, count = self._answer.length, 0
        while (length is None or count < length) and (piece := self._answer.read1(_PIECE)):
            count += len(piece)
            yield piece
        if length is not None and count < length:
            raise http.client.HTTPException(f"it ended after {count:,} of {length:,} bytes")


@dataclass(frozen=True, slots=True)
class Request:
    """A request; only POST and PUT send an empty body."""

    method: str
    address: Address
    headers: Mapping[str, str]
    body: bytes = b""


@contextmanager
def exchange(request: Request, *, end: float, silence: float, numbers: Iterable[str] = ()) -> Iterator[Answer]:
    """Send one request and yield the answer.

    Args:
        end: The time of `time.monotonic` at which the connection is cut.
        silence: Seconds to wait for a connection or for the next bytes.
        numbers: IP addresses of the host, to be tried in this order; by default the system looks the host up.
    """
    address = request.address
    line = _connect(address, numbers or [address.host], end, silence)
    make = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = make(address.host, address.port)
    connection.auto_open = 0  # a second connection would look the host up again
    connection.sock = line
    # Headers that arrive byte by byte keep each wait short, so an alarm cuts the connection. It rings a little after
    # the deadline: the reader then finds that the time is up.
    alarm = threading.Timer(max(0.0, end - time.monotonic()) + 0.01, _cut, [line])
    alarm.daemon = True
    alarm.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        with suppress(BrokenPipeError, ConnectionResetError):  # a server may answer before it has read everything
            body = request.body or (b"" if request.method in {"POST", "PUT"} else None)
            connection.request(request.method, address.target, body, {**request.headers, "Connection": "close"})
        yield Answer(connection.getresponse(), end)
    finally:
        alarm.cancel()
        connection.close()
        line.close()


def _connect(address: Address, numbers: Iterable[str], end: float, silence: float) -> socket.socket:
    problem: OSError = TimeoutError()
    for number in numbers:
        seconds = min(silence, end - time.monotonic())
        if seconds <= 0:
            break
        try:
            line = socket.create_connection((number, address.port), seconds)
        except OSError as error:
            problem = error
            continue
        line.settimeout(silence)
        if address.scheme == "http":
            return line
        context = ssl.create_default_context()
        return context.wrap_socket(line, server_hostname=address.host, do_handshake_on_connect=False)
    raise problem


def _cut(line: socket.socket) -> None:
    # The method of the plain socket: the TLS method would disturb the other thread, which is reading.
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def timed_out(error: Exception, end: float) -> bool:
    """Return whether an exchange failed because its time was up."""
    return isinstance(error, TimeoutError) or time.monotonic() >= end


def reason(error: Exception) -> str:
    """Explain why an exchange failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if type(error) is not http.client.HTTPException and isinstance(error, http.client.HTTPException):
        return f"it does not answer in HTTP ({type(error).__name__})"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _counted(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most:
            raise TooLargeError(count)
        yield piece


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress gzip in small pieces, because a small file can expand into a very large one."""
    engine = zlib.decompressobj(wbits=_GZIP)
    for piece in pieces:
        rest = piece
        while rest:
            if engine.eof:
                # Another gzip member may follow; anything else is padding.
                if not rest.startswith(_MAGIC):
                    break
                engine = zlib.decompressobj(wbits=_GZIP)
            yield engine.decompress(rest, _PIECE)
            rest = engine.unconsumed_tail or engine.unused_data
    yield engine.flush()
    if not engine.eof:
        raise zlib.error("its compressed data is incomplete")
