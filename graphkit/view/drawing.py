"""A network as something to draw: short ids, places, bends, labels and what each mark stands for.

Every edge of the network becomes exactly one stroke. The network is only read.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from graphkit.model.text import shortened, visible, wrapped
from graphkit.view.encoding import Kind, Polarity, Status, kind_of, marked, polarity_of, status_of
from graphkit.view.layout.boxes import Box, text_size
from graphkit.view.layout.placement import regrown, still_known
from graphkit.view.layout.routing import Line, Placed, Route, routes_of

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.view.layout.boxes import Point
    from graphkit.view.layout.stress import Places

NODE_POINTS, EDGE_POINTS = 14, 12
_SMALLEST, _LARGEST = 8, 26
_LABELLED_UP_TO = 320
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_MARGIN, _SMALL_MARGIN = (26.0, 20.0), (8.0, 8.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """One node of the picture; `key` stays the same when the graph grows."""

    id: str
    key: str
    name: str
    label: str
    iri: str
    kind: Kind
    place: tuple[int, int]
    radius: int
    aliases: tuple[str, ...]
    source_iri: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """One edge of the picture, with the statements behind it."""

    id: str
    key: str
    source: str
    target: str
    iri: str
    name: str
    label: str
    relation: str
    relation_label: str
    scope: str
    status: Status
    polarity: Polarity
    bend: float
    labelled: bool
    faint: bool
    policies: tuple[str, ...]
    statements: tuple[str, ...]
    disputes: int


class Mark(NamedTuple):
    """Something behind the picture: the corners of what is shaded, and a word above the first of them."""

    corners: tuple[Point, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn, in an order that depends only on the network's names."""

    shapes: tuple[Shape, ...]
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    iri: str
    data: dict[str, Any]


def draw(network: nx.MultiDiGraph[str]) -> Drawing:
    """Return the drawing of a network: the same for the same network, wherever and whenever.

    Args:
        network: As `graphkit.analysis.network` describes it: nodes have `label`, `kind` and `slug`; edges
            `label`, `relation`, `polarity`, `status`, `plain`, `scope`, `statements`, `disputes`. The network
            may have `marks` to stand behind it.
    """
    nodes, edges = _nodes(network), _edges(network)
    sizes = {name: _radius(network.degree(name)) for name in nodes}
    places = network.graph.get("places") or places_of(network)
    stood = {name: (places[name], room) for name, room in _rooms(network).items()}
    routes = _routes(edges, stood, leaning=not _preset(nodes))
    ids = {name: f"n{i}" for i, name in enumerate(nodes)}
    keys = node_keys(nodes)
    return Drawing(
        tuple(_shape(ids[name], keys[name], name, data, (places[name], sizes[name])) for name, data in nodes.items()),
        tuple(_stroke(f"e{i}", edge, ids, routes[i]) for i, edge in enumerate(edges)),
        tuple(Mark(tuple(corners), text) for corners, text in network.graph.get("marks", ())),
    )


def places_of(network: nx.MultiDiGraph[str], before: Places | None = None) -> Places:
    """Return where each node of a network stands.

    Args:
        network: As `draw` takes it.
        before: Where nodes stood before.
    """
    preset = _preset(_nodes(network))
    if preset:
        return preset
    rooms = _rooms(network)
    before = still_known(before or {}, rooms)
    wide, high = _MARGIN if len(rooms) <= _LABELLED_UP_TO else _SMALL_MARGIN
    # What stood before stood with a margin: with less of one, it stays where it is.
    share = 1.0 if not before else 0.5 if rooms.keys() - before.keys() else 0.0
    boxes = {
        name: Box(room.width + share * wide, room.height + share * high, room.drop) for name, room in rooms.items()
    }
    links = sorted((source, target) for source, target in network.edges())
    return regrown(before, boxes, links)


def _nodes(network: nx.MultiDiGraph[str]) -> dict[str, dict[str, Any]]:
    return dict(sorted(network.nodes.items()))


def _rooms(network: nx.MultiDiGraph[str]) -> dict[str, Box]:
    """Return the room of each node; in a large picture, labels are shown when a reader comes near, and take none."""
    nodes = _nodes(network)
    named = len(nodes) <= _LABELLED_UP_TO
    return {
        name: _room(_label_of(name, data) if named else "", _radius(network.degree(name)))
        for name, data in nodes.items()
    }


