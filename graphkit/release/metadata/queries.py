"""QUERIES.md: the saved questions as SPARQL that any engine runs, each with the number of rows of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from graphkit.model.workspace import Workspace
from graphkit.query.answers import Table, gather
from graphkit.query.questions import bind, read_questions
from graphkit.release.metadata.facts import Facts
from graphkit.store import Store
from graphkit.store.syntax import with_prefixes, with_values

NAME = "QUERIES.md"
_WRITTEN = re.compile(r"^## (.+)\n\n(?:.*\n)*?```sparql\n((?:(?!```).*\n)*)```\n\nRows: (\d+)\n", re.MULTILINE)
_HEAD = """
Load `graph.nq.gz` and ask the union of its graphs. `graphkit verify` runs each query and counts its rows.
"""


class Query(NamedTuple):
    """A query of the file, with the number of rows of its answer."""

    name: str
    text: str
    rows: int


def queries_document(facts: Facts, workspace: Workspace, store: Store) -> str:
    """Return QUERIES.md: the questions that need no parameter, or have a default for it in this graph."""
    head = f"# Queries of {facts.dataset.title}, version {facts.dataset.version}\n{_HEAD}"
    return head + "".join(_sections(workspace, store))


def _sections(workspace: Workspace, store: Store) -> Iterator[str]:
    for name, question in read_questions(workspace.questions()).items():
        values = bind(question, {}, store)
        text = "".join(line for line in question.text.splitlines(keepends=True) if not line.startswith("#"))
        if values.keys() >= question.header.parameters.keys():
            query = with_prefixes(with_values(text, values) if values else text).strip()
            why = f"{question.header.title}\n\n{question.header.why}".strip()
            yield f"\n## {name}\n\n{why}\n\n```sparql\n{query}\n```\n\nRows: {count(store, query)}\n"


def count(store: Store, text: str) -> int:
    """Return the number of rows of an answer, which is 1 for an answer that is no table."""
    found = gather(store.query(text))
    return len(found.rows) if isinstance(found, Table) else 1


def queries_in(text: str) -> list[Query]:
    """Return the queries of the file."""
    return [Query(name, query, int(rows)) for name, query, rows in _WRITTEN.findall(text)]
