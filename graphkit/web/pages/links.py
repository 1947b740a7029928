"""From IRIs to pages: which things have one, where it is, and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.iris import BASE, SP, shorten
from graphkit.web.pages.records import Record, word, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS: Mapping[str, str] = {
    "id": "Entity", "source": "Source", "statement": "Statement", "proposition": "Proposition", "dispute": "Dispute",
}  # fmt: skip
_PATH = re.compile(r"(?:id|source)/[a-z0-9-]+|statement/[a-z0-9-]+/[A-Za-z0-9_-]+|(?:proposition|dispute)/[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Link:
    """A thing that a page names.

    Attributes:
        iri: The thing.
        label: How people call it.
        path: Its page from the root of the site, without a suffix; "" if it has none.
    """

    iri: str
    label: str
    path: str


def path_of(name: str) -> str:
    """Return where the page of a thing is, from the root of the site and without a suffix; "" for no page.

    >>> path_of("https://w3id.org/surveillance-policy/id/met")
    'id/met'
    >>> path_of("https://example.org/")
    ''
    """
    path = name.removeprefix(BASE)
    return path if path != name and _PATH.fullmatch(path) else ""


def root_of(path: str) -> str:
    """Return the way from a page back to the root of the site.

    >>> root_of("index"), root_of("id/met"), root_of("statement/a/b")
    ('', '../', '../../')
    """
    return "../" * path.count("/")


def link(records: Mapping[str, Record], name: str) -> Link:
    """Return a link to a thing; without a path if the records do not hold it."""
    record = records.get(name)
    label = word(record, "rdfs:label") or word(record, "sp:gist") or shorten(name)
    return Link(name, label, path_of(name) if record and has_page(record) else "")


def links(records: Mapping[str, Record], names: Iterable[str]) -> tuple[Link, ...]:
    """Return a link to each of some things."""
    return tuple(link(records, name) for name in names)


_WITH_PAGE = frozenset(SP + name for name in KINDS.values())


def has_page(record: Record) -> bool:
    """Say whether a thing has a page: it is of one of five kinds, or was merged into one that is."""
    return not _WITH_PAGE.isdisjoint(words(record, "rdf:type")) or "dcterms:isReplacedBy" in record
