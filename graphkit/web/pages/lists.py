"""Lists: the front page, entities, sources, statements, disputes, questions and about; pages of unknown names."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from graphkit.analysis.disputes import disputes_of
from graphkit.model.errors import GraphkitError
from graphkit.model.iris import POLICIES, PREFIXES, SP
from graphkit.model.text import web_link
from graphkit.query.answers import Table, triples_table
from graphkit.query.names import described, near_things
from graphkit.query.questions import answer, by_topic
from graphkit.query.readable import SIDES, SavedAnswer, in_words
from graphkit.store import texts
from graphkit.web.pages.context import DATASET, order_in_source, page_context, read_mentioned
from graphkit.web.pages.entities import cite
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.render import render
from graphkit.web.pages.schema import schema_values
from graphkit.web.pages.schema_org import about_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graphkit.analysis.statements import StatementView
    from graphkit.query.answers import Term
    from graphkit.query.questions import Question
    from graphkit.query.readable import Entry
    from graphkit.store import Store
    from graphkit.web.pages.context import DatasetMetadata, PageContext

# A link or a text, and the address if it is outside the site.
Cell: TypeAlias = tuple[Link, str]
# Statements on a page of the list of all statements.
ON_A_PAGE = 250
_PATH = re.compile(r"statements(?:/([1-9][0-9]{0,6}))?")
# Without ORDER BY: in the engine it takes ten times as long as all else on a page.
_STATEMENTS = "SELECT DISTINCT ?s { ?s a sp:Statement }"
# Rows in the table of a question.
_MOST_ROWS = 200
_COUNTS = """
SELECT ?what (COUNT(DISTINCT ?one) AS ?number) {
  VALUES (?what ?class) { ("statements" sp:Statement) ("sources" sp:Source) ("propositions" sp:Proposition)
    ("disputes" sp:Dispute) }
  ?one a ?class
} GROUP BY ?what
"""
_PASSAGES = "SELECT ?status (COUNT(*) AS ?n) { ?e sp:evidenceStatus ?status } GROUP BY ?status"
_VERIFIED_MEANS = "As attributed, and only from passages that were found in a capture."
_ENTITIES = """
SELECT ?e ?label ?kind ?description {
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
_SOURCES = """
SELECT ?e ?title ?kind ?publisher ?name ?published (COUNT(DISTINCT ?s) AS ?n) {
  ?e a sp:Source ; dcterms:title ?title ; sp:sourceKind ?class .
  ?class rdfs:label ?kind .
  OPTIONAL { ?e dcterms:publisher ?publisher . ?publisher rdfs:label ?name }
  OPTIONAL { ?e sp:published ?published }
  OPTIONAL { ?s sp:source ?e ; a sp:Statement }
} GROUP BY ?e ?title ?kind ?publisher ?name ?published ORDER BY ?e
"""
_DISPUTES = """
SELECT ?kind ?label ?d {
  ?d a sp:Dispute . OPTIONAL { ?d sp:kind/rdfs:label ?kind } OPTIONAL { ?d rdfs:label ?label }
}
"""


def render_list(store: Store, path: str, questions: Mapping[str, Question], site: DatasetMetadata) -> bytes:
    """Render the list at a path such as `entities` or `statements/2`, or the page of a question; b"" if none exists."""
    name = path.removeprefix("questions/")
    if path != name and name in questions:
        return render("question", path, site=site, **_question(store, questions[name]))
    if path.partition("/")[0] == "statements":
        return render_statements(store, path, site)
    if path not in LISTS:
        return b""
    return render(path, path, site=site, **LISTS[path](store, questions, site))


def render_missing(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Render the page of a name that the graph does not contain, with similar names."""
    things = near_things(store, path.rpartition("/")[2], "id", "source")
    near = [_link(thing, label) for thing, (label, _, _) in zip(things, described(store, things), strict=True)]
    return render("missing", path, site=site, title="No page of that name", wanted=path, near=near)


def render_moved(path: str, now: Link, site: DatasetMetadata) -> bytes:
    """Render the page of a merged entity, which redirects to the entity into which it was merged."""
    return render("moved", path, site=site, title="This entity was merged", now=now)


def _counts(store: Store) -> dict[str, str]:
    found = {row[0]: row[1] for row in texts(store, _COUNTS, "what", "number")}
    entities = next(texts(store, "SELECT (COUNT(?e) AS ?n) { GRAPH graph:entities { ?e a sp:Entity } }", "n"))
    names = ("statements", "sources", "propositions", "disputes")
    passages = {status.removeprefix(SP): number for status, number in texts(store, _PASSAGES, "status", "n")}
    return {
        "entities": entities[0],
        **{name: found.get(name, "0") for name in names},
        **{f"{status} passages": passages.get(status, "0") for status in ("verified", "confirmed")},
    }


def _index(store: Store, questions: Mapping[str, Question], site: DatasetMetadata) -> dict[str, Any]:
    entities = sorted(_entity_rows(store), key=lambda row: (-row["about"] - row["says"], row["link"].label))
    return {
        "title": "Start",
        "summary": site.description,
        "counts": _counts(store),
        "entities": [row for row in entities[:12] if row["about"] + row["says"]],
        **_dispute_rows(store, 5),
        "questions": list(questions.values())[:8],
        "schema": about_dataset(DATASET, site),
        "data_name": "index",
        "iri": DATASET,
        "cite": cite(site.title, DATASET, site),
    }


def _entities(store: Store, _questions: Mapping[str, Question], _site: DatasetMetadata) -> dict[str, Any]:
    rows = sorted(_entity_rows(store), key=lambda row: (row["link"].label.lower(), row["link"].iri))
    return {"title": "Entities", "rows": rows}


def _entity_rows(store: Store) -> Iterator[dict[str, Any]]:
    by, about = ({name: int(number) for name, number in texts(store, query, "e", "n")} for query in (_BY, _ABOUT))
    rows: dict[str, dict[str, Any]] = {}
    for name, label, kind, description in texts(store, _ENTITIES, "e", "label", "kind", "description"):
        row = {"link": _link(name, label), "kinds": [], "description": description}
        row |= {"says": by.get(name, 0), "about": about.get(name, 0)}
        rows.setdefault(name, row)["kinds"].append(kind)
    yield from rows.values()


def _sources(store: Store, _questions: Mapping[str, Question], _site: DatasetMetadata) -> dict[str, Any]:
    names = ("e", "title", "kind", "publisher", "name", "published", "n")
    rows: dict[str, dict[str, Any]] = {}
    for source, title, kind, publisher, name, published, count in texts(store, _SOURCES, *names):
        row = {"link": _link(source, title), "kind": kind, "published": published, "count": int(count)}
        publishers = rows.setdefault(source, {**row, "publishers": []})["publishers"]
        publishers += [_link(publisher, name)] if publisher else []
    ordered = sorted(rows.values(), key=lambda row: (row["link"].label.lower(), row["link"].iri))
    return {"title": "Sources", "rows": ordered}


def _link(name: str, label: str) -> Link:
    return Link(name, label, path_of(name))


def _disputes(store: Store, _questions: Mapping[str, Question], _site: DatasetMetadata) -> dict[str, Any]:
    rows = _dispute_rows(store)
    kinds = groupby(rows["disputes"], key=lambda dispute: dispute.kind_label)
    return {"title": "Disputes", "kinds": [(kind, list(some)) for kind, some in kinds], "context": rows["context"]}


def _dispute_rows(store: Store, most: int | None = None) -> dict[str, Any]:
    """Return the disputes by kind and label, or the first of them, and their context; the others are not read."""
    names = [row[2] for row in sorted(texts(store, _DISPUTES, "kind", "label", "d"))[:most]]
    context = page_context(read_mentioned(store, names))
    return {"disputes": [context.disputes[name] for name in dict.fromkeys(names)], "context": context}


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
    found = table.columns_about() if table.is_grouped else table.columns_for_readers()
    columns = [column for column in found if column.name not in {"link", "links"}]
    at = [table.columns.index(column.name) for column in columns]
    rows = [
        [_as_read(row[number], column.texts[line], table) for column, number in zip(columns, at, strict=True)]
        for line, row in enumerate(table.rows)
    ]
    names = [in_words(column.name) for column in columns]
    if not table.is_grouped:
        return names, rows
    sides = table.sides()
    return [*names, *SIDES], [
        [*cells, *([cell for entry in side for cell in _entry(entry)] for side in group.values())]
        for cells, group in zip(rows, sides, strict=True)
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
        "counts": _counts(store),
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
    "index": _index, "entities": _entities, "sources": _sources, "disputes": _disputes, "questions": _questions,
    "schema": schema_values, "about": _about,
}  # fmt: skip


def render_statements(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Render one page of the statements, such as `statements` or `statements/2`; b"" if there is no such page."""
    number = number_of(path)
    names = sorted(row[0] for row in texts(store, _STATEMENTS, "s"))
    if not 0 < number <= pages_of(len(names)):
        return b""
    some = _some(names, number)
    return _statement_page(names, number, page_context(read_mentioned(store, {*some, *disputes_of(store, some)})), site)


def all_statements(context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the body of each page of the statements."""
    names = sorted(context.statements)
    for number in range(1, pages_of(len(names)) + 1):
        yield path_to(number), _statement_page(names, number, context, site)


def _some(names: Sequence[str], number: int) -> Sequence[str]:
    return names[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]


def _statement_page(names: Sequence[str], number: int, context: PageContext, site: DatasetMetadata) -> bytes:
    last = pages_of(len(names))
    sources: dict[str, list[StatementView]] = {}
    for view in sorted((context.statements[name] for name in _some(names, number)), key=order_in_source):
        sources.setdefault(view.source, []).append(view)
    return render(
        "statements",
        path_to(number),
        site=site,
        context=context,
        iri="",
        title="Statements" if number == 1 else f"Statements, page {number}",
        total=len(names),
        number=number,
        last=last,
        before=path_to(number - 1) if number > 1 else "",
        after=path_to(number + 1) if number < last else "",
        sources=list(sources.values()),
    )


def path_to(number: int) -> str:
    """Return the path of a page of the statements.

    >>> path_to(1), path_to(2)
    ('statements', 'statements/2')
    """
    return "statements" if number == 1 else f"statements/{number}"


def number_of(path: str) -> int:
    """Return the number of the page of statements at a path; 0 if there is none. Each page has one path only.

    >>> number_of("statements"), number_of("statements/2"), number_of("statements/1"), number_of("statements/x")
    (1, 2, 0, 0)
    """
    found = _PATH.fullmatch(path)
    number = int(found[1] or 1) if found else 0
    return number if path_to(number) == path else 0


def pages_of(total: int) -> int:
    """Return the number of pages for a number of statements, at least one.

    >>> pages_of(0), pages_of(250), pages_of(251)
    (1, 1, 2)
    """
    return max(1, -(-total // ON_A_PAGE))
