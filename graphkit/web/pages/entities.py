"""The pages of entities, sources, statements, propositions and disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphkit.web.pages.cite import cite, cite_statement, describe_source
from graphkit.web.pages.grouping import kinds, names_of, relations
from graphkit.web.pages.links import link, links, path_of
from graphkit.web.pages.records import word, words
from graphkit.web.pages.render import render
from graphkit.web.pages.schema_org import about_claim, about_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.web.pages.context import Book, Dispute, Said
    from graphkit.web.pages.dataset import Masthead


def render_thing(name: str, book: Book, site: Masthead) -> bytes:
    """Render the page of a thing.

    Args:
        name: Its IRI.
        book: What pages tell; at least all that this one does.
        site: What every page tells.
    """
    path = path_of(name)
    kind = path.partition("/")[0]
    values = _PAGES[kind](name, book)
    cited = cite_statement(book.said[name], book, site) if kind == "statement" else cite(values["cited"], name, site)
    return render(
        _TEMPLATES[kind], path, site=site, book=book, iri=name, cite=cited, data_name=path.rpartition("/")[2], **values
    )


def _entity(name: str, book: Book) -> dict[str, Any]:
    record = book.records[name]
    says = book.by.get(name, ())
    about = [one for one in book.about.get(name, ()) if one.speaker.iri != name]
    label = word(record, "rdfs:label")
    return {
        "title": label,
        "cited": label,
        "summary": word(record, "dcterms:description") or f"What is said about {label}, and by whom.",
        "kinds": kinds(record, book),
        "description": word(record, "dcterms:description"),
        "names": names_of(record, book),
        "places": [
            (title, links(book.records, words(record, predicate)))
            for title, predicate in _PLACES
            if predicate in record
        ],
        "size": word(record, "sp:size"),
        "pages": words(record, "foaf:page"),
        "same": words(record, "skos:exactMatch"),
        "about": relations(about, name, book),
        "about_count": len(about),
        "says": relations(says, name, book),
        "says_count": len(says),
        "passed": book.passed.get(name, ()),
        "disputes": _disputes([*says, *about], book),
        "schema": about_page(name, book),
    }


_PLACES = (
    ("Jurisdiction", "sp:jurisdiction"),
    ("Members", "sp:member"),
    ("Part of the topic", "skos:broader"),
    ("Speaks for", "sp:speaksFor"),
    ("Issued by", "sp:issuedBy"),
)


def _disputes(said: Iterable[Said], book: Book) -> list[Dispute]:
    names = dict.fromkeys(name for one in said for name in one.disputes)
    return [book.disputes[name] for name in sorted(names) if name in book.disputes]


def _statement(name: str, book: Book) -> dict[str, Any]:
    one = book.said[name]
    record = book.records[name]
    disputes = _disputes([one], book)
    shown = {said.view.iri for dispute in disputes for side in dispute.sides for said in side} | {name}
    return {
        "title": f"{one.view.speaker} {one.view.stance}: {one.view.claim}",
        "summary": one.view.gist,
        "one": one,
        "stance_means": word(book.records.get(word(record, "sp:stance")), "skos:definition"),
        "publicity": link(book.records, word(record, "sp:publicity")).label,
        "sha256": word(book.records.get(word(record, "sp:evidence")), "sp:sha256"),
        "notes": words(record, "skos:editorialNote"),
        "disputes": disputes,
        "others": [other for other in book.saying.get(one.claim.iri, ()) if other.view.iri not in shown],
        "schema": about_claim(one, book),
    }


def _source(name: str, book: Book) -> dict[str, Any]:
    record = book.records[name]
    title = word(record, "dcterms:title")
    return {
        "title": title,
        "cited": describe_source(name, book),
        "summary": f"What is said in “{title}”, and by whom.",
        "language": _language(record.get("dcterms:title", ())),
        "kind": link(book.records, word(record, "sp:sourceKind")).label,
        "publisher": links(book.records, words(record, "dcterms:publisher")),
        "authors": links(book.records, words(record, "dcterms:creator")),
        "published": word(record, "sp:published"),
        "retrieved": word(record, "sp:retrieved"),
        "url": word(record, "schema:url"),
        "originals": links(book.records, words(record, "prov:wasDerivedFrom")),
        "copies": links(book.records, book.copies.get(name, ())),
        "sha256": word(record, "sp:captureSha256"),
        "characters": word(record, "sp:captureCharacters"),
        "said": book.read_in.get(name, ()),
        "schema": about_page(name, book),
    }


def _language(terms: Iterable[object]) -> str:
    return next((one.language or "" for one in terms if isinstance(one, ox.Literal)), "")


@dataclass(frozen=True, slots=True)
class _Stances:
    """A heading of a proposition's page, and the stances below it; without statements an optional one is left out."""

    heading: str
    name: str
    stances: frozenset[str]
    optional: bool = False


_SIDES = (
    _Stances("Who asserts it", "asserts", frozenset(("asserts", "concedes"))),
    _Stances("Who denies or doubts it", "denies", frozenset(("denies", "doubts", "retracts"))),
    _Stances("Other stances", "others", frozenset(("plans", "declines")), optional=True),
)


def _proposition(name: str, book: Book) -> dict[str, Any]:
    record = book.records[name]
    label = word(record, "rdfs:label")
    said = book.saying.get(name, ())
    stances = [(side, [one for one in said if one.view.stance in side.stances]) for side in _SIDES]
    ends = (("Subject", "sp:subject"), ("Relation", "sp:relation"), ("Object", "sp:object"))
    values = (("Value", "sp:value"), ("Scope", "sp:scope"), ("Valid", "sp:validTime"))
    return {
        "title": f"“{label}”",
        "cited": f"Proposition “{label}”",
        "summary": f"Who asserts and who denies: {label}",
        "ends": [(title, one) for title, at in ends for one in links(book.records, words(record, at))],
        "values": [(title, one) for title, at in values for one in words(record, at)],
        "stances": [(side.heading, side.name, some) for side, some in stances if some or not side.optional],
        "disputes": _disputes(said, book),
        "inside": links(book.records, book.inside.get(name, ())),
    }


def _dispute(name: str, book: Book) -> dict[str, Any]:
    one = book.disputes[name]
    return {
        "title": one.view.label,
        "cited": f"Dispute “{one.view.label}”",
        "summary": one.account,
        "one": one,
    }


_TEMPLATES = {
    "id": "entity", "source": "source", "statement": "statement", "proposition": "proposition", "dispute": "dispute",
}  # fmt: skip
_PAGES: Mapping[str, Callable[[str, Book], dict[str, Any]]] = {
    "id": _entity, "source": _source, "statement": _statement, "proposition": _proposition, "dispute": _dispute,
}  # fmt: skip
