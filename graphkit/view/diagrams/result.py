"""The answer to a query as a network: triples of a CONSTRUCT, or rows with ?source and ?target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.analysis.network import add_nodes, empty_network, with_counts
from graphkit.analysis.properties import read_properties
from graphkit.model.errors import QueryError
from graphkit.model.iris import shorten
from graphkit.store import texts
from graphkit.view.diagrams.cards import attributes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from graphkit.store import Store
    from graphkit.view.diagrams import Asked

_LABELS = "SELECT ?relation ?label WHERE { ?relation a sp:Relation ; rdfs:label ?label } ORDER BY ?relation ?label"
Row = tuple[str, str, str, str]


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of an answer; an edge rests on the statement in the column ?statement, if there is one."""
    rows = list(dict.fromkeys(_rows(asked)))
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    drawing.graph.update(
        title=f"Result of a query: {drawing.graph['title']}", undrawn={}, lead="The rows of the answer as lines."
    )
    add_nodes(drawing, properties, sorted({end for row in rows for end in row[:2]}))
    labels = {row[0]: row[1] for row in texts(store, _LABELS, "relation", "label")}
    views = drawing.graph["evidence"]
    statements: dict[tuple[str, str, str], set[str]] = {}
    for source, target, relation, statement in rows:
        statements.setdefault((source, target, relation), set()).update({statement} & views.keys())
    for (source, target, relation), names in sorted(statements.items()):
        label = labels.get(relation) or shorten(relation).rpartition(":")[2] or "related"
        attributes = attributes_of(drawing, label, tuple(sorted(names)), "answered")
        drawing.add_edge(source, target, key=relation or "related", **attributes)
    return with_counts(drawing)


def _rows(asked: Asked) -> Iterator[Row]:
    """Yield source, target, relation and statement of each row, as text."""
    from graphkit.query.answers import Table, Triples

    answer = asked.answer
    if isinstance(answer, Triples):
        for triple in answer:
            yield _text(triple.subject), _text(triple.object), _text(triple.predicate), ""
        return
    if not isinstance(answer, Table) or not {"source", "target"} <= set(answer.columns):
        raise QueryError(
            "The answer cannot be drawn as a network: it has neither triples nor the columns ?source and ?target.",
            "Type a CONSTRUCT query, or: SELECT ?source ?target ?relation ?statement WHERE { … }",
        )
    at = {
        name: answer.columns.index(name)
        for name in ("source", "target", "relation", "statement")
        if name in answer.columns
    }
    for row in answer.rows:
        cells = {name: _text(row[index]) for name, index in at.items()}
        if cells["source"] and cells["target"]:
            yield cells["source"], cells["target"], cells.get("relation", ""), cells.get("statement", "")


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))
