"""Lists: the home, the paged lists, questions and about; pages of unknown names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pyoxigraph as ox

from graphkit.build.lists import SUMS, Lists, Row
from graphkit.model.errors import GraphkitError
from graphkit.model.iris import BASE, DATASET, POLICIES, PREFIXES, SP
from graphkit.model.text import as_json, visible, web_link
from graphkit.query.answers import Table, Term, triples_table
from graphkit.query.names import described, near_things
from graphkit.query.questions import Question, answer, by_topic
from graphkit.query.readable import Entry, SavedAnswer, in_words
from graphkit.store import Store, texts
from graphkit.web.pages.context import DatasetMetadata, read_context
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.listed import every_row, lists_of
from graphkit.web.pages.money import sums
from graphkit.web.pages.paged import disagreement_values, linked, render_part
from graphkit.web.pages.render import render
from graphkit.web.pages.schema_org import about_dataset, cite

# Bytes of the search index; disagreements and questions come first, then the entities with most statements.
_MOST_BYTES = 100_000
# What is shown of each; the rest is one link away.
_CARDS, _STARTS = 6, 10
_ALIASES = "SELECT ?e ?alias { GRAPH graph:entities { ?e a sp:Entity ; skos:altLabel ?alias } }"
# A link or a text, and the address if it is outside the site.
Cell: TypeAlias = tuple[Link, str]
# Rows in the table of a question.
_MOST_ROWS = 200
# The heads of columns on pages that differ from the name of the column.
_HEADS = {"gist": "summary"}
_VERIFIED_MEANS = "As attributed, and only from passages that were found in a capture."


def home_values(store: Store, questions: Mapping[str, Question], site: DatasetMetadata) -> dict[str, Any]:
    """Return the values of the home page."""
    lists = lists_of(store)
    matters = lists.rows("disputes", "", 1)[:_CARDS]
    context = read_context(store, {*(BASE + name for row in matters for name in row.values["disputes"]), *lists.sums})
    money = sums((context.statements[name] for name in lists.sums), context.properties)
    return {
        "title": "Start",
        "summary": site.description,
        "counts": lists.counts,
        "index": _index(lists, questions, store),
        "starts": linked(row for row in lists.rows("entities", "", 1)[:_STARTS] if _size(row)),
        "most": lists.totals["disputes"][""][1],
        **disagreement_values(store, matters, context),
        "money": money[:SUMS],
        "sums": lists.all_sums,
        "kinds": lists.kinds,
        "sources": linked(lists.busiest),
        "questions": list(questions.values())[:8],
        "schema": about_dataset(DATASET, site),
        "data_name": "index",
        "iri": DATASET,
        "cite": cite(site.title, DATASET, site),
        "scripted": True,
    }


def _size(row: Row) -> int:
    return int(row.values["about"] + row.values["says"])


def _index(lists: Lists, questions: Mapping[str, Question], store: Store) -> list[list[object]]:
    """Return the search index: for each thing its name, address, kind and number of statements, then other names."""
    found: list[list[object]] = []
    room = _MOST_BYTES
    for entry in _entries(lists, questions, store):
        room -= len(as_json(entry).encode()) + 1
        if room < len("[]"):
            break
        found.append(entry)
    return found


def _entries(lists: Lists, questions: Mapping[str, Question], store: Store) -> Iterator[list[object]]:
    for row in every_row(lists, "disputes"):
        yield [visible(row.values["label"]), path_of(row.name), "disagreement", row.values["statements"]]
    for name, question in questions.items():
        yield [visible(question.header.title or name), f"questions/{name}", "question", 0]
    aliases: dict[str, list[str]] = {}
    for name, alias in sorted(texts(store, _ALIASES, "e", "alias")):
        aliases.setdefault(name, []).append(visible(alias))
    for row in every_row(lists, "entities"):
        kind = ", ".join(visible(kind) for kind in row.values["kinds"])
        yield [visible(row.values["label"]), path_of(row.name), kind, _size(row), *aliases.get(row.name, ())]


def render_list(store: Store, path: str, questions: Mapping[str, Question], site: DatasetMetadata) -> bytes:
    """Render the list at a path such as `index` or `statements/2`, or the page of a question; b"" if none exists."""
    name = path.removeprefix("questions/")
    if path != name and name in questions:
        return render("question", path, site=site, **_question(store, questions[name]))
    if path not in LISTS:
        return render_part(store, path, site)
    return render(path, path, site=site, **LISTS[path](store, questions, site))


def render_missing(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Render the page of a name that the graph does not contain, with similar names."""
    things = near_things(store, path.rpartition("/")[2], "id", "source")
    near = [
        Link(thing, label, path_of(thing))
        for thing, (label, _, _) in zip(things, described(store, things), strict=True)
    ]
    return render("missing", path, site=site, title="No page of that name", wanted=path, near=near)


