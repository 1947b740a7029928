"""The page of a saved question: its title, its parameters, its SPARQL and its answer."""

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
    """Ask a question with its default parameters and return the values of its page.

    If the question fails, its page shows the error; the other pages are made all the same.
    """
    values = {"title": question.header.title or question.name, "summary": question.header.why, "question": question}
    try:
        found = answer(store, question, {}, MOST)
    except GraphkitError as error:
        return values | {"table": None, "said": str(error), "most": MOST}
    if isinstance(found, bool):
        return values | {"table": None, "said": "Yes." if found else "No.", "most": MOST}
    table = found if isinstance(found, Table) else triples_table(found)
    rows = [[_cell(term, table) for term in row] for row in table.rows]
    return values | {"table": table, "rows": rows, "cut": found.cut, "said": "", "most": MOST}


def _cell(term: Term, table: Table) -> tuple[Link, str]:
    """Return the link or the text of a cell, and its address if that is outside of the site."""
    if isinstance(term, ox.NamedNode):
        label = table.labels.get(term.value) or shorten(term.value)
        path = path_of(term.value)
        return Link(term.value, label, path), "" if path or label != term.value else web_link(term.value)
    text = "" if term is None else str(getattr(term, "value", term))
    return Link("", text, ""), web_link(text)
