"""Where the nodes stand: worked out here once, so that a picture is the same each time.

Large components are left to `forces`. The others: stress minimisation by gradient descent over pairs
(Zheng, Pawar, Goodman, doi:10.1109/TVCG.2018.2859997) in plain Python, so that distances on paper
approach distances in the network; the middling ones use a sample of pivots for the far pairs. Then
the picture is turned to lie flat, boxes are pushed apart, and components are set side by side.
"""

from __future__ import annotations

import math
from collections import Counter
from heapq import heappop, heappush
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from graphkit.model.errors import MissingExtraError
from graphkit.view.layout.boxes import Box, Point, separated
from graphkit.view.layout.packing import Rectangle, packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Places: TypeAlias = "Mapping[str, tuple[int, int]]"
Roads = list[dict[int, float]]
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
    """Return a place for each name such that no two boxes overlap.

    Args:
        boxes: The room each name takes; their order settles ties.
        links: Which names are to stand near each other; a link may come more than once.
    """
    names = list(boxes)
    rooms = list(boxes.values())
    roads = _roads(names, links)
    parts = [_placed_part(part, roads, rooms) for part in _components(roads)]
    places = _side_by_side(sorted(parts, key=lambda part: (-len(part), min(part))), rooms)
    return {names[i]: (round(x), round(y)) for i, (x, y) in sorted(places.items())}


def _roads(names: Sequence[str], links: Iterable[tuple[str, str]]) -> Roads:
    """Return how far each node should be from its neighbours: farther between busy nodes."""
    number = {name: i for i, name in enumerate(names)}
    ends = ((number[one], number[other]) for one, other in links if one != other)
    lines = Counter((min(pair), max(pair)) for pair in ends)
    degree = Counter(end for pair in lines for end in pair)
    roads: Roads = [{} for _ in names]
    for (one, other), parallel in sorted(lines.items()):
        crowd = min(_BUSY * (min(degree[one], degree[other]) - 1), _BUSIEST)
        roads[one][other] = roads[other][one] = 1 + crowd + _PARALLEL * (parallel - 1)
    return roads


def _components(roads: Roads) -> list[list[int]]:
    seen: set[int] = set()
    parts = []
    for start in range(len(roads)):
        if start not in seen:
            part = sorted(_distances(start, roads))
            seen.update(part)
            parts.append(part)
    return parts


def _distances(start: int, roads: Roads) -> dict[int, float]:
    """Measure the shortest way from a node to each node that can be reached (Dijkstra)."""
    found: dict[int, float] = {}
    heap = [(0.0, start)]
    while heap:
        way, here = heappop(heap)
        if here not in found:
            found[here] = way
            for there, length in roads[here].items():
                if there not in found:
                    heappush(heap, (way + length, there))
    return found


def _placed_part(part: list[int], roads: Roads, rooms: Sequence[Box]) -> dict[int, Point]:
    """Place one component; of a small one, take the best of several tries."""
    if len(part) > _STRESSED_UP_TO:
        return _forced_part(part, roads, rooms)
    tries = range(_TRIES if len(part) <= _TRIED_UP_TO else 1)
    drafts = [_relaxed(part, roads, seed) for seed in tries]
    best = min(drafts, key=lambda draft: _crossings(part, roads, draft)) if drafts[1:] else drafts[0]
    points = separated(_flattened(best), [rooms[i] for i in part])
    return dict(zip(part, points, strict=True))


def _forced_part(part: list[int], roads: Roads, rooms: Sequence[Box]) -> dict[int, Point]:
    """Place a large component by forces.

    Raises:
        MissingExtraError: numpy and scipy, which do that, are not installed.
    """
    try:
        import numpy as np

        from graphkit.view.layout.forces import forced
        from graphkit.view.layout.separation import spread_out
    except ImportError as error:
        raise MissingExtraError("scipy", "view") from error
    at = {name: number for number, name in enumerate(part)}
    ends = np.array([(at[i], at[j]) for i in part for j in roads[i] if i < j], dtype=np.int64)
    turned = np.array(_flattened([(float(x), float(y)) for x, y in forced(len(part), ends)]))
    widths, heights, drops = np.array([(rooms[i].width, rooms[i].height, rooms[i].drop) for i in part]).T
    points = spread_out(turned, widths, heights)
    return {i: (float(x), float(y - drop)) for i, (x, y), drop in zip(part, points, drops, strict=True)}


