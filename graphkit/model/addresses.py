"""Web addresses that curators type: one message for each kind of mistake."""

from __future__ import annotations

import ipaddress
import re
from difflib import get_close_matches
from urllib.parse import urlsplit

import pyoxigraph as ox

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*")
_SCHEMES = ("http", "https")
# What no address may hold, and what nobody sees in it.
_FORBIDDEN = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_WEB = "http://", "https://"
_LOCAL = ("localhost", ".local", ".internal", ".lan", ".home", ".test", ".invalid")
_CLOSING = {")": "(", "]": "["}


def address_fault(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a web address and what to type instead; None if it can be published.

    The message never repeats a password.

    >>> address_fault("https://example.org/a"), address_fault("www.example.org")[1]
    (None, 'type https://www.example.org')
    """
    return _scheme_fault(text) or _character_fault(text) or _host_fault(text) or _end_fault(text)


def _scheme_fault(text: str) -> tuple[str, str] | None:
    scheme, mark, rest = text.partition(":")
    bare = re.sub(r"^[^/@]*@", "", rest.lstrip("/"))
    if text.startswith(_WEB):
        return ("The address has two schemes.", f"type {bare}") if bare.lower().startswith(_WEB) else None
    if scheme.lower() in _SCHEMES and rest.startswith("//"):
        return f"The scheme {scheme}: has capitals.", f"type {scheme.lower()}://{bare}"
    if (inner := text.strip("<>\"' ")) != text and inner.startswith(_WEB):
        return f"The address begins with {text[0]!r}.", f"type {inner}"
    if mark and get_close_matches(scheme.lower(), _SCHEMES, cutoff=0.7):
        return "The address does not begin with http:// or https://.", f"type https://{bare}"
    if _SCHEME.fullmatch(scheme) and mark and not rest[:1].isdigit():
        message = f"Readers of a page cannot open an address with {scheme}:."
        return message, "give the address of the page on the web, which begins with http:// or https://."
    named = re.sub(r"^[^/@]*@", "", text.lstrip("/"))
    solution = f"type https://{named}" if "." in named.partition("/")[0] else "begin it with http:// or https://."
    return "The address has no scheme.", solution


def _character_fault(text: str) -> tuple[str, str] | None:
    if found := _FORBIDDEN.search(text):
        name = "a space" if found[0] == " " else f"the character {found[0]!r}"
        encoded = "".join(f"%{byte:02X}" for byte in found[0].encode())
        return f"The address has {name} at position {found.start() + 1}.", f"remove it, or write {encoded} for it."
    if found := _PERCENT.search(text):
        return f"The address has % without two hexadecimal digits at position {found.start() + 1}.", "write %25 for it."
    return None


def _host_fault(text: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"The host of the address cannot be read: {str(error).lower()}.", "correct what stands after ://."
    if "@" in parts.netloc:
        bare = text.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
        return "The address has a user name or a password, which would be published.", f"type {bare}"
    if not host:
        return "The address has no host.", "type the name of the site after ://, as in https://example.org/page."
    if (
        host != "localhost"
        and not _is_number(host)
        and ("." not in host.rstrip(".") or not all(map(_LABEL.fullmatch, host.rstrip(".").split("."))))
    ):
        return f"{host!r} is not the name of a host.", "type the name of the site, as in https://example.org/page."
    return None


def _is_number(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def address_doubt(url: str) -> tuple[str, str] | None:
    """Return what is doubtful about a valid web address, and what to do; None if nothing is.

    >>> address_doubt("http://127.0.0.1:8000/a")[0]
    'The host 127.0.0.1 is not on the public web.'
    """
    host, last = urlsplit(url).hostname or "", url[-1]
    if host.endswith(_LOCAL) or (_is_number(host) and not ipaddress.ip_address(host).is_global):
        return f"The host {host} is not on the public web.", "give the address of the page on the web."
    if last in ".,;:!'’”…" or (last in _CLOSING and url.count(last) > url.count(_CLOSING[last])):
        message = f"The address ends with {last!r}, which perhaps belongs to the text around it."
        return message, f"open it; if it is wrong, type {url[:-1]}"
    return None


def _end_fault(text: str) -> tuple[str, str] | None:
    page, mark, _ = text.partition("#:~:")
    if mark:
        return "The address has a mark for a passage, #:~:text=, which graphkit adds itself.", f"type {page}"
    try:
        ox.NamedNode(text)
    except ValueError as error:
        return f"The address is not an IRI: {error}.", "copy it from the address bar of a browser."
    return None
