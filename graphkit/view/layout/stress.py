"""Layout by stress minimisation: deterministic, so that the same network always gives the same picture.

Small components are laid out in plain Python by stochastic gradient descent over pairs (Zheng, Pawar, Goodman,
doi:10.1109/TVCG.2018.2859997), so that distances in the picture approach distances in the network; for far pairs,
medium components use a sample of pivots. `forces` lays out large components. Then each component is rotated so that
its longest direction is horizontal, overlaps are removed, and the components are packed side by side.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import accumulate, combinations
from random import Random
from typing import NamedTuple, TypeAlias

from graphkit.view.layout.boxes import Box, Point, frame, separated

Positions: TypeAlias = "Mapping[str, tuple[int, int]]"
Distances = list[dict[int, float]]
Pairs = list[tuple[int, int, float]]
_ROUNDS, _SHUFFLED_EVERY = 30, 4
_TRIES, _TRIED_UP_TO = 3, 80
_ALL_PAIRS_UP_TO = 250
_STRESSED_UP_TO = 320
_PIVOTS = 40
_UNIT = 125.0
_SHAPE = 1.85
_STRETCH = 2.2
_GAP = 30.0
_BUSY, _BUSIEST, _PARALLEL = 0.14, 1.0, 0.15
_FITTED_UP_TO = 60
# The first rectangle is replaced by its outline, in so many strips, if it contains more rectangles than this.
_CORNERS_OF_UP_TO, _STRIPS = 40, 16


def arranged(
    boxes: Mapping[str, Box], links: Iterable[tuple[str, str]], tries: int = _TRIES
) -> dict[str, tuple[int, int]]:
    """Return a position for each name such that no two boxes overlap.

    Args:
        boxes: The bounding box of each name; their order breaks ties.
        links: Pairs of names to be placed near each other; a pair may occur several times.
        tries: From how many positions a small network is laid out; the layout with the fewest crossings is returned.
    """
    names = list(boxes)
    in_order = list(boxes.values())
    lengths = _lengths(names, links)
    parts = [_placed_part(part, lengths, in_order, tries) for part in _components(lengths)]
    positions = _side_by_side(sorted(parts, key=lambda part: (-len(part), min(part))), in_order)
    return {names[i]: (round(x), round(y)) for i, (x, y) in sorted(positions.items())}


def _lengths(names: Sequence[str], links: Iterable[tuple[str, str]]) -> Distances:
    """Return the wanted distance of each node to its neighbours: longer between nodes of high degree."""
    number = {name: i for i, name in enumerate(names)}
    ends = ((number[one], number[other]) for one, other in links if one != other)
    lines = Counter((min(pair), max(pair)) for pair in ends)
    degree = Counter(end for pair in lines for end in pair)
    lengths: Distances = [{} for _ in names]
    for (one, other), parallel in sorted(lines.items()):
        crowd = min(_BUSY * (min(degree[one], degree[other]) - 1), _BUSIEST)
        lengths[one][other] = lengths[other][one] = 1 + crowd + _PARALLEL * (parallel - 1)
    return lengths


def _components(lengths: Distances) -> list[list[int]]:
    seen: set[int] = set()
    parts = []
    for start in range(len(lengths)):
        if start not in seen:
            part = sorted(_distances(start, lengths))
            seen.update(part)
            parts.append(part)
    return parts


def _distances(start: int, lengths: Distances) -> dict[int, float]:
    """Return the length of the shortest path from a node to each node of its component (Dijkstra)."""
    found: dict[int, float] = {}
    heap = [(0.0, start)]
    while heap:
        distance, here = heappop(heap)
        if here not in found:
            found[here] = distance
            for there, length in lengths[here].items():
                if there not in found:
                    heappush(heap, (distance + length, there))
    return found


def _placed_part(part: list[int], lengths: Distances, boxes: Sequence[Box], tries: int) -> dict[int, Point]:
    """Lay out one component; for a small one, choose the attempt with the fewest crossings."""
    if len(part) > _STRESSED_UP_TO:
        return _forced_part(part, lengths, boxes)
    at = {i: number for number, i in enumerate(part)}
    pairs = [(at[i], at[j], distance) for i, j, distance in _pairs(part, lengths)]
    drafts = [
        _stress_minimised(len(part), list(pairs), seed) for seed in range(tries if len(part) <= _TRIED_UP_TO else 1)
    ]
    links = [(at[i], at[j]) for i in part for j in lengths[i] if i < j]
    best = min(drafts, key=lambda draft: _crossings(links, draft)) if drafts[1:] else drafts[0]
    points = separated(_flattened(best), [boxes[i] for i in part])
    return dict(zip(part, points, strict=True))


def _forced_part(part: list[int], lengths: Distances, boxes: Sequence[Box]) -> dict[int, Point]:
    """Lay out a large component by forces."""
    import numpy as np  # takes longer to import than a small network to lay out

    from graphkit.view.layout.forces import force_directed
    from graphkit.view.layout.overlap import scaled_apart

    at = {name: number for number, name in enumerate(part)}
    ends = np.array([(at[i], at[j]) for i in part for j in lengths[i] if i < j], dtype=np.int64)
    turned = np.array(_flattened([(float(x), float(y)) for x, y in force_directed(len(part), ends)]))
    widths, heights, drops = np.array([(boxes[i].width, boxes[i].height, boxes[i].drop) for i in part]).T
    points = scaled_apart(turned, widths, heights)
    return {i: (float(x), float(y - drop)) for i, (x, y), drop in zip(part, points, drops, strict=True)}


def _crossings(links: Sequence[tuple[int, int]], points: Sequence[Point]) -> int:
    """Count the crossings of straight edges."""
    lines = [(one, other, points[one], points[other]) for one, other in links]
    return sum(
        _left(a, b, c) != _left(a, b, d) and _left(c, d, a) != _left(c, d, b)
        for (one, other, a, b), (start, end, c, d) in combinations(lines, 2)
        if one not in (start, end) and other not in (start, end)
    )


def _left(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def _stress_minimised(count: int, pairs: Pairs, seed: int) -> list[Point]:
    """Minimise the stress of one component from random positions; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    positions = [complex(random.random() * _UNIT, random.random() * _UNIT) for _ in range(count)]
    longest = max((distance for _, _, distance in pairs), default=1.0)
    for turn in range(_ROUNDS):
        if turn % _SHUFFLED_EVERY == 0:
            random.shuffle(pairs)
        cooling = (0.1 / longest**2) ** (turn / (_ROUNDS - 1))
        _descend(positions, pairs, longest**2 * cooling)
    return [(position.real, position.imag) for position in positions]


