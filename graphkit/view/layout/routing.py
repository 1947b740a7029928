"""Edge routing: the curvature of each edge, so that parallel edges and self-loops differ and labels avoid the nodes.

Curvature is a share of the distance between two nodes, positive to the left of the direction from source to target; for
a self-loop it is the position on the rim of the node. The curve is the one that vis-network draws for `curvedCW` and
`curvedCCW`, so that both engines draw what is measured here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphkit.view.layout.boxes import Box, Point, frame

_STEP = 0.2
_WIDEST = 0.9
LEANS = (0.0, 0.08, -0.08, 0.14, -0.14, 0.2, -0.2, 0.28, -0.28, 0.36, -0.36, 0.46, -0.46)
_FITTED_UP_TO = 300
_ROUNDS = 3
_ALONG = tuple(i / 12 for i in range(2, 11))
_LOOP_REACH = 33.0

Placed = tuple[Point, Box]


@dataclass(frozen=True, slots=True)
class Connector:
    """An edge to be routed: its ends, the box of its label, and its curvature if it has no parallel edge."""

    source: str
    target: str
    label: Box
    curvature: float = 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """The curvature of an edge, and whether there is space for its label."""

    curvature: float
    labelled: bool


def loop_angle(curvature: float) -> float:
    """Return the angle at which a self-loop leaves the upper half of the rim of its node."""
    return math.pi / 2 - curvature * math.pi * 1.2


def control_point(start: Point, end: Point, curvature: float) -> Point:
    """Return the control point of the quadratic curve between two points, as vis-network computes it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle, reach = curvature * math.pi / 2, 0.5 + abs(curvature) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return start[0] + reach * (dx * cos + dy * sin), start[1] + reach * (dy * cos - dx * sin)


def along(start: Point, via: Point, end: Point, share: float) -> Point:
    """Return the point of a quadratic curve after a share of its length."""
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def routes_of(connectors: Sequence[Connector], nodes: Mapping[str, Placed], *, leaning: bool = True) -> list[Route]:
    """Return the route of each edge. Edges between the same two nodes always differ.

    The edges between two nodes are bent together so that they hide as little as possible. In networks of more than a
    few hundred edges, too many to read one by one, edges stay straight and without labels.

    Args:
        connectors: The edges, in the order in which they get space for their labels.
        nodes: Position and box of each node, label included.
        leaning: Whether edges may be bent to avoid nodes; where positions have a meaning, they stay straight.
    """
    router = _Router(connectors, nodes)
    fitted = len(connectors) <= _FITTED_UP_TO
    if fitted and leaning:
        for _ in range(_ROUNDS):
            for bundle in router.bundles:
                router.lean(bundle)
    kept = router.with_space() if fitted else set()
    return [Route(round(router.curvature(i), 3), i in kept) for i in range(len(connectors))]


