"""Statements by date: columns of time, a box for each speaker, undated statements at the end."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from graphkit.analysis.explain import statements_of
from graphkit.analysis.network import add_nodes, empty_network, with_counts
from graphkit.analysis.properties import read_properties
from graphkit.model.dates import bounds_if_any, date_words
from graphkit.model.text import wrapped
from graphkit.view.diagrams import subject_of
from graphkit.view.diagrams.cards import add_card, add_link, add_stance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

    from graphkit.analysis.statements import StatementView
    from graphkit.store import Store
    from graphkit.view.diagrams import Asked

# Letters per line of a card, and lines; columns per screen, and their width.
WIDTH, LINES = 27, 6
_COLUMNS, _COLUMN = 6, 218
# Height of a card without its lines, and of a line.
_CARD, _LINE = 36, 17
# Heights in the box of a speaker: above the first node, below the last line, between two boxes, of an empty column.
_ABOVE, _BELOW, _GAP, _RAIL = 20, 2, 16, 34
_INSET, _TOP = 8.0, -26.0
# Curvature of an edge inside a column, so that its middle is between two columns, in columns, and the greatest.
_ASIDE, _WIDEST = 1.1, 0.5
# Empty periods of fewer days are not mentioned; longer ones are given in months, and from the second number in years.
_MENTIONED, _YEARS = 60, 730
_MONTH, _YEAR = 30.44, 365.25


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the statements about an entity or in a source, or else all disputed statements, as cards by date."""
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    views = drawing.graph["evidence"]
    if asked.about:
        subject = subject_of(store, asked, ("entity", "source"))
        names = sorted(statements_of(store, subject) & views.keys())
        drawing.graph["title"] = f"Timeline: {subject.label}"
        drawing.graph["lead"] = (
            "Each card is a statement, and each box holds the statements of one speaker. Time runs from left to right; "
            "long periods without statements are cut out."
        )
    else:
        names = sorted({name for dispute in drawing.graph["disputes"] for _, name in dispute.sides()})
        drawing.graph["title"] = f"Timeline of disputed statements: {drawing.graph['title']}"
        drawing.graph["lead"] = "Only disputed statements. To see all statements about an entity, type --about NAME."
    drawing.graph.update(undrawn={}, natural=True)
    rows: defaultdict[str, list[StatementView]] = defaultdict(list)
    for name in names:
        rows[views[name].speaker].append(views[name])
    add_nodes(drawing, properties, sorted({some[0].speaker_iri for some in rows.values()}))
    _add_cards(drawing, rows)
    _link_disputes(drawing)
    return with_counts(drawing)


def _add_cards(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]]) -> None:
    days = [day for some in rows.values() for view in some if (day := _day(view)) is not None]
    number = sum(map(len, rows.values()))
    most = max(_COLUMNS, math.isqrt(number // _COLUMNS))
    columns = _cut(days, most - (len(days) < number))
    column_of = {day: column for column, some in enumerate(columns) for day in some}
    order = _order(drawing, rows)
    blocks = [_block(rows[speaker], column_of, len(columns)) for speaker in order]
    depths = [_depths(speaker, block) for speaker, block in zip(order, blocks, strict=True)]
    annotations = _headings(columns, undated=len(days) < number)
    for speaker, block, depth, top in zip(order, blocks, depths, _stacked(depths, _GAP), strict=True):
        source, first = rows[speaker][0].speaker_iri, min(block)
        drawing.nodes[source].update(label=speaker, wrap=(WIDTH, 2), position=(first * _COLUMN, top + _ABOVE))
        annotations.append((_outline(depth, top), ""))
        for column, views in block.items():
            y = top + _ABOVE + (_card_height(speaker) if column == first else 0)
            for view in views:
                add_card(drawing, view, (column * _COLUMN, y), _text(view), (WIDTH, LINES))
                add_stance(drawing, view, source, view.iri, faint=True)
                y += _card_height(_text(view))
    drawing.graph["annotations"] = annotations


def _order(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]]) -> list[str]:
    """Return speakers, those with the most cards first, but each close to the speakers with whom it is in dispute."""
    views, pairs = drawing.graph["evidence"], Counter[tuple[str, str]]()
    for dispute in drawing.graph["disputes"]:
        for here, there in product(dispute.affirmed, dispute.denied):
            pairs.update([(views[here].speaker, views[there].speaker), (views[there].speaker, views[here].speaker)])
    order: list[str] = []
    while len(order) < len(rows):
        rest = (name for name in rows if name not in order)
        order.append(min(rest, key=lambda name: (-sum(pairs[name, other] for other in order), -len(rows[name]), name)))
    return order


def _left(column: int) -> float:
    return (column - 0.5) * _COLUMN


def _block(views: list[StatementView], column_of: dict[int, int], undated: int) -> dict[int, list[StatementView]]:
    """Return the statements of a speaker by column, the earliest first."""
    block: defaultdict[int, list[StatementView]] = defaultdict(list)
    for view in sorted(views, key=lambda view: (_day(view) or 0, view.id)):
        day = _day(view)
        block[undated if day is None else column_of[day]].append(view)
    return dict(sorted(block.items()))


def _depths(speaker: str, block: dict[int, list[StatementView]]) -> dict[int, int]:
    """Return the depth of the box of a speaker in each column; the name is above the first card."""
    depths = dict.fromkeys(range(min(block), max(block) + 1), _RAIL)
    depths.update(
        {column: sum(_card_height(_text(view)) for view in views) + _BELOW for column, views in block.items()}
    )
    depths[min(block)] += _card_height(speaker)
    return depths


