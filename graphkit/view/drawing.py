"""A network as nodes and edges ready to be drawn: short ids, positions, curvature, labels and styles.

Every edge of the network becomes exactly one drawn edge. The network itself is not changed.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import networkx as nx

from graphkit.analysis.network import full_status
from graphkit.model.text import shortened, visible, wrapped
from graphkit.view.card import Card
from graphkit.view.encoding import (
    NodeStyle,
    PolarityStyle,
    StatusStyle,
    kind_of,
    polarity_of,
    status_of,
)
from graphkit.view.layout.boxes import Box, Point, text_size
from graphkit.view.layout.incremental import known_positions, updated_positions
from graphkit.view.layout.routing import Connector, Placed, Route, routes_of
from graphkit.view.layout.stress import Positions, arranged

NODE_POINTS, EDGE_POINTS = 14, 12
# Width of a card with another text in a picture for a narrow screen.
NARROW = 346
_SMALLEST, _LARGEST = 10, 24
_LABELLED_UP_TO = 320
# Most and fewest nodes of an opening picture, and most edges that are all drawn one by one.
_MOST_OPENING, _FEWEST_OPENING, _SINGLE_UP_TO = 60, 5, 40
# The frame of an opening picture, that for a narrow screen, and most nodes there. Labels are 13 pixels high in both.
FRAME, NARROW_FRAME, _MOST_NARROW = (1012, 660), (380, 568), 20
# Number of nodes that fill a frame.
_FILLING = 10
# The kinds of an opening picture.
ACTORS = frozenset({"PublicBody", "Organisation", "Office", "Person", "Programme", "InformationSystem", "Platform"})
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_MARGIN, _SMALL_MARGIN, _SPACE = (26.0, 20.0), (8.0, 8.0), (6.0, 5.0)


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node as it is drawn; `key` stays the same when the network grows.

    Attributes:
        position: Where it is among all nodes; the left upper corner of a card.
        opening: Where it is in the opening picture, if it is part of that.
        narrow: Where it is in the opening picture for a narrow screen.
        card: The box with its text, if it is drawn as a card.
    """

    id: str
    key: str
    name: str
    label: str
    iri: str
    kind: NodeStyle
    position: tuple[int, int]
    radius: int
    aliases: tuple[str, ...]
    source_iri: str
    opening: tuple[int, int] | None = None
    narrow: tuple[int, int] | None = None
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge as it is drawn, with the statements behind it.

    Attributes:
        verb: The words between its ends.
        mark: The words of its status, as `mark_of` returns them.
        rest: The words after its target.
        path: The points of a cubic curve, if the network itself gives it.
        narrow: The points in the picture for a narrow screen.
        narrow_lines: The lines of its label there, if it is another.
        narrow_curvature: The curvature there, if the nodes have positions of their own there.
        width: The width of a band, in pixels; 0 for a line.
        hatched: Whether the width of the band is no exact sum.
        numbered: Whether its label has the number of its statements.
    """

    id: str
    key: str
    source: str
    target: str
    iri: str
    name: str
    label: str
    verb: str
    scope: str
    status: StatusStyle
    mark: str
    polarity: PolarityStyle
    curvature: float
    labelled: bool
    faint: bool
    policies: tuple[str, ...]
    statements: tuple[str, ...]
    path: tuple[tuple[int, int], ...] = ()
    narrow: tuple[tuple[int, int], ...] = ()
    narrow_lines: tuple[str, ...] = ()
    narrow_curvature: float | None = None
    rest: str = ""
    width: float = 0.0
    hatched: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """Two nodes with several edges between them, drawn as one line."""

    source: str
    target: str
    curvature: float
    edges: tuple[DrawnEdge, ...]
    narrow_curvature: float | None = None


class Annotation(NamedTuple):
    """A shaded area behind the nodes, given by its corners, with a text above its first corner."""

    corners: tuple[Point, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, in an order that depends only on the names in the network.

    Attributes:
        together: Whether a choice lights up all that is connected with it.
    """

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    annotations: tuple[Annotation, ...] = ()
    pairs: tuple[DrawnPair, ...] = ()
    together: bool = False

    @property
    def narrow(self) -> str:
        """The view box of the picture for a narrow screen; "" if its nodes have no positions there."""
        if any(node.narrow for node in self.nodes):
            return f"-8 -8 {NARROW_FRAME[0] + 16} {NARROW_FRAME[1] + 16}"
        cards = [(node.card, *node.card.narrow) for node in self.nodes if node.card and node.card.narrow]
        ends = [(x + (NARROW if card.narrow_lines else card.width), y + card.narrow_height) for card, x, y in cards]
        ends += [end for edge in self.edges for end in edge.narrow]
        return f"-10 -10 {max(x for x, _ in ends) + 20} {max(y for _, y in ends) + 50}" if cards else ""

    @property
    def opens_on_part(self) -> bool:
        """Whether the opening picture has only some of the nodes."""
        return any(node.opening for node in self.nodes)


