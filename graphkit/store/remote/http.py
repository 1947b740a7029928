"""HTTP to the server that the user named, with Basic and Digest (RFC 7617, 7616); no redirect to another host."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from graphkit.model.errors import StoreError, TooCostlyError
from graphkit.store.http import (
    FAILURES,
    REDIRECTS,
    Address,
    FetchError,
    Request,
    TooLargeError,
    exchange,
    next_address,
    parse_address,
    reason,
    timed_out,
)

_SEE_OTHER, _UNAUTHORISED = 303, 401
_HOPS = 5
_ASKED_FIRST = 1 << 16
_CREDENTIALS = "Set GRAPHKIT_STORE_USER and GRAPHKIT_STORE_PASSWORD, or write the address as https://USER:PASSWORD@…"
_SCHEME = re.compile(r"(?:^|,\s*)(Basic|Digest)(?=\s|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a server.

    Attributes:
        headers: By name in lower case.
        url: The address that answered, after redirects, without user and password.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def first_line(self) -> str:
        """The first line of the body, for messages."""
        lines = self.body[:2_000].decode("utf-8", "replace").splitlines()
        return next((line.strip()[:300] for line in lines if line.strip()), "no message")


def read_address(url: str, given: tuple[str, str] | None = None) -> tuple[str, Password | None]:
    """Split an address into a part that may be shown, and the user and password.

    Args:
        url: The address as the user typed it.
        given: User and password from elsewhere; those in the address take precedence.

    Raises:
        StoreError: It is not an http or https address.

    >>> read_address("https://example.org/sparql")
    ('https://example.org/sparql', None)
    """
    scheme, slashes, rest = url.partition("//")
    authority, path = re.match(r"([^/?#]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]  # always matches
    login, _, host = authority.rpartition("@")
    shown = _address(f"{scheme}{slashes}{host}{path}").url
    user, _, secret = login.partition(":")
    if user:
        return shown, Password(unquote(user), unquote(secret))
    return shown, Password(*given) if given else None


class Client:
    """Sends requests to one server.

    Args:
        password: Sent only if the server asks for it.
        most: Maximum number of bytes of an answer.
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
            StoreError: There is no answer, or a redirect leads to another host.
            TooCostlyError: The answer takes too long or is too large.
        """
        if self.password and not self._challenge and len(body) > _ASKED_FIRST:
            # A server cuts the connection if a long body comes without a password, so a short request goes first.
            self._authorised("GET", _address(url), b"", {})
        here = _address(url)
        for _ in range(_HOPS + 1):
            reply = self._authorised(method, here, body, headers or {})
            if reply.status not in REDIRECTS or "location" not in reply.headers:
                return reply
            here = _same_host(here, reply.headers["location"])
            if reply.status == _SEE_OTHER:
                method, body = "GET", b""
        raise StoreError(f"{url} redirects more than {_HOPS} times.", "Type the final address.")

    def _authorised(self, method: str, address: Address, body: bytes, headers: Mapping[str, str]) -> Reply:
        reply = self._once(method, address, body, {**headers, **self._login(method, address)})
        if reply.status != _UNAUTHORISED or not self.password:
            return reply
        challenge = reply.headers.get("www-authenticate", "")
        if challenge == self._challenge:
            return reply  # the password is wrong; a stale proof would come with a new challenge
        self._challenge, self._answered = challenge, 0
        return self._once(method, address, body, {**headers, **self._login(method, address)})

    def _login(self, method: str, address: Address) -> dict[str, str]:
        if not self.password or not self._challenge:
            return {}
        self._answered += 1
        answer = answer_to(self._challenge, self.password, method, address.target, self._answered)
        return {"Authorization": answer} if answer else {}

    def _once(self, method: str, address: Address, body: bytes, headers: Mapping[str, str]) -> Reply:
        url, end = address.url, time.monotonic() + self.seconds
        request = Request(method, address, {**headers, "User-Agent": "graphkit"}, body)
        try:
            with exchange(request, end=end, silence=self.seconds) as answer:
                moved = answer.status in REDIRECTS and "location" in answer.headers
                return Reply(answer.status, answer.headers, b"" if moved else answer.read(self.most), url)
        except TooLargeError as error:
            raise TooCostlyError(f"The answer of {url} is larger than {self.most:,} bytes.", "Ask for less.") from error
        except FAILURES as error:
            if timed_out(error, end):
                raise TooCostlyError(
                    f"{url} did not answer within {self.seconds:g} s.",
                    "Ask for less, or allow more time with --timeout.",
                ) from error
            raise StoreError(
                f"{url} cannot be reached: {reason(error)}.", "Check that it is running and that the address is right."
            ) from error


def _address(url: str) -> Address:
    try:
        return parse_address(url)
    except FetchError as error:
        raise StoreError(
            f"{url.rpartition('@')[2]!r} is not the address of an endpoint.",
            "Type an address such as https://example.org/sparql",
        ) from error


def _same_host(here: Address, location: str) -> Address:
    """Return the target of a redirect, if it is on the same host and port, or is the same host over https."""
    with suppress(FetchError):
        there = next_address(here, location)
        secured = replace(there, scheme="http", port=80) if (there.scheme, there.port) == ("https", 443) else there
        if replace(here, target="") in (replace(there, target=""), replace(secured, target="")):
            return there
    raise StoreError(
        f"{here.url} leads to another host: {location.rpartition('@')[2][:200]!a}",
        "Nothing was sent there. Type that address if you trust it.",
    )


def complaint(reply: Reply) -> StoreError:
    """Return the error for an answer that is not a result: it names the endpoint, the status and the message."""
    status = reply.status
    hint = {
        400: "The server did not understand the request.",
        401: _CREDENTIALS,
        403: f"This needs another user. {_CREDENTIALS}",
        404: "Check the address: it often ends in /sparql or /query.",
        405: "Check the address: it often ends in /sparql or /query.",
        429: "The server limits requests: wait, then try again.",
        503: "The server is overloaded or under maintenance: try again later.",
    }.get(status, "Ask the operator, or look into the log of the server.")
    return StoreError(f"{reply.url} answered {status}: {reply.first_line}", hint)


@dataclass(frozen=True, slots=True)
class Password:
    """A user and a password; `repr` omits the password."""

    user: str
    secret: str = field(repr=False)


def answer_to(challenge: str, password: Password, method: str, path: str, count: int = 1) -> str:
    """Return the `Authorization` header that answers a `WWW-Authenticate` header, or "" for an unknown scheme.

    Args:
        path: The path of the request with its query.
        count: The number of answers to this challenge, including this one.

    >>> answer_to('Basic realm="x"', Password("a", "b"), "GET", "/")
    'Basic YTpi'
    """
    schemes = {found[1].lower(): challenge[found.end() :] for found in _SCHEME.finditer(challenge)}
    if "digest" in schemes:
        given = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(schemes["digest"])}
        return _digest(given, password, (method, path), f"{count:08x}")
    if "basic" in schemes:
        return "Basic " + base64.b64encode(f"{password.user}:{password.secret}".encode()).decode()
    return ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_HASHES: dict[str, Callable[[str], str]] = {"MD5": _md5, "SHA-256": _sha256}


def _digest(given: Mapping[str, str], password: Password, request: tuple[str, str], count: str) -> str:
    algorithm = given.get("algorithm", "MD5").upper()
    hashed = _HASHES.get(algorithm.removesuffix("-SESS"))
    offered = {word.strip() for word in given.get("qop", "").split(",")}
    if hashed is None or (offered != {""} and "auth" not in offered):
        return ""
    realm, nonce, ours = given.get("realm", ""), given.get("nonce", ""), secrets.token_hex(16)
    who = hashed(f"{password.user}:{realm}:{password.secret}")
    if algorithm.endswith("-SESS"):
        who = hashed(f"{who}:{nonce}:{ours}")
    what = hashed(":".join(request))
    fields = {"username": password.user, "realm": realm, "nonce": nonce, "uri": request[1]}
    bare = {"algorithm": algorithm}
    if "auth" in offered:
        fields |= {"cnonce": ours, "response": hashed(f"{who}:{nonce}:{count}:{ours}:auth:{what}")}
        bare |= {"qop": "auth", "nc": count}
    else:
        fields["response"] = hashed(f"{who}:{nonce}:{what}")
    if "opaque" in given:
        fields["opaque"] = given["opaque"]
    quoted = [f'{name}="{_quoted(text)}"' for name, text in fields.items()]
    return "Digest " + ", ".join([*quoted, *(f"{name}={text}" for name, text in bare.items())])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
