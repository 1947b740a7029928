"""Statements by date: a lane for each speaker on one scale of months, and a lane for statements without a date."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise, product
from typing import NamedTuple

import networkx as nx

from graphkit.analysis.disputes import find_disputes
from graphkit.analysis.network import add_nodes, status_of_stances, with_counts
from graphkit.analysis.parts import network_with
from graphkit.analysis.statements import StatementView
from graphkit.analysis.subjects import statements_of
from graphkit.model.dates import bounds_if_any, date_words
from graphkit.store import Store
from graphkit.view.card import LINE, Card, lines_of, with_short_months
from graphkit.view.diagrams import Asked, subject_of
from graphkit.view.diagrams.cards import MEANINGS, add_link, add_stance
from graphkit.view.drawing import NARROW
from graphkit.view.encoding import STATUSES, Sample

# Width of the names of speakers, and of the axis. Least and greatest width of the text of a statement.
_NAMES, _AXIS, _CARD, _WIDEST = 190, 1110, 260, 420
# The width of the bar of a day.
_DAY = 4
# Space below a card, height of the axis, space between two lanes, and between two cards of a row.
_GAP, _TOP, _BETWEEN, _BESIDE = 3, 40, 7, 4
# Most lines of the text of a statement, also on a narrow screen and without a date.
_LINES, _NARROW_LINES = 2, 3
# Empty periods of more days are cut to this many; the width of the mark of a cut in days.
_LONG, _CUT = 420, 60
# Least distance between two dates on the axis, in pixels.
_LABEL = 112
# The months between two dates on the axis.
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_MONTH, _YEAR = 30.44, 365.25
_UNDATED = "No date given"
_SAMPLES = (
    Sample("first to last day on which it may have been said", 40, 14),
    Sample("one day; ≤ then or earlier, ≥ then or later", _DAY, 14),
)
# The stances of a speaker that holds a claim: the colour of the bar says so.
_OWN = {"asserts", "plans"}


class _Scale(NamedTuple):
    """A linear scale of days, with long empty periods cut out.

    Attributes:
        parts: First and last day of each period that is drawn.
        pixel: Days for each pixel.
    """

    parts: tuple[tuple[int, int], ...]
    pixel: float

    def at(self, day: int) -> int:
        before = 0.0
        for first, last in self.parts:
            if day <= last:
                return _NAMES + round((before + max(day - first, 0)) / self.pixel)
            before += last - first + _CUT
        return _NAMES + _AXIS


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the statements about an entity or in a source, or else all disputed statements, by speaker and date."""
    if asked.about:
        subject = subject_of(store, asked, ("entity", "source"))
        return lanes_of(store, asked, statements_of(store, subject), f"Timeline: {subject.label}")
    disputed = {name for dispute in find_disputes(store) for _, name in dispute.sides()}
    return lanes_of(store, asked, disputed, "Timeline of disputed statements")


def lanes_of(store: Store, asked: Asked, statements: Collection[str], title: str) -> nx.MultiDiGraph[str]:
    """Return the network of some statements, in the lanes of their speakers."""
    properties, drawing = network_with(store, asked.policy, statements)
    views = drawing.graph["evidence"]
    lead = (
        "Each bar is a statement in the lane of its speaker, with what it claims. ≤ means: then or earlier. "
        "Copy: it was read in a copy or digest of another document. Select one to see those that conflict with it."
    )
    drawing.graph.update(
        undrawn={}, natural=True, part="bar", title=title, lead=lead, samples=("Bars", _SAMPLES), meanings=MEANINGS
    )
    rows: defaultdict[str, list[StatementView]] = defaultdict(list)
    for name in sorted(views.keys() & statements):
        rows[views[name].speaker_iri].append(views[name])
    add_nodes(drawing, properties, sorted(rows))
    _add_lanes(drawing, rows)
    _link_disputes(drawing)
    return with_counts(drawing)


def _add_lanes(drawing: nx.MultiDiGraph[str], rows: dict[str, list[StatementView]]) -> None:
    scale = _scale_of(sorted(days for some in rows.values() for view in some if (days := _days(view))))
    top, low, annotations, undated = _TOP, 0, [], []
    for speaker in _order(drawing, rows):
        dated = [view for view in rows[speaker] if _days(view)]
        undated += [view for view in rows[speaker] if not _days(view)]
        head = lines_of(rows[speaker][0].speaker, _NAMES - 20, 2, bold=True)
        depth = max(_lane(drawing, dated, scale, top), len(head) * LINE + 2)
        low = _narrow(drawing, speaker, dated, low)
        drawing.nodes[speaker].update(
            position=(0, top), card=Card(_NAMES - 8, head, (), bare=True, narrow=drawing.nodes[speaker]["narrow"])
        )
        annotations.append((_lane_box(top, depth), ""))
        top += depth + _BETWEEN
    if undated:
        annotations.append((_lane_box(top + 14, _undated(drawing, undated, top + 14, low)), _UNDATED))
    drawing.graph["annotations"] = [*_axis(scale, top), *annotations]
    for *_, data in drawing.edges(data=True):
        data["faint"] = True