def _crossings(part: list[int], roads: Roads, points: list[Point]) -> int:
    """Count the pairs of straight links that cross."""
    at = dict(zip(part, points, strict=True))
    links = [(i, j) for i in part for j in roads[i] if i < j]
    return sum(
        _cross(at[a], at[b], at[c], at[d]) for (a, b), (c, d) in combinations(links, 2) if len({a, b, c, d}) == _FOUR
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _left(a, b, c) != _left(a, b, d) and _left(c, d, a) != _left(c, d, b)


def _left(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def _relaxed(part: list[int], roads: Roads, seed: int) -> list[Point]:
    """Minimise the stress of one component, beginning at scattered places: the same for a seed."""
    chance = Random(seed)  # noqa: S311 - a layout, not a secret
    places = {i: (chance.random() * _UNIT, chance.random() * _UNIT) for i in part}
    pairs = _pairs(part, roads)
    longest = max((way for _, _, way in pairs), default=1.0)
    for turn in range(_ROUNDS):
        if turn % _SHUFFLED_EVERY == 0:
            chance.shuffle(pairs)
        cooling = (0.1 / longest**2) ** (turn / (_ROUNDS - 1))
        _descend(places, pairs, longest**2 * cooling)
    return [places[i] for i in part]


def _pairs(part: list[int], roads: Roads) -> Pairs:
    """Return pairs of nodes and their distance: all of a small component, else links and pivots."""
    if len(part) <= _ALL_PAIRS_UP_TO:
        return [(i, j, way) for i in part for j, way in _distances(i, roads).items() if i < j]
    links = [(i, j, way) for i in part for j, way in roads[i].items() if i < j]
    far = [(i, pivot, way) for pivot, ways in _pivots(part, roads) for i, way in ways.items()]
    return links + [pair for pair in far if pair[0] not in roads[pair[1]] and pair[0] != pair[1]]


def _pivots(part: list[int], roads: Roads) -> list[tuple[int, dict[int, float]]]:
    """Choose nodes far from each other, each with its distances to all."""
    nearest = dict.fromkeys(part, math.inf)
    pivots = []
    for _ in range(_PIVOTS):
        pivot = max(part, key=lambda i: (nearest[i], len(roads[i]), -i))
        ways = _distances(pivot, roads)
        nearest = {i: min(nearest[i], ways[i]) for i in part}
        pivots.append((pivot, ways))
    return pivots


def _descend(places: dict[int, Point], pairs: Pairs, rate: float) -> None:
    """Move each pair towards its distance, nearer pairs more firmly."""
    for one, other, way in pairs:
        (x1, y1), (x2, y2) = places[one], places[other]
        dx, dy = x1 - x2, y1 - y2
        apart = math.sqrt(dx * dx + dy * dy) or 1e-6
        pull = min(rate / (way * way), 1.0) * (apart - way * _UNIT) / (2 * apart)
        places[one] = (x1 - pull * dx, y1 - pull * dy)
        places[other] = (x2 + pull * dx, y2 + pull * dy)


def _flattened(points: list[Point]) -> list[Point]:
    """Turn the longest direction to the horizontal and stretch towards the shape of a screen."""
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


def _side_by_side(parts: Sequence[dict[int, Point]], rooms: Sequence[Box]) -> dict[int, Point]:
    """Set components beside the largest, which comes first, where a screen shows them largest."""
    frames = [_frame(part, rooms) for part in parts]
    sizes = [(right - left, bottom - top) for left, top, right, bottom in frames]
    corners = packed(sizes, _inside(parts[0], frames[0], rooms), _SHAPE, _GAP) if parts else []
    places: dict[int, Point] = {}
    for part, frame, (x, y) in zip(parts, frames, corners, strict=True):
        places.update({i: (px - frame[0] + x, py - frame[1] + y) for i, (px, py) in part.items()})
    return places


def _inside(
    part: Mapping[int, Point], frame: tuple[float, float, float, float], rooms: Sequence[Box]
) -> list[Rectangle]:
    """Return the rectangles of a component's boxes, measured from its upper left corner."""
    left, top, _, _ = frame
    return [
        Rectangle(
            x - rooms[i].width / 2 - left,
            y + rooms[i].drop - rooms[i].height / 2 - top,
            rooms[i].width,
            rooms[i].height,
        )
        for i, (x, y) in part.items()
    ]


def _frame(part: Mapping[int, Point], rooms: Sequence[Box]) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of a component with its boxes."""
    return (
        min(x - rooms[i].width / 2 for i, (x, _) in part.items()),
        min(y + rooms[i].drop - rooms[i].height / 2 for i, (_, y) in part.items()),
        max(x + rooms[i].width / 2 for i, (x, _) in part.items()),
        max(y + rooms[i].drop + rooms[i].height / 2 for i, (_, y) in part.items()),
    )
