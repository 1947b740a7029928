"""A dispute, or the disputes about an entity: propositions in the middle, statements of each side beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.analysis.disputes import dispute_views, find_disputes
from graphkit.analysis.network import add_nodes, empty_network, with_counts
from graphkit.analysis.properties import read_linked, read_properties
from graphkit.model.errors import NotFoundError
from graphkit.view.diagrams import subject_of
from graphkit.view.diagrams.cards import add_card, add_stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from graphkit.analysis.disputes import DisputeView
    from graphkit.store import Store
    from graphkit.view.diagrams import Asked

_SIDE, _ROW, _GAP = 430, 124, 36


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return disputes one below the other, each with its propositions in the middle."""
    subject = subject_of(store, asked, ("dispute", "entity"))
    if subject.kind == "dispute":
        disputes = dispute_views(read_linked(store, [subject.iri]))
    else:
        disputes = find_disputes(store, about=subject.iri.rpartition("/")[2])
    if not disputes:
        raise NotFoundError(f"No dispute is about {subject.label!r}.", "Type: graphkit disputes")
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    drawing.graph["disputes"] = disputes
    views = drawing.graph["evidence"]
    add_nodes(
        drawing, properties, sorted({views[name].proposition for dispute in disputes for _, name in dispute.sides()})
    )
    top = 0
    for dispute in disputes:
        top = _add(drawing, dispute, top) + _GAP
    drawing.graph["title"] = f"Inconsistent statements: {subject.label}"
    drawing.graph.update(undrawn={}, natural=True)
    return with_counts(drawing)


def _add(drawing: nx.MultiDiGraph[str], dispute: DisputeView, top: int) -> int:
    """Add a dispute and return its bottom. A statement in several disputes keeps its first position."""
    views = drawing.graph["evidence"]
    height = _ROW * max(len(dispute.affirmed), len(dispute.denied))
    middle = sorted({views[name].proposition for _, name in dispute.sides()})
    fresh = [name for name in middle if "position" not in drawing.nodes[name]]
    for name, y in zip(fresh, _rows(len(fresh), top, max(height, _ROW * len(fresh))), strict=True):
        drawing.nodes[name].update(position=(0, y), wrap=(30, 5), kind="Proposition")
    _side(drawing, dispute.affirmed, -_SIDE, top, height)
    _side(drawing, dispute.denied, _SIDE, top, height)
    return top + max(height, _ROW * len(fresh))


def _side(drawing: nx.MultiDiGraph[str], names: Sequence[str], x: int, top: int, height: int) -> None:
    views = drawing.graph["evidence"]
    ordered = sorted(names, key=lambda name: (views[name].said.lstrip("./"), name))
    for name, y in zip(ordered, _rows(len(ordered), top, height), strict=True):
        if name not in drawing:
            add_card(drawing, views[name], (x, y))
            add_stance(drawing, views[name], name, views[name].proposition)


def _rows(number: int, top: int, height: int) -> list[int]:
    return [round(top + height * (i + 0.5) / number) for i in range(number)]
