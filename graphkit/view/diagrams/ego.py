"""The network around an entity, or of the statements of a source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx

from graphkit.analysis.network import network, with_counts
from graphkit.analysis.subjects import statements_of
from graphkit.model.errors import NotFoundError
from graphkit.model.text import counted
from graphkit.store import Store
from graphkit.view.diagrams import Asked, subject_of


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the part of the network within some steps of an entity, or with the statements of a source."""
    centre = subject_of(store, asked, ("entity", "source"))
    whole = network(store, asked.policy)
    if centre.kind == "entity":
        part = around(whole, centre.iri, asked.hops)
        lead = f"Within {counted(asked.hops, 'step')} of {centre.label}."
    else:
        own = statements_of(store, centre)
        part = with_edges(whole, lambda data: not own.isdisjoint(data["statements"]))
        lead = f"Statements in the source “{centre.label}”."
    if not part.number_of_nodes():
        raise NotFoundError(
            f"No statement relates {centre.label!r} to anything else.", f"Type: graphkit explain {asked.about}"
        )
    part.graph.update(title=f"{centre.label}: {whole.graph['title']}", lead=lead)
    return with_counts(part)


def around(whole: nx.MultiDiGraph[str], centre: str, hops: int) -> nx.MultiDiGraph[str]:
    """Return the nodes within some steps of a node; edges between two of the outermost nodes are left out."""
    part: nx.MultiDiGraph[str] = whole.copy()
    if centre not in whole:
        part.remove_nodes_from(list(whole))
        return part
    steps = _steps(whole, centre, hops)
    part.remove_nodes_from([name for name in whole if name not in steps])
    part.remove_edges_from([(a, b, key) for a, b, key in part.edges(keys=True) if min(steps[a], steps[b]) >= hops])
    return part


def _steps(whole: nx.MultiDiGraph[str], centre: str, hops: int) -> dict[str, int]:
    steps, ring = {centre: 0}, [centre]
    for distance in range(1, hops + 1):
        near = {other for name in ring for other in (*whole.successors(name), *whole.predecessors(name))}
        ring = sorted(near - steps.keys())
        steps.update(dict.fromkeys(ring, distance))
    return steps


def with_edges(whole: nx.MultiDiGraph[str], wanted: Callable[[dict[str, Any]], bool]) -> nx.MultiDiGraph[str]:
    """Return the edges whose attributes meet a condition, with the nodes that they connect."""
    part: nx.MultiDiGraph[str] = whole.copy()
    part.remove_edges_from([(a, b, key) for a, b, key, data in whole.edges(keys=True, data=True) if not wanted(data)])
    part.remove_nodes_from(list(nx.isolates(part)))
    return part
