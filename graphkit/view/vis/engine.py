"""The pyvis engine: a network as a `pyvis.network.Network` to go on configuring.

pyvis is an extra and takes a second to import, so it is imported only where its object is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import MissingExtraError
from graphkit.view.drawing import draw
from graphkit.view.page.evidence import sayings_of
from graphkit.view.vis.data import EDGES, NODES, hint_of, vis_edge, vis_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from pyvis.network import Network

    from graphkit.view.drawing import Drawing


def build(network: nx.MultiDiGraph[str]) -> Network:
    """Return a pyvis network to go on configuring in a notebook.

    Nodes are `n0`, `n1` …, edges `e0`, `e1` …, each with its `iri`. Positions are settled and
    physics is off; `toggle_physics(True)` turns it on. What it writes is the page of this engine, with
    what was configured: it asks no other host for anything.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.

    Raises:
        MissingExtraError: pyvis is not installed.
    """
    drawing = draw(network)
    picture = _empty_picture(drawing, network.graph)
    for shape in drawing.nodes:
        node = vis_node(shape)
        picture.add_node(node.pop("id"), iri=shape.iri, title=hint_of(shape), **NODES, **node)
    for stroke in drawing.edges:
        edge = vis_edge(stroke)
        ends = edge.pop("from"), edge.pop("to")
        picture.add_edge(*ends, iri=stroke.iri, title=hint_of(stroke), **EDGES, **edge)
    return picture


def _empty_picture(drawing: Drawing, about: Mapping[str, Any]) -> Network:
    try:
        import_module("pyvis.network")
    except ImportError as error:
        raise MissingExtraError("pyvis", "view") from error
    from graphkit.view.vis.network import OfflineNetwork

    picture = OfflineNetwork(drawing, sayings_of(drawing, about["evidence"]), about)
    picture.toggle_physics(status=False)
    picture.set_edge_smooth("continuous")
    return picture
