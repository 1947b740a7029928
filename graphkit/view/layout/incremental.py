"""Incremental layout: known nodes keep their positions, new nodes are placed near their neighbours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from graphkit.view.layout.boxes import Box, Point, nudged
from graphkit.view.layout.stress import Positions, arranged

# If less than this share of the nodes is known, the whole network is laid out afresh.
_KNOWN = 0.5
_SWEPT_UP_TO = 2_000
# New nodes with the same neighbours are placed in a spiral around them: distance, angle, and gap below the picture.
_STEP, _TURN, _GAP = 60.0, 2.39996, 60.0


def known_positions(before: Positions, names: Collection[str]) -> Positions:
    """Return the earlier positions of the names that had one; nothing if fewer than half of them did."""
    known = {name: before[name] for name in names if name in before}
    return known if len(known) >= _KNOWN * len(names) else {}


def updated_positions(before: Positions, boxes: Mapping[str, Box], links: Sequence[tuple[str, str]]) -> Positions:
    """Return a position for each name: its earlier one, as far as the boxes do not overlap.

    Args:
        before: Earlier positions, as `known_positions` returns them.
        links: Pairs of names to be placed near each other; a pair may occur several times.
    """
    if not before:
        return arranged(boxes, links)
    placed = _beside_neighbours(before, boxes, links)
    apart = {name: box for name, box in boxes.items() if name not in placed}
    below = max(y + boxes[name].drop + boxes[name].height / 2 for name, (_, y) in placed.items()) + _GAP
    left = min(x for x, _ in placed.values())
    rest = arranged(apart, [link for link in links if apart.keys() >= {*link}])
    placed.update({name: (x + left, y + below) for name, (x, y) in rest.items()})
    return _without_overlap({name: placed[name] for name in boxes}, boxes)


def _beside_neighbours(
    known: Positions, boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]
) -> dict[str, Point]:
    """Place new names near those of their neighbours that have a position, then the neighbours of these, and so on."""
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
    """Return a point one step from the middle of some points, in a direction that differs for each number."""
    x, y = (sum(axis) / len(neighbours) for axis in zip(*neighbours, strict=True))
    return x + _STEP * math.cos(number * _TURN), y + _STEP * math.sin(number * _TURN)


def _without_overlap(placed: Mapping[str, Point], boxes: Mapping[str, Box]) -> Positions:
    in_order, points = list(boxes.values()), list(placed.values())
    found = nudged(points, in_order) if len(points) <= _SWEPT_UP_TO else _many_without_overlap(points, in_order)
    return {name: (round(x), round(y)) for name, (x, y) in zip(placed, found, strict=True)}


def _many_without_overlap(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    from graphkit.view.layout.overlap import without_overlap

    return without_overlap(points, boxes)
