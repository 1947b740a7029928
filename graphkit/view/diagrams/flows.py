"""Who funded whom: payers on the left, recipients on the right, and a band for each sum as stated.

A band is as wide as its sum, and hatched if that is a bound or a plan. A thin hatched line has no sum, or one in
another currency. The colour is the status, as in all pictures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import mean
from textwrap import wrap
from typing import NamedTuple

import networkx as nx

from graphkit.analysis.network import status_of_stances, with_counts
from graphkit.analysis.parts import around, network_near, with_edges
from graphkit.model.errors import NotFoundError
from graphkit.store import Store, texts
from graphkit.view.card import LABEL, LINE, Card, lines_of, with_short_months
from graphkit.view.diagrams import Asked, subject_of, title_of, whole_or_part
from graphkit.view.drawing import NARROW, with_status
from graphkit.view.encoding import Sample

# Width of a name, the left edge of the recipients, and their distance from the end of a band.
_NAME, _RIGHT = 200, 1100
# Widest and narrowest band, the width of a band without a sum, and the space between two bands.
_MOST, _LEAST, _UNKNOWN, _SPACE = 36, 2, 4, 5
_BETWEEN = 14
# The statuses of sums to be paid, or not to be, in the future.
_PLANS = {"planned", "ruled out"}
_SAMPLES = (
    Sample("an exact sum, as wide as the sum", 40, 14),
    Sample("a bound or a plan, as wide as the sum", 40, 14, hatched=True),
    Sample("no sum given, or one in another currency", 40, _UNKNOWN, hatched=True),
)
# The picture for a narrow screen: the least height of a row, the space below a label, the height of a name, and the
# letters of a line.
_STEP, _BELOW, _NAMED, _LETTERS = 24, 4, 40, 60
_SUMS = """
SELECT ?proposition ?text ?amount ?unit ?least ?most ?first ?last
WHERE {
  ?proposition sp:relation sp:funded .
  OPTIONAL { ?proposition rdfs:label ?text }
  OPTIONAL { ?proposition sp:amount ?amount ; sp:unit ?unit }
  OPTIONAL { ?proposition sp:amountMin ?least }
  OPTIONAL { ?proposition sp:amountMax ?most }
  OPTIONAL { ?proposition sp:validEarliest ?first }
  OPTIONAL { ?proposition sp:validLatest ?last }
}
ORDER BY ?proposition
"""


class _Sum(NamedTuple):
    """A stated sum: who paid whom, in which proposition, and the numbers as text; "" for unknown."""

    payer: str
    recipient: str
    key: str
    text: str = ""
    amount: str = ""
    unit: str = ""
    least: str = ""
    most: str = ""
    first: str = ""
    last: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the sum has no bound."""
        return bool(self.amount) and self.least == self.most == self.amount

    def contains(self, other: _Sum) -> bool:
        """Return whether its period contains that of another sum, between the same two."""
        ends = self.first and self.last and other.first and other.last
        return bool(self.amount and ends and self.first <= other.first and other.last <= self.last)


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the network of funding with a band for each stated sum."""
    whole = _funding(store, asked)
    return bands_of(store, whole, title_of("Who funded whom", whole.graph["title"], store, asked))


def bands_of(store: Store, whole: nx.MultiDiGraph[str], title: str) -> nx.MultiDiGraph[str]:
    """Return the funding in a network as bands.

    Raises:
        NotFoundError: There is none.
    """
    funding = _funded(whole)
    if not funding.number_of_edges():
        raise NotFoundError("No statement in this view is about funding.", "Type: graphkit view")
    sums = _ordered(_sums(store, funding))
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph(**funding.graph)
    drawing.add_nodes_from((name, dict(data)) for name, data in funding.nodes(data=True))
    for one in sums:
        ends = (one.payer, one.recipient)
        drawing.add_edge(*ends, key=one.key, **funding.edges[one.payer, one.recipient, one.key])
    _add_bands(drawing, sums)
    per_year = any(" per year" in data["caption"] for *_, data in drawing.edges(data=True))
    drawing.graph.update(
        title=title, undrawn={}, natural=True, samples=("Bands", _SAMPLES),
        lead="Each band is a sum as stated, as wide as the sum. ↳ marks a sum whose period lies within that of a sum "
        f"above it: these must not be added.{' A sum per year is as wide as that of one year.' * per_year}",
    )  # fmt: skip
    return with_counts(drawing)


def _sums(store: Store, part: nx.MultiDiGraph[str]) -> list[_Sum]:
    """Return what is stated about each edge of funding in a network."""
    funding = [(a, b, key) for a, b, key, data in part.edges(keys=True, data=True) if data["relation"] == "funded"]
    columns = "proposition", "text", "amount", "unit", "least", "most", "first", "last"
    known = {row[0]: row[1:] for row in texts(store, _SUMS, *columns)} if funding else {}
    return [_Sum(a, b, key, *known.get(key, ())) for a, b, key in funding]


def name_sums(store: Store, part: nx.MultiDiGraph[str]) -> None:
    """Write the sum as stated into the label of each edge of funding in a network."""
    for one in _sums(store, part):
        data = part.edges[one.payer, one.recipient, one.key]
        stated = _stated(one, part.nodes[one.recipient]["label"], data["scope"])
        data["label"] = f"{data['label']}{'' if one.amount else ','} {stated}"


def _funding(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    centres, hops = [subject_of(store, asked, ("entity",)).iri] if asked.about else [], max(asked.hops, 1)
    if not centres:
        return whole_or_part(store, asked, _funded)
    return around(_funded(network_near(store, asked.policy, centres, hops, asked.grouped)), centres, hops)


def _funded(whole: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    return with_edges(whole, lambda data: data["relation"] == "funded")


def _ordered(sums: Iterable[_Sum]) -> list[_Sum]:
    """Return sums by payer and recipient, those of the most sums first; the longest period before those within it."""
    sums = list(sums)
    payers, pairs = Counter(one.payer for one in sums), Counter(one[:2] for one in sums)
    return sorted(
        sums,
        key=lambda one: (
            -payers[one.payer], one.payer, -pairs[one[:2]], one.recipient, one.first or "9",
            [-ord(digit) for digit in one.last], one.key,
        ),
    )  # fmt: skip


def _add_bands(drawing: nx.MultiDiGraph[str], sums: Sequence[_Sum]) -> None:
    """Place a row for each sum, and payers and recipients beside the middle of their rows."""
    unit = Counter(one.unit for one in sums if one.unit).most_common(1)
    largest = max((float(one.amount) for one in sums if unit and one.unit == unit[0][0]), default=0.0)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    earlier: defaultdict[tuple[str, ...], list[_Sum]] = defaultdict(list)
    top, before = 0, ""
    for one in sums:
        data = drawing.edges[one.payer, one.recipient, one.key]
        comparable = bool(one.amount and unit and one.unit == unit[0][0] and largest)
        wide = max(round(float(one.amount) / largest * _MOST), _LEAST) if comparable else _UNKNOWN
        inside = any(other.contains(one) for other in earlier[one[:2]])
        earlier[one[:2]].append(one)
        top += _BETWEEN if before != one.payer else 0
        before = one.payer
        stated = _stated(one, drawing.nodes[one.recipient]["label"], data["scope"])
        status = status_of_stances(data["stances"]) if data["status"] == "disputed" else data["status"]
        y = top + max(wide, LINE - 2) // 2
        top += max(wide, LINE - 2) + _SPACE
        data.update(
            label=f"funded {stated}", width=wide, labelled=True,
            caption=f"{'↳ ' if inside else ''}{with_status(stated, data)}",
            hatched=not (comparable and one.is_exact) or status in _PLANS,
        )  # fmt: skip
        data["row"] = y
        for end in (f"payer {one.payer}", f"recipient {one.recipient}"):
            rows[end].append(y)
    _place(drawing, sums, rows)
    _place_narrow(drawing, sums)


def _stated(one: _Sum, recipient: str, scope: str) -> str:
    """Return the sum as stated, or else its period, with its scope unless the text contains it."""
    rest = one.text.partition(f" funded {recipient}")[2].strip()
    stated = (one.text.partition(" with ")[2] or one.amount) if one.amount else f"no sum given {rest}".strip()
    return f"{stated} ({scope})" if scope and scope not in stated else stated


def _place(drawing: nx.MultiDiGraph[str], sums: Sequence[_Sum], rows: dict[str, list[int]]) -> None:
    """Place names and paths. A body that pays and receives is among the payers."""
    payers = {one.payer for one in sums}
    for side, names in (("payer", payers), ("recipient", {one.recipient for one in sums} - payers)):
        free = -LINE
        for name in sorted(names, key=lambda name: (mean(rows[f"{side} {name}"]), name)):
            head = lines_of(drawing.nodes[name]["label"], _NAME - 20, 2, bold=True)
            card = Card(_NAME, head, (), bare=True)
            free = max(round(mean(rows[f"{side} {name}"])) - card.height // 2, free)
            drawing.nodes[name].update(position=(0 if side == "payer" else _RIGHT, free), card=card)
            free += card.height + 6
    for one in sums:
        data = drawing.edges[one.payer, one.recipient, one.key]
        (_, start), (x, end) = drawing.nodes[one.payer]["position"], drawing.nodes[one.recipient]["position"]
        y = data.pop("row")
        left = (_NAME, _port(y, start, drawing.nodes[one.payer]["card"].height))
        right = (x or _NAME, _port(y, end, drawing.nodes[one.recipient]["card"].height))
        data["path"] = _through(left, y, right)


def _port(y: int, top: int, height: int) -> int:
    """Return where a band meets a name: at its own height, if that is beside the name."""
    return min(max(y, top + 4), top + height - 4)


def _through(left: tuple[int, int], y: int, right: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return a path from one point to another that passes a row in the middle, as two cubic curves."""
    middle = (_NAME + _RIGHT) // 2
    one, other = _NAME + 90, _RIGHT - 90
    return (
        left, (left[0] + 50, left[1]), (one - 50, y), (one, y), (middle, y), (middle, y), (other, y),
        (other + 50, y), (right[0] - 50, right[1]), right,
    )  # fmt: skip


