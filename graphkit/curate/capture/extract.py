"""The main text of a page, and a check that it is the page and not a notice."""

from __future__ import annotations

import codecs
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphkit.curate.capture.document import Document, PageError
from graphkit.curate.capture.metadata import PageMetadata, clean, read_metadata
from graphkit.curate.capture.pdf import is_pdf, read_pdf
from graphkit.model.errors import Level, Location, MissingExtraError, Problem, WorkspaceError
from graphkit.model.text import shortened

_Element: TypeAlias = Any  # lxml ships no types
# The elements of the library that do not begin a new line.
_INLINE = frozenset({"hi", "ref", "del", "span", "graphic", "a"})
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_LISTED = 5
# A shorter text is a notice, a teaser or a stub.
FEWEST = 400
# Before a paywall there may be a few paragraphs.
_TEASER = 2_500
# The share of a text in lines with such words.
_MOSTLY, _LARGELY = 0.5, 0.3
_CONSENT = re.compile(
    r"(we|partners?|site|website) (and our \S+ partners )?(use|uses|store)s? (\w+ )?cookies|accept (all|cookies)|"
    r"cookie (settings|preferences|policy)|manage (your )?(consent|preferences|choices)|legitimate interest|"
    r"your privacy|privacy (policy|choices)|withdraw (your )?consent|our (\d+ )?partners|personalised (ads|content)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(enable|turn on|activate|requires?|without|disabled?) (java ?script|js\b)|java ?script (is|has been|must be)|"
    r"verify (that )?you are (a )?human|checking your browser|are you a robot|unusual traffic|access denied|"
    r"browser is (not supported|out of date)",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"subscribe (now |today )?(to|and) (continue|read|unlock|get)|subscribers? (only|can read)|already (a )?subscribe|"
    r"(sign|log) ?in to (read|continue)|to (continue|keep) reading|(register|create an account) to (read|continue)|"
    r"unlock (this|the) (article|story)|free articles? (left|remaining)|for (our )?subscribers",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, slots=True)
class PageText:
    """A document as text."""

    text: str
    suffix: str
    metadata: PageMetadata
    problems: tuple[Problem, ...] = ()


def extract(document: Document, encoding: str = "", *, accept_short: bool = False) -> PageText:
    """Extract the text of a document.

    Raises:
        PageError: It contains no text that can be captured.
    """
    if not document.body.strip():
        raise _page_error(
            "empty-file", document, "There is nothing in it.", "get it again; look at it in a browser first."
        )
    with _silenced("trafilatura", "pypdf", "htmldate"):
        if is_pdf(document):
            page = _from_pdf(document)
        elif document.media_type in _HTML:
            page = _from_html(document, encoding)
        elif document.media_type == "text/plain":
            page = _from_text(document, encoding)
        else:
            message = f"It is {document.media_type[:60]!a}, which is neither HTML nor PDF nor plain text."
            raise _page_error(
                "not-a-page", document, message, "capture the page itself, or a PDF, HTML or text file of it."
            )
    if page.suffix != ".txt":
        _refuse_short(page, document, accept_short=accept_short)
    return page


def _from_pdf(document: Document) -> PageText:
    found = read_pdf(document)
    return PageText(_ended(found.text), ".pdf", PageMetadata(title=clean(found.title)), found.problems)


def _from_text(document: Document, encoding: str) -> PageText:
    text = decode(document, encoding)
    if not text.strip():
        raise _page_error("empty-file", document, "It is empty.", "fill it, or capture another.")
    return PageText(text, ".txt", PageMetadata())


def _from_html(document: Document, encoding: str) -> PageText:
    html = decode(document, encoding)
    metadata = read_metadata(html)
    warning = Problem(
        "not-free",
        Location(document.name),
        "The page states that only subscribers can read all of it.",
        "check that the text is complete.",
        Level.WARNING,
    )
    text, struck = _main_text(html)
    problems = [] if metadata.free else [warning]
    if struck:
        message = f"Words that the page strikes through are left out: {', '.join(map(repr, struck[:_LISTED]))}."
        solution = "read them on the page, and quote the rest."
        problems.append(Problem("struck-words", Location(document.name), message, solution, Level.WARNING))
    return PageText(_ended(text), ".html", metadata, tuple(problems))


