"""A picture that has grown: what was there stays, what is new stands near its neighbours."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from graphkit.model.errors import MissingExtraError
from graphkit.view.layout.boxes import Box, Point, nudged
from graphkit.view.layout.stress import Places, arranged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

# Of a picture of which less than half was there before, nothing is worth keeping.
_KNOWN = 0.5
_SWEPT_UP_TO = 2_000
# New nodes of one place go around it as the seeds of a sunflower do, so far apart.
_STEP, _TURN, _GAP = 60.0, 2.39996, 60.0


def still_known(before: Places, names: Collection[str]) -> Places:
    """Return where those were that are still there; nothing if less than half of all was there."""
    known = {name: before[name] for name in names if name in before}
    return known if len(known) >= _KNOWN * len(names) else {}


def regrown(before: Places, boxes: Mapping[str, Box], links: Sequence[tuple[str, str]]) -> Places:
    """Return a place for each name: that of before where there was one, as far as boxes allow.

    Args:
        before: Where names were, as `still_known` returns it.
        boxes: The room each name takes.
        links: Which names are to stand near each other; a link may come more than once.

    Raises:
        MissingExtraError: numpy and scipy, which a large picture needs, are not installed.
    """
    if not before:
        return arranged(boxes, links)
    placed = _beside_neighbours(before, boxes, links)
    apart = {name: box for name, box in boxes.items() if name not in placed}
    below = max(y + boxes[name].drop + boxes[name].height / 2 for name, (_, y) in placed.items()) + _GAP
    left = min(x for x, _ in placed.values())
    rest = arranged(apart, [link for link in links if apart.keys() >= {*link}])
    placed.update({name: (x + left, y + below) for name, (x, y) in rest.items()})
    return _parted({name: placed[name] for name in boxes}, boxes)


def _beside_neighbours(known: Places, boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """Place each new name in the middle of its neighbours that have a place, wave by wave."""
    near: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in links:
        near[one].add(other)
        near[other].add(one)
    placed: dict[str, Point] = dict(known)
    waiting = [name for name in boxes if name not in placed]
    number = 0
    while waiting:
        reached = {name: [placed[other] for other in sorted(near[name]) if other in placed] for name in waiting}
        wave = [name for name in waiting if reached[name]]
        if not wave:
            break
        for name in wave:
            number += 1
            placed[name] = _beside(reached[name], number)
        waiting = [name for name in waiting if name not in placed]
    return placed


def _beside(neighbours: Sequence[Point], number: int) -> Point:
    """Return a place a step away from the middle of some others, in a direction of its own."""
    x, y = (sum(axis) / len(neighbours) for axis in zip(*neighbours, strict=True))
    return x + _STEP * math.cos(number * _TURN), y + _STEP * math.sin(number * _TURN)


def _parted(placed: Mapping[str, Point], boxes: Mapping[str, Box]) -> Places:
    rooms = list(boxes.values())
    points = list(placed.values())
    found = nudged(points, rooms) if len(points) <= _SWEPT_UP_TO else _many_parted(points, rooms)
    return {name: (round(x), round(y)) for name, (x, y) in zip(placed, found, strict=True)}


def _many_parted(points: Sequence[Point], rooms: Sequence[Box]) -> list[Point]:
    try:
        from graphkit.view.layout.separation import parted_boxes
    except ImportError as error:
        raise MissingExtraError("scipy", "view") from error
    return parted_boxes(points, rooms)
