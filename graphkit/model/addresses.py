"""Web addresses that curators type: one message for each kind of mistake."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
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
    checks = (_other_text_fault, _scheme_fault, _character_fault, _host_fault, _end_fault)
    return next((found for check in checks if (found := check(text))), None)


_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_BEFORE = re.compile(r"([^/]*?[^/A-Za-z])(https?://[^\s<>\"]+)")
_FILE = re.compile(r"(?i)(?:[a-z]:[\\/]|\\\\|\.{0,2}/(?!/)|~/).*|[^/\s]+\.(?:pdf|docx?|xlsx?|html?|txt|odt|csv)")
_MAIL = re.compile(r"[^\s/:@]+@[^\s/@]+\.\w+")
_DOI = re.compile(r"(?i)(?:doi:)?\s*(10\.\d{4,}/\S+)")
_ON_THE_WEB = "give the address of the page on the web, which begins with http:// or https://."


def _other_text_fault(text: str) -> tuple[str, str] | None:
    """Return the fault of a text that is no address, or has other text or another address beside one."""
    first, *others = re.split(r"[\s;,|]+(?=https?://)", _USER.sub("", text))
    if others and first.startswith(_WEB):
        return f"There are {len(others) + 1} addresses.", f"type one of them, such as {first}"
    if found := _BEFORE.match(text):
        closing = "".join(close for close, begin in _CLOSING.items() if begin in found[1])
        inner = _USER.sub("", found[2].rstrip(closing + "'"))
        return f"The address begins with {found[1]!r}.", f"type {inner}"
    if doi := _DOI.fullmatch(text):
        return "This is a DOI, and no address.", f"type https://doi.org/{doi[1]}"
    for form, name in ((_FILE, "the name of a file"), (_MAIL, "an address of e-mail")):
        if form.fullmatch(text):
            return f"This is {name}.", _ON_THE_WEB
    return None


def _scheme_fault(text: str) -> tuple[str, str] | None:
    scheme, mark, rest = text.partition(":")
    rest = rest.replace("\\", "/") if rest.startswith("\\") else rest
    bare = re.sub(r"^[^/@]*@", "", rest.lstrip("/"))
    if text.startswith(_WEB):
        return ("The address has two schemes.", f"type {bare}") if bare.lower().startswith(_WEB) else None
    if scheme != scheme.lower() in _SCHEMES and rest.startswith("//"):
        return f"The scheme {scheme}: has capitals.", f"type {scheme.lower()}://{bare}"
    if mark and get_close_matches(scheme.lower(), _SCHEMES, cutoff=0.7):
        return "The address does not begin with http:// or https://.", f"type https://{bare}"
    if _SCHEME.fullmatch(scheme) and mark and not rest[:1].isdigit():
        message = f"Readers of a page cannot open an address with {scheme}:."
        return message, _ON_THE_WEB
    named = re.sub(r"^[^/@]*@", "", text.lstrip("/"))
    solution = f"type https://{named}" if "." in named.partition("/")[0] else "begin it with http:// or https://."
    return "The address has no scheme.", solution


def _character_fault(text: str) -> tuple[str, str] | None:
    if found := _FORBIDDEN.search(text):
        name = "a space" if found[0] == " " else f"the character {found[0]!r}"
        encoded = "".join(f"%{byte:02X}" for byte in found[0].encode())
        before = _USER.sub("", text[: found.start()])
        end = (
            f" If the address ends before it, type {before}"
            if found[0].isspace() and re.search("//[^/]+/", before)
            else ""
        )
        return f"The address has {name} at position {found.start() + 1}.", f"remove it, or write {encoded} for it.{end}"
    if found := _PERCENT.search(text):
        return f"The address has % without two hexadecimal digits at position {found.start() + 1}.", "write %25 for it."
    return None


def _host_fault(text: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"The host of the address cannot be read: {str(error).lower()}.", "correct what stands after ://."
    if _USER.search(text):
        message = "The address has a user name or a password, which would be published."
        return message, f"type {_USER.sub('', text)}"
    if mixed := _MIXED.search(host):
        name = unicodedata.name(mixed[1]).lower()
        return f"The host has a letter that looks like a Latin one: {mixed[1]!r} ({name}).", "type the Latin letter."
    if not host:
        return "The address has no host.", "type the name of the site after ://, as in https://example.org/page."
    labels = host.rstrip(".").split(".")
    is_name = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if host != "localhost" and not _is_number(host) and not is_name:
        return f"{host!r} is not the name of a host.", "type the name of the site, as in https://example.org/page."
    return None


# A part of a host with Latin letters and with Greek or Cyrillic ones.
_MIXED = re.compile("(?:^|(?<=\\.))(?=[^.]*[a-z])[^.]*?([\u0370-\u052f])")


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
        return message, f"open it; if it is wrong, type {url.rstrip('.,;:!…’”') if last not in _CLOSING else url[:-1]}"
    if found := _SECRET.search(url):
        message = f"The address has a {found[1]!r}, which may let readers in as you."
        return message, "open the address without it in a private window; if the page appears, remove it."
    return None


_SECRET = re.compile(
    r"(?i)[?&;](access_?token|auth(?:_?token)?|token|api_?key|passw(?:or)?d|pwd|j?sessionid|phpsessid|sid|x-amz-signature)="
)


def _end_fault(text: str) -> tuple[str, str] | None:
    page, mark, _ = text.partition("#:~:")
    if mark:
        return "The address has a mark for a passage, #:~:text=, which graphkit adds itself.", f"type {page}"
    try:
        ox.NamedNode(text)
    except ValueError as error:
        sign = re.search("code point '(.)'", str(error))
        other = f", or write %{ord(sign[1]):02X} for {sign[1]}." if sign and sign[1].isascii() else "."
        return f"The address is not an IRI: {error}.", f"copy it from the address bar of a browser{other}"
    return None
