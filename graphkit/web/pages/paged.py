"""Lists in pages, each with facets that have pages of their own: entities, sources, statements, schema, disagreements.

Facets are paths, not scripts: each is a file of the site, works without JavaScript, and can be linked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphkit.analysis.disagreements import disagreements_among, rank
from graphkit.analysis.disputes import disputes_of
from graphkit.analysis.statements import StatementView
from graphkit.model.iris import SP, token
from graphkit.store import Store, texts
from graphkit.web.pages.context import DatasetMetadata, PageContext, order_in_source, read_context
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.render import render
from graphkit.web.pages.schema import KINDS, schema_rows

_PATH = re.compile(r"([a-z]+)(?:/([a-z][a-z-]*))?(?:/([1-9][0-9]{0,6}))?")
_FACET = re.compile(r"[a-z][a-z-]*")


class Row(NamedTuple):
    """A line of a list.

    Attributes:
        name: The IRI of the thing.
        facets: Its kinds: the part of an address to the label.
        values: What the template shows.
    """

    name: str
    facets: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PagedList:
    """A list that is shown in pages.

    Attributes:
        title: Its title.
        by: The name of its facets.
        on_a_page: The number of rows on a page.
        rows: Returns all rows, in order.
        values: Returns what the template needs besides the rows of a page, from the whole context if there is one.
    """

    title: str
    by: str
    on_a_page: int
    rows: Callable[[Store], Sequence[Row]]
    values: Callable[[Store, Sequence[Row], PageContext | None], dict[str, Any]]


class Facet(NamedTuple):
    """A link to the rows of one kind, or to all."""

    label: str
    total: int
    path: str


def render_part(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Render a page of a list at a path such as `entities`, `entities/2` or `entities/person/2`; b"" if none exists."""
    name, facet, number = split(path)
    if name not in PAGED:
        return b""
    rows = PAGED[name].rows(store)
    if facet and facet not in _labels(rows):
        return b""
    some = _of(rows, facet)
    return _render(store, path, rows, site) if number <= _last(name, some) else b""


