"""Which addresses may be asked: http and https, no credentials, and public hosts unless one is allowed by name."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from graphkit.model.errors import GraphkitError

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What may stand in a path or a query as it is.
_SAFE = "/%:@!$&'()*+,;=-._~"
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# A cloud's own control plane, on an address that looks public.
_METADATA = frozenset({ipaddress.IPv4Address("168.63.129.16")})


class FetchError(GraphkitError):
    """The page cannot be fetched, or must not be."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is; all in ASCII, as it is sent.

    Attributes:
        scheme: http or https.
        host: A name or a number, without brackets.
        port: The port.
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
    """Read an address that a person typed or a server named.

    Raises:
        FetchError: It is none, is not http or https, or holds a user name.

    >>> parse_address("HTTPS://Example.org:443/café?q=a b#top").url
    'https://example.org/caf%C3%A9?q=a%20b'
    """
    shown = _shown(text)
    parts, port = _split(text, shown)
    if parts.scheme not in _PORTS:
        raise FetchError(f"{shown} is not a web page: {parts.scheme or 'nothing'!r} is not fetched.", _WEB)
    if "@" in parts.netloc:
        raise FetchError(f"{shown} holds a user name or a password.", "Give the address without what stands before @.")
    path, query = _ascii(parts.path or "/", shown), _ascii(parts.query, shown)
    return Address(parts.scheme, _host(parts, shown), port or _PORTS[parts.scheme], path + (query and f"?{query}"))


def next_address(here: Address, location: str) -> Address:
    """Return where a redirect leads.

    Raises:
        FetchError: To no address, or to one that is not http or https.
    """
    # Headers are read as Latin-1; servers send UTF-8.
    text = location.strip().encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return parse_address(urljoin(here.url, text))
    except (FetchError, ValueError) as error:
        told = error.message if isinstance(error, FetchError) else f"{text!r} is no address."
        raise FetchError(f"{here.url} redirects: {told}", "Find the page's own address, and give that one.") from error


_WEB = "Give an address that begins with http:// or https://, or the name of a file."


def _shown(text: str) -> str:
    """Spell an address for a message: without a password."""
    return ascii(re.sub(r"//[^/?#]*@", "//…@", text)[:200])[1:-1].replace("\\u2026", "…")


def _split(text: str, shown: str) -> tuple[SplitResult, int | None]:
    # The library drops line breaks and tabs in silence: what is asked would not be what was shown.
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text) or len(text) > LONGEST_URL:
        raise FetchError(f"{shown} is no address: it is too long, or holds what cannot be seen.", _WEB)
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{shown} is no address: {error}.", _WEB) from error
    return parts, port


def _host(parts: SplitResult, shown: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if "[" in parts.netloc:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise FetchError(f"{shown} has no host: {error}.", _WEB) from error
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise FetchError(f"{shown} has a host name that cannot be: {error}.", _WEB) from error
    if not _HOST.fullmatch(name):
        raise FetchError(f"{shown} has no host that can be asked.", _WEB)
    return name


def _ascii(text: str, shown: str) -> str:
    try:
        return quote(_STRAY_PERCENT.sub("%25", text), safe=_SAFE + "?")
    except UnicodeEncodeError as error:
        raise FetchError(f"{shown} is no text.", _WEB) from error


def is_public(number: str) -> bool:
    """Say whether an IP address is one of the public network, also inside the forms that carry another.

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
    """Return the IPv4 address that an IPv6 address leads to: mapped, 6to4 or NAT64."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def look_up(address: Address, allowed: Collection[str], seconds: float) -> list[str]:
    """Return the numbers of a host, all checked; the connection goes to one of these and asks no name again.

    Args:
        address: Where to go.
        allowed: Hosts that were allowed by name, wherever they are.
        seconds: How long the look-up may take.

    Raises:
        FetchError: There is no such host, or it is not on the public network and not allowed.
    """
    numbers = _ask_names(address, seconds)
    private = [number for number in numbers if not is_public(number)]
    if private and not is_allowed(address.host, allowed):
        is_number = address.host == private[0]
        where = "is" if is_number else f"is at {private[0]},"
        raise FetchError(
            f"{address.url} was not asked: {address.host} {where} not an address of the public network.",
            f"If you mean this host, type: --allow-host {address.host}",
        )
    return numbers


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Say whether a host was allowed by name."""
    return host in {name.strip("[]").rstrip(".").lower() for name in allowed}


def _ask_names(address: Address, seconds: float) -> list[str]:
    # The resolver of the system knows no deadline, so that it is asked beside us.
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_resolve, args=(address, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise FetchError(f"The name {address.host} was not found in time.", "Try again, or look at it.") from None
    if isinstance(found, Exception) or not found:
        why = getattr(found, "strerror", "") or str(found) or "it has no number"
        raise FetchError(f"There is no host {address.host}: {why}.", "Look at the address, or at the connection.")
    return found


def _resolve(address: Address, answers: queue.SimpleQueue[list[str] | Exception]) -> None:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(str(one[4][0]) for one in found)))
    except (OSError, UnicodeError) as error:
        answers.put(error)
