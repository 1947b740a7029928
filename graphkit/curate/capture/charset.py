"""Decode bytes by a declared encoding; nothing is guessed."""

from __future__ import annotations

import codecs
import re

from graphkit.curate.capture.document import Document, PageError
from graphkit.model.errors import Location, Problem, WorkspaceError

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# On the web these names mean larger character sets (the WHATWG Encoding Standard).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
# Python has more codecs than the web has encodings, and some of them are not character sets.
_KNOWN = frozenset({
    "utf-8", "utf-16-le", "utf-16-be", "mac-roman", "mac-cyrillic", "koi8-r", "koi8-u", "cp866", "cp874", "cp932",
    "cp949", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
})  # fmt: skip
_NAMED = (
    re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE),
    re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE),
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_HEAD = 4096
_SAMPLE = 65_536
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\f\r\x1b")
# Text has fewer control characters than one in this many bytes.
_FEW = 200


def decode(document: Document, forced: str = "") -> str:
    """Decode a page: by `forced`, its byte order mark, the Content-Type header, its own declaration, or as UTF-8.

    Raises:
        PageError: It is not text, or not in that encoding.

    >>> from graphkit.curate.capture.document import Document
    >>> decode(Document("x.html", "<meta charset=iso-8859-1>“café”".encode("cp1252"), "text/html"))
    '<meta charset=iso-8859-1>“café”'
    """
    mark = next((mark for mark in _MARKS if document.body.startswith(mark)), b"")
    if forced and not encoding(forced):
        raise WorkspaceError(f"There is no encoding {forced!r}.", "Use one such as utf-8 or windows-1252.")
    name = forced or _MARKS.get(mark) or document.charset or _declared(document) or "utf-8"
    known = encoding(name)
    if not known.startswith("utf-16"):
        _refuse_junk(document)
    if not known:
        raise _not_in_it(document, f"Its declared encoding {name[:40]!a} is not an encoding of the web.")
    try:
        return document.body.removeprefix(mark).decode(known)
    except UnicodeDecodeError as error:
        byte, at = error.object[error.start], error.start + len(mark)
        raise _not_in_it(document, f"Byte 0x{byte:02x} at {at} is not {name[:40]}.") from error


def encoding(name: str) -> str:
    """Return the Python codec of a web encoding; "" for an unknown name.

    >>> encoding("ISO-8859-1"), encoding("rot13")
    ('cp1252', '')
    """
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    found = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(found, _WIDER.get(found, found))
    return found if found in _KNOWN else ""


def _declared(document: Document) -> str:
    """Return the encoding that a page declares."""
    if document.media_type == "text/plain":
        return ""
    head = _COMMENT.sub(b"", document.body[:_HEAD])
    found = next((match for match in (pattern.search(head) for pattern in _NAMED) if match), None)
    name = found[1].decode("ascii") if found else ""
    # A declaration that can be read as ASCII is not in UTF-16.
    return "utf-8" if name.lower().startswith("utf-16") else name


def _refuse_junk(document: Document) -> None:
    sample = document.body[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if b"\x00" in document.body or controls * _FEW > len(sample):
        message = f"It contains bytes that do not occur in text; it begins with {sample[:8]!r}."
        solution = "capture the page itself, or a PDF, HTML or text file of it."
        raise PageError(Problem("not-a-page", Location(document.name), message, solution))


def _not_in_it(document: Document, message: str) -> PageError:
    solution = "give its encoding, for example: --encoding windows-1252"
    return PageError(Problem("wrong-encoding", Location(document.name), message, solution))
