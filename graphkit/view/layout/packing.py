"""Rectangle packing: place rectangles side by side so that a screen can show all of them as large as possible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from graphkit.view.layout.boxes import Point

_FITTED_UP_TO = 60
# The first rectangle is replaced by its outline, in so many strips, if it contains more rectangles than this.
_CORNERS_OF_UP_TO, _STRIPS = 40, 16


class Rectangle(NamedTuple):
    """An occupied area."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: Rectangle, gap: float) -> bool:
        """Return whether two rectangles are nearer to each other than a gap."""
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )


def packed(sizes: Sequence[Point], first: Sequence[Rectangle], shape: float, gap: float) -> list[Point]:
    """Return the upper left corners of rectangles; the first is at the origin.

    Args:
        sizes: Width and height of each rectangle, the largest first.
        first: The occupied areas inside the first rectangle; other rectangles may fill the rest of it.
        shape: Width of the screen divided by its height.
    """
    if len(sizes) > _FITTED_UP_TO:
        return _in_rows(sizes, shape, gap)
    taken = list(first) if len(first) <= _CORNERS_OF_UP_TO else _strips(first)
    corners: list[Point] = [(0.0, 0.0)][: len(sizes)]
    for size in sizes[1:]:
        spots = _ranked(size, taken, sizes[0], shape, gap)
        best = next(spot for spot in spots if not any(spot.touches(other, gap) for other in taken))
        taken.append(best)
        corners.append((best.x, best.y))
    return corners


def _ranked(size: Point, taken: Sequence[Rectangle], first: Point, shape: float, gap: float) -> Iterator[Rectangle]:
    """Yield candidate areas aligned with occupied ones, the best first: those that need the smallest screen.

    Among equals, the nearest to the middle of the first rectangle comes first.
    """
    (wide, high), (left, top, across, down) = size, _frame(taken)
    right, bottom = left + across, top + down
    lefts = {0.0, right + gap, right - wide}.union(o.x + o.width + gap + 0.01 for o in taken)
    tops = {0.0, bottom + gap, bottom - high}.union(o.y + o.height + gap + 0.01 for o in taken)
    # The width of the picture depends only on the left edge of a candidate, its height only on the top.
    wides = [(max(right, x + wide) - min(left, x), abs(x + (wide - first[0]) / 2), x) for x in lefts]
    highs = [((max(bottom, y + high) - min(top, y)) * shape, abs(y + (high - first[1]) / 2), y) for y in tops]
    spots = sorted(
        (round(max(a, b), 3), round(math.hypot(dx, dy), 3), y, x) for a, dx, x in wides for b, dy, y in highs
    )
    yield from (Rectangle(x, y, wide, high) for _, _, y, x in spots)


def _strips(first: Sequence[Rectangle]) -> list[Rectangle]:
    """Return the outline of many areas as a few horizontal strips; the space between the areas holds edges."""
    _, top, _, height = _frame(first)
    step = height / _STRIPS
    rows = [
        (top + i * step, [area for area in first if area.touches(Rectangle(area.x, top + i * step, 1, step), 0)])
        for i in range(_STRIPS)
    ]
    frames = [(y, _frame(some)) for y, some in rows if some]
    return [Rectangle(frame.x, y, frame.width, step) for y, frame in frames]


def _in_rows(sizes: Sequence[Point], shape: float, gap: float) -> list[Point]:
    """Place rectangles in rows, with the width that needs the smallest screen."""
    widths = sorted(set(accumulate(wide + gap for wide, _ in sizes[: _FITTED_UP_TO * 4])))
    rows = (_rows(sizes, width, gap) for width in widths)
    return min(rows, key=lambda corners: _screen(corners, sizes, shape), default=[])


def _rows(sizes: Sequence[Point], width: float, gap: float) -> list[Point]:
    corners: list[Point] = []
    x = y = deepest = 0.0
    for wide, high in sizes:
        if x and x + wide > width:
            x, y, deepest = 0.0, y + deepest + gap, 0.0
        corners.append((x, y))
        x, deepest = x + wide + gap, max(deepest, high)
    return corners


def _frame(taken: Sequence[Rectangle]) -> Rectangle:
    """Return the bounding box of rectangles."""
    left, top = min(area.x for area in taken), min(area.y for area in taken)
    right, bottom = max(area.x + area.width for area in taken), max(area.y + area.height for area in taken)
    return Rectangle(left, top, right - left, bottom - top)


def _screen(corners: Sequence[Point], sizes: Sequence[Point], shape: float) -> float:
    """Return the width of the smallest screen of a shape that shows all rectangles."""
    _, _, wide, high = _frame([Rectangle(*corner, *size) for corner, size in zip(corners, sizes, strict=True)])
    return round(max(wide, high * shape), 3)
