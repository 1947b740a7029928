"""One public web page over HTTP: each redirect is checked, and private hosts need the user's permission."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from urllib.parse import urlsplit

from graphkit.curate.capture.document import MAX_BYTES, Document, too_large
from graphkit.model.errors import Level, Location, Problem
from graphkit.store.http import (
    FAILURES,
    REDIRECTS,
    Address,
    Answer,
    FetchError,
    Request,
    TooLargeError,
    exchange,
    next_address,
    parse_address,
    reason,
    timed_out,
)

MAX_HOPS = 10
# Successful answers, except a part of a page.
_PAGES = frozenset(range(200, 300)) - {206}
# Too many requests, and unavailable for now.
_BUSY = frozenset({429, 503})
# The name to which a robots.txt may refer.
AGENT = "graphkit"
_WAIT = "Try again later, allow more time with --timeout, or save the page in a browser and capture the file."
_SAVE = "Open it in a browser; a page saved there can be captured as a file."
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# The control plane of a cloud, at an address that looks public.
_METADATA = frozenset({ipaddress.IPv4Address("168.63.129.16")})


class BusyError(FetchError):
    """The server asks for fewer requests."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits on a fetch.

    Attributes:
        max_bytes: Maximum number of bytes of a page, as it is sent and unpacked.
        connect: Seconds to wait for a connection or for the next bytes.
        total: Seconds for the whole fetch with its redirects.
        allowed: Hosts that may be asked although they are not public.
    """

    max_bytes: int = MAX_BYTES
    connect: float = 10.0
    total: float = 60.0
    allowed: frozenset[str] = field(default=frozenset())


def fetch(url: str, limits: FetchLimits, progress: Callable[[str], None]) -> Document:
    """Fetch one page; `progress` is called with the name of each step.

    Raises:
        FetchError: It cannot be fetched, or must not be.
    """
    end = time.monotonic() + limits.total
    first = here = parse_address(url)
    seen: list[str] = []
    while True:
        if here.url in seen or len(seen) > MAX_HOPS:
            raise FetchError(f"{first.url} redirects in a circle or too often, last to {here.url}.", _SAVE)
        seen.append(here.url)
        found = _visit(here, limits, end, progress)
        if isinstance(found, Document):
            return replace(found, name=first.url)
        here = found


def _visit(here: Address, limits: FetchLimits, end: float, progress: Callable[[str], None]) -> Document | Address:
    """Request one address; return the page or the target of a redirect."""
    progress("connect")
    numbers = look_up(here, limits.allowed, min(limits.connect, end - time.monotonic()))
    try:
        with exchange(Request("GET", here, _headers()), end=end, silence=limits.connect, numbers=numbers) as answer:
            if answer.status in REDIRECTS:
                return next_address(here, _location(answer, here))
            progress("download")
            return _page(here, answer, limits.max_bytes)
    except TooLargeError as error:
        raise too_large(here.url, error.size, limits.max_bytes) from error
    except FAILURES as error:
        if timed_out(error, end):
            raise FetchError(f"{here.url} did not answer in time.", _WAIT) from error
        raise FetchError(f"{here.url} cannot be read: {reason(error)}.", _SAVE) from error


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"{AGENT}/{version('graphkit')} (fetches one page that a curator asked for; follows no links)",
        "Accept": "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip",
    }


def _location(answer: Answer, here: Address) -> str:
    if not answer.headers.get("location"):
        raise FetchError(f"{here.url} redirects (status {answer.status}) without an address.", _SAVE)
    return answer.headers["location"]


def _page(here: Address, answer: Answer, most: int) -> Document:
    if answer.status not in _PAGES:
        why = "".join(character if " " <= character <= "~" else "?" for character in answer.reason[:80])
        kind = BusyError if answer.status in _BUSY else FetchError
        raise kind(f"{here.url} answered {answer.status} {why} instead of a page.", _SAVE)
    body = answer.read(most)
    header = answer.headers.get("content-type", "")
    charset = re.search(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", header, re.IGNORECASE)
    media_type = header.partition(";")[0].strip().lower()
    return Document(here.url, body, media_type, charset[1] if charset else "", here.url)


def redirected(document: Document) -> list[Problem]:
    """Warn of a redirect to another page: a removed page often redirects to the front page or to a notice."""
    if not document.url or _place(document.url) == _place(document.name):
        return []
    message = f"The address redirects to another one, {document.url}."
    return [Problem("redirected", Location(document.name), message, "check that it is the same page.", Level.WARNING)]


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def is_public(number: str) -> bool:
    """Return whether an IP address is public; an IPv6 address that carries an IPv4 address is as public as that.

    >>> is_public("93.184.216.34"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved) and address not in _METADATA
    carried = _carried(address)
    if carried is not None:
        return is_public(str(carried))
    return address.is_global and address in _GLOBAL_UNICAST and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address carries: mapped, 6to4 or NAT64."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def look_up(address: Address, allowed: Collection[str], seconds: float) -> list[str]:
    """Return the numbers of a host, all checked; the connection goes to one of these and asks no name again.

    Args:
        allowed: Hosts that were allowed by name, wherever they are.

    Raises:
        FetchError: There is no such host, or it is not on the public network and not allowed.
    """
    numbers = _resolve_in_time(address, seconds)
    private = [number for number in numbers if not is_public(number)]
    if private and not is_allowed(address.host, allowed):
        is_number = address.host == private[0]
        where = "is" if is_number else f"is at {private[0]},"
        raise FetchError(
            f"{address.url} was not fetched: {address.host} {where} not a public address.",
            f"If you trust this host, type: --allow-host {address.host}",
        )
    return numbers


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Return whether the user allowed a host by name."""
    return host in {name.strip("[]").rstrip(".").lower() for name in allowed}


def _resolve_in_time(address: Address, seconds: float) -> list[str]:
    # The system's resolver has no deadline, so it runs in a thread of its own.
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_resolve, args=(address, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise FetchError(
            f"The host {address.host} was not found in time.", "Try again, or check the address."
        ) from None
    if isinstance(found, Exception) or not found:
        why = getattr(found, "strerror", "") or str(found) or "it has no IP address"
        raise FetchError(f"There is no host {address.host}: {why}.", "Check the address and the connection.")
    return found


def _resolve(address: Address, answers: queue.SimpleQueue[list[str] | Exception]) -> None:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except (OSError, UnicodeError) as error:
        answers.put(error)
