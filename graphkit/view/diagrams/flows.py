"""Who funded whom: payers on the left, each sum as it is said in the middle, what was paid for on the right."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from itertools import accumulate, pairwise
from statistics import mean
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from graphkit.analysis.network import network, with_counts
from graphkit.model.errors import NotFoundError
from graphkit.model.text import wrapped
from graphkit.store import texts
from graphkit.view.diagrams.ego import around
from graphkit.view.diagrams.request import subject_of
from graphkit.view.layout.routing import control_point

if TYPE_CHECKING:
    from graphkit.store import Store
    from graphkit.view.diagrams.request import Asked
    from graphkit.view.layout.boxes import Point

# How far payers and payees stand from the sums.
_SIDE = 310
# Letters to a line of a sum, and its lines; its room with one line, and for each more; what is added where the payer or
# the payee is another, and what these take.
_WRAP = (34, 3)
_ROW, _LINE, _GAP, _APART = 52, 17, 20, 88
# The bends that are tried, and how near the way of a line may come to above or below one of its ends.
_BENDS = tuple(i / 50 for i in range(-25, 26))
_NEAREST = 0.08
_TRIES = 8
# Payer, payee, when it begins, and the proposition.
_Sum: TypeAlias = tuple[str, str, str, str]
_SUMS = """
SELECT ?proposition ?text ?first
WHERE { ?proposition sp:relation sp:funded ; rdfs:label ?text OPTIONAL { ?proposition sp:validEarliest ?first } }
ORDER BY ?proposition
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return each funding that is spoken of as a node of its own, the earliest of each pair on top.

    Raises:
        NotFoundError: No statement is about funding, or none of what was asked.
    """
    funding = _funding(store, asked)
    sums = {row[0]: row[1:] for row in texts(store, _SUMS, "proposition", "text", "first")}
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph(**funding.graph)
    begins = {key: sums.get(key, ("", ""))[1] or "9" for _, _, key in funding.edges(keys=True)}
    edges = _ordered([(payer, payee, begins[key], key) for payer, payee, key in funding.edges(keys=True)])
    labels = [
        _label(sums.get(key, ("", ""))[0], funding.edges[payer, payee, key]["scope"]) for payer, payee, _, key in edges
    ]
    for (payer, payee, _, key), label, top in zip(edges, labels, _tops(edges, labels), strict=True):
        data = funding.edges[payer, payee, key]
        drawing.add_node(
            key, label=label, kind="Proposition", slug=key.rpartition("/")[2], aliases=(), wrap=_WRAP, place=(0, top)
        )
        for end in (payer, payee):
            drawing.add_node(end, **funding.nodes[end])
        drawing.add_edge(payer, key, key=f"{key}/from", **{**data, "label": "funded"})
        drawing.add_edge(key, payee, key=f"{key}/to", **{**data, "label": "for"})
    _columns(drawing, edges)
    for one, other, data in drawing.edges(data=True):
        data["bend"] = _bend(drawing.nodes[one]["place"], drawing.nodes[other]["place"])
    drawing.graph.update(
        title=f"Who funded whom: {drawing.graph['title']}", undrawn={}, natural=True,
        lead="Sums as they are said; those of one pair may overlap and are not to be added.",
    )  # fmt: skip
    return with_counts(drawing)


def _funding(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    whole = network(store, asked.policy)
    other = [(a, b, key) for a, b, key, data in whole.edges(keys=True, data=True) if data["relation"] != "funded"]
    whole.remove_edges_from(other)
    whole.remove_nodes_from([name for name, degree in list(whole.degree()) if not degree])
    if asked.about:
        whole = around(whole, subject_of(store, asked, ("entity",)).iri, max(asked.hops, 1))
    if not whole.number_of_edges():
        raise NotFoundError("No statement here is about funding.", "Type: graphkit view")
    return whole


def _label(text: str, scope: str) -> str:
    """Return the sum as it is said, and what it is said of unless that is told already."""
    told = text.partition(": ")[2] or "no sum is given"
    return f"{told} ({scope})" if scope and scope not in told else told


def _ordered(edges: list[_Sum]) -> list[_Sum]:
    """Return sums in an order in which few lines cross: by payers, then payees, each near the middle of its others.

    What hangs together stays together, the earliest first. Of the orders that are tried, the first with the fewest
    crossings wins.
    """
    parts = nx.connected_components(nx.Graph(edge[:2] for edge in edges))
    earliest = [(min(edge[2:] for edge in edges if edge[0] in part), part) for part in parts]
    rank = {name: i for i, (_, part) in enumerate(sorted(earliest, key=lambda one: one[0])) for name in part}
    order = sorted(edges, key=lambda edge: (rank[edge[0]], edge[2], edge[0], edge[1], edge[3]))
    tried = []
    for _ in range(_TRIES):
        payers, payees = _middles(order, 0), _middles(order, 1)
        pull = {one: mean(payees[edge[1]] for edge in order if edge[0] == one) for one in payers}
        order = sorted(order, key=lambda edge: (rank[edge[0]], pull[edge[0]], edge[0], payees[edge[1]], *edge[1:]))
        tried.append(order)
    return min(tried, key=_crossings)


def _middles(order: list[_Sum], end: int) -> dict[str, float]:
    """Return the middle row of the sums of each payer or payee."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, edge in enumerate(order):
        rows[edge[end]].append(row)
    return {name: mean(some) for name, some in rows.items()}


def _crossings(order: list[_Sum]) -> int:
    """Count the pairs of lines that cross where payers and payees stand at the middle of their sums."""
    number = 0
    for end in (0, 1):
        places = _middles(order, end)
        above: list[float] = []
        for edge in order:
            # As many cross as stand above and lead below.
            number += len(above) - bisect_right(above, places[edge[end]])
            insort(above, places[edge[end]])
    return number


def _tops(edges: list[_Sum], labels: list[str]) -> list[int]:
    """Return where each sum stands: below the label of the one before, farther if the payer or the payee is another."""
    rooms = [_ROW + _LINE * wrapped(label, *_WRAP).count("\n") for label in labels]
    steps = [
        room if one[:2] == other[:2] else max(room + _GAP, _APART)
        for room, (one, other) in zip(rooms, pairwise(edges), strict=False)
    ]
    return list(accumulate([0, *steps]))


def _bend(start: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the bend by which a line reaches a sum from the side, as far as it can, and so crosses few other sums."""
    (x, y), side = (end, start) if end[0] == 0 else (start, end)
    return min(_BENDS, key=lambda bend: _rise(control_point(start, end, bend), (x, y), side))


def _rise(via: Point, at: Point, side: Point) -> tuple[bool, float]:
    """Return how steeply a line reaches a point by way of another, which is to be between it and the other end."""
    share = (via[0] - at[0]) / (side[0] - at[0])
    return not _NEAREST < share < 1 - _NEAREST, abs(via[1] - at[1])


def _columns(drawing: nx.MultiDiGraph[str], edges: list[_Sum]) -> None:
    """Put payers left and payees right, each at the middle of its sums or below others; who is both stands left."""
    payers = {edge[0] for edge in edges}
    for side, names in ((-_SIDE, payers), (_SIDE, {edge[1] for edge in edges} - payers)):
        rows = {name: [drawing.nodes[edge[3]]["place"][1] for edge in edges if name in edge[:2]] for name in names}
        free = -_APART
        for name in sorted(rows, key=lambda name: (mean(rows[name]), name)):
            free = max(round(mean(rows[name])), free + _APART)
            drawing.nodes[name]["place"] = (side, free)
