"""The network of entities, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.network import network

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.kinds.asked import Asked
    from graphkit.store import Store


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of entities."""
    return network(store, asked.policy)
