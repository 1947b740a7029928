"""The answer to a query as a picture, whose lines rest on statements wherever the graph has them.

The header of a saved question may name the picture, as in `# View: timeline`:

* `network`: the relations on which the statements of the answer rest,
* `timeline`, `flows`, `disputes`: the statements or disputes of the answer, as the kind of view draws them,
* `pairs A B`: a line for each row from the value of one column to that of another.

Without a name, an answer with triples or with ?source and ?target is drawn as lines, and any other answer that has
statements as a timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

import networkx as nx

from graphkit.analysis.disputes import dispute_views
from graphkit.analysis.network import add_nodes, with_counts
from graphkit.analysis.parts import network_behind, network_near, network_with
from graphkit.analysis.properties import read_linked
from graphkit.model.errors import QueryError
from graphkit.model.iris import SP, is_iri, shorten
from graphkit.model.text import shortened
from graphkit.query.answers import Answer
from graphkit.query.questions import bind
from graphkit.store import Store, texts
from graphkit.view.diagrams import Asked
from graphkit.view.diagrams.cards import attributes_of
from graphkit.view.diagrams.dispute import table_of
from graphkit.view.diagrams.flows import bands_of
from graphkit.view.diagrams.timeline import lanes_of

# Most letters of a query in a title, and in the command that runs it again.
_LONGEST, _LONGEST_COMMAND = 90, 400
_LABELS = "SELECT ?relation ?label WHERE { ?relation a sp:Relation ; rdfs:label ?label } ORDER BY ?relation ?label"
Row = tuple[str, str, str, str]


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the picture of an answer.

    Raises:
        QueryError: The answer has no column that can be drawn.
    """
    drawing = _drawn(store, asked, _title(store, asked))
    drawing.graph["lead"] = f"{drawing.graph['lead']} {_again(asked)}".strip()
    return drawing


def _title(store: Store, asked: Asked) -> str:
    """Return the title of the question with its parameters, or else the beginning of the query."""
    question = asked.question
    if question is None:
        return "Answer to a query"
    bound = {name: value.strip("<>") for name, value in bind(question, asked.given, store).items()}
    properties = read_linked(store, bound.values(), frozenset())
    values = ", ".join(f"{name}: {properties.label(value)}" for name, value in bound.items())
    title = question.header.title or f"Answer to {shortened(' '.join(question.text.split()), _LONGEST)}"
    return f"{title} ({values})" if values else title


def _again(asked: Asked) -> str:
    """Return how to run the query again; "" if it is not known, or too long for a line."""
    question = asked.question
    if question is None or (not question.is_saved and len(question.text) > _LONGEST_COMMAND):
        return ""
    name = question.name if question.is_saved else f"-e {quote(' '.join(question.text.split()))}"
    given = "".join(f" --param {quote(f'{name}={value}')}" for name, value in asked.given.items())
    return f"To run the query again, type “graphkit query {name}{given}”."


def _drawn(store: Store, asked: Asked, title: str) -> nx.MultiDiGraph[str]:
    form, *ends = (asked.question.header.view if asked.question else "").split() or [""]
    names = _named(asked.answer, "statement")
    if form == "disputes":
        disputes = dispute_views(read_linked(store, _named(asked.answer, "dispute")))
        return table_of(store, asked, disputes, title)
    if form == "pairs" or not names or _has(asked.answer, "source", "target"):
        return _lines(store, asked, (ends[0], ends[1]) if form == "pairs" else ("source", "target"), title)
    if form in {"network", "flows"}:
        part = network_behind(store, asked.policy, names)
        lead = "The relations on which the statements of the answer rest."
        part.graph.update(undrawn={}, title=title, lead=lead)
        return bands_of(store, part, title) if form == "flows" else with_counts(part)
    return lanes_of(store, asked, names, title)


def _has(answer: Answer | None, *columns: str) -> bool:
    return set(columns) <= set(getattr(answer, "columns", ()))


