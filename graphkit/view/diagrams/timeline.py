"""Statements by date: columns of time, a box for each speaker, the undated ones at the end."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import product
from typing import TYPE_CHECKING

from graphkit.analysis.explain import statements_of
from graphkit.analysis.network import empty_network, with_counts
from graphkit.analysis.properties import read_properties
from graphkit.model.dates import bounds_if_any
from graphkit.model.text import wrapped
from graphkit.view.diagrams.cards import add_card, add_link, add_stance
from graphkit.view.diagrams.columns import cut, heading, later, outline, stacked
from graphkit.view.diagrams.request import subject_of

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.analysis.statements import StatementView
    from graphkit.store import Store
    from graphkit.view.diagrams.request import Asked

# Letters to a line of a card, and its lines at most; how many columns a screen shows, and how wide they are.
WIDTH, LINES = 27, 6
_COLUMNS, _COLUMN = 6, 218
# What a card takes beside its lines, and how high those are.
_CARD, _LINE = 36, 17
# Of the box of a speaker: from its top to its first mark, below its last line, between two boxes, where it is empty.
_ABOVE, _BELOW, _GAP, _RAIL = 20, 2, 16, 34
_INSET, _TOP = 8.0, -26.0
# A line beside a column: how far it bends, so that its middle is between two columns, and at most.
_ASIDE, _WIDEST = 1.1, 0.5


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return statements as cards on a line of time: those about an entity or of a source, else those in dispute.

    Raises:
        NotFoundError: There is nothing of that name.
    """
    properties = read_properties(store)
    drawing = empty_network(properties, asked.policy)
    views = drawing.graph["evidence"]
    if asked.about:
        subject = subject_of(store, asked, ("entity", "source"))
        names = sorted(statements_of(store, subject) & views.keys())
        drawing.graph["title"] = f"Timeline: {subject.label}"
        drawing.graph["lead"] = (
            "Each card is a statement; a box holds those of one speaker; time runs to the right, without what is empty."
        )
    else:
        names = sorted({name for one in drawing.graph["disputes"] for _, name in one.sides()})
        drawing.graph["title"] = f"Timeline of what is disputed: {drawing.graph['title']}"
        drawing.graph["lead"] = "Only statements in dispute; name an entity for all that is said of it."
    drawing.graph.update(undrawn={}, natural=True)
    rows: defaultdict[str, list[StatementView]] = defaultdict(list)
    for name in names:
        rows[views[name].speaker].append(views[name])
    _place(drawing, rows)
    _link_disputes(drawing)
    return with_counts(drawing)


def _place(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]]) -> None:
    days = [day for some in rows.values() for view in some if (day := _day(view)) is not None]
    number = sum(map(len, rows.values()))
    most = max(_COLUMNS, math.isqrt(number // _COLUMNS))
    columns = cut(days, most - (len(days) < number))
    column_of = {day: column for column, some in enumerate(columns) for day in some}
    order = _order(drawing, rows)
    blocks = [_block(rows[speaker], column_of, len(columns)) for speaker in order]
    depths = [_depths(speaker, block) for speaker, block in zip(order, blocks, strict=True)]
    marks = _headings(columns, undated=len(days) < number)
    for speaker, block, depth, top in zip(order, blocks, depths, stacked(depths, _GAP), strict=True):
        source, first = rows[speaker][0].speaker_iri, min(block)
        drawing.add_node(
            source, label=speaker, kind="Organisation", slug=source.rpartition("/")[2], aliases=(), wrap=(WIDTH, 2),
            place=(first * _COLUMN, top + _ABOVE),
        )  # fmt: skip
        marks.append((outline(depth, top, _left, _INSET), ""))
        for column, views in block.items():
            y = top + _ABOVE + (_room(speaker) if column == first else 0)
            for view in views:
                add_card(drawing, view, (column * _COLUMN, y), _text(view), (WIDTH, LINES))
                add_stance(drawing, view, source, view.iri, faint=True)
                y += _room(_text(view))
    drawing.graph["marks"] = marks


def _order(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]]) -> list[str]:
    """Return speakers, those with the most cards first, but each soon after those that it is in dispute with."""
    views, pairs = drawing.graph["evidence"], Counter[tuple[str, str]]()
    for one in drawing.graph["disputes"]:
        for here, there in product(one.affirmed, one.denied):
            pairs.update([(views[here].speaker, views[there].speaker), (views[there].speaker, views[here].speaker)])
    order: list[str] = []
    while len(order) < len(rows):
        rest = (name for name in rows if name not in order)
        order.append(min(rest, key=lambda name: (-sum(pairs[name, other] for other in order), -len(rows[name]), name)))
    return order


