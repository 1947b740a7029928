"""Layout of a small network in a frame: names off each other, few crossings, few lines over names, and no dense area.

Positions of another layout are spread over the frame, and their boxes moved apart. Then one node after the other moves
to the best of some positions at which its box is free. At last, lines that run over a mark are bent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphkit.view.layout.routing import LEANS, along, control_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphkit.view.layout.boxes import Box, Point
    from graphkit.view.layout.forces import Numbers, Points

# Rounds in which boxes move apart, and in which each node moves; how many positions it tries all over the frame, and
# half as many near it; for how many of these crossings are counted; what near is, and the least length of a line.
_ROUNDS, _PASSES, _SPOTS, _BEST, _NEAR, _TINY, _FAR = 120, 4, 100, 25, 40, 1e-9, 1e9
_EVERYWHERE = np.mgrid[0:1:60j, 0:1:60j].reshape(2, -1)
# Up to this number of nodes there are several searches, at most so many; the best of the first round are continued.
_NODES, _SEARCHES, _CONTINUED = 100, 10, 3
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
    # Other layouts are wide; in a high frame, and as a second start, their axes are swapped.
    turned = (start[:, ::-1], start) if frame[1] > frame[0] else (start, start[:, ::-1])
    number = min(max(_NODES // len(boxes), 1), _SEARCHES)
    starts = [_pushed(_spread(one, sizes, most), sizes, most) for one in turned[:number]]
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    best = _Search([starts[seed % 2] for seed in range(number)], (sizes, drops), ends, most).run()
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

    def crossings(i: int, path: Points) -> Numbers:
        """Return how often a line crosses each other line."""
        others = np.delete(paths, i, axis=0).transpose(2, 0, 1)
        apart = others[:, None] - path.T[:, :, None, None]
        own = _side(np.diff(path.T)[:, :, None, None], apart[:, :-1])
        other = _side(np.diff(others)[:, None], apart[..., :-1])
        crossed = (own[..., 1:] * own[..., :-1] < 0) & (other[1:] * other[:-1] < 0)
        return np.asarray(crossed.sum(axis=(0, 2)))

    def hidden(i: int, path: Points) -> int:
        """Return how many marks and middles are on a line."""
        free = [number for number in range(len(marks)) if number not in links[i]]
        far = _distance(path[:-1].T[:, :, None], path[1:].T[:, :, None], marks[free].T[:, None])
        middles = np.delete(paths[:, _PARTS // 2], i, axis=0) - path[_PARTS // 2]
        return int((far < reach[free]).any(axis=0).sum() + (np.hypot(*middles.T) < _FREE).sum())

    for i, link in enumerate(links):
        least = hidden(i, paths[i])
        if not least:
            continue
        most = crossings(i, paths[i])
        for lean in LEANS[1:]:
            path = _path(link, bends[i] + lean, points, radii)
            if (now := hidden(i, path)) < least and (crossings(i, path) <= most).all():
                least, found[i], paths[i] = now, round(bends[i] + lean, 3), path
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
    places, half = centres.T.copy(), (sizes.T[:, :, None] + sizes.T[:, None]) / 2
    low, high, every = sizes.T / 2, np.maximum(frame - sizes / 2, sizes / 2).T, np.arange(len(centres))
    half[:, every, every] = -1
    for _ in range(_ROUNDS):
        apart = places[:, :, None] - places[:, None]
        overlap = half - np.abs(apart)
        one, other = np.nonzero((overlap[0] > 0) & (overlap[1] > 0))
        if not one.size:
            break
        apart, overlap = apart[:, one, other], overlap[:, one, other]
        step = np.where(apart, np.sign(apart), np.sign(one - other)) * (overlap * 0.35 + 0.5)
        step *= np.stack([overlap[0] < overlap[1], overlap[0] >= overlap[1]])
        places += [np.bincount(one, way, len(centres)) for way in step]
        places = np.clip(places, low, high)
    return places.T


def _stretched(centres: Points, sizes: Points, frame: Points) -> Points:
    """Return centres whose boxes reach all four sides of a frame."""
    low, high = (centres - sizes / 2).min(axis=0), (centres + sizes / 2).max(axis=0)
    wider = 1 + (frame - (high - low)) / np.maximum(np.ptp(centres, axis=0), 1)
    moved = (centres - centres.min(axis=0)) * np.maximum(wider, 1)
    return np.asarray(moved - (moved - sizes / 2).min(axis=0))


class _Node(NamedTuple):
    """What stays the same of a node while it moves."""

    half: Points  # the sizes of its box and each other together
    ends: Numbers  # the nodes to which it has lines
    one: Numbers  # the ends of all other lines
    other: Numbers


class _Search:
    """Searches for better positions, side by side; the same for the same input.

    The axes of arrays are x and y, nodes or lines, own lines, searches, and positions, as far as they have them.
    """

    def __init__(self, starts: Sequence[Points], boxes: tuple[Points, Points], links: Numbers, frame: Points) -> None:
        self.centres = np.array(starts).T.copy()
        self.sizes, self.drops = (part.T[..., None, None] for part in boxes)
        self.frame, self.links = frame[:, None, None], links.T
        self.random = [np.random.default_rng(seed) for seed in range(len(starts))]
        self.nodes = [self._node(i) for i in range(self.sizes.shape[1])]

    def _node(self, i: int) -> _Node:
        own = self.links[:, (self.links == i).any(axis=0)]
        half = (self.sizes + self.sizes[:, [i]]) / 2
        return _Node(half, np.where(own[0] == i, own[1], own[0]), *self.links[:, (self.links != i).all(axis=0)])

    def run(self) -> Points:
        """Return the best centres after each node has moved several times, those with most lines first."""
        lines = np.bincount(self.links.ravel(), minlength=self.sizes.shape[1])
        order, every = np.argsort(-lines, kind="stable").tolist(), np.arange(len(self.random))
        for step in range(_PASSES):
            costs = sum(self.move(i, _OVERLAP * (step + 1) ** 2 / _PASSES**2, every) for i in order)
            every = every[np.argsort(costs, kind="stable")[:_CONTINUED]]
        for i in order:
            covered = every[self.move(i, _OVERLAP, every) >= _OVERLAP]
            if covered.size:
                self.move(i, _OVERLAP, covered, everywhere=True)
        costs = sum(self.move(i, _OVERLAP, every) for i in order)
        return np.asarray(self.centres[..., every[int(np.argmin(costs))]].T)

    def spots(self, i: int, searches: Numbers, *, everywhere: bool) -> Points:
        """Return the position of a node in some searches, some near it and some or many all over the frame."""
        size, here = self.sizes[:, i], self.centres[:, i, searches, None]
        space = np.maximum(self.frame - size, 0)
        shares, near = [], []
        for random in (self.random[search] for search in searches):
            shares.append(_EVERYWHERE if everywhere else random.random((2, _SPOTS)))
            near.append(random.normal(size=(2, _SPOTS // 2)))
        far = np.stack(shares, axis=1) * space + size / 2
        by = here + np.stack(near, axis=1) * _NEAR
        return np.concatenate([here, np.clip(by, size / 2, size / 2 + space), far], axis=2)

    def move(self, i: int, overlap: float, searches: Numbers, *, everywhere: bool = False) -> Numbers:
        """Move a node in some searches to the best of some positions, and return the cost of each."""
        spots, node = self.spots(i, searches, everywhere=everywhere), self.nodes[i]
        centres = self.centres[..., searches, None]
        ends = centres[:, node.ends] - self.drops[:, node.ends]
        centres[:, i] = _FAR
        away = centres - spots[:, None]
        away = np.abs(away, out=away)
        touched, strips = away < node.half, away < self.frame[:, None] * _STRIP / 2
        lengths = np.sqrt(((ends - (spots - self.drops[:, i])[:, None]) ** 2).sum(axis=0)).sum(axis=0)
        costs = overlap * _count(touched[0] & touched[1]) + _LONG * lengths + _DENSE * _count(np.concatenate(strips))
        rows = np.arange(len(searches))[:, None]
        best = np.argsort(costs, kind="stable")[:, :_BEST]
        spots, costs = spots[:, rows, best], costs[rows, best]
        costs += self.crossings(i, centres, ends, spots)
        lowest = np.argmin(costs, axis=1)
        self.centres[:, i, searches] = spots[:, rows[:, 0], lowest]
        return np.asarray(costs[rows[:, 0], lowest])

    def crossings(self, i: int, centres: Points, ends: Points, spots: Points) -> Points:
        """Return the cost of crossings and of lines over boxes, for each position of a node."""
        node, marks, start = self.nodes[i], centres - self.drops, spots - self.drops[:, i]
        one, other = marks[:, node.one], marks[:, node.other]
        way, line, half = ends - start[:, None], other - one, self.sizes / 2
        sides, here = _side(way, (marks - start[:, None])[:, :, None]), _side(line, start[:, None] - one)
        there = _side(line[:, :, None], ends[:, None] - one[:, :, None])
        crossed = (sides[node.one] * sides[node.other] < 0) & (here[:, None] * there < 0)
        sides += way[0] * self.drops[1, :, None]
        over = _over(start[:, None, None], ends[:, None], sides, (centres[:, :, None], half[:, :, None]))
        over[node.ends, np.arange(len(node.ends))] = False
        under = _over(one, other, here + line[0] * self.drops[1, i], (spots[:, None], half[:, [i]]))
        return _CROSSING * _count(crossed) + _OVER * (_count(over) + _count(under))


def _count(found: NDArray[np.bool_]) -> Points:
    """Return how many are true for each search and position."""
    return np.asarray(found.reshape(-1, *found.shape[-2:]).view(np.uint8).sum(axis=0, dtype=float))


def _side(way: Points, point: Points) -> Points:
    """Return on which side of a way from the origin a point is."""
    found = way[0] * point[1]
    found -= way[1] * point[0]
    return np.asarray(found)


def _over(a: Points, b: Points, side: Points, box: tuple[Points, Points]) -> NDArray[np.bool_]:
    """Return whether a line runs over a box, given on which side of the line its centre is."""
    (centre, half), (x, y) = box, np.abs(b - a)
    beside = (np.minimum(a, b) < centre + half) & (np.maximum(a, b) > centre - half)
    return np.asarray(beside[0] & beside[1] & (np.abs(side, out=side) < half[0] * y + half[1] * x))
