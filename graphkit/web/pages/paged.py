"""Lists in pages, each with facets that have pages of their own: entities, sources, statements, schema, disagreements.

Facets are paths, not scripts: each is a file of the site, works without JavaScript, and can be linked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graphkit.analysis.disagreements import disagreements_among
from graphkit.analysis.disputes import disputes_of
from graphkit.analysis.statements import StatementView
from graphkit.build.lists import Lists, Row, with_rows
from graphkit.model.iris import BASE
from graphkit.store import Store
from graphkit.web.pages.context import DatasetMetadata, PageContext, order_in_source, read_context
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.listed import last_page, lists_of
from graphkit.web.pages.render import render
from graphkit.web.pages.schema import KINDS, schema_rows

_PATH = re.compile(r"([a-z]+)(?:/([a-z][a-z-]*))?(?:/([1-9][0-9]{0,6}))?")


class PagedList(NamedTuple):
    """A list that is shown in pages.

    Attributes:
        title: Its title.
        by: The name of its facets.
        values: Returns what the template needs of the rows of a page, from the whole context if there is one.
    """

    title: str
    by: str
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
    lists = _all_lists(store, name)
    label_and_total = lists.totals[name].get(facet)
    exists = label_and_total and number <= last_page(name, label_and_total[1])
    return _render(store, path, lists, site) if exists else b""


def _all_lists(store: Store, name: str) -> Lists:
    """Return the lists of a store, with the terms of the schema if they are asked for."""
    lists = lists_of(store)
    return with_rows(lists, "schema", _schema_rows(store, lists.uses)) if name == "schema" else lists


def all_parts(store: Store, context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the body of each page of each list."""
    for name in PAGED:
        lists = _all_lists(store, name)
        for facet, (_, total) in lists.totals[name].items():
            for number in range(1, last_page(name, total) + 1):
                path = path_to(name, facet, number)
                yield path, _render(store, path, lists, site, context)


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


def _render(store: Store, path: str, lists: Lists, site: DatasetMetadata, context: PageContext | None = None) -> bytes:
    name, facet, number = split(path)
    paged, totals = PAGED[name], lists.totals[name]
    label, total = totals[facet]
    last = last_page(name, total)
    title = f"{paged.title}: {label}" if facet else paged.title
    return render(
        name,
        path,
        site=site,
        iri="",
        title=title if number == 1 else f"{title}, page {number}",
        total=total,
        number=number,
        last=last,
        before=path_to(name, facet, number - 1) if number > 1 else "",
        after=path_to(name, facet, number + 1) if number < last else "",
        end=path_to(name, facet, last) if number < last - 1 else "",
        by=paged.by,
        facets=[Facet(*found, path_to(name, at)) for at, found in totals.items()] if len(totals) > 1 else [],
        **paged.values(store, lists.rows(name, facet, number), context),
    )


def _link(name: str, label: str) -> Link:
    return Link(name, label, path_of(name))


def _as_they_are(_store: Store, rows: Sequence[Row], _context: PageContext | None) -> dict[str, Any]:
    return {"rows": rows}


def linked(rows: Iterable[Row]) -> list[Row]:
    """Return entities or sources with links to them and to publishers."""
    return [row._replace(values={**row.values, "link": _link(row.name, row.values["label"]),
                                 "publishers": [_link(*one) for one in row.values.get("publishers", ())]})
            for row in rows]  # fmt: skip


def _linked_values(_store: Store, rows: Sequence[Row], _context: PageContext | None) -> dict[str, Any]:
    return {"rows": linked(rows)}


def _statement_values(store: Store, rows: Sequence[Row], context: PageContext | None) -> dict[str, Any]:
    names = [row.name for row in rows]
    context = context or read_context(store, {*names, *disputes_of(store, names)})
    sources: dict[str, list[StatementView]] = {}
    for view in sorted((context.statements[name] for name in names), key=order_in_source):
        sources.setdefault(view.source, []).append(view)
    return {"context": context, "sources": list(sources.values())}


def disagreement_values(store: Store, rows: Sequence[Row], context: PageContext | None) -> dict[str, Any]:
    """Return the disagreements of some rows, with the context of their statements."""
    names = {BASE + dispute for row in rows for dispute in row.values["disputes"]}
    context = context or read_context(store, names)
    disputes = [context.disputes[name] for name in sorted(names)]
    return {"context": context, "disagreements": disagreements_among(disputes, context.properties)}


def _schema_rows(store: Store, uses: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """Return all properties, relations and classes."""
    return [Row(name, {kind: KINDS[kind]}, {"kind": kind, **values}) for name, kind, values in schema_rows(store, uses)]


PAGED: dict[str, PagedList] = {
    "entities": PagedList("Entities", "Kinds", _linked_values),
    "sources": PagedList("Sources", "Kinds", _linked_values),
    "statements": PagedList("Statements", "Stances", _statement_values),
    "schema": PagedList("Schema", "Kinds", _as_they_are),
    "disputes": PagedList("Disagreements", "Kinds of disputes", disagreement_values),
}
