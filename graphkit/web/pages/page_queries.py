"""What the page of one thing needs, from a few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.iris import PREFIXES, iri
from graphkit.store import texts
from graphkit.web.pages.context import Book, write_book
from graphkit.web.pages.records import read_around

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.store import Store

_STATEMENTS = {
    "id": """
      {{ ?s sp:speaker {0} }} UNION {{ ?s sp:via {0} }}
      UNION {{ ?p (sp:object)*/(sp:subject|sp:object) {0} . ?s sp:proposition ?p }}
    """,
    "source": "?s sp:source {0}",
    "statement": "{0} sp:proposition ?p . ?s sp:proposition ?p",
    "proposition": "{{ ?s sp:proposition {0} }} UNION {{ ?p sp:object {0} . ?s sp:proposition ?p }}",
    "dispute": "{0} sp:between ?s",
}
_DISPUTES = "SELECT DISTINCT ?d {{ VALUES ?s {{ {0} }} ?d sp:between ?s }}"
_BESIDE = "SELECT DISTINCT ?s {{ VALUES ?one {{ {0} }} ?d sp:between ?one, ?s }}"
_COPIES = "SELECT DISTINCT ?c {{ ?c prov:wasDerivedFrom {0} }}"


def read_page(store: Store, name: str) -> Book:
    """Read what the page of a thing needs; nothing if the graph does not know the thing.

    Args:
        store: Where it is.
        name: The IRI of an entity, source, statement, proposition or dispute.
    """
    kind = next(kind for kind in _STATEMENTS if name.startswith(PREFIXES[kind]))
    pattern = _STATEMENTS[kind].format(iri(name))
    said = _column(store, f"SELECT DISTINCT ?s {{ {pattern} }}", "s")
    # Each statement on a page names its disputes, those on the other side of a dispute too.
    beside = _column(store, _BESIDE.format(_values(said)), "s")
    disputes = disputes_of(store, {*said, *beside})
    copies = _column(store, _COPIES.format(iri(name)), "c") if kind == "source" else []
    return write_book(read_around(store, {name, *said, *disputes, *copies}))


def disputes_of(store: Store, statements: Iterable[str]) -> list[str]:
    """Return the disputes that some statements take part in."""
    return _column(store, _DISPUTES.format(_values(statements)), "d")


def _values(names: Iterable[str]) -> str:
    return " ".join(map(iri, sorted(names)))


def _column(store: Store, query: str, name: str) -> list[str]:
    return sorted(row[0] for row in texts(store, query, name))
