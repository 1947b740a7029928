"""The metadata of an HTML page: title, site, language, address, dates."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any, TypeAlias

from graphkit.model.date_hints import dates_in_words
from graphkit.model.errors import Level, Location, Problem

_Node: TypeAlias = dict[str, Any]
_Element: TypeAlias = Any  # lxml ships no types
_ARTICLE = re.compile(r"(https?://schema\.org/|schema:)?\w*(Article|Posting|PageText|Report|Document|CreativeWork)")
_META_DATES = (
    "article:published_time", "dcterms.issued", "dcterms.date", "dcterms.available", "dc.date", "dc.date.issued",
)  # fmt: skip
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_UPDATE = re.compile(r"updat|modif|edited|correct", re.IGNORECASE)
# Some scripts need them.
_JOINERS = "\u200c\u200d"
_LONGEST_SITE = 100
_MOST_NODES = 2_000
# How a line with the day of publication begins, and where a page prints it.
_PUBLISHED = re.compile(r"^(?:first )?(?:published|posted|date|issued|released)?(?: on)?\s*:?\s*", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_LINES, _LONGEST_LINE = 20, 120
BELOW_HEADLINE = "below the headline"
_FURNITURE = frozenset({"aside", "footer", "nav", "form"})
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:?\d\d.*)?|\d{4}(?:-\d\d)?")
# Placeholders of content management systems.
_EMPTY = frozenset({"0001-01-01", "1900-01-01", "1970-01-01"})


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a document; an empty text means that it does not state any.

    Attributes:
        site: The name of the site or of the publisher.
        dates: Every printed date of publication.
        free: It does not state that it is for subscribers.
    """

    title: str = ""
    site: str = ""
    language: str = ""
    address: str = ""
    dates: tuple[PrintedDate, ...] = ()
    free: bool = True


def read_metadata(html: str) -> PageMetadata:
    """Read the metadata of an HTML page."""
    tree = _parse(html)
    if tree is None:
        return PageMetadata()
    nodes = list(_json_ld(tree))
    articles = [node for node in nodes if _is_article(node)]
    metas = _metas(tree)
    titles = (*_headline(articles), *metas.get("og:title", ()), *_headings(tree))
    sites = (*metas.get("og:site_name", ()), *_publishers(articles, nodes))
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    return PageMetadata(
        title=_first(titles),
        site=_first(sites)[:_LONGEST_SITE],
        language=_language(tree.get("lang") or ""),
        address=next(filter(None, (*links, *metas.get("og:url", ()))), ""),
        dates=tuple(dict.fromkeys((*_stated(articles, metas), *_marked(tree)))) or tuple(_below_headline(tree)),
        free=not any(str(node.get("isAccessibleForFree")).lower() == "false" for node in articles),
    )


def clean(text: str) -> str:
    r"""Return one line of plain text: no markup, no invisible characters, composed accents.

    >>> clean("Lamps &amp; <b>cameras</b>\n for\u202e the quay")
    'Lamps & cameras for the quay'
    """
    plain = _TAG.sub("", unescape(text))
    visible = "".join(filter(_is_visible, plain))
    # Separate any remaining "<" from a letter, so that it cannot begin markup.
    return re.sub(r"<(?=[A-Za-z!/?])", "< ", " ".join(unicodedata.normalize("NFC", visible).split()))


def _is_visible(character: str) -> bool:
    return character.isspace() or character in _JOINERS or unicodedata.category(character)[0] != "C"


def _parse(html: str) -> _Element:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, map(clean, texts)), "")


def _headings(tree: _Element) -> list[str]:
    """Return the main heading, if there is exactly one, and the title of the window."""
    greatest = list(map(_content, tree.iter("h1")))
    return [*(greatest if len(greatest) == 1 else []), *map(_content, tree.iter("title"))]


def _content(element: _Element) -> str:
    return "".join(element.itertext())


def _language(text: str) -> str:
    found = re.match(r"[a-z]{2,3}(?![a-z])", text.strip().lower())
    return found[0] if found else ""


def _metas(tree: _Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name and meta.get("content"):
            found.setdefault(name, []).append(meta.get("content").strip())
    return found


# --- JSON-LD -----------------------------------------------------------------------------------------


def _json_ld(tree: _Element) -> Iterator[_Node]:
    """Yield the nodes that describe the page itself, without teasers, comments and lists."""
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
    waiting: list[Any] = [_loaded(script.text or "") for script in scripts]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]


