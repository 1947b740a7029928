"""The page of an entity: a summary, and its statements as lines that fold, on as many pages as they need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from graphkit.analysis.disagreements import disagreements_among
from graphkit.analysis.statements import StatementView
from graphkit.model.dates import date_words
from graphkit.model.iris import PREFIXES
from graphkit.web.pages.context import ON_A_PAGE, PageContext, order_in_source
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.money import sums
from graphkit.web.pages.schema_org import about_page

# What the summary shows of each; the rest is below it.
_EXAMPLES, _CARDS, _SUMS = 5, 4, 6
_YEAR = re.compile(r"\d{4}")
# Longer periods leave out the years without statements.
_MOST_YEARS = 30
_SECTIONS = {"about": "Statements by others", "says": "Own statements", "relayed": "Relayed statements"}


class Group(NamedTuple):
    """Statements of one section with one relation, or those of them on one page.

    Attributes:
        section: about, says or relayed.
        key: The id of the group on its page.
        label: The relation as it reads from the entity.
        views: The statements.
        total: The number of statements of the group on all pages.
        page: The number of the page on which it starts.
    """

    section: str
    key: str
    label: str
    views: Sequence[StatementView]
    total: int
    page: int = 1


class Year(NamedTuple):
    """The statements of a year: by others, and own ones.

    Attributes:
        year: The first year in the date of the statement; "" for undated ones.
        height: The share of the largest number, from 0 to 100.
    """

    year: str
    about: int
    says: int
    height: int


def entity_values(name: str, context: PageContext, number: int = 1) -> dict[str, Any]:
    """Return the values of a page of an entity; {} if it has fewer pages."""
    pages, part = _pages(_groups(name, context)), context.part
    last = part.last if part else len(pages)
    if number > last:
        return {}
    shown = pages[0 if part else number - 1]
    label, description = (context.properties.one(name, at) for at in ("rdfs:label", "dcterms:description"))
    return {
        "title": label if number == 1 else f"{label}, page {number}",
        "cited": label,
        "summary": description or f"Statements about {label}, with their speakers and sources.",
        "kinds": _kinds(name, context),
        "description": description,
        "sections": [(key, _SECTIONS[key], list(some)) for key, some in groupby(shown, lambda group: group.section)],
        "number": number,
        "last": last,
        "part": part,
        "before": page_path(name, number - 1) if number > 1 else "",
        "after": page_path(name, number + 1) if number < last else "",
        "end": page_path(name, last) if number < last - 1 else "",
        "first": path_of(name),
        "scripted": True,
        "schema": about_page(name, context.properties),
        **(_summary(name, context, pages) if number == 1 else {}),
    }


def page_path(name: str, number: int) -> str:
    """Return the path of a page of an entity.

    >>> page_path("https://w3id.org/surveillance-policy/id/met", 2)
    'id/met/2'
    """
    return path_of(name) if number == 1 else f"{path_of(name)}/{number}"


def last_page(name: str, context: PageContext) -> int:
    """Return the number of pages of an entity."""
    return len(_pages(_groups(name, context)))


def _own_and_other(name: str, context: PageContext) -> tuple[Sequence[StatementView], Sequence[StatementView]]:
    says, about = _shown("says", context.by.get(name, ()), context), context.about.get(name, ())
    return says, _shown("about", [view for view in about if view.speaker_iri != name], context)


def _shown(section: str, views: Sequence[StatementView], context: PageContext) -> Sequence[StatementView]:
    """Return the statements of a section that were read for the page; others may have been read for a dispute."""
    return [view for view in views if view.iri in context.part.shown[section]] if context.part else views


def _summary(name: str, context: PageContext, pages: Sequence[Sequence[Group]]) -> dict[str, Any]:
    """Return who it is, what it says of itself, what others say, what is in dispute, the money and the years."""
    properties = context.properties
    says, about = _own_and_other(name, context)
    whole = [*says, *about]
    relayed = _shown("relayed", context.relayed.get(name, ()), context)
    passed = relayed if context.part else (*relayed, *context.on_behalf.get(name, ()))
    disputes = {dispute for view in (*whole, *passed) for dispute in context.disputed.get(view.iri, ())}
    matters = disagreements_among((context.disputes[name] for name in sorted(disputes)), context.properties)
    money = sums(dict.fromkeys(whole), properties)
    itself = _shown("says", [view for view in context.about.get(name, ()) if view.speaker_iri == name], context)
    counts = {"about": len(about), "says": len(says), "relayed": len(relayed)}
    first = _first_parts(pages)
    return {
        "names": _names(name, context),
        "posts": _posts(properties.all(name, "sp:post"), "sp:postAt", context),
        "holders": _posts(context.posts.get(name, ()), "sp:holder", context),
        "related": [(title, found) for title, predicate in _RELATED if (found := context.links(name, predicate))],
        "size": properties.one(name, "sp:size"),
        "pages": properties.all(name, "foaf:page"),
        "same": properties.all(name, "skos:exactMatch"),
        "counts": context.part.counts if context.part else counts,
        "itself": _examples(_relations(itself, name, context)),
        "others": _busiest(group for group in first if group.section == "about"),
        "contents": first,
        "cards": matters[:_CARDS],
        "more_matters": matters[_CARDS:],
        "money": money[:_SUMS],
        "sums": len(money),
        "years": _years(about, says),
    }


def _groups(name: str, context: PageContext) -> Iterator[Group]:
    says, about = _own_and_other(name, context)
    for section, views in (("about", about), ("says", says)):
        for place, (label, some) in enumerate(_relations(views, name, context), 1):
            yield Group(section, f"{section}-{place}", label, some, len(some))
    if relayed := _shown("relayed", context.relayed.get(name, ()), context):
        yield Group("relayed", "relayed-1", "relayed", relayed, len(relayed))


def _pages(groups: Iterable[Group]) -> list[list[Group]]:
    """Distribute groups over pages; one that does not fit is continued on the next page."""
    pages: list[list[Group]] = [[]]
    room = ON_A_PAGE
    for group in groups:
        views = group.views
        while views:
            if not room:
                pages.append([])
                room = ON_A_PAGE
            pages[-1].append(group._replace(views=views[:room], page=len(pages)))
            views, room = views[room:], max(0, room - len(views))
    return pages


def _first_parts(pages: Iterable[Iterable[Group]]) -> list[Group]:
    """Return each group with the page on which it starts."""
    found: dict[str, Group] = {}
    for group in (group for page in pages for group in page):
        found.setdefault(group.key, group)
    return list(found.values())


def _busiest(groups: Iterable[Group]) -> list[tuple[Group, StatementView]]:
    """Return the largest groups, each with a short statement as an example."""
    largest = sorted(groups, key=lambda group: (-group.total, group.key))[:_EXAMPLES]
    return [(group, _example(group.views)) for group in largest]


def _examples(relations: Iterable[tuple[str, Sequence[StatementView]]]) -> list[StatementView]:
    """Return a short statement of each of the most frequent relations."""
    largest = sorted(relations, key=lambda found: (-len(found[1]), found[0]))[:_EXAMPLES]
    return [_example(views) for _, views in largest]


def _example(views: Iterable[StatementView]) -> StatementView:
    return min(views, key=lambda view: (len(view.gist), view.iri))


def _years(about: Iterable[StatementView], says: Iterable[StatementView]) -> list[Year]:
    """Return the number of statements of each year, and last that of the undated ones."""
    others, own = (Counter(_year(view.said) for view in views) for views in (about, says))
    found = sorted({*others, *own} - {""})
    if found and int(found[-1]) - int(found[0]) < _MOST_YEARS:
        found = [str(year) for year in range(int(found[0]), int(found[-1]) + 1)]
    most = max((others[year] + own[year] for year in found), default=1)
    years = [Year(year, others[year], own[year], 100 * (others[year] + own[year]) // most) for year in found]
    undated = others[""] + own[""]
    return [*years, Year("", others[""], own[""], min(100, 100 * undated // most))] if undated else years


def _year(said: str) -> str:
    found = _YEAR.search(said)
    return found[0] if found else ""


def _posts(names: Iterable[str], end: str, context: PageContext) -> list[tuple[str, list[Link], str]]:
    """Return posts, the earliest first."""
    started = sorted((context.properties.one(name, "sp:fromLatest"), name) for name in names)
    return [_post(name, end, context) for _, name in started]


def _post(name: str, end: str, context: PageContext) -> tuple[str, list[Link], str]:
    """Return the role, the body or the holder, and the dates of a post."""
    one = context.properties.one
    dates = [(word, one(name, f"sp:{word}")) for word in ("from", "until")]
    (_, start), (_, end_date) = dates
    day = start.removeprefix("../")
    if day and (start, end_date) == (f"../{day}", f"{day}/.."):
        when = f"on {date_words(day)}, perhaps longer"
    else:
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
    return (2, f"{label}, by {subject}") if inside else (3, f"on {subject}")
