"""The walk back: from an entity, a statement, a proposition or a dispute to who said it, where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.analysis.disputes import DisputeView, read_disputes
from graphkit.analysis.statements import StatementView, read_statements
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES, SP, expand, iri, shorten
from graphkit.query.questions import current, nearest
from graphkit.store import Store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the graph knows of a thing.

    Attributes:
        iri: The thing.
        kind: entity, statement, proposition or dispute.
        label: How it reads.
        statements: Those that it rests on, by IRI.
        disputes: Those that it takes part in.
        others: Statements on the other side of those disputes, by IRI.
        flat: Plain triples of the default policy that rest on the statements.
    """

    iri: str
    kind: str
    label: str
    statements: Mapping[str, StatementView]
    disputes: tuple[DisputeView, ...]
    others: Mapping[str, StatementView]
    flat: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a name stands for.

    Attributes:
        iri: The thing.
        kind: entity, source, statement, proposition or dispute.
        label: How it reads; the shortened IRI of a thing without a label.
    """

    iri: str
    kind: str
    label: str


_STATEMENTS_OF = {
    "entity": """SELECT DISTINCT ?s WHERE {{
        {{ ?s sp:speaker {0} }} UNION {{ ?s sp:via {0} }}
        UNION {{ ?s sp:proposition ?p . ?p (sp:object)*/(sp:subject|sp:object) {0} }} }}""",
    "source": "SELECT DISTINCT ?s WHERE {{ ?s sp:source {0} }}",
    "statement": "SELECT DISTINCT ?s WHERE {{ VALUES ?s {{ {0} }} }}",
    "proposition": "SELECT DISTINCT ?s WHERE {{ ?s sp:proposition {0} }}",
    "dispute": "SELECT DISTINCT ?s WHERE {{ {0} sp:between ?s }}",
}
_CLASSES = {
    "Statement": "statement",
    "Proposition": "proposition",
    "Dispute": "dispute",
    "Source": "source",
    "Entity": "entity",
}


def explain(store: Store, name: str) -> Explanation:
    """Explain a thing.

    Args:
        store: The graph.
        name: A slug (`met`), a statement (`source/key`), a CURIE, an IRI, or the beginning of the hash of a
            proposition or dispute.

    Raises:
        NotFoundError: The graph has nothing of that name.
    """
    subject = find(store, name)
    thing, kind, own = subject.iri, subject.kind, statements_of(store, subject)
    disputes = _disputes(store, own, thing if kind == "dispute" else "")
    sides = {side for dispute in disputes for side in (*dispute.affirmed, *dispute.denied)}
    views = read_statements(store, own | sides)
    return Explanation(
        iri=thing,
        kind=kind,
        label=views[thing].gist if thing in views else subject.label,
        statements={name: views[name] for name in sorted(own) if name in views},
        disputes=disputes,
        others={name: views[name] for name in sorted(sides - own) if name in views},
        flat=_flat(store, own),
    )


def find(store: Store, name: str) -> Subject:
    """Find a thing by a name as `explain` takes it, without reading what is said of it.

    Raises:
        NotFoundError: The graph has nothing of that name.
    """
    thing, kind = _find(store, name)
    return Subject(thing, kind, _label(store, thing) or shorten(thing))


def statements_of(store: Store, subject: Subject) -> set[str]:
    """Return the IRIs of the statements that a thing rests on."""
    return {row[0] for row in texts(store, _STATEMENTS_OF[subject.kind].format(iri(subject.iri)), "s")}


def _find(store: Store, name: str) -> tuple[str, str]:
    for candidate in (current(store, one) for one in _candidates(store, name)):
        classes = {row[0].removeprefix(SP) for row in texts(store, f"SELECT ?c WHERE {{ {iri(candidate)} a ?c }}", "c")}
        for cls, kind in _CLASSES.items():
            if cls in classes:
                return candidate, kind
    raise NotFoundError(f"The graph knows nothing called {name!r}.", nearest(name, store))


# So long that nobody means a word by it.
_HASH = re.compile(r"[0-9a-f]{6,32}")
_HASHED = """
SELECT ?x WHERE { VALUES ?class { sp:Proposition sp:Dispute } ?x a ?class . FILTER(CONTAINS(STR(?x), "/TEXT")) }
ORDER BY ?x LIMIT 1
"""


def _candidates(store: Store, name: str) -> Iterable[str]:
    text = name.strip("<>")
    if any(one in text for one in ' "<>{}|\\^`'):
        return
    full = expand(text)
    if full != text or "://" in text:
        yield full
        return
    for space in ("id", "statement", "source"):
        yield PREFIXES[space] + text
    if _HASH.fullmatch(text):
        yield from (row[0] for row in texts(store, _HASHED.replace("TEXT", text), "x"))


def _disputes(store: Store, statements: set[str], only: str) -> tuple[DisputeView, ...]:
    if only:
        return read_disputes(store, f"VALUES ?dispute {{ {iri(only)} }}")
    names = " ".join(map(iri, sorted(statements)))
    return read_disputes(store, f"VALUES ?statement {{ {names} }} ?dispute sp:between ?statement .")


_FLAT = """
SELECT DISTINCT ?subject ?relation ?end
WHERE {{
  VALUES ?statement {{ {0} }}
  ?statement sp:proposition ?proposition .
  ?proposition sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  GRAPH <{1}> {{ ?subject ?relation ?end }}
}}
ORDER BY ?subject ?relation ?end
"""


def _flat(store: Store, statements: set[str]) -> tuple[str, ...]:
    query = _FLAT.format(" ".join(map(iri, sorted(statements))), PREFIXES["graph"] + "flat/attributed")
    return tuple(" ".join(map(shorten, row)) for row in texts(store, query, "subject", "relation", "end"))


def _label(store: Store, name: str) -> str:
    return next(
        (row[0] for row in texts(store, f"SELECT ?l WHERE {{ {iri(name)} rdfs:label ?l }} ORDER BY ?l", "l")), ""
    )
