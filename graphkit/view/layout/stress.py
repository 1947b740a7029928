"""Layout by stress minimisation: deterministic, so that the same network always gives the same picture.

Small components are laid out in plain Python by stochastic gradient descent over pairs (Zheng, Pawar, Goodman,
doi:10.1109/TVCG.2018.2859997), so that distances in the picture approach distances in the network; for far pairs,
medium components use a sample of pivots. `forces` lays out large components. Then each component is rotated so that
its longest direction is horizontal, overlaps are removed, and the components are packed side by side.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import combinations
from random import Random
from typing import TypeAlias

from graphkit.view.layout.boxes import Box, Point, frame, separated
from graphkit.view.layout.packing import Rectangle, packed

Positions: TypeAlias = "Mapping[str, tuple[int, int]]"
Distances = list[dict[int, float]]
Pairs = list[tuple[int, int, float]]

_ROUNDS, _SHUFFLED_EVERY = 30, 4
_TRIES, _TRIED_UP_TO, _FOUR = 6, 80, 4
_ALL_PAIRS_UP_TO = 250
_STRESSED_UP_TO = 320
_PIVOTS = 40
_UNIT = 125.0
_SHAPE = 1.85
_STRETCH = 2.2
_GAP = 30.0
_BUSY, _BUSIEST, _PARALLEL = 0.14, 1.0, 0.15


def arranged(boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return a position for each name such that no two boxes overlap.

    Args:
        boxes: The bounding box of each name; their order breaks ties.
        links: Pairs of names to be placed near each other; a pair may occur several times.
    """
    names = list(boxes)
    in_order = list(boxes.values())
    lengths = _lengths(names, links)
    parts = [_placed_part(part, lengths, in_order) for part in _components(lengths)]
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


def _placed_part(part: list[int], lengths: Distances, boxes: Sequence[Box]) -> dict[int, Point]:
    """Lay out one component; for a small one, choose the attempt with the fewest crossings."""
    if len(part) > _STRESSED_UP_TO:
        return _forced_part(part, lengths, boxes)
    tries = range(_TRIES if len(part) <= _TRIED_UP_TO else 1)
    drafts = [_stress_minimised(part, lengths, seed) for seed in tries]
    best = min(drafts, key=lambda draft: _crossings(part, lengths, draft)) if drafts[1:] else drafts[0]
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


def _crossings(part: list[int], lengths: Distances, points: list[Point]) -> int:
    """Count the crossings of straight edges."""
    at = dict(zip(part, points, strict=True))
    links = [(i, j) for i in part for j in lengths[i] if i < j]
    return sum(
        _cross(at[a], at[b], at[c], at[d]) for (a, b), (c, d) in combinations(links, 2) if len({a, b, c, d}) == _FOUR
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _left(a, b, c) != _left(a, b, d) and _left(c, d, a) != _left(c, d, b)


def _left(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def _stress_minimised(part: list[int], lengths: Distances, seed: int) -> list[Point]:
    """Minimise the stress of one component from random positions; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a layout, not a secret
    positions = {i: (random.random() * _UNIT, random.random() * _UNIT) for i in part}
    pairs = _pairs(part, lengths)
    longest = max((distance for _, _, distance in pairs), default=1.0)
    for turn in range(_ROUNDS):
        if turn % _SHUFFLED_EVERY == 0:
            random.shuffle(pairs)
        cooling = (0.1 / longest**2) ** (turn / (_ROUNDS - 1))
        _descend(positions, pairs, longest**2 * cooling)
    return [positions[i] for i in part]


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


def _descend(positions: dict[int, Point], pairs: Pairs, rate: float) -> None:
    """Move each pair towards its distance, near pairs with more weight."""
    for one, other, distance in pairs:
        (x1, y1), (x2, y2) = positions[one], positions[other]
        dx, dy = x1 - x2, y1 - y2
        apart = math.sqrt(dx * dx + dy * dy) or 1e-6
        pull = min(rate / (distance * distance), 1.0) * (apart - distance * _UNIT) / (2 * apart)
        positions[one] = (x1 - pull * dx, y1 - pull * dy)
        positions[other] = (x2 + pull * dx, y2 + pull * dy)


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