def all_parts(store: Store, context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the body of each page of each list."""
    for name, paged in PAGED.items():
        rows = paged.rows(store)
        for facet in ("", *_labels(rows)):
            for number in range(1, _last(name, _of(rows, facet)) + 1):
                path = path_to(name, facet, number)
                yield path, _render(store, path, rows, site, context)


def path_to(name: str, facet: str = "", number: int = 1) -> str:
    """Return the path of a page of a list.

    >>> path_to("entities"), path_to("entities", "person"), path_to("entities", "person", 2)
    ('entities', 'entities/person', 'entities/person/2')
    """
    return "/".join([name, *([facet] if facet else []), *([str(number)] if number > 1 else [])])


def split(path: str) -> tuple[str, str, int]:
    """Return the list, the facet and the number of a page; ("", "", 0) if there is none. Each page has one path only.

    >>> split("statements"), split("statements/2"), split("statements/denies/3"), split("statements/1")
    (('statements', '', 1), ('statements', '', 2), ('statements', 'denies', 3), ('', '', 0))
    """
    found = _PATH.fullmatch(path)
    if not found:
        return "", "", 0
    parts = found[1], found[2] or "", int(found[3] or 1)
    return parts if path_to(*parts) == path else ("", "", 0)


def _labels(rows: Sequence[Row]) -> dict[str, str]:
    """Return the facets, the most frequent first; none if there are fewer than two."""
    counts = Counter(facet for row in rows for facet in row.facets)
    labels = {facet: label for row in rows for facet, label in row.facets.items()}
    order = sorted(labels, key=lambda facet: (-counts[facet], facet))
    return {facet: labels[facet] for facet in order} if len(order) > 1 else {}


def _of(rows: Sequence[Row], facet: str) -> list[Row]:
    return [row for row in rows if not facet or facet in row.facets]


def _last(name: str, rows: Sequence[Row]) -> int:
    """Return the number of pages, at least one."""
    return max(1, -(-len(rows) // PAGED[name].on_a_page))


def _render(
    store: Store, path: str, rows: Sequence[Row], site: DatasetMetadata, context: PageContext | None = None
) -> bytes:
    name, facet, number = split(path)
    paged, labels, some = PAGED[name], _labels(rows), _of(rows, facet)
    last = _last(name, some)
    shown = some[(number - 1) * paged.on_a_page : number * paged.on_a_page]
    title = f"{paged.title}: {labels[facet]}" if facet else paged.title
    return render(
        name,
        path,
        site=site,
        iri="",
        title=title if number == 1 else f"{title}, page {number}",
        total=len(some),
        number=number,
        last=last,
        before=path_to(name, facet, number - 1) if number > 1 else "",
        after=path_to(name, facet, number + 1) if number < last else "",
        end=path_to(name, facet, last) if number < last - 1 else "",
        by=paged.by,
        facets=_facets(name, rows, labels),
        rows=shown,
        **paged.values(store, shown, context),
    )


def _facets(name: str, rows: Sequence[Row], labels: Mapping[str, str]) -> list[Facet]:
    found = [Facet(label, len(_of(rows, facet)), path_to(name, facet)) for facet, label in labels.items()]
    return [Facet("all", len(rows), name), *found] if found else []


def _facet(iri: str, label: str) -> dict[str, str]:
    """Return the facet of a class; none if its name cannot be a part of an address."""
    name = token(iri.rpartition("#")[2])
    return {name: label} if _FACET.fullmatch(name) else {}


def _link(name: str, label: str) -> Link:
    return Link(name, label, path_of(name))


def _nothing(_store: Store, _rows: Sequence[Row], _context: PageContext | None) -> dict[str, Any]:
    return {}


_ENTITIES = """
SELECT ?e ?label ?class ?kind ?description {
  GRAPH graph:entities { ?e a sp:Entity ; rdfs:label ?label . OPTIONAL { ?e dcterms:description ?description } }
  OPTIONAL {
    GRAPH graph:entities { ?e a ?class } ?class rdfs:label ?kind .
    FILTER NOT EXISTS { GRAPH graph:entities { ?e a ?below } ?below rdfs:subClassOf ?class }
  }
} ORDER BY ?e ?kind
"""
_BY = "SELECT ?e (COUNT(*) AS ?n) { ?s a sp:Statement ; sp:speaker ?e } GROUP BY ?e"
_ABOUT = """
SELECT ?e (COUNT(*) AS ?n) {
  SELECT DISTINCT ?e ?s { ?s sp:proposition ?p . ?p (sp:object)*/(sp:subject|sp:object) ?e }
} GROUP BY ?e
"""


def entity_rows(store: Store) -> list[Row]:
    """Return all entities with their kinds and the numbers of their statements, those with most statements first."""
    by, about = ({name: int(number) for name, number in texts(store, query, "e", "n")} for query in (_BY, _ABOUT))
    rows: dict[str, Row] = {}
    for name, label, cls, kind, description in texts(store, _ENTITIES, "e", "label", "class", "kind", "description"):
        values = {"link": _link(name, label), "description": description, "kinds": []}
        values |= {"says": by.get(name, 0), "about": about.get(name, 0)}
        row = rows.setdefault(name, Row(name, {}, values))
        row.values["kinds"].append(kind)
        rows[name] = row._replace(facets={**row.facets, **_facet(cls, kind)})
    return sorted(rows.values(), key=lambda row: (-row.values["about"] - row.values["says"], *_by_label(row)))


def _by_label(row: Row) -> tuple[str, str]:
    return row.values["link"].label.lower(), row.name


_SOURCES = """
SELECT ?e ?title ?class ?kind ?publisher ?name ?published (COUNT(DISTINCT ?s) AS ?n) {
  ?e a sp:Source ; dcterms:title ?title ; sp:sourceKind ?class .
  ?class rdfs:label ?kind .
  OPTIONAL { ?e dcterms:publisher ?publisher . ?publisher rdfs:label ?name }
  OPTIONAL { ?e sp:published ?published }
  OPTIONAL { ?s sp:source ?e ; a sp:Statement }
} GROUP BY ?e ?title ?class ?kind ?publisher ?name ?published ORDER BY ?e
"""


def source_rows(store: Store) -> list[Row]:
    """Return all sources by title, with their publishers and the numbers of their statements."""
    names = ("e", "title", "class", "kind", "publisher", "name", "published", "n")
    rows: dict[str, Row] = {}
    for source, title, cls, kind, publisher, name, published, count in texts(store, _SOURCES, *names):
        values = {"link": _link(source, title), "kind": kind, "published": published, "count": int(count)}
        row = rows.setdefault(source, Row(source, _facet(cls, kind), {**values, "publishers": []}))
        row.values["publishers"].extend([_link(publisher, name)] if publisher else [])
    return sorted(rows.values(), key=_by_label)


# Without ORDER BY: in the engine it takes ten times as long as all else on a page.
_STATEMENTS = "SELECT DISTINCT ?s ?stance { ?s a sp:Statement ; sp:stance ?stance }"


def _statement_rows(store: Store) -> list[Row]:
    found = sorted(texts(store, _STATEMENTS, "s", "stance"))
    return [Row(name, _facet(stance, token(stance.removeprefix(SP))), {}) for name, stance in found]


def _statement_values(store: Store, rows: Sequence[Row], context: PageContext | None) -> dict[str, Any]:
    names = [row.name for row in rows]
    context = context or read_context(store, {*names, *disputes_of(store, names)})
    sources: dict[str, list[StatementView]] = {}
    for view in sorted((context.statements[name] for name in names), key=order_in_source):
        sources.setdefault(view.source, []).append(view)
    return {"context": context, "sources": list(sources.values())}


_DISPUTES = """
SELECT ?d ?matter ?label ?class ?kind ?s ?speaker {
  ?d a sp:Dispute ; rdfs:label ?own ; sp:kind ?class ; sp:between ?s . ?class rdfs:label ?kind . ?s sp:speaker ?speaker
  OPTIONAL { ?d sp:disagreement ?matter . ?matter rdfs:label ?name }
  BIND(COALESCE(?name, ?own) AS ?label)
}
"""


def disagreement_rows(store: Store) -> list[Row]:
    """Return all disagreements, with the IRIs of their disputes, in the order of `disagreements`."""
    names = ("d", "matter", "label", "class", "kind", "s", "speaker")
    rows: dict[str, Row] = {}
    for dispute, matter, label, cls, kind, statement, speaker in sorted(texts(store, _DISPUTES, *names)):
        name = matter or dispute
        sets: dict[str, Any] = {key: set() for key in ("disputes", "classes", "statements", "speakers")}
        row = rows.setdefault(name, Row(name, {}, {"label": label, **sets}))
        added = {"disputes": dispute, "classes": token(cls.removeprefix(SP)), "statements": statement}
        for key, value in {**added, "speakers": speaker}.items():
            row.values[key].add(value)
        rows[name] = row._replace(facets={**row.facets, **_facet(cls, kind)})
    return sorted(rows.values(), key=_rank)


def _rank(row: Row) -> tuple[bool, int, int, str, str]:
    found = row.values
    return *rank(found["classes"], len(found["speakers"]), len(found["statements"])), found["label"], row.name


def disagreement_values(store: Store, rows: Sequence[Row], context: PageContext | None) -> dict[str, Any]:
    """Return the disagreements of some rows, with the context of their statements."""
    names = {dispute for row in rows for dispute in row.values["disputes"]}
    context = context or read_context(store, names)
    disputes = [context.disputes[name] for name in sorted(names)]
    return {"context": context, "disagreements": disagreements_among(disputes, context.properties)}


def _schema_rows(store: Store) -> list[Row]:
    """Return all properties, relations and classes."""
    return [Row(name, {kind: KINDS[kind]}, {"kind": kind, **values}) for name, kind, values in schema_rows(store)]


PAGED: dict[str, PagedList] = {
    "entities": PagedList("Entities", "Kinds", 60, entity_rows, _nothing),
    "sources": PagedList("Sources", "Kinds", 50, source_rows, _nothing),
    "statements": PagedList("Statements", "Stances", 60, _statement_rows, _statement_values),
    "schema": PagedList("Schema", "Kinds", 100, _schema_rows, _nothing),
    "disputes": PagedList("Disagreements", "Kinds of disputes", 15, disagreement_rows, disagreement_values),
}
