"""Layout of a small network in a frame: names off each other, few crossings, few lines over names, and no dense area.

Positions of another layout are spread over the frame, and their boxes moved apart. Then one node after the other moves
to the best of some positions at which its box is free. At last, lines that run over a mark are bent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphkit.view.layout.routing import LEANS, along, control_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphkit.view.layout.boxes import Box, Point
    from graphkit.view.layout.forces import Numbers, Points

# Rounds in which boxes move apart, and in which each node moves; how many positions it tries all over the frame, and
# half as many near it; for how many of these crossings are counted; what near is, and the least length of a line.
_ROUNDS, _PASSES, _SPOTS, _BEST, _NEAR, _TINY = 120, 4, 100, 25, 40, 1e-9
_EVERYWHERE = np.mgrid[0:1:60j, 0:1:60j].reshape(2, -1)
# Up to this number of nodes there are several searches, at most so many, and the best result counts.
_NODES, _SEARCHES = 100, 10
# The cost of a box on another, of a crossing, of a line over a box, of a pixel of a line, and of another node in the
# same column or row.
_OVERLAP, _CROSSING, _OVER, _LONG, _DENSE = 10, 2.0, 1.0, 0.004, 0.4
# The share of a frame that is a column or a row, and that of positions spread by their rank.
_STRIP, _RANKED = 0.06, 0.6
# The parts of a line between its nodes that are measured, how far its middle is from others and it is from a mark, and
# the length of its arrow.
_PARTS, _FREE, _GAP, _ARROW = 12, 14, 4, 8


def fitted(
    points: Sequence[Point], boxes: Sequence[Box], links: Sequence[tuple[int, int]], frame: Point
) -> list[Point]:
    """Return points whose boxes are inside a frame and off each other, as far as it has space for all of them.

    Args:
        points: Where nodes are in another layout.
        links: The numbers of pairs of nodes that a line joins.
    """
    drops = np.array([(0.0, box.drop) for box in boxes])
    sizes, most = np.array([(box.width, box.height) for box in boxes]), np.array(frame)
    start = np.array(points, dtype=float) + drops
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    found = []
    for seed in range(min(max(_NODES // len(boxes), 1), _SEARCHES)):
        # Other layouts are wide; in a high frame, and as a second start, their axes are swapped.
        turned = start[:, ::-1] if (frame[1] > frame[0]) != bool(seed % 2) else start
        centres = _pushed(_spread(turned, sizes, most), sizes, most)
        found.append(_Search(centres, (sizes, drops), ends, most, seed).run())
    best, _ = min(found, key=lambda one: one[1])
    return [(float(x), float(y)) for x, y in _stretched(best, sizes, most) - drops]


def cleared(
    links: Sequence[tuple[int, int]], bends: Sequence[float], points: Sequence[Point], radii: Sequence[int]
) -> list[float]:
    """Return the curvature of each line, another one if the line runs over a mark or its middle is on that of another.

    No line gets more crossings.

    Args:
        links: The numbers of the two nodes of each line.
        bends: The curvatures so far.
        points: The middles of marks.
        radii: Their sizes.
    """
    marks, reach = np.array(points, dtype=float), np.array(radii) + _GAP
    paths = np.array([_path(link, bend, points, radii) for link, bend in zip(links, bends, strict=True)])
    found = list(bends)

    def cost(i: int, path: Points) -> tuple[Numbers, int]:
        """Return how often a line crosses each other line, and how many marks and middles are on it."""
        others = np.arange(len(links)) != i
        start, end = path[:-1].T[:, :, None], path[1:].T[:, :, None]
        one, other = (paths[others, part].reshape(-1, 2).T[:, None] for part in (slice(-1), slice(1, None)))
        free = np.setdiff1d(np.arange(len(marks)), links[i])
        on = int((_distance(start, end, marks[free].T[:, None]) < reach[free]).any(axis=0).sum())
        middles = paths[others, _PARTS // 2] - path[_PARTS // 2]
        crossed = _crossed(start, end, one, other).sum(axis=0).reshape(-1, _PARTS).sum(axis=1)
        return crossed, on + int((np.hypot(*middles.T) < _FREE).sum())

    for i, link in enumerate(links):
        crossings, hidden = cost(i, paths[i])
        for lean in LEANS[1:] if hidden else ():
            path = _path(link, bends[i] + lean, points, radii)
            now = cost(i, path)
            if (now[0] <= crossings).all() and now[1] < hidden:
                hidden, found[i], paths[i] = now[1], round(bends[i] + lean, 3), path
    return found


def _path(link: tuple[int, int], bend: float, points: Sequence[Point], radii: Sequence[int]) -> Points:
    """Return points of a line between the marks of its nodes."""
    start, end = (points[i] for i in link)
    via, far = control_point(start, end, bend), max(float(np.hypot(end[0] - start[0], end[1] - start[1])), 1.0)
    shares = np.linspace((radii[link[0]] + 2) / far, 1 - (radii[link[1]] + _ARROW) / far, _PARTS + 1)
    return np.array([along(start, via, end, share) for share in shares])


def _distance(start: Points, end: Points, point: Points) -> Points:
    """Return the distance of points from lines."""
    way = end - start
    share = np.clip(((point - start) * way).sum(axis=0) / np.maximum((way**2).sum(axis=0), _TINY), 0, 1)
    return np.asarray(np.hypot(*(start + share * way - point)))


def _spread(centres: Points, sizes: Points, frame: Points) -> Points:
    """Return centres over the whole frame, partly by their rank, so that no column or row has most of them."""
    low, high = centres.min(axis=0), centres.max(axis=0)
    shares = (centres - low) / np.maximum(high - low, 1)
    ranks = np.argsort(np.argsort(centres, axis=0, kind="stable"), axis=0) / max(len(centres) - 1, 1)
    return np.asarray(sizes / 2 + (_RANKED * ranks + (1 - _RANKED) * shares) * (frame - sizes))


def _pushed(centres: Points, sizes: Points, frame: Points) -> Points:
    """Move overlapping boxes apart inside a frame, along the axis of the smaller overlap."""
    half, count = (sizes[:, None] + sizes[None]) / 2, len(centres)
    order = np.sign(np.arange(count)[:, None] - np.arange(count)[None])[:, :, None]
    for _ in range(_ROUNDS):
        apart = centres[:, None] - centres[None]
        overlap = half - np.abs(apart)
        hit = (overlap > 0).all(axis=2) & (order[:, :, 0] != 0)
        if not hit.any():
            break
        across = overlap[:, :, 0] < overlap[:, :, 1]
        step = np.where(apart, np.sign(apart), order) * (overlap * 0.35 + 0.5)
        step *= hit[:, :, None] * np.stack([across, ~across], axis=2)
        centres = np.clip(centres + step.sum(axis=1), sizes / 2, np.maximum(frame - sizes / 2, sizes / 2))
    return centres


def _stretched(centres: Points, sizes: Points, frame: Points) -> Points:
    """Return centres whose boxes reach all four sides of a frame."""
    low, high = (centres - sizes / 2).min(axis=0), (centres + sizes / 2).max(axis=0)
    wider = 1 + (frame - (high - low)) / np.maximum(np.ptp(centres, axis=0), 1)
    moved = (centres - centres.min(axis=0)) * np.maximum(wider, 1)
    return np.asarray(moved - (moved - sizes / 2).min(axis=0))


class _Search:
    """A search for better positions; the same for the same input. Arrays have x and y first."""

    def __init__(self, centres: Points, boxes: tuple[Points, Points], links: Numbers, frame: Points, seed: int) -> None:
        self.centres, self.links = centres.T.copy(), links.T
        self.sizes, self.drops = (part.T for part in boxes)
        self.frame = frame[:, None]
        self.random = np.random.default_rng(seed)

    def run(self) -> tuple[Points, float]:
        """Return centres after each node has moved several times, those with most lines first, and their cost."""
        lines = np.bincount(self.links.ravel(), minlength=self.centres.shape[1])
        order = np.argsort(-lines, kind="stable").tolist()
        for step in range(_PASSES):
            for i in order:
                self.move(i, _OVERLAP * (step + 1) ** 2 / _PASSES**2)
        for i in order:
            if self.move(i, _OVERLAP) >= _OVERLAP:
                self.move(i, _OVERLAP, everywhere=True)
        return self.centres.T, sum(self.move(i, _OVERLAP) for i in order)

    def spots(self, i: int, *, everywhere: bool) -> Points:
        """Return the position of a node, some near it and some or many all over the frame."""
        size, here = self.sizes[:, [i]], self.centres[:, [i]]
        space = np.maximum(self.frame - size, 0)
        shares = _EVERYWHERE if everywhere else self.random.random((2, _SPOTS))
        far = shares * space + size / 2
        near = here + self.random.normal(size=(2, _SPOTS // 2)) * _NEAR
        return np.concatenate([here, np.clip(near, size / 2, size / 2 + space), far], axis=1)

    def move(self, i: int, overlap: float, *, everywhere: bool = False) -> float:
        """Move a node to the best of some positions, and return the cost of that one."""
        spots, others = self.spots(i, everywhere=everywhere), np.arange(self.centres.shape[1]) != i
        away = np.abs(spots[:, :, None] - self.centres[:, None, others])
        half = (self.sizes[:, others] + self.sizes[:, [i]])[:, None] / 2
        taken = ((away[0] < half[0]) & (away[1] < half[1])).sum(axis=1)
        strips = (away < self.frame[:, :, None] * _STRIP / 2).sum(axis=(0, 2))
        own = self.links[:, (self.links == i).any(axis=0)]
        ends = np.where(own[0] == i, own[1], own[0])
        marks = self.centres - self.drops
        x, y = (spots - self.drops[:, [i]])[:, :, None] - marks[:, None, ends]
        costs = overlap * taken + _LONG * np.hypot(x, y).sum(axis=1) + _DENSE * strips
        best = np.argsort(costs, kind="stable")[:_BEST]
        costs = costs[best] + self.crossings(i, ends, spots[:, best])
        self.centres[:, i] = spots[:, best[int(np.argmin(costs))]]
        return float(costs.min())

    def crossings(self, i: int, ends: Numbers, spots: Points) -> Points:
        """Return the cost of crossings and of lines over boxes, for each position of a node."""
        marks, others = self.centres - self.drops, np.arange(self.centres.shape[1]) != i
        one, other = (marks[:, end] for end in self.links[:, (self.links != i).all(axis=0)])
        start, end = (spots - self.drops[:, [i]])[:, :, None, None], marks[:, None, ends, None]
        crossed = _crossed(start, end, one[:, None, None], other[:, None, None]).sum(axis=(1, 2))
        half = self.sizes / 2
        over = _over(start, end, self.centres[:, None, None, others], half[:, None, None, others])
        over &= ends[:, None] != np.flatnonzero(others)
        under = _over(one[:, None], other[:, None], spots[:, :, None], half[:, [i]][:, :, None])
        return np.asarray(_CROSSING * crossed + _OVER * (over.sum(axis=(1, 2)) + under.sum(axis=1)))


def _side(a: Points, b: Points, c: Points) -> Points:
    """Return on which side of a line from a to b a point is."""
    return np.asarray((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _crossed(a: Points, b: Points, c: Points, d: Points) -> NDArray[np.bool_]:
    """Return whether two lines cross; those with a common end do not."""
    return np.asarray((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0))


def _over(a: Points, b: Points, centre: Points, half: Points) -> NDArray[np.bool_]:
    """Return whether a line runs over a box: whether it enters both its strips before it leaves one of them."""
    along = b - a
    along = np.where(np.abs(along) < _TINY, _TINY, along)
    middle, reach = (centre - a) / along, half / np.abs(along)
    enters, leaves = middle - reach, middle + reach
    enter = np.maximum(np.maximum(enters[0], enters[1]), 0)
    return np.asarray(enter < np.minimum(np.minimum(leaves[0], leaves[1]), 1))
