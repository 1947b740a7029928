"""Parting boxes that lie on one another, so many that only arrays are fast enough.

The picture is scaled first to the room that it needs. Then boxes grow from a third of their size to the whole of it
while those that touch move apart, half each, along the shorter way: a crowd spreads little by little, and neighbours
stay neighbours. Pairs that may touch are found in a tree, small boxes by their own small reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.view.layout.boxes import Box, Point
    from graphkit.view.layout.forces import Numbers, Points

# How many times the area of its boxes a picture takes before they are parted.
_ROOM = 4.0
_FIRST_SIZE, _GROWING, _MOST_TURNS = 0.3, 40, 600
# Every few turns the picture grows a little, and more the more boxes are still in each other's way.
_WIDENED_EVERY, _WIDER, _WIDER_FOR_ALL = 10, 0.005, 0.15
# Boxes up to so many times the median are found by their own reach, and the few larger ones one by one.
_SMALL, _AIR = 1.25, 0.5


def spread_out(places: Points, widths: Points, heights: Points) -> Points:
    """Scale places to the room that boxes need, and part those that overlap.

    Args:
        places: Middles of the boxes, of shape (n, 2).
        widths: Of the boxes.
        heights: Of the boxes.
    """
    needed = _ROOM * float((widths * heights).sum())
    span = np.maximum(places.max(axis=0) - places.min(axis=0), 1e-9)
    scaled: Points = places * np.sqrt(needed / float(span[0] * span[1]))
    return parted(scaled, widths, heights, _GROWING)


def parted_boxes(points: Sequence[Point], rooms: Sequence[Box]) -> list[Point]:
    """Push points apart until no two of their boxes overlap; those that are free stay where they are."""
    middles = np.array([(x, y + room.drop) for (x, y), room in zip(points, rooms, strict=True)])
    widths, heights = np.array([(room.width, room.height) for room in rooms]).T
    found = parted(middles, widths, heights)
    return [(float(x), float(y) - room.drop) for (x, y), room in zip(found, rooms, strict=True)]


def parted(places: Points, widths: Points, heights: Points, growing: int = 0) -> Points:
    """Push boxes apart until no two overlap; those that are free stay where they are, unless the picture must grow.

    Args:
        places: Middles of the boxes, of shape (n, 2).
        widths: Of the boxes.
        heights: Of the boxes.
        growing: In how many turns boxes reach their size.
    """
    sizes = np.column_stack([widths, heights])
    found = places
    for turn in range(_MOST_TURNS):
        part = min(_FIRST_SIZE + (1 - _FIRST_SIZE) * turn / growing, 1.0) if growing else 1.0
        shift = _shift(found, sizes * part)
        if shift is not None:
            found = found + shift
        elif part >= 1:
            break
        if shift is not None and turn > growing and turn % _WIDENED_EVERY == 0:
            found = found * (1 + _WIDER + _WIDER_FOR_ALL * float(shift.any(axis=1).mean()))
    return found


def _shift(places: Points, sizes: Points) -> Points | None:
    """Return by how much each box moves out of those on which it lies; None if no two overlap."""
    one, other = _near(places, sizes)
    apart = places[other] - places[one]
    overlap = (sizes[one] + sizes[other]) / 2 - np.abs(apart)
    hit = (overlap > 0).all(axis=1)
    if not hit.any():
        return None
    one, other, apart, overlap = one[hit], other[hit], apart[hit], overlap[hit]
    axis = (overlap[:, 1] < overlap[:, 0]).astype(np.int64)
    rows = np.arange(len(one))
    side = np.where(apart[rows, axis] >= 0, 1.0, -1.0)
    by = side * (overlap[rows, axis] / 2 + _AIR)
    ways = [np.where(axis == way, by, 0.0) for way in (0, 1)]
    count, most = len(places), float(sizes.max())
    shift = np.column_stack([np.bincount(other, way, count) - np.bincount(one, way, count) for way in ways])
    clipped: Points = np.clip(shift, -most, most)
    return clipped


def _near(places: Points, sizes: Points) -> tuple[Numbers, Numbers]:
    """Return pairs of boxes near enough to overlap, and some more, each pair once."""
    longest = sizes.max(axis=1)
    limit = _SMALL * float(np.median(longest))
    small, large = np.flatnonzero(longest <= limit), np.flatnonzero(longest > limit)
    reach = float(longest[small].max(initial=0))
    pairs = small[cKDTree(places[small]).query_pairs(reach, p=np.inf, output_type="ndarray")]
    if not len(large):
        return pairs[:, 0], pairs[:, 1]
    reaches = (longest[large] + float(longest.max())) / 2
    found = cKDTree(places).query_ball_point(places[large], reaches, p=np.inf)
    other = np.concatenate([np.array(some, dtype=np.int64) for some in found])
    one = np.repeat(large, [len(some) for some in found])
    # A pair of two large boxes is found from both of them.
    once = (longest[other] <= limit) | (one < other)
    return np.concatenate([pairs[:, 0], one[once]]), np.concatenate([pairs[:, 1], other[once]])
