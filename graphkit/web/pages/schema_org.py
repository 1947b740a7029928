"""schema.org markup and citations: each statement is a claim by its speaker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphkit.analysis.properties import Properties
from graphkit.analysis.statements import StatementView
from graphkit.model.iris import PREFIXES, SP
from graphkit.model.text import visible, web_link
from graphkit.web.pages.context import DatasetMetadata
from graphkit.web.pages.links import path_of

# A vocabulary instead of the address of a context, which readers would have to fetch.
_CONTEXT = {"@vocab": PREFIXES["schema"]}
# The first class that fits is used; narrow classes come first.
_TYPES: Mapping[str, str] = {
    "PublicBody": "GovernmentOrganization", "NewsArticle": "NewsArticle", "OpinionPiece": "OpinionNewsArticle",
    "Report": "Report", "SocialMediaPost": "SocialMediaPosting", "WebPage": "WebPage", "LegalInstrument": "Legislation",
    "Person": "Person", "Organisation": "Organization", "Group": "Organization", "Place": "Place",
    "Programme": "Project", "Document": "CreativeWork",
}  # fmt: skip
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def about_claim(view: StatementView, properties: Properties) -> dict[str, Any]:
    """Describe a statement."""
    return {
        "@context": _CONTEXT,
        **_thing("Claim", view.iri, f"{view.speaker} {view.act}: {view.claim}"),
        "text": visible(view.gist),
        "author": about_thing(view.speaker_iri, properties),
        "appearance": about_thing(view.source_iri, properties),
        **({"dateCreated": view.said} if _DAY.fullmatch(view.said) else {}),
    }


def about_thing(iri: str, properties: Properties) -> dict[str, Any]:
    """Describe an entity or a source."""
    one = properties.one
    classes = {name.removeprefix(SP) for name in properties.all(iri, "rdf:type")}
    kind = next((kind for cls, kind in _TYPES.items() if cls in classes), "Thing")
    url = web_link(one(iri, "schema:url") or one(iri, "foaf:page"))
    same = [address for address in properties.all(iri, "skos:exactMatch") if web_link(address)]
    published = one(iri, "sp:published")
    return {
        **_thing(kind, iri, one(iri, "rdfs:label")),
        **({"url": url} if url else {}),
        **({"sameAs": same} if same else {}),
        **({"datePublished": published} if _DAY.fullmatch(published) else {}),
    }


def about_page(iri: str, properties: Properties) -> dict[str, Any]:
    """Describe the entity or source of a page."""
    return {"@context": _CONTEXT, **about_thing(iri, properties)}


def about_dataset(iri: str, site: DatasetMetadata) -> dict[str, Any]:
    """Describe the dataset."""
    return {
        "@context": _CONTEXT,
        **_thing("Dataset", iri, site.title),
        "description": visible(site.description),
        "version": visible(site.version),
        "license": site.licence,
        "inLanguage": site.language,
        "creator": [{"@type": "Thing", "name": visible(name)} for name in site.creators],
        **({"datePublished": site.issued} if site.issued else {}),
    }


def cite(what: str, iri: str, site: DatasetMetadata) -> str:
    """Return a citation of a thing in the dataset.

    >>> from graphkit.web.pages.context import DatasetMetadata
    >>> cite("Liberty", "https://example.org/liberty", DatasetMetadata("Who said what", version="1"))
    'Liberty. In: Who said what, version 1. https://example.org/liberty'
    """
    makers = f"{', '.join(site.creators)}: " if site.creators else ""
    version = f", version {site.version}" if site.version else ""
    end = "" if what.endswith((".", "!", "?", "”")) else "."
    return f"{what}{end} In: {makers}{site.title}{version}. {iri}"


def _thing(kind: str, iri: str, name: str) -> dict[str, Any]:
    return {"@type": kind, "@id": iri, "name": visible(name or path_of(iri))}