def _left(column: int) -> float:
    return (column - 0.5) * _COLUMN


def _block(views: list[StatementView], column_of: dict[int, int], undated: int) -> dict[int, list[StatementView]]:
    """Return the cards of a speaker by their columns, each from the earliest to the latest."""
    block: defaultdict[int, list[StatementView]] = defaultdict(list)
    for view in sorted(views, key=lambda view: (_day(view) or 0, view.id)):
        day = _day(view)
        block[undated if day is None else column_of[day]].append(view)
    return dict(sorted(block.items()))


def _depths(speaker: str, block: dict[int, list[StatementView]]) -> dict[int, int]:
    """Return how far down the box of a speaker reaches in each column; its name stands above its first card."""
    depths = dict.fromkeys(range(min(block), max(block) + 1), _RAIL)
    depths.update({column: sum(_room(_text(view)) for view in views) + _BELOW for column, views in block.items()})
    depths[min(block)] += _room(speaker)
    return depths


def _room(text: str) -> int:
    """Return the height of a card with what is left below it."""
    return _CARD + _LINE * (wrapped(text, WIDTH, LINES).count("\n") + 1)


def _headings(columns: list[list[int]], *, undated: bool) -> list[tuple[list[tuple[float, float]], str]]:
    """Return what stands above each column: its months, and above them how long nothing was said before."""
    texts = [heading(column) for column in columns] + (["no date"] if undated else [])
    bars = [[(_left(i) + _INSET, _TOP), (_left(i + 1) - _INSET, _TOP)] for i in range(len(texts))]
    gaps = [(i, later(columns[i - 1][-1], columns[i][0])) for i in range(1, len(columns))]
    return [*zip(bars, texts, strict=True), *(([(_left(i) + _INSET, _TOP - _LINE)], gap) for i, gap in gaps if gap)]


def _text(view: StatementView) -> str:
    """Return what a card says: its line to the speaker is hidden, so the stance is in it, except the usual one."""
    stance = "" if view.stance == "asserts" else f" ({view.stance})"
    return f"{_said(view.said)}{stance}: {view.gist}"


def _said(date: str) -> str:
    """Return a date in words, where it is open or an interval.

    >>> _said("../2023-06-07"), _said("2021/2022")
    ('by 2023-06-07', '2021 to 2022')
    """
    first, _, last = date.partition("/")
    if first == "..":
        return f"by {last}"
    return f"since {first}" if last == ".." else f"{first} to {last}" if last else first or "no date"


def _day(view: StatementView) -> int | None:
    """Return the middle of the days on which it may have been said, or the one that is known; None without one."""
    known = [day.toordinal() for day in bounds_if_any(view.said) if day]
    return sum(known) // len(known) if known else None


def _link_disputes(drawing: nx.MultiDiGraph[str]) -> None:
    for one in drawing.graph["disputes"]:
        for here, there in product(one.affirmed, one.denied):
            if here in drawing and there in drawing and here != there:
                bend = _beside(drawing.nodes[here]["place"], drawing.nodes[there]["place"])
                add_link(drawing, (here, there), "in dispute with", (here, there), "disputed", bend=bend)


def _beside(here: tuple[int, int], there: tuple[int, int]) -> float:
    """Return the bend that leads a line beside the cards of a column, and not through them."""
    way = there[1] - here[1]
    return 0.0 if here[0] != there[0] or not way else math.copysign(min(_ASIDE * _COLUMN / abs(way), _WIDEST), way)
