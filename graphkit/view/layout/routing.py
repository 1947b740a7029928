"""How far each edge bends: parallel, reverse and self edges apart, labels off the nodes.

A bend is a share of the distance between two nodes, positive to the left of the way from source to
target; of a self edge it is the place on the rim. The curve is the one that vis-network draws for
`curvedCW` and `curvedCCW`, so that what is measured here is what is seen.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.view.layout.boxes import Box, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_STEP = 0.2
_WIDEST = 0.9
_LEANS = (0.0, 0.08, -0.08, 0.14, -0.14, 0.2, -0.2, 0.28, -0.28, 0.36, -0.36, 0.46, -0.46)
_FITTED_UP_TO = 300
_ROUNDS = 3
_ALONG = tuple(i / 12 for i in range(2, 11))
_LOOP_REACH = 33.0

Placed = tuple[Point, Box]


@dataclass(frozen=True, slots=True)
class Line:
    """An edge to be drawn: its ends, the room of its label, and how it bends where it is alone."""

    source: str
    target: str
    label: Box
    bend: float = 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """The way a line takes, and whether there is room to show its label."""

    bend: float
    labelled: bool


def loop_angle(bend: float) -> float:
    """Return the angle at which a self edge leaves the rim of its node, over the upper half."""
    return math.pi / 2 - bend * math.pi * 1.2


def turning_point(start: Point, end: Point, bend: float) -> Point:
    """Return the control point of the quadratic curve between two points, as vis-network turns it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle, reach = bend * math.pi / 2, 0.5 + abs(bend) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return start[0] + reach * (dx * cos + dy * sin), start[1] + reach * (dy * cos - dx * sin)


def along(start: Point, via: Point, end: Point, share: float) -> Point:
    """Return the point of a quadratic curve after a share of its way."""
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def routes_of(lines: Sequence[Line], nodes: Mapping[str, Placed], *, leaning: bool = True) -> list[Route]:
    """Return the route of each line. Lines between the same two nodes always differ.

    A bundle as a whole leans to where it hides least; above a few hundred lines nobody reads each
    label, and bundles stay straight and without labels.

    Args:
        lines: The edges, the more important ones first: they get room for their labels first.
        nodes: Place and room of each node, label included.
        leaning: Whether lines may lean; where places mean something, they are straight.
    """
    ways = _Ways(lines, nodes)
    fitted = len(lines) <= _FITTED_UP_TO
    if fitted and leaning:
        for _ in range(_ROUNDS):
            for bundle in ways.bundles:
                ways.lean(bundle)
    kept = ways.with_room() if fitted else set()
    return [Route(round(ways.bend(i), 3), i in kept) for i in range(len(lines))]


class _Ways:
    """The bends so far, measured along each bundle's first direction, and where labels lie."""

    def __init__(self, lines: Sequence[Line], nodes: Mapping[str, Placed]) -> None:
        self.lines = lines
        self.nodes = nodes
        self.bundles = _bundles(lines)
        self.straight = dict(pair for bundle in self.bundles for pair in _fan(bundle, lines))
        self.bends = dict(self.straight)
        self.frame = _frame(nodes)
        self.labels = {i: self.label(i, bend) for i, bend in self.bends.items()}

    def bend(self, i: int) -> float:
        """Return a bend as seen from the source of its own line."""
        line = self.lines[i]
        return self.bends[i] if line.source <= line.target else -self.bends[i]

    def lean(self, bundle: Sequence[int]) -> None:
        """Lean a bundle to where it collides least with nodes and with the other labels."""
        first = self.lines[bundle[0]]
        if first.source == first.target:
            return
        around = _around(self.nodes[first.source][0], self.nodes[first.target][0])
        ends = {first.source, first.target}
        near = [n for name, n in self.nodes.items() if name not in ends and _shared(around, n)]
        labels = (label for i, label in self.labels.items() if i not in bundle)
        others = [label for label in labels if _shared(around, label)]

        def cost(lean: float) -> tuple[float, float]:
            hidden = sum(self.cost(i, self.straight[i] + lean, near, others) for i in bundle)
            return round(hidden + 8 * abs(lean), 3), -lean

        best = min(_LEANS, key=cost)
        self.bends.update({i: self.straight[i] + best for i in bundle})
        self.labels.update({i: self.label(i, self.bends[i]) for i in bundle})

    def cost(self, i: int, bend: float, near: Sequence[Placed], others: Sequence[Placed]) -> float:
        """Add up what a line and its label would hide."""
        line, label = self.lines[i], self.label(i, bend)
        path = [_point(line, bend, self.nodes, share) for share in _ALONG]
        ends = [self.nodes[line.source], self.nodes[line.target]]
        return (
            sum(_shared(label, other) for other in others) * 12
            + sum(_shared(label, node) for node in [*near, *ends]) * 10
            + sum(_inside(point, node) for point in path for node in near) * 4
            + self.outside(label) / 4
        )

    def label(self, i: int, bend: float) -> Placed:
        """Return where the label of a line lies."""
        return _point(self.lines[i], bend, self.nodes, 0.5), self.lines[i].label

    def outside(self, label: Placed) -> float:
        """Return how far a label lies outside the frame of all nodes."""
        ((x, y), box), (left, top, right, bottom) = label, self.frame
        across = max(left - x + box.width / 2, x + box.width / 2 - right, 0.0)
        return across + max(top - y + box.height / 2, y + box.height / 2 - bottom, 0.0)

    def with_room(self) -> set[int]:
        """Return the lines whose labels hide neither a node nor a label kept before."""
        kept: set[int] = set()
        for i, label in sorted(self.labels.items()):
            obstacles = [*self.nodes.values(), *(self.labels[j] for j in kept)]
            if not any(_shared(label, obstacle) for obstacle in obstacles):
                kept.add(i)
        return kept