def _card_height(text: str) -> int:
    """Return the height of a card with the space below it."""
    return _CARD + _LINE * (wrapped(text, WIDTH, LINES).count("\n") + 1)


def _headings(columns: list[list[int]], *, undated: bool) -> list[tuple[list[tuple[float, float]], str]]:
    """Return the headings of columns: their months, and above them the length of the gap before."""
    texts = [_heading(column) for column in columns] + (["undated"] if undated else [])
    bars = [[(_left(i) + _INSET, _TOP), (_left(i + 1) - _INSET, _TOP)] for i in range(len(texts))]
    gaps = [(i, _later(columns[i - 1][-1], columns[i][0])) for i in range(1, len(columns))]
    return [*zip(bars, texts, strict=True), *(([(_left(i) + _INSET, _TOP - _LINE)], gap) for i, gap in gaps if gap)]


def _text(view: StatementView) -> str:
    """Return the text of a card, with the stance unless it is `asserts`, because the edge to the speaker is hidden."""
    stance = "" if view.stance == "asserts" else f" ({view.stance})"
    return f"{date_words(view.said) or 'undated'}{stance}: {view.gist}"


def _day(view: StatementView) -> int | None:
    """Return the middle of the period in which the statement may have been made, or its only known end, if any."""
    known = [day.toordinal() for day in bounds_if_any(view.said) if day]
    return sum(known) // len(known) if known else None


def _link_disputes(drawing: nx.MultiDiGraph[str]) -> None:
    for dispute in drawing.graph["disputes"]:
        for here, there in product(dispute.affirmed, dispute.denied):
            if here in drawing and there in drawing and here != there:
                curvature = _beside(drawing.nodes[here]["position"], drawing.nodes[there]["position"])
                add_link(drawing, (here, there), "in dispute with", (here, there), "disputed", curvature=curvature)


def _beside(here: tuple[int, int], there: tuple[int, int]) -> float:
    """Return the curvature with which an edge passes beside the cards of a column, not through them."""
    down = there[1] - here[1]
    return 0.0 if here[0] != there[0] or not down else math.copysign(min(_ASIDE * _COLUMN / abs(down), _WIDEST), down)


def _cut(days: Sequence[int], most: int) -> list[list[int]]:
    """Divide days into columns, each cut at a long gap with many days on both sides.

    >>> _cut([1, 2, 3, 500, 501, 502], 2)
    [[1, 2, 3], [500, 501, 502]]
    """
    columns = [sorted(days)] if days else []
    while len(columns) < most:
        worth, at, index = max(
            (
                (_value_of_cut(column, i), -number, -i)
                for number, column in enumerate(columns)
                for i in range(1, len(column))
            ),
            default=(0.0, 0, 0),
        )
        if not worth:
            break
        whole = columns[-at]
        columns[-at : 1 - at] = [whole[:-index], whole[-index:]]
    return columns


def _value_of_cut(days: Sequence[int], index: int) -> float:
    """Return the value of a cut, which grows with the length of the gap and the cards on its smaller side."""
    return math.sqrt(days[index] - days[index - 1]) * min(index, len(days) - index)


def _heading(days: Sequence[int]) -> str:
    """Return the months from the first to the last day.

    >>> _heading([737000, 737400])
    'November 2018 to December 2019'
    """
    first, last = (date_words(date.fromordinal(day).isoformat()[:7]) for day in (days[0], days[-1]))
    return first if first == last else f"{first} to {last}"


def _later(before: int, day: int) -> str:
    """Return the length of the period between two days, if it is long.

    >>> _later(737000, 737500)
    '16 months later'
    """
    gap = day - before
    if gap < _MENTIONED:
        return ""
    return f"{gap / _YEAR:.0f} years later" if gap > _YEARS else f"{gap / _MONTH:.0f} months later"


def _stacked(blocks: Sequence[Mapping[int, int]], gap: int) -> list[int]:
    """Return the top of each block: the first at which it touches no earlier block.

    Args:
        blocks: The depth of each block by column.

    >>> _stacked([{0: 100, 1: 20, 2: 20}, {0: 50}, {1: 70, 2: 30}, {0: 10, 1: 10}], 10)
    [0, 110, 30, 170]
    """
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    tops: list[int] = []
    for block in blocks:
        beside = [(high - down - gap, low + gap) for column, down in block.items() for high, low in taken[column]]
        top = next(
            y for y in sorted({0, *(low for _, low in beside)}) if all(y <= up or low <= y for up, low in beside)
        )
        for column, down in block.items():
            taken[column].append((top, top + down))
        tops.append(top)
    return tops


def _outline(block: Mapping[int, int], top: int) -> list[tuple[float, float]]:
    """Return the corners of the outline of a block whose columns have different depths.

    >>> _outline({0: 50, 1: 20}, 5)
    [(-101.0, 5), (319.0, 5), (319.0, 25), (101.0, 25), (101.0, 55), (-101.0, 55)]
    """
    corners = [(_left(min(block)) + _INSET, top), (_left(max(block) + 1) - _INSET, top)]
    for column in sorted(block, reverse=True):
        low, x = top + block[column], corners[-1][0]
        # Between two columns, the outline runs inside the deeper one.
        if column != max(block):
            x = _left(column + 1) + (-_INSET if block[column] > block[column + 1] else _INSET)
            corners.append((x, corners[-1][1]))
        corners.append((x, low))
    return [*corners, (corners[0][0], corners[-1][1])]
