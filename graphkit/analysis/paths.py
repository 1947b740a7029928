"""The shortest chain of statements between two things in the network."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx

from graphkit.analysis.network import full_status
from graphkit.analysis.outline import views_of
from graphkit.analysis.statements import StatementView
from graphkit.model.errors import NotFoundError


class Hop(NamedTuple):
    """A step of a path.

    Attributes:
        start, end: Labels, in the direction of the path.
        relation: What the subject of the edge is said to do, such as funded.
        forward: Whether the start is the subject.
        status: As `graphkit.analysis.network.full_status` returns it: reported, disputed, planned, disputed and so on.
        statement: One of the statements behind the edge.
        more: Number of its other statements.
    """

    start: str
    end: str
    relation: str
    forward: bool
    status: str
    statement: StatementView
    more: int


def evidence_path(network: nx.MultiDiGraph[str], start: str, end: str, *, plain: bool = False) -> list[Hop]:
    """Return the shortest path between two nodes, in any direction of the edges.

    Of several edges between two nodes, a reported one comes first, then the one with most statements.

    Args:
        plain: Follow only edges that are plain under the policy of the network.

    Raises:
        NotFoundError: A node is not in the network, or no path leads from one to the other.
    """
    steps: nx.Graph[str] = nx.Graph()
    steps.add_nodes_from(sorted(network))
    steps.add_edges_from(
        sorted((one, other) for one, other, edge in network.edges(data=True) if edge["plain"] or not plain)
    )
    for node in (start, end):
        if node not in steps:
            raise NotFoundError(f"{node!r} is not in the network: no statement connects it with anything.")
    try:
        nodes = nx.shortest_path(steps, start, end)
    except nx.NetworkXNoPath:
        names = " to ".join(repr(network.nodes[node]["label"]) for node in (start, end))
        hint = "Type the command without --plain-only." if plain else ""
        raise NotFoundError(f"No path leads from {names}.", hint) from None
    return [_hop(network, *pair, plain=plain) for pair in pairwise(nodes)]


def _hop(network: nx.MultiDiGraph[str], one: str, other: str, *, plain: bool) -> Hop:
    edges = [
        (forward, key, edge)
        for forward, ends in ((True, (one, other)), (False, (other, one)))
        for key, edge in (network.get_edge_data(*ends) or {}).items()
        if edge["plain"] or not plain
    ]
    forward, _, edge = min(edges, key=_order)
    labels = (network.nodes[one]["label"], network.nodes[other]["label"])
    evidence = views_of(network.graph["evidence"], edge["statements"])
    views = [evidence[name] for name in edge["statements"]]
    # Of several statements, one that asserts without a hedge, in an original, says most.
    view = min(views, key=lambda one: (one.stance != "asserts", one.certainty, one.basis, one.copied, one.iri))
    return Hop(*labels, edge["label"], forward, full_status(edge), view, len(views) - 1)


def _order(found: tuple[bool, Any, dict[str, Any]]) -> tuple[bool, int, str]:
    _, key, edge = found
    return edge["status"] != "reported", -len(edge["statements"]), key
