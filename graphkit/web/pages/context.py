"""The data of pages: statements and disputes with indexes, and the metadata of the dataset."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import networkx as nx

from graphkit.analysis.disagreements import Disagreement, disagreements_among
from graphkit.analysis.disputes import DisputeView, account, dispute_views, disputes_of
from graphkit.analysis.network import network, network_of
from graphkit.analysis.properties import FROM_STATEMENTS, Properties, language_of, read_linked, scan
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.analysis.subjects import ABOUT, FURTHER_ENTITIES, STATEMENTS_OF
from graphkit.model.iris import DATASET, PREFIXES, iri
from graphkit.store import Store, texts
from graphkit.web.pages.links import Link, kind_of, link, path_of

K = TypeVar("K")
V = TypeVar("V")
Views = tuple["StatementView", ...]

# The qualifiers, with their titles on pages.
QUALIFIERS = {
    "sp:role": "Role", "sp:base": "Base", "sp:purpose": "Purpose", "sp:means": "Means", "sp:condition": "Condition",
    "sp:place": "Place", "sp:under": "Under", "sp:provision": "Provision", "sp:matter": "Matter",
    "sp:requester": "At the request of", "sp:grounds": "Grounds", "sp:manner": "Manner", "sp:extent": "Extent",
}  # fmt: skip
# Statements on a page of an entity: with these a page has some 100 KB. Of an entity with many statements, a page reads
# only those that it shows.
ON_A_PAGE, MANY = 200, 1_000
# From a thing to everything that its page names.
_FOLLOWED = FROM_STATEMENTS | QUALIFIERS.keys() | {
    "sp:stance", "sp:publicity", "sp:evidenceStatus", "sp:subject", "sp:relation", "sp:object", "sp:sourceKind",
    "dcterms:publisher", "dcterms:creator", "prov:wasDerivedFrom", "sp:about", "sp:member", "skos:broader",
    "sp:unit", "sp:bound", "sp:alternative", "sp:amountOf", "sp:amountBase", "sp:amountPer", "sp:amountKind",
    "sp:corrects", "sp:reason",
    "sp:post", "sp:postAt", "sp:holder",
    "sp:speaksFor", "sp:issuedBy", "sp:jurisdiction", "skosxl:altLabel", "dcterms:source", "rdf:type", "oa:hasSource",
}  # fmt: skip


class Part(NamedTuple):
    """The statements on one page of an entity with so many that the others are not read.

    Attributes:
        shown: Section (about, says, relayed) to the IRIs of the statements on the page.
        counts: Section to the number of statements on all pages.
        last: The number of pages.
    """

    shown: Mapping[str, Collection[str]]
    counts: Mapping[str, int]
    last: int


@dataclass(frozen=True, slots=True)
class PageContext:
    """Statements and disputes, by IRI, with indexes whose statements are in the order of their sources.

    Attributes:
        disagreements: Those of the disputes; a dispute that belongs to none is one by itself.
        disputed: Statement to the disputes in which it takes part.
        by: Speaker to statements.
        on_behalf: Body or person to the statements that it makes or that are made on its behalf.
        about: Entity to the statements about it, also through a proposition inside another.
        relayed: Entity to the statements that it relayed.
        read_in: Source to statements.
        on: Proposition to the statements that take a stance on it.
        copies: Source to its copies.
        inside: Proposition to the propositions about it that have statements.
        corrections: Statement to the statements that correct it.
        posts: Body or office to the posts at it.
        part: What the page of an entity shows, if only that was read.
    """

    properties: Properties
    statements: Mapping[str, StatementView]
    disputes: Mapping[str, DisputeView]
    disagreements: Mapping[str, Disagreement]
    disputed: Mapping[str, tuple[str, ...]]
    by: Mapping[str, Views]
    on_behalf: Mapping[str, Views]
    about: Mapping[str, Views]
    relayed: Mapping[str, Views]
    read_in: Mapping[str, Views]
    on: Mapping[str, Views]
    copies: Mapping[str, tuple[str, ...]]
    inside: Mapping[str, tuple[str, ...]]
    corrections: Mapping[str, tuple[str, ...]]
    posts: Mapping[str, tuple[str, ...]]
    part: Part | None = None
    _links: dict[str, Link] = field(default_factory=dict)

    def link(self, name: str) -> Link:
        """Return a link to a thing."""
        if name not in self._links:
            self._links[name] = link(self.properties, name)
        return self._links[name]

    def links(self, subject: str, name: str) -> list[Link]:
        """Return a link to each value of a property."""
        return [self.link(value) for value in self.properties.all(subject, name)]

    def account(self, dispute: DisputeView) -> str:
        """Return the neutral account of a dispute."""
        return account(dispute, self.statements)

    def matter_of(self, view: StatementView) -> str:
        """Return the IRI of the disagreement, or else of the dispute, that a statement is part of; "" if of none."""
        name = next(iter(self.disputed.get(view.iri, ())), "")
        return self.properties.one(name, "sp:disagreement") or name

    def sides(self, dispute: DisputeView) -> tuple[Views, Views]:
        """Return the statements of both sides."""
        return self._some(dispute.affirmed), self._some(dispute.denied)

    def _some(self, names: Iterable[str]) -> Views:
        return tuple(self.statements[name] for name in names)


def page_context(properties: Properties) -> PageContext:
    """Index statements and disputes, in time proportional to their number."""
    statements = statement_views(properties)
    disputes = {dispute.iri: dispute for dispute in dispute_views(properties)}
    views = sorted(statements.values(), key=order_in_source)
    return PageContext(
        properties,
        statements,
        disputes,
        {one.iri: one for one in disagreements_among(disputes.values(), properties)},
        disputed=_group((name, iri) for iri in sorted(disputes) for _, name in disputes[iri].sides()),
        by=_group((view.speaker_iri, view) for view in views),
        on_behalf=_group((voice, view) for view in views for voice in properties.all(view.iri, "sp:voice")),
        about=_group((end, view) for view in views for end in _ends(properties, view.proposition)),
        relayed=_group((relay, view) for view in views for relay in view.relays),
        read_in=_group((view.source_iri, view) for view in views),
        on=_group((view.proposition, view) for view in views),
        copies=_backwards(properties, "prov:wasDerivedFrom"),
        corrections=_backwards(properties, "sp:corrects"),
        posts=_backwards(properties, "sp:postAt"),
        inside=_group(
            (inner, outer)
            for outer in sorted({view.proposition for view in views})
            for inner in properties.all(outer, "sp:object")
            if inner.startswith(PREFIXES["proposition"])
        ),
    )


def _backwards(properties: Properties, name: str) -> dict[str, tuple[str, ...]]:
    """Return each value of a property with the things that have it."""
    return _group((end, start) for start in sorted(properties.subjects(name)) for end in properties.all(start, name))


def order_in_source(view: StatementView) -> tuple[object, ...]:
    """Return a key for sorting: by source, then by position if it is known, then by id, with numbers as numbers."""
    parts = re.split(r"(\d+)", view.id)
    return view.source, int(view.position or 0), [int(part) if part.isdecimal() else 0 for part in parts], parts


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, dict[V, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _ends(properties: Properties, proposition: str) -> list[str]:
    """Return the entities that a proposition is about, also through a proposition inside it."""
    found = properties.all(proposition, "sp:subject")
    for name in properties.all(proposition, "sp:object"):
        found += _ends(properties, name) if name.startswith(PREFIXES["proposition"]) else [name]
    return found + [name for at in FURTHER_ENTITIES for name in properties.all(proposition, at)]


_STATEMENTS = {
    "id": STATEMENTS_OF["entity"],
    "source": STATEMENTS_OF["source"],
    "statement": "{0} sp:proposition ?p . ?s sp:proposition ?p",
    "proposition": "{{ ?s sp:proposition {0} }} UNION {{ ?p sp:object {0} . ?s sp:proposition ?p }}",
    "dispute": STATEMENTS_OF["dispute"],
    "disagreement": STATEMENTS_OF["disagreement"],
}
_BESIDE = "SELECT DISTINCT ?s {{ VALUES ?one {{ {0} }} ?d sp:between ?one, ?s }}"
# A graph of so many bytes is read in a tenth of a second, which is faster than to ask for the 100 statements of a page.
_SMALL = 16_000_000
# The things that are not named by the subject of a page, but name it.
_POINTING = "SELECT DISTINCT ?s {{ ?s prov:wasDerivedFrom|sp:corrects|sp:postAt {0} }}"


def read_thing(store: Store, name: str, number: int = 0) -> PageContext:
    """Read the context of the page of a thing, by its IRI. It is empty if the graph does not contain the thing.

    Args:
        number: The number of a page of an entity; of an entity with many statements only those on it are read.
    """
    if whole := whole_context(store):
        return whole
    kind = kind_of(path_of(name))
    part = _part(store, name, number) if kind == "id" and number else None
    if part is None or sum(part.counts.values()) <= MANY:
        statements = _things(store, f"SELECT DISTINCT ?s {{ {_STATEMENTS[kind].format(iri(name))} }}")
        part = part if len(statements) > MANY else None
    if part:
        statements = sorted({one for some in part.shown.values() for one in some})
    # A statement on a page names its disputes, also one on the other side of a dispute; not on the page of an entity.
    beside = [] if kind == "id" else _things(store, _BESIDE.format(" ".join(map(iri, statements))))
    pointing = _things(store, _POINTING.format(iri(name)))
    disputes = disputes_of(store, {*statements, *beside})
    return replace(page_context(read_mentioned(store, {name, *statements, *disputes, *pointing})), part=part)


def _part(store: Store, name: str, number: int) -> Part:
    """Choose the statements of a page of an entity: those by others, own ones and relayed ones, each by source."""
    about, says, relayed = (
        _things(store, f"SELECT DISTINCT ?s {{ {pattern.format(iri(name))} }}")
        for pattern in (ABOUT, "?s sp:speaker {0}", "?s sp:via {0}")
    )
    own = set(says)
    found = {"about": [one for one in about if one not in own], "says": says, "relayed": relayed}
    pairs = [(section, one) for section, some in found.items() for one in some]
    shown: dict[str, set[str]] = {section: set() for section in found}
    for section, one in pairs[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]:
        shown[section].add(one)
    return Part(shown, {section: len(some) for section, some in found.items()}, -(-len(pairs) // ON_A_PAGE))


def whole_context(store: Store) -> PageContext | None:
    """Return the context of the whole graph if it is a small build on this machine; a build never changes."""
    small = _small_build(store)
    return _context_of(small) if small else None


def whole_network(store: Store) -> nx.MultiDiGraph[str]:
    """Return the network of the whole graph; of a small build, always the same one, which must not be changed."""
    small = _small_build(store)
    return _network_of(small) if small else network(store)


def _small_build(store: Store) -> str:
    """Return the file of the graph if it is a small build on this machine, otherwise ""."""
    lines = store.lines()
    if lines is None:
        return ""
    with lines:
        return str(lines.name) if os.fstat(lines.fileno()).st_size <= _SMALL else ""


@lru_cache(1)
def _context_of(graph_file: str) -> PageContext:
    with Path(graph_file).open("rb") as lines:
        return page_context(scan(lines))


@lru_cache(1)
def _network_of(graph_file: str) -> nx.MultiDiGraph[str]:
    return network_of(_context_of(graph_file).properties)


def read_context(store: Store, names: Iterable[str]) -> PageContext:
    """Read the context of some statements and disputes; of a small build, the whole context."""
    return whole_context(store) or page_context(read_mentioned(store, names))


def read_mentioned(store: Store, names: Iterable[str]) -> Properties:
    """Read the properties of some things and of everything that their pages name."""
    return read_linked(store, names, _FOLLOWED)


def _things(store: Store, query: str) -> list[str]:
    return sorted(name for (name,) in texts(store, query, "s"))


_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
}


@dataclass(frozen=True, slots=True)
class DatasetMetadata:
    """The metadata of the dataset; `language` is that of labels and gists.

    Attributes:
        address: The public address of the site, with a slash at its end; "" if none is known.
        stories: The path and the title of each story that it shows.
    """

    title: str
    description: str = ""
    version: str = ""
    licence: str = ""
    licence_name: str = ""
    creators: tuple[str, ...] = ()
    issued: str = ""
    language: str = "en"
    address: str = ""
    stories: tuple[tuple[str, str], ...] = ()


def read_metadata(store: Store) -> DatasetMetadata:
    """Read the metadata of the dataset."""
    return metadata_of(read_mentioned(store, [DATASET]))


def metadata_of(properties: Properties) -> DatasetMetadata:
    """Return the metadata of the dataset from its properties."""
    one, licence = properties.one, properties.one(DATASET, "dcterms:license")
    return DatasetMetadata(
        one(DATASET, "dcterms:title") or "graphkit",
        one(DATASET, "dcterms:description"),
        one(DATASET, "owl:versionInfo"),
        licence,
        _LICENCES.get(licence, licence),
        tuple(properties.all(DATASET, "dcterms:creator")),
        one(DATASET, "dcterms:issued"),
        language_of(properties.terms(DATASET, "dcterms:title")) or "en",
    )
