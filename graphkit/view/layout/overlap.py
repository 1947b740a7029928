"""Overlap removal for large networks, on arrays.

The picture is first scaled to the area that its boxes need. Then the boxes grow from a third of their size to their
full size while overlapping boxes move apart, half the distance each, along the shorter axis: dense areas spread
gradually and neighbours stay neighbours. A k-d tree finds the pairs that may overlap, small boxes in a small radius.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from graphkit.view.layout.boxes import Box, Point
from graphkit.view.layout.forces import Numbers, Points

# Area of the picture before overlap removal, as a multiple of the area of its boxes.
_AREA = 4.0
_FIRST_SIZE, _GROWING, _MOST_ROUNDS = 0.3, 40, 600
# Every few rounds the picture grows a little, and the more so the more boxes still overlap.
_WIDENED_EVERY, _WIDER, _WIDER_FOR_ALL = 10, 0.005, 0.15
# Boxes up to this multiple of the median size are searched within their own radius, the few larger ones individually.
_SMALL, _AIR = 1.25, 0.5


def scaled_apart(centres: Points, widths: Points, heights: Points) -> Points:
    """Scale centres, of shape (n, 2), to the area that their boxes need, and move overlapping boxes apart."""
    needed = _AREA * float((widths * heights).sum())
    span = np.maximum(centres.max(axis=0) - centres.min(axis=0), 1e-9)
    scaled: Points = centres * np.sqrt(needed / float(span[0] * span[1]))
    return moved_apart(scaled, widths, heights, _GROWING)


def without_overlap(points: Sequence[Point], boxes: Sequence[Box]) -> list[Point]:
    """Move points apart until no two of their boxes overlap; free boxes stay where they are."""
    centres = np.array([(x, y + box.drop) for (x, y), box in zip(points, boxes, strict=True)])
    widths, heights = np.array([(box.width, box.height) for box in boxes]).T
    found = moved_apart(centres, widths, heights)
    return [(float(x), float(y) - box.drop) for (x, y), box in zip(found, boxes, strict=True)]


def moved_apart(centres: Points, widths: Points, heights: Points, growing: int = 0) -> Points:
    """Move boxes apart until no two overlap; free boxes stay where they are, unless the picture has to grow.

    Args:
        centres: Centres of the boxes, of shape (n, 2).
        growing: Number of rounds after which boxes have their full size.
    """
    sizes = np.column_stack([widths, heights])
    found = centres
    for step in range(_MOST_ROUNDS):
        part = min(_FIRST_SIZE + (1 - _FIRST_SIZE) * step / growing, 1.0) if growing else 1.0
        shift = _shift(found, sizes * part)
        if shift is not None:
            found = found + shift
        elif part >= 1:
            break
        if shift is not None and step > growing and step % _WIDENED_EVERY == 0:
            found = found * (1 + _WIDER + _WIDER_FOR_ALL * float(shift.any(axis=1).mean()))
    return found


def _shift(centres: Points, sizes: Points) -> Points | None:
    """Return the displacement of each box out of the boxes that it overlaps; None if no two overlap."""
    one, other = _near(centres, sizes)
    apart = centres[other] - centres[one]
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
    count, most = len(centres), float(sizes.max())
    shift = np.column_stack([np.bincount(other, way, count) - np.bincount(one, way, count) for way in ways])
    clipped: Points = np.clip(shift, -most, most)
    return clipped


def _near(centres: Points, sizes: Points) -> tuple[Numbers, Numbers]:
    """Return all pairs of boxes that may overlap, each pair once."""
    longest = sizes.max(axis=1)
    limit = _SMALL * float(np.median(longest))
    small, large = np.flatnonzero(longest <= limit), np.flatnonzero(longest > limit)
    reach = float(longest[small].max(initial=0))
    pairs = small[cKDTree(centres[small]).query_pairs(reach, p=np.inf, output_type="ndarray")]
    if not len(large):
        return pairs[:, 0], pairs[:, 1]
    reaches = (longest[large] + float(longest.max())) / 2
    found = cKDTree(centres).query_ball_point(centres[large], reaches, p=np.inf)
    other = np.concatenate([np.array(some, dtype=np.int64) for some in found])
    one = np.repeat(large, [len(some) for some in found])
    # A pair of two large boxes is found from both sides.
    once = (longest[other] <= limit) | (one < other)
    return np.concatenate([pairs[:, 0], one[once]]), np.concatenate([pairs[:, 1], other[once]])
