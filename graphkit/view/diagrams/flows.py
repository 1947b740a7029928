"""Who funded whom: funders on the left, sums as stated in the middle, recipients on the right."""

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
from graphkit.view.diagrams import subject_of
from graphkit.view.diagrams.ego import around, with_edges
from graphkit.view.layout.routing import control_point

if TYPE_CHECKING:
    from graphkit.store import Store
    from graphkit.view.diagrams import Asked
    from graphkit.view.layout.boxes import Point

# Distance of funders and recipients from the sums.
_SIDE = 310
# Letters per line of a sum, and lines. Then heights: of a sum with one line, of each further line, of the space added
# where funder or recipient changes, and of a funder or recipient.
_WRAP = (34, 3)
_ROW, _LINE, _GAP, _APART = 52, 17, 20, 88
# The curvatures that are tried, and how near the control point may be to either end, as a share of the distance.
_CURVATURES = tuple(i / 50 for i in range(-25, 26))
_NEAREST = 0.08
_TRIES = 8
# Funder, recipient, start and proposition.
_Sum: TypeAlias = tuple[str, str, str, str]
_SUMS = """
SELECT ?proposition ?text ?first
WHERE {
  ?proposition sp:relation sp:funded .
  OPTIONAL { ?proposition sp:amount ?amount ; rdfs:label ?text }
  OPTIONAL { ?proposition sp:validEarliest ?first }
}
ORDER BY ?proposition
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return each stated funding as a node of its own, the earliest of each pair on top."""
    funding = _funding(store, asked)
    sums = {row[0]: row[1:] for row in texts(store, _SUMS, "proposition", "text", "first")}
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph(**funding.graph)
    begins = {key: sums.get(key, ("", ""))[1] or "9" for _, _, key in funding.edges(keys=True)}
    edges = _ordered([(funder, recipient, begins[key], key) for funder, recipient, key in funding.edges(keys=True)])
    labels = [
        _label(sums.get(key, ("", ""))[0], funding.edges[funder, recipient, key]["scope"])
        for funder, recipient, _, key in edges
    ]
    for (funder, recipient, _, key), label, top in zip(edges, labels, _tops(edges, labels), strict=True):
        data = funding.edges[funder, recipient, key]
        drawing.add_node(
            key, label=label, kind="Proposition", slug=key.rpartition("/")[2], aliases=(), wrap=_WRAP, position=(0, top)
        )
        for end in (funder, recipient):
            drawing.add_node(end, **funding.nodes[end])
        drawing.add_edge(funder, key, key=f"{key}/from", **{**data, "label": "funded"})
        drawing.add_edge(key, recipient, key=f"{key}/to", **{**data, "label": "for"})
    _columns(drawing, edges)
    for start, end, data in drawing.edges(data=True):
        data["curvature"] = _curvature(drawing.nodes[start]["position"], drawing.nodes[end]["position"])
    drawing.graph.update(
        title=f"Who funded whom: {drawing.graph['title']}", undrawn={}, natural=True,
        lead="Sums as stated by the sources. Sums between the same two bodies may overlap and must not be added up.",
    )  # fmt: skip
    return with_counts(drawing)


def _funding(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    whole = with_edges(network(store, asked.policy), lambda data: data["relation"] == "funded")
    if asked.about:
        whole = around(whole, subject_of(store, asked, ("entity",)).iri, max(asked.hops, 1))
    if not whole.number_of_edges():
        raise NotFoundError("No statement in this view is about funding.", "Type: graphkit view")
    return whole


def _label(text: str, scope: str) -> str:
    """Return the sum as stated, with its scope unless the text contains it."""
    stated = (text.partition(" with ")[2] or text) or "no sum given"
    return f"{stated} ({scope})" if scope and scope not in stated else stated


def _ordered(edges: list[_Sum]) -> list[_Sum]:
    """Return sums in an order with few crossings: by funder, then recipient, each near the middle of its sums.

    Connected components stay together, the earliest first. Of the orders tried, the first with the fewest crossings
    is returned.
    """
    parts = nx.connected_components(nx.Graph(edge[:2] for edge in edges))
    earliest = [(min(edge[2:] for edge in edges if edge[0] in part), part) for part in parts]
    rank = {name: i for i, (_, part) in enumerate(sorted(earliest, key=lambda part: part[0])) for name in part}
    order = sorted(edges, key=lambda edge: (rank[edge[0]], edge[2], edge[0], edge[1], edge[3]))
    tried = []
    for _ in range(_TRIES):
        funders, recipients = _middles(order, 0), _middles(order, 1)
        pull = {name: mean(recipients[edge[1]] for edge in order if edge[0] == name) for name in funders}
        order = sorted(order, key=lambda edge: (rank[edge[0]], pull[edge[0]], edge[0], recipients[edge[1]], *edge[1:]))
        tried.append(order)
    return min(tried, key=_crossings)


def _middles(order: list[_Sum], end: int) -> dict[str, float]:
    """Return the middle row of the sums of each funder or recipient."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, edge in enumerate(order):
        rows[edge[end]].append(row)
    return {name: mean(some) for name, some in rows.items()}


def _crossings(order: list[_Sum]) -> int:
    """Count the edges that cross if funders and recipients are at the middle of their sums."""
    number = 0
    for end in (0, 1):
        middles = _middles(order, end)
        above: list[float] = []
        for edge in order:
            # An edge crosses each earlier edge that ends farther down.
            number += len(above) - bisect_right(above, middles[edge[end]])
            insort(above, middles[edge[end]])
    return number


def _tops(edges: list[_Sum], labels: list[str]) -> list[int]:
    """Return the top of each sum: below the label before, with more space if funder or recipient changes."""
    heights = [_ROW + _LINE * wrapped(label, *_WRAP).count("\n") for label in labels]
    steps = [
        height if edge[:2] == below[:2] else max(height + _GAP, _APART)
        for height, (edge, below) in zip(heights, pairwise(edges), strict=False)
    ]
    return list(accumulate([0, *steps]))


def _curvature(start: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the curvature with which an edge reaches a sum most nearly from the side, so that it crosses few sums."""
    (x, y), side = (end, start) if end[0] == 0 else (start, end)
    return min(_CURVATURES, key=lambda curvature: _rise(control_point(start, end, curvature), (x, y), side))


def _rise(via: Point, at: Point, side: Point) -> tuple[bool, float]:
    """Return how steeply an edge reaches a point, and first whether its control point is not between its ends."""
    share = (via[0] - at[0]) / (side[0] - at[0])
    return not _NEAREST < share < 1 - _NEAREST, abs(via[1] - at[1])


def _columns(drawing: nx.MultiDiGraph[str], edges: list[_Sum]) -> None:
    """Place funders left and recipients right, each at the middle of its sums; a body that is both is on the left."""
    funders = {edge[0] for edge in edges}
    for side, names in ((-_SIDE, funders), (_SIDE, {edge[1] for edge in edges} - funders)):
        rows = {name: [drawing.nodes[edge[3]]["position"][1] for edge in edges if name in edge[:2]] for name in names}
        free = -_APART
        for name in sorted(rows, key=lambda name: (mean(rows[name]), name)):
            free = max(round(mean(rows[name])), free + _APART)
            drawing.nodes[name]["position"] = (side, free)
