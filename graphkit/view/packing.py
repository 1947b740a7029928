"""Setting rectangles beside each other so that a screen shows all of them as large as it can."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.view.boxes import Point

_FITTED_UP_TO = 30
_CORNERS_OF_UP_TO = 150


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
    if len(sizes) > _FITTED_UP_TO or len(first) > _CORNERS_OF_UP_TO:
        return _shelved(sizes, shape, gap)
    taken = list(first)
    corners: list[Point] = [(0.0, 0.0)][: len(sizes)]
    for size in sizes[1:]:
        free = (spot for spot in _spots(size, taken, gap) if not _hits(spot, taken, gap))
        best = min(free, key=lambda spot: (_screen([*taken, spot], shape), spot.y, spot.x))
        taken.append(best)
        corners.append((best.x, best.y))
    return corners


def _spots(size: Point, taken: Sequence[Rectangle], gap: float) -> Iterator[Rectangle]:
    """Propose places that begin or end where a taken rectangle does."""
    wide, high = size
    right = max(other.x + other.width for other in taken)
    bottom = max(other.y + other.height for other in taken)
    lefts = {0.0, right + gap, right - wide}.union(o.x + o.width + gap + 0.01 for o in taken)
    tops = {0.0, bottom + gap, bottom - high}.union(o.y + o.height + gap + 0.01 for o in taken)
    yield from (Rectangle(x, y, wide, high) for x in sorted(lefts) for y in sorted(tops))


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


def _screen(taken: Sequence[Rectangle], shape: float) -> float:
    """Return how wide a screen of a shape must be to show all rectangles."""
    wide = max(one.x + one.width for one in taken) - min(one.x for one in taken)
    high = max(one.y + one.height for one in taken) - min(one.y for one in taken)
    return round(max(wide, high * shape), 3)
