"""Bounding boxes: the size of a label, and overlap removal for small networks."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

Point = tuple[float, float]

_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_BROAD = frozenset("mwMW@%—…")
_ROUNDS = 40
_GROWTH = 1.1
_AIR = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box: its size, and how far its centre lies below its point."""

    width: float
    height: float
    drop: float = 0.0


def text_size(text: str, points: float) -> tuple[float, float]:
    """Return an upper estimate of the width and height of a text, in pixels."""
    lines = text.split("\n")
    return max(sum(map(_character_width, line)) for line in lines) * points, len(lines) * points * 1.2


@cache
def _character_width(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.95
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.7 if character.isupper() else 0.54


def frame(placed: Collection[tuple[Point, Box]]) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of boxes at their points; zeros if there are none."""
    return (
        min((x - box.width / 2 for (x, _), box in placed), default=0.0),
        min((y + box.drop - box.height / 2 for (_, y), box in placed), default=0.0),
        max((x + box.width / 2 for (x, _), box in placed), default=0.0),
        max((y + box.drop + box.height / 2 for (_, y), box in placed), default=0.0),
    )


def separated(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    """Move points apart until no two of their boxes touch, and enlarge the picture where that fails."""
    scaled = _scaled(_centres(points, boxes), boxes)
    return nudged([(x, y - box.drop) for (x, y), box in zip(scaled, boxes, strict=True)], boxes)


def nudged(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    """Move points apart without scaling first: free boxes stay in place, unless the picture has to be enlarged."""
    centres = _centres(points, boxes)
    while not _pushed_apart(centres, boxes):
        centres = [(x * _GROWTH, y * _GROWTH) for x, y in centres]
    return [(x, y - box.drop) for (x, y), box in zip(centres, boxes, strict=True)]


def _centres(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    return [(x, y + box.drop) for (x, y), box in zip(points, boxes, strict=True)]


def _scaled(centres: list[Point], boxes: Sequence[Box]) -> list[Point]:
    """Scale a dense picture to the area that its boxes need."""
    needed = _AIR * sum(box.width * box.height for box in boxes)
    widest, highest = max(box.width for box in boxes), max(box.height for box in boxes)
    wide = max(x for x, _ in centres) - min(x for x, _ in centres) + widest
    high = max(y for _, y in centres) - min(y for _, y in centres) + highest
    factor = math.sqrt(max(needed / (wide * high), 1.0))
    return [(x * factor, y * factor) for x, y in centres]


def _pushed_apart(centres: list[Point], boxes: Sequence[Box]) -> bool:
    for _ in range(_ROUNDS):
        touching = list(_touching(centres, boxes))
        if not touching:
            return True
        for one, other in touching:
            _push(centres, boxes, one, other)
    return False


def _touching(centres: Sequence[Point], boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Yield pairs of boxes that touch (a sweep from left to right)."""
    spans = [
        (x - box.width / 2, x + box.width / 2, y - box.height / 2, y + box.height / 2, i)
        for i, ((x, y), box) in enumerate(zip(centres, boxes, strict=True))
    ]
    spans.sort()
    open_spans: list[tuple[float, float, float, float, int]] = []
    for span in spans:
        left, _, top, bottom, this = span
        open_spans = [other for other in open_spans if other[1] > left]
        yield from ((o[4], this) for o in open_spans if o[2] < bottom and top < o[3])
        open_spans.append(span)


def _push(centres: list[Point], boxes: Sequence[Box], one: int, other: int) -> None:
    """Move two boxes apart, half the distance each, along the axis of the smaller overlap."""
    (x1, y1), (x2, y2) = centres[one], centres[other]
    across = (boxes[one].width + boxes[other].width) / 2 - abs(x1 - x2)
    down = (boxes[one].height + boxes[other].height) / 2 - abs(y1 - y2)
    if across <= 0 or down <= 0:
        return
    step_x, step_y = (across / 2 + 0.5, 0.0) if across < down else (0.0, down / 2 + 0.5)
    step_x, step_y = math.copysign(step_x, x1 - x2), math.copysign(step_y, y1 - y2)
    centres[one] = (x1 + step_x, y1 + step_y)
    centres[other] = (x2 - step_x, y2 - step_y)
