"""Actors that agree or disagree with each other."""

from __future__ import annotations

import networkx as nx

from graphkit.store import Store
from graphkit.view.diagrams import Asked
from graphkit.view.diagrams.discourse import drawn


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the actors with lines between those that agree or disagree; a line rests on the statements of both."""
    return drawn(store, asked, "actor-actor", "Who agrees with whom")
