"""The network of entities, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.analysis.network import network

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.store import Store
    from graphkit.view.diagrams.request import Asked


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of entities."""
    return network(store, asked.policy)
