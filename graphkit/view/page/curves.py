"""The way of each edge: from rim to rim, with room for the arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from graphkit.view.layout.routing import along, loop_angle, turning_point

if TYPE_CHECKING:
    from graphkit.view.drawing import Shape, Stroke
    from graphkit.view.layout.boxes import Point

ARROW = 8
_STEPS = 18
_LOOP = 16


class Curve(NamedTuple):
    """The way of an edge.

    Attributes:
        points: Start and end of a line, or start, control point and end of a quadratic curve; the two ends of a loop,
            and only one point where both nodes stand at one place.
        middle: Where its label stands; of a loop, its far end.
        loop: The radius of a loop, or 0.
    """

    points: tuple[tuple[int, int], ...]
    middle: Point
    loop: int = 0


def svg_path(curve: Curve) -> str:
    """Spell a curve as the data of an SVG path.

    >>> svg_path(Curve(((10, 0), (15, 5), (20, 0)), (15, 2.5)))
    'M10 0q5 5 10 0'
    """
    (x, y), *rest = curve.points
    if not rest:
        return f"M{x} {y}h1"
    # What follows is told from the start: fewer digits.
    way = " ".join(f"{one - x} {other - y}" for one, other in rest).replace(" -", "-")
    if curve.loop:
        return f"M{x} {y}a{curve.loop} {curve.loop} 0 1 1 {way}"
    return f"M{x} {y}{'q' if rest[1:] else 'l'}{way}"


def curve_of(stroke: Stroke, source: Shape, target: Shape) -> Curve:
    """Return the way of an edge.

    Args:
        stroke: The edge.
        source: Where it begins.
        target: Where it ends.
    """
    if source is target:
        return _loop(stroke, source)
    start, end = source.place, target.place
    if start == end:
        return Curve((start,), start)
    via = turning_point(start, end, stroke.bend)
    first = _leaves(start, via, end, source.radius + 2)
    last = 1 - _leaves(end, via, start, target.radius + ARROW)
    if first >= last:
        first, last = 0.0, 1.0
    turn = [_between(start, via, end, first, last)] if stroke.bend else []
    points = along(start, via, end, first), *turn, along(start, via, end, last)
    return Curve(tuple(map(_rounded, points)), along(start, via, end, 0.5))


def _loop(stroke: Stroke, shape: Shape) -> Curve:
    """Return a circle that leaves the rim at an angle and comes back to it."""
    angle = loop_angle(stroke.bend)
    reach = shape.radius + _LOOP * 0.6
    x, y = shape.place[0] + reach * math.cos(angle), shape.place[1] - reach * math.sin(angle)
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
