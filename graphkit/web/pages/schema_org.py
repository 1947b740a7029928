"""Markup of schema.org: a statement is a claim of its speaker, never a fact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphkit.model.iris import PREFIXES, SP
from graphkit.model.text import visible, web_link
from graphkit.web.pages.links import path_of
from graphkit.web.pages.records import word, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.web.pages.context import Book, Said
    from graphkit.web.pages.dataset import Masthead

# The vocabulary is named, not fetched.
_CONTEXT = {"@vocab": PREFIXES["schema"]}
# The first that fits: the narrow before the wide.
_TYPES: Mapping[str, str] = {
    "PublicBody": "GovernmentOrganization", "NewsArticle": "NewsArticle", "OpinionPiece": "OpinionNewsArticle",
    "Report": "Report", "SocialMediaPost": "SocialMediaPosting", "WebPage": "WebPage", "LegalInstrument": "Legislation",
    "Person": "Person", "Organisation": "Organization", "Group": "Organization", "Place": "Place",
    "Programme": "Project", "Document": "CreativeWork",
}  # fmt: skip
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def about_claim(one: Said, book: Book) -> dict[str, Any]:
    """Describe a statement."""
    return {
        "@context": _CONTEXT,
        **_thing("Claim", one.view.iri, f"{one.view.speaker} {one.view.stance}: {one.view.claim}"),
        "text": visible(one.view.gist),
        "author": about_thing(one.speaker.iri, book),
        "appearance": about_thing(one.source.iri, book),
        **({"dateCreated": one.view.said} if _DAY.fullmatch(one.view.said) else {}),
    }


def about_thing(iri: str, book: Book) -> dict[str, Any]:
    """Describe an entity or a source."""
    record = book.records.get(iri)
    classes = {one.removeprefix(SP) for one in words(record, "rdf:type")}
    kind = next((kind for cls, kind in _TYPES.items() if cls in classes), "Thing")
    url = web_link(word(record, "schema:url") or word(record, "foaf:page"))
    same = [one for one in words(record, "skos:exactMatch") if web_link(one)]
    published = word(record, "sp:published")
    return {
        **_thing(kind, iri, word(record, "rdfs:label")),
        **({"url": url} if url else {}),
        **({"sameAs": same} if same else {}),
        **({"datePublished": published} if _DAY.fullmatch(published) else {}),
    }


def about_page(iri: str, book: Book) -> dict[str, Any]:
    """Describe the entity or source that a page is about."""
    return {"@context": _CONTEXT, **about_thing(iri, book)}


def about_dataset(iri: str, site: Masthead) -> dict[str, Any]:
    """Describe the whole."""
    return {
        "@context": _CONTEXT,
        **_thing("Dataset", iri, site.title),
        "description": visible(site.description),
        "version": visible(site.version),
        "license": site.licence,
        "inLanguage": site.language,
        "creator": [{"@type": "Thing", "name": visible(one)} for one in site.creators],
        **({"datePublished": site.issued} if site.issued else {}),
    }


def _thing(kind: str, iri: str, name: str) -> dict[str, Any]:
    return {"@type": kind, "@id": iri, "name": visible(name or path_of(iri))}