def _preset(nodes: dict[str, dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return the places that the network itself gives, such as dates on a line; none if one is missing."""
    given = {name: data["place"] for name, data in nodes.items() if "place" in data}
    return given if len(given) == len(nodes) else {}


def node_keys(nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return a name for each node that may stand in an address: its slug, or else a hash of its IRI."""
    slugs = Counter(data["slug"] for data in nodes.values())
    return {
        name: f"n-{data['slug'] if slugs[data['slug']] == 1 and _SLUG.fullmatch(data['slug']) else _hashed(name)}"
        for name, data in nodes.items()
    }


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _radius(degree: int) -> int:
    """Return a radius whose area grows with the number of edges, within limits."""
    return min(round(_SMALLEST + 1.7 * math.sqrt(degree)), _LARGEST)


def _edges(network: nx.MultiDiGraph[str]) -> list[_Edge]:
    found = [_Edge(source, target, str(key), data) for source, target, key, data in network.edges(keys=True, data=True)]
    return sorted(found, key=lambda edge: (edge.source, edge.target, edge.iri))


def _routes(edges: list[_Edge], nodes: dict[str, Placed], *, leaning: bool) -> dict[int, Route]:
    """Find the route of each edge; those that are not plain get room for a label first."""
    order = sorted(range(len(edges)), key=lambda i: (bool(edges[i].data["plain"]), i))
    lines = [
        Line(edges[i].source, edges[i].target, _label_room(_label(edges[i])), edges[i].data.get("bend", 0.0))
        for i in order
    ]
    return dict(zip(order, routes_of(lines, nodes, leaning=leaning), strict=True))


def _name(iri: str, data: dict[str, Any]) -> str:
    return visible(data["label"]) or visible(data["slug"]) or visible(iri)


def _label(edge: _Edge) -> str:
    return shortened(_marked(edge), 34)


def _marked(edge: _Edge) -> str:
    """Return the label with the mark of its status, unless the label says how it stands."""
    status = status_of(edge.data["status"], plain=edge.data["plain"])
    return visible(edge.data["label"]) if edge.data.get("unmarked") else marked(edge.data["label"], status)


def _label_of(iri: str, data: dict[str, Any]) -> str:
    """Return the label as it is drawn; a network may ask for wider ones, such as for gists."""
    width, lines = data.get("wrap", (18, 3))
    return wrapped(_name(iri, data), width, lines)


def _room(label: str, radius: int) -> Box:
    wide, high = text_size(label, NODE_POINTS)
    return Box(max(wide, 2.0 * radius), high + 2 * radius + 4, drop=high / 2 + 2)


def _label_room(label: str) -> Box:
    wide, high = text_size(label, EDGE_POINTS)
    return Box(wide + 2, high)


def _shape(ident: str, key: str, iri: str, data: dict[str, Any], where: tuple[tuple[int, int], int]) -> Shape:
    name = _name(iri, data)
    also = tuple(visible(alias) for alias in data.get("aliases", ()))
    return Shape(ident, key, name, _label_of(iri, data), visible(iri), kind_of(data["kind"]), *where, also, iri)


def _stroke(ident: str, edge: _Edge, ids: dict[str, str], route: Route) -> Stroke:
    status = status_of(edge.data["status"], plain=edge.data["plain"])
    return Stroke(
        id=ident,
        key=f"e-{_hashed(f'{edge.source} {edge.target} {edge.iri}')}",
        source=ids[edge.source],
        target=ids[edge.target],
        iri=visible(edge.iri),
        name=_marked(edge),
        label=_label(edge),
        relation=visible(edge.data["relation"]),
        relation_label=visible(edge.data["label"]),
        scope=visible(edge.data["scope"]),
        status=status,
        polarity=polarity_of(edge.data["polarity"]),
        bend=route.bend,
        labelled=route.labelled,
        faint=bool(edge.data.get("faint")),
        policies=tuple(edge.data.get("policies", ())),
        statements=tuple(edge.data["statements"]),
        disputes=len(edge.data["disputes"]),
    )
