"""The page of an entity: its kind, its names, and its statements by relation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.iris import PREFIXES
from graphkit.web.pages.links import Link, link, links
from graphkit.web.pages.records import word, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.web.pages.context import Book, Said
    from graphkit.web.pages.records import Record


@dataclass(frozen=True, slots=True)
class Group:
    """Statements with one relation.

    Attributes:
        label: How the relation reads from the entity.
        said: The statements, those on one proposition next to each other.
    """

    label: str
    said: tuple[Said, ...]


def kinds(record: Record, book: Book) -> list[str]:
    """Return the narrowest kinds of an entity, in words."""
    classes = words(record, "rdf:type")
    wide = {above for cls in classes for above in words(book.records.get(cls), "rdfs:subClassOf")}
    return [link(book.records, cls).label for cls in classes if cls not in wide]


def names_of(record: Record, book: Book) -> list[tuple[str, tuple[Link, ...]]]:
    """Return the other names of an entity, each with the sources that write it so."""
    found: dict[str, tuple[Link, ...]] = dict.fromkeys(words(record, "skos:altLabel"), ())
    for name in words(record, "skosxl:altLabel"):
        written = book.records.get(name)
        found[word(written, "skosxl:literalForm")] = links(book.records, words(written, "dcterms:source"))
    return sorted(found.items())


def relations(said: Iterable[Said], entity: str, book: Book) -> list[Group]:
    """Group statements by relation, as it reads from an entity."""
    found: dict[tuple[int, str], list[Said]] = {}
    for one in said:
        found.setdefault(_relation(one.claim.iri, entity, book), []).append(one)
    return [
        Group(label, tuple(sorted(found[order, label], key=lambda one: (one.claim.label, one.order))))
        for order, label in sorted(found)
    ]


def _relation(proposition: str, entity: str, book: Book) -> tuple[int, str]:
    """Return where a relation stands, and how it reads: from the subject, from the object, from inside, or neither."""
    record = book.records.get(proposition)
    relation = book.records.get(word(record, "sp:relation"))
    label = word(relation, "rdfs:label")
    if entity in words(record, "sp:subject"):
        return 0, label
    if entity in words(record, "sp:object"):
        return 1, word(relation, "sp:inverseLabel") or f"{label} (as object)"
    subject = link(book.records, word(record, "sp:subject")).label
    inside = any(one.startswith(PREFIXES["proposition"]) for one in words(record, "sp:object"))
    return (2, f"{label}, by {subject}") if inside else (3, f"on {subject}: {label}")