class _NetworkEdge(NamedTuple):
    source: str
    target: str
    iri: str
    data: dict[str, Any]

    @property
    def status(self) -> StatusStyle:
        return status_of(self.data["status"], plain=self.data["plain"])

    @property
    def name(self) -> str:
        """The label after the mark of its status, unless the label itself names the status."""
        return with_status(self.data["label"], self.data)

    @property
    def label(self) -> str:
        """The caption that the network gives, or else the shortened name and the sign of its polarity."""
        if "caption" in self.data:
            return visible(self.data["caption"])
        sign = polarity_of(self.data["polarity"]).sign
        return f"{shortened(self.name, 34)} {sign}" if sign else shortened(self.name, 34)


def mark_of(data: Mapping[str, Any]) -> str:
    """Return the words of the status of an edge before its label; "" for a fact or a label that names its status."""
    if data.get("unmarked"):
        return ""
    return full_status(data) if data["status"] == "disputed" else status_of(data["status"], plain=data["plain"]).mark


def with_status(text: str, data: Mapping[str, Any]) -> str:
    """Return a text about an edge after its status, unless the label of the edge names it itself.

    The status is before the subject: "Home Office disputed: funded" would read as if the Home Office disputed it.

    >>> edge = {"label": "funded", "status": "disputed", "stances": ["plans"], "plain": False}
    >>> with_status("Home Office funded Met", edge)
    'planned, disputed: Home Office funded Met'
    """
    mark = mark_of(data)
    return f"{mark}: {visible(text)}" if mark else visible(text)


def verb_of(data: Mapping[str, Any]) -> str:
    """Return the words between the ends of an edge."""
    return visible(data.get("verb") or data["label"])


def draw(network: nx.MultiDiGraph[str], *, framed: bool = False) -> Drawing:
    """Return the drawing of a network. The same network always gives the same drawing.

    Args:
        framed: Whether the nodes fill the frame of a page, with positions of their own on a narrow screen.
        network: As `graphkit.analysis.network` describes it: nodes have `label`, `kind` and `slug`; edges
            `label`, `relation`, `polarity`, `status`, `plain`, `scope`, `statements`, `disputes`. The network
            may have `annotations` to draw behind it.
    """
    nodes, edges = _nodes(network), _edges(network)
    positions = network.graph.get("positions") or positions_of(network)
    framed = framed and not _preset(nodes)
    if framed and _is_small(nodes):
        positions = _framed(network, list(nodes), FRAME, positions)
    placed = {name: (positions[name], box) for name, box in boxes_of(network).items()}
    routes = _routes(edges, placed, leaning=not _preset(nodes))
    keys = node_keys(nodes)
    drawn = {
        name: _drawn_node((f"n{i}", keys[name]), name, data, positions[name], _radius(network, name))
        for i, (name, data) in enumerate(nodes.items())
    }
    ids = {name: node.id for name, node in drawn.items()}
    drawn_edges = tuple(_drawn_edge(f"e{i}", edge, ids, routes[i]) for i, edge in enumerate(edges))
    drawing = Drawing(
        _opened(network, drawn) if framed else tuple(drawn.values()),
        drawn_edges,
        tuple(Annotation(tuple(corners), text) for corners, text in network.graph.get("annotations", ())),
        () if _preset(nodes) else _pairs(drawn_edges, {ids[name]: place for name, place in placed.items()}),
        bool(network.graph.get("together")),
    )
    return _cleared(drawing) if drawing.narrow and framed else drawing


