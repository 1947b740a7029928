"""Links to pages: the things that have a page, its path, and its label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from graphkit.analysis.properties import Properties
from graphkit.model.iris import BASE, SP
from graphkit.model.text import visible

KINDS: Mapping[str, str] = {
    "id": "Entity", "source": "Source", "statement": "Statement", "proposition": "Proposition", "dispute": "Dispute",
    "disagreement": "Disagreement",
}  # fmt: skip
_PATH = re.compile(
    r"(?:id|source)/[a-z0-9-]+|statement/[a-z0-9-]+/[A-Za-z0-9_-]+|(?:proposition|dispute|dispute/matter)/[0-9a-f]{32}"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a thing.

    Attributes:
        iri: The thing.
        label: Its label.
        path: The path of its page from the root of the site, without a suffix; "" if it has none.
    """

    iri: str
    label: str
    path: str


def path_of(name: str) -> str:
    """Return the path of the page of a thing from the root of the site, without a suffix; "" if it cannot have one.

    >>> path_of("https://w3id.org/surveillance-policy/id/met")
    'id/met'
    >>> path_of("https://example.org/")
    ''
    """
    path = name.removeprefix(BASE)
    return path if path != name and _PATH.fullmatch(path) else ""


def kind_of(path: str) -> str:
    """Return the kind of a thing with a page: a key of `KINDS`.

    >>> kind_of("id/met"), kind_of("dispute/matter/0c4f92b4b85082fa64788e19c2036e67")
    ('id', 'disagreement')
    """
    return "disagreement" if path.startswith("dispute/matter/") else path.partition("/")[0]


def root_of(path: str) -> str:
    """Return the path from a page back to the root of the site.

    >>> root_of("index"), root_of("id/met"), root_of("statement/a/b")
    ('', '../', '../../')
    """
    return "../" * path.count("/")


_WITH_PAGE = frozenset(SP + name for name in KINDS.values())


def link(properties: Properties, name: str) -> Link:
    """Return a link to a thing; without a path if its properties were not read."""
    return Link(name, properties.label(name), path_of(name) if has_page(properties, name) else "")


def has_page(properties: Properties, name: str) -> bool:
    """Return whether a thing has a page: it belongs to one of five kinds, or was merged into such a thing."""
    return not _WITH_PAGE.isdisjoint(properties.all(name, "rdf:type")) or bool(
        properties.one(name, "dcterms:isReplacedBy")
    )


def network_address(path: str, title: str = "") -> str:
    """Return the address of a thing on the network page, from the root of the site; "" if it does not show the thing.

    >>> network_address("id/met")
    'network.html#at=n-met&hops=1'
    >>> network_address("source/gazette", "A title")
    'network.html#only-source=A+title'
    """
    kind, _, name = path.partition("/")
    if kind == "id":
        return f"network.html#{urlencode({'at': f'n-{visible(name)}', 'hops': 1})}"
    if kind == "source":
        return f"network.html#{urlencode({'only-source': visible(title)})}"
    return f"network.html#d-{name[:12]}" if kind == "dispute" and "/" not in name else ""
