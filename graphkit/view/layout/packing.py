"""Setting rectangles beside each other so that a screen shows all of them as large as it can."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.view.layout.boxes import Point

_FITTED_UP_TO = 60
# Of a first rectangle that holds more than so many places, only the outline counts, in so many strips.
_CORNERS_OF_UP_TO, _STRIPS = 40, 16


class Rectangle(NamedTuple):
    """A place that is taken."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: Rectangle, gap: float) -> bool:
        """Say whether two rectangles are nearer than a gap."""
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )


def packed(sizes: Sequence[Point], first: Sequence[Rectangle], shape: float, gap: float) -> list[Point]:
    """Return the upper left corners of rectangles, the first of which is at the origin.

    Args:
        sizes: Width and height of each rectangle, the largest first.
        first: What is really taken inside the first rectangle; others may fill its empty places.
        shape: Width of the screen divided by its height.
        gap: What to leave between two rectangles.
    """
    if len(sizes) > _FITTED_UP_TO:
        return _shelved(sizes, shape, gap)
    taken = list(first) if len(first) <= _CORNERS_OF_UP_TO else _strips(first)
    corners: list[Point] = [(0.0, 0.0)][: len(sizes)]
    for size in sizes[1:]:
        spots = _ranked(size, taken, sizes[0], shape, gap)
        best = next(spot for spot in spots if not _hits(spot, taken, gap))
        taken.append(best)
        corners.append((best.x, best.y))
    return corners


def _ranked(size: Point, taken: Sequence[Rectangle], first: Point, shape: float, gap: float) -> Iterator[Rectangle]:
    """Return places that begin or end where a taken rectangle does: those first that let a screen show all largest.

    Of those that do so alike, the nearest to the middle of the first rectangle comes first.
    """
    (wide, high), (left, top, across, down) = size, _frame(taken)
    right, bottom = left + across, top + down
    lefts = {0.0, right + gap, right - wide}.union(o.x + o.width + gap + 0.01 for o in taken)
    tops = {0.0, bottom + gap, bottom - high}.union(o.y + o.height + gap + 0.01 for o in taken)
    # How wide a picture is only depends on where a place begins, how high only on its top.
    wides = [(max(right, x + wide) - min(left, x), abs(x + (wide - first[0]) / 2), x) for x in lefts]
    highs = [((max(bottom, y + high) - min(top, y)) * shape, abs(y + (high - first[1]) / 2), y) for y in tops]
    spots = sorted(
        (round(max(a, b), 3), round(math.hypot(dx, dy), 3), y, x) for a, dx, x in wides for b, dy, y in highs
    )
    yield from (Rectangle(x, y, wide, high) for _, _, y, x in spots)


def _strips(first: Sequence[Rectangle]) -> list[Rectangle]:
    """Return the outline of many places, from left to right in each of a few strips: lines run between them."""
    _, top, _, height = _frame(first)
    step = height / _STRIPS
    rows = [
        (top + i * step, [one for one in first if one.touches(Rectangle(one.x, top + i * step, 1, step), 0)])
        for i in range(_STRIPS)
    ]
    frames = [(y, _frame(some)) for y, some in rows if some]
    return [Rectangle(frame.x, y, frame.width, step) for y, frame in frames]


def _hits(spot: Rectangle, taken: Sequence[Rectangle], gap: float) -> bool:
    return any(spot.touches(other, gap) for other in taken)


def _shelved(sizes: Sequence[Point], shape: float, gap: float) -> list[Point]:
    """Set rectangles in rows, in the width that lets a screen show them largest."""
    widths = sorted(set(accumulate(wide + gap for wide, _ in sizes[: _FITTED_UP_TO * 4])))
    rows = (_rows(sizes, width, gap) for width in widths)
    return min(rows, key=lambda corners: _screen(_rectangles(corners, sizes), shape), default=[])


def _rows(sizes: Sequence[Point], width: float, gap: float) -> list[Point]:
    corners: list[Point] = []
    x = y = deepest = 0.0
    for wide, high in sizes:
        if x and x + wide > width:
            x, y, deepest = 0.0, y + deepest + gap, 0.0
        corners.append((x, y))
        x, deepest = x + wide + gap, max(deepest, high)
    return corners


def _rectangles(corners: Sequence[Point], sizes: Sequence[Point]) -> list[Rectangle]:
    return [Rectangle(*corner, *size) for corner, size in zip(corners, sizes, strict=True)]


def _frame(taken: Sequence[Rectangle]) -> Rectangle:
    """Return the rectangle around all."""
    left, top = min(one.x for one in taken), min(one.y for one in taken)
    right, bottom = max(one.x + one.width for one in taken), max(one.y + one.height for one in taken)
    return Rectangle(left, top, right - left, bottom - top)


def _screen(taken: Sequence[Rectangle], shape: float) -> float:
    """Return how wide a screen of a shape must be to show all rectangles."""
    _, _, wide, high = _frame(taken)
    return round(max(wide, high * shape), 3)
