"""What a query may not do, found before any engine sees it."""

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
# The deepest of the W3C's own test queries has five; some two thousand crash the engine.
_DEEPEST = 64
# Most queries hold none of these words, not even in a text: they need not be read any closer.
_SUSPECT = re.compile("service|load|" + "|".join(sorted(_UPDATE)), re.IGNORECASE)
_FORMS = "Remove it; ask with SELECT, ASK, CONSTRUCT or DESCRIBE."


def refuse(text: str, hosts: Collection[str] = ()) -> None:
    """Refuse a query that would call a host that nobody named, change the graph, or bring the engine down.

    Args:
        text: SPARQL.
        hosts: Those that SERVICE may call.

    Raises:
        QueryError: It contains SERVICE for another host, LOAD or another keyword of SPARQL Update, or is nested
            too deeply.

    >>> refuse("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }", {"example.org"})
    """
    if not _SUSPECT.search(text) and sum(map(text.count, "({[")) <= _DEEPEST:
        return
    depth = 0
    for kind, word, at in tokens(text):
        if kind == "mark":
            depth += (word in "({[") - (word in ")}]")
            if depth > _DEEPEST:
                raise _error(text, at, f"more than {_DEEPEST} brackets inside one another.", "Make it simpler.")
        elif kind == "keyword":
            lower = word.lower()
            if lower in _UPDATE:
                raise _error(text, at, f"{word.upper()} would change the graph, which only a build does.", _FORMS)
            if lower == "load":
                raise _error(text, at, "LOAD would call another host, which graphkit never does.", _FORMS)
            if lower == "service":
                _refuse_service(text, at, hosts)


def _refuse_service(text: str, at: int, hosts: Collection[str]) -> None:
    target = next((one for one in itertools.islice(tokens(text, at), 1, 3) if one[1].lower() != "silent"), ("", "", at))
    host = urlsplit(target[1][1:-1]).hostname or "" if target[0] == "iri" else ""
    if host and host in hosts:
        return
    if not host:
        raise _error(text, at, "SERVICE would call another host, and does not say which.", "Spell its address in <…>.")
    raise _error(
        text, at, "SERVICE would call another host, which graphkit never does by itself.",
        f"Remove it, or allow that host by name: --allow-host {host}",
    )  # fmt: skip


def _error(text: str, at: int, message: str, hint: str) -> QueryError:
    return QueryError(point(text, *line_and_column(text, at), message), hint)
