"""The network of a large graph in little memory: the details of a statement are read when they are needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from graphkit.analysis.network import Position, filled, metadata, network, with_counts
from graphkit.analysis.properties import Properties, read_linked, read_properties
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.model.iris import DATASET, DEFAULT_POLICY, SP, token
from graphkit.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

# What edges need of propositions, disputes and criticism, and of statements.
_OF_PROPOSITIONS = (
    "sp:subject", "sp:relation", "sp:object", "sp:narrowing", "sp:scope", "sp:toldIn", "sp:performedIn", "sp:amount",
    "sp:criticises", "sp:affirmedBy", "sp:deniedBy", "rdfs:label",
)  # fmt: skip
_OF_STATEMENTS = ("sp:proposition", "sp:speaker", "sp:stance")
# The bytes of about 5,000 statements.
_LARGE = 60_000_000
# More edges are not drawn one by one.
MOST_EDGES = 3_000
# The properties that lead to the things whose other properties edges and nodes need.
_ENDS = ("sp:subject", "sp:relation", "sp:object", "sp:speaker")


@dataclass(frozen=True, slots=True)
class Evidence(Mapping[str, StatementView]):
    """The statements of a graph by IRI. A statement is read from the store when it is needed."""

    store: Store
    names: Collection[str]

    def __getitem__(self, name: str) -> StatementView:
        return self.some([name])[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def some(self, names: Iterable[str]) -> dict[str, StatementView]:
        """Return some statements, which are read together."""
        wanted = set(names)
        views = statement_views(read_linked(self.store, wanted))
        return {name: view for name, view in views.items() if name in wanted}


def is_large(store: Store) -> bool:
    """Return whether a store has the lines of so large a graph that its statements are not all read at once."""
    lines = store.lines()
    if lines is None:
        return False
    with lines:
        return lines.seek(0, os.SEEK_END) > _LARGE


def views_of(evidence: Mapping[str, StatementView], names: Iterable[str]) -> Mapping[str, StatementView]:
    """Return statements by IRI, at least those with some names."""
    return evidence.some(names) if isinstance(evidence, Evidence) else evidence


def outline(store: Store, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
    """Make the network of a graph without `disputes` and `undrawn`; see `graphkit.analysis.network.network`.

    Raises:
        QueryError: There is no such policy.
    """
    properties, positions = _read(store)
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    drawing.graph.update(
        **metadata(properties, policy),
        evidence=Evidence(store, positions.keys()), total=len(positions), disputes=(), undrawn={},
    )  # fmt: skip
    return filled(drawing, properties, policy, positions)


def edges_of(store: Store, policy: str) -> nx.MultiDiGraph[str]:
    """Return a network whose edges and evidence are complete: of a large graph, its outline.

    Raises:
        QueryError: There is no such policy.
    """
    return outline(store, policy) if is_large(store) else network(store, policy)


def large_part(
    store: Store, policy: str, cut: Callable[[nx.MultiDiGraph[str]], nx.MultiDiGraph[str]]
) -> nx.MultiDiGraph[str] | None:
    """Return a part of the outline of a large graph, if it has more edges than are drawn one by one.

    Raises:
        QueryError: There is no such policy.
    """
    part = cut(outline(store, policy)) if is_large(store) else None
    return with_counts(part) if part and part.number_of_edges() > MOST_EDGES else None


def _read(store: Store) -> tuple[Properties, dict[str, Position]]:
    """Read what edges need: of propositions, entities and disputes as properties, and of statements in a short form."""
    read = read_properties(store, (*_OF_PROPOSITIONS, *_OF_STATEMENTS))
    ends = {end for name in _ENDS for end in read.things(name)}
    linked = read_linked(store, {DATASET, *ends, *read.subjects("sp:criticises")}, frozenset())
    speakers = {name: linked.one(name, "rdfs:label") for name in read.things("sp:speaker")}
    stances = {name: token(name.removeprefix(SP)) for name in read.things("sp:stance")}
    names = sorted(read.subjects("sp:proposition"))
    shared = {name: name for name in (*read.subjects("sp:subject"), *speakers, *stances)}
    columns = ((shared.get(end, end) for end in read.column(name, names)) for name in _OF_STATEMENTS)
    positions = {
        name: Position(name, proposition, stances[stance], speakers[speaker], speaker)
        for name, proposition, speaker, stance in zip(names, *columns, strict=True)
    }
    kept = {name: found for name, found in read.values.items() if name not in _OF_STATEMENTS}
    return Properties({**linked.values, **kept}, read.plain), positions
