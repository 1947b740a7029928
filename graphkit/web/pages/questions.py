"""The page of a saved question: what it asks, how, and its answer as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphkit.model.errors import GraphkitError
from graphkit.model.iris import shorten
from graphkit.model.text import web_link
from graphkit.query.answers import Table, triples_table
from graphkit.query.questions import answer
from graphkit.web.pages.links import Link, path_of

if TYPE_CHECKING:
    from graphkit.query.answers import Term
    from graphkit.query.questions import Question
    from graphkit.store import Store

MOST = 200


def answered(store: Store, question: Question) -> dict[str, Any]:
    """Ask a question with its default parameters, and tell what its page prints.

    An answer that cannot be given is told on the page: the others are not held up by it.
    """
    told = {"title": question.header.title or question.name, "summary": question.header.why, "question": question}
    try:
        found = answer(store, question, {}, MOST)
    except GraphkitError as error:
        return told | {"table": None, "said": str(error), "most": MOST}
    if isinstance(found, bool):
        return told | {"table": None, "said": "Yes." if found else "No.", "most": MOST}
    table = found if isinstance(found, Table) else triples_table(found)
    rows = [[_cell(term, table) for term in row] for row in table.rows]
    return told | {"table": table, "rows": rows, "cut": found.cut, "said": "", "most": MOST}


def _cell(term: Term, table: Table) -> tuple[Link, str]:
    """Return what a cell shows, and the address it leads to if that is outside."""
    if isinstance(term, ox.NamedNode):
        label = table.labels.get(term.value) or shorten(term.value)
        path = path_of(term.value)
        return Link(term.value, label, path), "" if path or label != term.value else web_link(term.value)
    text = "" if term is None else str(getattr(term, "value", term))
    return Link("", text, ""), web_link(text)
