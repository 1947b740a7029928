"""Finds the rules that make plain triples of claims.

A plain triple is the account of a source that is no party to it. A rule that a workspace adds could make a fact of the
claim of a party, or of anything else that no source reports as its own account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphkit.build.rules import Rule, results
from graphkit.model.iris import shorten
from graphkit.store import EmbeddedStore

# Acts of speech, and claims as such, need no other account. Three sets, joined on all three variables at once.
_CLAIMS = """
SELECT ?subject ?relation ?end WHERE {{
  {{ SELECT DISTINCT ?subject ?relation ?end WHERE {{
      GRAPH <{graph}> {{ ?subject ?relation ?end }}
      ?relation a sp:Relation .
      FILTER(?relation NOT IN (sp:claimed, sp:denied, sp:planned))
      FILTER NOT EXISTS {{ ?relation sp:performative true }}
  }} }}
  {{ SELECT DISTINCT ?subject ?relation ?end WHERE {{
      ?claim sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  }} }}
  MINUS {{
    ?account sp:toldIn ?source ; sp:subject ?subject ; sp:relation ?relation ; sp:object|sp:value ?end .
  }}
}} ORDER BY ?subject ?relation ?end
"""


def claims_as_facts(rules: Iterable[Rule], store: EmbeddedStore) -> Iterator[tuple[Rule, list[str]]]:
    """Yield each rule that makes plain triples of claims, with these triples in short form."""
    into: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.into.startswith("flat/"):
            into[rule.graph].append(rule)
    for graph, writing in into.items():
        if claims := _claims(graph, store):
            yield from _makers(writing, claims, store)


def _claims(graph: str, store: EmbeddedStore) -> dict[bytes, str]:
    """Return the plain triples of a graph that are only claims: lines of N-Triples to short forms."""
    rows = store.query(_CLAIMS.format(graph=graph))
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 - of a SELECT query
    return {_line(row): " ".join(map(_short, row)) for row in rows}


def _makers(
    rules: Iterable[Rule], claims: Mapping[bytes, str], store: EmbeddedStore
) -> Iterator[tuple[Rule, list[str]]]:
    for rule in rules:
        made = results(rule, store)
        if found := [short for line, short in claims.items() if line in made]:
            yield rule, found


def _line(row: ox.QuerySolution) -> bytes:
    return f"{' '.join(map(str, row))} .\n".encode()


def _short(term: object) -> str:
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)
