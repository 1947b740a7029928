"""The way of each edge as SVG writes it: from rim to rim, with room for the arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.view.bends import loop_angle, turning_point

if TYPE_CHECKING:
    from graphkit.view.boxes import Point
    from graphkit.view.drawing import Shape, Stroke

ARROW = 8
_STEPS = 18
_LOOP = 16


def path_of(stroke: Stroke, source: Shape, target: Shape) -> tuple[str, Point]:
    """Return the path of an edge, and the point where its label stands.

    Args:
        stroke: The edge.
        source: Where it begins.
        target: Where it ends.
    """
    if source is target:
        return _loop(stroke, source)
    start, end = source.place, target.place
    if start == end:
        return f"M{start[0]} {start[1]}h1", start
    via = turning_point(start, end, stroke.bend)
    first = _leaves(start, via, end, source.radius + 2)
    last = 1 - _leaves(end, via, start, target.radius + ARROW)
    if first >= last:
        first, last = 0.0, 1.0
    a, b = _at(start, via, end, first), _at(start, via, end, last)
    middle = _at(start, via, end, 0.5)
    if not stroke.bend:
        return f"M{_xy(a)}L{_xy(b)}", middle
    return f"M{_xy(a)}Q{_xy(_between(start, via, end, first, last))} {_xy(b)}", middle


def _loop(stroke: Stroke, shape: Shape) -> tuple[str, Point]:
    """Return a circle that leaves the rim at an angle and comes back to it."""
    angle = loop_angle(stroke.bend)
    reach = shape.radius + _LOOP * 0.6
    x, y = shape.place[0] + reach * math.cos(angle), shape.place[1] - reach * math.sin(angle)
    out = [
        (x + _LOOP * math.cos(angle + turn), y - _LOOP * math.sin(angle + turn))
        for turn in (math.pi * 0.7, -math.pi * 0.7)
    ]
    far = (x + _LOOP * math.cos(angle), y - _LOOP * math.sin(angle))
    return f"M{_xy(out[0])}A{_LOOP} {_LOOP} 0 1 1 {_xy(out[1])}", far


def _leaves(start: Point, via: Point, end: Point, radius: float) -> float:
    """Return the share of the curve that lies within a radius of its start (bisection)."""
    inside, outside = 0.0, 0.5
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        near = math.dist(start, _at(start, via, end, middle)) < radius
        inside, outside = (middle, outside) if near else (inside, middle)
    return outside


def _at(start: Point, via: Point, end: Point, share: float) -> Point:
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def _between(start: Point, via: Point, end: Point, first: float, last: float) -> Point:
    """Return the control point of a part of the curve (its blossom at both shares)."""
    a, b, c = (1 - first) * (1 - last), first * (1 - last) + last * (1 - first), first * last
    return a * start[0] + b * via[0] + c * end[0], a * start[1] + b * via[1] + c * end[1]


def _xy(point: Point) -> str:
    return f"{round(point[0])} {round(point[1])}"