def _loaded(text: str) -> object:
    try:
        return json.loads(text.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _is_article(node: _Node) -> bool:
    kinds = node.get("@type")
    return any(_ARTICLE.fullmatch(_text(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _headline(articles: list[_Node]) -> set[str]:
    """Return the headline, if there is exactly one: more belong to other articles."""
    found = {_text(node.get("headline")) for node in articles} - {""}
    return found if len(found) == 1 else set()


def _publishers(articles: list[_Node], nodes: list[_Node]) -> Iterator[str]:
    """Yield the names of the publishers of the articles, also those given by reference."""
    named = {_text(node.get("@id")): node for node in nodes if _text(node.get("@id"))}
    for article in articles:
        publisher = article.get("publisher")
        if isinstance(publisher, dict):
            yield _text(publisher.get("name")) or _text(named.get(_text(publisher.get("@id")), {}).get("name"))


# --- dates -------------------------------------------------------------------------------------------


def _stated(articles: list[_Node], metas: dict[str, list[str]]) -> Iterator[PrintedDate]:
    for node in articles:
        if _text(node.get("datePublished")).strip():
            yield PrintedDate(node["datePublished"].strip(), "JSON-LD datePublished")
    for name in _META_DATES:
        for text in metas.get(name, ()):
            yield PrintedDate(text, f"meta {name}")


def _marked(tree: _Element) -> Iterator[PrintedDate]:
    """Yield the dates in the markup: marked as published, or only as times of the article."""
    for element in tree.iter("time", "meta", "span"):
        text = (element.get("datetime") or element.get("content") or "").strip()
        if not text:
            continue
        if "datePublished" in (element.get("itemprop") or "").split() or element.get("pubdate") is not None:
            yield PrintedDate(text, f"{element.tag} datePublished")
        elif element.tag == "time" and _is_of_article(element):
            yield PrintedDate(text, "time", weak=True)


def _below_headline(tree: _Element) -> Iterator[PrintedDate]:
    """Yield the day that a line of its own prints below the only main heading, before the first paragraph."""
    heads = list(tree.iter("h1"))
    for element in islice(heads[0].xpath("following::*"), _MOST_LINES) if len(heads) == 1 else ():
        line = clean(_content(element))
        if len(line) > _LONGEST_LINE:
            return
        dates = [] if _UPDATE.search(f"{element.get('class')} {line}") else dates_in_words(_PUBLISHED.sub("", line))
        if len(dates) == 1 and _DAY.fullmatch(dates[0]):
            yield PrintedDate(dates[0], BELOW_HEADLINE, weak=True)
            return


def _is_of_article(time: _Element) -> bool:
    """Return whether a time belongs to the main article and is not the time of a later change."""
    if _UPDATE.search(f"{time.get('itemprop')} {time.get('class')} {_content(time)}") or _UPDATE.search(_before(time)):
        return False
    above = list(time.iterancestors())
    articles = [element for element in above if element.tag == "article"]
    if not articles or any(element.tag in _FURNITURE for element in above):
        return False
    # Its nearest article must be the first of the page: any other is a teaser.
    return next(time.getroottree().iter("article")) is articles[0]


def _before(time: _Element) -> str:
    """Return the words and class names just before a time."""
    parent, previous = time.getparent(), time.getprevious()
    tail = previous.tail if previous is not None else parent.text
    sibling = _content(previous) if previous is not None and isinstance(previous.tag, str) else ""
    return f"{parent.get('class')} {sibling[-40:]} {(tail or '')[-40:]}"


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date of publication that a page prints.

    Attributes:
        weak: It is in the body of the article, which may contain other dates.
    """

    text: str
    where: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The date of publication, or none and the problem to report."""

    date: str = ""
    problem: Problem | None = None


def publication_date(dates: Sequence[PrintedDate], name: str, today: dt.date) -> PublicationDate:
    """Determine the date of publication.

    >>> publication_date([PrintedDate("2024-06-12T09:00:00+01:00", "JSON-LD")], "x.html", dt.date(2025, 1, 1)).date
    '2024-06-12'
    """
    read = [(day(printed.text, today), printed) for printed in dates]
    strong = {found for found, printed in read if found and not printed.weak}
    weak = {found for found, printed in read if found and printed.weak}
    agreed = _agreed(strong, weak)
    if agreed:
        return PublicationDate(agreed)
    if strong or weak:
        return PublicationDate(problem=_disagree(read, name))
    return PublicationDate(problem=_none(read, name))


def _agreed(strong: set[str], weak: set[str]) -> str:
    """Return the date on which the metadata agree, if no date in the article contradicts it."""
    finest = {date for date in strong or weak if not _is_coarser(date, strong or weak)}
    if len(finest) != 1:
        return ""
    [date] = finest
    against = strong and weak and not any(other.startswith(date) or date.startswith(other) for other in weak)
    return "" if against else date


def _is_coarser(date: str, dates: Iterable[str]) -> bool:
    return any(other != date and other.startswith(date) for other in dates)


def day(text: str, today: dt.date) -> str:
    """Return the day, month or year of an ISO 8601 date; "" if it is not one or is impossible.

    >>> [day(text, dt.date(2025, 1, 1)) for text in ("2024-06-12T09:00Z", "2024-06", "12 June", "1970-01-01T00:00Z")]
    ['2024-06-12', '2024-06', '', '']
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        return ""
    spelled = found[1] or found[0]
    try:
        first = dt.date.fromisoformat(f"{spelled}-01-01"[: len("2024-06-12")])
    except ValueError:
        return ""
    # Other time zones may be a day ahead.
    return "" if spelled in _EMPTY or first > today + dt.timedelta(days=1) else spelled


def _listed(read: Iterable[tuple[str, PrintedDate]]) -> str:
    return ", ".join(dict.fromkeys(f"{printed.text[:40]!r} ({printed.where})" for _, printed in read))


_WAYS = "write an EDTF interval such as 2022-06/2024-06, or leave it out."


def _disagree(read: Sequence[tuple[str, PrintedDate]], name: str) -> Problem:
    message = f"The page prints several dates: {_listed(entry for entry in read if entry[0])}."
    return Problem(
        "dates-disagree", Location(name), message, f"find the date of the article, or {_WAYS}", Level.WARNING
    )


def _none(read: Sequence[tuple[str, PrintedDate]], name: str) -> Problem:
    why = f"its metadata are not valid dates: {_listed(read)}" if read else "its metadata contain none"
    message = f"No date of publication is printed: {why}."
    return Problem("no-printed-date", Location(name), message, _WAYS, Level.WARNING)
