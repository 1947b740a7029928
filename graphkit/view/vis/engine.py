"""The pyvis engine: a network as a `pyvis.network.Network` that can be configured further.

pyvis takes a second to import, so it is imported only when its object is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphkit.model.errors import MissingExtraError
from graphkit.view.drawing import draw

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network


def build(network: nx.MultiDiGraph[str]) -> Network:
    """Return a pyvis network to configure further in a notebook.

    Nodes are `n0`, `n1` …, edges `e0`, `e1` …, each with its `iri`. Positions are fixed and physics is off;
    `toggle_physics(True)` turns it on. It writes the page of this engine with its configuration, which asks no other
    host for anything.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.

    Raises:
        MissingExtraError: pyvis is not installed.
    """
    try:
        import_module("pyvis.network")
    except ImportError as error:
        raise MissingExtraError("pyvis", "view") from error
    from graphkit.view.vis.network import OfflineNetwork

    return OfflineNetwork(draw(network), network.graph)
