"""Hostile HTTP requests, as bytes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN = "Host: localhost\r\n"
_LONG = "a" * 70_000
# Values for any field, header or part of a path.
_VALUES = (
    "", " ", "'", '"', "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "/etc/passwd", "file:///etc/passwd", "%00", "%0d%0aX: y",
    "%ff", "%", "%zz", "a" * 5_000, "-1", "0", "1e999", "NaN", "null", "\\", "{{7*7}}", "${7*7}", "$(id)", ";id", "|id", "a\tb",
    "%E2%80%AE", "%F0%9F%98%80", "con", "*", "?", "#", "&", "=", "+", "who-denies", "who-denies%00", "..", ".", "~root", "a/b/c" * 200,
)  # fmt: skip
_PATHS = (
    "/{}",
    "/id/{}",
    "/source/{}",
    "/statement/{}/x",
    "/assets/{}",
    "/questions/{}.html",
    "/ego-{}.html",
    "/{}.ttl",
)
_FIELDS = (
    "query",
    "question",
    "param.x",
    "default-graph-uri",
    "named-graph-uri",
    "format",
    "output",
    "update",
    "using-graph-uri",
)
_HEADERS = (
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "Origin",
    "Content-Type",
    "Range",
    "X-Forwarded-For",
    "Cookie",
    "Referer",
)
_HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil.example", "evil.example:80", "[::1", "::1",
    "[::ffff:127.0.0.1]", "0", "2130706433", "0x7f.1", "localhost:99999999", "localhost:-1", "localhost:a", "a b", "é", "",
)  # fmt: skip
_METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PRI", "GETT", "get")


def requests() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each request."""
    families = {
        "path": _paths(), "field": _fields(), "header": _headers(), "host": _hosts(), "method": _methods(), "frame": _frames(),
    }  # fmt: skip
    for family, texts in families.items():
        for number, data in enumerate(texts):
            yield f"{family} {number}", data


def _get(path: str, headers: str = "", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\n{_OWN}{headers}\r\n".encode()


def _post(body: bytes, headers: str) -> bytes:
    return f"POST /sparql HTTP/1.1\r\n{_OWN}{headers}\r\n".encode() + body


def _paths() -> Iterator[bytes]:
    for path, value in product(_PATHS, _VALUES):
        yield _get(path.format(value.replace(" ", "%20").replace("\t", "%09")))


def _fields() -> Iterator[bytes]:
    for name, value in product(_FIELDS, _VALUES):
        query = "" if name in {"query", "question"} else "&query=ASK%7B%7D"
        yield _get(f"/sparql?{name}={value if '%' in value else quote(value)}{query}")
    yield _get("/sparql?" + "&".join(f"f{number}=x" for number in range(2_000)))
    yield _get("/sparql?query=" + "%20" * 12_000)
    yield _get("/sparql?question=" + "a-" * 10_000)


def _headers() -> Iterator[bytes]:
    for name, value in product(_HEADERS, _VALUES):
        yield _get("/index.html", f"{name}: {value}\r\n")
    for name in _HEADERS:
        yield _get("/sparql?query=ASK%7B%7D", f"{name}: {_LONG}\r\n")
        yield _get("/sparql?query=ASK%7B%7D", f"{name}: {'a/b;q=0.1,' * 3_000}\r\n")
        yield _get("/sparql?query=ASK%7B%7D", f"{name}: {'text/html,' * 5_000}\r\n")
    yield _get("/", "".join(f"A{number}: b\r\n" for number in range(5_000)))
    yield _get("/", "a:\r\n" * 15_000)
    yield _get("/", " folded: x\r\n")
    yield _get("/", "A : b\r\n")
    yield _get("/", "A\x00B: c\r\n")


def _hosts() -> Iterator[bytes]:
    for host, path in product(_HOSTS, ("/", "/sparql?query=ASK%7B%7D", "/health")):
        yield f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    yield b"GET / HTTP/1.1\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    yield b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _methods() -> Iterator[bytes]:
    for method, path in product(_METHODS, ("/sparql", "/", "/health", "*")):
        yield _get(path, method=method)
    wanted = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
    for value in (*_VALUES[:20], _LONG):
        yield _get("/sparql", f"{wanted}{value}\r\n", "OPTIONS")


def _frames() -> Iterator[bytes]:
    """Yield requests that are framed wrongly or take long to arrive."""
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    yield _post(b"query=ASK{}", f"{form}Content-Length: 11\r\nTransfer-Encoding: chunked\r\n")
    yield _post(b"query=ASK{}", f"{form}Content-Length: 11\r\nContent-Length: 12\r\n")
    for length in ("-1", "x", "1e3", "99999999999999999999", "+11", "0x0b", ""):
        yield _post(b"query=ASK{}", f"{form}Content-Length: {length}\r\n")
    for chunk in (
        b"zz\r\nx\r\n",
        b"-1\r\n",
        b"fffffffffffffffff\r\nx",
        b"1\r\nxx\r\n0\r\n\r\n",
        b"1;a=" + b"b" * 50_000 + b"\r\nx\r\n",
    ):
        yield _post(chunk, f"{form}Transfer-Encoding: chunked\r\n")
    yield _post(b"1\r\na\r\n" * 33_000 + b"0\r\n\r\n", f"{form}Transfer-Encoding: chunked\r\n")
    yield _post(b"x" * 1_000_000, f"{form}Content-Length: 1000000\r\n")
    yield _post(b"query=" + b"%41" * 10_000, f"{form}Content-Length: 30006\r\n")
    yield _post(b"&" * 32_000, f"{form}Content-Length: 32000\r\n")
    for media in (
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/sparql-query; charset=" + "x" * 9_000,
        "charset " * 1_000,
    ):
        yield _post(b"ASK {}", f"Content-Type: {media}\r\nContent-Length: 6\r\n")
    yield _post(b"\xff\xfe", "Content-Type: application/sparql-query\r\nContent-Length: 2\r\n")
    yield _get("/health") * 2_000
    yield _get("/health", "Expect: 100-continue\r\nContent-Length: 5\r\n")
    yield _get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n")
    yield from (
        b"",
        b"\x00" * 1_000,
        b"\x16\x03\x01\x02\x00",
        b"GET",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n",
        b"\r\n" * 5_000,
        b"A" * 200_000,
    )
    for cut in (5, 20, 30, 40):
        yield _get("/sparql?query=ASK%7B%7D")[:cut]
