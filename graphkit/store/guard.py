"""Refuse queries that must not run, before any engine parses them."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graphkit.model.errors import QueryError
from graphkit.store.syntax import line_and_column, point, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

_UPDATE = frozenset(("insert", "delete", "clear", "drop", "create"))
# The most nested W3C test query has a depth of five; a depth of some two thousand crashes the engine.
_DEEPEST = 64
# Most queries contain none of these words, not even in a text, and need no closer look.
_SUSPECT = re.compile("service|load|" + "|".join(sorted(_UPDATE)), re.IGNORECASE)
_FORMS = "Remove it; use SELECT, ASK, CONSTRUCT or DESCRIBE."


def refuse(text: str, hosts: Collection[str] = ()) -> None:
    """Refuse a query that would call a host without permission, change the graph, or crash the engine.

    Args:
        hosts: Hosts that SERVICE may call.

    Raises:
        QueryError: The query contains SERVICE for another host, LOAD or another keyword of SPARQL Update, or is
            nested too deeply.

    >>> refuse("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }", {"example.org"})
    """
    if not _SUSPECT.search(text) and sum(map(text.count, "({[")) <= _DEEPEST:
        return
    depth = 0
    for kind, word, at in tokens(text):
        if kind == "mark":
            depth += (word in "({[") - (word in ")}]")
            if depth > _DEEPEST:
                raise _error(text, at, f"more than {_DEEPEST} nested brackets.", "Simplify it.")
        elif kind == "keyword":
            lower = word.lower()
            if lower in _UPDATE:
                raise _error(text, at, f"{word.upper()} would change the graph, which only a build does.", _FORMS)
            if lower == "load":
                raise _error(text, at, "LOAD would call another host, which graphkit never does.", _FORMS)
            if lower == "service":
                _refuse_service(text, at, hosts)


def _refuse_service(text: str, at: int, hosts: Collection[str]) -> None:
    following = itertools.islice(tokens(text, at), 1, 3)
    target = next((token for token in following if token[1].lower() != "silent"), ("", "", at))
    host = urlsplit(target[1][1:-1]).hostname or "" if target[0] == "iri" else ""
    if host and host in hosts:
        return
    if not host:
        raise _error(text, at, "SERVICE would call a host that the query does not name.", "Write its address in <…>.")
    raise _error(
        text, at, "SERVICE would call another host, which graphkit never does by default.",
        f"Remove it, or allow that host by name: --allow-host {host}",
    )  # fmt: skip


def _error(text: str, at: int, message: str, hint: str) -> QueryError:
    return QueryError(point(text, *line_and_column(text, at), message), hint)