def _named(answer: Answer | None, what: str) -> set[str]:
    """Return the IRIs in the column of statements or disputes; a cell may have several, separated by bars."""
    from graphkit.query.answers import Table

    columns = [i for i, name in enumerate(getattr(answer, "columns", ())) if name in {what, f"{what}s"}]
    rows = answer.rows if isinstance(answer, Table) else ()
    return {name for row in rows for i in columns for name in _text(row[i]).split(" | ") if is_iri(name)}


def _lines(store: Store, asked: Asked, ends: tuple[str, str], title: str) -> nx.MultiDiGraph[str]:
    """Return the rows of an answer as lines, each with the statements that relate its ends."""
    rows = list(dict.fromkeys(_rows(asked, ends)))
    nodes = {end for row in rows for end in row[:2]}
    whole = network_near(store, asked.policy, {row[1] for row in rows if is_iri(row[1])})
    things = {*filter(is_iri, nodes), *_named(asked.answer, "statement"), *whole.graph["evidence"]}
    properties, drawing = network_with(store, asked.policy, things)
    drawing.graph.update(undrawn={}, title=title, lead="The rows of the answer as lines.")
    add_nodes(drawing, properties, sorted(nodes))
    labels = {row[0]: row[1] for row in texts(store, _LABELS, "relation", "label")}
    views = drawing.graph["evidence"]
    statements: dict[tuple[str, str, str], set[str]] = {}
    for source, target, relation, statement in rows:
        known = {statement} & views.keys() or _statements_between(whole, views, (source, target), relation)
        statements.setdefault((source, target, relation), set()).update(known)
    for (source, target, relation), names in sorted(statements.items()):
        found = _edges_on(whole, (source, target), names) if names else {}
        for key, data in found.items():
            drawing.add_edge(source, target, key=f"{relation} {key}", **data)
        if not found:
            label = labels.get(relation) or shorten(relation).rpartition(":")[2] or "related"
            attributes = attributes_of(drawing, label, tuple(sorted(names)), "answered")
            drawing.add_edge(source, target, key=relation or "related", **attributes)
    return with_counts(drawing)


def _edges_on(whole: nx.MultiDiGraph[str], ends: tuple[str, str], names: set[str]) -> Mapping[str, dict[str, object]]:
    """Return the edges between two nodes that rest on some statements."""
    edges = whole.get_edge_data(*ends) or {}
    return {str(key): data for key, data in edges.items() if not names.isdisjoint(data["statements"])}


def _statements_between(
    whole: nx.MultiDiGraph[str], views: Mapping[str, object], ends: tuple[str, str], relation: str
) -> set[str]:
    """Return the statements on a relation between two entities; else those of the first about the second."""
    edges = (whole.get_edge_data(*ends) or {}).values()
    name = relation.removeprefix(SP)
    found = {iri for data in edges if not name or data["relation"] == name for iri in data["statements"]}
    if found or ends[1] not in whole:
        return found
    near = [data for *_, data in (*whole.in_edges(ends[1], data=True), *whole.out_edges(ends[1], data=True))]
    said = {iri for data in near for iri in data["statements"]}
    return {iri for iri in said if getattr(views[iri], "speaker_iri", "") == ends[0]} if name else set()


def _rows(asked: Asked, ends: tuple[str, str]) -> Iterator[Row]:
    """Yield source, target, relation and statement of each row, as text."""
    from graphkit.query.answers import Table, Triples

    answer = asked.answer
    if isinstance(answer, Triples):
        for triple in answer:
            yield _text(triple.subject), _text(triple.object), _text(triple.predicate), ""
        return
    if not isinstance(answer, Table) or not set(ends) <= set(answer.columns):
        raise QueryError(
            f"The answer cannot be drawn as a network: it has neither triples nor the columns ?{' and ?'.join(ends)}.",
            "Type a CONSTRUCT query, or: SELECT ?source ?target ?relation ?statement WHERE { … }",
        )
    wanted = {"source": ends[0], "target": ends[1], "relation": "relation", "statement": "statement"}
    at = {name: answer.columns.index(column) for name, column in wanted.items() if column in answer.columns}
    for row in answer.rows:
        cells = {name: _text(row[index]) for name, index in at.items()}
        if cells["source"] and cells["target"]:
            yield cells["source"], cells["target"], cells.get("relation", ""), cells.get("statement", "")


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))
