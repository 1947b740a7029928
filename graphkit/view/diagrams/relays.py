"""Who reports whose statements: from the publisher of a source, through any intermediaries, to the speaker.

Bodies that only report are on the left, those that are only reported on the right, and those that pass on words and are
reported between them. A line from the left to the right runs between the names in the middle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from statistics import fmean
from typing import Any

import networkx as nx

from graphkit.analysis.network import add_nodes, with_counts
from graphkit.analysis.parts import around, network_with
from graphkit.model.text import counted, shortened
from graphkit.store import Store, texts
from graphkit.view.card import Card, lines_of
from graphkit.view.diagrams import Asked, subject_of, title_of
from graphkit.view.diagrams.cards import LETTERS, add_link, place_lists

# Width of a name, and the left edge of each column with its heading.
_NAME = 200
_COLUMNS = ((0, "only reports others"), (500, "reports others and is reported"), (1000, "is only reported"))
# Space below a name, height of the row of a line between two names, and how far a line bends.
_BELOW, _LANE, _BEND = 5, 7, 130
# Distance of a number from others, enough and least distance from other lines, half its width. Where on a curve
# it may be, and the least such share beyond lines that return to their column.
APART, _CLEAR, _LEAST, _HALF = 12, 9, 5, 13
_RETURN = 0.35
_SHARES = sorted((i / 40 for i in range(5, 36)), key=lambda share: abs(share - 0.5))
# Widest line.
_MOST = 10
# Rounds in which names are moved to the mean place of their neighbours.
_ROUNDS = 96

# A name, or the row of a line from the left to the right.
Entry = str | tuple[str, str]
# The heights of both ends of a curve, or a point.
Ends = tuple[float, float]
# The path of a line and the place of its number, if it has one.
Line = tuple[list[Ends], Ends | None]


class Curves:
    """The curves between two columns, by their heights at a share of the way."""

    def __init__(self) -> None:
        self.ends: list[Ends] = []
        self._heights: dict[float, list[tuple[float, Ends]]] = {}

    def distance(self, own: Ends, at: float) -> float:
        """Return how far the nearest curve with other ends is from one."""
        heights = self._heights.get(at)
        if heights is None:
            heights = self._heights[at] = sorted((height_at(ends, at), ends) for ends in self.ends)
        y = height_at(own, at)
        place = bisect_left(heights, (y, own))
        above = next((heights[i][0] for i in range(place - 1, -1, -1) if heights[i][1] != own), -inf)
        below = next((heights[i][0] for i in range(place, len(heights)) if heights[i][1] != own), inf)
        return min(y - above, below - y)


class Numbers:
    """The places of numbers, by their heights."""

    def __init__(self) -> None:
        self._places: defaultdict[int, list[Ends]] = defaultdict(list)

    def add(self, place: Ends) -> None:
        """Add the place of a number."""
        self._places[int(place[1] // APART)].append(place)

    def near(self, x: float, y: float) -> Iterator[tuple[float, float]]:
        """Yield how far others are from a place across and down: all that are less than `APART` above or below it."""
        row = int(y // APART)
        for at in (row - 1, row, row + 1):
            yield from ((abs(left - x), abs(top - y)) for left, top in self._places.get(at, ()))


def height_at(ends: Ends, at: float) -> float:
    """Return the height of a curve at a share of the way."""
    start, end = ends
    return start + (end - start) * at * at * (3 - 2 * at)


_ENDS = """
SELECT ?statement ?publisher ?speaker
WHERE { ?statement sp:source/dcterms:publisher ?publisher ; sp:speaker ?speaker }
ORDER BY ?statement ?publisher
"""
_BETWEEN = """
SELECT ?statement ?position ?who
WHERE { ?statement sp:relay ?relay . ?relay sp:position ?position ; sp:relayedBy ?who }
ORDER BY ?statement ?position
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of publishers, intermediaries and speakers; edges rest on the statements they relay."""
    chains: defaultdict[str, list[str]] = defaultdict(list)
    for statement, _, who in texts(store, _BETWEEN, "statement", "position", "who"):
        chains[statement].append(who)
    links: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for statement, publisher, speaker in texts(store, _ENDS, "statement", "publisher", "speaker"):
        for reporter, reported in pairwise((publisher, *chains.get(statement, ()), speaker)):
            if reporter != reported:
                links[reporter, reported].add(statement)
    properties, drawing = network_with(store, asked.policy, {name for some in links.values() for name in some})
    add_nodes(drawing, properties, sorted({end for link in links for end in link}))
    for ends, statements in sorted(links.items()):
        add_link(drawing, ends, "relays", tuple(sorted(statements)), "reported")
    if asked.about:
        drawing = around(drawing, [subject_of(store, asked, ("entity",)).iri], max(asked.hops, 1))
    drawing.graph.update(
        title=title_of("Who reports whose statements", drawing.graph["title"], store, asked),
        lead="Each line runs from who reports a statement to whom it cites: the speaker, or somebody who passed it on. "
        "The more statements, the wider the line. Publishers' own statements are not drawn.",
        meanings={"reported": "one reports what the other says, whatever its stance"}, undrawn={}, natural=True,
        arrange=_arrange, annotations=[([(x, -14)], text) for x, text in _COLUMNS],
    )  # fmt: skip
    _arrange(drawing)
    return with_counts(drawing)


def _arrange(drawing: nx.MultiDiGraph[str]) -> None:
    columns = _in_order(drawing)
    _place(drawing, columns)
    _place_narrow(drawing, [name for column in columns for name in column if isinstance(name, str)])


def _column(drawing: nx.MultiDiGraph[str], name: str) -> int:
    return 2 if not drawing.out_degree(name) else 1 if drawing.in_degree(name) else 0


def _segments(drawing: nx.MultiDiGraph[str]) -> list[tuple[Entry, Entry]]:
    """Return the parts of lines between two columns: a line from the left to the right has a row in the middle."""
    parts: list[tuple[Entry, Entry]] = []
    for one, other in sorted(drawing.edges()):
        ends = _column(drawing, one), _column(drawing, other)
        parts += [(one, (one, other)), ((one, other), other)] if ends == (0, 2) else [(one, other)]
    return parts


def _in_order(drawing: nx.MultiDiGraph[str]) -> list[list[Entry]]:
    """Return the entries of each column, near those that they are joined with."""
    near: defaultdict[Entry, list[Entry]] = defaultdict(list)
    parts = _segments(drawing)
    for one, other in parts:
        near[one].append(other)
        near[other].append(one)
    lanes = sorted({part for ends in parts for part in ends if isinstance(part, tuple)})
    columns: list[list[Entry]] = [[name for name in sorted(drawing) if _column(drawing, name) == i] for i in range(3)]
    columns[1] += lanes
    places = {entry: i / len(column) for column in columns for i, entry in enumerate(column)}
    for turn in range(_ROUNDS):
        column = columns[(1, 2, 1, 0)[turn % 4]]
        column.sort(key=lambda entry: (fmean(places[other] for other in near[entry]), str(entry)))
        places.update((entry, i / len(column)) for i, entry in enumerate(column))
    return columns


def _place(drawing: nx.MultiDiGraph[str], columns: Sequence[Sequence[Entry]]) -> None:
    """Place the names of each column below one another over the height of the longest, and the lines between them."""
    cards = {name: _card(drawing, name) for name in drawing}
    heights = [[_height(cards, entry) for entry in column] for column in columns]
    longest = max(map(sum, heights))
    middles: dict[Entry, int] = {}
    for (x, _), column, own in zip(_COLUMNS, columns, heights, strict=True):
        y, space = 0.0, (longest - sum(own)) / max(len(own), 1)
        for entry, height in zip(column, own, strict=True):
            middles[entry] = round(y + height / 2)
            if isinstance(entry, str):
                card = cards[entry]
                drawing.nodes[entry].update(position=(x, middles[entry] - card.height // 2), card=card)
            y += height + space
    gaps: defaultdict[int, Curves] = defaultdict(Curves)
    for ends in _segments(drawing):
        gaps[_gap(drawing, ends[0])].ends.append((middles[ends[0]], middles[ends[1]]))
    taken = Numbers()
    for one, other, data in sorted(drawing.edges(data=True), key=lambda edge: -len(edge[2]["statements"])):
        number, (path, at) = len(data["statements"]), _path(drawing, middles, one, other)
        if number > 1 and not at and path[0][0] < path[-1][0]:
            path, at = _with_number(path, (middles[one], middles[other]), gaps[_gap(drawing, one)], taken)
        if number == 1 or (at and any(across <= 2 * _HALF and down < APART for across, down in taken.near(*at))):
            at = None
        if at:
            taken.add(at)
        caption = f"×{number}" if at else ""
        data.update(path=tuple(path), width=min(number + 1, _MOST), labelled=True, caption=caption, numbered=False)


def _gap(drawing: nx.MultiDiGraph[str], entry: Entry) -> int:
    """Return the column on the left of the part of a line that begins at an entry."""
    return _column(drawing, entry) if isinstance(entry, str) else 1


def _with_number(path: list[Ends], ends: Ends, others: Curves, taken: Numbers) -> Line:
    """Return a curve as two that meet where its number is far from other curves and numbers; as one if nowhere is."""
    beside = _HALF / (path[-1][0] - path[0][0])

    def room(share: float) -> float:
        numbers = (down for across, down in taken.near(*_halves(path, share)[3]) if across < 2 * _HALF)
        curves = (others.distance(ends, at) for at in (share - beside, share, share + beside))
        return min((*numbers, *curves, _CLEAR))

    # On the right of the middle, lines return to it.
    first = _RETURN if path[0][0] > _COLUMNS[1][0] else 0
    best = max((share for share in _SHARES if share >= first), key=room)
    halves: list[Ends] = [(round(x), round(y)) for x, y in _halves(path, best)]
    return (halves, halves[3]) if room(best) >= _LEAST else (path, None)


def _halves(path: list[Ends], share: float) -> list[Ends]:
    """Return a cubic curve as two, which meet at a share of it (by de Casteljau)."""
    rows = [path]
    while len(rows[-1]) > 1:
        rows.append([(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(rows[-1])])
    return [*(row[0] for row in rows), *(row[-1] for row in rows[-2::-1])]


def _card(drawing: nx.MultiDiGraph[str], name: str) -> Card:
    return Card(_NAME, (), lines_of(drawing.nodes[name]["label"], _NAME - 10, 2), bare=True)


def _height(cards: Mapping[str, Card], entry: Entry) -> int:
    return cards[entry].height + _BELOW if isinstance(entry, str) else _LANE


def _path(drawing: nx.MultiDiGraph[str], middles: Mapping[Entry, int], one: str, other: str) -> Line:
    """Return the path of a line; between two names in the middle it leaves and ends on their right."""
    (left, _), (right, _) = (_COLUMNS[_column(drawing, name)] for name in (one, other))
    start, end = (left + _NAME, middles[one]), (right, middles[other])
    if left == right:
        back = left + _NAME
        return [start, (back + _BEND, start[1]), (back + _BEND, end[1]), (back, end[1])], None
    lane = middles.get((one, other))
    if lane is None:
        return [start, (start[0] + _BEND, start[1]), (right - _BEND, end[1]), end], None
    middle, at = _COLUMNS[1][0], (_COLUMNS[1][0] + _NAME // 2, lane)
    return [
        start, (start[0] + _BEND, start[1]), (middle - _BEND, lane), (middle, lane), at, at,
        (middle + _NAME, lane), (middle + _NAME + _BEND, lane), (right - _BEND, end[1]), end,
    ], at  # fmt: skip


def _place_narrow(drawing: nx.MultiDiGraph[str], names: Sequence[str]) -> None:
    """Place lists for a narrow screen: below each body that reports, those whose words it reports."""
    place_lists(
        drawing, (_list(drawing, name) for name in sorted(names, key=lambda name: -drawing.out_degree(name))), 16
    )


def _list(drawing: nx.MultiDiGraph[str], name: str) -> tuple[str, tuple[str], list[tuple[dict[str, Any], str]]]:
    """Return a name with its text, and the lines to those whose words it reports."""
    ranked = sorted(drawing.out_edges(name, data=True), key=lambda edge: (-len(edge[2]["statements"]), edge[1]))
    lines = [
        (data, f"{_label(drawing, other)}: {counted(len(data['statements']), 'statement')}")
        for _, other, data in ranked
    ]
    role = " reports" if lines else f": reported by {drawing.in_degree(name)}"
    return name, (f"{_label(drawing, name)}{role}",), lines


def _label(drawing: nx.MultiDiGraph[str], name: str) -> str:
    return shortened(drawing.nodes[name]["label"], LETTERS - 16)
