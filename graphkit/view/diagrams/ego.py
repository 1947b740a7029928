"""The network around an entity, or of the statements of a source."""

from __future__ import annotations

import networkx as nx

from graphkit.analysis.parts import network_behind, network_near
from graphkit.analysis.subjects import statements_of
from graphkit.model.errors import NotFoundError
from graphkit.model.text import counted
from graphkit.store import Store
from graphkit.view.diagrams import Asked, subject_of


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the part of the network within some steps of an entity, or with the statements of a source."""
    centre = subject_of(store, asked, ("entity", "source"))
    if centre.kind == "entity":
        part = network_near(store, asked.policy, [centre.iri], asked.hops, asked.grouped)
        lead = f"Within {counted(asked.hops, 'step')} of {centre.label}."
    else:
        part = network_behind(store, asked.policy, statements_of(store, centre))
        lead = f"Statements in the source “{centre.label}”."
    if not part.number_of_nodes():
        raise NotFoundError(
            f"No statement relates {centre.label!r} to anything else.", f"Type: graphkit explain {asked.about}"
        )
    if more := part.graph.get("unlisted"):
        lead += f" Not listed: {counted(more, 'statement')} about one of its neighbours only."
    part.graph.update(title=f"{centre.label}: {part.graph['title']}", lead=lead)
    return part