def _frame(nodes: Mapping[str, Placed]) -> tuple[float, float, float, float]:
    return (
        min((x - box.width / 2 for (x, _), box in nodes.values()), default=0.0),
        min((y + box.drop - box.height / 2 for (_, y), box in nodes.values()), default=0.0),
        max((x + box.width / 2 for (x, _), box in nodes.values()), default=0.0),
        max((y + box.drop + box.height / 2 for (_, y), box in nodes.values()), default=0.0),
    )


def _bundles(lines: Iterable[Line]) -> list[list[int]]:
    """Group lines with the same two ends, whichever way they point."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        found[min(line.source, line.target), max(line.source, line.target)].append(i)
    return [found[ends] for ends in sorted(found)]


def _fan(bundle: Sequence[int], lines: Sequence[Line]) -> Iterator[tuple[int, float]]:
    """Spread a bundle evenly to both sides."""
    step = min(_STEP, 2 * _WIDEST / max(len(bundle) - 1, 1))
    if lines[bundle[0]].source == lines[bundle[0]].target:
        step = 1 / (len(bundle) + 1)
    for n, i in enumerate(bundle):
        own = lines[i].bend if lines[i].source <= lines[i].target else -lines[i].bend
        yield i, (n - (len(bundle) - 1) / 2) * step + own


def _around(one: Point, other: Point) -> Placed:
    """Return the box that a line between two points stays in, whichever way it leans."""
    (x1, y1), (x2, y2) = one, other
    reach = 0.56 * math.dist(one, other) + 120
    return ((x1 + x2) / 2, (y1 + y2) / 2), Box(abs(x1 - x2) + reach, abs(y1 - y2) + reach)


def _shared(one: Placed, other: Placed) -> float:
    """Return how much of a label another box hides, from 0 for nothing to 1.6."""
    ((x1, y1), a), ((x2, y2), b) = one, other
    across = (a.width + b.width) / 2 - abs(x1 - x2)
    down = (a.height + b.height) / 2 - abs(y1 + a.drop - y2 - b.drop)
    if across <= 0 or down <= 0:
        return 0.0
    return min(across / a.width, 1.0) * min(down / a.height, 1.0) + 0.6


def _inside(point: Point, node: Placed) -> bool:
    (x, y), box = node
    return abs(point[0] - x) < box.width / 2 and abs(point[1] - y - box.drop) < box.height / 2


def _point(line: Line, bend: float, nodes: Mapping[str, Placed], share: float) -> Point:
    """Return the point of the curve after a share of the way from source to target."""
    (x1, y1), (x2, y2) = nodes[line.source][0], nodes[line.target][0]
    if line.source == line.target:
        angle = loop_angle(bend)
        return x1 + _LOOP_REACH * math.cos(angle), y1 - _LOOP_REACH * math.sin(angle)
    if line.source > line.target:
        bend = -bend
    return along((x1, y1), turning_point((x1, y1), (x2, y2), bend), (x2, y2), share)
