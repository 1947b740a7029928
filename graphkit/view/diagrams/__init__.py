"""Kinds of views. Each kind makes a network that `graphkit.view` draws.

A new kind is one file here and one line in `graphkit.view.choices`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphkit.analysis.network import network
from graphkit.model.errors import QueryError
from graphkit.view.choices import KINDS
from graphkit.view.diagrams.request import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    from graphkit.store import Store

__all__ = ["KINDS", "Asked", "make"]


def make(kind: str, store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Make the network of a kind of view.

    Args:
        kind: One of `KINDS`.
        store: The graph.
        asked: Its subject, policy and number of steps.

    Raises:
        QueryError: There is no such kind, or it needs a subject and none was named.
        NotFoundError: Nothing in the graph has that name.
    """
    if kind not in KINDS:
        raise QueryError(f"There is no kind of view {kind!r}.", f"Type one of: {', '.join(KINDS)}.")
    if kind == "entities":
        return network(store, asked.policy)
    build: Callable[[Store, Asked], nx.MultiDiGraph[str]] = import_module(f"graphkit.view.diagrams.{kind}").make
    return build(store, asked)
