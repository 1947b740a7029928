"""Nodes and edges of a pyvis network as shapes and strokes: those of the graph, and those that were added by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphkit.model.text import visible
from graphkit.view.drawing import DrawnEdge, DrawnNode
from graphkit.view.encoding import NodeStyle, StatusStyle, polarity_of
from graphkit.view.vis.data import EDGES, NODES, hint_of
from graphkit.view.vis.values import without_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ADDED_KIND = NodeStyle("added by hand", "dot", "#97c2fc")
_ADDED_STATUS = StatusStyle("added", "added by hand; no statement of the graph says so", ())
_STEP = 0.12


def known_shape(shape: DrawnNode | None, node: Mapping[str, Any], ident: str) -> DrawnNode | None:
    """Return the shape of the graph that a node stands for, if it stands for one."""
    return replace(shape, id=ident) if shape and node.get("iri") == shape.iri else None


def added_shape(node: Mapping[str, Any], ident: str) -> DrawnNode:
    """Return a shape for a node that was added by hand."""
    own = visible(node["id"])
    name = visible(node.get("label") or own) or "unnamed"
    return DrawnNode(ident, ident, name, name, own, _ADDED_KIND, (0, 0), 0, (), "")


def known_stroke(
    stroke: DrawnEdge | None, edge: Mapping[str, Any], ident: str, ends: tuple[str, str]
) -> DrawnEdge | None:
    """Return the stroke of the graph that an edge stands for: one between the same nodes, of which it is said."""
    if not stroke or (edge.get("iri"), edge["from"], edge["to"]) != (stroke.iri, stroke.source, stroke.target):
        return None
    return replace(stroke, id=ident, source=ends[0], target=ends[1])


def without_claims(edge: Mapping[str, Any], stroke: DrawnEdge | None) -> Mapping[str, Any]:
    """Return an edge without what the graph said of the stroke that it was: hover text, mark, dashes, colour."""
    if not stroke:
        return edge
    said = {
        "title": hint_of(stroke), "label": stroke.label, "dashes": list(stroke.status.dashes),
        "color": stroke.polarity.colour,
    }  # fmt: skip
    own = {name: value for name, value in edge.items() if name not in said or value != said[name]}
    return own if "label" in own else {**own, "label": stroke.relation_label}


def added_stroke(edge: Mapping[str, Any], ident: str, ends: tuple[str, str]) -> DrawnEdge:
    """Return a stroke for an edge that was added by hand."""
    name = visible(edge.get("label") or "") or "added by hand"
    return DrawnEdge(
        id=ident, key=ident, source=ends[0], target=ends[1], iri="", name=name, label=name, relation="",
        relation_label="", scope="", status=_ADDED_STATUS, polarity=polarity_of("neutral"), curvature=0, labelled=True,
        faint=False, policies=(), statements=(), disputes=0,
    )  # fmt: skip


def own_look(thing: Mapping[str, Any], known: DrawnNode | DrawnEdge | None) -> dict[str, Any]:
    """Return how a node or an edge looks, without what all have in common and without the hover text made for it."""
    common = EDGES if "from" in thing else NODES
    usual: dict[str, Any] = {**common, **({"title": hint_of(known)} if known else {})}
    kept = {name: value for name, value in thing.items() if name != "iri" and usual.get(name) != value}
    look: dict[str, Any] = without_calls(kept)
    return look


def turns(ends: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield how each edge bends unless it says so itself: parallel ones apart, loops of a node one beside another."""
    number = Counter(frozenset(pair) for pair in ends)
    seen: Counter[frozenset[str]] = Counter()
    for source, target in ends:
        pair = frozenset((source, target))
        seen[pair] += 1
        yield _turn(source, target, seen[pair]) if number[pair] > 1 else {}


def _turn(source: str, target: str, number: int) -> dict[str, Any]:
    if source == target:
        return {"selfReference": {"size": 22, "angle": round(number * 0.9, 3)}}
    # Each on the same side, seen from the same end, and farther out than the one before.
    side = "curvedCW" if source < target else "curvedCCW"
    return {"smooth": {"enabled": True, "type": side, "roundness": round(number * _STEP, 3)}}