def _lane_box(top: int, depth: int) -> list[tuple[float, float]]:
    """Return the corners of the area of a lane."""
    right = _NAMES + _AXIS + 12
    return [(-4.0, top), (right, top), (right, top + depth - 2), (-4.0, top + depth - 2)]


def _lane(drawing: nx.MultiDiGraph[str], views: Sequence[StatementView], scale: _Scale, top: int) -> int:
    """Place the statements of a speaker in rows in which none overlaps another, and return the depth of the lane."""
    rows: list[list[tuple[int, int, StatementView]]] = []
    for view in sorted(views, key=lambda view: (_days(view), view.id)):
        left, right = (scale.at(day) for day in _days(view))
        span = max(right - left, _DAY)
        free = (row for row in rows if row[-1][0] + row[-1][1] + _CARD + _BESIDE <= left)
        row = next(free, None)
        if row is None:
            rows.append(row := [])
        row.append((left, span, view))
    low = top
    for row in rows:
        ends = [*(left for left, *_ in row[1:]), _NAMES + _AXIS + _BESIDE]
        high = 0
        for (left, span, view), end in zip(row, ends, strict=True):
            room = min(end - left - span - _BESIDE, _WIDEST)
            high = max(_bar(drawing, view, (left, low), room, span), high)
        low += high + _GAP
    return low - top


def _mark(view: StatementView) -> str:
    """Return the sign of a date with only one known end."""
    first, last = bounds_if_any(view.said)
    return "≤ " if last and not first else "≥ " if first and not last else ""


def _bar(drawing: nx.MultiDiGraph[str], view: StatementView, at: tuple[int, int], width: int, span: int = _DAY) -> int:
    """Add a statement as a bar with a text of some width beside it, and return its height."""
    who = "" if _days(view) else f"{view.speaker}: "  # statements without a date share a lane
    status = STATUSES[status_of_stances([view.stance])]
    text = lines_of(f"{_mark(view)}{who}{_point(view)}", width + 8, _NARROW_LINES if who else _LINES)
    card = Card(span + width, (), text, status, thin=True, span=span)
    drawing.add_node(
        view.iri, label=f"{view.speaker} {view.act} ({date_words(view.said) or 'undated'}): {view.gist}",
        kind="Statement", slug=view.id.replace("/", "--"), aliases=(), position=at,
        card=card,
    )  # fmt: skip
    add_stance(drawing, view, view.speaker_iri, view.iri, faint=True)
    return card.height


def _point(view: StatementView) -> str:
    """Return the claim of a statement after its stance and remarks, so that a cut leaves its subject and verb.

    The speaker is left out as the subject of a claim that it asserts or plans: the lane has its name.

    >>> from types import SimpleNamespace
    >>> words = {"reports_plan": False, "claim": "The Trust met the force", "speaker": "Trust"}
    >>> _point(SimpleNamespace(stance="asserts", remarks=[], **words))
    'met the force'
    >>> _point(SimpleNamespace(stance="denies", act="denies", remarks=["copy"], **words))
    'denies, copy: The Trust met the force'
    """
    claim = view.claim or view.gist
    own = view.stance in _OWN and not view.reports_plan
    words = ", ".join([*([] if own else [view.act]), *view.remarks])
    rest = claim.removeprefix("The ").removeprefix(view.speaker.removeprefix("The "))
    return f"{words}{': ' * bool(words)}{rest.strip() if own and rest.startswith(' ') else claim}"


def _undated(drawing: nx.MultiDiGraph[str], views: Sequence[StatementView], top: int, low: int) -> int:
    """Place statements without a date in rows of their own, and return the depth of these rows."""
    bottom, across, step = top, (_NAMES + _AXIS) // (_WIDEST + _BESIDE), _WIDEST + _BESIDE
    for first in range(0, len(views), across):
        row = enumerate(views[first : first + across])
        bottom += max(_bar(drawing, view, (i * step, bottom), _WIDEST - _DAY) for i, view in row) + _GAP
    _narrow_cards(drawing, views, low)
    return bottom - top


def _narrow(drawing: nx.MultiDiGraph[str], speaker: str, views: Sequence[StatementView], low: int) -> int:
    """Place a speaker and the statements below it in the picture for a narrow screen, and return the bottom."""
    drawing.nodes[speaker]["narrow"] = (0, low)
    return _narrow_cards(drawing, views, low + 2 * LINE + 4) + 2 * _GAP


def _narrow_cards(drawing: nx.MultiDiGraph[str], views: Sequence[StatementView], low: int) -> int:
    for view in sorted(views, key=lambda view: (_days(view), view.id)):
        node = drawing.nodes[view.iri]
        day = with_short_months(date_words(view.said)).partition(" or ")[0]
        text = f"{_mark(view)}{day or f'{view.speaker}, undated'}: {_point(view)}"
        node["card"] = node["card"].with_narrow((0, low), *lines_of(text, NARROW, _NARROW_LINES))
        low += node["card"].narrow_height + _GAP
    return low