class _Router:
    """The curvatures so far, measured from the lesser to the greater name of the two ends, and the labels."""

    def __init__(self, connectors: Sequence[Connector], nodes: Mapping[str, Placed]) -> None:
        self.connectors = connectors
        self.nodes = nodes
        self.bundles = _bundles(connectors)
        self.initial = dict(pair for bundle in self.bundles for pair in _fan(bundle, connectors))
        self.curvatures = dict(self.initial)
        self.frame = frame(nodes.values())
        self.labels = {i: self.label(i, curvature) for i, curvature in self.curvatures.items()}

    def curvature(self, i: int) -> float:
        """Return a curvature as seen from the source of the edge."""
        connector = self.connectors[i]
        return self.curvatures[i] if connector.source <= connector.target else -self.curvatures[i]

    def lean(self, bundle: Sequence[int]) -> None:
        """Bend the edges of a bundle so that they cover as little as possible of nodes and other labels."""
        first = self.connectors[bundle[0]]
        if first.source == first.target:
            return
        around = _around(self.nodes[first.source][0], self.nodes[first.target][0])
        ends = {first.source, first.target}
        near = [n for name, n in self.nodes.items() if name not in ends and _shared(around, n)]
        labels = (label for i, label in self.labels.items() if i not in bundle)
        others = [label for label in labels if _shared(around, label)]

        def cost(lean: float) -> tuple[float, float]:
            hidden = sum(self.cost(i, self.initial[i] + lean, near, others) for i in bundle)
            return round(hidden + 8 * abs(lean), 3), -lean

        best = min(LEANS, key=cost)
        self.curvatures.update({i: self.initial[i] + best for i in bundle})
        self.labels.update({i: self.label(i, self.curvatures[i]) for i in bundle})

    def cost(self, i: int, curvature: float, near: Sequence[Placed], others: Sequence[Placed]) -> float:
        """Return the cost of what an edge and its label would hide."""
        connector, label = self.connectors[i], self.label(i, curvature)
        path = [_point(connector, curvature, self.nodes, share) for share in _ALONG]
        ends = [self.nodes[connector.source], self.nodes[connector.target]]
        return (
            sum(_shared(label, other) for other in others) * 12
            + sum(_shared(label, node) for node in [*near, *ends]) * 10
            + sum(_inside(point, node) for point in path for node in near) * 4
            + self.outside(label) / 4
        )

    def label(self, i: int, curvature: float) -> Placed:
        """Return the position and box of the label of an edge."""
        return _point(self.connectors[i], curvature, self.nodes, 0.5), self.connectors[i].label

    def outside(self, label: Placed) -> float:
        """Return how far a label extends beyond the frame of all nodes."""
        ((x, y), box), (left, top, right, bottom) = label, self.frame
        across = max(left - x + box.width / 2, x + box.width / 2 - right, 0.0)
        return across + max(top - y + box.height / 2, y + box.height / 2 - bottom, 0.0)

    def with_space(self) -> set[int]:
        """Return the edges whose labels hide neither a node nor an earlier label."""
        kept: set[int] = set()
        for i, label in sorted(self.labels.items()):
            obstacles = [*self.nodes.values(), *(self.labels[j] for j in kept)]
            if not any(_shared(label, obstacle) for obstacle in obstacles):
                kept.add(i)
        return kept


def _bundles(connectors: Iterable[Connector]) -> list[list[int]]:
    """Group edges by their two ends, in either direction."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, connector in enumerate(connectors):
        found[min(connector.source, connector.target), max(connector.source, connector.target)].append(i)
    return [found[ends] for ends in sorted(found)]


def _fan(bundle: Sequence[int], connectors: Sequence[Connector]) -> Iterator[tuple[int, float]]:
    """Yield evenly spread curvatures for the edges of a bundle."""
    step = min(_STEP, 2 * _WIDEST / max(len(bundle) - 1, 1))
    if connectors[bundle[0]].source == connectors[bundle[0]].target:
        step = 1 / (len(bundle) + 1)
    for n, i in enumerate(bundle):
        own = connectors[i].curvature if connectors[i].source <= connectors[i].target else -connectors[i].curvature
        yield i, (n - (len(bundle) - 1) / 2) * step + own


def _around(one: Point, other: Point) -> Placed:
    """Return a box that contains an edge between two points for each curvature that is tried."""
    (x1, y1), (x2, y2) = one, other
    reach = 0.56 * math.dist(one, other) + 120
    return ((x1 + x2) / 2, (y1 + y2) / 2), Box(abs(x1 - x2) + reach, abs(y1 - y2) + reach)


def _shared(one: Placed, other: Placed) -> float:
    """Return the share of a label that another box hides, plus 0.6 if there is any: from 0 to 1.6."""
    ((x1, y1), a), ((x2, y2), b) = one, other
    across = (a.width + b.width) / 2 - abs(x1 - x2)
    down = (a.height + b.height) / 2 - abs(y1 + a.drop - y2 - b.drop)
    if across <= 0 or down <= 0:
        return 0.0
    return min(across / a.width, 1.0) * min(down / a.height, 1.0) + 0.6


def _inside(point: Point, node: Placed) -> bool:
    (x, y), box = node
    return abs(point[0] - x) < box.width / 2 and abs(point[1] - y - box.drop) < box.height / 2


def _point(connector: Connector, curvature: float, nodes: Mapping[str, Placed], share: float) -> Point:
    """Return the point of an edge after a share of its length from source to target."""
    (x1, y1), (x2, y2) = nodes[connector.source][0], nodes[connector.target][0]
    if connector.source == connector.target:
        angle = loop_angle(curvature)
        return x1 + _LOOP_REACH * math.cos(angle), y1 - _LOOP_REACH * math.sin(angle)
    if connector.source > connector.target:
        curvature = -curvature
    return along((x1, y1), control_point((x1, y1), (x2, y2), curvature), (x2, y2), share)
