"""Boxes that must not lie on one another: how large a label is, and pushing boxes apart."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Point = tuple[float, float]

_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_BROAD = frozenset("mwMW@%—…")
_ROUNDS = 40
_GROWTH = 1.1
_AIR = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """The room something takes: its size, and how far its middle lies below its point."""

    width: float
    height: float
    drop: float = 0.0


def text_size(text: str, points: float) -> tuple[float, float]:
    """Return the width and height of a text, in pixels, rather more than less."""
    lines = text.split("\n")
    return max(map(_line_width, lines)) * points, len(lines) * points * 1.2


def _line_width(line: str) -> float:
    return sum(map(_character_width, line))


def _character_width(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.95
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.7 if character.isupper() else 0.54


def separated(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    """Push points apart until no two of their boxes touch, growing the picture when that fails."""
    roomy = _roomy(_middles(points, boxes), boxes)
    return nudged([(x, y - box.drop) for (x, y), box in zip(roomy, boxes, strict=True)], boxes)


def nudged(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    """Do the same, but leave those that are free where they are, unless pushing fails."""
    middles = _middles(points, boxes)
    while not _pushed_apart(middles, boxes):
        middles = [(x * _GROWTH, y * _GROWTH) for x, y in middles]
    return [(x, y - box.drop) for (x, y), box in zip(middles, boxes, strict=True)]


def _middles(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    return [(x, y + box.drop) for (x, y), box in zip(points, boxes, strict=True)]


def _roomy(middles: list[Point], boxes: Sequence[Box]) -> list[Point]:
    """Grow a crowded picture at once to the area that its boxes need."""
    needed = _AIR * sum(box.width * box.height for box in boxes)
    widest, highest = max(box.width for box in boxes), max(box.height for box in boxes)
    wide = max(x for x, _ in middles) - min(x for x, _ in middles) + widest
    high = max(y for _, y in middles) - min(y for _, y in middles) + highest
    factor = math.sqrt(max(needed / (wide * high), 1.0))
    return [(x * factor, y * factor) for x, y in middles]


def _pushed_apart(middles: list[Point], boxes: Sequence[Box]) -> bool:
    for _ in range(_ROUNDS):
        touching = list(_touching(middles, boxes))
        if not touching:
            return True
        for one, other in touching:
            _push(middles, boxes, one, other)
    return False


def _touching(middles: Sequence[Point], boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Sweep from left to right, comparing only boxes that share an x."""
    spans = [
        (x - box.width / 2, x + box.width / 2, y - box.height / 2, y + box.height / 2, i)
        for i, ((x, y), box) in enumerate(zip(middles, boxes, strict=True))
    ]
    spans.sort()
    open_spans: list[tuple[float, float, float, float, int]] = []
    for span in spans:
        left, _, top, bottom, this = span
        open_spans = [other for other in open_spans if other[1] > left]
        yield from ((o[4], this) for o in open_spans if o[2] < bottom and top < o[3])
        open_spans.append(span)


def _push(middles: list[Point], boxes: Sequence[Box], one: int, other: int) -> None:
    """Move two boxes apart, half each, in the direction that takes the shorter way."""
    (x1, y1), (x2, y2) = middles[one], middles[other]
    across = (boxes[one].width + boxes[other].width) / 2 - abs(x1 - x2)
    down = (boxes[one].height + boxes[other].height) / 2 - abs(y1 - y2)
    if across <= 0 or down <= 0:
        return
    step_x, step_y = (across / 2 + 0.5, 0.0) if across < down else (0.0, down / 2 + 0.5)
    step_x, step_y = math.copysign(step_x, x1 - x2), math.copysign(step_y, y1 - y2)
    middles[one] = (x1 + step_x, y1 + step_y)
    middles[other] = (x2 - step_x, y2 - step_y)
