"""User and password, and how they are proved to a server: Basic and Digest (RFC 7617, RFC 7616)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SCHEME = re.compile(r"(?:^|,\s*)(Basic|Digest)(?=\s|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Password:
    """A user and a password, which nothing prints."""

    user: str
    secret: str = field(repr=False)


def answer_to(challenge: str, password: Password, method: str, path: str, count: int = 1) -> str:
    """Return the `Authorization` that answers a `WWW-Authenticate`, or "" where we know no way to.

    Args:
        challenge: What the server said.
        password: User and password.
        method: Of the request.
        path: Of the request, with what follows `?`.
        count: How often this challenge has been answered, this time included.

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
    offered = {one.strip() for one in given.get("qop", "").split(",")}
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
