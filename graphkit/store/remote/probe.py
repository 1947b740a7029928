"""Which values a server does not give back as they were sent."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES, graph_iri, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.store.remote.endpoint import Endpoint

PROBE = graph_iri("probe")
_LITERAL = re.compile(r'("(?:[^"\\]|\\.)*")(\^\^<[^>]*>|@[A-Za-z0-9-]+)? \.\n$')
# So many texts in one language, or without one; of any other kind every value: a server may change just one.
_TEXTS, _VALUES = 40, 20_000


def probe_lines(lines: Iterable[str]) -> list[str]:
    r"""Choose values from N-Triples: all that have a datatype, of each language some, of text what is not ASCII.

    >>> len(probe_lines(['<x:a> <x:b> "1.50"^^<x:decimal> .\n', "<x:a> <x:b> <x:c> .\n"]))
    1
    """
    kinds: Counter[str] = Counter()
    chosen: dict[str, None] = {}
    for line in lines:
        found = _LITERAL.search(line)
        if not found or found[0] in chosen:
            continue
        kind = found[2] or ""
        kind += " odd" if not found[1].isascii() or "\\" in found[1] else ""
        if kinds[kind] < (_VALUES if kind.startswith("^^") else _TEXTS):
            kinds[kind] += 1
            chosen[found[0]] = None
    value = iri(PREFIXES["rdf"] + "value")
    return [f"{iri(f'{PROBE}/{number}')} {value} {literal}" for number, literal in enumerate(chosen)]


def rewritten(endpoint: Endpoint, lines: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return what came back in another spelling, as it was sent and as it came, and whether some was repaired."""
    rows = endpoint.rows(f"SELECT ?s ?o {{ GRAPH {iri(PROBE)} {{ ?s ?p ?o }} }}")
    back = {str(row["s"]): str(row["o"]) for row in rows.solutions()}
    sent = {str(one.subject): str(one.object) for one in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES)}
    odd = ((text, back.get(name, "nothing")) for name, text in sent.items() if back.get(name) != text)
    return tuple(sorted(odd)), rows.repaired
