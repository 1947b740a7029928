"""GraphML, for Gephi, igraph, yEd, Cytoscape and visone: one edge for each edge of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from graphkit.model.files import replacing
from graphkit.release.flat import flat_network

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.store import Store


def write(store: Store, policy: str, path: Path) -> list[Path]:
    """Write plain GraphML; edges keep their ids, and the graph its policy, version and licence."""
    lines = nx.generate_graphml(flat_network(store, policy))
    with replacing(path) as beside:
        beside.write_text("<?xml version='1.0' encoding='utf-8'?>\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return [path]