def _cleared(drawing: Drawing) -> Drawing:
    """Return a drawing whose lines in both opening pictures are bent only where they would run over marks."""
    joined = {edge.id for pair in drawing.pairs for edge in pair.edges}
    single = [edge for edge in drawing.edges if edge.id not in joined and edge.source != edge.target]
    lines: list[DrawnEdge | DrawnPair] = [*drawing.pairs, *single]
    wide = {node: node.opening or (None if drawing.opens_on_part else node.position) for node in drawing.nodes}
    bends = [_bends(lines, wide), _bends(lines, {node: node.narrow for node in drawing.nodes})]
    bent = [
        replace(line, curvature=bends[0].get(i, line.curvature), narrow_curvature=bends[1].get(i))
        for i, line in enumerate(lines)
    ]
    now = {line.id: line for line in bent if isinstance(line, DrawnEdge)}
    pairs = tuple(line for line in bent if isinstance(line, DrawnPair))
    return replace(drawing, edges=tuple(now.get(edge.id, edge) for edge in drawing.edges), pairs=pairs)


def _bends(
    lines: Sequence[DrawnEdge | DrawnPair], places: Mapping[DrawnNode, tuple[int, int] | None]
) -> dict[int, float]:
    """Return the curvatures of those lines, by their number, whose nodes have places.

    A line without a parallel one is straight at first if its nodes have other places than among all nodes.
    """
    from graphkit.view.layout.frames import cleared

    placed = [(node, place) for node, place in places.items() if place]
    at = {node.id: number for number, (node, _) in enumerate(placed)}
    shown = {i: line for i, line in enumerate(lines) if {line.source, line.target} <= at.keys()}
    number = Counter(frozenset((line.source, line.target)) for line in shown.values())
    moved = any(node.position != place for node, place in placed)
    found = cleared(
        [(at[line.source], at[line.target]) for line in shown.values()],
        [
            0.0 if moved and number[frozenset((line.source, line.target))] == 1 else line.curvature
            for line in shown.values()
        ],
        [place for _, place in placed],
        [node.radius for node, _ in placed],
    )
    return dict(zip(shown, found, strict=True))


def _opened(network: nx.MultiDiGraph[str], drawn: dict[str, DrawnNode]) -> tuple[DrawnNode, ...]:
    """Return the nodes with their positions in the opening picture: in a large network, of the actors and schemes."""
    story, small = network.graph.get("story"), _is_small(_nodes(network))
    names = _ranked(network, drawn) if small else [] if story else _busiest_actors(network)
    if not small and len(names) < _FEWEST_OPENING:
        return tuple(drawn.values())
    wide = {} if small else _framed(network, names, FRAME)
    tall = _framed(network, names if story else names[:_MOST_NARROW], NARROW_FRAME)
    return tuple(replace(node, opening=wide.get(name), narrow=tall.get(name)) for name, node in drawn.items())


def _is_small(nodes: dict[str, dict[str, Any]]) -> bool:
    """Return whether all names of a network fit into a frame."""
    return 0 < len(nodes) <= _MOST_OPENING and all(data["kind"] != "Community" for data in nodes.values())


def _ranked(network: nx.MultiDiGraph[str], names: Iterable[str]) -> list[str]:
    """Return names, those with most edges first."""
    return sorted(names, key=lambda name: (-network.degree(name), name))


