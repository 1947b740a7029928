"""One page over HTTP: each hop checked, each byte counted, no proxy, no cookie, and an end to waiting."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, NoReturn

from graphkit.curate.capture.address import Address, FetchError, look_up, next_address, parse_address
from graphkit.curate.capture.document import MAX_BYTES, Raw, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_HOPS = 10
_PIECE = 65_536
_GZIP, _MAGIC = 31, b"\x1f\x8b"
# All that mean success, but for a part of a page.
_PAGES = frozenset(range(200, 300)) - {206}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WAIT = "Try again later, give it longer with --timeout, or save the page in a browser and capture the file."
_SAVE = "Look at it in a browser; a page that is saved there can be captured as a file."


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a fetch may go.

    Attributes:
        max_bytes: Most bytes of a page, as sent and unpacked.
        connect: Seconds for a connection, and for any silence.
        total: Seconds for everything, redirects included.
        allowed: Hosts that may be asked although they are not public.
    """

    max_bytes: int = MAX_BYTES
    connect: float = 10.0
    total: float = 60.0
    allowed: frozenset[str] = field(default=frozenset())


def fetch(url: str, limits: Limits, progress: Callable[[str], None]) -> Raw:
    """Fetch one page.

    Args:
        url: Its address.
        limits: How far to go.
        progress: Told what is being done.

    Raises:
        FetchError: It cannot be fetched, or must not be.
        PageError: It is too large.
    """
    deadline = time.monotonic() + limits.total
    first = here = parse_address(url)
    seen: list[str] = []
    while True:
        if here.url in seen or len(seen) > MAX_HOPS:
            raise FetchError(f"{first.url} redirects in a circle, or too often: it came to {here.url}.", _SAVE)
        seen.append(here.url)
        found = _visit(here, limits, deadline, progress)
        if isinstance(found, Raw):
            return replace(found, name=first.url)
        here = found


def _visit(here: Address, limits: Limits, deadline: float, progress: Callable[[str], None]) -> Raw | Address:
    """Ask one address; return the page, or where it redirects to."""
    progress("connect")
    numbers = look_up(here, limits.allowed, min(limits.connect, deadline - time.monotonic()))
    try:
        with _connected(here, numbers, limits, deadline) as connection:
            connection.request("GET", here.target, headers=_headers())
            answer = connection.getresponse()
            if answer.status in _REDIRECTS:
                return next_address(here, _location(answer, here))
            progress("download")
            return _page(here, answer, limits, deadline)
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        _give_up(here, error, deadline)


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"graphkit/{version('graphkit')} (fetches one page that a curator asked for; follows no links)",
        "Accept": "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


@contextmanager
def _connected(
    here: Address, numbers: Iterable[str], limits: Limits, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """Connect to one of the numbers that were checked; when the time is up the line is cut."""
    line = _open(here, numbers, limits, deadline)
    make = http.client.HTTPSConnection if here.scheme == "https" else http.client.HTTPConnection
    connection = make(here.host, here.port)
    # It must never connect by itself: that would look the name up again.
    connection.auto_open = 0
    connection.sock = line
    # A little later than the deadline, so that whoever finds the line cut sees that the time was up.
    cut = threading.Timer(max(0.0, deadline - time.monotonic()) + 0.01, _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        yield connection
    finally:
        cut.cancel()
        connection.close()
        line.close()


def _open(here: Address, numbers: Iterable[str], limits: Limits, deadline: float) -> socket.socket:
    problem: OSError = TimeoutError()
    for number in numbers:
        seconds = min(limits.connect, deadline - time.monotonic())
        if seconds <= 0:
            break
        try:
            line = socket.create_connection((number, here.port), seconds)
        except OSError as error:
            problem = error
            continue
        line.settimeout(limits.connect)
        if here.scheme == "http":
            return line
        context = ssl.create_default_context()
        return context.wrap_socket(line, server_hostname=here.host, do_handshake_on_connect=False)
    raise problem


def _cut(line: socket.socket) -> None:
    # The plain method: the one of TLS would change what the other thread is reading.
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _give_up(here: Address, error: Exception, deadline: float) -> NoReturn:
    if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
        raise FetchError(f"{here.url} did not answer in time.", _WAIT) from error
    if isinstance(error, ssl.SSLCertVerificationError):
        raise FetchError(f"{here.url} does not prove who it is: {error.verify_message}.", _SAVE) from error
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    raise FetchError(f"{here.url} cannot be read: {why}.", _SAVE) from error


def _location(answer: http.client.HTTPResponse, here: Address) -> str:
    location = answer.getheader("Location")
    if not location:
        raise FetchError(f"{here.url} redirects (status {answer.status}) and does not say where to.", _SAVE)
    return location


def _page(here: Address, answer: http.client.HTTPResponse, limits: Limits, deadline: float) -> Raw:
    if answer.status not in _PAGES:
        raise FetchError(f"{here.url} answered {answer.status} {_ascii(answer.reason)}, and no page.", _SAVE)
    body = _body(here, answer, limits.max_bytes)
    # A line that was cut looks like the end of a page.
    if time.monotonic() >= deadline:
        raise TimeoutError
    header = answer.getheader("Content-Type") or ""
    charset = re.search(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", header, re.IGNORECASE)
    media_type = header.partition(";")[0].strip().lower()
    return Raw(here.url, body, media_type, charset[1] if charset else "", here.url)


def _ascii(text: str) -> str:
    return "".join(one if one.isprintable() and one.isascii() else "?" for one in text[:80])


def _body(here: Address, answer: http.client.HTTPResponse, most: int) -> bytes:
    if answer.length is not None and answer.length > most:
        raise too_large(here.url, answer.length, most)
    packing = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise FetchError(f"{here.url} was sent packed as {_ascii(packing)!r}, which was not asked for.", _SAVE)
    pieces = _counted(here, _pieces(answer), most)
    return b"".join(pieces if packing == "identity" else _counted(here, _unpacked(pieces), most))


def _counted(here: Address, pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > most:
            raise too_large(here.url, count, most)
        yield piece


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the body as it comes; a body that ends before its time is an error."""
    told, count = answer.length, 0
    while (told is None or count < told) and (piece := answer.read1(_PIECE)):
        count += len(piece)
        yield piece
    if told is not None and count < told:
        raise http.client.HTTPException(f"it broke off after {count:,} of {told:,} bytes")


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip a little at a time: a small file can unfold into a very large one."""
    engine = zlib.decompressobj(wbits=_GZIP)
    for piece in pieces:
        rest = piece
        while rest:
            if engine.eof:
                # Further parts may follow; what is no gzip is padding.
                if not rest.startswith(_MAGIC):
                    break
                engine = zlib.decompressobj(wbits=_GZIP)
            yield engine.decompress(rest, _PIECE)
            rest = engine.unconsumed_tail or engine.unused_data
    yield engine.flush()
    if not engine.eof:
        raise zlib.error("its packed form broke off")