def _order(drawing: nx.MultiDiGraph[str], rows: Mapping[str, Sequence[StatementView]]) -> list[str]:
    """Return speakers, those with most statements first, but each close to the speakers it is in dispute with."""
    views, pairs = drawing.graph["evidence"], Counter[tuple[str, str]]()
    for dispute in drawing.graph["disputes"]:
        for here, there in product(dispute.affirmed, dispute.denied):
            one, other = views[here].speaker_iri, views[there].speaker_iri
            pairs.update([(one, other), (other, one)])
    order: list[str] = []
    while len(order) < len(rows):
        rest = (name for name in rows if name not in order)
        order.append(min(rest, key=lambda name: (-sum(pairs[name, other] for other in order), -len(rows[name]), name)))
    return order


def _days(view: StatementView) -> tuple[int, ...]:
    """Return the first and the last day on which the statement may have been made, or twice its only known end."""
    known = [day.toordinal() for day in bounds_if_any(view.said) if day]
    return (known[0], known[-1]) if known else ()


def _scale_of(periods: Sequence[tuple[int, ...]]) -> _Scale:
    """Return a scale for some sorted periods.

    >>> [last - first for first, last in _scale_of([(736000, 736090), (736100, 736100), (738000, 738200)]).parts]
    [100, 200]
    """
    parts: list[list[int]] = []
    for first, last in periods:
        if not parts or first - parts[-1][1] > _LONG:
            parts.append([first, last])
        parts[-1][1] = max(parts[-1][1], last)
    length = sum(last - first for first, last in parts) + _CUT * (len(parts) - 1)
    pixel = max(length, 1) / (_AXIS - _CARD)
    return _Scale(tuple((first, last) for first, last in parts), pixel)


def _axis(scale: _Scale, bottom: int) -> list[tuple[list[tuple[float, float]], str]]:
    """Return the dates of the axis, with the length of each period that is cut out."""
    found: list[tuple[list[tuple[float, float]], str]] = []
    last = -math.inf
    for first, final in scale.parts:
        for month, name in _marks(first, final, scale.pixel):
            x = scale.at(max(month, first))
            if x - last >= _LABEL:
                found.append(([(x, 26.0), (x, bottom)], name))
                last = x
    cuts = [(before[1], after[0]) for before, after in pairwise(scale.parts)]
    return [*found, *(([(scale.at(after) - 40.0, 2.0)], f"⋯ {_length(after - before)}") for before, after in cuts)]


def _marks(first: int, last: int, pixel: float) -> list[tuple[int, str]]:
    """Return the days that are marked on the axis of a period, with their names: of years if months are too close.

    Args:
        pixel: Days for each pixel.

    >>> first, last = date(2019, 5, 7).toordinal(), date(2021, 3, 1).toordinal()
    >>> [name for _, name in _marks(first, last, 3)], [name for _, name in _marks(first, last, 1.5)]
    (['2020', '2021'], ['July 2019', 'January 2020', 'July 2020', 'January 2021'])
    >>> [name for _, name in _marks(first, first, 3)]
    ['May 2019']
    """
    step = next((step for step in _STEPS if step * _MONTH / pixel >= _LABEL), _STEPS[-1])
    begun, ended = (12 * day.year + day.month - 1 for day in map(date.fromordinal, (first, last)))
    numbers = [number for number in range(begun, ended + 1) if number % step == 0] or [begun]
    months = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    years = step % 12 == numbers[0] % 12 == 0
    return [(day.toordinal(), str(day.year) if years else date_words(day.isoformat()[:7])) for day in months]


def _length(days: int) -> str:
    """Return a period in words.

    >>> _length(500), _length(3000)
    ('16 months', '8 years')
    """
    return f"{days / _YEAR:.0f} years" if days > 2 * _YEAR else f"{days / _MONTH:.0f} months"


def _link_disputes(drawing: nx.MultiDiGraph[str]) -> None:
    """Add a line between each two statements in dispute, which is visible when one of them is selected."""
    for dispute in drawing.graph["disputes"]:
        for here, there in product(dispute.affirmed, dispute.denied):
            if here in drawing and there in drawing and here != there:
                path = _arc(drawing.nodes[here]["position"], drawing.nodes[there]["position"])
                add_link(drawing, (here, there), "in dispute with", (here, there), "disputed", path=path, faint=True)
    for source, target, data in drawing.edges(data=True):
        if "path" not in data:
            (_, y), (right, low) = drawing.nodes[source]["position"], drawing.nodes[target]["position"]
            # The line begins beside the name of the speaker, on which its label would lie.
            middle = (_NAMES - 8 + right) // 2
            data["path"] = (_NAMES - 8, y + 11), (middle, y + 11), (middle, low + 11), (right, low + 11)


def _arc(one: tuple[int, int], other: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return a curve between the left edges of two cards that bends to the left."""
    (x, y), (right, low) = one, other
    bend = max(min(x, right) - 24 - abs(low - y) // 12, 8)
    return (x, y + 11), (bend, y + 11), (bend, low + 11), (right, low + 11)
