"""The pages of entities, sources, statements, propositions, disputes and disagreements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphkit.analysis.disputes import DisputeView
from graphkit.analysis.properties import Properties, language_of
from graphkit.analysis.statements import StatementView
from graphkit.model.dates import date_words
from graphkit.store import text_of
from graphkit.web.pages.context import QUALIFIERS, DatasetMetadata, PageContext
from graphkit.web.pages.dossier import entity_values
from graphkit.web.pages.links import kind_of, path_of
from graphkit.web.pages.previews import has_preview
from graphkit.web.pages.render import render
from graphkit.web.pages.schema_org import about_claim, about_page, cite


def render_thing(name: str, context: PageContext, site: DatasetMetadata, number: int = 1) -> bytes:
    """Render the page of a thing, or a further page of an entity; b"" if it has fewer pages.

    Its template and its values depend on its kind.
    """
    path = path_of(name)
    template, page_values = _PAGES[kind_of(path)]
    values = page_values(name, context) if number == 1 else entity_values(name, context, number)
    if not values:
        return b""
    own, up = path.rpartition("/")[2], "../" if number > 1 else ""
    return render(
        template,
        path if number == 1 else f"{path}/{number}",
        site=site,
        context=context,
        iri=name,
        cite=cite(values["cited"], name, site),
        data_name=up + own,
        preview=number == 1 and has_preview(name, context),
        **values,
    )


def _describe_source(iri: str, properties: Properties) -> str:
    """Describe a source as a bibliography does: publisher, title, date."""
    publishers = [properties.one(name, "rdfs:label") or name for name in properties.all(iri, "dcterms:publisher")]
    title, published = properties.one(iri, "dcterms:title"), date_words(properties.one(iri, "sp:published"))
    return ", ".join(part for part in (", ".join(publishers), f"“{title}”", published) if part)


def _disputes(views: Iterable[StatementView], context: PageContext) -> list[DisputeView]:
    names = {name for view in views for name in context.disputed.get(view.iri, ())}
    return [context.disputes[name] for name in sorted(names)]


def _statement(name: str, context: PageContext) -> dict[str, Any]:
    view, properties = context.statements[name], context.properties
    disputes = _disputes([view], context)
    shown = {name for dispute in disputes for _, name in dispute.sides()} | {name}
    source = _describe_source(view.source_iri, properties)
    return {
        "title": f"{view.speaker} {view.act}: {view.claim}",
        "cited": f"{view.speaker} {view.act}: “{view.claim}”. Source: {source}",
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
        "scripted": True,
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
        "disagreement": context.properties.one(name, "sp:disagreement"),
    }


def _disagreement(name: str, context: PageContext) -> dict[str, Any]:
    one = context.disagreements[name]
    return {
        "title": one.question(context.statements),
        "cited": f"Disagreement “{one.question(context.statements)}”",
        "summary": one.summary(context.statements),
        "one": one,
        "scripted": True,
        "rules": _by_rule(one.disputes),
        "sides": one.sides(context.statements),
        "speakers": sorted(
            {context.link(context.statements[said].speaker_iri) for said in one.statements},
            key=lambda link: (link.label, link.iri),
        ),
    }


def _by_rule(disputes: Iterable[DisputeView]) -> list[tuple[tuple[str, str, str], list[DisputeView]]]:
    """Group disputes by the rule that found them, with the label of their kind and the meaning of the rule."""
    found: dict[tuple[str, str, str], list[DisputeView]] = {}
    for dispute in disputes:
        found.setdefault((dispute.kind_label, dispute.rule, dispute.why), []).append(dispute)
    return sorted(found.items(), key=lambda group: (-len(group[1]), group[0]))


_PAGES: Mapping[str, tuple[str, Callable[[str, PageContext], dict[str, Any]]]] = {
    "id": ("entity", entity_values), "source": ("source", _source), "statement": ("statement", _statement),
    "proposition": ("proposition", _proposition), "dispute": ("dispute", _dispute),
    "disagreement": ("disagreement", _disagreement),
}  # fmt: skip
