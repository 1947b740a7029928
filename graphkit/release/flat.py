"""The network with attributes that every exchange format can hold: text and numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from graphkit.analysis.network import network

if TYPE_CHECKING:
    from graphkit.analysis.statements import StatementView
    from graphkit.store import Store

# No node or edge attribute is called id, source or target: importers use those names themselves.
NODE = ("iri", "slug", "label", "kind")
EDGE = (
    "edge_id", "relation", "label", "polarity", "status", "plain", "policy", "scope", "weight", "stances", "speakers",
    "statements", "gists", "sources", "said", "links", "disputes",
)  # fmt: skip


def flat_network(store: Store, policy: str) -> nx.MultiDiGraph[str]:
    """Return the network with plain attributes; nodes are called by their slugs.

    Returns:
        Every edge carries its statements, stances, policy, status and disputes; lists are joined with " | ".
    """
    whole = network(store, policy)
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.graph.update({name: value for name, value in whole.graph.items() if isinstance(value, str | int)})
    names = {node: f"{_space(node)}{data['slug']}" for node, data in whole.nodes(data=True)}
    for node, data in whole.nodes(data=True):
        flat.add_node(names[node], iri=node, slug=data["slug"], label=data["label"], kind=data["kind"])
    for subject, target, key, data in whole.edges(keys=True, data=True):
        edge = {"edge_id": _short(key), "policy": policy, **_edge(data, whole.graph["evidence"])}
        flat.add_edge(names[subject], names[target], key=edge["edge_id"], **{name: edge[name] for name in EDGE})
    return flat


def _space(iri: str) -> str:
    # Readers of tables turn names of digits alone into numbers, and the name of a proposition is a hash.
    return "p_" if "/proposition/" in iri else ""


def _short(key: str) -> str:
    name = key.partition("surveillance-policy/")[2] or key
    return name.replace("/", "_")


def _edge(data: dict[str, object], views: dict[str, StatementView]) -> dict[str, str | int]:
    names = [str(name) for name in data["statements"]]  # type: ignore[attr-defined]
    statements = [views[name] for name in names]
    return {
        **{name: str(data[name]) for name in ("relation", "label", "polarity", "status", "scope")},
        "plain": "true" if data["plain"] else "false",
        "weight": len(statements),
        "stances": " | ".join(view.stance for view in statements),
        "speakers": " | ".join(view.speaker for view in statements),
        "statements": " | ".join(view.id for view in statements),
        "gists": " | ".join(view.gist for view in statements),
        "sources": " | ".join(view.source for view in statements),
        "said": " | ".join(view.said for view in statements),
        "links": " | ".join(view.url for view in statements),
        "disputes": " | ".join(str(name).rpartition("/")[2] for name in data["disputes"]),  # type: ignore[attr-defined]
    }
