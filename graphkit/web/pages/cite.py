"""One line by which a thing can be cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.web.pages.records import word, words

if TYPE_CHECKING:
    from graphkit.web.pages.context import Book, Said
    from graphkit.web.pages.dataset import Masthead


def cite(what: str, iri: str, site: Masthead) -> str:
    """Cite a thing of the dataset.

    >>> from graphkit.web.pages.dataset import Masthead
    >>> cite("Liberty", "https://example.org/liberty", Masthead("Who said what", version="1"))
    'Liberty. In: Who said what, version 1. https://example.org/liberty'
    """
    makers = f"{', '.join(site.creators)}: " if site.creators else ""
    version = f", version {site.version}" if site.version else ""
    end = "" if what.endswith((".", "!", "?", "”")) else "."
    return f"{what}{end} In: {makers}{site.title}{version}. {iri}"


def cite_statement(one: Said, book: Book, site: Masthead) -> str:
    """Cite a statement: who takes which stance on what, and where it is read."""
    said = f"{one.speaker.label} {one.view.stance}: “{one.view.claim}”"
    return cite(f"{said}. Source: {describe_source(one.source.iri, book)}", one.view.iri, site)


def describe_source(iri: str, book: Book) -> str:
    """Describe a source as lists of literature do: publisher, title, date."""
    record = book.records.get(iri)
    publisher = [word(book.records.get(one), "rdfs:label") or one for one in words(record, "dcterms:publisher")]
    parts = (", ".join(publisher), f"“{word(record, 'dcterms:title')}”", word(record, "sp:published"))
    return ", ".join(part for part in parts if part)