def render_moved(path: str, now: Link, site: DatasetMetadata) -> bytes:
    """Render the page of a merged entity, which redirects to the entity into which it was merged."""
    return render("moved", path, site=site, title="This entity was merged", now=now)


def _questions(_store: Store, questions: Mapping[str, Question], _site: DatasetMetadata) -> dict[str, Any]:
    return {"title": "Questions", "count": len(questions), "topics": by_topic(questions)}


def _question(store: Store, question: Question) -> dict[str, Any]:
    """Ask a question with its default parameters and return the values of its page.

    If the question fails, its page shows the error; other pages are not affected.
    """
    try:
        found = answer(store, question, {}, _MOST_ROWS)
    except GraphkitError as error:
        return _said(question, str(error))
    if isinstance(found, bool):
        return _said(question, "Yes." if found else "No.")
    table = found if isinstance(found, Table) else triples_table(found)
    columns, rows = _readable(table) if isinstance(table, SavedAnswer) else _as_asked(table)
    return _said(question, "") | {
        "table": table, "columns": columns, "rows": rows, "cut": found.cut, "most": _MOST_ROWS
    }  # fmt: skip


def _said(question: Question, said: str) -> dict[str, Any]:
    title, why = question.header.title or question.name, question.header.why
    return {"title": title, "summary": why, "question": question, "table": None, "said": said}


def render_failed(path: str, question: Question, error: GraphkitError, site: DatasetMetadata) -> bytes:
    """Render the page of a question that could not be answered."""
    return render("question", path, site=site, **_said(question, str(error)))


def _as_asked(table: Table) -> tuple[Sequence[str], list[list[list[Cell]]]]:
    return table.columns, [[[_cell(term, table)] for term in row] for row in table.rows]


def _readable(table: SavedAnswer) -> tuple[Sequence[str], list[list[list[Cell]]]]:
    """Return the columns for readers; the statements of a group stand on their side, one below the other."""
    columns = [column for column in table.columns_about() if column.name not in {"link", "links"}]
    at = [table.columns.index(column.name) for column in columns]
    rows = [
        [_as_read(row[number], column.texts[line], table) for column, number in zip(columns, at, strict=True)]
        for line, row in enumerate(table.rows)
    ]
    names = [_HEADS.get(column.name, in_words(column.name)) for column in columns]
    return [*names, *table.side_names], [
        [*cells, *([cell for entry in side for cell in _entry(entry)] for side in group.values())]
        for cells, group in zip(rows, table.sides(), strict=True)
    ]


def _as_read(term: Term, text: str, table: SavedAnswer) -> list[Cell]:
    return [_cell(term, table) if isinstance(term, ox.NamedNode) else (Link("", text, ""), web_link(text))]


def _entry(entry: Entry) -> list[Cell]:
    name = PREFIXES["statement"] + entry.statement
    return [(Link("", entry.text, ""), ""), (Link(name, entry.statement, path_of(name)), "")]


def _cell(term: Term, table: Table) -> Cell:
    """Return the link or the text of a cell, and its address if it is outside the site."""
    if isinstance(term, ox.NamedNode):
        label = table.text_of(term)
        path = path_of(term.value)
        return Link(term.value, label, path), "" if path or label != term.value else web_link(term.value)
    text = "" if term is None else str(getattr(term, "value", term))
    return Link("", text, ""), web_link(text)


def _about(store: Store, _questions: Mapping[str, Question], site: DatasetMetadata) -> dict[str, Any]:
    return {
        "title": "About",
        "summary": site.description,
        "counts": lists_of(store).counts,
        "policies": _policies(store),
        "prefixes": PREFIXES,
        "schema": about_dataset(DATASET, site),
        "data_name": "about",
        "iri": DATASET,
        "cite": cite(site.title, DATASET, site),
    }


def _policies(store: Store) -> list[tuple[str, str]]:
    query = "SELECT ?p ?means { ?p a sp:Policy ; skos:definition ?means }"
    # In the graph, sp:verified is a status of evidence; the policy of that name has no node.
    means = {"verified": _VERIFIED_MEANS} | {
        iri.removeprefix(SP): text for iri, text in texts(store, query, "p", "means")
    }
    return [(name, means[name]) for name in POLICIES if name in means]


LISTS: Mapping[str, Callable[[Store, Mapping[str, Question], DatasetMetadata], dict[str, Any]]] = {
    "index": home_values, "questions": _questions, "about": _about,
}  # fmt: skip