def _framed(
    network: nx.MultiDiGraph[str], names: list[str], size: tuple[int, int], before: Positions | None = None
) -> Positions:
    """Return positions for a part of a network that fill a frame, or a part of it if they are few."""
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    part.add_nodes_from((name, network.nodes[name]) for name in sorted(names))
    joined = {(min(ends), max(ends)) for ends in network.edges() if part.has_node(ends[0]) and part.has_node(ends[1])}
    part.add_edges_from(sorted(ends for ends in joined if ends[0] != ends[1]))
    boxes = {name: _node_box(_label_of(name, data), _radius(network, name)) for name, data in part.nodes.items()}
    positions = before or arranged(_spaced(boxes_of(part), _MARGIN), part.edges(), tries=1)
    share, spaced = min(math.sqrt(len(names) / _FILLING), 1.0), list(_spaced(boxes, _SPACE).values())
    at = {name: number for number, name in enumerate(part)}
    links = [(at[one], at[other]) for one, other in part.edges()]
    from graphkit.view.layout.frames import fitted  # numpy is slow to load, and other pages need none

    found = fitted([positions[name] for name in part], spaced, links, (size[0] * share, size[1] * share))
    places = {name: (round(x), round(y)) for name, (x, y) in zip(part, found, strict=True)}
    if size is NARROW_FRAME:
        # A mark whose name reaches a side moves to that side: the script does not place the name outside the frame.
        for name, box in zip(part, spaced, strict=True):
            (x, y), radius, half = places[name], _radius(network, name), box.width / 2 + 1
            places[name] = (radius if x < half else size[0] - radius if x > size[0] - half else x), y
    return places


def _busiest_actors(network: nx.MultiDiGraph[str]) -> list[str]:
    """Return the actors and schemes with most neighbours of these kinds, those with most edges first."""
    kinds = nx.get_node_attributes(network, "kind")
    if "Community" in kinds.values():
        return []
    actors = {name for name, kind in kinds.items() if kind in ACTORS}
    neighbours = {
        name: len(actors & {*network.successors(name), *network.predecessors(name)} - {name}) for name in actors
    }
    ranked = sorted((name for name in actors if neighbours[name]), key=lambda name: (-neighbours[name], name))
    return _ranked(network, ranked[:_MOST_OPENING])


def _pairs(edges: tuple[DrawnEdge, ...], nodes: dict[str, Placed]) -> tuple[DrawnPair, ...]:
    """Return the pairs of nodes with several edges; none in a small network, where parallel lines are clear."""
    found: defaultdict[tuple[str, str], list[DrawnEdge]] = defaultdict(list)
    for edge in edges if len(edges) > _SINGLE_UP_TO else ():
        if edge.source != edge.target:
            low, high = sorted((edge.source, edge.target))
            found[low, high].append(edge)
    several = {ends: some for ends, some in found.items() if len(some) > 1}
    connectors = [Connector(*ends, _label_box("×10"), 0.0) for ends in several]
    routes = routes_of(connectors, nodes, leaning=False)
    return tuple(DrawnPair(*ends, routes[i].curvature, tuple(some)) for i, (ends, some) in enumerate(several.items()))


def positions_of(network: nx.MultiDiGraph[str], before: Positions | None = None) -> Positions:
    """Return the position of each node of a network."""
    preset = _preset(_nodes(network))
    if preset:
        return preset
    boxes = boxes_of(network)
    before = known_positions(before or {}, boxes)
    margin = _MARGIN if len(boxes) <= _LABELLED_UP_TO else _SMALL_MARGIN
    # Earlier positions include the margin: with a smaller margin now, nodes stay where they are.
    share = 1.0 if not before else 0.5 if boxes.keys() - before.keys() else 0.0
    links = sorted((source, target) for source, target in network.edges())
    return updated_positions(before, _spaced(boxes, margin, share), links)


def _spaced(boxes: Mapping[str, Box], margin: tuple[float, float], share: float = 1.0) -> dict[str, Box]:
    """Return boxes with a share of a margin around them."""
    wide, high = (share * size for size in margin)
    return {name: Box(box.width + wide, box.height + high, box.drop) for name, box in boxes.items()}


def _nodes(network: nx.MultiDiGraph[str]) -> dict[str, dict[str, Any]]:
    return dict(sorted(network.nodes.items()))


def boxes_of(network: nx.MultiDiGraph[str]) -> dict[str, Box]:
    """Return the bounding box of each node, without its label in a large picture, where labels appear on zooming in."""
    nodes = _nodes(network)
    named = len(nodes) <= _LABELLED_UP_TO
    return {
        name: _node_box(_label_of(name, data) if named else "", _radius(network, name)) for name, data in nodes.items()
    }


