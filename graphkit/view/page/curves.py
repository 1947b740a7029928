"""The curve of each edge, from rim to rim of its nodes, with space for the arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from graphkit.view.layout.routing import along, control_point, loop_angle

if TYPE_CHECKING:
    from graphkit.view.drawing import DrawnEdge, DrawnNode
    from graphkit.view.layout.boxes import Point

ARROW = 8
_STEPS = 18
_LOOP = 16


class Curve(NamedTuple):
    """The curve of an edge.

    Attributes:
        points: Start and end of a line; start, control point and end of a quadratic curve; or the two ends of a loop.
            Only one point where both nodes have the same position.
        middle: Position of its label; for a loop, its far end.
        loop: The radius of a loop, or 0.
    """

    points: tuple[tuple[int, int], ...]
    middle: Point
    loop: int = 0


def svg_path(curve: Curve) -> str:
    """Return a curve as the data of an SVG path.

    >>> svg_path(Curve(((10, 0), (15, 5), (20, 0)), (15, 2.5)))
    'M10 0q5 5 10 0'
    """
    (x, y), *rest = curve.points
    if not rest:
        return f"M{x} {y}h1"
    # Relative coordinates have fewer digits.
    more = " ".join(f"{right - x} {down - y}" for right, down in rest).replace(" -", "-")
    if curve.loop:
        return f"M{x} {y}a{curve.loop} {curve.loop} 0 1 1 {more}"
    return f"M{x} {y}{'q' if rest[1:] else 'l'}{more}"


def curve_of(edge: DrawnEdge, source: DrawnNode, target: DrawnNode) -> Curve:
    """Return the curve of an edge."""
    if source is target:
        return _loop(edge, source)
    start, end = source.position, target.position
    if start == end:
        return Curve((start,), start)
    via = control_point(start, end, edge.curvature)
    first = _leaves(start, via, end, source.radius + 2)
    last = 1 - _leaves(end, via, start, target.radius + ARROW)
    if first >= last:
        first, last = 0.0, 1.0
    turn = [_between(start, via, end, first, last)] if edge.curvature else []
    points = along(start, via, end, first), *turn, along(start, via, end, last)
    return Curve(tuple(map(_rounded, points)), along(start, via, end, 0.5))


def _loop(edge: DrawnEdge, node: DrawnNode) -> Curve:
    """Return a circle that leaves the rim at an angle and returns to it."""
    angle = loop_angle(edge.curvature)
    reach = node.radius + _LOOP * 0.6
    x, y = node.position[0] + reach * math.cos(angle), node.position[1] - reach * math.sin(angle)
    out = [
        (x + _LOOP * math.cos(angle + turn), y - _LOOP * math.sin(angle + turn))
        for turn in (math.pi * 0.7, -math.pi * 0.7)
    ]
    far = (x + _LOOP * math.cos(angle), y - _LOOP * math.sin(angle))
    return Curve(tuple(map(_rounded, out)), far, _LOOP)


def _leaves(start: Point, via: Point, end: Point, radius: float) -> float:
    """Return the share of the curve that lies within a radius of its start (bisection)."""
    inside, outside = 0.0, 0.5
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        near = math.dist(start, along(start, via, end, middle)) < radius
        inside, outside = (middle, outside) if near else (inside, middle)
    return outside


def _between(start: Point, via: Point, end: Point, first: float, last: float) -> Point:
    """Return the control point of a part of the curve (its blossom at both shares)."""
    a, b, c = (1 - first) * (1 - last), first * (1 - last) + last * (1 - first), first * last
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
