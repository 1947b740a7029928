"""Statements by date: one row for each speaker, the undated ones at the end."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from graphkit.dates import bounds_if_any
from graphkit.facts import read_facts
from graphkit.kinds.asked import subject_of
from graphkit.kinds.cards import add_card, add_link, add_stance
from graphkit.network import blank, counted
from graphkit.store import texts

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.kinds.asked import Asked
    from graphkit.statements import StatementView
    from graphkit.store import Store

# How wide and high a card is, and how wide a year at most.
_CARD, _ROW, _YEAR = 270, 120, 560
_SPEAKERS = "SELECT ?statement ?speaker WHERE { ?statement sp:speaker ?speaker } ORDER BY ?statement"


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return statements as cards on a line of time: those about an entity or of a source, else those in dispute.

    Raises:
        NotFoundError: There is nothing of that name.
    """
    drawing = blank(store, read_facts(store), asked.policy)
    views = drawing.graph["evidence"]
    if asked.about:
        subject = subject_of(store, asked, ("entity", "source"))
        names = sorted(subject.statements)
        drawing.graph["title"] = f"Timeline: {subject.label}"
        drawing.graph["lead"] = "Each card is a statement; a row is a speaker; time runs to the right."
    else:
        names = sorted({name for one in drawing.graph["disputes"] for _, name in one.sides()})
        drawing.graph["title"] = f"Timeline of what is disputed: {drawing.graph['title']}"
        drawing.graph["lead"] = "Only statements in dispute; name an entity for all that is said of it."
    drawing.graph.update(undrawn={}, natural=True)
    rows: defaultdict[str, list[StatementView]] = defaultdict(list)
    for name in names:
        rows[views[name].speaker].append(views[name])
    speakers = {row[0]: row[1] for row in texts(store, _SPEAKERS, "statement", "speaker")}
    _place(drawing, rows, speakers)
    _link_disputes(drawing)
    return counted(drawing)


def _place(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]], speakers: dict[str, str]) -> None:
    at = _line(sorted({day for some in rows.values() for view in some if (day := _day(view)) is not None}))
    end = max(at.values(), default=0) + 2 * _CARD
    top = 0
    for speaker in sorted(rows, key=lambda name: (-len(rows[name]), name)):
        ends: list[int] = []
        placed = sorted(rows[speaker], key=lambda view: (_day(view) is None, _day(view) or 0, view.id))
        source = speakers[placed[0].iri]
        drawing.add_node(
            source, label=speaker, kind="Organisation", slug=source.rpartition("/")[2], aliases=(), place=(-_CARD, top)
        )
        for view in placed:
            day = _day(view)
            x = end if day is None else at[day]
            line = next((i for i, taken in enumerate(ends) if taken <= x), len(ends))
            ends[line : line + 1] = [x + _CARD]
            add_card(drawing, view, (x, top + line * _ROW), _text(view))
            add_stance(drawing, view, source, view.iri, faint=True)
        top += _ROW * max(len(ends), 1)


def _text(view: StatementView) -> str:
    """Return what a card says: its line to the speaker is faint, so the stance is in it, unless it is the usual one."""
    stance = "" if view.stance == "asserts" else f" ({view.stance})"
    return f"{view.said or 'no date'}{stance}: {view.gist}"


def _line(days: list[int]) -> dict[int, int]:
    """Return where each day stands: in proportion, but never more than a card apart, as empty time says nothing."""
    at, x = {}, 0
    for before, day in zip([*days[:1], *days], days, strict=False):
        x += min(round((day - before) * _YEAR / 365), _CARD)
        at[day] = x
    return at


def _day(view: StatementView) -> int | None:
    """Return the middle of the days on which it may have been said, or the one that is known; None without one."""
    known = [day.toordinal() for day in bounds_if_any(view.said) if day]
    return sum(known) // len(known) if known else None


def _link_disputes(drawing: nx.MultiDiGraph[str]) -> None:
    for one in drawing.graph["disputes"]:
        for here, there in product(one.affirmed, one.denied):
            if here in drawing and there in drawing and here != there:
                add_link(drawing, (here, there), "in dispute with", (here, there), "disputed")
