"""The pages of entities, sources, statements, propositions and disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphkit.analysis.properties import language_of, text_of
from graphkit.model.dates import date_words
from graphkit.model.iris import PREFIXES
from graphkit.web.pages.context import QUALIFIERS, order_in_source
from graphkit.web.pages.links import path_of
from graphkit.web.pages.render import render
from graphkit.web.pages.schema_org import about_claim, about_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.properties import Properties
    from graphkit.analysis.statements import StatementView
    from graphkit.web.pages.context import DatasetMetadata, PageContext
    from graphkit.web.pages.links import Link


def render_thing(name: str, context: PageContext, site: DatasetMetadata) -> bytes:
    """Render the page of a thing; its template and its values depend on its kind."""
    path = path_of(name)
    kind = path.partition("/")[0]
    template, page_values = _PAGES[kind]
    values = page_values(name, context)
    cited = cite(values["cited"], name, site)
    return render(
        template, path, site=site, context=context, iri=name, cite=cited, data_name=path.rpartition("/")[2], **values
    )


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


def _describe_source(iri: str, properties: Properties) -> str:
    """Describe a source as a bibliography does: publisher, title, date."""
    publishers = [properties.one(name, "rdfs:label") or name for name in properties.all(iri, "dcterms:publisher")]
    title, published = properties.one(iri, "dcterms:title"), date_words(properties.one(iri, "sp:published"))
    return ", ".join(part for part in (", ".join(publishers), f"“{title}”", published) if part)


def _entity(name: str, context: PageContext) -> dict[str, Any]:
    properties = context.properties
    says = context.by.get(name, ())
    about = [view for view in context.about.get(name, ()) if view.speaker_iri != name]
    label, description = properties.one(name, "rdfs:label"), properties.one(name, "dcterms:description")
    return {
        "title": label,
        "cited": label,
        "summary": description or f"Statements about {label}, with their speakers and sources.",
        "kinds": _kinds(name, context),
        "description": description,
        "names": _names(name, context),
        "posts": _posts(properties.all(name, "sp:post"), "sp:postAt", context),
        "holders": _posts(context.posts.get(name, ()), "sp:holder", context),
        "related": [(title, found) for title, predicate in _RELATED if (found := context.links(name, predicate))],
        "size": properties.one(name, "sp:size"),
        "pages": properties.all(name, "foaf:page"),
        "same": properties.all(name, "skos:exactMatch"),
        "about": _relations(about, name, context),
        "about_count": len(about),
        "says": _relations(says, name, context),
        "says_count": len(says),
        "relayed": context.relayed.get(name, ()),
        "disputes": _disputes([*says, *about], context),
        "schema": about_page(name, properties),
    }


def _posts(names: Iterable[str], end: str, context: PageContext) -> list[tuple[str, list[Link], str]]:
    """Return posts, the earliest first."""
    started = sorted((context.properties.one(name, "sp:fromLatest"), name) for name in names)
    return [_post(name, end, context) for _, name in started]


def _post(name: str, end: str, context: PageContext) -> tuple[str, list[Link], str]:
    """Return the role, the body or the holder, and the dates of a post."""
    one = context.properties.one
    dates = ((word, one(name, f"sp:{word}")) for word in ("from", "until"))
    when = ", ".join(f"{word} {date_words(date)}" for word, date in dates if date)
    return one(name, "sp:postRole"), context.links(name, end), when


_RELATED = (
    ("Jurisdiction", "sp:jurisdiction"),
    ("Members", "sp:member"),
    ("Part of the topic", "skos:broader"),
    ("Speaks for", "sp:speaksFor"),
    ("Issued by", "sp:issuedBy"),
)


def _kinds(name: str, context: PageContext) -> list[str]:
    """Return the labels of the narrowest classes of an entity."""
    classes = context.properties.all(name, "rdf:type")
    wide = {above for cls in classes for above in context.properties.all(cls, "rdfs:subClassOf")}
    return [context.link(cls).label for cls in classes if cls not in wide]


def _names(name: str, context: PageContext) -> list[tuple[str, list[Link]]]:
    """Return the other names of an entity, each with the sources that use it."""
    found: dict[str, list[Link]] = {label: [] for label in context.properties.all(name, "skos:altLabel")}
    for node in context.properties.all(name, "skosxl:altLabel"):
        found[context.properties.one(node, "skosxl:literalForm")] = context.links(node, "dcterms:source")
    return sorted(found.items())


def _relations(
    views: Iterable[StatementView], entity: str, context: PageContext
) -> list[tuple[str, list[StatementView]]]:
    """Group statements by relation, as it reads from an entity; those on one proposition are next to each other."""
    found: dict[tuple[int, str], list[StatementView]] = {}
    for view in views:
        found.setdefault(_relation(view.proposition, entity, context), []).append(view)
    return [
        (label, sorted(found[order, label], key=lambda view: (view.claim, order_in_source(view))))
        for order, label in sorted(found)
    ]


def _relation(proposition: str, entity: str, context: PageContext) -> tuple[int, str]:
    """Return the position of a relation on the page and its label, read from subject, object, inside or neither."""
    properties = context.properties
    relation = properties.one(proposition, "sp:relation")
    label = properties.one(relation, "rdfs:label")
    if entity in properties.all(proposition, "sp:subject"):
        return 0, label
    objects = properties.all(proposition, "sp:object")
    if entity in objects:
        return 1, properties.one(relation, "sp:inverseLabel") or f"{label} (as object)"
    subject = context.link(properties.one(proposition, "sp:subject")).label
    inside = any(name.startswith(PREFIXES["proposition"]) for name in objects)
    return (2, f"{label}, by {subject}") if inside else (3, f"on {subject}: {label}")


def _disputes(views: Iterable[StatementView], context: PageContext) -> list[DisputeView]:
    names = {name for view in views for name in context.disputed.get(view.iri, ())}
    return [context.disputes[name] for name in sorted(names)]


def _statement(name: str, context: PageContext) -> dict[str, Any]:
    view, properties = context.statements[name], context.properties
    disputes = _disputes([view], context)
    shown = {name for dispute in disputes for _, name in dispute.sides()} | {name}
    source = _describe_source(view.source_iri, properties)
    return {
        "title": f"{view.speaker} {view.stance}: {view.claim}",
        "cited": f"{view.speaker} {view.stance}: “{view.claim}”. Source: {source}",
        "summary": view.gist,
        "view": view,
        "stance_means": properties.one(properties.one(name, "sp:stance"), "skos:definition"),
        "publicity": context.link(properties.one(name, "sp:publicity")).label,
        "sha256": properties.one(properties.one(name, "sp:evidence"), "sp:sha256"),
        "corrections": [context.link(other) for other in context.corrections.get(name, ())],
        "notes": properties.all(name, "skos:editorialNote"),
        "disputes": disputes,
        "others": [other for other in context.on.get(view.proposition, ()) if other.iri not in shown],
        "schema": about_claim(view, properties),
    }


def _source(name: str, context: PageContext) -> dict[str, Any]:
    one = context.properties.one
    title = one(name, "dcterms:title")
    return {
        "title": title,
        "cited": _describe_source(name, context.properties),
        "summary": f"Statements in “{title}”, with their speakers.",
        "language": language_of(context.properties.terms(name, "dcterms:title")),
        "kind": context.link(one(name, "sp:sourceKind")).label,
        "publisher": context.links(name, "dcterms:publisher"),
        "authors": context.links(name, "dcterms:creator"),
        "published": one(name, "sp:published"),
        "retrieved": one(name, "sp:retrieved"),
        "url": one(name, "schema:url"),
        "originals": context.links(name, "prov:wasDerivedFrom"),
        "copies": [context.link(copy) for copy in context.copies.get(name, ())],
        "sha256": one(name, "sp:captureSha256"),
        "characters": one(name, "sp:captureCharacters"),
        "views": context.read_in.get(name, ()),
        "schema": about_page(name, context.properties),
    }


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
    _Stances("Other stances", "others", frozenset(("plans", "rules-out", "declines")), optional=True),
)


# The parts of a proposition that are things.
_ENDS = {
    "sp:subject": "Subject", "sp:relation": "Relation", "sp:object": "Object", "sp:alternative": "Alternative",
    "sp:amountOf": "Counted", "sp:amountBase": "Share of",
    "sp:amountPer": "For each", "sp:amountKind": "Kind of amount",
    **QUALIFIERS,
}  # fmt: skip
_VALUES = {"sp:value": "Value", "sp:scope": "Scope", "sp:validTime": "Valid", **QUALIFIERS}


def _parts(name: str, titles: Mapping[str, str], properties: Properties) -> Iterator[tuple[str, str]]:
    """Yield each value of some properties, as in N-Triples, with its title."""
    return ((title, term) for at, title in titles.items() for term in properties.terms(name, at))


def _proposition(name: str, context: PageContext) -> dict[str, Any]:
    properties = context.properties
    label = properties.one(name, "rdfs:label")
    views = context.on.get(name, ())
    stances = [(side, [view for view in views if view.stance in side.stances]) for side in _SIDES]
    return {
        "title": f"“{label}”",
        "cited": f"Proposition “{label}”",
        "summary": f"Who asserts and who denies: {label}",
        "ends": [
            (title, context.link(text_of(term))) for title, term in _parts(name, _ENDS, properties) if term[0] == "<"
        ],
        "values": [
            (title, date_words(text_of(term))) for title, term in _parts(name, _VALUES, properties) if term[0] != "<"
        ],
        "stances": [(side.heading, side.name, some) for side, some in stances if some or not side.optional],
        "disputes": _disputes(views, context),
        "inside": [context.link(outer) for outer in context.inside.get(name, ())],
    }


def _dispute(name: str, context: PageContext) -> dict[str, Any]:
    dispute = context.disputes[name]
    return {
        "title": dispute.label,
        "cited": f"Dispute “{dispute.label}”",
        "summary": context.account(dispute),
        "dispute": dispute,
    }


_PAGES: Mapping[str, tuple[str, Callable[[str, PageContext], dict[str, Any]]]] = {
    "id": ("entity", _entity), "source": ("source", _source), "statement": ("statement", _statement),
    "proposition": ("proposition", _proposition), "dispute": ("dispute", _dispute),
}  # fmt: skip