def _main_text(html: str) -> tuple[str, list[str]]:
    """Return the main text, in doubt more rather than less, and the words that are struck through."""
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtraError("trafilatura", "curate") from error
    shown, struck = _as_shown(html)
    page: Any = trafilatura.bare_extraction(shown, include_comments=False, favor_recall=True)
    return "" if page is None or page.body is None else unicodedata.normalize("NFC", _as_lines(page.body)), struck


_HIDDEN = re.compile(r"(?:^|;)(?:display:none|visibility:hidden|font-size:0(?:[a-z%]+)?(?:;|$))")


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


_STRUCK = frozenset({"del", "s", "strike"})


# The library leaves out the text of these elements, also in the middle of a sentence.
_LEFT_OUT = (
    ".//*[self::time or self::label or self::output or self::meter or self::q or ancestor-or-self::math"
    " or contains(name(), '-')][ancestor::p or ancestor::li or ancestor::td or ancestor::dd or ancestor::blockquote]"
)


def _as_shown(html: str) -> tuple[_Element, list[str]]:
    """Return a page without the words that it hides or strikes through, and the latter.

    Raised digits become signs of their own: 2012 with its note 3 is not 20123.
    """
    from trafilatura import load_html

    page, struck = load_html(html), []
    for element in list(page.iter("*")) if page is not None else ():
        style = "".join((element.get("style") or "").lower().split())
        is_struck = element.tag in _STRUCK or "line-through" in style
        is_hidden = element.tag == "template" or element.get("hidden") in {"", "hidden"} or _HIDDEN.search(style)
        if (is_struck or is_hidden) and element.tag not in {"html", "body"}:
            struck += [shortened("".join(element.itertext()))] * is_struck
            element.drop_tree()
        elif element.tag == "sup":
            for part in element.iter("*"):
                part.text = part.text and part.text.translate(_RAISED)
    for element in page.xpath(_LEFT_OUT) if page is not None else ():
        element.drop_tag()
    return page, struck


def _as_lines(body: _Element) -> str:
    """Return a text with a line for each paragraph, item and cell; the library would add dashes and bars."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag not in _INLINE:
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(filter(None, lines))


def _ended(text: str) -> str:
    return text.strip() + "\n" if text.strip() else ""


@contextmanager
def _silenced(*names: str) -> Iterator[None]:
    """Keep the log messages of libraries off the terminal."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.propagate for logger in loggers]
    quiet = logging.NullHandler()
    for logger in loggers:
        logger.addHandler(quiet)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(quiet)
            logger.propagate = propagate


def _page_error(code: str, document: Document, message: str, solution: str) -> PageError:
    return PageError(Problem(code, Location(document.name), message, solution))


# --- notices instead of a text ----------------------------------------------------------------------


def _refuse_short(page: PageText, document: Document, *, accept_short: bool) -> None:
    if not page.text:
        raise _page_error("little-text", document, "No main text was found.", _BROWSER)
    if accept_short:
        return
    what = notice(page.text) if page.suffix == ".html" else ""
    if what:
        raise _page_error("wall-page", document, f"{what}: {_beginning(page.text)}", f"{_BROWSER} {_ACCEPT}")
    if len(page.text) < FEWEST:
        message = f"The main text has {len(page.text)} characters, fewer than {FEWEST}: {_beginning(page.text)}"
        raise _page_error("little-text", document, message, f"{_BROWSER} {_ACCEPT}")


_BROWSER = "open it in a browser, save it when the whole text is shown, and capture the file."


_ACCEPT = "If this is the whole text, type: --accept-short"


def _beginning(text: str) -> str:
    return repr(clean(text[:80]))


def notice(text: str) -> str:
    """Describe a notice that was captured instead of the page; "" if the text is not a notice.

    >>> notice("We use cookies. Accept all, or manage your preferences.")
    'The text is mostly about consent to cookies'
    """
    if _share(_CONSENT, text) > _MOSTLY:
        return "The text is mostly about consent to cookies"
    if len(text) < _TEASER and _share(_SCRIPT, text) > _LARGELY:
        return "The text is a notice about scripts, browsers or robots"
    last = "\n".join(text.strip().splitlines()[-4:])
    if len(text) < _TEASER and _PAY.search(last):
        return "The text ends with a call to sign in or to pay"
    return ""


def _share(words: re.Pattern[str], text: str) -> float:
    """Return the share of a text in lines with such words."""
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(len(line) for line in lines if words.search(line)) / max(1, sum(map(len, lines)))


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