def _pairs(part: list[int], lengths: Distances) -> Pairs:
    """Return pairs of nodes with their distance: all pairs of a small component, else neighbours and pivots."""
    if len(part) <= _ALL_PAIRS_UP_TO:
        return [(i, j, distance) for i in part for j, distance in _distances(i, lengths).items() if i < j]
    links = [(i, j, distance) for i in part for j, distance in lengths[i].items() if i < j]
    far = [(i, pivot, distance) for pivot, distances in _pivots(part, lengths) for i, distance in distances.items()]
    return links + [pair for pair in far if pair[0] not in lengths[pair[1]] and pair[0] != pair[1]]


def _pivots(part: list[int], lengths: Distances) -> list[tuple[int, dict[int, float]]]:
    """Choose nodes far from each other, each with its distances to all nodes."""
    nearest = dict.fromkeys(part, math.inf)
    pivots = []
    for _ in range(_PIVOTS):
        pivot = max(part, key=lambda i: (nearest[i], len(lengths[i]), -i))
        distances = _distances(pivot, lengths)
        nearest = {i: min(nearest[i], distances[i]) for i in part}
        pivots.append((pivot, distances))
    return pivots


def _descend(positions: list[complex], pairs: Pairs, rate: float) -> None:
    """Move each pair towards its distance, near pairs with more weight; a call of `min` would take a quarter longer."""
    sqrt = math.sqrt
    for one, other, distance in pairs:
        way = positions[one] - positions[other]
        x, y = way.real, way.imag
        apart = sqrt(x * x + y * y) or 1e-6
        share = rate / (distance * distance)
        way *= (share if share < 1.0 else 1.0) * (apart - distance * _UNIT) / (2 * apart)  # noqa: FURB136
        positions[one] -= way
        positions[other] += way


def _flattened(points: list[Point]) -> list[Point]:
    """Rotate the longest direction to the horizontal and stretch towards the proportions of a screen."""
    turned = _turned(points)
    wide = max(x for x, _ in turned) - min(x for x, _ in turned)
    high = max(y for _, y in turned) - min(y for _, y in turned)
    wanted = _SHAPE * max(high, 1.0) / max(wide, 1.0)
    factor = math.sqrt(min(max(wanted, 1 / _STRETCH), _STRETCH))
    return [(x * factor, y / factor) for x, y in turned]


def _turned(points: list[Point]) -> list[Point]:
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    moved = [(x - middle_x, y - middle_y) for x, y in points]
    slope = 2 * sum(x * y for x, y in moved)
    angle = math.atan2(slope, sum(x * x - y * y for x, y in moved)) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return [(x * cos + y * sin, y * cos - x * sin) for x, y in moved]


def _side_by_side(parts: Sequence[dict[int, Point]], boxes: Sequence[Box]) -> dict[int, Point]:
    """Pack components around the largest, which comes first, so that a screen shows them as large as possible."""
    frames = [frame([(point, boxes[i]) for i, point in part.items()]) for part in parts]
    sizes = [(right - left, bottom - top) for left, top, right, bottom in frames]
    corners = packed(sizes, _inside(parts[0], frames[0][:2], boxes), _SHAPE, _GAP) if parts else []
    positions: dict[int, Point] = {}
    for part, (left, top, *_), (x, y) in zip(parts, frames, corners, strict=True):
        positions.update({i: (px - left + x, py - top + y) for i, (px, py) in part.items()})
    return positions


def _inside(part: Mapping[int, Point], corner: Point, boxes: Sequence[Box]) -> list[Rectangle]:
    """Return the boxes of a component as rectangles, relative to its upper left corner."""
    left, top = corner
    return [
        Rectangle(
            x - boxes[i].width / 2 - left,
            y + boxes[i].drop - boxes[i].height / 2 - top,
            boxes[i].width,
            boxes[i].height,
        )
        for i, (x, y) in part.items()
    ]


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