def _preset(nodes: dict[str, dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return the positions that the network itself gives, such as dates on a line; nothing if one is missing."""
    given = {name: data["position"] for name, data in nodes.items() if "position" in data}
    return given if len(given) == len(nodes) else {}


def node_keys(nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return a key for each node that is safe in an address: its slug, or else a hash of its IRI."""
    slugs = Counter(data["slug"] for data in nodes.values())
    return {
        name: f"n-{data['slug'] if slugs[data['slug']] == 1 and _SLUG.fullmatch(data['slug']) else _hashed(name)}"
        for name, data in nodes.items()
    }


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _radius(network: nx.MultiDiGraph[str], name: str) -> int:
    """Return the radius of a node: that of the network, or else its area grows with its edges, within limits."""
    given: int = network.nodes[name].get("radius", 0)
    return given or min(round(_SMALLEST + 1.2 * math.sqrt(network.degree(name))), _LARGEST)


def _edges(network: nx.MultiDiGraph[str]) -> list[_NetworkEdge]:
    found = [_NetworkEdge(a, b, str(key), data) for a, b, key, data in network.edges(keys=True, data=True)]
    return sorted(found, key=lambda edge: edge[:3])


def _routes(edges: list[_NetworkEdge], nodes: dict[str, Placed], *, leaning: bool) -> dict[int, Route]:
    """Return the route of each edge; labels of edges that are not plain are placed first.

    An edge with a path of its own needs none.
    """
    if all("path" in edge.data for edge in edges):
        return {i: Route(0.0, labelled=edge.data.get("labelled", False)) for i, edge in enumerate(edges)}
    order = sorted(range(len(edges)), key=lambda i: (bool(edges[i].data["plain"]), i))
    connectors = [
        Connector(edges[i].source, edges[i].target, _label_box(edges[i].label), edges[i].data.get("curvature", 0.0))
        for i in order
    ]
    found = zip(order, routes_of(connectors, nodes, leaning=leaning), strict=True)
    return {i: Route(route.curvature, route.labelled and edges[i].data.get("labelled", True)) for i, route in found}


def _name(iri: str, data: dict[str, Any]) -> str:
    return visible(data["label"]) or visible(data["slug"]) or visible(iri)


def _label_of(iri: str, data: dict[str, Any]) -> str:
    """Return the label in lines; the network may set the width and number of lines, such as for gists."""
    width, lines = data.get("wrap", (18, 3))
    return wrapped(_name(iri, data), width, lines)


def _node_box(label: str, radius: int) -> Box:
    wide, high = text_size(label, NODE_POINTS)
    return Box(max(wide, 2.0 * radius), high + 2 * radius + 4, drop=high / 2 + 2)


def _label_box(label: str) -> Box:
    wide, high = text_size(label, EDGE_POINTS)
    return Box(wide + 2, high)


def _drawn_node(
    ids: tuple[str, str], iri: str, data: dict[str, Any], position: tuple[int, int], size: int
) -> DrawnNode:
    also = tuple(visible(alias) for alias in data.get("aliases", ()))
    label, kind = _label_of(iri, data), kind_of(data["kind"])
    card: Card | None = data.get("card")
    return DrawnNode(*ids, _name(iri, data), label, visible(iri), kind, position, size, also, iri, card=card)


def _drawn_edge(ident: str, edge: _NetworkEdge, ids: dict[str, str], route: Route) -> DrawnEdge:
    return DrawnEdge(
        id=ident,
        key=f"e-{_hashed(f'{edge.source} {edge.target} {edge.iri}')}",
        source=ids[edge.source],
        target=ids[edge.target],
        iri=visible(edge.iri),
        name=edge.name,
        label=edge.label,
        verb=verb_of(edge.data),
        rest=visible(edge.data.get("rest", "")),
        scope=visible(edge.data["scope"]),
        status=edge.status,
        mark=mark_of(edge.data),
        polarity=polarity_of(edge.data["polarity"]),
        curvature=route.curvature,
        labelled=route.labelled,
        faint=bool(edge.data.get("faint")),
        policies=tuple(edge.data.get("policies", ())),
        statements=tuple(edge.data["statements"]),
        path=tuple(edge.data.get("path", ())),
        narrow=tuple(edge.data.get("narrow", ())),
        narrow_lines=tuple(map(visible, edge.data.get("narrow_lines", ()))),
        width=edge.data.get("width", 0.0),
        hatched=bool(edge.data.get("hatched")),
        numbered=edge.data.get("numbered", True),
    )