def _place_narrow(drawing: nx.MultiDiGraph[str], sums: Sequence[_Sum]) -> None:
    """Place rows below one another for a narrow screen: a payer above its rows, a recipient above its first row."""
    y, before, above, named = 0, ("", ""), 0, False
    places: dict[str, tuple[int, int]] = {}
    for one in sums:
        data = drawing.edges[one.payer, one.recipient, one.key]
        half = round(data["width"] / 2)
        if one[:2] != before:
            fresh = [(one.payer, 0), (one.recipient, NARROW - _NAME)]
            new = [(name, x) for name, x in fresh if name not in places]
            places.update((name, (x, y + above + 10 if y else 0)) for name, x in new)
            y += above + _NAMED if new else 0
            before, above = one[:2], 0 if new else above
            named = one.recipient in dict(new)
        text = data["caption"] if named else f"{data['caption']} to {drawing.nodes[one.recipient]['label']}"
        data["narrow_lines"] = tuple(wrap(with_short_months(text), _LETTERS))
        y += max(_STEP, above + _BELOW + LABEL * len(data["narrow_lines"]) + half)
        above = half
        data["narrow"] = (0, y), (NARROW, y)
    for name, place in places.items():
        card = drawing.nodes[name]["card"]
        drawing.nodes[name]["card"] = card.with_narrow(place)
